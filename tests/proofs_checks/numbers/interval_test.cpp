// Does the oracle enclose what it should, and refuse what it cannot decide?
#include "proofs_checks/numbers/interval.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <thread>

namespace normproof::numbers {
namespace {

TEST(Interval, holds_eighty_digits_of_a_root) {
  const Interval root = sqrt(Interval(2));
  EXPECT_TRUE(hull_is_narrow(root, root, root, 250));
  EXPECT_FALSE(hull_is_narrow(root, root, root, 300));
  EXPECT_FALSE(certainly_disjoint(root * root, Interval(2)));
  EXPECT_TRUE(certainly_disjoint(root, Interval(1.4142135623730951)));
}

TEST(Interval, does_not_overflow_on_hostile_doubles) {
  const double largest = std::numeric_limits<double>::max(), least = std::numeric_limits<double>::denorm_min();
  Interval product(largest), quotient(least);
  for (int k = 0; k < 10; ++k) {
    product *= product;
    quotient *= quotient;
  }
  EXPECT_TRUE(product.is_bounded());
  EXPECT_TRUE(quotient.certainly_positive());
  EXPECT_TRUE((quotient / product).certainly_positive());
}

TEST(Interval, refuses_what_it_cannot_decide) {
  const Interval around_zero = Interval::between(-1e-60, 1e-60);
  EXPECT_THROW(Interval(1) / around_zero, OutsideDomain);
  EXPECT_THROW(Interval(1) / Interval(0), OutsideDomain);
  EXPECT_THROW(sqrt(around_zero), OutsideDomain);
  EXPECT_THROW(select_positive(around_zero, Interval(1), Interval(2)), OutsideDomain);
  EXPECT_EQ(select_positive(Interval(0), Interval(1), Interval(2)).lower(), 2);  // an exact 0 is not positive
  EXPECT_THROW(smooth(Smooth::log, 0, around_zero), OutsideDomain);
  EXPECT_TRUE(sqrt(Interval(0)).is_exact_zero());
}

TEST(Interval, never_calls_an_enclosure_with_nan_bounded_or_narrow) {
  const Interval nan(std::numeric_limits<double>::quiet_NaN());
  EXPECT_FALSE(nan.is_bounded());
  EXPECT_FALSE(nan.certainly_positive());
  EXPECT_FALSE(hull_is_narrow(nan, Interval(1), Interval(1), 1));
  EXPECT_THROW(Interval(1) / nan, OutsideDomain);
  EXPECT_THROW(sqrt(nan), OutsideDomain);
  EXPECT_THROW(select_positive(nan, Interval(1), Interval(2)), OutsideDomain);
}

TEST(Interval, finds_softplus_the_same_from_both_of_its_forms) {
  for (const double x : {-300.0, -1.0, 0.0, 1.0, 63.0, 65.0, 700.0, 1e6}) {
    const Interval value = smooth(Smooth::softplus, 0, Interval(x));
    const Interval reflected = smooth(Smooth::softplus, 0, Interval(-x));
    // softplus(x) − softplus(−x) = x.
    EXPECT_FALSE(certainly_disjoint(value - reflected, Interval(x))) << x;
    EXPECT_TRUE(hull_is_narrow(value, value, value, 200)) << x;
  }
}

TEST(Interval, gives_the_same_on_every_thread) {
  std::string here = decimal(smooth(Smooth::tanh, 0, Interval(0.5))), there;
  std::thread([&] { there = decimal(smooth(Smooth::tanh, 0, Interval(0.5))); }).join();
  EXPECT_EQ(here, there);
}

}  // namespace
}  // namespace normproof::numbers
