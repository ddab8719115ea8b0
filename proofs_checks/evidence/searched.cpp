// How are the cases of a search drawn, judged, counted and sharpened?
//
// Judged     by error bounds and intervals (comparison.hpp); of a climb (climb.hpp), where double says violated and
//            where it ends.
#include "proofs_checks/evidence/searched.hpp"

#include <fmt/core.h>
#include <rapidcheck/seq/Create.h>
#include <rapidcheck/shrinkable/Create.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <memory>
#include <optional>

#include "proofs_checks/evidence/climb.hpp"
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
  std::size_t starts;   // of the directed search: the tightest cases
  int evaluations;      // of each start
  int fresh_starts;     // at_most: drawn for the climbs by gradient alone, every other one hostile
  int slopes;           // at_most: evaluations of each climb by gradient
};

// Empirical: what keeps ninety readings of a thousand nodes within 3 s and 30 s.
Budget budget_of(Effort effort) {
  switch (effort) {
    case Effort::quick: return {400, 50'000, 100, 2, 100, 10, 80};
    case Effort::standard: return {2'000, 400'000, 100, 4, 300, 24, 200};
    case Effort::deep: break;
  }
  return {20'000, 8'000'000, 50, 12, 2'000, 60, 1'000};
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
      if (reading.relation == Relation::at_most) terrains_.push_back(std::make_unique<Terrain>(recorded));
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
    if (!outcome_.violated && !tight_.empty()) {
      find_tightest();
      const Tight& tightest = tight_[tightest_index_];
      outcome_.worst_input = tightest.point;
      outcome_.worst_sizes = sizes_[tightest.size];
    }
    for (const auto& comparison : comparisons_) {
      oracle_entries_ += comparison->oracle_entries;
      oracle_disagreements_ += comparison->oracle_disagreements;
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
    if (!shrinking && at_most() && judged.outcome == Outcome::compared) slacks_.add(judged.slack);
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

  // Climbs from each of the tightest cases, and from fresh ones: by gradient where there is one to follow.
  void directed() {
    std::vector<Tight> starts = tight_;
    RandomStream stream(settings_.seed, claim_id_, reading_.id, "directed");
    const std::vector<std::uint32_t> no_regimes(sizes_.size(), 0);
    const int fresh = at_most() ? budget_.fresh_starts : 1;
    for (int k = 0; k < fresh; ++k) {
      const HostileCase drawn = inputs::draw_case(stream, k % 2 == 0 ? no_regimes : relevant_);
      const std::size_t size = static_cast<std::size_t>(drawn.size_index);
      starts.push_back({-1, size, inputs::draw(drawn, per_size_[size].variables), inputs::words(drawn)});
    }
    for (std::size_t k = 0; k < starts.size(); ++k) {
      const Tight& start = starts[k];
      if (!at_most()) {
        climb_by_margin(start);
      } else {
        // A fresh start takes the entries in turn, a tight one its tightest.
        std::optional<std::size_t> entry;
        if (start.margin <= -1) entry = k % terrains_[start.size]->entries();
        // A climb on one stand-in says nothing of the others: each begins at the start itself.
        const bool by_difference = climb(start, entry, StandIn::difference);
        const bool by_ratio = !stopped() && climb(start, entry, StandIn::ratio);
        if (!stopped()) climb(start, entry, StandIn::roots);
        if (stopped()) return;
        const bool smooth = terrains_[start.size]->smooth();
        // Without slopes from the tight starts and one fresh one at most: every step asks for error bounds, too.
        const bool in_turn = k <= budget_.starts;
        if (in_turn && (!smooth || !(by_difference || by_ratio))) climb_by_margin(start);
      }
      if (stopped()) return;
    }
  }

  bool stopped() const { return outcome_.violated || interrupted(); }

  // Says whether it came any higher than its start.
  bool climb(const Tight& start, std::optional<std::size_t> entry, StandIn stand_in) {
    const Climb result =
        climb_by_gradient(*terrains_[start.size], start.point, entry, stand_in, budget_.slopes, judge_from(start));
    climbs_by_gradient_ += result.begun ? 1 : 0;
    directed_ += result.evaluations;
    return result.higher;
  }

  void climb_by_margin(const Tight& start) {
    const Climb result =
        climb_without_gradient(per_size_[start.size].variables, start.point, budget_.evaluations, judge_from(start));
    climbs_without_gradient_ += result.begun ? 1 : 0;
    directed_ += result.evaluations;
  }

  ClimbJudge judge_from(const Tight& start) {
    return {[this] { return stopped(); },
            [this, &start](const std::vector<double>& point, bool last) { return judge_climbed(start, point, last); }};
  }

  // Judges a point that a climb came to, and gives its margin. `last`: the climb ends here, so intervals are asked
  // where rounding hides which side is the larger.
  double judge_climbed(const Tight& start, const std::vector<double>& point, bool last) {
    constexpr double outside = -1;
    Comparison& comparison = *comparisons_[start.size];
    const Judged judged = comparison.in_double(point);
    const std::string from = "found by climbing from: " + start.from;
    if (judged.outcome == Outcome::outside) return outside;
    if (judged.outcome == Outcome::compared) ++directed_compared_;
    if (!outcome_.planted_found && regions_[start.size].contains(point) && comparison.planted_violation_shows()) {
      outcome_.planted_found = true;
      planted_at_ = fmt::format("{}; {}", words(sizes_[start.size]), from);
    }
    const bool violated = judged.outcome == Outcome::violated;
    if (violated || (last && comparison.rounding_hides_the_order())) {
      const Judged exact = comparison.by_intervals(point);
      if (violated) confirm_double(exact);
      if (exact.outcome == Outcome::violated) violated_at(exact, point, start.size, from);
      if (violated || exact.outcome == Outcome::violated) return outside;
    }
    if (judged.outcome == Outcome::compared) keep_tight({judged.margin, start.size, point, from});
    return judged.margin;
  }

  // at_most: the kept case whose slack is the smallest by intervals, the first of those.
  void find_tightest() {
    for (std::size_t k = 0; at_most() && k < tight_.size(); ++k) {
      const Judged judged = comparisons_[tight_[k].size]->by_intervals(tight_[k].point);
      if (k > 0 && !(judged.slack < tightest_.slack)) continue;
      tightest_index_ = k;
      tightest_ = judged;
    }
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
    evidence.details.emplace_back("climbs_by_gradient", climbs_by_gradient_);
    evidence.details.emplace_back("climbs_without_gradient", climbs_without_gradient_);
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
    if (at_most()) report_slack(evidence.details);
    evidence.details.emplace_back("planted_region", regions_[0].words(per_size_[0].variables));
    evidence.details.emplace_back("planted_found", outcome_.planted_found ? planted_at_ : std::string("no"));
    return evidence;
  }

  // The slack of the drawn cases, and the tightest instance of all, climbed ones included.
  void report_slack(std::vector<Detail>& details) const {
    slacks_.report(details);
    if (outcome_.violated || tight_.empty()) return;
    const Tight& tightest = tight_[tightest_index_];
    const RecordedReading& recorded = per_size_[tightest.size];
    if (!std::isfinite(tightest_.slack)) return;  // it has no side that is not 0
    details.emplace_back("tightest_slack", tightest_.slack);
    details.emplace_back("tightest_left", tightest_.left);
    details.emplace_back("tightest_right", tightest_.right);
    details.emplace_back("tightest_sizes", words(recorded.sizes));
    details.emplace_back("tightest_found", tightest.from);
    details.emplace_back("tightest_inputs", words_of_inputs(recorded.variables, tightest.point));
    details.emplace_back("slack_is",
                         std::string("(r − l)/(|l| + |r|), the smallest of all entries; 1 where l ≤ 0 ≤ r"));
  }

  static std::string words_of_inputs(const std::vector<VariableInfo>& variables, const std::vector<double>& point) {
    constexpr std::size_t most = 12;
    std::string text;
    std::size_t shown = 0, more = 0;
    for (std::size_t k = 0; k < variables.size(); ++k) {
      if (!variables[k].used) continue;
      if (shown == most) {
        ++more;
        continue;
      }
      text += fmt::format("{}{} = {}", shown > 0 ? ", " : "", variables[k].name(), point[k]);
      ++shown;
    }
    return more > 0 ? fmt::format("{}, and {} more", text, more) : text;
  }

  bool at_most() const { return reading_.relation == Relation::at_most; }

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
  SlackDistribution slacks_;
  std::size_t tightest_index_ = 0;                  // of tight_
  Judged tightest_;                                 // by intervals
  std::vector<std::unique_ptr<Terrain>> terrains_;  // at_most: one for each size
  std::string planted_at_, trouble_;
  bool double_violated_ = false;
  long drawn_ = 0, compared_ = 0, undecided_ = 0, degenerate_ = 0, outside_ = 0, by_intervals_ = 0, unconfirmed_ = 0;
  long climbs_by_gradient_ = 0, climbs_without_gradient_ = 0;
  long directed_ = 0, directed_compared_ = 0, double_undecided_ = 0, unlike_plain_ = 0;
  long oracle_entries_ = 0, oracle_disagreements_ = 0;
};

}  // namespace

SearchOutcome search(const std::string& claim_id, const Reading& reading, const std::vector<RecordedReading>& per_size,
                     const Settings& settings) {
  return Search(claim_id, reading, per_size, settings).run();
}

}  // namespace normproof::evidence
