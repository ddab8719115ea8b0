// On which test problems are LL19's Lemma 1 and Theorem 2 tried, which of its assumptions does each satisfy, and what
// is measured of it?
//
// Source       LL19 Assumption 1 (items 1–6), Lemma 1, Theorem 2, Corollary 3
// Rates        α_k = (k + 1)^(−a), γ_k = γ₀ (k + 2)^(−γ), γ₀ the largest with which the problem's box is invariant.
// Ratio        Theorem 2's γ_k L_g/α_{k+1} ≤ 1/2 then holds for a ≤ γ if L_g = 1/(2γ₀), and it can always be had: with
//              e measured in units λ times smaller (λe for e, and F of y/λ) no w^(k) changes and L_g is divided by
//              λ². So for rates of exactly these orders the condition restricts nothing but a ≤ γ.
// Problems     Each states in `assumptions` which items it satisfies and how that is known. Noise is ±1 times its
//              deviation, so that the iterates keep to a box; outside that box every function is to be thought of as
//              continued linearly, which changes no run and makes functions and derivatives Lipschitz everywhere.
// Allowance    What is granted for the finite length of a run stands with each point. It is empirical: at the two
//              lengths in use, 2^13 and 2^20 steps, the measured θ over the last three octaves differs from a known one
//              that is within 1/4 of 0, or from one of Lemma 1's, by less; docs/measurements.md has the table. Where a
//              kink or a curvature makes the bias, θ comes from below: it has more room above. For two statistics of
//              which one follows the other no exponent is known but by the theory that is tried; their allowance is a
//              choice, half as large again.
// Streams      One of random numbers for each problem, (γ, a) and replica: readings that measure the same point share
//              its runs, they do not confirm one another.
// Measured     sampled problems by running Algorithm 2 in many replicas (replicas.hpp), the others by closed recursions
//              for expectations (theory/compositional/): no sampling.
#pragma once

#include <string>
#include <vector>

#include "proofs_checks/growth.hpp"

namespace normproof::simulation {

struct RateExponents {
  double gamma = 0, a = 0;
};

// α_k: of the order k^(−a), or smaller than any that Assumption 1-6 thinks of: 1/(k + 2)², which is O(k^(−a)) for a ≤
// 2.
enum class Averaging { of_the_order, summable };

enum class Quantity {
  squared_error,  // Σ E‖ê_i^(k+1) − E e_i(w^(k))‖², of layer `layer`
  error_over_bound,  // Σ (1/k) E‖ê_i^(k+1) − E e_i‖²/(k^(−2γ+2a) + k^(−a)): θ ≤ 0 where (8) holds with ε = 0
  recursion_constant,  // Σ C_k/k, C_k the smallest C of (9) at step k with ε = 0 (0 where none is needed)
  gradient,            // Σ E‖∂f(w^(k))‖²
  weighted_gradient,   // Σ γ_k E‖∂f(w^(k))‖²
  proved_lower_bound,  // what a lower bound of Σ_{k<K} γ_k E‖∂f‖², proved for every K, grows by over the octave
  proved_upper_bound   // likewise an upper bound
};

struct ZooProblem {
  std::string id, words;
  std::string assumptions;  // which items of Assumption 1 it satisfies, and how that is known
  int layers = 1;
  bool sampled = false;
  double first_learning_rate = 1;  // γ₀
};

// "noise_only", "steady_drift", "chain_1", "chain_2", "chain_3", "power_tail", "slower_tail", "kinked", "smooth",
// "quadratic", "kinked_two_layers", "kinked_three_layers", "full_norm"
const std::vector<ZooProblem>& zoo();
const ZooProblem& zoo_problem(const std::string& id);  // throws std::out_of_range

struct Measurement {
  std::string problem = {};
  RateExponents rates = {};
  Quantity quantity = Quantity::weighted_gradient;
  int layer = 1;
  int last_octave = 19;  // the last of the octaves that are summed: runs have 2^(last_octave + 1) steps
  Averaging averaging = Averaging::of_the_order;
  double oracle_bias = 0;  // planted: a constant that is added to every gradient of the oracle
};

// The point without what is stated of it: id, problem, rates and how it is measured. Throws std::invalid_argument where
// the problem does not have the quantity.
GrowthPoint measured(const Measurement& wanted);

// ---- where

// Of Lemma 1: 0 < a < 1, a < γ ≤ 1.2, on a grid.
std::vector<RateExponents> lemma_1_region(evidence::Effort effort);

// Multiples of `step` in the region that Theorem 2 admits, a < 2γ − 1, a < 1/2, γ ≤ 1, a > 0.
std::vector<RateExponents> printed_region(double step);
// Points of that region at the distances 0.05 and 0.1 from the line γ + slope·a = 1, on either side.
std::vector<RateExponents> beside_the_line(double slope, double step);

// Each point once, in the order of its first appearance.
std::vector<RateExponents> distinct(const std::vector<RateExponents>& points);

// How long the runs of full_norm are, which sum over a whole data set in each step.
int full_norm_last_octave(evidence::Effort effort);

bool in_printed_region(const RateExponents& rates);

}  // namespace normproof::simulation
