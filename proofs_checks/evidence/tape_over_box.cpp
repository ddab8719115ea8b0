// How is each operation of a tape enclosed over a box, and swept back?
#include "proofs_checks/evidence/tape_over_box.hpp"

namespace normproof::evidence {

using numbers::Interval;
using numbers::Node;
using numbers::NodeIndex;
using numbers::Operation;
using numbers::OutsideDomain;
using numbers::Smooth;

namespace {

struct Operands {
  NodeIndex nodes[3] = {};
  int count = 0;
};

Operands operands(const Node& node) {
  switch (node.operation) {
    case Operation::variable:
    case Operation::constant: return {};
    case Operation::negate:
    case Operation::square_root:
    case Operation::smooth: return {{node.a}, 1};
    case Operation::select_positive: return {{node.a, node.b, node.c}, 3};
    default: return {{node.a, node.b}, 2};
  }
}

bool is_nonpositive(const Interval& x) { return mpfr_sgn(x.right()) <= 0; }

}  // namespace

TapeOverBox::TapeOverBox(const RecordedReading& recorded, const std::vector<Coordinate>& coordinates)
    : recorded_(recorded),
      coordinate_of_(recorded.variables.size(), 0),
      needed_(recorded.tape.nodes.size(), 0),
      inputs_(coordinates.size()),
      values_(recorded.tape.nodes.size()),
      adjoints_(recorded.tape.nodes.size()),
      slopes_(coordinates.size()) {
  for (std::size_t i = 0; i < coordinates.size(); ++i) coordinate_of_[coordinates[i].variable] = i;
  for (const auto& wanted : {recorded.left, recorded.right, recorded.positive, recorded.nonnegative, recorded.domain})
    for (const NodeIndex node : wanted) needed_[node] = 1;
  for (std::size_t k = needed_.size(); k-- > 0;) {
    if (!needed_[k]) continue;
    const Operands of = operands(recorded.tape.nodes[k]);
    for (int i = 0; i < of.count; ++i) needed_[of.nodes[i]] = 1;
  }
}

void TapeOverBox::run(std::span<const double> low, std::span<const double> high) {
  for (std::size_t i = 0; i < inputs_.size(); ++i) mpfi_interv_d(inputs_[i].data(), low[i], high[i]);
  outside_ = clipped_ = false;
  obstacle_.reset();
  known_.assign(needed_.size(), 0);
  for (NodeIndex k = 0; k < needed_.size(); ++k) {
    if (!needed_[k]) continue;
    const Operands of = operands(recorded_.tape.nodes[k]);
    bool have_operands = true;
    for (int i = 0; i < of.count; ++i) have_operands = have_operands && known_[of.nodes[i]];
    if (!have_operands) continue;
    known_[k] = enclose(k) && values_[k].is_bounded() ? 1 : 0;
    if (!known_[k] && !obstacle_) obstacle_ = k;
  }
}

// False where there is no enclosure.
bool TapeOverBox::enclose(NodeIndex k) {
  const Node& node = recorded_.tape.nodes[k];
  const Interval &a = values_[node.a], &b = values_[node.b];
  mpfi_ptr result = values_[k].data();
  switch (node.operation) {
    case Operation::variable:
      mpfi_set(result, inputs_[coordinate_of_[static_cast<std::size_t>(node.value)]].data());
      return true;
    case Operation::constant: mpfi_set_si(result, node.value); return true;
    case Operation::add: mpfi_add(result, a.data(), b.data()); return true;
    case Operation::subtract: mpfi_sub(result, a.data(), b.data()); return true;
    case Operation::multiply:
      if (node.a == node.b)
        mpfi_sqr(result, a.data());
      else
        mpfi_mul(result, a.data(), b.data());
      return true;
    case Operation::divide:
      outside_ = outside_ || b.is_exact_zero();
      if (!b.certainly_positive() && !b.certainly_negative()) return false;
      mpfi_div(result, a.data(), b.data());
      return true;
    case Operation::negate: mpfi_neg(result, a.data()); return true;
    case Operation::square_root:
      outside_ = outside_ || a.certainly_negative();
      if (a.certainly_negative()) return false;
      if (a.certainly_nonnegative()) {
        mpfi_sqrt(result, a.data());
      } else {
        clipped_ = true;
        mpfr_set_zero(&result->left, 1);
        mpfr_sqrt(&result->right, a.right(), MPFR_RNDU);
      }
      return true;
    case Operation::select_positive:
      if (a.certainly_positive())
        mpfi_set(result, b.data());
      else if (is_nonpositive(a))
        mpfi_set(result, values_[node.c].data());
      else
        mpfi_union(result, b.data(), values_[node.c].data());
      return true;
    case Operation::smooth:
      if (node.smooth == Smooth::log) {
        if (node.order > 0) return false;
        outside_ = outside_ || is_nonpositive(a);
      }
      try {
        values_[k] = smooth(node.smooth, node.order, a);
      } catch (const OutsideDomain&) {
        return false;
      }
      return true;
  }
  return false;
}

bool TapeOverBox::slopes(NodeIndex left, NodeIndex right) {
  has_adjoint_.assign(needed_.size(), 0);
  obstacle_.reset();
  for (Interval& slope : slopes_) mpfi_set_si(slope.data(), 0);
  contribute(left, Interval(-1));
  contribute(right, Interval(1));
  for (NodeIndex k = static_cast<NodeIndex>(needed_.size()); k-- > 0;) {
    if (!has_adjoint_[k] || adjoints_[k].is_exact_zero()) continue;
    if (adjoints_[k].is_bounded() && spread(k)) continue;
    obstacle_ = k;
    return false;
  }
  return true;
}

void TapeOverBox::contribute(NodeIndex to, const Interval& amount) {
  if (has_adjoint_[to])
    mpfi_add(adjoints_[to].data(), adjoints_[to].data(), amount.data());
  else
    mpfi_set(adjoints_[to].data(), amount.data());
  has_adjoint_[to] = 1;
}

// Hands the adjoint of node k to its operands; false where the node is not smooth over the box.
bool TapeOverBox::spread(NodeIndex k) {
  const Node& node = recorded_.tape.nodes[k];
  const Interval &adjoint = adjoints_[k], &a = values_[node.a], &b = values_[node.b];
  mpfi_ptr first = first_.data(), second = second_.data();
  switch (node.operation) {
    case Operation::variable: {
      mpfi_ptr slope = slopes_[coordinate_of_[static_cast<std::size_t>(node.value)]].data();
      mpfi_add(slope, slope, adjoint.data());
      return true;
    }
    case Operation::constant: return true;
    case Operation::add:
      contribute(node.a, adjoint);
      contribute(node.b, adjoint);
      return true;
    case Operation::subtract:
      contribute(node.a, adjoint);
      mpfi_neg(first, adjoint.data());
      contribute(node.b, first_);
      return true;
    case Operation::multiply:
      mpfi_mul(first, adjoint.data(), b.data());
      mpfi_mul(second, adjoint.data(), a.data());
      contribute(node.a, first_);
      contribute(node.b, second_);
      return true;
    case Operation::divide:  // ∂(a/b) = ∂a/b − (a/b) ∂b/b
      mpfi_div(first, adjoint.data(), b.data());
      contribute(node.a, first_);
      mpfi_mul(second, first, values_[k].data());
      mpfi_neg(second, second);
      contribute(node.b, second_);
      return true;
    case Operation::negate:
      mpfi_neg(first, adjoint.data());
      contribute(node.a, first_);
      return true;
    case Operation::square_root:
      if (!values_[k].certainly_positive()) return false;
      mpfi_div(first, adjoint.data(), values_[k].data());
      mpfi_div_2ui(first, first, 1);
      contribute(node.a, first_);
      return true;
    case Operation::select_positive:
      if (!a.certainly_positive() && !is_nonpositive(a)) return false;
      contribute(a.certainly_positive() ? node.b : node.c, adjoint);
      return true;
    case Operation::smooth:
      if (node.smooth == Smooth::log) {
        mpfi_div(first, adjoint.data(), a.data());
      } else {
        try {
          mpfi_mul(first, adjoint.data(), smooth(node.smooth, node.order + 1, a).data());
        } catch (const OutsideDomain&) {
          return false;
        }
      }
      contribute(node.a, first_);
      return true;
  }
  return false;
}

std::vector<char> TapeOverBox::reaches(NodeIndex from) const {
  std::vector<char> reached(needed_.size(), 0), coordinates(inputs_.size(), 0);
  reached[from] = 1;
  for (std::size_t k = static_cast<std::size_t>(from) + 1; k-- > 0;) {
    if (!reached[k]) continue;
    const Node& node = recorded_.tape.nodes[k];
    if (node.operation == Operation::variable) coordinates[coordinate_of_[static_cast<std::size_t>(node.value)]] = 1;
    const Operands of = operands(node);
    for (int i = 0; i < of.count; ++i) reached[of.nodes[i]] = 1;
  }
  return coordinates;
}

}  // namespace normproof::evidence
