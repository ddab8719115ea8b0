// What is stated of how a quantity grows along a run, and at which points is it measured?
//
// What       A run goes over steps k = 1, 2, …; its octave j is 2^j ≤ k < 2^(j+1). For a quantity q_k ≥ 0, s_j = Σ q_k
//            over octave j. If q_k behaves like k^(θ−1), s_j behaves like 2^(θj): θ is the quantity's growth exponent,
//            and Σ q_k is bounded exactly where the s_j can be summed, that is for θ < 0.
//            A Growth states at each of its points in which range θ lies; evidence/growth.hpp measures and decides.
// Notation   γ, a: the exponents of LL19 Assumption 1-6, γ_k ~ k^(−γ), α_k ~ k^(−a).
// Why points and not one run: a statement about all rates of a region is attacked over the whole region, and each point
//            can be measured by itself, in any order, on any machine.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "proofs_checks/evidence/settings.hpp"

namespace normproof {

// Sums over octaves first_octave, first_octave + 1, … of one or more groups of independent runs.
struct OctaveSums {
  int first_octave = 0;
  std::size_t octaves = 0, groups = 0;
  std::vector<double> sums = {};  // octave after octave, in each group after group: the mean over the group's runs
  double relative_error = 0;      // of a recursion's sums, by rounding

  double at(std::size_t octave, std::size_t group) const { return sums[octave * groups + group]; }
};

// Which runs are wanted: replicas first_replica … first_replica + replicas − 1, in groups of replicas_per_group.
struct Portion {
  static constexpr std::size_t replicas_per_group = 8;

  std::uint64_t seed = 0;
  evidence::Effort effort = evidence::Effort::standard;
  std::uint64_t first_replica = 0;
  std::size_t replicas = 0;  // a multiple of 64
  const std::atomic<bool>* interrupted = nullptr;
};

// What a measurement throws when it was asked to stop.
struct Interrupted {};

// How far the limit of θ may lie from what the last three octaves of a finite run show: `below` it or `above` it.
// Measured on problems of known exponent, empirical.
struct Allowance {
  double below = 0, above = 0;
};

struct GrowthPoint {
  std::string id = {};  // names the measurement: "kinked/gamma=0.65/a=0.20/octaves=20"
  std::string problem = {};
  double gamma = 0, a = 0;
  // The stated range of θ. It is open at 0 where it ends there: θ = 0 is growth.
  double lowest = -std::numeric_limits<double>::infinity(), highest = std::numeric_limits<double>::infinity();
  Allowance allowance = {};
  bool near_boundary = false;  // so near the boundary of what is stated that it may stay undecided
  bool sampled = true;         // false: a recursion for expectations; there is one group, and the portion is ignored
  // Octave sums of the portion's runs. Throws Interrupted.
  std::function<OctaveSums(const Portion&)> measure = {};
};

struct Growth {
  std::string quantity = {};  // "Σ γ_k E‖∂f(w^(k))‖² over an octave"
  std::string range = {};     // what is stated of its exponent, in words: "θ < 0"
  std::function<std::vector<GrowthPoint>(evidence::Effort)> points = {};
  std::string allowance_words = {};  // where the points' allowances come from
};

}  // namespace normproof
