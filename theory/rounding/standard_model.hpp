// What do the bounds of summation.hpp, two_pass_forward.hpp, one_pass_variance.hpp, welford_and_chan.hpp and
// backward.hpp say of the standard model alone, as inequalities between numbers?
//
// Source. N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. (2002), (2.4): fl(a op b) =
// (a op b)(1 + δ), |δ| ≤ u. The bounds are those of the headers named, (1 + u)^k in the place of e^{ku}: a little
// sharper, and rational.
// Notation. As there; magnitudes are handed over as such: A = mean of |x|, which is at most the root mean square X.
// Assumptions. 0 ≤ u ≤ 1. Nothing underflows.
// Why. Each is the headers' own derivation, before (1 + u)^k ≤ e^{ku} and A ≤ X are put in. In this form both sides are
// numbers of any type, and a search over the δ's as free numbers can refute a wrong count of roundings.
#pragma once

#include "theory/elementary.hpp"

namespace normproof::theory {

// (1 + u)^k
template <class T>
T model_growth(const T& u, int roundings) {
  T growth = T(1);
  for (int k = 0; k < roundings; ++k) growth = growth * (T(1) + u);
  return growth;
}

template <class T>
T model_rounding(const T& u, int roundings) {
  return model_growth(u, roundings) - T(1);
}

template <class T>
T model_sum_error(const T& u, int height, const T& sum_of_magnitudes) {
  return model_rounding(u, height) * sum_of_magnitudes;
}

// One rounding more: the quotient.
template <class T>
T model_mean_error(const T& u, int height, const T& mean_magnitude) {
  return model_rounding(u, height + 1) * mean_magnitude;
}

// D, from the error of the mean: four roundings more.
template <class T>
T model_variance_error(const T& u, int height, const T& variance, const T& mean_error) {
  const int roundings = height + 4;
  return model_rounding(u, roundings) * variance + model_growth(u, roundings) * mean_error * mean_error;
}

// Of y = gamma (x − mean) inv_std + beta, from the errors of the mean and, relative, of inv_std; magnitudes of x_hat,
// of gamma and of y. Three roundings before beta is added.
template <class T>
struct ModelOutput {
  T x_hat, gamma, inv_std, y;
};
template <class T>
T model_output_error(const T& u, const ModelOutput<T>& magnitude, const T& mean_error, const T& inv_std_error) {
  const T grown = model_growth(u, 3) * (T(1) + inv_std_error);
  const T x_hat_error = magnitude.x_hat * (grown - T(1)) + mean_error * magnitude.inv_std * grown;
  return (T(1) + u) * magnitude.gamma * x_hat_error + u * magnitude.y;
}

// Of E[x²] − E[x]².
template <class T>
T model_one_pass_error(const T& u, int height, const T& variance, const T& mean_square, const T& mean_magnitude,
                       const T& mean_error) {
  const T largest = mean_magnitude + mean_error;
  const T inside =
      model_rounding(u, height + 2) * mean_square + (mean_magnitude + largest) * mean_error + u * largest * largest;
  return u * variance + (T(1) + u) * inside;
}

// Chan: one merge of two parts whose means are off by c A each, A their own; A of both together. n_b ≤ 2 n_a.
template <class T>
T model_merged_mean_error(const T& u, const T& c, const T& mean_magnitude) {
  return ((T(1) + c) * model_growth(u, 9) - T(1)) * mean_magnitude;
}

// Welford: the k-th update of a mean that is off by `before`; magnitudes of δ_k and of the k-th mean.
template <class T>
T model_updated_mean_error(const T& u, int k, const T& before, const T& delta, const T& mean) {
  const T kept = before * T(k - 1) / T(k);
  const T moved = (delta + before) * model_rounding(u, 2) / T(k);
  return (kept + moved) * (T(1) + u) + mean * u;
}

template <class T>
T model_dgamma_error(const T& u, int height, const T& sum_of_magnitudes) {
  return model_rounding(u, height + 3) * sum_of_magnitudes;
}

// Magnitudes at one element of dx = P (dy − S/m − x_hat T/m), `centred` = |dy − S/m|.
template <class T>
struct ModelInputGradient {
  T prefix, mean_dy, x_hat, projection, centred, bracket;
};
// From the errors of S/m and of T/m.
template <class T>
T model_input_gradient_error(const T& u, const ModelInputGradient<T>& magnitude, const T& mean_dy_error,
                             const T& projection_error) {
  const T x_hat_error = model_rounding(u, 2) * magnitude.x_hat;
  const T from_sums =
      mean_dy_error + x_hat_error * (magnitude.projection + projection_error) + magnitude.x_hat * projection_error;
  const T rounding = u * magnitude.mean_dy + T(2) * u * magnitude.x_hat * magnitude.projection + u * magnitude.centred +
                     u * magnitude.bracket;
  const T bracket_error = (from_sums + rounding) * model_growth(u, 4);
  return magnitude.prefix * (model_growth(u, 2) * bracket_error + model_rounding(u, 2) * magnitude.bracket);
}

}  // namespace normproof::theory
