// Claim: all of the minima of the normal landscape are preserved in the BN landscape.
//
// Source       SAN18 Observation 4.3: "For any input data X and network configuration W, there exists a BN
//              configuration (W, γ, β) that results in the same activations y_j, and where γ = σ_j. Consequently, all
//              of the minima of the normal landscape are preserved in the BN landscape"
// Notation     one unit: inputs u_1 … u_m, plain layer x = Uw + b, loss L with gradient g at the layer's output; with
//              batch norm z = γ(x − μ)/s + β, s = √(σ² + ε), L̂(w, γ, β) = L(z); u: batch × channels. "Matched": γ = s,
//              β = μ, so that z = x (SAN18 has no ε: γ = σ)
// Hypotheses   s ≠ 0; one batch, the one that L is over; γ and β trained; the plain layer has a bias
//
//     z = Uw′ + b′   with w′ = (γ/s) w, b′ = β + (γ/s)(b − μ):     L̂(w, γ, β) = L(w′, b′)
//     dL̂ = ⟨g, U dw′ + db′⟩
//
// Why. Φ: (w, γ, β) ↦ (w′, b′) is continuous, and Φ(w, s, μ) = (w, b). If L is nowhere smaller than at (w, b) in a
// neighbourhood, L∘Φ is nowhere smaller than at (w, s, μ) in one: (local and global) minima are preserved. Without a
// bias in the plain layer b′ is a new parameter: with Uᵀg = 0 the derivative is Σg · db′, and a minimum stays
// stationary only where Σg = 0.
#include "proofs_checks/inputs/linear_layer.hpp"
#include "proofs_checks/numbers/elementary.hpp"
#include "theory/objectives/equivalent_plain_layer.hpp"
#include "theory/objectives/least_squares_residual.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

const InputSpec bias = {"bias", Role::shift};
const InputSpec target = {"t", Role::target, Dimension::batch, Dimension::one};

std::vector<InputSpec> unit(const std::vector<InputSpec>& more = {}) { return linear_layer_and_batch_norm(more); }
std::vector<InputSpec> unit_and_direction(std::vector<InputSpec> more = {}) {
  for (const InputSpec& direction : {InputSpec{"v_weights", Role::direction, Dimension::outputs, Dimension::channels},
                                     InputSpec{"v_gamma", Role::direction}, InputSpec{"v_beta", Role::direction}})
    more.push_back(direction);
  return unit(more);
}

std::vector<Sizes> sizes() {
  return {{.batch = 1}, {.batch = 2}, {.batch = 3}, {.batch = 3, .channels = 2}, {.batch = 4, .channels = 2}};
}

Number bias_of(const Inputs& in) { return in.has("bias") ? in.scalar("bias") : Number(0); }

theory::NormalizedUnit<Number> theory_unit(const Inputs& in) {
  return {in("u"),         as_vector<Number>(in("weights")), bias_of(in), in.scalar("gamma"), in.scalar("beta"),
          in.scalar("eps")};
}

Values normalized_output(const Inputs& in) { return row_major(reference_batch_norm(after_linear(in))); }
Side output_with_batch_norm() { return by_reference("z: the linear layer, then LI23 Algorithm 1", normalized_output); }
Values plain_output(const Inputs& in) {
  return row_major(theory::linear_unit<Number>(in("u"), {as_vector<Number>(in("weights")), bias_of(in)}));
}

// dL̂ along (v_weights, v_gamma, v_beta): any loss with gradient dy at z has it.
Side derivative_with_batch_norm() {
  return derivative_along(Witness::reference, "dL̂ along (dw, dγ, dβ), LI23 Algorithm 1",
                          {{"weights", "v_weights"}, {"gamma", "v_gamma"}, {"beta", "v_beta"}},
                          [](const auto& in) { return loss_after_linear(in); });
}
theory::PlainUnit<Number> plain_direction(const Inputs& in) {
  return theory::equivalent_plain_direction<Number>(theory_unit(in), as_vector<Number>(in("v_weights")),
                                                    in.scalar("v_gamma"), in.scalar("v_beta"));
}
// ⟨g, U dw′ + db′⟩.
Number plain_derivative(const Inputs& in, const theory::PlainUnit<Number>& direction) {
  return dot<Number>(in("dy"), Array<Number>(theory::linear_unit<Number>(in("u"), direction)));
}

Number sum_of(const Array<Number>& array) {
  Number sum(0);
  for (Eigen::Index k = 0; k < array.size(); ++k) sum += array(k);
  return sum;
}

// Σ (z_i − t_i)² of one batch.
Number squared_loss(const Values& z, const Array<Number>& t) {
  Number sum(0);
  for (std::size_t i = 0; i < z.size(); ++i) {
    const Number residual = z[i] - t(static_cast<Eigen::Index>(i));
    sum += residual * residual;
  }
  return sum;
}

// Σ (z_i − t_i)² of the best plain layer with a bias, one input.
Number least_plain_loss(const Inputs& in) {
  return Number(in.sizes.batch) * theory::least_squares_residual<Number>(in("u"), as_vector<Number>(in("t")));
}
Side best_plain_layer() {
  return by_theory("min Σ (wu_i + b − t_i)²", [](const Inputs& in) { return Values{least_plain_loss(in)}; });
}

struct Line {
  Number slope, offset;
};
Line best_line(const Inputs& in) {
  const theory::Vector<Number> u = as_vector<Number>(in("u")), t = as_vector<Number>(in("t"));
  Line line;
  line.slope = theory::biased_covariance(u, t) / theory::biased_covariance(u, u);
  line.offset = reference_mean(in("t"))[0] - line.slope * reference_mean(in("u"))[0];
  return line;
}

// ½ Σ (z_i − t_i)² when w moves along itself: its second derivative.
Number second_derivative_along_the_weights(const Inputs& in) {
  using First = numbers::Dual<Number>;
  using Second = numbers::Dual<First>;
  BasicInputs<Second> lifted;
  lifted.sizes = in.sizes;
  for (const char* name : {"u", "weights", "bias", "gamma", "beta", "eps"}) {
    Array<Second> array(in(name).rows(), in(name).cols());
    for (Eigen::Index k = 0; k < array.size(); ++k) array(k) = Second(First(in(name)(k)));
    lifted.set(name, std::move(array));
  }
  Array<Second> weights = lifted("weights");
  for (Eigen::Index k = 0; k < weights.size(); ++k) {
    const Number& w = in("weights")(k);
    weights(k) = Second(First(w, w), First(w));
  }
  lifted.set("weights", std::move(weights));
  const Array<Second> z = reference_batch_norm(after_linear(lifted));
  Second loss(0);
  for (Eigen::Index i = 0; i < z.size(); ++i) {
    const Second residual = z(i) - Second(First(in("t")(i)));
    loss += residual * residual / Second(2);
  }
  return loss.tangent.tangent;
}
Side curvature() {
  return by_reference("wᵀ(∂²L̂/∂w∂w)w, second derivatives of the forward pass",
                      [](const Inputs& in) { return Values{second_derivative_along_the_weights(in)}; });
}

// ---- hypotheses

Hypothesis matched() {
  return imposing("matched", "γ = √(σ² + ε), β = μ", [](Inputs& in) {
    const Array<Number> x = reference_linear(in);
    const Number radicand = reference_variance(x)[0] + in.scalar("eps");
    in.set("gamma", sqrt(radicand));
    in.set("beta", reference_mean(x)[0]);
  });
}
// dy := dy − its components along the columns of U, made orthogonal one after the other.
Hypothesis plain_weights_are_stationary() {
  return imposing("plain_weights_stationary", "∂L/∂w = Uᵀg = 0", [](Inputs& in) {
    std::vector<Array<Number>> columns;
    const auto without_earlier = [&](Array<Number> v) {
      for (const Array<Number>& earlier : columns) {
        const Number share = dot<Number>(v, earlier) / dot<Number>(earlier, earlier);
        for (Eigen::Index i = 0; i < v.size(); ++i) v(i) -= share * earlier(i);
      }
      return v;
    };
    for (Eigen::Index k = 0; k < in("u").cols(); ++k) columns.push_back(without_earlier(Array<Number>(in("u").col(k))));
    in.set("dy", without_earlier(in("dy")));
  });
}
// w := cov(u, t)/var(u), b := mean t − w mean u.
Hypothesis plain_layer_is_optimal() {
  return imposing("plain_optimum", "w = cov(u, t)/var(u), b = mean t − w mean u", [](Inputs& in) {
    const Line line = best_line(in);
    in.set("weights", line.slope);
    in.set("bias", line.offset);
  });
}
Hypothesis plain_activations_are_constant() {
  return imposing("constant_activations", "w = 0: σ = 0, all activations are b", [](Inputs& in) {
    in.set("weights", Array<Number>::Constant(in("weights").rows(), in("weights").cols(), Number(0)));
  });
}
Hypothesis gamma_zero_beta_bias() {
  return imposing("gamma_zero", "γ = 0 (= σ), β = b (= μ)", [](Inputs& in) {
    in.set("gamma", Number(0));
    in.set("beta", in.scalar("bias"));
  });
}

// ---- natural cases of near-misses

Hypothesis activations_are_centred() {
  return imposing("activations_centred", "μ = 0: b = −mean(Uw)", [](Inputs& in) {
    in.set("bias", Number(0));
    const Number mean = reference_mean(reference_linear(in))[0];
    in.set("bias", -mean);
  });
}
Hypothesis gamma_is_stationary() {
  return imposing("gamma_stationary", "∂L̂/∂γ = 0: ⟨z − t, x̂⟩ = 0", [](Inputs& in) {
    const Inputs layer = after_linear(in);
    const Array<Number> x_hat = reference_x_hat(layer), z = reference_batch_norm(layer);
    Array<Number> t = in("t");
    Number product(0);
    for (Eigen::Index i = 0; i < t.size(); ++i) product += (z(i) - t(i)) * x_hat(i);
    const Number share = product / dot<Number>(x_hat, x_hat);
    for (Eigen::Index i = 0; i < t.size(); ++i) t(i) += share * x_hat(i);
    in.set("t", t);
  });
}

// The output of the plain layer with altered w′ = scale·w, b′ = β + scale·(b − share·μ).
struct Altered {
  Number scale, mean_share;
};
Formula plain_layer_with(Altered (*alter)(const theory::NormalizedUnit<Number>& unit,
                                          const theory::Statistics<Number>& st)) {
  return [=](const Inputs& in) {
    const theory::NormalizedUnit<Number> own = theory_unit(in);
    const theory::Statistics<Number> st = theory::statistics(own);
    const Altered altered = alter(own, st);
    theory::PlainUnit<Number> plain = {own.w, own.beta + altered.scale * (own.b - altered.mean_share * st.mean(0))};
    for (Eigen::Index k = 0; k < plain.w.size(); ++k) plain.w(k) *= altered.scale;
    return row_major(Array<Number>(theory::linear_unit<Number>(own.u, plain)));
  };
}

// Two minibatches: u with t, and other_u with other_t.
std::vector<InputSpec> two_minibatches() {
  return unit({bias,
               target,
               {"other_u", Role::activation, Dimension::batch, Dimension::channels},
               {"other_t", Role::target, Dimension::batch, Dimension::one}});
}
Inputs other_minibatch(const Inputs& in) {
  Inputs other = in;
  other.set("u", in("other_u"));
  other.set("t", in("other_t"));
  return other;
}
Values on_both(const Inputs& in, Values (*output)(const Inputs&)) {
  Values both = output(in);
  for (const Number& value : output(other_minibatch(in))) both.push_back(value);
  return both;
}

}  // namespace

Claim bn_minima_preserved() {
  Claim claim = {
      .title = "All minima of the plain layer's loss are minima of the loss with batch norm",
      .sources = {{"SAN18", "Observation 4.3"}},
      .notation =
          "one unit: inputs u_1 … u_m (rows of U), plain layer x = Uw + b, L a loss with gradient g at the layer's "
          "output; with batch norm z = γ(x − μ)/s + β, s = √(σ² + ε), L̂(w, γ, β) = L(z); matched: γ = s, β = μ, so "
          "that z = x. SAN18 has ε = 0 and γ = σ. t a target, L = Σ (z_i − t_i)² or half of it",
      .why =
          "On one batch z = Uw′ + b′ with w′ = (γ/s)w, b′ = β + (γ/s)(b − μ): L̂ = L∘Φ, Φ continuous, and Φ takes "
          "the matched point to (w, b). So a minimum of L(w, b) is one of L̂. Without a bias the plain layer has b′ "
          "= 0 only: at a point with Uᵀg = 0, dL̂ = Σg · db′.",
      .explain =
          "SAN18 Observation 4.3 sets γ = σ and β = μ, so that batch norm undoes itself, and concludes that every "
          "minimum of the plain network is one of the network with batch norm. Equal outputs at a point are not "
          "enough for that: what counts is the neighbourhood. If the plain layer has a bias b, the conclusion is "
          "right for one batch: the layer with batch norm is on this batch a plain layer with weights (γ/s)w and bias "
          "β + (γ/s)(b − μ), so its loss takes no values near the point that the plain loss does not take near (w, "
          "b). Without a bias, as SAN18 writes the layer (y = Wx), it is wrong: β adds one. For u = (0, 1), t = (−1, "
          "1) the best w without bias is 1, with residuals (1, 0); batch norm lowers the loss by moving β. It stays "
          "stationary exactly where the residuals add up to 0; to hold γ and β at σ and μ does not help, since μ and "
          "σ move with w. With γ = 1, β = 0 fixed it is wrong: outputs then have variance 1, and u = t = (0, 1) "
          "cannot be fitted. Over several minibatches with one (γ, β) it is wrong: batch norm gives them all the mean "
          "β, and its loss cannot fall below (m/2)(t̄ − t̄′)² for targets of means t̄, t̄′, which a plain layer may fit. "
          "A strict minimum is no longer strict at ε = 0: the loss does not change along w, so it lies on a ray. And "
          "σ = 0 has no γ = σ configuration with the same W at ε = 0 (0/0); other weights with γ = 0, β = b give the "
          "same constant outputs, unless all of U is constant on the batch, as for m = 1. With ε > 0 put γ = √(σ² + "
          "ε). One unit is looked at; layers of several, one unit after the other, are the same.",
  };
  const auto add = [&](Reading reading) { claim.readings.push_back(std::move(reading)); };

  add({.id = "printed_san18__same_activations",
       .statement = "γ = σ, β = μ ⇒ z = Uw + b, ε = 0, one batch",
       .inputs = unit({bias}),
       .sizes = {{.batch = 2}, {.batch = 3}, {.batch = 4, .channels = 2}},
       .hypotheses = {eps_is_zero(), matched()},
       .left = output_with_batch_norm(),
       .right = by_theory("Uw + b", plain_output),
       .why = "The observation's first sentence, where σ ≠ 0. At σ = 0 it is wrong: z = 0/0 for every γ, β."});
  add({.id = "printed_san18__with_bias",
       .statement = "z = Uw′ + b′, w′ = (γ/s)w, b′ = β + (γ/s)(b − μ), for all w, b, γ, β and ε ≥ 0, one batch",
       .inputs = unit({bias}),
       .sizes = sizes(),
       .left = output_with_batch_norm(),
       .right = by_theory("the equivalent plain layer",
                          [](const Inputs& in) {
                            return row_major(Array<Number>(
                                theory::linear_unit<Number>(in("u"), theory::equivalent_plain_unit(theory_unit(in)))));
                          }),
       .why = "So L̂ = L∘Φ with Φ continuous and Φ(w, s, μ) = (w, b): every local minimum (w, b) of L gives the "
              "local minimum (w, s, μ) of L̂, and global ones stay global. By hand from this identity."});
  add({.id = "printed_san18__with_bias__gradient",
       .statement = "dL̂ along (dw, dγ, dβ) = dL along (dw′, db′), for all w, b, γ, β and ε ≥ 0, any loss",
       .inputs = unit_and_direction({bias}),
       .sizes = sizes(),
       .left = derivative_with_batch_norm(),
       .right = by_theory("⟨g, U dw′ + db′⟩",
                          [](const Inputs& in) { return Values{plain_derivative(in, plain_direction(in))}; }),
       .why = "Where Uᵀg = 0 and Σg = 0 the right side is 0: stationary points of the plain layer with a bias stay "
              "so. γ and β held at s and μ are the case dγ = dβ = 0."});
  add({.id = "printed_san18__without_bias",
       .statement = "plain layer without bias, ∂L/∂w = 0, γ = s, β = μ ⇒ dL̂ = 0 along every (dw, dγ, dβ)",
       .inputs = unit_and_direction(),
       .sizes = {{.batch = 2}, {.batch = 3}, {.batch = 3, .channels = 2}},
       .hypotheses = {plain_weights_are_stationary(), matched()},
       .left = derivative_with_batch_norm(),
       .right = by_definition("0", [](const Inputs&) { return Values{Number(0)}; }),
       .why = "∂L̂/∂β = Σg, which a plain layer without bias does not bring to 0. without_bias__defect is the exact "
              "rest: stationary if and only if Σg = 0."});
  add({.id = "printed_san18__without_bias__gamma_beta_held",
       .statement = "plain layer without bias, ∂L/∂w = 0, γ = σ, β = μ held ⇒ dL̂ = 0 along every dw, ε = 0",
       .inputs = unit({{"v_weights", Role::direction, Dimension::outputs, Dimension::channels}}),
       .sizes = {{.batch = 3, .channels = 2}, {.batch = 4, .channels = 2}},
       .hypotheses = {eps_is_zero(), plain_weights_are_stationary(), matched()},
       .left = derivative_along(Witness::reference, "dL̂ along dw, LI23 Algorithm 1", "weights", "v_weights",
                                [](const auto& in) { return loss_after_linear(in); }),
       .right = by_definition("0", [](const Inputs&) { return Values{Number(0)}; }),
       .why = "SAN18 §4.1 to the letter: y = Wx, γ and β constant. μ and σ move with w, and the outputs' mean stays β: "
              "dL̂ = Σg · db′ again. With one input, or m = 2, nothing moves at ε = 0."});
  add({.id = "without_bias__defect",
       .statement = "plain layer without bias, ∂L/∂w = 0 ⇒ dL̂ = Σg · db′ along (dw, dγ, dβ), all γ, β and ε ≥ 0",
       .inputs = unit_and_direction(),
       .sizes = {{.batch = 2}, {.batch = 3}, {.batch = 3, .channels = 2}, {.batch = 4, .channels = 2}},
       .hypotheses = {plain_weights_are_stationary()},
       .left = derivative_with_batch_norm(),
       .right =
           by_theory("Σg · db′", [](const Inputs& in) { return Values{sum_of(in("dy")) * plain_direction(in).b}; }),
       .why = "db′ = dβ along β: the derivative is 0 in every direction if and only if Σg = 0."});
  add({.id = "least_squares__value",
       .statement =
           "at the plain layer's least-squares optimum, γ = s, β = μ: Σ (z_i − t_i)² = min Σ (wu_i + b − t_i)²",
       .inputs = unit({bias, target}),
       .sizes = {{.batch = 3}, {.batch = 4}},
       .hypotheses = {plain_layer_is_optimal(), matched()},
       .left = by_reference("Σ (z_i − t_i)²",
                            [](const Inputs& in) { return Values{squared_loss(normalized_output(in), in("t"))}; }),
       .right = best_plain_layer(),
       .why = "The optimal value is attained with batch norm too, every ε ≥ 0."});
  add({.id = "least_squares__global",
       .statement = "min Σ (wu_i + b − t_i)² ≤ Σ (z_i − t_i)² for all w, γ, β and ε ≥ 0",
       .inputs = unit({bias, target}),
       .sizes = {{.batch = 2}, {.batch = 3}, {.batch = 4}},
       .left = best_plain_layer(),
       .relation = Relation::at_most,
       .right = by_reference("Σ (z_i − t_i)²",
                             [](const Inputs& in) { return Values{squared_loss(normalized_output(in), in("t"))}; }),
       .gap =
           [](const Inputs& in) {
             const Line line = best_line(in);
             const Values z = normalized_output(in);
             std::vector<SquareTerm> terms;
             for (int i = 0; i < in.sizes.batch; ++i)
               terms.push_back({.root = z[static_cast<std::size_t>(i)] - line.slope * in("u")(i)-line.offset});
             return terms;
           },
       .why = "And it is not undercut: the difference is the squared distance to the best line's outputs."});
  add({.id = "printed_san18__gamma_one_beta_zero",
       .statement = "γ = 1, β = 0 fixed, one input, ε = 0: min_w Σ (z_i − t_i)² ≤ min_(w, b) Σ (wu_i + b − t_i)²",
       .inputs = {{"u", Role::activation, Dimension::batch, Dimension::one}, target},
       .sizes = {{.batch = 2}, {.batch = 3}},
       .left = by_reference("‖t‖² + m − 2|⟨û, t⟩|, û the normalized inputs: z = ±û for every w ≠ 0",
                            [](const Inputs& in) {
                              Inputs layer = in;
                              layer.set("x", in("u"));
                              layer.set("eps", Number(0));
                              const Number product = dot<Number>(reference_x_hat(layer), in("t"));
                              return Values{dot<Number>(in("t"), in("t")) + Number(in.sizes.batch) -
                                            Number(2) * (relu(product) + relu(-product))};
                            }),
       .relation = Relation::at_most,
       .right = best_plain_layer(),
       .why = "The outputs have mean 0 and variance 1 whatever w is: a plain minimum with other outputs is lost. γ "
              "and β must be trained, or be held at that minimum's s and μ."});
  add({.id = "printed_san18__several_minibatches",
       .statement = "γ = s, β = μ of one minibatch ⇒ the plain layer's outputs on it and on another one, same w, b",
       .inputs = two_minibatches(),
       .sizes = {{.batch = 2}, {.batch = 3}},
       .hypotheses = {matched()},
       .left = by_reference("z on both minibatches", [](const Inputs& in) { return on_both(in, normalized_output); }),
       .right = by_theory("Uw + b on both minibatches", [](const Inputs& in) { return on_both(in, plain_output); }),
       .why = "It is right on the first. Each minibatch has its own μ and s, and would need its own γ and β. Other "
              "weights do not help: several_minibatches__lower_bound."});
  add({.id = "several_minibatches__lower_bound",
       .statement = "two minibatches, squared loss: (m/2)(t̄ − t̄′)² ≤ L̂ for all w, b, γ, β and ε ≥ 0",
       .inputs = two_minibatches(),
       .sizes = {{.batch = 1}, {.batch = 2}, {.batch = 3}, {.batch = 3, .channels = 2}},
       .left = by_definition("(m/2)(t̄ − t̄′)²",
                             [](const Inputs& in) {
                               const Number m(in.sizes.batch);
                               const Number difference = sum_of(in("t")) / m - sum_of(in("other_t")) / m;
                               return Values{m / Number(2) * difference * difference};
                             }),
       .relation = Relation::at_most,
       .right = by_reference("Σ (z_i − t_i)² + Σ (z′_i − t′_i)²",
                             [](const Inputs& in) {
                               return Values{squared_loss(normalized_output(in), in("t")) +
                                             squared_loss(normalized_output(other_minibatch(in)), in("other_t"))};
                             }),
       .gap =
           [](const Inputs& in) {
             std::vector<SquareTerm> terms;
             const Number m(in.sizes.batch);
             Number middle(0);
             for (const Inputs& one : {in, other_minibatch(in)}) {
               const Number mean = sum_of(one("t")) / m;
               middle += mean / Number(2);
               const Values z = normalized_output(one);
               for (int i = 0; i < in.sizes.batch; ++i)
                 terms.push_back({.root = (z[static_cast<std::size_t>(i)] - in.scalar("beta")) - (one("t")(i) - mean)});
             }
             terms.push_back({.root = in.scalar("beta") - middle, .numerator = 2 * in.sizes.batch});
             return terms;
           },
       .why =
           "Batch norm gives every minibatch the mean β. A plain layer may fit targets whose means differ, loss 0: a "
           "global minimum that no (w, γ, β) keeps."});
  add({.id = "strict",
       .statement =
           "along w, L̂ is curved as L is about the mean: wᵀ(∂²L̂/∂w∂w)w = Σ (x_i − μ)², γ = s, β = μ, ε ≥ 0, L = ½ "
           "Σ (z_i − t_i)²",
       .inputs = unit({bias, target}),
       .sizes = {{.batch = 2}, {.batch = 3}},
       .hypotheses = {matched()},
       .left = curvature(),
       .right = by_theory("Σ (x_i − μ)²",
                          [](const Inputs& in) {
                            return Values{Number(in.sizes.batch) *
                                          theory::statistics(theory_unit(in)).biased_variance(0)};
                          }),
       .why = "A strict minimum does not stay strict: at ε = 0 scaling w changes nothing and the curvature is 0; "
              "strict__along_the_weights has it for every ε."});
  add({.id = "strict__along_the_weights",
       .statement = "wᵀ(∂²L̂/∂w∂w)w = (γε/s²)² Σ x̂² − 3γεσ²s⁻⁴ ⟨z − t, x̂⟩, all γ, β, ε ≥ 0, L = ½ Σ (z_i − t_i)²",
       .inputs = unit({bias, target}),
       .sizes = {{.batch = 2}, {.batch = 3}, {.batch = 3, .channels = 2}},
       .left = curvature(),
       .right = by_theory("the closed form",
                          [](const Inputs& in) {
                            return Values{theory::curvature_along_the_weights<Number>(theory_unit(in),
                                                                                      as_vector<Number>(in("t")))};
                          }),
       .why = "0 at ε = 0: the minimum is a ray. At a matched stationary point (ε/s²)² Σ (x_i − μ)²: strict for ε > "
              "0, and very flat for small ε."});
  add({.id = "constant_activations__gamma_zero",
       .statement = "w = 0 (σ = 0): any other weights v with γ = 0, β = b give the plain outputs, where σ(Uv)² + ε ≠ 0",
       .inputs = unit({bias, {"other", Role::weight, Dimension::outputs, Dimension::channels}}),
       .sizes = {{.batch = 2}, {.batch = 3, .channels = 2}},
       .hypotheses = {plain_activations_are_constant(), gamma_zero_beta_bias()},
       .left =
           by_reference("z with the weights v",
                        [](const Inputs& in) { return row_major(reference_batch_norm(after_linear(in, "other"))); }),
       .right = by_theory("Uw + b", plain_output),
       .why = "The same W cannot do it at ε = 0. By printed_san18__with_bias (v, 0, b) is a local minimum where (0, "
              "b) is. If U is constant on the batch, as for m = 1, there is no such v and the landscape with ε = 0 "
              "is empty."});

  claim.mutants = {
      {.id = "forgets_the_mean",
       .reading = "printed_san18__with_bias",
       .words = "b′ = β + (γ/s) b",
       .agrees_when = activations_are_centred(),
       .right = plain_layer_with([](const theory::NormalizedUnit<Number>& own, const theory::Statistics<Number>& st) {
         return Altered{own.gamma / st.s(0), Number(0)};
       })},
      {.id = "sigma_for_s",
       .reading = "printed_san18__with_bias",
       .words = "γ/σ for γ/s",
       .agrees_when = eps_is_zero(),
       .right = plain_layer_with([](const theory::NormalizedUnit<Number>& own, const theory::Statistics<Number>& st) {
         const Number variance = st.biased_variance(0);
         return Altered{own.gamma / sqrt(variance), Number(1)};
       }),
       .agreeing_sizes = {{.batch = 2}, {.batch = 4, .channels = 2}}},
      {.id = "forgets_gamma",
       .reading = "printed_san18__with_bias",
       .words = "1/s for γ/s",
       .agrees_when = imposing("gamma_one", "γ = 1", [](Inputs& in) { in.set("gamma", Number(1)); }),
       .right = plain_layer_with([](const theory::NormalizedUnit<Number>&, const theory::Statistics<Number>& st) {
         return Altered{Number(1) / st.s(0), Number(1)};
       })},
      {.id = "freezes_gamma",
       .reading = "printed_san18__with_bias__gradient",
       .words = "dw′ and db′ without dγ",
       .agrees_when = input_is("gamma_fixed", "dγ = 0", "v_gamma", 0),
       .right =
           [](const Inputs& in) {
             Inputs frozen = in;
             frozen.set("v_gamma", Number(0));
             return Values{plain_derivative(in, plain_direction(frozen))};
           }},
      {.id = "holds_the_statistics",
       .reading = "printed_san18__with_bias__gradient",
       .words = "dw′ and db′ with μ and s held while w moves",
       .agrees_when = input_is("weights_fixed", "dw = 0", "v_weights", 0),
       .right =
           [](const Inputs& in) {
             const theory::NormalizedUnit<Number> own = theory_unit(in);
             const theory::Statistics<Number> st = theory::statistics(own);
             theory::PlainUnit<Number> direction = {
                 as_vector<Number>(in("v_weights")),
                 in.scalar("v_beta") + in.scalar("v_gamma") * (own.b - st.mean(0)) / st.s(0)};
             for (Eigen::Index k = 0; k < own.w.size(); ++k)
               direction.w(k) = (own.gamma * direction.w(k) + in.scalar("v_gamma") * own.w(k)) / st.s(0);
             return Values{plain_derivative(in, direction)};
           }},
      {.id = "beta_alone",
       .reading = "without_bias__defect",
       .words = "Σg · dβ",
       .agrees_when = imposing("gamma_and_weights_fixed", "dw = 0, dγ = 0",
                               [](Inputs& in) {
                                 input_is("", "", "v_weights", 0).impose(in);
                                 in.set("v_gamma", Number(0));
                               }),
       .right = [](const Inputs& in) { return Values{sum_of(in("dy")) * in.scalar("v_beta")}; }},
      {.id = "forgets_the_bend",
       .reading = "strict__along_the_weights",
       .words = "(γε/s²)² Σ x̂² alone",
       .agrees_when = gamma_is_stationary(),
       .right =
           [](const Inputs& in) {
             const theory::NormalizedUnit<Number> own = theory_unit(in);
             const theory::Statistics<Number> st = theory::statistics(own);
             const Number slope = own.gamma * own.eps / (st.s(0) * st.s(0));
             Number sum(0);
             for (int i = 0; i < in.sizes.batch; ++i) sum += slope * slope * st.x_hat(i, 0) * st.x_hat(i, 0);
             return Values{sum};
           }},
  };
  return claim;
}

}  // namespace normproof::claims
