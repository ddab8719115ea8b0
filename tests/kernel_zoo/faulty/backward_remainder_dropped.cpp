// Which fault? The last values of a row that fill no vector are left out of the sums (FC33).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t vector = 4;

struct Steps : BackwardSteps {
  static normproof_status check(const normproof_call* call) {
    return check_dense(call, NORMPROOF_BN_TRAIN_BACKWARD, NORMPROOF_F32, &is_batch_channels_spatial);
  }
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    const float* x = static_cast<const float*>(call.x.data);
    const float* dy = static_cast<const float*>(call.dy.data);
    double dbeta[vector] = {}, dgamma[vector] = {};
    for (std::int64_t b = 0; b < call.x.batch; ++b) {
      const std::int64_t x_row = place_of(call.x, b, c, 0), dy_row = place_of(call.dy, b, c, 0);
      for (std::int64_t s = 0; s + vector <= call.x.spatial; s += vector) {  // fault: nothing comes after this loop
        for (std::int64_t t = 0; t < vector; ++t) {
          const double gradient = static_cast<double>(dy[dy_row + s + t]);
          dbeta[t] += gradient;
          dgamma[t] += gradient * x_hat_of(static_cast<double>(x[x_row + s + t]), of);
        }
      }
    }
    return {(dbeta[0] + dbeta[1]) + (dbeta[2] + dbeta[3]), (dgamma[0] + dgamma[1]) + (dgamma[2] + dgamma[3])};
  }
};

}  // namespace

FaultyKernel backward_remainder_dropped() {
  return {declare("backward_remainder_dropped", "vectors of four; the remainder left out of the sums",
                  NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>, f32_only, dense_only),
          "FC33",
          "the sums have no loop over the remainder",
          {"tails", "block_sizes", "gradients"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
