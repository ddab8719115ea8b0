// How do claims about two hidden units get objectives whose expectations over Gaussian data are known?
//
// What       z = u + Fg as in gaussian_halfspace.hpp; two units with weights w and w2. An objective is E G(zᵀw, zᵀw2).
//            For G = e^{a s₁ + b s₂} it is e^{a m₁ + b m₂ + q/2}, q = (aw + b w2)ᵀΣ(aw + b w2), and ∂_iG, ∂_i∂_jG are
//            G times a, b, a², ab, b². Sums of two such, with weight `share`, have any second derivatives. They span
//            all G that have a Fourier transform: what is linear in G and true for them is true for l(θ₁ tanh s₁ + θ₂
//            tanh s₂).
#pragma once

#include "proofs_checks/inputs/gaussian_halfspace.hpp"
#include "theory/decoupling/hidden_units.hpp"

namespace normproof::inputs {

inline InputSpec second_unit() { return {"w2", Role::weight, Dimension::one, Dimension::channels}; }

template <class T>
T exponential_of_units(const BasicInputs<T>& in, const T& a, const T& b) {
  theory::Vector<T> both = as_vector<T>(in("w"));
  for (Eigen::Index k = 0; k < both.size(); ++k) both(k) = a * both(k) + b * in("w2")(k);
  const T square = theory::moment_product<T>(covariance_of_z(in, 1), both, both);
  const T argument = theory::plain_product<T>(as_vector<T>(in("u")), both) + square / T(2);
  return exp(argument);
}

// E G, G = e^{a s₁ + b s₂} + share·e^{a2 s₁ + b2 s₂}, and its derivatives: powers (i, j) of the exponents.
template <class T>
T mean_of_units(const BasicInputs<T>& in, int first = 0, int second = 0) {
  const auto term = [&](const char* a_name, const char* b_name) {
    T value = exponential_of_units<T>(in, in.scalar(a_name), in.scalar(b_name));
    for (int k = 0; k < first; ++k) value *= in.scalar(a_name);
    for (int k = 0; k < second; ++k) value *= in.scalar(b_name);
    return value;
  };
  return term("a", "b") + in.scalar("share") * term("a2", "b2");
}

inline std::vector<InputSpec> two_units() {
  std::vector<InputSpec> specs = {mean_of_z(), factor_of_z(), halfspace_weights(), second_unit()};
  for (const char* name : {"a", "b", "a2", "b2", "share"}) specs.push_back({name, Role::scale});
  return specs;
}

}  // namespace normproof::inputs
