// Does the reference batch normalization give the values and derivatives that a reader computes by hand?
#include "impl/reference/batch_norm.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <vector>

#include "tests/impl/reference/dual_number.hpp"

namespace {

namespace reference = normproof::reference;
using dual_number::Dual;
using reference::Extents;
using Values = std::vector<double>;

// Two channels with mean (2, 3) and biased variance (1, 9).
const Extents two_by_two{2, 2};
const Values x_two_by_two{1, 0, 3, 6};

// Four samples, three channels, nothing special about them.
const Extents four_by_three{4, 3};
const Values x_four_by_three{0.5, -2.0, 1.25, 1.5, 0.75, -0.5, -1.0, 3.0, 2.0, 0.25, 1.0, -3.5};
const Values dy_four_by_three{1.0, -0.5, 0.25, -2.0, 0.75, 1.5, 0.5, -1.25, 3.0, -0.75, 2.0, 0.125};
const Values gamma_three{1.5, -0.5, 2.0};
const Values beta_three{0.25, 1.0, -3.0};

TEST(ReferenceBatchNorm, mean_and_biased_variance_are_taken_per_channel) {
  Values mean(2);
  Values variance(2);
  reference::batch_mean<double>(x_two_by_two, two_by_two, mean);
  reference::batch_variance<double>(x_two_by_two, two_by_two, mean, variance);
  EXPECT_EQ(mean, (Values{2, 3}));
  EXPECT_EQ(variance, (Values{1, 9}));
}

TEST(ReferenceBatchNorm, variance_is_about_the_given_mean_not_the_batch_mean) {
  Values variance(2);
  reference::batch_variance<double>(x_two_by_two, two_by_two, Values{0, 0}, variance);
  EXPECT_EQ(variance, (Values{5, 18}));
}

TEST(ReferenceBatchNorm, printed_norm_is_one_number_the_sum_over_channels) {
  EXPECT_EQ(reference::batch_variance_printed_norm<double>(x_two_by_two, two_by_two, Values{2, 3}), 10.0);
}

TEST(ReferenceBatchNorm, mean_of_squares_form_agrees_where_no_rounding_happens) {
  Values variance(2);
  reference::batch_variance_from_squares<double>(x_two_by_two, two_by_two, variance);
  EXPECT_EQ(variance, (Values{1, 9}));
}

TEST(ReferenceBatchNorm, eps_stands_inside_the_root) {
  Values x_hat(4);
  reference::normalize<double>(x_two_by_two, two_by_two, Values{2, 3}, Values{0, 0}, 16.0, x_hat);
  EXPECT_EQ(x_hat, (Values{-0.25, -0.75, 0.25, 0.75}));
}

TEST(ReferenceBatchNorm, training_forward_scales_and_shifts_the_normalized_batch) {
  Values y(4);
  reference::batch_norm_train<double>(x_two_by_two, two_by_two, Values{2, -4}, Values{1, 5}, 0.0, y);
  EXPECT_EQ(y, (Values{-1, 9, 3, 1}));
}

TEST(ReferenceBatchNorm, one_sample_normalizes_to_zero_and_passes_no_gradient_to_its_input) {
  const Extents one_sample{1, 2};
  const Values x{7, -3};
  Values y(2);
  reference::batch_norm_train<double>(x, one_sample, Values{2, 3}, Values{5, 6}, 1.0, y);
  EXPECT_EQ(y, (Values{5, 6}));
  Values dx(2, 99.0);
  Values dgamma(2, 99.0);
  Values dbeta(2, 99.0);
  reference::batch_norm_backward<double>(x, Values{8, 9}, one_sample, Values{2, 3}, 1.0, dx, dgamma, dbeta);
  EXPECT_EQ(dx, (Values{0, 0}));
  EXPECT_EQ(dgamma, (Values{0, 0}));
  EXPECT_EQ(dbeta, (Values{8, 9}));
}

TEST(ReferenceBatchNorm, constant_channel_with_positive_eps_gives_beta) {
  const Extents one_channel{3, 1};
  Values y(3);
  reference::batch_norm_train<double>(Values{4, 4, 4}, one_channel, Values{2}, Values{0.5}, 0.25, y);
  EXPECT_EQ(y, (Values{0.5, 0.5, 0.5}));
}

TEST(ReferenceBatchNorm, layer_state_gives_alpha_to_the_new_value) {
  reference::RunningStatistics<double> running{{10, 0}, {20, 1}};
  Values b_out(4);
  reference::batch_norm_layer_train<double>(x_two_by_two, two_by_two, 0.0, 0.25, running, b_out);
  EXPECT_EQ(running.mean, (Values{8, 0.75}));
  EXPECT_EQ(running.variance, (Values{15.25, 3}));
  EXPECT_EQ(b_out, (Values{-1, -1, 1, 1}));
}

TEST(ReferenceBatchNorm, layer_state_with_alpha_one_forgets_the_old_value) {
  reference::RunningStatistics<double> running{{10, 0}, {20, 1}};
  Values b_out(4);
  reference::batch_norm_layer_train<double>(x_two_by_two, two_by_two, 0.0, 1.0, running, b_out);
  EXPECT_EQ(running.mean, (Values{2, 3}));
  EXPECT_EQ(running.variance, (Values{1, 9}));
}

TEST(ReferenceBatchNorm, layer_inference_uses_the_state_and_no_batch_statistics) {
  const reference::RunningStatistics<double> running{{1, 2}, {3, 15}};
  Values b_out(4);
  reference::batch_norm_layer_infer<double>(x_two_by_two, two_by_two, 1.0, running, b_out);
  EXPECT_EQ(b_out, (Values{0, -0.5, 1, 1}));
}

TEST(ReferenceBatchNorm, folded_and_unfolded_inference_agree_on_exact_numbers) {
  const Values mean{1, 2};
  const Values variance{3, 15};
  const Values gamma{4, -8};
  const Values beta{0.5, 3};
  Values unfolded(4);
  Values folded(4);
  reference::batch_norm_infer<double>(x_two_by_two, two_by_two, mean, variance, gamma, beta, 1.0, unfolded);
  reference::batch_norm_infer_folded<double>(x_two_by_two, two_by_two, mean, variance, gamma, beta, 1.0, folded);
  EXPECT_EQ(unfolded, (Values{0.5, 7, 4.5, -5}));
  EXPECT_EQ(folded, unfolded);
}

TEST(ReferenceBatchNormBackward, hand_computed_two_samples) {
  // x = (1, 3), ε = 3: σ² = 1, root 2, x̂ = ∓1/2; ∂ℓ/∂x̂ = (2, 0), ∂ℓ/∂σ² = 1/8, ∂ℓ/∂μ = −1.
  const Extents one_channel{2, 1};
  Values dx(2);
  Values dgamma(1);
  Values dbeta(1);
  reference::batch_norm_backward<double>(Values{1, 3}, Values{1, 0}, one_channel, Values{2}, 3.0, dx, dgamma, dbeta);
  EXPECT_EQ(dx, (Values{0.375, -0.375}));
  EXPECT_EQ(dgamma, (Values{-0.5}));
  EXPECT_EQ(dbeta, (Values{1}));
}

TEST(ReferenceBatchNormBackward, variance_term_of_the_mean_shows_away_from_the_batch_mean) {
  // (11) with ∂ℓ/∂x̂ = 0: ∂ℓ/∂σ² · (Σ −2(x_i − μ))/m = 4 · (−2 − 6)/2 about μ = 0, and 0 about μ = 2.
  const Extents one_channel{2, 1};
  Values dmean(1);
  reference::backward_mean<double>(Values{1, 3}, Values{0, 0}, one_channel, Values{0}, Values{1}, 3.0, Values{4},
                                   dmean);
  EXPECT_EQ(dmean, (Values{-16}));
  reference::backward_mean<double>(Values{1, 3}, Values{0, 0}, one_channel, Values{2}, Values{1}, 3.0, Values{4},
                                   dmean);
  EXPECT_EQ(dmean, (Values{0}));
}

TEST(ReferenceBatchNormBackward, stages_in_order_are_the_whole_pass) {
  const Extents one_channel{2, 1};
  const Values x{1, 3};
  Values dx_hat(2);
  Values dvariance(1);
  Values dmean(1);
  Values dx(2);
  reference::backward_x_hat<double>(Values{1, 0}, one_channel, Values{2}, dx_hat);
  EXPECT_EQ(dx_hat, (Values{2, 0}));
  reference::backward_variance<double>(x, dx_hat, one_channel, Values{2}, Values{1}, 3.0, dvariance);
  EXPECT_EQ(dvariance, (Values{0.125}));
  reference::backward_mean<double>(x, dx_hat, one_channel, Values{2}, Values{1}, 3.0, dvariance, dmean);
  EXPECT_EQ(dmean, (Values{-1}));
  reference::backward_input<double>(x, dx_hat, one_channel, Values{2}, Values{1}, 3.0, dvariance, dmean, dx);
  EXPECT_EQ(dx, (Values{0.375, -0.375}));
}

TEST(ReferenceBatchNormBackward, dx_may_be_written_over_dy_or_x) {
  Values dgamma(3);
  Values dbeta(3);
  Values dx(12);
  reference::batch_norm_backward<double>(x_four_by_three, dy_four_by_three, four_by_three, gamma_three, 0.5, dx, dgamma,
                                         dbeta);
  Values over_dy = dy_four_by_three;
  reference::batch_norm_backward<double>(x_four_by_three, over_dy, four_by_three, gamma_three, 0.5, over_dy, dgamma,
                                         dbeta);
  Values over_x = x_four_by_three;
  reference::batch_norm_backward<double>(over_x, dy_four_by_three, four_by_three, gamma_three, 0.5, over_x, dgamma,
                                         dbeta);
  EXPECT_EQ(over_dy, dx);
  EXPECT_EQ(over_x, dx);
}

double loss_of(const Values& x, const Values& gamma, const Values& beta, double eps) {
  Values y(x.size());
  reference::batch_norm_train<double>(x, four_by_three, gamma, beta, eps, y);
  double loss = 0.0;
  for (std::size_t k = 0; k < y.size(); ++k) loss += dy_four_by_three[k] * y[k];
  return loss;
}

TEST(ReferenceBatchNormBackward, agrees_with_central_differences_in_every_argument) {
  const double eps = 0.5;
  // h = 2⁻¹⁷: truncation h²|f‴|/6 ≈ 1e-11 |f‴| and rounding u|f|/h ≈ 1e-11 |f|; |f| and |f‴| stay below 100 on this
  // batch (empirical).
  const double h = 0x1p-17;
  const double tolerance = 1e-8;
  Values dx(12);
  Values dgamma(3);
  Values dbeta(3);
  reference::batch_norm_backward<double>(x_four_by_three, dy_four_by_three, four_by_three, gamma_three, eps, dx, dgamma,
                                         dbeta);
  for (std::size_t k = 0; k < dx.size(); ++k) {
    Values up = x_four_by_three;
    Values down = x_four_by_three;
    up[k] += h;
    down[k] -= h;
    const double difference = loss_of(up, gamma_three, beta_three, eps) - loss_of(down, gamma_three, beta_three, eps);
    EXPECT_LE(std::fabs(difference / (2 * h) - dx[k]), tolerance) << "x value " << k;
  }
  for (std::size_t j = 0; j < dgamma.size(); ++j) {
    Values up = gamma_three;
    Values down = gamma_three;
    up[j] += h;
    down[j] -= h;
    const double by_gamma =
        loss_of(x_four_by_three, up, beta_three, eps) - loss_of(x_four_by_three, down, beta_three, eps);
    EXPECT_LE(std::fabs(by_gamma / (2 * h) - dgamma[j]), tolerance) << "gamma " << j;
    up = beta_three;
    down = beta_three;
    up[j] += h;
    down[j] -= h;
    const double by_beta =
        loss_of(x_four_by_three, gamma_three, up, eps) - loss_of(x_four_by_three, gamma_three, down, eps);
    EXPECT_LE(std::fabs(by_beta / (2 * h) - dbeta[j]), tolerance) << "beta " << j;
  }
}

TEST(ReferenceBatchNormBackward, agrees_with_dual_numbers_through_the_forward_templates) {
  const double eps = 0.5;
  // Both sides are a few dozen roundings on numbers of size 1; empirical factor 100 above the worst seen.
  const double tolerance = 1e-13;
  Values dx(12);
  Values dgamma(3);
  Values dbeta(3);
  reference::batch_norm_backward<double>(x_four_by_three, dy_four_by_three, four_by_three, gamma_three, eps, dx, dgamma,
                                         dbeta);
  for (std::size_t moved = 0; moved < dx.size(); ++moved) {
    std::vector<Dual> x;
    for (std::size_t k = 0; k < dx.size(); ++k) x.emplace_back(x_four_by_three[k], k == moved ? 1.0 : 0.0);
    std::vector<Dual> gamma;
    std::vector<Dual> beta;
    for (std::size_t j = 0; j < 3; ++j) gamma.emplace_back(gamma_three[j], 0.0);
    for (std::size_t j = 0; j < 3; ++j) beta.emplace_back(beta_three[j], 0.0);
    std::vector<Dual> y(x.size());
    reference::batch_norm_train<Dual>(x, four_by_three, gamma, beta, Dual(eps, 0.0), y);
    double derivative = 0.0;
    for (std::size_t k = 0; k < y.size(); ++k) derivative += dy_four_by_three[k] * y[k].slope;
    EXPECT_LE(std::fabs(derivative - dx[moved]), tolerance) << "x value " << moved;
  }
}

}  // namespace
