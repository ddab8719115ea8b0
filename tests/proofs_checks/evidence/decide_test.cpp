// Do false statements that random points rarely or never meet get past the engines together?
#include "proofs_checks/evidence/decide.hpp"

#include <gtest/gtest.h>

#include "proofs_checks/evidence/record.hpp"
#include "proofs_checks/inputs/adapters.hpp"

namespace normproof::evidence {
namespace {

using Entry = Number (*)(const Inputs& in);

Formula scalar(Entry f) {
  return [=](const Inputs& in) -> Values { return {f(in)}; };
}

Reading reading_of(Entry left, Entry right, Relation relation = Relation::equal) {
  return {.id = "printed",
          .statement = "left against right",
          .inputs = {{"a", Role::activation}, {"b", Role::activation}, {"eps", Role::epsilon}},
          .sizes = {{.batch = 1}},
          .left = by_definition("left", scalar(left)),
          .relation = relation,
          .right = by_theory("right", scalar(right))};
}

ReadingReport decided(const Reading& reading, std::uint64_t seed = 0, Effort effort = Effort::quick) {
  Claim claim;
  claim.readings = {reading};
  return decide("decide_test", claim, {.effort = effort, .seed = seed}).readings.at(0);
}

Number a(const Inputs& in) { return in.scalar("a"); }
Number b(const Inputs& in) { return in.scalar("b"); }
Number zero(const Inputs&) { return Number(0); }

Hypothesis asking_for(Entry positive) {
  Hypothesis hypothesis;
  hypothesis.id = "asked_for";
  hypothesis.positive = [=](const Inputs& in) { return positive(in); };
  return hypothesis;
}

TEST(Verdict, refutes_what_fails_only_where_a_variable_is_zero) {
  const Reading reading = reading_of([](const Inputs& in) { return relu_slope(a(in) * a(in)) + b(in); },
                                     [](const Inputs& in) { return Number(1) + b(in); });
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const ReadingReport report = decided(reading, seed);
    EXPECT_EQ(report.verdict, Verdict::refuted);
    ASSERT_EQ(report.counterexamples.size(), 1U);
    EXPECT_EQ(report.counterexamples[0].inputs[0].second, "0");
  }
}

TEST(Verdict, refutes_what_fails_only_at_a_tie) {
  const Reading reading =
      reading_of([](const Inputs& in) { return relu_slope(a(in) - b(in)) + relu_slope(b(in) - a(in)); },
                 [](const Inputs&) { return Number(1); });
  for (std::uint64_t seed = 0; seed < 8; ++seed) EXPECT_EQ(decided(reading, seed).verdict, Verdict::refuted);
}

TEST(Verdict, holds_where_both_branches_and_the_kink_agree) {
  const Reading reading = reading_of([](const Inputs& in) { return relu(a(in)) - relu(-a(in)); }, a);
  EXPECT_EQ(decided(reading).verdict, Verdict::holds);
}

// The sides differ on one sign pattern of 2^batch only, with the signs in turn, where all-equal inputs never are.
Reading false_on_one_sign_pattern(int batch, bool behind_a_shared_relu) {
  Reading reading = reading_of(zero, zero);
  reading.inputs = {{"x", Role::activation, Dimension::batch}};
  reading.sizes = {{.batch = batch}};
  reading.left.formula = [=](const Inputs& in) -> Values {
    const Array<Number>& x = in("x");
    const Number gate = behind_a_shared_relu ? relu(x(0)) : Number(1);
    Number product(1);
    for (Eigen::Index i = behind_a_shared_relu ? 1 : 0; i < x.size(); ++i)
      product *= relu(gate * (i % 2 == 0 ? x(i) : -x(i)));
    return {x(0) + product};
  };
  reading.right.formula = [](const Inputs& in) -> Values { return {in("x")(0)}; };
  return reading;
}

TEST(Verdict, never_holds_where_sign_patterns_may_have_been_missed) {
  for (const int batch : {6, 16}) {
    for (std::uint64_t seed = 0; seed < (batch == 6 ? 3 : 1); ++seed) {
      EXPECT_NE(decided(false_on_one_sign_pattern(batch, false), seed).verdict, Verdict::holds);
      // With the gate shut all later conditions are 0 and look like one.
      EXPECT_NE(decided(false_on_one_sign_pattern(batch, true), seed).verdict, Verdict::holds);
    }
  }
}

TEST(Verdict, does_not_hold_where_no_real_point_satisfies_the_hypotheses) {
  Reading asked_for = reading_of(a, a);
  asked_for.hypotheses = {asking_for([](const Inputs& in) { return -a(in) * a(in) - Number(1); })};
  EXPECT_EQ(decided(asked_for).verdict, Verdict::inconclusive);
  const Entry root_squared = [](const Inputs& in) {
    const Number root = sqrt(-a(in) * a(in) - Number(1));
    return root * root;
  };
  const Reading no_root = reading_of(root_squared, [](const Inputs& in) { return -a(in) * a(in) - Number(1); });
  EXPECT_EQ(decided(no_root).verdict, Verdict::inconclusive);
}

Hypothesis eps_is_a_square_less(int numerator) {
  return inputs::imposing("eps_imposed", "ε = a² − numerator",
                          [=](Inputs& in) { in.set("eps", Number(a(in) * a(in) - Number(numerator))); });
}

TEST(Verdict, does_not_trust_a_gap_whose_weight_was_replaced_by_what_may_be_negative) {
  Reading reading = reading_of(
      zero, [](const Inputs& in) { return in.scalar("eps"); }, Relation::at_most);
  reading.hypotheses = {eps_is_a_square_less(1)};
  reading.gap = [](const Inputs&) -> std::vector<SquareTerm> { return {{.root = Number(1), .nonnegative = {"eps"}}}; };
  EXPECT_EQ(decided(reading).verdict, Verdict::inconclusive);
  EXPECT_THROW(record_reading(reading, {.batch = 1}), std::logic_error);
  reading.hypotheses = {inputs::eps_is_zero()};
  EXPECT_NO_THROW(record_reading(reading, {.batch = 1}));
}

TEST(Verdict, is_not_narrowed_to_where_the_gap_has_a_value) {
  // a ≤ a + a b² fails for a < 0, where (√a b)² is no gap.
  Reading reading = reading_of(
      a, [](const Inputs& in) { return a(in) + a(in) * b(in) * b(in); }, Relation::at_most);
  reading.gap = [](const Inputs& in) -> std::vector<SquareTerm> { return {{.root = sqrt(a(in)) * b(in)}}; };
  EXPECT_EQ(decided(reading).verdict, Verdict::refuted);
  // a² ≤ a² + a² b² holds everywhere, but this gap does not show it for a < 0.
  reading.left.formula = scalar([](const Inputs& in) { return a(in) * a(in); });
  reading.right.formula = scalar([](const Inputs& in) { return a(in) * a(in) + a(in) * a(in) * b(in) * b(in); });
  reading.gap = [](const Inputs& in) -> std::vector<SquareTerm> {
    const Number root = sqrt(a(in));
    return {{.root = root * root * b(in)}};
  };
  EXPECT_EQ(decided(reading).verdict, Verdict::inconclusive);
}

TEST(Verdict, keeps_an_imposed_epsilon_to_its_role) {
  Reading reading = reading_of(
      zero, [](const Inputs& in) { return in.scalar("eps"); }, Relation::at_most);
  reading.hypotheses = {eps_is_a_square_less(1)};  // ε ≥ 0 all the same: points with |a| < 1 are outside
  EXPECT_NE(decided(reading).verdict, Verdict::refuted);
  reading.right.formula = scalar([](const Inputs& in) { return in.scalar("eps") - Number(1); });
  EXPECT_EQ(decided(reading).verdict, Verdict::refuted);
}

TEST(Verdict, says_so_where_a_reading_has_no_sizes) {
  Reading reading = reading_of(a, a);
  reading.sizes.clear();
  const ReadingReport report = decided(reading);
  EXPECT_EQ(report.verdict, Verdict::inconclusive);
  EXPECT_FALSE(report.trouble.empty());
}

TEST(DroppedHypothesis, fails_with_a_counterexample_where_the_reading_needs_it) {
  Reading reading = reading_of([](const Inputs& in) { return a(in) + in.scalar("eps"); }, a);
  reading.hypotheses = {
      {.id = "eps_zero", .sentence = "ε = 0", .impose = [](Inputs& in) { in.set("eps", Number(0)); }}};
  const ReadingReport report = decided(reading);
  EXPECT_EQ(report.verdict, Verdict::holds);
  ASSERT_EQ(report.dropped.size(), 1U);
  EXPECT_EQ(report.dropped[0].outcome, "fails");
  ASSERT_EQ(report.dropped[0].counterexamples.size(), 1U);
  EXPECT_NE(report.dropped[0].certificate.find("printed__without_eps_zero"), std::string::npos);
}

TEST(DroppedHypothesis, survives_where_the_reading_does_not_need_it) {
  Reading reading =
      reading_of([](const Inputs& in) { return a(in) + b(in); }, [](const Inputs& in) { return b(in) + a(in); });
  reading.hypotheses = {{.id = "eps_zero", .sentence = "ε = 0", .impose = [](Inputs& in) { in.set("eps", Number(0)); }},
                        asking_for(a)};
  const ReadingReport report = decided(reading);
  ASSERT_EQ(report.dropped.size(), 2U);
  EXPECT_EQ(report.dropped[0].outcome, "survives");
  EXPECT_EQ(report.dropped[1].outcome, "survives");
}

TEST(DroppedHypothesis, is_not_looked_for_where_it_only_names_something) {
  Reading reading = reading_of([](const Inputs& in) { return in.scalar("double_a"); },
                               [](const Inputs& in) { return Number(2) * a(in); });
  reading.hypotheses = {{.id = "double_a",
                         .sentence = "double_a = a + a",
                         .impose = [](Inputs& in) { in.set("double_a", in.scalar("a") + in.scalar("a")); },
                         .definition = true}};
  const ReadingReport report = decided(reading);
  EXPECT_EQ(report.verdict, Verdict::holds);
  EXPECT_TRUE(report.dropped.empty());
}

TEST(DroppedHypothesis, of_a_refuted_reading_is_not_looked_for) {
  Reading reading = reading_of(a, b);
  reading.hypotheses = {asking_for(a)};
  const ReadingReport report = decided(reading);
  EXPECT_EQ(report.verdict, Verdict::refuted);
  EXPECT_TRUE(report.dropped.empty());
}

TEST(DroppedHypothesis, does_not_fail_for_a_sign_that_is_open_modulo_a_prime_alone) {
  // relu(a² + 1) = a² + 1 on all of R, but a² + 1 need not be a square modulo a prime.
  const Entry above_zero = [](const Inputs& in) { return a(in) * a(in) + Number(1); };
  Reading reading = reading_of([](const Inputs& in) { return relu(a(in) * a(in) + Number(1)); }, above_zero);
  reading.hypotheses = {asking_for(above_zero)};
  const ReadingReport report = decided(reading);
  EXPECT_EQ(report.verdict, Verdict::holds) << report.trouble;
  ASSERT_EQ(report.dropped.size(), 1U);
  EXPECT_NE(report.dropped[0].outcome, "fails");
}

TEST(DroppedHypothesis, does_not_survive_by_a_gap_that_has_no_value_everywhere) {
  // 0 ≤ a + 1000 where a > 0: the gap √(a + 1000)² is none below −1000, where it fails out of reach of small fractions.
  Reading reading = reading_of(
      zero, [](const Inputs& in) { return a(in) + Number(2); }, Relation::at_most);
  reading.hypotheses = {asking_for(a)};
  reading.gap = [](const Inputs& in) -> std::vector<SquareTerm> { return {{.root = sqrt(a(in) + Number(2))}}; };
  const ReadingReport report = decided(reading);
  EXPECT_EQ(report.verdict, Verdict::holds) << report.trouble;
  ASSERT_EQ(report.dropped.size(), 1U);
  EXPECT_EQ(report.dropped[0].outcome, "fails");
  // a² ≤ a² + a² b² survives, but not by this gap, which has no value for a < 0.
  reading.left.formula = scalar([](const Inputs& in) { return a(in) * a(in); });
  reading.right.formula = scalar([](const Inputs& in) { return a(in) * a(in) + a(in) * a(in) * b(in) * b(in); });
  reading.gap = [](const Inputs& in) -> std::vector<SquareTerm> {
    const Number root = sqrt(a(in));
    return {{.root = root * root * b(in)}};
  };
  const ReadingReport weaker = decided(reading);
  EXPECT_EQ(weaker.verdict, Verdict::holds) << weaker.trouble;
  ASSERT_EQ(weaker.dropped.size(), 1U);
  EXPECT_EQ(weaker.dropped[0].detail.find("sum of squares"), std::string::npos) << weaker.dropped[0].detail;
}

// tanh²(a² + 1), irrational at every fraction, at most itself and ε; a near-miss has another multiple of ε.
MutantReport near_miss(int multiple) {
  static const auto irrational = [](const Inputs& in) {
    const Number argument = a(in) * a(in) + Number(1), value = tanh(argument);
    return value * value;
  };
  Claim claim;
  claim.readings = {reading_of([](const Inputs& in) { return irrational(in); },
                               [](const Inputs& in) { return irrational(in) + in.scalar("eps"); }, Relation::at_most)};
  claim.mutants = {
      {.id = "near_miss",
       .reading = "printed",
       .agrees_when = inputs::eps_is_zero(),
       .right = [=](const Inputs& in) -> Values { return {irrational(in) + Number(multiple) * in.scalar("eps")}; }}};
  return decide("decide_test", claim, {.effort = Effort::quick}).mutants.at(0);
}

TEST(Near_miss, of_an_inequality_is_refuted_by_enclosures_where_no_fraction_can) {
  const MutantReport refuted = near_miss(-1);
  EXPECT_TRUE(refuted.agreed && refuted.refuted) << refuted.trouble;
}

TEST(Near_miss, of_an_inequality_that_is_true_survives) { EXPECT_FALSE(near_miss(2).refuted); }

}  // namespace
}  // namespace normproof::evidence
