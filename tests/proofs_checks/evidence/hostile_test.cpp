// Are hostile cases as hostile as they say, reproducible, and do they shrink?
#include "proofs_checks/inputs/hostile.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "tests/proofs_checks/evidence/sample_readings.hpp"

namespace normproof::inputs {
namespace {

using evidence::RecordedReading;
using evidence::VariableInfo;

const RecordedReading& sample() {
  static const RecordedReading recorded = [] {
    Sizes sizes;
    sizes.batch = 6;
    sizes.channels = 2;
    return evidence::record_reading(evidence::samples::compact_equals_chain(), sizes);
  }();
  return recorded;
}

HostileCase with(Regime regime, std::uint64_t key) { return {0, static_cast<std::uint32_t>(regime), key}; }

std::vector<double> column(const std::vector<double>& values, const std::string& array, int channel) {
  std::vector<double> found;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const VariableInfo& variable = sample().variables[k];
    if (variable.array == array && variable.column == channel) found.push_back(values[k]);
  }
  return found;
}

// How many of 40 cases of this regime have a channel of x for which `is` holds.
template <class Is>
int hits(Regime regime, const std::string& array, const Is& is) {
  int count = 0;
  for (std::uint64_t key = 0; key < 40; ++key) {
    const std::vector<double> values = draw(with(regime, key), sample().variables);
    if (is(column(values, array, 0)) || (array == "x" && is(column(values, array, 1)))) ++count;
  }
  return count;
}

bool is_constant(const std::vector<double>& v) {
  return std::all_of(v.begin(), v.end(), [&](double each) { return each == v[0]; });
}

TEST(HostileCase, draws_the_same_doubles_from_the_same_case) {
  const HostileCase one{0, static_cast<std::uint32_t>(Regime::far_mean), 5};
  EXPECT_EQ(draw(one, sample().variables), draw(one, sample().variables));
  EXPECT_NE(draw(one, sample().variables), draw(with(Regime::far_mean, 6), sample().variables));
}

TEST(HostileCase, gives_what_each_regime_promises) {
  constexpr int most = 30;
  EXPECT_GT(hits(Regime::constant_channel, "x", is_constant), most);
  EXPECT_GT(hits(Regime::nearly_constant_channel, "x",
                 [](const std::vector<double>& v) {
                   const auto [low, high] = std::minmax_element(v.begin(), v.end());
                   return *high == std::nextafter(*low, std::numeric_limits<double>::infinity());
                 }),
            most);
  EXPECT_GT(hits(Regime::subnormal, "x",
                 [](const std::vector<double>& v) {
                   return std::all_of(v.begin(), v.end(),
                                      [](double x) { return std::abs(x) < std::numeric_limits<double>::min(); });
                 }),
            most);
  EXPECT_GT(hits(Regime::integers, "x",
                 [](const std::vector<double>& v) {
                   return std::all_of(v.begin(), v.end(), [](double x) { return x == std::round(x); });
                 }),
            most);
  EXPECT_GT(hits(Regime::scaled_down, "x", [](const std::vector<double>& v) { return std::abs(v[0]) < 1e-9; }), 10);
  EXPECT_GT(hits(Regime::scaled_up, "x", [](const std::vector<double>& v) { return std::abs(v[0]) > 1e9; }), 10);
  EXPECT_GT(hits(Regime::scale_zero, "gamma", [](const std::vector<double>& v) { return v[0] == 0 || v[1] == 0; }), 10);
  EXPECT_EQ(hits(Regime::eps_zero, "eps", [](const std::vector<double>& v) { return v[0] == 0; }), 40);
  EXPECT_EQ(hits(Regime::eps_huge, "eps", [](const std::vector<double>& v) { return v[0] > 1e12; }), 40);
}

TEST(HostileCase, sweeps_kappa_to_a_million) {
  double largest = 0;
  for (std::uint64_t key = 0; key < 200; ++key) {
    const std::vector<double> x = column(draw(with(Regime::far_mean, key), sample().variables), "x", 0);
    largest = std::max(largest, std::abs(x[0]));
  }
  EXPECT_GT(largest, 5e5);
  EXPECT_LT(largest, 1.1e6);
}

TEST(HostileCase, never_draws_a_negative_eps_or_a_nan) {
  RandomStream stream(3, "admissible");
  const std::vector<std::uint32_t> relevant = {relevant_regimes(sample().variables)};
  for (int k = 0; k < 2000; ++k) {
    const std::vector<double> values = draw(draw_case(stream, relevant), sample().variables);
    for (std::size_t v = 0; v < values.size(); ++v) {
      ASSERT_TRUE(std::isfinite(values[v]));
      ASSERT_TRUE(sample().variables[v].role != Role::epsilon || values[v] >= 0);
    }
  }
}

TEST(HostileCase, uses_only_regimes_that_can_matter) {
  const std::uint32_t relevant = relevant_regimes(sample().variables);
  EXPECT_NE(relevant & static_cast<std::uint32_t>(Regime::eps_zero), 0u);
  EXPECT_EQ(relevant & static_cast<std::uint32_t>(Regime::rate_one), 0u);
}

TEST(HostileCase, shrinks_to_smaller_sizes_and_fewer_regimes_and_ends) {
  const std::vector<Sizes> sizes = evidence::samples::usual_sizes();
  HostileCase hard{static_cast<int>(sizes.size()) - 1, 0b111, 9};
  int steps = 0;
  for (std::vector<HostileCase> next = simpler(hard, sizes); !next.empty(); next = simpler(hard, sizes)) {
    hard = next.back();
    ASSERT_LT(++steps, 20);
  }
  EXPECT_EQ(hard.regimes, 0u);
  EXPECT_EQ(hard.size_index, 0);
  EXPECT_EQ(hard.key, 9u);
}

TEST(HostileCase, says_in_words_what_it_is) {
  EXPECT_EQ(words(HostileCase{0, 0, 4}), "plain (key 4)");
  EXPECT_EQ(words(with(Regime::eps_zero, 4)), "ε = 0 (key 4)");
}

}  // namespace
}  // namespace normproof::inputs
