// How is every point of a finite space evaluated and judged?
#include "proofs_checks/evidence/enumerated.hpp"

#include <algorithm>
#include <chrono>

#include "proofs_checks/evidence/comparison.hpp"
#include "proofs_checks/numbers/interval.hpp"
#include "proofs_checks/numbers/rational.hpp"

namespace normproof::evidence {

namespace {

using numbers::Interval;
using numbers::OutsideDomain;
using numbers::Rational;

enum class AtPoint { agrees, degenerate, fails, outside, undecided };

struct Point {
  AtPoint outcome = AtPoint::undecided;
  std::size_t entry = 0;
  std::string left = {}, right = {};
};

Point in_fractions(const RecordedReading& recorded, Relation relation) {
  std::vector<Rational> values;
  try {
    numbers::replay<Rational>(recorded.tape, std::vector<Rational>(static_cast<std::size_t>(recorded.tape.variables)),
                              values);
  } catch (const OutsideDomain& outside) {
    if (outside.node < recorded.sides_end) throw;  // else it is the gap that has no value
  }
  for (const numbers::NodeIndex index : recorded.positive)
    if (!values[index].is_positive()) return {.outcome = AtPoint::outside};
  for (const numbers::NodeIndex index : recorded.nonnegative)
    if (values[index] < Rational(0)) return {.outcome = AtPoint::outside};
  bool vanishes = true;
  for (std::size_t k = 0; k < recorded.left.size(); ++k) {
    const Rational &left = values[recorded.left[k]], &right = values[recorded.right[k]];
    const bool holds = relation == Relation::equal ? left == right : !(right < left);
    if (!holds) return {.outcome = AtPoint::fails, .entry = k, .left = left.fraction(), .right = right.fraction()};
    vanishes = vanishes && left.is_zero() && right.is_zero();
  }
  return {.outcome = vanishes && relation == Relation::equal ? AtPoint::degenerate : AtPoint::agrees};
}

// Certainly? Where an enclosure does not tell whether a divisor is 0, a root exists or a hypothesis holds, nothing is.
enum class InDomain { yes, no, undecided };

InDomain has_no_value(const RecordedReading& recorded, const OutsideDomain& outside,
                      const std::vector<Interval>& values) {
  const numbers::Node& node = recorded.tape.nodes[outside.node];
  bool certainly = false;
  if (node.operation == numbers::Operation::divide) certainly = values[node.b].is_exact_zero();
  if (node.operation == numbers::Operation::square_root) certainly = values[node.a].certainly_negative();
  if (node.operation == numbers::Operation::smooth && node.smooth == numbers::Smooth::log)
    certainly = values[node.a].is_bounded() && mpfr_sgn(values[node.a].right()) <= 0;
  return certainly ? InDomain::no : InDomain::undecided;
}

InDomain domain_by_intervals(const RecordedReading& recorded) {
  std::vector<Interval> values;
  try {
    numbers::replay<Interval>(recorded.tape, std::vector<Interval>(static_cast<std::size_t>(recorded.tape.variables)),
                              values);
  } catch (const OutsideDomain& outside) {
    if (outside.node < recorded.sides_end) return has_no_value(recorded, outside, values);
  }
  bool decided = true;
  for (const numbers::NodeIndex index : recorded.positive) {
    if (values[index].is_bounded() && mpfr_sgn(values[index].right()) <= 0) return InDomain::no;
    decided = decided && values[index].certainly_positive();
  }
  for (const numbers::NodeIndex index : recorded.nonnegative) {
    if (values[index].certainly_negative()) return InDomain::no;
    decided = decided && values[index].certainly_nonnegative();
  }
  for (const auto* sides : {&recorded.left, &recorded.right})
    for (const numbers::NodeIndex index : *sides) decided = decided && values[index].is_bounded();
  return decided ? InDomain::yes : InDomain::undecided;
}

Point in_intervals(const RecordedReading& recorded, Relation relation) {
  const InDomain domain = domain_by_intervals(recorded);
  if (domain == InDomain::no) return {.outcome = AtPoint::outside};
  if (domain == InDomain::undecided) return {};
  Comparison comparison(recorded, relation);
  const std::vector<double> none(static_cast<std::size_t>(recorded.tape.variables), 0);
  const Judged judged = comparison.by_intervals(none);
  switch (judged.outcome) {
    case Outcome::compared: return {.outcome = relation == Relation::at_most ? AtPoint::agrees : AtPoint::undecided};
    case Outcome::violated:
      return {.outcome = AtPoint::fails, .entry = judged.entry, .left = judged.left, .right = judged.right};
    case Outcome::degenerate: return {.outcome = AtPoint::degenerate};
    case Outcome::outside:
    case Outcome::undecided: break;
  }
  return {};
}

Point evaluate(const RecordedReading& recorded, Relation relation, bool& in_rationals) {
  in_rationals = true;
  try {
    return in_fractions(recorded, relation);
  } catch (const OutsideDomain& outside) {
    if (outside.reason == OutsideDomain::Reason::division_by_zero) return {.outcome = AtPoint::outside};
  }
  in_rationals = false;
  return in_intervals(recorded, relation);
}

}  // namespace

bool is_finite_space(const std::vector<RecordedReading>& per_size) {
  const auto has_none = [](const RecordedReading& recorded) {
    return !recorded.chosen.empty() && std::none_of(recorded.variables.begin(), recorded.variables.end(),
                                                    [](const VariableInfo& info) { return info.used || info.needed; });
  };
  return !per_size.empty() && std::all_of(per_size.begin(), per_size.end(), has_none);
}

EnumeratedOutcome enumerate(const Reading& reading, const std::vector<RecordedReading>& per_size,
                            const Settings& settings) {
  const auto start = std::chrono::steady_clock::now();
  EnumeratedOutcome outcome;
  Evidence& evidence = outcome.evidence;
  evidence.grade = Grade::enumerated;
  evidence.method = "every point of a finite space, both sides in fractions";
  long intervals = 0, undecided = 0, failing = 0;
  for (const RecordedReading& recorded : per_size) {
    if (settings.interrupted != nullptr && settings.interrupted->load()) {
      outcome.trouble = "interrupted";
      break;
    }
    bool in_rationals = true;
    const Point point = evaluate(recorded, reading.relation, in_rationals);
    if (!in_rationals) ++intervals;
    switch (point.outcome) {
      case AtPoint::agrees: ++evidence.cases; break;
      case AtPoint::degenerate: ++evidence.degenerate; break;
      case AtPoint::outside: ++evidence.outside; break;
      case AtPoint::undecided: ++undecided; break;
      case AtPoint::fails: {
        ++failing;
        ++evidence.cases;
        if (outcome.counterexample || !in_rationals) break;
        Counterexample example;
        example.sizes = recorded.sizes;
        for (const auto& [name, value] : recorded.chosen) example.inputs.emplace_back(name, std::to_string(value));
        if (recorded.left.size() > 1) example.entry = std::to_string(point.entry + 1);
        example.left = point.left;
        example.right = point.right;
        example.relation = reading.relation == Relation::equal ? "=" : "≤";
        outcome.counterexample = std::move(example);
        break;
      }
    }
  }
  if (intervals > 0) evidence.method += ", or in intervals of 80 digits where those are irrational";
  evidence.details.emplace_back("points", static_cast<long>(per_size.size()));
  evidence.details.emplace_back("by_intervals", intervals);
  evidence.details.emplace_back("undecided", undecided);
  evidence.details.emplace_back("failing", failing);
  outcome.disagrees = failing > 0;
  if (undecided > 0 && outcome.trouble.empty())
    outcome.trouble =
        "at some points of the finite space the two sides touch, or a condition is at 0, and have no rational values";
  if (evidence.cases == 0 && outcome.trouble.empty()) outcome.trouble = "no point of the finite space was compared";
  outcome.agrees = !outcome.disagrees && outcome.trouble.empty();
  evidence.supports = outcome.agrees;
  evidence.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

}  // namespace normproof::evidence
