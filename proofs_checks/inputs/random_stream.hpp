// Which random numbers does a purpose get?
//
// What       A RandomStream is Philox4x64-10 (Salmon, Moraes, Dror, Shaw, SC 2011; Random123) under the key
//            (seed, h), h the 64-bit FNV-1a hash of the strings that name its purpose: claim, reading, what for. Block
//            k of the stream is Philox of the counter k.
// Why        A stream depends on its seed and purpose alone, never on which thread reached it first. Integers, choices
//            and doubles are made by integer operations and correctly rounded + and · only, no libm: the same bits on
//            every machine.
#pragma once

#include <Random123/philox.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace normproof::inputs {

// 64-bit FNV-1a (Fowler, Noll, Vo). Each string ends with a byte 0xff, which no UTF-8 text has, so that
// {"ab", "c"} differs from {"a", "bc"}.
template <class... Strings>
std::uint64_t fnv1a(const Strings&... strings) {
  constexpr std::uint64_t offset_basis = 0xcbf29ce484222325, prime = 0x100000001b3;
  std::uint64_t hash = offset_basis;
  const auto add_byte = [&](unsigned char byte) { hash = (hash ^ byte) * prime; };
  const auto add = [&](std::string_view text) {
    for (const char c : text) add_byte(static_cast<unsigned char>(c));
    add_byte(0xff);
  };
  (add(std::string_view(strings)), ...);
  return hash;
}

class RandomStream {
 public:
  template <class... Purpose>
  explicit RandomStream(std::uint64_t seed, const Purpose&... purpose) : seed_(seed), purpose_(fnv1a(purpose...)) {}

  std::uint64_t next_uint64() {
    if (used_ == block_.size()) refill();
    return block_[used_++];
  }

  // Uniform on the multiples of 2⁻⁵³ in [0, 1).
  double uniform() { return static_cast<double>(next_uint64() >> 11) * 0x1p-53; }
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  // Mean 0, variance 1: the centred sum of twelve uniforms. Nearly normal, tails cut at ±6; for inputs, not for tests
  // of a distribution.
  double normal() {
    double sum = -6;
    for (int k = 0; k < 12; ++k) sum += uniform();
    return sum;
  }

  // Uniform on 0 … n − 1 without bias: draws above the largest multiple of n are dropped. n > 0.
  std::uint64_t below(std::uint64_t n) {
    const std::uint64_t remainder = (0 - n) % n;  // 2⁶⁴ mod n
    for (;;) {
      const std::uint64_t drawn = next_uint64();
      if (drawn <= UINT64_MAX - remainder) return drawn % n;
    }
  }

  bool chance(std::uint64_t numerator, std::uint64_t denominator) { return below(denominator) < numerator; }

 private:
  void refill() {
    using Philox = r123::Philox4x64;
    Philox::ctr_type counter = {{counter_++, 0, 0, 0}};
    Philox::key_type key = {{seed_, purpose_}};
    const Philox::ctr_type block = Philox()(counter, key);
    for (std::size_t k = 0; k < block_.size(); ++k) block_[k] = block[k];
    used_ = 0;
  }

  std::uint64_t seed_, purpose_, counter_ = 0;
  std::array<std::uint64_t, 4> block_ = {};
  std::size_t used_ = 4;
};

}  // namespace normproof::inputs
