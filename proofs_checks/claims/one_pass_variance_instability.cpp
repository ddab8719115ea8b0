// Claim: E[x²] − E[x]², computed in one pass, loses κ²; two passes lose nothing to first order, Welford's updates κ.
//
// Source       CGL83 §1–§3, the laws u·m·κ² (1.2), u·m + (u·m·κ)² (1.1), u·m·κ (updating), and shifts; HIGHAM02 §1.9
// Notation     m values x of one channel; X root mean square, V variance, κ = X/√V; u the unit roundoff; h the height
//              of the trees that sum x and x²; E the error of the computed mean; V^ the computed variance
// Hypotheses   round to nearest, no overflow, squares do not underflow
//
//     |V^ − V|  ≤  uV + (1 + u)((e^{(h+2)u} − 1)X² + (2|mean| + E)E + u(|mean| + E)²)   ≈  3hu κ² V
//     shifted by c, z = fl(x − c): the same with the moments of z, two roundings more on each square
//
// Why. Both terms are about X², and each is rounded as such; the difference is V = X²/κ². Nothing keeps V^ above 0. A
// shift by a value near the mean makes κ of z small, and V(z) = V(x).
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "proofs_checks/inputs/adapters.hpp"
#include "proofs_checks/inputs/standard_model.hpp"
#include "proofs_checks/rounding/condition_laws.hpp"
#include "proofs_checks/rounding/forward.hpp"
#include "proofs_checks/rounding/readings.hpp"
#include "theory/rounding/standard_model.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using evidence::Effort;
using reference::SummationOrder;
using rounding::ChannelRecipe;
using rounding::ForwardKernel;
using rounding::Measured;
using rounding::NamedOrder;
using rounding::Points;

NamedOrder halves() { return {"pairwise", {SummationOrder::Kind::pairwise}}; }

// ---- laws

Reading law(std::string id, std::string statement, std::string range, const GrowthPoint& point, std::string why) {
  return {.id = std::move(id),
          .statement = std::move(statement),
          .growth = {.quantity = "mean |V^ − V|/V over channels of condition κ = 2^j",
                     .range = std::move(range),
                     .points = [=](Effort) { return std::vector<GrowthPoint>{point}; },
                     .allowance_words = "none: what is stated is stated of these octaves"},
          .why = std::move(why)};
}

std::vector<Reading> laws() {
  constexpr double width = 0.2;
  const auto of = [](const ForwardKernel& kernel, rounding::Octaves octaves, double theta) {
    return rounding::condition_law(kernel, octaves, theta - width, theta + width);
  };
  return {
      law("printed__law_of_one_pass", "the relative error of E[x²] − E[x]² grows like κ² from κ = 16 to 128",
          "1.8 ≤ θ < 2.2", of(rounding::one_pass(halves()), {4, 7}, 2), "Both terms are rounded at the size X² = κ²V."),
      law("printed__law_of_two_passes", "the relative error of two passes does not grow from κ = 16 to 128",
          "−0.2 ≤ θ < 0.2", of(rounding::two_pass(halves()), {4, 7}, 0),
          "The mean's error enters squared: (huκ)², which is far below u at these conditions."),
      law("printed__law_of_updates", "the relative error of Welford's updates grows like κ from κ = 128 to 1024",
          "0.8 ≤ θ < 1.2", of(rounding::welford(), {7, 10}, 1),
          "Each mean is rounded at the size of the mean, and the deviations from it are multiplied by deviations."),
  };
}

// ---- measured

Measured the_variance() {
  return {"|V^ − V|", "uV + (1 + u)((e^{(h+2)u} − 1)X² + (2|mean| + E)E + u(|mean| + E)²)",
          rounding::forward_output::variance};
}
Measured the_sign() { return {"−V^", "0", rounding::forward_output::negative_variance}; }

constexpr std::size_t fewest = 2;  // of one value the variance is 0

std::vector<Reading> measured_readings() {
  const auto on = [](ForwardKernel (*kernel)(const NamedOrder&)) -> Points {
    return [=](Effort effort) {
      return rounding::forward_points(rounding::for_each_order(kernel), rounding::normal_grid(effort), effort);
    };
  };
  return {
      rounding::bounded("printed__bound",
                        "|V^ − V| ≤ uV + (1 + u)((e^{(h+2)u} − 1)X² + (2|mean| + E)E + u(|mean| + E)²) for one pass",
                        the_variance(), on(rounding::one_pass), "The errors of both terms, and of their difference."),
      rounding::bounded("shifted__bound", "the same for data shifted by their first value, with the moments of x − x₁",
                        {"|V^ − V|", "shifted_variance_error", rounding::forward_output::variance},
                        on(rounding::shifted),
                        "The first value is within a few √V of the mean: κ of what is summed is a few at most."),
      rounding::bounded("shifted__mean", "|mean^ − mean| of shifted data is within its bound",
                        {"|mean^ − mean|", "shifted_mean_error", rounding::forward_output::mean}, on(rounding::shifted),
                        "The mean of x − x₁, and one addition."),
      rounding::bounded(
          "one_pass__never_negative", "the one-pass variance is never below 0", the_sign(),
          [](Effort effort) {
            return rounding::forward_points(rounding::for_each_order(rounding::one_pass),
                                            rounding::normal_grid(Effort::quick, fewest), effort);
          },
          "Where 3huκ² is above 1 the difference may have either sign; √(V^ + ε) is then no number."),
      rounding::bounded(
          "one_pass__never_negative__small_condition",
          "the one-pass variance is never below 0 where its bound is below V: κ ≤ 100, halves of halves", the_sign(),
          [](Effort effort) {
            std::vector<ChannelRecipe> recipes;
            for (const ChannelRecipe& recipe : rounding::normal_grid(effort, 17))
              if (recipe.condition <= 100) recipes.push_back(recipe);
            return rounding::forward_points({rounding::one_pass(halves())}, recipes, effort);
          },
          "V^ ≥ V − |V^ − V|. Channels of 17 and more values, whose V is near 1."),
  };
}

Reading negative_often() {
  return {.id = "one_pass__negative_frequency",
          .statement = "at κ = 10⁴, m = 64, halves of halves, V^ < 0 in at least 1 of 5 channels",
          .frequency = {.event = "V^ < 0",
                        .happens =
                            [](inputs::RandomStream& stream) {
                              constexpr std::size_t count = 64;
                              constexpr double condition = 1e4;
                              std::vector<float> x;
                              for (std::size_t i = 0; i < count; ++i)
                                x.push_back(static_cast<float>(condition + stream.normal()));
                              return rounding::one_pass(halves()).moments(x).variance < 0;
                            },
                        .numerator = 1,
                        .denominator = 5},
          .why = "u κ² = 6 there: what is computed is rounding error, of either sign, and V is lost in it."};
}

// ---- exactly: κ is the condition number

// x_i is moved to x_i(1 + θ_i): the derivative of mV along it, half of it, squared.
Reading condition_number() {
  const auto moved = [](const Inputs& in, Eigen::Index k) { return in("x")(k)*in("theta")(k); };
  const auto deviations = [](const Inputs& in) {
    Values values;
    const Number mean = reference_mean(in("x"))[0];
    for (Eigen::Index k = 0; k < in("x").size(); ++k) values.push_back(in("x")(k)-mean);
    return values;
  };
  return {.id = "condition_number",
          .statement = "(Σ (x_i − mean)x_iθ_i)² ≤ Σ (x_i − mean)² · Σ (x_iθ_i)²: |dV| ≤ 2κV max|θ|",
          .inputs = {{"x", Role::activation, Dimension::batch, Dimension::one},
                     {"theta", Role::direction, Dimension::batch, Dimension::one}},
          .sizes = {{.batch = 1}, {.batch = 2}, {.batch = 3}, {.batch = 5}},
          .left = by_reference("(Σ (x_i − mean)x_iθ_i)²",
                               [=](const Inputs& in) -> Values {
                                 Number sum(0);
                                 const Values d = deviations(in);
                                 for (std::size_t k = 0; k < d.size(); ++k)
                                   sum += d[k] * moved(in, static_cast<Eigen::Index>(k));
                                 return {sum * sum};
                               }),
          .relation = Relation::at_most,
          .right = by_theory("m V Σ (x_iθ_i)²",
                             [=](const Inputs& in) -> Values {
                               Number squares(0);
                               for (Eigen::Index k = 0; k < in("x").size(); ++k) squares += moved(in, k) * moved(in, k);
                               return {Number(in.sizes.batch) * theory::biased_variance<Number>(in("x"))(0) * squares};
                             }),
          // Lagrange: Σ a² Σ b² − (Σ ab)² = Σ_{i<j} (a_i b_j − a_j b_i)².
          .gap =
              [=](const Inputs& in) {
                const Values d = deviations(in);
                std::vector<SquareTerm> terms = {{.root = Number(0)}};
                for (std::size_t i = 0; i < d.size(); ++i)
                  for (std::size_t j = i + 1; j < d.size(); ++j)
                    terms.push_back({.root = d[i] * moved(in, static_cast<Eigen::Index>(j)) -
                                             d[j] * moved(in, static_cast<Eigen::Index>(i))});
                return terms;
              },
          .why =
              "dV = (2/m) Σ (x − mean)x θ; Σ (xθ)² ≤ mX² max θ². So κ = X/√V is half the condition number of V: what "
              "rounding the data alone does to it."};
}

// ---- the standard model

constexpr SummationOrder chain = {SummationOrder::Kind::chain};

struct Moments {
  Number mean, variance, mean_square, mean_magnitude;
};
Moments exact_moments(const Inputs& in) {
  Moments exact = {Number(0), Number(0), Number(0), Number(0)};
  const Number m(in.sizes.batch);
  for (Eigen::Index k = 0; k < in("x").size(); ++k) {
    const Number& x = in("x")(k);
    exact.mean += x / m;
    exact.mean_square += x * x / m;
    exact.mean_magnitude += magnitude(x) / m;
  }
  exact.variance = exact.mean_square - exact.mean * exact.mean;
  return exact;
}

Formula model_bound(Number (*mean_square)(const Moments&), bool with_the_mean) {
  return [=](const Inputs& in) -> Values {
    const Moments exact = exact_moments(in);
    const Number u = in.scalar("u");
    const int height = in.sizes.batch - 1;
    const Number off = with_the_mean ? theory::model_mean_error<Number>(u, height, exact.mean_magnitude) : Number(0);
    return {theory::model_one_pass_error<Number>(u, height, exact.variance, mean_square(exact), magnitude(exact.mean),
                                                 off)};
  };
}

Reading model_bound_reading() {
  const auto size = [](int m) { return Sizes{.batch = m, .hidden = m + (2 * m) + 2}; };
  return {.id = "model__bound",
          .statement =
              "the standard model: |V^ − V| ≤ uV + (1 + u)(((1 + u)^(h+2) − 1)X² + (2|mean| + E)E + u(|mean| + E)²)",
          .inputs = with_roundings({{"x", Role::activation, Dimension::batch, Dimension::one}}),
          .sizes = {size(1), size(2), size(3)},
          .these_sizes_only = true,
          .left = by_reference("|V^ − V| with (a op b)(1 + δ), one pass",
                               [](const Inputs& in) -> Values {
                                 const std::vector<ModelNumber> x = exactly(in("x"));
                                 const auto moments = in_the_model(
                                     in, [&] { return reference::one_pass_moments<ModelNumber>(x, chain); });
                                 return {magnitude(moments.variance.value() - exact_moments(in).variance)};
                               }),
          .relation = Relation::at_most,
          .right = by_theory("uV + (1 + u)(((1 + u)^(h+2) − 1)X² + (2|mean| + E)E + u(|mean| + E)²)",
                             model_bound([](const Moments& exact) { return exact.mean_square; }, true)),
          .why = "The square, h additions and the quotient; the mean's square; their difference."};
}

// ---- near-misses

Points near_miss(const std::function<void(theory::ChannelData&, theory::Unit&)>& forget) {
  return [=](Effort effort) {
    std::vector<ForwardKernel> kernels;
    for (const NamedOrder& order : rounding::orders())
      kernels.push_back(rounding::forgetting(rounding::one_pass(order), forget));
    using Kind = ChannelRecipe::Kind;
    return rounding::natural_on(
        rounding::forward_points(kernels, {{Kind::normal, 0, 256}, {Kind::normal, 1e3, 256}, {Kind::normal, 1e5, 256}},
                                 effort),
        "condition=0");
  };
}

std::vector<Mutant> mutants() {
  const Hypothesis centred = {.id = "mean_is_zero", .sentence = "mean = 0"};
  return {
      {.id = "without_the_condition",
       .reading = "printed__bound",
       .words = "V for X² and 0 for the mean: 3huV",
       .agrees_when = centred,
       .points = near_miss([](theory::ChannelData& data, theory::Unit&) {
         data.root_mean_square = std::sqrt(data.variance);
         data.mean = 0;
       })},
      {.id = "condition_once",
       .reading = "printed__bound",
       .words = "X√V for X² and √(|mean|√V) for |mean|: 3huκV",
       .agrees_when = centred,
       .points = near_miss([](theory::ChannelData& data, theory::Unit&) {
         const double std = std::sqrt(data.variance);
         data.root_mean_square = std::sqrt(data.root_mean_square * std);
         data.mean = std::sqrt(std::fabs(data.mean) * std);
       })},
      {.id = "variance_for_the_mean_square",
       .reading = "model__bound",
       .words = "V for X²",
       .agrees_when = imposing("pairs", "mean = 0 (of all x but the first two, and x₂ = −x₁)",
                               [](Inputs& in) {
                                 Array<Number> x = in("x");
                                 for (Eigen::Index k = 0; k < x.size(); ++k)
                                   x(k) = k == 0 ? x(0) : k == 1 ? -x(0) : Number(0);
                                 in.set("x", x);
                               }),
       .right = model_bound([](const Moments& exact) { return exact.variance; }, true),
       .agreeing_sizes = {{.batch = 2, .hidden = 8}, {.batch = 3, .hidden = 11}}},
      {.id = "values_of_size_one",
       .reading = "condition_number",
       .words = "m V Σ θ²",
       .agrees_when = imposing("size_one", "every x_i is 1 or −1, by turns",
                               [](Inputs& in) {
                                 Array<Number> x = in("x");
                                 for (Eigen::Index k = 0; k < x.size(); ++k) x(k) = Number(k % 2 == 0 ? 1 : -1);
                                 in.set("x", x);
                               }),
       .right = [](const Inputs& in) -> Values {
         Number squares(0);
         for (Eigen::Index k = 0; k < in("theta").size(); ++k) squares += in("theta")(k)*in("theta")(k);
         return {Number(in.sizes.batch) * theory::biased_variance<Number>(in("x"))(0) * squares};
       },
       .agreeing_sizes = {{.batch = 2}, {.batch = 3}}},
  };
}

}  // namespace

Claim one_pass_variance_instability() {
  std::vector<Reading> readings = laws();
  for (const std::vector<Reading>& more :
       {measured_readings(), std::vector{negative_often(), condition_number(), model_bound_reading()}})
    readings.insert(readings.end(), more.begin(), more.end());
  return {
      .title = "E[x²] − E[x]² loses a factor κ² in one pass, and may come out below 0",
      .sources = {{"CGL83", "§1–§3"}, {"HIGHAM02", "§1.9"}, {"consequence", "theory/rounding/one_pass_variance.hpp"}},
      .notation =
          "m values x of a channel; X root mean square, V variance, κ = X/√V; u = 2⁻²⁴; h the height of the trees "
          "that sum x and x²; E the error of the mean; V^ what is computed",
      .why =
          "Two numbers of the size X² are rounded and subtracted, and V = X²/κ² is left. Two passes subtract first; "
          "updates subtract a mean that is itself rounded.",
      .explain =
          "Summing x and x² in one pass over the data is the cheapest way to a variance, and the least accurate: "
          "where the mean is κ times the standard deviation, its relative error is κ² times that of the terms. In "
          "single precision nothing is left at κ = 4000, and the computed variance then often is below 0. The laws "
          "of the three ways are measured here: κ² for one pass, κ for Welford's updates, no loss for two passes as "
          "long as huκ is far below 1. Subtracting any value near the mean first (the first one, say) makes one pass "
          "as good as two. κ is not an accident of the algorithm: it is half the condition number of the variance "
          "itself, and a loss of κ is what rounding the data already costs.",
      .readings = readings,
      .mutants = mutants(),
  };
}

}  // namespace normproof::claims
