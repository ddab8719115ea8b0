// Claim: batch norm makes weight gradients more predictive, in the worst case over the layer's inputs: the second-order
// term along the weight gradient shrinks.
//
// Source       SAN18 Theorem C.1, from memory (the paper's §4.2 only names it); κ is "the separation in Theorem 4.2"
// Notation     one unit; X: m × D, the layer's inputs; W: 1 × D; y = XWᵀ, ŷ = (y − μ)/σ, z = γŷ + β, L̂ = L(z),
//              g = ∂L/∂z and H = ∂²L/∂z∂z at z, d = ∇_y L̂, p = ∇_W L̂ = Xᵀd, s = √(σ² + ε); ‖X‖: Frobenius norm;
//              u, weights, dy, hessian in the code
// Hypotheses   σ ≠ 0, ε = 0, γ ≠ 0 and β constant, ‖X‖ ≤ λ
//
//     max_{‖X‖≤λ} (∂L̂/∂W)ᵀ(∂²L̂/∂W∂W)(∂L̂/∂W)
//         <  γ²/σ² [ max_{‖X‖≤λ} (∂L/∂W)ᵀ(∂²L/∂W∂W)(∂L/∂W) − λ⁴κ ],     κ = ⟨ĝ, ŷ⟩‖d‖²/(mγ)  or  γ⟨ĝ, ŷ⟩‖d‖²/(mσ²)
//
// Why. The left form at X is vᵀ(∂²L̂/∂y∂y)v with v = XXᵀd: Theorem 4.2 speaks of d, and v is another direction. Only
// where XXᵀd = λ²d is it λ⁴dᵀ(∂²L̂/∂y∂y)d = γ²/σ²(λ⁴dᵀHd − λ⁴κ), with the first κ and ĝ = g. Where v is merely
// orthogonal to 1 and ŷ it is γ²/σ²(vᵀHv − κ‖v‖²/‖d‖²), and ‖v‖ ≤ λ²‖d‖: for κ ≥ 0 the separation is at most λ⁴κ, not
// at least. For a linear loss the maximum on the right is 0, while with one input and ε = 0 the left side is 0 (p = 0):
// every κ > 0 refutes. With ĝ = d as Theorem 4.2 defines it κ is 0, and a curved sphere gives a left side above 0. As
// for max over X: X → tX changes nothing on the left, so that the left maximum does not depend on λ at all. And XXᵀd =
// λ²d leaves no room for ‖X‖ = λ: X has to give y ⟂ d too, ‖X‖² ≥ λ² + ‖y‖²/‖W‖². The spectral norm may be λ.
#include "proofs_checks/inputs/linear_layer.hpp"
#include "proofs_checks/inputs/second_order.hpp"
#include "theory/smoothness/hessian_form.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using Vector = theory::Vector<Number>;

Number square(const Number& a) { return a * a; }
Number squared_norm(const Array<Number>& a) { return dot<Number>(a, a); }

Array<Number> transposed_times(const Array<Number>& x, const Array<Number>& d) {
  Array<Number> product = Array<Number>::Constant(x.cols(), 1, Number(0));
  for (Eigen::Index j = 0; j < x.cols(); ++j)
    for (Eigen::Index i = 0; i < x.rows(); ++i) product(j) += x(i, j) * d(i);
  return product;
}

// d by LI23 (9)–(14).
Array<Number> gradient(const Inputs& in) { return reference_backward(after_linear(in)).dx; }
Array<Number> y_hat(const Inputs& in) { return reference_x_hat(after_linear(in)); }
Number variance_of_output(const Inputs& in) { return reference_variance(reference_linear(in))[0]; }
// Theory's.
Vector gradient_by_theory(const Inputs& in) {
  return theory::compact_input_gradient(theory_batch_after_linear(in)).col(0);
}

// pᵀ(∂²L̂/∂W∂W)p: the loss ⟨c, z⟩ + ½ zᵀHz, c = dy − Hz held, along W + tp, by nested dual numbers through the
// reference's layer.
Number second_derivative_in_weights(const Inputs& in, const Array<Number>& h, const Array<Number>& p) {
  using First = numbers::Dual<Number>;
  using Second = numbers::Dual<First>;
  BasicInputs<Second> lifted;
  lifted.sizes = in.sizes;
  for (const char* name : {"u", "weights", "gamma", "beta", "eps"}) {
    const Array<Number>& values = in(name);
    Array<Second> array(values.rows(), values.cols());
    for (Eigen::Index k = 0; k < values.size(); ++k) array(k) = Second(First(values(k)));
    lifted.set(name, std::move(array));
  }
  Array<Second> w = lifted("weights");
  for (Eigen::Index k = 0; k < w.size(); ++k) w(k) = Second(First(in("weights")(k), p(k)), First(p(k)));
  lifted.set("weights", std::move(w));
  const Array<Number> c = plus(in("dy"), Number(-1), times(h, reference_batch_norm(after_linear(in))));
  const Array<Second> z = reference_batch_norm(after_linear(lifted));
  Second loss(0);
  for (Eigen::Index i = 0; i < z.size(); ++i) {
    Second slope(0);
    for (Eigen::Index k = 0; k < z.size(); ++k) slope += Second(First(h(i, k) / Number(2))) * z(k);
    loss += z(i) * (Second(First(c(i))) + slope);
  }
  return loss.tangent.tangent;
}
Number form_in_weights(const Inputs& in, const Array<Number>& h) {
  return second_derivative_in_weights(in, h, transposed_times(in("u"), gradient(in)));
}

// H = 0, H as given, H = rI.
using Curvature = Array<Number> (*)(const Inputs&);
Array<Number> no_curvature(const Inputs& in) {
  return Array<Number>::Constant(in.sizes.batch, in.sizes.batch, Number(0));
}
Array<Number> any_curvature(const Inputs& in) { return hessian(in); }
Array<Number> same_curvature(const Inputs& in) {
  Array<Number> h = no_curvature(in);
  for (Eigen::Index i = 0; i < h.rows(); ++i) h(i, i) = in.scalar("r");
  return h;
}

// p′ᵀX′ᵀ(∂²L̂/∂y∂y)X′p′, p′ = X′ᵀd, L̂ and d at the y of X.
Number along_separate_input(const Inputs& in, const Array<Number>& h, const Array<Number>& other) {
  Inputs layer = after_linear(in);
  layer.set("hessian", h);
  return second_derivative(layer, times(other, transposed_times(other, gradient(in))));
}

Side form_side(Curvature curvature) {
  return by_reference("(∂L̂/∂W)ᵀ(∂²L̂/∂W∂W)(∂L̂/∂W): second derivatives of the forward pass along p = Xᵀd",
                      [=](const Inputs& in) { return Values{form_in_weights(in, curvature(in))}; });
}

// γ²/σ², λ², m, γ and the products that κ is made of, by theory.
struct Parts {
  Number scale, lambda_squared, gamma, m;
  Number correlation;   // ⟨g, ŷ⟩
  Number own;           // ⟨d, ŷ⟩
  Number squared_step;  // ‖d‖²
};
Parts parts_of(const Inputs& in) {
  const theory::TrainingBatch<Number> b = theory_batch_after_linear(in);
  const theory::Statistics<Number> st = theory::statistics(b);
  const Vector d = gradient_by_theory(in), x_hat = st.x_hat.col(0), g = b.dy.col(0);
  return {square(b.gamma(0) / st.s(0)), in.scalar("lambda_squared"),     b.gamma(0),
          Number(in.sizes.batch),       theory::inner_product(g, x_hat), theory::inner_product(d, x_hat),
          theory::inner_product(d, d)};
}
// The separation in the two displays of Theorem 4.2.
using Separation = Number (*)(const Parts&);
Number of_second_display(const Parts& p) { return p.correlation * p.squared_step / (p.m * p.gamma); }
Number of_first_display(const Parts& p) { return p.scale * of_second_display(p); }
Number as_defined(const Parts& p) { return p.own * p.squared_step / (p.m * p.gamma); }

// γ²/σ²( maximum − λ⁴κ ).
Number bound(const Parts& p, const Number& maximum, const Number& kappa) {
  return p.scale * (maximum - square(p.lambda_squared) * kappa);
}

std::vector<InputSpec> layer(const std::vector<InputSpec>& more = {}) {
  std::vector<InputSpec> specs = linear_layer_and_batch_norm({{"lambda_squared", Role::variance}});
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}
const InputSpec slack = {"k", Role::variance}, quotient = {"r", Role::variance}, free_scale = {"t", Role::weight};

// λ² := ‖X‖² + k.
Hypothesis norm_at_most_lambda() {
  return imposing("norm_at_most_lambda", "‖X‖ ≤ λ",
                  [](Inputs& in) { in.set("lambda_squared", squared_norm(in("u")) + in.scalar("k")); });
}

std::vector<Sizes> sizes() {
  return {{.batch = 2}, {.batch = 3}, {.batch = 4}, {.batch = 3, .channels = 2}, {.batch = 4, .channels = 2}};
}

// ≤ for the printed <: what fails with ≤ fails with <.
Reading matched(std::string id, std::string statement, Separation separation, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = layer({slack}),
          .sizes = sizes(),
          .hypotheses = {eps_is_zero(), norm_at_most_lambda()},
          .left = form_side(no_curvature),
          .relation = Relation::at_most,
          .right = by_theory("−γ²/σ² λ⁴κ",
                             [=](const Inputs& in) {
                               const Parts p = parts_of(in);
                               return Values{bound(p, Number(0), separation(p))};
                             }),
          .why = std::move(why)};
}

// L(a) = c a_1 + r‖a‖²/2, r ≥ 0. At raw activations ∂L/∂W = Xᵀ(ce_1 + rXWᵀ), ∂²L/∂W∂W = rXᵀX, and the form
// r‖XXᵀ(ce_1 + rXWᵀ)‖² is at most rλ⁴(|c| + rλ‖W‖)², which X = λ sign(c) e_1 W/‖W‖ attains.
Inputs with_upstream(const Inputs& in, const Array<Number>& dy) {
  Inputs out = in;
  out.set("dy", dy);
  return out;
}
Array<Number> linear_part(const Inputs& in) {
  Array<Number> c = Array<Number>::Constant(in.sizes.batch, 1, Number(0));
  c(0) = in.scalar("c");
  return c;
}
Inputs at_z(const Inputs& in) {
  const Array<Number> z = reference_batch_norm(after_linear(with_upstream(in, linear_part(in))));
  return with_upstream(in, plus(linear_part(in), in.scalar("r"), z));
}
// λ := (‖X‖²/k + k)/2: by the two means each λ ≥ ‖X‖, and no root that would make small fractions rare.
Hypothesis norm_at_most_rational_lambda() {
  return imposing("norm_at_most_lambda", "‖X‖ ≤ λ (λ = (‖X‖²/k + k)/2)", [](Inputs& in) {
    const Number k = in.scalar("k");
    in.set("lambda", (squared_norm(in("u")) / k + k) / Number(2));
  });
}
// X → XO, W → WO with an orthogonal O changes neither y nor ‖X‖ nor the forms.
Hypothesis weights_along_the_first_input() {
  return imposing("weights_along_the_first_input", "W = (w, 0 …), which turning the inputs achieves", [](Inputs& in) {
    Array<Number> w = in("weights");
    for (Eigen::Index k = 1; k < w.size(); ++k) w(k) = Number(0);
    in.set("weights", w);
  });
}
Hypothesis curvature_is_nonnegative() {
  return imposing("curvature_nonnegative", "r ≥ 0 (r = t²)", [](Inputs& in) { in.set("r", square(in.scalar("t"))); });
}
Reading raw(std::string id, std::string statement, Separation separation) {
  Reading reading = {.id = std::move(id),
                     .statement = std::move(statement),
                     .inputs = {{"u", Role::activation, Dimension::batch, Dimension::channels},
                                {"weights", Role::weight, Dimension::outputs, Dimension::channels},
                                {"c", Role::upstream},
                                quotient,
                                free_scale,
                                {"gamma", Role::scale, Dimension::one, Dimension::outputs},
                                {"beta", Role::shift, Dimension::one, Dimension::outputs},
                                {"eps", Role::epsilon},
                                {"lambda", Role::variance},
                                slack},
                     .sizes = sizes(),
                     .hypotheses = {eps_is_zero(), curvature_is_nonnegative(), weights_along_the_first_input(),
                                    norm_at_most_rational_lambda()},
                     .relation = Relation::at_most,
                     .why = "r = 0 is the linear loss again, and fails as at matched activations."};
  reading.left = by_reference("(∂L̂/∂W)ᵀ(∂²L̂/∂W∂W)(∂L̂/∂W): second derivatives of the forward pass along p = Xᵀd",
                              [](const Inputs& in) { return Values{form_in_weights(at_z(in), same_curvature(in))}; });
  reading.right = by_theory("γ²/σ²(rλ⁴(|c| + rλ‖W‖)² − λ⁴κ)", [=](const Inputs& in) {
    const Number lambda = in.scalar("lambda"), r = in.scalar("r");
    Inputs with_lambda = at_z(in);
    with_lambda.set("lambda_squared", square(lambda));
    const Parts p = parts_of(with_lambda);
    const Number constant = squared_norm(in("c")), weights = squared_norm(in("weights"));
    const Number steepest = sqrt(constant) + r * lambda * sqrt(weights);
    return Values{bound(p, r * square(p.lambda_squared * steepest), separation(p))};
  });
  return reading;
}

// X with the same outputs y, and p along the one direction q = (−w₂, w₁) orthogonal to W: X = yW/‖W‖² + b qᵀ for two
// inputs. For b ⟂ 1, ŷ: Xᵀd = q⟨b, d⟩, XXᵀd = b‖W‖²⟨b, d⟩.
void set_second_direction(Inputs& in, const Array<Number>& b) {
  const Array<Number> y = reference_linear(in), w = in("weights");
  const Number length = squared_norm(w);
  Array<Number> u = in("u");
  for (Eigen::Index i = 0; i < u.rows(); ++i) {
    u(i, 0) = y(i) * w(0) / length - b(i) * w(1);
    u(i, 1) = y(i) * w(1) / length + b(i) * w(0);
  }
  in.set("u", u);
}
// b := t d, which makes d an eigenvector of XXᵀ.
void align_with_gradient(Inputs& in, const Number& t) {
  const Array<Number> d = gradient(in);
  Array<Number> b = d;
  for (Eigen::Index i = 0; i < b.size(); ++i) b(i) = t * d(i);
  set_second_direction(in, b);
  in.set("lambda_squared", square(t) * squared_norm(in("weights")) * squared_norm(d));
}
Hypothesis gradient_is_a_singular_vector() {
  return imposing("gradient_singular_vector", "XXᵀd = λ²d (two inputs: X = yW/‖W‖² + t d(−w₂, w₁))",
                  [](Inputs& in) { align_with_gradient(in, in.scalar("t")); });
}
// b orthogonal to 1 and to ŷ; λ² := ‖b‖²‖W‖² + k.
Hypothesis image_is_orthogonal() {
  return imposing("image_orthogonal", "XXᵀd ⟂ 1, ŷ, and ‖Xp‖ ≤ λ‖p‖ (two inputs: X = yW/‖W‖² + b(−w₂, w₁), b ⟂ 1, ŷ)",
                  [](Inputs& in) {
                    Array<Number> b = in("b");
                    const Number mean = reference_mean(b)[0];
                    for (Eigen::Index i = 0; i < b.size(); ++i) b(i) -= mean;
                    const Array<Number> direction = y_hat(in);
                    b = plus(b, -dot<Number>(b, direction) / squared_norm(direction), direction);
                    in.set("b", b);
                    set_second_direction(in, b);
                    in.set("lambda_squared", squared_norm(b) * squared_norm(in("weights")) + in.scalar("k"));
                  });
}
// ⟨g, ŷ⟩ := γ e, e ≥ 0: κ ≥ 0 is the same.
Hypothesis separation_is_nonnegative() {
  return imposing("separation_nonnegative", "γ⟨g, ŷ⟩ ≥ 0 (⟨g, ŷ⟩ = γe, e ≥ 0)", [](Inputs& in) {
    const Array<Number> direction = y_hat(in);
    const Number missing = in.scalar("gamma") * in.scalar("e") - dot<Number>(in("dy"), direction);
    in.set("dy", plus(in("dy"), missing / squared_norm(direction), direction));
  });
}
Hypothesis gamma_at_most_sigma() {
  return imposing("gamma_at_most_sigma", "γ² ≤ σ²: γ = σ · 2p/(1 + p²) for a real p", [](Inputs& in) {
    const Number radicand = variance_of_output(in) + in.scalar("eps");
    in.set("gamma", sqrt(radicand) * share_of_p(in));
  });
}

// γ²/σ²λ⁴ r(‖g‖² − ‖d‖²), γ²/σ² = share², 1 − γ²/σ² = complement².
std::vector<SquareTerm> gap_of_same_curvature(const Inputs& in) {
  const Array<Number> direction = y_hat(in);
  const Array<Number>& g = in("dy");
  const int m = in.sizes.batch;
  const Number factor = share_of_p(in) * in.scalar("lambda_squared"), complement = complement_of_p(in);
  Number sum(0);
  for (int i = 0; i < m; ++i) sum += g(i);
  const Number correlation = dot<Number>(g, direction);
  std::vector<SquareTerm> terms = {{.root = factor * sum, .nonnegative = {"r"}, .denominator = m},
                                   {.root = factor * correlation, .nonnegative = {"r"}, .denominator = m}};
  for (int i = 0; i < m; ++i) {
    const Number projected = g(i) - sum / Number(m) - direction(i) * correlation / Number(m);
    terms.push_back({.root = factor * complement * projected, .nonnegative = {"r"}});
  }
  return terms;
}

// γ²e/(mσ²) ( λ⁴‖d‖² − ‖v‖² ) with λ² = B + k, B = ‖b‖²‖W‖², v = b‖W‖²⟨b, d⟩:
// λ⁴‖d‖² − ‖v‖² = (2Bk + k²)‖d‖² + ‖W‖⁴‖b‖²(‖b‖²‖d‖² − ⟨b, d⟩²).
std::vector<SquareTerm> gap_of_separation(const Inputs& in) {
  const Array<Number> d = gradient(in);
  const Array<Number>&b = in("b"), &w = in("weights");
  const int m = in.sizes.batch;
  const Number ratio = in.scalar("gamma") / sqrt(variance_of_output(in)), length = squared_norm(w);
  std::vector<SquareTerm> terms;
  for (int i = 0; i < m; ++i) {
    terms.push_back({.root = ratio * in.scalar("k") * d(i), .nonnegative = {"e"}, .denominator = m});
    for (int l = 0; l < m; ++l)
      for (Eigen::Index j = 0; j < w.size(); ++j)
        terms.push_back(
            {.root = ratio * b(l) * w(j) * d(i), .nonnegative = {"e", "k"}, .numerator = 2, .denominator = m});
    for (int l = 0; l < i; ++l)
      for (int n = 0; n < m; ++n)
        terms.push_back(
            {.root = ratio * length * b(n) * (b(i) * d(l) - b(l) * d(i)), .nonnegative = {"e"}, .denominator = m});
  }
  return terms;
}

// repaired's right side, altered.
Formula altered(Number (*alter)(const Parts& p, const Number& curvature)) {
  return [=](const Inputs& in) {
    return Values{alter(parts_of(in), theory::quadratic_form<Number>(hessian(in), gradient_by_theory(in)))};
  };
}
Hypothesis aligned_again(std::string id, std::string sentence, void (*before)(Inputs&)) {
  return imposing(std::move(id), std::move(sentence), [=](Inputs& in) {
    before(in);
    align_with_gradient(in, in.scalar("t"));
  });
}

}  // namespace

Claim bn_minimax_predictiveness() {
  Reading repaired = {
      .id = "repaired",
      .statement =
          "(∂L̂/∂W)ᵀ(∂²L̂/∂W∂W)(∂L̂/∂W) = γ²/σ²(λ⁴dᵀHd − λ⁴κ), κ = ⟨∂L̂/∂z, ŷ⟩‖d‖²/(mγ), where XXᵀd = λ²d, H at z, ε = 0",
      .inputs = layer({hessian_spec(), free_scale}),
      .sizes = {{.batch = 3, .channels = 2}, {.batch = 4, .channels = 2}},
      .hypotheses = {eps_is_zero(), gradient_is_a_singular_vector()},
      .left = form_side(any_curvature),
      .right = by_theory("γ²/σ²(λ⁴dᵀHd − λ⁴κ)", altered([](const Parts& p, const Number& curvature) {
                           return bound(p, square(p.lambda_squared) * curvature, of_second_display(p));
                         })),
      .why = "v = XXᵀd = λ²d is a multiple of the gradient, and Theorem 4.2 is an equality along it."};

  Reading norm = repaired;
  norm.id = "aligned_input__frobenius_norm";
  norm.statement =
      "XXᵀd = λ²d and ‖X‖² = λ² + ‖y‖²/‖W‖², X = yW/‖W‖² + t d(−w₂, w₁), λ² = t²‖d‖²‖W‖², ε = 0: ‖X‖ > λ unless y = 0";
  norm.inputs = layer({free_scale});
  norm.left = by_reference("XXᵀd, d by LI23 (9)–(14), and ‖X‖²", [](const Inputs& in) {
    Values values = row_major(times(in("u"), transposed_times(in("u"), gradient(in))));
    values.push_back(squared_norm(in("u")));
    return values;
  });
  norm.right = by_theory("λ²d, compact form, and λ² + ‖y‖²/‖W‖²", [](const Inputs& in) {
    const Vector d = gradient_by_theory(in);
    const Array<Number> y = theory::linear_output<Number>(in("u"), in("weights"));
    Values values;
    for (Eigen::Index i = 0; i < d.size(); ++i) values.push_back(in.scalar("lambda_squared") * d(i));
    values.push_back(in.scalar("lambda_squared") + squared_norm(y) / squared_norm(in("weights")));
    return values;
  });
  norm.why =
      "d ⟂ y: X has the singular value λ along d and needs another one for y. So in the Frobenius norm no X with ‖X‖ ≤ "
      "λ and σ ≠ 0 has XXᵀd = λ²d ≠ 0; in the spectral norm those with ‖y‖ ≤ λ‖W‖ have.";

  Reading steepest = repaired;
  steepest.id = "separate_input__steepest";
  steepest.statement =
      "pᵀX′ᵀ(∂²L̂/∂y∂y)X′p = γ²/σ²(λ⁴dᵀHd − λ⁴κ), p = X′ᵀd, at X′ = λ d eᵀ/‖d‖, ‖e‖ = 1, y from X, κ of repaired, ε = 0";
  steepest.inputs = layer({hessian_spec()});
  steepest.sizes = {{.batch = 3}, {.batch = 4}, {.batch = 3, .channels = 2}};
  steepest.hypotheses = {eps_is_zero()};
  steepest.left = by_reference("second derivatives of the forward pass along X′X′ᵀd", [](const Inputs& in) {
    const Array<Number> d = gradient(in);
    const Number radicand = in.scalar("lambda_squared") / squared_norm(d), factor = sqrt(radicand);
    Array<Number> column = d;
    for (Eigen::Index i = 0; i < d.size(); ++i) column(i) = factor * d(i);
    return Values{along_separate_input(in, any_curvature(in), column)};
  });
  steepest.why =
      "As in Theorem 4.4 the proof has a second matrix X′, and activations that do not move with it. There ‖X′‖ = λ.";
  Reading separate = matched(
      "separate_input__maximum",
      "pᵀX′ᵀ(∂²L̂/∂y∂y)X′p ≤ γ²/σ²(0 − λ⁴κ) for all ‖X′‖ ≤ λ, p = X′ᵀd, y from X, κ of repaired, L linear, ε = 0",
      of_second_display, "X′ = 0 gives 0: the steepest X′ is not where a negative form is largest.");
  separate.inputs = layer({slack, {"other", Role::activation, Dimension::batch, Dimension::channels}});
  separate.hypotheses = {eps_is_zero(), imposing("norm_at_most_lambda", "‖X′‖ ≤ λ", [](Inputs& in) {
                           in.set("lambda_squared", squared_norm(in("other")) + in.scalar("k"));
                         })};
  separate.left = by_reference("second derivatives of the forward pass along X′X′ᵀd", [](const Inputs& in) {
    return Values{along_separate_input(in, no_curvature(in), in("other"))};
  });

  Reading same = repaired;
  same.id = "same_curvature__gamma_at_most_sigma";
  same.statement =
      "(∂L̂/∂W)ᵀ(∂²L̂/∂W∂W)(∂L̂/∂W) ≤ γ²/σ²(max_{‖X′‖≤λ} gᵀX′X′ᵀHX′X′ᵀg − λ⁴κ) where XXᵀd = λ²d, H = rI, r ≥ 0, γ² ≤ σ², "
      "g = ∂L̂/∂z, ε = 0";
  same.inputs = layer({quotient, free_scale, {"p", Role::weight}});
  same.hypotheses = {eps_is_zero(), gamma_at_most_sigma(), gradient_is_a_singular_vector()};
  same.left = form_side(same_curvature);
  same.relation = Relation::at_most;
  same.right = by_theory("γ²/σ²(rλ⁴‖g‖² − λ⁴κ)", [](const Inputs& in) {
    const Parts p = parts_of(in);
    return Values{bound(p, in.scalar("r") * square(p.lambda_squared) * squared_norm(in("dy")), of_second_display(p))};
  });
  same.gap = gap_of_same_curvature;
  same.why = "γ²/σ²λ⁴r(‖g‖² − ‖d‖²) is left, and ‖d‖² ≤ γ²/σ²‖g‖². In the maximum g stays fixed while X′ varies.";

  Reading strict = same;
  strict.id = "same_curvature__strictly_less";
  strict.statement =
      "the same with < for ≤, as printed: 1 where the left form is less than the right side, else 0, is 1";
  strict.left = by_reference("1 where the left form is less than the right side, else 0", [](const Inputs& in) {
    const Parts p = parts_of(in);
    const Number right =
        bound(p, in.scalar("r") * square(p.lambda_squared) * squared_norm(in("dy")), of_second_display(p));
    return Values{select_positive(right - form_in_weights(in, same_curvature(in)), Number(1), Number(0))};
  });
  strict.relation = Relation::equal;
  strict.right = by_definition("1", [](const Inputs&) { return Values{Number(1)}; });
  strict.gap = {};
  strict.why = "r = 0, a linear loss, makes the sides equal.";

  Reading every = repaired;
  every.id = "every_input";
  every.statement =
      "(∂L̂/∂W)ᵀ(∂²L̂/∂W∂W)(∂L̂/∂W) = the form of bn_hessian_form's every_direction at v = XXᵀd, every X, all ε ≥ 0";
  every.inputs = layer({hessian_spec()});
  every.sizes = {{.batch = 2}, {.batch = 3}, {.batch = 3, .channels = 2}, {.batch = 4, .channels = 3}};
  every.hypotheses = {};
  every.right = by_theory("the closed form at v = XXᵀd", [](const Inputs& in) {
    const Array<Number> p = theory::weight_gradient<Number>(theory_batch_after_linear(in), in("u"));
    const Array<Number> v = theory::linear_output<Number>(in("u"), p);
    return Values{theory::hessian_form<Number>(theory_batch_after_linear(in), 0, hessian(in), as_vector<Number>(v))};
  });
  every.why = "y moves along v = Xp when W moves along p = Xᵀd, and y is linear in W.";

  Reading reversed = repaired;
  reversed.id = "separation_is_at_most";
  reversed.statement =
      "γ²/σ²(vᵀHv − λ⁴κ) ≤ (∂L̂/∂W)ᵀ(∂²L̂/∂W∂W)(∂L̂/∂W) where v = XXᵀd ⟂ 1, ŷ, κ ≥ 0, ‖Xp‖ ≤ λ‖p‖, H at z, ε = 0";
  reversed.inputs = layer(
      {hessian_spec(), slack, {"e", Role::variance}, {"b", Role::activation, Dimension::batch, Dimension::outputs}});
  reversed.hypotheses = {eps_is_zero(), separation_is_nonnegative(), image_is_orthogonal()};
  reversed.left = by_theory("γ²/σ²(vᵀHv − λ⁴κ)", [](const Inputs& in) {
    const Parts p = parts_of(in);
    const Array<Number> weight_gradient = theory::weight_gradient<Number>(theory_batch_after_linear(in), in("u"));
    const Array<Number> v = theory::linear_output<Number>(in("u"), weight_gradient);
    return Values{bound(p, theory::quadratic_form<Number>(hessian(in), as_vector<Number>(v)), of_second_display(p))};
  });
  reversed.relation = Relation::at_most;
  reversed.right = form_side(any_curvature);
  reversed.gap = gap_of_separation;
  reversed.why =
      "There the form is γ²/σ²(vᵀHv − κ‖v‖²/‖d‖²) and ‖v‖ ≤ λ²‖d‖: putting λ⁴κ for κ‖v‖²/‖d‖² takes too much off.";

  Reading invariant = every;
  invariant.id = "maximum_ignores_lambda";
  invariant.statement =
      "for a linear loss (∂L̂/∂W)ᵀ(∂²L̂/∂W∂W)(∂L̂/∂W) at t²X is that at X, t ≠ 0, ε = 0: the left maximum does not depend "
      "on λ";
  invariant.inputs = layer({free_scale});
  invariant.sizes = {{.batch = 3, .channels = 2}, {.batch = 4, .channels = 2}};
  invariant.hypotheses = {eps_is_zero()};
  invariant.left = by_reference("the form at t²X, second derivatives of the forward pass", [](const Inputs& in) {
    Inputs scaled = in;
    Array<Number> u = in("u");
    for (Eigen::Index k = 0; k < u.size(); ++k) u(k) *= square(in.scalar("t"));
    scaled.set("u", u);
    return Values{square(form_in_weights(scaled, no_curvature(in)))};
  });
  invariant.right = by_theory("the closed form at X", [](const Inputs& in) {
    const Array<Number> p = theory::weight_gradient<Number>(theory_batch_after_linear(in), in("u"));
    const Array<Number> v = theory::linear_output<Number>(in("u"), p);
    return Values{
        square(theory::hessian_form<Number>(theory_batch_after_linear(in), 0, no_curvature(in), as_vector<Number>(v)))};
  });
  invariant.why =
      "As a function of W, L̂ does not change when X is rescaled. Squares are compared: over a prime field the root of "
      "t⁴σ² may be −t²σ.";

  return {
      .title =
          "Over all layer inputs of norm at most λ batch norm lowers the second-order term along the weight gradient",
      .sources = {{"SAN18", "Theorem C.1, named in §4.2; from memory"}},
      .notation =
          "X: m × D the layer's inputs, y = XWᵀ one output, ŷ = (y − μ)/σ, z = γŷ + β, L̂ = L(z), g = ∂L/∂z and H = "
          "∂²L/∂z∂z at z, d = ∇_y L̂, p = ∂L̂/∂W = Xᵀd, κ the separation in Theorem 4.2",
      .why =
          "Along p the outputs move along v = XXᵀd, and the form is vᵀ(∂²L̂/∂y∂y)v. Theorem 4.2 is about d: it carries "
          "over where v = λ²d, as an equality with κ = ⟨g, ŷ⟩‖d‖²/(mγ). Where v ⟂ 1, ŷ the separation is κ‖v‖²/‖d‖² ≤ "
          "λ⁴κ.",
      .explain =
          "Theorem C.1 (appendix of SAN18, quoted here from memory) says: the largest second-order term along the "
          "weight gradient, over all inputs X with ‖X‖ ≤ λ, is with batch norm less than γ²/σ² times the one without, "
          "minus λ⁴κ, κ being the separation of Theorem 4.2. With ĝ = ∇_y L̂, as that theorem defines it, κ = 0, and "
          "the claim fails already for a linear loss, whose second-order term without batch norm is 0: the sphere on "
          "which ŷ lives adds curvature of either sign. With ĝ = ∂L̂/∂z and κ from either display it fails with a "
          "single input: the weight gradient is then 0 at ε = 0 and so is the left side, while −λ⁴κ is negative. The "
          "slip in the idea is that XXᵀ turns d into another direction v. Where it does not, XXᵀd = λ²d, the form is "
          "what is printed, an equality (repaired); but such an X has spectral norm λ at best, and a Frobenius norm "
          "above λ. To compare with the network without batch norm one needs besides γ² ≤ σ² and that the loss curves "
          "alike in all directions. Where v ⟂ 1, ŷ only, λ⁴κ is an upper bound of what is gained, not a lower one "
          "(separation_is_at_most). A second matrix X′ beside fixed activations, as in Theorem 4.4, gives the equality "
          "at the steepest X′, yet not for the maximum: X′ = 0 gives 0. Strict < cannot be true of every loss: a "
          "constant one has 0 on both sides; the readings ask for ≤ only. And as in Theorem 4.4 the left maximum does "
          "not know λ, since rescaling X changes nothing, and need not be finite.",
      .readings =
          {
              matched("printed__as_defined__matched",
                      "(∂L̂/∂W)ᵀ(∂²L̂/∂W∂W)(∂L̂/∂W) ≤ γ²/σ²(0 − λ⁴κ) for all ‖X‖ ≤ λ, κ with ĝ = d = ∇_y L̂ (hence 0), L "
                      "linear, ε = 0",
                      as_defined,
                      "⟨d, ŷ⟩ = 0 and a linear loss has no second-order term: the right side is 0. With batch norm the "
                      "term is there, of either sign."),
              matched("printed__first_display__matched",
                      "(∂L̂/∂W)ᵀ(∂²L̂/∂W∂W)(∂L̂/∂W) ≤ γ²/σ²(0 − λ⁴κ) for all ‖X‖ ≤ λ, κ = γ⟨∂L̂/∂z, ŷ⟩‖d‖²/(mσ²), L "
                      "linear, ε = 0",
                      of_first_display, "With one input ∂L̂/∂W = 0 at ε = 0, and the left side is 0 whatever κ is."),
              matched("printed__second_display__matched",
                      "(∂L̂/∂W)ᵀ(∂²L̂/∂W∂W)(∂L̂/∂W) ≤ γ²/σ²(0 − λ⁴κ) for all ‖X‖ ≤ λ, κ = ⟨∂L̂/∂z, ŷ⟩‖d‖²/(mγ), L linear, "
                      "ε = 0",
                      of_second_display,
                      "With one input ∂L̂/∂W = 0 at ε = 0, and the left side is 0 whatever κ is. What is left of it is "
                      "repaired."),
              raw("printed__as_defined__raw",
                  "(∂L̂/∂W)ᵀ(∂²L̂/∂W∂W)(∂L̂/∂W) ≤ γ²/σ²(max − λ⁴κ) for all ‖X‖ ≤ λ, κ with ĝ = d, L = c a_1 + r‖a‖²/2, "
                  "max at y, ε = 0",
                  as_defined),
              raw("printed__first_display__raw",
                  "(∂L̂/∂W)ᵀ(∂²L̂/∂W∂W)(∂L̂/∂W) ≤ γ²/σ²(max − λ⁴κ) for all ‖X‖ ≤ λ, κ = γ⟨∂L̂/∂z, ŷ⟩‖d‖²/(mσ²), L = c a_1 "
                  "+ r‖a‖²/2, max at y, ε = 0",
                  of_first_display),
              raw("printed__second_display__raw",
                  "(∂L̂/∂W)ᵀ(∂²L̂/∂W∂W)(∂L̂/∂W) ≤ γ²/σ²(max − λ⁴κ) for all ‖X‖ ≤ λ, κ = ⟨∂L̂/∂z, ŷ⟩‖d‖²/(mγ), L = c a_1 + "
                  "r‖a‖²/2, max at y, ε = 0",
                  of_second_display),
              repaired,
              norm,
              steepest,
              separate,
              same,
              strict,
              every,
              reversed,
              invariant,
          },
      .mutants =
          {
              {.id = "lambda_squared_for_its_square",
               .reading = "repaired",
               .words = "λ² for λ⁴",
               .agrees_when = imposing("lambda_one", "λ = 1",
                                       [](Inputs& in) {
                                         const Number length = squared_norm(in("weights")) * squared_norm(gradient(in));
                                         align_with_gradient(in, Number(1) / sqrt(length));
                                       }),
               .right = altered([](const Parts& p, const Number& curvature) {
                 return p.scale * p.lambda_squared * (curvature - of_second_display(p));
               })},
              {.id = "forgets_the_separation",
               .reading = "repaired",
               .words = "γ²/σ²λ⁴dᵀHd alone",
               .agrees_when = aligned_again("upstream_orthogonal_to_y_hat", "⟨g, ŷ⟩ = 0",
                                            [](Inputs& in) {
                                              const Array<Number> direction = y_hat(in);
                                              const Number share =
                                                  dot<Number>(in("dy"), direction) / squared_norm(direction);
                                              in.set("dy", plus(in("dy"), -share, direction));
                                            }),
               .right = altered([](const Parts& p, const Number& curvature) {
                 return p.scale * square(p.lambda_squared) * curvature;
               })},
              {.id = "separation_of_the_first_display",
               .reading = "repaired",
               .words = "κ = γ⟨g, ŷ⟩‖d‖²/(mσ²), the factor γ²/σ² counted twice",
               .agrees_when = aligned_again("gamma_is_sigma", "γ = σ",
                                            [](Inputs& in) { in.set("gamma", sqrt(variance_of_output(in))); }),
               .right = altered([](const Parts& p, const Number& curvature) {
                 return bound(p, square(p.lambda_squared) * curvature, of_first_display(p));
               })},
              {.id = "separation_without_gamma",
               .reading = "repaired",
               .words = "κ = ⟨g, ŷ⟩‖d‖²/m",
               .agrees_when = aligned_again(
                   "gamma_one", "γ = 1",
                   [](Inputs& in) { in.set("gamma", Array<Number>::Constant(1, in.sizes.outputs, Number(1))); }),
               .right = altered([](const Parts& p, const Number& curvature) {
                 return bound(p, square(p.lambda_squared) * curvature, p.gamma * of_second_display(p));
               })},
          },
  };
}

}  // namespace normproof::claims
