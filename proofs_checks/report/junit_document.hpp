// How are testcases written as JUnit XML, for the machines that show test results?
#pragma once

#include <string>
#include <vector>

namespace normproof::report {

struct JunitTestcase {
  std::string classname, name;
  double seconds = 0;
  std::string failure, skipped;  // their messages; at most one is set
  std::string body;              // of a failure
};

// One suite called normproof. Text that XML cannot hold becomes U+FFFD.
std::string junit_document(const std::vector<JunitTestcase>& testcases, double seconds);

}  // namespace normproof::report
