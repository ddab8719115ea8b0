// Which two Gaussian numbers does a pair of random 64-bit words give?
//
// What         Box and Muller's transform (Ann. Math. Stat. 29, 1958): from u uniform on (0, 1) and an angle θ,
//                z₀ = √(−2 ln u) cos θ,   z₁ = √(−2 ln u) sin θ
//              are independent, each with mean 0 and variance 1.
//              u = (2j + 1) 2⁻⁵³, j the upper 52 bits of the first word: an exact double, never 0 or 1.
//              θ = (π/2)(q + y), q the upper 2 bits of the second word, y = (2j + 1) 2⁻⁵³ − ½, j its lower 52 bits.
//              So |z| ≤ √(106 ln 2) < 8.58, and what a true Gaussian has beyond has probability 1e−17.
// Formulas     u = 2ᵏ m, m in [√½, √2), s = (m − 1)/(m + 1):   ln u = k ln 2 + 2s Σ_{i≥0} s²ⁱ/(2i + 1);
//              x = yπ/2, |x| ≤ π/4:   sin x = Σ (−1)ⁱ x²ⁱ⁺¹/(2i + 1)!,   cos x = Σ (−1)ⁱ x²ⁱ/(2i)!.
//              Cut after i = 10 (s² ≤ 0.0295: rest below 2⁻⁶⁰ of the sum), i = 8 and i = 8 (rests below 2⁻⁵⁸).
// Error        Rounding only is left. Relative to the true value of each factor, in units of 2⁻⁵³, the bounds below
//              hold on all that the test tries; they are empirical.
// Why          No libm: its bits change with the processor. Elementwise +, −, ·, /, √ and bit operations without a
//              branch give the same bits one at a time and vectorised, and a compiler can vectorise them.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "proofs_checks/inputs/instruction_set.hpp"

namespace normproof::inputs {

// Largest relative errors, in units of 2⁻⁵³.
constexpr double squared_radius_error_max = 5, direction_error_max = 3, gaussian_error_max = 7;

namespace gaussian_detail {

constexpr std::uint64_t one_bits = 0x3ff0000000000000;       // of 1.0
constexpr std::uint64_t fraction_mask = 0x000fffffffffffff;  // the 52 bits below the exponent
constexpr std::uint64_t root_half_bits = 0x3fe6a09e667f3bcd;  // of √½
constexpr std::uint64_t sign_bit = 0x8000000000000000;
constexpr std::uint64_t two_52_bits = 0x4330000000000000;  // of 2⁵², whose last bit is worth 1
constexpr int exponent_bias = 1023;
constexpr double pi_half = 1.5707963267948966;
// 2 ln 2 in two parts: the first has its last 11 bits zero, so that k times it is exact.
constexpr double two_log_two_high = 0x1.62e42fefap0, two_log_two_low = 0x1.cf79abc9e3b3ap-39;

NORMPROOF_INLINE std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }
NORMPROOF_INLINE double number(std::uint64_t x) { return std::bit_cast<double>(x); }

// (2j + 1) 2⁻⁵³, exactly.
NORMPROOF_INLINE double open_unit(std::uint64_t j) { return number(j | one_bits) - (1 - 0x1p-53); }

}  // namespace gaussian_detail

// −2 ln u.
NORMPROOF_INLINE double squared_radius(std::uint64_t word) {
  using namespace gaussian_detail;
  const double u = open_unit(word >> 12);
  // Shifted so that the exponent field changes at √½ and not at 1, and stays positive.
  const std::uint64_t shifted = bits(u) + (one_bits - root_half_bits);
  const double k = number((shifted >> 52) | two_52_bits) - (0x1p52 + exponent_bias);
  const double m = number((shifted & fraction_mask) + root_half_bits);
  const double s = (m - 1) / (m + 1), t = s * s;
  double series = 1.0 / 21;
  series = series * t + 1.0 / 19;
  series = series * t + 1.0 / 17;
  series = series * t + 1.0 / 15;
  series = series * t + 1.0 / 13;
  series = series * t + 1.0 / 11;
  series = series * t + 1.0 / 9;
  series = series * t + 1.0 / 7;
  series = series * t + 1.0 / 5;
  series = series * t + 1.0 / 3;
  const double four_s = 4 * s;
  // 1 is added last: the rounding of the series then counts for a thirtieth.
  return -(k * two_log_two_high) - (four_s + (four_s * (t * series) + k * two_log_two_low));
}

struct Direction {
  double cosine, sine;
};

// (cos θ, sin θ).
NORMPROOF_INLINE Direction direction(std::uint64_t word) {
  using namespace gaussian_detail;
  const double y = (number((word & fraction_mask) | one_bits) - 1.5) + 0x1p-53;
  const double x = y * pi_half, t = x * x;
  double sine = 1.0 / 355687428096000;  // 17!
  sine = sine * t - 1.0 / 1307674368000;
  sine = sine * t + 1.0 / 6227020800;
  sine = sine * t - 1.0 / 39916800;
  sine = sine * t + 1.0 / 362880;
  sine = sine * t - 1.0 / 5040;
  sine = sine * t + 1.0 / 120;
  sine = sine * t - 1.0 / 6;
  sine = x + x * (t * sine);
  double cosine = 1.0 / 20922789888000;  // 16!
  cosine = cosine * t - 1.0 / 87178291200;
  cosine = cosine * t + 1.0 / 479001600;
  cosine = cosine * t - 1.0 / 3628800;
  cosine = cosine * t + 1.0 / 40320;
  cosine = cosine * t - 1.0 / 720;
  cosine = cosine * t + 1.0 / 24;
  cosine = cosine * t - 1.0 / 2;
  cosine = 1 + t * cosine;
  // A quarter turn swaps the two; q = 1, 2 make the first negative, q = 2, 3 the second.
  const bool odd_quarter = (word >> 62 & 1) != 0;
  const double first = odd_quarter ? sine : cosine, second = odd_quarter ? cosine : sine;
  return {number(bits(first) ^ ((word ^ word << 1) & sign_bit)), number(bits(second) ^ (word & sign_bit))};
}

struct GaussianPair {
  double first, second;
};

NORMPROOF_INLINE GaussianPair gaussian_pair(std::uint64_t radius_word, std::uint64_t direction_word) {
  const double radius = std::sqrt(squared_radius(radius_word));
  const Direction towards = direction(direction_word);
  return {radius * towards.cosine, radius * towards.sine};
}

}  // namespace normproof::inputs
