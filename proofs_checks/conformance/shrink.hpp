// Which is the simplest case that fails as a given one does?
//
// What       Greedy: whatever can be made plainer is, one thing at a time, as long as a finding of the same kind at the
//            same operand remains. Extents go down, layouts become dense, operands that may be absent go, scalars get
//            their plain values, values become simple and in the end literal numbers. The relation stays: it is what
//            is asked.
// Cost       Counted in runs and elements, not in seconds, so that the outcome is the same on every machine; a clock
//            only ends what takes far longer than it should.
#pragma once

#include <chrono>
#include <functional>
#include <optional>

#include "proofs_checks/conformance/case.hpp"
#include "proofs_checks/conformance/result.hpp"

namespace normproof::conformance {

// Runs a case; the finding that still is of the kind and at the operand asked for, or nothing.
using StillFails = std::function<std::optional<Finding>(const Case&)>;

struct ShrinkBudget {
  double runs = 200;                        // a run of a small case costs 1
  std::chrono::duration<double> clock{15};  // a safeguard
};

struct Shrunk {
  Case smallest;
  Finding finding;  // of it
  int runs = 0;
  bool smaller = false;
};

Shrunk shrink(const Case& failing, const Finding& finding, const StillFails& still_fails,
              const ShrinkBudget& budget = {});

// The first finding of that kind at that operand; null where there is none.
const Finding* same_finding(const CaseResult& result, const Finding& wanted);

}  // namespace normproof::conformance
