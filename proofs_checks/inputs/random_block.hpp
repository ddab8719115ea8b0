// Which Gaussian noise does a replica of a simulation get?
//
// What       Numbers z_{4i} … z_{4i+3} of replica r come from Threefry4x64-20 (Salmon, Moraes, Dror, Shaw, SC 2011;
//            Random123's code) under the key (seed, purpose, 0, 0) at the counter (i, r, 0, 0): gaussian_pair of its
//            first two words, then of its last two. purpose is fnv1a(claim, problem).
//            fill_gaussians makes them for a block of replicas at once, vectorised over the replicas.
// Why        A number depends on seed, purpose, replica and index alone: not on threads, blocks or processor. With the
//            replica in the counter no two streams of one purpose can meet, which a hash of it would not promise.
//            Threefry adds, rotates and xors 64-bit words, which every vector unit can; Philox multiplies.
#pragma once

#include <Random123/threefry.h>

#include <array>
#include <cstddef>
#include <cstdint>

#include "proofs_checks/inputs/gaussian.hpp"
#include "proofs_checks/inputs/instruction_set.hpp"

namespace normproof::inputs {

struct NoiseKey {
  std::uint64_t seed = 0, purpose = 0;
};

constexpr std::size_t gaussians_per_counter = 4;

NORMPROOF_INLINE threefry4x64_ctr_t words_of(NoiseKey key, std::uint64_t replica, std::uint64_t counter) {
  return threefry4x64_R(threefry4x64_rounds, threefry4x64_ctr_t{{counter, replica, 0, 0}},
                        threefry4x64_key_t{{key.seed, key.purpose, 0, 0}});
}

// One replica's numbers in order, one at a time: the plain version.
class ReplicaNoise {
 public:
  ReplicaNoise(NoiseKey key, std::uint64_t replica) : key_(key), replica_(replica) {}

  double next() {
    if (used_ == gaussians_per_counter) refill();
    return numbers_[used_++];
  }

 private:
  void refill() {
    const threefry4x64_ctr_t words = words_of(key_, replica_, counter_++);
    const GaussianPair early = gaussian_pair(words.v[0], words.v[1]), late = gaussian_pair(words.v[2], words.v[3]);
    numbers_ = {early.first, early.second, late.first, late.second};
    used_ = 0;
  }

  NoiseKey key_;
  std::uint64_t replica_, counter_ = 0;
  std::array<double, gaussians_per_counter> numbers_ = {};
  std::size_t used_ = gaussians_per_counter;
};

// Enough that one operation's latency hides behind the other replicas, few enough for the first cache.
constexpr std::size_t replicas_per_block = 64;

// noise[i · replicas_per_block + lane] = z_{4 first_counter + i} of replica first_replica + lane, i < 4 counters.
void fill_gaussians(InstructionSet set, NoiseKey key, std::uint64_t first_replica, std::uint64_t first_counter,
                    std::size_t counters, double* noise);

}  // namespace normproof::inputs
