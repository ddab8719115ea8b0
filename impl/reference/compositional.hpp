// What is LL19's general objective (6), a composition of operators that each see a statistic of the whole data set?
//
// Source. LL19 (6) and the displays around it.
//
//   f(w) := E_ξ [F₁^{w₁,D} ∘ F₂^{w₂,D} ∘ ⋯ ∘ Fₙ^{wₙ,D} ∘ I (ξ)]                                                 (6)
//   Fᵢ^{wᵢ,D}(g)(·) := Fᵢ(wᵢ; g(·); E_{ξ∈D} eᵢ(g(ξ)))                                         exact statistics
//   F̂ᵢ^{wᵢ,êᵢ}(g)(·) := Fᵢ(wᵢ; g(·); êᵢ)                                                        estimated ones
//   eᵢ(w; ξ) := eᵢ(Fᵢ₊₁^{wᵢ₊₁,D} ∘ ⋯ ∘ Fₙ^{wₙ,D} ∘ I (ξ)),   êᵢ(w; ξ; ê) the same with F̂
//
//   layers[0] is F₁, which is applied last and puts out one number, the loss; layers.back() is Fₙ, applied to ξ itself.
//
// Notation. A function on D is the list of its values, one vector per sample. D itself is the list of the ξ; I leaves
// them.
//
// Assumptions. D is not empty; every Fᵢ and eᵢ takes what Fᵢ₊₁ puts out; as many parameters, and estimates, as layers.
//
// Why functions, not values. Fᵢ^{wᵢ,D} maps the function g, not the number g(ξ): its value at one sample depends on g
// at every sample of D, through the expectation. Here that is a pass over the list before the pass that applies Fᵢ.
#pragma once

#include <cassert>
#include <cstddef>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "impl/reference/elementary.hpp"

namespace normproof::reference {

// Fᵢ(w; g(ξ); e), and eᵢ(g(ξ)).
template <class T>
struct CompositionalLayer {
  std::function<std::vector<T>(std::span<const T> w, std::span<const T> value, std::span<const T> expectation)> apply;
  std::function<std::vector<T>(std::span<const T> value)> statistic;
};

// A function on D, one vector per sample.
template <class T>
using FunctionOnData = std::vector<std::vector<T>>;

// E_{ξ∈D} eᵢ(g(ξ)).
template <class T>
std::vector<T> expected_statistic(const CompositionalLayer<T>& layer, const FunctionOnData<T>& g) {
  assert(!g.empty());
  std::vector<T> sum = layer.statistic(g[0]);
  for (std::size_t sample = 1; sample < g.size(); ++sample) {
    const std::vector<T> statistic = layer.statistic(g[sample]);
    assert(statistic.size() == sum.size());
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += statistic[k];  // term: statistic_of_a_sample
  }
  for (T& value : sum) value = value / T(static_cast<int>(g.size()));
  return sum;
}

// Fᵢ^{wᵢ,D}(g).
template <class T>
FunctionOnData<T> apply_operator(const CompositionalLayer<T>& layer, std::span<const T> w, const FunctionOnData<T>& g) {
  const std::vector<T> expectation = expected_statistic<T>(layer, g);
  FunctionOnData<T> result;
  for (const std::vector<T>& value : g) result.push_back(layer.apply(w, value, expectation));
  return result;
}

// Fᵢ^{wᵢ,D} ∘ ⋯ ∘ Fₙ^{wₙ,D} ∘ I, i = first + 1. With first = layers.size() it is I.
template <class T>
FunctionOnData<T> compose(std::span<const CompositionalLayer<T>> layers, std::span<const std::vector<T>> parameters,
                          std::size_t first, FunctionOnData<T> data) {
  assert(parameters.size() == layers.size() && first <= layers.size());
  FunctionOnData<T> g = std::move(data);
  for (std::size_t i = layers.size(); i-- > first;) g = apply_operator<T>(layers[i], parameters[i], g);
  return g;
}

// E_{ξ∈D} eᵢ(w; ξ) for every layer.
template <class T>
std::vector<std::vector<T>> exact_statistics(std::span<const CompositionalLayer<T>> layers,
                                             std::span<const std::vector<T>> parameters,
                                             const FunctionOnData<T>& data) {
  std::vector<std::vector<T>> expectations(layers.size());
  FunctionOnData<T> g = data;
  for (std::size_t i = layers.size(); i-- > 0;) {
    expectations[i] = expected_statistic<T>(layers[i], g);
    g = apply_operator<T>(layers[i], parameters[i], g);
  }
  return expectations;
}

// (6).
template <class T>
T compositional_objective(std::span<const CompositionalLayer<T>> layers, std::span<const std::vector<T>> parameters,
                          const FunctionOnData<T>& data) {
  const FunctionOnData<T> losses = compose<T>(layers, parameters, 0, data);
  T sum = T(0);
  for (const std::vector<T>& loss : losses) sum += loss.front();
  return sum / T(static_cast<int>(losses.size()));
}

// F̂ᵢ^{wᵢ,êᵢ} ∘ ⋯ ∘ F̂ₙ^{wₙ,êₙ} ∘ I (ξ), i = first + 1: one sample, no other sample seen.
template <class T>
std::vector<T> compose_estimated(std::span<const CompositionalLayer<T>> layers,
                                 std::span<const std::vector<T>> parameters, std::span<const std::vector<T>> estimates,
                                 std::size_t first, std::vector<T> sample) {
  assert(parameters.size() == layers.size() && estimates.size() == layers.size() && first <= layers.size());
  std::vector<T> value = std::move(sample);
  for (std::size_t i = layers.size(); i-- > first;) value = layers[i].apply(parameters[i], value, estimates[i]);
  return value;
}

// êᵢ(w; ξ; ê), i = layer + 1.
template <class T>
std::vector<T> estimated_statistic(std::span<const CompositionalLayer<T>> layers,
                                   std::span<const std::vector<T>> parameters,
                                   std::span<const std::vector<T>> estimates, std::size_t layer,
                                   const std::vector<T>& sample) {
  return layers[layer].statistic(compose_estimated<T>(layers, parameters, estimates, layer + 1, sample));
}

}  // namespace normproof::reference
