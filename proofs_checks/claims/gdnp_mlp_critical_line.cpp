// Claim: the critical points of each hidden unit's weights lie on the line of S⁻¹u.
//
// Source       WIKI, neural networks (Kohler et al. 2018): "Consider fixed Θ and optimizing only W̃, it can be shown
//              that the critical points of f_NN of a particular hidden unit i all align along one line"
// Notation     two units, w = w̃₁, w2 = w̃₂; z = −yx ~ N(u, Σ), S = Σ + uuᵀ; s_i = zᵀw̃_i; f = E G(s₁, s₂), G = l(θ₁φ(s₁)
//              + θ₂φ(s₂)), φ = tanh; B_ij = E ∂_i∂_jG. u = Σd: the line of S⁻¹u is that of d; n_i = w̃_i − (uᵀw̃_i/uᵀd)d
//              is what of w̃_i lies off it, uᵀn_i = 0
// Hypotheses   z Gaussian, Θ fixed
//
//     ∇_i f = 0   ⇒   w̃_i = c S⁻¹u?      (for one unit with the others fixed; for all of them jointly)
//
// Why. ∇_i f = (…)u + Σ_j B_ij Sw̃_j (theory/decoupling/hidden_units.hpp), so n_kᵀ∇_i f = Σ_j B_ij n_kᵀSn_j.
//     One unit: at a point on the line n₁ = 0, n₂ᵀ∇₁f = B₁₂‖n₂‖_S² with B₁₂ = θ₁θ₂ E[l″φ′φ′]. For every strictly
// convex l and θ₁θ₂ ≠ 0 that is not 0 unless n₂ = 0: while the other unit is off the line, no critical point of this
// one is on it.
//     Such a point exists for tanh and the logistic loss: on a rectangle of directions and lengths that has no point of
// the line, pᵀ∇₁f (pᵀSw = 0) and ∂_γ f change their signs between opposite sides (inputs/tanh_network.hpp).
//     Jointly: ∇₁f = ∇₂f = 0 gives B(n_kᵀSn_1, n_kᵀSn_2)ᵀ = 0, so n = 0 if B is invertible. It need not be: with θ₂ =
// −θ₁, w̃₁ = w̃₂ and a loss with l′(0) = 0, F is 0 everywhere and every w̃ is critical for both units.
#include "proofs_checks/inputs/hidden_units.hpp"
#include "proofs_checks/inputs/tanh_network.hpp"
#include "proofs_checks/numbers/elementary.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

const InputSpec solution = {"d", Role::weight, Dimension::one, Dimension::channels};
const InputSpec direction = {"x", Role::direction, Dimension::one, Dimension::channels};

theory::Vector<Number> vector_of(const Inputs& in, const char* name) { return as_vector<Number>(in(name)); }

Hypothesis mean_in_range() {
  return defining("mean_in_range", "u = Σd", [](Inputs& in) {
    const theory::Vector<Number> u = theory::moment_times<Number>(covariance_of_z(in, 1), vector_of(in, "d"));
    Array<Number> row(1, u.size());
    for (Eigen::Index k = 0; k < u.size(); ++k) row(k) = u(k);
    in.set("u", row);
  });
}
Array<Number> off_the_line(const Inputs& in, const char* unit) {
  const Number share = dot<Number>(in("u"), in(unit)) / dot<Number>(in("u"), in("d"));
  Array<Number> n = in(unit);
  for (Eigen::Index k = 0; k < n.size(); ++k) n(k) -= share * in("d")(k);
  return n;
}
Number product_by_moments(const Inputs& in, const Array<Number>& a, const Array<Number>& b) {
  return theory::moment_product<Number>(moments_of_z(in, 1), as_vector<Number>(a), as_vector<Number>(b));
}
Hypothesis first_unit_on_the_line() {
  return imposing("first_on_the_line", "w̃₁ is on the line: w̃₁ = g d", [](Inputs& in) {
    Array<Number> w = in("d");
    for (Eigen::Index k = 0; k < w.size(); ++k) w(k) *= in.scalar("g");
    in.set("w", w);
  });
}
Hypothesis second_unit_across() {
  return imposing("second_across", "uᵀw̃₂ = 0", [](Inputs& in) { in.set("w2", off_the_line(in, "w2")); });
}

// The derivative of E G along `along` in one unit's weights, exactly.
Number derivative(const Inputs& in, const char* unit, const Array<Number>& along) {
  Inputs with = in;
  with.set("along", along);
  return derivative_along(Witness::definition, "", unit, "along", [](const auto& at) { return mean_of_units(at); })
      .formula(with)[0];
}
Number slope_by_theory(const Inputs& in, const Array<Number>& along) {
  const std::vector<theory::Vector<Number>> weights = {vector_of(in, "w"), vector_of(in, "w2")};
  const std::vector<Number> bends = {mean_of_units(in, 2, 0), mean_of_units(in, 1, 1)};
  return theory::plain_product<Number>(
      as_vector<Number>(along),
      theory::unit_gradient<Number>(moments_of_z(in, 1), vector_of(in, "u"), weights, mean_of_units(in, 1, 0), bends));
}

std::vector<Reading> identities() {
  std::vector<InputSpec> with_direction = two_units(), with_line = two_units(), on_line = two_units();
  with_direction.push_back(direction);
  with_line.push_back(solution);
  on_line.push_back(solution);
  on_line.push_back({"g", Role::scale});
  Reading gradient = {
      .id = "gradient_of_a_unit",
      .statement = "xᵀ∇₁f = xᵀ[(E ∂₁G − Σ_j B₁ⱼ uᵀw̃_j)u + Σ_j B₁ⱼ Sw̃_j] for sums of exponentials G",
      .inputs = with_direction,
      .sizes = {{.channels = 1}, {.channels = 2}},
      .left = by_definition("the derivative of E G along x",
                            [](const Inputs& in) -> Values { return {derivative(in, "w", in("x"))}; }),
      .right = by_theory("Stein's identity", [](const Inputs& in) -> Values { return {slope_by_theory(in, in("x"))}; }),
      .why = "The other unit's weights are in the span: the gradient is not one of u and Sw̃₁ alone."};
  Reading on_the_line = gradient;
  on_the_line.id = "one_unit__slope_on_the_line";
  on_the_line.statement = "w̃₁ on the line: n₂ᵀ∇₁f = B₁₂‖n₂‖_S², so no critical point there if B₁₂ ≠ 0 and w̃₂ is off it";
  on_the_line.inputs = on_line;
  on_the_line.sizes = {{.channels = 2}};
  on_the_line.hypotheses = {mean_in_range(), first_unit_on_the_line()};
  on_the_line.left = by_definition("the derivative of E G along n₂ in w̃₁", [](const Inputs& in) -> Values {
    return {derivative(in, "w", off_the_line(in, "w2"))};
  });
  on_the_line.right = by_theory("B₁₂‖n₂‖_S²", [](const Inputs& in) -> Values {
    const Array<Number> n = off_the_line(in, "w2");
    return {mean_of_units(in, 1, 1) * product_by_moments(in, n, n)};
  });
  on_the_line.why =
      "For tanh and a strictly convex l, B₁₂ = θ₁θ₂ E[l″φ′φ′] ≠ 0: the logistic loss has no critical point of "
      "one unit on the line as long as the other is off it.";
  Reading jointly = on_the_line;
  jointly.id = "repaired";
  jointly.statement =
      "(B₁₁B₂₂ − B₁₂²) n_kᵀSn₁ = B₂₂ n_kᵀ∇₁f − B₁₂ n_kᵀ∇₂f: jointly critical, B invertible ⇒ all units on the line";
  jointly.inputs = with_line;
  jointly.hypotheses = {mean_in_range()};
  jointly.left = by_theory("(B₁₁B₂₂ − B₁₂²) n_kᵀSn₁, k = 1, 2", [](const Inputs& in) -> Values {
    const Number mixed = mean_of_units(in, 1, 1);
    const Number determinant = mean_of_units(in, 2, 0) * mean_of_units(in, 0, 2) - mixed * mixed;
    const Array<Number> first = off_the_line(in, "w"), second = off_the_line(in, "w2");
    return {determinant * product_by_moments(in, first, first), determinant * product_by_moments(in, second, first)};
  });
  jointly.right = by_definition("B₂₂ n_kᵀ∇₁f − B₁₂ n_kᵀ∇₂f by derivatives of E G", [](const Inputs& in) -> Values {
    Values values;
    for (const char* unit : {"w", "w2"}) {
      const Array<Number> n = off_the_line(in, unit);
      values.push_back(mean_of_units(in, 0, 2) * derivative(in, "w", n) -
                       mean_of_units(in, 1, 1) * derivative(in, "w2", n));
    }
    return values;
  });
  jointly.why = "Cramer's rule for B(n_kᵀSn₁, n_kᵀSn₂)ᵀ = (n_kᵀ∇₁f, n_kᵀ∇₂f)ᵀ; for more units likewise.";
  return {jointly, on_the_line, gradient};
}

// ---- F = 0: l(t) = t²/2, θ₂ = −θ₁, w̃₁ = w̃₂

Hypothesis units_are_equal() {
  return imposing("units_equal", "w̃₁ = w̃₂", [](Inputs& in) { in.set("w2", in("w")); });
}

std::vector<Reading> cancelling_units() {
  const std::vector<InputSpec> inputs = {factor_of_z(), solution, halfspace_weights()};
  Reading one = {
      .id = "printed__one_unit",
      .statement = "l(t) = t²/2, θ₂ = −θ₁, w̃₂ = w̃₁, where ∇₁f = 0: w̃₁ lies on the line, (w̃₁ᵀSw̃₁)(dᵀSd) = (w̃₁ᵀSd)²",
      .inputs = inputs,
      .sizes = {{.channels = 2}, {.channels = 3}},
      .hypotheses = {mean_in_range()},
      .left = by_theory("(w̃₁ᵀSw̃₁)(dᵀSd)",
                        [](const Inputs& in) -> Values {
                          return {product_by_moments(in, in("w"), in("w")) * product_by_moments(in, in("d"), in("d"))};
                        }),
      .right = by_theory("(w̃₁ᵀSd)²",
                         [](const Inputs& in) -> Values {
                           const Number product = product_by_moments(in, in("w"), in("d"));
                           return {product * product};
                         }),
      .algebraic_identity = true,
      .why =
          "F = 0 everywhere, so every w̃₁ = w̃₂ is critical, whatever the data (cancelling_units__slope). For "
          "strictly convex losses without l′(0) = 0, such as the logistic one: one_unit__slope_on_the_line. t²/2 does "
          "not tell right labels from wrong ones; WIKI asks nothing of l."};
  Reading jointly = one;
  jointly.id = "printed__all_units";
  jointly.statement =
      "l(t) = t²/2, θ₂ = −θ₁, w̃₂ = w̃₁, where ∇₁f = ∇₂f = 0: both lie on the line, (w̃ᵀSw̃)(dᵀSd) = (w̃ᵀSd)²";
  jointly.why = "The same points are critical for both units at once. B is singular there: B₁₁ = B₂₂ = −B₁₂.";
  Reading slope = one;
  slope.id = "cancelling_units__slope";
  slope.algebraic_identity = false;
  slope.statement = "l(t) = t²/2, w̃₁ = w̃₂: xᵀ∇₁f = θ₁(θ₁ + θ₂) E[φφ′(zᵀw̃) zᵀx], 0 for θ₂ = −θ₁; φ = tanh, any z";
  slope.inputs = {mean_of_z(), factor_of_z(),           halfspace_weights(),    second_unit(),
                  direction,   {"theta1", Role::scale}, {"theta2", Role::scale}};
  slope.sizes = {{.channels = 1}, {.channels = 2}};
  slope.hypotheses = {units_are_equal()};
  slope.left = derivative_along(Witness::definition,
                                "the derivative of the mean of ½(θ₁ tanh zᵀw̃₁ + θ₂ tanh zᵀw̃₂)² along x in w̃₁", "w", "x",
                                [](const auto& in) {
                                  using T = std::decay_t<decltype(in.scalar("theta1"))>;
                                  BasicInputs<T> other = in;
                                  other.set("w", in("w2"));
                                  std::vector<T> fixed;
                                  mean_over_points(other, false, [&](const T& s) {
                                    fixed.push_back(tanh(s));
                                    return s;
                                  });
                                  std::size_t point = 0;
                                  return mean_over_points(in, false, [&](const T& s) {
                                    const T f = in.scalar("theta1") * tanh(s) + in.scalar("theta2") * fixed[point++];
                                    return f * f / T(2);
                                  });
                                });
  slope.right =
      by_theory("θ₁(θ₁ + θ₂) times the derivative of the mean of ½ tanh²(zᵀw̃)", [](const Inputs& in) -> Values {
        // E[φφ′(zᵀw̃) zᵀx], z over its points: x enters as the direction in which the weights move.
        Inputs moved = in;
        Values along;
        moved.set("w", in("x"));
        mean_over_points(moved, false, [&](const Number& s) {
          along.push_back(s);
          return s;
        });
        std::size_t point = 0;
        const Number mean =
            mean_over_points(in, false, [&](const Number& s) { return tanh(s) * tanh_slope(s) * along[point++]; });
        return {in.scalar("theta1") * (in.scalar("theta1") + in.scalar("theta2")) * mean};
      });
  slope.why = "l′(F) = F = (θ₁ + θ₂)φ. Here z takes the points u + Ft, t_i = ±1; nothing is asked of its distribution.";
  return {one, jointly, slope};
}

// ---- a network of tanh units under the logistic loss: Poincaré and Miranda

std::vector<Reading> of_the_tanh_network() {
  const std::string network =
      "l(t) = log(1 + e^t), θ = (1/2, 1), S = diag(μ, 1), μ ∈ [1/2, 1], v = (1/20, 0), w̃₂ = (0, 1/8), T = w₂/w₁ of "
      "unit 1";
  Reading exists = {
      .id = "tanh_network__critical_point",
      .statement =
          network +
          ": pᵀ∇₁f (pᵀSw = 0) changes its sign between T = 6/16 and 34/16 for every γ ∈ [−1/2, 0], and ∂_γ f "
          "between γ = −1/2 and 0 for every such T, beyond the quadrature's error: unit 1 has a critical point "
          "there, off the line of v, which is T = 0",
      .inputs = {{"mu", Role::rate}, {"t", Role::rate}, {"gamma", Role::rate}},
      .sizes = {{}},
      .left = by_definition("(6/16)(c₁ + error) − (5/2)(mixed − error) at 6/16, (5/2)(mixed + error) − (34/16)(c₁ − "
                            "error) at 34/16, and ‖w‖_S(∂_γ f + error) at −1/2",
                            [](const Inputs& in) -> Values {
                              const Number mu = network_mu(in), gamma = network_gamma(in);
                              const Number low = between(Number(0), 6, 34, 16), high = between(Number(1), 6, 34, 16);
                              const Number t = between(in.scalar("t"), 6, 34, 16), left_end = Number(-1) / Number(2);
                              return {excess_over_ratio(on_the_network(mu, low, gamma, 2, 1), low),
                                      lack_of_ratio(on_the_network(mu, high, gamma, 2, 1), high),
                                      length_slope_at_the_left(on_the_network(mu, t, left_end, 2, 1), mu, t)};
                            }),
      .relation = Relation::at_most,
      .right = by_theory("0",
                         [](const Inputs&) -> Values {
                           return {Number(0), Number(0), Number(0)};
                         }),
      .why =
          "pᵀ∇₁f with pᵀSw = 0 is a positive multiple of K − T, and ∂_γ f > 0 at γ = 0, where l′, l″ and T are "
          "positive. Two functions that change their signs between opposite sides of a rectangle have a common zero "
          "in it (Poincaré and Miranda). A deep test of gdnp_mlp certifies the signs over all boxes. So the printed "
          "sentence is false of a margin loss that tells right from wrong labels, too."};
  return {exists};
}

}  // namespace

Claim gdnp_mlp_critical_line() {
  std::vector<Reading> readings = cancelling_units();
  for (const auto& group : {of_the_tanh_network(), identities()})
    readings.insert(readings.end(), group.begin(), group.end());
  return {
      .title = "In a network with one hidden layer, each unit's critical weights are multiples of S⁻¹u",
      .sources = {{"WIKI", "neural networks, critical points of a hidden unit"}},
      .notation =
          "z = −yx = u + Fg Gaussian, Σ = FFᵀ, S = Σ + uuᵀ, u = Σd; units w = w̃₁, w2 = w̃₂; f = E G(zᵀw̃₁, zᵀw̃₂), G = "
          "l(θ₁φ(s₁) + θ₂φ(s₂)), φ = tanh, or G = e^{a s₁ + b s₂} + share·e^{a2 s₁ + b2 s₂}; B_ij = E ∂_i∂_jG; n_i "
          "what of "
          "w̃_i lies off the line of d",
      .why =
          "n_kᵀ∇_i f = Σ_j B_ij n_kᵀSn_j. One unit at a critical point has n₁ = 0 only if B₁₂n₂ = 0. All units jointly "
          "have n "
          "= 0 if B is invertible.",
      .explain =
          "The gradient of one unit's weights contains Sw̃_j for every other unit j, because the loss couples the "
          "units. So with one other unit, fixed off the line, and B₁₂ ≠ 0, a unit's critical points are off it too "
          "(several others may cancel: two that mirror each other do). Two tanh units under the logistic loss show it: "
          "where the second is across the line, the first has a critical point away from it, T ≥ 6/16 (in reports by "
          "search; a deep test certifies it). If all units are "
          "critical at once and the matrix of expected second derivatives is invertible, all of them are on the line. "
          "If it is not, they need not be: two equal units with opposite output weights cancel, and where the loss is "
          "stationary at 0 each such pair is critical.",
      .readings = readings,
      .mutants =
          {
              {.id = "forgets_the_other_unit",
               .reading = "gradient_of_a_unit",
               .words = "without B₁₂",
               .agrees_when = imposing("other_unit_idle", "G does not depend on s₂",
                                       [](Inputs& in) {
                                         in.set("b", Number(0));
                                         in.set("b2", Number(0));
                                       }),
               .right = [](const Inputs& in) -> Values {
                 return {theory::plain_product<Number>(
                     vector_of(in, "x"),
                     theory::unit_gradient<Number>(moments_of_z(in, 1), vector_of(in, "u"), {vector_of(in, "w")},
                                                   mean_of_units(in, 1, 0), {mean_of_units(in, 2, 0)}))};
               }},
              {.id = "whole_length",
               .reading = "one_unit__slope_on_the_line",
               .words = "B₁₂‖w̃₂‖_S²",
               .agrees_when = second_unit_across(),
               .right = [](const Inputs& in) -> Values {
                 return {mean_of_units(in, 1, 1) * product_by_moments(in, in("w2"), in("w2"))};
               }},
              {.id = "own_curvature",
               .reading = "one_unit__slope_on_the_line",
               .words = "B₁₁‖n₂‖_S²",
               .agrees_when = imposing("same_exponents", "G depends on s₁ + s₂ alone",
                                       [](Inputs& in) {
                                         in.set("b", in("a"));
                                         in.set("b2", in("a2"));
                                       }),
               .right = [](const Inputs& in) -> Values {
                 const Array<Number> n = off_the_line(in, "w2");
                 return {mean_of_units(in, 2, 0) * product_by_moments(in, n, n)};
               }},
          },
  };
}

}  // namespace normproof::claims
