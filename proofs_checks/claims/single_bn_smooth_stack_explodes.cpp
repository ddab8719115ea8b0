// Claim: one batch norm layer smooths, a stack of them explodes, and only skip connections relieve that.
//
// Source       WIKI, "Vanishing/exploding gradients", second paragraph: "This gradient explosion on the surface
//              contradicts the smoothness property explained in the previous section, but in fact they are consistent.
//              The previous section studies the effect of inserting a single batchnorm in a network, while the gradient
//              explosion depends on stacking batchnorms"; first paragraph: "This is only relieved by skip connections
//              in the fashion of residual networks"
// Notation     one family of networks: h_{l+1} = [h_l +] W_l φ(BN(h_l)), l < L, output BN(h_L), [h_l +] with skips;
//              here φ(u) = u but where a reading says ReLU. B the batch size, λ = (B−2)/(B−3) or ReLU's
//              (gradient_explosion), L the depth, a what a block adds to the variance seen by batch norm
// Hypotheses   ε = 0; n → ∞ where expectations are exact, the first batch isotropic then (gradient_explosion), which
//              takes B − 1 features at least, the upstream gradient centred; W of independent N(0, 1/n) unless a
//              reading names W
//
//     one layer, its own input:   ‖∂ℓ/∂h‖² ≤ γ²/σ² ‖∂ℓ/∂y‖²
//     at initialisation:          E‖∂ℓ/∂h‖² = B(B−2)/((B−1)(B−3)) ‖∂ℓ/∂y‖² > ‖∂ℓ/∂y‖²
//     stack:  λ^L;   with skips:  Π_{l<L} (1 + λ/(s+l)) ~ L^λ, s a the variance at first;   W a signed permutation: 1
//
// Why. Batch norm's backward pass is γ/σ times a projection: with γ²/σ² taken out it cannot enlarge the gradient in its
// own input. Two things follow from looking closer. First, that is all: in an earlier layer's input the gradient can be
// larger with batch norm and γ = σ than without, for W may cancel what a projection does not. Second, at initialisation
// γ = 1 and σ is random: E 1/σ² exceeds 1/E σ² by more than the projection takes away. So already a single batch norm
// layer enlarges the mean squared gradient, by λ in a stack and by B(B−2)/((B−1)(B−3)) after independent standard
// normal activations: the stack explodes because each layer enlarges, not because there are many.
// With skips the variance that batch norm sees grows by a in each block, a(l) = (s+l)a, and the gradient of a block
// shrinks with it: the factor 1 + λ/(s+l) gives a power of L, (L+1)(L+2)/2 for the linear network at B = 4 and s = 1.
// Other reliefs, without any skip: a linear network with batches three larger than it is deep, λ^L = (1 + 1/L)^L < 3
// for B = L + 3, where c λ₁^L is larger for all c > 0 and λ₁ > 1 as soon as c (λ₁ − 1) L > 3, for λ₁^L > (λ₁ − 1) L. It
// takes data of L + 2 features: those of three have 2^L whatever B is. And weights that are signed
// permutations, for which a stack's gradient is that of one layer, exactly.
#include "proofs_checks/inputs/adapters.hpp"
#include "proofs_checks/inputs/square_sums.hpp"
#include "proofs_checks/simulation/deep_batch_norm.hpp"
#include "theory/mean_field/gradient_factor.hpp"

#include <cmath>
#include <cstdint>
#include <numbers>

namespace normproof::claims {

using namespace inputs;

namespace {

Number square(const Number& a) { return a * a; }
Number squared_norm(std::span<const Number> values) {
  Number sum(0);
  for (const Number& value : values) sum += square(value);
  return sum;
}
const InputSpec activations = {"x", Role::activation, Dimension::batch, Dimension::channels};
const InputSpec upstream = {"dy", Role::upstream, Dimension::batch, Dimension::channels};
const InputSpec gamma_spec = {"gamma", Role::scale, Dimension::one, Dimension::channels};
const InputSpec mixing = {"w", Role::weight, Dimension::channels, Dimension::channels};

// ---- one layer

Values through_layer(const Inputs& in) {
  const reference::Extents extents = extents_of(in("x"));
  Values dx(extents.size(), Number(0)), dgamma(extents.columns(), Number(0)), dbeta(extents.columns(), Number(0));
  reference::batch_norm_backward<Number>(row_major(in("x")), row_major(in("dy")), extents, row_major(in("gamma")),
                                         Number(0), dx, dgamma, dbeta);
  return dx;
}
// δ W, sample by sample.
Values through_weights(const Values& delta, const Inputs& in) {
  const Eigen::Index units = in("w").rows();
  Values result;
  for (std::size_t first = 0; first < delta.size(); first += static_cast<std::size_t>(units))
    for (Eigen::Index j = 0; j < units; ++j) {
      Number sum(0);
      for (Eigen::Index i = 0; i < units; ++i) sum += delta[first + static_cast<std::size_t>(i)] * in("w")(i, j);
      result.push_back(sum);
    }
  return result;
}
Number determinant_of_two(const Inputs& in) {
  const auto& w = in("w");
  return w(0, 0) * w(1, 1) - w(0, 1) * w(1, 0);
}
Hypothesis gamma_is_sigma() {
  Hypothesis equal = imposing("gamma_is_sigma", "γ = σ", [](Inputs& in) {
    const Values variance = reference_variance(in("x"));
    Array<Number> gamma(1, in.sizes.channels);
    for (int j = 0; j < in.sizes.channels; ++j) gamma(j) = sqrt(variance[static_cast<std::size_t>(j)]);
    in.set("gamma", gamma);
  });
  equal.frees = {gamma_spec};
  return equal;
}

// (γ²/σ²)(⟨1, dy⟩² + ⟨x̂, dy⟩²)/m, channel by channel.
std::vector<SquareTerm> gap_of_one_layer(const Inputs& in) {
  const Array<Number>& x = in("x");
  const Values mean = reference_mean(x), variance = reference_variance(x);
  std::vector<SquareTerm> terms;
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    const std::size_t channel = static_cast<std::size_t>(j);
    const Number sigma = sqrt(variance[channel]), ratio = in("gamma")(j) / sigma;
    Number sum(0), along(0);
    for (Eigen::Index i = 0; i < x.rows(); ++i) {
      sum += in("dy")(i, j);
      along += in("dy")(i, j) * (x(i, j) - mean[channel]) / sigma;
    }
    terms.push_back({.root = ratio * sum, .denominator = in.sizes.batch});
    terms.push_back({.root = ratio * along, .denominator = in.sizes.batch});
  }
  return terms;
}

// The mean of σ²‖∂ℓ/∂h‖² over the directions B e_k − 1, which have the second moments of all; then E 1/σ² = B E 1/χ²/v,
// where batch norm sees the variance v times χ²/B.
Values direction(int batch, int k) {
  Values h(static_cast<std::size_t>(batch), Number(-1));
  h[static_cast<std::size_t>(k)] = Number(batch - 1);
  return h;
}
Number inverse_variance(int batch) { return Number(batch) * theory::mean_inverse_square<Number>(Number(batch - 1)); }
// Independent standard normal activations: v = 1.
Number mean_at_initialisation(const Inputs& in) {
  const int batch = in.sizes.batch;
  Number sum(0);
  for (int k = 0; k < batch; ++k)
    sum +=
        squared_norm(reference::deep_normalized_backward<Number>(direction(batch, k), row_major(in("dy")), {batch, 1}));
  return Number(batch - 1) * sum / Number(batch) * inverse_variance(batch);
}
// Through so many layers of a stack, v = B/(B−1): the mean over each layer's direction. A layer's mean takes second
// moments of its own direction alone, whatever comes from the layers behind it.
Number mean_over_layers(const Values& behind, int layers) {
  if (layers == 0) return squared_norm(behind);
  const int batch = static_cast<int>(behind.size());
  Number sum(0);
  for (int k = 0; k < batch; ++k)
    sum += mean_over_layers(reference::deep_normalized_backward<Number>(direction(batch, k), behind, {batch, 1}),
                            layers - 1);
  return Number(batch - 1) * sum / Number(batch) * inverse_variance(batch) * Number(batch - 1) / Number(batch);
}

std::vector<Reading> one_layer() {
  Reading own_input = {
      .id = "printed__single__its_own_input",
      .statement = "one batch norm layer: ‖∂ℓ/∂h‖² ≤ Σ_j γ_j²/σ_j² ‖∂ℓ/∂y_j‖²",
      .inputs = {activations, gamma_spec, upstream},
      .sizes = {{.batch = 2}, {.batch = 3}, {.batch = 4}, {.batch = 3, .channels = 2}},
      .left = by_reference("‖∂ℓ/∂h‖² by LI23 (9)–(14)",
                           [](const Inputs& in) -> Values { return {squared_norm(through_layer(in))}; }),
      .relation = Relation::at_most,
      .right = by_definition("Σ_j γ_j²/σ_j² ‖∂ℓ/∂y_j‖²",
                             [](const Inputs& in) -> Values {
                               const Values variance = reference_variance(in("x"));
                               Number sum(0);
                               for (Eigen::Index i = 0; i < in("dy").rows(); ++i)
                                 for (Eigen::Index j = 0; j < in("dy").cols(); ++j)
                                   sum += square(in("gamma")(j)*in("dy")(i, j)) / variance[static_cast<std::size_t>(j)];
                               return {sum};
                             }),
      .gap = gap_of_one_layer,
      .why =
          "WIKI's first smoothness bound (bn_gradient_magnitude has its terms): the layer's gradient is γ/σ times a "
          "projection."};
  Reading earlier = {
      .id = "printed__single__earlier_layer",
      .statement =
          "one batch norm layer after an invertible linear one, γ = σ: the gradient in the linear layer's input is at "
          "most what it is without batch norm; activations ±1",
      .inputs = {{"x", Role::choice, Dimension::batch, Dimension::channels, {-1, 1}}, upstream, mixing},
      .sizes = {{.batch = 4, .channels = 2}},
      .these_sizes_only = true,
      .hypotheses = {gamma_is_sigma(),
                     {.id = "weights_invertible",
                      .sentence = "W is invertible: every h is W u for some input u",
                      .positive = [](const Inputs& in) { return square(determinant_of_two(in)); }}},
      .left = by_reference(
          "‖Wᵀ∂ℓ/∂h‖² with batch norm, by LI23 (9)–(14)",
          [](const Inputs& in) -> Values { return {squared_norm(through_weights(through_layer(in), in))}; }),
      .relation = Relation::at_most,
      .right = by_definition(
          "‖Wᵀ∂ℓ/∂y‖²",
          [](const Inputs& in) -> Values { return {squared_norm(through_weights(row_major(in("dy")), in))}; }),
      .why =
          "Each unit has a projection of its own. Where W adds two units whose gradients cancel, they need not cancel "
          "after the projections. The smoothness of one layer is that of its own input, not of earlier weights."};
  Reading at_start = {
      .id = "single__at_initialisation",
      .statement =
          "one batch norm layer with γ = 1 after independent standard normal activations: E‖∂ℓ/∂h‖² ≤ ‖∂ℓ/∂y‖², what "
          "it is without batch norm",
      .inputs = {{"dy", Role::upstream, Dimension::batch, Dimension::one}},
      .sizes = {{.batch = 4}, {.batch = 5}, {.batch = 8}},
      .left = by_reference("E B/‖h − mean‖² = B/(B−3) times the mean of σ²‖∂ℓ/∂h‖² over directions, by LI23 (9)–(14)",
                           [](const Inputs& in) -> Values { return {mean_at_initialisation(in)}; }),
      .relation = Relation::at_most,
      .right = by_definition("‖∂ℓ/∂y‖²", [](const Inputs& in) -> Values { return {dot<Number>(in("dy"), in("dy"))}; }),
      .why =
          "A reading of ours: WIKI's bound has γ²/σ², this one neither. σ² = ‖h − mean‖²/B has the mean (B−1)/B and "
          "E 1/σ² = B/(B−3). One layer does not smooth in the mean; where it does in training, it is because γ < σ."};
  Reading factor = at_start;
  factor.id = "single__at_initialisation__factor";
  factor.statement = "there E‖∂ℓ/∂h‖² = B(B−2)/((B−1)(B−3)) ‖∂ℓ/∂y‖² where Σ ∂ℓ/∂y = 0";
  factor.relation = Relation::equal;
  factor.hypotheses = {upstream_is_centred()};
  factor.right = by_theory("B/(B−1) (B−2)/(B−3) ‖dy‖²", [](const Inputs& in) -> Values {
    const Number batch(in.sizes.batch);
    return {batch / (batch - Number(1)) * theory::linear_gradient_factor<Number>(batch) *
            dot<Number>(in("dy"), in("dy"))};
  });
  factor.why = "λ = (B−2)/(B−3) in a stack, where the variance that batch norm sees is B/(B−1).";
  return {own_input, earlier, at_start, factor};
}

// ---- stacks, with and without skips, at infinite width

// λ^L ‖dy‖².
Number exponential_in_depth(const Inputs& in) {
  const Number factor = theory::linear_gradient_factor<Number>(Number(in.sizes.batch));
  return theory::stack_gradient_factor<Number>(factor, in.sizes.hidden) * dot<Number>(in("dy"), in("dy"));
}
int binomial(int n, int k) { return k == 0 ? 1 : binomial(n - 1, k - 1) * n / k; }
int power(int base, int exponent) { return exponent == 0 ? 1 : base * power(base, exponent - 1); }
std::vector<Sizes> depths(int last) {
  std::vector<Sizes> sizes;
  for (int depth = 1; depth <= last; ++depth) sizes.push_back({.hidden = depth});
  return sizes;
}

// What a near-miss of these agrees with is its depth, which `agreeing_sizes` says.
void of_this_depth(Inputs& /*in*/) {}

// B = L + wider_by, and as many features as make the first batch isotropic.
constexpr int wider_by_three = 3;
InputSpec wider_by() { return {"wider_by", Role::choice, Dimension::one, Dimension::one, {wider_by_three}}; }
Hypothesis isotropic_batch() {
  Hypothesis isotropic =
      imposing("isotropic_batch", "the first batch is isotropic: B − 1 = L + 2 features",
               [](Inputs& in) { in.set("features", Number(in.sizes.hidden) + in.scalar("wider_by") - Number(1)); });
  isotropic.frees = {{"features", Role::choice, Dimension::one, Dimension::one, {3}}};
  return isotropic;
}
// λ^L of the first weights' gradient for data of so many features.
Number factor_for_features(const Number& features, int depth) {
  return theory::stack_gradient_factor<Number>(theory::linear_gradient_factor<Number>(features + Number(1)), depth);
}

// λ₁ − 1 = (3 + rest)/(c L): every c > 0, λ₁ > 1 and L with c (λ₁ − 1) L ≥ 3.
Number own_excess(const Inputs& in) {
  return (Number(3) + in.scalar("rest")) / (in.scalar("c") * Number(in.sizes.hidden));
}
Number own_exponential(const Inputs& in) {
  Number value = in.scalar("c");
  for (int l = 0; l < in.sizes.hidden; ++l) value *= Number(1) + own_excess(in);
  return value;
}
// c λ₁^L − (1 + 1/L)^L = c + rest + (3 − (1 + 1/L)^L) + Σ_{k≥2} C(L, k) c (λ₁ − 1)^k.
std::vector<SquareTerm> gap_of_own_exponential(const Inputs& in) {
  const int depth = in.sizes.hidden, whole = power(depth, depth);
  const Number inverse = Number(1) / in.scalar("c");
  const SquareSum excess = {{.root = inverse, .nonnegative = {"c"}, .numerator = 3, .denominator = depth},
                            {.root = inverse, .nonnegative = {"c", "rest"}, .denominator = depth}};
  SquareSum gap = sum_of(weighing("c"), weighing("rest"));
  gap.push_back({.root = Number(1), .numerator = 3 * whole - power(depth + 1, depth), .denominator = whole});
  SquareSum of_power = product_of(weighing("c"), excess);
  for (int k = 2; k <= depth; ++k) {
    of_power = product_of(of_power, excess);
    gap = sum_of(std::move(gap), times(of_power, binomial(depth, k)));
  }
  return gap;
}

// ---- signed permutations, in the reference's own network

constexpr int units = 2;

// W_l: the units swapped in the first and every other layer after it, one of them with a sign.
std::vector<Values> signed_permutations(const Inputs& in) {
  std::vector<Values> weights;
  for (int l = 0; l < in.sizes.hidden; ++l) {
    const Number zero(0), one(1), sign = in("sign")(l);
    weights.push_back(l % 2 == 0 ? Values{zero, sign, one, zero} : Values{sign, zero, zero, one});
  }
  return weights;
}
// Where unit j of h₀ ends.
int place_of(int unit, int depth) { return (depth + 1) / 2 % 2 == 0 ? unit : 1 - unit; }

// Σ_j (‖g_j‖² − projections (⟨1, g_j⟩² + ⟨ĥ_j, g_j⟩²)/B)/σ_j², g_j = the upstream gradient at place(j). Signs are
// squared.
Number of_the_first_layer(const Inputs& in, int (*place)(int, int), int projections) {
  const theory::TrainingBatch<Number> b = {in("x"), in("dy"), theory::Vector<Number>::Constant(units, Number(1)),
                                           theory::Vector<Number>::Constant(units, Number(0)), Number(0)};
  const auto statistics = theory::statistics(b);
  const Number batch(in.sizes.batch);
  Number sum(0);
  for (int j = 0; j < units; ++j) {
    Number squares(0), total(0), along(0);
    for (int i = 0; i < in.sizes.batch; ++i) {
      const Number& g = in("dy")(i, place(j, in.sizes.hidden));
      squares += g * g;
      total += g;
      along += g * statistics.x_hat(i, j);
    }
    sum +=
        (squares - Number(projections) * (total * total + along * along) / batch) / (statistics.s(j) * statistics.s(j));
  }
  return sum;
}
Values deep_gradient(const Inputs& in, int depth) {
  reference::DeepNetwork<Number> network;
  network.widths.assign(static_cast<std::size_t>(depth) + 1, units);
  network.weights = signed_permutations(in);
  network.weights.resize(static_cast<std::size_t>(depth));
  const auto trace = reference::deep_forward<Number>(network, row_major(in("x")), in.sizes.batch);
  return reference::deep_backward<Number>(network, trace, row_major(in("dy"))).h.front();
}

std::vector<Reading> stacks() {
  Reading stack = {
      .id = "printed__stack",
      .statement =
          "a stack of L layers, linear, no skips, B fixed: E‖∂ℓ/∂h₀‖² = λ^L ‖∂ℓ/∂h_L‖², λ = (B−2)/(B−3) > 1: "
          "exponential in L; L = 1, 2, 3",
      .inputs = {{"dy", Role::upstream, Dimension::batch, Dimension::one}},
      .sizes = {{.batch = 4, .hidden = 1},
                {.batch = 4, .hidden = 2},
                {.batch = 4, .hidden = 3},
                {.batch = 5, .hidden = 1},
                {.batch = 5, .hidden = 2},
                {.batch = 6, .hidden = 1}},
      .hypotheses = {upstream_is_centred()},
      .left = by_reference(
          "the mean over the directions of all layers, L backward passes by LI23 (9)–(14) each",
          [](const Inputs& in) -> Values { return {mean_over_layers(row_major(in("dy")), in.sizes.hidden)}; }),
      .right = by_theory("λ^L ‖dy‖²", [](const Inputs& in) -> Values { return {exponential_in_depth(in)}; }),
      .why =
          "∂ℓ/∂h_L is any centred gradient: one layer more multiplies what the others have by λ, so that it is λ^L for "
          "every L. Growth like a power of L is a near-miss, and stack__polynomial."};
  Reading skips = {
      .id = "skips__batch_of_four",
      .statement =
          "with skips, linear, B = 4, h₀ of s times the variance that a block adds: the factor over L blocks is "
          "(s+L)(s+L+1)/(s(s+1)), for s = 1 (L+1)(L+2)/2; without skips 2^L; L = 1 … 16",
      .inputs = {{"factor", Role::choice, Dimension::one, Dimension::one, {2}}, {"s", Role::variance}},
      .sizes = depths(16),
      .left = by_theory("Π_{l<L} (1 + 2/(s+l))",
                        [](const Inputs& in) -> Values {
                          return {theory::gradient_factor_with_skips<Number>(in.scalar("factor"), in.scalar("s"),
                                                                             in.sizes.hidden)};
                        }),
      .right = by_definition("(s+L)(s+L+1)/(s(s+1))",
                             [](const Inputs& in) -> Values {
                               const Number &start = in.scalar("s"), last = start + Number(in.sizes.hidden);
                               return {last * (last + Number(1)) / (start * (start + Number(1)))};
                             }),
      .why = "A power of the depth, for every s > 0: the skips turn an exponential into L^λ."};
  Reading as_deep = {
      .id = "relieved__batch_as_large_as_depth",
      .statement = "without skips, linear, B = L + 3: λ^L = (1 + 1/L)^L ≤ 3 − 1/L; L = 1 … 16",
      .inputs = {wider_by()},
      .sizes = depths(16),
      .hypotheses = {isotropic_batch()},
      .left = by_theory(
          "λ^L, B = L + 3",
          [](const Inputs& in) -> Values { return {factor_for_features(in.scalar("features"), in.sizes.hidden)}; }),
      .relation = Relation::at_most,
      .right = by_definition(
          "3 − 1/L", [](const Inputs& in) -> Values { return {Number(3) - Number(1) / Number(in.sizes.hidden)}; }),
      .why =
          "(1 + 1/L)^L < e for all L. A relief without skips, for linear networks only, with any other φ λ does not "
          "tend to 1 but to E φ′²/Var φ > 1, and for data of L + 2 features: with three features λ is 2 whatever the "
          "batch is (gradient_explosion, few_features__linear)."};
  Reading every_rate = {
      .id = "relieved__batch_as_large_as_depth__every_rate",
      .statement =
          "without skips, linear, B = L + 3: λ^L ≤ c λ₁^L for all c > 0 and λ₁ > 1 with c (λ₁ − 1) L ≥ 3; L = 1 … 6",
      .inputs = {{"c", Role::variance}, {"rest", Role::variance}},
      .sizes = depths(6),
      .left = by_theory("λ^L, B = L + 3",
                        [](const Inputs& in) -> Values {
                          const int depth = in.sizes.hidden;
                          return {factor_for_features(Number(depth + wider_by_three - 1), depth)};
                        }),
      .relation = Relation::at_most,
      .right = by_definition("c λ₁^L, λ₁ = 1 + (3 + rest)/(c L)",
                             [](const Inputs& in) -> Values { return {own_exponential(in)}; }),
      .gap = gap_of_own_exponential,
      .why = "c λ₁^L ≥ c + c L (λ₁ − 1) > 3 > λ^L. So it is for every L, by the same two steps."};
  Reading only_batches = every_rate;
  only_batches.id = "printed__only__every_batch";
  only_batches.statement =
      "without skips every network explodes: c λ₁^L is at most a linear one's factor, for some c > 0 and λ₁ > 1 that "
      "depend on the nonlinearity alone, whatever B and L; B = L + 3, c (λ₁ − 1) L ≥ 3, L = 2 … 6";
  only_batches.sizes.erase(only_batches.sizes.begin());
  only_batches.hypotheses = {
      {.id = "c_positive", .sentence = "c > 0", .positive = [](const Inputs& in) { return in.scalar("c"); }}};
  std::swap(only_batches.left, only_batches.right);
  only_batches.gap = {};
  only_batches.why =
      "So it is at every c and λ₁: relieved__batch_as_large_as_depth__every_rate. For a fixed B there is no relief: "
      "printed__stack.";
  Reading permuted = {
      .id = "relieved__signed_permutations",
      .statement =
          "W_l signed permutations (a random initialisation too), linear, no skips: a stack's ∂ℓ/∂h₀ is, up to signs "
          "and places, that of its first layer alone; L = 1, 2, 3",
      .inputs = {{"x", Role::activation, Dimension::batch, Dimension::channels},
                 {"dy", Role::upstream, Dimension::batch, Dimension::channels},
                 {"sign", Role::choice, Dimension::hidden, Dimension::one, {-1, 1}}},
      .sizes = {{.batch = 3, .channels = units, .hidden = 1},
                {.batch = 3, .channels = units, .hidden = 2},
                {.batch = 4, .channels = units, .hidden = 3}},
      .these_sizes_only = true,
      .left =
          by_reference("‖∂ℓ/∂h₀‖² of the deep network",
                       [](const Inputs& in) -> Values { return {squared_norm(deep_gradient(in, in.sizes.hidden))}; }),
      .right = by_theory("Σ_j (‖g_j‖² − ⟨1, g_j⟩²/B − ⟨ĥ_j, g_j⟩²/B)/σ_j², g_j the upstream gradient at unit j's place",
                         [](const Inputs& in) -> Values { return {of_the_first_layer(in, place_of, 1)}; }),
      .why =
          "What is normalized already, batch norm leaves as it is, and its backward pass projects away the same two "
          "directions again. So no stack of any depth explodes: such W mix no units, and σ does not fluctuate."};
  Reading only_skips = permuted;
  only_skips.id = "only__every_initialisation";
  only_skips.statement =
      "without skips every initialisation of a linear network explodes: two blocks more multiply ‖∂ℓ/∂h₀‖² by 1 + c at "
      "least, some c > 0; signed permutations, L = 3";
  only_skips.inputs.push_back({"c", Role::variance});
  only_skips.sizes = {{.batch = 4, .channels = units, .hidden = 3}};
  only_skips.hypotheses = {
      {.id = "c_positive", .sentence = "c > 0", .positive = [](const Inputs& in) { return in.scalar("c"); }}};
  only_skips.left = by_theory("(1 + c) times the first layer's", [](const Inputs& in) -> Values {
    return {(Number(1) + in.scalar("c")) * of_the_first_layer(in, place_of, 1)};
  });
  only_skips.right = permuted.left;
  only_skips.relation = Relation::at_most;
  only_skips.why =
      "So it is at every c > 0: the factor is exactly 1 (relieved__signed_permutations). A reading of ours of "
      "\"randomly initialized\": WIKI names no law of the weights.";
  return {stack, skips, only_batches, only_skips, as_deep, every_rate, permuted};
}

// ---- how gradients grow with the depth

using simulation::DeepEnsemble;

constexpr int growth_batch = 8;
// Of Σ over depth: θ ≤ 2. L^λ has λ = 1.2 (linear) and 1.79 (ReLU) for B = 8; chosen as the next integer.
constexpr double polynomial = 2;

// What a factor 1 + λ/(s+l), or λ, is off by at most, in roundings. A block rounds quotient, sum and product (s + l is
// whole); std::pow does less. λ, ReLU's at B = 8: 3 for α = arccos t (one of t, as far as it moves α, and two
// of a library that is off by a unit in the last place), 3 for √(1−t²), 5 for tα; 7 for J, which is below 1/3, so 6 for
// 1 − J; 7 for J + J′, 10 for the numerator; 3 for 1 − 2t, 10 for the denominator; 21 for the quotient. The linear
// network's λ has one. Products of such errors are far below a thousandth of their sum.
constexpr double roundings_a_block = 3, roundings_of_lambda = 21, second_order = 1.001;

double factor_of(bool rectified) {
  if (!rectified) return theory::linear_gradient_factor<double>(growth_batch);
  const double t = 1.0 / (growth_batch - 1);
  return theory::relu_gradient_factor<double>(
      t, theory::relu_kernel<double>(t, std::sqrt(1 - t * t), std::acos(t), std::numbers::pi));
}

// At infinite width, h₀ with the variance that a block adds: depths 2^j.
GrowthPoint at_infinite_width(bool rectified, bool with_skips, int last_octave) {
  const double factor = factor_of(rectified);
  GrowthPoint point;
  point.problem = rectified ? "relu" : "linear";
  point.id = point.problem + (with_skips ? "_with_skips" : "") + "/batch=" + std::to_string(growth_batch) +
             "/infinite_width/octaves=" + std::to_string(last_octave + 1);
  point.sampled = false;
  point.highest = polynomial;
  point.measure = [=](const Portion&) {
    OctaveSums sums;
    sums.octaves = static_cast<std::size_t>(last_octave) + 1;
    sums.groups = 1;
    for (int j = 0; j <= last_octave; ++j) {
      const int depth = 1 << j;
      sums.sums.push_back(with_skips ? theory::gradient_factor_with_skips<double>(factor, 1, depth)
                                     : std::pow(factor, depth));
    }
    sums.relative_error = (roundings_a_block + roundings_of_lambda) * 0x1p-53 * (1 << last_octave) * second_order;
    return sums;
  };
  return point;
}

// ReLU, depths 2 … 16.
GrowthPoint at_finite_width(bool with_skips) {
  constexpr int width = 128;
  GrowthPoint point = simulation::depth_growth(simulation::relu_network(growth_batch, width, 1, with_skips));
  point.highest = polynomial;
  return point;
}

Reading grows(std::string id, std::string statement, Side left,
              std::function<std::vector<GrowthPoint>(evidence::Effort)> points, std::string why) {
  Reading reading = {.id = std::move(id),
                     .statement = std::move(statement),
                     .growth = {.quantity = "E‖∂ℓ/∂h₀‖² over the depths L = 2^j, ∂ℓ/∂h_L of length 1",
                                .range = "θ ≤ 2",
                                .points = std::move(points),
                                .allowance_words = "none"},
                     .why = std::move(why)};
  reading.right = left.witness == Witness::theory ? by_definition("a power of the depth, at most 2", {})
                                                  : by_theory("a power of the depth, at most 2", {});
  reading.left = std::move(left);
  return reading;
}
Reading grows_at_infinite_width(std::string id, std::string statement, bool with_skips, std::string why) {
  return grows(
      std::move(id), std::move(statement), by_theory("infinite width: λ layer by layer", {}),
      [=](evidence::Effort) {
        constexpr int last_octave = 10;
        return std::vector<GrowthPoint>{at_infinite_width(false, with_skips, last_octave),
                                        at_infinite_width(true, with_skips, last_octave)};
      },
      std::move(why));
}
Reading grows_at_finite_width(std::string id, std::string statement, bool with_skips, std::string why) {
  return grows(
      std::move(id), std::move(statement), by_reference("forward and backward pass, W drawn anew", {}),
      [=](evidence::Effort effort) {
        std::vector<GrowthPoint> points;
        // So little is too much work for quick effort.
        if (effort != evidence::Effort::quick) points.push_back(at_finite_width(with_skips));
        return points;
      },
      std::move(why));
}

std::vector<Reading> sampled() {
  return {
      grows_at_infinite_width("printed__skips_relieve",
                              "with skips, linear and ReLU, B = 8, infinite width: the mean squared gradient grows "
                              "with the depth like a power, at most L²; L to 1024",
                              true, "λ is the power: 1.2 for the linear network, 1.79 for ReLU."),
      grows_at_finite_width("skips_relieve__finite_width",
                            "the same for ReLU at width 128, L = 2 … 16, by the reference's network", true,
                            "printed__skips_relieve."),
      grows_at_infinite_width("stack__polynomial",
                              "the same networks without skips, infinite width: a power of the depth is enough, at "
                              "most L²; L to 1024",
                              false,
                              "λ^L outgrows every power. This is the explosion, and the same test that finds none with "
                              "skips."),
      grows_at_finite_width("stack__polynomial__finite_width",
                            "the same for ReLU at width 128, L = 2 … 16, by the reference's network", false,
                            "stack__polynomial."),
  };
}

}  // namespace

Claim single_bn_smooth_stack_explodes() {
  std::vector<Reading> readings = one_layer();
  for (Reading& reading : stacks()) readings.push_back(std::move(reading));
  for (Reading& reading : sampled()) readings.push_back(std::move(reading));
  return {
      .title = "One batch norm layer smooths, a stack of them explodes, and only skip connections relieve that",
      .sources = {{"WIKI", "Vanishing/exploding gradients"}, {"consequence", "of gradient_explosion, with skips"}},
      .notation =
          "h_{l+1} = [h_l +] W_l φ(BN(h_l)), l < L, output BN(h_L), ε = 0; [h_l +] with skips; φ(u) = u but where ReLU "
          "is named; B the batch size; λ the factor of E‖∂ℓ/∂h‖² per layer at infinite width; s a the variance of h₀, "
          "a "
          "what a block adds to it. In the sizes, hidden = L.",
      .why =
          "Batch norm's backward pass is γ/σ times a projection. The projection smooths, E 1/σ² enlarges, and in the "
          "mean over Gaussian weights the second wins in every layer. With skips σ² grows with the depth, so that the "
          "factors are 1 + λ/(s+l).",
      .explain =
          "The encyclopedia reconciles two results: batch norm makes the loss smoother (for one layer), and gradients "
          "explode (in a stack). The smoothness bound is right, for the gradient in the layer's own input and with the "
          "factor γ²/σ² taken out. But it is not true that one layer smooths and only many explode. With random "
          "weights and γ = 1 a single batch norm layer already enlarges the mean squared gradient, by "
          "B(B−2)/((B−1)(B−3)) for batches of B, where activations have variance 1 and the gradient is centred: a "
          "variance over few samples is often small, and its inverse large. "
          "And in an earlier layer's input the gradient can grow even with γ = σ. A stack multiplies such factors and "
          "explodes. Skip connections do relieve it: the variance grows with the depth, and the exponential becomes a "
          "power of the depth. They are not the only relief: a linear network of L layers with batches of L + 3 "
          "multiplies the mean squared gradient by less than 3 in all, if its first batch is isotropic, which takes L "
          "+ 2 "
          "features at least, and with signed permutations for weights a stack of any depth has the gradient of one "
          "layer. Whether a network with exploding gradients can be "
          "trained, WIKI's \"untrainable\", is another question: it is not decided here.",
      .readings = readings,
      .mutants =
          {
              {.id = "units_stay_in_place",
               .reading = "relieved__signed_permutations",
               .words = "g_j the upstream gradient of unit j",
               .agrees_when = imposing("alike", "all units have the same upstream gradient",
                                       [](Inputs& in) {
                                         Array<Number> dy = in("dy");
                                         for (Eigen::Index i = 0; i < dy.rows(); ++i) dy(i, 1) = dy(i, 0);
                                         in.set("dy", dy);
                                       }),
               .right = [](const Inputs& in) -> Values {
                 return {of_the_first_layer(
                     in, [](int unit, int) { return unit; }, 1)};
               }},
              {.id = "every_layer_projects_anew",
               .reading = "relieved__signed_permutations",
               .words = "L times what one projection takes away",
               .agrees_when = imposing("one_block", "L = 1", of_this_depth),
               .right = [](const Inputs& in) -> Values { return {of_the_first_layer(in, place_of, in.sizes.hidden)}; },
               .agreeing_sizes = {{.batch = 3, .channels = units, .hidden = 1}}},
              {.id = "stack_of_one",
               .reading = "printed__stack",
               .words = "λ for λ^L",
               .agrees_when = imposing("one_block", "L = 1", of_this_depth),
               .right = [](const Inputs& in) -> Values {
                 return {theory::linear_gradient_factor<Number>(Number(in.sizes.batch)) *
                         dot<Number>(in("dy"), in("dy"))};
               },
               .agreeing_sizes = {{.batch = 4, .hidden = 1}, {.batch = 5, .hidden = 1}}},
              {.id = "growth_like_a_square",
               .reading = "printed__stack",
               .words = "1 + L(λ−1) + L(L−1)/2 (λ−1)² for λ^L: a power of the depth",
               .agrees_when = imposing("two_blocks", "L ≤ 2", of_this_depth),
               .right = [](const Inputs& in) -> Values {
                 const int depth = in.sizes.hidden;
                 const Number excess = theory::linear_gradient_factor<Number>(Number(in.sizes.batch)) - Number(1);
                 const Number factor =
                     Number(1) + Number(depth) * excess + Number(depth * (depth - 1) / 2) * square(excess);
                 return {factor * dot<Number>(in("dy"), in("dy"))};
               },
               .agreeing_sizes = {{.batch = 4, .hidden = 1}, {.batch = 4, .hidden = 2}, {.batch = 5, .hidden = 2}}},
              {.id = "skips_that_do_not_add_up",
               .reading = "skips__batch_of_four",
               .words = "(1 + 2/s)^L, as if the variance that a block sees did not grow",
               .agrees_when = imposing("one_block", "L = 1", of_this_depth),
               .right = [](const Inputs& in) -> Values {
                 Number product(1);
                 for (int l = 0; l < in.sizes.hidden; ++l) product *= Number(1) + Number(2) / in.scalar("s");
                 return {product};
               },
               .agreeing_sizes = {{.hidden = 1}}},
          },
  };
}

}  // namespace normproof::claims
