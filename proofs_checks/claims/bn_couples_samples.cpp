// Claim: in batch norm the output of one sample depends on the other samples of its batch; in layer norm it does not.
//
// Source       NOTE15, "BN introduced sample coupling. One sample's output is affected by other samples in the same
//              batch", key design 3 ("gradients are not per-sample independent"; inference) and LayerNorm
//              ("batch-free"); SAN18, appendix, for the Jacobian
// Notation     y_i the output of sample i, x̂ = (x − μ)/s, s = √(σ² + ε), g = ∂ℓ/∂y, m the batch size; one channel at a
//              time. Sample 1 stands for any sample: batch norm does not know their order
// Hypotheses   s ≠ 0, training mode. Inference mode is a reading of its own
//
//     ∂y_i/∂x_k = −(γ/s)(1 + x̂_i x̂_k)/m   for i ≠ k            in layer norm: 0
//
// Why. x_k moves the mean by 1/m and s by x̂_k/m; both enter y_i. So y_i sees the others through μ and σ² alone: what
// leaves these two as they are leaves y_i as it is. Layer norm takes both from the sample itself.
#include "impl/reference/layer_norm.hpp"
#include "proofs_checks/inputs/adapters.hpp"
#include "theory/gradients/batch_norm_compact.hpp"
#include "theory/gradients/batch_norm_cross_jacobian.hpp"
#include "theory/training_batch.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

// The first row: sample 1.
template <class T>
std::vector<T> first_row(const Array<T>& array) {
  std::vector<T> row;
  for (Eigen::Index j = 0; j < array.cols(); ++j) row.push_back(array(0, j));
  return row;
}

std::vector<InputSpec> with_other_batch(const std::vector<InputSpec>& more = {}) {
  std::vector<InputSpec> specs = training_batch();
  specs.push_back({"other", Role::activation, Dimension::batch, Dimension::channels});
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}

std::vector<InputSpec> inference() {
  std::vector<InputSpec> specs = training_batch();
  specs.push_back({"expectation", Role::mean, Dimension::one, Dimension::channels});
  specs.push_back({"variance", Role::variance, Dimension::one, Dimension::channels});
  return specs;
}

std::vector<Sizes> from_two_samples() {
  return {{.batch = 2}, {.batch = 3}, {.batch = 4}, {.batch = 2, .channels = 2}, {.batch = 5, .channels = 3}};
}

std::vector<Sizes> layer_norm_sizes() {
  return {{.batch = 1, .channels = 2},
          {.batch = 2, .channels = 1},
          {.batch = 2, .channels = 2},
          {.batch = 3, .channels = 3},
          {.batch = 2, .channels = 4}};
}

Hypothesis first_sample_rests() {
  return imposing("first_rests", "V_1 = 0: sample 1 does not move", [](Inputs& in) {
    Array<Number> v = in("v");
    for (Eigen::Index j = 0; j < v.cols(); ++j) v(0, j) = Number(0);
    in.set("v", v);
  });
}

Hypothesis first_sample_is_not_in_the_loss() {
  return imposing("first_not_in_loss", "g_1 = 0: the loss does not look at y_1", [](Inputs& in) {
    Array<Number> dy = in("dy");
    for (Eigen::Index j = 0; j < dy.cols(); ++j) dy(0, j) = Number(0);
    in.set("dy", dy);
  });
}

Hypothesis other_batch_holds_the_sample() {
  return imposing("shared_sample", "x′_1 = x_1", [](Inputs& in) {
    Array<Number> other = in("other");
    for (Eigen::Index j = 0; j < other.cols(); ++j) other(0, j) = in("x")(0, j);
    in.set("other", other);
  });
}

// x′ := x with x_2 … x_m reflected in a hyperplane that contains 1: their sum and their sum of squares stay.
Hypothesis other_batch_has_the_same_statistics() {
  return imposing("same_statistics", "x′_1 = x_1, μ′ = μ, σ′² = σ²", [](Inputs& in) {
    Array<Number> other = in("x");
    const Eigen::Index m = other.rows();
    for (Eigen::Index j = 0; j < other.cols(); ++j) {
      Number sum(0), product(0), square(0);
      for (Eigen::Index i = 1; i < m; ++i) sum += in("other")(i, j);
      const Number mean = sum / Number(static_cast<int>(m) - 1);
      for (Eigen::Index i = 1; i < m; ++i) {
        const Number normal = in("other")(i, j) - mean;
        product += in("x")(i, j) * normal;
        square += normal * normal;
      }
      for (Eigen::Index i = 1; i < m; ++i)
        other(i, j) = in("x")(i, j) - Number(2) * product / square * (in("other")(i, j) - mean);
    }
    in.set("other", other);
  });
}

// x_1 := the mean of the others, so that x̂_1 = 0.
Hypothesis first_sample_is_the_mean() {
  return imposing("first_is_mean", "x_1 is the mean of the others", [](Inputs& in) {
    Array<Number> x = in("x");
    for (Eigen::Index j = 0; j < x.cols(); ++j) {
      Number sum(0);
      for (Eigen::Index i = 1; i < x.rows(); ++i) sum += x(i, j);
      x(0, j) = sum / Number(static_cast<int>(x.rows()) - 1);
    }
    in.set("x", x);
  });
}

// The rows 2 … m of an input are made to add up to 0, channel by channel.
Hypothesis others_add_up_to_zero(std::string sentence, std::string name) {
  return imposing("others_centred", std::move(sentence), [=](Inputs& in) {
    Array<Number> array = in(name);
    for (Eigen::Index j = 0; j < array.cols(); ++j) {
      Number sum(0);
      for (Eigen::Index i = 1; i < array.rows(); ++i) sum += array(i, j);
      for (Eigen::Index i = 1; i < array.rows(); ++i) array(i, j) -= sum / Number(static_cast<int>(array.rows()) - 1);
    }
    in.set(name, array);
  });
}

// c·y_1 with c the first row of dy: every derivative of y_1 is one of this number.
template <class T>
T first_output(const BasicInputs<T>& in) {
  return dot<T>(first_row(in("dy")), first_row(reference_batch_norm(in)));
}

Side derivative_of_first_output() {
  return derivative_along(Witness::reference, "d/dt c·y_1(x + tV), LI23 Algorithm 1", "x", "v",
                          [](const auto& in) { return first_output(in); });
}

// Σ_j c_j Σ_(k≠1) of(γ/(m s), x̂_1 x̂_k, …) V_kj.
struct Pair {
  Number gamma, s, variance, product, m;  // product = x̂_1 x̂_k
};
Formula along_the_others(Number (*wrong)(const Pair&)) {
  return [=](const Inputs& in) {
    const theory::TrainingBatch<Number> b = theory_batch(in);
    const theory::Statistics<Number> st = theory::statistics(b);
    Number sum(0);
    for (int j = 0; j < b.channels(); ++j)
      for (int k = 1; k < b.batch(); ++k)
        sum += b.dy(0, j) * in("v")(k, j) *
               wrong({b.gamma(j), st.s(j), st.biased_variance(j), st.x_hat(0, j) * st.x_hat(k, j), Number(b.batch())});
    return Values{sum};
  };
}

Values jacobian_along_the_others(const Inputs& in) {
  const theory::TrainingBatch<Number> b = theory_batch(in);
  const theory::Statistics<Number> st = theory::statistics(b);
  Number sum(0);
  for (int j = 0; j < b.channels(); ++j)
    for (int k = 1; k < b.batch(); ++k) sum += b.dy(0, j) * theory::cross_jacobian(b, st, 0, k, j) * in("v")(k, j);
  return {sum};
}

// γ x̂_1 + β by theory.
Values theory_first_output(const Inputs& in) {
  const theory::TrainingBatch<Number> b = theory_batch(in);
  const theory::Statistics<Number> st = theory::statistics(b);
  Values y;
  for (int j = 0; j < b.channels(); ++j) y.push_back(b.gamma(j) * st.x_hat(0, j) + b.beta(j));
  return y;
}

Inputs with_x(const Inputs& in, const Array<Number>& x) {
  Inputs changed = in;
  changed.set("x", x);
  return changed;
}

template <class T>
Array<T> reference_layer_norm(const BasicInputs<T>& in) {
  const Array<T>& x = in("x");
  std::vector<T> y(static_cast<std::size_t>(x.size()), T(0));
  reference::layer_norm<T>(row_major(x), extents_of(x), row_major(in("gamma")), row_major(in("beta")), in.scalar("eps"),
                           y);
  return from_row_major<T>(y, x.rows(), x.cols());
}

// Theory's batch whose samples are the features of sample i, one channel, γ = 1; dy = γ g_i.
theory::TrainingBatch<Number> features_of(const Inputs& in, Eigen::Index i) {
  theory::TrainingBatch<Number> b;
  b.x = in("x").row(i).transpose();
  b.dy = (in("gamma") * in("dy").row(i)).transpose();
  b.gamma = theory::Vector<Number>::Constant(1, Number(1));
  b.beta = theory::Vector<Number>::Constant(1, Number(0));
  b.eps = in.scalar("eps");
  return b;
}

}  // namespace

Claim bn_couples_samples() {
  return {
      .title = "Batch norm couples the samples of a batch: ∂y_i/∂x_k = −(γ/s)(1 + x̂_i x̂_k)/m; layer norm does not",
      .sources = {{"NOTE15", "Side effects; Key design 3; vs LayerNorm"}, {"SAN18", "Appendix, ∂ŷ_i/∂y_k"}},
      .notation =
          "y_i the output of sample i, x̂ = (x − μ)/s, s = √(σ² + ε), g = ∂ℓ/∂y, m the batch size; one channel at a "
          "time; "
          "c any weights of the channels of y_1",
      .why =
          "x_k moves μ by 1/m and s by x̂_k/m, and y_i = γ(x_i − μ)/s + β moves by −(γ/s)/m − (γ/s) x̂_i x̂_k/m. Layer "
          "norm "
          "takes mean and variance from the features of the sample itself, and x_k is not among them.",
      .explain =
          "In training, a batch norm layer does not map a sample to an output: it maps a batch to a batch. Change one "
          "picture of the batch and the mean and the deviation change, so all outputs change a little, each by an "
          "amount "
          "of order 1/m. The formula gives it exactly. It also shows the exceptions: the effect is 0 to first order "
          "where "
          "γ = 0 or x̂_i x̂_k = −1, as for two samples at ε = 0. The others act through the batch's mean and variance "
          "alone, so exchanging them for any others with the same two numbers changes nothing. Gradients couple in "
          "the same way: a sample gets a gradient from the losses of the others. At inference the statistics are "
          "fixed, and every sample is by itself again. Layer norm averages over the features of one sample instead, "
          "and "
          "never couples samples.",
      .readings =
          {
              {.id = "printed_note15__cross_jacobian",
               .statement = "∂y_1/∂x_k = −(γ/s)(1 + x̂_1 x̂_k)/m for k ≠ 1, along every V with V_1 = 0",
               .inputs = training_batch_and_direction("v", Dimension::batch, Dimension::channels),
               .sizes = batch_sizes(),
               .hypotheses = {first_sample_rests()},
               .left = derivative_of_first_output(),
               .right = by_theory("Σ_k c·(∂y_1/∂x_k) V_k", jacobian_along_the_others),
               .why = "Other channels of the other samples have no effect; both sides say so. A batch of one has no "
                      "others."},
              {.id = "printed_note15__gradient",
               .statement = "with g_1 = 0: ∂ℓ/∂x_1 = −(γ/s) Σ_{k≠1} (1 + x̂_1 x̂_k) g_k/m",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .hypotheses = {first_sample_is_not_in_the_loss()},
               .left = by_reference("∂ℓ/∂x_1, LI23 (9)–(14)",
                                    [](const Inputs& in) { return first_row(reference_backward(in).dx); }),
               .right = by_theory("Σ_{k≠1} g_k ∂y_k/∂x_1",
                                  [](const Inputs& in) {
                                    const theory::TrainingBatch<Number> b = theory_batch(in);
                                    const theory::Statistics<Number> st = theory::statistics(b);
                                    Values dx;
                                    for (int j = 0; j < b.channels(); ++j) {
                                      Number sum(0);
                                      for (int k = 1; k < b.batch(); ++k)
                                        sum += b.dy(k, j) * theory::cross_jacobian(b, st, k, 0, j);
                                      dx.push_back(sum);
                                    }
                                    return dx;
                                  }),
               .why = "A sample that the loss does not look at has a gradient all the same."},
              {.id = "printed_note15__inference",
               .statement = "with given statistics the output of a sample depends on it alone",
               .inputs = inference(),
               .sizes = batch_sizes(),
               .left = by_reference("y_1 of the whole batch, LI23 (49)",
                                    [](const Inputs& in) {
                                      const Array<Number>& x = in("x");
                                      Values y(static_cast<std::size_t>(x.size()));
                                      reference::batch_norm_infer<Number>(
                                          row_major(x), extents_of(x), row_major(in("expectation")),
                                          row_major(in("variance")), row_major(in("gamma")), row_major(in("beta")),
                                          in.scalar("eps"), y);
                                      return first_row(from_row_major<Number>(y, x.rows(), x.cols()));
                                    }),
               .right = by_definition("γ (x_1 − E)/√(Var + ε) + β",
                                      [](const Inputs& in) {
                                        Values y;
                                        for (Eigen::Index j = 0; j < in("x").cols(); ++j) {
                                          const Number radicand = in("variance")(j) + in.scalar("eps");
                                          y.push_back(in("gamma")(j) * (in("x")(0, j) - in("expectation")(j)) /
                                                          sqrt(radicand) +
                                                      in("beta")(j));
                                        }
                                        return y;
                                      }),
               .why = "\"At inference, however, the model cannot depend on the current batch.\""},
              {.id = "depends_on_it_alone",
               .statement = "y_1 is the same in every batch that holds x_1",
               .inputs = with_other_batch(),
               .sizes = batch_sizes(),
               .hypotheses = {other_batch_holds_the_sample()},
               .left = by_reference("y_1 in the batch x, LI23 Algorithm 1",
                                    [](const Inputs& in) { return first_row(reference_batch_norm(in)); }),
               .right = by_theory("y_1 in the batch x′",
                                  [](const Inputs& in) { return theory_first_output(with_x(in, in("other"))); }),
               .why = "The other samples set μ and s. In a batch of one there are none, and y_1 = β."},
              {.id = "depends_on_it_alone__derivative",
               .statement = "∂y_1/∂x_k = 0 for k ≠ 1",
               .inputs = training_batch_and_direction("v", Dimension::batch, Dimension::channels),
               .sizes = batch_sizes(),
               .hypotheses = {first_sample_rests()},
               .left = derivative_of_first_output(),
               .right = by_definition("0", [](const Inputs&) { return Values{Number(0)}; }),
               .why = "It is −(γ/s)(1 + x̂_1 x̂_k)/m (printed_note15__cross_jacobian)."},
              {.id = "same_statistics",
               .statement = "y_1 is the same in two batches of m that hold x_1 and have the same μ and σ²",
               .inputs = with_other_batch(),
               .sizes = {{.batch = 3}, {.batch = 4}, {.batch = 5}, {.batch = 4, .channels = 2}},
               .hypotheses = {other_batch_has_the_same_statistics()},
               .left = by_reference(
                   "y_1 in x′, LI23 Algorithm 1",
                   [](const Inputs& in) { return first_row(reference_batch_norm(with_x(in, in("other")))); }),
               .right = by_theory("y_1 in x", theory_first_output),
               .why = "Only μ and σ² tell sample 1 of the others, and of these (x_1 − μ)/s alone. x′ arises from x by "
                      "reflecting x_2 … x_m in a hyperplane through 1; those with the same μ and σ² are a sphere, and "
                      "reflections reach every point of it."},
              {.id = "layer_norm__output",
               .statement = "layer norm: y_i is layer norm of x_i alone, for every i",
               .inputs = training_batch(),
               .sizes = layer_norm_sizes(),
               .left = by_reference("layer norm of the batch",
                                    [](const Inputs& in) { return row_major(reference_layer_norm(in)); }),
               .right = by_theory("γ x̂ + β, x̂ from the features of sample i alone, sample after sample",
                                  [](const Inputs& in) {
                                    Values y;
                                    for (Eigen::Index i = 0; i < in("x").rows(); ++i) {
                                      const theory::Matrix<Number> x_hat = theory::statistics(features_of(in, i)).x_hat;
                                      for (Eigen::Index j = 0; j < in("x").cols(); ++j)
                                        y.push_back(in("gamma")(j)*x_hat(j, 0) + in("beta")(j));
                                    }
                                    return y;
                                  }),
               .why = "Layer norm of a sample is batch norm of its features, each feature a sample of one channel."},
              {.id = "layer_norm__cross_jacobian",
               .statement = "layer norm: moving all samples moves y_1 as moving x_1 alone does; ∂y_1/∂x_k = 0",
               .inputs = training_batch_and_direction("v", Dimension::batch, Dimension::channels),
               .sizes = layer_norm_sizes(),
               .left = derivative_along(
                   Witness::reference, "d/dt c·y_1(x + tV), all of V", "x", "v",
                   [](const auto& in) { return dot(first_row(in("dy")), first_row(reference_layer_norm(in))); }),
               .right = by_theory("⟨∂(c·y_1)/∂x_1, V_1⟩, compact form over the features of x_1",
                                  [](const Inputs& in) {
                                    const Array<Number> dx = theory::compact_input_gradient(features_of(in, 0));
                                    return Values{dot<Number>(entries(dx), first_row(in("v")))};
                                  }),
               .why = "V_2 … V_m do not occur on the right: the cross-Jacobian of layer norm is 0."},
          },
      .mutants =
          {
              {.id = "forgets_the_deviation",
               .reading = "printed_note15__cross_jacobian",
               .words = "−(γ/s)/m: the mean alone couples",
               .agrees_when = first_sample_is_the_mean(),
               .right = along_the_others([](const Pair& p) { return -p.gamma / (p.m * p.s); }),
               .agreeing_sizes = from_two_samples()},
              {.id = "forgets_the_mean",
               .reading = "printed_note15__cross_jacobian",
               .words = "−(γ/s) x̂_1 x̂_k/m: the deviation alone couples",
               .agrees_when = others_add_up_to_zero("V_2 + … + V_m = 0", "v"),
               .right = along_the_others([](const Pair& p) { return -p.gamma * p.product / (p.m * p.s); }),
               .agreeing_sizes = from_two_samples()},
              {.id = "forgets_gamma",
               .reading = "printed_note15__cross_jacobian",
               .words = "−(1/s)(1 + x̂_1 x̂_k)/m",
               .agrees_when = gamma_is_one(),
               .right = along_the_others([](const Pair& p) { return -(Number(1) + p.product) / (p.m * p.s); })},
              {.id = "forgets_eps",
               .reading = "printed_note15__cross_jacobian",
               .words = "−(γ/σ)(1 + x̂_1 x̂_k)/m",
               .agrees_when = eps_is_zero(),
               .right = along_the_others(
                   [](const Pair& p) { return -p.gamma * (Number(1) + p.product) / (p.m * sqrt(p.variance)); })},
              {.id = "drops_the_mean_of_the_upstream",
               .reading = "printed_note15__gradient",
               .words = "−(γ/s) Σ_{k≠1} x̂_1 x̂_k g_k/m",
               .agrees_when = others_add_up_to_zero("g_2 + … + g_m = 0", "dy"),
               .right =
                   [](const Inputs& in) {
                     const theory::TrainingBatch<Number> b = theory_batch(in);
                     const theory::Statistics<Number> st = theory::statistics(b);
                     Values dx;
                     for (int j = 0; j < b.channels(); ++j) {
                       Number sum(0);
                       for (int k = 1; k < b.batch(); ++k)
                         sum -=
                             b.gamma(j) * st.x_hat(0, j) * st.x_hat(k, j) * b.dy(k, j) / (st.s(j) * Number(b.batch()));
                       dx.push_back(sum);
                     }
                     return dx;
                   },
               .agreeing_sizes = from_two_samples()},
          },
  };
}

}  // namespace normproof::claims
