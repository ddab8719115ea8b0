// Claim: Σγ_k E‖∂f(w^(k))‖² stays bounded for a < 2γ − 1, a < 1/2 and γ_k L_g/α_{k+1} ≤ 1/2.
//
// Source       LL19 Theorem 2, Assumption 1, Lemma 1
// Notation     γ_k ~ k^(−γ), α_k ~ k^(−a); θ the growth exponent: Σ γ_k E‖∂f‖² over 2^j ≤ k < 2^(j+1) behaves like
//              2^(θj), so that the whole sum is bounded exactly for θ < 0. One layer: u = w + m, d = ê − E e, φ′(u) =
//              u + c max{u, 0} (kinked) or u/√(1 + u²) + 1/2 (smooth), g = φ′(u + d), ∂f = φ′(u); ξ = m ± 1
// Hypotheses   Assumption 1 and no more: derivatives are Lipschitz, kinks are allowed
//
//     affine layers, quadratic loss   E‖∂f‖² ~ γ_k:             bounded for γ > 1/2
//     φ‴ ≠ 0 at the minimum           E‖∂f‖² ~ α_k² + γ_k:      grows for γ + 2a ≤ 1, a part of the printed region
//     φ′ with a kink there            E‖∂f‖² ~ α_k + γ_k:       grows for γ + a ≤ 1, a larger part of it
//     repaired                        γ + a > 1, γ > a:         bounded under Assumption 1, rates of these very orders
//     reversed                        a < 2γ − 1, a > 1/2:      bounded, a part of the repaired region
//     kinked, one layer, K ≤ 3        both bounds that the proof gives, against all 2^K paths of Algorithm 2
//
// Why. The descent of f needs Σγ_k E‖ê − E e‖² < ∞. By Lemma 1 that is Σ k^(−γ)(k^(−2γ+2a) + k^(−a)), and a < 2γ − 1
// with a < 1/2 makes k^(−a) the larger; Σ k^(−γ−a) converges for γ + a > 1 only, which they do not give. Nor is it an
// artefact of the proof: at a kink the mean of g is off by (c/2)E|d| ~ √α_k however many samples are averaged, w
// settles where ∂f ~ √α_k, and Σγ_kα_k has to be paid. For the repair weigh d_i² by c_i k^(a−γ), which falls, c_i
// growing with i. The one-step bound (9) alone is not enough, it leaves Σγ_k³/α_k². Split the drift: by item 4 E e has
// a Lipschitz derivative, so that given ê^(k) the mean of δ is at most Lγ_k(‖∂f‖ + √(L_g Σd²)) + O(γ_k²) and its square
// O(γ_k²). Then Σγ_k E d² ≤ O(1) + O(Σ(γ_kα_k + γ_k³/α_k + γ_k(γ_k/α_k)² E‖∂f‖²)): the descent of f absorbs the last
// part, since γ_k/α_k → 0, and the middle one is finite because 3γ − a > 2γ > 1. Neither a < 2γ − 1 nor a < 1/2 is
// used. This proof is by hand; readings decide its steps where the oracle is linear or has one kink, and whole runs
// elsewhere.
// The printed conditions fit another argument: (9) added to the descent with a constant weight. The ratio
// condition makes ½γ_k L_g at most ¼α_{k+1}, which the contraction absorbs, and Σ(k^(−2γ+a) + k^(−2a)) is left: a < 2γ
// − 1, and a > 1/2, the reverse of what is printed. LL19's proof is in a supplement that we have not seen.
#include "proofs_checks/inputs/compositional_problem.hpp"
#include "proofs_checks/simulation/growth_readings.hpp"
#include "theory/compositional/tracking_bounds.hpp"

#include <cmath>

namespace normproof::claims {

using namespace inputs;

namespace {

Number square(const Number& a) { return a * a; }
// The same condition as theory's clamps have: of each sign that is asked for twice the exact engine counts two.
Number magnitude(const Number& a) { return select_positive(a, a, -a); }

// ---- one layer, F_1(w; x; y) = φ(w + y), e_1(x) = x, one sample 0: then u = w and d = ê

const std::vector<InputSpec> one_layer = {{"u", Role::weight}, {"d", Role::mean}, {"c", Role::variance}};
const std::vector<InputSpec> one_layer_step = {
    {"u", Role::weight}, {"d", Role::mean}, {"c", Role::variance}, {"rate", Role::variance}};
const std::vector<Sizes> scalars = {{}};

// φ(u) = ½u² + ½c max{u, 0}².
template <class T>
T kinked(const T& u, const T& c) {
  const T positive = relu(u);
  return (u * u + c * positive * positive) / T(2);
}
// φ(u) = ½c u²: c its curvature.
template <class T>
T quadratic(const T& u, const T& c) {
  return c * u * u / T(2);
}
template <class T>
using Loss = T (*)(const T& u, const T& c);

template <class T>
reference::CompositionalLayer<T> tracking_layer(Loss<T> phi, const T& c) {
  using Span = std::span<const T>;
  return {[=](Span w, Span, Span y) {
            const T u = w[0] + y[0];
            return std::vector<T>{phi(u, c)};
          },
          [](Span x) { return std::vector<T>(x.begin(), x.end()); }};
}

reference::CompositionalProblem<Number> tracking_problem(const Inputs& in, Loss<Number> phi, Loss<DualNumber> moved) {
  reference::CompositionalProblem<Number> problem;
  problem.layers = {tracking_layer<Number>(phi, in.scalar("c"))};
  problem.derivatives = {derivatives_of(tracking_layer<DualNumber>(moved, DualNumber(in.scalar("c"))))};
  problem.parameters = {{in.scalar("u")}};
  problem.data = {{Number(0)}};
  return problem;
}

// g at ê = d.
Number oracle(const Inputs& in, Loss<Number> phi, Loss<DualNumber> moved) {
  const auto problem = tracking_problem(in, phi, moved);
  const Estimates estimates = {{in.scalar("d")}};
  return reference::oracle_gradient<Number>(problem, estimates, {{0}, {{0}}}, reference::FactorsAfter::at_inner)[0][0];
}

Number loss_after_the_step(const Inputs& in, Loss<Number> phi, Loss<DualNumber> moved) {
  auto problem = tracking_problem(in, phi, moved);
  Estimates estimates = {{in.scalar("d")}};  // kept by α = 0
  reference::mcsgd_step<Number>(problem, estimates, {{0}}, {{0}, {{0}}}, Number(0), in.scalar("rate"));
  return phi(problem.parameters[0][0], in.scalar("c"));
}

Number kinked_slope(const Number& u, const Number& c) { return u + c * relu(u); }

Hypothesis kink_is_gone() {
  return imposing("no_kink", "c = 0", [](Inputs& in) { in.set("c", Number(0)); });
}
Hypothesis rate_is_small() {
  return imposing("rate_is_small", "γ(1 + c) ≤ 1, as γ = 1/((1 + c)(1 + a number ≥ 0))", [](Inputs& in) {
    in.set("rate", Number(1) / ((Number(1) + in.scalar("c")) * (Number(1) + in.scalar("rate"))));
  });
}
Hypothesis estimate_is_exact() {
  return imposing("estimate_is_exact", "d = 0", [](Inputs& in) { in.set("d", Number(0)); });
}

std::vector<Reading> one_step_at_a_time() {
  Reading oracle_of_kinked = {
      .id = "kinked__oracle",
      .statement = "g = (1 + c/2)(u + d) + (c/2)|u + d|",
      .inputs = one_layer,
      .sizes = scalars,
      .left = by_reference("Algorithm 2's oracle at ê = m + d",
                           [](const Inputs& in) -> Values { return {oracle(in, kinked<Number>, kinked<DualNumber>)}; }),
      .right = by_theory("(1 + c/2)(u + d) + (c/2)|u + d|",
                         [](const Inputs& in) -> Values {
                           const Number sum = in.scalar("u") + in.scalar("d"), half = in.scalar("c") / Number(2);
                           return {(Number(1) + half) * sum + half * theory::magnitude_of<Number>(sum)};
                         }),
      .why =
          "Its mean over d, E d = 0, is (1 + c/2)u + (c/2)E|u + d| ≥ (1 + c/2)u + (c/2)(E|d| − |u|): off by the order "
          "of E|d| ~ √α_k. With weights √α_k, summation by parts and Cauchy–Schwarz: Σγ_k E φ′(u_k)² ≥ κ Σγ_kα_k − "
          "O(1)."};
  Reading pointwise = {
      .id = "kinked__oracle__at_least",
      .statement = "(1 + c/2)(u + d) + (c/2)(|d| − |u|) ≤ g",
      .inputs = one_layer,
      .sizes = scalars,
      .left = by_theory("(1 + c/2)(u + d) + (c/2)(|d| − |u|)",
                        [](const Inputs& in) -> Values {
                          const Number &u = in.scalar("u"), &d = in.scalar("d"), &c = in.scalar("c");
                          return {(Number(1) + c / Number(2)) * (u + d) + theory::kink_left<Number>(u, d, c)};
                        }),
      .relation = Relation::at_most,
      .right =
          by_reference("Algorithm 2's oracle at ê = m + d",
                       [](const Inputs& in) -> Values { return {oracle(in, kinked<Number>, kinked<DualNumber>)}; }),
      .why = "|u + d| ≥ |d| − |u|."};
  Reading box = {.id = "kinked__box",
                 .statement = "u − γg = (1 − γM)u + γM(−d), M = 1 + c where u + d > 0, else 1",
                 .inputs = one_layer_step,
                 .sizes = scalars,
                 .left = by_reference("u − γ times Algorithm 2's oracle",
                                      [](const Inputs& in) -> Values {
                                        return {in.scalar("u") -
                                                in.scalar("rate") * oracle(in, kinked<Number>, kinked<DualNumber>)};
                                      }),
                 .right = by_definition("(1 − γM)u − γM d",
                                        [](const Inputs& in) -> Values {
                                          const Number &u = in.scalar("u"), &d = in.scalar("d");
                                          const Number m = Number(1) + in.scalar("c") * relu_slope(u + d);
                                          const Number weight = in.scalar("rate") * m;
                                          return {(Number(1) - weight) * u - weight * d};
                                        }),
                 .why =
                     "For γ(1 + c) ≤ 1 a weighted mean of u and −d: with |ξ − m| ≤ 1, |d| and |u| stay at most 1 once "
                     "they are. Items 1 and 2 of Assumption 1 follow with G = 2(1 + c) and σ = 1."};
  Reading descent = {
      .id = "quadratic__descent_step",
      .statement = "φ(u) = ½c u²: f(u − γg) ≤ f(u) − (γ/2)∂f² + (γ/2)c²d² + (c/2)γ²g²",
      .inputs = one_layer_step,
      .sizes = scalars,
      .left = by_reference("f after line 4 of Algorithm 2, ê = m + d kept",
                           [](const Inputs& in) -> Values {
                             return {loss_after_the_step(in, quadratic<Number>, quadratic<DualNumber>)};
                           }),
      .relation = Relation::at_most,
      .right = by_definition("½c u² − (γ/2)(c u)² + (γ/2)(c d)² + (c/2)(γ c (u + d))²",
                             [](const Inputs& in) -> Values {
                               const Number &u = in.scalar("u"), &d = in.scalar("d"), &c = in.scalar("c");
                               const Number half_rate = in.scalar("rate") / Number(2);
                               return {quadratic<Number>(u, c) - half_rate * square(c * u) + half_rate * square(c * d) +
                                       c / Number(2) * square(in.scalar("rate") * c * (u + d))};
                             }),
      .gap = [](const Inputs& in) -> std::vector<SquareTerm> {
        return {
            {.root = in.scalar("c") * (in.scalar("u") + in.scalar("d")), .nonnegative = {"rate"}, .denominator = 2}};
      },
      .why =
          "−∂f·g = −½∂f² − ½g² + ½(g − ∂f)². Summed over k: ½Σγ_k E‖∂f‖² ≤ f(w_0) − inf f + ½L_g Σγ_k E d² + O(Σγ_k²): "
          "what the theorem needs of Lemma 1 is that Σγ_k E d² converges."};
  Reading kinked_descent = descent;
  kinked_descent.id = "kinked__descent_step";
  kinked_descent.statement = "kinked φ: f(u − γg) ≤ f(u) − (γ/2)∂f² + (γ/2)(1 + c)²d² + ((1 + c)/2)γ²g²";
  kinked_descent.left = by_reference("f after line 4 of Algorithm 2, ê = m + d kept", [](const Inputs& in) -> Values {
    return {loss_after_the_step(in, kinked<Number>, kinked<DualNumber>)};
  });
  kinked_descent.right =
      by_definition("φ(u) − (γ/2)φ′(u)² + (γ/2)((1 + c)d)² + ((1 + c)/2)(γφ′(u + d))²", [](const Inputs& in) -> Values {
        const Number &u = in.scalar("u"), &d = in.scalar("d"), &c = in.scalar("c");
        const Number half_rate = in.scalar("rate") / Number(2), l = Number(1) + c;
        return {kinked<Number>(u, c) - half_rate * square(kinked_slope(u, c)) + half_rate * square(l * d) +
                l / Number(2) * square(in.scalar("rate") * kinked_slope(u + d, c))};
      });
  kinked_descent.gap = {};
  kinked_descent.why = "φ′ is Lipschitz with 1 + c, and |φ′(u + d) − φ′(u)| ≤ (1 + c)|d|: L_g = (1 + c)².";
  Reading slack = {
      .id = "kinked__oracle__slack",
      .statement = "g − (1 + c/2)(u + d) − (c/2)(|d| − |u|) = (c/2)(|u + d| − |d| + |u|)",
      .inputs = one_layer,
      .sizes = scalars,
      .left = by_theory("φ′(u + d) − (1 + c/2)(u + d) less (c/2)(|d| − |u|)",
                        [](const Inputs& in) -> Values {
                          const Number &u = in.scalar("u"), &d = in.scalar("d"), &c = in.scalar("c");
                          return {theory::kink_right<Number>(u, d, c) - theory::kink_left<Number>(u, d, c)};
                        }),
      .right = by_definition("(c/2)(|u + d| − |d| + |u|)",
                             [](const Inputs& in) -> Values {
                               const Number &u = in.scalar("u"), &d = in.scalar("d");
                               return {in.scalar("c") / Number(2) * (magnitude(u + d) - magnitude(d) + magnitude(u))};
                             }),
      .why =
          "kinked__oracle__at_least loses c|u| at most, and nothing where u and d have different signs and |u| ≤ |d|."};
  Reading step = {.id = "kinked__step",
                  .statement = "kinked φ: Algorithm 2 with α = 0 goes from u to u − γφ′(u + d), where f = φ",
                  .inputs = one_layer_step,
                  .sizes = scalars,
                  .left = by_reference("f after line 4 of Algorithm 2, ê = m + d kept",
                                       [](const Inputs& in) -> Values {
                                         return {loss_after_the_step(in, kinked<Number>, kinked<DualNumber>)};
                                       }),
                  .right = by_theory("φ(u − γφ′(u + d))",
                                     [](const Inputs& in) -> Values {
                                       return {theory::descent_left<Number>(in.scalar("u"), in.scalar("d"),
                                                                            in.scalar("c"), in.scalar("rate"))};
                                     }),
                  .why = "φ and φ′ in closed form, from which the bounds of the sum are made."};
  Reading small_rate = kinked_descent;
  small_rate.id = "kinked__descent_step__small_rate";
  small_rate.statement = "kinked φ, γ(1 + c) ≤ 1: f(u − γg) ≤ f(u) − (γ/2)∂f² + (γ/2)(1 + c)²d²";
  small_rate.hypotheses = {rate_is_small()};
  small_rate.right = by_theory("φ(u) − (γ/2)φ′(u)² + (γ/2)((1 + c)d)²", [](const Inputs& in) -> Values {
    return {theory::descent_right<Number>(in.scalar("u"), in.scalar("d"), in.scalar("c"), in.scalar("rate"))};
  });
  small_rate.why =
      "Of kinked__descent_step's −(γ/2)g² and ((1 + c)/2)γ²g² nothing positive is left. Summed, with φ ≥ 0, it is "
      "kinked__upper_bound.";
  Reading written_out = {
      .id = "kinked__descent_step__written_out",
      .statement = "what bounds f(u − γg) is φ(u) − (γ/2)φ′(u)² + (γ/2)(1 + c)²d², φ = ½u² + ½c max{u, 0}²",
      .inputs = one_layer_step,
      .sizes = scalars,
      .left = small_rate.right,
      .right = by_definition("φ(u) − (γ/2)φ′(u)² + (γ/2)((1 + c)d)², φ′ by cases",
                             [](const Inputs& in) -> Values {
                               const Number &u = in.scalar("u"), &d = in.scalar("d"), &c = in.scalar("c");
                               const Number half_rate = in.scalar("rate") / Number(2);
                               return {kinked<Number>(u, c) - half_rate * square(kinked_slope(u, c)) +
                                       half_rate * square((Number(1) + c) * d)};
                             }),
      .why = "Of kinked__descent_step it is all but ((1 + c)/2)γ²g²."};
  return {oracle_of_kinked, pointwise, slack, box, descent, kinked_descent, step, small_rate, written_out};
}

// ---- both bounds of the sum, after K steps (outputs in the sizes)

// u_0 is u; ξ = m ± 1, m = 0; d_0 = 0.
std::vector<InputSpec> bound_inputs() {
  return {{"u", Role::weight},
          {"c", Role::variance},
          {"alpha", Role::rate, Dimension::outputs},
          {"rate", Role::variance, Dimension::outputs},
          {"weight", Role::variance, Dimension::outputs}};
}

theory::TrackingBounds<Number> bounds_after(const Inputs& in, Eigen::Index steps) {
  auto bounds = theory::tracking_start<Number>(in.scalar("c"), in.scalar("u"), in("weight")(0));
  for (Eigen::Index k = 0; k < steps; ++k)
    bounds = theory::advance<Number>(bounds, in("alpha")(k), in("rate")(k), in("weight")(k));
  return bounds;
}

// The means over all sign paths of Algorithm 2, step after step, of d_{k+1}² and its square, |φ′(u_k)| and φ′(u_k)².
struct PathMeans {
  Values second, fourth, slope, squared_slope;
};
void follow_all_paths(const Inputs& in, const reference::CompositionalProblem<Number>& problem,
                      const Estimates& estimates, std::size_t k, const Number& chance, PathMeans& means) {
  if (k == means.second.size()) return;
  const auto row = static_cast<Eigen::Index>(k);
  const Estimates exact = exact_estimates(problem);
  const Number slope =
      reference::oracle_gradient<Number>(problem, exact, {{0}, {{0}}}, reference::FactorsAfter::at_inner)[0][0];
  means.slope[k] += chance * magnitude(slope);
  means.squared_slope[k] += chance * square(slope);
  for (const int sample : {0, 1}) {
    auto next = problem;
    Estimates moved = estimates;
    reference::mcsgd_step<Number>(next, moved, {{sample}}, {{sample}, {{sample}}}, in("alpha")(row), in("rate")(row));
    const Number error = square(moved[0][0] - exact[0][0]), half = chance / Number(2);
    means.second[k] += half * error;
    means.fourth[k] += half * square(error);
    follow_all_paths(in, next, moved, k + 1, half, means);
  }
}
PathMeans means_of_all_paths(const Inputs& in) {
  auto problem = tracking_problem(in, kinked<Number>, kinked<DualNumber>);
  problem.data = {{Number(-1)}, {Number(1)}};
  const Values zeros(static_cast<std::size_t>(in.sizes.outputs), Number(0));
  PathMeans means = {zeros, zeros, zeros, zeros};
  follow_all_paths(in, problem, {{Number(0)}}, 0, Number(1), means);
  return means;
}

// E d² and E d⁴ alone: no path of w is asked for, and no sign.
PathMeans errors_of_all_paths(const Inputs& in) {
  reference::CompositionalProblem<Number> problem;
  problem.layers = {tracking_layer<Number>(quadratic<Number>, Number(1))};
  problem.parameters = {{in.scalar("u")}};
  problem.data = {{Number(-1)}, {Number(1)}};
  const Values zeros(static_cast<std::size_t>(in.sizes.outputs), Number(0));
  PathMeans means = {zeros, zeros, {}, {}};
  std::vector<Estimates> paths = {{{Number(0)}}};
  for (std::size_t k = 0; k < zeros.size(); ++k) {
    std::vector<Estimates> longer;
    for (const Estimates& path : paths)
      for (const int sample : {0, 1}) {
        longer.push_back(path);
        reference::update_estimates<Number>(problem, {{sample}}, in("alpha")(static_cast<Eigen::Index>(k)),
                                            longer.back());
      }
    paths = longer;
    const Number count(static_cast<int>(paths.size()));
    for (const Estimates& path : paths) {
      means.second[k] += square(path[0][0]) / count;
      means.fourth[k] += square(square(path[0][0])) / count;
    }
  }
  return means;
}

Number smaller(const Number& a, const Number& b) { return select_positive(a - b, b, a); }
Number larger(const Number& a, const Number& b) { return select_positive(a - b, a, b); }

// E d_K², E d_K⁴; l_K.
Values written_out_errors(const Inputs& in) {
  const PathMeans means = errors_of_all_paths(in);
  const Number &c = in.scalar("c"), &u = in.scalar("u");
  Number loss = kinked<Number>(u, c);
  for (std::size_t k = 0; k < means.second.size(); ++k) {
    const Number& rate = in("rate")(static_cast<Eigen::Index>(k));
    loss = loss - rate * loss + rate * square(Number(1) + c) * means.second[k] / Number(2);
  }
  return {means.second.back(), means.fourth.back(), loss};
}

// tracked, slope_weight, and what is above S.
Values written_out_sums(const Inputs& in) {
  const PathMeans means = errors_of_all_paths(in);
  const Number &c = in.scalar("c"), &u = in.scalar("u");
  Number tracked(0), weights(0), errors(0);
  for (std::size_t k = 0; k < means.second.size(); ++k) {
    const auto row = static_cast<Eigen::Index>(k);
    const Number &rate = in("rate")(row), &weight = in("weight")(row), &second = means.second[k];
    const Number ratio = second / means.fourth[k];
    tracked += rate * weight * second * sqrt(ratio);
    weights += rate * weight * weight;
    errors += rate * second;
  }
  const Number slope = square(Number(1) + c), positive = relu(u);
  return {c / Number(2) * tracked, slope * weights, u * u + c * positive * positive + slope * errors};
}

// v_0 u_0 + Σ_{k≥1} (v_{k−1} − v_k) b_k + v_K b_{K+1}, steps counted from 0 to K.
Values written_out_forgone(const Inputs& in) {
  const PathMeans means = errors_of_all_paths(in);
  const Number &c = in.scalar("c"), &u = in.scalar("u");
  const Number box = larger(magnitude(u), Number(1));
  Number loss = kinked<Number>(u, c), forgone = in("weight")(0) * u;
  for (std::size_t k = 0; k < means.second.size(); ++k) {
    const auto row = static_cast<Eigen::Index>(k);
    const Number& rate = in("rate")(row);
    loss = (Number(1) - rate) * loss + rate / Number(2) * square(Number(1) + c) * means.second[k];
    const Number squared = Number(2) * loss;
    const Number mean = smaller(sqrt(squared), box);
    const bool last = k + 1 == means.second.size();
    forgone += (last ? in("weight")(row) : in("weight")(row)-in("weight")(row + 1)) * mean;
  }
  return {forgone};
}

std::vector<Sizes> step_counts(int most) {
  std::vector<Sizes> sizes;
  for (int steps = 1; steps <= most; ++steps) sizes.push_back({.outputs = steps});
  return sizes;
}

Hypothesis all_rates_are_small() {
  return imposing("rates_are_small", "γ_k(1 + c) ≤ 1, as γ_k = 1/((1 + c)(1 + a number ≥ 0))", [](Inputs& in) {
    Array<Number> rates = in("rate");
    for (Eigen::Index k = 0; k < rates.size(); ++k)
      rates(k) = Number(1) / ((Number(1) + in.scalar("c")) * (Number(1) + rates(k)));
    in.set("rate", rates);
  });
}
Hypothesis weights_never_increase() {
  return imposing("weights_never_increase", "v_0 ≥ v_1 ≥ … ≥ 0, as sums of numbers ≥ 0", [](Inputs& in) {
    Array<Number> weights = in("weight");
    for (Eigen::Index k = weights.size() - 1; k-- > 0;) weights(k) = weights(k) + weights(k + 1);
    in.set("weight", weights);
  });
}

std::vector<Reading> bounds_of_the_sum() {
  Reading errors = {
      .id = "kinked__bounds__errors",
      .statement = "E d_{k+1}², E d_{k+1}⁴ and l_{k+1} = (1 − γ)l_k + (γ/2)(1 + c)² E d_{k+1}², k = 0, 1",
      .inputs = bound_inputs(),
      .sizes = step_counts(2),
      .these_sizes_only = true,
      .left = by_theory("the recursions for E d², E d⁴, l",
                        [](const Inputs& in) -> Values {
                          const auto at = bounds_after(in, in.sizes.outputs);
                          return {at.second, at.fourth, at.loss};
                        }),
      .right = by_reference("Algorithm 2, line 2, on all sign paths, and l written out", written_out_errors),
      .why = "ξ = ±1, so that E ζ⁴ = 1; l bounds E φ(u_k), by kinked__descent_step__small_rate and φ′² ≥ 2φ."};
  Reading sums = errors;
  sums.id = "kinked__bounds__sums";
  sums.statement =
      "(c/2)Σγv(E d²)^(3/2)/(E d⁴)^(1/2), (1 + c)²Σγv² and 2φ(u_0) + (1 + c)²Σγ E d² after 1 and 2 steps, any v";
  sums.left = by_theory("the sums that the measured bounds are made of", [](const Inputs& in) -> Values {
    const auto at = bounds_after(in, in.sizes.outputs);
    const auto lower = theory::tracking_lower_bound<Number>(at);
    return {lower.tracked, lower.slope_weight, theory::tracking_upper_bound<Number>(at)};
  });
  sums.right = by_reference("E d², E d⁴ of Algorithm 2 on all sign paths, and the sums written out", written_out_sums);
  sums.why = "By Hölder (E d²)^(3/2)/(E d⁴)^(1/2) ≤ E|d|.";
  Reading forgone = sums;
  forgone.id = "kinked__bounds__forgone";
  forgone.statement =
      "v_0u_0 + Σ(v_{k−1} − v_k)b_k + v_K b_{K+1}, b_k = min{max{1, |u_0|}, √(2l_k)}, after 1 and 2 steps, any v";
  forgone.left = by_theory("what summation by parts leaves at the ends", [](const Inputs& in) -> Values {
    return {theory::tracking_lower_bound<Number>(bounds_after(in, in.sizes.outputs)).forgone};
  });
  forgone.right = by_reference("E d² of Algorithm 2 on all sign paths, and the sum written out", written_out_forgone);
  forgone.why = "Σ v_k(E u_k − E u_{k+1}), summed by parts; |E u_k| ≤ b_k.";

  Reading upper = {
      .id = "kinked__upper_bound__enumerated",
      .statement = "γ_k(1 + c) ≤ 1: Σ_{k<K} γ_k E φ′(u_k)² ≤ 2φ(u_0) + (1 + c)²Σγ_k E d_{k+1}², K = 1, 2, 3",
      .inputs = bound_inputs(),
      .sizes = step_counts(3),
      .these_sizes_only = true,
      .hypotheses = {all_rates_are_small()},
      .left = by_reference("the sum on all 2^K sign paths of Algorithm 2",
                           [](const Inputs& in) -> Values {
                             const PathMeans means = means_of_all_paths(in);
                             Number sum(0);
                             for (std::size_t k = 0; k < means.squared_slope.size(); ++k)
                               sum += in("rate")(static_cast<Eigen::Index>(k)) * means.squared_slope[k];
                             return {sum};
                           }),
      .relation = Relation::at_most,
      .right = by_theory("2φ(u_0) + (1 + c)²Σγ_k E d_{k+1}²",
                         [](const Inputs& in) -> Values {
                           return {theory::tracking_upper_bound<Number>(bounds_after(in, in.sizes.outputs))};
                         }),
      .why = "kinked__descent_step__small_rate, summed. kinked__upper_bound measures the right side."};
  Reading lower = upper;
  lower.id = "kinked__lower_bound__enumerated";
  lower.statement =
      "γ_k(1 + c) ≤ 1, v never increases: tracked − forgone ≤ (1 + c)Σγ_k v_k E|φ′(u_k)|, and (tracked − forgone)₊² ≤ "
      "slope_weight · Σγ_k E φ′(u_k)², K = 1, 2, 3";
  lower.hypotheses = {all_rates_are_small(), weights_never_increase()};
  lower.left = by_theory("tracked − forgone, (tracked − forgone)₊²", [](const Inputs& in) -> Values {
    const auto bound = theory::tracking_lower_bound<Number>(bounds_after(in, in.sizes.outputs));
    const Number room = bound.tracked - bound.forgone;
    return {room, square(relu(room))};
  });
  lower.right = by_reference("both sums on all 2^K sign paths of Algorithm 2, times (1 + c) and slope_weight",
                             [](const Inputs& in) -> Values {
                               const PathMeans means = means_of_all_paths(in);
                               const Number slope = Number(1) + in.scalar("c");
                               Number first(0), second(0), weights(0);
                               for (std::size_t k = 0; k < means.slope.size(); ++k) {
                                 const auto row = static_cast<Eigen::Index>(k);
                                 const Number &rate = in("rate")(row), &weight = in("weight")(row);
                                 first += rate * weight * means.slope[k];
                                 second += rate * means.squared_slope[k];
                                 weights += rate * weight * weight;
                               }
                               return {slope * first, slope * slope * weights * second};
                             });
  lower.why =
      "kinked__oracle__at_least on average, times γ_k v_k and summed by parts; then Cauchy–Schwarz. "
      "kinked__lower_bound measures (tracked − forgone)₊²/slope_weight.";
  return {errors, sums, forgone, upper, lower};
}

// ---- along whole runs

using simulation::Measurement;
using simulation::Quantity;
using simulation::RateExponents;

constexpr const char* sums = "Σ γ_k E‖∂f(w^(k))‖² over an octave";
constexpr const char* bounded = "θ < 0: the sum is bounded";

const std::vector<std::string> chains = {"chain_1", "chain_2", "chain_3"};
// Of the printed region, and of the repaired one beyond it.
const std::vector<RateExponents> spread = {{0.6, 0.1}, {0.65, 0.2}, {0.9, 0.2}, {0.8, 0.4}};
const std::vector<RateExponents> beyond = {{0.6, 0.5}, {0.7, 0.6}, {0.8, 0.7}, {0.95, 0.8}, {0.55, 0.5}};

double step_of_the_grid(evidence::Effort effort) {
  switch (effort) {
    case evidence::Effort::quick: return 0.2;
    case evidence::Effort::standard: return 0.1;
    case evidence::Effort::deep: break;
  }
  return 0.05;
}

// θ is distance(rates) below what is stated.
using Distance = double (*)(const RateExponents& rates);
double to_the_kinked_line(const RateExponents& rates) { return std::fabs(rates.gamma + rates.a - 1); }
double to_the_smooth_line(const RateExponents& rates) { return std::fabs(rates.gamma + 2 * rates.a - 1); }
double to_one_half(const RateExponents& rates) { return std::fabs(2 * rates.gamma - 1); }

std::vector<GrowthPoint> stated_bounded(const std::vector<std::string>& problems,
                                        const std::vector<RateExponents>& everywhere, Distance distance,
                                        evidence::Effort effort, Quantity quantity = Quantity::weighted_gradient) {
  std::vector<GrowthPoint> points;
  for (const std::string& problem : problems)
    for (const RateExponents& rates : simulation::distinct(everywhere))
      points.push_back(simulation::bounded(simulation::measured({.problem = problem,
                                                                 .rates = rates,
                                                                 .quantity = quantity,
                                                                 .last_octave = simulation::last_octave(effort)}),
                                           distance(rates)));
  return points;
}

template <class Keep>
std::vector<RateExponents> only(std::vector<RateExponents> points, Keep keep) {
  std::vector<RateExponents> kept;
  for (const RateExponents& rates : points)
    if (keep(rates)) kept.push_back(rates);
  return kept;
}

// γ + a > 1, γ > a, γ ≤ 1: inside Theorem 2's region and outside of it, and beside the line γ + a = 1.
std::vector<RateExponents> repaired_region(evidence::Effort effort) {
  std::vector<RateExponents> points = only(simulation::printed_region(step_of_the_grid(effort)),
                                           [](const RateExponents& r) { return r.gamma + r.a > 1.02; });
  points.insert(points.end(), beyond.begin(), beyond.end());
  for (const RateExponents& beside : simulation::beside_the_line(1, step_of_the_grid(effort)))
    if (beside.gamma + beside.a > 1) points.push_back(beside);
  return points;
}

std::vector<RateExponents> just_outside(evidence::Effort effort) {
  return only(simulation::beside_the_line(1, step_of_the_grid(effort)),
              [](const RateExponents& r) { return r.gamma + r.a < 1; });
}

std::vector<GrowthPoint> stated_growing(std::vector<GrowthPoint> points) {
  for (GrowthPoint& point : points) {
    point.lowest = 0;
    point.highest = std::numeric_limits<double>::infinity();
  }
  return points;
}

std::vector<GrowthPoint> join(std::vector<GrowthPoint> points, const std::vector<GrowthPoint>& more) {
  points.insert(points.end(), more.begin(), more.end());
  return points;
}

Reading three_layers() {
  Reading reading = simulation::growth_reading(
      "repaired__three_layers", "a kinked loss behind two statistics, of which one follows the other: bounded", sums,
      bounded,
      [](evidence::Effort effort) {
        return stated_bounded({"kinked_three_layers"}, {{0.9, 0.3}, {0.8, 0.4}, {1, 0.2}, {0.7, 0.6}, {0.8, 0.7}},
                              to_the_kinked_line, effort);
      },
      "E ‖ê_1 − E e_1‖² is of the order α_k as well; it takes longer to look like it, and its allowance is a choice.");
  return reading;
}

std::vector<Reading> along_runs() {
  return {
      simulation::growth_reading(
          "printed",
          "a < 2γ − 1, a < 1/2, γ_k L_g/α_{k+1} ≤ 1/2: bounded, for every problem that satisfies Assumption 1", sums,
          bounded,
          [](evidence::Effort effort) {
            const auto region = simulation::printed_region(step_of_the_grid(effort));
            return join(stated_bounded(chains, region, to_one_half, effort),
                        join(stated_bounded({"kinked"}, region, to_one_half, effort),
                             stated_bounded({"smooth", "kinked_two_layers"}, spread, to_one_half, effort)));
          },
          "It grows for kinked losses where γ + a < 1 (kinked__lower_bound), and for smooth ones where γ + 2a < 1."),
      simulation::growth_reading(
          "affine_chains__printed_region", "affine layers and a quadratic loss: bounded in the whole printed region",
          sums, bounded,
          [](evidence::Effort effort) {
            return stated_bounded(chains, simulation::printed_region(step_of_the_grid(effort)), to_one_half, effort);
          },
          "The oracle is linear in the errors, whose mean vanishes: E‖∂f‖² ~ γ_k, θ = 1 − 2γ for γ < 1. No sampling."),
      simulation::growth_reading(
          "smooth__printed_region", "smooth losses: bounded in the whole printed region", sums, bounded,
          [](evidence::Effort effort) {
            auto points = simulation::printed_region(step_of_the_grid(effort));
            for (const RateExponents& beside : simulation::beside_the_line(2, 0.05))
              if (simulation::in_printed_region(beside)) points.push_back(beside);
            return stated_bounded({"smooth"}, points, to_one_half, effort);
          },
          "E φ′(u* + d) ≈ ½φ‴(u*) E d²: a bias of the order α_k, and Σγ_kα_k² diverges for γ + 2a ≤ 1, as at γ = 0.6, "
          "a = 0.1."),
      simulation::growth_reading(
          "smooth__repaired", "smooth losses: bounded for γ + 2a > 1, γ > 1/2, in the printed region", sums, bounded,
          [](evidence::Effort effort) {
            auto points = only(simulation::printed_region(step_of_the_grid(effort)),
                               [](const RateExponents& r) { return r.gamma + 2 * r.a > 1.02; });
            for (const RateExponents& beside : simulation::beside_the_line(2, 0.05))
              if (simulation::in_printed_region(beside) && beside.gamma + 2 * beside.a > 1) points.push_back(beside);
            return stated_bounded({"smooth"}, points, to_the_smooth_line, effort);
          },
          "A bias of the order α_k asks for Σγ_kα_k² < ∞ only."),
      simulation::growth_reading(
          "kinked__lower_bound", "kinked loss, γ + a ≤ 0.85: the proved lower bound of the sum grows without bound",
          "growth over an octave of ((c/2)Σγ_k√α_k E|d| − B)²/((1 + c)²Σγ_kα_k) ≤ Σγ_k E‖∂f‖²",
          "θ ≥ 0: the sum diverges",
          [](evidence::Effort effort) {
            const auto points = only(simulation::printed_region(step_of_the_grid(effort) / 2),
                                     [](const RateExponents& r) { return r.gamma + r.a < 0.86; });
            return stated_growing(
                stated_bounded({"kinked"}, points, to_the_kinked_line, effort, Quantity::proved_lower_bound));
          },
          "Proved for every k, no sampling: E d² and E d⁴ by their recursions, E|d| ≥ (E d²)^(3/2)/(E d⁴)^(1/2). As E "
          "d² ≥ α_k/2 and E d⁴ ≤ 3(E d²)², the bound is at least κΣγ_kα_k − O(1) for every k."),
      simulation::growth_reading(
          "kinked__upper_bound", "kinked loss, γ + a > 1, γ > a: the proved upper bound of the sum stays bounded",
          "growth over an octave of 2f(w_0) + (1 + c)²Σγ_k E d² ≥ Σγ_k E‖∂f‖²", bounded,
          [](evidence::Effort effort) {
            return stated_bounded({"kinked"}, repaired_region(effort), to_the_kinked_line, effort,
                                  Quantity::proved_upper_bound);
          },
          "kinked__descent_step summed; E d² ≤ α_k (mcsgd_approximation_error): Σγ_kα_k and Σγ_k² converge."),
      simulation::growth_reading(
          "repaired",
          "γ + a > 1 and γ > a, with rates of exactly these orders: bounded, inside and outside the printed region",
          sums, bounded,
          [](evidence::Effort effort) {
            const auto region = repaired_region(effort);
            std::vector<RateExponents> some = beyond;
            for (const RateExponents& rates : spread)
              if (rates.gamma + rates.a > 1) some.push_back(rates);
            return join(
                stated_bounded(chains, region, to_one_half, effort),
                join(stated_bounded({"kinked"}, region, to_the_kinked_line, effort),
                     stated_bounded({"quadratic", "smooth", "kinked_two_layers"}, some, to_the_kinked_line, effort)));
          },
          "The claim's head comment has the proof, weights k^(a−γ) on the squared errors. a < 2γ − 1 and a < 1/2 are "
          "not needed: points without them are among these. The one-layer problems have no drift (for kinked the "
          "proved upper bound decides); chains and kinked_two_layers have, with affine e: no curved e is among them."),
      three_layers(),
      simulation::growth_reading(
          "reversed__a_above_half", "a < 2γ − 1 and a > 1/2, the reverse of the printed a < 1/2: bounded", sums,
          bounded,
          [](evidence::Effort effort) {
            const std::vector<RateExponents> region = {{0.8, 0.55}, {0.9, 0.6}, {0.9, 0.75}, {1, 0.55}, {1, 0.9}};
            return join(stated_bounded(chains, region, to_one_half, effort),
                        stated_bounded({"kinked", "kinked_two_layers", "smooth"}, region, to_the_kinked_line, effort));
          },
          "Then Σ(k^(−2γ+a) + k^(−2a)) converges, and (9) with a constant weight proves it. γ > (1 + a)/2 > 3/4 lies "
          "inside the repaired region. Corollary 3's a = 2/5 does not satisfy it."),
      simulation::growth_reading(
          "just_outside", "kinked losses at γ + a = 0.9: the sum grows (0.95 is measured, too near to be decided)",
          sums, "θ ≥ 0: it is not bounded",
          [](evidence::Effort effort) {
            auto points = stated_growing(stated_bounded({"kinked"}, just_outside(effort), to_the_kinked_line, effort));
            return points;
          },
          "Proved for every γ + a ≤ 1 by kinked__oracle and kinked__lower_bound: on the line itself Σγ_kα_k ~ log k "
          "still diverges. So γ + a > 1 cannot be weakened."),
      simulation::growth_reading(
          "biased_oracle", "an oracle that is wrong at exact estimates, by a constant: bounded in the repaired region",
          sums, bounded,
          [](evidence::Effort effort) {
            std::vector<GrowthPoint> points;
            for (const RateExponents& rates : {RateExponents{0.8, 0.4}, {0.9, 0.3}})
              points.push_back(simulation::bounded(simulation::measured({.problem = "quadratic",
                                                                         .rates = rates,
                                                                         .last_octave = simulation::last_octave(effort),
                                                                         .oracle_bias = 0.25}),
                                                   to_the_kinked_line(rates)));
            return points;
          },
          "It violates item 3 for every L_g; E‖∂f‖² tends to the squared bias, θ = 1 − γ. Planted: the check sees it."),
  };
}

}  // namespace

Claim mcsgd_convergence() {
  std::vector<Reading> readings = one_step_at_a_time();
  for (Reading& reading : bounds_of_the_sum()) readings.push_back(std::move(reading));
  for (Reading& reading : along_runs()) readings.push_back(std::move(reading));
  return {
      .title = "MCSGD converges: Σγ_k E‖∂f(w^(k))‖² stays bounded",
      .sources = {{"LL19", "Theorem 2"}, {"LL19", "Assumption 1"}},
      .notation =
          "γ_k = γ₀ (k + 2)^(−γ), α_k = (k + 1)^(−a); γ₀ = 1/(2L_g) in the units of e in which γ_k L_g/α_{k+1} ≤ 1/2 "
          "(simulation/zoo.hpp). θ the growth exponent: the sum over 2^j ≤ k < 2^(j+1) behaves like 2^(θj). One layer: "
          "u = w + m, d = ê − E e, g = φ′(u + d), ∂f = φ′(u); M a slope. Of the bounds of the sum, K steps (outputs in "
          "the sizes): v_k ≥ 0 (`weight`) any weights, l_k ≥ E φ(u_k) and b_k ≥ |E u_k|; tracked = (c/2)Σγ_k v_k (E "
          "d_{k+1}²)^(3/2)/(E d_{k+1}⁴)^(1/2), forgone = what kinked__bounds__forgone states, slope_weight = (1 + "
          "c)²Σγ_k v_k²; (·)₊ = max{·, 0}",
      .why =
          "Descent: ½Σγ_k E‖∂f‖² ≤ f(w_0) − inf f + ½L_g Σγ_k E d² + O(Σγ_k²). With E d² ~ α_k that converges for γ + "
          "a > 1; in general the drift part of E d² is split into what the descent absorbs and Σγ_k³/α_k (head comment "
          "of the claim). It is not the proof alone that needs this: for a loss with a kink at its minimum Σγ_k E‖∂f‖² "
          "≥ κΣγ_kα_k − O(1).",
      .explain =
          "Theorem 2 says that the gradients, weighted by the step sizes, have a bounded sum whenever a < 2γ − 1 and a "
          "< 1/2. Corollary 3's rates, γ = 4/5 and a = 2/5, are such, and there it is true. In the whole printed "
          "region it is not. MCSGD's gradient is computed at wrong estimates, whose squared error is about α_k ~ "
          "k^(−a). If the gradient depended linearly on them, as for affine layers with a quadratic loss, the errors "
          "would average out. If it bends, as it does where a third derivative is not zero, they leave a bias of the "
          "order α_k; if it has a kink, which Assumption 1 allows (derivatives have to be Lipschitz, no more), one of "
          "the order √α_k. The weights then settle where the true gradient equals that bias, and Σγ_k times its square "
          "is Σγ_kα_k² or Σγ_kα_k: it diverges for γ + 2a ≤ 1 or γ + a ≤ 1, and both cut into the printed region (γ = "
          "0.65, a = 0.2 is in it). The repaired condition is γ + a > 1, with γ > a as Assumption 1 has it anyway and "
          "rates of exactly these orders; then nothing else is needed. Together with a < 2γ − 1 the printed a < 1/2 "
          "makes k^(−a) the larger of Lemma 1's two terms, but Σγ_k k^(−a) need not converge. The three printed "
          "conditions look like those under which (9), added to the descent with a constant weight, can be summed; "
          "that argument needs 2a > 1, the opposite of a < 1/2 (reversed__a_above_half). LL19's proof is in a "
          "supplement that we have not seen. `normproof reproduce theorem2_map` draws the map.",
      .readings = readings,
      .mutants =
          {
              {.id = "no_kink",
               .reading = "kinked__oracle",
               .words = "u + d",
               .agrees_when = kink_is_gone(),
               .right = [](const Inputs& in) -> Values { return {in.scalar("u") + in.scalar("d")}; }},
              {.id = "kink_seen_without_error",
               .reading = "kinked__oracle",
               .words = "(1 + c/2)(u + d) + (c/2)|u|",
               .agrees_when = estimate_is_exact(),
               .right = [](const Inputs& in) -> Values {
                 const Number &u = in.scalar("u"), half = in.scalar("c") / Number(2);
                 return {(Number(1) + half) * (u + in.scalar("d")) + half * magnitude(u)};
               }},
              {.id = "weights_forget_the_kink",
               .reading = "kinked__box",
               .words = "(1 − γ)u − γd",
               .agrees_when = kink_is_gone(),
               .right = [](const Inputs& in) -> Values {
                 return {(Number(1) - in.scalar("rate")) * in.scalar("u") - in.scalar("rate") * in.scalar("d")};
               }},
              {.id = "forgets_the_error",
               .reading = "quadratic__descent_step",
               .words = "½c u² − (γ/2)(c u)² + (c/2)(γ c (u + d))²",
               .agrees_when = estimate_is_exact(),
               .right = [](const Inputs& in) -> Values {
                 const Number &u = in.scalar("u"), &c = in.scalar("c");
                 return {quadratic<Number>(u, c) - in.scalar("rate") / Number(2) * square(c * u) +
                         c / Number(2) * square(in.scalar("rate") * c * (u + in.scalar("d")))};
               }},
          },
  };
}

}  // namespace normproof::claims
