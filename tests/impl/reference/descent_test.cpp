// Do the optimisers that MCSGD is compared with descend the objectives that they are said to descend?
#include "impl/reference/descent.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "impl/reference/compositional_full_norm.hpp"
#include "impl/reference/network.hpp"
#include "tests/impl/reference/dual_number.hpp"

namespace {

using namespace normproof;
using dual_number::Dual;
using reference::Method;
using Values = std::vector<double>;
template <class T>
using Rows = std::vector<std::vector<T>>;

// F(w; x; y) = w x + p y + q x y + t x²,  e(x) = r x + s x².
struct Coefficients {
  double p, q, t, r, s;
};
const std::vector<Coefficients> coefficients = {
    {0.5, -0.25, 0.75, 0.5, 1}, {-0.75, 0.5, 0.25, -0.5, 0.75}, {0.25, 0.75, -0.5, 1, 0.25}};
const Rows<double> weights = {{0.75}, {-1.25}, {0.5}};
const Rows<double> samples = {{1}, {-0.5}, {2}, {0.25}};

template <class T>
T number(double value) {
  return T(value);
}
template <>
Dual number<Dual>(double value) {
  return {value, 0};
}

template <class T>
Rows<T> numbers(const Rows<double>& rows) {
  Rows<T> lifted;
  for (const Values& row : rows) {
    lifted.emplace_back();
    for (const double value : row) lifted.back().push_back(number<T>(value));
  }
  return lifted;
}

template <class T>
reference::CompositionalProblem<T> polynomial_problem() {
  using Span = std::span<const T>;
  reference::CompositionalProblem<T> problem;
  for (const Coefficients& of : coefficients) {
    const T p = number<T>(of.p), q = number<T>(of.q), t = number<T>(of.t), r = number<T>(of.r), s = number<T>(of.s);
    problem.layers.push_back({[=](Span w, Span x, Span y) {
                                return std::vector<T>{w[0] * x[0] + p * y[0] + q * x[0] * y[0] + t * x[0] * x[0]};
                              },
                              [=](Span x) { return std::vector<T>{r * x[0] + s * x[0] * x[0]}; }});
    problem.derivatives.push_back(
        {[](Span, Span x, Span) { return std::vector<T>{x[0]}; },
         [=](Span w, Span x, Span y) { return std::vector<T>{w[0] + q * y[0] + T(2) * t * x[0]}; },
         [=](Span, Span x, Span) { return std::vector<T>{p + q * x[0]}; },
         [=](Span x) { return std::vector<T>{r + T(2) * s * x[0]}; }});
  }
  problem.parameters = numbers<T>(weights);
  problem.data = numbers<T>(samples);
  return problem;
}

double objective_on(const reference::CompositionalProblem<double>& problem, const Rows<double>& data) {
  return reference::compositional_objective<double>(problem.layers, problem.parameters, data);
}

// The mean of the objective over the given data sets, differentiated by dual numbers.
Rows<double> exact_gradient(const std::vector<reference::SampleIndices>& sets) {
  Rows<double> gradient;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    auto problem = polynomial_problem<Dual>();
    problem.parameters[i][0].slope = 1;
    double sum = 0;
    for (const reference::SampleIndices& set : sets) {
      const auto on = reference::on_minibatch<Dual>(problem, set);
      sum += reference::compositional_objective<Dual>(on.layers, on.parameters, on.data).slope;
    }
    gradient.push_back({sum / static_cast<double>(sets.size())});
  }
  return gradient;
}

const reference::SampleIndices everything = {0, 1, 2, 3};

std::vector<reference::SampleIndices> all_pairs() {
  std::vector<reference::SampleIndices> pairs;
  for (int i = 0; i < 4; ++i)
    for (int j = i + 1; j < 4; ++j) pairs.push_back({i, j});
  return pairs;
}

void add(Rows<double>& sum, const Rows<double>& more) {
  for (std::size_t i = 0; i < sum.size(); ++i)
    for (std::size_t k = 0; k < sum[i].size(); ++k) sum[i][k] += more[i][k];
}

// Empirical: some hundred roundings of numbers below 100.
constexpr double tolerance = 1e-11;

void expect_near(const Rows<double>& one, const Rows<double>& other, double factor = 1) {
  ASSERT_EQ(one.size(), other.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    ASSERT_EQ(one[i].size(), other[i].size());
    for (std::size_t k = 0; k < one[i].size(); ++k) EXPECT_NEAR(factor * one[i][k], other[i][k], tolerance) << i;
  }
}

double distance(const Rows<double>& one, const Rows<double>& other) {
  double sum = 0;
  for (std::size_t i = 0; i < one.size(); ++i)
    for (std::size_t k = 0; k < one[i].size(); ++k) sum += std::fabs(one[i][k] - other[i][k]);
  return sum;
}

Rows<double> gradient(Method method, const reference::DescentSamples& drawn, Rows<double> estimates = {}) {
  return reference::descent_gradient<double>(polynomial_problem<double>(), estimates, drawn, 1.0, method);
}

TEST(FullGradient, is_the_derivative_of_the_compositional_objective) {
  expect_near(gradient(Method::full_gradient, {}), exact_gradient({everything}));
}

TEST(FullGradient, descends) {
  auto problem = polynomial_problem<double>();
  Rows<double> estimates;
  double before = objective_on(problem, samples);
  for (int step = 0; step < 5; ++step) {
    reference::descent_step<double>(problem, estimates, {}, {0, 1e-3}, Method::full_gradient);
    const double after = objective_on(problem, samples);
    EXPECT_LT(after, before);
    before = after;
  }
}

TEST(BatchNormSgd, with_the_whole_data_set_is_full_gradient_descent_to_the_bit) {
  EXPECT_EQ(gradient(Method::batch_norm, {{}, {everything, {}}}), gradient(Method::full_gradient, {}));
}

TEST(BatchNormSgd, is_on_average_the_gradient_of_the_objective_over_minibatches) {
  Rows<double> sum = {{0}, {0}, {0}};
  for (const reference::SampleIndices& pair : all_pairs()) add(sum, gradient(Method::batch_norm, {{}, {pair, {}}}));
  const auto expected = exact_gradient(all_pairs());
  expect_near(sum, expected, 1.0 / 6);
  // It is not that of (5).
  EXPECT_GT(distance(expected, exact_gradient({everything})), 0.1);
}

TEST(BatchNormSgd, takes_a_sample_as_often_as_it_is_named) {
  expect_near(gradient(Method::batch_norm, {{}, {{2, 2, 0}, {}}}), exact_gradient({{2, 2, 0}}));
}

TEST(ExactStatisticsSgd, is_on_average_the_full_gradient) {
  Rows<double> sum = {{0}, {0}, {0}};
  for (int outer = 0; outer < 4; ++outer)
    for (int first = 0; first < 4; ++first)
      for (int second = 0; second < 4; ++second) {
        add(sum, gradient(Method::exact_statistics, {{}, {{outer}, {{first}, {second}, {0}}}}));
      }
  expect_near(sum, gradient(Method::full_gradient, {}), 1.0 / 64);
}

TEST(ExactStatisticsSgd, is_one_sample_s_gradient_in_each_draw) {
  const auto one = gradient(Method::exact_statistics, {{}, {{0}, {{1}, {2}, {0}}}});
  EXPECT_GT(distance(one, gradient(Method::exact_statistics, {{}, {{0}, {{1}, {3}, {0}}}})), 0.1);
  EXPECT_GT(distance(one, gradient(Method::full_gradient, {})), 0.1);
}

const reference::DescentSamples whole = {reference::same_for_all(3, everything),
                                         {everything, reference::same_for_all(3, everything)}};

TEST(Mcsgd, at_alpha_1_with_the_whole_data_set_and_exact_estimates_is_full_gradient_descent_to_the_bit) {
  const auto problem = polynomial_problem<double>();
  const auto exact = reference::exact_statistics<double>(problem.layers, problem.parameters, problem.data);
  EXPECT_EQ(gradient(Method::mcsgd, whole, exact), gradient(Method::full_gradient, {}));
}

TEST(Mcsgd, is_not_where_the_estimates_of_inner_layers_are_not_exact) {
  EXPECT_GT(distance(gradient(Method::mcsgd, whole, {{0}, {0}, {0}}), gradient(Method::full_gradient, {})), 0.1);
}

TEST(Mcsgd, is_algorithm_2_to_the_bit) {
  const reference::DescentSamples drawn = {{{1}, {2}, {0, 3}}, {{2}, {{3}, {0, 1}, {0}}}};
  auto problem = polynomial_problem<double>(), same = problem;
  Rows<double> estimates = {{1}, {-1}, {0.5}}, same_estimates = estimates;
  reference::descent_step<double>(problem, estimates, drawn, {0.25, 0.125}, Method::mcsgd);
  reference::mcsgd_step<double>(same, same_estimates, drawn.estimates, drawn.oracle, 0.25, 0.125);
  EXPECT_EQ(problem.parameters, same.parameters);
  EXPECT_EQ(estimates, same_estimates);
  EXPECT_NE(problem.parameters, weights);
}

TEST(DescentStep, moves_against_the_gradient_and_leaves_the_estimates_that_it_used) {
  auto problem = polynomial_problem<double>();
  const auto before = problem;
  const reference::DescentSamples drawn = {{}, {{1, 3}, reference::same_for_all(3, {2})}};
  Rows<double> estimates;
  reference::descent_step<double>(problem, estimates, drawn, {0, 0.5}, Method::batch_norm);
  const auto on = reference::on_minibatch<double>(before, {1, 3});
  EXPECT_EQ(estimates, reference::exact_statistics<double>(on.layers, on.parameters, on.data));
  const auto moved_by = gradient(Method::batch_norm, drawn);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(problem.parameters[i][0], weights[i][0] - 0.5 * moved_by[i][0]);

  problem = before;
  reference::descent_step<double>(problem, estimates, drawn, {0, 0.5}, Method::exact_statistics);
  EXPECT_EQ(estimates, reference::exact_statistics<double>(before.layers, before.parameters, before.data));
}

TEST(DescentStep, runs_on_a_number_type_without_comparisons) {
  for (const Method method : {Method::mcsgd, Method::exact_statistics, Method::batch_norm, Method::full_gradient}) {
    auto problem = polynomial_problem<Dual>();
    Rows<Dual> estimates = numbers<Dual>({{0}, {0}, {0}});
    reference::descent_step<Dual>(problem, estimates, whole, {number<Dual>(0.5), number<Dual>(0.25)}, method);
    EXPECT_NE(problem.parameters[2][0].value, weights[2][0]);
  }
}

// ---- a network with batch normalization

// Row-major, function(moved) at `values`.
template <class Function>
Values jacobian(std::span<const double> values, Function function) {
  Rows<Dual> columns;
  for (std::size_t c = 0; c < values.size(); ++c) {
    std::vector<Dual> moved;
    for (const double value : values) moved.push_back(number<Dual>(value));
    moved[c].slope = 1;
    columns.push_back(function(moved));
  }
  Values entries;
  for (std::size_t r = 0; r < columns[0].size(); ++r)
    for (const std::vector<Dual>& column : columns) entries.push_back(column[r].slope);
  return entries;
}

std::vector<Dual> still(std::span<const double> values) {
  std::vector<Dual> lifted;
  for (const double value : values) lifted.push_back(number<Dual>(value));
  return lifted;
}

reference::LayerDerivatives<double> derivatives_of(const reference::CompositionalLayer<Dual>& layer) {
  using Span = std::span<const double>;
  return {
      [=](Span w, Span x, Span y) {
        return w.empty() ? Values{} : jacobian(w, [&](const auto& m) { return layer.apply(m, still(x), still(y)); });
      },
      [=](Span w, Span x, Span y) {
        return jacobian(x, [&](const auto& m) { return layer.apply(still(w), m, still(y)); });
      },
      [=](Span w, Span x, Span y) {
        return y.empty() ? Values{} : jacobian(y, [&](const auto& m) { return layer.apply(still(w), still(x), m); });
      },
      [=](Span x) {
        return layer.statistic(still(x)).empty() ? Values{}
                                                 : jacobian(x, [&](const auto& m) { return layer.statistic(m); });
      }};
}

template <class T>
std::vector<reference::CompositionalLayer<T>> normalized_layers(double eps) {
  using reference::Activation;
  return {
      reference::compositional_loss<T>(1, reference::Loss::squared),
      reference::compositional_full_norm_layer<T>(2, 1, Activation::identity, reference::Root::added, number<T>(eps)),
      reference::compositional_full_norm_layer<T>(2, 2, Activation::tanh, reference::Root::added, number<T>(eps))};
}

TEST(BatchNormSgd, descends_a_batch_normalized_network_by_its_own_backward_pass) {
  constexpr double eps = 0.25;
  reference::CompositionalProblem<double> problem;
  problem.layers = normalized_layers<double>(eps);
  for (const auto& layer : normalized_layers<Dual>(eps)) problem.derivatives.push_back(derivatives_of(layer));
  problem.parameters = {{}, {0.5, -1.5, 0.25}, {1, -0.5, 0.25, 0.75, 0.5, -0.25}};
  problem.data = {{0, 1, 0.5}, {2, -1, -1}, {4, 0.5, 2}, {-1, 3, 0.25}, {0.5, -2, 1}};
  const reference::SampleIndices minibatch = {4, 0, 2};
  Rows<double> estimates;
  const auto found =
      reference::descent_gradient<double>(problem, estimates, {{}, {minibatch, {}}}, 0.0, Method::batch_norm);

  reference::Network<double> network;
  network.layers = {{reference::Normalization::batch_norm, reference::Activation::tanh, 2, 2},
                    {reference::Normalization::batch_norm, reference::Activation::identity, 2, 1}};
  network.weights = {problem.parameters[2], problem.parameters[1]};
  Values rows, targets;
  for (const int sample : minibatch) {
    const Values& of = problem.data[static_cast<std::size_t>(sample)];
    rows.insert(rows.end(), of.begin(), of.begin() + 2);
    targets.push_back(of[2]);
  }
  const auto expected = reference::network_backward<double>(network, rows, targets, 3, eps, reference::Loss::squared);
  EXPECT_TRUE(found[0].empty());
  expect_near({found[2], found[1]}, expected.weights);
}

}  // namespace
