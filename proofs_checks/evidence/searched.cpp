// How are the cases of a search drawn, judged, counted and sharpened?
#include "proofs_checks/evidence/searched.hpp"

#include <fmt/core.h>
#include <rapidcheck/seq/Create.h>
#include <rapidcheck/shrinkable/Create.h>
#include <nlopt.hpp>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <memory>
#include <optional>

#include "proofs_checks/evidence/comparison.hpp"
#include "proofs_checks/evidence/on_data.hpp"
#include "proofs_checks/evidence/property.hpp"
#include "proofs_checks/evidence/tightness.hpp"
#include "proofs_checks/inputs/hostile.hpp"

namespace normproof::evidence {

using inputs::HostileCase;
using inputs::RandomStream;

namespace {

struct Budget {
  int cases;            // of the property
  long interval_nodes;  // nodes evaluated on intervals for cases that double leaves undecided
  int oracle_every;     // every so many cases intervals are asked all the same
  std::size_t starts;   // of the directed search
  int evaluations;      // of each start
};

// Empirical: what keeps ninety readings of a thousand nodes within 3 s and 30 s.
Budget budget_of(Effort effort) {
  switch (effort) {
    case Effort::quick: return {400, 50'000, 100, 2, 100};
    case Effort::standard: return {2'000, 400'000, 100, 4, 300};
    case Effort::deep: break;
  }
  return {20'000, 8'000'000, 50, 12, 2'000};
}

// Further rounds of cases while the planted violation is not found: with 400 cases a round, half of them decided, all
// miss it with probability exp(−24).
constexpr int planted_extensions = 11;
constexpr int region_classes = 100;  // 1 % of the region each

// Where the planted violation lies: see searched.hpp.
class PlantedRegion {
 public:
  PlantedRegion(const std::vector<VariableInfo>& variables, int region_class) : class_(region_class) {
    constexpr Role preferred[] = {Role::activation, Role::upstream, Role::weight, Role::direction,
                                  Role::target,     Role::mean,     Role::shift,  Role::scale,
                                  Role::variance,   Role::rate,     Role::epsilon};
    for (const Role role : preferred)
      for (std::size_t k = 0; k < variables.size() && !coordinate_; ++k)
        if (variables[k].used && variables[k].role == role) coordinate_ = k;
  }

  bool exists() const { return coordinate_.has_value(); }
  bool contains(const std::vector<double>& point) const {
    if (!coordinate_) return false;
    const double value = point[*coordinate_];
    if (value == 0 || !std::isfinite(value)) return false;
    int exponent = 0;
    const double mantissa = 2 * std::abs(std::frexp(value, &exponent));  // in [1, 2)
    return static_cast<int>((mantissa - 1) * region_classes) == class_;
  }
  std::string words(const std::vector<VariableInfo>& variables) const {
    if (!coordinate_) return "nowhere";
    return fmt::format("mantissa of {} in [1.{:02}, 1.{:02} + 0.01)", variables[*coordinate_].name(), class_, class_);
  }

 private:
  std::optional<std::size_t> coordinate_;
  int class_;
};

struct Tight {
  double margin = -1;
  std::size_t size = 0;
  std::vector<double> point;
  std::string from;
};

class Search {
 public:
  Search(const std::string& claim_id, const Reading& reading, const std::vector<RecordedReading>& per_size,
         const Settings& settings)
      : claim_id_(claim_id),
        reading_(reading),
        per_size_(per_size),
        settings_(settings),
        budget_(budget_of(settings.effort)),
        intervals_left_(budget_.interval_nodes) {
    RandomStream stream(settings.seed, claim_id, reading.id, "planted region");
    const int region_class = static_cast<int>(stream.below(region_classes));
    for (const RecordedReading& recorded : per_size) {
      comparisons_.push_back(std::make_unique<Comparison>(recorded, reading.relation));
      regions_.emplace_back(recorded.variables, region_class);
      relevant_.push_back(inputs::relevant_regimes(recorded.variables));
      sizes_.push_back(recorded.sizes);
    }
  }

  SearchOutcome run() {
    const auto start = std::chrono::steady_clock::now();
    for (int round = 0; round <= planted_extensions; ++round) {
      property_round(round);
      if (outcome_.violated || interrupted()) break;
      if (round == 0) directed();
      if (outcome_.violated || interrupted() || outcome_.planted_found) break;
      const bool hopeless = !regions_[0].exists() || (compared_ == 0 && double_.cases == 0);
      if (hopeless) break;
    }
    for (const auto& comparison : comparisons_) {
      oracle_entries_ += comparison->oracle_entries;
      oracle_disagreements_ += comparison->oracle_disagreements;
    }
    if (!outcome_.violated && !tight_.empty()) {
      outcome_.worst_input = tight_.front().point;
      outcome_.worst_sizes = sizes_[tight_.front().size];
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    outcome_.evidence.push_back(searched_evidence(seconds));
    outcome_.evidence.push_back(double_evidence());
    if (std::optional<DataOutcome> on_data = compare_on_data(claim_id_, reading_, settings_)) {
      outcome_.evidence.push_back(std::move(on_data->evidence));
      if (on_data->violated && !outcome_.violated) {
        outcome_.violated = true;
        outcome_.violation = on_data->violation;
        outcome_.worst_input = on_data->worst_input;
        outcome_.worst_sizes = on_data->worst_sizes;
      }
    }
    return std::move(outcome_);
  }

 private:
  void property_round(int round) {
    const auto generate = [this](const rc::Random& random, int) {
      rc::Random copy = random;
      RandomStream stream(copy.next(), "case");
      const HostileCase drawn = inputs::draw_case(stream, relevant_);
      return rc::shrinkable::shrinkRecur(
          drawn, [this](const HostileCase& hard) { return rc::seq::fromContainer(inputs::simpler(hard, sizes_)); });
    };
    const std::uint64_t seed =
        RandomStream(settings_.seed, claim_id_, reading_.id, "searched", std::to_string(round)).next_uint64();
    const PropertyRun run = hold_for_all(
        rc::Gen<HostileCase>(generate), [this](const HostileCase& drawn) { return holds(drawn); }, seed, budget_.cases);
    if (!run.trouble.empty()) trouble_ = run.trouble;
  }

  // The property. Counts each case once; what RapidCheck tries while shrinking is not counted.
  bool holds(const HostileCase& drawn) {
    if (interrupted()) return true;
    const std::size_t size = static_cast<std::size_t>(drawn.size_index);
    Comparison& comparison = *comparisons_[size];
    const std::vector<double> point = inputs::draw(drawn, per_size_[size].variables);
    const bool shrinking = outcome_.violated;
    Judged judged = comparison.in_double(point);
    if (!shrinking) {
      ++drawn_;
      if (judged.outcome != Outcome::outside) ++outcome_.inside;
      note_double(comparison, judged, point, size, inputs::words(drawn));
    }
    const long nodes = static_cast<long>(per_size_[size].tape.nodes.size());
    const bool sample = !shrinking && judged.outcome != Outcome::outside && drawn_ % budget_.oracle_every == 0;
    const bool affordable = intervals_left_ >= nodes;
    const bool ask = judged.outcome == Outcome::violated || sample ||
                     (judged.outcome == Outcome::undecided && (affordable || shrinking));
    if (ask) {
      if (!shrinking && judged.outcome == Outcome::undecided) intervals_left_ -= nodes;
      const Judged exact = comparison.by_intervals(point);
      if (judged.outcome == Outcome::violated && !shrinking) confirm_double(exact);
      if (judged.outcome != Outcome::compared || exact.outcome == Outcome::violated) judged = exact;
      if (!shrinking) ++by_intervals_;
    }
    if (judged.outcome == Outcome::violated) {
      violated_at(judged, point, size, inputs::words(drawn));
      return false;
    }
    if (!shrinking) count(judged.outcome);
    return true;
  }

  // Double says violated: do intervals say so too?
  void confirm_double(const Judged& exact) {
    if (exact.outcome != Outcome::violated) {
      ++unconfirmed_;
      return;
    }
    double_violated_ = true;
    ++double_.cases;
  }

  void count(Outcome outcome) {
    switch (outcome) {
      case Outcome::compared: ++compared_; break;
      case Outcome::undecided: ++undecided_; break;
      case Outcome::degenerate: ++degenerate_; break;
      case Outcome::outside: ++outside_; break;
      case Outcome::violated: break;
    }
  }

  void violated_at(const Judged& judged, const std::vector<double>& point, std::size_t size, const std::string& from) {
    outcome_.violated = true;
    outcome_.violation = fmt::format("{}; {}; entry {}: left {}, right {}", words(sizes_[size]), from, judged.entry + 1,
                                     judged.left, judged.right);
    outcome_.worst_input = point;
    outcome_.worst_sizes = sizes_[size];
  }

  // What a point says about plain double, about the planted violation and about where to climb.
  void note_double(Comparison& comparison, const Judged& judged, const std::vector<double>& point, std::size_t size,
                   const std::string& from) {
    if (judged.outcome == Outcome::outside) {
      ++double_.outside;
      return;
    }
    if (judged.outcome == Outcome::violated) return;  // counted when intervals have confirmed it, or not
    if (judged.outcome == Outcome::degenerate || !comparison.says_something()) {
      ++double_.degenerate;
    } else if (!comparison.informative()) {
      ++double_undecided_;
    } else if (!comparison.plain_double_agrees(point)) {
      ++unlike_plain_;
    } else {
      ++double_.cases;
      tightness_.add(comparison.bound_used());
    }
    if (!outcome_.planted_found && regions_[size].contains(point) && comparison.planted_violation_shows()) {
      outcome_.planted_found = true;
      planted_at_ = fmt::format("{}; {}", words(sizes_[size]), from);
    }
    if (judged.outcome == Outcome::compared) keep_tight({judged.margin, size, point, from});
  }

  void keep_tight(Tight tight) {
    const auto before = [](const Tight& a, const Tight& b) { return a.margin > b.margin; };
    if (tight_.size() == budget_.starts && !before(tight, tight_.back())) return;
    tight_.insert(std::upper_bound(tight_.begin(), tight_.end(), tight, before), std::move(tight));
    if (tight_.size() > budget_.starts) tight_.pop_back();
  }

  // Climbs from each of the tightest cases, and from one plain one.
  void directed() {
    std::vector<Tight> starts = tight_;
    RandomStream stream(settings_.seed, claim_id_, reading_.id, "directed");
    const HostileCase plain = inputs::draw_case(stream, std::vector<std::uint32_t>(sizes_.size(), 0));
    const std::size_t size = static_cast<std::size_t>(plain.size_index);
    starts.push_back({-1, size, inputs::draw(plain, per_size_[size].variables), inputs::words(plain)});
    for (const Tight& start : starts) {
      climb(start);
      if (outcome_.violated || interrupted()) return;
    }
  }

  void climb(const Tight& start) {
    const std::vector<VariableInfo>& variables = per_size_[start.size].variables;
    std::vector<std::size_t> moved;
    std::vector<double> from, step, low, high;
    for (std::size_t k = 0; k < variables.size(); ++k) {
      if (!variables[k].used) continue;
      const double value = start.point[k];
      constexpr double no_scale = 0.25, least_step = 0x1p-1000;
      const bool has_scale = std::abs(value) > least_step;
      const Role role = variables[k].role;
      const bool nonnegative = role == Role::epsilon || role == Role::variance || role == Role::rate;
      moved.push_back(k);
      from.push_back(value);
      step.push_back(has_scale ? std::abs(value) / 4 : no_scale);
      low.push_back(nonnegative ? 0 : -HUGE_VAL);
      high.push_back(role == Role::rate ? 1 : HUGE_VAL);
    }
    if (moved.empty()) return;
    std::vector<double> point = start.point;
    const auto margin_at = [&](const std::vector<double>& at) {
      for (std::size_t k = 0; k < moved.size(); ++k) point[moved[k]] = at[k];
      return directed_margin(start, point);
    };
    nlopt::opt optimiser(nlopt::LN_SBPLX, static_cast<unsigned>(moved.size()));
    struct Objective {
      nlopt::opt* optimiser;
      const decltype(margin_at)* margin;
      const Search* search;
    } objective{&optimiser, &margin_at, this};
    const nlopt::vfunc call = [](const std::vector<double>& at, std::vector<double>&, void* data) {
      const Objective& self = *static_cast<const Objective*>(data);
      const double margin = (*self.margin)(at);
      if (self.search->outcome_.violated || self.search->interrupted()) self.optimiser->force_stop();
      return margin;
    };
    try {
      optimiser.set_max_objective(call, &objective);
      optimiser.set_lower_bounds(low);
      optimiser.set_upper_bounds(high);
      optimiser.set_initial_step(step);
      optimiser.set_maxeval(budget_.evaluations);
      double best = 0;
      optimiser.optimize(from, best);
    } catch (const nlopt::forced_stop&) {       // ours
    } catch (const nlopt::roundoff_limited&) {  // it can go no higher
    } catch (const std::runtime_error&) {       // NLopt's own failure: the points it did visit count all the same
    }
  }

  double directed_margin(const Tight& start, const std::vector<double>& point) {
    constexpr double outside = -1;
    if (outcome_.violated || interrupted()) return outside;
    ++directed_;
    Comparison& comparison = *comparisons_[start.size];
    const Judged judged = comparison.in_double(point);
    const std::string from = "found by climbing from: " + start.from;
    if (judged.outcome == Outcome::outside) return outside;
    if (judged.outcome == Outcome::compared) ++directed_compared_;
    if (!outcome_.planted_found && regions_[start.size].contains(point) && comparison.planted_violation_shows()) {
      outcome_.planted_found = true;
      planted_at_ = fmt::format("{}; {}", words(sizes_[start.size]), from);
    }
    if (judged.outcome == Outcome::violated) {
      const Judged exact = comparison.by_intervals(point);
      confirm_double(exact);
      if (exact.outcome == Outcome::violated) violated_at(exact, point, start.size, from);
      return outside;
    }
    if (judged.outcome == Outcome::compared) keep_tight({judged.margin, start.size, point, from});
    return judged.margin;
  }

  Evidence searched_evidence(double seconds) const {
    Evidence evidence;
    evidence.grade = Grade::searched;
    evidence.supports = !outcome_.violated;
    evidence.method =
        "property search (RapidCheck, running error bounds and 80-digit intervals) and directed search (NLopt)";
    const bool graded = outcome_.violated || (outcome_.planted_found && compared_ > 0);
    if (outcome_.violated)
      evidence.method += ": violated at " + outcome_.violation;
    else if (!trouble_.empty())
      evidence.method += "; not graded: " + trouble_;
    else if (compared_ == 0)
      evidence.method += "; not graded: no case was decided";
    else if (!outcome_.planted_found)
      evidence.method += regions_[0].exists() ? "; not graded: the planted violation was not found"
                                              : "; not graded: there is no input in which to plant a violation";
    evidence.cases = graded && trouble_.empty() ? compared_ + directed_compared_ + (outcome_.violated ? 1 : 0) : 0;
    evidence.degenerate = degenerate_;
    evidence.outside = outside_;
    evidence.seconds = seconds;
    evidence.details.emplace_back("drawn", drawn_);
    evidence.details.emplace_back("undecided", undecided_);
    evidence.details.emplace_back("asked_of_intervals", by_intervals_);
    evidence.details.emplace_back("directed_evaluations", directed_);
    if (unconfirmed_ > 0) evidence.details.emplace_back("unconfirmed_violations", unconfirmed_);
    if (!tight_.empty()) {
      evidence.details.emplace_back("smallest_margin", -tight_.front().margin);
      evidence.details.emplace_back("smallest_margin_is",
                                    reading_.relation == Relation::equal
                                        ? std::string("1 − |l − r|/E, E both error bounds")
                                        : std::string("(r − l + E)/(|l| + |r| + E), E both error bounds"));
      evidence.details.emplace_back("smallest_margin_at",
                                    fmt::format("{}; {}", words(sizes_[tight_.front().size]), tight_.front().from));
    }
    evidence.details.emplace_back("planted_region", regions_[0].words(per_size_[0].variables));
    evidence.details.emplace_back("planted_found", outcome_.planted_found ? planted_at_ : std::string("no"));
    return evidence;
  }

  Evidence double_evidence() const {
    Evidence evidence = double_;
    evidence.grade = Grade::derived_bound;
    evidence.supports = !double_violated_;
    evidence.method = reading_.relation == Relation::equal
                          ? "double: |left − right| within the sum of their running error bounds"
                          : "double: left − right at most the sum of their running error bounds";
    if (any_libm()) evidence.method += libm_assumption;
    if (double_violated_) evidence.method += "; violated";
    // A bound that the oracle contradicts, or values that are not those of plain double, support nothing.
    if (oracle_disagreements_ > 0 || unlike_plain_ > 0) {
      evidence.cases = 0;
      evidence.method += "; not graded: the bound failed against its enclosure or plain double";
    }
    evidence.details.emplace_back("undecided", double_undecided_);
    tightness_.report(evidence.details);
    evidence.details.emplace_back("oracle_entries", oracle_entries_);
    evidence.details.emplace_back("oracle_disagreements", oracle_disagreements_);
    return evidence;
  }

  bool any_libm() const {
    return std::any_of(per_size_.begin(), per_size_.end(),
                       [](const RecordedReading& recorded) { return uses_libm(recorded.tape); });
  }

  bool interrupted() const { return settings_.interrupted != nullptr && settings_.interrupted->load(); }

  const std::string& claim_id_;
  const Reading& reading_;
  const std::vector<RecordedReading>& per_size_;
  const Settings& settings_;
  const Budget budget_;
  long intervals_left_;
  std::vector<std::unique_ptr<Comparison>> comparisons_;
  std::vector<PlantedRegion> regions_;
  std::vector<std::uint32_t> relevant_;
  std::vector<Sizes> sizes_;
  SearchOutcome outcome_;
  std::vector<Tight> tight_;  // tightest first
  Evidence double_;
  Tightness tightness_;
  std::string planted_at_, trouble_;
  bool double_violated_ = false;
  long drawn_ = 0, compared_ = 0, undecided_ = 0, degenerate_ = 0, outside_ = 0, by_intervals_ = 0, unconfirmed_ = 0;
  long directed_ = 0, directed_compared_ = 0, double_undecided_ = 0, unlike_plain_ = 0;
  long oracle_entries_ = 0, oracle_disagreements_ = 0;
};

}  // namespace

SearchOutcome search(const std::string& claim_id, const Reading& reading, const std::vector<RecordedReading>& per_size,
                     const Settings& settings) {
  return Search(claim_id, reading, per_size, settings).run();
}

}  // namespace normproof::evidence
