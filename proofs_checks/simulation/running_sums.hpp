// How are sums over the steps of a run carried along with it?
//
// What         RunningSums<Problem, summands…> is a problem for simulate that makes the steps of Problem and sees, at
//              the checkpoints k₀ < k₁ < …, for each summand
//                Σ q_k  or  Σ γ_k q_k,   k_(i−1) ≤ k < k_i   (0 ≤ k < k₀ at the first),
//              q_k an observable of Problem: what its observe gives for step k.
// Error        Sums start anew at each checkpoint, so that nothing cancels: for q_k ≥ 0 a sum of n of them is computed
//              with a relative error of at most γ_n (γ_(n+1) with the factor γ_k) above the q_k's own.
#pragma once

#include <array>
#include <cstddef>
#include <utility>

#include "proofs_checks/inputs/instruction_set.hpp"
#include "proofs_checks/simulation/schedule.hpp"

namespace normproof::simulation {

struct Summand {
  std::size_t observable = 0;
  bool times_learning_rate = false;
};

template <class Problem, Summand... summands>
struct RunningSums {
  static constexpr std::size_t noises = Problem::noises, observables = sizeof...(summands);

  struct State {
    typename Problem::State at;
    std::array<double, observables> sums = {};
  };

  Problem problem;
  State start;

  RunningSums() = default;
  explicit RunningSums(const Problem& of) : problem(of), start{of.start} {}

  NORMPROOF_INLINE State step(const State& before, const std::array<double, noises>& z, const Rates& rates) const {
    State after;
    after.at = problem.step(before.at, z, rates);
    const auto seen = problem.observe(before.at, after.at);
    after.sums = added(before.sums, {term<summands>(seen, rates)...}, std::make_index_sequence<observables>());
    return after;
  }

  void forget(State& state) const { state.sums = {}; }

  std::array<double, observables> observe(const State& before, const State& /*after*/) const { return before.sums; }

 private:
  using Sums = std::array<double, observables>;

  template <Summand summand, class Seen>
  NORMPROOF_INLINE static double term(const Seen& seen, const Rates& rates) {
    return summand.times_learning_rate ? rates.learning_rate * seen[summand.observable] : seen[summand.observable];
  }
  template <std::size_t... i>
  NORMPROOF_INLINE static Sums added(const Sums& sums, const Sums& terms, std::index_sequence<i...>) {
    return {(sums[i] + terms[i])...};
  }
};

}  // namespace normproof::simulation
