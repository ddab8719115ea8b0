// Which fault? Sums are split by the number of threads, yet the kernel calls itself deterministic.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static inline thread_local const normproof_call* call = nullptr;
  static double mean(const Channel& x) {
    const std::int64_t threads = std::max(call->threads, 1);
    const std::int64_t share = (x.count() + threads - 1) / threads;  // fault: where sums are cut depends on the caller
    float total = 0;
    for (std::int64_t first = 0; first < x.count(); first += share) {
      float sum = 0;
      for (std::int64_t n = first; n < std::min(first + share, x.count()); ++n) sum += static_cast<float>(x[n]);
      total += sum;
    }
    return static_cast<double>(total) / static_cast<double>(x.count());
  }
};

normproof_status run(const normproof_call* call) {
  Steps::call = call;
  return train<Steps>(call);
}

}  // namespace

FaultyKernel train_order_follows_threads() {
  return {declare("train_order_follows_threads", "order of summation follows the threads", NORMPROOF_BN_TRAIN, &run,
                  f32_only),
          "bits depend on the number of threads",
          "the order of summation depends on threads",
          {"threads"},
          FindingKind::bits};
}

}  // namespace normproof::zoo::faulty
