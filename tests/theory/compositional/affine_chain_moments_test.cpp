// Are the chain's recursions the averages of LL19's Algorithm 2, written out, over all that it can draw?
#include "theory/compositional/affine_chain_moments.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <string>

#include "tests/theory/exact_number.hpp"

namespace normproof::theory_tests {
namespace {

using theory::SampleSharing;

template <std::size_t n>
struct Run {
  std::array<Fraction, n> w, estimate;
};

// ξ = mean ± deviation; positive[s] is the sign of draw s, the oracle's last.
template <std::size_t n>
Run<n> one_step(const theory::AffineChain<Fraction, n>& chain, const Fraction& deviation, const Run<n>& at,
                const std::array<bool, n + 1>& positive, const Fraction& alpha, const Fraction& learning_rate) {
  const auto xi = [&](std::size_t s) { return positive[s] ? chain.mean + deviation : chain.mean - deviation; };
  Run<n> next = at;
  for (std::size_t i = 0; i < n; ++i) {
    Fraction z = xi(i);
    for (std::size_t j = n - 1; j > i; --j) {
      const auto& layer = chain.layers[j];
      z = layer.a * at.w[j] + layer.b * z + layer.c * at.estimate[j] + layer.d;
    }
    next.estimate[i] = at.estimate[i] + alpha * (z - at.estimate[i]);
  }
  Fraction r = xi(n);
  for (std::size_t j = n; j-- > 0;) {
    const auto& layer = chain.layers[j];
    r = layer.a * at.w[j] + layer.b * r + layer.c * next.estimate[j] + layer.d;
  }
  Fraction derivative = r;  // of ½ r² by what layer i puts out
  for (std::size_t i = 0; i < n; ++i) {
    next.w[i] = at.w[i] - learning_rate * derivative * chain.layers[i].a;
    derivative = derivative * chain.layers[i].b + derivative * chain.layers[i].c;
  }
  return next;
}

// Sums over all paths, of each step.
template <std::size_t n>
struct Sums {
  Fraction paths;
  Run<n> state;
  std::array<std::array<Fraction, 2 * n>, 2 * n> products;
  std::array<Fraction, n> squared_error, gradient;
  Fraction squared_gradient;
};

template <std::size_t n>
Fraction part(const Run<n>& run, std::size_t k) {
  return k < n ? run.w[k] : run.estimate[k - n];
}

template <std::size_t n>
void add(const theory::AffineChain<Fraction, n>& chain, const Run<n>& before, const Run<n>& after, Sums<n>& sums) {
  sums.paths += Fraction(1);
  for (std::size_t k = 0; k < n; ++k) {
    sums.state.w[k] += after.w[k];
    sums.state.estimate[k] += after.estimate[k];
  }
  for (std::size_t k = 0; k < 2 * n; ++k) {
    for (std::size_t l = 0; l < 2 * n; ++l) sums.products[k][l] += part(after, k) * part(after, l);
  }
  Fraction mean = chain.mean;
  for (std::size_t j = n; j-- > 0;) {
    const auto& layer = chain.layers[j];
    const Fraction error = after.estimate[j] - mean;
    sums.squared_error[j] += error * error;
    mean = layer.a * before.w[j] + layer.b * mean + layer.c * mean + layer.d;
  }
  for (std::size_t i = 0; i < n; ++i) {
    const Fraction gradient = mean * chain.layers[i].a;
    sums.gradient[i] += gradient;
    sums.squared_gradient += gradient * gradient;
    mean *= chain.layers[i].b + chain.layers[i].c;
  }
}

template <std::size_t n, std::size_t steps>
void add_all_paths(const theory::AffineChain<Fraction, n>& chain, const Fraction& deviation, const Run<n>& at,
                   const std::array<Fraction, steps>& alphas, const std::array<Fraction, steps>& learning_rates,
                   SampleSharing sharing, std::array<Sums<n>, steps>& sums, std::size_t k = 0) {
  if (k == steps) return;
  const std::size_t draws = sharing == SampleSharing::none ? n + 1 : sharing == SampleSharing::estimates ? 2 : 1;
  for (std::size_t bits = 0; bits < (std::size_t(1) << draws); ++bits) {
    std::array<bool, n + 1> positive = {};
    for (std::size_t s = 0; s <= n; ++s) {
      const std::size_t draw = draws == n + 1 ? s : draws == 2 && s == n ? 1 : 0;
      positive[s] = (bits >> draw) % 2 == 1;
    }
    const Run<n> next = one_step(chain, deviation, at, positive, alphas[k], learning_rates[k]);
    add(chain, at, next, sums[k]);
    add_all_paths(chain, deviation, next, alphas, learning_rates, sharing, sums, k + 1);
  }
}

template <std::size_t n, std::size_t steps>
void expect_the_averages_of_all_paths(const theory::AffineChain<Fraction, n>& chain, const Fraction& deviation,
                                      const Run<n>& start, const std::array<Fraction, steps>& alphas,
                                      const std::array<Fraction, steps>& learning_rates, SampleSharing sharing) {
  std::array<Sums<n>, steps> sums = {};
  add_all_paths(chain, deviation, start, alphas, learning_rates, sharing, sums);
  auto moments = theory::affine_chain_start<Fraction, n>(start.w, start.estimate);
  for (std::size_t k = 0; k < steps; ++k) {
    SCOPED_TRACE("layers " + std::to_string(n) + ", step " + std::to_string(k));
    const auto step = theory::affine_chain_step(chain, moments, alphas[k], learning_rates[k], sharing);
    const Fraction& paths = sums[k].paths;
    Fraction squared_mean_gradient(0);
    for (std::size_t i = 0; i < n; ++i) {
      EXPECT_EQ(step.squared_error[i].text(), (sums[k].squared_error[i] / paths).text()) << i;
      squared_mean_gradient += sums[k].gradient[i] / paths * (sums[k].gradient[i] / paths);
    }
    EXPECT_EQ(step.squared_gradient.text(), (sums[k].squared_gradient / paths).text());
    EXPECT_EQ(step.squared_mean_gradient.text(), squared_mean_gradient.text());
    moments = step.next;
    for (std::size_t i = 0; i < 2 * n; ++i) {
      EXPECT_EQ(moments.mean[i].text(), (part(sums[k].state, i) / paths).text()) << i;
      for (std::size_t j = 0; j < 2 * n; ++j) {
        const Fraction second = moments.covariance[i][j] + moments.mean[i] * moments.mean[j];
        EXPECT_EQ(second.text(), (sums[k].products[i][j] / paths).text()) << i << " " << j;
      }
    }
  }
}

const Fraction one(1), half = Fraction::of(1, 2), quarter = Fraction::of(1, 4);
const Fraction deviation(2);

theory::AffineChainLayer<Fraction> layer(int a, int b, int c, int d) {
  return {Fraction(a), Fraction(b), Fraction(c), Fraction(d)};
}

theory::AffineChain<Fraction, 1> one_layer() { return {{layer(2, 1, -3, 1)}, Fraction(1), deviation * deviation}; }
theory::AffineChain<Fraction, 2> two_layers() {
  return {{layer(1, 2, -1, 1), layer(-2, 1, 3, 2)}, Fraction(1), deviation * deviation};
}
theory::AffineChain<Fraction, 3> three_layers() {
  return {{layer(1, 2, -1, 1), layer(-1, 1, 1, 0), layer(2, -1, 3, 1)}, Fraction(1), deviation * deviation};
}

TEST(AffineChain, of_one_layer_averages_all_paths) {
  for (const SampleSharing sharing : {SampleSharing::none, SampleSharing::estimates, SampleSharing::everything}) {
    expect_the_averages_of_all_paths<1, 3>(one_layer(), deviation, {{one}, {half}}, {one, half, half},
                                           {half, half, quarter}, sharing);
  }
}

TEST(AffineChain, of_two_layers_averages_all_paths) {
  for (const SampleSharing sharing : {SampleSharing::none, SampleSharing::estimates, SampleSharing::everything}) {
    expect_the_averages_of_all_paths<2, 3>(two_layers(), deviation, {{one, -half}, {half, Fraction(3)}},
                                           {half, half, quarter}, {half, quarter, quarter}, sharing);
  }
}

TEST(AffineChain, of_three_layers_averages_all_paths) {
  for (const SampleSharing sharing : {SampleSharing::none, SampleSharing::estimates, SampleSharing::everything}) {
    expect_the_averages_of_all_paths<3, 2>(three_layers(), deviation, {{one, -half, one}, {half, one, -one}},
                                           {half, Fraction::of(1, 3)}, {quarter, half}, sharing);
  }
}

TEST(AffineChain, tells_the_ways_of_sharing_samples_apart) {
  const std::array<Fraction, 2> w = {one, -half}, estimates = {half, one};
  const auto start = theory::affine_chain_start<Fraction, 2>(w, estimates);
  const auto variance_of_weight = [&](SampleSharing sharing) {
    return theory::affine_chain_step(two_layers(), start, half, half, sharing).next.covariance[0][0].text();
  };
  EXPECT_NE(variance_of_weight(SampleSharing::none), variance_of_weight(SampleSharing::estimates));
  EXPECT_NE(variance_of_weight(SampleSharing::estimates), variance_of_weight(SampleSharing::everything));
}

TEST(AffineChain, moves_its_parameters_along_one_direction) {
  const auto direction = theory::affine_chain_direction(three_layers());
  EXPECT_EQ(direction[0].text(), "1/1");
  EXPECT_EQ(direction[1].text(), "-1/1");
  EXPECT_EQ(direction[2].text(), "4/1");
}

}  // namespace
}  // namespace normproof::theory_tests
