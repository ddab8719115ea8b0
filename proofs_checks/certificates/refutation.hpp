// What does a file hold from which anybody can redo a refutation, and what is wrong with one that is rejected?
//
// What       A Refutation names the claim, the reading and its statement, lists the inputs as exact fractions, the
//            program that computes both sides from them (the reading's tape, reduced to what the two values need), and
//            the two values. recheck() redoes the arithmetic.
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

  std::string entry;     // which entry of the two sides, from 1
  std::string relation;  // what should hold: "=" or "≤"
  std::vector<std::pair<std::string, std::string>> inputs;
  std::vector<Instruction> program;
  std::size_t left = 0, right = 0;  // instructions whose results the two sides are
  std::string left_value, right_value;
  std::string digest;  // of everything else; as the file has it
};

std::string to_json(const Refutation& refutation);  // with a fresh digest
Refutation refutation_from(const Json& json);       // throws Malformed

// Redoes the arithmetic: the recorded values must come out, and the relation must fail between them.
Recheck recheck(const Refutation& refutation);

}  // namespace normproof::certificates
