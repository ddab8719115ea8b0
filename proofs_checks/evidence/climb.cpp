// How does a climb take its steps?
//
// What       NLopt is told heights in a unit that makes the slope at the start 1, and the variables in units of
//            their magnitudes there. On what it climbs, and why: climb.hpp.
#include "proofs_checks/evidence/climb.hpp"

#include <nlopt.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace normproof::evidence {

using numbers::Node;
using numbers::NodeIndex;
using numbers::Operation;

namespace {

std::vector<NodeIndex> operands(const Node& node) {
  switch (node.operation) {
    case Operation::variable:
    case Operation::constant: return {};
    case Operation::negate:
    case Operation::square_root:
    case Operation::smooth: return {node.a};
    case Operation::select_positive: return {node.a, node.b, node.c};
    case Operation::add:
    case Operation::subtract:
    case Operation::multiply:
    case Operation::divide: break;
  }
  return {node.a, node.b};
}

}  // namespace

Terrain::Terrain(const RecordedReading& recorded) : variables_(recorded.variables) {
  tape_.variables = recorded.tape.variables;
  keep_what_is_needed(recorded);
}

bool Terrain::stand_at(std::span<const double> point) {
  numbers::replay<double>(tape_, point, values_);
  const auto finite = [&](NodeIndex index) { return std::isfinite(values_[index]); };
  return std::all_of(left_.begin(), left_.end(), finite) && std::all_of(right_.begin(), right_.end(), finite);
}

bool Terrain::hypotheses_hold() const {
  return std::all_of(positive_.begin(), positive_.end(), [&](NodeIndex index) { return values_[index] > 0; }) &&
         std::all_of(nonnegative_.begin(), nonnegative_.end(), [&](NodeIndex index) { return values_[index] >= 0; });
}

void Terrain::look_at(std::size_t entry) {
  terms_.clear();
  add_terms(left_[entry], 1);
  add_terms(right_[entry], -1);
}

double Terrain::excess() const {
  const Parts parts = this->parts();
  const double size = parts.above + parts.below;
  return size > 0 ? (parts.above - parts.below) / size : -1;
}

double Terrain::size() const {
  const Parts parts = this->parts();
  return parts.above + parts.below;
}

double Terrain::height(StandIn stand_in, double size_at_start) const {
  const Parts parts = this->parts();
  if (stand_in != StandIn::ratio) return (parts.above - parts.below) / size_at_start;
  if (!(parts.above > 0)) return -steepest;
  if (!(parts.below > 0)) return steepest;
  const double ratio = parts.above / parts.below;
  return ratio > 0.5 ? std::log1p((parts.above - parts.below) / parts.below) : std::log(ratio);
}

bool Terrain::slope(StandIn stand_in, double size_at_start, std::vector<double>& gradient) {
  const Parts parts = this->parts();
  const bool difference = stand_in != StandIn::ratio;
  if (!difference && !(parts.above > 0 && parts.below > 0)) return false;
  seeds_.clear();
  for (const Term& term : terms_) {
    const bool above = term.sign * values_[term.node] > 0;
    seeds_.push_back({term.node, term.sign / (difference ? size_at_start : above ? parts.above : parts.below)});
  }
  return numbers::adjoint(tape_, values_, seeds_, adjoints_, gradient);
}

std::vector<NodeIndex> Terrain::roots() const {
  std::vector<NodeIndex> found;
  for (const Term& term : terms_) {
    if (term.sign * values_[term.node] > 0) continue;
    const std::optional<NodeIndex> root = root_of(term.node);
    if (root && std::find(found.begin(), found.end(), *root) == found.end()) found.push_back(*root);
  }
  return found;
}

bool Terrain::slope_of(NodeIndex index, std::vector<double>& gradient) {
  const numbers::Seed seed = {index, 1};
  return numbers::adjoint(tape_, values_, {&seed, 1}, adjoints_, gradient);
}

Terrain::Parts Terrain::parts() const {
  Parts parts;
  for (const Term& term : terms_) {
    const double value = term.sign * values_[term.node];
    (value > 0 ? parts.above : parts.below) += std::abs(value);
  }
  return parts;
}

std::optional<NodeIndex> Terrain::root_of(NodeIndex index) const {
  for (;;) {
    const Node& node = tape_.nodes[index];
    const bool product = node.operation == Operation::multiply;
    if (product && node.a == node.b) return varies_[node.a] ? std::optional(node.a) : std::nullopt;
    if (product && !varies_[node.a]) {
      index = node.b;
    } else if ((product || node.operation == Operation::divide) && !varies_[node.b]) {
      index = node.a;
    } else {
      return std::nullopt;
    }
  }
}

// Leaves out what belongs to the gap or to nothing, and renumbers the rest.
void Terrain::keep_what_is_needed(const RecordedReading& recorded) {
  const std::vector<Node>& nodes = recorded.tape.nodes;
  std::vector<char> needed(nodes.size(), 0);
  for (const auto* kept : {&recorded.left, &recorded.right, &recorded.positive, &recorded.nonnegative})
    for (const NodeIndex index : *kept) needed[index] = 1;
  for (std::size_t k = nodes.size(); k-- > 0;)
    if (needed[k])
      for (const NodeIndex operand : operands(nodes[k])) needed[operand] = 1;
  std::vector<NodeIndex> place(nodes.size(), 0);
  for (std::size_t k = 0; k < nodes.size(); ++k) {
    if (!needed[k]) continue;
    place[k] = static_cast<NodeIndex>(tape_.nodes.size());
    Node node = nodes[k];
    for (NodeIndex* operand : {&node.a, &node.b, &node.c}) *operand = place[*operand];
    smooth_ = smooth_ && node.operation != Operation::select_positive;
    tape_.nodes.push_back(node);
    bool varies = node.operation == Operation::variable;
    for (const NodeIndex operand : operands(node)) varies = varies || varies_[operand];
    varies_.push_back(varies);
  }
  const auto placed = [&](const std::vector<NodeIndex>& indices) {
    std::vector<NodeIndex> result;
    result.reserve(indices.size());
    for (const NodeIndex index : indices) result.push_back(place[index]);
    return result;
  };
  left_ = placed(recorded.left);
  right_ = placed(recorded.right);
  positive_ = placed(recorded.positive);
  nonnegative_ = placed(recorded.nonnegative);
}

// Opens sums; a limit keeps one that is reached on many ways from growing beyond the tape.
void Terrain::add_terms(NodeIndex side, double sign) {
  std::vector<Term> open = {{side, sign}};
  constexpr std::size_t most_terms = 256;
  while (!open.empty()) {
    const Term term = open.back();
    open.pop_back();
    const Node& node = tape_.nodes[term.node];
    const bool full = terms_.size() + open.size() > most_terms;
    if (!full && node.operation == Operation::negate) {
      open.push_back({node.a, -term.sign});
    } else if (!full && (node.operation == Operation::add || node.operation == Operation::subtract)) {
      open.push_back({node.a, term.sign});
      open.push_back({node.b, node.operation == Operation::add ? term.sign : -term.sign});
    } else {
      terms_.push_back(term);
    }
  }
}

namespace {

// The coordinates that a climb moves, in units of their magnitude at its start, and their bounds.
struct Moves {
  std::vector<std::size_t> moved;
  std::vector<double> unit, low, high;

  // Neither way may a rounding lead beyond the bounds.
  std::vector<double> in_units(const std::vector<double>& point) const {
    std::vector<double> at;
    for (std::size_t k = 0; k < moved.size(); ++k)
      at.push_back(std::clamp(point[moved[k]] / unit[k], low[k], high[k] / unit[k]));
    return at;
  }
  void to_point(const std::vector<double>& at, std::vector<double>& point) const {
    for (std::size_t k = 0; k < moved.size(); ++k) point[moved[k]] = std::clamp(at[k] * unit[k], low[k], high[k]);
  }

  Moves(const std::vector<VariableInfo>& variables, const std::vector<double>& start) {
    for (std::size_t k = 0; k < variables.size(); ++k) {
      if (!variables[k].used) continue;
      constexpr double least_unit = 0x1p-1000;
      const double magnitude = std::abs(start[k]);
      const Role role = variables[k].role;
      const bool nonnegative = role == Role::epsilon || role == Role::variance || role == Role::rate;
      moved.push_back(k);
      unit.push_back(magnitude > least_unit ? magnitude : 1);
      low.push_back(nonnegative ? 0 : -HUGE_VAL);
      high.push_back(role == Role::rate ? 1 : HUGE_VAL);
    }
  }
};

// What an optimiser is told at the points that it asks for, and the best of them.
struct GradientClimb {
  const ClimbJudge* judge;
  Terrain* terrain;
  StandIn stand_in;
  const Moves* moves;
  nlopt::opt* optimiser = nullptr;
  int evaluations_left = 0;
  double size_at_start = 1, unit = 1;
  std::vector<double> point = {}, gradient = {}, best = {};
  double best_excess = -HUGE_VAL, judged_excess = 0;
  bool has_value = false, inside = false;
  std::vector<double> stands_at = {};
  bool knows_conditions = false;

  void go_to(const std::vector<double>& at) {
    if (at == stands_at) return;
    stands_at = at;
    moves->to_point(at, point);
    --evaluations_left;
    has_value = terrain->stand_at(point);
    inside = has_value && terrain->hypotheses_hold();
    if (!inside) return;
    const double excess = terrain->excess();
    if (!(excess > best_excess)) return;
    best_excess = excess;
    best = point;
    // Double says violated: error bounds decide. Again only where it is clearly more so than when last asked.
    if (excess > 2 * judged_excess) {
      judged_excess = excess;
      judge->margin(best, false);
    }
  }

  double height(const std::vector<double>& at, std::vector<double>& slope) {
    go_to(at);
    if (judge->stopped() || evaluations_left <= 0) optimiser->force_stop();
    const bool stands = has_value && (inside || knows_conditions);
    const bool sloped = stands && !slope.empty() && terrain->slope(stand_in, size_at_start, gradient);
    for (std::size_t k = 0; k < slope.size(); ++k)
      slope[k] = sloped ? unit * moves->unit[k] * gradient[moves->moved[k]] : 0;
    return stands ? unit * terrain->height(stand_in, size_at_start) : -unit * Terrain::steepest;
  }

  // NLopt's constraints: −condition ≤ 0 and root = 0.
  struct Constraints {
    GradientClimb* climb;
    double sign;
    std::vector<NodeIndex> nodes = {};
    std::vector<double> units = {};

    void add(NodeIndex node) {
      const double magnitude = std::abs(climb->terrain->value(node));
      nodes.push_back(node);
      units.push_back(sign * (magnitude > 0 && std::isfinite(1 / magnitude) ? 1 / magnitude : 1));
    }
    void operator()(const std::vector<double>& at, double* result, double* slopes) {
      climb->go_to(at);
      for (std::size_t c = 0; c < nodes.size(); ++c) {
        const double value = climb->terrain->value(nodes[c]);
        result[c] = std::isfinite(value) ? value * units[c] : Terrain::steepest;
        if (slopes == nullptr) continue;
        const bool sloped = std::isfinite(value) && climb->terrain->slope_of(nodes[c], climb->gradient);
        for (std::size_t k = 0; k < at.size(); ++k)
          slopes[c * at.size() + k] =
              sloped ? units[c] * climb->moves->unit[k] * climb->gradient[climb->moves->moved[k]] : 0;
      }
    }
    static void call(unsigned, double* result, unsigned n, const double* at, double* slopes, void* data) {
      (*static_cast<Constraints*>(data))(std::vector<double>(at, at + n), result, slopes);
    }
  };
};

// SLSQP keeps a whole matrix of curvatures: to the last digit in few variables, too dear in many. L-BFGS knows of no
// conditions: what lies outside them is as low as can be. The limits are empirical.
bool affords_slsqp(const Terrain& terrain, const Moves& moves) {
  constexpr std::size_t few = 12, few_with_conditions = 48;
  return moves.moved.size() <= (terrain.conditions() > 0 ? few_with_conditions : few);
}

// More equations than variables have no common zero as a rule.
bool can_go_to_roots(const Terrain& terrain, const Moves& moves) {
  const std::size_t roots = terrain.roots().size();
  return roots > 0 && roots <= moves.moved.size() && affords_slsqp(terrain, moves);
}

// From climb.best. False where there is no slope to start on.
bool one_ascent(GradientClimb& climb) {
  Terrain& terrain = *climb.terrain;
  const Moves& moves = *climb.moves;
  std::vector<double> from = moves.in_units(climb.best);
  if (!terrain.stand_at(climb.best)) return false;
  climb.size_at_start = terrain.size();
  if (!(climb.size_at_start > 0 && std::isfinite(climb.size_at_start))) return false;
  if (!terrain.slope(climb.stand_in, climb.size_at_start, climb.gradient)) return false;
  double steepness = 0;
  for (std::size_t k = 0; k < moves.moved.size(); ++k)
    steepness = std::hypot(steepness, climb.gradient[moves.moved[k]] * moves.unit[k]);
  if (!(steepness > 0 && std::isfinite(steepness))) return false;
  climb.unit = 1 / steepness;
  if (!std::isfinite(climb.unit)) return false;
  climb.stands_at.clear();

  if (climb.stand_in == StandIn::roots && !can_go_to_roots(terrain, moves)) return false;
  GradientClimb::Constraints inequalities{&climb, -1}, equalities{&climb, 1};
  for (std::size_t c = 0; c < terrain.conditions(); ++c) inequalities.add(terrain.condition(c));
  if (climb.stand_in == StandIn::roots)
    for (const NodeIndex root : terrain.roots()) equalities.add(root);
  const bool slsqp = affords_slsqp(terrain, moves);
  nlopt::opt optimiser(slsqp ? nlopt::LD_SLSQP : nlopt::LD_LBFGS, static_cast<unsigned>(moves.moved.size()));
  climb.optimiser = &optimiser;
  climb.knows_conditions = slsqp;
  const nlopt::vfunc height = [](const std::vector<double>& at, std::vector<double>& slope, void* data) {
    return static_cast<GradientClimb*>(data)->height(at, slope);
  };
  try {
    optimiser.set_max_objective(height, &climb);
    const auto exactly = [](const GradientClimb::Constraints& all) {
      return std::vector<double>(all.nodes.size(), 0.0);
    };
    if (slsqp && !inequalities.nodes.empty())
      optimiser.add_inequality_mconstraint(GradientClimb::Constraints::call, &inequalities, exactly(inequalities));
    if (!equalities.nodes.empty())
      optimiser.add_equality_mconstraint(GradientClimb::Constraints::call, &equalities, exactly(equalities));
    optimiser.set_lower_bounds(moves.low);
    std::vector<double> high = moves.high;
    for (std::size_t k = 0; k < high.size(); ++k) high[k] /= moves.unit[k];
    optimiser.set_upper_bounds(high);
    optimiser.set_maxeval(climb.evaluations_left);
    double best = 0;
    optimiser.optimize(from, best);
  } catch (const nlopt::forced_stop&) {       // ours
  } catch (const nlopt::roundoff_limited&) {  // it can go no higher
  } catch (const std::runtime_error&) {       // NLopt's own failure: the points it did visit count all the same
  }
  return true;
}

std::size_t tightest_entry(Terrain& terrain) {
  std::size_t tightest = 0;
  double most = -HUGE_VAL;
  for (std::size_t k = 0; k < terrain.entries(); ++k) {
    terrain.look_at(k);
    const double excess = terrain.excess();
    if (!(excess > most)) continue;
    most = excess;
    tightest = k;
  }
  return tightest;
}

}  // namespace

Climb climb_by_gradient(Terrain& terrain, const std::vector<double>& start, std::optional<std::size_t> entry,
                        StandIn stand_in, int evaluations, const ClimbJudge& judge) {
  const Moves moves(terrain.variables(), start);
  if (moves.moved.empty() || !terrain.stand_at(start)) return {};
  terrain.look_at(entry ? *entry : tightest_entry(terrain));
  GradientClimb climb{.judge = &judge, .terrain = &terrain, .stand_in = stand_in, .moves = &moves};
  climb.evaluations_left = evaluations;
  climb.point = climb.best = start;
  if (terrain.hypotheses_hold()) climb.best_excess = terrain.excess();
  const double excess_at_start = climb.best_excess;
  if (stand_in == StandIn::roots && !can_go_to_roots(terrain, moves)) return {};
  double before;
  do {
    before = climb.best_excess;
    if (!one_ascent(climb)) break;
  } while (!judge.stopped() && climb.evaluations_left > 0 && climb.best_excess > before);
  if (!judge.stopped() && climb.best_excess > -HUGE_VAL) judge.margin(climb.best, true);
  return {.begun = true,
          .higher = climb.best_excess > excess_at_start,
          .evaluations = evaluations - climb.evaluations_left};
}

Climb climb_without_gradient(const std::vector<VariableInfo>& variables, const std::vector<double>& start,
                             int evaluations, const ClimbJudge& judge) {
  const Moves moves(variables, start);
  if (moves.moved.empty()) return {};
  std::vector<double> from, step;
  for (std::size_t k = 0; k < moves.moved.size(); ++k) {
    from.push_back(start[moves.moved[k]]);
    step.push_back(moves.unit[k] / 4);
  }
  struct Objective {
    nlopt::opt* optimiser;
    const ClimbJudge* judge;
    const Moves* moves;
    std::vector<double> point;
    int evaluations;
  };
  nlopt::opt optimiser(nlopt::LN_SBPLX, static_cast<unsigned>(moves.moved.size()));
  Objective objective{&optimiser, &judge, &moves, start, 0};
  const nlopt::vfunc call = [](const std::vector<double>& at, std::vector<double>&, void* data) {
    Objective& self = *static_cast<Objective*>(data);
    for (std::size_t k = 0; k < at.size(); ++k) self.point[self.moves->moved[k]] = at[k];
    if (self.judge->stopped()) {
      self.optimiser->force_stop();
      return -1.0;
    }
    ++self.evaluations;
    return self.judge->margin(self.point, false);
  };
  try {
    optimiser.set_max_objective(call, &objective);
    optimiser.set_lower_bounds(moves.low);
    optimiser.set_upper_bounds(moves.high);
    optimiser.set_initial_step(step);
    optimiser.set_maxeval(evaluations);
    double best = 0;
    optimiser.optimize(from, best);
  } catch (const nlopt::forced_stop&) {       // ours
  } catch (const nlopt::roundoff_limited&) {  // it can go no higher
  } catch (const std::runtime_error&) {       // NLopt's own failure: the points it did visit count all the same
  }
  return {.begun = true, .evaluations = objective.evaluations};
}

}  // namespace normproof::evidence
