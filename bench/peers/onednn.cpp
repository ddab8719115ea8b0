// How does oneDNN's batch normalization stand behind the C interface? N×C×spatial, N×spatial×C, blocks of 8 and of 16.
//
// oneDNN (2.6) computes y, mean, variance; dx and the gradients of scale and shift, from batch statistics or from given
// ones. The adapter makes inv_std and the running statistics from its mean and variance, in double; backward it hands
// over 1/inv_std² as the variance, 0 as eps, and saved_mean + saved_mean_low, rounded, as the mean. The blocked kernels
// copy into the layouts nChw8c and nChw16c and back, with oneDNN's own reorder; the others work on the memory of the
// call.
//
// Refused, because oneDNN has no way to say it: x in f64; other strides than those of the kernel's layout; y, dy, dx or
// a vector in another type than f32; backward, an inv_std whose 1/inv_std² is no normal f32; and what oneDNN calls
// unimplemented.
//
// Primitives are kept, one for each thing that oneDNN was asked for: layout, extents, direction, flags, eps as the
// float that oneDNN gets, number of threads. Each thread keeps its own: oneDNN wants a primitive executed by the thread
// that made it, unless it was built for more.
#include <cmath>
#include <limits>
#include <map>
#include <oneapi/dnnl/dnnl.hpp>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "bench/peers/peer_call.hpp"

namespace normproof::peers {
namespace {

using dnnl::memory;
using Tag = memory::format_tag;
using Flags = dnnl::normalization_flags;

struct Form {
  DenseOrder order;  // of the operands in the call
  Tag outside;       // the same in oneDNN's words
  Tag inside;        // what oneDNN works on
};
constexpr Form nchw = {DenseOrder::channels_first, Tag::abcd, Tag::abcd};
constexpr Form nhwc = {DenseOrder::channels_last, Tag::acdb, Tag::acdb};
constexpr Form blocked8 = {DenseOrder::channels_first, Tag::abcd, Tag::aBcd8b};
constexpr Form blocked16 = {DenseOrder::channels_first, Tag::abcd, Tag::aBcd16b};

dnnl::engine& cpu() {
  static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}
dnnl::stream& stream() {
  thread_local dnnl::stream stream(cpu());
  return stream;
}

// Images of one row: of three extents oneDNN takes its plain reference code, of four the code that is used.
memory::desc description(const normproof_tensor& x, Tag tag) {
  return {{x.batch, x.channels, 1, x.spatial}, memory::data_type::f32, tag};
}

// An operand as it is in the call, and as oneDNN works on it.
class Operand {
 public:
  Operand(const normproof_tensor& t, const Form& form, bool is_read)
      : outside_(description(t, form.outside), cpu(), t.data), copied_(form.inside != form.outside) {
    inside_ = copied_ ? memory(description(t, form.inside), cpu()) : outside_;
    if (copied_ && is_read) dnnl::reorder(outside_, inside_).execute(stream(), outside_, inside_);
  }
  void finish() {
    if (copied_) dnnl::reorder(inside_, outside_).execute(stream(), inside_, outside_);
  }
  memory& inside() { return inside_; }

 private:
  memory outside_, inside_;
  bool copied_;
};

// What oneDNN does not write is seen: no number of the adapter's own stands in its place.
std::vector<float> unwritten(std::int64_t channels) {
  return std::vector<float>(static_cast<std::size_t>(channels), std::numeric_limits<float>::quiet_NaN());
}

memory vector_memory(float* values, std::int64_t length) {
  return {{{length}, memory::data_type::f32, Tag::a}, cpu(), values};
}
memory vector_memory(std::vector<float>& values) {
  return vector_memory(values.data(), static_cast<std::int64_t>(values.size()));
}

void store(const normproof_vector& v, const std::vector<float>& values) {
  if (v.data == nullptr) return;
  for (std::size_t c = 0; c < values.size(); ++c) floats(v)[c] = values[c];
}

// The primitive for such a call; kept, for making one compiles code.
struct Asked {
  Tag inside;
  dnnl::prop_kind direction;
  Flags flags;
  float eps;
  int threads;
};

dnnl::primitive made(const normproof_tensor& x, const Asked& asked) {
  const memory::desc data = description(x, asked.inside);
  const bool backward =
      asked.direction == dnnl::prop_kind::backward || asked.direction == dnnl::prop_kind::backward_data;
  const dnnl::batch_normalization_forward::primitive_desc forward(
      {backward ? dnnl::prop_kind::forward_training : asked.direction, data, asked.eps, asked.flags}, cpu());
  if (!backward) return dnnl::batch_normalization_forward(forward);
  return dnnl::batch_normalization_backward({{asked.direction, data, data, asked.eps, asked.flags}, cpu(), forward});
}

const dnnl::primitive& primitive(const normproof_tensor& x, const Asked& asked) {
  using Key = std::tuple<Tag, dnnl::prop_kind, Flags, float, int, std::int64_t, std::int64_t, std::int64_t>;
  constexpr std::size_t most_kept = 512;  // a primitive holds its code and scratch memory
  thread_local std::map<Key, dnnl::primitive> kept;
  const Key key(asked.inside, asked.direction, asked.flags, asked.eps, asked.threads, x.batch, x.channels, x.spatial);
  const auto found = kept.find(key);
  if (found != kept.end()) return found->second;
  if (kept.size() == most_kept) kept.clear();
  return kept.emplace(key, made(x, asked)).first->second;
}

Flags flags_of(const normproof_vector& scale, const normproof_vector& shift, bool given_statistics) {
  Flags flags = Flags::none;
  if (scale.data != nullptr) flags = flags | Flags::use_scale;
  if (shift.data != nullptr) flags = flags | Flags::use_shift;
  if (given_statistics) flags = flags | Flags::use_global_stats;
  return flags;
}

using Arguments = std::unordered_map<int, memory>;

normproof_status forward(const normproof_call& call, const Form& form, bool training) {
  if (makes_no_sense(call)) return NORMPROOF_BAD_ARGUMENT;
  if (!training && (call.running_mean.data == nullptr || call.running_var.data == nullptr))
    return NORMPROOF_BAD_ARGUMENT;
  if (!is_dense(call.x, form.order) || !is_dense(call.y, form.order) || call.y.dtype != NORMPROOF_F32 ||
      !all_f32({&call.gamma, &call.beta, &call.running_mean, &call.running_var, &call.saved_mean, &call.saved_mean_low,
                &call.saved_inv_std})) {
    return NORMPROOF_UNSUPPORTED;
  }
  const ThreadLimit limit(call);
  const Asked asked = {form.inside, training ? dnnl::prop_kind::forward_training : dnnl::prop_kind::forward_inference,
                       flags_of(call.gamma, call.beta, !training), static_cast<float>(call.eps), call.threads};
  const dnnl::primitive& normalize = primitive(call.x, asked);
  Operand x(call.x, form, true), y(call.y, form, false);
  std::vector<float> mean = unwritten(call.x.channels), variance = mean;
  Arguments arguments = {{DNNL_ARG_SRC, x.inside()}, {DNNL_ARG_DST, y.inside()}};
  arguments[DNNL_ARG_MEAN] = training ? vector_memory(mean) : vector_memory(floats(call.running_mean), call.x.channels);
  arguments[DNNL_ARG_VARIANCE] =
      training ? vector_memory(variance) : vector_memory(floats(call.running_var), call.x.channels);
  if (call.gamma.data != nullptr) arguments[DNNL_ARG_SCALE] = vector_memory(floats(call.gamma), call.x.channels);
  if (call.beta.data != nullptr) arguments[DNNL_ARG_SHIFT] = vector_memory(floats(call.beta), call.x.channels);
  normalize.execute(stream(), arguments);
  y.finish();
  stream().wait();
  if (!training) return NORMPROOF_OK;
  update_running(call, mean.data(), variance.data());
  store(call.saved_mean, mean);
  store(call.saved_mean_low, std::vector<float>(mean.size(), 0.0F));
  for (float& v : variance) v = inv_std_of(v, call.eps);
  store(call.saved_inv_std, variance);
  return NORMPROOF_OK;
}

float variance_for(float inv_std) {
  return static_cast<float>(1 / (static_cast<double>(inv_std) * static_cast<double>(inv_std)));
}

normproof_status backward(const normproof_call& call, const Form& form, bool training) {
  if (makes_no_sense(call)) return NORMPROOF_BAD_ARGUMENT;
  const normproof_vector& given_mean = training ? call.saved_mean : call.running_mean;
  const normproof_vector& given_spread = training ? call.saved_inv_std : call.running_var;
  if (given_mean.data == nullptr || given_spread.data == nullptr) return NORMPROOF_BAD_ARGUMENT;
  if (!is_dense(call.x, form.order) || !is_dense(call.dy, form.order) || call.dy.dtype != NORMPROOF_F32 ||
      (call.dx.data != nullptr && (!is_dense(call.dx, form.order) || call.dx.dtype != NORMPROOF_F32)) ||
      !all_f32({&call.gamma, &given_mean, &given_spread, &call.dgamma, &call.dbeta})) {
    return NORMPROOF_UNSUPPORTED;
  }
  const ThreadLimit limit(call);
  // oneDNN always makes dx.
  std::vector<float> unwanted;
  normproof_tensor dx_place = call.dx;
  if (dx_place.data == nullptr) {
    dx_place = call.x;
    unwanted.resize(static_cast<std::size_t>(call.x.batch * call.x.channels * call.x.spatial));
    dx_place.data = unwanted.data();
  }
  // It makes the gradients of scale and shift where it has a scale and a shift: both, of 1 and 0 if there are none.
  const bool gradients = call.dgamma.data != nullptr || call.dbeta.data != nullptr;
  std::vector<float> ones(static_cast<std::size_t>(call.x.channels), 1.0F), zeros(ones.size(), 0.0F);
  std::vector<float> mean(ones.size()), variance(ones.size());
  for (std::int64_t c = 0; c < call.x.channels; ++c) {
    const auto at = static_cast<std::size_t>(c);
    mean[at] = static_cast<float>(mean_of(given_mean, call.saved_mean_low, c));
    variance[at] = training ? variance_for(floats(given_spread)[c]) : floats(given_spread)[c];
    if (training && std::isfinite(floats(given_spread)[c]) && !std::isnormal(variance[at]))
      return NORMPROOF_UNSUPPORTED;
  }
  Flags flags = flags_of(call.gamma, {}, !training);
  if (gradients) flags = flags | Flags::use_scale | Flags::use_shift;
  const Asked asked = {form.inside, gradients ? dnnl::prop_kind::backward : dnnl::prop_kind::backward_data, flags,
                       training ? 0.0F : static_cast<float>(call.eps), call.threads};
  const dnnl::primitive& differentiate = primitive(call.x, asked);
  Operand x(call.x, form, true), dy(call.dy, form, true), dx(dx_place, form, false);
  std::vector<float> dgamma = unwritten(call.x.channels), dbeta = dgamma;
  Arguments arguments = {
      {DNNL_ARG_SRC, x.inside()},
      {DNNL_ARG_DIFF_DST, dy.inside()},
      {DNNL_ARG_DIFF_SRC, dx.inside()},
      {DNNL_ARG_MEAN, vector_memory(mean)},
      {DNNL_ARG_VARIANCE, vector_memory(variance)},
      {DNNL_ARG_SCALE,
       call.gamma.data != nullptr ? vector_memory(floats(call.gamma), call.x.channels) : vector_memory(ones)}};
  if (gradients) {
    arguments[DNNL_ARG_SHIFT] = vector_memory(zeros);
    arguments[DNNL_ARG_DIFF_SCALE] = vector_memory(dgamma);
    arguments[DNNL_ARG_DIFF_SHIFT] = vector_memory(dbeta);
  }
  differentiate.execute(stream(), arguments);
  if (call.dx.data != nullptr) dx.finish();
  stream().wait();
  store(call.dgamma, dgamma);
  store(call.dbeta, dbeta);
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
  return guarded([&] { return backward(*call, form, true); });
}
template <const Form& form>
normproof_status infer_backward(const normproof_call* call) {
  return guarded([&] { return backward(*call, form, false); });
}

constexpr std::uint32_t f32 = 1U << NORMPROOF_F32;
constexpr std::uint32_t size = sizeof(normproof_kernel);
constexpr std::uint32_t flags = NORMPROOF_IN_PLACE;  // oneDNN's documentation: source and destination may be the same
const normproof_kernel kernels[] = {
    {size, "onednn_train_nchw", "oneDNN, training, N×C×spatial", NORMPROOF_BN_TRAIN, f32, flags, train<nchw>},
    {size, "onednn_train_nhwc", "oneDNN, training, N×spatial×C", NORMPROOF_BN_TRAIN, f32, flags, train<nhwc>},
    {size, "onednn_train_blocked8", "oneDNN, training, blocks of 8 channels", NORMPROOF_BN_TRAIN, f32, flags,
     train<blocked8>},
    {size, "onednn_train_blocked16", "oneDNN, training, blocks of 16 channels", NORMPROOF_BN_TRAIN, f32, flags,
     train<blocked16>},
    {size, "onednn_infer_nchw", "oneDNN, inference, N×C×spatial", NORMPROOF_BN_INFER, f32, flags, infer<nchw>},
    {size, "onednn_infer_nhwc", "oneDNN, inference, N×spatial×C", NORMPROOF_BN_INFER, f32, flags, infer<nhwc>},
    {size, "onednn_infer_blocked8", "oneDNN, inference, blocks of 8 channels", NORMPROOF_BN_INFER, f32, flags,
     infer<blocked8>},
    {size, "onednn_infer_blocked16", "oneDNN, inference, blocks of 16 channels", NORMPROOF_BN_INFER, f32, flags,
     infer<blocked16>},
    {size, "onednn_train_backward_nchw", "oneDNN, backward in training, N×C×spatial", NORMPROOF_BN_TRAIN_BACKWARD, f32,
     flags, train_backward<nchw>},
    {size, "onednn_train_backward_nhwc", "oneDNN, backward in training, N×spatial×C", NORMPROOF_BN_TRAIN_BACKWARD, f32,
     flags, train_backward<nhwc>},
    {size, "onednn_train_backward_blocked8", "oneDNN, backward in training, blocks of 8 channels",
     NORMPROOF_BN_TRAIN_BACKWARD, f32, flags, train_backward<blocked8>},
    {size, "onednn_train_backward_blocked16", "oneDNN, backward in training, blocks of 16 channels",
     NORMPROOF_BN_TRAIN_BACKWARD, f32, flags, train_backward<blocked16>},
    {size, "onednn_infer_backward_nchw", "oneDNN, backward in inference, N×C×spatial", NORMPROOF_BN_INFER_BACKWARD, f32,
     flags, infer_backward<nchw>},
    {size, "onednn_infer_backward_nhwc", "oneDNN, backward in inference, N×spatial×C", NORMPROOF_BN_INFER_BACKWARD, f32,
     flags, infer_backward<nhwc>},
    {size, "onednn_infer_backward_blocked8", "oneDNN, backward in inference, blocks of 8 channels",
     NORMPROOF_BN_INFER_BACKWARD, f32, flags, infer_backward<blocked8>},
    {size, "onednn_infer_backward_blocked16", "oneDNN, backward in inference, blocks of 16 channels",
     NORMPROOF_BN_INFER_BACKWARD, f32, flags, infer_backward<blocked16>},
};
const normproof_library library = {NORMPROOF_ABI_VERSION, sizeof kernels / sizeof kernels[0], kernels};

}  // namespace
}  // namespace normproof::peers

extern "C" const normproof_library* normproof_kernels(std::uint32_t abi_version) {
  return abi_version == NORMPROOF_ABI_VERSION ? &normproof::peers::library : nullptr;
}
