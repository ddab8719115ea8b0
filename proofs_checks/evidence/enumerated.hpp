// Does a reading hold at every point of a finite space?
//
// What       A reading all of whose inputs take finitely many values (InputSpec::values) has one tape without free
//            variables for each assignment. enumerate() evaluates every one of them in fractions; where a root is
//            irrational or a smooth function has no rational value, in intervals of 80 digits, which decide unless the
//            two sides touch, or a divisor, a root's argument or a condition is at 0: such a point is undecided, never
//            outside. Nothing is random: if every point agrees, the reading holds on that space.
// Grades     enumerated. A reading of which only some inputs are finite is not decided here: the exact engine takes
//            each assignment as a size of its own.
#pragma once

#include <optional>
#include <vector>

#include "proofs_checks/evidence/record.hpp"
#include "proofs_checks/evidence/settings.hpp"
#include "proofs_checks/verdict.hpp"

namespace normproof::evidence {

// Is every input of the reading, as far as its sides depend on it, one of finitely many values?
bool is_finite_space(const std::vector<RecordedReading>& per_size);

struct EnumeratedOutcome {
  bool agrees = false;     // at every point that has values and satisfies the hypotheses, and there is one
  bool disagrees = false;  // at some point
  std::optional<Counterexample> counterexample;  // the first that is found in fractions
  Evidence evidence;
  std::string trouble;
};

EnumeratedOutcome enumerate(const Reading& reading, const std::vector<RecordedReading>& per_size,
                            const Settings& settings);

}  // namespace normproof::evidence
