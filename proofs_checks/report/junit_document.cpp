// How are testcases written as JUnit XML, for the machines that show test results?
#include "proofs_checks/report/junit_document.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string_view>

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

double finite(double seconds) { return std::isfinite(seconds) ? seconds : 0; }

}  // namespace

std::string junit_document(const std::vector<JunitTestcase>& testcases, double seconds) {
  long failures = 0;
  long skipped = 0;
  std::string body;
  for (const JunitTestcase& testcase : testcases) {
    body += fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{:.3f}\"", escaped(testcase.classname),
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
                                         testcases.size(), failures, skipped, finite(seconds));
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites {}>\n  <testsuite name=\"normproof\" {}>\n{}  </testsuite>\n</testsuites>\n",
      counts, counts, body);
}

}  // namespace normproof::report
