// Claim: the test problems on which Lemma 1 and Theorem 2 are tried satisfy Assumption 1.
//
// Source       LL19 Assumption 1; the problems of proofs_checks/simulation/zoo.cpp
// Notation     chains: F_i = a_i w_i + b_i x + c_i y + d_i, F_1 behind ½r²; e(x) = x; ξ = mean ± s; d_i = ê_i − E
//              e_i(w); v_i = a_i Π_{j<i}(b_j + c_j), B_{i,j} = Π_{i<l<j} b_l, κ = Σ B_{0,i} a_i v_i; the box |t| ≤ T
//              (reach), w = w^(0) + t v, and the margin as in theory/compositional/affine_chain_constants.hpp
//              losses of one layer: φ(w + ê); u = w + E e, d = ê − E e
// Hypotheses   chains: margin > 0, 0 ≤ α ≤ 1, 0 ≤ γ ≤ 1/κ, |ξ − E ξ| ≤ s; kinked: 0 ≤ γ ≤ 1/(1 + c), |ξ − E ξ| ≤ 1
//
//     noise_only       f is constant: G = 0, L_g = 0; σ = 1 is the noise's. Nothing to decide
//     steady_drift     f is linear: G = 1, no noise, the oracle is exact. 5 fails unless Σγ_k < ∞: inf f = −∞
//     chain_1, 2, 3    1  ‖g‖² ≤ G² in the box, which no run leaves                  box__chain__step: searched
//                      2  E‖e_i − E e_i‖² = B_{i,n+1}² var ξ, everywhere             printed__2__chain
//                      3  L_g = ‖v‖² Σ(c_i B_{0,i})², everywhere                     printed__3__chain
//                      4  F_i is affine, but for ½r², which the box bounds;          box__chain: its numbers
//                      5  f = ½ E r² ≥ 0
//     power_tail, slower_tail   (1 + u)^(−p), linear on u < 0: |φ′| and φ″ largest at 0; no noise, the oracle is exact;
//                      inf f = 0 is not attained. Nothing to decide
//     kinked           φ = ½u² + ½c max{u, 0}², c = 1: 1  |u|, |d| ≤ 1 for ever, g² ≤ 4(1 + c)²   box__kinked__step:
//                      searched;   3 and 4  (1 + c)²   printed__3__kinked;   2 is the noise's;   5  φ ≥ 0
//     quadratic        kinked with c = 0
//     smooth           φ = √(1 + u²) + u/2: 1  9/4   printed__1__smooth;   3 and 4  1   printed__3__smooth;   2 is the
//                      noise's;   5  φ ≥ √3/2
//     kinked_two_layers, kinked_three_layers   3  every g_i is kinked's, and d_1 alone enters: n(1 + c)²; 2 is the
//                      noise's; 5  φ ≥ 0; 1 and 4 on the box that runs keep to: only seen in runs, not decided here
//     full_norm        5  the loss is ≥ 0; 1–4 on the box that runs keep to: only seen in runs, not decided here
//     all              6  is how the zoo chooses γ_k and α_k
//
// Why. E g − ∂f = v Σ c_i B_{0,i} d_i, and Cauchy–Schwarz. The chain's step is t ← (1 − γκ)t − γρ with |ρ| ≤ R_1 T +
// R_0 ≤ κT. Kinked: u − γφ′(u + d) is (1 − γq)u − γqd with 1 ≤ q ≤ 1 + c, γq ≤ 1. |φ′(y) − φ′(u)| ≤ sup φ″ |y − u|.
#include "impl/reference/mcsgd.hpp"
#include "proofs_checks/inputs/affine_chain.hpp"
#include "proofs_checks/inputs/hypotheses.hpp"
#include "proofs_checks/numbers/dual.hpp"
#include "proofs_checks/numbers/elementary.hpp"
#include "theory/compositional/affine_chain_constants.hpp"

#include <array>
#include <functional>

namespace normproof::claims {

using namespace inputs;

namespace {

using DualNumber = numbers::Dual<Number>;
using Estimates = std::vector<Values>;

Number square(const Number& a) { return a * a; }

// ---- chains of three affine layers. Of two, or one: the last ones hand on what they get, a = c = d = 0 and b = 1.

constexpr std::size_t n = 3;
const std::vector<Sizes> three_layers = {{.hidden = n}};

const std::vector<InputSpec> chain_inputs = {{"a", Role::weight, Dimension::hidden},
                                             {"b", Role::weight, Dimension::hidden},
                                             {"c", Role::weight, Dimension::hidden},
                                             {"d", Role::shift, Dimension::hidden},
                                             {"w", Role::weight, Dimension::hidden},
                                             {"estimate", Role::mean, Dimension::hidden},
                                             {"mean", Role::mean},
                                             {"deviation", Role::variance}};
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
std::array<Number, n> column_of(const Inputs& in, const char* name) {
  std::array<Number, n> column;
  for (std::size_t i = 0; i < n; ++i) column[i] = in(name)(static_cast<Eigen::Index>(i), 0);
  return column;
}
std::array<Number, n> direction_of(const Inputs& in) { return theory::affine_chain_direction<Number, n>(chain_of(in)); }

reference::CompositionalProblem<Number> problem_of_chain(const Inputs& in) {
  return affine_chain_problem<Number, n>(chain_of(in), column_of(in, "w"), in.scalar("deviation"));
}
Estimates estimates_of(const Inputs& in) {
  Estimates estimates;
  for (const Number& estimate : column_of(in, "estimate")) estimates.push_back({estimate});
  return estimates;
}

// What stands for |·|.
using Magnitude = Number (*)(const Number&);
Number itself(const Number& x) { return x; }  // where what is asked for has no |·| in it: then no sign is, either
Number magnitude(const Number& x) { return select_positive(x, x, -x); }
Number any_function(const Number& x) { return tanh(x); }  // to the exact engine: just some function
using Constants = theory::AffineChainConstants<Number, n>;
Constants constants_of(const Inputs& in, Magnitude size) {
  return theory::affine_chain_constants<Number, n>(chain_of(in), column_of(in, "w"), column_of(in, "estimate"),
                                                   in.scalar("deviation"), size);
}

// Item 2, layer by layer: over both samples, at any estimates.
Values variances_of_statistics(const Inputs& in) {
  const auto problem = problem_of_chain(in);
  const Estimates estimates = estimates_of(in);
  Values variances;
  for (std::size_t i = 0; i < n; ++i) {
    const auto at = [&](std::size_t sample) -> Number {
      return reference::estimated_statistic<Number>(problem.layers, problem.parameters, estimates, i,
                                                    problem.data[sample])[0];
    };
    const Number low = at(0), high = at(1), mean = (low + high) / Number(2);
    variances.push_back((square(low - mean) + square(high - mean)) / Number(2));
  }
  return variances;
}
Values variances_by_theory(const Inputs& in) {
  const auto constants = constants_of(in, itself);
  return {constants.statistic_variance.begin(), constants.statistic_variance.end()};
}
// A near-miss, (Π(b_l + c_l))² var ξ: as if the expectation that a layer is given moved with ξ.
Values variances_through_the_statistics(const Inputs& in) {
  Inputs other = in;
  other.set("b", in("b") + in("c"));
  return variances_by_theory(other);
}

// Item 3.
Values squared_error_of_the_gradient(const Inputs& in) {
  const auto problem = problem_of_chain(in);
  const reference::OracleSamples both = {{0, 1}, reference::same_for_all(n, {0, 1})};  // the mean over ξ and each ξ′
  const auto at = [&](const Estimates& where) {
    return reference::oracle_gradient<Number>(problem, where, both, reference::FactorsAfter::at_inner);
  };
  const Estimates mean = at(estimates_of(in)),
                  gradient = at(reference::exact_statistics<Number>(problem.layers, problem.parameters, problem.data));
  Number sum(0);
  for (std::size_t k = 0; k < n; ++k) sum += square(mean[k][0] - gradient[k][0]);
  return {sum};
}
std::array<Number, n> errors_of_estimates(const Inputs& in, const Constants& constants) {
  std::array<Number, n> d = column_of(in, "estimate");
  for (std::size_t i = 0; i < n; ++i) d[i] = d[i] - constants.estimate_centre[i];
  return d;
}
Number squared_distance(const Inputs& in, const Constants& constants) {
  Number sum(0);
  for (const Number& error : errors_of_estimates(in, constants)) sum += square(error);
  return sum;
}
Values bound_of_the_gradient_s_error(const Inputs& in) {
  const auto constants = constants_of(in, itself);
  return {constants.gradient_error_factor * squared_distance(in, constants)};
}
// Near-misses: of Σ v_i² and of Σ (c_i B_{0,i})² so many terms.
Formula bound_of_so_many(std::size_t directions, std::size_t errors) {
  return [=](const Inputs& in) -> Values {
    const auto constants = constants_of(in, itself);
    const auto v = direction_of(in);
    Number squared_v(0), squared_errors(0);
    for (std::size_t i = 0; i < directions; ++i) squared_v += square(v[i]);
    for (std::size_t i = 0; i < errors; ++i) squared_errors += square(constants.residual_by_error[i]);
    return {squared_v * squared_errors * squared_distance(in, constants)};
  };
}
// ‖v‖² Σ_{i<j} (κ_i d_j − κ_j d_i)², κ_i = c_i B_{0,i}.
std::vector<SquareTerm> gap_of_item_3(const Inputs& in) {
  const auto constants = constants_of(in, itself);
  const auto d = errors_of_estimates(in, constants);
  const auto& by_error = constants.residual_by_error;
  std::vector<SquareTerm> terms;
  for (const Number& direction : direction_of(in))
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = i + 1; j < n; ++j)
        terms.push_back({.root = direction * (by_error[i] * d[j] - by_error[j] * d[i])});
  return terms;
}

// Every number of the box, by theory.
Values box_by_theory(const Inputs& in) {
  const auto c = constants_of(in, any_function);
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
  constexpr int depth = static_cast<int>(n);
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
    if (i > depth) return in.scalar("mean");
    const Number behind = exact(i + 1);
    return entry("a", i) * entry("w", i) + (entry("b", i) + entry("c", i)) * behind + entry("d", i);
  };
  const std::function<Number(int)> p = [&](int i) -> Number {
    Number moved(0), sum(0);
    for (int j = i + 1; j <= depth; ++j) {
      moved += between(i, j) * entry("a", j) * v(j);
      sum += size(between(i, j) * entry("c", j)) * p(j);
    }
    return size(moved) + sum;
  };
  const std::function<Number(int)> q = [&](int i) -> Number {
    Number sum = size(entry("estimate", i) - exact(i + 1)) + size(between(i, depth + 1)) * s;
    for (int j = i + 1; j <= depth; ++j) sum += size(between(i, j) * entry("c", j)) * q(j);
    return sum;
  };
  Number slope(0), by_reach(0), at_rest = size(exact(1)) + size(between(0, depth + 1)) * s, squared_v(0),
                                squared_errors(0);
  for (int i = 1; i <= depth; ++i) {
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
  for (int i = 1; i <= depth; ++i)
    for (const Number& number :
         {exact(i + 1), p(i) * reach + q(i), square(between(i, depth + 1)) * variance, between(0, i) * entry("c", i),
          i == 1 ? lipschitz(i) * square(residual) : lipschitz(i)})
      values.push_back(number);
  return values;
}
// Anywhere in the box: t = T·2p/(1 + p²), and so on for each estimate and each sample: ±1 at the corners.
std::vector<InputSpec> chain_in_its_box() {
  std::vector<InputSpec> specs = chain_inputs;
  for (const InputSpec& more : {InputSpec{"way", Role::weight}, InputSpec{"off", Role::weight, Dimension::hidden},
                                InputSpec{"sample", Role::weight, Dimension::hidden_plus_one},
                                InputSpec{"alpha", Role::rate}, InputSpec{"rate", Role::variance}})
    specs.push_back(more);
  return specs;
}
Number between_minus_one_and_one(const Number& p) { return Number(2) * p / (Number(1) + p * p); }

// (w_i' − w_i^(0))² and (ê_i' − centre_i)² after one step of Algorithm 2 from anywhere in the box, and ‖g‖² in it.
Values squared_moves_in_the_box(const Inputs& in) {
  const auto chain = chain_of(in);
  const auto box = constants_of(in, magnitude);
  const auto start = column_of(in, "w"), direction = direction_of(in);
  const Number t = box.reach * between_minus_one_and_one(in.scalar("way"));
  auto problem = problem_of_chain(in);
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
  const Estimates before = problem.parameters;
  const Number learning_rate = box.largest_learning_rate / (Number(1) + in.scalar("rate"));
  reference::mcsgd_step<Number>(problem, estimates, samples, {{outer}, reference::same_for_all(n, {outer})},
                                in.scalar("alpha"), learning_rate);
  Values values;
  Number squared_gradient(0);
  for (std::size_t i = 0; i < n; ++i) {
    values.push_back(square(problem.parameters[i][0] - start[i]));
    squared_gradient += square((before[i][0] - problem.parameters[i][0]) / learning_rate);
  }
  for (std::size_t i = 0; i < n; ++i) values.push_back(square(estimates[i][0] - box.estimate_centre[i]));
  values.push_back(squared_gradient);
  return values;
}
Values squared_half_widths_of_the_box(const Inputs& in) {
  const auto box = constants_of(in, magnitude);
  Values values;
  for (const Number& direction : direction_of(in)) values.push_back(square(box.reach * direction));
  for (const Number& reach : box.estimate_reach) values.push_back(square(reach));
  values.push_back(box.gradient_bound_squared);
  return values;
}

// ---- losses of one number, F_1(w; x; y) = φ(w + y), e_1(x) = x; E e = 0, so that u = w and d = ê

using Loss = DualNumber (*)(const DualNumber& u, const Number& c);

DualNumber kinked_loss(const DualNumber& u, const Number& c) {
  const DualNumber positive = relu(u);
  return (u * u + DualNumber(c) * positive * positive) / DualNumber(2);
}
DualNumber smooth_loss(const DualNumber& u, const Number& /*c*/) {
  const DualNumber radicand = DualNumber(1) + u * u;
  return sqrt(radicand) + u / DualNumber(2);
}

reference::CompositionalProblem<Number> problem_of_loss(Loss loss, const Number& c, const Number& u, const Number& xi) {
  using Span = std::span<const Number>;
  reference::CompositionalProblem<Number> problem;
  problem.layers = {{[=](Span w, Span, Span y) { return Values{loss(DualNumber(w[0] + y[0]), c).value}; },
                     [](Span x) { return Values{x[0]}; }}};
  problem.derivatives.resize(1);
  problem.derivatives[0].by_parameters = [=](Span w, Span, Span y) {
    return Values{loss(DualNumber(w[0] + y[0], Number(1)), c).tangent};
  };
  problem.parameters = {{u}};
  problem.data = {{xi}};
  return problem;
}

// g at ê = d.
Number slope_seen(Loss loss, const Number& c, const Number& u, const Number& d) {
  const Estimates estimates = {{d}};
  return reference::oracle_gradient<Number>(problem_of_loss(loss, c, u, Number(0)), estimates, {{0}, {{0}}},
                                            reference::FactorsAfter::at_inner)[0][0];
}
Formula squared_bias(Loss loss) {
  return [=](const Inputs& in) -> Values {
    const Number c = in.has("c") ? in.scalar("c") : Number(0), &u = in.scalar("u");
    return {square(slope_seen(loss, c, u, in.scalar("d")) - slope_seen(loss, c, u, Number(0)))};
  };
}

// u'², d'² and g² of a step with γ = 1/((1 + c)(1 + rate)) from |u| ≤ 1, |d| ≤ 1, as 2p/(1 + p²), at |ξ| ≤ 1.
const std::vector<InputSpec> kinked_in_its_box = {{"u", Role::weight},      {"d", Role::mean},
                                                  {"xi", Role::activation}, {"c", Role::variance},
                                                  {"alpha", Role::rate},    {"rate", Role::variance}};
Values squared_moves_of_the_kinked(const Inputs& in) {
  const auto place = [&](const char* name) { return between_minus_one_and_one(in.scalar(name)); };
  const Number &c = in.scalar("c"), u = place("u");
  const Number learning_rate = Number(1) / ((Number(1) + c) * (Number(1) + in.scalar("rate")));
  auto problem = problem_of_loss(kinked_loss, c, u, place("xi"));
  Estimates estimates = {{place("d")}};
  reference::mcsgd_step<Number>(problem, estimates, {{0}}, {{0}, {{0}}}, in.scalar("alpha"), learning_rate);
  const Number &moved = problem.parameters[0][0], gradient = (u - moved) / learning_rate;
  return {square(moved), square(estimates[0][0]), square(gradient)};
}

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
  const Number a = sqrt(first), b = sqrt(second), product = a * b, root_product = sqrt(a) * sqrt(b);
  const Number across = Number(1) / a - Number(1) / b, x_u = u / a, x_y = y / b;
  std::vector<SquareTerm> terms = {{.root = across}};
  for (const Number& of_a : {across, x_u - x_y}) {
    for (const Number& other : {across, x_u + x_y}) terms.push_back({.root = product * of_a * other, .denominator = 4});
    for (const Number& other : {across, x_u, x_y})
      terms.push_back({.root = root_product * of_a * other, .denominator = 2});
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

Side in_words(std::string words, Formula formula) { return by_definition(std::move(words), std::move(formula)); }

const std::vector<Sizes> scalars = {{}};

std::vector<Reading> readings_of_chains() {
  std::vector<Reading> readings;
  readings.push_back(
      {.id = "printed__2__chain",
       .statement = "affine chains, any w and ê: E‖ê_i − E ê_i‖² = B_{i,n+1}² var ξ",
       .inputs = chain_inputs,
       .sizes = three_layers,
       .these_sizes_only = true,
       .left = by_reference("the variance of ê_i(w; ξ; ê) over both samples, each i", variances_of_statistics),
       .right = by_theory("B_{i,n+1}² var ξ", variances_by_theory),
       .why = "An expectation that a layer is given does not move with ξ, right or wrong; ê may be exact. "
              "σ² = max_i B_{i,n+1}² var ξ serves for all w: no box is needed for item 2."});
  Reading item_3 = inequality(
      "printed__3__chain", "affine chains, any w and ê: ‖E g − ∂f‖² ≤ L_g Σ d_i²", chain_inputs, three_layers, {},
      by_reference("‖E g − ∂f‖², both samples for ξ and each ξ′, ê wrong and exact", squared_error_of_the_gradient),
      by_theory("‖v‖² Σ(c_i B_{0,i})² · Σ d_i²", bound_of_the_gradient_s_error),
      "E g − ∂f = v Σ c_i B_{0,i} d_i, and Cauchy–Schwarz: what is left is ‖v‖² Σ_{i<j}(κ_i d_j − κ_j d_i)², κ_i = c_i "
      "B_{0,i}. No box is needed for item 3.");
  item_3.gap = gap_of_item_3;
  readings.push_back(std::move(item_3));
  readings.push_back(
      {.id = "box__chain",
       .statement = "affine chains: the box and every constant of Assumption 1 in it, for any function as |·|",
       .inputs = chain_inputs,
       .sizes = three_layers,
       .these_sizes_only = true,
       .left = by_theory("κ, margin, 1/κ, T, |r|, G², L_g, ‖v‖², and of each layer centre, reach, σ², c_i B_{0,i}, L²",
                         box_by_theory),
       .right = by_definition("the same, written out with B_{i,j}, P_i and Q_i", box_written_out),
       .why =
           "Of |·| nothing is used to put the numbers together; that they serve uses |xy| = |x||y| and |x + y| ≤ |x| "
           "+ |y|: box__chain__step."});
  readings.push_back(inequality(
      "box__chain__step",
      "affine chains, margin > 0, 0 ≤ α ≤ 1, 0 ≤ γ ≤ 1/κ: one step from anywhere in the box stays in it, with ‖g‖² ≤ "
      "G²",
      chain_in_its_box(), three_layers,
      {{.id = "there_is_a_box",
        .sentence = "the margin κ − R_1 is positive",
        .positive = [](const Inputs& in) -> Number { return constants_of(in, magnitude).margin; }}},
      by_reference("(w_i − w_i^(0))² and (ê_i − centre_i)² after a step of Algorithm 2, |ξ − E ξ| ≤ s; ‖g‖² in it",
                   squared_moves_in_the_box),
      by_theory("(T v_i)², the squared reach of each estimate, G²", squared_half_widths_of_the_box),
      "So no run that starts in it leaves it: items 1 and 4 hold on the box, and everywhere for the problem that is "
      "continued linearly outside."));
  return readings;
}

std::vector<Reading> readings_of_losses() {
  Reading kinked = inequality(
      "printed__3__kinked", "φ = ½u² + ½c max{u, 0}²: (φ′(u + d) − φ′(u))² ≤ (1 + c)² d²",
      {{"u", Role::weight}, {"d", Role::mean}, {"c", Role::variance}}, scalars, {},
      by_reference("‖E g − ∂f‖², the oracle at ê = E e + d and at E e", squared_bias(kinked_loss)),
      in_words("(1 + c)² d²",
               [](const Inputs& in) -> Values { return {square((Number(1) + in.scalar("c")) * in.scalar("d"))}; }),
      "φ′ is Lipschitz with 1 + c and no better: equality for u, u + d > 0. A kink in φ′ is within Assumption 1.");
  kinked.gap = gap_at_the_kink;
  Reading kinked_step = inequality(
      "box__kinked__step",
      "kinked, 0 ≤ α ≤ 1, 0 ≤ γ ≤ 1/(1 + c), |ξ| ≤ 1: from |u|, |d| ≤ 1 one step leads to |u|, |d| ≤ 1, g² ≤ 4(1 + c)²",
      kinked_in_its_box, scalars, {},
      by_reference("u², d² after a step of Algorithm 2, and g² in it", squared_moves_of_the_kinked),
      in_words("1, 1, 4(1 + c)²",
               [](const Inputs& in) -> Values {
                 return {Number(1), Number(1), square(Number(2) * (Number(1) + in.scalar("c")))};
               }),
      "u − γφ′(u + d) = (1 − γq)u − γqd, 1 ≤ q ≤ 1 + c: between −1 and 1 as u and −d are. |φ′(u + d)| ≤ (1 + c)·2.");
  Reading smooth_1 = inequality("printed__1__smooth", "φ = √(1 + u²) + u/2: φ′(u)² ≤ 9/4 for all u",
                                {{"u", Role::weight}}, scalars, {},
                                by_reference("g², the oracle at any ê, u = w + ê",
                                             [](const Inputs& in) -> Values {
                                               const Number none(0);
                                               return {square(slope_seen(smooth_loss, none, in.scalar("u"), none))};
                                             }),
                                in_words("9/4", [](const Inputs&) -> Values { return {Number(9) / Number(4)}; }),
                                "−1 < u/√(1 + u²) < 1, so that G = 3/2 serves with no box.");
  smooth_1.gap = gap_of_the_slope;
  Reading smooth_3 = inequality(
      "printed__3__smooth", "φ = √(1 + u²) + u/2: (φ′(u + d) − φ′(u))² ≤ d²", {{"u", Role::weight}, {"d", Role::mean}},
      scalars, {}, by_reference("‖E g − ∂f‖², the oracle at ê = E e + d and at E e", squared_bias(smooth_loss)),
      in_words("d²", [](const Inputs& in) -> Values { return {square(in.scalar("d"))}; }),
      "φ″ = (1 + u²)^(−3/2) ≤ 1: L_g = 1, and ∂f is Lipschitz with 1.");
  smooth_3.gap = gap_of_the_slopes;
  return {kinked, kinked_step, smooth_1, smooth_3};
}

std::vector<Reading> readings() {
  std::vector<Reading> readings = readings_of_chains();
  for (Reading& reading : readings_of_losses()) readings.push_back(std::move(reading));
  return readings;
}

// The named entries of layers `first` … n, counted from 1, := 0.
Hypothesis zero_from(std::string id, std::string sentence, const char* name, int first) {
  return imposing(std::move(id), std::move(sentence), [=](Inputs& in) {
    Array<Number> column = in(name);
    for (Eigen::Index layer = first - 1; layer < column.rows(); ++layer) column(layer, 0) = Number(0);
    in.set(name, column);
  });
}

}  // namespace

Claim lemma1_assumptions_of_the_zoo() {
  return {
      .title = "The test problems on which Lemma 1 and Theorem 2 are tried satisfy Assumption 1",
      .sources = {{"LL19", "Assumption 1"},
                  {"consequence", "of the problems that mcsgd_approximation_error and mcsgd_convergence run on"}},
      .notation =
          "chains: F_i = a_i w_i + b_i x + c_i y + d_i, F_1 behind ½r², e(x) = x; ξ = mean ± deviation; d_i = ê_i − E "
          "e_i(w); v_i = a_i Π_{j<i}(b_j + c_j), B_{i,j} = Π_{i<l<j} b_l, κ = Σ B_{0,i} a_i v_i, T (reach) and the "
          "margin as in theory/compositional/affine_chain_constants.hpp. Losses φ(w + ê): u = w + E e, d = ê − E e",
      .why =
          "E g − ∂f = v Σ c_i B_{0,i} d_i, and Cauchy–Schwarz. A chain's step moves t to (1 − γκ)t − γρ with |ρ| ≤ R_1 "
          "T "
          "+ R_0 ≤ κT. φ′ of a loss is Lipschitz with sup φ″: 1 + c with the kink, 1 without.",
      .explain =
          "A rate that is seen on a test problem says something of Lemma 1 or Theorem 2 only if the problem satisfies "
          "what they assume, and lemma1_assumptions shows that this is not to be had for nothing. Chains of affine "
          "layers behind a quadratic loss: the variance of the statistics (item 2) and the gradient's error as a "
          "multiple of the estimates' (item 3) have their constants for all w; the gradient is bounded (item 1) in a "
          "box, which no run that starts in it leaves, and outside of which the problem may be continued linearly, so "
          "that item 4 holds as well. Chains of three layers are decided; in a shorter one the last layers hand on "
          "what "
          "they get. One layer with a loss whose derivative has a kink stays with |u|, |d| ≤ 1, and meets item 3 with "
          "(1 + c)²; c = 0 is the quadratic loss. The smooth loss has no need of a box: G = 3/2, L_g = 1. That runs "
          "stay in their box (box__…__step) is searched for violations, not proved here; the sketch of a proof stands "
          "with the constants. With kinked losses behind two and three layers item 3 follows from one layer's, and "
          "their box is only seen in runs; so are items 1–4 for the classifier with full normalization. Item 5 holds "
          "for all of them but steady drift, whose loss is linear: there it needs Σγ_k < ∞. Item 6 is how the rates "
          "are "
          "chosen.",
      .readings = readings(),
      .mutants =
          {
              {.id = "squares_for_the_square",
               .reading = "printed__3__kinked",
               .words = "(1 + c²) d²",
               .agrees_when = imposing("no_kink", "c = 0", [](Inputs& in) { in.set("c", Number(0)); }),
               .right = [](const Inputs& in) -> Values {
                 return {(Number(1) + square(in.scalar("c"))) * square(in.scalar("d"))};
               }},
              {.id = "forgets_the_other_parameters",
               .reading = "printed__3__chain",
               .words = "v_1² Σ(c_i B_{0,i})² · Σ d_i²",
               .agrees_when = zero_from("only_w_1_matters", "a_2 = a_3 = 0", "a", 2),
               .right = bound_of_so_many(1, n)},
              {.id = "forgets_the_last_estimate",
               .reading = "printed__3__chain",
               .words = "‖v‖² Σ_{i<n}(c_i B_{0,i})² · Σ d_i²",
               .agrees_when = zero_from("last_estimate_is_not_used", "c_3 = 0", "c", n),
               .right = bound_of_so_many(n, n - 1)},
              {.id = "statistics_move_with_the_sample",
               .reading = "printed__2__chain",
               .words = "(Π_{i<l}(b_l + c_l))² var ξ",
               .agrees_when = zero_from("estimates_are_not_used", "c = 0", "c", 1),
               .right = variances_through_the_statistics},
          },
  };
}

}  // namespace normproof::claims
