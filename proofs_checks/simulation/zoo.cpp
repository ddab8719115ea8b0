// How is each problem of the zoo run, and what is known of it?
#include "proofs_checks/simulation/zoo.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <mutex>
#include <stdexcept>
#include <utility>

#include "impl/data/generated.hpp"
#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/simulation/full_norm_classifier.hpp"
#include "proofs_checks/simulation/octave_sums.hpp"
#include "proofs_checks/simulation/steady_drift.hpp"
#include "proofs_checks/simulation/tracking.hpp"
#include "proofs_checks/simulation/zoo_chains.hpp"
#include "theory/compositional/affine_chain_moments.hpp"
#include "theory/compositional/estimation_error.hpp"
#include "theory/compositional/tracking_bounds.hpp"

namespace normproof::simulation {

namespace {

// ---- constants

constexpr double kink = 1;  // c of the kinked losses: their slopes are Lipschitz with 1 + c
constexpr double tail_power = 1, slower_tail_power = 0.1;

template <std::size_t n>
std::string constants_in_words() {
  const auto& c = affine_chain<n>().constants;
  return fmt::format(
      "1–6: noise ±1 and the box |t| ≤ {:.3g} of w = w^(0) + t v, which no run leaves (margin {:.3g}): G = {:.3g}, σ ≤ "
      "1, "
      "L_g = {:.3g}; continued linearly outside; f ≥ 0",
      c.reach, c.margin, std::sqrt(c.gradient_bound_squared), c.gradient_error_factor);
}

template <std::size_t n>
ZooProblem chain_problem() {
  return {fmt::format("chain_{}", n),
          fmt::format("{} affine layer{} and a quadratic loss, noise ±1, second moments by recursion", n,
                      n == 1 ? "" : "s"),
          constants_in_words<n>(),
          static_cast<int>(n),
          false,
          affine_chain<n>().constants.largest_learning_rate};
}

std::vector<ZooProblem> all_problems() {
  return {
      {"noise_only", "w frozen: ê follows samples ±1 of one mean", "1–6: G = 0, σ = 1, L_g = 0, f constant", 1, false,
       1},
      {"steady_drift", "no noise: the truth moves by γ_k in each step",
       "1–4 and 6: G = 1, σ = 0, L_g = 0; 5 where Σγ_k < ∞, as f is linear where w is", 1, false, 1},
      chain_problem<1>(),
      chain_problem<2>(),
      chain_problem<3>(),
      {"power_tail", "gradient descent on (1 + u)^(−1)/2: no noise, no statistic that matters",
       "1–6: G = 1/2, σ = 0, L_g = 0, inf f = 0 is not attained", 1, false, 0.5},
      {"slower_tail", "gradient descent on (1 + u)^(−1/10)/(11/100): no noise, no statistic that matters",
       "1–6: G = 10/11, σ = 0, L_g = 0, inf f = 0 is not attained", 1, false, 0.5},
      {"kinked", "one layer, φ′(u) = u + max{u, 0}, noise ±1",
       "1–6: |u|, |d| ≤ 1 for ever: G = 4, σ = 1, L_g = 4; φ′ is Lipschitz with 2 and no better", 1, true,
       1 / (1 + kink)},
      {"smooth", "one layer, φ(u) = √(1 + u²) + u/2, noise ±1",
       "1–6: G = 3/2, σ = 1, L_g = 1; all derivatives of φ are bounded, φ ≥ √3/2", 1, true, 1},
      {"quadratic", "one layer, φ(u) = u²/2, noise ±1", "1–6: |u|, |d| ≤ 1 for ever: G = 2, σ = 1, L_g = 1", 1, true,
       1},
      {"kinked_two_layers", "φ(w_1 + ê_1), ê_1 follows w_2 + ξ, noise ±1",
       "1–6: L_g = 8; G and the box as far as a run can show", 2, true, 1 / (2 * (1 + kink))},
      {"kinked_three_layers", "φ(w_1 + ê_1), ê_1 follows w_2 + ê_2, ê_2 follows w_3 + ξ, noise ±1",
       "1–6: L_g = 12; G and the box as far as a run can show", 3, true, 1 / (3 * (1 + kink))},
      {"full_norm", "a small classifier with a full normalization layer, e = [x, x²], on generated digits",
       "5, 6; 1–4 on the box that its iterates keep to, as far as a run can show", 1, true, 0.1},
  };
}

// ---- schedules

Schedule schedule_of(const Measurement& wanted) {
  Schedule schedule = octave_schedule(
      {wanted.rates.a, wanted.rates.gamma, zoo_problem(wanted.problem).first_learning_rate}, wanted.last_octave);
  if (wanted.averaging == Averaging::summable)
    for (std::size_t k = 0; k < schedule.size(); ++k) {
      const double shifted = static_cast<double>(k) + 2;
      schedule[k].alpha = 1 / (shifted * shifted);
    }
  return schedule;
}

// k^(−a) and k^(−2γ) at step k: Lemma 1's bounds are made of them.
struct Powers {
  double noise = 1, drift = 1;

  double of_the_error() const { return drift / (noise * noise) + noise; }  // k^(−2γ+2a) + k^(−a)
  double of_the_step() const { return drift / noise + noise * noise; }     // k^(−2γ+a) + k^(−2a)
};
Powers powers_at(std::size_t k, const RateExponents& rates) {
  const double step = static_cast<double>(std::max<std::size_t>(k, 1));
  return {std::pow(step, -rates.a), std::pow(step, -2 * rates.gamma)};
}

// ---- recursions

// What a step shows of a problem whose expectations are known: E d² of a layer, E‖∂f‖².
struct Expected {
  double squared_error = 0, squared_gradient = 0;
};

// q_k of the quantity, step after step.
class QuantityOfRecursion {
 public:
  explicit QuantityOfRecursion(Quantity quantity) : quantity_(quantity) {}

  double operator()(std::size_t k, const Expected& now, const Rates& rates, const Powers& powers) {
    const double before = std::exchange(error_before_, now.squared_error), step = static_cast<double>(k);
    switch (quantity_) {
      case Quantity::squared_error: return now.squared_error;
      case Quantity::gradient: return now.squared_gradient;
      case Quantity::weighted_gradient: return rates.learning_rate * now.squared_gradient;
      case Quantity::error_over_bound: return k == 0 ? 0 : now.squared_error / powers.of_the_error() / step;
      case Quantity::recursion_constant: {
        if (k == 0) return 0;
        const double needed = now.squared_error - (1 - rates.alpha / 2) * before;
        return std::max(needed, 0.0) / powers.of_the_step() / step;
      }
      case Quantity::proved_lower_bound:
      case Quantity::proved_upper_bound: break;
    }
    return 0;
  }

 private:
  Quantity quantity_;
  double error_before_ = 0;
};

template <class Advance>
OctaveSums of_a_recursion(const Measurement& wanted, const Portion& portion, double term_error, Advance advance) {
  const Schedule schedule = schedule_of(wanted);
  QuantityOfRecursion quantity(wanted.quantity);
  const bool powers_matter =
      wanted.quantity == Quantity::error_over_bound || wanted.quantity == Quantity::recursion_constant;
  return recursion_octaves(wanted.last_octave, portion, term_error, [&](std::size_t k) {
    return quantity(k, advance(schedule[k]), schedule[k], powers_matter ? powers_at(k, wanted.rates) : Powers{});
  });
}

// One run of a chain's recursion serves all layers and quantities.
using ChainRun = std::map<std::pair<Quantity, int>, OctaveSums>;

template <std::size_t n>
ChainRun run_of_a_chain(const Measurement& wanted, const Portion& portion) {
  const Chain<n>& chain = affine_chain<n>();
  const Schedule schedule = schedule_of(wanted);
  auto moments = theory::affine_chain_start<double, n>(chain.w, chain.estimates);
  struct Column {
    Quantity quantity;
    std::size_t layer;
    QuantityOfRecursion of;
    double sum = 0;
    std::vector<double> sums = {};
  };
  std::vector<Column> columns;
  for (const Quantity quantity : {Quantity::gradient, Quantity::weighted_gradient})
    columns.push_back({quantity, 0, QuantityOfRecursion(quantity)});
  for (const Quantity quantity : {Quantity::squared_error, Quantity::error_over_bound, Quantity::recursion_constant})
    for (std::size_t layer = 0; layer < n; ++layer) columns.push_back({quantity, layer, QuantityOfRecursion(quantity)});

  std::size_t octave_begins = 1;
  const auto end_octave = [&] {
    for (Column& column : columns) column.sums.push_back(std::exchange(column.sum, 0.0));
    octave_begins *= 2;
  };
  recursion_octaves(wanted.last_octave, portion, 0, [&](std::size_t k) {
    const auto step = theory::affine_chain_step<double, n>(chain.layers, moments, schedule[k].alpha,
                                                           schedule[k].learning_rate, theory::SampleSharing::none);
    moments = step.next;
    if (k == 2 * octave_begins) end_octave();
    const Powers powers = powers_at(k, wanted.rates);
    for (Column& column : columns) {
      const double q = column.of(k, {step.squared_error[column.layer], step.squared_gradient}, schedule[k], powers);
      if (k > 0) column.sum += q;
    }
    return 0.0;
  });
  end_octave();

  // Empirical: against the same recursion in enclosures of 80 digits over 10⁴ steps the sums agree to 1e-11
  // (zoo_deep_test.cpp), and errors of a contracting recursion do not add up.
  constexpr double relative_error = 1e-9;
  ChainRun run;
  for (Column& column : columns) {
    OctaveSums sums;
    sums.octaves = column.sums.size();
    sums.groups = 1;
    sums.sums = std::move(column.sums);
    sums.relative_error = relative_error;
    for (int layer = 1; layer <= static_cast<int>(n); ++layer) {
      const bool every_layer = column.quantity == Quantity::gradient || column.quantity == Quantity::weighted_gradient;
      if (every_layer || layer == static_cast<int>(column.layer) + 1) run[{column.quantity, layer}] = sums;
    }
  }
  return run;
}

// Kept for the other layers and quantities; two threads that ask at once may both make it, and make the same.
template <std::size_t n>
OctaveSums of_a_chain(const Measurement& wanted, const Portion& portion) {
  static std::mutex mutex;
  static std::map<std::array<double, 3>, ChainRun> runs;
  const std::array<double, 3> key = {wanted.rates.gamma, wanted.rates.a, static_cast<double>(wanted.last_octave)};
  {
    const std::lock_guard lock(mutex);
    if (const auto known = runs.find(key); known != runs.end())
      return known->second.at({wanted.quantity, wanted.layer});
  }
  const ChainRun run = run_of_a_chain<n>(wanted, portion);
  const std::lock_guard lock(mutex);
  runs[key] = run;
  return run.at({wanted.quantity, wanted.layer});
}

// From an error of 1 at the start; with α_0 = 1 it is forgotten at once.
OctaveSums of_noise_alone(const Measurement& wanted, const Portion& portion) {
  double second = 1;
  const bool noise = wanted.averaging == Averaging::of_the_order;
  const auto steps = static_cast<std::int64_t>(end_of_octave(wanted.last_octave));
  // At most 5 roundings of positive numbers a step.
  const double relative_error = theory::gamma_n(5 * steps, theory::unit_roundoff_double);
  return of_a_recursion(wanted, portion, relative_error, [&](const Rates& rates) -> Expected {
    second = theory::second_moment_step<double>(second, rates.alpha, noise ? 1.0 : 0.0);
    return {second, 0};
  });
}

OctaveSums of_drift_alone(const Measurement& wanted, const Portion& portion) {
  SteadyDrift<2> drift;
  drift.standard_deviation = 0;
  return of_a_recursion(wanted, portion, steady_drift_error(end_of_octave(wanted.last_octave)),
                        [&](const Rates& rates) -> Expected {
                          drift.step(rates);
                          return {drift.squared_error(0), 0};
                        });
}

// Scaled so that the gradient is Lipschitz with 1.
OctaveSums of_a_tail(const Measurement& wanted, const Portion& portion, double power) {
  const PowerTail tail{power};
  const double scale = 1 / (power * (power + 1));
  double u = 0;
  // Empirical: u only grows, each step adds less than 1e-15 of it; pow is within some ulp.
  constexpr double relative_error = 1e-9;
  return of_a_recursion(wanted, portion, relative_error, [&](const Rates& rates) -> Expected {
    const double slope = scale * tail(u);
    u -= rates.learning_rate * slope;
    return {0, slope * slope};
  });
}

// By how much a bound of the whole sum grows over each octave.
OctaveSums of_a_bound(const Measurement& wanted, const Portion& portion) {
  const Schedule schedule = schedule_of(wanted);
  auto bounds = theory::tracking_start<double>(kink, 0.0, 1.0);
  const bool lower = wanted.quantity == Quantity::proved_lower_bound;
  const auto value = [&] {
    if (!lower) return theory::tracking_upper_bound<double>(bounds);
    const auto parts = theory::tracking_lower_bound<double>(bounds);
    const double room = std::max(parts.tracked - parts.forgone, 0.0);
    return parts.slope_weight > 0 ? room * room / parts.slope_weight : 0.0;
  };
  double before = 0;
  std::size_t next = 1;
  OctaveSums sums = recursion_octaves(wanted.last_octave, portion, 0, [&](std::size_t k) {
    bounds = theory::advance<double>(bounds, schedule[k].alpha, schedule[k].learning_rate);
    // Seen at the end of each octave, and of step 0.
    if (k + 1 != next) return 0.0;
    next *= 2;
    const double now = value(), grown = now - before;
    before = now;
    return k == 0 ? 0.0 : std::max(grown, 0.0);
  });
  // Empirical: sums of positive numbers, and one difference of two that differ by a percent at least.
  sums.relative_error = 1e-6;
  return sums;
}

// ---- simulations

template <class Problem>
OctaveSums of_replicas(const Problem& problem, const Measurement& wanted, const std::string& stream,
                       const Portion& portion) {
  const std::uint64_t purpose = inputs::fnv1a("zoo", stream);
  const Schedule schedule = schedule_of(wanted);
  constexpr std::size_t gradient = Problem::squared_gradient;
  const auto run = [&]<Summand summand>() {
    return simulate_octaves<summand>(problem, schedule, purpose, portion, wanted.last_octave)[0];
  };
  switch (wanted.quantity) {
    case Quantity::weighted_gradient: return run.template operator()<Summand{gradient, true}>();
    case Quantity::gradient: return run.template operator()<Summand{gradient, false}>();
    case Quantity::squared_error:
      if (wanted.layer == 1) return run.template operator()<Summand{0, false}>();
      if constexpr (Problem::layers > 1)
        if (wanted.layer == 2) return run.template operator()<Summand{1, false}>();
      if constexpr (Problem::layers > 2)
        if (wanted.layer == 3) return run.template operator()<Summand{2, false}>();
      break;
    default: break;
  }
  throw std::invalid_argument(wanted.problem + " is not measured so");
}

template <class Slope, std::size_t n>
TrackingProblem<Slope, n> tracking(const Slope& slope, double minimum, double bias) {
  TrackingProblem<Slope, n> problem;
  problem.slope = slope;
  problem.bias = bias;
  problem.start.w[0] = minimum;  // no transient to wait for
  return problem;
}

// ---- a small classifier with a full normalization layer

// The mean brightness, from 0 to 4, of each quarter of 32 digits; is the digit less than 5?
constexpr int digit_count = 32;

const FullNormClassifier& digit_classifier() {
  static const FullNormClassifier made = [] {
    constexpr std::uint64_t data_seed = 0;  // the data are part of the problem
    constexpr double full_brightness = 255, scale = 4;
    const data::LabelledImages digits = data::generated_digits(data_seed, digit_count);
    const int rows = digits.images.rows, columns = digits.images.columns;
    Eigen::ArrayXXd features = Eigen::ArrayXXd::Zero(digit_count, 4);
    Eigen::ArrayXd labels(digit_count);
    for (int i = 0; i < digit_count; ++i) {
      const std::uint8_t* image = digits.images.pixels.data() + static_cast<std::ptrdiff_t>(i) * rows * columns;
      for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column)
          features(i, 2 * (2 * row / rows) + 2 * column / columns) += image[row * columns + column];
      labels(i) = digits.labels[static_cast<std::size_t>(i)] < 5 ? -1 : 1;
    }
    features *= scale / (full_brightness * rows * columns / 4);
    return FullNormClassifier(features, labels, {});
  }();
  return made;
}

OctaveSums of_the_classifier(const Measurement& wanted, const std::string& stream, const Portion& portion) {
  return classifier_octaves(digit_classifier(), schedule_of(wanted), "zoo/" + stream, portion, wanted.last_octave,
                            {FullNormClassifier::squared_error, false});
}

OctaveSums of_the_problem(const Measurement& wanted, const std::string& stream, const Portion& portion) {
  const std::string& id = wanted.problem;
  if (wanted.quantity == Quantity::proved_lower_bound || wanted.quantity == Quantity::proved_upper_bound)
    return of_a_bound(wanted, portion);
  if (id == "noise_only") return of_noise_alone(wanted, portion);
  if (id == "steady_drift") return of_drift_alone(wanted, portion);
  if (id == "chain_1") return of_a_chain<1>(wanted, portion);
  if (id == "chain_2") return of_a_chain<2>(wanted, portion);
  if (id == "chain_3") return of_a_chain<3>(wanted, portion);
  if (id == "power_tail") return of_a_tail(wanted, portion, tail_power);
  if (id == "slower_tail") return of_a_tail(wanted, portion, slower_tail_power);
  const Kinked kinked{kink};
  const double bias = wanted.oracle_bias;
  if (id == "kinked") return of_replicas(tracking<Kinked, 1>(kinked, 0, bias), wanted, stream, portion);
  if (id == "kinked_two_layers") return of_replicas(tracking<Kinked, 2>(kinked, 0, bias), wanted, stream, portion);
  if (id == "kinked_three_layers") return of_replicas(tracking<Kinked, 3>(kinked, 0, bias), wanted, stream, portion);
  if (id == "quadratic") return of_replicas(tracking<Quadratic, 1>({}, 0, bias), wanted, stream, portion);
  if (id == "smooth") return of_replicas(tracking<Smooth, 1>({}, -1 / std::sqrt(3.0), bias), wanted, stream, portion);
  return of_the_classifier(wanted, stream, portion);
}

void ask_for_what_there_is(const Measurement& wanted) {
  const ZooProblem& problem = zoo_problem(wanted.problem);
  const bool bound = wanted.quantity == Quantity::proved_lower_bound || wanted.quantity == Quantity::proved_upper_bound;
  const bool gradient = wanted.quantity == Quantity::gradient || wanted.quantity == Quantity::weighted_gradient;
  const bool only_errors = problem.id == "noise_only" || problem.id == "steady_drift" || problem.id == "full_norm";
  const bool only_gradients = problem.id == "power_tail" || problem.id == "slower_tail";
  if ((bound && problem.id != "kinked") || (gradient && only_errors) || (!gradient && only_gradients) ||
      wanted.layer < 1 || wanted.layer > problem.layers || (wanted.oracle_bias != 0 && !problem.sampled))
    throw std::invalid_argument(wanted.problem + " does not have what is to be measured");
}

const char* word(Quantity quantity) {
  switch (quantity) {
    case Quantity::squared_error: return "squared_error";
    case Quantity::error_over_bound: return "error_over_bound";
    case Quantity::recursion_constant: return "recursion_constant";
    case Quantity::gradient: return "gradient";
    case Quantity::weighted_gradient: return "weighted_gradient";
    case Quantity::proved_lower_bound: return "proved_lower_bound";
    case Quantity::proved_upper_bound: return "proved_upper_bound";
  }
  return "?";
}

// See zoo.hpp.
Allowance allowance_of(const Measurement& wanted, bool sampled) {
  constexpr int long_run = 19;
  const bool gradient = wanted.quantity == Quantity::gradient || wanted.quantity == Quantity::weighted_gradient;
  Allowance allowance = {0.05, sampled && gradient ? 0.1 : 0.05};
  double scale = 1;
  if (gradient && wanted.problem == "kinked_three_layers") scale = 1.5;
  // Noise is seen early, drift and gradients late.
  if (wanted.last_octave < long_run && (gradient || wanted.problem == "steady_drift")) scale *= 3;
  return {scale * allowance.below, scale * allowance.above};
}

// To whole thousandths: γ = 0.1 · 7 and γ = 0.7 are one point.
double rounded(double exponent) { return std::round(exponent * 1000) / 1000; }

}  // namespace

const std::vector<ZooProblem>& zoo() {
  static const std::vector<ZooProblem> problems = all_problems();
  return problems;
}

const ZooProblem& zoo_problem(const std::string& id) {
  for (const ZooProblem& problem : zoo())
    if (problem.id == id) return problem;
  throw std::out_of_range("no problem of the zoo is called " + id);
}

GrowthPoint measured(const Measurement& given) {
  Measurement wanted = given;
  wanted.rates = {rounded(given.rates.gamma), rounded(given.rates.a)};
  ask_for_what_there_is(wanted);
  const bool bound = wanted.quantity == Quantity::proved_lower_bound || wanted.quantity == Quantity::proved_upper_bound;
  GrowthPoint point;
  point.problem = wanted.problem;
  point.gamma = wanted.rates.gamma;
  point.a = wanted.rates.a;
  point.sampled = zoo_problem(wanted.problem).sampled && !bound;
  point.id = fmt::format("{}/{}/layer={}/gamma={}/a={}/octave={}", wanted.problem, word(wanted.quantity), wanted.layer,
                         wanted.rates.gamma, wanted.rates.a, wanted.last_octave);
  point.allowance = allowance_of(wanted, point.sampled);
  if (wanted.averaging == Averaging::summable) point.id += "/summable";
  if (wanted.oracle_bias != 0) point.id += fmt::format("/bias={}", wanted.oracle_bias);
  const std::string stream = fmt::format("{}/{}/{}", wanted.problem, wanted.rates.gamma, wanted.rates.a);
  point.measure = [wanted, stream](const Portion& portion) { return of_the_problem(wanted, stream, portion); };
  return point;
}

// ---- where

bool in_printed_region(const RateExponents& rates) {
  constexpr double slack = 1e-9;  // multiples of 0.05 are not binary fractions
  return rates.a > slack && rates.a < 0.5 - slack && rates.a < 2 * rates.gamma - 1 - slack && rates.gamma < 1 + slack;
}

std::vector<RateExponents> printed_region(double step) {
  std::vector<RateExponents> points;
  for (int i = 1; i * step < 0.5; ++i)
    for (int j = 1; j * step < 1 + step / 2; ++j) {
      const RateExponents rates = {rounded(j * step), rounded(i * step)};
      if (in_printed_region(rates)) points.push_back(rates);
    }
  return points;
}

std::vector<RateExponents> beside_the_line(double slope, double step) {
  std::vector<RateExponents> points;
  for (const double distance : {-0.1, -0.05, 0.05, 0.1})
    for (int i = 1; i * step < 0.5; ++i) {
      const RateExponents rates = {rounded(1 + distance - slope * i * step), rounded(i * step)};
      if (in_printed_region(rates)) points.push_back(rates);
    }
  return points;
}

std::vector<RateExponents> distinct(const std::vector<RateExponents>& points) {
  std::vector<RateExponents> once;
  for (const RateExponents& point : points) {
    const RateExponents rates = {rounded(point.gamma), rounded(point.a)};
    const bool known = std::any_of(once.begin(), once.end(), [&](const RateExponents& other) {
      return other.gamma == rates.gamma && other.a == rates.a;
    });
    if (!known) once.push_back(rates);
  }
  return once;
}

std::vector<RateExponents> lemma_1_region(evidence::Effort effort) {
  const double step = effort == evidence::Effort::deep ? 0.1 : 0.2;
  std::vector<RateExponents> points;
  for (int i = 1; i * step < 0.85; ++i)  // ε < 1 − a leaves room for stated_epsilon
    for (int j = 1; j * step < 1.2 + step / 2; ++j) {
      const RateExponents rates = {rounded(j * step), rounded(i * step)};
      if (rates.gamma > rates.a + step / 2) points.push_back(rates);
    }
  return points;
}

int full_norm_last_octave(evidence::Effort effort) { return effort == evidence::Effort::quick ? 9 : 12; }

}  // namespace normproof::simulation
