// Does the gradient formula average a product over the samples, where the pointwise reading multiplies averages?
#include "theory/compositional/gradient_formula.hpp"

#include <gtest/gtest.h>

#include "tests/theory/exact_number.hpp"

namespace normproof::theory {
namespace {

using theory_tests::Fraction;

template <class T>
Matrix<T> entry(int value) {
  return Matrix<T>::Constant(1, 1, T(value));
}

template <class T>
LayerJacobians<T> layer() {
  return {{entry<T>(2), entry<T>(3)}, {entry<T>(1), entry<T>(4)}, {entry<T>(5), entry<T>(7)}};
}
template <class T>
SampleFunction<T> h() {
  return {Vector<T>::Constant(1, T(11)), Vector<T>::Constant(1, T(13))};
}

TEST(GradientFormula, as_operators_averages_the_product_of_statistic_and_function) {
  // E[D h] = 73: 2·11 + 1·73 and 3·13 + 4·73.
  EXPECT_EQ(gradient_formula<double>({layer<double>()}, h<double>(), Product::operators), 213);
}

TEST(GradientFormula, pointwise_averages_the_statistic_alone) {
  // E D = 6: (2 + 6)·11 and (3 + 24)·13.
  EXPECT_EQ(gradient_formula<double>({layer<double>()}, h<double>(), Product::pointwise), 219.5);
}

TEST(GradientFormula, without_layers_in_front_is_the_mean) {
  EXPECT_EQ(gradient_formula<double>({}, h<double>(), Product::operators), 12);
}

TEST(GradientFormula, applies_the_layer_next_to_the_parameters_first) {
  // The second layer gives 95 and 331; with D = 0 in front the first multiplies them by 1 and 2.
  const LayerJacobians<double> front = {
      {entry<double>(1), entry<double>(2)}, {entry<double>(9), entry<double>(9)}, {entry<double>(0), entry<double>(0)}};
  EXPECT_EQ(gradient_formula<double>({front, layer<double>()}, h<double>(), Product::operators), (95 + 662) / 2.0);
}

TEST(GradientFormula, multiplies_matrices_in_their_order) {
  Matrix<double> by_input(1, 2), by_expectation(1, 1), statistic(1, 2);
  by_input << 1, 2;
  by_expectation << 3;
  statistic << 5, 7;
  Vector<double> direction(2);
  direction << 11, 13;
  LayerJacobians<double> jacobians;
  jacobians.by_input.push_back(by_input);
  jacobians.by_expectation.push_back(by_expectation);
  jacobians.statistic_by_input.push_back(statistic);
  const SampleFunction<double> one_sample(1, direction);
  EXPECT_EQ(gradient_formula<double>({jacobians}, one_sample, Product::operators), 11 + 26 + 3 * (55 + 91));
}

TEST(GradientFormula, runs_on_a_number_type_without_comparisons) {
  const Fraction value = gradient_formula<Fraction>({layer<Fraction>()}, h<Fraction>(), Product::operators);
  EXPECT_EQ(value.text(), "213/1");
}

}  // namespace
}  // namespace normproof::theory
