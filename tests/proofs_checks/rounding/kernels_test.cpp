// Does what is measured see a kernel that is off, and does it tell right kernels from wrong ones where it should?
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "proofs_checks/rounding/backward.hpp"
#include "proofs_checks/rounding/condition_laws.hpp"
#include "proofs_checks/rounding/forward.hpp"
#include "proofs_checks/rounding/readings.hpp"
#include "proofs_checks/rounding/sums.hpp"
#include "proofs_checks/rounding/updates_in_few_bits.hpp"

namespace normproof::rounding {
namespace {

using evidence::Effort;
using Kind = ChannelRecipe::Kind;

const ChannelRecipe few = {Kind::normal, 10, 17}, far = {Kind::normal, 1e4, 256};

std::vector<RoundingTally> measured(const ForwardKernel& kernel, const ChannelRecipe& recipe, std::uint64_t seed = 1) {
  return forward_points({kernel}, {recipe}, Effort::quick).at(0).measure({.seed = seed});
}

TEST(ForwardPoints, give_the_same_tallies_for_the_same_seed_and_others_for_another) {
  const ForwardKernel kernel = two_pass(orders()[1]);
  EXPECT_EQ(measured(kernel, few), measured(kernel, few));
  EXPECT_NE(measured(kernel, few), measured(kernel, few, 2));
}

// One unit in the last place more than what is right, and only in one output.
TEST(ForwardPoints, see_a_variance_that_is_off_by_a_planted_part_in_a_thousand) {
  ForwardKernel kernel = two_pass(orders()[1]);
  kernel.moments = [right = kernel.moments](std::span<const float> x) {
    reference::Moments<float> moments = right(x);
    moments.variance *= 1.001F;
    return moments;
  };
  const std::vector<RoundingTally> tallies = measured(kernel, few);
  EXPECT_EQ(tallies[forward_output::mean].violations, 0);
  EXPECT_GT(tallies[forward_output::variance].violations, 0);
  EXPECT_GT(tallies[forward_output::inv_std].violations, 0);
  EXPECT_GT(tallies[forward_output::y].violations, 0);
}

TEST(ForwardPoints, see_a_mean_that_is_off_by_a_planted_part_in_a_thousand) {
  ForwardKernel kernel = two_pass(orders()[1]);
  kernel.moments = [right = kernel.moments](std::span<const float> x) {
    reference::Moments<float> moments = right(x);
    moments.mean *= 1.001F;
    return moments;
  };
  EXPECT_GT(measured(kernel, few)[forward_output::mean].violations, 0);
  EXPECT_GT(measured(kernel, few)[forward_output::y].violations, 0);
}

TEST(ForwardPoints, hold_for_every_algorithm_with_its_own_bound) {
  std::vector<ForwardKernel> kernels = {welford(), chan_pairwise(1), chan_pairwise(32), chan_in_a_row(16)};
  for (const NamedOrder& order : orders())
    for (const ForwardKernel& kernel :
         {two_pass(order), watched_two_pass(order), corrected_two_pass(order), one_pass(order), shifted(order)})
      kernels.push_back(kernel);
  for (const ForwardKernel& kernel : kernels) {
    const std::vector<RoundingTally> tallies = measured(kernel, far);
    for (const std::size_t output :
         {forward_output::mean, forward_output::variance, forward_output::inv_std, forward_output::y}) {
      EXPECT_EQ(tallies[output].violations, 0) << kernel.id << " " << output;
      EXPECT_EQ(tallies[output].undecided, 0) << kernel.id << " " << output;
    }
    EXPECT_GT(tallies[forward_output::variance].compared, 0) << kernel.id;
  }
}

TEST(ForwardPoints, tell_one_pass_from_two_where_the_mean_is_large) {
  ForwardKernel kernel = one_pass(orders()[1]);
  kernel.bounds = two_pass(orders()[1]).bounds;
  EXPECT_EQ(measured(kernel, far)[forward_output::variance].violations,
            measured(kernel, far)[forward_output::variance].compared);
}

TEST(ForwardPoints, compare_every_output_of_a_small_channel) {
  EXPECT_EQ(measured(two_pass(orders()[0]), few)[forward_output::y].compared, 17.0 * most_replicas);
}

TEST(Forgetting, changes_the_facts_that_a_bound_is_made_from) {
  const ForwardKernel kernel =
      forgetting(two_pass(orders()[1]), [](theory::ChannelData& data, theory::Unit&) { data.root_mean_square = 0; });
  EXPECT_GT(measured(kernel, far)[forward_output::mean].violations, 0);
}

TEST(RunningPoints, are_within_the_class_of_two_passes) {
  double compared = 0;
  for (const RoundingPoint& point : running_points(Effort::quick)) {
    for (const RoundingTally& tally : point.measure({.seed = 3})) {
      EXPECT_EQ(tally.violations, 0) << point.id;
      compared += tally.compared;
    }
  }
  EXPECT_GT(compared, 1000);
}

TEST(BackwardPoints, hold_for_two_passes_and_not_for_one) {
  const auto tallies = [](const BackwardKernel& kernel) {
    return backward_points({kernel}, {far}, Effort::quick).at(0).measure({.seed = 1});
  };
  for (const NamedOrder& order : orders()) {
    for (const RoundingTally& tally : tallies(two_pass_backward(order))) {
      EXPECT_GT(tally.compared, 0);
      EXPECT_EQ(tally.violations, 0) << order.id;
    }
    EXPECT_GT(tallies(backward_from_moments(order))[backward_output::dgamma].violations, 0);
    EXPECT_GT(tallies(backward_from_moments(order))[backward_output::dx].violations, 0);
    EXPECT_EQ(tallies(backward_from_moments(order))[backward_output::dbeta].violations, 0);
  }
}

TEST(BackwardPoints, see_a_sum_that_is_off_by_a_planted_part_in_a_thousand) {
  BackwardKernel kernel = two_pass_backward(orders()[1]);
  kernel.sums = [right = kernel.sums](const BackwardChannel& channel) {
    reference::ParameterGradients<float> sums = right(channel);
    sums.dgamma *= 1.001F;
    return sums;
  };
  const auto tallies = backward_points({kernel}, {few}, Effort::quick).at(0).measure({.seed = 1});
  EXPECT_GT(tallies[backward_output::dgamma].violations, 0);
  EXPECT_GT(tallies[backward_output::dx].violations, 0);
}

TEST(SumPoints, attain_the_bound_by_ties_to_first_order) {
  const auto points = sums_in_binary32({{Kind::ties, 0, 4097}}, Effort::quick);
  const RoundingTally tally = points.at(0).measure({.seed = 1})[sum_output::in_any_order];  // a chain
  EXPECT_EQ(tally.violations, 0);
  EXPECT_GT(tally.worst_error, 0.99 * tally.worst_bound);
}

TEST(SumPoints, are_broken_by_a_bound_of_one_term_less) {
  const SumBound one_less = [](const Terms& terms, double u) {
    return sum_bound_in_any_order({terms.count - 1, terms.sum, terms.magnitudes}, u);
  };
  const auto points = sums_in_binary32({{Kind::ties, 0, 100}}, Effort::quick, one_less);
  EXPECT_GT(points.at(0).measure({.seed = 1})[sum_output::in_any_order].violations, 0);
}

TEST(EveryOrder, has_more_sums_than_one_order_and_none_beyond_the_bound) {
  for (const RoundingPoint& point : sums_in_every_order(Effort::quick)) {
    EXPECT_TRUE(point.enumerated);
    const RoundingTally tally = point.measure({}).at(0);
    EXPECT_EQ(tally.violations, 0) << point.id;
    EXPECT_GT(tally.worst_error, 0.5 * tally.worst_bound) << point.id;
  }
  // Of two numbers out of fourteen, each as often as one likes: 105 sums.
  const RoundingTally pairs = sums_in_every_order(Effort::quick).at(0).measure({}).at(0);
  EXPECT_EQ(pairs.compared + pairs.exact, 105);
}

TEST(UpdatesOfEverySequence, run_over_all_of_them) {
  const RoundingTally tally = updates_of_every_sequence(Effort::quick).at(0).measure({}).at(0);
  EXPECT_EQ(tally.compared + tally.exact, 33.0 * 33);  // two of 33 numbers
  EXPECT_EQ(tally.violations, 0);
}

TEST(ConditionLaw, is_measured_at_its_octaves_and_depends_on_the_replicas_alone) {
  const GrowthPoint point = condition_law(one_pass(orders()[1]), {4, 7}, 1.8, 2.2);
  const OctaveSums sums = point.measure({.seed = 1, .first_replica = 0, .replicas = 64});
  EXPECT_EQ(sums.first_octave, 4);
  EXPECT_EQ(sums.octaves, 4U);
  EXPECT_EQ(sums.groups, 8U);
  const OctaveSums later = point.measure({.seed = 1, .first_replica = 32, .replicas = 64});
  EXPECT_EQ(sums.at(2, 4), later.at(2, 0)) << "group 4 begins with replica 32";
  EXPECT_GT(sums.at(3, 0), 10 * sums.at(0, 0)) << "κ eight times as large";
}

TEST(NaturalOn, marks_the_points_whose_ids_have_the_part) {
  const auto points = natural_on(forward_points({welford()}, {few, far}, Effort::quick), "count=17");
  EXPECT_TRUE(points.at(0).natural);
  EXPECT_FALSE(points.at(1).natural);
}

}  // namespace
}  // namespace normproof::rounding
