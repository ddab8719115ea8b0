// Claim: the running mean and variance of batch norm are weighted sums of their start and of all batches seen.
//
// Source       LL19 Algorithm 1, line 1; NOTE15, RunningBatchNorm1D (running_mean.lerp_(mean, momentum), from 0 and 1);
//              LI23 §2.2 ("compute the average (over mini-batch means and variances), by taking the running averages")
// Notation     B_1 … B_k the batches of one channel, mean and var (biased) their statistics; μ_k, ν_k after k steps;
//              α in [0, 1]. In the inputs column t of x is B_t, so "channels" counts the steps k
// Hypotheses   none on the batches, the start or α; LI23's average needs α_t = 1/t
//
//     μ_k = (1 − α)^k μ_0 + Σ_t α (1 − α)^(k−t) mean(B_t),     ν_k likewise with var(B_t)
//
// Why. One step keeps the share 1 − α of what is there and adds α of the new value; a value added at step t is kept k −
// t times after that. The weights add up to 1: Σ_t α (1 − α)^(k−t) = 1 − (1 − α)^k. lerp(old, new, α) = old + α (new −
// old) is the same step. Libraries that call 1 − α the momentum write the two weights the other way round.
#include "proofs_checks/inputs/adapters.hpp"
#include "theory/running_average.hpp"

namespace normproof::claims {

using namespace inputs;

namespace {

std::vector<InputSpec> steps() {
  return {{"x", Role::activation, Dimension::batch, Dimension::channels},
          {"start_mean", Role::mean},
          {"start_variance", Role::variance},
          {"alpha", Role::rate}};
}

// "channels" is the number of steps k.
std::vector<Sizes> steps_sizes() {
  return {{.batch = 1},
          {.batch = 2},
          {.batch = 1, .channels = 2},
          {.batch = 2, .channels = 2},
          {.batch = 3, .channels = 3},
          {.batch = 2, .channels = 6}};
}

std::vector<Sizes> several_steps_sizes() {
  return {{.batch = 1, .channels = 2},
          {.batch = 2, .channels = 2},
          {.batch = 3, .channels = 3},
          {.batch = 2, .channels = 5}};
}

Values column(const Array<Number>& x, Eigen::Index step) {
  Values batch;
  for (Eigen::Index i = 0; i < x.rows(); ++i) batch.push_back(x(i, step));
  return batch;
}

// μ_k and ν_k by LL19 Algorithm 1, the rate of step t (from 1) as given.
template <class Rate>
Values algorithm_1(const Inputs& in, Rate rate_of_step) {
  const reference::Extents extents = {in.sizes.batch, 1};
  reference::RunningStatistics<Number> running = {{in.scalar("start_mean")}, {in.scalar("start_variance")}};
  for (Eigen::Index step = 0; step < in("x").cols(); ++step) {
    // Line 1 does not read ε; line 2's output is not used: ε = 1 gives it a value for every batch.
    Values unused(extents.size());
    reference::batch_norm_layer_train<Number>(column(in("x"), step), extents, Number(1),
                                              rate_of_step(static_cast<int>(step) + 1), running, unused);
  }
  return {running.mean[0], running.variance[0]};
}

Side by_algorithm_1() {
  return by_reference("μ_k and ν_k, LL19 Algorithm 1 line 1, step by step",
                      [](const Inputs& in) { return algorithm_1(in, [&](int) { return in.scalar("alpha"); }); });
}

// running.lerp_(new, weight): running + weight·(new − running), with x.mean and x.var(unbiased=False) written out.
Values note_15_steps(const Inputs& in) {
  Number mean = in.scalar("start_mean"), variance = in.scalar("start_variance");
  const Number momentum = in.scalar("alpha"), m(in.sizes.batch);
  for (Eigen::Index step = 0; step < in("x").cols(); ++step) {
    Number batch_mean(0), batch_variance(0);
    for (const Number& value : column(in("x"), step)) batch_mean += value / m;
    for (const Number& value : column(in("x"), step)) batch_variance += (value - batch_mean) * (value - batch_mean) / m;
    mean += momentum * (batch_mean - mean);
    variance += momentum * (batch_variance - variance);
  }
  return {mean, variance};
}

// running ← momentum·running + (1 − momentum)·new.
Values turned_round_steps(const Inputs& in, const Number& momentum) {
  Number mean = in.scalar("start_mean"), variance = in.scalar("start_variance");
  const theory::Vector<Number> means = theory::mean<Number>(in("x")),
                               variances = theory::biased_variance<Number>(in("x"));
  for (Eigen::Index step = 0; step < means.size(); ++step) {
    mean = momentum * mean + (Number(1) - momentum) * means(step);
    variance = momentum * variance + (Number(1) - momentum) * variances(step);
  }
  return {mean, variance};
}

// Both closed forms with the rate wanted(α).
Values closed_forms(const Inputs& in, const Number& rate) {
  return {theory::running_average<Number>(in.scalar("start_mean"), theory::mean<Number>(in("x")), rate),
          theory::running_average<Number>(in.scalar("start_variance"), theory::biased_variance<Number>(in("x")), rate)};
}

Values closed_forms_at_alpha(const Inputs& in) { return closed_forms(in, in.scalar("alpha")); }

Number power(const Number& base, Eigen::Index exponent) {
  Number result(1);
  for (Eigen::Index k = 0; k < exponent; ++k) result *= base;
  return result;
}

// The weights of a wrong sum: of the start, and of the batch of step t (from 1) out of k.
struct WrongWeights {
  Number (*of_start)(const Number& alpha, Eigen::Index k);
  Number (*of_step)(const Number& alpha, Eigen::Index t, Eigen::Index k);
};

Number kept(const Number& alpha, Eigen::Index steps) { return power(Number(1) - alpha, steps); }

Formula weighted_sum(WrongWeights weights) {
  return [=](const Inputs& in) {
    const theory::Vector<Number> means = theory::mean<Number>(in("x")),
                                 variances = theory::biased_variance<Number>(in("x"));
    const Number alpha = in.scalar("alpha");
    const Eigen::Index k = means.size();
    Number mean = weights.of_start(alpha, k) * in.scalar("start_mean"),
           variance = weights.of_start(alpha, k) * in.scalar("start_variance");
    for (Eigen::Index step = 0; step < k; ++step) {
      mean += weights.of_step(alpha, step + 1, k) * means(step);
      variance += weights.of_step(alpha, step + 1, k) * variances(step);
    }
    return Values{mean, variance};
  };
}

Values plain_averages(const Inputs& in) {
  const theory::Vector<Number> means = theory::mean<Number>(in("x")),
                               variances = theory::biased_variance<Number>(in("x"));
  Number mean(0), variance(0);
  for (Eigen::Index step = 0; step < means.size(); ++step) {
    mean += means(step);
    variance += variances(step);
  }
  return {mean / Number(in.sizes.channels), variance / Number(in.sizes.channels)};
}

// Mean and variance of the first batch.
Values first_batch(const Inputs& in) {
  return {theory::mean<Number>(in("x"))(0), theory::biased_variance<Number>(in("x"))(0)};
}

Hypothesis starts_at(int mean, int variance) {
  return imposing("start", "μ_0 = " + std::to_string(mean) + ", ν_0 = " + std::to_string(variance), [=](Inputs& in) {
    in.set("start_mean", Number(mean));
    in.set("start_variance", Number(variance));
  });
}

Hypothesis batches_are_the_same() {
  return imposing("same_batches", "B_1 = … = B_k", [](Inputs& in) {
    Array<Number> x = in("x");
    for (Eigen::Index j = 1; j < x.cols(); ++j)
      for (Eigen::Index i = 0; i < x.rows(); ++i) x(i, j) = x(i, 0);
    in.set("x", x);
  });
}

Hypothesis rate_is(int numerator, int denominator, const std::string& words) {
  return imposing("rate_fixed", words, [=](Inputs& in) { in.set("alpha", Number(numerator) / Number(denominator)); });
}

Hypothesis rate_is_inside() {
  return {.id = "rate_inside", .sentence = "0 < α < 1", .positive = [](const Inputs& in) {
            return in.scalar("alpha") * (Number(1) - in.scalar("alpha"));
          }};
}

Hypothesis rate_is_positive() {
  return {.id = "rate_positive", .sentence = "α > 0", .positive = [](const Inputs& in) { return in.scalar("alpha"); }};
}

}  // namespace

Claim bn_running_average() {
  const Formula correct = closed_forms_at_alpha;
  return {
      .title = "Running statistics are weighted sums: μ_k = (1 − α)^k μ_0 + Σ_t α (1 − α)^(k−t) mean(B_t)",
      .sources = {{"LL19", "Algorithm 1, line 1"},
                  {"NOTE15", "Key design 3, RunningBatchNorm1D"},
                  {"LI23", "§2.2, before Algorithm 2"}},
      .notation =
          "B_1 … B_k the batches of one channel (column t of x is B_t: channels counts the steps); μ_k, ν_k the "
          "running "
          "mean and variance after k steps; α the weight of the new value; var is the biased variance",
      .why =
          "A value that enters at step t with weight α is multiplied by 1 − α in each of the k − t steps that follow, "
          "the start in all k. lerp(old, new, α) = old + α (new − old) = (1 − α) old + α new is the same step.",
      .explain =
          "The layer keeps two numbers per channel and moves each a fraction α towards the value of the new batch. "
          "After "
          "k batches the latest one has weight α, the one before it α(1 − α), and so on back to the start, which still "
          "has (1 − α)^k. So the recent batches count most and their order matters: this is not the plain average over "
          "minibatches that inference is said to use, except when the rate of step t is 1/t. A start at 0 pulls the "
          "mean "
          "towards 0 until (1 − α)^k has died out; dividing by 1 − (1 − α)^k repairs that. Mind the name momentum: "
          "here "
          "α weighs the new value, elsewhere momentum weighs the old one, and one has to pass 1 − α to mean the same.",
      .readings =
          {
              {.id = "printed_ll19",
               .statement = "μ_k = (1 − α)^k μ_0 + Σ_t α (1 − α)^(k−t) mean(B_t), ν_k likewise with var(B_t)",
               .inputs = steps(),
               .sizes = steps_sizes(),
               .left = by_algorithm_1(),
               .right = by_theory("the weighted sums", correct),
               .why =
                   "For every α, also outside [0, 1], and every number of steps that was tried (1 to 6; the step from "
                   "k to k + 1 is the same for all k)."},
              {.id = "printed_note15",
               .statement = "lerp_ with momentum α from μ_0 = 0, ν_0 = 1: μ_k = Σ_t α (1 − α)^(k−t) mean(B_t), ν_k "
                            "likewise plus (1 − α)^k",
               .inputs = steps(),
               .sizes = steps_sizes(),
               .hypotheses = {starts_at(0, 1)},
               .left = by_definition("running + momentum (new − running), step by step", note_15_steps),
               .right = by_theory("the weighted sums", correct),
               .why = "NOTE15 and LL19 put α on the new value. The start leaves (1 − α)^k in ν_k."},
              {.id = "printed_li23__constant_rate",
               .statement =
                   "with one rate 0 < α < 1 for all steps, μ_k and ν_k are the averages of mean(B_t) and var(B_t)",
               .inputs = steps(),
               .sizes = several_steps_sizes(),
               .hypotheses = {rate_is_inside()},
               .left = by_algorithm_1(),
               .right = by_theory("(1/k) Σ_t mean(B_t), (1/k) Σ_t var(B_t)", plain_averages),
               .why =
                   "LI23 takes E[x] = E_B[μ_B] \"by taking the running averages\". Exponential weights are not equal, "
                   "and the start counts too; printed_li23__rate_one_over_t is the rate that gives the average."},
              {.id = "printed_li23__rate_one_over_t",
               .statement =
                   "with α_t = 1/t, μ_k and ν_k are the averages of mean(B_t) and var(B_t), whatever the start",
               .inputs = steps(),
               .sizes = steps_sizes(),
               .left = by_reference(
                   "μ_k and ν_k, LL19 Algorithm 1 line 1 with α_t = 1/t",
                   [](const Inputs& in) { return algorithm_1(in, [](int step) { return Number(1) / Number(step); }); }),
               .right = by_theory("(1/k) Σ_t mean(B_t), (1/k) Σ_t var(B_t)", plain_averages),
               .why = "α_1 = 1 forgets the start; then t μ_t = (t − 1) μ_(t−1) + mean(B_t)."},
              {.id = "turned_round",
               .statement = "μ ← αμ + (1 − α) mean(B_t) gives the μ_k, ν_k of μ ← (1 − α)μ + α mean(B_t), 0 < α < 1",
               .inputs = steps(),
               .sizes = steps_sizes(),
               .hypotheses = {rate_is_inside()},
               .left = by_algorithm_1(),
               .right = by_definition("old value weighted by α, new one by 1 − α, step by step",
                                      [](const Inputs& in) { return turned_round_steps(in, in.scalar("alpha")); }),
               .why = "The convention of libraries in which momentum weighs the old value. The same number α means "
                      "something else there, but for α = 1/2; turned_round__complement is what agrees."},
              {.id = "turned_round__complement",
               .statement =
                   "μ ← pμ + (1 − p) mean(B_t) with p = 1 − α gives the μ_k, ν_k of μ ← (1 − α)μ + α mean(B_t)",
               .inputs = steps(),
               .sizes = steps_sizes(),
               .left = by_algorithm_1(),
               .right =
                   by_theory("old value weighted by the momentum 1 − α, step by step",
                             [](const Inputs& in) { return turned_round_steps(in, Number(1) - in.scalar("alpha")); })},
              {.id = "any_order",
               .statement = "the same batches in reverse order give the same μ_k, ν_k, 0 < α < 1",
               .inputs = steps(),
               .sizes = several_steps_sizes(),
               .hypotheses = {rate_is_inside()},
               .left = by_algorithm_1(),
               .right = by_theory("the weighted sums of B_k … B_1",
                                  [](const Inputs& in) {
                                    Inputs reversed = in;
                                    reversed.set("x", Array<Number>(in("x").rowwise().reverse()));
                                    return closed_forms(reversed, in.scalar("alpha"));
                                  }),
               .why = "The last batches count most: running statistics depend on the order of the data."},
              {.id = "start__forgotten_at_a_rate",
               .statement = "if all batches are B: μ_k − mean(B) = (1 − α)^k (μ_0 − mean(B)), ν_k likewise",
               .inputs = steps(),
               .sizes = steps_sizes(),
               .hypotheses = {batches_are_the_same()},
               .left = by_reference("μ_k − mean(B), ν_k − var(B), LL19 Algorithm 1",
                                    [](const Inputs& in) {
                                      Values values = algorithm_1(in, [&](int) { return in.scalar("alpha"); });
                                      const Values limit = {reference_mean(in("x"))[0], reference_variance(in("x"))[0]};
                                      return Values{values[0] - limit[0], values[1] - limit[1]};
                                    }),
               .right = by_definition("(1 − α)^k times the first distance",
                                      [](const Inputs& in) {
                                        const Number left = kept(in.scalar("alpha"), in("x").cols());
                                        Number mean(0), square(0);
                                        const Number m(in.sizes.batch);
                                        for (const Number& value : column(in("x"), 0)) mean += value / m;
                                        for (const Number& value : column(in("x"), 0))
                                          square += (value - mean) * (value - mean) / m;
                                        return Values{left * (in.scalar("start_mean") - mean),
                                                      left * (in.scalar("start_variance") - square)};
                                      }),
               .why = "For 0 < α < 2 the distance falls to 0; for α = 0 nothing is ever learnt."},
              {.id = "start_at_zero__unbiased",
               .statement = "from μ_0 = ν_0 = 0, if all batches are B: μ_k = mean(B), ν_k = var(B), 0 < α ≤ 1",
               .inputs = steps(),
               .sizes = steps_sizes(),
               .hypotheses = {starts_at(0, 0), batches_are_the_same(), rate_is_positive()},
               .left = by_algorithm_1(),
               .right = by_theory("mean(B), var(B)", first_batch),
               .why = "The start keeps the weight (1 − α)^k: early running statistics are pulled towards it."},
              {.id = "start_at_zero__corrected",
               .statement =
                   "from μ_0 = ν_0 = 0, if all batches are B: μ_k/(1 − (1 − α)^k) = mean(B), ν_k likewise, α ≠ 0",
               .inputs = steps(),
               .sizes = steps_sizes(),
               .hypotheses = {starts_at(0, 0), batches_are_the_same()},
               .left = by_reference("μ_k, ν_k by LL19 Algorithm 1, over 1 − (1 − α)^k",
                                    [](const Inputs& in) {
                                      Values values = algorithm_1(in, [&](int) { return in.scalar("alpha"); });
                                      const Number share = Number(1) - kept(in.scalar("alpha"), in("x").cols());
                                      return Values{values[0] / share, values[1] / share};
                                    }),
               .right = by_theory("mean(B), var(B)", first_batch),
               .why = "The weights of the batches add up to 1 − (1 − α)^k."},
          },
      .mutants =
          {
              {.id = "exchanges_the_weights",
               .reading = "printed_ll19",
               .words = "α^k μ_0 + Σ_t (1 − α) α^(k−t) mean(B_t)",
               .agrees_when = rate_is(1, 2, "α = 1/2"),
               .right = [](const Inputs& in) { return closed_forms(in, Number(1) - in.scalar("alpha")); }},
              {.id = "never_forgets_the_start",
               .reading = "printed_ll19",
               .words = "μ_0 + Σ_t α (1 − α)^(k−t) mean(B_t)",
               .agrees_when = rate_is(0, 1, "α = 0: nothing is learnt"),
               .right = weighted_sum(
                   {[](const Number&, Eigen::Index) { return Number(1); },
                    [](const Number& alpha, Eigen::Index t, Eigen::Index k) { return alpha * kept(alpha, k - t); }})},
              {.id = "forgets_alpha_in_the_sum",
               .reading = "printed_ll19",
               .words = "(1 − α)^k μ_0 + Σ_t (1 − α)^(k−t) mean(B_t)",
               .agrees_when = rate_is(1, 1, "α = 1: only the last batch counts"),
               .right = weighted_sum(
                   {kept, [](const Number& alpha, Eigen::Index t, Eigen::Index k) { return kept(alpha, k - t); }})},
              {.id = "weighs_the_oldest_most",
               .reading = "printed_ll19",
               .words = "(1 − α)^k μ_0 + Σ_t α (1 − α)^(t−1) mean(B_t)",
               .agrees_when = batches_are_the_same(),
               .right = weighted_sum({kept, [](const Number& alpha, Eigen::Index t,
                                               Eigen::Index) { return alpha * kept(alpha, t - 1); }})},
              {.id = "one_step_too_many",
               .reading = "printed_note15",
               .words = "(1 − α)^k μ_0 + Σ_t α (1 − α)^(k−t+1) mean(B_t)",
               .agrees_when = rate_is(0, 1, "α = 0: nothing is learnt"),
               .right = weighted_sum({kept, [](const Number& alpha, Eigen::Index t,
                                               Eigen::Index k) { return alpha * kept(alpha, k - t + 1); }})},
          },
  };
}

}  // namespace normproof::claims
