// Does the validator catch every faulty kernel by a check that is made for its fault, and let every honest one pass?
//
// With seed 0, or the one that NORMPROOF_SEED says: a fault that only one seed shows is not caught.
#include <gtest/gtest.h>

#include <cstdlib>
#include <ostream>
#include <set>
#include <string>

#include "tests/kernel_zoo/zoo_runs.hpp"

namespace normproof::zoo {

// GoogleTest prints a parameter that fails.
void PrintTo(const FaultyKernel& faulty, std::ostream* out) { *out << faulty.kernel.name; }

namespace {

std::uint64_t seed() {
  const char* const wish = std::getenv("NORMPROOF_SEED");
  return wish == nullptr ? 0 : std::stoull(wish);
}
const conformance::Plan quick = {evidence::Effort::quick, seed()};

std::set<std::string> ids_of_checks() {
  std::set<std::string> ids;
  for (const conformance::NamedCheck& named : conformance::check_catalogue()) ids.insert(named.id);
  return ids;
}

class FaultyKernelTest : public testing::TestWithParam<FaultyKernel> {};

TEST_P(FaultyKernelTest, is_caught_by_a_check_that_is_made_for_its_fault) {
  const FaultyKernel& faulty = GetParam();
  const auto runner = faulty_runner(NORMPROOF_PROGRAM, NORMPROOF_FAULTY_KERNELS);
  std::set<std::string> others;
  for (const std::string& check : faulty.right_checks) {
    const auto caught =
        first_caught(*runner, faulty.kernel.name, cases_of(check, faulty.kernel, quick), [&](const Finding& finding) {
          if (finding.kind != faulty.expected) others.insert(conformance::word(finding.kind));
          return finding.kind == faulty.expected;
        });
    if (caught) return;
  }
  std::string found;
  for (const std::string& kind : others) found += " " + kind;
  FAIL() << faulty.kernel.name << " (" << faulty.fault_class << "): " << faulty.wrong_line << "; expected "
         << conformance::word(faulty.expected) << " from a check that is made for it, found"
         << (found.empty() ? " nothing" : found);
}

class HonestKernelTest : public testing::TestWithParam<normproof_kernel> {};

TEST_P(HonestKernelTest, conforms_to_every_check) {
  const normproof_kernel& honest = GetParam();
  const normproof_kernel forward = right_forward();
  const auto runner = honest_runner(honest, forward);
  const auto cases = conformance::all_cases(conformance::declared(honest), quick);
  std::size_t passed = 0;
  for (const Case& one : cases) {
    const CaseResult result = runner->run(honest.name, conformance::text(one));
    passed += result.outcome == CaseResult::Outcome::passed;
    for (const Finding& finding : result.findings) ADD_FAILURE() << in_words({one, finding});
    if (HasFailure()) return;
  }
  EXPECT_GT(passed, 0u) << "nothing was judged";
}

std::string name_of(const testing::TestParamInfo<FaultyKernel>& of) { return of.param.kernel.name; }
std::string name_of_honest(const testing::TestParamInfo<normproof_kernel>& of) { return of.param.name; }

INSTANTIATE_TEST_SUITE_P(Zoo, FaultyKernelTest, testing::ValuesIn(faulty_kernels()), name_of);
INSTANTIATE_TEST_SUITE_P(Zoo, HonestKernelTest, testing::ValuesIn(honest_kernels()), name_of_honest);

// The line that is printed makes a call alone, in a process that made no other before.
TEST(Zoo, faults_that_outlast_a_call_are_found_again_by_one_case_alone) {
  std::size_t tried = 0;
  for (const FaultyKernel& faulty : faulty_kernels()) {
    const std::vector<std::string>& checks = faulty.right_checks;
    if (std::find(checks.begin(), checks.end(), "history") == checks.end()) continue;
    ++tried;
    const auto same_kind = [&](const Finding& finding) { return finding.kind == faulty.expected; };
    const auto cases = cases_of("history", faulty.kernel, quick);
    const auto caught =
        first_caught(*faulty_runner(NORMPROOF_PROGRAM, NORMPROOF_FAULTY_KERNELS), faulty.kernel.name, cases, same_kind);
    ASSERT_TRUE(caught) << faulty.kernel.name;
    EXPECT_TRUE(first_caught(*faulty_runner(NORMPROOF_PROGRAM, NORMPROOF_FAULTY_KERNELS), faulty.kernel.name,
                             {caught->described}, same_kind))
        << faulty.kernel.name << " " << in_words(*caught);
  }
  EXPECT_GE(tried, 4u);
}

TEST(Zoo, has_faulty_kernels_of_every_operation_and_enough_honest_ones) {
  constexpr std::size_t fewest_faulty = 40, fewest_honest = 12, fewest_honest_training = 8;
  std::set<std::int32_t> faulty_ops, honest_ops;
  std::size_t training = 0;
  for (const FaultyKernel& faulty : faulty_kernels()) faulty_ops.insert(faulty.kernel.op);
  for (const normproof_kernel& honest : honest_kernels()) {
    honest_ops.insert(honest.op);
    training += honest.op == NORMPROOF_BN_TRAIN;
  }
  EXPECT_EQ(faulty_ops.size(), conformance::all_ops().size());
  EXPECT_EQ(honest_ops.size(), conformance::all_ops().size());
  EXPECT_GE(faulty_kernels().size(), fewest_faulty);
  EXPECT_GE(honest_kernels().size(), fewest_honest);
  EXPECT_GE(training, fewest_honest_training);
}

TEST(Zoo, names_of_kernels_are_unique_and_right_checks_exist) {
  const std::set<std::string> checks = ids_of_checks();
  std::set<std::string> names;
  for (const FaultyKernel& faulty : faulty_kernels()) {
    EXPECT_TRUE(names.insert(faulty.kernel.name).second) << faulty.kernel.name;
    EXPECT_FALSE(faulty.right_checks.empty()) << faulty.kernel.name;
    for (const std::string& check : faulty.right_checks) {
      EXPECT_TRUE(checks.count(check)) << faulty.kernel.name << ": there is no check " << check;
    }
  }
  for (const normproof_kernel& honest : honest_kernels()) {
    EXPECT_TRUE(names.insert(honest.name).second) << honest.name;
  }
}

}  // namespace
}  // namespace normproof::zoo
