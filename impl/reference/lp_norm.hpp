// How does a batch normalized by an average ℓp norm run forward and backward, loop by loop?
//
// Source. SAN18 §3.3 and its appendix: subtract the batch mean, divide by the average ℓp norm taken before the shift,
// p = 1, 2, ∞. With m values x_i of one channel:
//
//   forward    μ ← (1/m) Σ x_i,   n ← average norm of w,   x̂_i ← (x_i − μ)/n,   y_i ← γ x̂_i + β
//   w_i        x_i ("before shifting the mean"), or x_i − μ: a second reading
//   average    of the powers: ((1/m) Σ |w_i|^p)^(1/p), for p = ∞ max |w_i|;
//              or the norm over the number of values: ‖w‖_p/m: a second reading, the same for p = 1
//
//   backward   ∂ℓ/∂x̂_i = ∂ℓ/∂y_i γ,   ∂ℓ/∂n = −Σ ∂ℓ/∂x̂_i (x_i − μ)/n²,   ∂ℓ/∂w_i = ∂ℓ/∂n ∂n/∂w_i,
//              ∂ℓ/∂μ = −Σ ∂ℓ/∂x̂_i /n, and −Σ ∂ℓ/∂w_i besides where w = x − μ,
//              ∂ℓ/∂x_i = ∂ℓ/∂x̂_i /n + ∂ℓ/∂w_i + ∂ℓ/∂μ /m
//
// Notation. x, y, dy, dx: batch × channels, row-major; gamma, beta: one per channel.
//
// Assumptions. n ≠ 0, no ε: SAN18 has none. At a kink (w_i = 0 for p = 1, a tie for p = ∞) ∂n/∂w is one of its
// one-sided values: that of −w_i, and that of the first of the largest.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

#include "impl/reference/elementary.hpp"
#include "impl/reference/extents.hpp"

namespace normproof::reference {

struct LpNormReading {
  enum class Power { one, two, infinity };
  enum class Of { raw, centred };
  enum class Average { of_powers, norm_over_count };
  Power power = Power::one;
  Of of = Of::raw;
  Average average = Average::of_powers;
};

// One channel: μ, w, n and ∂n/∂w.
template <class T>
struct LpNormState {
  T mean = T(0);
  T norm = T(0);
  std::vector<T> shifted;  // x − μ
  std::vector<T> slope;    // ∂n/∂w
};

// 1 where w > 0, else −1.
template <class T>
T sign_of(const T& w) {
  return T(2) * relu_slope(w) - T(1);
}

template <class T>
LpNormState<T> lp_norm_state(std::span<const T> x, LpNormReading reading) {
  assert(!x.empty());
  const std::size_t batch = x.size();
  const T count = T(static_cast<int>(batch));
  LpNormState<T> state;
  for (const T& value : x) state.mean += value;
  state.mean = state.mean / count;
  for (const T& value : x) state.shifted.push_back(value - state.mean);

  std::vector<T> w(x.begin(), x.end());
  if (reading.of == LpNormReading::Of::centred) w = state.shifted;
  state.slope.assign(batch, T(0));
  if (reading.power == LpNormReading::Power::one) {
    for (std::size_t i = 0; i < batch; ++i) {
      const T sign = sign_of(w[i]);
      state.norm += sign * w[i];
      state.slope[i] += sign / count;  // term: slope_of_one
    }
    state.norm = state.norm / count;
  }
  if (reading.power == LpNormReading::Power::two) {
    T squares = T(0);
    for (const T& value : w) squares += value * value;
    if (reading.average == LpNormReading::Average::of_powers) {
      const T mean_square = squares / count;
      state.norm = sqrt(mean_square);
    } else {
      state.norm = sqrt(squares) / count;
    }
    // n² is Σ w²/m, or Σ w²/m².
    const T divisor = reading.average == LpNormReading::Average::of_powers ? count : count * count;
    for (std::size_t i = 0; i < batch; ++i) state.slope[i] += w[i] / (divisor * state.norm);  // term: slope_of_two
  }
  if (reading.power == LpNormReading::Power::infinity) {
    const T share = reading.average == LpNormReading::Average::of_powers ? T(1) : T(1) / count;
    T largest = T(0);
    for (std::size_t i = 0; i < batch; ++i) {
      const T sign = sign_of(w[i]);
      const T size = sign * w[i];
      const T larger = i == 0 ? T(1) : clamp_below_slope(size, largest);
      largest = i == 0 ? size : clamp_below(size, largest);
      for (std::size_t k = 0; k < i; ++k) state.slope[k] *= T(1) - larger;
      state.slope[i] += share * larger * sign;  // term: slope_of_infinity
    }
    state.norm = share * largest;
  }
  return state;
}

template <class T>
std::vector<T> channel_of(std::span<const T> values, Extents extents, std::size_t channel) {
  assert(values.size() == extents.size());
  std::vector<T> column;
  for (std::size_t i = 0; i < extents.rows(); ++i) column.push_back(values[extents.at(i, channel)]);
  return column;
}

template <class T>
void lp_norm_train(std::span<const T> x, Extents extents, std::span<const T> gamma, std::span<const T> beta,
                   LpNormReading reading, std::span<T> y) {
  assert(x.size() == extents.size() && y.size() == extents.size());
  assert(gamma.size() == extents.columns() && beta.size() == extents.columns());
  for (std::size_t j = 0; j < extents.columns(); ++j) {
    const LpNormState<T> state = lp_norm_state<T>(channel_of<T>(x, extents, j), reading);
    for (std::size_t i = 0; i < extents.rows(); ++i)
      y[extents.at(i, j)] = gamma[j] * (state.shifted[i] / state.norm) + beta[j];
  }
}

template <class T>
void lp_norm_backward(std::span<const T> x, std::span<const T> dy, Extents extents, std::span<const T> gamma,
                      LpNormReading reading, std::span<T> dx) {
  assert(x.size() == extents.size() && dy.size() == extents.size() && dx.size() == extents.size());
  assert(gamma.size() == extents.columns());
  for (std::size_t j = 0; j < extents.columns(); ++j) {
    const LpNormState<T> state = lp_norm_state<T>(channel_of<T>(x, extents, j), reading);
    T dnorm = T(0);
    T dmean = T(0);
    for (std::size_t i = 0; i < extents.rows(); ++i) {
      const T dx_hat = dy[extents.at(i, j)] * gamma[j];
      dnorm -= dx_hat * state.shifted[i] / (state.norm * state.norm);  // term: through_the_norm
      dmean -= dx_hat / state.norm;                                    // term: through_the_shift
    }
    if (reading.of == LpNormReading::Of::centred)
      for (std::size_t i = 0; i < extents.rows(); ++i)
        dmean -= dnorm * state.slope[i];  // term: through_the_centred_norm
    for (std::size_t i = 0; i < extents.rows(); ++i) {
      T sum = T(0);
      sum += dy[extents.at(i, j)] * gamma[j] / state.norm;  // term: through_the_value
      sum += dnorm * state.slope[i];                        // term: norm_of_the_value
      sum += dmean / T(extents.batch);                      // term: mean_of_the_value
      dx[extents.at(i, j)] = sum;
    }
  }
}

}  // namespace normproof::reference
