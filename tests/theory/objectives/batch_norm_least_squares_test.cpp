// Is the closed form of batch norm's least-squares objective right on three samples, and does it refuse nonsense?
#include "theory/objectives/batch_norm_least_squares.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/theory/exact_number.hpp"

namespace normproof::theory_tests {
namespace {

using Batches = std::vector<std::vector<int>>;
const Batches all_pairs = {{0, 1}, {0, 2}, {1, 2}};

TEST(BatchNormLeastSquares, of_pairs_sees_the_order_of_the_feature_alone) {
  const auto t = vector_of<Fraction>({0, 0, 1});
  for (const auto& x : {vector_of<Fraction>({0, 1, 3}), vector_of<Fraction>({-5, 2, 4})}) {
    const auto fit = theory::batch_norm_least_squares(x, t, all_pairs, Fraction(0));
    EXPECT_EQ(fit.scaled_covariance.text(), "1/3");
    EXPECT_EQ(fit.scaled_variance.text(), "1/1");
    EXPECT_EQ(theory::doubled_minimum(fit).text(), "1/9");
  }
}

TEST(BatchNormLeastSquares, is_least_at_covariance_over_variance_and_level) {
  // s = 1 in both batches, var = 1/4: ε = 3/4.
  const auto fit =
      theory::batch_norm_least_squares(vector_of<Fraction>({0, 1, 5, 4}), vector_of<Fraction>({1, 3, 2, 6}),
                                       {{0, 1}, {2, 3}}, Fraction(3) / Fraction(4));
  const Fraction w = fit.scaled_covariance / fit.scaled_variance, c = fit.level;
  const Fraction least = theory::doubled_minimum(fit);
  EXPECT_EQ(theory::doubled_objective(fit, w, c).text(), least.text());
  for (const int step : {-1, 1}) {
    EXPECT_TRUE(theory::doubled_objective(fit, w + Fraction(step), c).exceeds(least));
    EXPECT_TRUE(theory::doubled_objective(fit, w, c + Fraction(step)).exceeds(least));
  }
}

TEST(BatchNormLeastSquares, refuses_what_it_has_no_form_for) {
  const auto two = vector_of<double>({0, 1});
  EXPECT_THROW(theory::batch_norm_least_squares(two, vector_of<double>({1}), {{0}}, 1.0), std::invalid_argument);
  EXPECT_THROW(theory::batch_norm_least_squares(two, two, {}, 1.0), std::invalid_argument);
  EXPECT_THROW(theory::batch_norm_least_squares(two, two, {{}}, 1.0), std::invalid_argument);
}

TEST(VarianceOfBatchMeans, is_that_of_all_subsets) {
  const auto t = vector_of<Fraction>({0, 0, 3});  // means of pairs 0, 3/2, 3/2
  EXPECT_EQ(theory::variance_of_batch_means(t, 1).text(), "2/1");
  EXPECT_EQ(theory::variance_of_batch_means(t, 2).text(), "1/2");
  EXPECT_EQ(theory::variance_of_batch_means(t, 3).text(), "0/1");
  EXPECT_EQ(theory::variance_of_batch_means(vector_of<Fraction>({7}), 1).text(), "0/1");
  EXPECT_THROW(theory::variance_of_batch_means(t, 4), std::invalid_argument);
}

}  // namespace
}  // namespace normproof::theory_tests
