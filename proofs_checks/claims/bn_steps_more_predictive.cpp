// Claim: under two non-negativity conditions the gradient steps of a network with batch norm are more predictive, and
// the second condition holds as long as the negative gradient points towards the minimum.
//
// Source       SAN18 §4.2, after Theorem 4.2: "if the quadratic forms involving the Hessian and the inner product
//              ⟨ŷ_j, ĝ_j⟩ are non-negative (both fairly mild assumptions), the theorem implies more predictive
//              gradients … The condition ⟨ŷ_j, ĝ_j⟩ > 0 holds as long as the negative gradient ĝ_j is pointing towards
//              the minimum of the loss (w.r.t. normalized activations). Overall, as long as these two conditions hold,
//              the steps taken by the BatchNorm network are more predictive than those of the standard network". WIKI:
//              "the inner product is positive if [a lost symbol] is in the direction towards the minimum of the loss"
// Notation     one channel; y ∈ R^m, ŷ = (y − μ)/σ, z = γŷ + β, L̂(y) = L(z), g = ∂L/∂z and H = ∂²L/∂z∂z at z,
//              d = ∇_y L̂, ĝ = g unless a reading says otherwise; x, x̂, dy, hessian in the code. The second-order term
//              of the Taylor expansion along a gradient step −ηd is η²/2 times dᵀ(∂²L̂/∂y∂y)d, without batch norm gᵀHg
//              for −ηg
// Hypotheses   σ ≠ 0, ε = 0, γ and β constant
//
//     ⟨ŷ, ĝ⟩ ≥ 0 and dᵀHd, gᵀHg ≥ 0   ⟹   the second-order term is smaller with batch norm
//     −ĝ points towards the minimum    ⟹   ⟨ŷ, ĝ⟩ > 0
//
// Why. dᵀ(∂²L̂/∂y∂y)d = γ²/σ² dᵀHd − γ⟨ŷ, g⟩‖d‖²/(mσ²) (bn_hessian_form). So γ⟨ŷ, g⟩ ≥ 0 is enough, and needed, for the
// term to be at most γ²/σ² dᵀHd; nothing is asked of H. The condition is on γ⟨ŷ, g⟩, not on ⟨ŷ, g⟩. For at most dᵀHd,
// the term of the same step without batch norm, dᵀHd ≥ 0 and γ² ≤ σ² are enough. For at most gᵀHg, the step of the
// other network, that is not enough however convex L is: H may be curved along d and flat along g.
// If ĝ = k(ŷ − ŷ*) with k > 0, the negative gradient points straight at ŷ*, and ⟨ŷ, ĝ⟩ = k(m − ⟨ŷ, ŷ*⟩): positive for a
// minimum on this side of the plane that touches the sphere at ŷ, negative beyond it. A minimum that is itself
// normalized lies on this side: ⟨ŷ, ĝ⟩ = k/2 ‖ŷ − ŷ*‖². ⟨ŷ, g⟩ = ∂L̂/∂γ says the same of γ: the condition holds where a
// smaller |γ| would lower the loss, and is an equality where γ is stationary.
#include "proofs_checks/inputs/second_order.hpp"
#include "theory/gradients/batch_norm_compact.hpp"
#include "theory/smoothness/hessian_form.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using Vector = theory::Vector<Number>;

Number square(const Number& a) { return a * a; }
Number squared_norm(const Array<Number>& a) { return dot<Number>(a, a); }
Number sigma(const Inputs& in) {
  const Number radicand = reference_variance(in("x"))[0] + in.scalar("eps");
  return sqrt(radicand);
}
Vector gradient(const Inputs& in) { return theory::compact_input_gradient(theory_batch(in)).col(0); }
Number form(const Array<Number>& h, const Array<Number>& v) { return dot<Number>(v, times(h, v)); }

Side form_along_the_gradient() {
  return by_reference("dᵀ(∂²L̂/∂y∂y)d: second derivatives of the forward pass, d by LI23 (9)–(14)",
                      [](const Inputs& in) { return Values{second_derivative(in, reference_backward(in).dx)}; });
}

// γ²/σ² dᵀHd, dᵀHd and gᵀHg by theory.
struct Forms {
  Number scale, ratio, along_d, along_g;
};
Formula from_forms(Number (*choose)(const Forms&)) {
  return [=](const Inputs& in) {
    const theory::TrainingBatch<Number> b = theory_batch(in);
    const Vector d = gradient(in), g = b.dy.col(0);
    const Number ratio = b.gamma(0) / theory::statistics(b).s(0);
    return Values{choose({square(ratio), ratio, theory::quadratic_form<Number>(hessian(in), d),
                          theory::quadratic_form<Number>(hessian(in), g)})};
  };
}
Number scaled_form(const Forms& f) { return f.scale * f.along_d; }
Number own_step(const Forms& f) { return f.along_g; }

std::vector<InputSpec> with(std::vector<InputSpec> specs, const std::vector<InputSpec>& more) {
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}
std::vector<InputSpec> without(const std::vector<InputSpec>& specs, const std::string& name) {
  std::vector<InputSpec> kept;
  for (const InputSpec& spec : specs)
    if (spec.name != name) kept.push_back(spec);
  return kept;
}
const InputSpec excess = {"e", Role::variance};
const InputSpec hessian_root = {"root", Role::weight, Dimension::batch, Dimension::batch};

// H := RᵀR: all quadratic forms involving the Hessian are ≥ 0.
Hypothesis convex_loss() {
  return imposing("hessian_psd", "H is PSD (H = RᵀR)", [](Inputs& in) {
    const Array<Number>& root = in("root");
    Array<Number> h = Array<Number>::Constant(root.cols(), root.cols(), Number(0));
    for (Eigen::Index i = 0; i < h.rows(); ++i)
      for (Eigen::Index k = 0; k < h.cols(); ++k)
        for (Eigen::Index l = 0; l < root.rows(); ++l) h(i, k) += root(l, i) * root(l, k);
    in.set("hessian", h);
  });
}
// dy changed along x̂ until ⟨dy, x̂⟩ is `wanted`.
void set_correlation(Inputs& in, const Number& wanted) {
  const Array<Number> y_hat = reference_x_hat(in);
  in.set("dy", plus(in("dy"), (wanted - dot<Number>(in("dy"), y_hat)) / squared_norm(y_hat), y_hat));
}
Hypothesis correlation_is_nonnegative() {
  return imposing("correlation_nonnegative", "⟨ŷ, ĝ⟩ ≥ 0 (= e)",
                  [](Inputs& in) { set_correlation(in, in.scalar("e")); });
}
// ⟨ŷ, g⟩ = γe, e ≥ 0.
Hypothesis decrease_is_nonnegative() {
  return imposing("decrease_nonnegative", "γ⟨ŷ, ĝ⟩ ≥ 0 (⟨ŷ, ĝ⟩ = γe, e ≥ 0)",
                  [](Inputs& in) { set_correlation(in, in.scalar("gamma") * in.scalar("e")); });
}
Hypothesis gamma_is_positive() {
  return {.id = "gamma_positive", .sentence = "γ > 0", .positive = [](const Inputs& in) { return in.scalar("gamma"); }};
}
Hypothesis gamma_is_sigma() {
  return imposing("gamma_is_sigma", "γ = σ", [](Inputs& in) { in.set("gamma", sigma(in)); });
}
// dᵀHd = h: H = Q + α ddᵀ for any symmetric Q.
Hypothesis form_is_nonnegative() {
  return imposing("form_nonnegative", "dᵀHd ≥ 0 (= h)", [](Inputs& in) {
    const Array<Number> d = reference_backward(in).dx;
    Array<Number> h = hessian(in);
    const Number factor = (in.scalar("h") - form(h, d)) / square(squared_norm(d));
    for (Eigen::Index i = 0; i < h.rows(); ++i)
      for (Eigen::Index k = 0; k < h.cols(); ++k) h(i, k) += factor * d(i) * d(k);
    in.set("hessian", h);
  });
}
Hypothesis multiple_of_the_identity() {
  return imposing("multiple_of_the_identity", "H = rI, r ≥ 0", [](Inputs& in) {
    Array<Number> h = Array<Number>::Constant(in.sizes.batch, in.sizes.batch, Number(0));
    for (Eigen::Index i = 0; i < h.rows(); ++i) h(i, i) = in.scalar("r");
    in.set("hessian", h);
  });
}

std::vector<Sizes> sizes() { return {{.batch = 2}, {.batch = 3}, {.batch = 4}}; }

Reading steps(std::string id, std::string statement, std::vector<Hypothesis> hypotheses, Number (*right)(const Forms&),
              std::string right_words, std::string why) {
  std::vector<Hypothesis> all = {eps_is_zero()};
  all.insert(all.end(), hypotheses.begin(), hypotheses.end());
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = with(training_batch_and_hessian(), {hessian_root, excess}),
          .sizes = sizes(),
          .hypotheses = std::move(all),
          .left = form_along_the_gradient(),
          .relation = Relation::at_most,
          .right = by_theory(std::move(right_words), from_forms(right)),
          .why = std::move(why)};
}

// γ⟨ŷ, g⟩‖d‖²/(mσ²) = (γ/σ)² e‖d‖²/m.
void add_decrease(const Inputs& in, std::vector<SquareTerm>& terms) {
  const Array<Number> d = reference_backward(in).dx;
  const Number ratio = in.scalar("gamma") / sigma(in);
  for (Eigen::Index i = 0; i < d.size(); ++i)
    terms.push_back({.root = ratio * d(i), .nonnegative = {"e"}, .denominator = in.sizes.batch});
}
std::vector<SquareTerm> gap_of_decrease(const Inputs& in) {
  std::vector<SquareTerm> terms;
  add_decrease(in, terms);
  return terms;
}
// and (1 − γ²/σ²) h.
std::vector<SquareTerm> gap_of_same_step(const Inputs& in) {
  std::vector<SquareTerm> terms = {{.root = complement_of_p(in), .nonnegative = {"h"}}};
  add_decrease(in, terms);
  return terms;
}
// With ε > 0, n = g − ⟨g⟩1 − αŷ, α = ⟨g, ŷ⟩/‖ŷ‖², q = ε/s² and Pd = (γ/s)(n + αq²ŷ), the form is γ²/s² (Pd)ᵀH(Pd) less
// (e/m)(γ/s)⁴ ( (1 + 2q)‖n‖² + 3q‖αqŷ‖² ).
struct Split {
  Array<Number> n, along;  // n and αŷ
  Number sum, correlation, s, ratio, q;
};
Split split(const Inputs& in) {
  const Array<Number> y_hat = reference_x_hat(in);
  const Number s = sigma(in), correlation = dot<Number>(in("dy"), y_hat);
  Split parts = {in("dy"), y_hat, Number(0), correlation, s, in.scalar("gamma") / s, in.scalar("eps") / square(s)};
  for (Eigen::Index i = 0; i < y_hat.size(); ++i) {
    parts.sum += in("dy")(i);
    parts.along(i) = y_hat(i) * correlation / squared_norm(y_hat);
  }
  for (Eigen::Index i = 0; i < y_hat.size(); ++i) parts.n(i) -= parts.sum / Number(in.sizes.batch) + parts.along(i);
  return parts;
}
std::vector<SquareTerm> gap_with_eps(const Inputs& in) {
  const Split p = split(in);
  const int m = in.sizes.batch;
  const Number factor = square(p.ratio);
  std::vector<SquareTerm> terms;
  for (int i = 0; i < m; ++i) {
    terms.push_back({.root = factor * p.n(i), .nonnegative = {"e"}, .denominator = m});
    terms.push_back({.root = factor * p.n(i) / p.s, .nonnegative = {"e", "eps"}, .numerator = 2, .denominator = m});
    terms.push_back(
        {.root = factor * p.q * p.along(i) / p.s, .nonnegative = {"e", "eps"}, .numerator = 3, .denominator = m});
  }
  return terms;
}
// and r(‖g‖² − γ²/s²‖Pd‖²) = r( ⟨1, g⟩²/m + (1 − γ⁴/s⁴)‖n + αŷ‖² + γ⁴/s⁴ (1 − q⁴)‖αŷ‖² ); 1 − γ⁴/s⁴ is
// (1 − γ²/s²)(1 + γ²/s²), and (1 − q⁴)‖αŷ‖² is (1 + q + q² + q³)⟨g, ŷ⟩²/m.
std::vector<SquareTerm> gap_of_own_step(const Inputs& in) {
  const Split p = split(in);
  const int m = in.sizes.batch;
  const Number complement = complement_of_p(in), bent = square(p.ratio) * p.correlation;
  std::vector<SquareTerm> terms = gap_with_eps(in);
  terms.push_back({.root = p.sum, .nonnegative = {"r"}, .denominator = m});
  terms.push_back({.root = bent, .nonnegative = {"r"}, .denominator = m});
  terms.push_back({.root = bent / p.s, .nonnegative = {"r", "eps"}, .denominator = m});
  terms.push_back({.root = bent * p.q, .nonnegative = {"r"}, .denominator = m});
  terms.push_back({.root = bent * p.q / p.s, .nonnegative = {"r", "eps"}, .denominator = m});
  for (int i = 0; i < m; ++i) {
    const Number centred = p.n(i) + p.along(i);
    terms.push_back({.root = complement * centred, .nonnegative = {"r"}});
    terms.push_back({.root = complement * p.ratio * centred, .nonnegative = {"r"}});
  }
  return terms;
}

// The minimum ŷ* = `target`, and a loss with the gradient ĝ at ŷ.
std::vector<InputSpec> minimum(const std::vector<InputSpec>& more = {}) {
  return with({{"x", Role::activation, Dimension::batch, Dimension::one},
               {"target", Role::target, Dimension::batch, Dimension::one},
               {"dy", Role::upstream, Dimension::batch, Dimension::one},
               {"gamma", Role::scale, Dimension::one, Dimension::one},
               {"beta", Role::shift, Dimension::one, Dimension::one},
               {"eps", Role::epsilon}},
              more);
}
Array<Number> distance_to_minimum(const Inputs& in) { return plus(reference_x_hat(in), Number(-1), in("target")); }
// ĝ := k(ŷ − ŷ*).
Hypothesis towards_the_minimum() {
  return imposing("towards_the_minimum", "−ĝ = k(ŷ* − ŷ), k ≥ 0", [](Inputs& in) {
    Array<Number> g = distance_to_minimum(in);
    for (Eigen::Index i = 0; i < g.size(); ++i) g(i) *= in.scalar("k");
    in.set("dy", g);
  });
}
Hypothesis away_from_the_minimum() {
  return imposing("away_from_the_minimum", "ĝ = k(ŷ* − ŷ), k ≥ 0", [](Inputs& in) {
    Array<Number> g = distance_to_minimum(in);
    for (Eigen::Index i = 0; i < g.size(); ++i) g(i) *= -in.scalar("k");
    in.set("dy", g);
  });
}
// ĝ := RᵀR(ŷ − ŷ*).
Hypothesis convex_with_this_minimum() {
  return imposing("convex_with_this_minimum", "L = ½‖R(ŷ − ŷ*)‖²: convex, least at ŷ*", [](Inputs& in) {
    const Array<Number>& root = in("root");
    const Array<Number> image = times(root, distance_to_minimum(in));
    Array<Number> g = image;
    for (Eigen::Index i = 0; i < g.size(); ++i) {
      g(i) = Number(0);
      for (Eigen::Index l = 0; l < g.size(); ++l) g(i) += root(l, i) * image(l);
    }
    in.set("dy", g);
  });
}
Array<Number> reflected(const Array<Number>& v, const Array<Number>& normal) {
  return plus(v, -Number(2) * dot<Number>(v, normal) / squared_norm(normal), normal);
}
// Every vector that is as long as ŷ is a reflection of it.
Hypothesis minimum_within_the_sphere() {
  return imposing("minimum_within_the_sphere", "‖ŷ*‖ ≤ ‖ŷ‖: ŷ* = 2p/(1 + p²) times a reflection of ŷ", [](Inputs& in) {
    Array<Number> target = reflected(reference_x_hat(in), in("target"));
    for (Eigen::Index i = 0; i < target.size(); ++i) target(i) *= share_of_p(in);
    in.set("target", target);
  });
}
// Mean 0 and as long as ŷ: a reflection of it along a centred vector.
Hypothesis minimum_is_normalized() {
  return imposing("minimum_normalized", "ŷ* is normalized as ŷ is: mean 0, ‖ŷ*‖ = ‖ŷ‖", [](Inputs& in) {
    Array<Number> normal = in("target");
    const Number mean = reference_mean(normal)[0];
    for (Eigen::Index i = 0; i < normal.size(); ++i) normal(i) -= mean;
    in.set("target", reflected(reference_x_hat(in), normal));
  });
}
Side zero() {
  return by_definition("0", [](const Inputs&) { return Values{Number(0)}; });
}
Side correlation_side() {
  return by_reference("⟨ŷ, ĝ⟩, ŷ by LI23 Algorithm 1",
                      [](const Inputs& in) { return Values{dot<Number>(reference_x_hat(in), in("dy"))}; });
}
// k(‖ŷ‖² − ⟨ŷ, ŷ*⟩) = k/2 ‖ŷ − ŷ*‖² + k/2 (‖ŷ‖² − ‖ŷ*‖²).
std::vector<SquareTerm> gap_within_the_sphere(const Inputs& in) {
  const Array<Number> y_hat = reference_x_hat(in), apart = distance_to_minimum(in);
  std::vector<SquareTerm> terms;
  for (Eigen::Index i = 0; i < y_hat.size(); ++i) {
    terms.push_back({.root = apart(i), .nonnegative = {"k"}, .denominator = 2});
    terms.push_back({.root = complement_of_p(in) * y_hat(i), .nonnegative = {"k"}, .denominator = 2});
  }
  return terms;
}

// k(m − ⟨ŷ, ŷ*⟩), altered.
struct Minimum {
  Number k, m, inner, length;  // ⟨ŷ, ŷ*⟩, ‖ŷ*‖²
};
Formula from_minimum(Number (*combine)(const Minimum&)) {
  return [=](const Inputs& in) {
    const theory::TrainingBatch<Number> b = theory_batch(in);
    const Vector x_hat = theory::statistics(b).x_hat.col(0), target = as_vector<Number>(in("target"));
    return Values{combine({in.scalar("k"), Number(in.sizes.batch), theory::inner_product(x_hat, target),
                           theory::inner_product(target, target)})};
  };
}

}  // namespace

Claim bn_steps_more_predictive() {
  const InputSpec k = {"k", Role::variance}, p = {"p", Role::weight};

  Reading printed = steps(
      "printed_san18__own_steps",
      "dᵀ(∂²L̂/∂y∂y)d ≤ gᵀHg where ⟨ŷ, ĝ⟩ ≥ 0, H is PSD and γ > 0, ĝ = g = ∂L̂/∂z, H at z, ε = 0",
      {convex_loss(), correlation_is_nonnegative(), gamma_is_positive()}, own_step, "gᵀHg",
      "d may be longer than g (γ > σ), and H may be curved along d and flat along g. The conditions forbid neither.");
  Reading same_scale = printed;
  same_scale.id = "printed_san18__own_steps__gamma_is_sigma";
  same_scale.statement = "dᵀ(∂²L̂/∂y∂y)d ≤ gᵀHg where ⟨ŷ, ĝ⟩ ≥ 0, H is PSD and γ = σ > 0, ĝ = g = ∂L̂/∂z, H at z, ε = 0";
  same_scale.hypotheses = {eps_is_zero(), convex_loss(), gamma_is_sigma(), correlation_is_nonnegative(),
                           gamma_is_positive()};
  same_scale.why =
      "H = uuᵀ with u ⟂ g: gᵀHg = 0, while ⟨d, u⟩² is not 0. With β = μ besides, z = y: to take ∇L and H at y does not "
      "help.";
  Reading relative = printed;
  relative.id = "printed_san18__relative_to_the_first_order";
  relative.statement =
      "dᵀ(∂²L̂/∂y∂y)d ‖g‖² ≤ gᵀHg ‖d‖² (second order over first order) where ⟨ŷ, ĝ⟩ ≥ 0, H is PSD and γ > 0, H at z, ε "
      "= 0";
  relative.left = by_reference("dᵀ(∂²L̂/∂y∂y)d ‖g‖²: second derivatives of the forward pass", [](const Inputs& in) {
    return Values{second_derivative(in, reference_backward(in).dx) * squared_norm(in("dy"))};
  });
  relative.right = by_theory("gᵀHg ‖d‖²", [](const Inputs& in) {
    const Vector d = gradient(in), g = as_vector<Number>(in("dy"));
    return Values{theory::quadratic_form<Number>(hessian(in), g) * theory::inner_product(d, d)};
  });
  relative.why = "The same: the two steps go in different directions, and H says what it likes in each.";
  Reading as_defined = printed;
  as_defined.id = "printed_san18__as_defined";
  as_defined.statement =
      "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/σ² dᵀHd where ⟨ŷ, ĝ⟩ ≥ 0 with ĝ = d = ∇_y L̂, as Theorem 4.2 defines ĝ, H is PSD, γ > 0, ε = "
      "0";
  as_defined.hypotheses = {eps_is_zero(), convex_loss(), gamma_is_positive()};
  as_defined.right = by_theory("γ²/σ² dᵀHd", from_forms(scaled_form));
  as_defined.why = "⟨ŷ, d⟩ = 0 always: the condition is met and says nothing. Where ⟨ŷ, g⟩ < 0 the term grows.";

  Reading decrease =
      steps("decrease_nonnegative", "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/σ² dᵀHd where γ⟨ŷ, ĝ⟩ ≥ 0, ĝ = ∂L̂/∂z, any H at z, ε = 0",
            {decrease_is_nonnegative()}, scaled_form, "γ²/σ² dᵀHd",
            "What is left is γ⟨ŷ, ĝ⟩‖d‖²/(mσ²): the condition cannot be weakened where d ≠ 0.");
  decrease.inputs = with(training_batch_and_hessian(), {excess});
  decrease.gap = gap_of_decrease;
  Reading every_eps = decrease;
  every_eps.id = "decrease_nonnegative__every_eps";
  every_eps.statement =
      "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/s² (Pd)ᵀH(Pd) where γ⟨ŷ, ĝ⟩ ≥ 0, Pd = d − ŷ⟨ŷ, d⟩/m, ĝ = ∂L̂/∂z, any H at z, every ε ≥ 0";
  every_eps.hypotheses = {decrease_is_nonnegative()};
  every_eps.right = by_theory("γ²/s² (Pd)ᵀH(Pd)", [](const Inputs& in) {
    const theory::TrainingBatch<Number> b = theory_batch(in);
    const theory::Statistics<Number> st = theory::statistics(b);
    const Vector x_hat = st.x_hat.col(0);
    Vector projected = gradient(in);
    const Number share = theory::inner_product(x_hat, projected) / Number(in.sizes.batch);
    for (Eigen::Index i = 0; i < projected.size(); ++i) projected(i) -= share * x_hat(i);
    return Values{square(b.gamma(0) / st.s(0)) * theory::quadratic_form<Number>(hessian(in), projected)};
  });
  every_eps.gap = gap_with_eps;
  every_eps.why =
      "With ε > 0 the gradient leans on ŷ, and what z feels is Pd. The rest of the form is still at most 0: with g = "
      "⟨g⟩1 + αŷ + n and q = ε/s² it is −γ⟨ŷ, g⟩(γ/s²)²((1 + 2q)‖n‖² + 3q‖αqŷ‖²)/m.";
  Reading sign = decrease;
  sign.id = "without_positive_gamma";
  sign.statement = "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/σ² dᵀHd where ⟨ŷ, ĝ⟩ ≥ 0 as printed, ĝ = ∂L̂/∂z, γ of any sign, ε = 0";
  sign.hypotheses = {eps_is_zero(), correlation_is_nonnegative()};
  sign.gap = {};
  sign.why = "The decrease is γ⟨ŷ, ĝ⟩‖d‖²/(mσ²): for γ < 0 it is an increase.";
  Reading same_step = decrease;
  same_step.id = "same_step__gamma_at_most_sigma";
  same_step.statement =
      "dᵀ(∂²L̂/∂y∂y)d ≤ dᵀHd, the term of the same step without batch norm, where γ⟨ŷ, ĝ⟩ ≥ 0, dᵀHd ≥ 0, γ² ≤ σ², ε = 0";
  same_step.inputs = with(training_batch_and_hessian(), {excess, p, {"h", Role::variance}});
  same_step.sizes = {{.batch = 3}, {.batch = 4}};
  same_step.hypotheses = {eps_is_zero(), gamma_is_at_most_sigma(), decrease_is_nonnegative(), form_is_nonnegative()};
  same_step.right = by_theory("dᵀHd", from_forms([](const Forms& f) { return f.along_d; }));
  same_step.gap = gap_of_same_step;
  same_step.why = "(1 − γ²/σ²)dᵀHd is left besides. These are the paper's two conditions, and γ² ≤ σ².";
  Reading isotropic = decrease;
  isotropic.id = "own_steps__same_curvature__gamma_at_most_sigma";
  isotropic.statement = "dᵀ(∂²L̂/∂y∂y)d ≤ gᵀHg where γ⟨ŷ, ĝ⟩ ≥ 0, H = rI, r ≥ 0, γ² ≤ s², ĝ = g = ∂L̂/∂z, every ε ≥ 0";
  isotropic.inputs =
      with(without(training_batch_and_hessian(), "hessian"), {hessian_spec(), excess, p, {"r", Role::variance}});
  isotropic.hypotheses = {gamma_is_at_most_sigma(), decrease_is_nonnegative(), multiple_of_the_identity()};
  isotropic.right = by_theory("gᵀHg", from_forms(own_step));
  isotropic.gap = gap_of_own_step;
  isotropic.why = "r(‖g‖² − γ²/s²‖Pd‖²) is left besides, and Pd is no longer than g.";

  Reading towards = {.id = "printed_san18__towards_the_minimum",
                     .statement = "0 ≤ ⟨ŷ, ĝ⟩ where −ĝ = k(ŷ* − ŷ), k ≥ 0: it points straight at the minimum ŷ*, ε = 0",
                     .inputs = minimum({k}),
                     .sizes = sizes(),
                     .hypotheses = {eps_is_zero(), towards_the_minimum()},
                     .left = zero(),
                     .relation = Relation::at_most,
                     .right = correlation_side(),
                     .why = "⟨ŷ, ĝ⟩ = k(m − ⟨ŷ, ŷ*⟩) is negative for a minimum farther out, such as ŷ* = 2ŷ."};
  Reading normalized = towards;
  normalized.id = "printed_san18__towards_the_minimum__normalized";
  normalized.statement =
      "0 ≤ ⟨ŷ, ĝ⟩ where −ĝ = k(ŷ* − ŷ), k ≥ 0, and ŷ* is the minimum among normalized activations: mean 0, ‖ŷ*‖² = m, "
      "ε = 0";
  normalized.hypotheses = {eps_is_zero(), minimum_is_normalized(), towards_the_minimum()};
  normalized.gap = [](const Inputs& in) {
    std::vector<SquareTerm> terms;
    for (const Number& entry : row_major(distance_to_minimum(in)))
      terms.push_back({.root = entry, .nonnegative = {"k"}, .denominator = 2});
    return terms;
  };
  normalized.why =
      "\"W.r.t. normalized activations\" taken so that ŷ* is one: ⟨ŷ, ĝ⟩ = k/2 ‖ŷ − ŷ*‖², and > 0 but for k = 0 and "
      "ŷ* = ŷ.";
  Reading wiki = towards;
  wiki.id = "printed_wiki__towards_the_minimum";
  wiki.statement =
      "0 ≤ ⟨ŷ, ĝ⟩ where ĝ (for the lost symbol) is in the direction towards the minimum, ĝ = k(ŷ* − ŷ), k ≥ 0, ε = 0";
  wiki.hypotheses = {eps_is_zero(), away_from_the_minimum()};
  wiki.why = "The sign is turned: ⟨ŷ, ĝ⟩ = k(⟨ŷ, ŷ*⟩ − m) is negative for a minimum inside the sphere.";
  Reading within = towards;
  within.id = "towards_the_minimum__within_the_sphere";
  within.statement = "0 ≤ ⟨ŷ, ĝ⟩ where −ĝ = k(ŷ* − ŷ), k ≥ 0, and ‖ŷ*‖ ≤ ‖ŷ‖ (= √m at ε = 0), every ε ≥ 0";
  within.inputs = minimum({k, p});
  within.hypotheses = {minimum_within_the_sphere(), towards_the_minimum()};
  within.gap = gap_within_the_sphere;
  within.why = "⟨ŷ, ĝ⟩ = k/2 ‖ŷ − ŷ*‖² + k/2 (‖ŷ‖² − ‖ŷ*‖²): enough is a minimum no farther out than ŷ.";
  Reading value = towards;
  value.id = "towards_the_minimum__value";
  value.statement = "⟨ŷ, ĝ⟩ = k(m − ⟨ŷ, ŷ*⟩) where −ĝ = k(ŷ* − ŷ), ε = 0: ≥ 0 exactly for ⟨ŷ, ŷ*⟩ ≤ m";
  value.left = correlation_side();
  value.relation = Relation::equal;
  value.right = by_theory("k(m − ⟨ŷ, ŷ*⟩)", from_minimum([](const Minimum& v) { return v.k * (v.m - v.inner); }));
  value.why = "‖ŷ‖² = m. The minimum may lie on either side of the plane ⟨ŷ, ·⟩ = m, and the paper needs one side.";
  Reading descent = towards;
  descent.id = "printed_san18__convex_loss__within_the_sphere";
  descent.statement =
      "0 ≤ ⟨ŷ, ĝ⟩ where L is convex and least at ŷ*, ‖ŷ*‖ ≤ ‖ŷ‖ (−ĝ at an acute angle to ŷ* − ŷ), ε = 0";
  descent.inputs = minimum({hessian_root, p});
  descent.hypotheses = {eps_is_zero(), minimum_within_the_sphere(), convex_with_this_minimum()};
  descent.why = "An acute angle with ŷ* − ŷ is less than its direction: ⟨ŷ, ĝ⟩ = ⟨ŷ, RᵀR(ŷ − ŷ*)⟩ takes either sign.";
  Reading gamma_gradient = value;
  gamma_gradient.id = "condition_is_a_derivative_by_gamma";
  gamma_gradient.statement = "⟨ŷ, ĝ⟩ = ∂L̂/∂γ, ĝ = ∂L̂/∂z, every ε ≥ 0";
  gamma_gradient.inputs = training_batch();
  gamma_gradient.hypotheses = {};
  gamma_gradient.left =
      by_reference("∂L̂/∂γ, LI23 (13)", [](const Inputs& in) { return reference_backward(in).dgamma; });
  gamma_gradient.right = by_theory("⟨ŷ, ĝ⟩", [](const Inputs& in) {
    const theory::TrainingBatch<Number> b = theory_batch(in);
    const Vector x_hat = theory::statistics(b).x_hat.col(0), g = b.dy.col(0);
    return Values{theory::inner_product(x_hat, g)};
  });
  gamma_gradient.why = "Where γ is trained to a stationary point ⟨ŷ, ĝ⟩ is 0, and the additive decrease with it.";

  return {
      .title = "Where the Hessian forms and ⟨ŷ, ĝ⟩ are non-negative, batch norm's gradient steps are more predictive",
      .sources = {{"SAN18", "§4.2, after Theorem 4.2"}, {"WIKI", "smoothness, after the second inequality"}},
      .notation =
          "y one output over the batch of m, ŷ = (y − μ)/σ, z = γŷ + β, L̂(y) = L(z), g = ∂L̂/∂z and H = ∂²L/∂z∂z at z, "
          "d = ∇_y L̂, ŷ* the minimum; the second-order term along −ηd is η²/2 dᵀ(∂²L̂/∂y∂y)d",
      .why =
          "dᵀ(∂²L̂/∂y∂y)d = γ²/σ² dᵀHd − γ⟨ŷ, g⟩‖d‖²/(mσ²). So γ⟨ŷ, g⟩ ≥ 0 bounds the term by γ²/σ² dᵀHd, with dᵀHd ≥ 0 "
          "and γ² ≤ σ² by dᵀHd, and by gᵀHg only if H treats d and g alike. For ĝ = k(ŷ − ŷ*), ⟨ŷ, ĝ⟩ = k(m − ⟨ŷ, "
          "ŷ*⟩).",
      .explain =
          "SAN18 concludes from Theorem 4.2 that batch norm's steps are \"more predictive\", that is, have a smaller "
          "second-order Taylor term, if the Hessian's quadratic forms and ⟨ŷ, ĝ⟩ are not negative. What these "
          "conditions give is less. With ĝ = ∂L̂/∂z, γ⟨ŷ, ĝ⟩ ≥ 0 makes the term at most γ²/σ² dᵀHd "
          "(decrease_nonnegative); γ belongs to the condition. With dᵀHd ≥ 0 and γ² ≤ σ² it is at most dᵀHd, what the "
          "same step would see without batch norm. It is not bounded by gᵀHg, what the other network's own step sees, "
          "not even for a convex loss with γ = σ: H may be curved along d and flat along g. With ĝ = ∇_y L̂, as "
          "Theorem 4.2 has it, ⟨ŷ, ĝ⟩ = 0 and the condition is empty. The paper adds that ⟨ŷ, ĝ⟩ > 0 as long as −ĝ "
          "points to the minimum ŷ*. Then ĝ = k(ŷ − ŷ*) and ⟨ŷ, ĝ⟩ = k(m − ⟨ŷ, ŷ*⟩). For ŷ = (1, −1), k = 1: ŷ* = 0 "
          "gives 2, but ŷ* = (2, −2) gives −2. (WIKI lost a symbol here; if it is ĝ, the sign is turned.) The minimum "
          "must lie on the near side of the plane that touches the sphere at ŷ; ‖ŷ*‖ ≤ √m is enough, hence also that "
          "ŷ* is itself normalized, if that is what \"w.r.t. normalized activations\" says. If the gradient merely "
          "descends (any convex loss) even that is not enough. And ⟨ŷ, ĝ⟩ is ∂L̂/∂γ: where γ is trained to the end, it "
          "is 0, and no predictiveness is gained from it.",
      .readings = {printed, same_scale, relative, as_defined, towards, normalized, wiki, descent, decrease, every_eps,
                   sign, same_step, isotropic, within, value, gamma_gradient},
      .mutants =
          {
              {.id = "forgets_the_scale",
               .reading = "decrease_nonnegative",
               .words = "dᵀHd for γ²/σ² dᵀHd",
               .agrees_when = gamma_is_sigma(),
               .right = from_forms([](const Forms& f) { return f.along_d; }),
               .agreeing_sizes = {{.batch = 3}, {.batch = 4}}},
              {.id = "scale_once",
               .reading = "decrease_nonnegative",
               .words = "γ/σ dᵀHd for γ²/σ² dᵀHd",
               .agrees_when = gamma_is_sigma(),
               .right = from_forms([](const Forms& f) { return f.ratio * f.along_d; }),
               .agreeing_sizes = {{.batch = 3}, {.batch = 4}}},
              {.id = "length_of_the_minimum",
               .reading = "towards_the_minimum__value",
               .words = "k(m − ‖ŷ*‖²) for k(m − ⟨ŷ, ŷ*⟩)",
               .agrees_when = imposing("minimum_between_two_points_of_the_sphere",
                                       "ŷ* is halfway between ŷ and another point of the sphere",
                                       [](Inputs& in) {
                                         const Array<Number> y_hat = reference_x_hat(in);
                                         Array<Number> middle = plus(y_hat, Number(1), reflected(y_hat, in("target")));
                                         for (Eigen::Index i = 0; i < middle.size(); ++i) middle(i) /= Number(2);
                                         in.set("target", middle);
                                       }),
               .right = from_minimum([](const Minimum& v) { return v.k * (v.m - v.length); })},
              {.id = "minimum_at_the_origin",
               .reading = "towards_the_minimum__value",
               .words = "km for k(m − ⟨ŷ, ŷ*⟩)",
               .agrees_when = imposing("minimum_orthogonal", "⟨ŷ, ŷ*⟩ = 0",
                                       [](Inputs& in) {
                                         const Array<Number> y_hat = reference_x_hat(in);
                                         const Number share = dot<Number>(in("target"), y_hat) / squared_norm(y_hat);
                                         in.set("target", plus(in("target"), -share, y_hat));
                                       }),
               .right = from_minimum([](const Minimum& v) { return v.k * v.m; })},
          },
  };
}

}  // namespace normproof::claims
