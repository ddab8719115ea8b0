// How does a run read on a terminal of 100 columns?
//
// Per claim one line that sums it up and its sentence; per reading one line with verdict, id and statement, and one
// with the witnesses and the evidence. A refuted reading shows its smallest counterexample. What fails is marked with !
// and says why; the last lines count everything and give the command that decides each failing claim again.
#pragma once

#include <string>

#include "proofs_checks/report/run_report.hpp"

namespace normproof::report {

struct TerminalOptions {
  bool colour = false;
  bool quiet = false;      // of the claims, those that fail only
  bool verbose = false;    // hypotheses, both sides in words, each piece of evidence and each mutant besides
  std::string place = {};  // where the report was written; empty where it was not
};

std::string terminal_view(const RunReport& run, const TerminalOptions& options);

}  // namespace normproof::report
