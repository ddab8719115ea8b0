// Claim: a bias added just before batch norm has no effect; β does its work.
//
// Source       LI23 §2.1 after (8) ("the parameter β controls the mean, which also makes the original bias terms in the
//              network redundant"), §2.2 after (46); inference by LI23 (47)–(49) and by LL19 Algorithm 1
// Notation     x = Wu + b before the layer, W and b the weights and the bias, b one number per unit; g = ∂ℓ/∂y;
//              z an input at inference, μ_k and ν_k the running mean and variance after k batches with rate α
// Hypotheses   b is the same for all samples of the batch, is added directly before the layer, and the statistics are
//              those of the batch; each is dropped below. ε ≥ 0 is free
//
//     BN(Wu + b) = BN(Wu),     ∂ℓ/∂b = Σ_i ∂ℓ/∂x_i = 0,     (1/m) Σ y_i = β
//     inference with running statistics started at the same μ_0:   y(z + b) − y(z without b) = γ (1 − α)^k b/√(ν_k + ε)
//
// Why. mean(x + b) = mean(x) + b and var(x + b) = var(x): x − mean and s do not change. The running mean of the layer
// with the bias is larger by (1 − (1 − α)^k) b, since its start knows nothing of b; what is missing is (1 − α)^k b.
#include "impl/reference/batch_norm_training.hpp"
#include "proofs_checks/inputs/linear_layer.hpp"
#include "theory/running_average.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

const InputSpec bias = {"bias", Role::shift, Dimension::one, Dimension::outputs};
const InputSpec direction = {"v", Role::direction, Dimension::outputs, Dimension::channels};
const InputSpec direction_of_bias = {"v_bias", Role::direction, Dimension::one, Dimension::outputs};

// One channel; column t of x is the batch of step t, before the bias. z is an input at inference.
std::vector<InputSpec> training_and_inference() {
  return {{"x", Role::activation, Dimension::batch, Dimension::channels},
          {"z", Role::activation},
          {"bias", Role::shift},
          {"start_mean", Role::mean},
          {"start_variance", Role::variance},
          {"alpha", Role::rate},
          {"gamma", Role::scale},
          {"beta", Role::shift},
          {"eps", Role::epsilon}};
}

std::vector<Sizes> steps_sizes() {
  return {{.batch = 1},
          {.batch = 2},
          {.batch = 2, .channels = 2},
          {.batch = 3, .channels = 2},
          {.batch = 2, .channels = 4}};
}

// Column t of x, each entry raised by `raised`.
Values batch_of_step(const Inputs& in, Eigen::Index step, const Number& raised) {
  Values batch;
  for (Eigen::Index i = 0; i < in("x").rows(); ++i) batch.push_back(in("x")(i, step) + raised);
  return batch;
}

// Inference at z + raised by LL19 Algorithm 1, γ and β, after training on every step's batch, raised as well.
Number inference_after_training(const Inputs& in, const Number& raised, const Number& start_mean) {
  const reference::Extents extents = {in.sizes.batch, 1};
  reference::RunningStatistics<Number> running = {{start_mean}, {in.scalar("start_variance")}};
  for (Eigen::Index step = 0; step < in("x").cols(); ++step) {
    Values unused(extents.size());
    reference::batch_norm_layer_train<Number>(batch_of_step(in, step, raised), extents, in.scalar("eps"),
                                              in.scalar("alpha"), running, unused);
  }
  Values y(1);
  reference::batch_norm_infer<Number>(Values{in.scalar("z") + raised}, {1, 1}, running.mean, running.variance,
                                      Values{in.scalar("gamma")}, Values{in.scalar("beta")}, in.scalar("eps"), y);
  return y[0];
}

// Without a bias: μ_k and ν_k in closed form, and γ (z − μ_k)/√(ν_k + ε) + β.
struct Trained {
  Number mean, s;
};
Trained trained(const Inputs& in) {
  const Number variance = theory::running_average<Number>(in.scalar("start_variance"),
                                                          theory::biased_variance<Number>(in("x")), in.scalar("alpha"));
  return {theory::running_average<Number>(in.scalar("start_mean"), theory::mean<Number>(in("x")), in.scalar("alpha")),
          sqrt(variance + in.scalar("eps"))};
}

Values inference_without_bias(const Inputs& in) {
  const Trained t = trained(in);
  return {in.scalar("gamma") * (in.scalar("z") - t.mean) / t.s + in.scalar("beta")};
}

// γ weight b/√(ν_k + ε), weight a function of α and of the number of steps.
Formula gap_with_weight(Number (*weight)(const Number& alpha, Eigen::Index steps)) {
  return [=](const Inputs& in) {
    return Values{in.scalar("gamma") * weight(in.scalar("alpha"), in("x").cols()) * in.scalar("bias") / trained(in).s};
  };
}

Number power(const Number& base, Eigen::Index exponent) {
  Number result(1);
  for (Eigen::Index k = 0; k < exponent; ++k) result *= base;
  return result;
}

// E and Var of LI23 (47), (48) over the steps' batches, raised, and (49) at z, raised.
Values inference_by_population(const Inputs& in) {
  const Number raised = in.scalar("bias");
  Values minibatches;
  for (Eigen::Index step = 0; step < in("x").cols(); ++step)
    for (const Number& value : batch_of_step(in, step, raised)) minibatches.push_back(value);
  const reference::RunningStatistics<Number> population =
      reference::population_statistics<Number>(minibatches, in.sizes.channels, {in.sizes.batch, 1});
  Values y(1);
  reference::batch_norm_population_infer<Number>(Values{in.scalar("z") + raised}, {1, 1}, population,
                                                 Values{in.scalar("gamma")}, Values{in.scalar("beta")},
                                                 in.scalar("eps"), y);
  return y;
}

// γ (z − E)/√(Var + ε) + β, E and Var by theory from the batches without a bias.
Values population_without_bias(const Inputs& in) {
  const theory::Vector<Number> mean = theory::mean<Number>(in("x")),
                               variance = theory::biased_variance<Number>(in("x"));
  Number expectation(0), sum_of_variances(0);
  for (Eigen::Index step = 0; step < mean.size(); ++step) {
    expectation += mean(step) / Number(in.sizes.channels);
    sum_of_variances += variance(step);
  }
  const int m = in.sizes.batch;
  const Number unbiased = sum_of_variances * Number(m) / Number(m - 1) / Number(in.sizes.channels);
  return {in.scalar("gamma") * (in.scalar("z") - expectation) / sqrt(unbiased + in.scalar("eps")) + in.scalar("beta")};
}

Values output_with_bias(const Inputs& in) { return row_major(reference_batch_norm(after_linear(in))); }
Values output_without_bias(const Inputs& in) { return theory_output(theory_batch_after_linear(in)); }

// y of BN applied to x, by theory, where x is any function of Wu.
Values theory_output_of(const Inputs& in, const Array<Number>& x) {
  theory::TrainingBatch<Number> b = theory_batch_after_linear(in);
  b.x = x;
  return theory_output(b);
}

// b := −mean(Wu), unit by unit: the layer's input is centred.
Hypothesis bias_centres() {
  return imposing("bias_centres", "mean(Wu + b) = 0", [](Inputs& in) {
    const theory::Vector<Number> mean = theory::mean<Number>(theory_batch_after_linear(in).x);
    Array<Number> centring(1, mean.size());
    for (Eigen::Index j = 0; j < mean.size(); ++j) centring(j) = -mean(j);
    in.set("bias", centring);
  });
}

Hypothesis rate_is(int numerator, int denominator, const std::string& words) {
  return imposing("rate_fixed", words, [=](Inputs& in) { in.set("alpha", Number(numerator) / Number(denominator)); });
}

Hypothesis rate_is_positive() {
  return {.id = "rate_positive", .sentence = "α > 0", .positive = [](const Inputs& in) { return in.scalar("alpha"); }};
}

}  // namespace

Claim bn_bias_is_redundant() {
  const std::vector<InputSpec> layer = linear_layer_and_batch_norm({bias});
  return {
      .title = "A bias added just before batch norm has no effect on output or gradient; β does its work",
      .sources = {{"LI23", "§2.1 after Algorithm 1; §2.2 after (46); (47)–(49)"}, {"LL19", "Algorithm 1, inference"}},
      .notation =
          "x = Wu + b what batch norm is given, one b per unit; g = ∂ℓ/∂y; z an input at inference, before the bias; "
          "μ_k, ν_k the running mean and variance after k batches with rate α, from μ_0, ν_0",
      .why =
          "mean(x + b) = mean(x) + b and var(x + b) = var(x), so x − mean(x) and s do not depend on b, and nothing "
          "after "
          "them does. The mean of y = γ x̂ + β is then β. A running mean that starts at μ_0 whatever b is has "
          "taken up the share 1 − (1 − α)^k of b after k batches; the rest of b shows at inference.",
      .explain =
          "Batch norm subtracts the mean of the batch, and a number that is added to every sample is part of that "
          "mean. "
          "So a bias before batch norm changes neither the output nor any other gradient, its own gradient is 0, and "
          "the "
          "mean of the output is β, which is why β replaces it. Three things are needed. The bias must be one number "
          "for all samples that share a mean; it must be added directly before the layer, not before an activation in "
          "between; and the mean must be taken from data that carry the bias. The last one fails for a layer whose "
          "statistics are frozen, and in part for running averages: they start at a fixed value (0, usually), and "
          "after "
          "k batches (1 − α)^k of the bias has not yet reached the running mean. At inference the output is then "
          "shifted "
          "by γ (1 − α)^k b/√(ν_k + ε). The averages of LI23 (47) have no start and no such shift.",
      .readings =
          {
              {.id = "printed_li23__output",
               .statement = "BN(Wu + b) = BN(Wu) in training, ε ≥ 0",
               .inputs = layer,
               .sizes = linear_layer_sizes(),
               .left = by_reference("BN(Wu + b), LI23 Algorithm 1", output_with_bias),
               .right = by_theory("γ x̂ + β of x = Wu", output_without_bias),
               .why = "A batch of one gives β on both sides."},
              {.id = "printed_li23__gradient",
               .statement = "∂ℓ/∂b = Σ_i ∂ℓ/∂x_i = 0, ε ≥ 0",
               .inputs = layer,
               .sizes = linear_layer_sizes(),
               .left = by_reference("∂ℓ/∂x_1 + … + ∂ℓ/∂x_(m−1) at x = Wu + b, LI23 (9)–(14)",
                                    [](const Inputs& in) {
                                      return all_but_last(channelwise(reference_backward(after_linear(in)).dx),
                                                          in.sizes.outputs);
                                    }),
               .right = by_theory("−∂ℓ/∂x_m at x = Wu, compact form",
                                  [](const Inputs& in) {
                                    return minus_last(
                                        channelwise(theory::compact_input_gradient(theory_batch_after_linear(in))),
                                        in.sizes.outputs);
                                  }),
               .why = "The sum over i < m is compared with minus the last term: 0 = 0 compares nothing."},
              {.id = "printed_li23__other_gradients",
               .statement = "moving W along V and b along any v: dℓ = ⟨∂ℓ/∂W, V⟩, ∂ℓ/∂W taken without a bias",
               .inputs = linear_layer_and_batch_norm({bias, direction, direction_of_bias}),
               .sizes = linear_layer_sizes(),
               .left = derivative_along(Witness::reference, "d/dt ℓ at (W + tV, b + tv), LI23 Algorithm 1",
                                        {{"weights", "v"}, {"bias", "v_bias"}},
                                        [](const auto& in) { return loss_after_linear(in); }),
               .right = by_theory("⟨∂ℓ/∂W, V⟩ at b = 0, compact form",
                                  [](const Inputs& in) {
                                    return Values{dot<Number>(
                                        theory::weight_gradient<Number>(theory_batch_after_linear(in), in("u")),
                                        in("v"))};
                                  }),
               .why = "Neither the value nor the motion of b reaches the loss."},
              {.id = "printed_li23__beta_controls_the_mean",
               .statement = "(1/m) Σ y_i = β in every unit, whatever W and b are, ε ≥ 0",
               .inputs = layer,
               .sizes = linear_layer_sizes(),
               .left = by_reference(
                   "mean of y over the batch",
                   [](const Inputs& in) { return reference_mean(reference_batch_norm(after_linear(in))); }),
               .right = by_definition("β", [](const Inputs& in) { return row_major(in("beta")); }),
               .why = "What b did without batch norm, shifting the unit's mean, β does with it."},
              {.id = "printed_li23__inference",
               .statement = "with E, Var by (47), (48) over the minibatches, (49) does not depend on b",
               .inputs = training_and_inference(),
               .sizes = {{.batch = 2}, {.batch = 3}, {.batch = 2, .channels = 2}, {.batch = 3, .channels = 3}},
               .left = by_reference("(49) at z + b, E and Var of the minibatches with b, LI23 Algorithm 2",
                                    inference_by_population),
               .right = by_theory("γ (z − E)/√(Var + ε) + β, all without b", population_without_bias),
               .why = "E grows by b, as z does. (48) divides by m − 1: no batch of one."},
              {.id = "inference__running",
               .statement = "with running statistics from μ_0, ν_0, the inference output does not depend on b",
               .inputs = training_and_inference(),
               .sizes = steps_sizes(),
               .hypotheses = {rate_is_positive()},
               .left = by_reference("inference at z + b after training with b, LL19 Algorithm 1",
                                    [](const Inputs& in) {
                                      return Values{
                                          inference_after_training(in, in.scalar("bias"), in.scalar("start_mean"))};
                                    }),
               .right = by_theory("γ (z − μ_k)/√(ν_k + ε) + β, all without b", inference_without_bias),
               .why = "The start μ_0 does not know b. The difference is γ (1 − α)^k b/√(ν_k + ε): "
                      "inference__running_gap."},
              {.id = "inference__running_gap",
               .statement = "with minus without b, from the same μ_0, ν_0: γ (1 − α)^k b/√(ν_k + ε)",
               .inputs = training_and_inference(),
               .sizes = steps_sizes(),
               .left = by_reference("inference with b minus inference without b, LL19 Algorithm 1",
                                    [](const Inputs& in) {
                                      const Number start = in.scalar("start_mean");
                                      return Values{inference_after_training(in, in.scalar("bias"), start) -
                                                    inference_after_training(in, Number(0), start)};
                                    }),
               .right =
                   by_theory("γ (1 − α)^k b/√(ν_k + ε)", gap_with_weight([](const Number& alpha, Eigen::Index steps) {
                               return power(Number(1) - alpha, steps);
                             })),
               .why = "It falls to 0 with the number of batches, and is 0 at once for α = 1."},
              {.id = "inference__start_carries_the_bias",
               .statement = "started at μ_0 + b instead of μ_0, the inference output does not depend on b",
               .inputs = training_and_inference(),
               .sizes = steps_sizes(),
               .left = by_reference("inference at z + b after training with b from μ_0 + b, LL19 Algorithm 1",
                                    [](const Inputs& in) {
                                      return Values{inference_after_training(
                                          in, in.scalar("bias"), in.scalar("start_mean") + in.scalar("bias"))};
                                    }),
               .right = by_theory("γ (z − μ_k)/√(ν_k + ε) + β, all without b", inference_without_bias),
               .why = "The condition under which running averages, too, make the bias redundant after any k batches."},
              {.id = "without_one_bias_for_all_samples",
               .statement = "BN(Wu + b) = BN(Wu) with a b_i for each sample",
               .inputs = linear_layer_and_batch_norm({{"biases", Role::shift, Dimension::batch, Dimension::outputs}}),
               .sizes = linear_layer_sizes(),
               .left = by_reference("BN(Wu_i + b_i), LI23 Algorithm 1",
                                    [](const Inputs& in) {
                                      Inputs raised = after_linear(in);
                                      raised.set("x", Array<Number>(raised("x") + in("biases")));
                                      return row_major(reference_batch_norm(raised));
                                    }),
               .right = by_theory("γ x̂ + β of x = Wu", output_without_bias),
               .why =
                   "Such a b is data. It happens where positions of an image have their own biases but share a mean."},
              {.id = "without_direct_addition",
               .statement = "BN(relu(Wu + b)) = BN(relu(Wu))",
               .inputs = layer,
               .sizes = linear_layer_sizes(),
               .left = by_reference("BN of relu(Wu + b), LI23 Algorithm 1",
                                    [](const Inputs& in) {
                                      Inputs active = after_linear(in);
                                      Array<Number> x = active("x");
                                      for (Eigen::Index k = 0; k < x.size(); ++k)
                                        x(k) = reference::activation(reference::Activation::relu, x(k));
                                      active.set("x", x);
                                      return row_major(reference_batch_norm(active));
                                    }),
               .right = by_theory("γ x̂ + β of relu(Wu)",
                                  [](const Inputs& in) {
                                    Array<Number> x = theory_batch_after_linear(in).x;
                                    for (Eigen::Index k = 0; k < x.size(); ++k) x(k) = relu(x(k));
                                    return theory_output_of(in, x);
                                  }),
               .why = "The bias decides which samples the activation lets through. Where batch norm follows the "
                      "activation, the bias before the activation is not redundant."},
              {.id = "without_batch_statistics",
               .statement = "γ (z + b − E)/√(Var + ε) + β does not depend on b for a given E, Var",
               .inputs = training_and_inference(),
               .sizes = {{.batch = 1}},
               .left = by_reference("inference at z + b with E = μ_0, Var = ν_0, LL19 Algorithm 1",
                                    [](const Inputs& in) {
                                      Inputs untrained = in;
                                      untrained.set("x", Array<Number>(1, 0));
                                      return Values{inference_after_training(untrained, in.scalar("bias"),
                                                                             in.scalar("start_mean"))};
                                    }),
               .right = by_theory("γ (z − E)/√(Var + ε) + β",
                                  [](const Inputs& in) {
                                    Inputs untrained = in;
                                    untrained.set("alpha", Number(0));
                                    return inference_without_bias(untrained);
                                  }),
               .why = "A layer with frozen statistics is affine in its input, and a bias before it shifts its output."},
          },
      .mutants =
          {
              {.id = "bias_moves_to_beta",
               .reading = "printed_li23__output",
               .words = "γ x̂ + β + b",
               .agrees_when = input_is("bias_zero", "b = 0", "bias", 0),
               .right =
                   [](const Inputs& in) {
                     theory::TrainingBatch<Number> b = theory_batch_after_linear(in);
                     for (Eigen::Index j = 0; j < b.beta.size(); ++j) b.beta(j) += in("bias")(j);
                     return theory_output(b);
                   }},
              {.id = "divides_by_the_root_mean_square",
               .reading = "printed_li23__output",
               .words = "γ (x − mean x)/√(mean((x + b)²) + ε) + β",
               .agrees_when = bias_centres(),
               .right =
                   [](const Inputs& in) {
                     const theory::TrainingBatch<Number> b = theory_batch_after_linear(in);
                     Array<Number> y = theory::statistics(b).centred;
                     for (Eigen::Index j = 0; j < y.cols(); ++j) {
                       Number mean_square(0);
                       for (Eigen::Index i = 0; i < y.rows(); ++i) {
                         const Number value = b.x(i, j) + in("bias")(j);
                         mean_square += value * value / Number(static_cast<int>(y.rows()));
                       }
                       const Number root = sqrt(mean_square + b.eps);
                       for (Eigen::Index i = 0; i < y.rows(); ++i) y(i, j) = b.gamma(j) * y(i, j) / root + b.beta(j);
                     }
                     return row_major(y);
                   }},
              {.id = "gradient_forgets_the_projection",
               .reading = "printed_li23__gradient",
               .words = "−(γ/s)(g_m − ⟨g⟩)",
               .agrees_when = imposing("last_at_the_mean", "x_m is the mean of the others",
                                       [](Inputs& in) {
                                         Array<Number> u = in("u");
                                         const Eigen::Index last = u.rows() - 1;
                                         for (Eigen::Index k = 0; k < u.cols(); ++k) {
                                           Number sum(0);
                                           for (Eigen::Index i = 0; i < last; ++i) sum += u(i, k);
                                           u(last, k) = sum / Number(static_cast<int>(last));
                                         }
                                         in.set("u", u);
                                       }),
               .right =
                   [](const Inputs& in) {
                     const theory::TrainingBatch<Number> b = theory_batch_after_linear(in);
                     const theory::Vector<Number> s = theory::statistics(b).s, mean = theory::mean<Number>(b.dy);
                     Array<Number> dx = b.dy;
                     for (Eigen::Index j = 0; j < dx.cols(); ++j)
                       for (Eigen::Index i = 0; i < dx.rows(); ++i)
                         dx(i, j) = b.gamma(j) * (b.dy(i, j) - mean(j)) / s(j);
                     return minus_last(channelwise(dx), in.sizes.outputs);
                   },
               .agreeing_sizes = {{.batch = 3},
                                  {.batch = 3, .channels = 2},
                                  {.batch = 4, .channels = 2, .outputs = 2}}},
              {.id = "exchanges_the_weights",
               .reading = "inference__running_gap",
               .words = "γ α^k b/√(ν_k + ε)",
               .agrees_when = rate_is(1, 2, "α = 1/2"),
               .right = gap_with_weight([](const Number& alpha, Eigen::Index steps) { return power(alpha, steps); })},
              {.id = "forgets_the_number_of_steps",
               .reading = "inference__running_gap",
               .words = "γ (1 − α) b/√(ν_k + ε)",
               .agrees_when = rate_is(0, 1, "α = 0: nothing has been learnt"),
               .right = gap_with_weight([](const Number& alpha, Eigen::Index) { return Number(1) - alpha; })},
              {.id = "takes_the_biased_variance",
               .reading = "printed_li23__inference",
               .words = "γ (z − E)/√(E_B[σ_B²] + ε) + β",
               .agrees_when = imposing("constant_minibatches", "every minibatch is constant",
                                       [](Inputs& in) {
                                         Array<Number> x = in("x");
                                         for (Eigen::Index j = 0; j < x.cols(); ++j)
                                           for (Eigen::Index i = 1; i < x.rows(); ++i) x(i, j) = x(0, j);
                                         in.set("x", x);
                                       }),
               .right =
                   [](const Inputs& in) {
                     const theory::Vector<Number> mean = theory::mean<Number>(in("x")),
                                                  variance = theory::biased_variance<Number>(in("x"));
                     Number expectation(0), average(0);
                     for (Eigen::Index step = 0; step < mean.size(); ++step) {
                       expectation += mean(step) / Number(in.sizes.channels);
                       average += variance(step) / Number(in.sizes.channels);
                     }
                     return Values{in.scalar("gamma") * (in.scalar("z") - expectation) /
                                       sqrt(average + in.scalar("eps")) +
                                   in.scalar("beta")};
                   }},
          },
  };
}

}  // namespace normproof::claims
