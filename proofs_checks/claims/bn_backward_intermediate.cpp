// Claim: every line of LI23's derivation of the backward pass is true as it is printed.
//
// Source       LI23 (17)–(43), §2.3
// Notation     s = √(σ² + ε),  m = batch. One channel, so that · between features is a product of numbers; i numbers
//              the samples. ∂ℓ/∂x̂ without an index is the vector over the batch
// Hypotheses   s ≠ 0, ε ≥ 0, training mode, biased variance; μ is the batch mean unless a reading says otherwise. A ∂
//              holds what the graph (15) holds: σ² in ∂x̂_i/∂μ and ∂x̂_i/∂x_i, μ in ∂σ²/∂x_i; ∂ℓ/∂μ lets σ² move
//
//     (17) ∂ℓ/∂γ = ∂ℓ/∂y_i · ∂y_i/∂γ   (18) = Σ ∂ℓ/∂y_i · x̂_i
//     (19) ∂ℓ/∂β = ∂ℓ/∂y_i · ∂y_i/∂β   (20) = Σ ∂ℓ/∂y_i
//     (21) ∂ℓ/∂x̂_i = ∂ℓ/∂y_i · ∂y_i/∂x̂_i   (22) = ∂ℓ/∂y_i ⊙ γ
//     (23) ∂ℓ/∂μ = ∂ℓ/∂x̂_i · ∂x̂_i/∂μ + ∂ℓ/∂σ² · ∂σ²/∂μ
//     (24) ∂x̂_i/∂μ = −1/s   (25) ∂σ²/∂μ = −(1/m) Σ 2(x_i − μ)
//     (26) ∂ℓ/∂σ² = ∂ℓ/∂x̂ · ∂x̂/∂σ²   (27) = ∂ℓ/∂x̂ · (−½ Σ (x_i − μ)/s³)
//     (28) ∂ℓ/∂μ = ∂ℓ/∂x̂ · ∂x̂/∂μ + ∂ℓ/∂σ² · ∂σ²/∂μ   (29)–(30) = Σ ∂ℓ/∂x̂_i (−1/s) + (27) · (25)
//          (31) = Σ ∂ℓ/∂x̂_i (−1/s) + (27) · 0   (32) = Σ ∂ℓ/∂x̂_i (−1/s)
//     (33) ∂ℓ/∂x_i = ∂ℓ/∂x̂_i · ∂x̂_i/∂x_i + ∂ℓ/∂μ · ∂μ/∂x_i + ∂ℓ/∂σ² · ∂σ²/∂x_i
//          (34) = ∂ℓ/∂x̂_i /s + ∂ℓ/∂σ² 2(x_i − μ)/m + ∂ℓ/∂μ /m
//          (35)–(36) = ∂ℓ/∂y_i γ/s + Σ ∂ℓ/∂x̂_i (−1/s)/m + ∂ℓ/∂x̂_i · (−½ Σ (x_i − μ)/s³) · 2(x_i − μ)/m
//          (37)–(38) the same with the powers of s dealt out
//     (39) x̂_i = (x_i − μ)/s   (40), (41) are (33), (34) again
//          (42)–(43) = ∂ℓ/∂y_i γ/s + Σ ∂ℓ/∂x̂_i (−1/s)/m + ∂ℓ/∂x̂_i · (−½ Σ x̂_i) · 2x̂_i/(m s)
//
// Why. γ, β and μ reach the loss through every sample: (17), (19), (23) need a sum over i, which (18), (20), (28) have.
// (27) pulls ∂ℓ/∂x̂_i out of the sum Σ ∂ℓ/∂x̂_i (x_i − μ); what is left under it is Σ (x_i − μ) = 0, so (27) is 0 where
// ∂ℓ/∂σ² is not. (30) multiplies it by (25) = 0: its value is right. In (36), (38) and (43) nothing multiplies it by 0,
// and the term −x̂_i Σ_j ∂ℓ/∂x̂_j x̂_j /(m s) of the gradient is lost. It is back in (44): see bn_backward_compact.
#include "proofs_checks/inputs/chain.hpp"
#include "theory/gradients/batch_norm_chain.hpp"
#include "theory/gradients/batch_norm_compact.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

std::vector<InputSpec> moving_the_samples() {
  return training_batch_and_direction("v", Dimension::batch, Dimension::channels);
}
std::vector<InputSpec> moving_a_number() {
  return training_batch_and_direction("v", Dimension::one, Dimension::channels);
}

// (19) speaks of lines 5 and later alone: x̂ may be anything there.
std::vector<InputSpec> with_free_x_hat() {
  std::vector<InputSpec> specs = training_batch();
  specs.push_back({"x_hat", Role::activation, Dimension::batch, Dimension::channels});
  return specs;
}

template <class Objective>
Side derivative_of_stages(std::string words, std::string moved, Objective objective) {
  return derivative_along(Witness::reference, std::move(words), std::move(moved), "v", objective);
}

// The partial derivatives that the lines speak of, exact, each through one stage of the reference. Those by γ, β, μ, σ²
// have one entry per sample. Moving all x̂_i (or all x_i) at once gives ∂y_i/∂x̂_i (∂x̂_i/∂x_i): y_i depends on no
// other x̂ (x̂_i on no other x while μ and σ² are held).
Values y_slopes(const Inputs& in, const std::string& by) {
  return row_major(tangents(y_stage(moving(in, by, ones(in(by).rows(), 1)))));
}
Values x_hat_slopes(const Inputs& in, const std::string& by) {
  return row_major(tangents(x_hat_stage(moving(in, by, ones(in(by).rows(), 1)))));
}
Number variance_by_mean(const Inputs& in) { return tangents(variance_stage(moving(in, "mean", ones(1, 1))))(0); }
Number loss_by_variance(const Inputs& in) { return loss_from_variance(moving(in, "variance", ones(1, 1))).tangent; }
Number loss_by_mean(const Inputs& in) { return loss_from_mean(moving(in, "mean", ones(1, 1))).tangent; }

Array<Number> sample(const Inputs& in, int i) {
  Array<Number> unit = Array<Number>::Constant(in.sizes.batch, 1, Number(0));
  unit(i) = Number(1);
  return unit;
}
Number mean_by_x(const Inputs& in, int i) { return tangents(mean_stage(moving(in, "x", sample(in, i))))(0); }
Number variance_by_x(const Inputs& in, int i) { return tangents(variance_stage(moving(in, "x", sample(in, i))))(0); }

// ∂ℓ/∂x̂_i, given to every line after (22).
Values loss_by_x_hat(const Inputs& in) {
  Values values = row_major(in("dy"));
  for (Number& value : values) value *= in("gamma")(0);
  return values;
}

Values products(Values a, const Values& b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] *= b[i];
  return a;
}
Values summed(const Values& terms) {
  Number sum(0);
  for (const Number& term : terms) sum += term;
  return {sum};
}
// The same number beside every sample's entry.
Values for_each_i(const Inputs& in, const Number& value) {
  return Values(static_cast<std::size_t>(in.sizes.batch), value);
}

// The lines, letter by letter, with x_i − μ, s and x̂ at the nodes of the inputs.
Number centred(const Inputs& in, int i) {
  const Number mean = in("mean")(0);
  return in("x")(i)-mean;
}
Number slope_of_the_variance(const Inputs& in) {  // (25): −(1/m) Σ 2(x_i − μ)
  Number sum(0);
  for (int i = 0; i < in.sizes.batch; ++i) sum += Number(2) * centred(in, i);
  return -sum / Number(in.sizes.batch);
}
Number parenthesis_of_27(const Inputs& in) {  // −½ Σ (x_i − μ)/s³
  const Number s = s_of(in)(0);
  Number sum(0);
  for (int i = 0; i < in.sizes.batch; ++i) sum += centred(in, i) / (s * s * s);
  return -sum / Number(2);
}
Values line_23(const Inputs& in) {  // for each i
  const Number through_variance = loss_by_variance(in) * variance_by_mean(in);
  Values values = products(loss_by_x_hat(in), x_hat_slopes(in, "mean"));
  for (Number& value : values) value += through_variance;
  return values;
}
Values line_27(const Inputs& in) {  // for each i
  Values values = loss_by_x_hat(in);
  const Number factor = parenthesis_of_27(in);
  for (Number& value : values) value *= factor;
  return values;
}
Values line_28(const Inputs& in) {
  const Number through_x_hat = dot(loss_by_x_hat(in), x_hat_slopes(in, "mean"));
  return {through_x_hat + loss_by_variance(in) * variance_by_mean(in)};
}
Number line_29(const Inputs& in) {
  const Number s = s_of(in)(0);
  Number sum(0);
  for (const Number& g : loss_by_x_hat(in)) sum += g * (Number(-1) / s);
  return sum;
}
Values lines_29_30(const Inputs& in) { return {line_29(in) + summed(line_27(in))[0] * slope_of_the_variance(in)}; }
Values line_31(const Inputs& in) { return {line_29(in) + summed(line_27(in))[0] * Number(0)}; }
Values line_32(const Inputs& in) { return {line_29(in)}; }
Values line_33(const Inputs& in) {
  Values values = products(loss_by_x_hat(in), x_hat_slopes(in, "x"));
  const Number by_mean = loss_by_mean(in), by_variance = loss_by_variance(in);
  for (int i = 0; i < in.sizes.batch; ++i)
    values[static_cast<std::size_t>(i)] += by_mean * mean_by_x(in, i) + by_variance * variance_by_x(in, i);
  return values;
}

// (35), (37) and (42): the first two terms of ∂ℓ/∂x_i.
Number line_35(const Inputs& in, int i) {
  return in("dy")(i)*in("gamma")(0) / s_of(in)(0) + line_29(in) / Number(in.sizes.batch);
}

// A last term that is ∂ℓ/∂x̂_i · (−½ Σ_k a_k) · b_i as printed (sum_after), or (−½ Σ_j ∂ℓ/∂x̂_j a_j) · b_i, which is
// what ∂ℓ/∂σ² asks for (sum_over_both).
enum class Sum { sum_after, sum_over_both };

Values with_last_term(const Inputs& in, Sum sum, const std::function<Number(int)>& a,
                      const std::function<Number(int)>& b) {
  const Values g = loss_by_x_hat(in);
  Number sum_of_a(0), sum_of_both(0);
  for (int k = 0; k < in.sizes.batch; ++k) {
    sum_of_a += a(k);
    sum_of_both += g[static_cast<std::size_t>(k)] * a(k);
  }
  Values values;
  for (int i = 0; i < in.sizes.batch; ++i) {
    const Number factor =
        sum == Sum::sum_after ? g[static_cast<std::size_t>(i)] * (-sum_of_a / Number(2)) : -sum_of_both / Number(2);
    values.push_back(line_35(in, i) + factor * b(i));
  }
  return values;
}

Values lines_35_36(const Inputs& in, Sum sum) {
  const Number s = s_of(in)(0), m(in.sizes.batch);
  return with_last_term(
      in, sum, [&](int k) { return centred(in, k) / (s * s * s); },
      [&](int i) { return Number(2) * centred(in, i) / m; });
}
Values lines_37_38(const Inputs& in, Sum sum) {
  const Number s = s_of(in)(0), m(in.sizes.batch);
  return with_last_term(
      in, sum, [&](int k) { return centred(in, k) / s; },
      [&](int i) { return Number(2) * centred(in, i) / s * (Number(1) / (m * s)); });
}
Values lines_42_43(const Inputs& in, Sum sum) {
  const Number s = s_of(in)(0), m(in.sizes.batch);
  return with_last_term(
      in, sum, [&](int k) { return in("x_hat")(k); }, [&](int i) { return Number(2) * in("x_hat")(i) / (m * s); });
}

Formula lines(Values (*line)(const Inputs&, Sum), Sum sum) {
  return [=](const Inputs& in) { return line(in, sum); };
}

// Sides that several readings share.
Side reference_dx() {
  return by_reference("∂ℓ/∂x_i, LI23 (9)–(12) loop by loop",
                      [](const Inputs& in) { return row_major(reference_backward(in).dx); });
}
Side theory_dx() {
  return by_theory("∂ℓ/∂x_i, compact form",
                   [](const Inputs& in) { return row_major(theory::compact_input_gradient(theory_batch(in))); });
}
Side theory_by_variance(std::string words) {
  return by_theory(std::move(words),
                   [](const Inputs& in) { return entries(theory::variance_gradient(theory_batch(in))); });
}
Side derivative_by_mean() {
  return derivative_of_stages("derivative of ℓ by μ along v, through lines 3, 4 and 5", "mean",
                              [](const auto& in) { return loss_from_mean(in); });
}
Side derivative_by_x() {
  return derivative_of_stages("derivative of ℓ by x along v, through all of Algorithm 1", "x",
                              [](const auto& in) { return reference_loss(in); });
}
Side chain_gradient_along_v() {
  return by_theory("⟨(34), v⟩",
                   along_v([](const Inputs& in) { return row_major(theory::chain_input_gradient(theory_batch(in))); }));
}

// The natural case of a near-miss.
Hypothesis only_the_first_sample_matters() {
  return imposing("first_sample_alone", "∂ℓ/∂y_i = 0 for i > 1", [](Inputs& in) {
    Array<Number> dy = in("dy");
    for (int i = 1; i < in.sizes.batch; ++i) dy(i) = Number(0);
    in.set("dy", dy);
  });
}

}  // namespace

Claim bn_backward_intermediate() {
  return {
      .title = "Every line of LI23's derivation of the backward pass, (17)–(43), is true as printed",
      .sources = {{"LI23", "(17)–(43)"}},
      .notation =
          "s = √(σ² + ε), m the batch size, one channel; i numbers the samples, ∂ℓ/∂x̂ without an index is the "
          "vector over the batch, v a direction",
      .why =
          "(17), (19), (23) lack the sum over i that (18), (20), (28) have. (27) pulls ∂ℓ/∂x̂_i out of the sum "
          "Σ ∂ℓ/∂x̂_i (x_i − μ) and keeps Σ (x_i − μ) = 0, so it is 0 where ∂ℓ/∂σ² is not. (30) multiplies it by "
          "(25) = 0; (36), (38), (43) do not, and lose −x̂_i Σ_j ∂ℓ/∂x̂_j x̂_j/(m s).",
      .explain =
          "To the letter the derivation breaks at its first line: (17) has an index i that nothing sums over, as "
          "have (19) and (23); if a repeated index is taken to mean a sum, all three are true. No convention "
          "saves (27), the first wrong value: it moves a sum past a factor that depends on its index, and what is "
          "left under the sum adds up to zero. (29)–(32) are true again, but only because (30) multiplies the "
          "wrong factor by the zero of (25): at a μ other than the batch mean they are not. (33), (34), (39), (40) "
          "and (41) are true, since they do not use (27). (35)–(36), (37)–(38) and (42)–(43) put it in, agree "
          "with each other, and are all wrong: they lack the gradient's component along x̂. From (43) to (44) "
          "that component comes back without a reason: (44), with its last sum over j, is right.",
      .readings =
          {
              {.id = "printed__17__each_i",
               .statement = "∂ℓ/∂γ = ∂ℓ/∂y_i · ∂y_i/∂γ for every i",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = by_theory(
                   "Σ ∂ℓ/∂y_k x̂_k, beside every i",
                   [](const Inputs& in) { return for_each_i(in, theory::gamma_gradient(theory_batch(in))(0)); }),
               .right =
                   by_reference("∂ℓ/∂y_i times the derivative of y_i by γ",
                                [](const Inputs& in) { return products(row_major(in("dy")), y_slopes(in, "gamma")); }),
               .why = "Nothing sums over i: γ reaches the loss through every sample. True for m = 1 only."},
              {.id = "printed__17__summed",
               .statement = "∂ℓ/∂γ = ∂ℓ/∂y_i · ∂y_i/∂γ, a repeated index being summed over",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = by_theory("Σ ∂ℓ/∂y_k x̂_k",
                                 [](const Inputs& in) { return entries(theory::gamma_gradient(theory_batch(in))); }),
               .right = by_reference(
                   "Σ ∂ℓ/∂y_i times the derivative of y_i by γ",
                   [](const Inputs& in) { return summed(products(row_major(in("dy")), y_slopes(in, "gamma"))); })},
              {.id = "printed__18",
               .statement = "∂ℓ/∂γ = Σ ∂ℓ/∂y_i · x̂_i",
               .inputs = moving_a_number(),
               .sizes = one_channel_sizes(),
               .left = derivative_of_stages("derivative of ℓ by γ along v", "gamma",
                                            [](const auto& in) { return reference_loss(in); }),
               .right = by_theory("(18) times v", along_v([](const Inputs& in) {
                                    return entries(theory::gamma_gradient(theory_batch(in)));
                                  }))},
              {.id = "printed__19__each_i",
               .statement = "∂ℓ/∂β = ∂ℓ/∂y_i · ∂y_i/∂β for every i",
               .inputs = with_free_x_hat(),
               .sizes = one_channel_sizes(),
               .left = by_theory(
                   "Σ ∂ℓ/∂y_k, beside every i",
                   [](const Inputs& in) { return for_each_i(in, theory::beta_gradient(theory_batch(in))(0)); }),
               .right =
                   by_reference("∂ℓ/∂y_i times the derivative of y_i by β",
                                [](const Inputs& in) { return products(row_major(in("dy")), y_slopes(in, "beta")); }),
               .why = "The missing sum of (17) again. True for m = 1."},
              {.id = "printed__19__summed",
               .statement = "∂ℓ/∂β = ∂ℓ/∂y_i · ∂y_i/∂β, a repeated index being summed over",
               .inputs = with_free_x_hat(),
               .sizes = one_channel_sizes(),
               .left = by_theory("Σ ∂ℓ/∂y_k",
                                 [](const Inputs& in) { return entries(theory::beta_gradient(theory_batch(in))); }),
               .right = by_reference(
                   "Σ ∂ℓ/∂y_i times the derivative of y_i by β",
                   [](const Inputs& in) { return summed(products(row_major(in("dy")), y_slopes(in, "beta"))); })},
              {.id = "printed__20",
               .statement = "∂ℓ/∂β = Σ ∂ℓ/∂y_i",
               .inputs = moving_a_number(),
               .sizes = one_channel_sizes(),
               .left = derivative_of_stages("derivative of ℓ by β along v", "beta",
                                            [](const auto& in) { return reference_loss(in); }),
               .right = by_theory("(20) times v", along_v([](const Inputs& in) {
                                    return entries(theory::beta_gradient(theory_batch(in)));
                                  }))},
              {.id = "printed__21",
               .statement = "∂ℓ/∂x̂_i = ∂ℓ/∂y_i · ∂y_i/∂x̂_i for every i",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = by_theory("∂ℓ/∂x̂_i, LI23 (9)",
                                 [](const Inputs& in) { return row_major(theory::x_hat_gradient(theory_batch(in))); }),
               .right =
                   by_reference("∂ℓ/∂y_i times the derivative of y_i by x̂_i",
                                [](const Inputs& in) { return products(row_major(in("dy")), y_slopes(in, "x_hat")); }),
               .why = "No sum is missing here: x̂_i reaches the loss through y_i alone."},
              {.id = "printed__22",
               .statement = "∂ℓ/∂x̂_i = ∂ℓ/∂y_i ⊙ γ",
               .inputs = moving_the_samples(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_of_stages("derivative of ℓ by x̂ along v, through line 5", "x_hat",
                                            [](const auto& in) { return loss_from_x_hat(in); }),
               .right = by_definition("⟨(22), v⟩", along_v(loss_by_x_hat))},
              {.id = "printed__23__each_i",
               .statement = "∂ℓ/∂μ = ∂ℓ/∂x̂_i · ∂x̂_i/∂μ + ∂ℓ/∂σ² · ∂σ²/∂μ for every i",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = by_theory(
                   "∂ℓ/∂μ, LI23 (11), beside every i",
                   [](const Inputs& in) { return for_each_i(in, theory::mean_gradient(theory_batch(in))(0)); }),
               .right = by_reference("(23), its partial derivatives through the stages", line_23),
               .why = "μ reaches the loss through every x̂_i: the sum is missing. True for m = 1."},
              {.id = "printed__23__summed",
               .statement = "∂ℓ/∂μ = ∂ℓ/∂x̂_i · ∂x̂_i/∂μ + ∂ℓ/∂σ² · ∂σ²/∂μ, a repeated index being summed over",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = by_theory("∂ℓ/∂μ, LI23 (11)",
                                 [](const Inputs& in) { return entries(theory::mean_gradient(theory_batch(in))); }),
               .right = by_reference("(23) with its first product summed over i", line_28),
               .why = "So read (23) is (28)."},
              {.id = "printed__24",
               .statement = "∂x̂_i/∂μ = −1/√(σ² + ε), σ² held",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = by_reference("derivative of x̂_i by μ, through line 4",
                                    [](const Inputs& in) { return x_hat_slopes(in, "mean"); }),
               .right =
                   by_definition("−1/s", [](const Inputs& in) { return for_each_i(in, Number(-1) / s_of(in)(0)); })},
              {.id = "printed__25",
               .statement = "∂σ²/∂μ = −(1/m) Σ 2(x_i − μ), at the batch mean and at every other μ",
               .inputs = with_free_mean(moving_a_number()),
               .sizes = one_channel_sizes(),
               .left = derivative_of_stages("derivative of σ² by μ along v, through line 3", "mean",
                                            [](const auto& in) { return variance_stage(in)(0, 0); }),
               .right = by_definition("(25) times v",
                                      along_v([](const Inputs& in) { return Values{slope_of_the_variance(in)}; })),
               .why = "At the batch mean both sides are 0, which compares nothing; μ is free here. The zero itself is "
                      "bn_sigma_mu_term_vanishes."},
              {.id = "printed__26",
               .statement = "∂ℓ/∂σ² = ∂ℓ/∂x̂ · ∂x̂/∂σ², · the inner product over the batch",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = theory_by_variance("∂ℓ/∂σ², LI23 (10)"),
               .right = by_reference(
                   "Σ ∂ℓ/∂x̂_i times the derivative of x̂_i by σ², through line 4",
                   [](const Inputs& in) { return summed(products(loss_by_x_hat(in), x_hat_slopes(in, "variance"))); })},
              {.id = "printed__27__each_i",
               .statement = "∂ℓ/∂σ² = ∂ℓ/∂x̂_i · (−½ Σ_k (x_k − μ)(σ² + ε)^(−3/2)) for every i",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = by_theory(
                   "∂ℓ/∂σ², LI23 (10), beside every i",
                   [](const Inputs& in) { return for_each_i(in, theory::variance_gradient(theory_batch(in))(0)); }),
               .right = by_definition("(27), the vector times the number", line_27),
               .why = "The parenthesis is 0, for Σ (x_k − μ) = 0; ∂ℓ/∂σ² is not. 27__sum_over_both is what is left."},
              {.id = "printed__27__inner_product",
               .statement = "∂ℓ/∂σ² = Σ_i ∂ℓ/∂x̂_i · (−½ Σ_k (x_k − μ)(σ² + ε)^(−3/2))",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = theory_by_variance("∂ℓ/∂σ², LI23 (10)"),
               .right = by_definition("(27), the vector times the number, summed",
                                      [](const Inputs& in) { return summed(line_27(in)); }),
               .why = "Σ a_i b_i is not Σ a_i Σ b_i. The parenthesis is 0, for Σ (x_k − μ) = 0; ∂ℓ/∂σ² is not."},
              {.id = "27__sum_over_both",
               .statement = "∂ℓ/∂σ² = −½ Σ_i ∂ℓ/∂x̂_i · (x_i − μ)(σ² + ε)^(−3/2)",
               .inputs = moving_a_number(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_of_stages("derivative of ℓ by σ² along v, through lines 4 and 5", "variance",
                                            [](const auto& in) { return loss_from_variance(in); }),
               .right = by_theory("LI23 (10) times v", along_v([](const Inputs& in) {
                                    return entries(theory::variance_gradient(theory_batch(in)));
                                  })),
               .why = "(27) with ∂ℓ/∂x̂_i kept under the sum is (10)."},
              {.id = "printed__28",
               .statement = "∂ℓ/∂μ = ∂ℓ/∂x̂ · ∂x̂/∂μ + ∂ℓ/∂σ² · ∂σ²/∂μ, · the inner product over the batch",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = by_theory("∂ℓ/∂μ, LI23 (11)",
                                 [](const Inputs& in) { return entries(theory::mean_gradient(theory_batch(in))); }),
               .right = by_reference("(28), its partial derivatives through the stages", line_28)},
              {.id = "printed__28__free_mean",
               .statement = "∂ℓ/∂μ = ∂ℓ/∂x̂ · ∂x̂/∂μ + ∂ℓ/∂σ² · ∂σ²/∂μ at every μ",
               .inputs = with_free_mean(training_batch()),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_at_a_free_mean()},
               .left = by_theory("∂ℓ/∂μ, LI23 (11)",
                                 [](const Inputs& in) {
                                   const theory::Vector<Number> mean = as_vector<Number>(in("mean"));
                                   return entries(theory::mean_gradient(theory_batch(in), mean));
                                 }),
               .right = by_reference("(28), its partial derivatives through the stages", line_28),
               .why = "Here the second product is not 0, and (28) is right as it stands."},
              {.id = "printed__29_30",
               .statement = "∂ℓ/∂μ = Σ ∂ℓ/∂x̂_i (−1/√(σ² + ε)) + ∂ℓ/∂x̂ · (−½ Σ (x_i − μ)(σ² + ε)^(−3/2)) · (−(1/m) Σ "
                            "2(x_i − μ))",
               .inputs = moving_a_number(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_by_mean(),
               .right = by_definition("(29) + (30), times v", along_v(lines_29_30)),
               .why =
                   "True in value: the wrong factor (27) is multiplied by (25), which is 0 at the batch mean. At any "
                   "other μ it is false: that is a mutant of printed__28__free_mean."},
              {.id = "printed__31",
               .statement = "∂ℓ/∂μ = Σ ∂ℓ/∂x̂_i (−1/√(σ² + ε)) + ∂ℓ/∂x̂ · (−½ Σ (x_i − μ)(σ² + ε)^(−3/2)) · 0",
               .inputs = moving_a_number(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_by_mean(),
               .right = by_definition("(31) times v", along_v(line_31))},
              {.id = "printed__32",
               .statement = "∂ℓ/∂μ = Σ ∂ℓ/∂x̂_i (−1/√(σ² + ε))",
               .inputs = moving_a_number(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_by_mean(),
               .right = by_definition("(32) times v", along_v(line_32))},
              {.id = "printed__33",
               .statement = "∂ℓ/∂x_i = ∂ℓ/∂x̂_i · ∂x̂_i/∂x_i + ∂ℓ/∂μ · ∂μ/∂x_i + ∂ℓ/∂σ² · ∂σ²/∂x_i",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = theory_dx(),
               .right = by_reference("(33), its partial derivatives through the stages", line_33)},
              {.id = "printed__34",
               .statement = "∂ℓ/∂x_i = ∂ℓ/∂x̂_i /√(σ² + ε) + ∂ℓ/∂σ² 2(x_i − μ)/m + ∂ℓ/∂μ /m",
               .inputs = moving_the_samples(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_by_x(),
               .right = chain_gradient_along_v(),
               .why = "(12), with the true ∂ℓ/∂σ² of (26) and not the value that (27) gives it."},
              {.id = "printed__35_36",
               .statement = "∂ℓ/∂x_i = ∂ℓ/∂y_i γ/s + Σ ∂ℓ/∂x̂_i (−1/s)/m + ∂ℓ/∂x̂_i · (−½ Σ (x_i − μ)/s³) · "
                            "2(x_i − μ)/m",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = reference_dx(),
               .right = by_definition("(35) + (36)", lines(lines_35_36, Sum::sum_after)),
               .why = "(36) puts (27) in for ∂ℓ/∂σ² and is 0, wherever the sum of (35) is taken to end: the gradient's "
                      "component along x̂ is lost."},
              {.id = "35_36__sum_over_both",
               .statement = "∂ℓ/∂x_i = ∂ℓ/∂y_i γ/s + Σ ∂ℓ/∂x̂_j (−1/s)/m + (−½ Σ ∂ℓ/∂x̂_j (x_j − μ)/s³) · 2(x_i − μ)/m",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = reference_dx(),
               .right = by_definition("(35) + (36), ∂ℓ/∂x̂_j under the sum", lines(lines_35_36, Sum::sum_over_both))},
              {.id = "printed__37_38",
               .statement = "∂ℓ/∂x_i = ∂ℓ/∂y_i γ/s + Σ ∂ℓ/∂x̂_i (−1/s)/m + ∂ℓ/∂x̂_i · (−½ Σ (x_i − μ)/s) · "
                            "(2(x_i − μ)/s) · 1/(m s)",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = reference_dx(),
               .right = by_definition("(37) + (38)", lines(lines_37_38, Sum::sum_after)),
               .why = "(35)–(36) with the powers of s dealt out, and wrong as they are."},
              {.id = "37_38__sum_over_both",
               .statement = "∂ℓ/∂x_i = ∂ℓ/∂y_i γ/s + Σ ∂ℓ/∂x̂_j (−1/s)/m + (−½ Σ ∂ℓ/∂x̂_j (x_j − μ)/s) · "
                            "(2(x_i − μ)/s) · 1/(m s)",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = reference_dx(),
               .right = by_definition("(37) + (38), ∂ℓ/∂x̂_j under the sum", lines(lines_37_38, Sum::sum_over_both))},
              {.id = "printed__39",
               .statement = "x̂_i = (x_i − μ)/√(σ² + ε)",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .left = by_reference("x̂, LI23 Algorithm 1 lines 2–4",
                                    [](const Inputs& in) { return row_major(reference_x_hat(in)); }),
               .right =
                   by_theory("(x_i − μ)/s",
                             [](const Inputs& in) { return row_major(theory::statistics(theory_batch(in)).x_hat); })},
              {.id = "printed__40",
               .statement = "∂ℓ/∂x_i = ∂ℓ/∂x̂_i · ∂x̂_i/∂x_i + ∂ℓ/∂μ · ∂μ/∂x_i + ∂ℓ/∂σ² · ∂σ²/∂x_i",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = theory_dx(),
               .right = by_reference("(40), its partial derivatives through the stages", line_33),
               .why = "(33), printed again."},
              {.id = "printed__41",
               .statement = "∂ℓ/∂x_i = ∂ℓ/∂x̂_i /√(σ² + ε) + ∂ℓ/∂σ² 2(x_i − μ)/m + ∂ℓ/∂μ /m",
               .inputs = moving_the_samples(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_by_x(),
               .right = chain_gradient_along_v(),
               .why = "(34), printed again."},
              {.id = "printed__42_43",
               .statement = "∂ℓ/∂x_i = ∂ℓ/∂y_i γ/s + Σ ∂ℓ/∂x̂_i (−1/s)/m + ∂ℓ/∂x̂_i · (−½ Σ x̂_i) · 2x̂_i/(m s)",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = reference_dx(),
               .right = by_definition("(42) + (43)", lines(lines_42_43, Sum::sum_after)),
               .why = "Σ x̂_i = 0: (43) is 0, as (36) is."},
              {.id = "42_43__sum_over_both",
               .statement = "∂ℓ/∂x_i = ∂ℓ/∂y_i γ/s + Σ ∂ℓ/∂x̂_j (−1/s)/m + (−½ Σ ∂ℓ/∂x̂_j x̂_j) · 2x̂_i/(m s)",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = reference_dx(),
               .right = by_definition("(42) + (43), ∂ℓ/∂x̂_j under the sum", lines(lines_42_43, Sum::sum_over_both)),
               .why = "From here (44), with its last sum over j, follows; from (43) as printed it does not."},
              {.id = "printed__steps_35_to_43",
               .statement = "(35)–(36) = (37)–(38) = (42)–(43)",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = by_definition("(35) + (36), then (37) + (38)",
                                     [](const Inputs& in) {
                                       Values values = lines_35_36(in, Sum::sum_after);
                                       const Values more = lines_37_38(in, Sum::sum_after);
                                       values.insert(values.end(), more.begin(), more.end());
                                       return values;
                                     }),
               .right = by_definition("(37) + (38), then (42) + (43)",
                                      [](const Inputs& in) {
                                        Values values = lines_37_38(in, Sum::sum_after);
                                        const Values more = lines_42_43(in, Sum::sum_after);
                                        values.insert(values.end(), more.begin(), more.end());
                                        return values;
                                      }),
               .algebraic_identity = true,
               .why =
                   "An algebraic identity: powers of s are dealt out and (39) is put in. These steps are sound; what "
                   "they start from is not the gradient."},
          },
      .mutants =
          {
              {.id = "first_sample_alone",
               .reading = "printed__18",
               .words = "(17) at i = 1: ∂ℓ/∂y_1 · x̂_1",
               .agrees_when = only_the_first_sample_matters(),
               .right = along_v([](const Inputs& in) {
                 return Values{in("dy")(0) * theory::statistics(theory_batch(in)).x_hat(0, 0)};
               })},
              {.id = "puts_27_into_28",
               .reading = "printed__28__free_mean",
               .words = "(29) + (30)",
               .agrees_when = mean_is_the_batch_mean(),
               .right = lines_29_30},
              {.id = "puts_27_into_34",
               .reading = "printed__34",
               .words = "(35) + (36)",
               .agrees_when = upstream_is_orthogonal_to_x_hat(),
               .right = along_v([](const Inputs& in) { return lines_35_36(in, Sum::sum_after); })},
          },
  };
}

}  // namespace normproof::claims
