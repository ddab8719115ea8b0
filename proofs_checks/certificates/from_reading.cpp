// Which instructions of a tape do some of its values need, and what are they called in a certificate?
#include "proofs_checks/certificates/from_reading.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <stdexcept>

#include "proofs_checks/certificates/fraction.hpp"

namespace normproof::certificates {

using numbers::Node;
using numbers::NodeIndex;
using numbers::Operation;

namespace {

const char* name_of(const Node& node) {
  switch (node.operation) {
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
  switch (node.smooth) {
    case numbers::Smooth::exp: return "exp";
    case numbers::Smooth::log: return "log";
    case numbers::Smooth::tanh: return "tanh";
    case numbers::Smooth::softplus: return "softplus";
  }
  throw std::logic_error("an operation without a name in certificates");
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

// What the marked nodes are computed from, themselves included.
std::vector<char> needed_for(const numbers::Tape& tape, const std::vector<std::vector<NodeIndex>>& wanted) {
  std::vector<char> needed(tape.nodes.size(), 0);
  for (const std::vector<NodeIndex>& nodes : wanted)
    for (const NodeIndex node : nodes) needed[node] = 1;
  for (std::size_t k = needed.size(); k-- > 0;)
    if (needed[k])
      for (const NodeIndex operand : operands_of(tape.nodes[k])) needed[operand] = 1;
  return needed;
}

std::vector<char> needed_nodes(const evidence::RecordedReading& recorded, const Counterexample& counterexample) {
  const std::size_t entry = entry_of(counterexample);
  return needed_for(
      recorded.tape,
      {{recorded.left.at(entry), recorded.right.at(entry)}, recorded.positive, recorded.nonnegative, recorded.domain});
}

struct Lines {
  std::vector<Instruction> program;
  std::vector<std::size_t> position;  // of a node that is needed
};

Lines lines_of(const evidence::RecordedReading& recorded, const std::vector<char>& needed) {
  const auto& nodes = recorded.tape.nodes;
  Lines lines;
  lines.position.assign(nodes.size(), 0);
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    if (!needed[k]) continue;
    Instruction instruction;
    instruction.operation = name_of(nodes[k]);
    if (nodes[k].operation == Operation::variable)
      instruction.input = recorded.variables[static_cast<std::size_t>(nodes[k].value)].name();
    if (nodes[k].operation == Operation::constant) instruction.integer = nodes[k].value;
    if (nodes[k].operation == Operation::smooth) instruction.integer = nodes[k].order;
    for (const NodeIndex operand : operands_of(nodes[k])) instruction.operands.push_back(lines.position[operand]);
    lines.position[k] = lines.program.size();
    lines.program.push_back(std::move(instruction));
  }
  return lines;
}

std::vector<std::size_t> positions(const Lines& lines, const std::vector<NodeIndex>& nodes) {
  std::vector<std::size_t> positions;
  for (const NodeIndex node : nodes) positions.push_back(lines.position[node]);
  return positions;
}

// What the roles of the inputs ask for: ε, σ² and α are not negative, nor is 1 − α, which the program then computes.
void add_roles(const evidence::RecordedReading& recorded, Refutation& certificate) {
  const std::size_t lines = certificate.program.size();
  for (std::size_t k = 0; k < lines; ++k) {
    const Instruction instruction = certificate.program[k];
    if (instruction.operation != "input") continue;
    const auto variable =
        std::find_if(recorded.variables.begin(), recorded.variables.end(),
                     [&](const evidence::VariableInfo& info) { return info.name() == instruction.input; });
    const Role role = variable->role;
    if (role == Role::epsilon || role == Role::variance || role == Role::rate) certificate.nonnegative.push_back(k);
    if (role != Role::rate) continue;
    certificate.program.push_back({"integer", {}, "", 1});
    certificate.program.push_back({"subtract", {certificate.program.size() - 1, k}, "", 0});
    certificate.nonnegative.push_back(certificate.program.size() - 1);
  }
}

std::string dyadic(double exact) { return Fraction(exact).text(); }

// A recheck has other enclosures than the engine, narrower or wider by less than what is given away here.
std::string margin_words(double margin) {
  constexpr int kept_bits = 12;
  constexpr double least = 0x1p-200;
  if (!(margin > least)) return "0";
  int exponent = 0;
  const double mantissa = std::frexp(margin, &exponent);  // in [1/2, 1)
  return dyadic(std::ldexp(std::floor(std::ldexp(mantissa, kept_bits)) - 1, exponent - kept_bits));
}

}  // namespace

bool can_certify(const evidence::RecordedReading& recorded, const Counterexample& counterexample) {
  const std::vector<char> needed = needed_nodes(recorded, counterexample);
  for (std::size_t k = 0; k < needed.size(); ++k)
    if (needed[k] && recorded.tape.nodes[k].operation == Operation::smooth) return false;
  return true;
}

Refutation refutation(const std::string& claim_id, const Reading& reading, const evidence::RecordedReading& recorded,
                      const Counterexample& counterexample) {
  const std::size_t entry = entry_of(counterexample);
  Refutation certificate;
  certificate.claim = claim_id;
  certificate.reading = reading.id;
  certificate.statement = reading.statement;
  certificate.sizes = recorded.sizes;
  certificate.entry = std::to_string(entry + 1);
  certificate.relation = counterexample.relation;
  certificate.left_value = counterexample.left;
  certificate.right_value = counterexample.right;
  const std::map<std::string, std::string> values(counterexample.inputs.begin(), counterexample.inputs.end());
  Lines lines = lines_of(recorded, needed_nodes(recorded, counterexample));
  for (const Instruction& instruction : lines.program)
    if (instruction.operation == "input")
      certificate.inputs.emplace_back(instruction.input, values.at(instruction.input));
  certificate.program = std::move(lines.program);
  certificate.left = lines.position[recorded.left[entry]];
  certificate.right = lines.position[recorded.right[entry]];
  certificate.positive = positions(lines, recorded.positive);
  certificate.nonnegative = positions(lines, recorded.nonnegative);
  add_roles(recorded, certificate);
  return certificate;
}

RegionProof region_proof(const std::string& claim_id, const Reading& reading, const evidence::RecordedReading& recorded,
                         const Region& region, const std::vector<evidence::CertifiedBox>& cover) {
  RegionProof proof;
  proof.claim = claim_id;
  proof.reading = reading.id;
  proof.statement = reading.statement;
  proof.sizes = recorded.sizes;
  proof.region = region.words;
  proof.covers = region.covers;
  for (const evidence::Coordinate& coordinate : evidence::coordinates(recorded, region))
    proof.inputs.push_back(
        {recorded.variables[coordinate.variable].name(), dyadic(coordinate.low), dyadic(coordinate.high)});
  Lines lines = lines_of(recorded, needed_for(recorded.tape, {recorded.left, recorded.right, recorded.positive,
                                                              recorded.nonnegative, recorded.domain}));
  proof.program = std::move(lines.program);
  for (std::size_t k = 0; k < recorded.left.size(); ++k)
    proof.entries.emplace_back(lines.position[recorded.left[k]], lines.position[recorded.right[k]]);
  proof.positive = positions(lines, recorded.positive);
  proof.nonnegative = positions(lines, recorded.nonnegative);
  for (const evidence::CertifiedBox& box : cover) {
    RegionProof::ProofBox faces;
    for (std::size_t i = 0; i < box.low.size(); ++i) faces.faces.emplace_back(dyadic(box.low[i]), dyadic(box.high[i]));
    if (!box.set_aside) faces.margin = margin_words(box.margin);
    proof.boxes.push_back(std::move(faces));
  }
  return proof;
}

}  // namespace normproof::certificates
