// Which fault? Lanes beyond the row hold what the call before left there, and are multiplied by 0.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t lanes = 8;

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    thread_local double vector[lanes] = {};
    Sum sum;
    for (std::int64_t n = 0; n < x.count(); n += lanes) {
      for (std::int64_t lane = 0; lane < lanes; ++lane) {
        const bool is_inside = n + lane < x.count();
        if (is_inside) vector[lane] = x[n + lane];
        sum.add(vector[lane] * (is_inside ? 1 : 0));  // fault: a NaN that was there before survives a product with 0
      }
    }
    return sum.value() / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_stale_lanes_times_zero() {
  return {declare("train_stale_lanes_times_zero", "lanes of the call before", NORMPROOF_BN_TRAIN, &train<Steps>),
          "scratch of the call before is used",
          "unused lanes are multiplied by 0",
          {"nonfinite"},
          FindingKind::nonfinite};
}

}  // namespace normproof::zoo::faulty
