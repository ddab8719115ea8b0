// How are backward kernels run, and their results held against the oracle?
#include "proofs_checks/rounding/backward.hpp"

#include <algorithm>
#include <utility>

#include "proofs_checks/rounding/error_tally.hpp"
#include "proofs_checks/rounding/forward.hpp"
#include "proofs_checks/rounding/replicas.hpp"
#include "proofs_checks/rounding/watched_sum.hpp"

namespace normproof::rounding {

namespace {

using conformance::ChannelOracle;
using evidence::Effort;
using reference::ParameterGradients;
using theory::BackwardHeights;
using theory::GradientData;

GradientData data_of(const ChannelOracle& channel, const GivenStatistics& given) {
  GradientData data;
  data.count = static_cast<double>(channel.facts.count);
  data.mean = given.mean;
  data.inv_std = given.inv_std;
  data.gamma = given.gamma;
  data.root_mean_square = channel.facts.root_mean_square;
  data.sum_dy = channel.gradient.sum_dy.high();
  data.sum_abs_dy = channel.gradient.sum_abs_dy;
  data.sum_dy_x_hat = channel.gradient.sum_dy_x_hat.high();
  data.sum_abs_dy_x_hat = channel.gradient.sum_abs_dy_x_hat;
  data.mean_root_square_dy = channel.gradient.mean_root_square_dy;
  return data;
}

// The statistics that a forward pass in halves saves.
GivenStatistics saved_statistics(const std::vector<float>& x, float gamma) {
  constexpr reference::SummationOrder halves = {reference::SummationOrder::Kind::pairwise};
  const reference::Moments<float> moments = reference::two_pass_moments<float>(x, halves, halves);
  return {moments.mean, reference::inverse_std(moments.variance, static_cast<float>(eps)), gamma};
}

class BackwardTallies {
 public:
  explicit BackwardTallies(BackwardKernel kernel) : kernel_(std::move(kernel)) {}

  void run(BackwardKernel kernel) { kernel_ = std::move(kernel); }  // from here on

  void add(const Replica& replica) {
    const std::vector<float> x = replica.x(), dy = replica.dy(x);
    const BackwardChannel channel = {x, dy, saved_statistics(x, replica.given().gamma)};
    const ChannelOracle exact = gradient_facts(x, dy, channel.given);
    const GradientData data = data_of(exact, channel.given);
    const ParameterGradients<float> got = kernel_.sums(channel);
    const BackwardHeights heights = kernel_.heights(data, channel);
    dbeta_.add(distance(exact.gradient.sum_dy, got.dbeta), theory::dbeta_error(data, binary32, heights.dbeta));
    dgamma_.add(distance(exact.gradient.sum_dy_x_hat, got.dgamma), kernel_.dgamma_bound(data, heights.dgamma));
    add_input_gradients(channel, exact, data, got, heights);
  }

  std::vector<RoundingTally> tallies() const { return {dbeta_.tally(), dgamma_.tally(), dx_.tally()}; }

 private:
  void add_input_gradients(const BackwardChannel& channel, const ChannelOracle& exact, const GradientData& data,
                           const ParameterGradients<float>& got, const BackwardHeights& heights) {
    const auto [mean, inv_std, gamma] = channel.given;
    const auto count = reference::number_of<float>(channel.x.size());
    const float mean_dy = got.dbeta / count, projection = got.dgamma / count;
    const conformance::InputGradientFormula formula(exact, true);
    const std::size_t step = std::max(channel.x.size() / most_outputs, std::size_t{1});
    for (std::size_t i = 0; i < channel.x.size(); i += step) {
      const float x = channel.x[i], dy = channel.dy[i];
      const float dx = reference::input_gradient(x, dy, mean, inv_std, gamma, mean_dy, projection);
      dx_.add(distance(formula(x, dy), dx), kernel_.dx_bound(data, heights, x, dy));
    }
  }

  BackwardKernel kernel_;
  ErrorTally dbeta_, dgamma_, dx_;
};

float product(const BackwardChannel& channel, std::size_t i) {
  return channel.dy[i] * ((channel.x[i] - channel.given.mean) * channel.given.inv_std);
}

}  // namespace

BackwardKernel two_pass_backward(const NamedOrder& order) {
  return {.id = "backward/" + order.id,
          .sums =
              [=](const BackwardChannel& c) {
                return reference::two_pass_gradient_sums<float>(c.x, c.dy, c.given.mean, c.given.inv_std, order.order);
              },
          .heights = [=](const GradientData&, const BackwardChannel& c) -> BackwardHeights {
            const double tree = height(order.order, c.x.size());
            return {tree, tree};
          },
          .dgamma_bound = [](const GradientData& data,
                             double tree) { return theory::dgamma_error(data, binary32, tree, 0); },
          .dx_bound = [](const GradientData& data, const BackwardHeights& heights, double x,
                         double dy) { return theory::two_pass_input_gradient_error(data, binary32, heights, x, dy); }};
}

BackwardKernel watched_two_pass_backward(const NamedOrder& order) {
  BackwardKernel kernel = two_pass_backward(order);
  kernel.id = "watched_" + kernel.id;
  kernel.heights = [=](const GradientData& data, const BackwardChannel& c) -> BackwardHeights {
    const double u = binary32.roundoff;
    const double of_dy = half_ulps(order.order, c.dy.size(), [&](std::size_t i) { return c.dy[i]; });
    const double of_products = half_ulps(order.order, c.dy.size(), [&](std::size_t i) { return product(c, i); });
    return {theory::effective_height(of_dy, u, data.sum_abs_dy),
            theory::effective_height(of_products, u, data.sum_abs_dy_x_hat)};
  };
  return kernel;
}

BackwardKernel backward_from_moments(const NamedOrder& order) {
  BackwardKernel kernel = two_pass_backward(order);
  kernel.id = "one_pass_" + kernel.id;
  kernel.sums = [=](const BackwardChannel& c) {
    return reference::gradient_sums_from_moments<float>(c.x, c.dy, c.given.mean, c.given.inv_std, order.order);
  };
  return kernel;
}

std::vector<RoundingPoint> backward_points(const std::vector<BackwardKernel>& kernels,
                                           const std::vector<ChannelRecipe>& recipes, Effort effort) {
  std::vector<RoundingPoint> points;
  for (const ChannelRecipe& recipe : recipes)
    for (const BackwardKernel& kernel : kernels)
      points.push_back(point_of<BackwardTallies>(kernel.id, kernel, recipe, grid_replicas(recipe.count, effort)));
  return points;
}

std::vector<RoundingPoint> backward_tightness_points(BackwardKernelOfOrder kernel, Effort effort) {
  return tightness_points<BackwardTallies>(kernel, effort);
}

RoundingPoint pooled_backward_tightness_point(BackwardKernelOfOrder kernel, Effort effort) {
  return pooled_tightness_point<BackwardTallies>(kernel, effort);
}

}  // namespace normproof::rounding
