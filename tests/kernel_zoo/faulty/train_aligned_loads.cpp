// Which fault? Rows are read four values at a time from addresses that need not be aligned (FC53).
//
// Correct for a tensor that starts at a multiple of 16 bytes, whatever its shape.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

using Four = float __attribute__((vector_size(16)));
constexpr std::int64_t vector = 4;

// `length` is the whole of a dense channel or a row of it.
double sum_of_row(const float* x, std::int64_t length) {
  double sums[vector] = {};
  std::int64_t k = 0;
  for (; k + vector <= length; k += vector) {
    const Four four = *reinterpret_cast<const Four*>(x + k);  // fault: x + k is aligned to one float, not to four
    for (std::int64_t t = 0; t < vector; ++t) sums[t] += static_cast<double>(four[t]);
  }
  double sum = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  for (; k < length; ++k) sum += static_cast<double>(x[k]);
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
      const float* row = data + place_of(x.tensor, b, x.channel, 0);
      // A row that starts in the middle of a vector of the tensor is summed one by one.
      if ((row - data) % vector == 0) {
        sum += sum_of_row(row, x.tensor.spatial);
      } else {
        for (std::int64_t s = 0; s < x.tensor.spatial; ++s) sum += static_cast<double>(row[s]);
      }
    }
    return sum / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_aligned_loads() {
  return {
      declare("train_aligned_loads", "aligned loads of four", NORMPROOF_BN_TRAIN, &train<Steps>, f32_only, dense_only),
      "FC53",
      "x is read through a pointer to four aligned floats",
      {"misalignment"},
      FindingKind::crash};
}

}  // namespace normproof::zoo::faulty
