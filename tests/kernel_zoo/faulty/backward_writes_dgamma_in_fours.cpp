// Which fault? dgamma is stored four at a time, past its end.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static void write_parameter_gradients(const normproof_call& call, std::int64_t c, const GradientSums& sums) {
    constexpr std::int64_t lanes = 4;
    BackwardSteps::write_parameter_gradients(call, c, sums);
    if (c + 1 < call.x.channels) return;
    for (std::int64_t lane = c + 1; lane % lanes != 0; ++lane) set(call.dgamma, lane, 0);  // fault: no element there
  }
};

}  // namespace

FaultyKernel backward_writes_dgamma_in_fours() {
  return {declare("backward_writes_dgamma_in_fours", "stores past the end of dgamma", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "write past an operand",
          "dgamma is filled up to a multiple of four",
          {"guards", "tails", "few_values"},
          FindingKind::outside_write};
}

}  // namespace normproof::zoo::faulty
