// How does the error of a layer's running estimate go on when the estimates of the layers behind it are wrong as well?
//
// Source. LL19 Algorithm 2 line 2, Lemma 1 (9). The paper leaves the proof to its supplement; the steps here are our
// own.
//
//   E d_{k+1}² = ((1 − α)(d − δ) + α b)² + α² σ̂²                                          coupled_mean_square
//              ≤ (1 − α/2) d² + (2/α) δ² + α b² + α² σ̂²                                   coupled_bound
//
// Notation. d, δ, α as in estimation_error.hpp; b = E ê(w; ξ; ê) − E e(w; ξ), by how much the layer's statistic is off
// on average when it is seen through the estimates of the layers behind it; σ̂² (`variance`) its variance there.
//
// Assumptions. 0 < α ≤ 1 for the inequality.
//
// Why. With u = d − δ and β = 1 − α the square is β u² + α b² − αβ(u − b)², and
// (1 − α/2) d² + (2/α) δ² − β u² = (α/2)(d + (2β/α) δ)² + (2 + β) δ². As b² is at most a multiple of the squared errors
// of the layers behind, the recursion of layer i has the errors of layers i + 1 … n as a source with the weight α: they
// are of the same order as what layer i makes itself, k^(−2γ+2a) + k^(−a), so that Lemma 1 carries over from layer to
// layer without the extra ε.
#pragma once

namespace normproof::theory {

template <class T>
T coupled_mean_square(const T& d, const T& delta, const T& bias, const T& alpha, const T& variance) {
  const T kept = T(1) - alpha;
  T mean = T(0);
  mean += kept * (d - delta);  // term: kept_error
  mean += alpha * bias;        // term: bias_of_the_statistic
  T square = mean * mean;
  square += alpha * alpha * variance;  // term: noise_of_the_statistic
  return square;
}

template <class T>
T coupled_bound(const T& d, const T& delta, const T& bias, const T& alpha, const T& variance) {
  T right = T(0);
  right += (T(1) - alpha / T(2)) * d * d;  // term: contracted
  right += T(2) * delta * delta / alpha;   // term: drift_over_the_rate
  right += alpha * bias * bias;            // term: squared_bias
  right += alpha * alpha * variance;       // term: noise_of_the_bound
  return right;
}

}  // namespace normproof::theory
