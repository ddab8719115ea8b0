// How are random points of a prime field drawn, and the two sides compared at them?
#include "proofs_checks/evidence/exact.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <compare>
#include <map>
#include <optional>
#include <set>

#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/numbers/degree.hpp"
#include "proofs_checks/numbers/prime_field.hpp"

namespace normproof::evidence {

using inputs::RandomStream;
using numbers::Degree;
using numbers::Node;
using numbers::NodeIndex;
using numbers::Operation;
using numbers::OutsideDomain;
using numbers::PrimeField;
using numbers::Tape;

namespace {

constexpr int prime_bits_below = 60;  // primes are at least 2^60
// Primes ≡ −1 (mod 840) between 2^60 and 2^61: (Li 2^61 − Li 2^60)/192 = 1.43e14, within 1e13 by Bennett, Martin,
// O'Bryant & Rechnitzer, Illinois J. Math. 62 (2018), Theorem 1.3; that is more than 2^46.
constexpr double log2_of_prime_count = 46;
constexpr int redraws_of_a_point = 400;  // a step succeeds with probability near 1/2

// A divisor that vanishes at so many random points vanishes identically: the size has no domain. Where signs are asked
// for, or roots taken (√(q²) = ±q), it may vanish on some sign patterns only, a share of the points.
constexpr int zero_divisors_of_an_empty_domain = 3;
constexpr int zero_divisors_with_signs = 64;

int base_trials(Effort effort) {
  switch (effort) {
    case Effort::quick: return 2;
    case Effort::standard: return 4;
    case Effort::deep: return 16;
  }
  return 2;
}

// Where k signs enter, a sign pattern has probability at least 2^−(k+1). Trials go on until a pattern is missed by all
// of them with less than this probability, or up to the limit, which only bounds the cost: it decides nothing.
struct SignTrials {
  double missed = 0;
  int at_most = 0;
};

SignTrials sign_trials(Effort effort) {
  switch (effort) {
    case Effort::quick: return {1e-6, 60000};
    case Effort::standard: return {1e-12, 60000};
    case Effort::deep: return {1e-18, 1000000};
  }
  return {};
}

// Above this, patterns may have been missed: the engine then does not agree, and the report counts the patterns it met.
constexpr double largest_stated_miss = 1e-5;

using VariableSet = std::vector<char>;

// For every root, the variables to draw again where it does not exist: those that it depends on and no earlier root
// does, so that roots already found are kept; all that it depends on where there are no such variables.
class Redraws {
 public:
  explicit Redraws(const Tape& tape) {
    const auto variables = static_cast<std::size_t>(tape.variables);
    std::vector<VariableSet> depends(tape.nodes.size());
    VariableSet settled(variables, 0);
    for (std::size_t k = 0; k < tape.nodes.size(); ++k) {
      const Node& node = tape.nodes[k];
      VariableSet& own = depends[k];
      own.assign(variables, 0);
      const auto join = [&](NodeIndex from) {
        for (std::size_t v = 0; v < variables; ++v) own[v] |= depends[from][v];
      };
      switch (node.operation) {
        case Operation::variable: own[static_cast<std::size_t>(node.value)] = 1; break;
        case Operation::constant: break;
        case Operation::negate:
        case Operation::square_root:
        case Operation::smooth: join(node.a); break;
        case Operation::select_positive: join(node.c); [[fallthrough]];
        case Operation::add:
        case Operation::subtract:
        case Operation::multiply:
        case Operation::divide:
          join(node.a);
          join(node.b);
          break;
      }
      if (node.operation == Operation::square_root) {
        VariableSet fresh = own;
        for (std::size_t v = 0; v < variables; ++v) fresh[v] = static_cast<char>(own[v] && !settled[v]);
        const bool any_fresh = std::find(fresh.begin(), fresh.end(), 1) != fresh.end();
        redraw_.emplace_back(k, any_fresh ? fresh : own);
        for (std::size_t v = 0; v < variables; ++v) settled[v] |= own[v];
      }
    }
  }

  // Null where the node depends on no variable: then the prime must change.
  const VariableSet* of(NodeIndex node) const {
    for (const auto& [index, variables] : redraw_)
      if (index == node)
        return std::find(variables.begin(), variables.end(), 1) == variables.end() ? nullptr : &variables;
    return nullptr;
  }

 private:
  std::vector<std::pair<std::size_t, VariableSet>> redraw_;
};

// A root behind conditions may be of a square on some of their sign patterns and of none on others.
struct RootThere {
  NodeIndex root = 0;
  std::vector<char> signs;  // of the conditions that it depends on
  friend auto operator<=>(const RootThere&, const RootThere&) = default;
};

// For every root, the conditions that it depends on.
class ConditionsBehind {
 public:
  explicit ConditionsBehind(const Tape& tape) {
    for (NodeIndex k = 0; k < tape.nodes.size(); ++k)
      if (tape.nodes[k].operation == Operation::square_root) behind_[k] = of_root(tape, k);
  }
  RootThere at(NodeIndex root, const std::vector<PrimeField>& values) const {
    RootThere there = {root, {}};
    for (const NodeIndex condition : behind_.at(root))
      there.signs.push_back(static_cast<char>(values[condition].is_residue()));
    return there;
  }

 private:
  static std::vector<NodeIndex> of_root(const Tape& tape, NodeIndex root) {
    std::vector<char> reached(static_cast<std::size_t>(root) + 1, 0);
    std::vector<NodeIndex> conditions;
    reached[root] = 1;
    for (NodeIndex k = root + 1; k-- > 0;) {
      if (!reached[k]) continue;
      const Node& node = tape.nodes[k];
      if (node.operation == Operation::variable || node.operation == Operation::constant) continue;
      reached[node.a] = 1;
      const bool takes_one = node.operation == Operation::negate || node.operation == Operation::square_root ||
                             node.operation == Operation::smooth;
      if (!takes_one) reached[node.b] = 1;
      if (node.operation != Operation::select_positive) continue;
      reached[node.c] = 1;
      conditions.push_back(node.a);
    }
    return conditions;
  }
  std::map<NodeIndex, std::vector<NodeIndex>> behind_;
};

PrimeField uniform_element(RandomStream& stream) { return PrimeField::from_residue(stream.below(PrimeField::prime())); }

struct Comparison {
  int compared = 0, differing = 0, vanishing = 0;
  std::vector<char> signs;              // of the conditions, in tape order
  int conditions = 0;                   // different numbers whose sign was asked for
  int roots = 0;                        // different square roots that depend on variables
  std::vector<RootThere> signed_roots;  // the first node of each of them, √0 left out: it has no sign
  int constant_roots = 0;               // different square roots that depend on none
};

// One trial: a prime, a point where the tape has values, and the comparison there. Nothing where none was found. Roots
// that did not exist at some draw are added to `rejected`: their radicands are not squares.
std::optional<Comparison> trial(const RecordedReading& recorded, const Redraws& redraws, WhatIsCompared what,
                                RandomStream& stream, const ConditionsBehind& behind, std::set<RootThere>& rejected) {
  const auto& nodes = recorded.tape.nodes;
  const bool branches = std::any_of(nodes.begin(), nodes.end(), [](const Node& node) {
    return node.operation == Operation::select_positive || node.operation == Operation::square_root;
  });
  const bool conditions_on_tape = std::any_of(
      nodes.begin(), nodes.end(), [](const Node& node) { return node.operation == Operation::select_positive; });
  int zero_divisors = 0;
  std::vector<PrimeField> values;
  for (int primes = 0; primes < 64; ++primes) {
    const PrimeField::Scope field(numbers::prime_from_bits(stream.next_uint64()), stream.next_uint64());
    std::vector<PrimeField> variables(static_cast<std::size_t>(recorded.tape.variables));
    for (PrimeField& variable : variables) variable = uniform_element(stream);
    for (int draw = 0; draw < redraws_of_a_point; ++draw) {
      try {
        numbers::replay<PrimeField>(recorded.tape, variables, values);
      } catch (const OutsideDomain& outside) {
        if (outside.reason == OutsideDomain::Reason::division_by_zero) {
          if (++zero_divisors == (branches ? zero_divisors_with_signs : zero_divisors_of_an_empty_domain))
            return std::nullopt;
          for (PrimeField& variable : variables) variable = uniform_element(stream);
          continue;
        }
        const VariableSet* redraw = redraws.of(outside.node);
        if (redraw == nullptr) break;  // depends on the prime alone
        rejected.insert(behind.at(outside.node, values));
        for (std::size_t v = 0; v < variables.size(); ++v)
          if ((*redraw)[v]) variables[v] = uniform_element(stream);
        continue;
      }
      // Hypotheses that ask for a sign choose among the sign patterns; without conditions there is nothing to choose.
      if (conditions_on_tape && std::any_of(recorded.positive.begin(), recorded.positive.end(),
                                            [&](NodeIndex node) { return !values[node].is_residue(); })) {
        for (PrimeField& variable : variables) variable = uniform_element(stream);
        continue;
      }
      Comparison comparison;
      const auto compare = [&](PrimeField left, PrimeField right) {
        if (left.is_zero() && right.is_zero()) {
          ++comparison.vanishing;
        } else {
          ++comparison.compared;
          if (!(left == right)) ++comparison.differing;
        }
      };
      if (what == WhatIsCompared::gap) {
        compare(values[recorded.right[0]] - values[recorded.left[0]], values[recorded.gap_sum]);
        // A gap that vanishes is an equality: the sides themselves are then what was compared.
        if (comparison.compared == 0 && !values[recorded.right[0]].is_zero()) comparison.compared = 1;
      } else {
        for (std::size_t k = 0; k < recorded.left.size(); ++k)
          compare(values[recorded.left[k]], values[recorded.right[k]]);
      }
      std::set<std::uint64_t> radicands, conditions;
      for (NodeIndex k = 0; k < nodes.size(); ++k) {
        if (nodes[k].operation == Operation::square_root && radicands.insert(values[nodes[k].a].residue()).second) {
          if (redraws.of(k) == nullptr) {
            ++comparison.constant_roots;
          } else {
            ++comparison.roots;
            if (!values[nodes[k].a].is_zero()) comparison.signed_roots.push_back(behind.at(k, values));
          }
        }
        if (nodes[k].operation == Operation::select_positive) {
          conditions.insert(values[nodes[k].a].residue());
          comparison.signs.push_back(static_cast<char>(values[nodes[k].a].is_residue()));
        }
      }
      if (conditions_on_tape)
        for (const NodeIndex node : recorded.positive) conditions.insert(values[node].residue());
      comparison.conditions = static_cast<int>(conditions.size());
      return comparison;
    }
  }
  return std::nullopt;
}

// What the trials at one size found.
struct SizeOutcome {
  long compared = 0, differing = 0, vanishing = 0;
  int trials = 0, roots = 0, constant_roots = 0;
  int signs = 0;      // conditions, and roots whose radicand may be a square: √(q²) = ±q takes the sign of q
  double missed = 0;  // the probability that fewer than two trials met a sign pattern
  std::size_t patterns = 0;
  bool empty = false;         // no point of the domain was found
  bool hard_to_meet = false;  // one was found, then none any more
};

// What was met on a sign pattern: its roots, and how many different conditions it has.
using Met = std::map<std::vector<RootThere>, int>;

// The most signs that a pattern takes: its conditions, and those of its roots that were never rejected on it. Forgets
// the roots that were.
int most_signs(Met& met, const std::set<RootThere>& rejected) {
  Met kept;
  int most = 0;
  for (const auto& [roots, conditions] : met) {
    std::vector<RootThere> squares;
    for (const RootThere& root : roots)
      if (rejected.count(root) == 0) squares.push_back(root);
    most = std::max(most, conditions + static_cast<int>(squares.size()));
    int& most_conditions = kept[squares];
    most_conditions = std::max(most_conditions, conditions);
  }
  met = std::move(kept);
  return most;
}

SizeOutcome compare_at(const RecordedReading& recorded, WhatIsCompared what, RandomStream& stream,
                       const Settings& settings) {
  const Redraws redraws(recorded.tape);
  const SignTrials limits = sign_trials(settings.effort);
  std::set<std::vector<char>> patterns;
  const ConditionsBehind behind(recorded.tape);
  std::set<RootThere> rejected;
  Met met;
  SizeOutcome outcome;
  for (int wanted = base_trials(settings.effort); outcome.trials < wanted; ++outcome.trials) {
    if (settings.interrupted != nullptr && settings.interrupted->load()) break;
    const std::optional<Comparison> comparison = trial(recorded, redraws, what, stream, behind, rejected);
    if (!comparison) {
      outcome.empty = outcome.trials == 0;
      outcome.hard_to_meet = outcome.trials > 0;
      return outcome;
    }
    outcome.compared += comparison->compared;
    outcome.vanishing += comparison->vanishing;
    patterns.insert(comparison->signs);
    if (comparison->differing > 0) {
      outcome.differing += comparison->differing;
      break;
    }
    int& most_conditions = met[comparison->signed_roots];
    most_conditions = std::max(most_conditions, comparison->conditions);
    outcome.roots = std::max(outcome.roots, comparison->roots);
    outcome.constant_roots = std::max(outcome.constant_roots, comparison->constant_roots);
    // On some sign patterns conditions coincide (all behind a shut relu are 0), on others roots are of squares: the
    // most there were count. The more trials, the more of the non-squares have been rejected once.
    if (outcome.trials + 1 < wanted) continue;
    outcome.signs = most_signs(met, rejected);
    if (outcome.signs > 0) {
      // That a pattern of probability q is met at most once: (1 − q)ᵗ + t q (1 − q)ᵗ⁻¹.
      const double q = std::exp2(-(outcome.signs + 1)), trials = outcome.trials + 1;
      outcome.missed = std::exp(std::log1p(-q) * (trials - 1)) * (1 - q + trials * q);
      if (outcome.missed > limits.missed && wanted < limits.at_most) wanted = std::min(limits.at_most, wanted + 8);
    }
  }
  if (outcome.signs == 0) outcome.missed = 0;
  outcome.patterns = patterns.size();
  return outcome;
}

}  // namespace

TrialBound trial_bound(const RecordedReading& recorded, WhatIsCompared what, int roots, int signs, int constant_roots) {
  numbers::DegreeLedger ledger;
  std::vector<Degree> variables(static_cast<std::size_t>(recorded.tape.variables), Degree::variable()), values;
  numbers::replay<Degree>(recorded.tape, variables, values);
  TrialBound bound;
  const auto consider = [&](const Degree& difference) {
    bound.degree = std::max(bound.degree, difference.numerator_degree());
    bound.height = std::max(bound.height, difference.height());
  };
  if (what == WhatIsCompared::gap)
    consider(values[recorded.right[0]] - values[recorded.left[0]] - values[recorded.gap_sum]);
  else
    for (std::size_t k = 0; k < recorded.left.size(); ++k)
      consider(values[recorded.left[k]] - values[recorded.right[k]]);

  // Two arguments of one kind may coincide at the point, or modulo the prime, without being the same formula.
  const auto pairs = [](const std::vector<double>& arguments) {
    const double count = static_cast<double>(arguments.size());
    return count * (count - 1) / 2;
  };
  double degrees = bound.degree, heights = bound.height;
  for (const std::vector<double>* arguments : {&ledger.root_arguments, &ledger.smooth_arguments, &ledger.conditions}) {
    if (arguments->empty()) continue;
    degrees += pairs(*arguments) * 2 * *std::max_element(arguments->begin(), arguments->end());
    heights += pairs(*arguments) * (2 * ledger.largest_argument_height + 1);
  }
  const double conjugates = std::exp2(roots + constant_roots);
  // A pattern may be likelier modulo some primes: what is given is the pattern, so both terms are conditioned on it.
  const double in_a_pattern = std::exp2(signs > 0 ? signs + 1 : 0);
  const double at_a_point = conjugates * std::exp2(2 * roots) * degrees / std::exp2(prime_bits_below);
  const double of_the_prime =
      conjugates * std::exp2(constant_roots) * heights / prime_bits_below / std::exp2(log2_of_prime_count);
  bound.error = in_a_pattern * (at_a_point + of_the_prime);
  return bound;
}

ExactOutcome decide_exactly(const std::string& purpose, const std::vector<RecordedReading>& per_size,
                            WhatIsCompared what, const Settings& settings) {
  const auto start = std::chrono::steady_clock::now();
  ExactOutcome outcome;
  Evidence& evidence = outcome.evidence;
  evidence.grade = Grade::exact;
  evidence.method =
      what == WhatIsCompared::gap
          ? "right − left equals a sum of squares with nonnegative weights, at random points of prime fields"
          : "both sides at random points of random prime fields (Schwartz–Zippel)";
  double degree_max = 0, height_max = 0;
  long trials_run = 0, patterns_met = 0, signs_most = 0, agreeing_sizes = 0;
  bool patterns_may_be_missed = false;
  std::string sizes_covered;
  for (const RecordedReading& recorded : per_size) {
    RandomStream stream(settings.seed, purpose, "exact", words(recorded.sizes));
    const SizeOutcome at_size = compare_at(recorded, what, stream, settings);
    trials_run += at_size.trials;
    evidence.cases += at_size.compared;
    evidence.degenerate += at_size.vanishing;
    if (at_size.differing > 0) {
      outcome.differing.push_back(recorded.sizes);
    } else if (at_size.hard_to_meet) {
      outcome.trouble = "at " + words(recorded.sizes) + " points of the domain are too rare among random ones";
    } else if (at_size.empty) {
      outcome.empty.push_back(recorded.sizes);
    } else if (at_size.compared == 0) {
      outcome.degenerate.push_back(recorded.sizes);
    } else {
      ++agreeing_sizes;
      const TrialBound bound = trial_bound(recorded, what, at_size.roots, at_size.signs, at_size.constant_roots);
      degree_max = std::max(degree_max, bound.degree);
      height_max = std::max(height_max, bound.height);
      if (bound.error >= 0.5) outcome.trouble = "at " + words(recorded.sizes) + " the degree bound says nothing";
      if (at_size.signs > 0) {
        // The first two trials in a pattern test it at two uniform points of that pattern.
        evidence.error_probability += bound.error * bound.error;
        if (at_size.missed <= largest_stated_miss)
          evidence.error_probability += at_size.missed;
        else
          patterns_may_be_missed = true;
        patterns_met += static_cast<long>(at_size.patterns);
        signs_most = std::max(signs_most, static_cast<long>(at_size.signs));
      } else {
        evidence.error_probability += std::pow(bound.error, at_size.trials);
      }
      if (!sizes_covered.empty()) sizes_covered += "; ";
      sizes_covered += words(recorded.sizes);
    }
  }
  const auto list = [](const std::vector<Sizes>& sizes) {
    std::string text;
    for (const Sizes& size : sizes) text += (text.empty() ? "" : "; ") + words(size);
    return text;
  };
  outcome.disagrees = !outcome.differing.empty();
  if (patterns_may_be_missed && outcome.trouble.empty())
    outcome.trouble = "the sides agree on the sign patterns met, but others may exist";
  outcome.agrees = !outcome.disagrees && agreeing_sizes > 0 && outcome.trouble.empty();
  evidence.supports = outcome.agrees;
  if (outcome.disagrees) evidence.error_probability = 0;  // a difference modulo p is a proof
  evidence.details.emplace_back("trials", trials_run);
  evidence.details.emplace_back("prime_bits", 61L);
  if (agreeing_sizes > 0) {
    evidence.details.emplace_back("degree_bound", degree_max);
    evidence.details.emplace_back("height_bound_bits", std::ceil(height_max));
    evidence.details.emplace_back("sizes", sizes_covered);
  }
  const auto branches = [](const RecordedReading& recorded) {
    return std::any_of(recorded.tape.nodes.begin(), recorded.tape.nodes.end(),
                       [](const Node& node) { return node.operation == Operation::select_positive; });
  };
  if (std::any_of(per_size.begin(), per_size.end(), branches))
    evidence.details.emplace_back("kinks", std::string("not decided: a set that random points miss"));
  if (signs_most > 0) {
    evidence.details.emplace_back("signs_at_most", signs_most);
    evidence.details.emplace_back("sign_patterns_met", patterns_met);
    evidence.details.emplace_back("error_probability_is",
                                  patterns_may_be_missed ? std::string("for the sign patterns met; others may exist")
                                                         : std::string("for all sign patterns"));
  }
  if (!outcome.differing.empty()) evidence.details.emplace_back("sizes_that_differ", list(outcome.differing));
  if (!outcome.degenerate.empty())
    evidence.details.emplace_back("sizes_where_both_sides_vanish", list(outcome.degenerate));
  if (!outcome.empty.empty()) evidence.details.emplace_back("sizes_outside_the_domain", list(outcome.empty));
  if (agreeing_sizes == 0 && !outcome.disagrees && outcome.trouble.empty())
    outcome.trouble = "no size was compared: both sides vanish or have no value everywhere";
  evidence.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

}  // namespace normproof::evidence
