// How far are a backward kernel's results from the exact ones, and how far may they be?
//
// What       A BackwardKernel makes dbeta and dgamma on binary32 (impl/reference), and dx from these two; its bounds
//            are those of theory/rounding/backward.hpp. mean, inv_std and gamma are given: the mean and inv_std that a
//            two-pass forward kernel computed of the same x. A point tallies, in the order of BackwardOutput, every
//            error beside its bound. Of dx at most most_outputs values a run are compared, evenly spread.
// Oracle     conformance/oracle.hpp, in double-double, on the same values.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "impl/reference/rounded_normalization.hpp"
#include "proofs_checks/evidence/settings.hpp"
#include "proofs_checks/rounding/channels.hpp"
#include "proofs_checks/rounding/exact_channel.hpp"
#include "proofs_checks/rounding_reading.hpp"
#include "theory/rounding/backward.hpp"
#include "theory/rounding/normalization_data.hpp"

namespace normproof::rounding {

namespace backward_output {
inline constexpr std::size_t dbeta = 0, dgamma = 1, dx = 2;
}  // namespace backward_output

// One channel of a backward pass.
struct BackwardChannel {
  std::span<const float> x, dy;
  GivenStatistics given;
};

struct BackwardKernel {
  std::string id;  // "backward/pairwise"
  std::function<reference::ParameterGradients<float>(const BackwardChannel&)> sums;
  std::function<theory::BackwardHeights(const theory::GradientData&, const BackwardChannel&)> heights;
  // What a near-miss changes.
  std::function<double(const theory::GradientData&, double height)> dgamma_bound;
  std::function<double(const theory::GradientData&, const theory::BackwardHeights&, double x, double dy)> dx_bound;
};

BackwardKernel two_pass_backward(const NamedOrder& order);
BackwardKernel watched_two_pass_backward(const NamedOrder& order);  // heights from the sums' partial sums
// dgamma = (Σ dy x − mean Σ dy) inv_std: one pass over x. The bounds are those of the two-pass kernel.
BackwardKernel backward_from_moments(const NamedOrder& order);

std::vector<RoundingPoint> backward_points(const std::vector<BackwardKernel>& kernels,
                                           const std::vector<ChannelRecipe>& recipes, evidence::Effort effort);

using BackwardKernelOfOrder = BackwardKernel (*)(const NamedOrder&);
std::vector<RoundingPoint> backward_tightness_points(BackwardKernelOfOrder kernel, evidence::Effort effort);
RoundingPoint pooled_backward_tightness_point(BackwardKernelOfOrder kernel, evidence::Effort effort);

}  // namespace normproof::rounding
