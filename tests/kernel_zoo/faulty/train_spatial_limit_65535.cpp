// Which fault? Places past 65535 of a sample are left out of the mean (FC45).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    constexpr std::int64_t largest_grid = 65535;
    Sum sum;
    for (std::int64_t b = 0; b < x.tensor.batch; ++b) {
      const std::int64_t places = std::min(x.tensor.spatial, largest_grid);  // fault: the rest is not summed
      for (std::int64_t s = 0; s < places; ++s) sum.add(get(x.tensor, b, x.channel, s));
    }
    return sum.value() / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_spatial_limit_65535() {
  return {declare("train_spatial_limit_65535", "at most 65535 places of a sample in the mean", NORMPROOF_BN_TRAIN,
                  &train<Steps>),
          "FC45",
          "the loop over spatial ends at 65535",
          {"limits"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
