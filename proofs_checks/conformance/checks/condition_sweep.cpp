// Does the error grow with the condition number as the best algorithms' does?
//
// Tried      κ = |mean|/std from 0 to 1e6 by decades against the number of values, means of both signs; constant
//            channels at no whole number; ramps far from 0; one outlier; long channels of one sign.
// Causes     E[x²] − E[x]² in working precision, one long chain of sums, accumulation in a narrow type, a shift by an
//            unlucky first value
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array f32_conditions = {0.0, 1.0, 10.0, 30.0, 100.0, 1e3, 1e4, 1e5, 1e6};
constexpr std::array f64_conditions = {0.0, 1e2, 1e4, 1e6, 1e7, 1e8, 1e10, 1e12};
constexpr std::array<std::int64_t, 6> counts = {2, 7, 17, 128, 1000, 4096};
constexpr std::array<std::int64_t, 3> long_counts = {16384, 100352, 262147};
constexpr std::array scales = {1.0, 1e-3, 50.0};
constexpr std::array constants = {0.1, 14.3, 1e4 / 3, -0.1, 1234.567, 1e6 / 3};
constexpr double usual_eps = 1e-5;
constexpr double small_eps = 1e-7;  // there are kernels that have this one built in, and take whole blocks of channels
constexpr std::array eps_values = {usual_eps, 1e-6, 1e-3, small_eps, 1e-4};
constexpr std::int64_t plain_channels = 3, fewer_channels = 2, block_of_channels = 16;
constexpr std::int64_t many_values = 1000;
constexpr std::size_t small_eps_is_one_in = 11;  // no divisor in common with the lengths of the lists

// With the small eps, as one sample or several with spatial elements and a block of channels.
Shape shape_of(std::int64_t count, double eps, std::size_t i) {
  const std::int64_t channels = count >= many_values ? fewer_channels : plain_channels;
  if (eps == small_eps && count < many_values) return splits(count, block_of_channels).back();
  return cycle(splits(count, channels), i);
}

// The same, seen by the code that folds gamma and beta in, and by the one that does not.
void by_condition(CaseMaker& maker, double condition, std::int64_t count, std::size_t i) {
  const double std = cycle(scales, i);
  const double sign = i % 2 == 0 ? 1 : -1;
  const double eps = i % small_eps_is_one_in == 0 ? small_eps : usual_eps;
  Case made = maker.plain(shape_of(count, eps, i));
  made.eps = eps;
  made[OperandId::x].values = recipe("spread", {sign * condition * std, std});
  give_statistics_of_x(made);
  maker.add_dense(made);
  if (!maker.wide()) return;
  made[OperandId::x].values = recipe("normal", {-sign * condition * std, std});
  maker.add_dense(made);
}

void by_values(CaseMaker& maker, const Values& values, std::int64_t count, std::size_t i) {
  const double eps = cycle(eps_values, i);
  Case made = maker.plain(shape_of(count, eps, i));
  made.eps = eps;
  made[OperandId::x].values = values;
  give_statistics_of_x(made);
  maker.add_dense(made);
}

// What has no random choice of its own, or one outlier.
std::vector<Values> particular_values() {
  std::vector<Values> found = {recipe("ramp", {40000, 1}),      recipe("ramp", {-40000, 1}),
                               recipe("ramp", {1e6, 1}),        recipe("ramp", {0, 1}),
                               recipe("ramp", {1, 1e-4}),       recipe("one_outlier", {1e4, 1}),
                               recipe("one_outlier", {-1e6, 1})};
  found.push_back(planted(recipe("normal", {0, 1}), -1, Plant::Position::middle, 1e5));
  found.push_back(planted(recipe("normal", {100, 1}), -1, Plant::Position::tail, -1e5));
  return found;
}

std::vector<Values> of_one_sign() {
  return {recipe("constant", {0.1}), recipe("ramp", {1, 1e-3}), recipe("normal", {1, 0.1}), recipe("uniform", {1, 2}),
          recipe("one_outlier", {1e4, 1})};
}

void make(CaseMaker& maker) {
  std::size_t i = 0;
  const std::vector<double> conditions = maker.dtype() == NORMPROOF_F32
                                             ? std::vector<double>(f32_conditions.begin(), f32_conditions.end())
                                             : std::vector<double>(f64_conditions.begin(), f64_conditions.end());
  for (std::size_t round = 0; round < maker.by_effort(1, 3, 8); ++round) {
    for (const double condition : conditions) {
      for (const std::int64_t count : counts) by_condition(maker, condition, count, i++);
    }
    for (const double value : constants) {
      for (const std::int64_t count : counts) by_values(maker, recipe("constant", {value}), count, i++);
    }
    for (const Values& values : particular_values()) {
      for (const std::int64_t count : {4, 7, 50, 1000}) by_values(maker, values, count, i++);
    }
  }
  const std::size_t lengths = maker.by_effort(0, 2, long_counts.size());
  constexpr std::int64_t two_to_the_16 = 65536;
  for (const Values& values : of_one_sign()) {
    for (std::size_t k = 0; k <= lengths; ++k) {
      const std::int64_t count = k == 0 ? two_to_the_16 : long_counts[k - 1];
      const auto ways = splits(count, 1);
      Case made = maker.plain(cycle(ways, i++));
      made[OperandId::x].values = values;
      give_statistics_of_x(made);
      maker.add(made);
    }
  }
}

}  // namespace

Check condition_sweep() {
  return {.title = "means of up to a million standard deviations, constant channels, ramps, outliers, long channels",
          .why = "E[x²] − E[x]² and long chains of sums are right on N(0, 1) and lose every digit here",
          .cases = made_by("condition_sweep", make)};
}

}  // namespace normproof::conformance::checks
