// Which layer without batch norm puts out on a batch what a linear layer followed by batch norm puts out?
//
// Source. LI23 Algorithm 1 and (49) with the batch's own statistics; SAN18 Observation 4.3 is the way back.
// Notation. u: (batch, inputs), one unit: weights w, bias b; x = u·w + b, μ and σ² its mean and biased variance,
// s = √(σ² + eps), z = gamma·(x − μ)/s + beta; m = batch.
//   z_i = ⟨w′, u_i⟩ + b′,     w′ = (gamma/s)·w,     b′ = beta + (gamma/s)·(b − μ)
//   along a direction (dw, dgamma, dbeta), with ds = (1/m) Σ x_hat_i ⟨dw, u_i⟩ and dμ = (1/m) Σ ⟨dw, u_i⟩:
//   dw′ = (gamma/s)·dw + (dgamma/s − gamma·ds/s²)·w
//   db′ = dbeta − (gamma/s)·dμ + (dgamma/s − gamma·ds/s²)·(b − μ)
//   second derivative of L̂ = ½ Σ (z_i − t_i)² along w itself:
//   (gamma·eps/s²)² Σ x_hat² − 3·gamma·eps·σ²/s⁴ Σ (z − t)·x_hat
// Assumptions. s ≠ 0.
// Why. z is affine in u: collect its terms. d(1/s) = −ds/s² and ds = dσ²/(2s). Along w only the length of the weights
// changes: with k·w for w, z − beta = gamma·k·(x − μ)/√(k²σ² + eps), whose derivatives at k = 1 are
// gamma·x_hat·eps/s² and −3·gamma·x_hat·eps·σ²/s⁴.
#pragma once

#include <stdexcept>

#include "theory/training_batch.hpp"

namespace normproof::theory {

// One unit before batch norm, and its batch norm.
template <class T>
struct NormalizedUnit {
  Matrix<T> u;
  Vector<T> w;
  T b, gamma, beta, eps;
};

template <class T>
struct PlainUnit {
  Vector<T> w;
  T b;
};

// x as a batch of one channel.
template <class T>
Matrix<T> linear_unit(const Matrix<T>& u, const PlainUnit<T>& unit) {
  if (u.cols() != unit.w.size()) throw std::invalid_argument("the weights must have one entry per input");
  Matrix<T> x(u.rows(), 1);
  for (int i = 0; i < static_cast<int>(u.rows()); ++i) {
    x(i, 0) = unit.b;
    for (int k = 0; k < static_cast<int>(u.cols()); ++k) x(i, 0) += unit.w(k) * u(i, k);
  }
  return x;
}

template <class T>
Statistics<T> statistics(const NormalizedUnit<T>& unit) {
  const Matrix<T> x = linear_unit<T>(unit.u, {unit.w, unit.b});
  TrainingBatch<T> batch;
  batch.x = x;
  batch.dy = x;
  batch.gamma = Vector<T>(1);
  batch.beta = Vector<T>(1);
  batch.gamma(0) = unit.gamma;
  batch.beta(0) = unit.beta;
  batch.eps = unit.eps;
  return statistics(batch);
}

template <class T>
PlainUnit<T> equivalent_plain_unit(const NormalizedUnit<T>& unit) {
  const Statistics<T> st = statistics(unit);
  const T scale = unit.gamma / st.s(0);
  PlainUnit<T> plain;
  plain.w = unit.w;
  for (int k = 0; k < static_cast<int>(plain.w.size()); ++k) plain.w(k) = scale * unit.w(k);
  plain.b = T(0);
  plain.b += unit.beta;           // term: shift
  plain.b += scale * unit.b;      // term: bias
  plain.b -= scale * st.mean(0);  // term: mean
  return plain;
}

// (dw′, db′) along (dw, dgamma, dbeta).
template <class T>
PlainUnit<T> equivalent_plain_direction(const NormalizedUnit<T>& unit, const Vector<T>& dw, const T& dgamma,
                                        const T& dbeta) {
  if (dw.size() != unit.w.size()) throw std::invalid_argument("the direction must have one entry per weight");
  const Statistics<T> st = statistics(unit);
  const Matrix<T> dx = linear_unit<T>(unit.u, {dw, T(0)});
  const int batch = static_cast<int>(dx.rows());
  T dmean = T(0);
  T ds = T(0);
  for (int i = 0; i < batch; ++i) {
    dmean += dx(i, 0) / T(batch);                // term: mean_moves
    ds += st.x_hat(i, 0) * dx(i, 0) / T(batch);  // term: s_moves
  }
  const T scale = unit.gamma / st.s(0);
  T dscale = T(0);
  dscale += dgamma / st.s(0);      // term: scale_from_gamma
  dscale -= scale * ds / st.s(0);  // term: scale_from_s
  PlainUnit<T> plain;
  plain.w = dw;
  for (int k = 0; k < static_cast<int>(dw.size()); ++k) {
    plain.w(k) = T(0);
    plain.w(k) += scale * dw(k);       // term: weights_move
    plain.w(k) += dscale * unit.w(k);  // term: weights_are_rescaled
  }
  plain.b = T(0);
  plain.b += dbeta;                           // term: shift_moves
  plain.b -= scale * dmean;                   // term: mean_is_subtracted
  plain.b += dscale * (unit.b - st.mean(0));  // term: offset_is_rescaled
  return plain;
}

// The second derivative of ½ Σ (z_i − t_i)² when w alone moves, along itself.
template <class T>
T curvature_along_the_weights(const NormalizedUnit<T>& unit, const Vector<T>& target) {
  if (target.size() != unit.u.rows()) throw std::invalid_argument("there must be one target per sample");
  const Statistics<T> st = statistics(unit);
  const T square = st.s(0) * st.s(0);
  const T first = unit.gamma * unit.eps / square;
  const T second = T(3) * unit.gamma * unit.eps * st.biased_variance(0) / (square * square);
  T curvature = T(0);
  for (int i = 0; i < static_cast<int>(target.size()); ++i) {
    const T x_hat = st.x_hat(i, 0);
    const T residual = unit.gamma * x_hat + unit.beta - target(i);
    curvature += first * first * x_hat * x_hat;  // term: slope_squared
    curvature -= second * residual * x_hat;      // term: bend
  }
  return curvature;
}

}  // namespace normproof::theory
