// Which chains of affine layers are in the zoo, and where do they start?
//
// What       The chain of theory/compositional/affine_chain_moments.hpp with one, two or three layers, ξ = 1/2 ± 1,
//            weights 1, −1, 1 and estimates 0 at the start, and its constants of Assumption 1.
// Why these  The coefficients are arbitrary, and such that there is an invariant box (margin > 0) for each length.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include "theory/compositional/affine_chain_constants.hpp"

namespace normproof::simulation {

// F_1, F_2, F_3.
inline constexpr std::array<theory::AffineChainLayer<double>, 3> affine_layers = {
    {{1, 0.5, 0.3, 0.1}, {0.8, 0.7, 0.2, -0.1}, {0.6, 0.5, 0.4, 0.2}}};

template <std::size_t n>
struct Chain {
  theory::AffineChain<double, n> layers;
  std::array<double, n> w = {}, estimates = {};
  theory::AffineChainConstants<double, n> constants;
};

template <std::size_t n>
const Chain<n>& affine_chain() {
  static const Chain<n> made = [] {
    Chain<n> chain;
    for (std::size_t i = 0; i < n; ++i) {
      chain.layers.layers[i] = affine_layers[i];
      chain.w[i] = i % 2 == 0 ? 1 : -1;
    }
    chain.layers.mean = 0.5;
    chain.layers.variance = 1;
    const auto magnitude = [](double x) { return std::fabs(x); };
    chain.constants = theory::affine_chain_constants<double, n>(chain.layers, chain.w, chain.estimates, 1.0, magnitude);
    return chain;
  }();
  return made;
}

}  // namespace normproof::simulation
