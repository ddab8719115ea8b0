// Which other calls may stand before a call, beside it, or in its place?
//
// What       Calls that follow from a case alone, so that the case's line makes them again: of the same shape with
//            other values, eps, momentum and kind of variance, in memory of the same sizes; with the optional operands
//            there that the case has not, and those away that it has; of a smaller and of a larger shape. Values are
//            those of the plain case in other seeds, whatever the case's own are: with values as simple as a case that
//            was made smaller has, two calls could give the same.
// In place   Of calls_alike() alone: the case in other forms, with its own values.
// Left out   A call that would not be valid, or would have more than a million elements.
#pragma once

#include <string>
#include <vector>

#include "proofs_checks/conformance/case.hpp"

namespace normproof::conformance {

struct OtherCall {
  Case described;
  std::string what;  // "of a smaller shape"
};

// For Relation::after_others, in the order in which they are made.
std::vector<OtherCall> calls_before(const Case& described);
// The one that is made between the case's own call and its repetition.
OtherCall call_between(const Case& described);
// For Relation::at_once.
std::vector<OtherCall> calls_beside(const Case& described);
// For Relation::taken: calls with x of the same type, as strided and as much in place, that may be taken where this one
// is refused: parameters of each type, optional operands away, the extents in another order, other extents, another
// eps. Values are the case's own.
std::vector<Case> calls_alike(const Case& described);

}  // namespace normproof::conformance
