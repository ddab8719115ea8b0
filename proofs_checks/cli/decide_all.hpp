// How are many claims decided at once, so that the outcome does not depend on how many?
//
// Threads take claims in the order of the catalogue, each decides one whole claim, and the reports come back in the
// order of the catalogue whichever ended first. A claim whose decision throws is reported with what it said: its
// readings are inconclusive, and `trouble` makes the run fail.
#pragma once

#include <functional>
#include <vector>

#include "proofs_checks/cli/program.hpp"

namespace normproof::cli {

// Claims that an interruption left untouched come back with finished = false and no readings. `tick` is called on the
// calling thread from time to time and whenever a claim ends.
std::vector<ClaimReport> decide_all(const std::vector<CatalogueEntry>& claims, const Decide& decide,
                                    const evidence::Settings& settings, int jobs,
                                    const std::function<void(std::size_t finished)>& tick);

}  // namespace normproof::cli
