// What is LL19's batch norm objective (4) for one linear unit on one feature, and what is its minimum?
//
// Source. LL19 (4) with l(o, t) = ½(o − t)², F^B(x) = w·x_hat + c, and (1) for x_hat, eps added inside the root.
// Notation. feature x and target t over the data set; 𝓑 a set of batches, each a list of samples, each as likely as
// another; E_B their mean; mean_B, biased variance var_B and covariance cov_B within a batch; s_B = √(var_B + eps).
//   scaled_covariance r = E_B cov_B(x, t)/s_B    scaled_variance v = E_B var_B(x)/s_B²
//   level = E_B mean_B(t)    power = E_B mean_B(t²)
//   2·(4) at (w, c) = v·w² − 2·r·w + c² − 2·level·c + power
//   minimiser  w = r/v, c = level
//   minimum of 2·(4) = power − level² − r²/v
// Assumptions. At least one batch, none empty; s_B ≠ 0 in each; v ≠ 0 for the minimum.
// Why. Within a batch x_hat has mean 0 and mean square var_B/s_B², and the mean of x_hat·t is cov_B/s_B: the cross
// terms of w·x_hat and c vanish, and the quadratic comes apart into one in w and one in c.
//
// Batch means. Over all C(n, b) subsets of n samples the variance of mean_B(t) is (n − b)/(b(n − 1))·var(t) (sampling
// without replacement). The outputs of a unit after batch norm have the same mean c in every batch, so that
//   2·(4) ≥ E_B (c − mean_B(t))² ≥ (n − b)/(b(n − 1))·var(t)   for any features and any weights.
#pragma once

#include <stdexcept>
#include <vector>

#include "theory/training_batch.hpp"

namespace normproof::theory {

template <class T>
struct BatchNormLeastSquares {
  T scaled_covariance = T(0), scaled_variance = T(0), level = T(0), power = T(0);
};

template <class T>
BatchNormLeastSquares<T> batch_norm_least_squares(const Vector<T>& x, const Vector<T>& target,
                                                  const std::vector<std::vector<int>>& batches, const T& eps) {
  if (x.size() != target.size()) throw std::invalid_argument("there must be one target per sample");
  if (batches.empty()) throw std::invalid_argument("there must be a batch");
  BatchNormLeastSquares<T> sum;
  for (const std::vector<int>& batch : batches) {
    if (batch.empty()) throw std::invalid_argument("a batch needs at least one sample");
    T x_sum = T(0), t_sum = T(0), xx_sum = T(0), xt_sum = T(0), tt_sum = T(0);
    for (const int i : batch) {
      x_sum += x(i);
      t_sum += target(i);
      xx_sum += x(i) * x(i);
      xt_sum += x(i) * target(i);
      tt_sum += target(i) * target(i);
    }
    const T size = T(static_cast<int>(batch.size()));
    const T mean = x_sum / size;
    const T t_mean = t_sum / size;
    const T variance = xx_sum / size - mean * mean;
    const T radicand = variance + eps;
    const T s = sqrt(radicand);
    sum.scaled_covariance += (xt_sum / size - mean * t_mean) / s;  // term: covariance_of_a_batch
    sum.scaled_variance += variance / radicand;                    // term: variance_of_a_batch
    sum.level += t_mean;                                           // term: level_of_a_batch
    sum.power += tt_sum / size;                                    // term: power_of_a_batch
  }
  const T count = T(static_cast<int>(batches.size()));
  return {sum.scaled_covariance / count, sum.scaled_variance / count, sum.level / count, sum.power / count};
}

// 2·(4) at (w, c).
template <class T>
T doubled_objective(const BatchNormLeastSquares<T>& fit, const T& w, const T& c) {
  T value = T(0);
  value += fit.scaled_variance * w * w;       // term: square_of_the_weight
  value -= T(2) * fit.scaled_covariance * w;  // term: weight_times_covariance
  value += c * (c - T(2) * fit.level);        // term: bias
  value += fit.power;                         // term: power
  return value;
}

// The smallest 2·(4).
template <class T>
T doubled_minimum(const BatchNormLeastSquares<T>& fit) {
  T value = T(0);
  value += fit.power;                                                            // term: minimum_power
  value -= fit.level * fit.level;                                                // term: minimum_level
  value -= fit.scaled_covariance * fit.scaled_covariance / fit.scaled_variance;  // term: minimum_covariance
  return value;
}

// The variance of mean_B(t) over all batches of `size` of the samples of t.
template <class T>
T variance_of_batch_means(const Vector<T>& target, int size) {
  const int samples = static_cast<int>(target.size());
  if (size < 1 || size > samples) throw std::invalid_argument("a batch has between 1 and n samples");
  if (samples == 1) return T(0);
  T sum = T(0);
  for (int i = 0; i < samples; ++i) sum += target(i);
  const T mean = sum / T(samples);
  T squares = T(0);
  for (int i = 0; i < samples; ++i) squares += (target(i) - mean) * (target(i) - mean);
  return T(samples - size) / (T(size) * T(samples - 1)) * squares / T(samples);
}

}  // namespace normproof::theory
