// Does a quantity grow as it is stated to, at each of the points where it is measured?
//
// What       With J the last octave, θ = log2(s_J/s_{J−3})/3 at each point.
//              sampled      replicas come in stages, of 64 in all, 128, 256, … up to the effort's limit; after each
//                           stage θ lies in [θ_lo, θ_hi] by ratio_interval over the groups of 8 replicas, however many
//                           stages there were. The stages end with the first that decides.
//              not sampled  a recursion's sums; θ_lo and θ_hi are what its relative error by rounding allows.
//            The ends are moved out by the point's allowance. The point
//              holds         where the interval lies inside the stated range,
//              refuted       where it lies outside,
//              inconclusive  otherwise.
//            The reading is refuted where a point is, holds where at least half of its points hold and so does every
//            one that is not near the boundary of what is stated, and is inconclusive otherwise.
// Can fail   Fresh replicas of the first sampled point are put to the same test once more, their last octave scaled by
//            2^(3Δ), so that their θ, that of the main run plus Δ, is known. Planted: δ beyond the range and allowance;
//            it must be refuted. Null: as far beyond the range as the allowance goes; it must not. A reading whose test
//            does either wrong is inconclusive. The first point that is not sampled is scaled likewise, with δ =
//            unsampled_delta.
// Power      δ is the smallest deviation that is refuted with the stated power, from the variances of a pilot of
//            replicas used for nothing else: noncentral t at the controls' number of groups, at an upper confidence
//            limit of the variances, plus how far the main run's θ may be off. What may be missed is shared equally
//            between the three. For Gaussian groups.
// Measurements Everything drawn for a point is one measurement (measurements.hpp), and what is decided of the point is
//            decided from its numbers alone. Its key names the point, what is stated of it and the allowance, on which
//            it depends when the stages end; not the claim: readings that state the same of a point share its runs.
// Assumes    The groups are Gaussian (ratio_interval.hpp). Rounding in sampled sums is far below their noise.
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/evidence/measurements.hpp"
#include "proofs_checks/evidence/ratio_interval.hpp"
#include "proofs_checks/evidence/settings.hpp"
#include "proofs_checks/growth.hpp"
#include "proofs_checks/verdict.hpp"

namespace normproof::evidence {

inline constexpr int octaves_between = 3;  // s_J and s_{J−3} are compared
inline constexpr std::size_t first_stage = 64, most_replicas_quick = 256, most_replicas_standard = 512,
                             most_replicas_deep = 2048;
// Of controls and pilot each. Fewer leave their δ large; more would cost as much as further points.
inline constexpr std::size_t most_control_replicas = 512;
// No main run comes near these, and neither meets the other.
inline constexpr std::uint64_t first_fresh_replica = std::uint64_t{1} << 32,
                               first_pilot_replica = std::uint64_t{1} << 33;
inline constexpr double growth_power = 0.99;
// Without sampling the power is 1 for every deviation above rounding: one that is small against the exponents.
inline constexpr double unsampled_delta = 0.01;
// The largest deviation that counts as a planted violation: a test that misses it is worth nothing.
inline constexpr double largest_delta = 1;
// Nothing hangs on last bits. Empirical: the recheck of a certificate, in long double, finds the same ends within it.
inline constexpr double theta_slack = 1e-9;

struct JudgedPoint {
  std::string id, problem;
  double gamma = 0, a = 0;
  double lowest = 0, highest = 0;
  bool near_boundary = false, sampled = true;
  // Before the allowance. NaN where there is no θ: a sum that is not a positive number.
  double theta = std::numeric_limits<double>::quiet_NaN();
  double theta_low = -std::numeric_limits<double>::infinity(), theta_high = std::numeric_limits<double>::infinity();
  Allowance allowance = {};
  std::size_t replicas = 0;  // 0: not sampled
  int last_octave = 0;
  PairMoments moments;        // of s_J and s_{J−3} over the groups; not sampled: the two sums, n = 1
  double relative_error = 0;  // of sums that are not sampled
  Verdict verdict = Verdict::inconclusive;
};

struct GrowthOutcome {
  Verdict verdict = Verdict::inconclusive;
  std::vector<Evidence> evidence;  // one for the sampled points, one for the others
  std::vector<JudgedPoint> points;
  std::string trouble;
};

// Throws Interrupted; std::logic_error where the reading is not a well-formed one.
GrowthOutcome decide_growth(const Reading& reading, const Settings& settings);

// All that decide_growth will ask settings.measurements for, over the claim's readings.
std::vector<MeasurementTask> measurement_tasks(const Claim& claim, const Settings& settings);

// 64, 128, … up to `replicas`.
std::vector<std::size_t> stages_up_to(std::size_t replicas);
std::size_t most_replicas(Effort effort);

JudgedPoint judge(const GrowthPoint& point, const OctaveSums& sums, double alpha);

// The δ of the header for groups of which `pilot` is a sample; infinite above largest_delta. `centre_groups`: over how
// many groups, at least, the θ is taken from which Δ is counted.
double smallest_refuted_deviation(const PairMoments& pilot, std::size_t groups, std::size_t centre_groups, double alpha,
                                  double power, bool above);

struct GrowthControls {
  double delta = 0;
  bool planted_refuted = false, null_refuted = false;
};

// `theta`: what is known of θ of the fresh runs. Stages are looked at as in a main run.
GrowthControls run_controls(const GrowthPoint& point, const OctaveSums& fresh, double theta, double delta,
                            double alpha);

// Is the range violated above its highest end, or below its lowest?
bool violated_above(const GrowthPoint& point);

Measured flattened(const OctaveSums& sums);
OctaveSums unflattened(const Measured& numbers);  // throws std::runtime_error where they are not what flattened() made

}  // namespace normproof::evidence
