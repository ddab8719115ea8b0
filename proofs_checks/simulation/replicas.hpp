// What do many independent runs of one stochastic algorithm look like at checkpoints fixed in advance?
//
// What         A problem brings
//                State, a struct of doubles and nothing else;   start, the state at k = 0;
//                noises, how many Gaussian numbers a step draws;   step(state, z, rates), the next state, branch-free;
//                observables, and observe(before, after): what is seen of step k, from the states at k and k + 1;
//                forget(state), where it carries something along since the last checkpoint: starts that anew. It is
//                called at a checkpoint k, after the state at k is kept for observe and before step k.
//              simulate runs replicas first_replica … first_replica + replicas − 1 and keeps what is seen of each at
//              each checkpoint. simulate_plainly does the same in a double loop, for comparison.
// Notation     Step k leads from the state at k to that at k + 1 with the replica's numbers from k·noises on.
// Assumptions  Checkpoints ascend strictly; the schedule reaches the last one. threads is positive.
// Errors       Interrupted, soon after *interrupted became true.
// Why          Replicas are blocks of lanes: state and noise lie as structures of arrays, the loop over the lanes is
//              vectorised, and the noise of a few steps is made at a time, so that all of it stays in the first cache.
//              A replica's values depend on its own number alone, and each is kept: no thread count, block or order
//              of work can change a bit of what is computed from them in replica order.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <span>
#include <thread>
#include <utility>
#include <vector>

#include "proofs_checks/growth.hpp"
#include "proofs_checks/inputs/random_block.hpp"
#include "proofs_checks/simulation/schedule.hpp"

namespace normproof::simulation {

struct Plan {
  inputs::NoiseKey key;
  std::uint64_t first_replica = 0;
  std::size_t replicas = 0;
  std::vector<std::size_t> checkpoints;  // the steps k that are seen
  unsigned threads = 1;
  inputs::InstructionSet instruction_set = inputs::widest_instruction_set();
  const std::atomic<bool>* interrupted = nullptr;
};

inline bool was_interrupted(const Plan& plan) {
  return plan.interrupted != nullptr && plan.interrupted->load(std::memory_order_relaxed);
}

// Whether a problem carries something along that starts anew at each checkpoint.
template <class Problem>
concept Forgetful = requires(const Problem& problem, typename Problem::State& state) {
  problem.forget(state);
};

// 1, 2, 4, … up to `last`.
inline std::vector<std::size_t> powers_of_two(std::size_t last) {
  std::vector<std::size_t> powers;
  for (std::size_t k = 1; k <= last && k != 0; k *= 2) powers.push_back(k);
  return powers;
}

class Observations {
 public:
  Observations(std::size_t checkpoints, std::size_t observables, std::size_t replicas)
      : observables_(observables), replicas_(replicas), values_(checkpoints * observables * replicas) {}

  // One value for each replica, in their order; `checkpoint` counts them from 0.
  std::span<const double> of(std::size_t checkpoint, std::size_t observable) const {
    return std::span(values_).subspan(place(checkpoint, observable, 0), replicas_);
  }
  double& at(std::size_t checkpoint, std::size_t observable, std::size_t replica) {
    return values_[place(checkpoint, observable, replica)];
  }
  std::span<const double> all() const { return values_; }

 private:
  std::size_t place(std::size_t checkpoint, std::size_t observable, std::size_t replica) const {
    return (checkpoint * observables_ + observable) * replicas_ + replica;
  }

  std::size_t observables_, replicas_;
  std::vector<double> values_;
};

struct Moments {
  std::size_t count = 0;
  double mean = 0, unbiased_variance = 0;
};

// In the order of the values, the mean first: the same bits whoever computed them.
inline Moments moments(std::span<const double> values) {
  Moments of{values.size()};
  const double count = static_cast<double>(of.count);
  for (const double value : values) of.mean += value;
  of.mean /= count;
  for (const double value : values) of.unbiased_variance += (value - of.mean) * (value - of.mean);
  of.unbiased_variance /= count - 1;
  return of;
}

namespace replicas_detail {

constexpr std::size_t lanes = inputs::replicas_per_block;
// Whole counters' worth of noise, however many numbers a step draws.
constexpr std::size_t steps_per_window = 4 * inputs::gaussians_per_counter;

// Row i, lane `lane`, for every i: written out by the index sequence, since GCC at -O2 keeps a short loop a loop, and a
// loop over lanes with another inside is not vectorised.
template <std::size_t... i>
NORMPROOF_INLINE std::array<double, sizeof...(i)> lane_of(const double* rows, std::size_t lane,
                                                          std::index_sequence<i...>) {
  return {rows[i * lanes + lane]...};
}
template <std::size_t... i>
NORMPROOF_INLINE void set_lane_of(double* rows, std::size_t lane, const std::array<double, sizeof...(i)>& values,
                                  std::index_sequence<i...>) {
  ((rows[i * lanes + lane] = values[i]), ...);
}

// One row of lanes for each number of the state.
template <class Problem>
struct BlockState {
  using State = typename Problem::State;
  static constexpr std::size_t numbers = sizeof(State) / sizeof(double);
  static constexpr std::make_index_sequence<numbers> all_rows = {};

  alignas(64) double rows[numbers * lanes];

  NORMPROOF_INLINE State of(std::size_t lane) const { return std::bit_cast<State>(lane_of(rows, lane, all_rows)); }
  NORMPROOF_INLINE void set(std::size_t lane, const State& state) {
    set_lane_of(rows, lane, std::bit_cast<std::array<double, numbers>>(state), all_rows);
  }
};

// `steps` steps of every lane; noise[(step · noises + j) · lanes + lane].
template <class Problem>
struct Advance {
  NORMPROOF_INLINE static void run(const Problem& given, const Rates* rates, std::size_t steps,
                                   const double* __restrict noise, BlockState<Problem>* __restrict block) {
    const Problem problem = given;  // a copy that nobody else can write to
    for (std::size_t k = 0; k < steps; ++k, noise += Problem::noises * lanes) {
      const Rates now = rates[k];
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const auto z = lane_of(noise, lane, std::make_index_sequence<Problem::noises>());
        block->set(lane, problem.step(block->of(lane), z, now));
      }
    }
  }
};

template <class Problem>
class BlockRun {
 public:
  BlockRun(const Problem& problem, const Schedule& schedule, const Plan& plan, std::uint64_t first_replica)
      : problem_(problem), schedule_(schedule), plan_(plan), first_replica_(first_replica) {
    for (std::size_t lane = 0; lane < lanes; ++lane) state_.set(lane, problem.start);
  }

  // The states at k; any, once interrupted.
  const BlockState<Problem>& advance_to(std::size_t k) {
    while (done_ < k && !was_interrupted(plan_)) {
      const std::size_t window = done_ / steps_per_window, from = done_ % steps_per_window;
      if (from == 0) {
        constexpr std::size_t counters = steps_per_window * Problem::noises / inputs::gaussians_per_counter;
        inputs::fill_gaussians(plan_.instruction_set, plan_.key, first_replica_, window * counters, counters, noise_);
      }
      const std::size_t steps = std::min(steps_per_window - from, k - done_);
      inputs::run_with<Advance<Problem>>(plan_.instruction_set, problem_, schedule_.data() + done_, steps,
                                         noise_ + from * Problem::noises * lanes, &state_);
      done_ += steps;
    }
    return state_;
  }

  void forget() {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      typename Problem::State state = state_.of(lane);
      problem_.forget(state);
      state_.set(lane, state);
    }
  }

 private:
  const Problem& problem_;
  const Schedule& schedule_;
  const Plan& plan_;
  std::uint64_t first_replica_;
  std::size_t done_ = 0;
  BlockState<Problem> state_;
  alignas(64) double noise_[steps_per_window * Problem::noises * lanes];
};

template <class Problem>
void simulate_block(const Problem& problem, const Schedule& schedule, const Plan& plan, std::size_t first,
                    Observations& seen) {
  BlockRun<Problem> run(problem, schedule, plan, plan.first_replica + first);
  const std::size_t wanted = std::min(lanes, plan.replicas - first);
  for (std::size_t c = 0; c < plan.checkpoints.size(); ++c) {
    const BlockState<Problem> before = run.advance_to(plan.checkpoints[c]);
    if constexpr (Forgetful<Problem>) run.forget();
    const BlockState<Problem>& after = run.advance_to(plan.checkpoints[c] + 1);
    for (std::size_t lane = 0; lane < wanted; ++lane) {
      const auto values = problem.observe(before.of(lane), after.of(lane));
      for (std::size_t o = 0; o < values.size(); ++o) seen.at(c, o, first + lane) = values[o];
    }
  }
}

}  // namespace replicas_detail

template <class Problem>
Observations simulate(const Problem& problem, const Schedule& schedule, const Plan& plan) {
  using namespace replicas_detail;
  assert(!plan.checkpoints.empty() && plan.checkpoints.back() < schedule.size() && plan.threads > 0);
  Observations seen(plan.checkpoints.size(), Problem::observables, plan.replicas);
  const std::size_t blocks = (plan.replicas + lanes - 1) / lanes;
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t block; (block = next++) < blocks;) {
      simulate_block(problem, schedule, plan, block * lanes, seen);
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t t = 1; t < std::min<std::size_t>(plan.threads, blocks); ++t) others.emplace_back(work);
    work();
  }
  if (was_interrupted(plan)) throw Interrupted{};
  return seen;
}

// The same values, replica by replica and step by step. Of the plan, threads, instruction_set and interrupted play no
// part.
template <class Problem>
Observations simulate_plainly(const Problem& problem, const Schedule& schedule, const Plan& plan) {
  Observations seen(plan.checkpoints.size(), Problem::observables, plan.replicas);
  for (std::size_t replica = 0; replica < plan.replicas; ++replica) {
    inputs::ReplicaNoise noise(plan.key, plan.first_replica + replica);
    typename Problem::State state = problem.start;
    std::size_t checkpoint = 0;
    for (std::size_t k = 0; checkpoint < plan.checkpoints.size(); ++k) {
      std::array<double, Problem::noises> z = {};
      for (double& value : z) value = noise.next();
      const bool is_seen = k == plan.checkpoints[checkpoint];
      const typename Problem::State before = state;
      if constexpr (Forgetful<Problem>) {
        if (is_seen) problem.forget(state);
      }
      state = problem.step(state, z, schedule[k]);
      if (is_seen) {
        const auto values = problem.observe(before, state);
        for (std::size_t o = 0; o < values.size(); ++o) seen.at(checkpoint, o, replica) = values[o];
        ++checkpoint;
      }
    }
  }
  return seen;
}

}  // namespace normproof::simulation
