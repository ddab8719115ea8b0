// Claim: with batch norm an initialization has an optimum nearer to it than without.
//
// Source       SAN18 Lemma 4.5 ("For any initialization W₀ …, if ⟨W₀, W*⟩ > 0"); WIKI, last inequality of its
//              smoothness section (no condition)
// Notation     the weights as one vector; W* the optimum without batch norm, Ŵ* the one with it; w0, w in the code.
//              Batch norm does not see the length of W (bn_weight_scale_invariance, ε = 0): if W* is an optimum with
//              it, so is k W* for every k > 0, and Ŵ* is the point of this ray nearest to W₀
// Hypotheses   W* ≠ 0; ε = 0; γ and β are such that W* is an optimum with batch norm too (bn_minima_preserved says
//              when)
//
//     ‖W₀ − Ŵ*‖²  ≤  ‖W₀ − W*‖² − (‖W*‖² − ⟨W*, W₀⟩)²/‖W*‖²
//
// Why. k ↦ ‖W₀ − k W*‖² is a quadratic; its minimum, at k = ⟨W₀, W*⟩/‖W*‖², is ‖W₀‖² − ⟨W₀, W*⟩²/‖W*‖², and multiplying
// out shows that this is the right side. ⟨W₀, W*⟩ > 0 says that this k is positive. If it is not, the ray has no
// nearest point: its points come as near as 0 does and no nearer. ‖W₀‖² exceeds the right side by ⟨W₀, W*⟩²/‖W*‖², and
// where that is not 0 the inequality is false, unless γ may change its sign and with it k.
#include "proofs_checks/inputs/adapters.hpp"
#include "proofs_checks/numbers/elementary.hpp"
#include "theory/smoothness/initialization.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

std::vector<InputSpec> start_and_optimum() {
  return {{"w0", Role::weight, Dimension::one, Dimension::channels},
          {"w", Role::weight, Dimension::one, Dimension::channels}};
}
std::vector<InputSpec> with_multiple() {
  std::vector<InputSpec> specs = start_and_optimum();
  specs.push_back({"k", Role::weight});
  return specs;
}

std::vector<Sizes> sizes() { return {{.channels = 1}, {.channels = 2}, {.channels = 3}, {.channels = 5}}; }

// ‖W₀ − k W*‖².
Number distance(const Inputs& in, const std::string& optimum, const Number& k) {
  Number sum(0);
  for (Eigen::Index i = 0; i < in("w0").size(); ++i) {
    const Number difference = in("w0")(i)-k * in(optimum)(i);
    sum += difference * difference;
  }
  return sum;
}

// The k at which the derivative of ‖W₀ − k W*‖² vanishes: a quadratic's Newton step from 0.
Number best_multiple(const Inputs& in, const std::string& optimum) {
  using First = numbers::Dual<Number>;
  using Second = numbers::Dual<First>;
  const Second k(First(Number(0), Number(1)), First(Number(1)));
  Second sum(0);
  for (Eigen::Index i = 0; i < in("w0").size(); ++i) {
    const Second difference = Second(First(in("w0")(i))) - k * Second(First(in(optimum)(i)));
    sum += difference * difference;
  }
  return -sum.value.tangent / sum.tangent.tangent;
}

Side nearest_on_the_line() {
  return by_definition("‖W₀ − k W*‖² at the k where its derivative vanishes",
                       [](const Inputs& in) { return Values{distance(in, "w", best_multiple(in, "w"))}; });
}
Number nearest_on_the_ray(const Inputs& in, const std::string& optimum) {
  // The sign is ⟨W₀, W*⟩'s: what the hypothesis asks for, not that of the quotient.
  const Number product = dot<Number>(in("w0"), in(optimum)), length = dot<Number>(in(optimum), in(optimum));
  return distance(in, optimum, clamp_below(product, Number(0)) / length);
}

Number bound_value(const Inputs& in) {
  return theory::initialization_bound<Number>(as_vector<Number>(in("w0")), as_vector<Number>(in("w")));
}
Side bound() {
  return by_theory("‖W₀ − W*‖² − (‖W*‖² − ⟨W*, W₀⟩)²/‖W*‖²", [](const Inputs& in) { return Values{bound_value(in)}; });
}

Hypothesis acute() {
  return {.id = "positive_inner_product", .sentence = "⟨W₀, W*⟩ > 0", .positive = [](const Inputs& in) {
            return dot<Number>(in("w0"), in("w"));
          }};
}

// One weight, no bias, u the layer's inputs and t the targets. Without batch norm Σ (w u_i − t_i)² is least at
// W* = ⟨u, t⟩/‖u‖²; with it, γ = 1 and β = 0, the loss is ‖t‖² + m − 2⟨x̂, t⟩, x̂ being that of w u: all w with the sign
// of cov(u, t) are optima.
std::vector<InputSpec> one_weight_least_squares() {
  return {{"u", Role::activation, Dimension::batch, Dimension::one},
          {"t", Role::activation, Dimension::batch, Dimension::one},
          {"w0", Role::weight}};
}
Hypothesis optima_of_least_squares() {
  return imposing("least_squares", "W* = ⟨u, t⟩/‖u‖², and V = cov(u, t) a point of batch norm's ray of optima",
                  [](Inputs& in) {
                    const Number u_mean = reference_mean(in("u"))[0], t_mean = reference_mean(in("t"))[0];
                    const Number product = dot<Number>(in("u"), in("t"));
                    in.set("w", product / dot<Number>(in("u"), in("u")));
                    in.set("v", product / Number(in.sizes.batch) - u_mean * t_mean);
                  });
}

// Σ ((k‖W*‖² − ⟨W*, W₀⟩) W*_i/‖W*‖²)² = ‖W*‖² (k − ⟨W*, W₀⟩/‖W*‖²)².
std::vector<SquareTerm> square_of_the_miss(const Inputs& in, const Number& k) {
  const Number length = dot<Number>(in("w"), in("w")), product = dot<Number>(in("w0"), in("w"));
  std::vector<SquareTerm> terms;
  for (Eigen::Index i = 0; i < in("w").size(); ++i)
    terms.push_back({.root = (k * length - product) * in("w")(i) / length});
  return terms;
}

// The right side from ‖W₀ − W*‖², ‖W*‖², ‖W₀‖² and ⟨W*, W₀⟩.
Formula altered(Number (*alter)(const Number& to_w, const Number& length, const Number& start, const Number& product)) {
  return [=](const Inputs& in) {
    return Values{alter(distance(in, "w", Number(1)), dot<Number>(in("w"), in("w")), dot<Number>(in("w0"), in("w0")),
                        dot<Number>(in("w0"), in("w")))};
  };
}

Hypothesis optimum_of_length_one() {
  return imposing("optimum_of_length_one", "‖W*‖ = 1", [](Inputs& in) {
    Array<Number> w = in("w");
    const Number square = dot<Number>(w, w);
    const Number length = sqrt(square);
    for (Eigen::Index i = 0; i < w.size(); ++i) w(i) /= length;
    in.set("w", w);
  });
}
Hypothesis start_as_long_as_the_optimum() {
  return imposing("start_as_long_as_the_optimum", "‖W₀‖ = ‖W*‖: W₀ has the entries of W* in another order",
                  [](Inputs& in) {
                    Array<Number> w0 = in("w");
                    const Eigen::Index n = w0.size();
                    for (Eigen::Index i = 0; i < n; ++i) w0(i) = in("w")((i + 1) % n);
                    in.set("w0", w0);
                  });
}
Hypothesis start_is_orthogonal_to_the_optimum() {
  return imposing("start_orthogonal", "⟨W₀, W*⟩ = 0", [](Inputs& in) {
    const Number share = dot<Number>(in("w0"), in("w")) / dot<Number>(in("w"), in("w"));
    Array<Number> w0 = in("w0");
    for (Eigen::Index i = 0; i < w0.size(); ++i) w0(i) -= share * in("w")(i);
    in.set("w0", w0);
  });
}

}  // namespace

Claim bn_initialization() {
  Reading printed = {
      .id = "printed_san18",
      .statement = "‖W₀ − Ŵ*‖² ≤ ‖W₀ − W*‖² − (‖W*‖² − ⟨W*, W₀⟩)²/‖W*‖² if ⟨W₀, W*⟩ > 0, Ŵ* nearest in {k W*, k > 0}",
      .inputs = start_and_optimum(),
      .sizes = sizes(),
      .hypotheses = {acute()},
      .left = by_definition("‖W₀ − k W*‖² at the best k ≥ 0",
                            [](const Inputs& in) { return Values{nearest_on_the_ray(in, "w")}; }),
      .relation = Relation::at_most,
      .right = bound(),
      .gap = [](const Inputs&) { return std::vector<SquareTerm>{}; },
      .why = "The two sides are equal; ⟨W₀, W*⟩ > 0 makes the nearest point of the line one of the ray."};
  Reading wiki = printed;
  wiki.id = "printed_wiki";
  wiki.statement = "‖W₀ − Ŵ*‖² ≤ ‖W₀ − W*‖² − (‖W*‖² − ⟨W*, W₀⟩)²/‖W*‖² for every W₀, Ŵ* nearest in {k W*, k ≥ 0}";
  wiki.hypotheses = {};
  wiki.left = by_definition("‖W₀ − k W*‖² at the best k ≥ 0",
                            [](const Inputs& in) { return Values{nearest_on_the_ray(in, "w")}; });
  wiki.gap = {};
  wiki.why =
      "Where ⟨W₀, W*⟩ < 0 the distance to the ray is that to 0, ‖W₀‖², and exceeds the right side by ⟨W₀, W*⟩²/‖W*‖².";
  Reading dropped = wiki;
  dropped.id = "without_positive_inner_product";
  dropped.statement = "‖W₀ − Ŵ*‖² ≤ ‖W₀ − W*‖² − (‖W*‖² − ⟨W*, W₀⟩)²/‖W*‖², ⟨W₀, W*⟩ of any sign, Ŵ* in {k W*, k ≥ 0}";
  Reading either_sign = printed;
  either_sign.id = "either_sign";
  either_sign.statement =
      "‖W₀ − Ŵ*‖² = ‖W₀ − W*‖² − (‖W*‖² − ⟨W*, W₀⟩)²/‖W*‖² for every W₀, Ŵ* nearest in {k W*, k any sign}";
  either_sign.hypotheses = {};
  either_sign.left = nearest_on_the_line();
  either_sign.relation = Relation::equal;
  either_sign.gap = {};
  either_sign.why =
      "If γ may turn its sign with k, −k W* is as good an optimum as k W*, and no condition on W₀ is needed.";
  Reading sharp = printed;
  sharp.id = "no_multiple_is_nearer";
  sharp.statement = "‖W₀ − W*‖² − (‖W*‖² − ⟨W*, W₀⟩)²/‖W*‖² ≤ ‖W₀ − k W*‖² for every k and W₀";
  sharp.inputs = with_multiple();
  sharp.hypotheses = {};
  sharp.left = bound();
  sharp.right =
      by_definition("‖W₀ − k W*‖²", [](const Inputs& in) { return Values{distance(in, "w", in.scalar("k"))}; });
  sharp.gap = [](const Inputs& in) { return square_of_the_miss(in, in.scalar("k")); };
  sharp.why = "The sides differ by ‖W*‖²(k − ⟨W₀, W*⟩/‖W*‖²)²: for all k but one the lemma's inequality is reversed.";
  Reading nearer = printed;
  nearer.id = "nearer_than_the_optimum";
  nearer.statement = "‖W₀ − Ŵ*‖² ≤ ‖W₀ − W*‖², Ŵ* nearest on the line of W*";
  nearer.hypotheses = {};
  nearer.left = nearest_on_the_line();
  nearer.right = by_theory("the bound plus the improvement", [](const Inputs& in) {
    const Number length = dot<Number>(in("w"), in("w"));
    const Number miss = length - dot<Number>(in("w0"), in("w"));
    return Values{bound_value(in) + miss * miss / length};
  });
  nearer.gap = [](const Inputs& in) { return square_of_the_miss(in, Number(1)); };
  nearer.why = "k = 1 is one of the multiples. Nothing is gained where W₀ − W* is orthogonal to W*.";
  Reading two_optima = wiki;
  two_optima.id = "equality__two_optima";
  two_optima.statement =
      "the lemma is an equality also where there is a second optimum V* with a ray of its own, ⟨W₀, W*⟩ > 0";
  two_optima.inputs.push_back({"other", Role::weight, Dimension::one, Dimension::channels});
  two_optima.hypotheses = {
      acute(),
      {.id = "nearest_optimum",
       .sentence = "‖W₀ − W*‖ < ‖W₀ − V*‖: W* is the nearest without batch norm",
       .positive = [](const Inputs& in) { return distance(in, "other", Number(1)) - distance(in, "w", Number(1)); }}};
  two_optima.left = by_definition("the smaller of the distances to the two rays", [](const Inputs& in) {
    const Number to_w = nearest_on_the_ray(in, "w"), to_other = nearest_on_the_ray(in, "other");
    const Number excess = clamp_below(to_w - to_other, Number(0));
    return Values{to_w - excess};
  });
  two_optima.relation = Relation::equal;
  two_optima.why = "The nearest optimum may lie on the other ray, and is then nearer still: ≤ is all that can be said.";
  Reading own_optima = wiki;
  own_optima.id = "printed_san18__least_squares";
  own_optima.statement =
      "‖W₀ − Ŵ*‖² ≤ ‖W₀ − W*‖² − (W*² − W*W₀)²/W*² if W₀W* > 0: x = Wu, loss ‖· − t‖², Ŵ* by γ = 1, β = 0";
  own_optima.inputs = one_weight_least_squares();
  own_optima.sizes = {{.batch = 2}, {.batch = 3}};
  own_optima.hypotheses = {optima_of_least_squares(), acute()};
  own_optima.left = by_definition("‖W₀ − k V‖² at the best k ≥ 0, V = cov(u, t)",
                                  [](const Inputs& in) { return Values{nearest_on_the_ray(in, "v")}; });
  own_optima.why =
      "Nothing makes W* an optimum with batch norm: for u = (1, 2), t = (2, 1), W* is 4/5 and every Ŵ* is negative.";

  return {
      .title = "‖W₀ − Ŵ*‖² ≤ ‖W₀ − W*‖² − (‖W*‖² − ⟨W*, W₀⟩)²/‖W*‖²",
      .sources = {{"SAN18", "Lemma 4.5"}, {"WIKI", "smoothness, last inequality"}},
      .notation =
          "the weights as one vector, W₀ the initialization, W* ≠ 0 the nearest optimum without batch norm, Ŵ* the "
          "nearest "
          "of the ray {k W*, k > 0} that batch norm makes of it",
      .why =
          "k ↦ ‖W₀ − k W*‖² has its minimum at k = ⟨W₀, W*⟩/‖W*‖²; there it is ‖W₀‖² − ⟨W₀, W*⟩²/‖W*‖², which is the "
          "right side "
          "multiplied out. The condition ⟨W₀, W*⟩ > 0 says that this k is positive.",
      .explain =
          "Batch norm divides by the standard deviation of the layer's outputs, so only the direction of the weights "
          "counts: an "
          "optimum W* becomes a whole ray of optima. The lemma is the theorem of Pythagoras for the distance from W₀ "
          "to that ray, "
          "and an equality. It needs the foot of the perpendicular to lie on the ray, ⟨W₀, W*⟩ > 0; WIKI omits this, "
          "and "
          "for W₀ = −W* the inequality would put an optimum at distance 0. Allowing γ to change its sign makes a line "
          "of the "
          "ray and the condition unnecessary. Where another optimum has its ray nearer, the equality becomes an "
          "inequality. "
          "What the lemma does not say is that W* is an optimum with batch norm at all: γ and β must be the σ and μ of "
          "W*'s outputs "
          "(bn_minima_preserved), and ε must be 0. Nor is a smaller distance a faster descent: along the ray the loss "
          "is flat, "
          "and the component of W₀ − W* that the lemma removes is the one that batch norm cannot see.",
      .readings = {printed, own_optima, wiki, dropped, either_sign, nearer, sharp, two_optima},
      .mutants =
          {
              {.id = "forgets_the_length",
               .reading = "either_sign",
               .words = "‖W₀ − W*‖² − (‖W*‖² − ⟨W*, W₀⟩)²",
               .agrees_when = optimum_of_length_one(),
               .right = altered([](const Number& to_w, const Number& length, const Number&, const Number& product) {
                 return to_w - (length - product) * (length - product);
               })},
              {.id = "length_of_the_start",
               .reading = "either_sign",
               .words = "‖W₀ − W*‖² − (‖W₀‖² − ⟨W*, W₀⟩)²/‖W₀‖²",
               .agrees_when = start_as_long_as_the_optimum(),
               .right = altered([](const Number& to_w, const Number&, const Number& start, const Number& product) {
                 return to_w - (start - product) * (start - product) / start;
               })},
              {.id = "forgets_the_square",
               .reading = "either_sign",
               .words = "‖W₀ − W*‖² − (‖W*‖² − ⟨W*, W₀⟩)",
               .agrees_when = start_is_orthogonal_to_the_optimum(),
               .right = altered([](const Number& to_w, const Number& length, const Number&, const Number& product) {
                 return to_w - (length - product);
               })},
          },
  };
}

}  // namespace normproof::claims
