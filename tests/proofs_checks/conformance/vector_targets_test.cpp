// Do the vectorized kernels conform on every vector target, and with every way of going over their operands?
//
// A share of the cases of quick effort, another one for each target; `validate --builtin` runs all with the best one.
#include <gtest/gtest.h>

#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "impl/kernel.h"
#include "impl/kernels/builtin.hpp"
#include "impl/kernels/vector/dispatch.hpp"
#include "impl/kernels/vector/explain.hpp"
#include "impl/kernels/vector/plan.hpp"
#include "proofs_checks/conformance/case_runner.hpp"
#include "proofs_checks/conformance/check.hpp"

// GoogleTest prints a parameter, also in the names of tests.
inline void PrintTo(const normproof_kernel& kernel, std::ostream* out) { *out << kernel.name; }

namespace normproof::conformance {
namespace {

namespace vector = kernels::vector;

constexpr std::size_t one_in = 16;

std::vector<normproof_kernel> vectorized_kernels() {
  std::vector<normproof_kernel> vectorized;
  const normproof_library* library = kernels::builtin_library();
  for (std::uint32_t i = 0; i < library->count; ++i)
    if (vector::is_vectorized(library->kernels[i].flags)) vectorized.push_back(library->kernels[i]);
  return vectorized;
}

class VectorTargets : public testing::TestWithParam<normproof_kernel> {
 protected:
  void TearDown() override {
    vector::force_vector_target(std::nullopt);
    vector::force_stores(std::nullopt);
    vector::force_cache_sizes(std::nullopt);
  }

  // Cases `first`, `first` + one_in, …
  void expect_no_finding(std::size_t first) const {
    const normproof_kernel& kernel = GetParam();
    const auto runner = in_this_process({&kernel})();
    const std::vector<Case> cases = all_cases(declared(kernel), {evidence::Effort::quick, 0});
    std::size_t passed = 0;
    for (std::size_t k = first; k < cases.size(); k += one_in) {
      const CaseResult result = runner->run(kernel.name, text(cases[k]));
      passed += result.outcome == CaseResult::Outcome::passed;
      for (const Finding& finding : result.findings)
        ADD_FAILURE() << text(cases[k]) << "\n" << word(finding.kind) << " " << finding.operand << " " << finding.words;
    }
    // Not vacuous: the kernels refuse some layouts and types, but nowhere near half of the cases.
    EXPECT_GT(passed, cases.size() / one_in / 2);
  }
};

TEST_P(VectorTargets, all_conform) {
  std::size_t share = 0;
  for (const vector::VectorTarget& target : vector::vector_targets()) {
    SCOPED_TRACE(target.name);
    vector::force_vector_target(target.name);
    expect_no_finding(share++ % one_in);
  }
}

TEST_P(VectorTargets, conform_where_no_channel_fits_into_a_cache_and_stores_go_past_it) {
  vector::force_cache_sizes(vector::CacheSizes{512});
  vector::force_stores(vector::Stores::non_temporal);
  expect_no_finding(one_in - 1);
}

std::string name_of(const testing::TestParamInfo<normproof_kernel>& of) { return of.param.name; }

INSTANTIATE_TEST_SUITE_P(Builtin, VectorTargets, testing::ValuesIn(vectorized_kernels()), name_of);

}  // namespace
}  // namespace normproof::conformance
