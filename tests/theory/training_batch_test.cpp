// Are the statistics of a batch what their definitions say, on every number type and at every edge?
#include "theory/training_batch.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <stdexcept>

#include "tests/theory/exact_number.hpp"

namespace normproof::theory_tests {
namespace {

using theory::Matrix;
using theory::Statistics;
using theory::TrainingBatch;

template <class T>
TrainingBatch<T> one_channel(const std::initializer_list<int>& x, const T& eps) {
  TrainingBatch<T> b;
  const int rows = static_cast<int>(x.size());
  b.x = matrix_of<T>(rows, 1, x);
  b.dy = b.x;
  b.gamma = vector_of<T>({1});
  b.beta = vector_of<T>({0});
  b.eps = eps;
  return b;
}

TEST(Statistics, are_those_computed_by_hand) {
  const Statistics<Fraction> st = theory::statistics(exact_batch<Fraction>());
  EXPECT_EQ(text(st.mean), "5/1 105/1 ");
  EXPECT_EQ(text(st.biased_variance), "25/2 25/2 ");
  EXPECT_EQ(text(st.s), "4/1 4/1 ");
  EXPECT_EQ(text(st.centred), "-4/1 4/1 ; -3/1 -4/1 ; 3/1 3/1 ; 4/1 -3/1 ; ");
  EXPECT_EQ(text(st.x_hat), "-1/1 1/1 ; -3/4 -1/1 ; 3/4 3/4 ; 1/1 -3/4 ; ");
}

TEST(Statistics, agree_with_the_unshifted_forms) {
  const TrainingBatch<Fraction> b = exact_batch<Fraction>();
  const Statistics<Fraction> st = theory::statistics(b);
  EXPECT_EQ(text(st.mean), text(theory::mean(b.x)));
  EXPECT_EQ(text(st.biased_variance), text(theory::biased_variance(b.x)));
}

TEST(Statistics, of_a_constant_channel_are_centred_and_scaled_by_eps_alone) {
  const Statistics<Fraction> st = theory::statistics(one_channel<Fraction>({6, 6, 6}, Fraction(9)));
  EXPECT_EQ(text(st.biased_variance), "0/1 ");
  EXPECT_EQ(text(st.s), "3/1 ");
  EXPECT_EQ(text(st.x_hat), "0/1 ; 0/1 ; 0/1 ; ");
}

TEST(Statistics, of_a_single_sample_vanish) {
  const Statistics<double> st = theory::statistics(one_channel<double>({-7}, 0.25));
  EXPECT_EQ(st.mean(0), -7.0);
  EXPECT_EQ(st.biased_variance(0), 0.0);
  EXPECT_EQ(st.s(0), 0.5);
  EXPECT_EQ(st.x_hat(0, 0), 0.0);
}

TEST(Statistics, of_two_samples_at_eps_zero_are_plus_and_minus_one) {
  const Statistics<double> st = theory::statistics(one_channel<double>({3, 10}, 0.0));
  EXPECT_EQ(st.s(0), 3.5);
  EXPECT_EQ(st.x_hat(0, 0), -1.0);
  EXPECT_EQ(st.x_hat(1, 0), 1.0);
}

TEST(Statistics, of_a_constant_channel_at_eps_zero_are_nan_in_double) {
  const Statistics<double> st = theory::statistics(one_channel<double>({6, 6}, 0.0));
  EXPECT_EQ(st.s(0), 0.0);
  EXPECT_TRUE(std::isnan(st.x_hat(0, 0)));
}

TEST(Statistics, keep_their_variance_where_the_unshifted_form_loses_it) {
  TrainingBatch<double> b = one_channel<double>({-1, 1, -1, 1}, 0.0);
  const double offset = 0x1p40;  // offset + 1 is exact, offset² + 2·offset + 1 is not
  for (int i = 0; i < 4; ++i) b.x(i, 0) += offset;
  EXPECT_EQ(theory::statistics(b).biased_variance(0), 1.0);
  EXPECT_NE(theory::biased_variance(b.x)(0), 1.0);
}

TEST(Statistics, refuse_a_batch_that_does_not_fit_together) {
  TrainingBatch<double> empty = one_channel<double>({}, 1.0);
  EXPECT_THROW(theory::statistics(empty), std::invalid_argument);
  EXPECT_THROW(theory::mean(empty.x), std::invalid_argument);
  TrainingBatch<double> short_dy = one_channel<double>({1, 2}, 1.0);
  short_dy.dy = matrix_of<double>(1, 1, {1});
  EXPECT_THROW(theory::statistics(short_dy), std::invalid_argument);
  TrainingBatch<double> long_gamma = one_channel<double>({1, 2}, 1.0);
  long_gamma.gamma = vector_of<double>({1, 1});
  EXPECT_THROW(theory::statistics(long_gamma), std::invalid_argument);
}

}  // namespace
}  // namespace normproof::theory_tests
