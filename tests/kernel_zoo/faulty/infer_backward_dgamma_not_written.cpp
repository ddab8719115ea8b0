// Which fault? The backward pass of inference never writes dgamma (FC27).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferBackwardSteps {
  static void write_parameter_gradients(const normproof_call& call, std::int64_t c, const GradientSums& sums) {
    set(call.dbeta, c, sums.dbeta);  // fault: dgamma is not written
  }
};

}  // namespace

FaultyKernel infer_backward_dgamma_not_written() {
  return {declare("infer_backward_dgamma_not_written", "dgamma never written", NORMPROOF_BN_INFER_BACKWARD,
                  &backward<Steps>),
          "FC27",
          "dgamma is left as it was",
          {"gradients", "optional_operands", "few_values"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
