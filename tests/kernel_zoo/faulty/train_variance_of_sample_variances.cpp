// Which fault? The variance is the mean of the variances of the samples.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double variance(const Channel& x, double mean) {
    const normproof_tensor& t = x.tensor;
    if (t.spatial == 1) return TrainSteps::variance(x, mean);
    Sum sum;
    for (std::int64_t b = 0; b < t.batch; ++b) {
      Sum of_sample;
      for (std::int64_t s = 0; s < t.spatial; ++s) of_sample.add(get(t, b, x.channel, s));
      const double sample_mean = of_sample.value() / static_cast<double>(t.spatial);
      for (std::int64_t s = 0; s < t.spatial; ++s) {
        const double centered = get(t, b, x.channel, s) - sample_mean;  // fault: about the mean of the batch
        sum.add(centered * centered);
      }
    }
    return sum.value() / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_variance_of_sample_variances() {
  return {
      declare("train_variance_of_sample_variances", "variance within samples alone", NORMPROOF_BN_TRAIN, &train<Steps>),
      "statistics over the wrong axes",
      "what lies between the means of samples is left out",
      {"few_values", "tails", "block_sizes"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty
