// Which Gaussian noise does a replica of a simulation get?
//
// What       Pair p of replica r is gaussian_pair of Threefry2x64-20 (Salmon, Moraes, Dror, Shaw, SC 2011; Random123)
//            under the key (seed, purpose) at the counter (p, r); purpose is fnv1a(claim, problem). The replica's
//            numbers z₀, z₁, z₂, … are its pairs, first then second.
//            fill_gaussians makes them for a block of replicas at once, vectorised over the replicas.
// Why        A number depends on seed, purpose, replica and index alone: not on threads, blocks or processor. With the
//            replica in the counter no two streams of one purpose can meet, which a hash of it would not promise.
//            Threefry adds, rotates and xors 64-bit words, so that every vector unit has it; Philox multiplies to 128.
#pragma once

#include <Random123/threefry.h>

#include <cstddef>
#include <cstdint>

#include "proofs_checks/inputs/gaussian.hpp"
#include "proofs_checks/inputs/instruction_set.hpp"

namespace normproof::inputs {

struct NoiseKey {
  std::uint64_t seed = 0, purpose = 0;
};

struct PairOfWords {
  std::uint64_t radius, direction;
};

NORMPROOF_INLINE PairOfWords words_of(NoiseKey key, std::uint64_t replica, std::uint64_t pair) {
  const threefry2x64_ctr_t counter = {{pair, replica}};
  const threefry2x64_key_t words = {{key.seed, key.purpose}};
  const threefry2x64_ctr_t drawn = threefry2x64_R(threefry2x64_rounds, counter, words);
  return {drawn.v[0], drawn.v[1]};
}

// One replica's numbers in order, one at a time: the plain version.
class ReplicaNoise {
 public:
  ReplicaNoise(NoiseKey key, std::uint64_t replica) : key_(key), replica_(replica) {}

  double next() {
    if (second_is_next_) {
      second_is_next_ = false;
      return pair_.second;
    }
    const PairOfWords words = words_of(key_, replica_, index_++);
    pair_ = gaussian_pair(words.radius, words.direction);
    second_is_next_ = true;
    return pair_.first;
  }

 private:
  NoiseKey key_;
  std::uint64_t replica_, index_ = 0;
  GaussianPair pair_ = {};
  bool second_is_next_ = false;
};

// Enough that one operation's latency hides behind the other replicas, few enough for the first cache.
constexpr std::size_t replicas_per_block = 64;

// noise[i · replicas_per_block + lane] = z_{2·first_pair + i} of replica first_replica + lane, i < 2 · pairs.
void fill_gaussians(InstructionSet set, NoiseKey key, std::uint64_t first_replica, std::uint64_t first_pair,
                    std::size_t pairs, double* noise);

}  // namespace normproof::inputs
