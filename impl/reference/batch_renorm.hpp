// What does batch renormalization compute, in training, at inference and backward?
//
// Source. NOTE15 names it ("batch + correction terms"); formulas: Ioffe 2017. The backward pass is Ioffe's.
//
//   1: μ_B, σ_B ← mean, √(ε + biased variance) of the batch                                 batch_mean, batch_deviation
//   2: r ← stop(clip_{[1/r_max, r_max]}(σ_B/σ)),  d ← stop(clip_{[−d_max, d_max]}((μ_B − μ)/σ))      renorm_corrections
//   3: x̂ ← (x − μ_B)/σ_B · r + d,   y ← γ x̂ + β                                                   renorm_output
//   4: μ ← μ + α(μ_B − μ),  σ ← σ + α(σ_B − σ)                                                    renorm_update
//   inference: y ← γ (x − μ)/σ + β                                                                batch_renorm_infer
//   backward, r and d constants:
//     ∂ℓ/∂x̂ = γ ∂ℓ/∂y,   ∂ℓ/∂σ_B = Σ ∂ℓ/∂x̂ (x − μ_B)(−r/σ_B²),   ∂ℓ/∂μ_B = Σ ∂ℓ/∂x̂ (−r/σ_B),
//     ∂ℓ/∂x = ∂ℓ/∂x̂ r/σ_B + ∂ℓ/∂σ_B (x − μ_B)/(m σ_B) + ∂ℓ/∂μ_B/m,   ∂ℓ/∂γ = Σ ∂ℓ/∂y x̂,   ∂ℓ/∂β = Σ ∂ℓ/∂y
//
// Notation. As in batch_norm.hpp; σ and σ_B are deviations, with ε inside σ_B. r, d: one value per channel.
//
// Assumptions. extents.batch ≥ 1; spans have exactly these lengths; σ_B and σ are not 0; r_max ≥ 1, d_max ≥ 0.
// y may be x, dx may be dy.
//
// Why r and d are arguments of step 3. The gradient does not pass through them: with r and d given, the derivative of
// step 3 is the one that training uses.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

#include "impl/reference/batch_norm.hpp"
#include "impl/reference/elementary.hpp"
#include "impl/reference/extents.hpp"

namespace normproof::reference {

template <class T>
struct RunningDeviation {
  std::vector<T> mean, deviation;  // μ, σ
};

template <class T>
struct Corrections {
  std::vector<T> r, d;
};

// Both corrections as they come, or kept within [1/r_max, r_max] and [−d_max, d_max].
template <class T>
struct CorrectionRange {
  bool limited = false;
  T r_max = T(1), d_max = T(0);
};

// Step 1, the deviation.
template <class T>
void batch_deviation(std::span<const T> x, Extents extents, std::span<const T> mean, const T& eps,
                     std::span<T> deviation) {
  batch_variance<T>(x, extents, mean, deviation);
  for (T& value : deviation) value = sqrt(value + eps);
}

// min{max{value, lo}, hi}
template <class T>
T clip(const T& value, const T& lo, const T& hi) {
  return -clamp_below(-clamp_below(value, lo), -hi);
}

// Step 2.
template <class T>
Corrections<T> renorm_corrections(std::span<const T> batch_mean, std::span<const T> batch_deviation,
                                  const RunningDeviation<T>& running, const CorrectionRange<T>& range) {
  Corrections<T> corrections;
  for (std::size_t j = 0; j < batch_mean.size(); ++j) {
    T r = batch_deviation[j] / running.deviation[j];
    T d = (batch_mean[j] - running.mean[j]) / running.deviation[j];
    if (range.limited) {
      r = clip(r, T(1) / range.r_max, range.r_max);
      d = clip(d, -range.d_max, range.d_max);
    }
    corrections.r.push_back(r);
    corrections.d.push_back(d);
  }
  return corrections;
}

// Steps 1 and 3, r and d given.
template <class T>
void renorm_output(std::span<const T> x, Extents extents, std::span<const T> r, std::span<const T> d,
                   std::span<const T> gamma, std::span<const T> beta, const T& eps, std::span<T> y) {
  assert(x.size() == extents.size() && y.size() == extents.size());
  assert(r.size() == extents.columns() && d.size() == extents.columns());
  std::vector<T> mean(extents.columns(), T(0));
  std::vector<T> deviation(extents.columns(), T(0));
  batch_mean<T>(x, extents, mean);
  batch_deviation<T>(x, extents, mean, eps, deviation);
  for (std::size_t i = 0; i < extents.rows(); ++i)
    for (std::size_t j = 0; j < extents.columns(); ++j) {
      T x_hat = T(0);
      x_hat += (x[extents.at(i, j)] - mean[j]) / deviation[j] * r[j];  // term: renormalized
      x_hat += d[j];                                                   // term: correction_of_the_mean
      y[extents.at(i, j)] = gamma[j] * x_hat + beta[j];
    }
}

// Step 4.
template <class T>
void renorm_update(std::span<const T> batch_mean, std::span<const T> batch_deviation, const T& alpha,
                   RunningDeviation<T>& running) {
  for (std::size_t j = 0; j < batch_mean.size(); ++j) {
    running.mean[j] += alpha * (batch_mean[j] - running.mean[j]);                 // term: update_of_the_mean
    running.deviation[j] += alpha * (batch_deviation[j] - running.deviation[j]);  // term: update_of_the_deviation
  }
}

// Steps 1–4.
template <class T>
void batch_renorm_train(std::span<const T> x, Extents extents, const CorrectionRange<T>& range, const T& alpha,
                        std::span<const T> gamma, std::span<const T> beta, const T& eps, RunningDeviation<T>& running,
                        std::span<T> y) {
  std::vector<T> mean(extents.columns(), T(0));
  std::vector<T> deviation(extents.columns(), T(0));
  batch_mean<T>(x, extents, mean);
  batch_deviation<T>(x, extents, mean, eps, deviation);
  const Corrections<T> corrections = renorm_corrections<T>(mean, deviation, running, range);
  renorm_output<T>(x, extents, corrections.r, corrections.d, gamma, beta, eps, y);
  renorm_update<T>(mean, deviation, alpha, running);
}

template <class T>
void batch_renorm_infer(std::span<const T> x, Extents extents, const RunningDeviation<T>& running,
                        std::span<const T> gamma, std::span<const T> beta, std::span<T> y) {
  assert(x.size() == extents.size() && y.size() == extents.size());
  for (std::size_t i = 0; i < extents.rows(); ++i)
    for (std::size_t j = 0; j < extents.columns(); ++j)
      y[extents.at(i, j)] = gamma[j] * ((x[extents.at(i, j)] - running.mean[j]) / running.deviation[j]) + beta[j];
}

// r and d as in the forward pass.
template <class T>
void batch_renorm_backward(std::span<const T> x, std::span<const T> dy, Extents extents, std::span<const T> r,
                           std::span<const T> d, std::span<const T> gamma, const T& eps, std::span<T> dx,
                           std::span<T> dgamma, std::span<T> dbeta) {
  assert(extents.batch >= 1 && x.size() == extents.size() && dy.size() == extents.size());
  assert(r.size() == extents.columns() && d.size() == extents.columns() && dx.size() == extents.size());
  assert(dgamma.size() == extents.columns() && dbeta.size() == extents.columns());
  std::vector<T> mean(extents.columns(), T(0));
  std::vector<T> deviation(extents.columns(), T(0));
  batch_mean<T>(x, extents, mean);
  batch_deviation<T>(x, extents, mean, eps, deviation);
  for (std::size_t j = 0; j < extents.columns(); ++j) {
    T ddeviation = T(0);
    T dmean = T(0);
    dgamma[j] = T(0);
    dbeta[j] = T(0);
    for (std::size_t i = 0; i < extents.rows(); ++i) {
      const std::size_t k = extents.at(i, j);
      const T centred = x[k] - mean[j];
      const T dx_hat = gamma[j] * dy[k];
      ddeviation += dx_hat * centred * (-r[j] / (deviation[j] * deviation[j]));  // term: deviation_from_x_hat
      dmean += dx_hat * (-r[j] / deviation[j]);                                  // term: mean_from_x_hat
      dgamma[j] += dy[k] * (centred / deviation[j] * r[j] + d[j]);               // term: gamma_from_y
      dbeta[j] += dy[k];                                                         // term: beta_from_y
    }
    for (std::size_t i = 0; i < extents.rows(); ++i) {
      const std::size_t k = extents.at(i, j);
      T sum = T(0);
      sum += gamma[j] * dy[k] * r[j] / deviation[j];                             // term: input_from_x_hat
      sum += ddeviation * (x[k] - mean[j]) / (T(extents.batch) * deviation[j]);  // term: input_from_deviation
      sum += dmean / T(extents.batch);                                           // term: input_from_mean
      dx[k] = sum;
    }
  }
}

}  // namespace normproof::reference
