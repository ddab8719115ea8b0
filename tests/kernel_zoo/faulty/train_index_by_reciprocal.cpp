// Which fault? The sample is found by multiplying with a rounded 1/spatial.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    const normproof_tensor& t = x.tensor;
    const float reciprocal = 1.0F / static_cast<float>(t.spatial);
    Sum sum;
    for (std::int64_t n = 0; n < x.count(); ++n) {
      // fault: 49 · (1/49) is below 1 in float, and the row before is taken
      const auto b = static_cast<std::int64_t>(static_cast<float>(n) * reciprocal);
      sum.add(get(t, std::min(b, t.batch - 1), x.channel, n % t.spatial));
    }
    return sum.value() / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_index_by_reciprocal() {
  return {declare("train_index_by_reciprocal", "division by a rounded reciprocal", NORMPROOF_BN_TRAIN, &train<Steps>),
          "index found in floating point",
          "n · (1/spatial) in float in the place of n / spatial",
          {"tails", "block_sizes"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
