// Claim: batch norm makes the gradient with respect to a layer's outputs small: ‖∇_y L̂‖² is at most a smaller multiple
// of ‖∇_y L‖².
//
// Source       SAN18 Theorem 4.1 (last factor 1/√m); LI23 Theorem 2.1 (53) and WIKI (last factor 1/m)
// Notation     one channel; y ∈ R^m a layer's outputs over the batch, ŷ = (y − μ)/σ, z = γŷ + β, L̂(y) = L(z);
//              g = ∂L/∂z; x, x̂, dy in the code
// Hypotheses   σ ≠ 0, γ and β constant. Nothing is asked of L but a derivative.
//
//     ‖∇_y L̂‖²  ≤  γ²/σ² ( ‖∇_y L‖² − ⟨1, ∇_y L⟩²/m − c ⟨∇_y L, ŷ⟩² ),     c = 1/√m or 1/m
//
// Why. ∇_y L̂ = (γ/σ)(g − ⟨g⟩1 − ŷ⟨g, ŷ⟩/m) is γ/σ times g less its components along the orthogonal vectors 1 and ŷ,
// whose squared norms are m and m: Pythagoras gives the right side with c = 1/m and ∇_y L = g, and it is an equality.
// With c = 1/√m the right side is smaller than the left by γ²/σ²(1/√m − 1/m)⟨g, ŷ⟩². With ε > 0, ŷ is shorter than √m
// and the right side (s for σ, c = 1/m) exceeds the left by (ε/m)(γ⟨g, ŷ⟩/s²)².
// The theorem speaks of an "identical" network without batch norm: its ∇_y L must be taken at the same activations, z
// (matched). At the raw activations y the two gradients have nothing to do with each other.
#include "theory/smoothness/gradient_magnitude.hpp"

#include "proofs_checks/inputs/adapters.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

Number squared_norm(const Array<Number>& a) { return dot<Number>(a, a); }

// ‖∇_y L̂‖² by the reference's backward pass, ∂L/∂z = dy.
Values squared_gradient(const Inputs& in) { return {squared_norm(reference_backward(in).dx)}; }

Number one_over(int m) { return Number(1) / Number(m); }
Number one_over_root(int m) { return Number(1) / sqrt(Number(m)); }

// The bound with ∇_y L = dy, s for σ.
Formula bound(Number (*last_factor)(int batch)) {
  return [=](const Inputs& in) -> Values {
    const auto terms = theory::gradient_magnitude_terms(theory_batch(in), 0);
    return {theory::gradient_magnitude_bound<Number>(terms, in.sizes.batch, last_factor(in.sizes.batch))};
  };
}

// (ε/m)(γ⟨g, ŷ⟩/s²)²: what the bound with 1/m leaves.
std::vector<SquareTerm> gap(const Inputs& in) {
  return {{.root = theory::gradient_magnitude_gap_root(theory_batch(in), 0),
           .nonnegative = {"eps"},
           .denominator = in.sizes.batch}};
}

// LI23 (53) to the letter in a layer that has an ε: γ²/σ² with σ without it, x̂ with it.
Values bound_with_sigma(const Inputs& in) {
  const theory::TrainingBatch<Number> b = theory_batch(in);
  auto terms = theory::gradient_magnitude_terms(b, 0);
  const Number gamma = b.gamma(0);
  terms.scale = gamma * gamma / theory::biased_variance<Number>(in("x"))(0);
  return {theory::gradient_magnitude_bound<Number>(terms, in.sizes.batch, one_over(in.sizes.batch))};
}

// ε (γ/(σ s))² (‖p‖² + ⟨g, x̂⟩²/m) with p = g − ⟨g⟩1 − x̂⟨g, x̂⟩/m: what that bound leaves.
std::vector<SquareTerm> gap_with_sigma(const Inputs& in) {
  const theory::TrainingBatch<Number> b = theory_batch(in);
  const theory::Statistics<Number> st = theory::statistics(b);
  const Number variance = st.biased_variance(0), ratio = b.gamma(0) / (sqrt(variance) * st.s(0));
  const Number m(in.sizes.batch);
  Number mean(0), correlation(0);
  for (int i = 0; i < in.sizes.batch; ++i) {
    mean += b.dy(i, 0) / m;
    correlation += b.dy(i, 0) * st.x_hat(i, 0);
  }
  std::vector<SquareTerm> terms = {
      {.root = ratio * correlation, .nonnegative = {"eps"}, .denominator = in.sizes.batch}};
  for (int i = 0; i < in.sizes.batch; ++i)
    terms.push_back({.root = ratio * (b.dy(i, 0) - mean - st.x_hat(i, 0) * correlation / m), .nonnegative = {"eps"}});
  return terms;
}

// L(a) = Σ c_i a_i + q_i a_i²/2, so that ∇L(a) = c + q a differs from place to place.
std::vector<InputSpec> quadratic_loss() {
  return {{"x", Role::activation, Dimension::batch, Dimension::one},
          {"c", Role::upstream, Dimension::batch, Dimension::one},
          {"q", Role::upstream, Dimension::batch, Dimension::one},
          {"gamma", Role::scale, Dimension::one, Dimension::one},
          {"beta", Role::shift, Dimension::one, Dimension::one},
          {"eps", Role::epsilon}};
}

Inputs with_gradient_at(const Inputs& in, const Array<Number>& activations) {
  Inputs out = in;
  Array<Number> dy = in("c");
  for (Eigen::Index k = 0; k < dy.size(); ++k) dy(k) += in("q")(k)*activations(k);
  out.set("dy", dy);
  return out;
}

Values squared_gradient_of_quadratic(const Inputs& in) {
  return squared_gradient(with_gradient_at(in, reference_batch_norm(in)));
}

Formula bound_at_raw_activations(Number (*last_factor)(int batch)) {
  return [=](const Inputs& in) { return bound(last_factor)(with_gradient_at(in, in("x"))); };
}

// The right side at matched activations with some of its parts replaced.
Formula altered_bound(Number (*alter)(const theory::GradientMagnitudeTerms<Number>& terms, const Number& gamma,
                                      int m)) {
  return [=](const Inputs& in) -> Values {
    const auto terms = theory::gradient_magnitude_terms(theory_batch(in), 0);
    return {alter(terms, in.scalar("gamma"), in.sizes.batch)};
  };
}

using Terms = theory::GradientMagnitudeTerms<Number>;

Reading matched(std::string id, std::string statement, Number (*last_factor)(int), std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = training_batch(),
          .sizes = one_channel_sizes(),
          .hypotheses = {eps_is_zero()},
          .left = by_reference("‖∇_y L̂‖²", squared_gradient),
          .relation = Relation::at_most,
          .right = by_theory("the bound, ∇_y L taken at z", bound(last_factor)),
          .why = std::move(why)};
}

Reading raw(std::string id, std::string statement, Number (*last_factor)(int)) {
  return {
      .id = std::move(id),
      .statement = std::move(statement),
      .inputs = quadratic_loss(),
      .sizes = one_channel_sizes(),
      .hypotheses = {eps_is_zero()},
      .left = by_reference("‖∇_y L̂‖²", squared_gradient_of_quadratic),
      .relation = Relation::at_most,
      .right = by_theory("the bound, ∇_y L taken at y", bound_at_raw_activations(last_factor)),
      .why = "L(a) = Σ c_i a_i + q_i a_i²/2. Where L curves, its gradient at y says nothing about its gradient at z."};
}

}  // namespace

Claim bn_gradient_magnitude() {
  Reading li23 =
      matched("printed_li23__matched", "‖∇_y L̂‖² ≤ γ²/σ²(‖∇_y L‖² − ⟨1, ∇_y L⟩²/m − (1/m)⟨∇_y L, ŷ⟩²), ∇L at z",
              one_over, "At matched activations the two sides are equal (reading matched__equality).");
  li23.gap = gap;
  Reading wiki = li23;
  wiki.id = "printed_wiki__matched";
  Reading with_eps = li23;
  with_eps.id = "matched__with_eps";
  with_eps.statement =
      "‖∇_y L̂‖² ≤ γ²/s²(‖∇_y L‖² − ⟨1, ∇_y L⟩²/m − (1/m)⟨∇_y L, ŷ⟩²), s = √(σ² + ε), ∇L at z, every ε ≥ 0";
  with_eps.hypotheses = {};
  with_eps.why = "The right side exceeds the left by (ε/m)(γ⟨g, ŷ⟩/s²)².";
  Reading sigma_to_the_letter = li23;
  sigma_to_the_letter.id = "printed_li23__matched__with_eps";
  sigma_to_the_letter.statement =
      "‖∇_y L̂‖² ≤ γ²/σ²(‖∇_y L‖² − ⟨1, ∇_y L⟩²/m − (1/m)⟨∇_y L, x̂⟩²), σ to the letter, x̂ with ε, ∇L at z, ε ≥ 0";
  sigma_to_the_letter.hypotheses = {};
  sigma_to_the_letter.right =
      by_theory("the bound with σ outside and √(σ² + ε) in x̂, ∇_y L taken at z", bound_with_sigma);
  sigma_to_the_letter.gap = gap_with_sigma;
  sigma_to_the_letter.why =
      "LI23's Algorithm 1 has an ε and (53) writes σ. γ²/σ² is more than the layer's γ²/s² and the bracket is never "
      "negative: the right side exceeds the left by ε γ²/(σ² s²)(‖g − ⟨g⟩1 − x̂⟨g, x̂⟩/m‖² + ⟨g, x̂⟩²/m).";
  Reading equality = li23;
  equality.id = "matched__equality";
  equality.statement = "‖∇_y L̂‖² = γ²/σ²(‖∇_y L‖² − ⟨1, ∇_y L⟩²/m − (1/m)⟨∇_y L, ŷ⟩²), ∇L at z, ε = 0";
  equality.relation = Relation::equal;
  equality.gap = {};
  equality.why = {};
  Reading equality_with_eps = equality;
  equality_with_eps.id = "matched__equality__with_eps";
  equality_with_eps.statement =
      "‖∇_y L̂‖² = γ²/s²(‖∇_y L‖² − ⟨1, ∇_y L⟩²/m − (1/m)⟨∇_y L, ŷ⟩²), s = √(σ² + ε), ∇L at z, every ε ≥ 0";
  equality_with_eps.hypotheses = {};
  equality_with_eps.why = "ŷ is shorter than √m as soon as ε > 0: the sides differ by (ε/m)(γ⟨g, ŷ⟩/s²)².";

  return {
      .title = "‖∇_y L̂‖² is at most γ²/σ² times ‖∇_y L‖² less its components along 1 and ŷ",
      .sources = {{"SAN18", "Theorem 4.1"}, {"LI23", "Theorem 2.1, (53)"}, {"WIKI", "smoothness, first inequality"}},
      .notation = "y one output over the batch of m, ŷ = (y − μ)/σ, z = γŷ + β, L̂(y) = L(z), g = ∂L/∂z",
      .why =
          "∇_y L̂ is γ/σ times the projection of g orthogonal to 1 and ŷ, which are orthogonal to each other and of "
          "squared norm m (at ε = 0). Pythagoras gives the bound with 1/m as an equality. 1/√m > 1/m for m ≥ 2 "
          "subtracts more than there is.",
      .explain =
          "Batch norm removes two directions from the gradient and scales the rest by γ/σ. How much is removed is "
          "known exactly, so at ε = 0 the theorem is an equality; SAN18 as first printed divides the last term by √m "
          "where m is right, and is then false. With ε > 0 the inequality stays and is as a rule strict, with "
          "σ as with s outside. All of this compares ∇_y L̂ with the gradient of the same loss at the same "
          "(normalized) activations. If the network without batch norm is differentiated at its own, raw activations, "
          "as its being "
          "a network without batch norm suggests, no such inequality holds. Nothing here says that γ/σ is small.",
      .readings =
          {
              matched(
                  "printed_san18__matched", "‖∇_y L̂‖² ≤ γ²/σ²(‖∇_y L‖² − ⟨1, ∇_y L⟩²/m − (1/√m)⟨∇_y L, ŷ⟩²), ∇L at z",
                  one_over_root,
                  "The right side is too small by γ²/σ²(1/√m − 1/m)⟨g, ŷ⟩² for every m ≥ 2 (at m = 2, where the left "
                  "side is 0, it is even negative); with 1/m the sides are equal."),
              raw("printed_san18__raw", "‖∇_y L̂‖² ≤ γ²/σ²(‖∇_y L‖² − ⟨1, ∇_y L⟩²/m − (1/√m)⟨∇_y L, ŷ⟩²), ∇L at y",
                  one_over_root),
              li23,
              raw("printed_li23__raw", "‖∇_y L̂‖² ≤ γ²/σ²(‖∇_y L‖² − ⟨1, ∇_y L⟩²/m − (1/m)⟨∇_y L, ŷ⟩²), ∇L at y",
                  one_over),
              wiki,
              raw("printed_wiki__raw", "‖∇_y L̂‖² ≤ γ²/σ²(‖∇_y L‖² − ⟨1, ∇_y L⟩²/m − (1/m)⟨∇_y L, ŷ⟩²), ∇L at y",
                  one_over),
              equality,
              with_eps,
              sigma_to_the_letter,
              equality_with_eps,
          },
      .mutants =
          {
              {.id = "keeps_the_mean",
               .reading = "matched__equality",
               .words = "γ²/σ²(‖g‖² − (1/m)⟨g, ŷ⟩²)",
               .agrees_when = upstream_is_centred(),
               .right = altered_bound([](const Terms& t, const Number&, int m) {
                 return t.scale * (t.squared_norm - t.squared_correlation / Number(m));
               })},
              {.id = "keeps_the_correlation",
               .reading = "matched__equality",
               .words = "γ²/σ²(‖g‖² − ⟨1, g⟩²/m)",
               .agrees_when = upstream_is_orthogonal_to_x_hat(),
               .right = altered_bound([](const Terms& t, const Number&, int m) {
                 return t.scale * (t.squared_norm - t.squared_sum / Number(m));
               })},
              {.id = "gamma_once",
               .reading = "matched__equality",
               .words = "γ/σ² for γ²/σ²",
               .agrees_when = gamma_is_one(),
               .right = altered_bound([](const Terms& t, const Number& gamma, int m) {
                 return theory::gradient_magnitude_bound<Number>(t, m, one_over(m)) / gamma;
               })},
          },
  };
}

}  // namespace normproof::claims
