// How are growth exponents measured in stages, bounded and judged?
#include "proofs_checks/evidence/growth.hpp"

#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <chrono>
#include <cmath>
#include <set>
#include <span>
#include <stdexcept>
#include <utility>

#include "proofs_checks/evidence/statistical.hpp"

namespace normproof::evidence {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double layout = 1;  // of a measurement's numbers
constexpr std::size_t header = 5, octaves_needed = octaves_between + 1;
// Beyond it only the octaves that are compared are kept, and those between.
constexpr std::size_t most_kept_numbers = 64 * 1024 / sizeof(double);

void stop_if_interrupted(const Settings& settings) {
  if (settings.interrupted != nullptr && settings.interrupted->load()) throw Interrupted();
}

// The last octave and the one it is compared with, a number for each group.
std::span<const double> octave(const OctaveSums& sums, std::size_t from_last) {
  return std::span(sums.sums).subspan((sums.octaves - 1 - from_last) * sums.groups, sums.groups);
}

OctaveSums first_groups(const OctaveSums& sums, std::size_t groups) {
  OctaveSums fewer = sums;
  fewer.groups = groups;
  fewer.sums.clear();
  for (std::size_t k = 0; k < sums.octaves; ++k)
    for (std::size_t group = 0; group < groups; ++group) fewer.sums.push_back(sums.at(k, group));
  return fewer;
}

OctaveSums joined(const OctaveSums& early, const OctaveSums& late) {
  if (early.first_octave != late.first_octave || early.octaves != late.octaves)
    throw std::logic_error("two stages of one run have other octaves");
  OctaveSums all = early;
  all.groups += late.groups;
  all.sums.clear();
  for (std::size_t k = 0; k < all.octaves; ++k) {
    for (std::size_t group = 0; group < early.groups; ++group) all.sums.push_back(early.at(k, group));
    for (std::size_t group = 0; group < late.groups; ++group) all.sums.push_back(late.at(k, group));
  }
  return all;
}

OctaveSums kept(OctaveSums sums) {
  if (sums.sums.size() <= most_kept_numbers) return sums;
  const std::size_t dropped = sums.octaves - octaves_needed;
  sums.sums.erase(sums.sums.begin(), sums.sums.begin() + static_cast<std::ptrdiff_t>(dropped * sums.groups));
  sums.first_octave += static_cast<int>(dropped);
  sums.octaves = octaves_needed;
  return sums;
}

OctaveSums measured_portion(const GrowthPoint& point, const Settings& settings, std::uint64_t first_replica,
                            std::size_t replicas) {
  stop_if_interrupted(settings);
  OctaveSums sums = point.measure({.seed = settings.seed,
                                   .effort = settings.effort,
                                   .first_replica = first_replica,
                                   .replicas = replicas,
                                   .interrupted = settings.interrupted});
  const std::size_t groups = point.sampled ? replicas / Portion::replicas_per_group : 1;
  if (sums.groups != groups || sums.octaves < octaves_needed || sums.sums.size() != sums.octaves * sums.groups)
    throw std::logic_error(point.id + ": a measurement has too few octaves, or not the groups that were asked for");
  return sums;
}

OctaveSums main_run(const GrowthPoint& point, const Settings& settings) {
  OctaveSums all = measured_portion(point, settings, 0, first_stage);
  if (!point.sampled) return all;
  for (const std::size_t total : stages_up_to(most_replicas(settings.effort))) {
    const std::size_t done = all.groups * Portion::replicas_per_group;
    if (total == done) continue;
    if (judge(point, all, test_alpha).verdict != Verdict::inconclusive) break;
    const OctaveSums more = measured_portion(point, settings, done, total - done);
    if (octave(more, 0).front() == octave(all, 0).front() &&
        octave(more, octaves_between).front() == octave(all, octaves_between).front())
      throw std::logic_error(point.id + ": the same replicas were given out twice");
    all = joined(all, more);
  }
  return all;
}

std::size_t control_replicas(Effort effort) { return std::min(most_replicas(effort), most_control_replicas); }

constexpr std::size_t groups_of(std::size_t replicas) { return replicas / Portion::replicas_per_group; }

// Of the first stage that may have ended a main run.
std::size_t fewest_deciding_groups(Effort effort) {
  for (const std::size_t replicas : stages_up_to(most_replicas(effort)))
    if (std::isfinite(critical_t_squared(groups_of(replicas), test_alpha))) return groups_of(replicas);
  return groups_of(most_replicas(effort));
}

MeasurementTask task_of(const GrowthPoint& point, const Settings& settings, const std::string& purpose,
                        std::size_t replicas, std::function<OctaveSums()> run) {
  return {.key = fmt::format("{}/seed={}/effort={}/{}", point.id, settings.seed, word(settings.effort), purpose),
          .measure = [run = std::move(run)] { return flattened(kept(run())); },
          .cost = point.sampled ? static_cast<double>(replicas) : 1};
}

MeasurementTask main_task(const GrowthPoint& point, const Settings& settings) {
  const std::string stated =
      fmt::format("{}..{}/-{}+{}", point.lowest, point.highest, point.allowance.below, point.allowance.above);
  return task_of(point, settings, "main/" + stated, most_replicas(settings.effort),
                 [=] { return main_run(point, settings); });
}

MeasurementTask pilot_task(const GrowthPoint& point, const Settings& settings) {
  const std::size_t replicas = control_replicas(settings.effort);
  return task_of(point, settings, "pilot", replicas,
                 [=] { return measured_portion(point, settings, first_pilot_replica, replicas); });
}

MeasurementTask fresh_task(const GrowthPoint& point, const Settings& settings) {
  const std::size_t replicas = control_replicas(settings.effort);
  return task_of(point, settings, "fresh", replicas,
                 [=] { return measured_portion(point, settings, first_fresh_replica, replicas); });
}

OctaveSums measurement(const MeasurementTask& task, const Settings& settings) {
  return unflattened(settings.measurements ? settings.measurements->of(task.key, task.measure) : task.measure());
}

std::vector<GrowthPoint> points_of(const Reading& reading, Effort effort) {
  const Growth& growth = reading.growth;
  if (!growth.points) throw std::logic_error(reading.id + ": growth needs points");
  std::vector<GrowthPoint> points = growth.points(effort);
  std::set<std::string> ids;
  for (const GrowthPoint& point : points) {
    if (!ids.insert(point.id).second) throw std::logic_error(reading.id + ": two points are called " + point.id);
    if (!point.measure) throw std::logic_error(point.id + ": nothing measures it");
    for (const double allowance : {point.allowance.below, point.allowance.above})
      if (!(allowance >= 0 && std::isfinite(allowance)))
        throw std::logic_error(point.id + ": an allowance is not a number that is at least 0");
    if (!(point.lowest <= point.highest) || (std::isinf(point.lowest) && std::isinf(point.highest)))
      throw std::logic_error(point.id + ": the stated range is empty or everything, there is nothing to test");
  }
  return points;
}

const GrowthPoint* first_point(const std::vector<GrowthPoint>& points, bool sampled) {
  for (const GrowthPoint& point : points)
    if (point.sampled == sampled) return &point;
  return nullptr;
}

struct Count {
  long points = 0, held = 0, refuted = 0, undecided = 0, near_boundary_undecided = 0;
  std::string first_undecided = {};  // of those that are not near the boundary
};

Count count(const std::vector<JudgedPoint>& points) {
  Count of;
  for (const JudgedPoint& point : points) {
    ++of.points;
    if (point.verdict == Verdict::holds) ++of.held;
    if (point.verdict == Verdict::refuted) ++of.refuted;
    if (point.verdict != Verdict::inconclusive) continue;
    ++of.undecided;
    if (point.near_boundary) ++of.near_boundary_undecided;
    if (!point.near_boundary && of.first_undecided.empty()) of.first_undecided = point.id;
  }
  return of;
}

Verdict combined(const Count& of) {
  if (of.refuted > 0) return Verdict::refuted;
  const bool enough = of.held > 0 && 2 * of.held >= of.points;
  return enough && of.undecided == of.near_boundary_undecided ? Verdict::holds : Verdict::inconclusive;
}

// Positive where the interval with its allowance lies inside the range: how far.
double margin(const JudgedPoint& point) {
  return std::min(point.highest - (point.theta_high + point.allowance.above),
                  point.theta_low - point.allowance.below - point.lowest);
}

// Refuted before undecided before held, and of equals the one with the least margin.
const JudgedPoint& worst_of(const std::vector<JudgedPoint>& points) {
  const auto rank = [](Verdict verdict) { return verdict == Verdict::refuted ? 0 : verdict == Verdict::holds ? 2 : 1; };
  return *std::min_element(points.begin(), points.end(), [&](const JudgedPoint& one, const JudgedPoint& other) {
    return std::pair(rank(one.verdict), margin(one)) < std::pair(rank(other.verdict), margin(other));
  });
}

// What the points of one kind say, without controls.
Evidence evidence_of(const std::vector<JudgedPoint>& points, const Growth& growth, bool sampled) {
  Evidence evidence;
  evidence.grade = sampled ? Grade::statistical : Grade::derived_bound;
  evidence.method = sampled ? "growth exponents of independent replicas in stages, by an anytime-valid t interval"
                            : "growth exponents of a recursion for expectations: nothing is sampled";
  const Count of = count(points);
  std::size_t replicas = 0, replicas_max = 0;
  int octave_min = points.front().last_octave, octave_max = octave_min;
  for (const JudgedPoint& point : points) {
    replicas += point.replicas;
    replicas_max = std::max(replicas_max, point.replicas);
    octave_min = std::min(octave_min, point.last_octave);
    octave_max = std::max(octave_max, point.last_octave);
  }
  evidence.cases = sampled ? static_cast<long>(replicas) : of.points;
  evidence.error_probability = sampled ? static_cast<double>(of.points) * test_alpha : 0;
  const JudgedPoint& worst = worst_of(points);
  auto& details = evidence.details;
  details.emplace_back("range", growth.range);
  details.emplace_back("points", of.points);
  details.emplace_back("held", of.held);
  details.emplace_back("refuted", of.refuted);
  details.emplace_back("undecided", of.undecided);
  details.emplace_back("near_boundary_undecided", of.near_boundary_undecided);
  details.emplace_back("worst_point", worst.id);
  details.emplace_back("worst_theta", worst.theta);
  details.emplace_back("worst_interval", fmt::format("[{:.4f}, {:.4f}]", worst.theta_low, worst.theta_high));
  details.emplace_back("worst_allowance_below", worst.allowance.below);
  details.emplace_back("worst_allowance_above", worst.allowance.above);
  details.emplace_back("allowance_is", growth.allowance_words);
  if (sampled) {
    details.emplace_back("replicas", static_cast<long>(replicas));
    details.emplace_back("replicas_per_point_max", static_cast<long>(replicas_max));
  }
  details.emplace_back("last_octave_min", static_cast<long>(octave_min));
  details.emplace_back("last_octave_max", static_cast<long>(octave_max));
  return evidence;
}

// What is wrong with the controls of one kind of points; empty where nothing is. Adds them to the evidence.
std::string control(const GrowthPoint& point, const OctaveSums& main_sums, const Settings& settings,
                    Evidence& evidence) {
  auto& details = evidence.details;
  const double theta = judge(point, main_sums, test_alpha).theta;
  details.emplace_back("alpha", point.sampled ? test_alpha : 0.0);
  details.emplace_back("control_point", point.id);
  if (!std::isfinite(theta)) return "the point of the planted violation has no exponent";
  double delta = unsampled_delta;
  OctaveSums fresh = main_sums;
  if (point.sampled) {
    const OctaveSums pilot = measurement(pilot_task(point, settings), settings);
    delta = smallest_refuted_deviation(
        pair_moments(octave(pilot, 0), octave(pilot, octaves_between)), groups_of(control_replicas(settings.effort)),
        fewest_deciding_groups(settings.effort), test_alpha, growth_power, violated_above(point));
    details.emplace_back("delta", delta);
    details.emplace_back("delta_is", std::string("the deviation beyond the allowance that is refuted with the power"));
    details.emplace_back("power", growth_power);
    details.emplace_back("control_replicas", static_cast<long>(control_replicas(settings.effort)));
    if (!std::isfinite(delta)) return "the replicas vary so much that no planted violation would be refuted";
    fresh = measurement(fresh_task(point, settings), settings);
  } else {
    details.emplace_back("delta", delta);
    details.emplace_back("delta_is", std::string("stated beforehand: nothing is sampled, the power is 1"));
    details.emplace_back("power", 1.0);
  }
  const GrowthControls controls = run_controls(point, fresh, theta, delta, test_alpha);
  details.emplace_back("planted_violation_refuted", std::string(controls.planted_refuted ? "yes" : "no"));
  details.emplace_back("null_run_refuted", std::string(controls.null_refuted ? "yes" : "no"));
  if (!controls.planted_refuted) return "the planted violation was not refuted";
  return controls.null_refuted ? "the null run was refuted" : "";
}

std::string why_inconclusive(const Count& of) {
  if (of.points == 0) return "there are no points at this effort: nothing was measured";
  const long away = of.undecided - of.near_boundary_undecided;
  if (away == 0)
    return fmt::format("only {} of {} points hold: the others are near the boundary and undecided", of.held, of.points);
  return fmt::format("{} of {} points are undecided away from the boundary, first {}", away, of.points,
                     of.first_undecided);
}

}  // namespace

std::size_t most_replicas(Effort effort) {
  switch (effort) {
    case Effort::quick: return most_replicas_quick;
    case Effort::standard: return most_replicas_standard;
    case Effort::deep: break;
  }
  return most_replicas_deep;
}

std::vector<std::size_t> stages_up_to(std::size_t replicas) {
  std::vector<std::size_t> totals;
  for (std::size_t total = first_stage; total <= replicas; total *= 2) totals.push_back(total);
  return totals;
}

bool violated_above(const GrowthPoint& point) { return std::isfinite(point.highest); }

JudgedPoint judge(const GrowthPoint& point, const OctaveSums& sums, double alpha) {
  assert(sums.octaves >= octaves_needed && sums.groups > 0);
  JudgedPoint judged;
  judged.id = point.id;
  judged.problem = point.problem;
  judged.gamma = point.gamma;
  judged.a = point.a;
  judged.lowest = point.lowest;
  judged.highest = point.highest;
  judged.allowance = point.allowance;
  judged.near_boundary = point.near_boundary;
  judged.sampled = point.sampled;
  judged.replicas = point.sampled ? sums.groups * Portion::replicas_per_group : 0;
  judged.last_octave = sums.first_octave + static_cast<int>(sums.octaves) - 1;
  judged.relative_error = point.sampled ? 0 : sums.relative_error;
  judged.moments = pair_moments(octave(sums, 0), octave(sums, octaves_between));
  const double ratio = judged.moments.mean_x / judged.moments.mean_y;
  const bool has_exponent = judged.moments.mean_x > 0 && judged.moments.mean_y > 0 && std::isfinite(ratio) &&
                            ratio > 0 && std::isfinite(judged.moments.var_x + judged.moments.var_y);
  if (!has_exponent) return judged;
  const auto exponent = [](double of) { return std::log2(of) / octaves_between; };
  judged.theta = exponent(ratio);
  if (point.sampled) {
    const RatioInterval interval = ratio_interval(judged.moments, alpha);
    judged.theta_low = exponent(interval.low);
    judged.theta_high = exponent(interval.high);
  } else if (sums.relative_error >= 0 && sums.relative_error < 1) {
    const double error = exponent((1 + sums.relative_error) / (1 - sums.relative_error));
    judged.theta_low = judged.theta - error;
    judged.theta_high = judged.theta + error;
  }
  const double low = judged.theta_low - point.allowance.below - theta_slack;
  const double high = judged.theta_high + point.allowance.above + theta_slack;
  if (low >= point.lowest && high < point.highest) judged.verdict = Verdict::holds;
  // Open where it ends at 0; at other ends the slack leaves nothing to tell them apart.
  if (high < point.lowest || low > point.highest) judged.verdict = Verdict::refuted;
  return judged;
}

double smallest_refuted_deviation(const PairMoments& pilot, std::size_t groups, std::size_t centre_groups, double alpha,
                                  double power, bool above) {
  namespace math = boost::math;
  const double t_squared = critical_t_squared(groups, alpha);
  const bool usable = std::isfinite(t_squared) && pilot.n >= 2 && centre_groups > 0 && pilot.mean_x > 0 &&
                      pilot.mean_y > 0 && pilot.var_x + pilot.var_y > 0 && std::isfinite(pilot.var_x + pilot.var_y);
  if (!usable) return infinity;
  const double missed = (1 - power) / 3, n = static_cast<double>(groups);
  const double freedom = static_cast<double>(pilot.n - 1);
  const double at_most = freedom / quantile(math::chi_squared(freedom), missed);  // of a variance, per estimated one
  const double x = at_most * pilot.var_x / pilot.mean_x / pilot.mean_x;
  const double y = at_most * pilot.var_y / pilot.mean_y / pilot.mean_y;
  const double c = at_most * pilot.cov / pilot.mean_x / pilot.mean_y;
  // Otherwise one mean is not separated from 0, and the interval has no end on the side that matters.
  if (t_squared / n * (above ? x : y) >= 1) return infinity;
  const double t = std::sqrt(t_squared);
  const auto refuted = [&](double delta) {
    const double q = std::exp2(octaves_between * (above ? delta : -delta));
    const double variance = std::max(q * q * x - 2 * q * c + y, 0.0);  // of q X/m_X − Y/m_Y
    const double effect = std::abs(q - 1) * std::sqrt(n / variance);
    return cdf(math::complement(math::non_central_t(n - 1, effect), t)) >= 1 - missed;
  };
  // From below, so that no noncentrality is far larger than needed: its law is hard to evaluate there.
  double high = theta_slack;
  while (!refuted(high))
    if ((high *= 2) > largest_delta) return infinity;
  double low = high / 2;
  constexpr int halvings = 40;
  for (int k = 0; k < halvings; ++k) {
    const double middle = (low + high) / 2;
    (refuted(middle) ? high : low) = middle;
  }
  const double of_centre =
      std::sqrt(std::max(x - 2 * c + y, 0.0) / static_cast<double>(centre_groups)) / (octaves_between * std::log(2.0));
  const double delta = high + quantile(math::normal(), 1 - missed) * of_centre;
  return delta <= largest_delta ? delta : infinity;
}

GrowthControls run_controls(const GrowthPoint& point, const OctaveSums& fresh, double theta, double delta,
                            double alpha) {
  const bool above = violated_above(point);
  // As far beyond the range as the allowance goes: the farthest that is not to be refuted.
  const double edge = above ? point.highest + point.allowance.below : point.lowest - point.allowance.above;
  const auto refuted_at = [&](double target) {
    OctaveSums scaled = fresh;
    const double factor = std::exp2(octaves_between * (target - theta));
    for (std::size_t group = 0; group < scaled.groups; ++group)
      scaled.sums[(scaled.octaves - 1) * scaled.groups + group] *= factor;
    if (!point.sampled) return judge(point, scaled, alpha).verdict == Verdict::refuted;
    const auto stages = stages_up_to(scaled.groups * Portion::replicas_per_group);
    return std::any_of(stages.begin(), stages.end(), [&](std::size_t replicas) {
      return judge(point, first_groups(scaled, groups_of(replicas)), alpha).verdict == Verdict::refuted;
    });
  };
  return {.delta = delta,
          .planted_refuted = refuted_at(above ? edge + delta : edge - delta),
          .null_refuted = refuted_at(edge)};
}

Measured flattened(const OctaveSums& sums) {
  Measured numbers = {layout, static_cast<double>(sums.first_octave), static_cast<double>(sums.octaves),
                      static_cast<double>(sums.groups), sums.relative_error};
  numbers.insert(numbers.end(), sums.sums.begin(), sums.sums.end());
  return numbers;
}

OctaveSums unflattened(const Measured& numbers) {
  const auto count = [&](std::size_t at) {
    constexpr double most = 1 << 20;
    const bool whole = numbers[at] >= 0 && numbers[at] <= most && numbers[at] == std::floor(numbers[at]);
    if (!whole) throw std::runtime_error("a stored measurement of growth has a header that makes no sense");
    return static_cast<std::size_t>(numbers[at]);
  };
  if (numbers.size() < header || numbers[0] != layout)
    throw std::runtime_error("a stored measurement of growth has another layout");
  OctaveSums sums;
  sums.first_octave = static_cast<int>(count(1));
  sums.octaves = count(2);
  sums.groups = count(3);
  sums.relative_error = numbers[4];
  if (sums.octaves < octaves_needed || sums.groups == 0 || numbers.size() != header + sums.octaves * sums.groups)
    throw std::runtime_error("a stored measurement of growth has not as many numbers as its header says");
  sums.sums.assign(numbers.begin() + header, numbers.end());
  return sums;
}

std::vector<MeasurementTask> measurement_tasks(const Claim& claim, const Settings& settings) {
  std::vector<MeasurementTask> tasks;
  for (const Reading& reading : claim.readings) {
    if (!is_growth(reading)) continue;
    const std::vector<GrowthPoint> points = points_of(reading, settings.effort);
    for (const GrowthPoint& point : points) tasks.push_back(main_task(point, settings));
    const GrowthPoint* sampled = first_point(points, true);
    if (sampled == nullptr) continue;
    tasks.push_back(pilot_task(*sampled, settings));
    tasks.push_back(fresh_task(*sampled, settings));
  }
  return tasks;
}

GrowthOutcome decide_growth(const Reading& reading, const Settings& settings) {
  struct Kind {
    std::vector<JudgedPoint> judged = {};
    OctaveSums first = {};  // of its first point
    double seconds = 0;
  };
  using Clock = std::chrono::steady_clock;
  const auto since = [](Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
  };
  GrowthOutcome outcome;
  Kind sampled, recursions;
  const std::vector<GrowthPoint> points = points_of(reading, settings.effort);
  for (const GrowthPoint& point : points) {
    const auto start = Clock::now();
    stop_if_interrupted(settings);
    OctaveSums sums = measurement(main_task(point, settings), settings);
    const std::size_t most = point.sampled ? groups_of(most_replicas(settings.effort)) : 1;
    if (sums.groups > most) throw std::runtime_error(point.id + ": a stored measurement has more runs than asked for");
    outcome.points.push_back(judge(point, sums, test_alpha));
    Kind& kind = point.sampled ? sampled : recursions;
    if (kind.judged.empty()) kind.first = std::move(sums);
    kind.judged.push_back(outcome.points.back());
    kind.seconds += since(start);
  }
  for (const Kind* kind : {&sampled, &recursions}) {
    if (kind->judged.empty()) continue;
    const auto start = Clock::now();
    const bool is_sampled = kind == &sampled;
    Evidence evidence = evidence_of(kind->judged, reading.growth, is_sampled);
    const std::string trouble = control(*first_point(points, is_sampled), kind->first, settings, evidence);
    if (outcome.trouble.empty()) outcome.trouble = trouble;
    evidence.supports = trouble.empty() && combined(count(kind->judged)) == Verdict::holds;
    evidence.seconds = kind->seconds + since(start);
    outcome.evidence.push_back(std::move(evidence));
  }
  const Count all = count(outcome.points);
  if (outcome.trouble.empty()) outcome.verdict = combined(all);
  if (outcome.trouble.empty() && outcome.verdict == Verdict::inconclusive) outcome.trouble = why_inconclusive(all);
  return outcome;
}

}  // namespace normproof::evidence
