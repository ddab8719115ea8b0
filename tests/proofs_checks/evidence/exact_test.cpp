// Does the exact engine tell identities from near-identities, and count what it really compared?
#include "proofs_checks/evidence/exact.hpp"

#include <gtest/gtest.h>

#include "proofs_checks/evidence/counterexample.hpp"
#include "proofs_checks/inputs/adapters.hpp"

namespace normproof::evidence {
namespace {

const std::vector<InputSpec> three_numbers = {{"a", Role::activation}, {"b", Role::activation}, {"eps", Role::epsilon}};

Reading reading_of(Formula left, Formula right) {
  return {.id = "printed",
          .statement = "left = right",
          .inputs = three_numbers,
          .sizes = {{.batch = 1}},
          .left = by_definition("left", std::move(left)),
          .right = by_theory("right", std::move(right))};
}

Formula scalar(Number (*f)(const Number& a, const Number& b, const Number& eps)) {
  return [=](const Inputs& in) -> Values { return {f(in.scalar("a"), in.scalar("b"), in.scalar("eps"))}; };
}

ExactOutcome decide(const Reading& reading, Settings settings = {}) {
  std::vector<RecordedReading> per_size;
  for (const Sizes& size : reading.sizes) per_size.push_back(record_reading(reading, size));
  return decide_exactly("exact_test", per_size, WhatIsCompared::sides, settings);
}

using N = const Number&;

TEST(ExactEngine, accepts_an_identity_with_an_error_probability) {
  const ExactOutcome outcome = decide(reading_of(scalar([](N a, N b, N) { return (a + b) * (a - b); }),
                                                 scalar([](N a, N b, N) { return a * a - b * b; })));
  EXPECT_TRUE(outcome.agrees);
  EXPECT_GT(outcome.evidence.cases, 0);
  EXPECT_GT(outcome.evidence.error_probability, 0);
  EXPECT_LT(outcome.evidence.error_probability, 1e-30);
}

TEST(ExactEngine, refutes_a_difference_of_any_size) {
  // The sides differ by 10⁻⁹ relative: nothing is too small for exact arithmetic.
  const ExactOutcome outcome =
      decide(reading_of(scalar([](N a, N b, N) { return a * b; }),
                        scalar([](N a, N b, N) { return a * b * (Number(1) + Number(1) / Number(1000000000)); })));
  EXPECT_TRUE(outcome.disagrees);
  EXPECT_FALSE(outcome.agrees);
}

TEST(ExactEngine, follows_roots) {
  const ExactOutcome outcome =
      decide(reading_of(scalar([](N a, N b, N eps) { return (sqrt(a * a + eps) + b) * (sqrt(a * a + eps) - b); }),
                        scalar([](N a, N b, N eps) { return a * a + eps - b * b; })));
  EXPECT_TRUE(outcome.agrees);
}

TEST(ExactEngine, does_not_confuse_a_root_of_a_square_with_its_base) {
  const ExactOutcome outcome =
      decide(reading_of(scalar([](N a, N, N) { return sqrt(a * a); }), scalar([](N a, N, N) { return a; })),
             {.effort = Effort::deep});
  EXPECT_TRUE(outcome.disagrees);  // √(a²) = |a|
}

TEST(ExactEngine, tests_both_signs_of_a_root_of_a_square) {
  // With two samples and ε = 0, σ² = ((x_1 − x_2)/2)²: x̂_1 = ±1. "x̂_1 = 1" holds on half of the points.
  const Reading one = reading_of(scalar([](N a, N b, N) { return (a - b) / sqrt((a - b) * (a - b)); }),
                                 scalar([](N, N, N) { return Number(1); }));
  const Reading squared = reading_of(scalar([](N a, N b, N) { return (a - b) * (a - b) / sqrt((a - b) * (a - b)); }),
                                     scalar([](N a, N b, N) { return sqrt((a - b) * (a - b)); }));
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    EXPECT_TRUE(decide(one, {.effort = Effort::quick, .seed = seed}).disagrees);
    EXPECT_TRUE(decide(squared, {.effort = Effort::quick, .seed = seed}).agrees);
  }
  const ExactOutcome outcome = decide(squared);
  EXPECT_GT(outcome.evidence.error_probability, 1e-16);  // the chance of having met one sign only is stated
  EXPECT_LT(outcome.evidence.error_probability, 1e-11);
}

TEST(ExactEngine, is_not_misled_by_a_divisor_that_vanishes_on_one_branch) {
  EXPECT_TRUE(decide(reading_of(scalar([](N a, N b, N) { return b / relu(a); }),
                                scalar([](N a, N b, N) { return b * (Number(1) / relu(a)); })))
                  .agrees);
}

TEST(ExactEngine, counts_identically_vanishing_sides_as_degenerate_and_does_not_agree) {
  const ExactOutcome outcome =
      decide(reading_of(scalar([](N a, N, N) { return a - a; }), scalar([](N, N b, N) { return b * Number(0); })));
  EXPECT_FALSE(outcome.agrees);
  EXPECT_FALSE(outcome.disagrees);
  EXPECT_EQ(outcome.evidence.cases, 0);
  EXPECT_EQ(outcome.degenerate.size(), 1U);
  EXPECT_FALSE(outcome.trouble.empty());
}

TEST(ExactEngine, says_where_there_is_no_domain) {
  const ExactOutcome outcome =
      decide(reading_of(scalar([](N a, N, N) { return Number(1) / (a - a); }), scalar([](N a, N, N) { return a; })));
  EXPECT_EQ(outcome.empty.size(), 1U);
  EXPECT_FALSE(outcome.agrees);
}

TEST(ExactEngine, meets_both_signs_of_a_kink) {
  // relu(a) + relu(−a) = |a| = √(a²) on both branches; relu(a) = a on one only.
  const Settings quick = {.effort = Effort::quick};
  EXPECT_TRUE(decide(reading_of(scalar([](N a, N, N) { return relu(a) + relu(-a); }),
                                scalar([](N a, N, N) { return sqrt(a * a); })),
                     quick)
                  .agrees);
  EXPECT_TRUE(decide(reading_of(scalar([](N a, N, N) { return relu(a); }), scalar([](N a, N, N) { return a; })), quick)
                  .disagrees);
}

// x_0 + Π relu(relu(x_0) x_i) against x_0: they differ where all x_i are positive.
Reading product_behind_a_gate(int factors) {
  Reading reading = reading_of({}, {});
  reading.inputs = {{"x", Role::activation, Dimension::batch}};
  reading.sizes = {{.batch = factors + 1}};
  reading.left.formula = [](const Inputs& in) -> Values {
    const Array<Number>& x = in("x");
    Number product(1);
    for (Eigen::Index i = 1; i < x.size(); ++i) product *= relu(relu(x(0)) * x(i));
    return {x(0) + product};
  };
  reading.right.formula = [](const Inputs& in) -> Values { return {in("x")(0)}; };
  return reading;
}

TEST(ExactEngine, counts_conditions_that_coincide_on_some_sign_patterns) {
  constexpr int too_many = 20;  // 2²¹ sign patterns
  const ExactOutcome many = decide(product_behind_a_gate(too_many), {.effort = Effort::quick});
  EXPECT_FALSE(many.agrees);
  EXPECT_FALSE(many.trouble.empty());
  constexpr int few = 5;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    EXPECT_TRUE(decide(product_behind_a_gate(few), {.effort = Effort::quick, .seed = seed}).disagrees);
}

TEST(ExactEngine, meets_a_domain_that_depends_on_the_sign_of_a_root) {
  // Half of the points divide by 0: √(a²) − a vanishes where a is a residue.
  const Reading reading = reading_of(scalar([](N a, N, N) { return Number(1) / (sqrt(a * a) - a); }),
                                     scalar([](N a, N, N) { return Number(-1) / (a + a); }));
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const ExactOutcome outcome = decide(reading, {.effort = Effort::quick, .seed = seed});
    EXPECT_TRUE(outcome.agrees);
    EXPECT_TRUE(outcome.empty.empty());
  }
}

TEST(ExactEngine, counts_the_conjugates_of_roots_of_constants) {
  const Reading reading = reading_of(scalar([](N a, N, N) { return a * sqrt(Number(11)); }),
                                     scalar([](N a, N, N) { return sqrt(Number(11)) * a; }));
  const RecordedReading recorded = record_reading(reading, {.batch = 1});
  const TrialBound without = trial_bound(recorded, WhatIsCompared::sides, 0, 0);
  EXPECT_GT(trial_bound(recorded, WhatIsCompared::sides, 0, 0, 1).error, 3 * without.error);
  EXPECT_TRUE(decide(reading).agrees);
}

TEST(ExactEngine, holds_an_identity_of_all_smooth_functions_and_no_fact_of_one) {
  EXPECT_TRUE(decide(reading_of(scalar([](N a, N b, N) { return tanh(a + b) * Number(2); }),
                                scalar([](N a, N b, N) { return tanh(b + a) + tanh(a + b); })))
                  .agrees);
  EXPECT_TRUE(decide(reading_of(scalar([](N a, N, N) { return tanh_slope(a); }),
                                scalar([](N a, N, N) { return Number(1) - tanh(a) * tanh(a); })))
                  .disagrees);  // true of tanh, not of every smooth function: such facts need balls
}

TEST(ExactEngine, depends_on_its_seed_and_purpose_alone) {
  const Reading reading = reading_of(scalar([](N a, N b, N eps) { return sqrt(a + eps) * b; }),
                                     scalar([](N a, N b, N eps) { return b * sqrt(eps + a); }));
  const ExactOutcome first = decide(reading), second = decide(reading);
  EXPECT_EQ(first.evidence.error_probability, second.evidence.error_probability);
  EXPECT_EQ(first.evidence.cases, second.evidence.cases);
}

TEST(CounterexampleSearch, finds_the_smallest_fractions) {
  const Reading wrong = reading_of(scalar([](N a, N b, N eps) { return (a + b) * (a + b) + eps; }),
                                   scalar([](N a, N b, N eps) { return a * a + b * b + eps; }));
  const std::vector<RecordedReading> per_size = {record_reading(wrong, {.batch = 1})};
  const CounterexampleSearch search = find_counterexample("exact_test", wrong, per_size, {});
  ASSERT_TRUE(search.found);
  const std::vector<std::pair<std::string, std::string>> expected = {{"a", "1"}, {"b", "1"}, {"eps", "0"}};
  EXPECT_EQ(search.found->inputs, expected);
  EXPECT_EQ(search.found->left, "4");
  EXPECT_EQ(search.found->right, "2");
}

TEST(CounterexampleSearch, finds_none_for_an_identity) {
  const Reading right = reading_of(scalar([](N a, N b, N) { return (a + b) * (a - b); }),
                                   scalar([](N a, N b, N) { return a * a - b * b; }));
  const std::vector<RecordedReading> per_size = {record_reading(right, {.batch = 1})};
  const CounterexampleSearch search = find_counterexample("exact_test", right, per_size, {.effort = Effort::quick});
  EXPECT_FALSE(search.found);
  EXPECT_GT(search.tried, 1000);
}

TEST(CounterexampleSearch, keeps_to_the_hypotheses) {
  // a ≤ a² fails for 0 < a < 1 only; with a > 1 asked for there is no counterexample.
  Reading reading = reading_of(scalar([](N a, N, N) { return a; }), scalar([](N a, N, N) { return a * a; }));
  reading.relation = Relation::at_most;
  std::vector<RecordedReading> per_size = {record_reading(reading, {.batch = 1})};
  const CounterexampleSearch free = find_counterexample("exact_test", reading, per_size, {});
  ASSERT_TRUE(free.found);
  EXPECT_EQ(free.found->inputs[0].second, "1/2");
  reading.hypotheses = {
      {.id = "large", .sentence = "a > 1", .positive = [](const Inputs& in) { return in.scalar("a") - Number(1); }}};
  per_size = {record_reading(reading, {.batch = 1})};
  EXPECT_FALSE(find_counterexample("exact_test", reading, per_size, {}).found);
}

TEST(Recording, refuses_a_gap_that_weighs_by_what_may_be_negative) {
  Reading reading = reading_of(scalar([](N, N, N) { return Number(0); }), scalar([](N a, N b, N) { return a * b; }));
  reading.relation = Relation::at_most;
  reading.gap = [](const Inputs& in) -> std::vector<SquareTerm> {
    return {{.root = in.scalar("b"), .nonnegative = {"a"}}};
  };
  EXPECT_THROW(record_reading(reading, {.batch = 1}), std::logic_error);
}

TEST(Recording, refuses_sides_of_different_lengths) {
  const Reading reading = reading_of(
      [](const Inputs& in) -> Values {
        return {in.scalar("a"), in.scalar("b")};
      },
      [](const Inputs& in) -> Values { return {in.scalar("a")}; });
  EXPECT_THROW(record_reading(reading, {.batch = 1}), std::logic_error);
}

TEST(ExactEngine, counts_the_signs_of_roots_that_are_of_squares_behind_a_condition_alone) {
  // Where x > 0 the roots are |y_i|: the sides differ where besides all y_i < 0. Elsewhere they are of free numbers.
  Reading reading = reading_of(
      [](const Inputs& in) -> Values {
        const Number& x = in.scalar("x");
        Number product(1);
        for (Eigen::Index i = 0; i < in("y").size(); ++i) {
          const Number& y = in("y")(i);
          product *= sqrt(select_positive(x, y * y, in("z")(i))) - y;
        }
        return {select_positive(x, product, Number(0)) + x};
      },
      [](const Inputs& in) -> Values { return {in.scalar("x")}; });
  reading.inputs = {
      {"x", Role::activation}, {"y", Role::activation, Dimension::batch}, {"z", Role::variance, Dimension::batch}};
  for (const int batch : {8, 10}) {
    reading.sizes = {{.batch = batch}};
    EXPECT_FALSE(decide(reading, {.effort = Effort::quick}).agrees);
  }
}

}  // namespace
}  // namespace normproof::evidence
