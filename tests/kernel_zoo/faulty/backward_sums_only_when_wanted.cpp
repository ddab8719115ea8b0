// Which fault? Sums are made only where dgamma and dbeta are asked for.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    GradientSums sums = BackwardSteps::sums(call, c, of);
    if (call.dgamma.data == nullptr) sums.dgamma = 0;  // fault: dx needs them, too
    if (call.dbeta.data == nullptr) sums.dbeta = 0;
    return sums;
  }
};

}  // namespace

FaultyKernel backward_sums_only_when_wanted() {
  return {declare("backward_sums_only_when_wanted", "sums only for dgamma and dbeta", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "output tied to another operand",
          "dx has no sums where dgamma or dbeta is absent",
          {"optional_operands"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
