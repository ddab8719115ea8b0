// At which doubles is a reading attacked?
//
// What       A HostileCase is a few numbers from which a whole input is drawn: which of the reading's sizes, which
//            hostilities (a set of Regime bits; none is plain data) and a key. draw() gives a double per variable.
// Regimes    Each is a place where kernels or sloppy statements are known to break: means far from 0 (κ = |mean|/std
//            log-uniform in 1 … 2²⁰), constant channels and channels that vary by one ulp, scales of 2^±60, subnormals,
//            small integers (ties), sparse and all-equal arrays, an upstream gradient that is large, has a mean, or
//            follows x, γ = 0, negative or tiny, ε = 0, 1e-12, 1 or huge, α = 0, tiny or 1, variances 0, tiny or huge.
//            A channel (column) of an array is affected as a whole or not at all, so that hostile channels stand beside
//            plain ones.
// Why        Cases this small shrink well: to fewer regimes and smaller sizes, never to a doctored number. Everything
//            is made by + · and exact scaling from a counter-based stream: the same doubles on every machine.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "proofs_checks/evidence/record.hpp"
#include "proofs_checks/inputs/random_stream.hpp"

namespace normproof::inputs {

enum class Regime : std::uint32_t {
  far_mean = 1u << 0,
  constant_channel = 1u << 1,
  nearly_constant_channel = 1u << 2,
  scaled_down = 1u << 3,
  scaled_up = 1u << 4,
  subnormal = 1u << 5,
  integers = 1u << 6,
  sparse = 1u << 7,
  all_equal = 1u << 8,
  upstream_follows_x = 1u << 9,
  upstream_has_mean = 1u << 10,
  upstream_large = 1u << 11,
  scale_zero = 1u << 12,
  scale_negative = 1u << 13,
  scale_tiny = 1u << 14,
  eps_zero = 1u << 15,
  eps_tiny = 1u << 16,
  eps_one = 1u << 17,
  eps_huge = 1u << 18,
  rate_zero = 1u << 19,
  rate_tiny = 1u << 20,
  rate_one = 1u << 21,
  variance_zero = 1u << 22,
  variance_tiny = 1u << 23,
  variance_huge = 1u << 24
};

struct HostileCase {
  int size_index = 0;
  std::uint32_t regimes = 0;  // of Regime; 0 is plain
  std::uint64_t key = 0;
  friend bool operator==(const HostileCase&, const HostileCase&) = default;
};

// The regimes that can change anything for these variables.
std::uint32_t relevant_regimes(const std::vector<evidence::VariableInfo>& variables);

// relevant[k]: the regimes to choose from at size k. A quarter of the cases are plain; the others combine one to three.
HostileCase draw_case(RandomStream& stream, const std::vector<std::uint32_t>& relevant);

std::vector<double> draw(const HostileCase& hostile_case, const std::vector<evidence::VariableInfo>& variables);

// Simpler cases to try in place of one that fails, simplest first: smaller sizes, then fewer regimes.
std::vector<HostileCase> simpler(const HostileCase& hostile_case, const std::vector<Sizes>& sizes);

std::string words(const HostileCase& hostile_case);

}  // namespace normproof::inputs
