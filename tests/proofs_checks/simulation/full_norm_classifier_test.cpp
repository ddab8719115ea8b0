// Is the classifier's step Algorithm 2 of impl/reference on the compositional problem, and is what it sees right?
#include "proofs_checks/simulation/full_norm_classifier.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "impl/reference/compositional_full_norm.hpp"
#include "impl/reference/descent.hpp"
#include "impl/reference/mcsgd.hpp"
#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/numbers/dual.hpp"

namespace normproof::simulation {
namespace {

using List = std::vector<double>;
using DualDouble = numbers::Dual<double>;
using Classifier = FullNormClassifier;

constexpr int samples = 12, features = 3;

struct Data {
  Eigen::ArrayXXd features;
  Eigen::ArrayXd labels;
};

Data data() {
  inputs::RandomStream random(3, "full_norm_classifier_test");
  Data data = {Eigen::ArrayXXd(samples, features), Eigen::ArrayXd(samples)};
  for (Eigen::Index i = 0; i < samples; ++i) {
    data.labels(i) = i % 2 == 0 ? 1 : -1;
    for (Eigen::Index j = 0; j < features; ++j) data.features(i, j) = random.uniform(-1, 1) + data.labels(i) / 2;
  }
  return data;
}

Classifier classifier(reference::Root root, reference::Loss loss, Sharing sharing) {
  // The clamp holds for one unit at the start, and opens.
  const double eps = root == reference::Root::clamped ? 0.4 : 0.1;
  return {data().features, data().labels, {root, loss, eps, 3, sharing}};
}

// h = W x, and the label.
template <class T>
reference::CompositionalLayer<T> linear_layer() {
  using Span = std::span<const T>;
  return {[](Span w, Span x, Span) {
            std::vector<T> result;
            for (std::size_t u = 0; u < Classifier::units; ++u) {
              T sum = T(0);
              for (std::size_t j = 0; j < features; ++j) sum += w[u * features + j] * x[j];
              result.push_back(sum);
            }
            result.push_back(x[features]);
            return result;
          },
          [](Span) { return std::vector<T>(); }};
}

template <class T>
std::vector<reference::CompositionalLayer<T>> layers_of(const Classifier::Options& options) {
  return {
      reference::compositional_loss<T>(1, options.loss),
      reference::compositional_full_norm_layer<T>(2, 1, reference::Activation::identity, options.root, T(options.eps)),
      linear_layer<T>()};
}

std::vector<DualDouble> still(std::span<const double> values) { return {values.begin(), values.end()}; }

// Row-major, function(moved) at `values`.
template <class Function>
List jacobian(std::span<const double> values, Function function) {
  std::vector<std::vector<DualDouble>> columns;
  for (std::size_t c = 0; c < values.size(); ++c) {
    std::vector<DualDouble> moved = still(values);
    moved[c].tangent = 1;
    columns.push_back(function(moved));
  }
  List entries;
  if (columns.empty()) return entries;
  for (std::size_t r = 0; r < columns[0].size(); ++r)
    for (const auto& column : columns) entries.push_back(column[r].tangent);
  return entries;
}

reference::LayerDerivatives<double> derivatives_of(const reference::CompositionalLayer<DualDouble>& layer) {
  using Span = std::span<const double>;
  return {[=](Span w, Span x, Span y) {
            return jacobian(w, [&](const auto& moved) { return layer.apply(moved, still(x), still(y)); });
          },
          [=](Span w, Span x, Span y) {
            return jacobian(x, [&](const auto& moved) { return layer.apply(still(w), moved, still(y)); });
          },
          [=](Span w, Span x, Span y) {
            return jacobian(y, [&](const auto& moved) { return layer.apply(still(w), still(x), moved); });
          },
          [=](Span x) { return jacobian(x, layer.statistic); }};
}

reference::CompositionalProblem<double> for_the_reference(const Classifier& of) {
  reference::CompositionalProblem<double> problem;
  problem.layers = layers_of<double>(of.options());
  for (const auto& layer : layers_of<DualDouble>(of.options())) problem.derivatives.push_back(derivatives_of(layer));
  const auto& output = of.start.weights.output;
  problem.parameters = {{}, {output.begin(), output.end()}, of.start.weights.hidden};
  for (Eigen::Index i = 0; i < samples; ++i) {
    problem.data.push_back({});
    for (Eigen::Index j = 0; j < features; ++j) problem.data.back().push_back(data().features(i, j));
    problem.data.back().push_back(data().labels(i));
  }
  return problem;
}

// e = [h₁, h₂, t, h₁², h₂², t²] there; the label's entries play no part.
std::vector<List> for_the_reference(const Classifier::Estimates& estimates) {
  return {{}, {estimates.mean[0], estimates.mean[1], 0, estimates.square[0], estimates.square[1], 1}, {}};
}

reference::SampleIndices as_int(const Classifier::Indices& indices) { return {indices.begin(), indices.end()}; }

// Empirical: 300 steps of some hundred roundings each, of numbers of size 1, on a problem that does not amplify them.
constexpr double tolerance = 1e-11;

void expect_algorithm_2(reference::Root root, reference::Loss loss, Sharing sharing) {
  const Classifier of = classifier(root, loss, sharing);
  auto problem = for_the_reference(of);
  auto estimates = for_the_reference(of.start.estimates);
  Classifier::State at = of.start;
  Classifier::Weights gradient;
  MinibatchStream random(5, "steps", 0, of.samples());
  Classifier::Indices estimate(3), inner(3), outer(3);
  int clamped = 0, open = 0;
  const Schedule schedule = tabulated({0.3, 0.6, 0.5}, 300);
  for (const Rates& rates : schedule) {
    random.draw(estimate);
    random.draw(inner);
    random.draw(outer);
    if (sharing == Sharing::shared) inner = outer = estimate;
    of.step(at, estimate, outer, inner, rates, gradient);
    // Layers 1 and 3 have no statistics, and any minibatch will do.
    const reference::SampleIndices any = {0};
    reference::mcsgd_step<double>(problem, estimates, {any, as_int(estimate), any},
                                  {as_int(outer), {any, as_int(inner), any}}, rates.alpha, rates.learning_rate);
    for (std::size_t u = 0; u < 2; ++u) {
      ASSERT_NEAR(at.estimates.mean[u], estimates[1][u], tolerance);
      ASSERT_NEAR(at.estimates.square[u], estimates[1][u + 3], tolerance);
      const double variance = at.estimates.square[u] - at.estimates.mean[u] * at.estimates.mean[u];
      ++(variance > of.options().eps ? open : clamped);
    }
    for (std::size_t k = 0; k < 3; ++k) ASSERT_NEAR(at.weights.output[k], problem.parameters[1][k], tolerance);
    for (std::size_t k = 0; k < at.weights.hidden.size(); ++k) {
      ASSERT_NEAR(at.weights.hidden[k], problem.parameters[2][k], tolerance);
    }
  }
  EXPECT_GT(std::fabs(at.weights.hidden[0] - of.start.weights.hidden[0]), 1e-2);
  EXPECT_GT(open, 0);
  if (root == reference::Root::clamped) {
    EXPECT_GT(clamped, 0);
  }
}

TEST(ClassifierStep, is_algorithm_2_with_one_minibatch) {
  expect_algorithm_2(reference::Root::added, reference::Loss::logistic, Sharing::shared);
}
TEST(ClassifierStep, is_algorithm_2_with_a_minibatch_for_each_purpose) {
  expect_algorithm_2(reference::Root::added, reference::Loss::logistic, Sharing::independent);
}
TEST(ClassifierStep, is_algorithm_2_with_the_clamp_of_algorithm_3_and_squared_loss) {
  expect_algorithm_2(reference::Root::clamped, reference::Loss::squared, Sharing::shared);
  expect_algorithm_2(reference::Root::clamped, reference::Loss::squared, Sharing::independent);
}

TEST(ClassifierError, is_the_distance_to_the_exact_statistics) {
  const Classifier of = classifier(reference::Root::added, reference::Loss::logistic, Sharing::shared);
  const auto problem = for_the_reference(of);
  const auto exact = reference::exact_statistics<double>(problem.layers, problem.parameters, problem.data)[1];
  Classifier::Estimates estimates = {{exact[0] + 1, exact[1] - 2}, {exact[3] + 3, exact[4] - 4}};
  EXPECT_NEAR(of.error_of(of.start.weights, estimates), 1 + 4 + 9 + 16, tolerance);
}

TEST(ClassifierGradient, is_that_of_full_gradient_descent) {
  const Classifier of = classifier(reference::Root::added, reference::Loss::logistic, Sharing::shared);
  std::vector<List> estimates;
  const auto gradient = reference::compositional_gradient<double>(for_the_reference(of), estimates);
  double expected = 0;
  for (const List& row : gradient)
    for (const double entry : row) expected += entry * entry;
  EXPECT_NEAR(of.squared_norm_of_gradient(of.start.weights), expected, tolerance);
  EXPECT_GT(expected, 1e-3);
}

Portion portion(std::uint64_t first, std::size_t count) {
  Portion portion;
  portion.seed = 7;
  portion.first_replica = first;
  portion.replicas = count;
  return portion;
}

TEST(ClassifierOctaves, are_sums_of_what_the_steps_show) {
  constexpr int last_octave = 4;
  const Schedule schedule = octave_schedule({0.3, 0.6, 0.5}, last_octave);
  for (const Sharing sharing : {Sharing::shared, Sharing::independent}) {
    const Classifier of = classifier(reference::Root::added, reference::Loss::logistic, sharing);
    const auto error =
        classifier_octaves(of, schedule, "octaves", portion(0, 64), last_octave, {Classifier::squared_error, false});
    const auto gradient =
        classifier_octaves(of, schedule, "octaves", portion(0, 64), last_octave, {Classifier::squared_gradient, true});
    double error_sum = 0, gradient_sum = 0;
    for (std::uint64_t replica = 8; replica < 16; ++replica) {
      MinibatchStream random(7, "octaves", replica, of.samples());
      Classifier::Indices estimate(3), inner(3), outer(3);
      Classifier::State at = of.start;
      Classifier::Weights scratch;
      for (std::size_t k = 0; k < 32; ++k) {
        random.draw(estimate);
        if (sharing == Sharing::shared) {
          inner = outer = estimate;
        } else {
          random.draw(inner);
          random.draw(outer);
        }
        const Classifier::Weights before = at.weights;
        of.step(at, estimate, outer, inner, schedule[k], scratch);
        if (k < 16) continue;
        error_sum += of.error_of(before, at.estimates);
        gradient_sum += schedule[k].learning_rate * of.squared_norm_of_gradient(before);
      }
    }
    ASSERT_EQ(error.octaves, 5u);
    ASSERT_EQ(error.groups, 8u);
    EXPECT_NEAR(error.at(4, 1), error_sum / 8, tolerance);
    EXPECT_NEAR(gradient.at(4, 1), gradient_sum / 8, tolerance);
    EXPECT_NE(error.at(4, 0), error.at(4, 1));
  }
}

TEST(ClassifierOctaves, are_the_same_in_one_portion_and_in_two) {
  constexpr int last_octave = 3;
  const Schedule schedule = octave_schedule({0.3, 0.6, 0.5}, last_octave);
  const Classifier of = classifier(reference::Root::added, reference::Loss::logistic, Sharing::shared);
  const Summand error = {Classifier::squared_error, false};
  const auto whole = classifier_octaves(of, schedule, "octaves", portion(0, 128), last_octave, error);
  const auto late = classifier_octaves(of, schedule, "octaves", portion(64, 64), last_octave, error);
  for (std::size_t octave = 0; octave < 4; ++octave)
    for (std::size_t group = 0; group < 8; ++group) EXPECT_EQ(whole.at(octave, 8 + group), late.at(octave, group));
}

}  // namespace
}  // namespace normproof::simulation
