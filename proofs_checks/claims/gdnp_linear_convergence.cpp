// Claim: GDNP converges linearly on the halfspace problem, in the direction and in the length.
//
// Source       WIKI, learning halfspace problem (Kohler et al. 2018, GDNP); its formulas were lost and are restored
//              from memory
// Notation     z ~ N(u, S − uuᵀ), f(w, γ) = E φ(zᵀw̃), w̃ = γ w/‖w‖_S; slope p = E φ′(zᵀw̃), bend r = E φ″(zᵀw̃); c₁ = p −
//              r uᵀw̃; ρ(w) = −(uᵀw)²/(wᵀSw), u = Sv, ρ* = −vᵀSv; μ ≤ S ≤ L. Every pair (p, r) occurs at given m = uᵀw̃
//              and v = w̃ᵀSw̃ − m² > 0: φ′(s) = (α − β(s − m))e^{−(s−m)²/2} has p = α(1 + v)^{−1/2}, r = −β(1 +
//              v)^{−3/2}, is bounded and infinitely differentiable. φ + ε(1 + s²)^(1/2), with α
//              and β adjusted, has the same p and r and grows along every line, so that f has a bounded minimiser
//              there. So slope and bend are free inputs
// Hypotheses   z Gaussian: vᵀSv < 1; ρ(w₀) ≠ 0; |φ′| ≤ Φ
//
//     direction   ‖w_t‖_S²‖∇_w f(w_t, γ_t)‖²_{S⁻¹} ≤ (1 − μ/L)^(2t) Φ²γ_t² (ρ(w₀) − ρ*)
//     length      (∂_γ f(w_t, a_t))² ≤ 2^(−T_s) ζ|b − a|/γ_t²
//     together    ‖∇f(w̃)‖² ≤ (1 − μ/L)^(2T_d) Φ²(ρ(w₀) − ρ*) + 2^(−T_s) ζ|b − a|/μ²
//
// Why. ∇_w f = −(γ c₁‖w‖_S/(2uᵀw)) ∇ρ(w) whatever φ is (theory/decoupling/halfspace.hpp). With h = c₁ uᵀw, the step s =
// −‖w‖_S³/(Lγh) makes of it the step of least squares, so ols_linear_convergence gives the rate of ρ. But c₁ uᵀw = p
// uᵀw − r (uᵀw)(uᵀw̃); printed is r (uᵀw)², right only at w̃ = w. Then ‖w‖_S²‖∇_w f‖²_{S⁻¹} = γ²c₁²(ρ(w) − ρ*): what
// enters is |c₁|, and it can exceed every |φ′|. zᵀw̃ = m + √V N, N standard normal, m = uᵀw̃, V = γ² − m² = γ²(1 −
// |ρ(w)|), and r = E[φ′(zᵀw̃)N]/√V, so c₁ = p − rm = E[φ′(zᵀw̃)(1 − κN)] with κ = m/√V: |c₁| ≤ Φ E|1 − κN|, and that is
// the least such bound (φ′ close to ±Φ with the sign of 1 − κN). E|1 − κN| ≤ (1 + κ²)^(1/2) = (1 − |ρ(w)|)^(−1/2) ≤ (1
// − vᵀSv)^(−1/2): so Φ² has to be divided by 1 − vᵀSv. In p and r: p² + V r² ≤ E φ′² ≤ Φ² (Bessel, 1 and N being
// orthonormal), and with Φ² = p² + V r² + slack² the identity Φ²(1 + κ²) − c₁² = slack²(1 + κ²) + (pm + rV)²/V.
//     Length: |∂²_γ f| ≤ ζ‖w‖²/‖w‖_S² ≤ ζ/μ, and T_s halvings leave |∂_γ f(a)| ≤ 2^(−T_s)(ζ/μ)|b − a|. Its square has
// 4^(−T_s) and the square of ζ/μ: φ → kφ multiplies the printed left side by k² and the right side by k.
//     Together: ‖∇f‖²_{S⁻¹} = c₁²(ρ − ρ*) + (∂_γ f)² in the norm of S⁻¹; the Euclidean one costs a factor L.
#include "impl/reference/gdnp.hpp"
#include "proofs_checks/inputs/gaussian_halfspace.hpp"
#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/inputs/rayleigh_problem.hpp"
#include "proofs_checks/simulation/gdnp_runs.hpp"
#include "theory/decoupling/gaussian_nodes.hpp"
#include "theory/decoupling/halfspace.hpp"

namespace normproof::claims {

using namespace inputs;
using numbers::Smooth;
using reference::StoppingRule;

namespace {

std::vector<InputSpec> diagonal_inputs() {
  return {{"mu", Role::variance},
          {"spread", Role::variance},
          {"s", Role::weight, Dimension::one, Dimension::channels},
          {"v", Role::weight, Dimension::one, Dimension::channels},
          {"w", Role::weight, Dimension::one, Dimension::channels}};
}
std::vector<InputSpec> with(std::vector<InputSpec> specs, const std::vector<std::string>& names) {
  for (const std::string& name : names) specs.push_back({name, Role::scale});
  return specs;
}

theory::Matrix<Number> moments_of(const RayleighProblem& p, int channels) {
  return from_row_major<Number>(p.s, channels, channels);
}
theory::Vector<Number> theory_vector(const Values& values) {
  theory::Vector<Number> vector(static_cast<Eigen::Index>(values.size()));
  for (std::size_t k = 0; k < values.size(); ++k) vector(static_cast<Eigen::Index>(k)) = values[k];
  return vector;
}

// ∇f by Stein: slope·u + bend·(S − uuᵀ)w̃.
reference::Expectations<Number> expectations(const RayleighProblem& p, const Values& w, const Number& gamma,
                                             const Number& slope, const Number& bend) {
  const Values weights = reference::normalized_weights<Number>(p.s, w, gamma);
  const Values turned = reference::symmetric_times<Number>(p.s, weights);
  const Number mean = along(p, weights);
  reference::Expectations<Number> at = {.gradient = {}, .slope = slope, .bend = bend};
  for (std::size_t k = 0; k < w.size(); ++k) at.gradient.push_back(slope * p.u[k] + bend * (turned[k] - p.u[k] * mean));
  return at;
}
Values step(StoppingRule rule, const Inputs& in, const RayleighProblem& p, const Values& w) {
  const Number& gamma = in.scalar("gamma");
  return reference::gdnp_direction_step<Number>(rule, p.s, p.u, p.largest, w, gamma,
                                                expectations(p, w, gamma, in.scalar("slope"), in.scalar("bend")));
}
// ‖g‖²_{S⁻¹} of a diagonal S.
Number dual_square(const Inputs& in, const Values& g) {
  const Values lambda = diagonal(in);
  Number sum(0);
  for (std::size_t k = 0; k < g.size(); ++k) sum += g[k] * g[k] / lambda[k];
  return sum;
}

Hypothesis data_exist() {
  return {.id = "data_exist", .sentence = "vᵀSv < 1: S − uuᵀ is a covariance", .positive = [](const Inputs& in) {
            const RayleighProblem p = in.has("s") ? diagonal_problem(in) : sampled_problem(in);
            return Number(1) - along(p, row_major(in("v")));
          }};
}

Hypothesis start_not_across() {
  return {.id = "start_not_across", .sentence = "ρ(w) ≠ 0", .positive = [](const Inputs& in) {
            const Number product = along(diagonal_problem(in), row_major(in("w")));
            return product * product;
          }};
}
// v := 2v/(1 + vᵀSv), which reaches every v with vᵀSv < 1; 1 − vᵀSv is then a square. 1/(1 − vᵀSv)^(1/2) is kept.
Hypothesis data_exist_by_a_map() {
  return defining("data_exist", "vᵀSv < 1: S − uuᵀ is a covariance; v = 2a/(1 + aᵀSa), every such v", [](Inputs& in) {
    const Number square = along(diagonal_problem(in), row_major(in("v"))), one(1);
    Array<Number> v = in("v");
    for (Eigen::Index k = 0; k < v.size(); ++k) v(k) *= Number(2) / (one + square);
    in.set("v", v);
    in.set("inverse_root", (one + square) / (one - square));
  });
}

// ---- the direction

Reading kept_rate(std::string id, std::string statement, StoppingRule rule, std::string why) {
  return {
      .id = std::move(id),
      .statement = std::move(statement),
      .inputs = with(diagonal_inputs(), {"gamma", "slope", "bend"}),
      .sizes = {{.channels = 2}},
      .hypotheses = {data_exist()},
      .left = by_reference("ρ(w₁) − ρ*, one direction step of GDNP",
                           [=](const Inputs& in) -> Values {
                             const RayleighProblem p = diagonal_problem(in);
                             return {quotient(p, step(rule, in, p, row_major(in("w")))) + along(p, row_major(in("v")))};
                           }),
      .relation = Relation::at_most,
      .right =
          by_theory("(1 − μ/L)²(ρ(w₀) − ρ*)",
                    [](const Inputs& in) -> Values {
                      const RayleighProblem p = diagonal_problem(in);
                      const auto s = moments_of(p, in.sizes.channels);
                      const Number mu = in.scalar("mu");
                      return {theory::step_rate<Number>(mu, p.largest) *
                              (theory::direction_quotient<Number>(s, theory_vector(p.u), as_vector<Number>(in("w"))) -
                               theory::smallest_quotient<Number>(s, as_vector<Number>(in("v"))))};
                    }),
      .why = std::move(why)};
}

// By theory: (γh/(‖w‖_S uᵀw))(u − Sw(uᵀw)/‖w‖_S²).
Values gradient_of_the_rule(const Inputs& in, const Number& h) {
  const RayleighProblem p = sampled_problem(in);
  const auto s = moments_of(p, in.sizes.channels);
  const auto u = theory_vector(p.u), w = as_vector<Number>(in("w"));
  const theory::Vector<Number> turned = theory::moment_times<Number>(s, w);
  const Number product = theory::plain_product<Number>(u, w), square = theory::plain_product<Number>(w, turned);
  const Number factor = in.scalar("gamma") * h / (theory::moment_norm<Number>(s, w) * product);
  Values values;
  for (Eigen::Index k = 0; k < u.size(); ++k) values.push_back(factor * (u(k) - turned(k) * product / square));
  return values;
}

std::vector<Reading> of_the_direction() {
  Reading printed_h =
      kept_rate("printed__h", "ρ(w₁) − ρ* ≤ (1 − μ/L)²(ρ(w₀) − ρ*) with h = E φ′(uᵀw) − E φ″(uᵀw)² as printed",
                StoppingRule::printed,
                "The step is (uᵀw)c₁/h times the right one: it may be too long, too short, or backwards. h = 0 does "
                "not mean that "
                "∇_w f = 0 either. At w̃ = w the two rules are one.");
  Reading needed = kept_rate("needed_h", "ρ(w₁) − ρ* ≤ (1 − μ/L)²(ρ(w₀) − ρ*) with h = E φ′(uᵀw) − E φ″(uᵀw)(uᵀw̃)",
                             StoppingRule::needed, "The gap is that of least squares.");
  needed.sizes = {{.channels = 1}, {.channels = 2}, {.channels = 3}};
  needed.gap = [](const Inputs& in) {
    const RayleighProblem p = diagonal_problem(in);
    const Values w = row_major(in("w"));
    return gap_of_a_step(in, p, w, step(StoppingRule::needed, in, p, w));
  };
  Reading same_step = kept_rate("needed_h__is_least_squares",
                                "with the needed h: w₁ = (I − S/L)w₀ + (c/L)u, c = wᵀSw/uᵀw, for every φ and γ",
                                StoppingRule::needed, "The step of least squares: φ and γ cancel.");
  same_step.inputs = with({{"x", Role::activation, Dimension::batch, Dimension::channels},
                           {"v", Role::weight, Dimension::one, Dimension::channels},
                           {"w", Role::weight, Dimension::one, Dimension::channels}},
                          {"largest", "gamma", "slope", "bend"});
  same_step.sizes = {{.batch = 2}, {.batch = 3, .channels = 2}, {.batch = 4, .channels = 3}};
  same_step.hypotheses = {};
  same_step.relation = Relation::equal;
  same_step.left = by_reference("one direction step of GDNP", [](const Inputs& in) {
    return step(StoppingRule::needed, in, sampled_problem(in), row_major(in("w")));
  });
  same_step.right = by_theory("(I − S/L)w₀ + (c/L)u", [](const Inputs& in) {
    const RayleighProblem p = sampled_problem(in);
    return entries(theory::direction_after<Number>(moments_of(p, in.sizes.channels), theory_vector(p.u),
                                                   as_vector<Number>(in("w")), p.largest));
  });
  Reading residual = needed;
  residual.id = "direction__residual";
  residual.statement = "‖w‖_S²‖∇_w f‖²_{S⁻¹} = γ²c₁²(ρ(w) − ρ*), for every φ";
  residual.sizes = {{.channels = 1}, {.channels = 2}, {.channels = 3}};
  residual.hypotheses = {};
  residual.relation = Relation::equal;
  residual.gap = {};
  residual.left = by_reference("‖w‖_S²‖∇_w f‖²_{S⁻¹}", [](const Inputs& in) -> Values {
    const RayleighProblem p = diagonal_problem(in);
    const Values w = row_major(in("w"));
    const auto at = expectations(p, w, in.scalar("gamma"), in.scalar("slope"), in.scalar("bend"));
    return {squared_norm(p, w) *
            dual_square(in, reference::direction_gradient<Number>(p.s, w, in.scalar("gamma"), at.gradient))};
  });
  residual.right = by_theory("γ²c₁²(ρ(w) − ρ*)", [](const Inputs& in) -> Values {
    const RayleighProblem p = diagonal_problem(in);
    return {theory::direction_residual<Number>(moments_of(p, in.sizes.channels), as_vector<Number>(in("v")),
                                               as_vector<Number>(in("w")), in.scalar("gamma"), in.scalar("slope"),
                                               in.scalar("bend"))};
  });
  residual.why = {};

  Reading stops = same_step;
  stops.id = "needed_h__stops_at_zero_gradient";
  stops.statement =
      "∇_w f = (γh/(‖w‖_S uᵀw))(u − Sw(uᵀw)/‖w‖_S²), needed h: where ρ(w) ≠ 0 and w is off the line, h = 0 ⇔ ∇_w f = 0 "
      "(γ ≠ 0)";
  stops.left = by_reference("∇_w f", [](const Inputs& in) {
    const RayleighProblem p = sampled_problem(in);
    const Values w = row_major(in("w"));
    const Number& gamma = in.scalar("gamma");
    return reference::direction_gradient<Number>(
        p.s, w, gamma, expectations(p, w, gamma, in.scalar("slope"), in.scalar("bend")).gradient);
  });
  stops.right = by_theory("(γh/(‖w‖_S uᵀw))(u − Sw(uᵀw)/‖w‖_S²)", [](const Inputs& in) {
    const auto u = theory_vector(sampled_problem(in).u), w = as_vector<Number>(in("w"));
    const auto own =
        theory::decoupled_weights<Number>(moments_of(sampled_problem(in), in.sizes.channels), w, in.scalar("gamma"));
    return gradient_of_the_rule(in, theory::needed_h<Number>(u, w, own, in.scalar("slope"), in.scalar("bend")));
  });
  stops.why = "∇_w f = (γ/‖w‖_S) c₁ (u − Sw(uᵀw)/‖w‖_S²), and h = c₁uᵀw. The bracket is 0 on the line alone.";
  Reading printed_stop = stops;
  printed_stop.id = "printed__stopping_rule";
  printed_stop.statement = "∇_w f = 0 where the printed h = E φ′(uᵀw) − E φ″(uᵀw)² is 0";
  printed_stop.hypotheses = {imposing("h_zero", "h = 0: E φ′ = E φ″ uᵀw", [](Inputs& in) {
    in.set("slope", in.scalar("bend") * along(sampled_problem(in), row_major(in("w"))));
  })};
  printed_stop.right = by_theory("(γh/(‖w‖_S uᵀw))(u − Sw(uᵀw)/‖w‖_S²), h as printed", [](const Inputs& in) {
    const auto u = theory_vector(sampled_problem(in).u), w = as_vector<Number>(in("w"));
    return gradient_of_the_rule(in, theory::printed_h<Number>(u, w, in.scalar("slope"), in.scalar("bend")));
  });
  printed_stop.why = "GDNP stops the direction there, at w̃ ≠ w, though it has not arrived.";
  return {printed_h, needed, same_step, residual, stops, printed_stop};
}

// ---- Φ: what must bound what

// At (w, γ): E φ′² = slope² + V bend² + what φ′ has besides 1 and N, V = γ²(1 − |ρ|).
struct Bounded {
  Number excess, rest;                        // ρ(w) − ρ*, 1 − |ρ(w)|
  Number across;                              // ∂_γ f = (pm + rV)/γ
  SquareSum excess_sum, rest_sum, bound_sum;  // bound: Φ²
};
Bounded bounded(const Inputs& in, const RayleighProblem& p, const Values& w) {
  Bounded at;
  const Number &gamma = in.scalar("gamma"), &slope = in.scalar("slope"), &bend = in.scalar("bend");
  at.excess = quotient(p, w) + along(p, row_major(in("v")));
  at.rest = Number(1) + quotient(p, w);
  at.across = slope * along(p, reference::normalized_weights<Number>(p.s, w, Number(1))) + bend * gamma * at.rest;
  // (ρ(w) − ρ*) = Σ λ_i e_i²/c², e = w − cv.
  const Number c = squared_norm(p, w) / along(p, w);
  const Values e = difference(w, c, in("v"));
  for (std::size_t i = 0; i < e.size(); ++i) {
    const Number s = in("s")(static_cast<Eigen::Index>(i)), whole = Number(1) + s * s;
    const SquareSum share = sum_of(square_of(s / whole), square_of(s * s / whole));
    const SquareSum lambda = sum_of(weighing("mu"), product_of(weighing("spread"), share));
    at.excess_sum = sum_of(at.excess_sum, product_of(lambda, square_of(e[i] / c)));
  }
  at.rest_sum = sum_of(square_of(Number(1) / in.scalar("inverse_root")), at.excess_sum);
  at.bound_sum =
      sum_of(sum_of(square_of(slope), square_of(in.scalar("slack"))), product_of(at.rest_sum, square_of(gamma * bend)));
  return at;
}
// Φ²/(1 − vᵀSv) − c₁² = Φ²(ρ − ρ*)/((1 − vᵀSv)(1 − |ρ|)) + (slack² + (pm + rV)²/γ²)/(1 − |ρ|).
SquareSum gap_of_the_coefficient(const Inputs& in, const Bounded& at) {
  const SquareSum inverse = product_of(at.rest_sum, square_of(Number(1) / at.rest));
  const SquareSum toward_the_line =
      product_of(at.bound_sum, product_of(at.excess_sum, square_of(in.scalar("inverse_root"))));
  const SquareSum here = sum_of(square_of(in.scalar("slack")), square_of(at.across));
  return product_of(inverse, sum_of(toward_the_line, here));
}
// By theory, at (w, γ): Φ² = E φ′².
Number squared_bound(const Inputs& in, const theory::Matrix<Number>& s, const theory::Vector<Number>& u,
                     const theory::Vector<Number>& w) {
  const Number &gamma = in.scalar("gamma"), &slope = in.scalar("slope"), &bend = in.scalar("bend");
  const Number variance = gamma * gamma * (Number(1) + theory::direction_quotient<Number>(s, u, w));
  return slope * slope + variance * bend * bend + in.scalar("slack") * in.scalar("slack");
}

// By theory: (1 − μ/L)²Φ²γ²(ρ(w₀) − ρ*), Φ² at w₁, and 1 − vᵀSv.
Number printed_bound_after_a_step(const Inputs& in) {
  const RayleighProblem p = diagonal_problem(in);
  const auto s = moments_of(p, in.sizes.channels);
  const auto u = theory_vector(p.u);
  const theory::Vector<Number> w = as_vector<Number>(in("w")), v = as_vector<Number>(in("v"));
  const Number mu = in.scalar("mu"), gamma = in.scalar("gamma");
  const Number bound = squared_bound(in, s, u, theory::direction_after<Number>(s, u, w, p.largest));
  return theory::step_rate<Number>(mu, p.largest) * bound * gamma * gamma *
         (theory::direction_quotient<Number>(s, u, w) - theory::smallest_quotient<Number>(s, v));
}
Number rest_of_the_mean(const Inputs& in) {
  const auto s = moments_of(diagonal_problem(in), in.sizes.channels);
  return Number(1) + theory::smallest_quotient<Number>(s, as_vector<Number>(in("v")));
}

std::vector<Reading> of_the_derivative_bound() {
  Reading coefficient = {
      .id = "bound__of_the_coefficient",
      .statement = "c₁² ≤ Φ²/(1 − vᵀSv) where |φ′| ≤ Φ, by way of p² + V r² ≤ Φ²; no stationarity is asked for",
      .inputs = with(diagonal_inputs(), {"gamma", "slope", "bend", "slack"}),
      .sizes = {{.channels = 1}, {.channels = 2}},
      .hypotheses = {data_exist_by_a_map()},
      .left = by_reference("(h/uᵀw)², the h of GDNP",
                           [](const Inputs& in) -> Values {
                             const RayleighProblem p = diagonal_problem(in);
                             const Values w = row_major(in("w"));
                             const Number first = reference::stopping_value<Number>(
                                                      StoppingRule::needed, p.s, p.u, w, in.scalar("gamma"),
                                                      in.scalar("slope"), in.scalar("bend")) /
                                                  along(p, w);
                             return {first * first};
                           }),
      .relation = Relation::at_most,
      .right = by_theory("(p² + V r² + slack²)/(1 − vᵀSv)",
                         [](const Inputs& in) -> Values {
                           const RayleighProblem p = diagonal_problem(in);
                           const auto s = moments_of(p, in.sizes.channels);
                           const auto v = as_vector<Number>(in("v"));
                           return {squared_bound(in, s, theory_vector(p.u), as_vector<Number>(in("w"))) /
                                   (Number(1) + theory::smallest_quotient<Number>(s, v))};
                         }),
      .gap =
          [](const Inputs& in) {
            const RayleighProblem p = diagonal_problem(in);
            return gap_of_the_coefficient(in, bounded(in, p, row_major(in("w"))));
          },
      .why =
          "c₁ = E[φ′(1 − κN)], κ = uᵀw̃/√V. The root of 1 + κ² bounds E|1 − κN|, the least factor of Φ: at |ρ| = 0.9216 "
          "it is 3.57 and E|1 − κN| is 2.85."};
  Reading repaired = coefficient;
  repaired.id = "repaired";
  repaired.statement =
      "needed h ≠ 0, one step, |φ′| ≤ Φ: ‖w₁‖_S²‖∇_w f(w₁, γ₁)‖²_{S⁻¹} ≤ (1 − μ/L)² Φ²γ₁²(ρ(w₀) − ρ*)/(1 − vᵀSv)";
  repaired.sizes = {{.channels = 2}, {.channels = 3}};
  repaired.left = by_reference("‖w₁‖_S²‖∇_w f(w₁, γ₁)‖²_{S⁻¹} after one step of GDNP", [](const Inputs& in) -> Values {
    const RayleighProblem p = diagonal_problem(in);
    const Values w = step(StoppingRule::needed, in, p, row_major(in("w")));
    const auto at = expectations(p, w, in.scalar("gamma"), in.scalar("slope"), in.scalar("bend"));
    return {squared_norm(p, w) *
            dual_square(in, reference::direction_gradient<Number>(p.s, w, in.scalar("gamma"), at.gradient))};
  });
  repaired.right =
      by_theory("(1 − μ/L)²(p² + V r² + slack²)γ₁²(ρ(w₀) − ρ*)/(1 − vᵀSv)",
                [](const Inputs& in) -> Values { return {printed_bound_after_a_step(in) / rest_of_the_mean(in)}; });
  repaired.gap = [](const Inputs& in) {
    // γ²Φ²/(1 − vᵀSv) times the gap of least squares, and γ²(ρ(w₁) − ρ*) times that of the coefficient.
    const RayleighProblem p = diagonal_problem(in);
    const Values w = row_major(in("w")), next = step(StoppingRule::needed, in, p, w);
    const Bounded at = bounded(in, p, next);
    const Number& gamma = in.scalar("gamma");
    const SquareSum weight = product_of(at.bound_sum, square_of(gamma * in.scalar("inverse_root")));
    const SquareSum inverse = product_of(at.rest_sum, square_of(Number(1) / at.rest));
    // (ρ(w₁) − ρ*)² is one square here: fewer terms than its sum twice.
    const SquareSum toward_the_line = product_of(weight, square_of(at.excess));
    const SquareSum here =
        product_of(at.excess_sum, sum_of(square_of(gamma * in.scalar("slack")), square_of(gamma * at.across)));
    return sum_of(product_of(weight, gap_of_a_step(in, p, w, next)),
                  product_of(inverse, sum_of(toward_the_line, here)));
  };
  repaired.why =
      "φ → kφ multiplies both sides by k². The rate is that of ρ, so t steps have (1 − μ/L)^(2t); slope and bend are "
      "those at (w₁, γ₁), for the step does not depend on them. bound__of_the_coefficient brings Φ in. Where h = 0 the "
      "direction rests "
      "while ρ − ρ* keeps its size: such a step does not count in t.";
  return {repaired, coefficient};
}

// ---- Gaussian data or not: is ∇_w f a multiple of ∇ρ?

// g less its part along Sw: what a direction's gradient is, up to a factor.
theory::Vector<Number> across(const Inputs& in, const theory::Matrix<Number>& s, const theory::Vector<Number>& g) {
  const theory::Vector<Number> w = as_vector<Number>(in("w")), turned = theory::moment_times<Number>(s, w);
  const Number share = theory::plain_product<Number>(w, g) / theory::plain_product<Number>(w, turned);
  theory::Vector<Number> result = g;
  for (Eigen::Index k = 0; k < g.size(); ++k) result(k) -= share * turned(k);
  return result;
}
// ∇f of E φ(zᵀw), entry by entry, φ a polynomial.
theory::Vector<Number> gradient_over_points(const Inputs& in, bool three_points) {
  theory::Vector<Number> gradient(in.sizes.channels);
  for (int k = 0; k < in.sizes.channels; ++k) {
    Inputs with = in;
    Array<Number> unit = Array<Number>::Constant(1, in.sizes.channels, Number(0));
    unit(k) = Number(1);
    with.set("along", unit);
    gradient(k) = derivative_over_points(three_points, "along", "").formula(with)[0];
  }
  return gradient;
}
// All a_i b_j, and all a_j b_i, i < j.
Values products(const theory::Vector<Number>& a, const theory::Vector<Number>& b, bool turned) {
  Values values;
  for (Eigen::Index i = 0; i < a.size(); ++i)
    for (Eigen::Index j = i + 1; j < a.size(); ++j) values.push_back(turned ? a(j) * b(i) : a(i) * b(j));
  return values;
}
Reading parallel(std::string id, std::string statement, bool three_points, std::string why) {
  const int divisor = three_points ? 3 : 1;
  const auto both = [=](const Inputs& in, bool turned) {
    const auto s = moments_of_z(in, divisor);
    return products(across(in, s, gradient_over_points(in, three_points)), across(in, s, as_vector<Number>(in("u"))),
                    turned);
  };
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = {mean_of_z(), factor_of_z(), halfspace_weights(), polynomial()},
          .sizes = {{.channels = 3, .outputs = 4}},
          .these_sizes_only = true,
          .hypotheses = three_points ? std::vector<Hypothesis>() : std::vector<Hypothesis>{covariance_not_singular()},
          .left = by_definition("(∇_w f)_i (∇ρ)_j, each up to a factor, E over points",
                                [=](const Inputs& in) { return both(in, false); }),
          .right = by_theory("(∇_w f)_j (∇ρ)_i", [=](const Inputs& in) { return both(in, true); }),
          .why = std::move(why)};
}
std::vector<Reading> directions_agree() {
  Reading other_data = parallel(
      "without_gaussian_data", "∇_w f is a multiple of ∇ρ at γ = ‖w‖_S, for z = u + Ft with independent t_i = ±1",
      false, "The cancellation is Stein's identity. Without it the direction has no reason to go to S⁻¹u.");
  other_data.right.witness = Witness::definition;
  other_data.algebraic_identity = true;
  Reading same =
      parallel("direction__is_that_of_least_squares",
               "∇f − Sw(wᵀ∇f)/wᵀSw = c₁(u − Sw(uᵀw)/wᵀSw) at w̃ = w, for polynomials φ of degree 4 and Gaussian "
               "z: ∇_w f is a multiple of ∇ρ",
               true, "The points agree with the normal distribution on everything that occurs. Other γ only scale φ.");
  same.left = by_definition("∇f less its part along Sw, E over points", [](const Inputs& in) {
    return entries(across(in, moments_of_z(in, 3), gradient_over_points(in, true)));
  });
  same.right =
      by_theory("c₁(u − Sw(uᵀw)/wᵀSw), E φ′ and E φ″ by the moments of N(m, v)", [](const Inputs& in) -> Values {
        const auto s = moments_of_z(in, 3);
        const auto u = as_vector<Number>(in("u")), w = as_vector<Number>(in("w"));
        const Number m = mean_of_projection(in), v = variance_of_projection(in, 3);
        const Number first = theory::first_coefficient<Number>(u, w, polynomial_mean<Number>(in("c"), m, v, 1),
                                                               polynomial_mean<Number>(in("c"), m, v, 2));
        const Number ratio = theory::plain_product<Number>(u, w) / theory::moment_product<Number>(s, w, w);
        const theory::Vector<Number> turned = theory::moment_times<Number>(s, w);
        Values values;
        for (Eigen::Index k = 0; k < u.size(); ++k) values.push_back(first * (u(k) - ratio * turned(k)));
        return values;
      });
  return {same, other_data};
}

// ---- |φ′| ≤ 6 does not bound c₁: S = diag(1, 4), v = (0, 12/25), so vᵀSv = (24/25)²; w₀ = (δ, 1), δ small. After T
// steps γ is such that m = uᵀw̃ = 24, and V = γ² − m² = 576(1/|ρ| − 1) ≥ 49. With b = 96/V and K = V/3,
//     φ′(s) = (1 − b(s − 24))e^{−(s − 24)²/(2K)},      |φ′| ≤ 1 + b√K e^{−1/2} = 1 + 96/(3eV)^{1/2} < 6,
// p = (K/(K + V))^{1/2} = 1/2, r = −b(K/(K + V))^{3/2} = −12/V, c₁ = 1/2 + 288/V (6.38 for V = 49), and pm + rV = 0:
// ∂_γ f = 0, the length is where bisection ends. Adding a little of (1 + s²)^{1/2} makes f coercive and keeps all
// signs. The first step is the printed one too, where ‖w₀‖_S = γ₀ = 1: then both h agree, and the step does not depend
// on the length of w₀.

constexpr int mean_of_the_example = 24, bound_of_the_example = 6;

RayleighProblem example() {
  const Number zero(0), one(1), four(4);
  return {.s = {one, zero, zero, four}, .u = {zero, Number(2 * mean_of_the_example) / Number(25)}, .largest = four};
}
Values example_solution() { return {Number(0), Number(mean_of_the_example / 2) / Number(25)}; }
Values example_start(const Inputs& in) {
  const Number& t = in.scalar("t");
  return {t / (Number(8) * (Number(1) + t * t)), Number(1)};
}
struct AfterSteps {
  Values w;
  Number gamma;
  reference::Expectations<Number> at;
};
AfterSteps after_steps(const Inputs& in) {
  const RayleighProblem p = example();
  AfterSteps after;
  after.w = example_start(in);
  for (int t = 0; t < in.sizes.outputs; ++t) {
    // The needed h: any slope will do, for it cancels.
    const auto at = expectations(p, after.w, Number(1), Number(1), Number(0));
    after.w = reference::gdnp_direction_step<Number>(StoppingRule::needed, p.s, p.u, p.largest, after.w, Number(1), at);
  }
  const Number mean(mean_of_the_example);
  after.gamma = mean * reference::norm_by<Number>(p.s, after.w) / along(p, after.w);
  const Number variance = after.gamma * after.gamma - mean * mean;
  after.at = expectations(p, after.w, after.gamma, Number(1) / Number(2), Number(-mean_of_the_example / 2) / variance);
  return after;
}
// By theory: (1 − μ/L)^(2T) Φ² (ρ(w₀) − ρ*).
Number example_bound(const Inputs& in) {
  const RayleighProblem p = example();
  const auto s = moments_of(p, 2);
  const Number rho = theory::direction_quotient<Number>(s, theory_vector(p.u), theory_vector(example_start(in)));
  Number bound(bound_of_the_example * bound_of_the_example);
  for (int t = 0; t < in.sizes.outputs; ++t) bound *= theory::step_rate<Number>(Number(1), p.largest);
  return bound * (rho - theory::smallest_quotient<Number>(s, theory_vector(example_solution())));
}

std::vector<Reading> of_the_bound() {
  const std::string loss =
      "S = diag(1, 4), v = (0, 12/25), w₀ = (δ, 1), δ = t/(8 + 8t²), the loss of the example with |φ′| < Φ = 6, ∂_γ f "
      "= "
      "0, T = 1, 2 steps: ";
  Reading direction = {
      .id = "printed__direction",
      .statement = loss + "‖w_T‖_S²‖∇_w f‖²_{S⁻¹} ≤ (1 − μ/L)^(2T) Φ²γ²(ρ(w₀) − ρ*)",
      .inputs = {{"t", Role::scale}},
      .sizes = {{.channels = 2, .outputs = 1}, {.channels = 2, .outputs = 2}},
      .these_sizes_only = true,
      .left = by_reference(
          "‖w_T‖_S²‖∇_w f(w_T, γ_T)‖²_{S⁻¹}/γ_T²",
          [](const Inputs& in) -> Values {
            const RayleighProblem p = example();
            const AfterSteps after = after_steps(in);
            const Values g = reference::direction_gradient<Number>(p.s, after.w, after.gamma, after.at.gradient);
            return {squared_norm(p, after.w) * (g[0] * g[0] + g[1] * g[1] / p.largest) / (after.gamma * after.gamma)};
          }),
      .relation = Relation::at_most,
      .right = by_theory("(9/16)^T 36 (ρ(w₀) − ρ*)", [](const Inputs& in) -> Values { return {example_bound(in)}; }),
      .why =
          "c₁ = E φ′ − E φ″ uᵀw̃ comes near 625/98 and exceeds every |φ′|, even where the length is at its stationary "
          "point, while a step gains hardly more than the rate. What Φ bounds is c₁²(1 − vᵀSv)."};
  Reading together = direction;
  together.id = "printed__together";
  together.statement = loss + "‖∇f(w̃_T)‖² ≤ (1 − μ/L)^(2T) Φ²(ρ(w₀) − ρ*) + 0 (T_s → ∞)";
  together.left = by_reference("‖∇f(w̃_T)‖²", [](const Inputs& in) -> Values {
    const Values gradient = after_steps(in).at.gradient;
    return {dot<Number>(gradient, gradient)};
  });
  together.why = "The same example: ∇f is along the eigenvector of 1, where all norms agree, up to a small part.";
  return {direction, together};
}

// ---- the length

// φ(s) = k log(1 + e^s), zᵀw/‖w‖_S ~ N(−1/2, 3/4): ∂_γ f = k E[z/(1 + e^{−γz})]. φ″ ≤ k/4, S = 1: ζ = k/4. The error
// per k: |1/(1 + e^{−s})| ≤ 1 where |Im s| ≤ π/2 > 3/2, that is |Im t| ≤ 3/(2γσ) for z = m + σt; and E[g z] = m E g + σ
// E[g t].
struct LengthSlope {
  Number value, error;
};
LengthSlope logistic_length_slope(const Number& gamma) {
  const auto nodes = theory::gaussian_nodes<Number>(4, 7);
  const Number variance = Number(3) / Number(4), mean = Number(-1) / Number(2);
  const Number sigma = sqrt(variance), width = Number(3) / (Number(2) * gamma * sigma);
  return {theory::gaussian_expectation<Number>(nodes, mean, sigma,
                                               [&](const Number& z) {
                                                 const Number argument = gamma * z;
                                                 return z * smooth(Smooth::softplus, 1, argument);
                                               }),
          -mean * theory::gaussian_quadrature_bound<Number>(nodes, Number(1), width) +
              sigma * theory::gaussian_quadrature_bound<Number>(nodes, Number(1), width, true)};
}

std::vector<Reading> of_the_length() {
  constexpr int left_end = 1, right_end = 8;
  // Beyond the error: what is positive here is positive of the expectations themselves.
  const auto below_zero = [](const Inputs& in) {
    const LengthSlope at = logistic_length_slope(Number(left_end));
    return in.scalar("k") * (-at.value - at.error);
  };
  // f is convex in γ: where its slope is positive after T halvings, all middles before it were right ends.
  const auto above_zero = [](const Inputs& in) {
    const Number width = Number(right_end - left_end) / Number(1 << in.sizes.outputs);
    const LengthSlope at = logistic_length_slope(Number(left_end) + width);
    return in.scalar("k") * (at.value - at.error);
  };
  Reading printed = {
      .id = "printed__length",
      .statement =
          "φ(s) = k log(1 + e^s), z ~ N(−1/2, 3/4), [a, b] = [1, 8], T_s = 1, 2, 3: (∂_γ f(a_T))² ≤ 2^(−T_s) ζ|b − "
          "a|/γ², "
          "γ = a_T = 1",
      .inputs = {{"k", Role::scale}},
      .sizes = {{.outputs = 1}, {.outputs = 2}, {.outputs = 3}},
      .these_sizes_only = true,
      .hypotheses = {{.id = "sign_change_left", .sentence = "∂_γ f(1) < 0", .positive = below_zero},
                     {.id = "sign_change_right",
                      .sentence = "∂_γ f(1 + 7/2^T_s) > 0: every halving keeps the left end",
                      .positive = above_zero}},
      .left = by_definition("(∂_γ f(1))² by quadrature, less its error",
                            [=](const Inputs& in) -> Values {
                              const Number least = below_zero(in);
                              return {least * least};
                            }),
      .relation = Relation::at_most,
      .right = by_theory("2^(−T_s) (k/4)(8 − 1)/1",
                         [](const Inputs& in) -> Values {
                           return {in.scalar("k") * Number(right_end - left_end) / Number(4 << in.sizes.outputs)};
                         }),
      .why =
          "φ → kφ multiplies the left side by k², ζ and so the right side by k: a square is missing. ∂_γ f is −0.0423 "
          "k "
          "at 1, 0.047 k at 15/8 and 0.124 k at 9/2; the bounds of the quadrature's errors are taken off."};
  Reading bisection = {
      .id = "length__bisection",
      .statement = "|F(a_T)| ≤ 2^(−T) Z |b − a| after T halvings, F(a) ≤ 0 ≤ F(b), |F′| ≤ Z; F(γ) = Z tanh(γ − γ*)",
      .inputs = {{"a", Role::shift}, {"share", Role::rate}, {"width", Role::variance}, {"z", Role::variance}},
      .sizes = {{.outputs = 1}, {.outputs = 2}, {.outputs = 3}},
      .left = by_reference("−F at the left end after T halvings",
                           [](const Inputs& in) -> Values {
                             const Number root = in.scalar("a") + in.scalar("share") * in.scalar("width");
                             const auto slope = [&](const Number& gamma) {
                               const Number distance = gamma - root;
                               return in.scalar("z") * tanh(distance);
                             };
                             const auto bracket = reference::bisected_length<Number>(
                                 {in.scalar("a"), in.scalar("a") + in.scalar("width")}, in.sizes.outputs, slope);
                             return {-slope(bracket.low)};
                           }),
      .relation = Relation::at_most,
      .right = by_theory("2^(−T) Z |b − a|",
                         [](const Inputs& in) -> Values {
                           return {in.scalar("z") * in.scalar("width") / Number(1 << in.sizes.outputs)};
                         }),
      .why =
          "A zero stays in the bracket, and F changes by at most Z times its width. With Z = ζ/μ (length__curvature) "
          "this "
          "is what the printed bound has to be; squared, it has 4^(−T_s)(ζ/μ)²|b − a|²."};
  Reading curvature = {
      .id = "length__curvature",
      .statement = "ζ‖w‖²/‖w‖_S² ≤ ζ/μ: f(w, ·) has a second derivative of at most ζ/μ",
      .inputs = with(diagonal_inputs(), {}),
      .sizes = {{.channels = 1}, {.channels = 2}, {.channels = 3}},
      .left = by_reference("‖w‖²/wᵀSw",
                           [](const Inputs& in) -> Values {
                             const Values w = row_major(in("w"));
                             return {dot<Number>(w, w) / squared_norm(diagonal_problem(in), w)};
                           }),
      .relation = Relation::at_most,
      .right = by_theory("1/μ", [](const Inputs& in) -> Values { return {Number(1) / in.scalar("mu")}; }),
      .gap =
          [](const Inputs& in) {
            // Σ(λ_i − μ)w_i²/(μ q), q = Σλ_i w_i², and 1/(μ q) = μ q/(μ q)².
            const Number q = squared_norm(diagonal_problem(in), row_major(in("w")));
            SquareSum above, whole;
            for (Eigen::Index i = 0; i < in("w").size(); ++i) {
              const Number s = in("s")(i), over = Number(1) + s * s;
              const SquareSum share = sum_of(square_of(s / over), square_of(s * s / over));
              const SquareSum more = product_of(product_of(weighing("spread"), share), square_of(in("w")(i)));
              above = sum_of(above, more);
              whole = sum_of(whole, sum_of(more, product_of(weighing("mu"), square_of(in("w")(i)))));
            }
            return product_of(product_of(above, whole),
                              product_of(weighing("mu"), square_of(Number(1) / (in.scalar("mu") * q))));
          },
      .why = "∂²_γ f = xᵀ∇²f x with x = w/‖w‖_S."};
  return {printed, bisection, curvature};
}

// ---- both

std::vector<Reading> together() {
  Reading identity = {
      .id = "together__norm_of_the_inverse",
      .statement = "‖∇f(w̃)‖²_{S⁻¹} = c₁²(ρ(w) − ρ*) + (∂_γ f)², for every φ",
      .inputs = with(diagonal_inputs(), {"gamma", "slope", "bend"}),
      .sizes = {{.channels = 1}, {.channels = 2}, {.channels = 3}},
      .left = by_reference("∇fᵀS⁻¹∇f",
                           [](const Inputs& in) -> Values {
                             const RayleighProblem p = diagonal_problem(in);
                             return {dual_square(in, expectations(p, row_major(in("w")), in.scalar("gamma"),
                                                                  in.scalar("slope"), in.scalar("bend"))
                                                         .gradient)};
                           }),
      .right = by_theory("c₁²(ρ(w) − ρ*) + (∂_γ f)²",
                         [](const Inputs& in) -> Values {
                           const RayleighProblem p = diagonal_problem(in);
                           return {theory::gradient_residual<Number>(
                               moments_of(p, in.sizes.channels), as_vector<Number>(in("v")), as_vector<Number>(in("w")),
                               in.scalar("gamma"), in.scalar("slope"), in.scalar("bend"))};
                         }),
      .why = "Sw and u − Sw(uᵀw)/‖w‖_S² are at right angles in the norm of S⁻¹: the two rates add up."};
  Reading euclidean = identity;
  euclidean.id = "together__euclidean_norm";
  euclidean.statement = "‖∇f(w̃)‖² ≤ c₁²(ρ(w) − ρ*) + (∂_γ f)²: WIKI's norm without a factor L";
  euclidean.sizes = {{.channels = 1}};
  euclidean.hypotheses = {data_exist_by_a_map(), start_not_across()};
  euclidean.relation = Relation::at_most;
  euclidean.left = by_reference("‖∇f‖²", [](const Inputs& in) -> Values {
    const RayleighProblem p = diagonal_problem(in);
    const Values g =
        expectations(p, row_major(in("w")), in.scalar("gamma"), in.scalar("slope"), in.scalar("bend")).gradient;
    return {dot<Number>(g, g)};
  });
  euclidean.why =
      "‖g‖² ≤ L‖g‖²_{S⁻¹} is all that holds, with equality along an eigenvector of L: for L > 1 the printed sum "
      "is too small whatever Φ is.";
  return {identity, euclidean};
}

// ---- runs

std::vector<Reading> runs() {
  const std::string ensemble =
      "logistic loss, S = diag(1/4, 1/2, 1), v uniform in a cube where vᵀSv < 1, T_d = 6, T_s = 8";
  Reading kept = {
      .id = "repaired__along_runs",
      .statement = "P(no step breaks a repaired bound) ≥ 49/50; needed h, " + ensemble,
      .frequency = {.event = "direction within (1 − μ/L)^(2t) c₁²γ²(ρ(w₀) − ρ*), c₁² ≤ Φ²/(1 − vᵀSv), length within "
                             "2^(−T_s)(ζ/μ)|b − a|, at every step that is judged",
                    .happens =
                        [](RandomStream& stream) {
                          return simulation::deciding_gdnp_run(stream, StoppingRule::needed).kept_both();
                        },
                    .numerator = 49,
                    .denominator = 50},
      .why =
          "A theorem says that the bounds are kept always, as long as no h and no γ is 0; the runs test the algorithm "
          "as a whole, in double. The direction's identity holds for any slope and bend, so the quadrature costs "
          "nothing there; the other two bounds have its proved error added, below 1e-6(1 + |γ|). Runs that end "
          "early are counted by along_runs__length_is_zero, runs that are judged no further by "
          "along_runs__long_bracket. 49/50, and 1/25 there, are round numbers, not measurements."};
  Reading ended = kept;
  ended.id = "along_runs__length_is_zero";
  ended.statement = "P(bisection returns γ = 0, by which the next step divides) ≤ 1/25; needed h, " + ensemble;
  ended.frequency = {.event = "bisection returns its left end 0",
                     .happens =
                         [](RandomStream& stream) {
                           return simulation::deciding_gdnp_run(stream, StoppingRule::needed).length_is_zero;
                         },
                     .numerator = 1,
                     .denominator = 25,
                     .at_least = false};
  ended.why =
      "Where the best length is below 2^(−T_s) of the bracket. WIKI does not say what GDNP does then; the run ends.";
  Reading untested = ended;
  untested.id = "along_runs__long_bracket";
  untested.statement = "P(a bracket beyond 256, where the length's bound is 1 or more) ≤ 1/25; needed h, " + ensemble;
  untested.frequency.event = "at some step the length's bound is above |∂_γ f| whatever happens";
  untested.frequency.happens = [](RandomStream& stream) {
    return simulation::deciding_gdnp_run(stream, StoppingRule::needed).vacuous;
  };
  untested.why =
      "|∂_γ f| ≤ Φ = 1 always: such a step tests the direction alone. The run is judged no further, for with such "
      "lengths E φ′ soon leaves the range of double, and h with it.";
  Reading printed = kept;
  printed.id = "along_runs__printed_h";
  printed.statement = "P(ρ(w_6) − ρ* ≤ (1 − μ/L)^12 (ρ(w₀) − ρ*)) ≥ 1/2 with the printed h; " + ensemble;
  printed.frequency = {.event = "the printed h keeps the rate over 6 steps",
                       .happens =
                           [](RandomStream& stream) {
                             return simulation::deciding_gdnp_run(stream, StoppingRule::printed).kept_the_rate();
                           },
                       .numerator = 1,
                       .denominator = 2};
  printed.why =
      "What the slip costs in one ensemble. A run that ends early is judged by its last length that is not 0.";
  return {kept, ended, untested, printed};
}

Hypothesis length_is_the_norm() {
  return imposing("length_is_the_norm", "γ = ‖w‖_S, that is w̃ = w", [](Inputs& in) {
    in.set("gamma", reference::norm_by<Number>(sampled_problem(in).s, row_major(in("w"))));
  });
}

}  // namespace

Claim gdnp_linear_convergence() {
  std::vector<Reading> readings;
  for (const auto& group : {of_the_direction(), of_the_derivative_bound(), directions_agree(), of_the_bound(),
                            of_the_length(), together(), runs()})
    readings.insert(readings.end(), group.begin(), group.end());
  return {
      .title = "GDNP converges linearly on the halfspace problem, in direction and in length",
      .sources = {{"WIKI", "learning halfspace problem, GDNP and its three rates"}},
      .notation =
          "z ~ N(u, S − uuᵀ), f(w, γ) = E φ(zᵀw̃), w̃ = γ w/‖w‖_S; slope = E φ′(zᵀw̃), bend = E φ″(zᵀw̃), any numbers; c₁ "
          "= "
          "slope − bend·uᵀw̃; ρ(w) = −(uᵀw)²/(wᵀSw), u = Sv, ρ* = −vᵀSv; S = diag(μ + spread·s_i²/(1 + s_i²)), L = μ + "
          "spread; h the stopping value, step −‖w‖_S³/(Lγh)",
      .why =
          "∇_w f is a multiple of ∇ρ for every loss. With h = c₁ uᵀw the step is that of least squares, which has the "
          "rate "
          "(1 − μ/L)². ‖w‖_S²‖∇_w f‖²_{S⁻¹} = γ²c₁²(ρ − ρ*), ‖∇f‖²_{S⁻¹} = c₁²(ρ − ρ*) + (∂_γ f)², and bisection "
          "halves "
          "a bracket of ∂_γ f, whose slope is at most ζ/μ.",
      .explain =
          "The heart of it is right and remarkable: for Gaussian data the direction's gradient points along that of "
          "least squares whatever the loss is, so GDNP's direction converges as fast as least squares does. As "
          "printed, "
          "four details stand in the way. The stopping value h needs (uᵀw)(uᵀw̃) where (uᵀw)² is printed; the two agree "
          "at w̃ = w only, and with the wrong one the step can even go backwards. Φ bounds the derivative of the loss, "
          "but what enters is c₁ = E φ′ − E φ″ uᵀw̃, which can be larger: by (1 − uᵀS⁻¹u)^(−1/2) at most, "
          "so Φ² has to be divided by 1 − uᵀS⁻¹u. "
          "The bound on the length has a square on one side alone; multiply the loss by k to see it. And the two parts "
          "add up in the norm of S⁻¹, not in the Euclidean one. With these repaired both components converge linearly.",
      .readings = readings,
      .mutants =
          {
              {.id = "printed_h",
               .reading = "needed_h__is_least_squares",
               .words = "the step with the printed h",
               .agrees_when = length_is_the_norm(),
               .right =
                   [](const Inputs& in) {
                     return step(StoppingRule::printed, in, sampled_problem(in), row_major(in("w")));
                   }},
              {.id = "bound_as_printed",
               .reading = "bound__of_the_coefficient",
               .words = "Φ² alone",
               .agrees_when =
                   imposing("mean_zero", "u = 0",
                            [](Inputs& in) { in.set("v", Array<Number>::Constant(1, in.sizes.channels, Number(0))); }),
               .right = [](const Inputs& in) -> Values {
                 const RayleighProblem p = diagonal_problem(in);
                 return {squared_bound(in, moments_of(p, in.sizes.channels), theory_vector(p.u),
                                       as_vector<Number>(in("w")))};
               }},
              {.id = "slope_bounds_the_derivative",
               .reading = "repaired",
               .words = "(E φ′)² + slack² for Φ²",
               .agrees_when = imposing("bend_zero", "E φ″ = 0", [](Inputs& in) { in.set("bend", Number(0)); }),
               .right = [](const Inputs& in) -> Values {
                 Inputs straight = in;
                 straight.set("bend", Number(0));
                 return {printed_bound_after_a_step(straight) / rest_of_the_mean(straight)};
               }},
              {.id = "rate_twice",
               .reading = "repaired",
               .words = "(1 − μ/L)⁴ after one step",
               .agrees_when = imposing("mu_zero", "μ = 0", [](Inputs& in) { in.set("mu", Number(0)); }),
               .right = [](const Inputs& in) -> Values {
                 const Number mu = in.scalar("mu"), largest = mu + in.scalar("spread");
                 return {theory::step_rate<Number>(mu, largest) * printed_bound_after_a_step(in) /
                         rest_of_the_mean(in)};
               }},
              {.id = "quarters_for_halves",
               .reading = "length__bisection",
               .words = "4^(−T) Z |b − a|",
               .agrees_when = {.id = "no_halving", .sentence = "T = 0"},
               .right = [](const Inputs& in) -> Values {
                 return {in.scalar("z") * in.scalar("width") / Number(1 << 2 * in.sizes.outputs)};
               },
               .agreeing_sizes = {{.outputs = 0}}},
              {.id = "slope_for_the_coefficient",
               .reading = "direction__residual",
               .words = "(E φ′)² for c₁²",
               .agrees_when = imposing("bend_zero", "E φ″ = 0", [](Inputs& in) { in.set("bend", Number(0)); }),
               .right = [](const Inputs& in) -> Values {
                 const RayleighProblem p = diagonal_problem(in);
                 return {theory::direction_residual<Number>(moments_of(p, in.sizes.channels),
                                                            as_vector<Number>(in("v")), as_vector<Number>(in("w")),
                                                            in.scalar("gamma"), in.scalar("slope"), Number(0))};
               }},
              {.id = "largest_eigenvalue",
               .reading = "length__curvature",
               .words = "1/L for 1/μ",
               .agrees_when = imposing("spread_zero", "S = μ", [](Inputs& in) { in.set("spread", Number(0)); }),
               .right = [](const Inputs& in) -> Values {
                 return {Number(1) / (in.scalar("mu") + in.scalar("spread"))};
               }},
              {.id = "forgets_the_length",
               .reading = "together__norm_of_the_inverse",
               .words = "c₁²(ρ(w) − ρ*)",
               .agrees_when = imposing("length_stationary", "∂_γ f = 0",
                                       [](Inputs& in) {
                                         const RayleighProblem p = diagonal_problem(in);
                                         const Values w = reference::normalized_weights<Number>(p.s, row_major(in("w")),
                                                                                                in.scalar("gamma"));
                                         const Number m = along(p, w);
                                         in.set("slope", in.scalar("bend") * (m - squared_norm(p, w) / m));
                                       }),
               .right = [](const Inputs& in) -> Values {
                 const RayleighProblem p = diagonal_problem(in);
                 const Number gamma = in.scalar("gamma");
                 return {theory::direction_residual<Number>(moments_of(p, in.sizes.channels),
                                                            as_vector<Number>(in("v")), as_vector<Number>(in("w")),
                                                            gamma, in.scalar("slope"), in.scalar("bend")) /
                         (gamma * gamma)};
               }},
          },
  };
}

}  // namespace normproof::claims
