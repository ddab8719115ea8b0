// How are forward kernels run, and their results held against the oracle?
#include "proofs_checks/rounding/forward.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "proofs_checks/rounding/error_tally.hpp"
#include "proofs_checks/rounding/exact_channel.hpp"
#include "proofs_checks/rounding/replicas.hpp"
#include "proofs_checks/rounding/watched_sum.hpp"
#include "theory/rounding/normalization_bounds.hpp"
#include "theory/rounding/one_pass_variance.hpp"
#include "theory/rounding/welford_and_chan.hpp"

namespace normproof::rounding {

namespace {

using conformance::ChannelFacts;
using conformance::DoubleDouble;
using evidence::Effort;
using reference::Moments;
using theory::ChannelData;
using theory::Unit;
using Floats = std::span<const float>;

constexpr double momentum = 0.1;

// Of binary32 in a sum, with a count: no sum of at most this many terms is higher than the class two_pass grants.
bool is_granted(const NamedOrder& order, std::size_t count) {
  return height(order.order, count) <= theory::granted_height(static_cast<double>(count));
}

class ForwardTallies {
 public:
  explicit ForwardTallies(ForwardKernel kernel) : kernel_(std::move(kernel)) {}

  void run(ForwardKernel kernel) { kernel_ = std::move(kernel); }  // from here on

  void add(const Replica& replica) {
    const std::vector<float> x = replica.x();
    const ChannelFacts facts = channel_facts(x);
    const ChannelData data = conformance::channel_data(facts, eps, binary32);
    const Moments<float> got = kernel_.moments(x);
    const MomentErrors bound = kernel_.bounds(data, binary32, x);
    mean_.add(distance(facts.mean, got.mean), bound.mean);
    variance_.add(distance(facts.variance, got.variance), bound.variance);
    negative_.add(-static_cast<double>(got.variance), 0);
    const double relative =
        theory::relative_inv_std_error(data.variance + eps, bound.variance, kernel_.may_be_negative ? 0 : eps,
                                       theory::plain_forward_roundings.inv_std, binary32.roundoff);
    const float inv_std = reference::inverse_std(got.variance, static_cast<float>(eps));
    inv_std_.add(distance(facts.inv_std, inv_std), theory::times(relative, theory::inv_std(data)));
    add_outputs(x, facts, data, {got.mean, inv_std}, {bound.mean, relative}, replica.given());
  }

  std::vector<RoundingTally> tallies() const {
    return {mean_.tally(), variance_.tally(), inv_std_.tally(), y_.tally(), negative_.tally()};
  }

 private:
  struct Normalizer {
    float mean, inv_std;
  };

  void add_outputs(const std::vector<float>& x, const ChannelFacts& facts, const ChannelData& data,
                   const Normalizer& got, const theory::StatisticsError& error, const Parameters& affine) {
    const float gamma = affine.gamma, beta = affine.beta;
    const conformance::OutputFormula exact(facts.mean, facts.inv_std, gamma, beta);
    const std::size_t step = std::max(x.size() / most_outputs, std::size_t{1});
    for (std::size_t i = 0; i < x.size(); i += step) {
      const float y = reference::normalized(x[i], got.mean, got.inv_std, gamma, beta);
      const theory::AffineStep at = theory::affine_step(data, x[i], gamma, beta);
      y_.add(distance(exact(x[i]), y), kernel_.output(at, binary32, error));
    }
  }

  ForwardKernel kernel_;
  ErrorTally mean_, variance_, inv_std_, y_, negative_;
};

class RunningTallies {
 public:
  explicit RunningTallies(const NamedOrder& order) : order_(order.order) {}

  void add(const Replica& replica) {
    const std::vector<float> x = replica.x();
    const Parameters before = replica.given();
    const ChannelFacts facts = channel_facts(x);
    const ChannelData data = conformance::channel_data(facts, eps, binary32);
    const auto class_of = [](const theory::BoundPerClass& bounds) {
      return bounds[static_cast<std::size_t>(theory::StabilityClass::two_pass)];
    };
    const float mean_before = before.running_mean, variance_before = before.running_variance;
    const Moments<float> got = reference::two_pass_moments<float>(x, order_, order_);
    const auto rate = static_cast<float>(momentum), kept = static_cast<float>(1 - momentum);
    const float mean = reference::running(rate, kept, mean_before, got.mean);
    mean_.add(distance(conformance::updated(momentum, mean_before, facts.mean), mean),
              class_of(theory::running_mean_bound(data, binary32, momentum, mean_before)));
    const auto count = reference::number_of<float>(x.size());
    const float unbiased = got.variance * (count / reference::number_of<float>(x.size() - 1));
    const float variance = reference::running(rate, kept, variance_before, unbiased);
    const DoubleDouble exact = conformance::unbiased(facts.variance, facts.count);
    variance_.add(distance(conformance::updated(momentum, variance_before, exact), variance),
                  class_of(theory::running_variance_bound(data, binary32, momentum, variance_before, true)));
  }

  std::vector<RoundingTally> tallies() const { return {mean_.tally(), variance_.tally()}; }

 private:
  reference::SummationOrder order_;
  ErrorTally mean_, variance_;
};

theory::TwoPassHeights heights(const NamedOrder& order, const ChannelData& data) {
  const double of_order = height(order.order, static_cast<std::size_t>(data.count));
  return {of_order, of_order};
}

theory::TwoPassHeights watched_heights(reference::SummationOrder order, const ChannelData& data, Floats x) {
  const double u = binary32.roundoff;
  const float mean = reference::ordered_mean<float>(x, order);
  const double of_mean = half_ulps(order, x.size(), [&](std::size_t i) { return x[i]; });
  const double of_squares = half_ulps(order, x.size(), [&](std::size_t i) { return (x[i] - mean) * (x[i] - mean); });
  return {theory::effective_height(of_mean, u, data.count * data.root_mean_square),
          theory::effective_height(of_squares, u, data.count * data.variance)};
}

}  // namespace

double plain_output_bound(const theory::AffineStep& step, const Unit& unit, const theory::StatisticsError& off) {
  return theory::normalized_output_error(step, unit, off, theory::plain_forward_roundings.normalizing);
}

ForwardKernel two_pass(const NamedOrder& order) {
  return {.id = "two_pass/" + order.id,
          .moments = [=](Floats x) { return reference::two_pass_moments<float>(x, order.order, order.order); },
          .bounds = [=](const ChannelData& data, const Unit& unit, Floats) -> MomentErrors {
            const theory::TwoPassHeights trees = heights(order, data);
            return {theory::two_pass_mean_error(data, unit, trees.mean),
                    theory::two_pass_variance_error(data, unit, trees)};
          }};
}

ForwardKernel watched_two_pass(const NamedOrder& order) {
  ForwardKernel kernel = two_pass(order);
  kernel.id = "watched_" + kernel.id;
  kernel.bounds = [=](const ChannelData& data, const Unit& unit, Floats x) -> MomentErrors {
    const theory::TwoPassHeights trees = watched_heights(order.order, data, x);
    return {theory::two_pass_mean_error(data, unit, trees.mean), theory::two_pass_variance_error(data, unit, trees)};
  };
  return kernel;
}

ForwardKernel corrected_two_pass(const NamedOrder& order) {
  return {
      .id = "corrected_two_pass/" + order.id,
      .moments = [=](Floats x) { return reference::corrected_two_pass_moments<float>(x, order.order, order.order); },
      .bounds = [=](const ChannelData& data, const Unit& unit, Floats) -> MomentErrors {
        const theory::TwoPassHeights trees = heights(order, data);
        return {theory::two_pass_mean_error(data, unit, trees.mean),
                theory::corrected_two_pass_variance_error(data, unit, trees)};
      },
      .may_be_negative = true};
}

ForwardKernel one_pass(const NamedOrder& order) {
  return {.id = "one_pass/" + order.id,
          .moments = [=](Floats x) { return reference::one_pass_moments<float>(x, order.order); },
          .bounds = [=](const ChannelData& data, const Unit& unit, Floats) -> MomentErrors {
            const double tree = heights(order, data).mean;
            return {theory::two_pass_mean_error(data, unit, tree), theory::one_pass_variance_error(data, unit, tree)};
          },
          .may_be_negative = true};
}

ForwardKernel shifted(const NamedOrder& order) {
  return {.id = "shifted/" + order.id,
          .moments = [=](Floats x) { return reference::shifted_moments<float>(x, order.order); },
          .bounds = [=](const ChannelData& data, const Unit& unit, Floats x) -> MomentErrors {
            const double tree = heights(order, data).mean;
            return {theory::shifted_mean_error(data, unit, tree, x[0]),
                    theory::shifted_variance_error(data, unit, tree, x[0])};
          },
          .may_be_negative = true};
}

ForwardKernel welford() {
  return {.id = "welford",
          .moments = [](Floats x) { return reference::moments_of(reference::welford_part<float>(x)); },
          .bounds = [](const ChannelData& data, const Unit& unit, Floats) -> MomentErrors {
            const double mean = data.constant ? 0 : theory::welford_error(data, unit, data.count).mean;
            return {mean, theory::welford_variance_error(data, unit)};
          }};
}

ForwardKernel chan_pairwise(std::size_t leaf) {
  return {.id = "chan/leaf=" + std::to_string(leaf),
          .moments = [=](Floats x) { return reference::moments_of(reference::pairwise_merged_part<float>(x, leaf)); },
          .bounds = [=](const ChannelData& data, const Unit& unit, Floats) -> MomentErrors {
            theory::MergeTree tree;
            auto count = static_cast<std::size_t>(data.count);
            for (; count > leaf; count = (count + 1) / 2) ++tree.merges;
            tree.leaf_height = static_cast<double>(std::min(count, leaf)) - 1;
            return {theory::chan_error(data, unit, tree).mean, theory::chan_variance_error(data, unit, tree)};
          }};
}

ForwardKernel chan_in_a_row(std::size_t length) {
  return {.id = "chan_in_a_row/length=" + std::to_string(length),
          .moments = [=](Floats x) { return reference::moments_of(reference::chain_merged_part<float>(x, length)); },
          .bounds = [=](const ChannelData& data, const Unit& unit, Floats) -> MomentErrors {
            const auto own = static_cast<double>(length);
            const double parts = data.count / own;  // a whole number: what the bound is for
            const double leaf_rounding = own > 1 ? own - 1 + theory::plain_forward_roundings.mean : 0;
            const double leaf = theory::compound_error(leaf_rounding, unit.roundoff) * data.max_magnitude;
            theory::UpdatingError error = theory::welford_error(data, unit, parts, leaf);
            // The parts' own deviations are off by `leaf`, and are squared besides those of the merges.
            error.deviation = std::hypot(error.deviation, leaf);
            return {error.mean, theory::updating_variance_error(data.variance, error.deviation,
                                                                parts + own + theory::chan_end_roundings, unit)};
          }};
}

std::vector<RoundingPoint> forward_points(const std::vector<ForwardKernel>& kernels,
                                          const std::vector<ChannelRecipe>& recipes, Effort effort) {
  std::vector<RoundingPoint> points;
  for (const ChannelRecipe& recipe : recipes)
    for (const ForwardKernel& kernel : kernels)
      points.push_back(point_of<ForwardTallies>(kernel.id, kernel, recipe, grid_replicas(recipe.count, effort)));
  return points;
}

std::vector<RoundingPoint> forward_tightness_points(KernelOfOrder kernel, Effort effort) {
  return tightness_points<ForwardTallies>(kernel, effort);
}

RoundingPoint pooled_forward_tightness_point(KernelOfOrder kernel, Effort effort) {
  return pooled_tightness_point<ForwardTallies>(kernel, effort);
}

std::vector<RoundingPoint> running_points(Effort effort) {
  constexpr std::size_t fewest = 2;  // the unbiased variance of one value leaves the running one as it was
  std::vector<RoundingPoint> points;
  for (const ChannelRecipe& recipe : grid(effort, fewest))
    for (const NamedOrder& order : orders())
      if (is_granted(order, recipe.count))
        points.push_back(
            point_of<RunningTallies>("running/" + order.id, order, recipe, grid_replicas(recipe.count, effort)));
  return points;
}

ForwardKernel forgetting(ForwardKernel kernel, const std::function<void(ChannelData&, Unit&)>& forget) {
  kernel.bounds = [bounds = kernel.bounds, forget](ChannelData data, Unit unit, Floats x) {
    forget(data, unit);
    return bounds(data, unit, x);
  };
  return kernel;
}

}  // namespace normproof::rounding
