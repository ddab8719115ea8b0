// How are the tallies of rounding errors gathered and judged?
#include "proofs_checks/evidence/rounded.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <set>
#include <stdexcept>
#include <utility>

#include "proofs_checks/growth.hpp"
#include "proofs_checks/rounding/error_tally.hpp"

namespace normproof::evidence {

namespace {

constexpr double layout = 1;  // of a measurement's numbers
constexpr std::size_t numbers_per_tally = 9;

struct MeasuredPoint {
  RoundingPoint point;
  RoundingTally tally;  // of the reading's output
};

void stop_if_interrupted(const Settings& settings) {
  if (settings.interrupted != nullptr && settings.interrupted->load()) throw Interrupted();
}

std::vector<RoundingPoint> checked(std::vector<RoundingPoint> points, const std::string& of) {
  std::set<std::string> ids;
  for (const RoundingPoint& point : points) {
    if (!ids.insert(point.id).second) throw std::logic_error(of + ": two points are called " + point.id);
    if (!point.measure) throw std::logic_error(point.id + ": nothing measures it");
  }
  return points;
}

std::vector<RoundingPoint> points_of(const Reading& reading, Effort effort) {
  if (!reading.rounding.points) throw std::logic_error(reading.id + ": rounding needs points");
  return checked(reading.rounding.points(effort), reading.id);
}

MeasurementTask task_of(const RoundingPoint& point, const Settings& settings) {
  return {.key = fmt::format("rounding/{}/seed={}", point.id, settings.seed),
          .measure =
              [=] {
                stop_if_interrupted(settings);
                return flattened(point.measure({.seed = settings.seed, .interrupted = settings.interrupted}));
              },
          .cost = point.cost};
}

RoundingTally output_of(const std::vector<RoundingTally>& tallies, std::size_t output, const std::string& point) {
  if (output >= tallies.size()) throw std::logic_error(point + ": it has no output of that number");
  return tallies[output];
}

RoundingTally measured(const RoundingPoint& point, std::size_t output, const Settings& settings) {
  const MeasurementTask task = task_of(point, settings);
  const Measured numbers = settings.measurements ? settings.measurements->of(task.key, task.measure) : task.measure();
  return output_of(tallies_of(numbers), output, point.id);
}

double used(const RoundingTally& tally) {
  if (tally.violations > 0 && !(tally.worst_bound > 0)) return std::numeric_limits<double>::infinity();
  return tally.worst_bound > 0 ? tally.worst_error / tally.worst_bound : 0;
}

// The lower end of the bin whose upper end the median is.
double least_median(const RoundingTally& tally) { return tally.median_slack / rounding::median_width; }

struct Count {
  double compared = 0, exact = 0, unbounded = 0, violations = 0, undecided = 0;
  long points = 0, violated = 0, loose = 0, open = 0;  // open: the limit lies in the bin of a median
  const MeasuredPoint* worst = nullptr;                // with the largest part of a bound used
  const MeasuredPoint* first_violated = nullptr;
  const MeasuredPoint* loosest = nullptr;  // with the largest median of bound/error
  const MeasuredPoint* empty = nullptr;    // the first that compared nothing
};

Count count(const std::vector<MeasuredPoint>& points, double limit) {
  Count of;
  for (const MeasuredPoint& each : points) {
    const RoundingTally& tally = each.tally;
    ++of.points;
    of.compared += tally.compared;
    of.exact += tally.exact;
    of.unbounded += tally.unbounded;
    of.violations += tally.violations;
    of.undecided += tally.undecided;
    if (tally.violations > 0) {
      ++of.violated;
      if (of.first_violated == nullptr) of.first_violated = &each;
    }
    if (tally.compared == 0) {
      if (of.empty == nullptr) of.empty = &each;
      continue;
    }
    if (of.worst == nullptr || used(tally) > used(of.worst->tally)) of.worst = &each;
    if (of.loosest == nullptr || tally.median_slack > of.loosest->tally.median_slack) of.loosest = &each;
    if (limit > 0 && least_median(tally) > limit) ++of.loose;
    if (limit > 0 && least_median(tally) <= limit && tally.median_slack > limit) ++of.open;
  }
  return of;
}

Verdict verdict_of(const Count& of, double limit) {
  if (limit <= 0 && of.violations > 0) return Verdict::refuted;
  if (of.points == 0 || of.empty != nullptr || of.violations > 0 || of.undecided > 0) return Verdict::inconclusive;
  if (of.loose > 0) return Verdict::refuted;
  return of.open > 0 ? Verdict::inconclusive : Verdict::holds;
}

std::string words_of(const MeasuredPoint& each) {
  return fmt::format("{:.6g} against {:.6g} at {}, result {:.0f}", each.tally.worst_error, each.tally.worst_bound,
                     each.point.id, each.tally.worst_result);
}

std::string trouble_of(const Count& of, const Rounding& stated) {
  if (of.points == 0) return "nothing was measured";
  if (of.violations > 0 && stated.median_slack_max <= 0)
    return fmt::format("refuted at a point of doubles: {} is {}; violated at {} of {} points, most at {}",
                       stated.quantity, words_of(*of.first_violated), of.violated, of.points, words_of(*of.worst));
  if (of.violations > 0) return "what is violated is not tight: " + words_of(*of.first_violated);
  if (of.empty != nullptr) return "nothing was compared at " + of.empty->point.id;
  if (of.undecided > 0) return "an error is above its bound by last bits alone: " + words_of(*of.worst);
  if (of.loose > 0)
    return fmt::format(
        "refuted at a point of doubles: the median of bound/error is {:.3g} at {}, and above {:g} at {} "
        "of {} points",
        of.loosest->tally.median_slack, of.loosest->point.id, stated.median_slack_max, of.loose, of.points);
  if (of.open > 0) return "the limit lies in the bin of a median, at " + of.loosest->point.id;
  return {};
}

Evidence evidence_of(const std::vector<MeasuredPoint>& points, const Rounding& stated, bool enumerated) {
  const double limit = stated.median_slack_max;
  const Count of = count(points, limit);
  Evidence evidence;
  evidence.grade = enumerated ? Grade::enumerated : Grade::derived_bound;
  evidence.method = limit > 0 ? "medians of bound/error, measured against results of far higher precision"
                    : enumerated
                        ? "every input of a finite space, computed in a small floating-point format"
                        : "computed results against results of far higher precision, within bounds that are theorems";
  evidence.supports = verdict_of(of, limit) == Verdict::holds;
  evidence.cases = static_cast<long>(of.compared);
  evidence.degenerate = static_cast<long>(of.exact);
  auto& details = evidence.details;
  details.emplace_back("quantity", stated.quantity);
  details.emplace_back("bound", stated.bound);
  details.emplace_back("points", of.points);
  details.emplace_back("unbounded", static_cast<long>(of.unbounded));
  details.emplace_back("violations", static_cast<long>(of.violations));
  details.emplace_back("violated_points", of.violated);
  if (of.worst != nullptr) {
    details.emplace_back("bound_used_max", used(of.worst->tally));
    details.emplace_back("worst_point", of.worst->point.id);
    details.emplace_back("worst_error", of.worst->tally.worst_error);
    details.emplace_back("worst_bound", of.worst->tally.worst_bound);
    details.emplace_back("worst_result", static_cast<long>(of.worst->tally.worst_result));
    details.emplace_back("bound_over_error_median_max", of.loosest->tally.median_slack);
    details.emplace_back("loosest_point", of.loosest->point.id);
    std::vector<double> medians;
    for (const MeasuredPoint& each : points)
      if (each.tally.compared > 0) medians.push_back(each.tally.median_slack);
    std::sort(medians.begin(), medians.end());
    details.emplace_back("bound_over_error_median_of_points", medians[medians.size() / 2]);
  }
  if (limit > 0) details.emplace_back("bound_over_error_median_limit", limit);
  return evidence;
}

}  // namespace

Measured flattened(const std::vector<RoundingTally>& tallies) {
  Measured numbers = {layout};
  for (const RoundingTally& t : tallies)
    numbers.insert(numbers.end(), {t.compared, t.exact, t.unbounded, t.violations, t.undecided, t.worst_error,
                                   t.worst_bound, t.worst_result, t.median_slack});
  return numbers;
}

std::vector<RoundingTally> tallies_of(const Measured& numbers) {
  if (numbers.empty() || numbers[0] != layout || (numbers.size() - 1) % numbers_per_tally != 0)
    throw std::runtime_error("a stored measurement of rounding errors has another layout");
  std::vector<RoundingTally> tallies;
  for (std::size_t k = 1; k < numbers.size(); k += numbers_per_tally) {
    const double* at = numbers.data() + k;
    tallies.push_back({.compared = at[0],
                       .exact = at[1],
                       .unbounded = at[2],
                       .violations = at[3],
                       .undecided = at[4],
                       .worst_error = at[5],
                       .worst_bound = at[6],
                       .worst_result = at[7],
                       .median_slack = at[8]});
    const bool counts = std::all_of(at, at + 5, [](double n) { return n >= 0 && n == std::floor(n); });
    if (!counts || at[3] + at[4] > at[0])
      throw std::runtime_error("a stored measurement of rounding errors has counts that make no sense");
  }
  return tallies;
}

std::vector<MeasurementTask> rounding_tasks(const Claim& claim, const Settings& settings) {
  std::vector<MeasurementTask> tasks;
  for (const Reading& reading : claim.readings) {
    if (!is_rounding(reading)) continue;
    for (const RoundingPoint& point : points_of(reading, settings.effort)) tasks.push_back(task_of(point, settings));
  }
  return tasks;
}

RoundingOutcome decide_rounding(const Reading& reading, const Settings& settings) {
  using Clock = std::chrono::steady_clock;
  const Rounding& stated = reading.rounding;
  RoundingOutcome outcome;
  std::vector<MeasuredPoint> all;
  std::vector<MeasuredPoint> of_kind[2];  // measured on data, enumerated
  double seconds[2] = {0, 0};
  for (const RoundingPoint& point : points_of(reading, settings.effort)) {
    const auto start = Clock::now();
    stop_if_interrupted(settings);
    all.push_back({point, measured(point, stated.output, settings)});
    const std::size_t kind = point.enumerated ? 1 : 0;
    of_kind[kind].push_back(all.back());
    seconds[kind] += std::chrono::duration<double>(Clock::now() - start).count();
  }
  for (const std::size_t kind : {std::size_t{1}, std::size_t{0}}) {
    if (of_kind[kind].empty()) continue;
    outcome.evidence.push_back(evidence_of(of_kind[kind], stated, kind == 1));
    outcome.evidence.back().seconds = seconds[kind];
  }
  const Count of = count(all, stated.median_slack_max);
  outcome.verdict = verdict_of(of, stated.median_slack_max);
  outcome.trouble = trouble_of(of, stated);
  return outcome;
}

NearMissOutcome try_near_miss(const Reading& reading, const Mutant& mutant, const Settings& settings) {
  NearMissOutcome outcome;
  const std::vector<RoundingPoint> own = points_of(reading, settings.effort);
  long natural = 0, equal = 0;
  for (const RoundingPoint& point : checked(mutant.points(settings.effort), mutant.id)) {
    stop_if_interrupted(settings);
    const RoundingRun run = {.seed = settings.seed, .interrupted = settings.interrupted};
    const RoundingTally tally = output_of(point.measure(run), reading.rounding.output, point.id);
    outcome.cases += static_cast<long>(tally.compared);
    outcome.refuted = outcome.refuted || tally.violations > 0;
    if (!point.natural) continue;
    ++natural;
    for (const RoundingPoint& claimed : own)
      if (claimed.id == point.id && tally.compared > 0 && tally == measured(claimed, reading.rounding.output, settings))
        ++equal;
  }
  outcome.agreed = natural > 0 && natural == equal;
  return outcome;
}

}  // namespace normproof::evidence
