// What do the other members of the normalization family compute?
//
// Source. NOTE15 and SAN18 §5 name them; formulas: one pass over the mean and one over the squares of each group.
//
//   instance_norm   per (sample, channel) over its places:         γ_c (x − mean)/√(σ² + ε) + β_c
//   group_norm      per (sample, group of channels) over the group's places:      the same, γ and β per channel
//   rms_norm        per sample over its features:                  g_j x_j/√(mean(x²) + ε)
//   scale_norm      per sample over its features:                  g x_j/‖x‖
//   weight_norm     per unit over its weights, no data:            w = g v/‖v‖,  y = w·u + b
//
// Batch norm is in batch_norm.hpp, layer norm in layer_norm.hpp, batch renormalization in batch_renorm.hpp.
//
// Notation. x, y: batch samples of `channels` channels of `places` values each, in this order, dense. gamma, beta: one
// value per channel. A row of v: the weights of a unit.
//
// Assumptions. All extents ≥ 1; channels_per_group divides channels; spans have exactly these lengths; what is divided
// by is not 0. y may be x.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

#include "impl/reference/elementary.hpp"
#include "impl/reference/extents.hpp"

namespace normproof::reference {

struct FeatureMaps {
  int batch = 0;
  int channels = 0;
  int places = 0;

  [[nodiscard]] constexpr std::size_t at(int sample, int channel, int place) const {
    return static_cast<std::size_t>((sample * channels + channel) * places + place);
  }
  [[nodiscard]] constexpr std::size_t size() const { return at(batch, 0, 0); }
};

template <class T>
void group_norm(std::span<const T> x, FeatureMaps maps, int channels_per_group, std::span<const T> gamma,
                std::span<const T> beta, const T& eps, std::span<T> y) {
  assert(x.size() == maps.size() && y.size() == maps.size() && maps.channels % channels_per_group == 0);
  assert(gamma.size() == static_cast<std::size_t>(maps.channels) && beta.size() == gamma.size());
  for (int sample = 0; sample < maps.batch; ++sample)
    for (int first = 0; first < maps.channels; first += channels_per_group) {
      const int end = first + channels_per_group;
      T sum = T(0);
      for (int channel = first; channel < end; ++channel)
        for (int place = 0; place < maps.places; ++place) sum += x[maps.at(sample, channel, place)];
      const T count = T(channels_per_group * maps.places);
      const T mean = sum / count;
      T sum_of_squares = T(0);
      for (int channel = first; channel < end; ++channel)
        for (int place = 0; place < maps.places; ++place) {
          const T deviation = x[maps.at(sample, channel, place)] - mean;
          sum_of_squares += deviation * deviation;
        }
      const T root = sqrt(sum_of_squares / count + eps);
      for (int channel = first; channel < end; ++channel)
        for (int place = 0; place < maps.places; ++place) {
          const std::size_t k = maps.at(sample, channel, place), c = static_cast<std::size_t>(channel);
          y[k] = gamma[c] * ((x[k] - mean) / root) + beta[c];
        }
    }
}

template <class T>
void instance_norm(std::span<const T> x, FeatureMaps maps, std::span<const T> gamma, std::span<const T> beta,
                   const T& eps, std::span<T> y) {
  assert(x.size() == maps.size() && y.size() == maps.size());
  assert(gamma.size() == static_cast<std::size_t>(maps.channels) && beta.size() == gamma.size());
  for (int sample = 0; sample < maps.batch; ++sample)
    for (int channel = 0; channel < maps.channels; ++channel) {
      T sum = T(0);
      for (int place = 0; place < maps.places; ++place) sum += x[maps.at(sample, channel, place)];
      const T mean = sum / T(maps.places);
      T sum_of_squares = T(0);
      for (int place = 0; place < maps.places; ++place) {
        const T deviation = x[maps.at(sample, channel, place)] - mean;
        sum_of_squares += deviation * deviation;
      }
      const T root = sqrt(sum_of_squares / T(maps.places) + eps);
      for (int place = 0; place < maps.places; ++place) {
        const std::size_t k = maps.at(sample, channel, place), c = static_cast<std::size_t>(channel);
        y[k] = gamma[c] * ((x[k] - mean) / root) + beta[c];
      }
    }
}

// gain: one value per feature.
template <class T>
void rms_norm(std::span<const T> x, Extents extents, std::span<const T> gain, const T& eps, std::span<T> y) {
  assert(x.size() == extents.size() && y.size() == extents.size() && gain.size() == extents.columns());
  for (std::size_t i = 0; i < extents.rows(); ++i) {
    T sum_of_squares = T(0);
    for (std::size_t j = 0; j < extents.columns(); ++j) sum_of_squares += x[extents.at(i, j)] * x[extents.at(i, j)];
    const T root = sqrt(sum_of_squares / T(extents.channels) + eps);
    for (std::size_t j = 0; j < extents.columns(); ++j) y[extents.at(i, j)] = x[extents.at(i, j)] / root * gain[j];
  }
}

// One gain for all.
template <class T>
void scale_norm(std::span<const T> x, Extents extents, const T& gain, std::span<T> y) {
  assert(x.size() == extents.size() && y.size() == extents.size());
  for (std::size_t i = 0; i < extents.rows(); ++i) {
    T sum_of_squares = T(0);
    for (std::size_t j = 0; j < extents.columns(); ++j) sum_of_squares += x[extents.at(i, j)] * x[extents.at(i, j)];
    const T length = sqrt(sum_of_squares);
    for (std::size_t j = 0; j < extents.columns(); ++j) y[extents.at(i, j)] = gain * x[extents.at(i, j)] / length;
  }
}

// u: batch × inputs; v: units × inputs; gain, bias: one value per unit; y: batch × units.
template <class T>
void weight_norm_layer(std::span<const T> u, Extents extents, std::span<const T> v, std::span<const T> gain,
                       std::span<const T> bias, std::span<T> y) {
  assert(u.size() == extents.size() && v.size() == gain.size() * extents.columns() && bias.size() == gain.size());
  assert(y.size() == extents.rows() * gain.size());
  const std::size_t units = gain.size(), inputs = extents.columns();
  for (std::size_t unit = 0; unit < units; ++unit) {
    T sum_of_squares = T(0);
    for (std::size_t j = 0; j < inputs; ++j) sum_of_squares += v[unit * inputs + j] * v[unit * inputs + j];
    const T length = sqrt(sum_of_squares);
    for (std::size_t i = 0; i < extents.rows(); ++i) {
      T sum = T(0);
      for (std::size_t j = 0; j < inputs; ++j)
        sum += gain[unit] * v[unit * inputs + j] / length * u[extents.at(i, j)];  // term: weighted_input
      sum += bias[unit];                                                          // term: bias
      y[i * units + unit] = sum;
    }
  }
}

}  // namespace normproof::reference
