// What is the loss of one sample, and its derivative in the network's outputs?
//
// Source. LL19 (3) leaves l(F(x), y) open. With outputs o_1 … o_K and targets t_1 … t_K of one sample:
//
//   squared   l = ½ Σ_k (o_k − t_k)²                  ∂l/∂o_k = o_k − t_k
//   logistic  l = Σ_k log(1 + exp(−t_k o_k))          ∂l/∂o_k = −t_k softplus′(−t_k o_k),   t_k = ±1, the label
//   softmax   l = (Σ_k t_k) log Σ_k exp(o_k) − Σ_k t_k o_k     ∂l/∂o_k = (Σ_i t_i) p_k − t_k
//             p_k = exp(o_k)/Σ_i exp(o_i);
//             t is a probability vector, usually one-hot; then l is the negative log-likelihood −Σ_k t_k log p_k
//
// log Σ exp is folded from the left, L_1 = o_1, L_k = log(exp(L_{k−1}) + exp(o_k)) = L_{k−1} + softplus(o_k − L_{k−1}),
// and its derivative by the chain rule of that fold:
//   ∂L_k/∂o_k = softplus′(o_k − L_{k−1}),   ∂L_k/∂L_{k−1} = 1 − softplus′(o_k − L_{k−1}).
//
// Assumptions. outputs, targets and gradient have the same length K ≥ 1. `gradient` is overwritten; it may be `outputs`
// for squared and logistic, and must not overlap anything for softmax.
//
// Why the fold. It neither overflows nor compares a T, and value and derivative fit together for any smooth function in
// softplus's place, which is what an exact run over a prime field puts there.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

#include "impl/reference/elementary.hpp"

namespace normproof::reference {

enum class Loss { squared, logistic, softmax };

// L_1 … L_K of the fold above; the last one is log Σ exp(o_k).
template <class T>
std::vector<T> log_sum_exp_fold(std::span<const T> outputs) {
  assert(!outputs.empty());
  std::vector<T> fold;
  fold.reserve(outputs.size());
  fold.push_back(outputs[0]);
  for (std::size_t k = 1; k < outputs.size(); ++k) fold.push_back(fold[k - 1] + softplus(outputs[k] - fold[k - 1]));
  return fold;
}

template <class T>
T loss_value(Loss loss, std::span<const T> outputs, std::span<const T> targets) {
  assert(!outputs.empty() && targets.size() == outputs.size());
  T sum = T(0);
  switch (loss) {
    case Loss::squared:
      for (std::size_t k = 0; k < outputs.size(); ++k) {
        const T error = outputs[k] - targets[k];
        sum += error * error / T(2);
      }
      break;
    case Loss::logistic:
      for (std::size_t k = 0; k < outputs.size(); ++k) sum += softplus(-(targets[k] * outputs[k]));
      break;
    case Loss::softmax: {
      const T log_sum_exp = log_sum_exp_fold<T>(outputs).back();
      for (std::size_t k = 0; k < outputs.size(); ++k) sum += targets[k] * (log_sum_exp - outputs[k]);
      break;
    }
  }
  return sum;
}

template <class T>
void loss_gradient(Loss loss, std::span<const T> outputs, std::span<const T> targets, std::span<T> gradient) {
  assert(!outputs.empty() && targets.size() == outputs.size() && gradient.size() == outputs.size());
  switch (loss) {
    case Loss::squared:
      for (std::size_t k = 0; k < outputs.size(); ++k) {
        T sum = T(0);
        sum += outputs[k];  // term: squared_output
        sum -= targets[k];  // term: squared_target
        gradient[k] = sum;
      }
      break;
    case Loss::logistic:
      for (std::size_t k = 0; k < outputs.size(); ++k) {
        T sum = T(0);
        sum -= targets[k] * softplus_slope(-(targets[k] * outputs[k]));  // term: logistic_slope
        gradient[k] = sum;
      }
      break;
    case Loss::softmax: {
      const std::vector<T> fold = log_sum_exp_fold<T>(outputs);
      T total = T(0);
      for (std::size_t k = 0; k < outputs.size(); ++k) total += targets[k];
      // `through_fold` is (Σ t) ∂L_K/∂L_k, from the last output to the first.
      T through_fold = total;
      for (std::size_t k = outputs.size(); k-- > 0;) {
        const T share = k > 0 ? softplus_slope(outputs[k] - fold[k - 1]) : T(1);
        T sum = T(0);
        sum += through_fold * share;  // term: softmax_probability
        sum -= targets[k];            // term: softmax_target
        gradient[k] = sum;
        through_fold *= T(1) - share;
      }
      break;
    }
  }
}

}  // namespace normproof::reference
