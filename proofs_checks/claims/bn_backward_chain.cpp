// Claim: the six chain-rule formulas of batch normalization's backward pass are its exact derivatives.
//
// Source       LI23 (9)–(14); WIKI, chain rule, which writes γ ∂ℓ/∂y where LI23 writes ∂ℓ/∂x̂
// Notation     s = √(σ² + ε),  m = batch; one channel at a time, · and ⊙ alike, but where a reading says otherwise.
//              Each ∂ℓ/∂node lets that node move and holds the earlier ones: σ² with μ and x held, μ with x held (σ²
//              then moves along), x with nothing held
// Hypotheses   s ≠ 0, ε ≥ 0, training mode, biased variance. Nothing is asked of the loss
//
//     ∂ℓ/∂x̂_i = γ ∂ℓ/∂y_i                                                                          (9)
//     ∂ℓ/∂σ²  = Σ ∂ℓ/∂x̂_i (x_i − μ)(−1/2)(σ² + ε)^(−3/2)                                           (10)
//     ∂ℓ/∂μ   = Σ ∂ℓ/∂x̂_i (−1)/s + ∂ℓ/∂σ² (1/m) Σ (−2)(x_i − μ)                                     (11)
//     ∂ℓ/∂x_i = ∂ℓ/∂x̂_i /s + ∂ℓ/∂σ² 2(x_i − μ)/m + ∂ℓ/∂μ /m                                         (12)
//     ∂ℓ/∂γ   = Σ ∂ℓ/∂y_i x̂_i,     ∂ℓ/∂β = Σ ∂ℓ/∂y_i                                          (13), (14)
//
// Why. Each line sums, over the arrows that leave its node in x → μ → σ² → x̂ → y, (∂ℓ at the arrow's end) times (the
// arrow's slope). At the batch mean the last term of (11) is 0 because Σ (x_i − μ) = 0, so (11) is also decided at a
// free μ, where that term matters. All slopes are rational in x, μ and s, and s is smooth where σ² + ε > 0: with ε > 0
// that is everywhere. With ε = 0, x̂(c + t v) = sign(t) x̂(c + v) at a constant batch c: no limit as t → 0.
#include "proofs_checks/inputs/chain.hpp"
#include "theory/gradients/batch_norm_chain.hpp"
#include "theory/gradients/batch_norm_compact.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

std::vector<InputSpec> moving_a_sample() {
  return training_batch_and_direction("v", Dimension::batch, Dimension::channels);
}
std::vector<InputSpec> moving_a_channel() {
  return training_batch_and_direction("v", Dimension::one, Dimension::channels);
}

Array<Number> zeros(const Array<Number>& like) { return Array<Number>::Constant(like.rows(), like.cols(), Number(0)); }

template <class Objective>
Side derivative_of_stages(std::string words, std::string moved, Objective objective) {
  return derivative_along(Witness::reference, std::move(words), std::move(moved), "v", objective);
}

theory::Vector<Number> free_mean(const Inputs& in) { return as_vector<Number>(in("mean")); }

// LI23 (9)–(11) loop by loop, at the nodes mean and variance of the inputs.
struct Loops {
  Values dx_hat, dvariance, dmean;
};
Loops loops_at_the_nodes(const Inputs& in) {
  const Values x = row_major(in("x")), mean = row_major(in("mean")), variance = row_major(in("variance"));
  const reference::Extents extents = extents_of(in("x"));
  const Number eps = in.scalar("eps");
  Loops loops = {Values(x.size()), Values(mean.size()), Values(mean.size())};
  reference::backward_x_hat<Number>(row_major(in("dy")), extents, row_major(in("gamma")), loops.dx_hat);
  reference::backward_variance<Number>(x, loops.dx_hat, extents, mean, variance, eps, loops.dvariance);
  reference::backward_mean<Number>(x, loops.dx_hat, extents, mean, variance, eps, loops.dvariance, loops.dmean);
  return loops;
}

// WIKI's lines, γ folded in, as they are printed.
Array<Number> wiki_x_hat(const Inputs& in) {
  Array<Number> dx_hat = in("dy");
  for (int j = 0; j < in.sizes.channels; ++j)
    for (int i = 0; i < in.sizes.batch; ++i) dx_hat(i, j) = in("dy")(i, j) * in("gamma")(j);
  return dx_hat;
}

Array<Number> wiki_variance(const Inputs& in) {
  const Array<Number> s = s_of(in);
  Array<Number> dvariance = zeros(s);
  for (int j = 0; j < in.sizes.channels; ++j)
    for (int i = 0; i < in.sizes.batch; ++i)
      dvariance(j) +=
          in("dy")(i, j) * (in("x")(i, j) - in("mean")(j)) * (-in("gamma")(j) / Number(2)) / (s(j) * s(j) * s(j));
  return dvariance;
}

Array<Number> wiki_mean(const Inputs& in) {
  const Array<Number> s = s_of(in), dvariance = wiki_variance(in);
  Array<Number> dmean = zeros(s);
  for (int j = 0; j < in.sizes.channels; ++j) {
    Number sum_of_slopes(0);
    for (int i = 0; i < in.sizes.batch; ++i) {
      dmean(j) += in("dy")(i, j) * -in("gamma")(j) / s(j);
      sum_of_slopes += Number(-2) * (in("x")(i, j) - in("mean")(j));
    }
    dmean(j) += dvariance(j) * sum_of_slopes / Number(in.sizes.batch);
  }
  return dmean;
}

Array<Number> wiki_x(const Inputs& in) {
  const Array<Number> s = s_of(in), dx_hat = wiki_x_hat(in), dvariance = wiki_variance(in), dmean = wiki_mean(in);
  const Number m(in.sizes.batch);
  Array<Number> dx = zeros(in("x"));
  for (int j = 0; j < in.sizes.channels; ++j)
    for (int i = 0; i < in.sizes.batch; ++i)
      dx(i, j) = dx_hat(i, j) / s(j) + dvariance(j) * Number(2) * (in("x")(i, j) - in("mean")(j)) / m + dmean(j) / m;
  return dx;
}

Array<Number> wiki_gamma(const Inputs& in) {
  Array<Number> dgamma = zeros(in("gamma"));
  for (int j = 0; j < in.sizes.channels; ++j)
    for (int i = 0; i < in.sizes.batch; ++i) dgamma(j) += in("dy")(i, j) * in("x_hat")(i, j);
  return dgamma;
}

Array<Number> wiki_beta(const Inputs& in) {
  Array<Number> dbeta = zeros(in("beta"));
  for (int j = 0; j < in.sizes.channels; ++j)
    for (int i = 0; i < in.sizes.batch; ++i) dbeta(j) += in("dy")(i, j);
  return dbeta;
}

// Algorithm 1 with line 3 letter by letter: the norm, one σ² for all features.
template <class T>
T loss_with_the_norm(const BasicInputs<T>& in) {
  const std::vector<T> x = row_major(in("x"));
  const reference::Extents extents = extents_of(in("x"));
  std::vector<T> mean(extents.columns(), T(0)), x_hat(extents.size(), T(0)), y = x_hat;
  reference::batch_mean<T>(x, extents, mean);
  const std::vector<T> variance(extents.columns(), reference::batch_variance_printed_norm<T>(x, extents, mean));
  reference::normalize<T>(x, extents, mean, variance, in.scalar("eps"), x_hat);
  reference::scale_shift<T>(x_hat, extents, row_major(in("gamma")), row_major(in("beta")), y);
  return dot<T>(row_major(in("dy")), y);
}

// (9)–(12) for it: σ² and ∂ℓ/∂σ² are single numbers, the · of (10) is the inner product over the features.
Array<Number> chain_with_the_norm(const Inputs& in) {
  const Array<Number>& x = in("x");
  const Array<Number> dx_hat = wiki_x_hat(in);
  const theory::Vector<Number> mean = theory::mean<Number>(x);
  const Number m(in.sizes.batch);
  Number variance(0), dvariance(0);
  for (int i = 0; i < in.sizes.batch; ++i)
    for (int j = 0; j < in.sizes.channels; ++j) {
      variance += (x(i, j) - mean(j)) * (x(i, j) - mean(j)) / m;
      dvariance += dx_hat(i, j) * (x(i, j) - mean(j));
    }
  const Number radicand = variance + in.scalar("eps"), s = sqrt(radicand);
  dvariance = -dvariance / (Number(2) * s * s * s);
  Array<Number> dx = zeros(x);
  for (int j = 0; j < in.sizes.channels; ++j) {
    Number dmean(0);
    for (int i = 0; i < in.sizes.batch; ++i)
      dmean += -dx_hat(i, j) / s + dvariance * (Number(-2) * (x(i, j) - mean(j))) / m;
    for (int i = 0; i < in.sizes.batch; ++i)
      dx(i, j) = dx_hat(i, j) / s + dvariance * (Number(2) * (x(i, j) - mean(j))) / m + dmean / m;
  }
  return dx;
}

// (13) with its · an inner product over the features: one number, beside every feature.
Values inner_product_13(const Inputs& in) {
  return Values(static_cast<std::size_t>(in.sizes.channels), dot<Number>(in("dy"), in("x_hat")));
}

// Near-misses.
Array<Number> mean_gradient_without_variance(const Inputs& in) {
  const Array<Number> s = s_of(in), dx_hat = theory::x_hat_gradient(theory_batch(in));
  Array<Number> dmean = zeros(s);
  for (int j = 0; j < in.sizes.channels; ++j)
    for (int i = 0; i < in.sizes.batch; ++i) dmean(j) -= dx_hat(i, j) / s(j);
  return dmean;
}

Array<Number> variance_gradient_without_eps(const Inputs& in) {
  theory::TrainingBatch<Number> b = theory_batch(in);
  b.eps = Number(0);
  return theory::variance_gradient(b);
}

Array<Number> input_gradient_without_mean(const Inputs& in) {
  const theory::TrainingBatch<Number> b = theory_batch(in);
  const theory::Vector<Number> dmean = theory::mean_gradient(b);
  Array<Number> dx = theory::chain_input_gradient(b);
  for (int j = 0; j < in.sizes.channels; ++j)
    for (int i = 0; i < in.sizes.batch; ++i) dx(i, j) -= dmean(j) / Number(in.sizes.batch);
  return dx;
}

Hypothesis positive_eps() {
  return {.id = "positive_eps", .sentence = "ε > 0", .positive = [](const Inputs& in) { return in.scalar("eps"); }};
}

// The inputs with x = c + sign·t·v, every channel of c constant.
Inputs beside_a_constant_batch(const Inputs& in, int sign) {
  Inputs beside = in;
  Array<Number> x = in("v");
  for (int j = 0; j < in.sizes.channels; ++j)
    for (int i = 0; i < in.sizes.batch; ++i) x(i, j) = in("c")(j) + Number(sign) * in.scalar("t") * in("v")(i, j);
  beside.set("x", x);
  return beside;
}

}  // namespace

Claim bn_backward_chain() {
  return {
      .title = "The chain-rule formulas of batch normalization's backward pass are its exact derivatives",
      .sources = {{"LI23", "(9)–(14)"}, {"WIKI", "chain rule"}},
      .notation =
          "s = √(σ² + ε), m the batch size, one channel at a time; v a direction, ⟨·, v⟩ the derivative along it",
      .why =
          "Each line sums, over the arrows that leave its node in x → μ → σ² → x̂ → y, the derivative at the arrow's "
          "end times the arrow's slope: (x_i − μ)(−1/2)s⁻³ for σ² → x̂_i, −1/s for μ → x̂_i, −(2/m)Σ(x_i − μ) for "
          "μ → σ², and 1/s, 2(x_i − μ)/m, 1/m for x_i into x̂_i, σ², μ. All are smooth where σ² + ε > 0.",
      .explain =
          "The backward pass of batch normalization is the chain rule through four stages: mean, variance, "
          "normalized value, output. Every published line is compared with the exact derivative of the stages "
          "that come after its node, and with the loops that a program would run. The second term of the mean's "
          "line is zero at the batch mean, so the line is also tested at a mean that is not the batch's, where "
          "leaving the term out is an error. 'Differentiable' is true everywhere as long as ε > 0; without ε the "
          "normalized values jump when a batch passes through a constant one.",
      .readings =
          {
              {.id = "printed_li23__9",
               .statement = "∂ℓ/∂x̂_i = ∂ℓ/∂y_i ⊙ γ",
               .inputs = moving_a_sample(),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_of_stages("derivative of ℓ by x̂ along v, through line 5", "x_hat",
                                            [](const auto& in) { return loss_from_x_hat(in); }),
               .right = by_theory("⟨γ ∂ℓ/∂y, v⟩",
                                  along_v([](const Inputs& in) { return theory::x_hat_gradient(theory_batch(in)); }))},
              {.id = "printed_li23__9__loops",
               .statement = "a loop over the samples computes (9), ∂ℓ/∂x̂_i = ∂ℓ/∂y_i ⊙ γ",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = by_reference("backward_x_hat", [](const Inputs& in) { return loops_at_the_nodes(in).dx_hat; }),
               .right = by_theory(
                   "γ ∂ℓ/∂y", [](const Inputs& in) { return row_major(theory::x_hat_gradient(theory_batch(in))); })},
              {.id = "printed_li23__10",
               .statement = "∂ℓ/∂σ² = Σ ∂ℓ/∂x̂_i (x_i − μ)(−1/2)(σ² + ε)^(−3/2), μ and x held",
               .inputs = moving_a_channel(),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_of_stages("derivative of ℓ by σ² along v, through lines 4 and 5", "variance",
                                            [](const auto& in) { return loss_from_variance(in); }),
               .right = by_theory(
                   "⟨(10), v⟩", along_v([](const Inputs& in) { return theory::variance_gradient(theory_batch(in)); }))},
              {.id = "printed_li23__10__loops",
               .statement = "a loop over the samples computes (10), ∂ℓ/∂σ² = Σ ∂ℓ/∂x̂_i (x_i − μ)(−1/2)(σ² + ε)^(−3/2), "
                            "at every μ",
               .inputs = with_free_mean(training_batch()),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_at_a_free_mean()},
               .left =
                   by_reference("backward_variance", [](const Inputs& in) { return loops_at_the_nodes(in).dvariance; }),
               .right = by_theory("(10)",
                                  [](const Inputs& in) {
                                    return entries(theory::variance_gradient(theory_batch(in), free_mean(in)));
                                  })},
              {.id = "printed_li23__11",
               .statement = "∂ℓ/∂μ = Σ ∂ℓ/∂x̂_i (−1)/√(σ² + ε) + ∂ℓ/∂σ² (1/m) Σ (−2)(x_i − μ), x held",
               .inputs = moving_a_channel(),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_of_stages("derivative of ℓ by μ along v, through lines 3, 4 and 5", "mean",
                                            [](const auto& in) { return loss_from_mean(in); }),
               .right = by_theory("⟨(11), v⟩",
                                  along_v([](const Inputs& in) { return theory::mean_gradient(theory_batch(in)); })),
               .why = "At the batch mean the second term is 0; printed_li23__11__free_mean tests it."},
              {.id = "printed_li23__11__free_mean",
               .statement = "∂ℓ/∂μ = Σ ∂ℓ/∂x̂_i (−1)/√(σ² + ε) + ∂ℓ/∂σ² (1/m) Σ (−2)(x_i − μ) at every μ",
               .inputs = with_free_mean(moving_a_channel()),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_at_a_free_mean()},
               .left = derivative_of_stages("derivative of ℓ by μ along v, through lines 3, 4 and 5", "mean",
                                            [](const auto& in) { return loss_from_mean(in); }),
               .right = by_theory("⟨(11), v⟩", along_v([](const Inputs& in) {
                                    return theory::mean_gradient(theory_batch(in), free_mean(in));
                                  })),
               .why = "Nothing in the chain rule needs μ to be the batch mean."},
              {.id = "printed_li23__11__loops",
               .statement =
                   "loops compute (11), ∂ℓ/∂μ = Σ ∂ℓ/∂x̂_i (−1)/√(σ² + ε) + ∂ℓ/∂σ² (1/m) Σ (−2)(x_i − μ), at every μ",
               .inputs = with_free_mean(training_batch()),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_at_a_free_mean()},
               .left = by_reference("backward_mean", [](const Inputs& in) { return loops_at_the_nodes(in).dmean; }),
               .right = by_theory(
                   "(11)",
                   [](const Inputs& in) { return entries(theory::mean_gradient(theory_batch(in), free_mean(in))); })},
              {.id = "printed_li23__12",
               .statement = "∂ℓ/∂x_i = ∂ℓ/∂x̂_i /√(σ² + ε) + ∂ℓ/∂σ² 2(x_i − μ)/m + ∂ℓ/∂μ /m",
               .inputs = moving_a_sample(),
               .sizes = batch_sizes(),
               .left = derivative_of_stages("derivative of ℓ by x along v, through all of Algorithm 1", "x",
                                            [](const auto& in) { return reference_loss(in); }),
               .right = by_theory("⟨(12), v⟩", along_v([](const Inputs& in) {
                                    return theory::chain_input_gradient(theory_batch(in));
                                  }))},
              {.id = "printed_li23__12__loops",
               .statement = "the loops of (9), (10), (11) and then (12) compute ∂ℓ/∂x_i = ∂ℓ/∂x̂_i /√(σ² + ε) + ∂ℓ/∂σ² "
                            "2(x_i − μ)/m + ∂ℓ/∂μ /m",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .left = by_reference("batch_norm_backward, dx",
                                    [](const Inputs& in) { return row_major(reference_backward(in).dx); }),
               .right = by_theory(
                   "(12)", [](const Inputs& in) { return row_major(theory::chain_input_gradient(theory_batch(in))); })},
              {.id = "printed_li23__12__norm",
               .statement = "(9)–(12) are the derivatives of Algorithm 1 with line 3's norm: one σ² for all features, "
                            "the · of (10) an inner product over them",
               .inputs = moving_a_sample(),
               .sizes = batch_sizes(),
               .left = derivative_of_stages("derivative of ℓ by x along v, through Algorithm 1 with its norm", "x",
                                            [](const auto& in) { return loss_with_the_norm(in); }),
               .right = by_definition("⟨(12) with one ∂ℓ/∂σ², v⟩", along_v(chain_with_the_norm)),
               .why = "To the letter line 3 has one σ² for D features (bn_algorithm1_norm). Every feature of every "
                      "x̂_i depends on it, which is what an inner product in (10) sums: the chain is right for the "
                      "printed layer too."},
              {.id = "printed_li23__13",
               .statement = "∂ℓ/∂γ = Σ ∂ℓ/∂y_i x̂_i",
               .inputs = moving_a_channel(),
               .sizes = batch_sizes(),
               .left = derivative_of_stages("derivative of ℓ by γ along v", "gamma",
                                            [](const auto& in) { return reference_loss(in); }),
               .right = by_theory("⟨(13), v⟩",
                                  along_v([](const Inputs& in) { return theory::gamma_gradient(theory_batch(in)); }))},
              {.id = "printed_li23__13__inner_product",
               .statement = "∂ℓ/∂γ_j = Σ_i ⟨∂ℓ/∂y_i, x̂_i⟩ for every feature j, the · of (13) an inner product",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = by_reference("batch_norm_backward, dγ",
                                    [](const Inputs& in) { return reference_backward(in).dgamma; }),
               .right = by_definition("Σ_i Σ_k ∂ℓ/∂y_{i,k} x̂_{i,k}, beside every j", inner_product_13),
               .why = "(9) writes ⊙ for the product feature by feature and (13) a dot. γ has one entry per feature and "
                      "meets its own feature alone: the dot of (13) has to be ⊙ too. The same for D = 1."},
              {.id = "printed_li23__13__loops",
               .statement = "a loop over the samples computes (13), ∂ℓ/∂γ = Σ ∂ℓ/∂y_i x̂_i",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .left = by_reference("batch_norm_backward, dγ",
                                    [](const Inputs& in) { return reference_backward(in).dgamma; }),
               .right = by_theory("(13)",
                                  [](const Inputs& in) { return entries(theory::gamma_gradient(theory_batch(in))); })},
              {.id = "printed_li23__14",
               .statement = "∂ℓ/∂β = Σ ∂ℓ/∂y_i",
               .inputs = moving_a_channel(),
               .sizes = batch_sizes(),
               .left = derivative_of_stages("derivative of ℓ by β along v", "beta",
                                            [](const auto& in) { return reference_loss(in); }),
               .right = by_theory("⟨(14), v⟩",
                                  along_v([](const Inputs& in) { return theory::beta_gradient(theory_batch(in)); }))},
              {.id = "printed_li23__14__loops",
               .statement = "a loop over the samples computes (14), ∂ℓ/∂β = Σ ∂ℓ/∂y_i",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .left = by_reference("batch_norm_backward, dβ",
                                    [](const Inputs& in) { return reference_backward(in).dbeta; }),
               .right = by_theory("(14)",
                                  [](const Inputs& in) { return entries(theory::beta_gradient(theory_batch(in))); })},
              {.id = "printed_li23__differentiable",
               .statement =
                   "\"the transformation is differentiable\": (12) is the derivative at a constant channel too",
               .inputs = moving_a_sample(),
               .sizes = batch_sizes(),
               .hypotheses = {constant_channels(), positive_eps()},
               .left = derivative_of_stages("derivative of ℓ by x along v, through all of Algorithm 1", "x",
                                            [](const auto& in) { return reference_loss(in); }),
               .right = by_theory("⟨(12), v⟩", along_v([](const Inputs& in) {
                                    return theory::chain_input_gradient(theory_batch(in));
                                  })),
               .why = "A constant channel is the only place where σ = √σ² has a kink. σ² + ε ≥ ε > 0 keeps the root "
                      "smooth there: ∂ℓ/∂x_i = (γ/√ε)(∂ℓ/∂y_i − mean)."},
              {.id = "without_positive_eps",
               .statement =
                   "at ε = 0: x̂(c + t v) = x̂(c − t v) beside a constant batch c, as continuity at c would need",
               .inputs = {{"c", Role::activation, Dimension::one, Dimension::channels},
                          {"v", Role::direction, Dimension::batch, Dimension::channels},
                          {"t", Role::weight},
                          {"gamma", Role::scale, Dimension::one, Dimension::channels},
                          {"beta", Role::shift, Dimension::one, Dimension::channels},
                          {"eps", Role::epsilon}},
               .sizes = batch_sizes(),
               .hypotheses = {eps_is_zero()},
               .left = by_reference(
                   "x̂(c + t v)",
                   [](const Inputs& in) { return row_major(reference_x_hat(beside_a_constant_batch(in, 1))); }),
               .right = by_theory("x̂(c − t v)",
                                  [](const Inputs& in) {
                                    Inputs beside = beside_a_constant_batch(in, -1);
                                    beside.set("dy", beside("x"));  // theory wants some upstream gradient; x̂ has none
                                    return row_major(theory::statistics(theory_batch(beside)).x_hat);
                                  }),
               .why =
                   "At ε = 0, x̂(c + t v) does not depend on |t| and changes sign with t. Both sides keep their value "
                   "as t → 0, so x̂ could be continuous at c only if they were equal. They are opposite: without ε "
                   "the transformation is not even continuous at a constant batch, whatever x̂ is defined to be "
                   "there. Elsewhere (σ² > 0) printed_li23__12 covers ε = 0."},
              {.id = "printed_wiki__x_hat",
               .statement = "∂l/∂x̂_i = (∂l/∂y_i) γ",
               .inputs = moving_a_sample(),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_of_stages("derivative of l by x̂ along v, through line 5", "x_hat",
                                            [](const auto& in) { return loss_from_x_hat(in); }),
               .right = by_definition("⟨(∂l/∂y) γ, v⟩", along_v(wiki_x_hat))},
              {.id = "printed_wiki__gamma",
               .statement = "∂l/∂γ = Σ (∂l/∂y_i) x̂_i",
               .inputs = moving_a_channel(),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_of_stages("derivative of l by γ along v", "gamma",
                                            [](const auto& in) { return reference_loss(in); }),
               .right = by_definition("⟨Σ (∂l/∂y_i) x̂_i, v⟩", along_v(wiki_gamma))},
              {.id = "printed_wiki__beta",
               .statement = "∂l/∂β = Σ ∂l/∂y_i",
               .inputs = moving_a_channel(),
               .sizes = batch_sizes(),
               .left = derivative_of_stages("derivative of l by β along v", "beta",
                                            [](const auto& in) { return reference_loss(in); }),
               .right = by_definition("⟨Σ ∂l/∂y_i, v⟩", along_v(wiki_beta))},
              {.id = "printed_wiki__variance",
               .statement = "∂l/∂σ² = Σ (∂l/∂y_i)(x_i − μ)(−γ/2)(σ² + ε)^(−3/2), μ and x held",
               .inputs = moving_a_channel(),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_of_stages("derivative of l by σ² along v, through lines 4 and 5", "variance",
                                            [](const auto& in) { return loss_from_variance(in); }),
               .right = by_definition("WIKI's ∂l/∂σ², times v", along_v(wiki_variance))},
              {.id = "printed_wiki__mean",
               .statement = "∂l/∂μ = Σ (∂l/∂y_i)(−γ)/√(σ² + ε) + (∂l/∂σ²)(1/m) Σ (−2)(x_i − μ), x held",
               .inputs = moving_a_channel(),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_of_stages("derivative of l by μ along v, through lines 3, 4 and 5", "mean",
                                            [](const auto& in) { return loss_from_mean(in); }),
               .right = by_definition("WIKI's ∂l/∂μ, times v", along_v(wiki_mean))},
              {.id = "printed_wiki__mean__free_mean",
               .statement = "∂l/∂μ = Σ (∂l/∂y_i)(−γ)/√(σ² + ε) + (∂l/∂σ²)(1/m) Σ (−2)(x_i − μ) at every μ",
               .inputs = with_free_mean(moving_a_channel()),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_at_a_free_mean()},
               .left = derivative_of_stages("derivative of l by μ along v, through lines 3, 4 and 5", "mean",
                                            [](const auto& in) { return loss_from_mean(in); }),
               .right = by_definition("WIKI's ∂l/∂μ, times v", along_v(wiki_mean))},
              {.id = "printed_wiki__x",
               .statement = "∂l/∂x_i = (∂l/∂x̂_i)/√(σ² + ε) + (∂l/∂σ²) 2(x_i − μ)/m + (∂l/∂μ)/m",
               .inputs = moving_a_sample(),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_of_stages("derivative of l by x along v, through all of Algorithm 1", "x",
                                            [](const auto& in) { return reference_loss(in); }),
               .right = by_definition("WIKI's ∂l/∂x, times v", along_v(wiki_x))},
          },
      .mutants =
          {
              {.id = "forgets_that_the_variance_moves",
               .reading = "printed_li23__11__free_mean",
               .words = "∂ℓ/∂μ = Σ ∂ℓ/∂x̂_i (−1)/√(σ² + ε)",
               .agrees_when = mean_is_the_batch_mean(),
               .right = along_v(mean_gradient_without_variance)},
              {.id = "forgets_eps",
               .reading = "printed_li23__10",
               .words = "∂ℓ/∂σ² with (σ²)^(−3/2)",
               .agrees_when = eps_is_zero(),
               .right = along_v(variance_gradient_without_eps)},
              {.id = "forgets_the_mean",
               .reading = "printed_li23__12",
               .words = "∂ℓ/∂x_i without ∂ℓ/∂μ /m",
               .agrees_when = upstream_is_centred(),
               .right = along_v(input_gradient_without_mean)},
          },
  };
}

}  // namespace normproof::claims
