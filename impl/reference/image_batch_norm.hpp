// What does batch normalization of images compute, in whatever order they lie in memory?
//
// Source. NOTE15, key design 4, conv_batch_norm: for x of shape N × C × H × W, per channel c, with M = N·H·W,
//   mean_c = (1/M) Σ_{n,h,w} x_nchw,   σ_c² = (1/M) Σ_{n,h,w} (x_nchw − mean_c)²,
//   y_nchw = γ_c (x_nchw − mean_c)/√(σ_c² + ε) + β_c
//
// Notation. x, y: N·C·H·W values; value (n, c, h, w) lies at n·image + c·channel + h·row + w·column of the Strides.
// gamma, beta: one value per channel.
//
// Assumptions. All extents ≥ 1; the strides send the index quadruples one to one onto 0 … N·C·H·W − 1; σ_c² + ε is not
// 0. y may be x.
//
// Why strides. A layout is an order of the four axes; the algorithm names the axes and not their order.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>

#include "impl/reference/elementary.hpp"

namespace normproof::reference {

struct ImageExtents {
  int images = 0, channels = 0, height = 0, width = 0;

  [[nodiscard]] constexpr int values_per_channel() const { return images * height * width; }
  [[nodiscard]] constexpr std::size_t size() const {
    return static_cast<std::size_t>(values_per_channel()) * static_cast<std::size_t>(channels);
  }
};

struct ImageStrides {
  int image = 0, channel = 0, row = 0, column = 0;

  [[nodiscard]] constexpr std::size_t at(int n, int c, int h, int w) const {
    return static_cast<std::size_t>(n * image + c * channel + h * row + w * column);
  }
};

// Dense; the last letter's axis varies fastest.
constexpr ImageStrides nchw(ImageExtents e) {
  return {e.channels * e.height * e.width, e.height * e.width, e.width, 1};
}
constexpr ImageStrides nhwc(ImageExtents e) {
  return {e.height * e.width * e.channels, 1, e.width * e.channels, e.channels};
}

template <class T>
void image_batch_norm_train(std::span<const T> x, ImageExtents extents, ImageStrides strides, std::span<const T> gamma,
                            std::span<const T> beta, const T& eps, std::span<T> y) {
  assert(extents.values_per_channel() >= 1 && x.size() == extents.size() && y.size() == extents.size());
  assert(gamma.size() == static_cast<std::size_t>(extents.channels) && beta.size() == gamma.size());
  const auto each_place = [&](auto visit) {
    for (int n = 0; n < extents.images; ++n)
      for (int h = 0; h < extents.height; ++h)
        for (int w = 0; w < extents.width; ++w) visit(n, h, w);
  };
  for (int c = 0; c < extents.channels; ++c) {
    T sum = T(0);
    each_place([&](int n, int h, int w) { sum += x[strides.at(n, c, h, w)]; });
    const T mean = sum / T(extents.values_per_channel());
    T sum_of_squares = T(0);
    each_place([&](int n, int h, int w) {
      const T deviation = x[strides.at(n, c, h, w)] - mean;
      sum_of_squares += deviation * deviation;
    });
    const T root = sqrt(sum_of_squares / T(extents.values_per_channel()) + eps);
    const std::size_t channel = static_cast<std::size_t>(c);
    each_place([&](int n, int h, int w) {
      const std::size_t k = strides.at(n, c, h, w);
      y[k] = gamma[channel] * ((x[k] - mean) / root) + beta[channel];
    });
  }
}

}  // namespace normproof::reference
