// Does every contender compute what it is timed for, and how many digits of it are right?
#pragma once

#include <vector>

#include "bench/kernels/contender.hpp"

namespace normproof::bench {

// Runs each once, on memory that holds NaN, and compares with the reference, which is among them: y and dx to 1e-3 of
// max(|y|, 1), gradients to 1e-3 and 1e-5 for each of their terms. The tolerances are empirical and loose: the peers'
// chains of float additions meet them, a wrong formula does not. A limit must have moved the data. Throws where one
// does not agree.
void demand_agreement(Problem& problem, const Contenders& contenders);

// Mean and variance of each channel, in long double.
struct ExactStatistics {
  std::vector<long double> mean, variance;
};
ExactStatistics exact_statistics(Problem& problem);

// The largest |y − exact y| in ulp of max(|exact y|, 1), with gamma = 1 and beta = 0, where exact y is formed in long
// double with the contender's eps. NaN where some y is NaN.
double worst_error_in_ulp(Problem& problem, const ExactStatistics& exact, const Contender& contender);

}  // namespace normproof::bench
