// What does the forward pass of a full normalization layer compute, and does its variance estimate stay a variance?
//
// Sentence   "μ ← (1−α)μ + α mean(B_in), ν ← (1−α)ν + α mean_of_square(B_in); B_output ← (B_in − μ)/√max{ν − μ², ε}"
// Source     LL19 Algorithm 3, forward pass; compare LL19 Algorithm 1, (B_in − mean)/√(var + ε).
// Notation   x = B_in, batch × channels; μ = mean, ν = square (the estimate of the mean of squares); α = alpha weighs
//            the new value; ε = eps; ′ marks a value after the update.
// Hypotheses ε ≥ 0, α in [0, 1]; the start (μ, ν) is free wherever a reading does not say otherwise.
// Formula    at α = 1 and B = D:   out = (x − mean x)/√max{var x, ε}
//            after k steps:        μ_k = (1−α)^k μ_0 + Σ_i α(1−α)^(k−i) mean(x_i), and ν likewise with the squares
//            one step:             ν′ − μ′² = (1−α)(ν − μ²) + α var(x) + α(1−α)(μ − mean x)²
// Why        The estimate (μ, ν) is the pair of first two moments of a mixture: with weight 1−α of the old distribution
//            and α of the batch. A mixture's variance is the mean of the variances plus the variance of the means.
#include "impl/reference/full_norm.hpp"
#include "proofs_checks/inputs/adapters.hpp"
#include "theory/objectives/least_squares_residual.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

using reference::FullNormReading;
using State = reference::FullNormState<Number>;
constexpr auto per_feature = FullNormReading::Statistics::per_feature;
constexpr auto whole_block = FullNormReading::Statistics::whole_block;

std::vector<InputSpec> layer_inputs(Dimension statistics = Dimension::channels) {
  return {{"x", Role::activation, Dimension::batch, Dimension::channels},
          {"mean", Role::mean, Dimension::one, statistics},
          {"square", Role::mean, Dimension::one, statistics},
          {"eps", Role::epsilon}};
}

std::vector<InputSpec> with(std::vector<InputSpec> specs, const std::vector<InputSpec>& more) {
  specs.insert(specs.end(), more.begin(), more.end());
  return specs;
}

const InputSpec alpha = {"alpha", Role::rate};
// q ≥ 0, or the root of a distance; one a feature.
const InputSpec spread = {"spread", Role::variance, Dimension::one, Dimension::channels};
const InputSpec distance = {"distance", Role::activation, Dimension::one, Dimension::channels};

std::vector<Sizes> layer_sizes() {
  return {
      {.batch = 1}, {.batch = 2}, {.batch = 3}, {.batch = 4}, {.batch = 2, .channels = 2}, {.batch = 3, .channels = 2}};
}

Array<Number> square_of(const Array<Number>& array) { return array * array; }

Array<Number> mean_of(const Array<Number>& x) {
  Array<Number> mean = Array<Number>::Constant(1, x.cols(), Number(0));
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    for (Eigen::Index i = 0; i < x.rows(); ++i) mean(j) += x(i, j);
    mean(j) = mean(j) / Number(static_cast<int>(x.rows()));
  }
  return mean;
}

// (1−α) old + α new.
Array<Number> moved(const Array<Number>& before, const Array<Number>& batch_value, const Number& rate) {
  Array<Number> after = before;
  for (Eigen::Index j = 0; j < after.size(); ++j) after(j) = (Number(1) - rate) * before(j) + rate * batch_value(j);
  return after;
}

State start(const Inputs& in) { return {row_major(in("mean")), row_major(in("square"))}; }

State updated(const Inputs& in, const std::vector<std::string>& batches, const Number& rate) {
  State state = start(in);
  for (const std::string& batch : batches)
    reference::full_norm_update<Number>(row_major(in(batch)), extents_of(in(batch)), per_feature, rate, state);
  return state;
}

Values variance_estimate(const State& state) {
  Values values;
  for (std::size_t j = 0; j < state.mean.size(); ++j) values.push_back(state.square[j] - state.mean[j] * state.mean[j]);
  return values;
}

// Lines 1 to 3, training.
Values reference_training(const Inputs& in, FullNormReading::Statistics statistics, const Number& rate) {
  const Array<Number>& x = in("x");
  State state = start(in);
  Values out(static_cast<std::size_t>(x.size()));
  reference::full_norm_forward<Number>(row_major(x), extents_of(x), statistics, rate, in.scalar("eps"), state, out);
  return out;
}

// Line 3 alone, at the given (μ, ν).
Values reference_output(const Inputs& in) {
  const Array<Number>& x = in("x");
  Values out(static_cast<std::size_t>(x.size()));
  reference::full_norm_output<Number>(row_major(x), extents_of(x), per_feature, start(in), in.scalar("eps"), out);
  return out;
}

// (x − μ)/√radicand_j, written out; radicand takes ν − μ² and ε.
template <class Radicand>
Values normalized(const Array<Number>& x, const Array<Number>& mean, const Array<Number>& square, const Number& eps,
                  Radicand radicand) {
  Array<Number> out = x;
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    const Number variance = square(j) - mean(j) * mean(j), under_the_root = radicand(variance, eps);
    const Number root = sqrt(under_the_root);
    for (Eigen::Index i = 0; i < x.rows(); ++i) out(i, j) = (x(i, j) - mean(j)) / root;
  }
  return row_major(out);
}

Number clamped(const Number& variance, const Number& eps) { return clamp_below(variance, eps); }
Number added(const Number& variance, const Number& eps) { return variance + eps; }

template <class Radicand>
Formula output_with(Radicand radicand) {
  return [=](const Inputs& in) { return normalized(in("x"), in("mean"), in("square"), in.scalar("eps"), radicand); };
}

// (x − mean x)/√max{var x, ε} from theory's mean and its variance in two passes, a column at a time.
Values exact_full_normalization(const Array<Number>& x, const Number& eps) {
  Array<Number> out = x;
  const theory::Vector<Number> mean = theory::mean<Number>(x);
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    const theory::Vector<Number> column = x.col(j);
    const Number variance = theory::biased_covariance(column, column), root = sqrt(clamp_below(variance, eps));
    for (Eigen::Index i = 0; i < x.rows(); ++i) out(i, j) = (x(i, j) - mean(j)) / root;
  }
  return row_major(out);
}

// The whole block as one column, row after row.
Array<Number> as_one_column(const Array<Number>& x) { return from_row_major<Number>(row_major(x), x.size(), 1); }

theory::Vector<Number> two_pass_variance(const Array<Number>& x) {
  theory::Vector<Number> variance(x.cols());
  for (Eigen::Index j = 0; j < x.cols(); ++j) {
    const theory::Vector<Number> column = x.col(j);
    variance(j) = theory::biased_covariance(column, column);
  }
  return variance;
}

// w_0 start + Σ_i w_i value_i with w_0 = (1−α)^k and w_i = α(1−α)^(k−i), of μ and then of ν.
Formula closed_form(bool rates_exchanged) {
  return [=](const Inputs& in) {
    const Number rate = rates_exchanged ? Number(1) - in.scalar("alpha") : in.scalar("alpha"), keep = Number(1) - rate;
    Values values;
    for (const bool squares : {false, true}) {
      const auto of_batch = [&](const char* name) { return mean_of(squares ? square_of(in(name)) : in(name)); };
      const Array<Number> first = of_batch("x_1"), second = of_batch("x_2"), third = of_batch("x_3");
      const Array<Number>& before = in(squares ? "square" : "mean");
      for (Eigen::Index j = 0; j < before.size(); ++j)
        values.push_back(keep * keep * keep * before(j) + rate * keep * keep * first(j) + rate * keep * second(j) +
                         rate * third(j));
    }
    return values;
  };
}

// (1−α)(ν − μ²) + α var(x) + α(1−α)(μ − mean x)², the last term or not.
Formula mixture(bool between_the_means) {
  return [=](const Inputs& in) {
    const Number rate = in.scalar("alpha"), keep = Number(1) - rate;
    const theory::Vector<Number> mean = theory::mean<Number>(in("x")), variance = two_pass_variance(in("x"));
    Values values;
    for (int j = 0; j < in.sizes.channels; ++j) {
      const Number before = in("mean")(j), apart = before - mean(j);
      Number sum = keep * (in("square")(j)-before * before) + rate * variance(j);
      if (between_the_means) sum += rate * keep * apart * apart;
      values.push_back(sum);
    }
    return values;
  };
}

struct TrainingStep {
  bool mean_moves = true, square_moves = true, rates_exchanged = false;
};

// Lines 1 to 3 written out, with a slip or without.
Formula training_step(TrainingStep step) {
  return [=](const Inputs& in) {
    const Array<Number>& x = in("x");
    const Number rate = step.rates_exchanged ? Number(1) - in.scalar("alpha") : in.scalar("alpha");
    const Array<Number> mean = step.mean_moves ? moved(in("mean"), mean_of(x), rate) : in("mean");
    const Array<Number> square = step.square_moves ? moved(in("square"), mean_of(square_of(x)), rate) : in("square");
    return normalized(x, mean, square, in.scalar("eps"), clamped);
  };
}

// ν := μ² + spread, spread ≥ 0: what a start with ν ≥ μ² is.
Hypothesis start_is_possible() {
  Hypothesis possible = imposing("possible_start", "ν ≥ μ² before the update", [](Inputs& in) {
    in.set("square", Array<Number>(in("mean") * in("mean") + in("spread")));
  });
  possible.frees = {{"square", Role::variance}};  // a mean of squares that is given
  return possible;
}

// ν := μ² + ε ± distance².
Hypothesis variance_beside_eps(int side) {
  const bool above = side > 0;
  return imposing(above ? "clamp_inactive" : "clamp_active", above ? "ν − μ² ≥ ε" : "ν − μ² ≤ ε", [=](Inputs& in) {
    Array<Number> square = in("mean") * in("mean");
    for (Eigen::Index j = 0; j < square.size(); ++j)
      square(j) += in.scalar("eps") + Number(side) * in("distance")(j)*in("distance")(j);
    in.set("square", square);
  });
}

// α := new/(new + old) with new, old ≥ 0: every rate in [0, 1], and α and 1−α both in sight as not negative.
Hypothesis rate_is_a_weight() {
  Hypothesis weight = imposing("rate", "α = new/(new + old)", [](Inputs& in) {
    in.set("alpha", in.scalar("new") / (in.scalar("new") + in.scalar("old")));
  });
  weight.frees = {{"alpha", Role::rate}};
  return weight;
}

std::vector<SquareTerm> gap_of_the_variance(const Inputs& in) {
  const Number fresh = in.scalar("new"), old = in.scalar("old"), total = fresh + old;
  const Array<Number>& x = in("x");
  const Number mean = mean_of(x)(0);
  std::vector<SquareTerm> terms = {// (1−α) spread, as 1−α = ((old)² + new·old)/total²
                                   {.root = old / total, .nonnegative = {"spread"}},
                                   {.root = Number(1) / total, .nonnegative = {"spread", "new", "old"}},
                                   // α(1−α)(μ − mean x)²
                                   {.root = (in.scalar("mean") - mean) / total, .nonnegative = {"new", "old"}}};
  for (int i = 0; i < in.sizes.batch; ++i) {  // α var x
    const Number deviation = (x(i, 0) - mean) / total;
    terms.push_back({.root = fresh * deviation, .denominator = in.sizes.batch});
    terms.push_back({.root = deviation, .nonnegative = {"new", "old"}, .denominator = in.sizes.batch});
  }
  return terms;
}

Hypothesis rate_is(int numerator, int denominator) {
  const std::string value =
      denominator == 1 ? std::to_string(numerator) : std::to_string(numerator) + "/" + std::to_string(denominator);
  return imposing("rate_fixed", "α = " + value,
                  [=](Inputs& in) { in.set("alpha", Number(numerator) / Number(denominator)); });
}

}  // namespace

Claim fn_layer_forward() {
  const Side variance_after = by_reference("ν′ − μ′² after Algorithm 3 line 1", [](const Inputs& in) {
    return variance_estimate(updated(in, {"x"}, in.scalar("alpha")));
  });
  return {
      .title = "The full normalization layer moves μ and ν towards the batch's moments and divides by √max{ν − μ², ε}",
      .sources = {{"LL19", "Algorithm 3, forward pass"}, {"LL19", "Algorithm 1, for comparison"}},
      .notation =
          "x = B_in, α weighs the new value, ′ marks a value after the update; μ, ν per feature unless the "
          "reading says whole block",
      .why =
          "(μ, ν) are the first two moments of a mixture: weight 1−α of what was seen before, α of the batch. "
          "Unrolled, "
          "the recursion is a weighted sum. A mixture's variance is the mean of the variances plus the variance of the "
          "means, so ν − μ² never falls below 0 once it starts there.",
      .explain =
          "A full normalization layer remembers two running averages, of its input and of its input squared, and "
          "normalizes by them instead of by the batch's own mean and variance. With rate 1 it forgets the past and "
          "becomes exact normalization by the batch. Its ε is a floor under the variance (max), where batch "
          "normalization adds ε: the outputs differ whenever neither of the two is 0. The floor is also needed: "
          "started at μ, ν that are the moments of nothing, ν − μ² can be negative.",
      .readings =
          {
              {.id = "printed__full_batch",
               .statement = "at α = 1, B = D: B_output = (B − mean B)/√max{var B, ε}, whatever μ and ν were",
               .inputs = layer_inputs(),
               .sizes = layer_sizes(),
               .left = by_reference("Algorithm 3 lines 1–3 at α = 1",
                                    [](const Inputs& in) { return reference_training(in, per_feature, Number(1)); }),
               .right = by_theory("(B − mean B)/√max{var B, ε}, the variance in two passes",
                                  [](const Inputs& in) { return exact_full_normalization(in("x"), in.scalar("eps")); }),
               .why = "A batch of one sample gives 0 on both sides."},
              {.id = "printed__full_batch__whole_block",
               .statement =
                   "at α = 1, B = D: B_output = (B − mean B)/√max{var B, ε}, one μ and one ν for the whole b×d block",
               .inputs = layer_inputs(Dimension::one),
               .sizes = {{.batch = 1, .channels = 2},
                         {.batch = 1, .channels = 3},
                         {.batch = 2, .channels = 2},
                         {.batch = 3, .channels = 2}},
               .left = by_reference("Algorithm 3 lines 1–3 at α = 1, statistics over the block",
                                    [](const Inputs& in) { return reference_training(in, whole_block, Number(1)); }),
               .right = by_theory("(B − mean B)/√max{var B, ε} over all b·d entries",
                                  [](const Inputs& in) {
                                    return exact_full_normalization(as_one_column(in("x")), in.scalar("eps"));
                                  })},
              {.id = "printed__training_step",
               .statement = "in training, B_output = (B − μ′)/√max{ν′ − μ′², ε} with the statistics after the update",
               .inputs = with(layer_inputs(), {alpha}),
               .sizes = layer_sizes(),
               .left = by_reference(
                   "Algorithm 3 lines 1–3",
                   [](const Inputs& in) { return reference_training(in, per_feature, in.scalar("alpha")); }),
               .right = by_definition("the three lines written out", training_step({}))},
              {.id = "printed__recursion",
               .statement = "μ_3 = (1−α)³μ_0 + Σ_i α(1−α)^(3−i) mean(B_i), and ν_3 likewise with mean_of_square",
               .inputs = {{"x_1", Role::activation, Dimension::batch, Dimension::channels},
                          {"x_2", Role::activation, Dimension::batch, Dimension::channels},
                          {"x_3", Role::activation, Dimension::batch, Dimension::channels},
                          {"mean", Role::mean, Dimension::one, Dimension::channels},
                          {"square", Role::mean, Dimension::one, Dimension::channels},
                          alpha},
               .sizes = {{.batch = 1}, {.batch = 2}, {.batch = 3}, {.batch = 2, .channels = 2}},
               .left = by_reference("three updates by Algorithm 3 line 1",
                                    [](const Inputs& in) {
                                      const State state = updated(in, {"x_1", "x_2", "x_3"}, in.scalar("alpha"));
                                      Values values = state.mean;
                                      values.insert(values.end(), state.square.begin(), state.square.end());
                                      return values;
                                    }),
               .right = by_definition("the weighted sum of the start and the three batches", closed_form(false))},
              {.id = "printed__clamp_inactive",
               .statement = "where ν − μ² ≥ ε, B_output = (B − μ)/√(ν − μ²): ε plays no part",
               .inputs = with(layer_inputs(), {distance}),
               .sizes = layer_sizes(),
               .hypotheses = {variance_beside_eps(1)},
               .left = by_reference("Algorithm 3 line 3 at a given μ, ν", reference_output),
               .right = by_definition("(B − μ)/√(ν − μ²)",
                                      output_with([](const Number& variance, const Number&) { return variance; }))},
              {.id = "printed__clamp_active",
               .statement = "where ν − μ² ≤ ε, B_output = (B − μ)/√ε: ν plays no part",
               .inputs = with(layer_inputs(), {distance}),
               .sizes = layer_sizes(),
               .hypotheses = {variance_beside_eps(-1)},
               .left = by_reference("Algorithm 3 line 3 at a given μ, ν", reference_output),
               .right = by_definition("(B − μ)/√ε", output_with([](const Number&, const Number& eps) { return eps; })),
               .why = "This includes ν < μ², where there is no variance at all and only the clamp gives a value."},
              {.id = "eps_inside_root",
               .statement = "B_output = (B − μ)/√(ν − μ² + ε), as in LL19 Algorithm 1",
               .inputs = with(layer_inputs(), {spread}),
               .sizes = layer_sizes(),
               .hypotheses = {start_is_possible()},
               .left = by_reference("Algorithm 3 line 3 at a given μ, ν", reference_output),
               .right = by_definition("(B − μ)/√(ν − μ² + ε)", output_with(added)),
               .why =
                   "A floor is not a summand: max{v, ε} = v + ε only where one of the two is 0. Algorithms 1 and 3 so "
                   "differ by up to a factor √2, at v = ε."},
              {.id = "mixture_variance",
               .statement = "ν′ − μ′² = (1−α)(ν − μ²) + α var(B) + α(1−α)(μ − mean B)²",
               .inputs = with(layer_inputs(), {alpha}),
               .sizes = layer_sizes(),
               .left = variance_after,
               .right = by_theory("(1−α)(ν − μ²) + α var(B) + α(1−α)(μ − mean B)², the variance in two passes",
                                  mixture(true)),
               .why = "Holds for every μ, ν and α, possible as moments or not."},
              {.id = "variance_stays_nonnegative",
               .statement = "0 ≤ ν′ − μ′² for every α in [0, 1], if ν ≥ μ²",
               .inputs = {{"x", Role::activation, Dimension::batch, Dimension::channels},
                          {"mean", Role::mean},
                          {"spread", Role::variance},
                          {"new", Role::variance},
                          {"old", Role::variance}},
               .sizes = {{.batch = 1}, {.batch = 2}, {.batch = 3}, {.batch = 4}},
               .hypotheses = {start_is_possible(), rate_is_a_weight()},
               .left = by_definition("0", [](const Inputs&) -> Values { return {Number(0)}; }),
               .relation = Relation::at_most,
               .right = variance_after,
               .gap = gap_of_the_variance,
               .why =
                   "The mixture's variance is a sum of squares with weights (1−α) spread, α/b and α(1−α). A start at "
                   "μ = ν = 0 is possible, so a layer that starts there never needs the clamp for a negative number."},
              {.id = "variance_stays_nonnegative__without_possible_start",
               .statement = "0 ≤ ν′ − μ′² for every α in [0, 1] and every start μ, ν",
               .inputs = {{"x", Role::activation, Dimension::batch, Dimension::channels},
                          {"mean", Role::mean},
                          {"square", Role::variance},
                          alpha},
               .sizes = {{.batch = 1}, {.batch = 2}, {.batch = 3}},
               .left = by_definition("0", [](const Inputs&) -> Values { return {Number(0)}; }),
               .relation = Relation::at_most,
               .right = variance_after,
               .why = "False from a start with ν < μ², ν ≥ 0 included: the algorithm asks for a mean and a mean of "
                      "squares "
                      "and says nothing of how they must fit together. The clamp is what keeps the root real there."},
          },
      .mutants =
          {
              {.id = "old_statistics",
               .reading = "printed__training_step",
               .words = "normalizes by μ, ν from before the update",
               .agrees_when = rate_is(0, 1),
               .right = training_step({.mean_moves = false, .square_moves = false})},
              {.id = "square_not_updated",
               .reading = "printed__training_step",
               .words = "leaves ν as it was",
               .agrees_when = imposing("square_settled", "ν = mean_of_square(B) already",
                                       [](Inputs& in) { in.set("square", mean_of(square_of(in("x")))); }),
               .right = training_step({.square_moves = false})},
              {.id = "rates_exchanged",
               .reading = "printed__recursion",
               .words = "α weighs the old value",
               .agrees_when = rate_is(1, 2),
               .right = closed_form(true)},
              {.id = "eps_added",
               .reading = "printed__clamp_active",
               .words = "(B − μ)/√(ν − μ² + ε)",
               .agrees_when = imposing("no_variance", "ν = μ², as after one batch of one sample at α = 1",
                                       [](Inputs& in) { in.set("square", square_of(in("mean"))); }),
               .right = output_with(added)},
              {.id = "forgets_variance_between_the_means",
               .reading = "mixture_variance",
               .words = "(1−α)(ν − μ²) + α var(B)",
               .agrees_when =
                   imposing("mean_settled", "μ = mean B already", [](Inputs& in) { in.set("mean", mean_of(in("x"))); }),
               .right = mixture(false)},
          },
  };
}

}  // namespace normproof::claims
