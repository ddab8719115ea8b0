// Claim: if H preserves the relative norms of ĝ and ∇_y L̂, the Hessian of the loss before batch norm is bounded by the
// one of the network without it.
//
// Source       SAN18 Theorem 4.2, second display: "If we also have that the H_jj preserves the relative norms of ĝ_j
//              and ∇_{y_j} L̂"
// Notation     one channel; y ∈ R^m a layer's outputs over the batch, ŷ = (y − μ)/σ, z = γŷ + β, L̂(y) = L(z),
//              g = ∂L̂/∂z, H = ∂²L/∂z∂z at z, d = ∇_y L̂; x, x̂, dy, hessian in the code
// Hypotheses   σ ≠ 0, ε = 0, γ ≠ 0 and β constant
//
//     dᵀ(∂²L̂/∂y∂y)d  ≤  γ²/σ² ( ĝᵀHĝ − 1/(mγ) ⟨ĝ, ŷ⟩‖d‖² )
//
// Why. By bn_hessian_form the left side is γ²/σ² dᵀHd − γ/(mσ²)⟨g, ŷ⟩‖d‖². With ĝ = d, as the theorem defines ĝ, the
// right side is that of the first display, the hypothesis compares a vector with itself, and the inequality is as false
// as there. With ĝ = g the right side less the left one is γ²/σ²(gᵀHg − dᵀHd): the display says exactly that H's form
// does not grow from g to d. d = (γ/σ)Pg with a projection P, so that ‖d‖ ≤ (γ/σ)‖g‖. "Preserves the relative norms"
// can mean
//   · the same Rayleigh quotient r at g and at d: gᵀHg − dᵀHd = r(‖g‖² − ‖d‖²), and enough are r ≥ 0 and γ² ≤ σ²;
//   · ‖Hd‖/‖Hg‖ = ‖d‖/‖g‖: says nothing of the forms, whose signs are then free; with H ⪰ 0 it is the first case if
//     H maps the plane of g and d to itself, and not enough if it does not (m ≥ 3).
// Where g is parallel to d (orthogonal to 1 and ŷ) every H preserves both, and gᵀHg ≥ 0 and γ² ≤ σ² are what is needed.
// Without γ² ≤ σ² even H = rI does not help: d may be longer than g.
#include "proofs_checks/inputs/second_order.hpp"
#include "theory/gradients/batch_norm_compact.hpp"
#include "theory/smoothness/hessian_form.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using Vector = theory::Vector<Number>;

Vector grad_y(const Inputs& in) { return theory::compact_input_gradient(theory_batch(in)).col(0); }
Vector grad_z(const Inputs& in) { return as_vector<Number>(in("dy")); }

Number form(const Array<Number>& h, const Array<Number>& v) { return dot<Number>(v, times(h, v)); }
Number squared_norm(const Array<Number>& v) { return dot<Number>(v, v); }
Number sigma(const Inputs& in) {
  const Number radicand = reference_variance(in("x"))[0] + in.scalar("eps");
  return sqrt(radicand);
}
// h := h + factor · u uᵀ.
void add_square(Array<Number>& h, const Number& factor, const Array<Number>& u) {
  for (Eigen::Index i = 0; i < h.rows(); ++i)
    for (Eigen::Index k = 0; k < h.cols(); ++k) h(i, k) += factor * u(i) * u(k);
}
void add_identity(Array<Number>& h, const Number& factor) {
  for (Eigen::Index i = 0; i < h.rows(); ++i) h(i, i) += factor;
}
Array<Number> zero_hessian(const Inputs& in) {
  return Array<Number>::Constant(in.sizes.batch, in.sizes.batch, Number(0));
}

// H = r I + N with gᵀNg = dᵀNd = 0: N = Q + α ggᵀ + δ ddᵀ for any symmetric Q, the input. All such H are of this form
// but where g and d are parallel: there every H has the same quotient at both.
Hypothesis same_rayleigh_quotient() {
  return imposing("same_rayleigh_quotient", "ĝᵀHĝ/‖ĝ‖² = dᵀHd/‖d‖² (= r)", [](Inputs& in) {
    const Array<Number> g = in("dy"), d = reference_backward(in).dx;
    Array<Number> h = hessian(in);
    const Number gg = squared_norm(g), dd = squared_norm(d), gd = dot<Number>(g, d);
    const Number at_g = form(h, g), at_d = form(h, d);
    const Number determinant = gg * gg * dd * dd - gd * gd * gd * gd;
    add_square(h, (gd * gd * at_d - dd * dd * at_g) / determinant, g);
    add_square(h, (gd * gd * at_g - gg * gg * at_d) / determinant, d);
    add_identity(h, in.scalar("r"));
    in.set("hessian", h);
  });
}

// dᵀHd = ĝᵀHĝ − k: H = Q + α ggᵀ for any symmetric Q.
void lower_the_form_by(Inputs& in, const Number& k) {
  const Array<Number> g = in("dy"), d = reference_backward(in).dx;
  Array<Number> h = hessian(in);
  const Number gg = squared_norm(g), gd = dot<Number>(g, d);
  const Number factor = (form(h, d) + k - form(h, g)) / (gg * gg - gd * gd);
  add_square(h, factor, g);
  in.set("hessian", h);
}
Hypothesis form_does_not_grow() {
  return imposing("form_does_not_grow", "dᵀHd ≤ ĝᵀHĝ (k = ĝᵀHĝ − dᵀHd)",
                  [](Inputs& in) { lower_the_form_by(in, in.scalar("k")); });
}
Hypothesis form_is_the_same() {
  return imposing("form_is_the_same", "dᵀHd = ĝᵀHĝ", [](Inputs& in) { lower_the_form_by(in, Number(0)); });
}

// One that puts an H together, so that the reading has none among its inputs.
Hypothesis making_h(std::string id, std::string sentence, std::function<void(Inputs&)> impose) {
  Hypothesis hypothesis = imposing(std::move(id), std::move(sentence), std::move(impose));
  hypothesis.frees = {hessian_spec()};
  return hypothesis;
}

Hypothesis multiple_of_the_identity() {
  return making_h("multiple_of_the_identity", "H = rI: vᵀHv/‖v‖² is the same for all vectors v", [](Inputs& in) {
    Array<Number> h = zero_hessian(in);
    add_identity(h, in.scalar("r"));
    in.set("hessian", h);
  });
}
// H = r(I − 2uuᵀ/‖u‖²): ‖Hv‖ = r‖v‖ for all v.
Hypothesis multiple_of_a_reflection() {
  return making_h("multiple_of_a_reflection", "H = r times a reflection: ‖Hv‖ = r‖v‖ for all vectors v",
                  [](Inputs& in) {
                    Array<Number> h = zero_hessian(in);
                    const Number factor = -Number(2) * in.scalar("r") / squared_norm(in("u"));
                    add_identity(h, in.scalar("r"));
                    add_square(h, factor, in("u"));
                    in.set("hessian", h);
                  });
}

// g and d are parallel, d = (γ/σ)g, exactly where g is orthogonal to 1 and ŷ (or d = 0): every H then has one quotient
// at both, and ‖Hd‖/‖Hg‖ = ‖d‖/‖g‖. H := Q + a multiple of ggᵀ, so that ĝᵀHĝ = r‖ĝ‖².
Hypothesis quotient_is_r() {
  return imposing("quotient_nonnegative", "ĝᵀHĝ/‖ĝ‖² = r ≥ 0", [](Inputs& in) {
    const Array<Number>& g = in("dy");
    Array<Number> h = hessian(in);
    const Number gg = squared_norm(g);
    const Number factor = (in.scalar("r") - form(h, g) / gg) / gg;
    add_square(h, factor, g);
    in.set("hessian", h);
  });
}

// h := h + factor (u vᵀ + v uᵀ).
void add_product(Array<Number>& h, const Number& factor, const Array<Number>& u, const Array<Number>& v) {
  for (Eigen::Index i = 0; i < h.rows(); ++i)
    for (Eigen::Index k = 0; k < h.cols(); ++k) h(i, k) += factor * (u(i) * v(k) + v(i) * u(k));
}

// Pg, g − Pg = ḡ1 + ρŷ, and ρ1 − ḡŷ, three orthogonal directions; the last two are of one length.
struct Frame {
  Array<Number> projected, rest, third;
  Number pp, rr;  // ‖Pg‖², ‖g − Pg‖²
};
Frame frame(const Inputs& in) {
  const Array<Number>& g = in("dy");
  const Array<Number> x_hat = reference_x_hat(in);
  const Number m(in.sizes.batch), mean = reference_mean(g)[0], share = dot<Number>(g, x_hat) / m;
  Frame f = {g, g, g, Number(0), Number(0)};
  for (Eigen::Index i = 0; i < g.size(); ++i) {
    f.rest(i) = mean + share * x_hat(i);
    f.third(i) = share - mean * x_hat(i);
    f.projected(i) = g(i) - f.rest(i);
  }
  f.pp = squared_norm(f.projected);
  f.rr = squared_norm(f.rest);
  return f;
}

// H on the span of the frame, with ‖Hd‖/‖d‖ = ‖Hĝ‖/‖ĝ‖ by the choice of b, which the condition fixes:
//   H = a ddᵀ/‖d‖² + b(drᵀ + rdᵀ) + c rrᵀ/‖r‖² + p(dtᵀ + tdᵀ) + q(rtᵀ + trᵀ) + e ttᵀ/‖t‖²,
// d = Pg, r = g − Pg, t the third, each letter a free input but b and e. In orthonormal coordinates the leading minors
// are a, ac − b² and (chosen by e) k, so that H is positive semidefinite where a ≥ 0, ac > b² and k ≥ 0.
struct Plane {
  Number b, minor;
};
Plane plane(const Inputs& in, const Frame& f, const Number& p, const Number& q) {
  const Number a = in.scalar("a"), c = in.scalar("c");
  const Number turned = f.pp * p * p - Number(2) * f.pp * p * q - f.rr * q * q;
  const Number b = (a * a - c * c + f.rr * turned) / (Number(2) * f.pp * (a + c));
  return {b, a * c - b * b * f.pp * f.rr};
}
Hypothesis relative_norms_and_psd() {
  return {.id = "relative_norms_and_psd",
          .sentence = "‖Hd‖/‖d‖ = ‖Hĝ‖/‖ĝ‖ and H is positive semidefinite",
          .impose =
              [](Inputs& in) {
                const Frame f = frame(in);
                const Number a = in.scalar("a"), c = in.scalar("c"), p = in.scalar("u"), q = in.scalar("w");
                const Plane at = plane(in, f, p, q);
                Array<Number> h = zero_hessian(in);
                const Number along = a / f.pp, across = c / f.rr;
                add_square(h, along, f.projected);
                add_product(h, at.b, f.projected, f.rest);
                add_square(h, across, f.rest);
                add_product(h, p, f.projected, f.third);
                add_product(h, q, f.rest, f.third);
                const Number least =
                    f.rr * (c * p * p * f.pp - Number(2) * at.b * p * q * f.pp * f.rr + a * q * q * f.rr) / at.minor;
                const Number third = (least + in.scalar("k")) / f.rr;
                add_square(h, third, f.third);
                in.set("hessian", h);
              },
          .positive = [](const Inputs& in) { return plane(in, frame(in), in.scalar("u"), in.scalar("w")).minor; }};
}
// The same with p = q = 0: H maps the plane of ĝ and d to itself. All a, c ≥ 0 are there, ac ≥ b² or not; with
// a + c = 0 the condition leaves b free, but then H ⪰ 0 makes H = 0 on the plane.
Hypothesis relative_norms_in_the_plane() {
  return making_h("relative_norms_in_the_plane",
                  "‖Hd‖/‖d‖ = ‖Hĝ‖/‖ĝ‖, H ⪰ 0, and H maps the plane of ĝ and d to itself", [](Inputs& in) {
                    const Frame f = frame(in);
                    const Number a = in.scalar("a"), c = in.scalar("c"), b = plane(in, f, Number(0), Number(0)).b;
                    Array<Number> h = zero_hessian(in);
                    const Number along = a / f.pp, across = c / f.rr;
                    add_square(h, along, f.projected);
                    add_product(h, b, f.projected, f.rest);
                    add_square(h, across, f.rest);
                    in.set("hessian", h);
                  });
}

std::vector<InputSpec> without(const std::vector<InputSpec>& specs, const std::string& name) {
  std::vector<InputSpec> kept;
  for (const InputSpec& spec : specs)
    if (spec.name != name) kept.push_back(spec);
  return kept;
}
std::vector<InputSpec> with(std::vector<InputSpec> specs, const InputSpec& more) {
  specs.push_back(more);
  return specs;
}
std::vector<InputSpec> with_quotient(Role role) { return with(training_batch_and_hessian(), {"r", role}); }
std::vector<InputSpec> with_p(const std::vector<InputSpec>& specs) {
  return with(without(specs, "gamma"), {"p", Role::weight});
}

std::vector<Sizes> sizes() { return {{.batch = 1}, {.batch = 2}, {.batch = 3}, {.batch = 4}}; }

Formula second_bound(Vector (*g_hat)(const Inputs&)) {
  return [=](const Inputs& in) {
    return Values{theory::second_hessian_bound<Number>(theory_batch(in), 0, hessian(in), g_hat(in), grad_y(in))};
  };
}
Side form_along_the_gradient() {
  return by_reference("dᵀ(∂²L̂/∂y∂y)d: second derivatives of the forward pass, d by LI23 (9)–(14)",
                      [](const Inputs& in) { return Values{second_derivative(in, reference_backward(in).dx)}; });
}

Reading second_display(std::string id, std::string statement, std::vector<InputSpec> inputs,
                       std::vector<Hypothesis> hypotheses, std::string why) {
  std::vector<Hypothesis> all = {eps_is_zero()};
  all.insert(all.end(), hypotheses.begin(), hypotheses.end());
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = std::move(inputs),
          .sizes = sizes(),
          .hypotheses = std::move(all),
          .left = form_along_the_gradient(),
          .relation = Relation::at_most,
          .right = by_theory("the bound, ĝ = ∂L̂/∂z", second_bound(grad_z)),
          .why = std::move(why)};
}

// r γ²/σ² (‖g‖² − ‖d‖²), with γ²/σ² = share² and 1 − γ²/σ² = complement²:
// r share² ( complement² ‖Pg‖² + ⟨1, g⟩²/m + ⟨ŷ, g⟩²/m ).
std::vector<SquareTerm> gap_of_equal_quotients(const Inputs& in) {
  const Array<Number> x_hat = reference_x_hat(in);
  const Array<Number>& g = in("dy");
  const int m = in.sizes.batch;
  const Number share = share_of_p(in), complement = complement_of_p(in);
  Number sum(0);
  for (int i = 0; i < m; ++i) sum += g(i);
  const Number correlation = dot<Number>(g, x_hat);
  std::vector<SquareTerm> terms = {{.root = share * sum, .nonnegative = {"r"}, .denominator = m},
                                   {.root = share * correlation, .nonnegative = {"r"}, .denominator = m}};
  for (int i = 0; i < m; ++i) {
    const Number projected = g(i) - sum / Number(m) - x_hat(i) * correlation / Number(m);
    terms.push_back({.root = share * complement * projected, .nonnegative = {"r"}});
  }
  return terms;
}

// r γ²/σ²(1 − γ²/σ²)‖g‖², with g parallel to d.
std::vector<SquareTerm> gap_of_parallel_vectors(const Inputs& in) {
  std::vector<SquareTerm> terms;
  for (int i = 0; i < in.sizes.batch; ++i)
    terms.push_back({.root = share_of_p(in) * complement_of_p(in) * in("dy")(i), .nonnegative = {"r"}});
  return terms;
}
// γ²/σ² a ( (1 − γ²/σ²)‖Pg‖² + ‖g − Pg‖² ): with b = (a − c)/(2‖Pg‖²), ĝᵀHĝ = a‖g‖², and dᵀHd = γ²/σ² a‖Pg‖².
std::vector<SquareTerm> gap_in_the_plane(const Inputs& in) {
  const Frame f = frame(in);
  const Number share = share_of_p(in), complement = complement_of_p(in);
  std::vector<SquareTerm> terms;
  for (int i = 0; i < in.sizes.batch; ++i) {
    terms.push_back({.root = share * complement * f.projected(i), .nonnegative = {"a"}});
    terms.push_back({.root = share * f.rest(i), .nonnegative = {"a"}});
  }
  return terms;
}

// The slack identity's right side, γ²/σ²(gᵀHg − ⟨g, ŷ⟩‖d‖²/(mγ)) − γ²/σ²(gᵀHg − dᵀHd), from its parts.
struct Parts {
  Number at_g, at_d;  // gᵀHg, dᵀHd
  Number decrease;    // ⟨g, ŷ⟩‖d‖²/m
  Number gamma, sigma;
};
Formula from_parts(Number (*combine)(const Parts&)) {
  return [=](const Inputs& in) {
    const Array<Number> h = hessian(in);
    const Vector d = grad_y(in), g = grad_z(in), x_hat = theory::statistics(theory_batch(in)).x_hat.col(0);
    const Number decrease = theory::inner_product(g, x_hat) * theory::inner_product(d, d) / Number(in.sizes.batch);
    return Values{combine({theory::quadratic_form<Number>(h, g), theory::quadratic_form<Number>(h, d), decrease,
                           in.scalar("gamma"), sigma(in)})};
  };
}

Number scale(const Parts& p) { return p.gamma * p.gamma / (p.sigma * p.sigma); }

}  // namespace

Claim bn_hessian_relative_norms() {
  Reading printed = second_display(
      "printed",
      "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/σ²(ĝᵀHĝ − ⟨ĝ, ŷ⟩‖d‖²/(mγ)), ĝ = d = ∇_y L̂ as printed: H preserves their relative norms",
      training_batch_and_hessian(), {},
      "ĝ and ∇_y L̂ are one vector, so that the hypothesis says nothing; ⟨d, ŷ⟩ = 0, and the left side exceeds the "
      "right one by "
      "−γ/(mσ²)⟨∂L̂/∂z, ŷ⟩‖d‖² wherever γ⟨∂L̂/∂z, ŷ⟩ < 0.");
  printed.right = by_theory("the bound, ĝ = ∇_y L̂", second_bound(grad_y));

  Reading displays = printed;
  displays.id = "displays_coincide";
  displays.statement = "with ĝ = ∇_y L̂ the right sides of the two displays are the same, every ε ≥ 0";
  displays.hypotheses = {};
  displays.left =
      by_definition("γ²/σ² dᵀHd − γ/(mσ²)⟨d, ŷ⟩‖d‖², the first display, d by LI23 (9)–(14)", [](const Inputs& in) {
        const Array<Number> h = hessian(in), d = reference_backward(in).dx;
        const Number gamma = in.scalar("gamma"), s = sigma(in);
        const Number decrease = dot<Number>(d, reference_x_hat(in)) * squared_norm(d) / Number(in.sizes.batch);
        return Values{(gamma * gamma * form(h, d) - gamma * decrease) / (s * s)};
      });
  displays.relation = Relation::equal;
  displays.why = "γ²/σ² · 1/(mγ) = γ/(mσ²): as printed the second display adds nothing to the first.";

  Reading slack = second_display(
      "slack", "dᵀ(∂²L̂/∂y∂y)d = γ²/σ²(ĝᵀHĝ − ⟨ĝ, ŷ⟩‖d‖²/(mγ)) − γ²/σ²(ĝᵀHĝ − dᵀHd), ĝ = ∂L̂/∂z",
      training_batch_and_hessian(), {}, "The right side of the second display less its left side, for every H.");
  slack.relation = Relation::equal;
  slack.right = by_theory("the bound less γ²/σ²(ĝᵀHĝ − dᵀHd)", [](const Inputs& in) {
    const Array<Number> h = hessian(in);
    const theory::TrainingBatch<Number> b = theory_batch(in);
    const Vector d = grad_y(in), g = grad_z(in);
    const Number growth = theory::quadratic_form<Number>(h, g) - theory::quadratic_form<Number>(h, d);
    const Number ratio = b.gamma(0) / theory::statistics(b).s(0);
    return Values{theory::second_hessian_bound<Number>(b, 0, h, g, d) - ratio * ratio * growth};
  });

  Reading repaired =
      second_display("repaired", "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/σ²(ĝᵀHĝ − ⟨ĝ, ŷ⟩‖d‖²/(mγ)), ĝ = ∂L̂/∂z, where dᵀHd ≤ ĝᵀHĝ",
                     with(training_batch_and_hessian(), {"k", Role::variance}), {form_does_not_grow()},
                     "The right side exceeds the left by γ²/σ² k: the hypothesis cannot be weakened.");
  repaired.gap = [](const Inputs& in) {
    return std::vector<SquareTerm>{{.root = in.scalar("gamma") / sigma(in), .nonnegative = {"k"}}};
  };
  Reading quotient = second_display(
      "rayleigh__gamma_at_most_sigma",
      "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/σ²(ĝᵀHĝ − ⟨ĝ, ŷ⟩‖d‖²/(mγ)), ĝ = ∂L̂/∂z, where ĝᵀHĝ/‖ĝ‖² = dᵀHd/‖d‖² ≥ 0, γ² ≤ σ²",
      with_p(with_quotient(Role::variance)), {gamma_is_at_most_sigma(), same_rayleigh_quotient()},
      "ĝᵀHĝ − dᵀHd = r(‖ĝ‖² − ‖d‖²), and ‖d‖² ≤ γ²/σ² ‖ĝ‖² ≤ ‖ĝ‖².");
  quotient.gap = gap_of_equal_quotients;

  const std::string display = "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/σ²(ĝᵀHĝ − ⟨ĝ, ŷ⟩‖d‖²/(mγ)), ĝ = ∂L̂/∂z, where ";
  std::vector<InputSpec> on_the_frame = with_p(without(training_batch_and_hessian(), "hessian"));
  on_the_frame.push_back({"a", Role::variance});
  on_the_frame.push_back({"c", Role::variance});
  Reading in_the_plane = second_display(
      "norms__plane__gamma_at_most_sigma",
      display + "‖Hd‖/‖d‖ = ‖Hĝ‖/‖ĝ‖, H positive semidefinite maps the plane of ĝ and d to itself, γ² ≤ σ²",
      on_the_frame, {gamma_is_at_most_sigma(), relative_norms_in_the_plane()},
      "In the plane of Pĝ and r = ĝ − Pĝ equal ratios of lengths fix ⟨Pĝ, Hr⟩, unless H's trace there is 0, and then "
      "H ⪰ 0 is 0. The outcome is ĝᵀHĝ/‖ĝ‖² = dᵀHd/‖d‖²: equal quotients, and not negative.");
  in_the_plane.gap = gap_in_the_plane;
  in_the_plane.sizes = {{.batch = 3}, {.batch = 4}};
  std::vector<InputSpec> out_of_the_plane = on_the_frame;
  for (const char* name : {"u", "w"}) out_of_the_plane.push_back({name, Role::weight});
  out_of_the_plane.push_back({"k", Role::variance});
  Reading psd = second_display("norms__psd__gamma_at_most_sigma",
                               display + "‖Hd‖/‖d‖ = ‖Hĝ‖/‖ĝ‖, H positive semidefinite, γ² ≤ σ²", out_of_the_plane,
                               {gamma_is_at_most_sigma(), relative_norms_and_psd()},
                               "H may turn d and ĝ out of their plane by different amounts: the part of Hĝ outside it "
                               "takes up the length that the form ĝᵀHĝ then lacks. In the plane it cannot: "
                               "norms__plane__gamma_at_most_sigma. For all vectors at once it means H = rI.");
  psd.sizes = {{.batch = 3}, {.batch = 4}};
  Reading all_psd = second_display(
      "all_norms__psd__gamma_at_most_sigma", display + "‖Hv‖ = r‖v‖ for every v and H positive semidefinite, γ² ≤ σ²",
      with(with_p(without(training_batch_and_hessian(), "hessian")), {"r", Role::variance}),
      {gamma_is_at_most_sigma(), multiple_of_the_identity()}, "H² = r²I with H ⪰ 0 is H = rI.");
  all_psd.gap = gap_of_equal_quotients;
  Reading parallel = second_display(
      "parallel__gamma_at_most_sigma",
      display + "ĝ and d are parallel: every H keeps their quotient and their ratio of lengths, γ² ≤ σ²",
      with_p(training_batch_and_hessian()),
      {gamma_is_at_most_sigma(), upstream_is_centred(), upstream_is_orthogonal_to_x_hat()},
      "ĝ is orthogonal to 1 and ŷ, d = (γ/σ)ĝ. The hypothesis is then empty, and a negative ĝᵀHĝ makes dᵀHd the "
      "larger form.");
  Reading parallel_nonnegative = second_display(
      "parallel__nonnegative__gamma_at_most_sigma", display + "ĝ and d are parallel, ĝᵀHĝ = r‖ĝ‖² ≥ 0, γ² ≤ σ²",
      with_p(with_quotient(Role::variance)),
      {gamma_is_at_most_sigma(), upstream_is_centred(), upstream_is_orthogonal_to_x_hat(), quotient_is_r()},
      "The right side exceeds the left by γ²/σ²(1 − γ²/σ²) ĝᵀHĝ.");
  parallel_nonnegative.gap = gap_of_parallel_vectors;

  return {
      .title =
          "If H preserves the relative norms of ĝ and ∇_y L̂, the Hessian form is bounded by γ²/σ²(ĝᵀHĝ − ⟨ĝ, "
          "ŷ⟩‖d‖²/(mγ))",
      .sources = {{"SAN18", "Theorem 4.2, second display"}},
      .notation =
          "y one output over the batch of m, ŷ = (y − μ)/σ, z = γŷ + β, L̂(y) = L(z), H = ∂²L/∂z∂z at z, d = ∇_y L̂; "
          "ε = "
          "0",
      .why =
          "The left side is γ²/σ² dᵀHd − γ/(mσ²)⟨∂L̂/∂z, ŷ⟩‖d‖² (bn_hessian_form). With ĝ = ∂L̂/∂z the right side less "
          "the left "
          "one is γ²/σ²(ĝᵀHĝ − dᵀHd), and d = (γ/σ)Pĝ with a projection P.",
      .explain =
          "The first display of Theorem 4.2 has H between two copies of ∇_y L̂; the second wants H between two "
          "copies of ĝ, the gradient that a network without batch norm would see. To pass from one to the other dᵀHd "
          "must be at most ĝᵀHĝ: that is the whole content, and the reading repaired states it. The paper asks "
          "instead that H \"preserve the relative norms\" of ĝ and ∇_y L̂. Since it defines ĝ as ∇_y L̂, this asks "
          "nothing, and the display is the first one written again, which is false. With ĝ = ∂L̂/∂z there are three "
          "ways to make the phrase precise. If H stretches both vectors by the same Rayleigh quotient r, the display "
          "holds when r ≥ 0 and γ² ≤ σ² (d is then the shorter vector), and fails when either condition is dropped, "
          "even if H is a multiple of the identity. If H keeps the ratio of the lengths ‖Hd‖ and ‖Hĝ‖, nothing "
          "follows: a reflection keeps all lengths and can turn ĝᵀHĝ negative. Asking besides that H be positive "
          "semidefinite, as the paper does for another purpose, is enough, with γ² ≤ σ², if all lengths are kept (H "
          "= rI) or if H maps the plane of d and ĝ to itself, and in general not enough: in three dimensions H can "
          "keep the two ratios and yet have the larger form at d. Where ĝ is orthogonal to 1 and ŷ, d is parallel to "
          "it and the hypothesis is empty: the display then needs ĝᵀHĝ ≥ 0.",
      .readings =
          {
              printed,
              displays,
              repaired,
              slack,
              second_display("without_relative_norms",
                             "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/σ²(ĝᵀHĝ − ⟨ĝ, ŷ⟩‖d‖²/(mγ)), ĝ = ∂L̂/∂z, nothing asked of H",
                             training_batch_and_hessian(), {}, "False wherever γ ≠ 0 and dᵀHd > ĝᵀHĝ."),
              quotient,
              second_display("rayleigh__without_nonnegative",
                             "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/σ²(ĝᵀHĝ − ⟨ĝ, ŷ⟩‖d‖²/(mγ)), ĝ = ∂L̂/∂z, where ĝᵀHĝ/‖ĝ‖² = dᵀHd/‖d‖² of "
                             "either sign, γ² ≤ σ²",
                             with_p(with_quotient(Role::weight)), {gamma_is_at_most_sigma(), same_rayleigh_quotient()},
                             "d is the shorter vector, so that a negative quotient makes dᵀHd the larger form."),
              second_display(
                  "rayleigh__without_gamma_at_most_sigma",
                  "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/σ²(ĝᵀHĝ − ⟨ĝ, ŷ⟩‖d‖²/(mγ)), ĝ = ∂L̂/∂z, where ĝᵀHĝ/‖ĝ‖² = dᵀHd/‖d‖² ≥ 0, any γ",
                  with_quotient(Role::variance), {same_rayleigh_quotient()}, "d may be longer than ĝ."),
              second_display("all_forms__any_gamma",
                             "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/σ²(ĝᵀHĝ − ⟨ĝ, ŷ⟩‖d‖²/(mγ)), ĝ = ∂L̂/∂z, where H = rI, r ≥ 0",
                             with(without(training_batch_and_hessian(), "hessian"), {"r", Role::variance}),
                             {multiple_of_the_identity()},
                             "No H preserves more, and γ² > σ² still makes dᵀHd = r‖d‖² the larger form."),
              second_display("all_norms__gamma_at_most_sigma",
                             "dᵀ(∂²L̂/∂y∂y)d ≤ γ²/σ²(ĝᵀHĝ − ⟨ĝ, ŷ⟩‖d‖²/(mγ)), ĝ = ∂L̂/∂z, where ‖Hv‖ = r‖v‖ for every v, "
                             "r ≥ 0, γ² ≤ σ²",
                             with(with_p(with(without(training_batch_and_hessian(), "hessian"), {"r", Role::variance})),
                                  {"u", Role::weight, Dimension::batch, Dimension::one}),
                             {gamma_is_at_most_sigma(), multiple_of_a_reflection()},
                             "Lengths say nothing of signs: with H = I − 2uuᵀ/‖u‖² and u = ĝ, ĝᵀHĝ = −‖ĝ‖²."),
              all_psd,
              psd,
              in_the_plane,
              parallel,
              parallel_nonnegative,
          },
      .mutants =
          {
              {.id = "forgets_the_slack",
               .reading = "slack",
               .words = "γ²/σ²(ĝᵀHĝ − ⟨ĝ, ŷ⟩‖d‖²/(mγ)): the bound as if it were an equality",
               .agrees_when = form_is_the_same(),
               .right = from_parts([](const Parts& p) { return scale(p) * (p.at_g - p.decrease / p.gamma); }),
               .agreeing_sizes = {{.batch = 3}, {.batch = 4}}},
              {.id = "forgets_the_decrease",
               .reading = "slack",
               .words = "γ²/σ² dᵀHd",
               .agrees_when = upstream_is_orthogonal_to_x_hat(),
               .right = from_parts([](const Parts& p) { return scale(p) * p.at_d; })},
              {.id = "decrease_without_gamma",
               .reading = "slack",
               .words = "1/m for 1/(mγ)",
               .agrees_when = gamma_is_one(),
               .right = from_parts([](const Parts& p) { return scale(p) * (p.at_d - p.decrease); })},
          },
  };
}

}  // namespace normproof::claims
