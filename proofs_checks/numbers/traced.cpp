// How does a Traced append itself to the open recording?
#include "proofs_checks/numbers/traced.hpp"

#include <stdexcept>

namespace normproof::numbers {

namespace {
thread_local Recording* open_recording = nullptr;

Recording& current() {
  if (open_recording == nullptr) throw std::logic_error("a Traced number was used outside a Recording");
  return *open_recording;
}
}  // namespace

Recording::Recording() : outer_(open_recording) { open_recording = this; }
Recording::~Recording() { open_recording = outer_; }

Traced Recording::variable() {
  Node node;
  node.operation = Operation::variable;
  node.value = tape_.variables++;
  tape_.nodes.push_back(node);
  return Traced::node(static_cast<NodeIndex>(tape_.nodes.size() - 1));
}

Traced record(Operation operation, NodeIndex a, NodeIndex b, NodeIndex c, Smooth function, int order) {
  Node node;
  node.operation = operation;
  node.smooth = function;
  node.order = static_cast<std::uint8_t>(order);
  node.a = a;
  node.b = b;
  node.c = c;
  Tape& tape = current().tape_;
  tape.nodes.push_back(node);
  return Traced::node(static_cast<NodeIndex>(tape.nodes.size() - 1));
}

namespace {
Traced record(Operation operation, NodeIndex a, NodeIndex b = 0, NodeIndex c = 0) {
  return record(operation, a, b, c, Smooth::exp, 0);
}
}  // namespace

NodeIndex Traced::index() const {
  if (!literal_) return node_;
  Node node;
  node.operation = Operation::constant;
  node.value = integer_;
  Tape& tape = current().tape_;
  tape.nodes.push_back(node);
  return static_cast<NodeIndex>(tape.nodes.size() - 1);
}

Traced operator+(const Traced& a, const Traced& b) {
  if (a.is_literal(0)) return b;
  if (b.is_literal(0)) return a;
  const NodeIndex left = a.index(), right = b.index();
  return record(Operation::add, left, right);
}

Traced operator-(const Traced& a, const Traced& b) {
  if (b.is_literal(0)) return a;
  if (a.is_literal(0)) return -b;
  const NodeIndex left = a.index(), right = b.index();
  return record(Operation::subtract, left, right);
}

Traced operator*(const Traced& a, const Traced& b) {
  if (a.is_literal(0) || b.is_literal(0)) return Traced(0);
  if (a.is_literal(1)) return b;
  if (b.is_literal(1)) return a;
  const NodeIndex left = a.index(), right = b.index();
  return record(Operation::multiply, left, right);
}

// A literal zero over b is recorded: where b vanishes the quotient has no value.
Traced operator/(const Traced& a, const Traced& b) {
  if (b.is_literal(1)) return a;
  const NodeIndex left = a.index(), right = b.index();
  return record(Operation::divide, left, right);
}

Traced operator-(const Traced& a) {
  if (a.literal_) return Traced(-a.integer_);
  return record(Operation::negate, a.index());
}

Traced sqrt(const Traced& x) { return record(Operation::square_root, x.index()); }

Traced select_positive(const Traced& condition, const Traced& if_positive, const Traced& otherwise) {
  const NodeIndex c = condition.index(), p = if_positive.index(), o = otherwise.index();
  return record(Operation::select_positive, c, p, o);
}

Traced smooth(Smooth function, int order, const Traced& x) {
  return record(Operation::smooth, x.index(), 0, 0, function, function == Smooth::exp ? 0 : order);
}

}  // namespace normproof::numbers
