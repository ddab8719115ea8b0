// Does branch and bound prove what is true over a region, find what is false there, and say where it cannot tell?
#include "proofs_checks/evidence/certified.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "proofs_checks/certificates/certificate.hpp"
#include "proofs_checks/evidence/decide.hpp"
#include "proofs_checks/inputs/adapters.hpp"
#include "proofs_checks/numbers/rational.hpp"

namespace normproof::evidence {
namespace {

using Entry = Number (*)(const Inputs& in);

Formula scalar(Entry f) {
  return [=](const Inputs& in) -> Values { return {f(in)}; };
}

Number a(const Inputs& in) { return in.scalar("a"); }
Number b(const Inputs& in) { return in.scalar("b"); }
Number fraction(int numerator, int denominator) { return Number(numerator) / Number(denominator); }

// left ≤ right for a and b between −2 and 2.
Reading reading_of(Entry left, Entry right) {
  return {.id = "printed",
          .statement = "left ≤ right",
          .inputs = {{"a", Role::activation}, {"b", Role::activation}, {"eps", Role::epsilon}},
          .sizes = {{.batch = 1}},
          .left = by_definition("left", scalar(left)),
          .relation = Relation::at_most,
          .right = by_theory("right", scalar(right)),
          .regions = {{.words = "|a|, |b| ≤ 2", .covers = "all of it", .ranges = {{"a", -2, 2}, {"b", -2, 2}}}}};
}

Reading ranging(Reading reading, std::vector<Range> ranges) {
  reading.regions[0].ranges = std::move(ranges);
  return reading;
}

RegionOutcome outcome_of(const Reading& reading, Effort effort = Effort::quick) {
  return certify(record_reading(reading, reading.sizes[0]), reading.regions[0], {.effort = effort});
}

template <class T>
T detail(const Evidence& evidence, const std::string& name) {
  for (const Detail& fact : evidence.details)
    if (fact.first == name) return std::get<T>(fact.second);
  throw std::out_of_range(name);
}

Number product(const Inputs& in) { return a(in) * b(in); }
Number mean_of_squares(const Inputs& in) { return (a(in) * a(in) + b(in) * b(in)) / Number(2); }

TEST(Certified, proves_a_strict_inequality_over_a_box) {
  const RegionOutcome outcome =
      outcome_of(reading_of(product, [](const Inputs& in) { return mean_of_squares(in) + fraction(1, 16); }));
  EXPECT_TRUE(outcome.certified) << outcome.evidence.method;
  EXPECT_TRUE(outcome.evidence.supports);
  EXPECT_EQ(outcome.evidence.grade, Grade::certified);
  EXPECT_EQ(detail<double>(outcome.evidence, "fraction_covered"), 1);
  EXPECT_EQ(detail<long>(outcome.evidence, "boxes"), static_cast<long>(outcome.cover.size()));
  EXPECT_LE(outcome.cover.size(), 1000U);
  const double margin = detail<double>(outcome.evidence, "smallest_margin");
  EXPECT_GE(margin, 0);
  EXPECT_LE(margin, 1.0 / 16);
  for (const CertifiedBox& box : outcome.cover) EXPECT_GE(box.margin, margin);
}

TEST(Certified, proves_with_a_larger_margin_when_asked_for_more_effort) {
  const Reading reading = reading_of(product, [](const Inputs& in) { return mean_of_squares(in) + fraction(1, 16); });
  const double quick = detail<double>(outcome_of(reading).evidence, "smallest_margin");
  const RegionOutcome deep = outcome_of(reading, Effort::deep);
  ASSERT_TRUE(deep.certified);
  EXPECT_GT(detail<double>(deep.evidence, "smallest_margin"), quick);
  EXPECT_LE(deep.cover.size(), most_cover_boxes);
}

TEST(Certified, returns_a_box_on_which_a_false_inequality_fails) {
  const Reading reading = reading_of(product, [](const Inputs& in) { return mean_of_squares(in) - fraction(1, 16); });
  const RegionOutcome outcome = outcome_of(reading);
  EXPECT_FALSE(outcome.certified);
  EXPECT_FALSE(outcome.evidence.supports);
  ASSERT_TRUE(outcome.failing);
  const FailingBox& box = *outcome.failing;
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_GE(box.low[i], -2);
    EXPECT_LE(box.high[i], 2);
    EXPECT_LT(box.low[i], box.high[i]);
  }
  // Everywhere on it, so at its corners and at the point that it names.
  const auto fails = [](double x, double y) { return x * y > (x * x + y * y) / 2 - 1.0 / 16; };
  for (const double x : {box.low[0], box.point[0], box.high[0]})
    for (const double y : {box.low[1], box.point[1], box.high[1]}) EXPECT_TRUE(fails(x, y)) << x << ", " << y;
}

TEST(Certified, stops_and_says_so_where_both_sides_are_equal_inside_the_region) {
  const RegionOutcome outcome = outcome_of(reading_of(product, mean_of_squares));
  EXPECT_FALSE(outcome.certified);
  EXPECT_FALSE(outcome.failing);
  EXPECT_FALSE(outcome.evidence.supports);
  EXPECT_TRUE(outcome.cover.empty());
  EXPECT_NE(outcome.evidence.method.find("equal"), std::string::npos);
  EXPECT_GT(detail<long>(outcome.evidence, "undecided_boxes"), 0);
  EXPECT_LE(detail<long>(outcome.evidence, "boxes"), 1001);
  EXPECT_LT(detail<double>(outcome.evidence, "fraction_covered"), 1);
}

TEST(Certified, finds_a_violation_of_a_thousandth_in_a_hundredth_of_the_region) {
  const auto bumped = [](const Inputs& in) {
    const Number inside = (a(in) - fraction(31, 100)) * (fraction(32, 100) - a(in));
    return select_positive(inside, fraction(1001, 1000), fraction(999, 1000));
  };
  const RegionOutcome outcome =
      outcome_of(ranging(reading_of(bumped, [](const Inputs&) { return Number(1); }), {{"a", 0, 1}, {"b", 0, 1}}));
  ASSERT_TRUE(outcome.failing);
  EXPECT_GT(outcome.failing->low[0], 0.31);
  EXPECT_LT(outcome.failing->high[0], 0.32);
}

TEST(Certified, uses_slopes_where_plain_enclosures_would_need_too_many_boxes) {
  // √(1 + a²) √(1 + b²) ≥ 1 + ab + …: strict by a thirtysecond, with a and b in several places each.
  const Reading reading =
      reading_of([](const Inputs& in) { return Number(1) + product(in); },
                 [](const Inputs& in) {
                   return sqrt((Number(1) + a(in) * a(in)) * (Number(1) + b(in) * b(in))) + fraction(1, 32);
                 });
  EXPECT_TRUE(outcome_of(reading).certified);
}

TEST(Certified, sets_aside_boxes_outside_the_hypotheses_and_counts_them) {
  Reading reading = ranging(
      reading_of([](const Inputs& in) { return Number(1) / a(in); }, [](const Inputs&) { return fraction(9, 8); }),
      {{"a", 1, 8, 2}});
  reading.hypotheses = {
      {.id = "a_above_one", .sentence = "a > 1", .positive = [](const Inputs& in) { return a(in) - Number(1); }}};
  const RegionOutcome outcome = outcome_of(reading);
  EXPECT_TRUE(outcome.certified);
  EXPECT_GT(detail<long>(outcome.evidence, "boxes_set_aside"), 0);
  EXPECT_EQ(outcome.evidence.outside, detail<long>(outcome.evidence, "boxes_set_aside"));
  reading.hypotheses.clear();
  EXPECT_TRUE(outcome_of(reading).failing);
}

TEST(Certified, sets_aside_what_an_imposed_epsilon_makes_negative) {
  Reading reading = ranging(reading_of([](const Inputs& in) { return Number(0) - in.scalar("eps"); },
                                       [](const Inputs&) { return fraction(1, 8); }),
                            {{"a", -1, 1}});
  reading.hypotheses = {{.id = "eps_is_a", .sentence = "ε = a", .impose = [](Inputs& in) { in.set("eps", a(in)); }}};
  const RegionOutcome outcome = outcome_of(reading);
  EXPECT_TRUE(outcome.certified);
  EXPECT_GT(outcome.evidence.outside, 0);
}

TEST(Certified, lists_boxes_without_a_value_as_excluded_and_certifies_nothing) {
  const RegionOutcome outcome =
      outcome_of(ranging(reading_of([](const Inputs& in) { return Number(0) - Number(1) / (a(in) * a(in)); },
                                    [](const Inputs&) { return Number(0); }),
                         {{"a", -1, 1}}));
  EXPECT_FALSE(outcome.certified);
  EXPECT_FALSE(outcome.failing);
  EXPECT_GT(detail<long>(outcome.evidence, "excluded_boxes"), 0);
  EXPECT_FALSE(detail<std::string>(outcome.evidence, "first_excluded").empty());
}

TEST(Certified, takes_points_without_a_root_as_outside_the_domain) {
  const RegionOutcome outcome = outcome_of(ranging(
      reading_of([](const Inputs& in) { return Number(0) - sqrt(a(in)); }, [](const Inputs&) { return Number(0); }),
      {{"a", -1, 1}}));
  EXPECT_TRUE(outcome.certified);
}

TEST(Certified, proves_inequalities_of_smooth_functions) {
  EXPECT_TRUE(outcome_of(ranging(reading_of([](const Inputs& in) { return tanh(a(in)); },
                                            [](const Inputs& in) { return a(in) + fraction(1, 64); }),
                                 {{"a", 0, 4}}))
                  .certified);
  EXPECT_TRUE(outcome_of(ranging(reading_of([](const Inputs& in) { return tanh(a(in)) - a(in); },
                                            [](const Inputs&) { return fraction(-1, 64); }),
                                 {{"a", 0, 4}}))
                  .failing);
}

TEST(Certified, lets_the_range_of_an_entry_count_before_that_of_its_input) {
  Reading reading = reading_of(a, a);
  reading.inputs = {{"x", Role::activation, Dimension::batch}};
  reading.sizes = {{.batch = 3}};
  reading.left.formula = [](const Inputs& in) -> Values { return {in("x")(1, 0) + in("x")(2, 0)}; };
  reading.right.formula = [](const Inputs&) -> Values { return {Number(3)}; };
  EXPECT_TRUE(outcome_of(ranging(reading, {{"x[2,1]", 2, 2}, {"x", -1, 1}})).certified);
  EXPECT_FALSE(outcome_of(ranging(reading, {{"x[2,1]", 3, 3}, {"x", -1, 1}})).certified);
}

TEST(Certified, wants_a_fitting_range_for_every_input_that_matters) {
  const Reading reading = reading_of(product, mean_of_squares);
  EXPECT_THROW(outcome_of(ranging(reading, {{"a", -2, 2}})), std::logic_error);
  EXPECT_THROW(outcome_of(ranging(reading, {{"a", -2, 2}, {"b", 2, -2}})), std::logic_error);
  EXPECT_THROW(outcome_of(ranging(reading, {{"a", -2, 2}, {"b", -2, 2, 3}})), std::logic_error);
  EXPECT_THROW(outcome_of(ranging(reading, {{"a", -2, 2}, {"b", -2, 2}, {"c", -2, 2}})), std::logic_error);
  const auto eps = [](const Inputs& in) { return in.scalar("eps"); };
  EXPECT_THROW(outcome_of(ranging(reading_of(eps, eps), {{"eps", -1, 1}})), std::logic_error);
}

ReadingReport decided(const Reading& reading) {
  Claim claim;
  claim.readings = {reading};
  return decide("certified_test", claim, {.effort = Effort::quick}).readings.at(0);
}

TEST(Verdict_of_a_reading_with_regions, holds_as_certified_and_leaves_a_certificate) {
  const ReadingReport report =
      decided(reading_of(product, [](const Inputs& in) { return mean_of_squares(in) + fraction(1, 16); }));
  EXPECT_EQ(report.verdict, Verdict::holds) << report.trouble;
  EXPECT_THROW(detail<std::string>(report.evidence.at(0), "no_certificate_because"), std::out_of_range);
  ASSERT_FALSE(report.certificate.empty());
  const certificates::Recheck result = certificates::recheck(certificates::from_json(report.certificate));
  EXPECT_TRUE(result.accepted) << result.reason;
  EXPECT_TRUE(report.further_certificates.empty());
}

TEST(Verdict_of_a_reading_with_regions, leaves_a_certificate_for_each_region) {
  Reading reading = reading_of(product, [](const Inputs& in) { return mean_of_squares(in) + fraction(1, 16); });
  reading.regions.push_back(reading.regions[0]);
  reading.regions[1].ranges = {{"a", 2, 4}, {"b", -2, 4}};
  const ReadingReport report = decided(reading);
  EXPECT_FALSE(report.certificate.empty());
  EXPECT_EQ(report.further_certificates.size(), 1U);
}

TEST(Verdict_of_a_reading_with_regions, is_refuted_at_a_point_of_the_failing_box_that_other_searches_do_not_try) {
  const ReadingReport report = decided(
      ranging(reading_of([](const Inputs& in) { return (a(in) - fraction(4001, 4)) * (fraction(2001, 2) - a(in)); },
                         [](const Inputs&) { return Number(0); }),
              {{"a", 1000, 1001}}));
  EXPECT_EQ(report.verdict, Verdict::refuted);
  ASSERT_EQ(report.counterexamples.size(), 1U);
  EXPECT_FALSE(report.certificate.empty());
  EXPECT_TRUE(certificates::recheck(certificates::from_json(report.certificate)).accepted);
}

TEST(Verdict_of_a_reading_with_regions, is_refuted_by_enclosures_alone_where_no_value_is_rational) {
  const ReadingReport report = decided(ranging(
      reading_of([](const Inputs& in) { return tanh(a(in)) * fraction(1001, 1000); }, a), {{"a", 1, 256, 256}}));
  EXPECT_EQ(report.verdict, Verdict::refuted);
  EXPECT_FALSE(report.trouble.empty());
}

TEST(Certified, does_not_fail_where_a_root_that_a_hypothesis_takes_does_not_exist) {
  // a ≤ 1 under "√(1 − a) exists": false beyond 1, where the hypothesis is not satisfied.
  Reading reading = ranging(reading_of(a, [](const Inputs&) { return Number(1); }), {{"a", 0, 2}});
  reading.hypotheses = {
      inputs::imposing("at_most_one", "a ≤ 1", [](Inputs& in) { in.set("room", sqrt(Number(1) - a(in))); })};
  const RegionOutcome outcome = outcome_of(reading);
  EXPECT_FALSE(outcome.failing);
  EXPECT_GT(outcome.evidence.outside, 0);
  EXPECT_NE(decided(reading).verdict, Verdict::refuted);
}

TEST(Verdict_of_a_reading_with_regions, needs_a_region_at_each_of_its_sizes_where_no_search_speaks_for_it) {
  // Only a = 0 satisfies the hypothesis: a search has no room for a planted violation.
  Reading reading = ranging(reading_of(a, [](const Inputs& in) { return a(in) + Number(1); }), {{"a", 0, 0}});
  reading.hypotheses = {{.id = "a_zero", .sentence = "a = 0", .positive = [](const Inputs& in) {
                           return Number(1) - Number(2) * relu_slope(a(in) * a(in));
                         }}};
  reading.sizes = {{.batch = 1}, {.batch = 2}};
  EXPECT_EQ(decided(reading).verdict, Verdict::holds);
  reading.regions[0].sizes = {{.batch = 1}};
  EXPECT_EQ(decided(reading).verdict, Verdict::inconclusive);
}

}  // namespace
}  // namespace normproof::evidence
