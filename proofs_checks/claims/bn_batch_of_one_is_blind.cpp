// Claim: with one sample in the batch a batch norm layer puts out β, whatever it is given, and learns nothing but β.
//
// Source       consequence of LL19 §1 ("BN fails/overfits when the mini-batch size is 1") and Figure 1; LL19 Algorithm
//              1
// Notation     m the batch size, y = γ x̂ + β, g = ∂ℓ/∂y; μ_k, ν_k the running mean and variance after k
//              batches of one sample x_t each, with rate α; z an input at inference
// Hypotheses   m = 1 and ε > 0 (at ε = 0 the output is 0/0), training mode. m = 1 is dropped below
//
//     y = β,     dℓ = ⟨g, dβ⟩ whatever W, b, γ and the inputs do
//     (1/m) Σ (y_i − β)² = γ² σ²/(σ² + ε)   for every m: blind exactly where γ σ = 0
//     ν_k = (1 − α)^k ν_0,   and the inference output is β + γ (z − μ_k)/√(ν_k + ε): not blind
//
// Why. A single sample is its own mean: x − μ = 0, so x̂ = 0 and y = β; and σ² = 0 in every step, so the running
// variance only shrinks. The mean square of x̂ is σ²/(σ² + ε).
#include "impl/reference/full_norm.hpp"
#include "proofs_checks/inputs/linear_layer.hpp"
#include "theory/running_average.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

std::vector<Sizes> one_sample_sizes() {
  return {{.batch = 1}, {.batch = 1, .channels = 2}, {.batch = 1, .channels = 3}};
}

std::vector<Sizes> network_sizes() {
  return {{.batch = 1},
          {.batch = 1, .channels = 2, .hidden = 2},
          {.batch = 1, .channels = 3, .hidden = 2, .outputs = 2},
          {.batch = 1, .channels = 3, .hidden = 3, .outputs = 3}};
}

// β for every sample, row after row.
Values beta_everywhere(const Inputs& in) {
  Values values;
  for (Eigen::Index i = 0; i < in("x").rows(); ++i)
    for (Eigen::Index j = 0; j < in("x").cols(); ++j) values.push_back(in("beta")(j));
  return values;
}

Side training_output() {
  return by_reference("y, LI23 Algorithm 1", [](const Inputs& in) { return row_major(reference_batch_norm(in)); });
}

// Figure 1: linear, batch norm, relu, linear. Scale and shift are the weights that follow the normalization.
std::vector<InputSpec> figure_1() {
  return {{"x", Role::activation, Dimension::batch, Dimension::channels},
          {"first", Role::weight, Dimension::hidden, Dimension::channels_plus_one},
          {"gamma", Role::scale, Dimension::one, Dimension::hidden},
          {"beta", Role::shift, Dimension::one, Dimension::hidden},
          {"last", Role::weight, Dimension::outputs, Dimension::hidden_plus_one},
          {"eps", Role::epsilon}};
}

Values figure_1_output(const Inputs& in) {
  using reference::Activation;
  using reference::Normalization;
  const int hidden = in.sizes.hidden;
  Array<Number> scale_and_shift = Array<Number>::Constant(hidden, hidden + 1, Number(0));
  for (int j = 0; j < hidden; ++j) {
    scale_and_shift(j, j) = in("gamma")(j);
    scale_and_shift(j, hidden) = in("beta")(j);
  }
  const reference::Network<Number> network = {
      {{Normalization::none, Activation::identity, in.sizes.channels, hidden},
       {Normalization::batch_norm, Activation::relu, hidden, hidden},
       {Normalization::none, Activation::identity, hidden, in.sizes.outputs}},
      {row_major(in("first")), row_major(scale_and_shift), row_major(in("last"))}};
  return reference::network_forward<Number>(network, row_major(in("x")), in.sizes.batch, in.scalar("eps"));
}

// The last layer at activated(β): no input in it.
Formula last_layer_at(Number (*activated)(const Number& beta)) {
  return [=](const Inputs& in) {
    const Array<Number>& w = in("last");
    Values y;
    for (Eigen::Index i = 0; i < w.rows(); ++i) {
      Number sum = w(i, w.cols() - 1);
      for (Eigen::Index j = 0; j + 1 < w.cols(); ++j) sum += w(i, j) * activated(in("beta")(j));
      y.push_back(sum);
    }
    return y;
  };
}

// γ² σ²/(σ² + ε) of each channel, or a near-miss of it.
Formula spread(Number (*of)(const Number& gamma, const Number& variance, const Number& eps)) {
  return [=](const Inputs& in) {
    const theory::Vector<Number> variance = theory::biased_variance<Number>(in("x"));
    Values values;
    for (Eigen::Index j = 0; j < variance.size(); ++j)
      values.push_back(of(in("gamma")(j), variance(j), in.scalar("eps")));
    return values;
  };
}

// One channel. Column t of x is the one sample of step t; z an input at inference. "channels" counts the steps.
std::vector<InputSpec> training_on_single_samples() {
  return {{"x", Role::activation, Dimension::batch, Dimension::channels},
          {"z", Role::activation},
          {"start_mean", Role::mean},
          {"start_variance", Role::variance},
          {"alpha", Role::rate},
          {"gamma", Role::scale},
          {"beta", Role::shift},
          {"eps", Role::epsilon}};
}

std::vector<Sizes> steps_sizes() { return {{.batch = 1}, {.batch = 1, .channels = 2}, {.batch = 1, .channels = 5}}; }

reference::RunningStatistics<Number> after_all_steps(const Inputs& in) {
  reference::RunningStatistics<Number> running = {{in.scalar("start_mean")}, {in.scalar("start_variance")}};
  for (Eigen::Index step = 0; step < in("x").cols(); ++step) {
    Values unused(1);
    reference::batch_norm_layer_train<Number>(Values{in("x")(0, step)}, {1, 1}, in.scalar("eps"), in.scalar("alpha"),
                                              running, unused);
  }
  return running;
}

Number power(const Number& base, Eigen::Index exponent) {
  Number result(1);
  for (Eigen::Index k = 0; k < exponent; ++k) result *= base;
  return result;
}

// μ_k and share(α, k)·ν_0.
Formula statistics_with_share(Number (*share)(const Number& alpha, Eigen::Index steps)) {
  return [=](const Inputs& in) {
    const theory::Vector<Number> samples = in("x").row(0).transpose();
    const Number alpha = in.scalar("alpha");
    return Values{theory::running_average<Number>(in.scalar("start_mean"), samples, alpha),
                  share(alpha, samples.size()) * in.scalar("start_variance")};
  };
}

Number share_of_the_start(const Number& alpha, Eigen::Index steps) { return power(Number(1) - alpha, steps); }

// γ (z − μ_k)/√(share(α, k) ν_0 + ε), or with z for z − μ_k.
Formula gap(Number (*share)(const Number& alpha, Eigen::Index steps), bool about_the_mean) {
  return [=](const Inputs& in) {
    const Values trained = statistics_with_share(share)(in);
    const Number distance = about_the_mean ? in.scalar("z") - trained[0] : in.scalar("z");
    return Values{in.scalar("gamma") * distance / sqrt(trained[1] + in.scalar("eps"))};
  };
}

// Inference at z minus training on the batch {z}, with the trained statistics.
Values inference_minus_training(const Inputs& in) {
  const reference::RunningStatistics<Number> running = after_all_steps(in);
  const Values z = {in.scalar("z")}, gamma = {in.scalar("gamma")}, beta = {in.scalar("beta")};
  Values inference(1), training(1);
  reference::batch_norm_infer<Number>(z, {1, 1}, running.mean, running.variance, gamma, beta, in.scalar("eps"),
                                      inference);
  reference::batch_norm_train<Number>(z, {1, 1}, gamma, beta, in.scalar("eps"), training);
  return {inference[0] - training[0]};
}

// The mean that inference subtracts is 0: μ_0 = 0 and every sample is 0.
Hypothesis trained_mean_is_zero() {
  return imposing("mean_zero", "μ_k = 0", [](Inputs& in) {
    in.set("start_mean", Number(0));
    in.set("x", Array<Number>::Constant(in("x").rows(), in("x").cols(), Number(0)));
  });
}

Hypothesis rate_is_inside() {
  return {.id = "rate_inside", .sentence = "0 < α < 1", .positive = [](const Inputs& in) {
            return in.scalar("alpha") * (Number(1) - in.scalar("alpha"));
          }};
}

Hypothesis rate_is(int numerator, int denominator, const std::string& words) {
  return imposing("rate_fixed", words, [=](Inputs& in) { in.set("alpha", Number(numerator) / Number(denominator)); });
}

// β := β²: not negative on any number type.
Hypothesis beta_is_not_negative() {
  return imposing("beta_not_negative", "β ≥ 0", [](Inputs& in) {
    Array<Number> beta = in("beta");
    for (Eigen::Index j = 0; j < beta.size(); ++j) beta(j) = beta(j) * beta(j);
    in.set("beta", beta);
  });
}

}  // namespace

Claim bn_batch_of_one_is_blind() {
  return {
      .title = "With one sample in the batch a batch norm layer puts out β whatever it is given, and learns β alone",
      .sources = {{"consequence", "of LL19 §1 and Figure 1"}, {"LL19", "§1, Figure 1; Algorithm 1"}},
      .notation =
          "m the batch size, y = γ x̂ + β, g = ∂ℓ/∂y; μ_k, ν_k the running statistics after k batches of "
          "one sample each (column t of x, so that channels counts the steps where a reading has α); z an input at "
          "inference",
      .why =
          "A single sample is its own mean, so x − μ = 0 and, with ε > 0, x̂ = 0 and y = β. Its variance is 0: each "
          "step "
          "multiplies the running variance by 1 − α and adds nothing. In general the mean square of x̂ is σ²/(σ² + ε).",
      .explain =
          "Batch norm tells a sample from the mean of its batch. With one sample there is nothing to tell: the layer "
          "puts out β, the network after it sees the same thing for every input, and no gradient reaches γ or anything "
          "before the layer. In LL19's Figure 1 the whole network puts out one and the same vector for all three "
          "samples while it trains. At inference the same network is not blind: it uses running statistics, and "
          "reacts to its input with the factor γ/√(ν_k + ε), which nothing in training has ever seen, and which grows "
          "as the running variance falls by 1 − α a step, up to γ/√ε. So training and test have little to do with each "
          "other. Two samples are hardly better: at ε = 0 the layer sees which of the two is larger, and that is all. "
          "At ε = 0 a batch of one has no output at all (0/0). Full normalization normalizes by its running "
          "averages in training too, and is not blind unless their rate α is 1.",
      .readings =
          {
              {.id = "printed__output",
               .statement = "y = β for m = 1, ε > 0",
               .inputs = training_batch(),
               .sizes = one_sample_sizes(),
               .left = training_output(),
               .right = by_definition("β", beta_everywhere),
               .why = "At ε = 0 there is no output: 0/0."},
              {.id = "printed__gradient",
               .statement = "moving u, W, b, γ and β: dℓ = ⟨g, dβ⟩ for m = 1, ε > 0",
               .inputs =
                   linear_layer_and_batch_norm({{"bias", Role::shift, Dimension::one, Dimension::outputs},
                                                {"v_u", Role::direction, Dimension::batch, Dimension::channels},
                                                {"v_weights", Role::direction, Dimension::outputs, Dimension::channels},
                                                {"v_bias", Role::direction, Dimension::one, Dimension::outputs},
                                                {"v_gamma", Role::direction, Dimension::one, Dimension::outputs},
                                                {"v_beta", Role::direction, Dimension::one, Dimension::outputs}}),
               .sizes = {{.batch = 1}, {.batch = 1, .channels = 2}, {.batch = 1, .channels = 3, .outputs = 2}},
               .left = derivative_along(Witness::reference, "d/dt ℓ, everything moves, LI23 Algorithm 1",
                                        {{"u", "v_u"},
                                         {"weights", "v_weights"},
                                         {"bias", "v_bias"},
                                         {"gamma", "v_gamma"},
                                         {"beta", "v_beta"}},
                                        [](const auto& in) { return loss_after_linear(in); }),
               .right = by_definition("⟨g, dβ⟩",
                                      [](const Inputs& in) { return Values{dot<Number>(in("dy"), in("v_beta"))}; }),
               .why = "The gradients of u, W, b and γ are 0; only β learns."},
              {.id = "printed_ll19__figure_1",
               .statement = "linear ⇒ BN ⇒ relu ⇒ linear, m = 1: the output is V relu(β) + c for every input, ε > 0",
               .inputs = figure_1(),
               .sizes = network_sizes(),
               .left = by_reference("the network of Figure 1, LL19 (1), on a batch of one", figure_1_output),
               .right = by_definition("V relu(β) + c", last_layer_at([](const Number& beta) { return relu(beta); })),
               .why = "All samples get the same scores, whatever their labels are. (γ and β stand for the \"linear "
                      "transformation often added after applying BN\"; with γ = 1, β = 0 it is c.)"},
              {.id = "spread",
               .statement = "(1/m) Σ (y_i − β)² = γ² σ²/(σ² + ε) for every m",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .left = by_reference("(1/m) Σ (y_i − β)²",
                                    [](const Inputs& in) {
                                      Array<Number> square = reference_batch_norm(in);
                                      for (Eigen::Index i = 0; i < square.rows(); ++i)
                                        for (Eigen::Index j = 0; j < square.cols(); ++j) {
                                          const Number distance = square(i, j) - in("beta")(j);
                                          square(i, j) = distance * distance;
                                        }
                                      return reference_mean(square);
                                    }),
               .right = by_theory("γ² σ²/(σ² + ε)",
                                  spread([](const Number& gamma, const Number& variance, const Number& eps) {
                                    return gamma * gamma * variance / (variance + eps);
                                  })),
               .why = "The weakest condition for blindness: y = β for all samples exactly where γ = 0 or σ = 0. One "
                      "sample "
                      "always has σ = 0; several have it only if they are equal."},
              {.id = "without_one_sample__output",
               .statement = "y = β for m ≥ 2, ε ≥ 0",
               .inputs = training_batch(),
               .sizes = {{.batch = 2}, {.batch = 3}, {.batch = 2, .channels = 2}},
               .left = training_output(),
               .right = by_definition("β", beta_everywhere),
               .why = "Two different samples already have σ > 0."},
              {.id = "two_samples__eps_zero",
               .statement = "m = 2, ε = 0: y_1 = β + γ sgn(x_1 − x_2), y_2 = β − γ sgn(x_1 − x_2)",
               .inputs = training_batch(),
               .sizes = {{.batch = 2}},
               .hypotheses = {eps_is_zero()},
               .left = training_output(),
               .right = by_definition("β ± γ sgn(x_1 − x_2)",
                                      [](const Inputs& in) {
                                        Values first, second;
                                        for (Eigen::Index j = 0; j < in("x").cols(); ++j) {
                                          const Number apart = in("x")(0, j) - in("x")(1, j);
                                          const Number sign = apart / sqrt(apart * apart);
                                          first.push_back(in("beta")(j) + in("gamma")(j)*sign);
                                          second.push_back(in("beta")(j)-in("gamma")(j)*sign);
                                        }
                                        first.insert(first.end(), second.begin(), second.end());
                                        return first;
                                      }),
               .why = "Of two samples the layer sees the order alone; its gradient by x is 0 again."},
              {.id = "same_at_inference",
               .statement =
                   "after training on single samples the inference output is the training output, 0 < α < 1, ε > 0",
               .inputs = training_on_single_samples(),
               .sizes = steps_sizes(),
               .hypotheses = {rate_is_inside()},
               .left = by_reference("inference at z, LL19 Algorithm 1",
                                    [](const Inputs& in) {
                                      const reference::RunningStatistics<Number> running = after_all_steps(in);
                                      Values y(1);
                                      reference::batch_norm_infer<Number>(
                                          Values{in.scalar("z")}, {1, 1}, running.mean, running.variance,
                                          Values{in.scalar("gamma")}, Values{in.scalar("beta")}, in.scalar("eps"), y);
                                      return y;
                                    }),
               .right = by_definition("β", [](const Inputs& in) { return Values{in.scalar("beta")}; }),
               .why = "Inference does see its input; inference__gap says how."},
              {.id = "running_statistics",
               .statement =
                   "after k single samples μ_k = (1 − α)^k μ_0 + Σ_t α (1 − α)^(k−t) x_t and ν_k = (1 − α)^k ν_0",
               .inputs = training_on_single_samples(),
               .sizes = steps_sizes(),
               .left = by_reference("μ_k, ν_k, LL19 Algorithm 1 step by step",
                                    [](const Inputs& in) {
                                      const reference::RunningStatistics<Number> running = after_all_steps(in);
                                      return Values{running.mean[0], running.variance[0]};
                                    }),
               .right = by_theory("the weighted sum, and (1 − α)^k ν_0", statistics_with_share(share_of_the_start)),
               .why = "However much the samples vary, the running variance goes to 0."},
              {.id = "inference__gap",
               .statement = "inference minus training output at z is γ (z − μ_k)/√((1 − α)^k ν_0 + ε), ε > 0",
               .inputs = training_on_single_samples(),
               .sizes = steps_sizes(),
               .left = by_reference("inference at z minus training on the batch {z}, LL19 Algorithm 1",
                                    inference_minus_training),
               .right = by_theory("γ (z − μ_k)/√((1 − α)^k ν_0 + ε)", gap(share_of_the_start, true)),
               .why = "Its factor tends to γ/√ε: with ε = 1e-5 inputs are magnified about 316 γ times at test."},
              {.id = "full_norm",
               .statement =
                   "full normalization (LL19 Algorithm 3) of a single sample is 0 whatever the sample is, 0 < α < 1",
               .inputs = {{"x", Role::activation, Dimension::batch, Dimension::channels},
                          {"mean", Role::mean, Dimension::one, Dimension::channels},
                          {"square", Role::mean, Dimension::one, Dimension::channels},
                          {"alpha", Role::rate},
                          {"eps", Role::epsilon}},
               .sizes = one_sample_sizes(),
               .hypotheses = {rate_is_inside()},
               .left = by_reference(
                   "Algorithm 3 on a batch of one",
                   [](const Inputs& in) {
                     reference::FullNormState<Number> state = {row_major(in("mean")), row_major(in("square"))};
                     Values out(static_cast<std::size_t>(in("x").size()));
                     reference::full_norm_forward<Number>(row_major(in("x")), extents_of(in("x")),
                                                          reference::FullNormReading::Statistics::per_feature,
                                                          in.scalar("alpha"), in.scalar("eps"), state, out);
                     return out;
                   }),
               .right = by_definition(
                   "0", [](const Inputs& in) { return Values(static_cast<std::size_t>(in("x").cols()), Number(0)); }),
               .why =
                   "It normalizes by its running averages in training as well and puts out (1 − α)(x − μ)/√…: LL19's "
                   "remedy. At α = 1, where the averages are those of the batch, it is as blind as batch norm."},
          },
      .mutants =
          {
              {.id = "takes_x_hat_for_one",
               .reading = "printed__output",
               .words = "y = γ + β",
               .agrees_when = input_is("gamma_zero", "γ = 0", "gamma", 0),
               .right =
                   [](const Inputs& in) {
                     Values y = beta_everywhere(in);
                     for (std::size_t j = 0; j < y.size(); ++j) y[j] += in("gamma")(static_cast<Eigen::Index>(j));
                     return y;
                   }},
              {.id = "gamma_learns_too",
               .reading = "printed__gradient",
               .words = "dℓ = ⟨g, dγ + dβ⟩",
               .agrees_when = input_is("gamma_rests", "dγ = 0", "v_gamma", 0),
               .right =
                   [](const Inputs& in) {
                     return Values{dot<Number>(in("dy"), in("v_beta")) + dot<Number>(in("dy"), in("v_gamma"))};
                   }},
              {.id = "forgets_relu",
               .reading = "printed_ll19__figure_1",
               .words = "V β + c",
               .agrees_when = beta_is_not_negative(),
               .right = last_layer_at([](const Number& beta) { return beta; })},
              {.id = "forgets_eps_in_the_spread",
               .reading = "spread",
               .words = "γ²",
               .agrees_when = eps_is_zero(),
               .right = spread([](const Number& gamma, const Number& variance, const Number&) {
                 return gamma * gamma * variance / variance;
               })},
              {.id = "forgets_a_square",
               .reading = "spread",
               .words = "γ σ²/(σ² + ε)",
               .agrees_when = gamma_is_one(),
               .right = spread([](const Number& gamma, const Number& variance, const Number& eps) {
                 return gamma * variance / (variance + eps);
               })},
              {.id = "exchanges_the_weights",
               .reading = "running_statistics",
               .words = "ν_k = α^k ν_0",
               .agrees_when = rate_is(1, 2, "α = 1/2"),
               .right =
                   statistics_with_share([](const Number& alpha, Eigen::Index steps) { return power(alpha, steps); })},
              {.id = "linear_decay",
               .reading = "running_statistics",
               .words = "ν_k = (1 − kα) ν_0",
               .agrees_when = rate_is(0, 1, "α = 0: nothing is forgotten"),
               .right = statistics_with_share([](const Number& alpha, Eigen::Index steps) {
                 return Number(1) - Number(static_cast<int>(steps)) * alpha;
               })},
              {.id = "forgets_the_decay",
               .reading = "inference__gap",
               .words = "γ (z − μ_k)/√(ν_0 + ε)",
               .agrees_when = rate_is(0, 1, "α = 0: nothing is forgotten"),
               .right = gap([](const Number&, Eigen::Index) { return Number(1); }, true)},
              {.id = "forgets_the_running_mean",
               .reading = "inference__gap",
               .words = "γ z/√((1 − α)^k ν_0 + ε)",
               .agrees_when = trained_mean_is_zero(),
               .right = gap(share_of_the_start, false)},
          },
  };
}

}  // namespace normproof::claims
