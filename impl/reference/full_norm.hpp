// What does a full normalization layer compute, forward and backward, under every reading of its algorithm?
//
// Source. LL19 Algorithm 3.
//
//   Forward, B_in ∈ R^(b×d), mean estimate μ, mean-of-square estimate ν, approximation rate α:
//     1: if training: μ ← (1−α)μ + α mean(B_in),  ν ← (1−α)ν + α mean_of_square(B_in)             full_norm_update
//     3: B_out ← f(μ, ν, B_in),  f(μ, ν, B) := (B − μ) / √max{ν − μ², ε}                           full_norm_output
//   Backward, g_out the gradient at the output:
//     2: g_in ← g_out · (∂_B f + (∂_μ f + 2 B_in ∂_ν f)/(bd))                                      full_norm_backward
//   With s = √max{ν − μ², ε} and c = 1 where ν − μ² > ε, else 0:
//     ∂_B f = 1/s      ∂_μ f = −1/s + c μ (B − μ)/s³      ∂_ν f = −c (B − μ)/(2s³)
//   Before training sets them, μ and ν may be anything; at α = 1 their old values do not matter.
//
// Readings. The algorithm leaves three things open, FullNormReading names them:
//   Product     vjp:         g_out · ∂_μ f is the vector–Jacobian product Σ g_out ∂_μ f over all entries that share μ
//               elementwise: entry by entry, g_out,ij ∂_μ f_ij
//   Divisor     b or bd (bd is printed)
//   Statistics  per_feature: μ, ν hold d values;  whole_block: one value each, over all b·d entries
//
// Notation. b_in, b_out, g_out, g_in: batch (b) × channels (d), row-major. α weighs the new value.
//
// Assumptions. batch ≥ 1; spans and state have exactly these lengths; max{ν − μ², ε} is not 0. Outputs are overwritten
// completely. b_out may be b_in; g_in may be b_in or g_out (same place); no other overlap. Name T at the call:
// `full_norm_output<double>(…)`.
//
// Why the update is separate from the output: training updates first, and the backward pass reads the updated state.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

#include "impl/reference/elementary.hpp"
#include "impl/reference/extents.hpp"

namespace normproof::reference {

template <class T>
struct FullNormState {
  std::vector<T> mean;
  std::vector<T> square;
};

// The defaults are the reading under which the backward pass is the derivative of the full-batch layer with statistics
// per feature.
struct FullNormReading {
  enum class Product { vjp, elementwise };
  enum class Divisor { b, bd };
  enum class Statistics { per_feature, whole_block };
  Product product = Product::vjp;
  Divisor divisor = Divisor::b;
  Statistics statistics = Statistics::per_feature;
};

// How many means (and squares) a state holds.
inline std::size_t full_norm_statistics_count(Extents extents, FullNormReading::Statistics statistics) {
  return statistics == FullNormReading::Statistics::per_feature ? extents.columns() : 1;
}

// Which of them belongs to feature j.
inline std::size_t full_norm_statistic_of(std::size_t j, FullNormReading::Statistics statistics) {
  return statistics == FullNormReading::Statistics::per_feature ? j : 0;
}

// A state of the right lengths, all 0.
template <class T>
FullNormState<T> make_full_norm_state(Extents extents, FullNormReading::Statistics statistics) {
  const std::size_t count = full_norm_statistics_count(extents, statistics);
  return {std::vector<T>(count, T(0)), std::vector<T>(count, T(0))};
}

// Line 1.
template <class T>
void full_norm_update(std::span<const T> b_in, Extents extents, FullNormReading::Statistics statistics, const T& alpha,
                      FullNormState<T>& state) {
  const std::size_t count = full_norm_statistics_count(extents, statistics);
  assert(extents.batch >= 1 && b_in.size() == extents.size());
  assert(state.mean.size() == count && state.square.size() == count);
  const bool per_feature = statistics == FullNormReading::Statistics::per_feature;
  const T entries = per_feature ? T(extents.batch) : T(extents.batch) * T(extents.channels);
  std::vector<T> sum(count, T(0));
  std::vector<T> sum_of_squares(count, T(0));
  for (std::size_t i = 0; i < extents.rows(); ++i) {
    for (std::size_t j = 0; j < extents.columns(); ++j) {
      const std::size_t s = full_norm_statistic_of(j, statistics);
      const T& value = b_in[extents.at(i, j)];
      sum[s] += value;
      sum_of_squares[s] += value * value;
    }
  }
  for (std::size_t s = 0; s < count; ++s) {
    state.mean[s] = (T(1) - alpha) * state.mean[s] + alpha * (sum[s] / entries);
    state.square[s] = (T(1) - alpha) * state.square[s] + alpha * (sum_of_squares[s] / entries);
  }
}

// Line 3.
template <class T>
void full_norm_output(std::span<const T> b_in, Extents extents, FullNormReading::Statistics statistics,
                      const FullNormState<T>& state, const T& eps, std::span<T> b_out) {
  const std::size_t count = full_norm_statistics_count(extents, statistics);
  assert(b_in.size() == extents.size() && b_out.size() == extents.size());
  assert(state.mean.size() == count && state.square.size() == count);
  std::vector<T> root(count, T(0));
  for (std::size_t s = 0; s < count; ++s) {
    root[s] = sqrt(clamp_below(state.square[s] - state.mean[s] * state.mean[s], eps));
  }
  for (std::size_t i = 0; i < extents.rows(); ++i) {
    for (std::size_t j = 0; j < extents.columns(); ++j) {
      const std::size_t s = full_norm_statistic_of(j, statistics);
      b_out[extents.at(i, j)] = (b_in[extents.at(i, j)] - state.mean[s]) / root[s];
    }
  }
}

// Lines 1–3 in training: update, then output with the updated state.
template <class T>
void full_norm_forward(std::span<const T> b_in, Extents extents, FullNormReading::Statistics statistics, const T& alpha,
                       const T& eps, FullNormState<T>& state, std::span<T> b_out) {
  full_norm_update<T>(b_in, extents, statistics, alpha, state);
  full_norm_output<T>(b_in, extents, statistics, state, eps, b_out);
}

// f's three derivatives at one entry of B; `open` is c above.
template <class T>
struct FullNormSlopes {
  T by_input;
  T by_mean;
  T by_square;
};

template <class T>
FullNormSlopes<T> full_norm_slopes(const T& entry, const T& mean, const T& root, const T& open) {
  const T deviation = entry - mean;
  T by_mean = T(0);
  T by_square = T(0);
  by_mean -= T(1) / root;                                         // term: mean_from_deviation
  by_mean += open * mean * deviation / (root * root * root);      // term: mean_from_root
  by_square -= open * deviation / (T(2) * (root * root * root));  // term: square_from_root
  return {T(1) / root, by_mean, by_square};
}

// Backward line 2, at the state that the forward pass left.
template <class T>
void full_norm_backward(std::span<const T> b_in, std::span<const T> g_out, Extents extents,
                        const FullNormState<T>& state, const T& eps, FullNormReading reading, std::span<T> g_in) {
  const std::size_t count = full_norm_statistics_count(extents, reading.statistics);
  assert(extents.batch >= 1 && b_in.size() == extents.size());
  assert(g_out.size() == extents.size() && g_in.size() == extents.size());
  assert(state.mean.size() == count && state.square.size() == count);

  std::vector<T> root(count, T(0));
  std::vector<T> open(count, T(0));
  for (std::size_t s = 0; s < count; ++s) {
    const T variance = state.square[s] - state.mean[s] * state.mean[s];
    root[s] = sqrt(clamp_below(variance, eps));
    open[s] = clamp_below_slope(variance, eps);
  }

  // g_out · ∂_μ f and g_out · ∂_ν f as vector–Jacobian products: one number per statistic.
  std::vector<T> product_with_mean(count, T(0));
  std::vector<T> product_with_square(count, T(0));
  for (std::size_t i = 0; i < extents.rows(); ++i) {
    for (std::size_t j = 0; j < extents.columns(); ++j) {
      const std::size_t k = extents.at(i, j);
      const std::size_t s = full_norm_statistic_of(j, reading.statistics);
      const FullNormSlopes<T> slopes = full_norm_slopes<T>(b_in[k], state.mean[s], root[s], open[s]);
      product_with_mean[s] += g_out[k] * slopes.by_mean;      // term: product_with_mean
      product_with_square[s] += g_out[k] * slopes.by_square;  // term: product_with_square
    }
  }

  const bool vjp = reading.product == FullNormReading::Product::vjp;
  const bool by_batch = reading.divisor == FullNormReading::Divisor::b;
  const T divisor = by_batch ? T(extents.batch) : T(extents.batch) * T(extents.channels);
  for (std::size_t i = 0; i < extents.rows(); ++i) {
    for (std::size_t j = 0; j < extents.columns(); ++j) {
      const std::size_t k = extents.at(i, j);
      const std::size_t s = full_norm_statistic_of(j, reading.statistics);
      const FullNormSlopes<T> slopes = full_norm_slopes<T>(b_in[k], state.mean[s], root[s], open[s]);
      const T through_mean = vjp ? product_with_mean[s] : g_out[k] * slopes.by_mean;
      const T through_square = vjp ? product_with_square[s] : g_out[k] * slopes.by_square;
      T sum = T(0);
      sum += g_out[k] * slopes.by_input;                 // term: input_direct
      sum += through_mean / divisor;                     // term: input_through_mean
      sum += T(2) * b_in[k] * through_square / divisor;  // term: input_through_square
      g_in[k] = sum;
    }
  }
}

}  // namespace normproof::reference
