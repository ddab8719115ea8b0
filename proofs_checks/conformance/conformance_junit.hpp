// How is a conformance report written as JUnit XML, for the machines that show test results?
//
// A testcase per kernel and check, classname the kernel. failure: a finding that is neither accepted nor expected;
// skipped: the check does not apply, every case was refused or not run, or what fails is known; with the reason. The
// testcase `verdict` of a kernel fails where the kernel is inconclusive. An unexpected pass is a testcase that fails.
#pragma once

#include <string>

#include "proofs_checks/conformance/conformance_report.hpp"

namespace normproof::conformance {

std::string junit_view(const ConformanceReport& report);

}  // namespace normproof::conformance
