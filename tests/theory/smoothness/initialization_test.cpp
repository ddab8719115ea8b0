// Is the initialization bound the squared distance to the line through the optimum?
#include "theory/smoothness/initialization.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/theory/exact_number.hpp"

namespace normproof::theory_tests {
namespace {

TEST(InitializationBound, is_the_squared_distance_to_the_nearest_multiple_of_the_optimum) {
  // The nearest multiple of (3, 1) is (3/2, 1/2), and (1, 2) is (−1/2, 3/2) from it.
  EXPECT_EQ(theory::initialization_bound(vector_of<Fraction>({1, 2}), vector_of<Fraction>({3, 1})).text(), "5/2");
}

TEST(InitializationBound, is_zero_at_every_multiple_of_the_optimum_negative_ones_included) {
  EXPECT_EQ(theory::initialization_bound(vector_of<Fraction>({-6, -2}), vector_of<Fraction>({3, 1})).text(), "0/1");
}

TEST(InitializationBound, refuses_vectors_of_different_lengths) {
  EXPECT_THROW(theory::initialization_bound(vector_of<Fraction>({1, 2}), vector_of<Fraction>({3})),
               std::invalid_argument);
}

}  // namespace
}  // namespace normproof::theory_tests
