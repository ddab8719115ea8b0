// How do a claim's named inputs reach theory's TrainingBatch and the reference's spans?
//
// Names      x, dy (∂ℓ/∂y), gamma, beta, eps as in theory/README.md; v is the direction of a derivative.
// Why        theory/ and impl/ know nothing of each other: a claim hands each its own form of the same inputs.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "impl/reference/batch_norm.hpp"
#include "proofs_checks/claim.hpp"
#include "proofs_checks/inputs/hypotheses.hpp"
#include "theory/training_batch.hpp"

namespace normproof::inputs {

// x, dy: batch × channels; gamma, beta: one row; eps.
std::vector<InputSpec> training_batch();
// The same and a direction `name` of the shape rows × columns.
std::vector<InputSpec> training_batch_and_direction(const std::string& name, Dimension rows, Dimension columns);

// Sizes for claims about a batch: the edges 1, 2, 3, then larger ones.
std::vector<Sizes> batch_sizes();
std::vector<Sizes> one_channel_sizes();

// The same readings, whose formulas have a meaning, or are short enough, at their own sizes only.
std::vector<Reading> at_these_sizes_only(std::vector<Reading> readings);

template <class T>
std::vector<T> row_major(const Array<T>& array) {
  std::vector<T> values;
  values.reserve(static_cast<std::size_t>(array.size()));
  for (Eigen::Index i = 0; i < array.rows(); ++i)
    for (Eigen::Index j = 0; j < array.cols(); ++j) values.push_back(array(i, j));
  return values;
}

template <class T>
Array<T> from_row_major(std::span<const T> values, Eigen::Index rows, Eigen::Index columns) {
  Array<T> array(rows, columns);
  for (Eigen::Index i = 0; i < rows; ++i)
    for (Eigen::Index j = 0; j < columns; ++j) array(i, j) = values[static_cast<std::size_t>(i * columns + j)];
  return array;
}

template <class T>
theory::Vector<T> as_vector(const Array<T>& row_or_column) {
  theory::Vector<T> vector(row_or_column.size());
  for (Eigen::Index k = 0; k < row_or_column.size(); ++k) vector(k) = row_or_column(k);
  return vector;
}

template <class T>
reference::Extents extents_of(const Array<T>& x) {
  return {static_cast<int>(x.rows()), static_cast<int>(x.cols())};
}

template <class T>
theory::TrainingBatch<T> theory_batch(const BasicInputs<T>& in) {
  return {in("x"), in("dy"), as_vector<T>(in("gamma")), as_vector<T>(in("beta")), in.scalar("eps")};
}

// Σ a_k b_k.
template <class T>
T dot(const Array<T>& a, const Array<T>& b) {
  T sum = T(0);
  for (Eigen::Index k = 0; k < a.size(); ++k) sum += a(k) * b(k);
  return sum;
}

template <class T>
T dot(const std::vector<T>& a, const std::vector<T>& b) {
  T sum = T(0);
  for (std::size_t k = 0; k < a.size(); ++k) sum += a[k] * b[k];
  return sum;
}

template <class Container>
Values entries(const Container& container) {
  return Values(container.begin(), container.end());
}
inline Values entries(const Array<Number>& array) { return row_major(array); }
// Channel after channel.
Values channelwise(const Array<Number>& array);
inline Values entries(const theory::Vector<Number>& vector) {
  Values values;
  for (Eigen::Index k = 0; k < vector.size(); ++k) values.push_back(vector(k));
  return values;
}

// Batch normalization by LI23 Algorithm 1, through impl/reference: y, batch × channels.
template <class T>
Array<T> reference_batch_norm(const BasicInputs<T>& in) {
  const Array<T>& x = in("x");
  std::vector<T> y(static_cast<std::size_t>(x.size()), T(0));
  reference::batch_norm_train<T>(row_major(x), extents_of(x), row_major(in("gamma")), row_major(in("beta")),
                                 in.scalar("eps"), y);
  return from_row_major<T>(y, x.rows(), x.cols());
}

// ℓ = ⟨dy, y⟩: every loss with ∂ℓ/∂y = dy has the same derivatives before y.
template <class T>
T reference_loss(const BasicInputs<T>& in) {
  return dot<T>(in("dy"), reference_batch_norm(in));
}

// x̂ alone, by LI23 Algorithm 1 lines 2–4.
template <class T>
Array<T> reference_x_hat(const BasicInputs<T>& in) {
  const Array<T>& x = in("x");
  const std::vector<T> flat = row_major(x);
  const reference::Extents extents = extents_of(x);
  std::vector<T> mean(extents.columns(), T(0)), variance(extents.columns(), T(0)), x_hat(extents.size(), T(0));
  reference::batch_mean<T>(flat, extents, mean);
  reference::batch_variance<T>(flat, extents, mean, variance);
  reference::normalize<T>(flat, extents, mean, variance, in.scalar("eps"), x_hat);
  return from_row_major<T>(x_hat, x.rows(), x.cols());
}

// The mean and the variance of each channel of any array, x̂ included, by LI23 Algorithm 1 lines 2 and 3.
Values reference_mean(const Array<Number>& array);
Values reference_variance(const Array<Number>& array);

// The reference's backward pass.
struct ReferenceGradients {
  Array<Number> dx;
  Values dgamma, dbeta;
};
ReferenceGradients reference_backward(const Inputs& in);

// An input that moves, and the input that holds its direction.
struct Motion {
  std::string moved, direction;
};

// The derivative, all motions at once, of a scalar objective of the inputs, exactly, by dual numbers; finite
// differences take the same objective along t ↦ moved + t·direction. `objective` is a generic lambda.
template <class Objective>
Side derivative_along(Witness witness, std::string words, std::vector<Motion> motions, Objective objective) {
  using Dual = numbers::Dual<Number>;
  Side side = {.witness = witness, .words = std::move(words)};
  side.formula = [=](const Inputs& in) -> Values {
    BasicInputs<Dual> lifted;
    lifted.sizes = in.sizes;
    for (const auto& [name, values] : in.arrays()) {
      Array<Dual> array(values.rows(), values.cols());
      for (Eigen::Index k = 0; k < values.size(); ++k) array(k) = Dual(values(k));
      lifted.set(name, std::move(array));
    }
    for (const Motion& motion : motions) {
      Array<Dual> array = lifted(motion.moved);
      for (Eigen::Index k = 0; k < array.size(); ++k) array(k).tangent = in(motion.direction)(k);
      lifted.set(motion.moved, std::move(array));
    }
    return {objective(lifted).tangent};
  };
  side.path = [=](const Inputs& in, const Number& t) -> Number {
    Inputs shifted = in;
    for (const Motion& motion : motions) {
      Array<Number> array = in(motion.moved);
      for (Eigen::Index k = 0; k < array.size(); ++k) array(k) = array(k) + t * in(motion.direction)(k);
      shifted.set(motion.moved, std::move(array));
    }
    return objective(shifted);
  };
  return side;
}

// One input moves.
template <class Objective>
Side derivative_along(Witness witness, std::string words, std::string moved, std::string direction,
                      Objective objective) {
  return derivative_along(witness, std::move(words), std::vector<Motion>{{std::move(moved), std::move(direction)}},
                          std::move(objective));
}

// Σ terms = 0, written so that both sides are worth comparing: the sum of all terms but the last, and minus the last.
// Groups of equal length stand one after the other; each is summed by itself.
Values all_but_last(const Values& terms, int groups = 1);
Values minus_last(const Values& terms, int groups = 1);

}  // namespace normproof::inputs
