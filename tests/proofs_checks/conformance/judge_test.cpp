// Does the judge accept what is right, and nothing else?
#include "proofs_checks/conformance/judge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "proofs_checks/conformance/kernel_call.hpp"
#include "tests/proofs_checks/conformance/honest_kernels.hpp"

namespace normproof::conformance {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using theory::StabilityClass;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// A case, what an honest kernel writes for it, and what the judge says when some of that is changed.
class Court {
 public:
  explicit Court(const Case& made) : described_(made), inputs_(input_values(described_)), oracle_(described_, inputs_) {
    const normproof_kernel kernel = honest::kernel(made.op);
    const KernelCall call = call_kernel(kernel, described_, inputs_, Bits::no);
    EXPECT_EQ(call.outcome, KernelCall::Outcome::done);
    got = call.got;
  }

  OutputValues got;
  const Case& described() const { return described_; }
  const InputValues& inputs() const { return inputs_; }
  const Oracle& oracle() const { return oracle_; }
  Judgement judged() const { return judge(described_, inputs_, oracle_, got); }
  OutputFigures figures(const std::string& output) const {
    for (const OutputFigures& one : judged().outputs)
      if (one.output == output) return one;
    ADD_FAILURE() << "no figures of " << output;
    return {};
  }
  // The only finding.
  Finding finding() const {
    const std::vector<Finding> all = judged().findings;
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? Finding{} : all.front();
  }
  bool passes() const { return judged().findings.empty(); }

 private:
  Case described_;
  InputValues inputs_;
  Oracle oracle_;
};

Case training() { return plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 3, 2, 5, 3); }

Values literal(std::vector<double> values) {
  Values made;
  made.literal = std::move(values);
  return made;
}

Values recipe(const char* name, std::vector<double> parameters = {}) {
  Values made;
  made.recipe = name;
  made.parameters = std::move(parameters);
  return made;
}

TEST(Judge, accepts_an_honest_kernel_in_every_operation_and_compares_every_value) {
  for (const normproof_op op : all_ops())
    for (const normproof_dtype dtype : {NORMPROOF_F32, NORMPROOF_F64}) {
      const Court court(plain_case(op, dtype, 3, 2, 5, 3));
      const Judgement judgement = court.judged();
      EXPECT_TRUE(judgement.findings.empty()) << word(op);
      EXPECT_TRUE(judgement.keeps_half_the_digits);
      for (const OutputFigures& output : judgement.outputs) {
        const bool tensor = output.output == "y" || output.output == "dx";
        EXPECT_EQ(output.compared, tensor ? 30 : 2) << word(op) << ' ' << output.output;
        EXPECT_LE(output.worst_over_bound, 1);
        ASSERT_TRUE(output.meets.has_value());
        EXPECT_LE(*output.meets, StabilityClass::two_pass) << word(op) << ' ' << output.output;
      }
    }
}

TEST(Judge, finds_one_wrong_value_and_says_where_and_how_wrong) {
  Court court(training());
  court.got[OperandId::y][9] += 0.5;  // batch 0, channel 1, spatial 4
  const Finding finding = court.finding();
  EXPECT_EQ(finding.kind, Finding::Kind::value);
  EXPECT_EQ(finding.operand, "y");
  EXPECT_EQ(finding.place, "batch 0, channel 1, spatial 4");
  EXPECT_NEAR(finding.got - finding.expected, 0.5, 1e-6);
  EXPECT_FALSE(finding.meets.has_value());
  EXPECT_THAT(finding.words, AllOf(HasSubstr("y at batch 0, channel 1, spatial 4: expected "), HasSubstr(", got "),
                                   HasSubstr(", bound "), HasSubstr(" times the bound)")));
  const OutputFigures figures = court.figures("y");
  EXPECT_GT(figures.worst_over_bound, 1e3);
  EXPECT_GT(figures.worst_ulp, 1e5);
  EXPECT_EQ(figures.worst_place, finding.place);
  EXPECT_FALSE(figures.meets.has_value());
  EXPECT_FALSE(court.judged().keeps_half_the_digits);
}

TEST(Judge, reports_the_worst_of_several_wrong_values_once) {
  Court court(training());
  court.got[OperandId::y][2] += 1;
  court.got[OperandId::y][7] += 1;
  court.got[OperandId::y][20] += 1000;
  const Finding finding = court.finding();
  EXPECT_THAT(finding.words, HasSubstr("3 of 30 are beyond their bounds"));
  EXPECT_NEAR(finding.got - finding.expected, 1000, 1e-3);
  EXPECT_EQ(finding.place, "batch 2, channel 0, spatial 0");
}

TEST(Judge, finds_a_wrong_value_in_every_output_of_every_operation) {
  for (const normproof_op op : all_ops()) {
    const Case made = plain_case(op, NORMPROOF_F32, 3, 2, 5, 3);
    for (const JudgedOutput& output : judged_outputs(made)) {
      Court court(made);
      double& value = court.got[output.id].back();
      value += 0.01 * std::max(1.0, std::fabs(value));
      EXPECT_FALSE(court.passes()) << word(op) << ' ' << output.label();
      court.got[output.id].back() = nan;
      EXPECT_FALSE(court.passes()) << word(op) << ' ' << output.label();
    }
  }
}

TEST(Judge, judges_a_low_part_together_with_its_mean) {
  Court court(training());
  court.got[OperandId::saved_mean_low][1] = 0.01;
  EXPECT_EQ(court.finding().operand, "saved_mean + saved_mean_low");
  Court state(plain_case(NORMPROOF_FN_TRAIN, NORMPROOF_F32, 3, 2, 5, 3));
  state.got[OperandId::fn_mean_low][1] += 0.01;
  const std::vector<Finding> findings = state.judged().findings;
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings.back().operand, "fn_mean + fn_mean_low");
}

TEST(Judge, judges_y_of_full_normalization_by_the_state_as_it_was_stored) {
  Court court(plain_case(NORMPROOF_FN_TRAIN, NORMPROOF_F64, 3, 2, 5, 3));
  court.got[OperandId::fn_mean][0] += 0.125;  // y was made from another one
  std::vector<std::string> wrong;
  for (const Finding& finding : court.judged().findings) wrong.push_back(finding.operand);
  EXPECT_THAT(wrong, ::testing::UnorderedElementsAre("y", "fn_mean + fn_mean_low"));
}

// ---- classes

TEST(Judge, names_the_tightest_class_that_every_value_meets) {
  Case made = training();
  made[OperandId::x].values = recipe("spread", {30, 1});
  Court court(made);
  const Expectations expectations(court.described(), court.inputs(), court.oracle(), court.got);
  const JudgedOutput y{OperandId::y, false};
  std::size_t tried = 0;
  // Each class in turn, where its bound is above the one before: y moved to between the two.
  for (std::size_t k = 1; k < theory::stability_class_count; ++k) {
    OutputValues moved = court.got;
    bool apart = true;
    expectations.visit(y, [&](std::size_t i, const Expectation& expected) {
      const double step = 0.5 * (expected.bound[k - 1] + expected.bound[k]);
      apart = apart && expected.bound[k] > 1.001 * expected.bound[k - 1] && step < infinity;
      moved[OperandId::y][i] = expected.value.high() + step;
    });
    if (!apart) continue;
    ++tried;
    const Judgement judgement = judge(court.described(), court.inputs(), court.oracle(), moved);
    const auto figures = std::find_if(judgement.outputs.begin(), judgement.outputs.end(),
                                      [](const OutputFigures& one) { return one.output == "y"; });
    ASSERT_TRUE(figures->meets.has_value());
    EXPECT_EQ(static_cast<std::size_t>(*figures->meets), k);
    if (k <= static_cast<std::size_t>(conforming_class)) {
      EXPECT_TRUE(judgement.findings.empty());
    } else {
      ASSERT_EQ(judgement.findings.size(), 1u);
      EXPECT_EQ(judgement.findings.front().meets, StabilityClass::one_pass);
    }
  }
  EXPECT_GE(tried, 3u);
}

TEST(Judge, lets_one_pass_alone_have_a_number_that_is_none) {
  Case made = training();
  made[OperandId::x].values = recipe("spread", {4097, 0.1});  // nothing of the variance is left in one pass
  Court court(made);
  court.got[OperandId::y][0] = std::numeric_limits<double>::quiet_NaN();
  const Judgement judgement = judge(court.described(), court.inputs(), court.oracle(), court.got);
  ASSERT_EQ(judgement.findings.size(), 1u);
  EXPECT_EQ(judgement.findings.front().kind, Finding::Kind::nonfinite);
  EXPECT_EQ(judgement.findings.front().meets, StabilityClass::one_pass);
  made[OperandId::x].values = recipe("spread", {1, 1});
  Court near(made);
  near.got[OperandId::y][0] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(judge(near.described(), near.inputs(), near.oracle(), near.got).findings.front().meets, std::nullopt);
}

TEST(Judge, measures_units_in_the_last_place) {
  Court court(training());
  Expectation first;
  Expectations(court.described(), court.inputs(), court.oracle(), court.got)
      .visit({OperandId::y, false}, [&](std::size_t i, const Expectation& expected) {
        if (i == 0) first = expected;
        court.got[OperandId::y][i] = static_cast<float>(expected.value.high());
      });
  EXPECT_LE(court.figures("y").worst_ulp, 0.5);
  float moved = static_cast<float>(first.value.high());
  for (int step = 0; step < 3; ++step) moved = std::nextafter(moved, 100.0f);
  court.got[OperandId::y][0] = moved;
  EXPECT_NEAR(court.figures("y").worst_ulp, 3, 0.51);
}

// ---- what is not finite

TEST(Judge, never_takes_a_nan_or_an_infinity_for_a_number) {
  for (const double wrong : {nan, infinity, -infinity}) {
    Court court(training());
    court.got[OperandId::y][0] = wrong;
    EXPECT_EQ(court.finding().kind, Finding::Kind::nonfinite);
    EXPECT_FALSE(court.figures("y").meets.has_value());
  }
}

TEST(Judge, wants_a_channel_with_a_nan_to_show_it) {
  Case made = training();
  made[OperandId::x].values.plants.push_back({1, Plant::Position::middle, nan});
  Court court(made);
  EXPECT_TRUE(court.passes());
  EXPECT_EQ(court.figures("y").compared, 30);
  court.got[OperandId::y][9] = 0.5;
  EXPECT_EQ(court.finding().kind, Finding::Kind::nonfinite);
  EXPECT_THAT(court.finding().words, HasSubstr("expected a NaN or an infinity, got 0.5"));
  Court other(made);
  other.got[OperandId::y][0] = nan;  // a channel that has none
  EXPECT_EQ(other.finding().kind, Finding::Kind::nonfinite);
}

TEST(Judge, takes_the_right_infinity_for_a_number_beyond_the_format) {
  Case made = training();
  made[OperandId::x].values = literal({3e38, -3e38, 3e38, -3e38, 0, 0, 0, 0, 0, 1});
  made.batch = 1;
  made[OperandId::running_var].dtype = NORMPROOF_F32;
  Court court(made);
  EXPECT_TRUE(std::isinf(court.got[OperandId::running_var][0]));
  EXPECT_TRUE(court.passes());
  court.got[OperandId::running_var][0] = -infinity;
  EXPECT_EQ(court.finding().kind, Finding::Kind::nonfinite);
  court.got[OperandId::running_var][0] = nan;
  EXPECT_EQ(court.finding().kind, Finding::Kind::nonfinite);
  court.got[OperandId::running_var][0] = 3.4e38;  // far from 1e76 and more
  EXPECT_EQ(court.finding().kind, Finding::Kind::value);
}

// ---- what is open

TEST(Judge, leaves_a_channel_open_whose_root_is_zero) {
  Case made = training();
  made.eps = 0;
  made[OperandId::x].values = literal({4, 4, 4, 4, 4, 1, 2, 3, 4, 5});
  made.batch = 1;
  Court court(made);
  EXPECT_TRUE(court.passes());
  EXPECT_EQ(court.figures("y").compared, 5);
  EXPECT_EQ(court.figures("saved_inv_std").compared, 1);
  EXPECT_EQ(court.figures("saved_mean").compared, 2);
  EXPECT_EQ(court.figures("running_var").compared, 2);
  court.got[OperandId::saved_mean][0] = 4.5;
  EXPECT_FALSE(court.passes());
}

TEST(Judge, wants_beta_from_a_constant_channel) {
  Case made = training();
  made[OperandId::x].values = recipe("constant", {14.3});
  made.eps = 1e-6;
  Court court(made);
  EXPECT_TRUE(court.passes());
  court.got[OperandId::y][0] += 1;
  EXPECT_FALSE(court.passes());
}

TEST(Judge, wants_the_running_statistics_unchanged_by_one_value_of_the_unbiased_kind) {
  Case made = plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 1, 3, 1, 3);
  Court court(made);
  EXPECT_TRUE(court.passes());
  double& value = court.got[OperandId::running_var][1];
  value = std::nextafter(static_cast<float>(value), 100.0f);
  EXPECT_EQ(court.finding().operand, "running_var");
  EXPECT_THAT(court.finding().words, HasSubstr("must not change"));
  made.variance = NORMPROOF_VAR_BIASED;
  Court biased(made);
  EXPECT_TRUE(biased.passes());
  EXPECT_NE(biased.got[OperandId::running_var], biased.inputs()[OperandId::running_var]);
}

TEST(Judge, wants_zero_gradients_and_the_old_state_where_there_is_no_value) {
  Court backward(plain_case(NORMPROOF_BN_TRAIN_BACKWARD, NORMPROOF_F32, 0, 3, 4, 3));
  EXPECT_TRUE(backward.passes());
  EXPECT_EQ(backward.figures("dgamma").compared, 3);
  backward.got[OperandId::dgamma][2] = 1e-30;
  EXPECT_FALSE(backward.passes());
  Court forward(plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 3, 2, 0, 3));
  EXPECT_TRUE(forward.passes());
  EXPECT_EQ(forward.figures("saved_mean").compared, 0);
  EXPECT_EQ(forward.figures("running_mean").compared, 2);
  forward.got[OperandId::running_mean][0] = 17;
  EXPECT_FALSE(forward.passes());
  Court state(plain_case(NORMPROOF_FN_TRAIN, NORMPROOF_F32, 0, 2, 3, 3));
  EXPECT_TRUE(state.passes());
  state.got[OperandId::fn_square][0] = 17;
  EXPECT_FALSE(state.passes());
}

TEST(Judge, leaves_dx_open_where_the_clamp_is_not_decided) {
  Case made = plain_case(NORMPROOF_FN_BACKWARD, NORMPROOF_F32, 3, 2, 5, 3);
  made[OperandId::fn_mean].values = literal({1, 1});
  made[OperandId::fn_mean_low].values = literal({0, 0});
  made[OperandId::fn_square].values = literal({std::nextafter(1.25, 2), 2});
  made.eps = 0.25;
  Court court(made);
  EXPECT_TRUE(court.passes());
  EXPECT_EQ(court.figures("dx").compared, 15);
  EXPECT_EQ(court.figures("dgamma").compared, 2);
}

TEST(Judge, leaves_f64_open_where_squares_may_overflow) {
  Case made = plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F64, 1, 2, 3, 3);
  made[OperandId::x].values = literal({1e200, 2e200, -1e200, 1, 2, 3});
  Court court(made);
  EXPECT_TRUE(court.passes());
  EXPECT_EQ(court.figures("y").compared, 3);
}

TEST(Judge, leaves_an_old_value_open_that_plays_no_part) {
  Case made = training();
  made.momentum = 1;
  made[OperandId::running_mean].values = literal({nan, 1});
  const Court court(made);
  EXPECT_TRUE(court.passes());
  EXPECT_EQ(court.figures("running_mean").compared, 1);
}

TEST(Judge, adds_the_figures_of_two_calls) {
  OutputFigures one, two;
  one.output = two.output = "y";
  one.compared = 3, two.compared = 4;
  one.worst_over_bound = 0.5, two.worst_over_bound = 0.25;
  one.worst_ulp = 1, two.worst_ulp = 2;
  one.worst_place = "here", two.worst_place = "there";
  one.meets = StabilityClass::two_pass, two.meets = StabilityClass::updating;
  merge_into(one, two);
  EXPECT_EQ(one.compared, 7);
  EXPECT_EQ(one.worst_over_bound, 0.5);
  EXPECT_EQ(one.worst_ulp, 2);
  EXPECT_EQ(one.worst_place, "here");
  EXPECT_EQ(one.meets, StabilityClass::updating);
  two.meets = std::nullopt;
  merge_into(one, two);
  EXPECT_FALSE(one.meets.has_value());
}

}  // namespace
}  // namespace normproof::conformance
