// Claim: line 3 of LI23's Algorithm 1, with its norm, is the mini-batch variance that line 4 needs.
//
// Source       LI23 Algorithm 1, lines 3 and 4
// Notation     x_i a vector of D features, m samples, μ_j and σ_j² the mean and the biased variance of feature j
// Hypotheses   m ≥ 1; where x̂ appears, its divisor is not 0
//
//     line 3    σ² ← (1/m) Σ_i ‖x_i − μ‖²  =  Σ_j σ_j²
//
// Why. ‖x_i − μ‖² is the sum over the features of (x_{i,j} − μ_j)²; exchanging the two sums gives Σ_j σ_j², one number
// for all features. It is the variance of each for D = 1. Dividing every feature by its root leaves feature j the
// variance σ_j²/Σ_k σ_k²: these add up to 1, none of them is 1 unless all other features are constant. Without the norm
// bars, the square taken feature by feature, line 3 is the variance of each.
#include "proofs_checks/inputs/adapters.hpp"
#include "theory/training_batch.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

std::vector<InputSpec> batch_alone() { return {{"x", Role::activation, Dimension::batch, Dimension::channels}}; }

std::vector<InputSpec> batch_and_eps() {
  return {{"x", Role::activation, Dimension::batch, Dimension::channels}, {"eps", Role::epsilon}};
}

std::vector<Sizes> several_features() {
  return {{.batch = 2, .channels = 2}, {.batch = 3, .channels = 2}, {.batch = 5, .channels = 3}};
}

Number line_3(const Inputs& in) {
  const Array<Number>& x = in("x");
  return reference::batch_variance_printed_norm<Number>(row_major(x), extents_of(x), reference_mean(x));
}

Values line_3_for_every_feature(const Inputs& in) {
  return Values(static_cast<std::size_t>(in.sizes.channels), line_3(in));
}

// The variance of each feature of x̂, lines 3 and 4 as printed.
Values variances_of_x_hat(const Inputs& in) {
  const Array<Number>& x = in("x");
  const Values flat = row_major(x);
  Values x_hat(flat.size());
  reference::normalize<Number>(flat, extents_of(x), reference_mean(x), line_3_for_every_feature(in), in.scalar("eps"),
                               x_hat);
  return reference_variance(from_row_major<Number>(x_hat, x.rows(), x.cols()));
}

Number sum(const Values& values) {
  Number total(0);
  for (const Number& value : values) total += value;
  return total;
}

Values feature_variances(const Inputs& in) { return entries(theory::biased_variance<Number>(in("x"))); }

Values ones(const Inputs& in) { return Values(static_cast<std::size_t>(in.sizes.channels), Number(1)); }

}  // namespace

Claim bn_algorithm1_norm() {
  return {
      .title = "LI23's line 3, σ² ← (1/m) Σ ‖x_i − μ‖², is the mini-batch variance of each feature",
      .sources = {{"LI23", "Algorithm 1, lines 3 and 4"}},
      .notation = "x_i a vector of D features, m samples, μ_j and σ_j² the mean and the biased variance of feature j",
      .why =
          "‖x_i − μ‖² sums (x_{i,j} − μ_j)² over the features, so line 3 is Σ_j σ_j²: the variance of each for D = 1 "
          "alone. Dividing by its root leaves feature j the variance σ_j²/Σ_k σ_k².",
      .explain =
          "Read literally, line 3 makes one number out of all features: the sum of their variances. Line 4 then "
          "divides every feature by the same root. That keeps the features' relative sizes and gives them unit "
          "variance in total instead of one by one. What the text means, and what every implementation does, is "
          "the square feature by feature. For a single feature the two are the same.",
      .readings =
          {
              {.id = "printed",
               .statement = "(1/m) Σ_i ‖x_i − μ‖² = σ_j² for every feature j",
               .inputs = batch_alone(),
               .sizes = batch_sizes(),
               .left = by_reference("line 3, letter by letter", line_3_for_every_feature),
               .right = by_theory("σ_j²", feature_variances),
               .why = "Line 3 sums the variances of all features (sum_of_the_variances). one_feature is left of it."},
              {.id = "printed__unit_variance",
               .statement = "x̂ of lines 3 and 4 has variance 1 in every feature, ε = 0",
               .inputs = batch_and_eps(),
               .sizes = batch_sizes(),
               .hypotheses = {eps_is_zero()},
               .left = by_reference("var(x̂_j), x̂ of lines 3 and 4", variances_of_x_hat),
               .right = by_definition("1", ones),
               .why = "var(x̂_j) = σ_j²/Σ_k σ_k²: the features share one unit of variance (total_variance)."},
              {.id = "repaired",
               .statement = "(1/m) Σ_i (x_{i,j} − μ_j)² = σ_j², the square taken feature by feature",
               .inputs = batch_alone(),
               .sizes = batch_sizes(),
               .left = by_reference("line 3 without the norm",
                                    [](const Inputs& in) { return reference_variance(in("x")); }),
               .right = by_theory("σ_j²", feature_variances),
               .why = "For m = 1 both are 0."},
              {.id = "one_feature",
               .statement = "(1/m) Σ_i ‖x_i − μ‖² = σ² for a single feature",
               .inputs = batch_alone(),
               .sizes = one_channel_sizes(),
               .hypotheses = {one_feature()},
               .left = by_reference("line 3, letter by letter", line_3_for_every_feature),
               .right = by_theory("σ²", feature_variances)},
              {.id = "sum_of_the_variances",
               .statement = "(1/m) Σ_i ‖x_i − μ‖² = Σ_j σ_j²",
               .inputs = batch_alone(),
               .sizes = batch_sizes(),
               .left = by_reference("line 3, letter by letter", [](const Inputs& in) { return Values{line_3(in)}; }),
               .right = by_theory("Σ_j σ_j²", [](const Inputs& in) { return Values{sum(feature_variances(in))}; })},
              {.id = "total_variance",
               .statement = "Σ_j var(x̂_j) = 1 for x̂ of lines 3 and 4, ε = 0",
               .inputs = batch_and_eps(),
               .sizes = batch_sizes(),
               .hypotheses = {eps_is_zero()},
               .left =
                   by_reference("Σ_j var(x̂_j)", [](const Inputs& in) { return Values{sum(variances_of_x_hat(in))}; }),
               .right = by_definition("1", [](const Inputs&) { return Values{Number(1)}; })},
              {.id = "share_of_the_variance",
               .statement = "var(x̂_j) = σ_j²/(Σ_k σ_k² + ε) for x̂ of lines 3 and 4",
               .inputs = batch_and_eps(),
               .sizes = several_features(),
               .left = by_reference("var(x̂_j)", variances_of_x_hat),
               .right = by_theory("σ_j²/(Σ_k σ_k² + ε)",
                                  [](const Inputs& in) {
                                    Values shares = feature_variances(in);
                                    const Number divisor = sum(shares) + in.scalar("eps");
                                    for (Number& share : shares) share = share / divisor;
                                    return shares;
                                  })},
          },
      .mutants =
          {
              {.id = "the_norm_again",
               .reading = "repaired",
               .words = "Σ_k σ_k²",
               .agrees_when = one_feature(),
               .right =
                   [](const Inputs& in) {
                     return Values(static_cast<std::size_t>(in.sizes.channels), sum(feature_variances(in)));
                   }},
              {.id = "averages_over_the_features",
               .reading = "sum_of_the_variances",
               .words = "(1/D) Σ_j σ_j²",
               .agrees_when = one_feature(),
               .right =
                   [](const Inputs& in) { return Values{sum(feature_variances(in)) / Number(in.sizes.channels)}; }},
              {.id = "forgets_eps",
               .reading = "share_of_the_variance",
               .words = "σ_j²/Σ_k σ_k²",
               .agrees_when = eps_is_zero(),
               .right =
                   [](const Inputs& in) {
                     Values shares = feature_variances(in);
                     const Number divisor = sum(shares);
                     for (Number& share : shares) share = share / divisor;
                     return shares;
                   }},
          },
  };
}

}  // namespace normproof::claims
