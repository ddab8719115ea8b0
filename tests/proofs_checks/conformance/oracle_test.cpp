// Are the oracle's values those of the papers' algorithms, to some thirty digits?
#include "proofs_checks/conformance/oracle.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "impl/reference/batch_norm.hpp"
#include "impl/reference/full_norm.hpp"
#include "proofs_checks/conformance/expectations.hpp"
#include "proofs_checks/numbers/interval.hpp"

namespace normproof::conformance {
namespace {

using numbers::Interval;
using reference::Extents;
using Intervals = std::vector<Interval>;

constexpr double infinity = std::numeric_limits<double>::infinity();

// Thirty digits, less the few that cancel in data of a few hundred at most. Empirical: the worst seen is 2^−101.
constexpr double agreed = 0x1p-90;

// How far the oracle is from an enclosure of the exact value, relative to max(1, |value|).
double distance(const DoubleDouble& value, const Interval& exact) {
  const Interval off = Interval(value.high()) + Interval(value.low()) - exact;
  return off.largest_magnitude() / std::max(1.0, exact.largest_magnitude());
}

// A case and its inputs as the reference takes them: rows (batch, spatial), row-major.
struct Problem {
  Case described;
  InputValues inputs;
  Oracle oracle;
  Extents extents;

  explicit Problem(Case made)
      : described(std::move(made)),
        inputs(input_values(described)),
        oracle(described, inputs),
        extents{static_cast<int>(described.per_channel()), static_cast<int>(described.channels)} {}

  std::size_t element(std::size_t row, std::size_t channel) const {
    const auto spatial = static_cast<std::size_t>(described.spatial);
    return (row / spatial * extents.columns() + channel) * spatial + row % spatial;
  }
  Intervals tensor(OperandId id) const {
    Intervals rows;
    for (std::size_t r = 0; r < extents.rows(); ++r)
      for (std::size_t c = 0; c < extents.columns(); ++c) rows.emplace_back(inputs[id][element(r, c)]);
    return rows;
  }
  Intervals vector(OperandId id) const {
    Intervals all;
    for (const double value : inputs[id]) all.emplace_back(value);
    return all;
  }
  Intervals sum(OperandId high, OperandId low) const {
    Intervals all = vector(high);
    for (std::size_t c = 0; c < all.size(); ++c) all[c] += Interval(inputs[low][c]);
    return all;
  }
  Interval eps() const { return Interval(described.eps); }
  const ChannelOracle& at(std::size_t c) const { return oracle[static_cast<std::int64_t>(c)]; }

  template <class F>
  void each(F f) const {
    for (std::size_t r = 0; r < extents.rows(); ++r)
      for (std::size_t c = 0; c < extents.columns(); ++c) f(extents.at(r, c), c, element(r, c));
  }
  double x(std::size_t i) const { return inputs[OperandId::x][i]; }
  double dy(std::size_t i) const { return inputs[OperandId::dy][i]; }
};

struct Shape {
  std::int64_t batch, channels, spatial;
};
constexpr Shape shapes[] = {{4, 3, 5}, {7, 2, 1}, {1, 3, 9}, {2, 1, 2}, {3, 4, 8}};

template <class F>
void for_each_problem(normproof_op op, F f) {
  std::uint64_t seed = 1;
  for (const Shape& shape : shapes)
    for (const normproof_dtype dtype : {NORMPROOF_F32, NORMPROOF_F64})
      f(Problem(plain_case(op, dtype, shape.batch, shape.channels, shape.spatial, seed++)));
}

TEST(Oracle, has_the_training_statistics_and_output_of_the_reference) {
  for_each_problem(NORMPROOF_BN_TRAIN, [](const Problem& p) {
    const Intervals x = p.tensor(OperandId::x);
    Intervals mean(p.extents.columns()), variance = mean, y = x;
    reference::batch_mean<Interval>(x, p.extents, mean);
    reference::batch_variance<Interval>(x, p.extents, mean, variance);
    reference::batch_norm_train<Interval>(x, p.extents, p.vector(OperandId::gamma), p.vector(OperandId::beta), p.eps(),
                                          y);
    for (std::size_t c = 0; c < mean.size(); ++c) {
      EXPECT_LE(distance(p.at(c).facts.mean, mean[c]), agreed);
      EXPECT_LE(distance(p.at(c).facts.variance, variance[c]), agreed);
      EXPECT_LE(distance(p.at(c).facts.inv_std, Interval(1) / sqrt(variance[c] + p.eps())), agreed);
    }
    p.each([&](std::size_t k, std::size_t c, std::size_t i) {
      const ChannelOracle& channel = p.at(c);
      const OutputFormula formula(channel.facts.mean, channel.facts.inv_std, channel.gamma, channel.beta);
      EXPECT_LE(distance(formula(p.x(i)), y[k]), agreed);
    });
  });
}

TEST(Oracle, has_the_inference_output_of_the_reference) {
  for_each_problem(NORMPROOF_BN_INFER, [](const Problem& p) {
    Intervals y = p.tensor(OperandId::x);
    reference::batch_norm_infer<Interval>(p.tensor(OperandId::x), p.extents, p.vector(OperandId::running_mean),
                                          p.vector(OperandId::running_var), p.vector(OperandId::gamma),
                                          p.vector(OperandId::beta), p.eps(), y);
    p.each([&](std::size_t k, std::size_t c, std::size_t i) {
      const ChannelOracle& channel = p.at(c);
      const OutputFormula formula(channel.given.mean, channel.given.inv_std, channel.gamma, channel.beta);
      EXPECT_LE(distance(formula(p.x(i)), y[k]), agreed);
    });
  });
}

// dgamma and dbeta about the given statistics, and dx.
void expect_gradients(const Problem& p, const Intervals& mean, const Intervals& variance, const Intervals& dx,
                      bool through_statistics) {
  const Intervals x = p.tensor(OperandId::x), dy = p.tensor(OperandId::dy);
  Intervals x_hat = x, dgamma(p.extents.columns()), dbeta = dgamma;
  reference::normalize<Interval>(x, p.extents, mean, variance, p.eps(), x_hat);
  reference::backward_gamma<Interval>(dy, x_hat, p.extents, dgamma);
  reference::backward_beta<Interval>(dy, p.extents, dbeta);
  for (std::size_t c = 0; c < mean.size(); ++c) {
    EXPECT_LE(distance(p.at(c).gradient.sum_dy_x_hat, dgamma[c]), agreed);
    EXPECT_LE(distance(p.at(c).gradient.sum_dy, dbeta[c]), agreed);
  }
  p.each([&](std::size_t k, std::size_t c, std::size_t i) {
    const InputGradientFormula formula(p.at(c), through_statistics);
    EXPECT_LE(distance(formula(p.x(i), p.dy(i)), dx[k]), agreed);
  });
}

TEST(Oracle, has_the_gradients_of_the_reference_where_the_saved_mean_is_exact) {
  // The reference's chain differs from the compact form in a term that is 0 at the batch mean, so the mean is a double
  // here: whole numbers, and as many as a power of two.
  for (const Shape& shape : {Shape{4, 3, 2}, Shape{8, 2, 1}, Shape{1, 4, 16}}) {
    Case made = plain_case(NORMPROOF_BN_TRAIN_BACKWARD, NORMPROOF_F64, shape.batch, shape.channels, shape.spatial, 5);
    made[OperandId::x].values = {"integers", {-40, 60}, {}, 0, {}};
    const Problem p(made);
    const Intervals x = p.tensor(OperandId::x), dy = p.tensor(OperandId::dy), gamma = p.vector(OperandId::gamma);
    const Intervals mean = p.sum(OperandId::saved_mean, OperandId::saved_mean_low);
    Intervals variance = p.vector(OperandId::saved_inv_std);
    for (Interval& v : variance) v = Interval(1) / (v * v) - p.eps();
    Intervals dx_hat = dy, dvariance(mean.size()), dmean(mean.size()), dx = dy;
    reference::backward_x_hat<Interval>(dy, p.extents, gamma, dx_hat);
    reference::backward_variance<Interval>(x, dx_hat, p.extents, mean, variance, p.eps(), dvariance);
    reference::backward_mean<Interval>(x, dx_hat, p.extents, mean, variance, p.eps(), dvariance, dmean);
    reference::backward_input<Interval>(x, dx_hat, p.extents, mean, variance, p.eps(), dvariance, dmean, dx);
    expect_gradients(p, mean, variance, dx, true);
  }
}

TEST(Oracle, has_the_gradients_of_inference) {
  for_each_problem(NORMPROOF_BN_INFER_BACKWARD, [](const Problem& p) {
    const Intervals mean = p.vector(OperandId::running_mean), variance = p.vector(OperandId::running_var);
    Intervals dx = p.tensor(OperandId::dy);
    const Intervals gamma = p.vector(OperandId::gamma);
    p.each([&](std::size_t k, std::size_t c, std::size_t) { dx[k] *= gamma[c] / sqrt(variance[c] + p.eps()); });
    expect_gradients(p, mean, variance, dx, false);
  });
}

reference::FullNormState<Interval> state_of(const Problem& p) {
  return {p.sum(OperandId::fn_mean, OperandId::fn_mean_low), p.vector(OperandId::fn_square)};
}

TEST(Oracle, has_the_state_of_full_normalization_of_the_reference) {
  for_each_problem(NORMPROOF_FN_TRAIN, [](const Problem& p) {
    reference::FullNormState<Interval> state = state_of(p);
    const Intervals mean_before = state.mean, square_before = state.square;
    reference::full_norm_update<Interval>(p.tensor(OperandId::x), p.extents,
                                          reference::FullNormReading::Statistics::per_feature,
                                          Interval(p.described.momentum), state);
    for (std::size_t c = 0; c < state.mean.size(); ++c) {
      const ChannelFacts& facts = p.at(c).facts;
      const DoubleDouble before =
          DoubleDouble::sum_of(p.inputs[OperandId::fn_mean][c], p.inputs[OperandId::fn_mean_low][c]);
      EXPECT_LE(distance(updated(p.described.momentum, before, facts.mean), state.mean[c]), agreed);
      EXPECT_LE(distance(updated(p.described.momentum, p.inputs[OperandId::fn_square][c],
                                 facts.mean * facts.mean + facts.variance),
                         state.square[c]),
                agreed);
    }
  });
}

void expect_full_norm(const Problem& p) {
  const reference::FullNormState<Interval> state = state_of(p);
  Intervals y = p.tensor(OperandId::x);
  reference::full_norm_output<Interval>(p.tensor(OperandId::x), p.extents,
                                        reference::FullNormReading::Statistics::per_feature, state, p.eps(), y);
  const Intervals gamma = p.vector(OperandId::gamma), beta = p.vector(OperandId::beta);
  p.each([&](std::size_t k, std::size_t c, std::size_t i) {
    const ChannelOracle& channel = p.at(c);
    const OutputFormula formula(channel.given.mean, channel.given.inv_std, channel.gamma, channel.beta);
    EXPECT_LE(distance(formula(p.x(i)), gamma[c] * y[k] + beta[c]), agreed);
  });
}

void expect_full_norm_gradients(const Problem& p, bool clamped) {
  const reference::FullNormState<Interval> state = state_of(p);
  const Intervals gamma = p.vector(OperandId::gamma);
  Intervals dy = p.tensor(OperandId::dy), dx = dy, upstream = dy;
  p.each([&](std::size_t k, std::size_t c, std::size_t) { upstream[k] = gamma[c] * dy[k]; });
  reference::full_norm_backward<Interval>(p.tensor(OperandId::x), upstream, p.extents, state, p.eps(), {}, dx);
  for (std::size_t c = 0; c < state.mean.size(); ++c) EXPECT_EQ(p.at(c).given.through_variance, !clamped);
  p.each([&](std::size_t k, std::size_t c, std::size_t i) {
    EXPECT_LE(distance(InputGradientFormula(p.at(c), true)(p.x(i), p.dy(i)), dx[k]), agreed);
  });
}

TEST(Oracle, has_the_outputs_and_gradients_of_full_normalization_of_the_reference) {
  for_each_problem(NORMPROOF_FN_INFER, expect_full_norm);
  for_each_problem(NORMPROOF_FN_BACKWARD, [](const Problem& p) { expect_full_norm_gradients(p, false); });
}

TEST(Oracle, clamps_the_variance_of_full_normalization_as_the_reference_does) {
  for (const normproof_op op : {NORMPROOF_FN_INFER, NORMPROOF_FN_BACKWARD}) {
    Case made = plain_case(op, NORMPROOF_F32, 3, 2, 4, 11);
    made.eps = 1e6;
    if (op == NORMPROOF_FN_INFER) expect_full_norm(Problem(made));
    if (op == NORMPROOF_FN_BACKWARD) expect_full_norm_gradients(Problem(made), true);
  }
}

TEST(Oracle, sums_dx_to_what_its_formula_gives) {
  for (const normproof_op op : {NORMPROOF_BN_TRAIN_BACKWARD, NORMPROOF_FN_BACKWARD})
    for_each_problem(op, [](const Problem& p) {
      for (std::size_t c = 0; c < p.extents.columns(); ++c) {
        const InputGradientFormula formula(p.at(c), true);
        DoubleDouble sum;
        for_each_in_channel(p.described, static_cast<std::int64_t>(c),
                            [&](std::size_t i, std::int64_t) { sum += formula(p.x(i), p.dy(i)); });
        EXPECT_LE(abs(sum - formula.sum_over_channel()).high(), agreed);
      }
    });
}

// ---- hard data

Problem training(const std::vector<double>& x, double eps, normproof_dtype dtype = NORMPROOF_F64) {
  Case made = plain_case(NORMPROOF_BN_TRAIN, dtype, 1, 1, static_cast<std::int64_t>(x.size()), 1);
  made[OperandId::x].values = Values{};
  made[OperandId::x].values.literal = x;
  made.eps = eps;
  return Problem(made);
}

double relative_distance(const DoubleDouble& value, const Interval& exact) {
  return ((Interval(value.high()) + Interval(value.low()) - exact) / exact).largest_magnitude();
}

TEST(Oracle, keeps_its_digits_far_from_zero_and_next_to_it) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  struct Scale {
    double mean, std;
  };
  for (const Scale& scale :
       {Scale{1e8, 1e-6}, Scale{-1e15, 1}, Scale{0, 1e-170}, Scale{1e-300, 1e-305}, Scale{0, 1e140}})
    for (const double eps : {0.0, 1e-5}) {
      std::vector<double> values(37);
      for (double& value : values) value = scale.mean + scale.std * normal(random);
      const Problem p = training(values, eps);
      const Intervals x = p.tensor(OperandId::x);
      Intervals mean(1), variance(1);
      reference::batch_mean<Interval>(x, p.extents, mean);
      reference::batch_variance<Interval>(x, p.extents, mean, variance);
      const ChannelFacts& facts = p.at(0).facts;
      EXPECT_LE(relative_distance(facts.mean, mean[0]), scale.mean == 1e-300 ? 0x1p-70 : agreed) << scale.mean;
      if (facts.variance.high() > 0x1p-900) {
        EXPECT_LE(relative_distance(facts.variance, variance[0]), agreed) << scale.mean;
      }
      EXPECT_LE(relative_distance(facts.inv_std, Interval(1) / sqrt(variance[0] + p.eps())), agreed)
          << scale.mean << ' ' << eps;
    }
}

TEST(Oracle, is_exact_on_a_constant_channel) {
  for (const double value : {14.3, -1e30, 0x1p-1074, 0.0}) {
    const ChannelFacts facts = training(std::vector<double>(11, value), 1e-5).at(0).facts;
    EXPECT_TRUE(facts.constant);
    EXPECT_EQ(facts.mean, DoubleDouble(value));
    EXPECT_EQ(facts.variance, DoubleDouble(0));
    EXPECT_EQ(facts.condition(), INFINITY);
  }
}

TEST(Oracle, is_not_finite_where_the_formula_is_not) {
  for (const double value : {std::numeric_limits<double>::quiet_NaN(), infinity, -infinity}) {
    const ChannelFacts facts = training({1, value, 2}, 1e-5).at(0).facts;
    EXPECT_FALSE(facts.finite);
    EXPECT_FALSE(isfinite(facts.mean));
    EXPECT_FALSE(isfinite(facts.variance));
    const OutputFormula formula(facts.mean, facts.inv_std, 1, 0);
    EXPECT_FALSE(isfinite(formula(1)));
  }
}

// ---- statistics that no order of additions changes

constexpr theory::Unit f32 = {};

// Σ over x in f32, in an order of its own.
float sum_in(const std::vector<std::size_t>& order, const std::vector<float>& x) {
  float sum = 0;
  for (const std::size_t i : order) sum += x[i];
  return sum;
}

TEST(Oracle, calls_statistics_exact_only_where_every_order_of_additions_gives_them) {
  std::mt19937 random(3);
  for (const std::size_t count : {std::size_t{4}, std::size_t{64}, std::size_t{256}}) {
    std::vector<double> x(count);
    for (std::size_t i = 0; i < count; i += 2) {  // about 1/2, in quarters
      x[i] = 0.25 * (static_cast<double>(random() % 9) - 2);
      x[i + 1] = 1 - x[i];
    }
    x[0] = 2, x[1] = -1;
    const ChannelFacts facts = training(x, 1e-5, NORMPROOF_F32).at(0).facts;
    ASSERT_TRUE(facts.statistics_exact_in(f32)) << count;
    std::vector<std::size_t> order(count);
    for (std::size_t i = 0; i < count; ++i) order[i] = i;
    const auto m = static_cast<float>(count);
    for (int repeated = 0; repeated < 20; ++repeated) {
      std::shuffle(order.begin(), order.end(), random);
      std::vector<float> values(x.begin(), x.end()), shifted, squares, shifted_squares;
      const float mean = sum_in(order, values) / m;
      ASSERT_EQ(DoubleDouble(static_cast<double>(mean)), facts.mean);
      for (const float value : values) {
        shifted.push_back(value - values[0]);
        squares.push_back((value - mean) * (value - mean));
        shifted_squares.push_back(shifted.back() * shifted.back());
      }
      ASSERT_EQ(DoubleDouble(static_cast<double>(values[0] + sum_in(order, shifted) / m)), facts.mean);
      ASSERT_EQ(DoubleDouble(static_cast<double>(sum_in(order, squares) / m)), facts.variance);
      const DoubleDouble distance = facts.mean - x[0];
      ASSERT_EQ(DoubleDouble(static_cast<double>(sum_in(order, shifted_squares) / m)),
                facts.variance + distance * distance);
    }
  }
}

TEST(Oracle, calls_no_statistics_exact_that_an_order_of_additions_can_change) {
  EXPECT_TRUE(training({1, 2, 3, 4}, 0, NORMPROOF_F32).at(0).facts.statistics_exact_in(f32));
  EXPECT_FALSE(training({1, 2, 3}, 0, NORMPROOF_F32).at(0).facts.statistics_exact_in(f32));
  EXPECT_FALSE(training({1, 2, 3, 0.1f}, 0, NORMPROOF_F32).at(0).facts.statistics_exact_in(f32));
  EXPECT_FALSE(training({4096, 1, 2, 3}, 0, NORMPROOF_F32).at(0).facts.statistics_exact_in(f32));
  EXPECT_TRUE(training({4096, 1, 2, 3}, 0).at(0).facts.statistics_exact_in(unit_of(NORMPROOF_F64)));
  EXPECT_FALSE(training({0x1p-140, 0, 0, 0}, 0, NORMPROOF_F32).at(0).facts.statistics_exact_in(f32));  // d² underflows
  EXPECT_FALSE(training({0x1p100, 0, 0, 0}, 0, NORMPROOF_F32).at(0).facts.statistics_exact_in(f32));   // d² overflows
}

}  // namespace
}  // namespace normproof::conformance
