// What is the gradient of a combination of a tape's nodes with respect to all of its variables, in double?
//
// What       adjoint() sweeps a tape once, from its last node to its first (the reverse mode of differentiation). For
//            f = Σ_s weight_s · v_s over nodes s it gives ∂f/∂x_k for every variable k, at about the cost of two
//            replays, however many variables there are.
// Source     Griewank & Walther, Evaluating Derivatives, 2nd ed. (2008), ch. 3.
// Notation   v_k the value of node k, v̄_k = ∂f/∂v_k its adjoint. A node v = φ(a, b) adds to ā and b̄, for
//              a ± b    v̄, ±v̄            a · b    v̄ b, v̄ a
//              a / b    v̄/b, −(v̄/b) v    √a       v̄/(2v)
//              c > 0 ? a : b              v̄ to the branch taken, nothing to c, as for Dual
//              smooth(order) of a         v̄ times its next derivative
// Assumes    `values` are those of replay<double> at the point. A node whose adjoint is 0 passes nothing on, so what f
//            does not depend on may have no derivative.
// Why        A climb in 60 variables needs all 60 slopes at each step: one sweep here, 60 replays with Dual. The
//            gradient only says where to look next, never what is true, so double is enough.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "proofs_checks/numbers/native.hpp"
#include "proofs_checks/numbers/tape.hpp"

namespace normproof::numbers {

struct Seed {
  NodeIndex node = 0;
  double weight = 0;
};

inline double smooth_slope(Smooth function, int order, double x) {
  if (function == Smooth::exp) return smooth(Smooth::exp, 0, x);
  if (function == Smooth::log && order == 0) return 1 / x;
  return smooth(function, order + 1, x);
}

// gradient[k] = ∂f/∂x_k for each of the tape's variables; false where one is not finite (a root of 0, an overflow, a
// derivative that is not known). `adjoints` is scratch that is kept from call to call.
inline bool adjoint(const Tape& tape, std::span<const double> values, std::span<const Seed> seeds,
                    std::vector<double>& adjoints, std::vector<double>& gradient) {
  gradient.assign(static_cast<std::size_t>(tape.variables), 0.0);
  std::size_t end = 0;
  for (const Seed& seed : seeds) end = std::max(end, static_cast<std::size_t>(seed.node) + 1);
  adjoints.assign(end, 0.0);
  for (const Seed& seed : seeds) adjoints[seed.node] += seed.weight;
  for (std::size_t k = end; k-- > 0;) {
    const double bar = adjoints[k];
    if (bar == 0) continue;
    const Node& node = tape.nodes[k];
    switch (node.operation) {
      case Operation::variable: gradient[static_cast<std::size_t>(node.value)] += bar; break;
      case Operation::constant: break;
      case Operation::add:
        adjoints[node.a] += bar;
        adjoints[node.b] += bar;
        break;
      case Operation::subtract:
        adjoints[node.a] += bar;
        adjoints[node.b] -= bar;
        break;
      case Operation::multiply:
        adjoints[node.a] += bar * values[node.b];
        adjoints[node.b] += bar * values[node.a];
        break;
      case Operation::divide: {
        const double share = bar / values[node.b];
        adjoints[node.a] += share;
        adjoints[node.b] -= share * values[k];
        break;
      }
      case Operation::negate: adjoints[node.a] -= bar; break;
      case Operation::square_root: adjoints[node.a] += bar / (2 * values[k]); break;
      case Operation::select_positive: adjoints[values[node.a] > 0 ? node.b : node.c] += bar; break;
      case Operation::smooth: adjoints[node.a] += bar * smooth_slope(node.smooth, node.order, values[node.a]); break;
    }
  }
  return std::all_of(gradient.begin(), gradient.end(), [](double slope) { return std::isfinite(slope); });
}

}  // namespace normproof::numbers
