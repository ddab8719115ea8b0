// How far are a forward kernel's results from the exact ones, and how far may they be?
//
// What       A ForwardKernel is an algorithm for mean and variance on binary32 (impl/reference), with the bounds of
//            its two errors (theory/rounding). A point runs it on replicas of one channel, goes on to inv_std and to
//            y, and tallies, in the order of ForwardOutput, every error beside its bound. Of y at most most_outputs
//            values a run are compared, evenly spread; nothing else is left out.
// Oracle     conformance/oracle.hpp, in double-double, on the same values.
// eps        that of rounding/exact_channel.hpp, rounded to binary32 by the kernel.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "impl/reference/rounded_normalization.hpp"
#include "proofs_checks/evidence/settings.hpp"
#include "proofs_checks/rounding/channels.hpp"
#include "proofs_checks/rounding_reading.hpp"
#include "theory/rounding/normalization_data.hpp"
#include "theory/rounding/two_pass_forward.hpp"

namespace normproof::rounding {

inline constexpr std::size_t most_outputs = 4096;

namespace forward_output {
inline constexpr std::size_t mean = 0, variance = 1, inv_std = 2, y = 3;
// −V^ against 0: is the computed variance ever negative?
inline constexpr std::size_t negative_variance = 4;
}  // namespace forward_output

struct MomentErrors {
  double mean = 0, variance = 0;
};
// Of a channel and its values, for bounds that look at more than the facts about it.
using MomentBounds =
    std::function<MomentErrors(const theory::ChannelData&, const theory::Unit&, std::span<const float> x)>;
using OutputBound =
    std::function<double(const theory::AffineStep&, const theory::Unit&, const theory::StatisticsError&)>;

double plain_output_bound(const theory::AffineStep& step, const theory::Unit& unit, const theory::StatisticsError& off);

struct ForwardKernel {
  std::string id;  // "two_pass/pairwise"
  std::function<reference::Moments<float>(std::span<const float>)> moments;
  MomentBounds bounds;
  bool may_be_negative = false;  // the computed variance: then V^ + eps has no lower end but 0
  OutputBound output = plain_output_bound;
};

ForwardKernel two_pass(const NamedOrder& order);
// The same kernel, its sums looked at: heights are what their partial sums say (numbers/watched.hpp).
ForwardKernel watched_two_pass(const NamedOrder& order);
ForwardKernel corrected_two_pass(const NamedOrder& order);
ForwardKernel one_pass(const NamedOrder& order);
ForwardKernel shifted(const NamedOrder& order);  // by the first value
ForwardKernel welford();
ForwardKernel chan_pairwise(std::size_t leaf);    // halves down to parts of so many values
ForwardKernel chan_in_a_row(std::size_t length);  // parts of so many values, each merged into the first

// Every kernel on every recipe, as often as a grid asks for.
std::vector<RoundingPoint> forward_points(const std::vector<ForwardKernel>& kernels,
                                          const std::vector<ChannelRecipe>& recipes, evidence::Effort effort);

// Of a kernel made from an order: at each point of tightness_grid where the order is low enough, and all of these
// points together as one.
using KernelOfOrder = ForwardKernel (*)(const NamedOrder&);
std::vector<RoundingPoint> forward_tightness_points(KernelOfOrder kernel, evidence::Effort effort);
RoundingPoint pooled_forward_tightness_point(KernelOfOrder kernel, evidence::Effort effort);

// The two-pass kernel's running mean and unbiased running variance, tallied in this order, against the bounds of the
// class two_pass (theory/rounding/normalization_bounds.hpp), for orders no higher than that class grants.
std::vector<RoundingPoint> running_points(evidence::Effort effort);

// A near-miss: the kernel with bounds of moments from other facts about the channel, or another unit.
ForwardKernel forgetting(ForwardKernel kernel, const std::function<void(theory::ChannelData&, theory::Unit&)>& forget);

}  // namespace normproof::rounding
