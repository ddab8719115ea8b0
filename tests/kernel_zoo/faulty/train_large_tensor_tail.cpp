// Which fault? Beyond 1 MiB, a second-level cache, values are read in whole vectors and the tail is forgotten.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t large = std::int64_t{1} << 18;  // elements
constexpr std::int64_t lanes = 16;

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    const normproof_tensor& t = x.tensor;
    const bool is_large = t.batch * t.channels * t.spatial >= large && t.spatial > lanes;
    const std::int64_t end = is_large ? t.spatial / lanes * lanes : t.spatial;
    Sum sum;
    for (std::int64_t b = 0; b < t.batch; ++b) {
      for (std::int64_t s = 0; s < end; ++s) sum.add(get(t, b, x.channel, s));  // fault: no remainder on the large way
    }
    return sum.value() / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_large_tensor_tail() {
  return {declare("train_large_tensor_tail", "tail forgotten on the way for large tensors", NORMPROOF_BN_TRAIN,
                  &train<Steps>),
          "special way for large tensors differs",
          "the remainder is not summed above 2^18 elements",
          {"large_tensors"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
