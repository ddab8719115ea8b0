// In the standard model, is every rounding of the bounds needed, and are its bounds at most those of the headers?
//
// What       Each algorithm runs on Perturbed<double>, every δ one of −u, u, on random small inputs. The bound holds in
//            all runs, and with one rounding less some run breaks it: the count is right.
#include "theory/rounding/standard_model.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <random>
#include <vector>

#include "impl/reference/rounded_normalization.hpp"
#include "proofs_checks/numbers/perturbed.hpp"
#include "theory/rounding/one_pass_variance.hpp"
#include "theory/rounding/two_pass_forward.hpp"

namespace normproof {
namespace {

using Model = numbers::Perturbed<double>;
using reference::SummationOrder;

constexpr SummationOrder chain = {SummationOrder::Kind::chain};
constexpr double u = 1.0 / 64;  // large enough for a rounding more or less to be seen

class Draws {
 public:
  double number() { return uniform_(random_); }
  double sign() { return random_() % 2 == 0 ? 1.0 : -1.0; }
  std::vector<double> deltas(std::size_t count) {
    std::vector<double> all(count);
    const bool alike = random_() % 4 == 0;  // all up or all down is often the worst
    const double one = sign();
    for (double& delta : all) delta = u * (alike ? one : sign());
    return all;
  }

 private:
  std::mt19937_64 random_{11};
  std::uniform_real_distribution<double> uniform_{-2, 2};
};

std::vector<Model> exactly(const std::vector<double>& x) {
  std::vector<Model> values;
  for (const double value : x) values.emplace_back(value);
  return values;
}

struct Facts {
  double mean = 0, variance = 0, mean_square = 0, mean_magnitude = 0;
};
Facts facts(const std::vector<double>& x) {
  const auto m = static_cast<double>(x.size());
  Facts f;
  for (const double value : x) {
    f.mean += value / m;
    f.mean_square += value * value / m;
    f.mean_magnitude += std::fabs(value) / m;
  }
  for (const double value : x) f.variance += (value - f.mean) * (value - f.mean) / m;
  return f;
}

// run(draws) gives the error of one run; bound(fewer) the bound with so many roundings less, of that same run.
struct RoundedRun {
  double error = 0;
  std::function<double(int fewer)> bound;
};
void expect_the_count(const char* what, const std::function<RoundedRun(Draws&)>& run) {
  constexpr int runs = 20000;
  constexpr double double_rounding = 1e-12;  // of this test's own arithmetic, far below u
  Draws draws;
  int broken = 0;
  for (int k = 0; k < runs; ++k) {
    const RoundedRun one = run(draws);
    ASSERT_LE(one.error, one.bound(0) + double_rounding) << what;
    if (one.error > one.bound(1) + double_rounding) ++broken;
  }
  EXPECT_GT(broken, 0) << what << ": a rounding less would do as well";
}

TEST(StandardModel, of_a_sum_counts_every_rounding) {
  expect_the_count("sum", [](Draws& draws) {
    const std::vector<double> x = {draws.number(), draws.number(), draws.number()};
    double computed = 0;
    {
      const numbers::Roundings<double> roundings(draws.deltas(2));
      const std::vector<Model> values = exactly(x);
      computed = reference::ordered_sum<Model>(chain, 3, [&](std::size_t i) { return values[i]; }).value();
    }
    const double magnitudes = std::fabs(x[0]) + std::fabs(x[1]) + std::fabs(x[2]);
    return RoundedRun{std::fabs(computed - (x[0] + x[1] + x[2])),
                      [=](int fewer) { return theory::model_sum_error(u, 2 - fewer, magnitudes); }};
  });
}

TEST(StandardModel, of_the_mean_counts_every_rounding) {
  expect_the_count("mean", [](Draws& draws) {
    const std::vector<double> x = {draws.number(), draws.number()};
    const Facts f = facts(x);
    const numbers::Roundings<double> roundings(draws.deltas(2));
    const double computed = reference::ordered_mean<Model>(exactly(x), chain).value();
    return RoundedRun{std::fabs(computed - f.mean),
                      [=](int fewer) { return theory::model_mean_error(u, 1 - fewer, f.mean_magnitude); }};
  });
}

TEST(StandardModel, of_the_two_pass_variance_counts_every_rounding) {
  expect_the_count("variance", [](Draws& draws) {
    const std::vector<double> x = {draws.number() / 100, draws.number()};
    const Facts f = facts(x);
    const numbers::Roundings<double> roundings(draws.deltas(8));
    const double computed = reference::two_pass_moments<Model>(exactly(x), chain, chain).variance.value();
    return RoundedRun{std::fabs(computed - f.variance), [=](int fewer) {
                        const double mean_error = theory::model_mean_error(u, 1, f.mean_magnitude);
                        return theory::model_variance_error(u, 1 - fewer, f.variance, mean_error);
                      }};
  });
}

TEST(StandardModel, of_dgamma_counts_every_rounding) {
  expect_the_count("dgamma", [](Draws& draws) {
    const std::vector<double> x = {draws.number(), draws.number()}, dy = {draws.number(), draws.number()};
    const double mean = draws.number(), inv_std = 1 + draws.number() / 4;
    const numbers::Roundings<double> roundings(draws.deltas(8));
    const double computed =
        reference::two_pass_gradient_sums<Model>(exactly(x), exactly(dy), Model(mean), Model(inv_std), chain)
            .dgamma.value();
    double exact = 0, magnitudes = 0;
    for (std::size_t i = 0; i < 2; ++i) {
      const double product = dy[i] * (x[i] - mean) * inv_std;
      exact += product;
      magnitudes += std::fabs(product);
    }
    return RoundedRun{std::fabs(computed - exact),
                      [=](int fewer) { return theory::model_dgamma_error(u, 1 - fewer, magnitudes); }};
  });
}

// What is not a whole rounding of everything: without it the bound breaks all the same.
TEST(StandardModel, of_one_pass_needs_the_rounding_of_the_mean_square) {
  expect_the_count("one pass", [](Draws& draws) {
    const double a = draws.number(), b = draws.number() / 100;
    const std::vector<double> x = {a, b};
    const Facts f = facts(x);
    const numbers::Roundings<double> roundings(draws.deltas(8));
    const double computed = reference::one_pass_moments<Model>(exactly(x), chain).variance.value();
    return RoundedRun{std::fabs(computed - f.variance), [=](int fewer) {
                        const double mean_error = theory::model_mean_error(u, 1, f.mean_magnitude);
                        return theory::model_one_pass_error(u, 1 - fewer, f.variance, f.mean_square, std::fabs(f.mean),
                                                            mean_error);
                      }};
  });
}

TEST(StandardModel, is_at_most_what_the_headers_say_in_double) {
  Draws draws;
  const theory::Unit unit = {.roundoff = u, .smallest = 0};
  for (int k = 0; k < 1000; ++k) {
    const std::vector<double> x = {draws.number(), draws.number(), draws.number() + 3};
    const Facts f = facts(x);
    theory::ChannelData data;
    data.count = 3;
    data.mean = f.mean;
    data.variance = f.variance;
    data.root_mean_square = std::sqrt(f.mean_square);
    const double mean_error = theory::model_mean_error(u, 2, f.mean_magnitude);
    ASSERT_LE(mean_error, theory::two_pass_mean_error(data, unit, 2));
    ASSERT_LE(theory::model_variance_error(u, 2, f.variance, mean_error),
              theory::two_pass_variance_error(data, unit, {2, 2}));
    ASSERT_LE(theory::model_one_pass_error(u, 2, f.variance, f.mean_square, std::fabs(f.mean), mean_error),
              theory::one_pass_variance_error(data, unit, 2));
    const theory::AffineStep step = {
        .x = x[0], .mean = f.mean, .inv_std = 1 / std::sqrt(f.variance), .gamma = 2, .beta = 1};
    const double inv_std_error = 0.01;
    ASSERT_LE(theory::model_output_error<double>(u, {std::fabs(step.x_hat()), 2, step.inv_std, std::fabs(step.y())},
                                                 mean_error, inv_std_error),
              theory::normalized_output_error(step, unit, {mean_error, inv_std_error}, 3));
  }
}

}  // namespace
}  // namespace normproof
