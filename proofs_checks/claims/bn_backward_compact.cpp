// Claim: batch normalization's input gradient has the compact closed form of LI23.
//
// Source       LI23 (44), (45)
// Notation     s = √(σ² + ε),  m = batch,  ∂ℓ/∂x̂_i = γ ∂ℓ/∂y_i; one channel at a time
// Hypotheses   s ≠ 0, ε ≥ 0, training mode, biased variance. Nothing is asked of the loss
//
//     (44)  ∂ℓ/∂x_i = 1/(m s) · [ m ∂ℓ/∂x̂_i − Σ_j ∂ℓ/∂x̂_j − x̂_i Σ_(i=1..m) ∂ℓ/∂x̂_j · x̂_j ]
//     (45)          = [ m ∂ℓ/∂ŷ_i − Σ_j ∂ℓ/∂ŷ_j − x̂_i Σ_(i=1..m) ∂ℓ/∂ŷ_j · x̂_j ] / (m s) ⊙ γ
//
// The last sum of both lines is printed over i, with a summand in j that nothing binds; ŷ is named nowhere else.
//
// Why. ∂x̂_j/∂x_i = (1/s)([i = j] − 1/m − x̂_i x̂_j/m); multiply by ∂ℓ/∂x̂_j and sum over j: (44) with the last sum
// over j, and with ∂ℓ/∂x̂_j = γ ∂ℓ/∂y_j (45) with ŷ read as y. As printed, the last sum adds m equal terms: it is
// m ∂ℓ/∂x̂_j x̂_j, a different number for every j. Read with ŷ = x̂, (45) has one γ too many.
#include "proofs_checks/inputs/chain.hpp"
#include "theory/gradients/batch_norm_compact.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

std::vector<InputSpec> moving_a_sample() {
  return training_batch_and_direction("v", Dimension::batch, Dimension::channels);
}

Side derivative_by_x() {
  return derivative_along(Witness::reference, "derivative of ℓ by x along v, through all of Algorithm 1", "x", "v",
                          [](const auto& in) { return reference_loss(in); });
}

// γ ∂ℓ/∂y.
Array<Number> x_hat_gradient(const Inputs& in) {
  Array<Number> gradient = in("dy");
  for (int c = 0; c < in.sizes.channels; ++c)
    for (int i = 0; i < in.sizes.batch; ++i) gradient(i, c) = in("dy")(i, c) * in("gamma")(c);
  return gradient;
}
Array<Number> y_gradient(const Inputs& in) { return in("dy"); }

enum class LastFactor { none, gamma };  // what multiplies the whole: nothing in (44), γ in (45)

Number outer_factor(const Inputs& in, const Array<Number>& s, int c, LastFactor last) {
  const Number inverse = Number(1) / (Number(in.sizes.batch) * s(c));
  return last == LastFactor::gamma ? inverse * in("gamma")(c) : inverse;
}

Number sum_of(const Array<Number>& g, int c) {
  Number sum(0);
  for (Eigen::Index j = 0; j < g.rows(); ++j) sum += g(j, c);
  return sum;
}

// (44), (45) letter by letter, g the gradient that they are written in: the last sum runs over i, its summand does not
// change with i. Entries: channel after channel, i by i, and for each i every value of the unbound j.
Values sum_over_i(const Inputs& in, const Array<Number>& g, LastFactor last) {
  const Array<Number>& x_hat = in("x_hat");
  const Array<Number> s = s_of(in);
  const int m = in.sizes.batch;
  Values values;
  for (int c = 0; c < in.sizes.channels; ++c) {
    const Number factor = outer_factor(in, s, c, last), sum_g = sum_of(g, c);
    for (int i = 0; i < m; ++i)
      for (int j = 0; j < m; ++j) {
        const Number last_sum = Number(m) * (g(j, c) * x_hat(j, c));  // m equal terms
        values.push_back(factor * (Number(m) * g(i, c) - sum_g - x_hat(i, c) * last_sum));
      }
  }
  return values;
}

// The left side that belongs to it: ∂ℓ/∂x_i for every i and every j.
Values input_gradient_for_every_j(const Inputs& in) {
  Values values;
  const Values dx = channelwise(reference_backward(in).dx);
  for (const Number& entry : dx) values.insert(values.end(), static_cast<std::size_t>(in.sizes.batch), entry);
  return values;
}

// (44) with j bound by the sum before: Σ_j ( ∂ℓ/∂x̂_j − x̂_i Σ_i ∂ℓ/∂x̂_j x̂_j ).
Array<Number> first_sum_reaches_to_the_end(const Inputs& in) {
  const Array<Number> g = x_hat_gradient(in), s = s_of(in);
  const Array<Number>& x_hat = in("x_hat");
  const Number m(in.sizes.batch);
  Array<Number> dx = g;
  for (int c = 0; c < in.sizes.channels; ++c) {
    Number correlation(0);
    for (int j = 0; j < in.sizes.batch; ++j) correlation += g(j, c) * x_hat(j, c);
    const Number factor = outer_factor(in, s, c, LastFactor::none), sum_g = sum_of(g, c);
    for (int i = 0; i < in.sizes.batch; ++i)
      dx(i, c) = factor * (m * g(i, c) - (sum_g - x_hat(i, c) * (m * correlation)));
  }
  return dx;
}

// (44) with every index that occurs twice summed over, i under its sum sign and j by convention: Σ_i Σ_j ∂ℓ/∂x̂_j x̂_j.
Array<Number> repeated_index_summed(const Inputs& in) {
  const Array<Number> g = x_hat_gradient(in), s = s_of(in);
  const Array<Number>& x_hat = in("x_hat");
  const Number m(in.sizes.batch);
  Array<Number> dx = g;
  for (int c = 0; c < in.sizes.channels; ++c) {
    Number last_sum(0);
    for (int i = 0; i < in.sizes.batch; ++i)
      for (int j = 0; j < in.sizes.batch; ++j) last_sum += g(j, c) * x_hat(j, c);
    const Number factor = outer_factor(in, s, c, LastFactor::none), sum_g = sum_of(g, c);
    for (int i = 0; i < in.sizes.batch; ++i) dx(i, c) = factor * (m * g(i, c) - sum_g - x_hat(i, c) * last_sum);
  }
  return dx;
}

// What of the bracket a near-miss keeps.
struct Kept {
  bool sum = true, projection = true;
};

// (44), (45) with the last sum over j.
Array<Number> sum_over_j(const Inputs& in, const Array<Number>& g, LastFactor last, Kept kept = {}) {
  const Array<Number>& x_hat = in("x_hat");
  const Array<Number> s = s_of(in);
  Array<Number> dx = g;
  for (int c = 0; c < in.sizes.channels; ++c) {
    Number correlation(0);
    for (int j = 0; j < in.sizes.batch; ++j) correlation += g(j, c) * x_hat(j, c);
    const Number factor = outer_factor(in, s, c, last), sum_g = sum_of(g, c);
    for (int i = 0; i < in.sizes.batch; ++i) {
      Number bracket = Number(in.sizes.batch) * g(i, c);
      if (kept.sum) bracket -= sum_g;
      if (kept.projection) bracket -= x_hat(i, c) * correlation;
      dx(i, c) = factor * bracket;
    }
  }
  return dx;
}

// A near-miss: x̂ and s with the unbiased variance m σ²/(m − 1).
Array<Number> with_unbiased_variance(const Inputs& in) {
  Inputs unbiased = in;
  Array<Number> variance = in("variance");
  for (Eigen::Index c = 0; c < variance.size(); ++c)
    variance(c) = variance(c) * Number(in.sizes.batch) / Number(in.sizes.batch - 1);
  unbiased.set("variance", variance);
  unbiased.set("x_hat", x_hat_stage(unbiased));
  return sum_over_j(unbiased, x_hat_gradient(in), LastFactor::none);
}

// The natural case of that near-miss.
Hypothesis constant_channels_and_their_nodes() {
  return imposing("constant_channels", constant_channels().sentence, [](Inputs& in) {
    constant_channels().impose(in);
    nodes_of_the_batch().impose(in);
  });
}

}  // namespace

Claim bn_backward_compact() {
  return {
      .title = "∂ℓ/∂x_i = (γ/s)(g_i − ⟨g⟩ − x̂_i ⟨g x̂⟩), the compact gradient of batch normalization",
      .sources = {{"LI23", "(44), (45)"}},
      .notation = "s = √(σ² + ε), m the batch size, g = ∂ℓ/∂y, ∂ℓ/∂x̂ = γ g, ⟨·⟩ the batch mean; one channel at a time",
      .why =
          "∂x̂_j/∂x_i = (1/s)([i = j] − 1/m − x̂_i x̂_j/m). Multiplied by ∂ℓ/∂x̂_j = γ g_j and summed over j this is "
          "(γ/s)(g_i − ⟨g⟩ − x̂_i⟨g x̂⟩): (44) and (45) with both sums over j.",
      .explain =
          "The three lines of the chain rule collapse into one formula: take the upstream gradient, remove its "
          "mean, remove its component along x̂, scale by γ/s. The print of it cannot be followed to the letter: "
          "the last sum runs over i while its summand has the index j, so that every summand is the same and j "
          "remains free. With j under the sum sign the formula is exact, for every ε ≥ 0. (45) writes ŷ, which "
          "is defined nowhere: read as y it is right, read as x̂ it multiplies by γ twice.",
      .readings =
          {
              {.id = "printed__44",
               .statement = "∂ℓ/∂x_i = 1/(m s)·[m ∂ℓ/∂x̂_i − Σ_j ∂ℓ/∂x̂_j − x̂_i Σ_(i=1..m) ∂ℓ/∂x̂_j x̂_j] for every j",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = by_reference("∂ℓ/∂x_i, LI23 (9)–(12) loop by loop; an entry for every (i, j)",
                                    input_gradient_for_every_j),
               .right =
                   by_definition("(44) letter by letter; an entry for every (i, j)",
                                 [](const Inputs& in) { return sum_over_i(in, x_hat_gradient(in), LastFactor::none); }),
               .why = "Nothing binds the j of the last sum. It adds m equal terms, so it is m ∂ℓ/∂x̂_j x̂_j: as a rule "
                      "a different number for every j. `repaired` has the sum over j."},
              {.id = "printed__44__first_sum_reaches_to_the_end",
               .statement = "∂ℓ/∂x_i = 1/(m s)·[m ∂ℓ/∂x̂_i − Σ_j (∂ℓ/∂x̂_j − x̂_i Σ_(i=1..m) ∂ℓ/∂x̂_j x̂_j)]",
               .inputs = moving_a_sample(),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_by_x(),
               .right = by_definition("⟨(44), v⟩, its first sum taken to bind the second j too",
                                      along_v(first_sum_reaches_to_the_end)),
               .why = "The only sum sign that could bind j. The last term then has the wrong sign and a factor m too "
                      "many."},
              {.id = "printed__44__repeated_index_summed",
               .statement = "∂ℓ/∂x_i = 1/(m s)·[m ∂ℓ/∂x̂_i − Σ_j ∂ℓ/∂x̂_j − x̂_i Σ_(i=1..m) Σ_j ∂ℓ/∂x̂_j x̂_j]",
               .inputs = moving_a_sample(),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_by_x(),
               .right = by_definition("⟨(44), v⟩, the repeated j of its last sum summed over too",
                                      along_v(repeated_index_summed)),
               .why =
                   "The convention that saves (17), (19) and (23) does not save (44): the sum over i that is printed "
                   "still stands, and makes the last term m times too large."},
              {.id = "printed__45__y",
               .statement = "∂ℓ/∂x_i = γ/(m s)·[m g_i − Σ_j g_j − x̂_i Σ_(i=1..m) g_j x̂_j] for every j, ŷ read as y",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = by_reference("∂ℓ/∂x_i, LI23 (9)–(12) loop by loop; an entry for every (i, j)",
                                    input_gradient_for_every_j),
               .right =
                   by_definition("(45) letter by letter; an entry for every (i, j)",
                                 [](const Inputs& in) { return sum_over_i(in, y_gradient(in), LastFactor::gamma); }),
               .why = "The unbound j of (44) again; 45__y__sum_over_j is what is left."},
              {.id = "printed__45__x_hat",
               .statement = "∂ℓ/∂x_i = γ/(m s)·[m ∂ℓ/∂x̂_i − Σ_j ∂ℓ/∂x̂_j − x̂_i Σ_(i=1..m) ∂ℓ/∂x̂_j x̂_j] for every "
                            "j, ŷ read as x̂",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = by_reference("∂ℓ/∂x_i, LI23 (9)–(12) loop by loop; an entry for every (i, j)",
                                    input_gradient_for_every_j),
               .right = by_definition(
                   "(45) letter by letter; an entry for every (i, j)",
                   [](const Inputs& in) { return sum_over_i(in, x_hat_gradient(in), LastFactor::gamma); }),
               .why = "The unbound j of (44), and ∂ℓ/∂x̂ has its γ already."},
              {.id = "repaired",
               .statement = "∂ℓ/∂x_i = 1/(m s)·[m ∂ℓ/∂x̂_i − Σ_j ∂ℓ/∂x̂_j − x̂_i Σ_j ∂ℓ/∂x̂_j x̂_j]",
               .inputs = moving_a_sample(),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_by_x(),
               .right = by_definition("⟨(44) with the last sum over j, v⟩", along_v([](const Inputs& in) {
                                        return sum_over_j(in, x_hat_gradient(in), LastFactor::none);
                                      })),
               .why = "(44) with j in place of i under the last sum sign: one letter."},
              {.id = "45__y__sum_over_j",
               .statement = "∂ℓ/∂x_i = γ/(m s)·[m g_i − Σ_j g_j − x̂_i Σ_j g_j x̂_j]",
               .inputs = moving_a_sample(),
               .sizes = batch_sizes(),
               .left = derivative_by_x(),
               .right = by_theory("⟨compact form, v⟩", along_v([](const Inputs& in) {
                                    return theory::compact_input_gradient(theory_batch(in));
                                  })),
               .why = "(45) with ŷ read as y and both sums over j."},
              {.id = "45__y__sum_over_j__equals_12",
               .statement = "γ/(m s)·[m g_i − Σ_j g_j − x̂_i Σ_j g_j x̂_j] is what the loops of (9)–(12) compute",
               .inputs = training_batch(),
               .sizes = batch_sizes(),
               .left = by_reference("∂ℓ/∂x, LI23 (9)–(12) loop by loop",
                                    [](const Inputs& in) { return row_major(reference_backward(in).dx); }),
               .right = by_theory(
                   "compact form",
                   [](const Inputs& in) { return row_major(theory::compact_input_gradient(theory_batch(in))); })},
              {.id = "45__x_hat__sum_over_j",
               .statement = "∂ℓ/∂x_i = γ/(m s)·[m ∂ℓ/∂x̂_i − Σ_j ∂ℓ/∂x̂_j − x̂_i Σ_j ∂ℓ/∂x̂_j x̂_j], ŷ read as x̂",
               .inputs = moving_a_sample(),
               .sizes = batch_sizes(),
               .hypotheses = {nodes_of_the_batch()},
               .left = derivative_by_x(),
               .right = by_definition("⟨(45) with the last sum over j and ŷ = x̂, v⟩", along_v([](const Inputs& in) {
                                        return sum_over_j(in, x_hat_gradient(in), LastFactor::gamma);
                                      })),
               .why = "∂ℓ/∂x̂ = γ ∂ℓ/∂y has its γ already: the right side is γ times the gradient, right for γ = 1 "
                      "only (and where the gradient is 0)."},
          },
      .mutants =
          {
              {.id = "forgets_the_projection",
               .reading = "repaired",
               .words = "1/(m s)·[m ∂ℓ/∂x̂_i − Σ_j ∂ℓ/∂x̂_j]",
               .agrees_when = upstream_is_orthogonal_to_x_hat(),
               .right = along_v([](const Inputs& in) {
                 return sum_over_j(in, x_hat_gradient(in), LastFactor::none, {.sum = true, .projection = false});
               })},
              {.id = "forgets_the_mean",
               .reading = "repaired",
               .words = "1/(m s)·[m ∂ℓ/∂x̂_i − x̂_i Σ_j ∂ℓ/∂x̂_j x̂_j]",
               .agrees_when = upstream_is_centred(),
               .right = along_v([](const Inputs& in) {
                 return sum_over_j(in, x_hat_gradient(in), LastFactor::none, {.sum = false, .projection = true});
               })},
              {.id = "forgets_gamma",
               .reading = "45__y__sum_over_j",
               .words = "1/(m s)·[m g_i − Σ_j g_j − x̂_i Σ_j g_j x̂_j]",
               .agrees_when = gamma_is_one(),
               .right = along_v([](const Inputs& in) {
                 theory::TrainingBatch<Number> b = theory_batch(in);
                 for (int c = 0; c < in.sizes.channels; ++c) b.gamma(c) = Number(1);
                 return theory::compact_input_gradient(b);
               })},
              {.id = "unbiased_variance",
               .reading = "repaired",
               .words = "x̂ and s with m σ²/(m − 1) for σ²",
               .agrees_when = constant_channels_and_their_nodes(),
               .right = along_v(with_unbiased_variance)},
          },
  };
}

}  // namespace normproof::claims
