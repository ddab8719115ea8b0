// How is the noise of a block of replicas made at once?
//
// This file is compiled with -fno-math-errno: a square root that may set errno is a call, and no loop with it vectorises.
#include "proofs_checks/inputs/random_block.hpp"

namespace normproof::inputs {
namespace {

struct FillGaussians {
  NORMPROOF_INLINE static void run(NoiseKey key, std::uint64_t first_replica, std::uint64_t first_pair,
                                   std::size_t pairs, double* __restrict noise) {
    std::uint64_t radius_words[replicas_per_block], direction_words[replicas_per_block];
    for (std::size_t p = 0; p < pairs; ++p) {
      for (std::size_t lane = 0; lane < replicas_per_block; ++lane) {
        const PairOfWords words = words_of(key, first_replica + lane, first_pair + p);
        radius_words[lane] = words.radius;
        direction_words[lane] = words.direction;
      }
      double* const first = noise + 2 * p * replicas_per_block;
      double* const second = first + replicas_per_block;
      for (std::size_t lane = 0; lane < replicas_per_block; ++lane) {
        const GaussianPair pair = gaussian_pair(radius_words[lane], direction_words[lane]);
        first[lane] = pair.first;
        second[lane] = pair.second;
      }
    }
  }
};

}  // namespace

void fill_gaussians(InstructionSet set, NoiseKey key, std::uint64_t first_replica, std::uint64_t first_pair,
                    std::size_t pairs, double* noise) {
  run_with<FillGaussians>(set, key, first_replica, first_pair, pairs, noise);
}

}  // namespace normproof::inputs
