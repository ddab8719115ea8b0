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
constexpr double kept = (1 - run_smallest / run_largest) * (1 - run_smallest / run_largest);

}  // namespace

bool GdnpRun::kept_the_rate() const { return last_excess <= std::pow(kept, gdnp_run_steps) * first_excess; }

GdnpRun gdnp_run(inputs::RandomStream& stream, reference::StoppingRule rule) {
  static const auto nodes = theory::gaussian_nodes<double>(4, 7);
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
    const double sigma = std::sqrt(reference::inner<double>(weights, turned) - m * m);
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
  // The best length has the sign of −uᵀw; f is convex in it, so a zero is bracketed by doubling.
  const auto bracket_of = [&](const std::vector<double>& direction) {
    const double sign = reference::inner<double>(u, direction) < 0 ? 1 : -1;
    double end = sign;
    while (length_slope(direction, end) * sign < 0 && std::abs(end) < 1024) end *= 2;
    return sign > 0 ? reference::Bracket<double>{0, end} : reference::Bracket<double>{end, 0};
  };
  GdnpRun run;
  run.first_excess = reference::rayleigh_quotient<double>(run_moments, u, w) + power;
  double factor = 1;
  const auto seen = [&](const reference::GdnpState& state, int t) {
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
    const auto bracket = bracket_of(state.w);
    const double slope = std::abs(reference::length_gradient<double>(run_moments, state.w, at.gradient));
    // E φ′ and E φ″ are off by `error` at most, where |φ′|, |φ″| ≤ 1 for |Im s| ≤ 3/2 and zᵀw̃ has a deviation of at
    // most `longest`; ∂_γ f then by error·(1 + |γ|): at the left end and, for the sign, at both.
    const double longest = std::max(std::abs(bracket.low), std::abs(bracket.high));
    const double error = theory::gaussian_quadrature_bound<double>(nodes, 1.0, std::min(1.5 / longest, 2.0));
    const double quadrature = 3 * error * (1 + longest);
    const double width = (bracket.high - bracket.low) / std::exp2(gdnp_run_halvings);
    run.length = run.length && slope <= run_zeta / run_smallest * width + quadrature;
    run.last_excess = reference::rayleigh_quotient<double>(run_moments, u, state.w) + power;
  };
  reference::gdnp(rule, run_moments, u, run_largest, {.w = w, .gamma = 1}, {gdnp_run_steps, gdnp_run_halvings},
                  expectations_at, bracket_of, seen);
  return run;
}

}  // namespace normproof::simulation
