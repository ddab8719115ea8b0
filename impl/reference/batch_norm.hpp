// What does batch normalization compute, forward and backward, when its algorithms are run line by line?
//
// Source. LI23 Algorithm 1, its stages (15), its derivatives (9)–(14) and its inference map (49); LL19 Algorithm 1.
//
//   LI23 Algorithm 1, for a minibatch x_1 … x_m of vectors:
//     2: μ   ← (1/m) Σ_i x_i                          batch_mean
//     3: σ²  ← (1/m) Σ_i ‖x_i − μ‖²                   batch_variance_printed_norm: the norm, one number for all
//                                                     batch_variance: the square, feature by feature, for line 4
//     4: x̂_i ← (x_i − μ) / √(σ² + ε)                  normalize
//     5: y_i ← γ ⊙ x̂_i + β                            scale_shift
//
//   LI23 (9)–(14), from the upstream ∂ℓ/∂y:
//     (9)  ∂ℓ/∂x̂_i = ∂ℓ/∂y_i ⊙ γ                                                              backward_x_hat
//     (10) ∂ℓ/∂σ²  = Σ_i ∂ℓ/∂x̂_i · (x_i − μ) · (−1/2) (σ² + ε)^(−3/2)                          backward_variance
//     (11) ∂ℓ/∂μ   = Σ_i ∂ℓ/∂x̂_i · (−1)/√(σ² + ε) + ∂ℓ/∂σ² · (Σ_i −2(x_i − μ))/m               backward_mean
//     (12) ∂ℓ/∂x_i = ∂ℓ/∂x̂_i /√(σ² + ε) + ∂ℓ/∂σ² · 2(x_i − μ)/m + ∂ℓ/∂μ · 1/m                  backward_input
//     (13) ∂ℓ/∂γ   = Σ_i ∂ℓ/∂y_i · x̂_i                                                        backward_gamma
//     (14) ∂ℓ/∂β   = Σ_i ∂ℓ/∂y_i                                                              backward_beta
//
//   LI23 (49), inference:  y = γ/√(Var + ε) · x + (β − γE/√(Var + ε))                           batch_norm_infer_folded
//                 unfolded y = γ (x − E)/√(Var + ε) + β                                         batch_norm_infer
//
//   LL19 Algorithm 1. Training 1: μ ← (1−α)μ + α mean(B_in), ν ← (1−α)ν + α var(B_in);
//                              2: B_out ← (B_in − mean(B_in))/√(var(B_in) + ε).                batch_norm_layer_train
//                     Inference:  B_out ← (B_in − μ)/√(ν + ε).                                 batch_norm_layer_infer
//   α weighs the new value; var is the biased variance. LL19 (1) defines it as mean(r²) − mean(r)²:
//   batch_variance_from_squares. Everything else here uses the two-pass form, which does not cancel.
//
// Notation. x, y, x_hat, dy, dx, dx_hat, b_in, b_out: batch × channels, row-major. Everything else: one value per
// channel, but for the scalars eps and alpha. d⟨name⟩ is ∂ℓ/∂⟨name⟩.
//
// Assumptions. batch ≥ 1; spans have exactly the lengths above; variance + eps is not 0. Every function overwrites its
// outputs completely. An output must not overlap an input, save that x_hat may be x in normalize, y may be x_hat in
// scale_shift, y may be x in the other forward passes, and dx may be x or dy in batch_norm_backward (same place, same
// shape). Name T at the call (`batch_mean<double>(x, extents, mean)`): vectors then convert to spans by themselves.
//
// Why stages. Each can be differentiated by itself, with its other arguments free: (11)'s second term is 0 at the batch
// mean, yet it is the derivative of line 3 about any mean.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

#include "impl/reference/elementary.hpp"
#include "impl/reference/extents.hpp"

namespace normproof::reference {

// Line 2.
template <class T>
void batch_mean(std::span<const T> x, Extents extents, std::span<T> mean) {
  assert(extents.batch >= 1 && x.size() == extents.size() && mean.size() == extents.columns());
  for (std::size_t j = 0; j < extents.columns(); ++j) {
    T sum = T(0);
    for (std::size_t i = 0; i < extents.rows(); ++i) sum += x[extents.at(i, j)];
    mean[j] = sum / T(extents.batch);
  }
}

// Line 3, feature by feature, about the given mean.
template <class T>
void batch_variance(std::span<const T> x, Extents extents, std::span<const T> mean, std::span<T> variance) {
  assert(extents.batch >= 1 && x.size() == extents.size());
  assert(mean.size() == extents.columns() && variance.size() == extents.columns());
  for (std::size_t j = 0; j < extents.columns(); ++j) {
    T sum = T(0);
    for (std::size_t i = 0; i < extents.rows(); ++i) {
      const T deviation = x[extents.at(i, j)] - mean[j];
      sum += deviation * deviation;
    }
    variance[j] = sum / T(extents.batch);
  }
}

// Line 3 as its norm bars read: one number for the whole vector.
template <class T>
T batch_variance_printed_norm(std::span<const T> x, Extents extents, std::span<const T> mean) {
  assert(extents.batch >= 1 && x.size() == extents.size() && mean.size() == extents.columns());
  T sum = T(0);
  for (std::size_t i = 0; i < extents.rows(); ++i) {
    T squared_norm = T(0);
    for (std::size_t j = 0; j < extents.columns(); ++j) {
      const T deviation = x[extents.at(i, j)] - mean[j];
      squared_norm += deviation * deviation;
    }
    sum += squared_norm;
  }
  return sum / T(extents.batch);
}

// LL19 (1): var(r, B) = mean(r², B) − mean(r, B)².
template <class T>
void batch_variance_from_squares(std::span<const T> x, Extents extents, std::span<T> variance) {
  assert(extents.batch >= 1 && x.size() == extents.size() && variance.size() == extents.columns());
  for (std::size_t j = 0; j < extents.columns(); ++j) {
    T sum = T(0);
    T sum_of_squares = T(0);
    for (std::size_t i = 0; i < extents.rows(); ++i) {
      sum += x[extents.at(i, j)];
      sum_of_squares += x[extents.at(i, j)] * x[extents.at(i, j)];
    }
    const T mean = sum / T(extents.batch);
    variance[j] = sum_of_squares / T(extents.batch) - mean * mean;
  }
}

// Line 4.
template <class T>
void normalize(std::span<const T> x, Extents extents, std::span<const T> mean, std::span<const T> variance,
               const T& eps, std::span<T> x_hat) {
  assert(x.size() == extents.size() && x_hat.size() == extents.size());
  assert(mean.size() == extents.columns() && variance.size() == extents.columns());
  for (std::size_t j = 0; j < extents.columns(); ++j) {
    const T root = sqrt(variance[j] + eps);
    for (std::size_t i = 0; i < extents.rows(); ++i) {
      x_hat[extents.at(i, j)] = (x[extents.at(i, j)] - mean[j]) / root;
    }
  }
}

// Line 5.
template <class T>
void scale_shift(std::span<const T> x_hat, Extents extents, std::span<const T> gamma, std::span<const T> beta,
                 std::span<T> y) {
  assert(x_hat.size() == extents.size() && y.size() == extents.size());
  assert(gamma.size() == extents.columns() && beta.size() == extents.columns());
  for (std::size_t i = 0; i < extents.rows(); ++i) {
    for (std::size_t j = 0; j < extents.columns(); ++j) {
      y[extents.at(i, j)] = gamma[j] * x_hat[extents.at(i, j)] + beta[j];
    }
  }
}

// Lines 2–5.
template <class T>
void batch_norm_train(std::span<const T> x, Extents extents, std::span<const T> gamma, std::span<const T> beta,
                      const T& eps, std::span<T> y) {
  std::vector<T> mean(extents.columns(), T(0));
  std::vector<T> variance(extents.columns(), T(0));
  std::vector<T> x_hat(extents.size(), T(0));
  batch_mean<T>(x, extents, mean);
  batch_variance<T>(x, extents, mean, variance);
  normalize<T>(x, extents, mean, variance, eps, x_hat);
  scale_shift<T>(x_hat, extents, gamma, beta, y);
}

// LI23 (49) unfolded.
template <class T>
void batch_norm_infer(std::span<const T> x, Extents extents, std::span<const T> mean, std::span<const T> variance,
                      std::span<const T> gamma, std::span<const T> beta, const T& eps, std::span<T> y) {
  assert(x.size() == extents.size() && y.size() == extents.size());
  assert(mean.size() == extents.columns() && variance.size() == extents.columns());
  assert(gamma.size() == extents.columns() && beta.size() == extents.columns());
  for (std::size_t j = 0; j < extents.columns(); ++j) {
    const T root = sqrt(variance[j] + eps);
    for (std::size_t i = 0; i < extents.rows(); ++i) {
      y[extents.at(i, j)] = gamma[j] * (x[extents.at(i, j)] - mean[j]) / root + beta[j];
    }
  }
}

// LI23 (49) as printed: one scale and one shift per channel.
template <class T>
void batch_norm_infer_folded(std::span<const T> x, Extents extents, std::span<const T> mean,
                             std::span<const T> variance, std::span<const T> gamma, std::span<const T> beta,
                             const T& eps, std::span<T> y) {
  assert(x.size() == extents.size() && y.size() == extents.size());
  assert(mean.size() == extents.columns() && variance.size() == extents.columns());
  assert(gamma.size() == extents.columns() && beta.size() == extents.columns());
  for (std::size_t j = 0; j < extents.columns(); ++j) {
    const T root = sqrt(variance[j] + eps);
    const T scale = gamma[j] / root;
    const T shift = beta[j] - gamma[j] * mean[j] / root;
    for (std::size_t i = 0; i < extents.rows(); ++i) {
      y[extents.at(i, j)] = scale * x[extents.at(i, j)] + shift;
    }
  }
}

// The state of LL19 Algorithm 1: μ and ν, one value per channel each.
template <class T>
struct RunningStatistics {
  std::vector<T> mean;
  std::vector<T> variance;
};

// LL19 Algorithm 1, training. `running` must hold `channels` values of each kind; its old value has weight 1 − alpha.
template <class T>
void batch_norm_layer_train(std::span<const T> b_in, Extents extents, const T& eps, const T& alpha,
                            RunningStatistics<T>& running, std::span<T> b_out) {
  assert(running.mean.size() == extents.columns() && running.variance.size() == extents.columns());
  std::vector<T> mean(extents.columns(), T(0));
  std::vector<T> variance(extents.columns(), T(0));
  batch_mean<T>(b_in, extents, mean);
  batch_variance<T>(b_in, extents, mean, variance);
  for (std::size_t j = 0; j < extents.columns(); ++j) {
    running.mean[j] = (T(1) - alpha) * running.mean[j] + alpha * mean[j];
    running.variance[j] = (T(1) - alpha) * running.variance[j] + alpha * variance[j];
  }
  normalize<T>(b_in, extents, mean, variance, eps, b_out);
}

// LL19 Algorithm 1, inference.
template <class T>
void batch_norm_layer_infer(std::span<const T> b_in, Extents extents, const T& eps, const RunningStatistics<T>& running,
                            std::span<T> b_out) {
  normalize<T>(b_in, extents, running.mean, running.variance, eps, b_out);
}

// (9)
template <class T>
void backward_x_hat(std::span<const T> dy, Extents extents, std::span<const T> gamma, std::span<T> dx_hat) {
  assert(dy.size() == extents.size() && dx_hat.size() == extents.size() && gamma.size() == extents.columns());
  for (std::size_t i = 0; i < extents.rows(); ++i) {
    for (std::size_t j = 0; j < extents.columns(); ++j) {
      T value = T(0);
      value += dy[extents.at(i, j)] * gamma[j];  // term: x_hat_from_y
      dx_hat[extents.at(i, j)] = value;
    }
  }
}

// (10)
template <class T>
void backward_variance(std::span<const T> x, std::span<const T> dx_hat, Extents extents, std::span<const T> mean,
                       std::span<const T> variance, const T& eps, std::span<T> dvariance) {
  assert(x.size() == extents.size() && dx_hat.size() == extents.size());
  assert(mean.size() == extents.columns() && variance.size() == extents.columns());
  assert(dvariance.size() == extents.columns());
  for (std::size_t j = 0; j < extents.columns(); ++j) {
    const T root = sqrt(variance[j] + eps);
    const T slope_of_inv_std = -(T(1) / T(2)) / (root * root * root);
    T sum = T(0);
    for (std::size_t i = 0; i < extents.rows(); ++i) {
      const std::size_t k = extents.at(i, j);
      sum += dx_hat[k] * (x[k] - mean[j]) * slope_of_inv_std;  // term: variance_from_x_hat
    }
    dvariance[j] = sum;
  }
}

// (11)
template <class T>
void backward_mean(std::span<const T> x, std::span<const T> dx_hat, Extents extents, std::span<const T> mean,
                   std::span<const T> variance, const T& eps, std::span<const T> dvariance, std::span<T> dmean) {
  assert(extents.batch >= 1 && x.size() == extents.size() && dx_hat.size() == extents.size());
  assert(mean.size() == extents.columns() && variance.size() == extents.columns());
  assert(dvariance.size() == extents.columns() && dmean.size() == extents.columns());
  for (std::size_t j = 0; j < extents.columns(); ++j) {
    const T root = sqrt(variance[j] + eps);
    T sum = T(0);
    for (std::size_t i = 0; i < extents.rows(); ++i) {
      const std::size_t k = extents.at(i, j);
      sum += dx_hat[k] * (-T(1) / root);                                    // term: mean_from_x_hat
      sum += dvariance[j] * (T(-2) * (x[k] - mean[j])) / T(extents.batch);  // term: mean_from_variance
    }
    dmean[j] = sum;
  }
}

// (12)
template <class T>
void backward_input(std::span<const T> x, std::span<const T> dx_hat, Extents extents, std::span<const T> mean,
                    std::span<const T> variance, const T& eps, std::span<const T> dvariance, std::span<const T> dmean,
                    std::span<T> dx) {
  assert(extents.batch >= 1 && x.size() == extents.size() && dx_hat.size() == extents.size());
  assert(mean.size() == extents.columns() && variance.size() == extents.columns());
  assert(dvariance.size() == extents.columns() && dmean.size() == extents.columns() && dx.size() == extents.size());
  for (std::size_t j = 0; j < extents.columns(); ++j) {
    const T root = sqrt(variance[j] + eps);
    for (std::size_t i = 0; i < extents.rows(); ++i) {
      const std::size_t k = extents.at(i, j);
      T sum = T(0);
      sum += dx_hat[k] / root;                                             // term: input_from_x_hat
      sum += dvariance[j] * (T(2) * (x[k] - mean[j])) / T(extents.batch);  // term: input_from_variance
      sum += dmean[j] / T(extents.batch);                                  // term: input_from_mean
      dx[k] = sum;
    }
  }
}

// (13)
template <class T>
void backward_gamma(std::span<const T> dy, std::span<const T> x_hat, Extents extents, std::span<T> dgamma) {
  assert(dy.size() == extents.size() && x_hat.size() == extents.size() && dgamma.size() == extents.columns());
  for (std::size_t j = 0; j < extents.columns(); ++j) {
    T sum = T(0);
    for (std::size_t i = 0; i < extents.rows(); ++i) {
      const std::size_t k = extents.at(i, j);
      sum += dy[k] * x_hat[k];  // term: gamma_from_y
    }
    dgamma[j] = sum;
  }
}

// (14)
template <class T>
void backward_beta(std::span<const T> dy, Extents extents, std::span<T> dbeta) {
  assert(dy.size() == extents.size() && dbeta.size() == extents.columns());
  for (std::size_t j = 0; j < extents.columns(); ++j) {
    T sum = T(0);
    for (std::size_t i = 0; i < extents.rows(); ++i) {
      sum += dy[extents.at(i, j)];  // term: beta_from_y
    }
    dbeta[j] = sum;
  }
}

// (9)–(14) in their order, the statistics taken anew from x.
template <class T>
void batch_norm_backward(std::span<const T> x, std::span<const T> dy, Extents extents, std::span<const T> gamma,
                         const T& eps, std::span<T> dx, std::span<T> dgamma, std::span<T> dbeta) {
  std::vector<T> mean(extents.columns(), T(0));
  std::vector<T> variance(extents.columns(), T(0));
  std::vector<T> x_hat(extents.size(), T(0));
  batch_mean<T>(x, extents, mean);
  batch_variance<T>(x, extents, mean, variance);
  normalize<T>(x, extents, mean, variance, eps, x_hat);

  std::vector<T> dx_hat(extents.size(), T(0));
  std::vector<T> dvariance(extents.columns(), T(0));
  std::vector<T> dmean(extents.columns(), T(0));
  backward_x_hat<T>(dy, extents, gamma, dx_hat);
  backward_variance<T>(x, dx_hat, extents, mean, variance, eps, dvariance);
  backward_mean<T>(x, dx_hat, extents, mean, variance, eps, dvariance, dmean);
  backward_gamma<T>(dy, x_hat, extents, dgamma);
  backward_beta<T>(dy, extents, dbeta);
  // Last, because dx may be dy.
  backward_input<T>(x, dx_hat, extents, mean, variance, eps, dvariance, dmean, dx);
}

}  // namespace normproof::reference
