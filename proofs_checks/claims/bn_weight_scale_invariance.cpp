// Claim: batch norm does not see the length of the weights before it: BN((aW)u) = BN(Wu).
//
// Source       consequence of LI23 Algorithm 1; WIKI, length–direction decoupling: w̃ = γ w/‖w‖_S
// Notation     u the inputs of a linear layer, W its weights (one row a unit), x = Wu, s = √(var x + ε), g = ∂ℓ/∂y;
//              a a number, the same for all units
// Hypotheses   a > 0 and ε = 0; each is dropped below. The layer has no bias: dropped too, and not needed
//
//     BN((aW)u) = BN(Wu),     ∂ℓ/∂(aW) = (1/a) ∂ℓ/∂W,     ⟨W_j, ∂ℓ/∂W_j⟩ = 0 for each unit j
//
// and for every ε ≥ 0, with BN_ε for the layer with this ε:
//
//     BN_ε((aW)u) = BN_{ε/a²}(Wu),     ∂ℓ_ε/∂(aW) = (1/a) ∂ℓ_{ε/a²}/∂W,     ⟨W_j, ∂ℓ/∂W_j⟩ = γ_j ε s_j⁻² Σ_i x̂_ij g_ij
//     BN_ε((aW)u) − BN_ε(Wu) = γ x̂ (a² − 1) ε/(s_a (a s + s_a)),  s_a = √(a² var x + ε)
//
// Why. Centring is linear and var(ax) = a² var x, so x̂ becomes a(x − μ)/√(a² var x + ε) = (x − μ)/√(var x + ε/a²) for
// a > 0. The gradients follow by the chain rule, the orthogonality by differentiating at a = 1.
#include "proofs_checks/inputs/linear_layer.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

const InputSpec factor = {"a", Role::weight};
const InputSpec direction = {"v", Role::direction, Dimension::outputs, Dimension::channels};

// W′ = aW, the weights that the layer is given.
Hypothesis weights_are_scaled() {
  return defining("scaled", "W′ = aW", [](Inputs& in) {
    Array<Number> scaled = in("weights");
    for (Eigen::Index k = 0; k < scaled.size(); ++k) scaled(k) = in.scalar("a") * scaled(k);
    in.set("scaled_weights", scaled);
  });
}

// a := a²: positive on every number type.
Hypothesis a_is_positive() {
  Hypothesis hypothesis =
      imposing("a_positive", "a > 0", [](Inputs& in) { in.set("a", in.scalar("a") * in.scalar("a")); });
  hypothesis.positive = [](const Inputs& in) { return in.scalar("a"); };
  return hypothesis;
}

// The same, for readings that fail: a stays as drawn, so that a counterexample shows a itself.
Hypothesis a_is_drawn_with_sign(int sign) {
  return {.id = sign > 0 ? "a_positive" : "a_negative",
          .sentence = sign > 0 ? "a > 0" : "a < 0",
          .positive = [=](const Inputs& in) { return sign > 0 ? in.scalar("a") : -in.scalar("a"); }};
}

Hypothesis inputs_are_centred() {
  return imposing("inputs_centred", "Σ_i u_i = 0", [](Inputs& in) {
    Array<Number> u = in("u");
    const theory::Vector<Number> mean = theory::mean<Number>(u);
    for (Eigen::Index i = 0; i < u.rows(); ++i)
      for (Eigen::Index j = 0; j < u.cols(); ++j) u(i, j) = u(i, j) - mean(j);
    in.set("u", u);
  });
}

// ε := 1 − var x: s = 1 in a layer of one unit, whatever x is.
Hypothesis s_is_one() {
  return imposing("s_one", "s = 1", [](Inputs& in) {
    in.set("eps", Number(1) - theory::biased_variance<Number>(theory_batch_after_linear(in).x)(0));
  });
}

std::vector<Sizes> one_unit_sizes() {
  return {{.batch = 2, .channels = 2}, {.batch = 3, .channels = 2}, {.batch = 4, .channels = 3}};
}

Side output_of_scaled() {
  return by_reference("BN((aW)u), LI23 Algorithm 1", [](const Inputs& in) {
    return row_major(reference_batch_norm(after_linear(in, "scaled_weights")));
  });
}

// d/dt ℓ(W′ + tV) at t = 0, through the reference's forward pass at W′ = aW.
Side derivative_at_scaled() {
  return derivative_along(Witness::reference, "d/dt ℓ(aW + tV) at t = 0, LI23 Algorithm 1", "scaled_weights", "v",
                          [](const auto& in) { return loss_after_linear(in, "scaled_weights"); });
}

Number sign_of(const Number& a) { return a / sqrt(a * a); }

// BN_e(Wu) with e = wanted(a, ε).
Formula output_with_eps(Number (*wanted)(const Number& a, const Number& eps)) {
  return [=](const Inputs& in) {
    theory::TrainingBatch<Number> b = theory_batch_after_linear(in);
    b.eps = wanted(in.scalar("a"), b.eps);
    return theory_output(b);
  };
}

// factor(a)·⟨∂ℓ_e/∂W, V⟩ with e = wanted(a, ε).
Formula gradient_along_v(Number (*times)(const Number& a), Number (*wanted)(const Number& a, const Number& eps)) {
  return [=](const Inputs& in) {
    theory::TrainingBatch<Number> b = theory_batch_after_linear(in);
    b.eps = wanted(in.scalar("a"), b.eps);
    return Values{times(in.scalar("a")) * dot<Number>(theory::weight_gradient<Number>(b, in("u")), in("v"))};
  };
}

Number same_eps(const Number&, const Number& eps) { return eps; }
Number eps_over_square(const Number& a, const Number& eps) { return eps / (a * a); }
Number inverse(const Number& a) { return Number(1) / a; }

// γ x̂ and β by theory, combined sample after sample.
Formula combined(Number (*of)(const Number& a, const Number& scaled_x_hat, const Number& beta)) {
  return [=](const Inputs& in) {
    const theory::TrainingBatch<Number> b = theory_batch_after_linear(in);
    Array<Number> y = theory::statistics(b).x_hat;
    for (Eigen::Index i = 0; i < y.rows(); ++i)
      for (Eigen::Index j = 0; j < y.cols(); ++j) y(i, j) = of(in.scalar("a"), b.gamma(j) * y(i, j), b.beta(j));
    return row_major(y);
  };
}

// uᵀw̃ + β with w̃ = γ w/√(wᵀSw), S = (1/m) Σ u uᵀ: no variance is formed, and no a.
Values through_decoupled_weights(const Inputs& in) {
  const Array<Number>&u = in("u"), &w = in("weights");
  Values y;
  for (Eigen::Index i = 0; i < u.rows(); ++i)
    for (Eigen::Index unit = 0; unit < w.rows(); ++unit) {
      Number square_of_norm(0), product(0);
      for (Eigen::Index j = 0; j < u.cols(); ++j) {
        for (Eigen::Index k = 0; k < u.cols(); ++k) {
          Number s_jk(0);
          for (Eigen::Index l = 0; l < u.rows(); ++l) s_jk += u(l, j) * u(l, k);
          square_of_norm += w(unit, j) * w(unit, k) * s_jk / Number(static_cast<int>(u.rows()));
        }
        product += u(i, j) * w(unit, j);
      }
      y.push_back(in("gamma")(unit)*product / sqrt(square_of_norm) + in("beta")(unit));
    }
  return y;
}

// The summands of ⟨W, ∂ℓ/∂W⟩ by input, summed over the units.
Values radial_summands(const Inputs& in) {
  const Array<Number> dw = theory::weight_gradient<Number>(theory_batch_after_linear(in), in("u"));
  Values summands;
  for (Eigen::Index k = 0; k < dw.cols(); ++k) {
    Number sum(0);
    for (Eigen::Index j = 0; j < dw.rows(); ++j) sum += in("weights")(j, k) * dw(j, k);
    summands.push_back(sum);
  }
  return summands;
}

// V := W but for the weights of the last input, which rest.
Hypothesis direction_is_all_but_the_last_input() {
  return imposing("radial_but_last", "V = W without its last column", [](Inputs& in) {
    Array<Number> v = in("weights");
    for (Eigen::Index j = 0; j < v.rows(); ++j) v(j, v.cols() - 1) = Number(0);
    in.set("v", v);
  });
}

// Σ_j γ_j ε s_j⁻² Σ_i x̂_ij g_ij, each unit's share times wrong_factor(s, γ).
Formula radial_derivative_times(Number (*wrong_factor)(const Number& s, const Number& gamma)) {
  return [=](const Inputs& in) {
    const theory::TrainingBatch<Number> b = theory_batch_after_linear(in);
    const theory::Vector<Number> radial = theory::radial_derivative(b), s = theory::statistics(b).s;
    Number sum(0);
    for (Eigen::Index j = 0; j < radial.size(); ++j) sum += radial(j) * wrong_factor(s(j), b.gamma(j));
    return Values{sum};
  };
}

Side radial_derivative_by_reference() {
  return derivative_along(Witness::reference, "d/dt ℓ((1 + t)W) at t = 0, LI23 Algorithm 1", "weights", "weights",
                          [](const auto& in) { return loss_after_linear(in); });
}

}  // namespace

Claim bn_weight_scale_invariance() {
  const std::vector<InputSpec> scaled = linear_layer_and_batch_norm({factor});
  const std::vector<InputSpec> scaled_and_v = linear_layer_and_batch_norm({factor, direction});
  return {
      .title = "Batch norm does not see the length of the weights before it: BN((aW)u) = BN(Wu)",
      .sources = {{"consequence", "of LI23 Algorithm 1"}, {"WIKI", "Length–direction decoupling, w̃ = γ w/‖w‖_S"}},
      .notation =
          "u the inputs of a linear layer, W its weights, one row a unit; x = Wu, s = √(var x + ε), g = ∂ℓ/∂y; a a "
          "number; BN_ε the layer with this ε",
      .why =
          "Centring is linear and var(ax) = a² var x, so the normalized value of ax is a(x − μ)/√(a² var x + ε), which "
          "for a > 0 is (x − μ)/√(var x + ε/a²): rescaling the weights by a is the same as replacing ε by ε/a². "
          "Differentiating by W gives the factor 1/a, differentiating by a at a = 1 the derivative along W.",
      .explain =
          "Batch norm divides by the standard deviation of what it is given. If all weights of the layer before it are "
          "multiplied by a > 0, values and standard deviation both grow by a, and the output stays as it was. So the "
          "loss, seen as a function of the weights of a unit, is constant along the ray through them: its gradient is "
          "perpendicular to the weights, and shrinks like 1/a when they grow. All of this is exact for ε = 0. With "
          "ε > 0 long weights make ε matter less and short weights make it matter more, exactly as if ε were ε/a²; the "
          "derivative along the weights is then γ ε s⁻² Σ x̂ g, small as long as ε is small against the variance. A "
          "negative a turns the sign of the normalized values over, and leaves β alone. A bias of the layer changes "
          "nothing in this, whether it is rescaled with the weights or not: batch norm subtracts it.",
      .readings =
          {
              {.id = "printed__output",
               .statement = "BN((aW)u) = BN(Wu) for a > 0, ε = 0",
               .inputs = scaled,
               .sizes = linear_layer_sizes(),
               .hypotheses = {eps_is_zero(), a_is_positive(), weights_are_scaled()},
               .left = output_of_scaled(),
               .right = by_theory("γ x̂ + β of x = Wu", output_with_eps(same_eps)),
               .why = "A single sample and a constant x have no x̂ at ε = 0, on either side."},
              {.id = "printed__gradient",
               .statement = "∂ℓ/∂(aW) = (1/a) ∂ℓ/∂W for a > 0, ε = 0, along every direction V",
               .inputs = scaled_and_v,
               .sizes = linear_layer_sizes(),
               .hypotheses = {eps_is_zero(), a_is_positive(), weights_are_scaled()},
               .left = derivative_at_scaled(),
               .right = by_theory("(1/a) ⟨∂ℓ/∂W, V⟩, compact form", gradient_along_v(inverse, same_eps)),
               .why = "Two samples at ε = 0 have no gradient at all: x̂ is ±1 whatever W is."},
              {.id = "printed__orthogonality",
               .statement = "⟨W, ∂ℓ/∂W⟩ = 0 at ε = 0",
               .inputs = linear_layer_and_batch_norm({direction}),
               .sizes = linear_layer_sizes(),
               .hypotheses = {eps_is_zero(), direction_is_all_but_the_last_input()},
               .left = derivative_along(Witness::reference, "the derivative along W without its last column", "weights",
                                        "v", [](const auto& in) { return loss_after_linear(in); }),
               .right = by_theory("−Σ_j W_jn ∂ℓ/∂W_jn, the last column, compact form",
                                  [](const Inputs& in) { return minus_last(radial_summands(in)); }),
               .why = "The sum without the last column is compared with minus the last one: 0 = 0 compares nothing. "
                      "with_eps__orthogonality says it unit by unit, as any γ may be 0."},
              {.id = "printed_wiki",
               .statement = "BN((aW)u) = uᵀw̃ + β, w̃ = γ w/‖w‖_S: without an a, for centred u, a > 0, ε = 0",
               .inputs = scaled,
               .sizes = linear_layer_sizes(),
               .hypotheses = {eps_is_zero(), a_is_positive(), weights_are_scaled(), inputs_are_centred()},
               .left = output_of_scaled(),
               .right = by_definition("uᵀw̃ + β, S = (1/m) Σ u uᵀ", through_decoupled_weights),
               .why = "w̃ keeps the direction of w; its length ‖w̃‖_S is |γ|, whatever that of w is."},
              {.id = "any_sign__output",
               .statement = "BN((aW)u) = sgn(a) γ x̂ + β for a ≠ 0, ε = 0",
               .inputs = scaled,
               .sizes = linear_layer_sizes(),
               .hypotheses = {eps_is_zero(), weights_are_scaled()},
               .left = output_of_scaled(),
               .right = by_theory("sgn(a) γ x̂ + β of x = Wu",
                                  combined([](const Number& a, const Number& scaled_x_hat, const Number& beta) {
                                    return sign_of(a) * scaled_x_hat + beta;
                                  }))},
              {.id = "any_sign__gradient",
               .statement = "∂ℓ/∂(aW) = (1/|a|) ∂ℓ/∂W for a ≠ 0, ε = 0 and the same upstream gradient g",
               .inputs = scaled_and_v,
               .sizes = linear_layer_sizes(),
               .hypotheses = {eps_is_zero(), weights_are_scaled()},
               .left = derivative_at_scaled(),
               .right = by_theory("(1/|a|) ⟨∂ℓ/∂W, V⟩",
                                  gradient_along_v([](const Number& a) { return sign_of(a) / a; }, same_eps)),
               .why = "x̂ and x change sign together. Where a < 0 outputs differ, so a loss will rarely send back the "
                      "same g."},
              {.id = "without_a_positive__output",
               .statement = "BN((aW)u) = BN(Wu) for a < 0, ε = 0",
               .inputs = scaled,
               .sizes = linear_layer_sizes(),
               .hypotheses = {eps_is_zero(), a_is_drawn_with_sign(-1), weights_are_scaled()},
               .left = output_of_scaled(),
               .right = by_theory("γ x̂ + β of x = Wu", output_with_eps(same_eps)),
               .why = "The normalized values change sign (any_sign__output)."},
              {.id = "without_a_positive__gradient",
               .statement = "∂ℓ/∂(aW) = (1/a) ∂ℓ/∂W for a < 0, ε = 0",
               .inputs = scaled_and_v,
               .sizes = linear_layer_sizes(),
               .hypotheses = {eps_is_zero(), a_is_drawn_with_sign(-1), weights_are_scaled()},
               .left = derivative_at_scaled(),
               .right = by_theory("(1/a) ⟨∂ℓ/∂W, V⟩", gradient_along_v(inverse, same_eps)),
               .why = "The factor is 1/|a| (any_sign__gradient)."},
              {.id = "without_eps_zero__output",
               .statement = "BN((aW)u) = BN(Wu) for a > 0, ε ≥ 0",
               .inputs = scaled,
               .sizes = linear_layer_sizes(),
               .hypotheses = {a_is_drawn_with_sign(1), weights_are_scaled()},
               .left = output_of_scaled(),
               .right = by_theory("γ x̂ + β of x = Wu", output_with_eps(same_eps)),
               .why = "ε weighs less against larger x; with_eps__defect says by how much the outputs differ."},
              {.id = "without_eps_zero__gradient",
               .statement = "∂ℓ/∂(aW) = (1/a) ∂ℓ/∂W for a > 0, ε ≥ 0",
               .inputs = scaled_and_v,
               .sizes = linear_layer_sizes(),
               .hypotheses = {a_is_drawn_with_sign(1), weights_are_scaled()},
               .left = derivative_at_scaled(),
               .right = by_theory("(1/a) ⟨∂ℓ/∂W, V⟩", gradient_along_v(inverse, same_eps)),
               .why = "The right side needs ε/a² for ε (with_eps__gradient)."},
              {.id = "without_eps_zero__orthogonality",
               .statement = "⟨W, ∂ℓ/∂W⟩ = 0 for ε ≥ 0",
               .inputs = linear_layer_and_batch_norm(),
               .sizes = linear_layer_sizes(),
               .left = radial_derivative_by_reference(),
               .right = by_definition("0", [](const Inputs&) { return Values{Number(0)}; }),
               .why = "What is left is γ ε s⁻² Σ x̂ g (with_eps__orthogonality)."},
              {.id = "without_absent_bias__output",
               .statement = "BN((aW)u + b) = BN(Wu) for a > 0, ε = 0 and any bias b",
               .inputs =
                   linear_layer_and_batch_norm({factor, {"bias", Role::shift, Dimension::one, Dimension::outputs}}),
               .sizes = linear_layer_sizes(),
               .hypotheses = {eps_is_zero(), a_is_positive(), weights_are_scaled()},
               .left = by_reference("BN((aW)u + b), LI23 Algorithm 1",
                                    [](const Inputs& in) {
                                      return row_major(reference_batch_norm(after_linear(in, "scaled_weights")));
                                    }),
               .right = by_theory("γ x̂ + β of x = Wu", output_with_eps(same_eps)),
               .why = "That the layer has no bias is not needed: the mean takes it away (bn_bias_is_redundant)."},
              {.id = "with_eps__output",
               .statement = "BN_ε((aW)u) = BN_{ε/a²}(Wu) for a > 0, ε ≥ 0",
               .inputs = scaled,
               .sizes = linear_layer_sizes(),
               .hypotheses = {a_is_positive(), weights_are_scaled()},
               .left = output_of_scaled(),
               .right = by_theory("γ x̂ + β of x = Wu with ε/a² for ε", output_with_eps(eps_over_square)),
               .why = "What holds for every ε: only ε/a² counts. At ε = 0 it is printed__output."},
              {.id = "with_eps__defect",
               .statement = "BN((aW)u) − BN(Wu) = γ x̂ (a² − 1) ε/(s_a (a s + s_a)), s_a = √(a² var x + ε), a > 0",
               .inputs = scaled,
               .sizes = linear_layer_sizes(),
               .hypotheses = {a_is_positive(), weights_are_scaled()},
               .left = by_reference("BN((aW)u) − BN(Wu), LI23 Algorithm 1",
                                    [](const Inputs& in) {
                                      Array<Number> change = reference_batch_norm(after_linear(in, "scaled_weights"));
                                      const Array<Number> before = reference_batch_norm(after_linear(in));
                                      for (Eigen::Index k = 0; k < change.size(); ++k)
                                        change(k) = change(k) - before(k);
                                      return row_major(change);
                                    }),
               .right = by_theory("γ x̂ (a² − 1) ε/(s_a (a s + s_a))",
                                  [](const Inputs& in) {
                                    return row_major(Array<Number>(
                                        theory::change_by_rescaling(theory_batch_after_linear(in), in.scalar("a"))));
                                  }),
               .why = "The size of the defect. Relative to γ x̂ it is at most |a² − 1| ε/s_a², of order ε/var x."},
              {.id = "with_eps__gradient",
               .statement = "∂ℓ_ε/∂(aW) = (1/a) ∂ℓ_{ε/a²}/∂W for a > 0, ε ≥ 0",
               .inputs = scaled_and_v,
               .sizes = linear_layer_sizes(),
               .hypotheses = {a_is_positive(), weights_are_scaled()},
               .left = derivative_at_scaled(),
               .right = by_theory("(1/a) ⟨∂ℓ/∂W, V⟩ with ε/a² for ε", gradient_along_v(inverse, eps_over_square))},
              {.id = "with_eps__orthogonality",
               .statement = "⟨W, ∂ℓ/∂W⟩ = Σ_j γ_j ε s_j⁻² Σ_i x̂_ij g_ij for ε ≥ 0",
               .inputs = linear_layer_and_batch_norm(),
               .sizes = linear_layer_sizes(),
               .left = radial_derivative_by_reference(),
               .right = by_theory("Σ_j γ_j ε s_j⁻² Σ_i x̂_ij g_ij",
                                  radial_derivative_times([](const Number&, const Number&) { return Number(1); })),
               .why = "With g = 0 in all units but one it is the statement for that unit."},
          },
      .mutants =
          {
              {.id = "keeps_eps",
               .reading = "with_eps__output",
               .words = "BN_ε(Wu)",
               .agrees_when = eps_is_zero(),
               .right = output_with_eps(same_eps)},
              {.id = "divides_eps_by_a",
               .reading = "with_eps__output",
               .words = "BN_{ε/a}(Wu)",
               .agrees_when = input_is("a_one", "a = 1", "a", 1),
               .right = output_with_eps([](const Number& a, const Number& eps) { return eps / a; })},
              {.id = "turns_beta_over_too",
               .reading = "any_sign__output",
               .words = "sgn(a) (γ x̂ + β)",
               .agrees_when = input_is("beta_zero", "β = 0", "beta", 0),
               .right = combined([](const Number& a, const Number& scaled_x_hat, const Number& beta) {
                 return sign_of(a) * (scaled_x_hat + beta);
               })},
              {.id = "gradient_does_not_shrink",
               .reading = "printed__gradient",
               .words = "∂ℓ/∂W",
               .agrees_when = input_is("a_one", "a = 1", "a", 1),
               .right = gradient_along_v([](const Number&) { return Number(1); }, same_eps)},
              {.id = "gradient_keeps_eps",
               .reading = "with_eps__gradient",
               .words = "(1/a) ∂ℓ_ε/∂W",
               .agrees_when = eps_is_zero(),
               .right = gradient_along_v(inverse, same_eps)},
              {.id = "s_to_the_minus_three",
               .reading = "with_eps__orthogonality",
               .words = "Σ_j γ_j ε s_j⁻³ Σ_i x̂_ij g_ij",
               .agrees_when = s_is_one(),
               .right = radial_derivative_times([](const Number& s, const Number&) { return Number(1) / s; }),
               .agreeing_sizes = one_unit_sizes()},
              {.id = "forgets_gamma",
               .reading = "with_eps__orthogonality",
               .words = "Σ_j ε s_j⁻² Σ_i x̂_ij g_ij",
               .agrees_when = input_is("gamma_one", "γ = 1", "gamma", 1),
               .right = radial_derivative_times([](const Number&, const Number& gamma) { return Number(1) / gamma; })},
          },
  };
}

}  // namespace normproof::claims
