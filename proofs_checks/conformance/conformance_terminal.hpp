// How does a conformance report read on a terminal of 100 columns?
//
// Per kernel its verdict and its grade, a table with a line for each check, below a check what is wrong with the
// command line that shows it again, and in the end what was not tested.
#pragma once

#include <string>
#include <vector>

#include "proofs_checks/conformance/case_runner.hpp"
#include "proofs_checks/conformance/conformance_report.hpp"

namespace normproof::conformance {

struct TerminalOptions {
  bool colour = false;
  bool quiet = false;      // of the checks, those that fail only; nothing of kernels that conform
  std::string place = {};  // where the report was written; empty where it was not
};

std::string terminal_view(const ConformanceReport& report, const TerminalOptions& options);

// One call in words, with the numbers that go in and come out as far as they are few.
std::string call_view(const Case& described, const std::vector<DumpedOperand>& operands);

// "value: y at channel 2: expected 1, got 2, bound 0.1".
std::string finding_words(const FindingReport& report);

// The findings of a check, those that make the run fail first.
std::vector<const FindingReport*> by_weight(const CheckReport& check);

}  // namespace normproof::conformance
