// What do plain kernels compute, operation by operation, so that every rounding is one that can be counted?
//
// Source. T. F. Chan, G. H. Golub, R. J. LeVeque, Algorithms for computing the sample variance, The American
// Statistician 37 (1983): two passes (1.1), corrected (1.7), one pass (1.2), shifted data; B. P. Welford, Technometrics
// 4 (1962), for updates; N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. (2002), §4.1, for orders
// of summation.
//
//   two passes   mean = (1/m) Σ x,   V = (1/m) Σ (x − mean)²
//   corrected    V − ((1/m) Σ (x − mean))²
//   one pass     V = (1/m) Σ x² − mean²
//   shifted      z = x − x_1:   mean = x_1 + mean(z),   V = (1/m) Σ z² − mean(z)²
//   Welford      mean ← mean + δ/k,   M ← M + δ (x_k − mean),   δ = x_k − mean before;   V = M/m
//   Chan         a, b merged:  δ = mean_b − mean_a,  mean = mean_a + δ n_b/n,  M = M_a + M_b + δ² n_a n_b/n
//   output       y = ((x − mean) inv_std) gamma + beta,   inv_std = 1/√(V + eps)
//   backward     x_hat = (x − mean) inv_std,  S = Σ dy,  T = Σ dy x_hat,
//                dx = (gamma inv_std)((dy − S/m) − x_hat (T/m))
//   folded       y = x scale + (beta − mean scale),  scale = gamma inv_std
//   moments      T = (Σ dy x − mean S) inv_std
//
// Notation. One channel of m = x.size() values; part: n values, their mean and M = Σ (x − mean)².
//
// Assumptions. m ≥ 1. Counts up to 2^24 are numbers of T. On float each operation rounds once: no contraction.
//
// Why a template. On float it is the kernel whose errors are measured; on a number type that perturbs every result it
// is the standard model of floating point; on one that counts it gives the height of a sum; on exact numbers, the
// algorithm.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

#include "impl/reference/elementary.hpp"

namespace normproof::reference {

// In which order is a sum taken?
struct SummationOrder {
  enum class Kind {
    chain,     // ((x₁ + x₂) + x₃) + …
    pairwise,  // the first half and the second half, each the same way
    blocks,    // chains of `size` values, then a chain of the chains
    lanes      // `size` chains, each of every size-th value, then pairwise
  };
  Kind kind = Kind::pairwise;
  std::size_t size = 1;
};

template <class T, class Term>
T chain_sum(std::size_t first, std::size_t count, std::size_t step, const Term& term) {
  T sum = term(first);
  for (std::size_t k = 1; k < count; ++k) sum += term(first + k * step);
  return sum;
}

template <class T, class Term>
T pairwise_sum(std::size_t first, std::size_t count, const Term& term) {
  if (count == 1) return term(first);
  const std::size_t half = count / 2;
  return pairwise_sum<T>(first, half, term) + pairwise_sum<T>(first + half, count - half, term);
}

// Σ term(i), i = 0 … count − 1.
template <class T, class Term>
T ordered_sum(SummationOrder order, std::size_t count, const Term& term) {
  assert(count >= 1 && order.size >= 1);
  switch (order.kind) {
    case SummationOrder::Kind::chain: return chain_sum<T>(0, count, 1, term);
    case SummationOrder::Kind::pairwise: return pairwise_sum<T>(0, count, term);
    case SummationOrder::Kind::blocks: {
      const std::size_t blocks = (count + order.size - 1) / order.size;
      return chain_sum<T>(0, blocks, 1, [&](std::size_t b) {
        const std::size_t first = b * order.size;
        return chain_sum<T>(first, first + order.size <= count ? order.size : count - first, 1, term);
      });
    }
    case SummationOrder::Kind::lanes: {
      const std::size_t lanes = order.size < count ? order.size : count;
      return pairwise_sum<T>(0, lanes, [&](std::size_t lane) {
        return chain_sum<T>(lane, (count - lane + lanes - 1) / lanes, lanes, term);
      });
    }
  }
  return term(0);
}

template <class T>
T number_of(std::size_t count) {
  return T(static_cast<int>(count));
}

template <class T>
struct Moments {
  T mean, variance;  // biased
};

template <class T>
T ordered_mean(std::span<const T> x, SummationOrder order) {
  return ordered_sum<T>(order, x.size(), [&](std::size_t i) { return x[i]; }) / number_of<T>(x.size());
}

template <class T>
Moments<T> two_pass_moments(std::span<const T> x, SummationOrder of_mean, SummationOrder of_squares) {
  const T mean = ordered_mean<T>(x, of_mean);
  const T squares = ordered_sum<T>(of_squares, x.size(), [&](std::size_t i) {
    const T deviation = x[i] - mean;
    return deviation * deviation;
  });
  return {mean, squares / number_of<T>(x.size())};
}

template <class T>
Moments<T> corrected_two_pass_moments(std::span<const T> x, SummationOrder of_mean, SummationOrder of_squares) {
  const Moments<T> plain = two_pass_moments<T>(x, of_mean, of_squares);
  const T left_over =
      ordered_sum<T>(of_squares, x.size(), [&](std::size_t i) { return x[i] - plain.mean; }) / number_of<T>(x.size());
  return {plain.mean, plain.variance - left_over * left_over};
}

template <class T>
Moments<T> one_pass_moments(std::span<const T> x, SummationOrder order) {
  const T mean = ordered_mean<T>(x, order);
  const T squares = ordered_sum<T>(order, x.size(), [&](std::size_t i) { return x[i] * x[i]; });
  return {mean, squares / number_of<T>(x.size()) - mean * mean};
}

template <class T>
Moments<T> shifted_moments(std::span<const T> x, SummationOrder order) {
  const T shift = x[0];
  std::vector<T> moved;
  moved.reserve(x.size());
  for (const T& value : x) moved.push_back(value - shift);
  const Moments<T> seen = one_pass_moments<T>(moved, order);
  return {seen.mean + shift, seen.variance};
}

template <class T>
struct Part {
  std::size_t count = 0;
  T mean = T(0), squares = T(0);
};

template <class T>
Part<T> welford_update(const Part<T>& part, const T& x) {
  if (part.count == 0) return {1, x, T(0)};
  const std::size_t count = part.count + 1;
  const T delta = x - part.mean;
  const T mean = part.mean + delta / number_of<T>(count);
  return {count, mean, part.squares + delta * (x - mean)};
}

template <class T>
Part<T> welford_part(std::span<const T> x) {
  Part<T> part;
  for (const T& value : x) part = welford_update(part, value);
  return part;
}

template <class T>
Part<T> merged(const Part<T>& a, const Part<T>& b) {
  if (a.count == 0) return b;
  if (b.count == 0) return a;
  const T of_a = number_of<T>(a.count);
  const T of_b = number_of<T>(b.count);
  const T count = number_of<T>(a.count + b.count);
  const T delta = b.mean - a.mean;
  return {a.count + b.count, a.mean + delta * (of_b / count),
          (a.squares + b.squares) + delta * delta * (of_a * of_b / count)};
}

// A part by two passes, in chains.
template <class T>
Part<T> summed_part(std::span<const T> x) {
  constexpr SummationOrder chain = {SummationOrder::Kind::chain};
  const T mean = ordered_mean<T>(x, chain);
  const T squares = ordered_sum<T>(chain, x.size(), [&](std::size_t i) {
    const T deviation = x[i] - mean;
    return deviation * deviation;
  });
  return {x.size(), mean, squares};
}

// Halves, down to parts of at most `leaf` values; the larger half comes first.
template <class T>
Part<T> pairwise_merged_part(std::span<const T> x, std::size_t leaf) {
  if (x.size() <= leaf) return summed_part<T>(x);
  const std::size_t half = (x.size() + 1) / 2;
  return merged(pairwise_merged_part<T>(x.first(half), leaf), pairwise_merged_part<T>(x.subspan(half), leaf));
}

// Parts of `length` values, the last one shorter, merged into the first one after the other.
template <class T>
Part<T> chain_merged_part(std::span<const T> x, std::size_t length) {
  Part<T> whole;
  for (std::size_t first = 0; first < x.size(); first += length)
    whole = merged(whole, summed_part<T>(x.subspan(first, first + length <= x.size() ? length : x.size() - first)));
  return whole;
}

template <class T>
Moments<T> moments_of(const Part<T>& part) {
  return {part.mean, part.squares / number_of<T>(part.count)};
}

template <class T>
T inverse_std(const T& variance, const T& eps) {
  return T(1) / sqrt(variance + eps);
}

template <class T>
T normalized(const T& x, const T& mean, const T& inv_std, const T& gamma, const T& beta) {
  return (x - mean) * inv_std * gamma + beta;
}

template <class T>
T folded(const T& x, const T& mean, const T& inv_std, const T& gamma, const T& beta) {
  const T scale = gamma * inv_std;
  return x * scale + (beta - mean * scale);
}

// (1 − momentum) before + momentum batch, momentum and 1 − momentum rounded to T.
template <class T>
T running(const T& momentum, const T& kept, const T& before, const T& batch) {
  return kept * before + momentum * batch;
}

template <class T>
struct ParameterGradients {
  T dbeta, dgamma;
};

template <class T>
ParameterGradients<T> two_pass_gradient_sums(std::span<const T> x, std::span<const T> dy, const T& mean,
                                             const T& inv_std, SummationOrder order) {
  return {ordered_sum<T>(order, dy.size(), [&](std::size_t i) { return dy[i]; }),
          ordered_sum<T>(order, dy.size(), [&](std::size_t i) { return dy[i] * ((x[i] - mean) * inv_std); })};
}

template <class T>
ParameterGradients<T> gradient_sums_from_moments(std::span<const T> x, std::span<const T> dy, const T& mean,
                                                 const T& inv_std, SummationOrder order) {
  const T dbeta = ordered_sum<T>(order, dy.size(), [&](std::size_t i) { return dy[i]; });
  const T products = ordered_sum<T>(order, dy.size(), [&](std::size_t i) { return dy[i] * x[i]; });
  return {dbeta, (products - mean * dbeta) * inv_std};
}

template <class T>
T input_gradient(const T& x, const T& dy, const T& mean, const T& inv_std, const T& gamma, const T& mean_dy,
                 const T& projection) {
  const T x_hat = (x - mean) * inv_std;
  return gamma * inv_std * ((dy - mean_dy) - x_hat * projection);
}

}  // namespace normproof::reference
