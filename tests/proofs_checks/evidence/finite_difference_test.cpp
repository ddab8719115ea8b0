// Do finite differences confirm a right derivative within their bound, and catch a wrong one?
#include "proofs_checks/evidence/finite_difference.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/proofs_checks/evidence/sample_readings.hpp"

namespace normproof::evidence {
namespace {

DifferenceOutcome differenced(const Reading& reading, std::uint64_t seed = 0) {
  Settings settings;
  settings.effort = Effort::quick;
  settings.seed = seed;
  return difference("a_claim", reading, samples::record_all(reading), settings);
}

// φ(t) = f(x + t) against a derivative given in closed form, for one number x.
Reading one_number(std::function<Number(const Number&)> f, std::function<Number(const Number&)> derivative) {
  Reading reading;
  reading.id = "printed";
  reading.inputs = {{"x", Role::weight, Dimension::one, Dimension::one}};
  reading.sizes = {Sizes()};
  reading.left.path = [f](const Inputs& inputs, const Number& t) { return f(inputs.scalar("x") + t); };
  reading.left.formula = [derivative](const Inputs& inputs) { return Values{derivative(inputs.scalar("x"))}; };
  reading.right.formula = reading.left.formula;
  return reading;
}

TEST(FiniteDifference, confirms_the_gradient_of_batch_normalization) {
  const DifferenceOutcome outcome = differenced(samples::gradient_is_derivative());
  ASSERT_EQ(outcome.evidence.size(), 1u);
  EXPECT_FALSE(outcome.violated) << outcome.violation;
  EXPECT_TRUE(outcome.evidence[0].supports);
  EXPECT_EQ(outcome.evidence[0].grade, Grade::derived_bound);
  EXPECT_GE(outcome.evidence[0].cases, 10);
}

TEST(FiniteDifference, catches_a_gradient_that_is_off_by_one_part_in_ten_thousand) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const DifferenceOutcome outcome = differenced(samples::gradient_is_derivative(100), seed);
    EXPECT_TRUE(outcome.violated);
    EXPECT_FALSE(outcome.evidence[0].supports);
    EXPECT_NE(outcome.violation.find("finite difference"), std::string::npos);
  }
}

TEST(FiniteDifference, takes_each_smooth_function) {
  using numbers::Smooth;
  for (const Smooth function : {Smooth::exp, Smooth::tanh, Smooth::softplus}) {
    const auto f = [function](const Number& x) { return smooth(function, 0, x); };
    const auto derivative = [function](const Number& x) { return smooth(function, 1, x); };
    const DifferenceOutcome outcome = differenced(one_number(f, derivative));
    EXPECT_FALSE(outcome.violated) << outcome.violation;
    EXPECT_GT(outcome.evidence[0].cases, 10);
    EXPECT_NE(outcome.evidence[0].method.find("assumed"), std::string::npos);
  }
}

TEST(FiniteDifference, takes_a_path_without_a_fifth_derivative) {
  const auto square = [](const Number& x) { return x * x; };
  EXPECT_GT(differenced(one_number(square, [](const Number& x) { return 2 * x; })).evidence[0].cases, 10);
  EXPECT_TRUE(differenced(one_number(square, [](const Number& x) { return 3 * x; })).violated);
}

TEST(FiniteDifference, steps_between_kinks_and_never_across_one) {
  const auto f = [](const Number& x) { return relu(x) * relu(x) * x; };
  const auto derivative = [](const Number& x) { return 3 * relu(x) * relu(x); };
  const DifferenceOutcome outcome = differenced(one_number(f, derivative));
  EXPECT_FALSE(outcome.violated) << outcome.violation;
  EXPECT_GT(outcome.evidence[0].cases, 0);
  EXPECT_GT(outcome.evidence[0].degenerate, 0);  // left of the kink
}

TEST(FiniteDifference, repeats_itself_and_says_nothing_without_a_path) {
  EXPECT_EQ(differenced(samples::gradient_is_derivative(100)).violation,
            differenced(samples::gradient_is_derivative(100)).violation);
  EXPECT_TRUE(differenced(samples::compact_equals_chain()).evidence.empty());
}

TEST(FiniteDifference, refuses_a_path_on_an_inequality_or_on_a_side_of_several_entries) {
  Reading inequality = samples::gradient_is_derivative();
  inequality.relation = Relation::at_most;
  EXPECT_THROW(differenced(inequality), std::logic_error);
  Reading several = samples::compact_equals_chain();
  several.left.path = [](const Inputs&, const Number& t) { return t; };
  EXPECT_THROW(differenced(several), std::logic_error);
}

}  // namespace
}  // namespace normproof::evidence
