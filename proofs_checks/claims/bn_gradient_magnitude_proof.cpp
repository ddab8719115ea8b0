// Claim: LI23's proof of Theorem 2.1 is true line by line, as it is printed.
//
// Source       LI23 (54)–(61), §2.4
// Notation     one channel; x ∈ R^m the batch, x̂ = (x − μ)/σ, y = γx̂ + β, ℓ̂(x) = ℓ(y), g = ∂ℓ̂/∂y, ḡ = ⟨1, g⟩/m, u =
//              x̂/‖x̂‖; s = √(σ² + ε), which is σ_B in §2.4 where ε > 0
// Hypotheses   σ ≠ 0; ε = 0, without which x̂ is not of norm √m
//
//     (54) ∇_x ℓ̂ = (γ/(mσ)) ( m g − 1⟨1, g⟩ − x̂⟨g, x̂⟩ )          "x̂ is zero-mean and √m-norm"
//     (55) ‖∇_x ℓ̂‖² = (γ/σ)² ‖ g − (1/m)⟨1, g⟩ − (x̂/m)⟨g, x̂⟩ ‖²
//     (56) = (γ/σ)² ‖ (g − (1/m)⟨1, g⟩) − u⟨g − (1/m)⟨1, g⟩, u⟩ ‖²
//     (57) = (γ/σ)² ( ‖g − (1/m)⟨1, g⟩‖² + ⟨g − (1/m)⟨1, g⟩, u⟩² − 2 · (g − (1/m)⟨1, g⟩) · u⟨g − (1/m)⟨1, g⟩, u⟩ )
//     (58) = (γ/σ)² ( ‖g − (1/m)⟨1, g⟩‖² − ⟨g − (1/m)⟨1, g⟩, u⟩² )
//     (59) = (γ/σ)² ( ‖g‖² + (1/m²)⟨1, g⟩² · m − (2/m)⟨1, g⟩² − ‖⟨g, u⟩ − ⟨1/m, u⟩‖² )
//     (60) = (γ/σ)² ( ‖g‖² − (1/m)⟨1, g⟩² − (1/m)⟨g, x̂⟩² ),        "∂ℓ̂/∂y = ∂ℓ/∂x"
//     (61) ‖∇_x ℓ̂‖² ≤ (γ²/σ²) ( ‖∇_x ℓ‖² − (1/m)⟨1, ∇_x ℓ⟩² − (1/m)⟨∇_x ℓ, x̂⟩² )
//
// How read. A scalar beside a vector, (1/m)⟨1, g⟩ in (55)–(58) and 1/m in (59), stands for the scalar times 1, as (54)
// still writes it. · between vectors is the inner product; in (10)–(13) it is the product entry by entry, which is a
// reading of its own. The norm of the scalar in (59) is its absolute value.
//
// Why. Each line up to (60) is a true identity at ε = 0. (55)→(56) is ‖x̂‖² = m and ⟨1, x̂⟩ = 0; (56)→(58) is
// Pythagoras with ‖u‖ = 1; (58)→(59) multiplies out: the product with u of the mean is ⟨1, g⟩⟨1, u⟩/m, printed without
// the factor ⟨1, g⟩, and 0 either way since ⟨1, u⟩ = 0; (59)→(60) is ‖x̂‖² = m again. The step to (61) takes ∂ℓ̂/∂y for
// ∂ℓ/∂x: true if both are the gradient of ℓ at y, false for a network without batch norm, whose ∂ℓ/∂x is taken at x.
// With ε > 0 the chain breaks at (56), no later line is true again, and yet (61) holds at matched activations.
#include "proofs_checks/inputs/chain.hpp"
#include "theory/gradients/batch_norm_compact.hpp"
#include "theory/smoothness/gradient_magnitude.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

Number square(const Number& a) { return a * a; }
Number squared_norm(const Values& a) { return dot<Number>(a, a); }

// What the lines are written in. σ is s where ε > 0.
struct Symbols {
  Values g, x_hat, unit;  // u = x̂/‖x̂‖
  Number m, gamma, sigma;
  Number scale;      // (γ/σ)²
  Number sum;        // ⟨1, g⟩
  Values less_mean;  // g − (1/m)⟨1, g⟩
  Number along;      // ⟨g − (1/m)⟨1, g⟩, u⟩
};

Values minus_scalar(Values v, const Number& scalar) {
  for (Number& entry : v) entry -= scalar;
  return v;
}

Symbols symbols_without_unit(const Inputs& in) {
  const theory::Statistics<Number> st = theory::statistics(theory_batch(in));
  Symbols l;
  l.g = row_major(in("dy"));
  l.x_hat = row_major(st.x_hat);
  l.m = Number(in.sizes.batch);
  l.gamma = in.scalar("gamma");
  l.sigma = st.s(0);
  l.scale = square(l.gamma / l.sigma);
  for (const Number& entry : l.g) l.sum += entry;
  l.less_mean = minus_scalar(l.g, l.sum / l.m);
  return l;
}

Symbols symbols(const Inputs& in) {
  Symbols l = symbols_without_unit(in);
  const Number square_of_norm = squared_norm(l.x_hat);
  const Number norm = sqrt(square_of_norm);
  for (const Number& entry : l.x_hat) l.unit.push_back(entry / norm);
  l.along = dot<Number>(l.less_mean, l.unit);
  return l;
}

// The lines' right sides, letter by letter.
Values gradient_with(const Symbols& l, const Number& sigma) {
  Values entries;
  const Number correlation = dot<Number>(l.g, l.x_hat);
  for (std::size_t i = 0; i < l.g.size(); ++i)
    entries.push_back(l.gamma / (l.m * sigma) * (l.m * l.g[i] - l.sum - l.x_hat[i] * correlation));
  return entries;
}
Values line_54(const Inputs& in) {
  const Symbols l = symbols_without_unit(in);
  return gradient_with(l, l.sigma);
}
Values line_54_without_eps(const Inputs& in) {
  const Number variance = reference_variance(in("x"))[0];
  return gradient_with(symbols_without_unit(in), sqrt(variance));
}
Values line_55(const Inputs& in) {
  const Symbols l = symbols_without_unit(in);
  Values vector = l.less_mean;
  const Number correlation = dot<Number>(l.g, l.x_hat);
  for (std::size_t i = 0; i < vector.size(); ++i) vector[i] -= l.x_hat[i] / l.m * correlation;
  return {l.scale * squared_norm(vector)};
}
Values line_56(const Inputs& in) {
  const Symbols l = symbols(in);
  Values vector = l.less_mean;
  for (std::size_t i = 0; i < vector.size(); ++i) vector[i] -= l.unit[i] * l.along;
  return {l.scale * squared_norm(vector)};
}
Values line_57(const Inputs& in) {
  const Symbols l = symbols(in);
  return {l.scale *
          (squared_norm(l.less_mean) + square(l.along) - Number(2) * dot<Number>(l.less_mean, l.unit) * l.along)};
}
Values line_57_entry_by_entry(const Inputs& in) {
  const Symbols l = symbols(in);
  Values entries;
  for (std::size_t i = 0; i < l.g.size(); ++i)
    entries.push_back(l.scale *
                      (squared_norm(l.less_mean) + square(l.along) - Number(2) * l.less_mean[i] * l.unit[i] * l.along));
  return entries;
}
Values line_58(const Inputs& in) {
  const Symbols l = symbols(in);
  return {l.scale * (squared_norm(l.less_mean) - square(l.along))};
}
// (59), with ‖scalar‖² in its place.
Values line_59_with(const Symbols& l, const Number& last) {
  return {l.scale *
          (squared_norm(l.g) + Number(1) / square(l.m) * square(l.sum) * l.m - Number(2) / l.m * square(l.sum) - last)};
}
Number bracket_of_59(const Symbols& l) {  // ⟨g, u⟩ − ⟨1/m, u⟩
  Number sum_of_unit(0);
  for (const Number& entry : l.unit) sum_of_unit += Number(1) / l.m * entry;
  return dot<Number>(l.g, l.unit) - sum_of_unit;
}
Values line_59(const Inputs& in) {
  const Symbols l = symbols(in);
  return line_59_with(l, square(bracket_of_59(l)));
}
Values line_59_scalar_times_ones(const Inputs& in) {
  const Symbols l = symbols(in);
  return line_59_with(l, l.m * square(bracket_of_59(l)));
}
Values line_60(const Inputs& in) {
  const Symbols l = symbols_without_unit(in);
  return {l.scale * (squared_norm(l.g) - square(l.sum) / l.m - square(dot<Number>(l.g, l.x_hat)) / l.m)};
}

Values squared_gradient(const Inputs& in) {
  const Array<Number> dx = reference_backward(in).dx;
  return {dot<Number>(dx, dx)};
}
Side left_side() { return by_reference("‖∇_x ℓ̂‖², LI23 (9)–(14) loop by loop", squared_gradient); }

Reading line(std::string id, std::string statement, Formula printed, std::string why = {}) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = training_batch(),
          .sizes = one_channel_sizes(),
          .hypotheses = {eps_is_zero()},
          .left = left_side(),
          .right = by_definition("the line as printed", std::move(printed)),
          .why = std::move(why)};
}
Reading for_every_eps(Reading reading, std::string id, std::string statement, std::string why) {
  reading.id = std::move(id);
  reading.statement = std::move(statement);
  reading.why = std::move(why);
  reading.hypotheses = {};
  return reading;
}

// (58) → (59) with any unit vector in the place of x̂/‖x̂‖.
std::vector<InputSpec> with_free_unit() {
  std::vector<InputSpec> specs = training_batch();
  specs.push_back({"v", Role::direction, Dimension::batch, Dimension::channels});
  return specs;
}
Symbols with_unit_along_v(const Inputs& in) {
  Symbols l = symbols_without_unit(in);
  const Values v = row_major(in("v"));
  const Number square_of_norm = squared_norm(v);
  const Number norm = sqrt(square_of_norm);
  for (const Number& entry : v) l.unit.push_back(entry / norm);
  l.along = dot<Number>(l.less_mean, l.unit);
  return l;
}
Reading step_to_59(std::string id, std::string statement, Number (*bracket)(const Symbols&), std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = with_free_unit(),
          .sizes = one_channel_sizes(),
          .left = by_definition("(58) with v/‖v‖ for x̂/‖x̂‖",
                                [](const Inputs& in) {
                                  const Symbols l = with_unit_along_v(in);
                                  return Values{l.scale * (squared_norm(l.less_mean) - square(l.along))};
                                }),
          .right = by_definition("(59) with v/‖v‖ for x̂/‖x̂‖",
                                 [=](const Inputs& in) {
                                   const Symbols l = with_unit_along_v(in);
                                   return line_59_with(l, square(bracket(l)));
                                 }),
          .algebraic_identity = true,
          .why = std::move(why)};
}
Number bracket_with_the_factor(const Symbols& l) {  // ⟨g, u⟩ − ⟨(1/m)⟨1, g⟩1, u⟩
  Number sum_of_unit(0);
  for (const Number& entry : l.unit) sum_of_unit += l.sum / l.m * entry;
  return dot<Number>(l.g, l.unit) - sum_of_unit;
}

// ℓ(a) = Σ c_i a_i + q_i a_i²/2, so that ∇ℓ(a) = c + q a differs from place to place.
std::vector<InputSpec> quadratic_loss() {
  return {{"x", Role::activation, Dimension::batch, Dimension::one},
          {"c", Role::upstream, Dimension::batch, Dimension::one},
          {"q", Role::upstream, Dimension::batch, Dimension::one},
          {"gamma", Role::scale, Dimension::one, Dimension::one},
          {"beta", Role::shift, Dimension::one, Dimension::one},
          {"eps", Role::epsilon}};
}
std::vector<InputSpec> quadratic_loss_and_direction() {
  std::vector<InputSpec> specs = quadratic_loss();
  specs.push_back({"v", Role::direction, Dimension::batch, Dimension::one});
  return specs;
}
Array<Number> slope_at(const Inputs& in, const Array<Number>& activations) {
  Array<Number> slope = in("c");
  for (Eigen::Index k = 0; k < slope.size(); ++k) slope(k) += in("q")(k)*activations(k);
  return slope;
}
Inputs with_slope_at(const Inputs& in, const Array<Number>& activations) {
  Inputs out = in;
  out.set("dy", slope_at(in, activations));
  return out;
}

// ⟨∂ℓ̂/∂y, v⟩: ℓ alone is differentiated, at y.
template <class T>
T loss_at_y(const BasicInputs<T>& in) {
  T loss(0);
  for (Eigen::Index k = 0; k < in("y").size(); ++k) loss += (in("c")(k) + in("q")(k)*in("y")(k) / T(2)) * in("y")(k);
  return loss;
}
Hypothesis y_is_the_output() {
  return defining("y_is_the_output", "y = γx̂ + β", [](Inputs& in) { in.set("y", reference_batch_norm(in)); });
}
Side derivative_at_y() {
  return derivative_along(Witness::definition, "⟨∂ℓ̂/∂y, v⟩, the derivative of ℓ at y", "y", "v",
                          [](const auto& in) { return loss_at_y(in); });
}
Reading gradients_named_alike(std::string id, std::string statement, bool at_y, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = quadratic_loss_and_direction(),
          .sizes = one_channel_sizes(),
          .hypotheses = {y_is_the_output()},
          .left = derivative_at_y(),
          .right = by_reference(at_y ? "⟨c + q y, v⟩, y by LI23 Algorithm 1" : "⟨c + q x, v⟩",
                                [=](const Inputs& in) {
                                  const Array<Number> place = at_y ? reference_batch_norm(in) : in("x");
                                  return Values{dot<Number>(slope_at(in, place), in("v"))};
                                }),
          .why = std::move(why)};
}

Formula bound_61(bool at_y) {
  return [=](const Inputs& in) {
    const Array<Number> place = at_y ? reference_batch_norm(in) : in("x");
    const auto terms = theory::gradient_magnitude_terms(theory_batch(with_slope_at(in, place)), 0);
    const int m = in.sizes.batch;
    return Values{theory::gradient_magnitude_bound<Number>(terms, m, Number(1) / Number(m))};
  };
}
Reading line_61(std::string id, std::string statement, bool at_y, std::vector<Hypothesis> hypotheses, std::string why) {
  return {
      .id = std::move(id),
      .statement = std::move(statement),
      .inputs = quadratic_loss(),
      .sizes = one_channel_sizes(),
      .hypotheses = std::move(hypotheses),
      .left = by_reference(
          "‖∇_x ℓ̂‖²", [](const Inputs& in) { return squared_gradient(with_slope_at(in, reference_batch_norm(in))); }),
      .relation = Relation::at_most,
      .right = by_theory(at_y ? "the bound, ∇ℓ at y" : "the bound, ∇ℓ at x", bound_61(at_y)),
      .why = std::move(why)};
}
// γ = s and β = μ: y = x.
Hypothesis layer_is_the_identity() {
  return imposing("layer_is_the_identity", "γ = σ, β = μ: y = x", [](Inputs& in) {
    const Number radicand = reference_variance(in("x"))[0] + in.scalar("eps");
    in.set("gamma", sqrt(radicand));
    in.set("beta", reference_mean(in("x"))[0]);
  });
}

}  // namespace

Claim bn_gradient_magnitude_proof() {
  const Reading line_54_printed = [] {
    Reading reading = line("printed__54", "(54) ∇_x ℓ̂ = (γ/(mσ))(m g − 1⟨1, g⟩ − x̂⟨g, x̂⟩), ε = 0", line_54);
    reading.left = by_reference("∇_x ℓ̂, LI23 (9)–(14) loop by loop",
                                [](const Inputs& in) { return row_major(reference_backward(in).dx); });
    return reading;
  }();
  Reading norm = line("printed__norm_of_x_hat", "before (55): Σ x̂_i = 0 and ‖x̂‖² = m, ε = 0", {},
                      "The biased variance of x is σ².");
  norm.left = by_reference("x̂_1 + … + x̂_(m−1) and ‖x̂‖²", [](const Inputs& in) {
    const Values x_hat = row_major(reference_x_hat(in));
    return Values{all_but_last(x_hat)[0], squared_norm(x_hat)};
  });
  norm.right = by_theory("−x̂_m and m", [](const Inputs& in) {
    const Values x_hat = row_major(theory::statistics(theory_batch(in)).x_hat);
    return Values{minus_last(x_hat)[0], Number(in.sizes.batch)};
  });
  const Reading line_55_printed =
      line("printed__55", "(55) (γ/σ)²‖g − (1/m)⟨1, g⟩ − (x̂/m)⟨g, x̂⟩‖², the scalar read as scalar · 1", line_55);
  const Reading line_56_printed =
      line("printed__56", "(56) (γ/σ)²‖(g − ḡ) − u⟨g − ḡ, u⟩‖², u = x̂/‖x̂‖", line_56, "‖x̂‖² = m.");
  const Reading line_57_printed =
      line("printed__57", "(57) (γ/σ)²(‖g − ḡ‖² + ⟨g − ḡ, u⟩² − 2(g − ḡ)·u⟨g − ḡ, u⟩), · the inner product", line_57,
           "‖u‖ = 1.");
  const Reading line_58_printed = line("printed__58", "(58) (γ/σ)²(‖g − ḡ‖² − ⟨g − ḡ, u⟩²)", line_58);
  const Reading line_59_printed =
      line("printed__59", "(59) (γ/σ)²(‖g‖² + (1/m²)⟨1, g⟩²·m − (2/m)⟨1, g⟩² − ‖⟨g, u⟩ − ⟨1/m, u⟩‖²)", line_59,
           "The factor ⟨1, g⟩ that is missing in ⟨1/m, u⟩ would multiply 0.");
  const Reading line_60_printed =
      line("printed__60", "(60) (γ/σ)²(‖g‖² − ⟨1, g⟩²/m − ⟨g, x̂⟩²/m)", line_60, "‖x̂‖² = m again.");

  Reading entry_by_entry = line_57_printed;
  entry_by_entry.id = "printed__57__entry_by_entry";
  entry_by_entry.statement = "(57) with · the product entry by entry, as in (10)–(13)";
  entry_by_entry.left = by_reference("‖∇_x ℓ̂‖², beside every entry", [](const Inputs& in) {
    return Values(static_cast<std::size_t>(in.sizes.batch), squared_gradient(in)[0]);
  });
  entry_by_entry.right = by_definition("the line as printed", line_57_entry_by_entry);
  entry_by_entry.why = "The line is then a vector beside a number; its entries differ from each other and from (56).";

  Reading sigma_without_eps =
      for_every_eps(line_54_printed, "printed__54__sigma_without_eps",
                    "(54) letter by letter with Algorithm 1's ε > 0: σ is √σ², ε stands in x̂ alone",
                    "Differentiating x̂ divides by √(σ² + ε): §2.4 writes σ_B for it, or means ε = 0.");
  sigma_without_eps.right = by_definition("the line as printed, σ without ε", line_54_without_eps);

  const std::string eps_breaks = "‖x̂‖² = mσ²/s² is less than m, and the lines from (56) to (59) divide by it.";
  Reading lower =
      for_every_eps(line_58_printed, "with_eps__58_is_a_lower_bound", "(58) ≤ ‖∇_x ℓ̂‖², every ε ≥ 0, s for σ",
                    "‖∇_x ℓ̂‖² exceeds (58) by (1/m)(γε⟨g, x̂⟩/(s²σ))²: dividing by ‖x̂‖² takes too much off.");
  lower.left = by_definition("(58)", line_58);
  lower.right = left_side();
  lower.relation = Relation::at_most;
  lower.gap = [](const Inputs& in) {
    const Symbols l = symbols_without_unit(in);
    const Number variance = reference_variance(in("x"))[0];
    const Number root = l.gamma * in.scalar("eps") * dot<Number>(l.g, l.x_hat) / (square(l.sigma) * sqrt(variance));
    return std::vector<SquareTerm>{{.root = root, .denominator = in.sizes.batch}};
  };
  Reading steps = for_every_eps(line_57_printed, "with_eps__56_to_59", "(56) = (57) = (58) = (59), every ε ≥ 0",
                                "Between these lines ‖u‖ = 1 and ⟨1, u⟩ = 0 alone are used, whatever ε is.");
  steps.left = by_definition("(56), three times", [](const Inputs& in) {
    const Number value = line_56(in)[0];
    return Values{value, value, value};
  });
  steps.right = by_definition("(57), (58), (59)", [](const Inputs& in) {
    return Values{line_57(in)[0], line_58(in)[0], line_59(in)[0]};
  });
  steps.algebraic_identity = true;

  Reading matched = line_61("printed__61__matched", "(61) with ∇_x ℓ the gradient of ℓ at y, ε = 0", true,
                            {eps_is_zero()}, "(60) is an equality already: ≤ holds with =.");
  matched.gap = [](const Inputs&) { return std::vector<SquareTerm>{}; };
  Reading matched_with_eps =
      line_61("without_eps_zero__61__matched", "(61) with ∇_x ℓ at y, every ε ≥ 0, s for σ", true, {},
              "The right side exceeds the left by (ε/m)(γ⟨g, x̂⟩/s²)²: the theorem outlives its proof.");
  matched_with_eps.gap = [](const Inputs& in) {
    const Inputs at_y = with_slope_at(in, reference_batch_norm(in));
    return std::vector<SquareTerm>{{.root = theory::gradient_magnitude_gap_root(theory_batch(at_y), 0),
                                    .nonnegative = {"eps"},
                                    .denominator = in.sizes.batch}};
  };
  Reading identity_layer = line_61("identity_layer__61__raw", "(61) with ∇_x ℓ at x where γ = σ and β = μ, ε = 0",
                                   false, {eps_is_zero(), layer_is_the_identity()},
                                   "Then y = x: the one layer at which raw and matched gradients agree for every ℓ.");
  identity_layer.gap = matched.gap;

  return {
      .title = "LI23's proof of Theorem 2.1, (54)–(61), is true line by line",
      .sources = {{"LI23", "§2.4, (54)–(61)"}},
      .notation =
          "x one feature over the batch of m, x̂ = (x − μ)/σ, y = γx̂ + β, ℓ̂(x) = ℓ(y), g = ∂ℓ̂/∂y, ḡ = ⟨1, g⟩/m, u = "
          "x̂/‖x̂‖, "
          "s = √(σ² + ε)",
      .why =
          "(55)→(56) and (59)→(60) use ‖x̂‖² = m, (56)→(58) uses ‖u‖ = 1, (58)→(59) uses ⟨1, u⟩ = 0; the factor "
          "missing "
          "in (59) "
          "stands beside a 0. (60)→(61) puts ∂ℓ/∂x for ∂ℓ̂/∂y: true at matched activations alone.",
      .explain =
          "The proof writes the gradient before the layer as γ/σ times g less its components along 1 and along x̂, and "
          "computes the length of what is left by Pythagoras. Every line from (54) to (60) is a true equality when ε = "
          "0, "
          "provided that a scalar beside a vector is read as that scalar times 1 and the dot in (57) as an inner "
          "product; with "
          "the product entry by entry that LI23 means by the same dot in (10)–(13), (57) is where the chain would "
          "break first. "
          "(59) has a slip that costs nothing: in ⟨1/m, u⟩ a factor ⟨1, g⟩ is missing, but ⟨1, u⟩ is 0; for a "
          "vector u that is not centred the step would be false. The step to (61) is where the printed chain breaks: "
          "∂ℓ̂/∂y = ∂ℓ/∂x compares the loss's gradient at the normalized activations y with that at the raw ones x. If "
          "ℓ curves "
          "these differ, and (61) can fail unless ∇ℓ is taken at y, or γ = σ and β = μ make y equal to x. With ε > 0 "
          "the "
          "chain "
          "breaks at (56), because x̂ is shorter than √m; what (58) says is then too small, what (60) says too large, "
          "and (61), "
          "at y, is still true.",
      .readings =
          {
              line_54_printed,
              sigma_without_eps,
              norm,
              line_55_printed,
              line_56_printed,
              line_57_printed,
              entry_by_entry,
              line_58_printed,
              line_59_printed,
              line("printed__59__scalar_times_ones", "(59) with the scalar in ‖·‖² read as scalar · 1, as in (55)–(58)",
                   line_59_scalar_times_ones,
                   "‖c 1‖² = m c²: the reading that (55) needs is wrong here, where the norm is an absolute value."),
              line_60_printed,
              gradients_named_alike(
                  "printed__before_61__raw", "\"∂ℓ̂/∂y = ∂ℓ/∂x\", each network at its own activations, every ε ≥ 0",
                  false, "∇ℓ at y against ∇ℓ at x, ℓ(a) = Σ c_i a_i + q_i a_i²/2: they differ where ℓ curves."),
              gradients_named_alike("printed__before_61__matched",
                                    "\"∂ℓ̂/∂y = ∂ℓ/∂x\", both the gradient of ℓ at y, every ε ≥ 0", true,
                                    "The same derivative under two names."),
              matched,
              line_61("printed__61__raw", "(61) with ∇_x ℓ at x, where the network without batch norm is, ε = 0", false,
                      {eps_is_zero()}, "The gradient at x says nothing of the gradient at y."),
              identity_layer,
              step_to_59("step_59__any_unit_vector", "(58) = (59) as printed for any unit vector u, not only x̂/‖x̂‖",
                         bracket_of_59,
                         "⟨1/m, u⟩ lacks the factor ⟨1, g⟩: seen where ⟨1, u⟩ ≠ 0. Both sides are written here: the "
                         "step is algebra."),
              step_to_59("step_59__any_unit_vector__with_the_factor",
                         "(58) = (59) for any unit vector u with ⟨(1/m)⟨1, g⟩1, u⟩ for ⟨1/m, u⟩",
                         bracket_with_the_factor, "Both sides are written here: the step multiplies out ⟨g − ḡ1, u⟩."),
              for_every_eps(line_54_printed, "without_eps_zero__54", "(54) for every ε ≥ 0, s for σ",
                            "ε enters through s and x̂ alone."),
              for_every_eps(line_55_printed, "without_eps_zero__55", "(55) for every ε ≥ 0, s for σ", "(54), squared."),
              for_every_eps(norm, "without_eps_zero__norm_of_x_hat", "Σ x̂_i = 0 and ‖x̂‖² = m for every ε ≥ 0",
                            "‖x̂‖² = mσ²/s²."),
              for_every_eps(line_56_printed, "without_eps_zero__56", "‖∇_x ℓ̂‖² = (56) for every ε ≥ 0, s for σ",
                            eps_breaks),
              for_every_eps(line_57_printed, "without_eps_zero__57", "‖∇_x ℓ̂‖² = (57) for every ε ≥ 0, s for σ",
                            eps_breaks),
              for_every_eps(line_58_printed, "without_eps_zero__58", "‖∇_x ℓ̂‖² = (58) for every ε ≥ 0, s for σ",
                            eps_breaks),
              for_every_eps(line_59_printed, "without_eps_zero__59", "‖∇_x ℓ̂‖² = (59) for every ε ≥ 0, s for σ",
                            eps_breaks),
              for_every_eps(line_60_printed, "without_eps_zero__60", "‖∇_x ℓ̂‖² = (60) for every ε ≥ 0, s for σ",
                            "(60) exceeds ‖∇_x ℓ̂‖² by (ε/m)(γ⟨g, x̂⟩/s²)²."),
              steps,
              lower,
              matched_with_eps,
          },
      .mutants =
          {
              {.id = "forgets_the_ones",
               .reading = "printed__59",
               .words = "(1/m²)⟨1, g⟩² without · m: as if the scalar in (58) were one entry and not m",
               .agrees_when = upstream_is_centred(),
               .right =
                   [](const Inputs& in) {
                     const Symbols l = symbols(in);
                     const Number excess = square(l.sum) / l.m - square(l.sum) / square(l.m);
                     return Values{line_59(in)[0] - l.scale * excess};
                   }},
              {.id = "cross_term_once",
               .reading = "printed__57",
               .words = "the cross term once instead of twice",
               .agrees_when = upstream_is_orthogonal_to_x_hat(),
               .right =
                   [](const Inputs& in) {
                     const Symbols l = symbols(in);
                     return Values{line_57(in)[0] + l.scale * square(l.along)};
                   }},
              {.id = "x_hat_for_u",
               .reading = "printed__60",
               .words = "⟨g, x̂⟩² for ⟨g, x̂⟩²/m: x̂ taken for a unit vector",
               .agrees_when = upstream_is_orthogonal_to_x_hat(),
               .right =
                   [](const Inputs& in) {
                     const Symbols l = symbols_without_unit(in);
                     const Number correlation = square(dot<Number>(l.g, l.x_hat));
                     return Values{line_60(in)[0] + l.scale * (correlation / l.m - correlation)};
                   }},
              {.id = "gamma_once",
               .reading = "printed__55",
               .words = "γ/σ² for (γ/σ)²",
               .agrees_when = gamma_is_one(),
               .right = [](const Inputs& in) { return Values{line_55(in)[0] / in.scalar("gamma")}; }},
              {.id = "forgets_the_mean",
               .reading = "printed__54",
               .words = "(γ/(mσ))(m g − x̂⟨g, x̂⟩)",
               .agrees_when = upstream_is_centred(),
               .right =
                   [](const Inputs& in) {
                     const Symbols l = symbols_without_unit(in);
                     Values entries = line_54(in);
                     for (Number& entry : entries) entry += l.gamma / (l.m * l.sigma) * l.sum;
                     return entries;
                   }},
          },
  };
}

}  // namespace normproof::claims
