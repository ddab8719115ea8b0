// Is the closed form of a running average what its recursion gives?
#include "theory/running_average.hpp"

#include <gtest/gtest.h>

#include "tests/theory/exact_number.hpp"

namespace normproof::theory_tests {
namespace {

TEST(RunningAverage, is_the_one_computed_by_hand) {
  // 8 → 4 + 2 = 6 → 3 + 1 = 4
  EXPECT_EQ(theory::running_average(8.0, vector_of<double>({4, 2}), 0.5), 4.0);
}

TEST(RunningAverage, is_what_the_recursion_gives) {
  const Fraction rate = Fraction::of(1, 3);
  const theory::Vector<Fraction> values = vector_of<Fraction>({7, -2, 5, 1});
  Fraction average(4);
  for (int i = 0; i < 4; ++i) average = (Fraction(1) - rate) * average + rate * values(i);
  EXPECT_EQ(theory::running_average(Fraction(4), values, rate).text(), average.text());
}

TEST(RunningAverage, of_no_values_is_its_start) {
  EXPECT_EQ(theory::running_average(8.0, theory::Vector<double>(0), 0.5), 8.0);
}

}  // namespace
}  // namespace normproof::theory_tests
