// Which fault? Work starts elsewhere in each call, yet the kernel calls itself deterministic.
#include <atomic>

#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    static std::atomic<std::int64_t> calls{0};
    const std::int64_t start = calls.fetch_add(1) % x.count();  // fault: the order of summation is never the same
    float sum = 0;
    for (std::int64_t n = 0; n < x.count(); ++n) sum += static_cast<float>(x[(start + n) % x.count()]);
    return static_cast<double>(sum) / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_rotating_start() {
  return {declare("train_rotating_start", "order of summation rotates", NORMPROOF_BN_TRAIN, &train<Steps>, f32_only),
          "bits depend on earlier calls",
          "the first value to be summed moves on with each call",
          {"repeatability"},
          FindingKind::bits};
}

}  // namespace normproof::zoo::faulty
