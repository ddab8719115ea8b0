// In which order are boxes proved, set aside and bisected?
#include "proofs_checks/evidence/certified.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <deque>
#include <limits>
#include <queue>
#include <stdexcept>
#include <utility>

#include "proofs_checks/evidence/tape_over_box.hpp"

namespace normproof::evidence {

using numbers::Interval;
using numbers::NodeIndex;

namespace {

constexpr double unbounded = std::numeric_limits<double>::infinity();

bool keeps_to(Role role, double low, double high) {
  if (role == Role::epsilon || role == Role::variance) return low >= 0;
  return role != Role::rate || (low >= 0 && high <= 1);
}

const Range* range_of(const VariableInfo& variable, const Region& region) {
  const Range* found = nullptr;
  for (const Range& range : region.ranges) {
    if (range.input == variable.name()) return &range;
    if (range.input == variable.array) found = &range;
  }
  return found;
}

Coordinate coordinate(std::size_t k, const RecordedReading& recorded, const Region& region) {
  const VariableInfo& variable = recorded.variables[k];
  const auto wrong = [&](const std::string& what) {
    return std::logic_error("region \"" + region.words + "\": " + variable.name() + " " + what);
  };
  const Range* range = range_of(variable, region);
  if (range == nullptr) throw wrong("has no range");
  if (range->denominator <= 0 || (range->denominator & (range->denominator - 1)) != 0)
    throw wrong("has a range whose denominator is no power of two");
  if (range->low > range->high) throw wrong("has a range that is the wrong way round");
  const Coordinate made = {k, static_cast<double>(range->low) / range->denominator,
                           static_cast<double>(range->high) / range->denominator};
  if (!keeps_to(variable.role, made.low, made.high)) throw wrong("has a range that its role does not allow");
  return made;
}

}  // namespace

std::vector<Coordinate> coordinates(const RecordedReading& recorded, const Region& region) {
  std::vector<Coordinate> made;
  for (std::size_t k = 0; k < recorded.variables.size(); ++k)
    if (recorded.variables[k].used) made.push_back(coordinate(k, recorded, region));
  for (const Range& range : region.ranges) {
    const auto named = [&](const VariableInfo& v) { return v.name() == range.input || v.array == range.input; };
    if (std::none_of(recorded.variables.begin(), recorded.variables.end(), named))
      throw std::logic_error("region \"" + region.words + "\": no input is called " + range.input);
  }
  return made;
}

namespace {

// Of the numbers from low to high, the one that is a multiple of the largest power of two.
double fewest_digits(double low, double high) {
  constexpr int largest_step = 31, smallest_step = -120;
  if (low <= 0 && high >= 0) return 0;
  for (int k = largest_step; k >= smallest_step; --k) {
    const double multiple = std::ldexp(low > 0 ? std::ceil(std::ldexp(low, -k)) : std::floor(std::ldexp(high, -k)), k);
    if (low <= multiple && multiple <= high) return multiple;
  }
  return low;
}

FailingBox failing_box(const std::vector<double>& low, const std::vector<double>& high, std::size_t entry) {
  FailingBox box = {low, high, {}, entry};
  for (std::size_t i = 0; i < low.size(); ++i) box.point.push_back(fewest_digits(low[i], high[i]));
  return box;
}

enum class Order { steepest, by_turns, mixed };  // in which coordinate a box with slopes is bisected

struct OpenBox {
  std::vector<double> low, high;
  std::vector<int> halvings;
  double bound = -unbounded;  // ≤ right − left
  std::size_t split = 0;      // in which coordinate; none where they are all spent
  long number = 0;            // breaks ties
  int depth = 0;
  bool has_values = false;
};

struct LaterFirst {  // the least bound, then the oldest
  bool operator()(const OpenBox& a, const OpenBox& b) const {
    return a.bound != b.bound ? a.bound > b.bound : a.number > b.number;
  }
};

class BranchAndBound {
 public:
  BranchAndBound(const RecordedReading& recorded, std::vector<Coordinate> region, Order order, std::size_t limit,
                 const std::atomic<bool>* interrupted)
      : recorded_(recorded),
        coordinates_(std::move(region)),
        order_(order),
        limit_(limit),
        interrupted_(interrupted),
        box_(recorded, coordinates_),
        point_(recorded, coordinates_) {}

  void run() {
    OpenBox whole;
    for (const Coordinate& c : coordinates_) {
      whole.low.push_back(c.low);
      whole.high.push_back(c.high);
    }
    whole.halvings.assign(coordinates_.size(), 0);
    take(std::move(whole));
    bool without_values_next = true;
    while (!failing_ && boxes() < limit_ && !stopped() && !(open_.empty() && without_values_.empty())) {
      // By turns: a set without values must not keep the rest from being looked at.
      const bool without = !without_values_.empty() && (open_.empty() || without_values_next);
      without_values_next = !without;
      OpenBox next;
      if (without) {
        next = std::move(without_values_.front());
        without_values_.pop_front();
      } else {
        next = open_.top();
        open_.pop();
      }
      bisect(next);
    }
    while (!open_.empty()) {
      undecided_.push_back(open_.top());
      open_.pop();
    }
    excluded_.insert(excluded_.end(), without_values_.begin(), without_values_.end());
    without_values_.clear();
  }

  // Where all is proved: bisects the boxes with the least margins until there are so many.
  void enlarge_margins(std::size_t wanted) {
    std::priority_queue<OpenBox, std::vector<OpenBox>, LaterFirst> queue;
    for (OpenBox& box : proved_) queue.push(std::move(box));
    proved_.clear();
    while (!queue.empty() && queue.size() + set_aside_.size() < wanted && !stopped()) {
      const std::vector<OpenBox> pieces = better_pieces(queue.top());
      if (pieces.empty() || queue.size() + set_aside_.size() + pieces.size() > limit_) break;
      queue.pop();
      for (const OpenBox& piece : pieces) queue.push(piece);
    }
    for (; !queue.empty(); queue.pop()) proved_.push_back(queue.top());
  }

  bool certified() const { return !failing_ && !stopped() && undecided_.empty() && excluded_.empty(); }
  bool stopped() const { return interrupted_ != nullptr && interrupted_->load(); }
  std::size_t boxes() const {
    return open_.size() + without_values_.size() + proved_.size() + set_aside_.size() + undecided_.size() +
           excluded_.size();
  }
  const std::vector<OpenBox>& proved() const { return proved_; }
  const std::vector<OpenBox>& set_aside() const { return set_aside_; }
  const std::vector<OpenBox>& undecided() const { return undecided_; }
  const std::vector<OpenBox>& excluded() const { return excluded_; }
  const std::optional<FailingBox>& failing() const { return failing_; }
  long judged() const { return judged_; }
  bool equality_met() const { return equality_met_; }

 private:
  enum class Judgement { proved, set_aside, open, failing };

  static OpenBox half_of(const OpenBox& box, int half) {
    OpenBox child = box;
    const double middle = box.low[box.split] + (box.high[box.split] - box.low[box.split]) / 2;  // exact
    (half == 0 ? child.high : child.low)[box.split] = middle;
    ++child.halvings[box.split];
    ++child.depth;
    return child;
  }

  // Pieces of a proved box that are proved with margins no smaller; none where a few bisections do not give such. One
  // is not always enough: the bound of a half has another centre.
  std::vector<OpenBox> better_pieces(const OpenBox& box) {
    constexpr int bisections_in_a_row = 4;
    std::vector<OpenBox> pieces;
    if (!add_better_pieces(box, box.bound, bisections_in_a_row, pieces)) pieces.clear();
    return pieces;
  }

  bool add_better_pieces(const OpenBox& box, double bound, int bisections, std::vector<OpenBox>& pieces) {
    if (box.split >= coordinates_.size()) return false;
    for (int half = 0; half < 2; ++half) {
      OpenBox piece = half_of(box, half);
      if (judge(piece) != Judgement::proved) return false;
      if (piece.bound >= bound)
        pieces.push_back(std::move(piece));
      else if (bisections == 1 || !add_better_pieces(piece, bound, bisections - 1, pieces))
        return false;
    }
    return true;
  }

  void bisect(const OpenBox& box) {
    for (int half = 0; half < 2 && !failing_; ++half) take(half_of(box, half));
  }

  void take(OpenBox box) {
    const Judgement judgement = judge(box);
    switch (judgement) {
      case Judgement::failing: return;
      case Judgement::proved: proved_.push_back(std::move(box)); return;
      case Judgement::set_aside: set_aside_.push_back(std::move(box)); return;
      case Judgement::open: break;
    }
    if (box.split >= coordinates_.size())
      (box.has_values ? undecided_ : excluded_).push_back(std::move(box));
    else if (box.has_values)
      open_.push(std::move(box));
    else
      without_values_.push_back(std::move(box));
  }

  // Does no point satisfy the hypotheses and have values?
  static bool is_outside(const RecordedReading& recorded, const TapeOverBox& over) {
    if (over.outside_domain()) return true;
    for (const NodeIndex node : recorded.positive)
      if (over.known(node) && mpfr_sgn(over.value(node).right()) <= 0) return true;
    for (const NodeIndex node : recorded.nonnegative)
      if (over.known(node) && over.value(node).certainly_negative()) return true;
    return false;
  }

  // Do all?
  static bool is_inside(const RecordedReading& recorded, const TapeOverBox& over) {
    if (over.outside_domain() || over.obstacle() || !over.whole_domain()) return false;
    for (const NodeIndex node : recorded.positive)
      if (!over.value(node).certainly_positive()) return false;
    for (const NodeIndex node : recorded.nonnegative)
      if (!over.value(node).certainly_nonnegative()) return false;
    return true;
  }

  Interval difference(const TapeOverBox& over, std::size_t entry) const {
    const NodeIndex left = recorded_.left[entry], right = recorded_.right[entry];
    return left == right ? Interval(0) : over.value(right) - over.value(left);
  }

  // An entry that fails in all of what was run.
  std::optional<std::size_t> failing_entry(const TapeOverBox& over) const {
    if (!is_inside(recorded_, over)) return std::nullopt;
    for (std::size_t k = 0; k < recorded_.left.size(); ++k)
      if (difference(over, k).certainly_negative()) return k;
    return std::nullopt;
  }

  Judgement judge(OpenBox& box) {
    box.number = ++judged_;
    box_.run(box.low, box.high);
    swept_.reset();
    if (is_outside(recorded_, box_)) return Judgement::set_aside;
    box.has_values = true;
    box.bound = unbounded;
    for (std::size_t k = 0; k < recorded_.left.size(); ++k)
      box.has_values = box.has_values && box_.known(recorded_.left[k]) && box_.known(recorded_.right[k]);
    if (!box.has_values) {
      box.bound = -unbounded;
      const std::optional<NodeIndex> obstacle = box_.obstacle();
      box.split = widest(box, obstacle ? box_.reaches(*obstacle) : everything(), 1);
      return try_middle(box);
    }
    if (const std::optional<std::size_t> entry = failing_entry(box_)) {
      failing_ = failing_box(box.low, box.high, *entry);
      return Judgement::failing;
    }
    bool middle_tried = false;
    std::size_t worst = 0;
    for (std::size_t k = 0; k < recorded_.left.size(); ++k) {
      double bound = difference(box_, k).lower();
      if (!(bound >= 0) && box_.whole_domain()) {
        bound = std::max(bound, mean_value_bound(box, k));
        if (failing_) return Judgement::failing;
        middle_tried = true;
      }
      if (bound < box.bound) {
        box.bound = bound;
        worst = k;
      }
    }
    choose_split(box, worst);
    if (box.bound >= 0) return Judgement::proved;
    return middle_tried ? Judgement::open : try_middle(box);
  }

  // The slopes of an entry over what box_ was last run on.
  bool sweep(std::size_t entry) {
    if (swept_ != entry) has_slopes_ = box_.slopes(recorded_.left[entry], recorded_.right[entry]);
    swept_ = entry;
    return has_slopes_;
  }

  // A lower bound of right − left by the mean value theorem; −∞ where there is none. Tries the centre for a failure.
  double mean_value_bound(const OpenBox& box, std::size_t entry) {
    std::vector<double> centre(box.low.size());
    const bool has_slopes = sweep(entry);
    Interval lost(0);
    for (std::size_t i = 0; i < centre.size(); ++i) {
      const double middle = box.low[i] + (box.high[i] - box.low[i]) / 2;
      const bool rises = has_slopes && box_.slope(i).certainly_nonnegative();
      const bool falls = has_slopes && mpfr_sgn(box_.slope(i).right()) <= 0;
      centre[i] = rises ? box.low[i] : falls ? box.high[i] : middle;
      if (has_slopes && !rises && !falls)
        lost +=
            box_.slope(i) * Interval::between(box.low[i] - middle, box.high[i] - middle);  // exact: see most_halvings
    }
    point_.run(centre, centre);
    if (const std::optional<std::size_t> fails = failing_entry(point_)) {
      grow(box, centre, *fails);
      return -unbounded;
    }
    if (!point_.known(recorded_.left[entry]) || !point_.known(recorded_.right[entry])) return -unbounded;
    const Interval at_centre = difference(point_, entry);
    // At a point 80 digits tell apart all but what is equal.
    equality_met_ = equality_met_ || (at_centre.contains_zero() && is_inside(recorded_, point_));
    if (!has_slopes || !lost.is_bounded()) return -unbounded;
    return (at_centre + lost).lower();
  }

  Judgement try_middle(const OpenBox& box) {
    std::vector<double> middle;
    for (std::size_t i = 0; i < box.low.size(); ++i) middle.push_back(box.low[i] + (box.high[i] - box.low[i]) / 2);
    point_.run(middle, middle);
    const std::optional<std::size_t> fails = failing_entry(point_);
    if (!fails) return Judgement::open;
    grow(box, middle, *fails);
    return Judgement::failing;
  }

  // The largest of the boxes of half the size, a quarter … around the point on which all points fail.
  void grow(const OpenBox& box, const std::vector<double>& point, std::size_t entry) {
    constexpr int least_size = 60;
    failing_ = failing_box(point, point, entry);
    std::vector<double> low(point.size()), high(point.size());
    for (int k = 1; k <= least_size; ++k) {
      for (std::size_t i = 0; i < point.size(); ++i) {
        const double reach = std::ldexp(box.high[i] - box.low[i], -k);
        low[i] = std::max(box.low[i], point[i] - reach);
        high[i] = std::min(box.high[i], point[i] + reach);
      }
      point_.run(low, high);
      const std::optional<std::size_t> fails = failing_entry(point_);
      if (!fails) continue;
      failing_ = failing_box(low, high, *fails);
      return;
    }
  }

  static std::vector<char> all_of(std::size_t count) { return std::vector<char>(count, 1); }
  std::vector<char> everything() const { return all_of(coordinates_.size()); }

  bool can_halve(const OpenBox& box, std::size_t i) const {
    return box.high[i] > box.low[i] && box.halvings[i] < most_halvings;
  }

  // The coordinate that was halved least; those that are not preferred count as halved `lead` times more.
  std::size_t widest(const OpenBox& box, const std::vector<char>& preferred, int lead) const {
    std::size_t chosen = coordinates_.size();
    int fewest = std::numeric_limits<int>::max();
    for (std::size_t i = 0; i < coordinates_.size(); ++i) {
      const int halvings = box.halvings[i] + (preferred[i] ? 0 : lead);
      if (!can_halve(box, i) || halvings >= fewest) continue;
      fewest = halvings;
      chosen = i;
    }
    return chosen;
  }

  // By which coordinate does the bound of the difference lose most? None where there are no slopes.
  std::optional<std::size_t> steepest(const OpenBox& box, std::size_t entry) {
    if (!sweep(entry)) return std::nullopt;
    std::optional<std::size_t> chosen;
    double most = 0;
    for (std::size_t i = 0; i < coordinates_.size(); ++i) {
      if (!can_halve(box, i)) continue;
      const Interval& slope = box_.slope(i);
      // Where f is monotone its own width costs nothing; the widths of the other slopes depend on it all the same.
      const bool monotone = slope.certainly_nonnegative() || mpfr_sgn(slope.right()) <= 0;
      const double weight = monotone ? (slope.upper() - slope.lower()) / 4 : slope.largest_magnitude();
      const double loss = (box.high[i] - box.low[i]) * weight;
      if (!(loss > most)) continue;
      most = loss;
      chosen = i;
    }
    return chosen;
  }

  std::optional<NodeIndex> undecided_hypothesis() const {
    for (const NodeIndex node : recorded_.positive)
      if (box_.known(node) && !box_.value(node).certainly_positive()) return node;
    for (const NodeIndex node : recorded_.nonnegative)
      if (box_.known(node) && !box_.value(node).certainly_nonnegative()) return node;
    return std::nullopt;
  }

  // Uses what box_ holds of this box.
  void choose_split(OpenBox& box, std::size_t entry) {
    const bool by_turns = order_ == Order::by_turns || (order_ == Order::mixed && box.depth % 3 == 2);
    std::optional<std::size_t> chosen;
    if (const std::optional<NodeIndex> hypothesis = undecided_hypothesis(); hypothesis && box.depth % 2 == 1) {
      const std::vector<char> reached = box_.reaches(*hypothesis);
      if (std::find(reached.begin(), reached.end(), 1) != reached.end()) chosen = widest(box, reached, most_halvings);
    }
    if (!chosen && !by_turns) chosen = steepest(box, entry);
    if (!chosen) {
      const std::optional<NodeIndex> obstacle = box_.obstacle();
      chosen = widest(box, obstacle ? box_.reaches(*obstacle) : everything(), 1);
    }
    box.split = *chosen;
  }

  const RecordedReading& recorded_;
  std::vector<Coordinate> coordinates_;
  Order order_;
  std::size_t limit_;
  const std::atomic<bool>* interrupted_;
  TapeOverBox box_, point_;
  std::priority_queue<OpenBox, std::vector<OpenBox>, LaterFirst> open_;
  std::deque<OpenBox> without_values_;
  std::vector<OpenBox> proved_, set_aside_, undecided_, excluded_;
  std::optional<FailingBox> failing_;
  long judged_ = 0;
  std::optional<std::size_t> swept_;  // the entry whose slopes box_ holds, if has_slopes_
  bool has_slopes_ = false, equality_met_ = false;
};

std::string words(const RecordedReading& recorded, const std::vector<Coordinate>& coordinates,
                  const std::vector<double>& low, const std::vector<double>& high) {
  std::string text;
  for (std::size_t i = 0; i < coordinates.size(); ++i) {
    if (coordinates[i].low == coordinates[i].high) continue;
    const std::string name = recorded.variables[coordinates[i].variable].name();
    text += text.empty() ? "" : ", ";
    text +=
        low[i] == high[i] ? fmt::format("{} = {}", name, low[i]) : fmt::format("{} in [{}, {}]", name, low[i], high[i]);
  }
  return text.empty() ? "the one point of the region" : text;
}

// The part of the region's volume; exact but for the last sum.
double share(const std::vector<OpenBox>& boxes) {
  double sum = 0;
  for (const OpenBox& box : boxes) sum += std::ldexp(1.0, -box.depth);
  return sum;
}

void describe(const RecordedReading& recorded, const std::vector<Coordinate>& coordinates, const Region& region,
              const BranchAndBound& search, RegionOutcome& outcome) {
  Evidence& evidence = outcome.evidence;
  evidence.grade = Grade::certified;
  evidence.supports = outcome.certified;
  evidence.cases = static_cast<long>(search.proved().size());
  evidence.outside = static_cast<long>(search.set_aside().size());
  const auto add = [&](const char* name, auto value) { evidence.details.emplace_back(name, value); };
  add("region", region.words);
  add("covers", region.covers);
  add("sizes", normproof::words(recorded.sizes));
  add("boxes", static_cast<long>(search.boxes()));
  add("boxes_set_aside", static_cast<long>(search.set_aside().size()));
  add("excluded_boxes", static_cast<long>(search.excluded().size()));
  add("undecided_boxes", static_cast<long>(search.undecided().size()));
  add("fraction_covered", share(search.proved()) + share(search.set_aside()));
  if (!search.proved().empty()) {
    double margin = unbounded;
    for (const OpenBox& box : search.proved()) margin = std::min(margin, box.bound);
    add("smallest_margin", margin);
  }
  if (outcome.certified) {
    evidence.method = "branch and bound on 80-digit enclosures: right − left is not negative on any box of the region";
  } else if (outcome.failing) {
    evidence.method = "branch and bound on 80-digit enclosures: left > right on all of a box";
    evidence.cases = std::max(evidence.cases, 1L);
    add("fails_on", words(recorded, coordinates, outcome.failing->low, outcome.failing->high));
    add("fails_at", words(recorded, coordinates, outcome.failing->point, outcome.failing->point));
  } else {
    evidence.method = std::string("branch and bound on 80-digit enclosures left boxes undecided") +
                      (search.equality_met() ? ": both sides are equal at some points, which boxes cannot prove" : "");
    if (!search.excluded().empty())
      add("first_excluded", words(recorded, coordinates, search.excluded()[0].low, search.excluded()[0].high));
    if (!search.undecided().empty())
      add("worst_undecided", words(recorded, coordinates, search.undecided()[0].low, search.undecided()[0].high));
  }
}

}  // namespace

std::vector<double> whole_point(const RecordedReading& recorded, const Region& region,
                                const std::vector<double>& point) {
  std::vector<double> whole(recorded.variables.size(), 1);
  const std::vector<Coordinate> within = coordinates(recorded, region);
  for (std::size_t i = 0; i < within.size(); ++i) whole[within[i].variable] = point[i];
  return whole;
}

std::string failure_words(const RecordedReading& recorded, const Region& region, const FailingBox& failing) {
  return normproof::words(recorded.sizes) + ", " + region.words + ": left > right for " +
         words(recorded, coordinates(recorded, region), failing.low, failing.high);
}

RegionOutcome certify(const RecordedReading& recorded, const Region& region, const Settings& settings) {
  const auto start = std::chrono::steady_clock::now();
  constexpr std::size_t quick_boxes = 1000;
  const std::vector<Coordinate> within = coordinates(recorded, region);
  const std::size_t limit = settings.effort == Effort::quick ? quick_boxes : most_cover_boxes;
  std::vector<Order> orders = {Order::steepest};
  if (settings.effort == Effort::deep) orders = {Order::steepest, Order::mixed, Order::by_turns};
  RegionOutcome outcome;
  for (std::size_t k = 0; k < orders.size(); ++k) {
    BranchAndBound search(recorded, within, orders[k], limit, settings.interrupted);
    search.run();
    outcome.failing = search.failing();
    outcome.certified = search.certified() && !search.proved().empty();
    const bool last = outcome.certified || outcome.failing || search.stopped() || k + 1 == orders.size();
    if (!last) continue;
    if (outcome.certified)
      search.enlarge_margins(settings.effort == Effort::deep ? limit : std::min(limit, 2 * search.boxes()));
    describe(recorded, within, region, search, outcome);
    if (outcome.certified) {
      for (const OpenBox& box : search.proved()) outcome.cover.push_back({box.low, box.high, false, box.bound});
      for (const OpenBox& box : search.set_aside()) outcome.cover.push_back({box.low, box.high, true, 0});
    }
    break;
  }
  outcome.evidence.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

}  // namespace normproof::evidence
