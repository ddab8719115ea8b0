// How is a run written as JUnit XML, for the machines that show test results?
#include "proofs_checks/report/junit_view.hpp"

#include <fmt/format.h>

#include <cmath>
#include <vector>

#include "proofs_checks/report/summary.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::report {
namespace {

enum class Within { attribute, element };

std::string escaped(std::string_view text, Within within = Within::attribute) {
  std::string xml;
  for (const char character : clean_text(text)) {
    switch (character) {
      case '&': xml += "&amp;"; break;
      case '<': xml += "&lt;"; break;
      case '>': xml += "&gt;"; break;
      case '"': xml += "&quot;"; break;
      case '\'': xml += "&apos;"; break;
      case '\n':
        xml += within == Within::attribute ? "&#10;" : "\n";
        break;  // bare, an attribute turns it into a blank
      case '\t': xml += within == Within::attribute ? "&#9;" : "\t"; break;
      default: xml += character;
    }
  }
  return xml;
}

struct Testcase {
  std::string claim, name;
  double seconds = 0;
  std::string failure, skipped;  // their messages; at most one is set
  std::string body;
};

std::string reading_body(const RunReport& run, const ClaimReport& claim, const ReadingReport& reading) {
  std::string body = reading.statement + "\n";
  for (const Counterexample& counterexample : reading.counterexamples) {
    body += "smallest counterexample in fractions: " + counterexample_words(counterexample) + "\n";
  }
  if (!reading.trouble.empty()) body += reading.trouble + "\n";
  return body + rerun_command(run, claim.id) + "\n";
}

Testcase reading_testcase(const RunReport& run, const ClaimReport& claim, const ReadingReport& reading) {
  Testcase testcase{claim.id, reading.id, 0, "", "", ""};
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

Testcase mutant_testcase(const RunReport& run, const ClaimReport& claim, const MutantReport& mutant) {
  Testcase testcase{claim.id, "mutant " + mutant.id, 0, "", "", ""};
  if (!fails(mutant)) return testcase;
  testcase.failure = mutant.refuted ? fmt::format("does not agree with the claim when {}", mutant.agrees_when)
                                    : "survived: the check does not tell it from the claim";
  testcase.body = fmt::format("{} (of reading {})\n{}{}\n", mutant.words, mutant.reading,
                              mutant.trouble.empty() ? "" : mutant.trouble + "\n", rerun_command(run, claim.id));
  return testcase;
}

std::vector<Testcase> testcases(const RunReport& run) {
  std::vector<Testcase> all;
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

double finite(double seconds) { return std::isfinite(seconds) ? seconds : 0; }

}  // namespace

std::string junit_view(const RunReport& run) {
  const std::vector<Testcase> all = testcases(run);
  long failures = 0;
  long skipped = 0;
  std::string body;
  for (const Testcase& testcase : all) {
    body += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"", escaped(testcase.claim),
                        escaped(testcase.name), finite(testcase.seconds));
    if (!testcase.failure.empty()) {
      ++failures;
      body += fmt::format(">\n      <failure message=\"{}\">{}</failure>\n    </testcase>\n", escaped(testcase.failure),
                          escaped(testcase.body, Within::element));
    } else if (!testcase.skipped.empty()) {
      ++skipped;
      body += fmt::format(">\n      <skipped message=\"{}\"/>\n    </testcase>\n", escaped(testcase.skipped));
    } else {
      body += "/>\n";
    }
  }
  const std::string counts = fmt::format(R"(tests="{}" failures="{}" errors="0" skipped="{}" time="{:.3f}")",
                                         all.size(), failures, skipped, finite(run.seconds));
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites {}>\n  <testsuite name=\"normproof\" {}>\n{}  </testsuite>\n</testsuites>\n",
      counts, counts, body);
}

}  // namespace normproof::report
