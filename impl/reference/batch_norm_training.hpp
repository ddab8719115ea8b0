// How does a trained batch-normalized layer become an inference layer?
//
// Source. LI23 Algorithm 2, lines 7–10. Lines 1–6 (insert the transform, train) are network.hpp's business.
//
//   for each normalized activation x:
//     9:  process several minibatches B of m samples each
//           E[x]   ← E_B[μ_B]                                (47)
//           Var[x] ← m/(m−1) · E_B[σ_B²]                     (48)
//     10: replace y = BN_{γ,β}(x) by
//           y = γ/√(Var[x] + ε) · x + (β − γE[x]/√(Var[x] + ε))      (49)
//
// Notation. `minibatches` holds `count` minibatches one after the other, each batch × channels, row-major: count·m·D
// values. E_B is the plain average over them; μ_B and σ_B² are Algorithm 1's lines 2 and 3, feature by feature.
//
// Assumptions. count ≥ 1. m = 1 throws std::invalid_argument, for (48) divides by m − 1.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <stdexcept>
#include <vector>

#include "impl/reference/batch_norm.hpp"
#include "impl/reference/extents.hpp"

namespace normproof::reference {

// Line 9: (47) and (48). Each minibatch has `extents`.
template <class T>
RunningStatistics<T> population_statistics(std::span<const T> minibatches, int count, Extents extents) {
  if (extents.batch < 2) {
    throw std::invalid_argument("population_statistics: LI23 (48) needs minibatches of at least 2 samples");
  }
  assert(count >= 1 && minibatches.size() == static_cast<std::size_t>(count) * extents.size());
  RunningStatistics<T> population{std::vector<T>(extents.columns(), T(0)), std::vector<T>(extents.columns(), T(0))};
  std::vector<T> mean(extents.columns(), T(0));
  std::vector<T> variance(extents.columns(), T(0));
  for (std::size_t b = 0; b < static_cast<std::size_t>(count); ++b) {
    const std::span<const T> x = minibatches.subspan(b * extents.size(), extents.size());
    batch_mean<T>(x, extents, mean);
    batch_variance<T>(x, extents, mean, variance);
    for (std::size_t j = 0; j < extents.columns(); ++j) {
      population.mean[j] += mean[j];
      population.variance[j] += variance[j];
    }
  }
  const T correction = T(extents.batch) / T(extents.batch - 1);
  for (std::size_t j = 0; j < extents.columns(); ++j) {
    population.mean[j] = population.mean[j] / T(count);
    population.variance[j] = correction * (population.variance[j] / T(count));
  }
  return population;
}

// Line 10: (49) with the statistics of line 9.
template <class T>
void batch_norm_population_infer(std::span<const T> x, Extents extents, const RunningStatistics<T>& population,
                                 std::span<const T> gamma, std::span<const T> beta, const T& eps, std::span<T> y) {
  batch_norm_infer_folded<T>(x, extents, population.mean, population.variance, gamma, beta, eps, y);
}

}  // namespace normproof::reference
