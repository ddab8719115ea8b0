// Which fault? The place in a row is n & (spatial − 1), as if spatial were a power of two.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    const normproof_tensor& t = x.tensor;
    Sum sum;
    for (std::int64_t n = 0; n < x.count(); ++n) {
      sum.add(get(t, n / t.spatial, x.channel, n & (t.spatial - 1)));  // fault: a mask is no remainder
    }
    return sum.value() / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_index_by_mask() {
  return {declare("train_index_by_mask", "mask in the place of a remainder", NORMPROOF_BN_TRAIN, &train<Steps>),
          "index arithmetic for powers of two",
          "n & (spatial − 1) in the place of n % spatial",
          {"tails", "block_sizes", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
