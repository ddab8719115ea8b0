// What does one run of `normproof verify` report? The one model behind the terminal, JSON, JUnit and Markdown views.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "proofs_checks/verdict.hpp"

namespace normproof::report {

// A reading that the ledger has and its claim no longer has.
struct StaleReading {
  std::string claim, reading, recorded;
};

struct RunReport {
  std::string version, effort, compiler, cpu;
  std::string data;  // which data the batch claims were also decided on, and whether it was real
  std::uint64_t seed = 0;
  double seconds = 0;
  bool complete = true;
  double suite_false_alarm = 1e-6;  // the budget for the whole suite
  double spent = 0;                 // of it: the sum of error probabilities of statistical verdicts
  double false_acceptance = 0;      // that any reading holds wrongly by the exact engine: the sum of its errors
  std::vector<ClaimReport> claims;
  std::vector<std::string> unfinished;  // claims that an interruption left undecided; in `claims` where partly decided
  std::vector<StaleReading> stale;
  std::string rerun_options;  // what a command line that decides one claim again needs besides seed and effort
};

}  // namespace normproof::report
