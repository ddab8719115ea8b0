// Is the equivalent plain layer what batch norm puts out, and its direction the derivative?
#include "theory/objectives/equivalent_plain_layer.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/theory/exact_number.hpp"

namespace normproof::theory_tests {
namespace {

using theory::NormalizedUnit;
using theory::PlainUnit;

// x = 3, 5, 3, 5 + bias: variance 1, s = 2 with ε = 3.
template <class T>
NormalizedUnit<T> unit() {
  return {matrix_of<T>(4, 2, {1, 1, 2, 1, 0, 3, 1, 3}), vector_of<T>({2, 1}), T(7), T(6), T(5), T(3)};
}

TEST(EquivalentPlainUnit, has_the_weights_rescaled_and_the_mean_taken_off) {
  const PlainUnit<Fraction> plain = theory::equivalent_plain_unit(unit<Fraction>());
  EXPECT_EQ(text(plain.w), "6/1 3/1 ");
  EXPECT_EQ(plain.b.text(), "-7/1");  // 5 + 3 (7 − 11)
}

TEST(EquivalentPlainUnit, puts_out_what_batch_norm_puts_out) {
  const NormalizedUnit<Fraction> own = unit<Fraction>();
  EXPECT_EQ(text(theory::linear_unit<Fraction>(own.u, theory::equivalent_plain_unit(own))), "2/1 ; 8/1 ; 2/1 ; 8/1 ; ");
}

TEST(EquivalentPlainDirection, is_the_derivative_of_the_equivalent_plain_unit) {
  NormalizedUnit<Dual> moving = unit<Dual>();
  moving.w(0).slope = Fraction(1);
  moving.w(1).slope = Fraction(-4);
  moving.gamma.slope = Fraction(2);
  moving.beta.slope = Fraction(9);
  const PlainUnit<Dual> moved = theory::equivalent_plain_unit(moving);
  const PlainUnit<Fraction> direction =
      theory::equivalent_plain_direction(unit<Fraction>(), vector_of<Fraction>({1, -4}), Fraction(2), Fraction(9));
  EXPECT_EQ(direction.w(0).text(), moved.w(0).slope.text());
  EXPECT_EQ(direction.w(1).text(), moved.w(1).slope.text());
  EXPECT_EQ(direction.b.text(), moved.b.slope.text());
}

TEST(CurvatureAlongTheWeights, is_zero_without_eps_and_known_with_it) {
  NormalizedUnit<Fraction> own = unit<Fraction>();
  // x̂ = ∓1/2; residuals z − t = 2, 8, 2, 8 less 0: (6·3/4)² · 1 − (3·6·3/16) · 6
  EXPECT_EQ(theory::curvature_along_the_weights(own, vector_of<Fraction>({0, 0, 0, 0})).text(), "0/1");
  EXPECT_EQ(theory::curvature_along_the_weights(own, vector_of<Fraction>({2, 8, 2, 8})).text(), "81/4");
  own.eps = Fraction(0);
  EXPECT_EQ(theory::curvature_along_the_weights(own, vector_of<Fraction>({4, 0, 1, 3})).text(), "0/1");
}

TEST(EquivalentPlainUnit, refuses_weights_and_targets_of_another_length) {
  NormalizedUnit<Fraction> own = unit<Fraction>();
  EXPECT_THROW(theory::curvature_along_the_weights(own, vector_of<Fraction>({1})), std::invalid_argument);
  EXPECT_THROW(theory::equivalent_plain_direction(own, vector_of<Fraction>({1}), Fraction(0), Fraction(0)),
               std::invalid_argument);
  own.w = vector_of<Fraction>({1});
  EXPECT_THROW(theory::equivalent_plain_unit(own), std::invalid_argument);
}

}  // namespace
}  // namespace normproof::theory_tests
