// How far can a sum be off, by the partial sums that it went through?
//
// What       A float that adds ½ulp of the result of every addition to the innermost WatchedSums of this thread: each
//            addition is off by at most that (theory/rounding/summation.hpp, (4)).
// Assumes    Round to nearest.
#pragma once

#include <cmath>

namespace normproof::numbers {

class WatchedSums {
 public:
  WatchedSums() : outer_(innermost()) { innermost() = this; }
  ~WatchedSums() { innermost() = outer_; }
  WatchedSums(const WatchedSums&) = delete;
  WatchedSums& operator=(const WatchedSums&) = delete;

  double half_ulps() const { return half_ulps_; }
  static void saw(float partial_sum) {
    constexpr int digits_below = -24;  // of ½ulp below the leading one, in binary32
    if (innermost() != nullptr && partial_sum != 0)
      innermost()->half_ulps_ += std::ldexp(1.0, std::ilogb(partial_sum) + digits_below);
  }

 private:
  static WatchedSums*& innermost() {
    thread_local WatchedSums* sums = nullptr;
    return sums;
  }

  double half_ulps_ = 0;
  WatchedSums* outer_;
};

struct Watched {
  float value = 0;

  friend Watched operator+(Watched a, Watched b) {
    const Watched sum = {a.value + b.value};
    WatchedSums::saw(sum.value);
    return sum;
  }
  Watched& operator+=(Watched b) { return *this = *this + b; }
};

}  // namespace normproof::numbers
