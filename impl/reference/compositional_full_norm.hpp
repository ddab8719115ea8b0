// How is full normalization, LL19 (5), written as an instance of the compositional objective (6)?
//
// Source. LL19, the paragraph after (6): "with e_i(x) = [x, x²], the mean and variance of the layer's input over the
// dataset can be calculated, and F_i^{w_i,D} can use that information, for example, to perform normalization"; (1),
// Algorithm 3.
//
//   ξ = (x, y), and so is every g(ξ): a layer changes the first `inputs` numbers and hands the label y on.
//   e(g) = [g, g²]                                         entry by entry, the label's included
//   F(W; g; [μ, ν]) = σ(W [(g_j − μ_j)/√max{ν_j − μ_j², ε}]_j, 1), then y                        a layer
//   F₁(·; (o, y); ·) = l(o, y)                             the loss: no parameters, no statistics
//
// Notation. weights row-major, outputs × (inputs + 1), the last column for the constant 1.
//
// Assumptions. `Root::clamped` is Algorithm 3's √max{ν − μ², ε}, `Root::added` Algorithm 1's √(ν − μ² + ε); both are
// (1) at ε = 0. The root is not 0.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

#include "impl/reference/activations.hpp"
#include "impl/reference/compositional.hpp"
#include "impl/reference/losses.hpp"

namespace normproof::reference {

enum class Root { clamped, added };

// [g, g²].
template <class T>
std::vector<T> value_and_square(std::span<const T> value) {
  std::vector<T> both(value.begin(), value.end());
  for (const T& entry : value) both.push_back(entry * entry);
  return both;
}

template <class T>
CompositionalLayer<T> compositional_full_norm_layer(int inputs, int outputs, Activation kind, Root root, const T& eps) {
  CompositionalLayer<T> layer;
  layer.statistic = [](std::span<const T> value) { return value_and_square<T>(value); };
  layer.apply = [=](std::span<const T> w, std::span<const T> value, std::span<const T> expectation) {
    const std::size_t columns = static_cast<std::size_t>(inputs);
    const std::size_t units = static_cast<std::size_t>(outputs);
    assert(w.size() == units * (columns + 1) && value.size() >= columns && expectation.size() == 2 * value.size());
    std::vector<T> normalized;
    for (std::size_t j = 0; j < columns; ++j) {
      const T& mean = expectation[j];
      const T& square = expectation[value.size() + j];
      const T variance = square - mean * mean;
      const T radicand = root == Root::clamped ? clamp_below(variance, eps) : variance + eps;
      normalized.push_back((value[j] - mean) / sqrt(radicand));
    }
    std::vector<T> result;
    for (std::size_t unit = 0; unit < units; ++unit) {
      T sum = w[unit * (columns + 1) + columns];
      for (std::size_t j = 0; j < columns; ++j) {
        sum += w[unit * (columns + 1) + j] * normalized[j];  // term: weighted_input
      }
      result.push_back(activation(kind, sum));
    }
    result.insert(result.end(), value.begin() + inputs, value.end());
    return result;
  };
  return layer;
}

template <class T>
CompositionalLayer<T> compositional_loss(int outputs, Loss loss) {
  CompositionalLayer<T> layer;
  layer.statistic = [](std::span<const T>) { return std::vector<T>(); };
  layer.apply = [=](std::span<const T>, std::span<const T> value, std::span<const T>) {
    const std::size_t units = static_cast<std::size_t>(outputs);
    return std::vector<T>{loss_value<T>(loss, value.first(units), value.subspan(units))};
  };
  return layer;
}

}  // namespace normproof::reference
