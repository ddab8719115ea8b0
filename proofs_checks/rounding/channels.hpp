// On which channels, and in which orders of summation, are kernels measured?
//
// What       A recipe gives m values of binary32:
//              normal    condition + a standard Gaussian, rounded; at condition 0 each value is followed by its
//              negative
//                        (the last of an odd number is 0), so that the mean is exactly 0
//              constant  one and the same value of the size of the condition: the variance is 0, and 1 at condition 0
//                        stands for that size
//              unscaled  as normal, with gamma = 0
//              ties      1, and then 2⁻²⁴ again and again: in a chain of sums each addition is a tie that goes back to
//              1 powers    ±2^k U(1, 2), k uniform in −20 … 20
//              outlier   1, and then 0 again and again: of 10⁴ values, a chain of squares about the mean loses all but
//              one
//            and upstream gradients, half of a multiple of the values' deviations from the condition, half noise. All
//            are functions of (seed, recipe, replica) alone.
// Condition  nominal, |mean|/√variance: bounds take the exact one of the values themselves.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "impl/reference/rounded_normalization.hpp"
#include "proofs_checks/evidence/settings.hpp"

namespace normproof::rounding {

struct ChannelRecipe {
  enum class Kind { normal, constant, unscaled, powers, ties, outlier } kind = Kind::normal;
  double condition = 0;
  std::size_t count = 1;
  std::string id() const;  // "normal/condition=1000/count=4096"
};

std::vector<float> channel(const ChannelRecipe& recipe, std::uint64_t seed, std::uint64_t replica);
std::vector<float> upstream(const ChannelRecipe& recipe, const std::vector<float>& x, std::uint64_t seed,
                            std::uint64_t replica);

struct Parameters {
  float gamma = 0, beta = 0, running_mean = 0, running_variance = 0;
};
Parameters parameters(const ChannelRecipe& recipe, std::uint64_t seed, std::uint64_t replica);

struct NamedOrder {
  std::string id;
  reference::SummationOrder order;
};
std::vector<NamedOrder> orders();  // a chain, halves, blocks of 64, 8 lanes

// The longest way from a term to the sum, in additions, found by running the sum on numbers::Depth.
double height(reference::SummationOrder order, std::size_t count);

// Normal channels of the conditions 0, 1, 10 … 10⁶; counts from `fewest` to 4097 at quick, 10⁶ at standard and 10⁷ at
// deep effort.
std::vector<ChannelRecipe> normal_grid(evidence::Effort effort, std::size_t fewest = 1);
// The same and a few of every other kind.
std::vector<ChannelRecipe> grid(evidence::Effort effort, std::size_t fewest = 1);
// Where tightness is judged: counts up to 4096 and conditions up to 10³, with as many replicas as medians need.
std::vector<ChannelRecipe> tightness_grid(evidence::Effort effort);
inline constexpr double tightness_height_max = 64;

// How often a recipe is run at a point of a grid: until some thousand values were seen, but at most most_replicas
// times.
inline constexpr std::size_t most_replicas = 64;
std::size_t grid_replicas(std::size_t count, evidence::Effort effort);
std::size_t tightness_replicas(std::size_t count, evidence::Effort effort);  // an odd number

}  // namespace normproof::rounding
