// Claim: at inference, with its statistics given, batch norm is one affine map per channel.
//
// Source       LI23 (49); WIKI, inference ("essentially applying a linear transform"); LL19 Algorithm 1, inference
//              (without γ and β)
// Notation     E, Var the given mean and variance of a channel, x any input
// Hypotheses   Var + ε ≠ 0; E and Var are any numbers: nothing is asked of where they come from
//
//     γ (x − E)/√(Var + ε) + β  =  γ/√(Var + ε) · x + (β − γE/√(Var + ε))
//
// Why. Multiply out. E and Var do not depend on x, so neither do the factor and the shift: the map is affine in x, and
// may be folded into the layer before it. In training they depend on the batch, and the map is not affine in it.
#include "proofs_checks/inputs/adapters.hpp"
#include "theory/training_batch.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

std::vector<InputSpec> inference() {
  return {{"x", Role::activation, Dimension::batch, Dimension::channels},
          {"expectation", Role::mean, Dimension::one, Dimension::channels},
          {"variance", Role::variance, Dimension::one, Dimension::channels},
          {"gamma", Role::scale, Dimension::one, Dimension::channels},
          {"beta", Role::shift, Dimension::one, Dimension::channels},
          {"eps", Role::epsilon}};
}

std::vector<InputSpec> inference_on_a_line() {
  std::vector<InputSpec> specs = inference();
  specs.push_back({"other", Role::activation, Dimension::batch, Dimension::channels});
  specs.push_back({"t", Role::weight});
  return specs;
}

std::vector<Sizes> inference_sizes() {
  return {{.batch = 1}, {.batch = 2}, {.batch = 2, .channels = 2}, {.batch = 3, .channels = 3}};
}

Values by_folded_map(const Inputs& in) {
  Values y(static_cast<std::size_t>(in("x").size()));
  reference::batch_norm_infer_folded<Number>(row_major(in("x")), extents_of(in("x")), row_major(in("expectation")),
                                             row_major(in("variance")), row_major(in("gamma")), row_major(in("beta")),
                                             in.scalar("eps"), y);
  return y;
}

Values by_unfolded_map(const Inputs& in) {
  Values y(static_cast<std::size_t>(in("x").size()));
  reference::batch_norm_infer<Number>(row_major(in("x")), extents_of(in("x")), row_major(in("expectation")),
                                      row_major(in("variance")), row_major(in("gamma")), row_major(in("beta")),
                                      in.scalar("eps"), y);
  return y;
}

// One channel's numbers, and √(Var + ε).
struct Channel {
  Number expectation, variance, gamma, beta, eps, root;
};

// f of one input and its channel, in the order of the reference: sample after sample.
Formula of_each_input(Number (*f)(const Number& x, const Channel& channel)) {
  return [=](const Inputs& in) {
    std::vector<Channel> channels;
    for (int j = 0; j < in.sizes.channels; ++j) {
      const Number variance = in("variance")(j), eps = in.scalar("eps");
      channels.push_back({in("expectation")(j), variance, in("gamma")(j), in("beta")(j), eps, sqrt(variance + eps)});
    }
    Values y;
    for (int i = 0; i < in.sizes.batch; ++i)
      for (int j = 0; j < in.sizes.channels; ++j) y.push_back(f(in("x")(i, j), channels[static_cast<std::size_t>(j)]));
    return y;
  };
}

Number normalized_scaled_shifted(const Number& x, const Channel& c) {
  return c.gamma * ((x - c.expectation) / c.root) + c.beta;
}

Array<Number> mix(const Inputs& in) {
  Array<Number> mixed = in("x");
  const Number t = in.scalar("t");
  for (Eigen::Index k = 0; k < mixed.size(); ++k) mixed(k) = (Number(1) - t) * in("x")(k) + t * in("other")(k);
  return mixed;
}

// γ x̂ + β with the batch's own statistics.
Values training_output(const Inputs& in) {
  const theory::TrainingBatch<Number> b = theory_batch(in);
  Array<Number> y = theory::statistics(b).x_hat;
  for (int i = 0; i < in.sizes.batch; ++i)
    for (int j = 0; j < in.sizes.channels; ++j) y(i, j) = b.gamma(j) * y(i, j) + b.beta(j);
  return channelwise(y);
}

Inputs with_batch(const Inputs& in, const Array<Number>& x) {
  Inputs moved = in;
  moved.set("x", x);
  return moved;
}

std::vector<InputSpec> inference_and_upstream() {
  std::vector<InputSpec> specs = inference();
  specs.push_back({"dy", Role::upstream, Dimension::batch, Dimension::channels});
  return specs;
}

Hypothesis all_of(std::string id, std::string sentence, std::string array, int value) {
  return imposing(std::move(id), std::move(sentence),
                  [=](Inputs& in) { in.set(array, Array<Number>::Constant(1, in.sizes.channels, Number(value))); });
}

Hypothesis statistics_of_the_batch() {
  return imposing("batch_statistics", "E = μ_B, Var = σ_B²", [](Inputs& in) {
    const Values mean = reference_mean(in("x")), variance = reference_variance(in("x"));
    in.set("expectation", from_row_major<Number>(mean, 1, in.sizes.channels));
    in.set("variance", from_row_major<Number>(variance, 1, in.sizes.channels));
  });
}

// (48) with the one minibatch for all: Var = m/(m − 1)·σ_B².
Hypothesis unbiased_statistics_of_the_batch() {
  return imposing("unbiased_batch_statistics", "E = μ_B, Var = m/(m − 1)·σ_B²", [](Inputs& in) {
    statistics_of_the_batch().impose(in);
    Array<Number> variance = in("variance");
    for (Eigen::Index j = 0; j < variance.size(); ++j)
      variance(j) = variance(j) * Number(in.sizes.batch) / Number(in.sizes.batch - 1);
    in.set("variance", variance);
  });
}

}  // namespace

Claim bn_inference_fold() {
  return {
      .title = "At inference batch norm is one affine map per channel: y = γ/√(Var + ε)·x + (β − γE/√(Var + ε))",
      .sources = {{"LI23", "(49)"}, {"WIKI", "Inference"}, {"LL19", "Algorithm 1, inference"}},
      .notation = "E and Var the given mean and variance of a channel, x any input",
      .why =
          "Multiply out γ(x − E)/√(Var + ε) + β. E and Var do not depend on x, so neither do the factor and the shift.",
      .explain =
          "Once training is over, the mean and the variance are fixed numbers. Subtracting, dividing, scaling and "
          "shifting by fixed numbers is a single multiplication and a single addition per channel, which can be "
          "merged into the linear layer before. While training, the statistics move with the batch, and nothing "
          "of this kind is true.",
      .readings =
          {
              {.id = "printed_li23",
               .statement = "γ/√(Var + ε)·x + (β − γE/√(Var + ε)) = γ x̂ + β, x̂ = (x − E)/√(Var + ε)",
               .inputs = inference(),
               .sizes = inference_sizes(),
               .left = by_reference("(49): one factor and one shift per channel", by_folded_map),
               .right = by_definition("normalized, scaled, shifted", of_each_input(normalized_scaled_shifted))},
              {.id = "printed_wiki",
               .statement = "γ(x − E)/√(Var + ε) + β = a x + b with a = γ/√(Var + ε), b = β − aE",
               .inputs = inference(),
               .sizes = inference_sizes(),
               .left = by_reference("γ(x − E)/√(Var + ε) + β", by_unfolded_map),
               .right = by_definition("a x + b", of_each_input([](const Number& x, const Channel& c) {
                                        const Number a = c.gamma / c.root;
                                        return a * x + (c.beta - a * c.expectation);
                                      }))},
              {.id = "printed_wiki__linear",
               .statement = "\"applying a linear transform\" to the letter: y(t x) = t y(x)",
               .inputs =
                   [] {
                     std::vector<InputSpec> specs = inference();
                     specs.push_back({"t", Role::weight});
                     return specs;
                   }(),
               .sizes = inference_sizes(),
               .left = by_reference("γ(t x − E)/√(Var + ε) + β",
                                    [](const Inputs& in) {
                                      Array<Number> scaled = in("x");
                                      for (Eigen::Index k = 0; k < scaled.size(); ++k) scaled(k) *= in.scalar("t");
                                      return by_unfolded_map(with_batch(in, scaled));
                                    }),
               .right = by_definition("t (γ(x − E)/√(Var + ε) + β)",
                                      [](const Inputs& in) {
                                        Values y = of_each_input(normalized_scaled_shifted)(in);
                                        for (Number& value : y) value *= in.scalar("t");
                                        return y;
                                      }),
               .why = "Affine is what is meant: the shift β − γE/√(Var + ε) does not scale with x. `affine` holds."},
              {.id = "printed_ll19",
               .statement = "(B_in − μ)/√(ν + ε) = a B_in + b with a = 1/√(ν + ε), b = −aμ",
               .inputs = inference(),
               .sizes = inference_sizes(),
               .left = by_reference("Algorithm 1, inference",
                                    [](const Inputs& in) {
                                      const reference::RunningStatistics<Number> running = {
                                          row_major(in("expectation")), row_major(in("variance"))};
                                      Values output(static_cast<std::size_t>(in("x").size()));
                                      reference::batch_norm_layer_infer<Number>(row_major(in("x")), extents_of(in("x")),
                                                                                in.scalar("eps"), running, output);
                                      return output;
                                    }),
               .right = by_definition("a B_in + b", of_each_input([](const Number& x, const Channel& c) {
                                        const Number a = Number(1) / c.root;
                                        return a * x - a * c.expectation;
                                      })),
               .why = "The same with γ = 1 and β = 0: LL19's layer has neither."},
              {.id = "affine",
               .statement = "y((1 − t)x + t x′) = (1 − t) y(x) + t y(x′)",
               .inputs = inference_on_a_line(),
               .sizes = inference_sizes(),
               .left = by_reference("y at (1 − t)x + t x′, by (49)",
                                    [](const Inputs& in) { return by_folded_map(with_batch(in, mix(in))); }),
               .right = by_definition("(1 − t) y(x) + t y(x′), normalized, scaled, shifted",
                                      [](const Inputs& in) {
                                        const Inputs other = with_batch(in, in("other"));
                                        const Formula y = of_each_input(normalized_scaled_shifted);
                                        Values mixed = y(in);
                                        const Values at_other = y(other);
                                        const Number t = in.scalar("t");
                                        for (std::size_t k = 0; k < mixed.size(); ++k)
                                          mixed[k] = (Number(1) - t) * mixed[k] + t * at_other[k];
                                        return mixed;
                                      }),
               .why = "Affine without naming the factor and the shift."},
              {.id = "at_the_batch_statistics",
               .statement = "E = μ_B, Var = σ_B² ⇒ (49) gives the training output of that batch",
               .inputs = inference_and_upstream(),
               .sizes = batch_sizes(),
               .hypotheses = {statistics_of_the_batch()},
               .left = by_reference("(49) with E = μ_B, Var = σ_B²",
                                    [](const Inputs& in) {
                                      return channelwise(
                                          from_row_major<Number>(by_folded_map(in), in.sizes.batch, in.sizes.channels));
                                    }),
               .right = by_theory("γ x̂ + β with the batch's own statistics", training_output),
               .why = "The two modes differ in their statistics alone."},
              {.id = "at_the_batch_statistics__unbiased",
               .statement = "E = μ_B, Var = m/(m − 1)·σ_B² as in (48) ⇒ (49) gives the training output of that batch",
               .inputs = inference_and_upstream(),
               .sizes = batch_sizes(),
               .hypotheses = {unbiased_statistics_of_the_batch()},
               .left = by_reference("(49) with E = μ_B, Var = m/(m − 1)·σ_B²",
                                    [](const Inputs& in) {
                                      return channelwise(
                                          from_row_major<Number>(by_folded_map(in), in.sizes.batch, in.sizes.channels));
                                    }),
               .right = by_theory("γ x̂ + β with the batch's own statistics", training_output),
               .why = "Training divides by the root of the biased variance. Even on the batch itself the two modes "
                      "differ, "
                      "by the factor √((m/(m − 1)·σ_B² + ε)/(σ_B² + ε)), wherever γ and x − μ_B are not 0."},
              {.id = "training__affine",
               .statement = "the training output too: y((1 − t)x + t x′) = (1 − t) y(x) + t y(x′)",
               .inputs =
                   [] {
                     std::vector<InputSpec> specs = training_batch();
                     specs.push_back({"other", Role::activation, Dimension::batch, Dimension::channels});
                     specs.push_back({"t", Role::weight});
                     return specs;
                   }(),
               .sizes = batch_sizes(),
               .left = by_reference(
                   "y at (1 − t)x + t x′, LI23 Algorithm 1",
                   [](const Inputs& in) { return channelwise(reference_batch_norm(with_batch(in, mix(in)))); }),
               .right = by_theory("(1 − t) y(x) + t y(x′), each batch with its own statistics",
                                  [](const Inputs& in) {
                                    Values mixed = training_output(in);
                                    const Values at_other = training_output(with_batch(in, in("other")));
                                    const Number t = in.scalar("t");
                                    for (std::size_t k = 0; k < mixed.size(); ++k)
                                      mixed[k] = (Number(1) - t) * mixed[k] + t * at_other[k];
                                    return mixed;
                                  }),
               .why =
                   "In training the factor and the shift depend on the batch. A batch of one gives β on both sides."},
          },
      .mutants =
          {
              {.id = "forgets_eps",
               .reading = "printed_li23",
               .words = "γ(x − E)/√Var + β",
               .agrees_when = eps_is_zero(),
               .right = of_each_input([](const Number& x, const Channel& c) {
                 return c.gamma * ((x - c.expectation) / sqrt(c.variance)) + c.beta;
               })},
              {.id = "forgets_the_mean_in_the_shift",
               .reading = "printed_li23",
               .words = "γ x/√(Var + ε) + β",
               .agrees_when = all_of("expectation_zero", "E = 0", "expectation", 0),
               .right =
                   of_each_input([](const Number& x, const Channel& c) { return c.gamma * (x / c.root) + c.beta; })},
              {.id = "forgets_gamma_in_the_shift",
               .reading = "printed_wiki",
               .words = "γ x/√(Var + ε) + β − E/√(Var + ε)",
               .agrees_when = gamma_is_one(),
               .right = of_each_input([](const Number& x, const Channel& c) {
                 return c.gamma * (x / c.root) + c.beta - c.expectation / c.root;
               })},
              {.id = "normalizes_beta_too",
               .reading = "printed_wiki",
               .words = "(γ(x − E) + β)/√(Var + ε)",
               .agrees_when = all_of("beta_zero", "β = 0", "beta", 0),
               .right = of_each_input([](const Number& x, const Channel& c) {
                 return (c.gamma * (x - c.expectation) + c.beta) / c.root;
               })},
          },
  };
}

}  // namespace normproof::claims
