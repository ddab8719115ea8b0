// Which values does an input of a call hold?
//
// Recipes, with their parameters; n is the position of an element among the m of its channel, counted batch by batch;
// of a vector's element it is the channel. Random ones are counter-based: a function of (seed, operand, channel, n),
// whatever the shape is.
//   zero · one · constant(v)
//   normal(mean;std)          the same in every channel
//   spread(mean;std)          channel c has a mean and a standard deviation of its own: mean + std·(2 − c mod 5)·0.5
//                             and std·(1 + 0.25·(c mod 3))
//   signed(low;high)          magnitude uniform in [low, high], random sign: gamma
//   uniform(low;high)
//   integers(low;high)        whole numbers
//   two_valued(center;half)   center + half for even n, center − half for odd n
//   ramp(start;step)          start + step·n
//   one_outlier(value;rest)   value at n = 0, normal(0; rest) elsewhere
//   powers(low;high)          sign·2^k·U(1, 2), k uniform in the whole numbers of [low, high]
//   subnormal(k)              random multiples of the dtype's smallest positive number, of either sign, up to 2^k of it
//   correlated(a;noise;mean)  for dy: a·x + noise·N(0,1) + mean
//   same_as_x                 for dy: the values of x (and, where dtype and layout agree, the same memory)
//   from_x                    saved_mean, saved_mean_low, saved_inv_std, fn_*, running_*: computed from the values of x
//                             in high precision and rounded; variances are biased; a low part is what rounding the mean
//                             left over (0 where the mean is absent or not from_x); without a value the mean is 0 and
//                             the variance 1
//   from_x(a;b)               of FN state and running statistics: mean + a·√variance, and (mean of that)² + b·variance
//                             (running_var: b·variance); b is 1 where it is left out
// An x that is absent counts as 0 here.
//
// Portable   Integers, doubles and correctly rounded +, −, ·, /, √ alone; Philox for the words and inputs/gaussian.hpp
//            for normals, which needs no libm: the same bits on every machine.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "proofs_checks/conformance/case.hpp"

namespace normproof::conformance {

struct Recipe {
  std::string name;
  std::size_t fewest_parameters, most_parameters;
};
const std::vector<Recipe>& recipes();

// What is wrong with recipe and parameters for this operand; empty where nothing is.
std::string recipe_problem(const Values& values, OperandId id);

// The number in the format of dtype, f32 or f64, to nearest even; beyond its range ±∞.
double rounded_to(normproof_dtype dtype, double value);

// A case that asks for more memory than there should be, or the system refuses it: it is not tested, and this says why.
class NoMemory : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
inline constexpr std::int64_t most_bytes = std::int64_t{8} << 30;  // of values, and of memory touched

// The values of every operand that the call reads, in double, exact for f32 and f64. Tensors: in the order batch,
// channel, spatial, one value per distinct index (a stride of 0 makes values equal: the last index written wins, and
// the vector says what memory holds). Vectors: channels values.
struct InputValues {
  std::array<std::vector<double>, operand_count> of;
  const std::vector<double>& operator[](OperandId id) const { return of[static_cast<std::size_t>(id)]; }
};
// Throws CaseError where the case is not valid, NoMemory where the values are more than most_bytes.
InputValues input_values(const Case& described);

}  // namespace normproof::conformance
