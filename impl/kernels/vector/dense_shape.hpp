// In which of the layouts that the vector kernels know are the operands of a call?
//
// Channels first   N×C×H×W without gaps: planes of `spatial` floats; with fewer than sixteen places, or none but one,
//                  rows of C · spatial columns, each channel having `spatial` of them
// Channels last    N×H×W×C without gaps, and N×C: rows of C columns
//
// Extents of 1 have no stride, so that a tensor may be in both; all operands have to be in the same one.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>

#include "impl/kernel.h"

namespace normproof::kernels::vector {

inline constexpr std::int64_t fewest_places_of_a_plane = 16;

struct DenseShape {
  bool planes = false;
  std::int64_t batch = 0, channels = 0, spatial = 0;  // of planes
  std::int64_t rows = 0, columns = 0, columns_per_channel = 1;

  double values_per_channel() const {
    return planes ? static_cast<double>(batch) * static_cast<double>(spatial)
                  : static_cast<double>(rows) * static_cast<double>(columns_per_channel);
  }
  std::int64_t elements() const { return planes ? batch * channels * spatial : rows * columns; }
};

namespace shape_detail {

inline bool has_stride(std::int64_t extent, std::int64_t stride, std::int64_t wanted) {
  return extent == 1 || stride == wanted;
}
inline bool is_channels_first(const normproof_tensor& t) {
  return has_stride(t.spatial, t.spatial_stride, 1) && has_stride(t.channels, t.channel_stride, t.spatial) &&
         has_stride(t.batch, t.batch_stride, t.channels * t.spatial);
}
inline bool is_channels_last(const normproof_tensor& t) {
  return has_stride(t.channels, t.channel_stride, 1) && has_stride(t.spatial, t.spatial_stride, t.channels) &&
         has_stride(t.batch, t.batch_stride, t.channels * t.spatial);
}

}  // namespace shape_detail

// The operands have the same extents, at least one element, and are in f32 (nothing else is looked at); an absent one
// does not count. Absent where they are in no layout of these, or not in the same.
inline std::optional<DenseShape> dense_shape(std::initializer_list<const normproof_tensor*> operands) {
  bool first = true, last = true;
  for (const normproof_tensor* operand : operands) {
    if (operand->data == nullptr) continue;
    first = first && shape_detail::is_channels_first(*operand);
    last = last && shape_detail::is_channels_last(*operand);
  }
  const normproof_tensor& x = **operands.begin();
  DenseShape shape;
  if (first && x.channels == 1) {
    shape.planes = true;
    shape.batch = shape.channels = 1;
    shape.spatial = x.batch * x.spatial;
  } else if (first && x.spatial >= fewest_places_of_a_plane) {
    shape.planes = true;
    shape.batch = x.batch;
    shape.channels = x.channels;
    shape.spatial = x.spatial;
  } else if (first) {
    shape.rows = x.batch;
    shape.columns = x.channels * x.spatial;
    shape.columns_per_channel = x.spatial;
  } else if (last) {
    shape.rows = x.batch * x.spatial;
    shape.columns = x.channels;
  } else {
    return std::nullopt;
  }
  return shape;
}

}  // namespace normproof::kernels::vector
