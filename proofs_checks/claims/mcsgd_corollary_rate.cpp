// Claim: with γ_k = (k + 2)^(−4/5)/(2L_g) and α_k = (k + 1)^(−2/5) the mean of E‖∂f‖² falls like (K + 2)^(−1/5).
//
// Source       LL19 Corollary 3, and the paragraph before Theorem 2: "slower than the 1/√K convergence rate of SGD …
//              due to the estimation error. If the estimation error is small … the convergence will be fast"
// Notation     θ the growth exponent of Σ E‖∂f‖²: the sum over 2^j ≤ k < 2^(j+1) behaves like 2^(θj), the mean up to K
//              like K^(θ−1) where θ > 0; the corollary says θ ≤ 4/5. p = (k + 2)^(1/5)
// Hypotheses   Assumption 1
//
//     γ_k L_g/α_{k+1} = 1/(2p²) ≤ 1/2;      Σ_{k≤K} E‖∂f‖² ≤ (1/γ_K) Σ_{k≤K} γ_k E‖∂f‖² ≤ H (K + 2)^(4/5)
//
// Why. γ + a = 6/5 > 1: mcsgd_convergence's repaired condition holds, the weighted sum is bounded, and γ_k falls. For a
// problem with a tail, f = (1 + u)^(−q), ‖∂f‖² falls like (Σγ_k)^(−2(1+q)/(2+q)) even without any noise: the exponent
// 1/5 cannot be improved for all problems at these rates. At other rates it can: γ = 0.6, a = 0.5 has γ + a > 1 and
// gives 2/5; so it is the choice of γ, not the estimation error, that makes it slower than SGD's 1/2.
#include "proofs_checks/inputs/compositional_problem.hpp"
#include "proofs_checks/simulation/growth_readings.hpp"

#include <algorithm>

namespace normproof::claims {

using namespace inputs;

namespace {

Number square(const Number& a) { return a * a; }

// ---- the conditions and the step from weighted to plain sums

// p = 1 + t ≥ 1.
Number p_of(const Inputs& in) { return Number(1) + in.scalar("t"); }

// q_k ≥ 0 and γ_k = γ_K + d_{K−1} + ⋯ + d_k with d ≥ 0: falling rates, K = 3.
constexpr int last_term = 3;
std::string name_of(const char* letter, int k) { return letter + std::to_string(k); }
std::vector<InputSpec> weighted_terms() {
  std::vector<InputSpec> specs = {{"last", Role::variance}};
  for (int k = 0; k <= last_term; ++k) specs.push_back({name_of("q", k), Role::variance});
  for (int k = 0; k < last_term; ++k) specs.push_back({name_of("d", k), Role::variance});
  return specs;
}
Number rate_of(const Inputs& in, int k) {
  Number rate = in.scalar("last");
  for (int j = k; j < last_term; ++j) rate += in.scalar(name_of("d", j));
  return rate;
}
Number plain_sum(const Inputs& in) {
  Number sum(0);
  for (int k = 0; k <= last_term; ++k) sum += in.scalar(name_of("q", k));
  return sum;
}
Number weighted_sum(const Inputs& in) {
  Number sum(0);
  for (int k = 0; k <= last_term; ++k) sum += rate_of(in, k) * in.scalar(name_of("q", k));
  return sum;
}

Hypothesis rates_are_equal() {
  return imposing("rates_are_equal", "all γ_k = γ_K", [](Inputs& in) {
    for (int k = 0; k < last_term; ++k) in.set(name_of("d", k), Number(0));
  });
}
Hypothesis first_step() {
  return imposing("p_is_one", "p = 1", [](Inputs& in) { in.set("t", Number(0)); });
}

std::vector<Reading> conditions() {
  Reading ratio = {
      .id = "ratio_condition",
      .statement = "γ_k L_g/α_{k+1} = (p^(−4)/2)/p^(−2) ≤ 1/2, p = (k + 2)^(1/5) ≥ 1",
      .inputs = {{"t", Role::variance}},
      .sizes = {{}},
      .left = by_definition("(p^(−4)/2)/p^(−2), as Corollary 3 defines γ_k and α_{k+1}",
                            [](const Inputs& in) -> Values {
                              const Number squared = square(p_of(in));
                              return {Number(1) / square(squared) / Number(2) / (Number(1) / squared)};
                            }),
      .relation = Relation::at_most,
      .right = by_theory("1/2, Theorem 2's condition", [](const Inputs&) -> Values { return {Number(1) / Number(2)}; }),
      .gap = [](const Inputs& in) -> std::vector<SquareTerm> {
        // ½(1 − p^(−2)) = t(2 + t)/(2p²)
        return {{.root = Number(1) / p_of(in), .nonnegative = {"t"}},
                {.root = in.scalar("t") / p_of(in), .denominator = 2}};
      },
      .why = "α_{k+1} = (k + 2)^(−2/5) = p^(−2) and γ_k L_g = p^(−4)/2. Assumption 1-6 holds as γ > a."};
  Reading exact = ratio;
  exact.id = "ratio_condition__value";
  exact.statement = "γ_k L_g/α_{k+1} = 1/(2p²): it vanishes";
  exact.relation = Relation::equal;
  exact.gap = {};
  exact.right =
      by_theory("1/(2p²)", [](const Inputs& in) -> Values { return {Number(1) / (Number(2) * square(p_of(in)))}; });
  exact.why = "So that γ_k/α_k → 0, which the repaired Theorem 2 uses.";
  Reading plain = {
      .id = "weighted_to_plain",
      .statement = "γ_k falling, q_k ≥ 0: γ_K Σ_{k≤K} q_k ≤ Σ_{k≤K} γ_k q_k, K = 3",
      .inputs = weighted_terms(),
      .sizes = {{}},
      .left = by_theory("γ_K Σ q_k", [](const Inputs& in) -> Values { return {in.scalar("last") * plain_sum(in)}; }),
      .relation = Relation::at_most,
      .right = by_definition("Σ γ_k q_k", [](const Inputs& in) -> Values { return {weighted_sum(in)}; }),
      .gap = [](const Inputs&) -> std::vector<SquareTerm> {
        std::vector<SquareTerm> terms;
        for (int k = 0; k < last_term; ++k)
          for (int j = k; j < last_term; ++j)
            terms.push_back({.root = Number(1), .nonnegative = {name_of("d", j), name_of("q", k)}});
        return terms;
      },
      .why = "With 1/γ_K = 2L_g (K + 2)^(4/5) and a bounded right side: the corollary, from Theorem 2."};
  return {ratio, exact, plain};
}

// ---- along whole runs

using simulation::Measurement;
using simulation::Quantity;
using simulation::RateExponents;

constexpr const char* sums = "Σ E‖∂f(w^(k))‖² over an octave";
const RateExponents rates_of_the_corollary = {0.8, 0.4};
const std::vector<std::string> all_problems = {"chain_1",   "chain_2", "chain_3",           "quadratic",
                                               "smooth",    "kinked",  "kinked_two_layers", "kinked_three_layers",
                                               "power_tail"};

std::vector<GrowthPoint> each_at_most(const std::vector<std::string>& problems, const RateExponents& rates,
                                      double theta, evidence::Effort effort) {
  std::vector<GrowthPoint> points;
  for (const std::string& problem : problems)
    points.push_back(simulation::at_most(simulation::measured({.problem = problem,
                                                               .rates = rates,
                                                               .quantity = Quantity::gradient,
                                                               .last_octave = simulation::last_octave(effort)}),
                                         theta));
  return points;
}

std::vector<Reading> along_runs() {
  return {
      simulation::growth_reading(
          "printed", "the mean of E‖∂f‖² up to K is at most H (K + 2)^(−1/5), on nine problems of the zoo", sums,
          "θ ≤ 4/5",
          [](evidence::Effort effort) { return each_at_most(all_problems, rates_of_the_corollary, 0.8, effort); },
          "γ + a = 6/5 > 1. Slack: kinked losses have θ = 3/5, affine chains and smooth ones 1/5, the tail 11/15 "
          "(slower tails nearly 4/5)."),
      simulation::growth_reading(
          "printed__cannot_be_improved", "1/5 can be improved to 7/25 for all problems, at the same rates", sums,
          "θ ≤ 18/25",
          [](evidence::Effort) {
            return std::vector<GrowthPoint>{simulation::at_most(simulation::measured({.problem = "slower_tail",
                                                                                      .rates = rates_of_the_corollary,
                                                                                      .quantity = Quantity::gradient,
                                                                                      .last_octave = 21}),
                                                                0.72)};
          },
          "f = (1 + u)^(−q)/(q(q + 1)), q = 1/10, no noise at all: ‖∂f‖² ~ (Σγ_k)^(−2(1+q)/(2+q)), Σγ_k ~ k^(1/5). "
          "With q → 0 the exponent comes as near to 1/5 as one likes, so that no larger one serves all problems at "
          "once. 7/25 and the length of the run were chosen after a look at it, to leave room for finite k."),
      simulation::growth_reading(
          "printed__small_error_is_fast",
          "\"if the estimation error is small … the convergence will be fast\": σ = 0 and the same rates, with SGD's "
          "1/2 as one reading of \"fast\": θ ≤ 1/2",
          sums, "θ ≤ 1/2",
          [](evidence::Effort effort) { return each_at_most({"power_tail"}, rates_of_the_corollary, 0.5, effort); },
          "Without any estimation error at all the rate of the worst problem is 1/5: it is the step sizes, which sum "
          "up to k^(1/5) only, that make it slow. Where f is strongly convex near its minimum it is fast (affine "
          "chains: 4/5)."),
      simulation::growth_reading(
          "other_rates",
          "γ = 0.6, a = 0.5 in the place of 4/5 and 2/5: the mean is at most H (K + 2)^(−2/5), on eight problems", sums,
          "θ ≤ 3/5",
          [](evidence::Effort effort) {
            std::vector<std::string> eight = all_problems;
            // Three layers take more steps than these to show it: with their allowance they would stay undecided.
            eight.erase(std::find(eight.begin(), eight.end(), "kinked_three_layers"));
            return each_at_most(eight, {0.6, 0.5}, 0.6, effort);
          },
          "γ + a = 1.1 > 1 and 1/γ_K ~ K^(3/5). With γ → 1/2 and a → 1/2 from above one comes as near to SGD's 1/2 as "
          "one likes: it is Corollary 3's choice of rates that is slow. a < 2γ − 1 fails there, the repaired condition "
          "does not."),
  };
}

}  // namespace

Claim mcsgd_corollary_rate() {
  std::vector<Reading> readings = conditions();
  for (Reading& reading : along_runs()) readings.push_back(std::move(reading));
  return {
      .title = "At Corollary 3's rates the mean squared gradient of MCSGD falls like K^(−1/5)",
      .sources = {{"LL19", "Corollary 3"}, {"LL19", "§5.2, the paragraph before Theorem 2"}},
      .notation =
          "γ_k = (k + 2)^(−4/5)/(2L_g) (in runs γ₀ (k + 2)^(−4/5), simulation/zoo.hpp), α_k = (k + 1)^(−2/5), p = (k + "
          "2)^(1/5) = 1 + t; θ the growth exponent: Σ E‖∂f‖² over 2^j ≤ k < 2^(j+1) behaves like 2^(θj), its mean up "
          "to K like K^(θ−1)",
      .why =
          "γ + a = 6/5 > 1, so that Σγ_k E‖∂f‖² is bounded (mcsgd_convergence, repaired), and γ_k falls: dividing by "
          "γ_K gives (K + 2)^(4/5).",
      .explain =
          "Corollary 3 picks γ = 4/5 and a = 2/5 and concludes that the mean squared gradient falls at least like "
          "K^(−1/5). It does, on every problem tried. The bound is the best possible in one sense: a function with a "
          "long tail, on which gradient descent itself is slow, has a mean squared gradient of nearly K^(−1/5) at "
          "these step sizes. But that function has no noise and no statistics: the rate is slow because the step sizes "
          "shrink so fast, whereas the paper blames the estimation error. With γ = 0.6 and a = 0.5, which the printed "
          "Theorem 2 does not admit (a < 2γ − 1 fails) and the repaired one does, the guarantee is K^(−2/5), and "
          "K^(−1/2+δ) can be had for every δ > 0: its guarantee is, up to δ, that of SGD. (The printed Theorem 2 "
          "itself, if it were true, would promise as much for a → 0 and γ → 1/2.)",
      .readings = readings,
      .mutants =
          {
              {.id = "vanishes_like_p",
               .reading = "ratio_condition__value",
               .words = "1/(2p)",
               .agrees_when = first_step(),
               .right = [](const Inputs& in) -> Values { return {Number(1) / (Number(2) * p_of(in))}; }},
              {.id = "does_not_vanish",
               .reading = "ratio_condition__value",
               .words = "1/2",
               .agrees_when = first_step(),
               .right = [](const Inputs&) -> Values { return {Number(1) / Number(2)}; }},
              {.id = "last_rate_for_all",
               .reading = "weighted_to_plain",
               .words = "(γ_K/2) Σ q_k + ½ Σ γ_k q_k less Σ (γ_k − γ_K) q_k",
               .agrees_when = rates_are_equal(),
               .right = [](const Inputs& in) -> Values {
                 const Number last = in.scalar("last") * plain_sum(in), weighted = weighted_sum(in);
                 return {(last + weighted) / Number(2) - (weighted - last)};
               }},
          },
  };
}

}  // namespace normproof::claims
