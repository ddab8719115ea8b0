// What do a fully connected network with normalized layers, its objective and its gradient compute?
//
// Source. LL19 (1)–(5), Algorithms 1 and 3.
//
//   one layer without normalization   f̄^σ_W(g)(·)    := σ(W g(·)),  g's last component the constant 1            (2)
//   one layer with normalization      f^{B,σ}_W(g)(·) := σ(W [(g_j(·) − mean(g_j, B))/√var(g_j, B)]_j, 1)         (1)
//   network                           F := f_{W_m} ∘ … ∘ f_{W_1}(I)
//   objective over samples S          (1/|S|) Σ_{(x,y)∈S} l(F(x), y)                                    (3), (5)
//   objective over minibatches        (1/|𝓑|) Σ_{B∈𝓑} (1/|B|) Σ_{(x,y)∈B} l(F^B(x), y)                            (4)
//
//   layers[0] is applied first. A layer normalizes its input, appends the constant 1, multiplies by W, applies σ:
//     none        nothing
//     batch_norm  (g − mean)/√(var + ε)             Algorithm 1; var is the biased variance
//     full_norm   (g − μ)/√max{ν − μ², ε}           Algorithm 3 per feature; ν the mean of squares
//   ε = 0 gives (1), (5) as printed, for both kinds.
//
//   Backward, δ = ∂objective/∂(pre-activation), h = [normalized input; 1]:
//     δ = ∂l/∂output · σ′(pre-activation),  ∂/∂W = Σ_i δ_i h_iᵀ,  ∂/∂h_i = Wᵀ δ_i,
//   then LI23 (9)–(14) with γ = 1, β = 0 for batch_norm, or Algorithm 3's backward pass (vector–Jacobian product,
//   divisor b) for full_norm.
//
// Statistics. Four forward passes differ in where they come from:
//   network_forward, network_trace    exactly the given rows: a minibatch for (4), the whole set D for (5)
//   network_train_trace               the rows and a running state: Algorithm 1 (normalize by the batch, update the
//                                     state) and Algorithm 3 (update the state, normalize by it)
//   network_forward_given             the given state only: inference of Algorithms 1 and 3
//   network_backward differentiates network_objective, statistics included. network_backward_from after
//   network_train_trace is the papers' own backward pass: full_norm's statistics are the state as updated.
//
// Notation. rows: batch × inputs of layers[0], row-major; targets and outputs: batch × outputs of the last layer.
// weights[l]: outputs × (inputs + 1), row-major; its last column multiplies the constant 1.
//
// Assumptions. batch ≥ 1, at least one layer, each layer's inputs are the outputs of the one before; asserted.
//
// Why var is computed in two passes: LL19 (1) prints mean(r²) − mean(r)², the same number, which cancels in double.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "impl/reference/activations.hpp"
#include "impl/reference/batch_norm.hpp"
#include "impl/reference/extents.hpp"
#include "impl/reference/full_norm.hpp"
#include "impl/reference/losses.hpp"

namespace normproof::reference {

enum class Normalization { none, batch_norm, full_norm };

struct LayerSpec {
  Normalization normalization = Normalization::none;
  Activation activation = Activation::identity;
  int inputs = 0;
  int outputs = 0;
};

template <class T>
struct Network {
  std::vector<LayerSpec> layers;
  std::vector<std::vector<T>> weights;
};

// The running state of one layer's normalization. Only the member of the layer's own kind is used.
template <class T>
struct LayerState {
  RunningStatistics<T> batch_norm;
  FullNormState<T> full_norm;
};

// What one layer's forward pass keeps for the backward pass; each batch × inputs or batch × outputs.
template <class T>
struct LayerTrace {
  std::vector<T> input;
  std::vector<T> normalized;
  std::vector<T> pre_activation;
  std::vector<T> output;
  FullNormState<T> full_norm;
};

template <class T>
struct NetworkTrace {
  int batch = 0;
  std::vector<LayerTrace<T>> layers;
};

template <class T>
struct NetworkGradient {
  std::vector<std::vector<T>> weights;
  std::vector<T> rows;
};

inline std::size_t weight_count(const LayerSpec& layer) {
  return static_cast<std::size_t>(layer.outputs) * (static_cast<std::size_t>(layer.inputs) + 1);
}

template <class T>
bool network_shapes_agree(const Network<T>& network) {
  if (network.layers.empty() || network.weights.size() != network.layers.size()) return false;
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    if (network.layers[l].inputs < 1 || network.layers[l].outputs < 1) return false;
    if (network.weights[l].size() != weight_count(network.layers[l])) return false;
    if (l > 0 && network.layers[l].inputs != network.layers[l - 1].outputs) return false;
  }
  return true;
}

// A state of the right lengths for every layer, all 0.
template <class T>
std::vector<LayerState<T>> make_network_state(const Network<T>& network) {
  std::vector<LayerState<T>> states;
  for (const LayerSpec& layer : network.layers) {
    const Extents extents{1, layer.inputs};
    LayerState<T> state;
    if (layer.normalization == Normalization::batch_norm) {
      state.batch_norm.mean.assign(extents.columns(), T(0));
      state.batch_norm.variance.assign(extents.columns(), T(0));
    }
    if (layer.normalization == Normalization::full_norm) {
      state.full_norm = make_full_norm_state<T>(extents, FullNormReading::Statistics::per_feature);
    }
    states.push_back(std::move(state));
  }
  return states;
}

// W [h; 1], row by row.
template <class T>
void affine(std::span<const T> h, Extents extents, std::span<const T> weights, int outputs, std::span<T> result) {
  const std::size_t stride = extents.columns() + 1;
  const std::size_t units = static_cast<std::size_t>(outputs);
  assert(h.size() == extents.size() && weights.size() == units * stride && result.size() == extents.rows() * units);
  for (std::size_t i = 0; i < extents.rows(); ++i) {
    for (std::size_t unit = 0; unit < units; ++unit) {
      T sum = weights[unit * stride + extents.columns()];
      for (std::size_t j = 0; j < extents.columns(); ++j) sum += weights[unit * stride + j] * h[extents.at(i, j)];
      result[i * units + unit] = sum;
    }
  }
}

// (1) or (2) with the statistics of exactly these rows. `trace.input` is already set; the rest is written here.
template <class T>
void layer_normalize_by_rows(const LayerSpec& layer, Extents extents, const T& eps, LayerTrace<T>& trace) {
  trace.normalized = trace.input;
  if (layer.normalization == Normalization::batch_norm) {
    std::vector<T> mean(extents.columns(), T(0));
    std::vector<T> variance(extents.columns(), T(0));
    batch_mean<T>(trace.input, extents, mean);
    batch_variance<T>(trace.input, extents, mean, variance);
    normalize<T>(trace.input, extents, mean, variance, eps, trace.normalized);
  }
  if (layer.normalization == Normalization::full_norm) {
    const auto per_feature = FullNormReading::Statistics::per_feature;
    trace.full_norm = make_full_norm_state<T>(extents, per_feature);
    // With α = 1 the updated state is the exact statistics of the rows.
    full_norm_forward<T>(trace.input, extents, per_feature, T(1), eps, trace.full_norm, trace.normalized);
  }
}

// Algorithms 1 and 3 in training: `state` is updated.
template <class T>
void layer_normalize_in_training(const LayerSpec& layer, Extents extents, const T& eps, const T& alpha,
                                 LayerState<T>& state, LayerTrace<T>& trace) {
  trace.normalized = trace.input;
  if (layer.normalization == Normalization::batch_norm) {
    batch_norm_layer_train<T>(trace.input, extents, eps, alpha, state.batch_norm, trace.normalized);
  }
  if (layer.normalization == Normalization::full_norm) {
    const auto per_feature = FullNormReading::Statistics::per_feature;
    full_norm_forward<T>(trace.input, extents, per_feature, alpha, eps, state.full_norm, trace.normalized);
    trace.full_norm = state.full_norm;
  }
}

// Algorithms 1 and 3 in inference.
template <class T>
void layer_normalize_given(const LayerSpec& layer, Extents extents, const T& eps, const LayerState<T>& state,
                           LayerTrace<T>& trace) {
  trace.normalized = trace.input;
  if (layer.normalization == Normalization::batch_norm) {
    batch_norm_layer_infer<T>(trace.input, extents, eps, state.batch_norm, trace.normalized);
  }
  if (layer.normalization == Normalization::full_norm) {
    const auto per_feature = FullNormReading::Statistics::per_feature;
    full_norm_output<T>(trace.input, extents, per_feature, state.full_norm, eps, trace.normalized);
  }
}

// The composition, with the normalization of layer l done by normalize_layer(l, extents, trace).
template <class T, class NormalizeLayer>
NetworkTrace<T> network_compose(const Network<T>& network, std::span<const T> rows, int batch,
                                NormalizeLayer normalize_layer) {
  assert(network_shapes_agree(network) && batch >= 1);
  assert(rows.size() == (Extents{batch, network.layers.front().inputs}.size()));
  NetworkTrace<T> trace;
  trace.batch = batch;
  std::vector<T> input(rows.begin(), rows.end());
  for (std::size_t l = 0; l < network.layers.size(); ++l) {
    const LayerSpec& layer = network.layers[l];
    const Extents extents{batch, layer.inputs};
    const Extents output_extents{batch, layer.outputs};
    LayerTrace<T> kept;
    kept.input = input;
    normalize_layer(l, extents, kept);
    kept.pre_activation.assign(output_extents.size(), T(0));
    affine<T>(kept.normalized, extents, network.weights[l], layer.outputs, kept.pre_activation);
    kept.output = kept.pre_activation;
    for (T& value : kept.output) value = activation(layer.activation, value);
    input = kept.output;
    trace.layers.push_back(std::move(kept));
  }
  return trace;
}

// F over the rows, statistics over exactly these rows, with everything that network_backward needs.
template <class T>
NetworkTrace<T> network_trace(const Network<T>& network, std::span<const T> rows, int batch, const T& eps) {
  return network_compose<T>(network, rows, batch, [&](std::size_t l, Extents extents, LayerTrace<T>& kept) {
    layer_normalize_by_rows<T>(network.layers[l], extents, eps, kept);
  });
}

// The outputs of the same.
template <class T>
std::vector<T> network_forward(const Network<T>& network, std::span<const T> rows, int batch, const T& eps) {
  return network_trace<T>(network, rows, batch, eps).layers.back().output;
}

// One training forward pass of Algorithms 1 and 3; `states` (one a layer, see make_network_state) is updated.
template <class T>
NetworkTrace<T> network_train_trace(const Network<T>& network, std::vector<LayerState<T>>& states,
                                    std::span<const T> rows, int batch, const T& eps, const T& alpha) {
  assert(states.size() == network.layers.size());
  return network_compose<T>(network, rows, batch, [&](std::size_t l, Extents extents, LayerTrace<T>& kept) {
    layer_normalize_in_training<T>(network.layers[l], extents, eps, alpha, states[l], kept);
  });
}

// Inference: every statistic is given; rows do not influence each other.
template <class T>
std::vector<T> network_forward_given(const Network<T>& network, const std::vector<LayerState<T>>& states,
                                     std::span<const T> rows, int batch, const T& eps) {
  assert(states.size() == network.layers.size());
  const NetworkTrace<T> trace =
      network_compose<T>(network, rows, batch, [&](std::size_t l, Extents extents, LayerTrace<T>& kept) {
        layer_normalize_given<T>(network.layers[l], extents, eps, states[l], kept);
      });
  return trace.layers.back().output;
}

// (1/batch) Σ l over the rows of `outputs`.
template <class T>
T mean_loss(Loss loss, std::span<const T> outputs, std::span<const T> targets, int batch) {
  assert(batch >= 1 && targets.size() == outputs.size());
  const std::size_t units = outputs.size() / static_cast<std::size_t>(batch);
  T sum = T(0);
  for (std::size_t i = 0; i < static_cast<std::size_t>(batch); ++i) {
    sum += loss_value<T>(loss, outputs.subspan(i * units, units), targets.subspan(i * units, units));
  }
  return sum / T(batch);
}

// (3) where no layer normalizes, (5) where the rows are D, the inner sum of (4) where they are a minibatch.
template <class T>
T network_objective(const Network<T>& network, std::span<const T> rows, std::span<const T> targets, int batch,
                    const T& eps, Loss loss) {
  const std::vector<T> outputs = network_forward<T>(network, rows, batch, eps);
  return mean_loss<T>(loss, outputs, targets, batch);
}

// (4): `rows` and `targets` hold `count` minibatches of `batch` samples each, one after the other.
template <class T>
T network_objective_over_minibatches(const Network<T>& network, std::span<const T> rows, std::span<const T> targets,
                                     int count, int batch, const T& eps, Loss loss) {
  const std::size_t batches = static_cast<std::size_t>(count);
  assert(count >= 1 && rows.size() % batches == 0 && targets.size() % batches == 0);
  const std::size_t row_values = rows.size() / batches;
  const std::size_t target_values = targets.size() / batches;
  T sum = T(0);
  for (std::size_t b = 0; b < batches; ++b) {
    sum += network_objective<T>(network, rows.subspan(b * row_values, row_values),
                                targets.subspan(b * target_values, target_values), batch, eps, loss);
  }
  return sum / T(count);
}

// The gradient of mean_loss in the outputs.
template <class T>
std::vector<T> mean_loss_gradient(Loss loss, std::span<const T> outputs, std::span<const T> targets, int batch) {
  assert(batch >= 1 && targets.size() == outputs.size());
  const std::size_t units = outputs.size() / static_cast<std::size_t>(batch);
  std::vector<T> gradient(outputs.size(), T(0));
  for (std::size_t i = 0; i < static_cast<std::size_t>(batch); ++i) {
    loss_gradient<T>(loss, outputs.subspan(i * units, units), targets.subspan(i * units, units),
                     std::span<T>(gradient).subspan(i * units, units));
  }
  for (T& value : gradient) value = value / T(batch);
  return gradient;
}

// From the gradient at the last layer's outputs back to every weight and to the rows.
template <class T>
NetworkGradient<T> network_backward_from(const Network<T>& network, const NetworkTrace<T>& trace,
                                         std::span<const T> output_gradient, const T& eps) {
  assert(network_shapes_agree(network) && trace.layers.size() == network.layers.size());
  assert(output_gradient.size() == trace.layers.back().output.size());
  NetworkGradient<T> gradient;
  gradient.weights.resize(network.layers.size());
  std::vector<T> upstream(output_gradient.begin(), output_gradient.end());
  for (std::size_t l = network.layers.size(); l-- > 0;) {
    const LayerSpec& layer = network.layers[l];
    const LayerTrace<T>& kept = trace.layers[l];
    const std::vector<T>& weights = network.weights[l];
    const Extents extents{trace.batch, layer.inputs};
    const Extents output_extents{trace.batch, layer.outputs};
    const std::size_t stride = extents.columns() + 1;

    std::vector<T> delta(output_extents.size(), T(0));
    for (std::size_t k = 0; k < delta.size(); ++k) {
      delta[k] += upstream[k] * activation_slope(layer.activation, kept.pre_activation[k]);  // term: activation
    }

    std::vector<T> dweights(weights.size(), T(0));
    std::vector<T> dnormalized(extents.size(), T(0));
    for (std::size_t i = 0; i < extents.rows(); ++i) {
      for (std::size_t unit = 0; unit < output_extents.columns(); ++unit) {
        const T& slope = delta[output_extents.at(i, unit)];
        dweights[unit * stride + extents.columns()] += slope;  // term: weight_of_constant
        for (std::size_t j = 0; j < extents.columns(); ++j) {
          dweights[unit * stride + j] += slope * kept.normalized[extents.at(i, j)];  // term: weight_of_input
          dnormalized[extents.at(i, j)] += slope * weights[unit * stride + j];       // term: through_weight
        }
      }
    }
    gradient.weights[l] = std::move(dweights);

    if (layer.normalization == Normalization::none) upstream = dnormalized;
    if (layer.normalization == Normalization::batch_norm) {
      const std::vector<T> gamma(extents.columns(), T(1));
      std::vector<T> dgamma(extents.columns(), T(0));
      std::vector<T> dbeta(extents.columns(), T(0));
      upstream.assign(extents.size(), T(0));
      batch_norm_backward<T>(kept.input, dnormalized, extents, gamma, eps, upstream, dgamma, dbeta);
    }
    if (layer.normalization == Normalization::full_norm) {
      upstream.assign(extents.size(), T(0));
      full_norm_backward<T>(kept.input, dnormalized, extents, kept.full_norm, eps, FullNormReading{}, upstream);
    }
  }
  gradient.rows = std::move(upstream);
  return gradient;
}

// The gradient of network_objective in every weight and in the rows.
template <class T>
NetworkGradient<T> network_backward(const Network<T>& network, std::span<const T> rows, std::span<const T> targets,
                                    int batch, const T& eps, Loss loss) {
  const NetworkTrace<T> trace = network_trace<T>(network, rows, batch, eps);
  const std::vector<T> output_gradient = mean_loss_gradient<T>(loss, trace.layers.back().output, targets, batch);
  return network_backward_from<T>(network, trace, output_gradient, eps);
}

}  // namespace normproof::reference
