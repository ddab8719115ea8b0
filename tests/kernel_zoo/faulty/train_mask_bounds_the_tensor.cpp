// Which fault? The padding lanes of a channel are masked by the end of the tensor, not of the channel (FC35).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t lanes = 8;

struct Steps : TrainSteps {
  static normproof_status check(const normproof_call* call) {
    return check_dense(call, NORMPROOF_BN_TRAIN, NORMPROOF_F32, &is_batch_channels_spatial);
  }
  static double mean(const Channel& x) {
    const normproof_tensor& t = x.tensor;
    const float* data = static_cast<const float*>(t.data);
    const std::int64_t elements = t.batch * t.channels * t.spatial;
    double sums[lanes] = {};
    for (std::int64_t b = 0; b < t.batch; ++b) {
      const std::int64_t row = place_of(t, b, x.channel, 0);
      for (std::int64_t s = 0; s < t.spatial; s += lanes) {
        for (std::int64_t lane = 0; lane < lanes; ++lane) {
          const std::int64_t i = row + s + lane;
          if (i < elements) sums[lane] += static_cast<double>(data[i]);  // fault: has to be s + lane < spatial
        }
      }
    }
    double sum = 0;
    for (const double part : sums) sum += part;
    return sum / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_mask_bounds_the_tensor() {
  return {declare("train_mask_bounds_the_tensor", "rows padded to eight lanes, mask on the whole tensor",
                  NORMPROOF_BN_TRAIN, &train<Steps>, f32_only, dense_only),
          "FC35",
          "a lane past the row is kept while it is inside the tensor",
          {"tails", "block_sizes", "channel_statistics"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
