// What page does a kernel's author put beside the kernel: what holds of it, how far, and what nobody looked at?
//
// Markdown, one page a kernel: verdict and grade first, then the checks, the worst inputs, what was not tested, and the
// command that makes the page again.
#pragma once

#include <string>

#include "proofs_checks/conformance/conformance_report.hpp"

namespace normproof::conformance {

// `command` is the whole command line of the run.
std::string kernel_certificate(const ConformanceReport& report, const KernelReport& kernel, const std::string& command);

}  // namespace normproof::conformance
