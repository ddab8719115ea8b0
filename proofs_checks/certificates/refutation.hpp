// What does a file hold from which anybody can redo a refutation, and what is wrong with one that is rejected?
//
// What       A Refutation names the claim, the reading and its statement, lists the inputs as exact fractions, the
//            program that computes both sides and the hypotheses from them (the reading's tape, reduced to what they
//            need), and the two values. recheck() redoes the arithmetic.
// Hypotheses `positive` lists results that must be > 0 for the point to satisfy them, `nonnegative` such as must be
//            ≥ 0: ε, σ², α and 1 − α among them. Where one is not, nothing is refuted.
// Limits     Results of at most most_result_bits bits, and most_bits in all: a program of a few lines can ask for more
//            digits than any machine holds.
// Why        The evaluator of recheck shares no code with the engine that found the point (numbers/, evidence/), and
//            the file is small enough for a reader's own script: docs/recheck.py does the same in Python.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "proofs_checks/certificates/document.hpp"
#include "proofs_checks/certificates/program.hpp"

namespace normproof::certificates {

struct Refutation : Heading {
  static constexpr const char* kind = "refutation";
  static constexpr std::size_t most_result_bits = 1 << 16, most_bits = 1 << 24;

  std::string entry;     // which entry of the two sides, from 1
  std::string relation;  // what should hold: "=" or "≤"
  std::vector<std::pair<std::string, std::string>> inputs;
  std::vector<Instruction> program;
  std::vector<std::size_t> positive, nonnegative;
  std::size_t left = 0, right = 0;  // instructions whose results the two sides are
  std::string left_value, right_value;
  std::string digest;  // of everything else; as the file has it
};

std::string to_json(const Refutation& refutation);  // with a fresh digest
Refutation refutation_from(const Json& json);       // throws Malformed

// Redoes the arithmetic: the hypotheses must hold, the recorded values come out, and the relation fail between them.
Recheck recheck(const Refutation& refutation);

}  // namespace normproof::certificates
