// Claim: batch norm always converges.
//
// Source       LL19 §1: "BN always converges, but not solving either the objective in our common sense, or the
//              optimization originally motivated"; (4)
// Notation     one unit γ x̂ + β on one feature, x̂ = (x − mean)/√(var + ε), squared loss ½(o − t)²; κ = var/(var + ε)
//              the mean of x̂²; γ*, β* the minimiser of (4) for one batch: γ* = mean(x̂ t)/κ, β* = mean t; η the step
//              size of gradient descent on (4); s = √(w²a² + ε)
// Hypotheses   as each reading says; ε = 0 where no ε is named, as (1) prints it
//
//     one batch      γ⁺ − γ* = (1 − ηκ)(γ − γ*),   β⁺ − β* = (1 − η)(β − β*): converges iff η < 2 (ε = 0)
//     two batches    a constant step ends in a cycle of length |η(γ₁ − γ₂)/(2 − η)|, not at a point
//     infimum        x = ∓a, labels ∓1, o = wx/s: 2f = ε²/(s²(s + wa)²) > 0 and f′ = −aε²/(s⁴(s + wa)) ≠ 0 for every w
//
// Why. Batch norm makes mean x̂ = 0 and mean x̂² = κ, so in (γ, β) the loss of a batch is a quadratic with Hessian
// diag(κ, 1), whatever the data are. Gradient descent on it contracts iff η < 2. Two batches have two minimisers, and a
// constant step moves from one towards the other for ever. Where the normalization's own bound |x̂| < 1 or a logistic
// loss is approached and not reached, there is nothing to converge to.
#include "proofs_checks/inputs/batch_objective.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

const std::vector<InputSpec> one_batch = {{"x", Role::activation, Dimension::batch, Dimension::one},
                                          {"target", Role::target, Dimension::batch, Dimension::one},
                                          {"gamma", Role::scale},
                                          {"beta", Role::shift},
                                          {"rate", Role::variance}};
const std::vector<Sizes> sizes = {{.batch = 2}, {.batch = 3}, {.batch = 4}};

std::vector<InputSpec> with(std::vector<InputSpec> specs, const std::vector<InputSpec>& more) {
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}

Number eps_of(const Inputs& in) { return in.has("eps") ? in.scalar("eps") : Number(0); }

// ---- gradient descent on (4), the gradient by the reference's backward pass

struct Unknowns {
  Number gamma, beta;
};

Unknowns step_on(const Inputs& in, const std::string& x, const std::string& target, const Unknowns& from) {
  Array<Number> w(1, 2);
  w(0, 0) = from.gamma;
  w(0, 1) = from.beta;
  const auto gradient =
      reference::network_backward<Number>(network_of_unit<Number>({}, w), row_major(in(x)), row_major(in(target)),
                                          in.sizes.batch, eps_of(in), reference::Loss::squared);
  const Number rate = in.scalar("rate");
  return {from.gamma - rate * gradient.weights[0][0], from.beta - rate * gradient.weights[0][1]};
}

Unknowns start(const Inputs& in) { return {in.scalar("gamma"), in.scalar("beta")}; }

// ---- what the words mean: γ*, β* and κ of a batch

struct Minimiser {
  Number gamma, beta, kappa;
};

Minimiser minimiser_of(const Inputs& in, const std::string& x_name, const std::string& target_name) {
  const Array<Number>& x = in(x_name);
  const Array<Number>& t = in(target_name);
  const Number count(in.sizes.batch);
  Number mean(0), variance(0), label(0), covariance(0);
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    mean += x(i) / count;
    label += t(i) / count;
  }
  for (Eigen::Index i = 0; i < x.size(); ++i) {
    variance += (x(i) - mean) * (x(i) - mean) / count;
    covariance += (x(i) - mean) * t(i) / count;
  }
  const Number radicand = variance + eps_of(in);
  const Number kappa = variance / radicand;
  return {covariance / sqrt(radicand) / kappa, label, kappa};
}

Number squared_distance(const Unknowns& at, const Minimiser& minimiser) {
  const Number by_gamma = at.gamma - minimiser.gamma, by_beta = at.beta - minimiser.beta;
  return by_gamma * by_gamma + by_beta * by_beta;
}

Values after_a_step(const Inputs& in) {
  const Unknowns after = step_on(in, "x", "target", start(in));
  return {after.gamma, after.beta};
}

// Both forget κ, or only one place does.
struct Forgets {
  bool in_the_factor = false, in_the_minimiser = false;
};
Formula contracted(Forgets forgets) {
  return [=](const Inputs& in) -> Values {
    const Minimiser at = minimiser_of(in, "x", "target");
    const Number rate = in.scalar("rate");
    const Number factor = forgets.in_the_factor ? Number(1) - rate : Number(1) - rate * at.kappa;
    const Number gamma = forgets.in_the_minimiser ? at.gamma * at.kappa : at.gamma;
    return {gamma + factor * (in.scalar("gamma") - gamma),
            at.beta + (Number(1) - rate) * (in.scalar("beta") - at.beta)};
  };
}

Values distance_after(const Inputs& in) {
  return {squared_distance(step_on(in, "x", "target", start(in)), minimiser_of(in, "x", "target"))};
}
// distance² before the step, times a factor of η.
Formula distance_before(Number (*factor)(const Number& rate)) {
  return [=](const Inputs& in) -> Values {
    return {factor(in.scalar("rate")) * squared_distance(start(in), minimiser_of(in, "x", "target"))};
  };
}
Number unchanged(const Number&) { return Number(1); }

// η = 2q²/(1 + q²): every step size in [0, 2).
Hypothesis step_is_small() {
  return imposing("step_is_small", "0 ≤ η < 2, as η = 2q²/(1 + q²)", [](Inputs& in) {
    const Number square = in.scalar("q") * in.scalar("q");
    in.set("rate", Number(2) * square / (Number(1) + square));
  });
}
// distance² · η(2 − η) = distance² (2q/(1 + q²))².
std::vector<SquareTerm> gap_of_the_step(const Inputs& in) {
  const Minimiser at = minimiser_of(in, "x", "target");
  const Number q = in.scalar("q"), factor = Number(2) * q / (Number(1) + q * q);
  return {{.root = factor * (in.scalar("gamma") - at.gamma)}, {.root = factor * (in.scalar("beta") - at.beta)}};
}

// ---- two predefined batches, one after the other

const std::vector<InputSpec> two_batches =
    with(one_batch, {{"other", Role::activation, Dimension::batch, Dimension::one},
                     {"other_target", Role::target, Dimension::batch, Dimension::one}});

struct TwoMinimisers {
  Minimiser first, second;
};
TwoMinimisers both(const Inputs& in) {
  return {minimiser_of(in, "x", "target"), minimiser_of(in, "other", "other_target")};
}

// The minimiser of (4), 𝓑 = both batches.
Values minimiser_of_both(const Inputs& in) {
  const TwoMinimisers at = both(in);
  return {(at.first.gamma + at.second.gamma) / Number(2), (at.first.beta + at.second.beta) / Number(2)};
}
Values step_from_the_minimiser(const Inputs& in) {
  const Values at = minimiser_of_both(in);
  const Unknowns after = step_on(in, "x", "target", {at[0], at[1]});
  return {after.gamma, after.beta};
}

// ((1 − η) a₁ + a₂)/(2 − η): where a step towards a₂, after one towards a₁, returns to.
Number returning_point(const Number& first, const Number& second, const Number& rate) {
  return ((Number(1) - rate) * first + second) / (Number(2) - rate);
}
Unknowns on_the_cycle(const Inputs& in) {
  const TwoMinimisers at = both(in);
  const Number rate = in.scalar("rate");
  return {returning_point(at.first.gamma, at.second.gamma, rate), returning_point(at.first.beta, at.second.beta, rate)};
}
// After the step on the first batch, and after the one on the second.
Values two_steps(const Inputs& in) {
  const Unknowns middle = step_on(in, "x", "target", on_the_cycle(in));
  const Unknowns end = step_on(in, "other", "other_target", middle);
  return {middle.gamma, middle.beta, end.gamma, end.beta};
}
Formula cycle(bool comes_to_rest) {
  return [=](const Inputs& in) -> Values {
    const TwoMinimisers at = both(in);
    const Unknowns from = on_the_cycle(in);
    const Number share = comes_to_rest ? Number(0) : in.scalar("rate") / (Number(2) - in.scalar("rate"));
    return {from.gamma + share * (at.first.gamma - at.second.gamma),
            from.beta + share * (at.first.beta - at.second.beta), from.gamma, from.beta};
  };
}
Hypothesis equal_batches() {
  return imposing("equal_batches", "the second batch is the first", [](Inputs& in) {
    in.set("other", in("x"));
    in.set("other_target", in("target"));
  });
}

// ---- the infimum is at infinity

const std::vector<InputSpec> two_samples = {{"w", Role::weight}, {"a", Role::activation}, {"eps", Role::epsilon}};

// Samples −a, a with labels −1, 1; w·x, then the normalization.
template <class T>
T loss_of_two(const BasicInputs<T>& in) {
  using reference::Activation;
  using reference::Normalization;
  const reference::Network<T> network = {
      {{Normalization::none, Activation::identity, 1, 1}, {Normalization::batch_norm, Activation::identity, 1, 1}},
      {{in.scalar("w"), T(0)}, {T(1), T(0)}}};
  const T a = in.scalar("a");
  const std::vector<T> rows = {-a, a}, labels = {T(-1), T(1)};
  return reference::network_objective<T>(network, rows, labels, 2, in.scalar("eps"), reference::Loss::squared);
}

struct Saturation {
  Number s, distance;  // s + wa
};
Saturation saturation(const Inputs& in) {
  const Number reach = in.scalar("w") * in.scalar("a");
  const Number radicand = reach * reach + in.scalar("eps");
  const Number s = sqrt(radicand);
  return {s, s + reach};
}
Formula doubled_loss(bool reach_is_s) {
  return [=](const Inputs& in) -> Values {
    const Saturation at = saturation(in);
    const Number share = in.scalar("eps") / (at.s * (reach_is_s ? at.s : at.distance));
    return {share * share};
  };
}

// Samples with x̂ = ∓1 and labels ∓1, logistic loss; β = 0.
template <class T>
T logistic_loss(const BasicInputs<T>& in) {
  const reference::Network<T> network = {
      {{reference::Normalization::batch_norm, reference::Activation::identity, 1, 1}}, {{in.scalar("gamma"), T(0)}}};
  const std::vector<T> rows = {T(-1), T(1)}, labels = {T(-1), T(1)};
  return reference::network_objective<T>(network, rows, labels, 2, T(0), reference::Loss::logistic);
}

Hypothesis weight_is_zero() {
  return imposing("weight_is_zero", "w = 0", [](Inputs& in) { in.set("w", Number(0)); });
}

std::vector<Reading> readings() {
  Reading any_step = {
      .id = "printed__any_step",
      .statement = "one batch: no step size η ≥ 0 takes (γ, β) further from the minimiser of (4)",
      .inputs = one_batch,
      .sizes = sizes,
      .these_sizes_only = true,
      .left = by_reference("distance² from (γ*, β*) after a step, the gradient by LL19 (4)", distance_after),
      .relation = Relation::at_most,
      .right = by_definition("distance² before it", distance_before(unchanged)),
      .why = "It is multiplied by (1 − η)²: for η > 2 the iterates diverge, from every start but one."};
  Reading repaired = any_step;
  repaired.id = "repaired";
  repaired.statement = "one batch, 0 ≤ η < 2: every step takes (γ, β) no further from the minimiser of (4)";
  repaired.inputs.push_back({"q", Role::weight});
  repaired.hypotheses = {step_is_small()};
  repaired.gap = gap_of_the_step;
  repaired.why = "(1 − η)² < 1 for 0 < η < 2: linear convergence to the minimiser, for any data and any start.";

  return {
      any_step,
      {.id = "printed__minibatches__constant_step",
       .statement = "two batches: the minimiser of (4) stays where it is under a step on the first batch",
       .inputs = two_batches,
       .sizes = {{.batch = 2}, {.batch = 3}},
       .these_sizes_only = true,
       .left =
           by_reference("(γ, β) after a step on the first batch, from the minimiser of (4)", step_from_the_minimiser),
       .right = by_definition("the minimiser of (4): the mean of the two batches' minimisers", minimiser_of_both),
       .why = "Each batch pulls towards its own minimiser; only a step that goes to 0 comes to rest."},
      repaired,
      {.id = "contraction",
       .statement = "one batch, ε ≥ 0: γ⁺ = γ* + (1 − ηκ)(γ − γ*), β⁺ = β* + (1 − η)(β − β*)",
       .inputs = with(one_batch, {{"eps", Role::epsilon}}),
       .sizes = sizes,
       .these_sizes_only = true,
       .left = by_reference("a gradient step on LL19 (4)", after_a_step),
       .right = by_definition("the linear map about (γ*, β*)", contracted({})),
       .why = "The Hessian of (4) in (γ, β) is diag(κ, 1) with κ ≤ 1: no data need a smaller step than η < 2."},
      {.id = "minibatches__cycle",
       .statement = "two batches in turn, constant η: from ((1 − η)a₁ + a₂)/(2 − η) one step goes "
                    "η(a₁ − a₂)/(2 − η) away, the next returns; a_B = (γ*, β*) of batch B",
       .inputs = two_batches,
       .sizes = {{.batch = 2}, {.batch = 3}},
       .these_sizes_only = true,
       .left = by_reference("a step on each batch, by LL19 (4)", two_steps),
       .right = by_definition("the cycle", cycle(false)),
       .why = "For 0 < η < 2 all starts are drawn into this cycle; its length falls with η, not with time."},
      {.id = "infimum_at_infinity__value",
       .statement = "x = ∓a, labels ∓1, o = BN(wx), ε > 0: 2f(w) = ε²/(s²(s + wa)²)",
       .inputs = two_samples,
       .sizes = {{}},
       .these_sizes_only = true,
       .left =
           by_reference("2·(4), LL19 (1)", [](const Inputs& in) -> Values { return {Number(2) * loss_of_two(in)}; }),
       .right = by_definition("ε²/(s²(s + wa)²)", doubled_loss(false)),
       .why = "s > |wa|: positive for every w, and it tends to 0 as wa → ∞. There is no minimiser."},
      {.id = "infimum_at_infinity__slope",
       .statement = "the same: f′(w) = −aε²/(s⁴(s + wa))",
       .inputs = with(two_samples, {{"v", Role::direction}}),
       .sizes = {{}},
       .these_sizes_only = true,
       .left =
           derivative_along(Witness::reference, "d/dt (4)", "w", "v", [](const auto& in) { return loss_of_two(in); }),
       .right = by_definition("−aε²v/(s⁴(s + wa))",
                              [](const Inputs& in) -> Values {
                                const Saturation at = saturation(in);
                                const Number eps = in.scalar("eps"), square = at.s * at.s;
                                return {-(in.scalar("a") * eps * eps * in.scalar("v")) /
                                        (square * square * at.distance)};
                              }),
       .why =
           "For a ≠ 0 and ε > 0 it vanishes nowhere: every step of gradient descent, of any size, takes wa further."},
      {.id = "infimum_at_infinity__logistic",
       .statement = "x̂ = ∓1, labels ∓1, logistic loss: f′(γ) ≤ −½/(1 + e^γ) < 0 for every γ",
       .inputs = {{"gamma", Role::scale}},
       .sizes = {{}},
       .these_sizes_only = true,
       .left = by_reference("d(4)/dγ, by dual numbers",
                            [](const Inputs& in) -> Values {
                              BasicInputs<numbers::Dual<Number>> moved;
                              moved.set("gamma", numbers::Dual<Number>(in.scalar("gamma"), Number(1)));
                              return {logistic_loss(moved).tangent};
                            }),
       .relation = Relation::at_most,
       .right = by_definition("−½/(1 + e^γ)",
                              [](const Inputs& in) -> Values {
                                const Number odds = exp(in.scalar("gamma"));
                                return {Number(-1) / (Number(2) + Number(2) * odds)};
                              }),
       .why = "f = log(1 + e^−γ): no stationary point; LL19's own losses are of this kind.",
       .regions = {{.words = "|γ| ≤ 8",
                    .covers = "the scales that training meets; f′ = −1/(1 + e^γ) everywhere",
                    .ranges = {{"gamma", -8, 8}},
                    .sizes = {{}}}}},
  };
}

}  // namespace

Claim bn_always_converges() {
  return {
      .title = "Batch norm always converges",
      .sources = {{"LL19", "§1, list after the questions, 1"}, {"LL19", "(4)"}},
      .notation =
          "One unit γ x̂ + β with squared loss, one feature, x̂ = (x − mean)/√(var + ε) over the batch; κ = var/(var "
          "+ ε); γ*, β* the minimiser for a batch; η (`rate`) the step size of gradient descent; a, w one feature's "
          "spread and weight, s = √(w²a² + ε). ε = 0 where none is named",
      .why =
          "mean x̂ = 0 and mean x̂² = κ: in (γ, β) the loss of a batch is quadratic with Hessian diag(κ, 1), so a "
          "step multiplies the distance by 1 − ηκ and 1 − η. Two batches give two affine maps with different fixed "
          "points. 1 − wa/s = ε/(s(s + wa)).",
      .explain =
          "LL19 §1 answers its first question with \"BN always converges\", and prints no conditions. Three small "
          "instances without convergence. (i) A step too large for the scale parameter: a unit γx̂ + β with squared "
          "loss and one batch; each step multiplies the error by 1 − η, so with η = 3 it doubles every time. "
          "Normalization does help: the bound 2 is the same for all data. (ii) A constant step on predefined "
          "minibatches: two batches with minimisers γ₁, γ₂ end in a cycle whose two points are η|γ₁ − γ₂|/(2 − η) "
          "apart; a step on one batch moves away even from the minimiser of (4). (iii) Nothing to converge to: "
          "samples ∓a with labels ∓1 and output BN(wx) with ε > 0; the output stays below 1, the loss falls for ever "
          "as w grows, and gradient descent drives w to infinity. The logistic loss does the same with γ. What holds: "
          "one batch (or full normalization), squared loss, last layer trained, 0 < η < 2: linear convergence to the "
          "minimiser of (4), from anywhere.",
      .readings = readings(),
      .mutants =
          {
              {.id = "forgets_kappa_in_the_factor",
               .reading = "contraction",
               .words = "1 − η for 1 − ηκ",
               .agrees_when = eps_is_zero(),
               .right = contracted({.in_the_factor = true})},
              {.id = "forgets_kappa_in_the_minimiser",
               .reading = "contraction",
               .words = "γ* = mean(x̂ t)",
               .agrees_when = eps_is_zero(),
               .right = contracted({.in_the_minimiser = true})},
              {.id = "comes_to_rest",
               .reading = "minibatches__cycle",
               .words = "a step on the first batch stays at the point",
               .agrees_when = equal_batches(),
               .right = cycle(true)},
              {.id = "half_the_rate",
               .reading = "repaired",
               .words = "(1 − η) distance²",
               .agrees_when = imposing("no_step", "η = 0",
                                       [](Inputs& in) {
                                         in.set("q", Number(0));
                                         in.set("rate", Number(0));
                                       }),
               .right = distance_before([](const Number& rate) -> Number { return Number(1) - rate; })},
              {.id = "twice_as_near",
               .reading = "infimum_at_infinity__value",
               .words = "s for s + wa",
               .agrees_when = weight_is_zero(),
               .right = doubled_loss(true)},
          },
  };
}

}  // namespace normproof::claims
