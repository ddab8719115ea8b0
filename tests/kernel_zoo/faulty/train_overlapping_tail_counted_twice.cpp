// Which fault? The last vector of a row begins before the end of the one before, and its values are summed again.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t lanes = 8;

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    const normproof_tensor& t = x.tensor;
    if (t.spatial < lanes) return TrainSteps::mean(x);
    Sum sum;
    for (std::int64_t b = 0; b < t.batch; ++b) {
      for (std::int64_t s = 0; s < t.spatial; s += lanes) {
        const std::int64_t start = std::min(s, t.spatial - lanes);  // fault: fit for storing, not for summing
        for (std::int64_t lane = 0; lane < lanes; ++lane) sum.add(get(t, b, x.channel, start + lane));
      }
    }
    return sum.value() / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_overlapping_tail_counted_twice() {
  return {declare("train_overlapping_tail_counted_twice", "values of the last vector summed twice", NORMPROOF_BN_TRAIN,
                  &train<Steps>),
          "remainder counted twice",
          "the last vector of a row overlaps in a sum",
          {"tails", "block_sizes", "extents_of_one"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
