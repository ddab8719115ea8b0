// Claim: batch norm makes the loss smoother along its gradient: the quadratic form of the Hessian is rescaled by γ²/σ²
// and decreased by a multiple of ⟨ĝ, ŷ⟩.
//
// Source       SAN18 Theorem 4.2, first display (ĝ = ∇_y L̂; the left side is printed with ∂L̂/∂y∂y for ∂²L̂/∂y∂y);
//              WIKI, second inequality of its smoothness section (∇_y L for ĝ)
// Notation     one channel; y ∈ R^m a layer's outputs over the batch, ŷ = (y − μ)/σ, z = γŷ + β, L̂(y) = L(z),
//              g = ∂L/∂z, H = ∂²L/∂z∂z at z, d = ∇_y L̂; x, x̂, dy, hessian in the code; s = √(σ² + ε) where ε > 0
// Hypotheses   σ ≠ 0, ε = 0, γ and β constant. Nothing is asked of L but two derivatives.
//
//     dᵀ(∂²L̂/∂y∂y)d  ≤  γ²/σ² dᵀHd − γ/(mσ²) ⟨ĝ, ŷ⟩‖d‖²
//
// Why. theory/smoothness/hessian_form.hpp derives, for any direction v and any ε, with a = ⟨ŷ, v⟩/m and w = v − mean v,
//     vᵀ(∂²L̂/∂y∂y)v = γ²/s² (Pv)ᵀH(Pv) + (γ/s²)( −2a⟨g, w⟩ + ⟨g, ŷ⟩(3a² − ‖w‖²/m) ),   Pv = w − aŷ.
// At ε = 0 the gradient d is orthogonal to 1 and to ŷ, so that a = 0 and Pd = w = d: the right side is the printed one
// with ĝ = ∂L̂/∂z, and the inequality is an equality. With ĝ = d as SAN18 defines it the inner product ⟨d, ŷ⟩ is 0: the
// decrease is not there, and the inequality is false wherever γ⟨g, ŷ⟩ < 0. With ε > 0, d leans on ŷ and H may make of
// that what it likes.
#include "proofs_checks/inputs/second_order.hpp"
#include "theory/gradients/batch_norm_compact.hpp"
#include "theory/smoothness/hessian_form.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using Vector = theory::Vector<Number>;

// Theory's d.
Vector gradient(const Inputs& in) { return theory::compact_input_gradient(theory_batch(in)).col(0); }

Vector grad_z(const Inputs& in) { return as_vector<Number>(in("dy")); }
Vector grad_y_hat(const Inputs& in) {
  return as_vector<Number>(plus(in("dy"), in.scalar("gamma") - Number(1), in("dy")));
}
Array<Number> from_z_to_y(const Inputs& in) { return plus(in("x"), Number(-1), reference_batch_norm(in)); }
// ∇L at the raw activations y instead of z: g + H(y − z).
Vector grad_raw(const Inputs& in) {
  return as_vector<Number>(plus(in("dy"), Number(1), times(hessian(in), from_z_to_y(in))));
}

// L with one more term, Σ q_i (a_i − z_i)³/6, which adds nothing to gradient and Hessian at z, but at y it does.
Array<Number> raw_hessian(const Inputs& in) {
  Array<Number> h = hessian(in);
  const Array<Number> distance = from_z_to_y(in);
  for (Eigen::Index i = 0; i < distance.size(); ++i) h(i, i) += in("q")(i)*distance(i);
  return h;
}
Vector cubic_grad_raw(const Inputs& in) {
  Vector slope = grad_raw(in);
  const Array<Number> distance = from_z_to_y(in);
  for (Eigen::Index i = 0; i < distance.size(); ++i) slope(i) += in("q")(i)*distance(i) * distance(i) / Number(2);
  return slope;
}

using Choice = Vector (*)(const Inputs&);

Side form_along_the_gradient() {
  return by_reference("dᵀ(∂²L̂/∂y∂y)d: second derivatives of the forward pass, d by LI23 (9)–(14)",
                      [](const Inputs& in) { return Values{second_derivative(in, reference_backward(in).dx)}; });
}
Side form_along_v() {
  return by_reference("vᵀ(∂²L̂/∂y∂y)v: second derivatives of the forward pass",
                      [](const Inputs& in) { return Values{second_derivative(in, in("v"))}; });
}

Formula bound(Choice g_hat, Choice direction) {
  return [=](const Inputs& in) {
    return Values{theory::hessian_bound(theory_batch(in), 0, hessian(in), g_hat(in), direction(in))};
  };
}
Vector v_itself(const Inputs& in) { return as_vector<Number>(in("v")); }

std::vector<Sizes> sizes() { return {{.batch = 1}, {.batch = 2}, {.batch = 3}, {.batch = 4}, {.batch = 5}}; }

Reading along_the_gradient(std::string id, std::string statement, Choice g_hat, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = training_batch_and_hessian(),
          .sizes = sizes(),
          .hypotheses = {eps_is_zero()},
          .left = form_along_the_gradient(),
          .relation = Relation::at_most,
          .right = by_theory("the bound", bound(g_hat, gradient)),
          .why = std::move(why)};
}

Reading at_raw_activations(std::string id, std::string statement, Choice g_hat, std::string why) {
  Reading reading = along_the_gradient(std::move(id), std::move(statement), g_hat, std::move(why));
  reading.inputs.push_back({"q", Role::upstream, Dimension::batch, Dimension::channels});
  reading.right = by_theory("the bound with L's Hessian at y", [=](const Inputs& in) {
    return Values{theory::hessian_bound(theory_batch(in), 0, raw_hessian(in), g_hat(in), gradient(in))};
  });
  return reading;
}

std::vector<InputSpec> with_direction() {
  std::vector<InputSpec> specs = training_batch_and_hessian();
  specs.push_back({"v", Role::direction, Dimension::batch, Dimension::channels});
  return specs;
}

Hypothesis direction_is_centred() {
  return imposing("direction_centred", "⟨1, v⟩ = 0", [](Inputs& in) {
    Array<Number> v = in("v");
    const Number mean = reference_mean(v)[0];
    for (Eigen::Index i = 0; i < v.size(); ++i) v(i) -= mean;
    in.set("v", v);
  });
}
Hypothesis direction_is_orthogonal_to_y_hat() {
  return imposing("direction_orthogonal_to_y_hat", "⟨ŷ, v⟩ = 0", [](Inputs& in) {
    const Array<Number> x_hat = reference_x_hat(in);
    const Number share = dot<Number>(in("v"), x_hat) / dot<Number>(x_hat, x_hat);
    in.set("v", plus(in("v"), -share, x_hat));
  });
}

Hypothesis gamma_is_sigma() {
  return imposing("gamma_is_sigma", "γ = σ", [](Inputs& in) {
    const Number radicand = reference_variance(in("x"))[0] + in.scalar("eps");
    in.set("gamma", sqrt(radicand));
  });
}
Hypothesis beta_is_mean() {
  return imposing("beta_is_mean", "β = μ", [](Inputs& in) { in.set("beta", reference_mean(in("x"))[0]); });
}

// y = 1, −1, 1, −1 …: even batches.
Hypothesis sigma_is_one() {
  return imposing("sigma_one", "σ = 1: y = 1, −1, 1, −1 …", [](Inputs& in) {
    Array<Number> x(in.sizes.batch, 1);
    for (int i = 0; i < in.sizes.batch; ++i) x(i) = i % 2 == 0 ? Number(1) : Number(-1);
    in.set("x", x);
  });
}

// The equality's right side, γ²/σ² dᵀHd − γ/(mσ²)⟨g, ŷ⟩‖d‖², from its two parts.
struct Parts {
  Number curvature;  // dᵀHd
  Number decrease;   // ⟨g, ŷ⟩‖d‖²/m
  Number gamma, sigma;
};
Formula altered(Number (*alter)(const Parts&)) {
  return [=](const Inputs& in) {
    const theory::TrainingBatch<Number> b = theory_batch(in);
    const theory::Statistics<Number> st = theory::statistics(b);
    const Vector d = gradient(in), x_hat = st.x_hat.col(0);
    const Number decrease =
        theory::inner_product(grad_z(in), x_hat) * theory::inner_product(d, d) / Number(in.sizes.batch);
    return Values{alter({theory::quadratic_form<Number>(hessian(in), d), decrease, b.gamma(0), st.s(0)})};
  };
}

// The exact form for every direction with something added to it.
Formula form_plus(Number (*extra)(const Inputs& in, const Number& a, const Number& correlation, const Number& unit)) {
  return [=](const Inputs& in) {
    const theory::TrainingBatch<Number> b = theory_batch(in);
    const theory::Statistics<Number> st = theory::statistics(b);
    const Vector x_hat = st.x_hat.col(0);
    const Number a = theory::inner_product(x_hat, v_itself(in)) / Number(in.sizes.batch);
    const Number unit = b.gamma(0) / (st.s(0) * st.s(0));
    const Number form = theory::hessian_form<Number>(b, 0, hessian(in), v_itself(in));
    return Values{form + extra(in, a, theory::inner_product(grad_z(in), x_hat), unit)};
  };
}

}  // namespace

Claim bn_hessian_form() {
  Reading wiki = along_the_gradient(
      "printed_wiki__matched", "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/σ² dᵀHd − γ/(mσ²)⟨∇_y L, ŷ⟩‖d‖², d = ∇_y L̂, ∇L and H at z, ε = 0",
      grad_z, "At matched activations ∇_y L is ∂L̂/∂z, and the two sides are equal.");
  wiki.gap = [](const Inputs&) { return std::vector<SquareTerm>{}; };
  const std::string at_raw = "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/σ² dᵀHd − γ/(mσ²)";
  Reading raw_is_matched = at_raw_activations(
      "wiki_raw__y_is_z", at_raw + "⟨∇_y L, ŷ⟩‖d‖², ∇_y L and H at y, where γ = σ and β = μ, ε = 0", cubic_grad_raw,
      "γ = σ and β = μ make z = y: what is evaluated at y is then evaluated at z, and the two sides are equal.");
  raw_is_matched.hypotheses = {eps_is_zero(), gamma_is_sigma(), beta_is_mean()};
  raw_is_matched.gap = [](const Inputs&) { return std::vector<SquareTerm>{}; };
  Reading equality = along_the_gradient("equality__matched",
                                        "dᵀ(∂²L̂/∂y∂y)d = γ²/σ² dᵀHd − γ/(mσ²)⟨∂L̂/∂z, ŷ⟩‖d‖², d = ∇_y L̂, H at z, ε = 0",
                                        grad_z, "d is orthogonal to 1 and to ŷ, so that a = 0 and Pd = d.");
  equality.relation = Relation::equal;
  Reading with_eps = along_the_gradient(
      "without_eps_zero", "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/s² dᵀHd − γ/(ms²)⟨∂L̂/∂z, ŷ⟩‖d‖², d = ∇_y L̂, H at z, every ε ≥ 0", grad_z,
      "⟨ŷ, d⟩ = γ ε s⁻³ ⟨g, ŷ⟩ is no longer 0: with a = ⟨ŷ, d⟩/m the right side less the left one is "
      "γ²/s²(2a ŷᵀHd − a² ŷᵀHŷ) + (γ/s²)(2a⟨g, d⟩ − 3a²⟨g, ŷ⟩), which takes either sign with H.");
  with_eps.hypotheses = {};

  Reading any_direction = {
      .id = "direction__any",
      .statement = "vᵀ(∂²L̂/∂y∂y)v ≤ γ²/σ² vᵀHv − γ/(mσ²)⟨∂L̂/∂z, ŷ⟩‖v‖² for every direction v, ε = 0",
      .inputs = with_direction(),
      .sizes = sizes(),
      .hypotheses = {eps_is_zero()},
      .left = form_along_v(),
      .relation = Relation::at_most,
      .right = by_theory("the bound with v for d", bound(grad_z, v_itself)),
      .why = "L̂ does not change along 1, so the left side is 0 at v = 1 whatever the right side is."};
  Reading orthogonal = any_direction;
  orthogonal.id = "direction__orthogonal_to_1_and_y_hat";
  orthogonal.statement = "vᵀ(∂²L̂/∂y∂y)v = γ²/s² vᵀHv − γ/(ms²)⟨∂L̂/∂z, ŷ⟩‖v‖² where ⟨1, v⟩ = ⟨ŷ, v⟩ = 0, every ε ≥ 0";
  orthogonal.hypotheses = {direction_is_centred(), direction_is_orthogonal_to_y_hat()};
  orthogonal.relation = Relation::equal;
  orthogonal.why = "a = 0 and Pv = w = v. That, and not that v is the gradient, is what the theorem needs.";
  Reading exact = any_direction;
  exact.id = "every_direction";
  exact.statement =
      "vᵀ(∂²L̂/∂y∂y)v = γ²/s² (Pv)ᵀH(Pv) + (γ/s²)(−2a⟨g, w⟩ + ⟨g, ŷ⟩(3a² − ‖w‖²/m)), every v and ε ≥ 0; "
      "a = ⟨ŷ, v⟩/m, w = v − mean v, Pv = w − aŷ";
  exact.hypotheses = {};
  exact.relation = Relation::equal;
  exact.right = by_theory("the closed form", [](const Inputs& in) {
    return Values{theory::hessian_form<Number>(theory_batch(in), 0, hessian(in), v_itself(in))};
  });
  exact.why = "The second derivative of c/s along v, c the centred batch.";

  return {
      .title = "Along the gradient batch norm rescales the loss Hessian by γ²/σ² and takes a multiple of ⟨ĝ, ŷ⟩ off it",
      .sources = {{"SAN18", "Theorem 4.2, first display"}, {"WIKI", "smoothness, second inequality"}},
      .notation =
          "y one output over the batch of m, ŷ = (y − μ)/σ, z = γŷ + β, L̂(y) = L(z), g = ∂L/∂z and H = ∂²L/∂z∂z at z, "
          "d = ∇_y L̂, s = √(σ² + ε)",
      .why =
          "Along y + tv, ŷ″ = (1/s²)(−2a w + ŷ(3a² − ‖w‖²/m)) and ŷ′ = Pv/s with a = ⟨ŷ, v⟩/m, w = v − mean v, "
          "Pv = w − aŷ; the second derivative of L(z) is γ²ŷ′ᵀHŷ′ + γ⟨g, ŷ″⟩. At ε = 0, d is orthogonal to 1 and ŷ: a "
          "= 0, "
          "Pd = w = d, and what is left is γ²/σ² dᵀHd − γ/(mσ²)⟨g, ŷ⟩‖d‖².",
      .explain =
          "Batch norm sends every batch to a sphere: ŷ has mean 0 and length √m. Moving along the gradient by t, the "
          "point on the sphere moves by t/σ, so the loss's own curvature H is felt with the factor γ²/σ²; and "
          "because the sphere bends towards its centre, the gradient g adds its component along −ŷ. That is the "
          "whole of Theorem 4.2, and it is an equality. Everything hangs on which gradient ĝ is. It has to be "
          "∂L̂/∂z, the gradient after the layer; at matched activations WIKI's ∇_y L is that. SAN18 defines ĝ as ∇_y "
          "L̂, the gradient before the layer, which is orthogonal to ŷ: the decrease it promises is then 0, and "
          "where g points inwards (γ⟨g, ŷ⟩ < 0) the inequality is false. The sign matters: the term makes the "
          "network smoother only where γ⟨g, ŷ⟩ > 0, and rougher elsewhere. With ε > 0 the gradient is no longer "
          "orthogonal to ŷ and no inequality is left; the formula for every direction and every ε is the reading "
          "every_direction. Both documents write H = ∂²L/∂y∂y, to the letter the Hessian at the activations y of the "
          "network without batch norm. The normalized network is at z = γŷ + β instead, and unless L is quadratic "
          "the Hessian at y says nothing about the one at z: taken literally both forms fail.",
      .readings =
          {
              along_the_gradient(
                  "printed_san18__matched",
                  "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/σ² dᵀHd − γ/(mσ²)⟨ĝ, ŷ⟩‖d‖², ĝ = d = ∇_y L̂ as printed, H at z, ε = 0", gradient,
                  "⟨d, ŷ⟩ = 0: the right side is γ²/σ² dᵀHd alone, and the left one exceeds it by "
                  "−γ/(mσ²)⟨g, ŷ⟩‖d‖² wherever γ⟨g, ŷ⟩ < 0. With ĝ = ∂L̂/∂z the sides are equal."),
              along_the_gradient("printed_san18__normalized__matched",
                                 "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/σ² dᵀHd − γ/(mσ²)⟨ĝ, ŷ⟩‖d‖², ĝ = ∂L̂/∂ŷ (by the \"normalized "
                                 "activations\"), H at z, ε = 0",
                                 grad_y_hat, "∂L̂/∂ŷ = γ ∂L̂/∂z: γ is then counted twice. Right at γ = 1 only."),
              wiki,
              along_the_gradient(
                  "printed_wiki__raw",
                  "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/σ² dᵀHd − γ/(mσ²)⟨∇_y L, ŷ⟩‖d‖², d = ∇_y L̂, ∇_y L at y, L quadratic, ε = 0",
                  grad_raw, "Where L curves, its gradient at y says nothing about its gradient at z."),
              at_raw_activations("printed_san18__raw",
                                 at_raw + "⟨ĝ, ŷ⟩‖d‖², ĝ = d = ∇_y L̂, H = ∂²L/∂y∂y at y as printed, ε = 0", gradient,
                                 "⟨d, ŷ⟩ = 0, and the left side depends on L's Hessian at z alone: wherever L has a "
                                 "third derivative, its Hessian at y may be as much smaller as one likes."),
              at_raw_activations("printed_wiki__raw__hessian",
                                 at_raw + "⟨∇_y L, ŷ⟩‖d‖², d = ∇_y L̂, both ∇_y L and H at y, ε = 0", cubic_grad_raw,
                                 "Both are read at y, where the normalized network is not; it is at z = γŷ + β. They "
                                 "are the same point where γ = σ and β = μ: wiki_raw__y_is_z."),
              at_raw_activations("raw_hessian__matched_gradient",
                                 at_raw + "⟨∂L̂/∂z, ŷ⟩‖d‖², the right ĝ with H = ∂²L/∂y∂y at y, ε = 0", grad_z,
                                 "With the right gradient it is H alone that fails: L̂ bends as L does at z."),
              raw_is_matched,
              equality,
              with_eps,
              any_direction,
              orthogonal,
              exact,
          },
      .mutants =
          {
              {.id = "forgets_the_sphere",
               .reading = "equality__matched",
               .words = "γ²/σ² dᵀHd alone",
               .agrees_when = upstream_is_orthogonal_to_x_hat(),
               .right = altered([](const Parts& p) { return p.gamma * p.gamma * p.curvature / (p.sigma * p.sigma); })},
              {.id = "gamma_squared_in_both_terms",
               .reading = "equality__matched",
               .words = "γ²/(mσ²)⟨g, ŷ⟩‖d‖² for γ/(mσ²)⟨g, ŷ⟩‖d‖²",
               .agrees_when = gamma_is_one(),
               .right = altered([](const Parts& p) {
                 return p.gamma * p.gamma * (p.curvature - p.decrease) / (p.sigma * p.sigma);
               })},
              {.id = "sigma_once_in_the_decrease",
               .reading = "equality__matched",
               .words = "γ/(mσ)⟨g, ŷ⟩‖d‖² for γ/(mσ²)⟨g, ŷ⟩‖d‖²",
               .agrees_when = sigma_is_one(),
               .right = altered([](const Parts& p) {
                 return p.gamma * p.gamma * p.curvature / (p.sigma * p.sigma) - p.gamma * p.decrease / p.sigma;
               }),
               .agreeing_sizes = {{.batch = 4}}},
              {.id = "sphere_without_its_radius",
               .reading = "every_direction",
               .words = "a² for 3a²",
               .agrees_when = direction_is_orthogonal_to_y_hat(),
               .right = form_plus([](const Inputs&, const Number& a, const Number& correlation, const Number& unit) {
                 return -Number(2) * unit * a * a * correlation;
               })},
              {.id = "whole_length",
               .reading = "every_direction",
               .words = "‖v‖²/m for ‖w‖²/m",
               .agrees_when = direction_is_centred(),
               .right = form_plus([](const Inputs& in, const Number&, const Number& correlation, const Number& unit) {
                 const Number mean = reference_mean(in("v"))[0];
                 return -unit * correlation * mean * mean;
               })},
          },
  };
}

}  // namespace normproof::claims
