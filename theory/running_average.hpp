// What is a running average after k steps, in one sum?
//
// Source. LL19 Algorithm 1, line 1: r ← (1 − α)·r + α·new, for the mean and for the variance.
// Notation. start = r_0; values = new_1 … new_k; rate = α, the weight of the new value:
//   r_k = (1 − α)^k r_0 + Σ_i α (1 − α)^(k−i) new_i
// Assumptions. None: the weights add up to 1 for every α, and are not negative for 0 ≤ α ≤ 1.
// Why. Every later step multiplies what is there by 1 − α; new_i meets k − i later steps, the start k.
#pragma once

#include "theory/training_batch.hpp"

namespace normproof::theory {

template <class T>
T running_average(const T& start, const Vector<T>& values, const T& rate) {
  T sum = T(0);
  T weight_of_the_rest = T(1);  // (1 − α)^(k−i)
  for (int i = static_cast<int>(values.size()) - 1; i >= 0; --i) {
    sum += rate * weight_of_the_rest * values(i);
    weight_of_the_rest *= T(1) - rate;
  }
  return sum + weight_of_the_rest * start;
}

}  // namespace normproof::theory
