// What does one step of each optimiser compute that MCSGD is compared with, on one compositional problem?
//
// Source. LL19 (4), (5), (6), Algorithm 2 and Remark 1; the plain SGD that §5 calls "almost impossible in practice".
//
//   Every method sets the estimates ê of the statistics E e_i, takes a gradient g at w and ê, and moves w ← w − γ g.
//                          ê                                              g
//   mcsgd                  Algorithm 2, line 2                            Remark 1's oracle
//   exact_statistics       E_{ξ∈D} e_i(w; ξ), over all of D               Remark 1's oracle
//   batch_norm             E_{ξ∈B} e_i(w; ξ), over a minibatch B          ∂ of (6) with B in the place of D
//   full_gradient          E_{ξ∈D} e_i(w; ξ), over all of D               ∂ of (6)
//
//   So exact_statistics is SGD on (6), without bias where its samples are independent; batch_norm is SGD on (4), the
//   mean over all B of (6) on B; full_gradient is batch_norm with B = {D}, gradient descent on (5).
//
// Notation. As in mcsgd.hpp. DescentSamples::oracle.outer is B in batch_norm; full_gradient draws nothing. After a step
// the estimates are those that its gradient was taken at.
//
// Assumptions. Those of mcsgd.hpp. B may name a sample more than once.
//
// Why one oracle. With all of B as ξ and as every ξ′_j Remark 1's oracle averages over every draw: that is ∂ of (6) on
// B, statistics included. What differs between the methods is which samples are drawn and which estimates are used.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "impl/reference/compositional.hpp"
#include "impl/reference/mcsgd.hpp"

namespace normproof::reference {

enum class Method { mcsgd, exact_statistics, batch_norm, full_gradient };

struct DescentSamples {
  LayerSamples estimates;  // mcsgd alone
  OracleSamples oracle;    // batch_norm: `outer` alone
};

template <class T>
struct DescentRates {
  T alpha = T(0);  // mcsgd alone
  T learning_rate = T(0);
};

// ∂ of (6) in every layer's parameters, the problem's data in the place of D; `estimates` become its exact statistics.
template <class T>
std::vector<std::vector<T>> compositional_gradient(const CompositionalProblem<T>& problem,
                                                   std::vector<std::vector<T>>& estimates) {
  estimates = exact_statistics<T>(problem.layers, problem.parameters, problem.data);
  SampleIndices all;
  for (std::size_t sample = 0; sample < problem.data.size(); ++sample) all.push_back(static_cast<int>(sample));
  const OracleSamples samples = {all, same_for_all(problem.layers.size(), all)};
  return oracle_gradient<T>(problem, estimates, samples, FactorsAfter::at_inner);
}

// The same problem with a minibatch for its data.
template <class T>
CompositionalProblem<T> on_minibatch(const CompositionalProblem<T>& problem, const SampleIndices& minibatch) {
  assert(!minibatch.empty());
  CompositionalProblem<T> on = {problem.layers, problem.derivatives, problem.parameters, {}};
  for (const int sample : minibatch) on.data.push_back(problem.data[static_cast<std::size_t>(sample)]);
  return on;
}

// The gradient of a step; `estimates` become those it is taken at.
template <class T>
std::vector<std::vector<T>> descent_gradient(const CompositionalProblem<T>& problem,
                                             std::vector<std::vector<T>>& estimates, const DescentSamples& samples,
                                             const T& alpha, Method method) {
  switch (method) {
    case Method::mcsgd: update_estimates<T>(problem, samples.estimates, alpha, estimates); break;
    case Method::exact_statistics:
      estimates = exact_statistics<T>(problem.layers, problem.parameters, problem.data);
      break;
    case Method::batch_norm:
      return compositional_gradient<T>(on_minibatch<T>(problem, samples.oracle.outer), estimates);
    case Method::full_gradient: return compositional_gradient<T>(problem, estimates);
  }
  return oracle_gradient<T>(problem, estimates, samples.oracle, FactorsAfter::at_inner);
}

template <class T>
void descent_step(CompositionalProblem<T>& problem, std::vector<std::vector<T>>& estimates,
                  const DescentSamples& samples, const DescentRates<T>& rates, Method method) {
  const std::vector<std::vector<T>> gradient = descent_gradient<T>(problem, estimates, samples, rates.alpha, method);
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    for (std::size_t k = 0; k < gradient[i].size(); ++k) {
      problem.parameters[i][k] -= rates.learning_rate * gradient[i][k];  // term: descent
    }
  }
}

}  // namespace normproof::reference
