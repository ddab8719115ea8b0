// What is the smallest mean squared error of an affine fit with at most two features?
//
// Source. The normal equations. It is the simplest instance of LL19 (3) and (5) that can be solved by hand: one linear
// layer with a bias, squared loss; "the two objectives should have the same optimal value" becomes an identity.
// Notation. features: (samples, 0 … 2), target t: one per sample; over the samples, v = var(t), and
//   no feature:   min_c mean((t − c)²) = v
//   one, g:       min_{w, c} mean((t − w·g − c)²) = v − p²/a,                a = var(g), p = cov(g, t)
//   two, g and h: min_{w, c} mean((t − w₁g − w₂h − c)²) = v − (d·p² − 2b·p·q + a·q²)/(a·d − b²),
//                 a = var(g), d = var(h), b = cov(g, h), p = cov(g, t), q = cov(h, t)
// Assumptions. At least one sample; a ≠ 0 with one feature and a·d − b² ≠ 0 with two (no feature is an affine function
// of the others on the data): otherwise the value is what the number type makes of a division by zero.
// Why. The best c makes the residual's mean 0, so t, g and h may be taken centred; with C the covariance matrix of the
// features and r = (p, q) the minimum over w of v − 2⟨r, w⟩ + ⟨w, C·w⟩ is v − ⟨r, C⁻¹r⟩ (C is positive definite), and
// Cramer's rule writes C⁻¹ out.
#pragma once

#include <stdexcept>

#include "theory/training_batch.hpp"

namespace normproof::theory {

template <class T>
T biased_covariance(const Vector<T>& x, const Vector<T>& y) {
  const int samples = static_cast<int>(x.size());
  T sum_x = T(0);
  T sum_y = T(0);
  for (int i = 0; i < samples; ++i) {
    sum_x += x(i);
    sum_y += y(i);
  }
  const T mean_x = sum_x / T(samples);
  const T mean_y = sum_y / T(samples);
  T sum = T(0);
  for (int i = 0; i < samples; ++i) sum += (x(i) - mean_x) * (y(i) - mean_y);
  return sum / T(samples);
}

template <class T>
T least_squares_residual(const Matrix<T>& features, const Vector<T>& target) {
  require_samples(features);
  if (features.rows() != target.size()) throw std::invalid_argument("there must be one target per sample");
  if (features.cols() > 2) throw std::invalid_argument("the closed form has at most two features");
  const int samples = static_cast<int>(features.rows());
  const T target_variance = biased_covariance(target, target);
  if (features.cols() == 0) return target_variance;

  Vector<T> g(samples);
  for (int i = 0; i < samples; ++i) g(i) = features(i, 0);
  const T a = biased_covariance(g, g);
  const T p = biased_covariance(g, target);
  if (features.cols() == 1) return target_variance - p * p / a;

  Vector<T> h(samples);
  for (int i = 0; i < samples; ++i) h(i) = features(i, 1);
  const T d = biased_covariance(h, h);
  const T b = biased_covariance(g, h);
  const T q = biased_covariance(h, target);
  const T explained = (d * p * p - T(2) * b * p * q + a * q * q) / (a * d - b * b);
  return target_variance - explained;
}

}  // namespace normproof::theory
