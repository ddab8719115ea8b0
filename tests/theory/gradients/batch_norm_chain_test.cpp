// Is each line of the chain rule the derivative at its node?
#include "theory/gradients/batch_norm_chain.hpp"

#include <gtest/gtest.h>

#include "tests/theory/batch_norm_definition.hpp"
#include "theory/gradients/batch_norm_compact.hpp"

namespace normproof::theory_tests {
namespace {

using theory::Matrix;
using theory::TrainingBatch;
using theory::Vector;

// dℓ/dμ of the layer whose mean is the free value, exactly.
Fraction derivative_by_free_mean(const TrainingBatch<Fraction>& b, const Vector<Fraction>& free_mean, int channel) {
  Vector<Dual> seeded(static_cast<int>(free_mean.size()));
  for (int j = 0; j < static_cast<int>(free_mean.size()); ++j)
    seeded(j) = Dual(free_mean(j), Fraction(j == channel ? 1 : 0));
  Matrix<Dual> x(b.batch(), b.channels());
  for (int j = 0; j < b.channels(); ++j)
    for (int i = 0; i < b.batch(); ++i) x(i, j) = constant(b.x(i, j));
  const Matrix<Dual> y = batch_norm_by_definition(x, b, &seeded);
  Fraction sum(0);
  for (int j = 0; j < b.channels(); ++j)
    for (int i = 0; i < b.batch(); ++i) sum += b.dy(i, j) * y(i, j).slope;
  return sum;
}

Vector<Fraction> off_centre_mean() { return vector_of<Fraction>({8, 102}); }  // 3 away: s = √(16 + 9) = 5

TEST(ChainRule, ends_in_the_exact_derivative_of_the_definition) {
  const TrainingBatch<Fraction> b = exact_batch<Fraction>();
  EXPECT_EQ(text(theory::chain_input_gradient(b)), text(batch_norm_derivative(b)));
  EXPECT_EQ(text(theory::chain_input_gradient(b)), text(theory::compact_input_gradient(b)));
}

TEST(ChainRule, scales_the_upstream_by_gamma) {
  EXPECT_EQ(text(theory::x_hat_gradient(exact_batch<Fraction>())), "6/1 3/1 ; -2/1 -15/1 ; 8/1 -6/1 ; 2/1 -9/1 ; ");
}

TEST(ChainRule, gives_the_variance_gradient_computed_by_hand) {
  // −1/2 · 4⁻³ · (6·(−4) + (−2)(−3) + 8·3 + 2·4) = −14/128;  −1/128 · (3·4 + 15·4 − 6·3 + 9·3) = −81/128
  EXPECT_EQ(text(theory::variance_gradient(exact_batch<Fraction>())), "-7/64 -81/128 ");
}

TEST(ChainRule, gives_the_mean_gradient_computed_by_hand) {
  EXPECT_EQ(text(theory::mean_gradient(exact_batch<Fraction>())), "-7/2 27/4 ");  // −(14)/4 and 27/4
}

TEST(ChainRule, gives_the_exact_derivative_at_the_batch_mean) {
  const TrainingBatch<Fraction> b = exact_batch<Fraction>();
  for (int j = 0; j < 2; ++j)
    EXPECT_EQ(theory::mean_gradient(b)(j).text(), derivative_by_free_mean(b, theory::mean(b.x), j).text());
}

TEST(ChainRule, gives_the_exact_derivative_at_a_free_mean_where_both_terms_count) {
  const TrainingBatch<Fraction> b = exact_batch<Fraction>();
  const Vector<Fraction> dmean = theory::mean_gradient(b, off_centre_mean());
  for (int j = 0; j < 2; ++j) EXPECT_EQ(dmean(j).text(), derivative_by_free_mean(b, off_centre_mean(), j).text());
  EXPECT_NE(dmean(0).text(), "-14/5");  // the first term alone
}

TEST(ChainRule, gives_the_variance_gradient_at_a_free_mean) {
  // centred at 8: −7, −6, 0, 1 and −1/2 · 5⁻³;  at 102: 7, −1, 6, 0
  EXPECT_EQ(text(theory::variance_gradient(exact_batch<Fraction>(), off_centre_mean())), "14/125 0/1 ");
}

TEST(ChainRule, agrees_with_the_compact_form_in_double) {
  const TrainingBatch<double> b = exact_batch<double>();
  const Matrix<double> chain = theory::chain_input_gradient(b);
  const Matrix<double> compact = theory::compact_input_gradient(b);
  for (int j = 0; j < 2; ++j)
    for (int i = 0; i < 4; ++i) EXPECT_EQ(chain(i, j), compact(i, j));  // every intermediate value is a dyadic fraction
}

}  // namespace
}  // namespace normproof::theory_tests
