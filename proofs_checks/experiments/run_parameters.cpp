// How are the parameters of the experiments along runs read?
#include "proofs_checks/experiments/run_parameters.hpp"

#include <cmath>

#include "proofs_checks/simulation/growth_readings.hpp"

namespace normproof::experiments {

namespace {

constexpr simulation::RateExponents corollary = {0.8, 0.4};
// Four octaves are compared; the table of rates takes 16 bytes a step.
constexpr std::uint64_t least_steps = 16, most_steps = 100'000'000;

}  // namespace

std::vector<cli::Parameter> run_parameters() {
  return {cli::unit_interval_parameter("gamma", "one point instead of the grid: γ", "the grid, else 0.8"),
          cli::unit_interval_parameter("a", "one point instead of the grid: a", "the grid, else 0.4"),
          cli::whole_number_parameter("K", "steps of a run, down to a power of two", "2^13 at quick, else 2^20",
                                      least_steps, most_steps)};
}

std::optional<simulation::RateExponents> one_point(const cli::ExperimentCall& call) {
  const std::optional<double> gamma = call.parameters.number("gamma"), a = call.parameters.number("a");
  if (!gamma && !a) return std::nullopt;
  return simulation::RateExponents{gamma.value_or(corollary.gamma), a.value_or(corollary.a)};
}

int last_octave(const cli::ExperimentCall& call) {
  const std::optional<std::uint64_t> steps = call.parameters.whole_number("K");
  if (!steps) return simulation::last_octave(call.settings.effort);
  return static_cast<int>(std::floor(std::log2(static_cast<double>(*steps)))) - 1;
}

}  // namespace normproof::experiments
