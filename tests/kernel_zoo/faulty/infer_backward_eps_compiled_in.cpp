// Which fault? eps is 1e-5, whatever the caller says.
//
// Seen in: PaddlePaddle/Paddle#5692
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferBackwardSteps {
  static constexpr double usual_eps = 1e-5;
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    normproof_call fixed = call;
    fixed.eps = usual_eps;  // fault: the caller's eps is not used
    return running_statistics(fixed, c);
  }
};

}  // namespace

FaultyKernel infer_backward_eps_compiled_in() {
  return {declare("infer_backward_eps_compiled_in", "eps is 1e-5", NORMPROOF_BN_INFER_BACKWARD, &backward<Steps>),
          "scalar argument ignored",
          "eps is 1e-5 whatever the caller says",
          {"hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
