// How does a library written in C++ offer a kernel to normproof?
//
// It exports normproof_kernels(), which returns a table; here with one kernel, training-mode batch norm: all operands
// f32, any strides, y may be x. A mean and then squares about it, in double; every result is rounded once.
#include <cmath>
#include <cstdint>
#include <initializer_list>

#include "impl/kernel.h"

namespace {

float* floats(const normproof_vector& v) { return static_cast<float*>(v.data); }

// Visits element 0 … m − 1 of one channel, sample by sample.
template <class Visit>
void each_value(const normproof_tensor& t, std::int64_t channel, Visit visit) {
  float* const first = static_cast<float*>(t.data) + channel * t.channel_stride;
  for (std::int64_t b = 0; b < t.batch; ++b)
    for (std::int64_t s = 0; s < t.spatial; ++s) visit(first[b * t.batch_stride + s * t.spatial_stride], b, s);
}

normproof_status check(const normproof_call& call) {
  // `size` comes first: a caller of another version may have fewer fields.
  if (call.size < sizeof(normproof_call) || call.op != NORMPROOF_BN_TRAIN) return NORMPROOF_BAD_ARGUMENT;
  if (!(call.eps >= 0)) return NORMPROOF_BAD_ARGUMENT;  // NaN too
  if (call.x.dtype != NORMPROOF_F32 || call.y.dtype != NORMPROOF_F32) return NORMPROOF_UNSUPPORTED;
  for (const normproof_vector* v : {&call.gamma, &call.beta, &call.running_mean, &call.running_var, &call.saved_mean,
                                    &call.saved_mean_low, &call.saved_inv_std}) {
    if (v->data != nullptr && v->dtype != NORMPROOF_F32) return NORMPROOF_UNSUPPORTED;
  }
  return NORMPROOF_OK;
}

void update(const normproof_vector& running, std::int64_t channel, double momentum, double now) {
  if (running.data == nullptr) return;
  float& value = floats(running)[channel];
  value = static_cast<float>((1 - momentum) * value + momentum * now);
}

void train_channel(const normproof_call& call, std::int64_t channel) {
  const double m = static_cast<double>(call.x.batch) * static_cast<double>(call.x.spatial);
  double sum = 0, squares = 0;
  each_value(call.x, channel, [&](float x, std::int64_t, std::int64_t) { sum += x; });
  const double mean = sum / m;
  each_value(call.x, channel, [&](float x, std::int64_t, std::int64_t) { squares += (x - mean) * (x - mean); });
  const double inv_std = 1 / std::sqrt(squares / m + call.eps);

  const double gamma = call.gamma.data != nullptr ? floats(call.gamma)[channel] : 1;
  const double beta = call.beta.data != nullptr ? floats(call.beta)[channel] : 0;
  float* const y = static_cast<float*>(call.y.data) + channel * call.y.channel_stride;
  each_value(call.x, channel, [&](float x, std::int64_t b, std::int64_t s) {
    y[b * call.y.batch_stride + s * call.y.spatial_stride] = static_cast<float>(gamma * ((x - mean) * inv_std) + beta);
  });

  // After y: only now may a running statistic change.
  const bool unbiased = call.running_variance == NORMPROOF_VAR_UNBIASED;
  if (m > 1 || !unbiased) {
    update(call.running_mean, channel, call.momentum, mean);
    update(call.running_var, channel, call.momentum, squares / (unbiased ? m - 1 : m));
  }
  const float saved = static_cast<float>(mean);
  if (call.saved_mean.data != nullptr) floats(call.saved_mean)[channel] = saved;
  if (call.saved_mean_low.data != nullptr) floats(call.saved_mean_low)[channel] = static_cast<float>(mean - saved);
  if (call.saved_inv_std.data != nullptr) floats(call.saved_inv_std)[channel] = static_cast<float>(inv_std);
}

// Nothing may be thrown across the C interface; nothing here throws.
normproof_status run(const normproof_call* call) noexcept {
  const normproof_status status = check(*call);
  if (status != NORMPROOF_OK || call->x.batch == 0 || call->x.spatial == 0) return status;
  for (std::int64_t channel = 0; channel < call->x.channels; ++channel) train_channel(*call, channel);
  return NORMPROOF_OK;
}

}  // namespace

extern "C" const normproof_library* normproof_kernels(std::uint32_t abi_version) {
  static const normproof_kernel kernel = {sizeof(normproof_kernel),
                                          "batch_norm_train_example",
                                          "training-mode batch norm in double, an example in C++",
                                          NORMPROOF_BN_TRAIN,
                                          1u << NORMPROOF_F32,
                                          NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC,
                                          run};
  static const normproof_library library = {NORMPROOF_ABI_VERSION, 1, &kernel};
  return abi_version == NORMPROOF_ABI_VERSION ? &library : nullptr;
}
