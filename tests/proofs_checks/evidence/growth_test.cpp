// Are growth exponents held, refuted and left open as their intervals say, and is it noticed when they could not be?
#include "proofs_checks/evidence/growth.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <bit>
#include <cmath>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "proofs_checks/evidence/decide.hpp"
#include "proofs_checks/evidence/statistical.hpp"
#include "proofs_checks/inputs/gaussian.hpp"
#include "proofs_checks/inputs/random_stream.hpp"

namespace normproof::evidence {
namespace {

using testing::HasSubstr;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t octaves = 6;

// A group's octave sums with exponent θ and a relative deviation `noise`, drawn for the group alone.
double synthetic(const Portion& portion, std::uint64_t group, std::size_t octave, double theta, double noise) {
  inputs::RandomStream stream(portion.seed, "growth_test", std::to_string(group), std::to_string(octave));
  const std::uint64_t first = stream.next_uint64(), second = stream.next_uint64();
  return std::exp2(theta * static_cast<double>(octave)) * (1 + noise * inputs::gaussian_pair(first, second).first);
}

GrowthPoint sampled_point(double theta, double noise, double lowest, double highest, std::string id = "sampled") {
  return {.id = std::move(id),
          .problem = "synthetic",
          .gamma = 0.75,
          .a = 0.25,
          .lowest = lowest,
          .highest = highest,
          .measure = [=](const Portion& portion) {
            OctaveSums sums = {.first_octave = 3, .octaves = octaves};
            sums.groups = portion.replicas / Portion::replicas_per_group;
            for (std::size_t octave = 0; octave < octaves; ++octave)
              for (std::size_t group = 0; group < sums.groups; ++group)
                sums.sums.push_back(synthetic(portion, portion.first_replica / Portion::replicas_per_group + group,
                                              octave, theta, noise));
            return sums;
          }};
}

GrowthPoint recursion(double theta, double relative_error, double lowest, double highest,
                      std::string id = "recursion") {
  GrowthPoint point = sampled_point(theta, 0, lowest, highest, std::move(id));
  point.sampled = false;
  point.measure = [=](const Portion&) {
    OctaveSums sums = {.octaves = octaves, .groups = 1, .relative_error = relative_error};
    for (std::size_t octave = 0; octave < octaves; ++octave)
      sums.sums.push_back(std::exp2(theta * static_cast<double>(octave)));
    return sums;
  };
  return point;
}

Reading growing(std::vector<GrowthPoint> points, double allowance = 0.02) {
  for (GrowthPoint& point : points) point.allowance = {allowance, allowance};
  return {.id = "printed",
          .statement = "the sum stays bounded",
          .hypotheses = {{.id = "bounded", .sentence = "f is bounded"}},
          .growth = {.quantity = "Σ q_k over an octave",
                     .range = "θ < 0",
                     .points = [=](Effort) { return points; },
                     .allowance_words = "empirical"}};
}

GrowthOutcome decided(const Reading& reading, const Settings& settings = {}) {
  return decide_growth(reading, settings);
}
Verdict verdict(const std::vector<GrowthPoint>& points, double allowance = 0.02) {
  return decided(growing(points, allowance)).verdict;
}

template <class T>
T detail(const Evidence& evidence, const char* name) {
  for (const Detail& each : evidence.details)
    if (each.first == name) return std::get<T>(each.second);
  ADD_FAILURE() << "no detail is called " << name;
  return {};
}

constexpr double little = 0.02, much = 0.1, wild = 3;

TEST(Growth, holds_where_every_exponent_is_certainly_in_its_range) {
  EXPECT_EQ(verdict({sampled_point(-0.3, little, -infinity, 0)}), Verdict::holds);
  EXPECT_EQ(verdict({sampled_point(0.3, little, 0.1, infinity)}), Verdict::holds);
  EXPECT_EQ(verdict({sampled_point(0.3, little, 0.1, 0.5), recursion(-0.1, 1e-9, -infinity, 0)}), Verdict::holds);
}

TEST(Growth, is_refuted_where_one_exponent_is_certainly_outside) {
  EXPECT_EQ(verdict({sampled_point(0.3, little, -infinity, 0)}), Verdict::refuted);
  EXPECT_EQ(verdict({sampled_point(-0.3, little, 0, infinity)}), Verdict::refuted);
  EXPECT_EQ(verdict({sampled_point(-0.3, little, -infinity, 0), recursion(0.1, 0, -infinity, 0)}), Verdict::refuted);
}

TEST(Growth, is_inconclusive_where_the_interval_meets_the_end_of_the_range) {
  EXPECT_EQ(verdict({sampled_point(-0.03, much, -infinity, 0)}), Verdict::inconclusive);
  EXPECT_EQ(verdict({sampled_point(-0.3, wild, -infinity, 0)}), Verdict::inconclusive);
  EXPECT_EQ(verdict({recursion(0, 0, -infinity, 0)}, 0), Verdict::inconclusive);  // θ = 0 is the boundary itself
  EXPECT_EQ(verdict({recursion(-0.3, 1, -infinity, 0)}), Verdict::inconclusive);  // no digit is known
}

TEST(Growth, moves_both_ends_out_by_the_allowance) {
  EXPECT_EQ(verdict({recursion(-0.05, 0, -infinity, 0)}, 0.04), Verdict::holds);
  EXPECT_EQ(verdict({recursion(-0.05, 0, -infinity, 0)}, 0.06), Verdict::inconclusive);
  EXPECT_EQ(verdict({recursion(0.05, 0, -infinity, 0)}, 0.04), Verdict::refuted);
  EXPECT_EQ(verdict({recursion(0.05, 0, -infinity, 0)}, 0.06), Verdict::inconclusive);
}

TEST(Growth, lets_a_point_near_the_boundary_stay_open_but_not_stand_alone) {
  GrowthPoint near = recursion(0, 0, -infinity, 0, "near");
  near.near_boundary = true;
  const GrowthOutcome outcome = decided(growing({recursion(-0.3, 0, -infinity, 0), near}));
  EXPECT_EQ(outcome.verdict, Verdict::holds);
  EXPECT_EQ(detail<long>(outcome.evidence.at(0), "near_boundary_undecided"), 1);
  EXPECT_EQ(verdict({near}), Verdict::inconclusive);
  near.near_boundary = false;
  EXPECT_THAT(decided(growing({recursion(-0.3, 0, -infinity, 0), near})).trouble, HasSubstr("near"));
}

TEST(Growth, of_no_points_is_inconclusive) {
  const GrowthOutcome outcome = decided(growing({}));
  EXPECT_EQ(outcome.verdict, Verdict::inconclusive);
  EXPECT_THAT(outcome.trouble, HasSubstr("nothing was measured"));
}

TEST(Growth, stops_at_the_first_stage_that_decides) {
  const GrowthOutcome clear = decided(growing({sampled_point(-0.3, little, -infinity, 0)}), {.effort = Effort::deep});
  EXPECT_EQ(clear.points.at(0).replicas, 128U);
  const GrowthOutcome close = decided(growing({sampled_point(-0.05, much, -infinity, 0)}), {.effort = Effort::deep});
  EXPECT_EQ(close.points.at(0).verdict, Verdict::holds);
  EXPECT_GT(close.points.at(0).replicas, 128U);
  const GrowthOutcome open = decided(growing({sampled_point(0, much, -infinity, 0)}), {.effort = Effort::deep});
  EXPECT_EQ(open.points.at(0).verdict, Verdict::inconclusive);
  EXPECT_EQ(open.points.at(0).replicas, most_replicas_deep);
}

TEST(Growth, states_what_it_would_have_noticed_and_notices_it) {
  const GrowthOutcome outcome = decided(growing({sampled_point(-0.3, little, -infinity, 0)}));
  const Evidence& evidence = outcome.evidence.at(0);
  EXPECT_EQ(evidence.grade, Grade::statistical);
  EXPECT_TRUE(evidence.supports);
  EXPECT_DOUBLE_EQ(evidence.error_probability, test_alpha);
  EXPECT_EQ(evidence.cases, 128);
  EXPECT_EQ(detail<std::string>(evidence, "planted_violation_refuted"), "yes");
  EXPECT_EQ(detail<std::string>(evidence, "null_run_refuted"), "no");
  EXPECT_GT(detail<double>(evidence, "delta"), 0.01);
  EXPECT_LT(detail<double>(evidence, "delta"), 0.2);
  EXPECT_EQ(detail<std::string>(evidence, "worst_point"), "sampled");
}

TEST(Growth, without_sampling_is_derived_and_errs_never) {
  const Evidence evidence = decided(growing({recursion(-0.3, 1e-12, -infinity, 0)})).evidence.at(0);
  EXPECT_EQ(evidence.grade, Grade::derived_bound);
  EXPECT_EQ(evidence.error_probability, 0);
  EXPECT_EQ(detail<double>(evidence, "delta"), unsampled_delta);
  EXPECT_EQ(detail<std::string>(evidence, "planted_violation_refuted"), "yes");
  EXPECT_EQ(detail<std::string>(evidence, "null_run_refuted"), "no");
}

TEST(Growth, is_inconclusive_where_the_planted_violation_would_be_missed) {
  // The rounding of this recursion leaves more open than the planted violation is large, though the point itself holds.
  const GrowthOutcome rough = decided(growing({recursion(-0.3, 0.1, -infinity, 0)}));
  EXPECT_EQ(rough.points.at(0).verdict, Verdict::holds);
  EXPECT_EQ(rough.verdict, Verdict::inconclusive);
  EXPECT_THAT(rough.trouble, HasSubstr("planted violation"));
  const GrowthOutcome noisy = decided(growing({sampled_point(-3, 0.4, -infinity, 0)}));
  EXPECT_EQ(noisy.verdict, Verdict::inconclusive);
  EXPECT_THAT(noisy.trouble, HasSubstr("planted violation"));
}

TEST(Growth, detects_its_planted_violation_and_passes_its_null_run_whatever_the_seed) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const GrowthOutcome outcome =
        decided(growing({sampled_point(-0.3, 0.05, -infinity, 0)}), {.effort = Effort::standard, .seed = seed});
    EXPECT_EQ(outcome.verdict, Verdict::holds) << seed << ": " << outcome.trouble;
  }
}

TEST(Smallest_refuted_deviation, has_the_stated_power_at_any_alpha) {
  constexpr int seeds = 300;
  for (const double power : {0.9, 0.99}) {
    int missed = 0, false_alarms = 0;
    double delta_max = 0;
    for (int seed = 0; seed < seeds; ++seed) {
      const GrowthPoint point = sampled_point(-0.3, much, -infinity, 0);
      const auto run = [&](std::uint64_t first, std::size_t replicas) {
        return point.measure({.seed = static_cast<std::uint64_t>(seed), .first_replica = first, .replicas = replicas});
      };
      const JudgedPoint pilot = judge(point, run(first_pilot_replica, 256), 0.05);
      const double delta = smallest_refuted_deviation(pilot.moments, 16, 16, 0.05, power, true);
      ASSERT_LE(delta, largest_delta);
      delta_max = std::max(delta, delta_max);
      const double theta = judge(point, run(0, 128), 0.05).theta;
      const GrowthControls controls = run_controls(point, run(first_fresh_replica, 128), theta, delta, 0.05);
      missed += controls.planted_refuted ? 0 : 1;
      false_alarms += controls.null_refuted ? 1 : 0;
    }
    // Three standard deviations above what is stated.
    EXPECT_LE(missed, seeds * (1 - power) + 3 * std::sqrt(seeds * (1 - power) * power)) << power;
    EXPECT_LE(false_alarms, seeds * 0.05 + 3 * std::sqrt(seeds * 0.05 * 0.95)) << power;
    EXPECT_LE(delta_max, 0.6);
  }
}

TEST(Smallest_refuted_deviation, falls_with_the_groups_and_rises_with_the_power) {
  const PairMoments pilot = {.n = 8, .mean_x = 1, .mean_y = 2, .var_x = 1e-4, .var_y = 4e-4, .cov = 0};
  const auto delta = [&](std::size_t groups, double power) {
    return smallest_refuted_deviation(pilot, groups, 16, test_alpha, power, true);
  };
  EXPECT_LT(delta(256, 0.99), delta(32, 0.99));
  EXPECT_LT(delta(32, 0.9), delta(32, 0.999));
  EXPECT_EQ(delta(8, 0.99), infinity);
}

TEST(Growth, does_not_take_repeated_or_constant_runs_for_evidence) {
  GrowthPoint same = sampled_point(-0.3, little, -infinity, 0);
  const auto measure = same.measure;
  same.measure = [=](Portion portion) {
    portion.first_replica = 0;
    return measure(portion);
  };
  EXPECT_THROW(decided(growing({same})), std::logic_error);
  const GrowthPoint constant = sampled_point(-0.3, 0, -infinity, 0);
  EXPECT_EQ(judge(constant, constant.measure({.replicas = first_stage}), test_alpha).theta_high, infinity);
}

TEST(Growth, leaves_sums_that_are_no_positive_numbers_open) {
  for (const double bad : {0.0, -1.0, static_cast<double>(NAN), infinity}) {
    GrowthPoint point = recursion(-0.3, 0, -infinity, 0, "bad");
    const auto measure = point.measure;
    point.measure = [=](const Portion& portion) {
      OctaveSums sums = measure(portion);
      sums.sums.back() = bad;
      return sums;
    };
    const GrowthOutcome outcome = decided(growing({recursion(-0.3, 0, -infinity, 0), point}));
    EXPECT_EQ(outcome.verdict, Verdict::inconclusive) << bad;
    EXPECT_THAT(outcome.trouble, HasSubstr("bad"));
  }
}

TEST(Growth, that_is_not_well_formed_is_a_programmers_error) {
  EXPECT_THROW(verdict({recursion(0, 0, -infinity, infinity)}), std::logic_error);
  EXPECT_THROW(verdict({recursion(0, 0, 1, 0)}), std::logic_error);
  EXPECT_THROW(verdict({recursion(0, 0, -infinity, 0), recursion(0, 0, -infinity, 0)}), std::logic_error);
  EXPECT_THROW(verdict({recursion(0, 0, -infinity, 0)}, -0.1), std::logic_error);
  GrowthPoint short_run = recursion(-0.3, 0, -infinity, 0);
  short_run.measure = [](const Portion&) { return OctaveSums{.octaves = 3, .groups = 1, .sums = {1, 1, 1}}; };
  EXPECT_THROW(verdict({short_run}), std::logic_error);
  short_run.measure = nullptr;
  EXPECT_THROW(verdict({short_run}), std::logic_error);
}

class Store : public Measurements {
 public:
  Measured of(const std::string& key, const std::function<Measured()>& measure) override {
    const std::scoped_lock lock(mutex_);
    const auto found = known.find(key);
    if (found != known.end()) return found->second;
    ++misses;
    return known[key] = measure();
  }

  std::map<std::string, Measured> known;
  int misses = 0;

 private:
  std::mutex mutex_;
};

// Every number of an outcome, bit by bit, times aside.
std::vector<std::uint64_t> bits_of(const GrowthOutcome& outcome) {
  std::vector<std::uint64_t> bits = {static_cast<std::uint64_t>(outcome.verdict)};
  for (const JudgedPoint& point : outcome.points)
    for (const double number : {point.theta, point.theta_low, point.theta_high, point.moments.var_x, point.moments.cov})
      bits.push_back(std::bit_cast<std::uint64_t>(number));
  for (const Evidence& evidence : outcome.evidence)
    for (const Detail& each : evidence.details)
      if (const double* number = std::get_if<double>(&each.second))
        bits.push_back(std::bit_cast<std::uint64_t>(*number));
  return bits;
}

TEST(Growth, measured_beforehand_elsewhere_comes_out_the_same_bit_for_bit) {
  Claim claim;
  claim.readings = {growing({sampled_point(-0.3, little, -infinity, 0), recursion(-0.3, 0, -infinity, 0),
                             sampled_point(-0.3, much, -infinity, 0, "other")})};
  const GrowthOutcome plain = decided(claim.readings[0], {.seed = 5});
  const auto store = std::make_shared<Store>();
  const Settings settings = {.seed = 5, .measurements = store};
  const std::vector<MeasurementTask> tasks = measurement_tasks(claim, settings);
  for (auto task = tasks.rbegin(); task != tasks.rend(); ++task) store->of(task->key, task->measure);
  EXPECT_EQ(store->known.size(), tasks.size());  // no key twice
  const int measured = store->misses;
  const GrowthOutcome again = decided(claim.readings[0], settings);
  EXPECT_EQ(store->misses, measured);  // the tasks were all that is asked for
  EXPECT_EQ(bits_of(again), bits_of(plain));
  EXPECT_EQ(again.verdict, Verdict::holds) << again.trouble;
}

TEST(Growth, keys_name_point_range_allowance_seed_and_effort) {
  const auto key = [&](double highest, double allowance, const Settings& settings) {
    Claim claim;
    claim.readings = {growing({recursion(-0.3, 0, -infinity, highest)}, allowance)};
    return measurement_tasks(claim, settings).at(0).key;
  };
  const std::string plain = key(0, 0.25, {.seed = 1});
  for (const char* part : {"recursion", "-inf..0", "0.25", "seed=1", "standard"}) EXPECT_THAT(plain, HasSubstr(part));
  EXPECT_NE(plain, key(0.5, 0.25, {.seed = 1}));
  EXPECT_NE(plain, key(0, 0.5, {.seed = 1}));
  EXPECT_NE(plain, key(0, 0.25, {.seed = 2}));
  EXPECT_NE(plain, key(0, 0.25, {.effort = Effort::deep, .seed = 1}));
}

TEST(Growth, readings_that_state_the_same_of_a_point_share_its_measurement) {
  Claim claim;
  claim.readings = {growing({recursion(-0.3, 0, -infinity, 0)}), growing({recursion(-0.3, 0, -infinity, 0)})};
  claim.readings[1].id = "another";
  const std::vector<MeasurementTask> tasks = measurement_tasks(claim, {});
  ASSERT_EQ(tasks.size(), 2U);
  EXPECT_EQ(tasks[0].key, tasks[1].key);
}

TEST(Growth, keeps_what_it_compares_of_long_measurements) {
  GrowthPoint point = recursion(-0.3, 0, -infinity, 0);
  point.measure = [](const Portion&) {
    OctaveSums sums = {.first_octave = 1, .octaves = 10000, .groups = 1};
    for (std::size_t octave = 0; octave < sums.octaves; ++octave) sums.sums.push_back(octave < 9000 ? 1.0 : 2.0);
    return sums;
  };
  Claim claim;
  claim.readings = {growing({point})};
  const OctaveSums kept = unflattened(measurement_tasks(claim, {}).at(0).measure());
  EXPECT_EQ(kept.octaves, 4U);
  EXPECT_EQ(kept.first_octave, 9997);
}

TEST(Growth, refuses_stored_numbers_that_are_no_measurement) {
  const Measured good = flattened(recursion(-0.3, 0, -infinity, 0).measure({}));
  EXPECT_EQ(unflattened(good).octaves, octaves);
  for (std::size_t k = 0; k < 4; ++k)
    for (const double bad : {-1.0, 0.5, 1e300, static_cast<double>(NAN)}) {
      Measured changed = good;
      changed[k] = bad;
      EXPECT_THROW(unflattened(changed), std::runtime_error) << k << " " << bad;
    }
  EXPECT_THROW(unflattened({}), std::runtime_error);
  EXPECT_THROW(unflattened({good.begin(), good.end() - 1}), std::runtime_error);
}

TEST(Growth, stops_when_it_is_asked_to) {
  std::atomic<bool> interrupted = true;
  const Reading reading = growing({recursion(-0.3, 0, -infinity, 0)});
  EXPECT_THROW(decided(reading, {.interrupted = &interrupted}), Interrupted);
  GrowthPoint stopping = recursion(-0.3, 0, -infinity, 0);
  stopping.measure = [](const Portion&) -> OctaveSums { throw Interrupted(); };
  Claim claim;
  claim.readings = {growing({stopping})};
  const ClaimReport report = decide("growth_test", claim, {});
  EXPECT_FALSE(report.finished);
  EXPECT_TRUE(report.readings.empty());
}

TEST(Growth, is_decided_as_a_reading_without_sides) {
  Claim claim;
  claim.readings = {growing({sampled_point(-0.3, little, -infinity, 0)})};
  const ReadingReport report = decide("growth_test", claim, {}).readings.at(0);
  EXPECT_EQ(report.verdict, Verdict::holds) << report.trouble;
  EXPECT_EQ(report.relation, "∈");
  EXPECT_EQ(report.left_words, "Σ q_k over an octave");
  EXPECT_EQ(report.right_words, "θ < 0");
  EXPECT_EQ(report.left_witness, "definition");
  EXPECT_TRUE(report.dropped.empty());
  EXPECT_FALSE(report.certificate.empty());
  claim.readings[0].left.witness = Witness::reference;
  claim.readings[0].left.words = "Algorithm 2";
  EXPECT_EQ(decide("growth_test", claim, {}).readings.at(0).left_witness, "reference");
}

}  // namespace
}  // namespace normproof::evidence
