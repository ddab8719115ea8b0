// How large is Lemma 1's error, without sampling, where the weights move at a constant speed?
//
// Source       LL19 Algorithm 2, line 2, and Lemma 1, on the problem TrackingProblem<Steady, n>.
// Formulas     Every gᵢ = −speed, so that E eᵢ(w) = wᵢ₊₁ + ⋯ + wₙ + m moves by (n − i) γ_k speed in step k. Let
//                dᵢ^(k+1) = êᵢ^(k+1) − E eᵢ(w^(k)),   δᵢ^(k) = dᵢ^(k) − (n − i) γ_(k−1) speed = êᵢ^(k) − E eᵢ(w^(k)).
//              dᵢ ← (1 − α_k) δᵢ + α_k (ξ − m)  for i = n and n − 1, of the same ξ;
//              dᵢ ← (1 − α_k) δᵢ + α_k δᵢ₊₁     for i < n − 1.
//              That is d ← A δ + α_k (ξ − m) v, v = e_n + e_(n−1), and with s² the variance of ξ
//                E d ← A E δ,   cov d ← A (cov d) Aᵀ + α_k² s² v vᵀ,   E dᵢ² = (E dᵢ)² + (cov d)ᵢᵢ.
//              speed = 0 is the noise-only problem, w frozen:  E dₙ² ← (1 − α_k)² E dₙ² + α_k² s².
//              s = 0 is the drift-only problem: one run, and for n = 2  d₁ ← (1 − α_k)(d₁ − γ_(k−1) speed).
// Assumption 1: items 1 (G = √n |speed|), 2 (σ = s), 3 (L_g = 0), 4 and 6 hold. Item 5 does not, unless Σγ_k < ∞;
//              Lemma 1 says nothing about f.
// Assumptions  speed ≥ 0 and every mean ≤ 0 at the start: then nothing cancels. A mean meets 2 roundings as it enters
//              and at most 4 in each step, which its square doubles; a covariance 4 and at most 7. With one each for
//              square and sum, E dᵢ² after k steps has a relative error of at most γ_(8k+6), the rates as tabulated.
// Why          Lemma 1 bounds E d² by a term of the drift, k^(−2γ+2a), and a term of the noise, k^(−a). Here each
//              stands alone.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>

#include "proofs_checks/simulation/octave_sums.hpp"
#include "proofs_checks/simulation/schedule.hpp"
#include "theory/rounding/unit_roundoff.hpp"

namespace normproof::simulation {

template <std::size_t n>
struct SteadyDrift {
  static_assert(n >= 1);
  double speed = 1, standard_deviation = 1;
  std::array<double, n> mean = {};                       // E d₁ … E dₙ
  std::array<std::array<double, n>, n> covariance = {};  // of d
  double moved = 0;                                      // γ_(k−1) speed

  void step(const Rates& rates) {
    const double old_weight = 1 - rates.alpha, new_weight = rates.alpha;
    std::array<double, n> stale = {};  // E δ
    for (std::size_t i = 0; i < n; ++i) stale[i] = mean[i] - static_cast<double>(n - 1 - i) * moved;
    const auto before = covariance;
    const double noise = new_weight * standard_deviation;
    for (std::size_t i = 0; i < n; ++i) {
      mean[i] = old_weight * stale[i] + (mixes_in_an_estimate(i) ? new_weight * stale[i + 1] : 0.0);
      for (std::size_t j = 0; j < n; ++j) {
        double sum = old_weight * old_weight * before[i][j];
        if (mixes_in_an_estimate(i)) sum += new_weight * old_weight * before[i + 1][j];
        if (mixes_in_an_estimate(j)) sum += old_weight * new_weight * before[i][j + 1];
        if (mixes_in_an_estimate(i) && mixes_in_an_estimate(j)) sum += new_weight * new_weight * before[i + 1][j + 1];
        if (!mixes_in_an_estimate(i) && !mixes_in_an_estimate(j)) sum += noise * noise;
        covariance[i][j] = sum;
      }
    }
    moved = rates.learning_rate * speed;
  }

  // E dᵢ₊₁².
  double squared_error(std::size_t i) const { return mean[i] * mean[i] + covariance[i][i]; }

 private:
  static bool mixes_in_an_estimate(std::size_t i) { return i + 2 < n; }
};

inline double steady_drift_error(std::size_t steps) {
  return theory::gamma_n(8 * static_cast<std::int64_t>(steps) + 6, theory::unit_roundoff_double);
}

// Octave sums of E d_layer².
template <std::size_t n>
OctaveSums steady_drift_octaves(SteadyDrift<n> drift, std::size_t layer, const Schedule& schedule,
                                const Portion& portion, int last_octave) {
  assert(layer >= 1 && layer <= n && end_of_octave(last_octave) <= schedule.size());
  return recursion_octaves(last_octave, portion, steady_drift_error(end_of_octave(last_octave)), [&](std::size_t k) {
    drift.step(schedule[k]);
    return drift.squared_error(layer - 1);
  });
}

}  // namespace normproof::simulation
