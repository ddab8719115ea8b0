// How fast do GDNP, gradient descent and accelerated gradient descent learn one halfspace?
//
// What       f(w̃) = E log(1 + e^{zᵀw̃}), two problems from the same kind of start: z Gaussian in 10 dimensions, S of
//            condition 100 (or the given spectrum), and z = −yx of images: x ten random projections of the centred
//            pixels, y = 1 for digits 5 … 9, else −1. Images are those of --data (the test set, at deep effort the
//            training set), else generated digits.
// Conclusion the Gaussian run's direction keeps ρ(w_t) − ρ* ≤ (1 − μ/L)^(2t) (ρ(w₀) − ρ*) at every step: a theorem for
//            the needed h (gdnp_linear_convergence). On images nothing is proved; the table says what was seen.
// Costs      A step of GDNP evaluates the expectations some fifty times, one of the others once: the table and the
//            data count both.
// Figure     gdnp_convergence: ‖∇f‖_{S⁻¹} over steps, one panel a problem.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <stdexcept>

#include "impl/data/generated.hpp"
#include "impl/data/mnist.hpp"
#include "proofs_checks/cli/options.hpp"
#include "proofs_checks/cli/program.hpp"
#include "proofs_checks/experiments/built.hpp"
#include "proofs_checks/growth.hpp"
#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/simulation/halfspace_descent.hpp"
#include "proofs_checks/simulation/hidden_unit_descent.hpp"

namespace normproof::experiments {

namespace {

using evidence::Effort;
using inputs::RandomStream;
using simulation::HalfspaceMethod;
using simulation::HalfspaceProblem;
using simulation::HalfspaceRecord;

constexpr const char* id = "gdnp_convergence";
constexpr std::size_t features = 10;
constexpr double condition = 100;
constexpr double explained = 0.7;  // uᵀS⁻¹u, the share of the second moment that is mean
constexpr int generated_images = 2000;
constexpr double smallest_share = 1e-12;  // of L: what is less is 0 up to rounding
constexpr double reached = 1e-6;          // of the first gradient
constexpr HalfspaceMethod methods[] = {HalfspaceMethod::gdnp, HalfspaceMethod::gdnp_printed_h,
                                       HalfspaceMethod::gradient_descent, HalfspaceMethod::accelerated};

std::optional<std::vector<double>> positive_numbers(const std::string& text) {
  std::vector<double> numbers;
  const char *at = text.data(), *const end = text.data() + text.size();
  while (true) {
    double value = 0;
    const auto [last, error] = std::from_chars(at, end, value);
    if (error != std::errc() || !(value > 0) || !std::isfinite(value)) return std::nullopt;
    numbers.push_back(value);
    if (last == end) break;
    if (*last != ',') return std::nullopt;
    at = last + 1;
  }
  constexpr std::size_t most = 100;
  const auto [least, greatest] = std::minmax_element(numbers.begin(), numbers.end());
  const bool separated = *least >= smallest_share * *greatest;
  return numbers.size() >= 2 && numbers.size() <= most && separated ? std::optional(numbers) : std::nullopt;
}

cli::Parameter spectrum_parameter() {
  return {.name = "spectrum",
          .description = "eigenvalues of the Gaussian problem's S",
          .fallback = "10 from 1/100 to 1",
          .check = [](const std::string& value) -> std::string {
            return positive_numbers(value) ? ""
                                           : "2 to 100 positive numbers with commas between them, at most 12 powers of "
                                             "ten apart: S has to be positive definite";
          }};
}

std::vector<double> spectrum_of(const cli::ExperimentCall& call) {
  if (const auto text = call.parameters.text("spectrum")) return *positive_numbers(*text);
  std::vector<double> spectrum;
  for (std::size_t k = 0; k < features; ++k)
    spectrum.push_back(std::pow(condition, -static_cast<double>(k) / static_cast<double>(features - 1)));
  return spectrum;
}

// S diagonal; v with entries ±1 in the norm of S, so that every direction counts, and vᵀSv = 0.7.
HalfspaceProblem gaussian_problem(const std::vector<double>& spectrum, RandomStream& stream) {
  const std::size_t n = spectrum.size();
  std::vector<double> s(n * n, 0.0), u;
  for (std::size_t k = 0; k < n; ++k) {
    s[k * n + k] = spectrum[k];
    const double sign = stream.chance(1, 2) ? 1 : -1;
    u.push_back(sign * std::sqrt(spectrum[k] * explained / static_cast<double>(n)));
  }
  return simulation::gaussian_halfspace(std::move(s), std::move(u));
}

HalfspaceProblem image_problem(const cli::ExperimentCall& call, RandomStream& stream) {
  std::string name = "generated_digits";
  data::LabelledImages images;
  if (!call.data)
    images = data::generated_digits(call.settings.seed, generated_images);
  else if (call.settings.effort == Effort::deep)
    name = "images_of_data", images = data::read_mnist(*call.data).train;
  else
    name = "images_of_data", images = data::read_mnist_test_set(*call.data);
  const auto count = static_cast<std::size_t>(images.images.count);
  const auto pixels = static_cast<std::size_t>(images.images.rows) * static_cast<std::size_t>(images.images.columns);
  std::vector<double> mean(pixels, 0.0), projection(pixels * features);
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t p = 0; p < pixels; ++p)
      mean[p] += images.images.pixels[i * pixels + p] / static_cast<double>(count);
  constexpr double pixel_unit = 0x1p-8;
  for (double& entry : projection) entry = stream.normal() * pixel_unit / std::sqrt(static_cast<double>(pixels));
  std::vector<double> rows;
  rows.reserve(count * features);
  for (std::size_t i = 0; i < count; ++i) {
    constexpr int first_of_the_upper_half = 5;
    const double label = images.labels[i] >= first_of_the_upper_half ? 1 : -1;
    for (std::size_t k = 0; k < features; ++k) {
      double x = 0;
      for (std::size_t p = 0; p < pixels; ++p)
        x += (images.images.pixels[i * pixels + p] - mean[p]) * projection[p * features + k];
      rows.push_back(-label * x);
    }
  }
  return simulation::sampled_halfspace(std::move(name), std::move(rows), features);
}

RandomStream stream_of(const cli::ExperimentCall& call) { return RandomStream(call.settings.seed, id, "problems", ""); }

// What is drawn after them comes from the same stream.
std::vector<HalfspaceProblem> problems_of(const cli::ExperimentCall& call, RandomStream& stream) {
  std::vector<HalfspaceProblem> problems;
  try {
    problems.push_back(gaussian_problem(spectrum_of(call), stream));
    problems.push_back(image_problem(call, stream));
  } catch (const std::invalid_argument& unfit) {
    throw cli::UsageError(unfit.what());
  }
  return problems;
}

void check(const cli::ExperimentCall& call) {
  RandomStream stream = stream_of(call);
  problems_of(call, stream);
}

int steps_of(const cli::ExperimentCall& call) {
  constexpr std::uint64_t quick = 50, standard = 400;
  return static_cast<int>(
      call.parameters.whole_number("steps").value_or(call.settings.effort == Effort::quick ? quick : standard));
}

std::string number(double value) { return fmt::format("{:.6g}", value); }

double kept_per_step(const HalfspaceProblem& problem) {
  const double kept = 1 - problem.smallest / problem.largest;
  return kept * kept;
}

// ρ is near ρ*, and its difference has an error of some units in the last place of ρ*, |ρ*| ≤ 1. Empirical: 64 of
// them.
constexpr double last_bits = 64 * 0x1p-53;

bool keeps_the_rate(const HalfspaceProblem& problem, const std::vector<HalfspaceRecord>& records) {
  double bound = records.front().direction_excess;
  for (const HalfspaceRecord& record : records) {
    if (!(record.direction_excess <= bound + last_bits)) return false;
    bound *= kept_per_step(problem);
  }
  return true;
}

// The factor per step by which ‖∇f‖_{S⁻¹} falls, from a tenth of the start to where it stops falling.
std::string measured_factor(const std::vector<HalfspaceRecord>& records) {
  constexpr double floor_share = 1e-12;
  std::size_t first = 0, last = 0;
  for (std::size_t t = 0; t < records.size(); ++t) {
    if (first == 0 && records[t].gradient_norm <= records[0].gradient_norm / 10) first = t;
    if (records[t].gradient_norm > records[0].gradient_norm * floor_share) last = t;
  }
  if (first == 0 || last <= first) return "–";
  return fmt::format("{:.4f}", std::pow(records[last].gradient_norm / records[first].gradient_norm,
                                        1 / static_cast<double>(last - first)));
}

// Alternating GDNP on two tanh units of the Gaussian problem, from random directions.
report::Table hidden_units(const HalfspaceProblem& problem, RandomStream& stream, const cli::ExperimentCall& call) {
  const simulation::HiddenUnits units = {
      .s = problem.s, .u = problem.u, .v = problem.v, .largest = problem.largest, .theta = {1, 0.5}};
  std::vector<reference::GdnpState> start(2);
  for (reference::GdnpState& unit : start)
    for (std::size_t k = 0; k < problem.u.size(); ++k) unit.w.push_back(stream.normal());
  constexpr int directions = 5, halvings = 30;
  const int rounds = call.settings.effort == Effort::quick ? 8 : 64;
  const auto records = simulation::alternate(units, start, {directions, halvings}, rounds, call.settings.interrupted);
  report::Table table = {.title = "Alternating GDNP on two tanh units, Gaussian problem (nothing is proved of it)",
                         .columns = {"round", "‖∇₁f‖", "‖∇₂f‖", "unit 1 off the line", "unit 2 off the line"},
                         .rows = {}};
  for (std::size_t round = 0; round < records.size(); round = round == 0 ? 1 : 2 * round)
    table.rows.push_back({std::to_string(round), number(records[round].gradient_norm[0]),
                          number(records[round].gradient_norm[1]), number(records[round].off_the_line[0]),
                          number(records[round].off_the_line[1])});
  return table;
}

constexpr const char* script = R"(
set logscale y
set format y "10^{%L}"
set xlabel "steps"
set ylabel "norm of the gradient"
set key outside right noenhanced
set multiplot layout 2,1
do for [problem in problems] {
  set title problem noenhanced
  plot for [m in "gdnp gdnp_printed_h gradient_descent accelerated"] \
         data using (strcol(1) eq problem && strcol(2) eq m ? $3 : NaN):6 skip 1 with lines lw 2 title m
}
unset multiplot
)";

cli::ExperimentResult run(const cli::ExperimentCall& call) {
  RandomStream stream = stream_of(call);
  const std::vector<HalfspaceProblem> problems = problems_of(call, stream);
  const int steps = steps_of(call);
  report::Figure figure;
  figure.name = id;
  figure.columns = {"problem",       "method",           "step",           "evaluations", "objective",
                    "gradient_norm", "direction_excess", "direction_bound"};
  figure.gnuplot_script = fmt::format("problems = \"{} {}\"\n", problems[0].name, problems[1].name) + script;
  report::Table table = {
      .title = fmt::format("‖∇f‖_S⁻¹ over {} steps", steps),
      .columns = {"problem", "method", "first", "last", "factor a step", "steps to 1e-6", "evaluations to 1e-6"},
      .rows = {}};
  report::Table rates = {.title = "The direction's rate, ρ(w_t) − ρ* ≤ (1 − μ/L)^(2t) (ρ(w₀) − ρ*)",
                         .columns = {"problem", "method", "μ", "L", "(1 − μ/L)²", "kept at every step"},
                         .rows = {}};
  cli::ExperimentResult result;
  std::size_t finished = 0;
  for (const HalfspaceProblem& problem : problems) {
    std::vector<double> start;
    for (std::size_t k = 0; k < problem.u.size(); ++k) start.push_back(stream.normal());
    start = reference::normalized_weights<double>(problem.s, start, 1.0);
    for (const HalfspaceMethod method : methods) {
      const auto records = simulation::run(problem, method, start, steps, call.settings.interrupted);
      double bound = records.front().direction_excess;
      const HalfspaceRecord* arrived = nullptr;
      std::size_t arrival = 0;
      for (std::size_t t = 0; t < records.size(); ++t) {
        const HalfspaceRecord& record = records[t];
        figure.rows.push_back({problem.name, word(method), std::to_string(t), std::to_string(record.evaluations),
                               fmt::format("{:.12g}", record.objective), number(record.gradient_norm),
                               number(record.direction_excess), number(bound)});
        bound *= kept_per_step(problem);
        if (arrived == nullptr && record.gradient_norm <= reached * records.front().gradient_norm)
          arrived = &record, arrival = t;
      }
      table.rows.push_back({problem.name, word(method), number(records.front().gradient_norm),
                            number(records.back().gradient_norm), measured_factor(records),
                            arrived != nullptr ? std::to_string(arrival) : "–",
                            arrived != nullptr ? std::to_string(arrived->evaluations) : "–"});
      if (method == HalfspaceMethod::gdnp || method == HalfspaceMethod::gdnp_printed_h) {
        const bool kept = keeps_the_rate(problem, records);
        rates.rows.push_back({problem.name, word(method), number(problem.smallest), number(problem.largest),
                              fmt::format("{:.6f}", kept_per_step(problem)), kept ? "yes" : "no"});
        const bool is_a_theorem = problem.name == problems.front().name && method == HalfspaceMethod::gdnp;
        if (is_a_theorem && !kept) result.status = cli::exit_differs;
      }
      if (call.progress) call.progress(++finished, problems.size() * std::size(methods), "runs");
    }
  }
  report::Table quadrature = {.title = "Proved error of the quadrature in E φ′ and E φ″ (Gaussian problem)",
                              .columns = {"standard deviation of zᵀw̃", "error at most"},
                              .rows = {}};
  for (const double deviation : {1.0, 2.0, 4.0})
    quadrature.rows.push_back({number(deviation), number(simulation::gaussian_halfspace_error(deviation))});
  result.tables = {std::move(table), std::move(rates), std::move(quadrature),
                   hidden_units(problems.front(), stream, call)};
  result.figures = {std::move(figure)};
  return result;
}

}  // namespace

cli::Experiment gdnp_convergence() {
  constexpr std::uint64_t most_steps = 100'000;
  return {.id = id,
          .source = "WIKI (Kohler et al. 2018), learning halfspaces",
          .conclusion =
              "GDNP's direction converges at least squares' rate on Gaussian data; beside gradient descent and "
              "accelerated gradient descent, on Gaussian data and on images.",
          .parameters = {cli::whole_number_parameter("steps", "steps of each method", "50 at quick, else 400", 1,
                                                     most_steps),
                         spectrum_parameter()},
          .check = check,
          .run = run};
}

}  // namespace normproof::experiments
