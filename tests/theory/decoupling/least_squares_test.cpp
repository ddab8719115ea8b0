// Does least squares in a length and a direction have the values that a small example gives by hand?
#include "theory/decoupling/least_squares.hpp"

#include <gtest/gtest.h>

#include "tests/theory/exact_number.hpp"
#include "theory/decoupling/rayleigh_rate.hpp"

namespace normproof::theory_tests {
namespace {

// Samples (2, 0), (0, 2), (−2, 0), (0, −2): S = 2. Targets 4, 2, −4, −2: u = (−4, −2), v = (−2, −1).
theory::Matrix<Fraction> samples() {
  theory::Matrix<Fraction> x(4, 2);
  x << Fraction(2), Fraction(0), Fraction(0), Fraction(2), Fraction(-2), Fraction(0), Fraction(0), Fraction(-2);
  return x;
}
theory::Vector<Fraction> targets() { return vector_of<Fraction>({4, 2, -4, -2}); }

TEST(LeastSquaresOfALength, has_the_correlation_with_its_sign_turned) {
  EXPECT_EQ(text(theory::negative_correlation<Fraction>(samples(), targets())), "-4/1 -2/1 ");
}

TEST(LeastSquaresOfALength, is_least_at_the_solution_s_direction_with_no_error_left) {
  const auto s = theory::raw_moments<Fraction>(samples());
  const auto u = vector_of<Fraction>({-4, -2}), v = vector_of<Fraction>({-2, -1});
  EXPECT_EQ(theory::smallest_quotient<Fraction>(s, v).text(), "-10/1");
  EXPECT_EQ(theory::direction_quotient<Fraction>(s, u, vector_of<Fraction>({6, 3})).text(), "-10/1");
  // The power of the targets is 10: nothing is left at −v.
  EXPECT_EQ(theory::expanded_least_squares<Fraction>(s, u, Fraction(10), vector_of<Fraction>({2, 1})).text(), "0/1");
}

TEST(LeastSquaresOfALength, is_a_parabola_with_its_vertex_at_the_best_length) {
  const auto s = theory::raw_moments<Fraction>(samples());
  const auto u = vector_of<Fraction>({-4, -2}), w = vector_of<Fraction>({1, 1});  // ‖w‖_S = 2, uᵀw = −6
  EXPECT_EQ(theory::best_length<Fraction>(s, u, w).text(), "3/1");
  EXPECT_EQ(theory::least_squares_of_length<Fraction>(s, u, Fraction(10), w, Fraction(3)).text(), "1/1");
  EXPECT_EQ(theory::least_squares_of_length<Fraction>(s, u, Fraction(10), w, Fraction(4)).text(), "2/1");
}

TEST(RayleighRate, is_the_share_of_the_spectrum_below_the_second_eigenvalue) {
  EXPECT_EQ(theory::rayleigh_factor<Fraction>(Fraction(5), Fraction(3), Fraction(1)).text(), "1/2");
  EXPECT_EQ(theory::rayleigh_angle<Fraction>(Fraction(4), Fraction(5), Fraction(3)).text(), "1/1");
  EXPECT_EQ(theory::step_rate<Fraction>(Fraction(1), Fraction(4)).text(), "9/16");
}

}  // namespace
}  // namespace normproof::theory_tests
