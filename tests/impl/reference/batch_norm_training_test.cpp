// Do the population statistics and the inference layer of LI23 Algorithm 2 come out as computed by hand?
#include "impl/reference/batch_norm_training.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "tests/impl/reference/dual_number.hpp"

namespace {

namespace reference = normproof::reference;
using reference::Extents;
using Values = std::vector<double>;

const Extents two_by_one{2, 1};
// Means 2 and 4, biased variances 1 and 4.
const Values two_minibatches{1, 3, 2, 6};

TEST(ReferencePopulationStatistics, averages_means_and_corrects_the_average_variance) {
  const auto population = reference::population_statistics<double>(two_minibatches, 2, two_by_one);
  EXPECT_EQ(population.mean, (Values{3}));
  EXPECT_EQ(population.variance, (Values{5}));  // 2/(2−1) · (1 + 4)/2
}

TEST(ReferencePopulationStatistics, keeps_channels_apart) {
  const auto population = reference::population_statistics<double>(Values{1, 0, 3, 6}, 1, Extents{2, 2});
  EXPECT_EQ(population.mean, (Values{2, 3}));
  EXPECT_EQ(population.variance, (Values{2, 18}));
}

TEST(ReferencePopulationStatistics, refuses_minibatches_of_one_sample) {
  std::string message = "nothing was thrown";
  try {
    reference::population_statistics<double>(two_minibatches, 4, Extents{1, 1});
  } catch (const std::invalid_argument& error) {
    message = error.what();
  }
  EXPECT_EQ(message, "population_statistics: LI23 (48) needs minibatches of at least 2 samples");
}

TEST(ReferencePopulationStatistics, inference_is_the_affine_map_of_the_population) {
  const auto population = reference::population_statistics<double>(two_minibatches, 2, two_by_one);
  Values y(2);
  // √(5 + 4) = 3: scale 3/3, shift 1 − 3·3/3.
  reference::batch_norm_population_infer<double>(Values{6, 0}, two_by_one, population, Values{3}, Values{1}, 4.0, y);
  EXPECT_EQ(y, (Values{4, -2}));
}

TEST(ReferencePopulationStatistics, runs_on_a_number_type_without_comparisons) {
  using dual_number::Dual;
  std::vector<Dual> x;
  for (const double value : two_minibatches) x.emplace_back(value, 1.0);
  const auto population = reference::population_statistics<Dual>(x, 2, two_by_one);
  // Moving every value together moves the mean along and leaves the variance alone.
  EXPECT_EQ(population.mean[0].slope, 1.0);
  EXPECT_EQ(population.variance[0].slope, 0.0);
}

}  // namespace
