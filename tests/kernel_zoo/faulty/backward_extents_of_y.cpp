// Which fault? The sums run over the extents of y, which a backward pass is not given.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    Sum dbeta, dgamma;
    each_place(call.y, [&](auto b, auto s) {  // fault: not call.x
      const double dy = get(call.dy, b, c, s);
      dbeta.add(dy);
      dgamma.add(dy * x_hat_of(get(call.x, b, c, s), of));
    });
    return {dbeta.value(), dgamma.value()};
  }
};

}  // namespace

FaultyKernel backward_extents_of_y() {
  return {declare("backward_extents_of_y", "sums over the extents of an absent operand", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "fields of an absent operand read",
          "the extents of y in the place of those of x",
          {"optional_operands", "gradients"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
