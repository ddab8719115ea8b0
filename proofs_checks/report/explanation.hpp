// What does a reader of one claim need on one page: what was printed where, what holds, what does not, why, and on
// which evidence?
#pragma once

#include <string>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/verdict.hpp"

namespace normproof::report {

// `decided` is the report of the same claim; `effort` is the one at which it was decided just now. Plain text.
std::string explanation(const Claim& claim, const ClaimReport& decided, const std::string& effort);

}  // namespace normproof::report
