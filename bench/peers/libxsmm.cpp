// How does LIBXSMM's fused batch normalization stand behind the C interface? Forward, scaling alone, backward.
//
// LIBXSMM (1.17) works on N × C/block × spatial × block, where the block is its own choice: C below 64 (32 without
// AVX-512), else the largest power of two up to that which divides C. The adapter asks for the block, copies
// N×C×spatial into it and back, and makes the running statistics in double. LIBXSMM's forward pass comes in three
// forms:
//   whole       statistics and y at once, with the eps that is compiled in: 1e-7
//   split       its statistics (BNSTATS), then its scaling (BNSCALE) with the inv_std that the adapter makes, in
//               double, from LIBXSMM's variance and the eps of the call
//   scaling     alone, with given statistics: inference
// Its backward pass takes inv_std as it is, and the mean as saved_mean + saved_mean_low, rounded.
//
// Refused, because LIBXSMM has no way to say it: of the whole form, every eps but 1e-7; x in f64; a tensor or a vector
// in another type than f32; extents beyond int; no channels, for LIBXSMM divides by the block. Other layouts than
// N×C×spatial are refused because it is the adapter that copies: they would try the adapter. LIBXSMM runs on the
// threads that its caller brings; here that is one.
#include <libxsmm.h>

#include <array>
#include <cstdlib>
#include <limits>
#include <memory>
#include <new>
#include <vector>

#include "bench/peers/peer_call.hpp"

namespace normproof::peers {
namespace {

constexpr double built_in_eps = 1e-7;
constexpr std::size_t alignment = 64;  // LIBXSMM stores y past the caches, in whole lines

struct Free {
  void operator()(float* p) const { std::free(p); }
};
using Buffer = std::unique_ptr<float, Free>;
// What LIBXSMM does not write is seen: it stays NaN.
Buffer buffer(std::int64_t floats_wanted) {
  const std::size_t bytes = static_cast<std::size_t>(floats_wanted) * sizeof(float);
  Buffer made(static_cast<float*>(std::aligned_alloc(alignment, (bytes / alignment + 1) * alignment)));
  if (made == nullptr) throw std::bad_alloc();
  for (std::int64_t i = 0; i < floats_wanted; ++i) made.get()[i] = std::numeric_limits<float>::quiet_NaN();
  return made;
}
Buffer buffer_of(const normproof_vector& v, std::int64_t channels, float where_absent) {
  Buffer made = buffer(channels);
  for (std::int64_t c = 0; c < channels; ++c) made.get()[c] = v.data != nullptr ? floats(v)[c] : where_absent;
  return made;
}

// What LIBXSMM allocates is given back whatever happens.
class Handle {
 public:
  Handle(const normproof_tensor& x, libxsmm_dnn_fusedbatchnorm_fuse_op what) {
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
    description.fuse_ops = what;
    handle_ = libxsmm_dnn_create_fusedbatchnorm(description, &status_);
  }
  ~Handle() {
    for (libxsmm_dnn_tensor* tensor : tensors_) libxsmm_dnn_destroy_tensor(tensor);
    if (handle_ != nullptr) libxsmm_dnn_destroy_fusedbatchnorm(handle_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  bool good() const { return handle_ != nullptr && status_ == LIBXSMM_DNN_SUCCESS; }
  // How many channels lie side by side. 0: LIBXSMM does not say.
  std::int64_t block() {
    libxsmm_dnn_tensor_datalayout* const layout =
        libxsmm_dnn_fusedbatchnorm_create_tensor_datalayout(handle_, LIBXSMM_DNN_REGULAR_INPUT, &status_);
    if (layout == nullptr) return 0;
    const std::int64_t side_by_side = layout->dim_size[0];
    libxsmm_dnn_destroy_tensor_datalayout(layout);
    return side_by_side;
  }
  bool bind(libxsmm_dnn_tensor_type type, const Buffer& data) {
    libxsmm_dnn_tensor_datalayout* const layout =
        libxsmm_dnn_fusedbatchnorm_create_tensor_datalayout(handle_, type, &status_);
    if (layout == nullptr) return false;
    libxsmm_dnn_tensor* const tensor = libxsmm_dnn_link_tensor(layout, data.get(), &status_);
    libxsmm_dnn_destroy_tensor_datalayout(layout);
    if (tensor == nullptr) return false;
    tensors_.push_back(tensor);
    return libxsmm_dnn_fusedbatchnorm_bind_tensor(handle_, tensor, type) == LIBXSMM_DNN_SUCCESS;
  }
  bool run(libxsmm_dnn_compute_kind kind) {
    const std::size_t bytes = libxsmm_dnn_fusedbatchnorm_get_scratch_size(handle_, &status_);
    const Buffer scratch = buffer(static_cast<std::int64_t>(bytes / sizeof(float)));
    return libxsmm_dnn_fusedbatchnorm_bind_scratch(handle_, scratch.get()) == LIBXSMM_DNN_SUCCESS &&
           libxsmm_dnn_fusedbatchnorm_execute_st(handle_, kind, 0, 0) == LIBXSMM_DNN_SUCCESS;
  }

 private:
  libxsmm_dnn_err_t status_ = LIBXSMM_DNN_SUCCESS;
  libxsmm_dnn_fusedbatchnorm* handle_ = nullptr;
  std::vector<libxsmm_dnn_tensor*> tensors_;
};

// Copies between the call's N×C×spatial and LIBXSMM's blocks.
template <class Copy>
void for_each_element(const normproof_tensor& t, std::int64_t block, const Copy& copy) {
  for (std::int64_t b = 0; b < t.batch; ++b) {
    for (std::int64_t c = 0; c < t.channels; ++c) {
      for (std::int64_t s = 0; s < t.spatial; ++s) {
        copy(floats(t)[(b * t.channels + c) * t.spatial + s],
             ((b * (t.channels / block) + c / block) * t.spatial + s) * block + c % block);
      }
    }
  }
}
std::int64_t elements(const normproof_tensor& t) { return t.batch * t.channels * t.spatial; }
Buffer blocked(const normproof_tensor& t, std::int64_t block) {
  Buffer made = buffer(elements(t));
  for_each_element(t, block, [&](float value, std::int64_t at) { made.get()[at] = value; });
  return made;
}
void unblock(const Buffer& values, std::int64_t block, const normproof_tensor& t) {
  for_each_element(t, block, [&](float& value, std::int64_t at) { value = values.get()[at]; });
}

bool takes(const normproof_tensor& t) {
  constexpr std::int64_t most = std::numeric_limits<int>::max();
  return t.dtype == NORMPROOF_F32 && is_dense(t, DenseOrder::channels_first) && t.batch <= most && t.channels > 0 &&
         t.channels <= most && t.spatial <= most;
}

// What a pass of LIBXSMM's wants bound, whether it uses it or not.
struct Statistics {
  Buffer mean, inv_std, variance;
};
bool forward_pass(const normproof_tensor& shape, libxsmm_dnn_fusedbatchnorm_fuse_op what, const Buffer& x,
                  const Buffer& y, const Buffer& gamma, const Buffer& beta, const Statistics& of) {
  Handle handle(shape, what);
  return handle.good() && handle.bind(LIBXSMM_DNN_REGULAR_INPUT, x) && handle.bind(LIBXSMM_DNN_REGULAR_OUTPUT, y) &&
         handle.bind(LIBXSMM_DNN_REGULAR_CHANNEL_GAMMA, gamma) && handle.bind(LIBXSMM_DNN_REGULAR_CHANNEL_BETA, beta) &&
         handle.bind(LIBXSMM_DNN_CHANNEL_EXPECTVAL, of.mean) &&
         handle.bind(LIBXSMM_DNN_CHANNEL_RCPSTDDEV, of.inv_std) &&
         handle.bind(LIBXSMM_DNN_CHANNEL_VARIANCE, of.variance) && handle.run(LIBXSMM_DNN_COMPUTE_KIND_FWD);
}

enum class Form { whole, split, scaling };

normproof_status forward(const normproof_call& call, Form form) {
  if (makes_no_sense(call)) return NORMPROOF_BAD_ARGUMENT;
  if (form == Form::scaling && (call.running_mean.data == nullptr || call.running_var.data == nullptr))
    return NORMPROOF_BAD_ARGUMENT;
  if (!takes(call.x) || !takes(call.y) || (form == Form::whole && call.eps != built_in_eps) ||
      !all_f32({&call.gamma, &call.beta, &call.running_mean, &call.running_var, &call.saved_mean, &call.saved_mean_low,
                &call.saved_inv_std})) {
    return NORMPROOF_UNSUPPORTED;
  }
  const std::int64_t channels = call.x.channels;
  const std::int64_t block = Handle(call.x, LIBXSMM_DNN_FUSEDBN_OPS_BN).block();
  if (block == 0) return NORMPROOF_FAILED;
  const Buffer x = blocked(call.x, block), y = buffer(elements(call.x));
  const Buffer gamma = buffer_of(call.gamma, channels, 1), beta = buffer_of(call.beta, channels, 0);
  Statistics of = {buffer(channels), buffer(channels), buffer(channels)};
  const auto make_inv_std = [&] {
    for (std::int64_t c = 0; c < channels; ++c) of.inv_std.get()[c] = inv_std_of(of.variance.get()[c], call.eps);
  };
  bool good = true;
  switch (form) {
    case Form::whole: good = forward_pass(call.x, LIBXSMM_DNN_FUSEDBN_OPS_BN, x, y, gamma, beta, of); break;
    case Form::split:
      good = forward_pass(call.x, LIBXSMM_DNN_FUSEDBN_OPS_BNSTATS, x, y, gamma, beta, of);
      make_inv_std();
      good = good && forward_pass(call.x, LIBXSMM_DNN_FUSEDBN_OPS_BNSCALE, x, y, gamma, beta, of);
      break;
    case Form::scaling:
      of.mean = buffer_of(call.running_mean, channels, 0);
      of.variance = buffer_of(call.running_var, channels, 0);
      make_inv_std();
      good = forward_pass(call.x, LIBXSMM_DNN_FUSEDBN_OPS_BNSCALE, x, y, gamma, beta, of);
      break;
  }
  if (!good) return NORMPROOF_FAILED;
  unblock(y, block, call.y);
  if (form == Form::scaling) return NORMPROOF_OK;
  update_running(call, of.mean.get(), of.variance.get());
  for (std::int64_t c = 0; c < channels; ++c) {
    if (call.saved_mean.data != nullptr) floats(call.saved_mean)[c] = of.mean.get()[c];
    if (call.saved_mean_low.data != nullptr) floats(call.saved_mean_low)[c] = 0;
    if (call.saved_inv_std.data != nullptr) floats(call.saved_inv_std)[c] = of.inv_std.get()[c];
  }
  return NORMPROOF_OK;
}

normproof_status backward(const normproof_call& call) {
  if (makes_no_sense(call)) return NORMPROOF_BAD_ARGUMENT;
  if (call.saved_mean.data == nullptr || call.saved_inv_std.data == nullptr) return NORMPROOF_BAD_ARGUMENT;
  if (!takes(call.x) || !takes(call.dy) || (call.dx.data != nullptr && !takes(call.dx)) ||
      !all_f32({&call.gamma, &call.saved_mean, &call.saved_inv_std, &call.dgamma, &call.dbeta})) {
    return NORMPROOF_UNSUPPORTED;
  }
  const std::int64_t channels = call.x.channels;
  Handle handle(call.x, LIBXSMM_DNN_FUSEDBN_OPS_BN);
  const std::int64_t block = handle.good() ? handle.block() : 0;
  if (block == 0) return NORMPROOF_FAILED;
  const Buffer x = blocked(call.x, block), dy = blocked(call.dy, block), dx = buffer(elements(call.x));
  const Buffer gamma = buffer_of(call.gamma, channels, 1), dgamma = buffer(channels), dbeta = buffer(channels);
  const Buffer mean = buffer(channels), inv_std = buffer_of(call.saved_inv_std, channels, 1);
  for (std::int64_t c = 0; c < channels; ++c)
    mean.get()[c] = static_cast<float>(mean_of(call.saved_mean, call.saved_mean_low, c));
  if (!handle.bind(LIBXSMM_DNN_REGULAR_INPUT, x) || !handle.bind(LIBXSMM_DNN_GRADIENT_OUTPUT, dy) ||
      !handle.bind(LIBXSMM_DNN_GRADIENT_INPUT, dx) || !handle.bind(LIBXSMM_DNN_REGULAR_CHANNEL_GAMMA, gamma) ||
      !handle.bind(LIBXSMM_DNN_GRADIENT_CHANNEL_GAMMA, dgamma) ||
      !handle.bind(LIBXSMM_DNN_GRADIENT_CHANNEL_BETA, dbeta) || !handle.bind(LIBXSMM_DNN_CHANNEL_EXPECTVAL, mean) ||
      !handle.bind(LIBXSMM_DNN_CHANNEL_RCPSTDDEV, inv_std) || !handle.run(LIBXSMM_DNN_COMPUTE_KIND_BWD)) {
    return NORMPROOF_FAILED;
  }
  if (call.dx.data != nullptr) unblock(dx, block, call.dx);
  for (std::int64_t c = 0; c < channels; ++c) {
    if (call.dgamma.data != nullptr) floats(call.dgamma)[c] = dgamma.get()[c];
    if (call.dbeta.data != nullptr) floats(call.dbeta)[c] = dbeta.get()[c];
  }
  return NORMPROOF_OK;
}

// Nothing is thrown across the C interface.
template <class Run>
normproof_status guarded(const Run& run) {
  try {
    return run();
  } catch (...) {
    return NORMPROOF_FAILED;
  }
}

template <Form form>
normproof_status run_forward(const normproof_call* call) {
  return guarded([&] { return forward(*call, form); });
}
normproof_status run_backward(const normproof_call* call) {
  return guarded([&] { return backward(*call); });
}

constexpr std::uint32_t size = sizeof(normproof_kernel);
constexpr std::uint32_t f32 = 1U << NORMPROOF_F32;
const normproof_kernel kernels[] = {
    {size, "libxsmm_train_whole", "LIBXSMM, training, statistics and y at once, eps = 1e-7", NORMPROOF_BN_TRAIN, f32, 0,
     run_forward<Form::whole>},
    {size, "libxsmm_train_split", "LIBXSMM, training, statistics, then scaling", NORMPROOF_BN_TRAIN, f32, 0,
     run_forward<Form::split>},
    {size, "libxsmm_infer_scaling", "LIBXSMM, scaling with given statistics", NORMPROOF_BN_INFER, f32, 0,
     run_forward<Form::scaling>},
    {size, "libxsmm_train_backward", "LIBXSMM, backward in training", NORMPROOF_BN_TRAIN_BACKWARD, f32, 0,
     run_backward},
};
const normproof_library library = {NORMPROOF_ABI_VERSION, sizeof kernels / sizeof kernels[0], kernels};

}  // namespace
}  // namespace normproof::peers

extern "C" const normproof_library* normproof_kernels(std::uint32_t abi_version) {
  return abi_version == NORMPROOF_ABI_VERSION ? &normproof::peers::library : nullptr;
}
