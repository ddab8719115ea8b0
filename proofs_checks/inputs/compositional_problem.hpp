// Which small compositional problems, LL19 (6), are the claims about MCSGD decided on, and what are their derivatives?
//
// Names      x: the data, a row a sample; n = hidden layers, layer 1 the loss. For each layer a row of parameters w and
//            coefficients p, q, t (of F) and r, s (of e). Of full_norm: x, target (a column), w, eps.
// Kinds      polynomial  F(w; x; y) = w x + p y + q x y + t x²,  e(x) = r x + s x²                        numbers
//            smooth      F(w; x; y) = tanh(w x + p y₁ + q y₂ + t x y₁),  e(x) = [r x, softplus(s x)]
//            planar      pairs of numbers: F_k = w_k1 x₁ + w_k2 x₂ + p y_k x_(3−k) + q y_k,
//                        e(x) = [r x₁² + s x₂, s x₁ x₂]; of the loss k = 1 alone
//            full_norm   the squared loss on n − 1 layers of one unit, tanh(w (x − μ)/√(ν − μ² + ε) + b), e(x) = [x,
//                        x²]
// Why        Free coefficients: nothing cancels by accident. In the exact engine tanh and softplus stand for any smooth
//            functions. Jacobians come from dual numbers, so that no formula of ours enters.
#pragma once

#include <string>
#include <vector>

#include "impl/reference/compositional_full_norm.hpp"
#include "impl/reference/mcsgd.hpp"
#include "proofs_checks/inputs/adapters.hpp"
#include "proofs_checks/inputs/minibatches.hpp"
#include "theory/compositional/gradient_formula.hpp"
#include "theory/compositional/shared_sample_bias.hpp"

namespace normproof::inputs {

enum class LayerKind { polynomial, smooth, planar, full_norm };

// Of w, and of a direction in which w moves. Where it is one, `outputs` is free to count b, the size of a minibatch.
inline Dimension parameter_columns(LayerKind kind) {
  return kind == LayerKind::planar || kind == LayerKind::full_norm ? Dimension::outputs : Dimension::one;
}

inline std::vector<InputSpec> problem_inputs(LayerKind kind) {
  std::vector<InputSpec> specs = {{"x", Role::activation, Dimension::batch, Dimension::channels},
                                  {"w", Role::weight, Dimension::hidden, parameter_columns(kind)}};
  if (kind == LayerKind::full_norm) {
    specs.push_back({"target", Role::target, Dimension::batch, Dimension::one});
    specs.push_back({"eps", Role::epsilon});
    return specs;
  }
  for (const char* name : {"p", "q", "t", "r", "s"})
    if (kind != LayerKind::planar || std::string(name) != "t")
      specs.push_back({name, Role::weight, Dimension::hidden, Dimension::one});
  return specs;
}

// n layers, so many samples, minibatches of b.
inline Sizes problem_size(LayerKind kind, int layers, int samples, int b = 1) {
  Sizes sizes = {.batch = samples, .hidden = layers, .outputs = b};
  if (kind == LayerKind::planar) {
    sizes.channels = 2;
    sizes.outputs = 4;
  }
  if (kind == LayerKind::full_norm) sizes.outputs = 2;
  return sizes;
}

// How many entries of its row of w are parameters of layer j + 1.
inline std::size_t parameter_count(LayerKind kind, int layer) {
  if (kind == LayerKind::planar) return layer == 0 ? 2 : 4;
  if (kind == LayerKind::full_norm) return layer == 0 ? 0 : 2;
  return 1;
}

template <class T>
reference::CompositionalLayer<T> layer_of(const BasicInputs<T>& in, LayerKind kind, int layer) {
  using Span = std::span<const T>;
  if (kind == LayerKind::full_norm) {
    if (layer == 0) return reference::compositional_loss<T>(1, reference::Loss::squared);
    return reference::compositional_full_norm_layer<T>(1, 1, reference::Activation::tanh, reference::Root::added,
                                                       in.scalar("eps"));
  }
  const T p = in("p")(layer, 0), q = in("q")(layer, 0), r = in("r")(layer, 0), s = in("s")(layer, 0);
  if (kind == LayerKind::polynomial) {
    const T t = in("t")(layer, 0);
    return {[=](Span w, Span x, Span y) {
              return std::vector<T>{w[0] * x[0] + p * y[0] + q * x[0] * y[0] + t * x[0] * x[0]};
            },
            [=](Span x) { return std::vector<T>{r * x[0] + s * x[0] * x[0]}; }};
  }
  if (kind == LayerKind::smooth) {
    const T t = in("t")(layer, 0);
    return {[=](Span w, Span x, Span y) {
              const T argument = w[0] * x[0] + p * y[0] + q * y[1] + t * x[0] * y[0];
              return std::vector<T>{tanh(argument)};
            },
            [=](Span x) {
              const T argument = s * x[0];
              return std::vector<T>{r * x[0], softplus(argument)};
            }};
  }
  return {[=](Span w, Span x, Span y) {
            std::vector<T> result;
            for (std::size_t k = 0; 2 * k < w.size(); ++k)
              result.push_back(w[2 * k] * x[0] + w[2 * k + 1] * x[1] + p * y[k] * x[1 - k] + q * y[k]);
            return result;
          },
          [=](Span x) {
            return std::vector<T>{r * x[0] * x[0] + s * x[1], s * x[0] * x[1]};
          }};
}

// The loss c·z, the normalization of LL19 Algorithm 3, w ξ; the sample is (ξ, c), and c is handed on.
template <class T>
std::vector<reference::CompositionalLayer<T>> clamped_norm_layers(const T& eps) {
  using Span = std::span<const T>;
  const auto none = [](Span) { return std::vector<T>(); };
  const auto norm =
      reference::compositional_full_norm_layer<T>(1, 1, reference::Activation::identity, reference::Root::clamped, eps);
  return {{[](Span, Span x, Span) { return std::vector<T>{x[0] * x[1]}; }, none},
          {[=](Span, Span x, Span y) {
             const std::vector<T> plain = {T(1), T(0)};
             return norm.apply(plain, x, y);
           },
           norm.statistic},
          {[](Span w, Span x, Span) {
             return std::vector<T>{w[0] * x[0], x[1]};
           },
           none}};
}

// Without derivatives.
template <class T>
reference::CompositionalProblem<T> problem_of(const BasicInputs<T>& in, LayerKind kind) {
  reference::CompositionalProblem<T> problem;
  for (int layer = 0; layer < in.sizes.hidden; ++layer) {
    problem.layers.push_back(layer_of(in, kind, layer));
    std::vector<T> w;
    for (std::size_t k = 0; k < parameter_count(kind, layer); ++k)
      w.push_back(in("w")(layer, static_cast<Eigen::Index>(k)));
    problem.parameters.push_back(std::move(w));
  }
  for (Eigen::Index i = 0; i < in("x").rows(); ++i) {
    std::vector<T> sample;
    for (Eigen::Index j = 0; j < in("x").cols(); ++j) sample.push_back(in("x")(i, j));
    if (kind == LayerKind::full_norm) sample.push_back(in("target")(i, 0));
    problem.data.push_back(std::move(sample));
  }
  return problem;
}

template <class T>
T objective_of(const BasicInputs<T>& in, LayerKind kind) {
  const auto problem = problem_of(in, kind);
  return reference::compositional_objective<T>(problem.layers, problem.parameters, problem.data);
}

// ---- Jacobians by dual numbers

using DualNumber = numbers::Dual<Number>;

inline std::vector<DualNumber> still(std::span<const Number> values) {
  std::vector<DualNumber> lifted;
  for (const Number& value : values) lifted.emplace_back(value);
  return lifted;
}

inline BasicInputs<DualNumber> still(const Inputs& in) {
  BasicInputs<DualNumber> lifted;
  lifted.sizes = in.sizes;
  for (const auto& [name, values] : in.arrays()) {
    Array<DualNumber> array(values.rows(), values.cols());
    for (Eigen::Index k = 0; k < values.size(); ++k) array(k) = DualNumber(values(k));
    lifted.set(name, std::move(array));
  }
  return lifted;
}

// Row-major, function(moved) at `values`.
template <class Function>
Values jacobian(std::span<const Number> values, Function function) {
  std::vector<std::vector<DualNumber>> columns;
  for (std::size_t c = 0; c < values.size(); ++c) {
    std::vector<DualNumber> moved = still(values);
    moved[c].tangent = Number(1);
    columns.push_back(function(moved));
  }
  Values entries;
  if (columns.empty()) return entries;
  for (std::size_t r = 0; r < columns[0].size(); ++r)
    for (const std::vector<DualNumber>& column : columns) entries.push_back(column[r].tangent);
  return entries;
}

inline reference::LayerDerivatives<Number> derivatives_of(const reference::CompositionalLayer<DualNumber>& layer) {
  using Span = std::span<const Number>;
  const auto apply = layer.apply;
  const auto statistic = layer.statistic;
  return {.by_parameters =
              [=](Span w, Span x, Span y) {
                return jacobian(w, [&](const auto& moved) { return apply(moved, still(x), still(y)); });
              },
          .by_input =
              [=](Span w, Span x, Span y) {
                return jacobian(x, [&](const auto& moved) { return apply(still(w), moved, still(y)); });
              },
          .by_expectation =
              [=](Span w, Span x, Span y) {
                return jacobian(y, [&](const auto& moved) { return apply(still(w), still(x), moved); });
              },
          .statistic_by_input = [=](Span x) { return jacobian(x, statistic); }};
}

inline reference::CompositionalProblem<Number> differentiable_problem(const Inputs& in, LayerKind kind) {
  auto problem = problem_of(in, kind);
  const BasicInputs<DualNumber> lifted = still(in);
  for (int layer = 0; layer < in.sizes.hidden; ++layer)
    problem.derivatives.push_back(derivatives_of(layer_of(lifted, kind, layer)));
  return problem;
}

using Estimates = std::vector<Values>;

inline Estimates exact_estimates(const reference::CompositionalProblem<Number>& problem) {
  return reference::exact_statistics<Number>(problem.layers, problem.parameters, problem.data);
}

// ---- the exact derivative of (6), and (7)

// Parameter after parameter, layer 1 first: w is listed row by row.
inline Values flattened(const Estimates& rows) {
  Values entries;
  for (const Values& row : rows) entries.insert(entries.end(), row.begin(), row.end());
  return entries;
}

// ∂f/∂w entry by entry, by dual numbers through the reference's (6).
inline Values exact_gradient(const Inputs& in, LayerKind kind) {
  Values entries;
  for (int layer = 0; layer < in.sizes.hidden; ++layer)
    for (std::size_t k = 0; k < parameter_count(kind, layer); ++k) {
      BasicInputs<DualNumber> moved = still(in);
      Array<DualNumber> w = moved("w");
      w(layer, static_cast<Eigen::Index>(k)).tangent = Number(1);
      moved.set("w", std::move(w));
      entries.push_back(objective_of(moved, kind).tangent);
    }
  return entries;
}

inline theory::Matrix<Number> as_matrix(const Values& row_major_entries, std::size_t columns) {
  const std::size_t rows = columns == 0 ? 0 : row_major_entries.size() / columns;
  return from_row_major<Number>(row_major_entries, static_cast<Eigen::Index>(rows), static_cast<Eigen::Index>(columns));
}

// Which statistic's derivative stands in D_j?
enum class StatisticOf { its_own_layer, the_parameters_layer };

// The Jacobians of the layers before the parameters' one, at the given estimates.
inline std::vector<theory::LayerJacobians<Number>> jacobians_before(
    const reference::CompositionalProblem<Number>& problem, const Estimates& estimates, std::size_t parameters_layer,
    StatisticOf statistic) {
  std::vector<theory::LayerJacobians<Number>> before(parameters_layer);
  for (std::size_t sample = 0; sample < problem.data.size(); ++sample) {
    const auto inputs = reference::inputs_of_layers<Number>(problem, estimates, static_cast<int>(sample));
    for (std::size_t j = 0; j < parameters_layer; ++j) {
      const Values& x = inputs[j];
      const auto& derivatives = problem.derivatives[j];
      const auto& of_statistic =
          problem.derivatives[statistic == StatisticOf::its_own_layer ? j : parameters_layer].statistic_by_input;
      before[j].by_input.push_back(as_matrix(derivatives.by_input(problem.parameters[j], x, estimates[j]), x.size()));
      before[j].by_expectation.push_back(
          estimates[j].empty()
              ? theory::Matrix<Number>(before[j].by_input.back().rows(), 0)
              : as_matrix(derivatives.by_expectation(problem.parameters[j], x, estimates[j]), estimates[j].size()));
      before[j].statistic_by_input.push_back(as_matrix(of_statistic(x), x.size()));
    }
  }
  return before;
}

// ∂_{w_i} F_i along parameter k, at every sample.
inline theory::SampleFunction<Number> parameter_column(const reference::CompositionalProblem<Number>& problem,
                                                       const Estimates& estimates, std::size_t layer, std::size_t k) {
  theory::SampleFunction<Number> h;
  for (std::size_t sample = 0; sample < problem.data.size(); ++sample) {
    const auto inputs = reference::inputs_of_layers<Number>(problem, estimates, static_cast<int>(sample));
    const theory::Matrix<Number> by_parameters =
        as_matrix(problem.derivatives[layer].by_parameters(problem.parameters[layer], inputs[layer], estimates[layer]),
                  problem.parameters[layer].size());
    h.push_back(by_parameters.col(static_cast<Eigen::Index>(k)));
  }
  return h;
}

// f(before, h) for every parameter, in the order of `flattened`.
template <class OfLayers>
Values for_every_parameter(const reference::CompositionalProblem<Number>& problem, const Estimates& estimates,
                           StatisticOf statistic, OfLayers of_layers) {
  Values entries;
  for (std::size_t i = 0; i < problem.layers.size(); ++i) {
    const auto before = jacobians_before(problem, estimates, i, statistic);
    for (std::size_t k = 0; k < problem.parameters[i].size(); ++k)
      entries.push_back(of_layers(before, parameter_column(problem, estimates, i, k)));
  }
  return entries;
}

// (7) by theory, with the exact statistics.
inline Values formula_seven(const Inputs& in, LayerKind kind, theory::Product product,
                            StatisticOf statistic = StatisticOf::its_own_layer) {
  const auto problem = differentiable_problem(in, kind);
  return for_every_parameter(problem, exact_estimates(problem), statistic, [=](const auto& before, const auto& h) {
    return theory::gradient_formula<Number>(before, h, product);
  });
}

// ---- the oracle's expectation, every draw enumerated

enum class Draws {
  independent,       // ξ and each ξ′_j by themselves
  shared_inner,      // one ξ′ for all layers
  shared_everywhere  // ξ besides: Algorithm 3
};

// Every minibatch of `minibatches` is equally likely in each draw; ξ is one of `outer`.
inline Values expected_oracle(const reference::CompositionalProblem<Number>& problem, const Estimates& estimates,
                              const std::vector<Minibatch>& outer, const std::vector<Minibatch>& minibatches,
                              Draws draws, reference::FactorsAfter factors_after) {
  const std::size_t depth = problem.layers.size();
  const std::size_t slots = draws == Draws::independent ? depth : draws == Draws::shared_inner ? 2 : 1;
  // Slot 0 is ξ, slot j is ξ′_j; w_n is not in what the statistic of layer n sees, so that there is no ξ′_n.
  std::vector<reference::OracleSamples> all = {{{}, reference::same_for_all(depth, {0})}};
  for (std::size_t slot = 0; slot < slots; ++slot) {
    std::vector<reference::OracleSamples> longer;
    for (const reference::OracleSamples& samples : all)
      for (const Minibatch& minibatch : slot == 0 ? outer : minibatches) {
        longer.push_back(samples);
        reference::OracleSamples& last = longer.back();
        if (slot == 0) last.outer = minibatch;
        if (draws == Draws::shared_everywhere || (draws == Draws::shared_inner && slot == 1))
          last.inner = reference::same_for_all(depth, minibatch);
        if (draws == Draws::independent && slot > 0) last.inner[slot - 1] = minibatch;
      }
    all = longer;
  }
  Values sum;
  for (const reference::OracleSamples& samples : all) {
    const Values gradient = flattened(reference::oracle_gradient<Number>(problem, estimates, samples, factors_after));
    if (sum.empty()) sum.assign(gradient.size(), Number(0));
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += gradient[k];
  }
  for (Number& entry : sum) entry = entry / Number(static_cast<int>(all.size()));
  return sum;
}

// One sample in every draw, exact statistics.
inline Values expected_oracle(const Inputs& in, LayerKind kind, Draws draws, reference::FactorsAfter factors_after) {
  const auto problem = differentiable_problem(in, kind);
  const std::vector<Minibatch> single = tuples(in.sizes.batch, 1);
  return expected_oracle(problem, exact_estimates(problem), single, single, draws, factors_after);
}

// ---- hypotheses

// Columns of `names` := 0 in the layers from `first` on (counted from 0), all of them where `last` is −1.
inline void set_to_zero(Inputs& in, const std::vector<std::string>& names, int first = 0, int last = -1) {
  for (const std::string& name : names) {
    Array<Number> column = in(name);
    const Eigen::Index end = last < 0 ? column.rows() : last + 1;
    for (Eigen::Index layer = first; layer < end; ++layer) column(layer, 0) = Number(0);
    in.set(name, column);
  }
}

inline Hypothesis affine_statistics() {
  return imposing("affine_statistics", "every e_j is affine: s = 0", [](Inputs& in) { set_to_zero(in, {"s"}); });
}
inline Hypothesis unused_statistics() {
  return imposing("unused_statistics", "no F_j depends on its statistic: p = q = 0", [](Inputs& in) {
    set_to_zero(in, {"p", "q"});
  });
}
inline Hypothesis equal_samples() {
  return imposing("equal_samples", "all samples are the same", [](Inputs& in) {
    Array<Number> x = in("x");
    for (Eigen::Index i = 1; i < x.rows(); ++i) x.row(i) = x.row(0);
    in.set("x", x);
  });
}
inline Hypothesis same_statistic() {
  return imposing("same_statistic", "all layers have the same e: r and s do not depend on the layer", [](Inputs& in) {
    for (const char* name : {"r", "s"}) {
      Array<Number> column = in(name);
      for (Eigen::Index layer = 1; layer < column.rows(); ++layer) column(layer, 0) = column(0, 0);
      in.set(name, column);
    }
  });
}

}  // namespace normproof::inputs
