// Claim: batch renormalization's correction terms remove the mismatch between training and inference.
//
// Source       NOTE15, "Batch Renorm: uses correction terms to reduce mismatch between batch statistics and population
//              statistics"; comparison table, "Batch + correction terms". The formulas are Ioffe's (2017)
// Notation     μ, σ the running mean and deviation before the step; μ_B and σ_B = √(var x + ε) those of the batch;
//              z = (x − μ_B)/σ_B; r* = σ_B/σ and d* = (μ_B − μ)/σ the wanted corrections, r and d the used ones:
//              r* within [1/r_max, r_max], d* within [−d_max, d_max]; g = ∂ℓ/∂y, ⟨·⟩ the batch mean; mu, sigma in the
//              code, and r_max = 1 + r_excess
// Hypotheses   σ ≠ 0, σ_B ≠ 0. That neither correction is cut off, and that inference reads the averages from before
//              the step: dropped below
//
//     training    y = γ (r z + d) + β          inference    y = γ (x − μ)/σ + β
//     they differ by γ ((r − r*) z + (d − d*)): not at all where r = r* and d = d*
//     gradient    ∂ℓ/∂x = r (γ/σ_B)(g − ⟨g⟩ − z ⟨g z⟩), and not γ g/σ
//
// Why. r* z + d* = (x − μ_B)/σ + (μ_B − μ)/σ = (x − μ)/σ. The used corrections lie between the wanted ones and batch
// norm's r = 1, d = 0, and ⟨z⟩ = 0: so the mean square of the difference, (r − r*)²⟨z²⟩ + (d − d*)², is never larger
// than batch norm's. The gradient takes r and d as constants, so it is r times that of batch norm.
#include "impl/reference/batch_renorm.hpp"

#include "proofs_checks/inputs/adapters.hpp"
#include "theory/normalizations/batch_renorm.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

std::vector<InputSpec> batch_and_averages(const std::vector<InputSpec>& more = {}) {
  std::vector<InputSpec> specs = training_batch();
  specs.push_back({"mu", Role::mean, Dimension::one, Dimension::channels});
  specs.push_back({"sigma", Role::variance, Dimension::one, Dimension::channels});
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}
const InputSpec rate = {"alpha", Role::rate};
const InputSpec r_excess = {"r_excess", Role::variance};
const InputSpec d_max = {"d_max", Role::variance};
const InputSpec direction = {"v", Role::direction, Dimension::batch, Dimension::channels};
// r and d as numbers of their own: what the gradient takes them for.
const InputSpec free_r = {"r", Role::weight, Dimension::one, Dimension::channels};
const InputSpec free_d = {"d", Role::weight, Dimension::one, Dimension::channels};

std::vector<Sizes> sizes() { return {{.batch = 1}, {.batch = 2}, {.batch = 3}, {.batch = 3, .channels = 2}}; }
std::vector<Sizes> one_channel() { return {{.batch = 1}, {.batch = 2}, {.batch = 3}}; }
std::vector<Sizes> sizes_with_gradient() { return {{.batch = 3}, {.batch = 4}, {.batch = 4, .channels = 2}}; }

template <class T>
T r_max_of(const BasicInputs<T>& in) {
  return T(1) + in.scalar("r_excess");
}
template <class T>
reference::CorrectionRange<T> limited(const BasicInputs<T>& in) {
  return {true, r_max_of(in), in.scalar("d_max")};
}

template <class T>
struct BatchStatistics {
  std::vector<T> mean, deviation;
};
template <class T>
BatchStatistics<T> batch_statistics(const BasicInputs<T>& in) {
  const Array<T>& x = in("x");
  BatchStatistics<T> out = {std::vector<T>(static_cast<std::size_t>(x.cols()), T(0)),
                            std::vector<T>(static_cast<std::size_t>(x.cols()), T(0))};
  reference::batch_mean<T>(row_major(x), extents_of(x), out.mean);
  reference::batch_deviation<T>(row_major(x), extents_of(x), out.mean, in.scalar("eps"), out.deviation);
  return out;
}
template <class T>
reference::RunningDeviation<T> averages(const BasicInputs<T>& in) {
  return {row_major(in("mu")), row_major(in("sigma"))};
}
reference::RunningDeviation<Number> averages_after(const Inputs& in) {
  reference::RunningDeviation<Number> running = averages(in);
  const BatchStatistics<Number> batch = batch_statistics(in);
  reference::renorm_update<Number>(batch.mean, batch.deviation, in.scalar("alpha"), running);
  return running;
}

// The training output, the averages of the corrections as given.
template <class T>
std::vector<T> trained(const BasicInputs<T>& in, reference::RunningDeviation<T> running,
                       const reference::CorrectionRange<T>& range) {
  const Array<T>& x = in("x");
  std::vector<T> y(static_cast<std::size_t>(x.size()), T(0));
  // The averages after the step are not asked for: with the rate 0 the step costs nothing.
  reference::batch_renorm_train<T>(row_major(x), extents_of(x), range, T(0), row_major(in("gamma")),
                                   row_major(in("beta")), in.scalar("eps"), running, y);
  return y;
}
Side training() {
  return by_reference("γ(r z + d) + β, step by step", [](const Inputs& in) { return trained(in, averages(in), {}); });
}
Side limited_training() {
  return by_reference("γ(r z + d) + β with r and d cut off",
                      [](const Inputs& in) { return trained(in, averages(in), limited(in)); });
}

theory::RunningDeviation<Number> theory_averages(const Inputs& in) {
  return {as_vector<Number>(in("mu")), as_vector<Number>(in("sigma"))};
}
Values inference_output(const Inputs& in) {
  return row_major(theory::renorm_inference(theory_batch(in), theory_averages(in)));
}
Side inference() { return by_theory("γ(x − μ)/σ + β", inference_output); }
// μ + α(μ_B − μ) and σ + α(σ_B − σ) by theory's statistics.
Side inference_after() {
  return by_theory("γ(x − μ′)/σ′ + β, μ′ and σ′ the averages after the step", [](const Inputs& in) {
    const theory::TrainingBatch<Number> b = theory_batch(in);
    const theory::Statistics<Number> st = theory::statistics(b);
    theory::RunningDeviation<Number> running = theory_averages(in);
    for (int j = 0; j < b.channels(); ++j) {
      running.mean(j) = (Number(1) - in.scalar("alpha")) * running.mean(j) + in.scalar("alpha") * st.mean(j);
      running.deviation(j) = (Number(1) - in.scalar("alpha")) * running.deviation(j) + in.scalar("alpha") * st.s(j);
    }
    return row_major(theory::renorm_inference(b, running));
  });
}

Hypothesis running_mean_is_the_batch_mean() {
  return imposing("running_mean_at_rest", "μ = μ_B", [](Inputs& in) {
    const Values mean = batch_statistics(in).mean;
    in.set("mu", from_row_major<Number>(mean, 1, in.sizes.channels));
  });
}
Hypothesis running_deviation_is_the_batch_deviation() {
  return imposing("running_deviation_at_rest", "σ = σ_B", [](Inputs& in) {
    const Values deviation = batch_statistics(in).deviation;
    in.set("sigma", from_row_major<Number>(deviation, 1, in.sizes.channels));
  });
}
Hypothesis no_correction_is_allowed() {
  return imposing("no_correction_allowed", "r_max = 1, d_max = 0", [](Inputs& in) {
    in.set("r_excess", Number(0));
    in.set("d_max", Number(0));
  });
}
// These roots exist exactly where the corrections are within their range.
Hypothesis corrections_are_within_range() {
  return imposing("within_range", "1/r_max ≤ r* ≤ r_max and |d*| ≤ d_max", [](Inputs& in) {
    const BatchStatistics<Number> batch = batch_statistics(in);
    for (int j = 0; j < in.sizes.channels; ++j) {
      const auto channel = static_cast<std::size_t>(j);
      const Number r = batch.deviation[channel] / in("sigma")(j);
      const Number d = (batch.mean[channel] - in("mu")(j)) / in("sigma")(j);
      const Number limits[] = {r - Number(1) / r_max_of(in), r_max_of(in) - r, d + in.scalar("d_max"),
                               in.scalar("d_max") - d};
      for (const Number& room : limits) in.set("room", sqrt(room));
    }
  });
}
Hypothesis given_r_is_one() {
  return imposing("r_one", "r = 1",
                  [](Inputs& in) { in.set("r", Array<Number>::Constant(1, in.sizes.channels, Number(1))); });
}
// Both averages of the upstream gradient that batch norm takes off.
Hypothesis upstream_is_orthogonal() {
  return imposing("upstream_orthogonal", "⟨g⟩ = 0 and ⟨g z⟩ = 0", [](Inputs& in) {
    upstream_is_centred().impose(in);
    upstream_is_orthogonal_to_x_hat().impose(in);
  });
}

// Σ_i (y_i − y′_i)²/m.
Number mean_square(const Values& y, const Values& other) {
  Number sum(0);
  for (std::size_t k = 0; k < y.size(); ++k) sum += (y[k] - other[k]) * (y[k] - other[k]);
  return sum / Number(static_cast<int>(y.size()));
}
Number square_at_first(const Values& y, const Values& other) { return (y[0] - other[0]) * (y[0] - other[0]); }

Values batch_norm_output(const Inputs& in) {
  const theory::TrainingBatch<Number> b = theory_batch(in);
  const theory::Matrix<Number> x_hat = theory::statistics(b).x_hat;
  Values y;
  for (int i = 0; i < b.batch(); ++i)
    for (int j = 0; j < b.channels(); ++j) y.push_back(b.gamma(j) * x_hat(i, j) + b.beta(j));
  return y;
}

using Distance = Number (*)(const Values&, const Values&);
Side mismatch_of_batch_renorm(std::string words, Distance distance) {
  return by_reference(std::move(words), [=](const Inputs& in) {
    const Array<Number>& x = in("x");
    Values inferred(static_cast<std::size_t>(x.size()));
    reference::batch_renorm_infer<Number>(row_major(x), extents_of(x), averages(in), row_major(in("gamma")),
                                          row_major(in("beta")), inferred);
    return Values{distance(trained(in, averages(in), limited(in)), inferred)};
  });
}
Side mismatch_of_batch_norm(std::string words, Distance distance) {
  return by_theory(std::move(words),
                   [=](const Inputs& in) { return Values{distance(batch_norm_output(in), inference_output(in))}; });
}

// γ²⟨z²⟩((r* − 1)² − (r* − r)²) + γ²(d*² − (d* − d)²), one channel. (r* − 1)² − (r* − r)² = (r − 1)² + 2(r − 1)(r* −
// r), and the product is p·above, or (1 − 1/r_max)·below, p = r_max − 1; the same with 0 for 1 and d_max for both
// factors. below·above is 0; it stands here because a prime field has no order and may see both.
std::vector<SquareTerm> what_the_corrections_gain(const Inputs& in) {
  const theory::TrainingBatch<Number> b = theory_batch(in);
  const theory::Statistics<Number> st = theory::statistics(b);
  const theory::RunningDeviation<Number> running = theory_averages(in);
  const Number r_max = r_max_of(in), p = in.scalar("r_excess"), gamma = b.gamma(0);
  const theory::Correction<Number> r = theory::scale_correction(st, running, r_max, 0);
  const theory::Correction<Number> d = theory::shift_correction(st, running, in.scalar("d_max"), 0);
  const Number r_below = sqrt(r.below), r_above = sqrt(r.above), d_below = sqrt(d.below), d_above = sqrt(d.above);
  std::vector<SquareTerm> terms = {{.root = gamma * d.used()},
                                   {.root = gamma * d_above, .nonnegative = {"d_max"}, .numerator = 2},
                                   {.root = gamma * d_below, .nonnegative = {"d_max"}, .numerator = 2},
                                   {.root = gamma * d_below * d_above, .numerator = 2}};
  for (int i = 0; i < b.batch(); ++i) {
    const Number z = gamma * st.x_hat(i, 0);
    const int m = b.batch();
    terms.push_back({.root = z * (r.used() - Number(1)), .denominator = m});
    terms.push_back({.root = z * r_above, .nonnegative = {"r_excess"}, .numerator = 2, .denominator = m});
    terms.push_back({.root = z * r_below / r_max, .nonnegative = {"r_excess"}, .numerator = 2, .denominator = m});
    terms.push_back({.root = z * p * r_below / r_max, .numerator = 2, .denominator = m});
    terms.push_back({.root = z * r_below * r_above, .numerator = 2, .denominator = m});
  }
  return terms;
}

// The backward pass with the wanted corrections r* and d*: ∂ℓ/∂x.
Values backward_with_wanted_corrections(const Inputs& in) {
  const Array<Number>& x = in("x");
  const BatchStatistics<Number> batch = batch_statistics(in);
  const reference::Corrections<Number> wanted =
      reference::renorm_corrections<Number>(batch.mean, batch.deviation, averages(in), {});
  Values dx(static_cast<std::size_t>(x.size())), dgamma(static_cast<std::size_t>(x.cols())), dbeta(dgamma.size());
  reference::batch_renorm_backward<Number>(row_major(x), row_major(in("dy")), extents_of(x), wanted.r, wanted.d,
                                           row_major(in("gamma")), in.scalar("eps"), dx, dgamma, dbeta);
  return dx;
}
Side training_gradient() {
  return by_reference("∂ℓ/∂x of training, backward pass step by step", backward_with_wanted_corrections);
}
Values inference_gradient(const Inputs& in) {
  Values dx;
  for (Eigen::Index i = 0; i < in("x").rows(); ++i)
    for (Eigen::Index j = 0; j < in("x").cols(); ++j) dx.push_back(in("gamma")(j)*in("dy")(i, j) / in("sigma")(j));
  return dx;
}
Side gradient_of_inference() { return by_definition("γ g/σ, the derivative of γ(x − μ)/σ + β", inference_gradient); }

// ⟨∂ℓ/∂x, V⟩ by theory, r as given.
Values gradient_along_v(const Inputs& in) {
  return {dot<Number>(theory::renorm_input_gradient(theory_batch(in), as_vector<Number>(in("r"))), in("v"))};
}
// Σ_i factor_j g_i v_i.
Values upstream_along_v(const Inputs& in, const std::function<Number(int)>& factor) {
  Number sum(0);
  for (int i = 0; i < in.sizes.batch; ++i)
    for (int j = 0; j < in.sizes.channels; ++j) sum += factor(j) * in("dy")(i, j) * in("v")(i, j);
  return {sum};
}

// γ(scale·z + shift) + β with scale and shift of a channel as wanted.
struct WrongCorrections {
  Number (*scale)(const Number& s, const Number& sigma);
  Number (*shift)(const Number& difference, const Number& s, const Number& sigma);
};
Formula with_corrections(WrongCorrections wrong) {
  return [=](const Inputs& in) {
    const theory::TrainingBatch<Number> b = theory_batch(in);
    const theory::Statistics<Number> st = theory::statistics(b);
    Values y;
    for (int i = 0; i < b.batch(); ++i)
      for (int j = 0; j < b.channels(); ++j) {
        const Number scale = wrong.scale(st.s(j), in("sigma")(j));
        const Number shift = wrong.shift(st.mean(j) - in("mu")(j), st.s(j), in("sigma")(j));
        y.push_back(b.gamma(j) * (scale * st.x_hat(i, j) + shift) + b.beta(j));
      }
    return y;
  };
}
Number ratio(const Number& s, const Number& sigma) { return s / sigma; }
Number one(const Number&, const Number&) { return Number(1); }
Number over_sigma(const Number& difference, const Number&, const Number& sigma) { return difference / sigma; }
Number over_s(const Number& difference, const Number& s, const Number&) { return difference / s; }
Number nothing(const Number&, const Number&, const Number&) { return Number(0); }

}  // namespace

Claim batch_renorm_matches_inference() {
  const std::vector<InputSpec> with_range = batch_and_averages({r_excess, d_max});
  return {
      .title = "Batch renormalization's correction terms remove the mismatch between training and inference",
      .sources = {{"NOTE15", "Improvement directions: Batch Renorm; comparison table"},
                  {"consequence", "of Ioffe's algorithm (2017), which NOTE15 names"}},
      .notation =
          "μ, σ the running mean and deviation before the step; μ_B, σ_B = √(var x + ε) those of the batch, of m "
          "samples; z = (x − μ_B)/σ_B; r* = σ_B/σ, d* = (μ_B − μ)/σ; r and d: r* and d* kept within [1/r_max, "
          "r_max] and [−d_max, d_max]; α the rate of the averages; g = ∂ℓ/∂y, ⟨·⟩ the batch mean",
      .why =
          "r* z + d* = (x − μ_B)/σ + (μ_B − μ)/σ = (x − μ)/σ. Cut off, the output is off by (r − r*) z + (d − d*); "
          "r lies between 1 and r*, d between 0 and d*, and ⟨z⟩ = 0 keeps the two errors apart in the mean square. "
          "With r and d held, only z depends on x, so the gradient is r times that of batch norm.",
      .explain =
          "NOTE15 says that Batch Renorm \"uses correction terms to reduce mismatch between batch statistics and "
          "population statistics\". Batch norm trains with y = γ z + β and infers with y = γ (x − μ)/σ + β. Batch "
          "Renorm trains with γ (r z + d) + β. If r and d are not cut off, that is the inference formula, number "
          "for number, for every batch, a batch of one sample included (ε > 0). So the mismatch is removed, but "
          "only against the averages from before the step: with those that the step leaves behind the two differ, "
          "unless the averages were those of the batch already (r and d taken after the update would match these "
          "instead).\n"
          "With r and d cut off the training output is off by γ((r − r*) z + (d − d*)). In the mean square over "
          "the batch this is never more than batch norm's mismatch, so \"reduce\" is right; at a single sample it "
          "may be more, as two errors of batch norm that cancel may stop to. r_max = 1, d_max = 0 is batch norm.\n"
          "The gradients are another matter. r and d are constants in the backward pass, so training uses r "
          "(γ/σ_B)(g − ⟨g⟩ − z⟨g z⟩), while the inference formula has the gradient γ g/σ. They agree exactly where "
          "g is orthogonal to 1 and z (or γ = 0); for a batch of one the training gradient is 0. Differentiating "
          "through r and d would give γ g/σ, and lose what batch norm's gradient does: the stop is what makes the "
          "difference.",
      .readings =
          {
              {.id = "printed_note15__output",
               .statement = "r = r*, d = d*: γ(r z + d) + β = γ(x − μ)/σ + β, μ and σ from before the step",
               .inputs = batch_and_averages(),
               .sizes = sizes(),
               .left = training(),
               .right = inference(),
               .why = "A batch of one has z = 0 and d* = (x − μ)/σ: it needs ε > 0, and is right too."},
              {.id = "printed_note15__output__after_the_step",
               .statement = "r = r*, d = d*: γ(r z + d) + β = γ(x − μ′)/σ′ + β, μ′ and σ′ from after the step",
               .inputs = batch_and_averages({rate}),
               .sizes = sizes(),
               .left = training(),
               .right = inference_after(),
               .why = "The corrections were made for the averages before the step. Right for two different samples and "
                      "γ ≠ 0 only if the step changes nothing."},
              {.id = "averages_at_rest__after_the_step",
               .statement = "r = r*, d = d*: γ(r z + d) + β = γ(x − μ′)/σ′ + β, μ′ and σ′ from after the step, where μ "
                            "= μ_B and σ = σ_B",
               .inputs = batch_and_averages({rate}),
               .sizes = sizes(),
               .hypotheses = {running_mean_is_the_batch_mean(), running_deviation_is_the_batch_deviation()},
               .left = training(),
               .right = inference_after(),
               .why = "r = 1 and d = 0 then: batch norm. The other way for the step to change nothing is α = 0."},
              {.id = "updated_first__after_the_step",
               .statement = "with r* and d* from the averages after the step: γ(r z + d) + β = γ(x − μ′)/σ′ + β",
               .inputs = batch_and_averages({rate}),
               .sizes = sizes(),
               .left = by_reference("γ(r z + d) + β, the averages updated first",
                                    [](const Inputs& in) { return trained(in, averages_after(in), {}); }),
               .right = inference_after(),
               .why = "The identity does not ask where μ and σ come from. This order is not the published one."},
              {.id = "printed_note15__clipped",
               .statement = "r and d cut off: γ(r z + d) + β = γ(x − μ)/σ + β",
               .inputs = with_range,
               .sizes = one_channel(),
               .left = limited_training(),
               .right = inference(),
               .why = "Off by γ((r − r*) z + (d − d*)) (clipped__defect)."},
              {.id = "clipped__within_range",
               .statement =
                   "r and d cut off: γ(r z + d) + β = γ(x − μ)/σ + β where 1/r_max ≤ r* ≤ r_max and |d*| ≤ d_max",
               .inputs = with_range,
               .sizes = one_channel(),
               .hypotheses = {corrections_are_within_range()},
               .left = limited_training(),
               .right = inference(),
               .why =
                   "Nothing is cut off. For γ ≠ 0 and z ≠ 0 the condition is necessary: ⟨z⟩ = 0 keeps the two apart."},
              {.id = "clipped__defect",
               .statement = "r and d cut off: γ(r z + d) + β = γ(x − μ)/σ + β + γ((r − r*) z + (d − d*))",
               .inputs = with_range,
               .sizes = one_channel(),
               .left = limited_training(),
               .right = by_theory("the inference formula and what the corrections lack",
                                  [](const Inputs& in) {
                                    Values y = inference_output(in);
                                    const Values defect = row_major(theory::renorm_defect(
                                        theory_batch(in), theory_averages(in), r_max_of(in), in.scalar("d_max")));
                                    for (std::size_t k = 0; k < y.size(); ++k) y[k] += defect[k];
                                    return y;
                                  })},
              {.id = "clipped__no_correction_is_batch_norm",
               .statement = "r_max = 1, d_max = 0: γ(r z + d) + β = γ z + β",
               .inputs = with_range,
               .sizes = one_channel(),
               .hypotheses = {no_correction_is_allowed()},
               .left = limited_training(),
               .right = by_theory("γ x̂ + β of batch norm", batch_norm_output),
               .why = "Ioffe's first steps run so."},
              {.id = "printed_note15__reduces__mean_square",
               .statement =
                   "⟨(y − y_inference)²⟩ with r and d cut off is at most that of batch norm, any r_max and d_max",
               .inputs = with_range,
               .sizes = {{.batch = 2}, {.batch = 3}},
               .left = mismatch_of_batch_renorm("⟨(y − γ(x − μ)/σ − β)²⟩, y = γ(r z + d) + β", mean_square),
               .relation = Relation::at_most,
               .right = mismatch_of_batch_norm("⟨(γ z + β − γ(x − μ)/σ − β)²⟩", mean_square),
               .gap = what_the_corrections_gain,
               .why = "r lies between 1 and r*, d between 0 and d*."},
              {.id = "printed_note15__reduces__each_sample",
               .statement = "(y_1 − y_1,inference)² with r and d cut off is at most that of batch norm",
               .inputs = with_range,
               .sizes = one_channel(),
               .left = mismatch_of_batch_renorm("(y_1 − γ(x_1 − μ)/σ − β)²", square_at_first),
               .relation = Relation::at_most,
               .right = mismatch_of_batch_norm("(γ z_1 + β − γ(x_1 − μ)/σ − β)²", square_at_first),
               .why =
                   "Batch norm's errors of scale and of mean may cancel at a sample; corrected unequally they do not."},
              {.id = "gradient__r_and_d_held",
               .statement = "∂ℓ/∂x = r (γ/σ_B)(g − ⟨g⟩ − z⟨g z⟩) for any r and d that are held",
               .inputs = batch_and_averages({free_r, free_d, direction}),
               .sizes = sizes_with_gradient(),
               .left = derivative_along(Witness::reference, "d/dt ℓ(x + tV) at t = 0, r and d given", "x", "v",
                                        [](const auto& in) {
                                          using T = std::decay_t<decltype(in.scalar("eps"))>;
                                          const Array<T>& x = in("x");
                                          std::vector<T> y(static_cast<std::size_t>(x.size()), T(0));
                                          reference::renorm_output<T>(row_major(x), extents_of(x), row_major(in("r")),
                                                                      row_major(in("d")), row_major(in("gamma")),
                                                                      row_major(in("beta")), in.scalar("eps"), y);
                                          return dot<T>(row_major(in("dy")), y);
                                        }),
               .right = by_theory("r ⟨∂ℓ/∂x, V⟩ of batch norm, compact form", gradient_along_v)},
              {.id = "gradient__backward_pass",
               .statement = "Ioffe's ∂ℓ/∂x is r (γ/σ_B)(g − ⟨g⟩ − z⟨g z⟩), his ∂ℓ/∂γ is Σ g (r z + d)",
               .inputs = batch_and_averages({free_r, free_d}),
               .sizes = sizes_with_gradient(),
               .left = by_reference("∂ℓ/∂x, ∂ℓ/∂γ and ∂ℓ/∂β, backward pass step by step",
                                    [](const Inputs& in) {
                                      const Array<Number>& x = in("x");
                                      Values dx(static_cast<std::size_t>(x.size())),
                                          dgamma(static_cast<std::size_t>(x.cols())), dbeta(dgamma.size());
                                      reference::batch_renorm_backward<Number>(
                                          row_major(x), row_major(in("dy")), extents_of(x), row_major(in("r")),
                                          row_major(in("d")), row_major(in("gamma")), in.scalar("eps"), dx, dgamma,
                                          dbeta);
                                      dx.insert(dx.end(), dgamma.begin(), dgamma.end());
                                      dx.insert(dx.end(), dbeta.begin(), dbeta.end());
                                      return dx;
                                    }),
               .right = by_theory("compact form; r ∂ℓ/∂γ + d ∂ℓ/∂β and ∂ℓ/∂β of batch norm",
                                  [](const Inputs& in) {
                                    const theory::TrainingBatch<Number> b = theory_batch(in);
                                    Values values =
                                        row_major(theory::renorm_input_gradient(b, as_vector<Number>(in("r"))));
                                    const theory::Vector<Number> dgamma = theory::gamma_gradient(b);
                                    const theory::Vector<Number> dbeta = theory::beta_gradient(b);
                                    for (int j = 0; j < b.channels(); ++j)
                                      values.push_back(in("r")(j)*dgamma(j) + in("d")(j)*dbeta(j));
                                    for (int j = 0; j < b.channels(); ++j) values.push_back(dbeta(j));
                                    return values;
                                  })},
              {.id = "gradient__is_that_of_inference",
               .statement = "the training gradient at r = r*, d = d* is γ g/σ, that of the inference formula",
               .inputs = batch_and_averages(),
               .sizes = sizes(),
               .left = training_gradient(),
               .right = gradient_of_inference(),
               .why = "It is (γ/σ)(g − ⟨g⟩ − z⟨g z⟩): outputs agree, gradients do not. A batch of one has the gradient "
                      "0."},
              {.id = "gradient__is_that_of_inference__upstream_orthogonal",
               .statement = "the training gradient at r = r*, d = d* is γ g/σ, that of the inference formula, where "
                            "⟨g⟩ = 0 and ⟨g z⟩ = 0",
               .inputs = batch_and_averages(),
               .sizes = sizes_with_gradient(),
               .hypotheses = {upstream_is_orthogonal()},
               .left = training_gradient(),
               .right = gradient_of_inference(),
               .why = "Necessary too where γ ≠ 0 and z ≠ 0: 1 and z are independent. It leaves no g but 0 to two "
                      "samples."},
              {.id = "gradient__through_r_and_d",
               .statement = "without the stop, through r* and d*, the gradient is γ g/σ",
               .inputs = batch_and_averages({direction}),
               .sizes = sizes(),
               .left = derivative_along(Witness::reference, "d/dt ℓ(x + tV) at t = 0, r and d moving along", "x", "v",
                                        [](const auto& in) {
                                          using T = std::decay_t<decltype(in.scalar("eps"))>;
                                          return dot<T>(row_major(in("dy")), trained<T>(in, averages<T>(in), {}));
                                        }),
               .right = by_definition("⟨γ g/σ, V⟩",
                                      [](const Inputs& in) {
                                        return upstream_along_v(in,
                                                                [&](int j) { return in("gamma")(j) / in("sigma")(j); });
                                      }),
               .why =
                   "The output is the inference formula, and so is its derivative; μ and σ are constants of the step."},
          },
      .mutants =
          {
              {.id = "d_over_the_batch_deviation",
               .reading = "printed_note15__output",
               .words = "d = (μ_B − μ)/σ_B",
               .agrees_when = running_deviation_is_the_batch_deviation(),
               .right = with_corrections({ratio, over_s})},
              {.id = "forgets_d",
               .reading = "printed_note15__output",
               .words = "γ r z + β",
               .agrees_when = running_mean_is_the_batch_mean(),
               .right = with_corrections({ratio, nothing})},
              {.id = "forgets_r",
               .reading = "printed_note15__output",
               .words = "γ(z + d) + β",
               .agrees_when = running_deviation_is_the_batch_deviation(),
               .right = with_corrections({one, over_sigma})},
              {.id = "gradient_forgets_r",
               .reading = "gradient__r_and_d_held",
               .words = "(γ/σ_B)(g − ⟨g⟩ − z⟨g z⟩)",
               .agrees_when = given_r_is_one(),
               .right =
                   [](const Inputs& in) {
                     return Values{dot<Number>(theory::compact_input_gradient(theory_batch(in)), in("v"))};
                   }},
              {.id = "gradient_forgets_the_batch",
               .reading = "gradient__r_and_d_held",
               .words = "r γ g/σ_B: μ_B and σ_B held too",
               .agrees_when = upstream_is_orthogonal(),
               .right =
                   [](const Inputs& in) {
                     const theory::TrainingBatch<Number> b = theory_batch(in);
                     const theory::Vector<Number> s = theory::statistics(b).s;
                     return upstream_along_v(in, [&](int j) { return in("r")(j)*b.gamma(j) / s(j); });
                   }},
          },
  };
}

}  // namespace normproof::claims
