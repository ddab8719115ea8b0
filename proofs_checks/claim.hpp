// What is a claim: a published sentence, its readings, the two witnesses of each, and the near-misses it must refute?
//
// What       A Claim is data. A Reading compares two sides, each a function of Inputs written once on Number; the
//            engines of evidence/ record both and replay them on every number type.
// Witnesses  theory (closed forms), reference (the papers' algorithms) and definition (what the words mean, written in
//            the claim). Two sides of one witness are an algebraic identity and must be labelled so.
// Hypotheses are constructive where they can be: `impose` turns free inputs into inputs that satisfy them (ε := 0,
//            dy := dy − mean dy), so that they hold exactly on every number type. What can only be asked for, such as
//            ⟨W₀, W*⟩ > 0, is `positive`: engines on ordered numbers discard points where it fails.
//            Division by zero needs no hypothesis object: such points are outside the domain, and counted.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proofs_checks/growth.hpp"
#include "proofs_checks/inputs/inputs.hpp"
#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/rounding_reading.hpp"
#include "proofs_checks/verdict.hpp"

namespace normproof {

using Values = std::vector<Number>;  // entries of a side, in a stated order, compared one by one
using Formula = std::function<Values(const Inputs&)>;

enum class Witness { theory, reference, definition };

struct Hypothesis {
  std::string id = {};        // reading ids use it: without_<id>
  std::string sentence = {};  // "ε = 0"
  std::function<void(Inputs&)> impose = {};
  std::function<Number(const Inputs&)> positive = {};
  // The inputs in whose place it puts something, where the reading does not list them: free once it is dropped.
  std::vector<InputSpec> frees = {};
  bool definition = false;  // it only says what a name stands for, "s = √(σ² + ε)": there is nothing to drop
};

// A scalar along a straight line, t ↦ ℓ(x + t v): what finite differences difference.
using Path = std::function<Number(const Inputs&, const Number& t)>;

struct Side {
  Witness witness = Witness::definition;
  std::string words = {};
  Formula formula = {};
  Path path = {};  // set where the side is the derivative of this path at t = 0
};

inline Side by_theory(std::string words, Formula formula) {
  return {.witness = Witness::theory, .words = std::move(words), .formula = std::move(formula)};
}
inline Side by_reference(std::string words, Formula formula) {
  return {.witness = Witness::reference, .words = std::move(words), .formula = std::move(formula)};
}
inline Side by_definition(std::string words, Formula formula) {
  return {.witness = Witness::definition, .words = std::move(words), .formula = std::move(formula)};
}

enum class Relation { equal, at_most };

// One term weight · root² of a sum that is manifestly not negative: `nonnegative` names inputs whose role is ≥ 0
// (epsilon, variance, rate) and that multiply it; the rational factor is numerator/denominator > 0.
struct SquareTerm {
  Number root;
  std::vector<std::string> nonnegative = {};
  int numerator = 1, denominator = 1;
};

// How often does an event happen? The statement P(event) ≥ numerator/denominator, or ≤, of a reading that has no sides.
// `happens` draws one instance from the stream, independently of all others; the statement says from which ensemble.
struct Frequency {
  std::string event = {};  // "the condition number falls"
  std::function<bool(inputs::RandomStream&)> happens = {};
  int numerator = 1, denominator = 2;  // of the threshold, in (0, 1)
  bool at_least = true;                // false: at most
};

// Every entry of the named input, or the one entry "x[1,2]", lies in [low/denominator, high/denominator]. What names
// one entry counts before what names its input; low = high fixes it. The denominator is a power of two, so that halves
// of halves stay exact.
struct Range {
  std::string input = {};
  int low = 0, high = 0, denominator = 1;
};

// A box of inputs over which an inequality is to be proved by enclosures, at each of the sizes (empty: the reading's).
struct Region {
  std::string words = {};          // "3 samples, x₁ = 0, x₂ = 1, 0 ≤ x₃ ≤ 1, |g| ≤ 1"
  std::string covers = {};         // which part of the hypotheses' region it is, after which symmetries
  std::vector<Range> ranges = {};  // every input that a side or hypothesis depends on has one
  std::vector<Sizes> sizes = {};
};

struct Reading {
  std::string id = {};         // axes joined with __ : document, object, variation
  std::string statement = {};  // one line, in Unicode mathematics
  std::vector<InputSpec> inputs = {};
  std::vector<Sizes> sizes = {};  // the sizes that are decided, edges included
  bool these_sizes_only = false;  // the formula has no meaning, or is too long, at others: data come in these sizes too
  std::vector<Hypothesis> hypotheses = {};
  Side left = {};
  Relation relation = Relation::equal;
  Side right = {};
  // For at_most: right − left as a sum of squares; the identity is decided exactly, the sign is then manifest.
  std::function<std::vector<SquareTerm>(const Inputs&)> gap = {};
  bool algebraic_identity = false;
  Frequency frequency = {};  // where it has an event, it is what the reading states, and there are no sides and sizes
  Growth growth = {};        // where it has a quantity, likewise
  Rounding rounding = {};    // where it has a quantity, likewise
  std::string why = {};
  std::vector<Region> regions = {};  // for at_most: where it is certified (evidence/certified.hpp)
};

inline bool is_growth(const Reading& reading) { return !reading.growth.quantity.empty(); }
inline bool is_rounding(const Reading& reading) { return !reading.rounding.quantity.empty(); }
inline bool has_sides(const Reading& reading) {
  return reading.frequency.event.empty() && !is_growth(reading) && !is_rounding(reading);
}

// A near-miss: the reading with its right side replaced. It agrees with the claim on a named natural case.
struct Mutant {
  std::string id = {};
  std::string reading = {};     // of which reading
  std::string words = {};       // "forgets ε"
  Hypothesis agrees_when = {};  // imposed besides the reading's hypotheses: both sides agree there
  Formula right = {};
  std::vector<Sizes> agreeing_sizes = {};  // where not the reading's own
  // Of a rounding reading, in the place of `right`: its points under a bound that is too small. Those that are natural
  // have the ids of points of the reading, and the very same tallies.
  std::function<std::vector<RoundingPoint>(evidence::Effort)> points = {};
};

struct Claim {
  std::string title = {};  // the sentence
  std::vector<Source> sources = {};
  std::string notation = {};
  std::string why = {};      // a proof sketch
  std::string explain = {};  // for a graduate student, in plain words
  std::vector<Reading> readings = {};
  std::vector<Mutant> mutants = {};
};

}  // namespace normproof
