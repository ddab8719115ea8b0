// Is a test of growth exponents decided again from its file alone, and is what was changed rejected?
#include "proofs_checks/certificates/growth.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "proofs_checks/certificates/certificate.hpp"
#include "proofs_checks/evidence/decide.hpp"
#include "proofs_checks/evidence/growth.hpp"
#include "proofs_checks/evidence/statistical.hpp"
#include "proofs_checks/inputs/gaussian.hpp"
#include "proofs_checks/inputs/random_stream.hpp"

namespace normproof::certificates {
namespace {

using testing::HasSubstr;

constexpr double infinity = std::numeric_limits<double>::infinity();

OctaveSums synthetic(const Portion& portion, bool sampled, double theta, double noise) {
  OctaveSums sums = {.octaves = 5, .groups = 1, .relative_error = 1e-12};
  if (sampled) sums.groups = portion.replicas / Portion::replicas_per_group;
  const std::uint64_t first_group = portion.first_replica / Portion::replicas_per_group;
  for (std::size_t octave = 0; octave < sums.octaves; ++octave)
    for (std::size_t group = 0; group < sums.groups; ++group) {
      inputs::RandomStream stream(portion.seed, std::to_string(first_group + group), std::to_string(octave));
      const std::uint64_t first = stream.next_uint64(), second = stream.next_uint64();
      const double deviation = noise * inputs::gaussian_pair(first, second).first;
      sums.sums.push_back(1e-3 * std::exp2(theta * static_cast<double>(octave)) * (1 + deviation));
    }
  return sums;
}

GrowthPoint point(std::string id, bool sampled, double theta, double noise, double lowest, double highest) {
  return {.id = std::move(id),
          .problem = "synthetic",
          .gamma = 0.75,
          .a = 0.25,
          .lowest = lowest,
          .highest = highest,
          .allowance = {0.02, 0.02},
          .sampled = sampled,
          .measure = [=](const Portion& portion) { return synthetic(portion, sampled, theta, noise); }};
}

// What the engine makes of a reading that states θ < 0 at four points.
std::string made(double theta, std::uint64_t seed = 0) {
  Claim claim;
  Reading reading = {.id = "printed", .statement = "the sum stays bounded"};
  reading.growth = {.quantity = "Σ q_k over an octave", .range = "θ < 0"};
  reading.growth.points = [=](evidence::Effort) {
    GrowthPoint near = point("near", true, 0, 0.3, -infinity, 0);
    near.near_boundary = true;
    GrowthPoint vanishing = point("vanishing", false, -infinity, 0, -infinity, 0);
    vanishing.near_boundary = true;
    return std::vector<GrowthPoint>{point("sampled", true, theta, 0.05, -infinity, 0),
                                    point("recursion", false, -0.3, 0, -0.5, 0), near, vanishing};
  };
  claim.readings = {reading};
  return evidence::decide("growth_test", claim, {.seed = seed}).readings.at(0).certificate;
}

Recheck rechecked(const std::string& text) { return recheck(from_json(text)); }

std::string with(std::string text, const std::string& what, const std::string& instead) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), instead);
}

// The same file with a digest that belongs, so that only the arithmetic is left to object.
std::string with_fresh_digest(const std::string& text) { return to_json(std::get<GrowthTest>(from_json(text))); }

std::string malformed(const std::string& text) {
  try {
    from_json(text);
  } catch (const Malformed& error) {
    return error.what();
  }
  return "";
}

TEST(Growth_certificate, is_accepted_and_says_that_it_is_not_exact) {
  for (std::uint64_t seed = 0; seed < 5; ++seed)
    for (const double theta : {-0.3, 0.4}) {
      const Recheck result = rechecked(made(theta, seed));
      EXPECT_TRUE(result.accepted) << result.reason;
      EXPECT_THAT(result.reason, HasSubstr("not exact"));
      EXPECT_THAT(result.reason, HasSubstr(theta < 0 ? "holds" : "refuted"));
    }
}

TEST(Growth_certificate, is_not_made_where_nothing_was_decided) { EXPECT_EQ(made(-0.01), ""); }

TEST(Growth_certificate, survives_writing_and_reading) {
  const std::string text = made(-0.3);
  EXPECT_EQ(to_json(std::get<GrowthTest>(from_json(text))), text);
}

TEST(Growth_certificate, with_another_verdict_is_rejected) {
  const std::string text = made(-0.3);
  EXPECT_THAT(rechecked(with(text, "\n \"verdict\": \"holds\"", "\n \"verdict\": \"refuted\"")).reason,
              HasSubstr("the verdict is holds"));
  EXPECT_THAT(rechecked(with(text, "\n   \"verdict\": \"holds\"", "\n   \"verdict\": \"refuted\"")).reason,
              HasSubstr("the verdict of \"sampled\""));
}

TEST(Growth_certificate, with_changed_numbers_is_rejected_by_its_arithmetic_alone) {
  const GrowthTest test = std::get<GrowthTest>(from_json(made(-0.3)));
  const auto reason = [&](void (*change)(GrowthTest&)) {
    GrowthTest changed = test;
    change(changed);
    const Recheck result = rechecked(to_json(changed));
    EXPECT_FALSE(result.accepted);
    return result.reason;
  };
  EXPECT_THAT(reason([](GrowthTest& of) { of.points[0].mean_last *= 1.001; }), HasSubstr("interval of \"sampled\""));
  EXPECT_THAT(reason([](GrowthTest& of) { of.points[0].variance_last *= 1.01; }), HasSubstr("interval of \"sampled\""));
  EXPECT_THAT(reason([](GrowthTest& of) { of.points[0].groups /= 2; }), HasSubstr("interval of \"sampled\""));
  EXPECT_THAT(reason([](GrowthTest& of) { of.points[0].theta_high -= 1e-6; }), HasSubstr("interval of \"sampled\""));
  EXPECT_THAT(reason([](GrowthTest& of) { of.points[0].theta_low = -infinity; }), HasSubstr("interval of \"sampled\""));
  EXPECT_THAT(reason([](GrowthTest& of) { of.points[0].highest = -0.5; }), HasSubstr("verdict of \"sampled\""));
  EXPECT_THAT(reason([](GrowthTest& of) { of.points[1].mean_earlier *= 2; }), HasSubstr("interval of \"recursion\""));
  EXPECT_THAT(reason([](GrowthTest& of) { of.points[2].verdict = "holds"; }), HasSubstr("verdict of \"near\""));
  EXPECT_THAT(reason([](GrowthTest& of) { of.points[2].near_boundary = false; }), HasSubstr("inconclusive"));
  EXPECT_THAT(reason([](GrowthTest& of) { of.points[3].verdict = "holds"; }), HasSubstr("no exponent"));
  EXPECT_THAT(reason([](GrowthTest& of) { of.alpha = 5e-9; }), HasSubstr("interval of \"sampled\""));
  EXPECT_THAT(reason([](GrowthTest& of) { of.effect_variance = 5; }), HasSubstr("interval of \"sampled\""));
  EXPECT_THAT(reason([](GrowthTest& of) { of.points[0].allowance_above = 0.4; }), HasSubstr("verdict of \"sampled\""));
}

TEST(Growth_certificate, with_a_changed_heading_is_rejected_by_its_digest) {
  const std::string text = made(-0.3);
  for (const auto& [what, instead] : std::vector<std::pair<std::string, std::string>>{
           {"\"seed\": 0", "\"seed\": 1"}, {"\"gamma\": 0.75", "\"gamma\": 0.7"}, {"\"θ < 0\"", "\"θ < 1\""}}) {
    const std::string changed = with(text, what, instead);
    EXPECT_THAT(rechecked(changed).reason, HasSubstr("digest")) << what;
    EXPECT_TRUE(rechecked(with_fresh_digest(changed)).accepted) << what;
  }
}

TEST(Growth_certificate, finds_the_intervals_of_the_engine_by_another_way) {
  // Moments of every kind: one mean or both not separated from zero, strong dependence, few groups.
  inputs::RandomStream stream(1, "growth_certificate");
  long finite = 0, infinite = 0;
  for (int k = 0; k < 2000; ++k) {
    evidence::PairMoments of = {.n = 2 + stream.below(60)};
    of.mean_x = std::exp(stream.uniform(-5, 5));
    of.mean_y = std::exp(stream.uniform(-5, 5));
    const double x = std::exp(stream.uniform(-6, 1)), y = std::exp(stream.uniform(-6, 1));
    of.var_x = x * x * of.mean_x * of.mean_x;
    of.var_y = y * y * of.mean_y * of.mean_y;
    of.cov = stream.uniform(-0.99, 0.99) * x * y * of.mean_x * of.mean_y;
    const double alpha = stream.chance(1, 2) ? 0.05 : evidence::test_alpha;
    const evidence::RatioInterval interval = evidence::ratio_interval(of, alpha);
    GrowthTest test;
    test.effort = "deep";
    test.alpha = alpha;
    test.effect_variance = evidence::effect_variance;
    test.verdict = "holds";
    GrowthTest::Point point;
    point.id = "point";
    point.highest = 100;
    point.lowest = -100;
    point.groups = of.n;
    point.mean_last = of.mean_x, point.mean_earlier = of.mean_y;
    point.variance_last = of.var_x, point.variance_earlier = of.var_y, point.covariance = of.cov;
    point.theta_low = std::log2(interval.low) / 3;
    point.theta_high = std::log2(interval.high) / 3;
    const bool bounded = std::isfinite(point.theta_low) && std::isfinite(point.theta_high);
    (bounded ? finite : infinite) += 1;
    point.verdict = bounded ? "holds" : "inconclusive";
    test.points = {point};
    const std::string reason = recheck(test).reason;
    // The interval and its verdict agree; what is left to object to is the digest, or a reading that is inconclusive.
    EXPECT_THAT(reason, testing::AnyOf(HasSubstr("digest"), HasSubstr("the verdict is inconclusive"))) << k;
  }
  EXPECT_GT(finite, 200);
  EXPECT_GT(infinite, 200);
}

TEST(Growth_certificate, that_is_none_is_malformed) {
  const std::string text = made(-0.3);
  EXPECT_THAT(malformed(with(text, "\"alpha\": 5e-10", "\"alpha\": 0.75")), HasSubstr("alpha"));
  EXPECT_THAT(malformed(with(text, "\"alpha\": 5e-10", "\"alpha\": null")), HasSubstr("alpha"));
  EXPECT_THAT(malformed(with(text, "\"allowance_above\": 0.02", "\"allowance_above\": -0.02")), HasSubstr("allowance"));
  EXPECT_THAT(malformed(with(text, "\"effect_variance\": 4.0", "\"effect_variance\": 0")),
              HasSubstr("effect_variance"));
  EXPECT_THAT(malformed(with(text, "\"effort\": \"standard\"", "\"effort\": \"none\"")), HasSubstr("effort"));
  EXPECT_THAT(malformed(with(text, "\"seed\": 0", "\"seed\": -1")), HasSubstr("seed"));
  EXPECT_THAT(malformed(with(text, "anytime-valid t", "another t")), HasSubstr("test"));
  EXPECT_THAT(malformed(with(text, "\"id\": \"near\"", "\"id\": \"sampled\"")), HasSubstr("two points"));
  const std::string lines = with(with(text, "\"near\"", "\"two\\nlines\""), "\"vanishing\"", "\"two\\nlines\"");
  EXPECT_THAT(malformed(lines), testing::Not(HasSubstr("\n")));
  EXPECT_THAT(malformed(with(text, "\"highest\": 0.0", "\"highest\": null")), HasSubstr("range"));
  EXPECT_THAT(malformed(with(text, "\"sampled\": true", "\"sampled\": 1")), HasSubstr("sampled"));
  EXPECT_THAT(malformed(with(text, "\"last_octave\": 4", "\"last_octave\": 400")), HasSubstr("octave"));
  EXPECT_THAT(malformed(with(text, "\"groups\": 16", "\"groups\": 16000000")), HasSubstr("groups"));
  EXPECT_THAT(malformed(with(text, "\"groups\": 16", "\"groups\": 1")), HasSubstr("groups"));
  EXPECT_THAT(malformed(with(text, "\"mean_last\": 0", "\"mean_last\": -0")), HasSubstr("mean_last"));
  EXPECT_THAT(malformed(with(text, "\"variance_last\": ", "\"variance_last\": -")), HasSubstr("variance_last"));
  EXPECT_THAT(malformed(with(text, "\"covariance\"", "\"cov\"")), HasSubstr("covariance"));
  EXPECT_THAT(malformed(with(text, "\"covariance\": ", "\"covariance\": 1e999, \"c\": ")), HasSubstr("JSON"));
  EXPECT_THAT(malformed(with(text, "\n   \"verdict\": \"holds\"", "\n   \"verdict\": \"true\"")), HasSubstr("verdict"));
  EXPECT_THAT(malformed(with(text, "\"moments\": null", "\"moments\": 1")), HasSubstr("sum_last"));
}

TEST(Growth_certificate, without_points_is_malformed) {
  GrowthTest test = std::get<GrowthTest>(from_json(made(-0.3)));
  test.points.clear();
  EXPECT_THAT(malformed(to_json(test)), HasSubstr("points"));
}

}  // namespace
}  // namespace normproof::certificates
