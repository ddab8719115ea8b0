// How does a claim run an algorithm in the standard model of floating point, with the roundings as inputs?
//
// Names      u, the unit roundoff, in [0, 1]; r, in [0, 1], as many as roundings happen (Dimension::hidden):
//            δ_k = u (2 r_k − 1) is the k-th of them. Every δ with |δ| ≤ u is one of these.
// Why        |δ| ≤ u then holds by construction on every number type: no hypothesis has to be asked for.
#pragma once

#include <utility>
#include <vector>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/numbers/perturbed.hpp"

namespace normproof::inputs {

using ModelNumber = numbers::Perturbed<Number>;

inline std::vector<InputSpec> with_roundings(std::vector<InputSpec> specs) {
  specs.push_back({"u", Role::rate});
  specs.push_back({"r", Role::rate, Dimension::hidden, Dimension::one});
  return specs;
}

inline Number magnitude(const Number& a) { return select_positive(a, a, -a); }
inline Number larger(const Number& a, const Number& b) { return select_positive(a - b, a, b); }

// Any number in [−1, 1], from one in [0, 1].
inline Number signed_part(const Number& rate) { return Number(2) * rate - Number(1); }

inline std::vector<ModelNumber> exactly(const Array<Number>& array) {
  std::vector<ModelNumber> values;
  for (Eigen::Index k = 0; k < array.size(); ++k) values.emplace_back(array(k));
  return values;
}

// What `run` computes where its roundings are the inputs': all of them, no more and no fewer.
template <class Run>
auto in_the_model(const Inputs& in, const Run& run) {
  std::vector<Number> deltas;
  for (Eigen::Index k = 0; k < in("r").size(); ++k) deltas.push_back(in.scalar("u") * signed_part(in("r")(k)));
  const numbers::Roundings<Number> roundings(std::move(deltas));
  auto result = run();
  roundings.all_must_be_used();
  return result;
}

}  // namespace normproof::inputs
