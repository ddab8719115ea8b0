// What do the kernels of the zoo share? Views of the operands, the argument rules, and honest steps to leave one out
// of.
//
// What      A kernel of the zoo is a run over honest steps: `train<Steps>`, `infer<Steps>`, `backward<Steps>`, …. The
//           honest steps are TrainSteps, InferSteps, BackwardSteps, …; a faulty kernel derives its own Steps from them
//           and hides the one function that it gets wrong:
//             struct Steps : TrainSteps {
//               static double inv_std(double variance, double) { return 1 / std::sqrt(variance); }  // fault: no eps
//             };
//             … declare("batch_norm_no_eps", "…", NORMPROOF_BN_TRAIN, &train<Steps>)
// Layout    Every honest step takes any strides and y = x, dx = dy; f32 and f64.
// Accuracy  All arithmetic is in double, sums are compensated: far better than float, and as good as double can be.
// Why       Plain code that one can read beats fast code here: a faulty kernel is to be right but for its one line.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "impl/kernel.h"
#include "proofs_checks/conformance/result.hpp"
#include "tests/kernel_zoo/narrow_formats.hpp"

namespace normproof::zoo {

using FindingKind = conformance::Finding::Kind;

// A kernel with one line wrong. Any one of the right checks has to catch it, with a finding of the kind expected.
struct FaultyKernel {
  normproof_kernel kernel;
  std::string fault_class;  // "FC13", or the name of a class of our own
  std::string wrong_line;   // which line is wrong, in words
  std::vector<std::string> right_checks;
  FindingKind expected = FindingKind::value;
};

inline constexpr std::uint32_t f32_only = 1u << NORMPROOF_F32;
inline constexpr std::uint32_t f64_only = 1u << NORMPROOF_F64;
inline constexpr std::uint32_t f32_and_f64 = f32_only | f64_only;
inline constexpr std::uint32_t every_flag = NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC;
inline constexpr std::uint32_t dense_only = NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC;

inline normproof_kernel declare(const char* name, const char* summary, normproof_op op,
                                normproof_status (*run)(const normproof_call*), std::uint32_t dtypes = f32_and_f64,
                                std::uint32_t flags = every_flag) {
  return {sizeof(normproof_kernel), name, summary, op, dtypes, flags, run};
}

// ── Operands ───────────────────────────────────────────────────────────────────────────────────────────────────────

inline double element(const void* data, std::int32_t dtype, std::int64_t i) {
  return dtype == NORMPROOF_F64 ? static_cast<const double*>(data)[i]
                                : static_cast<double>(static_cast<const float*>(data)[i]);
}
inline void set_element(void* data, std::int32_t dtype, std::int64_t i, double value) {
  if (dtype == NORMPROOF_F64) {
    static_cast<double*>(data)[i] = value;
  } else {
    static_cast<float*>(data)[i] = static_cast<float>(value);
  }
}

inline std::int64_t place_of(const normproof_tensor& t, std::int64_t b, std::int64_t c, std::int64_t s) {
  return b * t.batch_stride + c * t.channel_stride + s * t.spatial_stride;
}
inline double get(const normproof_tensor& t, std::int64_t b, std::int64_t c, std::int64_t s) {
  return element(t.data, t.dtype, place_of(t, b, c, s));
}
inline void set(const normproof_tensor& t, std::int64_t b, std::int64_t c, std::int64_t s, double value) {
  set_element(t.data, t.dtype, place_of(t, b, c, s), value);
}
inline double get(const normproof_vector& v, std::int64_t c, double when_absent = 0) {
  return v.data == nullptr ? when_absent : element(v.data, v.dtype, c);
}
// Does nothing where the vector is absent.
inline void set(const normproof_vector& v, std::int64_t c, double value) {
  if (v.data != nullptr) set_element(v.data, v.dtype, c, value);
}
// What a vector of this dtype makes of a value.
inline double rounded(std::int32_t dtype, double value) {
  return dtype == NORMPROOF_F64 ? value : static_cast<double>(static_cast<float>(value));
}

// The m = batch · spatial values of one channel, counted batch by batch.
struct Channel {
  const normproof_tensor& tensor;
  std::int64_t channel;
  std::int64_t count() const { return tensor.batch * tensor.spatial; }
  double operator[](std::int64_t n) const { return get(tensor, n / tensor.spatial, channel, n % tensor.spatial); }
};

// Calls body(batch index, spatial index) for each of the m places of a channel.
template <class Body>
void each_place(const normproof_tensor& t, Body body) {
  for (std::int64_t b = 0; b < t.batch; ++b) {
    for (std::int64_t s = 0; s < t.spatial; ++s) body(b, s);
  }
}

// Element (b, c, s) is at (b·channels + c)·spatial + s. A stride over an extent of 0 or 1 carries no meaning.
inline bool is_batch_channels_spatial(const normproof_tensor& t) {
  return (t.batch <= 1 || t.batch_stride == t.channels * t.spatial) &&
         (t.channels <= 1 || t.channel_stride == t.spatial) && (t.spatial <= 1 || t.spatial_stride == 1);
}
// Element (b, c, s) is at (b·spatial + s)·channels + c.
inline bool is_batch_spatial_channels(const normproof_tensor& t) {
  return (t.batch <= 1 || t.batch_stride == t.channels * t.spatial) && (t.channels <= 1 || t.channel_stride == 1) &&
         (t.spatial <= 1 || t.spatial_stride == t.channels);
}

// A sum of doubles as if in twice the precision (Neumaier; the error of every addition is added at the end).
struct Sum {
  double high = 0, low = 0;
  void add(double value) {
    const double sum = high + value;
    low += std::abs(high) >= std::abs(value) ? (high - sum) + value : (value - sum) + high;
    high = sum;
  }
  double value() const { return high + low; }
};

// ── Arguments ──────────────────────────────────────────────────────────────────────────────────────────────────────

namespace detail {

inline bool has_what_it_needs(const normproof_call& k) {
  // By the extents of x: those of what is absent mean nothing.
  const auto are_there = [&](std::initializer_list<normproof_vector> vectors) {
    return k.x.channels == 0 || std::all_of(vectors.begin(), vectors.end(), [](auto& v) { return v.data != nullptr; });
  };
  const auto is_there = [&](const normproof_tensor& t) {
    return t.data != nullptr || k.x.batch == 0 || k.x.channels == 0 || k.x.spatial == 0;
  };
  if (!is_there(k.x)) return false;
  switch (k.op) {
    case NORMPROOF_BN_TRAIN: return is_there(k.y);
    case NORMPROOF_BN_INFER: return is_there(k.y) && are_there({k.running_mean, k.running_var});
    case NORMPROOF_BN_TRAIN_BACKWARD: return is_there(k.dy) && are_there({k.saved_mean, k.saved_inv_std});
    case NORMPROOF_BN_INFER_BACKWARD: return is_there(k.dy) && are_there({k.running_mean, k.running_var});
    case NORMPROOF_FN_TRAIN:
    case NORMPROOF_FN_INFER: return is_there(k.y) && are_there({k.fn_mean, k.fn_square});
    case NORMPROOF_FN_BACKWARD: return is_there(k.dy) && are_there({k.fn_mean, k.fn_square});
    default: return false;
  }
}

inline bool is_float_or_double(std::int32_t dtype) { return dtype == NORMPROOF_F32 || dtype == NORMPROOF_F64; }

}  // namespace detail

inline std::vector<const normproof_tensor*> tensors_of(const normproof_call& k) { return {&k.x, &k.y, &k.dy, &k.dx}; }
inline std::vector<const normproof_vector*> vectors_of(const normproof_call& k) {
  return {&k.gamma,         &k.beta,    &k.running_mean, &k.running_var, &k.saved_mean, &k.saved_mean_low,
          &k.saved_inv_std, &k.fn_mean, &k.fn_mean_low,  &k.fn_square,   &k.dgamma,     &k.dbeta};
}

// BAD_ARGUMENT for a call that makes no sense, UNSUPPORTED for a type that these accessors do not read, else OK.
inline normproof_status check_call(const normproof_call* call, normproof_op op) {
  if (call == nullptr || call->size < sizeof(normproof_call) || call->op != op) return NORMPROOF_BAD_ARGUMENT;
  if (!(call->eps >= 0)) return NORMPROOF_BAD_ARGUMENT;
  if (call->x.batch < 0 || call->x.channels < 0 || call->x.spatial < 0) return NORMPROOF_BAD_ARGUMENT;
  if (!detail::has_what_it_needs(*call)) return NORMPROOF_BAD_ARGUMENT;
  for (const normproof_tensor* t : tensors_of(*call)) {
    if (t->data == nullptr) continue;
    if (t->batch != call->x.batch || t->channels != call->x.channels || t->spatial != call->x.spatial) {
      return NORMPROOF_BAD_ARGUMENT;
    }
    if (!detail::is_float_or_double(t->dtype)) return NORMPROOF_UNSUPPORTED;
  }
  for (const normproof_vector* v : vectors_of(*call)) {
    if (v->data == nullptr) continue;
    if (v->length != call->x.channels) return NORMPROOF_BAD_ARGUMENT;
    if (!detail::is_float_or_double(v->dtype)) return NORMPROOF_UNSUPPORTED;
  }
  return NORMPROOF_OK;
}

// For a kernel that takes one dtype and dense operands only: UNSUPPORTED where a tensor is otherwise. `dense` is
// is_batch_channels_spatial or is_batch_spatial_channels.
inline normproof_status check_dense(const normproof_call* call, normproof_op op, normproof_dtype dtype,
                                    bool (*dense)(const normproof_tensor&)) {
  if (const normproof_status status = check_call(call, op); status != NORMPROOF_OK) return status;
  for (const normproof_tensor* t : tensors_of(*call)) {
    if (t->data != nullptr && (t->dtype != dtype || !dense(*t))) return NORMPROOF_UNSUPPORTED;
  }
  return NORMPROOF_OK;
}

// ── Training, forward ──────────────────────────────────────────────────────────────────────────────────────────────

struct TrainSteps {
  static normproof_status check(const normproof_call* call) { return check_call(call, NORMPROOF_BN_TRAIN); }

  static double mean(const Channel& x) {
    Sum sum;
    each_place(x.tensor, [&](auto b, auto s) { sum.add(get(x.tensor, b, x.channel, s)); });
    return sum.value() / static_cast<double>(x.count());
  }
  static double variance(const Channel& x, double mean) {
    Sum sum;
    each_place(x.tensor, [&](auto b, auto s) {
      const double centered = get(x.tensor, b, x.channel, s) - mean;
      sum.add(centered * centered);
    });
    return sum.value() / static_cast<double>(x.count());
  }
  static double inv_std(double variance, double eps) { return 1 / std::sqrt(variance + eps); }
  static double output(double x, double mean, double inv_std, double gamma, double beta) {
    return gamma * ((x - mean) * inv_std) + beta;
  }

  static bool updates_running(const normproof_call& call, std::int64_t count) {
    return count > 1 || (count == 1 && call.running_variance == NORMPROOF_VAR_BIASED);
  }
  static double new_running_mean(const normproof_call& call, double before, double mean) {
    return (1 - call.momentum) * before + call.momentum * mean;
  }
  static double new_running_var(const normproof_call& call, double before, double variance, std::int64_t count) {
    const double m = static_cast<double>(count);
    const double batch = call.running_variance == NORMPROOF_VAR_UNBIASED ? variance * m / (m - 1) : variance;
    return (1 - call.momentum) * before + call.momentum * batch;
  }

  static void save(const normproof_call& call, std::int64_t c, double mean, double inv_std) {
    set(call.saved_mean, c, mean);
    const std::int32_t dtype = call.saved_mean.data == nullptr ? call.x.dtype : call.saved_mean.dtype;
    set(call.saved_mean_low, c, mean - rounded(dtype, mean));
    set(call.saved_inv_std, c, inv_std);
  }
};

template <class Steps>
void train_channel(const normproof_call& call, std::int64_t c) {
  const Channel x{call.x, c};
  const double mean = Steps::mean(x);
  const double variance = Steps::variance(x, mean);
  const double inv_std = Steps::inv_std(variance, call.eps);
  const double gamma = get(call.gamma, c, 1), beta = get(call.beta, c, 0);
  each_place(call.x, [&](auto b, auto s) {
    set(call.y, b, c, s, Steps::output(get(call.x, b, c, s), mean, inv_std, gamma, beta));
  });
  if (Steps::updates_running(call, x.count())) {
    set(call.running_mean, c, Steps::new_running_mean(call, get(call.running_mean, c), mean));
    set(call.running_var, c, Steps::new_running_var(call, get(call.running_var, c), variance, x.count()));
  }
  Steps::save(call, c, mean, inv_std);
}

template <class Steps>
normproof_status train(const normproof_call* call) {
  if (const normproof_status status = Steps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.batch * call->x.spatial == 0) return NORMPROOF_OK;
  for (std::int64_t c = 0; c < call->x.channels; ++c) train_channel<Steps>(*call, c);
  return NORMPROOF_OK;
}

// ── What a channel is normalised with, where it is given ───────────────────────────────────────────────────────────

struct Statistics {
  double mean = 0, mean_low = 0, inv_std = 0;
  bool through_variance = true;  // false where the clamp of full normalization is active
};

inline Statistics saved_statistics(const normproof_call& call, std::int64_t c) {
  return {get(call.saved_mean, c), get(call.saved_mean_low, c), get(call.saved_inv_std, c), true};
}
inline Statistics running_statistics(const normproof_call& call, std::int64_t c) {
  return {get(call.running_mean, c), 0, 1 / std::sqrt(get(call.running_var, c) + call.eps), true};
}
// nu − mu², the squares of mu = high + low taken with their rounding errors, for nu and mu² nearly cancel.
inline double full_norm_variance(double high, double low, double square) {
  const double product = high * high;
  const double error = std::fma(high, high, -product);
  return ((square - product) - error) - low * (2 * high + low);
}
inline Statistics full_norm_statistics(const normproof_call& call, std::int64_t c) {
  const double high = get(call.fn_mean, c), low = get(call.fn_mean_low, c);
  const double variance = full_norm_variance(high, low, get(call.fn_square, c));
  return {high, low, 1 / std::sqrt(std::max(variance, call.eps)), variance > call.eps};
}

inline double x_hat_of(double x, const Statistics& of) { return ((x - of.mean) - of.mean_low) * of.inv_std; }

// ── Inference, forward ─────────────────────────────────────────────────────────────────────────────────────────────

struct InferSteps {
  static normproof_status check(const normproof_call* call) { return check_call(call, NORMPROOF_BN_INFER); }
  static Statistics statistics(const normproof_call& call, std::int64_t c) { return running_statistics(call, c); }
  static double output(double x, const Statistics& of, double gamma, double beta) {
    return gamma * x_hat_of(x, of) + beta;
  }
};
struct FullNormInferSteps : InferSteps {
  static normproof_status check(const normproof_call* call) { return check_call(call, NORMPROOF_FN_INFER); }
  static Statistics statistics(const normproof_call& call, std::int64_t c) { return full_norm_statistics(call, c); }
};

template <class Steps>
void infer_channel(const normproof_call& call, std::int64_t c) {
  const Statistics of = Steps::statistics(call, c);
  const double gamma = get(call.gamma, c, 1), beta = get(call.beta, c, 0);
  each_place(call.x,
             [&](auto b, auto s) { set(call.y, b, c, s, Steps::output(get(call.x, b, c, s), of, gamma, beta)); });
}

template <class Steps>
normproof_status infer(const normproof_call* call) {
  if (const normproof_status status = Steps::check(call); status != NORMPROOF_OK) return status;
  for (std::int64_t c = 0; c < call->x.channels; ++c) infer_channel<Steps>(*call, c);
  return NORMPROOF_OK;
}

// ── Backward ───────────────────────────────────────────────────────────────────────────────────────────────────────

struct GradientSums {
  double dbeta = 0;   // Σ dy
  double dgamma = 0;  // Σ dy x_hat
};

struct BackwardSteps {
  static normproof_status check(const normproof_call* call) { return check_call(call, NORMPROOF_BN_TRAIN_BACKWARD); }
  static Statistics statistics(const normproof_call& call, std::int64_t c) { return saved_statistics(call, c); }
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    Sum dbeta, dgamma;
    each_place(call.x, [&](auto b, auto s) {
      const double dy = get(call.dy, b, c, s);
      dbeta.add(dy);
      dgamma.add(dy * x_hat_of(get(call.x, b, c, s), of));
    });
    return {dbeta.value(), dgamma.value()};
  }
  // m is the number of values in a channel.
  static double input_gradient(double dy, double x_hat, double gamma, const Statistics& of, const GradientSums& sums,
                               double m) {
    const double of_variance = of.through_variance ? x_hat * (sums.dgamma / m) : 0.0;
    return gamma * of.inv_std * (dy - sums.dbeta / m - of_variance);
  }
  static void write_parameter_gradients(const normproof_call& call, std::int64_t c, const GradientSums& sums) {
    set(call.dgamma, c, sums.dgamma);
    set(call.dbeta, c, sums.dbeta);
  }
};
struct InferBackwardSteps : BackwardSteps {
  static normproof_status check(const normproof_call* call) { return check_call(call, NORMPROOF_BN_INFER_BACKWARD); }
  static Statistics statistics(const normproof_call& call, std::int64_t c) { return running_statistics(call, c); }
  static double input_gradient(double dy, double, double gamma, const Statistics& of, const GradientSums&, double) {
    return gamma * of.inv_std * dy;
  }
};
struct FullNormBackwardSteps : BackwardSteps {
  static normproof_status check(const normproof_call* call) { return check_call(call, NORMPROOF_FN_BACKWARD); }
  static Statistics statistics(const normproof_call& call, std::int64_t c) { return full_norm_statistics(call, c); }
};

template <class Steps>
void backward_channel(const normproof_call& call, std::int64_t c) {
  const Statistics of = Steps::statistics(call, c);
  const GradientSums sums = Steps::sums(call, c, of);
  if (call.dx.data != nullptr) {
    const double gamma = get(call.gamma, c, 1), m = static_cast<double>(Channel{call.x, c}.count());
    each_place(call.x, [&](auto b, auto s) {
      const double dy = get(call.dy, b, c, s), x_hat = x_hat_of(get(call.x, b, c, s), of);
      set(call.dx, b, c, s, Steps::input_gradient(dy, x_hat, gamma, of, sums, m));
    });
  }
  Steps::write_parameter_gradients(call, c, sums);
}

template <class Steps>
normproof_status backward(const normproof_call* call) {
  if (const normproof_status status = Steps::check(call); status != NORMPROOF_OK) return status;
  for (std::int64_t c = 0; c < call->x.channels; ++c) backward_channel<Steps>(*call, c);
  return NORMPROOF_OK;
}

// ── Full normalization, training ───────────────────────────────────────────────────────────────────────────────────

struct FullNormTrainSteps : FullNormInferSteps {
  static normproof_status check(const normproof_call* call) { return check_call(call, NORMPROOF_FN_TRAIN); }
  static double mean(const Channel& x) { return TrainSteps::mean(x); }
  static double square(const Channel& x) {
    Sum sum;
    each_place(x.tensor, [&](auto b, auto s) {
      const double value = get(x.tensor, b, x.channel, s);
      sum.add(value * value);
    });
    return sum.value() / static_cast<double>(x.count());
  }
  static void update_mean(const normproof_call& call, std::int64_t c, double mean) {
    // The low part is what double leaves over; long double is as wide or wider.
    const long double before = static_cast<long double>(get(call.fn_mean, c)) + get(call.fn_mean_low, c);
    const long double updated = (1 - static_cast<long double>(call.momentum)) * before + call.momentum * mean;
    set(call.fn_mean, c, static_cast<double>(updated));
    set(call.fn_mean_low, c, static_cast<double>(updated - get(call.fn_mean, c)));
  }
  static void update_square(const normproof_call& call, std::int64_t c, double square) {
    set(call.fn_square, c, (1 - call.momentum) * get(call.fn_square, c) + call.momentum * square);
  }
};

template <class Steps>
normproof_status full_norm_train(const normproof_call* call) {
  if (const normproof_status status = Steps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.batch * call->x.spatial == 0) return NORMPROOF_OK;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    const Channel x{call->x, c};
    const double mean = Steps::mean(x), square = Steps::square(x);
    Steps::update_mean(*call, c, mean);
    Steps::update_square(*call, c, square);
    infer_channel<Steps>(*call, c);
  }
  return NORMPROOF_OK;
}

}  // namespace normproof::zoo
