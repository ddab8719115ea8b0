// How does a linear layer stand before batch normalization in a claim?
//
// Names      u: batch × channels, the inputs of the layer; weights W: outputs × channels; bias b: one per unit, where
//            the claim has it; x = u Wᵀ + b: batch × outputs, what batch normalization sees; dy, gamma, beta follow x.
// Why        Claims about W speak of x through W alone. The reference's x comes from its network's affine map, theory's
//            from linear_output.
#pragma once

#include <string>
#include <vector>

#include "impl/reference/network.hpp"
#include "proofs_checks/inputs/adapters.hpp"
#include "theory/gradients/batch_norm_after_linear.hpp"

namespace normproof::inputs {

inline std::vector<InputSpec> linear_layer_and_batch_norm(const std::vector<InputSpec>& more = {}) {
  std::vector<InputSpec> specs = {{"u", Role::activation, Dimension::batch, Dimension::channels},
                                  {"weights", Role::weight, Dimension::outputs, Dimension::channels},
                                  {"dy", Role::upstream, Dimension::batch, Dimension::outputs},
                                  {"gamma", Role::scale, Dimension::one, Dimension::outputs},
                                  {"beta", Role::shift, Dimension::one, Dimension::outputs},
                                  {"eps", Role::epsilon}};
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}

// The edges first; the smallest layer has one input and one unit.
inline std::vector<Sizes> linear_layer_sizes() {
  return {{.batch = 1},
          {.batch = 2},
          {.batch = 3},
          {.batch = 2, .channels = 2},
          {.batch = 3, .channels = 2},
          {.batch = 4, .channels = 2},
          {.batch = 4, .channels = 3, .outputs = 2}};
}

// x = u Wᵀ + b by the reference, b = 0 where there is none. W is the input of the given name.
template <class T>
Array<T> reference_linear(const BasicInputs<T>& in, const std::string& weights = "weights") {
  const Array<T>&u = in("u"), &w = in(weights);
  Array<T> with_bias(w.rows(), w.cols() + 1);
  for (Eigen::Index j = 0; j < w.rows(); ++j) {
    for (Eigen::Index k = 0; k < w.cols(); ++k) with_bias(j, k) = w(j, k);
    with_bias(j, w.cols()) = in.has("bias") ? in("bias")(j) : T(0);
  }
  std::vector<T> x(static_cast<std::size_t>(u.rows() * w.rows()), T(0));
  reference::affine<T>(row_major(u), extents_of(u), row_major(with_bias), static_cast<int>(w.rows()), x);
  return from_row_major<T>(x, u.rows(), w.rows());
}

// The inputs of batch normalization alone: x is the layer's output.
template <class T>
BasicInputs<T> after_linear(BasicInputs<T> in, const std::string& weights = "weights") {
  in.set("x", reference_linear(in, weights));
  in.sizes.channels = in.sizes.outputs;
  return in;
}

// ℓ = ⟨dy, BN(u Wᵀ + b)⟩ through the reference.
template <class T>
T loss_after_linear(const BasicInputs<T>& in, const std::string& weights = "weights") {
  return reference_loss(after_linear(in, weights));
}

// Theory's batch: x = u Wᵀ, no bias.
inline theory::TrainingBatch<Number> theory_batch_after_linear(const Inputs& in) {
  return {theory::linear_output<Number>(in("u"), in("weights")), in("dy"), as_vector<Number>(in("gamma")),
          as_vector<Number>(in("beta")), in.scalar("eps")};
}

// γ x̂ + β by theory, sample after sample.
inline Values theory_output(const theory::TrainingBatch<Number>& b) {
  Array<Number> y = theory::statistics(b).x_hat;
  for (Eigen::Index i = 0; i < y.rows(); ++i)
    for (Eigen::Index j = 0; j < y.cols(); ++j) y(i, j) = b.gamma(j) * y(i, j) + b.beta(j);
  return row_major(y);
}

// Every entry of an input is the same number.
inline Hypothesis input_is(std::string id, std::string sentence, std::string name, int value) {
  return imposing(std::move(id), std::move(sentence), [=](Inputs& in) {
    in.set(name, Array<Number>::Constant(in(name).rows(), in(name).cols(), Number(value)));
  });
}

}  // namespace normproof::inputs
