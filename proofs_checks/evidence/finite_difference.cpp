// How is a step found, a difference formed and its bound computed?
#include "proofs_checks/evidence/finite_difference.hpp"

#include "theory/rounding/finite_difference.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <boost/math/differentiation/finite_difference.hpp>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <stdexcept>
#include <type_traits>

#include "proofs_checks/evidence/comparison.hpp"
#include "proofs_checks/evidence/tightness.hpp"
#include "proofs_checks/inputs/hostile.hpp"
#include "proofs_checks/numbers/interval.hpp"
#include "proofs_checks/numbers/jet.hpp"

namespace normproof::evidence {

using numbers::Bounded;
using numbers::Interval;
using numbers::OutsideDomain;

namespace {

constexpr int order = 5;
constexpr double factorial_of_order = 120;
template <class T>
using Taylor = numbers::Jet<T, order>;

constexpr double informative_width = 1e-4;  // see Counts in the header
// Below and above these h⁴ could leave the range of double.
constexpr double least_step = 0x1p-200, largest_step = 0x1p200;
constexpr double underflow = 0x1p-1000;  // no product here can lose as much as this by underflow
constexpr int most_trials = 16;          // of a step; each halves or doubles it

int cases_of(Effort effort) {
  switch (effort) {
    case Effort::quick: return 30;
    case Effort::standard: return 150;
    case Effort::deep: break;
  }
  return 1500;
}

// What Boost asks for and gets, in the order of its calls.
struct Asked {
  double at, value;
};

template <class F>
double boost_difference(const F& f, double* estimate, std::vector<Asked>& asked) {
  const auto recording = [&](double at) {
    const double value = f(at);
    asked.push_back({at, value});
    return value;
  };
  constexpr std::size_t accuracy = 4;
  return boost::math::differentiation::finite_difference_derivative<decltype(recording), double, accuracy>(
      recording, 0.0, estimate);
}

double step_of(const std::vector<Asked>& asked) {
  double step = std::numeric_limits<double>::infinity();
  for (const Asked& each : asked)
    if (each.at > 0) step = std::min(step, each.at);
  return step;
}

// h_B, the same at every call because Boost differences at 0 each time.
double boost_step() {
  std::vector<Asked> asked;
  double estimate = 0;
  boost_difference([](double) { return 0.0; }, &estimate, asked);
  return step_of(asked);
}

struct Enclosed {
  double value = 0, error = 0;
};

struct Step {
  double factor = 1;                      // H
  double h = 0;                           // H h_B
  double truncation = 0, evaluation = 0;  // the parts of the bound
  std::array<double, 4> values = {};      // Bounded's values at −2h, −h, h, 2h
  double bound() const { return truncation + evaluation; }
};

class Differences {
 public:
  Differences(const std::string& claim_id, const Reading& reading, const Side& side, bool is_left,
              const std::vector<RecordedReading>& per_size, const Settings& settings, DifferenceOutcome& outcome)
      : reading_(reading),
        side_(side),
        is_left_(is_left),
        per_size_(per_size),
        settings_(settings),
        outcome_(outcome),
        stream_(settings.seed, claim_id, reading.id, "finite differences", is_left ? "left" : "right"),
        boost_step_(boost_step()) {}

  void run() {
    const auto start = std::chrono::steady_clock::now();
    std::vector<std::uint32_t> relevant;
    for (const RecordedReading& recorded : per_size_) {
      if (recorded.left.size() != 1) throw std::logic_error(reading_.id + ": a side with a path has one entry");
      paths_.push_back(record_path(reading_, side_, recorded.sizes));
      relevant.push_back(inputs::relevant_regimes(recorded.variables));
    }
    const std::vector<std::uint32_t> none(relevant.size(), 0);
    for (int k = 0; k < cases_of(settings_.effort) && !outcome_.violated && !interrupted(); ++k)
      attack(inputs::draw_case(stream_, k % 2 == 0 ? none : relevant));
    report(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }

 private:
  void attack(const inputs::HostileCase& drawn) {
    const std::size_t size = static_cast<std::size_t>(drawn.size_index);
    const RecordedReading& recorded = per_size_[size];
    point_ = inputs::draw(drawn, recorded.variables);
    path_ = &paths_[size];
    const std::optional<Enclosed> other = other_side(recorded);
    const std::optional<Step> step = other ? best_step() : std::nullopt;
    if (!step) {
      ++evidence_.outside;
      return;
    }
    std::vector<Asked> asked;
    double estimate = 0;
    const double difference =
        boost_difference([&](double tau) { return plain(step->factor * tau); }, &estimate, asked) / step->factor;
    if (!stencil_is_ours(*step, asked)) {
      ++unlike_plain_;
      return;
    }
    const double error = std::abs(difference - other->value);
    const double bound =
        (step->bound() + other->error + theory::unit_roundoff_double * error) * theory::bound_evaluation_allowance;
    if (!(error <= bound)) {
      outcome_.violated = true;
      outcome_.violation =
          fmt::format("{}; {}; finite difference {:.17g}, {} side {:.17g}, bound {:.3g}", words(recorded.sizes),
                      inputs::words(drawn), difference, is_left_ ? "right" : "left", other->value, bound);
      outcome_.worst_input = point_;
      outcome_.worst_sizes = recorded.sizes;
    } else if (std::abs(other->value) <= other->error && std::abs(difference) <= step->bound()) {
      ++evidence_.degenerate;
    } else if (!(bound <= informative_width * std::abs(other->value))) {
      ++undecided_;
    } else {
      ++evidence_.cases;
      tightness_.add(error / bound);
      steps_.push_back(step->h);
      if (error > estimate / step->factor) ++beyond_boost_;
    }
  }

  // The value that the difference should have: in double where that is sharp, else from 80 digits.
  std::optional<Enclosed> other_side(const RecordedReading& recorded) {
    const numbers::NodeIndex index = is_left_ ? recorded.right[0] : recorded.left[0];
    constexpr double sharp = 0x1p-30;
    std::vector<Bounded> variables, values;
    for (const double value : point_) variables.push_back(Bounded(value));
    try {
      numbers::replay<Bounded>(recorded.tape, variables, values);
      for (const numbers::NodeIndex positive : recorded.positive)
        if (!values[positive].certainly_positive()) return {};
      const Bounded& found = values[index];
      if (found.error <= sharp * std::abs(found.value)) return Enclosed{found.value, found.error};
      std::vector<Interval> exact, enclosures;
      for (const double value : point_) exact.push_back(Interval(value));
      numbers::replay<Interval>(recorded.tape, exact, enclosures);
      const Interval& enclosure = enclosures[index];
      if (!enclosure.is_bounded()) return {};
      const double middle = mpfi_get_d(enclosure.data());
      return Enclosed{middle, (enclosure - Interval(middle)).largest_magnitude()};
    } catch (const OutsideDomain&) {
      return {};
    }
  }

  template <class T>
  T along(const T& t) {
    std::vector<T> variables, values;
    variables.reserve(point_.size() + 1);
    for (const double value : point_) variables.push_back(constant<T>(value));
    variables.push_back(t);
    numbers::replay<T>(path_->tape, variables, values);
    return values[path_->value];
  }
  template <class T>
  static T constant(double value) {
    if constexpr (std::is_same_v<T, Taylor<Bounded>>)
      return T(Bounded(value));
    else
      return T(value);
  }
  double plain(double t) { return along<double>(t); }

  // The bound at H = factor, or nothing where the stencil leaves the domain.
  std::optional<Step> trial(double factor) {
    Step step;
    step.factor = factor;
    step.h = factor * boost_step_;
    if (!(step.h >= least_step && step.h <= largest_step)) return {};
    try {
      const Bounded whole_stencil(0, 2 * step.h);
      const Taylor<Bounded> taylor = along(Taylor<Bounded>::line(whole_stencil, Bounded(1)));
      const Bounded fifth = order <= taylor.degree ? taylor[order] : Bounded(0);
      const double fifth_derivative =
          factorial_of_order * (std::abs(fifth.value) + fifth.error) * theory::bound_evaluation_allowance;
      double error = 0, largest = 0;
      const std::array<double, 4> nodes = {-2 * step.h, -step.h, step.h, 2 * step.h};
      for (std::size_t k = 0; k < nodes.size(); ++k) {
        const Bounded value = along(Bounded(nodes[k]));
        step.values[k] = value.value;
        error = std::max(error, value.error);
        largest = std::max(largest, std::abs(value.value));
      }
      step.truncation = theory::five_point_truncation_bound(step.h, fifth_derivative) + underflow;
      step.evaluation = theory::five_point_evaluation_bound(step.h, error) +
                        theory::five_point_rounding_bound(step.h, largest, theory::unit_roundoff_double) + underflow;
    } catch (const OutsideDomain&) {
      return {};
    }
    if (!std::isfinite(step.bound())) return {};
    return step;
  }

  // Where truncation and evaluation balance, judged at t = 0 alone. A path of degree < 5 has no truncation: there the
  // scale of t is that of the path's value over its slope.
  double first_factor() {
    const Taylor<double> taylor = along(Taylor<double>::line(0, 1));
    double h = std::numeric_limits<double>::quiet_NaN();
    try {
      const Bounded value = along(Bounded(0));
      const double error = std::max(value.error, theory::unit_roundoff_double * std::abs(value.value));
      h = theory::five_point_step(factorial_of_order * std::abs(taylor[order]), error);
      if (!(h > 0)) h = std::abs(value.value / taylor[1]);
    } catch (const OutsideDomain&) {
    }
    if (!(h > least_step && h < largest_step)) h = 1;
    return std::exp2(std::round(std::log2(h / boost_step_)));
  }

  std::optional<Step> best_step() {
    double factor = first_factor();
    std::optional<Step> best = trial(factor);
    int trials = 1;
    while (!best && ++trials <= most_trials) best = trial(factor /= 4);
    if (!best) return {};
    const double change = best->truncation > best->evaluation ? 0.5 : 2;
    while (++trials <= most_trials) {
      const std::optional<Step> next = trial(factor *= change);
      if (!next || !(next->bound() < best->bound())) break;
      best = next;
    }
    return best;
  }

  // Did Boost ask for the four points that the bound was computed for, and get the values that Bounded has there?
  static bool stencil_is_ours(const Step& step, const std::vector<Asked>& asked) {
    const std::array<double, 4> nodes = {-2 * step.h, -step.h, step.h, 2 * step.h};
    for (std::size_t k = 0; k < nodes.size(); ++k) {
      const bool found = std::any_of(asked.begin(), asked.end(), [&](const Asked& each) {
        return each.at * step.factor == nodes[k] && each.value == step.values[k];
      });
      if (!found) return false;
    }
    return true;
  }

  void report(double seconds) {
    evidence_.grade = Grade::derived_bound;
    evidence_.supports = !outcome_.violated;
    std::sort(steps_.begin(), steps_.end());
    const std::string step =
        steps_.empty() ? "of our own" : fmt::format("{:.3g} in the median", steps_[steps_.size() / 2]);
    evidence_.method = "finite differences (Boost.Math, five points, step " + step + ") of the " +
                       (is_left_ ? "left" : "right") + " side's path against the other side, within a derived bound";
    if (std::any_of(paths_.begin(), paths_.end(), [](const RecordedPath& path) { return uses_libm(path.tape); }))
      evidence_.method += libm_assumption;
    if (unlike_plain_ > 0) {
      evidence_.cases = 0;
      evidence_.method += "; not graded: Boost asked for other points, or double gave other values there";
    }
    if (outcome_.violated) {
      ++evidence_.cases;
      evidence_.method += "; violated at " + outcome_.violation;
    }
    evidence_.details.emplace_back("undecided", undecided_);
    tightness_.report(evidence_.details);
    evidence_.details.emplace_back("beyond_boost_estimate", beyond_boost_);
    evidence_.seconds = seconds;
    outcome_.evidence.push_back(std::move(evidence_));
  }

  bool interrupted() const { return settings_.interrupted != nullptr && settings_.interrupted->load(); }

  const Reading& reading_;
  const Side& side_;
  const bool is_left_;
  const std::vector<RecordedReading>& per_size_;
  const Settings& settings_;
  DifferenceOutcome& outcome_;
  inputs::RandomStream stream_;
  const double boost_step_;
  std::vector<RecordedPath> paths_;
  std::vector<double> point_;
  const RecordedPath* path_ = nullptr;
  Evidence evidence_;
  Tightness tightness_;
  std::vector<double> steps_;
  long undecided_ = 0, unlike_plain_ = 0, beyond_boost_ = 0;
};

}  // namespace

DifferenceOutcome difference(const std::string& claim_id, const Reading& reading,
                             const std::vector<RecordedReading>& per_size, const Settings& settings) {
  DifferenceOutcome outcome;
  if (reading.relation != Relation::equal && (reading.left.path || reading.right.path))
    throw std::logic_error(reading.id + ": a path needs an equality");
  for (const bool is_left : {true, false}) {
    const Side& side = is_left ? reading.left : reading.right;
    if (!side.path || outcome.violated) continue;
    Differences(claim_id, reading, side, is_left, per_size, settings, outcome).run();
  }
  return outcome;
}

}  // namespace normproof::evidence
