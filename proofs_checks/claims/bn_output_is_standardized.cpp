// Claim: the normalized values of batch norm have mean 0 and variance 1, channel by channel.
//
// Source       LI23 (1)–(3), §2 and Algorithm 1; LL19 §3 and Algorithm 1; WIKI, the transform; NOTE15, key design 1
// Notation     μ, σ² the mean and the biased variance of a channel over its m samples, s = √(σ² + ε)
// Hypotheses   s ≠ 0; where s = 0 (a constant channel at ε = 0) x̂ = 0/0 has no value
//
//     x̂_i = (x_i − μ)/s      mean(x̂) = 0      var(x̂) = σ²/(σ² + ε)
//
// Why. Σ (x_i − μ) = 0 is what μ means, whatever x̂ is divided by. The mean being 0, var(x̂) = (1/m) Σ (x_i − μ)²/s²
// = σ²/(σ² + ε): 1 where ε = 0 and σ ≠ 0, smaller where ε > 0, and 0 for a constant channel or a single sample.
// Each channel is treated by itself, so nothing is said of two channels together: x̂ is standardized, not whitened.
#include <algorithm>

#include "proofs_checks/inputs/adapters.hpp"
#include "theory/training_batch.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

Formula in_every_channel(int value) {
  return [=](const Inputs& in) { return Values(static_cast<std::size_t>(in.sizes.channels), Number(value)); };
}

// LL19 Algorithm 1, training; its output does not depend on the running averages.
Array<Number> ll19_output(const Inputs& in) {
  const Array<Number>& x = in("x");
  const std::size_t channels = static_cast<std::size_t>(x.cols());
  reference::RunningStatistics<Number> running = {Values(channels, Number(0)), Values(channels, Number(0))};
  Values output(static_cast<std::size_t>(x.size()));
  reference::batch_norm_layer_train<Number>(row_major(x), extents_of(x), in.scalar("eps"), Number(1), running, output);
  return from_row_major<Number>(output, x.rows(), x.cols());
}

Values variance_of_ll19_output(const Inputs& in) { return reference_variance(ll19_output(in)); }
Values variance_of_x_hat(const Inputs& in) { return reference_variance(reference_x_hat(in)); }

// LI23 Algorithm 1 lines 2–4 letter by letter: line 3 takes the norm, one σ² for all features.
Array<Number> algorithm_1_x_hat(const Inputs& in) {
  const Array<Number>& x = in("x");
  const Values flat = row_major(x), mean = reference_mean(x);
  const Values variance(mean.size(), reference::batch_variance_printed_norm<Number>(flat, extents_of(x), mean));
  Values x_hat(flat.size());
  reference::normalize<Number>(flat, extents_of(x), mean, variance, in.scalar("eps"), x_hat);
  return from_row_major<Number>(x_hat, x.rows(), x.cols());
}

// The same from theory's deviations: σ² of line 3 is the sum of the features' variances.
Array<Number> algorithm_1_x_hat_by_theory(const Inputs& in) {
  const theory::Statistics<Number> st = theory::statistics(theory_batch(in));
  Number radicand = in.scalar("eps");
  for (int j = 0; j < in.sizes.channels; ++j) radicand += st.biased_variance(j);
  const Number root = sqrt(radicand);
  Array<Number> x_hat = st.centred;
  for (Eigen::Index k = 0; k < x_hat.size(); ++k) x_hat(k) = x_hat(k) / root;
  return x_hat;
}

// LI23 (1)–(3) letter by letter: (2) averages x_{j,i} over i, a row where (1) and (3) speak of column j.
Array<Number> introduction_x_hat(const Inputs& in) {
  const Array<Number>& x = in("x");
  const Values mean = reference_mean(x.transpose()), flat = row_major(x);
  Values variance(mean.size()), x_hat(flat.size());
  reference::batch_variance<Number>(flat, extents_of(x), mean, variance);
  reference::normalize<Number>(flat, extents_of(x), mean, variance, Number(0), x_hat);
  return from_row_major<Number>(x_hat, x.rows(), x.cols());
}

// (2) has a meaning for N = D alone: the largest square block of x that starts at its first entry.
Hypothesis as_many_samples_as_features() {
  return imposing("square", "N = D", [](Inputs& in) {
    const int size = std::min(in.sizes.batch, in.sizes.channels);
    in.set("x", Array<Number>(in("x").topLeftCorner(size, size)));
    in.sizes.batch = in.sizes.channels = size;
  });
}

std::vector<Sizes> square_sizes() { return {{.batch = 1}, {.batch = 2, .channels = 2}, {.batch = 3, .channels = 3}}; }

Values mean_square(const Array<Number>& array) {
  Array<Number> squares = array;
  for (Eigen::Index k = 0; k < squares.size(); ++k) squares(k) = array(k) * array(k);
  return reference_mean(squares);
}

// cov(x̂_j, x̂_k) over the batch, for every pair of channels, row after row.
Values covariance(const Array<Number>& array) {
  const Values mean = reference_mean(array);
  Values pairs;
  for (Eigen::Index j = 0; j < array.cols(); ++j)
    for (Eigen::Index k = 0; k < array.cols(); ++k) {
      Array<Number> product(array.rows(), 1);
      for (Eigen::Index i = 0; i < array.rows(); ++i)
        product(i, 0) =
            (array(i, j) - mean[static_cast<std::size_t>(j)]) * (array(i, k) - mean[static_cast<std::size_t>(k)]);
      pairs.push_back(reference_mean(product).front());
    }
  return pairs;
}

Values identity_matrix(const Inputs& in) {
  Values entries;
  for (int j = 0; j < in.sizes.channels; ++j)
    for (int k = 0; k < in.sizes.channels; ++k) entries.push_back(Number(j == k ? 1 : 0));
  return entries;
}

// (variance − 1)²: how far from unit variance.
Values squared_distances_from_one(Values variances) {
  for (Number& variance : variances) variance = (variance - Number(1)) * (variance - Number(1));
  return variances;
}

// f(σ², ε) of each channel, σ² by theory.
Formula of_variance(Number (*f)(const Number& variance, const Number& eps)) {
  return [=](const Inputs& in) {
    Values values = entries(theory::biased_variance<Number>(in("x")));
    for (Number& value : values) value = f(value, in.scalar("eps"));
    return values;
  };
}

Values beta_for_every_sample(const Inputs& in) {
  Values values;
  for (int j = 0; j < in.sizes.channels; ++j)
    values.insert(values.end(), static_cast<std::size_t>(in.sizes.batch), in("beta")(j));
  return values;
}

Hypothesis channel_varies() {
  return {.id = "channel_varies", .sentence = "σ² > 0", .positive = [](const Inputs& in) {
            return theory::biased_variance<Number>(in("x"))(0);
          }};
}

}  // namespace

Claim bn_output_is_standardized() {
  return {
      .title = "The normalized values x̂ of batch norm have mean 0 and variance 1 in every channel",
      .sources = {{"LI23", "(1)–(3), §2, Algorithm 1"},
                  {"LL19", "§3, Algorithm 1"},
                  {"WIKI", "Transform"},
                  {"NOTE15", "Key design 1"}},
      .notation =
          "μ and σ² the mean and the biased variance of a channel over its m samples, s = √(σ² + ε), "
          "x̂_i = (x_i − μ)/s",
      .why =
          "Σ(x_i − μ) = 0 whatever it is divided by, so mean(x̂) = 0. Then var(x̂) = (1/m)Σ(x_i − μ)²/s² = "
          "σ²/(σ² + ε), which is 1 for ε = 0 and σ ≠ 0 alone.",
      .explain =
          "Subtracting the batch mean makes the mean of every channel exactly 0. Dividing by √(σ² + ε) makes its "
          "variance σ²/(σ² + ε): a little less than 1 for a channel that varies much more than √ε, far less for a "
          "channel that hardly varies, and 0 for a constant channel or a batch of one. Unit variance is right for "
          "ε = 0, where a constant channel has no normalized value at all. Different channels may stay "
          "correlated: batch norm does not whiten. LI23 (2) averages over the wrong index of x.",
      .readings =
          {
              {.id = "printed_li23__introduction__mean",
               .statement = "(1)–(3) letter by letter, μ_j = (1/N) Σ_i x_{j,i}: mean(x̂_j) = 0",
               .inputs = {{"x", Role::activation, Dimension::batch, Dimension::channels}},
               .sizes = square_sizes(),
               .hypotheses = {as_many_samples_as_features()},
               .left = by_reference("mean(x̂_j), μ_j the mean of row j",
                                    [](const Inputs& in) { return reference_mean(introduction_x_hat(in)); }),
               .right = by_definition("0", in_every_channel(0)),
               .why =
                   "(2) averages the entries of sample j where (1) and (3) need those of feature j; it has a meaning "
                   "for N = D alone. With x_{i,j} in (2) it is printed_wiki__mean, and holds."},
              {.id = "printed_li23__introduction__variance",
               .statement = "(1)–(3) letter by letter, μ_j = (1/N) Σ_i x_{j,i}: var(x̂_j) = 1",
               .inputs = {{"x", Role::activation, Dimension::batch, Dimension::channels}},
               .sizes = square_sizes(),
               .hypotheses = {as_many_samples_as_features()},
               .left = by_reference("var(x̂_j), μ_j the mean of row j",
                                    [](const Inputs& in) { return reference_variance(introduction_x_hat(in)); }),
               .right = by_definition("1", in_every_channel(1)),
               .why =
                   "(3) is then the mean square about μ_j, which exceeds the variance by the squared distance of μ_j "
                   "from the mean of feature j. The mean square of x̂_j is still 1 (li23__introduction__mean_square)."},
              {.id = "li23__introduction__mean_square",
               .statement = "(1)–(3) letter by letter: (1/N) Σ_i x̂_{i,j}² = 1",
               .inputs = {{"x", Role::activation, Dimension::batch, Dimension::channels}},
               .sizes = square_sizes(),
               .hypotheses = {as_many_samples_as_features()},
               .left = by_reference("(1/N) Σ_i x̂_{i,j}²",
                                    [](const Inputs& in) { return mean_square(introduction_x_hat(in)); }),
               .right = by_definition("1", in_every_channel(1)),
               .why = "What is left of the printed form: (1) divides by the root of (3), whatever μ_j is."},
              {.id = "printed_li23__whitening",
               .statement = "cov(x̂_j, x̂_k) = 1 where j = k, else 0, at ε = 0",
               .inputs = training_batch(),
               .sizes = {{.batch = 2},
                         {.batch = 2, .channels = 2},
                         {.batch = 3, .channels = 2},
                         {.batch = 5, .channels = 3}},
               .hypotheses = {eps_is_zero()},
               .left = by_reference("cov(x̂_j, x̂_k), (j, k) = (1, 1), (1, 2), …",
                                    [](const Inputs& in) { return covariance(reference_x_hat(in)); }),
               .right = by_definition("the identity matrix", identity_matrix),
               .why =
                   "LI23 §1 calls standardizing \"also known as whitening\". Whitened features are uncorrelated; batch "
                   "norm leaves the correlation of two features as it was. With one feature they are the same."},
              {.id = "printed_li23__algorithm_1__mean",
               .statement = "Algorithm 1 lines 2–4 with line 3's norm: mean(x̂) = 0, ε ≥ 0",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .left = by_reference("x̂_1 + … + x̂_(m−1)",
                                    [](const Inputs& in) {
                                      return all_but_last(channelwise(algorithm_1_x_hat(in)), in.sizes.channels);
                                    }),
               .right = by_theory("−x̂_m",
                                  [](const Inputs& in) {
                                    return minus_last(channelwise(algorithm_1_x_hat_by_theory(in)), in.sizes.channels);
                                  }),
               .why = "The sum over i < m is compared with minus the last term: comparing 0 with 0 compares nothing."},
              {.id = "printed_li23__algorithm_1__variance",
               .statement = "Algorithm 1 lines 2–4 with line 3's norm: var(x̂) = 1, ε ≥ 0",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .left =
                   by_reference("var(x̂)", [](const Inputs& in) { return reference_variance(algorithm_1_x_hat(in)); }),
               .right = by_definition("1", in_every_channel(1)),
               .why = "False for one feature as soon as ε > 0, and for several features even at ε = 0: their variances "
                      "then add up to 1 (bn_algorithm1_norm)."},
              {.id = "printed_ll19__mean",
               .statement = "Algorithm 1: mean(B_out) = 0 in every channel, ε ≥ 0",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .left = by_reference(
                   "B_out,1 + … + B_out,(m−1)",
                   [](const Inputs& in) { return all_but_last(channelwise(ll19_output(in)), in.sizes.channels); }),
               .right = by_theory("−x̂_m",
                                  [](const Inputs& in) {
                                    return minus_last(channelwise(theory::statistics(theory_batch(in)).x_hat),
                                                      in.sizes.channels);
                                  })},
              {.id = "printed_ll19__variance",
               .statement = "Algorithm 1: var(B_out) = 1 in every channel, ε ≥ 0",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .left = by_reference("var(B_out)", variance_of_ll19_output),
               .right = by_definition("1", in_every_channel(1)),
               .why =
                   "var(B_out) = σ²/(σ² + ε): smaller than 1 as soon as ε > 0, and 0 where the channel is constant."},
              {.id = "ll19__variance__channel_varies",
               .statement = "Algorithm 1: var(B_out) = 1 in a channel with σ² > 0, ε ≥ 0",
               .inputs = training_batch(),
               .sizes = {{.batch = 2}, {.batch = 3}, {.batch = 4}},
               .hypotheses = {channel_varies()},
               .left = by_reference("var(B_out)", variance_of_ll19_output),
               .right = by_definition("1", in_every_channel(1)),
               .why = "Leaving constant channels out does not save it: ε > 0 alone makes the variance smaller than 1."},
              {.id = "printed_wiki__mean",
               .statement = "mean(x̂) = 0 in every channel, ε not taken into account",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .hypotheses = {eps_is_zero()},
               .left = by_reference(
                   "x̂_1 + … + x̂_(m−1)",
                   [](const Inputs& in) { return all_but_last(channelwise(reference_x_hat(in)), in.sizes.channels); }),
               .right = by_theory("−x̂_m",
                                  [](const Inputs& in) {
                                    return minus_last(channelwise(theory::statistics(theory_batch(in)).x_hat),
                                                      in.sizes.channels);
                                  }),
               .why = "Wherever σ ≠ 0. A single sample and a constant channel have σ = 0, and no x̂."},
              {.id = "printed_wiki__variance",
               .statement = "var(x̂) = 1 in every channel, ε not taken into account",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .hypotheses = {eps_is_zero()},
               .left = by_reference("var(x̂)", variance_of_x_hat),
               .right = by_definition("1", in_every_channel(1)),
               .why = "Wherever σ ≠ 0. A single sample and a constant channel have σ = 0, and no x̂."},
              {.id = "printed_note15__toward",
               .statement = "x̂ is no farther from unit variance than x: (var(x̂) − 1)² ≤ (var(x) − 1)², ε ≥ 0",
               .inputs = training_batch(),
               .sizes = one_channel_sizes(),
               .left = by_reference("(var(x̂) − 1)²",
                                    [](const Inputs& in) {
                                      return squared_distances_from_one(reference_variance(reference_x_hat(in)));
                                    }),
               .relation = Relation::at_most,
               .right = by_theory("(σ² − 1)²",
                                  [](const Inputs& in) {
                                    return squared_distances_from_one(
                                        entries(theory::biased_variance<Number>(in("x"))));
                                  }),
               .why =
                   "\"Pulls that dimension toward zero mean and unit variance.\" A channel whose variance is 1 already "
                   "gets 1/(1 + ε): it is pushed away. At ε = 0 the left side is 0 (printed_wiki__variance)."},
              {.id = "variance_with_eps",
               .statement = "var(x̂) = σ²/(σ² + ε)",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .left = by_reference("var(x̂)", variance_of_x_hat),
               .right = by_theory("σ²/(σ² + ε)", of_variance([](const Number& variance, const Number& eps) {
                                    return variance / (variance + eps);
                                  }))},
              {.id = "constant_channel__variance",
               .statement = "var(x̂) = 1 for a constant channel, ε > 0",
               .inputs = training_batch(),
               .sizes = {{.batch = 2}, {.batch = 3}, {.batch = 2, .channels = 2}},
               .hypotheses = {constant_channels()},
               .left = by_reference("var(x̂)", variance_of_x_hat),
               .right = by_definition("1", in_every_channel(1)),
               .why = "A constant channel has x̂ = 0, hence variance 0, however small ε > 0 is."},
              {.id = "constant_channel__output",
               .statement = "y_i = β for a constant channel, ε > 0",
               .inputs = training_batch(),
               .sizes = {{.batch = 2}, {.batch = 3}, {.batch = 2, .channels = 2}},
               .hypotheses = {constant_channels()},
               .left = by_reference("y_i = γ x̂_i + β",
                                    [](const Inputs& in) { return channelwise(reference_batch_norm(in)); }),
               .right = by_definition("β", beta_for_every_sample),
               .why = "What a constant channel does give: x̂ = 0, so the layer puts out β and forgets the constant."},
              {.id = "batch_of_one__variance",
               .statement = "var(x̂) = 1 for a single sample, ε > 0",
               .inputs = training_batch(),
               .sizes = {{.batch = 1}, {.batch = 1, .channels = 3}},
               .hypotheses = {one_sample()},
               .left = by_reference("var(x̂)", variance_of_x_hat),
               .right = by_definition("1", in_every_channel(1)),
               .why = "A single sample is its own mean: x̂ = 0. At ε = 0 it is 0/0."},
              {.id = "batch_of_one__output",
               .statement = "y = β for a single sample, ε > 0",
               .inputs = training_batch(),
               .sizes = {{.batch = 1}, {.batch = 1, .channels = 3}},
               .hypotheses = {one_sample()},
               .left =
                   by_reference("y = γ x̂ + β", [](const Inputs& in) { return channelwise(reference_batch_norm(in)); }),
               .right = by_definition("β", beta_for_every_sample),
               .why = "A single sample is its own mean: whatever it is, the layer puts out β."},
          },
      .mutants =
          {
              {.id = "forgets_eps",
               .reading = "variance_with_eps",
               .words = "1",
               .agrees_when = eps_is_zero(),
               .right = in_every_channel(1)},
              {.id = "eps_outside_the_root",
               .reading = "variance_with_eps",
               .words = "σ²/(σ + ε)²",
               .agrees_when = eps_is_zero(),
               .right = of_variance([](const Number& variance, const Number& eps) {
                 const Number sum = sqrt(variance) + eps;
                 return variance / (sum * sum);
               })},
              {.id = "forgets_to_centre",
               .reading = "printed_ll19__mean",
               .words = "−x_m/s",
               .agrees_when = batch_is_centred(),
               .right =
                   [](const Inputs& in) {
                     const theory::Vector<Number> s = theory::statistics(theory_batch(in)).s;
                     Array<Number> scaled = in("x");
                     for (int i = 0; i < in.sizes.batch; ++i)
                       for (int j = 0; j < in.sizes.channels; ++j) scaled(i, j) = scaled(i, j) / s(j);
                     return minus_last(channelwise(scaled), in.sizes.channels);
                   }},
          },
  };
}

}  // namespace normproof::claims
