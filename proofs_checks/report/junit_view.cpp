// How is a run written as JUnit XML, for the machines that show test results?
#include "proofs_checks/report/junit_view.hpp"

#include <fmt/format.h>

#include <vector>

#include "proofs_checks/report/junit_document.hpp"
#include "proofs_checks/report/summary.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::report {
namespace {

std::string reading_body(const RunReport& run, const ClaimReport& claim, const ReadingReport& reading) {
  std::string body = reading.statement + "\n";
  for (const Counterexample& counterexample : reading.counterexamples) {
    body += "smallest counterexample in fractions: " + counterexample_words(counterexample) + "\n";
  }
  if (!reading.trouble.empty()) body += reading.trouble + "\n";
  return body + rerun_command(run, claim.id) + "\n";
}

JunitTestcase reading_testcase(const RunReport& run, const ClaimReport& claim, const ReadingReport& reading) {
  JunitTestcase testcase{claim.id, reading.id, 0, "", "", ""};
  for (const Evidence& evidence : reading.evidence) testcase.seconds += evidence.seconds;
  const Standing stands = standing(reading, run.effort);
  if (stands == Standing::differs || stands == Standing::unrecorded || !claim.trouble.empty()) {
    testcase.failure = fmt::format("{}; {}", word(reading.verdict),
                                   claim.trouble.empty() ? standing_words(reading, run.effort) : claim.trouble);
  } else if (reading.verdict == Verdict::inconclusive || reading.verdict == Verdict::not_checkable) {
    const std::string& reason = reading.trouble.empty() ? reading.why : reading.trouble;
    testcase.skipped = fmt::format("{}: {}", word(reading.verdict), reason.empty() ? "no reason was given" : reason);
  }
  if (!testcase.failure.empty()) testcase.body = reading_body(run, claim, reading);
  return testcase;
}

JunitTestcase mutant_testcase(const RunReport& run, const ClaimReport& claim, const MutantReport& mutant) {
  JunitTestcase testcase{claim.id, "mutant " + mutant.id, 0, "", "", ""};
  if (!fails(mutant)) return testcase;
  testcase.failure = mutant.refuted ? fmt::format("does not agree with the claim when {}", mutant.agrees_when)
                                    : "survived: the check does not tell it from the claim";
  testcase.body = fmt::format("{} (of reading {})\n{}{}\n", mutant.words, mutant.reading,
                              mutant.trouble.empty() ? "" : mutant.trouble + "\n", rerun_command(run, claim.id));
  return testcase;
}

std::vector<JunitTestcase> testcases(const RunReport& run) {
  std::vector<JunitTestcase> all;
  for (const ClaimReport& claim : run.claims) {
    for (const ReadingReport& reading : claim.readings) all.push_back(reading_testcase(run, claim, reading));
    for (const MutantReport& mutant : claim.mutants) all.push_back(mutant_testcase(run, claim, mutant));
    if (claim.readings.empty() && !claim.trouble.empty()) {
      all.push_back({claim.id, "decide", 0, claim.trouble, "", rerun_command(run, claim.id) + "\n"});
    }
  }
  for (const StaleReading& stale : run.stale) {
    all.push_back({stale.claim, stale.reading, 0,
                   fmt::format("the ledger has it ({}), the claim does not", stale.recorded), "",
                   rerun_command(run, stale.claim) + "\n"});
  }
  for (const std::string& id : run.unfinished) {
    all.push_back({id, "decide", 0, "", "the run was interrupted before this claim was decided", ""});
  }
  return all;
}

}  // namespace

std::string junit_view(const RunReport& run) { return junit_document(testcases(run), run.seconds); }

}  // namespace normproof::report
