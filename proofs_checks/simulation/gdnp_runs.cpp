// How is one run of GDNP drawn, and which bounds does it keep?
#include "proofs_checks/simulation/gdnp_runs.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "theory/decoupling/gaussian_nodes.hpp"

namespace normproof::simulation {

namespace {

const std::vector<double> run_moments = {0.25, 0, 0, 0, 0.5, 0, 0, 0, 1};
constexpr double run_smallest = 0.25, run_largest = 1, run_zeta = 0.25;
// |φ′|, |φ″| ≤ 1 where |Im s| ≤ 3/2.
constexpr double run_slope = 1, run_strip = 1.5;
constexpr int fewest_nodes = 2, nodes_reach = 7;
constexpr double kept = (1 - run_smallest / run_largest) * (1 - run_smallest / run_largest);

// At least 2|γ| nodes a unit, in powers of two: zᵀw̃ = m + σt lies in the strip where |Im t| ≤ 3/per_unit ≤ 3/(2σ).
const theory::GaussianNodes<double>& nodes_for(double length) {
  constexpr std::size_t most = 16;
  static const auto all = [] {
    std::vector<theory::GaussianNodes<double>> grids;
    for (std::size_t k = 0, per_unit = fewest_nodes; k < most; ++k, per_unit *= 2)
      grids.push_back(theory::gaussian_nodes<double>(static_cast<int>(per_unit), nodes_reach));
    return grids;
  }();
  std::size_t k = 0;
  while (k + 1 < most && all[k].per_unit < 2 * length) ++k;
  return all[k];
}
// Of E φ′ and E φ″ at any γ: the strip's width times the nodes a unit is 3 in each grid, and e^(a²/2) is largest in the
// coarsest.
double quadrature_error() {
  return theory::gaussian_quadrature_bound<double>(nodes_for(0), run_slope, 2 * run_strip / fewest_nodes);
}

}  // namespace

bool GdnpRun::kept_the_rate() const { return last_excess <= std::pow(kept, gdnp_run_steps) * first_excess; }

GdnpRun gdnp_run(inputs::RandomStream& stream, reference::StoppingRule rule) {
  static const double error = quadrature_error();
  std::vector<double> v, w;
  double power = 0;
  do {
    v.clear();
    w.clear();
    for (int k = 0; k < 3; ++k) v.push_back(stream.uniform(-1, 1)), w.push_back(stream.normal());
    power = reference::inner<double>(v, reference::symmetric_times<double>(run_moments, v));
  } while (power >= 1);
  const std::vector<double> u = reference::symmetric_times<double>(run_moments, v);
  const auto expectations_at = [&](const std::vector<double>& weights) {
    const std::vector<double> turned = reference::symmetric_times<double>(run_moments, weights);
    const double m = reference::inner<double>(u, weights);
    const double square = reference::inner<double>(weights, turned);
    const double sigma = std::sqrt(square - m * m);
    const auto& nodes = nodes_for(std::sqrt(square));
    reference::Expectations<double> at;
    for (std::size_t k = 0; k < nodes.points.size(); ++k) {
      const double p = reference::softplus_slope(m + sigma * nodes.points[k]);
      at.slope += nodes.weights[k] * p;
      at.bend += nodes.weights[k] * p * (1 - p);
    }
    for (std::size_t k = 0; k < u.size(); ++k)
      at.gradient.push_back(at.slope * u[k] + at.bend * (turned[k] - u[k] * m));
    return at;
  };
  const auto length_slope = [&](const std::vector<double>& direction, double gamma) {
    const auto at = expectations_at(reference::normalized_weights<double>(run_moments, direction, gamma));
    return reference::length_gradient<double>(run_moments, direction, at.gradient);
  };
  // The best length has the sign of −uᵀw; f is convex in it, so a zero is bracketed by doubling. Once a direction.
  std::vector<double> bracketed;
  reference::Bracket<double> last;
  const auto bracket_of = [&](const std::vector<double>& direction) {
    if (direction == bracketed) return last;
    bracketed = direction;
    const double sign = reference::inner<double>(u, direction) < 0 ? 1 : -1;
    double end = sign;
    while (length_slope(direction, end) * sign < 0 && std::abs(end) < 1024) end *= 2;
    last = sign > 0 ? reference::Bracket<double>{0, end} : reference::Bracket<double>{end, 0};
    return last;
  };
  GdnpRun run;
  run.first_excess = reference::rayleigh_quotient<double>(run_moments, u, w) + power;
  double factor = 1;
  const auto seen = [&](const reference::GdnpState& state, int t) {
    if (state.gamma == 0) {
      run.length_is_zero = true;
      return;
    }
    run.last_excess = reference::rayleigh_quotient<double>(run_moments, u, state.w) + power;
    if (run.vacuous) return;
    if (t > 0) factor *= kept;
    const auto weights = reference::normalized_weights<double>(run_moments, state.w, state.gamma);
    const auto at = expectations_at(weights);
    const auto gradient = reference::direction_gradient<double>(run_moments, state.w, state.gamma, at.gradient);
    double residual = 0;
    for (std::size_t k = 0; k < 3; ++k) residual += gradient[k] * gradient[k] / run_moments[4 * k];
    const double norm = reference::norm_by<double>(run_moments, state.w);
    const double first = at.slope - at.bend * reference::inner<double>(u, weights);
    // Relative: last bits of the residual, which is a difference of nearly equal numbers once ρ has converged.
    // Empirical.
    constexpr double last_bits = 1e-9;
    const double bound = factor * first * first * state.gamma * state.gamma * run.first_excess;
    run.direction = run.direction && norm * norm * residual <= bound * (1 + last_bits) + last_bits * last_bits;
    // c₁ = E φ′ − E φ″ uᵀw̃ is off by error·(1 + |γ|), ∂_γ f likewise, and a bracket's ends may have the wrong sign by
    // as much: at the left end and, for the sign, at both.
    const double most = run_slope / std::sqrt(1 - power) + error * (1 + std::abs(state.gamma));
    run.direction = run.direction && std::abs(first) <= most;
    if (t > 0) {
      const auto bracket = bracket_of(state.w);
      const double slope = std::abs(reference::length_gradient<double>(run_moments, state.w, at.gradient));
      const double longest = std::max(std::abs(bracket.low), std::abs(bracket.high));
      const double width = (bracket.high - bracket.low) / std::exp2(gdnp_run_halvings);
      const double of_the_length = run_zeta / run_smallest * width + 3 * error * (1 + longest);
      run.length = run.length && slope <= of_the_length;
      run.vacuous = run.vacuous || of_the_length >= run_slope;
    }
  };
  reference::gdnp(rule, run_moments, u, run_largest, {.w = w, .gamma = 1}, {gdnp_run_steps, gdnp_run_halvings},
                  expectations_at, bracket_of, seen);
  return run;
}

GdnpRun deciding_gdnp_run(inputs::RandomStream& replica, reference::StoppingRule rule) {
  inputs::RandomStream stream(replica.next_uint64(), "gdnp_runs", "deciding");
  return gdnp_run(stream, rule);
}

}  // namespace normproof::simulation
