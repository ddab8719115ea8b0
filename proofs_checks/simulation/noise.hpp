// Which samples ξ does a simulated problem draw: bounded or not, and shared between its layers or not?
//
// What       ξ = m + s z, z Gaussian, or ξ = m + s sign z, that is m ± s: of mean m and standard deviation s.
//            Of n layers in one step of Algorithm 2, the estimates ê_i and the oracle take
//              shared        all the same ξ                                                    1 number z a step
//              oracle_apart  one ξ for the estimates, one for the oracle, in this order        2
//              independent   a ξ each: ê_n, …, ê₁, the oracle                                  n + 1
// Why signs  Assumption 1-1 and an invariant box ask for bounded noise, and two points are the simplest that is.
#pragma once

#include <cmath>
#include <cstddef>

#include "proofs_checks/inputs/instruction_set.hpp"

namespace normproof::simulation {

enum class Noise { gaussian, sign };

template <Noise noise>
struct Sampler {
  double mean = 0, standard_deviation = 1;

  NORMPROOF_INLINE double operator()(double z) const {
    return mean + standard_deviation * (noise == Noise::sign ? std::copysign(1.0, z) : z);
  }
};

enum class Sharing { shared, oracle_apart, independent };

constexpr std::size_t samples_of(Sharing sharing, std::size_t layers) {
  if (sharing == Sharing::independent) return layers + 1;
  return sharing == Sharing::oracle_apart ? 2 : 1;
}

// Which of a step's samples the estimate of layer i takes, i = 0 … layers − 1 for layers 1 … n.
constexpr std::size_t sample_of_estimate(Sharing sharing, std::size_t layers, std::size_t i) {
  return sharing == Sharing::independent ? layers - 1 - i : 0;
}
constexpr std::size_t sample_of_oracle(Sharing sharing, std::size_t layers) { return samples_of(sharing, layers) - 1; }

}  // namespace normproof::simulation
