// Which float kernels, right and wrong ones, are the bounds tried on, and what should they have computed?
//
// Everything a kernel does is in T (float, or double with results rounded to float at the end), written out plainly: no
// fused operations, one rounding at a time. The reference is in long double with a 64-bit significand, whose errors are
// below 2^−30 of those looked at.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <random>
#include <span>
#include <vector>

#include "theory/rounding/normalization_bounds.hpp"

namespace normproof::tests {

// Data.

// n values of mean `condition` and standard deviation 1, roughly normal.
inline std::vector<float> random_channel(std::size_t n, double condition, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<float> x(n);
  for (float& value : x) {
    double sum = 0;  // of twelve uniform numbers, less its mean: variance 1
    for (int i = 0; i < 12; ++i) sum += static_cast<double>(random() >> 11) * 0x1p-53;
    value = static_cast<float>(condition + (sum - 6));
  }
  return x;
}

// Sums.

template <class T>
T pairwise_sum(std::span<const T> x) {
  if (x.size() == 1) return x[0];
  const std::size_t half = x.size() / 2;
  return pairwise_sum(x.first(half)) + pairwise_sum(x.subspan(half));
}

// Σ ½ulp of the partial sums of pairwise_sum<float>.
inline double pairwise_half_ulps(std::span<const float> x) {
  if (x.size() == 1) return 0;
  const std::size_t half = x.size() / 2;
  return pairwise_half_ulps(x.first(half)) + pairwise_half_ulps(x.subspan(half)) +
         theory::half_ulp(pairwise_sum(x), theory::unit_roundoff_float);
}

template <class T>
T chain_sum(std::span<const T> x) {
  T sum = 0;
  for (const T value : x) sum += value;
  return sum;
}

// Chains of about √n values, their sums in one more chain.
template <class T>
T blocked_sum(std::span<const T> x) {
  const auto block = static_cast<std::size_t>(std::sqrt(static_cast<double>(x.size()))) + 1;
  T sum = 0;
  for (std::size_t from = 0; from < x.size(); from += block) {
    sum += chain_sum(x.subspan(from, std::min(block, x.size() - from)));
  }
  return sum;
}

template <class T>
T kahan_sum(std::span<const T> x) {
  T sum = 0, lost = 0;
  for (const T value : x) {
    const T next = value - lost;
    const T now = sum + next;
    lost = (now - sum) - next;
    sum = now;
  }
  return sum;
}

template <class T>
using Sum = T (*)(std::span<const T>);

// Statistics.

template <class T>
struct Statistics {
  T mean = 0, variance = 0;
};

template <class T>
std::vector<T> in(const std::vector<float>& x) {
  return std::vector<T>(x.begin(), x.end());
}

template <class T, class F>
std::vector<T> each(const std::vector<T>& x, const F& f) {
  std::vector<T> result;
  result.reserve(x.size());
  for (const T value : x) result.push_back(f(value));
  return result;
}

template <class T>
T count_of(const std::vector<T>& x) {
  return static_cast<T>(x.size());
}

template <class T>
Statistics<T> two_pass_statistics(const std::vector<T>& x, Sum<T> sum) {
  const T mean = sum(x) / count_of(x);
  const std::vector<T> squares = each(x, [mean](T value) {
    const T centred = value - mean;
    return centred * centred;
  });
  return {mean, sum(squares) / count_of(x)};
}

// Less the square of what the deviations' mean should be.
template <class T>
Statistics<T> corrected_two_pass_statistics(const std::vector<T>& x, Sum<T> sum) {
  const T mean = sum(x) / count_of(x);
  const std::vector<T> deviations = each(x, [mean](T value) { return value - mean; });
  const std::vector<T> squares = each(deviations, [](T d) { return d * d; });
  const T left_over = sum(deviations) / count_of(x);
  return {mean, sum(squares) / count_of(x) - left_over * left_over};
}

template <class T>
Statistics<T> welford(const std::vector<T>& x) {
  T mean = 0, squares = 0, k = 0;
  for (const T value : x) {
    k += 1;
    const T delta = value - mean;
    mean += delta / k;
    squares += delta * (value - mean);
  }
  return {mean, squares / k};
}

template <class T>
struct Part {
  T count = 0, mean = 0, squares = 0;
};

template <class T>
Part<T> merged(const Part<T>& a, const Part<T>& b) {
  const T count = a.count + b.count;
  const T delta = b.mean - a.mean;
  return {count, a.mean + delta * (b.count / count),
          a.squares + b.squares + delta * delta * (a.count * b.count / count)};
}

template <class T>
Part<T> part_of(std::span<const T> x) {
  const std::vector<T> own(x.begin(), x.end());
  const Statistics<T> statistics = two_pass_statistics<T>(own, chain_sum<T>);
  return {count_of(own), statistics.mean, statistics.variance * count_of(own)};
}

template <class T>
Part<T> pairwise_merge(std::span<const T> x, std::size_t leaf) {
  if (x.size() <= leaf) return part_of(x);
  const std::size_t half = (x.size() + 1) / 2;
  return merged(pairwise_merge(x.first(half), leaf), pairwise_merge(x.subspan(half), leaf));
}

template <class T>
Statistics<T> chan(const std::vector<T>& x, std::size_t leaf) {
  const Part<T> whole = pairwise_merge<T>(x, leaf);
  return {whole.mean, whole.squares / whole.count};
}

// Blocks of `length`, merged one after another.
template <class T>
Statistics<T> chan_in_a_row(const std::vector<T>& x, std::size_t length) {
  Part<T> whole;
  for (std::size_t from = 0; from < x.size(); from += length) {
    const Part<T> part = part_of(std::span<const T>(x).subspan(from, std::min(length, x.size() - from)));
    whole = from == 0 ? part : merged(whole, part);
  }
  return {whole.mean, whole.squares / whole.count};
}

template <class T>
Statistics<T> one_pass_statistics(const std::vector<T>& x, Sum<T> sum) {
  const T mean = sum(x) / count_of(x);
  const T mean_square = sum(each(x, [](T value) { return value * value; })) / count_of(x);
  return {mean, mean_square - mean * mean};
}

// One pass about the first value.
template <class T>
Statistics<T> shifted(const std::vector<T>& x, Sum<T> sum) {
  const T shift = x[0];
  const Statistics<T> seen = one_pass_statistics<T>(each(x, [shift](T value) { return value - shift; }), sum);
  return {seen.mean + shift, std::max(T(0), seen.variance)};
}

// The last step.

template <class T>
T inverse_root(T variance, double eps) {
  return 1 / std::sqrt(variance + static_cast<T>(eps));
}

struct Affine {
  float gamma = 1, beta = 0;
};

template <class T>
float normalized(float x, T mean, T inv_std, const Affine& affine) {
  const T x_hat = (static_cast<T>(x) - mean) * inv_std;
  return static_cast<float>(x_hat * static_cast<T>(affine.gamma) + static_cast<T>(affine.beta));
}

template <class T>
float folded(float x, T mean, T inv_std, const Affine& affine) {
  const T scale = static_cast<T>(affine.gamma) * inv_std;
  const T offset = static_cast<T>(affine.beta) - mean * scale;
  return static_cast<float>(static_cast<T>(x) * scale + offset);
}

// Backward.

struct Gradients {
  double dbeta = 0, dgamma = 0;  // rounded to float
  std::vector<float> dx;
};

// x_hat is made from x − mean, each sum has a tree of its own.
template <class T>
Gradients backward(const std::vector<T>& x, const std::vector<T>& dy, T mean, T inv_std, T gamma, Sum<T> sum) {
  std::vector<T> x_hat = each(x, [=](T value) { return (value - mean) * inv_std; });
  std::vector<T> products(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) products[i] = dy[i] * x_hat[i];
  const T dbeta = sum(dy), dgamma = sum(products);
  const T mean_dy = dbeta / count_of(x), projection = dgamma / count_of(x);
  Gradients result = {static_cast<float>(dbeta), static_cast<float>(dgamma), {}};
  for (std::size_t i = 0; i < x.size(); ++i) {
    const T bracket = (dy[i] - mean_dy) - x_hat[i] * projection;
    result.dx.push_back(static_cast<float>(gamma * inv_std * bracket));
  }
  return result;
}

// Σ dy x − mean Σ dy, and dx = a dy + b x + c.
template <class T>
Gradients folded_backward(const std::vector<T>& x, const std::vector<T>& dy, T mean, T inv_std, T gamma, Sum<T> sum) {
  std::vector<T> products(x.size());
  for (std::size_t i = 0; i < x.size(); ++i) products[i] = dy[i] * x[i];
  const T dbeta = sum(dy);
  const T dgamma = (sum(products) - mean * dbeta) * inv_std;
  const T a = gamma * inv_std;
  const T b = -(a * inv_std * (dgamma / count_of(x)));
  const T c = -(b * mean) - a * (dbeta / count_of(x));
  Gradients result = {static_cast<float>(dbeta), static_cast<float>(dgamma), {}};
  for (std::size_t i = 0; i < x.size(); ++i) result.dx.push_back(static_cast<float>(a * dy[i] + b * x[i] + c));
  return result;
}

// What is right.

struct Reference {
  long double mean = 0, variance = 0, inv_std = 0;
  theory::ChannelData data;
  long double y(float x, const Affine& affine) const {
    const long double x_hat = data.constant ? 0 : (x - mean) * inv_std;
    return affine.gamma * x_hat + affine.beta;
  }
};

inline Reference reference(const std::vector<float>& x, double eps, bool exact_statistics = false) {
  const auto m = static_cast<long double>(x.size());
  long double sum = 0, squares = 0;
  for (const float value : x) sum += value;
  Reference r;
  r.mean = sum / m;
  for (const float value : x) squares += (value - r.mean) * (value - r.mean);
  r.data.constant = std::all_of(x.begin(), x.end(), [&x](float value) { return value == x[0]; });
  if (r.data.constant) r.mean = x[0];
  r.variance = r.data.constant ? 0 : squares / m;
  r.inv_std = 1 / std::sqrt(r.variance + eps);
  r.data.count = static_cast<double>(x.size());
  r.data.mean = static_cast<double>(r.mean);
  r.data.variance = static_cast<double>(r.variance);
  r.data.root_mean_square = static_cast<double>(std::sqrt(r.variance + r.mean * r.mean));
  for (const float value : x) {
    r.data.max_magnitude = std::max(r.data.max_magnitude, std::abs(static_cast<double>(value)));
  }
  r.data.eps = eps;
  r.data.exact_statistics = exact_statistics;
  return r;
}

struct BackwardReference {
  long double dbeta = 0, dgamma = 0;
  theory::GradientData data;
  long double dx(float x, float dy) const {
    const long double m = data.count;
    const long double x_hat = (x - static_cast<long double>(data.mean)) * data.inv_std;
    return data.gamma * static_cast<long double>(data.inv_std) * (dy - dbeta / m - x_hat * (dgamma / m));
  }
};

inline BackwardReference backward_reference(const std::vector<float>& x, const std::vector<float>& dy, float mean,
                                            float inv_std, float gamma) {
  BackwardReference r;
  r.data.count = static_cast<double>(x.size());
  r.data.mean = mean;
  r.data.inv_std = inv_std;
  r.data.gamma = gamma;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const long double product = dy[i] * ((static_cast<long double>(x[i]) - mean) * inv_std);
    r.dbeta += dy[i];
    r.dgamma += product;
    r.data.sum_abs_dy += std::abs(dy[i]);
    r.data.sum_abs_dy_x_hat += static_cast<double>(std::abs(product));
  }
  r.data.sum_dy = static_cast<double>(r.dbeta);
  r.data.sum_dy_x_hat = static_cast<double>(r.dgamma);
  return r;
}

inline double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

inline double error(double got, long double right) { return static_cast<double>(std::abs(got - right)); }

}  // namespace normproof::tests
