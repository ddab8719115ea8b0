// Are the results of many cases the same for any number of threads, also where a kernel ends or hangs its worker?
#include "proofs_checks/conformance/supervisor.hpp"

#include <gtest/gtest.h>

#include <mutex>
#include <string>

#include "proofs_checks/conformance/worker_protocol.hpp"
#include "proofs_checks/growth.hpp"

namespace normproof::conformance {
namespace {

// Case "7" has what `of` says of it.
class Scripted : public CaseRunner {
 public:
  explicit Scripted(std::function<CaseResult(int)> of) : of_(std::move(of)) {}
  CaseResult run(const std::string&, const std::string& case_text) override { return of_(std::stoi(case_text)); }
  std::vector<DumpedOperand> operands(const std::string&, const std::string&) override { return {}; }

 private:
  std::function<CaseResult(int)> of_;
};

CaseResult with_finding(Finding::Kind kind) {
  CaseResult result;
  result.outcome = CaseResult::Outcome::failed;
  result.findings.emplace_back();
  result.findings.back().kind = kind;
  return result;
}

CaseResult pass() {
  CaseResult result;
  result.outcome = CaseResult::Outcome::passed;
  return result;
}

std::vector<std::string> numbered(int count) {
  std::vector<std::string> cases;
  for (int k = 0; k < count; ++k) cases.push_back(std::to_string(k));
  return cases;
}

Work scripted(int jobs, std::function<CaseResult(int)> of) {
  Work work;
  work.jobs = jobs;
  work.make_runner = [of = std::move(of)] { return std::make_unique<Scripted>(of); };
  return work;
}

std::string outcomes(const std::vector<std::optional<CaseResult>>& results) {
  std::string text;
  for (const auto& result : results) {
    if (!result)
      text += '?';
    else
      text += result->outcome == CaseResult::Outcome::passed   ? '.'
              : result->outcome == CaseResult::Outcome::failed ? 'F'
                                                               : '-';
  }
  return text;
}

TEST(Supervisor, gives_each_case_its_own_result_whatever_the_jobs) {
  const auto of = [](int k) { return k % 3 == 0 ? with_finding(Finding::Kind::value) : pass(); };
  const std::string expected = outcomes(run_cases("kernel", numbered(100), scripted(1, of)));
  EXPECT_EQ(expected.substr(0, 6), "F..F..");
  for (const int jobs : {2, 5, 200})
    EXPECT_EQ(outcomes(run_cases("kernel", numbered(100), scripted(jobs, of))), expected);
}

TEST(Supervisor, gives_up_a_kernel_after_its_fiftieth_death_whatever_the_jobs) {
  const auto of = [](int k) { return k % 2 == 1 ? with_finding(Finding::Kind::crash) : pass(); };
  for (const int jobs : {1, 3, 16}) {
    const auto results = run_cases("kernel", numbered(150), scripted(jobs, of));
    const std::string shown = outcomes(results);
    EXPECT_EQ(std::count(shown.begin(), shown.end(), 'F'), 50);
    EXPECT_EQ(shown.substr(98, 3), ".F-");
    EXPECT_EQ(shown.find_first_not_of('-', 100), std::string::npos);
    EXPECT_EQ(results[120]->why_not_run, "the kernel had ended 50 workers");
  }
}

TEST(Supervisor, gives_up_a_kernel_after_its_fifth_hang) {
  const auto results =
      run_cases("kernel", numbered(20),
                scripted(2, [](int k) { return k >= 4 ? with_finding(Finding::Kind::timeout) : pass(); }));
  EXPECT_EQ(outcomes(results), "....FFFFF-----------");
  EXPECT_EQ(results[19]->why_not_run, "the kernel had hung 5 times");
}

TEST(Supervisor, leaves_what_comes_after_an_interruption) {
  std::atomic<bool> interrupted{false};
  Work work = scripted(1, [&](int k) {
    if (k == 4) interrupted.store(true);
    return pass();
  });
  work.interrupted = &interrupted;
  EXPECT_EQ(outcomes(run_cases("kernel", numbered(8), work)), ".....???");
  Work stopped = scripted(1, [](int k) {
    if (k == 2) throw Interrupted{};
    return pass();
  });
  EXPECT_EQ(outcomes(run_cases("kernel", numbered(4), stopped)), "..??");
}

TEST(Supervisor, lets_a_failure_of_its_own_through) {
  const auto work = scripted(2, [](int) -> CaseResult { throw std::logic_error("a fault of ours"); });
  EXPECT_THROW(run_cases("kernel", numbered(4), work), std::logic_error);
}

TEST(LineOfAWorker, that_is_none_is_no_result) {
  for (const char* line : {"", "{", "[]", "null", "{\"result\": true}", "{\"result\": {}}", "{\"threw\": 3}", "\x80"}) {
    EXPECT_FALSE(result(line)) << line;
    EXPECT_FALSE(threw(line)) << line;
    EXPECT_FALSE(listing(line)) << line;
    EXPECT_FALSE(operands(line)) << line;
  }
}

TEST(LineOfAWorker, reads_back_as_it_was_written) {
  const CaseResult written = with_finding(Finding::Kind::bits);
  const auto read = result(result_line(written));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->findings.at(0).kind, Finding::Kind::bits);
  ListedKernel kernel{"name", "summary", NORMPROOF_FN_TRAIN, 6, 1};
  const auto kernels = listing(listing_line({kernel}));
  ASSERT_TRUE(kernels && kernels->size() == 1);
  EXPECT_EQ(kernels->front().op, NORMPROOF_FN_TRAIN);
  const auto dumped = operands(operands_line({{"x", {1, 1, 3}, {1.5, NAN, -INFINITY}}}));
  ASSERT_TRUE(dumped && dumped->size() == 1);
  EXPECT_EQ(dumped->front().values[0], 1.5);
  EXPECT_TRUE(std::isnan(dumped->front().values[1]));
  EXPECT_EQ(dumped->front().values[2], -INFINITY);
  const auto asked = request("run name check=tails,op=bn_infer");
  ASSERT_TRUE(asked);
  EXPECT_EQ(asked->kernel, "name");
  EXPECT_EQ(asked->case_text, "check=tails,op=bn_infer");
  EXPECT_FALSE(request("walk name case"));
  EXPECT_FALSE(request("run name"));
}

TEST(LastWords, are_the_telling_lines_without_what_differs_from_run_to_run) {
  EXPECT_EQ(last_words(""), "");
  EXPECT_EQ(last_words("one\ntwo\n\nthree\nfour\n"), "two / three / four");
  EXPECT_EQ(last_words("noise\n==123==ERROR: AddressSanitizer: heap-buffer-overflow on address 0x60200000eff4\nmore\n"),
            "ERROR: AddressSanitizer: heap-buffer-overflow on address 0x…");
}

}  // namespace
}  // namespace normproof::conformance
