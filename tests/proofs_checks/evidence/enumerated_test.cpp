// Is every point of a finite space really evaluated, and does one that fails refute?
#include "proofs_checks/evidence/enumerated.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "proofs_checks/evidence/decide.hpp"

namespace normproof::evidence {
namespace {

// a, b in {−1, 0, 2}; the mask in {0, 1}, two of them.
Reading finite_reading(Formula left, Formula right, Relation relation = Relation::equal) {
  return {.id = "printed",
          .statement = "left against right",
          .inputs = {{.name = "a", .role = Role::choice, .values = {-1, 0, 2}},
                     {.name = "mask", .role = Role::choice, .columns = Dimension::channels, .values = {0, 1}}},
          .sizes = {{.channels = 2}},
          .left = by_definition("left", std::move(left)),
          .relation = relation,
          .right = by_theory("right", std::move(right))};
}

ReadingReport decided(const Reading& reading) {
  Claim claim;
  claim.readings = {reading};
  return decide("enumerated_test", claim, {.effort = Effort::quick}).readings.at(0);
}

Number a(const Inputs& in) { return in.scalar("a"); }

TEST(Enumeration, visits_every_assignment_once) {
  const Reading reading = finite_reading([](const Inputs& in) -> Values { return {a(in)}; },
                                         [](const Inputs& in) -> Values { return {a(in)}; });
  EXPECT_EQ(every_size(reading, reading.sizes).size(), 3U * 2U * 2U);
  const ReadingReport report = decided(reading);
  EXPECT_EQ(report.verdict, Verdict::holds);
  ASSERT_EQ(report.evidence.size(), 1U);
  EXPECT_EQ(report.evidence[0].grade, Grade::enumerated);
  EXPECT_EQ(report.evidence[0].cases, 8);       // a = −1 and 2, four masks each
  EXPECT_EQ(report.evidence[0].degenerate, 4);  // a = 0: both sides vanish
  EXPECT_EQ(report.evidence[0].error_probability, 0);
}

TEST(Enumeration, refutes_what_fails_at_one_point_of_the_space_with_a_certificate) {
  // Fails at a = 2, mask (1, 1) alone.
  const Reading reading = finite_reading(
      [](const Inputs& in) -> Values {
        return {a(in) * (a(in) + Number(1)) * in("mask")(0, 0) * in("mask")(0, 1) + Number(1)};
      },
      [](const Inputs&) -> Values { return {Number(1)}; });
  const ReadingReport report = decided(reading);
  EXPECT_EQ(report.verdict, Verdict::refuted);
  ASSERT_EQ(report.counterexamples.size(), 1U);
  EXPECT_EQ(report.counterexamples[0].left, "7");
  EXPECT_EQ(report.counterexamples[0].inputs[0].second, "2");
  EXPECT_FALSE(report.certificate.empty());
}

TEST(Enumeration, decides_inequalities_between_irrational_numbers_by_enclosures) {
  const auto root_of_two = [](const Inputs&) -> Values { return {sqrt(Number(2))}; };
  const auto above = [](const Inputs& in) -> Values { return {Number(3) / Number(2) + a(in) * a(in)}; };
  EXPECT_EQ(decided(finite_reading(root_of_two, above, Relation::at_most)).verdict, Verdict::holds);
  const auto below = [](const Inputs& in) -> Values { return {Number(7) / Number(5) + a(in) * a(in)}; };
  EXPECT_EQ(decided(finite_reading(root_of_two, below, Relation::at_most)).verdict, Verdict::refuted);
}

TEST(Enumeration, does_not_take_touching_irrational_sides_for_equal) {
  const auto left = [](const Inputs&) -> Values { return {sqrt(Number(2)) * sqrt(Number(3))}; };
  const auto right = [](const Inputs&) -> Values { return {sqrt(Number(6))}; };
  const ReadingReport report = decided(finite_reading(left, right));
  EXPECT_EQ(report.verdict, Verdict::inconclusive);
  EXPECT_FALSE(report.trouble.empty());
}

TEST(Enumeration, leaves_points_outside_the_hypotheses_uncounted) {
  Reading reading = finite_reading([](const Inputs& in) -> Values { return {relu(a(in))}; },
                                   [](const Inputs& in) -> Values { return {a(in)}; });
  reading.hypotheses = {{.id = "a_positive", .sentence = "a > 0", .positive = a}};
  const ReadingReport report = decided(reading);
  EXPECT_EQ(report.verdict, Verdict::holds);
  EXPECT_EQ(report.evidence[0].outside, 8);
  ASSERT_EQ(report.dropped.size(), 1U);
  EXPECT_EQ(report.dropped[0].outcome, "fails");
}

TEST(Enumeration, of_some_inputs_gives_each_assignment_to_the_exact_engine) {
  Reading reading =
      finite_reading([](const Inputs& in) -> Values { return {in("mask")(0, 0) * in.scalar("x")}; },
                     [](const Inputs& in) -> Values { return {in("mask")(0, 0) * in("mask")(0, 0) * in.scalar("x")}; });
  reading.inputs.push_back({"x", Role::activation});
  const ReadingReport report = decided(reading);
  EXPECT_EQ(report.verdict, Verdict::holds) << report.trouble;
  EXPECT_EQ(report.evidence[0].grade, Grade::exact);
}

TEST(Enumeration, of_too_many_assignments_is_a_programmers_error) {
  Reading reading = finite_reading([](const Inputs& in) -> Values { return {a(in)}; },
                                   [](const Inputs& in) -> Values { return {a(in)}; });
  EXPECT_THROW(every_size(reading, {{.channels = 11}}), std::logic_error);
}

TEST(Enumeration, is_not_narrowed_to_where_the_gap_has_a_value) {
  // 1 ≤ 0 at a = 0 alone, where the stated gap has no value.
  Reading reading = finite_reading([](const Inputs& in) -> Values { return {Number(1) - a(in) * a(in)}; },
                                   [](const Inputs&) -> Values { return {Number(0)}; }, Relation::at_most);
  reading.gap = [](const Inputs& in) -> std::vector<SquareTerm> { return {{.root = Number(1) / a(in)}}; };
  EXPECT_EQ(decided(reading).verdict, Verdict::refuted);
}

TEST(Enumeration, does_not_take_what_it_cannot_decide_for_outside) {
  // (√(a³/4))² − 2 is 0 at a = 2, which no enclosure of √2 tells: the sides differ there, and there alone.
  Reading reading = finite_reading(
      [](const Inputs& in) -> Values {
        const Number root = sqrt(a(in) * a(in) * a(in) / Number(4));
        return {select_positive(root * root - Number(2), Number(1), a(in))};
      },
      [](const Inputs&) -> Values { return {Number(1)}; });
  reading.inputs[0].values = {2, 8};
  const ReadingReport report = decided(reading);
  EXPECT_EQ(report.evidence[0].outside, 0);
  EXPECT_NE(report.verdict, Verdict::holds);
  EXPECT_FALSE(report.trouble.empty());
}

TEST(Enumeration, tells_of_a_dropped_hypothesis_what_intervals_find) {
  // tanh a = 0 where a = 0; elsewhere it fails, and has no rational value there.
  Reading reading = finite_reading([](const Inputs& in) -> Values { return {Number(1) + tanh(a(in))}; },
                                   [](const Inputs&) -> Values { return {Number(1)}; });
  reading.hypotheses = {{.id = "a_zero", .sentence = "a = 0", .impose = [](Inputs& in) { in.set("a", Number(0)); }}};
  const ReadingReport report = decided(reading);
  EXPECT_EQ(report.verdict, Verdict::holds) << report.trouble;
  ASSERT_EQ(report.dropped.size(), 1U);
  EXPECT_EQ(report.dropped[0].outcome, "fails");
  EXPECT_FALSE(report.dropped[0].detail.empty());
}

}  // namespace
}  // namespace normproof::evidence
