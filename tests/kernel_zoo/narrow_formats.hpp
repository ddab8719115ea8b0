// What would storing a value in a narrower format leave of it? Faulty kernels alone do so.
#pragma once

#include <cmath>

namespace normproof::zoo {

// 8 and 11 are the significant bits of bfloat16 and half.
inline double to_significant_bits(double value, int bits) {
  if (value == 0 || !std::isfinite(value)) return value;
  int exponent = 0;
  const double significand = std::frexp(value, &exponent);
  return std::ldexp(std::nearbyint(std::ldexp(significand, bits)), exponent - bits);
}
inline double as_bfloat16(double value) { return to_significant_bits(value, 8); }
inline double as_half(double value) {
  constexpr double smallest_normal = 0x1p-14, smallest = 0x1p-24, largest = 65504;
  if (std::abs(value) < smallest_normal) return std::nearbyint(value / smallest) * smallest;
  const double narrow = to_significant_bits(value, 11);
  return std::abs(narrow) > largest ? std::copysign(HUGE_VAL, value) : narrow;
}

}  // namespace normproof::zoo
