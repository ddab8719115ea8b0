// Claim: gradient descent on the Rayleigh quotient of least squares converges linearly.
//
// Source       WIKI, least-square problem (Kohler et al. 2018, Theorem 1)
// Notation     ρ(w) = −(uᵀw)²/(wᵀSw), u = Sv, ρ* = −vᵀSv; μ ≤ λ_min(S), L ≥ λ_max(S); w′ = w − η∇ρ(w), T steps (outputs
//              in the sizes); c = wᵀSw/uᵀw, e = w − cv. Where S is diagonal, its entries are μ + (L − μ)p_i,
//              p_i = s_i²/(1 + s_i²): any of [μ, L). `spread` is L − μ. S is diagonal without loss: rotations change
//              neither ρ nor the step
// Hypotheses   ρ(w₀) ≠ 0; η = wᵀSw/(2L|ρ(w)|). μ = 0 is allowed.
//
//     ρ(w_T) − ρ*  ≤  (1 − μ/L)^(2T) (ρ(w₀) − ρ*)
//
// Why. ∇ρ(w) = −(2 uᵀw/wᵀSw)(u − Sw/c), and the step makes of w
//          w′ = (I − S/L)w + (c/L)u,      that is      w′ − cv = (I − S/L)(w − cv) = (I − S/L)e.
// cv is a minimiser, a multiple of v. (1) wᵀSe = wᵀSw − c uᵀw = 0, so ‖e‖_S² = c² vᵀSv − wᵀSw = c²(ρ(w) − ρ*).
// (2) ‖(I − S/L)e‖_S ≤ (1 − μ/L)‖e‖_S by the spectrum. (3) For every w′, with q′ = w′ᵀSw′ and a′ = uᵀw′,
// ‖w′ − cv‖_S² − c²(ρ(w′) − ρ*) = (q′ − ca′)²/q′ ≥ 0. Together c²(ρ(w′) − ρ*) ≤ (1 − μ/L)²c²(ρ(w) − ρ*). This is a
// proof in every dimension; the readings decide (1), (3) and, where S is diagonal, the whole step as an identity with a
// sum of squares. ρ never rises, so ρ(w_t) ≠ 0 stays true.
//     (1 − μ/L)² cannot be lowered: v an eigenvector of L, w = v + δ·(one of μ), δ → 0.
#include "proofs_checks/inputs/rayleigh_problem.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

const InputSpec smallest = {"mu", Role::variance}, spread = {"spread", Role::variance};
const InputSpec spectrum = {"s", Role::weight, Dimension::one, Dimension::channels};
const InputSpec solution = {"v", Role::weight, Dimension::one, Dimension::channels};
const InputSpec start = {"w", Role::weight, Dimension::one, Dimension::channels};
const InputSpec samples = {"x", Role::activation, Dimension::batch, Dimension::channels};
const InputSpec largest_bound = {"largest", Role::scale};

using StepSize = Number (*)(std::span<const Number>, std::span<const Number>, std::span<const Number>, const Number&);

Values one_step(const RayleighProblem& p, const Values& w, StepSize size) {
  return reference::rayleigh_step<Number>(p.s, p.u, w, size(p.s, p.u, w, p.largest));
}
Values steps(const RayleighProblem& p, Values w, int count, StepSize size) {
  for (int t = 0; t < count; ++t) w = one_step(p, w, size);
  return w;
}

theory::Matrix<Number> theory_moments(const RayleighProblem& p, int channels) {
  return from_row_major<Number>(p.s, channels, channels);
}
// By theory: ρ(w) − ρ*, and ρ*.
Number smallest_quotient(const Inputs& in, const RayleighProblem& p) {
  return theory::smallest_quotient<Number>(theory_moments(p, in.sizes.channels), as_vector<Number>(in("v")));
}
Number excess(const Inputs& in, const RayleighProblem& p) {
  const auto s = theory_moments(p, in.sizes.channels);
  const auto u = theory::moment_times<Number>(s, as_vector<Number>(in("v")));
  return theory::direction_quotient<Number>(s, u, as_vector<Number>(in("w"))) - smallest_quotient(in, p);
}
Number rate(const Inputs& in) {
  const Number mu = in.scalar("mu");
  return theory::step_rate<Number>(mu, mu + in.scalar("spread"));
}

// Over T steps each gap is weighed by the rate of the steps after it: (1 − μ/L)² = ((L − μ)/L)².
std::vector<SquareTerm> gap_of_steps(const Inputs& in, StepSize size) {
  const RayleighProblem p = diagonal_problem(in);
  const Number kept = in.scalar("spread") / p.largest;
  Values w = row_major(in("w"));
  SquareSum gap;
  for (int t = 0; t < in.sizes.outputs; ++t) {
    const Values next = one_step(p, w, size);
    gap = sum_of(product_of(gap, square_of(kept)), gap_of_a_step(in, p, w, next));
    w = next;
  }
  return gap;
}

std::vector<InputSpec> diagonal_inputs() { return {smallest, spread, spectrum, solution, start}; }

Hypothesis start_of_norm_one() {
  return imposing("norm_one", "‖w‖_S = 1", [](Inputs& in) {
    const Number squared = squared_norm(diagonal_problem(in), row_major(in("w")));
    const Number norm = sqrt(squared);
    Array<Number> w = in("w");
    for (Eigen::Index k = 0; k < w.size(); ++k) w(k) /= norm;
    in.set("w", w);
  });
}
Hypothesis start_is_across() {
  return imposing("start_across", "uᵀw = 0, that is ρ(w) = 0", [](Inputs& in) {
    const RayleighProblem p = diagonal_problem(in);
    const Number share = along(p, row_major(in("w"))) / along(p, p.u);
    Array<Number> w = in("w");
    for (Eigen::Index k = 0; k < w.size(); ++k) w(k) -= share * p.u[static_cast<std::size_t>(k)];
    in.set("w", w);
  });
}
Hypothesis ratio_is_one() {
  return imposing("ratio_one", "c = 1: wᵀSw = uᵀw", [](Inputs& in) {
    const RayleighProblem p = sampled_problem(in);
    const Number c = squared_norm(p, row_major(in("w"))) / along(p, row_major(in("w")));
    Array<Number> w = in("w");
    for (Eigen::Index k = 0; k < w.size(); ++k) w(k) /= c;
    in.set("w", w);
  });
}

Reading rate_of_descent(std::string id, std::string statement, StepSize size, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = diagonal_inputs(),
          .sizes = {{.channels = 1}, {.channels = 2}, {.channels = 3}, {.channels = 5}},
          .left = by_reference("ρ(w_T) − ρ*, gradient descent step by step",
                               [=](const Inputs& in) -> Values {
                                 const RayleighProblem p = diagonal_problem(in);
                                 const Values w = steps(p, row_major(in("w")), in.sizes.outputs, size);
                                 return {quotient(p, w) - smallest_quotient(in, p)};
                               }),
          .relation = Relation::at_most,
          .right = by_theory("(1 − μ/L)^(2T) (ρ(w₀) − ρ*)",
                             [](const Inputs& in) -> Values {
                               Number bound = excess(in, diagonal_problem(in));
                               for (int t = 0; t < in.sizes.outputs; ++t) bound *= rate(in);
                               return {bound};
                             }),
          .why = std::move(why)};
}

// ---- the steps of the proof, for any S

std::vector<Reading> proof() {
  const std::vector<InputSpec> inputs = {samples, solution, start, largest_bound};
  const std::vector<Sizes> sizes = {
      {.batch = 2}, {.batch = 3, .channels = 2}, {.batch = 4, .channels = 3}, {.batch = 2, .channels = 3}};
  Reading contracts = {
      .id = "proof__the_error_is_multiplied",
      .statement = "w′ − cv = (I − S/L)(w − cv), c = wᵀSw/uᵀw, for any S and any L ≠ 0",
      .inputs = inputs,
      .sizes = sizes,
      .left = by_reference("w′ − cv",
                           [](const Inputs& in) {
                             const RayleighProblem p = sampled_problem(in);
                             const Values w = row_major(in("w"));
                             const Number c = squared_norm(p, w) / along(p, w);
                             return difference(one_step(p, w, reference::rayleigh_step_size<Number>), c, in("v"));
                           }),
      .right = by_definition("(I − S/L)(w − cv)",
                             [](const Inputs& in) {
                               const RayleighProblem p = sampled_problem(in);
                               const Values w = row_major(in("w"));
                               const Values e = difference(w, squared_norm(p, w) / along(p, w), in("v"));
                               Values result = reference::symmetric_times<Number>(p.s, e);
                               for (std::size_t k = 0; k < e.size(); ++k) result[k] = e[k] - result[k] / p.largest;
                               return result;
                             }),
      .why = "One step is a step of plain gradient descent towards the multiple cv of the solution."};
  Reading distance = contracts;
  distance.id = "proof__excess_is_a_distance";
  distance.statement = "‖w − cv‖_S² = c²(ρ(w) − ρ*)";
  distance.inputs = {samples, solution, start};
  distance.left = by_definition("‖w − cv‖_S²", [](const Inputs& in) -> Values {
    const RayleighProblem p = sampled_problem(in);
    const Values w = row_major(in("w"));
    return {squared_norm(p, difference(w, squared_norm(p, w) / along(p, w), in("v")))};
  });
  distance.right = by_theory("c²(ρ(w) − ρ*)", [](const Inputs& in) -> Values {
    const RayleighProblem p = sampled_problem(in);
    const Values w = row_major(in("w"));
    const Number c = squared_norm(p, w) / along(p, w);
    return {c * c * excess(in, p)};
  });
  distance.why = "w is across the error: wᵀS(w − cv) = 0.";
  Reading nearest = distance;
  nearest.id = "proof__nearest_multiple";
  nearest.statement = "c²(ρ(w) − ρ*) ≤ ‖w − cv‖_S² for every w and every number c";
  nearest.inputs = {samples, solution, start, {"c", Role::scale}};
  nearest.relation = Relation::at_most;
  nearest.left = by_theory("c²(ρ(w) − ρ*)", [](const Inputs& in) -> Values {
    return {in.scalar("c") * in.scalar("c") * excess(in, sampled_problem(in))};
  });
  nearest.right = by_definition("‖w − cv‖_S²", [](const Inputs& in) -> Values {
    return {squared_norm(sampled_problem(in), difference(row_major(in("w")), in.scalar("c"), in("v")))};
  });
  nearest.gap = [](const Inputs& in) {
    // (q − c a)²/q, and 1/q = q/q², q = mean (x·w)².
    const RayleighProblem p = sampled_problem(in);
    const Values w = row_major(in("w"));
    const Number q = squared_norm(p, w), miss = q - in.scalar("c") * along(p, w);
    std::vector<SquareTerm> terms;
    for (int i = 0; i < in.sizes.batch; ++i) {
      Number projection(0);
      for (int k = 0; k < in.sizes.channels; ++k) projection += in("x")(i, k) * in("w")(k);
      terms.push_back({.root = miss * projection / q, .denominator = in.sizes.batch});
    }
    return terms;
  };
  nearest.why = "c²(ρ(w) − ρ*) is the squared distance from cv to the nearest multiple of w.";
  return {contracts, distance, nearest};
}

// ---- beside plain gradient descent

Number plain_excess(const Inputs& in, const RayleighProblem& p, const Values& w) {
  return reference::least_squares_objective<Number>(p.s, p.u, w) - smallest_quotient(in, p);
}

// S = diag(μ, L).
RayleighProblem with_both_ends(const Inputs& in) {
  const Number &mu = in.scalar("mu"), largest = mu + in.scalar("spread");
  const Values s = {mu, Number(0), Number(0), largest};
  return {.s = s, .u = reference::symmetric_times<Number>(s, row_major(in("v"))), .largest = largest};
}

std::vector<Reading> plain_descent() {
  Reading same = rate_of_descent(
      "plain_gradient_descent__has_the_same_rate",
      "f(w̃_T) − f* ≤ (1 − μ/L)^(2T) (f(w̃₀) − f*), f = 2uᵀw̃ + w̃ᵀSw̃, step 1/(2L)", reference::rayleigh_step_size<Number>,
      "The error w̃ + v is multiplied by I − S/L. Where μ > 0, as WIKI assumes, plain "
      "gradient descent converges linearly, with the very same bound: it is not “only sub-linear”.");
  same.left = by_reference("f(w̃_T) − f*, gradient descent step by step", [](const Inputs& in) -> Values {
    const RayleighProblem p = diagonal_problem(in);
    Values w = row_major(in("w"));
    for (int t = 0; t < in.sizes.outputs; ++t) w = reference::least_squares_step<Number>(p.s, p.u, w, p.largest);
    return {plain_excess(in, p, w)};
  });
  same.right = by_theory("(1 − μ/L)^(2T) (w̃₀ + v)ᵀS(w̃₀ + v)", [](const Inputs& in) -> Values {
    const RayleighProblem p = diagonal_problem(in);
    theory::Vector<Number> e = as_vector<Number>(in("w"));
    for (Eigen::Index k = 0; k < e.size(); ++k) e(k) += in("v")(k);
    Number bound = theory::moment_product<Number>(theory_moments(p, in.sizes.channels), e, e);
    for (int t = 0; t < in.sizes.outputs; ++t) bound *= rate(in);
    return {bound};
  });
  same.gap = [](const Inputs& in) {
    const RayleighProblem p = diagonal_problem(in);
    SquareSum gap;
    for (Eigen::Index i = 0; i < in("w").size(); ++i) {
      const Number s = in("s")(i), whole = Number(1) + s * s;
      const SquareSum share = sum_of(square_of(s / whole), square_of(s * s / whole));
      const SquareSum lambda = sum_of(weighing("mu"), product_of(weighing("spread"), share));
      const SquareSum bend = sum_of(times(square_of(s / whole), 2), square_of(s * s / whole));
      const Number e = in("w")(i) + in("v")(i);
      gap = sum_of(gap, product_of(lambda, product_of(bend, square_of(in.scalar("spread") * e / p.largest))));
    }
    return gap;
  };
  Reading slower = rate_of_descent(
      "printed__faster_than_gradient_descent",
      "S = diag(μ, L): (ρ(w₁) − ρ*)/(ρ(w₀) − ρ*) ≤ (f(w̃₁) − f*)/(f(w̃₀) − f*) from the same w₀ = w̃₀, multiplied out",
      reference::rayleigh_step_size<Number>,
      "Neither is faster: where w̃₀ + v is an eigenvector of L plain descent is there in one step. Bounds agree too: "
      "plain_gradient_descent__has_the_same_rate. With μ = 0 the bound gives no rate for either.");
  slower.sizes = {{.channels = 2}};
  slower.inputs = {smallest, spread, solution, start};
  slower.left = by_reference("(ρ(w₁) − ρ*)(f(w̃₀) − f*)", [](const Inputs& in) -> Values {
    const RayleighProblem p = with_both_ends(in);
    const Values w = row_major(in("w")), next = one_step(p, w, reference::rayleigh_step_size<Number>);
    return {(quotient(p, next) - smallest_quotient(in, p)) * plain_excess(in, p, w)};
  });
  slower.right = by_theory("(f(w̃₁) − f*)(ρ(w₀) − ρ*), f − f* = ‖w̃ + v‖_S²", [](const Inputs& in) -> Values {
    const RayleighProblem p = with_both_ends(in);
    const Values lambda = {p.s.front(), p.s.back()};
    Number after(0);
    for (std::size_t i = 0; i < lambda.size(); ++i) {
      const auto k = static_cast<Eigen::Index>(i);
      const Number e = (in("w")(k) + in("v")(k)) * (Number(1) - lambda[i] / p.largest);
      after += lambda[i] * e * e;
    }
    return {after * excess(in, p)};
  });
  Reading sublinear = rate_of_descent(
      "printed__gradient_descent_only_sublinear",
      "f(w̃_T) − f* ≥ q (f(w̃_{T−1}) − f*), q = (1 + (1 − μ/L)²)/2 < 1: sub-linear means that the quotient of "
      "errors tends to 1, so it has to pass q",
      reference::rayleigh_step_size<Number>,
      "Every step of plain gradient descent, from any w̃, multiplies f − f* by (1 − μ/L)² at most, which is less than "
      "q: plain_gradient_descent__has_the_same_rate. So its convergence is linear. WIKI asks for μ > 0.");
  sublinear.sizes = {{.channels = 1}, {.channels = 2}, {.channels = 2, .outputs = 2}, {.channels = 2, .outputs = 3}};
  sublinear.hypotheses = {{.id = "mu_between", .sentence = "0 < μ < L", .positive = [](const Inputs& in) {
                             return in.scalar("mu") * in.scalar("spread");
                           }}};
  sublinear.left =
      by_theory("q (w̃_{T−1} + v)ᵀS(w̃_{T−1} + v), the errors multiplied by I − S/L", [](const Inputs& in) -> Values {
        const RayleighProblem p = diagonal_problem(in);
        theory::Vector<Number> e = as_vector<Number>(in("w"));
        for (Eigen::Index k = 0; k < e.size(); ++k) {
          e(k) += in("v")(k);
          const Number kept = Number(1) - diagonal(in)[static_cast<std::size_t>(k)] / p.largest;
          for (int t = 1; t < in.sizes.outputs; ++t) e(k) *= kept;
        }
        const Number q = (Number(1) + rate(in)) / Number(2);
        return {q * theory::moment_product<Number>(theory_moments(p, in.sizes.channels), e, e)};
      });
  sublinear.right = same.left;
  sublinear.right.words = "f(w̃_T) − f*, gradient descent step by step";
  return {same, slower, sublinear};
}

// S = diag(L, μ), v = (1, 0), w = (1, δ).
Reading nothing_smaller() {
  const auto problem = [](const Inputs& in) {
    const Number largest = in.scalar("mu") + in.scalar("spread"), zero(0);
    return RayleighProblem{{largest, zero, zero, in.scalar("mu")}, {largest, zero}, largest};
  };
  return {
      .id = "rate_is_attained",
      .statement =
          "S = diag(L, μ), v = (1, 0), w₀ = (1, δ): (ρ(w₁) − ρ*)/(ρ(w₀) − ρ*) = (1 − μ/L)² q/(q² + (μ/L)(1 − μ/L)²δ²), "
          "q = 1 + (μ/L)δ²",
      .inputs = {smallest, spread, {"delta", Role::weight}},
      .sizes = {{.channels = 2}},
      .left = by_reference("the quotient of ρ − ρ* after and before one step",
                           [=](const Inputs& in) -> Values {
                             const RayleighProblem p = problem(in);
                             const Values w = {Number(1), in.scalar("delta")};
                             const Values next = one_step(p, w, reference::rayleigh_step_size<Number>);
                             return {(quotient(p, next) + p.largest) / (quotient(p, w) + p.largest)};
                           }),
      .right = by_theory("(1 − μ/L)² q/(q² + (μ/L)(1 − μ/L)²δ²)",
                         [](const Inputs& in) -> Values {
                           const Number mu = in.scalar("mu"), largest = mu + in.scalar("spread"), share = mu / largest;
                           const Number square = in.scalar("delta") * in.scalar("delta");
                           const Number q = Number(1) + share * square, kept = theory::step_rate<Number>(mu, largest);
                           return {kept * q / (q * q + share * kept * square)};
                         }),
      .why = "It tends to (1 − μ/L)² as δ → 0: no smaller factor holds for every start, and no higher exponent."};
}

}  // namespace

Claim ols_linear_convergence() {
  const StepSize with_length = reference::rayleigh_step_size<Number>, bare = reference::rayleigh_step_size_bare<Number>;
  Reading printed = rate_of_descent(
      "printed", "ρ(w_T) − ρ* ≤ (1 − μ/L)^(2T) (ρ(w₀) − ρ*), η = wᵀSw/(2L|ρ(w)|), ρ(w₀) ≠ 0", with_length,
      "The gap is written out as a sum of squares: (2) and (3) of the proof. Several steps add up; so does every T.");
  printed.sizes = {{.channels = 1},
                   {.channels = 2},
                   {.channels = 3},
                   {.channels = 5},
                   {.channels = 2, .outputs = 2},
                   {.channels = 3, .outputs = 2}};
  printed.gap = [](const Inputs& in) { return gap_of_steps(in, reference::rayleigh_step_size<Number>); };
  Reading large =
      rate_of_descent("printed__up_to_fifty_dimensions", "the same, one step, in up to 50 dimensions", with_length,
                      "The proof covers every dimension; here the search attacks it where the spectrum is wide.");
  large.sizes = {{.channels = 2}, {.channels = 10}, {.channels = 50}};
  large.gap = printed.gap;
  Reading without_length = rate_of_descent(
      "printed__step_without_the_length", "ρ(w₁) − ρ* ≤ (1 − μ/L)² (ρ(w₀) − ρ*), η = 1/(2L|ρ(w)|) as some copies print",
      bare,
      "ρ does not see the length of w, so ∇ρ is of degree −1 in it and η has to be of degree 2. Without wᵀSw the error "
      "is multiplied by I − S/(L wᵀSw): that overshoots for short w and does little for long w.");
  without_length.sizes = {{.channels = 1}, {.channels = 2}};
  Reading unit = rate_of_descent("step_without_the_length__norm_one",
                                 "ρ(w₁) − ρ* ≤ (1 − μ/L)² (ρ(w₀) − ρ*), η = 1/(2L|ρ(w)|), where ‖w‖_S = 1", bare,
                                 "At ‖w‖_S = 1 the two steps are one: a method that normalizes w after each step.");
  unit.hypotheses = {start_of_norm_one()};
  unit.sizes = {{.channels = 1}, {.channels = 2}, {.channels = 3}};
  unit.gap = [](const Inputs& in) { return gap_of_steps(in, reference::rayleigh_step_size_bare<Number>); };
  Reading flat = rate_of_descent("without_rho_nonzero",
                                 "ρ(w₁) − ρ* ≤ (1 − μ/L)² (ρ(w₀) − ρ*) where ρ(w₀) = 0, whatever η is", with_length,
                                 "∇ρ = 0 where uᵀw = 0: these are the maxima, and no step leaves them. ρ(w₀) ≠ 0 is "
                                 "needed, and is all that is asked of the start.");
  flat.inputs.push_back({"eta", Role::scale});
  flat.sizes = {{.channels = 2}};
  flat.hypotheses = {start_is_across()};
  flat.left = by_reference("ρ(w − η∇ρ(w)) − ρ*", [](const Inputs& in) -> Values {
    const RayleighProblem p = diagonal_problem(in);
    const Values next = reference::rayleigh_step<Number>(p.s, p.u, row_major(in("w")), in.scalar("eta"));
    return {quotient(p, next) - smallest_quotient(in, p)};
  });
  std::vector<Reading> readings = {printed, large, without_length, unit, flat, nothing_smaller()};
  for (const auto& group : {proof(), plain_descent()}) readings.insert(readings.end(), group.begin(), group.end());
  return {
      .title = "Gradient descent on the Rayleigh quotient of least squares converges linearly, at the rate (1 − μ/L)²",
      .sources = {{"WIKI", "least-square problem, convergence"}},
      .notation =
          "ρ(w) = −(uᵀw)²/(wᵀSw), u = Sv, ρ* = −vᵀSv its least value; μ ≤ λ_min(S), L ≥ λ_max(S) > 0; w_{t+1} = w_t − "
          "η_t ∇ρ(w_t); T steps: outputs in the sizes. c = wᵀSw/uᵀw. S = diag(μ + (L − μ)s_i²/(1 + s_i²)), spread = L "
          "− μ, or the second moments of samples",
      .why =
          "A step takes w − cv to (I − S/L)(w − cv): one step of plain descent towards cv. ‖w − cv‖_S² = c²(ρ(w) − ρ*) "
          "before it, and after it c²(ρ(w′) − ρ*) ≤ ‖w′ − cv‖_S², the distance to the nearest multiple of w′. I − S/L "
          "shortens by 1 − μ/L.",
      .explain =
          "The angle between w and the solution v, measured in the geometry of S, has the squared sine (ρ(w) − "
          "ρ*)/|ρ*|. One gradient step with this step size moves w as plain gradient descent would move it towards the "
          "nearest useful multiple of v, and that shrinks the sine by 1 − μ/L at least: a proof of three lines, in "
          "every dimension, for μ = 0 too. The step has to contain wᵀSw, for ρ does not know how long w is; copies "
          "that drop it keep the bound where 1/(2 − μ/L) ≤ wᵀSw ≤ 1, and lose it for short w and for long w. "
          "Whether they still converge is not decided here: a step may end at uᵀw = 0, where η has no value. ρ(w₀) ≠ 0 "
          "is needed: at uᵀw = 0 the gradient vanishes. But the comparison is wrong. Plain gradient descent on the "
          "same problem, with the same S > 0, has the same rate (1 − μ/L)², bound for bound "
          "(plain_gradient_descent__has_the_same_rate; "
          "printed__gradient_descent_only_sublinear is refuted); with μ = 0 the bound gives no rate for either. Nor is "
          "one of them always faster on an instance.",
      .readings = readings,
      .mutants =
          {
              {.id = "exponent_four",
               .reading = "printed",
               .words = "(1 − μ/L)^(4T)",
               .agrees_when = imposing("mu_zero", "μ = 0", [](Inputs& in) { in.set("mu", Number(0)); }),
               .right = [](const Inputs& in) -> Values {
                 Number bound = excess(in, diagonal_problem(in));
                 for (int t = 0; t < 2 * in.sizes.outputs; ++t) bound *= rate(in);
                 return {bound};
               }},
              {.id = "towards_v_itself",
               .reading = "proof__the_error_is_multiplied",
               .words = "(I − S/L)(w − v)",
               .agrees_when = ratio_is_one(),
               .right =
                   [](const Inputs& in) {
                     const RayleighProblem p = sampled_problem(in);
                     const Values e = difference(row_major(in("w")), Number(1), in("v"));
                     Values result = reference::symmetric_times<Number>(p.s, e);
                     for (std::size_t k = 0; k < e.size(); ++k) result[k] = e[k] - result[k] / p.largest;
                     return result;
                   }},
              {.id = "ratio_once",
               .reading = "proof__excess_is_a_distance",
               .words = "c(ρ(w) − ρ*)",
               .agrees_when = ratio_is_one(),
               .right = [](const Inputs& in) -> Values {
                 const RayleighProblem p = sampled_problem(in);
                 const Values w = row_major(in("w"));
                 return {squared_norm(p, w) / along(p, w) * excess(in, p)};
               }},
          },
  };
}

}  // namespace normproof::claims
