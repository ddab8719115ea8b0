// Which fault? Samples are summed two at a time and an odd one is left out.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    const normproof_tensor& t = x.tensor;
    Sum sum;
    const std::int64_t pairs_end = t.batch > 1 ? t.batch / 2 * 2 : t.batch;
    for (std::int64_t b = 0; b < pairs_end; ++b) {  // fault: the last sample of an odd batch is not summed
      for (std::int64_t s = 0; s < t.spatial; ++s) sum.add(get(t, b, x.channel, s));
    }
    return sum.value() / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_odd_sample_left_out() {
  return {declare("train_odd_sample_left_out", "odd sample not summed", NORMPROOF_BN_TRAIN, &train<Steps>),
          "unrolled loop over samples without a remainder",
          "the last of an odd number of samples is not in the sum",
          {"tails", "few_values", "permute_samples", "block_sizes"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
