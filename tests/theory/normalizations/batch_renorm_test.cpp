// Is the closed form of batch renormalization what the inference formula and the cut-off corrections give by hand?
#include "theory/normalizations/batch_renorm.hpp"

#include <gtest/gtest.h>

namespace normproof::theory_tests {
namespace {

// One channel with mean 3 and s = 2; gamma = 4, beta = 1.
theory::TrainingBatch<double> batch() {
  theory::TrainingBatch<double> b;
  b.x = theory::Matrix<double>(2, 1);
  b.x << 2, 4;
  b.dy = theory::Matrix<double>(2, 1);
  b.dy << 4, 0;
  b.gamma = theory::Vector<double>::Constant(1, 4);
  b.beta = theory::Vector<double>::Constant(1, 1);
  b.eps = 3;
  return b;
}
theory::RunningDeviation<double> averages(double mean, double deviation) {
  return {theory::Vector<double>::Constant(1, mean), theory::Vector<double>::Constant(1, deviation)};
}

TEST(RenormInference, normalizes_by_the_averages) {
  const auto y = theory::renorm_inference(batch(), averages(1, 4));
  EXPECT_EQ(y(0, 0), 2);
  EXPECT_EQ(y(1, 0), 4);
}

TEST(RenormDefect, is_zero_where_nothing_is_cut_off) {
  const auto defect = theory::renorm_defect(batch(), averages(1, 4), 2.0, 0.5);
  EXPECT_EQ(defect(0, 0), 0);
  EXPECT_EQ(defect(1, 0), 0);
}

TEST(RenormDefect, is_what_both_corrections_lack) {
  // Wanted 1/2 and 1/2, used 1 and 0: 4(1/2·(∓1/2) − 1/2).
  const auto defect = theory::renorm_defect(batch(), averages(1, 4), 1.0, 0.0);
  EXPECT_EQ(defect(0, 0), -3);
  EXPECT_EQ(defect(1, 0), -1);
  // Wanted 8 and 12, used 4 and 2: 4(−4·(∓1/2) − 10).
  const auto upper = theory::renorm_defect(batch(), averages(0, 0.25), 4.0, 2.0);
  EXPECT_EQ(upper(0, 0), -32);
  EXPECT_EQ(upper(1, 0), -48);
  // Wanted 2 and −3/2, used 2 and −1: 4·1/2.
  const auto lower = theory::renorm_defect(batch(), averages(4.5, 1), 4.0, 1.0);
  EXPECT_EQ(lower(0, 0), 2);
  EXPECT_EQ(lower(1, 0), 2);
}

TEST(RenormInputGradient, is_r_times_that_of_batch_norm) {
  const theory::Matrix<double> dx =
      theory::renorm_input_gradient<double>(batch(), theory::Vector<double>::Constant(1, 3));
  EXPECT_EQ(dx(0, 0), 9);
  EXPECT_EQ(dx(1, 0), -9);
}

}  // namespace
}  // namespace normproof::theory_tests
