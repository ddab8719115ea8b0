// How much nearer to an initialization is the nearest optimum of a network with batch normalization?
//
// Source. SAN18 Lemma 4.5; WIKI, last inequality of its smoothness section.
// Notation. Ours | SAN18: start | W₀, optimum | W*; the weights as one vector.
//   bound = ‖start − optimum‖² − (‖optimum‖² − ⟨optimum, start⟩)² / ‖optimum‖²
// Assumptions. optimum ≠ 0. Batch normalization's optima contain the ray {k·optimum, k > 0}.
// Why. ‖start − k·optimum‖² is a quadratic in k with its minimum at k = ⟨start, optimum⟩/‖optimum‖², which is
// ‖start‖² − ⟨start, optimum⟩²/‖optimum‖² = bound. For every other k it is larger by ‖optimum‖²·(k − that k)².
#pragma once

#include <stdexcept>

#include "theory/training_batch.hpp"

namespace normproof::theory {

template <class T>
T initialization_bound(const Vector<T>& start, const Vector<T>& optimum) {
  if (start.size() != optimum.size()) throw std::invalid_argument("the start and the optimum must have one shape");
  T distance = T(0);
  T length = T(0);
  T product = T(0);
  for (Eigen::Index k = 0; k < start.size(); ++k) {
    const T difference = start(k) - optimum(k);
    distance += difference * difference;  // term: squared_distance
    length += optimum(k) * optimum(k);    // term: squared_length
    product += optimum(k) * start(k);     // term: inner_product
  }
  T bound = T(0);
  bound += distance;                                          // term: distance_to_the_optimum
  bound -= (length - product) * (length - product) / length;  // term: improvement
  return bound;
}

}  // namespace normproof::theory
