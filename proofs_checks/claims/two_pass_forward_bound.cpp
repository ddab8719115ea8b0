// Claim: every output of a two-pass forward kernel lies within a bound that its channel's condition and its sums'
// trees set.
//
// Source       consequence of CGL83 (1.1), HIGHAM02 §3.1 and §4.2: the derivation in
//              theory/rounding/two_pass_forward.hpp
// Notation     m values x of one channel; X root mean square, V variance, s = √(V + ε), κ = X/s; u the unit roundoff;
//              h the height of the trees that sum x and the squares; a hat on what is computed; E, D the errors of
//              mean and variance, ρ the relative one of inv_std
// Hypotheses   round to nearest, no overflow, squares do not underflow
//
//     |mean^ − mean|  ≤  (e^{(h+1)u} − 1) X =: E
//     |V^ − V|        ≤  (e^{(h+4)u} − 1) V + e^{(h+4)u} E² =: D
//     |i^ − 1/s| s    ≤  e^{3u} max(√((V + ε)/max(V + ε − D, ε)), 2 − 1/√(1 + D/(V + ε))) − 1 =: ρ
//     |y^ − y|        ≤  (1 + u)|γ|(|x̂|(e^{3u}(1 + ρ) − 1) + (E/s)e^{3u}(1 + ρ)) + u|y|
//
// Why. Roundings are counted, line by line; the mean's error enters the variance squared, for deviations add up to 0.
#include <cstddef>
#include <string>
#include <utility>

#include "proofs_checks/inputs/adapters.hpp"
#include "proofs_checks/inputs/standard_model.hpp"
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
using rounding::Points;

// ---- measured

Measured the_mean() { return {"|mean^ − mean|", "(e^{(h+1)u} − 1)X", rounding::forward_output::mean}; }
Measured the_variance() { return {"|V^ − V|", "(e^{(h+4)u} − 1)V + e^{(h+4)u}E²", rounding::forward_output::variance}; }
Measured the_inv_std() { return {"|i^ − 1/s|", "ρ/s", rounding::forward_output::inv_std}; }
Measured the_output() {
  return {"|y^ − y|", "(1 + u)|γ|(|x̂|(e^{3u}(1 + ρ) − 1) + (E/s)e^{3u}(1 + ρ)) + u|y|", rounding::forward_output::y};
}

Points on_the_grid(ForwardKernel (*kernel)(const rounding::NamedOrder&)) {
  return [=](Effort effort) {
    return rounding::forward_points(rounding::for_each_order(kernel), rounding::grid(effort), effort);
  };
}

// The one-pass kernel, held to the two-pass kernel's bounds.
ForwardKernel one_pass_as_two(const rounding::NamedOrder& order) {
  ForwardKernel kernel = rounding::one_pass(order);
  kernel.id = "one_pass_as_two_pass/" + order.id;
  kernel.bounds = rounding::two_pass(order).bounds;
  kernel.may_be_negative = false;
  return kernel;
}
Points one_pass_points() {
  return [](Effort effort) {
    return rounding::forward_points(rounding::for_each_order(one_pass_as_two), rounding::normal_grid(Effort::quick, 2),
                                    effort);
  };
}

std::vector<Reading> measured_readings() {
  const Points grid = on_the_grid(rounding::two_pass);
  Reading running_mean = rounding::bounded(
      "running_mean", "|(1 − α)μ + α mean^ − its exact value| ≤ the class two_pass's bound, α = 0.1",
      {"running mean, off by", "running_mean_bound, two_pass", 0}, rounding::running_points,
      "α and 1 − α are rounded, two products and a sum: five roundings of either term, and α times the mean's error.");
  Reading running_variance = running_mean;
  running_variance.id = "running_variance";
  running_variance.statement = "the same for the unbiased variance";
  running_variance.rounding.quantity = "running variance, off by";
  running_variance.rounding.bound = "running_variance_bound, two_pass, unbiased";
  running_variance.rounding.output = 1;
  return {
      rounding::bounded("printed__mean", "|mean^ − mean| ≤ (e^{(h+1)u} − 1)X", the_mean(), grid,
                        "h additions and the quotient, of terms that are at most mX in size together."),
      rounding::bounded("printed__variance", "|V^ − V| ≤ (e^{(h+4)u} − 1)V + e^{(h+4)u}E²", the_variance(), grid,
                        "mean((x − mean^)²) = V + (mean^ − mean)²; every term is ≥ 0."),
      rounding::bounded("printed__inv_std", "|i^ − 1/s| ≤ ρ/s", the_inv_std(), grid,
                        "V^ ≥ 0, so that V^ + ε ≥ ε: the bound stays finite however large D is."),
      rounding::bounded("printed__y", "|y^ − y| ≤ (1 + u)|γ|(|x̂|(e^{3u}(1 + ρ) − 1) + (E/s)e^{3u}(1 + ρ)) + u|y|",
                        the_output(), grid,
                        "x − mean^ is off by E, inv_std by ρ, three roundings, and one of the sum."),
      rounding::bounded(
          "corrected__variance",
          "|V^ − V| for (1/m)Σ(x − mean^)² − ((1/m)Σ(x − mean^))² ≤ (e^{(h+5)u} − 1)V + (E + …)², CGL83 (1.7)",
          {"|V^ − V|", "corrected_two_pass_variance_error", rounding::forward_output::variance},
          on_the_grid(rounding::corrected_two_pass),
          "What is taken off is the square of what the deviations add up to, mean − mean^ but for rounding."),
      running_mean,
      running_variance,
      rounding::bounded("one_pass__variance", "the one-pass variance keeps the two-pass bound", the_variance(),
                        one_pass_points(),
                        "E[x²] − E[x]² is off by hu·X², not by hu·V: two values close to each other are enough."),
      rounding::bounded("one_pass__y", "y made from the one-pass variance keeps the two-pass bound", the_output(),
                        one_pass_points(), "inv_std is wrong, or no number at all where V^ + ε is below 0."),
  };
}

// ---- how tight

constexpr double stated_tightness = 50;

std::vector<Reading> tightness_readings() {
  const auto at_every_point = [](rounding::KernelOfOrder kernel) -> Points {
    return [=](Effort effort) { return rounding::forward_tightness_points(kernel, effort); };
  };
  const auto pooled = [](rounding::KernelOfOrder kernel) -> Points {
    return [=](Effort effort) {
      return std::vector<RoundingPoint>{rounding::pooled_forward_tightness_point(kernel, effort)};
    };
  };
  const Points watched = at_every_point(rounding::watched_two_pass);
  const Points declared = at_every_point(rounding::two_pass);
  const Points together = pooled(rounding::two_pass);
  return {
      rounding::tight("tight__y",
                      "h ≤ 64, κ ≤ 10³, h measured: the median of bound/error of y is at most 50 at each point",
                      the_output(), stated_tightness, watched,
                      "h measured is the height at which the bound by height is Σ ½ulp of the partial sums."),
      rounding::tight("tight__inv_std",
                      "h ≤ 64, κ ≤ 10³, h measured: the median of bound/error of inv_std is at most 50 at each point",
                      the_inv_std(), stated_tightness, watched, "The loosest are chains at κ = 10³, where E² counts."),
      rounding::tight(
          "tight__y__declared_height_pooled",
          "h ≤ 64, κ ≤ 10³, h of the tree: the median of bound/error of y is at most 50 over all points together",
          the_output(), stated_tightness, together, "The height of the tree alone, without a look at the sums."),
      rounding::tight(
          "tight__inv_std__declared_height_pooled",
          "h ≤ 64, κ ≤ 10³, h of the tree: the median of bound/error of inv_std is at most 50 over all points",
          the_inv_std(), stated_tightness, together, "The height of the tree alone, without a look at the sums."),
      rounding::tight("tight__y__declared_height",
                      "h ≤ 64, κ ≤ 10³, h of the tree: the median of bound/error of y is at most 50 at each point",
                      the_output(), stated_tightness, declared,
                      "Chains of 64 additions are off by about √h where the bound says h: there it is looser than 50."),
  };
}

// ---- the standard model

Number square(const Number& a) { return a * a; }

std::vector<InputSpec> model_inputs() {
  return with_roundings({{"x", Role::activation, Dimension::batch, Dimension::one}});
}
// m values, added one after the other: m − 1 additions and a quotient for the mean, then 2m + (m − 1) + 1 roundings.
Sizes of_mean(int m) { return {.batch = m, .hidden = m}; }
Sizes of_variance(int m) { return {.batch = m, .hidden = m + 3 * m}; }

struct Exact {
  Number mean, variance, mean_magnitude;
};
Exact exact_moments(const Inputs& in) {
  const Array<Number>& x = in("x");
  const Number m(in.sizes.batch);
  Exact exact = {Number(0), Number(0), Number(0)};
  for (Eigen::Index k = 0; k < x.size(); ++k) {
    exact.mean += x(k) / m;
    exact.mean_magnitude += magnitude(x(k)) / m;
  }
  for (Eigen::Index k = 0; k < x.size(); ++k) exact.variance += square(x(k) - exact.mean) / m;
  return exact;
}

constexpr SummationOrder chain = {SummationOrder::Kind::chain};

Number model_mean_error(const Inputs& in) {
  return theory::model_mean_error<Number>(in.scalar("u"), in.sizes.batch - 1, exact_moments(in).mean_magnitude);
}
Number model_variance_error(const Inputs& in, const Number& mean_error) {
  return theory::model_variance_error<Number>(in.scalar("u"), in.sizes.batch - 1, exact_moments(in).variance,
                                              mean_error);
}

Reading model_mean() {
  return {.id = "model__mean",
          .statement = "the standard model: |mean^ − mean| ≤ ((1 + u)^(h+1) − 1) mean|x|, h = m − 1",
          .inputs = model_inputs(),
          .sizes = {of_mean(1), of_mean(2), of_mean(3)},
          .these_sizes_only = true,
          .left = by_reference("|mean^ − mean| with (a op b)(1 + δ)",
                               [](const Inputs& in) -> Values {
                                 const std::vector<ModelNumber> x = exactly(in("x"));
                                 const ModelNumber mean =
                                     in_the_model(in, [&] { return reference::ordered_mean<ModelNumber>(x, chain); });
                                 return {magnitude(mean.value() - exact_moments(in).mean)};
                               }),
          .relation = Relation::at_most,
          .right = by_theory("((1 + u)^(h+1) − 1) mean|x|",
                             [](const Inputs& in) -> Values { return {model_mean_error(in)}; }),
          .why = "mean|x| ≤ X."};
}

Reading model_variance() {
  return {
      .id = "model__variance",
      .statement = "the standard model: |V^ − V| ≤ ((1 + u)^(h+4) − 1)V + (1 + u)^(h+4)E², E of model__mean",
      .inputs = model_inputs(),
      .sizes = {of_variance(1), of_variance(2), of_variance(3)},
      .these_sizes_only = true,
      .left = by_reference("|V^ − V| with (a op b)(1 + δ), two passes",
                           [](const Inputs& in) -> Values {
                             const std::vector<ModelNumber> x = exactly(in("x"));
                             const auto moments = in_the_model(
                                 in, [&] { return reference::two_pass_moments<ModelNumber>(x, chain, chain); });
                             return {magnitude(moments.variance.value() - exact_moments(in).variance)};
                           }),
      .relation = Relation::at_most,
      .right = by_theory("((1 + u)^(h+4) − 1)V + (1 + u)^(h+4)E²",
                         [](const Inputs& in) -> Values { return {model_variance_error(in, model_mean_error(in))}; }),
      .why = "x − mean^ twice, the square, h additions, the quotient: h + 4 roundings of terms that are ≥ 0."};
}

// y from a mean that is off by at most E and an inv_std that is off by ρ at most: centred = x − mean, i = 1/s.
struct OutputStep {
  Number u, centred, inv_std, gamma, beta, mean_error, inv_std_error;
};
OutputStep step_of(const Inputs& in) {
  return {in.scalar("u"),    in.scalar("centred"),    in.scalar("inv_std"),      in.scalar("gamma"),
          in.scalar("beta"), in.scalar("mean_error"), in.scalar("inv_std_error")};
}
Formula output_bound(Number (*mean_error)(const OutputStep&), Number (*inv_std_error)(const OutputStep&)) {
  return [=](const Inputs& in) -> Values {
    const OutputStep s = step_of(in);
    const Number x_hat = s.centred * s.inv_std;
    return {theory::model_output_error<Number>(
        s.u, {magnitude(x_hat), magnitude(s.gamma), s.inv_std, magnitude(s.gamma * x_hat + s.beta)}, mean_error(s),
        inv_std_error(s))};
  };
}
Number own_mean_error(const OutputStep& s) { return s.mean_error; }
Number own_inv_std_error(const OutputStep& s) { return s.inv_std_error; }
Number none(const OutputStep&) { return Number(0); }

Reading model_output() {
  return {
      .id = "model__y",
      .statement = "the standard model: |y^ − y| ≤ (1 + u)|γ|(|x̂|((1 + u)³(1 + ρ) − 1) + (E/s)(1 + u)³(1 + ρ)) + u|y|",
      .inputs = with_roundings({{"centred", Role::activation},
                                {"inv_std", Role::variance},
                                {"gamma", Role::scale},
                                {"beta", Role::shift},
                                {"mean_error", Role::variance},
                                {"inv_std_error", Role::variance},
                                {"mean_off", Role::rate},
                                {"inv_std_off", Role::rate}}),
      .sizes = {{.hidden = 4}},
      .these_sizes_only = true,
      .left = by_reference(
          "|((x − mean^) i^ γ + β)^ − y| with (a op b)(1 + δ)",
          [](const Inputs& in) -> Values {
            const OutputStep s = step_of(in);
            const Number mean = s.mean_error * signed_part(in.scalar("mean_off"));
            const Number inv_std = s.inv_std * (Number(1) + s.inv_std_error * signed_part(in.scalar("inv_std_off")));
            const ModelNumber y = in_the_model(in, [&] {
              return reference::normalized(ModelNumber(s.centred), ModelNumber(mean), ModelNumber(inv_std),
                                           ModelNumber(s.gamma), ModelNumber(s.beta));
            });
            return {magnitude(y.value() - (s.gamma * s.centred * s.inv_std + s.beta))};
          }),
      .relation = Relation::at_most,
      .right = by_theory("(1 + u)|γ|(|x̂|((1 + u)³(1 + ρ) − 1) + (E/s)(1 + u)³(1 + ρ)) + u|y|",
                         output_bound(own_mean_error, own_inv_std_error)),
      .why = "The mean is 0 here, which loses nothing: only x − mean counts, and how far mean^ is off."};
}

// The one-pass variance in the same model: refuted, with a point that a reader can check.
Reading model_one_pass() {
  Reading reading = model_variance();
  reading.id = "model__one_pass_variance";
  reading.statement = "the standard model: the one-pass variance keeps the two-pass bound, m = 2";
  reading.sizes = {{.batch = 2, .hidden = 8}};
  reading.left = by_reference("|V^ − V| with (a op b)(1 + δ), E[x²] − E[x]²", [](const Inputs& in) -> Values {
    const std::vector<ModelNumber> x = exactly(in("x"));
    const auto moments = in_the_model(in, [&] { return reference::one_pass_moments<ModelNumber>(x, chain); });
    return {magnitude(moments.variance.value() - exact_moments(in).variance)};
  });
  reading.why = "Where V = 0 the two-pass bound is E², of second order in u; one rounded square is off by u X².";
  return reading;
}

// ---- near-misses

Points near_miss(const std::function<ForwardKernel(const rounding::NamedOrder&)>& kernel,
                 const std::vector<ChannelRecipe>& recipes, const std::string& natural) {
  return [=](Effort effort) {
    std::vector<ForwardKernel> kernels;
    for (const rounding::NamedOrder& order : rounding::orders()) kernels.push_back(kernel(order));
    return rounding::natural_on(rounding::forward_points(kernels, recipes, effort), natural);
  };
}

std::vector<Mutant> mutants() {
  using Kind = ChannelRecipe::Kind;
  const auto without_the_mean = [](const rounding::NamedOrder& order) {
    return rounding::forgetting(rounding::two_pass(order), [](theory::ChannelData& data, theory::Unit&) {
      data.root_mean_square = std::sqrt(data.variance);
    });
  };
  const auto with_output = [](const rounding::OutputBound& output) {
    return [=](const rounding::NamedOrder& order) {
      ForwardKernel kernel = rounding::two_pass(order);
      kernel.output = output;
      return kernel;
    };
  };
  const std::vector<ChannelRecipe> large_means = {
      {Kind::normal, 0, 256}, {Kind::normal, 1e3, 256}, {Kind::normal, 1e6, 4097}};
  const Hypothesis centred = {.id = "mean_is_zero", .sentence = "mean = 0"};
  const Hypothesis gamma_zero = {.id = "gamma_is_zero", .sentence = "γ = 0"};
  return {
      {.id = "without_the_condition",
       .reading = "printed__mean",
       .words = "√V for X",
       .agrees_when = centred,
       .points = near_miss(without_the_mean, large_means, "condition=0")},
      {.id = "without_the_condition_squared",
       .reading = "printed__variance",
       .words = "√V for X in E",
       .agrees_when = centred,
       .points = near_miss(without_the_mean, large_means, "condition=0")},
      {.id = "without_the_means_error",
       .reading = "printed__y",
       .words = "E = 0 in the bound of y",
       .agrees_when = gamma_zero,
       .points = near_miss(with_output([](const theory::AffineStep& step, const theory::Unit& unit,
                                          const theory::StatisticsError& off) {
                             return rounding::plain_output_bound(step, unit, {0, off.inv_std});
                           }),
                           {{Kind::unscaled, 100, 256}, {Kind::normal, 1e3, 256}}, "unscaled")},
      {.id = "without_the_inv_stds_error",
       .reading = "printed__y",
       .words = "ρ = 0 in the bound of y",
       .agrees_when = gamma_zero,
       .points = near_miss(with_output([](const theory::AffineStep& step, const theory::Unit& unit,
                                          const theory::StatisticsError& off) {
                             return rounding::plain_output_bound(step, unit, {off.mean, 0});
                           }),
                           {{Kind::unscaled, 100, 256}, {Kind::outlier, 0, 10'000}}, "unscaled")},
      {.id = "exact_mean",
       .reading = "model__y",
       .words = "E = 0",
       .agrees_when = imposing("mean_exact", "E = 0", [](Inputs& in) { in.set("mean_error", Number(0)); }),
       .right = output_bound(none, own_inv_std_error)},
      {.id = "exact_inv_std",
       .reading = "model__y",
       .words = "ρ = 0",
       .agrees_when = imposing("inv_std_exact", "ρ = 0", [](Inputs& in) { in.set("inv_std_error", Number(0)); }),
       .right = output_bound(own_mean_error, none)},
  };
}

}  // namespace

Claim two_pass_forward_bound() {
  std::vector<Reading> readings = measured_readings();
  for (const std::vector<Reading>& more :
       {tightness_readings(), std::vector{model_mean(), model_variance(), model_output(), model_one_pass()}})
    readings.insert(readings.end(), more.begin(), more.end());
  return {
      .title =
          "mean, variance, inv_std and y of a two-pass kernel lie within bounds that κ and the heights of its sums set",
      .sources = {{"consequence", "theory/rounding/two_pass_forward.hpp"},
                  {"CGL83", "(1.1), (1.7), the law u·m + (u·m·κ)²"},
                  {"HIGHAM02", "§3.1, §4.2"}},
      .notation =
          "m values x of a channel; X root mean square, V variance, s = √(V + ε), κ = X/s; u = 2⁻²⁴; h the height of "
          "the trees that sum x and the squares; E, D the errors of mean and variance, ρ the relative one of inv_std",
      .why =
          "h + 1 roundings of the mean; h + 4 of the variance, into which the mean's error enters squared; half of "
          "what happens inside a root; three roundings of y and one more.",
      .explain =
          "A kernel that first takes the mean, then the mean of the squared deviations, is off in each of its "
          "outputs by an amount that can be told beforehand from the data: the mean by about h·u times the size of "
          "the values, the variance by h·u of itself and the square of the mean's error, y by the mean's error over "
          "s and by h·u/2 of itself. Large means hurt through κ, but not through κ² as in one pass: that is what two "
          "passes are for. The bounds are theorems; here binary32 kernels in four orders of summation are held to "
          "them, from κ = 0 to 10⁶ and one to a million values, constant channels, outliers and ties included, and a "
          "one-pass kernel breaks them. With the heights measured, that is from the partial sums, the bounds are "
          "typically 10 to 40 times what happens, with the trees' heights alone up to 100 times for chains of 64.",
      .readings = readings,
      .mutants = mutants(),
  };
}

}  // namespace normproof::claims
