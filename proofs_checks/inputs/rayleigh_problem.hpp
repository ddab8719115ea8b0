// Which least-squares problems do claims about descent on a direction speak of, and what does a step gain?
//
// What       RayleighProblem is S, u = Sv and an L; ρ(w) = −(uᵀw)²/(wᵀSw). Diagonal ones have inputs mu, spread, s:
//            entries μ + (L − μ)p_i, p_i = s_i²/(1 + s_i²), spread = L − μ; sampled ones have samples x and, where it
//            is an input, largest = L.
// Names      v: S⁻¹u where there is one; w: the weights. c = wᵀSw/uᵀw, e = w − cv. See ols_linear_convergence.
#pragma once

#include "impl/reference/rayleigh_descent.hpp"
#include "proofs_checks/inputs/adapters.hpp"
#include "proofs_checks/inputs/square_sums.hpp"
#include "theory/decoupling/least_squares.hpp"

namespace normproof::inputs {

struct RayleighProblem {
  Values s, u;  // S row by row
  Number largest;
};

inline Values diagonal(const Inputs& in) {
  Values lambda;
  for (int i = 0; i < in.sizes.channels; ++i) {
    const Number square = in("s")(i)*in("s")(i);
    lambda.push_back(in.scalar("mu") + in.scalar("spread") * square / (Number(1) + square));
  }
  return lambda;
}
inline RayleighProblem diagonal_problem(const Inputs& in) {
  const Values lambda = diagonal(in);
  RayleighProblem problem;
  for (std::size_t i = 0; i < lambda.size(); ++i)
    for (std::size_t k = 0; k < lambda.size(); ++k) problem.s.push_back(i == k ? lambda[i] : Number(0));
  problem.u = reference::symmetric_times<Number>(problem.s, row_major(in("v")));
  problem.largest = in.scalar("mu") + in.scalar("spread");
  return problem;
}
// S of samples: any positive semidefinite matrix.
inline RayleighProblem sampled_problem(const Inputs& in) {
  RayleighProblem problem;
  problem.s = row_major(theory::raw_moments<Number>(in("x")));
  problem.u = reference::symmetric_times<Number>(problem.s, row_major(in("v")));
  problem.largest = in.has("largest") ? in.scalar("largest") : Number(1);
  return problem;
}

inline Number quotient(const RayleighProblem& p, const Values& w) {
  return reference::rayleigh_quotient<Number>(p.s, p.u, w);
}
inline Number squared_norm(const RayleighProblem& p, const Values& w) {
  return reference::inner<Number>(w, reference::symmetric_times<Number>(p.s, w));
}
inline Number along(const RayleighProblem& p, const Values& w) { return reference::inner<Number>(p.u, w); }
inline Values difference(const Values& a, const Number& factor, const Array<Number>& b) {
  Values result;
  for (std::size_t k = 0; k < a.size(); ++k) result.push_back(a[k] - factor * b(static_cast<Eigen::Index>(k)));
  return result;
}

// What one step from w gains beyond its rate: (3), and (2) coordinate by coordinate,
//   λ((1 − μ/L)² − (1 − λ/L)²) = λ(λ − μ)(2L − μ − λ)/L²,   λ − μ = (L − μ)p,   2L − μ − λ = (L − μ)(2 − p),
// with p(1 + s²)² = s²(1 + s²) and p(2 − p)(1 + s²)² = s²(2 + s²).
inline SquareSum gap_of_a_step(const Inputs& in, const RayleighProblem& p, const Values& w, const Values& next) {
  const Number c = squared_norm(p, w) / along(p, w);
  const Values e = difference(w, c, in("v"));
  const Number q = squared_norm(p, next), miss = q - c * along(p, next);
  SquareSum gap;
  for (std::size_t i = 0; i < w.size(); ++i) {
    const Number s = in("s")(static_cast<Eigen::Index>(i)), whole = Number(1) + s * s;
    const SquareSum share = sum_of(square_of(s / whole), square_of(s * s / whole));
    const SquareSum lambda = sum_of(weighing("mu"), product_of(weighing("spread"), share));
    const SquareSum bend = sum_of(times(square_of(s / whole), 2), square_of(s * s / whole));
    const SquareSum lost = product_of(bend, square_of(in.scalar("spread") * e[i] / (c * p.largest)));
    gap = sum_of(gap, product_of(lambda, sum_of(lost, square_of(miss * next[i] / (q * c)))));
  }
  return gap;
}
}  // namespace normproof::inputs
