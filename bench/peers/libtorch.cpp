// How does libtorch's batch normalization stand behind the C interface? Any strides, f32 and f64.
//
// What at::batch_norm (1.13) does and what its derivative does: _batch_norm_impl_index and its backward, which hand
// tensors with values in them to native_batch_norm and native_batch_norm_backward. Its tensors view the call's memory;
// y, dx and the other results are made in memory of libtorch's own and copied to their places. Backward the mean is
// saved_mean + saved_mean_low, rounded.
//
// Refused, because libtorch has no way to say it: a tensor or a vector in another type than x; in training, running_var
// of the biased kind, for libtorch's is the unbiased one; running statistics with one value in a channel, which
// torch::nn refuses ("expected more than 1 value per channel"); no channels, which libtorch refuses.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/ops/_batch_norm_impl_index.h>
#include <ATen/ops/_batch_norm_impl_index_backward.h>

#include <array>
#include <vector>

#include "bench/peers/peer_call.hpp"

namespace normproof::peers {
namespace {

using Optional = c10::optional<at::Tensor>;

c10::ScalarType scalar_type(std::int32_t dtype) { return dtype == NORMPROOF_F32 ? at::kFloat : at::kDouble; }

// Images of one row: libtorch looks for channels_last, and its code for that, in four extents and not in three.
at::Tensor view(const normproof_tensor& t) {
  return at::from_blob(t.data, {t.batch, t.channels, 1, t.spatial},
                       {t.batch_stride, t.channel_stride, t.spatial * t.spatial_stride, t.spatial_stride},
                       at::TensorOptions(scalar_type(t.dtype)));
}

Optional view(const normproof_vector& v) {
  if (v.data == nullptr) return c10::nullopt;
  return at::from_blob(v.data, {v.length}, at::TensorOptions(scalar_type(v.dtype)));
}

void store(const normproof_vector& v, const at::Tensor& values) {
  if (v.data != nullptr) view(v)->copy_(values);
}

Optional mean_in_one(const normproof_call& call) {
  if (call.saved_mean_low.data == nullptr) return view(call.saved_mean);
  std::vector<double> sums;
  for (std::int64_t c = 0; c < call.x.channels; ++c) sums.push_back(mean_of(call.saved_mean, call.saved_mean_low, c));
  return at::tensor(sums, at::kDouble).to(scalar_type(call.saved_mean.dtype));
}

bool one_dtype(const normproof_call& call, std::initializer_list<const normproof_vector*> vectors) {
  for (const normproof_vector* v : vectors) {
    if (v->data != nullptr && v->dtype != call.x.dtype) return false;
  }
  for (const normproof_tensor* t : {&call.y, &call.dy, &call.dx}) {
    if (t->data != nullptr && t->dtype != call.x.dtype) return false;
  }
  return call.x.channels > 0;
}

// The count belongs to the calling thread, which ATen sets on its first use there: once that is over, the limit holds.
class AtenThreadLimit {
 public:
  explicit AtenThreadLimit(const normproof_call& call) : limit_((static_cast<void>(at::get_num_threads()), call)) {}

 private:
  ThreadLimit limit_;
};

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
  const bool has_running = call.running_mean.data != nullptr || call.running_var.data != nullptr;
  const bool one_value = call.x.batch * call.x.spatial == 1;
  const bool other_kind = call.running_var.data != nullptr && call.running_variance == NORMPROOF_VAR_BIASED;
  if (!one_dtype(call, {&call.gamma, &call.beta, &call.running_mean, &call.running_var, &call.saved_mean,
                        &call.saved_mean_low, &call.saved_inv_std}) ||
      (training && (other_kind || (has_running && one_value)))) {
    return NORMPROOF_UNSUPPORTED;
  }
  const AtenThreadLimit limit(call);
  const auto [y, mean, inv_std, unused, way] =
      at::_batch_norm_impl_index(view(call.x), view(call.gamma), view(call.beta), view(call.running_mean),
                                 view(call.running_var), training, call.momentum, call.eps, false);
  view(call.y).copy_(y);
  const bool has_statistics = mean.numel() == call.x.channels;  // of no value at::batch_norm makes none
  if (!training || !has_statistics) return NORMPROOF_OK;
  store(call.saved_mean, mean);
  store(call.saved_mean_low, at::zeros_like(mean));
  store(call.saved_inv_std, inv_std);
  return NORMPROOF_OK;
}

constexpr std::int64_t way_of_native = 0;  // the index that at::batch_norm keeps for its backward pass

normproof_status backward(const normproof_call& call, bool training) {
  if (makes_no_sense(call)) return NORMPROOF_BAD_ARGUMENT;
  const normproof_vector& mean = training ? call.saved_mean : call.running_mean;
  const normproof_vector& spread = training ? call.saved_inv_std : call.running_var;
  if (mean.data == nullptr || spread.data == nullptr) return NORMPROOF_BAD_ARGUMENT;
  if (!one_dtype(call, {&call.gamma, &mean, &spread, &call.dgamma, &call.dbeta})) {
    return NORMPROOF_UNSUPPORTED;
  }
  const AtenThreadLimit limit(call);
  const std::array<bool, 3> wanted = {call.dx.data != nullptr, call.dgamma.data != nullptr, call.dbeta.data != nullptr};
  const auto [dx, dgamma, dbeta] = at::_batch_norm_impl_index_backward(
      way_of_native, view(call.x), view(call.dy), view(call.gamma), view(call.running_mean), view(call.running_var),
      mean_in_one(call), view(call.saved_inv_std), training, call.eps, wanted, at::empty({0}, at::kByte));
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
