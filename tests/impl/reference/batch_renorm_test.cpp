// Does the reference batch renormalization correct, clip, update and differentiate as computed by hand?
#include "impl/reference/batch_renorm.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace {

namespace reference = normproof::reference;
using Values = std::vector<double>;
using Range = reference::CorrectionRange<double>;
using State = reference::RunningDeviation<double>;

// One channel with mean 3 and, with ε = 3, σ_B = 2.
const Values x{2, 4};
const reference::Extents two_by_one{2, 1};
const double eps = 3;

Values trained(State& running, const Range& range, double alpha) {
  Values y(2);
  reference::batch_renorm_train<double>(x, two_by_one, range, alpha, Values{4}, Values{1}, eps, running, y);
  return y;
}

TEST(ReferenceBatchRenorm, without_limits_trains_as_it_infers) {
  State running{{1}, {4}};
  const State before = running;
  const Values y = trained(running, {}, 0.5);
  EXPECT_EQ(y, (Values{2, 4}));
  Values inferred(2);
  reference::batch_renorm_infer<double>(x, two_by_one, before, Values{4}, Values{1}, inferred);
  EXPECT_EQ(inferred, y);
}

TEST(ReferenceBatchRenorm, moves_the_averages_by_alpha_after_the_corrections) {
  State running{{1}, {4}};
  trained(running, {}, 0.5);
  EXPECT_EQ(running.mean, (Values{2}));
  EXPECT_EQ(running.deviation, (Values{3}));
}

TEST(ReferenceBatchRenorm, with_no_room_for_corrections_is_batch_norm) {
  State running{{1}, {4}};
  EXPECT_EQ(trained(running, {true, 1, 0}, 0), (Values{-1, 3}));
}

TEST(ReferenceBatchRenorm, clips_at_both_ends_of_both_ranges) {
  const Values mean{3}, deviation{2};
  const auto clipped = [&](const State& running) {
    const auto corrections = reference::renorm_corrections<double>(mean, deviation, running, {true, 4, 2});
    return Values{corrections.r[0], corrections.d[0]};
  };
  EXPECT_EQ(clipped({{2}, {1}}), (Values{2, 1}));        // inside
  EXPECT_EQ(clipped({{0}, {0.25}}), (Values{4, 2}));     // 8 and 12
  EXPECT_EQ(clipped({{63}, {16}}), (Values{0.25, -2}));  // 1/8 and −15/4
}

TEST(ReferenceBatchRenorm, holds_the_corrections_in_the_backward_pass) {
  // x̂_B = −1/2, 1/2; γ r/σ_B = 6; dy = 4, 0: ⟨dy⟩ = 2, ⟨dy x̂_B⟩ = −1.
  Values dx(2), dgamma(1), dbeta(1);
  reference::batch_renorm_backward<double>(x, Values{4, 0}, two_by_one, Values{3}, Values{7}, Values{4}, eps, dx,
                                           dgamma, dbeta);
  EXPECT_EQ(dx, (Values{9, -9}));
  EXPECT_EQ(dgamma, (Values{22}));
  EXPECT_EQ(dbeta, (Values{4}));
}

TEST(ReferenceBatchRenorm, has_no_gradient_for_a_batch_of_one) {
  Values dx(1, 99.0), dgamma(1), dbeta(1);
  reference::batch_renorm_backward<double>(Values{5}, Values{4}, {1, 1}, Values{3}, Values{7}, Values{4}, 4.0, dx,
                                           dgamma, dbeta);
  EXPECT_EQ(dx, (Values{0}));
}

}  // namespace
