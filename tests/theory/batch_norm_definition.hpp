// What is batch normalization, written straight from its definition, for tests to differentiate?
#pragma once

#include "tests/theory/exact_number.hpp"

namespace normproof::theory_tests {

// The layer with its mean either free (one value per channel) or, where free_mean is null, the batch mean.
inline theory::Matrix<Dual> batch_norm_by_definition(const theory::Matrix<Dual>& x,
                                                     const theory::TrainingBatch<Fraction>& b,
                                                     const theory::Vector<Dual>* free_mean = nullptr) {
  const int batch = static_cast<int>(x.rows());
  theory::Matrix<Dual> y(batch, static_cast<int>(x.cols()));
  for (int j = 0; j < static_cast<int>(x.cols()); ++j) {
    Dual mean(0);
    if (free_mean != nullptr) {
      mean = (*free_mean)(j);
    } else {
      for (int i = 0; i < batch; ++i) mean += x(i, j) / Dual(batch);
    }
    Dual variance(0);
    for (int i = 0; i < batch; ++i) variance += (x(i, j) - mean) * (x(i, j) - mean) / Dual(batch);
    const Dual root = sqrt(variance + constant(b.eps));
    for (int i = 0; i < batch; ++i) y(i, j) = constant(b.gamma(j)) * (x(i, j) - mean) / root + constant(b.beta(j));
  }
  return y;
}

inline theory::Matrix<Fraction> batch_norm_derivative(const theory::TrainingBatch<Fraction>& b) {
  return derivative_of(b.x, b.dy, [&b](const theory::Matrix<Dual>& x) { return batch_norm_by_definition(x, b); });
}

}  // namespace normproof::theory_tests
