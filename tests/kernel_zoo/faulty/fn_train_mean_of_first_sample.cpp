// Which fault? The mean of full normalization is that of the first sample (FC43).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormTrainSteps {
  static double mean(const Channel& x) {
    normproof_tensor first = x.tensor;
    first.batch = 1;  // fault: the mean is over the whole batch
    return TrainSteps::mean({first, x.channel});
  }
};

}  // namespace

FaultyKernel fn_train_mean_of_first_sample() {
  return {
      declare("fn_train_mean_of_first_sample", "mean of the first sample", NORMPROOF_FN_TRAIN, &full_norm_train<Steps>),
      "FC43",
      "the batch axis is not reduced for the mean",
      {"channel_statistics", "exact_statistics", "few_values", "running_statistics", "permute_samples"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty
