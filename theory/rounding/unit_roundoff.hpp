// How large is one rounding error, and how large are n of them together?
//
// Source. N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. (2002), (2.4) and Lemma 3.1; IEEE
// 754-2019 for the formats; bfloat16 is a 16-bit format with the exponent of binary32 and 8 significant bits.
// Notation. p = significant bits, the hidden one included; u = unit_roundoff = 2^(−p); γ_n = n·u/(1 − n·u).
// Assumptions. Round to nearest; no overflow, no underflow: each operation then is fl(x op y) = (x op y)(1 + δ), and
// |δ| ≤ u.
// Why. Two neighbours in [1, 2) are 2^(1−p) apart, so the nearest one is at most 2^(−p) away, relative to at least 1.
// γ_n: |Π_{i≤n} (1 + δ_i)^{±1} − 1| ≤ γ_n for n·u < 1, by induction: with the factor (1 + δ) the error is at most γ_n
// + u + u·γ_n ≤ γ_(n+1); with 1/(1 + δ) it is at most (γ_n + u)/(1 − u) ≤ γ_(n+1).
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace normproof::theory {

constexpr double unit_roundoff_double = 0x1p-53;
constexpr double unit_roundoff_float = 0x1p-24;
constexpr double unit_roundoff_float16 = 0x1p-11;
constexpr double unit_roundoff_bfloat16 = 0x1p-8;

template <class T>
constexpr double unit_roundoff = std::numeric_limits<T>::epsilon() / 2;  // the C++ epsilon is 2^(1−p)

// γ_n as an upper bound: +∞ where n·u ≥ 1, for nothing is known there, and NaN where the call makes no sense. For
// u = 2^(−p) with p ≤ 53 both n·u and 1 − n·u are exact in double, so that one step up covers the only rounding left.
inline double gamma_n(std::int64_t n, double u) {
  if (n < 0 || !(u >= 0)) return std::numeric_limits<double>::quiet_NaN();
  if (n == 0 || u == 0) return 0;
  const double n_u = static_cast<double>(n) * u;
  if (!(n_u < 1)) return std::numeric_limits<double>::infinity();
  return std::nextafter(n_u / (1 - n_u), std::numeric_limits<double>::infinity());
}

}  // namespace normproof::theory
