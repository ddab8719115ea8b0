// What does multilayer compositional stochastic gradient descent compute in one step, and from which samples?
//
// Source. LL19 Algorithm 2, Remark 1 and (7).
//
//   2: for each i, from a sample ξ_k:  ê_i^(k+1) ← (1 − α_k) ê_i^(k) + α_k ê_i(w^(k); ξ_k; ê^(k))     update_estimates
//   3: g^(k) from the oracle, at w^(k) and ê^(k+1)                                                     oracle_gradient
//   4: w^(k+1) ← w^(k) − γ_k g^(k)                                                                          mcsgd_step
//
//   The oracle is (7) at one ξ, the expectation over ξ′ in the factor of layer j replaced by one sample ξ′_j:
//     ∂_x F_j(w_j; x; ê_j) + ∂_y F_j(w_j; x; ê_j) · D_j(ξ′_j),   D_j(ξ′) = ∂_z e_j(z), z = F̂_{j+1} ∘ ⋯ ∘ F̂_n ∘ I (ξ′)
//
// Readings. Where are the factors j+1 … i that follow D_j(ξ′_j) to be evaluated? Remark 1 does not say. FactorsAfter:
//   at_inner: at ξ′_j. The product then branches at every layer: a sample goes on by ∂_x F_j, or hands over to ξ′_j
//   at_outer: at ξ like all others, (7) letter by letter
//   D_j is printed with e_i in the place of e_j; here it is e_j, whose argument it has.
//
// Notation. Samples are given by their index in `data`; every random choice is an argument. A minibatch is a list of
// indices, of which the mean is taken: {k} is one sample. One minibatch for each layer, layers[0] first; all may be the
// same (same_for_all). ξ is `outer`, ξ′_j is `inner[j − 1]`. Jacobians are row-major, a row for each number put out.
//
// Assumptions. No minibatch is empty; as many parameters, estimates, derivatives and minibatches as layers.
//
// Why backwards. For every sample that has entered, ξ at first and ξ′_j from layer j on, the row λ = ∂(what F₁ puts
// out)/∂(what the layer at hand puts out) is carried along; ξ′_j enters with Σ λ ∂_y F_j · D_j(ξ′_j). So the 2^(i−1)
// branches of the product are summed in i steps.
#pragma once

#include <cassert>
#include <cstddef>
#include <functional>
#include <span>
#include <utility>
#include <vector>

#include "impl/reference/compositional.hpp"

namespace normproof::reference {

// ∂_w F, ∂_x F and ∂_y F at (w; value; expectation), and ∂_z e at value.
template <class T>
struct LayerDerivatives {
  using AtPoint = std::function<std::vector<T>(std::span<const T> w, std::span<const T> value, std::span<const T> y)>;
  AtPoint by_parameters;
  AtPoint by_input;
  AtPoint by_expectation;
  std::function<std::vector<T>(std::span<const T> value)> statistic_by_input;
};

// What MCSGD works on.
template <class T>
struct CompositionalProblem {
  std::vector<CompositionalLayer<T>> layers;
  std::vector<LayerDerivatives<T>> derivatives;
  std::vector<std::vector<T>> parameters;
  FunctionOnData<T> data;
};

using SampleIndices = std::vector<int>;

// One minibatch for each layer.
using LayerSamples = std::vector<SampleIndices>;

inline LayerSamples same_for_all(std::size_t layers, const SampleIndices& minibatch) {
  return LayerSamples(layers, minibatch);
}

enum class FactorsAfter { at_inner, at_outer };

struct OracleSamples {
  SampleIndices outer;
  LayerSamples inner;
};

// row · matrix, the matrix row-major with as many rows as `row` has entries.
template <class T>
std::vector<T> row_times(std::span<const T> row, std::span<const T> matrix, std::size_t columns) {
  assert(matrix.size() == row.size() * columns);
  std::vector<T> product(columns, T(0));
  for (std::size_t r = 0; r < row.size(); ++r) {
    for (std::size_t c = 0; c < columns; ++c) product[c] += row[r] * matrix[r * columns + c];
  }
  return product;
}

// Line 2. Every layer sees the estimates from before the step.
template <class T>
void update_estimates(const CompositionalProblem<T>& problem, const LayerSamples& samples, const T& alpha,
                      std::vector<std::vector<T>>& estimates) {
  assert(samples.size() == problem.layers.size() && estimates.size() == problem.layers.size());
  const std::vector<std::vector<T>> before = estimates;
  for (std::size_t i = 0; i < problem.layers.size(); ++i) {
    assert(!samples[i].empty());
    std::vector<T> sum(estimates[i].size(), T(0));
    for (const int sample : samples[i]) {
      const std::vector<T> statistic = estimated_statistic<T>(problem.layers, problem.parameters, before, i,
                                                              problem.data[static_cast<std::size_t>(sample)]);
      assert(statistic.size() == sum.size());
      for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += statistic[k];
    }
    const T count = T(static_cast<int>(samples[i].size()));
    for (std::size_t k = 0; k < sum.size(); ++k) {
      T next = T(0);
      next += (T(1) - alpha) * before[i][k];  // term: old_estimate
      next += alpha * (sum[k] / count);       // term: new_statistic
      estimates[i][k] = next;
    }
  }
}

// A sample on its way through the layers, with ∂(what F₁ puts out)/∂(what the layer at hand puts out).
template <class T>
struct OracleSample {
  std::vector<std::vector<T>> inputs;  // inputs[j]: what layers[j] is applied to, the estimates in all layers behind it
  std::vector<T> adjoint;
};

template <class T>
std::vector<std::vector<T>> inputs_of_layers(const CompositionalProblem<T>& problem,
                                             std::span<const std::vector<T>> estimates, int sample) {
  std::vector<std::vector<T>> inputs(problem.layers.size());
  std::vector<T> value = problem.data[static_cast<std::size_t>(sample)];
  for (std::size_t j = problem.layers.size(); j-- > 0;) {
    inputs[j] = value;
    value = problem.layers[j].apply(problem.parameters[j], value, estimates[j]);
  }
  return inputs;
}

// Line 3, Remark 1: one row of numbers for each layer's parameters.
template <class T>
std::vector<std::vector<T>> oracle_gradient(const CompositionalProblem<T>& problem,
                                            std::span<const std::vector<T>> estimates, const OracleSamples& samples,
                                            FactorsAfter factors_after) {
  const std::size_t depth = problem.layers.size();
  assert(problem.derivatives.size() == depth && problem.parameters.size() == depth);
  assert(estimates.size() == depth && samples.inner.size() == depth && !samples.outer.empty());

  std::vector<OracleSample<T>> travelling;
  for (const int sample : samples.outer) {
    travelling.push_back(
        {inputs_of_layers<T>(problem, estimates, sample), {T(1) / T(static_cast<int>(samples.outer.size()))}});
  }

  std::vector<std::vector<T>> gradient(depth);
  for (std::size_t j = 0; j < depth; ++j) {
    const LayerDerivatives<T>& derivatives = problem.derivatives[j];
    const std::vector<T>& w = problem.parameters[j];
    const std::vector<T>& estimate = estimates[j];

    gradient[j].assign(w.size(), T(0));
    for (const OracleSample<T>& sample : travelling) {
      const std::vector<T> product =
          row_times<T>(sample.adjoint, derivatives.by_parameters(w, sample.inputs[j], estimate), w.size());
      for (std::size_t k = 0; k < w.size(); ++k) gradient[j][k] += product[k];  // term: sample_s_parameters
    }
    if (j + 1 == depth) break;

    // The mean of D_j over ξ′_j, at_outer; each ξ′_j by itself, at_inner.
    const T count = T(static_cast<int>(samples.inner[j].size()));
    std::vector<OracleSample<T>> entering;
    for (const int sample : samples.inner[j]) entering.push_back({inputs_of_layers<T>(problem, estimates, sample), {}});
    assert(!entering.empty());

    std::vector<T> handed_over(estimate.size(), T(0));
    for (OracleSample<T>& sample : travelling) {
      const std::vector<T>& input = sample.inputs[j];
      const std::vector<T> through_expectation =
          row_times<T>(sample.adjoint, derivatives.by_expectation(w, input, estimate), estimate.size());
      sample.adjoint = row_times<T>(sample.adjoint, derivatives.by_input(w, input, estimate), input.size());
      if (factors_after == FactorsAfter::at_inner) {
        for (std::size_t k = 0; k < handed_over.size(); ++k) handed_over[k] += through_expectation[k];
      } else {
        for (const OracleSample<T>& inner : entering) {
          const std::vector<T> product = row_times<T>(
              through_expectation, derivatives.statistic_by_input(inner.inputs[j]), inner.inputs[j].size());
          for (std::size_t k = 0; k < product.size(); ++k) {
            sample.adjoint[k] += product[k] / count;  // term: statistic_at_outer
          }
        }
      }
    }
    if (factors_after == FactorsAfter::at_inner) {
      for (OracleSample<T>& inner : entering) {
        inner.adjoint =
            row_times<T>(handed_over, derivatives.statistic_by_input(inner.inputs[j]), inner.inputs[j].size());
        for (T& entry : inner.adjoint) entry = entry / count;
        travelling.push_back(inner);  // term: sample_of_the_statistic
      }
    }
  }
  return gradient;
}

// Lines 2–4.
template <class T>
void mcsgd_step(CompositionalProblem<T>& problem, std::vector<std::vector<T>>& estimates,
                const LayerSamples& estimate_samples, const OracleSamples& oracle_samples, const T& alpha,
                const T& learning_rate, FactorsAfter factors_after = FactorsAfter::at_inner) {
  update_estimates<T>(problem, estimate_samples, alpha, estimates);
  const std::vector<std::vector<T>> gradient = oracle_gradient<T>(problem, estimates, oracle_samples, factors_after);
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    for (std::size_t k = 0; k < gradient[i].size(); ++k) {
      problem.parameters[i][k] -= learning_rate * gradient[i][k];  // term: descent
    }
  }
}

}  // namespace normproof::reference
