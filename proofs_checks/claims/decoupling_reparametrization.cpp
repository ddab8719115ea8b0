// Claim: batch norm of a linear unit is a linear unit whose weights are split into a length and a direction.
//
// Source       WIKI, length–direction decoupling (Kohler et al. 2018)
// Notation     samples x_i (rows of x), equally likely; t_i = w·x_i; S = E xxᵀ, C = E(x − E x)(x − E x)ᵀ;
//              ‖w‖_S = (wᵀSw)^(1/2); w̃ = γ w/‖w‖_S; g = ∂ℓ/∂w̃
// Hypotheses   E x = 0, ε = 0, Sw ≠ 0. (WIKI asks for a positive definite S; Sw ≠ 0 is what is used.)
//
//     γ (xᵀw − E xᵀw)/var[xᵀw]^(1/2) + β  =  xᵀw̃ + β,      var[xᵀw] = wᵀSw
//
// Why. E xᵀw = (E x)ᵀw = 0, so var[xᵀw] = E (xᵀw)² = wᵀSw. If E x ≠ 0, E(xᵀw)² exceeds the variance by ((E x)ᵀw)²: then
// C stands in S's place and x − E x in x's. γ is the length of w̃ in the norm of S, not its Euclidean length.
// Derivatives: theory/decoupling/length_and_direction.hpp.
#include "proofs_checks/inputs/adapters.hpp"
#include "theory/decoupling/length_and_direction.hpp"
#include "theory/objectives/condition_number.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

const InputSpec samples = {"x", Role::activation, Dimension::batch, Dimension::channels};
const InputSpec weights = {"w", Role::weight, Dimension::one, Dimension::channels};
const InputSpec length = {"gamma", Role::scale};
const InputSpec shift = {"beta", Role::shift};
const InputSpec epsilon = {"eps", Role::epsilon};
const InputSpec upstream = {"dy", Role::upstream, Dimension::batch, Dimension::one};
const InputSpec direction = {"v", Role::direction, Dimension::one, Dimension::channels};

// With two samples and three features S is singular.
std::vector<Sizes> sizes() {
  return {{.batch = 2}, {.batch = 3, .channels = 2}, {.batch = 5, .channels = 3}, {.batch = 2, .channels = 3}};
}

template <class T>
std::vector<T> unit_outputs(const Array<T>& x, const Array<T>& w) {
  std::vector<T> t(static_cast<std::size_t>(x.rows()), T(0));
  for (Eigen::Index i = 0; i < x.rows(); ++i)
    for (Eigen::Index k = 0; k < x.cols(); ++k) t[static_cast<std::size_t>(i)] += x(i, k) * w(k);
  return t;
}

// Batch norm of w·x_1 … w·x_m by LI23 Algorithm 1.
template <class T>
std::vector<T> normalized_unit(const BasicInputs<T>& in) {
  const std::vector<T> t = unit_outputs<T>(in("x"), in("w")), gamma = {in.scalar("gamma")}, beta = {in.scalar("beta")};
  std::vector<T> y(t.size(), T(0));
  reference::batch_norm_train<T>(t, {static_cast<int>(t.size()), 1}, gamma, beta, in.scalar("eps"), y);
  return y;
}
Side normalized_outputs() {
  return by_reference("batch norm of w·x_i by LI23 Algorithm 1", [](const Inputs& in) { return normalized_unit(in); });
}

Array<Number> moments(const Inputs& in) { return theory::raw_moments<Number>(in("x")); }
theory::Vector<Number> w_of(const Inputs& in) { return as_vector<Number>(in("w")); }

// x_i·weights + β.
Values linear_unit(const Inputs& in, const Array<Number>& x, const theory::Vector<Number>& w) {
  Values y;
  for (Eigen::Index i = 0; i < x.rows(); ++i) {
    Number sum = in.scalar("beta");
    for (Eigen::Index k = 0; k < x.cols(); ++k) sum += x(i, k) * w(k);
    y.push_back(sum);
  }
  return y;
}
Array<Number> about_the_mean(const Inputs& in) {
  const Values mean = reference_mean(in("x"));
  Array<Number> x = in("x");
  for (Eigen::Index i = 0; i < x.rows(); ++i)
    for (Eigen::Index k = 0; k < x.cols(); ++k) x(i, k) -= mean[static_cast<std::size_t>(k)];
  return x;
}

// ∂ℓ/∂w̃ = Σ ∂ℓ/∂y_i x_i.
theory::Vector<Number> weight_gradient(const Inputs& in) {
  theory::Vector<Number> g = theory::zero_vector<Number>(in.sizes.channels);
  for (int i = 0; i < in.sizes.batch; ++i)
    for (int k = 0; k < in.sizes.channels; ++k) g(k) += in("dy")(i)*in("x")(i, k);
  return g;
}

Hypothesis four_corners() {
  return imposing("moments_are_the_identity", "S = 1: the samples are (±1, ±1)", [](Inputs& in) {
    Array<Number> x(4, 2);
    x << Number(1), Number(1), Number(1), Number(-1), Number(-1), Number(1), Number(-1), Number(-1);
    in.set("x", x);
  });
}
Hypothesis direction_of_length_one() {
  return imposing("length_one", "‖w‖_S = 1", [](Inputs& in) {
    const Number norm = theory::moment_norm(moments(in), w_of(in));
    Array<Number> w = in("w");
    for (Eigen::Index k = 0; k < w.size(); ++k) w(k) /= norm;
    in.set("w", w);
  });
}
Hypothesis derivative_is_across() {
  return imposing("derivative_across", "vᵀSw = 0", [](Inputs& in) {
    const Array<Number> s = moments(in);
    const theory::Vector<Number> w = w_of(in);
    const Number share = theory::moment_product(s, as_vector<Number>(in("v")), w) / theory::moment_product(s, w, w);
    Array<Number> v = in("v");
    for (Eigen::Index k = 0; k < v.size(); ++k) v(k) -= share * w(k);
    in.set("v", v);
  });
}

Reading variance_of_the_unit(std::string id, std::string statement, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .inputs = {samples, weights},
          .sizes = sizes(),
          .left = by_reference("the variance of w·x_i by LI23 Algorithm 1",
                               [](const Inputs& in) -> Values {
                                 const Values t = unit_outputs<Number>(in("x"), in("w"));
                                 return reference_variance(
                                     from_row_major<Number>(t, static_cast<Eigen::Index>(t.size()), 1));
                               }),
          .right = by_theory(
              "wᵀSw, S = mean xxᵀ",
              [](const Inputs& in) -> Values { return {theory::moment_product(moments(in), w_of(in), w_of(in))}; }),
          .why = std::move(why)};
}

std::vector<Reading> lengths() {
  Reading of_moments = {
      .id = "length__in_the_norm_of_S",
      .statement = "w̃ᵀSw̃ = γ²: γ is the length of w̃ in the norm of S, up to its sign",
      .inputs = {samples, weights, length},
      .sizes = sizes(),
      .left = by_theory("w̃ᵀSw̃",
                        [](const Inputs& in) -> Values {
                          const auto w = theory::decoupled_weights(moments(in), w_of(in), in.scalar("gamma"));
                          return {theory::moment_product(moments(in), w, w)};
                        }),
      .right =
          by_definition("γ²", [](const Inputs& in) -> Values { return {in.scalar("gamma") * in.scalar("gamma")}; })};
  Reading euclidean = of_moments;
  euclidean.id = "printed__length_is_euclidean";
  euclidean.statement = "‖w̃‖² = γ²: γ accounts for the length, read as the Euclidean one";
  euclidean.hypotheses = {batch_is_centred()};
  euclidean.left = by_theory("‖w̃‖²", [](const Inputs& in) -> Values {
    const auto w = theory::decoupled_weights(moments(in), w_of(in), in.scalar("gamma"));
    return {theory::plain_product<Number>(w, w)};
  });
  euclidean.why =
      "The Euclidean length of w̃ is γ‖w‖/‖w‖_S: unless S is a multiple of 1 it changes with the direction. Length and "
      "direction come apart in the geometry of S alone.";
  Reading reached = of_moments;
  reached.id = "every_weight_is_reached";
  reached.statement = "w̃ = w where γ = ‖w‖_S: each w̃ with Sw̃ ≠ 0 is one of them";
  reached.inputs = {samples, weights};
  reached.left = by_theory("γ w/‖w‖_S at γ = ‖w‖_S", [](const Inputs& in) {
    const Number norm = theory::moment_norm(moments(in), w_of(in));
    return entries(theory::decoupled_weights(moments(in), w_of(in), norm));
  });
  reached.right = by_definition("w", [](const Inputs& in) { return entries(in("w")); });
  Reading scale = of_moments;
  scale.id = "direction_has_no_length";
  scale.statement = "w̃(a²w, γ) = w̃(w, γ) for a ≠ 0, and w̃(−w, −γ) = w̃(w, γ)";
  scale.inputs = {samples, weights, length, {"a", Role::scale}};
  scale.hypotheses = {{.id = "a_not_zero", .sentence = "a² > 0", .positive = [](const Inputs& in) {
                         return in.scalar("a") * in.scalar("a");
                       }}};
  scale.left = by_theory("γ a²w/‖a²w‖_S, −γ (−w)/‖w‖_S", [](const Inputs& in) {
    theory::Vector<Number> longer = w_of(in), turned = w_of(in);
    const Number gamma = in.scalar("gamma"), square = in.scalar("a") * in.scalar("a");
    for (Eigen::Index k = 0; k < longer.size(); ++k) longer(k) *= square, turned(k) = -turned(k);
    // ‖a²w‖_S = a²‖w‖_S: the root of a square has two signs where numbers have none.
    const Number norm = square * theory::moment_norm(moments(in), w_of(in));
    Values values;
    for (Eigen::Index k = 0; k < longer.size(); ++k) values.push_back(gamma * longer(k) / norm);
    for (const Number& value : entries(theory::decoupled_weights<Number>(moments(in), turned, -gamma)))
      values.push_back(value);
    return values;
  });
  scale.right = by_definition("γ w/(wᵀSw)^(1/2), twice", [](const Inputs& in) {
    const Number squared = dot<Number>(unit_outputs<Number>(in("x"), in("w")), unit_outputs<Number>(in("x"), in("w"))) /
                           Number(in.sizes.batch);
    const Number norm = sqrt(squared);
    Values values;
    for (int twice = 0; twice < 2; ++twice)
      for (Eigen::Index k = 0; k < in("w").size(); ++k) values.push_back(in.scalar("gamma") * in("w")(k) / norm);
    return values;
  });
  return {of_moments, euclidean, reached, scale};
}

std::vector<Reading> derivatives() {
  Reading turned = {
      .id = "derivative__along_the_direction",
      .statement = "∂ℓ/∂t at w + tv = (γ/‖w‖_S)(vᵀg − (wᵀg)(vᵀSw)/‖w‖_S²), g = ∂ℓ/∂w̃",
      .inputs = {samples, weights, length, shift, epsilon, upstream, direction},
      .sizes = {{.batch = 2}, {.batch = 3, .channels = 2}, {.batch = 4, .channels = 3}},
      .hypotheses = {eps_is_zero(), batch_is_centred()},
      .left = derivative_along(Witness::reference, "the derivative of ⟨dy, batch norm of w·x⟩ along v", "w", "v",
                               [](const auto& in) { return dot(row_major(in("dy")), normalized_unit(in)); }),
      .right = by_theory("the closed form",
                         [](const Inputs& in) -> Values {
                           return {theory::along_direction(moments(in), w_of(in), in.scalar("gamma"),
                                                           weight_gradient(in), as_vector<Number>(in("v")))};
                         }),
      .why = "g enters only through what of it is across Sw: 0 for v = w."};
  Reading stretched = turned;
  stretched.id = "derivative__along_the_length";
  stretched.statement = "∂ℓ/∂γ = wᵀg/‖w‖_S, g = ∂ℓ/∂w̃";
  stretched.inputs = {samples, weights, length, shift, epsilon, upstream, {"step", Role::direction}};
  stretched.left =
      derivative_along(Witness::reference, "the derivative of ⟨dy, batch norm of w·x⟩ by γ", "gamma", "step",
                       [](const auto& in) { return dot(row_major(in("dy")), normalized_unit(in)); });
  stretched.right = by_theory("step · wᵀg/‖w‖_S", [](const Inputs& in) -> Values {
    return {in.scalar("step") * theory::along_length(moments(in), w_of(in), weight_gradient(in))};
  });
  stretched.why = {};
  return {turned, stretched};
}

}  // namespace

Claim decoupling_reparametrization() {
  const std::vector<InputSpec> unit = {samples, weights, length, shift, epsilon};
  Reading printed = {.id = "printed",
                     .statement = "γ (xᵀw − E xᵀw)/var[xᵀw]^(1/2) + β = xᵀw̃ + β, w̃ = γ w/‖w‖_S, E x = 0, ε = 0",
                     .inputs = unit,
                     .sizes = sizes(),
                     .hypotheses = {eps_is_zero(), batch_is_centred()},
                     .left = normalized_outputs(),
                     .right = by_theory("x_i·w̃ + β, w̃ = γ w/‖w‖_S",
                                        [](const Inputs& in) {
                                          return linear_unit(
                                              in, in("x"),
                                              theory::decoupled_weights(moments(in), w_of(in), in.scalar("gamma")));
                                        }),
                     .why = "S need not be positive definite: with two samples of three features it is not."};
  Reading variance = variance_of_the_unit("printed__variance", "var[xᵀw] = wᵀSw where E x = 0", "");
  variance.hypotheses = {batch_is_centred()};
  const Reading early = variance_of_the_unit(
      "printed__variance_before_the_mean", "var[xᵀw] = wᵀSw, S = E xxᵀ, whatever E x is",
      "WIKI simplifies the variance first and assumes E x = 0 afterwards. wᵀSw exceeds the variance by ((E x)ᵀw)².");
  Reading any_mean = printed;
  any_mean.id = "any_mean";
  any_mean.statement = "γ (xᵀw − E xᵀw)/var[xᵀw]^(1/2) + β = (x − E x)ᵀw̃ + β, w̃ = γ w/‖w‖_C, C the covariance, ε = 0";
  any_mean.hypotheses = {eps_is_zero()};
  any_mean.right = by_theory("(x_i − mean)·w̃ + β, w̃ = γ w/‖w‖_C", [](const Inputs& in) {
    const Array<Number> c = theory::covariance<Number>(in("x"));
    return linear_unit(in, about_the_mean(in), theory::decoupled_weights(c, w_of(in), in.scalar("gamma")));
  });
  any_mean.why = "Without E x = 0 the covariance takes the place of S.";
  Reading with_eps = printed;
  with_eps.id = "with_eps";
  with_eps.statement = "the same with ε ≥ 0: w̃ = γ w/(‖w‖_S² + ε)^(1/2), E x = 0";
  with_eps.hypotheses = {batch_is_centred()};
  with_eps.right = by_theory("x_i·w̃ + β, w̃ = γ w/√(‖w‖_S² + ε)", [](const Inputs& in) {
    return linear_unit(in, in("x"),
                       theory::decoupled_weights(moments(in), w_of(in), in.scalar("gamma"), in.scalar("eps")));
  });
  with_eps.why = "With ε > 0 the length of w matters again, and γ is only a bound of the length: ‖w̃‖_S < |γ|.";
  std::vector<Reading> readings = {printed, variance, early, any_mean, with_eps};
  for (const auto& group : {lengths(), derivatives()}) readings.insert(readings.end(), group.begin(), group.end());
  return {
      .title = "Batch norm of a linear unit splits its weights into a length and a direction: w̃ = γ w/‖w‖_S",
      .sources = {{"WIKI", "length–direction decoupling, f_BN(w, γ, β)"}},
      .notation =
          "x_i samples, equally likely; S = mean xxᵀ; ‖w‖_S = (wᵀSw)^(1/2); w̃ = γ w/‖w‖_S; ℓ any loss of the outputs "
          "with ∂ℓ/∂y_i = dy_i, and g = Σ dy_i x_i = ∂ℓ/∂w̃",
      .why =
          "With E x = 0 the unit's mean is 0 and its variance is E(xᵀw)² = wᵀSw; dividing by its root leaves "
          "xᵀ(γ w/‖w‖_S). The derivatives of γ w/‖w‖_S by w and γ are the two closed forms.",
      .explain =
          "Batch norm divides a linear unit's output by its standard deviation, so the length of the weight vector no "
          "longer matters and γ sets it anew. That is exact on every finite data set of mean 0, and S need not even be "
          "positive definite, as long as the unit's output varies. Three things are easily overlooked. The variance is "
          "wᵀSw only if the mean of the data is 0, which WIKI asks for one sentence too late; otherwise the covariance "
          "belongs there. The length that γ sets is that in the norm of S: the Euclidean length of w̃ still depends on "
          "the direction. And with ε > 0, as every program has it, the length of w has not gone away.",
      .readings = readings,
      .mutants =
          {
              {.id = "euclidean_norm",
               .reading = "printed",
               .words = "γ w/‖w‖ for γ w/‖w‖_S",
               .agrees_when = four_corners(),
               .right =
                   [](const Inputs& in) {
                     const Number squared = dot<Number>(in("w"), in("w"));
                     const Number scale = in.scalar("gamma") / sqrt(squared);
                     theory::Vector<Number> w = w_of(in);
                     for (Eigen::Index k = 0; k < w.size(); ++k) w(k) *= scale;
                     return linear_unit(in, in("x"), w);
                   },
               .agreeing_sizes = {{.batch = 4, .channels = 2}}},
              {.id = "moments_about_zero",
               .reading = "any_mean",
               .words = "‖w‖_S for ‖w‖_C",
               .agrees_when = batch_is_centred(),
               .right =
                   [](const Inputs& in) {
                     return linear_unit(in, about_the_mean(in),
                                        theory::decoupled_weights(moments(in), w_of(in), in.scalar("gamma")));
                   }},
              {.id = "divides_by_the_variance",
               .reading = "printed",
               .words = "γ w/‖w‖_S² for γ w/‖w‖_S",
               .agrees_when = direction_of_length_one(),
               .right =
                   [](const Inputs& in) {
                     const Number scale = in.scalar("gamma") / theory::moment_product(moments(in), w_of(in), w_of(in));
                     theory::Vector<Number> w = w_of(in);
                     for (Eigen::Index k = 0; k < w.size(); ++k) w(k) *= scale;
                     return linear_unit(in, in("x"), w);
                   }},
              {.id = "forgets_that_the_norm_moves",
               .reading = "derivative__along_the_direction",
               .words = "(γ/‖w‖_S) vᵀg",
               .agrees_when = derivative_is_across(),
               .right = [](const Inputs& in) -> Values {
                 return {in.scalar("gamma") / theory::moment_norm(moments(in), w_of(in)) *
                         theory::plain_product<Number>(as_vector<Number>(in("v")), weight_gradient(in))};
               }},
          },
  };
}

}  // namespace normproof::claims
