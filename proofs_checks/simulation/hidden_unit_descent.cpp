// How are the rounds of alternating GDNP taken and recorded?
#include "proofs_checks/simulation/hidden_unit_descent.hpp"

#include <algorithm>
#include <cmath>

#include "proofs_checks/growth.hpp"
#include "theory/decoupling/gaussian_nodes.hpp"

namespace normproof::simulation {

namespace {

using Values = std::vector<double>;

class Network {
 public:
  Network(const HiddenUnits& problem, const std::atomic<bool>* interrupted)
      : problem_(problem), nodes_(theory::gaussian_nodes<double>(2, 6)), interrupted_(interrupted) {}

  // E ∂_iG, E ∂_i²G and ∇_i f = E ∂_iG u + Σ_j E ∂_i∂_jG Σw̃_j.
  reference::Expectations<double> at(std::size_t i, const std::vector<Values>& weights) const {
    if (interrupted_ != nullptr && interrupted_->load()) throw Interrupted();
    const std::size_t j = 1 - i;
    const Values own = covariance_times(weights[i]), other = covariance_times(weights[j]);
    const double own_mean = reference::inner<double>(problem_.u, weights[i]),
                 other_mean = reference::inner<double>(problem_.u, weights[j]);
    const double own_deviation = std::sqrt(std::max(0.0, reference::inner<double>(weights[i], own)));
    const double shared = own_deviation > 0 ? reference::inner<double>(weights[j], own) / own_deviation : 0;
    const double rest = std::sqrt(std::max(0.0, reference::inner<double>(weights[j], other) - shared * shared));
    reference::Expectations<double> values;
    double mixed = 0;
    for (std::size_t a = 0; a < nodes_.points.size(); ++a) {
      const double s = own_mean + own_deviation * nodes_.points[a], t = std::tanh(s), dt = 1 - t * t;
      for (std::size_t b = 0; b < nodes_.points.size(); ++b) {
        const double other_t = std::tanh(other_mean + shared * nodes_.points[a] + rest * nodes_.points[b]);
        const double weight = nodes_.weights[a] * nodes_.weights[b];
        const double p = reference::softplus_slope(problem_.theta[i] * t + problem_.theta[j] * other_t);
        const double own_slope = problem_.theta[i] * dt;
        values.slope += weight * p * own_slope;
        values.bend += weight * (p * (1 - p) * own_slope * own_slope - 2 * p * own_slope * t);
        mixed += weight * p * (1 - p) * own_slope * problem_.theta[j] * (1 - other_t * other_t);
      }
    }
    for (std::size_t k = 0; k < problem_.u.size(); ++k)
      values.gradient.push_back(values.slope * problem_.u[k] + values.bend * own[k] + mixed * other[k]);
    return values;
  }

  HiddenUnitRecord record(const std::vector<Values>& weights) const {
    HiddenUnitRecord now;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const Values gradient = at(i, weights).gradient;
      now.gradient_norm.push_back(std::sqrt(reference::inner<double>(gradient, gradient)));
      const double along = reference::inner<double>(problem_.u, weights[i]);
      const double cosine = along / (reference::norm_by<double>(problem_.s, weights[i]) *
                                     reference::norm_by<double>(problem_.s, problem_.v));
      now.off_the_line.push_back(std::sqrt(std::max(0.0, 1 - cosine * cosine)));
    }
    return now;
  }

 private:
  Values covariance_times(const Values& w) const {
    Values turned = reference::symmetric_times<double>(problem_.s, w);
    const double mean = reference::inner<double>(problem_.u, w);
    for (std::size_t k = 0; k < turned.size(); ++k) turned[k] -= problem_.u[k] * mean;
    return turned;
  }

  const HiddenUnits& problem_;
  theory::GaussianNodes<double> nodes_;
  const std::atomic<bool>* interrupted_;
};

}  // namespace

std::vector<HiddenUnitRecord> alternate(const HiddenUnits& problem, std::vector<reference::GdnpState> units,
                                        reference::GdnpSteps steps, int rounds, const std::atomic<bool>* interrupted) {
  const Network network(problem, interrupted);
  const auto weights_of = [&](const std::vector<reference::GdnpState>& states) {
    std::vector<Values> weights;
    for (const reference::GdnpState& state : states)
      weights.push_back(reference::normalized_weights<double>(problem.s, state.w, state.gamma));
    return weights;
  };
  std::vector<Values> weights = weights_of(units);
  std::vector<HiddenUnitRecord> records = {network.record(weights)};
  // From length 0 downhill, doubled until the slope turns; where it does not within 64, the end is taken.
  const auto bracket = [&](std::size_t i, const Values& w) -> reference::Bracket<double> {
    const auto slope = [&](double gamma) {
      std::vector<Values> moved = weights;
      moved[i] = reference::normalized_weights<double>(problem.s, w, gamma);
      return reference::length_gradient<double>(problem.s, w, network.at(i, moved).gradient);
    };
    const double sign = slope(0) < 0 ? 1 : -1;
    double end = sign;
    constexpr double longest = 64;
    while (slope(end) * sign < 0 && std::abs(end) < longest) end *= 2;
    return sign > 0 ? reference::Bracket<double>{0, end} : reference::Bracket<double>{end, 0};
  };
  reference::alternating_gdnp(
      reference::StoppingRule::needed, problem.s, problem.u, problem.largest, std::move(units), steps, rounds,
      [&](std::size_t i, const std::vector<Values>& at) { return network.at(i, at); }, bracket,
      [&](const std::vector<reference::GdnpState>& states, int, std::size_t i) {
        weights = weights_of(states);
        if (i + 1 == states.size()) records.push_back(network.record(weights));
      });
  return records;
}

}  // namespace normproof::simulation
