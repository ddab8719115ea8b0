// Do double-double operations keep their error bounds, and stay finite exactly where double does?
#include "proofs_checks/numbers/double_double.hpp"

#include <gtest/gtest.h>

#include <boost/multiprecision/mpfr.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

namespace normproof::numbers {
namespace {

constexpr unsigned digits = 120;
using Exact =
    boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<digits>, boost::multiprecision::et_off>;

constexpr double u = 0x1p-53;
constexpr int draws = 20000;

Exact exact(const DoubleDouble& a) { return Exact(a.high()) + Exact(a.low()); }

// In units of u², relative to the exact value.
double error_in_u2(const DoubleDouble& got, const Exact& expected) {
  if (expected == 0) return got == DoubleDouble(0) ? 0 : INFINITY;
  return static_cast<double>(abs((exact(got) - expected) / expected) / (Exact(u) * Exact(u)));
}

bool is_normalized(const DoubleDouble& a) { return a.high() + a.low() == a.high(); }

class Draws {
 public:
  // Any sign, exponents −span … span; the low part full, tiny or absent.
  DoubleDouble operator()(int span) {
    const double high = std::ldexp(sign() * uniform_(random_), exponent(span));
    const double low = high * u * 0.5 * sign() * (uniform_(random_) - 1);
    const auto kind = random_() % 4;
    if (kind == 0) return high;
    return DoubleDouble::sum_of(high, kind == 1 ? std::ldexp(low, -static_cast<int>(random_() % 60)) : low);
  }
  double sign() { return random_() % 2 == 0 ? 1.0 : -1.0; }

 private:
  int exponent(int span) { return static_cast<int>(random_() % static_cast<unsigned>(2 * span + 1)) - span; }
  std::mt19937_64 random_{20240611};
  std::uniform_real_distribution<double> uniform_{1, 2};
};

TEST(DoubleDouble, keeps_the_published_bounds) {
  constexpr double second_order = 1 + 0x1p-40;  // the u³ terms, and what 120 digits lose
  Draws draw;
  for (int i = 0; i < draws; ++i) {
    const int span = i % 2 == 0 ? 3 : 200;
    const DoubleDouble a = draw(span), b = draw(span);
    const Exact x = exact(a), y = exact(b);
    ASSERT_LE(error_in_u2(a + b, x + y), 3 * second_order);
    ASSERT_LE(error_in_u2(a - b, x - y), 3 * second_order);
    ASSERT_LE(error_in_u2(a * b, x * y), 5 * second_order);
    ASSERT_LE(error_in_u2(a / b, x / y), 15 * second_order);
    ASSERT_LE(error_in_u2(sqrt(abs(a)), sqrt(abs(x))), 3.125 * second_order);
    ASSERT_LE(error_in_u2(a + b.high(), x + Exact(b.high())), 2 * second_order);
    ASSERT_LE(error_in_u2(b.high() - a, Exact(b.high()) - x), 2 * second_order);
    ASSERT_LE(error_in_u2(a * b.high(), x * Exact(b.high())), 2 * second_order);
    for (const DoubleDouble& result : {a + b, a - b, a * b, a / b, sqrt(abs(a)), a + b.high(), a * b.high()})
      ASSERT_TRUE(is_normalized(result));
  }
}

TEST(DoubleDouble, keeps_its_bound_where_a_sum_cancels) {
  Draws draw;
  for (int i = 0; i < draws; ++i) {
    const DoubleDouble a = draw(3);
    const DoubleDouble near = DoubleDouble::sum_of(-a.high(), -a.low() * (1 + std::ldexp(draw.sign(), -(i % 50))));
    ASSERT_LE(error_in_u2(a + near, exact(a) + exact(near)), 3 * (1 + 0x1p-40));
  }
}

TEST(DoubleDouble, is_exact_on_sums_and_products_of_doubles) {
  Draws draw;
  for (int i = 0; i < draws; ++i) {
    const double a = draw(100).high(), b = draw(100).high();
    EXPECT_EQ(exact(DoubleDouble::sum_of(a, b)), Exact(a) + Exact(b));
    EXPECT_EQ(exact(DoubleDouble(a) * DoubleDouble(b)), Exact(a) * Exact(b));
  }
}

TEST(DoubleDouble, loses_no_more_than_a_few_smallest_numbers_in_products_that_underflow) {
  constexpr double smallest = std::numeric_limits<double>::denorm_min();
  Draws draw;
  for (int i = 0; i < draws; ++i) {
    const DoubleDouble a = ldexp(draw(20), -510), b = ldexp(draw(20), -510);
    const Exact product = exact(a) * exact(b);
    EXPECT_LE(static_cast<double>(abs(exact(a * b) - product) / Exact(smallest)), 4);
  }
}

TEST(DoubleDouble, is_not_finite_exactly_where_double_is_not) {
  using Limits = std::numeric_limits<double>;
  const double largest = Limits::max(), inf = Limits::infinity();
  const std::vector<double> values = {0.0,       -0.0,          1.0,         -1.0,         3.0,
                                      largest,   -largest,      largest / 2, -largest / 2, largest / 3,
                                      0x1p1000,  -0x1p970,      0x1p-1022,   0x1p-1000,    -0x1p-1074,
                                      0x1p-1074, Limits::min(), inf,         -inf,         Limits::quiet_NaN()};
  const std::vector<double> lows = {0.0, u / 2, -u / 2, u / 3};
  const auto check = [](const DoubleDouble& got, double in_double, double a, double b) {
    EXPECT_EQ(isfinite(got), std::isfinite(in_double)) << a << ' ' << b;
    EXPECT_TRUE(std::isfinite(got.low())) << a << ' ' << b;
    if (!std::isfinite(in_double)) {
      EXPECT_EQ(std::isnan(got.high()), std::isnan(in_double)) << a << ' ' << b;
      EXPECT_EQ(got.low(), 0);
    }
  };
  const auto with_low = [](double high, double low) {
    return std::isfinite(high) ? DoubleDouble::sum_of(high, high * low) : DoubleDouble(high);
  };
  for (const double x : values)
    for (const double y : values)
      for (const double low : lows) {
        const DoubleDouble a = with_low(x, low), b = with_low(y, -low);
        check(a + b, a.high() + b.high(), x, y);
        check(a - b, a.high() - b.high(), x, y);
        check(a * b, a.high() * b.high(), x, y);
        check(a / b, a.high() / b.high(), x, y);
        check(sqrt(a), std::sqrt(a.high()), x, y);
        check(a + y, a.high() + y, x, y);
        check(a * y, a.high() * y, x, y);
        check(DoubleDouble::sum_of(x, y), x + y, x, y);
      }
}

TEST(DoubleDouble, compares_by_both_parts_and_never_with_nan) {
  const DoubleDouble one(1), more = DoubleDouble::sum_of(1, u * u), nan(NAN);
  EXPECT_TRUE(one < more && more > one && one <= more && more >= one && one != more);
  EXPECT_TRUE(one == DoubleDouble(1) && one <= DoubleDouble(1));
  EXPECT_FALSE(nan < one || nan > one || nan <= one || nan >= one || nan == nan);
  EXPECT_EQ(abs(-more), more);
  EXPECT_EQ(select_positive(more - one, one, nan), one);
}

TEST(DoubleDouble, holds_every_64_bit_integer) {
  for (const std::int64_t n : {INT64_MAX, INT64_MIN, INT64_MAX - 5, INT64_MIN + 3, std::int64_t{0},
                               (std::int64_t{1} << 53) + 1, -(std::int64_t{1} << 60) - 7}) {
    EXPECT_EQ(exact(DoubleDouble::of_integer(n)), Exact(n));
  }
}

}  // namespace
}  // namespace normproof::numbers
