// What came of the cases of one check?
#pragma once

#include <string>

#include "proofs_checks/conformance/conformance_report.hpp"
#include "proofs_checks/conformance/result.hpp"

namespace normproof::conformance {

// Adds one case to the report of its check: counts, worst figures, and the first case of each kind and operand. With
// accept_one_pass a finding within the bounds of that class is reported as accepted, besides one of its kind that is
// not.
void add_result(CheckReport& check, const std::string& case_text, const CaseResult& result, bool accept_one_pass);

}  // namespace normproof::conformance
