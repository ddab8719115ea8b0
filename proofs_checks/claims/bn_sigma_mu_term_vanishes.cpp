// Claim: the derivative of the batch variance by the mean it is taken about is 0 at the batch mean.
//
// Source       LI23 (25), and the step from (30) to (31)
// Notation     μ the centre in line 3 of LI23 Algorithm 1, free unless said otherwise; v a direction in which it moves
// Hypotheses   (25): none. (31): μ is the batch mean
//
//     ∂σ²/∂μ = −(1/m) Σ 2(x_i − μ)  =  2(μ − mean(x))
//
// Why. σ² = (1/m) Σ (x_i − μ)² is differentiated term by term: (25). Σ x_i = m·mean(x) gives the second form, which is
// 0 at μ = mean(x) and nowhere else. Put differently, the mean is where the mean squared distance is least.
#include "proofs_checks/inputs/adapters.hpp"
#include "theory/training_batch.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

std::vector<InputSpec> free_mean() {
  return {{"x", Role::activation, Dimension::batch, Dimension::channels},
          {"mu", Role::mean, Dimension::one, Dimension::channels},
          {"v", Role::direction, Dimension::one, Dimension::channels}};
}

std::vector<InputSpec> free_mean_and_weights() {
  std::vector<InputSpec> specs = free_mean();
  specs.push_back({"w", Role::upstream, Dimension::one, Dimension::channels});
  return specs;
}

// ∂σ²/∂μ along v, σ² by line 3 letter by letter: the norm, one number for all features.
Side derivative_of_line_3() {
  return derivative_along(Witness::reference, "∂σ²/∂μ along v: line 3 run on dual numbers", {{"mu", "v"}},
                          []<class T>(const BasicInputs<T>& in) {
                            const Array<T>& x = in("x");
                            return reference::batch_variance_printed_norm<T>(row_major(x), extents_of(x),
                                                                             row_major(in("mu")));
                          });
}

// Σ_j w_j ∂σ_j²/∂μ along v, σ_j² feature by feature: free weights w tell the features apart.
Side derivative_of_the_feature_variances() {
  return derivative_along(Witness::reference,
                          "Σ_j w_j ∂σ_j²/∂μ along v: line 3, feature by feature, run on dual numbers", {{"mu", "v"}},
                          []<class T>(const BasicInputs<T>& in) {
                            const Array<T>& x = in("x");
                            std::vector<T> variance(static_cast<std::size_t>(x.cols()), T(0));
                            reference::batch_variance<T>(row_major(x), extents_of(x), row_major(in("mu")), variance);
                            return dot<T>(row_major(in("w")), variance);
                          });
}

// Σ_j v_j · (factor Σ_i (x_{i,j} − share·μ_j)).
Formula sum_of_deviations(Number (*factor)(int batch), int share) {
  return [=](const Inputs& in) {
    Number total(0);
    for (int j = 0; j < in.sizes.channels; ++j) {
      Number sum(0);
      for (int i = 0; i < in.sizes.batch; ++i) sum += in("x")(i, j) - Number(share) * in("mu")(j);
      total += in("v")(j) * (factor(in.sizes.batch) * sum);
    }
    return Values{total};
  };
}

// Σ_j v_j · 2(μ_j − share·mean(x_j)).
Formula twice_the_distance(int share) {
  return [=](const Inputs& in) {
    const theory::Vector<Number> mean = theory::mean<Number>(in("x"));
    Number total(0);
    for (int j = 0; j < in.sizes.channels; ++j)
      total += in("v")(j) * (Number(2) * (in("mu")(j)-Number(share) * mean(j)));
    return Values{total};
  };
}

// The terms −(1/m)·2(x_i − μ) of (25), feature after feature, from x − μ.
Values terms_of_25(Array<Number> deviations) {
  for (Eigen::Index k = 0; k < deviations.size(); ++k)
    deviations(k) = -(Number(2) * deviations(k) / Number(static_cast<int>(deviations.rows())));
  return channelwise(deviations);
}

}  // namespace

Claim bn_sigma_mu_term_vanishes() {
  return {
      .title = "∂σ²/∂μ_B = −(1/m) Σ 2(x_i − μ_B), and it is 0 at the batch mean",
      .sources = {{"LI23", "(25), (31)"}},
      .notation =
          "μ the centre in line 3 of LI23 Algorithm 1, free unless said otherwise; v a direction in which it moves",
      .why =
          "Differentiate (1/m) Σ (x_i − μ)² term by term. Since Σ x_i = m·mean(x) the result is 2(μ − mean(x)): 0 at "
          "the "
          "batch mean and nowhere else.",
      .explain =
          "The variance is the mean squared distance from the mean, and the mean is exactly the point from which "
          "that distance is least. Moving it a little therefore changes the variance to second order only, and "
          "backpropagation may leave the path from the mean through the variance out. It may not where the "
          "centre is another number, such as a running mean.",
      .readings =
          {
              {.id = "printed__25",
               .statement = "∂σ²/∂μ = −(1/m) Σ 2(x_i − μ), μ a variable of its own, line 3 with its norm",
               .inputs = free_mean(),
               .sizes = batch_sizes(),
               .left = derivative_of_line_3(),
               .right = by_definition("⟨v, −(1/m) Σ 2(x_i − μ)⟩",
                                      sum_of_deviations([](int batch) { return -(Number(2) / Number(batch)); }, 1)),
               .why =
                   "True letter by letter: the norm sums over the features, and each feature meets its own μ_j alone."},
              {.id = "printed__31",
               .statement = "−(1/m) Σ 2(x_i − μ_B) = 0, μ_B the batch mean",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .left = by_reference("the first m − 1 terms, μ_B by line 2",
                                    [](const Inputs& in) {
                                      Array<Number> deviations = in("x");
                                      const Values mean = reference_mean(deviations);
                                      for (int i = 0; i < in.sizes.batch; ++i)
                                        for (int j = 0; j < in.sizes.channels; ++j)
                                          deviations(i, j) = deviations(i, j) - mean[static_cast<std::size_t>(j)];
                                      return all_but_last(terms_of_25(deviations), in.sizes.channels);
                                    }),
               .right = by_theory("minus the last term",
                                  [](const Inputs& in) {
                                    return minus_last(terms_of_25(theory::statistics(theory_batch(in)).centred),
                                                      in.sizes.channels);
                                  }),
               .why = "The first m − 1 terms are compared with minus the last: comparing 0 with 0 compares nothing."},
              {.id = "per_feature",
               .statement = "∂σ_j²/∂μ_k = −(1/m) Σ 2(x_{i,j} − μ_j) where j = k, else 0",
               .inputs = free_mean_and_weights(),
               .sizes = batch_sizes(),
               .left = derivative_of_the_feature_variances(),
               .right = by_definition("Σ_j w_j v_j · (−(1/m) Σ 2(x_{i,j} − μ_j))",
                                      [](const Inputs& in) {
                                        Number total(0);
                                        for (int j = 0; j < in.sizes.channels; ++j) {
                                          Number sum(0);
                                          for (int i = 0; i < in.sizes.batch; ++i)
                                            sum += Number(2) * (in("x")(i, j) - in("mu")(j));
                                          total -= in("w")(j)*in("v")(j)*sum / Number(in.sizes.batch);
                                        }
                                        return Values{total};
                                      }),
               .why = "(25) with line 3's square taken feature by feature; w and v together reach every pair (j, k)."},
              {.id = "distance_from_the_mean",
               .statement = "∂σ²/∂μ = 2(μ − mean(x))",
               .inputs = free_mean(),
               .sizes = batch_sizes(),
               .left = derivative_of_line_3(),
               .right = by_theory("⟨v, 2(μ − mean(x))⟩", twice_the_distance(1)),
               .why = "So it vanishes at the batch mean and nowhere else."},
              {.id = "without_batch_mean",
               .statement = "∂σ²/∂μ = 0, μ any number, such as a running mean",
               .inputs = free_mean(),
               .sizes = batch_sizes(),
               .left = derivative_of_line_3(),
               .right = by_definition("0", [](const Inputs&) { return Values{Number(0)}; }),
               .why = "It is 2(μ − mean(x)) (distance_from_the_mean): (31) needs μ to be the batch mean."},
          },
      .mutants =
          {
              {.id = "forgets_the_average",
               .reading = "printed__25",
               .words = "−Σ 2(x_i − μ)",
               .agrees_when = one_sample(),
               .right = sum_of_deviations([](int) { return Number(-2); }, 1)},
              {.id = "forgets_mu",
               .reading = "printed__25",
               .words = "−(1/m) Σ 2 x_i",
               .agrees_when =
                   imposing("mu_zero", "μ = 0",
                            [](Inputs& in) { in.set("mu", Array<Number>::Constant(1, in.sizes.channels, Number(0))); }),
               .right = sum_of_deviations([](int batch) { return -(Number(2) / Number(batch)); }, 0)},
              {.id = "forgets_the_batch",
               .reading = "distance_from_the_mean",
               .words = "2μ",
               .agrees_when = batch_is_centred(),
               .right = twice_the_distance(0)},
          },
  };
}

}  // namespace normproof::claims
