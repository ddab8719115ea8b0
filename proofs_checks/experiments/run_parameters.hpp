// Which parameters do the experiments along runs of LL19's algorithm share, and what do they say?
#pragma once

#include <optional>
#include <vector>

#include "proofs_checks/cli/experiments.hpp"
#include "proofs_checks/simulation/zoo.hpp"

namespace normproof::experiments {

// gamma, a (one point instead of the grid; what is not set of the two is Corollary 3's) and K.
std::vector<cli::Parameter> run_parameters();

// The one point, where one was asked for.
std::optional<simulation::RateExponents> one_point(const cli::ExperimentCall& call);

// Of the runs: of K steps, down to a power of two, or as long as the effort has them.
int last_octave(const cli::ExperimentCall& call);

}  // namespace normproof::experiments
