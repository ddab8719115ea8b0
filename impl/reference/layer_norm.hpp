// What does layer normalization compute?
//
// Source. NOTE15 names it; formulas: per sample, over its features. With x_i the row of sample i, D its length:
//   mean_i = (1/D) Σ_j x_ij,   σ_i² = (1/D) Σ_j (x_ij − mean_i)²,   y_ij = γ_j (x_ij − mean_i)/√(σ_i² + ε) + β_j
//
// Notation. As in batch_norm.hpp: x, y batch × channels, row-major; gamma, beta one value per channel.
//
// Assumptions. channels ≥ 1; spans have exactly these lengths; σ_i² + ε is not 0. y may be x.
//
// Why two passes. The one-pass variance cancels in double.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>

#include "impl/reference/elementary.hpp"
#include "impl/reference/extents.hpp"

namespace normproof::reference {

template <class T>
void layer_norm(std::span<const T> x, Extents extents, std::span<const T> gamma, std::span<const T> beta, const T& eps,
                std::span<T> y) {
  assert(extents.channels >= 1 && x.size() == extents.size() && y.size() == extents.size());
  assert(gamma.size() == extents.columns() && beta.size() == extents.columns());
  for (std::size_t i = 0; i < extents.rows(); ++i) {
    T sum = T(0);
    for (std::size_t j = 0; j < extents.columns(); ++j) sum += x[extents.at(i, j)];
    const T mean = sum / T(extents.channels);
    T sum_of_squares = T(0);
    for (std::size_t j = 0; j < extents.columns(); ++j) {
      const T deviation = x[extents.at(i, j)] - mean;
      sum_of_squares += deviation * deviation;
    }
    const T root = sqrt(sum_of_squares / T(extents.channels) + eps);
    for (std::size_t j = 0; j < extents.columns(); ++j) {
      y[extents.at(i, j)] = gamma[j] * ((x[extents.at(i, j)] - mean) / root) + beta[j];
    }
  }
}

}  // namespace normproof::reference
