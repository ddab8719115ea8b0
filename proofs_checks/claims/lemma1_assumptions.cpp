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
//
// Why. ‖e(z) − e(z′)‖² = (z − z′)²(1 + (z + z′)²), and z + z′ is bounded on boxes only. In each item weights, or
// estimates, are free to grow. With the clamp a derivative has two limits at ν − μ² = ε, so that no multiple of the
// distance between two estimates bounds the difference, boxes or not.
#include "impl/reference/full_norm.hpp"
#include "proofs_checks/inputs/batch_objective.hpp"
#include "proofs_checks/inputs/compositional_problem.hpp"

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

// ---- readings

Reading inequality(const char* id, const char* statement, const std::vector<InputSpec>& specs,
                   const std::vector<Sizes>& sizes, const std::vector<Hypothesis>& hypotheses, const Side& left,
                   const Side& right, const char* why) {
  return {.id = id,
          .statement = statement,
          .inputs = specs,
          .sizes = sizes,
          .these_sizes_only = true,
          .hypotheses = hypotheses,
          .left = left,
          .relation = Relation::at_most,
          .right = right,
          .why = why};
}

Reading with_gap(Reading reading, std::vector<SquareTerm> (*gap)(const Inputs&)) {
  reading.gap = gap;
  return reading;
}

// Names and functions as pointers: what would build strings and std::functions here makes the file slow to compile.
Side in_words(const char* words, Values (*formula)(const Inputs&)) { return by_definition(words, formula); }
Side seen_in(const char* words, Values (*formula)(const Inputs&)) { return by_reference(words, formula); }

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
  const auto gradient = seen_in("‖∇(5)‖² in (γ, β), by LL19's network backward", squared_gradient);
  const auto behind_a_weight = seen_in("E‖e − E e‖² over wc, w(c + 2)", [](const Inputs& in) -> Values {
    return {variance_of_statistic(pair_behind_a_weight(in))};
  });
  const auto difference_of_e = seen_in("‖e(z) − e(z′)‖², e = [z, z²]", squared_difference_of_statistics);
  const auto move_of_f = seen_in("(F(w; x + 1; μ, ν) − F(w; x; μ, ν))², ε added", squared_move_of_the_layer);

  Reading on_a_box =
      with_gap(inequality("4__statistic__on_a_box", "|z|, |z′| ≤ R: ‖e(z) − e(z′)‖² ≤ (1 + 4R²)(z − z′)²",
                          points_in_a_box, scalars, {inside_a_box()}, difference_of_e,
                          by_definition("(1 + 4R²)(z − z′)²", box_bound([](const Number& radius) -> Number {
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
                 seen_in("(∂²F/∂ν²)² by nested dual numbers", squared_second_derivative),
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
                          seen_in("E‖e − E e‖² over (x − μ̂)/√(ν̂ − μ̂² + ε), ν̂ = μ̂²",
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
                 seen_in("‖E g − ∇f‖²",
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
                          seen_in("‖E g − ∇f‖², every draw enumerated, samples 1 ± √(ε + τ²)",
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
       .left = seen_in("the second entry of e′(z) − e′(z′), by dual numbers",
                       [](const Inputs& in) -> Values {
                         return {statistic_slope_at(in.scalar("z"))[1] - statistic_slope_at(in.scalar("other"))[1]};
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
              seen_in("∂_ν f on the clamped side less that on the open one, Algorithm 3's",
                      [](const Inputs& in) -> Values { return {clamped_slope(in, -1) - clamped_slope(in, 1)}; }),
              "Strictly, since the gap is never 0. The derivative jumps; all arguments stay in a box. Theorem 2 does "
              "not cover Algorithm 3."),
          gap_of_the_jump),
      added_root,
      with_gap(
          inequality("printed__5", "0 ≤ f: one normalized tanh unit, squared loss, ε ≥ 0", one_unit_and_eps,
                     {{.batch = 2}, {.batch = 3, .channels = 2}}, {},
                     in_words("0", [](const Inputs&) -> Values { return {Number(0)}; }),
                     seen_in("(5)",
                             [](const Inputs& in) -> Values {
                               return {objective_over<Number>({first_samples(in.sizes.batch)}, tanh_unit, in("x"),
                                                              in("target"), in("w"), in.scalar("eps"))};
                             }),
                     "The infimum is finite for every loss ≥ 0; bn_always_converges has one that is not attained."),
          residuals),
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
          "L_g for L in item 3; R (`radius`) the half-width of a box. Item 6 only says how γ_k and α_k are chosen",
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
          "holds for every loss that is not negative; a minimum that is attained is another matter.",
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
