// What are the expected mean and variance of a minibatch that is drawn from a finite population?
//
// Source. The textbook law of sampling from a finite population; LI23 (47) and (48) are what it is asked about.
// Notation. population: x_1 … x_n, one column; mean and σ² = biased_variance (divided by n) are the population's. A
// minibatch B is m draws: with replacement all nᵐ tuples are equally likely, without it all subsets of m. μ_B and σ_B²
// are its mean and biased variance; c is the covariance of two different draws:
//   c       = 0 with replacement,  −σ²/(n − 1) without
//   E σ_B²  = (1 − 1/m)(σ² − c)
//   Var μ_B = σ²/m + (1 − 1/m) c
// Assumptions. m ≥ 1; without replacement n ≥ 2 (and m ≤ n for the words to mean something).
// Why. E σ_B² + Var μ_B = σ² (the mean square of a draw less that of the mean), and Var μ_B is 1/m² times m variances
// and m(m − 1) covariances. Without replacement the covariances of one draw with all n − 1 others add up to −σ².
#pragma once

#include <stdexcept>

#include "theory/training_batch.hpp"

namespace normproof::theory {

enum class Draws { with_replacement, without_replacement };

template <class T>
T covariance_of_two_draws(const Matrix<T>& population, Draws draws) {
  if (draws == Draws::with_replacement) return T(0);
  if (population.rows() < 2) throw std::invalid_argument("two draws without replacement need two samples");
  return -biased_variance(population)(0) / T(static_cast<int>(population.rows()) - 1);
}

// E σ_B².
template <class T>
T expected_variance(const Matrix<T>& population, int minibatch, Draws draws) {
  T spread = T(0);
  spread += biased_variance(population)(0);              // term: variance_of_one_draw
  spread -= covariance_of_two_draws(population, draws);  // term: covariance_of_two_draws
  return (T(1) - T(1) / T(minibatch)) * spread;
}

// Var μ_B.
template <class T>
T variance_of_the_mean(const Matrix<T>& population, int minibatch, Draws draws) {
  const T share = T(1) / T(minibatch);
  T variance = T(0);
  variance += share * biased_variance(population)(0);                       // term: variances
  variance += (T(1) - share) * covariance_of_two_draws(population, draws);  // term: covariances
  return variance;
}

}  // namespace normproof::theory
