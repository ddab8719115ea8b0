// Do inputs hold what their recipes say, whatever the shape of the call?
#include "proofs_checks/conformance/recipes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <boost/multiprecision/gmp.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "proofs_checks/inputs/random_stream.hpp"
#include "tests/proofs_checks/conformance/random_case.hpp"

namespace normproof::conformance {
namespace {

using inputs::RandomStream;
using Rational = boost::multiprecision::mpq_rational;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

// A training call whose x holds these values; f64, so that nothing is rounded away.
Case with_x(const std::string& values, std::int64_t batch, std::int64_t channels, std::int64_t spatial,
            const std::string& more = "") {
  return parse_case("op=bn_train,shape=" + std::to_string(batch) + "x" + std::to_string(channels) + "x" +
                    std::to_string(spatial) + ",x=f64/bcs/" + values + more);
}

std::vector<double> x_of(const Case& described) { return input_values(described)[OperandId::x]; }

// The values of a channel in the order of n.
std::vector<double> channel_of(const Case& described, const std::vector<double>& values, std::int64_t channel) {
  std::vector<double> its;
  for (std::int64_t b = 0; b < described.batch; ++b)
    for (std::int64_t s = 0; s < described.spatial; ++s)
      its.push_back(values[static_cast<std::size_t>((b * described.channels + channel) * described.spatial + s)]);
  return its;
}

bool same_bits(double a, double b) { return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b); }

// One call of every recipe.
std::vector<std::string> a_call_of_each_recipe() {
  return {"zero",
          "one",
          "constant(2.5)",
          "normal(3;0.5)",
          "spread(3;0.5)",
          "signed(0.5;2)",
          "uniform(4;20)",
          "integers(-3;3)",
          "two_valued(10;0.25)",
          "ramp(-1;0.5)",
          "one_outlier(1000;2)",
          "powers(-5;5)",
          "subnormal(10)",
          "correlated(0.3;1;0.5)",
          "same_as_x",
          "from_x(0.5;1.3)"};
}

// A call with that recipe at an operand that it is for.
std::pair<Case, OperandId> call_with(const std::string& recipe, std::int64_t batch, std::int64_t channels,
                                     std::int64_t spatial, std::uint64_t seed) {
  const bool for_dy = recipe.starts_with("correlated") || recipe == "same_as_x";
  const bool for_statistics = recipe.starts_with("from_x");
  Case described = plain_case(for_dy ? NORMPROOF_BN_TRAIN_BACKWARD : NORMPROOF_FN_TRAIN, NORMPROOF_F32, batch, channels,
                              spatial, seed);
  const OperandId id = for_dy ? OperandId::dy : for_statistics ? OperandId::fn_square : OperandId::x;
  described[id].values = for_statistics ? parse_case("op=fn_infer,fn_mean=f64/" + recipe)[OperandId::fn_mean].values
                                        : parse_case("op=bn_infer_backward,dy=f32/" + recipe)[OperandId::dy].values;
  return {described, id};
}

TEST(Recipes, are_all_tried_here) {
  std::set<std::string> tried, known;
  for (const std::string& call : a_call_of_each_recipe()) tried.insert(call.substr(0, call.find('(')));
  for (const Recipe& recipe : recipes()) known.insert(recipe.name);
  EXPECT_EQ(tried, known);
}

TEST(Recipes, give_a_value_that_does_not_depend_on_the_shape) {
  for (const std::string& recipe : a_call_of_each_recipe()) {
    if (recipe.starts_with("from_x")) continue;  // made from all of x
    const auto [big, id] = call_with(recipe, 4, 7, 30, 5);
    const std::vector<double> all = input_values(big)[id];
    for (const auto& [batch, channels, spatial] :
         {std::array<std::int64_t, 3>{1, 1, 1}, {1, 3, 7}, {30, 2, 4}, {5, 7, 1}}) {
      const Case small = call_with(recipe, batch, channels, spatial, 5).first;
      const std::vector<double> some = input_values(small)[id];
      for (std::int64_t c = 0; c < channels; ++c) {
        const std::vector<double> of_big = channel_of(big, all, c), of_small = channel_of(small, some, c);
        for (std::size_t n = 0; n < std::min(of_big.size(), of_small.size()); ++n)
          ASSERT_TRUE(same_bits(of_big[n], of_small[n])) << recipe << " channel " << c << " n " << n;
      }
    }
  }
}

TEST(Recipes, give_a_vector_that_does_not_depend_on_the_number_of_channels) {
  const auto gamma = [](std::int64_t channels) {
    return input_values(plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 2, channels, 3, 8))[OperandId::gamma];
  };
  const std::vector<double> all = gamma(50), some = gamma(7);
  EXPECT_TRUE(std::equal(some.begin(), some.end(), all.begin()));
}

TEST(Recipes, draw_other_numbers_for_another_seed_operand_or_channel) {
  Case described = plain_case(NORMPROOF_BN_INFER_BACKWARD, NORMPROOF_F64, 3, 4, 50, 1);
  Values normal;
  normal.recipe = "normal";
  normal.parameters = {0, 1};
  for (const OperandId id : {OperandId::x, OperandId::dy, OperandId::gamma, OperandId::running_mean})
    described[id].values = normal;
  std::set<double> seen;
  std::size_t drawn = 0;
  for (const std::uint64_t seed : {0u, 1u, 2u}) {
    described.seed = seed;
    const InputValues inputs = input_values(described);
    for (const OperandId id : {OperandId::x, OperandId::dy, OperandId::gamma, OperandId::running_mean}) {
      seen.insert(inputs[id].begin(), inputs[id].end());
      drawn += inputs[id].size();
    }
  }
  EXPECT_EQ(drawn, 3u * (2 * 600 + 2 * 4));
  EXPECT_EQ(seen.size(), drawn);  // of 52 bits at least: no two are equal
}

TEST(Recipes, stay_within_their_ranges) {
  const auto all = [](const std::string& recipe, const std::function<bool(double)>& holds) {
    const std::vector<double> values = x_of(with_x(recipe, 3, 5, 400));
    ASSERT_EQ(values.size(), 6000u);
    EXPECT_TRUE(std::all_of(values.begin(), values.end(), holds)) << recipe;
  };
  all("zero", [](double v) { return same_bits(v, 0); });
  all("one", [](double v) { return v == 1; });
  all("constant(2.5)", [](double v) { return v == 2.5; });
  all("signed(0.5;2)", [](double v) { return std::abs(v) >= 0.5 && std::abs(v) <= 2; });
  all("uniform(4;20)", [](double v) { return v >= 4 && v <= 20; });
  all("integers(-3;3)", [](double v) { return std::abs(v) <= 3 && v == std::floor(v); });
  all("powers(-5;5)", [](double v) { return std::abs(v) >= 0x1p-5 && std::abs(v) <= 0x1p6; });
  all("subnormal(10)", [](double v) {
    const double multiple = v / 0x1p-1074;
    return std::abs(multiple) <= 1024 && multiple == std::floor(multiple);
  });
}

TEST(Recipes, reach_the_whole_of_their_ranges) {
  const auto distinct = [](const std::string& recipe, const std::function<double(double)>& of) {
    std::set<double> seen;
    for (const double value : x_of(with_x(recipe, 3, 5, 400))) seen.insert(of(value));
    return seen.size();
  };
  EXPECT_EQ(distinct("integers(-3;3)", [](double v) { return v; }), 7u);
  EXPECT_EQ(distinct("powers(-5;5)", [](double v) { return std::copysign(std::ilogb(v) + 100, v); }), 22u);
  EXPECT_EQ(distinct("signed(0.5;2)", [](double v) { return std::copysign(std::floor(std::abs(v) * 4), v); }), 12u);
  EXPECT_EQ(distinct("uniform(4;20)", [](double v) { return std::floor(v); }), 16u);
  EXPECT_EQ(distinct("subnormal(2)", [](double v) { return v; }), 9u);  // 0 and −0 are equal
}

// Mean and standard deviation of a channel, in doubles: good enough to tell a recipe.
std::pair<double, double> mean_and_std(const std::vector<double>& values) {
  double mean = 0, squares = 0;
  for (const double v : values) mean += v / static_cast<double>(values.size());
  for (const double v : values) squares += (v - mean) * (v - mean) / static_cast<double>(values.size());
  return {mean, std::sqrt(squares)};
}

TEST(Recipes, have_the_moments_they_name) {
  constexpr std::int64_t count = 20000;
  const double five_sigma = 5 / std::sqrt(static_cast<double>(count));  // of a mean; of a std it is more than 7
  const Case normal = with_x("normal(3;0.5)", 4, 7, count / 4), spread = with_x("spread(3;0.5)", 4, 7, count / 4);
  const std::vector<double> normals = x_of(normal), spreads = x_of(spread);
  for (std::int64_t c = 0; c < 7; ++c) {
    const auto [mean, std] = mean_and_std(channel_of(normal, normals, c));
    EXPECT_NEAR(mean, 3, 0.5 * five_sigma);
    EXPECT_NEAR(std, 0.5, 0.5 * five_sigma);
    const auto [own_mean, own_std] = mean_and_std(channel_of(spread, spreads, c));
    const double std_named = 0.5 * (1 + 0.25 * static_cast<double>(c % 3));
    EXPECT_NEAR(own_mean, 3 + 0.5 * static_cast<double>(2 - c % 5) * 0.5, std_named * five_sigma);
    EXPECT_NEAR(own_std, std_named, std_named * five_sigma);
  }
}

TEST(Recipes, count_positions_batch_by_batch) {
  const Case ramp = with_x("ramp(-1;0.5)", 2, 2, 3);
  EXPECT_EQ(x_of(ramp), (std::vector<double>{-1, -0.5, 0, -1, -0.5, 0, 0.5, 1, 1.5, 0.5, 1, 1.5}));
  EXPECT_EQ(x_of(with_x("two_valued(10;0.25)", 2, 1, 3)), (std::vector<double>{10.25, 9.75, 10.25, 9.75, 10.25, 9.75}));
  const std::vector<double> outlier = x_of(with_x("one_outlier(1e6;1)", 2, 2, 3));
  for (std::size_t k = 0; k < outlier.size(); ++k) EXPECT_EQ(outlier[k] == 1e6, k == 0 || k == 3) << k;
}

TEST(Recipes, count_the_elements_of_a_vector_by_channel) {
  const Case described = parse_case("op=bn_train,shape=2x4x3,gamma=f32/ramp(1;2),beta=f32/one_outlier(5;0)");
  const InputValues inputs = input_values(described);
  EXPECT_EQ(inputs[OperandId::gamma], (std::vector<double>{1, 3, 5, 7}));
  EXPECT_EQ(std::abs(inputs[OperandId::beta][1]), 0);
  EXPECT_EQ(inputs[OperandId::beta][0], 5);
}

TEST(Recipes, give_the_same_bits_on_every_machine) {
  // As they came out when this was written; no other origin.
  const auto value = [](const std::string& recipe) {
    const auto [described, id] = call_with(recipe, 2, 3, 2, 42);
    return static_cast<float>(input_values(described)[id][11]);
  };
  EXPECT_EQ(value("normal(3;0.5)"), 0x1.55766p1f);
  EXPECT_EQ(value("uniform(4;20)"), 0x1.1a1906p4f);
  EXPECT_EQ(value("powers(-5;5)"), -0x1.da1906p2f);
  EXPECT_EQ(value("correlated(0.3;1;0.5)"), 0x1.47eb8ep-1f);
}

// ---- rounding

TEST(Recipes, round_to_the_type_of_the_operand) {
  RandomStream random(1, "recipes_test", "rounding");
  for (int k = 0; k < 20000; ++k) {
    const double value = samples::any_number(random);
    EXPECT_TRUE(std::isnan(value) || same_bits(rounded_to(NORMPROOF_F64, value), value));
    if (std::abs(value) < std::numeric_limits<float>::max()) {
      EXPECT_TRUE(same_bits(rounded_to(NORMPROOF_F32, value), static_cast<double>(static_cast<float>(value))));
    }
  }
  constexpr double largest = std::numeric_limits<float>::max();
  EXPECT_EQ(rounded_to(NORMPROOF_F32, 0x1.ffffffp127), infinity);
  EXPECT_EQ(rounded_to(NORMPROOF_F32, -0x1.ffffffp127), -infinity);
  EXPECT_EQ(rounded_to(NORMPROOF_F32, std::nextafter(0x1.ffffffp127, 0)), largest);
  EXPECT_EQ(rounded_to(NORMPROOF_F32, -infinity), -infinity);
  EXPECT_TRUE(std::isnan(rounded_to(NORMPROOF_F32, nan)));
  const Case described = plain_case(NORMPROOF_BN_TRAIN_BACKWARD, NORMPROOF_F32, 2, 3, 40, 9);
  const InputValues inputs = input_values(described);
  for (const OperandId id : all_operands())
    for (const double value : inputs[id]) EXPECT_EQ(value, static_cast<double>(static_cast<float>(value))) << word(id);
}

TEST(Recipes, keep_as_many_bits_as_are_asked_for) {
  const std::vector<double> exact = x_of(with_x("normal(3;0.5)", 2, 2, 100));
  for (const int bits : {1, 2, 5, 24, 52, 53}) {
    const std::vector<double> rounded = x_of(with_x("normal(3;0.5)~" + std::to_string(bits), 2, 2, 100));
    for (std::size_t k = 0; k < exact.size(); ++k) {
      const double unit = std::ldexp(1.0, std::ilogb(exact[k]) + 1 - bits);
      EXPECT_LE(std::abs(rounded[k] - exact[k]), unit / 2);
      EXPECT_EQ(rounded[k] / unit, std::floor(rounded[k] / unit));
    }
  }
}

// ---- plants, lists, strides of 0

TEST(Plants, stand_over_the_recipe_at_their_places) {
  EXPECT_EQ(x_of(with_x("zero!0.head.1!1.tail.2!-1.middle.3", 2, 2, 2)), (std::vector<double>{1, 0, 0, 0, 3, 0, 3, 2}));
  EXPECT_EQ(x_of(with_x("zero!-1.head.1!-1.tail.2", 1, 2, 1)), (std::vector<double>{2, 2}));  // the later one wins
  const std::vector<double> special = x_of(with_x("ramp(0;1)!0.head.nan!0.middle.-inf!7.head.1~1", 1, 1, 4));
  EXPECT_TRUE(std::isnan(special[0]));
  EXPECT_EQ(special[1], 1);
  EXPECT_EQ(special[2], -infinity);
  EXPECT_EQ(special[3], 4);  // 3 with one bit
}

TEST(Plants, stand_at_the_channel_of_a_vector) {
  const Case described =
      parse_case("op=bn_train,shape=2x3x4,gamma=f32/one!1.tail.1e-300,beta=f32/zero!-1.head.5!0.tail.inf");
  const InputValues inputs = input_values(described);
  EXPECT_EQ(inputs[OperandId::gamma], (std::vector<double>{1, 0, 1}));  // rounded to f32
  EXPECT_EQ(inputs[OperandId::beta], (std::vector<double>{infinity, 5, 5}));
}

TEST(Plants, are_idle_in_an_empty_shape) {
  EXPECT_TRUE(x_of(with_x("zero!-1.head.1!3.tail.2", 0, 3, 4)).empty());
  EXPECT_TRUE(x_of(with_x("zero!-1.head.1!3.tail.2", 2, 0, 4)).empty());
  EXPECT_TRUE(x_of(with_x("zero!-1.head.1!3.tail.2", 2, 3, 0)).empty());
  const InputValues inputs = input_values(with_x("zero", 2, 3, 0, ",gamma=f64/one!1.head.5"));
  EXPECT_EQ(inputs[OperandId::gamma], (std::vector<double>{1, 5, 1}));
}

TEST(ListedValues, are_the_values) {
  const std::vector<double> values = x_of(parse_case("op=bn_train,shape=1x2x2,x=f32/bsc/[1;0.1;nan;-0]"));
  EXPECT_EQ(values[0], 1);
  EXPECT_EQ(values[1], static_cast<double>(0.1f));
  EXPECT_TRUE(std::isnan(values[2]));
  EXPECT_TRUE(same_bits(values[3], -0.0));
}

TEST(StridesOfZero, keep_what_is_written_last) {
  const auto values = [](const char* layout) {
    return x_of(parse_case(std::string("op=bn_train,shape=2x2x2,x=f64/") + layout + "/[1;2;3;4;5;6;7;8]"));
  };
  EXPECT_EQ(values("bcs"), (std::vector<double>{1, 2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(values("bcs.zero-b"), (std::vector<double>{5, 6, 7, 8, 5, 6, 7, 8}));
  EXPECT_EQ(values("bcs.zero-c"), (std::vector<double>{3, 4, 3, 4, 7, 8, 7, 8}));
  EXPECT_EQ(values("bcs.zero-s"), (std::vector<double>{2, 2, 4, 4, 6, 6, 8, 8}));
  EXPECT_EQ(values("scb.zero-bcs"), (std::vector<double>(8, 8)));
}

// ---- made from x

TEST(Gradients, follow_x_where_they_should) {
  Case described = plain_case(NORMPROOF_BN_TRAIN_BACKWARD, NORMPROOF_F64, 2, 3, 5, 1);
  described[OperandId::dy].values = {"correlated", {2, 0, 3}, {}, 0, {}};
  InputValues inputs = input_values(described);
  for (std::size_t k = 0; k < 30; ++k) EXPECT_EQ(inputs[OperandId::dy][k], 2 * inputs[OperandId::x][k] + 3);
  described[OperandId::dy].values = {"same_as_x", {}, {}, 0, {}};
  inputs = input_values(described);
  EXPECT_EQ(inputs[OperandId::dy], inputs[OperandId::x]);
  described[OperandId::dy].dtype = NORMPROOF_F32;
  inputs = input_values(described);
  for (std::size_t k = 0; k < 30; ++k)
    EXPECT_EQ(inputs[OperandId::dy][k], rounded_to(NORMPROOF_F32, inputs[OperandId::x][k]));
}

// The exact mean and biased variance of a channel.
struct Exact {
  Rational mean, variance;
};
Exact exact_moments(const std::vector<double>& values) {
  Rational sum = 0, squares = 0;
  for (const double v : values) {
    sum += Rational(v);
    squares += Rational(v) * Rational(v);
  }
  const Rational count = static_cast<long>(values.size());
  const Rational mean = sum / count;
  return {mean, squares / count - mean * mean};
}

double relative_error(const Rational& got, const Rational& expected) {
  return static_cast<double>(abs(got - expected) / abs(expected));
}

// Inputs that a sum in doubles would get wrong, among others.
const std::vector<std::string>& hard_x() {
  static const std::vector<std::string> all = {"spread(0.75;1.5)", "normal(1e6;0.01)", "one_outlier(1e12;1)",
                                               "powers(-60;60)", "ramp(1e8;1)"};
  return all;
}

TEST(Statistics, of_x_are_exact_but_for_their_rounding) {
  constexpr double half_unit = 0x1p-53, two_parts = 0x1p-100;
  for (const std::string& values : hard_x()) {
    Case described = plain_case(NORMPROOF_BN_TRAIN_BACKWARD, NORMPROOF_F64, 3, 2, 37, 6);
    described[OperandId::x].values = with_x(values, 1, 1, 1)[OperandId::x].values;
    const InputValues inputs = input_values(described);
    for (std::size_t c = 0; c < 2; ++c) {
      const Exact exact = exact_moments(channel_of(described, inputs[OperandId::x], static_cast<std::int64_t>(c)));
      const Rational high = inputs[OperandId::saved_mean][c], low = inputs[OperandId::saved_mean_low][c];
      EXPECT_LE(relative_error(high, exact.mean), half_unit) << values;
      EXPECT_LE(relative_error(high + low, exact.mean), two_parts) << values;
      const Rational inv_std = inputs[OperandId::saved_inv_std][c];
      const Rational square = inv_std * inv_std, expected = 1 / (exact.variance + Rational(described.eps));
      EXPECT_LE(relative_error(square, expected), 2 * half_unit * (1 + 0x1p-40)) << values;
    }
  }
}

TEST(Statistics, in_single_precision_leave_a_low_part) {
  const Case described = plain_case(NORMPROOF_BN_TRAIN_BACKWARD, NORMPROOF_F32, 3, 2, 37, 6);
  const InputValues inputs = input_values(described);
  for (std::size_t c = 0; c < 2; ++c) {
    const Exact exact = exact_moments(channel_of(described, inputs[OperandId::x], static_cast<std::int64_t>(c)));
    const Rational high = inputs[OperandId::saved_mean][c], low = inputs[OperandId::saved_mean_low][c];
    EXPECT_LE(relative_error(high, exact.mean), 0x1p-24);
    EXPECT_NE(low, 0);
    EXPECT_LE(relative_error(high + low, exact.mean), 0x1p-47);
  }
}

TEST(Statistics, are_shifted_and_scaled_as_asked_for) {
  for (const std::string& values : hard_x()) {
    Case described = plain_case(NORMPROOF_FN_TRAIN, NORMPROOF_F64, 3, 2, 37, 6);
    described[OperandId::x].values = with_x(values, 1, 1, 1)[OperandId::x].values;
    ASSERT_EQ(described[OperandId::fn_mean].values.parameters, (std::vector<double>{0.5, 1.3}));
    const InputValues inputs = input_values(described);
    for (std::size_t c = 0; c < 2; ++c) {
      const Exact exact = exact_moments(channel_of(described, inputs[OperandId::x], static_cast<std::int64_t>(c)));
      const Rational mu = Rational(inputs[OperandId::fn_mean][c]) + Rational(inputs[OperandId::fn_mean_low][c]);
      // (mu − mean)² = a² variance, to the last places of two doubles; they cancel where mean ≫ std.
      const Rational shift = mu - exact.mean;
      const double condition = 1 + static_cast<double>(exact.mean * exact.mean / exact.variance);
      EXPECT_LE(relative_error(shift * shift, exact.variance / 4), 0x1p-98 * std::sqrt(condition)) << values;
      const Rational square = mu * mu + Rational(1.3) * exact.variance;
      EXPECT_LE(relative_error(Rational(inputs[OperandId::fn_square][c]), square), 0x1p-53 * (1 + 0x1p-20)) << values;
    }
  }
}

TEST(Statistics, of_running_kind_come_from_x_where_asked_for) {
  const Case described = parse_case(
      "op=bn_infer,shape=1x1x4,x=f64/bcs/[0;0;4;4],running_mean=f64/from_x(2;1),running_var=f64/from_x(0;4)");
  const InputValues inputs = input_values(described);
  EXPECT_EQ(inputs[OperandId::running_mean][0], 6);
  EXPECT_EQ(inputs[OperandId::running_var][0], 16);
}

TEST(Statistics, of_nothing_are_zero_and_one) {
  for (const char* shape : {"0x2x3", "3x2x0"}) {
    const InputValues inputs =
        input_values(parse_case(std::string("op=bn_train_backward,eps=3,shape=") + shape + ",x=f64/bcs"));
    EXPECT_EQ(inputs[OperandId::saved_mean], (std::vector<double>{0, 0}));
    EXPECT_EQ(inputs[OperandId::saved_inv_std], (std::vector<double>{0.5, 0.5}));
  }
}

TEST(Statistics, of_an_absent_x_are_those_of_zeros) {
  const InputValues inputs = input_values(parse_case("op=bn_train_backward,shape=2x1x3,eps=0.25,x=-"));
  EXPECT_TRUE(inputs[OperandId::x].empty());
  EXPECT_EQ(inputs[OperandId::saved_mean], (std::vector<double>{0}));
  EXPECT_EQ(inputs[OperandId::saved_inv_std], (std::vector<double>{2}));
}

TEST(Statistics, of_a_non_finite_channel_are_not_finite_and_others_are) {
  const InputValues inputs =
      input_values(parse_case("op=bn_train_backward,shape=2x3x3,x=f32/bcs/one!1.tail.nan!2.head.inf"));
  EXPECT_EQ(inputs[OperandId::saved_mean][0], 1);
  EXPECT_TRUE(std::isnan(inputs[OperandId::saved_mean][1]));
  EXPECT_EQ(inputs[OperandId::saved_mean][2], infinity);
  EXPECT_TRUE(std::isfinite(inputs[OperandId::saved_inv_std][0]));
  EXPECT_TRUE(std::isnan(inputs[OperandId::saved_inv_std][1]));
}

TEST(Statistics, of_equal_places_are_those_of_what_memory_holds) {
  const InputValues inputs = input_values(parse_case("op=bn_train_backward,shape=2x1x2,x=f64/bcs.zero-b/[1;2;3;5]"));
  EXPECT_EQ(inputs[OperandId::saved_mean][0], 4);
}

// ---- what is made

TEST(InputValues, are_those_that_the_call_reads) {
  for (const normproof_op op : all_ops()) {
    Case described = plain_case(op, NORMPROOF_F32, 2, 3, 4, 1);
    described[OperandId::gamma].present = false;
    const InputValues inputs = input_values(described);
    for (const OperandId id : all_operands()) {
      const bool made = is_read(use_of(op, id)) && id != OperandId::gamma;
      EXPECT_EQ(inputs[id].size(), made ? static_cast<std::size_t>(described.values_of(id)) : 0u)
          << word(op) << ' ' << word(id);
    }
  }
}

TEST(InputValues, of_any_valid_case_are_made) {
  RandomStream random(4, "recipes_test", "any case");
  for (int k = 0; k < 1000; ++k) {
    const Case described = samples::any_case(random);
    const InputValues first = input_values(described), second = input_values(parse_case(text(described)));
    for (const OperandId id : all_operands()) {
      ASSERT_TRUE(std::equal(first[id].begin(), first[id].end(), second[id].begin(), second[id].end(), same_bits))
          << text(described) << ' ' << word(id);
      for (const double value : first[id])
        ASSERT_TRUE(std::isnan(value) || same_bits(value, rounded_to(described[id].dtype, value))) << text(described);
    }
  }
}

TEST(InputValues, are_refused_where_they_would_not_fit) {
  EXPECT_THROW(input_values(parse_case("op=bn_train,shape=1048576x64x64")), NoMemory);
  EXPECT_THROW(input_values(parse_case("op=bn_train,shape=0x68719476736x0")), NoMemory);
  Case bad = plain_case(NORMPROOF_BN_TRAIN, NORMPROOF_F32, 1, 1, 1, 0);
  bad[OperandId::x].values.recipe = "zeros";
  EXPECT_THROW(input_values(bad), CaseError);
}

}  // namespace
}  // namespace normproof::conformance
