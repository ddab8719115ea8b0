// Is a network normalized by the statistics of the whole data set the original network with other weights?
//
// Sentence   "Noting the only difference between (1) and (2) when B is a constant D is a linear transformation which
//            can be absorbed into W": f^{D,σ}_W(g) = σ(W′[g; 1]), W′ = W·[diag(1/√var), −mean/√var; 0, 1]; "B = {D} has
//            the same optimal value as the original objective (3)".
// Source     LL19, heading before (5), (5), and the display after it; (1), (2), (3) for the layers and the objective.
// Notation   rows of x: the samples of D; w_1, w_2: the layers' weights, the last column for the constant 1;
//            M = M(g, D) the map above; σ the activation; v_1, v_2, v_x: directions of a derivative. ε = eps inside the
//            root; printed is ε = 0.
// Hypotheses ε = 0 as printed: no clamp, since (1) prints none; M then exists where no layer has an input that is
//            constant on D. With ε > 0 it always exists.
// Formula    σ(W[(g − mean)/√var; 1]) = σ((W·M)[g; 1]) on every sample of D, layer after layer
// Why        Row k of M[g; 1] is (g_k − mean_k)/√var_k, so W[ĝ; 1] = W M [g; 1]. M is triangular with determinant
//            Π 1/√var_k, so W ↦ W·M is a bijection of the weights, and both objectives run through the same values.
//            Each layer has the same output on D afterwards, so that the next layer's statistics are unchanged.
#include "theory/objectives/full_norm_reparametrization.hpp"

#include "impl/reference/network.hpp"
#include "proofs_checks/inputs/adapters.hpp"
#include "theory/objectives/least_squares_residual.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using reference::Activation;
using reference::Loss;
using reference::Normalization;

// One or two layers with one activation, normalized by all rows.
struct Architecture {
  int layers = 1;
  Activation activation = Activation::identity;
  Activation last = Activation::identity;
  Normalization normalization = Normalization::batch_norm;
};

std::vector<InputSpec> network_inputs(int layers) {
  const InputSpec rows = {"x", Role::activation, Dimension::batch, Dimension::channels};
  if (layers == 1) return {rows, {"w_1", Role::weight, Dimension::outputs, Dimension::channels_plus_one}};
  return {rows,
          {"w_1", Role::weight, Dimension::hidden, Dimension::channels_plus_one},
          {"w_2", Role::weight, Dimension::outputs, Dimension::hidden_plus_one}};
}

std::vector<InputSpec> with(std::vector<InputSpec> specs, const std::vector<InputSpec>& more) {
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}

const InputSpec epsilon = {"eps", Role::epsilon};
const InputSpec target = {"target", Role::target, Dimension::batch, Dimension::outputs};

std::vector<InputSpec> gradient_inputs() {
  return with(network_inputs(2), {target,
                                  epsilon,
                                  {"v_1", Role::direction, Dimension::hidden, Dimension::channels_plus_one},
                                  {"v_2", Role::direction, Dimension::outputs, Dimension::hidden_plus_one},
                                  {"v_x", Role::direction, Dimension::batch, Dimension::channels}});
}

std::vector<Sizes> one_layer_sizes() {
  return {{.batch = 2}, {.batch = 3}, {.batch = 3, .channels = 2, .outputs = 2}, {.batch = 4, .channels = 2}};
}
std::vector<Sizes> two_layer_sizes() {
  return {
      {.batch = 2}, {.batch = 3, .hidden = 2}, {.batch = 3, .channels = 2, .hidden = 2, .outputs = 2}, {.batch = 4}};
}
// relu asks for a sign for each unit and sample, and the error bound doubles with each: fewer of them.
std::vector<Sizes> two_relu_layer_sizes() {
  return {{.batch = 2}, {.batch = 3, .channels = 2}, {.batch = 3, .hidden = 2}, {.batch = 4}};
}
std::vector<Sizes> gradient_sizes() {
  return {{.batch = 1, .outputs = 2}, {.batch = 2}, {.batch = 3, .channels = 2, .hidden = 2, .outputs = 2}};
}

// A printed reading has no ε: it is 0.
template <class T>
T eps_of(const BasicInputs<T>& in) {
  return in.has("eps") ? in.scalar("eps") : T(0);
}

std::string weights_of(int layer) { return "w_" + std::to_string(layer); }

// ---- the reference's side

template <class T>
reference::Network<T> network_of(const BasicInputs<T>& in, const Architecture& architecture) {
  reference::Network<T> network;
  for (int layer = 1; layer <= architecture.layers; ++layer) {
    const Array<T>& w = in(weights_of(layer));
    network.layers.push_back({architecture.normalization,
                              layer < architecture.layers ? architecture.activation : architecture.last,
                              static_cast<int>(w.cols()) - 1, static_cast<int>(w.rows())});
    network.weights.push_back(row_major(w));
  }
  return network;
}

Values normalized_network(const Inputs& in, const Architecture& architecture) {
  return reference::network_forward<Number>(network_of(in, architecture), row_major(in("x")), in.sizes.batch,
                                            eps_of(in));
}

// ⟨∂/∂w_1, v_1⟩ + ⟨∂/∂w_2, v_2⟩ + ⟨∂/∂x, v_x⟩ by the reference's backward pass.
Formula backward_along(Architecture architecture, Loss loss) {
  return [=](const Inputs& in) -> Values {
    const reference::NetworkGradient<Number> gradient = reference::network_backward<Number>(
        network_of(in, architecture), row_major(in("x")), row_major(in("target")), in.sizes.batch, eps_of(in), loss);
    return {dot<Number>(gradient.weights[0], row_major(in("v_1"))) +
            dot<Number>(gradient.weights[1], row_major(in("v_2"))) + dot<Number>(gradient.rows, row_major(in("v_x")))};
  };
}

// ---- the original network, (2), written here

template <class T>
T sigma(Activation kind, const T& z) {
  switch (kind) {
    case Activation::tanh: return tanh(z);
    case Activation::softplus: return softplus(z);
    case Activation::relu: return relu(z);
    case Activation::identity: break;
  }
  return z;
}

// σ(W[g; 1]), a row for each sample.
template <class T>
Array<T> original_layer(const Array<T>& g, const Array<T>& w, Activation kind) {
  Array<T> out(g.rows(), w.rows());
  for (Eigen::Index i = 0; i < g.rows(); ++i)
    for (Eigen::Index unit = 0; unit < w.rows(); ++unit) {
      T sum = w(unit, g.cols());
      for (Eigen::Index k = 0; k < g.cols(); ++k) sum += w(unit, k) * g(i, k);
      out(i, unit) = sigma(kind, sum);
    }
  return out;
}

Values original_network(const Inputs& in, const Architecture& architecture) {
  Array<Number> g = in("x");
  for (int layer = 1; layer <= architecture.layers; ++layer)
    g = original_layer(g, in(weights_of(layer)),
                       layer < architecture.layers ? architecture.activation : architecture.last);
  return row_major(g);
}

// l(o, t) summed over one sample's outputs.
template <class T>
T sample_loss(Loss loss, const Array<T>& outputs, const Array<T>& targets, Eigen::Index i) {
  T sum = T(0);
  T log_sum_exp = outputs(i, 0);
  for (Eigen::Index k = 1; k < outputs.cols(); ++k) log_sum_exp += softplus(outputs(i, k) - log_sum_exp);
  for (Eigen::Index k = 0; k < outputs.cols(); ++k) {
    const T &o = outputs(i, k), &t = targets(i, k);
    if (loss == Loss::squared) sum += (o - t) * (o - t) / T(2);
    if (loss == Loss::logistic) sum += softplus(-(t * o));
    if (loss == Loss::softmax) sum += t * (log_sum_exp - o);
  }
  return sum;
}

// ---- theory's side: W′ = W·M

// A number as a constant: what is done with it afterwards has no derivative.
Number held(const Number& x) { return x; }
numbers::Dual<Number> held(const numbers::Dual<Number>& x) { return numbers::Dual<Number>(x.value); }

enum class Slip {
  none,
  forgets_the_mean,               // M without its last column
  forgets_the_root,               // 1/var in place of 1/√var
  statistics_of_the_raw_network,  // the second layer's M from the original network at W instead of W′
  statistics_held_fixed           // M as a constant of the derivative
};

template <class T>
Array<T> absorbing_map(const Array<T>& g, const Architecture& architecture, const T& eps, Slip slip) {
  theory::Vector<T> mean = theory::mean<T>(g), variance = theory::biased_variance<T>(g);
  T added = eps;
  if (architecture.normalization == Normalization::full_norm) {  // √max{var, ε}
    for (Eigen::Index k = 0; k < variance.size(); ++k) variance(k) = clamp_below(variance(k), eps);
    added = T(0);
  }
  for (Eigen::Index k = 0; k < mean.size(); ++k) {
    if (slip == Slip::forgets_the_mean) mean(k) = T(0);
    if (slip == Slip::forgets_the_root) variance(k) = variance(k) * variance(k);
    if (slip == Slip::statistics_held_fixed) {
      mean(k) = held(mean(k));
      variance(k) = held(variance(k));
    }
  }
  return theory::reparametrization_map<T>(mean, variance, added);
}

// The original network at the weights W·M(g, D), layer after layer.
template <class T>
Array<T> absorbed_network(const BasicInputs<T>& in, const Architecture& architecture, Slip slip = Slip::none) {
  const bool of_the_raw_network = slip == Slip::statistics_of_the_raw_network;
  Array<T> g = in("x"), raw = g;
  for (int layer = 1; layer <= architecture.layers; ++layer) {
    const Array<T>& w = in(weights_of(layer));
    const Activation kind = layer < architecture.layers ? architecture.activation : architecture.last;
    const Array<T> map = absorbing_map<T>(of_the_raw_network ? raw : g, architecture, eps_of(in), slip);
    g = original_layer<T>(g, theory::reparametrize<T>(w, map), kind);
    if (of_the_raw_network) raw = original_layer<T>(raw, w, kind);
  }
  return g;
}

template <class T>
T absorbed_objective(const BasicInputs<T>& in, const Architecture& architecture, Loss loss, Slip slip = Slip::none) {
  const Array<T> outputs = absorbed_network(in, architecture, slip);
  T sum = T(0);
  for (Eigen::Index i = 0; i < outputs.rows(); ++i) sum += sample_loss<T>(loss, outputs, in("target"), i);
  return sum / T(in.sizes.batch);
}

Side derivative_of_the_original(Architecture architecture, Loss loss, Slip slip = Slip::none) {
  return derivative_along(Witness::theory, "d/dt of (3) at the weights W·M, M taken anew as W and D move",
                          {{"w_1", "v_1"}, {"w_2", "v_2"}, {"x", "v_x"}},
                          [=](const auto& moving) { return absorbed_objective(moving, architecture, loss, slip); });
}

Formula absorbed(Architecture architecture, Slip slip = Slip::none) {
  return [=](const Inputs& in) { return row_major(absorbed_network(in, architecture, slip)); };
}

// ---- the map itself

std::vector<InputSpec> map_inputs() {
  return {{"mean", Role::mean, Dimension::one, Dimension::channels},
          {"variance", Role::variance, Dimension::one, Dimension::channels},
          {"w", Role::weight, Dimension::outputs, Dimension::channels_plus_one}};
}

std::vector<Sizes> map_sizes() { return {{}, {.channels = 2}, {.channels = 3}, {.channels = 2, .outputs = 2}}; }

Array<Number> map_at(const Inputs& in) {
  return theory::reparametrization_map<Number>(as_vector(in("mean")), as_vector(in("variance")), Number(0));
}
Array<Number> inverse_at(const Inputs& in) {
  return theory::inverse_reparametrization_map<Number>(as_vector(in("mean")), as_vector(in("variance")), Number(0));
}

// W M M⁻¹, with an inverse whose last column has another sign or not.
Formula there_and_back(bool inverse_subtracts_the_mean) {
  return [=](const Inputs& in) {
    Array<Number> inverse = inverse_at(in);
    for (int k = 0; k < in.sizes.channels && inverse_subtracts_the_mean; ++k)
      inverse(k, in.sizes.channels) = -inverse(k, in.sizes.channels);
    return entries(theory::reparametrize<Number>(theory::reparametrize<Number>(in("w"), map_at(in)), inverse));
  };
}

// Laplace's expansion along the first row.
Number determinant(const Array<Number>& matrix) {
  if (matrix.rows() == 1) return matrix(0, 0);
  Number sum(0);
  for (Eigen::Index j = 0; j < matrix.cols(); ++j) {
    Array<Number> minor(matrix.rows() - 1, matrix.cols() - 1);
    for (Eigen::Index r = 1; r < matrix.rows(); ++r)
      for (Eigen::Index c = 0, to = 0; c < matrix.cols(); ++c)
        if (c != j) minor(r - 1, to++) = matrix(r, c);
    sum += Number(j % 2 == 0 ? 1 : -1) * matrix(0, j) * determinant(minor);
  }
  return sum;
}

// The matrix of [g; 1] ↦ [(g − mean)/√var; 1], found by normalizing 0 and the unit vectors with the reference.
Array<Number> matrix_of_the_normalization(const Inputs& in) {
  const int n = in.sizes.channels;
  const auto normalized = [&](int unit) {
    Values g(static_cast<std::size_t>(n), Number(0)), out = g;
    if (unit < n) g[static_cast<std::size_t>(unit)] = Number(1);
    reference::normalize<Number>(g, {1, n}, row_major(in("mean")), row_major(in("variance")), Number(0), out);
    return out;
  };
  const Values of_zero = normalized(n);
  Array<Number> matrix = Array<Number>::Constant(n + 1, n + 1, Number(0));
  for (int k = 0; k < n; ++k) {
    for (int unit = 0; unit < n; ++unit)
      matrix(k, unit) = normalized(unit)[static_cast<std::size_t>(k)] - of_zero[static_cast<std::size_t>(k)];
    matrix(k, n) = of_zero[static_cast<std::size_t>(k)];
  }
  matrix(n, n) = Number(1);
  return matrix;
}

// ---- one W′ for two batches

// Two batches share their first sample.
Hypothesis first_sample_is_shared() {
  return imposing("shared_sample", "the two batches have their first sample in common", [](Inputs& in) {
    Array<Number> other = in("other");
    for (Eigen::Index j = 0; j < other.cols(); ++j) other(0, j) = in("x")(0, j);
    in.set("other", other);
  });
}

Values first_sample(const Values& outputs, int units) { return Values(outputs.begin(), outputs.begin() + units); }

Inputs on_the_other_batch(const Inputs& in) {
  Inputs moved = in;
  moved.set("x", in("other"));
  return moved;
}

// ---- the optimum of a linear layer with squared loss

// The features as the reference normalizes them.
Array<Number> normalized_features(const Array<Number>& x) {
  reference::LayerTrace<Number> trace;
  trace.input = row_major(x);
  reference::layer_normalize_by_rows<Number>(
      {Normalization::batch_norm, Activation::identity, static_cast<int>(x.cols()), 1}, extents_of(x), Number(0),
      trace);
  return from_row_major<Number>(trace.normalized, x.rows(), x.cols());
}

// Weights that solve the normal equations, by Cramer's rule.
Array<Number> solve_normal_equations(const Array<Number>& features, const Array<Number>& t) {
  const int n = static_cast<int>(features.cols());
  const auto entry = [&](Eigen::Index i, int k) { return k < n ? features(i, k) : Number(1); };
  Array<Number> matrix = Array<Number>::Constant(n + 1, n + 1, Number(0)), right = matrix.col(0);
  for (Eigen::Index i = 0; i < features.rows(); ++i)
    for (int k = 0; k <= n; ++k) {
      right(k) += entry(i, k) * t(i, 0);
      for (int l = 0; l <= n; ++l) matrix(k, l) += entry(i, k) * entry(i, l);
    }
  Array<Number> w(1, n + 1);
  for (int k = 0; k <= n; ++k) {
    Array<Number> replaced = matrix;
    replaced.col(k) = right.col(0);
    w(0, k) = determinant(replaced) / determinant(matrix);
  }
  return w;
}

Values optimal_value_of_fn(const Inputs& in) {
  Inputs at_optimum = in;
  at_optimum.set("w_1", solve_normal_equations(normalized_features(in("x")), in("target")));
  return {Number(2) * reference::network_objective<Number>(network_of(at_optimum, {}), row_major(in("x")),
                                                           row_major(in("target")), in.sizes.batch, Number(0),
                                                           Loss::squared)};
}

Values optimal_value_of_the_original(const Inputs& in) {
  return {theory::least_squares_residual<Number>(in("x"), as_vector(Array<Number>(in("target").col(0))))};
}

Array<Number> stacked(const Array<Number>& above, const Array<Number>& below) {
  Array<Number> both(above.rows() + below.rows(), above.cols());
  both << above, below;
  return both;
}

// B = {x, other}: (4) is least squares too, on features that each batch normalizes for itself.
Values optimal_value_of_two_batches(const Inputs& in) {
  Inputs at_optimum = in;
  const Array<Number> targets = stacked(in("target"), in("other_target"));
  at_optimum.set(
      "w_1", solve_normal_equations(stacked(normalized_features(in("x")), normalized_features(in("other"))), targets));
  return {Number(2) * reference::network_objective_over_minibatches<Number>(
                          network_of(at_optimum, {}), row_major(stacked(in("x"), in("other"))), row_major(targets), 2,
                          in.sizes.batch, Number(0), Loss::squared)};
}

Values optimal_value_of_their_union(const Inputs& in) {
  const Array<Number> targets = stacked(in("target"), in("other_target"));
  return {
      theory::least_squares_residual<Number>(stacked(in("x"), in("other")), as_vector(Array<Number>(targets.col(0))))};
}

// min_w mean((t − w g)²): no constant.
Values optimal_value_without_bias(const Inputs& in) {
  const Array<Number>&g = in("x"), &t = in("target");
  Number tt(0), gt(0), gg(0);
  for (Eigen::Index i = 0; i < g.rows(); ++i) {
    tt += t(i, 0) * t(i, 0);
    gt += g(i, 0) * t(i, 0);
    gg += g(i, 0) * g(i, 0);
  }
  return {(tt - gt * gt / gg) / Number(in.sizes.batch)};
}

Hypothesis features_and_targets_are_centred() {
  return imposing("all_centred", "the features and the targets have mean 0 on D", [](Inputs& in) {
    batch_is_centred().impose(in);
    Inputs targets = in;
    targets.set("x", in("target"));
    batch_is_centred().impose(targets);
    in.set("target", targets("x"));
  });
}

// ---- natural cases

// Channel j is c_j + 1, c_j − 1, c_j + 1, …: variance 1 (even batches). c_j = x[1, j], or 0 where `centred` is asked.
Hypothesis unit_variance(bool centred) {
  return imposing("unit_variance",
                  centred ? "every feature has mean 0 and variance 1 on D" : "every feature has variance 1 on D",
                  [=](Inputs& in) {
                    Array<Number> x = in("x");
                    for (Eigen::Index i = 0; i < x.rows(); ++i)
                      for (Eigen::Index j = 0; j < x.cols(); ++j)
                        x(i, j) = (centred ? Number(0) : in("x")(0, j)) + Number(i % 2 == 0 ? 1 : -1);
                    in.set("x", x);
                  });
}

Hypothesis only_the_last_weights_move() {
  return imposing("last_weights", "v_1 = 0 and v_x = 0: only the last layer's weights move", [](Inputs& in) {
    for (const char* direction : {"v_1", "v_x"})
      in.set(direction, Array<Number>::Constant(in(direction).rows(), in(direction).cols(), Number(0)));
  });
}

Hypothesis map_has_mean_zero() {
  return imposing("mean_zero", "mean = 0",
                  [](Inputs& in) { in.set("mean", Array<Number>::Constant(1, in.sizes.channels, Number(0))); });
}

// ---- readings

Reading printed(const std::string& id, const std::string& words, Architecture architecture) {
  architecture.last = architecture.activation;
  const bool one = architecture.layers == 1;
  return {.id = id,
          .statement = std::string(one ? "one layer" : "two layers") + ", " + words + ": F^D_W = F_W′ on D, ε = 0",
          .inputs = network_inputs(architecture.layers),
          .sizes = one                                           ? one_layer_sizes()
                   : architecture.activation == Activation::relu ? two_relu_layer_sizes()
                                                                 : two_layer_sizes(),
          .left = by_reference("LL19 (1) with B = D, layer by layer",
                               [=](const Inputs& in) { return normalized_network(in, architecture); }),
          .right = by_theory("σ(W′[g; 1]) with W′ = W·M(g, D), layer by layer", absorbed(architecture)),
          .why = "(1) prints no clamp; where a feature is constant on D it divides by 0, and so does M."};
}

Reading gradient(const std::string& id, const std::string& words, Architecture architecture, Loss loss,
                 std::vector<Sizes> sizes = gradient_sizes()) {
  return {
      .id = id,
      .statement = "the gradient of (5) in W and D is that of (3) at W′ through M(g, D): " + words + ", every ε ≥ 0",
      .inputs = gradient_inputs(),
      .sizes = std::move(sizes),
      .left = derivative_of_the_original(architecture, loss),
      .right = by_reference("⟨∂(5)/∂(W, D), v⟩ by the reference's backward pass", backward_along(architecture, loss))};
}

std::vector<Reading> printed_readings() {
  std::vector<Reading> readings;
  const std::pair<Activation, std::string> activations[] = {{Activation::identity, "identity"},
                                                            {Activation::tanh, "tanh"},
                                                            {Activation::softplus, "softplus"},
                                                            {Activation::relu, "relu"}};
  for (const int layers : {1, 2})
    for (const auto& [activation, name] : activations)
      readings.push_back(printed(std::string(layers == 1 ? "printed__one_layer__" : "printed__two_layers__") + name,
                                 name, {.layers = layers, .activation = activation}));
  return readings;
}

constexpr Architecture two_tanh_layers = {.layers = 2, .activation = Activation::tanh, .last = Activation::tanh};
constexpr Architecture two_clamped_layers = {
    .layers = 2, .activation = Activation::tanh, .last = Activation::tanh, .normalization = Normalization::full_norm};
constexpr Architecture tanh_then_linear = {.layers = 2, .activation = Activation::tanh};

std::vector<Reading> further_readings() {
  return {
      {.id = "with_eps",
       .statement =
           "two layers, tanh: F^D_W = F_W′ on D with √(var + ε) in both, ε ≥ 0 free, constant features too where ε > 0",
       .inputs = with(network_inputs(2), {epsilon}),
       .sizes = {{.batch = 1}, {.batch = 2}, {.batch = 3, .channels = 2, .hidden = 2, .outputs = 2}},
       .left = by_reference("LL19 Algorithm 1's layers with B = D",
                            [](const Inputs& in) { return normalized_network(in, two_tanh_layers); }),
       .right = by_theory("σ(W′[g; 1]), W′ = W·M with √(var + ε)", absorbed(two_tanh_layers)),
       .why = "A batch of one sample makes every feature constant: M then has 1/√ε."},
      {.id = "with_clamp",
       .statement = "two layers, tanh: F^D_W = F_W′ on D with Algorithm 3's √max{var, ε} in both",
       .inputs = with(network_inputs(2), {epsilon}),
       .sizes = {{.batch = 2}, {.batch = 3, .hidden = 2}, {.batch = 3, .channels = 2, .hidden = 2}},
       .left = by_reference("LL19 Algorithm 3's layers at α = 1 with B = D",
                            [](const Inputs& in) { return normalized_network(in, two_clamped_layers); }),
       .right = by_theory("σ(W′[g; 1]), W′ = W·M with √max{var, ε}", absorbed(two_clamped_layers))},
      {.id = "inverse",
       .statement = "W·M·M⁻¹ = W with M⁻¹ = [diag(√var), mean; 0, 1], where every var ≠ 0",
       .inputs = map_inputs(),
       .sizes = map_sizes(),
       .left = by_theory("W·M·M⁻¹", there_and_back(false)),
       .right = by_definition("W", [](const Inputs& in) { return entries(Array<Number>(in("w"))); }),
       .why = "For every W: M⁻¹ is the inverse of M, and W ↦ W·M is one to one."},
      {.id = "inverse__network",
       .statement =
           "every original network of two layers is a normalized one: at W·M⁻¹, where no unit is constant on D",
       .inputs = network_inputs(2),
       .sizes = two_layer_sizes(),
       .left = by_reference("LL19 (1) with B = D at the weights W·M(g, D)⁻¹, g from the original network",
                            [](const Inputs& in) {
                              Inputs moved = in;
                              const Array<Number>& x = in("x");
                              const Array<Number> hidden = original_layer(x, in("w_1"), Activation::tanh);
                              const auto back = [](const Array<Number>& w, const Array<Number>& g) -> Array<Number> {
                                return theory::reparametrize<Number>(
                                    w, theory::inverse_reparametrization_map<Number>(
                                           theory::mean<Number>(g), theory::biased_variance<Number>(g), Number(0)));
                              };
                              moved.set("w_1", back(in("w_1"), x));
                              moved.set("w_2", back(in("w_2"), hidden));
                              return normalized_network(moved, two_tanh_layers);
                            }),
       .right = by_definition("σ(W₂[σ(W₁[x; 1]); 1])",
                              [](const Inputs& in) { return original_network(in, two_tanh_layers); }),
       .why = "With the printed readings: (5) and (3) run through the same values but where M is undefined, so neither "
              "infimum is below the other."},
      {.id = "determinant",
       .statement = "det M = Π 1/√var_k: M is invertible wherever it exists, which is where every var_k ≠ 0",
       .inputs = map_inputs(),
       .sizes = {{}, {.channels = 2}, {.channels = 3}},
       .left = by_reference("Laplace's expansion of the matrix that normalizes 0 and the unit vectors",
                            [](const Inputs& in) -> Values { return {determinant(matrix_of_the_normalization(in))}; }),
       .right = by_theory("Π 1/√var_k",
                          [](const Inputs& in) -> Values {
                            return {theory::map_determinant<Number>(as_vector(in("variance")), Number(0))};
                          })},
      {.id = "several_batches",
       .statement = "one W′ serves two batches: the output of a sample that both contain is the same in both",
       .inputs = with(network_inputs(1), {{"other", Role::activation, Dimension::batch, Dimension::channels}}),
       .sizes = {{.batch = 2}, {.batch = 3}, {.batch = 2, .channels = 2}},
       .hypotheses = {first_sample_is_shared()},
       .left =
           by_reference("LL19 (1) at the shared sample, statistics of the first batch",
                        [](const Inputs& in) { return first_sample(normalized_network(in, {}), in.sizes.outputs); }),
       .right = by_theory(
           "W·M(g, B₂)[g; 1] at the shared sample, B₂ the other batch",
           [](const Inputs& in) { return first_sample(absorbed({})(on_the_other_batch(in)), in.sizes.outputs); }),
       .why =
           "Any W′ gives the shared sample one output. Batch normalization gives it two, so no W′ can serve both: the "
           "statement is for B = {D} alone."},
      {.id = "same_optimum__one_feature",
       .statement = "least squares, one feature: min (5) = min (3)",
       .inputs = {{"x", Role::activation, Dimension::batch, Dimension::channels}, target},
       .sizes = {{.batch = 3}, {.batch = 4}, {.batch = 5}},
       .left =
           by_reference("2·(5) at the solution of the normal equations on the normalized feature", optimal_value_of_fn),
       .right = by_theory("var(t) − cov(g, t)²/var(g) on the raw feature", optimal_value_of_the_original),
       .why = "The squared loss is ½(o − t)², hence the factor 2. With two samples both optima are 0."},
      {.id = "same_optimum__two_features",
       .statement = "least squares, two features: min (5) = min (3)",
       .inputs = {{"x", Role::activation, Dimension::batch, Dimension::channels}, target},
       .sizes = {{.batch = 4, .channels = 2}, {.batch = 5, .channels = 2}},
       .left = by_reference("2·(5) at the solution of the normal equations on the normalized features",
                            optimal_value_of_fn),
       .right = by_theory("var(t) − ⟨r, C⁻¹r⟩ on the raw features", optimal_value_of_the_original)},
      {.id = "same_optimum__two_batches",
       .statement = "least squares, one feature, two disjoint batches, B = {B₁, B₂}, D = B₁ ∪ B₂: min (4) = min (3)",
       .inputs = {{"x", Role::activation, Dimension::batch, Dimension::channels},
                  {"other", Role::activation, Dimension::batch, Dimension::channels},
                  target,
                  {"other_target", Role::target, Dimension::batch, Dimension::outputs}},
       .sizes = {{.batch = 2}, {.batch = 3}},
       .left = by_reference("2·(4) at the solution of the normal equations, each batch normalized by itself",
                            optimal_value_of_two_batches),
       .right = by_theory("var(t) − cov(g, t)²/var(g) on the raw feature of all samples", optimal_value_of_their_union),
       .why = "Each batch has a map of its own, so that (4) fits other features than (3). That the optima agree is "
              "said of "
              "B = {D} alone (same_optimum__one_feature)."},
      gradient("gradient__squared", "squared loss, tanh", tanh_then_linear, Loss::squared),
      gradient("gradient__logistic", "logistic loss, softplus", {.layers = 2, .activation = Activation::softplus},
               Loss::logistic),
      gradient("gradient__softmax", "softmax loss, relu", {.layers = 2, .activation = Activation::relu}, Loss::softmax,
               {{.batch = 1, .outputs = 2}, {.batch = 2, .hidden = 2, .outputs = 2}, {.batch = 3, .outputs = 2}}),
      gradient("gradient__clamped", "squared loss, tanh, Algorithm 3's √max{var, ε}",
               {.layers = 2, .activation = Activation::tanh, .normalization = Normalization::full_norm}, Loss::squared),
  };
}

std::vector<Reading> all_readings() {
  std::vector<Reading> readings = printed_readings();
  for (const Reading& reading : further_readings()) readings.push_back(reading);
  return readings;
}

}  // namespace

Claim fn_equals_reparametrized_original() {
  const Architecture one_tanh_layer = {.activation = Activation::tanh, .last = Activation::tanh};
  return {
      .title = "A network normalized over the whole data set is the original network at other weights",
      .sources = {{"LL19", "(5) and the display after it"}, {"LL19", "(1)–(4)"}},
      .notation =
          "D the data set, its samples the rows of x; g a layer's inputs on D; M = [diag(1/√var), −mean/√var; 0, 1]; "
          "W′ = W·M",
      .why =
          "Row k of M[g; 1] is (g_k − mean_k)/√var_k, so W[ĝ; 1] = (W·M)[g; 1] for all samples of D at once; then σ is "
          "applied to equal numbers, the next layer sees equal inputs and has equal statistics. M is triangular with "
          "determinant Π 1/√var_k ≠ 0: W ↦ W·M is a bijection of the weights at which no unit is constant on D, and on "
          "these both objectives run through the same values. The other weights, where (5) is undefined at ε = 0, do "
          "not lower the infimum of (3): the share of a constant unit can be moved into the next bias and the unit be "
          "made to vary. A feature of D that is constant leaves (5) without any value at ε = 0.",
      .explain =
          "Normalizing by the statistics of the whole data set applies one fixed affine map to a layer's inputs, and "
          "the layer's weights can do that themselves. So the normalized network is nothing but the original one "
          "with other weights, for any activation and any number of layers, and it can reach neither a lower nor a "
          "higher training loss. The map exists, and is then invertible, exactly if no layer has an input that is "
          "constant on the data (with ε > 0: always). With several batches each has a map of its own, and no single "
          "set of weights replaces them: this is where batch normalization changes the objective.",
      .readings = all_readings(),
      .mutants =
          {
              {.id = "forgets_the_mean",
               .reading = "printed__one_layer__tanh",
               .words = "W′ = W·diag(1/√var, 1)",
               .agrees_when = batch_is_centred(),
               .right = absorbed(one_tanh_layer, Slip::forgets_the_mean)},
              {.id = "forgets_the_root",
               .reading = "printed__one_layer__tanh",
               .words = "1/var in place of 1/√var",
               .agrees_when = unit_variance(false),
               .right = absorbed(one_tanh_layer, Slip::forgets_the_root),
               .agreeing_sizes = {{.batch = 2}, {.batch = 4, .channels = 2}}},
              {.id = "statistics_of_the_raw_network",
               .reading = "printed__two_layers__tanh",
               .words = "the second layer's M from the hidden units at W instead of W′",
               .agrees_when = unit_variance(true),
               .right = absorbed(two_tanh_layers, Slip::statistics_of_the_raw_network),
               .agreeing_sizes = {{.batch = 2}, {.batch = 4, .hidden = 2}}},
              {.id = "inverse_subtracts_the_mean",
               .reading = "inverse",
               .words = "W·M·[diag(√var), −mean; 0, 1] in place of W",
               .agrees_when = map_has_mean_zero(),
               .right = there_and_back(true)},
              {.id = "forgets_the_bias",
               .reading = "same_optimum__one_feature",
               .words = "the optimum without the constant 1",
               .agrees_when = features_and_targets_are_centred(),
               .right = optimal_value_without_bias},
              {.id = "statistics_held_fixed",
               .reading = "gradient__squared",
               .words = "the derivative at a W′ whose M does not move with W and D",
               .agrees_when = only_the_last_weights_move(),
               .right =
                   derivative_of_the_original(tanh_then_linear, Loss::squared, Slip::statistics_held_fixed).formula},
          },
  };
}

}  // namespace normproof::claims
