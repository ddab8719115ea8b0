// How are a reading's inputs made into free variables, and its sides recorded?
#include "proofs_checks/evidence/record.hpp"

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace normproof {

int extent(Dimension dimension, const Sizes& sizes) {
  switch (dimension) {
    case Dimension::one: return 1;
    case Dimension::batch: return sizes.batch;
    case Dimension::channels: return sizes.channels;
    case Dimension::hidden: return sizes.hidden;
    case Dimension::outputs: return sizes.outputs;
    case Dimension::channels_plus_one: return sizes.channels + 1;
    case Dimension::hidden_plus_one: return sizes.hidden + 1;
  }
  return 0;
}

}  // namespace normproof

namespace normproof::evidence {

using numbers::Node;
using numbers::NodeIndex;
using numbers::Operation;
using numbers::Recording;

std::string VariableInfo::name() const {
  if (scalar) return array;
  return array + "[" + std::to_string(row + 1) + "," + std::to_string(column + 1) + "]";
}

namespace {

constexpr long most_choices = 4096;

// Free variables, and literals for the inputs that take finitely many values: sizes.choice, written in the mixed base
// of their numbers, says which.
Inputs free_inputs(const Reading& reading, const Sizes& sizes, Recording& recording,
                   std::vector<VariableInfo>& variables, std::vector<std::pair<std::string, int>>* chosen = nullptr) {
  Inputs inputs;
  inputs.sizes = sizes;
  std::size_t choice = static_cast<std::size_t>(sizes.choice);
  for (const InputSpec& spec : reading.inputs) {
    const int rows = extent(spec.rows, sizes), columns = extent(spec.columns, sizes);
    Array<Number> array(rows, columns);
    for (int i = 0; i < rows; ++i)
      for (int j = 0; j < columns; ++j) {
        VariableInfo info;
        info.array = spec.name;
        info.role = spec.role;
        info.row = i;
        info.column = j;
        info.scalar = spec.rows == Dimension::one && spec.columns == Dimension::one;
        if (!spec.values.empty()) {
          const int value = spec.values[choice % spec.values.size()];
          choice /= spec.values.size();
          array(i, j) = Number(value);
          if (chosen != nullptr) chosen->emplace_back(info.name(), value);
          continue;
        }
        array(i, j) = recording.variable();
        variables.push_back(info);
      }
    inputs.set(spec.name, std::move(array));
  }
  return inputs;
}

void impose(const Hypothesis& hypothesis, Inputs& inputs, std::vector<NodeIndex>& positive) {
  if (hypothesis.impose) hypothesis.impose(inputs);
  if (hypothesis.positive) positive.push_back(hypothesis.positive(inputs).index());
}

bool may_weigh(Role role) { return role == Role::epsilon || role == Role::variance || role == Role::rate; }

// Is the number a free variable of this role, or of one that may weigh where no role is given?
bool is_free(const Number& number, const numbers::Tape& tape, const std::vector<VariableInfo>& variables,
             std::optional<Role> role = {}) {
  if (number.is_literal() || tape.nodes[number.index()].operation != Operation::variable) return false;
  const Role own = variables[static_cast<std::size_t>(tape.nodes[number.index()].value)].role;
  return role ? own == *role : may_weigh(own);
}

// Imposed values keep to the roles of their inputs: ε and σ² ≥ 0, 0 ≤ α ≤ 1.
void record_roles(const Reading& reading, const Inputs& inputs, const numbers::Tape& tape, RecordedReading& recorded) {
  for (const InputSpec& spec : reading.inputs) {
    if (!may_weigh(spec.role)) continue;
    const Array<Number>& imposed = inputs(spec.name);
    for (Eigen::Index k = 0; k < imposed.size(); ++k) {
      const Number& number = imposed(k);
      if (is_free(number, tape, recorded.variables, spec.role)) continue;
      if (!number.is_nonnegative_literal()) recorded.nonnegative.push_back(number.index());
      if (spec.role == Role::rate) recorded.nonnegative.push_back((Number(1) - number).index());
    }
  }
}

RecordedGapTerm record_gap_term(const Reading& reading, const Inputs& inputs, const SquareTerm& term,
                                const numbers::Tape& tape, const std::vector<VariableInfo>& variables, Number& sum) {
  if (term.numerator <= 0 || term.denominator <= 0)
    throw std::logic_error(reading.id + ": a gap term needs a positive factor");
  RecordedGapTerm recorded;
  recorded.numerator = term.numerator;
  recorded.denominator = term.denominator;
  recorded.root = term.root.index();
  Number product = term.root * term.root * Number(term.numerator) / Number(term.denominator);
  for (const std::string& name : term.nonnegative) {
    const auto spec = std::find_if(reading.inputs.begin(), reading.inputs.end(),
                                   [&](const InputSpec& candidate) { return candidate.name == name; });
    if (spec == reading.inputs.end() || !may_weigh(spec->role))
      throw std::logic_error(reading.id + ": the gap weighs a square by " + name + ", which may be negative");
    const Number& weight = inputs.scalar(name);
    if (!weight.is_nonnegative_literal() && !is_free(weight, tape, variables))
      throw std::logic_error(reading.id + ": the gap weighs a square by " + name +
                             ", in whose place a hypothesis puts what may be negative");
    recorded.nonnegative.push_back(weight.index());
    product *= weight;
  }
  sum += product;
  return recorded;
}

// Marks all that the marked nodes are computed from, and calls found(k) for each variable k among them.
template <class Found>
void reach_back(const numbers::Tape& tape, std::vector<char>& reached, Found found) {
  const auto reach = [&](NodeIndex index) { reached[index] = 1; };
  for (std::size_t k = tape.nodes.size(); k-- > 0;) {
    if (!reached[k]) continue;
    const Node& node = tape.nodes[k];
    switch (node.operation) {
      case Operation::variable: found(static_cast<std::size_t>(node.value)); break;
      case Operation::constant: break;
      case Operation::negate:
      case Operation::square_root:
      case Operation::smooth: reach(node.a); break;
      case Operation::select_positive: reach(node.c); [[fallthrough]];
      case Operation::add:
      case Operation::subtract:
      case Operation::multiply:
      case Operation::divide:
        reach(node.a);
        reach(node.b);
        break;
    }
  }
}

// Has it no value at some points?
bool asks_for_a_domain(const Node& node) {
  return node.operation == Operation::divide || node.operation == Operation::square_root ||
         (node.operation == Operation::smooth && node.smooth == numbers::Smooth::log);
}

void mark_used(RecordedReading& recorded) {
  std::vector<char> reached(recorded.tape.nodes.size(), 0);
  for (const auto& nodes : {recorded.left, recorded.right, recorded.positive, recorded.nonnegative})
    for (const NodeIndex index : nodes) reached[index] = 1;
  reach_back(recorded.tape, reached, [&](std::size_t k) { recorded.variables[k].used = true; });
  for (NodeIndex k = 0; k < recorded.sides_end; ++k)
    if (!reached[k] && asks_for_a_domain(recorded.tape.nodes[k])) recorded.domain.push_back(k);
  for (const NodeIndex index : recorded.domain) reached[index] = 1;
  reach_back(recorded.tape, reached, [&](std::size_t k) { recorded.variables[k].used = true; });
  for (std::size_t k = 0; k < recorded.tape.nodes.size(); ++k)
    if (asks_for_a_domain(recorded.tape.nodes[k])) reached[k] = 1;
  reach_back(recorded.tape, reached, [&](std::size_t k) { recorded.variables[k].needed = true; });
}

}  // namespace

std::vector<Sizes> every_size(const Reading& reading, const std::vector<Sizes>& sizes) {
  std::vector<Sizes> all;
  for (Sizes size : sizes) {
    long choices = 1;
    for (const InputSpec& spec : reading.inputs) {
      if (spec.values.empty()) continue;
      for (long k = static_cast<long>(extent(spec.rows, size)) * extent(spec.columns, size); k > 0; --k) {
        choices *= static_cast<long>(spec.values.size());
        if (choices > most_choices) throw std::logic_error(reading.id + ": more than 4096 choices at " + words(size));
      }
    }
    for (size.choice = 0; size.choice < choices; ++size.choice) all.push_back(size);
  }
  return all;
}

Reading without_hypothesis(const Reading& reading, std::size_t k) {
  Reading without = reading;
  without.id = reading.id + "__without_" + reading.hypotheses.at(k).id;
  for (const InputSpec& freed : reading.hypotheses[k].frees)
    if (std::none_of(without.inputs.begin(), without.inputs.end(),
                     [&](const InputSpec& listed) { return listed.name == freed.name; }))
      without.inputs.push_back(freed);
  without.hypotheses.erase(without.hypotheses.begin() + static_cast<std::ptrdiff_t>(k));
  return without;
}

std::optional<Reading> find_reading(const Claim& claim, const std::string& id) {
  for (const Reading& reading : claim.readings)
    if (reading.id == id) return reading;
  for (const Reading& reading : claim.readings)
    for (std::size_t k = 0; k < reading.hypotheses.size(); ++k)
      if (reading.id + "__without_" + reading.hypotheses[k].id == id) return without_hypothesis(reading, k);
  return {};
}

RecordedReading record_reading(const Reading& reading, const Sizes& sizes, const Hypothesis* extra,
                               const Formula* right) {
  RecordedReading recorded;
  recorded.sizes = sizes;
  Recording recording;
  Inputs inputs = free_inputs(reading, sizes, recording, recorded.variables, &recorded.chosen);
  for (const Hypothesis& hypothesis : reading.hypotheses) impose(hypothesis, inputs, recorded.positive);
  if (extra != nullptr) impose(*extra, inputs, recorded.positive);
  record_roles(reading, inputs, recording.tape(), recorded);
  for (const Number& entry : reading.left.formula(inputs)) recorded.left.push_back(entry.index());
  for (const Number& entry : (right != nullptr ? *right : reading.right.formula)(inputs))
    recorded.right.push_back(entry.index());
  if (recorded.left.size() != recorded.right.size() || recorded.left.empty())
    throw std::logic_error(reading.id + ": the sides have " + std::to_string(recorded.left.size()) + " and " +
                           std::to_string(recorded.right.size()) + " entries");
  recorded.sides_end = static_cast<NodeIndex>(recording.tape().nodes.size());
  if (reading.gap && right == nullptr) {
    Number sum(0);
    for (const SquareTerm& term : reading.gap(inputs))
      recorded.gap.push_back(record_gap_term(reading, inputs, term, recording.tape(), recorded.variables, sum));
    recorded.gap_sum = sum.index();
  }
  recorded.tape = recording.tape();
  mark_used(recorded);
  return recorded;
}

RecordedPath record_path(const Reading& reading, const Side& side, const Sizes& sizes) {
  RecordedPath recorded;
  std::vector<NodeIndex> positive;
  Recording recording;
  Inputs inputs = free_inputs(reading, sizes, recording, recorded.variables);
  for (const Hypothesis& hypothesis : reading.hypotheses) impose(hypothesis, inputs, positive);
  const Number t = recording.variable();
  recorded.value = side.path(inputs, t).index();
  recorded.tape = recording.tape();
  return recorded;
}

}  // namespace normproof::evidence
