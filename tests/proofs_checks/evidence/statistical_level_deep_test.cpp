// Does every statistical reading's test keep its level and its power, over 200 seeds?
//
// What       The null run and the planted violation of each frequency reading, and of the first sampled point of each
//            growth reading, are repeated for 200 seeds at α = 0.05 and a power of at least 0.9, by the functions that
//            the engines use at their own α. A line is printed for each.
// Limits     At most 19 false alarms and at least 165 detections. Where a test just has its level or its power, more
//            than 19 of 200 at 0.05 have probability 0.3%, and fewer than 165 of 200 at 0.9 have 0.04%.
// Growth     A reference run of replicas used for nothing else gives the θ of the point and the variances for δ. Each
//            seed has fresh replicas, 64 or as many as it takes for a δ to exist. The null
//            run lies as far beyond the range as the allowance goes, on the end of what the interval itself must hold.
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "proofs_checks/catalogue.hpp"
#include "proofs_checks/claim.hpp"
#include "proofs_checks/evidence/growth.hpp"
#include "proofs_checks/evidence/statistical.hpp"

namespace normproof::evidence {
namespace {

constexpr std::uint64_t seeds = 200;
constexpr double alpha = 0.05, power = 0.9;
constexpr int most_false_alarms = 19, fewest_detections = 165;
// θ and the variances are known four times as well from these as from the 64 of a seed.
constexpr std::size_t reference_replicas = 1024;

struct Tally {
  double delta = 0;
  std::string of;
  int false_alarms = 0, detections = 0;
};

Tally tally_of_frequency(const std::string& claim, const Reading& reading) {
  Tally tally;
  tally.of = reading.frequency.event;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const FrequencyControls controls =
        run_frequency_controls(claim, reading, {.effort = Effort::quick, .seed = seed}, alpha, 1 - power);
    tally.delta = controls.delta;
    tally.false_alarms += controls.null_refuted ? 1 : 0;
    tally.detections += controls.planted_refuted ? 1 : 0;
  }
  return tally;
}

OctaveSums measured(const GrowthPoint& point, std::uint64_t seed, std::uint64_t first, std::size_t replicas) {
  return point.measure({.seed = seed, .effort = Effort::quick, .first_replica = first, .replicas = replicas});
}

Tally tally_of_growth(const GrowthPoint& point) {
  Tally tally;
  const OctaveSums reference = measured(point, 0, first_pilot_replica, reference_replicas);
  const JudgedPoint known = judge(point, reference, alpha);
  std::size_t replicas = 0;
  for (const std::size_t total : stages_up_to(most_control_replicas)) {
    replicas = total;
    tally.delta = smallest_refuted_deviation(known.moments, replicas / Portion::replicas_per_group, reference.groups,
                                             alpha, power, violated_above(point));
    if (tally.delta <= largest_delta) break;
  }
  tally.of = std::to_string(replicas) + " replicas of " + point.id;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const GrowthControls controls =
        run_controls(point, measured(point, seed, first_fresh_replica, replicas), known.theta, tally.delta, alpha);
    tally.false_alarms += controls.null_refuted ? 1 : 0;
    tally.detections += controls.planted_refuted ? 1 : 0;
  }
  return tally;
}

std::optional<GrowthPoint> first_sampled_point(const Reading& reading) {
  for (const Effort effort : {Effort::quick, Effort::standard})
    for (GrowthPoint& point : reading.growth.points(effort))
      if (point.sampled) return point;
  return std::nullopt;
}

// Readings that are sampled somewhere; each is a test of its own, so that they can run side by side.
struct StatisticalReading {
  std::string claim;
  Reading reading;
  std::optional<GrowthPoint> point;  // of a growth reading
};

void PrintTo(const StatisticalReading& one, std::ostream* out) { *out << one.claim << " " << one.reading.id; }

std::vector<StatisticalReading> statistical_readings() {
  std::vector<StatisticalReading> found;
  for (const CatalogueEntry& entry : catalogue()) {
    for (const Reading& reading : entry.make().readings) {
      StatisticalReading one{std::string(entry.id), reading, std::nullopt};
      if (is_growth(reading)) one.point = first_sampled_point(reading);
      if (!reading.frequency.event.empty() || one.point) found.push_back(std::move(one));
    }
  }
  return found;
}

class StatisticalReadings : public testing::TestWithParam<StatisticalReading> {};

TEST_P(StatisticalReadings, keep_their_level_and_their_power_over_200_seeds) {
  const auto& [claim, reading, point] = GetParam();
  const Tally tally = point ? tally_of_growth(*point) : tally_of_frequency(claim, reading);
  std::printf("%s %s (%s): alpha %.2f, power %.2f, delta %.4f: %d false alarms, %d detections of %d\n", claim.c_str(),
              reading.id.c_str(), tally.of.c_str(), alpha, power, tally.delta, tally.false_alarms, tally.detections,
              static_cast<int>(seeds));
  EXPECT_TRUE(tally.delta > 0 && std::isfinite(tally.delta)) << "no violation has the power";
  EXPECT_LE(tally.false_alarms, most_false_alarms);
  EXPECT_GE(tally.detections, fewest_detections);
}

INSTANTIATE_TEST_SUITE_P(OfTheCatalogue, StatisticalReadings, testing::ValuesIn(statistical_readings()),
                         [](const auto& tested) { return tested.param.claim + "__" + tested.param.reading.id; });

TEST(SampledReadings, are_there) { EXPECT_FALSE(statistical_readings().empty()) << "nothing was tested"; }

}  // namespace
}  // namespace normproof::evidence
