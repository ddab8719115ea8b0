// Which fault? Where dgamma is not wanted gamma is left out of dx.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static inline thread_local bool has_gamma = true;
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    has_gamma = call.dgamma.data != nullptr;
    return saved_statistics(call, c);
  }
  static double input_gradient(double dy, double x_hat, double gamma, const Statistics& of, const GradientSums& sums,
                               double m) {
    // fault: a frozen gamma still scales
    return BackwardSteps::input_gradient(dy, x_hat, has_gamma ? gamma : 1, of, sums, m);
  }
};

}  // namespace

FaultyKernel backward_frozen_gamma_not_applied() {
  return {declare("backward_frozen_gamma_not_applied", "gamma only with dgamma", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "input tied to another operand",
          "dx lacks gamma where dgamma is absent",
          {"optional_operands"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
