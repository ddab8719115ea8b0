// How is a run written as JUnit XML, for the machines that show test results?
//
// A testcase per reading and per mutant, classname the claim. failure: the verdict differs from the ledger or has no
// record there, or the mutant survived; skipped: inconclusive or not checkable, with the reason.
#pragma once

#include <string>

#include "proofs_checks/report/run_report.hpp"

namespace normproof::report {

std::string junit_view(const RunReport& run);

}  // namespace normproof::report
