// How does impl/reference run LL19's Algorithm 2 on a chain of affine layers, over all that can be drawn?
//
// What       affine_chain_problem is the chain of theory/compositional/affine_chain_moments.hpp, ξ = mean ± deviation
//            with equal chances, as the reference takes it. enumerated_chain goes through all draws of some steps and
//            averages what the reference does; recursive_chain is the theory's word on the same numbers, in the same
//            order, for each step k:
//              E of every w_i^(k+1) and ê_i^(k+1);  E of the product of any two;  E (ê_i^(k+1) − E e_i(w^(k)))²;
//              E‖∂f(w^(k))‖²;  ‖E ∂f(w^(k))‖²
// Assumes    chain.variance is deviation². ∂f is the reference's oracle at exact statistics, averaged over ξ: of a
//            chain of affine layers with e(x) = x that is the derivative.
// Cost       2^(draws of a step · steps) runs of the reference; none draws n + 1 times a step, everything once.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "impl/reference/mcsgd.hpp"
#include "theory/compositional/affine_chain_moments.hpp"

namespace normproof::inputs {

template <class T>
struct ChainRates {
  T alpha, learning_rate;
};

template <class T, std::size_t n>
struct ChainStart {
  std::array<T, n> w, estimates;
};

template <class T, std::size_t n>
reference::CompositionalProblem<T> affine_chain_problem(const theory::AffineChain<T, n>& chain,
                                                        const std::array<T, n>& w, const T& deviation) {
  using Span = std::span<const T>;
  using Row = std::vector<T>;
  reference::CompositionalProblem<T> problem;
  for (std::size_t i = 0; i < n; ++i) {
    const theory::AffineChainLayer<T> layer = chain.layers[i];
    const bool is_loss = i == 0;
    const auto affine = [layer](Span at, Span x, Span y) -> T {
      return layer.a * at[0] + layer.b * x[0] + layer.c * y[0] + layer.d;
    };
    // ½ r² changes r times as fast as r.
    const auto slope = [is_loss, affine](const T& coefficient) {
      return [=](Span at, Span x, Span y) { return Row{is_loss ? affine(at, x, y) * coefficient : coefficient}; };
    };
    const auto identity = [](Span x) { return Row{x[0]}; };
    const auto one = [](Span) { return Row{T(1)}; };
    problem.layers.push_back({[is_loss, affine](Span at, Span x, Span y) {
                                const T r = affine(at, x, y);
                                return Row{is_loss ? r * r / T(2) : r};
                              },
                              identity});
    problem.derivatives.push_back({slope(layer.a), slope(layer.b), slope(layer.c), one});
    problem.parameters.push_back({w[i]});
  }
  problem.data = {{chain.mean - deviation}, {chain.mean + deviation}};
  return problem;
}

namespace affine_chain_detail {

template <class T>
using Rows = std::vector<std::vector<T>>;

template <class T>
void append(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

// Both samples, independent of each other, in the place of an expectation.
template <class T>
std::vector<T> exact_gradient(const reference::CompositionalProblem<T>& problem, const Rows<T>& statistics) {
  const std::size_t depth = problem.layers.size();
  const Rows<T> rows = reference::oracle_gradient<T>(
      problem, statistics, {{0, 1}, reference::same_for_all(depth, {0, 1})}, reference::FactorsAfter::at_outer);
  std::vector<T> gradient;
  for (const std::vector<T>& row : rows) append(gradient, row);
  return gradient;
}

// What is averaged of one step: state, products, squared errors, ‖∂f‖², ∂f.
template <class T>
std::vector<T> seen(const reference::CompositionalProblem<T>& before, const reference::CompositionalProblem<T>& after,
                    const Rows<T>& estimates) {
  std::vector<T> state;
  for (const std::vector<T>& w : after.parameters) append(state, w);
  for (const std::vector<T>& estimate : estimates) append(state, estimate);
  std::vector<T> values = state;
  for (const T& one : state) {
    for (const T& other : state) values.push_back(one * other);
  }
  const Rows<T> statistics = reference::exact_statistics<T>(before.layers, before.parameters, before.data);
  for (std::size_t i = 0; i < statistics.size(); ++i) {
    const T error = estimates[i][0] - statistics[i][0];
    values.push_back(error * error);
  }
  const std::vector<T> gradient = exact_gradient<T>(before, statistics);
  T squared(0);
  for (const T& entry : gradient) squared += entry * entry;
  values.push_back(squared);
  append(values, gradient);
  return values;
}

template <class T>
void go_through_all_draws(const reference::CompositionalProblem<T>& problem, const Rows<T>& estimates,
                          const std::vector<ChainRates<T>>& rates, theory::SampleSharing sharing, std::size_t k,
                          std::vector<std::vector<T>>& sums, std::vector<int>& runs) {
  if (k == rates.size()) return;
  const std::size_t n = problem.layers.size();
  const std::size_t draws = sharing == theory::SampleSharing::none        ? n + 1
                            : sharing == theory::SampleSharing::estimates ? 2
                                                                          : 1;
  for (std::size_t bits = 0; bits < (std::size_t(1) << draws); ++bits) {
    const auto drawn = [bits](std::size_t draw) { return static_cast<int>((bits >> draw) % 2); };
    reference::LayerSamples of_estimates;
    for (std::size_t i = 0; i < n; ++i) of_estimates.push_back({drawn(draws == n + 1 ? i : 0)});
    const int outer = drawn(draws - 1);
    reference::CompositionalProblem<T> next = problem;
    Rows<T> next_estimates = estimates;
    reference::mcsgd_step<T>(next, next_estimates, of_estimates, {{outer}, reference::same_for_all(n, {outer})},
                             rates[k].alpha, rates[k].learning_rate);
    const std::vector<T> values = seen<T>(problem, next, next_estimates);
    if (sums[k].empty()) sums[k].assign(values.size(), T(0));
    for (std::size_t v = 0; v < values.size(); ++v) sums[k][v] += values[v];
    ++runs[k];
    go_through_all_draws<T>(next, next_estimates, rates, sharing, k + 1, sums, runs);
  }
}

}  // namespace affine_chain_detail

template <class T, std::size_t n>
std::vector<T> enumerated_chain(const theory::AffineChain<T, n>& chain, const ChainStart<T, n>& start,
                                const T& deviation, const std::vector<ChainRates<T>>& rates,
                                theory::SampleSharing sharing) {
  using namespace affine_chain_detail;
  Rows<T> estimates;
  for (const T& estimate : start.estimates) estimates.push_back({estimate});
  std::vector<std::vector<T>> sums(rates.size());
  std::vector<int> runs(rates.size(), 0);
  go_through_all_draws<T>(affine_chain_problem<T, n>(chain, start.w, deviation), estimates, rates, sharing, 0, sums,
                          runs);
  std::vector<T> values;
  for (std::size_t k = 0; k < rates.size(); ++k) {
    for (T& sum : sums[k]) sum = sum / T(runs[k]);
    T squared_mean(0);
    for (std::size_t i = 0; i < n; ++i) {
      squared_mean += sums[k].back() * sums[k].back();
      sums[k].pop_back();
    }
    append(values, sums[k]);
    values.push_back(squared_mean);
  }
  return values;
}

template <class T, std::size_t n>
std::vector<T> recursive_chain(const theory::AffineChain<T, n>& chain, const ChainStart<T, n>& start,
                               const std::vector<ChainRates<T>>& rates, theory::SampleSharing sharing) {
  auto moments = theory::affine_chain_start<T, n>(start.w, start.estimates);
  std::vector<T> values;
  for (const ChainRates<T>& now : rates) {
    const auto step = theory::affine_chain_step<T, n>(chain, moments, now.alpha, now.learning_rate, sharing);
    moments = step.next;
    values.insert(values.end(), moments.mean.begin(), moments.mean.end());
    for (std::size_t k = 0; k < 2 * n; ++k) {
      for (std::size_t l = 0; l < 2 * n; ++l) {
        values.push_back(moments.covariance[k][l] + moments.mean[k] * moments.mean[l]);
      }
    }
    values.insert(values.end(), step.squared_error.begin(), step.squared_error.end());
    values.push_back(step.squared_gradient);
    values.push_back(step.squared_mean_gradient);
  }
  return values;
}

}  // namespace normproof::inputs
