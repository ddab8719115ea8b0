// How does oneDNN's batch normalization stand behind the C interface? N×C×spatial, N×spatial×C and 16-channel blocks.
//
// oneDNN (2.6) computes y, mean, variance; dx, and the gradients of scale and shift. The adapter makes inv_std and the
// running statistics from its mean and variance, in double; backward it hands over 1/inv_std² as the variance and
// eps = 0. The blocked kernels copy into the layout nCw16c and back.
#include <oneapi/dnnl/dnnl.hpp>
#include <vector>

#include "bench/peers/peer_call.hpp"

namespace normproof::peers {
namespace {

using dnnl::memory;
using Tag = memory::format_tag;

struct Form {
  DenseOrder order;  // of the operands in the call
  Tag inside;        // what oneDNN works on
};
constexpr Form nchw = {DenseOrder::channels_first, Tag::abc};
constexpr Form nhwc = {DenseOrder::channels_last, Tag::acb};
constexpr Form blocked = {DenseOrder::channels_first, Tag::aBc16b};

dnnl::engine& cpu() {
  static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

memory::dims extents(const normproof_tensor& x) { return {x.batch, x.channels, x.spatial}; }

// An operand as it is in the call, and as oneDNN works on it.
class Operand {
 public:
  Operand(const normproof_tensor& t, const Form& form, dnnl::stream& stream, bool is_read)
      : outside_({extents(t), memory::data_type::f32, form.order == DenseOrder::channels_first ? Tag::abc : Tag::acb},
                 cpu(), t.data),
        inside_(form.inside == Tag::aBc16b ? memory({extents(t), memory::data_type::f32, form.inside}, cpu())
                                           : outside_),
        copied_(form.inside == Tag::aBc16b) {
    if (copied_ && is_read) dnnl::reorder(outside_, inside_).execute(stream, outside_, inside_);
  }
  void finish(dnnl::stream& stream) {
    if (copied_) dnnl::reorder(inside_, outside_).execute(stream, inside_, outside_);
  }
  memory& inside() { return inside_; }
  memory::desc description() const { return inside_.get_desc(); }

 private:
  memory outside_, inside_;
  bool copied_;
};

memory vector_memory(std::vector<float>& values) {
  return {{{static_cast<memory::dim>(values.size())}, memory::data_type::f32, Tag::a}, cpu(), values.data()};
}

// Scale and shift in one 2 × C block.
std::vector<float> scale_and_shift(const normproof_call& call) {
  const auto channels = static_cast<std::size_t>(call.x.channels);
  std::vector<float> both(2 * channels);
  for (std::size_t c = 0; c < channels; ++c) {
    both[c] = call.gamma.data != nullptr ? floats(call.gamma)[c] : 1;
    both[channels + c] = call.beta.data != nullptr ? floats(call.beta)[c] : 0;
  }
  return both;
}

memory both_memory(std::vector<float>& both) {
  const auto channels = static_cast<memory::dim>(both.size() / 2);
  return {{{2, channels}, memory::data_type::f32, Tag::ab}, cpu(), both.data()};
}

normproof_status forward(const normproof_call& call, const Form& form, bool training) {
  if (makes_no_sense(call)) return NORMPROOF_BAD_ARGUMENT;
  if (!training && (call.running_mean.data == nullptr || call.running_var.data == nullptr))
    return NORMPROOF_BAD_ARGUMENT;
  if (!is_dense(call.x, form.order) || !is_dense(call.y, form.order) || call.y.dtype != NORMPROOF_F32 ||
      !all_f32({&call.gamma, &call.beta, &call.running_mean, &call.running_var, &call.saved_mean, &call.saved_mean_low,
                &call.saved_inv_std})) {
    return NORMPROOF_UNSUPPORTED;
  }
  if (call.x.batch == 0 || call.x.spatial == 0 || call.x.channels == 0) return NORMPROOF_UNSUPPORTED;
  dnnl::stream stream(cpu());
  Operand x(call.x, form, stream, true), y(call.y, form, stream, false);
  const auto channels = static_cast<std::size_t>(call.x.channels);
  std::vector<float> mean(channels), variance(channels), both = scale_and_shift(call);
  auto flags = dnnl::normalization_flags::use_scale_shift;
  if (!training) {
    flags = flags | dnnl::normalization_flags::use_global_stats;
    for (std::size_t c = 0; c < channels; ++c) {
      mean[c] = floats(call.running_mean)[c];
      variance[c] = floats(call.running_var)[c];
    }
  }
  const dnnl::batch_normalization_forward::primitive_desc description(
      {training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference, x.description(),
       static_cast<float>(call.eps), flags},
      cpu());
  dnnl::batch_normalization_forward(description)
      .execute(stream, {{DNNL_ARG_SRC, x.inside()},
                        {DNNL_ARG_DST, y.inside()},
                        {DNNL_ARG_MEAN, vector_memory(mean)},
                        {DNNL_ARG_VARIANCE, vector_memory(variance)},
                        {DNNL_ARG_SCALE_SHIFT, both_memory(both)}});
  y.finish(stream);
  stream.wait();
  if (!training) return NORMPROOF_OK;
  update_running(call, mean.data(), variance.data());
  for (std::size_t c = 0; c < channels; ++c) {
    if (call.saved_mean.data != nullptr) floats(call.saved_mean)[c] = mean[c];
    if (call.saved_mean_low.data != nullptr) floats(call.saved_mean_low)[c] = 0;
    if (call.saved_inv_std.data != nullptr) floats(call.saved_inv_std)[c] = inv_std_of(variance[c], call.eps);
  }
  return NORMPROOF_OK;
}

normproof_status backward(const normproof_call& call, const Form& form) {
  if (makes_no_sense(call)) return NORMPROOF_BAD_ARGUMENT;
  if (call.saved_mean.data == nullptr || call.saved_inv_std.data == nullptr) return NORMPROOF_BAD_ARGUMENT;
  if (!is_dense(call.x, form.order) || !is_dense(call.dy, form.order) || call.dy.dtype != NORMPROOF_F32 ||
      (call.dx.data != nullptr && (!is_dense(call.dx, form.order) || call.dx.dtype != NORMPROOF_F32)) ||
      !all_f32({&call.gamma, &call.saved_mean, &call.saved_mean_low, &call.saved_inv_std, &call.dgamma, &call.dbeta})) {
    return NORMPROOF_UNSUPPORTED;
  }
  if (call.x.batch == 0 || call.x.spatial == 0 || call.x.channels == 0) return NORMPROOF_UNSUPPORTED;
  dnnl::stream stream(cpu());
  std::vector<float> unwanted;
  normproof_tensor dx_place = call.dx;
  if (dx_place.data == nullptr) {
    dx_place = call.x;
    unwanted.resize(static_cast<std::size_t>(call.x.batch * call.x.channels * call.x.spatial));
    dx_place.data = unwanted.data();
  }
  Operand x(call.x, form, stream, true), dy(call.dy, form, stream, true), dx(dx_place, form, stream, false);
  const auto channels = static_cast<std::size_t>(call.x.channels);
  std::vector<float> mean(channels), variance(channels), both = scale_and_shift(call), gradients(2 * channels);
  for (std::size_t c = 0; c < channels; ++c) {
    mean[c] = floats(call.saved_mean)[c];
    const double inv_std = static_cast<double>(floats(call.saved_inv_std)[c]);
    variance[c] = static_cast<float>(1 / (inv_std * inv_std));
  }
  const auto flags = dnnl::normalization_flags::use_scale_shift;
  const dnnl::batch_normalization_forward::primitive_desc hint(
      {dnnl::prop_kind::forward_training, x.description(), 0.0F, flags}, cpu());
  const dnnl::batch_normalization_backward::primitive_desc description(
      {dnnl::prop_kind::backward, dy.description(), x.description(), 0.0F, flags}, cpu(), hint);
  dnnl::batch_normalization_backward(description)
      .execute(stream, {{DNNL_ARG_SRC, x.inside()},
                        {DNNL_ARG_DIFF_DST, dy.inside()},
                        {DNNL_ARG_DIFF_SRC, dx.inside()},
                        {DNNL_ARG_MEAN, vector_memory(mean)},
                        {DNNL_ARG_VARIANCE, vector_memory(variance)},
                        {DNNL_ARG_SCALE_SHIFT, both_memory(both)},
                        {DNNL_ARG_DIFF_SCALE_SHIFT, both_memory(gradients)}});
  if (call.dx.data != nullptr) dx.finish(stream);
  stream.wait();
  for (std::size_t c = 0; c < channels; ++c) {
    if (call.dgamma.data != nullptr) floats(call.dgamma)[c] = gradients[c];
    if (call.dbeta.data != nullptr) floats(call.dbeta)[c] = gradients[channels + c];
  }
  return NORMPROOF_OK;
}

// Nothing is thrown across the C interface.
template <class Run>
normproof_status guarded(const Run& run) {
  try {
    return run();
  } catch (const dnnl::error& error) {
    return error.status == dnnl_unimplemented ? NORMPROOF_UNSUPPORTED : NORMPROOF_FAILED;
  } catch (...) {
    return NORMPROOF_FAILED;
  }
}

template <const Form& form>
normproof_status train(const normproof_call* call) {
  return guarded([&] { return forward(*call, form, true); });
}
template <const Form& form>
normproof_status infer(const normproof_call* call) {
  return guarded([&] { return forward(*call, form, false); });
}
template <const Form& form>
normproof_status train_backward(const normproof_call* call) {
  return guarded([&] { return backward(*call, form); });
}

constexpr std::uint32_t f32 = 1U << NORMPROOF_F32;
constexpr std::uint32_t size = sizeof(normproof_kernel);
const normproof_kernel kernels[] = {
    {size, "onednn_train_nchw", "oneDNN, training, N×C×spatial", NORMPROOF_BN_TRAIN, f32, 0, train<nchw>},
    {size, "onednn_train_nhwc", "oneDNN, training, N×spatial×C", NORMPROOF_BN_TRAIN, f32, 0, train<nhwc>},
    {size, "onednn_train_blocked", "oneDNN, training, blocks of 16 channels", NORMPROOF_BN_TRAIN, f32, 0,
     train<blocked>},
    {size, "onednn_infer_nchw", "oneDNN, inference, N×C×spatial", NORMPROOF_BN_INFER, f32, 0, infer<nchw>},
    {size, "onednn_infer_nhwc", "oneDNN, inference, N×spatial×C", NORMPROOF_BN_INFER, f32, 0, infer<nhwc>},
    {size, "onednn_infer_blocked", "oneDNN, inference, blocks of 16 channels", NORMPROOF_BN_INFER, f32, 0,
     infer<blocked>},
    {size, "onednn_backward_nchw", "oneDNN, backward, N×C×spatial", NORMPROOF_BN_TRAIN_BACKWARD, f32, 0,
     train_backward<nchw>},
    {size, "onednn_backward_nhwc", "oneDNN, backward, N×spatial×C", NORMPROOF_BN_TRAIN_BACKWARD, f32, 0,
     train_backward<nhwc>},
    {size, "onednn_backward_blocked", "oneDNN, backward, blocks of 16 channels", NORMPROOF_BN_TRAIN_BACKWARD, f32, 0,
     train_backward<blocked>},
};
const normproof_library library = {NORMPROOF_ABI_VERSION, sizeof kernels / sizeof kernels[0], kernels};

}  // namespace
}  // namespace normproof::peers

extern "C" const normproof_library* normproof_kernels(std::uint32_t abi_version) {
  return abi_version == NORMPROOF_ABI_VERSION ? &normproof::peers::library : nullptr;
}
