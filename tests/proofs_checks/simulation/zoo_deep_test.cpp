// Are the chains' recursions in double what enclosures of 80 digits say, over their first 10⁴ steps?
#include <gtest/gtest.h>

#include <array>
#include <cmath>

#include "proofs_checks/numbers/interval.hpp"
#include "proofs_checks/simulation/schedule.hpp"
#include "proofs_checks/simulation/zoo.hpp"
#include "proofs_checks/simulation/zoo_chains.hpp"
#include "theory/compositional/affine_chain_moments.hpp"

namespace normproof::simulation {
namespace {

using numbers::Interval;

// A hundredth of the relative error that the zoo states for its sums.
constexpr double agreement = 1e-11;

void expect_near(double value, const Interval& enclosure, std::size_t k) {
  const double low = enclosure.lower(), high = enclosure.upper();
  EXPECT_LE(high - low, agreement * std::fabs(value)) << k;
  EXPECT_NEAR(value, low, agreement * std::fabs(value)) << k;
}

template <std::size_t n>
void expect_the_enclosures(std::size_t steps) {
  const auto& chain = affine_chain<n>();
  theory::AffineChain<Interval, n> enclosed;
  std::array<Interval, n> w, estimates;
  for (std::size_t i = 0; i < n; ++i) {
    const auto& layer = chain.layers.layers[i];
    enclosed.layers[i] = {Interval(layer.a), Interval(layer.b), Interval(layer.c), Interval(layer.d)};
    w[i] = Interval(chain.w[i]);
    estimates[i] = Interval(chain.estimates[i]);
  }
  enclosed.mean = Interval(chain.layers.mean);
  enclosed.variance = Interval(chain.layers.variance);
  const Schedule schedule = tabulated({0.4, 0.8, zoo_problem("chain_" + std::to_string(n)).first_learning_rate}, steps);
  auto moments = theory::affine_chain_start<double, n>(chain.w, chain.estimates);
  auto exact = theory::affine_chain_start<Interval, n>(w, estimates);
  double sum = 0;
  Interval exact_sum;
  for (std::size_t k = 0; k < steps; ++k) {
    const auto step = theory::affine_chain_step<double, n>(chain.layers, moments, schedule[k].alpha,
                                                           schedule[k].learning_rate, theory::SampleSharing::none);
    const auto enclosure = theory::affine_chain_step<Interval, n>(
        enclosed, exact, Interval(schedule[k].alpha), Interval(schedule[k].learning_rate), theory::SampleSharing::none);
    moments = step.next;
    exact = enclosure.next;
    sum += schedule[k].learning_rate * step.squared_gradient;
    exact_sum += Interval(schedule[k].learning_rate) * enclosure.squared_gradient;
    if (k % 500 != 499) continue;
    expect_near(step.squared_gradient, enclosure.squared_gradient, k);
    for (std::size_t i = 0; i < n; ++i) expect_near(step.squared_error[i], enclosure.squared_error[i], k);
  }
  expect_near(sum, exact_sum, steps);
}

TEST(ChainOfOneLayer, is_in_double_what_enclosures_say) { expect_the_enclosures<1>(10'000); }
TEST(ChainOfTwoLayers, is_in_double_what_enclosures_say) { expect_the_enclosures<2>(10'000); }
TEST(ChainOfThreeLayers, is_in_double_what_enclosures_say) { expect_the_enclosures<3>(10'000); }

}  // namespace
}  // namespace normproof::simulation
