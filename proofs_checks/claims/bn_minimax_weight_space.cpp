// Claim: batch norm makes the gradient with respect to a layer's weights small, in the worst case over the layer's
// inputs.
//
// Source       SAN18 Theorem 4.4 and WIKI (X: the layer's inputs); LI23 Theorem 2.2, (62) and (63) (x for X; g^(k) is
//              defined, g_j used). All three print g_j², g_j being a squared norm already
// Notation     one unit; X: m × D, the layer's inputs; W: 1 × D; y = XWᵀ, ŷ = (y − μ)/σ, z = γŷ + β, L̂ = L(z),
//              g = ∂L/∂z, d = ∇_y L̂, s = √(σ² + ε); μ_g = ⟨1, ∇_y L⟩/m (no document says what μ_{g_j} is);
//              ‖X‖: Frobenius norm, unless a reading says spectral; u, weights, dy in the code
// Hypotheses   σ ≠ 0, ε = 0, γ and β constant, ‖X‖ ≤ λ
//
//     ĝ_j  ≤  γ²/σ² ( g_j² − m μ_g² − λ²⟨∇_y L, ŷ⟩² ),     g_j = max_{‖X‖≤λ} ‖∇_W L‖²,  ĝ_j = max_{‖X‖≤λ} ‖∇_W L̂‖²
//
// Why. ∇_W L̂ = Xᵀd. With d held fixed, max_{‖X‖≤λ} ‖Xᵀd‖² = λ²‖d‖² (Cauchy–Schwarz; X = λ d eᵀ/‖d‖ attains it, in the
// Frobenius and in the spectral norm), and Theorem 4.1 with 1/m is an equality at ε = 0:
//     λ²‖d‖² = γ²/σ² ( λ²‖g‖² − λ² m μ_g² − λ²⟨g, ŷ⟩²/m ).
// So λ² belongs to every term, 1/m to the last one, and g_j is not to be squared: the printed right side is negative
// for small λ and for g along ŷ. Nor can d be held fixed while X varies. X → tX leaves z as it is and divides d by t:
// ∇_W L̂ stays, while ∇_W L grows with t: ĝ_j does not depend on λ. With two inputs, W = (w, 0) and X = (ta, b), its
// second entry grows as 1/t for t → 0: there is no maximum. What holds is a bound at each X by itself, and, since
// γ/s ≤ γ/√ε, ‖∇_W L̂‖² ≤ (γ²/ε)λ²(‖g‖² − m μ_g²) over all of them where ε > 0. With two inputs this is attained, at an
// X ⟂ W, where y = 0 and s = √ε: for a linear loss ĝ_j = (γ²/ε)(g_j − λ²m μ_g²).
#include "proofs_checks/inputs/linear_layer.hpp"
#include "proofs_checks/numbers/elementary.hpp"
#include "theory/smoothness/gradient_magnitude.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

Number square(const Number& a) { return a * a; }
Number squared_norm(const Array<Number>& a) { return dot<Number>(a, a); }

// Xᵀd.
Array<Number> transposed_times(const Array<Number>& x, const Array<Number>& d) {
  Array<Number> product = Array<Number>::Constant(x.cols(), 1, Number(0));
  for (Eigen::Index j = 0; j < x.cols(); ++j)
    for (Eigen::Index i = 0; i < x.rows(); ++i) product(j) += x(i, j) * d(i);
  return product;
}

// d by LI23 (9)–(14), the upstream gradient being dy.
Array<Number> gradient(const Inputs& in) { return reference_backward(after_linear(in)).dx; }
Values squared_weight_gradient(const Inputs& in) { return {squared_norm(transposed_times(in("u"), gradient(in)))}; }

Side weight_gradient_side() { return by_reference("‖∇_W L̂‖² = ‖Xᵀd‖², d by LI23 (9)–(14)", squared_weight_gradient); }

std::vector<InputSpec> layer(const std::vector<InputSpec>& more = {}) {
  std::vector<InputSpec> specs = linear_layer_and_batch_norm({{"lambda_squared", Role::variance}});
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}
const InputSpec slack = {"k", Role::variance};

std::vector<Sizes> sizes() {
  return {{.batch = 2}, {.batch = 3}, {.batch = 2, .channels = 2}, {.batch = 3, .channels = 2}};
}

// λ² := ‖array‖² + k.
Hypothesis norm_at_most_lambda(const std::string& array = "u", const std::string& sentence = "‖X‖ ≤ λ") {
  return imposing("norm_at_most_lambda", sentence,
                  [=](Inputs& in) { in.set("lambda_squared", squared_norm(in(array)) + in.scalar("k")); });
}

// Any X with ‖X‖ ≤ λ in the spectral norm: λ times a block of an orthogonal matrix, which is a product of reflections.
Array<Number> orthogonal(const Array<Number>& normals) {
  const Eigen::Index n = normals.rows();
  Array<Number> product(n, n);
  for (Eigen::Index i = 0; i < n; ++i)
    for (Eigen::Index j = 0; j < n; ++j) product(i, j) = Number(i == j ? 1 : 0);
  for (Eigen::Index r = 0; r < n; ++r) {
    Number length(0);
    for (Eigen::Index j = 0; j < n; ++j) length += square(normals(r, j));
    for (Eigen::Index i = 0; i < n; ++i) {
      Number share(0);
      for (Eigen::Index j = 0; j < n; ++j) share += product(i, j) * normals(r, j);
      share = Number(2) * share / length;
      for (Eigen::Index j = 0; j < n; ++j) product(i, j) -= share * normals(r, j);
    }
  }
  return product;
}
// λ times the columns `first` … of its first m rows.
Array<Number> block(const Inputs& in, Eigen::Index first, Eigen::Index columns) {
  const Array<Number> rotation = orthogonal(in("normals"));
  Array<Number> out(in.sizes.batch, columns);
  for (Eigen::Index i = 0; i < out.rows(); ++i)
    for (Eigen::Index j = 0; j < columns; ++j) out(i, j) = in.scalar("lambda") * rotation(i, first + j);
  return out;
}
Hypothesis spectral_norm_at_most_lambda() {
  return imposing("spectral_norm_at_most_lambda", "‖X‖ ≤ λ in the spectral norm", [](Inputs& in) {
    in.set("u", block(in, 0, in.sizes.channels));
    in.set("lambda_squared", square(in.scalar("lambda")));
  });
}

// What the bounds are made of; λ²‖g‖² is g_j for a loss that is linear in y.
struct Parts {
  theory::GradientMagnitudeTerms<Number> terms;
  Number lambda_squared, gamma;
  int m = 1;
};
Parts parts_of(const Inputs& in) {
  return {theory::gradient_magnitude_terms(theory_batch_after_linear(in), 0), in.scalar("lambda_squared"),
          in.scalar("gamma"), in.sizes.batch};
}
Formula from_parts(Number (*combine)(const Parts&)) {
  return [=](const Inputs& in) -> Values { return {combine(parts_of(in))}; };
}

// γ²/σ²( first − m μ_g² − λ²⟨∇_y L, ŷ⟩² ): the printed bracket.
Number printed_bound(const Parts& p, const Number& first) {
  return p.terms.scale * (first - p.terms.squared_sum / Number(p.m) - p.lambda_squared * p.terms.squared_correlation);
}
Number linear_maximum(const Parts& p) { return p.lambda_squared * p.terms.squared_norm; }
// γ²/σ² λ²( ‖g‖² − m μ_g² − ⟨g, ŷ⟩²/m ).
Number right_bound(const Parts& p) {
  return p.lambda_squared * theory::gradient_magnitude_bound<Number>(p.terms, p.m, Number(1) / Number(p.m));
}

constexpr const char* linear_why =
    "L linear in y, so that ∇_y L is the same at matched and at raw activations and g_j = λ²‖∇_y L‖². ";

Reading matched(std::string id, std::string statement, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = layer({slack}),
          .sizes = sizes(),
          .hypotheses = {eps_is_zero(), norm_at_most_lambda()},
          .left = weight_gradient_side(),
          .relation = Relation::at_most,
          .right = by_theory("γ²/σ²(g_j² − m μ_g² − λ²⟨∇_y L, ŷ⟩²), g_j = λ²‖∇_y L‖²",
                             from_parts([](const Parts& p) { return printed_bound(p, square(linear_maximum(p))); })),
          .why = std::move(why)};
}

// L(a) = ⟨c, a⟩ + q‖a‖²/2, q ≥ 0. At raw activations max_{‖X‖≤λ} ‖Xᵀ(c + qXWᵀ)‖ = λ‖c‖ + qλ²‖W‖: the triangle
// inequality, and X = λ c W/(‖c‖‖W‖) attains it.
Array<Number> slope_at(const Inputs& in, const Array<Number>& activations) {
  Array<Number> slope = in("c");
  for (Eigen::Index i = 0; i < slope.size(); ++i) slope(i) += in.scalar("q") * activations(i);
  return slope;
}
Inputs with_upstream(const Inputs& in, const Array<Number>& dy) {
  Inputs out = in;
  out.set("dy", dy);
  return out;
}
Values squared_weight_gradient_of_quadratic(const Inputs& in) {
  return squared_weight_gradient(
      with_upstream(in, slope_at(in, reference_batch_norm(after_linear(with_upstream(in, in("c")))))));
}
Values raw_bound(const Inputs& in) {
  Inputs at_y = with_upstream(in, slope_at(in, theory::linear_output<Number>(in("u"), in("weights"))));
  const Number lambda = in.scalar("lambda"), constant = squared_norm(in("c")), weights = squared_norm(in("weights"));
  at_y.set("lambda_squared", square(lambda));
  const Number steepest = lambda * sqrt(constant) + in.scalar("q") * square(lambda) * sqrt(weights);
  return {printed_bound(parts_of(at_y), square(square(steepest)))};
}
// λ := (‖X‖²/k + k)/2: by the two means each λ ≥ ‖X‖, and no root that would make small fractions rare.
Hypothesis norm_at_most_rational_lambda() {
  return imposing("norm_at_most_lambda", "‖X‖ ≤ λ (λ = (‖X‖²/k + k)/2)", [](Inputs& in) {
    const Number k = in.scalar("k");
    in.set("lambda", (squared_norm(in("u")) / k + k) / Number(2));
  });
}
Reading raw(std::string id) {
  return {
      .id = std::move(id),
      .statement =
          "‖∇_W L̂‖² ≤ γ²/σ²(g_j² − m μ_g² − λ²⟨∇_y L, ŷ⟩²) for all ‖X‖ ≤ λ, ∇L at y, L = ⟨c, a⟩ + q‖a‖²/2, ε = 0",
      .inputs = {{"u", Role::activation, Dimension::batch, Dimension::channels},
                 {"weights", Role::weight, Dimension::outputs, Dimension::channels},
                 {"c", Role::upstream, Dimension::batch, Dimension::outputs},
                 {"q", Role::variance},
                 {"gamma", Role::scale, Dimension::one, Dimension::outputs},
                 {"beta", Role::shift, Dimension::one, Dimension::outputs},
                 {"eps", Role::epsilon},
                 {"lambda", Role::variance},
                 slack},
      .sizes = sizes(),
      .hypotheses = {eps_is_zero(), norm_at_most_rational_lambda()},
      .left = by_reference("‖∇_W L̂‖² = ‖Xᵀd‖², d by LI23 (9)–(14)", squared_weight_gradient_of_quadratic),
      .relation = Relation::at_most,
      .right = by_theory("γ²/σ²(g_j² − m μ_g² − λ²⟨∇_y L, ŷ⟩²), g_j = (λ‖c‖ + qλ²‖W‖)², ∇_y L = c + qy", raw_bound),
      .why = "q = 0 is the linear loss again. Where L curves, its gradient at y says besides nothing about that at z."};
}

// λ²‖d‖² − ‖Xᵀd‖², the sum of Lagrange's squares and of k‖d‖², all times `factor`².
void add_cauchy_schwarz(std::vector<SquareTerm>& terms, const Array<Number>& x, const Array<Number>& d) {
  for (Eigen::Index i = 0; i < d.size(); ++i) {
    terms.push_back({.root = d(i), .nonnegative = {"k"}});
    for (Eigen::Index l = 0; l < i; ++l)
      for (Eigen::Index j = 0; j < x.cols(); ++j) terms.push_back({.root = x(i, j) * d(l) - x(l, j) * d(i)});
  }
}
// λ² root², λ² = ‖X‖² + k.
void add_lambda_times(std::vector<SquareTerm>& terms, const Array<Number>& x, const Number& root,
                      std::vector<std::string> nonnegative, int denominator) {
  for (Eigen::Index k = 0; k < x.size(); ++k)
    terms.push_back({.root = x(k) * root, .nonnegative = nonnegative, .denominator = denominator});
  nonnegative.push_back("k");
  terms.push_back({.root = root, .nonnegative = nonnegative, .denominator = denominator});
}

// λ²‖d‖² − ‖Xᵀd‖² + λ²(ε/m)(γ⟨g, x̂⟩/s²)².
std::vector<SquareTerm> gap_of(const Inputs& in, const std::string& array) {
  std::vector<SquareTerm> terms;
  add_cauchy_schwarz(terms, in(array), gradient(in));
  add_lambda_times(terms, in(array), theory::gradient_magnitude_gap_root(theory_batch_after_linear(in), 0), {"eps"},
                   in.sizes.batch);
  return terms;
}
std::vector<SquareTerm> gap_of_spectral_norm(const Inputs& in) {
  // XXᵀ + RRᵀ = λ²I with the remaining columns R.
  const Array<Number> rest = block(in, in.sizes.channels, in.sizes.hidden - in.sizes.channels);
  const Array<Number> missing = transposed_times(rest, gradient(in));
  std::vector<SquareTerm> terms = {
      {.root = in.scalar("lambda") * theory::gradient_magnitude_gap_root(theory_batch_after_linear(in), 0),
       .nonnegative = {"eps"},
       .denominator = in.sizes.batch}};
  for (Eigen::Index j = 0; j < missing.size(); ++j) terms.push_back({.root = missing(j)});
  return terms;
}
// (γ²/ε)λ²‖n‖² − ‖Xᵀd‖², n = g − μ_g 1: what Cauchy–Schwarz leaves, and λ² times
// γ²/(ε s²) σ²‖n‖² + γ²/s² (1 + ε/s²)⟨g, x̂⟩²/m.
std::vector<SquareTerm> gap_over_all_inputs(const Inputs& in) {
  const theory::TrainingBatch<Number> b = theory_batch_after_linear(in);
  const theory::Statistics<Number> st = theory::statistics(b);
  const int m = in.sizes.batch;
  const Number s = st.s(0), ratio = b.gamma(0) / s, sigma = sqrt(st.biased_variance(0));
  Number sum(0), correlation(0);
  for (int i = 0; i < m; ++i) {
    sum += b.dy(i, 0);
    correlation += b.dy(i, 0) * st.x_hat(i, 0);
  }
  std::vector<SquareTerm> terms;
  add_cauchy_schwarz(terms, in("u"), gradient(in));
  for (int i = 0; i < m; ++i) {
    const Number centred = b.dy(i, 0) - sum / Number(m);
    add_lambda_times(terms, in("u"), ratio * sigma * centred / b.eps, {"eps"}, 1);
  }
  add_lambda_times(terms, in("u"), ratio * correlation, {}, m);
  add_lambda_times(terms, in("u"), ratio * correlation / s, {"eps"}, m);
  return terms;
}

// X′ = λ d eᵀ/‖d‖ for any unit vector e, and ‖X′ᵀd‖².
Values at_the_steepest_input(const Inputs& in) {
  const Array<Number> d = gradient(in);
  const Number length = squared_norm(d), factor = sqrt(in.scalar("lambda_squared")) / sqrt(length);
  Array<Number> x = d;
  for (Eigen::Index i = 0; i < d.size(); ++i) x(i) = factor * d(i);
  return {squared_norm(transposed_times(x, d))};
}

// X := λ n (−w₂, w₁)/(‖n‖‖W‖), n = g − μ_g 1: ‖X‖ = λ and y = XWᵀ = 0.
Hypothesis input_is_orthogonal_to_the_weights() {
  return imposing("input_orthogonal_to_weights", "X = λ n (−w₂, w₁)/(‖n‖‖W‖), n = g − μ_g 1: y = 0", [](Inputs& in) {
    const Array<Number>&dy = in("dy"), &w = in("weights");
    const Number mean = reference_mean(dy)[0];
    Array<Number> n = dy;
    for (Eigen::Index i = 0; i < n.size(); ++i) n(i) -= mean;
    const Number radicand = in.scalar("lambda_squared") / (squared_norm(n) * squared_norm(w)), factor = sqrt(radicand);
    Array<Number> u = in("u");
    for (Eigen::Index i = 0; i < u.rows(); ++i) {
      u(i, 0) = -factor * n(i) * w(1);
      u(i, 1) = factor * n(i) * w(0);
    }
    in.set("u", u);
  });
}

// X := tX.
Inputs rescaled(const Inputs& in, const Number& t) {
  Inputs out = in;
  Array<Number> u = in("u");
  for (Eigen::Index k = 0; k < u.size(); ++k) u(k) *= t;
  out.set("u", u);
  return out;
}

Hypothesis second_weight_is_zero() {
  return imposing("second_weight_zero", "W = (w, 0)", [](Inputs& in) {
    Array<Number> w = in("weights");
    w(1) = Number(0);
    in.set("weights", w);
  });
}
// The layer's first input times t.
Inputs first_input_rescaled(const Inputs& in, const Number& t) {
  Inputs out = in;
  Array<Number> u = in("u");
  for (Eigen::Index i = 0; i < u.rows(); ++i) u(i, 0) *= t;
  out.set("u", u);
  return out;
}
// (⟨b, d_a⟩/(tw))², d_a the gradient before batch norm in a network whose output is a.
Values square_of_the_second_entry(const Inputs& in) {
  theory::TrainingBatch<Number> alone = theory_batch_after_linear(in);
  alone.x = in("u").col(0);
  const Array<Number> gradient_at_a = theory::compact_input_gradient(alone);
  const Number product = dot<Number>(Array<Number>(in("u").col(1)), gradient_at_a);
  return {square(product / (in.scalar("t") * in("weights")(0)))};
}

Hypothesis upstream_is_orthogonal_to_y_hat() {
  return imposing("upstream_orthogonal_to_y_hat", "⟨g, ŷ⟩ = 0", [](Inputs& in) {
    const Array<Number> y_hat = reference_x_hat(after_linear(in));
    Array<Number> dy = in("dy");
    const Number share = dot<Number>(dy, y_hat) / squared_norm(y_hat);
    for (Eigen::Index i = 0; i < dy.size(); ++i) dy(i) -= share * y_hat(i);
    in.set("dy", dy);
  });
}
Hypothesis linear_maximum_is_one() {
  return imposing("g_j_one", "g_j = λ²‖g‖² = 1",
                  [](Inputs& in) { in.set("lambda_squared", Number(1) / squared_norm(in("dy"))); });
}

}  // namespace

Claim bn_minimax_weight_space() {
  const std::string printed_statement =
      "‖∇_W L̂‖² ≤ γ²/σ²(g_j² − m μ_g² − λ²⟨∇_y L, ŷ⟩²) for all ‖X‖ ≤ λ, ∇L at z, L linear, ε = 0";
  const Reading san18 = matched(
      "printed_san18__matched", printed_statement,
      std::string(linear_why) +
          "With one input (D = 1) and ε = 0 the left side is 0 at every X, ⟨X, d⟩ being ⟨y, d⟩/w. The right one is "
          "negative at λ = 1 already, where ⟨g, ŷ⟩² lacks its 1/m, and for small λ, since g_j² falls as λ⁴, m μ_g² not "
          "at all and λ²⟨g, ŷ⟩² as λ²: it does not matter which X is meant on the right, nor what μ_g is.");
  Reading wiki = san18;
  wiki.id = "printed_wiki__matched";
  Reading li23 = san18;
  li23.id = "printed_li23__matched";
  Reading samples = san18;
  samples.id = "printed_li23__samples";
  samples.statement =
      "‖∇_w ℓ̂‖² ≤ γ²/σ²(g² − m μ_g² − λ²⟨∇ℓ, x̂⟩²), g = max ‖∇_w ℓ‖² over samples with ‖x_i‖ ≤ λ, ℓ linear, ε = 0";
  samples.right = by_theory("γ²/σ²(g² − m μ_g² − λ²⟨∇ℓ, x̂⟩²), g = λ²(Σ|c_i|)²", [](const Inputs& in) -> Values {
    const Parts p = parts_of(in);
    Number sum(0);
    for (Eigen::Index i = 0; i < in("dy").size(); ++i) sum += relu(in("dy")(i)) + relu(-in("dy")(i));
    return {printed_bound(p, square(p.lambda_squared * sum * sum))};
  });
  samples.why =
      "LI23's bold x_i is a sample. All x_i = ±λe make g = λ²(Σ|c_i|)². It does not help: for small λ the right side "
      "is −γ²/σ² m μ_g². (‖x_i‖ ≤ λ follows from the ‖X‖ ≤ λ that is imposed.)";
  Reading activations = san18;
  activations.id = "printed_li23__activations";
  activations.statement =
      "‖∇_w ℓ̂‖² ≤ γ²/σ²(g² − m μ_g² − λ²⟨∇ℓ, x̂⟩²), g = max ‖∇_w ℓ‖² over activations ‖y‖ ≤ λ, ℓ linear, D = 1, ε = 0";
  activations.sizes = {{.batch = 2}, {.batch = 3}};
  activations.hypotheses = {eps_is_zero(), imposing("norm_at_most_lambda", "‖y‖ ≤ λ", [](Inputs& in) {
                              in.set("lambda_squared", squared_norm(reference_linear(in)) + in.scalar("k"));
                            })};
  activations.right = by_theory("γ²/σ²(g² − m μ_g² − λ²⟨∇ℓ, x̂⟩²), g = λ²‖c‖²/w²", [](const Inputs& in) -> Values {
    const Parts p = parts_of(in);
    return {printed_bound(p, square(linear_maximum(p) / squared_norm(in("weights"))))};
  });
  activations.why =
      "LI23's x^(k) are the activations y = Xw. With one input ∇_w ℓ = ⟨y, c⟩/w and g = λ²‖c‖²/w²; with more g is "
      "infinite, for y does not bound X. The left side is 0 as before.";

  Reading unsquared =
      matched("unsquared",
              "‖∇_W L̂‖² ≤ γ²/σ²(g_j − m μ_g² − λ²⟨∇_y L, ŷ⟩²) for all ‖X‖ ≤ λ, g_j for g_j², ∇L at z, L linear, ε = 0",
              "The power alone does not mend it: λ² is missing before m μ_g², 1/m on the last term.");
  unsquared.right = by_theory("γ²/σ²(g_j − m μ_g² − λ²⟨∇_y L, ŷ⟩²)",
                              from_parts([](const Parts& p) { return printed_bound(p, linear_maximum(p)); }));
  Reading scaled_mean = unsquared;
  scaled_mean.id = "unsquared__lambda_on_every_term";
  scaled_mean.statement = "‖∇_W L̂‖² ≤ γ²/σ²(g_j − λ²m μ_g² − λ²⟨∇_y L, ŷ⟩²) for all ‖X‖ ≤ λ, ∇L at z, L linear, ε = 0";
  scaled_mean.right =
      by_theory("γ²/σ²(g_j − λ²m μ_g² − λ²⟨∇_y L, ŷ⟩²)", from_parts([](const Parts& p) {
                  return p.lambda_squared * theory::gradient_magnitude_bound<Number>(p.terms, p.m, Number(1));
                }));
  scaled_mean.why = "‖ŷ‖² = m: ⟨g, ŷ⟩² may be as large as m‖g‖², and without 1/m the right side is negative there.";
  Reading over_m = unsquared;
  over_m.id = "unsquared__over_m";
  over_m.statement = "‖∇_W L̂‖² ≤ γ²/σ²(g_j − m μ_g² − λ²⟨∇_y L, ŷ⟩²/m) for all ‖X‖ ≤ λ, ∇L at z, L linear, ε = 0";
  over_m.right = by_theory("γ²/σ²(g_j − m μ_g² − λ²⟨∇_y L, ŷ⟩²/m)", from_parts([](const Parts& p) {
                             const Number without = Number(1) - p.lambda_squared;
                             return right_bound(p) - p.terms.scale * without * p.terms.squared_sum / Number(p.m);
                           }));
  over_m.why =
      "The right side is that of repaired less γ²/σ²(1 − λ²) m μ_g²: enough for λ ≥ 1, not for λ < 1. The unit of "
      "measurement of X decides.";

  Reading repaired = {
      .id = "repaired",
      .statement =
          "‖∇_W L̂‖² ≤ γ²/s²(λ²‖∇_y L‖² − λ²m μ_g² − λ²⟨∇_y L, x̂⟩²/m) at each X with ‖X‖ ≤ λ, ∇L at z, all ε ≥ 0",
      .inputs = layer({slack}),
      .sizes = {{.batch = 1}, {.batch = 2}, {.batch = 3}, {.batch = 3, .channels = 2}, {.batch = 4, .channels = 3}},
      .hypotheses = {norm_at_most_lambda()},
      .left = weight_gradient_side(),
      .relation = Relation::at_most,
      .right = by_theory("λ² times the bound of Theorem 4.1 with 1/m", from_parts(right_bound)),
      .gap = [](const Inputs& in) { return gap_of(in, "u"); },
      .why =
          "What is left: λ²‖d‖² − ‖Xᵀd‖², by Lagrange's identity a sum of squares, and λ²(ε/m)(γ⟨g, x̂⟩/s²)². σ, ŷ and "
          "∇_y L are those of this X. Any loss."};
  Reading spectral = repaired;
  spectral.id = "repaired__spectral_norm";
  spectral.statement =
      "‖∇_W L̂‖² ≤ γ²/s²(λ²‖∇_y L‖² − λ²m μ_g² − λ²⟨∇_y L, x̂⟩²/m) at each X of spectral norm ≤ λ, ∇L at z, all ε ≥ 0";
  spectral.inputs =
      layer({{"lambda", Role::variance}, {"normals", Role::weight, Dimension::hidden, Dimension::hidden}});
  spectral.sizes = {{.batch = 2, .hidden = 3}, {.batch = 3, .hidden = 4}, {.batch = 2, .channels = 2, .hidden = 4}};
  spectral.hypotheses = {spectral_norm_at_most_lambda()};
  spectral.gap = gap_of_spectral_norm;
  spectral.why =
      "X is λ times m rows and D columns of an orthogonal (m + D) × (m + D) matrix, which every X of norm ≤ λ is; the "
      "remaining columns R of these rows give λ²I = XXᵀ + RRᵀ, and ‖Rᵀd‖² is what is left, besides ε's part.";

  Reading separate = repaired;
  separate.id = "separate_input__upper";
  separate.statement =
      "‖X′ᵀ∇_y L̂‖² ≤ γ²/s²(λ²‖∇_y L‖² − λ²m μ_g² − λ²⟨∇_y L, x̂⟩²/m) for all ‖X′‖ ≤ λ, y from X, ∇L at z, all ε ≥ 0";
  separate.inputs = layer({slack, {"other", Role::activation, Dimension::batch, Dimension::channels}});
  separate.hypotheses = {norm_at_most_lambda("other", "‖X′‖ ≤ λ")};
  separate.left = by_reference("‖X′ᵀd‖², d by LI23 (9)–(14) at X", [](const Inputs& in) -> Values {
    return {squared_norm(transposed_times(in("other"), gradient(in)))};
  });
  separate.gap = [](const Inputs& in) { return gap_of(in, "other"); };
  separate.why = "The maximum of the proof: X′ varies, the activations and with them d do not.";
  Reading steepest = separate;
  steepest.id = "separate_input__maximum";
  steepest.statement =
      "max_{‖X′‖≤λ} ‖X′ᵀ∇_y L̂‖² = γ²/σ²(max_{‖X′‖≤λ} ‖X′ᵀ∇_y L‖² − λ²m μ_g² − λ²⟨∇_y L, ŷ⟩²/m), y fixed, ε = 0";
  steepest.inputs = layer();
  steepest.sizes = {{.batch = 3}, {.batch = 4}, {.batch = 3, .channels = 2}};
  steepest.hypotheses = {eps_is_zero()};
  steepest.left = by_reference("‖X′ᵀd‖² at X′ = λ d eᵀ/‖d‖, d by LI23 (9)–(14)", at_the_steepest_input);
  steepest.relation = Relation::equal;
  steepest.gap = {};
  steepest.why =
      "separate_input__upper says that no X′ gives more. An equality: this is what the printed theorem means.";

  Reading invariant = repaired;
  invariant.id = "maximum_ignores_lambda";
  invariant.statement = "‖∇_W L̂‖² at tX = ‖∇_W L̂‖² at X for t ≠ 0, ε = 0: ĝ_j as printed does not depend on λ";
  invariant.inputs = layer({{"t", Role::weight}});
  invariant.sizes = {{.batch = 3, .channels = 2}, {.batch = 4, .channels = 2}};
  invariant.hypotheses = {eps_is_zero()};
  invariant.left = by_reference("‖∇_W L̂‖² at tX, d by LI23 (9)–(14)",
                                [](const Inputs& in) { return squared_weight_gradient(rescaled(in, in.scalar("t"))); });
  invariant.relation = Relation::equal;
  invariant.right = by_theory("‖∇_W L̂‖² at X, compact form", [](const Inputs& in) -> Values {
    return {squared_norm(theory::weight_gradient<Number>(theory_batch_after_linear(in), in("u")))};
  });
  invariant.gap = {};
  invariant.why =
      "z(tX) = z(X) for t > 0, hence ∇_y L̂ falls as 1/t and ∇_W L̂ stays. Shown for the same g on both sides, which is "
      "any loss for t > 0, a linear one for t < 0.";
  Reading unbounded = invariant;
  unbounded.id = "no_maximum";
  unbounded.statement =
      "at W = (w, 0), X = (ta, b): ‖∇_W L̂‖² = (γ/(tw σ_a))² ⟨b, g − ⟨g⟩1 − â⟨g, â⟩/m⟩², ε = 0: infinite as t → 0";
  unbounded.sizes = {{.batch = 3, .channels = 2}, {.batch = 4, .channels = 2}};
  unbounded.hypotheses = {eps_is_zero(), second_weight_is_zero()};
  unbounded.left = by_reference("‖∇_W L̂‖² at (ta, b), d by LI23 (9)–(14)", [](const Inputs& in) {
    return squared_weight_gradient(first_input_rescaled(in, in.scalar("t")));
  });
  unbounded.right =
      by_theory("(⟨b, d_a⟩/(tw))², d_a the gradient in a network whose output is a", square_of_the_second_entry);
  unbounded.why =
      "For t → 0, ‖X‖ stays below ‖(a, b)‖ and the gradient grows without bound wherever b is not orthogonal to the "
      "projected g. Printed, ĝ_j is a maximum that does not exist.";

  Reading with_eps = repaired;
  with_eps.id = "minimax__eps_positive";
  with_eps.statement =
      "‖∇_W L̂‖² ≤ (γ²/ε)(λ²‖∇_y L‖² − λ²m μ_g²) for all ‖X‖ ≤ λ, ∇L at z, ε > 0: ĝ_j ≤ (γ²/ε)(g_j − λ²m μ_g²) for a "
      "linear L";
  with_eps.sizes = {{.batch = 1}, {.batch = 2}, {.batch = 3}, {.batch = 3, .channels = 2}};
  with_eps.right = by_theory("(γ²/ε)λ²(‖g‖² − m μ_g²)", [](const Inputs& in) -> Values {
    const Parts p = parts_of(in);
    const Number centred = p.terms.squared_norm - p.terms.squared_sum / Number(p.m);
    return {square(p.gamma) * p.lambda_squared * centred / in.scalar("eps")};
  });
  with_eps.gap = gap_over_all_inputs;
  with_eps.why =
      "s² ≥ ε. For a linear loss the right side knows nothing of X: a bound over all X needs ε > 0, and loses ŷ's "
      "term.";
  Reading attained = with_eps;
  attained.id = "minimax__eps_positive__attained";
  attained.statement =
      "‖∇_W L̂‖² = (γ²/ε)(λ²‖∇_y L‖² − λ²m μ_g²) at an X ⟂ W with ‖X‖ = λ, two inputs, ∇L at z, ε > 0: ĝ_j = (γ²/ε)(g_j "
      "− λ²m μ_g²) for a linear L";
  attained.inputs = layer();
  attained.sizes = {{.batch = 2, .channels = 2}, {.batch = 3, .channels = 2}, {.batch = 4, .channels = 2}};
  attained.hypotheses = {input_is_orthogonal_to_the_weights()};
  attained.relation = Relation::equal;
  attained.gap = {};
  attained.why =
      "y = 0, so that ŷ = 0 and s = √ε, and d = (γ/√ε)(g − μ_g 1) is a multiple of X's columns. With minimax__eps_"
      "positive it is the maximum over X, in the Frobenius and in the spectral norm.";

  return {
      .title = "Over all layer inputs of norm at most λ the weight gradient behind batch norm is small",
      .sources = {{"SAN18", "Theorem 4.4"},
                  {"LI23", "Theorem 2.2, (62), (63)"},
                  {"WIKI", "smoothness, third inequality"}},
      .notation =
          "X: m × D the layer's inputs, y = XWᵀ one output, ŷ = (y − μ)/σ, z = γŷ + β, L̂ = L(z), g = ∂L/∂z, d = ∇_y L̂, "
          "∇_W L̂ = Xᵀd, s = √(σ² + ε), μ_g = ⟨1, ∇_y L⟩/m, g_j and ĝ_j the maxima of ‖∇_W L‖² and ‖∇_W L̂‖²",
      .why =
          "With d held fixed max_{‖X‖≤λ} ‖Xᵀd‖² = λ²‖d‖², and λ²‖d‖² = γ²/σ²(λ²‖g‖² − λ²m μ_g² − λ²⟨g, ŷ⟩²/m) is "
          "Theorem 4.1 with 1/m at ε = 0. Xᵀd itself is no larger, by Lagrange's identity. But d depends on X: X → tX "
          "leaves Xᵀd as it is, and X = (ta, b) with W = (w, 0) lets it grow as 1/t.",
      .explain =
          "SAN18 (Theorem 4.4), LI23 (Theorem 2.2) and WIKI print ĝ_j ≤ γ²/σ²(g_j² − m μ_g² − λ²⟨∇_y L, ŷ⟩²), where "
          "g_j and ĝ_j are the largest squared weight gradients without and with batch norm over all layer inputs X "
          "of norm at most λ. Letter by letter this is false in four ways. g_j is a squared norm and is squared "
          "again. λ² is missing before m μ_g², so that a change of units breaks it. The last term lacks a factor 1/m "
          "(‖ŷ‖² is m; Theorem 4.1 prints 1/√m, LI23 and WIKI 1/m). And the maximum is taken as if the gradient d = "
          "∇_y L̂ stayed put while X varies, whereas σ and ŷ on the right belong to one X. One input, m = 2, X = (1, "
          "0), W = 1, λ = 1, γ = 1, ∇_y L = (0, 1): ∇_W L̂ = 0 at every X, while g_j = 1, σ² = 1/4, μ_g = 1/2, ŷ = (1, "
          "−1) make the right side 4(1 − 1/2 − 1) = −2. What the proof shows is a statement with a second matrix X′: "
          "over ‖X′‖ ≤ λ and at fixed activations the maximum of ‖X′ᵀ∇_y L̂‖² is λ²‖d‖² = γ²/σ²(g_j − λ²m μ_g² − "
          "λ²⟨∇_y L, ŷ⟩²/m), an equality at ε = 0 (separate_input__maximum). At each X by itself this bounds ‖∇_W "
          "L̂‖², with every ε ≥ 0 (repaired), in the Frobenius and in the spectral norm. The true maximum over X is "
          "another thing: scaling X changes nothing, so it does not depend on λ, and with two inputs, m ≥ 3 and a g "
          "that is not constant it is infinite at ε = 0, since a small σ is nowhere forbidden. What forbids it is ε > "
          "0: then ĝ_j ≤ (γ²/ε)(g_j − λ²m μ_g²) for a linear loss, and with two inputs or more this is an equality "
          "(minimax__eps_positive__attained). The term with ŷ is lost: ŷ = 0 at the worst X.",
      .readings =
          {
              san18,     raw("printed_san18__raw"),
              li23,      raw("printed_li23__raw"),
              samples,   activations,
              wiki,      raw("printed_wiki__raw"),
              unsquared, scaled_mean,
              over_m,    repaired,
              spectral,  separate,
              steepest,  invariant,
              unbounded, with_eps,
              attained,
          },
      .mutants =
          {
              {.id = "mean_without_lambda",
               .reading = "separate_input__maximum",
               .words = "m μ_g² for λ²m μ_g², as printed",
               .agrees_when = upstream_is_centred(),
               .right = from_parts([](const Parts& p) {
                 return p.terms.scale * (linear_maximum(p) - p.terms.squared_sum / Number(p.m) -
                                         p.lambda_squared * p.terms.squared_correlation / Number(p.m));
               })},
              {.id = "correlation_without_m",
               .reading = "separate_input__maximum",
               .words = "λ²⟨g, ŷ⟩² for λ²⟨g, ŷ⟩²/m, as printed",
               .agrees_when = upstream_is_orthogonal_to_y_hat(),
               .right = from_parts([](const Parts& p) {
                 return p.lambda_squared * theory::gradient_magnitude_bound<Number>(p.terms, p.m, Number(1));
               })},
              {.id = "maximum_squared",
               .reading = "separate_input__maximum",
               .words = "g_j² for g_j, as printed",
               .agrees_when = linear_maximum_is_one(),
               .right = from_parts([](const Parts& p) {
                 const Number maximum = linear_maximum(p);
                 return right_bound(p) + p.terms.scale * (square(maximum) - maximum);
               })},
              {.id = "gamma_once",
               .reading = "separate_input__maximum",
               .words = "γ/σ² for γ²/σ²",
               .agrees_when = input_is("gamma_one", "γ = 1", "gamma", 1),
               .right = from_parts([](const Parts& p) { return right_bound(p) / p.gamma; })},
          },
  };
}

}  // namespace normproof::claims
