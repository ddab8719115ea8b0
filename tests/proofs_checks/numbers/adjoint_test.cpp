// Does one reverse sweep give the slopes that dual numbers give one by one?
#include "proofs_checks/numbers/adjoint.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/numbers/dual.hpp"
#include "proofs_checks/numbers/traced.hpp"

namespace normproof::numbers {
namespace {

using inputs::RandomStream;

// A random program over all operations; roots, logarithms and divisors are of what is at least 1, so that it has a
// value and a slope everywhere.
struct Program {
  Tape tape;
  std::vector<NodeIndex> outputs;
};

Program random_program(RandomStream& stream, int variables, int operations) {
  Recording recording;
  std::vector<Traced> made;
  for (int k = 0; k < variables; ++k) made.push_back(recording.variable());
  const auto any = [&] { return made[stream.below(made.size())]; };
  for (int k = 0; k < operations; ++k) {
    const Traced a = any(), b = any();
    switch (stream.below(10)) {
      case 0: made.push_back(a + b); break;
      case 1: made.push_back(a - b); break;
      case 2: made.push_back(tanh(a) * b); break;
      case 3: made.push_back(a / (b * b + 1)); break;
      case 4: made.push_back(-a); break;
      case 5: made.push_back(sqrt(a * a + 1)); break;
      case 6: made.push_back(select_positive(a, b, -b)); break;
      case 7: made.push_back(log(a * a + 1)); break;
      case 8: made.push_back(exp(tanh(a)) - 3); break;
      default: made.push_back(smooth(Smooth::softplus, static_cast<int>(stream.below(3)), a)); break;
    }
  }
  Program program;
  for (int k = 0; k < 3; ++k) program.outputs.push_back(any().index());
  program.tape = recording.tape();
  return program;
}

double along(const Tape& tape, const std::vector<double>& point, std::size_t moved, const std::vector<Seed>& seeds) {
  std::vector<Dual<double>> variables(point.begin(), point.end()), values;
  variables[moved].tangent = 1;
  replay<Dual<double>>(tape, variables, values);
  double slope = 0;
  for (const Seed& seed : seeds) slope += seed.weight * values[seed.node].tangent;
  return slope;
}

TEST(Adjoint, gives_the_slopes_that_dual_numbers_give) {
  int compared = 0, steep = 0;
  for (std::uint64_t key = 0; key < 300; ++key) {
    RandomStream stream(key, "adjoint test");
    const int variables = static_cast<int>(stream.below(6)) + 1;
    const Program program = random_program(stream, variables, 40);
    std::vector<double> point, values, scratch, gradient;
    for (int k = 0; k < variables; ++k) point.push_back(stream.normal());
    std::vector<Seed> seeds;
    for (const NodeIndex output : program.outputs) seeds.push_back({output, stream.normal()});
    replay<double>(program.tape, point, values);
    ASSERT_TRUE(adjoint(program.tape, values, seeds, scratch, gradient));
    ASSERT_EQ(gradient.size(), point.size());
    double largest = 1;
    for (const double slope : gradient) largest = std::max(largest, std::abs(slope));
    for (std::size_t k = 0; k < point.size(); ++k) {
      // Empirical: a hundred operations in double, both ways, relative to the largest slope.
      EXPECT_LE(std::abs(gradient[k] - along(program.tape, point, k, seeds)), 1e-11 * largest) << key << " " << k;
      ++compared;
      if (gradient[k] != 0) ++steep;
    }
  }
  EXPECT_GT(compared, 500);
  EXPECT_GT(steep, 300);
}

TEST(Adjoint, adds_up_what_a_variable_contributes_on_every_way) {
  Recording recording;
  const Traced x = recording.variable(), y = recording.variable();
  const NodeIndex cube = (x * x * x).index(), product = (x * y).index();
  std::vector<double> values, scratch, gradient;
  replay<double>(recording.tape(), std::vector<double>{2, 5}, values);
  const Seed seeds[] = {{cube, 1}, {product, -3}, {product, 1}};
  ASSERT_TRUE(adjoint(recording.tape(), values, seeds, scratch, gradient));
  EXPECT_EQ(gradient, (std::vector<double>{3 * 4 - 2 * 5, -2 * 2}));  // 3x² − 2y, −2x
}

TEST(Adjoint, follows_the_branch_that_was_taken) {
  Recording recording;
  const Traced x = recording.variable();
  const NodeIndex output = select_positive(x, x * x, x * 7).index();
  std::vector<double> values, scratch, gradient;
  const Seed seed = {output, 1};
  for (const double at : {3.0, -3.0, 0.0}) {
    replay<double>(recording.tape(), std::vector<double>{at}, values);
    ASSERT_TRUE(adjoint(recording.tape(), values, {&seed, 1}, scratch, gradient));
    EXPECT_EQ(gradient[0], at > 0 ? 2 * at : 7);
  }
}

TEST(Adjoint, says_where_there_is_no_slope_and_only_there) {
  Recording recording;
  const Traced x = recording.variable(), y = recording.variable();
  const NodeIndex root = sqrt(x).index(), other = (y * y).index();
  std::vector<double> values, scratch, gradient;
  replay<double>(recording.tape(), std::vector<double>{0, 3}, values);
  const Seed of_root = {root, 1}, of_other = {other, 1};
  EXPECT_FALSE(adjoint(recording.tape(), values, {&of_root, 1}, scratch, gradient));
  ASSERT_TRUE(adjoint(recording.tape(), values, {&of_other, 1}, scratch, gradient));
  EXPECT_EQ(gradient, (std::vector<double>{0, 6}));
}

TEST(Adjoint, knows_no_slope_of_a_derivative_beyond_the_third) {
  Recording recording;
  const Traced x = recording.variable();
  const NodeIndex third = smooth(Smooth::tanh, 3, x).index(), second = smooth(Smooth::tanh, 2, x).index();
  std::vector<double> values, scratch, gradient;
  replay<double>(recording.tape(), std::vector<double>{0.5}, values);
  const Seed of_third = {third, 1}, of_second = {second, 1};
  EXPECT_FALSE(adjoint(recording.tape(), values, {&of_third, 1}, scratch, gradient));
  ASSERT_TRUE(adjoint(recording.tape(), values, {&of_second, 1}, scratch, gradient));
  EXPECT_EQ(gradient[0], values[third]);
}

}  // namespace
}  // namespace normproof::numbers
