// How are the steps of GDNP and its rivals taken and recorded?
#include "proofs_checks/simulation/halfspace_descent.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

#include <cmath>
#include <limits>
#include <stdexcept>

#include "proofs_checks/growth.hpp"
#include "theory/decoupling/gaussian_nodes.hpp"

namespace normproof::simulation {

namespace {

using Values = std::vector<double>;

constexpr int nodes_per_unit = 8, nodes_reach = 8;
constexpr double curvature = 0.25;  // φ″ ≤ 1/4
constexpr int halvings = 40, most_doublings = 40;

Eigen::MatrixXd as_matrix(const Values& s, std::size_t size) {
  const auto n = static_cast<Eigen::Index>(size);
  return Eigen::Map<const Eigen::MatrixXd>(s.data(), n, n);  // symmetric: the order does not matter
}
Eigen::VectorXd as_vector(const Values& values) {
  return Eigen::Map<const Eigen::VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

class Run {
 public:
  Run(const HalfspaceProblem& problem, const std::atomic<bool>* interrupted)
      : problem_(problem), inverse_(as_matrix(problem.s, problem.u.size())), interrupted_(interrupted) {}

  HalfspaceValues at(const Values& weights) {
    if (interrupted_ != nullptr && interrupted_->load()) throw Interrupted();
    ++evaluations_;
    return problem_.at(weights);
  }
  void record(const Values& weights) {
    const HalfspaceValues now = problem_.at(weights);
    const Eigen::VectorXd gradient = as_vector(now.expectations.gradient);
    records_.push_back({.objective = now.objective,
                        .gradient_norm = std::sqrt(gradient.dot(inverse_.solve(gradient))),
                        .direction_excess = reference::rayleigh_quotient<double>(problem_.s, problem_.u, weights) +
                                            reference::inner<double>(problem_.u, problem_.v),
                        .evaluations = evaluations_});
  }
  const HalfspaceProblem& problem() const { return problem_; }
  std::vector<HalfspaceRecord> take() { return std::move(records_); }

 private:
  const HalfspaceProblem& problem_;
  Eigen::LLT<Eigen::MatrixXd> inverse_;
  const std::atomic<bool>* interrupted_;
  std::uint64_t evaluations_ = 0;
  std::vector<HalfspaceRecord> records_;
};

void run_gdnp(Run& run, reference::StoppingRule rule, Values start, int steps) {
  const HalfspaceProblem& p = run.problem();
  const auto expectations = [&](const Values& weights) { return run.at(weights).expectations; };
  // f is convex in the length, and its slope at 0 is E φ′(0) uᵀw/‖w‖_S: the best length has the other sign.
  const auto bracket = [&](const Values& w) -> reference::Bracket<double> {
    const double sign = reference::inner<double>(p.u, w) < 0 ? 1 : -1;
    double end = sign;
    for (int k = 0; k < most_doublings; ++k) {
      const auto at = run.at(reference::normalized_weights<double>(p.s, w, end)).expectations;
      if (reference::length_gradient<double>(p.s, w, at.gradient) * sign >= 0) break;
      end *= 2;
    }
    return sign > 0 ? reference::Bracket<double>{0, end} : reference::Bracket<double>{end, 0};
  };
  reference::gdnp(rule, p.s, p.u, p.largest, {.w = std::move(start), .gamma = 1}, {steps, halvings}, expectations,
                  bracket, [&](const reference::GdnpState& state, int) {
                    run.record(reference::normalized_weights<double>(p.s, state.w, state.gamma));
                  });
}

Values moved(const Values& from, double factor, const Values& along) {
  Values to = from;
  for (std::size_t k = 0; k < to.size(); ++k) to[k] += factor * along[k];
  return to;
}

void run_gradient_descent(Run& run, Values weights, int steps) {
  const double step = 1 / (curvature * run.problem().largest);
  run.record(weights);
  for (int t = 0; t < steps; ++t) {
    weights = moved(weights, -step, run.at(weights).expectations.gradient);
    run.record(weights);
  }
}

void run_accelerated(Run& run, Values weights, int steps) {
  const double step = 1 / (curvature * run.problem().largest);
  Values before = weights;
  run.record(weights);
  for (int t = 0; t < steps; ++t) {
    const double momentum = static_cast<double>(t) / (t + 3);
    const Values ahead = moved(weights, momentum, moved(weights, -1, before));
    before = weights;
    weights = moved(ahead, -step, run.at(ahead).expectations.gradient);
    run.record(weights);
  }
}

}  // namespace

const char* word(HalfspaceMethod method) {
  switch (method) {
    case HalfspaceMethod::gdnp: return "gdnp";
    case HalfspaceMethod::gdnp_printed_h: return "gdnp_printed_h";
    case HalfspaceMethod::gradient_descent: return "gradient_descent";
    case HalfspaceMethod::accelerated: return "accelerated";
  }
  return "?";
}

HalfspaceProblem halfspace_problem(std::string name, Values s, Values u,
                                   std::function<HalfspaceValues(const HalfspaceProblem&, const Values&)> at) {
  const Eigen::MatrixXd matrix = as_matrix(s, u.size());
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> spectrum(matrix, Eigen::EigenvaluesOnly);
  HalfspaceProblem problem;
  problem.smallest = spectrum.eigenvalues().minCoeff();
  problem.largest = spectrum.eigenvalues().maxCoeff();
  // The eigensolver is backward stable: its eigenvalues are off by a small multiple of u times the dimension and L.
  const double rounding = 16 * static_cast<double>(u.size()) * std::numeric_limits<double>::epsilon() * problem.largest;
  if (!(problem.smallest > rounding))
    throw std::invalid_argument(name + ": the matrix S = E zzᵀ is not positive definite");
  const Eigen::VectorXd v = Eigen::LLT<Eigen::MatrixXd>(matrix).solve(as_vector(u));
  problem.name = std::move(name);
  problem.s = std::move(s);
  problem.u = std::move(u);
  problem.v.assign(v.data(), v.data() + v.size());
  // By value: the problem may be copied and moved.
  problem.at = [copy = problem, at = std::move(at)](const Values& weights) { return at(copy, weights); };
  return problem;
}

HalfspaceProblem gaussian_halfspace(Values s, Values u) {
  const auto nodes = theory::gaussian_nodes<double>(nodes_per_unit, nodes_reach);
  HalfspaceProblem problem = halfspace_problem(
      "gaussian", std::move(s), std::move(u), [nodes](const HalfspaceProblem& p, const Values& weights) {
        const Values turned = reference::symmetric_times<double>(p.s, weights);
        const double mean = reference::inner<double>(p.u, weights);
        const double deviation = std::sqrt(reference::inner<double>(weights, turned) - mean * mean);
        HalfspaceValues values;
        for (std::size_t k = 0; k < nodes.points.size(); ++k) {
          const double t = mean + deviation * nodes.points[k], slope = reference::softplus_slope(t);
          values.objective += nodes.weights[k] * reference::softplus(t);
          values.expectations.slope += nodes.weights[k] * slope;
          values.expectations.bend += nodes.weights[k] * slope * (1 - slope);
        }
        for (std::size_t k = 0; k < p.u.size(); ++k)
          values.expectations.gradient.push_back(values.expectations.slope * p.u[k] +
                                                 values.expectations.bend * (turned[k] - p.u[k] * mean));
        return values;
      });
  if (!(reference::inner<double>(problem.u, problem.v) < 1))
    throw std::invalid_argument("gaussian: S − uuᵀ is not positive definite");
  return problem;
}

HalfspaceProblem sampled_halfspace(std::string name, Values rows, std::size_t features) {
  const std::size_t samples = rows.size() / features;
  Values s(features * features, 0.0), u(features, 0.0);
  for (std::size_t i = 0; i < samples; ++i)
    for (std::size_t j = 0; j < features; ++j) {
      u[j] += rows[i * features + j] / static_cast<double>(samples);
      for (std::size_t k = 0; k < features; ++k)
        s[j * features + k] += rows[i * features + j] * rows[i * features + k] / static_cast<double>(samples);
    }
  return halfspace_problem(std::move(name), std::move(s), std::move(u),
                           [rows = std::move(rows), features, samples](const HalfspaceProblem&, const Values& weights) {
                             HalfspaceValues values;
                             values.expectations.gradient.assign(features, 0.0);
                             for (std::size_t i = 0; i < samples; ++i) {
                               const std::span<const double> z(rows.data() + i * features, features);
                               const double t = reference::inner<double>(z, weights),
                                            slope = reference::softplus_slope(t);
                               values.objective += reference::softplus(t);
                               values.expectations.slope += slope;
                               values.expectations.bend += slope * (1 - slope);
                               for (std::size_t k = 0; k < features; ++k)
                                 values.expectations.gradient[k] += slope * z[k];
                             }
                             const double count = static_cast<double>(samples);
                             values.objective /= count;
                             values.expectations.slope /= count;
                             values.expectations.bend /= count;
                             for (double& entry : values.expectations.gradient) entry /= count;
                             return values;
                           });
}

std::vector<HalfspaceRecord> run(const HalfspaceProblem& problem, HalfspaceMethod method, Values start, int steps,
                                 const std::atomic<bool>* interrupted) {
  Run run(problem, interrupted);
  switch (method) {
    case HalfspaceMethod::gdnp: run_gdnp(run, reference::StoppingRule::needed, std::move(start), steps); break;
    case HalfspaceMethod::gdnp_printed_h:
      run_gdnp(run, reference::StoppingRule::printed, std::move(start), steps);
      break;
    case HalfspaceMethod::gradient_descent: run_gradient_descent(run, std::move(start), steps); break;
    case HalfspaceMethod::accelerated: run_accelerated(run, std::move(start), steps); break;
  }
  return run.take();
}

double gaussian_halfspace_error(double deviation) {
  // log(1 + e^s) is analytic where |Im s| < π, and |φ′|, |φ″| ≤ 1 where |Im s| ≤ π/2 > 3/2. The bound holds up to 2.
  const double width = std::min(1.5 / deviation, 2.0);
  return theory::gaussian_quadrature_bound<double>(theory::gaussian_nodes<double>(nodes_per_unit, nodes_reach), 1.0,
                                                   width);
}

}  // namespace normproof::simulation
