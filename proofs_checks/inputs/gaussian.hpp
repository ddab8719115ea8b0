// Which two Gaussian numbers does a pair of random 64-bit words give?
//
// What         Box and Muller's transform (Ann. Math. Stat. 29, 1958): from u uniform on (0, 1) and a uniform angle θ,
//                z₀ = √(−2 ln u) cos θ,   z₁ = √(−2 ln u) sin θ
//              are independent, each with mean 0 and variance 1.
//              u = (2j + 1) 2⁻⁵³, j the upper 52 bits of the first word: an exact double, never 0 or 1.
//              θ = (π/2)(q + y), q the upper 2 bits of the second word, y = (2j + 1) 2⁻⁵³ − ½, j its lower 52 bits.
//              So |z| ≤ √(106 ln 2) < 8.58; a true Gaussian lies beyond with probability 1e−17.
// Formulas     u = 2ᵏ m, m in [√½, √2), s = (m − 1)/(m + 1):   ln u = k ln 2 + 2 artanh s,
//              artanh s = s (1 + s² A(s²)),   and with x = yπ/2, |x| ≤ π/4,
//              sin x = x (1 + x² S(x²)),   cos x = 1 + x² C(x²).
//              A, S, C are the polynomials of degree 6, 5 and 6 that meet these equations at the Chebyshev nodes of
//              [0, (√2 − 1)⁴] and [0, π²/16], their coefficients rounded to double. Relative errors so made: below
//              2⁻⁵⁷ in artanh, 2⁻⁵⁵ in sin, 2⁻⁶⁰ in cos (maxima over 2000 points, in 60 digits).
// Error        The first two bounds below hold, with every rounding, on all that the test tries against 100 digits, and
//              are empirical: 2.57 and 2.73 were the largest of 3·10⁷ words. The third follows from them: half the
//              first for the root, the second, and one each for the rounding of root and product (4.81 was seen). What
//              they do to the distribution is far below what any number of draws could show.
// Why          No libm: its bits change with the processor. Elementwise +, −, ·, /, √ and bit operations without a
//              branch give the same bits one at a time and vectorised, and a compiler can vectorise them. Even and odd
//              powers are summed apart: half the depth, so that more runs at once.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "proofs_checks/inputs/instruction_set.hpp"

namespace normproof::inputs {

// Largest relative errors, in units of 2⁻⁵³.
constexpr double squared_radius_error_max = 3, direction_error_max = 3;
constexpr double gaussian_error_max = squared_radius_error_max / 2 + direction_error_max + 2;

namespace gaussian_detail {

constexpr std::uint64_t one_bits = 0x3ff0000000000000;        // of 1.0
constexpr std::uint64_t fraction_mask = 0x000fffffffffffff;   // the 52 bits below the exponent
constexpr std::uint64_t root_half_bits = 0x3fe6a09e667f3bcd;  // of √½
constexpr std::uint64_t sign_bit = 0x8000000000000000;
constexpr std::uint64_t two_52_bits = 0x4330000000000000;  // of 2⁵², whose last bit is worth 1
constexpr int exponent_bias = 1023;
constexpr double pi_half = 0x1.921fb54442d18p0;
// 2 ln 2 in two parts; the first ends in 17 zero bits, so that k times it is exact.
constexpr double two_log_two_high = 0x1.62e42fefap0, two_log_two_low = 0x1.cf79abc9e3b3ap-39;

NORMPROOF_INLINE std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }
NORMPROOF_INLINE double number(std::uint64_t x) { return std::bit_cast<double>(x); }

// c₀ + c₁t + c₂t² + …
NORMPROOF_INLINE double horner(double /*t*/, double last) { return last; }
template <class... Coefficients>
NORMPROOF_INLINE double horner(double t, double first, Coefficients... further) {
  return first + t * horner(t, further...);
}

}  // namespace gaussian_detail

// −2 ln u.
NORMPROOF_INLINE double squared_radius(std::uint64_t word) {
  using namespace gaussian_detail;
  const double u = number((word >> 12) | one_bits) - (1 - 0x1p-53);
  // Shifted so that the exponent field changes at √½ and not at 1; it stays positive.
  const std::uint64_t shifted = bits(u) + (one_bits - root_half_bits);
  const double k = number((shifted >> 52) | two_52_bits) - (0x1p52 + exponent_bias);
  const double m = number((shifted & fraction_mask) + root_half_bits);
  const double s = (m - 1) / (m + 1), t = s * s, t_squared = t * t;
  const double a = horner(t_squared, 0x1.5555555555558p-2, 0x1.2492492df148dp-3, 0x1.7462b4ab2ef6bp-4,  //
                          0x1.2b584aae78a57p-4) +
                   t * horner(t_squared, 0x1.99999999952e2p-3, 0x1.c71c62e5800a1p-4, 0x1.39fe606542ddep-4);
  const double four_s = 4 * s;
  return -(k * two_log_two_high) - (four_s + (four_s * (t * a) + k * two_log_two_low));
}

struct Direction {
  double cosine, sine;
};

// (cos θ, sin θ).
NORMPROOF_INLINE Direction direction(std::uint64_t word) {
  using namespace gaussian_detail;
  const double y = (number((word & fraction_mask) | one_bits) - 1.5) + 0x1p-53;
  const double x = y * pi_half, t = x * x, t_squared = t * t;
  const double s = horner(t_squared, -0x1.5555555555555p-3, -0x1.a01a019e83aaep-13, -0x1.ae600b02b6262p-26) +
                   t * horner(t_squared, 0x1.1111111110bb2p-7, 0x1.71de37968a100p-19, 0x1.5e0b19f8b1451p-33);
  const double c = horner(t_squared, -0x1p-1, -0x1.6c16c16c15d79p-10, -0x1.27e4f8e4a2e74p-22,  //
                          -0x1.8ff9d439a204ap-37) +
                   t * horner(t_squared, 0x1.5555555555551p-5, 0x1.a01a019de131fp-16, 0x1.1eea7f259b344p-29);
  const double sine = x + x * (t * s), cosine = 1 + t * c;
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
