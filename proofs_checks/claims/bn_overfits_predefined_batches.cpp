// Claim: batch norm can overfit predefined batches.
//
// Source       LL19 §1: "The result of BN heavily depends on how to construct batches, and it can overfit predefined
//              batches. BN treats the training and the inference differently, which makes the situation worse."; (3),
//              (4); §6.2 (batches of a single label)
// Notation     two batches A, B of two samples each, of one label each, t_A and t_B; Δ = t_B − t_A; squared loss ½(o −
//              t)², mean over all samples. Inference: mean and variance of all four samples, Algorithm 1. The trained
//              network: batch norm, relu(±5x̂ − 4d/s), then t_A + (Δ s/d)(relu(5x̂ − 4d/s) + relu(−5x̂ − 4d/s)), 2d the
//              distance of B's samples, s = √(d² + ε)
// Hypotheses   ε > 0 (A's samples are equal: 0/0 at ε = 0), d > 0
//
//     A = {a, a}, B = {b, b + 2d}:  the trained network puts out t_A, t_A, t_B, t_B: (4) = 0
//     b = a:  three samples are equal and have two labels, so that (3) ≥ Δ²/12 for every network
//     b = a + d:  labels follow from x, but at inference the sample at the mean gets t_A: test loss ≥ Δ²/8
//     last layer normalized, as (1) prints it, and linear:  (4) ≥ Δ²/8 whatever the weights are
//     ε = 0, any two samples in each batch:  (4) ≥ Δ²/8 for every network behind the normalization
//
// Why. In A every x̂ is 0, in B it is ±d/s: |x̂| tells the batch, not the sample, and each batch has one label. A
// linear layer on normalized inputs has its bias for the mean of every batch's outputs, whatever the labels are. Two
// different samples at ε = 0 are ±1 in every batch.
#include "proofs_checks/inputs/batch_objective.hpp"
#include "theory/training_batch.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using reference::Activation;
using reference::Network;
using reference::Normalization;

// x: A's samples, then B's; target: t_A, t_B.
const InputSpec labels = {"target", Role::target, Dimension::one, Dimension::outputs};
const InputSpec epsilon = {"eps", Role::epsilon};
const std::vector<InputSpec> two_batches = {
    {"a", Role::activation}, {"b", Role::activation}, {"d", Role::weight}, labels, epsilon};
const Sizes four_samples = {.batch = 4, .outputs = 2};
const Sizes four_samples_two_units = {.batch = 4, .hidden = 2, .outputs = 2};

Number delta(const Inputs& in) { return in("target")(1) - in("target")(0); }
Number label_of(const Inputs& in, int sample) { return in("target")(sample < 2 ? 0 : 1); }
Values all_labels(const Inputs& in) {
  Values values;
  for (int sample = 0; sample < 4; ++sample) values.push_back(label_of(in, sample));
  return values;
}

// A = {a, a}, B = {b, b + 2d}.
Values samples(const Inputs& in) {
  const Number a = in.scalar("a"), b = in.scalar("b"), d = in.scalar("d");
  return {a, a, b, b + Number(2) * d};
}

Hypothesis distance_is_positive() {
  return imposing("distance_is_positive", "d > 0, as the square of a free number",
                  [](Inputs& in) { in.set("d", in.scalar("d") * in.scalar("d")); });
}
Hypothesis one_value_in_common() {
  return imposing("one_value_in_common", "b = a: a value occurs under both labels",
                  [](Inputs& in) { in.set("b", in.scalar("a")); });
}
Hypothesis first_of_b_at_the_mean() {
  return imposing("first_of_b_at_the_mean", "b = a + d: B's first sample is the mean of all four",
                  [](Inputs& in) { in.set("b", in.scalar("a") + in.scalar("d")); });
}
Hypothesis equal_labels() {
  return imposing("equal_labels", "t_B = t_A", [](Inputs& in) {
    Array<Number> target = in("target");
    target(1) = target(0);
    in.set("target", target);
  });
}

// ---- the trained network

Network<Number> trained(const Inputs& in) {
  const Number d = in.scalar("d");
  const Number radicand = d * d + in.scalar("eps");
  const Number x_hat = d / sqrt(radicand), threshold = Number(-4) * x_hat, slope = delta(in) / x_hat;
  return {{{Normalization::batch_norm, Activation::relu, 1, 2}, {Normalization::none, Activation::identity, 2, 1}},
          {{Number(5), threshold, Number(-5), threshold}, {slope, slope, in("target")(0)}}};
}

// Each batch normalized by itself.
Values outputs_in_training(const Network<Number>& network, const Values& x, const Number& eps) {
  Values outputs;
  for (std::size_t batch = 0; batch < 2; ++batch) {
    const Values rows = {x[2 * batch], x[2 * batch + 1]};
    const Values of_batch = reference::network_forward<Number>(network, rows, 2, eps);
    outputs.insert(outputs.end(), of_batch.begin(), of_batch.end());
  }
  return outputs;
}

// Outputs at `rows`; the first layer's state is the mean and variance of all samples.
Values outputs_at_inference(const Network<Number>& network, const Values& all, const Values& rows, const Number& eps) {
  auto states = reference::make_network_state<Number>(network);
  const reference::Extents extents = {static_cast<int>(all.size()), 1};
  reference::batch_mean<Number>(all, extents, states[0].batch_norm.mean);
  reference::batch_variance<Number>(all, extents, states[0].batch_norm.mean, states[0].batch_norm.variance);
  return reference::network_forward_given<Number>(network, states, rows, static_cast<int>(rows.size()), eps);
}

Values trained_at_inference(const Inputs& in) {
  return outputs_at_inference(trained(in), samples(in), samples(in), in.scalar("eps"));
}
Values first_of_b_at_inference(const Inputs& in) {
  return outputs_at_inference(trained(in), samples(in), {samples(in)[2]}, in.scalar("eps"));
}

// ½ mean (o − t)² over all samples.
Number loss_of(const Inputs& in, const Values& outputs) {
  return reference::mean_loss<Number>(reference::Loss::squared, outputs, all_labels(in),
                                      static_cast<int>(outputs.size()));
}

// ---- networks with free weights: one hidden layer of tanh units, in the exact engine any smooth function

const std::vector<InputSpec> free_weights = {{"first", Role::weight, Dimension::hidden, Dimension::channels_plus_one},
                                             {"last", Role::weight, Dimension::one, Dimension::hidden_plus_one}};

std::vector<InputSpec> with(std::vector<InputSpec> specs, const std::vector<InputSpec>& more) {
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}

Network<Number> free_network(const Inputs& in, Normalization of_first, Normalization of_last) {
  return {{{of_first, Activation::tanh, in.sizes.channels, in.sizes.hidden},
           {of_last, Activation::identity, in.sizes.hidden, 1}},
          {row_major(in("first")), row_major(in("last"))}};
}

const std::vector<InputSpec> four_free_samples =
    with({{"x", Role::activation, Dimension::batch, Dimension::channels}, labels, epsilon}, free_weights);

Values normalized_twice(const Inputs& in) {
  return outputs_in_training(free_network(in, Normalization::batch_norm, Normalization::batch_norm), row_major(in("x")),
                             in.scalar("eps"));
}

Number bias(const Inputs& in) { return in("last")(in.sizes.hidden); }

// (4) − Δ²/8 = ½(c − (t_A + t_B)/2)² + ½ mean (o − c)².
std::vector<SquareTerm> gap_of_the_last_layer(const Inputs& in) {
  const Number c = bias(in);
  std::vector<SquareTerm> terms = {{.root = c - (in("target")(0) + in("target")(1)) / Number(2), .denominator = 2}};
  for (const Number& output : normalized_twice(in)) terms.push_back({.root = output - c, .denominator = 8});
  return terms;
}

// Samples a, a + 2d² and b, b + 2e²: in both batches x̂ = −1, 1 at ε = 0.
const std::vector<InputSpec> two_ordered_pairs = with(
    {{"a", Role::activation}, {"b", Role::activation}, {"d", Role::weight}, {"e", Role::weight}, labels}, free_weights);
Values ordered_pairs(const Inputs& in) {
  const Number a = in.scalar("a"), b = in.scalar("b"), d = in.scalar("d"), e = in.scalar("e");
  return {a, a + Number(2) * d * d, b, b + Number(2) * e * e};
}
Values outputs_of_pairs(const Inputs& in) {
  return outputs_in_training(free_network(in, Normalization::batch_norm, Normalization::none), ordered_pairs(in),
                             Number(0));
}
// (4) − Δ²/8 = ¼(u − t)² + ¼(v − t)², t the mean label, u and v the outputs at ∓1.
std::vector<SquareTerm> gap_of_pairs(const Inputs& in) {
  const Values outputs = outputs_of_pairs(in);
  const Number label = (in("target")(0) + in("target")(1)) / Number(2);
  return {{.root = outputs[0] - label, .denominator = 4}, {.root = outputs[1] - label, .denominator = 4}};
}

// (3) of a plain network on a, a, a, a + 2d.
Values plain_outputs(const Inputs& in) {
  return reference::network_forward<Number>(free_network(in, Normalization::none, Normalization::none), samples(in), 4,
                                            Number(0));
}
std::vector<SquareTerm> gap_of_plain(const Inputs& in) {
  const Values outputs = plain_outputs(in);
  const Number common = (Number(2) * in("target")(0) + in("target")(1)) / Number(3);
  return {{.root = outputs[0] - common, .numerator = 3, .denominator = 8},
          {.root = outputs[3] - in("target")(1), .denominator = 8}};
}

Side share_of_delta_squared(int denominator) {
  return by_definition("Δ²/" + std::to_string(denominator),
                       [=](const Inputs& in) -> Values { return {delta(in) * delta(in) / Number(denominator)}; });
}

// What the loss of the trained network at inference has besides Δ²/8: the other samples' part.
std::vector<SquareTerm> gap_at_inference(const Inputs& in) {
  const Values outputs = trained_at_inference(in);
  std::vector<SquareTerm> terms;
  for (const int sample : {0, 1, 3})
    terms.push_back({.root = outputs[static_cast<std::size_t>(sample)] - label_of(in, sample), .denominator = 8});
  return terms;
}

// ---- 𝓑 = {D}

const std::vector<InputSpec> whole_data =
    with({{"x", Role::activation, Dimension::batch, Dimension::channels}, epsilon}, free_weights);
enum class Slip { none, forgets_eps, forgets_the_mean };
Formula inference_written_out(Slip slip) {
  return [=](const Inputs& in) -> Values {
    const Number mean = theory::mean<Number>(in("x"))(0), variance = theory::biased_variance<Number>(in("x"))(0);
    const Number radicand = slip == Slip::forgets_eps ? variance : variance + in.scalar("eps");
    const Number s = sqrt(radicand);
    Values outputs;
    for (Eigen::Index i = 0; i < in("x").rows(); ++i) {
      const Number x_hat = (slip == Slip::forgets_the_mean ? in("x")(i, 0) : in("x")(i, 0) - mean) / s;
      Number output = bias(in);
      for (int unit = 0; unit < in.sizes.hidden; ++unit) {
        const Number argument = in("first")(unit, 0) * x_hat + in("first")(unit, 1);
        output += in("last")(unit)*tanh(argument);
      }
      outputs.push_back(output);
    }
    return outputs;
  };
}

std::vector<Reading> readings() {
  return {
      {.id = "printed__fits_single_label_batches",
       .statement = "A = {a, a}, B = {b, b + 2d}, d > 0, ε > 0: the trained network puts out every label: (4) = 0",
       .inputs = two_batches,
       .sizes = {four_samples},
       .these_sizes_only = true,
       .hypotheses = {distance_is_positive()},
       .left = by_reference(
           "the network on each batch, LL19 (1) and a last layer as it is",
           [](const Inputs& in) { return outputs_in_training(trained(in), samples(in), in.scalar("eps")); }),
       .right = by_definition("t_A, t_A, t_B, t_B", all_labels),
       .why = "|x̂| is 0 in A and d/s in B, wherever the batches lie: the network has learnt the batches."},
      {.id = "printed__common_sense_loss",
       .statement = "b = a: (3) ≥ Δ²/12 for every network (tanh hidden layer, any weights)",
       .inputs = with(two_batches, free_weights),
       .sizes = {four_samples, four_samples_two_units},
       .these_sizes_only = true,
       .hypotheses = {one_value_in_common()},
       .left = share_of_delta_squared(12),
       .relation = Relation::at_most,
       .right = by_reference("(3), LL19 (2), over the four samples",
                             [](const Inputs& in) -> Values { return {loss_of(in, plain_outputs(in))}; }),
       .gap = gap_of_plain,
       .why = "Three equal samples with labels t_A, t_A, t_B: no function of x does better, while (4) is 0."},
      {.id = "printed__inference",
       .statement = "b = a + d, d > 0: at inference the trained network gives B's first sample t_A; its label is t_B",
       .inputs = two_batches,
       .sizes = {four_samples},
       .these_sizes_only = true,
       .hypotheses = {distance_is_positive(), first_of_b_at_the_mean()},
       .left = by_reference("the output at B's first sample, Algorithm 1, inference", first_of_b_at_inference),
       .right = by_definition("t_A", [](const Inputs& in) -> Values { return {in("target")(0)}; }),
       .why = "It is the mean of all samples, so x̂ = 0, the sign of A. Here labels do follow from x: (3) can be 0."},
      {.id = "printed__test_loss",
       .statement = "b = a + d, d > 0: the loss of the trained network at inference is at least Δ²/8, though (4) = 0",
       .inputs = two_batches,
       .sizes = {four_samples},
       .these_sizes_only = true,
       .hypotheses = {distance_is_positive(), first_of_b_at_the_mean()},
       .left = share_of_delta_squared(8),
       .relation = Relation::at_most,
       .right = by_reference("½ mean (o − t)² at inference",
                             [](const Inputs& in) -> Values { return {loss_of(in, trained_at_inference(in))}; }),
       .gap = gap_at_inference,
       .why = "From the one sample at the mean alone. Δ²/8 is what the best constant achieves."},
      {.id = "every_layer_normalized",
       .statement = "last layer normalized and linear, as (1) prints it: (4) ≥ Δ²/8 for any x, weights and ε",
       .inputs = four_free_samples,
       .sizes = {four_samples, four_samples_two_units},
       .these_sizes_only = true,
       .left = share_of_delta_squared(8),
       .relation = Relation::at_most,
       .right = by_reference("(4) over A and B, LL19 (1) in both layers",
                             [](const Inputs& in) -> Values { return {loss_of(in, normalized_twice(in))}; }),
       .gap = gap_of_the_last_layer,
       .why =
           "Each batch's outputs have the bias for their mean: such a network cannot tell single-label batches apart, "
           "let alone overfit them. LL19's own networks (Figures 1 and 6) end in a layer without normalization."},
      {.id = "pairs_at_eps_zero",
       .statement = "ε = 0, two different samples in each batch: (4) ≥ Δ²/8 for every network behind the normalization",
       .inputs = two_ordered_pairs,
       .sizes = {four_samples, four_samples_two_units},
       .these_sizes_only = true,
       .left = share_of_delta_squared(8),
       .relation = Relation::at_most,
       .right = by_reference("(4) over A and B, the first layer normalized",
                             [](const Inputs& in) -> Values { return {loss_of(in, outputs_of_pairs(in))}; }),
       .gap = gap_of_pairs,
       .why = "x̂ = ∓1 in both batches: nothing of them is left to learn. ε, or three samples, are needed."},
      {.id = "whole_data_set",
       .statement = "𝓑 = {D}: what the network puts out in training is what it puts out at inference, sample by sample",
       .inputs = whole_data,
       .sizes = {{.batch = 2, .hidden = 2}, {.batch = 3, .hidden = 2}, {.batch = 4}},
       .these_sizes_only = true,
       .left = by_reference("the network on D as one batch, LL19 (1)",
                            [](const Inputs& in) {
                              return reference::network_forward<Number>(
                                  free_network(in, Normalization::batch_norm, Normalization::none), row_major(in("x")),
                                  in.sizes.batch, in.scalar("eps"));
                            }),
       .right =
           by_definition("inference with the mean and variance of D, written out", inference_written_out(Slip::none)),
       .why = "With (5) small, the test loss on D is small: full normalization cannot overfit in this way."},
  };
}

}  // namespace

Claim bn_overfits_predefined_batches() {
  return {
      .title = "Batch norm can overfit predefined batches",
      .sources = {{"LL19", "§1, list after the questions, 2"}, {"LL19", "(3), (4); §6.2"}},
      .notation =
          "Batches A and B of two samples, of one label each, t_A and t_B (`target`), Δ = t_B − t_A; a, b, d place "
          "the samples; ½ mean (o − t)²; x̂ = (x − mean)/√(var + ε) over a batch, at inference over all samples; s = "
          "√(d² + ε). first and last: weights of the hidden layer and of the output, biases in the last column",
      .why =
          "x̂ is 0 in A = {a, a} and ±d/s in B = {b, b + 2d}, and 5 − 4 = 1: the trained network puts out each "
          "batch's label, t_A + (Δ s/d)(relu(5x̂ − 4d/s) + relu(−5x̂ − 4d/s)). With equal samples under both labels "
          "no function of x has a loss below their spread. At inference x̂ is another function of x, 0 at the mean of "
          "all samples.",
      .explain =
          "LL19 §1 says that batch norm can overfit predefined batches. A smallest example: batch A holds the samples "
          "0 and 0, label 0; batch B holds 0 and 2, label 1. Within A the normalized samples are 0, within B they are "
          "±, so |x̂| tells which batch a sample came with, and a network batch norm, relu, linear drives the "
          "objective (4) to 0. But three of the four samples are the same number under two labels: the loss (3) of "
          "any function of x is at least 1/12. Nor does it help if labels follow from x: with B = {1, 3} the same "
          "network has (4) = 0, and at inference it gives the sample 1, which is the mean of all, the label 0: the "
          "test loss is at least 1/8, what a constant achieves. Two limits. If the last, linear layer is normalized "
          "too, as (1) is printed, its outputs have the same mean in every batch, and single-label batches cannot be "
          "fitted at all: (4) ≥ 1/8. And for pairs at ε = 0 nothing but ±1 is left of any batch. With the whole data "
          "set as the one batch training and inference agree, and none of this can happen.",
      .readings = readings(),
      .mutants =
          {
              {.id = "one_label_for_all",
               .reading = "printed__fits_single_label_batches",
               .words = "t_A for every sample",
               .agrees_when = equal_labels(),
               .right = [](const Inputs& in) -> Values { return Values(4, in("target")(0)); }},
              {.id = "sees_the_label_at_inference",
               .reading = "printed__inference",
               .words = "t_B",
               .agrees_when = equal_labels(),
               .right = [](const Inputs& in) -> Values { return {in("target")(1)}; }},
              {.id = "forgets_the_labels",
               .reading = "every_layer_normalized",
               .words = "½ mean (o − c)²",
               .agrees_when = imposing(
                   "labels_are_the_bias", "t_A = t_B = c",
                   [](Inputs& in) { in.set("target", Array<Number>(Array<Number>::Constant(1, 2, bias(in)))); }),
               .right = [](const Inputs& in) -> Values {
                 Number sum(0);
                 for (const Number& output : normalized_twice(in))
                   sum += (output - bias(in)) * (output - bias(in)) / Number(8);
                 return {sum};
               }},
              {.id = "inference_forgets_eps",
               .reading = "whole_data_set",
               .words = "√var for √(var + ε)",
               .agrees_when = eps_is_zero(),
               .right = inference_written_out(Slip::forgets_eps)},
              {.id = "inference_forgets_the_mean",
               .reading = "whole_data_set",
               .words = "x/s for (x − mean)/s",
               .agrees_when = batch_is_centred(),
               .right = inference_written_out(Slip::forgets_the_mean)},
          },
  };
}

}  // namespace normproof::claims
