// Is every honest kernel within the bounds of its class, is every faulty one beyond those that conform, and are the
// bounds numbers that never decrease whatever the data are?
#include "theory/rounding/normalization_bounds.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "tests/theory/rounding/float_kernels.hpp"

namespace {

using namespace normproof::tests;
using namespace normproof::theory;

const Unit unit;
const Affine affine = {-1.7F, 0.3F};
constexpr double infinity = std::numeric_limits<double>::infinity();

double in_class(const BoundPerClass& bounds, StabilityClass k) { return bounds[static_cast<std::size_t>(k)]; }

// Honest forward kernels, each with the tightest class that is promised for it.

using Outputs = std::vector<float>;
struct Forward {
  double mean = 0, inv_std = 0;
  Outputs y;
};
struct ForwardKernel {
  std::string name;
  StabilityClass promised;
  std::function<Forward(const std::vector<float>&, double eps)> run;
};

template <class T, class Last>
Forward finished(const std::vector<float>& x, const Statistics<T>& statistics, double eps, const Last& last) {
  const T inv_std = inverse_root(statistics.variance, eps);
  Forward result = {static_cast<float>(statistics.mean), static_cast<float>(inv_std), {}};
  for (const float value : x) result.y.push_back(last(value, statistics.mean, inv_std, affine));
  return result;
}

template <class T, class F>
ForwardKernel kernel(const std::string& name, StabilityClass promised, const F& statistics) {
  return {name, promised, [statistics](const std::vector<float>& x, double eps) {
            return finished<T>(x, statistics(in<T>(x)), eps, normalized<T>);
          }};
}

template <class T, class F>
ForwardKernel folded_kernel(const std::string& name, StabilityClass promised, const F& statistics) {
  return {name, promised, [statistics](const std::vector<float>& x, double eps) {
            return finished<T>(x, statistics(in<T>(x)), eps, folded<T>);
          }};
}

using Floats = std::vector<float>;
using Doubles = std::vector<double>;

std::vector<ForwardKernel> honest_kernels() {
  using enum StabilityClass;
  return {
      kernel<double>("double", compensated,
                     [](const Doubles& x) { return two_pass_statistics<double>(x, chain_sum<double>); }),
      kernel<float>("pairwise", two_pass,
                    [](const Floats& x) { return two_pass_statistics<float>(x, pairwise_sum<float>); }),
      kernel<float>("blocked", two_pass,
                    [](const Floats& x) { return two_pass_statistics<float>(x, blocked_sum<float>); }),
      kernel<float>("corrected", two_pass,
                    [](const Floats& x) { return corrected_two_pass_statistics<float>(x, blocked_sum<float>); }),
      kernel<float>("Kahan", two_pass, [](const Floats& x) { return two_pass_statistics<float>(x, kahan_sum<float>); }),
      folded_kernel<float>("folded", updating,
                           [](const Floats& x) { return two_pass_statistics<float>(x, blocked_sum<float>); }),
      kernel<float>("Chan of single values", updating, [](const Floats& x) { return chan<float>(x, 1); }),
      kernel<float>("Chan of rows", updating, [](const Floats& x) { return chan<float>(x, 32); }),
      folded_kernel<float>(
          "Chan in a row, folded", updating,
          [](const Floats& x) { return chan_in_a_row<float>(x, static_cast<std::size_t>(std::sqrt(x.size())) + 1); }),
      kernel<float>("shifted", updating, [](const Floats& x) { return shifted<float>(x, pairwise_sum<float>); }),
      kernel<float>("Welford", updating_chain, [](const Floats& x) { return welford<float>(x); }),
      folded_kernel<float>("Welford, folded", updating_chain, [](const Floats& x) { return welford<float>(x); }),
  };
}

void expect_within(const ForwardKernel& tried, const std::vector<float>& x, double eps, int& compared) {
  const Reference right = reference(x, eps);
  const Forward got = tried.run(x, eps);
  const auto within = [&](double value, long double exact, const BoundPerClass& bounds) {
    ++compared;
    return error(value, exact) <= in_class(bounds, tried.promised);
  };
  EXPECT_TRUE(within(got.mean, right.mean, mean_bound(right.data, unit))) << tried.name;
  EXPECT_TRUE(within(got.inv_std, right.inv_std, inv_std_bound(right.data, unit))) << tried.name;
  const std::size_t step = 1 + x.size() / 50;
  for (std::size_t i = 0; i < x.size(); i += step) {
    const BoundPerClass bounds = output_bound(right.data, unit, x[i], affine.gamma, affine.beta);
    EXPECT_TRUE(within(got.y[i], right.y(x[i], affine), bounds))
        << tried.name << " m " << x.size() << " kappa " << right.data.mean / std::sqrt(right.data.variance);
    EXPECT_LT(in_class(bounds, StabilityClass::updating_chain), infinity);
  }
}

TEST(NormalizationBounds, take_in_every_honest_kernel_on_random_channels) {
  int compared = 0;
  for (const std::size_t m : {1U, 2U, 3U, 7U, 64U, 165U, 1000U, 10000U}) {
    for (const double condition : {0.0, 1.0, 30.0, 1e3, 1e4, 1e6}) {
      for (std::uint64_t seed = 0; seed < (m < 1000 ? 5 : 1); ++seed) {
        const std::vector<float> x = random_channel(m, condition, seed);
        for (const ForwardKernel& tried : honest_kernels()) expect_within(tried, x, 1e-5, compared);
      }
    }
  }
  EXPECT_GT(compared, 40000);
}

TEST(NormalizationBounds, take_in_every_honest_kernel_on_constant_channels_and_ramps) {
  int compared = 0;
  for (const std::size_t m : {1U, 3U, 100U, 5000U}) {
    for (const float value : {0.1F, 14.3F, -1234.567F, 1e6F / 3}) {
      std::vector<float> ramp;
      for (std::size_t i = 0; i < m; ++i) ramp.push_back(value + static_cast<float>(i) / static_cast<float>(m));
      for (const ForwardKernel& tried : honest_kernels()) {
        expect_within(tried, std::vector<float>(m, value), 1e-6, compared);
        expect_within(tried, ramp, 1e-3, compared);
      }
    }
  }
  EXPECT_GT(compared, 5000);
}

// A plain loop is granted where everyone writes one.
TEST(NormalizationBounds, take_in_a_plain_loop_over_short_channels) {
  const auto naive = kernel<float>("plain loop", StabilityClass::two_pass,
                                   [](const Floats& x) { return two_pass_statistics<float>(x, chain_sum<float>); });
  int compared = 0;
  for (const std::size_t m : {2U, 50U, 165U}) {
    for (const double condition : {0.0, 1.0, 1e3, 1e6}) {
      for (std::uint64_t seed = 0; seed < 20; ++seed) {
        expect_within(naive, random_channel(m, condition, seed), 1e-5, compared);
      }
      expect_within(naive, std::vector<float>(m, static_cast<float>(condition + 0.1)), 1e-5, compared);
    }
  }
  EXPECT_GT(compared, 5000);
}

// From the smallest to the largest numbers: sums and squares need binary64's range, nothing else does.
std::vector<float> scaled_channel(std::size_t m, double condition, float scale) {
  std::vector<float> x = random_channel(m, condition, m);
  for (float& value : x) value *= scale;
  return x;
}

TEST(NormalizationBounds, take_in_kernels_in_double_at_the_ends_of_the_range) {
  int compared = 0;
  const ForwardKernel in_double = honest_kernels().front();
  for (const float scale : {0x1p125F, 1e30F, 1e19F, 1e-15F, 1e-30F, 1e-38F, 0x1p-140F}) {
    for (const double condition : {0.0, 2.0}) {
      for (const std::size_t m : {2U, 21U, 500U}) {
        std::vector<float> x = scaled_channel(m, scale < 1e30F ? condition : 0, scale);
        for (float& value : x) value = std::min(value, std::numeric_limits<float>::max());
        for (const double eps : {0.0, 1e-12}) {
          const Reference right = reference(x, eps);
          if (!(right.inv_std < std::numeric_limits<float>::max())) continue;  // it has no place in a float
          const Forward got = in_double.run(x, eps);
          EXPECT_LE(error(got.inv_std, right.inv_std),
                    in_class(inv_std_bound(right.data, unit), StabilityClass::compensated));
          for (std::size_t i = 0; i < m; ++i) {
            const BoundPerClass bounds = output_bound(right.data, unit, x[i], affine.gamma, affine.beta);
            EXPECT_LE(error(got.y[i], right.y(x[i], affine)), in_class(bounds, StabilityClass::compensated)) << scale;
            EXPECT_LT(in_class(bounds, StabilityClass::updating), 1);
            ++compared;
          }
        }
      }
    }
  }
  EXPECT_GT(compared, 5000);
}

// Faults.

// How many of the values of y are beyond every class that conforms.
int beyond(const std::vector<float>& x, const Forward& got, double eps, bool exact_statistics = false) {
  const Reference right = reference(x, eps, exact_statistics);
  int count = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const BoundPerClass bounds = output_bound(right.data, unit, x[i], affine.gamma, affine.beta);
    if (!(error(got.y[i], right.y(x[i], affine)) <= in_class(bounds, StabilityClass::updating_chain))) ++count;
  }
  return count;
}

// In one pass the variance is a difference of numbers near κ², in steps of their last digit: it may be right by chance.
TEST(NormalizationBounds, catch_a_variance_in_one_pass_at_a_condition_of_a_thousand) {
  int caught = 0, caught_at_ten_thousand = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    for (const double condition : {1e3, 1e4}) {
      const std::vector<float> x = random_channel(64, condition, seed);
      const Statistics<float> wrong = one_pass_statistics<float>(x, pairwise_sum<float>);
      const bool seen = beyond(x, finished<float>(x, wrong, 1e-5, normalized<float>), 1e-5) > 0;
      (condition < 1e4 ? caught : caught_at_ten_thousand) += seen ? 1 : 0;
    }
  }
  EXPECT_GE(caught, 24);
  EXPECT_EQ(caught_at_ten_thousand, 40);
}

TEST(NormalizationBounds, catch_one_long_chain_on_a_constant_channel) {
  const std::vector<float> x(65536, 0.1F);
  const Statistics<float> wrong = two_pass_statistics<float>(x, chain_sum<float>);
  EXPECT_EQ(beyond(x, finished<float>(x, wrong, 1e-5, normalized<float>), 1e-5), 65536);
}

TEST(NormalizationBounds, catch_a_missing_eps) {
  std::vector<float> x = random_channel(64, 0, 1);
  for (float& value : x) value *= 1e-2F;  // variance 1e-4, eps 1e-5
  EXPECT_GT(
      beyond(x, finished<float>(x, two_pass_statistics<float>(x, pairwise_sum<float>), 0, normalized<float>), 1e-5),
      60);
}

TEST(NormalizationBounds, catch_squares_that_underflow_and_inputs_that_are_flushed) {
  const std::vector<float> small = scaled_channel(32, 0, 1e-30F);
  EXPECT_EQ(
      beyond(small,
             finished<float>(small, two_pass_statistics<float>(small, pairwise_sum<float>), 0, normalized<float>), 0),
      32);
  const std::vector<float> subnormal = scaled_channel(32, 0, 0x1p-135F), flushed(32, 0.0F);
  Forward wrong = finished<float>(flushed, {0, 1}, 1, normalized<float>);  // y is beta
  EXPECT_GT(beyond(subnormal, wrong, 0), 28);
}

TEST(NormalizationBounds, catch_normalising_by_the_unbiased_variance) {
  const std::vector<float> x = random_channel(1000, 0, 2);
  Statistics<float> wrong = two_pass_statistics<float>(x, pairwise_sum<float>);
  wrong.variance *= 1000.0F / 999.0F;
  EXPECT_GT(beyond(x, finished<float>(x, wrong, 1e-5, normalized<float>), 1e-5), 700);
}

TEST(NormalizationBounds, catch_a_residue_on_exact_constant_channels) {
  for (const float value : {1.0F, 14.0F, 4099.0F, -1e4F}) {
    const std::vector<float> x(64, value);
    const Statistics<float> right = two_pass_statistics<float>(x, pairwise_sum<float>);
    ASSERT_EQ(right.mean, value);
    EXPECT_EQ(beyond(x, finished<float>(x, right, 1e-5, normalized<float>), 1e-5, true), 0);
    EXPECT_EQ(beyond(x, finished<float>(x, right, 1e-5, folded<float>), 1e-5, true), 64) << value;
  }
}

TEST(NormalizationBounds, catch_a_missing_bessel_factor_and_an_eps_that_leaks) {
  const std::vector<float> x = random_channel(4, 1, 3);
  const Reference right = reference(x, 0.1);
  const double momentum = 0.1, before = 2;
  const auto update = [&](double variance) { return (1 - momentum) * before + momentum * variance; };
  const double unbiased = static_cast<double>(right.variance) * 4 / 3;
  const double bound =
      in_class(running_variance_bound(right.data, unit, momentum, before, true), StabilityClass::updating_chain);
  EXPECT_LE(error(static_cast<float>(update(unbiased)), update(unbiased)), bound);
  EXPECT_GT(error(update(static_cast<double>(right.variance)), update(unbiased)), bound);
  EXPECT_GT(error(update(unbiased + 0.1), update(unbiased)), bound);
  EXPECT_EQ(running_variance_bound(reference({5.0F}, 0.1).data, unit, momentum, before, true), BoundPerClass{});
}

// Exact statistics.

// 3 ± 0.5: sums and squares of any subset of them are small multiples of 1/4.
TEST(NormalizationBounds, are_zero_for_statistics_that_are_exact_in_any_order) {
  std::vector<float> x;
  for (int i = 0; i < 64; ++i) x.push_back(i % 2 == 0 ? 3.5F : 2.5F);
  const Reference right = reference(x, 1e-5, true);
  const BoundPerClass mean = mean_bound(right.data, unit), variance = variance_bound(right.data, unit);
  EXPECT_EQ(in_class(mean, StabilityClass::updating), 0);
  EXPECT_EQ(in_class(variance, StabilityClass::two_pass), 0);
  EXPECT_GT(in_class(mean, StabilityClass::updating_chain), 0);  // merges of odd parts round
  for (const Sum<float> sum : {pairwise_sum<float>, blocked_sum<float>, chain_sum<float>}) {
    const Statistics<float> got = two_pass_statistics<float>(x, sum), too = one_pass_statistics<float>(x, sum);
    EXPECT_EQ(got.mean, 3);
    EXPECT_EQ(got.variance, 0.25F);
    EXPECT_EQ(too.variance, 0.25F);
    const BoundPerClass y = output_bound(right.data, unit, x[0], affine.gamma, affine.beta);
    const float value = normalized(x[0], got.mean, inverse_root(got.variance, 1e-5), affine);
    EXPECT_LE(error(value, right.y(x[0], affine)), in_class(y, StabilityClass::compensated));
    EXPECT_LE(in_class(y, StabilityClass::two_pass), 16 * unit.roundoff * 2);  // a few u of |gamma x_hat| + |beta|
  }
}

TEST(NormalizationBounds, grant_one_pass_the_square_of_a_mean_where_the_sums_are_exact) {
  std::vector<float> x(8, 723);
  x.back() = 722;
  const Reference right = reference(x, 1e-5, true);
  const BoundPerClass variance = variance_bound(right.data, unit);
  const double off = error(one_pass_statistics<float>(x, chain_sum<float>).variance, right.data.variance);
  EXPECT_EQ(in_class(variance, StabilityClass::two_pass), 0);
  EXPECT_GT(off, 0.01);
  EXPECT_LE(off, in_class(variance, StabilityClass::one_pass));
}

TEST(NormalizationBounds, leave_only_the_rounding_of_beta_on_an_exact_constant_channel) {
  ChannelData c = reference(std::vector<float>(8, 14.0F), 1e-5, true).data;
  const double allowed = unit.roundoff * 5 * (1 + 1e-9) + 100 * unit.smallest;
  for (const double bound : output_bound(c, unit, 14, 3, 5)) EXPECT_LE(bound, allowed);
  for (const double bound : output_bound(c, unit, 14, 0, 0)) EXPECT_LE(bound, 100 * unit.smallest);
  c.exact_statistics = false;  // now a mean that is off is granted
  EXPECT_GT(in_class(output_bound(c, unit, 14, 3, 5), StabilityClass::two_pass), 100 * allowed);
}

// Running statistics.

TEST(RunningBounds, take_in_both_forms_of_the_update) {
  int compared = 0;
  for (const double condition : {0.0, 100.0}) {
    const std::vector<float> x = random_channel(100, condition, 9);
    const Reference right = reference(x, 1e-5);
    const Statistics<float> got = two_pass_statistics<float>(x, pairwise_sum<float>);
    for (const double momentum : {0.0, 0.1, 0.5, 0.9, 1.0}) {
      for (const float before : {0.0F, 0.7F, -1e4F}) {
        const auto alpha = static_cast<float>(momentum);
        const float weighed = (1 - alpha) * before + alpha * got.mean;
        const float moved = before + alpha * (got.mean - before);
        const long double exact = (1 - static_cast<long double>(momentum)) * before + momentum * right.mean;
        const BoundPerClass bounds = running_mean_bound(right.data, unit, momentum, before);
        EXPECT_LE(error(weighed, exact), in_class(bounds, StabilityClass::two_pass));
        EXPECT_LE(error(moved, exact), in_class(bounds, StabilityClass::two_pass));
        compared += 2;
      }
    }
  }
  EXPECT_EQ(compared, 2 * 5 * 3 * 2);
}

TEST(RunningBounds, cannot_be_zero_at_momentum_one_for_both_forms) {
  const float before = 1e8F, batch = 3;
  EXPECT_NE(before + (batch - before), batch);
  const Reference right = reference(std::vector<float>(8, batch), 1e-5, true);
  const BoundPerClass bounds = running_mean_bound(right.data, unit, 1, before);
  EXPECT_LE(error(before + (batch - before), 3), in_class(bounds, StabilityClass::two_pass));
}

TEST(RunningBounds, keep_the_old_value_at_momentum_zero) {
  const ChannelData c = reference(random_channel(50, 1e6, 4), 1e-5).data;
  for (const double bound : running_mean_bound(c, unit, 0, 2)) EXPECT_LE(bound, 12 * unit.roundoff * 2);
  for (const double bound : running_variance_bound(c, unit, 0, 2, true)) EXPECT_LE(bound, 12 * unit.roundoff * 2);
}

// Backward.

struct BackwardCall {
  std::vector<float> x, dy;
  float mean = 0, inv_std = 1;
  BackwardReference right;
};

BackwardCall backward_call(std::size_t m, double condition, std::uint64_t seed) {
  BackwardCall made = {random_channel(m, condition, seed), random_channel(m, 0.3, seed + 1000), 0, 1, {}};
  const Reference forward = reference(made.x, 1e-5);
  made.mean = static_cast<float>(forward.mean);
  made.inv_std = static_cast<float>(forward.inv_std);
  made.right = backward_reference(made.x, made.dy, made.mean, made.inv_std, affine.gamma);
  return made;
}

void expect_within(const BackwardCall& given, const Gradients& got, StabilityClass k, int& compared) {
  const GradientData& data = given.right.data;
  EXPECT_LE(error(got.dbeta, given.right.dbeta), in_class(dbeta_bound(data, unit), k));
  EXPECT_LE(error(got.dgamma, given.right.dgamma), in_class(dgamma_bound(data, unit), k));
  const std::size_t step = 1 + given.x.size() / 50;
  for (std::size_t i = 0; i < given.x.size(); i += step) {
    const BoundPerClass bounds = input_gradient_bound(data, unit, given.x[i], given.dy[i]);
    EXPECT_LE(error(got.dx[i], given.right.dx(given.x[i], given.dy[i])), in_class(bounds, k)) << data.mean;
    ++compared;
  }
}

TEST(GradientBounds, take_in_every_honest_kernel) {
  using enum StabilityClass;
  int compared = 0;
  for (const std::size_t m : {1U, 2U, 3U, 64U, 165U, 1000U, 10000U}) {
    for (const double condition : {0.0, 1.0, 30.0, 1e3, 1e6}) {
      const BackwardCall given = backward_call(m, condition, m);
      const float mean = given.mean, inv_std = given.inv_std, gamma = affine.gamma;
      for (const Sum<float> sum : {pairwise_sum<float>, blocked_sum<float>, kahan_sum<float>}) {
        expect_within(given, backward<float>(given.x, given.dy, mean, inv_std, gamma, sum), two_pass, compared);
        expect_within(given, folded_backward<float>(given.x, given.dy, mean, inv_std, gamma, sum), updating, compared);
      }
      const Doubles x = in<double>(given.x), dy = in<double>(given.dy);
      expect_within(given, backward<double>(x, dy, mean, inv_std, gamma, chain_sum<double>), compensated, compared);
      if (m <= 165) {
        expect_within(given, backward<float>(given.x, given.dy, mean, inv_std, gamma, chain_sum<float>), two_pass,
                      compared);
      }
    }
  }
  EXPECT_GT(compared, 6000);
}

TEST(GradientBounds, catch_what_folding_loses_in_the_classes_above_updating) {
  const BackwardCall given = backward_call(1000, 1e4, 5);
  const Gradients got =
      folded_backward<float>(given.x, given.dy, given.mean, given.inv_std, affine.gamma, pairwise_sum<float>);
  EXPECT_GT(error(got.dgamma, given.right.dgamma),
            in_class(dgamma_bound(given.right.data, unit), StabilityClass::two_pass));
}

TEST(GradientBounds, catch_a_long_chain_of_equal_gradients_in_the_classes_up_to_updating) {
  const std::vector<float> dy(65536, 0.1F);
  long double sum = 0;
  for (const float value : dy) sum += value;
  GradientData g;
  g.count = 65536;
  g.sum_dy = g.sum_abs_dy = static_cast<double>(sum);
  EXPECT_GT(error(chain_sum<float>(dy), sum), in_class(dbeta_bound(g, unit), StabilityClass::updating));
  EXPECT_LE(error(pairwise_sum<float>(dy), sum), in_class(dbeta_bound(g, unit), StabilityClass::two_pass));
}

// Inference and full normalization.

TEST(InferenceBounds, take_in_both_forms_and_keep_them_apart) {
  int compared = 0, told_apart = 0;
  for (const double mean : {0.0, 1.0, 1e3, 1e6}) {
    for (const double variance : {1.0, 4e-3, 1e-9}) {
      for (const float x : random_channel(50, mean, 6)) {
        const auto m = static_cast<float>(mean), v = static_cast<float>(variance);
        const float inv_std = inverse_root(v, 1e-5);
        const long double exact =
            affine.gamma * (x - static_cast<long double>(m)) / std::sqrt(static_cast<long double>(v) + 1e-5) +
            affine.beta;
        const BoundPerClass bounds = inference_bound(unit, m, v, 1e-5).at(x, affine.gamma, affine.beta);
        EXPECT_LE(error(normalized(x, m, inv_std, affine), exact), in_class(bounds, StabilityClass::two_pass));
        const double off = error(folded(x, m, inv_std, affine), exact);
        EXPECT_LE(off, in_class(bounds, StabilityClass::updating));
        told_apart += off > in_class(bounds, StabilityClass::two_pass) ? 1 : 0;
        ++compared;
      }
    }
  }
  EXPECT_EQ(compared, 4 * 3 * 50);
  EXPECT_GT(told_apart, 100);
}

const Unit of_double = {0x1p-53, std::numeric_limits<double>::denorm_min(), std::numeric_limits<double>::max()};

TEST(FullNormBounds, take_in_the_difference_in_the_precision_of_the_state) {
  int compared = 0;
  for (const double mean : {0.1, 30.7, 1e3 / 3, 1e6 / 3}) {
    const double square = mean * mean + 1.1;
    const long double exact_variance = square - static_cast<long double>(mean) * mean;
    const double variance = square - mean * mean;
    EXPECT_LE(error(variance, exact_variance), full_norm_variance_error(mean, square, of_double));
    ASSERT_TRUE(full_norm_clamp_is_decided(mean, square, 1e-5, of_double));
    const long double exact_inv_std = 1 / std::sqrt(exact_variance);
    const double inv_std = 1 / std::sqrt(variance);
    EXPECT_LE(error(inv_std, exact_inv_std),
              full_norm_inv_std_error(mean, square, 1e-5, of_double, of_double) * inv_std);
    for (const float x : random_channel(50, mean, 8)) {
      const long double exact = affine.gamma * (x - static_cast<long double>(mean)) * exact_inv_std + affine.beta;
      const BoundPerClass bounds =
          full_norm_output_bound(unit, of_double, mean, square, 1e-5).at(x, affine.gamma, affine.beta);
      EXPECT_LE(error(normalized<double>(x, mean, inv_std, affine), exact), in_class(bounds, StabilityClass::two_pass));
      EXPECT_LT(in_class(bounds, StabilityClass::two_pass), 0.01);
      ++compared;
    }
  }
  EXPECT_EQ(compared, 4 * 50);
}

TEST(FullNormBounds, know_where_the_clamp_is_decided) {
  EXPECT_TRUE(full_norm_clamp_is_decided(1, 2, 1e-5, of_double));
  EXPECT_TRUE(full_norm_clamp_is_decided(1, 1, 1e-5, of_double));
  EXPECT_FALSE(full_norm_clamp_is_decided(1, 1 + 1e-5, 1e-5, of_double));
  EXPECT_FALSE(full_norm_clamp_is_decided(1e6, 1e12, 1e-5, of_double));
  EXPECT_FALSE(full_norm_clamp_is_decided(1e3, 1e6, 1e-5, unit));
  // Where the clamp is active for all, nothing of the difference is left.
  EXPECT_LE(full_norm_inv_std_error(1, 1, 1e-5, unit, of_double), given_inv_std_error(unit) * (1 + 1e-9));
}

TEST(FullNormBounds, take_in_the_update_of_the_state) {
  const std::vector<float> x = random_channel(1000, 5, 11);
  const Reference right = reference(x, 1e-5);
  const Floats squares = each(x, [](float value) { return value * value; });
  const float mean_square = pairwise_sum<float>(squares) / 1000.0F;
  const double momentum = 0.25, before = 3;
  const double got = (1 - momentum) * before + momentum * mean_square;
  const long double exact = (1 - momentum) * before + momentum * (right.variance + right.mean * right.mean);
  const BoundPerClass bounds = full_norm_square_bound(right.data, unit, momentum, before);
  EXPECT_LE(error(got, exact), in_class(bounds, StabilityClass::two_pass));
  EXPECT_GT(error(got * (1 + 1e-3), exact), in_class(bounds, StabilityClass::updating));
}

// All bounds, whatever the data.

void expect_numbers(const BoundPerClass& bounds, const std::string& what) {
  double last = 0;
  for (const double bound : bounds) {
    EXPECT_FALSE(std::isnan(bound)) << what;
    EXPECT_GE(bound, last) << what;
    last = bound;
  }
}

const std::vector<double> sizes = {0,    5e-324, 1e-310, 1e-45, 1e-20,   1e-5,    1,
                                   14.3, 1e10,   3e38,   1e150, 1.7e308, infinity};

TEST(AllBounds, are_never_na_n_and_never_decrease_forward) {
  for (const double count : {0.0, 1.0, 2.0, 65536.0, 1e12}) {
    for (const double mean : sizes) {
      for (const double spread : sizes) {
        for (const double eps : {0.0, 1e-12, 1e-5}) {
          for (const int kind : {0, 1, 2, 3}) {
            ChannelData c;
            c.count = count;
            c.mean = -mean;
            c.constant = kind % 2 == 1;
            c.variance = c.constant ? 0 : spread * spread;
            c.root_mean_square = std::hypot(mean, c.constant ? 0 : spread);
            c.max_magnitude = mean + spread;
            c.eps = eps;
            c.exact_statistics = kind >= 2;
            for (const Unit& format : {unit, of_double}) {
              expect_numbers(mean_bound(c, format), "mean");
              expect_numbers(variance_bound(c, format), "variance");
              expect_numbers(inv_std_bound(c, format), "inv_std");
              expect_numbers(output_bound(c, format, mean - spread, 0, 1), "y, gamma 0");
              expect_numbers(output_bound(c, format, mean - spread, 1e30, -spread), "y");
              expect_numbers(running_mean_bound(c, format, 0, mean), "running mean");
              expect_numbers(running_variance_bound(c, format, 0.1, spread, true), "running variance");
              expect_numbers(full_norm_square_bound(c, format, 1, 0), "fn_square");
            }
          }
        }
      }
    }
  }
}

TEST(AllBounds, are_never_na_n_and_never_decrease_backward_and_inference) {
  for (const double count : {0.0, 1.0, 1000.0}) {
    for (const double mean : sizes) {
      for (const double inv_std : sizes) {
        for (const double dy : sizes) {
          GradientData g;
          g.count = count;
          g.mean = mean;
          g.inv_std = inv_std;
          g.gamma = dy > 1 ? 0 : -2;
          g.sum_dy = -dy;
          g.sum_abs_dy = dy * 2;
          g.sum_dy_x_hat = dy;
          g.sum_abs_dy_x_hat = dy * 3;
          g.through_variance = count > 0;
          expect_numbers(dbeta_bound(g, unit), "dbeta");
          expect_numbers(dgamma_bound(g, unit), "dgamma");
          expect_numbers(input_gradient_bound(g, unit, mean, dy), "dx");
          expect_numbers(input_gradient_bound(g, of_double, 1, dy), "dx");
          expect_numbers(inference_bound(unit, mean, inv_std, 0).at(dy, 1, 1), "inference");
          expect_numbers(full_norm_output_bound(unit, of_double, mean, inv_std, 0).at(dy, 1, 1), "full norm");
        }
      }
    }
  }
}

TEST(AllBounds, leave_beta_alone_where_gamma_is_zero) {
  const ChannelData c = reference(random_channel(1000, 1e6, 12), 1e-5).data;
  for (const double bound : output_bound(c, unit, c.mean + 1, 0, 4)) EXPECT_LE(bound, 4 * unit.roundoff * 4);
}

}  // namespace
