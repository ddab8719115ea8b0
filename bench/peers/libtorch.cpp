// How does libtorch's batch normalization stand behind the C interface? Any strides, f32 and f64.
//
// ATen's native_batch_norm and native_batch_norm_backward on tensors that view the call's memory; y and dx are copied
// to their places. Its running variance is the unbiased one: calls with the biased kind and running_var are refused.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/ops/native_batch_norm.h>
#include <ATen/ops/native_batch_norm_backward.h>

#include <array>

#include "bench/peers/peer_call.hpp"

namespace normproof::peers {
namespace {

using Optional = c10::optional<at::Tensor>;

c10::ScalarType scalar_type(std::int32_t dtype) { return dtype == NORMPROOF_F32 ? at::kFloat : at::kDouble; }

at::Tensor view(const normproof_tensor& t) {
  return at::from_blob(t.data, {t.batch, t.channels, t.spatial}, {t.batch_stride, t.channel_stride, t.spatial_stride},
                       at::TensorOptions(scalar_type(t.dtype)));
}

Optional view(const normproof_vector& v) {
  if (v.data == nullptr) return c10::nullopt;
  return at::from_blob(v.data, {v.length}, at::TensorOptions(scalar_type(v.dtype)));
}

void store(const normproof_vector& v, const at::Tensor& values) {
  if (v.data != nullptr) view(v)->copy_(values);
}

bool one_dtype(const normproof_call& call, std::initializer_list<const normproof_vector*> vectors) {
  for (const normproof_vector* v : vectors) {
    if (v->data != nullptr && v->dtype != call.x.dtype) return false;
  }
  for (const normproof_tensor* t : {&call.y, &call.dy, &call.dx}) {
    if (t->data != nullptr && t->dtype != call.x.dtype) return false;
  }
  return call.x.batch > 0 && call.x.channels > 0 && call.x.spatial > 0;
}

template <class Run>
normproof_status guarded(const Run& run) {
  try {
    const at::NoGradGuard no_gradients;
    return run();
  } catch (...) {
    return NORMPROOF_FAILED;
  }
}

normproof_status forward(const normproof_call& call, bool training) {
  if (makes_no_sense(call)) return NORMPROOF_BAD_ARGUMENT;
  if (!training && (call.running_mean.data == nullptr || call.running_var.data == nullptr))
    return NORMPROOF_BAD_ARGUMENT;
  const std::int64_t m = call.x.batch * call.x.spatial;
  const bool other_kind = call.running_var.data != nullptr && call.running_variance == NORMPROOF_VAR_BIASED;
  if (!one_dtype(call, {&call.gamma, &call.beta, &call.running_mean, &call.running_var, &call.saved_mean,
                        &call.saved_mean_low, &call.saved_inv_std}) ||
      (training && (other_kind || m == 1))) {
    return NORMPROOF_UNSUPPORTED;
  }
  const auto [y, mean, inv_std] =
      at::native_batch_norm(view(call.x), view(call.gamma), view(call.beta), view(call.running_mean),
                            view(call.running_var), training, call.momentum, call.eps);
  view(call.y).copy_(y);
  if (!training) return NORMPROOF_OK;
  store(call.saved_mean, mean);
  store(call.saved_mean_low, at::zeros_like(mean));
  store(call.saved_inv_std, inv_std);
  return NORMPROOF_OK;
}

normproof_status backward(const normproof_call& call, bool training) {
  if (makes_no_sense(call)) return NORMPROOF_BAD_ARGUMENT;
  const normproof_vector& mean = training ? call.saved_mean : call.running_mean;
  const normproof_vector& spread = training ? call.saved_inv_std : call.running_var;
  if (mean.data == nullptr || spread.data == nullptr) return NORMPROOF_BAD_ARGUMENT;
  if (!one_dtype(call, {&call.gamma, &mean, &spread, &call.saved_mean_low, &call.dgamma, &call.dbeta})) {
    return NORMPROOF_UNSUPPORTED;
  }
  const std::array<bool, 3> wanted = {call.dx.data != nullptr, call.dgamma.data != nullptr, call.dbeta.data != nullptr};
  const auto [dx, dgamma, dbeta] = at::native_batch_norm_backward(
      view(call.dy), view(call.x), view(call.gamma), view(call.running_mean), view(call.running_var),
      view(call.saved_mean), view(call.saved_inv_std), training, call.eps, wanted);
  if (wanted[0]) view(call.dx).copy_(dx);
  if (wanted[1]) store(call.dgamma, dgamma);
  if (wanted[2]) store(call.dbeta, dbeta);
  return NORMPROOF_OK;
}

template <bool training>
normproof_status run_forward(const normproof_call* call) {
  return guarded([&] { return forward(*call, training); });
}
template <bool training>
normproof_status run_backward(const normproof_call* call) {
  return guarded([&] { return backward(*call, training); });
}

constexpr std::uint32_t dtypes = 1U << NORMPROOF_F32 | 1U << NORMPROOF_F64;
constexpr std::uint32_t size = sizeof(normproof_kernel);
const normproof_kernel kernels[] = {
    {size, "libtorch_train", "libtorch, training", NORMPROOF_BN_TRAIN, dtypes, NORMPROOF_ANY_STRIDES,
     run_forward<true>},
    {size, "libtorch_infer", "libtorch, inference", NORMPROOF_BN_INFER, dtypes, NORMPROOF_ANY_STRIDES,
     run_forward<false>},
    {size, "libtorch_train_backward", "libtorch, backward in training", NORMPROOF_BN_TRAIN_BACKWARD, dtypes,
     NORMPROOF_ANY_STRIDES, run_backward<true>},
    {size, "libtorch_infer_backward", "libtorch, backward in inference", NORMPROOF_BN_INFER_BACKWARD, dtypes,
     NORMPROOF_ANY_STRIDES, run_backward<false>},
};
const normproof_library library = {NORMPROOF_ABI_VERSION, sizeof kernels / sizeof kernels[0], kernels};

}  // namespace
}  // namespace normproof::peers

extern "C" const normproof_library* normproof_kernels(std::uint32_t abi_version) {
  return abi_version == NORMPROOF_ABI_VERSION ? &normproof::peers::library : nullptr;
}
