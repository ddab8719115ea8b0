// Claim: dbeta, dgamma and every dx of a backward kernel lie within bounds that the data and the sums' trees set.
//
// Source       consequence of HIGHAM02 §3.1 and §4.2: the derivation in theory/rounding/backward.hpp
// Notation     m values x of one channel and dy; mean, i = inv_std and γ as they are given; x̂ = (x − mean)i, S = Σ dy
//              = dβ, T = Σ dy x̂ = dγ; P = γi, Q = dy − S/m − x̂ T/m, dx = P Q; u the unit roundoff; h, g the heights
//              of the trees that sum dy and dy x̂; E(S), E(T) the errors of the sums, f that of x̂
// Hypotheses   round to nearest, no overflow
//
//     |dβ^ − dβ|  ≤  (e^{hu} − 1) Σ|dy| =: E(S)
//     |dγ^ − dγ|  ≤  (e^{(g+3)u} − 1) Σ|dy x̂| =: E(T)
//     |dx^ − dx|  ≤  |P|(e^{2u} q + (e^{2u} − 1)|Q|)
//     q = e^{4u}(E(S)/m + f(|T| + E(T))/m + |x̂| E(T)/m + u|S/m| + 2u|x̂ T/m| + u|dy − S/m| + u|Q|),  f = (e^{2u} −
//     1)|x̂|
//
// Why. x̂ takes two roundings, its product with dy one more; Q five of its own; P and the product with it two. Given
// mean and inv_std are not in error: they are what the pass is to start from. Σ dy x − mean Σ dy, in one pass over x,
// cancels.
#include <cstddef>
#include <string>
#include <utility>

#include "proofs_checks/inputs/adapters.hpp"
#include "proofs_checks/inputs/standard_model.hpp"
#include "proofs_checks/rounding/backward.hpp"
#include "proofs_checks/rounding/readings.hpp"
#include "theory/rounding/standard_model.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using evidence::Effort;
using reference::SummationOrder;
using rounding::BackwardKernel;
using rounding::ChannelRecipe;
using rounding::Measured;
using rounding::Points;

// ---- measured

Measured the_dbeta() { return {"|dβ^ − dβ|", "(e^{hu} − 1) Σ|dy|", rounding::backward_output::dbeta}; }
Measured the_dgamma() { return {"|dγ^ − dγ|", "(e^{(g+3)u} − 1) Σ|dy x̂|", rounding::backward_output::dgamma}; }
Measured the_dx() { return {"|dx^ − dx|", "|P|(e^{2u} q + (e^{2u} − 1)|Q|)", rounding::backward_output::dx}; }

std::vector<Reading> measured_readings() {
  constexpr std::size_t fewest = 2;  // the sum of one number has no error, and no bound
  const Points grid = [](Effort effort) {
    return rounding::backward_points(rounding::for_each_order(rounding::two_pass_backward),
                                     rounding::grid(effort, fewest), effort);
  };
  const Points from_moments = [](Effort effort) {
    return rounding::backward_points(rounding::for_each_order(rounding::backward_from_moments),
                                     rounding::normal_grid(Effort::quick, fewest), effort);
  };
  return {
      rounding::bounded("printed__dbeta", "|dβ^ − dβ| ≤ (e^{hu} − 1) Σ|dy|", the_dbeta(), grid, "A sum."),
      rounding::bounded("printed__dgamma", "|dγ^ − dγ| ≤ (e^{(g+3)u} − 1) Σ|dy x̂|", the_dgamma(), grid,
                        "A sum of products, each with three roundings of its own."),
      rounding::bounded("printed__dx", "|dx^ − dx| ≤ |P|(e^{2u} q + (e^{2u} − 1)|Q|)", the_dx(), grid,
                        "The product rule with factors 1 + error, term by term."),
      rounding::bounded("one_pass__dgamma", "dγ as (Σ dy x − mean Σ dy) i keeps the bound", the_dgamma(), from_moments,
                        "Both terms are about κ times as large as their difference: the error has a factor κ that "
                        "the bound has not."),
      rounding::bounded("one_pass__dx", "dx made from that dγ keeps the bound", the_dx(), from_moments,
                        "x̂ T/m takes the error of T along."),
  };
}

constexpr double stated_tightness = 50;

std::vector<Reading> tightness_readings() {
  return {
      rounding::tight(
          "tight__dx", "h, g ≤ 64, κ ≤ 10³, measured: the median of bound/error of dx is at most 50 at each point",
          the_dx(), stated_tightness,
          [](Effort effort) {
            return rounding::backward_tightness_points(rounding::watched_two_pass_backward, effort);
          },
          "The heights measured are those at which the bounds by height are Σ ½ulp of the partial sums."),
      rounding::tight(
          "tight__dx__declared_height",
          "h, g ≤ 64, κ ≤ 10³, of the trees: the median of bound/error of dx is at most 50 at each point", the_dx(),
          stated_tightness,
          [](Effort effort) { return rounding::backward_tightness_points(rounding::two_pass_backward, effort); },
          "dy has both signs: its partial sums stay small, of which the height of the tree knows nothing."),
  };
}

// ---- the standard model

constexpr SummationOrder chain = {SummationOrder::Kind::chain};

// x, dy and what is given; the roundings of the part that is run.
std::vector<InputSpec> model_inputs() {
  return with_roundings({{"x", Role::activation, Dimension::batch, Dimension::one},
                         {"dy", Role::upstream, Dimension::batch, Dimension::one},
                         {"mean", Role::mean},
                         {"inv_std", Role::variance},
                         {"gamma", Role::scale}});
}
// m − 1 additions of dy, three roundings a product and m − 1 additions; then for dx of the first value two quotients
// and 7.
Sizes of_dgamma(int m) { return {.batch = m, .hidden = 3 * m + 2 * (m - 1)}; }
Sizes of_dx(int m) { return {.batch = m, .hidden = 3 * m + 2 * (m - 1) + 2 + 7}; }

struct Exact {
  Number dbeta, dgamma, magnitudes, product_magnitudes;  // Σ dy, Σ dy x̂, Σ|dy|, Σ|dy x̂|
};
Number x_hat_of(const Inputs& in, Eigen::Index k) { return (in("x")(k)-in.scalar("mean")) * in.scalar("inv_std"); }
Exact exact_sums(const Inputs& in) {
  Exact exact = {Number(0), Number(0), Number(0), Number(0)};
  for (Eigen::Index k = 0; k < in("x").size(); ++k) {
    const Number product = in("dy")(k)*x_hat_of(in, k);
    exact.dbeta += in("dy")(k);
    exact.dgamma += product;
    exact.magnitudes += magnitude(in("dy")(k));
    exact.product_magnitudes += magnitude(product);
  }
  return exact;
}

// S and T as computed; the roundings go on where these end.
reference::ParameterGradients<ModelNumber> model_sums(const Inputs& in) {
  return reference::two_pass_gradient_sums<ModelNumber>(
      exactly(in("x")), exactly(in("dy")), ModelNumber(in.scalar("mean")), ModelNumber(in.scalar("inv_std")), chain);
}

Formula dgamma_bound(Number (*magnitudes)(const Exact&)) {
  return [=](const Inputs& in) -> Values {
    return {theory::model_dgamma_error<Number>(in.scalar("u"), in.sizes.batch - 1, magnitudes(exact_sums(in)))};
  };
}

Reading model_dgamma() {
  return {.id = "model__dgamma",
          .statement = "the standard model: |dγ^ − dγ| ≤ ((1 + u)^(g+3) − 1) Σ|dy x̂|, g = m − 1",
          .inputs = model_inputs(),
          .sizes = {of_dgamma(1), of_dgamma(2)},
          .these_sizes_only = true,
          .left = by_reference("|dγ^ − dγ| with (a op b)(1 + δ)",
                               [](const Inputs& in) -> Values {
                                 const auto sums = in_the_model(in, [&] { return model_sums(in); });
                                 return {magnitude(sums.dgamma.value() - exact_sums(in).dgamma)};
                               }),
          .relation = Relation::at_most,
          .right = by_theory("((1 + u)^(g+3) − 1) Σ|dy x̂|",
                             dgamma_bound([](const Exact& exact) { return exact.product_magnitudes; })),
          .why = "x − mean, its product with i, that with dy, and g additions."};
}

enum class DgammaError { included, forgotten };
Formula dx_bound(DgammaError with) {
  return [=](const Inputs& in) -> Values {
    const Number u = in.scalar("u"), m(in.sizes.batch);
    const Exact exact = exact_sums(in);
    const int height = in.sizes.batch - 1;
    const Number x_hat = x_hat_of(in, 0), centred = in("dy")(0) - exact.dbeta / m;
    const Number projection = exact.dgamma / m;
    const Number dbeta_error = theory::model_sum_error<Number>(u, height, exact.magnitudes);
    const Number dgamma_error = theory::model_dgamma_error<Number>(u, height, exact.product_magnitudes);
    return {theory::model_input_gradient_error<Number>(
        u,
        {magnitude(in.scalar("gamma") * in.scalar("inv_std")), magnitude(exact.dbeta / m), magnitude(x_hat),
         magnitude(projection), magnitude(centred), magnitude(centred - x_hat * projection)},
        dbeta_error / m, with == DgammaError::included ? dgamma_error / m : Number(0))};
  };
}

Reading model_dx() {
  return {
      .id = "model__dx",
      .statement = "the standard model: |dx₁^ − dx₁| ≤ |P|((1 + u)² q + ((1 + u)² − 1)|Q|), (1 + u)^k for e^{ku} in q",
      .inputs = model_inputs(),
      .sizes = {of_dx(1), of_dx(2)},
      .these_sizes_only = true,
      .left = by_reference(
          "|dx₁^ − dx₁| with (a op b)(1 + δ), S and T included",
          [](const Inputs& in) -> Values {
            const ModelNumber m(in.sizes.batch);
            const ModelNumber dx = in_the_model(in, [&] {
              const auto sums = model_sums(in);
              const ModelNumber mean_dy = sums.dbeta / m, projection = sums.dgamma / m;
              return reference::input_gradient(ModelNumber(in("x")(0)), ModelNumber(in("dy")(0)),
                                               ModelNumber(in.scalar("mean")), ModelNumber(in.scalar("inv_std")),
                                               ModelNumber(in.scalar("gamma")), mean_dy, projection);
            });
            const Exact exact = exact_sums(in);
            const Number count(in.sizes.batch);
            const Number bracket = in("dy")(0) - exact.dbeta / count - x_hat_of(in, 0) * (exact.dgamma / count);
            return {magnitude(dx.value() - in.scalar("gamma") * in.scalar("inv_std") * bracket)};
          }),
      .relation = Relation::at_most,
      .right = by_theory("|P|((1 + u)² q + ((1 + u)² − 1)|Q|)", dx_bound(DgammaError::included)),
      .why = "What the roundings of Q do to each other and to the errors of the sums is in the factor (1 + u)⁴."};
}

// ---- near-misses

template <class Change>
Points near_miss(const Change& change, const std::vector<ChannelRecipe>& recipes, const std::string& natural) {
  return [=](Effort effort) {
    std::vector<BackwardKernel> kernels = rounding::for_each_order(rounding::two_pass_backward);
    for (BackwardKernel& kernel : kernels) change(kernel);
    return rounding::natural_on(rounding::backward_points(kernels, recipes, effort), natural);
  };
}

Hypothesis values_are_the_mean() {
  return imposing("values_are_the_mean", "every x is the mean: x̂ = 0", [](Inputs& in) {
    Array<Number> x = in("x");
    for (Eigen::Index k = 0; k < x.size(); ++k) x(k) = in.scalar("mean");
    in.set("x", x);
  });
}
Hypothesis terms_have_one_sign() {
  return imposing("one_sign", "every dy_i x̂_i ≥ 0 (dy := x̂)", [](Inputs& in) {
    Array<Number> dy = in("dy");
    for (Eigen::Index k = 0; k < dy.size(); ++k) dy(k) = x_hat_of(in, k);
    in.set("dy", dy);
  });
}

std::vector<Mutant> mutants() {
  using Kind = ChannelRecipe::Kind;
  const std::vector<ChannelRecipe> unscaled_and_far = {{Kind::unscaled, 100, 256}, {Kind::normal, 10, 4097}};
  const Hypothesis gamma_zero = {.id = "gamma_is_zero", .sentence = "γ = 0"};
  return {
      {.id = "without_the_sums_errors",
       .reading = "printed__dx",
       .words = "E(S) = E(T) = 0 in the bound of dx",
       .agrees_when = gamma_zero,
       .points = near_miss(
           [](BackwardKernel& kernel) {
             kernel.dx_bound = [](const theory::GradientData& data, const theory::BackwardHeights&, double x,
                                  double dy) {
               theory::GradientData exact_sums = data;
               exact_sums.sum_abs_dy = exact_sums.sum_abs_dy_x_hat = 0;
               return theory::two_pass_input_gradient_error(exact_sums, rounding::binary32, {0, 0}, x, dy);
             };
           },
           unscaled_and_far, "unscaled")},
      {.id = "sum_for_magnitudes",
       .reading = "model__dgamma",
       .words = "Σ dy x̂ for Σ|dy x̂|",
       .agrees_when = terms_have_one_sign(),
       .right = dgamma_bound([](const Exact& exact) { return exact.dgamma; })},
      {.id = "exact_dgamma",
       .reading = "model__dx",
       .words = "E(T) = 0",
       .agrees_when = values_are_the_mean(),
       .right = dx_bound(DgammaError::forgotten)},
  };
}

}  // namespace

Claim backward_bound() {
  std::vector<Reading> readings = measured_readings();
  for (const std::vector<Reading>& more : {tightness_readings(), std::vector{model_dgamma(), model_dx()}})
    readings.insert(readings.end(), more.begin(), more.end());
  return {
      .title = "dβ, dγ and dx of a backward kernel lie within bounds that the data and the heights of its sums set",
      .sources = {{"consequence", "theory/rounding/backward.hpp"}, {"HIGHAM02", "§3.1, §4.2"}},
      .notation =
          "m values x of a channel and dy; mean, i = inv_std, γ given; x̂ = (x − mean)i, S = Σ dy, T = Σ dy x̂, P = "
          "γi, Q = dy − S/m − x̂ T/m, dx = P Q; u = 2⁻²⁴; h, g the heights of the trees that sum dy and dy x̂",
      .why =
          "dβ is a sum; dγ a sum of products with three roundings each; dx takes the errors of both along, divided "
          "by m, and some ten roundings of its own.",
      .explain =
          "The backward pass makes two sums over the batch and then each dx from them. The bound of dγ has Σ|dy x̂| "
          "in it, which is small where x is near the mean: so it asks for x − mean to be formed before it is "
          "multiplied. A kernel that sums dy x and takes mean Σ dy off afterwards loses a factor κ, and breaks the "
          "bound. mean and inv_std are inputs here, saved by the forward pass: what they are off by is the forward "
          "pass's error. Binary32 kernels in four orders of summation are held to the bounds; measured heights make "
          "them typically 10 to 30 times what happens.",
      .readings = readings,
      .mutants = mutants(),
  };
}

}  // namespace normproof::claims
