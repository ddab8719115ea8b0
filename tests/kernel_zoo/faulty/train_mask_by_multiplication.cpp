// Which fault? Lanes past the row are multiplied by 0, and a NaN of the next channel survives that.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static constexpr std::int64_t lanes = 8;
  static double mean(const Channel& x) {
    const normproof_tensor& t = x.tensor;
    const std::int64_t padded = (t.spatial + lanes - 1) / lanes * lanes;
    Sum sum;
    for (std::int64_t b = 0; b < t.batch; ++b) {
      for (std::int64_t s = 0; s < padded; ++s) {
        const bool is_inside = s < t.spatial;
        const std::int64_t c = x.channel + s / t.spatial;
        if (c >= t.channels) continue;
        const double mask = is_inside ? 1 : 0;
        sum.add(mask * get(t, b, c, s % t.spatial));  // fault: 0 · NaN is NaN
      }
    }
    return sum.value() / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_mask_by_multiplication() {
  return {declare("train_mask_by_multiplication", "mask by multiplication", NORMPROOF_BN_TRAIN, &train<Steps>),
          "NaN leaks into another channel",
          "values of the next channel are multiplied by 0",
          {"nonfinite"},
          FindingKind::nonfinite};
}

}  // namespace normproof::zoo::faulty
