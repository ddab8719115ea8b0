// Which tape belongs to a reading at given sizes, and which of its nodes are the two sides?
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/numbers/tape.hpp"

namespace normproof::evidence {

struct VariableInfo {
  std::string array;  // the input's name
  Role role = Role::activation;
  int row = 0, column = 0;   // from 0
  bool used = false;         // some side, hypothesis or root of `domain` depends on it
  bool needed = false;       // besides, whether the formula has a value somewhere on the tape
  std::string name() const;  // "x[1,2]", or "eps" for a scalar
  bool scalar = false;
};

struct RecordedGapTerm {
  numbers::NodeIndex root = 0;
  std::vector<numbers::NodeIndex> nonnegative;
  int numerator = 1, denominator = 1;
};

struct RecordedReading {
  Sizes sizes;
  std::vector<std::pair<std::string, int>> chosen;  // the inputs with finitely many values, by name: {"mask[1,2]", 1}
  numbers::Tape tape;
  std::vector<VariableInfo> variables;  // variable k of the tape
  std::vector<numbers::NodeIndex> left, right;
  numbers::NodeIndex sides_end = 0;  // the nodes from here on belong to the gap alone
  std::vector<RecordedGapTerm> gap;
  numbers::NodeIndex gap_sum = 0;            // Σ weight · root², where the reading has a gap
  std::vector<numbers::NodeIndex> positive;  // must be > 0 for the point to satisfy the hypotheses
  std::vector<numbers::NodeIndex> nonnegative;  // must be ≥ 0: what a hypothesis put in the place of ε, σ², α or 1 − α
  // Quotients, roots and logarithms that no side or hypothesis uses: a point has to give them a value all the same (a
  // hypothesis may take a root only to say that there is one).
  std::vector<numbers::NodeIndex> domain;
};

// The reading's sizes, each as often as there are assignments of its inputs with finitely many values. Throws
// std::logic_error where these are more than 4096.
std::vector<Sizes> every_size(const Reading& reading, const std::vector<Sizes>& sizes);

// The reading without its hypothesis number k; its id ends in __without_<hypothesis>. And the reading that an id names,
// such ids included; none where the claim has no such reading.
Reading without_hypothesis(const Reading& reading, std::size_t k);
std::optional<Reading> find_reading(const Claim& claim, const std::string& id);

// `extra` is imposed after the reading's own hypotheses; `right` replaces its right side. Either may be null.
// Throws std::logic_error where the sides differ in length or a gap names an input that may be negative, be it by what
// a hypothesis imposes.
RecordedReading record_reading(const Reading& reading, const Sizes& sizes, const Hypothesis* extra = nullptr,
                               const Formula* right = nullptr);

// The path of a side (side.path must be set): variables as above, then t as the last one.
struct RecordedPath {
  numbers::Tape tape;
  std::vector<VariableInfo> variables;  // without t
  numbers::NodeIndex value = 0;
};
RecordedPath record_path(const Reading& reading, const Side& side, const Sizes& sizes);

}  // namespace normproof::evidence
