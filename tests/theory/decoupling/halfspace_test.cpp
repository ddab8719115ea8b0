// Do the halfspace formulas have the values that a small example gives by hand?
#include "theory/decoupling/halfspace.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/theory/exact_number.hpp"
#include "theory/decoupling/hidden_units.hpp"

namespace normproof::theory_tests {
namespace {

theory::Matrix<Fraction> moments() {
  theory::Matrix<Fraction> s(2, 2);
  s << Fraction(1), Fraction(0), Fraction(0), Fraction(4);
  return s;
}
const auto u = [] { return vector_of<Fraction>({1, 4}); };  // v = (1, 1)

TEST(HalfspaceGradient, of_a_square_is_the_second_moment_times_the_weights) {
  // φ(t) = t²/2: E φ′ = uᵀw̃ = 9, E φ″ = 1, ∇f = Sw̃.
  const auto w = vector_of<Fraction>({1, 2});
  EXPECT_EQ(text(theory::halfspace_gradient<Fraction>(moments(), u(), w, Fraction(9), Fraction(1))), "1/1 8/1 ");
}

TEST(HalfspaceGradient, of_a_linear_loss_is_the_mean) {
  const auto w = vector_of<Fraction>({1, 2});
  EXPECT_EQ(text(theory::halfspace_gradient<Fraction>(moments(), u(), w, Fraction(1), Fraction(0))), "1/1 4/1 ");
}

TEST(StoppingValue, differs_from_the_printed_one_unless_the_weights_are_the_direction) {
  const auto w = vector_of<Fraction>({1, 0}), weights = vector_of<Fraction>({3, 0});
  EXPECT_EQ(theory::needed_h<Fraction>(u(), w, weights, Fraction(5), Fraction(1)).text(), "2/1");
  EXPECT_EQ(theory::printed_h<Fraction>(u(), w, Fraction(5), Fraction(1)).text(), "4/1");
  EXPECT_EQ(theory::needed_h<Fraction>(u(), w, w, Fraction(5), Fraction(1)).text(), "4/1");
}

TEST(GradientResidual, is_the_squared_gradient_in_the_norm_of_the_inverse) {
  // w = (1, 0), γ = 2: w̃ = (2, 0), c₁ = 5 − 2 = 3, ∇f = 3u + Sw̃ = (5, 12), 25 + 144/4 = 61.
  const auto w = vector_of<Fraction>({1, 0}), v = vector_of<Fraction>({1, 1});
  EXPECT_EQ(theory::gradient_residual<Fraction>(moments(), v, w, Fraction(2), Fraction(5), Fraction(1)).text(), "61/1");
  // Of it c₁²(ρ − ρ*) = 9(−1 + 5) = 36, times γ² = 4.
  EXPECT_EQ(theory::direction_residual<Fraction>(moments(), v, w, Fraction(2), Fraction(5), Fraction(1)).text(),
            "144/1");
}

TEST(DirectionAfter, moves_towards_the_multiple_of_the_solution_that_is_nearest) {
  // c = 1: (I − S/4)(w − v) + v = (3/4·0 + 1, 1).
  EXPECT_EQ(text(theory::direction_after<Fraction>(moments(), u(), vector_of<Fraction>({1, 0}), Fraction(4))),
            "1/1 1/1 ");
}

TEST(GaussianMoment, is_that_of_the_normal_distribution) {
  EXPECT_EQ(theory::gaussian_moment<Fraction>(Fraction(0), Fraction(2), 4).text(), "12/1");
  EXPECT_EQ(theory::gaussian_moment<Fraction>(Fraction(1), Fraction(2), 3).text(), "7/1");
  EXPECT_THROW(theory::gaussian_moment<Fraction>(Fraction(1), Fraction(2), 5), std::invalid_argument);
}

TEST(UnitGradient, of_one_unit_is_that_of_a_halfspace) {
  const auto w = vector_of<Fraction>({1, 2});
  EXPECT_EQ(text(theory::unit_gradient<Fraction>(moments(), u(), {w}, Fraction(9), {Fraction(1)})), "1/1 8/1 ");
}

TEST(UnitGradient, contains_the_other_unit) {
  const auto w = vector_of<Fraction>({1, 2}), other = vector_of<Fraction>({4, -1});  // uᵀother = 0
  EXPECT_EQ(text(theory::unit_gradient<Fraction>(moments(), u(), {w, other}, Fraction(9), {Fraction(1), Fraction(2)})),
            "9/1 0/1 ");
}

}  // namespace
}  // namespace normproof::theory_tests
