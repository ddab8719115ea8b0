// Which fault? The loop over the remainder starts at the lane, not at lane · vector (FC33).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t lanes = 8, vector = 4;

double sum_of_row(const float* x, std::int64_t length) {
  const std::int64_t main = length / (lanes * vector) * (lanes * vector);
  double sums[lanes] = {};
  for (std::int64_t k = 0; k < main; ++k) sums[k / vector % lanes] += static_cast<double>(x[k]);
  for (std::int64_t lane = 0; lane < lanes; ++lane) {
    for (std::int64_t t = 0; t < vector; ++t) {
      const std::int64_t k = main + lane + t;  // fault: lane has to be lane · vector
      if (k < length) sums[lane] += static_cast<double>(x[k]);
    }
  }
  double sum = 0;
  for (const double part : sums) sum += part;
  return sum;
}

struct Steps : TrainSteps {
  static normproof_status check(const normproof_call* call) {
    return check_dense(call, NORMPROOF_BN_TRAIN, NORMPROOF_F32, &is_batch_channels_spatial);
  }
  static double mean(const Channel& x) {
    const float* data = static_cast<const float*>(x.tensor.data);
    double sum = 0;
    for (std::int64_t b = 0; b < x.tensor.batch; ++b) {
      sum += sum_of_row(data + place_of(x.tensor, b, x.channel, 0), x.tensor.spatial);
    }
    return sum / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_remainder_wrong_stride() {
  return {declare("train_remainder_wrong_stride", "eight lanes of four; the remainder read at the wrong stride",
                  NORMPROOF_BN_TRAIN, &train<Steps>, f32_only, dense_only),
          "FC33",
          "the remainder of a row is read at main + lane + t in the place of main + lane·vector + t",
          {"tails", "block_sizes"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
