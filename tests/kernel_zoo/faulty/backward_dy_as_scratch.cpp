// Which fault? Without a dx to write, the backward pass scales dy in place (FC29).
//
// Shows only where dx is not wanted: the pass still scales dy on its way to a dx that it does not write.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    const GradientSums sums = BackwardSteps::sums(call, c, of);
    if (call.dx.data != nullptr) return sums;
    each_place(call.dy, [&](auto b, auto s) {
      const double dy = get(call.dy, b, c, s);
      set(call.dy, b, c, s, dy * of.inv_std);  // fault: dy is only read, and no dx was asked for that it could be
    });
    return sums;
  }
};

}  // namespace

FaultyKernel backward_dy_as_scratch() {
  return {declare("backward_dy_as_scratch", "dy used as scratch", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>),
          "FC29",
          "dy·inv_std is written over dy",
          {"optional_operands"},
          FindingKind::input_changed};
}

}  // namespace normproof::zoo::faulty
