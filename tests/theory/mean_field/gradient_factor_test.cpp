// Are the factors by which a deep batch norm network's mean squared gradient grows what integrals over the sphere give?
#include "theory/mean_field/gradient_factor.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <numbers>
#include <vector>

#include "tests/theory/exact_number.hpp"
#include "theory/mean_field/polynomial_gradient_factor.hpp"

namespace normproof::theory_tests {
namespace {

constexpr double pi = std::numbers::pi;

double relu_factor(double batch) {
  const double t = 1 / (batch - 1);
  return theory::relu_gradient_factor<double>(t,
                                              theory::relu_kernel<double>(t, std::sqrt(1 - t * t), std::acos(t), pi));
}

// λ for B = 4 from a grid on the sphere of R³: ĥ₁ = √3 z, ĥ₂ = √3 (−z/3 + √(8/9) √(1 − z²) cos ψ).
double factor_on_a_grid(const std::function<double(double)>& phi, const std::function<double(double)>& slope) {
  constexpr int steps = 1000;
  double diagonal = 0, other = 0, square = 0, product = 0;
  for (int i = 0; i < steps; ++i)
    for (int k = 0; k < steps; ++k) {
      const double z = (2 * i + 1.0) / steps - 1, psi = pi * (2 * k + 1.0) / steps;
      const double first = std::sqrt(3.0) * z;
      const double second = std::sqrt(3.0) * (-z / 3 + std::sqrt(8.0 / 9 * (1 - z * z)) * std::cos(psi));
      diagonal += slope(first) * slope(first) * (3 - first * first);
      other += slope(first) * slope(second) * (1 + first * second);
      square += phi(first) * phi(first);
      product += phi(first) * phi(second);
    }
  constexpr double points = static_cast<double>(steps) * steps;
  return theory::gradient_factor<double>(4, diagonal / points, other / points, (square - product) / points);
}

// Empirical: a grid of a thousand by a thousand cells, with kinks between them.
constexpr double error_of_the_grid = 2e-3;

TEST(LinearGradientFactor, is_two_for_four_samples_and_falls_to_one) {
  EXPECT_EQ(theory::linear_gradient_factor(Fraction(4)).text(), "2/1");
  EXPECT_EQ(theory::linear_gradient_factor(Fraction(5)).text(), "3/2");
  EXPECT_EQ(theory::linear_gradient_factor(Fraction(1003)).text(), "1001/1000");
}

TEST(GradientFactor, of_the_identity_on_a_grid_is_the_linear_one) {
  EXPECT_NEAR(factor_on_a_grid([](double u) { return u; }, [](double) { return 1.0; }), 2, error_of_the_grid);
}

TEST(ReluGradientFactor, is_what_a_grid_on_the_sphere_gives) {
  const double on_grid =
      factor_on_a_grid([](double u) { return std::max(u, 0.0); }, [](double u) { return u > 0 ? 1.0 : 0.0; });
  EXPECT_NEAR(relu_factor(4), on_grid, error_of_the_grid * on_grid);
  EXPECT_NEAR(relu_factor(4), 3.0840609, 1e-6);
}

TEST(ReluGradientFactor, is_the_printed_formula_at_alpha_one) {
  for (const double batch : {4.0, 5.0, 8.0, 64.0, 1000.0}) {
    const double t = 1 / (batch - 1);
    const auto kernel = theory::relu_kernel<double>(t, std::sqrt(1 - t * t), std::acos(t), pi);
    // Empirical: some hundred units in the last place, since 1/(B − 3) is added and taken away.
    EXPECT_NEAR(theory::alpha_relu_gradient_factor<double>(batch, 1, kernel), relu_factor(batch), 1e-12);
  }
}

TEST(ReluGradientFactor, falls_with_the_batch_and_stays_above_its_limit) {
  const double limit = pi / (pi - 1);
  double before = relu_factor(4);
  for (int batch = 5; batch <= 100'000; ++batch) {
    const double now = relu_factor(batch);
    ASSERT_LT(now, before) << batch;
    ASSERT_GT(now, limit) << batch;
    before = now;
  }
  EXPECT_NEAR(theory::relu_gradient_factor<double>(0, theory::relu_kernel<double>(0, 1, pi / 2, pi)), limit, 1e-15);
}

TEST(AlphaReluGradientFactor, of_a_squared_relu_is_what_a_grid_on_the_sphere_gives) {
  const double c = -1.0 / 3, angle = std::acos(c);
  const auto kernel = theory::squared_relu_kernel<double>(c, std::sin(angle), angle, pi);
  const double on_grid =
      factor_on_a_grid([](double u) { return u > 0 ? u * u : 0.0; }, [](double u) { return u > 0 ? 2 * u : 0.0; });
  EXPECT_NEAR(theory::alpha_relu_gradient_factor<double>(4, 2, kernel), on_grid, error_of_the_grid * on_grid);
}

TEST(SquaredReluKernel, has_the_slope_that_it_says_and_ends_at_its_value_for_one) {
  const auto at = [](double angle) {
    return theory::squared_relu_kernel<double>(std::cos(angle), std::sin(angle), angle, pi);
  };
  constexpr double step = 1e-5;
  // Empirical: the error of a central difference with this step.
  EXPECT_NEAR((at(1.2 - step).at_c - at(1.2 + step).at_c) / (std::cos(1.2 - step) - std::cos(1.2 + step)),
              at(1.2).slope, 1e-8);
  EXPECT_NEAR(at(0).at_c, at(0).at_one, 1e-15);
}

TEST(CubicGradientFactor, is_what_a_grid_on_the_sphere_gives) {
  const double on_grid = factor_on_a_grid([](double u) { return u + 2 * u * u - u * u * u; },
                                          [](double u) { return 1 + 4 * u - 3 * u * u; });
  EXPECT_NEAR(theory::cubic_gradient_factor<double>(4, {1, 2, -1}), on_grid, error_of_the_grid * on_grid);
}

TEST(CubicGradientFactor, of_a_linear_function_is_the_linear_one) {
  for (const int batch : {4, 5, 9})
    EXPECT_EQ(theory::cubic_gradient_factor(Fraction(batch), {Fraction(3), Fraction(0), Fraction(0)}).text(),
              theory::linear_gradient_factor(Fraction(batch)).text());
}

TEST(CubicGradientFactor, rises_from_four_samples_to_six_for_the_third_hermite_polynomial) {
  const theory::Cubic<Fraction> hermite = {Fraction(-3), Fraction(0), Fraction(1)};
  EXPECT_EQ(theory::cubic_gradient_factor(Fraction(4), hermite).text(), "18/5");
  EXPECT_EQ(theory::cubic_gradient_factor(Fraction(5), hermite).text(), "99/26");
  EXPECT_EQ(theory::cubic_gradient_factor(Fraction(6), hermite).text(), "4/1");
}

TEST(SymmetrisedGradientFactor, of_a_linear_layer_is_a_projection_over_the_variance) {
  const std::vector<Fraction> h_hat = {Fraction(1), Fraction(-1), Fraction(1), Fraction(-1)};
  const std::vector<Fraction> slopes(4, Fraction(1));
  EXPECT_EQ(theory::symmetrised_gradient_factor(h_hat, slopes, Fraction(5)).text(), "2/15");
}

TEST(FixedPointGram, of_a_linear_network_has_mean_zero) {
  const auto gram = theory::linear_fixed_point(Fraction(5));
  EXPECT_EQ((gram.diagonal + Fraction(4) * gram.other).text(), "0/1");
}

TEST(StackGradientFactor, is_a_power_with_the_depth_for_its_exponent) {
  EXPECT_EQ(theory::stack_gradient_factor(Fraction(3), 0).text(), "1/1");
  EXPECT_EQ(theory::stack_gradient_factor(Fraction::of(3, 2), 3).text(), "27/8");
}

TEST(LinearGradientOfFewFeatures, is_the_linear_factor_where_there_are_as_many_as_a_batch_can_have) {
  EXPECT_EQ(theory::linear_gradient_of_few_features(Fraction(7), Fraction(5), Fraction(0)).text(),
            (theory::linear_gradient_factor(Fraction(8)) * Fraction(5)).text());
}

TEST(LinearGradientOfFewFeatures, is_larger_beside_the_span_than_within_it) {
  EXPECT_EQ(theory::linear_gradient_of_few_features(Fraction(3), Fraction(1), Fraction(0)).text(), "2/1");
  EXPECT_EQ(theory::linear_gradient_of_few_features(Fraction(3), Fraction(0), Fraction(1)).text(), "3/1");
}

TEST(MeanInverseSquare, is_one_over_two_degrees_less) {
  EXPECT_EQ(theory::mean_inverse_square(Fraction(3)).text(), "1/1");
  EXPECT_EQ(theory::mean_inverse_square(Fraction(10)).text(), "1/8");
}

TEST(InverseSquareNearZero, lies_below_the_integral_and_outgrows_every_bound) {
  constexpr int octaves = 30, cells_of_an_octave = 1000;
  double integral = 0;
  for (int k = 1; k <= octaves; ++k) {
    const double width = std::ldexp(1.0, -k) / cells_of_an_octave;
    for (int cell = 0; cell < cells_of_an_octave; ++cell) {
      const double r = std::ldexp(1.0, -k) + (cell + 0.5) * width;
      integral += std::exp(-r * r / 2) / r * width;
    }
    EXPECT_LT(theory::inverse_square_near_zero<double>(k), integral) << k;
    EXPECT_GT(theory::inverse_square_near_zero<double>(k), k / 4.0) << k;
  }
}

TEST(GradientFactorWithSkips, is_a_power_of_the_depth) {
  EXPECT_EQ(theory::gradient_factor_with_skips(Fraction(2), Fraction(1), 0).text(), "1/1");
  EXPECT_EQ(theory::gradient_factor_with_skips(Fraction(2), Fraction(1), 1).text(), "3/1");
  EXPECT_EQ(theory::gradient_factor_with_skips(Fraction(2), Fraction(1), 9).text(), "55/1");
  EXPECT_EQ(theory::gradient_factor_with_skips(Fraction(2), Fraction(2), 1).text(), "2/1");
}

}  // namespace
}  // namespace normproof::theory_tests
