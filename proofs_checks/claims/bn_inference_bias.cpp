// Claim: normalizing by batch statistics in training and by running averages in inference introduces a bias between
// training and testing.
//
// Source       LL19 §2: "Since during inference there is no \"batch\", BN uses the running average of the statistics
//              during training to perform inference, which introduces unwanted bias between training and testing"
// Notation     population x_1 … x_n of one channel, μ, σ² its mean and biased variance, S² = n/(n−1) σ²; B a minibatch
//              of m that contains sample 1, its other members drawn from the population; T = γ(x_1 − μ_B)/√(σ_B² + ε)
//              + β the training output of sample 1, I = γ(x_1 − μ)/√(V + ε) + β its inference output. V is what running
//              averages settle at: E σ_B² by LL19 Algorithm 1, m/(m−1) E σ_B² by LI23 (48). In the sizes batch is m and
//              hidden is n
// Hypotheses   running averages have settled at their expectations; the rest is enumerated
//
//     bias = E[T | 1 ∈ B] − I
//     E[x_1 − μ_B | 1 ∈ B] = (1 − 1/m)(x_1 − μ) with replacement, times n/(n−1) without
//     m = 2, ε = 0:  E[T] = β + γ (#{x_k < x_1} − #{x_k > x_1})/(n − 1):  a rank, and no distance
//     second order:  γ(L/m + (m−1)/m² E_j Q(x_j) + Q(x_1)/m²)
//
// Why. Sample 1 is one of the m that make μ_B and σ_B²: it pulls the mean towards itself, which takes 1/m of its
// distance away, and the others make √(σ_B² + ε) vary. theory/sampling/inference_gap.hpp has the expansion. At m = n
// without replacement there is one batch and nothing varies: T = I if V = σ_B², and not if V is corrected by m/(m−1).
#include "proofs_checks/inputs/adapters.hpp"
#include "proofs_checks/inputs/minibatches.hpp"
#include "proofs_checks/numbers/elementary.hpp"
#include "theory/sampling/inference_gap.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using theory::Draws;

std::vector<InputSpec> layer_on_a_population() {
  return {{"x", Role::activation, Dimension::hidden, Dimension::one},
          {"gamma", Role::scale},
          {"beta", Role::shift},
          {"eps", Role::epsilon}};
}
std::vector<InputSpec> population() { return {{"x", Role::activation, Dimension::hidden, Dimension::one}}; }

std::vector<Sizes> subset_sizes() {
  return {{.batch = 1, .hidden = 2}, {.batch = 2, .hidden = 2}, {.batch = 2, .hidden = 3},
          {.batch = 3, .hidden = 3}, {.batch = 2, .hidden = 4}, {.batch = 3, .hidden = 4}};
}

// LI23 Algorithm 1 on the minibatch, in its order.
Values training_outputs(const Inputs& in, const Minibatch& minibatch) {
  const reference::Extents extents = {static_cast<int>(minibatch.size()), 1};
  Values y(minibatch.size());
  reference::batch_norm_train<Number>(members(in("x"), minibatch), extents, Values{in.scalar("gamma")},
                                      Values{in.scalar("beta")}, in.scalar("eps"), y);
  return y;
}

// E[T] over the minibatches that contain sample 1, which is the first of each.
Number expected_training_output(const Inputs& in) {
  const std::vector<Minibatch> all = subsets_with_the_first(in.sizes.hidden, in.sizes.batch);
  Number sum(0);
  for (const Minibatch& minibatch : all) sum += training_outputs(in, minibatch)[0];
  return sum / Number(static_cast<int>(all.size()));
}
Side training() {
  return by_reference("E[T | 1 ∈ B] over all minibatches that contain sample 1, LI23 Algorithm 1",
                      [](const Inputs& in) { return Values{expected_training_output(in)}; });
}

// E σ_B² over all minibatches.
Number average_variance(const Inputs& in) {
  const std::vector<Minibatch> all = subsets(in.sizes.hidden, in.sizes.batch);
  Number sum(0);
  for (const Minibatch& minibatch : all) {
    const Values rows = members(in("x"), minibatch);
    sum += reference_variance(from_row_major<Number>(rows, in.sizes.batch, 1))[0];
  }
  return sum / Number(static_cast<int>(all.size()));
}
// What the running variance settles at.
using Settled = Number (*)(const Inputs&);
Number settled_ll19(const Inputs& in) {
  return theory::expected_variance<Number>(in("x"), in.sizes.batch, Draws::without_replacement);
}
Number settled_li23(const Inputs& in) {
  const Number n(in.sizes.hidden);
  return n / (n - Number(1)) * theory::biased_variance<Number>(in("x"))(0);
}

Number inference_output(const Inputs& in, int sample, Settled settled) {
  return theory::inference_output<Number>(in("x"), sample, settled(in), in.scalar("gamma"), in.scalar("beta"),
                                          in.scalar("eps"));
}
Side inference(Settled settled, const std::string& variance) {
  return by_theory("I = γ(x_1 − μ)/√(V + ε) + β, V = " + variance,
                   [=](const Inputs& in) { return Values{inference_output(in, 0, settled)}; });
}

// The mean of (y − β)², training outputs over all minibatches and members.
Number training_spread(const Inputs& in) {
  const std::vector<Minibatch> all = subsets(in.sizes.hidden, in.sizes.batch);
  Number sum(0);
  for (const Minibatch& minibatch : all)
    for (const Number& y : training_outputs(in, minibatch)) sum += (y - in.scalar("beta")) * (y - in.scalar("beta"));
  return sum / Number(static_cast<int>(all.size()) * in.sizes.batch);
}
Number inference_spread(const Inputs& in, Settled settled) {
  Number sum(0);
  for (int i = 0; i < in.sizes.hidden; ++i) {
    const Number distance = inference_output(in, i, settled) - in.scalar("beta");
    sum += distance * distance;
  }
  return sum / Number(in.sizes.hidden);
}
Formula spread_times(Number (*factor)(const Number& m, const Number& n)) {
  return [=](const Inputs& in) {
    return Values{factor(Number(in.sizes.batch), Number(in.sizes.hidden)) * training_spread(in)};
  };
}

// The gap of the spreads: V = E σ_B², s² = V + ε, s_B² = σ_B² + ε.
std::vector<SquareTerm> spread_gap(const Inputs& in) {
  const std::vector<Minibatch> all = subsets(in.sizes.hidden, in.sizes.batch);
  const int count = static_cast<int>(all.size());
  const Number settled = settled_ll19(in), radicand = settled + in.scalar("eps"), s = sqrt(radicand);
  const Number mean = theory::mean<Number>(in("x"))(0);
  std::vector<SquareTerm> terms;
  for (const Minibatch& minibatch : all) {
    Array<Number> rows(in.sizes.batch, 1);
    for (int i = 0; i < in.sizes.batch; ++i) rows(i) = in("x")(minibatch[static_cast<std::size_t>(i)]);
    const Number variance = reference_variance(rows)[0], own_radicand = variance + in.scalar("eps");
    terms.push_back({.root = in.scalar("gamma") * (reference_mean(rows)[0] - mean) / s, .denominator = count});
    terms.push_back({.root = in.scalar("gamma") * (variance - settled) / (radicand * sqrt(own_radicand)),
                     .nonnegative = {"eps"},
                     .denominator = count});
  }
  return terms;
}

// E[x_1 − μ_B | 1 ∈ B].
Side expected_deviation(Draws draws) {
  return by_reference("E[x_1 − μ_B | 1 ∈ B], LI23 Algorithm 1 line 2", [=](const Inputs& in) {
    const std::vector<Minibatch> all = draws == Draws::with_replacement
                                           ? tuples_with_the_first(in.sizes.hidden, in.sizes.batch)
                                           : subsets_with_the_first(in.sizes.hidden, in.sizes.batch);
    Number sum(0);
    for (const Minibatch& minibatch : all) {
      Values mean(1);
      reference::batch_mean<Number>(members(in("x"), minibatch), {in.sizes.batch, 1}, mean);
      sum += in("x")(0) - mean[0];
    }
    return Values{sum / Number(static_cast<int>(all.size()))};
  });
}
Formula deviation_by_theory(Draws draws) {
  return
      [=](const Inputs& in) { return Values{theory::expected_deviation<Number>(in("x"), 0, in.sizes.batch, draws)}; };
}
Formula deviation_times(Number (*factor)(const Number& m)) {
  return [=](const Inputs& in) {
    return Values{factor(Number(in.sizes.batch)) * (in("x")(0) - theory::mean<Number>(in("x"))(0))};
  };
}

// E(f′ + ½f″): the batch's distribution is F + τ(F_B − F), and ′ is d/dτ at τ = 0.
Values second_order_by_definition(const Inputs& in) {
  using First = numbers::Dual<Number>;
  using Second = numbers::Dual<First>;
  const auto constant = [](const Number& value) { return Second(First(value)); };
  const Array<Number>& x = in("x");
  Number mean(0), square(0);
  for (int i = 0; i < in.sizes.hidden; ++i) {
    mean += x(i) / Number(in.sizes.hidden);
    square += x(i) * x(i) / Number(in.sizes.hidden);
  }
  const Second tau(First(Number(0), Number(1)), First(Number(1)));
  const std::vector<Minibatch> all = tuples_with_the_first(in.sizes.hidden, in.sizes.batch);
  Number sum(0);
  for (const Minibatch& minibatch : all) {
    Number batch_mean(0), batch_square(0);
    for (const int i : minibatch) {
      batch_mean += x(i) / Number(in.sizes.batch);
      batch_square += x(i) * x(i) / Number(in.sizes.batch);
    }
    const Second mixed_mean = constant(mean) + tau * constant(batch_mean - mean);
    const Second mixed_square = constant(square) + tau * constant(batch_square - square);
    const Second radicand = mixed_square - mixed_mean * mixed_mean + constant(in.scalar("eps"));
    const Second output = constant(in.scalar("gamma")) * (constant(x(0)) - mixed_mean) / sqrt(radicand);
    sum += output.value.tangent + output.tangent.tangent / Number(2);
  }
  return {sum / Number(static_cast<int>(all.size()))};
}
// The closed form, its parts altered.
Formula second_order(void (*alter)(theory::SecondOrderGap<Number>& gap, const Inputs& in)) {
  return [=](const Inputs& in) {
    theory::SecondOrderGap<Number> gap = theory::second_order_gap<Number>(in("x"), 0, in.scalar("eps"));
    alter(gap, in);
    return Values{in.scalar("gamma") * theory::value(gap, in.sizes.batch)};
  };
}

// 1 where a > b, −1 where a < b; at m = 2 and ε = 0 a tie has no output.
Number sign_of_difference(const Number& a, const Number& b) { return select_positive(a - b, Number(1), Number(-1)); }

// ---- hypotheses and natural cases

Hypothesis minibatch_is_the_population() {
  return imposing("minibatch_is_the_population", "m = n: the first m samples are the population", [](Inputs& in) {
    in.set("x", Array<Number>(in("x").topRows(in.sizes.batch)));
    in.sizes.hidden = in.sizes.batch;
  });
}
Hypothesis pairs() {
  return imposing("pairs", "m = 2", [](Inputs& in) { in.sizes.batch = 2; });
}
// x_1 := the mean of the others.
Hypothesis sample_is_the_mean() {
  return imposing("sample_is_the_mean", "x_1 = μ", [](Inputs& in) {
    Array<Number> x = in("x");
    Number sum(0);
    for (Eigen::Index i = 1; i < x.size(); ++i) sum += x(i);
    x(0) = sum / Number(static_cast<int>(x.size()) - 1);
    in.set("x", x);
  });
}
// Samples 2 and 3, 4 and 5 … are mirror images about sample 1.
Hypothesis population_is_symmetric() {
  return imposing("population_symmetric", "the population is symmetric about x_1", [](Inputs& in) {
    Array<Number> x = in("x");
    for (Eigen::Index i = 2; i < x.size(); i += 2) x(i) = Number(2) * x(0) - x(i - 1);
    in.set("x", x);
  });
}
// An even population c, d, c, d …: all samples are as far from the mean as the others.
Hypothesis two_values() {
  return imposing("two_values", "half of the population is c, half is d", [](Inputs& in) {
    Array<Number> x = in("x");
    for (Eigen::Index i = 2; i < x.size(); ++i) x(i) = x(i % 2);
    in.set("x", x);
  });
}

}  // namespace

Claim bn_inference_bias() {
  Claim claim = {
      .title = "Inference by running averages is biased: E[training output] is not the inference output",
      .sources = {{"LL19", "§2, related work"}, {"LL19", "Algorithm 1"}, {"LI23", "(48), (49)"}},
      .notation =
          "population x_1 … x_n of one channel, μ and σ² its mean and biased variance, S² = n/(n−1) σ²; B a "
          "minibatch of m that contains sample 1, its others a subset of the rest, or independent draws where a "
          "reading says so; T, I the outputs of sample 1 in training and inference; V the variance that inference "
          "uses: E σ_B² by LL19's running average, S² by LI23 (48). In the sizes batch is m and hidden is n",
      .why =
          "A sample helps to make the statistics that it is normalized by: E[x_1 − μ_B] = (1 − 1/m) n/(n−1) (x_1 − "
          "μ). The others make σ_B² vary, and the mean of 1/√(σ_B² + ε) is not 1/√(E σ_B² + ε). Expanded in F_B − F, "
          "the difference between the batch's and the population's distribution, the bias is L/m + E Q/m plus terms "
          "of order 1/m².",
      .explain =
          "LL19 says in passing that batch norm's running averages introduce a bias between training and testing. "
          "Here the bias of a sample is its training output, averaged over all minibatches that contain it, minus "
          "its inference output. It is there: for x = (2, 0, −1, −1), minibatches of 2, ε = 0 and γ = 1 the first "
          "sample is always the larger of its pair and comes out as 1 in training, and as 2 in inference. With "
          "pairs, training tells a sample's rank and not its distance. Averages over all samples agree (both are β), "
          "but inference outputs spread wider than training outputs, by the factor m(n−1)/((m−1)n) in the mean "
          "square at ε = 0: twice for large n and m = 2. A sample at the mean is in general biased too; not if the "
          "population is symmetric about it. To leading order the bias is c/m (independent draws, V = σ², ε > 0), "
          "with c = γ(L + E Q) from the sample's own pull on the statistics and from their fluctuation; the reading "
          "second_order gives c exactly and what is left is of order 1/m². There is no bias if the batch is the "
          "whole population and V its biased variance, LL19's choice; LI23's m/(m−1) then brings one in, a factor "
          "√((n−1)/n) at ε = 0. Of the running averages only their expectation is used: that they fluctuate as well "
          "is not looked at.",
  };
  const auto add = [&](Reading reading) {
    reading.these_sizes_only = true;  // all minibatches are enumerated
    claim.readings.push_back(std::move(reading));
  };

  add({.id = "printed_ll19__pairs",
       .statement = "m = 2, ε = 0: E[T] − I = γ((#{x_k < x_1} − #{x_k > x_1})/(n−1) − (x_1 − μ)/√V), V = E σ_B²",
       .inputs = layer_on_a_population(),
       .sizes = {{.batch = 2, .hidden = 3}, {.batch = 2, .hidden = 4}},
       .hypotheses = {eps_is_zero()},
       .left = by_reference("E[T] − I, LI23 Algorithm 1, inference by LL19 Algorithm 1",
                            [](const Inputs& in) {
                              Values y(1);
                              reference::batch_norm_infer<Number>(
                                  Values{in("x")(0)}, {1, 1}, reference_mean(in("x")), Values{average_variance(in)},
                                  Values{in.scalar("gamma")}, Values{in.scalar("beta")}, in.scalar("eps"), y);
                              return Values{expected_training_output(in) - y[0]};
                            }),
       .right = by_theory("γ(rank − (x_1 − μ)/√V)",
                          [](const Inputs& in) {
                            const Array<Number>& x = in("x");
                            Number rank(0);
                            for (int k = 1; k < in.sizes.hidden; ++k) rank += sign_of_difference(x(0), x(k));
                            return Values{in.scalar("gamma") * rank / Number(in.sizes.hidden - 1) + in.scalar("beta") -
                                          inference_output(in, 0, settled_ll19)};
                          }),
       .why = "The bias exists, and this is all of it: of two samples one comes out as β + γ, the other as β − γ."});
  add({.id = "printed_ll19__spread",
       .statement = "mean of (T − β)² over minibatches and members ≤ mean of (I − β)² over the population, V = E σ_B²",
       .inputs = layer_on_a_population(),
       .sizes = subset_sizes(),
       .left = by_reference("mean of (T − β)², LI23 Algorithm 1",
                            [](const Inputs& in) { return Values{training_spread(in)}; }),
       .relation = Relation::at_most,
       .right =
           by_theory("mean of (I − β)²", [](const Inputs& in) { return Values{inference_spread(in, settled_ll19)}; }),
       .gap = spread_gap,
       .why = "The gap is γ²/(V + ε) times E(μ_B − μ)², and γ²ε/(V + ε)² times E[(σ_B² − V)²/(σ_B² + ε)]: next "
              "layers see a wider distribution in inference, but for γ = 0 and m = n."});
  add({.id = "spread__eps_zero",
       .statement = "ε = 0: mean of (I − β)² = m(n−1)/((m−1)n) · mean of (T − β)², V = E σ_B²",
       .inputs = layer_on_a_population(),
       // m = 2 asks for a sign for each pair: few of them.
       .sizes =
           {{.batch = 2, .hidden = 2}, {.batch = 2, .hidden = 3}, {.batch = 3, .hidden = 3}, {.batch = 3, .hidden = 4}},
       .hypotheses = {eps_is_zero()},
       .left =
           by_theory("mean of (I − β)²", [](const Inputs& in) { return Values{inference_spread(in, settled_ll19)}; }),
       .right = by_reference("m(n−1)/((m−1)n) · mean of (T − β)²", spread_times([](const Number& m, const Number& n) {
                               return m * (n - Number(1)) / ((m - Number(1)) * n);
                             })),
       .why = "The law in m: m/(m−1) = 1 + 1/m + 1/m² + … for a large population, 1 at m = n."});
  add({.id = "average_over_samples",
       .statement = "averaged over all samples there is no bias: (1/n) Σ_i E[T_i] = (1/n) Σ_i I_i, any V, ε ≥ 0",
       .inputs = layer_on_a_population(),
       .sizes = subset_sizes(),
       .left = by_reference("mean of T over minibatches and members",
                            [](const Inputs& in) {
                              const std::vector<Minibatch> all = subsets(in.sizes.hidden, in.sizes.batch);
                              Number sum(0);
                              for (const Minibatch& minibatch : all)
                                for (const Number& y : training_outputs(in, minibatch)) sum += y;
                              return Values{sum / Number(static_cast<int>(all.size()) * in.sizes.batch)};
                            }),
       .right = by_theory("mean of I",
                          [](const Inputs& in) {
                            Number sum(0);
                            for (int i = 0; i < in.sizes.hidden; ++i) sum += inference_output(in, i, settled_ll19);
                            return Values{sum / Number(in.sizes.hidden)};
                          }),
       .why = "Both are β: the bias pushes some samples up and others down."});
  Reading same_output = {
      .id = "same_output__ll19",
      .statement = "E[T | 1 ∈ B] = I with V = E σ_B², LL19's running average; m ≥ 2, ε ≥ 0",
      .inputs = layer_on_a_population(),
      .sizes = {{.batch = 2, .hidden = 3}, {.batch = 2, .hidden = 4}, {.batch = 3, .hidden = 4}},
      .left = training(),
      .right = inference(settled_ll19, "E σ_B²"),
      .why = "No bias: false. For pairs at ε = 0 the left side is a rank, the right side a distance."};
  add(same_output);
  Reading same_output_li23 = same_output;
  same_output_li23.id = "same_output__li23";
  same_output_li23.statement = "E[T | 1 ∈ B] = I with V = m/(m−1) E σ_B² = S², LI23 (48); m ≥ 2, ε ≥ 0";
  same_output_li23.right = inference(settled_li23, "S²");
  same_output_li23.why =
      "Correcting the variance's bias does not remove that of the output: a root and a quotient are not linear, and "
      "the sample is part of its own batch.";
  add(same_output_li23);
  Reading full = same_output;
  full.id = "full_batch__ll19";
  full.statement = "m = n: T = I with V = E σ_B², every ε ≥ 0";
  full.hypotheses = {minibatch_is_the_population()};
  full.why = "The one minibatch is the population, and its statistics are the running averages.";
  add(full);
  Reading full_li23 = same_output_li23;
  full_li23.id = "full_batch__li23";
  full_li23.statement = "m = n: T = I with V = m/(m−1) σ_B², LI23 (48), every ε ≥ 0";
  full_li23.sizes = {{.batch = 2, .hidden = 3}, {.batch = 3, .hidden = 4}};
  full_li23.hypotheses = {minibatch_is_the_population()};
  full_li23.why = "The correction brings in a bias where there was none; full_batch__li23__shrunk is its size.";
  add(full_li23);
  add({.id = "full_batch__li23__shrunk",
       .statement = "m = n: (I − β)² (n/(n−1) σ² + ε) = (T − β)² (σ² + ε) with V = m/(m−1) σ_B²",
       .inputs = layer_on_a_population(),
       .sizes = {{.batch = 2, .hidden = 2}, {.batch = 3, .hidden = 4}, {.batch = 4, .hidden = 5}},
       .hypotheses = {minibatch_is_the_population()},
       .left = by_theory("(I − β)² (S² + ε)",
                         [](const Inputs& in) {
                           const Number distance = inference_output(in, 0, settled_li23) - in.scalar("beta");
                           return Values{distance * distance * (settled_li23(in) + in.scalar("eps"))};
                         }),
       .right = by_reference("(T − β)² (σ² + ε)",
                             [](const Inputs& in) {
                               const Number distance = expected_training_output(in) - in.scalar("beta");
                               return Values{distance * distance * (reference_variance(in("x"))[0] + in.scalar("eps"))};
                             }),
       .why = "At ε = 0 inference outputs are √((n−1)/n) times training outputs, about β."});
  add({.id = "centring__subsets",
       .statement = "E[x_1 − μ_B | 1 ∈ B] = (1 − 1/m) n/(n−1) (x_1 − μ), the others a subset",
       .inputs = population(),
       .sizes = {{.batch = 1, .hidden = 3},
                 {.batch = 2, .hidden = 2},
                 {.batch = 2, .hidden = 3},
                 {.batch = 3, .hidden = 3},
                 {.batch = 2, .hidden = 4},
                 {.batch = 3, .hidden = 5}},
       .left = expected_deviation(Draws::without_replacement),
       .right = by_theory("(1 − 1/m) n/(n−1) (x_1 − μ)", deviation_by_theory(Draws::without_replacement)),
       .why = "Subtracting the mean is biased by itself: a sample is 1/m of its batch's mean."});
  add({.id = "centring__independent_draws",
       .statement = "E[x_1 − μ_B | 1 ∈ B] = (1 − 1/m)(x_1 − μ), the others independent draws",
       .inputs = population(),
       .sizes = {{.batch = 1, .hidden = 3},
                 {.batch = 2, .hidden = 2},
                 {.batch = 2, .hidden = 3},
                 {.batch = 3, .hidden = 3},
                 {.batch = 4, .hidden = 2}},
       .left = expected_deviation(Draws::with_replacement),
       .right = by_theory("(1 − 1/m)(x_1 − μ)", deviation_by_theory(Draws::with_replacement)),
       .why = "The bias of the centring alone is −(x_1 − μ)/m: exactly of order 1/m."});
  add({.id = "at_the_mean",
       .statement = "a sample at the mean has no bias: x_1 = μ ⇒ E[T | 1 ∈ B] = β = I",
       .inputs = layer_on_a_population(),
       .sizes = {{.batch = 2, .hidden = 3}, {.batch = 2, .hidden = 4}, {.batch = 3, .hidden = 4}},
       .hypotheses = {sample_is_the_mean()},
       .left = training(),
       .right = by_definition("β", [](const Inputs& in) { return Values{in.scalar("beta")}; }),
       .why = "The mean is not the median: far samples bring a large σ_B with them and pull less than near ones. "
              "at_the_mean__symmetric_population is what is left."});
  add({.id = "at_the_mean__symmetric_population",
       .statement = "E[T | 1 ∈ B] = I (= β) if the population is symmetric about x_1, V = E σ_B², every m and ε ≥ 0",
       .inputs = layer_on_a_population(),
       .sizes = {{.batch = 2, .hidden = 3}, {.batch = 3, .hidden = 3}, {.batch = 2, .hidden = 5}},
       .hypotheses = {population_is_symmetric()},
       .left = training(),
       .right = inference(settled_ll19, "E σ_B²"),
       .why = "The mirror image of a minibatch is as likely, and turns the sign of T − β."});
  add({.id = "every_sample_is_nearer",
       .statement = "each sample's expected training output is nearer to β than its inference output: (E[T] − β)² ≤ "
                    "(I − β)², V = E σ_B²",
       .inputs = layer_on_a_population(),
       .sizes = {{.batch = 2, .hidden = 3}, {.batch = 2, .hidden = 4}},
       .left = by_reference("(E[T] − β)²",
                            [](const Inputs& in) {
                              const Number distance = expected_training_output(in) - in.scalar("beta");
                              return Values{distance * distance};
                            }),
       .relation = Relation::at_most,
       .right = by_theory("(I − β)²",
                          [](const Inputs& in) {
                            const Number distance = inference_output(in, 0, settled_ll19) - in.scalar("beta");
                            return Values{distance * distance};
                          }),
       .why = "True of the mean over samples (printed_ll19__spread), not of each: a sample at the mean has I = β."});
  add({.id = "second_order",
       .statement =
           "E(f′ + ½f″) = γ(L/m + (m−1)/m² E_j Q(x_j) + Q(x_1)/m²), independent draws; f′, f″ along F + τ(F_B − F) "
           "at τ = 0",
       .inputs = layer_on_a_population(),
       .sizes = {{.batch = 1, .hidden = 3},
                 {.batch = 2, .hidden = 2},
                 {.batch = 2, .hidden = 3},
                 {.batch = 3, .hidden = 3},
                 {.batch = 3, .hidden = 4}},
       .left = by_definition("derivatives of γ(x_1 − μ_τ)/√(σ_τ² + ε) averaged over all tuples that contain sample 1",
                             second_order_by_definition),
       .right = by_theory("the closed form", second_order([](theory::SecondOrderGap<Number>&, const Inputs&) {})),
       .why =
           "T is the value at τ = 1, I (with V = σ²) that at τ = 0. The terms left out are cubic in F_B − F, whose "
           "expectations are of order 1/m²: by hand, not by machine. So the bias is γ(L + E_j Q)/m to leading order, "
           "for ε > 0: at ε = 0 a constant minibatch has no T."});

  claim.mutants = {
      {.id = "forgets_its_own_share",
       .reading = "centring__subsets",
       .words = "x_1 − μ",
       .agrees_when = minibatch_is_the_population(),
       .right = deviation_times([](const Number&) { return Number(1); }),
       .agreeing_sizes = {{.batch = 2, .hidden = 3}, {.batch = 3, .hidden = 5}}},
      {.id = "one_over_m",
       .reading = "centring__independent_draws",
       .words = "(x_1 − μ)/m for (1 − 1/m)(x_1 − μ)",
       .agrees_when = pairs(),
       .right = deviation_times([](const Number& m) { return Number(1) / m; })},
      {.id = "no_wider",
       .reading = "spread__eps_zero",
       .words = "the mean squares are equal",
       .agrees_when = minibatch_is_the_population(),
       .right = spread_times([](const Number&, const Number&) { return Number(1); })},
      {.id = "forgets_that_the_variance_varies",
       .reading = "second_order",
       .words = "E_j Q without 3(x_1 − μ)(μ_4 − σ⁴)/(8s⁵)",
       .agrees_when = two_values(),
       .right = second_order([](theory::SecondOrderGap<Number>& gap, const Inputs& in) {
         theory::Vector<Number> square(in.sizes.hidden);
         const Number mean = theory::mean<Number>(in("x"))(0), variance = theory::biased_variance<Number>(in("x"))(0);
         Number excess(0);
         for (int i = 0; i < in.sizes.hidden; ++i) {
           const Number deviation = in("x")(i)-mean, distance = deviation * deviation - variance;
           excess += distance * distance / Number(in.sizes.hidden);
         }
         const Number radicand = variance + in.scalar("eps");
         gap.fluctuation -=
             Number(3) * (in("x")(0) - mean) * excess / (Number(8) * radicand * radicand * sqrt(radicand));
       }),
       .agreeing_sizes = {{.batch = 2, .hidden = 2}, {.batch = 3, .hidden = 4}}},
      {.id = "forgets_that_the_sample_is_in_its_batch",
       .reading = "second_order",
       .words = "γ (m−1)/m² E_j Q(x_j) alone",
       .agrees_when = sample_is_the_mean(),
       .right = second_order([](theory::SecondOrderGap<Number>& gap, const Inputs&) {
         gap.own = Number(0);
         gap.own_square = Number(0);
       }),
       .agreeing_sizes = {{.batch = 2, .hidden = 3}, {.batch = 3, .hidden = 4}}},
      {.id = "forgets_the_fluctuation",
       .reading = "second_order",
       .words = "γ(L/m + Q(x_1)/m²) alone",
       .agrees_when = imposing("single_samples", "m = 1", [](Inputs& in) { in.sizes.batch = 1; }),
       .right = second_order([](theory::SecondOrderGap<Number>& gap, const Inputs&) { gap.fluctuation = Number(0); })},
  };
  return claim;
}

}  // namespace normproof::claims
