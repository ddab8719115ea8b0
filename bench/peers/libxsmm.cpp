// How does LIBXSMM's fused batch normalization stand behind the C interface? Training forward, blocks of 16 channels.
//
// LIBXSMM (1.17) has eps = 1e-7 built in and works on N × C/16 × spatial × 16: other eps and other channel counts are
// refused. The adapter copies N×C×spatial into blocks and back, and makes the running statistics, in double.
#include <libxsmm.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <vector>

#include "bench/peers/peer_call.hpp"

namespace normproof::peers {
namespace {

constexpr double built_in_eps = 1e-7;
constexpr std::int64_t block = 16;
constexpr std::size_t alignment = 64;

struct Free {
  void operator()(float* p) const { std::free(p); }
};
using Buffer = std::unique_ptr<float, Free>;
Buffer buffer(std::int64_t floats_wanted) {
  const auto bytes = static_cast<std::size_t>(floats_wanted) * sizeof(float);
  return Buffer(static_cast<float*>(std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment)));
}

std::int64_t blocked_index(const normproof_tensor& t, std::int64_t b, std::int64_t c, std::int64_t s) {
  return ((b * (t.channels / block) + c / block) * t.spatial + s) * block + c % block;
}

template <class Copy>
void for_each_element(const normproof_tensor& t, const Copy& copy) {
  for (std::int64_t b = 0; b < t.batch; ++b) {
    for (std::int64_t c = 0; c < t.channels; ++c) {
      for (std::int64_t s = 0; s < t.spatial; ++s) {
        copy(floats(t)[(b * t.channels + c) * t.spatial + s], blocked_index(t, b, c, s));
      }
    }
  }
}

// What LIBXSMM allocates is given back whatever happens.
class Handle {
 public:
  explicit Handle(const libxsmm_dnn_fusedbatchnorm_desc& description) {
    handle_ = libxsmm_dnn_create_fusedbatchnorm(description, &status_);
  }
  ~Handle() {
    for (libxsmm_dnn_tensor* tensor : tensors_) libxsmm_dnn_destroy_tensor(tensor);
    libxsmm_dnn_destroy_fusedbatchnorm(handle_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  bool good() const { return handle_ != nullptr && status_ == LIBXSMM_DNN_SUCCESS; }
  bool bind(libxsmm_dnn_tensor_type type, float* data) {
    libxsmm_dnn_tensor_datalayout* layout =
        libxsmm_dnn_fusedbatchnorm_create_tensor_datalayout(handle_, type, &status_);
    if (layout == nullptr) return false;
    libxsmm_dnn_tensor* tensor = libxsmm_dnn_link_tensor(layout, data, &status_);
    libxsmm_dnn_destroy_tensor_datalayout(layout);
    if (tensor == nullptr) return false;
    tensors_.push_back(tensor);
    return libxsmm_dnn_fusedbatchnorm_bind_tensor(handle_, tensor, type) == LIBXSMM_DNN_SUCCESS;
  }
  bool forward() {
    libxsmm_dnn_err_t status;
    const std::size_t bytes = libxsmm_dnn_fusedbatchnorm_get_scratch_size(handle_, &status);
    const Buffer scratch = buffer(static_cast<std::int64_t>(bytes / sizeof(float) + 1));
    return libxsmm_dnn_fusedbatchnorm_bind_scratch(handle_, scratch.get()) == LIBXSMM_DNN_SUCCESS &&
           libxsmm_dnn_fusedbatchnorm_execute_st(handle_, LIBXSMM_DNN_COMPUTE_KIND_FWD, 0, 0) == LIBXSMM_DNN_SUCCESS;
  }

 private:
  libxsmm_dnn_err_t status_ = LIBXSMM_DNN_SUCCESS;
  libxsmm_dnn_fusedbatchnorm* handle_ = nullptr;
  std::vector<libxsmm_dnn_tensor*> tensors_;
};

libxsmm_dnn_fusedbatchnorm_desc description_of(const normproof_tensor& x) {
  libxsmm_dnn_fusedbatchnorm_desc description = {};
  description.partN = description.fullN = static_cast<int>(x.batch);
  description.C = static_cast<int>(x.channels);
  description.H = 1;
  description.W = static_cast<int>(x.spatial);
  description.u = description.v = 1;
  description.threads = 1;
  description.datatype_in = description.datatype_out = description.datatype_stats = LIBXSMM_DNN_DATATYPE_F32;
  description.buffer_format = LIBXSMM_DNN_TENSOR_FORMAT_LIBXSMM;
  description.fuse_order = LIBXSMM_DNN_FUSEDBN_ORDER_BN_ELTWISE_RELU;
  description.fuse_ops = LIBXSMM_DNN_FUSEDBN_OPS_BN;
  return description;
}

bool takes(const normproof_call& call) {
  return call.eps == built_in_eps && call.x.channels % block == 0 && call.x.channels > 0 && call.x.batch > 0 &&
         call.x.spatial > 0 && call.y.dtype == NORMPROOF_F32 && is_dense(call.x, DenseOrder::channels_first) &&
         is_dense(call.y, DenseOrder::channels_first) &&
         all_f32({&call.gamma, &call.beta, &call.running_mean, &call.running_var, &call.saved_mean,
                  &call.saved_mean_low, &call.saved_inv_std});
}

normproof_status forward(const normproof_call& call) {
  if (makes_no_sense(call)) return NORMPROOF_BAD_ARGUMENT;
  if (!takes(call)) return NORMPROOF_UNSUPPORTED;
  const std::int64_t elements = call.x.batch * call.x.channels * call.x.spatial, channels = call.x.channels;
  const Buffer x = buffer(elements), y = buffer(elements);
  for_each_element(call.x, [&](float value, std::int64_t at) { x.get()[at] = value; });
  enum { gamma, beta, mean, inv_std, variance, vectors };
  std::array<Buffer, vectors> of;
  for (Buffer& vector : of) vector = buffer(channels);
  for (std::int64_t c = 0; c < channels; ++c) {
    of[gamma].get()[c] = call.gamma.data != nullptr ? floats(call.gamma)[c] : 1;
    of[beta].get()[c] = call.beta.data != nullptr ? floats(call.beta)[c] : 0;
  }
  Handle handle(description_of(call.x));
  if (!handle.good() || !handle.bind(LIBXSMM_DNN_REGULAR_INPUT, x.get()) ||
      !handle.bind(LIBXSMM_DNN_REGULAR_OUTPUT, y.get()) ||
      !handle.bind(LIBXSMM_DNN_REGULAR_CHANNEL_GAMMA, of[gamma].get()) ||
      !handle.bind(LIBXSMM_DNN_REGULAR_CHANNEL_BETA, of[beta].get()) ||
      !handle.bind(LIBXSMM_DNN_CHANNEL_EXPECTVAL, of[mean].get()) ||
      !handle.bind(LIBXSMM_DNN_CHANNEL_RCPSTDDEV, of[inv_std].get()) ||
      !handle.bind(LIBXSMM_DNN_CHANNEL_VARIANCE, of[variance].get()) || !handle.forward()) {
    return NORMPROOF_FAILED;
  }
  for_each_element(call.y, [&](float& value, std::int64_t at) { value = y.get()[at]; });
  update_running(call, of[mean].get(), of[variance].get());
  for (std::int64_t c = 0; c < channels; ++c) {
    if (call.saved_mean.data != nullptr) floats(call.saved_mean)[c] = of[mean].get()[c];
    if (call.saved_mean_low.data != nullptr) floats(call.saved_mean_low)[c] = 0;
    if (call.saved_inv_std.data != nullptr) floats(call.saved_inv_std)[c] = of[inv_std].get()[c];
  }
  return NORMPROOF_OK;
}

normproof_status train(const normproof_call* call) {
  try {
    return forward(*call);
  } catch (...) {
    return NORMPROOF_FAILED;
  }
}

const normproof_kernel kernels[] = {{sizeof(normproof_kernel), "libxsmm_train_blocked",
                                     "LIBXSMM, training, blocks of 16 channels", NORMPROOF_BN_TRAIN,
                                     1U << NORMPROOF_F32, 0, train}};
const normproof_library library = {NORMPROOF_ABI_VERSION, 1, kernels};

}  // namespace
}  // namespace normproof::peers

extern "C" const normproof_library* normproof_kernels(std::uint32_t abi_version) {
  return abi_version == NORMPROOF_ABI_VERSION ? &normproof::peers::library : nullptr;
}
