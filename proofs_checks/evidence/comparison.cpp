// How is one entry judged, in double and by intervals?
#include "proofs_checks/evidence/comparison.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "proofs_checks/numbers/interval.hpp"

namespace normproof::evidence {

using numbers::Bounded;
using numbers::Interval;
using numbers::Node;
using numbers::NodeIndex;
using numbers::Operation;
using numbers::OutsideDomain;

namespace {

// |l − r|, l − r and e_l + e_r are computed with one rounding each; this factor on the bound covers them.
constexpr double comparison_allowance = 1 + 8 * theory::unit_roundoff_double;

// The scale of node `index` (see the header). `magnitude` is |value|, `vanishes` says that the value may be 0.
template <class Magnitude, class Vanishes>
double scale_of(const numbers::Tape& tape, NodeIndex index, const Magnitude& magnitude, const Vanishes& vanishes) {
  double largest = 0;
  struct Visit {
    NodeIndex index;
    double factor;
  };
  std::vector<Visit> open{{index, 1.0}};
  // Sums are short chains; a limit keeps a node that is reached on many ways from costing more than the replay did.
  std::size_t visits = 2 * tape.nodes.size() + 64;
  while (!open.empty() && visits-- > 0) {
    const Visit visit = open.back();
    open.pop_back();
    const Node& node = tape.nodes[visit.index];
    if (!vanishes(visit.index)) {
      largest = std::max(largest, visit.factor * magnitude(visit.index));
      continue;
    }
    switch (node.operation) {
      case Operation::add:
      case Operation::subtract:
        open.push_back({node.a, visit.factor});
        open.push_back({node.b, visit.factor});
        break;
      case Operation::negate: open.push_back({node.a, visit.factor}); break;
      case Operation::divide: open.push_back({node.a, visit.factor / magnitude(node.b)}); break;
      case Operation::multiply: {
        // The factor that may vanish is the one that cancelled; where both may, neither has a magnitude to offer.
        const bool first = vanishes(node.a);
        if (!(first && vanishes(node.b)))
          open.push_back({first ? node.a : node.b, visit.factor * magnitude(first ? node.b : node.a)});
        break;
      }
      default: break;
    }
  }
  return largest;
}

double slack_of(const Interval& left, const Interval& right) {
  if (!certainly_disjoint(left, right)) return 0;
  const Interval gap = right - left;
  Interval left_size, right_size;
  mpfi_abs(left_size.data(), left.data());
  mpfi_abs(right_size.data(), right.data());
  const Interval slack = gap / (left_size + right_size);
  return mpfi_get_d(slack.data());
}

}  // namespace

bool uses_libm(const numbers::Tape& tape) {
  return std::any_of(tape.nodes.begin(), tape.nodes.end(),
                     [](const Node& node) { return node.operation == Operation::smooth; });
}

Comparison::Comparison(const RecordedReading& recorded, Relation relation) : recorded_(recorded), relation_(relation) {}

double Comparison::scale(std::size_t k) const {
  const auto magnitude = [&](NodeIndex index) { return std::abs(values_[index].value); };
  const auto vanishes = [&](NodeIndex index) { return values_[index].may_vanish(); };
  return std::max(scale_of(recorded_.tape, recorded_.left[k], magnitude, vanishes),
                  scale_of(recorded_.tape, recorded_.right[k], magnitude, vanishes));
}

bool Comparison::has_constant_zero(std::size_t k) const {
  const auto is_zero = [&](NodeIndex index) {
    const Node& node = recorded_.tape.nodes[index];
    return node.operation == Operation::constant && node.value == 0;
  };
  return is_zero(recorded_.left[k]) || is_zero(recorded_.right[k]);
}

Outcome Comparison::outcome(const Entry& entry) const {
  if (entry.left.is_exact_zero() && entry.right.is_exact_zero()) return Outcome::degenerate;
  const double difference = entry.left.value - entry.right.value;
  const double bound = entry.bound() * comparison_allowance;
  if (relation_ == Relation::equal && std::abs(difference) > bound) return Outcome::violated;
  if (relation_ == Relation::at_most && difference > bound) return Outcome::violated;
  if (relation_ == Relation::at_most && -difference >= bound) return Outcome::compared;
  const double magnitude = std::max(std::abs(entry.left.value), std::abs(entry.right.value));
  return bound <= agreement_width * magnitude ? Outcome::compared : Outcome::undecided;
}

// equal: |l − r|/E − 1, at_most: (l − r − E)/(|l| + |r| + E). Above 0 exactly where the enclosures show a violation (up
// to the roundings here, so outcome() decides, not this); what the directed search drives up.
double Comparison::margin(const Entry& entry) const {
  const double difference = entry.left.value - entry.right.value, bound = entry.bound();
  if (relation_ == Relation::equal) {
    if (bound > 0) return std::min(std::abs(difference) / bound - 1, std::numeric_limits<double>::max());
    return difference == 0 ? -1 : std::numeric_limits<double>::max();
  }
  const double size = std::abs(entry.left.value) + std::abs(entry.right.value) + bound;
  return size > 0 ? (difference - bound) / size : -1;
}

double Comparison::slack() const {
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t k = 0; k < recorded_.left.size(); ++k) {
    const Entry at = entry(k);
    if (at.left.is_exact_zero() && at.right.is_exact_zero()) continue;
    const double size = std::abs(at.left.value) + std::abs(at.right.value), gap = at.right.value - at.left.value;
    const bool told_apart = std::abs(gap) > at.bound() * comparison_allowance;
    least = std::min(least, told_apart ? gap / size : 0);
  }
  return least;
}

const Judged& Comparison::in_double(std::span<const double> variables) {
  judged_ = Judged();
  has_values_ = false;
  variables_.clear();
  for (const double variable : variables) variables_.push_back(Bounded(variable));
  try {
    numbers::replay<Bounded>(recorded_.tape, variables_, values_);
  } catch (const OutsideDomain& outside) {
    if (outside.node < recorded_.sides_end) return judged_;  // else it is the gap that has no value
  }
  for (const NodeIndex index : recorded_.positive)
    if (!values_[index].certainly_positive()) return judged_;
  bool in_region = true;
  for (const NodeIndex index : recorded_.nonnegative) {
    if (values_[index].value < -values_[index].error) return judged_;
    in_region = in_region && values_[index].value >= values_[index].error;
  }
  has_values_ = true;
  judged_.outcome = Outcome::degenerate;
  if (relation_ == Relation::at_most) judged_.slack = slack();
  bool undecided = false;
  for (std::size_t k = 0; k < recorded_.left.size(); ++k) {
    const Entry at = entry(k);
    const Outcome judged = outcome(at);
    if (judged == Outcome::degenerate) continue;
    const double here = margin(at);
    if (judged == Outcome::violated && judged_.outcome != Outcome::violated) {
      judged_.outcome = Outcome::violated;
      judged_.entry = k;
      judged_.margin = here;
      judged_.left = fmt::format("{:.17g}", at.left.value);
      judged_.right = fmt::format("{:.17g}", at.right.value);
      continue;
    }
    if (judged_.outcome == Outcome::violated) continue;
    if (judged == Outcome::undecided) undecided = true;
    judged_.outcome = Outcome::compared;
    if (here > judged_.margin) {
      judged_.margin = here;
      judged_.entry = k;
    }
  }
  if (judged_.outcome == Outcome::violated ? !in_region : undecided) judged_.outcome = Outcome::undecided;
  return judged_;
}

Judged Comparison::by_intervals(std::span<const double> variables) {
  std::vector<Interval> exact, values;
  exact.reserve(variables.size());
  for (const double variable : variables) exact.push_back(Interval(variable));
  Judged judged;
  try {
    numbers::replay<Interval>(recorded_.tape, exact, values);
  } catch (const OutsideDomain& outside) {
    if (outside.node < recorded_.sides_end) return judged;
  }
  for (const NodeIndex index : recorded_.positive)
    if (!values[index].certainly_positive()) return judged;
  bool in_region = true;
  for (const NodeIndex index : recorded_.nonnegative) {
    if (values[index].certainly_negative()) return judged;
    in_region = in_region && values[index].certainly_nonnegative();
  }
  for (std::size_t k = 0; k < recorded_.left.size(); ++k)
    if (!values[recorded_.left[k]].is_bounded() || !values[recorded_.right[k]].is_bounded()) return judged;

  const bool have_doubles =
      has_values_ && std::equal(variables.begin(), variables.end(), variables_.begin(), variables_.end(),
                                [](double a, const Bounded& b) { return a == b.value; });
  const auto magnitude = [&](NodeIndex index) { return values[index].largest_magnitude(); };
  const auto vanishes = [&](NodeIndex index) { return values[index].contains_zero(); };
  judged.outcome = Outcome::degenerate;
  bool undecided = false;
  for (std::size_t k = 0; k < recorded_.left.size(); ++k) {
    const NodeIndex sides[] = {recorded_.left[k], recorded_.right[k]};
    const Interval &left = values[sides[0]], &right = values[sides[1]];
    if (have_doubles) {
      for (const NodeIndex side : sides) {
        ++oracle_entries;
        if (certainly_farther(values[side], values_[side].value, values_[side].error)) ++oracle_disagreements;
      }
    }
    if (left.is_exact_zero() && right.is_exact_zero()) continue;
    if (relation_ == Relation::at_most) {
      const double slack = slack_of(left, right);
      if (slack < judged.slack) judged.entry = k;
      judged.slack = std::min(judged.slack, slack);
    }
    const bool above = certainly_above(left, right), below = certainly_above(right, left);
    if (above || (below && relation_ == Relation::equal)) {
      if (!in_region) {
        undecided = true;
        continue;
      }
      judged.outcome = Outcome::violated;
      judged.entry = k;
      judged.left = decimal(left);
      judged.right = decimal(right);
      judged.margin = std::numeric_limits<double>::min();
      return judged;
    }
    const bool decided = below || hull_is_narrow(left, right, left, agreement_bits) ||
                         hull_is_narrow(left, right, right, agreement_bits);
    if (decided) {
      judged.outcome = Outcome::compared;
      continue;
    }
    const double scale = std::max(scale_of(recorded_.tape, sides[0], magnitude, vanishes),
                                  scale_of(recorded_.tape, sides[1], magnitude, vanishes));
    const bool vanished = left.contains_zero() && right.contains_zero() && std::isfinite(scale) &&
                          hull_is_narrow(left, right, Interval(scale), cancellation_bits);
    if (!vanished)
      undecided = true;
    else if (has_constant_zero(k))
      judged.outcome = Outcome::compared;
  }
  if (undecided) judged.outcome = Outcome::undecided;
  if (relation_ == Relation::at_most) {
    judged.left = decimal(values[recorded_.left[judged.entry]]);
    judged.right = decimal(values[recorded_.right[judged.entry]]);
  }
  return judged;
}

double Comparison::bound_used() const {
  double most = 0;
  for (std::size_t k = 0; k < recorded_.left.size(); ++k) {
    const Entry at = entry(k);
    const double difference = at.left.value - at.right.value;
    const double over = relation_ == Relation::equal ? std::abs(difference) : std::max(difference, 0.0);
    if (at.bound() > 0) most = std::max(most, over / at.bound());
  }
  return most;
}

bool Comparison::rounding_hides_the_order() const {
  for (std::size_t k = 0; k < recorded_.left.size(); ++k) {
    const Entry at = entry(k);
    if (at.left.is_exact_zero() && at.right.is_exact_zero()) continue;
    if (!(std::abs(at.left.value - at.right.value) > at.bound() * comparison_allowance)) return true;
  }
  return false;
}

bool Comparison::informative() const {
  for (std::size_t k = 0; k < recorded_.left.size(); ++k) {
    const Entry at = entry(k);
    if (at.left.is_exact_zero() && at.right.is_exact_zero()) continue;
    const double magnitude = std::max(std::abs(at.left.value), std::abs(at.right.value));
    if (at.bound() <= planted_size * magnitude) continue;
    if (!(at.bound() <= planted_size * scale(k))) return false;
  }
  return true;
}

bool Comparison::says_something() const {
  for (std::size_t k = 0; k < recorded_.left.size(); ++k) {
    const Entry at = entry(k);
    if (at.left.is_exact_zero() && at.right.is_exact_zero()) continue;
    if (!at.left.may_vanish() || !at.right.may_vanish() || has_constant_zero(k)) return true;
  }
  return false;
}

bool Comparison::planted_violation_shows() const {
  if (!has_values_ || !says_something()) return false;
  for (std::size_t k = 0; k < recorded_.left.size(); ++k) {
    const Entry at = entry(k);
    const double size = std::abs(at.left.value) + std::abs(at.right.value);
    const bool vanish = at.left.may_vanish() && at.right.may_vanish();
    const double planted = planted_size * (vanish ? scale(k) : size);
    // equal: the right side becomes r + planted; at_most: the left one becomes r + planted.
    const double difference = relation_ == Relation::equal ? at.left.value - at.right.value - planted : planted;
    const double rounding = 4 * theory::unit_roundoff_double * (size + planted);
    const double bound = relation_ == Relation::equal ? at.bound() : 2 * at.right.error;
    if (std::abs(difference) > (bound + rounding) * comparison_allowance) return true;
  }
  return false;
}

bool Comparison::plain_double_agrees(std::span<const double> variables) {
  numbers::replay<double>(recorded_.tape, variables, plain_);
  const auto same = [&](NodeIndex index) { return plain_[index] == values_[index].value; };
  return std::all_of(recorded_.left.begin(), recorded_.left.end(), same) &&
         std::all_of(recorded_.right.begin(), recorded_.right.end(), same);
}

}  // namespace normproof::evidence
