// Is a side that claims to be a derivative the slope of what it claims to be the derivative of?
//
// What       For a side with a `path` t ↦ φ(t), the other side's value at drawn doubles is held against the five-point
//            central difference of φ at 0 that Boost.Math forms from plain double values.
// Notation   H a power of two of our own, h_B the step that Boost takes at 0 (read off from the points it asks for; it
//            is (11.25 · 2⁻⁵²)^(1/5) there), h = H h_B: Boost differences τ ↦ φ(H τ), so the stencil is ±h, ±2h in t,
//            each exact in double, and its result divided by H is the difference in t.
// Bound      theory/rounding/finite_difference.hpp: h⁴ M₅/30 + 18 δ/(12 h) + the rounding of the formula itself.
//            M₅ ≥ |φ⁽⁵⁾| on [−2h, 2h] comes from replaying the path on Taylor coefficients (jet.hpp) that enclose, with
//            t = [−2h, 2h]; δ from running error bounds (bounded.hpp) at the four points; and the other side brings its
//            own error bound. Boost's error estimate is reported and decides nothing.
// Step       H starts where truncation and rounding balance at t = 0 and is then halved or doubled while that lowers
//            the bound; a step whose enclosure meets a kink, a pole or a root of 0 is never taken.
// Counts     compared: the whole bound is at most 1e-4 of the derivative, so that an error of 2e-4 would have shown;
//            undecided: the bound was wider; degenerate: both may be 0.
#pragma once

#include <string>
#include <vector>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/evidence/record.hpp"
#include "proofs_checks/evidence/settings.hpp"
#include "proofs_checks/verdict.hpp"

namespace normproof::evidence {

struct DifferenceOutcome {
  std::vector<Evidence> evidence;  // one for each side that has a path; derived_bound
  bool violated = false;
  std::string violation;  // one line: sizes, case, both values, the bound
  std::vector<double> worst_input;
  Sizes worst_sizes;
};

// per_size: the reading recorded at each of its sizes. Only for Relation::equal with sides of one entry; a path on any
// other side is a std::logic_error.
DifferenceOutcome difference(const std::string& claim_id, const Reading& reading,
                             const std::vector<RecordedReading>& per_size, const Settings& settings);

}  // namespace normproof::evidence
