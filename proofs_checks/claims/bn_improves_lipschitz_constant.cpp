// Claim: without any assumptions on the weights or the loss, the batch-normalized landscape has a better Lipschitz
// constant.
//
// Source       SAN18 §4.2, before Theorem 4.1; "has effect even when σ_j = γ", there; §3.1, footnote 3: "due to the
//              existence of non-linearities, one should not expect the β-smoothness to be bounded in an absolute,
//              global sense"
// Notation     one channel; y ∈ R^m, ŷ = (y − μ)/σ, z = γŷ + β, L̂(y) = L(z), g = ∂L/∂z at z; x, x̂, dy in the code;
//              s = √(σ² + ε). A Lipschitz constant is a bound on the gradient's norm
// Hypotheses   σ² + ε ≠ 0, γ and β constant
//
//     ‖∇_y L̂‖²  ≤  ‖∇_y L‖²
//
// Why. ∇_y L̂ = (γ/s)Pg. P shortens, γ/s may lengthen: for g orthogonal to 1 and ŷ the norms are in the ratio |γ|/s
// exactly, and such g ≠ 0 exist for m ≥ 3. So at matched activations the inequality holds for every loss if γ² ≤ s²,
// and for m ≥ 3 only then, which is an assumption on the weights, for they make σ. (For m ≤ 2 nothing is orthogonal to
// 1 and ŷ, and at ε = 0 the gradient is 0 whatever γ is.) At ε = 0 nothing keeps σ from 0: ŷ is the same at y and at
// ty, t > 0, but for m ≥ 3 the gradient is 1/t times and the Hessian 1/t² times as large, so that L̂ has no Lipschitz
// constant and no β over all y even where L is linear. With ε > 0, s² ≥ ε gives ‖∇_y L̂‖² ≤ γ²/ε ‖g‖², and a constant
// batch attains it.
#include "proofs_checks/inputs/chain.hpp"
#include "proofs_checks/inputs/second_order.hpp"
#include "theory/gradients/batch_norm_compact.hpp"
#include "theory/smoothness/hessian_form.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

Number square(const Number& a) { return a * a; }
Number squared_norm(const Array<Number>& a) { return dot<Number>(a, a); }

Values squared_gradient(const Inputs& in) { return {squared_norm(reference_backward(in).dx)}; }
Side left_side() { return by_reference("‖∇_y L̂‖²", squared_gradient); }

theory::GradientMagnitudeTerms<Number> terms_of(const Inputs& in) {
  return theory::gradient_magnitude_terms(theory_batch(in), 0);
}

// Squares to be added up, from theory's x̂ and s.
struct Pieces {
  Number sum, correlation, s, gamma, sigma_squared;
};
Pieces pieces(const Inputs& in) {
  const theory::Statistics<Number> st = theory::statistics(theory_batch(in));
  Pieces p;
  for (int i = 0; i < in.sizes.batch; ++i) {
    p.sum += in("dy")(i);
    p.correlation += in("dy")(i)*st.x_hat(i, 0);
  }
  p.s = st.s(0);
  p.gamma = in.scalar("gamma");
  p.sigma_squared = st.biased_variance(0);
  return p;
}

// ‖g‖² − k²‖Pg‖² = (1 − k²)‖g‖² + k²(⟨1, g⟩²/m + (1 + ε/s²)⟨g, ŷ⟩²/m), k = γ/s, 1 − k² a square.
std::vector<SquareTerm> gap_below_sigma(const Inputs& in) {
  const Pieces p = pieces(in);
  const int m = in.sizes.batch;
  const Number share = share_of_p(in), complement = complement_of_p(in);
  std::vector<SquareTerm> terms = {{.root = share * p.sum, .denominator = m},
                                   {.root = share * p.correlation, .denominator = m},
                                   {.root = share * p.correlation / p.s, .nonnegative = {"eps"}, .denominator = m}};
  for (int i = 0; i < m; ++i) terms.push_back({.root = complement * in("dy")(i)});
  return terms;
}
// γ²/ε‖g‖² − γ²/s²‖Pg‖² = γ²σ²/(ε s²)‖g‖² + γ²/s²(⟨1, g⟩²/m + (1 + ε/s²)⟨g, ŷ⟩²/m).
std::vector<SquareTerm> gap_of_the_global_bound(const Inputs& in) {
  const Pieces p = pieces(in);
  const int m = in.sizes.batch;
  const Number sigma = sqrt(p.sigma_squared), ratio = p.gamma / p.s;
  std::vector<SquareTerm> terms = {{.root = ratio * p.sum, .denominator = m},
                                   {.root = ratio * p.correlation, .denominator = m},
                                   {.root = ratio * p.correlation / p.s, .nonnegative = {"eps"}, .denominator = m}};
  for (int i = 0; i < m; ++i)
    terms.push_back({.root = ratio * sigma * in("dy")(i) / in.scalar("eps"), .nonnegative = {"eps"}});
  return terms;
}

std::vector<InputSpec> without_gamma_with_p() {
  std::vector<InputSpec> specs;
  for (const InputSpec& spec : training_batch())
    if (spec.name != "gamma") specs.push_back(spec);
  specs.push_back({"p", Role::weight});
  return specs;
}
std::vector<InputSpec> training_batch_and(const InputSpec& more) {
  std::vector<InputSpec> specs = training_batch();
  specs.push_back(more);
  return specs;
}

Hypothesis gamma_is_sigma() {
  return imposing("gamma_is_sigma", "γ = σ", [](Inputs& in) {
    const Number radicand = reference_variance(in("x"))[0] + in.scalar("eps");
    in.set("gamma", sqrt(radicand));
  });
}
Hypothesis scale_is_one() {
  return imposing("t_one", "t = 1", [](Inputs& in) { in.set("t", Number(1)); });
}
Inputs at_t_times_y(const Inputs& in) {
  Inputs out = in;
  Array<Number> x = in("x");
  for (Eigen::Index k = 0; k < x.size(); ++k) x(k) *= in.scalar("t");
  out.set("x", x);
  return out;
}

// A linear loss.
Array<Number> no_hessian(const Inputs& in) {
  return Array<Number>::Constant(in.sizes.batch, in.sizes.batch, Number(0));
}
Number squared_form(Inputs in) {
  in.set("hessian", no_hessian(in));
  return square(second_derivative(in, in("v")));
}
Number squared_form_by_theory(const Inputs& in) {
  return square(theory::hessian_form<Number>(theory_batch(in), 0, no_hessian(in), as_vector<Number>(in("v"))));
}

// L(a) = Σ c_i a_i + q_i a_i²/2, c = g − q z: the gradient at z is g, and at y it is g + q(y − z).
Array<Number> raw_gradient(const Inputs& in) {
  const Array<Number> z = reference_batch_norm(in);
  Array<Number> slope = in("dy");
  for (Eigen::Index k = 0; k < slope.size(); ++k) slope(k) += in("q")(k) * (in("x")(k)-z(k));
  return slope;
}

Reading plain(std::string id, std::string statement, std::vector<Hypothesis> hypotheses, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = training_batch(),
          .sizes = one_channel_sizes(),
          .hypotheses = std::move(hypotheses),
          .left = left_side(),
          .relation = Relation::at_most,
          .right = by_theory("‖g‖²", [](const Inputs& in) { return Values{terms_of(in).squared_norm}; }),
          .why = std::move(why)};
}

}  // namespace

Claim bn_improves_lipschitz_constant() {
  Reading raw =
      plain("printed__raw", "‖∇_y L̂‖² ≤ ‖∇_y L‖² with ∇_y L at y, where the network without batch norm is, ε = 0",
            {eps_is_zero()}, "False where γ² > σ², and not only there: see raw__gamma_at_most_sigma.");
  raw.inputs = training_batch_and({"q", Role::upstream, Dimension::batch, Dimension::channels});
  raw.right = by_definition("‖∇L‖² at y, L(a) = Σ c_i a_i + q_i a_i²/2 with gradient g at z",
                            [](const Inputs& in) { return Values{squared_norm(raw_gradient(in))}; });

  Reading raw_below = raw;
  raw_below.id = "raw__gamma_at_most_sigma";
  raw_below.statement = "‖∇_y L̂‖² ≤ ‖∇_y L‖² with ∇_y L at y, where γ² ≤ σ², ε = 0";
  raw_below.inputs = without_gamma_with_p();
  raw_below.inputs.push_back({"q", Role::upstream, Dimension::batch, Dimension::channels});
  raw_below.hypotheses = {eps_is_zero(), gamma_is_at_most_sigma()};
  raw_below.why = "What repairs the matched inequality does not repair this one: L may be flat at y and steep at z.";

  Reading repaired = plain("repaired", "‖∇_y L̂‖² ≤ ‖∇_y L‖² where γ² ≤ s², ∇L at z, every ε ≥ 0",
                           {gamma_is_at_most_sigma()}, "P shortens and γ/s does not lengthen.");
  repaired.inputs = without_gamma_with_p();
  repaired.gap = gap_below_sigma;

  Reading even = plain("gamma_is_sigma", "‖∇_y L̂‖² = ‖g‖² − ⟨1, g⟩²/m − ⟨g, ŷ⟩²/m at γ = σ, ε = 0",
                       {eps_is_zero(), gamma_is_sigma()}, "Theorem 4.1 with 1/m: \"has effect even when σ_j = γ\".");
  even.relation = Relation::equal;
  even.right = by_theory("‖g‖² − ⟨1, g⟩²/m − ⟨g, ŷ⟩²/m", [](const Inputs& in) {
    const auto t = terms_of(in);
    const Number m(in.sizes.batch);
    return Values{t.squared_norm - t.squared_sum / m - t.squared_correlation / m};
  });

  Reading necessary =
      plain("gamma_at_most_sigma_is_needed", "‖∇_y L̂‖² = γ²/s² ‖g‖² where ⟨1, g⟩ = ⟨g, ŷ⟩ = 0, every ε ≥ 0",
            {upstream_is_centred(), upstream_is_orthogonal_to_x_hat()},
            "Such g ≠ 0 exist for m ≥ 3: with γ² > s² the inequality fails for every one of them.");
  necessary.relation = Relation::equal;
  necessary.right =
      by_theory("γ²/s² ‖g‖²", [](const Inputs& in) { return Values{terms_of(in).scale * terms_of(in).squared_norm}; });

  Reading scaling =
      plain("no_global_constant__eps_zero", "t²‖∇_y L̂(ty)‖² = ‖∇_y L̂(y)‖², the same g, ε = 0", {eps_is_zero()},
            "ŷ, and with it g, is the same at ty (t > 0): as t falls to 0 the gradient exceeds every constant (m ≥ 3; "
            "for m ≤ 2 it is 0).");
  scaling.inputs = training_batch_and({"t", Role::weight});
  scaling.relation = Relation::equal;
  scaling.left = by_reference("t²‖∇_y L̂‖² at ty", [](const Inputs& in) {
    return Values{square(in.scalar("t")) * squared_gradient(at_t_times_y(in))[0]};
  });
  scaling.right = by_theory("‖∇_y L̂‖² at y, compact form", [](const Inputs& in) {
    return Values{squared_norm(theory::compact_input_gradient(theory_batch(in)))};
  });

  Reading smoothness = plain(
      "no_global_smoothness__linear_loss", "t⁴(vᵀ(∂²L̂/∂y∂y)v)² at ty = (vᵀ(∂²L̂/∂y∂y)v)² at y, L linear, ε = 0",
      {eps_is_zero()}, "Footnote 3 blames non-linearities: the normalization is one, and unbounded without any other.");
  smoothness.inputs = training_batch_and({"t", Role::weight});
  smoothness.inputs.push_back({"v", Role::direction, Dimension::batch, Dimension::channels});
  smoothness.relation = Relation::equal;
  smoothness.left = by_reference(
      "t⁴ times the squared second derivative of the forward pass at ty",
      [](const Inputs& in) { return Values{square(square(in.scalar("t"))) * squared_form(at_t_times_y(in))}; });
  smoothness.right =
      by_theory("the closed form at y, squared", [](const Inputs& in) { return Values{squared_form_by_theory(in)}; });

  Reading global = plain("global_bound", "‖∇_y L̂‖² ≤ γ²/ε ‖g‖², every y, ε > 0", {}, "s² ≥ ε, whatever y is.");
  global.right = by_theory("γ²/ε ‖g‖²", [](const Inputs& in) {
    return Values{square(in.scalar("gamma")) / in.scalar("eps") * terms_of(in).squared_norm};
  });
  global.gap = gap_of_the_global_bound;
  Reading tight = global;
  tight.id = "global_bound_is_attained";
  tight.statement = "‖∇_y L̂‖² = γ²/ε ‖g‖² where y is constant over the batch and ⟨1, g⟩ = 0, ε > 0";
  tight.hypotheses = {constant_channels(), upstream_is_centred()};
  tight.relation = Relation::equal;
  tight.gap = {};
  tight.why = "s² = ε and ŷ = 0 there.";
  Reading better = global;
  better.id = "global_bound__below_the_loss";
  better.statement = "‖∇_y L̂‖² ≤ ‖g‖² at every y, whatever γ and ε > 0 are";
  better.right = plain("", "", {}, "").right;
  better.gap = {};
  better.hypotheses = {
      {.id = "positive_eps", .sentence = "ε > 0", .positive = [](const Inputs& in) { return in.scalar("eps"); }}};
  better.why = "A constant batch has s² = ε: L̂ keeps L's constant over all y only if γ² ≤ ε.";
  global.regions = {
      {.words = "2 samples, y₁ = 0, 1/2 ≤ y₂ ≤ 8, g₁ = 1, |g₂| ≤ 1, γ = ε = 1",
       .covers =
           "all batches of 2 with ε/16 ≤ σ² ≤ 16ε: shifts, and scales of (y, √ε), of g and of γ, change nothing; the "
           "bound is strict there",
       .ranges = {{"x[1,1]", 0, 0},
                  {"x[2,1]", 1, 16, 2},
                  {"dy[1,1]", 1, 1},
                  {"dy[2,1]", -1, 1},
                  {"gamma", 1, 1},
                  {"eps", 1, 1}},
       .sizes = {{.batch = 2}}}};

  return {
      .title = "Without any assumptions on the weights or the loss batch norm improves the Lipschitz constant",
      .sources = {{"SAN18", "§4.2, before Theorem 4.1"}, {"SAN18", "§3.1, footnote 3"}},
      .notation =
          "y one output over the batch of m, ŷ = (y − μ)/σ, z = γŷ + β, L̂(y) = L(z), g = ∂L/∂z at z, s = √(σ² + ε)",
      .why =
          "∇_y L̂ = (γ/s)Pg with ‖Pg‖ ≤ ‖g‖, and Pg = g where g is orthogonal to 1 and ŷ: the factor is |γ|/s at most, "
          "and for m ≥ 3 that for some g ≠ 0. ŷ is the same at y and ty; s is not.",
      .explain =
          "SAN18 §4.2 promises a better Lipschitz constant \"without any assumptions\". Theorem 4.1 shortens the "
          "gradient "
          "by its components along 1 and ŷ and then multiplies it by γ/σ. In a batch of m ≥ 3 samples some gradients "
          "have neither component: for them nothing is shortened, and the result is shorter only if γ² ≤ σ², an "
          "assumption on the weights, which make σ. (For m ≤ 2 and ε = 0 the gradient is 0 and the promise is kept.) "
          "The theorem compares at one point y. A Lipschitz constant is about all points, and there, for m ≥ 3, batch "
          "norm without ε does worse than any plain network: a batch that is nearly constant has σ near 0, and the "
          "gradient through it is as large as one likes, also for a linear loss; the same is true of the Hessian, with "
          "the square. It is ε that bounds both: with ε > 0 the constant of L̂ over all y is at most |γ|/√ε times that "
          "of L, and for m ≥ 2 a constant batch attains it. With the usual ε = 10⁻⁵ and γ = 1 this is 316 times worse.",
      .readings =
          {
              plain("printed__matched", "‖∇_y L̂‖² ≤ ‖∇_y L‖² with ∇_y L at z, ε = 0", {eps_is_zero()},
                    "False where γ² > σ², for every g ≠ 0 orthogonal to 1 and ŷ: there are such for m ≥ 3."),
              raw,
              raw_below,
              repaired,
              even,
              necessary,
              scaling,
              smoothness,
              global,
              tight,
              better,
          },
      .mutants =
          {
              {.id = "gamma_once",
               .reading = "gamma_at_most_sigma_is_needed",
               .words = "γ/s² ‖g‖²",
               .agrees_when = gamma_is_one(),
               .right =
                   [](const Inputs& in) {
                     return Values{terms_of(in).scale * terms_of(in).squared_norm / in.scalar("gamma")};
                   }},
              {.id = "forgets_y_hat",
               .reading = "gamma_is_sigma",
               .words = "‖g‖² − ⟨1, g⟩²/m",
               .agrees_when = upstream_is_orthogonal_to_x_hat(),
               .right =
                   [](const Inputs& in) {
                     return Values{terms_of(in).squared_norm - terms_of(in).squared_sum / Number(in.sizes.batch)};
                   }},
              {.id = "does_not_scale",
               .reading = "no_global_constant__eps_zero",
               .words = "t²‖∇_y L̂(y)‖²: as if the gradient were the same at ty",
               .agrees_when = scale_is_one(),
               .right =
                   [](const Inputs& in) {
                     return Values{square(in.scalar("t")) *
                                   squared_norm(theory::compact_input_gradient(theory_batch(in)))};
                   }},
              {.id = "scales_like_the_gradient",
               .reading = "no_global_smoothness__linear_loss",
               .words = "1/t for 1/t²",
               .agrees_when = scale_is_one(),
               .right = [](const Inputs& in) { return Values{square(in.scalar("t")) * squared_form_by_theory(in)}; }},
          },
  };
}

}  // namespace normproof::claims
