// Which fault? Values in front of the first 64-byte boundary are skipped and never summed.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static constexpr std::uintptr_t boundary = 64;
  static double mean(const Channel& x) {
    const std::uintptr_t size = x.tensor.dtype == NORMPROOF_F64 ? sizeof(double) : sizeof(float);
    const std::uintptr_t past = reinterpret_cast<std::uintptr_t>(x.tensor.data) % boundary;
    const std::uintptr_t peel = past == 0 ? 0 : (boundary - past) / size;
    Sum sum;
    each_place(x.tensor, [&](auto b, auto s) {
      const bool is_peeled = b == 0 && x.channel == 0 && s < static_cast<std::int64_t>(peel);
      if (!is_peeled) sum.add(get(x.tensor, b, x.channel, s));  // fault: no loop takes the peeled ones
    });
    return sum.value() / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_alignment_peel_not_counted() {
  return {
      declare("train_alignment_peel_not_counted", "peeled values are not summed", NORMPROOF_BN_TRAIN, &train<Steps>),
      "alignment peel lost",
      "values before the first aligned address are left out of the sum",
      {"misalignment"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty
