// How is the noise of a block of replicas made at once?
//
// Compiled with -fno-math-errno: a square root that may set errno is a call, and no loop with a call is vectorised.
#include "proofs_checks/inputs/random_block.hpp"

namespace normproof::inputs {
namespace {

using Words = std::uint64_t[replicas_per_block];

// Words first and numbers after, in loops of their own: the shorter each lane's chain of operations, the more lanes
// the processor has in flight.
struct FillGaussians {
  NORMPROOF_INLINE static void run(NoiseKey key, std::uint64_t first_replica, std::uint64_t first_counter,
                                   std::size_t counters, double* __restrict noise) {
    alignas(64) Words early_radius, early_direction, late_radius, late_direction;
    for (std::size_t i = 0; i < counters; ++i, noise += gaussians_per_counter * replicas_per_block) {
      for (std::size_t lane = 0; lane < replicas_per_block; ++lane) {
        const threefry4x64_ctr_t words = words_of(key, first_replica + lane, first_counter + i);
        early_radius[lane] = words.v[0];
        early_direction[lane] = words.v[1];
        late_radius[lane] = words.v[2];
        late_direction[lane] = words.v[3];
      }
      pairs(early_radius, early_direction, noise);
      pairs(late_radius, late_direction, noise + 2 * replicas_per_block);
    }
  }

  NORMPROOF_INLINE static void pairs(const Words& radius, const Words& direction, double* __restrict noise) {
    for (std::size_t lane = 0; lane < replicas_per_block; ++lane) {
      const GaussianPair pair = gaussian_pair(radius[lane], direction[lane]);
      noise[lane] = pair.first;
      noise[replicas_per_block + lane] = pair.second;
    }
  }
};

}  // namespace

void fill_gaussians(InstructionSet set, NoiseKey key, std::uint64_t first_replica, std::uint64_t first_counter,
                    std::size_t counters, double* noise) {
  run_with<FillGaussians>(set, key, first_replica, first_counter, counters, noise);
}

}  // namespace normproof::inputs
