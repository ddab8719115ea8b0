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
// Hypotheses   ε = 0; n → ∞ where expectations are exact, the first batch isotropic then (gradient_explosion), the
//              upstream gradient centred; W of independent N(0, 1/n) unless a reading names W
//
//     one layer, its own input:   ‖∂ℓ/∂h‖² ≤ γ²/σ² ‖∂ℓ/∂y‖²
//     at initialisation:          E‖∂ℓ/∂h‖² = B(B−2)/((B−1)(B−3)) ‖∂ℓ/∂y‖² > ‖∂ℓ/∂y‖²
//     stack:  λ^L;   with skips:  Π_{l<L} (1 + λ/(1+l)) ~ L^λ;   W a signed permutation: 1
//
// Why. Batch norm's backward pass is γ/σ times a projection: with γ²/σ² taken out it cannot enlarge the gradient in its
// own input. Two things follow from looking closer. First, that is all: in an earlier layer's input the gradient can be
// larger with batch norm and γ = σ than without, for W may cancel what a projection does not. Second, at initialisation
// γ = 1 and σ is random: E 1/σ² exceeds 1/E σ² by more than the projection takes away. So already a single batch norm
// layer enlarges the mean squared gradient, by λ in a stack and by B(B−2)/((B−1)(B−3)) after independent standard
// normal activations: the stack explodes because each layer enlarges, not because there are many.
// With skips the variance that batch norm sees grows by a in each block, a(l) = (l+1)a, and the gradient of a block
// shrinks with it: the factor 1 + λ/(l+1) gives a power of L, (L+1)(L+2)/2 for the linear network at B = 4.
// Other reliefs, without any skip: a linear network with batches three larger than it is deep, λ^L = (1 + 1/L)^L < 3
// for B = L + 3; and weights that are signed permutations, for which a stack's gradient is that of one layer, exactly.
#include "proofs_checks/inputs/adapters.hpp"
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

// Independent standard normal activations: 1/E‖h − mean‖² = 1/(B−3) of B; over the directions B e_k − 1, which have the
// second moments of all, σ² = B − 1.
Number mean_at_initialisation(const Inputs& in) {
  const int batch = in.sizes.batch;
  Number sum(0);
  for (int k = 0; k < batch; ++k) {
    Values h(static_cast<std::size_t>(batch), Number(-1));
    h[static_cast<std::size_t>(k)] = Number(batch - 1);
    sum += squared_norm(reference::deep_normalized_backward<Number>(h, row_major(in("dy")), {batch, 1}));
  }
  return Number(batch - 1) * sum / Number(batch) * Number(batch) / Number(batch - 3);
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
      .id = "printed__single__at_initialisation",
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
          "σ² = ‖h − mean‖²/B has the mean (B−1)/B and E 1/σ² = B/(B−3). One layer does not smooth in the mean; where "
          "it does in training, it is because γ < σ."};
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

Number excess_factor(const Inputs& in) { return Number(1) + in.scalar("rest"); }  // λ = 1 + 1/(B−3)
Number stack_factor(const Inputs& in) {
  Number product(1);
  for (int l = 0; l < in.sizes.hidden; ++l) product *= excess_factor(in);
  return product;
}
int binomial(int n, int k) { return k == 0 ? 1 : binomial(n - 1, k - 1) * n / k; }
std::vector<SquareTerm> gap_of_bernoulli(const Inputs& in) {
  std::vector<SquareTerm> terms;
  for (int k = 2; k <= in.sizes.hidden; ++k)
    terms.push_back({.root = Number(1),
                     .nonnegative = std::vector<std::string>(static_cast<std::size_t>(k), "rest"),
                     .numerator = binomial(in.sizes.hidden, k)});
  return terms;
}
std::vector<Sizes> depths(int last) {
  std::vector<Sizes> sizes;
  for (int depth = 1; depth <= last; ++depth) sizes.push_back({.hidden = depth});
  return sizes;
}

// What a near-miss of these agrees with is its depth, which `agreeing_sizes` says.
void one_block(Inputs& /*in*/) {}

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
  Reading bernoulli = {
      .id = "printed__stack",
      .statement =
          "a stack of L layers, linear, no skips: λ^L ≥ 1 + L/(B−3), λ = (B−2)/(B−3), for every B > 3; L = 1 … 8",
      .inputs = {{"rest", Role::variance}},
      .sizes = depths(8),
      .left = by_definition(
          "1 + L/(B−3)",
          [](const Inputs& in) -> Values { return {Number(1) + Number(in.sizes.hidden) * in.scalar("rest")}; }),
      .relation = Relation::at_most,
      .right = by_theory("λ^L, λ = 1 + 1/(B−3)", [](const Inputs& in) -> Values { return {stack_factor(in)}; }),
      .gap = gap_of_bernoulli,
      .why =
          "rest = 1/(B−3). The mean squared gradient is multiplied by λ > 1 in each layer (gradient_explosion): λ^L, "
          "of "
          "which this is a lower bound for small L; for a fixed B it is exponential in L."};
  Reading skips = {
      .id = "skips__batch_of_four",
      .statement = "with skips, linear, B = 4: the factor over L blocks is (L+1)(L+2)/2, without them 2^L; L = 1 … 16",
      .inputs = {{"factor", Role::choice, Dimension::one, Dimension::one, {2}}},
      .sizes = depths(16),
      .left = by_theory("Π_{l<L} (1 + 2/(1+l))",
                        [](const Inputs& in) -> Values {
                          return {theory::gradient_factor_with_skips<Number>(in.scalar("factor"), Number(1),
                                                                             in.sizes.hidden)};
                        }),
      .right = by_definition("(L+1)(L+2)/2",
                             [](const Inputs& in) -> Values {
                               const int depth = in.sizes.hidden;
                               return {Number((depth + 1) * (depth + 2) / 2)};
                             }),
      .why = "A power of the depth: the skips turn an exponential into L^λ."};
  Reading only = {
      .id = "printed__only__large_batches",
      .statement =
          "without skips a linear network is not relieved: λ^L ≥ 3 for every B and L = 2 … 12, B = L + 3 among them",
      .inputs = {{"rest", Role::variance}},
      .sizes = depths(12),
      .hypotheses = {{.id = "batch_finite",
                      .sentence = "B < ∞: rest = 1/(B−3) > 0",
                      .positive = [](const Inputs& in) { return in.scalar("rest"); }}},
      .left = by_definition("3", [](const Inputs&) -> Values { return {Number(3)}; }),
      .relation = Relation::at_most,
      .right = by_theory("λ^L", [](const Inputs& in) -> Values { return {stack_factor(in)}; }),
      .why = "B = L + 3 has (1 + 1/L)^L < 3: relieved__batch_as_large_as_depth."};
  only.sizes.erase(only.sizes.begin());
  Reading as_deep = {
      .id = "relieved__batch_as_large_as_depth",
      .statement = "without skips, linear, B = L + 3: λ^L = (1 + 1/L)^L ≤ 3 − 1/L; L = 1 … 16",
      .inputs = {{"wider_by", Role::choice, Dimension::one, Dimension::one, {3}}},
      .sizes = depths(16),
      .left = by_theory("λ^L, B = L + 3",
                        [](const Inputs& in) -> Values {
                          const Number batch = Number(in.sizes.hidden) + in.scalar("wider_by");
                          Number product(1);
                          for (int l = 0; l < in.sizes.hidden; ++l)
                            product *= theory::linear_gradient_factor<Number>(batch);
                          return {product};
                        }),
      .relation = Relation::at_most,
      .right = by_definition(
          "3 − 1/L", [](const Inputs& in) -> Values { return {Number(3) - Number(1) / Number(in.sizes.hidden)}; }),
      .why =
          "(1 + 1/L)^L < e for all L. A relief without skips, for linear networks only: with any other φ λ does not "
          "tend to "
          "1 but to E φ′²/Var φ > 1."};
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
  only_skips.id = "printed__only__every_initialisation";
  only_skips.statement =
      "without skips every initialisation of a linear network explodes: two blocks more multiply ‖∂ℓ/∂h₀‖² by 1 + c at "
      "least, for some c > 0; signed permutations, L = 3";
  only_skips.inputs.push_back({"c", Role::variance});
  only_skips.sizes = {{.batch = 4, .channels = units, .hidden = 3}};
  only_skips.hypotheses = {
      {.id = "c_positive", .sentence = "c > 0", .positive = [](const Inputs& in) { return in.scalar("c"); }}};
  only_skips.left = by_theory("(1 + c) times the first layer's", [](const Inputs& in) -> Values {
    return {(Number(1) + in.scalar("c")) * of_the_first_layer(in, place_of, 1)};
  });
  only_skips.right = permuted.left;
  only_skips.relation = Relation::at_most;
  only_skips.why = "relieved__signed_permutations: the two are equal.";
  return {bernoulli, skips, only, only_skips, as_deep, permuted};
}

// ---- how gradients grow with the depth

using simulation::DeepEnsemble;

constexpr int growth_batch = 8;
// Of Σ over depth: θ ≤ 2. L^λ has λ = 1.2 (linear) and 1.79 (ReLU) for B = 8; chosen as the next integer.
constexpr double polynomial = 2;

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
    constexpr double roundings_a_factor = 4, unit = 0x1p-53, of_the_factor = 64;
    sums.relative_error = 2 * (roundings_a_factor + of_the_factor) * unit * (1 << last_octave);
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

Reading grows(std::string id, std::string statement, bool with_skips, std::string why) {
  Reading reading = {.id = std::move(id),
                     .statement = std::move(statement),
                     .growth = {.quantity = "E‖∂ℓ/∂h₀‖² over the depths L = 2^j, ∂ℓ/∂h_L of length 1",
                                .range = "θ ≤ 2",
                                .points =
                                    [=](evidence::Effort effort) {
                                      constexpr int last_octave = 10;
                                      std::vector<GrowthPoint> points;
                                      if (effort != evidence::Effort::quick)
                                        points.push_back(at_finite_width(with_skips));
                                      for (const bool rectified : {false, true})
                                        points.push_back(at_infinite_width(rectified, with_skips, last_octave));
                                      return points;
                                    },
                                .allowance_words = "none"},
                     .why = std::move(why)};
  reading.left = by_reference(
      "ReLU, width 128 (none at quick): forward and backward pass, W drawn anew; infinite width: λ layer by layer", {});
  reading.right = by_theory("a power of the depth, at most 2", {});
  return reading;
}

std::vector<Reading> sampled() {
  return {
      grows(
          "printed__skips_relieve",
          "with skips, linear and ReLU, B = 8: the mean squared gradient grows with the depth like a power, at most L²",
          true, "λ is the power: 1.2 for the linear network, 1.79 for ReLU."),
      grows("printed__stack__polynomial", "the same networks without skips: a power of the depth is enough, at most L²",
            false, "λ^L outgrows every power. This is the explosion, and the same test that finds none with skips."),
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
          "is named; B the batch size; λ the factor of E‖∂ℓ/∂h‖² per layer at infinite width; rest = λ − 1 = 1/(B−3) "
          "for linear networks. In the sizes, hidden = L.",
      .why =
          "Batch norm's backward pass is γ/σ times a projection. The projection smooths, E 1/σ² enlarges, and in the "
          "mean over Gaussian weights the second wins in every layer. With skips σ² grows with the depth, so that the "
          "factors are 1 + λ/(l+1).",
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
          "multiplies the mean squared gradient by less than 3 in all, and with signed permutations for weights a "
          "stack of any depth has the gradient of one layer. Whether a network with exploding gradients can be "
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
               .agrees_when = imposing("one_block", "L = 1", one_block),
               .right = [](const Inputs& in) -> Values { return {of_the_first_layer(in, place_of, in.sizes.hidden)}; },
               .agreeing_sizes = {{.batch = 3, .channels = units, .hidden = 1}}},
              {.id = "stack_of_one",
               .reading = "printed__stack",
               .words = "λ for λ^L",
               .agrees_when = imposing("one_block", "L = 1", one_block),
               .right = [](const Inputs& in) -> Values { return {excess_factor(in)}; },
               .agreeing_sizes = {{.hidden = 1}}},
              {.id = "skips_that_do_not_add_up",
               .reading = "skips__batch_of_four",
               .words = "3^L, as if the variance that a block sees did not grow",
               .agrees_when = imposing("one_block", "L = 1", one_block),
               .right = [](const Inputs& in) -> Values {
                 Number power(1);
                 for (int l = 0; l < in.sizes.hidden; ++l) power *= Number(3);
                 return {power};
               },
               .agreeing_sizes = {{.hidden = 1}}},
          },
  };
}

}  // namespace normproof::claims
