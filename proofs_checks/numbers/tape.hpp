// How is a formula recorded once and replayed over every number type?
//
// What       A Tape is a straight-line program: variables, integer constants, + − · /, negation, square root, a
//            choice by the sign of a number, and smooth functions (exp, log, tanh, softplus and their derivatives).
//            Theory and reference code is run once on numbers::Traced, which appends nodes; replay() runs the tape on
//            any type that has these operations.
// Why        One recording costs one template instantiation, however many number types a claim is decided on, and all
//            of them see the same operations in the same order: what is decided exactly is what double executes.
// Assumes    Recorded code never branches on a number but through select_positive (relu, clamp_below): the tape of
//            given sizes is the same for all values.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "proofs_checks/numbers/native.hpp"

namespace normproof::numbers {

enum class Operation : std::uint8_t {
  variable,
  constant,
  add,
  subtract,
  multiply,
  divide,
  negate,
  square_root,
  select_positive,  // a > 0 ? b : c
  smooth            // the order-th derivative of a named smooth function at a
};

using NodeIndex = std::uint32_t;

struct Node {
  Operation operation = Operation::constant;
  Smooth smooth = Smooth::exp;
  std::uint8_t order = 0;
  NodeIndex a = 0, b = 0, c = 0;
  int value = 0;  // of a constant; the number of a variable
};

struct Tape {
  std::vector<Node> nodes;
  int variables = 0;
};

// Thrown by a number type where an operation has no value there: a zero divisor, a root outside the field, a sign that
// an enclosure cannot decide. It says that the point lies outside the domain, never that a claim fails.
class OutsideDomain : public std::runtime_error {
 public:
  enum class Reason { division_by_zero, no_square_root, sign_undecided, not_representable };
  OutsideDomain(Reason why, const std::string& message) : std::runtime_error(message), reason(why) {}
  Reason reason;
  NodeIndex node = 0;  // set by replay
};

// Runs the tape; values[k] is node k afterwards. Throws OutsideDomain with the node where it stopped.
template <class T>
void replay(const Tape& tape, std::span<const T> variables, std::vector<T>& values) {
  values.clear();
  values.reserve(tape.nodes.size());
  try {
    for (const Node& node : tape.nodes) {
      switch (node.operation) {
        case Operation::variable: values.push_back(variables[static_cast<std::size_t>(node.value)]); break;
        case Operation::constant: values.push_back(T(node.value)); break;
        case Operation::add: values.push_back(values[node.a] + values[node.b]); break;
        case Operation::subtract: values.push_back(values[node.a] - values[node.b]); break;
        case Operation::multiply: values.push_back(values[node.a] * values[node.b]); break;
        case Operation::divide: values.push_back(values[node.a] / values[node.b]); break;
        case Operation::negate: values.push_back(-values[node.a]); break;
        case Operation::square_root: values.push_back(sqrt(values[node.a])); break;
        case Operation::select_positive:
          values.push_back(select_positive(values[node.a], values[node.b], values[node.c]));
          break;
        case Operation::smooth: values.push_back(smooth(node.smooth, node.order, values[node.a])); break;
      }
    }
  } catch (OutsideDomain& outside) {
    outside.node = static_cast<NodeIndex>(values.size());
    throw;
  }
}

}  // namespace normproof::numbers
