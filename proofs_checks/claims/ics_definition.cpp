// Claim: the internal covariate shift of layer i is how far its gradient moves once the layers before it are updated.
//
// Source       SAN18 Definition 2.1 (the norm) and Figure 3 (the cosine); LI23 Definition 2.1, (50) and (51); WIKI,
//              "the correlation between the gradients of the loss before and after all previous layers are updated"
// Notation     W_1 … W_k the weights at step t, W_l′ those at t + 1; (x, target) the batch of step t; L the mean loss
//              on it, with the statistics of that batch where layers normalize. w1, w2, w3 and w1_next, w2_next,
//              w3_next in the code. Bias columns count as weights
// Hypotheses   none on W′ but where a reading says how it is made; G, G′ ≠ 0 for the cosine
//
//     G_i  = ∇_{W_i} L(W_1, …, W_k)
//     G′_i = ∇_{W_i} L(W_1′, …, W_{i−1}′, W_i, W_{i+1}, …, W_k)
//     ICS  = ‖G_i − G′_i‖₂,      cosine = ⟨G_i, G′_i⟩/(‖G_i‖‖G′_i‖)
//
// Why. SAN18 prints exactly this, and leaves W′ open: its text speaks of "a simultaneous update of all layers (as is
// typical)". LI23 (51) prints W_t^(t+1) in the slot of layer i + 1, to the letter the weights of layer t + 1: right at
// t = i only. For affine layers and least squares theory/gradients/affine_network_shift.hpp has G_i − G′_i in closed
// form. ‖G − G′‖² = (‖G‖ − ‖G′‖)² + 2‖G‖‖G′‖(1 − cosine): the norm sees a change of length, which the cosine does not.
// Where batch norm follows layer i, L does not change from W_i to aW_i (a > 0), G and G′ are divided by a: the norm
// depends on a scale that means nothing, the cosine does not.
#include "impl/reference/internal_covariate_shift.hpp"
#include "proofs_checks/inputs/adapters.hpp"
#include "theory/gradients/affine_network_shift.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using reference::Activation;
using reference::Loss;
using reference::Network;
using reference::Normalization;

enum class Kind { affine_two, affine_three, relu_two, normalized, normalized_after_second };

int layers_of(Kind kind) { return kind == Kind::affine_two || kind == Kind::relu_two ? 2 : 3; }

std::vector<reference::LayerSpec> specs_of(Kind kind, const Sizes& sizes) {
  const auto none = Normalization::none, batch_norm = Normalization::batch_norm;
  const auto identity = Activation::identity, relu = Activation::relu, tanh = Activation::tanh;
  const int in = sizes.channels, hidden = sizes.hidden, out = sizes.outputs;
  switch (kind) {
    case Kind::affine_two: return {{none, identity, in, hidden}, {none, identity, hidden, out}};
    case Kind::relu_two: return {{none, relu, in, hidden}, {none, identity, hidden, out}};
    case Kind::affine_three:
      return {{none, identity, in, hidden}, {none, identity, hidden, hidden}, {none, identity, hidden, out}};
    case Kind::normalized:
      return {{none, tanh, in, hidden}, {batch_norm, tanh, hidden, hidden}, {batch_norm, identity, hidden, out}};
    case Kind::normalized_after_second:
      return {{none, identity, in, in}, {none, identity, in, hidden}, {batch_norm, identity, hidden, out}};
  }
  return {};
}

const char* const names[] = {"w1", "w2", "w3"};
const char* const next_names[] = {"w1_next", "w2_next", "w3_next"};

template <class T>
Network<T> network_of(const BasicInputs<T>& in, Kind kind, const char* const* which) {
  Network<T> network = {specs_of(kind, in.sizes), {}};
  for (int l = 0; l < layers_of(kind); ++l) network.weights.push_back(row_major(in(which[l])));
  return network;
}
template <class T>
Network<T> now(const BasicInputs<T>& in, Kind kind) {
  return network_of(in, kind, names);
}
template <class T>
Network<T> next(const BasicInputs<T>& in, Kind kind) {
  return network_of(in, kind, next_names);
}

template <class T>
reference::StepBatch<T> step_of(const BasicInputs<T>& in, Kind kind) {
  return {row_major(in("x")), row_major(in("target")), in.sizes.batch, in.has("eps") ? in.scalar("eps") : T(0),
          kind == Kind::normalized ? Loss::logistic : Loss::squared};
}

// An input of the shape of layer `layer`'s weights.
InputSpec weights_of(Kind kind, int layer, const char* name, Role role) {
  const bool last = layer == layers_of(kind) - 1, narrow = kind == Kind::normalized_after_second;
  const Dimension rows = last ? Dimension::outputs : narrow && layer == 0 ? Dimension::channels : Dimension::hidden;
  const bool from_input = layer == 0 || (narrow && layer == 1);
  return {name, role, rows, from_input ? Dimension::channels_plus_one : Dimension::hidden_plus_one};
}

std::vector<InputSpec> inputs_of(Kind kind) {
  std::vector<InputSpec> specs = {{"x", Role::activation, Dimension::batch, Dimension::channels},
                                  {"target", Role::target, Dimension::batch, Dimension::outputs}};
  for (const char* const* which : {names, next_names})
    for (int layer = 0; layer < layers_of(kind); ++layer)
      specs.push_back(weights_of(kind, layer, which[layer], Role::weight));
  if (kind == Kind::normalized) specs.push_back({"eps", Role::epsilon});
  return specs;
}
std::vector<InputSpec> with(std::vector<InputSpec> specs, const InputSpec& more) {
  specs.push_back(more);
  return specs;
}
InputSpec direction_of(Kind kind, int layer) { return weights_of(kind, layer, "v", Role::direction); }

Number along_v(const Inputs& in, const Values& gradient) { return dot<Number>(gradient, row_major(in("v"))); }

reference::GradientPair<Number> gradients(const Inputs& in, Kind kind, int layer) {
  return reference::layer_gradients(now(in, kind), next(in, kind), layer, step_of(in, kind));
}

// L at W_1′, …, W_{i−1}′, W_i, …, W_k: the definition's argument list.
template <class T>
T objective_at_mixed(const BasicInputs<T>& in, Kind kind, int layer) {
  Network<T> mixed = now(in, kind);
  for (int l = 0; l < layer; ++l) mixed.weights[static_cast<std::size_t>(l)] = row_major(in(next_names[l]));
  const reference::StepBatch<T> step = step_of(in, kind);
  return reference::network_objective<T>(mixed, step.rows, step.targets, step.batch, step.eps, step.loss);
}
Side definition_of_g_prime(Kind kind, int layer) {
  return derivative_along(Witness::definition, "derivative of L(W_1′, …, W_(i−1)′, W_i, …, W_k) by W_i along v",
                          names[layer], "v", [=](const auto& in) { return objective_at_mixed(in, kind, layer); });
}
Side definition_of_g(Kind kind, int layer) {
  return derivative_along(Witness::definition, "derivative of L(W_1, …, W_k) by W_i along v", names[layer], "v",
                          [=](const auto& in) {
                            auto unmoved = in;
                            for (int l = 0; l < layers_of(kind); ++l) unmoved.set(next_names[l], in(names[l]));
                            return objective_at_mixed(unmoved, kind, layer);
                          });
}
Side definition_of_the_difference(Kind kind, int layer) {
  return derivative_along(Witness::definition, "derivative of L(W_1, …) − L(W_1′, …) by W_i along v", names[layer], "v",
                          [=](const auto& in) {
                            auto unmoved = in;
                            for (int l = 0; l < layers_of(kind); ++l) unmoved.set(next_names[l], in(names[l]));
                            return objective_at_mixed(unmoved, kind, layer) - objective_at_mixed(in, kind, layer);
                          });
}

std::vector<Sizes> affine_sizes() {
  return {
      {.batch = 1}, {.batch = 2}, {.batch = 3, .channels = 2, .hidden = 2}, {.batch = 3, .hidden = 2, .outputs = 2}};
}
// With one unit after batch norm the squared loss is linear in x̂ but for a constant, and a < 0 would do; with two units
// it is not.
std::vector<Sizes> scaled_sizes() {
  return {{.batch = 3, .channels = 2}, {.batch = 4, .channels = 2}, {.batch = 4, .channels = 2, .hidden = 2}};
}
std::vector<Sizes> normalized_sizes() { return {{.batch = 3}, {.batch = 3, .channels = 2, .hidden = 2}}; }

Reading g_prime(std::string id, std::string statement, Kind kind, int layer, std::vector<Sizes> sizes,
                std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = with(inputs_of(kind), direction_of(kind, layer)),
          .sizes = std::move(sizes),
          .left = by_reference("⟨G′_i, v⟩, backpropagation through the network with the preceding layers updated",
                               [=](const Inputs& in) { return Values{along_v(in, gradients(in, kind, layer).after)}; }),
          .right = definition_of_g_prime(kind, layer),
          .why = std::move(why)};
}

// Theory's G and G − G′.
std::vector<theory::Matrix<Number>> matrices(const Inputs& in, Kind kind, const char* const* which) {
  std::vector<theory::Matrix<Number>> list;
  for (int l = 0; l < layers_of(kind); ++l) list.push_back(in(which[l]));
  return list;
}
theory::LayerShift<Number> theory_shift(const Inputs& in, Kind kind, int layer) {
  return theory::affine_network_shift<Number>(matrices(in, kind, names), matrices(in, kind, next_names), layer, in("x"),
                                              in("target"));
}
Number squared_norm(const Array<Number>& a) { return dot<Number>(a, a); }
Number norm(const Array<Number>& a) {
  const Number squared = squared_norm(a);
  return sqrt(squared);
}
// G and G′.
struct Pair {
  Array<Number> before, after;
};
Pair theory_pair(const Inputs& in, Kind kind, int layer) {
  const auto shift = theory_shift(in, kind, layer);
  const Array<Number> change = theory::gradient_change(shift);
  Pair pair = {shift.gradient, shift.gradient};
  for (Eigen::Index k = 0; k < change.size(); ++k) pair.after(k) -= change(k);
  return pair;
}

Reading closed_form(std::string id, std::string statement, Kind kind, int layer) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = inputs_of(kind),
          .sizes = affine_sizes(),
          .left = by_reference("‖G_i − G′_i‖₂, backpropagation",
                               [=](const Inputs& in) {
                                 return Values{reference::internal_covariate_shift(gradients(in, kind, layer))};
                               }),
          .right = by_theory(
              "‖Rᵀ(EDᵀ + RWDCAᵀ − RWDCDᵀ)‖",
              [=](const Inputs& in) { return Values{norm(theory::gradient_change(theory_shift(in, kind, layer)))}; }),
          .why = "Only A, the product of the layers before layer i, moves, to A − D."};
}
// The norm of something else.
Formula norm_of(Kind kind, int layer, Array<Number> (*what)(const theory::LayerShift<Number>&)) {
  return [=](const Inputs& in) { return Values{norm(what(theory_shift(in, kind, layer)))}; };
}

Hypothesis no_step(Kind kind) {
  return imposing("no_step", "the preceding layers' step is 0: W_l′ = W_l", [=](Inputs& in) {
    for (int l = 0; l < layers_of(kind); ++l) in.set(next_names[l], in(names[l]));
  });
}
Hypothesis unchanged(const char* id, const char* sentence, int layer) {
  return imposing(id, sentence, [=](Inputs& in) { in.set(next_names[layer], in(names[layer])); });
}
Hypothesis own_weights_are_zero(int layer) {
  return imposing("own_weights_zero", "W_i = 0", [=](Inputs& in) {
    const Array<Number>& w = in(names[layer]);
    in.set(names[layer], Array<Number>::Constant(w.rows(), w.cols(), Number(0)));
  });
}
// W′ = W − ηG, all layers at once, by theory.
Hypothesis simultaneous_step(Kind kind) {
  return imposing("simultaneous_step", "W_l′ = W_l − η G_l for every l at once", [=](Inputs& in) {
    Inputs moved = in;
    for (int l = 0; l < layers_of(kind); ++l) {
      const Array<Number> gradient = theory_shift(in, kind, l).gradient;
      Array<Number> w = in(names[l]);
      for (Eigen::Index k = 0; k < w.size(); ++k) w(k) -= in.scalar("rate") * gradient(k);
      moved.set(next_names[l], w);
    }
    in = moved;
  });
}
Reading one_by_one(std::string id, std::string statement, int layer, std::string why) {
  const Kind kind = Kind::affine_three;
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = with(inputs_of(kind), {"rate", Role::rate}),
          .sizes = {{.batch = 1}, {.batch = 2}, {.batch = 2, .channels = 2, .hidden = 2}},
          .hypotheses = {simultaneous_step(kind)},
          .left = by_reference("G′_i, the layers before updated one by one",
                               [=](const Inputs& in) {
                                 const auto step = step_of(in, kind);
                                 const auto updated =
                                     reference::one_by_one_update(now(in, kind), step, in.scalar("rate"));
                                 return reference::layer_gradients(now(in, kind), updated, layer, step).after;
                               }),
          .right = by_theory("G′_i, the layers before updated at once",
                             [=](const Inputs& in) { return row_major(theory_pair(in, kind, layer).after); }),
          .why = std::move(why)};
}

// LI23 (51) for i = 1 at time t.
Reading as_printed_by_li23(std::string id, std::string statement, int time, std::string why) {
  const Kind kind = Kind::affine_three;
  return {
      .id = std::move(id),
      .statement = std::move(statement),
      .inputs = with(inputs_of(kind), direction_of(kind, 0)),
      .sizes = {{.batch = 1}, {.batch = 2}, {.batch = 2, .channels = 2, .hidden = 2, .outputs = 2}},
      .left = by_reference("⟨(51), v⟩ to the letter",
                           [=](const Inputs& in) {
                             return Values{along_v(in, reference::gradient_as_printed_by_li23(
                                                           now(in, kind), next(in, kind), 0, time, step_of(in, kind)))};
                           }),
      .right = definition_of_g_prime(kind, 0),
      .why = std::move(why)};
}

// W_i scaled by a = b² > 0, layer 2 of 3, batch norm after it.
constexpr Kind scaled_kind = Kind::normalized_after_second;
Hypothesis positive_scale() {
  return imposing("scale_positive", "a > 0: a = b²", [](Inputs& in) {
    const Number b = in.scalar("b");
    in.set("a", b * b);
  });
}
Inputs at_scaled_weights(const Inputs& in) {
  Inputs scaled = in;
  Array<Number> w = in(names[1]);
  for (Eigen::Index k = 0; k < w.size(); ++k) w(k) *= in.scalar("a");
  scaled.set(names[1], w);
  return scaled;
}
std::vector<InputSpec> scaled_inputs() {
  return with(with(with(inputs_of(scaled_kind), direction_of(scaled_kind, 1)), {"a", Role::weight}),
              {"b", Role::weight});
}
Values difference_along_v(const Inputs& in) {
  const auto pair = gradients(in, scaled_kind, 1);
  Values difference = pair.before;
  for (std::size_t k = 0; k < difference.size(); ++k) difference[k] -= pair.after[k];
  return {along_v(in, difference)};
}
// ⟨G, G′⟩, ‖G‖² and ‖G′‖²: what the cosine is made of.
Values products_of(const Values& before, const Values& after) {
  return {dot<Number>(before, after), dot<Number>(before, before), dot<Number>(after, after)};
}
// The same with G and G′ entry by entry as exact derivatives.
Values products_by_definition(const Inputs& in, Kind kind, int layer) {
  Inputs unit = in;
  const Array<Number>& w = in(names[layer]);
  const Side g = definition_of_g(kind, layer), g_prime = definition_of_g_prime(kind, layer);
  Values before, after;
  for (Eigen::Index k = 0; k < w.size(); ++k) {
    Array<Number> v = Array<Number>::Constant(w.rows(), w.cols(), Number(0));
    v(k) = Number(1);
    unit.set("v", v);
    before.push_back(g.formula(unit)[0]);
    after.push_back(g_prime.formula(unit)[0]);
  }
  return products_of(before, after);
}

Number cosine_of(const Pair& pair) {
  const Number lengths = norm(pair.before) * norm(pair.after);
  return dot<Number>(pair.before, pair.after) / lengths;
}
// (⟨a, b⟩ − n ā b̄)²/((‖a‖² − n ā²)(‖b‖² − n b̄²)) for n entries.
Number squared_correlation(const Pair& pair) {
  Pair centred = pair;
  for (Array<Number>* entries : {&centred.before, &centred.after}) {
    Number sum(0);
    for (Eigen::Index k = 0; k < entries->size(); ++k) sum += (*entries)(k);
    const Number mean = sum / Number(static_cast<int>(entries->size()));
    for (Eigen::Index k = 0; k < entries->size(); ++k) (*entries)(k) -= mean;
  }
  const Number product = dot<Number>(centred.before, centred.after);
  return product * product / (squared_norm(centred.before) * squared_norm(centred.after));
}
Number squared_cosine(const Inputs& in) {
  const Number cosine = reference::gradient_cosine(gradients(in, Kind::affine_two, 1));
  return cosine * cosine;
}
// 1 − cosine² = Σ_{j<k} (G_j G′_k − G_k G′_j)²/(‖G‖²‖G′‖²).
std::vector<SquareTerm> gap_of_the_cosine(const Inputs& in) {
  const Pair pair = theory_pair(in, Kind::affine_two, 1);
  const Number lengths = norm(pair.before) * norm(pair.after);
  std::vector<SquareTerm> terms;
  for (Eigen::Index k = 0; k < pair.before.size(); ++k)
    for (Eigen::Index j = 0; j < k; ++j)
      terms.push_back({.root = (pair.before(j) * pair.after(k) - pair.before(k) * pair.after(j)) / lengths});
  return terms;
}
std::vector<Sizes> small_affine_sizes() { return {{.batch = 1}, {.batch = 2}, {.batch = 3, .hidden = 2}}; }

}  // namespace

Claim ics_definition() {
  const Kind two = Kind::affine_two, three = Kind::affine_three;

  Reading first_layer = g_prime("first_layer__no_shift", "G′_1 = G_1 whatever W′ is: the first layer has no shift",
                                Kind::normalized, 0, normalized_sizes(), "No layer comes before it.");
  first_layer.right = definition_of_g(Kind::normalized, 0);

  Reading no_shift = {
      .id = "no_step__no_shift",
      .statement = "G′_i = G_i where the preceding layers' step is 0 (i = 3 of 3 affine layers)",
      .inputs = inputs_of(three),
      .sizes = affine_sizes(),
      .hypotheses = {no_step(three)},
      .left = by_reference("G′_i", [=](const Inputs& in) { return gradients(in, three, 2).after; }),
      .right =
          by_theory("G_i = Rᵀ E Aᵀ", [=](const Inputs& in) { return row_major(theory_shift(in, three, 2).gradient); }),
      .why = "The two lists of arguments are then one."};

  Reading cosine_one = {
      .id = "no_step__cosine_one",
      .statement = "cosine = 1 where the preceding layers' step is 0 and G_i ≠ 0",
      .inputs = inputs_of(two),
      .sizes = affine_sizes(),
      .hypotheses = {no_step(two)},
      .left = by_reference("the cosine of G_2 and G′_2",
                           [=](const Inputs& in) { return Values{reference::gradient_cosine(gradients(in, two, 1))}; }),
      .right = by_definition("1", [](const Inputs&) { return Values{Number(1)}; }),
      .why = "A vector makes no angle with itself. At G_i = 0, a stationary point, the cosine is 0/0: no value."};

  Reading at_most_one = {.id = "cosine__at_most_one",
                         .statement = "cosine² ≤ 1",
                         .inputs = inputs_of(two),
                         .sizes = small_affine_sizes(),
                         .left = by_reference("cosine²", [](const Inputs& in) { return Values{squared_cosine(in)}; }),
                         .relation = Relation::at_most,
                         .right = by_definition("1", [](const Inputs&) { return Values{Number(1)}; }),
                         .gap = gap_of_the_cosine,
                         .why = "Lagrange's identity. It is 1 in absolute value where G and G′ are parallel."};

  const auto lengths_and_angle = [](const Number& lengths_apart) {
    return [=](const Inputs& in) {
      const Pair pair = theory_pair(in, Kind::affine_two, 1);
      const Number before = norm(pair.before), after = norm(pair.after), apart = before - after;
      return Values{lengths_apart * apart * apart + Number(2) * before * after * (Number(1) - cosine_of(pair))};
    };
  };
  Reading norm_and_cosine = {
      .id = "norm_and_cosine",
      .statement = "‖G − G′‖² = (‖G‖ − ‖G′‖)² + 2‖G‖‖G′‖(1 − cosine)",
      .inputs = inputs_of(two),
      .sizes = small_affine_sizes(),
      .left = by_reference("‖G − G′‖²",
                           [=](const Inputs& in) { return Values{reference::squared_shift(gradients(in, two, 1))}; }),
      .right = by_theory("(‖G‖ − ‖G′‖)² + 2‖G‖‖G′‖(1 − cosine), closed forms", lengths_and_angle(Number(1))),
      .why = "So ICS = 0 is cosine = 1 with equal lengths."};
  Reading cosine_alone = norm_and_cosine;
  cosine_alone.id = "cosine_tells_the_shift";
  cosine_alone.statement = "‖G − G′‖² = 2‖G‖‖G′‖(1 − cosine): the cosine is 1 only where ICS is 0";
  cosine_alone.right = by_theory("2‖G‖‖G′‖(1 − cosine), closed forms", lengths_and_angle(Number(0)));
  cosine_alone.why = "Figure 3's two measures are not one: a gradient that only gets longer or shorter has cosine 1.";

  Reading correlation = at_most_one;
  correlation.id = "printed_wiki__correlation";
  correlation.statement = "WIKI's \"correlation between the gradients\" is SAN18's cosine (squares compared)";
  correlation.relation = Relation::equal;
  correlation.right = by_theory("Pearson's correlation of the entries of G and G′, squared", [](const Inputs& in) {
    return Values{squared_correlation(theory_pair(in, Kind::affine_two, 1))};
  });
  correlation.gap = {};
  correlation.why =
      "A correlation subtracts the means of the entries first. With the cosine for it WIKI agrees with "
      "SAN18, and that is meant.";

  Reading first_order = {
      .id = "first_order_in_the_step",
      .statement = "dG′_2/dη = −Rᵀ(E G_1ᵀ + W_2 G_1 C Aᵀ) at η = 0 with W_1′ = W_1 − η G_1, two affine layers",
      .inputs = {{"x", Role::activation, Dimension::batch, Dimension::channels},
                 {"target", Role::target, Dimension::batch, Dimension::outputs},
                 {"w1", Role::weight, Dimension::hidden, Dimension::channels_plus_one},
                 {"w2", Role::weight, Dimension::outputs, Dimension::hidden_plus_one},
                 {"v", Role::direction, Dimension::outputs, Dimension::hidden_plus_one},
                 {"rate", Role::rate},
                 {"r", Role::direction}},
      .sizes = affine_sizes(),
      .hypotheses = {imposing("rate_zero", "η = 0", [](Inputs& in) { in.set("rate", Number(0)); })},
      .left = derivative_along(
          Witness::reference, "derivative of ⟨G′_2, v⟩ by η along r, through the step and backpropagation", "rate", "r",
          [=](const auto& in) {
            const auto network = now(in, Kind::affine_two);
            const auto step = step_of(in, Kind::affine_two);
            const auto updated = reference::simultaneous_update(network, step, in.scalar("rate"));
            return dot(row_major(in("v")), reference::layer_gradients(network, updated, 1, step).after);
          }),
      .right = by_theory("−r⟨first-order term with D = G_1, v⟩",
                         [=](const Inputs& in) {
                           Inputs moved = in;
                           moved.set("w1_next", in("w1"));
                           moved.set("w2_next", in("w2"));
                           const Array<Number> g = theory_shift(moved, Kind::affine_two, 0).gradient;
                           Array<Number> w = in("w1");
                           for (Eigen::Index k = 0; k < w.size(); ++k) w(k) -= g(k);
                           moved.set("w1_next", w);
                           const auto shift = theory_shift(moved, Kind::affine_two, 1);
                           return Values{-in.scalar("r") * along_v(in, row_major(shift.first_order))};
                         }),
      .why =
          "The mixed second derivative ∂²L/∂W_2∂W_1 times the step: for small steps ICS measures the curvature of the "
          "loss between layers, not distributions."};

  const auto scaled_side = [](bool multiply) {
    return by_reference(multiply ? "a⟨G_i − G′_i, v⟩ at aW_i" : "⟨G_i − G′_i, v⟩ at aW_i", [=](const Inputs& in) {
      const Number difference = difference_along_v(at_scaled_weights(in))[0];
      return Values{multiply ? in.scalar("a") * difference : difference};
    });
  };
  Reading own_scale = {
      .id = "own_scale__divides_the_norm",
      .statement = "a(G_i − G′_i) at aW_i = G_i − G′_i at W_i, a > 0, batch norm (ε = 0) after layer i",
      .inputs = scaled_inputs(),
      .sizes = scaled_sizes(),
      .hypotheses = {positive_scale()},
      .left = scaled_side(true),
      .right = definition_of_the_difference(scaled_kind, 1),
      .why =
          "L is the same at aW_i: its gradient is 1/a times as long, and ICS with it. A network with "
          "batch norm can be given any ICS by choosing how large its weights are."};
  Reading own_scale_same = own_scale;
  own_scale_same.id = "own_scale__leaves_the_norm";
  own_scale_same.statement = "G_i − G′_i is the same at aW_i as at W_i, a > 0, batch norm (ε = 0) after layer i";
  own_scale_same.left = scaled_side(false);
  own_scale_same.why = "The network computes the same function, and its ICS is 1/a times as large.";
  Reading own_scale_cosine = own_scale;
  own_scale_cosine.id = "own_scale__leaves_the_cosine";
  own_scale_cosine.statement =
      "the cosine is the same at aW_i as at W_i: a²⟨G, G′⟩, a²‖G‖² and a²‖G′‖² there are ⟨G, G′⟩, ‖G‖² and ‖G′‖² here, "
      "a > 0, batch norm (ε = 0) after layer i";
  own_scale_cosine.sizes = {{.batch = 3, .channels = 2}, {.batch = 4, .channels = 2, .hidden = 2}};
  own_scale_cosine.left = by_reference("a²⟨G, G′⟩, a²‖G‖², a²‖G′‖² at aW_i", [](const Inputs& in) {
    const auto pair = gradients(at_scaled_weights(in), scaled_kind, 1);
    Values products = products_of(pair.before, pair.after);
    for (Number& product : products) product *= in.scalar("a") * in.scalar("a");
    return products;
  });
  own_scale_cosine.right = by_definition("⟨G, G′⟩, ‖G‖², ‖G′‖² at W_i, entry by entry exact derivatives",
                                         [](const Inputs& in) { return products_by_definition(in, scaled_kind, 1); });
  own_scale_cosine.why = "Both gradients are divided by a.";

  return {
      .title =
          "The internal covariate shift of a layer is how far its gradient moves once the layers before it are updated",
      .sources = {{"SAN18", "Definition 2.1, Figure 3"},
                  {"LI23", "Definition 2.1, (50), (51)"},
                  {"WIKI", "internal covariate shift, the experiment"}},
      .notation =
          "W_1 … W_k the weights at step t, W_l′ those at t + 1, L the loss on the batch of step t, "
          "G_i = ∇_{W_i} L(W_1, …, W_k), G′_i = ∇_{W_i} L(W_1′, …, W_(i−1)′, W_i, …, W_k), ICS = ‖G_i − G′_i‖₂, "
          "cosine = ⟨G_i, G′_i⟩/(‖G_i‖‖G′_i‖)",
      .why =
          "For affine layers and least squares G_i = Rᵀ(FC − B)Aᵀ, with A the product of the layers before, R of those "
          "after. The update turns A into A − D and F into F − RW_iD, which gives G_i − G′_i = "
          "Rᵀ(EDᵀ + RW_iDCAᵀ − RW_iDCDᵀ), E = FC − B.",
      .explain =
          "SAN18 replaces the vague notion of a shift in a layer's inputs by one that can be computed: take the "
          "gradient of layer i, update the layers before it, and take the gradient again on the same batch. "
          "Definition 2.1 is the length of the difference; Figure 3 shows the cosine of the angle too. The "
          "definition is sound for every network, and the readings check an implementation of it against exact "
          "derivatives and, for affine networks, against a closed form. It leaves open how the layers before are "
          "updated: all at once or one after another makes no difference to layer 2, and does from layer 3 on. LI23 "
          "(51) prints W_t^(t+1) where W_t^(i+1) is meant: to the letter another layer's weights stand in layer i + "
          "1's place, which is right only at t = i. WIKI, and SAN18's text too, speak of a correlation, which would "
          "subtract means first; Figure 3's cosine is meant. The two measures differ: cosine 1 allows the gradient "
          "to change its length. And where batch norm follows a layer, multiplying its weights by a > 0 changes "
          "nothing but divides ICS by a, so the norm cannot be compared between networks with and without batch "
          "norm; the cosine can. For small steps ICS is the step times a mixed second derivative of the loss: a "
          "curvature, whatever the inputs' distributions do.",
      .readings =
          {
              g_prime(
                  "printed_san18__batch_norm",
                  "G′_3 is the gradient of L(W_1′, W_2′, W_3) by W_3: tanh layers, batch norm before layers 2 and 3, "
                  "logistic loss, every ε ≥ 0 and W′",
                  Kind::normalized, 2, normalized_sizes(), "G_3 is the case W′ = W."),
              g_prime("printed_san18__relu",
                      "G′_2 is the gradient of L(W_1′, W_2) by W_2: a relu layer and an affine one, least squares, "
                      "every W′",
                      Kind::relu_two, 1, {{.batch = 1}, {.batch = 2}, {.batch = 1, .hidden = 2}}, ""),
              closed_form(
                  "printed_san18__closed_form__two_layers",
                  "ICS of layer 2 = ‖EDᵀ + W_2DCAᵀ − W_2DCDᵀ‖, D = W_1 − W_1′, two affine layers, least squares", two,
                  1),
              closed_form("printed_san18__closed_form__second_of_three",
                          "ICS of layer 2 = ‖W_3ᵀ(EDᵀ + W_3W_2DCAᵀ − W_3W_2DCDᵀ)‖, D = W_1 − W_1′, three affine layers",
                          three, 1),
              closed_form("printed_san18__closed_form__third_of_three",
                          "ICS of layer 3 = ‖EDᵀ + W_3DCAᵀ − W_3DCDᵀ‖, D = W_2W_1 − W_2′W_1′, three affine layers",
                          three, 2),
              as_printed_by_li23(
                  "printed_li23", "(51) with W_t^(t+1) in the slot of layer i + 1 is G′_i: i = 1, t = 2, three layers",
                  2,
                  "The weights of layer 3 stand in the place of layer 2's: another network, whose gradient "
                  "differs even for the first layer, which has no shift."),
              as_printed_by_li23("printed_li23__t_is_i",
                                 "(51) to the letter is G′_i where t = i: i = t = 1, three layers", 1,
                                 "Layer t + 1 is then layer i + 1."),
              correlation,
              one_by_one("update__one_by_one__second_layer",
                         "G′_2 is the same whether the layers before it are updated at once or one by one", 1,
                         "Only one layer comes before it, and its step is −η G_1 either way."),
              one_by_one(
                  "update__one_by_one__third_layer",
                  "G′_3 is the same whether the layers before it are updated at once or one by one", 2,
                  "One by one, layer 2 moves by its gradient after layer 1 has moved: by −η G′_2, not −η G_2. The "
                  "definition writes W^(t+1) alone; the text after it means the update at once."),
              first_layer,
              no_shift,
              cosine_one,
              at_most_one,
              norm_and_cosine,
              cosine_alone,
              own_scale,
              own_scale_same,
              own_scale_cosine,
              first_order,
          },
      .mutants =
          {
              {.id = "first_order_alone",
               .reading = "printed_san18__closed_form__two_layers",
               .words = "‖EDᵀ + W_2DCAᵀ‖",
               .agrees_when = own_weights_are_zero(1),
               .right = norm_of(two, 1, [](const theory::LayerShift<Number>& s) { return s.first_order; })},
              {.id = "updates_the_layer_itself",
               .reading = "printed_san18__batch_norm",
               .words = "∇_{W_3} L at (W_1′, W_2′, W_3′)",
               .agrees_when = unchanged("own_step_zero", "W_3′ = W_3", 2),
               .right =
                   [](const Inputs& in) {
                     Inputs moved = in;
                     moved.set("w3", in("w3_next"));
                     return definition_of_g_prime(Kind::normalized, 2).formula(moved);
                   }},
              {.id = "updates_one_layer_only",
               .reading = "printed_san18__closed_form__third_of_three",
               .words = "W_2′ alone, W_1 held: D = (W_2 − W_2′)W_1",
               .agrees_when = unchanged("first_step_zero", "W_1′ = W_1", 0),
               .right =
                   [=](const Inputs& in) {
                     Inputs held = in;
                     held.set("w1_next", in("w1"));
                     return Values{norm(theory::gradient_change(theory_shift(held, three, 2)))};
                   }},
              {.id = "updates_the_layers_after",
               .reading = "printed_san18__closed_form__second_of_three",
               .words = "W_3′ for W_3 in G′_2",
               .agrees_when = unchanged("last_step_zero", "W_3′ = W_3", 2),
               .right =
                   [=](const Inputs& in) {
                     Inputs moved = in;
                     moved.set("w3", in("w3_next"));
                     Array<Number> difference = theory_pair(in, three, 1).before;
                     const Array<Number> after = theory_pair(moved, three, 1).after;
                     for (Eigen::Index k = 0; k < after.size(); ++k) difference(k) -= after(k);
                     return Values{norm(difference)};
                   }},
          },
  };
}

}  // namespace normproof::claims
