// How are the errors of many results and their bounds put together in a few numbers?
//
// What       add() takes one result's error and bound. Where both are 0 there is nothing to compare, where the bound is
//            infinite nothing is stated, of NaN neither; every other result counts as compared, and NaN violates then.
// Last bits  An error above its bound by less than 2⁻⁴⁰, relative, is undecided. Errors are worked out in
//            double-double, far more precisely than that; bounds carry an allowance for their own rounding
//            (theory/rounding).
// Median     of bound/error, by a histogram with 32 bins an octave: what is given is the upper end of its bin, at most
//            1/32 too large. An error of 0 counts as an infinite quotient.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include "proofs_checks/rounding_reading.hpp"

namespace normproof::rounding {

inline constexpr double last_bits = 0x1p-40;
inline constexpr int bins_per_octave = 32;
inline constexpr double median_width = 1 + 1.0 / bins_per_octave;  // upper end over lower end of a bin, at most

class ErrorTally {
 public:
  void add(double error, double bound) {
    const double number = results_++;
    if (error == 0 && bound == 0) {
      ++tally_.exact;
      return;
    }
    if (bound == infinity) {
      ++tally_.unbounded;
      return;
    }
    ++tally_.compared;
    if (!(error <= bound * (1 + last_bits)))
      ++tally_.violations;
    else if (error > bound)
      ++tally_.undecided;
    const double used = used_of(error, bound);
    if (used > used_) {
      used_ = used;
      tally_.worst_error = error;
      tally_.worst_bound = bound;
      tally_.worst_result = number;
    }
    ++bins_[bin(error > 0 ? bound / error : infinity)];
  }

  RoundingTally tally() const {
    RoundingTally result = tally_;
    result.median_slack = median();
    return result;
  }

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();
  static constexpr int lowest_exponent = -16, highest_exponent = 64;  // of bound/error; beyond: the first, the last bin
  static constexpr std::size_t bins = static_cast<std::size_t>((highest_exponent - lowest_exponent) * bins_per_octave);

  static double used_of(double error, double bound) {
    if (std::isnan(error) || std::isnan(bound)) return infinity;
    if (bound == 0) return error > 0 ? infinity : 0;
    return error / bound;
  }

  static std::size_t bin(double slack) {
    if (!(slack >= std::ldexp(1, lowest_exponent))) return 0;
    if (slack >= std::ldexp(1, highest_exponent)) return bins - 1;
    const int exponent = std::ilogb(slack);
    const double part = std::ldexp(slack, -exponent) - 1;  // in [0, 1)
    return static_cast<std::size_t>((exponent - lowest_exponent) * bins_per_octave +
                                    static_cast<int>(part * bins_per_octave));
  }

  static double upper_end(std::size_t bin) {
    if (bin == bins - 1) return infinity;
    const int exponent = static_cast<int>(bin) / bins_per_octave + lowest_exponent;
    return std::ldexp(1 + static_cast<double>(static_cast<int>(bin) % bins_per_octave + 1) / bins_per_octave, exponent);
  }

  // The quotient at place ⌊(n − 1)/2⌋ of n in ascending order.
  double median() const {
    if (tally_.compared == 0) return 0;
    const double place = std::floor((tally_.compared - 1) / 2);
    double before = 0;
    for (std::size_t k = 0; k < bins; ++k) {
      before += bins_[k];
      if (before > place) return upper_end(k);
    }
    return infinity;
  }

  RoundingTally tally_;
  double results_ = 0;
  double used_ = -infinity;
  std::array<double, bins> bins_ = {};
};

}  // namespace normproof::rounding
