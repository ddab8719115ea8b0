// Is a recorded formula the formula that was run, whatever it is replayed on?
#include "proofs_checks/numbers/tape.hpp"

#include <gtest/gtest.h>

#include <bit>

#include "impl/reference/batch_norm.hpp"
#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/numbers/dual.hpp"
#include "proofs_checks/numbers/prime_field.hpp"
#include "proofs_checks/numbers/rational.hpp"
#include "proofs_checks/numbers/traced.hpp"

namespace normproof::numbers {
namespace {

// x, dy: 4 × 2, gamma: 2, eps: 1; the results are dx, dgamma, dbeta.
template <class T>
std::vector<T> backward(const std::vector<T>& inputs) {
  const std::span<const T> all(inputs);
  std::vector<T> dx(8, T(0)), dgamma(2, T(0)), dbeta(2, T(0));
  reference::batch_norm_backward<T>(all.subspan(0, 8), all.subspan(8, 8), {4, 2}, all.subspan(16, 2), inputs[18], dx,
                                    dgamma, dbeta);
  dx.insert(dx.end(), dgamma.begin(), dgamma.end());
  dx.insert(dx.end(), dbeta.begin(), dbeta.end());
  return dx;
}

constexpr std::size_t input_count = 19;

struct Recorded {
  Tape tape;
  std::vector<NodeIndex> results;
};

Recorded record_backward() {
  Recording recording;
  std::vector<Traced> inputs;
  for (std::size_t k = 0; k < input_count; ++k) inputs.push_back(recording.variable());
  Recorded recorded;
  for (const Traced& result : backward(inputs)) recorded.results.push_back(result.index());
  recorded.tape = recording.tape();
  return recorded;
}

template <class T>
std::vector<T> replayed(const Recorded& recorded, const std::vector<T>& inputs) {
  std::vector<T> values, results;
  replay<T>(recorded.tape, inputs, values);
  for (const NodeIndex index : recorded.results) results.push_back(values[index]);
  return results;
}

TEST(Tape, replays_on_double_the_bits_of_the_code_that_it_recorded) {
  const Recorded recorded = record_backward();
  inputs::RandomStream stream(5, "tape_test");
  for (int k = 0; k < 100; ++k) {
    std::vector<double> inputs(input_count);
    for (double& input : inputs) input = 1000 * stream.normal();
    inputs[18] = stream.uniform();
    const std::vector<double> direct = backward(inputs), again = replayed(recorded, inputs);
    for (std::size_t i = 0; i < direct.size(); ++i) EXPECT_EQ(direct[i], again[i]);
  }
}

TEST(Tape, replays_on_a_prime_field_what_the_code_computes_there) {
  const Recorded recorded = record_backward();
  const PrimeField::Scope field(prime_from_bits(99), 0);
  inputs::RandomStream stream(6, "tape_test");
  int compared = 0;
  for (int k = 0; k < 40; ++k) {
    std::vector<PrimeField> inputs(input_count);
    for (PrimeField& input : inputs) input = PrimeField::from_residue(stream.below(PrimeField::prime()));
    try {
      const std::vector<PrimeField> direct = backward(inputs), again = replayed(recorded, inputs);
      for (std::size_t i = 0; i < direct.size(); ++i) EXPECT_TRUE(direct[i] == again[i]);
      ++compared;
    } catch (const OutsideDomain&) {
    }
  }
  EXPECT_GE(compared, 3);
}

TEST(Tape, says_where_a_formula_has_no_value) {
  Recording recording;
  const Traced x = recording.variable();
  const Traced quotient = Traced(1) / (x - Traced(2));
  const Tape tape = recording.tape();
  std::vector<Rational> values;
  const std::vector<Rational> two = {Rational(2)};
  try {
    replay<Rational>(tape, two, values);
    FAIL() << "1/(x − 2) has a value at 2";
  } catch (const OutsideDomain& outside) {
    EXPECT_EQ(outside.node, quotient.index());
    EXPECT_EQ(outside.reason, OutsideDomain::Reason::division_by_zero);
  }
}

TEST(Tape, folds_zeros_and_ones_but_never_a_quotient) {
  Recording recording;
  const Traced x = recording.variable();
  const std::size_t before = recording.tape().nodes.size();
  EXPECT_EQ((x + Traced(0)).index(), x.index());
  EXPECT_EQ((x * Traced(1)).index(), x.index());
  EXPECT_TRUE((x * Traced(0)).is_literal(0));
  EXPECT_EQ(recording.tape().nodes.size(), before);
  EXPECT_FALSE((Traced(0) / x).is_literal(0));
}

TEST(Traced, is_refused_outside_a_recording) { EXPECT_THROW(Traced(1) / Traced(3), std::logic_error); }

TEST(Dual, derives_quotients_roots_and_smooth_functions) {
  // f(x) = √(x² + 1)/x at 3/4: f = 5/3, f′ = −1/(x² √(x² + 1)) = −64/45.
  const Dual<Rational> x(Rational(3, 4), Rational(1));
  const Dual<Rational> f = sqrt(x * x + Dual<Rational>(1)) / x;
  EXPECT_EQ(f.value.fraction(), "5/3");
  EXPECT_EQ(f.tangent.fraction(), "-64/45");
  const Dual<double> t = tanh(Dual<double>(0.5, 1.0));
  EXPECT_DOUBLE_EQ(t.tangent, 1 - std::tanh(0.5) * std::tanh(0.5));
}

TEST(Dual, nests_to_second_derivatives) {
  using Second = Dual<Dual<Rational>>;
  // f(x) = x³/(1 + x) = x² − x + 1 − 1/(1 + x), f″ = 2 − 2/(1 + x)³: 7/4 at 1.
  const Second x(Dual<Rational>(Rational(1), Rational(1)), Dual<Rational>(Rational(1)));
  const Second f = x * x * x / (Second(1) + x);
  EXPECT_EQ(f.tangent.tangent.fraction(), "7/4");
}

TEST(Dual, takes_the_lower_branch_on_a_kink) {
  const Dual<double> at_kink = relu(Dual<double>(0.0, 1.0));
  EXPECT_EQ(at_kink.tangent, 0.0);
  EXPECT_EQ(clamp_below(Dual<double>(2.0, 1.0), Dual<double>(3.0)).tangent, 0.0);
  EXPECT_EQ(clamp_below(Dual<double>(4.0, 1.0), Dual<double>(3.0)).tangent, 1.0);
}

TEST(Rational, has_roots_of_squares_only) {
  EXPECT_EQ(sqrt(Rational(49, 36)).fraction(), "7/6");
  EXPECT_EQ(sqrt(Rational(0)).fraction(), "0");
  EXPECT_THROW(sqrt(Rational(2)), OutsideDomain);
  EXPECT_THROW(sqrt(Rational(-4)), OutsideDomain);
  EXPECT_THROW(sqrt(Rational(4, 3)), OutsideDomain);
}

}  // namespace
}  // namespace normproof::numbers
