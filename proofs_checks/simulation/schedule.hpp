// Which rates α_k and γ_k does a run use?
//
// Source       LL19 Assumption 1-6 and Corollary 3:  α_k = (k + 1)^(−a),  γ_k = γ₀ (k + 2)^(−γ).
// Why a table  It is made once and serves every replica; pow in the inner loop would cost more than the step.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace normproof::simulation {

// Those of one step: ê ← (1 − alpha) ê + alpha (…), w ← w − learning_rate g.
struct Rates {
  double alpha = 0, learning_rate = 0;
};

using Schedule = std::vector<Rates>;

struct PowerSchedule {
  double a = 0, gamma = 0, gamma_0 = 0;
};

// The first `steps` rates.
inline Schedule tabulated(const PowerSchedule& powers, std::size_t steps) {
  Schedule schedule(steps);
  for (std::size_t k = 0; k < steps; ++k) {
    const double k_double = static_cast<double>(k);
    schedule[k] = {std::pow(k_double + 1, -powers.a), powers.gamma_0 * std::pow(k_double + 2, -powers.gamma)};
  }
  return schedule;
}

}  // namespace normproof::simulation
