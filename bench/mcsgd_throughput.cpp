// How many replica-steps per second does the vectorised simulator reach, and how many a plain double loop?
//
// What     MCSGD on the two-layer problem with Gaussian noise, one core, with 1, 2 or 3 samples a step. In interleaved
//          every round runs both, one right after the other, and the counters are
//            vectorised, plain   replica-steps per second, the best round of each
//            ratio               of the two
//          standard_library is the plain loop as one would write it: std::mt19937_64 and std::normal_distribution in
//          the place of Random123's Threefry4x64-20 and our own Box–Muller, everything else the same.
//          instruction_set is the simulator held to the baseline (0), to AVX2 (1), to AVX-512 (2).
// Compare  bench/mcsgd_numpy.py does the same operations in numpy.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>

#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/simulation/replicas.hpp"
#include "proofs_checks/simulation/two_layer.hpp"

namespace {

using namespace normproof::simulation;
using normproof::inputs::InstructionSet;

constexpr std::size_t last_checkpoint = 1 << 13, steps = last_checkpoint + 1;
constexpr std::size_t vectorised_replicas = 512, plain_replicas = 64;

template <std::size_t samples>
TwoLayerProblem<samples> two_layers() {
  TwoLayerProblem<samples> problem;
  problem.first = {1, 0.5, 0.3, 0.1};
  problem.second = {0.8, 0.7, 0.2, -0.1};
  problem.mean = 0.5;
  problem.start = {1, -1, 0, 0};
  return problem;
}

const Schedule& schedule() {
  static const Schedule rates = tabulated({0.4, 0.8, 0.2}, steps);
  return rates;
}

Plan plan(std::size_t replicas) {
  Plan plan;
  plan.key = {7, normproof::inputs::fnv1a("mcsgd_throughput")};
  plan.replicas = replicas;
  plan.checkpoints = powers_of_two(last_checkpoint);
  return plan;
}

template <class Run>
double replica_steps_per_second(std::size_t replicas, const Run& run) {
  const auto begin = std::chrono::steady_clock::now();
  benchmark::DoNotOptimize(run());
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
  return static_cast<double>(replicas * steps) / taken.count();
}

template <std::size_t samples>
void interleaved(benchmark::State& state) {
  const auto problem = two_layers<samples>();
  const Plan many = plan(vectorised_replicas), few = plan(plain_replicas);
  double vectorised = 0, plain = 0;
  for (auto _ : state) {
    vectorised = std::max(
        vectorised, replica_steps_per_second(vectorised_replicas, [&] { return simulate(problem, schedule(), many); }));
    plain = std::max(
        plain, replica_steps_per_second(plain_replicas, [&] { return simulate_plainly(problem, schedule(), few); }));
  }
  state.counters["vectorised"] = vectorised;
  state.counters["plain"] = plain;
  state.counters["ratio"] = vectorised / plain;
}
BENCHMARK(interleaved<1>)->Unit(benchmark::kMillisecond);
BENCHMARK(interleaved<2>)->Unit(benchmark::kMillisecond);
BENCHMARK(interleaved<3>)->Unit(benchmark::kMillisecond);

template <std::size_t samples>
void standard_library(benchmark::State& state) {
  const auto problem = two_layers<samples>();
  const Schedule& rates = schedule();
  for (auto _ : state) {
    double sum = 0;
    for (std::size_t replica = 0; replica < plain_replicas; ++replica) {
      std::mt19937_64 bits(replica);
      std::normal_distribution<double> normal;
      auto at = problem.start;
      for (std::size_t k = 0; k < steps; ++k) {
        std::array<double, samples> z = {};
        for (double& value : z) value = normal(bits);
        at = problem.step(at, z, rates[k]);
      }
      sum += at.w1;
    }
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(plain_replicas * steps));
}
BENCHMARK(standard_library<1>)->Unit(benchmark::kMillisecond);
BENCHMARK(standard_library<2>)->Unit(benchmark::kMillisecond);

template <std::size_t samples>
void instruction_set(benchmark::State& state) {
  const auto problem = two_layers<samples>();
  Plan held = plan(vectorised_replicas);
  held.instruction_set = static_cast<InstructionSet>(state.range(0));
  if (held.instruction_set > normproof::inputs::widest_instruction_set()) {
    state.SkipWithError("this processor does not have it");
    return;
  }
  for (auto _ : state) benchmark::DoNotOptimize(simulate(problem, schedule(), held));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(vectorised_replicas * steps));
}
BENCHMARK(instruction_set<1>)->DenseRange(0, 2)->Unit(benchmark::kMillisecond);
BENCHMARK(instruction_set<2>)->DenseRange(0, 2)->Unit(benchmark::kMillisecond);

}  // namespace
