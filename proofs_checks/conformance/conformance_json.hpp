// How is a conformance report written as JSON (schema normproof.conformance.v1)?
//
// Keys come in the order of the schema; everything but `run` and keys that end in "seconds" depends on the library, the
// checks, the seed, the effort and the machine's arithmetic. Numbers that JSON does not have are "nan", "inf", "-inf".
#pragma once

#include <string>

#include "proofs_checks/conformance/conformance_report.hpp"

namespace normproof::conformance {

std::string json_view(const ConformanceReport& report);

}  // namespace normproof::conformance
