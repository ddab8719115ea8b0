// Is what is certified over a box never more than what is found at any of its points?
#include "proofs_checks/certificates/program_over_box.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "proofs_checks/inputs/random_stream.hpp"

namespace normproof::certificates {
namespace {

using inputs::RandomStream;

const std::vector<std::string> two_inputs = {"a", "b"};

std::vector<Instruction> random_program(RandomStream& stream) {
  static const char* const operations[] = {"add",  "subtract", "multiply",        "multiply", "divide", "negate",
                                           "sqrt", "tanh",     "select_positive", "exp",      "log",    "softplus"};
  std::vector<Instruction> program = {{"input", {}, "a", 0}, {"input", {}, "b", 0}, {"integer", {}, "", 2}};
  while (program.size() < 12) {
    Instruction step;
    step.operation = operations[stream.below(std::size(operations))];
    const bool one = step.operation == "negate" || step.operation == "sqrt" || is_smooth(step);
    const std::size_t count = one ? 1 : step.operation == "select_positive" ? 3 : 2;
    for (std::size_t k = 0; k < count; ++k) step.operands.push_back(stream.below(program.size()));
    if (is_smooth(step) && step.operation != "log") step.integer = static_cast<long>(stream.below(3));
    program.push_back(step);
  }
  return program;
}

double smooth_value(const std::string& function, long order, double x) {
  if (function == "exp") return std::exp(x);
  if (function == "log") return x > 0 ? std::log(x) : NAN;
  const double t = std::tanh(x), p = 1 / (1 + std::exp(-x));
  if (function == "tanh") return order == 0 ? t : order == 1 ? 1 - t * t : -2 * t * (1 - t * t);
  return order == 0 ? std::log1p(std::exp(x)) : order == 1 ? p : p * (1 - p);
}

// In double; NaN where there is no value.
std::vector<double> at_point(const std::vector<Instruction>& program, double a, double b) {
  std::vector<double> values;
  for (const Instruction& step : program) {
    const auto operand = [&](std::size_t k) { return values[step.operands[k]]; };
    double value = NAN;
    if (step.operation == "input") value = step.input == "a" ? a : b;
    if (step.operation == "integer") value = static_cast<double>(step.integer);
    if (step.operation == "add") value = operand(0) + operand(1);
    if (step.operation == "subtract") value = operand(0) - operand(1);
    if (step.operation == "multiply") value = operand(0) * operand(1);
    if (step.operation == "divide" && operand(1) != 0) value = operand(0) / operand(1);
    if (step.operation == "negate") value = -operand(0);
    if (step.operation == "sqrt" && operand(0) >= 0) value = std::sqrt(operand(0));
    if (step.operation == "select_positive" && !std::isnan(operand(0)) && !std::isnan(operand(1)) &&
        !std::isnan(operand(2)))
      value = operand(0) > 0 ? operand(1) : operand(2);
    if (is_smooth(step)) value = smooth_value(step.operation, step.integer, operand(0));
    values.push_back(value);
  }
  return values;
}

TEST(Program_over_a_box, never_certifies_more_than_is_found_at_a_point) {
  RandomStream stream(1, "program_over_box_test");
  int certified = 0;
  for (int trial = 0; trial < 20000; ++trial) {
    const std::vector<Instruction> program = random_program(stream);
    std::string trouble;
    ProgramOverBox over(program, two_inputs, trouble);
    if (!trouble.empty()) continue;
    Box box;
    double low[2] = {}, high[2] = {};
    for (int i = 0; i < 2; ++i) {
      low[i] = static_cast<double>(stream.below(33)) / 8 - 2;
      high[i] = low[i] + std::ldexp(1.0, -static_cast<int>(stream.below(6)));
      box.push_back({Fraction(low[i]), Fraction(high[i])});
    }
    over.run(box);
    const std::size_t left = program.size() - 2, right = program.size() - 1;
    double least = INFINITY, size = 0;
    bool inside = false;
    for (int point = 0; point < 20; ++point) {
      const auto choose = [&](int i) {
        const std::uint64_t where = stream.below(4);
        return where == 0 ? low[i] : where == 1 ? high[i] : low[i] + (high[i] - low[i]) * stream.uniform();
      };
      const std::vector<double> values = at_point(program, choose(0), choose(1));
      bool everywhere = true;
      for (const double value : values) everywhere = everywhere && std::isfinite(value);
      if (!everywhere) continue;
      inside = true;
      if (values[right] - values[left] < least) {
        least = values[right] - values[left];
        size = 0;
        for (const double value : values) size = std::max(size, std::abs(value));
      }
    }
    if (!inside) continue;
    EXPECT_FALSE(over.outside_domain());
    // Far above the rounding errors of double here; what is certified by mistake would not stop just above the least.
    const double more = least + 1e-6 * (1 + size * size * size);
    if (!std::isfinite(more) || size > 1e3) continue;
    EXPECT_FALSE(over.differ_by(left, right, Fraction(more))) << trial;
    if (over.differ_by(left, right, Fraction(least - 1))) ++certified;
  }
  EXPECT_GT(certified, 1000);
}

TEST(Program_over_a_box, uses_slopes_where_plain_enclosures_lose_too_much) {
  // a − a²: at least 0 on [0, 1/2], where the plain enclosure is [−1/4, 1/2].
  const std::vector<Instruction> program = {
      {"input", {}, "a", 0}, {"multiply", {0, 0}, "", 0}, {"subtract", {0, 1}, "", 0}, {"integer", {}, "", 0}};
  std::string trouble;
  ProgramOverBox over(program, {"a"}, trouble);
  EXPECT_EQ(trouble, "");
  over.run({{Fraction(0.0), Fraction(0.5)}});
  EXPECT_TRUE(over.differ_by(3, 2, Fraction(0.0)));
  EXPECT_FALSE(over.differ_by(3, 2, Fraction(0.0625)));
  over.run({{Fraction(0.25), Fraction(0.5)}});
  EXPECT_TRUE(over.differ_by(3, 2, Fraction(0.1875)));
  EXPECT_FALSE(over.differ_by(3, 2, Fraction(0.1885)));
}

TEST(Program_over_a_box, wants_its_inputs_to_be_those_of_the_program) {
  const std::vector<Instruction> program = {{"input", {}, "a", 0}};
  std::string missing, idle;
  ProgramOverBox(program, {}, missing);
  ProgramOverBox(program, two_inputs, idle);
  EXPECT_NE(missing.find("asks for a"), std::string::npos);
  EXPECT_NE(idle.find("does not use"), std::string::npos);
}

}  // namespace
}  // namespace normproof::certificates
