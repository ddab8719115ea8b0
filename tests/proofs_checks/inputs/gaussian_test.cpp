// Are the Gaussian numbers as near to Box and Muller's formula as is stated, and distributed as they should be?
//
// The samples are fixed, so that a test either always passes or always fails. Their sizes say what would be seen: the
// Kolmogorov–Smirnov bound is passed by a standard deviation that is 2 % off, and a test below shows that.
#include "proofs_checks/inputs/gaussian.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/math/constants/constants.hpp>
#include <boost/multiprecision/mpfr.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "proofs_checks/inputs/random_block.hpp"
#include "proofs_checks/inputs/random_stream.hpp"

namespace normproof::inputs {
namespace {

using Exact = boost::multiprecision::number<boost::multiprecision::mpfr_float_backend<100>>;

constexpr std::uint64_t lower_52_bits = (std::uint64_t(1) << 52) - 1;

Exact odd_fraction(std::uint64_t j) { return (2 * Exact(j) + 1) / 9007199254740992; }  // 2⁵³

Exact exact_squared_radius(std::uint64_t word) { return -2 * log(odd_fraction(word >> 12)); }

Exact exact_angle(std::uint64_t word) {
  const Exact turned = Exact(word >> 62) + odd_fraction(word & lower_52_bits) - Exact(1) / 2;
  return turned * boost::math::constants::half_pi<Exact>();
}

// In units of 2⁻⁵³.
double relative_error(double computed, const Exact& exact) {
  return (abs((Exact(computed) - exact) / exact) * 9007199254740992).convert_to<double>();
}

// Ends of every range on the way, their neighbours, and many in between.
std::vector<std::uint64_t> words() {
  std::vector<std::uint64_t> all;
  for (int shift = 0; shift < 64; ++shift) {
    for (std::uint64_t near = 0; near < 3; ++near) {
      all.push_back((std::uint64_t(1) << shift) - near);
      all.push_back(~((std::uint64_t(1) << shift) - near));
      for (std::uint64_t quarter = 0; quarter < 4; ++quarter) {
        all.push_back((quarter << 62) + (lower_52_bits >> 1) + (std::uint64_t(1) << shift >> 12) - near);
      }
    }
  }
  // u on both sides of √½ 2⁻ⁱ, where k changes, and of 1.
  for (int i = 0; i < 50; ++i) {
    const auto root = static_cast<std::uint64_t>(std::ldexp(std::sqrt(0.5), 52 - i));
    for (std::uint64_t j = root - 2; j <= root + 2; ++j) all.push_back(j << 12);
    all.push_back((lower_52_bits - (std::uint64_t(1) << i)) << 12);
  }
  RandomStream random(1, "gaussian_test");
  for (int i = 0; i < 20000; ++i) all.push_back(random.next_uint64());
  return all;
}

TEST(SquaredRadius, is_as_near_to_the_logarithm_as_stated) {
  double worst = 0;
  for (const std::uint64_t word : words()) {
    const double error = relative_error(squared_radius(word), exact_squared_radius(word));
    ASSERT_LE(error, squared_radius_error_max) << std::hex << word;
    worst = std::max(worst, error);
  }
  RecordProperty("worst", std::to_string(worst));
}

TEST(Direction, is_as_near_to_cosine_and_sine_as_stated) {
  double worst = 0;
  for (const std::uint64_t word : words()) {
    const Direction computed = direction(word);
    const Exact angle = exact_angle(word);
    const double error =
        std::max(relative_error(computed.cosine, cos(angle)), relative_error(computed.sine, sin(angle)));
    ASSERT_LE(error, direction_error_max) << std::hex << word;
    worst = std::max(worst, error);
  }
  RecordProperty("worst", std::to_string(worst));
}

TEST(GaussianPair, is_as_near_to_box_and_muller_as_stated) {
  const std::vector<std::uint64_t> all = words();
  double worst = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::uint64_t radius_word = all[i], direction_word = all[(i * 7919 + 1) % all.size()];
    const GaussianPair computed = gaussian_pair(radius_word, direction_word);
    const Exact radius = sqrt(exact_squared_radius(radius_word)), angle = exact_angle(direction_word);
    const double error = std::max(relative_error(computed.first, radius * cos(angle)),
                                  relative_error(computed.second, radius * sin(angle)));
    ASSERT_LE(error, gaussian_error_max) << std::hex << radius_word << ' ' << direction_word;
    worst = std::max(worst, error);
  }
  RecordProperty("worst", std::to_string(worst));
}

TEST(GaussianPair, is_finite_and_not_zero_at_the_extreme_words) {
  for (const std::uint64_t radius_word : {std::uint64_t(0), ~std::uint64_t(0)}) {
    for (const std::uint64_t direction_word : {std::uint64_t(0), ~std::uint64_t(0), lower_52_bits >> 1}) {
      const GaussianPair pair = gaussian_pair(radius_word, direction_word);
      for (const double z : {pair.first, pair.second}) {
        EXPECT_TRUE(std::isfinite(z));
        EXPECT_NE(z, 0);
        EXPECT_LT(std::fabs(z), 8.58);
      }
    }
  }
}

constexpr std::size_t replicas = 1024, draws_each = 1024;

// Row i: number i of every replica.
std::vector<double> sample() {
  std::vector<double> numbers(replicas * draws_each);
  for (std::size_t replica = 0; replica < replicas; ++replica) {
    ReplicaNoise noise({5, fnv1a("gaussian_test")}, replica);
    for (std::size_t i = 0; i < draws_each; ++i) numbers[i * replicas + replica] = noise.next();
  }
  return numbers;
}

double normal_distribution_function(double z) { return std::erfc(-z / std::sqrt(2.0)) / 2; }

double kolmogorov_distance(std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  const double count = static_cast<double>(numbers.size());
  double distance = 0;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const double expected = normal_distribution_function(numbers[i]), at = static_cast<double>(i);
    distance = std::max({distance, expected - at / count, (at + 1) / count - expected});
  }
  return distance;
}

// Exceeded by a Gaussian sample with probability 1e−6: √(ln(2 · 10⁶)/2)/√n (Massart).
double kolmogorov_bound(std::size_t count) { return std::sqrt(std::log(2e6) / 2 / static_cast<double>(count)); }

TEST(GaussianNumbers, are_gaussian_by_kolmogorov_and_smirnov) {
  const std::vector<double> numbers = sample();
  EXPECT_LE(kolmogorov_distance(numbers), kolmogorov_bound(numbers.size()));
}

TEST(GaussianNumbers, would_not_pass_with_a_standard_deviation_two_percent_off) {
  std::vector<double> numbers = sample();
  for (double& z : numbers) z *= 1.02;
  EXPECT_GT(kolmogorov_distance(numbers), kolmogorov_bound(numbers.size()));
}

// The mean of z^power has expectation (power − 1)!! or 0, and variance ((2 power − 1)!! − that²)/n.
TEST(GaussianNumbers, have_the_moments_of_a_gaussian) {
  const std::vector<double> numbers = sample();
  const double count = static_cast<double>(numbers.size());
  const double double_factorials[] = {1, 0, 1, 0, 3, 0, 15, 0, 105, 0, 945, 0, 10395, 0, 135135, 0, 2027025};
  for (int power = 1; power <= 8; ++power) {
    double sum = 0;
    for (const double z : numbers) sum += std::pow(z, power);
    const double expected = double_factorials[power];
    const double deviation = std::sqrt((double_factorials[2 * power] - expected * expected) / count);
    EXPECT_NEAR(sum / count, expected, 5 * deviation) << power;
  }
}

TEST(GaussianNumbers, reach_into_the_tails_as_often_as_they_should) {
  const std::vector<double> numbers = sample();
  const double count = static_cast<double>(numbers.size());
  for (const double beyond : {2.0, 3.0, 4.0}) {
    const double expected = count * normal_distribution_function(-beyond);
    double above = 0, below = 0;
    for (const double z : numbers) {
      above += z > beyond ? 1 : 0;
      below += z < -beyond ? 1 : 0;
    }
    EXPECT_NEAR(above, expected, 5 * std::sqrt(expected)) << beyond;
    EXPECT_NEAR(below, expected, 5 * std::sqrt(expected)) << beyond;
  }
}

// Products of z and of z² − 1, whose variances are 1 and 4, at the distances where a pair, a counter or a neighbouring
// replica would show.
TEST(GaussianNumbers, are_uncorrelated_along_a_replica_and_between_replicas) {
  const std::vector<double> numbers = sample();
  for (const std::size_t distance : {std::size_t(1), std::size_t(64), replicas, 2 * replicas, 3 * replicas,
                                     4 * replicas, 8 * replicas, replicas + 1}) {
    const std::size_t count = numbers.size() - distance;
    double products = 0, of_squares = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double z = numbers[i], other = numbers[i + distance];
      products += z * other;
      of_squares += (z * z - 1) * (other * other - 1);
    }
    const double root = std::sqrt(static_cast<double>(count));
    EXPECT_LE(std::fabs(products), 5 * root) << distance;
    EXPECT_LE(std::fabs(of_squares), 5 * 2 * root) << distance;
  }
}

}  // namespace
}  // namespace normproof::inputs
