// How does a kernel add up many values, and keep more of a number than fits into one double?
//
// Source    Pairwise summation: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 4.2. Exact sum
//           and product of two: Knuth; Dekker (1971).
// TreeSum   `block` terms are added one after the other, the sums of blocks in pairs. Of m terms each goes through at
//           most block + log₂(m/block) additions that round: 25 for m = 2^20.
// HighLow   The unevaluated sum high + low, |low| ≤ half a unit in the last place of high.
//
// Assumes   Additions and products round to nearest, each by itself: no contraction, no relaxed arithmetic. Where a
//           value is not finite, neither is the sum of high and low.
#pragma once

#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace normproof::kernels {

class TreeSum {
 public:
  void add(double term) {
    chain_ += term;
    if (++in_chain_ == block) close_block();
  }

  double total() const {
    double sum = chain_;
    for (std::uint64_t k = blocks_; k != 0; k &= k - 1) sum += level_[static_cast<std::size_t>(std::countr_zero(k))];
    return sum;
  }

 private:
  static constexpr int block = 8;
  static constexpr std::size_t most_levels = 64;

  // level_[i] holds the sum of 2^i blocks where bit i of blocks_ is set: the pairs are joined as a counter carries.
  void close_block() {
    double sum = chain_;
    std::size_t i = 0;
    for (; ((blocks_ >> i) & 1u) != 0; ++i) sum += level_[i];
    level_[i] = sum;
    ++blocks_;
    chain_ = 0;
    in_chain_ = 0;
  }

  double chain_ = 0;
  int in_chain_ = 0;
  std::uint64_t blocks_ = 0;
  std::array<double, most_levels> level_ = {};
};

struct HighLow {
  double high = 0, low = 0;
};

// a + b, exactly.
inline HighLow exact_sum(double a, double b) {
  const double high = a + b;
  const double of_b = high - a;
  return {high, (a - (high - of_b)) + (b - of_b)};
}

// a·b, exactly where nothing underflows.
inline HighLow exact_product(double a, double b) {
  const double high = a * b;
  return {high, std::fma(a, b, -high)};
}

// Within a few units of 2^-106 of |a| + |b|.
inline HighLow sum(HighLow a, HighLow b) {
  const HighLow highs = exact_sum(a.high, b.high);
  return exact_sum(highs.high, highs.low + (a.low + b.low));
}

// Within a few units of 2^-106.
inline HighLow product(HighLow a, HighLow b) {
  const HighLow highs = exact_product(a.high, b.high);
  return exact_sum(highs.high, highs.low + (a.high * b.low + a.low * b.high));
}

// (1 − momentum) before + momentum now.
inline HighLow moving_average(double momentum, HighLow before, HighLow now) {
  return sum(product(exact_sum(1, -momentum), before), product({momentum, 0}, now));
}

}  // namespace normproof::kernels
