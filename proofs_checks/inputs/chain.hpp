// How do the loss and the later nodes answer when one node of batch normalization's graph moves and the earlier ones
// are held?
//
// What       LI23 (15) as a graph, one function per stage, each of them the reference's:
//              μ(x) → σ²(x, μ) → x̂(x, μ, σ²) → y(x̂, γ, β) → ℓ = ⟨dy, y⟩.
//            A node is an array of the inputs: mean, variance, x_hat. loss_from_⟨node⟩ runs the stages after it, so
//            that its derivative by that node is ∂ℓ/∂node as (9)–(12) mean it.
// Why        "∂" says nothing until it is said what is held. Here the arguments of each stage say it.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "proofs_checks/inputs/adapters.hpp"

namespace normproof::inputs {

// One row, a value per channel.
template <class T>
Array<T> as_row(const std::vector<T>& values) {
  return from_row_major<T>(values, 1, static_cast<Eigen::Index>(values.size()));
}

// Line 2 of LI23 Algorithm 1.
template <class T>
Array<T> mean_stage(const BasicInputs<T>& in) {
  std::vector<T> mean(static_cast<std::size_t>(in("x").cols()), T(0));
  reference::batch_mean<T>(row_major(in("x")), extents_of(in("x")), mean);
  return as_row(mean);
}

// Line 3, about the given mean.
template <class T>
Array<T> variance_stage(const BasicInputs<T>& in) {
  std::vector<T> variance(static_cast<std::size_t>(in("x").cols()), T(0));
  reference::batch_variance<T>(row_major(in("x")), extents_of(in("x")), row_major(in("mean")), variance);
  return as_row(variance);
}

// Line 4, with the given mean and variance.
template <class T>
Array<T> x_hat_stage(const BasicInputs<T>& in) {
  const Array<T>& x = in("x");
  std::vector<T> x_hat(static_cast<std::size_t>(x.size()), T(0));
  reference::normalize<T>(row_major(x), extents_of(x), row_major(in("mean")), row_major(in("variance")),
                          in.scalar("eps"), x_hat);
  return from_row_major<T>(x_hat, x.rows(), x.cols());
}

// Line 5.
template <class T>
Array<T> y_stage(const BasicInputs<T>& in) {
  const Array<T>& x_hat = in("x_hat");
  std::vector<T> y(static_cast<std::size_t>(x_hat.size()), T(0));
  reference::scale_shift<T>(row_major(x_hat), extents_of(x_hat), row_major(in("gamma")), row_major(in("beta")), y);
  return from_row_major<T>(y, x_hat.rows(), x_hat.cols());
}

template <class T>
T loss_from_x_hat(const BasicInputs<T>& in) {
  return dot<T>(in("dy"), y_stage(in));
}

// μ and x are held.
template <class T>
T loss_from_variance(BasicInputs<T> in) {
  in.set("x_hat", x_hat_stage(in));
  return loss_from_x_hat(in);
}

// x is held; σ² = (1/m) Σ (x_i − μ)² moves with μ.
template <class T>
T loss_from_mean(BasicInputs<T> in) {
  in.set("variance", variance_stage(in));
  return loss_from_variance(std::move(in));
}

// The nodes of the batch itself: μ, σ², x̂ by lines 2–4.
inline Hypothesis nodes_of_the_batch() {
  return defining("nodes_of_the_batch", "μ, σ² and x̂ are the batch's own, LI23 Algorithm 1 lines 2–4", [](Inputs& in) {
    in.set("mean", mean_stage(in));
    in.set("variance", variance_stage(in));
    in.set("x_hat", x_hat_stage(in));
  });
}

// The nodes at a free μ, which need not be the mean of the batch: an input of that name.
inline Hypothesis nodes_at_a_free_mean() {
  return defining("free_mean", "μ is any number; σ² = (1/m) Σ (x_i − μ)² and x̂ follow from it", [](Inputs& in) {
    in.set("variance", variance_stage(in));
    in.set("x_hat", x_hat_stage(in));
  });
}

// Of nodes_at_a_free_mean, the point where μ is the batch mean after all.
inline Hypothesis mean_is_the_batch_mean() {
  return imposing("batch_mean", "μ = (1/m) Σ x_i", nodes_of_the_batch().impose);
}

inline std::vector<InputSpec> with_free_mean(std::vector<InputSpec> specs) {
  specs.push_back({"mean", Role::mean, Dimension::one, Dimension::channels});
  return specs;
}

// The other side of a derivative along the input v: ⟨gradient, v⟩.
template <class Gradient>
Formula along_v(Gradient gradient) {
  return [=](const Inputs& in) { return Values{dot<Number>(entries(gradient(in)), row_major(in("v")))}; };
}

// √(σ² + ε), a value per channel.
inline Array<Number> s_of(const Inputs& in) {
  Array<Number> s = in("variance");
  for (Eigen::Index j = 0; j < s.size(); ++j) {
    const Number radicand = s(j) + in.scalar("eps");
    s(j) = sqrt(radicand);
  }
  return s;
}

inline Array<Number> ones(Eigen::Index rows, Eigen::Index columns) {
  return Array<Number>::Constant(rows, columns, Number(1));
}

// The same inputs on dual numbers: `moved` moves along `direction`, all else is held.
inline BasicInputs<numbers::Dual<Number>> moving(const Inputs& in, const std::string& moved,
                                                 const Array<Number>& direction) {
  using Dual = numbers::Dual<Number>;
  BasicInputs<Dual> lifted;
  lifted.sizes = in.sizes;
  for (const auto& [name, values] : in.arrays()) {
    Array<Dual> array(values.rows(), values.cols());
    for (Eigen::Index k = 0; k < values.size(); ++k)
      array(k) = name == moved ? Dual(values(k), direction(k)) : Dual(values(k));
    lifted.set(name, std::move(array));
  }
  return lifted;
}

// The tangents of a stage's values.
inline Array<Number> tangents(const Array<numbers::Dual<Number>>& duals) {
  Array<Number> result(duals.rows(), duals.cols());
  for (Eigen::Index k = 0; k < duals.size(); ++k) result(k) = duals(k).tangent;
  return result;
}

}  // namespace normproof::inputs
