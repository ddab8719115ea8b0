// Where does Σγ_k E‖∂f(w^(k))‖² of LL19's Theorem 2 stay bounded, over all (γ, a) and problems of the zoo?
//
// What       For each problem and each point (γ, a): the growth exponent θ of the sum over the last three octaves, its
//            interval (proofs_checks/evidence/growth.hpp), and what follows for θ < 0 with the finite-k allowance:
//            bounded, grows, or undecided. The grid covers the region that Theorem 2 admits, at deep effort with lines
//            0.05 and 0.1 on either side of γ + a = 1 and γ + 2a = 1, points beyond the region, and ten runs of 2²⁴
//            steps.
// Figure     theorem2_map: a panel a problem, γ over a, with the lines γ = (1 + a)/2 (the printed region lies above), γ
//            + a = 1 and γ + 2a = 1.
// Conclusion no point farther than 0.05 from a line is decided against the repaired theorem: kinked losses grow for γ +
//            a ≤ 1 only, smooth ones for γ + 2a ≤ 1 only, affine chains nowhere; Corollary 3's point is bounded.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "proofs_checks/evidence/growth.hpp"
#include "proofs_checks/experiments/built.hpp"
#include "proofs_checks/experiments/run_parameters.hpp"
#include "proofs_checks/simulation/growth_readings.hpp"

namespace normproof::experiments {

namespace {

using simulation::RateExponents;

constexpr RateExponents corollary = {0.8, 0.4};
constexpr const char* id = "theorem2_map";

struct Panel {
  std::string problem;
  double slope;  // it grows for γ + slope · a ≤ 1; 0: nowhere
};

std::vector<Panel> panels(evidence::Effort effort) {
  std::vector<Panel> chosen = {{"chain_3", 0}, {"smooth", 2}, {"kinked", 1}, {"kinked_two_layers", 1}};
  if (effort == evidence::Effort::deep) {
    chosen.push_back({"chain_1", 0});
    chosen.push_back({"chain_2", 0});
    chosen.push_back({"quadratic", 0});
    chosen.push_back({"kinked_three_layers", 1});
  }
  return chosen;
}

std::vector<RateExponents> where(const cli::ExperimentCall& call) {
  if (const auto point = one_point(call)) return {*point};
  const bool deep = call.settings.effort == evidence::Effort::deep;
  const double step = call.settings.effort == evidence::Effort::quick ? 0.2 : deep ? 0.05 : 0.1;
  std::vector<RateExponents> points = simulation::printed_region(step);
  const auto add = [&](const RateExponents& more) { points.push_back(more); };
  add(corollary);
  for (const RateExponents& beyond : {RateExponents{0.6, 0.5}, {0.7, 0.6}, {0.8, 0.7}, {0.95, 0.8}, {0.55, 0.5}})
    add(beyond);
  if (deep)
    for (const double slope : {1.0, 2.0})
      for (const RateExponents& beside : simulation::beside_the_line(slope, 0.05)) add(beside);
  return simulation::distinct(points);
}

constexpr int long_octave = 23;  // 2²⁴ ≥ 10⁷ steps
const std::vector<RateExponents> long_points = {{0.65, 0.2}, {0.7, 0.2}, {0.75, 0.2}, {0.8, 0.1}, {0.85, 0.2}};

// A reading for each panel, so that the claims' engine measures and decides.
Claim as_a_claim(const cli::ExperimentCall& call) {
  Claim claim;
  const bool with_long_runs =
      call.settings.effort == evidence::Effort::deep && !one_point(call) && !call.parameters.whole_number("K");
  for (const Panel& panel : panels(call.settings.effort)) {
    std::vector<GrowthPoint> points;
    const auto add = [&](const RateExponents& rates, int octave) {
      points.push_back(simulation::bounded(
          simulation::measured({.problem = panel.problem,
                                .rates = rates,
                                .quantity = simulation::Quantity::weighted_gradient,
                                .last_octave = octave}),
          panel.slope > 0 ? std::fabs(rates.gamma + panel.slope * rates.a - 1) : std::fabs(2 * rates.gamma - 1)));
    };
    for (const RateExponents& rates : where(call)) add(rates, last_octave(call));
    if (with_long_runs && (panel.problem == "kinked" || panel.problem == "smooth"))
      for (const RateExponents& rates : long_points) add(rates, long_octave);
    Reading reading = simulation::growth_reading(
        panel.problem, "", "Σ γ_k E‖∂f(w^(k))‖² over an octave", "θ < 0", [points](evidence::Effort) { return points; },
        "");
    claim.readings.push_back(std::move(reading));
  }
  return claim;
}

const char* outcome(const evidence::JudgedPoint& point) {
  switch (point.verdict) {
    case Verdict::holds: return "bounded";
    case Verdict::refuted: return "grows";
    default: return "undecided";
  }
}

std::string number(double value) { return fmt::format("{:.4f}", value); }

// Is it decided otherwise than the repaired theorem has it? On the boundary itself θ = 0 in the limit, and slowly so.
bool contradicts(const evidence::JudgedPoint& point, const Panel& panel) {
  if (point.verdict == Verdict::inconclusive) return false;
  const double distance = panel.slope > 0 ? point.gamma + panel.slope * point.a - 1 : 2 * point.gamma - 1;
  if (std::fabs(distance) <= simulation::boundary_zone + 1e-9) return false;
  return (point.verdict == Verdict::holds) != (distance > 0);
}

constexpr const char* script = R"(
set multiplot layout 2,2 title "Sum of gamma_k E|df|^2: blue bounded, red grows, grey undecided" noenhanced
set xrange [0:1]
set yrange [0.5:1.02]
set xlabel "a"
set ylabel "gamma"
unset key
set label 1 "gamma = (1 + a)/2" at 0.62,0.85 font ",8"
set label 2 "gamma + a = 1" at 0.37,0.66 tc rgb "#c00000" font ",8"
set label 3 "gamma + 2a = 1" at 0.02,0.55 tc rgb "#e08000" font ",8"
do for [p in "chain_3 smooth kinked kinked_two_layers"] {
  set title p noenhanced
  plot data using (strcol(1) eq p && strcol(10) eq "bounded" ? $3 : NaN):2 skip 1 with points pt 7 ps 0.5 \
       lc rgb "#0060ad", \
       data using (strcol(1) eq p && strcol(10) eq "grows" ? $3 : NaN):2 skip 1 with points pt 5 ps 0.6 \
       lc rgb "#c00000", \
       data using (strcol(1) eq p && strcol(10) eq "undecided" ? $3 : NaN):2 skip 1 with points pt 6 ps 0.5 \
       lc rgb "#909090", \
       (1 + x)/2 with lines lc rgb "#000000", 1 - x with lines lc rgb "#c00000", 1 - 2*x with lines lc rgb "#e08000"
}
unset multiplot
)";

cli::ExperimentResult run(const cli::ExperimentCall& call) {
  const Claim claim = as_a_claim(call);
  const std::vector<Panel> all = panels(call.settings.effort);
  cli::ExperimentResult result;
  report::Figure figure;
  figure.name = id;
  figure.columns = {"problem",    "gamma",      "a",       "last_octave",    "theta",    "theta_low",  "theta_high",
                    "room_below", "room_above", "outcome", "printed_region", "replicas", "contradicts"};
  figure.gnuplot_script = script;
  report::Table table = {
      .title = "Σγ_k E‖∂f‖² by problem, in Theorem 2's region and beyond",
      .columns = {"problem", "points", "bounded", "grow", "undecided", "against the repaired theorem"},
      .rows = {}};
  report::Table at_the_corollary = {
      .title = "Corollary 3's point, γ = 4/5, a = 2/5: E‖∂f‖² ~ k^(θ + γ − 1), the mean up to K against K^(−1/5)",
      .columns = {"problem", "θ", "low", "high", "exponent of the mean", "slack against −1/5"},
      .rows = {}};
  for (std::size_t p = 0; p < all.size(); ++p) {
    const evidence::GrowthOutcome decided = evidence::decide_growth(claim.readings[p], call.settings);
    long bounded = 0, grow = 0, undecided = 0, against = 0;
    for (const evidence::JudgedPoint& point : decided.points) {
      const bool contradiction = contradicts(point, all[p]);
      (point.verdict == Verdict::holds ? bounded : point.verdict == Verdict::refuted ? grow : undecided) += 1;
      against += contradiction ? 1 : 0;
      figure.rows.push_back({point.problem, number(point.gamma), number(point.a), std::to_string(point.last_octave),
                             number(point.theta), number(point.theta_low), number(point.theta_high),
                             number(point.allowance.below), number(point.allowance.above), outcome(point),
                             simulation::in_printed_region({point.gamma, point.a}) ? "yes" : "no",
                             std::to_string(point.replicas), contradiction ? "yes" : "no"});
      if (point.gamma == corollary.gamma && point.a == corollary.a) {
        // Where Σ E‖∂f‖² converges its mean still falls like 1/K at best.
        const double of_the_mean = std::max(point.theta + corollary.gamma - 1, -1.0);
        at_the_corollary.rows.push_back({point.problem, number(point.theta), number(point.theta_low),
                                         number(point.theta_high), number(of_the_mean), number(-0.2 - of_the_mean)});
      }
    }
    table.rows.push_back({all[p].problem, std::to_string(decided.points.size()), std::to_string(bounded),
                          std::to_string(grow), std::to_string(undecided), std::to_string(against)});
    if (against > 0) result.status = 1;
    if (call.progress) call.progress(p + 1, all.size(), "problems");
  }
  result.tables = {std::move(table)};
  if (!at_the_corollary.rows.empty()) result.tables.push_back(std::move(at_the_corollary));
  result.figures = {std::move(figure)};
  return result;
}

}  // namespace

cli::Experiment theorem2_map() {
  return {
      .id = id,
      .source = "LL19 Theorem 2, Corollary 3",
      .conclusion = "Σγ_k E‖∂f‖² is bounded for γ + a > 1, not in the whole printed region: the map.",
      .parameters = run_parameters(),
      .tasks =
          [](const cli::ExperimentCall& call) { return evidence::measurement_tasks(as_a_claim(call), call.settings); },
      .run = run};
}

}  // namespace normproof::experiments
