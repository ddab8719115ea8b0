// Do fractions in 64-bit integers agree with GMP's wherever they do not say that they overflowed?
#include "proofs_checks/numbers/small_rational.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/numbers/rational.hpp"

namespace normproof::numbers {
namespace {

std::string text(const SmallRational& x) {
  const std::string top = std::to_string(x.numerator());
  return x.denominator() == 1 ? top : top + "/" + std::to_string(x.denominator());
}

// A random program of + − · / √, each operand one of the numbers so far.
TEST(SmallRational, agrees_with_gmp_on_random_programs_until_it_overflows) {
  long compared = 0, overflowed = 0;
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    inputs::RandomStream stream(seed, "small_rational_test");
    std::vector<SmallRational> small;
    std::vector<Rational> exact;
    for (int k = 0; k < 4; ++k) {
      const int n = static_cast<int>(stream.below(41)) - 20, d = 1 << stream.below(3);
      small.push_back(SmallRational(n) / SmallRational(d));
      exact.push_back(Rational(n) / Rational(d));
    }
    SmallRational::overflowed() = false;
    for (int k = 0; k < 60 && !SmallRational::overflowed(); ++k) {
      const std::size_t i = stream.below(small.size()), j = stream.below(small.size());
      const auto apply = [&](auto& numbers) {
        const auto a = numbers[i], b = numbers[j];
        switch (k % 5) {
          case 0: return a + b;
          case 1: return a * b;
          case 2: return a - b;
          case 3: return b.is_zero() ? a : a / b;
          default: return sqrt(a * a);
        }
      };
      small.push_back(apply(small));
      exact.push_back(apply(exact));
      if (SmallRational::overflowed()) {
        ++overflowed;
        break;
      }
      ++compared;
      ASSERT_EQ(text(small.back()), exact.back().fraction()) << "seed " << seed;
      ASSERT_EQ(small[i] < small.back(), exact[i] < exact.back());
    }
  }
  EXPECT_GT(compared, 30000);
  EXPECT_GT(overflowed, 0);  // the limit is met at all
}

TEST(SmallRational, says_when_a_result_does_not_fit) {
  const SmallRational large(std::numeric_limits<int>::max());
  SmallRational::overflowed() = false;
  static_cast<void>(large * large);
  EXPECT_TRUE(SmallRational::overflowed() || text(large * large) == "4611686014132420609");
  SmallRational::overflowed() = false;
  static_cast<void>(large * large * large);
  EXPECT_TRUE(SmallRational::overflowed());
  SmallRational::overflowed() = false;
  static_cast<void>(SmallRational(1) / large / large / large);
  EXPECT_TRUE(SmallRational::overflowed());
}

TEST(SmallRational, leaves_the_domain_where_gmp_does) {
  EXPECT_THROW(SmallRational(1) / SmallRational(0), OutsideDomain);
  EXPECT_THROW(sqrt(SmallRational(2)), OutsideDomain);
  EXPECT_THROW(sqrt(SmallRational(-4)), OutsideDomain);
  EXPECT_EQ(text(sqrt(SmallRational(9, 4))), "3/2");
}

}  // namespace
}  // namespace normproof::numbers
