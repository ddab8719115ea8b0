// Are the recursions of the estimate's error, and the bounds on them, what a coin and exact fractions say?
#include "theory/compositional/estimation_error.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

#include "tests/theory/exact_number.hpp"
#include "theory/rounding/unit_roundoff.hpp"

namespace normproof::theory_tests {
namespace {

Fraction one_over(int n) { return Fraction::of(1, n); }

// E d_K^power by going through all signs of ζ = ±σ; the drift is known.
Fraction moment_over_all_signs(const Fraction& d, const std::vector<Fraction>& alphas,
                               const std::vector<Fraction>& drifts, const Fraction& sigma, int power,
                               std::size_t step = 0) {
  if (step == alphas.size()) {
    Fraction result(1);
    for (int factor = 0; factor < power; ++factor) result *= d;
    return result;
  }
  Fraction sum(0);
  for (const int sign : {-1, 1}) {
    const Fraction& alpha = alphas[step];
    const Fraction next = (Fraction(1) - alpha) * (d - drifts[step]) + alpha * Fraction(sign) * sigma;
    sum += moment_over_all_signs(next, alphas, drifts, sigma, power, step + 1);
  }
  return sum / Fraction(2);
}

const std::vector<Fraction> alphas = {one_over(2), one_over(3), one_over(4)};
const std::vector<Fraction> still = {Fraction(0), Fraction(0), Fraction(0)};
constexpr double variance_of_run = 2;
const Fraction sigma(3), variance(9), start = Fraction::of(5, 2);

TEST(EstimationError, has_the_second_and_fourth_moment_of_all_signs) {
  Fraction second = start * start, fourth = second * second;
  for (const Fraction& alpha : alphas) {
    fourth = theory::fourth_moment_step(second, fourth, alpha, variance);
    second = theory::second_moment_step(second, alpha, variance);
  }
  EXPECT_EQ(second.text(), moment_over_all_signs(start, alphas, still, sigma, 2).text());
  EXPECT_EQ(fourth.text(), moment_over_all_signs(start, alphas, still, sigma, 4).text());
}

TEST(EstimationError, has_the_mean_and_second_moment_of_all_signs_under_drift) {
  const std::vector<Fraction> drifts = {Fraction(1), Fraction::of(-3, 2), Fraction::of(2, 3)};
  theory::ErrorMoments<Fraction> at = {start, start * start};
  for (std::size_t k = 0; k < alphas.size(); ++k) {
    at = theory::drifting_error_step(at, alphas[k], drifts[k], variance);
  }
  EXPECT_EQ(at.mean.text(), moment_over_all_signs(start, alphas, drifts, sigma, 1).text());
  EXPECT_EQ(at.second.text(), moment_over_all_signs(start, alphas, drifts, sigma, 2).text());
}

TEST(OneStepBound, exceeds_the_mean_square_by_the_gap) {
  int seen = 0;
  for (int tenths = 1; tenths <= 10; ++tenths) {
    for (int d = -3; d <= 3; ++d) {
      for (int delta = -3; delta <= 3; ++delta) {
        const Fraction alpha = Fraction::of(tenths, 10), error(d), drift = Fraction::of(delta, 2);
        const Fraction difference = theory::one_step_bound(error, drift, alpha, variance) -
                                    theory::one_step_mean_square(error, drift, alpha, variance);
        const Fraction gap = theory::one_step_gap(error, drift, alpha);
        EXPECT_EQ(difference.text(), gap.text());
        EXPECT_FALSE(Fraction(0).exceeds(gap));
        ++seen;
      }
    }
  }
  EXPECT_EQ(seen, 490);
}

// The steps of the proof in the header, one by one.
TEST(OneStepBound, is_proved_by_a_completed_square) {
  for (int tenths = 1; tenths <= 10; ++tenths) {
    const Fraction one(1), half = one_over(2), alpha = Fraction::of(tenths, 10), beta = one - alpha;
    const Fraction a = alpha * (half + beta), b = beta * beta, d = one / alpha - beta * beta;
    EXPECT_EQ((one - alpha * half - beta * beta).text(), a.text());
    const Fraction determinant = a * d - b * b;
    EXPECT_EQ(determinant.text(), (half + beta - beta * beta * half - beta * beta * beta * half).text());
    EXPECT_EQ(determinant.text(), (half * (alpha * (one + beta) * (one + beta) + beta)).text());
  }
}

TEST(OneStepBound, fails_with_four_times_the_contraction) {
  // (1 − α/2) → (1 − 2α) breaks it: at δ = 0 the left side is (1 − α)² d².
  const Fraction alpha = one_over(2), d(1), none(0);
  const Fraction contracted_more = theory::one_step_bound(d, none, alpha, none) - Fraction::of(3, 2) * alpha * d * d;
  EXPECT_TRUE(theory::one_step_mean_square(d, none, alpha, none).exceeds(contracted_more));
}

TEST(TwoSidedBound, leaves_the_room_that_it_says) {
  const Fraction before = one_over(2), alpha = Fraction::of(2, 5);
  for (int eighths = 2; eighths <= 8; ++eighths) {
    const Fraction second = Fraction::of(eighths, 8) * before * variance;
    const Fraction next = theory::second_moment_step(second, alpha, variance);
    EXPECT_EQ(theory::room_below_rate(second, before, alpha, variance).text(), (alpha * variance - next).text());
    EXPECT_EQ(theory::room_above_half_rate(second, before, alpha, variance).text(),
              (next - alpha * variance / Fraction(2)).text());
  }
}

TEST(TwoSidedBound, holds_along_every_power_of_the_step_number) {
  for (const double a : {0.0, 0.1, 0.4, 0.7, 1.0}) {
    double second = 100, before = 1;
    second = theory::second_moment_step(second, 1.0, variance_of_run);  // α_0 = 1 forgets the start
    for (int k = 1; k < 100000; ++k) {
      const double alpha = std::pow(k + 1, -a), rate = alpha * variance_of_run;
      // A step adds two numbers ≥ 0 after at most six roundings each; α_k itself is off by one more.
      const double rounding = theory::gamma_n(8 * (k + 1), theory::unit_roundoff_double);
      EXPECT_GE(theory::room_below_rate(second, before, alpha, variance_of_run), -rounding * rate);
      EXPECT_GE(theory::room_above_half_rate(second, before, alpha, variance_of_run), -rounding * rate);
      second = theory::second_moment_step(second, alpha, variance_of_run);
      EXPECT_LE(second, rate * (1 + rounding));
      EXPECT_GE(second, rate / 2 * (1 - rounding));
      before = alpha;
    }
  }
}

TEST(RemainingShare, is_the_product_of_what_each_step_keeps) {
  Fraction product(1);
  for (int k = 0; k < 20; ++k) {
    EXPECT_EQ(theory::remaining_share<Fraction>(k).text(), product.text());
    product *= Fraction(1) - one_over((k + 2) * (k + 2));
  }
  EXPECT_EQ(theory::remaining_share<Fraction>(1).text(), "3/4");
}

}  // namespace
}  // namespace normproof::theory_tests
