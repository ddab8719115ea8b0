// How is a run written as Markdown, for people who read it in a repository or a pull request?
#pragma once

#include <string>

#include "proofs_checks/report/run_report.hpp"

namespace normproof::report {

std::string markdown_view(const RunReport& run);

}  // namespace normproof::report
