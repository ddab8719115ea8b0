// What is the expectation of a function of one Gaussian number, and how far may the computed one be off?
//
// Source. Trefethen & Weideman, SIAM Review 56 (2014), Theorem 5.1: the trapezoidal rule on the real line.
// Notation. n the standard normal density; points t_k = k/per_unit for |k| ≤ reach·per_unit, h = 1/per_unit; weights
// q_k = e^(−t_k²/2)/Σ_j e^(−t_j²/2). So E g(m + σN) ≈ Σ q_k g(m + σ t_k): N is replaced by finitely many points, the
// same for every m and σ.
// Bound. Let F(t) = g(m + σt)n(t) be analytic and |g| ≤ G where |Im t| ≤ a. Then
//   aliasing    |h Σ_k F(kh) − ∫F| ≤ 2 G e^(a²/2)/(e^(2πa/h) − 1), all k, since |n(x + iy)| = n(x) e^(y²/2);
//   tail        h Σ_{|k| > reach/h} |F(kh)| ≤ 2 G n(reach)/reach, the sum of a falling function and Mills's ratio;
//   weights     the same with g = 1 bounds |h Σ n(kh) − 1|, for any a.
// With A, W the finite sums of g n and n, |A/W − E g| ≤ (|A − E g| + |E g||W − 1|)/W, which is at most twice the sum
// of the four terms (W ≥ 1/2). With one more factor t under the integral, G is replaced by G(1 + a): ∫|x + ia|n(x)dx ≤
// 1 + a; and the tail by 2 G n(reach), for ∫_r^∞ t n(t) dt = n(r). E|N| ≤ 1.
// Assumptions. a² ≤ 4, per_unit ≥ 2, reach ≥ 6. Rounding is the business of the number type.
// Why not a library's quadrature: it has no bound, only an estimate from its own last two refinements.
#pragma once

#include <cmath>
#include <vector>

#include "theory/training_batch.hpp"

namespace normproof::theory {

using std::exp;  // for double; other number types bring their own

template <class T>
struct GaussianNodes {
  std::vector<T> points, weights;
  int per_unit = 0, reach = 0;
};

template <class T>
GaussianNodes<T> gaussian_nodes(int per_unit, int reach) {
  GaussianNodes<T> nodes;
  nodes.per_unit = per_unit;
  nodes.reach = reach;
  T sum = T(0);
  for (int k = -per_unit * reach; k <= per_unit * reach; ++k) {
    const T point = T(k) / T(per_unit);
    const T exponent = -(point * point) / T(2);
    nodes.points.push_back(point);
    nodes.weights.push_back(exp(exponent));
    sum += nodes.weights.back();
  }
  for (T& weight : nodes.weights) weight /= sum;
  return nodes;
}

// Σ q_k g(m + σ t_k) t_k^power.
template <class T, class Function>
T gaussian_expectation(const GaussianNodes<T>& nodes, const T& m, const T& sigma, Function g, int power = 0) {
  T sum = T(0);
  for (std::size_t k = 0; k < nodes.points.size(); ++k) {
    const T argument = m + sigma * nodes.points[k];
    T term = nodes.weights[k] * g(argument);
    for (int p = 0; p < power; ++p) term *= nodes.points[k];
    sum += term;
  }
  return sum;
}

// The bound of the header for |g| ≤ largest where |Im t| ≤ width (a in the header); with_factor: of E g(m + σN)N.
template <class T>
T gaussian_quadrature_bound(const GaussianNodes<T>& nodes, const T& largest, const T& width, bool with_factor = false) {
  // 3 < π, and 1/√(2π) < 1/2.
  const T bend = width * width / T(2);
  const T waves = T(6) * width * T(nodes.per_unit);
  const T aliasing = T(2) * exp(bend) / (exp(waves) - T(1));
  const T of_the_tail = -(T(nodes.reach) * T(nodes.reach)) / T(2);
  const T tail = exp(of_the_tail);
  const T growth = with_factor ? T(1) + width : T(1);
  // Its own terms, and those of the weights.
  return T(2) * largest * (growth * aliasing + tail + aliasing + tail);
}

}  // namespace normproof::theory
