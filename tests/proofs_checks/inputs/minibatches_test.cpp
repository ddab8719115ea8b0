// Are all minibatches and all epochs enumerated, each once?
#include "proofs_checks/inputs/minibatches.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace normproof::inputs {
namespace {

TEST(Minibatches, tuples_are_all_sequences_of_samples) {
  EXPECT_THAT(tuples(2, 2), testing::ElementsAre(Minibatch{0, 0}, Minibatch{0, 1}, Minibatch{1, 0}, Minibatch{1, 1}));
  EXPECT_EQ(tuples(3, 4).size(), 81U);
}

TEST(Minibatches, subsets_are_counted_by_binomial_coefficients_and_differ) {
  EXPECT_THAT(subsets(3, 2), testing::ElementsAre(Minibatch{0, 1}, Minibatch{0, 2}, Minibatch{1, 2}));
  const std::vector<Minibatch> all = subsets(6, 3);
  EXPECT_EQ(std::set<Minibatch>(all.begin(), all.end()).size(), 20U);
}

TEST(Minibatches, that_contain_the_first_sample_start_with_it) {
  EXPECT_THAT(subsets_with_the_first(3, 2), testing::ElementsAre(Minibatch{0, 1}, Minibatch{0, 2}));
  EXPECT_THAT(tuples_with_the_first(2, 2), testing::ElementsAre(Minibatch{0, 0}, Minibatch{0, 1}));
  EXPECT_THAT(subsets_with_the_first(4, 1), testing::ElementsAre(Minibatch{0}));
}

TEST(Minibatches, epochs_cut_the_population_in_every_way) {
  EXPECT_THAT(epochs(4, 2), testing::ElementsAre(Epoch{{0, 1}, {2, 3}}, Epoch{{0, 2}, {1, 3}}, Epoch{{0, 3}, {1, 2}}));
  const std::vector<Epoch> all = epochs(6, 3);
  EXPECT_EQ(std::set<Epoch>(all.begin(), all.end()).size(), 10U);
}

TEST(Minibatches, the_last_one_of_an_epoch_takes_what_is_left) {
  EXPECT_THAT(epoch_in_order(5, 2), testing::ElementsAre(Minibatch{0, 1}, Minibatch{2, 3}, Minibatch{4}));
}

}  // namespace
}  // namespace normproof::inputs
