// Which facts about a channel does a bound on a normalization's rounding errors start from?
//
// Notation. m = count; x_hat = (x − mean)·inv_std; the rest is named.
#pragma once

#include <cmath>
#include <limits>

namespace normproof::theory {

// The format that an output is judged in: the coarser of x's and the output's.
struct Unit {
  double roundoff = 0x1p-24;   // u
  double smallest = 0x1p-149;  // the smallest positive number; the absolute term of an operation that underflows
  double largest = 0x1.fffffep127;
};

// The exact facts about one channel's x, as it was given (in double, from a reference that is far more precise).
struct ChannelData {
  double count = 0;  // m
  double mean = 0;
  double variance = 0;          // biased
  double root_mean_square = 0;  // √((1/m) Σ x²)
  double max_magnitude = 0;     // max |x|
  double eps = 0;
  bool constant = false;  // all values equal
  // Every order of summation gives the mean and the variance exactly in the unit's precision (and m is a power of 2).
  bool exact_statistics = false;
};

// The exact facts about a channel of a backward pass; mean, inv_std as they were given (saved or from running
// statistics), x_hat = (x − mean) inv_std.
struct GradientData {
  double count = 0;
  double mean = 0, inv_std = 0, gamma = 1;
  double root_mean_square = 0;        // of x
  double sum_dy = 0, sum_abs_dy = 0;  // Σ dy, Σ |dy|
  double sum_dy_x_hat = 0, sum_abs_dy_x_hat = 0;
  double mean_root_square_dy = 0;  // √((1/m) Σ dy²)
  double inv_std_error = 0;  // relative, of inv_std where the kernel computes it from a variance; 0 where it is given
  bool through_statistics = true;  // dx has the terms of the mean (BN_TRAIN_BACKWARD, FN_BACKWARD)
  bool through_variance = true;    // and of the variance (not where FN's clamp is active)
};

// What squares and merges may lose to underflow: a kernel that holds for every finite number of binary32 has at least
// binary64's range for them.
constexpr double square_smallest = std::numeric_limits<double>::denorm_min();

inline double inv_std(const ChannelData& c) { return 1 / std::sqrt(c.variance + c.eps); }

// y = gamma (x − mean) inv_std + beta at one element.
struct AffineStep {
  double x = 0, mean = 0, inv_std = 1, gamma = 1, beta = 0;
  double centred() const { return x - mean; }
  double x_hat() const { return centred() == 0 ? 0 : centred() * inv_std; }
  double y() const { return (gamma == 0 ? 0 : gamma * x_hat()) + beta; }
};

inline AffineStep affine_step(const ChannelData& c, double x, double gamma, double beta) {
  return {x, c.constant ? x : c.mean, inv_std(c), gamma, beta};
}

}  // namespace normproof::theory
