// How are instructions written and read?
#include "proofs_checks/certificates/program.hpp"

#include <map>

namespace normproof::certificates {

namespace {

constexpr std::size_t most_instructions = 100000;

enum class Leading { nothing, text, integer, order };  // what stands before the operands

struct Shape {
  Leading leading = Leading::nothing;
  std::size_t operands = 0;
};

const std::map<std::string, Shape>& shapes() {
  static const std::map<std::string, Shape> known = {{"input", {Leading::text, 0}},
                                                     {"integer", {Leading::integer, 0}},
                                                     {"add", {Leading::nothing, 2}},
                                                     {"subtract", {Leading::nothing, 2}},
                                                     {"multiply", {Leading::nothing, 2}},
                                                     {"divide", {Leading::nothing, 2}},
                                                     {"negate", {Leading::nothing, 1}},
                                                     {"sqrt", {Leading::nothing, 1}},
                                                     {"select_positive", {Leading::nothing, 3}},
                                                     {"exp", {Leading::order, 1}},
                                                     {"log", {Leading::order, 1}},
                                                     {"tanh", {Leading::order, 1}},
                                                     {"softplus", {Leading::order, 1}}};
  return known;
}

Instruction instruction_from(const Json& line, std::size_t number) {
  const std::string where = "instruction " + std::to_string(number);
  if (!line.is_array() || line.empty() || !line[0].is_string()) throw Malformed(where + ": expected [operation, …]");
  Instruction instruction;
  instruction.operation = line[0].get<std::string>();
  const auto known = shapes().find(instruction.operation);
  if (known == shapes().end()) throw Malformed(where + ": no operation is called " + instruction.operation);
  const Shape& shape = known->second;
  const std::size_t first = shape.leading == Leading::nothing ? 1 : 2;
  if (line.size() != first + shape.operands) throw Malformed(where + ": a wrong number of operands");
  if (shape.leading == Leading::text) {
    if (!line[1].is_string()) throw Malformed(where + ": expected the name of an input");
    instruction.input = line[1].get<std::string>();
  } else if (shape.leading != Leading::nothing) {
    if (!is_integer_of<long>(line[1])) throw Malformed(where + ": expected an integer of 64 bits");
    instruction.integer = line[1].get<long>();
    const long most = instruction.operation == "log" ? 0 : most_derivatives;
    if (shape.leading == Leading::order && (instruction.integer < 0 || instruction.integer > most))
      throw Malformed(where + ": no such derivative of " + instruction.operation);
  }
  for (std::size_t k = first; k < line.size(); ++k) instruction.operands.push_back(index_of(line[k], number, where));
  return instruction;
}

}  // namespace

bool is_smooth(const Instruction& instruction) {
  const auto known = shapes().find(instruction.operation);
  return known != shapes().end() && known->second.leading == Leading::order;
}

Json program_json(const std::vector<Instruction>& program) {
  Json json = Json::array();
  for (const Instruction& instruction : program) {
    Json line = {instruction.operation};
    if (instruction.operation == "input") line.push_back(instruction.input);
    if (instruction.operation == "integer" || is_smooth(instruction)) line.push_back(instruction.integer);
    for (const std::size_t operand : instruction.operands) line.push_back(operand);
    json.push_back(line);
  }
  return json;
}

std::vector<Instruction> program_from(const Json& json) {
  if (!json.is_array() || json.empty()) throw Malformed("the program is not a list of instructions");
  if (json.size() > most_instructions) throw Malformed("the program has more than 100000 instructions");
  std::vector<Instruction> program;
  for (const Json& line : json) program.push_back(instruction_from(line, program.size()));
  return program;
}

std::size_t index_of(const Json& json, std::size_t limit, const std::string& where) {
  if (!json.is_number_unsigned() || json.get<std::size_t>() >= limit)
    throw Malformed(where + ": expected the number of an earlier instruction, found " + json.dump());
  return json.get<std::size_t>();
}

std::vector<std::size_t> indices_from(const Json& json, const char* name, std::size_t limit) {
  const Json list = field<Json>(json, name);
  if (!list.is_array()) throw Malformed(std::string(name) + ": expected a list of instructions");
  std::vector<std::size_t> indices;
  for (const Json& index : list) indices.push_back(index_of(index, limit, name));
  return indices;
}

}  // namespace normproof::certificates
