// Are the ℓp statistics, their gradient and the bounds those of batches worked out by hand?
#include "theory/smoothness/lp_normalization.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace normproof {
namespace {

using theory::MeanNorm;
using theory::NormOf;
using Vector = theory::Vector<double>;

Vector vector_of(std::initializer_list<double> values) {
  Vector out(static_cast<Eigen::Index>(values.size()));
  Eigen::Index k = 0;
  for (const double value : values) out(k++) = value;
  return out;
}

TEST(LpNormalization, divides_by_the_norm_of_the_batch_before_the_shift) {
  const auto l1 = theory::lp_statistics(vector_of({1, 3}), MeanNorm::l1, NormOf::raw);
  EXPECT_EQ(l1.norm, 2);
  EXPECT_EQ(l1.x_hat(0), -0.5);
  EXPECT_EQ(l1.norm_gradient(0), 0.5);
  EXPECT_EQ(theory::lp_statistics(vector_of({1, -7}), MeanNorm::l2, NormOf::raw).norm, 5);
  const auto linf = theory::lp_statistics(vector_of({1, -4, 2}), MeanNorm::linf, NormOf::raw);
  EXPECT_EQ(linf.norm, 4);
  EXPECT_EQ(linf.norm_gradient(0), 0);
  EXPECT_EQ(linf.norm_gradient(1), -1);
  EXPECT_EQ(linf.norm_gradient(2), 0);
}

TEST(LpNormalization, of_the_centred_batch_does_not_notice_a_shift) {
  const auto st = theory::lp_statistics(vector_of({10, 16, 10}), MeanNorm::linf, NormOf::centred);
  EXPECT_EQ(st.norm, 4);
  EXPECT_EQ(st.x_hat(1), 1);
  EXPECT_DOUBLE_EQ(st.norm_gradient(0), -1.0 / 3);
  EXPECT_DOUBLE_EQ(st.norm_gradient(1), 2.0 / 3);
}

TEST(LpNormalization, may_lengthen_the_gradient_where_batch_norm_shortens_it) {
  const auto st = theory::lp_statistics(vector_of({1, 3}), MeanNorm::l1, NormOf::raw);
  const Vector g = vector_of({-1, 1});
  const Vector dx = theory::lp_input_gradient(st, g, 2.0);
  EXPECT_EQ(dx(0), -1.5);
  EXPECT_EQ(dx(1), 0.5);
  EXPECT_EQ(theory::lp_squared_gradient(st, g, 2.0), 2.5);
  EXPECT_EQ(theory::lp_gradient_bound(st, g, 2.0, 0.5), 1.5);
}

TEST(LpNormalization, oblique_bound_is_attained_at_x_hat_less_its_share_along_the_norms_gradient) {
  const auto st = theory::lp_statistics(vector_of({-1, 0.5, 2}), MeanNorm::linf, NormOf::centred);
  const double uu = theory::sum_of_products(st.norm_gradient, st.norm_gradient);
  Vector g = st.x_hat;
  for (Eigen::Index k = 0; k < g.size(); ++k) g(k) -= st.norm_gradient(k) / uu;
  EXPECT_NEAR(theory::lp_squared_gradient(st, g, 1.0), theory::lp_oblique_bound(st, g, 1.0),
              1e-14);  // empirical: a few rounding errors of numbers near 1
}

TEST(LpNormalization, refuses_an_empty_batch) {
  EXPECT_THROW(theory::lp_statistics(Vector(0), MeanNorm::l1, NormOf::raw), std::invalid_argument);
}

}  // namespace
}  // namespace normproof
