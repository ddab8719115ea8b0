// Is the result exact where every order of summation gives the statistics exactly?
//
// Tried      two values around a center, whole numbers, and channels constant at a whole number, mostly with a power of
//            two for m. Means of both signs far from 0; one constant channel beside another one.
// Bounds     Up to two_pass, and for every class on constant channels, no rounding excuses a wrong digit of the
//            statistics; merges and updates of channels that are not constant keep their laws, which conform.
// Causes     algebraic shortcuts (x·s + (b − mean·s)), inexact means, counts in a narrow type, one-pass variance
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

struct Two {
  double center, half;
};
constexpr std::array<Two, 10> two_values = {
    {{0, 1}, {1, 1}, {-3, 0x1p-7}, {14, 2}, {1024, 0.125}, {-4096, 1}, {4096, 0.5}, {10000, 8}, {-10000, 1}, {5, 3}}};
constexpr std::array constants = {1.0, 14.0, -14.0, 1234.0, 4096.0, 4099.0, 10000.0, -10000.0, 1000003.0};
constexpr std::array<std::int64_t, 8> powers_of_two = {2, 4, 8, 16, 64, 256, 1024, 4096};
constexpr std::array<std::int64_t, 10> counts = {1, 2, 3, 4, 8, 64, 100, 256, 1024, 4096};
constexpr std::array<std::int64_t, 2> long_counts = {16384, 65536};  // whole sums leave 24 bits: one chain rounds
constexpr std::array<std::int64_t, 4> channels = {1, 3, 8, 17};
constexpr std::int64_t few_channels = 2;
constexpr std::int64_t many_values = 256;
constexpr double reach = 9;  // of whole numbers around the center
constexpr std::array eps_values = {0.0, 1e-5, 3.0};
constexpr std::array momenta = {1.0, 0.5};
constexpr std::array kinds = {NORMPROOF_VAR_BIASED, NORMPROOF_VAR_UNBIASED, NORMPROOF_VAR_BIASED};

// Parameters and state that are whole numbers, so that nothing but the data can round.
Case whole(const CaseMaker& maker, const Shape& shape, std::size_t i) {
  Case made = maker.plain(shape);
  made.momentum = cycle(momenta, i);
  made.variance = cycle(kinds, i);
  made.eps = cycle(eps_values, i);
  if (uses(made.op, OperandId::gamma)) made[OperandId::gamma].values = recipe("integers", {-3, 3});
  if (uses(made.op, OperandId::beta)) made[OperandId::beta].values = recipe("integers", {-5, 5});
  if (is_backward(made.op)) made[OperandId::dy].values = recipe("integers", {-4, 4});
  if (made.op == NORMPROOF_BN_TRAIN) {
    made[OperandId::running_mean].values = recipe("integers", {-4, 4});
    made[OperandId::running_var].values = recipe("integers", {4, 20});
  }
  give_statistics_of_x(made);
  return made;
}

Shape shape_of(std::int64_t count, std::size_t i) {
  const auto ways = splits(count, count <= many_values ? cycle(channels, i) : few_channels);
  return cycle(ways, i);
}

// One constant channel beside one that is not, with and without eps: what is undefined in the first (0/0 where eps is
// 0) says nothing of the second.
void make_constant_beside_others(CaseMaker& maker) {
  constexpr std::array<Shape, 3> shapes = {{{2, 2, 4}, {8, 2, 1}, {1, 2, 16}}};
  constexpr std::int64_t distinct = 7;
  std::size_t i = 0;
  for (const Shape& shape : shapes) {
    for (const double eps : {0.0, 1e-5}) {
      const auto constant_channel = static_cast<std::int64_t>(i % 2);
      Case made = whole(maker, shape, i++);
      made.eps = eps;
      std::vector<double>& x = made[OperandId::x].values.literal;
      for (std::int64_t n = 0; n < made.elements(); ++n) {
        const std::int64_t channel = n / shape.spatial % shape.channels;
        x.push_back(channel == constant_channel ? constants.back() : static_cast<double>(n % distinct));
      }
      maker.add_dense(made);
    }
  }
}

void make(CaseMaker& maker) {
  make_constant_beside_others(maker);
  std::size_t i = 0;
  for (std::size_t round = 0; round < maker.by_effort(1, 3, 6); ++round, ++i) {
    for (const Two& two : two_values) {
      for (const std::int64_t count : powers_of_two) {
        Case made = whole(maker, shape_of(count, i), i);
        made[OperandId::x].values = recipe("two_valued", {two.center, two.half});
        maker.add_dense(made);
        made[OperandId::x].values = recipe("integers", {two.center - reach, two.center + reach});
        if (i % 2 == 0) maker.add_dense(made);
        ++i;
      }
    }
    for (const double value : constants) {
      for (const std::int64_t count : counts) {
        Case made = whole(maker, shape_of(count, i), i);
        made[OperandId::x].values = recipe("constant", {value});
        if (made.eps == 0) made.eps = 1e-5;  // a variance of 0 needs it
        maker.add_dense(made);
        ++i;
      }
    }
  }
  for (const std::int64_t count : long_counts) {
    for (const Shape& shape : splits(count, 1)) {
      Case made = whole(maker, shape, 0);
      made.eps = 1e-5;
      made[OperandId::x].values = recipe("constant", {cycle(constants, ++i)});
      if (maker.wide() || i % 2 == 0) maker.add(made);
    }
  }
}

}  // namespace

Check exact_statistics() {
  return {
      .title = "data whose statistics are exact in any order of summation, constant channels among them",
      .why = "a residue of x·s + (b − mean·s), an inexact mean or a narrow count shows as a wrong digit, not as noise",
      .cases = made_by("exact_statistics", make)};
}

}  // namespace normproof::conformance::checks
