// Claim: Assumption 1 of Lemma 1 and Theorem 2 can be met by full normalization, e(x) = [x, x²].
//
// Source       LL19 Assumption 1, items 1–6; §5.1 (e_i(x) = [x, x²]); Algorithm 3 (√max{ν − μ², ε})
// Notation     G, σ, L, L_g the constants of the items, as free inputs: an item fails if no constant will do; e(z) =
//              [z, z²]; F(w; x; μ, ν) = w (x − μ)/s + b, s = √(ν − μ² + ε) or with the clamp √max{ν − μ², ε}; τ =
//              1/(2(L + 1))
// Hypotheses   none: Assumption 1 asks for one constant for all w, all ê and all arguments
//
//     1  ‖g‖ ≤ G                       fails for squared loss: ‖∇f‖² = (γ − γ*)² + (β − β*)²
//     2  E‖e_i − E e_i‖² ≤ σ²          fails behind a layer with weights: w² var ξ + w⁴ var ξ²
//     3  ‖E g − ∇f‖² ≤ L_g Σ‖ê − E e‖²   fails with the clamp: ∂_ν F jumps where ν − μ² = ε
//     4  functions and derivatives Lipschitz   e is not, e′ = [1, 2z] is; F is not in (w, x); ∂_ν F jumps at the clamp
//        on a box |z| ≤ R               e has L² = 1 + 4R²; F with ε > 0 added has bounded second derivatives
//     5  min f finite                  holds for every loss that is ≥ 0
//     the zoo of proofs_checks/simulation/: chains of affine layers in their box, losses with a kink, smooth losses
//        3  L_g = ‖v‖² Σ(c_i B_{0,i})², (1 + c)², 1;   1  G = 3/2 with no box for the smooth loss
//
// Why. ‖e(z) − e(z′)‖² = (z − z′)²(1 + (z + z′)²), and z + z′ is bounded on boxes only. In each item weights, or
// estimates, are free to grow. With the clamp a derivative has two limits at ν − μ² = ε, so that no multiple of the
// distance between two estimates bounds the difference, boxes or not.
#include "impl/reference/full_norm.hpp"
#include "proofs_checks/inputs/affine_chain.hpp"
#include "proofs_checks/inputs/batch_objective.hpp"
#include "proofs_checks/inputs/compositional_problem.hpp"
#include "theory/compositional/affine_chain_constants.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

const InputSpec constant = {"constant", Role::variance};  // G, σ², L or L_g: any number ≥ 0
const InputSpec epsilon = {"eps", Role::epsilon};
const std::vector<Sizes> scalars = {{}};

Number square(const Number& a) { return a * a; }
Number constant_of(const Inputs& in) { return in.scalar("constant"); }

// ---- item 1: the gradient of (5) for one unit γ x̂ + β, squared loss, ε = 0

const std::vector<InputSpec> one_unit = {{"x", Role::activation, Dimension::batch, Dimension::one},
                                         {"target", Role::target, Dimension::batch, Dimension::one},
                                         {"gamma", Role::scale},
                                         {"beta", Role::shift},
                                         constant};

Array<Number> unit_weights(const Inputs& in) {
  Array<Number> w(1, 2);
  w(0, 0) = in.scalar("gamma");
  w(0, 1) = in.scalar("beta");
  return w;
}

Values squared_gradient(const Inputs& in) {
  const auto gradient =
      reference::network_backward<Number>(network_of_unit<Number>({}, unit_weights(in)), row_major(in("x")),
                                          row_major(in("target")), in.sizes.batch, Number(0), reference::Loss::squared);
  return {dot<Number>(gradient.weights[0], gradient.weights[0])};
}

Number mean_label(const Inputs& in) {
  Number sum(0);
  for (Eigen::Index i = 0; i < in("target").size(); ++i) sum += in("target")(i);
  return sum / Number(in.sizes.batch);
}

// γ := γ* + G + 1, γ* = mean(x̂ t).
Hypothesis scale_is_far() {
  return imposing("scale_is_far", "γ = γ* + G + 1, γ* = mean(x̂ t)", [](Inputs& in) {
    const auto fit = least_squares_weights(normalized_features({first_samples(in.sizes.batch)}, {}, in("x"), Number(0)),
                                           in("target"));
    in.set("gamma", fit(0, 0) + constant_of(in) + Number(1));
  });
}

// ---- item 2: the statistic behind a layer w ξ, and behind a normalization at any estimates

// E‖e − E e‖² over values, e = [z, z²] by the reference.
Number variance_of_statistic(const Values& values) {
  Values mean(2, Number(0)), mean_square(2, Number(0));
  const Number count(static_cast<int>(values.size()));
  for (const Number& value : values) {
    const Values statistic = reference::value_and_square<Number>(Values{value});
    for (std::size_t k = 0; k < 2; ++k) {
      mean[k] += statistic[k] / count;
      mean_square[k] += statistic[k] * statistic[k] / count;
    }
  }
  return mean_square[0] - square(mean[0]) + mean_square[1] - square(mean[1]);
}

// Samples c and c + 2, of variance 1; weight w.
const std::vector<InputSpec> weighted_pair = {{"c", Role::activation}, {"w", Role::weight}, constant};
Values pair_behind_a_weight(const Inputs& in) {
  const Number c = in.scalar("c"), w = in.scalar("w");
  return {w * c, w * (c + Number(2))};
}
Hypothesis weight_is_large() {
  return imposing("weight_is_large", "w = σ² + 1", [](Inputs& in) { in.set("w", constant_of(in) + Number(1)); });
}

// The same pair behind F̂ with the estimates μ̂ and ν̂ = μ̂², ε added: (x − μ̂)/√ε.
const std::vector<InputSpec> normalized_pair = {{"c", Role::activation}, {"mean", Role::mean}, epsilon, constant};
Values pair_behind_estimates(const Inputs& in) {
  const auto layer = reference::compositional_full_norm_layer<Number>(1, 1, reference::Activation::identity,
                                                                      reference::Root::added, in.scalar("eps"));
  const Number c = in.scalar("c"), mean = in.scalar("mean");
  const Values weights = {Number(1), Number(0)}, estimate = {mean, mean * mean};
  Values values;
  for (const Number& x : {c, c + Number(2)}) values.push_back(layer.apply(weights, Values{x}, estimate)[0]);
  return values;
}
Hypothesis estimate_is_far() {
  return imposing("estimate_is_far", "μ̂ = c + 1 − ε(σ² + 1)/2", [](Inputs& in) {
    in.set("mean", in.scalar("c") + Number(1) - in.scalar("eps") * (constant_of(in) + Number(1)) / Number(2));
  });
}

// ---- item 3: loss c·z on the clamped normalization of w ξ at w = 1; samples 1 − a, 1 + a with c = −1, 1

struct ClampedInstance {
  Number distance;  // Σ‖ê − E e‖²
  Number error;     // ‖E g − ∇f‖²
};

// The estimate of ν is `square`, all others are exact.
ClampedInstance clamped_instance(const Number& a, const Number& eps, const Number& estimated_square) {
  reference::CompositionalProblem<Number> problem;
  problem.layers = clamped_norm_layers(eps);
  for (const auto& layer : clamped_norm_layers(DualNumber(eps))) problem.derivatives.push_back(derivatives_of(layer));
  problem.parameters = {{}, {}, {Number(1)}};
  problem.data = {{Number(1) - a, Number(-1)}, {Number(1) + a, Number(1)}};

  const Estimates exact = exact_estimates(problem);
  Estimates estimates = exact;
  estimates[1][2] = estimated_square;
  const std::vector<Minibatch> single = tuples(2, 1);
  const Values mean =
      expected_oracle(problem, estimates, single, single, Draws::independent, reference::FactorsAfter::at_inner);

  const std::vector<std::vector<DualNumber>> moved = {{}, {}, {DualNumber(Number(1), Number(1))}};
  reference::FunctionOnData<DualNumber> still_data;
  for (const Values& sample : problem.data) still_data.push_back(still(sample));
  const Number derivative =
      reference::compositional_objective<DualNumber>(clamped_norm_layers(DualNumber(eps)), moved, still_data).tangent;
  return {square(estimated_square - exact[1][2]), square(mean[0] - derivative)};
}

// a² = ε + τ², ν̂ = 1 + ε − τ², τ = 1/(2(L_g + 1)): on both sides of the clamp's kink.
Number tau(const Inputs& in) { return Number(1) / (Number(2) * (constant_of(in) + Number(1))); }
ClampedInstance across_the_kink(const Inputs& in) {
  const Number eps = in.scalar("eps"), step = square(tau(in));
  const Number radicand = eps + step;
  return clamped_instance(sqrt(radicand), eps, Number(1) + eps - step);
}
// right − left = ½ − L_g/(4(L_g + 1)⁴) + τ²/ε.
std::vector<SquareTerm> gap_across_the_kink(const Inputs& in) {
  const Number l = constant_of(in), denominator = square(l + Number(1));
  return {{.root = l * l / denominator, .denominator = 2},
          {.root = l / denominator, .nonnegative = {"constant"}, .numerator = 2},
          {.root = l / denominator, .numerator = 3},
          {.root = Number(1) / denominator, .nonnegative = {"constant"}, .numerator = 7, .denominator = 4},
          {.root = Number(1) / denominator, .denominator = 2},
          {.root = tau(in) / in.scalar("eps"), .nonnegative = {"eps"}}};
}

// ---- item 4: e

const std::vector<InputSpec> two_points = {{"z", Role::activation}, {"other", Role::activation}, constant};

Values statistic_at(const Number& z) { return reference::value_and_square<Number>(Values{z}); }
Values squared_difference_of_statistics(const Inputs& in) {
  const Values at = statistic_at(in.scalar("z")), there = statistic_at(in.scalar("other"));
  return {square(at[0] - there[0]) + square(at[1] - there[1])};
}
Number squared_distance(const Inputs& in) { return square(in.scalar("z") - in.scalar("other")); }

// e′ by dual numbers.
Values statistic_slope_at(const Number& z) {
  const std::vector<DualNumber> moved = {DualNumber(z, Number(1))};
  Values slope;
  for (const DualNumber& entry : reference::value_and_square<DualNumber>(moved)) slope.push_back(entry.tangent);
  return slope;
}

Hypothesis points_are_far() {
  return imposing("points_are_far", "z = L + 1, z′ = 0", [](Inputs& in) {
    in.set("z", constant_of(in) + Number(1));
    in.set("other", Number(0));
  });
}

// |z|, |z′| ≤ R, as z = 2Rp/(1 + p²): then R² − z² = (R(1 − p²)/(1 + p²))².
const std::vector<InputSpec> points_in_a_box = {{"z", Role::activation},
                                                {"other", Role::activation},
                                                {"p", Role::weight},
                                                {"q", Role::weight},
                                                {"radius", Role::variance}};
Number in_box(const Inputs& in, const char* name) {
  const Number p = in.scalar(name);
  return Number(2) * in.scalar("radius") * p / (Number(1) + p * p);
}
Number root_of_slack(const Inputs& in, const char* name) {
  const Number p = in.scalar(name);
  return in.scalar("radius") * (Number(1) - p * p) / (Number(1) + p * p);
}
Hypothesis inside_a_box() {
  return imposing("inside_a_box", "|z| ≤ R and |z′| ≤ R, as z = 2Rp/(1 + p²), z′ = 2Rq/(1 + q²)", [](Inputs& in) {
    in.set("z", in_box(in, "p"));
    in.set("other", in_box(in, "q"));
  });
}
// (z − z′)²(4R² − (z + z′)²) = (z − z′)²(2(R² − z²) + 2(R² − z′²) + (z − z′)²).
std::vector<SquareTerm> gap_in_the_box(const Inputs& in) {
  const Number distance = in.scalar("z") - in.scalar("other");
  return {{.root = distance * root_of_slack(in, "p"), .numerator = 2},
          {.root = distance * root_of_slack(in, "q"), .numerator = 2},
          {.root = distance * distance}};
}
Formula box_bound(Number (*squared_constant)(const Number& radius)) {
  return [=](const Inputs& in) -> Values { return {squared_constant(in.scalar("radius")) * squared_distance(in)}; };
}
Hypothesis radius_is_one() {
  return imposing("radius_is_one", "R = 1", [](Inputs& in) {
    in.set("radius", Number(1));
    inside_a_box().impose(in);
  });
}

// ---- item 4: F

// F(w; x; μ, ν), b = 0, ε added.
template <class T>
T layer_at(const T& w, const T& x, const T& mean, const T& mean_of_squares, const T& eps) {
  const auto layer =
      reference::compositional_full_norm_layer<T>(1, 1, reference::Activation::identity, reference::Root::added, eps);
  const std::vector<T> weights = {w, T(0)}, value = {x}, expectation = {mean, mean_of_squares};
  return layer.apply(weights, value, expectation)[0];
}

const std::vector<InputSpec> layer_inputs = {{"w", Role::weight},
                                             {"x", Role::activation},
                                             {"mean", Role::mean},
                                             {"variance", Role::variance},
                                             epsilon,
                                             constant};
Values squared_move_of_the_layer(const Inputs& in) {
  const Number mean = in.scalar("mean"), mean_of_squares = in.scalar("variance") + mean * mean;
  const Number w = in.scalar("w"), x = in.scalar("x"), eps = in.scalar("eps");
  return {square(layer_at<Number>(w, x + Number(1), mean, mean_of_squares, eps) -
                 layer_at<Number>(w, x, mean, mean_of_squares, eps))};
}
Hypothesis weight_beats_the_constant() {
  return imposing("weight_beats_the_constant", "w = (L + 1) s", [](Inputs& in) {
    const Number radicand = in.scalar("variance") + in.scalar("eps");
    in.set("w", (constant_of(in) + Number(1)) * sqrt(radicand));
  });
}

// ∂_ν f of Algorithm 3 at μ = 1 and x = 1 + s³, s² = ε + τ², for ν on this side (+1) and that (−1) of the kink.
Number clamped_slope(const Inputs& in, int side) {
  const Number eps = in.scalar("eps"), step = square(tau(in));
  const Number variance = eps + Number(side) * step, radicand = eps + step;
  const Number s = sqrt(radicand);
  return reference::full_norm_slopes<Number>(Number(1) + s * s * s, Number(1), sqrt(clamp_below(variance, eps)),
                                             clamp_below_slope(variance, eps))
      .by_square;
}
// ½ − 2Lτ² = (L² + L + 1)/(2(L + 1)²).
std::vector<SquareTerm> gap_of_the_jump(const Inputs& in) {
  const Number l = constant_of(in), denominator = l + Number(1);
  return {{.root = l / denominator, .denominator = 2},
          {.root = Number(1) / denominator, .nonnegative = {"constant"}, .denominator = 2},
          {.root = Number(1) / denominator, .denominator = 2}};
}

// (∂²F/∂ν²)² at w = 1, μ = 0, nested dual numbers.
Values squared_second_derivative(const Inputs& in) {
  using Second = numbers::Dual<DualNumber>;
  const auto lifted = [](const Number& value) { return Second(DualNumber(value)); };
  const Second variance(DualNumber(in.scalar("variance"), Number(1)), DualNumber(Number(1)));
  const Second value =
      layer_at<Second>(Second(1), lifted(in.scalar("x")), Second(0), variance, lifted(in.scalar("eps")));
  return {square(value.tangent.tangent)};
}

// ---- item 5

const std::vector<InputSpec> one_unit_and_eps = {{"x", Role::activation, Dimension::batch, Dimension::channels},
                                                 {"target", Role::target, Dimension::batch, Dimension::one},
                                                 {"w", Role::weight, Dimension::one, Dimension::channels_plus_one},
                                                 epsilon};
constexpr Unit tanh_unit = {.activation = reference::Activation::tanh};
std::vector<SquareTerm> residuals(const Inputs& in) {
  const Values outputs = reference::network_forward<Number>(network_of_unit<Number>(tanh_unit, in("w")),
                                                            row_major(in("x")), in.sizes.batch, in.scalar("eps"));
  std::vector<SquareTerm> terms;
  for (int i = 0; i < in.sizes.batch; ++i)
    terms.push_back(
        {.root = outputs[static_cast<std::size_t>(i)] - in("target")(i), .denominator = 2 * in.sizes.batch});
  return terms;
}

// ---- the zoo's chains of affine layers, n = hidden; ξ = mean ± deviation, w and estimate the start

const std::vector<InputSpec> chain_inputs = {{"a", Role::weight, Dimension::hidden},
                                             {"b", Role::weight, Dimension::hidden},
                                             {"c", Role::weight, Dimension::hidden},
                                             {"d", Role::shift, Dimension::hidden},
                                             {"w", Role::weight, Dimension::hidden},
                                             {"estimate", Role::mean, Dimension::hidden},
                                             {"mean", Role::mean},
                                             {"deviation", Role::variance}};

template <std::size_t n>
theory::AffineChain<Number, n> chain_of(const Inputs& in) {
  theory::AffineChain<Number, n> chain;
  for (std::size_t i = 0; i < n; ++i) {
    const auto row = static_cast<Eigen::Index>(i);
    chain.layers[i] = {in("a")(row, 0), in("b")(row, 0), in("c")(row, 0), in("d")(row, 0)};
  }
  chain.mean = in.scalar("mean");
  chain.variance = square(in.scalar("deviation"));
  return chain;
}
template <std::size_t n>
std::array<Number, n> column_of(const Inputs& in, const char* name) {
  std::array<Number, n> column;
  for (std::size_t i = 0; i < n; ++i) column[i] = in(name)(static_cast<Eigen::Index>(i), 0);
  return column;
}

// What stands for |·|.
using Magnitude = Number (*)(const Number&);
Number itself(const Number& x) { return x; }  // where what is asked for has no |·| in it: then no sign is, either
Number magnitude(const Number& x) { return select_positive(x, x, -x); }
Number any_function(const Number& x) { return tanh(x); }  // to the exact engine: just some function

template <std::size_t n>
theory::AffineChainConstants<Number, n> constants_of(const Inputs& in, Magnitude size) {
  return theory::affine_chain_constants<Number, n>(chain_of<n>(in), column_of<n>(in, "w"), column_of<n>(in, "estimate"),
                                                   in.scalar("deviation"), size);
}

template <std::size_t n>
Values squared_error_of_the_gradient(const Inputs& in) {
  const auto problem = affine_chain_problem<Number, n>(chain_of<n>(in), column_of<n>(in, "w"), in.scalar("deviation"));
  const Estimates exact = exact_estimates(problem);
  Estimates estimates;
  for (const Number& estimate : column_of<n>(in, "estimate")) estimates.push_back({estimate});
  const reference::OracleSamples both = {{0, 1}, reference::same_for_all(n, {0, 1})};  // the mean over ξ and each ξ′
  const auto at = [&](const Estimates& where) {
    return flattened(reference::oracle_gradient<Number>(problem, where, both, reference::FactorsAfter::at_inner));
  };
  const Values mean = at(estimates), gradient = at(exact);
  Number sum(0);
  for (std::size_t k = 0; k < mean.size(); ++k) sum += square(mean[k] - gradient[k]);
  return {sum};
}
template <std::size_t n>
Values bound_of_the_gradient_s_error(const Inputs& in) {
  const auto constants = constants_of<n>(in, itself);
  Number distance(0);
  for (std::size_t i = 0; i < n; ++i)
    distance += square(in("estimate")(static_cast<Eigen::Index>(i), 0) - constants.estimate_centre[i]);
  return {constants.gradient_error_factor * distance};
}
// ‖v‖² Σ_{i<j} (κ_i d_j − κ_j d_i)², κ_i = c_i B_{0,i}.
template <std::size_t n>
std::vector<SquareTerm> gap_of_item_3(const Inputs& in) {
  const auto constants = constants_of<n>(in, itself);
  const auto d = [&](std::size_t i) -> Number {
    return in("estimate")(static_cast<Eigen::Index>(i), 0) - constants.estimate_centre[i];
  };
  std::vector<SquareTerm> terms;
  for (const Number& direction : theory::affine_chain_direction<Number, n>(chain_of<n>(in)))
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i + 1; j < n; ++j)
        terms.push_back(
            {.root = direction * (constants.residual_by_error[i] * d(j) - constants.residual_by_error[j] * d(i))});
  return terms;
}

// Every number of the box, by theory.
template <std::size_t n>
Values box_by_theory(const Inputs& in) {
  const auto c = constants_of<n>(in, any_function);
  Values values = {c.direct_slope,          c.margin,
                   c.largest_learning_rate, c.reach,
                   c.residual_bound,        c.gradient_bound_squared,
                   c.gradient_error_factor, c.objective_curvature,
                   c.loss_slope_lipschitz};
  for (std::size_t i = 0; i < n; ++i)
    for (const Number& number : {c.estimate_centre[i], c.estimate_reach[i], c.statistic_variance[i],
                                 c.residual_by_error[i], c.lipschitz_squared[i]})
      values.push_back(number);
  return values;
}

// And written out, layers and places counted as in the paper, 1 … n.
Values box_written_out(const Inputs& in) {
  const int n = in.sizes.hidden;
  const auto entry = [&](const char* name, int layer) -> Number { return in(name)(layer - 1, 0); };
  constexpr Magnitude size = any_function;
  const Number &s = in.scalar("deviation"), variance = square(s);
  // B_{i,j}; v_i; x̄_i at the start.
  const auto between = [&](int i, int j) {
    Number product(1);
    for (int l = i + 1; l < j; ++l) product = product * entry("b", l);
    return product;
  };
  const auto v = [&](int i) {
    Number product = entry("a", i);
    for (int j = 1; j < i; ++j) product = product * (entry("b", j) + entry("c", j));
    return product;
  };
  const std::function<Number(int)> exact = [&](int i) -> Number {
    if (i > n) return in.scalar("mean");
    const Number behind = exact(i + 1);
    return entry("a", i) * entry("w", i) + (entry("b", i) + entry("c", i)) * behind + entry("d", i);
  };
  const std::function<Number(int)> p = [&](int i) -> Number {
    Number moved(0), sum(0);
    for (int j = i + 1; j <= n; ++j) {
      moved += between(i, j) * entry("a", j) * v(j);
      sum += size(between(i, j) * entry("c", j)) * p(j);
    }
    return size(moved) + sum;
  };
  const std::function<Number(int)> q = [&](int i) -> Number {
    Number sum = size(entry("estimate", i) - exact(i + 1)) + size(between(i, n + 1)) * s;
    for (int j = i + 1; j <= n; ++j) sum += size(between(i, j) * entry("c", j)) * q(j);
    return sum;
  };
  Number slope(0), by_reach(0), at_rest = size(exact(1)) + size(between(0, n + 1)) * s, squared_v(0), squared_errors(0);
  for (int i = 1; i <= n; ++i) {
    const Number factor = between(0, i) * entry("c", i);
    slope += between(0, i) * entry("a", i) * v(i);
    by_reach += size(factor) * p(i);
    at_rest += size(factor) * q(i);
    squared_v += square(v(i));
    squared_errors += square(factor);
  }
  const auto lipschitz = [&](int i) -> Number {
    return square(entry("a", i)) + square(entry("b", i)) + square(entry("c", i));
  };
  const Number reach = at_rest / (slope - by_reach), residual = Number(2) * slope * reach;
  Values values = {slope,
                   slope - by_reach,
                   Number(1) / slope,
                   reach,
                   residual,
                   square(residual) * squared_v,
                   squared_v * squared_errors,
                   squared_v,
                   lipschitz(1)};
  for (int i = 1; i <= n; ++i)
    for (const Number& number :
         {exact(i + 1), p(i) * reach + q(i), square(between(i, n + 1)) * variance, between(0, i) * entry("c", i),
          i == 1 ? lipschitz(i) * square(residual) : lipschitz(i)})
      values.push_back(number);
  return values;
}

// Anywhere in the box: t = T·2p/(1 + p²), and so on for each estimate and each sample: ±1 at the corners.
const std::vector<InputSpec> chain_in_its_box = [] {
  std::vector<InputSpec> specs = chain_inputs;
  const std::vector<InputSpec> more = {{"way", Role::weight},
                                       {"off", Role::weight, Dimension::hidden},
                                       {"sample", Role::weight, Dimension::hidden_plus_one},
                                       {"alpha", Role::rate},
                                       {"rate", Role::variance}};
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}();
Number between_minus_one_and_one(const Number& p) { return Number(2) * p / (Number(1) + p * p); }

// (w_i' − w_i^(0))² and (ê_i' − centre_i)² after one step of Algorithm 2 from anywhere in the box.
template <std::size_t n>
Values squared_moves_in_the_box(const Inputs& in) {
  const auto chain = chain_of<n>(in);
  const auto box = constants_of<n>(in, magnitude);
  const auto start = column_of<n>(in, "w"), direction = theory::affine_chain_direction<Number, n>(chain);
  const Number t = box.reach * between_minus_one_and_one(in.scalar("way"));
  auto problem = affine_chain_problem<Number, n>(chain, start, in.scalar("deviation"));
  problem.data.clear();
  Estimates estimates;
  reference::LayerSamples samples;
  const auto draw = [&](std::size_t k) {
    const Number& place = in("sample")(static_cast<Eigen::Index>(k), 0);
    problem.data.push_back({chain.mean + in.scalar("deviation") * between_minus_one_and_one(place)});
  };
  for (std::size_t i = 0; i < n; ++i) {
    problem.parameters[i][0] = start[i] + t * direction[i];
    const Number off = between_minus_one_and_one(in("off")(static_cast<Eigen::Index>(i), 0));
    estimates.push_back({box.estimate_centre[i] + box.estimate_reach[i] * off});
    samples.push_back({static_cast<int>(i)});
    draw(i);
  }
  draw(n);
  const int outer = static_cast<int>(n);
  reference::mcsgd_step<Number>(problem, estimates, samples, {{outer}, reference::same_for_all(n, {outer})},
                                in.scalar("alpha"), box.largest_learning_rate / (Number(1) + in.scalar("rate")));
  Values values;
  for (std::size_t i = 0; i < n; ++i) values.push_back(square(problem.parameters[i][0] - start[i]));
  for (std::size_t i = 0; i < n; ++i) values.push_back(square(estimates[i][0] - box.estimate_centre[i]));
  return values;
}
template <std::size_t n>
Values squared_half_widths_of_the_box(const Inputs& in) {
  const auto box = constants_of<n>(in, magnitude);
  Values values;
  for (const Number& direction : theory::affine_chain_direction<Number, n>(chain_of<n>(in)))
    values.push_back(square(box.reach * direction));
  for (const Number& reach : box.estimate_reach) values.push_back(square(reach));
  return values;
}

Formula of_two_or_three(Values (*two)(const Inputs&), Values (*three)(const Inputs&)) {
  return [=](const Inputs& in) { return in.sizes.hidden == 2 ? two(in) : three(in); };
}
Hypothesis there_is_a_box() {
  return {
      .id = "there_is_a_box", .sentence = "the margin κ − R_1 is positive", .positive = [](const Inputs& in) -> Number {
        return in.sizes.hidden == 2 ? constants_of<2>(in, magnitude).margin : constants_of<3>(in, magnitude).margin;
      }};
}

// ---- the zoo's losses of one number, F_1(w; x; y) = φ(w + y), e_1(x) = x, one sample 0: E g = φ′(u + d), ∂f = φ′(u)

const std::vector<InputSpec> one_loss = {{"u", Role::weight}, {"d", Role::mean}};
const std::vector<InputSpec> kinked_loss = {{"u", Role::weight}, {"d", Role::mean}, {"c", Role::variance}};

template <class T>
T kinked(const T& u, const T& c) {
  const T positive = relu(u);
  return (u * u + c * positive * positive) / T(2);
}
template <class T>
T smooth_loss(const T& u, const T&) {
  const T radicand = T(1) + u * u;
  return sqrt(radicand) + u / T(2);
}

// The oracle at ê = d.
template <class Loss>
Number slope_seen(const Number& u, const Number& d, const Number& c, Loss loss) {
  using Span = std::span<const DualNumber>;
  const reference::CompositionalLayer<DualNumber> layer = {
      [=](Span w, Span, Span y) { return std::vector<DualNumber>{loss(w[0] + y[0], DualNumber(c))}; },
      [](Span x) { return std::vector<DualNumber>(x.begin(), x.end()); }};
  reference::CompositionalProblem<Number> problem;
  problem.layers = {{[](std::span<const Number>, std::span<const Number> x, std::span<const Number>) {
                       return Values(x.begin(), x.end());  // not asked for its value
                     },
                     [](std::span<const Number> x) { return Values(x.begin(), x.end()); }}};
  problem.derivatives = {derivatives_of(layer)};
  problem.parameters = {{u}};
  problem.data = {{Number(0)}};
  const Estimates estimates = {{d}};
  return reference::oracle_gradient<Number>(problem, estimates, {{0}, {{0}}}, reference::FactorsAfter::at_inner)[0][0];
}
template <class Loss>
Formula squared_bias(Loss loss) {
  return [=](const Inputs& in) -> Values {
    const Number c = in.has("c") ? in.scalar("c") : Number(0), &u = in.scalar("u");
    return {square(slope_seen(u, in.scalar("d"), c, loss) - slope_seen(u, Number(0), c, loss))};
  };
}
constexpr auto kinked_of = [](const DualNumber& u, const DualNumber& c) { return kinked(u, c); };
constexpr auto smooth_of = [](const DualNumber& u, const DualNumber& c) { return smooth_loss(u, c); };

// With e = r(u + d) − r(u), r = max{·, 0}: (1 + c)²d² − (d + ce)² = 2c d(d − e) + c²(d² − e²), and e(d − e) is
// r(u + d)r(−u) + r(u)r(−u − d), of which one at least is 0.
std::vector<SquareTerm> gap_at_the_kink(const Inputs& in) {
  const Number &u = in.scalar("u"), &d = in.scalar("d"), &c = in.scalar("c");
  const Number before = relu(u), after = relu(u + d), rest = d - (after - before);
  const Number up = after * (before - u), down = before * (after - u - d);  // r(−x) = r(x) − x
  const Number root_up = sqrt(up), root_down = sqrt(down);
  return {{.root = rest, .nonnegative = {"c"}, .numerator = 2},
          {.root = root_up, .nonnegative = {"c"}, .numerator = 2},
          {.root = root_down, .nonnegative = {"c"}, .numerator = 2},
          {.root = c * rest},
          {.root = c * root_up, .numerator = 2},
          {.root = c * root_down, .numerator = 2}};
}

// 9/4 − (x + ½)² = (3/2)(1 − x²) + ½(1 − x)², x = u/√(1 + u²).
std::vector<SquareTerm> gap_of_the_slope(const Inputs& in) {
  const Number radicand = Number(1) + square(in.scalar("u"));
  const Number s = sqrt(radicand);
  return {{.root = Number(1) / s, .numerator = 3, .denominator = 2},
          {.root = Number(1) - in.scalar("u") / s, .denominator = 2}};
}

// D = φ′(u + d) − φ′(u), y = u + d, with the unit vectors (1, u)/a and (1, y)/b, N = ab: half their squared distance
// is A = 1 − (1 + uy)/N, d² = N²(1 − (1 − A)²), D² = 2A − (1/a − 1/b)². Hence d² − D² = A(N² + N(1 + uy) − 2) + (1/a
// − 1/b)², where N² + N(1 + uy) − 2 = N(N + uy − 1) + 2(N − 1), both ≥ 0 by Cauchy–Schwarz: half squared distances as
// well.
std::vector<SquareTerm> gap_of_the_slopes(const Inputs& in) {
  const Number &u = in.scalar("u"), y = u + in.scalar("d");
  const Number first = Number(1) + u * u, second = Number(1) + y * y;
  const Number a = sqrt(first), b = sqrt(second), n = a * b, root_n = sqrt(a) * sqrt(b);
  const Number across = Number(1) / a - Number(1) / b, x_u = u / a, x_y = y / b;
  std::vector<SquareTerm> terms = {{.root = across}};
  for (const Number& of_a : {across, x_u - x_y}) {
    for (const Number& other : {across, x_u + x_y}) terms.push_back({.root = n * of_a * other, .denominator = 4});
    for (const Number& other : {across, x_u, x_y}) terms.push_back({.root = root_n * of_a * other, .denominator = 2});
  }
  return terms;
}

// ---- readings

Reading inequality(std::string id, std::string statement, std::vector<InputSpec> specs, std::vector<Sizes> sizes,
                   std::vector<Hypothesis> hypotheses, Side left, Side right, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = std::move(specs),
          .sizes = std::move(sizes),
          .these_sizes_only = true,
          .hypotheses = std::move(hypotheses),
          .left = std::move(left),
          .relation = Relation::at_most,
          .right = std::move(right),
          .why = std::move(why)};
}

Reading with_gap(Reading reading, std::function<std::vector<SquareTerm>(const Inputs&)> gap) {
  reading.gap = std::move(gap);
  return reading;
}

Side in_words(std::string words, Formula formula) { return by_definition(std::move(words), std::move(formula)); }

std::vector<SquareTerm> gap_twice_the_constant(const Inputs&) {
  return {{.root = Number(1), .nonnegative = {"constant"}, .numerator = 2}};
}

std::vector<Reading> readings() {
  const std::vector<Sizes> batches = {{.batch = 2}, {.batch = 3}};
  const auto squared_constant_and_one = in_words(
      "C² + 1, C the constant", [](const Inputs& in) -> Values { return {square(constant_of(in)) + Number(1)}; });
  const auto constant_and_one =
      in_words("σ² + 1", [](const Inputs& in) -> Values { return {constant_of(in) + Number(1)}; });
  const auto by_constant = in_words("σ²", [](const Inputs& in) -> Values { return {constant_of(in)}; });
  const auto gradient = by_reference("‖∇(5)‖² in (γ, β), by LL19's network backward", squared_gradient);
  const auto behind_a_weight = by_reference("E‖e − E e‖² over wc, w(c + 2)", [](const Inputs& in) -> Values {
    return {variance_of_statistic(pair_behind_a_weight(in))};
  });
  const auto difference_of_e = by_reference("‖e(z) − e(z′)‖², e = [z, z²]", squared_difference_of_statistics);
  const auto move_of_f = by_reference("(F(w; x + 1; μ, ν) − F(w; x; μ, ν))², ε added", squared_move_of_the_layer);

  Reading on_a_box =
      with_gap(inequality("4__statistic__on_a_box", "|z|, |z′| ≤ R: ‖e(z) − e(z′)‖² ≤ (1 + 4R²)(z − z′)²",
                          points_in_a_box, scalars, {inside_a_box()}, difference_of_e,
                          in_words("(1 + 4R²)(z − z′)²", box_bound([](const Number& radius) -> Number {
                                     return Number(1) + Number(4) * radius * radius;
                                   })),
                          "What has to be proved of a test problem: an invariant box. Then L² = 1 + 4R² serves."),
               gap_in_the_box);

  Reading added_root =
      inequality("4__added_root__on_a_box", "|x − μ| ≤ 2, ε ≥ 1, 0 ≤ ν − μ²: (∂²F/∂ν²)² ≤ 5/2 at w = 1, ε added",
                 {{"x", Role::activation}, {"variance", Role::variance}, epsilon}, scalars,
                 {imposing("eps_at_least_one", "ε ≥ 1, as 1 + a number ≥ 0",
                           [](Inputs& in) { in.set("eps", Number(1) + in.scalar("eps")); }),
                  {.id = "x_in_a_box",
                   .sentence = "|x − μ| < 2",
                   .positive = [](const Inputs& in) { return Number(4) - square(in.scalar("x")); }}},
                 by_reference("(∂²F/∂ν²)² by nested dual numbers", squared_second_derivative),
                 in_words("5/2", [](const Inputs&) -> Values { return {Number(5) / Number(2)}; }),
                 "It is (9/16)(x − μ)²/(ν − μ² + ε)⁵: Algorithm 1's root meets item 4 on boxes, the clamp does not.");
  added_root.regions = {{.words = "μ = 0, |x| ≤ 2, 0 ≤ ν ≤ 8, 1 ≤ ε ≤ 8",
                         .covers = "the box; larger ν and ε make the left side smaller",
                         .ranges = {{"x", -2, 2}, {"variance", 0, 8}, {"eps", 0, 7}},
                         .sizes = scalars}};

  return {
      inequality("printed__1__every_start", "‖∇f‖² ≤ G² whatever γ^(0), β^(0) are: one normalized unit, squared loss",
                 one_unit, batches, {}, gradient,
                 in_words("G²", [](const Inputs& in) -> Values { return {square(constant_of(in))}; }),
                 "E‖g‖² ≥ ‖E g‖² = ‖∇f‖² at exact statistics: g^(0) is no smaller. Item 1 asks it of the iterates: a "
                 "run that stays bounded has its own G, but no G serves every start."),
      with_gap(inequality("1__no_constant", "for every G ≥ 0: G² + 1 ≤ ‖∇f‖² at γ = γ* + G + 1", one_unit, batches,
                          {scale_is_far()}, squared_constant_and_one, gradient,
                          "‖∇f‖² = (γ − γ*)² + (β − β*)² at ε = 0: no constant will do, on any data."),
               [](const Inputs& in) {
                 std::vector<SquareTerm> terms = gap_twice_the_constant(in);
                 terms.push_back({.root = in.scalar("beta") - mean_label(in)});
                 return terms;
               }),
      inequality("printed__2", "E‖e_1 − E e_1‖² ≤ σ² for every w: samples c, c + 2 behind a layer wξ", weighted_pair,
                 scalars, {}, behind_a_weight, by_constant, "\"∀i, w\" asks it for all weights."),
      with_gap(inequality("2__no_constant", "for every σ² ≥ 0: σ² + 1 ≤ E‖e_1 − E e_1‖² at w = σ² + 1", weighted_pair,
                          scalars, {weight_is_large()}, constant_and_one, behind_a_weight,
                          "The variance of wξ alone is w² = (σ² + 1)²."),
               [](const Inputs& in) -> std::vector<SquareTerm> {
                 return {{.root = constant_of(in)},
                         {.root = Number(1), .nonnegative = {"constant"}},
                         {.root = square(in.scalar("w")) * (Number(2) * in.scalar("c") + Number(2))}};
               }),
      with_gap(inequality("2__no_constant__estimates",
                          "for every σ² ≥ 0: σ² + 1 ≤ E‖ê_1 − E ê_1‖² at some ê behind a normalization, w fixed",
                          normalized_pair, scalars, {estimate_is_far()}, constant_and_one,
                          by_reference("E‖e − E e‖² over (x − μ̂)/√(ν̂ − μ̂² + ε), ν̂ = μ̂²",
                                       [](const Inputs& in) -> Values {
                                         return {variance_of_statistic(pair_behind_estimates(in))};
                                       }),
                          "\"∀i, w, ê\": normalization bounds nothing while μ̂ is free to be far away."),
               [](const Inputs& in) -> std::vector<SquareTerm> {
                 return {{.root = constant_of(in)},
                         {.root = Number(1), .nonnegative = {"constant"}},
                         {.root = Number(1) / in.scalar("eps"), .nonnegative = {"eps"}}};
               }),
      inequality("printed__3__clamp",
                 "one FN layer with the clamp, samples 1 ± a, μ̂ exact: ‖E g − ∇f‖² ≤ L_g ‖ν̂ − E x²‖²",
                 {{"a", Role::activation}, {"square", Role::variance}, epsilon, constant}, scalars, {},
                 by_reference("‖E g − ∇f‖²",
                              [](const Inputs& in) -> Values {
                                return {clamped_instance(in.scalar("a"), in.scalar("eps"), in.scalar("square")).error};
                              }),
                 in_words("L_g (ν̂ − 1 − a²)²",
                          [](const Inputs& in) -> Values {
                            return {constant_of(in) * square(in.scalar("square") - Number(1) - square(in.scalar("a")))};
                          }),
                 "3__no_constant__clamp shows it for every L_g."),
      with_gap(inequality("3__no_constant__clamp",
                          "for every L_g ≥ 0, ε > 0: L_g Σ‖ê − E e‖² + ½ ≤ ‖E g − ∇f‖² at ν − μ² = ε + τ², ν̂ − μ̂² = "
                          "ε − τ²",
                          {epsilon, constant}, scalars, {},
                          in_words("L_g · 4τ⁴ + ½",
                                   [](const Inputs& in) -> Values {
                                     return {constant_of(in) * Number(4) * square(square(tau(in))) +
                                             Number(1) / Number(2)};
                                   }),
                          by_reference("‖E g − ∇f‖², every draw enumerated, samples 1 ± √(ε + τ²)",
                                       [](const Inputs& in) -> Values { return {across_the_kink(in).error}; }),
                          "Where the clamp is active the layer forgets that the root moves; the gradient is off by "
                          "a/√ε ≥ 1 however near ê is."),
               gap_across_the_kink),
      inequality("printed__4__statistic", "‖e(z) − e(z′)‖² ≤ L² (z − z′)² for all z, z′", two_points, scalars, {},
                 difference_of_e,
                 in_words("L² (z − z′)²",
                          [](const Inputs& in) -> Values { return {square(constant_of(in)) * squared_distance(in)}; }),
                 "\"All functions\" include e, and e contains x²."),
      with_gap(
          inequality("4__no_constant__statistic",
                     "for every L ≥ 0: (L² + 1)(z − z′)² ≤ ‖e(z) − e(z′)‖² at z = L + 1, z′ = 0", two_points, scalars,
                     {points_are_far()},
                     in_words("(L² + 1)(z − z′)²",
                              [](const Inputs& in) -> Values {
                                return {(square(constant_of(in)) + Number(1)) * squared_distance(in)};
                              }),
                     difference_of_e, "z²(1 + z²) against z²(1 + L²)."),
          [](const Inputs& in) -> std::vector<SquareTerm> {
            return {{.root = in.scalar("z"), .nonnegative = {"constant"}, .numerator = 2}, {.root = in.scalar("z")}};
          }),
      {.id = "4__statistic_slope",
       .statement = "e′(z) − e′(z′) = [0, 2(z − z′)]: e's derivative is Lipschitz with constant 2, everywhere",
       .inputs = {{"z", Role::activation}, {"other", Role::activation}},
       .sizes = scalars,
       .these_sizes_only = true,
       .left = by_reference("the second entry of e′(z) − e′(z′), by dual numbers",
                            [](const Inputs& in) -> Values {
                              return {statistic_slope_at(in.scalar("z"))[1] -
                                      statistic_slope_at(in.scalar("other"))[1]};
                            }),
       .right = by_definition(
           "2(z − z′)", [](const Inputs& in) -> Values { return {Number(2) * (in.scalar("z") - in.scalar("other"))}; }),
       .why = "So it is e itself, not e′, that item 4 excludes."},
      on_a_box,
      with_gap(inequality("4__no_constant__layer",
                          "for every L ≥ 0: L² + 1 ≤ (F(w; x + 1; μ, ν) − F(w; x; μ, ν))² at w = (L + 1)s",
                          layer_inputs, scalars, {weight_beats_the_constant()}, squared_constant_and_one, move_of_f,
                          "A product of two unbounded arguments, w x/s, is not Lipschitz, with any e."),
               gap_twice_the_constant),
      with_gap(
          inequality(
              "4__no_constant__clamp",
              "for every L ≥ 0: L |ν − ν′| ≤ |∂_ν f(ν) − ∂_ν f(ν′)| = ½ at ν, ν′ = 1 + ε ± τ²: the clamp, μ = 1, "
              "bounded x",
              {epsilon, constant}, scalars, {},
              in_words("L · 2τ²",
                       [](const Inputs& in) -> Values { return {constant_of(in) * Number(2) * square(tau(in))}; }),
              by_reference("∂_ν f on the clamped side less that on the open one, Algorithm 3's",
                           [](const Inputs& in) -> Values { return {clamped_slope(in, -1) - clamped_slope(in, 1)}; }),
              "Strictly, since the gap is never 0. The derivative jumps; all arguments stay in a box. Theorem 2 does "
              "not cover Algorithm 3."),
          gap_of_the_jump),
      added_root,
      with_gap(
          inequality("printed__5", "0 ≤ f: one normalized tanh unit, squared loss, ε ≥ 0", one_unit_and_eps,
                     {{.batch = 2}, {.batch = 3, .channels = 2}}, {},
                     in_words("0", [](const Inputs&) -> Values { return {Number(0)}; }),
                     by_reference("(5)",
                                  [](const Inputs& in) -> Values {
                                    return {objective_over<Number>({first_samples(in.sizes.batch)}, tanh_unit, in("x"),
                                                                   in("target"), in("w"), in.scalar("eps"))};
                                  }),
                     "The infimum is finite for every loss ≥ 0; bn_always_converges has one that is not attained."),
          residuals),
      with_gap(
          inequality("zoo__chain__item_3", "affine chains, n = 2, 3, any w and ê: ‖E g − ∂f‖² ≤ L_g Σ d_i²",
                     chain_inputs, {{.hidden = 2}, {.hidden = 3}}, {},
                     by_reference("‖E g − ∂f‖², both samples for ξ and each ξ′, ê wrong and exact",
                                  of_two_or_three(squared_error_of_the_gradient<2>, squared_error_of_the_gradient<3>)),
                     by_theory("‖v‖² Σ(c_i B_{0,i})² · Σ d_i²",
                               of_two_or_three(bound_of_the_gradient_s_error<2>, bound_of_the_gradient_s_error<3>)),
                     "E g − ∂f = v Σ c_i B_{0,i} d_i, and Cauchy–Schwarz: what is left is ‖v‖² Σ_{i<j}(κ_i d_j − κ_j "
                     "d_i)², κ_i = c_i B_{0,i}. No box is needed for item 3."),
          [](const Inputs& in) { return in.sizes.hidden == 2 ? gap_of_item_3<2>(in) : gap_of_item_3<3>(in); }),
      {.id = "zoo__chain__box",
       .statement =
           "affine chains, n = 2, 3: the box and every constant of Assumption 1 in it, for any function as |·|",
       .inputs = chain_inputs,
       .sizes = {{.hidden = 2}, {.hidden = 3}},
       .these_sizes_only = true,
       .left = by_theory("κ, margin, 1/κ, T, |r|, G², L_g, ‖v‖², and of each layer centre, reach, σ², c_i B_{0,i}, L²",
                         of_two_or_three(box_by_theory<2>, box_by_theory<3>)),
       .right = by_definition("the same, written out with B_{i,j}, P_i and Q_i", box_written_out),
       .why = "Of |·| nothing is used to put the numbers together; that they serve uses |xy| = |x||y| and "
              "|x + y| ≤ |x| + |y|: zoo__chain__box__step."},
      inequality(
          "zoo__chain__box__step",
          "affine chains, n = 2, 3, margin > 0, 0 ≤ α ≤ 1, 0 ≤ γ ≤ 1/κ: one step from anywhere in the box stays in it",
          chain_in_its_box, {{.hidden = 2}, {.hidden = 3}}, {there_is_a_box()},
          by_reference("(w_i − w_i^(0))² and (ê_i − centre_i)² after a step of Algorithm 2, |ξ − E ξ| ≤ s",
                       of_two_or_three(squared_moves_in_the_box<2>, squared_moves_in_the_box<3>)),
          by_theory("(T v_i)² and the squared reach of each estimate",
                    of_two_or_three(squared_half_widths_of_the_box<2>, squared_half_widths_of_the_box<3>)),
          "So no run that starts in it leaves it: items 1 and 4 hold on the box, and everywhere for the problem that "
          "is continued linearly outside."),
      with_gap(inequality("zoo__kinked__item_3", "φ = ½u² + ½c max{u, 0}²: (φ′(u + d) − φ′(u))² ≤ (1 + c)² d²",
                          kinked_loss, scalars, {},
                          by_reference("‖E g − ∂f‖², the oracle at ê = E e + d and at E e", squared_bias(kinked_of)),
                          in_words("(1 + c)² d²",
                                   [](const Inputs& in) -> Values {
                                     return {square((Number(1) + in.scalar("c")) * in.scalar("d"))};
                                   }),
                          "φ′ is Lipschitz with 1 + c and no better: equality for u, u + d > 0. A kink in φ′ is within "
                          "Assumption 1."),
               gap_at_the_kink),
      with_gap(inequality("zoo__smooth__item_1", "φ = √(1 + u²) + u/2: φ′(u)² ≤ 9/4 for all u", {{"u", Role::weight}},
                          scalars, {},
                          by_reference("g², the oracle at any ê, u = w + ê",
                                       [](const Inputs& in) -> Values {
                                         return {square(slope_seen(in.scalar("u"), Number(0), Number(0), smooth_of))};
                                       }),
                          in_words("9/4", [](const Inputs&) -> Values { return {Number(9) / Number(4)}; }),
                          "−1 < u/√(1 + u²) < 1, so that G = 3/2 serves with no box."),
               gap_of_the_slope),
      with_gap(
          inequality("zoo__smooth__item_3", "φ = √(1 + u²) + u/2: (φ′(u + d) − φ′(u))² ≤ d²", one_loss, scalars, {},
                     by_reference("‖E g − ∂f‖², the oracle at ê = E e + d and at E e", squared_bias(smooth_of)),
                     in_words("d²", [](const Inputs& in) -> Values { return {square(in.scalar("d"))}; }),
                     "φ″ = (1 + u²)^(−3/2) ≤ 1: L_g = 1, and ∂f is Lipschitz with 1."),
          gap_of_the_slopes),
  };
}

}  // namespace

Claim lemma1_assumptions() {
  return {
      .title = "Full normalization with e(x) = [x, x²] meets Assumption 1 of Lemma 1 and Theorem 2",
      .sources = {{"LL19", "Assumption 1"}, {"LL19", "§5.1, e_i(x) = [x, x²]; Algorithm 3"}},
      .notation =
          "constant: G, σ², L or L_g, any number ≥ 0; e(z) = [z, z²]; F = w(x − μ)/s, s = √(ν − μ² + ε) (added) or "
          "√max{ν − μ², ε} (the clamp); γ*, β* the best unit for the data; variance = ν − μ²; τ = 1/(2(L + 1)), with "
          "L_g for L in item 3; R (`radius`) the half-width of a box. Item 6 only says how γ_k and α_k are chosen. Of "
          "the zoo's chains, F_i = a_i w_i + b_i x + c_i y + d_i behind ½r²: ξ = mean ± deviation, d_i = ê_i − E "
          "e_i(w), v_i = a_i Π_{j<i}(b_j + c_j), B_{i,j} = Π_{i<l<j} b_l, κ = Σ B_{0,i} a_i v_i, T (reach) and the "
          "margin as in theory/compositional/affine_chain_constants.hpp; u, d, c, φ of its losses φ(w + ê): u = w + E "
          "e, d = ê − E e",
      .why =
          "‖e(z) − e(z′)‖² = (z − z′)²(1 + (z + z′)²). In (γ, β) the loss is quadratic, so its gradient is linear; "
          "the variance of wξ is w² var ξ. ∂_ν F = −(x − μ)/(2s³) where the clamp is open and 0 where it is active: "
          "two limits at the kink.",
      .explain =
          "Lemma 1 and Theorem 2 assume that gradients are bounded (1), that the statistics have bounded variance for "
          "all w and all estimates (2), that the gradient's error is at most a multiple of the estimates' (3), that "
          "all functions and first derivatives are Lipschitz with one constant (4), and that f is bounded below (5). "
          "For what the paper is about, e = [x, x²] and normalization, most of this fails as printed, whatever the "
          "constant: x² is not Lipschitz on the line (at z = L + 1 and 0 it has slope L + 1; its derivative is "
          "Lipschitz, with 2); w x is not Lipschitz in (w, x); the squared loss has an unbounded gradient (item 1 "
          "speaks of the iterates: a bounded run has its own G, no G serves every start); the variance of a layer's "
          "statistics grows with the weights below it. All of these are repaired on a bounded box, |z| ≤ R, where L² "
          "= 1 + 4R² serves for e: so a test problem has to come with a box that its iterates do not leave. The clamp "
          "√max{ν − μ², ε} of Algorithm 3 is not repaired so: at ν − μ² = ε its derivative jumps, and items 3 and 4 "
          "fail there on any box. √(ν − μ² + ε), Algorithm 1's form, is smooth and does not have this fault. Item 5 "
          "holds for every loss that is not negative; a minimum that is attained is another matter. Last, the "
          "problems that Lemma 1 and Theorem 2 are tried on (`zoo__…`): the gradient's error of a chain of affine "
          "layers is a multiple of the estimates' for all w, item 3; such a chain stays in a box, with which 1, 2 and "
          "4 follow; a loss whose derivative has a kink meets item 3 with (1 + c)², a smooth one items 1 and 3 with "
          "no box at all.",
      .readings = readings(),
      .mutants =
          {
              {.id = "square_for_slope",
               .reading = "4__statistic_slope",
               .words = "z² − z′²",
               .agrees_when = imposing("sum_is_two", "z + z′ = 2",
                                       [](Inputs& in) { in.set("other", Number(2) - in.scalar("z")); }),
               .right = [](const Inputs& in) -> Values {
                 return {square(in.scalar("z")) - square(in.scalar("other"))};
               }},
              {.id = "forgets_the_other_point",
               .reading = "4__statistic_slope",
               .words = "2z",
               .agrees_when = imposing("other_is_zero", "z′ = 0", [](Inputs& in) { in.set("other", Number(0)); }),
               .right = [](const Inputs& in) -> Values { return {Number(2) * in.scalar("z")}; }},
              {.id = "radius_once",
               .reading = "4__statistic__on_a_box",
               .words = "(1 + 4R)(z − z′)²",
               .agrees_when = radius_is_one(),
               .right = box_bound([](const Number& radius) -> Number { return Number(1) + Number(4) * radius; })},
              {.id = "radius_to_the_fourth",
               .reading = "4__statistic__on_a_box",
               .words = "(1 + 4R⁴)(z − z′)²",
               .agrees_when = radius_is_one(),
               .right = box_bound([](const Number& radius) -> Number {
                 return Number(1) + Number(4) * square(radius) * square(radius);
               })},
          },
  };
}

}  // namespace normproof::claims
