// Claim: batch norm's input gradient is orthogonal to 1, and to x̂ up to a term of order ε.
//
// Source       consequence of LI23 (44)
// Notation     s = √(σ² + ε),  g_i = ∂ℓ/∂y_i,  m = batch; one channel at a time
// Hypotheses   s ≠ 0, training mode, biased variance. Nothing is asked of the loss.
//
//     Σ ∂ℓ/∂x_i = 0      and      Σ x̂_i ∂ℓ/∂x_i = γ ε s⁻³ Σ x̂_i g_i
//
// Why. ∂ℓ/∂x_i = (γ/s)(g_i − ⟨g⟩ − x̂_i ⟨g x̂⟩), ⟨·⟩ the batch mean. Sum over i: the first two terms cancel, the third
// vanishes since Σ x̂_i = 0. Multiply by x̂_i and sum: ⟨x̂²⟩ = σ²/s² = 1 − ε/s² leaves the share ε/s² of Σ x̂_i g_i.
// With ε = 0 this is the textbook orthogonality; with ε > 0 the textbook form is false.
#include "proofs_checks/inputs/adapters.hpp"
#include "theory/gradients/batch_norm_compact.hpp"
#include "theory/gradients/orthogonality.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

// x̂_i ∂ℓ/∂x_i, by the reference's forward and backward pass.
Array<Number> x_hat_times_dx(const Inputs& in) {
  Array<Number> product = reference_x_hat(in);
  const Array<Number> dx = reference_backward(in).dx;
  for (Eigen::Index k = 0; k < dx.size(); ++k) product(k) = product(k) * dx(k);
  return product;
}

Values sum_of_x_hat_times_dx(const Inputs& in) {
  const Array<Number> product = x_hat_times_dx(in);
  Values sums(static_cast<std::size_t>(in.sizes.channels), Number(0));
  for (int j = 0; j < in.sizes.channels; ++j)
    for (int i = 0; i < in.sizes.batch; ++i) sums[static_cast<std::size_t>(j)] += product(i, j);
  return sums;
}

// The claim's right side with each channel multiplied by wrong_factor(s, γ).
Formula defect_times(Number (*wrong_factor)(const Number& s, const Number& gamma)) {
  return [=](const Inputs& in) {
    const theory::TrainingBatch<Number> b = theory_batch(in);
    Values values = entries(theory::orthogonality_defect(b));
    const theory::Vector<Number> s = theory::statistics(b).s;
    for (int j = 0; j < in.sizes.channels; ++j) values[static_cast<std::size_t>(j)] *= wrong_factor(s(j), b.gamma(j));
    return values;
  };
}

// −∂ℓ/∂x_m with ∂ℓ/∂x_i = (γ/s)(g_i − x̂_i⟨g x̂⟩): the mean of g is forgotten.
Values minus_last_without_the_mean(const Inputs& in) {
  const theory::TrainingBatch<Number> b = theory_batch(in);
  const theory::Statistics<Number> st = theory::statistics(b);
  Array<Number> dx = theory::compact_input_gradient(b);
  const theory::Vector<Number> mean = theory::mean<Number>(in("dy"));
  for (int j = 0; j < in.sizes.channels; ++j)
    for (int i = 0; i < in.sizes.batch; ++i) dx(i, j) += b.gamma(j) / st.s(j) * mean(j);
  return minus_last(channelwise(dx), in.sizes.channels);
}

}  // namespace

Claim bn_gradient_orthogonality() {
  return {
      .title = "The input gradient of batch norm is orthogonal to 1, and to x̂ up to γ ε s⁻³ Σ x̂_i g_i",
      .sources = {{"consequence", "of LI23 (44)"}},
      .notation = "s = √(σ² + ε), g = ∂ℓ/∂y, m the batch size, one channel at a time",
      .why =
          "∂ℓ/∂x_i = (γ/s)(g_i − ⟨g⟩ − x̂_i⟨g x̂⟩). Summed over i the first two terms cancel and Σ x̂_i = 0 removes "
          "the third. Multiplied by x̂_i and summed, ⟨x̂²⟩ = σ²/s² = 1 − ε/s² leaves the share ε/s² of Σ x̂_i g_i.",
      .explain =
          "Adding a constant to a channel does not change what batch norm puts out, so the gradient has no "
          "component along 1. Scaling the channel about its mean changes the output through ε alone, so the "
          "component along x̂ is what ε lets through. That it is 0 is right for ε = 0 only.",
      .readings =
          {
              {.id = "printed__sum",
               .statement = "Σ ∂ℓ/∂x_i = 0",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .left = by_reference("∂ℓ/∂x_1 + … + ∂ℓ/∂x_(m−1), LI23 (9)–(14) loop by loop",
                                    [](const Inputs& in) {
                                      return all_but_last(channelwise(reference_backward(in).dx), in.sizes.channels);
                                    }),
               .right = by_theory("−∂ℓ/∂x_m, compact form",
                                  [](const Inputs& in) {
                                    return minus_last(channelwise(theory::compact_input_gradient(theory_batch(in))),
                                                      in.sizes.channels);
                                  }),
               .why = "The sum over i < m is compared with minus the last term: comparing 0 with 0 compares nothing."},
              {.id = "printed__x_hat",
               .statement = "Σ x̂_i ∂ℓ/∂x_i = γ ε s⁻³ Σ x̂_i g_i",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .left = by_reference("Σ x̂_i ∂ℓ/∂x_i", sum_of_x_hat_times_dx),
               .right =
                   by_theory("γ ε s⁻³ Σ x̂_i g_i",
                             [](const Inputs& in) { return entries(theory::orthogonality_defect(theory_batch(in))); })},
              {.id = "textbook",
               .statement = "Σ x̂_i ∂ℓ/∂x_i = 0 for every ε ≥ 0",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .left = by_reference("Σ x̂_i ∂ℓ/∂x_i", sum_of_x_hat_times_dx),
               .right = by_definition(
                   "0",
                   [](const Inputs& in) { return Values(static_cast<std::size_t>(in.sizes.channels), Number(0)); }),
               .why = "False as soon as ε > 0 and ⟨x̂, g⟩ ≠ 0; textbook__eps_zero is what is left of it."},
              {.id = "textbook__eps_zero",
               .statement = "Σ x̂_i ∂ℓ/∂x_i = 0 at ε = 0",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .hypotheses = {eps_is_zero()},
               .left = by_reference(
                   "x̂_1 ∂ℓ/∂x_1 + … + x̂_(m−1) ∂ℓ/∂x_(m−1)",
                   [](const Inputs& in) { return all_but_last(channelwise(x_hat_times_dx(in)), in.sizes.channels); }),
               .right = by_theory("−x̂_m ∂ℓ/∂x_m, compact form",
                                  [](const Inputs& in) {
                                    const theory::TrainingBatch<Number> b = theory_batch(in);
                                    const Array<Number> dx = theory::compact_input_gradient(b);
                                    Array<Number> product = theory::statistics(b).x_hat;
                                    for (Eigen::Index k = 0; k < dx.size(); ++k) product(k) = product(k) * dx(k);
                                    return minus_last(channelwise(product), in.sizes.channels);
                                  })},
          },
      .mutants =
          {
              {.id = "forgets_gamma",
               .reading = "printed__x_hat",
               .words = "ε s⁻³ Σ x̂_i g_i",
               .agrees_when = gamma_is_one(),
               .right = defect_times([](const Number&, const Number& gamma) { return Number(1) / gamma; })},
              {.id = "s_to_the_minus_two",
               .reading = "printed__x_hat",
               .words = "γ ε s⁻² Σ x̂_i g_i",
               .agrees_when = s_is_one(),
               .right = defect_times([](const Number& s, const Number&) { return s; }),
               .agreeing_sizes = {{.batch = 2}, {.batch = 4}}},
              {.id = "forgets_the_mean",
               .reading = "printed__sum",
               .words = "∂ℓ/∂x_i = (γ/s)(g_i − x̂_i⟨g x̂⟩)",
               .agrees_when = upstream_is_centred(),
               .right = minus_last_without_the_mean},
          },
  };
}

}  // namespace normproof::claims
