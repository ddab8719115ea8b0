// Claim: using the same sample ξ′ in every layer biases MCSGD's stochastic gradient.
//
// Source       LL19 Remark 1: "In practice, we often use the same ξ′ for each layer to save some computation resource,
//              this introduce some bias the expectation of the estimated stochastic gradient. One such implementation
//              can be found in Algorithm 3"
// Notation     D the data set of N samples; the oracle with the factors after D_j(ξ′) at ξ′ (mcsgd_oracle_unbiased),
//              exact statistics; h = ∂_{w_n} F_n; D_j = ∂_z e_j; cov(A, h) = E[A h] − E[A] E[h] over D; b the minibatch
//              size. shared: one minibatch for all ξ′_j, another for ξ; shared everywhere: one for all, ξ included
// Hypotheses   all draws enumerated: b independent samples, or b different ones where it says so
//
//     n = 3, shared              E g_3 − ∂f/∂w_3 = (1/b) E[∂_y F_1] cov(D_1 ∂_y F_2, D_2 h)
//     n = 2, shared everywhere   E g_2 − ∂f/∂w_2 = (1/b) cov(∂_y F_1, D_1 h)
//     b different samples of N:  (N − b)/(b(N − 1)) in the place of 1/b
//
// Why. The factors at ξ′ are means over the minibatch. Two of them from the same minibatch: E[mean A · mean h] = E[A]
// E[h] + cov(A, h)/b. One of them: nothing to correlate with. Three of them add a term in 1/b².
#include "impl/reference/full_norm.hpp"
#include "proofs_checks/inputs/compositional_problem.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using reference::FactorsAfter;
using theory::Product;

constexpr auto polynomial = LayerKind::polynomial;
constexpr auto own = StatisticOf::its_own_layer;

enum class Law { independent_samples, different_samples };

std::vector<Minibatch> minibatches(const Inputs& in, Law law) {
  const int b = in.sizes.outputs;
  return law == Law::independent_samples ? tuples(in.sizes.batch, b) : subsets(in.sizes.batch, b);
}

// Where ξ is drawn by itself one sample suffices: E g does not depend on how many.
Values mean_gradient(const Inputs& in, Draws draws, Law law) {
  const auto problem = differentiable_problem(in, polynomial);
  const std::vector<Minibatch> drawn = minibatches(in, law);
  return expected_oracle(problem, exact_estimates(problem),
                         draws == Draws::shared_everywhere ? drawn : tuples(in.sizes.batch, 1), drawn, draws,
                         FactorsAfter::at_inner);
}

Side oracle(Draws draws, Law law = Law::independent_samples) {
  return by_reference(draws == Draws::shared_inner ? "the oracle, one minibatch for all ξ′_j, mean over all draws"
                                                   : "the oracle, one minibatch for everything, mean over all draws",
                      [=](const Inputs& in) { return mean_gradient(in, draws, law); });
}

Side gradient() {
  return by_definition("∂f/∂w, entry by entry, by dual numbers through (6)",
                       [](const Inputs& in) { return exact_gradient(in, polynomial); });
}

// ---- (7) and factor times the covariance, in the parameters of the last layer

using Factor = Number (*)(const Inputs&);
Number one_over_b(const Inputs& in) { return theory::with_replacement_factor<Number>(in.sizes.outputs); }
Number one_over_b_squared(const Inputs& in) { return one_over_b(in) * one_over_b(in); }
Number finite_population(const Inputs& in) {
  return theory::without_replacement_factor<Number>(in.sizes.batch, in.sizes.outputs);
}
Number nothing(const Inputs&) { return Number(0); }

Side seven_and_bias(Draws draws, Factor factor) {
  return by_theory("(7) as operators, and the covariance", [=](const Inputs& in) {
    const auto problem = differentiable_problem(in, polynomial);
    const std::size_t biased = draws == Draws::shared_inner ? 2 : 1;  // the layers before it
    return for_every_parameter(problem, exact_estimates(problem), own, [=](const auto& before, const auto& h) {
      Number value = theory::gradient_formula<Number>(before, h, Product::operators);
      if (before.size() == biased)
        value += factor(in) * (draws == Draws::shared_inner ? theory::shared_inner_bias<Number>(before, h)
                                                            : theory::shared_everywhere_bias<Number>(before, h));
      return value;
    });
  });
}

// E[∂_y F_1] E[∂_y F_2] cov(D_1, D_2 h), or E[∂_y F_1] cov(D_1 ∂_y F_2, h) E[D_2].
enum class Slip { slope_outside, statistic_outside };
Formula slipped_bias(Slip slip) {
  return [=](const Inputs& in) {
    const auto problem = differentiable_problem(in, polynomial);
    return for_every_parameter(problem, exact_estimates(problem), own, [=](const auto& before, const auto& h) {
      Number value = theory::gradient_formula<Number>(before, h, Product::operators);
      if (before.size() < 2) return value;
      auto moved = before;
      auto& averaged = slip == Slip::slope_outside ? moved[1].by_expectation : moved[1].statistic_by_input;
      const auto mean = theory::mean_of<theory::Matrix<Number>, Number>(averaged);
      for (auto& matrix : averaged) matrix = mean;
      value += one_over_b(in) * theory::shared_inner_bias<Number>(moved, h);
      return value;
    });
  };
}

// ---- E g at b less ∂f/∂w is 1/b of what it is at b = 1?

Values excess(const Inputs& in, Draws draws, int b, const Number& factor) {
  Inputs at_b = in;
  at_b.sizes.outputs = b;
  Values difference = mean_gradient(at_b, draws, Law::independent_samples);
  const Values exact = exact_gradient(in, polynomial);
  for (std::size_t k = 0; k < difference.size(); ++k) difference[k] = factor * (difference[k] - exact[k]);
  return {difference.back()};
}

Reading one_over_b_law(std::string id, std::string statement, Draws draws, int layers, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = problem_inputs(polynomial),
          .sizes = {problem_size(polynomial, layers, 2, 2), problem_size(polynomial, layers, 3, 2)},
          .these_sizes_only = true,
          .left = by_reference(
              "b (E g_n − ∂f/∂w_n) at b",
              [=](const Inputs& in) { return excess(in, draws, in.sizes.outputs, Number(in.sizes.outputs)); }),
          .right = by_reference("E g_n − ∂f/∂w_n at b = 1",
                                [=](const Inputs& in) { return excess(in, draws, 1, Number(1)); }),
          .algebraic_identity = true,
          .why = std::move(why)};
}

// ---- Algorithm 3: one feature, parameters w before the layer, the loss c·z

std::vector<InputSpec> algorithm_3_inputs() {
  return {{"x", Role::activation, Dimension::batch, Dimension::one},
          {"dy", Role::upstream, Dimension::batch, Dimension::one},
          {"w", Role::weight},
          {"mean", Role::mean},
          {"square", Role::variance},
          {"eps", Role::epsilon}};
}

reference::CompositionalProblem<Number> algorithm_3_problem(const Inputs& in) {
  reference::CompositionalProblem<Number> problem;
  problem.layers = clamped_norm_layers(in.scalar("eps"));
  for (const auto& layer : clamped_norm_layers(DualNumber(in.scalar("eps"))))
    problem.derivatives.push_back(derivatives_of(layer));
  problem.parameters = {{}, {}, {in.scalar("w")}};
  for (Eigen::Index i = 0; i < in("x").rows(); ++i) problem.data.push_back({in("x")(i, 0), in("dy")(i, 0)});
  return problem;
}

// The statistics of (w ξ, c): μ, E c, ν, E c²; the layer does not use the label's.
Estimates algorithm_3_estimates(const Number& mean, const Number& square) {
  return {{}, {mean, Number(0), square, Number(0)}, {}};
}

// Σ over a batch of g_in times ∂(w ξ)/∂w, by Algorithm 3, g_out = c/b.
Number backward_of_batch(const Inputs& in, const Minibatch& batch, const Number& mean, const Number& square) {
  const int b = static_cast<int>(batch.size());
  Values layer_input, g_out, g_in(batch.size(), Number(0));
  for (const int sample : batch) {
    layer_input.push_back(in.scalar("w") * in("x")(sample, 0));
    g_out.push_back(in("dy")(sample, 0) / Number(b));
  }
  reference::full_norm_backward<Number>(layer_input, g_out, {b, 1}, {{mean}, {square}}, in.scalar("eps"), {}, g_in);
  Number sum(0);
  for (std::size_t k = 0; k < batch.size(); ++k) sum += g_in[k] * in("x")(batch[k], 0);
  return sum;
}

Reading algorithm_3_is_the_oracle() {
  return {.id = "algorithm_3__is_the_oracle",
          .statement = "Algorithm 3's backward pass on a batch, at any μ, ν = the oracle with that batch for ξ and ξ′",
          .inputs = algorithm_3_inputs(),
          .sizes = {{.batch = 1}, {.batch = 2}, {.batch = 3}},
          .these_sizes_only = true,
          .left = by_reference("Σ g_in,i ∂(w ξ_i)/∂w, LL19 Algorithm 3 (vector–Jacobian product, divisor b)",
                               [](const Inputs& in) -> Values {
                                 return {backward_of_batch(in, first_samples(in.sizes.batch), in.scalar("mean"),
                                                           in.scalar("square"))};
                               }),
          .right = by_reference("the oracle's ∂/∂w, one minibatch for everything",
                                [](const Inputs& in) {
                                  const Minibatch all = first_samples(in.sizes.batch);
                                  return reference::oracle_gradient<Number>(
                                      algorithm_3_problem(in),
                                      algorithm_3_estimates(in.scalar("mean"), in.scalar("square")),
                                      {all, reference::same_for_all(3, all)}, FactorsAfter::at_inner)[2];
                                }),
          .algebraic_identity = true,
          .why =
              "Both are reference algorithms of one document: Algorithm 3 is the instance of Algorithm 2, line 3, "
              "that Remark 1 says it is. The clamp is the same in both."};
}

// Exact μ and ν, minibatches of b = outputs.
Reading algorithm_3_law() {
  std::vector<InputSpec> specs = algorithm_3_inputs();
  specs.erase(specs.begin() + 3, specs.begin() + 5);
  return {.id = "algorithm_3__law",
          .statement =
              "one FN layer, μ and ν exact: E over minibatches of Algorithm 3's ∂/∂w = ∂(5)/∂w + (1/b) cov(c "
              "∂_{(μ,ν)} f, [1, 2wξ] ξ)",
          .inputs = specs,
          .sizes = {{.batch = 2}, {.batch = 3}, {.batch = 2, .outputs = 2}},
          .these_sizes_only = true,
          .left = by_reference("Algorithm 3's backward pass, mean over all minibatches",
                               [](const Inputs& in) -> Values {
                                 const auto exact = exact_estimates(algorithm_3_problem(in))[1];
                                 Number sum(0);
                                 const auto drawn = tuples(in.sizes.batch, in.sizes.outputs);
                                 for (const Minibatch& batch : drawn)
                                   sum += backward_of_batch(in, batch, exact[0], exact[2]);
                                 return {sum / Number(static_cast<int>(drawn.size()))};
                               }),
          .right = by_theory("(7) as operators, and the covariance",
                             [](const Inputs& in) -> Values {
                               const auto problem = algorithm_3_problem(in);
                               const Estimates exact = exact_estimates(problem);
                               const auto before = jacobians_before(problem, exact, 2, own);
                               const auto h = parameter_column(problem, exact, 2, 0);
                               // The loss has no statistic: c · ∂_y f stands for ∂_y F of one layer.
                               theory::LayerJacobians<Number> layer = before[1];
                               for (std::size_t k = 0; k < h.size(); ++k)
                                 layer.by_expectation[k] =
                                     theory::matrix_product<Number>(before[0].by_input[k], before[1].by_expectation[k]);
                               return {theory::gradient_formula<Number>(before, h, Product::operators) +
                                       one_over_b(in) * theory::shared_everywhere_bias<Number>({layer}, h)};
                             }),
          .why = "So one FN layer suffices for Algorithm 3 to be biased: ξ is shared too."};
}

// ---- hypotheses

Hypothesis first_layer_is_a_loss() {
  return imposing("first_layer_is_a_loss", "F_1 depends on no statistic: p = q = 0 in the first layer", [](Inputs& in) {
    set_to_zero(in, {"p", "q"}, 0, 0);
  });
}
Hypothesis second_slope_constant() {
  return imposing("second_slope_constant", "∂_y F_2 is the same at every sample: q = 0 in the second layer",
                  [](Inputs& in) { set_to_zero(in, {"q"}, 1, 1); });
}
Hypothesis first_statistic_affine() {
  return imposing("first_statistic_affine", "e_1 is affine: s = 0 in the first layer",
                  [](Inputs& in) { set_to_zero(in, {"s"}, 0, 0); });
}
Hypothesis second_statistic_affine() {
  return imposing("second_statistic_affine", "e_2 is affine: s = 0 in the second layer",
                  [](Inputs& in) { set_to_zero(in, {"s"}, 1, 1); });
}

Reading reading(std::string id, std::string statement, int layers, std::vector<std::pair<int, int>> samples_and_b,
                std::vector<Hypothesis> hypotheses, Side left, Side right, std::string why) {
  Reading one = {.id = std::move(id),
                 .statement = std::move(statement),
                 .inputs = problem_inputs(polynomial),
                 .these_sizes_only = true,
                 .hypotheses = std::move(hypotheses),
                 .left = std::move(left),
                 .right = std::move(right),
                 .why = std::move(why)};
  for (const auto& [samples, b] : samples_and_b) one.sizes.push_back(problem_size(polynomial, layers, samples, b));
  return one;
}

std::vector<Reading> readings() {
  constexpr auto shared = Draws::shared_inner;
  constexpr auto everywhere = Draws::shared_everywhere;
  return {
      reading(
          "printed__three_layers",
          "n = 3, one ξ′ for all layers, b independent samples: E g = ∂f/∂w, but in w_3 + (1/b) E[∂_y F_1] cov(D_1 "
          "∂_y F_2, D_2 h)",
          3, {{1, 1}, {2, 1}, {3, 1}, {2, 2}, {2, 3}}, {}, oracle(shared), seven_and_bias(shared, one_over_b),
          "\"This introduce some bias\", and which: that it is not 0 is what supposed__unbiased__three_layers shows."),
      reading("supposed__unbiased__three_layers", "n = 3, one ξ′ for all layers: E g = ∂f/∂w", 3,
              {{1, 1}, {2, 1}, {3, 1}}, {}, oracle(shared), gradient(), "The least depth with two ξ′_j to share."),
      reading("two_layers", "n = 2, one ξ′ for all layers: E g = ∂f/∂w", 2, {{1, 1}, {2, 1}, {3, 1}, {2, 2}}, {},
              oracle(shared), gradient(), "There is only one ξ′_j: nothing is shared as long as ξ is another sample."),
      reading(
          "one_statistic_above", "n = 3, one ξ′, F_1 a loss without a statistic: E g = ∂f/∂w", 3,
          {{1, 1}, {2, 1}, {3, 1}, {2, 2}}, {first_layer_is_a_loss()}, oracle(shared), gradient(),
          "Of a network with normalization layers and a loss, a layer with two normalizations above it is the first "
          "to be biased."),
      reading("affine_statistics", "n = 3, one ξ′, every e_j affine: E g = ∂f/∂w", 3, {{2, 1}, {3, 1}},
              {affine_statistics()}, oracle(shared), gradient(), "∂_y F_2(ξ′) and h(ξ′) still vary together."),
      reading("constant_product", "n = 3, one ξ′, e_1 affine and ∂_y F_2 constant on D: E g = ∂f/∂w", 3,
              {{1, 1}, {2, 1}, {3, 1}, {2, 2}}, {first_statistic_affine(), second_slope_constant()}, oracle(shared),
              gradient(), "cov(A, ·) = 0 where A = D_1 ∂_y F_2 is constant: a layer that only centres its input."),
      reading("different_samples__law",
              "n = 3, one minibatch of b different samples for all layers: the bias times (N − b)/(N − 1)", 3,
              {{2, 1}, {3, 1}, {3, 2}, {3, 3}, {4, 2}}, {}, oracle(shared, Law::different_samples),
              seven_and_bias(shared, finite_population),
              "The variance of a mean of b of N values, drawn without return."),
      reading("whole_data_set", "n = 3, the whole data set for ξ′ (b = N, different samples): E g = ∂f/∂w", 3,
              {{1, 1}, {2, 2}, {3, 3}}, {}, oracle(shared, Law::different_samples), gradient(),
              "Nothing is random then."),
      one_over_b_law(
          "one_over_b__four_layers", "n = 4, one ξ′ for all layers: the bias at b = 2 is half of that at b = 1", shared,
          4,
          "Three means over one minibatch: their third cumulant brings 1/b². (It vanishes for N = 2, where the law is "
          "exact.) An algebraic identity if it were true: both sides are the oracle."),
      reading("shared_everywhere__two_layers",
              "n = 2, one minibatch for everything: E g = ∂f/∂w, but in w_2 + (1/b) cov(∂_y F_1, D_1 h)", 2,
              {{1, 1}, {2, 1}, {3, 1}, {2, 2}, {2, 3}}, {}, oracle(everywhere), seven_and_bias(everywhere, one_over_b),
              "Algorithm 3's practice: the batch itself is ξ′."),
      reading("supposed__unbiased__shared_everywhere", "n = 2, one sample for everything: E g = ∂f/∂w", 2,
              {{1, 1}, {2, 1}, {3, 1}}, {}, oracle(everywhere), gradient(), "One statistic suffices once ξ is shared."),
      one_over_b_law("one_over_b__shared_everywhere__three_layers",
                     "n = 3, one minibatch for everything: the bias at b = 2 is half of that at b = 1", everywhere, 3,
                     "Three means over one minibatch again. An algebraic identity if it were true."),
      algorithm_3_is_the_oracle(),
      algorithm_3_law(),
  };
}

}  // namespace

Claim mcsgd_shared_sample_bias() {
  const auto biased = [](Factor factor) { return seven_and_bias(Draws::shared_inner, factor).formula; };
  return {
      .title = "Using the same sample in every layer biases MCSGD's stochastic gradient",
      .sources = {{"LL19", "Remark 1, last paragraph"}, {"LL19", "Algorithm 3"}, {"LL19", "§6, before §6.1"}},
      .notation =
          "D the data set of N samples; F_1 the loss, h = ∂_{w_n} F_n, D_j = ∂_z e_j; cov(A, h) = E[A h] − E[A] E[h] "
          "over D; b the size of the minibatches, independent samples unless said otherwise; exact statistics. In the "
          "sizes, batch = N, hidden = n, outputs = b. Layers: F = w x + p y + q x y + t x², e = r x + s x², free "
          "coefficients. Algorithm 3: f = (B − μ)/√max{ν − μ², ε}, B = w ξ, c a sample's ∂ℓ/∂f",
      .why =
          "In E g the factors at ξ′ enter as means over its minibatch. With n = 3 and one minibatch these are "
          "mean(D_1 ∂_y F_2) and mean(D_2 h), and E[mean A · mean h] = E[A] E[h] + cov(A, h)/b. With ξ in the same "
          "minibatch ∂_y F_1 is one of the means.",
      .explain =
          "Remark 1 admits that one ξ′ for all layers brings \"some bias\". How much, and when? One sample or "
          "minibatch for all ξ′_j, drawn apart from ξ, is harmless as long as only one statistic lies between the "
          "parameters and the loss: n = 2, or a loss without statistics and one normalization above the parameters. "
          "With two the bias is E[∂_y F_1] · cov(D_1 ∂_y F_2, D_2 h)/b, exactly: it falls as 1/b, and it does not "
          "depend on how good the estimates are. An affine statistic does not remove it; a layer that only centres "
          "does. With b different samples the factor is (N − b)/(b(N − 1)), 0 for the whole data set. With three "
          "statistics a term in 1/b² joins, so the law is then 1/b only to leading order. Algorithm 3 goes further: "
          "the batch whose loss is differentiated is itself the ξ′. Then one normalization layer suffices: the bias "
          "is cov(c ∂_{(μ,ν)} f, D h)/b. At b = 1 it is no small correction: see mcsgd_any_batch_size.",
      .readings = readings(),
      .mutants =
          {
              {.id = "no_bias",
               .reading = "printed__three_layers",
               .words = "(7) alone",
               .agrees_when = equal_samples(),
               .right = biased(nothing)},
              {.id = "slope_outside",
               .reading = "printed__three_layers",
               .words = "(1/b) E[∂_y F_1] E[∂_y F_2] cov(D_1, D_2 h)",
               .agrees_when = second_slope_constant(),
               .right = slipped_bias(Slip::slope_outside)},
              {.id = "statistic_outside",
               .reading = "printed__three_layers",
               .words = "(1/b) E[∂_y F_1] cov(D_1 ∂_y F_2, h) E[D_2]",
               .agrees_when = second_statistic_affine(),
               .right = slipped_bias(Slip::statistic_outside)},
              {.id = "one_over_b_squared",
               .reading = "printed__three_layers",
               .words = "1/b² for 1/b",
               .agrees_when = imposing("b_one", "b = 1", [](Inputs& in) { in.sizes.outputs = 1; }),
               .right = biased(one_over_b_squared),
               .agreeing_sizes = {problem_size(polynomial, 3, 2), problem_size(polynomial, 3, 3)}},
              {.id = "infinite_population",
               .reading = "different_samples__law",
               .words = "1/b for (N − b)/(b(N − 1))",
               .agrees_when = imposing("b_one", "b = 1", [](Inputs& in) { in.sizes.outputs = 1; }),
               .right = biased(one_over_b),
               .agreeing_sizes = {problem_size(polynomial, 3, 2), problem_size(polynomial, 3, 3)}},
          },
  };
}

}  // namespace normproof::claims
