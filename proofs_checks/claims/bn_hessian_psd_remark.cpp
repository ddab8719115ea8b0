// Claim: the loss Hessian with respect to a layer's outputs is positive semi-definite in networks with piecewise-linear
// activations and a convex loss.
//
// Source       SAN18 §4.2, after Theorem 4.2: "The Hessian is positive semi-definite (PSD) if the loss is locally
//              convex which is true for the case of deep networks with piecewise-linear activation functions and a
//              convex loss at the final layer"
// Notation     a: the outputs of a layer over the batch, m × K; o ∈ R^m the network's outputs; L = ½ oᵀQo + ⟨c, o⟩, the
//              loss; ReLU after the layer and after each hidden layer; J = ∂o/∂a where it exists; H = ∂²L/∂a∂a; v a
//              direction. A Q that is PSD is RᵀR. x, loss_hessian, v in the code
// Hypotheses   the loss is convex in o, the weights of the later layers are held
//
//     0 ≤ vᵀHv
//
// Why. Away from kinks o moves linearly with a: the second derivative of L along v is (Jv)ᵀQ(Jv) = ‖RJv‖², whatever the
// signs of the ReLUs. A loss has any gradient and any PSD Hessian in the place of c and Q at a point, so that this is
// every twice differentiable convex loss. That is all that is true. At a kink H does not exist; the second difference
// there may be as negative as one likes: L = −relu(a) has H = 0 wherever H exists, and is concave. PSD wherever it
// exists does not make L locally convex. If later weights move too, o is a product of what moves, and H is indefinite.
// So it is behind a further batch norm, whose output is not piecewise linear.
#include "impl/reference/network.hpp"
#include "proofs_checks/inputs/second_order.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using First = numbers::Dual<Number>;
using Second = numbers::Dual<First>;

const InputSpec loss_hessian = {"loss_hessian", Role::upstream, Dimension::batch, Dimension::batch};
const InputSpec loss_slope = {"c", Role::upstream, Dimension::batch, Dimension::one};
const InputSpec loss_root = {"root", Role::weight, Dimension::batch, Dimension::batch};
const InputSpec direction = {"v", Role::direction, Dimension::batch, Dimension::channels};
// Weights of the later layers, the bias in the last column.
const InputSpec last = {"last", Role::weight, Dimension::one, Dimension::channels_plus_one};
const InputSpec middle = {"middle", Role::weight, Dimension::hidden, Dimension::channels_plus_one};
const InputSpec last_of_two = {"last", Role::weight, Dimension::one, Dimension::hidden_plus_one};

std::vector<InputSpec> one_hidden_layer(const std::vector<InputSpec>& more = {}) {
  std::vector<InputSpec> specs = {
      {"x", Role::activation, Dimension::batch, Dimension::channels}, last, loss_hessian, loss_slope, direction};
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}
std::vector<InputSpec> two_hidden_layers(const std::vector<InputSpec>& more = {}) {
  std::vector<InputSpec> specs = {{"x", Role::activation, Dimension::batch, Dimension::channels},
                                  middle,
                                  last_of_two,
                                  loss_hessian,
                                  loss_slope,
                                  direction};
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}

template <class T>
std::vector<T> lifted(const Array<Number>& values) {
  std::vector<T> out;
  for (const Number& value : row_major(values)) out.push_back(T(value));
  return out;
}
template <>
std::vector<Second> lifted(const Array<Number>& values) {
  std::vector<Second> out;
  for (const Number& value : row_major(values)) out.push_back(Second(First(value)));
  return out;
}
// values + t·v, twice differentiable in t.
std::vector<Second> moving(const Array<Number>& values, const Array<Number>& v) {
  const std::vector<Number> at = row_major(values), along = row_major(v);
  std::vector<Second> out;
  for (std::size_t k = 0; k < at.size(); ++k) out.push_back(Second(First(at[k], along[k]), First(along[k])));
  return out;
}

// The first layer multiplies by one and applies ReLU: what comes before the layer plays no part.
template <class T>
std::vector<T> unit_weights(int units) {
  std::vector<T> weights;
  for (int i = 0; i < units; ++i)
    for (int j = 0; j <= units; ++j) weights.push_back(T(i == j ? 1 : 0));
  return weights;
}

// o by the reference's network: ReLU, and the later layers of `in`.
template <class T>
std::vector<T> outputs(const Inputs& in, const std::vector<T>& activations) {
  using reference::Activation;
  using reference::Normalization;
  const int units = in.sizes.channels;
  reference::Network<T> network;
  network.layers.push_back({Normalization::none, Activation::relu, units, units});
  network.weights.push_back(unit_weights<T>(units));
  int width = units;
  if (in.has("middle")) {
    network.layers.push_back({Normalization::none, Activation::relu, units, in.sizes.hidden});
    network.weights.push_back(lifted<T>(in("middle")));
    width = in.sizes.hidden;
  }
  network.layers.push_back({Normalization::none, Activation::identity, width, 1});
  network.weights.push_back(lifted<T>(in("last")));
  return reference::network_forward<T>(network, activations, in.sizes.batch, T(0));
}

// Q, of which the upper triangle of the input is read.
Array<Number> q_of(const Inputs& in) {
  Inputs with = in;
  with.set("hessian", in("loss_hessian"));
  return hessian(with);
}
// L(o).
template <class T>
T loss(const Inputs& in, const std::vector<T>& o) {
  const std::vector<T> q = lifted<T>(q_of(in)), c = lifted<T>(in("c"));
  T sum(0);
  for (std::size_t i = 0; i < o.size(); ++i) {
    T slope = c[i];
    for (std::size_t k = 0; k < o.size(); ++k) slope += q[i * o.size() + k] * o[k] / T(2);
    sum += slope * o[i];
  }
  return sum;
}

// vᵀHv.
Values form(const Inputs& in) {
  return {loss<Second>(in, outputs<Second>(in, moving(in("x"), in("v")))).tangent.tangent};
}
Side form_side() { return by_reference("vᵀHv: second derivatives of the network's forward pass and the loss", form); }
Side zero() {
  return by_definition("0", [](const Inputs&) { return Values{Number(0)}; });
}

// Jv: each ReLU passes its part of the direction where its argument is positive.
Array<Number> through_affine(const Array<Number>& rows, const Array<Number>& weights, bool with_bias) {
  Array<Number> out(rows.rows(), weights.rows());
  for (Eigen::Index i = 0; i < out.rows(); ++i)
    for (Eigen::Index j = 0; j < out.cols(); ++j) {
      out(i, j) = with_bias ? weights(j, rows.cols()) : Number(0);
      for (Eigen::Index k = 0; k < rows.cols(); ++k) out(i, j) += weights(j, k) * rows(i, k);
    }
  return out;
}
Array<Number> masked(const Array<Number>& pattern, Array<Number> values) {
  for (Eigen::Index k = 0; k < values.size(); ++k) values(k) = relu_slope(pattern(k)) * values(k);
  return values;
}
Array<Number> moved_outputs(const Inputs& in, const Array<Number>& x, const Array<Number>& v) {
  Array<Number> moved = masked(x, v);
  if (in.has("middle")) {
    const Array<Number> before = through_affine(masked(x, x), in("middle"), true);
    moved = masked(before, through_affine(moved, in("middle"), false));
  }
  return through_affine(moved, in("last"), false);
}

// Q := RᵀR.
Hypothesis convex_loss() {
  return imposing("convex_loss", "L is convex in the outputs: Q = RᵀR", [](Inputs& in) {
    const Array<Number>& root = in("root");
    Array<Number> q = Array<Number>::Constant(root.cols(), root.cols(), Number(0));
    for (Eigen::Index i = 0; i < q.rows(); ++i)
      for (Eigen::Index k = 0; k < q.cols(); ++k)
        for (Eigen::Index l = 0; l < root.rows(); ++l) q(i, k) += root(l, i) * root(l, k);
    in.set("loss_hessian", q);
  });
}
// ‖R moved‖².
std::vector<SquareTerm> squares_of(const Inputs& in, const Array<Number>& moved) {
  std::vector<SquareTerm> terms;
  const Array<Number> product = times(in("root"), moved);
  for (const Number& entry : row_major(product)) terms.push_back({.root = entry});
  return terms;
}

std::vector<Sizes> sizes_of_one() { return {{.batch = 1}, {.batch = 2}, {.batch = 3}, {.batch = 2, .channels = 2}}; }
std::vector<Sizes> sizes_of_two() {
  return {{.batch = 1}, {.batch = 1, .hidden = 2}, {.batch = 2, .hidden = 2}, {.batch = 1, .channels = 2, .hidden = 2}};
}

// L(a + v) + L(a − v) − 2L(a) ≥ 0.
Values second_difference(const Inputs& in) {
  const auto at = [&](const Number& t) {
    return loss<Number>(in, outputs<Number>(in, row_major(plus(in("x"), t, in("v")))));
  };
  return {at(Number(1)) + at(Number(-1)) - Number(2) * at(Number(0))};
}
Side second_difference_side() {
  return by_reference("L(a + v) + L(a − v) − 2L(a), by the network's forward pass", second_difference);
}

// The same inside one linear piece: each ReLU is replaced with its mask, 0 or 1.
std::vector<InputSpec> one_piece() {
  return two_hidden_layers({loss_root,
                            {"mask", Role::choice, Dimension::batch, Dimension::channels, {0, 1}},
                            {"middle_mask", Role::choice, Dimension::batch, Dimension::hidden, {0, 1}}});
}
std::vector<Number> products(std::vector<Number> values, const Array<Number>& mask) {
  const std::vector<Number> factors = row_major(mask);
  for (std::size_t k = 0; k < values.size(); ++k) values[k] = factors[k] * values[k];
  return values;
}
std::vector<Number> outputs_of_piece(const Inputs& in, const Array<Number>& x) {
  const int batch = in.sizes.batch, hidden = in.sizes.hidden;
  std::vector<Number> between(static_cast<std::size_t>(batch * hidden), Number(0));
  std::vector<Number> o(static_cast<std::size_t>(batch), Number(0));
  reference::affine<Number>(products(row_major(x), in("mask")), extents_of(x), row_major(in("middle")), hidden,
                            between);
  reference::affine<Number>(products(between, in("middle_mask")), {batch, hidden}, row_major(in("last")), 1, o);
  return o;
}
Values second_difference_in_piece(const Inputs& in) {
  const auto at = [&](const Number& t) { return loss<Number>(in, outputs_of_piece(in, plus(in("x"), t, in("v")))); };
  return {at(Number(1)) + at(Number(-1)) - Number(2) * at(Number(0))};
}
Array<Number> entrywise(Array<Number> values, const Array<Number>& mask) {
  for (Eigen::Index k = 0; k < values.size(); ++k) values(k) = mask(k) * values(k);
  return values;
}
Array<Number> moved_in_piece(const Inputs& in) {
  const Array<Number> moved = through_affine(entrywise(in("v"), in("mask")), in("middle"), false);
  return through_affine(entrywise(moved, in("middle_mask")), in("last"), false);
}

Hypothesis on_the_kink() {
  return imposing("on_the_kink", "a_1 = 0 for every sample", [](Inputs& in) {
    Array<Number> x = in("x");
    for (Eigen::Index i = 0; i < x.rows(); ++i) x(i, 0) = Number(0);
    in.set("x", x);
  });
}

// The layer's own weights W move: a = uWᵀ.
std::vector<InputSpec> with_own_weights(std::vector<InputSpec> more) {
  std::vector<InputSpec> specs = {{"u", Role::activation, Dimension::batch, Dimension::hidden},
                                  {"weights", Role::weight, Dimension::channels, Dimension::hidden},
                                  {"dw", Role::direction, Dimension::channels, Dimension::hidden},
                                  last,
                                  loss_hessian,
                                  loss_slope};
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}
Array<Number> by_weights(const Inputs& in, const std::string& weights) {
  return through_affine(in("u"), in(weights), false);
}
// L along W + t·dW and, where there is a `dlast`, last + t·dlast: one unit's loss is formed by hand from what moves.
Values form_in_own_weights(const Inputs& in) {
  return {
      loss<Second>(in, outputs<Second>(in, moving(by_weights(in, "weights"), by_weights(in, "dw")))).tangent.tangent};
}
Values form_in_all_weights(const Inputs& in) {
  using reference::Activation;
  using reference::Normalization;
  const int units = in.sizes.channels;
  Array<Number> own(units, in.sizes.hidden + 1), own_direction(units, in.sizes.hidden + 1);
  for (int j = 0; j < units; ++j)
    for (int k = 0; k <= in.sizes.hidden; ++k) {
      own(j, k) = k < in.sizes.hidden ? in("weights")(j, k) : Number(0);
      own_direction(j, k) = k < in.sizes.hidden ? in("dw")(j, k) : Number(0);
    }
  reference::Network<Second> network;
  network.layers = {{Normalization::none, Activation::relu, in.sizes.hidden, units},
                    {Normalization::none, Activation::identity, units, 1}};
  network.weights = {moving(own, own_direction), moving(in("last"), in("dlast"))};
  return {
      loss<Second>(in, reference::network_forward<Second>(network, lifted<Second>(in("u")), in.sizes.batch, Second(0)))
          .tangent.tangent};
}

// The activation a² in the place of ReLU: o = last · (a², 1).
Values form_with_squares(const Inputs& in) {
  std::vector<Second> activations = moving(in("x"), in("v"));
  for (Second& a : activations) a = a * a;
  reference::Network<Second> network;
  network.layers = {{reference::Normalization::none, reference::Activation::identity, in.sizes.channels, 1}};
  network.weights = {lifted<Second>(in("last"))};
  return {loss<Second>(in, reference::network_forward<Second>(network, activations, in.sizes.batch, Second(0)))
              .tangent.tangent};
}

// (Jv)ᵀQ(Jv) with another Q, or another last layer.
Formula jacobian_form(void (*alter)(Inputs&) = nullptr) {
  return [=](const Inputs& in) {
    Inputs altered = in;
    if (alter != nullptr) alter(altered);
    const Array<Number> moved = moved_outputs(altered, altered("x"), altered("v"));
    return Values{dot<Number>(moved, times(q_of(altered), moved))};
  };
}
void keep_the_diagonal(Inputs& in) {
  Array<Number> q = in("loss_hessian");
  for (Eigen::Index i = 0; i < q.rows(); ++i)
    for (Eigen::Index k = 0; k < q.cols(); ++k)
      if (i != k) q(i, k) = Number(0);
  in.set("loss_hessian", q);
}
void put_the_identity(Inputs& in) {
  keep_the_diagonal(in);
  Array<Number> q = in("loss_hessian");
  for (Eigen::Index i = 0; i < q.rows(); ++i) q(i, i) = Number(1);
  in.set("loss_hessian", q);
}
void put_one_last(Inputs& in) {
  in.set("last", Array<Number>::Constant(in("last").rows(), in("last").cols(), Number(1)));
}

}  // namespace

Claim bn_hessian_psd_remark() {
  Reading one = {.id = "printed__one_hidden_layer__away_from_kinks",
                 .statement = "0 ≤ vᵀHv where o = last · (relu(a), 1), convex loss, wherever H exists",
                 .inputs = one_hidden_layer({loss_root}),
                 .sizes = sizes_of_one(),
                 .hypotheses = {convex_loss()},
                 .left = zero(),
                 .relation = Relation::at_most,
                 .right = form_side(),
                 .gap = [](const Inputs& in) { return squares_of(in, moved_outputs(in, in("x"), in("v"))); },
                 .why =
                     "vᵀHv = ‖RJv‖² for every sign pattern of the ReLUs. v moves all units of the layer; H_jj is the "
                     "block of one."};
  Reading two = one;
  two.id = "printed__two_hidden_layers__away_from_kinks";
  two.statement = "0 ≤ vᵀHv where o = last · (relu(middle · (relu(a), 1)), 1), convex loss, wherever H exists";
  two.inputs = two_hidden_layers({loss_root});
  two.sizes = sizes_of_two();
  Reading equality = two;
  equality.id = "sum_of_squares";
  equality.statement = "vᵀHv = (Jv)ᵀQ(Jv), two hidden ReLU layers, any loss Hessian Q, every sign pattern";
  equality.inputs = two_hidden_layers();
  equality.hypotheses = {};
  equality.left = form_side();
  equality.relation = Relation::equal;
  equality.right = by_definition("(Jv)ᵀQ(Jv), Jv by the signs of the ReLUs", jacobian_form());
  equality.gap = {};
  equality.why = "The second derivative of a piecewise-linear map is 0 where it exists: all curvature is the loss's.";
  Reading lower = one;
  lower.id = "at_kinks__slope_zero";
  lower.statement = "0 ≤ vᵀHv at a kink, a_1 = 0, if ReLU has slope 0 there, as in automatic differentiation";
  lower.sizes = {{.batch = 1, .channels = 2}, {.batch = 2, .channels = 2}};
  lower.hypotheses = {convex_loss(), on_the_kink()};
  lower.why = "H is then that of one of the adjacent pieces; so are the one-sided second derivatives along v.";
  Reading difference = one;
  difference.id = "printed__at_kinks__second_difference";
  difference.statement = "0 ≤ L(a + v) + L(a − v) − 2L(a) at a kink, a_1 = 0, convex loss, one hidden ReLU layer";
  difference.hypotheses = {convex_loss(), on_the_kink()};
  difference.right = second_difference_side();
  difference.gap = {};
  difference.why =
      "o = −relu(a), L = o: at a = 0 it is −|v|, and over v² it falls without bound as v → 0. H does not exist there.";
  Reading convex = difference;
  convex.id = "printed__locally_convex";
  convex.statement =
      "0 ≤ L(a + v) + L(a − v) − 2L(a) for all a, v: L is convex near every a, hence convex; convex loss, one hidden "
      "ReLU layer";
  convex.hypotheses = {convex_loss()};
  convex.why =
      "H is PSD wherever it exists, and L = −relu(a) is not convex near 0: the slope falls at the kink. Near any other "
      "point it is: convex_within_one_piece.";
  Reading piece = one;
  piece.id = "convex_within_one_piece";
  piece.statement =
      "0 ≤ L(a + v) + L(a − v) − 2L(a) inside one linear piece, ReLUs replaced with masks 0 or 1: two hidden layers, "
      "convex loss, all masks";
  piece.inputs = one_piece();
  piece.sizes = {{.batch = 1}, {.batch = 1, .channels = 2, .hidden = 2}, {.batch = 2, .hidden = 2}};
  piece.right = by_reference("L(a + v) + L(a − v) − 2L(a), by the reference's affine maps", second_difference_in_piece);
  piece.gap = [](const Inputs& in) { return squares_of(in, moved_in_piece(in)); };
  piece.why = "As long as a and a ± v have one sign pattern L is a convex function of a linear one.";
  Reading own = one;
  own.id = "own_weights";
  own.statement =
      "0 ≤ ∂²L along any direction dW of this layer's weights, a = uWᵀ, later weights held, wherever it exists";
  own.inputs = with_own_weights({loss_root});
  own.sizes = {{.batch = 1}, {.batch = 2}, {.batch = 2, .channels = 2, .hidden = 2}};
  own.right =
      by_reference("second derivatives along W + t dW of the network's forward pass and the loss", form_in_own_weights);
  own.gap = [](const Inputs& in) {
    return squares_of(in, moved_outputs(in, by_weights(in, "weights"), by_weights(in, "dw")));
  };
  own.why = "a is linear in W: v = u dWᵀ.";
  Reading all = own;
  all.id = "all_weights";
  all.statement = "0 ≤ ∂²L along any direction (dW, dlast) of both layers' weights, a = uWᵀ, wherever it exists";
  all.inputs = with_own_weights({loss_root, {"dlast", Role::direction, Dimension::one, Dimension::channels_plus_one}});
  all.sizes = {{.batch = 1}, {.batch = 2}};
  all.right = by_reference("second derivatives along all weights of the network's forward pass and the loss",
                           form_in_all_weights);
  all.gap = {};
  all.why =
      "o = last₁ · Wu is a product of what moves: at L = o the second derivative is 2 dlast₁ dW u, of either sign.";
  Reading normalized = {
      .id = "with_batch_norm",
      .statement = "0 ≤ vᵀ(∂²L̂/∂y∂y)v, L̂(y) = ⟨c, γŷ + β⟩: a convex loss behind a batch norm, every ε ≥ 0",
      .inputs = training_batch_and_direction("v", Dimension::batch, Dimension::channels),
      .sizes = {{.batch = 2}, {.batch = 3}, {.batch = 4}},
      .left = zero(),
      .relation = Relation::at_most,
      .right = by_reference("vᵀ(∂²L̂/∂y∂y)v: second derivatives of the forward pass",
                            [](const Inputs& in) {
                              Inputs linear = in;
                              linear.set("hessian", Array<Number>::Constant(in.sizes.batch, in.sizes.batch, Number(0)));
                              return Values{second_derivative(linear, in("v"))};
                            }),
      .why =
          "ŷ is not piecewise linear in y. In a network with a further batch norm the remark does not hold, nor for "
          "the Hessian before the layer's own."};
  Reading smooth_units = one;
  smooth_units.id = "without_piecewise_linear";
  smooth_units.statement = "0 ≤ vᵀHv where o = last · (a², 1), convex loss: an activation that is not piecewise linear";
  smooth_units.right =
      by_reference("vᵀHv: second derivatives of the network's forward pass and the loss", form_with_squares);
  smooth_units.gap = {};
  smooth_units.why = "The activation's own curvature comes in, times ∂L/∂o and the weight, of either sign.";
  Reading any_loss = one;
  any_loss.id = "without_convex_loss";
  any_loss.statement = "0 ≤ vᵀHv where o = last · (relu(a), 1), any loss";
  any_loss.inputs = one_hidden_layer();
  any_loss.hypotheses = {};
  any_loss.gap = {};
  any_loss.why = "vᵀHv = (Jv)ᵀQ(Jv) has Q's sign.";

  return {
      .title =
          "With piecewise-linear activations and a convex loss the Hessian with respect to a layer's outputs is PSD",
      .sources = {{"SAN18", "§4.2, after Theorem 4.2"}},
      .notation =
          "a: a layer's outputs over the batch, o: the network's outputs, one a sample, L = ½ oᵀQo + ⟨c, o⟩ with Q = "
          "RᵀR for a convex loss, J = ∂o/∂a, H = ∂²L/∂a∂a",
      .why =
          "Away from kinks o is linear in a: vᵀHv = (Jv)ᵀQ(Jv) = ‖RJv‖². A convex loss has any c and any PSD Q as its "
          "gradient and Hessian at a point.",
      .explain =
          "SAN18 says that the Hessian is PSD because the loss is locally convex, and that it is so in networks with "
          "piecewise-linear activations and a convex final loss. The first half is right wherever the Hessian exists: "
          "between two kinks the outputs o depend linearly on the activations a, so the second derivative along v is "
          "that of the convex loss along Jv, a sum of squares. This is decided here for one and for two hidden ReLU "
          "layers, all sign patterns, and samples that the loss may couple. The second half is right near points "
          "between kinks only: at a kink L need not be convex, however near one stays. Take o = −relu(a) and the loss "
          "o: H = 0 on both sides of a = 0, but L(v) + L(−v) − 2L(0) = −|v|. At a kink there is no Hessian; the one "
          "that automatic differentiation returns (slope 0) is again PSD, the second difference may be negative. So a "
          "PSD Hessian says little about steps that cross kinks. It matters also with respect to what: for the "
          "outputs or the weights of this one layer, with later weights held, it is PSD; for all weights together it "
          "is not (o = w₂ relu(w₁) at w₁ = 1, w₂ = 0). And the later layers must be free of batch norm: ŷ is curved, "
          "so a linear loss of it has an indefinite Hessian.",
      .readings = {one, two, difference, convex, equality, lower, piece, own, all, normalized, smooth_units, any_loss},
      .mutants =
          {
              {.id = "samples_apart",
               .reading = "sum_of_squares",
               .words = "Σ_i Q_ii (Jv)_i²: as if the loss were a sum over samples",
               .agrees_when = imposing("loss_sums_over_samples", "Q is diagonal", keep_the_diagonal),
               .right = jacobian_form(keep_the_diagonal)},
              {.id = "squared_loss",
               .reading = "sum_of_squares",
               .words = "‖Jv‖², the loss's own curvature forgotten",
               .agrees_when = imposing("squared_loss", "L = ½‖o‖² + ⟨c, o⟩: Q = I", put_the_identity),
               .right = jacobian_form(put_the_identity)},
              {.id = "last_weights_forgotten",
               .reading = "sum_of_squares",
               .words = "J without the last layer's weights",
               .agrees_when = imposing("last_weights_one", "the last layer adds its inputs", put_one_last),
               .right = jacobian_form(put_one_last)},
          },
  };
}

}  // namespace normproof::claims
