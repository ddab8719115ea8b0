// Claim: MCSGD asks nothing of the size of the minibatches.
//
// Source       LL19 §5: "The proposed algorithm does not have any requirement on the size of minibatch"; Algorithms 2,
//              3; Corollary 3 (α_k = (k + 1)^(−2/5)); bn_batch_of_one_is_blind for batch norm
// Notation     b the size of a minibatch, N that of the data set; ê the estimates of Algorithm 2; μ, v = ν − μ² those
//              of a full normalization layer before the step, d = x − μ, s its root after the step, c = 1 where the
//              clamp is not active and else 0; g = ∂ℓ/∂output
// Hypotheses   minibatches of b independent samples, all enumerated; one of its own for ξ and for each ξ′_j
//
//     E ê_j^(k+1) = (1 − α) ê_j + α E ê_j(w; ξ; ê),   variance α² var(ê_j(w; ξ; ê))/b,   E g = ∂f/∂w at exact ê: every
//     b b = 1, Algorithm 3 forward    (1 − α) d/√max{(1 − α)(v + α d²), ε}: sees x, unless α = 1
//     b = 1, Algorithm 3 backward   g_in = −g c d²/s³: no derivative of anything that is minimised
//
// Why. A mean over a minibatch is unbiased for every b, and the oracle is linear in each of its means. One sample x
// mixed into μ, ν with weight α leaves x − μ⁺ = (1 − α)d and ν⁺ − μ⁺² = (1 − α)(v + α d²). Algorithm 3's backward pass
// takes the batch for the data set: of b = 1 it believes that μ moves with x by 1, so that ∂_B f + ∂_μ f + 2B ∂_ν f =
// 1/s − 1/s + c μ d/s³ − c x d/s³.
#include "impl/reference/descent.hpp"
#include "impl/reference/full_norm.hpp"
#include "proofs_checks/inputs/compositional_problem.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using reference::FactorsAfter;

constexpr auto polynomial = LayerKind::polynomial;

std::vector<InputSpec> with(std::vector<InputSpec> specs, const std::vector<InputSpec>& more) {
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}

// ---- Algorithm 2

const std::vector<InputSpec> with_estimates = with(
    problem_inputs(polynomial), {{"estimate", Role::mean, Dimension::hidden, Dimension::one}, {"alpha", Role::rate}});

Estimates given_estimates(const Inputs& in) {
  Estimates estimates;
  for (int layer = 0; layer < in.sizes.hidden; ++layer) estimates.push_back({in("estimate")(layer, 0)});
  return estimates;
}

std::vector<Minibatch> minibatches(const Inputs& in) { return tuples(in.sizes.batch, in.sizes.outputs); }

// Two layers: ê^(k+1) for every choice of minibatches, one for each layer or one for both.
std::vector<Values> all_updates(const Inputs& in, bool one_for_all) {
  const auto problem = problem_of(in, polynomial);
  std::vector<Values> all;
  for (const Minibatch& first : minibatches(in))
    for (const Minibatch& second : one_for_all ? std::vector<Minibatch>{first} : minibatches(in)) {
      Estimates estimates = given_estimates(in);
      reference::update_estimates<Number>(problem, {first, second}, in.scalar("alpha"), estimates);
      all.push_back(flattened(estimates));
    }
  return all;
}

Values mean_of(const std::vector<Values>& all) {
  Values mean(all.front().size(), Number(0));
  for (const Values& values : all)
    for (std::size_t k = 0; k < mean.size(); ++k) mean[k] += values[k];
  for (Number& entry : mean) entry = entry / Number(static_cast<int>(all.size()));
  return mean;
}

Formula mean_update(bool one_for_all) {
  return [=](const Inputs& in) { return mean_of(all_updates(in, one_for_all)); };
}

Values variance_of_update(const Inputs& in) {
  std::vector<Values> all = all_updates(in, false);
  const Values mean = mean_of(all);
  for (Values& values : all)
    for (std::size_t k = 0; k < mean.size(); ++k) values[k] = (values[k] - mean[k]) * (values[k] - mean[k]);
  return mean_of(all);
}

// ê_j(w; ξ; ê) at every sample, written out for the two polynomial layers.
std::vector<Values> statistics_at_samples(const Inputs& in) {
  const auto coefficient = [&](const char* name, int layer) { return in(name)(layer, 0); };
  std::vector<Values> all;
  for (Eigen::Index i = 0; i < in("x").rows(); ++i) {
    const Number x = in("x")(i, 0), y = in("estimate")(1, 0);
    const Number g =
        coefficient("w", 1) * x + coefficient("p", 1) * y + coefficient("q", 1) * x * y + coefficient("t", 1) * x * x;
    all.push_back(
        {coefficient("r", 0) * g + coefficient("s", 0) * g * g, coefficient("r", 1) * x + coefficient("s", 1) * x * x});
  }
  return all;
}

Formula estimate_and_mean(bool alpha_weighs_the_new) {
  return [=](const Inputs& in) {
    const Number alpha = alpha_weighs_the_new ? in.scalar("alpha") : Number(1) - in.scalar("alpha");
    Values values = mean_of(statistics_at_samples(in));
    for (std::size_t k = 0; k < values.size(); ++k)
      values[k] = (Number(1) - alpha) * in("estimate")(static_cast<Eigen::Index>(k), 0) + alpha * values[k];
    return values;
  };
}

Formula variance_over(Number (*divisor)(const Number& b)) {
  return [=](const Inputs& in) {
    const std::vector<Values> all = statistics_at_samples(in);
    std::vector<Values> squares = all;
    for (Values& values : squares)
      for (Number& entry : values) entry = entry * entry;
    const Values mean = mean_of(all);
    Values variance = mean_of(squares);
    const Number alpha = in.scalar("alpha");
    for (std::size_t k = 0; k < mean.size(); ++k)
      variance[k] = alpha * alpha * (variance[k] - mean[k] * mean[k]) / divisor(Number(in.sizes.outputs));
    return variance;
  };
}

Values mean_gradient(const Inputs& in) {
  const auto problem = differentiable_problem(in, polynomial);
  return expected_oracle(problem, exact_estimates(problem), minibatches(in), minibatches(in), Draws::independent,
                         FactorsAfter::at_inner);
}

// Two layers: the parameters after lines 2–4 from exact estimates, mean over all samples.
Values mean_step(const Inputs& in) {
  const auto start = differentiable_problem(in, polynomial);
  const Estimates exact = exact_estimates(start);
  std::vector<Values> all;
  for (const Minibatch& estimate_samples : tuples(in.sizes.batch, 2))
    for (const Minibatch& oracle_samples : tuples(in.sizes.batch, 2)) {
      auto problem = start;
      Estimates estimates = exact;
      reference::mcsgd_step<Number>(problem, estimates, {{estimate_samples[0]}, {estimate_samples[1]}},
                                    {{oracle_samples[0]}, {{oracle_samples[1]}, {0}}}, in.scalar("alpha"),
                                    in.scalar("rate"));
      all.push_back(flattened(problem.parameters));
    }
  return mean_of(all);
}

Values gradient_step(const Inputs& in) {
  Values values = exact_gradient(in, polynomial);
  for (std::size_t k = 0; k < values.size(); ++k)
    values[k] = in("w")(static_cast<Eigen::Index>(k), 0) - in.scalar("rate") * values[k];
  return values;
}

// ---- beside MCSGD: SGD with batch norm on each minibatch, SGD at exact statistics, the full gradient

// One step of each, mean over all draws: B of b samples; or one sample for ξ and each ξ′_j.
Formula mean_descent(reference::Method method) {
  return [=](const Inputs& in) {
    const auto start = differentiable_problem(in, polynomial);
    const std::size_t depth = start.layers.size();
    const bool draws_each = method == reference::Method::exact_statistics;
    std::vector<Values> all;
    for (const Minibatch& drawn : draws_each ? tuples(in.sizes.batch, in.sizes.hidden) : minibatches(in)) {
      reference::DescentSamples samples = {{}, {drawn, reference::same_for_all(depth, drawn)}};
      if (draws_each) {
        samples.oracle.outer = {drawn[0]};
        for (std::size_t j = 0; j < depth; ++j) samples.oracle.inner[j] = {drawn[(j + 1) % depth]};
      }
      auto problem = start;
      Estimates estimates(depth, {Number(0)});
      reference::descent_step<Number>(problem, estimates, samples, {Number(0), in.scalar("rate")}, method);
      all.push_back(flattened(problem.parameters));
    }
    return mean_of(all);
  };
}

// w − γ ∂(4)/∂w, (4) the mean over all B of (6) with B in the place of D.
Values gradient_step_of_four(const Inputs& in) {
  std::vector<Values> all;
  for (const Minibatch& minibatch : minibatches(in)) {
    Inputs on = in;
    Array<Number> x(static_cast<Eigen::Index>(minibatch.size()), in("x").cols());
    for (std::size_t k = 0; k < minibatch.size(); ++k) x.row(static_cast<Eigen::Index>(k)) = in("x").row(minibatch[k]);
    on.set("x", x);
    all.push_back(gradient_step(on));
  }
  return mean_of(all);
}

Hypothesis estimates_rest() {
  return imposing("estimates_rest", "α = 0: the estimates stay exact", [](Inputs& in) { in.set("alpha", Number(0)); });
}

// ---- Algorithm 3, one feature

const std::vector<InputSpec> layer_and_state = {{"x", Role::activation},
                                                {"mean", Role::mean},
                                                {"variance", Role::variance},
                                                {"alpha", Role::rate},
                                                {"eps", Role::epsilon}};

// ν = v + μ².
template <class T>
reference::FullNormState<T> state_of(const BasicInputs<T>& in) {
  const T mean = in.scalar("mean");
  return {{mean}, {in.scalar("variance") + mean * mean}};
}

template <class T>
T training_output(const BasicInputs<T>& in) {
  reference::FullNormState<T> state = state_of(in);
  std::vector<T> input = {in.scalar("x")}, output(1, T(0));
  reference::full_norm_forward<T>(input, {1, 1}, reference::FullNormReading::Statistics::per_feature,
                                  in.scalar("alpha"), in.scalar("eps"), state, output);
  return output[0];
}

// (1 − α)(v + α d²), or a near-miss of it.
enum class Slip { none, state_does_not_move, root_does_not_shrink };
Number variance_after(const Inputs& in, Slip slip) {
  const Number alpha = in.scalar("alpha"), v = in.scalar("variance"), d = in.scalar("x") - in.scalar("mean");
  if (slip == Slip::state_does_not_move) return v;
  if (slip == Slip::root_does_not_shrink) return v + alpha * d * d;
  return (Number(1) - alpha) * (v + alpha * d * d);
}
Formula closed_output(Slip slip) {
  return [=](const Inputs& in) -> Values {
    const Number d = in.scalar("x") - in.scalar("mean");
    const Number distance = slip == Slip::state_does_not_move ? d : (Number(1) - in.scalar("alpha")) * d;
    return {distance / sqrt(clamp_below(variance_after(in, slip), in.scalar("eps")))};
  };
}

// ∂output/∂x times v_x.
Formula closed_slope(bool root_moves) {
  return [=](const Inputs& in) -> Values {
    const Number alpha = in.scalar("alpha"), d = in.scalar("x") - in.scalar("mean"), eps = in.scalar("eps");
    const Number variance = variance_after(in, Slip::none);
    const Number s = sqrt(clamp_below(variance, eps));
    Number slope = Number(1) / s;
    if (root_moves) slope -= clamp_below_slope(variance, eps) * (Number(1) - alpha) * alpha * d * d / (s * s * s);
    return {(Number(1) - alpha) * slope * in.scalar("v_x")};
  };
}

Values scaled_output(const Inputs& in) { return {in.scalar("gamma") * training_output(in) + in.scalar("beta")}; }

const std::vector<InputSpec> one_sample_backward = {{"x", Role::activation},
                                                    {"dy", Role::upstream},
                                                    {"mean", Role::mean},
                                                    {"variance", Role::variance},
                                                    {"eps", Role::epsilon}};

Formula backward_of_one(bool with_clamp) {
  return [=](const Inputs& in) -> Values {
    const Number d = in.scalar("x") - in.scalar("mean"), v = in.scalar("variance"), eps = in.scalar("eps");
    const Number s = sqrt(clamp_below(v, eps));
    const Number open = with_clamp ? clamp_below_slope(v, eps) : Number(1);
    return {-(in.scalar("dy") * open * d * d / (s * s * s))};
  };
}

Hypothesis clamp_is_open() {
  return imposing("clamp_is_open", "v = ε + q², so that the clamp is not active, q = x",
                  [](Inputs& in) { in.set("variance", in.scalar("eps") + in.scalar("x") * in.scalar("x")); });
}

const std::vector<InputSpec> data_and_upstream = {{"x", Role::activation, Dimension::batch, Dimension::one},
                                                  {"dy", Role::upstream, Dimension::batch, Dimension::one},
                                                  {"v_x", Role::direction, Dimension::batch, Dimension::one},
                                                  {"eps", Role::epsilon}};

// (1/N) Σ g_i f(μ, ν, x_i), μ and ν of the data.
template <class T>
T full_objective(const BasicInputs<T>& in) {
  const reference::Extents extents = extents_of(in("x"));
  const std::vector<T> x = row_major(in("x"));
  reference::FullNormState<T> state = {{T(0)}, {T(0)}};
  std::vector<T> output(x.size(), T(0));
  reference::full_norm_forward<T>(x, extents, reference::FullNormReading::Statistics::per_feature, T(1),
                                  in.scalar("eps"), state, output);
  return dot<T>(output, row_major(in("dy"))) / T(extents.batch);
}

// Mean over all batches of b different samples of ⟨g_in, v⟩, by Algorithm 3 at the exact μ, ν and g_out = g/b.
Formula mean_backward(bool whole_data_set) {
  return [=](const Inputs& in) -> Values {
    const int samples = in.sizes.batch, b = whole_data_set ? samples : 1;
    reference::FullNormState<Number> state = {{Number(0)}, {Number(0)}};
    reference::full_norm_update<Number>(row_major(in("x")), {samples, 1},
                                        reference::FullNormReading::Statistics::per_feature, Number(1), state);
    Number sum(0);
    const std::vector<Minibatch> all = subsets(samples, b);
    for (const Minibatch& batch : all) {
      Values input, g_out, g_in(batch.size(), Number(0));
      for (const int sample : batch) {
        input.push_back(in("x")(sample, 0));
        g_out.push_back(in("dy")(sample, 0) / Number(b));
      }
      reference::full_norm_backward<Number>(input, g_out, {b, 1}, state, in.scalar("eps"), {}, g_in);
      for (std::size_t k = 0; k < batch.size(); ++k) sum += g_in[k] * in("v_x")(batch[k], 0);
    }
    return {sum / Number(static_cast<int>(all.size()))};
  };
}

Reading against_the_derivative(std::string id, std::string statement, bool whole_data_set,
                               std::vector<Hypothesis> hypotheses, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = data_and_upstream,
          .sizes = {{.batch = 1}, {.batch = 2}, {.batch = 3}},
          .these_sizes_only = true,
          .hypotheses = std::move(hypotheses),
          .left = by_reference("Algorithm 3's backward pass at the exact μ, ν, mean over all batches",
                               mean_backward(whole_data_set)),
          .right = derivative_along(Witness::definition, "d/dt of (1/N) Σ g_i f(x_i), μ and ν included", "x", "v_x",
                                    [](const auto& in) { return full_objective(in); }),
          .why = std::move(why)};
}

std::vector<Sizes> two_layer_sizes() {
  return {problem_size(polynomial, 2, 1), problem_size(polynomial, 2, 2), problem_size(polynomial, 2, 3),
          problem_size(polynomial, 2, 2, 2)};
}

const std::vector<Sizes> one_sample = {{.batch = 1}};

std::vector<Reading> readings() {
  const auto gradient = by_definition("∂f/∂w, entry by entry, by dual numbers through (6)",
                                      [](const Inputs& in) { return exact_gradient(in, polynomial); });
  Reading estimate = {.id = "printed__estimate",
                      .statement = "E ê^(k+1) = (1 − α) ê + α E ê(w; ξ; ê), a minibatch of b for each layer, b = 1, 2",
                      .inputs = with_estimates,
                      .sizes = two_layer_sizes(),
                      .these_sizes_only = true,
                      .left = by_reference("Algorithm 2, line 2, mean over all minibatches", mean_update(false)),
                      .right = by_definition("(1 − α) ê_j + α (1/N) Σ ê_j(w; ξ; ê)", estimate_and_mean(true)),
                      .why = "Line 2 is linear in what it samples. Both layers see ê from before the step."};
  Reading shared = estimate;
  shared.id = "printed__estimate__one_for_all";
  shared.statement = "the same with one minibatch of b for all layers, b = 1, 2";
  shared.left = by_reference("Algorithm 2, line 2, one minibatch, mean over all", mean_update(true));
  shared.why = "Each layer's expectation by itself does not notice; the layers' errors are then correlated.";
  Reading noise = estimate;
  noise.id = "noise_of_the_estimate";
  noise.statement = "E(ê_j^(k+1) − E ê_j^(k+1))² = α² var(ê_j(w; ξ; ê))/b";
  noise.left = by_reference("the variance of line 2 over all minibatches", variance_of_update);
  noise.right = by_definition("α² (mean ê_j² − (mean ê_j)²)/b", variance_over([](const Number& b) { return b; }));
  noise.why = "What a larger minibatch buys: noise, not correctness.";

  Reading step = {.id = "printed__step__batch_of_one",
                  .statement = "n = 2, b = 1, from exact estimates with α = 0: E w^(k+1) = w − γ ∂f/∂w",
                  .inputs = with(problem_inputs(polynomial), {{"alpha", Role::rate}, {"rate", Role::variance}}),
                  .sizes = {problem_size(polynomial, 2, 1), problem_size(polynomial, 2, 2)},
                  .these_sizes_only = true,
                  .hypotheses = {estimates_rest()},
                  .left = by_reference("Algorithm 2, lines 2–4, mean over all samples", mean_step),
                  .right = by_definition("w − γ ∂f/∂w, by dual numbers through (6)", gradient_step),
                  .why =
                      "With α > 0 the estimates move off the exact ones by noise of variance α² var/b, and the "
                      "gradient is not linear in them: a bias that does depend on b."};

  Reading batch_norm = {
      .id = "batch_norm__step",
      .statement = "n = 2, batch norm on minibatches B of b: E w^(k+1) = w − γ ∂(4)/∂w, for b = 1, 2",
      .inputs = with(problem_inputs(polynomial), {{"rate", Role::variance}}),
      .sizes = two_layer_sizes(),
      .these_sizes_only = true,
      .left =
          by_reference("SGD with the statistics of B, mean over all B", mean_descent(reference::Method::batch_norm)),
      .right = by_definition("w − γ ∂/∂w of the mean over all B of (6) on B, by dual numbers", gradient_step_of_four),
      .why =
          "It is unbiased for every b, but for (4), which depends on b: batch norm does ask for "
          "one."};
  Reading exact_statistics = batch_norm;
  exact_statistics.id = "exact_statistics__step";
  exact_statistics.statement = "n = 2, 3, SGD at exact statistics, one sample in each draw: E w^(k+1) = w − γ ∂f/∂w";
  exact_statistics.sizes = {problem_size(polynomial, 2, 2), problem_size(polynomial, 2, 3),
                            problem_size(polynomial, 3, 2)};
  exact_statistics.left = by_reference("SGD at the statistics of all of D, mean over all draws",
                                       mean_descent(reference::Method::exact_statistics));
  exact_statistics.right = by_definition("w − γ ∂f/∂w, by dual numbers through (6)", gradient_step);
  exact_statistics.why = "What MCSGD would be with perfect estimates: free of b, at the cost of D in every step.";
  Reading full_gradient = exact_statistics;
  full_gradient.id = "full_gradient__step";
  full_gradient.statement = "n = 2, 3: gradient descent on (5), w^(k+1) = w − γ ∂f/∂w";
  full_gradient.left =
      by_reference("descent with all of D as ξ and as every ξ′_j", mean_descent(reference::Method::full_gradient));
  full_gradient.why = "Remark 1's oracle, averaged over all draws, is the derivative of (6), statistics included.";

  return {
      estimate,
      shared,
      noise,
      batch_norm,
      exact_statistics,
      full_gradient,
      {.id = "printed__oracle",
       .statement = "n = 2, exact estimates, minibatches of b: E g = ∂f/∂w for b = 1, 2",
       .inputs = problem_inputs(polynomial),
       .sizes = two_layer_sizes(),
       .these_sizes_only = true,
       .left = by_reference("the oracle, a minibatch each for ξ and ξ′_1, mean over all", mean_gradient),
       .right = gradient,
       .why = "The oracle is linear in each of its means."},
      {.id = "printed__oracle__three_layers",
       .statement = "n = 3, exact estimates, one sample in each draw: E g = ∂f/∂w",
       .inputs = problem_inputs(polynomial),
       .sizes = {problem_size(polynomial, 3, 2), problem_size(polynomial, 3, 3)},
       .these_sizes_only = true,
       .left = by_reference("the oracle, one sample each for ξ, ξ′_1, ξ′_2, mean over all", mean_gradient),
       .right = gradient,
       .why = "Independence of the draws is what is needed, not their number."},
      step,
      {.id = "printed__output__batch_of_one",
       .statement = "b = 1: Algorithm 3 puts out (1 − α) d/√max{(1 − α)(v + α d²), ε}",
       .inputs = layer_and_state,
       .sizes = one_sample,
       .these_sizes_only = true,
       .left = by_reference("LL19 Algorithm 3, forward in training, one sample",
                            [](const Inputs& in) -> Values { return {training_output(in)}; }),
       .right = by_definition("(1 − α) d/√max{(1 − α)(v + α d²), ε}", closed_output(Slip::none)),
       .why = "It depends on x where batch norm puts out its constant. For v > 0 it stays within ±√((1 − α)/α): the "
              "sample pulls μ towards itself."},
      {.id = "printed__slope__batch_of_one",
       .statement = "b = 1: ∂output/∂x = (1 − α)(1/s − c (1 − α) α d²/s³), the state's own move included",
       .inputs = with(layer_and_state, {{"v_x", Role::direction}}),
       .sizes = one_sample,
       .these_sizes_only = true,
       .left = derivative_along(Witness::reference, "d/dt of Algorithm 3's forward pass in training", "x", "v_x",
                                [](const auto& in) { return training_output(in); }),
       .right = by_definition("(1 − α)(1/s − c (1 − α) α d²/s³) v", closed_slope(true)),
       .why = "With an open clamp it is (1 − α)² v/s³ > 0; with an active one (1 − α)/√ε."},
      {.id = "blind_at_alpha_one",
       .statement = "b = 1, α = 1: β + γ · output = β, ε > 0, as for batch norm",
       .inputs = with(layer_and_state, {{"gamma", Role::scale}, {"beta", Role::shift}}),
       .sizes = one_sample,
       .these_sizes_only = true,
       .hypotheses = {imposing("alpha_one", "α = 1", [](Inputs& in) { in.set("alpha", Number(1)); })},
       .left = by_reference("β + γ times Algorithm 3's output in training", scaled_output),
       .right = by_definition("β", [](const Inputs& in) -> Values { return {in.scalar("beta")}; }),
       .why = "α_0 = 1 in Corollary 3 and in LL19's experiments: at b = 1 the first step of the layer sees nothing."},
      {.id = "algorithm_3__backward__batch_of_one",
       .statement = "b = 1: Algorithm 3's backward pass returns g_in = −g c d²/s³",
       .inputs = one_sample_backward,
       .sizes = one_sample,
       .these_sizes_only = true,
       .left = by_reference(
           "LL19 Algorithm 3, backward, one sample, any μ and ν",
           [](const Inputs& in) -> Values {
             Values g_in(1);
             const Values x = {in.scalar("x")}, g_out = {in.scalar("dy")};
             reference::full_norm_backward<Number>(x, g_out, {1, 1}, state_of(in), in.scalar("eps"), {}, g_in);
             return g_in;
           }),
       .right = by_definition("−g c d²/s³", backward_of_one(true)),
       .why =
           "Its sign is that of −g, whatever x is: ∂_B f and ∂_μ f cancel, as if μ were x. With one feature b and bd "
           "are the same divisor."},
      against_the_derivative(
          "algorithm_3__unbiased__batch_of_one",
          "b = 1, exact μ and ν, ε = 0: the mean of Algorithm 3's gradients is that of (5)", false, {eps_is_zero()},
          "One sample for ξ and ξ′. A bias before the layer has the gradient 0; Algorithm 3 gives it −mean(g c "
          "x̂²)/s."),
      against_the_derivative("algorithm_3__unbiased__whole_data_set",
                             "b = N, exact μ and ν: Algorithm 3's gradient is that of (5)", true, {},
                             "Then ξ′ runs over all of D. In between the bias falls as 1/b: mcsgd_shared_sample_bias."),
  };
}

}  // namespace

Claim mcsgd_any_batch_size() {
  return {
      .title = "MCSGD asks nothing of the size of the minibatches",
      .sources = {{"LL19", "§5, first paragraphs"}, {"LL19", "Algorithms 2 and 3"}, {"LL19", "Corollary 3"}},
      .notation =
          "N the size of the data set, b that of a minibatch of independent samples (batch and outputs in the sizes), "
          "hidden = n layers, F = w x + p y + q x y + t x², e = r x + s x²; ê the estimates, α their rate, γ the step "
          "size (`rate`). Of a full normalization layer: μ, v = ν − μ² before the step, d = x − μ, s the root that is "
          "divided by, c = 1 where the clamp is not active and else 0, g = ∂ℓ/∂output",
      .why =
          "Means over minibatches are unbiased for every b, line 2 is linear in them, and the oracle in each of its "
          "own. Mixing x into μ and ν with weight α gives x − μ⁺ = (1 − α) d, ν⁺ − μ⁺² = (1 − α)(v + α d²). Algorithm "
          "3's backward pass with b = 1: 1/s + ∂_μ f + 2x ∂_ν f = 1/s − 1/s + c μ d/s³ − c x d/s³.",
      .explain =
          "Batch norm with a batch of one is blind. Is MCSGD free of \"any requirement on the size of minibatch\"? "
          "Algorithm 2 is: its estimates and, at exact estimates, its gradient are right on average for every b, 1 "
          "included, if the layers draw their own samples; a larger b only divides the variance. Batch norm, by "
          "contrast, descends (4), without bias for each b, but (4) is another objective for each b. From inexact "
          "estimates MCSGD's gradient is biased by an amount that does depend on b, since it is not linear in them. "
          "Algorithm 3, what LL19 runs, is another matter. Forward, at b = 1, it does see its input (by a factor 1 − "
          "α; at α = 1, which is α_0 in Corollary 3 and in all experiments, it is as blind as batch norm). Backward "
          "it uses the minibatch as ξ and as ξ′. With one sample it then believes that the mean moves with that "
          "sample, ∂_B f cancels against ∂_μ f, and what is left, −g c (x − μ)²/s³, has the sign of −g always. "
          "Example: samples 0 and 2 with μ = 1, s = 1, g = 1 for both: moving both inputs changes nothing, the true "
          "gradient of a bias before the layer is 0; Algorithm 3 returns −1 for each. So Algorithm 3 does need b to "
          "be large, and is exact at b = N.",
      .readings = readings(),
      .mutants =
          {
              {.id = "alpha_weighs_the_old",
               .reading = "printed__estimate",
               .words = "α ê + (1 − α) E ê(w; ξ; ê)",
               .agrees_when =
                   imposing("alpha_half", "α = 1/2", [](Inputs& in) { in.set("alpha", Number(1) / Number(2)); }),
               .right = estimate_and_mean(false)},
              {.id = "variance_over_b_squared",
               .reading = "noise_of_the_estimate",
               .words = "α² var/b²",
               .agrees_when = imposing("b_one", "b = 1", [](Inputs& in) { in.sizes.outputs = 1; }),
               .right = variance_over([](const Number& b) { return b * b; }),
               .agreeing_sizes = {problem_size(polynomial, 2, 2), problem_size(polynomial, 2, 3)}},
              {.id = "batch_norm_descends_the_full_objective",
               .reading = "batch_norm__step",
               .words = "w − γ ∂(5)/∂w",
               .agrees_when = equal_samples(),
               .right = gradient_step},
              {.id = "state_does_not_move",
               .reading = "printed__output__batch_of_one",
               .words = "d/√max{v, ε}",
               .agrees_when = imposing("alpha_zero", "α = 0", [](Inputs& in) { in.set("alpha", Number(0)); }),
               .right = closed_output(Slip::state_does_not_move)},
              {.id = "root_does_not_shrink",
               .reading = "printed__output__batch_of_one",
               .words = "(1 − α) d/√max{v + α d², ε}",
               .agrees_when = imposing("alpha_zero", "α = 0", [](Inputs& in) { in.set("alpha", Number(0)); }),
               .right = closed_output(Slip::root_does_not_shrink)},
              {.id = "root_held_fixed",
               .reading = "printed__slope__batch_of_one",
               .words = "(1 − α)/s",
               .agrees_when = imposing("at_the_mean", "x = μ", [](Inputs& in) { in.set("x", in.scalar("mean")); }),
               .right = closed_slope(false)},
              {.id = "forgets_the_clamp",
               .reading = "algorithm_3__backward__batch_of_one",
               .words = "−g d²/s³",
               .agrees_when = clamp_is_open(),
               .right = backward_of_one(false)},
          },
  };
}

}  // namespace normproof::claims
