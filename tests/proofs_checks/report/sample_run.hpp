// Which hand-made run do the tests of the views look at?
#pragma once

#include <limits>

#include "proofs_checks/report/run_report.hpp"

namespace normproof::report {

// The reading holds exactly, and is recorded so.
inline ReadingReport holding_reading() {
  ReadingReport reading;
  reading.id = "printed";
  reading.statement = "Σ x̂_i = 0 & |y| < 1";
  reading.hypotheses = {"ε = 0"};
  reading.left_witness = "reference";
  reading.left_words = "loop by loop";
  reading.right_witness = "theory";
  reading.right_words = "closed form";
  reading.relation = "=";
  reading.verdict = Verdict::holds;
  reading.recorded = "holds";
  reading.recorded_effort = "standard";
  Evidence exact;
  exact.grade = Grade::exact;
  exact.method = "random prime fields";
  exact.cases = 7;
  exact.error_probability = 2.5e-20;
  exact.seconds = 0.5;
  exact.details = {{"degree", 12L}, {"margin", 0.25}, {"prime", std::string("2^61 - 1")}};
  Evidence searched;
  searched.grade = Grade::searched;
  searched.method = "properties";
  searched.cases = 300;
  searched.details = {{"worst", std::numeric_limits<double>::quiet_NaN()},
                      {"largest", std::numeric_limits<double>::infinity()}};
  reading.evidence = {searched, exact};
  return reading;
}

// The reading is refuted by small numbers, and is recorded so.
inline ReadingReport refuted_reading() {
  ReadingReport reading = holding_reading();
  reading.id = "textbook";
  reading.verdict = Verdict::refuted;
  reading.recorded = "refuted";
  reading.evidence.clear();
  Evidence against;
  against.grade = Grade::exact;
  against.supports = false;
  against.cases = 3;
  reading.evidence.push_back(against);
  reading.counterexamples = {
      {{.batch = 2, .channels = 1}, {{"x[1,1]", "-3/2"}, {"eps", "1"}}, "dx[2,1]", "1/4", "0", "="}};
  return reading;
}

// One claim with both readings and a refuted mutant: everything is as it should be.
inline RunReport passing_run() {
  ClaimReport claim;
  claim.id = "bn_sum";
  claim.title = "The sum of x̂ is 0";
  claim.sources = {{"LI23", "(44)"}, {"SAN18", "Fact C.1"}};
  claim.readings = {holding_reading(), refuted_reading()};
  claim.mutants = {{"forgets_eps", "printed", "forgets ε", "ε = 0", true, true, 5, ""}};
  claim.seconds = 1.5;
  RunReport run;
  run.version = "9.9.9";
  run.effort = "standard";
  run.compiler = "a compiler";
  run.cpu = "a processor";
  run.data = "generated digits";
  run.seed = 18446744073709551615U;
  run.seconds = 2.25;
  run.claims = {claim};
  run.rerun_options = "--data 'my data'";
  return run;
}

}  // namespace normproof::report
