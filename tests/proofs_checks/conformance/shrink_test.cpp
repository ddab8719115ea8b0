// Does a failing case become as simple as its failure lets it, and does it go on failing in the same way?
#include "proofs_checks/conformance/shrink.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <vector>

#include "proofs_checks/conformance/recipes.hpp"

namespace normproof::conformance {
namespace {

// A case with nothing plain about it.
Case elaborate(normproof_op op) {
  Case described = plain_case(op, NORMPROOF_F32, 6, 5, 7, 11);
  described.check = "tails";
  for (const OperandId id : {OperandId::x, OperandId::y, OperandId::dy, OperandId::dx}) {
    described[id].layout = Layout{"bsc", 2, 3, "", '-'};
    described[id].offset = 3;
  }
  described.eps = 0.25;
  described.momentum = 0.5;
  described.threads = 4;
  described.guard_in_front = true;
  described.inputs_read_only = true;
  described.variance = NORMPROOF_VAR_BIASED;
  described[OperandId::x].values.plants = {{0, Plant::Position::tail, 3.0}, {4, Plant::Position::head, -2.0}};
  return described;
}

Finding finding_of_y() {
  Finding finding;
  finding.kind = Finding::Kind::value;
  finding.operand = "y";
  return finding;
}

Shrunk shrunk_while(const Case& failing, const std::function<bool(const Case&)>& fails) {
  const StillFails still_fails = [&](const Case& candidate) -> std::optional<Finding> {
    if (!fails(candidate)) return std::nullopt;
    return finding_of_y();
  };
  EXPECT_TRUE(fails(failing));
  Shrunk shrunk = shrink(failing, finding_of_y(), still_fails);
  EXPECT_TRUE(fails(shrunk.smallest));
  EXPECT_EQ(parse_case(text(shrunk.smallest)), shrunk.smallest);
  return shrunk;
}

TEST(Shrinking, reaches_the_plainest_call_where_any_call_fails) {
  const Case smallest = shrunk_while(elaborate(NORMPROOF_BN_TRAIN), [](const Case&) { return true; }).smallest;
  EXPECT_EQ(smallest.elements(), 1);
  EXPECT_EQ(text(smallest),
            "check=tails,op=bn_train,shape=1x1x1,x=f32/bcs/[0],gamma=-,beta=-,running_mean=-,running_var=-,"
            "saved_mean=-,saved_mean_low=-,saved_inv_std=-,seed=11");
}

TEST(Shrinking, finds_the_least_extents_that_fail) {
  const Case smallest = shrunk_while(elaborate(NORMPROOF_BN_INFER), [](const Case& candidate) {
                          return candidate.batch >= 3 && candidate.spatial >= 5;
                        }).smallest;
  EXPECT_EQ(smallest.batch, 3);
  EXPECT_EQ(smallest.channels, 1);
  EXPECT_EQ(smallest.spatial, 5);
}

TEST(Shrinking, keeps_the_one_option_that_matters) {
  const std::vector<std::function<bool(const Case&)>> options = {
      [](const Case& c) { return c.eps == 0.25; },
      [](const Case& c) { return c.threads == 4; },
      [](const Case& c) { return c[OperandId::y].layout.order == "bsc"; },
      [](const Case& c) { return c[OperandId::x].layout.pad == 3; },
      [](const Case& c) { return c[OperandId::y].offset == 3; },
      [](const Case& c) { return c[OperandId::gamma].present; },
      [](const Case& c) { return c.guard_in_front; },
      [](const Case& c) { return c[OperandId::x].values.plants.size() == 1; },
      [](const Case& c) { return c.inputs_read_only; },
  };
  for (std::size_t kept = 0; kept < options.size(); ++kept) {
    const Case smallest = shrunk_while(elaborate(NORMPROOF_BN_INFER), [&](const Case& candidate) {
                            const bool plants_are_left = !candidate[OperandId::x].values.plants.empty();
                            return options[kept](candidate) || (kept == 7 && plants_are_left);
                          }).smallest;
    for (std::size_t other = 0; other < options.size(); ++other)
      EXPECT_EQ(options[other](smallest), other == kept) << kept << ' ' << other << ' ' << text(smallest);
  }
}

TEST(Shrinking, cuts_out_the_channel_of_the_finding) {
  // Values of channel 3 alone are below −1.
  const auto fails = [](const Case& candidate) {
    const InputValues inputs = input_values(candidate);
    const std::vector<double>& x = inputs[OperandId::x];
    return std::any_of(x.begin(), x.end(), [](double value) { return value < -1; });
  };
  Case failing = plain_case(NORMPROOF_BN_INFER, NORMPROOF_F32, 2, 6, 2, 0);
  failing[OperandId::x].values.literal = std::vector<double>(24, 0.5);
  failing[OperandId::x].values.literal[19] = -7.25;  // batch 1, channel 3, spatial 1
  Finding finding = finding_of_y();
  finding.place = "batch 1, channel 3, spatial 1";
  const StillFails still_fails = [&](const Case& candidate) -> std::optional<Finding> {
    if (!fails(candidate)) return std::nullopt;
    return finding_of_y();
  };
  const Case smallest = shrink(failing, finding, still_fails).smallest;
  EXPECT_EQ(smallest.elements(), 1);
  EXPECT_EQ(smallest[OperandId::x].values.literal, std::vector<double>{-7});
}

TEST(Shrinking, writes_values_out_and_makes_each_simple) {
  const auto fails = [](const Case& candidate) {
    const InputValues inputs = input_values(candidate);
    const std::vector<double>& x = inputs[OperandId::x];
    double largest = 0;
    for (const double value : x) largest = std::max(largest, std::abs(value));
    return largest > 2.5 && x.size() >= 2;
  };
  const Case smallest = shrunk_while(elaborate(NORMPROOF_BN_INFER), fails).smallest;
  EXPECT_EQ(smallest.elements(), 2);
  ASSERT_EQ(smallest[OperandId::x].values.literal.size(), 2U) << text(smallest);
  EXPECT_EQ(smallest[OperandId::x].values.literal[0] == 0, smallest[OperandId::x].values.literal[1] != 0);
}

TEST(Shrinking, keeps_the_relation) {
  Case failing = elaborate(NORMPROOF_BN_INFER);
  failing.relation = Relation::permute_channels;
  EXPECT_EQ(shrunk_while(failing, [](const Case&) { return true; }).smallest.relation, Relation::permute_channels);
}

TEST(Shrinking, leaves_a_case_alone_that_fails_in_no_simpler_way) {
  const Case failing = elaborate(NORMPROOF_BN_INFER);
  const Shrunk shrunk = shrunk_while(failing, [&](const Case& candidate) { return candidate == failing; });
  EXPECT_FALSE(shrunk.smaller);
  EXPECT_EQ(shrunk.smallest, failing);
}

TEST(Shrinking, stops_where_its_budget_ends) {
  int runs = 0;
  const StillFails never = [&](const Case&) -> std::optional<Finding> {
    ++runs;
    return std::nullopt;
  };
  ShrinkBudget budget;
  budget.runs = 10;
  shrink(elaborate(NORMPROOF_BN_TRAIN), finding_of_y(), never, budget);
  EXPECT_LE(runs, 10);
  EXPECT_GE(runs, 5);
  runs = 0;
  Case large = plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 1 << 10, 4, 1 << 10, 0);
  shrink(large, finding_of_y(), never, budget);
  EXPECT_LE(runs, 10);
}

TEST(Shrinking, takes_no_other_finding_for_the_same) {
  CaseResult result;
  Finding finding = finding_of_y();
  finding.operand = "dx";
  result.findings.push_back(finding);
  EXPECT_EQ(same_finding(result, finding_of_y()), nullptr);
  finding = finding_of_y();
  finding.kind = Finding::Kind::nonfinite;
  result.findings.push_back(finding);
  EXPECT_EQ(same_finding(result, finding_of_y()), nullptr);
  result.findings.push_back(finding_of_y());
  EXPECT_EQ(same_finding(result, finding_of_y()), &result.findings[2]);
}

}  // namespace
}  // namespace normproof::conformance
