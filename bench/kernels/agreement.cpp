// How is it seen that a contender computes what it should? Against the plain kernel, and against long double.
#include "bench/kernels/agreement.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

namespace normproof::bench {
namespace {

Outputs outputs_of(Problem& problem, const Contender& contender) {
  problem.forget_results();
  use_threads(contender.threads);
  contender.run();
  return contender.outputs();
}

template <class Tolerance>
bool close(const std::vector<float>& values, const std::vector<float>& expected, const Tolerance& tolerance) {
  if (values.size() != expected.size()) return false;
  for (std::size_t k = 0; k < values.size(); ++k) {
    const auto v = static_cast<double>(values[k]), e = static_cast<double>(expected[k]);
    if (!(std::abs(v - e) <= tolerance(e))) return false;  // nor is a NaN close
  }
  return true;
}

}  // namespace

void demand_agreement(Problem& problem, const Contenders& contenders) {
  const auto is_reference = [](const Contender& c) { return c.kind == Contender::Kind::reference; };
  const auto reference = std::find_if(contenders.begin(), contenders.end(), is_reference);
  if (reference == contenders.end()) throw std::logic_error("no reference");
  const Outputs expected = outputs_of(problem, *reference);
  const auto terms = static_cast<double>(problem.shape.batch * problem.shape.spatial());
  const auto of_elements = [](double y) { return 1e-3 * std::max(std::abs(y), 1.0); };
  const auto of_gradients = [&](double) { return 1e-3 + 1e-5 * terms; };
  for (const Contender& contender : contenders) {
    const Outputs written = outputs_of(problem, contender);
    bool good = true;
    if (contender.kind == Contender::Kind::limit) {
      const float* const x = problem.x(1);
      const float* const dy = is_backward(problem.operation) ? problem.dy(1) : nullptr;
      for (std::size_t k = 0; k < written.elements.size(); ++k)
        good = good && written.elements[k] == (dy != nullptr ? x[k] + dy[k] : x[k]);
    } else {
      good = close(written.elements, expected.elements, of_elements) &&
             close(written.dgamma, expected.dgamma, of_gradients) && close(written.dbeta, expected.dbeta, of_gradients);
    }
    if (!good) {
      throw std::runtime_error(name_of(problem.operation) + ' ' + problem.shape.name() + ": " + contender.name +
                               " does not compute what it is to be timed for");
    }
  }
}

ExactStatistics exact_statistics(Problem& problem) {
  const Shape& shape = problem.shape;
  const auto m = static_cast<long double>(shape.batch * shape.spatial());
  const float* const x = problem.x(1);
  const auto channel_of = [&](std::int64_t k) {
    return static_cast<std::size_t>(k / shape.spatial() % shape.channels);
  };
  ExactStatistics exact;
  exact.mean.resize(problem.gamma.size());
  exact.variance.resize(problem.gamma.size());
  for (std::int64_t k = 0; k < shape.elements(); ++k) exact.mean[channel_of(k)] += static_cast<long double>(x[k]);
  for (long double& mean : exact.mean) mean /= m;
  for (std::int64_t k = 0; k < shape.elements(); ++k) {
    const long double deviation = static_cast<long double>(x[k]) - exact.mean[channel_of(k)];
    exact.variance[channel_of(k)] += deviation * deviation;
  }
  for (long double& variance : exact.variance) variance /= m;
  return exact;
}

double worst_error_in_ulp(Problem& problem, const ExactStatistics& exact, const Contender& contender) {
  constexpr int digits = std::numeric_limits<float>::digits;
  const Outputs written = outputs_of(problem, contender);
  const Shape& shape = problem.shape;
  const float* const x = problem.x(1);
  double worst = 0;
  for (std::int64_t k = 0; k < shape.elements(); ++k) {
    const auto c = static_cast<std::size_t>(k / shape.spatial() % shape.channels);
    const long double std = std::sqrt(exact.variance[c] + static_cast<long double>(contender.eps));
    const long double y = (static_cast<long double>(x[k]) - exact.mean[c]) / std;
    const long double error = std::abs(static_cast<long double>(written.elements[static_cast<std::size_t>(k)]) - y);
    const int exponent = std::ilogb(std::max(std::abs(y), 1.0L));
    const auto in_ulp = static_cast<double>(std::ldexp(error, digits - 1 - exponent));
    if (std::isnan(in_ulp)) return in_ulp;
    worst = std::max(worst, in_ulp);
  }
  return worst;
}

}  // namespace normproof::bench
