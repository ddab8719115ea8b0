// Where is an element of an operand, and what does it hold as a double?
//
// Every f32 is a double; storing rounds to nearest once. Only f32 and f64 come here (call_arguments.hpp).
#pragma once

#include <cstdint>

#include "impl/kernel.h"

namespace normproof::kernels {

inline double load(const void* data, std::int32_t dtype, std::int64_t index) {
  return dtype == NORMPROOF_F32 ? static_cast<double>(static_cast<const float*>(data)[index])
                                : static_cast<const double*>(data)[index];
}

inline void store(void* data, std::int32_t dtype, std::int64_t index, double value) {
  if (dtype == NORMPROOF_F32) {
    static_cast<float*>(data)[index] = static_cast<float>(value);
  } else {
    static_cast<double*>(data)[index] = value;
  }
}

// One of the m values of a channel.
struct Place {
  std::int64_t batch, spatial;
};

// One channel of a tensor.
class Channel {
 public:
  Channel(const normproof_tensor& tensor, std::int64_t channel)
      : tensor_(tensor), first_(channel * tensor.channel_stride) {}

  double operator[](Place place) const { return load(tensor_.data, tensor_.dtype, index(place)); }
  void set(Place place, double value) const { store(tensor_.data, tensor_.dtype, index(place), value); }

 private:
  std::int64_t index(Place place) const {
    return first_ + place.batch * tensor_.batch_stride + place.spatial * tensor_.spatial_stride;
  }

  const normproof_tensor& tensor_;
  std::int64_t first_;
};

// The places of any channel of the tensor, sample by sample.
template <class Visit>
void for_each_place(const normproof_tensor& tensor, Visit visit) {
  for (std::int64_t b = 0; b < tensor.batch; ++b)
    for (std::int64_t s = 0; s < tensor.spatial; ++s) visit(Place{b, s});
}

inline double values_per_channel(const normproof_tensor& tensor) {
  return static_cast<double>(tensor.batch) * static_cast<double>(tensor.spatial);
}

inline double value_or(double otherwise, const normproof_vector& vector, std::int64_t channel) {
  return vector.data == nullptr ? otherwise : load(vector.data, vector.dtype, channel);
}

// Nothing where the vector is absent.
inline void set(const normproof_vector& vector, std::int64_t channel, double value) {
  if (vector.data != nullptr) store(vector.data, vector.dtype, channel, value);
}

}  // namespace normproof::kernels
