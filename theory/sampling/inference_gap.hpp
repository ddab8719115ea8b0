// By how much does a sample's expected training output differ from its inference output?
//
// Source. A consequence of LL19 Algorithm 1 and LI23 (49).
// Notation. population: x_1 … x_n, one column, with mean μ, biased variance σ² and moments
// μ_k = (1/n) Σ (x_i − μ)^k; X = x − μ for the sample in question, s = √(σ² + eps). A minibatch of m contains the
// sample; its m − 1 other members are drawn from the population, independently or as a subset.
// f(μ_B, σ_B²) = (x − μ_B)/√(σ_B² + eps).
//   E(x − μ_B)  = (1 − 1/m) X with replacement,  (1 − 1/m) n/(n − 1) X without
//   second order, with replacement: the batch's distribution is F + τ(F_B − F) at τ = 1; with ′ for d/dτ at 0
//   E(f′ + ½f″) = L/m + (m − 1)/m² · E_j Q(x_j) + Q(x)/m²,
//     L    = −X/s − X(X² − σ²)/(2s³)
//     Q(x_j) = X_j(X_j² − σ²)/(2s³) + 3X(X_j² − σ²)²/(8s⁵) + X X_j²/(2s³)
//     E_j Q(x_j) = μ_3/(2s³) + 3X(μ_4 − σ⁴)/(8s⁵) + X σ²/(2s³)
// Assumptions. s ≠ 0; without replacement n ≥ 2.
// Why. F_B − F is the mean of m deviations δ_(x_j) − F; one of them is the sample's own, the others have expectation 0
// and are independent, so that a linear functional keeps 1/m of it and a quadratic one the squares alone. Along δ_x − F
// the mean moves with X and the variance with X² − σ² and, to second order, −2X². The terms left out are cubic in F_B −
// F and of order 1/m².
#pragma once

#include "theory/sampling/minibatch_statistics.hpp"

namespace normproof::theory {

// E(x − μ_B) for a minibatch that contains x.
template <class T>
T expected_deviation(const Matrix<T>& population, int sample, int minibatch, Draws draws) {
  const int n = static_cast<int>(population.rows());
  const T deviation = population(sample, 0) - mean(population)(0);
  const T own_share = T(1) - T(1) / T(minibatch);
  if (draws == Draws::with_replacement) return own_share * deviation;
  if (n < 2) throw std::invalid_argument("two draws without replacement need two samples");
  return own_share * T(n) / T(n - 1) * deviation;
}

// γ (x − μ)/√(variance + ε) + β.
template <class T>
T inference_output(const Matrix<T>& population, int sample, const T& variance, const T& gamma, const T& beta,
                   const T& eps) {
  const T radicand = variance + eps;
  T output = T(0);
  output += gamma * (population(sample, 0) - mean(population)(0)) / sqrt(radicand);  // term: scaled_deviation
  output += beta;                                                                    // term: shift
  return output;
}

// The parts of E(f′ + ½f″).
template <class T>
struct SecondOrderGap {
  T own;          // L: the sample pulls its own batch's statistics
  T own_square;   // Q(x)
  T fluctuation;  // E_j Q(x_j): the other members make the statistics vary
};

template <class T>
SecondOrderGap<T> second_order_gap(const Matrix<T>& population, int sample, const T& eps) {
  const int n = static_cast<int>(population.rows());
  const T centre = mean(population)(0);
  T second = T(0);
  T third = T(0);
  T fourth = T(0);
  for (int i = 0; i < n; ++i) {
    const T deviation = population(i, 0) - centre;
    const T square = deviation * deviation;
    second += square / T(n);
    third += square * deviation / T(n);
    fourth += square * square / T(n);
  }
  const T radicand = second + eps;
  const T s = sqrt(radicand);
  const T cube = s * radicand;
  const T fifth = cube * radicand;
  const T deviation = population(sample, 0) - centre;
  const T excess = deviation * deviation - second;

  SecondOrderGap<T> gap = {T(0), T(0), T(0)};
  gap.own -= deviation / s;                                                           // term: own_pull_on_the_mean
  gap.own -= deviation * excess / (T(2) * cube);                                      // term: own_pull_on_the_variance
  gap.own_square += deviation * excess / (T(2) * cube);                               // term: own_covariance
  gap.own_square += T(3) * deviation * excess * excess / (T(8) * fifth);              // term: own_square_of_variance
  gap.own_square += deviation * deviation * deviation / (T(2) * cube);                // term: own_square_of_mean
  gap.fluctuation += third / (T(2) * cube);                                           // term: covariance
  gap.fluctuation += T(3) * deviation * (fourth - second * second) / (T(8) * fifth);  // term: variance_of_variance
  gap.fluctuation += deviation * second / (T(2) * cube);                              // term: variance_of_mean
  return gap;
}

// E(f′ + ½f″).
template <class T>
T value(const SecondOrderGap<T>& gap, int minibatch) {
  const T m = T(minibatch);
  T sum = T(0);
  sum += gap.own / m;                             // term: own
  sum += gap.own_square / (m * m);                // term: own_square
  sum += (m - T(1)) * gap.fluctuation / (m * m);  // term: fluctuation
  return sum;
}

}  // namespace normproof::theory
