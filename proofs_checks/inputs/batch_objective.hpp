// What does LL19's objective (4) say over a given set of minibatches, and where is it least for one linear unit?
//
// Names      x: the samples of D, batch × channels; target: a label each; w: one unit's weights, the bias last; eps. A
//            set of batches is a list of minibatches of one size. In Sizes, `outputs` counts b, the samples of a batch.
// Why        The mean over the batches is taken inside the formula: what the exact engine decides, it decides for every
//            data set of that size.
#pragma once

#include <utility>
#include <vector>

#include "impl/reference/network.hpp"
#include "proofs_checks/inputs/adapters.hpp"
#include "proofs_checks/inputs/minibatches.hpp"

namespace normproof::inputs {

using Batches = std::vector<Minibatch>;

// LL19 §4: 𝓑 = 𝓑₁ ∪ … ∪ 𝓑ₙ, 𝓑ᵢ := {B ⊂ Dᵢ : |B| = b}.
inline Batches batches_of_workers(const std::vector<Minibatch>& shares, int size) {
  Batches batches;
  for (const Minibatch& share : shares)
    for (const Minibatch& batch : subsets_of(share, size)) batches.push_back(batch);
  return batches;
}

// The rows of all batches, one after the other.
template <class T>
Array<T> rows_of(const Array<T>& array, const Batches& batches) {
  Array<T> rows(static_cast<Eigen::Index>(batches.size() * batches.front().size()), array.cols());
  Eigen::Index to = 0;
  for (const Minibatch& batch : batches)
    for (const int row : batch) rows.row(to++) = array.row(row);
  return rows;
}

// Four samples whose standard deviation is a fraction, that of 0, 3, 4, 7 being 5/2: without ε such sets are rare, and
// only on them can a counterexample be written in fractions.
inline Hypothesis four_rational_samples() {
  return imposing("four_rational_samples", "x = a, a + 3d, a + 4d, a + 7d", [](Inputs& in) {
    const int steps[] = {0, 3, 4, 7};
    const Number start = in("x")(0), step = in("x")(1);
    Array<Number> x = in("x");
    for (Eigen::Index i = 0; i < 4; ++i) x(i) = start + step * Number(steps[i]);
    in.set("x", x);
  });
}

// One unit on features that it normalizes.
struct Unit {
  reference::Normalization normalization = reference::Normalization::batch_norm;
  reference::Activation activation = reference::Activation::identity;
};

template <class T>
reference::Network<T> network_of_unit(const Unit& unit, const Array<T>& w) {
  reference::Network<T> network;
  network.layers.push_back({unit.normalization, unit.activation, static_cast<int>(w.cols()) - 1, 1});
  network.weights.push_back(row_major(w));
  return network;
}

// LL19 (4) with the squared loss ½(o − t)²; (5) where 𝓑 = {D}; (3) where the unit does not normalize.
template <class T>
T objective_over(const Batches& batches, const Unit& unit, const Array<T>& x, const Array<T>& target, const Array<T>& w,
                 const T& eps) {
  return reference::network_objective_over_minibatches<T>(
      network_of_unit<T>(unit, w), row_major(rows_of(x, batches)), row_major(rows_of(target, batches)),
      static_cast<int>(batches.size()), static_cast<int>(batches.front().size()), eps, reference::Loss::squared);
}

// Every batch's features as the reference normalizes them, one batch after the other.
inline Array<Number> normalized_features(const Batches& batches, const Unit& unit, const Array<Number>& x,
                                         const Number& eps) {
  const int channels = static_cast<int>(x.cols());
  const reference::LayerSpec layer = {unit.normalization, unit.activation, channels, 1};
  Values all;
  for (const Minibatch& batch : batches) {
    reference::LayerTrace<Number> trace;
    trace.input = row_major(rows_of(x, {batch}));
    reference::layer_normalize_by_rows<Number>(layer, {static_cast<int>(batch.size()), channels}, eps, trace);
    all.insert(all.end(), trace.normalized.begin(), trace.normalized.end());
  }
  return from_row_major<Number>(all, static_cast<Eigen::Index>(all.size()) / channels, channels);
}

// Laplace's expansion along the first row.
inline Number laplace_determinant(const Array<Number>& matrix) {
  if (matrix.rows() == 1) return matrix(0, 0);
  Number sum(0);
  for (Eigen::Index j = 0; j < matrix.cols(); ++j) {
    Array<Number> minor(matrix.rows() - 1, matrix.cols() - 1);
    for (Eigen::Index r = 1; r < matrix.rows(); ++r)
      for (Eigen::Index c = 0, to = 0; c < matrix.cols(); ++c)
        if (c != j) minor(r - 1, to++) = matrix(r, c);
    sum += Number(j % 2 == 0 ? 1 : -1) * matrix(0, j) * laplace_determinant(minor);
  }
  return sum;
}

// The weights at which the mean of (w·[g; 1] − t)² is least, a row [w, bias]: the normal equations by Cramer's rule.
inline Array<Number> least_squares_weights(const Array<Number>& features, const Array<Number>& target) {
  const Eigen::Index n = features.cols();
  const auto entry = [&](Eigen::Index i, Eigen::Index k) { return k < n ? features(i, k) : Number(1); };
  Array<Number> matrix = Array<Number>::Constant(n + 1, n + 1, Number(0)), right = matrix.col(0);
  for (Eigen::Index i = 0; i < features.rows(); ++i)
    for (Eigen::Index k = 0; k <= n; ++k) {
      right(k) += entry(i, k) * target(i, 0);
      for (Eigen::Index l = 0; l <= n; ++l) matrix(k, l) += entry(i, k) * entry(i, l);
    }
  const Number whole = laplace_determinant(matrix);
  Array<Number> w(1, n + 1);
  for (Eigen::Index k = 0; k <= n; ++k) {
    Array<Number> replaced = matrix;
    replaced.col(k) = right.col(0);
    w(0, k) = laplace_determinant(replaced) / whole;
  }
  return w;
}

// 2·(4) at its minimiser for one linear unit, both by the reference: the mean of (o − t)².
inline Number least_squares_optimum(const Batches& batches, const Unit& unit, const Array<Number>& x,
                                    const Array<Number>& target, const Number& eps) {
  const Array<Number> w = least_squares_weights(normalized_features(batches, unit, x, eps), rows_of(target, batches));
  return Number(2) * objective_over<Number>(batches, unit, x, target, w, eps);
}

// τ² times fractions: what the optima of an instance whose targets are multiples of tau come to.
inline Formula multiples_of_tau_squared(std::vector<std::pair<int, int>> fractions) {
  return [=](const Inputs& in) {
    Values values;
    for (const auto& [numerator, denominator] : fractions)
      values.push_back(in.scalar("tau") * in.scalar("tau") * Number(numerator) / Number(denominator));
    return values;
  };
}

}  // namespace normproof::inputs
