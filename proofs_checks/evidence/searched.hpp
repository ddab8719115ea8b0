// Was a counterexample to a reading looked for with effort, and would one have been seen?
//
// What       search() puts a reading to RapidCheck at hostile and plain doubles (inputs/hostile.hpp), judged by error
//            bounds that are theorems (comparison.hpp), and then lets NLopt climb from the tightest cases and, for
//            at_most, from fresh plain and hostile ones. It gives
//              searched       the search by enclosures, graded only if it saw the planted violation;
//              derived_bound  plain double: |l − r| ≤ the sum of the two running error bounds (at_most: l − r ≤ it);
//              derived_bound  the same on each data set (on_data.hpp), where the reading has activations.
// Planted    On the very points of the search, a violation of relative size 1e-3 in 1 % of the inputs: those where a
//            named coordinate's mantissa (in [1, 2)) lies in one given hundredth of its range. There the right side is
//            taken as r + 1e-3 (|l| + |r|) (at_most: the left one), or r + 1e-3 of what cancels where both vanish. A
//            search that met such an input and could tell the sides apart there has found it. Until it has, up to
//            twelve times the cases are spent, if any were decided.
// Directed   climbs (climb.hpp): for at_most by gradient, and without it where there are kinks or no slope to start on;
//            for equal without it alone.
// Tightest   at_most: the details hold the quantiles of the slack over the drawn cases, and the tightest instance that
//            drawing or climbing found: its inputs, both sides, its slack by intervals.
// Invisible  A needle on flat ground, to which no slope points (exp(−10⁹ d²) ≤ 1/2), and what climb.hpp says is climbed
//            too slowly. One narrow valley among many is found in proportion to the starts that lie on its slopes. What
//            fails at no double, or only beside a kink or a size that is not drawn. In a reading of many entries each
//            climb follows one.
// Evidence   with cases = 0 supports nothing, whatever its grade; its method says why.
// Assumes    The result depends on the ids, the reading, the settings' seed, effort and data alone. No printing.
#pragma once

#include <string>
#include <vector>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/evidence/record.hpp"
#include "proofs_checks/evidence/settings.hpp"
#include "proofs_checks/verdict.hpp"

namespace normproof::evidence {

struct SearchOutcome {
  std::vector<Evidence> evidence;
  bool violated = false;            // confirmed by enclosures of 80 digits
  std::string violation;            // one line: sizes, case, entry, both sides
  std::vector<double> worst_input;  // the violating point after shrinking, else the tightest one
  Sizes worst_sizes;
  bool planted_found = false;
  long inside = 0;  // drawn points at which both sides had values and the hypotheses held
};

// per_size: the reading recorded at each of its sizes (record_reading), at least one.
SearchOutcome search(const std::string& claim_id, const Reading& reading, const std::vector<RecordedReading>& per_size,
                     const Settings& settings);

}  // namespace normproof::evidence
