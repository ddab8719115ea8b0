// Which reading of the backward pass of a full normalization layer is the derivative of the full-batch layer?
//
// Sentence   "return the gradient at the input: g_in ← g_out · (∂_B f + (∂_μ f + 2B ∂_ν f)/(bd))"
// Source     LL19 Algorithm 3, backward pass, with f(μ, ν, B) := (B − μ)/√max{ν − μ², ε}.
// Notation   x = B, batch × channels (b × d); dy = g_out; ε = eps; v the direction of the derivative. The full-batch
//            layer is the forward pass with μ, ν the exact statistics of B: α = 1, B = D. s = √max{ν − μ², ε},
//            x̂ = (B − μ)/s, κ = 1 where ν − μ² > ε, else 0.
// Hypotheses ε ≥ 0. Statistics are those of the batch after the update at α = 1, unless a reading says otherwise.
// Formula    product of g_out with ∂_μ f and ∂_ν f: elementwise, or the vector–Jacobian product (a sum over the entries
//            that share the statistic); divisor b or, as printed, bd; statistics per feature or over the whole block.
// Why        With n entries sharing μ and ν, ∂μ/∂B_k = 1/n and ∂ν/∂B_k = 2B_k/n. The chain rule gives
//            g_in_k = g_k ∂_B f + (Σ_i g_i ∂_μ f_i + 2B_k Σ_i g_i ∂_ν f_i)/n: a sum over i, and n = b per feature,
//            n = bd for the block. In closed form g_in_k = (1/s)(g_k − ⟨g⟩ − κ x̂_k ⟨g x̂⟩).
#include "theory/gradients/full_norm.hpp"

#include "impl/reference/full_norm.hpp"
#include "proofs_checks/inputs/adapters.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using reference::FullNormReading;
using Product = FullNormReading::Product;
using Divisor = FullNormReading::Divisor;
using Statistics = FullNormReading::Statistics;
constexpr FullNormReading right_per_feature = {Product::vjp, Divisor::b, Statistics::per_feature};

std::vector<InputSpec> layer_inputs(bool with_direction) {
  std::vector<InputSpec> specs = {{"x", Role::activation, Dimension::batch, Dimension::channels},
                                  {"dy", Role::upstream, Dimension::batch, Dimension::channels},
                                  {"eps", Role::epsilon}};
  if (with_direction) specs.push_back({"v", Role::direction, Dimension::batch, Dimension::channels});
  return specs;
}

// With μ, ν from before the step, ν = μ² + spread, and a rate.
std::vector<InputSpec> training_inputs() {
  std::vector<InputSpec> specs = layer_inputs(true);
  specs.push_back({"mean", Role::mean, Dimension::one, Dimension::channels});
  specs.push_back({"spread", Role::variance, Dimension::one, Dimension::channels});
  specs.push_back({"alpha", Role::rate});
  return specs;
}

std::vector<Sizes> layer_sizes() {
  return {{.batch = 1, .channels = 2}, {.batch = 2}, {.batch = 3}, {.batch = 4}, {.batch = 2, .channels = 2},
          {.batch = 3, .channels = 2}};
}

std::vector<Sizes> one_channel() { return {{.batch = 2}, {.batch = 3}, {.batch = 4}}; }

// The forward pass, training at rate alpha from (mean, mean² + spread); at alpha = 1 the start does not matter.
template <class T>
Array<T> forward(const BasicInputs<T>& in, Statistics statistics, bool own_rate, reference::FullNormState<T>& state) {
  const Array<T>& x = in("x");
  const reference::Extents extents = extents_of(x);
  state = reference::make_full_norm_state<T>(extents, statistics);
  if (own_rate)
    for (std::size_t j = 0; j < state.mean.size(); ++j) {
      state.mean[j] = in("mean")(static_cast<Eigen::Index>(j));
      state.square[j] = state.mean[j] * state.mean[j] + in("spread")(static_cast<Eigen::Index>(j));
    }
  std::vector<T> out(extents.size(), T(0));
  reference::full_norm_forward<T>(row_major(x), extents, statistics, own_rate ? in.scalar("alpha") : T(1),
                                  in.scalar("eps"), state, out);
  return from_row_major<T>(out, x.rows(), x.cols());
}

// The same as the words say, written here: the layer that the derivative is the derivative of.
template <class T>
Array<T> forward_in_words(const BasicInputs<T>& in, Statistics statistics, bool own_rate) {
  const Array<T>& x = in("x");
  const Eigen::Index width = statistics == Statistics::whole_block ? x.cols() : 1;
  const T count = T(static_cast<int>(x.rows() * width));
  Array<T> out = x;
  for (Eigen::Index first = 0; first < x.cols(); first += width) {
    T mean = T(0), mean_of_square = T(0);
    for (Eigen::Index j = first; j < first + width; ++j)
      for (Eigen::Index i = 0; i < x.rows(); ++i) {
        mean += x(i, j) / count;
        mean_of_square += x(i, j) * x(i, j) / count;
      }
    if (own_rate) {
      const T before = in("mean")(first), rate = in.scalar("alpha"), keep = T(1) - rate;
      mean = keep * before + rate * mean;
      mean_of_square = keep * (before * before + in("spread")(first)) + rate * mean_of_square;
    }
    const T root = sqrt(clamp_below(mean_of_square - mean * mean, in.scalar("eps")));
    for (Eigen::Index j = first; j < first + width; ++j)
      for (Eigen::Index i = 0; i < x.rows(); ++i) out(i, j) = (x(i, j) - mean) / root;
  }
  return out;
}

// The derivative along v of ⟨g_out, B_output⟩.
Side derivative_of_the_layer(Statistics statistics, bool own_rate = false) {
  return derivative_along(Witness::definition, "d/dt ⟨g_out, B_output(B + t v)⟩, the layer written out", "x", "v",
                          [=](const auto& in) {
                            using T = typename std::decay_t<decltype(in("x"))>::Scalar;
                            return dot<T>(in("dy"), forward_in_words<T>(in, statistics, own_rate));
                          });
}

// The derivative of the reference's forward pass.
Side derivative_of_the_reference(Statistics statistics, bool own_rate = false) {
  return derivative_along(Witness::reference, "d/dt ⟨g_out, B_output(B + t v)⟩ through Algorithm 3's forward pass", "x",
                          "v", [=](const auto& in) {
                            using T = typename std::decay_t<decltype(in("x"))>::Scalar;
                            reference::FullNormState<T> state;
                            return dot<T>(in("dy"), forward<T>(in, statistics, own_rate, state));
                          });
}

// Algorithm 3's backward pass at the statistics that the forward pass left.
Array<Number> backward(const Inputs& in, FullNormReading reading, bool own_rate = false) {
  const Array<Number>& x = in("x");
  reference::FullNormState<Number> state;
  forward<Number>(in, reading.statistics, own_rate, state);
  Values g_in(static_cast<std::size_t>(x.size()));
  reference::full_norm_backward<Number>(row_major(x), row_major(in("dy")), extents_of(x), state, in.scalar("eps"),
                                        reading, g_in);
  return from_row_major<Number>(g_in, x.rows(), x.cols());
}

Formula along_v(FullNormReading reading, bool own_rate = false) {
  return [=](const Inputs& in) -> Values { return {dot<Number>(backward(in, reading, own_rate), in("v"))}; };
}

// The closed form.
Formula closed_form(Statistics statistics) {
  return [=](const Inputs& in) {
    return entries(statistics == Statistics::per_feature
                       ? theory::full_norm_input_gradient<Number>(in("x"), in("dy"), in.scalar("eps"))
                       : theory::full_norm_block_input_gradient<Number>(in("x"), in("dy"), in.scalar("eps")));
  };
}

Formula closed_form_along_v(Statistics statistics) {
  return [=](const Inputs& in) -> Values { return {dot<Number>(closed_form(statistics)(in), row_major(in("v")))}; };
}

// The vector–Jacobian product with 2B ∂_ν f as one vector, as the order of the print has it:
//   g_in_k = g_k ∂_B f + (Σ_i g_i ∂_μ f_i + Σ_i g_i 2B_i ∂_ν f_i)/n, n the entries that share μ and ν.
Formula b_inside_the_product(Statistics statistics) {
  return [=](const Inputs& in) {
    const Array<Number>&x = in("x"), &g = in("dy");
    const Number eps = in.scalar("eps");
    const Eigen::Index width = statistics == Statistics::whole_block ? x.cols() : 1;
    const Number count(static_cast<int>(x.rows() * width));
    Array<Number> g_in = x;
    for (Eigen::Index first = 0; first < x.cols(); first += width) {
      const Array<Number> shared = x.middleCols(first, width), upstream = g.middleCols(first, width);
      Number mean(0), variance(0), product(0);
      for (Eigen::Index k = 0; k < shared.size(); ++k) mean += shared(k) / count;
      for (Eigen::Index k = 0; k < shared.size(); ++k) variance += (shared(k) - mean) * (shared(k) - mean) / count;
      const Number s = sqrt(clamp_below(variance, eps)), slope = clamp_below_slope(variance, eps);
      for (Eigen::Index k = 0; k < shared.size(); ++k) {
        const Number cube = slope * (shared(k) - mean) / (s * s * s);  // −2 ∂_ν f
        product += upstream(k) * (mean * cube - Number(1) / s - shared(k) * cube);
      }
      for (Eigen::Index j = first; j < first + width; ++j)
        for (Eigen::Index i = 0; i < x.rows(); ++i) g_in(i, j) = g(i, j) / s + product / count;
    }
    return entries(g_in);
  };
}

// A feature's mean and biased variance, in two passes.
struct Column {
  Number mean, variance;
};

Column column_of(const Array<Number>& x, Eigen::Index j) {
  Column column = {Number(0), Number(0)};
  const Number count(static_cast<int>(x.rows()));
  for (Eigen::Index i = 0; i < x.rows(); ++i) column.mean += x(i, j) / count;
  for (Eigen::Index i = 0; i < x.rows(); ++i)
    column.variance += (x(i, j) - column.mean) * (x(i, j) - column.mean) / count;
  return column;
}

// d/dt Σ_i g_i (B_i − μ)/s along v with one branch of the max: by hand, per feature.
//   s = √(ν − μ²): (1/s) Σ_i g_i (v_i − ⟨v⟩ − x̂_i ⟨x̂ v⟩)        s = √ε: (1/s) Σ_i g_i (v_i − ⟨v⟩)
Formula one_sided_derivative(bool variance_is_the_root) {
  return [=](const Inputs& in) -> Values {
    const Array<Number>&x = in("x"), &g = in("dy"), &v = in("v");
    const Number count(in.sizes.batch);
    Number sum(0);
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      const Column column = column_of(x, j);
      const Number s = sqrt(variance_is_the_root ? column.variance : in.scalar("eps"));
      Number mean_v(0), mean_x_hat_v(0);
      for (Eigen::Index i = 0; i < x.rows(); ++i) {
        mean_v += v(i, j) / count;
        mean_x_hat_v += (x(i, j) - column.mean) / s * v(i, j) / count;
      }
      for (Eigen::Index i = 0; i < x.rows(); ++i) {
        Number inner = v(i, j) - mean_v;
        if (variance_is_the_root) inner -= (x(i, j) - column.mean) / s * mean_x_hat_v;
        sum += g(i, j) * inner / s;
      }
    }
    return {sum};
  };
}

// The right reading written out once more, with a slip.
enum class Slip { forgets_the_statistics, forgets_the_factor_two, forgets_the_clamp, forgets_the_mean_in_the_root };

Formula with_slip(Slip slip) {
  return [=](const Inputs& in) {
    const Array<Number>&x = in("x"), &g = in("dy");
    const Number eps = in.scalar("eps"), count(in.sizes.batch);
    Array<Number> g_in = x;
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      const Column column = column_of(x, j);
      const Number s = sqrt(clamp_below(column.variance, eps));
      const Number slope = slip == Slip::forgets_the_clamp ? Number(1) : clamp_below_slope(column.variance, eps);
      Number through_mean(0), through_square(0);
      for (Eigen::Index i = 0; i < x.rows(); ++i) {
        const Number cube = slope * (x(i, j) - column.mean) / (s * s * s);
        through_mean -= g(i, j) / s;
        if (slip != Slip::forgets_the_mean_in_the_root) through_mean += g(i, j) * column.mean * cube;
        through_square -= g(i, j) * cube / Number(2);
      }
      for (Eigen::Index i = 0; i < x.rows(); ++i) {
        const Number factor(slip == Slip::forgets_the_factor_two ? 1 : 2);
        g_in(i, j) = g(i, j) / s;
        if (slip != Slip::forgets_the_statistics)
          g_in(i, j) += (through_mean + factor * x(i, j) * through_square) / count;
      }
    }
    return entries(g_in);
  };
}

// Per feature, g := g − ⟨g⟩ − x̂⟨g x̂⟩ with x̂ of variance 1: orthogonal to 1 and to B.
Hypothesis upstream_feels_no_statistics() {
  return imposing("upstream_orthogonal", "⟨1, g_out⟩ = ⟨B, g_out⟩ = 0 in every feature", [](Inputs& in) {
    upstream_is_centred().impose(in);
    Array<Number> g = in("dy");
    const Array<Number>& x = in("x");
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      const Column column = column_of(x, j);
      Number product(0);
      for (Eigen::Index i = 0; i < x.rows(); ++i) product += g(i, j) * (x(i, j) - column.mean);
      const Number share = product / (Number(in.sizes.batch) * column.variance);
      for (Eigen::Index i = 0; i < x.rows(); ++i) g(i, j) = g(i, j) - share * (x(i, j) - column.mean);
    }
    in.set("dy", g);
  });
}

// One feature, ε := var B ± eps² (eps is free, so its square is any square): the clamp is certainly active or inactive;
// with side 0 it is the kink itself, which the inactive side leaves out.
Hypothesis eps_beside_the_variance(int side) {
  const std::string sentence = side == 0 ? "var B = ε" : side > 0 ? "var B ≤ ε: the clamp is active" : "var B > ε";
  Hypothesis hypothesis = imposing(side == 0  ? "at_the_kink"
                                   : side > 0 ? "clamp_active"
                                              : "clamp_inactive",
                                   sentence, [=](Inputs& in) {
                                     const Number distance = in.scalar("eps") * in.scalar("eps");
                                     in.set("distance", distance);
                                     in.set("eps", column_of(in("x"), 0).variance + Number(side) * distance);
                                   });
  if (side < 0) hypothesis.positive = [](const Inputs& in) { return in.scalar("distance"); };
  return hypothesis;
}

Hypothesis rate_is_one() {
  return imposing("rate_one", "α = 1", [](Inputs& in) { in.set("alpha", Number(1)); });
}

// The chain rule through μ′ = (1−α)μ + α mean(B), ν′ = (1−α)ν + α mean_of_square(B), by hand:
//   Σ_i v_i [ g_i ∂_B f + (α/b)(Σ g ∂_μ f + 2B_i Σ g ∂_ν f) ].
Formula share_of_the_rate() {
  return [](const Inputs& in) -> Values {
    const Array<Number>&x = in("x"), &g = in("dy"), &v = in("v");
    const Number rate = in.scalar("alpha"), keep = Number(1) - rate, count(in.sizes.batch);
    Number sum(0);
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      const Column batch = column_of(x, j);
      const Number before = in("mean")(j), mean = keep * before + rate * batch.mean;
      const Number square =
          keep * (before * before + in("spread")(j)) + rate * (batch.variance + batch.mean * batch.mean);
      const Number s = sqrt(clamp_below(square - mean * mean, in.scalar("eps")));
      const Number slope = clamp_below_slope(square - mean * mean, in.scalar("eps"));
      Number through_mean(0), through_square(0);
      for (Eigen::Index i = 0; i < x.rows(); ++i) {
        const Number cube = slope * (x(i, j) - mean) / (s * s * s);
        through_mean += g(i, j) * (mean * cube - Number(1) / s);
        through_square -= g(i, j) * cube / Number(2);
      }
      for (Eigen::Index i = 0; i < x.rows(); ++i)
        sum += v(i, j) * (g(i, j) / s + rate / count * (through_mean + Number(2) * x(i, j) * through_square));
    }
    return {sum};
  };
}

// One combination against the exact derivative, and entry by entry against the closed form.
struct Combination {
  std::string id, words, why;
  FullNormReading reading;
};

void add_readings(const Combination& combination, std::vector<Reading>& readings) {
  const Statistics statistics = combination.reading.statistics;
  const std::string of = "Algorithm 3's backward pass: " + combination.words;
  readings.push_back({.id = combination.id,
                      .statement = "⟨g_in, v⟩ is the derivative of the full-batch layer along v; " + combination.words,
                      .inputs = layer_inputs(true),
                      .sizes = layer_sizes(),
                      .left = derivative_of_the_layer(statistics),
                      .right = by_reference("⟨g_in, v⟩ by " + of, along_v(combination.reading)),
                      .why = combination.why});
  readings.push_back({.id = combination.id + "__closed_form",
                      .statement = "g_in = (1/s)(g − ⟨g⟩ − κ x̂⟨g x̂⟩), entry by entry; " + combination.words,
                      .inputs = layer_inputs(false),
                      .sizes = layer_sizes(),
                      .left = by_reference(
                          "g_in by " + of,
                          [reading = combination.reading](const Inputs& in) { return entries(backward(in, reading)); }),
                      .right = by_theory("the closed form of the exact derivative", closed_form(statistics)),
                      .why = combination.why});
}

std::vector<Reading> every_combination() {
  const std::string elementwise_fails =
      "The elementwise product keeps the diagonal of the Jacobian alone: what an entry of B does to the other outputs, "
      "through μ and ν, is lost. It is right for one entry per statistic only, where the layer's output is constant.";
  std::vector<Reading> readings;
  add_readings({"printed__elementwise__bd__per_feature",
                "elementwise product, divisor bd, μ and ν per feature",
                elementwise_fails + " And the divisor counts entries that do not share the statistic.",
                {Product::elementwise, Divisor::bd, Statistics::per_feature}},
               readings);
  add_readings({"printed__elementwise__bd__whole_block",
                "elementwise product, divisor bd, one μ and ν for the block",
                elementwise_fails,
                {Product::elementwise, Divisor::bd, Statistics::whole_block}},
               readings);
  add_readings(
      {"printed__vjp__bd__per_feature",
       "vector–Jacobian product, divisor bd, μ and ν per feature",
       "A feature's statistics are means over b entries, not bd: the correction is d times too small. Right for "
       "d = 1.",
       {Product::vjp, Divisor::bd, Statistics::per_feature}},
      readings);
  add_readings({"printed__vjp__bd__whole_block",
                "vector–Jacobian product, divisor bd, one μ and ν for the block",
                "The printed divisor is right for one mean and one mean of squares over all bd entries.",
                {Product::vjp, Divisor::bd, Statistics::whole_block}},
               readings);
  add_readings({"elementwise__b__per_feature",
                "elementwise product, divisor b, μ and ν per feature",
                elementwise_fails,
                {Product::elementwise, Divisor::b, Statistics::per_feature}},
               readings);
  add_readings({"elementwise__b__whole_block",
                "elementwise product, divisor b, one μ and ν for the block",
                elementwise_fails,
                {Product::elementwise, Divisor::b, Statistics::whole_block}},
               readings);
  add_readings({"vjp__b__per_feature", "vector–Jacobian product, divisor b, μ and ν per feature",
                "The divisor is the number of entries that share the statistic: b per feature.", right_per_feature},
               readings);
  add_readings(
      {"vjp__b__whole_block",
       "vector–Jacobian product, divisor b, one μ and ν for the block",
       "The block's statistics are means over bd entries, not b: the correction is d times too large. Right for "
       "d = 1.",
       {Product::vjp, Divisor::b, Statistics::whole_block}},
      readings);
  return readings;
}

// The closed form is the derivative of the reference's forward pass; 2B ∂_ν f inside the product is not.
std::vector<Reading> closed_form_and_order_of_the_product() {
  std::vector<Reading> readings;
  for (const Statistics statistics : {Statistics::per_feature, Statistics::whole_block}) {
    const bool block = statistics == Statistics::whole_block;
    const std::string words = block ? "one μ and ν for the block" : "μ and ν per feature";
    readings.push_back(
        {.id = block ? "closed_form__whole_block" : "closed_form__per_feature",
         .statement = "⟨(1/s)(g − ⟨g⟩ − κ x̂⟨g x̂⟩), v⟩ is the derivative of the full-batch layer along v; " + words,
         .inputs = layer_inputs(true),
         .sizes = layer_sizes(),
         .left = derivative_of_the_reference(statistics),
         .right = by_theory("⟨closed form, v⟩", closed_form_along_v(statistics)),
         .why = "What each combination is measured against, entry by entry, is the derivative of the layer itself."});
    readings.push_back(
        {.id = block ? "printed__vjp__bd__whole_block__b_inside" : "vjp__b__per_feature__b_inside",
         .statement = "g_in = g_out ∂_B f + (Σ g_out ∂_μ f + Σ g_out 2B ∂_ν f)/" + std::string(block ? "(bd)" : "b") +
                      ", B inside the sum; " + words,
         .inputs = layer_inputs(false),
         .sizes = layer_sizes(),
         .left = by_theory("the closed form of the exact derivative", closed_form(statistics)),
         .right =
             by_definition("g_out ∂_B f + (⟨g_out, ∂_μ f⟩ + ⟨g_out, 2B ∂_ν f⟩)/n", b_inside_the_product(statistics)),
         .why =
             "2B_k/n is ∂ν/∂B_k: it belongs to the entry whose gradient is taken and stands outside the sum over the "
             "outputs. Inside, every entry gets the same correction. Right where the clamp is active."});
  }
  return readings;
}

std::vector<Reading> beyond_the_full_batch() {
  return {
      {.id = "own_forward__vjp__b__per_feature",
       .statement =
           "⟨g_in, v⟩ is the derivative of the layer's own training step, at any rate α and any μ, ν before it",
       .inputs = training_inputs(),
       .sizes = layer_sizes(),
       .left = derivative_of_the_layer(Statistics::per_feature, true),
       .right = by_reference("⟨g_in, v⟩ by Algorithm 3's backward pass at the updated μ, ν",
                             along_v(right_per_feature, true)),
       .why =
           "In a step at rate α the statistics move by α mean(B) and α mean_of_square(B) only; the backward pass lets "
           "them move as if α were 1. It estimates the gradient of the full-batch objective (LL19 Remark 1), and is "
           "not the derivative of the step that was taken. What is left: own_forward__rate_one and "
           "own_forward__share_of_alpha."},
      {.id = "own_forward__rate_one",
       .statement = "⟨g_in, v⟩ is the derivative of the layer's own training step at α = 1, from any μ, ν before it",
       .inputs = training_inputs(),
       .sizes = layer_sizes(),
       .hypotheses = {rate_is_one()},
       .left = derivative_of_the_layer(Statistics::per_feature, true),
       .right = by_reference("⟨g_in, v⟩ by Algorithm 3's backward pass at the updated μ, ν",
                             along_v(right_per_feature, true))},
      {.id = "own_forward__share_of_alpha",
       .statement = "the derivative of the training step is g_out · (∂_B f + α (∂_μ f + 2B ∂_ν f)/b)",
       .inputs = training_inputs(),
       .sizes = layer_sizes(),
       .left = derivative_of_the_reference(Statistics::per_feature, true),
       .right = by_definition("the chain rule by hand: the statistics' share times α", share_of_the_rate())},
      {.id = "kink__two_sided",
       .statement = "at ν − μ² = ε the layer has one derivative: the backward pass is right on both sides of the kink",
       .inputs = layer_inputs(true),
       .sizes = one_channel(),
       .hypotheses = {eps_beside_the_variance(0)},
       .left = by_definition("derivative of (B − μ)/√(ν − μ²) along v: the side where the variance grows",
                             one_sided_derivative(true)),
       .right = by_reference("⟨g_in, v⟩ by Algorithm 3's backward pass", along_v(right_per_feature)),
       .why =
           "The two one-sided derivatives differ by x̂⟨g x̂⟩/s: on the kink the layer has no derivative along a v that "
           "changes the variance. The reference takes the side of the clamp, kink__clamped_side."},
      {.id = "kink__clamped_side",
       .statement =
           "at ν − μ² = ε the backward pass is the derivative of (B − μ)/√ε, the side where the variance falls",
       .inputs = layer_inputs(true),
       .sizes = one_channel(),
       .hypotheses = {eps_beside_the_variance(0)},
       .left = by_definition("derivative of (B − μ)/√ε along v", one_sided_derivative(false)),
       .right = by_reference("⟨g_in, v⟩ by Algorithm 3's backward pass", along_v(right_per_feature))},
      {.id = "clamp_inactive",
       .statement = "where ν − μ² > ε the backward pass is the derivative of (B − μ)/√(ν − μ²), batch normalization's",
       .inputs = layer_inputs(true),
       .sizes = one_channel(),
       .hypotheses = {eps_beside_the_variance(-1)},
       .left = by_definition("derivative of (B − μ)/√(ν − μ²) along v", one_sided_derivative(true)),
       .right = by_reference("⟨g_in, v⟩ by Algorithm 3's backward pass", along_v(right_per_feature))},
      {.id = "clamp_active",
       .statement =
           "where ν − μ² ≤ ε the backward pass is the derivative of (B − μ)/√ε: only the mean of g_out is removed",
       .inputs = layer_inputs(true),
       .sizes = one_channel(),
       .hypotheses = {eps_beside_the_variance(1)},
       .left = by_definition("derivative of (B − μ)/√ε along v", one_sided_derivative(false)),
       .right = by_reference("⟨g_in, v⟩ by Algorithm 3's backward pass", along_v(right_per_feature))},
  };
}

std::vector<Reading> all_readings() {
  std::vector<Reading> readings = every_combination();
  for (const Reading& reading : closed_form_and_order_of_the_product()) readings.push_back(reading);
  for (const Reading& reading : beyond_the_full_batch()) readings.push_back(reading);
  return readings;
}

}  // namespace

Claim fn_layer_backward() {
  return {
      .title =
          "Algorithm 3's backward pass is the derivative of the full-batch layer when its product is a "
          "vector–Jacobian product and its divisor counts the entries that share a statistic",
      .sources = {{"LL19", "Algorithm 3, backward pass"}, {"LL19", "Remark 1"}},
      .notation =
          "B = x (b × d), g = g_out = dy, s = √max{ν − μ², ε}, x̂ = (B − μ)/s, κ = 1 where ν − μ² > ε, else 0; ⟨·⟩ "
          "the mean over the entries that share μ and ν",
      .why =
          "With n entries sharing μ and ν, ∂μ/∂B_k = 1/n and ∂ν/∂B_k = 2B_k/n, so the chain rule gives g_in_k = g_k "
          "∂_B f "
          "+ (Σ_i g_i ∂_μ f_i + 2B_k Σ_i g_i ∂_ν f_i)/n. The sum over i is the vector–Jacobian product; n is b for "
          "statistics per feature and bd for one statistic over the block. Inserting f gives (1/s)(g_k − ⟨g⟩ − κ x̂_k "
          "⟨g x̂⟩).",
      .explain =
          "The algorithm prints one dot and one divisor and leaves three questions open: is the dot an elementwise "
          "product or a vector–Jacobian product, is the divisor the batch size b or all bd entries (bd is printed), "
          "and does each feature have its own statistics or does the whole block share one pair? Of the eight "
          "combinations two are the derivative of the layer: the vector–Jacobian product with b and statistics per "
          "feature, and with bd and statistics over the block. With the statistics per feature that a normalization "
          "layer needs, the printed divisor is wrong by the factor d. In the vector–Jacobian product 2B "
          "has to stand outside the sum, although the parenthesis as printed has it inside. At a rate α below 1 the "
          "backward pass is, on purpose, not the derivative of the forward step; and where the variance equals ε no "
          "derivative exists.",
      .readings = all_readings(),
      .mutants =
          {
              {.id = "forgets_the_statistics",
               .reading = "vjp__b__per_feature__closed_form",
               .words = "g_out/s: μ and ν as constants",
               .agrees_when = upstream_feels_no_statistics(),
               .right = with_slip(Slip::forgets_the_statistics),
               .agreeing_sizes = {{.batch = 3}, {.batch = 4}, {.batch = 3, .channels = 2}}},
              {.id = "forgets_the_factor_two",
               .reading = "vjp__b__per_feature__closed_form",
               .words = "B ∂_ν f in place of 2B ∂_ν f",
               .agrees_when = eps_beside_the_variance(1),
               .right = with_slip(Slip::forgets_the_factor_two),
               .agreeing_sizes = one_channel()},
              {.id = "forgets_the_clamp",
               .reading = "vjp__b__per_feature__closed_form",
               .words = "derivative of the root taken where the clamp holds it fixed",
               .agrees_when = eps_beside_the_variance(-1),
               .right = with_slip(Slip::forgets_the_clamp),
               .agreeing_sizes = {{.batch = 3}, {.batch = 4}}},
              {.id = "forgets_the_mean_in_the_root",
               .reading = "vjp__b__per_feature__closed_form",
               .words = "∂_μ f = −1/s",
               .agrees_when = batch_is_centred(),
               .right = with_slip(Slip::forgets_the_mean_in_the_root)},
          },
  };
}

}  // namespace normproof::claims
