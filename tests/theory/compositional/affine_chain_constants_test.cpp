// Does the chain stay in the box that the theory gives it, and do Assumption 1's constants hold there, just so?
#include "theory/compositional/affine_chain_constants.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <cstddef>
#include <random>

#include "tests/theory/exact_number.hpp"

namespace normproof::theory_tests {
namespace {

// For double and Fraction: is a > b, and |a|?
bool exceeds(double a, double b) { return !(a <= b); }
bool exceeds(const Fraction& a, const Fraction& b) { return a.exceeds(b); }
template <class T>
T size_of(const T& x) {
  return exceeds(T(0), x) ? -x : x;
}
template <class T>
T larger(const T& a, const T& b) {
  return exceeds(a, b) ? a : b;
}

template <class T, std::size_t n>
struct Run {
  std::array<T, n> w, estimate;
  T t = T(0);
};

template <class T, std::size_t n>
T outputs(const theory::AffineChain<T, n>& chain, const std::array<T, n>& w, const std::array<T, n>& estimate,
          std::size_t first, const T& xi) {
  T z = xi;
  for (std::size_t j = n; j-- > first;) {
    const auto& layer = chain.layers[j];
    z = layer.a * w[j] + layer.b * z + layer.c * estimate[j] + layer.d;
  }
  return z;
}

// x̄_{first + 1}, for first = 0 the mean residual.
template <class T, std::size_t n>
T exact_mean(const theory::AffineChain<T, n>& chain, const std::array<T, n>& w, std::size_t first) {
  T mean = chain.mean;
  for (std::size_t j = n; j-- > first;) {
    const auto& layer = chain.layers[j];
    mean = layer.a * w[j] + layer.b * mean + layer.c * mean + layer.d;
  }
  return mean;
}

// One step of Algorithm 2; returns r.
template <class T, std::size_t n>
T one_step(const theory::AffineChain<T, n>& chain, Run<T, n>& at, const std::array<T, n + 1>& xi, const T& alpha,
           const T& learning_rate) {
  const Run<T, n> before = at;
  for (std::size_t i = 0; i < n; ++i) {
    at.estimate[i] =
        (T(1) - alpha) * before.estimate[i] + alpha * outputs<T, n>(chain, before.w, before.estimate, i + 1, xi[i]);
  }
  const T r = outputs<T, n>(chain, before.w, at.estimate, 0, xi[n]);
  T derivative = r;
  for (std::size_t i = 0; i < n; ++i) {
    at.w[i] -= learning_rate * derivative * chain.layers[i].a;
    derivative *= chain.layers[i].b + chain.layers[i].c;
  }
  at.t -= learning_rate * r;
  return r;
}

template <class T>
theory::AffineChainLayer<T> layer(int a, int b, int c, int d, int divisor) {
  return {T(a) / T(divisor), T(b) / T(divisor), T(c) / T(divisor), T(d) / T(divisor)};
}

// ξ = 1 ± 2.
constexpr int mean = 1, deviation = 2;

template <class T>
theory::AffineChain<T, 1> one_layer() {
  return {{layer<T>(-2, 1, 3, 1, 2)}, T(mean), T(deviation * deviation)};
}
template <class T>
theory::AffineChain<T, 2> two_layers() {
  return {{layer<T>(4, -2, 1, 1, 4), layer<T>(3, 3, -1, 1, 4)}, T(mean), T(deviation * deviation)};
}
template <class T>
theory::AffineChain<T, 3> three_layers() {
  return {
      {layer<T>(4, 2, -1, 1, 4), layer<T>(3, 4, 1, 0, 4), layer<T>(3, 2, 1, -1, 4)}, T(mean), T(deviation * deviation)};
}

template <class T, std::size_t n>
Run<T, n> start() {
  Run<T, n> run;
  for (std::size_t i = 0; i < n; ++i) {
    run.w[i] = T(static_cast<int>(i) * 2 - 1) / T(2);
    run.estimate[i] = T(static_cast<int>(i)) / T(2);
  }
  return run;
}

template <class T, std::size_t n>
theory::AffineChainConstants<T, n> constants(const theory::AffineChain<T, n>& chain) {
  return theory::affine_chain_constants<T, n>(chain, start<T, n>().w, start<T, n>().estimate, T(deviation),
                                              [](const T& x) { return size_of(x); });
}

Fraction sign(std::size_t bits, std::size_t place) { return Fraction((bits >> place) % 2 == 1 ? 1 : -1); }

// What a step does to t, to the estimates and to r is affine in t, in each estimate, in each ξ, in α and in γ, one at a
// time: it is largest at a corner. So all corners prove the box, for every run.
template <std::size_t n>
void expect_all_corners_to_stay(const theory::AffineChain<Fraction, n>& chain) {
  const auto box = constants(chain);
  const auto direction = theory::affine_chain_direction(chain);
  ASSERT_TRUE(box.margin.exceeds(Fraction(0)));
  // With the largest γ, and of an estimate with α = 1: what is reached anew.
  Fraction furthest(0), largest_residual(0);
  std::array<Fraction, n> furthest_estimate = {};
  std::size_t seen = 0;
  for (std::size_t bits = 0; bits < (std::size_t(1) << (2 * n + 4)); ++bits) {
    Run<Fraction, n> run = start<Fraction, n>();
    run.t = sign(bits, 0) * box.reach;
    std::array<Fraction, n + 1> xi;
    for (std::size_t i = 0; i < n; ++i) {
      run.w[i] += run.t * direction[i];
      run.estimate[i] = box.estimate_centre[i] + sign(bits, 1 + i) * box.estimate_reach[i];
    }
    for (std::size_t s = 0; s <= n; ++s) xi[s] = chain.mean + sign(bits, 1 + n + s) * Fraction(deviation);
    const bool forgets = (bits >> (2 * n + 2)) % 2 == 1, moves = (bits >> (2 * n + 3)) % 2 == 1;
    const Fraction alpha(forgets ? 1 : 0), learning_rate = moves ? box.largest_learning_rate : Fraction(0);
    const Fraction r = one_step<Fraction, n>(chain, run, xi, alpha, learning_rate);
    for (std::size_t i = 0; i < n; ++i) {
      const Fraction off = size_of(run.estimate[i] - box.estimate_centre[i]);
      EXPECT_FALSE(off.exceeds(box.estimate_reach[i]));
      if (forgets) furthest_estimate[i] = larger(furthest_estimate[i], off);
      EXPECT_EQ(run.w[i].text(), (start<Fraction, n>().w[i] + run.t * direction[i]).text());
    }
    EXPECT_FALSE(size_of(run.t).exceeds(box.reach));
    if (moves) furthest = larger(furthest, size_of(run.t));
    largest_residual = larger(largest_residual, size_of(r));
    ++seen;
  }
  EXPECT_EQ(seen, std::size_t(1) << (2 * n + 4));
  EXPECT_EQ(furthest.text(), box.reach.text());
  EXPECT_EQ(largest_residual.text(), box.residual_bound.text());

  Fraction squared_direction(0);
  for (const Fraction& entry : direction) squared_direction += entry * entry;
  EXPECT_EQ(box.gradient_bound_squared.text(), (largest_residual * largest_residual * squared_direction).text());
  for (std::size_t i = 0; i < n; ++i) {
    const Fraction off = size_of(start<Fraction, n>().estimate[i] - box.estimate_centre[i]);
    EXPECT_EQ((furthest_estimate[i] + off).text(), box.estimate_reach[i].text());
  }
}

TEST(AffineChainBox, is_left_from_no_corner_and_reached_anew_from_some) {
  expect_all_corners_to_stay(one_layer<Fraction>());
  expect_all_corners_to_stay(two_layers<Fraction>());
  expect_all_corners_to_stay(three_layers<Fraction>());
}

// Signs drawn, or chosen so that t goes as far as it can.
template <std::size_t n>
void expect_runs_to_stay(const theory::AffineChain<double, n>& chain, bool adversary) {
  const auto box = constants(chain);
  std::mt19937_64 bits(n);
  double furthest = 0;
  for (int replica = 0; replica < 100; ++replica) {
    Run<double, n> run = start<double, n>();
    for (int k = 0; k < 1000; ++k) {
      const double alpha = std::pow(k + 1, -0.4), learning_rate = box.largest_learning_rate * std::pow(k + 1, -0.5);
      std::array<double, n + 1> xi = {};
      for (double& value : xi) value = bits() % 2 == 0 ? mean + deviation : mean - deviation;
      Run<double, n> next = run;
      one_step<double, n>(chain, next, xi, alpha, learning_rate);
      if (adversary) {
        for (double& value : xi) value = 2.0 * mean - value;
        Run<double, n> other = run;
        one_step<double, n>(chain, other, xi, alpha, learning_rate);
        if (std::abs(other.t) > std::abs(next.t)) next = other;
      }
      run = next;
      ASSERT_LE(std::abs(run.t), box.reach);
      for (std::size_t i = 0; i < n; ++i) {
        ASSERT_LE(std::abs(run.estimate[i] - box.estimate_centre[i]), box.estimate_reach[i]);
      }
      furthest = std::max(furthest, std::abs(run.t));
    }
  }
  EXPECT_GT(furthest, 0);
}

TEST(AffineChainBox, is_left_by_no_run_however_its_signs_are_chosen) {
  for (const bool adversary : {false, true}) {
    expect_runs_to_stay(one_layer<double>(), adversary);
    expect_runs_to_stay(two_layers<double>(), adversary);
    expect_runs_to_stay(three_layers<double>(), adversary);
  }
}

TEST(AffineChainBox, is_denied_by_its_margin_where_the_estimates_work_too_hard) {
  theory::AffineChain<Fraction, 2> chain = two_layers<Fraction>();
  chain.layers[0].c = Fraction(8);
  EXPECT_TRUE(Fraction(0).exceeds(constants(chain).margin));
}

// E g over the oracle's ξ at free estimates, against ∂f.
template <std::size_t n>
void expect_the_gradient_error(const theory::AffineChain<Fraction, n>& chain) {
  const auto of = constants(chain);
  const auto direction = theory::affine_chain_direction(chain);
  const std::array<Fraction, n> w = start<Fraction, n>().w;
  std::mt19937_64 bits(n);
  for (int trial = 0; trial < 50; ++trial) {
    std::array<Fraction, n> error, estimate;
    Fraction squared_errors(0), expected(0);
    for (std::size_t i = 0; i < n; ++i) {
      // The last trial is the worst direction.
      error[i] = trial == 49 ? of.residual_by_error[i] : Fraction(static_cast<int>(bits() % 9) - 4);
      estimate[i] = exact_mean<Fraction, n>(chain, w, i + 1) + error[i];
      squared_errors += error[i] * error[i];
      expected += of.residual_by_error[i] * error[i];
    }
    Fraction mean_residual(0);
    for (const int side : {-1, 1}) {
      const Fraction xi = chain.mean + Fraction(side * deviation);
      mean_residual += outputs<Fraction, n>(chain, w, estimate, 0, xi) / Fraction(2);
    }
    const Fraction residual_error = mean_residual - exact_mean<Fraction, n>(chain, w, 0);
    EXPECT_EQ(residual_error.text(), expected.text());
    Fraction squared_gradient_error(0);
    for (const Fraction& entry : direction) squared_gradient_error += entry * residual_error * entry * residual_error;
    const Fraction bound = of.gradient_error_factor * squared_errors;
    EXPECT_FALSE(squared_gradient_error.exceeds(bound));
    if (trial == 49) {
      EXPECT_EQ(squared_gradient_error.text(), bound.text());
    }
  }
}

TEST(AffineChainConstants, bound_the_error_of_the_mean_gradient_and_no_smaller_factor_does) {
  expect_the_gradient_error(one_layer<Fraction>());
  expect_the_gradient_error(two_layers<Fraction>());
  expect_the_gradient_error(three_layers<Fraction>());
}

TEST(AffineChainConstants, give_the_variance_of_every_statistic_at_any_estimates) {
  const auto chain = three_layers<Fraction>();
  const auto run = start<Fraction, 3>();
  for (std::size_t i = 0; i < 3; ++i) {
    const Fraction above = outputs<Fraction, 3>(chain, run.w, run.estimate, i + 1, Fraction(mean + deviation));
    const Fraction below = outputs<Fraction, 3>(chain, run.w, run.estimate, i + 1, Fraction(mean - deviation));
    const Fraction half = (above - below) / Fraction(2);
    EXPECT_EQ(constants(chain).statistic_variance[i].text(), (half * half).text());
  }
}

TEST(AffineChainConstants, bound_how_fast_layers_and_slopes_change) {
  const auto chain = two_layers<Fraction>();
  const auto of = constants(chain);
  const std::array<Fraction, 2> w = start<Fraction, 2>().w;
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& l = chain.layers[i];
    // Along (a, b, c) an affine layer changes fastest: by a² + b² + c² over a distance of its root.
    const Fraction squared_slope = l.a * l.a + l.b * l.b + l.c * l.c;
    if (i == 1) {
      EXPECT_EQ(of.lipschitz_squared[i].text(), squared_slope.text());
    } else {
      EXPECT_EQ(of.lipschitz_squared[i].text(), (squared_slope * of.residual_bound * of.residual_bound).text());
      EXPECT_EQ(of.loss_slope_lipschitz.text(), squared_slope.text());
    }
  }
  std::array<Fraction, 2> moved = w;
  const auto direction = theory::affine_chain_direction(chain);
  for (std::size_t i = 0; i < 2; ++i) moved[i] += direction[i];
  const Fraction change = exact_mean<Fraction, 2>(chain, moved, 0) - exact_mean<Fraction, 2>(chain, w, 0);
  EXPECT_EQ(of.objective_curvature.text(), change.text());
}

TEST(AffineChainConstants, take_magnitudes_as_roots_of_squares_unless_told_otherwise) {
  const auto given = constants(two_layers<Fraction>());
  const auto run = start<Fraction, 2>();
  const auto by_root =
      theory::affine_chain_constants<Fraction, 2>(two_layers<Fraction>(), run.w, run.estimate, Fraction(deviation));
  EXPECT_EQ(by_root.reach.text(), given.reach.text());
}

}  // namespace
}  // namespace normproof::theory_tests
