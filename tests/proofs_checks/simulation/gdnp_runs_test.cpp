// Do drawn runs of GDNP keep the repaired rates, and would a broken rule be seen?
#include "proofs_checks/simulation/gdnp_runs.hpp"

#include <gtest/gtest.h>

#include "proofs_checks/simulation/hidden_unit_descent.hpp"

namespace normproof::simulation {
namespace {

constexpr std::uint64_t runs = 2000;

GdnpRun drawn(std::uint64_t k, reference::StoppingRule rule) {
  inputs::RandomStream stream(k, "gdnp_runs_test");
  return gdnp_run(stream, rule);
}

TEST(GdnpRuns, keep_both_bounds_with_the_needed_h) {
  std::uint64_t zero = 0, vacuous = 0;
  for (std::uint64_t k = 0; k < runs; ++k) {
    const GdnpRun run = drawn(k, reference::StoppingRule::needed);
    zero += run.length_is_zero ? 1 : 0;
    vacuous += run.vacuous ? 1 : 0;
    EXPECT_TRUE(run.direction && run.length) << k;
    EXPECT_TRUE(run.length_is_zero || run.kept_the_rate()) << k;
    EXPECT_LE(run.last_excess, run.first_excess) << k;
  }
  // Empirical: 1/100 of the runs each at most.
  EXPECT_LT(zero, runs / 100);
  EXPECT_LT(vacuous, runs / 100);
}

TEST(GdnpRuns, are_judged_no_further_where_a_bracket_is_too_long_to_test) {
  // Its lengths go to −916, where E φ′ is below the least double and the next step divides by 0.
  inputs::RandomStream stream(0, "gdnp_linear_convergence", "repaired__along_runs", "replica", "4245");
  const GdnpRun run = gdnp_run(stream, reference::StoppingRule::needed);
  EXPECT_TRUE(run.vacuous && run.kept_both());
}

TEST(GdnpRuns, that_decide_are_not_those_that_were_looked_at) {
  inputs::RandomStream seen(0, "gdnp_linear_convergence", "repaired__along_runs", "replica", "4245"), replica = seen;
  EXPECT_NE(deciding_gdnp_run(replica, reference::StoppingRule::needed).first_excess,
            gdnp_run(seen, reference::StoppingRule::needed).first_excess);
}

TEST(GdnpRuns, do_not_all_keep_the_direction_s_bound_with_the_printed_h) {
  std::uint64_t broken = 0;
  for (std::uint64_t k = 0; k < runs; ++k) broken += drawn(k, reference::StoppingRule::printed).direction ? 0 : 1;
  EXPECT_GT(broken, 0U);
}

TEST(AlternatingGdnp, records_every_round_of_two_units) {
  const HiddenUnits problem = {
      .s = {1, 0, 0, 0.5}, .u = {0.6, -0.4}, .v = {0.6, -0.8}, .largest = 1, .theta = {1, 0.5}};
  const auto records = alternate(problem, {{.w = {1, 1}, .gamma = 1}, {.w = {1, -2}, .gamma = 1}}, {3, 20}, 4, nullptr);
  ASSERT_EQ(records.size(), 5U);
  for (const HiddenUnitRecord& record : records) {
    ASSERT_EQ(record.off_the_line.size(), 2U);
    EXPECT_LE(record.off_the_line[0], 1);
  }
  EXPECT_LT(records.back().off_the_line[0], records.front().off_the_line[0]);
}

TEST(AlternatingGdnp, leaves_units_on_the_line_there) {
  const HiddenUnits problem = {
      .s = {1, 0, 0, 0.5}, .u = {0.6, -0.4}, .v = {0.6, -0.8}, .largest = 1, .theta = {1, 0.5}};
  const auto records =
      alternate(problem, {{.w = {0.6, -0.8}, .gamma = -1}, {.w = {1.2, -1.6}, .gamma = -1}}, {2, 20}, 2, nullptr);
  // The sine of an angle of rounding's size is a root: 1e-7.
  for (const HiddenUnitRecord& record : records) EXPECT_LT(record.off_the_line[0] + record.off_the_line[1], 1e-6);
}

}  // namespace
}  // namespace normproof::simulation
