// What does a file hold from which anybody can redo a refutation, and what is wrong with one that is rejected?
//
// What       A Certificate of a refutation names the claim, the reading and its statement, lists the inputs as exact
//            fractions, the program that computes both sides from them (the reading's tape, reduced to what the two
//            values need), and the two values. recheck() redoes the arithmetic.
// Program    One instruction a line, each may use the results of earlier ones, counted from 0:
//              ["input", "x[1,2]"]  ["integer", 3]  ["add", a, b]  ["subtract", a, b]  ["multiply", a, b]
//              ["divide", a, b]  ["negate", a]  ["sqrt", a]  ["select_positive", a, b, c]: b where a > 0, else c
// Fractions  "-3/2", "4": lowest terms, positive denominator, no sign but −. Anything else is malformed.
// Digest     64-bit FNV-1a of everything above it: an accidental change of any digit is noticed even where it does not
//            change the values. It proves nothing; the arithmetic does.
// Why        The evaluator of recheck shares no code with the engine that found the point (numbers/, evidence/), and
//            the file is small enough for a reader's own script: docs/recheck.py does the same in Python.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "proofs_checks/verdict.hpp"

namespace normproof::certificates {

struct Instruction {
  std::string operation;
  std::vector<std::size_t> operands;  // indices of earlier instructions
  std::string input;                  // of "input"
  long integer = 0;                   // of "integer"
  friend bool operator==(const Instruction&, const Instruction&) = default;
};

struct Certificate {
  std::string claim, reading, statement;
  Sizes sizes;
  std::string entry;     // which entry of the two sides, from 1
  std::string relation;  // what should hold: "=" or "≤"
  std::vector<std::pair<std::string, std::string>> inputs;
  std::vector<Instruction> program;
  std::size_t left = 0, right = 0;  // instructions whose results the two sides are
  std::string left_value, right_value;
  std::string digest;  // as the file has it
};

// The file is not a certificate at all: what is wrong and where, in one line.
class Malformed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

std::string to_json(const Certificate& certificate);  // with a fresh digest
Certificate from_json(const std::string& text);       // throws Malformed

struct Recheck {
  bool accepted = false;
  std::string reason;  // why it was rejected, or what was confirmed
};

// Redoes the arithmetic: the recorded values must come out, and the relation must fail between them.
Recheck recheck(const Certificate& certificate);

}  // namespace normproof::certificates
