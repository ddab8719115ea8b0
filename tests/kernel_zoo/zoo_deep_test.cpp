// Do honest kernels pass whatever the seed is? A false alarm is as bad as a fault that goes by.
//
// Seeds at quick effort: twenty, or as many as NORMPROOF_SEEDS says. With each seed one in forty of the cases is run,
// another share with every seed; NORMPROOF_ONE_IN=1 takes them all, which is some minutes a kernel with 200 seeds.
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

#include "tests/kernel_zoo/zoo_runs.hpp"

namespace normproof::zoo {
namespace {

constexpr std::uint64_t usual_seeds = 20;
constexpr std::uint64_t usual_share = 40;

std::uint64_t wished(const char* variable, std::uint64_t usual) {
  const char* const wish = std::getenv(variable);
  return wish == nullptr ? usual : std::stoull(wish);
}

class HonestKernelDeepTest : public testing::TestWithParam<normproof_kernel> {};

TEST_P(HonestKernelDeepTest, conforms_with_every_seed) {
  const normproof_kernel& honest = GetParam();
  const normproof_kernel forward = right_forward();
  const auto runner = honest_runner(honest, forward);
  const conformance::Declared declared = conformance::declared(honest);
  const std::uint64_t seeds = wished("NORMPROOF_SEEDS", usual_seeds);
  const std::uint64_t one_in = wished("NORMPROOF_ONE_IN", usual_share);
  ASSERT_GT(seeds, 0u);
  ASSERT_GT(one_in, 0u);
  for (std::uint64_t seed = 0; seed < seeds; ++seed) {
    const auto cases = conformance::all_cases(declared, {evidence::Effort::quick, seed});
    ASSERT_GT(cases.size(), one_in) << "one of so many is none";
    for (std::size_t k = seed % one_in; k < cases.size(); k += one_in) {
      const CaseResult result = runner->run(honest.name, conformance::text(cases[k]));
      for (const Finding& finding : result.findings) ADD_FAILURE() << in_words({cases[k], finding});
      if (HasFailure()) return;
    }
  }
}

std::string name_of(const testing::TestParamInfo<normproof_kernel>& of) { return of.param.name; }

INSTANTIATE_TEST_SUITE_P(Zoo, HonestKernelDeepTest, testing::ValuesIn(honest_kernels()), name_of);

}  // namespace
}  // namespace normproof::zoo
