// Which fault? The mean is over all channels: the channel axis is reduced too (FC43).
//
// y = x is not declared: the mean of a later channel would see the y of an earlier one.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    double sum = 0;
    for (std::int64_t c = 0; c < x.tensor.channels; ++c) sum += TrainSteps::mean({x.tensor, c});
    return sum / static_cast<double>(x.tensor.channels);  // fault: a mean belongs to one channel
  }
};

}  // namespace

FaultyKernel train_mean_of_all_channels() {
  return {declare("train_mean_of_all_channels", "mean over every axis", NORMPROOF_BN_TRAIN, &train<Steps>, f32_and_f64,
                  NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC),
          "FC43",
          "the mean is that of the whole tensor",
          {"channel_statistics", "permute_channels", "exact_statistics"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
