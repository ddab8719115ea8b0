// Claim: all bounded critical points of the halfspace objective lie on the line of S⁻¹u.
//
// Source       WIKI, learning halfspace problem (Kohler et al. 2018): "all critical points lie on the same line, for
//              any choice of loss function φ"
// Notation     z = u + Fg Gaussian, Σ = FFᵀ, S = Σ + uuᵀ; f(w̃) = E φ(zᵀw̃); m = uᵀw̃, v = w̃ᵀΣw̃. Here u = Σd: S d = (1 +
//              uᵀd)u, so the line of S⁻¹u is that of d. n = w̃ − (uᵀw̃/uᵀd) d is what of w̃ lies off the line: uᵀn = 0,
//              and ‖n‖_S² = nᵀSn = nᵀΣn is 0 exactly on it. q is a direction of a derivative
// Hypotheses   z Gaussian, φ infinitely differentiable with bounded derivative, f ζ-smooth with a bounded minimiser
//
//     ∇f(w̃) = 0   ⇒   w̃ = g S⁻¹u for some number g?
//
// Why. nᵀ∇f(w̃) = c₁uᵀn + c₂nᵀSw̃ = E φ″(zᵀw̃)‖n‖_S². So a critical point lies on the line if E φ″ ≠ 0 there; and dᵀ∇f =
// E φ′ uᵀd + E φ″ uᵀw̃, so E φ″ = 0 at a critical point means E φ′ = 0 too, if u ≠ 0 (uᵀd = dᵀΣd > 0). The line is
// therefore sure where E φ′ and E φ″ of N(m, v) have no common zero: for convex φ that are not affine (E φ″ > 0), for
// monotone φ that are not constant (E φ′ ≠ 0). If they have one, at some (m, v), every w̃ with uᵀw̃ = m and w̃ᵀΣw̃ = v is
// critical. m² ≤ v uᵀd by Cauchy and Schwarz: there is none for v < m²/uᵀd; one for v = m²/uᵀd, on the line; for v >
// m²/uᵀd two points in two dimensions, a sphere in more, all off the line. In one dimension all is the line.
//     Such a φ: φ(s) = (1/4 − s²)e^{−s²/2}, and φ(s/b) for every b. It is even, bounded, with all derivatives bounded,
// and tends to 0 from below, so f has a bounded minimiser on every line. With k = 1 + v,
//     f = e^{−m²/(2k)} k^{−1/2} (1/4 − v/k − m²/k²),      at m = 0: ∂f along q = (3/4)(v − 3)k^{−5/2} wᵀΣq,
// so every w̃ with uᵀw̃ = 0 and w̃ᵀSw̃ = 3 is critical: at right angles, in the geometry of S, to the line.
#include "proofs_checks/inputs/gaussian_halfspace.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

const InputSpec solution = {"d", Role::weight, Dimension::one, Dimension::channels};
const InputSpec direction = {"q", Role::direction, Dimension::one, Dimension::channels};
const InputSpec exponent = {"a", Role::scale};

theory::Vector<Number> vector_of(const Inputs& in, const char* name) { return as_vector<Number>(in(name)); }

Hypothesis mean_of(int divisor) {
  return defining("mean_in_range", "u = Σd, d any vector: every u, if Σ is not singular", [=](Inputs& in) {
    const theory::Vector<Number> u = theory::moment_times<Number>(covariance_of_z(in, divisor), vector_of(in, "d"));
    Array<Number> row(1, u.size());
    for (Eigen::Index k = 0; k < u.size(); ++k) row(k) = u(k);
    in.set("u", row);
  });
}
Array<Number> off_the_line(const Inputs& in) {
  const Number share = dot<Number>(in("u"), in("w")) / dot<Number>(in("u"), in("d"));
  Array<Number> n = in("w");
  for (Eigen::Index k = 0; k < n.size(); ++k) n(k) -= share * in("d")(k);
  return n;
}
Number squared_distance(const Inputs& in, int divisor) {
  const theory::Vector<Number> n = as_vector<Number>(off_the_line(in));
  return theory::moment_product<Number>(moments_of_z(in, divisor), n, n);
}
// w̃ := n.
Hypothesis weights_across() {
  return imposing("weights_across", "uᵀw̃ = 0", [](Inputs& in) { in.set("w", off_the_line(in)); });
}

// ∇f along `name`, an input that is put in beforehand.
template <class Objective>
Formula derivative_by_definition(Objective objective, Array<Number> (*along)(const Inputs&)) {
  const Side side = derivative_along(Witness::definition, "", "w", "along", objective);
  return [=](const Inputs& in) {
    Inputs with = in;
    with.set("along", along(in));
    return side.formula(with);
  };
}
Array<Number> along_d(const Inputs& in) { return in("d"); }

const auto polynomial_objective = [](const auto& in) {
  return mean_over_points(in, true, [&](const auto& s) { return polynomial_at(in("c"), s, 0); });
};
const auto exponential_objective = [](const auto& in) {
  using T = std::decay_t<decltype(in.scalar("a"))>;
  const T a = in.scalar("a");
  const T argument = a * mean_of_projection(in) + a * a * variance_of_projection(in, 1) / T(2);
  return exp(argument);
};
Number polynomial_expectation(const Inputs& in, int order) {
  return polynomial_mean<Number>(in("c"), mean_of_projection(in), variance_of_projection(in, 3), order);
}

// ---- the double well

const InputSpec squared_width = {"square", Role::variance};

// φ(s) = (1/4 − s²/B)e^{−s²/(2B)}: in units of √B, so that m² and v come divided by B, the input `square`.
const auto well_objective = [](const auto& in) {
  using T = std::decay_t<decltype(in("w")(0))>;
  const T m = mean_of_projection(in), square = in.scalar("square");
  const T v = variance_of_projection(in, 1) / square, k = T(1) + v, m2 = m * m / square;
  const T argument = -m2 / (T(2) * k);
  return exp(argument) / sqrt(k) * (T(1) / T(4) - v / k - m2 / (k * k));
};
std::vector<Reading> double_well() {
  const std::vector<InputSpec> inputs = {factor_of_z(), solution, halfspace_weights()};
  Reading printed = {
      .id = "printed__any_loss",
      .statement =
          "φ(s) = (1/4 − s²/B)e^{−s²/(2B)}, B = w̃ᵀSw̃/3: the critical points w̃ with uᵀw̃ = 0 lie on the line, "
          "(w̃ᵀSw̃)(dᵀSd) "
          "= (w̃ᵀSd)²",
      .inputs = inputs,
      .sizes = {{.channels = 2}, {.channels = 3}},
      .hypotheses = {mean_of(1), weights_across(), covariance_not_singular()},
      .left = by_theory("(w̃ᵀSw̃)(dᵀSd)",
                        [](const Inputs& in) -> Values {
                          const auto s = moments_of_z(in, 1);
                          const auto w = vector_of(in, "w"), d = vector_of(in, "d");
                          return {theory::moment_product<Number>(s, w, w) * theory::moment_product<Number>(s, d, d)};
                        }),
      .right = by_theory("(w̃ᵀSd)²",
                         [](const Inputs& in) -> Values {
                           const auto s = moments_of_z(in, 1);
                           const Number product =
                               theory::moment_product<Number>(s, vector_of(in, "w"), vector_of(in, "d"));
                           return {product * product};
                         }),
      .algebraic_identity = true,
      .why =
          "Cauchy–Schwarz is an equality exactly on the line. That these points are critical is the reading "
          "double_well__slope; all of WIKI's conditions on φ and f are met, and S > 0."};
  Reading slope = printed;
  slope.id = "double_well__slope";
  slope.algebraic_identity = false;
  slope.statement =
      "φ(s) = (1/4 − s²/B)e^{−s²/(2B)}, uᵀw̃ = 0: qᵀ∇f = (3/4)(v − 3)(1 + v)^(−5/2) w̃ᵀSq/B, v = w̃ᵀSw̃/B, so 0 where v = "
      "3";
  slope.inputs = {factor_of_z(), solution, halfspace_weights(), direction, squared_width};
  slope.hypotheses = {mean_of(1), weights_across()};
  slope.left = derivative_along(Witness::definition, "the derivative of E φ(N(m, v)), in closed form, along q", "w",
                                "q", well_objective);
  slope.right =
      by_theory("(3/4)(v − 3)(1 + v)^(−5/2) e^{−m²/(2B(1 + v))} w̃ᵀSq/B, m = 0", [](const Inputs& in) -> Values {
        const Number m = mean_of_projection(in), &square = in.scalar("square");
        const Number v = variance_of_projection(in, 1) / square, k = Number(1) + v;
        const Number argument = -(m * m / square) / (Number(2) * k);
        return {Number(3) / Number(4) * (v - Number(3)) / (k * k * sqrt(k)) * exp(argument) *
                theory::moment_product<Number>(moments_of_z(in, 1), vector_of(in, "w"), vector_of(in, "q")) / square};
      });
  slope.why = "f is even in m, so only v counts at m = 0; along it f falls until v = 3 and rises after.";
  return {printed, slope};
}

std::vector<Reading> identities() {
  Reading distance = {
      .id = "repaired",
      .statement = "‖n‖_S² = nᵀ∇f(w̃)/E φ″(zᵀw̃) wherever E φ″ ≠ 0: there ∇f = 0 puts w̃ on the line",
      .inputs = {factor_of_z(), solution, halfspace_weights(), polynomial()},
      .sizes = {{.channels = 1, .outputs = polynomial_degree}, {.channels = 2, .outputs = polynomial_degree}},
      .hypotheses = {mean_of(3)},
      .left = by_theory("‖n‖_S²", [](const Inputs& in) -> Values { return {squared_distance(in, 3)}; }),
      .right = by_definition("nᵀ∇f/E φ″, ∇f the derivative of E over points of degree 5",
                             [](const Inputs& in) -> Values {
                               const Number slope = derivative_by_definition(polynomial_objective, off_the_line)(in)[0];
                               return {slope / polynomial_expectation(in, 2)};
                             }),
      .why =
          "uᵀn = 0 leaves nᵀ∇f = E φ″ nᵀSw̃ = E φ″ ‖n‖_S². Convex φ that are not affine have E φ″ > 0 everywhere. (φ a "
          "polynomial of degree "
          "≤ "
          "5; the next reading has all others.)"};
  Reading exponential = distance;
  exponential.id = "repaired__exponentials";
  exponential.statement = "nᵀ∇f(w̃) = E φ″(zᵀw̃)‖n‖_S² for φ(s) = e^{as}, every a, and so for all φ that they span";
  exponential.inputs = {factor_of_z(), solution, halfspace_weights(), exponent};
  exponential.sizes = {{.channels = 2}, {.channels = 3}};
  exponential.hypotheses = {mean_of(1)};
  exponential.left = by_definition("nᵀ∇f, the derivative of e^{am + a²v/2} along n",
                                   derivative_by_definition(exponential_objective, off_the_line));
  exponential.right = by_theory("a² e^{am + a²v/2}‖n‖_S²", [](const Inputs& in) -> Values {
    return {in.scalar("a") * in.scalar("a") * exponential_objective(in) * squared_distance(in, 1)};
  });
  exponential.why = {};
  Reading monotone = exponential;
  monotone.id = "monotone_losses";
  monotone.statement = "dᵀ∇f(w̃) = E φ′ uᵀd + E φ″ uᵀw̃: at a critical point E φ″ = 0 needs E φ′ = 0, if u ≠ 0";
  monotone.left = by_definition("dᵀ∇f, the derivative of e^{am + a²v/2} along d",
                                derivative_by_definition(exponential_objective, along_d));
  monotone.right = by_theory("(a uᵀd + a² uᵀw̃) e^{am + a²v/2}", [](const Inputs& in) -> Values {
    const Number& a = in.scalar("a");
    return {(a * dot<Number>(in("u"), in("d")) + a * a * mean_of_projection(in)) * exponential_objective(in)};
  });
  monotone.why =
      "uᵀd = dᵀΣd > 0. Where φ is monotone and not constant, E φ′ ≠ 0, and all critical points are on the line. "
      "For u = 0 the line is the point 0, and an odd φ makes f constant: u ≠ 0 is needed.";
  return {distance, exponential, monotone};
}

}  // namespace

Claim halfspace_critical_line() {
  std::vector<Reading> readings = double_well();
  for (Reading& reading : identities()) readings.push_back(std::move(reading));
  return {
      .title = "All bounded critical points of E φ(zᵀw̃), z Gaussian, are multiples of S⁻¹u",
      .sources = {{"WIKI", "learning halfspace problem, critical points"}},
      .notation =
          "z = u + Fg, g standard normal, Σ = FFᵀ, S = Σ + uuᵀ, u = Σd (so that S⁻¹u is a multiple of d); m = uᵀw̃, v = "
          "w̃ᵀΣw̃; n = w̃ − (uᵀw̃/uᵀd)d, what of w̃ lies off the line; polynomials φ(s) = Σ c_k s^k/k!, and then `factor` "
          "is √3F",
      .why =
          "nᵀ∇f = E φ″(zᵀw̃)‖n‖_S². A critical point off the line needs E φ″ = 0, and then E φ′ = 0 as well. For φ(s) = "
          "(1/4 − "
          "s²)e^{−s²/2} both vanish at m = 0, v = 3.",
      .explain =
          "The gradient is c₁u + c₂Sw̃. If it is zero and c₂ = E φ″ is not, w̃ is −(c₁/c₂)S⁻¹u. The article forgets the "
          "case c₂ "
          "= 0. For a convex loss it does not occur unless the loss is affine; for a monotone one that is not constant "
          "it "
          "cannot occur at a critical point, if u is not 0. But “any choice of loss function” is too much: the "
          "W-shaped φ(s) = (1/4 − s²)e^{−s²/2} is infinitely "
          "differentiable with bounded derivatives and has a bounded minimiser along every line, and every w̃ with uᵀw̃ "
          "= 0 and "
          "w̃ᵀSw̃ = 3 is a critical point, at right angles to the line. The weakest condition, in two dimensions or more "
          "and for "
          "u ≠ 0, is that E φ′ and E φ″ of N(m, v) do not vanish together at any (m, v) with v > m²/uᵀd; at v = m²/uᵀd "
          "the critical point is on the line.",
      .readings = readings,
      .mutants =
          {
              {.id = "slope_for_curvature",
               .reading = "repaired__exponentials",
               .words = "E φ′ in the place of E φ″",
               .agrees_when = imposing("a_one", "a = 1", [](Inputs& in) { in.set("a", Number(1)); }),
               .right = [](const Inputs& in) -> Values {
                 return {in.scalar("a") * exponential_objective(in) * squared_distance(in, 1)};
               }},
              {.id = "whole_length",
               .reading = "repaired__exponentials",
               .words = "‖w̃‖_S² for ‖n‖_S²",
               .agrees_when = weights_across(),
               .right = [](const Inputs& in) -> Values {
                 const auto w = vector_of(in, "w");
                 return {in.scalar("a") * in.scalar("a") * exponential_objective(in) *
                         theory::moment_product<Number>(moments_of_z(in, 1), w, w)};
               }},
              {.id = "slope_alone",
               .reading = "monotone_losses",
               .words = "E φ′ uᵀd",
               .agrees_when = weights_across(),
               .right = [](const Inputs& in) -> Values {
                 return {in.scalar("a") * dot<Number>(in("u"), in("d")) * exponential_objective(in)};
               }},
          },
  };
}

}  // namespace normproof::claims
