// Claim: one step contracts the squared error of each running estimate by 1 − α_k/2, up to C(k^(−2γ+a+ε) + k^(−2a+ε)).
//
// Source       LL19 Lemma 1 (9), Assumption 1
// Notation     d_k = ê^(k) − E e(w^(k−1)), δ = E e(w^(k)) − E e(w^(k−1)) the drift, σ² the variance of e; α = α_k,
//              which is 1/(1 + τ), τ ≥ 0: every α in (0, 1]; γ_k ~ k^(−γ), α_k ~ k^(−a); C_k the smallest C that
//              serves step k
// Hypotheses   the statistic is sampled independently of ê; for the first readings the layers behind have exact
//              estimates
//
//     E d_{k+1}² = (1 − α)²(d − δ)² + α²σ²  ≤  (1 − α/2) d² + δ²/α + α²σ²
//     layers behind with errors, b = E ê(w; ξ; ê) − E e:   ≤ (1 − α/2) d² + (2/α) δ² + α b² + α²σ̂²
//
// Why. |δ| ≤ γ_{k−1} G L makes of δ²/α the term k^(−2γ+a), σ² of α²σ² the term k^(−2a); no ε is needed. α_k must not
// be smaller than k^(−a): Assumption 1-6 bounds it from above alone, and with α_k = (k + 2)^(−2) the drift is not
// forgotten: then E d² grows by 2 d δ a step, which is more than (9) allows.
#include "proofs_checks/inputs/compositional_problem.hpp"
#include "proofs_checks/simulation/growth_readings.hpp"
#include "theory/compositional/coupled_error.hpp"
#include "theory/compositional/estimation_error.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

constexpr auto polynomial = LayerKind::polynomial;

Number square(const Number& a) { return a * a; }

// ---- one step of Algorithm 2, line 2, for layer 1 of two

// Two layers; ê_1 is estimate[1], ê_2 estimate[2]. w_2 was w_before when ê_1 was last compared with the truth.
std::vector<InputSpec> step_inputs() {
  std::vector<InputSpec> specs = problem_inputs(polynomial);
  specs.push_back({"estimate", Role::mean, Dimension::hidden, Dimension::one});
  specs.push_back({"w_before", Role::weight});
  specs.push_back({"tau", Role::variance});
  return specs;
}

Number alpha_of(const Inputs& in) { return Number(1) / (Number(1) + in.scalar("tau")); }

Estimates estimates_of(const Inputs& in) { return {{in("estimate")(0, 0)}, {in("estimate")(1, 0)}}; }

// E e_1(w), all statistics exact.
Number true_statistic(const Inputs& in) { return exact_estimates(problem_of(in, polynomial))[0][0]; }

Inputs before_the_step(const Inputs& in) {
  Inputs moved = in;
  Array<Number> w = in("w");
  w(1, 0) = in.scalar("w_before");
  moved.set("w", w);
  return moved;
}

// E (ê_1^(k+1) − E e_1(w^(k)))², every sample enumerated.
Values enumerated_step(const Inputs& in) {
  const auto problem = problem_of(in, polynomial);
  const Number truth = true_statistic(in);
  Number sum(0);
  for (int sample = 0; sample < in.sizes.batch; ++sample) {
    Estimates estimates = estimates_of(in);
    reference::update_estimates<Number>(problem, {{sample}, {sample}}, alpha_of(in), estimates);
    sum += square(estimates[0][0] - truth);
  }
  return {sum / Number(in.sizes.batch)};
}

// What theory's formulas are given, in words of the definition: F_2 and e_1 are written out.
struct Step {
  Number d, delta, bias, variance;
};
Step step_of(const Inputs& in) {
  const auto coefficient = [&](const char* name, int layer) { return in(name)(layer, 0); };
  const Number count(in.sizes.batch), estimate = in("estimate")(1, 0);
  Number statistic_of_two(0);
  for (int i = 0; i < in.sizes.batch; ++i)
    statistic_of_two += (coefficient("r", 1) * in("x")(i, 0) + coefficient("s", 1) * square(in("x")(i, 0))) / count;
  const auto statistic = [&](int i, const Number& w, const Number& y) {
    const Number x = in("x")(i, 0);
    const Number g = w * x + coefficient("p", 1) * y + coefficient("q", 1) * x * y + coefficient("t", 1) * x * x;
    return coefficient("r", 0) * g + coefficient("s", 0) * g * g;
  };
  Number now(0), before(0), estimated(0), estimated_square(0);
  for (int i = 0; i < in.sizes.batch; ++i) {
    now += statistic(i, in("w")(1, 0), statistic_of_two) / count;
    before += statistic(i, in.scalar("w_before"), statistic_of_two) / count;
    const Number seen = statistic(i, in("w")(1, 0), estimate);
    estimated += seen / count;
    estimated_square += square(seen) / count;
  }
  return {in("estimate")(0, 0) - before, now - before, estimated - now, estimated_square - square(estimated)};
}

Formula of_the_step(std::function<Number(const Step&, const Number& alpha)> formula) {
  return [=](const Inputs& in) -> Values { return {formula(step_of(in), alpha_of(in))}; };
}

Hypothesis layers_behind_are_exact() {
  return imposing("layers_behind_are_exact", "ê_2 = E e_2", [](Inputs& in) {
    Array<Number> estimate = in("estimate");
    estimate(1, 0) = exact_estimates(problem_of(in, polynomial))[1][0];
    in.set("estimate", estimate);
  });
}
Hypothesis nothing_moved() {
  return imposing("nothing_moved", "w^(k) = w^(k−1)", [](Inputs& in) { in.set("w_before", in("w")(1, 0)); });
}
Hypothesis alpha_is_one() {
  return imposing("alpha_is_one", "α = 1", [](Inputs& in) { in.set("tau", Number(0)); });
}
Hypothesis estimate_was_exact() {
  return imposing("estimate_was_exact", "d = 0", [](Inputs& in) {
    Array<Number> estimate = in("estimate");
    estimate(0, 0) = true_statistic(before_the_step(in));
    in.set("estimate", estimate);
  });
}

// theory::one_step_gap with α = 1/(1 + τ), each weight a multiple of a power of τ: A = ½(1 + 3τ)/(1 + τ)².
std::vector<SquareTerm> gap_of_one_step(const Inputs& in) {
  const Step step = step_of(in);
  const Number& tau = in.scalar("tau");
  const Number one(1), alpha = alpha_of(in), kept = one - alpha;
  const Number factor = alpha * (one / Number(2) + kept);
  const Number combined = (step.d + kept * kept / factor * step.delta) / (one + tau);
  const Number divisor = one + Number(3) * tau;
  const Number first = (one + kept) * step.delta / divisor, second = step.delta / divisor;
  return {{.root = combined, .denominator = 2},
          {.root = combined, .nonnegative = {"tau"}, .numerator = 3, .denominator = 2},
          {.root = first},
          {.root = first, .nonnegative = {"tau"}, .numerator = 4},
          {.root = tau * first, .numerator = 3},
          {.root = second, .nonnegative = {"tau"}},
          {.root = tau * second, .numerator = 4},
          {.root = tau * second, .nonnegative = {"tau"}, .numerator = 3}};
}

// αβ(u − b)² + (α/2)(d + (2β/α) δ)² + (2 + β) δ², u = d − δ, with α = 1/(1 + τ) and β = τ/(1 + τ).
std::vector<SquareTerm> gap_with_errors_behind(const Inputs& in) {
  const Step step = step_of(in);
  const Number& tau = in.scalar("tau");
  const Number over = Number(1) + tau;
  const Number apart = (step.d - step.delta - step.bias) / over;
  const Number combined = (step.d + Number(2) * tau * step.delta) / over;
  return {{.root = apart, .nonnegative = {"tau"}},
          {.root = combined, .denominator = 2},
          {.root = combined, .nonnegative = {"tau"}, .denominator = 2},
          {.root = step.delta, .numerator = 2},
          {.root = step.delta / over, .nonnegative = {"tau"}},
          {.root = tau * step.delta / over}};
}

std::vector<Sizes> step_sizes() {
  return {problem_size(polynomial, 2, 1), problem_size(polynomial, 2, 2), problem_size(polynomial, 2, 3)};
}

Side algorithm_2() { return by_reference("Algorithm 2, line 2, layer 1 of 2, mean over all samples", enumerated_step); }

std::vector<Reading> steps() {
  Reading identity = {.id = "one_step",
                      .statement = "E d_{k+1}² = (1 − α)²(d − δ)² + α²σ²",
                      .inputs = step_inputs(),
                      .sizes = step_sizes(),
                      .these_sizes_only = true,
                      .hypotheses = {layers_behind_are_exact()},
                      .left = algorithm_2(),
                      .right = by_theory("(1 − α)²(d − δ)² + α²σ²", of_the_step([](const Step& s, const Number& alpha) {
                                           return theory::one_step_mean_square<Number>(s.d, s.delta, alpha, s.variance);
                                         })),
                      .why = "ê' − E e = (1 − α)(d − δ) + α(e − E e), and the last part has mean 0 given the first."};
  Reading bound = identity;
  bound.id = "one_step__bound";
  bound.statement = "E d_{k+1}² ≤ (1 − α/2) d² + δ²/α + α²σ², 0 < α ≤ 1: (9) with C = max{G²L², σ²} and without ε";
  bound.relation = Relation::at_most;
  bound.right = by_theory("(1 − α/2) d² + δ²/α + α²σ²", of_the_step([](const Step& s, const Number& alpha) {
                            return theory::one_step_bound<Number>(s.d, s.delta, alpha, s.variance);
                          }));
  bound.gap = gap_of_one_step;
  bound.why =
      "A square and a positive multiple of δ² are left. |δ| ≤ L γ_{k−1} G, and α_k of the order k^(−a), make (9) of "
      "it. Without exact estimates behind, b enters: errors_behind__bound.";
  Reading gap = identity;
  gap.id = "one_step__gap";
  gap.statement =
      "(1 − α/2) d² + δ²/α + α²σ² − E d_{k+1}² = A (d + (β²/A) δ)² + (α(1 + β)² + β)/(2A) δ², β = 1 − α, A = α(½ + β)";
  gap.left = by_reference("(1 − α/2) d² + δ²/α + α²σ² less the mean over all samples of Algorithm 2, line 2",
                          [](const Inputs& in) -> Values {
                            const Step s = step_of(in);
                            const Number alpha = alpha_of(in);
                            const Number above = (Number(1) - alpha / Number(2)) * square(s.d) +
                                                 square(s.delta) / alpha + alpha * alpha * s.variance;
                            return {above - enumerated_step(in)[0]};
                          });
  gap.right =
      by_theory("A (d + (β²/A) δ)² + (α(1 + β)² + β)/(2A) δ²", of_the_step([](const Step& s, const Number& alpha) {
                  return theory::one_step_gap<Number>(s.d, s.delta, alpha);
                }));
  gap.why =
      "What (9) gives away in one step: nothing at d = δ = 0 alone. Without drift A d² is left, since the factor is "
      "then (1 − α)² = 1 − α/2 − A.";
  Reading behind = identity;
  behind.id = "errors_behind";
  behind.statement = "ê_2 wrong: E d_{k+1}² = ((1 − α)(d − δ) + α b)² + α²σ̂², b = E ê_1(w; ξ; ê) − E e_1(w)";
  behind.hypotheses = {};
  behind.right = by_theory("((1 − α)(d − δ) + α b)² + α²σ̂²", of_the_step([](const Step& s, const Number& alpha) {
                             return theory::coupled_mean_square<Number>(s.d, s.delta, s.bias, alpha, s.variance);
                           }));
  behind.why = "The mean of what is mixed in is off by b.";
  Reading behind_bound = behind;
  behind_bound.id = "errors_behind__bound";
  behind_bound.statement = "ê_2 wrong: E d_{k+1}² ≤ (1 − α/2) d² + (2/α) δ² + α b² + α²σ̂², 0 < α ≤ 1";
  behind_bound.relation = Relation::at_most;
  behind_bound.right =
      by_theory("(1 − α/2) d² + (2/α) δ² + α b² + α²σ̂²", of_the_step([](const Step& s, const Number& alpha) {
                  return theory::coupled_bound<Number>(s.d, s.delta, s.bias, alpha, s.variance);
                }));
  behind_bound.gap = gap_with_errors_behind;
  behind_bound.why =
      "b² is at most L² times the squared errors behind (Assumption 1-4), which are k^(−2γ+2a) + k^(−a) by induction; "
      "times α that is (9)'s own order: Lemma 1 goes from layer n to layer 1 without ε.";

  Reading stationary = {
      .id = "noise_only__stationary",
      .statement = "δ = 0, E d² = σ²α/(2 − α): E d_{k+1}² − (1 − α/2) E d² = α²σ²/(2(2 − α))",
      .inputs = {{"tau", Role::variance}, {"variance", Role::variance}},
      .sizes = {{}},
      .left = by_theory("second_moment_step − (1 − α/2) E d²",
                        [](const Inputs& in) -> Values {
                          const Number alpha = alpha_of(in), variance = in.scalar("variance");
                          const Number at_rest = variance * alpha / (Number(2) - alpha);
                          return {theory::second_moment_step<Number>(at_rest, alpha, variance) -
                                  (Number(1) - alpha / Number(2)) * at_rest};
                        }),
      .right = by_definition("α²σ²/(2(2 − α))",
                             [](const Inputs& in) -> Values {
                               const Number alpha = alpha_of(in);
                               return {alpha * alpha * in.scalar("variance") / (Number(2) * (Number(2) - alpha))};
                             }),
      .why =
          "Against α² alone no C below σ²/4 serves in the long run. The first step, from an exact start with α_0 = 1, "
          "takes C = σ²."};
  return {identity, bound, gap, behind, behind_bound, stationary};
}

// ---- the smallest C along whole runs

constexpr const char* constants = "Σ C_k/k over an octave, C_k the smallest C of step k at ε = 0";
constexpr const char* stay_bounded = "θ ≤ 0.1: C_k grows more slowly than k^0.1, if at all";

std::vector<GrowthPoint> constants_of(const std::vector<std::string>& problems, simulation::Averaging averaging,
                                      const std::vector<simulation::RateExponents>& everywhere,
                                      evidence::Effort effort) {
  std::vector<GrowthPoint> points;
  for (const std::string& problem : problems)
    for (int layer = 1; layer <= simulation::zoo_problem(problem).layers; ++layer)
      for (const simulation::RateExponents& rates : everywhere)
        points.push_back(simulation::at_most(simulation::measured({.problem = problem,
                                                                   .rates = rates,
                                                                   .quantity = simulation::Quantity::recursion_constant,
                                                                   .layer = layer,
                                                                   .last_octave = simulation::last_octave(effort),
                                                                   .averaging = averaging}),
                                             simulation::stated_epsilon));
  return points;
}

std::vector<Reading> along_runs() {
  using simulation::Averaging;
  return {
      simulation::growth_reading(
          "printed__rates_of_order", "(9) with α_k of the order k^(−a), γ_k of the order k^(−γ): C_k stays bounded",
          constants, stay_bounded,
          [](evidence::Effort effort) {
            return constants_of({"noise_only", "steady_drift", "chain_1", "chain_2", "chain_3"},
                                Averaging::of_the_order, simulation::lemma_1_region(effort), effort);
          },
          "That C_k is bounded, without the ε that (9) has, is what one_step__bound and errors_behind__bound prove; "
          "the runs show its size."),
      simulation::growth_reading(
          "printed__rates_bounded_above",
          "(9) as Assumption 1-6 is printed, α_k = O(k^(−a)) alone: the same with α_k = 1/(k + 2)²", constants,
          stay_bounded,
          [](evidence::Effort effort) {
            // Σγ_k is finite, so that the drift of constant speed satisfies all of Assumption 1: f is linear where w
            // is.
            return constants_of({"steady_drift"}, Averaging::summable, {{1.2, 0.9}, {1.1, 0.9}, {1.3, 0.9}}, effort);
          },
          "1/(k + 2)² ≤ k^(−a). The estimate keeps its error d, the drift δ = γ_k G adds 2dδ ~ k^(−γ) a step, and (9) "
          "allows k^(−2γ+a+ε) + k^(−2a+ε), which is less for a < γ < 2a and small ε."),
  };
}

}  // namespace

Claim mcsgd_error_recursion() {
  std::vector<Reading> readings = steps();
  for (Reading& reading : along_runs()) readings.push_back(std::move(reading));
  return {
      .title = "One step of MCSGD contracts the squared errors of its estimates by 1 − α_k/2, up to a small term",
      .sources = {{"LL19", "Lemma 1 (9)"}, {"LL19", "Assumption 1"}, {"consequence", "of Algorithm 2, line 2"}},
      .notation =
          "d = ê^(k) − E e(w^(k−1)), δ = E e(w^(k)) − E e(w^(k−1)), σ² the variance of e, σ̂² and b variance and bias "
          "of the statistic seen through wrong estimates, α = α_k = 1/(1 + τ), τ ≥ 0; γ_k ~ k^(−γ), α_k ~ k^(−a); C_k "
          "the smallest C with which step k satisfies (9) at ε = 0; θ the growth exponent: Σ C_k/k over 2^j ≤ k < "
          "2^(j+1) behaves like 2^(θj), so that θ < 0 says that C_k falls on average, θ = 0 that it grows by less than "
          "any power, if at all",
      .why =
          "(1 − α/2) d² + δ²/α − (1 − α)²(d − δ)² is a square and a positive multiple of δ². With |δ| ≤ γ_{k−1} G L "
          "and α_k of the order k^(−a) it is (9) with ε = 0. Errors b of the layers behind add α b².",
      .explain =
          "Lemma 1's second half says that each step shrinks the expected squared error of a running estimate by the "
          "factor 1 − α/2 and adds two small things: what the truth moved, and what the sample was off. This is true, "
          "for every layer, even without the paper's extra ε: the one-step inequality is an identity plus squares. "
          "What is not true is the statement with Assumption 1-6 as it is printed, γ_k = O(k^(−γ)) and α_k = "
          "O(k^(−a)): an upper bound on α_k allows α_k to be so small that the estimate never follows. Then the same "
          "drift that (9) charges with δ²/α is paid with 2dδ. Read with rates of exactly these orders the lemma holds, "
          "and the smallest constant C_k stays bounded: for noise alone it is σ²/4 in the long run where γ > (3/2)a, "
          "σ²/8 at γ = (3/2)a, and it vanishes below.",
      .readings = readings,
      .mutants =
          {
              {.id = "noise_times_alpha",
               .reading = "one_step",
               .words = "(1 − α)²(d − δ)² + ασ²",
               .agrees_when = alpha_is_one(),
               .right = of_the_step([](const Step& s, const Number& alpha) -> Number {
                 return square((Number(1) - alpha) * (s.d - s.delta)) + alpha * s.variance;
               })},
              {.id = "forgets_the_drift",
               .reading = "one_step",
               .words = "(1 − α)²d² + α²σ²",
               .agrees_when = nothing_moved(),
               .right = of_the_step([](const Step& s, const Number& alpha) -> Number {
                 return square((Number(1) - alpha) * s.d) + alpha * alpha * s.variance;
               })},
              {.id = "drift_the_other_way",
               .reading = "one_step",
               .words = "(1 − α)²(d + δ)² + α²σ²",
               .agrees_when = nothing_moved(),
               .right = of_the_step([](const Step& s, const Number& alpha) -> Number {
                 return square((Number(1) - alpha) * (s.d + s.delta)) + alpha * alpha * s.variance;
               })},
              {.id = "forgets_the_bias",
               .reading = "errors_behind",
               .words = "(1 − α)²(d − δ)² + α²σ̂²",
               .agrees_when = layers_behind_are_exact(),
               .right = of_the_step([](const Step& s, const Number& alpha) -> Number {
                 return square((Number(1) - alpha) * (s.d - s.delta)) + alpha * alpha * s.variance;
               })},
              {.id = "contracts_more",
               .reading = "one_step__bound",
               .words = "(1 − (3/2)α) d² + δ²/α + α²σ²",
               .agrees_when = estimate_was_exact(),
               .right = of_the_step([](const Step& s, const Number& alpha) -> Number {
                 return (Number(1) - Number(3) * alpha / Number(2)) * square(s.d) + square(s.delta) / alpha +
                        alpha * alpha * s.variance;
               })},
          },
  };
}

}  // namespace normproof::claims
