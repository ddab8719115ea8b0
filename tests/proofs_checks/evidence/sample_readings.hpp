// Which small readings, true and false, are the floating-point engines tried on?
#pragma once

#include <utility>
#include <vector>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/evidence/record.hpp"
#include "theory/gradients/batch_norm_chain.hpp"
#include "theory/gradients/batch_norm_compact.hpp"

namespace normproof::evidence::samples {

template <class T>
theory::TrainingBatch<T> training_batch(const Inputs& inputs) {
  theory::TrainingBatch<T> batch;
  batch.x = inputs("x").cast<T>();
  batch.dy = inputs("dy").cast<T>();
  batch.gamma = inputs("gamma").col(0).cast<T>();
  batch.beta = theory::Vector<T>::Constant(batch.gamma.size(), T(0));
  batch.eps = T(inputs.scalar("eps"));
  return batch;
}

inline std::vector<InputSpec> batch_norm_inputs() {
  return {{"x", Role::activation, Dimension::batch, Dimension::channels},
          {"dy", Role::upstream, Dimension::batch, Dimension::channels},
          {"gamma", Role::scale, Dimension::channels, Dimension::one},
          {"eps", Role::epsilon, Dimension::one, Dimension::one}};
}

inline std::vector<Sizes> usual_sizes() {
  std::vector<Sizes> sizes;
  const std::pair<int, int> extents[] = {{1, 1}, {2, 1}, {2, 3}, {3, 2}, {5, 2}, {8, 3}};
  for (const auto& extent : extents) {
    Sizes each;
    each.batch = extent.first;
    each.channels = extent.second;
    sizes.push_back(each);
  }
  return sizes;
}

inline std::vector<RecordedReading> record_all(const Reading& reading) {
  std::vector<RecordedReading> recorded;
  for (const Sizes& sizes : reading.sizes) recorded.push_back(record_reading(reading, sizes));
  return recorded;
}

inline Values flat(const theory::Matrix<Number>& matrix) {
  Values values;
  for (Eigen::Index i = 0; i < matrix.rows(); ++i)
    for (Eigen::Index j = 0; j < matrix.cols(); ++j) values.push_back(matrix(i, j));
  return values;
}

inline Values compact(const Inputs& inputs) {
  return flat(theory::compact_input_gradient(training_batch<Number>(inputs)));
}
inline Values chain(const Inputs& inputs) { return flat(theory::chain_input_gradient(training_batch<Number>(inputs))); }

// True: two closed forms of the gradient of batch normalization.
inline Reading compact_equals_chain() {
  Reading reading;
  reading.id = "printed";
  reading.inputs = batch_norm_inputs();
  reading.sizes = usual_sizes();
  reading.left = {Witness::theory, "chain", chain, {}};
  reading.right = {Witness::theory, "compact", compact, {}};
  return reading;
}

// False by `parts_per_million`, everywhere.
inline Reading compact_off_by(int parts_per_million) {
  Reading reading = compact_equals_chain();
  reading.right.formula = [parts_per_million](const Inputs& inputs) {
    constexpr int million = 1'000'000;
    Values values = compact(inputs);
    for (Number& value : values) value = value * Number(million + parts_per_million) / Number(million);
    return values;
  };
  return reading;
}

// True, with a side that vanishes by cancellation: Σ_i ∂ℓ/∂x_i = 0 per channel.
inline Reading gradient_sums_to_zero() {
  Reading reading = compact_equals_chain();
  reading.left.formula = [](const Inputs& inputs) {
    const theory::Matrix<Number> dx = theory::compact_input_gradient(training_batch<Number>(inputs));
    Values sums;
    for (Eigen::Index j = 0; j < dx.cols(); ++j) {
      Number sum(0);
      for (Eigen::Index i = 0; i < dx.rows(); ++i) sum += dx(i, j);
      sums.push_back(sum);
    }
    return sums;
  };
  reading.right.formula = [](const Inputs& inputs) {
    return Values(static_cast<std::size_t>(inputs.sizes.channels), Number(0));
  };
  return reading;
}

// False only where the variance is small beside ε: Σ_i x̂_i² = m holds for ε = 0 alone.
inline Reading x_hat_has_unit_variance() {
  Reading reading = compact_equals_chain();
  reading.left.formula = [](const Inputs& inputs) {
    const theory::Statistics<Number> statistics = theory::statistics(training_batch<Number>(inputs));
    Values sums;
    for (Eigen::Index j = 0; j < statistics.x_hat.cols(); ++j) {
      Number sum(0);
      for (Eigen::Index i = 0; i < statistics.x_hat.rows(); ++i) sum += statistics.x_hat(i, j) * statistics.x_hat(i, j);
      sums.push_back(sum);
    }
    return sums;
  };
  reading.right.formula = [](const Inputs& inputs) {
    return Values(static_cast<std::size_t>(inputs.sizes.channels), Number(inputs.sizes.batch));
  };
  return reading;
}

// (Σ x)² ≤ factor · Σ x² with one channel: true for factor = m, false for m − 1.
inline Reading square_of_sum(int less) {
  Reading reading;
  reading.id = "printed";
  reading.relation = Relation::at_most;
  reading.inputs = {{"x", Role::activation, Dimension::batch, Dimension::channels}};
  for (const int batch : {2, 3, 6}) {
    Sizes sizes;
    sizes.batch = batch;
    reading.sizes.push_back(sizes);
  }
  reading.left.formula = [](const Inputs& inputs) {
    Number sum(0);
    for (int i = 0; i < inputs.sizes.batch; ++i) sum += inputs("x")(i, 0);
    return Values{sum * sum};
  };
  reading.right.formula = [less](const Inputs& inputs) {
    Number sum(0);
    for (int i = 0; i < inputs.sizes.batch; ++i) sum += inputs("x")(i, 0) * inputs("x")(i, 0);
    return Values{Number(inputs.sizes.batch - less) * sum};
  };
  return reading;
}

// True: the compact gradient along v is the derivative of ℓ = Σ dy · y; off by `parts_per_million` when that is not 0.
inline Reading gradient_is_derivative(int parts_per_million = 0) {
  Reading reading = compact_equals_chain();
  reading.inputs.push_back({"v", Role::direction, Dimension::batch, Dimension::channels});
  const auto loss = [](const auto& batch) {
    const auto statistics = theory::statistics(batch);
    auto sum = batch.eps * 0;
    for (Eigen::Index i = 0; i < batch.x.rows(); ++i)
      for (Eigen::Index j = 0; j < batch.x.cols(); ++j) sum += batch.dy(i, j) * batch.gamma(j) * statistics.x_hat(i, j);
    return sum;
  };
  reading.left.path = [loss](const Inputs& inputs, const Number& t) {
    theory::TrainingBatch<Number> batch = training_batch<Number>(inputs);
    for (Eigen::Index i = 0; i < batch.x.rows(); ++i)
      for (Eigen::Index j = 0; j < batch.x.cols(); ++j) batch.x(i, j) += t * inputs("v")(i, j);
    return loss(batch);
  };
  reading.left.formula = [loss](const Inputs& inputs) {
    using Dual = numbers::Dual<Number>;
    theory::TrainingBatch<Dual> batch = training_batch<Dual>(inputs);
    for (Eigen::Index i = 0; i < batch.x.rows(); ++i)
      for (Eigen::Index j = 0; j < batch.x.cols(); ++j) batch.x(i, j).tangent = inputs("v")(i, j);
    return Values{loss(batch).tangent};
  };
  reading.right.formula = [parts_per_million](const Inputs& inputs) {
    constexpr int million = 1'000'000;
    const theory::Matrix<Number> dx = theory::compact_input_gradient(training_batch<Number>(inputs));
    Number sum(0);
    for (Eigen::Index i = 0; i < dx.rows(); ++i)
      for (Eigen::Index j = 0; j < dx.cols(); ++j) sum += dx(i, j) * inputs("v")(i, j);
    return Values{sum * Number(million + parts_per_million) / Number(million)};
  };
  return reading;
}

}  // namespace normproof::evidence::samples
