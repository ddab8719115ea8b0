// Claim: full normalization is a composition of operators that each see an expected statistic of their input.
//
// Source       LL19 (6) and the two displays after it: "When B = {D}, (4) is a special case of the following general
//              objective"; "with e_i(x) = [x, x²], the mean and variance of the layer's input over the dataset can be
//              calculated"
// Notation     D: the rows of x with labels `target`; ξ = (x, y) a sample; w_1, w_2 the weights of the first and second
//              layer applied, the last column for the constant 1 (LL19 (6) counts layers from the loss: its F₁ is the
//              loss, its Fₙ our first layer); v_1, v_2, v_x directions of a derivative; ε inside the root, 0 where no ε
//              is named
// Hypotheses   no layer has an input that is constant on D, where ε = 0
//
//     (5) = E_ξ[F₁ ∘ F₂ ∘ ⋯ ∘ Fₙ ∘ I(ξ)],   Fᵢ(g)(·) = Fᵢ(wᵢ; g(·); E_{ξ∈D} eᵢ(g(ξ))),   eᵢ(g) = [g, g²]
//
// Why. E e(g(ξ)) = [mean(g, D), mean(g², D)], and LL19's var(g, D) is mean(g², D) − mean(g, D)², a function of the two.
// So (1) with B = D is Fᵢ(W; g; [μ, ν]) = σ(W[(g − μ)/√(ν − μ²); 1]). The label is carried along and F₁ is the loss.
// Nothing in this needs the square itself: [g, (g − a)²] serves as well for any constant a.
#include "proofs_checks/inputs/adapters.hpp"

#include "impl/reference/compositional_full_norm.hpp"
#include "impl/reference/network.hpp"
#include "theory/objectives/full_norm_network.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using reference::Activation;
using reference::CompositionalLayer;
using reference::FunctionOnData;
using reference::Loss;
using reference::Root;

struct Form {
  int layers = 1;
  Activation activation = Activation::tanh;  // of the first of two layers
  Activation last = Activation::tanh;
  Root root = Root::added;  // at ε = 0 where the reading has none
};
constexpr Form one_linear = {.layers = 1, .last = Activation::identity};

std::vector<InputSpec> network_inputs(int layers) {
  std::vector<InputSpec> specs = {{"x", Role::activation, Dimension::batch, Dimension::channels},
                                  {"target", Role::target, Dimension::batch, Dimension::outputs}};
  if (layers == 1) {
    specs.push_back({"w_1", Role::weight, Dimension::outputs, Dimension::channels_plus_one});
  } else {
    specs.push_back({"w_1", Role::weight, Dimension::hidden, Dimension::channels_plus_one});
    specs.push_back({"w_2", Role::weight, Dimension::outputs, Dimension::hidden_plus_one});
  }
  return specs;
}
std::vector<InputSpec> with(std::vector<InputSpec> specs, const std::vector<InputSpec>& more) {
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}
const InputSpec epsilon = {"eps", Role::epsilon};

std::vector<Sizes> sizes_of(int layers) {
  if (layers == 1)
    return {{.batch = 2}, {.batch = 3}, {.batch = 3, .channels = 2, .outputs = 2}, {.batch = 4, .channels = 2}};
  return {{.batch = 2}, {.batch = 3, .hidden = 2}, {.batch = 3, .channels = 2, .hidden = 2, .outputs = 2}};
}

template <class T>
T eps_of(const BasicInputs<T>& in) {
  return in.has("eps") ? in.scalar("eps") : T(0);
}

std::string weights_of(int layer) { return "w_" + std::to_string(layer); }

// ---- (6) by the reference: F₁ the loss, then the layers from the last to the first

template <class T>
struct Composition {
  std::vector<CompositionalLayer<T>> layers;
  std::vector<std::vector<T>> parameters;
  FunctionOnData<T> data;  // (x, y)
};

template <class T>
Composition<T> composition_of(const BasicInputs<T>& in, const Form& form, bool with_loss) {
  Composition<T> composition;
  if (with_loss) {
    composition.layers.push_back(
        reference::compositional_loss<T>(static_cast<int>(in("target").cols()), Loss::squared));
    composition.parameters.emplace_back();
  }
  for (int layer = form.layers; layer >= 1; --layer) {
    const Array<T>& w = in(weights_of(layer));
    composition.layers.push_back(reference::compositional_full_norm_layer<T>(
        static_cast<int>(w.cols()) - 1, static_cast<int>(w.rows()), layer < form.layers ? form.activation : form.last,
        form.root, eps_of(in)));
    composition.parameters.push_back(row_major(w));
  }
  for (Eigen::Index i = 0; i < in("x").rows(); ++i) {
    std::vector<T> sample;
    for (Eigen::Index j = 0; j < in("x").cols(); ++j) sample.push_back(in("x")(i, j));
    for (Eigen::Index k = 0; k < in("target").cols(); ++k) sample.push_back(in("target")(i, k));
    composition.data.push_back(std::move(sample));
  }
  return composition;
}

template <class T>
T composed_objective(const BasicInputs<T>& in, const Form& form) {
  const Composition<T> c = composition_of(in, form, true);
  return reference::compositional_objective<T>(c.layers, c.parameters, c.data);
}

// The outputs F₂ ∘ ⋯ ∘ Fₙ ∘ I on all samples, labels dropped; `given`: each sample alone, with the exact statistics as
// ê.
Formula composed_outputs(Form form, bool given) {
  return [=](const Inputs& in) {
    const Composition<Number> c = composition_of(in, form, false);
    FunctionOnData<Number> values;
    if (given) {
      const auto estimates = reference::exact_statistics<Number>(c.layers, c.parameters, c.data);
      for (const Values& sample : c.data)
        values.push_back(reference::compose_estimated<Number>(c.layers, c.parameters, estimates, 0, sample));
    } else {
      values = reference::compose<Number>(c.layers, c.parameters, 0, c.data);
    }
    Values outputs;
    for (const Values& value : values)
      outputs.insert(outputs.end(), value.begin(), value.begin() + in("target").cols());
    return outputs;
  };
}

// ---- (5) by theory

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

template <class T>
Array<T> normalized_network(const BasicInputs<T>& in, const Form& form) {
  std::vector<Array<T>> weights;
  for (int layer = 1; layer <= form.layers; ++layer) weights.push_back(in(weights_of(layer)));
  const T eps = eps_of(in);
  return theory::full_norm_network<T>(
      in("x"), weights, [&](const T& z) { return sigma(form.activation, z); },
      [&](const T& z) { return sigma(form.last, z); },
      [&](const T& variance) -> T {
        if (form.root == Root::clamped) return clamp_below(variance, eps);
        return variance + eps;
      });
}
template <class T>
T normalized_objective(const BasicInputs<T>& in, const Form& form) {
  return theory::mean_squared_loss<T>(normalized_network(in, form), in("target"));
}

Formula theory_outputs(Form form) {
  return [=](const Inputs& in) { return row_major(normalized_network(in, form)); };
}
Formula theory_objective(Form form) {
  return [=](const Inputs& in) -> Values { return {normalized_objective(in, form)}; };
}

// ---- other statistics: e(g) = [g, (g − a)²], from which ν − (μ − a)² is the variance

Values with_shifted_squares(const Inputs& in) {
  const Number a = in.scalar("a");
  Composition<Number> c = composition_of(in, {}, true);
  const CompositionalLayer<Number> printed = c.layers[1];
  c.layers[1].statistic = [=](std::span<const Number> value) {
    Values statistic(value.begin(), value.end());
    for (const Number& entry : value) statistic.push_back((entry - a) * (entry - a));
    return statistic;
  };
  c.layers[1].apply = [=](std::span<const Number> w, std::span<const Number> value,
                          std::span<const Number> expectation) {
    Values moments(expectation.begin(), expectation.end());
    for (std::size_t k = 0; k < value.size(); ++k)  // E g² from E (g − a)²
      moments[value.size() + k] += a * (Number(2) * expectation[k] - a);
    return printed.apply(w, value, moments);
  };
  return {reference::compositional_objective<Number>(c.layers, c.parameters, c.data)};
}

// ---- (4) with several batches

Values several_batches(const Inputs& in) {
  reference::Network<Number> network;
  network.layers = {{reference::Normalization::batch_norm, Activation::identity, in.sizes.channels, in.sizes.outputs}};
  network.weights = {row_major(in("w_1"))};
  return {reference::network_objective_over_minibatches<Number>(network, row_major(in("x")), row_major(in("target")), 2,
                                                                in.sizes.batch / 2, eps_of(in), Loss::squared)};
}

// (6) over the union with an e that keeps two batches apart: ξ = (x, y, k), k = 1 in the first batch and 0 in the
// second, e(g, k) = [k g, k g², (1 − k) g, (1 − k) g²]. The batches are halves of D, so a mean is twice its entry of
// E e.
Values with_batches_apart(const Inputs& in) {
  Composition<Number> c = composition_of(in, one_linear, false);
  for (std::size_t i = 0; i < c.data.size(); ++i) c.data[i].push_back(Number(i < c.data.size() / 2 ? 1 : 0));
  const CompositionalLayer<Number> printed = c.layers[0];
  c.layers[0].statistic = [=](std::span<const Number> value) {
    const Values both = printed.statistic(value);
    Values statistic;
    for (const Number& share : {value.back(), Number(1) - value.back()})
      for (const Number& entry : both) statistic.push_back(share * entry);
    return statistic;
  };
  c.layers[0].apply = [=](std::span<const Number> w, std::span<const Number> value,
                          std::span<const Number> expectation) {
    Values moments;
    const std::size_t count = expectation.size() / 2;
    for (std::size_t k = 0; k < count; ++k)
      moments.push_back(Number(2) *
                        (value.back() * expectation[k] + (Number(1) - value.back()) * expectation[count + k]));
    Values result = printed.apply(w, value, moments);
    result.pop_back();  // k is of no use to the loss
    return result;
  };
  c.layers.insert(c.layers.begin(), reference::compositional_loss<Number>(in.sizes.outputs, Loss::squared));
  c.parameters.insert(c.parameters.begin(), Values());
  return {reference::compositional_objective<Number>(c.layers, c.parameters, c.data)};
}
// (4) for these batches by theory: (5) of either half.
Values mean_of_the_halves(const Inputs& in) {
  const Eigen::Index half = in.sizes.batch / 2;
  Number sum(0);
  for (const Eigen::Index first : {Eigen::Index(0), half}) {
    Inputs batch = in;
    for (const char* rows : {"x", "target"}) batch.set(rows, Array<Number>(in(rows).middleRows(first, half)));
    batch.sizes.batch = static_cast<int>(half);
    sum += normalized_objective(batch, one_linear);
  }
  return {sum / Number(2)};
}

// ---- near-misses: theory's network with other statistics

enum class Slip { forgets_the_mean, raw_network };

Formula slipped_objective(Form form, Slip slip) {
  return [=](const Inputs& in) -> Values {
    const Number eps = eps_of(in);
    Array<Number> g = in("x"), raw = g;
    for (int layer = 1; layer <= form.layers; ++layer) {
      const Array<Number>& w = in(weights_of(layer));
      const Activation kind = layer < form.layers ? form.activation : form.last;
      const Array<Number>& seen = slip == Slip::raw_network ? raw : g;
      const theory::Vector<Number> mean = theory::mean<Number>(seen), variance = theory::biased_variance<Number>(seen);
      Array<Number> out(g.rows(), w.rows()), raw_out(g.rows(), w.rows());
      for (Eigen::Index i = 0; i < g.rows(); ++i)
        for (Eigen::Index unit = 0; unit < w.rows(); ++unit) {
          Number sum = w(unit, g.cols()), raw_sum = sum;
          for (Eigen::Index j = 0; j < g.cols(); ++j) {
            const Number radicand =
                slip == Slip::forgets_the_mean ? variance(j) + mean(j) * mean(j) + eps : variance(j) + eps;
            sum += w(unit, j) * (g(i, j) - mean(j)) / sqrt(radicand);
            raw_sum += w(unit, j) * raw(i, j);
          }
          out(i, unit) = sigma(kind, sum);
          raw_out(i, unit) = sigma(kind, raw_sum);
        }
      g = out;
      raw = raw_out;
    }
    return {theory::mean_squared_loss<Number>(g, in("target"))};
  };
}

// Every feature is 1, −1, 1, −1 …: mean 0, variance 1 (even batches).
Hypothesis standardized() {
  return imposing("standardized", "every feature has mean 0 and variance 1 on D, ε = 0", [](Inputs& in) {
    Array<Number> x = in("x");
    for (Eigen::Index i = 0; i < x.rows(); ++i)
      for (Eigen::Index j = 0; j < x.cols(); ++j) x(i, j) = Number(i % 2 == 0 ? 1 : -1);
    in.set("x", x);
    in.set("eps", Number(0));
  });
}
Hypothesis data_and_first_weights_rest() {
  return imposing("last_weights", "v_1 = 0 and v_x = 0: only the last layer's weights move", [](Inputs& in) {
    for (const char* direction : {"v_1", "v_x"})
      in.set(direction, Array<Number>::Constant(in(direction).rows(), in(direction).cols(), Number(0)));
  });
}

Number held(const Number& x) { return x; }
numbers::Dual<Number> held(const numbers::Dual<Number>& x) { return numbers::Dual<Number>(x.value); }

// (6) with estimates that do not move: the exact statistics as constants.
template <class T>
T objective_with_statistics_held(const BasicInputs<T>& in, const Form& form) {
  const Composition<T> c = composition_of(in, form, true);
  auto estimates = reference::exact_statistics<T>(c.layers, c.parameters, c.data);
  for (std::vector<T>& estimate : estimates)
    for (T& value : estimate) value = held(value);
  T sum = T(0);
  for (const std::vector<T>& sample : c.data)
    sum += reference::compose_estimated<T>(c.layers, c.parameters, estimates, 0, sample).front();
  return sum / T(in.sizes.batch);
}

// ---- readings

const std::string six = "(6) as printed: E e(g(ξ)) over D, then F, operator after operator";
const std::string five = "(5): LL19 (1) with B = D, layer after layer";

Reading objective(std::string id, std::string statement, Form form, bool with_eps, std::string why = {}) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = with_eps ? with(network_inputs(form.layers), {epsilon}) : network_inputs(form.layers),
          .sizes = sizes_of(form.layers),
          .left = by_reference(six, [=](const Inputs& in) -> Values { return {composed_objective(in, form)}; }),
          .right = by_theory(five, theory_objective(form)),
          .why = std::move(why)};
}

constexpr Form two_tanh = {.layers = 2};
constexpr Form two_softplus = {.layers = 2, .activation = Activation::softplus, .last = Activation::identity};
constexpr Form one_clamped = {.layers = 1, .root = Root::clamped};
constexpr Form two_clamped = {.layers = 2, .root = Root::clamped};

Reading gradient(std::string id, std::string words, Form form) {
  return {.id = std::move(id),
          .statement = "∂(6)/∂(W, D) = ∂(5)/∂(W, D) along every direction: " + words,
          .inputs = with(network_inputs(2), {epsilon,
                                             {"v_1", Role::direction, Dimension::hidden, Dimension::channels_plus_one},
                                             {"v_2", Role::direction, Dimension::outputs, Dimension::hidden_plus_one},
                                             {"v_x", Role::direction, Dimension::batch, Dimension::channels}}),
          .sizes = {{.batch = 1, .outputs = 2}, {.batch = 2}, {.batch = 3, .channels = 2, .hidden = 2}},
          .left = derivative_along(Witness::reference, "d/dt of (6), its expectations included",
                                   {{"w_1", "v_1"}, {"w_2", "v_2"}, {"x", "v_x"}},
                                   [=](const auto& moving) { return composed_objective(moving, form); }),
          .right = derivative_along(Witness::theory, "d/dt of (5)", {{"w_1", "v_1"}, {"w_2", "v_2"}, {"x", "v_x"}},
                                    [=](const auto& moving) { return normalized_objective(moving, form); }),
          .why = "The expectations depend on the weights before them: held fixed, they would give another derivative."};
}

std::vector<Reading> readings() {
  std::vector<Reading> all = {
      objective("printed__one_layer", "one layer, tanh, squared loss, ε = 0: (5) = (6) with e(g) = [g, g²]", {}, false),
      objective("printed__two_layers", "two layers, tanh, squared loss, ε = 0: (5) = (6) with e(g) = [g, g²]", two_tanh,
                false),
      objective("printed__two_layers__softplus",
                "two layers, softplus then linear, ε = 0: (5) = (6) with e(g) = [g, g²]", two_softplus, false),
      objective("with_eps", "two layers, tanh, √(ν − μ² + ε) in both: (5) = (6) for every ε ≥ 0", two_tanh, true),
      objective("with_clamp__one_layer", "one layer, tanh, √max{ν − μ², ε} in both: (5) = (6) for every ε ≥ 0",
                one_clamped, true),
      objective("with_clamp__two_layers", "two layers, tanh, √max{ν − μ², ε} in both: (5) = (6) for every ε ≥ 0",
                two_clamped, true),
  };
  all[5].sizes = {{.batch = 2}, {.batch = 3, .hidden = 2}};

  Reading outputs =
      objective("outputs", "F₂ ∘ ⋯ ∘ Fₙ ∘ I(ξ) = F^D_W(x) at every sample, two layers, ε ≥ 0", two_tanh, true);
  outputs.left =
      by_reference("the composition without F₁, its carried labels dropped", composed_outputs(two_tanh, false));
  outputs.right = by_theory("LL19 (1) with B = D", theory_outputs(two_tanh));
  Reading estimated = outputs;
  estimated.id = "outputs__exact_estimates";
  estimated.statement = "F̂ with êᵢ = E eᵢ(w; ξ) gives at each sample, seen alone, what F gives: two layers, ε ≥ 0";
  estimated.left = by_reference("F̂₂ ∘ ⋯ ∘ F̂ₙ ∘ I(ξ), sample by sample", composed_outputs(two_tanh, true));
  estimated.why = "With the estimates given, no sample sees another: what MCSGD (Algorithm 2) builds on.";
  all.push_back(outputs);
  all.push_back(estimated);

  Reading shifted =
      objective("other_statistic", "e(g) = [g, (g − a)²] serves as well, for every constant a; one layer, ε ≥ 0", {},
                true, "ν + 2aμ − a² is E g²: e is not determined by (5).");
  shifted.inputs.push_back({"a", Role::shift});
  shifted.left = by_reference("(6) with e(g) = [g, (g − a)²]", with_shifted_squares);
  all.push_back(shifted);

  all.push_back(gradient("gradient", "two layers, tanh, √(ν − μ² + ε)", two_tanh));
  all.push_back(gradient("gradient__clamped", "two layers, tanh, √max{ν − μ², ε}", two_clamped));

  Reading several = objective(
      "supposed__several_batches", "(4) with two batches is (6) over their union, e(g) = [g, g²]; one linear layer",
      one_linear, true,
      "(4) needs the statistics of each batch, and E [g, g²] has those of D: \"when B = {D}\". Another e has them: "
      "several_batches__kept_apart.");
  several.sizes = {{.batch = 2}, {.batch = 4}};
  several.these_sizes_only = true;  // halves
  several.left = by_reference("(4): LL19 (1), each half of D normalized by itself", several_batches);
  all.push_back(several);

  Reading apart = several;
  apart.id = "several_batches__kept_apart";
  apart.statement =
      "(4) with two batches is (6) over their union, ξ = (x, y, k), k the batch: e(g, k) = [k g, k g², (1 − k) g, "
      "(1 − k) g²]; one linear layer, ε ≥ 0";
  apart.left = by_reference("(6) with this e, k dropped before the loss", with_batches_apart);
  apart.right = by_theory("(4): (5) of each half, and their mean", mean_of_the_halves);
  apart.why = "An expectation over D of what is 0 outside a batch is, up to a factor, one over the batch.";
  all.push_back(apart);
  return all;
}

}  // namespace

Claim fn_is_compositional() {
  return {
      .title =
          "With e(x) = [x, x²] the full normalization objective (5) is an instance of the compositional objective (6)",
      .sources = {{"LL19", "(6) and the two displays after it"}, {"LL19", "(1), (5), Algorithm 3"}},
      .notation =
          "D the data set, ξ = (x, y) a sample of it; F_n the layer that sees ξ, F₂ the last layer, F₁ the loss; e_i "
          "the statistic of layer i, μ = E g, ν = E g²; ê_i an estimate of E e_i; ε inside the root, added (Algorithm "
          "1) or as a clamp (Algorithm 3), and 0 as (1) prints it.",
      .why =
          "E e(g(ξ)) = [mean(g, D), mean(g², D)] and var(g, D) := mean(g², D) − mean(g, D)² is a function of these "
          "two, so (1) with B = D has the form F(W; g(·); E e(g(ξ))). By induction from F_n: after each operator the "
          "functions on D are the same, so the next expectation is. The label rides along and F₁ = l averages to (5).",
      .explain =
          "LL19 (6) describes an objective built from layers that each know one more thing than their input: an "
          "average, over the whole data set, of some statistic e of that input. Full normalization needs the mean "
          "and the variance of a layer's input, and both follow from the averages of x and x²; so it is of this "
          "form, exactly, for any number of layers, any activation and either way to use ε. The only care needed is "
          "with the label, which each layer has to hand on to the loss, and with the order: (6) numbers the layers "
          "from the loss backwards. [x, x²] is one choice of many: [x, (x − a)²] does it too. What makes (6) hard is "
          "what makes it exact: each average depends on all weights before it, so it moves when they do, and a "
          "derivative with the averages held fixed is another number. If the averages are given, every sample can be "
          "processed alone. Batch norm with several batches needs another e: with [x, x²] the averages of D stand "
          "where those of each batch should. If a sample carries the number of its batch, an e that keeps the "
          "batches apart gives (4) too.",
      .readings = readings(),
      .mutants =
          {
              {.id = "forgets_the_mean",
               .reading = "printed__one_layer",
               .words = "√ν in the place of √(ν − μ²)",
               .agrees_when = batch_is_centred(),
               .right = slipped_objective({}, Slip::forgets_the_mean)},
              {.id = "statistics_of_the_raw_network",
               .reading = "printed__two_layers",
               .words = "the second layer's E e(g(ξ)) with g from the network that does not normalize",
               .agrees_when = standardized(),
               .right = slipped_objective(two_tanh, Slip::raw_network),
               .agreeing_sizes = {{.batch = 2}, {.batch = 4, .hidden = 2}}},
              {.id = "adds_eps",
               .reading = "with_clamp__one_layer",
               .words = "√(ν − μ² + ε) in the place of √max{ν − μ², ε}",
               .agrees_when = eps_is_zero(),
               .right = theory_objective({})},
              {.id = "statistics_held_fixed",
               .reading = "gradient",
               .words = "the derivative with the expectations as constants",
               .agrees_when = data_and_first_weights_rest(),
               .right =
                   derivative_along(Witness::reference, "", {{"w_1", "v_1"}, {"w_2", "v_2"}, {"x", "v_x"}},
                                    [](const auto& moving) { return objective_with_statistics_held(moving, two_tanh); })
                       .formula},
          },
  };
}

}  // namespace normproof::claims
