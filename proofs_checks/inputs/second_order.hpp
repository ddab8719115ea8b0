// What is the second derivative of a normalized network's loss along a direction, exactly?
//
// What       L is a loss with gradient dy and Hessian `hessian` at the layer's output z = γx̂ + β, and L̂(x) = L(z(x)):
//              L(a) = ⟨c, a⟩ + ½ aᵀHa,   c = dy − H z held.
//            second_derivative(in, v) is vᵀ(∂²L̂/∂x∂x)v: nested dual numbers through the reference's forward pass.
// Assumes    One channel. H is symmetric: the upper triangle of the input `hessian` is what is read.
// Why        The second derivatives of L̂ at a point know nothing of L but its gradient and its Hessian at z, and a
//            quadratic loss has any pair of these. What is decided for it is decided for every twice differentiable
//            loss.
#pragma once

#include <vector>

#include "proofs_checks/inputs/adapters.hpp"

namespace normproof::inputs {

inline InputSpec hessian_spec() { return {"hessian", Role::upstream, Dimension::batch, Dimension::batch}; }

inline std::vector<InputSpec> training_batch_and_hessian() {
  std::vector<InputSpec> specs = training_batch();
  specs.push_back(hessian_spec());
  return specs;
}

inline Array<Number> hessian(const Inputs& in) {
  const Array<Number>& upper = in("hessian");
  Array<Number> symmetric = upper;
  for (Eigen::Index i = 0; i < upper.rows(); ++i)
    for (Eigen::Index k = 0; k < i; ++k) symmetric(i, k) = upper(k, i);
  return symmetric;
}

inline Array<Number> times(const Array<Number>& matrix, const Array<Number>& v) {
  Array<Number> product = Array<Number>::Constant(matrix.rows(), 1, Number(0));
  for (Eigen::Index i = 0; i < matrix.rows(); ++i)
    for (Eigen::Index k = 0; k < matrix.cols(); ++k) product(i) += matrix(i, k) * v(k);
  return product;
}

inline Array<Number> plus(Array<Number> a, const Number& factor, const Array<Number>& b) {
  for (Eigen::Index k = 0; k < a.size(); ++k) a(k) += factor * b(k);
  return a;
}

inline Number second_derivative(const Inputs& in, const Array<Number>& v) {
  using First = numbers::Dual<Number>;
  using Second = numbers::Dual<First>;
  BasicInputs<Second> lifted;
  lifted.sizes = in.sizes;
  for (const char* name : {"x", "gamma", "beta", "eps"}) {
    const Array<Number>& values = in(name);
    Array<Second> array(values.rows(), values.cols());
    for (Eigen::Index k = 0; k < values.size(); ++k) array(k) = Second(First(values(k)));
    lifted.set(name, std::move(array));
  }
  Array<Second> x = lifted("x");
  for (Eigen::Index k = 0; k < x.size(); ++k) x(k) = Second(First(in("x")(k), v(k)), First(v(k)));
  lifted.set("x", std::move(x));

  const Array<Number> h = hessian(in);
  const Array<Number> c = plus(in("dy"), Number(-1), times(h, reference_batch_norm(in)));
  const Array<Second> z = reference_batch_norm(lifted);
  Second loss(0);
  for (Eigen::Index i = 0; i < z.size(); ++i) {
    Second slope(0);
    for (Eigen::Index k = 0; k < z.size(); ++k) slope += Second(First(h(i, k) / Number(2))) * z(k);
    loss += z(i) * (Second(First(c(i))) + slope);
  }
  return loss.tangent.tangent;
}

// γ of at most σ in absolute value, σ² + ε under the root: γ = σ · 2p/(1 + p²), which for real p is each of them. It
// makes 1 − γ²/σ² = ((1 − p²)/(1 + p²))² a square.
inline Number share_of_p(const Inputs& in) {
  const Number p = in.scalar("p");
  return Number(2) * p / (Number(1) + p * p);
}
inline Number complement_of_p(const Inputs& in) {
  const Number p = in.scalar("p");
  return (Number(1) - p * p) / (Number(1) + p * p);
}
inline Hypothesis gamma_is_at_most_sigma() {
  Hypothesis bounded = imposing("gamma_at_most_sigma", "γ² ≤ σ²: γ = σ · 2p/(1 + p²) for a real p", [](Inputs& in) {
    const Number radicand = reference_variance(in("x"))[0] + in.scalar("eps");
    const Number gamma = sqrt(radicand) * share_of_p(in);
    in.set("gamma", gamma);
  });
  bounded.frees = {{"gamma", Role::scale}};
  return bounded;
}

}  // namespace normproof::inputs
