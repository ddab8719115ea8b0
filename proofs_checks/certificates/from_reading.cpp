// Which instructions of a tape do two of its values need, and what are they called in a certificate?
#include "proofs_checks/certificates/from_reading.hpp"

#include <map>
#include <stdexcept>

namespace normproof::certificates {

using numbers::Node;
using numbers::NodeIndex;
using numbers::Operation;

namespace {

const char* name_of(Operation operation) {
  switch (operation) {
    case Operation::variable: return "input";
    case Operation::constant: return "integer";
    case Operation::add: return "add";
    case Operation::subtract: return "subtract";
    case Operation::multiply: return "multiply";
    case Operation::divide: return "divide";
    case Operation::negate: return "negate";
    case Operation::square_root: return "sqrt";
    case Operation::select_positive: return "select_positive";
    case Operation::smooth: break;
  }
  throw std::logic_error("a smooth function has no rational value and stands in no certificate");
}

std::vector<NodeIndex> operands_of(const Node& node) {
  switch (node.operation) {
    case Operation::variable:
    case Operation::constant: return {};
    case Operation::negate:
    case Operation::square_root:
    case Operation::smooth: return {node.a};
    case Operation::select_positive: return {node.a, node.b, node.c};
    default: return {node.a, node.b};
  }
}

std::size_t entry_of(const Counterexample& counterexample) {
  return counterexample.entry.empty() ? 0 : std::stoul(counterexample.entry) - 1;
}

// What the two values at the counterexample's entry are computed from, themselves included.
std::vector<char> needed_nodes(const evidence::RecordedReading& recorded, const Counterexample& counterexample) {
  const auto& nodes = recorded.tape.nodes;
  std::vector<char> needed(nodes.size(), 0);
  needed[recorded.left.at(entry_of(counterexample))] = 1;
  needed[recorded.right.at(entry_of(counterexample))] = 1;
  for (std::size_t k = nodes.size(); k-- > 0;)
    if (needed[k])
      for (const NodeIndex operand : operands_of(nodes[k])) needed[operand] = 1;
  return needed;
}

}  // namespace

bool can_certify(const evidence::RecordedReading& recorded, const Counterexample& counterexample) {
  const std::vector<char> needed = needed_nodes(recorded, counterexample);
  for (std::size_t k = 0; k < needed.size(); ++k)
    if (needed[k] && recorded.tape.nodes[k].operation == Operation::smooth) return false;
  return true;
}

Certificate refutation(const std::string& claim_id, const Reading& reading, const evidence::RecordedReading& recorded,
                       const Counterexample& counterexample) {
  const std::size_t entry = entry_of(counterexample);
  const NodeIndex left = recorded.left.at(entry), right = recorded.right.at(entry);
  const auto& nodes = recorded.tape.nodes;
  const std::vector<char> needed = needed_nodes(recorded, counterexample);
  Certificate certificate;
  certificate.claim = claim_id;
  certificate.reading = reading.id;
  certificate.statement = reading.statement;
  certificate.sizes = recorded.sizes;
  certificate.entry = std::to_string(entry + 1);
  certificate.relation = counterexample.relation;
  certificate.left_value = counterexample.left;
  certificate.right_value = counterexample.right;
  const std::map<std::string, std::string> values(counterexample.inputs.begin(), counterexample.inputs.end());
  std::vector<std::size_t> position(nodes.size(), 0);
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    if (!needed[k]) continue;
    Instruction instruction;
    instruction.operation = name_of(nodes[k].operation);
    if (nodes[k].operation == Operation::variable) {
      instruction.input = recorded.variables[static_cast<std::size_t>(nodes[k].value)].name();
      certificate.inputs.emplace_back(instruction.input, values.at(instruction.input));
    }
    if (nodes[k].operation == Operation::constant) instruction.integer = nodes[k].value;
    for (const NodeIndex operand : operands_of(nodes[k])) instruction.operands.push_back(position[operand]);
    position[k] = certificate.program.size();
    certificate.program.push_back(std::move(instruction));
  }
  certificate.left = position[left];
  certificate.right = position[right];
  return certificate;
}

}  // namespace normproof::certificates
