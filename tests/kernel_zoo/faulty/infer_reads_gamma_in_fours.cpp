// Which fault? gamma is loaded four at a time, past its end.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    constexpr std::int64_t lanes = 4;
    if (call.gamma.data != nullptr) {
      const std::int64_t last = c / lanes * lanes + lanes - 1;
      [[maybe_unused]] const volatile double lane = get(call.gamma, last);  // fault: past the end in the last block
    }
    return running_statistics(call, c);
  }
};

}  // namespace

FaultyKernel infer_reads_gamma_in_fours() {
  return {declare("infer_reads_gamma_in_fours", "reads past the end of gamma", NORMPROOF_BN_INFER, &infer<Steps>),
          "read past an operand",
          "gamma is read up to a multiple of four",
          {"guards", "misalignment"},
          FindingKind::crash};
}

}  // namespace normproof::zoo::faulty
