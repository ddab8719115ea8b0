// Over all binary trees of a height, whatever their number of terms, how far can a sum be off in a small format?
//
// What       worst_sum: the sum of positive terms over a tree of height ≤ h whose computed value ŝ is farthest above
//            the exact one, relative to it. largest_excess: of terms of either sign, over the trees whose terms and
//            partial sums have exponents in a range, the largest ŝ − Σx − c Σ|x|. Formats of `bits` significant bits,
//            ties to even.
// How        Dynamic programming over computed values. worst_sum: the least Σx over the trees of height ≤ h that
//            compute a value; one binade is enough, for everything scales with powers of 2. largest_excess: the same
//            with w(x) = x + c|x| in the place of x. Of height h + 1: the least over pairs a, b with fl(a + b) = ŝ of
//            the sum of theirs of height ≤ h. Since −x is among the sums too, the excess of Σx − ŝ needs no search of
//            its own.
// Why        There are far more trees than could be listed, but they pass through few values.
#pragma once

#include <vector>

namespace normproof::rounding {

struct WorstSum {
  // A term, or the sum of two earlier nodes, scaled by powers of 2 first. The value that is computed is `mantissa`, in
  // units of its own last digit: 2^(bits − 1) ≤ mantissa < 2^bits.
  struct Node {
    int mantissa = 0;
    int left = -1, right = -1;  // numbers of nodes; −1 for a term
    int left_exponent = 0, right_exponent = 0;
    bool is_term() const { return left < 0; }
  };
  std::vector<Node> nodes;  // the last one is the sum itself
  double terms = 0;         // in the whole tree: nodes count as often as they are used
};
WorstSum worst_sum(int bits, int height);

// NaN where the range has no numbers. Exponents lie in [−exponents, exponents].
double largest_excess(int bits, int height, int exponents, double c);

}  // namespace normproof::rounding
