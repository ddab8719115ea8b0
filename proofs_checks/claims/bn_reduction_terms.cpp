// Claim: the two terms that batch norm takes off the squared gradient are significant: ⟨1, g⟩² grows quadratically, and
// ⟨g, ŷ⟩ is bounded away from zero.
//
// Source       SAN18 after Theorem 4.1: "⟨1, ∂L/∂y⟩² grows quadratically in the dimension, so the middle term above is
//              significant. Furthermore, the final inner product term is expected to be bounded away from zero, as the
//              gradient with respect to a variable is rarely uncorrelated to the variable itself"
// Notation     one channel; y ∈ R^m, ŷ = (y − μ)/σ, z = γŷ + β, L̂(y) = L(z), g = ∂L/∂z at z, which is Theorem 4.1's
//              ∇_y L at matched activations; x, x̂, dy in the code; s = √(σ² + ε). The two terms are ⟨1, g⟩²/m and
//              ⟨g, ŷ⟩²/m (1/√m in SAN18's first print); "dimension" is m. The batch twice over is two copies of it,
//              one after the other
// Hypotheses   σ ≠ 0
//
//     ‖∇_y L̂‖² = γ²/σ² ( ‖g‖² − ⟨1, g⟩²/m − ⟨g, ŷ⟩²/m ),    ⟨1, g⟩ = ∂L̂/∂β,   ⟨g, ŷ⟩ = ∂L̂/∂γ
//
// Why. LI23 (14) and (13) name the two inner products: they are the gradients by β and by γ. So the reduction is what β
// and γ could still gain, and where both are stationary nothing is taken off. The terms are squared components of g
// along the unit vectors 1/√m and ŷ/√m (ε = 0): by Bessel their sum is at most ‖g‖², and it is two dimensions of m:
// averaged over all unit gradients e_1 … e_m the share of the two is 2/m. Taking the batch twice over makes ⟨1, g⟩²
// four times as large if L sums over the samples, but m and ‖g‖² twice as large: the share is what it was. If L is a
// mean, ⟨1, g⟩² does not grow.
#include "proofs_checks/inputs/second_order.hpp"
#include "theory/smoothness/gradient_magnitude.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using Terms = theory::GradientMagnitudeTerms<Number>;

Terms terms_of(const Inputs& in) { return theory::gradient_magnitude_terms(theory_batch(in), 0); }
Number squared_norm(const Array<Number>& a) { return dot<Number>(a, a); }

Array<Number> twice(const Array<Number>& column) {
  Array<Number> doubled(2 * column.rows(), column.cols());
  doubled << column, column;
  return doubled;
}
// The batch twice over; each sample's part of the gradient is `share` of what it was: 1 where L is a sum over the
// samples, 1/2 where it is a mean.
Inputs repeated(const Inputs& in, const Number& share) {
  Inputs doubled = in;
  Array<Number> dy = twice(in("dy"));
  for (Eigen::Index k = 0; k < dy.size(); ++k) dy(k) *= share;
  doubled.set("x", twice(in("x")));
  doubled.set("dy", dy);
  doubled.sizes.batch = 2 * in.sizes.batch;
  return doubled;
}

Number square(const Number& a) { return a * a; }

// ⟨1, g⟩² and ⟨g, ŷ⟩² by the reference's backward pass, as ∂ℓ/∂β and ∂ℓ/∂γ.
Number squared_beta_gradient(const Inputs& in) { return square(reference_backward(in).dbeta[0]); }
Number squared_gamma_gradient(const Inputs& in) { return square(reference_backward(in).dgamma[0]); }

// Small enough that no g with small entries falls below this share of ‖g‖² but by having none: what refutes a
// thousandth refutes every positive constant.
Number thousandth() { return Number(1) / Number(1000); }

// g := g − mean g, then g − ŷ⟨g, ŷ⟩/‖ŷ‖².
Hypothesis beta_is_stationary() {
  Hypothesis hypothesis = upstream_is_centred();
  hypothesis.id = "beta_stationary";
  hypothesis.sentence = "∂L̂/∂β = 0";
  return hypothesis;
}
Hypothesis gamma_is_stationary() {
  Hypothesis hypothesis = upstream_is_orthogonal_to_x_hat();
  hypothesis.id = "gamma_stationary";
  hypothesis.sentence = "∂L̂/∂γ = 0";
  return hypothesis;
}

// ‖g‖²/1000 ≤ a term.
Reading significant(std::string id, std::string statement, std::vector<Hypothesis> hypotheses, Side term,
                    std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = training_batch(),
          .sizes = one_channel_sizes(),
          .hypotheses = std::move(hypotheses),
          .left = by_definition("‖g‖²/1000",
                                [](const Inputs& in) { return Values{thousandth() * squared_norm(in("dy"))}; }),
          .relation = Relation::at_most,
          .right = std::move(term),
          .why = std::move(why)};
}
Side middle_term() {
  return by_theory("⟨1, g⟩²/m",
                   [](const Inputs& in) { return Values{terms_of(in).squared_sum / Number(in.sizes.batch)}; });
}
Side last_term() {
  return by_theory("⟨g, ŷ⟩²/m",
                   [](const Inputs& in) { return Values{terms_of(in).squared_correlation / Number(in.sizes.batch)}; });
}

// ‖g‖² − ⟨1, g⟩²/m − ⟨g, ŷ⟩²/m = Σ (g_i − mean g − ŷ_i⟨g, ŷ⟩/m)² + ε(⟨g, ŷ⟩/s)²/m.
std::vector<SquareTerm> bessel_gap(const Inputs& in) {
  const Array<Number> x_hat = reference_x_hat(in);
  const Array<Number>& g = in("dy");
  const int m = in.sizes.batch;
  const Number mean = reference_mean(g)[0], correlation = dot<Number>(g, x_hat);
  const Number radicand = reference_variance(in("x"))[0] + in.scalar("eps");
  const Number s = sqrt(radicand);
  std::vector<SquareTerm> terms = {{.root = correlation / s, .nonnegative = {"eps"}, .denominator = m}};
  for (int i = 0; i < m; ++i) terms.push_back({.root = g(i) - mean - x_hat(i) * correlation / Number(m)});
  return terms;
}

// γ²/σ²(‖g‖² − first·(∂L̂/∂β)² − second·(∂L̂/∂γ)²), by theory's terms.
Formula reduced(Number (*combine)(const Terms& terms, const Number& gamma, int m)) {
  return [=](const Inputs& in) { return Values{combine(terms_of(in), in.scalar("gamma"), in.sizes.batch)}; };
}
Number both_terms_off(const Terms& t, const Number&, int m) {
  return t.scale * (t.squared_norm - t.squared_sum / Number(m) - t.squared_correlation / Number(m));
}

// Σ_k ‖∇_y L̂‖² for g = e_k.
Values over_unit_gradients(const Inputs& in) {
  Number sum(0);
  for (int k = 0; k < in.sizes.batch; ++k) {
    Inputs unit = in;
    Array<Number> dy = Array<Number>::Constant(in.sizes.batch, 1, Number(0));
    dy(k) = Number(1);
    unit.set("dy", dy);
    sum += squared_norm(reference_backward(unit).dx);
  }
  return {sum};
}

}  // namespace

Claim bn_reduction_terms() {
  const Reading sum_loss = {
      .id = "printed__quadratic_growth__sum",
      .statement = "⟨1, g⟩² of the batch twice over is 2² times that of the batch: L is a sum over the samples",
      .inputs = training_batch(),
      .sizes = one_channel_sizes(),
      .left = by_reference("(∂L̂/∂β)² of the batch twice over",
                           [](const Inputs& in) { return Values{squared_beta_gradient(repeated(in, Number(1)))}; }),
      .right = by_theory("4⟨1, g⟩²", [](const Inputs& in) { return Values{Number(4) * terms_of(in).squared_sum}; }),
      .why = "⟨1, g⟩ is m times the mean of g: it grows with m where that mean does not fall."};
  Reading mean_loss = sum_loss;
  mean_loss.id = "printed__quadratic_growth__mean";
  mean_loss.statement = "⟨1, g⟩² of the batch twice over is 2² times that of the batch: L is a mean over the samples";
  mean_loss.left = by_reference("(∂L̂/∂β)² of the batch twice over, each sample weighing half", [](const Inputs& in) {
    return Values{squared_beta_gradient(repeated(in, Number(1) / Number(2)))};
  });
  mean_loss.why = "⟨1, g⟩ is then the mean of the samples' slopes, and does not grow with m at all.";
  Reading share = sum_loss;
  share.id = "shares_do_not_grow";
  share.statement = "the shares ⟨1, g⟩²/(m‖g‖²) and ⟨g, ŷ⟩²/(m‖g‖²) are the same for the batch twice over, every ε ≥ 0";
  share.left = by_reference("(∂L̂/∂β)²/(2m‖g‖²) and (∂L̂/∂γ)²/(2m‖g‖²) of the batch twice over", [](const Inputs& in) {
    const Inputs doubled = repeated(in, Number(1));
    const Number whole = Number(doubled.sizes.batch) * squared_norm(doubled("dy"));
    return Values{squared_beta_gradient(doubled) / whole, squared_gamma_gradient(doubled) / whole};
  });
  share.right = by_theory("⟨1, g⟩²/(m‖g‖²) and ⟨g, ŷ⟩²/(m‖g‖²)", [](const Inputs& in) {
    const Terms t = terms_of(in);
    const Number whole = Number(in.sizes.batch) * t.squared_norm;
    return Values{t.squared_sum / whole, t.squared_correlation / whole};
  });
  share.why = "⟨1, g⟩² grows quadratically, and m‖g‖² with it: growth says nothing of significance.";

  Reading names = sum_loss;
  names.id = "terms_are_parameter_gradients";
  names.statement = "⟨1, g⟩ = ∂L̂/∂β and ⟨g, ŷ⟩ = ∂L̂/∂γ, squared, every ε ≥ 0";
  names.left = by_reference("(∂L̂/∂β)² and (∂L̂/∂γ)²", [](const Inputs& in) {
    return Values{squared_beta_gradient(in), squared_gamma_gradient(in)};
  });
  names.right = by_theory("⟨1, g⟩² and ⟨g, ŷ⟩²", [](const Inputs& in) {
    return Values{terms_of(in).squared_sum, terms_of(in).squared_correlation};
  });
  names.why = "LI23 (14) and (13).";
  Reading reduction = sum_loss;
  reduction.id = "reduction";
  reduction.statement = "‖∇_y L̂‖² = γ²/σ²(‖g‖² − (∂L̂/∂β)²/m − (∂L̂/∂γ)²/m), ε = 0";
  reduction.hypotheses = {eps_is_zero()};
  reduction.left =
      by_reference("‖∇_y L̂‖²", [](const Inputs& in) { return Values{squared_norm(reference_backward(in).dx)}; });
  reduction.right = by_theory("γ²/σ² times the bracket", reduced(both_terms_off));
  reduction.why = "Theorem 4.1 with 1/m, which is an equality.";
  Reading stationary = reduction;
  stationary.id = "nothing_off__beta_gamma_stationary";
  stationary.statement = "‖∇_y L̂‖² = γ²/s²‖g‖² where ∂L̂/∂β = ∂L̂/∂γ = 0, every ε ≥ 0";
  stationary.hypotheses = {beta_is_stationary(), gamma_is_stationary()};
  stationary.right =
      by_theory("γ²/s²‖g‖²", reduced([](const Terms& t, const Number&, int) { return t.scale * t.squared_norm; }));
  stationary.why =
      "Both terms are squares of what is 0 there: where γ and β are trained to a stop, batch norm only rescales.";

  Reading middle_stationary = significant(
      "nothing_to_bound__beta_stationary", "⟨1, g⟩²/m is at least a thousandth of ‖g‖² where β is stationary",
      {beta_is_stationary()}, middle_term(), "The term is (∂L̂/∂β)²/m = 0 there, for every network at a minimum by β.");

  Reading bessel = sum_loss;
  bessel.id = "at_most_the_whole";
  bessel.statement = "⟨1, g⟩²/m + ⟨g, ŷ⟩²/m ≤ ‖g‖², every ε ≥ 0";
  bessel.left = by_theory("⟨1, g⟩²/m + ⟨g, ŷ⟩²/m", [](const Inputs& in) {
    const Terms t = terms_of(in);
    return Values{(t.squared_sum + t.squared_correlation) / Number(in.sizes.batch)};
  });
  bessel.right = by_definition("‖g‖²", [](const Inputs& in) { return Values{squared_norm(in("dy"))}; });
  bessel.relation = Relation::at_most;
  bessel.gap = bessel_gap;
  bessel.why = "Bessel's inequality for 1/√m and ŷ/√m; with ε > 0, ŷ is shorter and ε(⟨g, ŷ⟩/s)²/m is left besides.";
  Reading bessel_san18 = bessel;
  bessel_san18.id = "printed_san18__at_most_the_whole";
  bessel_san18.statement = "⟨1, g⟩²/m + ⟨g, ŷ⟩²/√m ≤ ‖g‖², ε = 0: the last term as SAN18 first printed it";
  bessel_san18.hypotheses = {eps_is_zero()};
  bessel_san18.left = by_theory("⟨1, g⟩²/m + ⟨g, ŷ⟩²/√m", [](const Inputs& in) {
    const Terms t = terms_of(in);
    const Number m(in.sizes.batch);
    return Values{t.squared_sum / m + t.squared_correlation / sqrt(m)};
  });
  bessel_san18.gap = {};
  bessel_san18.why = "At g = ŷ the left side is m√m and the right one m: more would be taken off than there is.";

  Reading average = reduction;
  average.id = "average_share";
  average.statement =
      "Σ_k ‖∇_y L̂‖² over g = e_1 … e_m is γ²/σ²(m − 2), ε = 0: on average the two terms are 2/m of ‖g‖²";
  average.left = by_reference("Σ_k ‖∇_y L̂‖² for g = e_k", over_unit_gradients);
  average.right =
      by_theory("γ²/σ²(m − 2)", reduced([](const Terms& t, const Number&, int m) { return t.scale * Number(m - 2); }));
  average.why = "P has trace m − 2: two directions of m are removed, fewer and fewer of them as m grows.";

  return {
      .title =
          "The terms that batch norm takes off ‖∇_y L‖² are significant: ⟨1, g⟩² grows quadratically, ⟨g, ŷ⟩ is not "
          "near 0",
      .sources = {{"SAN18", "§4.2, after Theorem 4.1"}},
      .notation =
          "y one output over the batch of m, ŷ = (y − μ)/σ, z = γŷ + β, L̂(y) = L(z), g = ∂L/∂z; the terms are ⟨1, "
          "g⟩²/m and "
          "⟨g, ŷ⟩²/m",
      .why =
          "⟨1, g⟩ = ∂L̂/∂β and ⟨g, ŷ⟩ = ∂L̂/∂γ. The terms are squared components of g along two orthogonal unit "
          "vectors, "
          "so they "
          "are at most ‖g‖² together, 2/m of it on average, and nothing where β and γ are stationary. Repeating the "
          "batch "
          "multiplies ⟨1, g⟩² by 4, m and ‖g‖² by 2.",
      .explain =
          "Theorem 4.1 takes two squares off ‖∇_y L‖², and the paper argues that both matter. That ⟨1, g⟩² grows like "
          "m² is true when "
          "the loss is a sum over the samples and their slopes do not cancel; when it is a mean it does not grow. "
          "Either way "
          "it has to be compared with m‖g‖², which grows as fast: the share stays where it was. The two inner products "
          "have "
          "names: they are the gradients of the loss by β and by γ. Training drives exactly these to 0, so that the "
          "reduction "
          "vanishes where β and γ have settled; no constant c > 0 bounds either share from "
          "below. "
          "For a gradient without a preferred direction the two terms are 2/m of the whole: with a batch of 128, 1.6 "
          "%.",
      .readings =
          {
              sum_loss,
              mean_loss,
              significant("printed__middle_term_significant", "⟨1, g⟩²/m is at least a thousandth of ‖g‖², for every g",
                          {}, middle_term(),
                          "0 for every g whose entries cancel, so that no other fraction would do either."),
              significant("printed__last_term_bounded_away",
                          "⟨g, ŷ⟩²/m is at least a thousandth of ‖g‖², for every g and ε ≥ 0", {}, last_term(),
                          "0 for every g orthogonal to ŷ, such as g = 1: no other fraction would do either."),
              share,
              names,
              reduction,
              stationary,
              middle_stationary,
              bessel,
              bessel_san18,
              average,
          },
      .mutants =
          {
              {.id = "keeps_the_beta_term",
               .reading = "reduction",
               .words = "γ²/σ²(‖g‖² − (∂L̂/∂γ)²/m)",
               .agrees_when = beta_is_stationary(),
               .right = reduced([](const Terms& t, const Number&, int m) {
                 return t.scale * (t.squared_norm - t.squared_correlation / Number(m));
               })},
              {.id = "keeps_the_gamma_term",
               .reading = "reduction",
               .words = "γ²/σ²(‖g‖² − (∂L̂/∂β)²/m)",
               .agrees_when = gamma_is_stationary(),
               .right = reduced([](const Terms& t, const Number&, int m) {
                 return t.scale * (t.squared_norm - t.squared_sum / Number(m));
               })},
              {.id = "gamma_once",
               .reading = "average_share",
               .words = "γ/σ²(m − 2)",
               .agrees_when = gamma_is_one(),
               .right =
                   reduced([](const Terms& t, const Number& gamma, int m) { return t.scale * Number(m - 2) / gamma; })},
          },
  };
}

}  // namespace normproof::claims
