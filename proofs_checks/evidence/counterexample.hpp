// At which small fractions does a reading fail?
//
// What       Points with small rational entries at which every root is rational are drawn, smallest sizes first, until
//            some refute the reading in exact arithmetic; the simplest of them is then simplified further, entry by
//            entry, while it still refutes. Entries have a cost (0 is free, then ±1, 1/2, 2 …) and the sum is what
//            "simple" means.
// Why        A reader can check small fractions by hand, and nothing of the engine needs to be believed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "proofs_checks/evidence/record.hpp"
#include "proofs_checks/evidence/settings.hpp"

namespace normproof::evidence {

struct CounterexampleSearch {
  std::optional<Counterexample> found;
  long tried = 0;  // points at which both sides had values and the hypotheses held
  // Of look_at_edges:
  long without_gap = 0;            // points among these at which the stated gap has no value
  std::vector<Sizes> inside = {};  // sizes at which there was such a point
};

CounterexampleSearch find_counterexample(const std::string& purpose, const Reading& reading,
                                         const std::vector<RecordedReading>& per_size, const Settings& settings);

// A short look at small fractions where the exact engine agrees: zeros, ties and kinks are common among them, and rare
// among random points.
CounterexampleSearch look_at_edges(const std::string& purpose, const Reading& reading,
                                   const std::vector<RecordedReading>& per_size, const Settings& settings);

// Does the reading fail at this point, taken exactly? Not seen where a root there is irrational. The point is of
// doubles, one for each variable.
std::optional<Counterexample> counterexample_at(const Reading& reading, const RecordedReading& recorded,
                                                const std::vector<double>& point);

}  // namespace normproof::evidence
