// Claim: the average of minibatch means, and m/(m − 1) times the average of minibatch variances, estimate the
// population's mean and variance.
//
// Source       LI23 (47) E[x] ← E_B[μ_B], (48) Var[x] ← m/(m−1) E_B[σ_B²] ("process multiple mini-batches, each of size
//              m"); WIKI, the same two and "The population statistics thus is a complete representation of the
//              mini-batches"; NOTE15, running_var.lerp_(var, momentum) with var = x.var(dim=0, unbiased=False), from 1,
//              a "population estimate"
// Notation     population x_1 … x_n of one channel, mean μ, σ² = (1/n) Σ (x_i − μ)², S² = n/(n−1) σ²; a minibatch B has
//              m draws, mean μ_B and biased variance σ_B². In the sizes batch is m and hidden is n; outputs is the
//              number of steps in NOTE15's readings, and of weights where a sampling law is free
// Hypotheses   m ≥ 2 for (48): at m = 1 it reads (1/0)·0. The sampling law, which neither document prints
//
//     E μ_B = μ for every law that draws all samples equally often
//     m/(m−1) E σ_B² = σ² − c,   c the mean covariance of two different draws of one batch
//     with replacement c = 0: σ²;   without replacement c = −σ²/(n−1): S²;   one shuffled epoch: random, S² on average
//
// Why. E σ_B² + E(μ_B − μ)² = σ² (total variance), and E(μ_B − μ)² = σ²/m + (1 − 1/m) c. Multiply out. An average over
// steps with weights that add up to 1, such as NOTE15's, has the expectation of one step: (1 − 1/m)(σ² − c), not σ².
#include "impl/reference/batch_norm_training.hpp"
#include "proofs_checks/inputs/adapters.hpp"
#include "proofs_checks/inputs/minibatches.hpp"
#include "theory/running_average.hpp"
#include "theory/sampling/minibatch_statistics.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using theory::Draws;

std::vector<InputSpec> population() { return {{"x", Role::activation, Dimension::hidden, Dimension::one}}; }

std::vector<Sizes> tuple_sizes(int smallest = 2) {
  std::vector<Sizes> sizes = {{.batch = 2, .hidden = 2}, {.batch = 3, .hidden = 2}, {.batch = 2, .hidden = 3},
                              {.batch = 3, .hidden = 3}, {.batch = 2, .hidden = 4}, {.batch = 2, .hidden = 1}};
  if (smallest == 1) sizes.push_back({.batch = 1, .hidden = 3});
  return sizes;
}
std::vector<Sizes> subset_sizes(int smallest = 2) {
  std::vector<Sizes> sizes = {{.batch = 2, .hidden = 2}, {.batch = 2, .hidden = 3}, {.batch = 3, .hidden = 3},
                              {.batch = 2, .hidden = 4}, {.batch = 3, .hidden = 4}, {.batch = 3, .hidden = 5}};
  if (smallest == 1) sizes.push_back({.batch = 1, .hidden = 3});
  return sizes;
}
std::vector<Sizes> epoch_sizes() {
  return {{.batch = 2, .hidden = 4}, {.batch = 2, .hidden = 6}, {.batch = 3, .hidden = 6}, {.batch = 3, .hidden = 3}};
}

std::vector<Minibatch> all_minibatches(const Inputs& in, Draws draws) {
  return draws == Draws::with_replacement ? tuples(in.sizes.hidden, in.sizes.batch)
                                          : subsets(in.sizes.hidden, in.sizes.batch);
}

// LI23 Algorithm 2 line 9 over all these minibatches: (47) and (48).
reference::RunningStatistics<Number> line_9(const Inputs& in, const std::vector<Minibatch>& minibatches) {
  Values rows;
  for (const Minibatch& minibatch : minibatches)
    for (const Number& value : members(in("x"), minibatch)) rows.push_back(value);
  return reference::population_statistics<Number>(rows, static_cast<int>(minibatches.size()), {in.sizes.batch, 1});
}

struct Statistics {
  Number mean, variance;
};
// LI23 Algorithm 1 lines 2 and 3.
Statistics of(const Inputs& in, const Minibatch& minibatch) {
  const reference::Extents extents = {static_cast<int>(minibatch.size()), 1};
  const Values rows = members(in("x"), minibatch);
  Values mean(1), variance(1);
  reference::batch_mean<Number>(rows, extents, mean);
  reference::batch_variance<Number>(rows, extents, mean, variance);
  return {mean[0], variance[0]};
}

template <class Value>
Number average(const Inputs& in, const std::vector<Minibatch>& minibatches, Value value) {
  Number sum(0);
  for (const Minibatch& minibatch : minibatches) sum += value(of(in, minibatch));
  return sum / Number(static_cast<int>(minibatches.size()));
}
Number average_variance(const Inputs& in, const std::vector<Minibatch>& minibatches) {
  return average(in, minibatches, [](const Statistics& s) { return s.variance; });
}
// The average of (μ_B − μ)².
Number between(const Inputs& in, const std::vector<Minibatch>& minibatches) {
  const Number mean = reference_mean(in("x"))[0];
  return average(in, minibatches, [&](const Statistics& s) { return (s.mean - mean) * (s.mean - mean); });
}

Number population_mean(const Inputs& in) { return theory::mean<Number>(in("x"))(0); }
Number population_variance(const Inputs& in) { return theory::biased_variance<Number>(in("x"))(0); }
Number n_minus_one_variance(const Inputs& in) {
  return Number(in.sizes.hidden) / Number(in.sizes.hidden - 1) * population_variance(in);
}

using Scalar = Number (*)(const Inputs&);
Formula values(Scalar scalar) {
  return [=](const Inputs& in) { return Values{scalar(in)}; };
}

Side mean_by_47(Draws draws) {
  return by_reference("E_B[μ_B] over all minibatches, LI23 (47)",
                      [=](const Inputs& in) { return Values{line_9(in, all_minibatches(in, draws)).mean[0]}; });
}
Side variance_by_48(Draws draws) {
  return by_reference("m/(m−1) E_B[σ_B²] over all minibatches, LI23 (48)",
                      [=](const Inputs& in) { return Values{line_9(in, all_minibatches(in, draws)).variance[0]}; });
}
Side sigma_squared() { return by_theory("σ² = (1/n) Σ (x_i − μ)²", values(population_variance)); }
Side s_squared() { return by_theory("S² = (1/(n−1)) Σ (x_i − μ)²", values(n_minus_one_variance)); }
Side the_mean() { return by_theory("μ", values(population_mean)); }

// ---- one epoch

Epoch in_order(const Inputs& in) { return epoch_in_order(in.sizes.hidden, in.sizes.batch); }

Hypothesis batches_share_their_mean() {
  return imposing("batches_share_their_mean", "all batches of the epoch have the same mean", [](Inputs& in) {
    Array<Number> x = in("x");
    const Epoch epoch = in_order(in);
    const Number wanted = of(in, epoch.front()).mean;
    for (const Minibatch& batch : epoch) {
      const Number shift = wanted - of(in, batch).mean;
      for (const int sample : batch) x(sample) += shift;
    }
    in.set("x", x);
  });
}

// ---- any sampling law: tuple k of all nᵐ has the weight k

std::vector<InputSpec> population_and_law() {
  return {{"x", Role::activation, Dimension::hidden, Dimension::one},
          {"law", Role::weight, Dimension::outputs, Dimension::one},
          {"share", Role::weight, Dimension::hidden, Dimension::one}};
}
std::vector<Sizes> law_sizes() {
  return {{.batch = 2, .hidden = 2, .outputs = 4},
          {.batch = 3, .hidden = 2, .outputs = 8},
          {.batch = 2, .hidden = 3, .outputs = 9}};
}

template <class Value>
Number expectation(const Inputs& in, Value value) {
  Number sum(0), total(0);
  const std::vector<Minibatch> all = tuples(in.sizes.hidden, in.sizes.batch);
  for (std::size_t k = 0; k < all.size(); ++k) {
    const Number& weight = in("law")(static_cast<Eigen::Index>(k));
    sum += weight * value(all[k]);
    total += weight;
  }
  return sum / total;
}

// Mean, variance, and covariance of two different places, of a draw at a random place of the minibatch.
struct OneDraw {
  Number mean, variance, covariance;
};
OneDraw one_draw(const Inputs& in) {
  const Number m(in.sizes.batch);
  const Array<Number>& x = in("x");
  OneDraw draw;
  draw.mean = expectation(in, [&](const Minibatch& minibatch) {
    Number sum(0);
    for (const int sample : minibatch) sum += x(sample) / m;
    return sum;
  });
  draw.variance = expectation(in, [&](const Minibatch& minibatch) {
    Number sum(0);
    for (const int sample : minibatch) sum += (x(sample) - draw.mean) * (x(sample) - draw.mean) / m;
    return sum;
  });
  draw.covariance = expectation(in, [&](const Minibatch& minibatch) {
    Number sum(0);
    for (std::size_t a = 0; a < minibatch.size(); ++a)
      for (std::size_t b = 0; b < a; ++b) sum += (x(minibatch[a]) - draw.mean) * (x(minibatch[b]) - draw.mean);
    return sum * Number(2) / (m * (m - Number(1)));
  });
  return draw;
}

Side variance_by_48_under_the_law() {
  return by_reference("m/(m−1) E_B[σ_B²] under the law", [](const Inputs& in) {
    const Number m(in.sizes.batch);
    return Values{m / (m - Number(1)) * expectation(in, [&](const Minibatch& b) { return of(in, b).variance; })};
  });
}

Hypothesis draws_are_independent() {
  return imposing("draws_independent", "the draws are independent, sample k with the share p_k each time",
                  [](Inputs& in) {
                    const std::vector<Minibatch> all = tuples(in.sizes.hidden, in.sizes.batch);
                    Array<Number> law = in("law");
                    for (std::size_t k = 0; k < all.size(); ++k) {
                      Number product(1);
                      for (const int sample : all[k]) product *= in("share")(sample);
                      law(static_cast<Eigen::Index>(k)) = product;
                    }
                    in.set("law", law);
                  });
}

// ---- NOTE15's running statistics: t = outputs steps, each with a minibatch of its own

std::vector<InputSpec> population_and_running() {
  return {{"x", Role::activation, Dimension::hidden, Dimension::one},
          {"alpha", Role::rate},
          {"start_mean", Role::mean},
          {"start_variance", Role::variance}};
}
std::vector<Sizes> running_sizes() {
  return {{.batch = 1, .hidden = 2},
          {.batch = 2, .hidden = 2},
          {.batch = 2, .hidden = 3, .outputs = 2},
          {.batch = 2, .hidden = 2, .outputs = 3}};
}

// The averages of running_mean and running_var over all sequences of t minibatches: running + α (new − running).
Statistics expected_running(const Inputs& in, Draws draws, const Number& correction) {
  const std::vector<Minibatch> all = all_minibatches(in, draws);
  std::vector<Statistics> statistics;
  for (const Minibatch& minibatch : all) statistics.push_back(of(in, minibatch));
  const std::vector<Minibatch> sequences = tuples(static_cast<int>(all.size()), in.sizes.outputs);
  const Number alpha = in.scalar("alpha"), count(static_cast<int>(sequences.size()));
  Number mean(0), variance(0);
  for (const Minibatch& sequence : sequences) {
    Statistics running = {in.scalar("start_mean"), in.scalar("start_variance")};
    for (const int step : sequence) {
      const Statistics& batch = statistics[static_cast<std::size_t>(step)];
      running.mean = running.mean + alpha * (batch.mean - running.mean);
      running.variance = running.variance + alpha * (correction * batch.variance - running.variance);
    }
    mean += running.mean;
    variance += running.variance;
  }
  return {mean / count, variance / count};
}
Side expected_running_var(Draws draws) {
  return by_reference("E[running_var] over all sequences of minibatches, the code's lerp_ on LI23's σ_B²",
                      [=](const Inputs& in) { return Values{expected_running(in, draws, Number(1)).variance}; });
}

// The start's share and that of `every_step`.
Number running_towards(const Inputs& in, const Number& start, const Number& every_step) {
  theory::Vector<Number> steps(in.sizes.outputs);
  for (int k = 0; k < in.sizes.outputs; ++k) steps(k) = every_step;
  return theory::running_average<Number>(start, steps, in.scalar("alpha"));
}
Formula running_variance_towards(Number (*every_step)(const Inputs& in)) {
  return [=](const Inputs& in) { return Values{running_towards(in, in.scalar("start_variance"), every_step(in))}; };
}
Number shrunk_variance(const Inputs& in) {
  return theory::expected_variance<Number>(in("x"), in.sizes.batch, Draws::with_replacement);
}

Hypothesis starts_at_the_variance() {
  return imposing("start_at_the_variance", "ν_0 = σ²: no bias from the start",
                  [](Inputs& in) { in.set("start_variance", population_variance(in)); });
}
Hypothesis nothing_is_learnt() {
  return imposing("rate_zero", "α = 0", [](Inputs& in) { in.set("alpha", Number(0)); });
}
Hypothesis only_the_last_batch_counts() {
  return imposing("rate_one", "α = 1", [](Inputs& in) { in.set("alpha", Number(1)); });
}

// ---- natural cases

Hypothesis minibatch_is_the_population() {
  return imposing("minibatch_is_the_population", "m = n: the first m samples are the population", [](Inputs& in) {
    in.set("x", Array<Number>(in("x").topRows(in.sizes.batch)));
    in.sizes.hidden = in.sizes.batch;
  });
}
Hypothesis minibatches_of(int size, std::string id, std::string sentence) {
  return imposing(std::move(id), std::move(sentence), [=](Inputs& in) { in.sizes.batch = size; });
}
Hypothesis single_samples() { return minibatches_of(1, "single_samples", "m = 1"); }
Hypothesis pairs() { return minibatches_of(2, "pairs", "m = 2"); }

}  // namespace

Claim bn_population_variance() {
  const Draws with = Draws::with_replacement, without = Draws::without_replacement;
  Claim claim = {
      .title = "E_B[μ_B] and m/(m−1) E_B[σ_B²] estimate the population's mean and variance",
      .sources = {{"LI23", "Algorithm 2, (47), (48)"},
                  {"WIKI", "transformation in the inference stage"},
                  {"NOTE15", "Key design 3, RunningBatchNorm1D"}},
      .notation =
          "population x_1 … x_n of one channel, μ its mean, σ² = (1/n) Σ (x_i − μ)², S² = n/(n−1) σ²; a minibatch B "
          "of m draws has the mean μ_B and the biased variance σ_B². In the sizes batch is m and hidden is n; "
          "outputs is the number of steps in NOTE15's readings and the number of tuples where the law is free",
      .why =
          "E σ_B² + E(μ_B − μ)² = σ², and E(μ_B − μ)² = σ²/m + (1 − 1/m) c with c the mean covariance of two "
          "different draws of one batch; hence m/(m−1) E σ_B² = σ² − c. Independent draws have c = 0, draws without "
          "replacement c = −σ²/(n−1), and σ² + σ²/(n−1) = S².",
      .explain =
          "LI23 (47), (48) and WIKI compute the inference statistics from minibatches of size m: the average of their "
          "means, and m/(m−1) times the average of their variances (divided by m). What is that an estimate of? Here "
          "every minibatch of a small population of n values is enumerated. The mean is right for every way of "
          "drawing that treats the samples alike. The variance depends on how one draws. With replacement it is the "
          "population's variance σ² (divided by n). Without replacement, as data loaders draw, it is S² = n/(n−1) σ²: "
          "for the population (0, 1) and m = 2 the only batch gives 2 · 1/4 = 1/2, where σ² = 1/4. In general it is "
          "σ² (if all samples are drawn equally often) less the covariance of two draws of one batch: similar samples "
          "in a batch (one label a batch) make it too small. In one epoch of disjoint batches of equal size the "
          "average of the means is μ exactly; the average of the variances is only what is left of σ² after the "
          "variance of the batch means, and depends on the shuffle. So the statistics of one epoch do not represent "
          "its minibatches completely, nor any single minibatch. A smaller last batch makes even the mean wrong "
          "unless batches are weighted by their sizes. NOTE15's code averages biased variances without m/(m−1): from "
          "any start and for 0 < α ≤ 1, running_var tends in expectation to (1 − 1/m) σ² (draws with replacement), "
          "half the variance for m = 2. At m = 1 (48) reads (1/0)·0 and says nothing.",
  };
  const auto add = [&](Reading reading) {
    reading.these_sizes_only = true;  // all minibatches are enumerated
    claim.readings.push_back(std::move(reading));
  };

  add({.id = "printed_li23__mean__with_replacement",
       .statement = "E_B[μ_B] = μ over all nᵐ tuples",
       .inputs = population(),
       .sizes = tuple_sizes(),
       .left = mean_by_47(with),
       .right = the_mean(),
       .why = "Every place of a tuple is each sample equally often."});
  add({.id = "printed_li23__mean__without_replacement",
       .statement = "E_B[μ_B] = μ over all C(n, m) subsets",
       .inputs = population(),
       .sizes = subset_sizes(),
       .left = mean_by_47(without),
       .right = the_mean(),
       .why = "Every sample is in C(n−1, m−1) of the subsets."});
  add({.id = "printed_li23__variance__with_replacement",
       .statement = "m/(m−1) E_B[σ_B²] = (1/n) Σ (x_i − μ)² over all nᵐ tuples, m ≥ 2",
       .inputs = population(),
       .sizes = tuple_sizes(),
       .left = variance_by_48(with),
       .right = sigma_squared(),
       .why = "The draws are independent: c = 0. At m = 1 the formula reads (1/0)·0 and has no value."});
  add({.id = "printed_li23__variance__without_replacement",
       .statement = "m/(m−1) E_B[σ_B²] = (1/n) Σ (x_i − μ)² over all C(n, m) subsets, m ≥ 2",
       .inputs = population(),
       .sizes = subset_sizes(),
       .left = variance_by_48(without),
       .right = sigma_squared(),
       .why = "The draws of one batch repel each other, c = −σ²/(n−1): the formula gives S², which exceeds σ² by "
              "σ²/(n−1). The difference dies out with n, not with m."});
  add({.id = "printed_li23__variance__without_replacement__n_minus_one",
       .statement = "m/(m−1) E_B[σ_B²] = (1/(n−1)) Σ (x_i − μ)² over all C(n, m) subsets, m ≥ 2",
       .inputs = population(),
       .sizes = subset_sizes(),
       .left = variance_by_48(without),
       .right = s_squared(),
       .why = "What (48) estimates where batches are subsets, if the population's variance is divided by n−1."});
  add({.id = "printed_li23__variance__with_replacement__n_minus_one",
       .statement = "m/(m−1) E_B[σ_B²] = (1/(n−1)) Σ (x_i − μ)² over all nᵐ tuples, m ≥ 2",
       .inputs = population(),
       .sizes = {{.batch = 2, .hidden = 2}, {.batch = 3, .hidden = 2}, {.batch = 2, .hidden = 3}},
       .left = variance_by_48(with),
       .right = s_squared(),
       .why = "With replacement it is σ²: no one divisor of the population's variance is right for both laws."});
  add({.id = "biased__with_replacement",
       .statement = "E_B[σ_B²] = (1 − 1/m) σ² over all nᵐ tuples, m = 1 included",
       .inputs = population(),
       .sizes = tuple_sizes(1),
       .left = by_reference(
           "E_B[σ_B²], LI23 Algorithm 1 line 3",
           [](const Inputs& in) { return Values{average_variance(in, all_minibatches(in, Draws::with_replacement))}; }),
       .right = by_theory("(1 − 1/m) σ²", values(shrunk_variance)),
       .why = "What the uncorrected variance estimates."});
  add({.id = "biased__without_replacement",
       .statement = "E_B[σ_B²] = (1 − 1/m) n/(n−1) σ² over all C(n, m) subsets, m = 1 included",
       .inputs = population(),
       .sizes = subset_sizes(1),
       .left = by_reference("E_B[σ_B²], LI23 Algorithm 1 line 3",
                            [](const Inputs& in) {
                              return Values{average_variance(in, all_minibatches(in, Draws::without_replacement))};
                            }),
       .right = by_theory("(1 − 1/m)(σ² + σ²/(n−1))",
                          [](const Inputs& in) {
                            return Values{
                                theory::expected_variance<Number>(in("x"), in.sizes.batch, Draws::without_replacement)};
                          }),
       .why = "σ² itself at m = n."});
  add({.id = "variance_of_the_mean__without_replacement",
       .statement = "E_B(μ_B − μ)² = σ²/m − (1 − 1/m) σ²/(n−1) over all C(n, m) subsets",
       .inputs = population(),
       .sizes = subset_sizes(1),
       .left = by_reference(
           "E_B(μ_B − μ)²",
           [](const Inputs& in) { return Values{between(in, all_minibatches(in, Draws::without_replacement))}; }),
       .right = by_theory("σ²/m − (1 − 1/m) σ²/(n−1)",
                          [](const Inputs& in) {
                            return Values{theory::variance_of_the_mean<Number>(in("x"), in.sizes.batch,
                                                                               Draws::without_replacement)};
                          }),
       .why = "(47)'s own spread: σ²/m · (n−m)/(n−1)."});
  add({.id = "any_law",
       .statement = "m/(m−1) E_B[σ_B²] = v − c for every law on the nᵐ tuples (weights of any sign); v the variance "
                    "of one draw, c the mean covariance of two",
       .inputs = population_and_law(),
       .sizes = law_sizes(),
       .left = variance_by_48_under_the_law(),
       .right = by_definition("v − c",
                              [](const Inputs& in) {
                                const OneDraw draw = one_draw(in);
                                return Values{draw.variance - draw.covariance};
                              }),
       .why = "So (48) is right under a law exactly where two draws of one batch are uncorrelated on average."});
  add({.id = "independent_draws",
       .statement = "m/(m−1) E_B[σ_B²] is the variance of one draw where draws are independent, with any shares",
       .inputs = population_and_law(),
       .sizes = law_sizes(),
       .hypotheses = {draws_are_independent()},
       .left = variance_by_48_under_the_law(),
       .right = by_definition("v", [](const Inputs& in) { return Values{one_draw(in).variance}; }),
       .why = "c = 0. Independence is more than is needed and all that one usually has."});
  add({.id = "without_draws_independent",
       .statement = "m/(m−1) E_B[σ_B²] is the variance of one draw under every law",
       .inputs = population_and_law(),
       .sizes = law_sizes(),
       .left = variance_by_48_under_the_law(),
       .right = by_definition("v", [](const Inputs& in) { return Values{one_draw(in).variance}; }),
       .why = "Put equal samples into one batch, as single-label batches nearly do, and E_B[σ_B²] = 0."});
  add({.id = "printed_wiki__every_minibatch",
       .statement =
           "every minibatch has the population's statistics: μ_B = E[x], m/(m−1) σ_B² = Var[x] over all subsets",
       .inputs = population(),
       .sizes = {{.batch = 2, .hidden = 3}, {.batch = 2, .hidden = 4}, {.batch = 3, .hidden = 4}},
       .left = by_reference("μ_B and m/(m−1) σ_B² of the first m samples",
                            [](const Inputs& in) {
                              const reference::RunningStatistics<Number> one =
                                  line_9(in, {first_samples(in.sizes.batch)});
                              return Values{one.mean[0], one.variance[0]};
                            }),
       .right = by_theory("E[x] = μ and Var[x] = S²",
                          [](const Inputs& in) {
                            return Values{population_mean(in), n_minus_one_variance(in)};
                          }),
       .why =
           "\"A complete representation of the mini-batches\" taken of each: two numbers cannot stand for them all."});
  add({.id = "printed_wiki__one_epoch__mean",
       .statement = "the average of μ_B over the n/m disjoint minibatches of one epoch is μ",
       .inputs = population(),
       .sizes = epoch_sizes(),
       .left = by_reference("E_B[μ_B] over the epoch",
                            [](const Inputs& in) { return Values{line_9(in, in_order(in)).mean[0]}; }),
       .right = the_mean(),
       .why = "Exactly, whatever the shuffle: equal batches, each sample once."});
  add({.id = "printed_wiki__one_epoch__variance",
       .statement = "m/(m−1) times the average of σ_B² over the n/m disjoint minibatches of one epoch is S²",
       .inputs = population(),
       .sizes = {{.batch = 2, .hidden = 4}, {.batch = 3, .hidden = 6}},
       .left = by_reference("m/(m−1) E_B[σ_B²] over the epoch",
                            [](const Inputs& in) { return Values{line_9(in, in_order(in)).variance[0]}; }),
       .right = s_squared(),
       .why = "It varies with the shuffle: sorted data put the variance between the batches, where no σ_B² sees it. "
              "one_epoch__total_variance is the exact balance, all_epochs__variance the average over shuffles."});
  add({.id = "one_epoch__total_variance",
       .statement = "in one epoch the average of σ_B² is σ² − the average of (μ_B − μ)²",
       .inputs = population(),
       .sizes = epoch_sizes(),
       .left =
           by_reference("average of σ_B²", [](const Inputs& in) { return Values{average_variance(in, in_order(in))}; }),
       .right = by_theory("σ² − average of (μ_B − μ)²",
                          [](const Inputs& in) {
                            const Number mean = population_mean(in);
                            Number squares(0);
                            const Epoch epoch = in_order(in);
                            for (const Minibatch& batch : epoch) {
                              Number sum(0);
                              for (const int sample : batch) sum += in("x")(sample);
                              const Number distance = sum / Number(in.sizes.batch) - mean;
                              squares += distance * distance;
                            }
                            return Values{population_variance(in) - squares / Number(static_cast<int>(epoch.size()))};
                          }),
       .why = "The law of total variance. Means and variances of all batches together do give the population's "
              "variance."});
  add({.id = "all_epochs__variance",
       .statement = "averaged over all ways to cut the population into batches, m/(m−1) E_B[σ_B²] of an epoch is S²",
       .inputs = population(),
       .sizes = epoch_sizes(),
       .left = by_reference("m/(m−1) E_B[σ_B²], averaged over all epochs",
                            [](const Inputs& in) {
                              const std::vector<Epoch> all = epochs(in.sizes.hidden, in.sizes.batch);
                              Number sum(0);
                              for (const Epoch& epoch : all) sum += line_9(in, epoch).variance[0];
                              return Values{sum / Number(static_cast<int>(all.size()))};
                            }),
       .right = s_squared(),
       .why = "Each batch of a random epoch is a random subset."});
  add({.id = "unequal_batches__mean",
       .statement = "with a smaller last batch the average of μ_B over one epoch is μ",
       .inputs = population(),
       .sizes = {{.batch = 2, .hidden = 3}, {.batch = 3, .hidden = 4}, {.batch = 2, .hidden = 5}},
       .left = by_reference("average of μ_B, one vote a batch",
                            [](const Inputs& in) {
                              return Values{average(in, in_order(in), [](const Statistics& s) { return s.mean; })};
                            }),
       .right = the_mean(),
       .why = "The samples of the small batch count more. LI23 asks for batches \"each of size m\"; loaders that "
              "keep the rest of the data do not."});
  add({.id = "unequal_batches__mean__weighted",
       .statement = "with a smaller last batch the average of μ_B over one epoch, weighted by batch sizes, is μ",
       .inputs = population(),
       .sizes = {{.batch = 2, .hidden = 3}, {.batch = 3, .hidden = 4}, {.batch = 2, .hidden = 5}},
       .left = by_reference("Σ_B (|B|/n) μ_B",
                            [](const Inputs& in) {
                              Number sum(0);
                              for (const Minibatch& batch : in_order(in))
                                sum += Number(static_cast<int>(batch.size())) * of(in, batch).mean;
                              return Values{sum / Number(in.sizes.hidden)};
                            }),
       .right = the_mean()});
  add({.id = "printed_note15__mean",
       .statement = "E[running_mean] = (1−α)ᵗ μ_0 + (1 − (1−α)ᵗ) μ after t steps, draws without replacement in each",
       .inputs = population_and_running(),
       .sizes = running_sizes(),
       .left = by_reference(
           "E[running_mean] over all sequences of minibatches",
           [](const Inputs& in) { return Values{expected_running(in, Draws::without_replacement, Number(1)).mean}; }),
       .right = by_theory(
           "the running average of μ",
           [](const Inputs& in) { return Values{running_towards(in, in.scalar("start_mean"), population_mean(in))}; }),
       .why = "Unbiased but for its start."});
  add({.id = "printed_note15__variance",
       .statement = "running_var, fed with biased variances, estimates σ²: E[running_var] = σ² from ν_0 = σ², with "
                    "replacement",
       .inputs = population_and_running(),
       .sizes = {{.batch = 2, .hidden = 2}, {.batch = 3, .hidden = 2}, {.batch = 2, .hidden = 3, .outputs = 2}},
       .hypotheses = {starts_at_the_variance()},
       .left = expected_running_var(with),
       .right = by_theory("σ²", values(population_variance)),
       .why = "Even from the right start it drifts to (1 − 1/m) σ². From NOTE15's ν_0 = 1 the start's share (1−α)ᵗ "
              "comes on top. note15__expectation is what it estimates."});
  add({.id = "note15__expectation",
       .statement = "E[running_var] = (1−α)ᵗ ν_0 + (1 − (1−α)ᵗ)(1 − 1/m) σ² after t steps, with replacement, any ν_0",
       .inputs = population_and_running(),
       .sizes = running_sizes(),
       .left = expected_running_var(with),
       .right = by_theory("the running average of (1 − 1/m) σ²", running_variance_towards(shrunk_variance)),
       .why = "The update is linear, so expectations pass through it. In the limit of many steps: (1 − 1/m) σ²."});
  add({.id = "note15__expectation__without_replacement",
       .statement =
           "E[running_var] = (1−α)ᵗ ν_0 + (1 − (1−α)ᵗ)(1 − 1/m) S² after t steps, each batch drawn without replacement",
       .inputs = population_and_running(),
       .sizes = running_sizes(),
       .left = expected_running_var(without),
       .right = by_theory("the running average of (1 − 1/m) S²", running_variance_towards([](const Inputs& in) {
                            return theory::expected_variance<Number>(in("x"), in.sizes.batch,
                                                                     Draws::without_replacement);
                          }))});
  add({.id = "note15__corrected",
       .statement = "with m/(m−1) var in the update: E[running_var] = (1−α)ᵗ ν_0 + (1 − (1−α)ᵗ) σ², with replacement",
       .inputs = population_and_running(),
       .sizes = {{.batch = 2, .hidden = 2}, {.batch = 2, .hidden = 3, .outputs = 2}, {.batch = 3, .hidden = 2}},
       .left = by_reference("E[running_var] with m/(m−1) σ_B² in the update",
                            [](const Inputs& in) {
                              const Number m(in.sizes.batch);
                              return Values{
                                  expected_running(in, Draws::with_replacement, m / (m - Number(1))).variance};
                            }),
       .right = by_theory("the running average of σ²", running_variance_towards(population_variance)),
       .why = "The correction of (48) makes the code's estimate unbiased for σ², but for its start."});

  claim.mutants = {
      {.id = "takes_a_minibatch_for_the_population",
       .reading = "biased__without_replacement",
       .words = "σ² for (1 − 1/m) n/(n−1) σ²",
       .agrees_when = minibatch_is_the_population(),
       .right = values(population_variance),
       .agreeing_sizes = {{.batch = 2, .hidden = 3}, {.batch = 3, .hidden = 5}}},
      {.id = "one_over_m",
       .reading = "biased__with_replacement",
       .words = "(1/m) σ² for (1 − 1/m) σ²",
       .agrees_when = pairs(),
       .right = [](const Inputs& in) { return Values{population_variance(in) / Number(in.sizes.batch)}; }},
      {.id = "forgets_that_the_population_is_finite",
       .reading = "variance_of_the_mean__without_replacement",
       .words = "σ²/m: no covariance",
       .agrees_when = single_samples(),
       .right = [](const Inputs& in) { return Values{population_variance(in) / Number(in.sizes.batch)}; }},
      {.id = "counts_the_covariance_once",
       .reading = "variance_of_the_mean__without_replacement",
       .words = "σ²/m − (1/m) σ²/(n−1)",
       .agrees_when = pairs(),
       .right =
           [](const Inputs& in) {
             const Number variance = population_variance(in), m(in.sizes.batch);
             return Values{variance / m - variance / (m * Number(in.sizes.hidden - 1))};
           }},
      {.id = "takes_draws_for_independent",
       .reading = "any_law",
       .words = "v for v − c",
       .agrees_when = draws_are_independent(),
       .right = [](const Inputs& in) { return Values{one_draw(in).variance}; }},
      {.id = "forgets_the_variance_between",
       .reading = "one_epoch__total_variance",
       .words = "σ² alone",
       .agrees_when = batches_share_their_mean(),
       .right = values(population_variance)},
      {.id = "takes_the_biased_variance_for_unbiased",
       .reading = "note15__expectation",
       .words = "(1−α)ᵗ ν_0 + (1 − (1−α)ᵗ) σ²",
       .agrees_when = nothing_is_learnt(),
       .right = running_variance_towards(population_variance)},
      {.id = "forgets_the_start",
       .reading = "note15__expectation",
       .words = "(1 − 1/m) σ² after any number of steps",
       .agrees_when = only_the_last_batch_counts(),
       .right = values(shrunk_variance),
       .agreeing_sizes = {{.batch = 2, .hidden = 2}, {.batch = 2, .hidden = 3, .outputs = 2}}},
  };
  return claim;
}

}  // namespace normproof::claims
