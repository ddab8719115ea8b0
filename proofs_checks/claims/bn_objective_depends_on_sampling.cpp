// Claim: what batch norm minimises varies with the size of the batches and with the way they are drawn.
//
// Source       LL19 §4: the three forms of 𝓑 ("People can choose b …", "If data is distributed …", "When the mini-batch
//              is chosen to be the whole dataset …") and the two observations after them; single-label batches are the
//              sampling of Fig. 4
// Notation     D = n samples x with labels t; one linear unit w·x̂ + c, loss ½(o − t)²; x̂ = (x − mean_B)/√(var_B + ε),
//              ε = 0 as (1) prints it where no ε is named. shuffled: all C(n, b) subsets of b samples; per worker: D is
//              cut into shares, all subsets of b samples of one share; single label: the shares are the labels'
//              classes. In Sizes, batch = n, outputs = b, hidden = number of equal shares
// Hypotheses   none on D and its labels, but for what a reading names
//
//     (4)  (1/|𝓑|) Σ_B (1/b) Σ_B ½(w·x̂^B + c − t)²    for every 𝓑
//
// Why. One feature: 2·(4) = v w² − 2 r w + mean (c − t)², r = E_B cov_B(x, t)/s_B, v = E_B var_B/s_B². At ε = 0 and b ≥
// 2, v = 1 for every 𝓑: two samplings have the same objective exactly if they have the same r. A batch of one has x̂ =
// 0; a batch of one label has cov_B = 0: r = 0, and the network is a constant. Full batches see cov(x, t)/s_D.
#include "impl/reference/network.hpp"
#include "proofs_checks/inputs/batch_objective.hpp"
#include "theory/objectives/batch_norm_least_squares.hpp"
#include "theory/objectives/least_squares_residual.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using reference::Activation;
using reference::Normalization;

constexpr Unit normalized = {};
constexpr Unit clamped = {.normalization = Normalization::full_norm};  // √max{var, ε}, the batch's own statistics
constexpr Unit normalized_tanh = {.activation = Activation::tanh};

const InputSpec samples = {"x", Role::activation, Dimension::batch, Dimension::channels};
const InputSpec labels = {"target", Role::target, Dimension::batch, Dimension::one};
const InputSpec weights = {"w", Role::weight, Dimension::one, Dimension::channels_plus_one};
const InputSpec epsilon = {"eps", Role::epsilon};

Number eps_of(const Inputs& in) { return in.has("eps") ? in.scalar("eps") : Number(0); }

// ---- the forms of 𝓑

using Sampling = std::function<Batches(const Inputs&)>;

Batches shuffled(const Inputs& in) { return subsets(in.sizes.batch, in.sizes.outputs); }
Sampling shuffled_of_size(int size) {
  return [=](const Inputs& in) { return subsets(in.sizes.batch, size); };
}

// Share k holds the k-th run of samples: where the labels are sorted, its share is a label's class.
std::vector<Minibatch> runs(const Inputs& in) {
  std::vector<Minibatch> shares(static_cast<std::size_t>(in.sizes.hidden));
  for (int i = 0; i < in.sizes.batch; ++i)
    shares[static_cast<std::size_t>(i * in.sizes.hidden / in.sizes.batch)].push_back(i);
  return shares;
}
Batches of_runs(const Inputs& in) { return batches_of_workers(runs(in), in.sizes.outputs); }
// Samples are dealt to the workers in turn.
Batches of_dealt_shares(const Inputs& in) {
  std::vector<Minibatch> shares(static_cast<std::size_t>(in.sizes.hidden));
  for (int i = 0; i < in.sizes.batch; ++i) shares[static_cast<std::size_t>(i % in.sizes.hidden)].push_back(i);
  return batches_of_workers(shares, in.sizes.outputs);
}

// ---- sides

Formula objective_of(Sampling batches, Unit unit = normalized) {
  return [=](const Inputs& in) -> Values {
    return {objective_over<Number>(batches(in), unit, in("x"), in("target"), in("w"), eps_of(in))};
  };
}
Formula optimum_of(Sampling batches) {
  return [=](const Inputs& in) -> Values {
    return {least_squares_optimum(batches(in), normalized, in("x"), in("target"), eps_of(in))};
  };
}

theory::Vector<Number> target(const Inputs& in) { return as_vector(in("target")); }
theory::BatchNormLeastSquares<Number> closed_form(const Inputs& in, const Batches& batches) {
  return theory::batch_norm_least_squares<Number>(as_vector(Array<Number>(in("x").col(0))), target(in), batches,
                                                  eps_of(in));
}
Formula closed_minimum(Sampling batches) {
  return [=](const Inputs& in) -> Values { return {theory::doubled_minimum(closed_form(in, batches(in)))}; };
}
Formula closed_objective(Sampling batches) {
  return [=](const Inputs& in) -> Values {
    return {theory::doubled_objective<Number>(closed_form(in, batches(in)), in("w")(0), in("w")(1)) / Number(2)};
  };
}

// ½ mean (σ(c) − t)²: what is left where x̂ = 0.
template <bool with_tanh>
Values of_a_constant(const Inputs& in) {
  const Number bias = in("w")(in.sizes.channels);
  const Number output = with_tanh ? tanh(bias) : bias;
  Number sum(0);
  for (Eigen::Index i = 0; i < in("target").size(); ++i) sum += (output - in("target")(i)) * (output - in("target")(i));
  return {sum / Number(2 * in.sizes.batch)};
}

// E_B mean_B (t·o): the loss l(o, t) = t·o.
Formula linear_loss(Sampling sampling) {
  return [=](const Inputs& in) -> Values {
    Number sum(0);
    const Batches batches = sampling(in);
    for (const Minibatch& batch : batches) {
      const Values outputs = reference::network_forward<Number>(network_of_unit<Number>(normalized, in("w")),
                                                                row_major(rows_of(in("x"), {batch})),
                                                                static_cast<int>(batch.size()), eps_of(in));
      for (std::size_t k = 0; k < batch.size(); ++k)
        sum += in("target")(batch[k]) * outputs[k] / Number(static_cast<int>(batch.size() * batches.size()));
    }
    return {sum};
  };
}

// ---- an instance: x = 0, 3, 4, 7 (var = 25/4), labels 0, 0, τ, τ

Inputs two_labels(const Inputs& in) {
  Inputs filled = in;
  const int x[] = {0, 3, 4, 7};
  Array<Number> features(4, 1), t(4, 1);
  for (int i = 0; i < 4; ++i) {
    features(i) = Number(x[i]);
    t(i) = i < 2 ? Number(0) : in.scalar("tau");
  }
  filled.set("x", features);
  filled.set("target", t);
  return filled;
}
Formula optima_on_the_instance(std::vector<Sampling> samplings) {
  return [=](const Inputs& in) {
    Values optima;
    for (const Sampling& sampling : samplings) optima.push_back(optimum_of(sampling)(two_labels(in)).front());
    return optima;
  };
}

// ---- hypotheses

// Each run of samples has the label of its first.
Hypothesis one_label_per_share() {
  return imposing("one_label_per_share", "the samples of a share have one label", [](Inputs& in) {
    Array<Number> t = in("target");
    for (const Minibatch& share : runs(in))
      for (const int i : share) t(i) = in("target")(share.front());
    in.set("target", t);
  });
}
Hypothesis batches_of_one() {
  return imposing("batches_of_one", "b = 1", [](Inputs& in) { in.sizes.outputs = 1; });
}
// The second half of x is the first, reflected in a hyperplane through its mean: any second half with its mean and
// variance is.
Hypothesis shares_have_equal_statistics() {
  return imposing("equal_statistics", "every feature has the same mean and variance in both shares", [](Inputs& in) {
    const Eigen::Index half = in.sizes.batch / 2;
    Array<Number> x = in("x");
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      Number mean(0), product(0), square(0);
      for (Eigen::Index i = 0; i < half; ++i) mean += in("mirror")(i, j) / Number(static_cast<int>(half));
      for (Eigen::Index i = 0; i < half; ++i) {
        product += (in("mirror")(i, j) - mean) * x(i, j);
        square += (in("mirror")(i, j) - mean) * (in("mirror")(i, j) - mean);
      }
      for (Eigen::Index i = 0; i < half; ++i)
        x(half + i, j) = x(i, j) - Number(2) * product / square * (in("mirror")(i, j) - mean);
    }
    in.set("x", x);
  });
}
Hypothesis one_share() {
  return imposing("one_share", "one worker holds all of D", [](Inputs& in) { in.sizes.hidden = 1; });
}
Hypothesis shares_are_batches() {
  return imposing("shares_are_batches", "b is the size of a share",
                  [](Inputs& in) { in.sizes.outputs = in.sizes.batch / in.sizes.hidden; });
}
Hypothesis labels_are_centred() {
  return imposing("labels_centred", "mean(t) = 0", [](Inputs& in) {
    Inputs centring = in;
    centring.set("x", in("target"));
    batch_is_centred().impose(centring);
    in.set("target", centring("x"));
  });
}
Hypothesis bias_is_zero() {
  return imposing("bias_zero", "c = 0", [](Inputs& in) {
    Array<Number> w = in("w");
    w(in.sizes.channels) = Number(0);
    in.set("w", w);
  });
}
Hypothesis weight_is_zero() {
  return imposing("weight_zero", "w = 0: the outputs are c", [](Inputs& in) {
    Array<Number> w = in("w");
    for (int k = 0; k < in.sizes.channels; ++k) w(k) = Number(0);
    in.set("w", w);
  });
}

// ---- readings

Reading two_sizes(int small, int large, const Unit& unit, const std::string& why) {
  const std::string pair = std::to_string(small) + "_and_" + std::to_string(large);
  const bool with_clamp = unit.normalization == Normalization::full_norm;
  Reading reading = {.id = "supposed__batch_size__" + pair,
                     .statement = "shuffled: (4) with b = " + std::to_string(small) +
                                  " is (4) with b = " + std::to_string(large) + " for every w and c" +
                                  (with_clamp ? ", √max{var, ε} in the place of √(var + ε)" : ", every ε ≥ 0"),
                     .inputs = {samples, labels, weights, epsilon},
                     .left = by_reference("(4), LL19 (1) batch by batch", objective_of(shuffled_of_size(small), unit)),
                     .right = by_theory("½(v w² − 2 r w) + ½ mean (c − t)²", closed_objective(shuffled_of_size(large))),
                     .why = why};
  if (with_clamp)
    reading.right =
        by_definition("the same, b = " + std::to_string(large), objective_of(shuffled_of_size(large), unit));
  for (int n = large; n <= 4; ++n) reading.sizes.push_back({.batch = n, .outputs = large});
  return reading;
}

Reading two_samplings(std::string id, std::string statement, Sampling left, Sampling right, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = {samples, labels, weights},
          .sizes = {{.batch = 4, .hidden = 2, .outputs = 2}},
          .left = by_reference("(4), LL19 (1) batch by batch", objective_of(std::move(left))),
          .right = by_theory("½(v w² − 2 r w) + ½ mean (c − t)²", closed_objective(std::move(right))),
          .why = std::move(why)};
}

// Worker 1 holds the first two samples, worker 2 the other three.
std::vector<Minibatch> unequal_shares() { return {{0, 1}, {2, 3, 4}}; }
Batches of_unequal_shares(const Inputs& in) { return batches_of_workers(unequal_shares(), in.sizes.outputs); }
// Σ_i weight_i ½(c − t_i)², weight_i for a sample of either share.
Values weighted_constant(const Inputs& in, const Number& of_first, const Number& of_second) {
  Number sum(0);
  for (int i = 0; i < 5; ++i) {
    const Number error = in("w")(in.sizes.channels) - in("target")(i);
    sum += (i < 2 ? of_first : of_second) * error * error / Number(2);
  }
  return {sum};
}
Number binomial(int n, int k) {
  Number value(1);
  for (int j = 0; j < k; ++j) value = value * Number(n - j) / Number(j + 1);
  return value;
}
// LL19's 𝓑 has C(n_i, b) batches from a share of n_i, and each of its samples is in C(n_i − 1, b − 1) of them.
Values weighted_by_batches(const Inputs& in) {
  const int b = in.sizes.outputs;
  const Number all = Number(b) * (binomial(2, b) + binomial(3, b));
  return weighted_constant(in, binomial(1, b - 1) / all, binomial(2, b - 1) / all);
}

std::vector<Reading> readings() {
  const std::vector<Sizes> instance = {{.batch = 4, .hidden = 2, .outputs = 2}};
  const std::string by_normal_equations = "2·min (4): the normal equations on the x̂ of all batches";
  std::vector<Reading> all = {
      {.id = "printed__batch_size",
       .statement =
           "it varies with b: x = 0, 3, 4, 7, t = 0, 0, τ, τ, shuffled: 2·min (4) = 5τ²/36 at b = 2, 9τ²/100 at b = 4",
       .inputs = {{"tau", Role::target}},
       .sizes = instance,
       .left = by_reference(by_normal_equations, optima_on_the_instance({shuffled_of_size(2), shuffled_of_size(4)})),
       .right = by_definition("the numbers", multiples_of_tau_squared({{5, 36}, {9, 100}})),
       .why = "Optimal values, so that no change of the parameters makes them agree."},
      {.id = "printed__sampling_strategy",
       .statement =
           "it varies with the sampling: the same data, b = 2: 2·min (4) = 5τ²/36 shuffled, τ²/4 with single-label "
           "batches, 0 with two workers that hold x = 0, 4 and x = 3, 7",
       .inputs = {{"tau", Role::target}},
       .sizes = instance,
       .left = by_reference(by_normal_equations, optima_on_the_instance({shuffled, of_runs, of_dealt_shares})),
       .right = by_definition("the numbers", multiples_of_tau_squared({{5, 36}, {1, 4}, {0, 1}})),
       .why = "The range is the whole of var(t) = τ²/4: from a perfect fit to none."}};

  const std::string blind = "With b = 1 the unit is the constant c.";
  all.push_back(two_sizes(1, 2, normalized, blind));
  all.push_back(two_sizes(1, 3, normalized, blind));
  all.push_back(two_sizes(1, 4, normalized, blind));
  all.push_back(two_sizes(2, 3, clamped, "v and r differ. The clamp gives roots that are fractions."));
  all.push_back(two_sizes(2, 4, normalized, "v and r differ; at ε = 0, r alone."));
  all.push_back(two_sizes(3, 4, clamped, "v and r differ. The clamp gives roots that are fractions."));

  Reading single = two_samplings("supposed__sampling__shuffled_and_single_label",
                                 "b = 2: shuffled batches and single-label batches of two give the same (4)", shuffled,
                                 of_runs, "In a batch of one label nothing but c counts, in a mixed one w does.");
  single.hypotheses = {one_label_per_share()};
  Reading workers = two_samplings("supposed__sampling__shuffled_and_workers",
                                  "b = 2: shuffled batches and the batches of two workers give the same (4)", shuffled,
                                  of_dealt_shares, "r is a mean over other pairs.");
  Reading against = two_samplings("supposed__sampling__single_label_and_workers",
                                  "b = 2: single-label batches and the batches of two workers give the same (4)",
                                  of_runs, of_dealt_shares, "The workers' batches are mixed.");
  against.hypotheses = {one_label_per_share()};
  for (const Reading& reading : {single, workers, against}) all.push_back(reading);

  Reading linear =
      two_samplings("supposed__linear_loss", "with a loss linear in the output, l = t·o, b does not matter",
                    shuffled_of_size(2), shuffled_of_size(4), "It is w r + c mean(t), and r depends on 𝓑.");
  linear.left = by_reference("E_B mean_B (t·o), b = 2", linear_loss(shuffled_of_size(2)));
  linear.right = by_theory("w r + c mean(t), b = 4", [](const Inputs& in) -> Values {
    const auto fit = closed_form(in, subsets(in.sizes.batch, 4));
    return {in("w")(0) * fit.scaled_covariance + in("w")(1) * fit.level};
  });
  linear.sizes = {{.batch = 4, .outputs = 4}};
  linear.hypotheses = {four_rational_samples()};
  all.push_back(linear);

  Reading slope = two_samplings(
      "agrees__same_slope", "b ≥ 2, ε = 0: (4) shuffled − (4) with the workers' batches = −w (r − r′), whatever c is",
      shuffled, of_dealt_shares, "");
  slope.left =
      by_reference("the difference of the two objectives, LL19 (1) batch by batch", [](const Inputs& in) -> Values {
        return {objective_of(shuffled)(in).front() - objective_of(of_dealt_shares)(in).front()};
      });
  slope.right = by_theory("−w (r − r′)", [](const Inputs& in) -> Values {
    return {in("w")(0) *
            (closed_form(in, of_dealt_shares(in)).scaled_covariance - closed_form(in, shuffled(in)).scaled_covariance)};
  });

  slope.why = "So they agree for every w and c if and only if r = r′.";
  all.push_back(slope);

  Reading closed =
      two_samplings("closed_form__workers", "2·min (4) = var(t) − r²/v with the batches of workers, every ε ≥ 0",
                    of_dealt_shares, of_dealt_shares, "");
  closed.inputs = {samples, labels, epsilon};
  closed.sizes = {{.batch = 4, .hidden = 2, .outputs = 2},
                  {.batch = 6, .hidden = 2, .outputs = 2},
                  {.batch = 6, .hidden = 3, .outputs = 2},
                  {.batch = 6, .hidden = 2, .outputs = 3}};
  closed.left = by_reference(by_normal_equations, optimum_of(of_dealt_shares));
  closed.right = by_theory("var(t) − r²/v", closed_minimum(of_dealt_shares));
  all.push_back(closed);

  Reading nothing = closed;
  nothing.id = "single_label__nothing_is_fitted";
  nothing.statement = "single-label batches: 2·min (4) = var(t) for any features: the labels are not fitted at all";
  nothing.sizes = {{.batch = 4, .hidden = 2, .outputs = 2},
                   {.batch = 6, .hidden = 3, .outputs = 2},
                   {.batch = 6, .channels = 2, .hidden = 2, .outputs = 3}};
  nothing.hypotheses = {one_label_per_share()};
  nothing.left = by_reference(by_normal_equations, optimum_of(of_runs));
  nothing.right = by_theory("var(t)", [](const Inputs& in) -> Values {
    return {theory::least_squares_residual<Number>(Array<Number>(in.sizes.batch, 0), target(in))};
  });
  nothing.why =
      "cov_B(x, t) = 0 in every batch, so w = 0 is best. Networks with an activation after batch norm can do other "
      "things: bn_overfits_predefined_batches.";
  all.push_back(nothing);

  all.push_back({.id = "agrees__batches_of_one",
                 .statement = "b = 1, ε > 0: (4) = ½ mean (σ(c) − t)² for every W and every sampling in equal shares",
                 .inputs = {samples, labels, weights, epsilon},
                 .sizes = {{.batch = 1},
                           {.batch = 2},
                           {.batch = 4, .channels = 2, .hidden = 2, .outputs = 2},
                           {.batch = 6, .hidden = 3, .outputs = 2}},
                 .hypotheses = {batches_of_one()},
                 .left = by_reference("(4) with tanh, LL19 (1) batch by batch: the workers' batches",
                                      objective_of(of_dealt_shares, normalized_tanh)),
                 .right = by_definition("½ mean (tanh(c) − t)²", of_a_constant<true>),
                 .why = "A sample less its own mean is 0."});

  all.push_back(
      {.id = "agrees__equal_statistics",
       .statement = "two workers, b = n/2: their (4) is that of the full batch, b = n, for every W, with tanh",
       .inputs =
           {samples, labels, weights, {"mirror", Role::activation, Dimension::batch, Dimension::channels}, epsilon},
       .sizes = {{.batch = 4, .hidden = 2, .outputs = 2},
                 {.batch = 6, .hidden = 2, .outputs = 3},
                 {.batch = 6, .channels = 2, .hidden = 2, .outputs = 3}},
       .hypotheses = {shares_have_equal_statistics()},
       .left = by_reference("(4), LL19 (1) batch by batch: the two shares", objective_of(of_runs, normalized_tanh)),
       .right = by_definition("½ mean (tanh(w·x̂ + c) − t)², x̂ by the mean and the variance of D",
                              [](const Inputs& in) -> Values {
                                const theory::Vector<Number> mean = theory::mean<Number>(in("x")),
                                                             variance = theory::biased_variance<Number>(in("x"));
                                Number sum(0);
                                for (int i = 0; i < in.sizes.batch; ++i) {
                                  Number output = in("w")(in.sizes.channels);
                                  for (int k = 0; k < in.sizes.channels; ++k) {
                                    const Number radicand = variance(k) + eps_of(in);
                                    output += in("w")(k) * (in("x")(i, k) - mean(k)) / sqrt(radicand);
                                  }
                                  const Number error = tanh(output) - in("target")(i);
                                  sum += error * error;
                                }
                                return {sum / Number(2 * in.sizes.batch)};
                              }),
       .why = "Then x̂ does not depend on the batch; the shares of one and the same data set rarely are so."});

  const Reading unequal = {.id = "unequal_shares__weights",
                           .statement =
                               "shares of two and three samples, w = 0: (4) weighs a sample of a share of n_i by "
                               "C(n_i − 1, b − 1)/(b Σ_k C(n_k, b))",
                           .inputs = {samples, labels, weights},
                           .sizes = {{.batch = 5, .outputs = 2}},
                           .hypotheses = {weight_is_zero()},
                           .left = by_reference("(4), LL19 (1) batch by batch", objective_of(of_unequal_shares)),
                           .right = by_definition("Σ_i weight_i ½(c − t_i)²", weighted_by_batches),
                           .why = "1/8 for each of the two, 1/4 for each of the three, where (3) has 1/5."};
  Reading even = unequal;
  even.id = "supposed__unequal_shares__even";
  even.statement = "shares of two and three samples, w = 0: (4) is the mean of the loss over D";
  even.right = by_definition("(1/n) Σ ½(c − t_i)²", of_a_constant<false>);
  even.why = "LL19's 𝓑 takes every batch of every worker once: larger shares have more batches a sample.";
  all.push_back(unequal);
  all.push_back(even);
  return all;
}

}  // namespace

Claim bn_objective_depends_on_sampling() {
  return {
      .title = "The objective (4) of batch norm varies with the batch size and with the sampling strategy",
      .sources = {{"LL19", "§4, the forms of 𝓑 and the two observations after them"}},
      .notation =
          "D: n samples x with labels t, b the size of a batch; shuffled: all C(n, b) subsets; per worker: all "
          "subsets of b samples of one share of D; single label: the shares are the labels' classes; E_B the mean "
          "over the batches; one linear unit w·x̂ + c, loss ½(o − t)²; r = E_B cov_B(x, t)/s_B, v = E_B var_B/s_B², "
          "s_B = √(var_B + ε). In the sizes, batch = n, outputs = b, hidden = the number of shares.",
      .why =
          "2·(4) = v w² − 2 r w + mean (c − t)² for batches in which each sample is equally often. At ε = 0 and b ≥ "
          "2, v = 1, and the sampling enters through r alone. b = 1 makes x̂ = 0; one label a batch makes cov_B = 0; b "
          "= n gives cov(x, t)/s_D.",
      .explain =
          "In (4) a sample is normalized by its batch, so the objective depends on which batches there are. For one "
          "linear unit with squared loss all of the dependence is in two numbers, r (how well labels follow features "
          "within batches) and v. Take x = 0, 3, 4, 7 with labels 0, 0, 1, 1. Shuffled pairs leave a mean squared "
          "error of 5/36, the full batch 9/100. Single-label pairs leave 1/4, all of the labels' variance: within "
          "such a batch there is nothing to learn. Two workers that hold 0, 4 and 3, 7 reach 0: within each share "
          "the larger sample has the label 1. The data are the same throughout, and but for the full batch so is b = "
          "2. Objectives agree where r agrees (one linear unit, ε = 0), where b = 1 and ε > 0 (the network is then a "
          "constant and the weights do not count at all), and, for one layer, where every batch has the same mean "
          "and variance. Workers with shares of unequal size bring a second effect that has nothing to do with "
          "normalization: LL19's 𝓑 counts every batch once, and a sample of a larger share is in more of them.",
      .readings = at_these_sizes_only(readings()),
      .mutants =
          {
              {.id = "forgets_the_workers",
               .reading = "closed_form__workers",
               .words = "r and v over all batches of D",
               .agrees_when = one_share(),
               .right = closed_minimum(shuffled),
               .agreeing_sizes = {{.batch = 3, .hidden = 2, .outputs = 2}, {.batch = 4, .hidden = 2, .outputs = 2}}},
              {.id = "statistics_of_the_share",
               .reading = "closed_form__workers",
               .words = "b is the size of a share",
               .agrees_when = shares_are_batches(),
               .right = [](const Inputs& in) -> Values {
                 Inputs moved = in;
                 moved.sizes.outputs = in.sizes.batch / in.sizes.hidden;
                 return {theory::doubled_minimum(closed_form(in, of_dealt_shares(moved)))};
               }},
              {.id = "mean_square_of_the_labels",
               .reading = "single_label__nothing_is_fitted",
               .words = "mean(t²)",
               .agrees_when = labels_are_centred(),
               .right = [](const Inputs& in) -> Values {
                 return {dot<Number>(in("target"), in("target")) / Number(in.sizes.batch)};
               }},
              {.id = "forgets_the_bias",
               .reading = "agrees__batches_of_one",
               .words = "½ mean(t²)",
               .agrees_when = bias_is_zero(),
               .right = [](const Inputs& in) -> Values {
                 const Number at_zero = tanh(Number(0));
                 Number sum(0);
                 for (Eigen::Index i = 0; i < in("target").size(); ++i)
                   sum += (at_zero - in("target")(i)) * (at_zero - in("target")(i));
                 return {sum / Number(2 * in.sizes.batch)};
               }},
          },
  };
}

}  // namespace normproof::claims
