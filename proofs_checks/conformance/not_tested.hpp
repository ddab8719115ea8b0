// What was not tested of a kernel? Every certificate says so.
#pragma once

#include <string>
#include <vector>

#include "proofs_checks/conformance/check.hpp"
#include "proofs_checks/conformance/conformance_report.hpp"

namespace normproof::conformance {

// Checks that were not chosen, that do not apply, whose cases were refused or not run, data types that the kernel does
// not declare, and what no check looks at.
std::vector<std::string> not_tested(const KernelReport& kernel, const std::vector<NamedCheck>& catalogue,
                                    const std::string& check_glob);

}  // namespace normproof::conformance
