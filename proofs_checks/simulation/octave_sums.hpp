// What do the octave sums of proofs_checks/growth.hpp amount to on runs of a simulated problem, or of a recursion?
//
// What         s_j = Σ q_k over 2^j ≤ k < 2^(j+1), j = 0 … last_octave, which takes steps 0 … 2^(last_octave+1) − 1.
//              simulate_octaves runs the portion's replicas and gives the mean of s_j over each group of
//              Portion::replicas_per_group, in replica order. recursion_octaves sums what a recursion gives.
// Error        γ_n of a sum of n = 2^j terms q_k ≥ 0: RunningSums starts anew at each octave, and nothing cancels.
// Assumptions  The portion has whole groups. A schedule has the rates of steps 0 … 2^(last_octave+1): octave_schedule.
// Errors       Interrupted.
// Cost         A schedule is made once for all portions of one (γ, a, γ₀) and is the caller's to keep: 16 bytes and two
//              calls of pow a step, 16 MB at last_octave = 19.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>

#include "proofs_checks/growth.hpp"
#include "proofs_checks/inputs/random_block.hpp"
#include "proofs_checks/simulation/replicas.hpp"
#include "proofs_checks/simulation/running_sums.hpp"
#include "proofs_checks/simulation/schedule.hpp"
#include "theory/rounding/unit_roundoff.hpp"

namespace normproof::simulation {

// The first step after octave j.
constexpr std::size_t end_of_octave(int j) { return std::size_t{2} << j; }

inline Schedule octave_schedule(const PowerSchedule& powers, int last_octave) {
  return tabulated(powers, end_of_octave(last_octave) + 1);
}

// One OctaveSums for each summand, in their order, all from the same runs. `purpose` names the runs: inputs::fnv1a of
// the claim and the problem. Runs of equal seed and purpose share their noise.
template <Summand... summands, class Problem>
std::array<OctaveSums, sizeof...(summands)> simulate_octaves(const Problem& problem, const Schedule& schedule,
                                                             std::uint64_t purpose, const Portion& portion,
                                                             int last_octave) {
  static_assert(sizeof...(summands) > 0);
  assert(last_octave >= 0 && portion.replicas % Portion::replicas_per_group == 0);
  Plan plan;
  plan.key = {portion.seed, purpose};
  plan.first_replica = portion.first_replica;
  plan.replicas = portion.replicas;
  plan.checkpoints = powers_of_two(end_of_octave(last_octave));
  plan.interrupted = portion.interrupted;
  const Observations seen = simulate(RunningSums<Problem, summands...>(problem), schedule, plan);

  std::array<OctaveSums, sizeof...(summands)> all;
  for (std::size_t summand = 0; summand < all.size(); ++summand) {
    OctaveSums& one = all[summand];
    one.octaves = plan.checkpoints.size() - 1;
    one.groups = portion.replicas / Portion::replicas_per_group;
    one.relative_error =
        theory::gamma_n(static_cast<std::int64_t>(end_of_octave(last_octave)), theory::unit_roundoff_double);
    for (std::size_t octave = 0; octave < one.octaves; ++octave) {
      // At checkpoint 2^(j+1) the sum since checkpoint 2^j is seen.
      const auto sums = seen.of(octave + 1, summand);
      for (std::size_t group = 0; group < one.groups; ++group) {
        double sum = 0;
        for (std::size_t r = 0; r < Portion::replicas_per_group; ++r) {
          sum += sums[group * Portion::replicas_per_group + r];
        }
        one.sums.push_back(sum / static_cast<double>(Portion::replicas_per_group));
      }
    }
  }
  return all;
}

// step(k) makes step k = 0, 1, … of the recursion and gives q_k ≥ 0. term_error bounds the relative error of every q_k.
// There is one group, and of the portion only the interruption counts.
template <class Step>
OctaveSums recursion_octaves(int last_octave, const Portion& portion, double term_error, Step step) {
  assert(last_octave >= 0);
  OctaveSums sums;
  sums.octaves = static_cast<std::size_t>(last_octave) + 1;
  sums.groups = 1;
  const double summation_error =
      theory::gamma_n(static_cast<std::int64_t>(end_of_octave(last_octave)), theory::unit_roundoff_double);
  sums.relative_error = term_error + summation_error + term_error * summation_error;
  step(0);
  std::size_t k = 1;
  for (int octave = 0; octave <= last_octave; ++octave) {
    double sum = 0;
    while (k < end_of_octave(octave)) {
      if (portion.interrupted != nullptr && portion.interrupted->load()) throw Interrupted{};
      constexpr std::size_t steps_between_looks = 1 << 12;
      for (const std::size_t end = std::min(k + steps_between_looks, end_of_octave(octave)); k < end; ++k)
        sum += step(k);
    }
    sums.sums.push_back(sum);
  }
  return sums;
}

// The same of a problem without noise, whose one run is all there is to know.
template <Summand summand, class Problem>
OctaveSums unsampled_octaves(const Problem& problem, const Schedule& schedule, const Portion& portion, int last_octave,
                             double term_error) {
  assert(end_of_octave(last_octave) <= schedule.size());
  typename Problem::State at = problem.start;
  return recursion_octaves(last_octave, portion, term_error, [&](std::size_t k) {
    const typename Problem::State before = at;
    at = problem.step(before, {}, schedule[k]);
    const double q = problem.observe(before, at)[summand.observable];
    return summand.times_learning_rate ? schedule[k].learning_rate * q : q;
  });
}

}  // namespace normproof::simulation
