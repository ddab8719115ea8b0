// Honest backward pass: double, sums added up one after the other.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {
namespace {

struct Steps : BackwardSteps {
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    GradientSums sums;
    each_place(call.x, [&](auto b, auto s) {
      const double dy = get(call.dy, b, c, s);
      sums.dbeta += dy;
      sums.dgamma += dy * x_hat_of(get(call.x, b, c, s), of);
    });
    return sums;
  }
};

}  // namespace

normproof_kernel backward_double() {
  return declare("backward_double", "double", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>);
}

}  // namespace normproof::zoo::honest
