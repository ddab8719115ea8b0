// Is the running error bound of Bounded honest against 80 digits, on programs and inputs made to break it?
#include "proofs_checks/numbers/bounded.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/numbers/interval.hpp"

namespace normproof::numbers {
namespace {

using inputs::RandomStream;

// A random straight-line program over `variables` inputs.
Tape random_tape(RandomStream& stream, int variables, int nodes) {
  Tape tape;
  tape.variables = variables;
  for (int k = 0; k < variables; ++k) {
    Node node;
    node.operation = Operation::variable;
    node.value = k;
    tape.nodes.push_back(node);
  }
  constexpr Operation operations[] = {Operation::add,      Operation::add,         Operation::subtract,
                                      Operation::subtract, Operation::multiply,    Operation::multiply,
                                      Operation::divide,   Operation::square_root, Operation::negate,
                                      Operation::constant, Operation::smooth,      Operation::select_positive};
  constexpr Smooth functions[] = {Smooth::exp, Smooth::log, Smooth::tanh, Smooth::softplus};
  while (static_cast<int>(tape.nodes.size()) < nodes) {
    Node node;
    node.operation = operations[stream.below(std::size(operations))];
    node.smooth = functions[stream.below(std::size(functions))];
    if (node.smooth == Smooth::tanh || node.smooth == Smooth::softplus)
      node.order = static_cast<std::uint8_t>(stream.below(4));
    const auto earlier = [&] { return static_cast<NodeIndex>(stream.below(tape.nodes.size())); };
    node.a = earlier();
    node.b = earlier();
    node.c = earlier();
    if (node.operation == Operation::constant) node.value = static_cast<int>(stream.below(7)) - 3;
    tape.nodes.push_back(node);
  }
  return tape;
}

double hostile_double(RandomStream& stream) {
  const double base = stream.normal();
  switch (stream.below(6)) {
    case 0: return std::ldexp(base, 60 - static_cast<int>(stream.below(121)));
    case 1: return std::ldexp(base, -1040);
    case 2: return std::ldexp(base, 500);
    case 3: return std::round(3 * base);
    case 4: return 1 + std::ldexp(base, -50);
    default: return base;
  }
}

template <class T>
std::size_t values_before_leaving(const Tape& tape, const std::vector<double>& point, std::vector<T>& values) {
  std::vector<T> variables;
  for (const double value : point) variables.push_back(T(value));
  try {
    replay<T>(tape, variables, values);
  } catch (const OutsideDomain&) {
  }
  return values.size();
}

TEST(Bounded, holds_the_exact_value_within_its_error_on_random_programs_at_hostile_doubles) {
  RandomStream stream(1, "bounded is honest");
  constexpr int programs = 3000, variables = 5, length = 60;
  long held = 0, equal_to_double = 0;
  for (int program = 0; program < programs; ++program) {
    const Tape tape = random_tape(stream, variables, length);
    std::vector<double> point;
    for (int k = 0; k < variables; ++k) point.push_back(hostile_double(stream));
    std::vector<Bounded> bounded;
    std::vector<Interval> exact;
    std::vector<double> plain;
    const std::size_t inside = values_before_leaving(tape, point, bounded);
    // Where Bounded has a value, so has the exact program.
    ASSERT_GE(values_before_leaving(tape, point, exact), inside);
    replay<double>(tape, point, plain);
    for (std::size_t k = 0; k < inside; ++k) {
      ASSERT_EQ(plain[k], bounded[k].value) << "program " << program << ", node " << k;
      ASSERT_FALSE(certainly_farther(exact[k], bounded[k].value, bounded[k].error))
          << "program " << program << ", node " << k << ", operation " << static_cast<int>(tape.nodes[k].operation)
          << ": " << bounded[k].value << " ± " << bounded[k].error << " against " << decimal(exact[k]);
      ++held;
      if (bounded[k].error <= 1e-10 * std::abs(bounded[k].value)) ++equal_to_double;
    }
  }
  EXPECT_GT(held, programs * variables * 2);
  EXPECT_GT(equal_to_double, held / 2) << "bounds so wide say nothing";
}

TEST(Bounded, encloses_every_exact_value_that_its_start_allows) {
  RandomStream stream(2, "bounded as an interval");
  constexpr int programs = 2000, variables = 4, length = 30;
  long held = 0;
  for (int program = 0; program < programs; ++program) {
    const Tape tape = random_tape(stream, variables, length);
    std::vector<Bounded> start, values;
    std::vector<Interval> inside, exact;
    for (int k = 0; k < variables; ++k) {
      const double middle = stream.normal(), radius = std::ldexp(stream.uniform(), -4);
      start.push_back(Bounded(middle, radius));
      inside.push_back(Interval(middle) + Interval(radius) * Interval(stream.uniform(-1, 1)));
    }
    try {
      replay<Bounded>(tape, start, values);
    } catch (const OutsideDomain&) {
    }
    try {
      replay<Interval>(tape, inside, exact);
    } catch (const OutsideDomain&) {
    }
    ASSERT_GE(exact.size(), values.size());
    for (std::size_t k = 0; k < values.size(); ++k, ++held)
      ASSERT_FALSE(certainly_farther(exact[k], values[k].value, values[k].error)) << "program " << program;
  }
  EXPECT_GT(held, programs * variables);
}

TEST(Bounded, notices_when_its_error_is_halved) {
  // The rounding of 1/3 lies within u of it but not within u/4 of it: an oracle that cannot fail would not see this.
  const Bounded third = Bounded(1) / Bounded(3);
  const Interval exact = Interval(1) / Interval(3);
  EXPECT_FALSE(certainly_farther(exact, third.value, third.error));
  EXPECT_TRUE(certainly_farther(exact, third.value, third.error / 4));
}

OutsideDomain::Reason reason_of(const auto& operation) {
  try {
    operation();
  } catch (const OutsideDomain& outside) {
    return outside.reason;
  }
  ADD_FAILURE() << "it gave a value";
  return OutsideDomain::Reason::not_representable;
}

TEST(Bounded, leaves_the_domain_where_rounding_hides_what_would_happen) {
  const Bounded zero_or_not = Bounded(1) / Bounded(3) * Bounded(3) - Bounded(1);
  EXPECT_EQ(reason_of([&] { return Bounded(1) / zero_or_not; }), OutsideDomain::Reason::division_by_zero);
  EXPECT_EQ(reason_of([&] { return Bounded(1) / Bounded(0); }), OutsideDomain::Reason::division_by_zero);
  EXPECT_EQ(reason_of([&] { return sqrt(Bounded(0, 1e-20)); }), OutsideDomain::Reason::no_square_root);
  EXPECT_EQ(reason_of([&] { return sqrt(Bounded(-1)); }), OutsideDomain::Reason::no_square_root);
  EXPECT_EQ(reason_of([&] { return select_positive(zero_or_not, Bounded(1), Bounded(2)); }),
            OutsideDomain::Reason::sign_undecided);
  EXPECT_EQ(reason_of([&] { return Bounded(1e300) * Bounded(1e300); }), OutsideDomain::Reason::not_representable);
  EXPECT_EQ(reason_of([&] { return smooth(Smooth::exp, 0, Bounded(1e3)); }), OutsideDomain::Reason::not_representable);
}

TEST(Bounded, never_lets_nan_pass) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(Bounded(nan) + Bounded(1), OutsideDomain);
  EXPECT_THROW(Bounded(1, nan) * Bounded(1), OutsideDomain);
  EXPECT_THROW(Bounded(1) / Bounded(nan), OutsideDomain);
  EXPECT_THROW(Bounded(1) / Bounded(1, nan), OutsideDomain);
  EXPECT_THROW(sqrt(Bounded(nan)), OutsideDomain);
  EXPECT_THROW(select_positive(Bounded(nan), Bounded(1), Bounded(2)), OutsideDomain);
  EXPECT_THROW(smooth(Smooth::tanh, 0, Bounded(nan)), OutsideDomain);
}

TEST(Bounded, takes_an_exact_zero_for_not_positive) {
  EXPECT_EQ(select_positive(Bounded(0), Bounded(1), Bounded(2)).value, 2);
  EXPECT_EQ(relu(Bounded(3) - Bounded(3)).error, 0);
}

TEST(Bounded, refuses_derivatives_that_nobody_wrote_down) {
  for (const Smooth function : {Smooth::tanh, Smooth::softplus}) {
    EXPECT_NO_THROW(smooth(function, 3, Bounded(1)));
    EXPECT_THROW(smooth(function, 4, Bounded(1)), OutsideDomain);
    EXPECT_TRUE(std::isnan(smooth(function, 4, 1.0)));
  }
}

TEST(Bounded, keeps_an_exact_zero_exact) {
  EXPECT_TRUE((Bounded(0) * Bounded(3, 1e-9)).is_exact_zero());
  EXPECT_TRUE((Bounded(2.5) - Bounded(2.5)).is_exact_zero());
  EXPECT_TRUE((Bounded(0) / Bounded(3)).is_exact_zero());
  EXPECT_FALSE((Bounded(0, 1e-300) * Bounded(3)).is_exact_zero());
}

TEST(Bounded, covers_what_underflows_before_a_small_divisor_makes_it_large) {
  // |v| e_b ≈ 2⁻¹⁰⁸⁷ underflows to 0, and divided by b ≈ 2⁻⁴⁰ would be 2⁻¹⁰⁴⁷, far above the last place of v.
  const double error = std::ldexp(1.0, -92), divisor = std::ldexp(1.0, -40);
  const Bounded quotient = Bounded(std::ldexp(1.0, -1035)) / Bounded(divisor, error);
  const Interval least = Interval(std::ldexp(1.0, -1035)) / (Interval(divisor) + Interval(error));
  EXPECT_FALSE(certainly_farther(least, quotient.value, quotient.error));
}

TEST(Bounded, covers_what_underflow_loses) {
  const double tiny = std::ldexp(1.0, -540);
  const Bounded product = Bounded(tiny) * Bounded(tiny);  // 2⁻¹⁰⁸⁰ rounds to 0
  EXPECT_EQ(product.value, 0);
  EXPECT_FALSE(certainly_farther(Interval(tiny) * Interval(tiny), product.value, product.error));
  EXPECT_GT(product.error, 0);
}

}  // namespace
}  // namespace normproof::numbers
