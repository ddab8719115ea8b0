// Does each channel get its own statistics and its own parameters?
//
// Tried      channels side by side whose means and scales are far apart, parameters that name their channel, every
//            sample and spatial element at a distance of its own.
// Causes     statistics over the wrong axes, a statistic or parameter indexed by sample, element or neighbour
#include <algorithm>
#include <array>
#include <cmath>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 10> shapes = {
    {{2, 3, 5}, {3, 2, 4}, {4, 4, 4}, {1, 5, 6}, {6, 5, 1}, {5, 6, 2}, {2, 8, 3}, {3, 9, 2}, {8, 8, 1}, {2, 17, 2}}};
constexpr std::array<Shape, 3> wide_shapes = {{{4, 33, 5}, {16, 16, 8}, {3, 65, 7}}};
constexpr std::int64_t scales = 12;  // the scale of channel c is 2^(c mod 12)
constexpr double mean_step = 10;     // its mean 10 c

// Distinct numbers in [−0.5, 0.5), in no order that an index follows: the fractional parts of multiples of the golden
// ratio.
double scattered(std::int64_t k) {
  constexpr double golden = 0.6180339887498949;
  const double product = static_cast<double>(k + 1) * golden;
  return product - std::floor(product) - 0.5;
}

std::vector<double> coded_values(const Shape& shape, std::int64_t start) {
  std::vector<double> values;
  for (std::int64_t b = 0; b < shape.batch; ++b) {
    for (std::int64_t c = 0; c < shape.channels; ++c) {
      for (std::int64_t s = 0; s < shape.spatial; ++s) {
        const double scale = std::ldexp(1.0, static_cast<int>(c % scales));
        values.push_back(mean_step * static_cast<double>(c) + scale * scattered(start + b * shape.spatial + s));
      }
    }
  }
  return values;
}

// first, first + step, …: one for each channel.
std::vector<double> coded_parameters(const Shape& shape, double first, double step) {
  std::vector<double> values;
  for (std::int64_t c = 0; c < shape.channels; ++c) values.push_back(first + step * static_cast<double>(c));
  return values;
}

void set(Case& made, OperandId id, std::vector<double> literal) {
  if (uses(made.op, id)) made[id].values.literal = std::move(literal);
}

void make(CaseMaker& maker) {
  std::vector<Shape> chosen(shapes.begin(), shapes.end());
  if (maker.wide()) chosen.insert(chosen.end(), wide_shapes.begin(), wide_shapes.end());
  for (const Shape& shape : chosen) {
    for (std::int64_t start = 0; start < static_cast<std::int64_t>(maker.by_effort(2, 6, 20)); ++start) {
      Case made = maker.plain(shape);
      set(made, OperandId::x, coded_values(shape, start));
      set(made, OperandId::dy, coded_values(shape, start + shape.batch * shape.spatial));
      set(made, OperandId::gamma, coded_parameters(shape, 1, 1));
      set(made, OperandId::beta, coded_parameters(shape, -1000, 100));
      if (uses(made.op, OperandId::running_var)) {
        set(made, OperandId::running_mean, coded_parameters(shape, 3, mean_step));
        set(made, OperandId::running_var, coded_parameters(shape, 1, 7));
      }
      maker.add_dense(made);
    }
  }
}

}  // namespace

Check channel_statistics() {
  return {.title = "channels with means and scales far apart, parameters that name their channel",
          .why = "with the same distribution everywhere, statistics over any axes are the same",
          .cases = made_by("channel_statistics", make)};
}

}  // namespace normproof::conformance::checks
