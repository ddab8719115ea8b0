// Claim: at random initialisation the first layer's gradient in a deep batch norm network grows exponentially in depth.
//
// Source       WIKI, "Vanishing/exploding gradients": "a deep batchnorm network in fact suffers from gradient explosion
//              at initialization time, no matter what it uses for nonlinearity … if the network has L layers, then the
//              gradient of the first layer weights has norm > cλ^L for some λ > 1, c > 0 depending only on the
//              nonlinearity. For any fixed nonlinearity, λ decreases as the batch size increases. For example, for
//              ReLU, λ decreases to π/(π−1) ≈ 1.467 as the batch size tends to infinity." formulas.md section 4 (Yang
//              et al. 2019): the linear network's factor (B−2)/(B−3) and that of α-ReLU.
// Notation     B the batch size, d = B − 1, ĥ = BN(h) with ε = 0, x = φ(ĥ), h′ = W x, W of independent N(0, 1/n), n the
//              width; λ the factor of E‖∂ℓ/∂h‖² per layer for n → ∞, a = E x₁² − E x₁x₂. In code batch = 4 + excess
// Hypotheses   n → ∞ before L → ∞ where nothing is sampled; the upstream gradient is random with mean 0; φ has a
//              derivative in the mean square and is not constant where ĥ can be, on |u| ≤ √(B−1); the first batch is
//              isotropic: centred, its Gram matrix is a multiple of 1 − 11ᵀ/B, which takes at least B − 1 features
//
//     λ = ( E[φ′(ĥ₁)² (B−1−ĥ₁²)] + E[φ′(ĥ₁)φ′(ĥ₂)(1+ĥ₁ĥ₂)] ) / ((B−3) a),   ĥ uniform on a sphere
//     linear: λ = (B−2)/(B−3);   ReLU: λ = (B−2+J′+J)/((B−3)(1−J)) at c = −1/(B−1);   every φ: λ ≥ (B−2)/(B−3)
//
// Why. theory/mean_field/gradient_factor.hpp derives λ; its steps are readings here: the mean over directions, the mean
// over orders of the samples, α-ReLU's moments. It is the factor of the squared norm: the norm itself grows like
// λ^(L/2). With f(v) = φ(ĥ₁) − φ(ĥ₂) on the unit sphere of R^d, ½E f² = a and ½E|∇f|² is λ's numerator, so that λ ≥
// (d−1)/(B−3) is Poincaré's inequality on the sphere (f has mean 0, the least eigenvalue is d − 1), with equality where
// f is linear. So every such φ explodes at every B ≥ 4. B = 2: batch norm's gradient is 0. B = 3: E‖∂ℓ/∂h‖² is
// infinite. The linear network's λ → 1: no λ > 1 serves all batches. φ = u³ − 3u: its linear part on the sphere,
// 3d/(d+2) − 3, vanishes as B grows, and cubic parts have the larger factor: λ = 18/5, 99/26, 4 at B = 4, 5, 6.
// ReLU's λ falls in B: with t = 1/(B−1), λ(t) = (1−t+t(J+J′))/((1−2t)(1−J)), arccos t = π/2 − t − e t³, and 1/6 ≤ e ≤
// 1/(6(1−t²)), for each coefficient of arcsin's series is at most the one before it. λ′(t) > 0 is then shown by boxes.
// Data of r < B − 1 features: a linear network keeps their span, h is Gaussian there, and r stands in B − 1's place.
// The gradient's part in the span, which alone reaches the first weights, grows by (r−1)/(r−2), the rest by r/(r−2).
// A step function has the derivative 0 wherever it has one: the gradient that back-propagation gives is 0.
#include "proofs_checks/inputs/adapters.hpp"
#include "proofs_checks/inputs/sphere_means.hpp"
#include "proofs_checks/inputs/step_function.hpp"
#include "proofs_checks/simulation/deep_batch_norm.hpp"
#include "theory/gradients/batch_norm_compact.hpp"
#include "theory/mean_field/gradient_factor.hpp"
#include "theory/mean_field/polynomial_gradient_factor.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace normproof::claims {

using namespace inputs;

namespace {

Number square(const Number& a) { return a * a; }
Number batch_size(const Inputs& in) { return Number(in.sizes.batch); }
Number batch_of(const Inputs& in) { return Number(4) + in.scalar("excess"); }
const InputSpec excess = {"excess", Role::variance};
InputSpec number(const char* name) { return {name, Role::weight}; }

Number squared_norm(std::span<const Number> values) {
  Number sum(0);
  for (const Number& value : values) sum += square(value);
  return sum;
}

// ---- the steps of the derivation

// ‖∂ℓ/∂h‖² of one unit by the reference.
Number squared_gradient(const Values& h, const Values& upstream) {
  const reference::Extents extents{static_cast<int>(h.size()), 1};
  return squared_norm(reference::deep_normalized_backward<Number>(h, upstream, extents));
}

// Data of r = in.sizes.hidden features that r + 1 samples have and the others, at the mean, have not: a span of r
// dimensions. Over the directions (r+1) e_k − 1 of these samples the mean of ĥĥᵀ is that over the sphere of the span,
// B/r times the projection on it; σ² = r(r+1)/B there. At the fixed point E 1/σ² = r E 1/χ² = r/(r−2). r = B − 1 is an
// isotropic batch.
Number mean_over_directions(const Inputs& in) {
  const int features = in.sizes.hidden, apart = features + 1;
  Number sum(0);
  for (int k = 0; k < apart; ++k) {
    Values h(static_cast<std::size_t>(in.sizes.batch), Number(0));
    for (int i = 0; i < apart; ++i) h[static_cast<std::size_t>(i)] = Number(i == k ? features : -1);
    sum += squared_gradient(h, row_major(in("dy")));
  }
  const Number variance = Number(features * apart) / batch_size(in);
  return variance * sum / Number(apart) * Number(features) * theory::mean_inverse_square<Number>(Number(features));
}
Hypothesis isotropic_batch() {
  return imposing("isotropic_batch", "the first batch is isotropic: r = B − 1 features",
                  [](Inputs& in) { in.sizes.hidden = in.sizes.batch - 1; });
}
// The square of dy's part in the span, for centred dy.
Number within_the_span(const Inputs& in) {
  const int apart = in.sizes.hidden + 1;
  Number sum(0), squares(0);
  for (int i = 0; i < apart; ++i) {
    sum += in("dy")(i, 0);
    squares += square(in("dy")(i, 0));
  }
  return squares - sum * sum / Number(apart);
}

Number mean_over_orders(const Inputs& in) {
  const Values h = row_major(in("x")), slopes = row_major(in("slopes")), g = row_major(in("dy"));
  std::vector<std::size_t> order(g.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  Number sum(0);
  int orders = 0;
  do {
    Values upstream;
    for (std::size_t i = 0; i < order.size(); ++i) upstream.push_back(slopes[i] * g[order[i]]);
    sum += squared_gradient(h, upstream);
    ++orders;
  } while (std::next_permutation(order.begin(), order.end()));
  return sum / Number(orders);
}
theory::TrainingBatch<Number> plain_batch(const Array<Number>& x, const Array<Number>& dy) {
  return {x, dy, theory::Vector<Number>::Constant(x.cols(), Number(1)),
          theory::Vector<Number>::Constant(x.cols(), Number(0)), Number(0)};
}
Values h_hat(const Inputs& in) { return reference::deep_normalized<Number>(row_major(in("x")), {in.sizes.batch, 1}); }
Number symmetrised(const Inputs& in) {
  const auto statistics = theory::statistics(plain_batch(in("x"), in("dy")));
  return theory::symmetrised_gradient_factor<Number>(row_major<Number>(Array<Number>(statistics.x_hat)),
                                                     row_major(in("slopes")), statistics.s(0) * statistics.s(0));
}

// The reference's network of L = in.sizes.hidden blocks, and what theory says of it.
constexpr const char* weights_of_block[] = {"w", "w_next"};
Number squared_first_weights(const Inputs& in) {
  reference::DeepNetwork<Number> network;
  network.widths.assign(static_cast<std::size_t>(in.sizes.hidden) + 1, in.sizes.channels);
  for (int l = 0; l < in.sizes.hidden; ++l) network.weights.push_back(row_major(in(weights_of_block[l])));
  const auto trace = reference::deep_forward<Number>(network, row_major(in("x")), in.sizes.batch);
  return squared_norm(reference::deep_backward<Number>(network, trace, row_major(in("dy"))).weights[0]);
}
Array<Number> product(const Array<Number>& a, const Array<Number>& b, bool transposed) {
  Array<Number> result = Array<Number>::Constant(a.rows(), a.cols(), Number(0));
  for (Eigen::Index i = 0; i < a.rows(); ++i)
    for (Eigen::Index j = 0; j < a.cols(); ++j)
      for (Eigen::Index k = 0; k < a.cols(); ++k) result(i, j) += a(i, k) * (transposed ? b(j, k) : b(k, j));
  return result;
}
Number from_gram_matrices(const Inputs& in) {
  const auto normalized = [&](const Array<Number>& h) {
    return Array<Number>(theory::statistics(plain_batch(h, in("dy"))).x_hat);
  };
  const Array<Number> x = normalized(in("x"));
  std::vector<Array<Number>> h;
  for (int l = 0; l < in.sizes.hidden; ++l)
    h.push_back(product(l == 0 ? x : normalized(h.back()), in(weights_of_block[l]), true));
  Array<Number> dh = in("dy");
  for (int l = in.sizes.hidden; l-- > 0;) {
    dh = theory::compact_input_gradient(plain_batch(h[static_cast<std::size_t>(l)], dh));
    if (l > 0) dh = product(dh, in(weights_of_block[l]), false);
  }
  Number sum(0);
  for (Eigen::Index i = 0; i < dh.rows(); ++i)
    for (Eigen::Index k = 0; k < dh.rows(); ++k) {
      Number of_gradient(0), of_input(0);
      for (Eigen::Index j = 0; j < dh.cols(); ++j) {
        of_gradient += dh(i, j) * dh(k, j);
        of_input += x(i, j) * x(k, j);
      }
      sum += of_gradient * of_input;
    }
  return sum;
}

// ---- integrals

InputSpec some_batches() {
  return {"batch", Role::choice, Dimension::one, Dimension::one, {4, 5, 6, 7, 8, 16, 64, 1000}};
}
Number t_of_choice(const Inputs& in) { return Number(1) / (in.scalar("batch") - Number(1)); }

// ---- α-ReLU. g of unit variance, g, g′ of correlation c: power, power_less = E g₊^(2α), E g₊^(2α−2); pair, pair_less
// = E g₊^α g′₊^α, E g₊^(α−1) g′₊^(α−1); radius, radius_less = E‖g‖^(2α), E‖g‖^(2α−2) in B − 1 dimensions. scale stands
// for (B(B−1)/B)^(α−1): on the unit sphere a coordinate's variance is that of (1 − 1/B) g/‖g‖.

std::vector<InputSpec> moments() {
  return {excess,         {"alpha", Role::scale}, number("power_less"),
          number("pair"), number("pair_less"),    number("radius_less"),
          number("scale")};
}
struct Moments {
  Number batch, alpha, power, power_less, pair, pair_less, radius, radius_less, scale;
};
Moments moments_of(const Inputs& in) {
  const Number batch = batch_of(in), alpha = in.scalar("alpha");
  return {batch,
          alpha,
          (Number(2) * alpha - Number(1)) * in.scalar("power_less"),
          in.scalar("power_less"),
          in.scalar("pair"),
          in.scalar("pair_less"),
          (batch - Number(3) + Number(2) * alpha) * in.scalar("radius_less"),
          in.scalar("radius_less"),
          in.scalar("scale")};
}
// λ from E x₁² = (B−1) scale · power/radius, E φ′(ĥ₁)² = α² scale · power_less/radius_less, and so on.
Number factor_from_moments(const Inputs& in) {
  const Moments m = moments_of(in);
  const Number others = m.batch - Number(1), slopes = square(m.alpha) * m.scale;
  const Number power = others * m.power / m.radius, pair = others * m.pair / m.radius;
  const Number power_less = m.power_less / m.radius_less, pair_less = m.pair_less / m.radius_less;
  return theory::gradient_factor<Number>(m.batch, slopes * (others * power_less - power), slopes * (pair_less + pair),
                                         m.scale * (power - pair));
}
theory::RectifiedKernel<Number> kernel_of(const Moments& m) { return {m.power, m.pair, square(m.alpha) * m.pair_less}; }
// With one of the printed formula's parts altered.
Formula printed_factor(Number (*combine)(const Moments&, const theory::RectifiedKernel<Number>&)) {
  return [=](const Inputs& in) -> Values {
    const Moments m = moments_of(in);
    return {combine(m, kernel_of(m))};
  };
}
Hypothesis alpha_above_half() {
  return {.id = "alpha_above_half",
          .sentence = "α > 1/2, so that the moments are numbers",
          .positive = [](const Inputs& in) { return Number(2) * in.scalar("alpha") - Number(1); },
          .definition = true};
}
Hypothesis alpha_is_one() {
  return imposing("relu", "α = 1", [](Inputs& in) { in.set("alpha", Number(1)); });
}

// ---- ReLU as a function of t = 1/(B − 1)

constexpr int pi_scale = 1 << 20, pi_below = 3294198;  // π lies between 3294198/2²⁰ and 3294199/2²⁰
constexpr int most_t_eighths = 3, arc_scale = 64, least_arc = 10, arc_width = 3;
static_assert(least_arc * 6 <= arc_scale);
// 1/(6(1 − t²)) for t ≤ 3/8, times 64.
static_assert(6 * (64 - most_t_eighths * most_t_eighths) * (least_arc + arc_width) >= 64 * arc_scale);

using Slope = numbers::Dual<Number>;

// λ with its derivative in t.
Slope relu_factor_along_t(const Inputs& in) {
  const Number t = in.scalar("t") * Number(most_t_eighths) / Number(8);
  const Number pi = (Number(pi_below) + in.scalar("pi_rest")) / Number(pi_scale);
  const Number arc = (Number(least_arc) + Number(arc_width) * in.scalar("arc_rest")) / Number(arc_scale);
  const Slope along(t, Number(1));
  const Slope root = sqrt(Slope(1) - along * along);
  const Slope angle(pi / Number(2) - t - arc * t * t * t, Number(-1) / root.value);
  return theory::relu_gradient_factor<Slope>(along, theory::relu_kernel<Slope>(along, root, angle, Slope(pi)));
}

// ---- cubics: E ĥ₁^p ĥ₂^q from monomials on the unit sphere of R^d

Number double_factorial(int n) { return n <= 0 ? Number(1) : Number(n) * double_factorial(n - 2); }
int binomial(int n, int k) { return k == 0 ? 1 : binomial(n - 1, k - 1) * n / k; }
Number sphere_moment(const Number& d, int p, int q) {
  if ((p + q) % 2 != 0) return Number(0);
  const Number correlation = Number(-1) / d, rest = Number(1) - square(correlation);
  Number scale(1);  // d^((p+q)/2)/(d(d+2)…)
  for (int k = 0; k < (p + q) / 2; ++k) scale *= d / (d + Number(2 * k));
  Number sum(0);
  for (int j = 0; 2 * j <= q; ++j)
    sum += Number(binomial(q, 2 * j)) * power_of(correlation, q - 2 * j) * power_of(rest, j) *
           double_factorial(p + q - 2 * j - 1) * double_factorial(2 * j - 1);
  return scale * sum;
}
std::vector<InputSpec> cubic_inputs() { return {excess, number("c1"), number("c2"), number("c3")}; }
theory::Cubic<Number> cubic_of(const Inputs& in) { return {in.scalar("c1"), in.scalar("c2"), in.scalar("c3")}; }
Values coefficients(const Inputs& in) { return {Number(0), in.scalar("c1"), in.scalar("c2"), in.scalar("c3")}; }

// E x₁² − E x₁x₂.
Number cubic_gram(const Inputs& in, const Number& batch) {
  const Number d = batch - Number(1);
  const Values c = coefficients(in);
  Number sum(0);
  for (int i = 1; i <= 3; ++i)
    for (int k = 1; k <= 3; ++k)
      sum += c[static_cast<std::size_t>(i)] * c[static_cast<std::size_t>(k)] *
             (sphere_moment(d, i + k, 0) - sphere_moment(d, i, k));
  return sum;
}
// E[φ′(ĥ₁)²(B−1−ĥ₁²)] + E[φ′(ĥ₁)φ′(ĥ₂)(1+ĥ₁ĥ₂)].
Number cubic_energy(const Inputs& in, const Number& batch) {
  const Number d = batch - Number(1);
  const Values c = coefficients(in);
  Number sum(0);
  for (int i = 0; i < 3; ++i)
    for (int k = 0; k < 3; ++k)
      sum += Number((i + 1) * (k + 1)) * c[static_cast<std::size_t>(i + 1)] * c[static_cast<std::size_t>(k + 1)] *
             (d * sphere_moment(d, i + k, 0) - sphere_moment(d, i + k + 2, 0) + sphere_moment(d, i, k) +
              sphere_moment(d, i + 1, k + 1));
  return sum;
}
// Π (first + excess) over the list, as a list of coefficients of powers of the excess.
std::vector<int> product_of_shifts(const std::vector<int>& shifts) {
  std::vector<int> polynomial = {1};
  for (const int shift : shifts) {
    std::vector<int> next(polynomial.size() + 1, 0);
    for (std::size_t k = 0; k < polynomial.size(); ++k) {
      next[k] += shift * polynomial[k];
      next[k + 1] += polynomial[k];
    }
    polynomial = next;
  }
  return polynomial;
}
void add_terms(std::vector<SquareTerm>& terms, const Number& root, int factor, const std::vector<int>& polynomial) {
  for (std::size_t k = 0; k < polynomial.size(); ++k)
    terms.push_back(
        {.root = root, .nonnegative = std::vector<std::string>(k, "excess"), .numerator = factor * polynomial[k]});
}
// (d+1) g₂ + 2(d+2) g₃ = c₂² 2(d−1)(d+1)²/(d(d+2)) + c₃² 12(d−1)(d−2)(d+1)²/(d(d+2)(d+4)); d = 3 + excess.
std::vector<SquareTerm> cubic_gap(const Inputs& in) {
  const Number d = batch_of(in) - Number(1), inner = d * (d + Number(2)), outer = inner * (d + Number(4));
  std::vector<SquareTerm> terms;
  add_terms(terms, in.scalar("c2") * (d + Number(1)) / inner, 2, product_of_shifts({2, 3, 5}));
  add_terms(terms, in.scalar("c3") * (d + Number(1)) / outer, 12, product_of_shifts({2, 1, 3, 5, 7}));
  return terms;
}

// ---- exact readings

// hidden is r, the number of features: B − 1 under isotropic_batch.
std::vector<Sizes> batches() {
  return {{.batch = 4, .hidden = 3}, {.batch = 5, .hidden = 4}, {.batch = 6, .hidden = 3}, {.batch = 7, .hidden = 4}};
}
// Twelve samples of three features: σ² = 1, so that there are fractions.
std::vector<Sizes> few_features() {
  return {{.batch = 5, .hidden = 3}, {.batch = 6, .hidden = 4}, {.batch = 12, .hidden = 3}};
}

Reading linear_factor_of_directions() {
  return {.id = "finite_batch__linear",
          .statement = "φ(u) = u: E‖∂ℓ/∂h‖² = (B−2)/(B−3) ‖∂ℓ/∂h′‖²",
          .inputs = {{"dy", Role::upstream, Dimension::batch, Dimension::one}},
          .sizes = batches(),
          .hypotheses = {upstream_is_centred(), isotropic_batch()},
          .left = by_reference(
              "E 1/σ² times the mean of σ²‖∂ℓ/∂h‖² over directions with the second moments of all, by LI23 (9)–(14)",
              [](const Inputs& in) -> Values { return {mean_over_directions(in)}; }),
          .right = by_theory("(B−2)/(B−3) ‖dy‖²",
                             [](const Inputs& in) -> Values {
                               return {theory::linear_gradient_factor<Number>(batch_size(in)) *
                                       dot<Number>(in("dy"), in("dy"))};
                             }),
          .why =
              "σ²‖∂ℓ/∂h‖² = ‖dy‖² − ⟨dy, ĥ⟩²/B has degree 2 in the direction, so B directions with the right second "
              "moments do for all of them: the mean is (B−2)/(B−1) ‖dy‖². E 1/σ² = (B−1) E 1/χ² = (B−1)/(B−3) ≥ 1 "
              "(inverse_square): a variance over few samples is often small, and that outweighs the direction that "
              "is lost. hidden is the number of features where it is not B − 1."};
}

// Data of fewer features than B − 1.
std::vector<Reading> of_few_features() {
  Reading printed_formula = linear_factor_of_directions();
  printed_formula.id = "without_isotropic_batch";
  printed_formula.statement = "the same for data of r < B − 1 features, as twelve samples of three features";
  printed_formula.sizes = few_features();
  printed_formula.hypotheses = {upstream_is_centred()};
  printed_formula.why =
      "A linear network keeps the rank of its data: few_features__linear has its factors, which are larger. ReLU and "
      "other nonlinear φ raise the rank; their fixed point is supposed, not proved.";
  Reading formula = printed_formula;
  formula.id = "few_features__linear";
  formula.statement =
      "φ(u) = u, data of r features, 2 < r < B, isotropic in their span: E‖∂ℓ/∂h‖² = (r−1)/(r−2) ‖∂ℓ/∂h′ in the "
      "span‖² + r/(r−2) ‖the rest of ∂ℓ/∂h′‖²; here r + 1 samples that differ, the others at their mean";
  formula.sizes.push_back({.batch = 5, .hidden = 4});
  formula.right = by_theory("(r−1)/(r−2) ‖dy in the span‖² + r/(r−2) ‖dy beside it‖²", [](const Inputs& in) -> Values {
    const Number within = within_the_span(in);
    return {theory::linear_gradient_of_few_features<Number>(Number(in.sizes.hidden), within,
                                                            dot<Number>(in("dy"), in("dy")) - within)};
  });
  formula.why =
      "σ² ~ χ² with r degrees of freedom, E 1/σ² = r/(r−2); batch norm takes the direction of ĥ, which lies in the "
      "span, out of dy. Both parts stay apart from layer to layer. The first weights' gradient Σ ∂ℓ/∂h₁ x₀ᵀ sees the "
      "part in the span alone: (r−1)/(r−2), whatever B is. A test finds both, 5/4 and 3/2 for r = 6, in networks "
      "with matrices (tests/proofs_checks/simulation/deep_batch_norm_test.cpp).";
  return {printed_formula, formula};
}

std::vector<Sizes> octaves() {
  constexpr int last = 16;
  std::vector<Sizes> sizes;
  for (int k = 1; k <= last; ++k) sizes.push_back({.hidden = k});
  return sizes;
}

std::vector<Reading> integrals() {
  const InputSpec limit = {"t", Role::choice, Dimension::one, Dimension::one, {0}};
  return {
      {.id = "inverse_square",
       .statement = "E 1/χ² = 1/(B−3) for B − 1 degrees of freedom, within the quadrature's error bound (2e-6); "
                    "B = 4 … 8",
       .inputs = {{"lost", Role::choice, Dimension::one, Dimension::one, {1}}},
       .sizes = {{.batch = 4}, {.batch = 5}, {.batch = 6}, {.batch = 7}, {.batch = 8}},
       .these_sizes_only = true,
       .left = by_definition("± ∫ r^(d−3) e^(−r²/2) dr / ∫ r^(d−1) e^(−r²/2) dr, d = B − 1",
                             [](const Inputs& in) -> Values {
                               const int batch = in.sizes.batch;
                               return both_signs({radial_moment(batch - 4) / radial_moment(batch - 2)});
                             }),
       .relation = Relation::at_most,
       .right = by_theory("± 1/(d−2) + error bound",
                          [](const Inputs& in) -> Values {
                            const int batch = in.sizes.batch;
                            const Number exact =
                                theory::mean_inverse_square<Number>(batch_size(in) - in.scalar("lost"));
                            const Number error = radial_error(batch - 4) + exact * radial_error(batch - 2);
                            return either_side({exact}, error / radial_moment(batch - 2));
                          }),
       .why =
           "χ's density is r^(d−1) e^(−r²/2) up to a factor. By parts for every B > 3: 0 = ∫ (r^(d−2) e^(−r²/2))′ dr "
           "= (d−2) ∫ r^(d−3) e^(−r²/2) dr − ∫ r^(d−1) e^(−r²/2) dr."},
      {.id = "inverse_square__infinite",
       .statement = "∫ e^(−r²/2)/r dr from 2^−k to 1 is at least k/4, so that it has no bound: for B = 3 E 1/χ², and "
                    "with it E‖∂ℓ/∂h‖², is infinite, and for α = 1/2 so is E φ′²; k = 1 … 16",
       .inputs = {{"quarters", Role::choice, Dimension::one, Dimension::one, {4}}},
       .sizes = octaves(),
       .these_sizes_only = true,
       .left = by_definition(
           "k/4", [](const Inputs& in) -> Values { return {Number(in.sizes.hidden) / in.scalar("quarters")}; }),
       .relation = Relation::at_most,
       .right = by_theory(
           "a sum below the integral, octave by octave",
           [](const Inputs& in) -> Values { return {theory::inverse_square_near_zero<Number>(in.sizes.hidden)}; }),
       .why = "Each octave has at least e^(−1/2)/2 > 1/4. In the sizes, hidden = k."},
      {.id = "fixed_point__relu",
       .statement = "ReLU: E x₁² = 1/2 and E x₁x₂ = J(c)/2, c = −1/(B−1), within the quadrature's error bound (2e-7); "
                    "B from 4 to 1000",
       .inputs = {some_batches()},
       .sizes = {{}},
       .left = by_definition("± E x₁², ± E x₁x₂ on the sphere, by quadrature over arcs",
                             [](const Inputs& in) -> Values {
                               const SphereMeans means = means_over_the_sphere(t_of_choice(in));
                               return both_signs({means.square, means.pair});
                             }),
       .relation = Relation::at_most,
       .right = by_theory("± q, ± qc + error bound, J in closed form",
                          [](const Inputs& in) -> Values {
                            const Number t = t_of_choice(in);
                            const auto gram = theory::relu_fixed_point<Number>(relu_kernel_from_lengths(t));
                            return either_side({gram.diagonal, gram.other}, arc_error());
                          }),
       .why = "The closed form takes α = arccos t and π from ∫ ds over the same arcs, the left side ∫ sin² s ds and "
              "∫ sin s sin(α − s) ds."},
      {.id = "finite_batch__relu__on_the_sphere",
       .statement = "ReLU: λ from means over the sphere is the closed form within the quadrature's error bound (2e-6); "
                    "B from 4 to 1000",
       .inputs = {some_batches()},
       .sizes = {{}},
       .left = by_definition(
           "± ((B−1)/2 − E x₁² + E φ′(ĥ₁)φ′(ĥ₂) + E x₁x₂)/((B−3)(E x₁² − E x₁x₂)), by quadrature over arcs",
           [](const Inputs& in) -> Values {
             const Number& batch = in.scalar("batch");
             const SphereMeans means = means_over_the_sphere(t_of_choice(in));
             const Number a = means.square - means.pair;
             return both_signs({((batch - Number(1)) / Number(2) - means.square + means.slopes + means.pair) /
                                ((batch - Number(3)) * a)});
           }),
       .relation = Relation::at_most,
       .right = by_theory("± λ + error bound, J and J′ in closed form",
                          [](const Inputs& in) -> Values {
                            const Number t = t_of_choice(in);
                            const auto kernel = relu_kernel_from_lengths(t);
                            return either_side({theory::relu_gradient_factor<Number>(t, kernel)},
                                               arc_error_of_factor());
                          }),
       .why = "E φ′(ĥ₁)² = 1/2 and φ′(u)u = φ(u)."},
      {.id = "finite_batch__squared_relu__on_the_sphere",
       .statement = "φ(u) = max{u, 0}²: λ from means over the sphere is Yang's formula for α = 2 within the "
                    "quadrature's error bound (7e-5); B from 4 to 1000",
       .inputs = {some_batches()},
       .sizes = {{}},
       .left = by_definition("± λ from E φ′(ĥ₁)²(B−1−ĥ₁²), E φ′(ĥ₁)φ′(ĥ₂)(1+ĥ₁ĥ₂) and a, by quadrature over arcs",
                             [](const Inputs& in) -> Values {
                               return both_signs({squared_relu_factor_on_the_sphere(in.scalar("batch"))});
                             }),
       .relation = Relation::at_most,
       .right = by_theory("± λ + error bound, J and J′ of α = 2 in closed form",
                          [](const Inputs& in) -> Values {
                            const auto kernel = squared_relu_kernel_from_lengths(t_of_choice(in));
                            return either_side(
                                {theory::alpha_relu_gradient_factor<Number>(in.scalar("batch"), Number(2), kernel)},
                                arc_error_of_squared_relu());
                          }),
       .why = "By Yang's formula the factor at B = 6 and 8 is 2.257 and 2.001: finite_width__squared_relu."},
      {.id = "limit__relu__on_the_sphere",
       .statement = "ReLU, B → ∞, where λ = E φ′²/(E x₁² − E x₁x₂): the closed form at t = 0 within the quadrature's "
                    "error bound (2e-6)",
       .inputs = {limit},
       .sizes = {{}},
       .left = by_definition("± (1/2)/(E x₁² − E x₁x₂) at a right angle, by quadrature over arcs",
                             [](const Inputs& in) -> Values {
                               const SphereMeans means = means_over_the_sphere(in.scalar("t"));
                               return both_signs({Number(1) / (Number(2) * (means.square - means.pair))});
                             }),
       .relation = Relation::at_most,
       .right = by_theory("± λ at t = 0 + error bound",
                          [](const Inputs& in) -> Values {
                            const Number& t = in.scalar("t");
                            const auto kernel = relu_kernel_from_lengths(t);
                            return either_side({theory::relu_gradient_factor<Number>(t, kernel)},
                                               arc_error_of_factor());
                          }),
       .why = "limit__relu: that is π/(π−1)."},
  };
}

std::vector<Reading> steps() {
  return {
      linear_factor_of_directions(),
      {.id = "one_layer__orders",
       .statement = "the mean of ‖∂ℓ/∂h‖² over all orders of the upstream gradient is ‖dy‖² (tr M − 1ᵀM1/B)/(B−1), M = "
                    "DJ²D, at every h and for all slopes D of φ",
       .inputs = {{"x", Role::activation, Dimension::batch, Dimension::one},
                  {"slopes", Role::weight, Dimension::batch, Dimension::one},
                  {"dy", Role::upstream, Dimension::batch, Dimension::one}},
       .sizes = {{.batch = 3}, {.batch = 4}},
       .these_sizes_only = true,
       .hypotheses = {upstream_is_centred()},
       .left = by_reference("the mean over all orders, by LI23 (9)–(14)",
                            [](const Inputs& in) -> Values { return {mean_over_orders(in)}; }),
       .right =
           by_theory("‖dy‖² (tr M − 1ᵀM1/B)/(B−1)",
                     [](const Inputs& in) -> Values { return {symmetrised(in) * dot<Number>(in("dy"), in("dy"))}; }),
       .why = "The law of h does not change with the order of the samples: its mean may be taken over orders first."},
      {.id = "finite_batch__alpha_relu",
       .statement = "φ(u) = max{u, 0}^α: λ is Yang's printed formula, for every B ≥ 4 and α > 1/2",
       .inputs = moments(),
       .sizes = {{}},
       .hypotheses = {alpha_above_half()},
       .left = by_definition("λ from the moments of ĥ on the sphere, by those of Gaussian numbers",
                             [](const Inputs& in) -> Values { return {factor_from_moments(in)}; }),
       .right = by_theory("(B−3+2α)((2α−1)J′ + α²(B−1)J(1))/((2α−1)(B−3)(B−1)(J(1)−J)) − α²/(B−3)",
                          printed_factor([](const Moments& m, const theory::RectifiedKernel<Number>& kernel) {
                            return theory::alpha_relu_gradient_factor<Number>(m.batch, m.alpha, kernel);
                          })),
       .why =
           "J is α-ReLU's own kernel, J(c) = E g₊^α g′₊^α. E g₊^(2α) = (2α−1) E g₊^(2α−2) and E‖g‖^(2α) = (B−3+2α) "
           "E‖g‖^(2α−2), both by parts as in inverse_square, and J′ = α² E g₊^(α−1) g′₊^(α−1) are put in by hand here; "
           "α = 1 and 2 are decided on the sphere. For α ≤ 1/2 E φ′² is infinite (inverse_square__infinite), "
           "whatever the formula gives."},
      {.id = "finite_batch__relu",
       .statement = "ReLU: λ = (B−2+J′+J)/((B−3)(1−J)), with t = 1/(B−1): (1−t+t(J+J′))/((1−2t)(1−J))",
       .inputs = {number("t"), number("root"), number("angle"), number("pi")},
       .sizes = {{}},
       .left = by_definition("(B−2+J′+J)/((B−3)(1−J)), B = 1 + 1/t",
                             [](const Inputs& in) -> Values {
                               const Number t = in.scalar("t"), pi = in.scalar("pi"), angle = in.scalar("angle");
                               const Number j = (in.scalar("root") - t * angle) / pi, batch = Number(1) + Number(1) / t;
                               return {(batch - Number(2) + angle / pi + j) / ((batch - Number(3)) * (Number(1) - j))};
                             }),
       .right = by_theory("the form in t; Yang's formula at α = 1",
                          [](const Inputs& in) -> Values {
                            const Number t = in.scalar("t");
                            const auto kernel =
                                theory::relu_kernel<Number>(t, in.scalar("root"), in.scalar("angle"), in.scalar("pi"));
                            return {theory::relu_gradient_factor<Number>(t, kernel)};
                          })},
      {.id = "finite_batch__relu__printed_formula",
       .statement = "Yang's formula at α = 1 is (B−2+J′+J)/((B−3)(1−J))",
       .inputs = {excess, number("at_c"), number("slope")},
       .sizes = {{}},
       .left = by_definition("(B−2+J′+J)/((B−3)(1−J))",
                             [](const Inputs& in) -> Values {
                               const Number batch = batch_of(in), j = in.scalar("at_c");
                               return {(batch - Number(2) + in.scalar("slope") + j) /
                                       ((batch - Number(3)) * (Number(1) - j))};
                             }),
       .right = by_theory("the printed formula, J(1) = 1, α = 1",
                          [](const Inputs& in) -> Values {
                            return {theory::alpha_relu_gradient_factor<Number>(
                                batch_of(in), Number(1), {Number(1), in.scalar("at_c"), in.scalar("slope")})};
                          })},
      {.id = "limit__relu",
       .statement = "ReLU, B → ∞: λ = π/(π−1)",
       .inputs = {number("pi")},
       .sizes = {{}},
       .left = by_theory("λ at t = 0, where √(1−t²) = 1 and arccos t = π/2",
                         [](const Inputs& in) -> Values {
                           const Number pi = in.scalar("pi");
                           const auto kernel = theory::relu_kernel<Number>(Number(0), Number(1), pi / Number(2), pi);
                           return {theory::relu_gradient_factor<Number>(Number(0), kernel)};
                         }),
       .right = by_definition(
           "π/(π−1)", [](const Inputs& in) -> Values { return {in.scalar("pi") / (in.scalar("pi") - Number(1))}; }),
       .why = "This is the factor of the squared norm. The norm's is √(π/(π−1)) ≈ 1.211."},
      {.id = "finite_batch__cubic",
       .statement = "φ = c₁u + c₂u² + c₃u³: a and (B−3)aλ are sums over harmonics",
       .inputs = cubic_inputs(),
       .sizes = {{}},
       .left = by_definition("a and λ's numerator from E ĥ₁^p ĥ₂^q, monomials on the sphere",
                             [](const Inputs& in) -> Values {
                               return {cubic_gram(in, batch_of(in)), cubic_energy(in, batch_of(in))};
                             }),
       .right = by_theory("Σ g_k and Σ k(k+d−2) g_k",
                          [](const Inputs& in) -> Values {
                            const auto of = theory::cubic_gram_and_energy<Number>(batch_of(in), cubic_of(in));
                            return {of.gram, of.energy};
                          })},
      {.id = "first_weights",
       .statement = "∂ℓ/∂W₀ = Σ ∂ℓ/∂h₁ x₀ᵀ, so that ‖∂ℓ/∂W₀‖² = Σ_{b,b′} ⟨∂ℓ/∂h₁, ∂ℓ/∂h₁⟩_{bb′} ⟨x₀, x₀⟩_{bb′}; "
                    "linear, L = 1, 2",
       .inputs = {{"x", Role::activation, Dimension::batch, Dimension::channels},
                  {"w", Role::weight, Dimension::channels, Dimension::channels},
                  {"w_next", Role::weight, Dimension::channels, Dimension::channels},
                  {"dy", Role::upstream, Dimension::batch, Dimension::channels}},
       .sizes = {{.batch = 3, .channels = 2, .hidden = 1},
                 {.batch = 4, .channels = 2, .hidden = 1},
                 {.batch = 4, .channels = 2, .hidden = 2}},
       .these_sizes_only = true,
       .left = by_reference("the deep network's backward pass",
                            [](const Inputs& in) -> Values { return {squared_first_weights(in)}; }),
       .right =
           by_theory("from ∂ℓ/∂h₁ by LI23 (44)", [](const Inputs& in) -> Values { return {from_gram_matrices(in)}; }),
       .why = "Where x₀'s Gram matrix is n q((1−c)I + c 11ᵀ) this is n q(1−c) ‖∂ℓ/∂h₁‖², for Σ ∂ℓ/∂h₁ = 0: the first "
              "weights' gradient and ∂ℓ/∂h₁ have one rate."},
      {.id = "fixed_point__linear",
       .statement = "x = ĥ has E x₁² = 1 and E x₁x₂ = −1/(B−1): Σ* again, whatever multiple of I − 11ᵀ/B the Gram "
                    "matrix before it was",
       .inputs = {excess},
       .sizes = {{}},
       .left = by_definition("E ĥ₁², E ĥ₁ĥ₂ on the sphere",
                             [](const Inputs& in) -> Values {
                               const Number d = batch_of(in) - Number(1);
                               return {sphere_moment(d, 2, 0), sphere_moment(d, 1, 1)};
                             }),
       .right = by_theory("q and qc",
                          [](const Inputs& in) -> Values {
                            const auto gram = theory::linear_fixed_point<Number>(batch_of(in));
                            return {gram.diagonal, gram.other};
                          })},
  };
}

Hypothesis above_zero(const char* id, const char* sentence, const char* name) {
  return {.id = id, .sentence = sentence, .positive = [=](const Inputs& in) { return in.scalar(name); }};
}

// ---- gradients that are 0

// "Some c > 0 is below the gradient", refuted at one c, and what refutes it at every c: it is at most each.
std::vector<Reading> above_some_c(Reading printed_reading, const std::string& id, const std::string& statement) {
  printed_reading.inputs.push_back({"c", Role::variance});
  Reading none = printed_reading;
  none.id = id;
  none.statement = statement;
  none.relation = printed_reading.relation = Relation::at_most;
  none.left = printed_reading.right;
  none.right = printed_reading.left = by_definition("c", [](const Inputs& in) -> Values { return {in.scalar("c")}; });
  none.gap = [](const Inputs&) -> std::vector<SquareTerm> { return {{.root = Number(1), .nonnegative = {"c"}}}; };
  none.hypotheses = {};
  printed_reading.hypotheses.push_back(above_zero("c_positive", "c > 0", "c"));
  return {none, printed_reading};
}

std::vector<Reading> without_gradient() {
  const Reading two = {
      .id = "printed__every_batch__two",
      .statement = "B = 2: the gradient is above some c > 0",
      .inputs = {{"x", Role::activation, Dimension::batch, Dimension::one},
                 {"dy", Role::upstream, Dimension::batch, Dimension::one}},
      .sizes = {{.batch = 2}},
      .these_sizes_only = true,
      .hypotheses = {{.id = "upstream_differs",
                      .sentence = "the two samples' upstream gradients differ",
                      .positive = [](const Inputs& in) { return square(in("dy")(0) - in("dy")(1)); }}},
      .right = by_reference(
          "‖∂ℓ/∂h‖², by LI23 (9)–(14)",
          [](const Inputs& in) -> Values { return {squared_gradient(row_major(in("x")), row_major(in("dy")))}; }),
      .why =
          "WIKI names no smallest batch. With two samples ĥ = ±1 whatever h is: the first layer's gradient is 0, "
          "below every c > 0 (batch_of_two)."};
  Reading step = two;
  step.id = "printed__whatever_nonlinearity__step";
  step.statement =
      "φ(u) = 1 for u > 0, else 0, its derivative taken where there is one, as back-propagation does: the square of "
      "the gradient along some direction is above some c > 0";
  step.inputs.push_back({"v", Role::direction, Dimension::batch, Dimension::one});
  step.sizes = {{.batch = 2}, {.batch = 4}};
  step.hypotheses = {
      {.id = "something_to_pass_back",
       .sentence = "the upstream gradient and the direction v are not 0",
       .positive = [](const Inputs& in) { return dot<Number>(in("dy"), in("dy")) * dot<Number>(in("v"), in("v")); }}};
  step.right = by_reference("the squared derivative along v of ⟨dy, φ(BN(h))⟩, by dual numbers",
                            [](const Inputs& in) -> Values { return {square(derivative_of_step().formula(in)[0])}; });
  step.why =
      "WIKI: \"no matter what it uses for nonlinearity\". A step function's derivative is 0 off its step, so that "
      "back-propagation gives 0, below every c > 0 (step_function). As a distribution it is not 0; then E φ′² is "
      "infinite, and so is λ.";
  std::vector<Reading> readings =
      above_some_c(two, "batch_of_two",
                   "B = 2: ‖∂ℓ/∂h‖² ≤ c for every c ≥ 0: the gradient is 0, whatever h and the upstream gradient");
  for (Reading& reading : above_some_c(step, "step_function",
                                       "φ a step function: off its step every derivative's square is at most c, "
                                       "for every c ≥ 0: it is 0"))
    readings.push_back(std::move(reading));
  return readings;
}

// No λ > 1 serves every batch of a linear network: 1 + beyond is λ.
std::vector<Reading> no_factor_for_every_batch() {
  const InputSpec beyond = {"beyond", Role::variance};
  const Side factor = by_theory("(B−2)/(B−3), B = 3 + 2/(λ−1)", [](const Inputs& in) -> Values {
    return {theory::linear_gradient_factor<Number>(Number(3) + Number(2) / in.scalar("beyond"))};
  });
  return {{.id = "printed__nonlinearity_alone__linear",
           .statement = "linear network: some λ > 1 that depends on the nonlinearity alone is at most the factor of "
                        "every batch",
           .inputs = {beyond},
           .sizes = {{}},
           .hypotheses = {above_zero("lambda_above_one", "λ > 1", "beyond")},
           .left = by_definition("λ", [](const Inputs& in) -> Values { return {Number(1) + in.scalar("beyond")}; }),
           .relation = Relation::at_most,
           .right = factor,
           .why = "So it is for each λ > 1: linear__below_every_lambda. Nonlinear φ have one: λ tends to "
                  "E φ′²/Var φ > 1."},
          {.id = "linear__below_every_lambda",
           .statement = "linear network: for every λ > 1 the factor of B = 3 + 2/(λ−1) is 1 + (λ−1)/2 < λ",
           .inputs = {beyond},
           .sizes = {{}},
           .left = by_definition(
               "1 + (λ−1)/2", [](const Inputs& in) -> Values { return {Number(1) + in.scalar("beyond") / Number(2)}; }),
           .right = factor,
           .why = "Whole batches from there on have smaller ones still: printed__falls_with_the_batch__linear."}};
}

std::vector<Reading> printed() {
  const Side zero = by_definition("0", [](const Inputs&) -> Values { return {Number(0)}; });
  return {
      {.id = "explodes__every_cubic",
       .statement = "λ > 1 whatever the nonlinearity, on all polynomials of degree ≤ 3 and all B ≥ 4: λ ≥ (B−2)/(B−3)",
       .inputs = cubic_inputs(),
       .sizes = {{}},
       .left = by_theory("(B−2) a",
                         [](const Inputs& in) -> Values {
                           const Number batch = batch_of(in);
                           return {(batch - Number(2)) *
                                   theory::cubic_gram_and_energy<Number>(batch, cubic_of(in)).gram};
                         }),
       .relation = Relation::at_most,
       .right = by_definition("(B−3) a λ, from E ĥ₁^p ĥ₂^q",
                              [](const Inputs& in) -> Values { return {cubic_energy(in, batch_of(in))}; }),
       .gap = cubic_gap,
       .why = "Poincaré's inequality on the sphere, which says the same of every φ that has a derivative in the mean "
              "square and is not constant on |u| ≤ √(B−1), where ĥ is: the linear network explodes least."},
      {.id = "printed__falls_with_the_batch__linear",
       .statement = "linear network: (B′−2)/(B′−3) ≤ (B−2)/(B−3) for B′ ≥ B ≥ 4",
       .inputs = {excess, {"more", Role::variance}},
       .sizes = {{}},
       .left = by_definition("1 + 1/(B′−3), B′ = B + more",
                             [](const Inputs& in) -> Values {
                               return {Number(1) + Number(1) / (Number(1) + in.scalar("excess") + in.scalar("more"))};
                             }),
       .relation = Relation::at_most,
       .right =
           by_theory("(B−2)/(B−3)",
                     [](const Inputs& in) -> Values { return {theory::linear_gradient_factor<Number>(batch_of(in))}; }),
       .gap = [](const Inputs& in) -> std::vector<SquareTerm> {
         // more/(f f′), f = B − 3, f′ = B′ − 3; more · f f′/(f f′)².
         const Number f = Number(1) + in.scalar("excess"), root = Number(1) / (f * (f + in.scalar("more")));
         return {{.root = root, .nonnegative = {"more"}},
                 {.root = root, .nonnegative = {"more", "excess"}, .numerator = 2},
                 {.root = root, .nonnegative = {"more", "excess", "excess"}},
                 {.root = root, .nonnegative = {"more", "more"}},
                 {.root = root, .nonnegative = {"more", "more", "excess"}}};
       },
       .why = "It falls to 1: with B = L + 3 a linear network of L layers enlarges the mean by less than 3 in all."},
      {.id = "printed__falls_with_the_batch__relu",
       .statement = "ReLU: dλ/dt ≥ 0 for 0 ≤ t ≤ 3/8, t = 1/(B−1): λ falls as B grows from 4 to infinity",
       .inputs = {{"t", Role::rate}, {"arc_rest", Role::rate}, {"pi_rest", Role::rate}},
       .sizes = {{}},
       .left = zero,
       .relation = Relation::at_most,
       .right = by_theory("dλ/dt by dual numbers; t, π and (arcsin t − t)/t³ in intervals",
                          [](const Inputs& in) -> Values { return {relu_factor_along_t(in).tangent}; }),
       .why = "B = 4 is t = 1/3. π lies in [3294198, 3294199]/2²⁰, (arcsin t − t)/t³ in [10, 13]/64.",
       .regions = {{.words = "0 ≤ t ≤ 3/8, every number that π and (arcsin t − t)/t³ can be",
                    .covers = "all of it: every B ≥ 4, real ones too",
                    .ranges = {{"t", 0, 1, 1}, {"arc_rest", 0, 1, 1}, {"pi_rest", 0, 1, 1}}}}},
      {.id = "printed__falls_with_the_batch__every_nonlinearity",
       .statement = "every cubic: λ at B = 5 is at most λ at B = 4",
       .inputs = {number("c1"), number("c2"), number("c3")},
       .sizes = {{}},
       .left = by_theory(
           "λ at B = 5, by harmonics",
           [](const Inputs& in) -> Values { return {theory::cubic_gradient_factor<Number>(Number(5), cubic_of(in))}; }),
       .relation = Relation::at_most,
       .right = by_definition(
           "λ at B = 4, from E ĥ₁^p ĥ₂^q",
           [](const Inputs& in) -> Values { return {cubic_energy(in, Number(4)) / cubic_gram(in, Number(4))}; }),
       .why = "φ = u³ − 3u has 18/5 at B = 4, 99/26 at 5 and 4 at 6. ReLU and linear networks do fall."},
  };
}

// ---- sampled: finite width

using simulation::DeepEnsemble;
using simulation::layer_growth;
using simulation::theta_of_factor;

double relu_factor(int batch) {
  const double t = 1.0 / (batch - 1);
  return theory::relu_gradient_factor<double>(
      t, theory::relu_kernel<double>(t, std::sqrt(1 - t * t), std::acos(t), std::numbers::pi));
}
double linear_factor(int batch) { return theory::linear_gradient_factor<double>(batch); }
double squared_relu_factor(int batch) {
  const double c = -1.0 / (batch - 1), angle = std::acos(c);
  return theory::alpha_relu_gradient_factor<double>(
      batch, 2, theory::squared_relu_kernel<double>(c, std::sin(angle), angle, std::numbers::pi));
}
constexpr double infinite_batch = std::numbers::pi / (std::numbers::pi - 1);

// Variances of ‖∂ℓ/∂h‖² are infinite for B ≤ 5: E 1/χ⁴ is. Those batches have their closed form, and no interval.
std::vector<int> sampled_batches(evidence::Effort effort) {
  switch (effort) {
    case evidence::Effort::quick: return {8};
    case evidence::Effort::standard: return {8, 6, 16, 32};
    case evidence::Effort::deep: break;
  }
  return {8, 6, 12, 16, 32, 64};
}
int width_of(evidence::Effort effort) { return effort == evidence::Effort::quick ? 64 : 512; }

Reading grows(std::string id, std::string statement, std::string range,
              std::function<std::vector<GrowthPoint>(evidence::Effort)> points, std::string why) {
  Reading reading = {.id = std::move(id),
                     .statement = std::move(statement),
                     .growth = {.quantity = "E‖∂ℓ/∂h_l‖² over 12 of 20 layers, in blocks of 4, width 512 (quick: 64)",
                                .range = std::move(range),
                                .points = std::move(points),
                                .allowance_words = "none: what is stated, is stated of this width. 10/n was chosen on "
                                                   "other replicas than those that decide"},
                     .why = std::move(why)};
  reading.left = by_reference("forward and backward pass, LI23 Algorithm 1 and (9)–(14), W drawn anew", {});
  reading.right = by_theory(reading.growth.range, {});
  return reading;
}

// ‖∂ℓ/∂h‖² grows by at least this factor a layer.
std::vector<GrowthPoint> at_least(double factor, const std::vector<int>& batches, evidence::Effort effort) {
  std::vector<GrowthPoint> points;
  for (const int batch : batches) {
    GrowthPoint point = layer_growth(simulation::relu_network(batch, width_of(effort), simulation::measured_depth));
    point.lowest = theta_of_factor(factor);
    points.push_back(std::move(point));
  }
  return points;
}

// What decides each at its own width takes more replicas than a bound from below.
std::vector<int> not_all_batches(evidence::Effort effort) {
  return effort == evidence::Effort::deep ? sampled_batches(effort) : std::vector<int>{8, 16};
}

std::vector<GrowthPoint> near_the_closed_form(DeepEnsemble (*network)(int, int, int, bool), double (*factor)(int),
                                              const std::vector<int>& batches, evidence::Effort effort) {
  std::vector<GrowthPoint> points;
  // So little is too much work for quick effort.
  if (effort == evidence::Effort::quick) return points;
  const int width = width_of(effort);
  for (const int batch : batches) {
    GrowthPoint point = layer_growth(network(batch, width, simulation::measured_depth, false));
    point.lowest = theta_of_factor(factor(batch) * (1 - simulation::stated_width_effect / width));
    point.highest = theta_of_factor(factor(batch) * (1 + simulation::stated_width_effect / width));
    points.push_back(std::move(point));
  }
  return points;
}

std::vector<Reading> sampled() {
  return {
      grows(
          "printed__squared_norm__relu",
          "ReLU: the squared norm of the gradient grows by more than π/(π−1) a layer, B = 6, 8, 16, 32 (quick: 8; "
          "deep: 12 and 64 too)",
          "θ ≥ 4 log₂ π/(π−1)",
          [](evidence::Effort effort) { return at_least(infinite_batch, sampled_batches(effort), effort); },
          "λ read as the factor of the squared norm. θ is the logarithm of the factor of four layers."),
      grows(
          "printed__norm__relu", "ReLU: the norm of the gradient itself grows by more than π/(π−1) a layer, B = 8, 16",
          "θ ≥ 8 log₂ π/(π−1)",
          [](evidence::Effort effort) {
            std::vector<int> batches = {8};
            if (effort != evidence::Effort::quick) batches.push_back(16);
            return at_least(infinite_batch * infinite_batch, batches, effort);
          },
          "WIKI's sentence letter by letter, with its number for ReLU. The norm's factor is √λ: 1.34 at B = 8, 1.26 at "
          "B = 16, 1.21 in the limit."),
      grows(
          "finite_width__relu",
          "ReLU, width n = 512, B = 8, 16: the factor of a layer is within 10/n of λ, as a share of it",
          "4 log₂ (λ (1 ± 10/n))",
          [](evidence::Effort effort) {
            return near_the_closed_form(simulation::relu_network, relu_factor, not_all_batches(effort), effort);
          },
          "Infinite width is an idealization: at width n the factor differs by a few n-ths of it."),
      grows(
          "finite_width__linear",
          "linear network, width n = 512, B = 8, 16: the factor of a layer is within 10/n of (B−2)/(B−3)",
          "4 log₂ (λ (1 ± 10/n))",
          [](evidence::Effort effort) {
            return near_the_closed_form(simulation::linear_network, linear_factor, not_all_batches(effort), effort);
          },
          "As finite_width__relu."),
      grows(
          "finite_width__squared_relu",
          "max{u, 0}², width n = 512, B = 6: the factor of a layer is within 10/n of Yang's formula for α = 2",
          "4 log₂ (λ (1 ± 10/n))",
          [](evidence::Effort effort) {
            return near_the_closed_form(simulation::squared_relu_network, squared_relu_factor, {6}, effort);
          },
          "For larger batches it is not so: what a finite width deviates from the fixed point at which the formula "
          "stands then grows from layer to layer, and the factor with it (normproof reproduce gradient_explosion: 2.08 "
          "for 2.00 at B = 8, 2.4 for 1.83 at B = 12). No reading decides that: at B = 8 it is so near 10/n that not "
          "every seed tells, and from B = 9 on rare replicas carry so much of the mean that an interval for Gaussian "
          "groups says nothing. From an isotropic batch linear and ReLU networks stay near the fixed point. At B = 6 "
          "1/σ² has a variance, but no third moment: what is said of the level of the interval rests on the mean over "
          "512 units and 8 replicas."),
  };
}

}  // namespace

Claim gradient_explosion() {
  std::vector<Reading> readings = printed();
  for (auto* more : {without_gradient, no_factor_for_every_batch, sampled, steps, of_few_features, integrals})
    for (Reading& reading : more()) readings.push_back(std::move(reading));
  return {
      .title = "At initialisation the first layer's gradient in a deep batch norm network grows exponentially in depth",
      .sources = {{"WIKI", "Vanishing/exploding gradients, first paragraph"},
                  {"consequence", "the factor λ at infinite width, every nonlinearity"}},
      .notation =
          "B the batch size; h the input of a batch norm layer, ĥ its output (ε = 0, no γ and β), x = φ(ĥ), h′ = Wx, W "
          "of independent N(0, 1/n); λ the factor by which a layer multiplies E‖∂ℓ/∂h‖² where n is infinite; a = E x₁² "
          "− E x₁x₂; J(c) = E g₊^α g′₊^α for Gaussian g, g′ of correlation c, here c = −1/(B−1); the first weights' "
          "gradient is ∂ℓ/∂h₁ x₀ᵀ.",
      .why =
          "At infinite width ĥ is uniform on a sphere and independent of σ, so that one layer multiplies E‖∂ℓ/∂h‖² by "
          "E 1/σ² times a mean over the sphere: λ in closed form. Poincaré's inequality on the sphere gives λ ≥ "
          "(B−2)/(B−3) for every φ that has a derivative in the mean square and is not constant on |u| ≤ √(B−1), where "
          "ĥ is.",
      .explain =
          "Take a deep fully connected network with batch norm and random weights, and send a random gradient back "
          "through it. Each layer multiplies the mean of its square by a factor λ. For a linear network λ = "
          "(B−2)/(B−3), for ReLU it falls from 3.08 at batch 4 to π/(π−1) = 1.467, and no nonlinearity that has "
          "a derivative and is not constant where ĥ can be, |u| ≤ √(B−1), has less than the linear one (decided for "
          "cubics; for others by Poincaré's inequality). So with those the gradient does explode for every batch of at "
          "least 4. The "
          "encyclopedia's sentence needs five corrections. λ is the factor of the squared norm; the norm grows like "
          "the root of it, for ReLU by 1.21 a layer and not by 1.467. λ depends on the batch size too, and for linear "
          "networks it tends to 1, so that no λ > 1 serves all batches. It does not fall with the batch size for every "
          "nonlinearity: for u³ − 3u it rises from 3.6 at batch 4 to 4 at batch 6. And with a batch of 2 the gradient "
          "is not large but 0; with 3 its mean square is infinite. Nor does it explode for a step function, of which "
          "back-propagation sees no slope. All of this is at infinite width, with a first batch that is isotropic. "
          "Data of r features, 2 < r < B − 1, are not: if they are isotropic in their span, r stands in B − 1's place "
          "in a linear network, and the first weights' gradient grows by (r−1)/(r−2) a layer whatever the batch is. At "
          "width 512 the factors measured for linear and ReLU networks differ from the closed form by at most two "
          "percent, for batches of 8 and 16; for squared ReLU that is decided at a batch of 6 alone, and at larger "
          "ones an experiment shows larger factors. "
          "The mean is "
          "what grows so: for batches "
          "of 4 and 5 it is carried by rare units with a tiny variance, and typical gradients grow a little more "
          "slowly.",
      .readings = readings,
      .mutants =
          {
              {.id = "radius_of_relu",
               .reading = "finite_batch__alpha_relu",
               .words = "B−1 for B−3+2α",
               .agrees_when = alpha_is_one(),
               .right = printed_factor([](const Moments& m, const theory::RectifiedKernel<Number>& j) {
                 const Number others = m.batch - Number(1), free = m.batch - Number(3);
                 const Number odd = Number(2) * m.alpha - Number(1);
                 return others * (odd * j.slope + square(m.alpha) * others * j.at_one) /
                            (odd * free * others * (j.at_one - j.at_c)) -
                        square(m.alpha) / free;
               })},
              {.id = "last_term_without_alpha",
               .reading = "finite_batch__alpha_relu",
               .words = "1/(B−3) for α²/(B−3)",
               .agrees_when = alpha_is_one(),
               .right = printed_factor([](const Moments& m, const theory::RectifiedKernel<Number>& j) {
                 const Number free = m.batch - Number(3);
                 return theory::alpha_relu_gradient_factor<Number>(m.batch, m.alpha, j) + square(m.alpha) / free -
                        Number(1) / free;
               })},
              {.id = "slope_not_divided",
               .reading = "finite_batch__alpha_relu",
               .words = "J′ for (2α−1)J′",
               .agrees_when = alpha_is_one(),
               .right = printed_factor([](const Moments& m, const theory::RectifiedKernel<Number>& j) {
                 const theory::RectifiedKernel<Number> divided = {j.at_one, j.at_c,
                                                                  j.slope / (Number(2) * m.alpha - Number(1))};
                 return theory::alpha_relu_gradient_factor<Number>(m.batch, m.alpha, divided);
               })},
              {.id = "diagonal_alone",
               .reading = "one_layer__orders",
               .words = "‖dy‖² tr M/(B−1)",
               .agrees_when = imposing("linear", "φ is linear: all slopes are the first",
                                       [](Inputs& in) {
                                         Array<Number> slopes = in("slopes");
                                         for (Eigen::Index i = 1; i < slopes.size(); ++i) slopes(i) = slopes(0);
                                         in.set("slopes", slopes);
                                       }),
               .right = [](const Inputs& in) -> Values {
                 const Values x_hat = h_hat(in), slopes = row_major(in("slopes"));
                 const Number batch = batch_size(in);
                 Number trace(0);
                 for (std::size_t i = 0; i < slopes.size(); ++i)
                   trace += square(slopes[i]) * (Number(1) - (Number(1) + square(x_hat[i])) / batch);
                 const Number variance = reference_variance(in("x"))[0];
                 return {dot<Number>(in("dy"), in("dy")) * trace / (variance * (batch - Number(1)))};
               }},
              {.id = "rest_like_the_span",
               .reading = "few_features__linear",
               .words = "(r−1)/(r−2) for the whole gradient",
               .agrees_when = imposing("in_the_span", "the upstream gradient lies in the data's span",
                                       [](Inputs& in) {
                                         const int apart = in.sizes.hidden + 1;
                                         Array<Number> dy = in("dy");
                                         Number sum(0);
                                         for (int i = 0; i < apart; ++i) sum += dy(i, 0);
                                         for (int i = 0; i < in.sizes.batch; ++i)
                                           dy(i, 0) = i < apart ? dy(i, 0) - sum / Number(apart) : Number(0);
                                         in.set("dy", dy);
                                       }),
               .right = [](const Inputs& in) -> Values {
                 return {theory::linear_gradient_factor<Number>(Number(in.sizes.hidden + 1)) *
                         dot<Number>(in("dy"), in("dy"))};
               }},
              {.id = "cube_without_linear_part",
               .reading = "finite_batch__cubic",
               .words = "c₁ for c₁ + 3d c₃/(d+2)",
               .agrees_when = imposing("quadratic", "c₃ = 0", [](Inputs& in) { in.set("c3", Number(0)); }),
               .right = [](const Inputs& in) -> Values {
                 const Number batch = batch_of(in), d = batch - Number(1);
                 theory::Cubic<Number> phi = cubic_of(in);
                 phi.linear -= Number(3) * d * phi.cube / (d + Number(2));
                 const auto of = theory::cubic_gram_and_energy<Number>(batch, phi);
                 return {of.gram, of.energy};
               }},
          },
  };
}

}  // namespace normproof::claims
