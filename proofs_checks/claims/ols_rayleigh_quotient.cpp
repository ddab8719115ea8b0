// Claim: minimised over the length, least squares with batch norm is a generalised Rayleigh quotient of the direction.
//
// Source       WIKI, least-square problem (Kohler et al. 2018)
// Notation     samples x_i with targets y_i (t in the code), equally likely; S = E xxᵀ, u = E[−yx];
//              ρ(w) = −(uᵀw)²/(wᵀSw); v with Sv = u; batch norm of w·x with scale γ and shift 0
// Hypotheses   E x = 0, ε = 0, Sw ≠ 0
//
//     min over γ of E(y − γ xᵀw/‖w‖_S)²  =  E y² + ρ(w)
//
// Why. E(y − xᵀw̃)² = E y² + 2uᵀw̃ + w̃ᵀSw̃; at w̃ = γ w/‖w‖_S it is E y² + 2γ uᵀw/‖w‖_S + γ², a parabola in γ with its
// vertex at −uᵀw/‖w‖_S. With a_i = x_i·v, b_i = x_i·w Lagrange's identity (Σ a²)(Σ b²) − (Σ ab)² = Σ_{i<k} (a_i b_k −
// a_k b_i)² gives ρ(w) ≥ −vᵀSv = ρ(v): the direction of v is best, as in plain least squares.
#include "impl/reference/rayleigh_descent.hpp"
#include "proofs_checks/inputs/adapters.hpp"
#include "proofs_checks/numbers/elementary.hpp"
#include "theory/decoupling/least_squares.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

const InputSpec samples = {"x", Role::activation, Dimension::batch, Dimension::channels};
const InputSpec targets = {"t", Role::target, Dimension::batch, Dimension::one};
const InputSpec weights = {"w", Role::weight, Dimension::one, Dimension::channels};
const InputSpec solution = {"v", Role::weight, Dimension::one, Dimension::channels};
const InputSpec length = {"gamma", Role::scale};
const InputSpec epsilon = {"eps", Role::epsilon};

std::vector<Sizes> sizes() {
  return {{.batch = 2}, {.batch = 3, .channels = 2}, {.batch = 5, .channels = 3}, {.batch = 2, .channels = 3}};
}

Array<Number> moments(const Inputs& in) { return theory::raw_moments<Number>(in("x")); }
theory::Vector<Number> vector_of(const Inputs& in, const char* name) { return as_vector<Number>(in(name)); }
theory::Vector<Number> correlation(const Inputs& in) {
  return theory::negative_correlation<Number>(in("x"), vector_of(in, "t"));
}
Number power(const Inputs& in) { return dot<Number>(in("t"), in("t")) / Number(in.sizes.batch); }

Values outputs(const Inputs& in, const Array<Number>& w) {
  Values y(static_cast<std::size_t>(in("x").rows()), Number(0));
  for (Eigen::Index i = 0; i < in("x").rows(); ++i)
    for (Eigen::Index k = 0; k < w.size(); ++k) y[static_cast<std::size_t>(i)] += in("x")(i, k) * w(k);
  return y;
}
Number mean_squared_error(const Inputs& in, const Values& y) {
  Number sum(0);
  for (std::size_t i = 0; i < y.size(); ++i) {
    const Number miss = in("t")(static_cast<Eigen::Index>(i)) - y[i];
    sum += miss * miss;
  }
  return sum / Number(in.sizes.batch);
}
// Batch norm of w·x by LI23 Algorithm 1, β = 0, then the mean squared error.
Number normalized_error(const Inputs& in, const Number& gamma) {
  const Values t = outputs(in, in("w")), scale = {gamma}, shift = {Number(0)};
  Values y(t.size(), Number(0));
  reference::batch_norm_train<Number>(t, {static_cast<int>(t.size()), 1}, scale, shift, in.scalar("eps"), y);
  return mean_squared_error(in, y);
}
Side error_of_batch_norm() {
  return by_reference("E(y − batch norm of w·x)², LI23 Algorithm 1",
                      [](const Inputs& in) -> Values { return {normalized_error(in, in.scalar("gamma"))}; });
}
Number quotient(const Inputs& in, const Array<Number>& w) {
  return theory::direction_quotient(moments(in), correlation(in), as_vector<Number>(w));
}

// Every u = E[−yx] is Sv for some v, and ρ depends on y through u alone: y := −x·v loses nothing.
Hypothesis targets_are_linear() {
  return defining("targets_linear", "u = Sv: y_i = −x_i·v, which reaches every u there is", [](Inputs& in) {
    const Values y = outputs(in, in("v"));
    Array<Number> t(static_cast<Eigen::Index>(y.size()), 1);
    for (Eigen::Index i = 0; i < t.size(); ++i) t(i) = -y[static_cast<std::size_t>(i)];
    in.set("t", t);
  });
}
Hypothesis norm_is_one() {
  return imposing("norm_one", "‖w‖_S = 1", [](Inputs& in) {
    const Number norm = theory::moment_norm(moments(in), vector_of(in, "w"));
    Array<Number> w = in("w");
    for (Eigen::Index k = 0; k < w.size(); ++k) w(k) /= norm;
    in.set("w", w);
  });
}

}  // namespace

Claim ols_rayleigh_quotient() {
  Reading expansion = {
      .id = "printed__expansion",
      .statement = "E(y − xᵀw̃)² = E y² + 2uᵀw̃ + w̃ᵀSw̃, u = E[−yx]",
      .inputs = {samples, targets, weights},
      .sizes = sizes(),
      .left = by_definition("E(y − xᵀw̃)²",
                            [](const Inputs& in) -> Values { return {mean_squared_error(in, outputs(in, in("w")))}; }),
      .right = by_theory("E y² + 2uᵀw̃ + w̃ᵀSw̃",
                         [](const Inputs& in) -> Values {
                           return {theory::expanded_least_squares(moments(in), correlation(in), power(in),
                                                                  vector_of(in, "w"))};
                         }),
      .why = "No mean has to vanish here."};
  Reading split = {.id = "printed__length_and_direction",
                   .statement = "E(y − γ xᵀw/‖w‖_S)² = E y² + 2γ uᵀw/‖w‖_S + γ², E x = 0, ε = 0",
                   .inputs = {samples, targets, weights, length, epsilon},
                   .sizes = sizes(),
                   .hypotheses = {eps_is_zero(), batch_is_centred()},
                   .left = error_of_batch_norm(),
                   .right = by_theory("E y² + 2γ uᵀw/‖w‖_S + γ²", [](const Inputs& in) -> Values {
                     return {theory::least_squares_of_length(moments(in), correlation(in), power(in),
                                                             vector_of(in, "w"), in.scalar("gamma"))};
                   })};
  Reading least = split;
  least.id = "printed__minimum_over_the_length";
  least.statement = "E y² + ρ(w) ≤ E(y − γ xᵀw/‖w‖_S)² for every γ, ρ(w) = −(uᵀw)²/(wᵀSw)";
  least.relation = Relation::at_most;
  least.left = by_theory("E y² + ρ(w)", [](const Inputs& in) -> Values { return {power(in) + quotient(in, in("w"))}; });
  least.right = error_of_batch_norm();
  least.gap = [](const Inputs& in) -> std::vector<SquareTerm> {
    return {{.root = in.scalar("gamma") - theory::best_length(moments(in), correlation(in), vector_of(in, "w"))}};
  };
  least.why = "The gap is (γ − γ*)², γ* = −uᵀw/‖w‖_S.";
  Reading attained = split;
  attained.id = "printed__minimum_is_attained";
  attained.statement = "E(y − γ* xᵀw/‖w‖_S)² = E y² + ρ(w) at γ* = −uᵀw/‖w‖_S";
  attained.inputs = {samples, targets, weights, epsilon};
  attained.left = by_reference("E(y − batch norm of w·x)² at γ*", [](const Inputs& in) -> Values {
    return {normalized_error(in, theory::best_length(moments(in), correlation(in), vector_of(in, "w")))};
  });
  attained.right =
      by_theory("E y² + ρ(w)", [](const Inputs& in) -> Values { return {power(in) + quotient(in, in("w"))}; });
  attained.why = {};
  Reading form = attained;
  form.id = "printed__generalized_rayleigh_quotient";
  form.statement = "ρ(w) = wᵀBw/wᵀAw with B = −uuᵀ and A = S";
  form.inputs = {samples, targets, weights};
  form.hypotheses = {};
  form.left = by_reference("wᵀBw/wᵀAw, B = −uuᵀ", [](const Inputs& in) -> Values {
    const theory::Vector<Number> u = correlation(in);
    Array<Number> b(u.size(), u.size());
    for (Eigen::Index i = 0; i < u.size(); ++i)
      for (Eigen::Index k = 0; k < u.size(); ++k) b(i, k) = -u(i) * u(k);
    return {reference::generalized_quotient<Number>(row_major(b), row_major(moments(in)), row_major(in("w")))};
  });
  form.right = by_theory("ρ(w)", [](const Inputs& in) -> Values { return {quotient(in, in("w"))}; });
  form.why = "B is negative semidefinite of rank one: ρ is to be minimised.";
  Reading best = form;
  best.id = "same_direction_as_least_squares";
  best.statement = "ρ* = −vᵀSv ≤ ρ(w) for every w, where Sv = u: the direction of plain least squares is best";
  best.inputs = {samples, targets, weights, solution};
  best.hypotheses = {targets_are_linear()};
  best.relation = Relation::at_most;
  best.left = by_theory(
      "−vᵀSv", [](const Inputs& in) -> Values { return {theory::smallest_quotient(moments(in), vector_of(in, "v"))}; });
  best.right = by_reference("ρ(w)", [](const Inputs& in) -> Values {
    return {reference::rayleigh_quotient<Number>(row_major(moments(in)), entries(correlation(in)), row_major(in("w")))};
  });
  best.gap = [](const Inputs& in) {
    // Σ_{i<k} (a_i b_k − a_k b_i)²/(m Σ b²), and 1/Σ b² = Σ b²/(Σ b²)².
    const Values a = outputs(in, in("v")), b = outputs(in, in("w"));
    const Number squares = dot<Number>(b, b);
    std::vector<SquareTerm> terms;
    for (std::size_t i = 0; i < a.size(); ++i)
      for (std::size_t k = i + 1; k < a.size(); ++k)
        for (const Number& third : b)
          terms.push_back({.root = (a[i] * b[k] - a[k] * b[i]) * third / squares, .denominator = in.sizes.batch});
    return terms;
  };
  best.these_sizes_only = true;  // the gap has a term for every three samples
  best.why = "Lagrange's identity. The least is attained at every kv with k ≠ 0, and only there where S is definite.";
  Reading one_sided = attained;
  one_sided.id = "a_length_is_not_negative";
  one_sided.statement = "min over γ ≥ 0 of E(y − γ xᵀw/‖w‖_S)² = E y² + ρ(w): γ read as a length";
  one_sided.left = by_reference("E(y − batch norm of w·x)² at max{γ*, 0}", [](const Inputs& in) -> Values {
    const Number gamma = theory::best_length(moments(in), correlation(in), vector_of(in, "w"));
    return {normalized_error(in, clamp_below(gamma, Number(0)))};
  });
  one_sided.why =
      "Where uᵀw > 0 the best γ is negative. Over γ ≥ 0 the minimum is E y² there, and half of all directions are "
      "flat.";
  return {
      .title = "Minimised over the length, least squares becomes the Rayleigh quotient ρ(w) = −(uᵀw)²/(wᵀSw)",
      .sources = {{"WIKI", "least-square problem"}},
      .notation =
          "x_i samples with targets y_i, equally likely; S = mean xxᵀ, u = mean(−yx); ‖w‖_S = (wᵀSw)^(1/2); w̃ = "
          "γ w/‖w‖_S; Sv = u",
      .why =
          "Multiplied out, the objective is E y² + 2uᵀw̃ + w̃ᵀSw̃, along a direction the parabola E y² + 2γ uᵀw/‖w‖_S + "
          "γ². Its vertex is at γ* = −uᵀw/‖w‖_S and its least value E y² + ρ(w).",
      .explain =
          "Least squares with the weights split into a length γ and a direction w is a parabola in γ. Put in its best "
          "γ, and what is left to minimise over directions is −(uᵀw)²/(wᵀSw), a Rayleigh quotient whose matrix on top "
          "has rank one. WIKI leaves out the constant E y², which changes no minimiser, and γ has to be allowed both "
          "signs: the better the wrong way a direction points, the more negative its best γ. The best direction is "
          "that "
          "of plain least squares, so nothing is gained or lost in value.",
      .readings = {expansion, split, least, attained, form, best, one_sided},
      .mutants =
          {
              {.id = "length_squared_twice",
               .reading = "printed__length_and_direction",
               .words = "E y² + 2γ uᵀw + γ² wᵀSw: γw in the place of γw/‖w‖_S",
               .agrees_when = norm_is_one(),
               .right = [](const Inputs& in) -> Values {
                 theory::Vector<Number> w = vector_of(in, "w");
                 for (Eigen::Index k = 0; k < w.size(); ++k) w(k) *= in.scalar("gamma");
                 return {theory::expanded_least_squares(moments(in), correlation(in), power(in), w)};
               }},
              {.id = "norm_once",
               .reading = "printed__minimum_is_attained",
               .words = "E y² − (uᵀw)²/‖w‖_S",
               .agrees_when = norm_is_one(),
               .right = [](const Inputs& in) -> Values {
                 const Number along = theory::plain_product<Number>(correlation(in), vector_of(in, "w"));
                 return {power(in) - along * along / theory::moment_norm(moments(in), vector_of(in, "w"))};
               }},
              {.id = "best_length_at_once",
               .reading = "printed__length_and_direction",
               .words = "E y² + γ uᵀw/‖w‖_S",
               .agrees_when = imposing("best_length", "γ = −uᵀw/‖w‖_S",
                                       [](Inputs& in) {
                                         in.set("gamma",
                                                theory::best_length(moments(in), correlation(in), vector_of(in, "w")));
                                       }),
               .right = [](const Inputs& in) -> Values {
                 return {power(in) + in.scalar("gamma") *
                                         theory::plain_product<Number>(correlation(in), vector_of(in, "w")) /
                                         theory::moment_norm(moments(in), vector_of(in, "w"))};
               }},
          },
  };
}

}  // namespace normproof::claims
