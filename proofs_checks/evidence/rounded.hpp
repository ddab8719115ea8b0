// Do computed results keep the bounds of their rounding errors, at each of the points where they are measured?
//
// What       Every point of the reading is measured, and what it tallied is judged:
//              error ≤ bound   refuted where a result at some point violates its bound; holds where none does; and
//                              inconclusive where one is above its bound by last bits alone.
//              tightness       holds where the median of bound/error is at most the limit at every point, refuted where
//                              it is larger at some point, inconclusive where the limit lies in the bin of a median. It
//                              is not judged where a bound is violated: what is violated is not tight.
//            A point that compared nothing decides nothing, and the reading is then inconclusive.
// Grades     derived_bound, with how much of the bounds was used; enumerated for points that run over all inputs of a
//            finite space. A reading that is refuted so has no certificate: the report names the point and the result,
//            and the same seed gives them again.
// Can fail   Near-misses (Mutant::points) are measured likewise, with a bound that is too small: try_near_miss says
//            whether some result violates it, and whether at its natural points, of which there is one at least, its
//            tallies are the claim's own.
// Measurements What is measured at a point is one measurement (measurements.hpp); its key is the point's id and the
//            seed: readings that state something of the same run share it.
// Assumes    Measured are the errors of results on stated data: that they keep their bounds on all data is what the
//            theorem says, not the measurement. Errors are known to better than last_bits (rounding/error_tally.hpp).
#pragma once

#include <string>
#include <vector>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/evidence/measurements.hpp"
#include "proofs_checks/evidence/settings.hpp"
#include "proofs_checks/verdict.hpp"

namespace normproof::evidence {

struct RoundingOutcome {
  Verdict verdict = Verdict::inconclusive;
  std::vector<Evidence> evidence;  // one for the enumerated points, one for the others
  std::string trouble;             // why it is inconclusive, or where it is violated
};

// Throws Interrupted; std::logic_error where the reading is not a well-formed one.
RoundingOutcome decide_rounding(const Reading& reading, const Settings& settings);

struct NearMissOutcome {
  bool agreed = false;   // at every natural point, and there is one
  bool refuted = false;  // some result violates its bound
  long cases = 0;        // results compared
};
NearMissOutcome try_near_miss(const Reading& reading, const Mutant& mutant, const Settings& settings);

// All that decide_rounding will ask settings.measurements for, over the claim's readings.
std::vector<MeasurementTask> rounding_tasks(const Claim& claim, const Settings& settings);

Measured flattened(const std::vector<RoundingTally>& tallies);
std::vector<RoundingTally> tallies_of(const Measured& numbers);  // throws std::runtime_error where they are none

}  // namespace normproof::evidence
