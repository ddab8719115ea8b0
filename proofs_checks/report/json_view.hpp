// How is a run written as JSON (schema normproof.report.v1)?
//
// Keys come in the order of the schema; everything but `run` and keys that end in "seconds" depends on the claims, the
// seed, the effort and the data alone. JSON has no NaN and no infinity: in `detail` they become the strings "nan",
// "inf" and "-inf", elsewhere null.
#pragma once

#include <string>

#include "proofs_checks/report/run_report.hpp"

namespace normproof::report {

// "certificate" is null: the certificates are written beside the report of --out alone.
std::string json_view(const RunReport& run);
std::string json_view_beside_certificates(const RunReport& run);

}  // namespace normproof::report
