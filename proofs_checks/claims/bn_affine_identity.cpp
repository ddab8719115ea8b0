// Claim: with γ the batch's own standard deviation and β its mean, batch norm puts out its input unchanged.
//
// Source       NOTE15, key design 2 (γ = √(σ_B² + ε), β = μ_B); SAN18 Observation 4.3 (γ = σ_j, no ε)
// Notation     μ, σ² the mean and the biased variance of a channel of the batch, s = √(σ² + ε), y = γ x̂ + β
// Hypotheses   s ≠ 0; SAN18 leaves β to the reader, who has no other choice than μ
//
//     γ = s, β = μ   ⇒   y_i = s (x_i − μ)/s + μ = x_i
//     (1/m) Σ (y_i − x_i)² = (γ − s)² σ²/s² + (β − μ)²     for all γ, β
//
// Why. y_i − x_i = (γ − s) x̂_i + (β − μ). Squared and averaged: the mixed term vanishes with mean(x̂), and mean(x̂²) =
// σ²/s². So the identity is restored by β = μ with γ = s, and where σ ≠ 0 by nothing else. With γ = σ and ε > 0 the
// batch is contracted about its mean by σ/s. Another batch is restored by the same pair only if it shares μ and σ.
#include "proofs_checks/inputs/chain.hpp"
#include "theory/training_batch.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

Array<Number> row_of(const theory::Vector<Number>& vector) {
  Array<Number> row(1, vector.size());
  for (Eigen::Index j = 0; j < vector.size(); ++j) row(0, j) = vector(j);
  return row;
}

Hypothesis beta_is_the_mean() {
  return imposing("beta_is_mean", "β = μ",
                  [](Inputs& in) { in.set("beta", row_of(theory::statistics(theory_batch(in)).mean)); });
}

// Where σ = 0.
Hypothesis gamma_is_zero() {
  return imposing("gamma_is_sigma", "γ = σ = 0",
                  [](Inputs& in) { in.set("gamma", Array<Number>::Constant(1, in.sizes.channels, Number(0))); });
}
// β = μ where x̂ has no value.
Hypothesis beta_is_the_mean_at_every_eps() {
  return imposing("beta_is_mean", "β = μ", [](Inputs& in) { in.set("beta", row_of(theory::mean<Number>(in("x")))); });
}

Hypothesis gamma_is_s() {
  return imposing("gamma_is_s", "γ = √(σ² + ε)",
                  [](Inputs& in) { in.set("gamma", row_of(theory::statistics(theory_batch(in)).s)); });
}

Hypothesis gamma_is_sigma() {
  return imposing("gamma_is_sigma", "γ = σ", [](Inputs& in) {
    theory::Vector<Number> sigma = theory::biased_variance<Number>(in("x"));
    for (Eigen::Index j = 0; j < sigma.size(); ++j) sigma(j) = sqrt(sigma(j));
    in.set("gamma", row_of(sigma));
  });
}

Values layer_output(const Inputs& in) { return channelwise(reference_batch_norm(in)); }
Values layer_input(const Inputs& in) { return channelwise(in("x")); }

// μ + factor(σ, s)·(x − μ).
Formula contracted_about_the_mean(Number (*factor)(const Number& sigma, const Number& s)) {
  return [=](const Inputs& in) {
    const theory::Statistics<Number> st = theory::statistics(theory_batch(in));
    Array<Number> y = st.centred;
    for (int j = 0; j < in.sizes.channels; ++j) {
      const Number share = factor(sqrt(st.biased_variance(j)), st.s(j));
      for (int i = 0; i < in.sizes.batch; ++i) y(i, j) = st.mean(j) + share * y(i, j);
    }
    return channelwise(y);
  };
}

Values mean_squared_change(const Inputs& in) {
  Array<Number> change = reference_batch_norm(in);
  for (Eigen::Index k = 0; k < change.size(); ++k) change(k) = (change(k) - in("x")(k)) * (change(k) - in("x")(k));
  return reference_mean(change);
}

// distance(γ − s, β − μ, σ²/s²) of each channel.
Formula distance(Number (*of)(const Number& in_gamma, const Number& in_beta, const Number& variance_of_x_hat)) {
  return [=](const Inputs& in) {
    const theory::TrainingBatch<Number> b = theory_batch(in);
    const theory::Statistics<Number> st = theory::statistics(b);
    Values values;
    for (int j = 0; j < in.sizes.channels; ++j)
      values.push_back(of(b.gamma(j) - st.s(j), b.beta(j) - st.mean(j), st.biased_variance(j) / (st.s(j) * st.s(j))));
    return values;
  };
}

// γ x̂ + β by LI23 Algorithm 1 line 5, with whatever x̂ the inputs hold.
Values output_of_x_hat(const Inputs& in) { return channelwise(y_stage(in)); }

std::vector<InputSpec> with_free_x_hat() {
  std::vector<InputSpec> specs = training_batch();
  specs.push_back({"x_hat", Role::activation, Dimension::batch, Dimension::channels});
  return specs;
}

std::vector<InputSpec> two_batches() {
  std::vector<InputSpec> specs = training_batch();
  specs.push_back({"other", Role::activation, Dimension::batch, Dimension::channels});
  return specs;
}

}  // namespace

Claim bn_affine_identity() {
  return {
      .title = "With γ = √(σ² + ε) and β = μ batch norm puts out its input unchanged",
      .sources = {{"NOTE15", "Key design 2"}, {"SAN18", "Observation 4.3"}},
      .notation = "μ and σ² the mean and the biased variance of a channel of the batch, s = √(σ² + ε), y = γ x̂ + β",
      .why =
          "y_i − x_i = (γ − s) x̂_i + (β − μ), so (1/m) Σ (y_i − x_i)² = (γ − s)² σ²/s² + (β − μ)², which is 0 for "
          "γ = s, β = μ, and where σ ≠ 0 for no other pair.",
      .explain =
          "The scale and the shift can undo what normalizing did to a batch: multiply by what was divided by, add "
          "what was subtracted. With ε inside the root the factor is √(σ² + ε) and not σ; SAN18's γ = σ is right "
          "because that paper has no ε. The pair belongs to one batch: one with another mean, or another variance "
          "that is not 0, is not restored by it, so a layer whose γ and β are fixed is not the identity on all "
          "batches. SAN18 says \"for any input data\": at σ = 0 and ε = 0 its x̂ is 0/0 and has no value. If any "
          "finite value is put there, γ = σ = 0 and β = μ still give the constant batch back.",
      .readings =
          {
              {.id = "printed_note15",
               .statement = "γ = √(σ² + ε), β = μ ⇒ y = x, ε ≥ 0",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .hypotheses = {gamma_is_s(), beta_is_the_mean()},
               .left = by_reference("y, LI23 Algorithm 1", layer_output),
               .right = by_definition("x", layer_input),
               .why = "For every s ≠ 0: with ε > 0 also for constant channels and single samples."},
              {.id = "printed_san18",
               .statement = "γ = σ, β = μ ⇒ y = x, ε = 0 as the paper has none",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .hypotheses = {eps_is_zero(), gamma_is_sigma(), beta_is_the_mean()},
               .left = by_reference("y, LI23 Algorithm 1", layer_output),
               .right = by_definition("x", layer_input),
               .why =
                   "\"For any input data and network configuration\" leaves out the configurations with σ = 0, where "
                   "x̂ = 0/0: printed_san18__sigma_zero."},
              {.id = "printed_san18__sigma_zero",
               .statement = "σ = 0, x̂ any finite numbers in place of 0/0: γ = σ, β = μ ⇒ y = γ x̂ + β = x",
               .inputs = with_free_x_hat(),
               .sizes = batch_sizes(),
               .hypotheses = {constant_channels(), gamma_is_zero(), beta_is_the_mean_at_every_eps()},
               .left = by_reference("γ x̂ + β, LI23 Algorithm 1 line 5", output_of_x_hat),
               .right = by_definition("x", layer_input),
               .why = "At σ = 0 and ε = 0 the paper's x̂ has no value, so the observation says nothing there. Any "
                      "convention that gives x̂ finite values mends it, ε > 0 (x̂ = 0) among them: γ = σ = 0 drops x̂, "
                      "and β = μ is the constant batch. NaN, what a division by zero gives a program, is not mended."},
              {.id = "printed_san18__eps_positive",
               .statement = "γ = σ, β = μ ⇒ y = x, ε ≥ 0",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .hypotheses = {gamma_is_sigma(), beta_is_the_mean()},
               .left = by_reference("y, LI23 Algorithm 1", layer_output),
               .right = by_definition("x", layer_input),
               .why =
                   "As soon as ε > 0, σ is less than what x was divided by; gamma_sigma__contraction is left of it."},
              {.id = "gamma_sigma__contraction",
               .statement = "γ = σ, β = μ ⇒ y = μ + (σ/s)(x − μ), ε ≥ 0",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .hypotheses = {gamma_is_sigma(), beta_is_the_mean()},
               .left = by_reference("y, LI23 Algorithm 1", layer_output),
               .right = by_theory(
                   "μ + (σ/s)(x − μ)",
                   contracted_about_the_mean([](const Number& sigma, const Number& s) { return sigma / s; }))},
              {.id = "unique",
               .statement = "(1/m) Σ (y_i − x_i)² = (γ − s)² σ²/s² + (β − μ)² for all γ, β",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .left = by_reference("(1/m) Σ (y_i − x_i)²", mean_squared_change),
               .right = by_theory("(γ − s)² σ²/s² + (β − μ)²",
                                  distance([](const Number& in_gamma, const Number& in_beta, const Number& variance) {
                                    return in_gamma * in_gamma * variance + in_beta * in_beta;
                                  })),
               .why =
                   "A sum of two squares: where σ ≠ 0 it is 0 for γ = s, β = μ and for nothing else; where σ = 0 any γ "
                   "does. So one pair restores two batches exactly if they share μ, and also σ unless one of the two "
                   "is 0."},
              {.id = "several_batches",
               .statement = "γ = s, β = μ of one batch ⇒ y′ = x′ for another batch x′",
               .inputs = two_batches(),
               .sizes = batch_sizes(),
               .hypotheses = {gamma_is_s(), beta_is_the_mean()},
               .left = by_reference("y′ from x′ with γ, β of x",
                                    [](const Inputs& in) {
                                      Inputs of_other = in;
                                      of_other.set("x", in("other"));
                                      return layer_output(of_other);
                                    }),
               .right = by_definition("x′", [](const Inputs& in) { return channelwise(in("other")); }),
               .why = "y′ has the mean μ and, but for ε, the spread of the first batch, not its own. That is how local "
                      "NOTE15's "
                      "\"locally\" is; `unique` tells which other batches are restored."},
          },
      .mutants =
          {
              {.id = "forgets_beta",
               .reading = "printed_note15",
               .words = "γ = s, β = 0: y = x − μ",
               .agrees_when = batch_is_centred(),
               .right = [](const Inputs& in) { return channelwise(theory::statistics(theory_batch(in)).centred); }},
              {.id = "forgets_eps",
               .reading = "printed_note15",
               .words = "γ = σ, β = μ: y = μ + (σ/s)(x − μ)",
               .agrees_when = eps_is_zero(),
               .right = contracted_about_the_mean([](const Number& sigma, const Number& s) { return sigma / s; })},
              {.id = "forgets_the_root",
               .reading = "printed_note15",
               .words = "γ = σ² + ε, β = μ: y = μ + s (x − μ)",
               .agrees_when = s_is_one(),
               .right = contracted_about_the_mean([](const Number&, const Number& s) { return s; }),
               .agreeing_sizes = {{.batch = 2}, {.batch = 4}}},
              {.id = "takes_the_variance_of_x_hat_for_one",
               .reading = "unique",
               .words = "(γ − s)² + (β − μ)²",
               .agrees_when = eps_is_zero(),
               .right = distance([](const Number& in_gamma, const Number& in_beta, const Number&) {
                 return in_gamma * in_gamma + in_beta * in_beta;
               })},
              {.id = "forgets_the_shift",
               .reading = "unique",
               .words = "(γ − s)² σ²/s²",
               .agrees_when = beta_is_the_mean(),
               .right = distance([](const Number& in_gamma, const Number&, const Number& variance) {
                 return in_gamma * in_gamma * variance;
               })},
          },
  };
}

}  // namespace normproof::claims
