// Is the bias of shared samples the covariance that it is said to be?
#include "theory/compositional/shared_sample_bias.hpp"

#include <gtest/gtest.h>

namespace normproof::theory {
namespace {

Matrix<double> entry(double value) { return Matrix<double>::Constant(1, 1, value); }
const LayerJacobians<double> first = {{entry(2), entry(3)}, {entry(1), entry(4)}, {entry(5), entry(7)}};
const LayerJacobians<double> second = {{entry(2), entry(3)}, {entry(2), entry(6)}, {entry(1), entry(3)}};
const SampleFunction<double> h = {Vector<double>::Constant(1, 11.0), Vector<double>::Constant(1, 13.0)};

TEST(SharedSampleBias, of_everything_is_the_covariance_of_slope_and_moved_statistic) {
  // E[∂_y F D h] = (1·55 + 4·91)/2, E[∂_y F] E[D h] = 2.5·73.
  EXPECT_EQ(shared_everywhere_bias<double>({first}, h), 209.5 - 182.5);
}

TEST(SharedSampleBias, of_the_inner_samples_is_that_of_two_layers_times_the_mean_slope) {
  // D₁ ∂_y F₂ = 10, 42 and D₂ h = 11, 39: covariance 874 − 650.
  EXPECT_EQ(shared_inner_bias<double>({first, second}, h), 2.5 * 224);
}

TEST(SharedSampleBias, vanishes_where_the_statistic_moves_equally_at_all_samples) {
  LayerJacobians<double> flat = second;
  flat.statistic_by_input = {entry(13), entry(11)};
  EXPECT_EQ(shared_inner_bias<double>({first, flat}, h), 0);
}

TEST(SharedSampleBias, multiplies_matrices_of_unequal_shapes) {
  Matrix<double> a(1, 2), b(2, 1);
  a << 1, 2;
  b << 3, 4;
  EXPECT_EQ(matrix_product<double>(a, b)(0, 0), 11);
  EXPECT_EQ(matrix_product<double>(b, a)(1, 1), 8);
}

TEST(SharedSampleBias, falls_with_the_minibatch_and_faster_without_replacement) {
  EXPECT_EQ(with_replacement_factor<double>(4), 0.25);
  EXPECT_EQ(without_replacement_factor<double>(5, 2), 0.375);
  EXPECT_EQ(without_replacement_factor<double>(5, 5), 0);
}

}  // namespace
}  // namespace normproof::theory
