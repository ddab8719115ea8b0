// Are numbers of few bits rounded to nearest, ties to even, once an operation?
#include "proofs_checks/numbers/few_bits.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace normproof::numbers {
namespace {

double value(FewBits<3> x) { return static_cast<double>(x); }

TEST(FewBits, round_to_nearest_with_ties_to_even) {
  EXPECT_EQ(rounded_to_bits(9, 3), 8);    // between 8 and 10, mantissas 4 and 5
  EXPECT_EQ(rounded_to_bits(11, 3), 12);  // between 10 and 12, mantissas 5 and 6
  EXPECT_EQ(rounded_to_bits(-11, 3), -12);
  EXPECT_EQ(rounded_to_bits(11.1, 3), 12);
  EXPECT_EQ(rounded_to_bits(15, 3), 16);  // into the next binade
  EXPECT_EQ(rounded_to_bits(0, 3), 0);
  EXPECT_EQ(rounded_to_bits(0x1.4p-40, 3), 0x1.4p-40);
}

TEST(FewBits, round_every_operation) {
  EXPECT_EQ(value(FewBits<3>(8) + FewBits<3>(1)), 8);
  EXPECT_EQ(value(FewBits<3>(5) * FewBits<3>(7)), 32);  // 35, a tie is 36
  EXPECT_EQ(value(FewBits<3>(1) / FewBits<3>(3)), 0.3125);
  EXPECT_EQ(value(FewBits<3>(5) - FewBits<3>(0.75)), 4);  // 4.25
  EXPECT_EQ(value(sqrt(FewBits<3>(3))), 1.75);
}

// binary32 has 24 bits: the same results as the processor's, in its normal range.
TEST(FewBits, with_24_bits_are_binary32) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> size(-10, 10);
  for (int k = 0; k < 20000; ++k) {
    const auto a = static_cast<float>(size(random)), b = static_cast<float>(std::ldexp(size(random), k % 40 - 20));
    const FewBits<24> x(static_cast<double>(a)), y(static_cast<double>(b));
    ASSERT_EQ(static_cast<double>(x + y), static_cast<double>(a + b));
    ASSERT_EQ(static_cast<double>(x - y), static_cast<double>(a - b));
    ASSERT_EQ(static_cast<double>(x * y), static_cast<double>(a * b));
    ASSERT_EQ(static_cast<double>(x / y), static_cast<double>(a / b));
    ASSERT_EQ(static_cast<double>(sqrt(x * x)), static_cast<double>(std::sqrt(a * a)));
  }
}

}  // namespace
}  // namespace normproof::numbers
