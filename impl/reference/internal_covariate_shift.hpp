// How far does the gradient of one layer move once the layers before it are updated: the internal covariate shift?
//
// Source. SAN18 Definition 2.1; LI23 Definition 2.1, (50) and (51); the cosine is that of SAN18's Figure 3.
//
//   G_{t,i}  = ∇_{W_i} L(W_1^(t), …, W_k^(t); x^(t), y^(t))
//   G′_{t,i} = ∇_{W_i} L(W_1^(t+1), …, W_{i−1}^(t+1), W_i^(t), W_{i+1}^(t), …, W_k^(t); x^(t), y^(t))
//   shift    = ‖G_{t,i} − G′_{t,i}‖₂        cosine = ⟨G_{t,i}, G′_{t,i}⟩/(‖G_{t,i}‖‖G′_{t,i}‖)
//
// What it leaves open is how W^(t+1) is made. It is an argument here; two rules are at hand, both of plain gradient
// descent with rate η on the batch of the step:
//   simultaneous   W_l^(t+1) = W_l^(t) − η G_{t,l} for every l ("as is typical", after the definition)
//   one by one     W_l^(t+1) = W_l^(t) − η G′_{t,l}, l = 1, 2, …: the layers before l have moved already
//
// LI23 (51) prints W_t^(t+1) in the slot of layer i + 1: layer t + 1's weights. gradient_as_printed_by_li23 puts them
// there.
//
// Notation. Layers count from 0 in the code: `layer` = i − 1. A gradient has the entries of the layer's weights, the
// bias column among them.
//
// Assumptions. `updated` has the shapes of the network. Where G or G′ is 0 the cosine has no value. Statistics of
// normalized layers are those of the batch, before and after the update.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "impl/reference/network.hpp"

namespace normproof::reference {

// The batch of the step and the loss on it.
template <class T>
struct StepBatch {
  std::vector<T> rows, targets;
  int batch = 0;
  T eps = T(0);
  Loss loss = Loss::squared;
};

template <class T>
NetworkGradient<T> step_gradient(const Network<T>& network, const StepBatch<T>& step) {
  return network_backward<T>(network, step.rows, step.targets, step.batch, step.eps, step.loss);
}

template <class T>
std::vector<T> step_weights(const std::vector<T>& weights, const std::vector<T>& gradient, const T& rate) {
  assert(weights.size() == gradient.size());
  std::vector<T> moved = weights;
  for (std::size_t k = 0; k < moved.size(); ++k) moved[k] -= rate * gradient[k];  // term: step
  return moved;
}

// W^(t+1), all layers at once.
template <class T>
Network<T> simultaneous_update(const Network<T>& network, const StepBatch<T>& step, const T& rate) {
  const NetworkGradient<T> gradient = step_gradient(network, step);
  Network<T> updated = network;
  for (std::size_t l = 0; l < updated.layers.size(); ++l)
    updated.weights[l] = step_weights(network.weights[l], gradient.weights[l], rate);
  return updated;
}

// W^(t+1), one layer after another, each by its gradient after the update of those before it.
template <class T>
Network<T> one_by_one_update(const Network<T>& network, const StepBatch<T>& step, const T& rate) {
  Network<T> updated = network;
  for (std::size_t l = 0; l < updated.layers.size(); ++l) {
    const NetworkGradient<T> gradient = step_gradient(updated, step);
    updated.weights[l] = step_weights(updated.weights[l], gradient.weights[l], rate);
  }
  return updated;
}

// W_1^(t+1), …, W_{i−1}^(t+1), W_i^(t), …, W_k^(t).
template <class T>
Network<T> with_preceding_layers_updated(const Network<T>& network, const Network<T>& updated, int layer) {
  assert(layer >= 0 && static_cast<std::size_t>(layer) < network.layers.size());
  assert(updated.weights.size() == network.weights.size());
  Network<T> mixed = network;
  for (std::size_t l = 0; l < static_cast<std::size_t>(layer); ++l) mixed.weights[l] = updated.weights[l];
  return mixed;
}

template <class T>
struct GradientPair {
  std::vector<T> before, after;  // G, G′
};

template <class T>
GradientPair<T> layer_gradients(const Network<T>& network, const Network<T>& updated, int layer,
                                const StepBatch<T>& step) {
  const Network<T> mixed = with_preceding_layers_updated(network, updated, layer);
  const auto l = static_cast<std::size_t>(layer);
  return {step_gradient(network, step).weights[l], step_gradient(mixed, step).weights[l]};
}

// (51) to the letter at time t: the layer after `layer`, where there is one, has the weights of layer t + 1 (counted
// from 1), which must be of its shape.
template <class T>
std::vector<T> gradient_as_printed_by_li23(const Network<T>& network, const Network<T>& updated, int layer, int time,
                                           const StepBatch<T>& step) {
  Network<T> mixed = with_preceding_layers_updated(network, updated, layer);
  const std::size_t next = static_cast<std::size_t>(layer) + 1, printed = static_cast<std::size_t>(time);
  assert(time >= 0 && printed < network.layers.size());
  if (next < mixed.layers.size()) {
    assert(network.weights[printed].size() == mixed.weights[next].size());
    mixed.weights[next] = network.weights[printed];
  }
  return step_gradient(mixed, step).weights[static_cast<std::size_t>(layer)];
}

// ‖G − G′‖₂².
template <class T>
T squared_shift(const GradientPair<T>& pair) {
  assert(pair.before.size() == pair.after.size());
  T sum = T(0);
  for (std::size_t k = 0; k < pair.before.size(); ++k) {
    const T difference = pair.before[k] - pair.after[k];
    sum += difference * difference;  // term: squared_difference
  }
  return sum;
}

template <class T>
T internal_covariate_shift(const GradientPair<T>& pair) {
  const T squared = squared_shift(pair);
  return sqrt(squared);
}

template <class T>
T gradient_cosine(const GradientPair<T>& pair) {
  assert(pair.before.size() == pair.after.size());
  T product = T(0);
  T before = T(0);
  T after = T(0);
  for (std::size_t k = 0; k < pair.before.size(); ++k) {
    product += pair.before[k] * pair.after[k];  // term: product_of_gradients
    before += pair.before[k] * pair.before[k];  // term: square_before
    after += pair.after[k] * pair.after[k];     // term: square_after
  }
  return product / (sqrt(before) * sqrt(after));
}

}  // namespace normproof::reference
