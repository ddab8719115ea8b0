// On how many additions, one after the other, does a sum depend?
//
// What       A number that knows nothing but the longest way from a term to it, in additions: a term has 0, a sum one
//            more than the deeper of the two. Run on it, code that adds tells the height of its own tree.
#pragma once

#include <algorithm>

namespace normproof::numbers {

struct Depth {
  int additions = 0;

  friend Depth operator+(Depth a, Depth b) { return {std::max(a.additions, b.additions) + 1}; }
  Depth& operator+=(Depth b) { return *this = *this + b; }
};

}  // namespace normproof::numbers
