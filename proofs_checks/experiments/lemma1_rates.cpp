// How fast do the errors of LL19's Lemma 1 vanish, layer by layer, against what the lemma says?
//
// What       At each point (γ, a), for noise alone, drift alone, the layers of chains of affine layers (closed
//            recursions, no sampling) and of a kinked loss behind three layers (simulated): the mean of E‖ê_i^(k+1) − E
//            e_i(w^(k))‖² over each octave 2^j ≤ k < 2^(j+1), with its band where it is sampled, and the bound's shape
//            k^(−2γ+2a) + k^(−a). The exponents over the last three octaves stand against −2γ + 2a and −a.
// Constants  E: the largest mean over an octave of E d²/(k^(−2γ+2a) + k^(−a)). C: likewise of what (9) needs, without
//            ε. Both are the smallest constants that serve, up to averaging within an octave; how they go on at the end
//            says whether they stay bounded.
// Figure     lemma1_rates: E d² over k, with the bound's shape.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "proofs_checks/evidence/growth.hpp"
#include "proofs_checks/evidence/ratio_interval.hpp"
#include "proofs_checks/evidence/statistical.hpp"
#include "proofs_checks/experiments/built.hpp"
#include "proofs_checks/experiments/run_parameters.hpp"
#include "proofs_checks/simulation/growth_readings.hpp"

namespace normproof::experiments {

namespace {

using simulation::Quantity;
using simulation::RateExponents;

constexpr const char* id = "lemma1_rates";

std::vector<RateExponents> where(const cli::ExperimentCall& call) {
  if (const auto point = one_point(call)) return {*point};
  return simulation::lemma_1_region(call.settings.effort);
}

struct Series {
  std::string problem;
  int layer = 1;
  Quantity quantity = Quantity::squared_error;
};

std::vector<Series> all_series() {
  std::vector<Series> series;
  for (const char* problem : {"noise_only", "steady_drift", "chain_1", "chain_2", "chain_3"})
    for (int layer = 1; layer <= simulation::zoo_problem(problem).layers; ++layer)
      for (const Quantity quantity :
           {Quantity::squared_error, Quantity::error_over_bound, Quantity::recursion_constant})
        series.push_back({problem, layer, quantity});
  for (int layer = 1; layer <= 3; ++layer) series.push_back({"kinked_three_layers", layer, Quantity::squared_error});
  return series;
}

Claim as_a_claim(const cli::ExperimentCall& call) {
  std::vector<GrowthPoint> points;
  for (const RateExponents& rates : where(call))
    for (const Series& series : all_series()) {
      GrowthPoint point = simulation::measured({.problem = series.problem,
                                                .rates = rates,
                                                .quantity = series.quantity,
                                                .layer = series.layer,
                                                .last_octave = last_octave(call)});
      point.highest = 1;  // Lemma 1 says more; here every run is to be measured, none decided
      points.push_back(std::move(point));
    }
  Claim claim;
  claim.readings = {simulation::growth_reading(
      "curves", "", "Σ E d² over an octave", "θ ≤ 1", [points](evidence::Effort) { return points; }, "")};
  return claim;
}

struct Curve {
  std::vector<double> mean, low, high;  // over each octave
};

Curve curve_of(const OctaveSums& sums) {
  Curve curve;
  const double t_squared = evidence::critical_t_squared(sums.groups, evidence::test_alpha);
  for (std::size_t octave = 0; octave < sums.octaves; ++octave) {
    const double steps = std::exp2(sums.first_octave + static_cast<double>(octave));
    double mean = 0, variance = 0;
    for (std::size_t group = 0; group < sums.groups; ++group) mean += sums.at(octave, group);
    mean /= static_cast<double>(sums.groups);
    for (std::size_t group = 0; group < sums.groups; ++group)
      variance += (sums.at(octave, group) - mean) * (sums.at(octave, group) - mean);
    double half_width = 0;
    if (sums.groups > 1) {
      const double groups = static_cast<double>(sums.groups);
      half_width = std::sqrt(t_squared * variance / (groups - 1) / groups);
    }
    curve.mean.push_back(mean / steps);
    curve.low.push_back((mean - half_width) / steps);
    curve.high.push_back((mean + half_width) / steps);
  }
  return curve;
}

std::string number(double value) { return fmt::format("{:.6g}", value); }

// The mean of the bound's shape over an octave, by its value at the octave's geometric middle.
double shape(const RateExponents& rates, double k) {
  return std::pow(k, -2 * rates.gamma + 2 * rates.a) + std::pow(k, -rates.a);
}

// At one point: the corollary's where it is among them. `g` and `a` are set before it.
constexpr const char* script = R"(
set logscale xy
set format "10^{%L}"
set xlabel "k"
set ylabel "mean of the squared error over an octave"
set key outside right noenhanced
set title sprintf("gamma = %g, a = %g", g, a) noenhanced
plot data using (strcol(1) eq "kinked_three_layers" && strcol(4) eq "1" && $2 == g && $3 == a ? $6 : NaN):8:9 skip 1 \
       with filledcurves fs solid 0.3 lc rgb "#a0c0e0" title "its confidence band", \
     for [c in "noise_only/1 steady_drift/1 chain_3/1 chain_3/2 chain_3/3 kinked_three_layers/1"] \
       data using (strcol(1).'/'.strcol(4) eq c && $2 == g && $3 == a ? $6 : NaN):7 skip 1 \
       with linespoints pt 7 ps 0.4 title c, \
     data using (strcol(1) eq "noise_only" && $2 == g && $3 == a ? $6 : NaN):10 skip 1 \
       with lines lw 2 lc rgb "#000000" title "the bound's shape"
)";

cli::ExperimentResult run(const cli::ExperimentCall& call) {
  const Claim claim = as_a_claim(call);
  const std::vector<evidence::MeasurementTask> tasks = evidence::measurement_tasks(claim, call.settings);
  const std::vector<RateExponents> rates = where(call);
  const std::vector<Series> series = all_series();

  report::Figure figure;
  figure.name = id;
  figure.columns = {"problem", "gamma", "a",          "layer", "octave", "k", "mean_squared_error",
                    "low",     "high",  "bound_shape"};
  RateExponents shown = where(call).front();
  for (const RateExponents& point : where(call))
    if (point.gamma == 0.8 && point.a == 0.4) shown = point;
  figure.gnuplot_script = fmt::format("g = {}\na = {}\n", shown.gamma, shown.a) + script;
  report::Table exponents = {.title = "Exponents of E d² over the last three octaves",
                             .columns = {"problem", "layer", "γ", "a", "measured", "−a", "−2γ+2a"},
                             .rows = {}};
  report::Table constants = {
      .title = "Smallest constants without ε, and by what exponent they still grow at the end",
      .columns = {"problem", "layer", "γ", "a", "E", "E at the end", "growth", "C", "C at the end", "growth"},
      .rows = {}};

  std::size_t next = 0;
  for (std::size_t r = 0; r < rates.size(); ++r) {
    std::vector<std::string> constants_row;
    for (const Series& one : series) {
      const evidence::MeasurementTask& task = tasks[next++];
      const OctaveSums sums = evidence::unflattened(
          call.settings.measurements ? call.settings.measurements->of(task.key, task.measure) : task.measure());
      const Curve curve = curve_of(sums);
      const std::size_t last = curve.mean.size() - 1;
      const double slope =
          std::log2(curve.mean[last] / curve.mean[last - evidence::octaves_between]) / evidence::octaves_between;
      const std::vector<std::string> heading = {one.problem, std::to_string(one.layer), number(rates[r].gamma),
                                                number(rates[r].a)};
      if (one.quantity == Quantity::squared_error) {
        for (std::size_t octave = 0; octave < curve.mean.size(); ++octave) {
          const double k = std::exp2(sums.first_octave + static_cast<double>(octave) + 0.5);
          figure.rows.push_back({one.problem, number(rates[r].gamma), number(rates[r].a), std::to_string(one.layer),
                                 std::to_string(sums.first_octave + static_cast<int>(octave)), number(k),
                                 number(curve.mean[octave]), number(curve.low[octave]), number(curve.high[octave]),
                                 number(shape(rates[r], k))});
        }
        exponents.rows.push_back(heading);
        for (const double value : {slope, -rates[r].a, -2 * rates[r].gamma + 2 * rates[r].a})
          exponents.rows.back().push_back(fmt::format("{:.3f}", value));
        constants_row = heading;
        continue;
      }
      // Σ q/k over an octave is its mean q times log 2, nearly; octave 0 is k = 1 alone.
      double largest = 0, at_the_end = 0;
      for (std::size_t octave = 0; octave < sums.octaves; ++octave) {
        double weight = 0;
        const auto first = static_cast<std::size_t>(std::exp2(sums.first_octave + static_cast<double>(octave)));
        constexpr std::size_t summed_exactly = 4096;
        if (first < summed_exactly)
          for (std::size_t k = first; k < 2 * first; ++k) weight += 1 / static_cast<double>(k);
        else
          weight = std::log(2.0) + 1 / (4 * static_cast<double>(first));  // Euler–Maclaurin, to relative 1e-8
        at_the_end = sums.at(octave, 0) / weight;
        largest = std::max(largest, at_the_end);
      }
      const double growth =
          std::log2(sums.at(sums.octaves - 1, 0) / sums.at(sums.octaves - 1 - evidence::octaves_between, 0)) /
          evidence::octaves_between;
      for (const double value : {largest, at_the_end, growth}) constants_row.push_back(fmt::format("{:.3g}", value));
      if (one.quantity == Quantity::recursion_constant) constants.rows.push_back(constants_row);
    }
    if (call.progress) call.progress(r + 1, rates.size(), "points");
  }
  cli::ExperimentResult result;
  result.tables = {std::move(exponents), std::move(constants)};
  result.figures = {std::move(figure)};
  return result;
}

}  // namespace

cli::Experiment lemma1_rates() {
  return {
      .id = id,
      .source = "LL19 Lemma 1",
      .conclusion = "E‖ê − E e‖² vanishes like k^(−2γ+2a) + k^(−a), layer by layer; noise attains the second term.",
      .parameters = run_parameters(),
      .tasks =
          [](const cli::ExperimentCall& call) { return evidence::measurement_tasks(as_a_claim(call), call.settings); },
      .run = run};
}

}  // namespace normproof::experiments
