// Claim: the mean of the squares minus the square of the mean is the mean squared deviation from the mean.
//
// Source       LL19 §4, the display after (1)
// Notation     r the values of one channel over the batch, m samples, mean(r) = (1/m) Σ r_i
// Hypotheses   none; m ≥ 1
//
//     var(r) := mean(r²) − mean(r)²  =  mean((r − mean r)²)
//
// Why. Expand: mean((r − c)²) = mean(r²) − 2c·mean(r) + c² for every c. With c = mean(r) the last two terms make
// −mean(r)². For another c they make (mean(r) − c)² more. Moving all of r by a constant moves mean(r) with it.
#include "proofs_checks/inputs/adapters.hpp"
#include "theory/training_batch.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

std::vector<InputSpec> batch_and_centre() {
  return {{"x", Role::activation, Dimension::batch, Dimension::channels},
          {"centre", Role::mean, Dimension::one, Dimension::channels}};
}

std::vector<InputSpec> batch_alone() { return {{"x", Role::activation, Dimension::batch, Dimension::channels}}; }

Values variance_about_the_centre(const Inputs& in) {
  const Array<Number>& x = in("x");
  Values variance(static_cast<std::size_t>(in.sizes.channels));
  reference::batch_variance<Number>(row_major(x), extents_of(x), row_major(in("centre")), variance);
  return variance;
}

// f(mean(r²), mean(r)) of each channel.
Formula of_moments(Number (*f)(const Number& mean_square, const Number& mean)) {
  return [=](const Inputs& in) {
    const Array<Number>& x = in("x");
    Array<Number> squares = x;
    for (Eigen::Index k = 0; k < x.size(); ++k) squares(k) = x(k) * x(k);
    Values values = entries(theory::mean<Number>(squares));
    const Values mean = entries(theory::mean<Number>(x));
    for (std::size_t j = 0; j < values.size(); ++j) values[j] = f(values[j], mean[j]);
    return values;
  };
}

// var(r) + weight·(mean(r) − c)² of each channel, var(r) in LL19's form.
Formula variance_plus_squared_offset(int weight) {
  return [=](const Inputs& in) {
    Values values = entries(theory::biased_variance<Number>(in("x")));
    const Values mean = entries(theory::mean<Number>(in("x")));
    for (std::size_t j = 0; j < values.size(); ++j) {
      const Number offset = mean[j] - in("centre")(static_cast<Eigen::Index>(j));
      values[j] += Number(weight) * offset * offset;
    }
    return values;
  };
}

Hypothesis values_are_bits() {
  return imposing("bits", "every r_i is 0 or 1 (the first is 1, the others are 0)", [](Inputs& in) {
    Array<Number> x = in("x");
    for (Eigen::Index i = 0; i < x.rows(); ++i)
      for (Eigen::Index j = 0; j < x.cols(); ++j) x(i, j) = Number(i == 0 ? 1 : 0);
    in.set("x", x);
  });
}

Hypothesis centre_is_the_mean() {
  return imposing("centre_is_mean", "c = mean(r)", [](Inputs& in) {
    const theory::Vector<Number> mean = theory::mean<Number>(in("x"));
    Array<Number> centre = in("centre");
    for (Eigen::Index j = 0; j < centre.size(); ++j) centre(j) = mean(j);
    in.set("centre", centre);
  });
}

}  // namespace

Claim bn_variance_forms_agree() {
  return {
      .title = "mean(r²) − mean(r)² = mean((r − mean r)²)",
      .sources = {{"LL19", "§4, after (1)"}},
      .notation = "r the values of one channel over the batch, m samples, mean(r) = (1/m) Σ r_i",
      .why =
          "mean((r − c)²) = mean(r²) − 2c·mean(r) + c² for every c; at c = mean(r) the last two terms are −mean(r)².",
      .explain =
          "There are two ways to compute a variance: average the squares and take the squared average away, or "
          "average the squared deviations from the average. Exactly, they are the same number, and it is the "
          "biased variance (divisor m, not m − 1). In floating point the first loses digits where the mean is "
          "large against the spread; moving the data by one of its own values first repairs that and changes "
          "nothing exactly.",
      .readings =
          {
              {.id = "printed",
               .statement = "mean(r²) − mean(r)² = mean((r − mean r)²)",
               .inputs = batch_alone(),
               .sizes = batch_sizes(),
               .left = by_reference("mean((r − mean r)²), in two passes",
                                    [](const Inputs& in) { return reference_variance(in("x")); }),
               .right = by_theory("mean(r²) − mean(r)²",
                                  [](const Inputs& in) { return entries(theory::biased_variance<Number>(in("x"))); }),
               .why = "For m = 1 both are 0."},
              {.id = "printed__one_pass",
               .statement = "mean(r²) − mean(r)² in one pass = mean((r − mean r)²) as the words say",
               .inputs = batch_alone(),
               .sizes = batch_sizes(),
               .left = by_reference("mean(r²) − mean(r)², one loop",
                                    [](const Inputs& in) {
                                      Values variance(static_cast<std::size_t>(in.sizes.channels));
                                      reference::batch_variance_from_squares<Number>(row_major(in("x")),
                                                                                     extents_of(in("x")), variance);
                                      return variance;
                                    }),
               .right = by_definition("(1/m) Σ_i (r_i − (1/m) Σ_k r_k)²",
                                      [](const Inputs& in) {
                                        const Array<Number>& r = in("x");
                                        const Number m(in.sizes.batch);
                                        Values values;
                                        for (Eigen::Index j = 0; j < r.cols(); ++j) {
                                          Number total(0), squares(0);
                                          for (Eigen::Index i = 0; i < r.rows(); ++i) total += r(i, j);
                                          for (Eigen::Index i = 0; i < r.rows(); ++i)
                                            squares += (r(i, j) - total / m) * (r(i, j) - total / m);
                                          values.push_back(squares / m);
                                        }
                                        return values;
                                      })},
              {.id = "shifted_by_the_first_value",
               .statement = "mean(d²) − mean(d)² with d = r − r_1 is the same variance",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .left = by_reference("mean((r − mean r)²), in two passes",
                                    [](const Inputs& in) { return reference_variance(in("x")); }),
               .right = by_theory(
                   "mean(d²) − mean(d)², d = r − r_1",
                   [](const Inputs& in) { return entries(theory::statistics(theory_batch(in)).biased_variance); })},
              {.id = "about_any_centre",
               .statement = "mean((r − c)²) = mean(r²) − mean(r)² + (mean(r) − c)²",
               .inputs = batch_and_centre(),
               .sizes = batch_sizes(),
               .left = by_reference("mean((r − c)²)", variance_about_the_centre),
               .right = by_theory("mean(r²) − mean(r)² + (mean(r) − c)²", variance_plus_squared_offset(1)),
               .why =
                   "Without the mean as its centre, the mean squared deviation is larger by the square of the offset."},
              {.id = "unbiased_divisor",
               .statement = "mean(r²) − mean(r)² = (1/(m − 1)) Σ (r_i − mean r)²",
               .inputs = batch_alone(),
               .sizes = batch_sizes(),
               .left = by_reference("(1/(m − 1)) Σ (r_i − mean r)²",
                                    [](const Inputs& in) {
                                      Values variance = reference_variance(in("x"));
                                      for (Number& value : variance)
                                        value = value * Number(in.sizes.batch) / Number(in.sizes.batch - 1);
                                      return variance;
                                    }),
               .right = by_theory("mean(r²) − mean(r)²",
                                  [](const Inputs& in) { return entries(theory::biased_variance<Number>(in("x"))); }),
               .why =
                   "LL19's var is the biased one. The two differ by the factor m/(m − 1) unless both are 0; for m = 1 "
                   "the unbiased one is 0/0."},
          },
      .mutants =
          {
              {.id = "forgets_the_squared_mean",
               .reading = "printed",
               .words = "mean(r²)",
               .agrees_when = batch_is_centred(),
               .right = of_moments([](const Number& mean_square, const Number&) { return mean_square; })},
              {.id = "forgets_to_square_the_values",
               .reading = "printed",
               .words = "mean(r) − mean(r)²",
               .agrees_when = values_are_bits(),
               .right = of_moments([](const Number&, const Number& mean) { return mean - mean * mean; })},
              {.id = "forgets_the_offset",
               .reading = "about_any_centre",
               .words = "mean(r²) − mean(r)²",
               .agrees_when = centre_is_the_mean(),
               .right = variance_plus_squared_offset(0)},
              {.id = "offset_with_the_wrong_sign",
               .reading = "about_any_centre",
               .words = "mean(r²) − mean(r)² − (mean(r) − c)²",
               .agrees_when = centre_is_the_mean(),
               .right = variance_plus_squared_offset(-1)},
          },
  };
}

}  // namespace normproof::claims
