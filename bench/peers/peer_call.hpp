// What do the adapters of other libraries share? Reading a call of the C interface; refusing what a peer cannot do.
//
// Adapters do as little arithmetic of their own as they can: what the validator judges should be the peer's. What a
// peer does not compute and the interface asks for (running statistics, inv_std from a variance) is done in double
// here.
#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>

#include "impl/kernel.h"

extern "C" void omp_set_num_threads(int);
extern "C" int omp_get_max_threads(void);

namespace normproof::peers {

enum class DenseOrder { channels_first, channels_last, neither };

inline bool strides_are(const normproof_tensor& t, std::int64_t b, std::int64_t c, std::int64_t s) {
  // A stride over an extent of 0 or 1 carries no meaning.
  return (t.batch <= 1 || t.batch_stride == b) && (t.channels <= 1 || t.channel_stride == c) &&
         (t.spatial <= 1 || t.spatial_stride == s);
}

inline bool is_dense(const normproof_tensor& t, DenseOrder order) {
  return order == DenseOrder::channels_first ? strides_are(t, t.channels * t.spatial, t.spatial, 1)
                                             : strides_are(t, t.channels * t.spatial, 1, t.channels);
}

inline bool all_f32(std::initializer_list<const normproof_vector*> vectors) {
  for (const normproof_vector* v : vectors) {
    if (v->data != nullptr && v->dtype != NORMPROOF_F32) return false;
  }
  return true;
}

// Element c of a vector of either type; absent: 0.
inline double element(const normproof_vector& v, std::int64_t c) {
  if (v.data == nullptr) return 0;
  return v.dtype == NORMPROOF_F32 ? static_cast<double>(static_cast<const float*>(v.data)[c])
                                  : static_cast<const double*>(v.data)[c];
}

// The mean that a backward pass is given. Peers take it in one number: that is the sum of the two, rounded.
inline double mean_of(const normproof_vector& mean, const normproof_vector& low, std::int64_t c) {
  return element(mean, c) + element(low, c);
}

inline float* floats(const normproof_vector& v) { return static_cast<float*>(v.data); }
inline float* floats(const normproof_tensor& t) { return static_cast<float*>(t.data); }

inline bool makes_no_sense(const normproof_call& call) {
  return call.size < sizeof(normproof_call) || std::isnan(call.eps) || call.eps < 0;
}

// As many threads of OpenMP as the call allows, while this lives; the number belongs to the calling thread. The symbols
// come with the peer, which is linked to an OpenMP of its own.
class ThreadLimit {
 public:
  explicit ThreadLimit(const normproof_call& call) { omp_set_num_threads(call.threads > 1 ? call.threads : 1); }
  ~ThreadLimit() { omp_set_num_threads(before_); }
  ThreadLimit(const ThreadLimit&) = delete;
  ThreadLimit& operator=(const ThreadLimit&) = delete;

 private:
  int before_ = omp_get_max_threads();
};

inline float inv_std_of(float variance, double eps) {
  return static_cast<float>(1 / std::sqrt(static_cast<double>(variance) + eps));
}

// running = (1 − momentum) running + momentum batch, for peers without running statistics.
inline void update_running(const normproof_call& call, const float* mean, const float* variance) {
  const std::int64_t m = call.x.batch * call.x.spatial;
  const bool unbiased = call.running_variance == NORMPROOF_VAR_UNBIASED;
  if (m == 0 || (unbiased && m == 1)) return;
  const double factor = unbiased ? static_cast<double>(m) / static_cast<double>(m - 1) : 1;
  for (std::int64_t c = 0; c < call.x.channels; ++c) {
    const auto blend = [&](const normproof_vector& v, double batch) {
      if (v.data == nullptr) return;
      floats(v)[c] =
          static_cast<float>((1 - call.momentum) * static_cast<double>(floats(v)[c]) + call.momentum * batch);
    };
    blend(call.running_mean, static_cast<double>(mean[c]));
    blend(call.running_var, factor * static_cast<double>(variance[c]));
  }
}

}  // namespace normproof::peers
