// What does a plain and right kernel look like, for tests that need one?
//
// All seven operations in double, two passes, one thread, any strides, f32 and f64 for every operand by itself. Nothing
// of it comes from the project: tests hold the judge against it, and make faulty kernels by changing what it wrote.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "impl/kernel.h"

namespace normproof::conformance::honest {

inline double load(const void* data, std::int32_t dtype, std::int64_t i) {
  return dtype == NORMPROOF_F32 ? static_cast<const float*>(data)[i] : static_cast<const double*>(data)[i];
}
inline void store(void* data, std::int32_t dtype, std::int64_t i, double value) {
  if (dtype == NORMPROOF_F32) {
    static_cast<float*>(data)[i] = static_cast<float>(value);
  } else {
    static_cast<double*>(data)[i] = value;
  }
}

inline std::int64_t place(const normproof_tensor& t, std::int64_t b, std::int64_t c, std::int64_t s) {
  return b * t.batch_stride + c * t.channel_stride + s * t.spatial_stride;
}
inline double get(const normproof_tensor& t, std::int64_t b, std::int64_t c, std::int64_t s) {
  return load(t.data, t.dtype, place(t, b, c, s));
}
inline void put(const normproof_tensor& t, std::int64_t b, std::int64_t c, std::int64_t s, double value) {
  store(t.data, t.dtype, place(t, b, c, s), value);
}
inline double get(const normproof_vector& v, std::int64_t c, double absent) {
  return v.data == nullptr ? absent : load(v.data, v.dtype, c);
}
inline void put(const normproof_vector& v, std::int64_t c, double value) {
  if (v.data != nullptr) store(v.data, v.dtype, c, value);
}

template <class F>
void each(const normproof_tensor& x, F f) {
  for (std::int64_t b = 0; b < x.batch; ++b)
    for (std::int64_t s = 0; s < x.spatial; ++s) f(b, s);
}

inline bool is_absent(const normproof_call& call) {
  const auto absent = [](const normproof_vector& v) { return v.data == nullptr; };
  switch (call.op) {
    case NORMPROOF_BN_INFER:
    case NORMPROOF_BN_INFER_BACKWARD: return absent(call.running_mean) || absent(call.running_var);
    case NORMPROOF_BN_TRAIN_BACKWARD: return absent(call.saved_mean) || absent(call.saved_inv_std);
    case NORMPROOF_FN_TRAIN:
    case NORMPROOF_FN_INFER:
    case NORMPROOF_FN_BACKWARD: return absent(call.fn_mean) || absent(call.fn_square);
    default: return false;
  }
}

struct Scale {
  double mean = 0, low = 0, inv_std = 0;
  bool through_variance = true;
  double x_hat(double x) const { return ((x - mean) - low) * inv_std; }
};

inline Scale full_norm_scale(const normproof_call& call, std::int64_t c) {
  const double high = get(call.fn_mean, c, 0), rest = get(call.fn_mean_low, c, 0);
  const double mean = high + rest, low = rest - (mean - high);  // |high| ≥ |rest| in a state that was made so
  const double square = get(call.fn_square, c, 0);
  const double mean_square = mean * mean, lost = std::fma(mean, mean, -mean_square);
  const double variance = ((square - mean_square) - lost) - 2 * mean * low;
  const bool open = variance > call.eps;
  return {mean, low, 1 / std::sqrt(open || std::isnan(variance) ? variance : call.eps), open};
}

inline void write_output(const normproof_call& call, std::int64_t c, const Scale& scale) {
  each(call.x, [&](std::int64_t b, std::int64_t s) {
    put(call.y, b, c, s, scale.x_hat(get(call.x, b, c, s)) * get(call.gamma, c, 1) + get(call.beta, c, 0));
  });
}

inline void train(const normproof_call& call, std::int64_t c) {
  const double m = static_cast<double>(call.x.batch * call.x.spatial);
  if (m == 0) return;
  double sum = 0, rest = 0, squares = 0;
  each(call.x, [&](std::int64_t b, std::int64_t s) { sum += get(call.x, b, c, s); });
  const double first = sum / m;
  each(call.x, [&](std::int64_t b, std::int64_t s) { rest += get(call.x, b, c, s) - first; });
  const double mean = first + rest / m;
  each(call.x, [&](std::int64_t b, std::int64_t s) {
    const double deviation = get(call.x, b, c, s) - mean;
    squares += deviation * deviation;
  });
  const double variance = squares / m, inv_std = 1 / std::sqrt(variance + call.eps);
  write_output(call, c, {mean, 0, inv_std});
  put(call.saved_mean, c, mean);
  put(call.saved_mean_low, c, mean - get(call.saved_mean, c, mean));
  put(call.saved_inv_std, c, inv_std);
  const bool unbiased = call.running_variance == NORMPROOF_VAR_UNBIASED;
  if (m == 1 && unbiased) return;
  const auto average = [&](const normproof_vector& v, double batch) {
    put(v, c, (1 - call.momentum) * get(v, c, 0) + call.momentum * batch);
  };
  average(call.running_mean, mean);
  average(call.running_var, unbiased ? variance * (m / (m - 1)) : variance);
}

// Neumaier's sum: one long chain would lose digits where all terms are alike.
class Sum {
 public:
  void add(double x) {
    const double sum = sum_ + x;
    lost_ += std::fabs(sum_) >= std::fabs(x) ? (sum_ - sum) + x : (x - sum) + sum_;
    sum_ = sum;
  }
  double total() const { return std::isfinite(sum_) ? sum_ + lost_ : sum_; }

 private:
  double sum_ = 0, lost_ = 0;
};

inline void full_train(const normproof_call& call, std::int64_t c) {
  const double m = static_cast<double>(call.x.batch * call.x.spatial);
  if (m == 0) return;
  Sum sum, squares;
  each(call.x, [&](std::int64_t b, std::int64_t s) {
    const double x = get(call.x, b, c, s);
    sum.add(x);
    squares.add(x * x);
  });
  const double before = get(call.fn_mean, c, 0) + get(call.fn_mean_low, c, 0);
  const double mean = (1 - call.momentum) * before + call.momentum * (sum.total() / m);
  put(call.fn_mean, c, mean);
  put(call.fn_mean_low, c, mean - get(call.fn_mean, c, 0));
  put(call.fn_square, c, (1 - call.momentum) * get(call.fn_square, c, 0) + call.momentum * (squares.total() / m));
  write_output(call, c, full_norm_scale(call, c));
}

inline void backward(const normproof_call& call, std::int64_t c, const Scale& scale, bool through_statistics) {
  const double m = static_cast<double>(call.x.batch * call.x.spatial);
  double dbeta = 0, dgamma = 0;
  each(call.x, [&](std::int64_t b, std::int64_t s) {
    dbeta += get(call.dy, b, c, s);
    dgamma += get(call.dy, b, c, s) * scale.x_hat(get(call.x, b, c, s));
  });
  const double slope = get(call.gamma, c, 1) * scale.inv_std;
  if (call.dx.data != nullptr) {
    each(call.x, [&](std::int64_t b, std::int64_t s) {
      double centered = get(call.dy, b, c, s);
      if (through_statistics) centered -= dbeta / m;
      if (through_statistics && scale.through_variance) centered -= scale.x_hat(get(call.x, b, c, s)) * (dgamma / m);
      put(call.dx, b, c, s, slope * centered);
    });
  }
  put(call.dgamma, c, dgamma);
  put(call.dbeta, c, dbeta);
}

inline Scale given_scale(const normproof_call& call, std::int64_t c) {
  if (call.op == NORMPROOF_BN_TRAIN_BACKWARD)
    return {get(call.saved_mean, c, 0), get(call.saved_mean_low, c, 0), get(call.saved_inv_std, c, 0)};
  return {get(call.running_mean, c, 0), 0, 1 / std::sqrt(get(call.running_var, c, 0) + call.eps)};
}

inline normproof_status run(const normproof_call* call) {
  if (call->size < sizeof(normproof_call) || !(call->eps >= 0) || is_absent(*call)) return NORMPROOF_BAD_ARGUMENT;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    switch (call->op) {
      case NORMPROOF_BN_TRAIN: train(*call, c); break;
      case NORMPROOF_FN_TRAIN: full_train(*call, c); break;
      case NORMPROOF_BN_INFER: write_output(*call, c, given_scale(*call, c)); break;
      case NORMPROOF_FN_INFER: write_output(*call, c, full_norm_scale(*call, c)); break;
      case NORMPROOF_FN_BACKWARD: backward(*call, c, full_norm_scale(*call, c), true); break;
      case NORMPROOF_BN_TRAIN_BACKWARD: backward(*call, c, given_scale(*call, c), true); break;
      case NORMPROOF_BN_INFER_BACKWARD: backward(*call, c, given_scale(*call, c), false); break;
      default: return NORMPROOF_BAD_ARGUMENT;
    }
  }
  return NORMPROOF_OK;
}

inline normproof_kernel kernel(normproof_op op, normproof_status (*function)(const normproof_call*) = run) {
  normproof_kernel kernel = {};
  kernel.size = sizeof(normproof_kernel);
  kernel.name = "honest";
  kernel.summary = "plain and right";
  kernel.op = op;
  kernel.dtypes = 1u << NORMPROOF_F32 | 1u << NORMPROOF_F64;
  kernel.flags = NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC;
  kernel.run = function;
  return kernel;
}

}  // namespace normproof::conformance::honest
