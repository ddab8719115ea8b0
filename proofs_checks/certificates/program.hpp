// Which arithmetic does a certificate ask for, instruction by instruction?
//
// Program    One instruction a line, each may use the results of earlier ones, counted from 0:
//              ["input", "x[1,2]"]  ["integer", 3]  ["add", a, b]  ["subtract", a, b]  ["multiply", a, b]
//              ["divide", a, b]  ["negate", a]  ["sqrt", a]  ["select_positive", a, b, c]: b where a > 0, else c
//              ["exp", k, a]  ["log", k, a]  ["tanh", k, a]  ["softplus", k, a]: the k-th derivative at a, k ≤ 3
//                                                             (log: k = 0 only)
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "proofs_checks/certificates/document.hpp"

namespace normproof::certificates {

inline constexpr long most_derivatives = 3;

struct Instruction {
  std::string operation;
  std::vector<std::size_t> operands;  // indices of earlier instructions
  std::string input;                  // of "input"
  long integer = 0;                   // of "integer"; of a smooth function the order of its derivative
  friend bool operator==(const Instruction&, const Instruction&) = default;
};

bool is_smooth(const Instruction& instruction);  // exp, log, tanh, softplus

Json program_json(const std::vector<Instruction>& program);
std::vector<Instruction> program_from(const Json& json);  // throws Malformed

// The number of an instruction before `limit`; throws Malformed.
std::size_t index_of(const Json& json, std::size_t limit, const std::string& where);
// The field of that name, a list of such numbers.
std::vector<std::size_t> indices_from(const Json& json, const char* name, std::size_t limit);

}  // namespace normproof::certificates
