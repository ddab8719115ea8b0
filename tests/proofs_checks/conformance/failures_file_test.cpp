// Are the failures of one run found again by the next one?
#include "proofs_checks/conformance/failures_file.hpp"

#include <gtest/gtest.h>

#include <string>

#include "impl/data/file_error.hpp"

namespace normproof::conformance {
namespace {

const std::filesystem::path file = "failures.txt";

Case some_case(std::int64_t spatial) {
  Case described = plain_case(NORMPROOF_BN_INFER, NORMPROOF_F32, 1, 1, spatial, 7);
  described.check = "tails";
  return described;
}

ConformanceReport report_of(const std::string& kernel, const std::vector<Case>& failing) {
  ConformanceReport report;
  report.kernels.emplace_back();
  report.kernels.back().kernel.name = kernel;
  report.kernels.back().checks.emplace_back();
  for (const Case& described : failing) {
    FindingReport finding;
    finding.described = described;
    report.kernels.back().checks.back().findings.push_back(finding);
  }
  return report;
}

TEST(FailuresFile, reads_back_what_it_wrote) {
  const std::vector<EarlierFailure> failures = {{"a", some_case(3)}, {"b", some_case(5)}};
  const std::string written = failures_text("folder/lib.so", failures);
  const auto read = parse_failures(written, file, "folder/lib.so");
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[1].kernel, "b");
  EXPECT_EQ(read[1].described, some_case(5));
}

TEST(FailuresFile, is_of_one_library_wherever_it_is_built) {
  const std::string written = failures_text("one/lib.so", {{"a", some_case(3)}});
  EXPECT_EQ(parse_failures(written, file, "other/lib.so").size(), 1U);
  EXPECT_TRUE(parse_failures(written, file, "one/other.so").empty());
}

TEST(FailuresFile, says_where_a_line_is_wrong) {
  const std::string start = failures_text("lib.so", {});
  for (const char* wrong : {"no tab here", "\tcheck=tails", "kernel\tnot a case"}) {
    try {
      parse_failures(start + wrong + "\n", file, "lib.so");
      ADD_FAILURE() << wrong << " was taken";
    } catch (const data::FileError& error) {
      EXPECT_NE(std::string(error.what()).find("line 3"), std::string::npos) << error.what();
    }
  }
}

TEST(FailuresFile, is_empty_where_there_is_no_file) { EXPECT_TRUE(read_failures("no/such/file", "lib.so").empty()); }

TEST(FailuresOfARun, are_its_findings_each_case_once) {
  const auto failures = failures_of(report_of("a", {some_case(3), some_case(3), some_case(5)}), {});
  EXPECT_EQ(failures.size(), 2U);
}

TEST(FailuresOfARun, keep_those_that_were_not_tried_again_and_drop_those_that_pass) {
  const std::vector<EarlierFailure> earlier = {{"a", some_case(9)}, {"other", some_case(11)}};
  const auto failures = failures_of(report_of("a", {}), earlier);
  ASSERT_EQ(failures.size(), 1U);
  EXPECT_EQ(failures[0].kernel, "other");
  ConformanceReport interrupted = report_of("a", {});
  interrupted.complete = false;
  EXPECT_EQ(failures_of(interrupted, earlier).size(), 2U);
}

}  // namespace
}  // namespace normproof::conformance
