// Claim: what batch norm minimises is not what the network without batch norm minimises.
//
// Source       LL19 §4, (3), (4): "The actual objective BN solves is different from the objective in our common sense";
//              "the objective of BN could be very different from the objective in our common sense in general"
// Notation     D = n samples x with labels t; 𝓑 all C(n, b) subsets of b samples (LL19 §4, first bullet), unless said
//              otherwise; x̂^B = (x − mean_B)/√(var_B + ε), ε = 0 as (1) prints it where no ε is named; one linear unit
//              w·x̂ + c with loss ½(o − t)² unless said otherwise; W = [w, c]; M(x, D) as in
//              fn_equals_reparametrized_original. In Sizes, batch = n, channels = features, outputs = b
// Hypotheses   none on D; where the two objectives agree the reading says when
//
//     (3)  (1/n) Σ_D ½(w·x + c − t)²          (4)  (1/|𝓑|) Σ_B (1/b) Σ_B ½(w·x̂^B + c − t)²
//
// Why. One feature, E_B the mean over 𝓑, r = E_B cov_B(x, t)/s_B, v = E_B var_B/s_B²: 2·(4) = v w² − 2 r w + mean (c −
// t)², so 2·min (4) = var(t) − r²/v. 2·min (3) = var(t) − cov(x, t)²/var(x). Both are fits of the same labels, to
// different numbers: x̂^B mixes the sample with its batch, and pairs (b = 2) see of x its order alone. In any number of
// features the outputs of a batch have mean c, so that 2·(4) ≥ E_B (c − mean_B t)² ≥ (n − b)/(b(n − 1)) var(t), however
// well the network without batch norm can fit. Where every batch has the mean and the variance of D the two agree, up
// to M.
#include "proofs_checks/inputs/batch_objective.hpp"
#include "theory/objectives/batch_norm_least_squares.hpp"
#include "theory/objectives/full_norm_reparametrization.hpp"
#include "theory/objectives/least_squares_residual.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using reference::Activation;
using reference::Normalization;

constexpr Unit plain = {.normalization = Normalization::none};
constexpr Unit normalized = {};
constexpr Unit normalized_tanh = {.activation = Activation::tanh};

const InputSpec samples = {"x", Role::activation, Dimension::batch, Dimension::channels};
const InputSpec labels = {"target", Role::target, Dimension::batch, Dimension::one};
const InputSpec weights = {"w", Role::weight, Dimension::one, Dimension::channels_plus_one};
const InputSpec epsilon = {"eps", Role::epsilon};

Number eps_of(const Inputs& in) { return in.has("eps") ? in.scalar("eps") : Number(0); }

Batches minibatches(const Inputs& in) { return subsets(in.sizes.batch, in.sizes.outputs); }
Batches whole(const Inputs& in) { return {first_samples(in.sizes.batch)}; }

theory::Vector<Number> feature(const Inputs& in) { return as_vector(Array<Number>(in("x").col(0))); }
theory::Vector<Number> target(const Inputs& in) { return as_vector(in("target")); }

// ---- objectives by the reference

Formula objective_of(Batches (*batches)(const Inputs&), Unit unit) {
  return [=](const Inputs& in) -> Values {
    return {objective_over<Number>(batches(in), unit, in("x"), in("target"), in("w"), eps_of(in))};
  };
}
Formula optimum_of(Batches (*batches)(const Inputs&), Unit unit) {
  return [=](const Inputs& in) -> Values {
    return {least_squares_optimum(batches(in), unit, in("x"), in("target"), eps_of(in))};
  };
}

// ---- objectives by theory

theory::BatchNormLeastSquares<Number> closed_form(const Inputs& in) {
  return theory::batch_norm_least_squares<Number>(feature(in), target(in), minibatches(in), eps_of(in));
}
Values closed_minimum(const Inputs& in) { return {theory::doubled_minimum(closed_form(in))}; }

Values original_optimum(const Inputs& in) { return {theory::least_squares_residual<Number>(in("x"), target(in))}; }

// σ = tanh or nothing: (3) at W·M(x, D), written here.
template <bool with_tanh>
Values original_at_absorbed_weights(const Inputs& in) {
  const Array<Number>& x = in("x");
  const Array<Number> w = theory::reparametrize<Number>(
      in("w"),
      theory::reparametrization_map<Number>(theory::mean<Number>(x), theory::biased_variance<Number>(x), eps_of(in)));
  Number sum(0);
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    Number output = w(0, x.cols());
    for (Eigen::Index k = 0; k < x.cols(); ++k) output += w(0, k) * x(i, k);
    if (with_tanh) output = tanh(output);
    sum += (output - in("target")(i)) * (output - in("target")(i));
  }
  return {sum / Number(2 * in.sizes.batch)};
}

// Near-misses of the closed form: r² and v from the same batches with something else in the place of s_B or of E_B r_B.
struct Slips {
  bool average_of_squares = false;  // E_B (r_B²) in the place of (E_B r_B)²
  bool scale_of_the_data = false;   // s_D in the place of s_B
  bool spread_is_one = false;       // v = 1
};
Formula slipped_minimum(Slips slips) {
  return [=](const Inputs& in) -> Values {
    const Number eps = eps_of(in);
    const theory::Vector<Number> x = feature(in), t = target(in);
    const auto fit = closed_form(in);
    const auto squared_scale = [&](const std::vector<int>& rows) {
      const Number radicand = theory::biased_variance<Number>(rows_of(in("x"), {rows}))(0) + eps;
      return radicand;
    };
    Number explained(0), slope(0), spread(0);
    const Batches batches = minibatches(in);
    for (const std::vector<int>& batch : batches) {
      const auto alone = theory::batch_norm_least_squares<Number>(x, t, {batch}, eps);
      Number ratio(1);
      if (slips.scale_of_the_data) {
        const Number square = squared_scale(batch), other = squared_scale(first_samples(in.sizes.batch));
        ratio = sqrt(square) / sqrt(other);
      }
      slope += alone.scaled_covariance * ratio;
      spread += alone.scaled_variance * ratio * ratio;
      explained += alone.scaled_covariance * alone.scaled_covariance / alone.scaled_variance;
    }
    const Number count(static_cast<int>(batches.size()));
    if (slips.spread_is_one) spread = count;
    if (!slips.average_of_squares) explained = slope * slope / spread;
    return {fit.power - fit.level * fit.level - explained / count};
  };
}

Hypothesis one_batch() {
  return imposing("one_batch", "b = n: one batch, all of D", [](Inputs& in) { in.sizes.outputs = in.sizes.batch; });
}

// ---- instances: samples, and labels in units of a free τ

struct Instance {
  std::vector<int> x, target;
};
const Instance late_label = {{0, 1, 3}, {0, 0, 1}};
const Instance middle_label = {{0, 1, 5}, {0, 3, 1}};
const Instance on_a_line = {{0, 1, 3}, {0, 1, 3}};

Inputs inputs_of(const Inputs& in, const Instance& instance) {
  Inputs filled = in;
  const auto n = static_cast<Eigen::Index>(instance.x.size());
  Array<Number> x(n, 1), t(n, 1);
  for (Eigen::Index i = 0; i < n; ++i) {
    x(i) = Number(instance.x[static_cast<std::size_t>(i)]);
    t(i) = Number(instance.target[static_cast<std::size_t>(i)]) * in.scalar("tau");
  }
  filled.set("x", x);
  filled.set("target", t);
  return filled;
}

// 2·min (3) and 2·min (4) on each of them, both by the reference.
Formula optima_on(std::vector<Instance> instances) {
  return [=](const Inputs& in) {
    Values optima;
    for (const Instance& instance : instances) {
      const Inputs filled = inputs_of(in, instance);
      for (const Unit& unit : {plain, normalized})
        optima.push_back(
            optimum_of(unit.normalization == Normalization::none ? whole : minibatches, unit)(filled).front());
    }
    return optima;
  };
}

Reading instance_reading(std::string id, std::string statement, std::vector<Instance> instances,
                         std::vector<std::pair<int, int>> fractions, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = {{"tau", Role::target}},
          .sizes = {{.batch = 3, .outputs = 2}},
          .left = by_reference("2·min (3), 2·min (4): the normal equations on x and on the x̂ of all three pairs",
                               optima_on(std::move(instances))),
          .right = by_definition("the numbers", multiples_of_tau_squared(std::move(fractions))),
          .why = std::move(why)};
}

// ---- several batches with the statistics of D

std::vector<InputSpec> two_batches() {
  return {samples,
          labels,
          {"other", Role::activation, Dimension::batch, Dimension::channels},
          {"other_target", Role::target, Dimension::batch, Dimension::one}};
}
std::vector<InputSpec> with(std::vector<InputSpec> specs, const std::vector<InputSpec>& more) {
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}

// D is x above other: two batches, of in.sizes.batch samples each.
Inputs united(const Inputs& in) {
  Inputs both = in;
  both.sizes.batch = 2 * in.sizes.batch;
  for (const auto& [above, below] : {std::pair<std::string, std::string>("x", "other"), {"target", "other_target"}}) {
    Array<Number> rows(2 * in.sizes.batch, in(above).cols());
    rows << in(above), in(below);
    both.set(above, rows);
  }
  return both;
}
Batches halves(const Inputs& in) {
  Batches both(2);
  for (int i = 0; i < in.sizes.batch; ++i) both[i < in.sizes.batch / 2 ? 0 : 1].push_back(i);
  return both;
}
Formula on_the_union(Formula formula) {
  return [=](const Inputs& in) { return formula(united(in)); };
}

// Reflects each feature of x in a hyperplane through its mean: every batch with that mean and variance is such a mirror
// image. The normal is `mirror` less its mean.
Hypothesis equal_statistics() {
  return imposing("equal_statistics", "every feature has the same mean and variance in both batches", [](Inputs& in) {
    Inputs centring = in;
    centring.set("x", in("mirror"));
    batch_is_centred().impose(centring);
    const Array<Number>& normal = centring("x");
    Array<Number> other = in("x");
    for (Eigen::Index j = 0; j < other.cols(); ++j) {
      Number product(0), square(0);
      for (Eigen::Index i = 0; i < other.rows(); ++i) {
        product += normal(i, j) * other(i, j);
        square += normal(i, j) * normal(i, j);
      }
      for (Eigen::Index i = 0; i < other.rows(); ++i) other(i, j) -= Number(2) * product / square * normal(i, j);
    }
    in.set("other", other);
  });
}
Hypothesis same_samples() {
  return imposing("same_samples", "both batches have the same x, in another order; their labels are free",
                  [](Inputs& in) {
                    Array<Number> other = in("x");
                    const Eigen::Index n = other.rows();
                    for (Eigen::Index i = 0; i < n; ++i) other.row(i) = in("x").row((i + 1) % n);
                    in.set("other", other);
                  });
}
// Mean and variance of each feature agree, the covariance changes its sign.
Hypothesis opposite_correlation() {
  return imposing("opposite_correlation", "two batches of two: the same values of each feature, the second's reversed",
                  [](Inputs& in) {
                    Array<Number> other = in("x");
                    other(0, 1) = in("x")(1, 1);
                    other(1, 1) = in("x")(0, 1);
                    in.set("other", other);
                  });
}

// ---- two layers

std::vector<InputSpec> two_layer_weights() {
  return {{"w_1", Role::weight, Dimension::hidden, Dimension::channels_plus_one},
          {"w_2", Role::weight, Dimension::one, Dimension::hidden_plus_one}};
}
Formula two_layers(Batches (*batches)(const Inputs&), Activation activation) {
  return [=](const Inputs& in) -> Values {
    reference::Network<Number> network;
    const int hidden = in.sizes.hidden, channels = in.sizes.channels;
    network.layers = {{Normalization::batch_norm, activation, channels, hidden},
                      {Normalization::batch_norm, Activation::identity, hidden, 1}};
    network.weights = {row_major(in("w_1")), row_major(in("w_2"))};
    const Batches all = batches(in);
    return {reference::network_objective_over_minibatches<Number>(
        network, row_major(rows_of(in("x"), all)), row_major(rows_of(in("target"), all)), static_cast<int>(all.size()),
        static_cast<int>(all.front().size()), eps_of(in), reference::Loss::squared)};
  };
}
// (5) written here: theory's statistics of all rows, layer after layer.
template <bool with_tanh>
Values two_layers_on_all(const Inputs& in) {
  const auto layer = [&](const Array<Number>& g, const Array<Number>& w) {
    const Array<Number> absorbed = theory::reparametrize<Number>(
        w,
        theory::reparametrization_map<Number>(theory::mean<Number>(g), theory::biased_variance<Number>(g), eps_of(in)));
    Array<Number> out(g.rows(), w.rows());
    for (Eigen::Index i = 0; i < g.rows(); ++i)
      for (Eigen::Index unit = 0; unit < w.rows(); ++unit) {
        out(i, unit) = absorbed(unit, g.cols());
        for (Eigen::Index k = 0; k < g.cols(); ++k) out(i, unit) += absorbed(unit, k) * g(i, k);
      }
    return out;
  };
  Array<Number> g = layer(in("x"), in("w_1"));
  for (Eigen::Index k = 0; k < g.size() && with_tanh; ++k) g(k) = tanh(g(k));
  const Array<Number> out = layer(g, in("w_2"));
  Number sum(0);
  for (Eigen::Index i = 0; i < out.size(); ++i) sum += (out(i) - in("target")(i)) * (out(i) - in("target")(i));
  return {sum / Number(2 * in.sizes.batch)};
}

// ---- minimisers

// Of (5): the solution [w, c] of the raw least squares times M⁻¹.
Values minimiser_of_full_norm(const Inputs& in) {
  const Array<Number>& x = in("x");
  return entries(
      theory::reparametrize<Number>(least_squares_weights(x, in("target")),
                                    theory::inverse_reparametrization_map<Number>(
                                        theory::mean<Number>(x), theory::biased_variance<Number>(x), eps_of(in))));
}
Values minimiser_of_minibatches(const Inputs& in) {
  return entries(least_squares_weights(normalized_features(minibatches(in), normalized, in("x"), eps_of(in)),
                                       rows_of(in("target"), minibatches(in))));
}
// ∂(4)/∂[w, c] at the minimiser of (3), by the reference's backward pass.
Values gradient_at_the_original_minimiser(const Inputs& in) {
  const auto network = network_of_unit<Number>(normalized, least_squares_weights(in("x"), in("target")));
  const Batches batches = minibatches(in);
  Values sum(2, Number(0));
  for (const std::vector<int>& batch : batches) {
    const auto gradient = reference::network_backward<Number>(network, row_major(rows_of(in("x"), {batch})),
                                                              row_major(rows_of(in("target"), {batch})),
                                                              in.sizes.outputs, eps_of(in), reference::Loss::squared);
    for (std::size_t k = 0; k < 2; ++k) sum[k] += gradient.weights[0][k] / Number(static_cast<int>(batches.size()));
  }
  return sum;
}

// ---- the floor

// The squares that 2·(4) has above (n − b)/(b(n − 1)) var(t): each batch's residuals about their mean, and (c − mean
// t)².
std::vector<SquareTerm> above_the_floor(const Inputs& in) {
  const Batches batches = minibatches(in);
  const Array<Number> features = normalized_features(batches, normalized, in("x"), eps_of(in));
  const Array<Number> t = rows_of(in("target"), batches);
  const Eigen::Index size = in.sizes.outputs, channels = features.cols();
  std::vector<SquareTerm> terms;
  for (Eigen::Index start = 0; start < features.rows(); start += size) {
    Values residuals;
    Number mean(0);
    for (Eigen::Index i = start; i < start + size; ++i) {
      Number residual = in("w")(channels)-t(i);
      for (Eigen::Index k = 0; k < channels; ++k) residual += in("w")(k)*features(i, k);
      residuals.push_back(residual);
      mean += residual / Number(static_cast<int>(size));
    }
    for (const Number& residual : residuals)
      terms.push_back({.root = residual - mean, .denominator = static_cast<int>(features.rows())});
  }
  Number offset = in("w")(channels);
  for (Eigen::Index i = 0; i < in("target").size(); ++i) offset -= in("target")(i) / Number(in.sizes.batch);
  terms.push_back({.root = offset});
  return terms;
}

std::vector<Reading> readings() {
  Reading closed = {
      .id = "closed_form__minimum",
      .statement = "2·min (4) = var(t) − (E_B cov_B(x, t)/s_B)²/(E_B var_B/s_B²), one feature, every ε ≥ 0",
      .inputs = {samples, labels, epsilon},
      .sizes = {{.batch = 2, .outputs = 2},
                {.batch = 3, .outputs = 2},
                {.batch = 3, .outputs = 3},
                {.batch = 4, .outputs = 2},
                {.batch = 4, .outputs = 3}},
      .left = by_reference("2·(4) at the solution of the normal equations on the x̂ of all batches",
                           optimum_of(minibatches, normalized)),
      .right = by_theory("var(t) − r²/v", closed_minimum)};
  Reading value = closed;
  value.id = "closed_form__value";
  value.statement = "2·(4) = v w² − 2 r w + mean_D (c − t)² for every w and c, one feature, every ε ≥ 0";
  value.inputs = {samples, labels, weights, epsilon};
  value.sizes.insert(value.sizes.begin(), {{.batch = 1}, {.batch = 2}});
  value.left = by_reference("2·(4), LL19 (1) batch by batch", [](const Inputs& in) -> Values {
    return {Number(2) * objective_of(minibatches, normalized)(in).front()};
  });
  value.right = by_theory("v w² − 2 r w + c² − 2 c mean(t) + mean(t²)", [](const Inputs& in) -> Values {
    return {theory::doubled_objective<Number>(closed_form(in), in("w")(0), in("w")(1))};
  });

  Reading floor = {
      .id = "floor",
      .statement = "2·(4) ≥ (n − b)/(b(n − 1)) var(t) for every w, c, every number of features, every ε ≥ 0",
      .inputs = {samples, labels, weights, epsilon},
      .sizes = {{.batch = 2},
                {.batch = 3, .outputs = 2},
                {.batch = 3, .channels = 2, .outputs = 2},
                {.batch = 4, .outputs = 3},
                {.batch = 4, .channels = 2, .outputs = 2}},
      .left = by_theory("(n − b)/(b(n − 1)) var(t), the variance of the batches' mean labels",
                        [](const Inputs& in) -> Values {
                          return {theory::variance_of_batch_means<Number>(target(in), in.sizes.outputs)};
                        }),
      .relation = Relation::at_most,
      .right = value.left,
      .gap = above_the_floor,
      .why = "A batch's outputs have mean c whatever w is; the mean labels of the batches differ."};

  const std::vector<Sizes> four_in_pairs = {{.batch = 4, .outputs = 2}};
  Reading same = {.id = "supposed__same_objective",
                  .statement = "(4) = (3) for every W",
                  .inputs = {samples, labels, weights},
                  .sizes = {{.batch = 2, .outputs = 2}, {.batch = 3, .outputs = 2}},
                  .left = by_reference("(4), LL19 (1) batch by batch", objective_of(minibatches, normalized)),
                  .right = by_definition("(3): mean of ½(w·x + c − t)²",
                                         [](const Inputs& in) -> Values {
                                           Number sum(0);
                                           for (Eigen::Index i = 0; i < in("x").rows(); ++i) {
                                             Number error = in("w")(in("x").cols()) - in("target")(i);
                                             for (Eigen::Index k = 0; k < in("x").cols(); ++k)
                                               error += in("w")(k)*in("x")(i, k);
                                             sum += error * error;
                                           }
                                           return {sum / Number(2 * in.sizes.batch)};
                                         }),
                  .why = "Already for b = n, where it is a change of parameters alone."};
  Reading absorbed = same;
  absorbed.id = "supposed__same_objective__reparametrized";
  absorbed.statement = "(4) at W = (3) at W·M(x, D) for every W, all pairs of four samples";
  absorbed.sizes = four_in_pairs;
  absorbed.hypotheses = {four_rational_samples()};
  absorbed.right = by_theory("(3) at W·M(x, D)", original_at_absorbed_weights<false>);
  absorbed.why = "One W′ serves one batch. b = n is full_batch; equal_statistics says when several batches agree.";
  Reading optimum = {.id = "supposed__same_optimal_value",
                     .statement = "min (4) = min (3), which no change of parameters can alter",
                     .inputs = {samples, labels},
                     .sizes = {{.batch = 3, .outputs = 2}, {.batch = 4, .outputs = 2}},
                     .left = closed.left,
                     .right = by_theory("var(t) − cov(x, t)²/var(x)", original_optimum),
                     .why = "Three samples suffice. With b = 2 the left side is a function of the order of x alone."};
  Reading above = optimum;
  above.id = "supposed__not_smaller";
  above.statement = "min (3) ≤ min (4)";
  above.left = optimum.right;
  above.right = optimum.left;
  above.relation = Relation::at_most;
  above.why = "Where x and t are uncorrelated on D but t follows the order of x, batch norm fits better.";
  Reading below = optimum;
  below.id = "supposed__not_larger";
  below.statement = "min (4) ≤ min (3)";
  below.relation = Relation::at_most;
  below.why = "floor: labels that are linear in x are fitted by (3) exactly, and by (4) never if b < n.";
  Reading minimiser = optimum;
  minimiser.id = "supposed__same_minimiser__reparametrized";
  minimiser.statement = "argmin (4) = argmin (3)·M(x, D)⁻¹, all pairs of four samples";
  minimiser.sizes = four_in_pairs;
  minimiser.hypotheses = {four_rational_samples()};
  minimiser.left = by_reference("[w, c] from the normal equations on the x̂ of all batches", minimiser_of_minibatches);
  minimiser.right = by_theory("[w, c]·M⁻¹, [w, c] from the normal equations on x", minimiser_of_full_norm);
  minimiser.why = "c is mean(t) in both; w is E_B cov_B/s_B here and cov/s there.";
  Reading stationary = optimum;
  stationary.id = "supposed__stationary_where_the_original_is";
  stationary.statement = "the gradient of (4) vanishes at the minimiser of (3)";
  stationary.sizes = {{.batch = 3, .outputs = 2}};
  stationary.left = by_reference("∂(4)/∂[w, c] there, by the backward pass", gradient_at_the_original_minimiser);
  stationary.right = by_definition("0", [](const Inputs&) { return Values(2, Number(0)); });
  stationary.why = "The minimiser is taken as it is; supposed__same_minimiser__reparametrized moves it by M first.";

  Reading full = {.id = "full_batch",
                  .statement = "b = n: (4) at W = (3) at W·M(x, D), one unit with tanh, every ε ≥ 0",
                  .inputs = {samples, labels, weights, epsilon},
                  .sizes = {{.batch = 1}, {.batch = 2, .outputs = 2}, {.batch = 3, .channels = 2, .outputs = 3}},
                  .hypotheses = {one_batch()},
                  .left = by_reference("(4), LL19 (1) batch by batch", objective_of(minibatches, normalized_tanh)),
                  .right = by_theory("(3) at W·M(x, D)", original_at_absorbed_weights<true>),
                  .why = "fn_equals_reparametrized_original has more of it."};
  full.sizes.push_back({.batch = 4, .outputs = 2});

  Reading equal = {
      .id = "equal_statistics",
      .statement = "𝓑 = {B₁, B₂}, D = B₁ ∪ B₂, one unit with tanh: (4) at W = (3) at W·M(x, D)",
      .inputs =
          with(two_batches(), {weights, {"mirror", Role::activation, Dimension::batch, Dimension::channels}, epsilon}),
      .sizes = {{.batch = 2}, {.batch = 3}, {.batch = 4, .channels = 2}},
      .hypotheses = {equal_statistics()},
      .left = by_reference("(4), LL19 (1) batch by batch", on_the_union(objective_of(halves, normalized_tanh))),
      .right = by_theory("(3) at W·M(x, D)", on_the_union(original_at_absorbed_weights<true>)),
      .why =
          "The condition is also necessary: if the two agree for every label, x̂^B = x̂^D at each sample, and a batch "
          "that is not constant then has the mean and the variance of D."};
  Reading copies = {
      .id = "same_samples__two_layers",
      .statement = "two layers, tanh, 𝓑 = {B₁, B₂}, D = B₁ ∪ B₂: (4) = (3) at each layer's W·M",
      .inputs = with(with(two_batches(), two_layer_weights()), {epsilon}),
      .sizes = {{.batch = 2}, {.batch = 3, .hidden = 2}, {.batch = 2, .channels = 2, .hidden = 2}},
      .hypotheses = {same_samples()},
      .left = by_reference("(4), LL19 (1) batch by batch", on_the_union(two_layers(halves, Activation::tanh))),
      .right = by_theory("(3) at each layer's W·M(g, D)", on_the_union(two_layers_on_all<true>)),
      .why = "Every hidden unit then has the same values, hence the same statistics, in both batches."};
  Reading opposite = copies;
  opposite.id = "equal_statistics__two_layers";
  opposite.statement =
      "two linear layers: it is enough that the features of B₁ and B₂ have the same means and variances";
  opposite.inputs = with(two_batches(), two_layer_weights());
  opposite.sizes = {{.batch = 2, .channels = 2}};
  opposite.hypotheses = {opposite_correlation()};
  opposite.left = by_reference("(4), LL19 (1) batch by batch", on_the_union(two_layers(halves, Activation::identity)));
  opposite.right = by_theory("(3) at each layer's W·M(g, D)", on_the_union(two_layers_on_all<false>));
  opposite.why =
      "A hidden unit's variance depends on the covariance of the features, which batch norm does not make equal.";

  return {
      instance_reading(
          "printed__optimal_value",
          "min (3) ≠ min (4): b = 2; x = 0, 1, 3, t = 0, 0, τ: 2·min = τ²/42, τ²/9; x = 0, 1, 5, t = 0, 3τ, τ: "
          "14τ²/9, 13τ²/9",
          {late_label, middle_label}, {{1, 42}, {1, 9}, {14, 9}, {13, 9}},
          "Least squares in one feature is convex and has three samples here. Neither objective bounds the other."),
      instance_reading("printed__very_different",
                       "x = 0, 1, 3, t = τx, b = 2: 2·min (3) = 0, 2·min (4) = 5τ²/9, which grows without bound",
                       {on_a_line}, {{0, 1}, {5, 9}},
                       "The labels are linear in x; no w and c bring (4) below what is 5/14 of their variance."),
      value,
      closed,
      floor,
      same,
      absorbed,
      optimum,
      above,
      below,
      minimiser,
      stationary,
      full,
      equal,
      copies,
      opposite,
  };
}

}  // namespace

Claim bn_objective_differs() {
  return {
      .title = "The objective (4) that batch norm minimises is not the common-sense objective (3)",
      .sources = {{"LL19", "§4, (3), (4)"}},
      .notation =
          "D: n samples x with labels t; 𝓑: all C(n, b) subsets of b samples unless said otherwise; E_B the mean over "
          "𝓑; mean_B, var_B, cov_B within a batch, s_B = √(var_B + ε); x̂ = (x − mean_B)/s_B; one linear unit w·x̂ + c, "
          "loss ½(o − t)²; r = E_B cov_B(x, t)/s_B, v = E_B var_B/s_B²; M(x, D) = [diag(1/s), −mean/s; 0, 1]. In the "
          "sizes, batch = n, outputs = b.",
      .why =
          "One feature: 2·(4) = v w² − 2 r w + mean (c − t)², so 2·min (4) = var(t) − r²/v, while 2·min (3) = var(t) "
          "− cov²/var. Any number of features: the outputs of each batch have mean c, so 2·(4) ≥ E_B (c − mean_B t)², "
          "and the variance of the batch means of t over all subsets is (n − b)/(b(n − 1)) var(t). If every batch has "
          "the mean and variance of D, x̂ is the same number for every batch that the sample is in, and the map of D "
          "absorbs it.",
      .explain =
          "LL19 prints what batch norm minimises, (4): the loss of samples normalized by the batch they happen to be "
          "in, averaged over the batches. It is compared with (3), the loss of the network without batch norm. They "
          "differ in convex problems too. Take x = 0, 1, 3 with labels 0, 0, 1, one weight, a bias and squared loss, "
          "and all three pairs as batches. In a pair x̂ is −1 and 1: batch norm sees which of two samples is larger, "
          "not by how much. The best mean squared error is 1/42 without batch norm and 1/9 with it. With x = 0, 1, 5 "
          "and labels 0, 3, 1 it is the other way round: 14/9 and 13/9. The difference has no bound: each batch's "
          "outputs have the mean c, so what the mean labels of the batches differ by is always lost, at least the "
          "share (n − b)/(b(n − 1)) of the labels' variance, even where the labels are linear in x. The two "
          "objectives agree, after the weights are changed by the map M of the full data set, if b = n, and, with "
          "one layer and batches that do not overlap, for all labels exactly if every batch (that is not constant) "
          "has the mean and variance of D. With two layers that is not enough: the hidden units' statistics have to "
          "agree too.",
      .readings = at_these_sizes_only(readings()),
      .mutants =
          {
              {.id = "average_of_squares",
               .reading = "closed_form__minimum",
               .words = "E_B r_B²/v_B in the place of (E_B r_B)²/E_B v_B: each batch with a w of its own",
               .agrees_when = one_batch(),
               .right = slipped_minimum({.average_of_squares = true})},
              {.id = "scale_of_the_data",
               .reading = "closed_form__minimum",
               .words = "s_D in the place of s_B",
               .agrees_when = one_batch(),
               .right = slipped_minimum({.scale_of_the_data = true})},
              {.id = "spread_is_one",
               .reading = "closed_form__minimum",
               .words = "var(t) − r²",
               .agrees_when = eps_is_zero(),
               .right = slipped_minimum({.spread_is_one = true})},
              {.id = "original_at_the_same_weights",
               .reading = "full_batch",
               .words = "(3) at W in the place of W·M",
               .agrees_when = imposing("standardized", "x has mean 0 and variance 1, ε = 0",
                                       [](Inputs& in) {
                                         Array<Number> x = in("x");
                                         for (Eigen::Index i = 0; i < x.rows(); ++i)
                                           for (Eigen::Index j = 0; j < x.cols(); ++j)
                                             x(i, j) = Number(i % 2 == 0 ? 1 : -1);
                                         in.set("x", x);
                                         in.set("eps", Number(0));
                                       }),
               .right = [](const Inputs& in) -> Values {
                 const Array<Number>&x = in("x"), &w = in("w");
                 Number sum(0);
                 for (Eigen::Index i = 0; i < x.rows(); ++i) {
                   Number output = w(0, x.cols());
                   for (Eigen::Index k = 0; k < x.cols(); ++k) output += w(0, k) * x(i, k);
                   output = tanh(output) - in("target")(i);
                   sum += output * output;
                 }
                 return {sum / Number(2 * in.sizes.batch)};
               },
               .agreeing_sizes = {{.batch = 2, .outputs = 2}, {.batch = 4, .outputs = 2}}},
          },
  };
}

}  // namespace normproof::claims
