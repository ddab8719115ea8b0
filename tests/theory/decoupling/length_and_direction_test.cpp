// Are the weights behind batch norm, and their derivatives, what a small example gives by hand?
#include "theory/decoupling/length_and_direction.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/theory/exact_number.hpp"

namespace normproof::theory_tests {
namespace {

theory::Matrix<Fraction> moments() {
  theory::Matrix<Fraction> s(2, 2);
  s << Fraction(4), Fraction(0), Fraction(0), Fraction(9);
  return s;
}

TEST(DecoupledWeights, have_the_length_gamma_in_the_norm_of_the_moments) {
  // ‖(2, 1)‖_S = √(16 + 9) = 5.
  const auto w = theory::decoupled_weights<Fraction>(moments(), vector_of<Fraction>({2, 1}), Fraction(3));
  EXPECT_EQ(text(w), "6/5 3/5 ");
  EXPECT_EQ(theory::moment_product<Fraction>(moments(), w, w).text(), "9/1");
}

TEST(DecoupledWeights, are_shorter_with_eps_under_the_root) {
  // 16 + 9 + 11 = 36.
  EXPECT_EQ(
      text(theory::decoupled_weights<Fraction>(moments(), vector_of<Fraction>({2, 1}), Fraction(6), Fraction(11))),
      "2/1 1/1 ");
}

TEST(DecoupledWeights, do_not_move_along_their_own_direction) {
  const auto w = vector_of<Fraction>({2, 1});
  EXPECT_EQ(theory::along_direction<Fraction>(moments(), w, Fraction(3), vector_of<Fraction>({7, -2}), w).text(),
            "0/1");
}

TEST(DecoupledWeights, have_the_derivatives_of_a_linear_function_by_hand) {
  // f(w̃) = 7w̃₁ − 2w̃₂ at w = (2, 1): along (1, 0), (3/5)(7 − 12·8/25); along γ, 12/5.
  const auto w = vector_of<Fraction>({2, 1}), g = vector_of<Fraction>({7, -2});
  EXPECT_EQ(theory::along_direction<Fraction>(moments(), w, Fraction(3), g, vector_of<Fraction>({1, 0})).text(),
            "237/125");
  EXPECT_EQ(theory::along_length<Fraction>(moments(), w, g).text(), "12/5");
}

TEST(DecoupledWeights, refuse_vectors_that_do_not_fit) {
  EXPECT_THROW(theory::decoupled_weights<Fraction>(moments(), vector_of<Fraction>({1}), Fraction(1)),
               std::invalid_argument);
}

TEST(RawMoments, are_means_of_products_about_zero) {
  theory::Matrix<Fraction> x(2, 1);
  x << Fraction(1), Fraction(3);
  EXPECT_EQ(theory::raw_moments<Fraction>(x)(0, 0).text(), "5/1");
}

}  // namespace
}  // namespace normproof::theory_tests
