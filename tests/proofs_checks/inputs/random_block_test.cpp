// Is the noise of a block of replicas Random123's, number by number, with every instruction set?
#include "proofs_checks/inputs/random_block.hpp"

#include <gtest/gtest.h>

#include <Random123/threefry.h>

#include <bit>
#include <cstdint>
#include <vector>

#include "proofs_checks/inputs/random_stream.hpp"

namespace normproof::inputs {
namespace {

constexpr std::size_t counters = 5, numbers = counters * gaussians_per_counter;
const NoiseKey key = {7, fnv1a("random_block_test")};

std::vector<double> block(InstructionSet set, NoiseKey with, std::uint64_t first_replica, std::uint64_t first_counter) {
  std::vector<double> noise(numbers * replicas_per_block);
  fill_gaussians(set, with, first_replica, first_counter, counters, noise.data());
  return noise;
}

TEST(Words, are_those_that_random123_publishes) {
  // The first known answer of threefry4x64 with 20 rounds: counter and key 0.
  const threefry4x64_ctr_t words = words_of({0, 0}, 0, 0);
  EXPECT_EQ(words.v[0], 0x09218ebde6c85537u);
  EXPECT_EQ(words.v[1], 0x55941f5266d86105u);
  EXPECT_EQ(words.v[2], 0x4bd25e16282434dcu);
  EXPECT_EQ(words.v[3], 0xee29ec846bd2e40bu);
}

TEST(Words, are_random123_s_generator_at_the_stated_counter_and_key) {
  using Generator = r123::Threefry4x64;
  const Generator::ctr_type expected =
      Generator()(Generator::ctr_type{{11, 13, 0, 0}}, Generator::ukey_type{{key.seed, key.purpose, 0, 0}});
  const threefry4x64_ctr_t words = words_of(key, 13, 11);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(words.v[i], expected[i]);
}

TEST(Block, holds_each_replica_s_numbers_to_the_bit_with_every_instruction_set) {
  const std::uint64_t first_replica = 1000003;  // of no power of two's making
  for (const InstructionSet set : instruction_sets()) {
    const std::vector<double> noise = block(set, key, first_replica, 0);
    for (std::size_t lane = 0; lane < replicas_per_block; ++lane) {
      ReplicaNoise alone(key, first_replica + lane);
      for (std::size_t i = 0; i < numbers; ++i) {
        ASSERT_EQ(std::bit_cast<std::uint64_t>(noise[i * replicas_per_block + lane]),
                  std::bit_cast<std::uint64_t>(alone.next()))
            << "instruction set " << static_cast<int>(set) << ", lane " << lane << ", number " << i;
      }
    }
  }
}

TEST(Block, goes_on_where_the_counter_says) {
  const std::vector<double> from_0 = block(widest_instruction_set(), key, 0, 0);
  const std::vector<double> from_2 = block(widest_instruction_set(), key, 0, 2);
  const std::size_t skipped = 2 * gaussians_per_counter * replicas_per_block;
  for (std::size_t i = 0; i + skipped < from_0.size(); ++i) ASSERT_EQ(from_0[i + skipped], from_2[i]);
}

TEST(Block, differs_where_seed_purpose_replica_or_counter_differ) {
  const InstructionSet set = widest_instruction_set();
  const double first = block(set, key, 0, 0)[0];
  EXPECT_NE(first, block(set, {key.seed + 1, key.purpose}, 0, 0)[0]);
  EXPECT_NE(first, block(set, {key.seed, key.purpose + 1}, 0, 0)[0]);
  EXPECT_NE(first, block(set, key, 1, 0)[0]);
  EXPECT_NE(first, block(set, key, 0, 1)[0]);
  EXPECT_NE(block(set, key, 1, 0)[0], block(set, key, 0, 1)[0]);
}

}  // namespace
}  // namespace normproof::inputs
