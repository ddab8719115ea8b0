// Claim: merging (n, mean, M) of parts is exact in exact arithmetic, and in floating point within its error bound.
//
// Source       CGL83 (2.1), the merge, and the law u·m·κ; Welford, Technometrics 4 (1962), the updates
// Notation     a part: n values, their mean and M = Σ (x − mean)²; δ = mean_b − mean_a; m values in all, V = M/m; u
//              the unit roundoff; X root mean square; L merges at most above a part; c_i, t:
//              theory/rounding/welford_and_chan.hpp
// Hypotheses   in floating point: round to nearest, no overflow, squares do not underflow; n_b ≤ 2 n_a in a merge of a
//              and b
//
//     n = n_a + n_b,   mean = mean_a + δ n_b/n,   M = M_a + M_b + δ² n_a n_b/n
//     Welford: b is one value,   mean ← mean + δ/k,   M ← M + δ(x_k − mean)
//
// Why. Σ over part a of (x − mean)² is M_a + n_a (mean_a − mean)², and n_a (n_b/n)² + n_b (n_a/n)² = n_a n_b/n. In
// floating point each merge adds about nine roundings of the means, and M's terms are squares: nothing cancels, and
// the deviations that are squared are off by what the means are.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "proofs_checks/inputs/adapters.hpp"
#include "proofs_checks/inputs/standard_model.hpp"
#include "proofs_checks/rounding/forward.hpp"
#include "proofs_checks/rounding/readings.hpp"
#include "proofs_checks/rounding/updates_in_few_bits.hpp"
#include "theory/normalizations/merged_statistics.hpp"
#include "theory/rounding/standard_model.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using evidence::Effort;
using rounding::ChannelRecipe;
using rounding::ForwardKernel;
using rounding::Measured;
using rounding::Points;
using Part = reference::Part<Number>;

// ---- exactly

std::vector<InputSpec> one_channel() { return {{"x", Role::activation, Dimension::batch, Dimension::one}}; }

Part part_of(const Values& x, std::size_t first, std::size_t count) {
  if (count == 0) return {};
  return reference::summed_part<Number>(std::span<const Number>(x).subspan(first, count));
}

// mean and M/m of what `merge` makes of each way to lay the values on three parts, empty ones included.
template <class Merge>
Formula for_every_split(Merge merge) {
  return [=](const Inputs& in) {
    const Values x = entries(in("x"));
    Values values;
    for (std::size_t a = 0; a <= x.size(); ++a)
      for (std::size_t b = 0; a + b <= x.size(); ++b) {
        const Part whole = merge(part_of(x, 0, a), part_of(x, a, b), part_of(x, a + b, x.size() - a - b));
        const auto moments = reference::moments_of(whole);
        values.push_back(moments.mean);
        values.push_back(moments.variance);
      }
    return values;
  };
}
Part left_to_right(const Part& a, const Part& b, const Part& c) {
  return reference::merged(reference::merged(a, b), c);
}
Part right_to_left(const Part& a, const Part& b, const Part& c) {
  return reference::merged(a, reference::merged(b, c));
}

Values whole_moments(const Inputs& in) {
  return {theory::mean<Number>(in("x"))(0), theory::biased_variance<Number>(in("x"))(0)};
}
Formula for_every_split_the_same() {
  return [](const Inputs& in) {
    const Values once = whole_moments(in);
    const auto m = in.sizes.batch;
    Values values;
    for (int k = 0; k < (m + 1) * (m + 2) / 2; ++k) values.insert(values.end(), once.begin(), once.end());
    return values;
  };
}

// Two parts: the first ⌊m/2⌋ values and the others.
struct Halves {
  Part a, b;
};
Halves halves_of(const Inputs& in) {
  const Values x = entries(in("x"));
  return {part_of(x, 0, x.size() / 2), part_of(x, x.size() / 2, x.size() - x.size() / 2)};
}
// mean and V from the halves; `mean_weight` and `spread_weight` are functions of n_a and n_b.
using Weight = Number (*)(const Number& a, const Number& b);
Formula merged_with(Weight mean_weight, Weight spread_weight) {
  return [=](const Inputs& in) -> Values {
    const auto [a, b] = halves_of(in);
    const Number of_a(static_cast<int>(a.count)), of_b(static_cast<int>(b.count));
    const Number delta = b.mean - a.mean;
    return {a.mean + delta * mean_weight(of_a, of_b),
            (a.squares + b.squares + delta * delta * spread_weight(of_a, of_b)) / (of_a + of_b)};
  };
}
Number share_of_b(const Number& a, const Number& b) { return b / (a + b); }
Number harmonic(const Number& a, const Number& b) { return a * b / (a + b); }
Number one_half(const Number&, const Number&) { return Number(1) / Number(2); }
Number no_weight(const Number&, const Number&) { return Number(0); }
Number count_of_b(const Number&, const Number& b) { return b; }

std::vector<Sizes> counts() { return {{.batch = 1}, {.batch = 2}, {.batch = 3}, {.batch = 4}, {.batch = 6}}; }

std::vector<Reading> exact_readings() {
  Reading merge = {
      .id = "printed__merge",
      .statement = "three parts, any split, empty and single ones too: the merged mean and M/m are mean and V",
      .inputs = one_channel(),
      .sizes = counts(),
      .left = by_reference("mean and M/m of the three parts merged, every split", for_every_split(left_to_right)),
      .right = by_theory("mean and biased variance of all values", for_every_split_the_same()),
      .why = "An identity between polynomials over n_a, n_b and n."};
  Reading associative = merge;
  associative.id = "merge_is_associative";
  associative.statement = "(a, b), c and a, (b, c) give the same mean and M";
  associative.right = by_reference("a merged with (b, c)", for_every_split(right_to_left));
  associative.algebraic_identity = true;
  associative.why = "Both are those of the whole. In floating point they are not the same.";
  Reading law = merge;
  law.id = "merge__two_parts";
  law.statement = "two parts: mean_a + δ n_b/n and M_a + M_b + δ² n_a n_b/n are those of the law of total variance";
  law.sizes = {{.batch = 2}, {.batch = 3}, {.batch = 4}, {.batch = 5}};
  law.left = by_reference("mean and M/m of two parts merged", [](const Inputs& in) -> Values {
    const auto [a, b] = halves_of(in);
    const auto moments = reference::moments_of(reference::merged(a, b));
    return {moments.mean, moments.variance};
  });
  law.right = by_theory("Σ w mean and Σ w V + Σ w w′ (mean − mean′)²", [](const Inputs& in) -> Values {
    const int first = in.sizes.batch / 2;
    const auto all =
        theory::merged_statistics<Number>({theory::part_of_batch<Number>(in("x"), 0, first),
                                           theory::part_of_batch<Number>(in("x"), first, in.sizes.batch - first)});
    return {all.mean(0), all.biased_variance(0)};
  });
  Reading updates = merge;
  updates.id = "updates";
  updates.statement = "Welford's updates, one value after the other: mean and M/m are mean and V";
  updates.left = by_reference("mean and M/m after m updates", [](const Inputs& in) -> Values {
    const auto moments = reference::moments_of(reference::welford_part<Number>(entries(in("x"))));
    return {moments.mean, moments.variance};
  });
  updates.right = by_theory("mean and biased variance", whole_moments);
  updates.why = "δ(x − mean after) = δ² (k − 1)/k: an update is a merge with a part of one value.";
  return {merge, associative, law, updates};
}

// What (3)'s bound of the deviations rests on: A, B ≥ 0 the mean magnitudes of two parts of n_a and n_b values.
Reading merged_deviations() {
  const auto counts_of = [](const Inputs& in) { return std::pair(Number(in.sizes.batch), Number(in.sizes.channels)); };
  return {
      .id = "merge__deviations",
      .statement = "n_a n_b/n (A + B)² ≤ n_a A² + n_b B²",
      .inputs = {{"a", Role::variance}, {"b", Role::variance}},
      .sizes = {{.batch = 1, .channels = 1}, {.batch = 2, .channels = 1}, {.batch = 3, .channels = 5}},
      .these_sizes_only = true,
      .left = by_theory("n_a n_b/n (A + B)²",
                        [=](const Inputs& in) -> Values {
                          const auto [a, b] = counts_of(in);
                          const Number both = in.scalar("a") + in.scalar("b");
                          return {harmonic(a, b) * both * both};
                        }),
      .relation = Relation::at_most,
      .right = by_definition("n_a A² + n_b B²",
                             [=](const Inputs& in) -> Values {
                               const auto [a, b] = counts_of(in);
                               return {a * in.scalar("a") * in.scalar("a") + b * in.scalar("b") * in.scalar("b")};
                             }),
      .gap =
          [=](const Inputs& in) {
            const auto [a, b] = counts_of(in);
            return std::vector<SquareTerm>{
                {.root = a * in.scalar("a") - b * in.scalar("b"), .denominator = in.sizes.batch + in.sizes.channels}};
          },
      .why = "So the errors of all merges of one rank together are at most what one part of that error would make."};
}

// ---- measured

Measured of_mean(std::string bound) { return {"|mean^ − mean|", std::move(bound), rounding::forward_output::mean}; }
Measured of_variance(std::string bound) { return {"|V^ − V|", std::move(bound), rounding::forward_output::variance}; }

constexpr std::size_t fewest = 2;  // one value is its own mean

Points on_normal_channels(std::vector<ForwardKernel> kernels) {
  return
      [=](Effort effort) { return rounding::forward_points(kernels, rounding::normal_grid(effort, fewest), effort); };
}
std::vector<ForwardKernel> pairwise_merges() {
  return {rounding::chan_pairwise(1), rounding::chan_pairwise(2), rounding::chan_pairwise(32)};
}

// Welford's updates held to less than the smallest number of binary32: they must be exact.
ForwardKernel exact_updates() {
  ForwardKernel kernel = rounding::welford();
  kernel.id = "exact_" + kernel.id;
  kernel.bounds = [](const theory::ChannelData&, const theory::Unit& unit, std::span<const float>) {
    return rounding::MomentErrors{unit.smallest / 2, unit.smallest / 2};
  };
  return kernel;
}
// And to the bounds of two passes whose sums are taken in halves.
ForwardKernel updates_as_two_passes() {
  const rounding::NamedOrder halves = {"pairwise", {reference::SummationOrder::Kind::pairwise}};
  ForwardKernel kernel = rounding::welford();
  kernel.id = "welford_as_two_pass";
  kernel.bounds = rounding::two_pass(halves).bounds;
  return kernel;
}

Points on_constant_channels(const ForwardKernel& kernel) {
  return [=](Effort effort) {
    std::vector<ChannelRecipe> recipes;
    for (const ChannelRecipe& recipe : rounding::grid(effort))
      if (recipe.kind == ChannelRecipe::Kind::constant) recipes.push_back(recipe);
    return rounding::forward_points({kernel}, recipes, effort);
  };
}

std::vector<Reading> measured_readings() {
  const auto rows = [](Effort effort) {
    std::vector<RoundingPoint> points;
    for (const std::size_t length : {4U, 16U})  // rows of parts of one size
      for (const ChannelRecipe& recipe : rounding::normal_grid(effort, fewest))
        if (recipe.count % length == 0)
          for (RoundingPoint& point : rounding::forward_points({rounding::chan_in_a_row(length)}, {recipe}, effort))
            points.push_back(std::move(point));
    return points;
  };
  return {
      rounding::bounded("printed__merge_bound__mean",
                        "|mean^ − mean| ≤ c_L X for halves of halves, parts of 1, 2 and 32", of_mean("c_L X"),
                        on_normal_channels(pairwise_merges()), "c grows by nine roundings a merge, for n_b ≤ 2 n_a."),
      rounding::bounded("printed__merge_bound__variance", "|V^ − V| ≤ 2e√V + e² + (e^{ru} − 1)(√V + e)² for the same",
                        of_variance("chan_variance_error"), on_normal_channels(pairwise_merges()),
                        "Deviations about means that are off by e in root mean square; Minkowski."),
      rounding::bounded("rows__variance", "the same law for parts of 4 and 16 values merged one after the other",
                        of_variance("updating_variance_error of welford_error"), rows,
                        "The updates' law with as many steps as there are parts; the parts' own means add theirs."),
      rounding::bounded("updates__mean", "|mean^ − mean| of Welford's updates is within its bound",
                        of_mean("welford_error"), on_normal_channels({rounding::welford()}),
                        "Each update rounds at the size of the mean, and is forgotten like 1/k."),
      rounding::bounded("updates__variance",
                        "|V^ − V| of Welford's updates is within its bound, u·m·κ·V to first order",
                        of_variance("welford_variance_error"), on_normal_channels({rounding::welford()}),
                        "The deviations are off by what the means are."),
      rounding::bounded(
          "updates__two_pass_bound", "Welford's updates keep the bound of two passes over halves",
          of_variance("(e^{(h+4)u} − 1)V + e^{(h+4)u}E²"),
          [](Effort effort) {
            return rounding::forward_points({updates_as_two_passes()}, rounding::normal_grid(Effort::quick, fewest),
                                            effort);
          },
          "Their error has a factor κ that two passes have not, and m where a tree has log₂ m."),
      rounding::bounded("updates__constant__mean", "on constant channels the updates' mean is exact",
                        of_mean("less than the smallest number"), on_constant_channels(exact_updates()),
                        "Every δ is 0."),
      rounding::bounded("updates__constant__variance", "on constant channels the updates' V is 0",
                        of_variance("less than the smallest number"), on_constant_channels(exact_updates()),
                        "Every δ is 0."),
      rounding::bounded(
          "updates__never_negative", "M of Welford's updates is never below 0: every sequence of 3 bits",
          {"−M", "0", 0}, rounding::updates_of_every_sequence,
          "Rounding is monotone: the new mean lies between the old one and x, and both factors have one sign."),
      rounding::bounded("updates__never_negative__binary32", "V of Welford's updates is never below 0 in binary32",
                        {"−V^", "0", rounding::forward_output::negative_variance},
                        on_normal_channels({rounding::welford()}), "The same."),
  };
}

// ---- the standard model

// Two parts whose means are off by c A each, A their mean magnitudes, merged: a, b the means, the magnitudes a + more.
struct MergeStep {
  Number u, c, mean_a, mean_b, of_a, of_b, share;  // share: n_b/n
};
MergeStep merge_step(const Inputs& in) {
  const Number a = in.scalar("a"), b = in.scalar("b");
  return {in.scalar("u"),
          in.scalar("c"),
          a,
          b,
          magnitude(a) + in.scalar("more_a"),
          magnitude(b) + in.scalar("more_b"),
          Number(in.sizes.channels) / Number(in.sizes.batch + in.sizes.channels)};
}
Number merged_magnitude(const MergeStep& s) { return s.of_a + (s.of_b - s.of_a) * s.share; }
Formula merge_bound(Number (*bound)(const MergeStep&)) {
  return [=](const Inputs& in) -> Values { return {bound(merge_step(in))}; };
}

Reading model_merge() {
  // n_b/n, δ, their product and the sum: four roundings.
  const auto size = [](int a, int b) { return Sizes{.batch = a, .channels = b, .hidden = 4}; };
  return {.id = "model__merged_mean",
          .statement =
              "the standard model: two means off by cA and cB are merged into one that is off by ((1 + c)(1 + u)⁹ − "
              "1) (n_a A + n_b B)/n at most, n_b ≤ 2 n_a",
          .inputs = with_roundings({{"a", Role::mean},
                                    {"b", Role::mean},
                                    {"more_a", Role::variance},
                                    {"more_b", Role::variance},
                                    {"c", Role::variance},
                                    {"off_a", Role::rate},
                                    {"off_b", Role::rate}}),
          .sizes = {size(1, 1), size(2, 1), size(1, 2), size(3, 5)},
          .these_sizes_only = true,
          .left = by_reference("|mean^ − mean| of the merge with (a op b)(1 + δ)",
                               [](const Inputs& in) -> Values {
                                 const MergeStep s = merge_step(in);
                                 const ModelNumber a(s.mean_a + s.c * s.of_a * signed_part(in.scalar("off_a")));
                                 const ModelNumber b(s.mean_b + s.c * s.of_b * signed_part(in.scalar("off_b")));
                                 const ModelNumber of_b(in.sizes.channels), count(in.sizes.batch + in.sizes.channels);
                                 const ModelNumber mean =
                                     in_the_model(in, [&] { return a + (b - a) * (of_b / count); });
                                 return {magnitude(mean.value() - (s.mean_a + (s.mean_b - s.mean_a) * s.share))};
                               }),
          .relation = Relation::at_most,
          .right = by_theory("((1 + c)(1 + u)⁹ − 1)(n_a A + n_b B)/n", merge_bound([](const MergeStep& s) {
                               return theory::model_merged_mean_error<Number>(s.u, s.c, merged_magnitude(s));
                             })),
          .why = "The move is off by three roundings of n_b/n (|a| + |b|), which is at most twice the mean magnitude."};
}

// The same where the part that is moved to is much larger: what n_b ≤ 2 n_a is for.
Reading model_merge_into_the_smaller() {
  Reading reading = model_merge();
  reading.id = "model__merged_mean__into_the_smaller_part";
  reading.statement = "the same bound where n_b = 30 n_a, c = 0 and A = |mean_a|, B = |mean_b|";
  reading.hypotheses = {imposing("exact_parts", "c = 0, A = |mean_a|, B = |mean_b|", [](Inputs& in) {
    for (const char* name : {"c", "more_a", "more_b"}) in.set(name, Number(0));
  })};
  reading.sizes = {{.batch = 1, .channels = 30, .hidden = 4}};
  reading.why = "The move is off by a part of |a|, which weighs n_a/n alone in the mean magnitude.";
  return reading;
}

// The k-th update of a mean that is off by `before`: k is the batch size.
struct UpdateStep {
  Number u, before, delta, mean;  // δ_k and the mean before
};
UpdateStep update_step(const Inputs& in) {
  return {in.scalar("u"), in.scalar("before"), in.scalar("delta"), in.scalar("mean")};
}
Formula update_bound(Number (*before)(const UpdateStep&), Number (*mean)(const UpdateStep&, int k)) {
  return [=](const Inputs& in) -> Values {
    const UpdateStep s = update_step(in);
    return {theory::model_updated_mean_error<Number>(s.u, in.sizes.batch, before(s), magnitude(s.delta),
                                                     magnitude(mean(s, in.sizes.batch)))};
  };
}
Number own_before(const UpdateStep& s) { return s.before; }
Number nothing_before(const UpdateStep&) { return Number(0); }
Number own_mean(const UpdateStep& s, int k) { return s.mean + s.delta / Number(k); }
Number no_mean(const UpdateStep&, int) { return Number(0); }

Reading model_update() {
  return {
      .id = "model__updated_mean",
      .statement =
          "the standard model: |E_k| ≤ ((1 − 1/k)|E_(k−1)| + (|δ_k| + |E_(k−1)|)((1 + u)² − 1)/k)(1 + u) + u|mean_k|",
      .inputs = with_roundings(
          {{"mean", Role::mean}, {"delta", Role::activation}, {"before", Role::variance}, {"off", Role::rate}}),
      .sizes = {{.batch = 2, .hidden = 3}, {.batch = 3, .hidden = 3}, {.batch = 10, .hidden = 3}},
      .these_sizes_only = true,
      .left = by_reference("|mean^ + δ^/k − mean_k| with (a op b)(1 + δ)",
                           [](const Inputs& in) -> Values {
                             const UpdateStep s = update_step(in);
                             const ModelNumber mean(s.mean + s.before * signed_part(in.scalar("off")));
                             const ModelNumber x(s.mean + s.delta);
                             const ModelNumber updated =
                                 in_the_model(in, [&] { return mean + (x - mean) / ModelNumber(in.sizes.batch); });
                             return {magnitude(updated.value() - own_mean(s, in.sizes.batch))};
                           }),
      .relation = Relation::at_most,
      .right = by_theory("((1 − 1/k)|E| + (|δ| + |E|)((1 + u)² − 1)/k)(1 + u) + u|mean_k|",
                         update_bound(own_before, own_mean)),
      .why =
          "The old error is kept but for 1/k; the difference and the quotient round what is moved, and the sum "
          "rounds at the size of the mean."};
}

// ---- near-misses

Hypothesis halves_have_one_mean() {
  return imposing("part_means_agree", "mean_a = mean_b", [](Inputs& in) {
    const auto [a, b] = halves_of(in);
    Array<Number> x = in("x");
    for (Eigen::Index k = x.rows() / 2; k < x.rows(); ++k) x(k) += a.mean - b.mean;
    in.set("x", x);
  });
}

std::vector<Mutant> mutants() {
  const std::vector<Sizes> even = {{.batch = 2}, {.batch = 4}};
  return {
      {.id = "without_the_spread",
       .reading = "merge__two_parts",
       .words = "M_a + M_b",
       .agrees_when = halves_have_one_mean(),
       .right = merged_with(share_of_b, no_weight)},
      {.id = "spread_weighs_the_second_part",
       .reading = "merge__two_parts",
       .words = "δ² n_b for δ² n_a n_b/n",
       .agrees_when = halves_have_one_mean(),
       .right = merged_with(share_of_b, count_of_b)},
      {.id = "mean_of_the_means",
       .reading = "merge__two_parts",
       .words = "(mean_a + mean_b)/2",
       .agrees_when = {.id = "equal_parts", .sentence = "n_a = n_b"},
       .right = merged_with(one_half, harmonic),
       .agreeing_sizes = even},
      {.id = "without_the_condition",
       .reading = "printed__merge_bound__mean",
       .words = "√V for X",
       .agrees_when = {.id = "mean_is_zero", .sentence = "mean = 0"},
       .points =
           [](Effort effort) {
             const ForwardKernel kernel = rounding::forgetting(
                 rounding::chan_pairwise(1),
                 [](theory::ChannelData& data, theory::Unit&) { data.root_mean_square = std::sqrt(data.variance); });
             using Kind = ChannelRecipe::Kind;
             return rounding::natural_on(
                 rounding::forward_points({kernel}, {{Kind::normal, 0, 256}, {Kind::normal, 1e4, 256}}, effort),
                 "condition=0");
           }},
      {.id = "errors_are_not_kept",
       .reading = "model__updated_mean",
       .words = "E_(k−1) = 0 in the bound",
       .agrees_when = imposing("exact_before", "E_(k−1) = 0", [](Inputs& in) { in.set("before", Number(0)); }),
       .right = update_bound(nothing_before, own_mean)},
      {.id = "means_are_not_rounded",
       .reading = "model__updated_mean",
       .words = "without u|mean_k|",
       .agrees_when = imposing("mean_is_zero", "mean_k = 0 (mean := −δ/k)",
                               [](Inputs& in) { in.set("mean", -in.scalar("delta") / Number(in.sizes.batch)); }),
       .right = update_bound(own_before, no_mean)},
      {.id = "errors_are_not_inherited",
       .reading = "model__merged_mean",
       .words = "((1 + u)⁹ − 1)(n_a A + n_b B)/n",
       .agrees_when = imposing("exact_parts", "c = 0", [](Inputs& in) { in.set("c", Number(0)); }),
       .right = merge_bound([](const MergeStep& s) {
         return theory::model_merged_mean_error<Number>(s.u, Number(0), merged_magnitude(s));
       })},
  };
}

}  // namespace

Claim welford_and_chan_merge() {
  std::vector<Reading> readings = exact_readings();
  readings.push_back(merged_deviations());
  for (const std::vector<Reading>& more :
       {measured_readings(), std::vector{model_merge(), model_merge_into_the_smaller(), model_update()}})
    readings.insert(readings.end(), more.begin(), more.end());
  return {
      .title = "Merging (n, mean, M) of parts is exact in exact arithmetic, and in floating point within its bound",
      .sources = {{"CGL83", "(2.1), the law u·m·κ"}, {"consequence", "theory/rounding/welford_and_chan.hpp"}},
      .notation =
          "a part: n values, their mean, M = Σ (x − mean)²; δ = mean_b − mean_a; m values in all, V = M/m; u = 2⁻²⁴; "
          "X root mean square; κ = X/√V",
      .why =
          "Σ over part a of (x − mean)² = M_a + n_a (mean_a − mean)², and the two spreads make δ² n_a n_b/n. Errors: "
          "each merge rounds the means, and M adds squares of deviations about them.",
      .explain =
          "Parts of a batch (devices, threads, blocks, single values) can be put together from their counts, means "
          "and sums of squares alone, in any order, and exactly: this is how statistics are merged over devices. "
          "Welford's update is the merge with one value. In floating point a merge of halves of halves is about as "
          "accurate as a sum in halves where the mean is small, and loses a factor κ in the variance where it is "
          "large; a chain of updates loses m κ. Neither can come out below 0, and on a constant channel Welford's "
          "updates are exact: every sequence of up to four numbers of a three-bit format is tried. Held to the bound "
          "of two passes, the updates fail.",
      .readings = readings,
      .mutants = mutants(),
  };
}

}  // namespace normproof::claims
