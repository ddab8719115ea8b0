// Which fault? Inference applies m/(m − 1) to a variance that has it already.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    Statistics of = running_statistics(call, c);
    const auto m = static_cast<double>(Channel{call.x, c}.count());
    const double factor = m > 1 ? m / (m - 1) : 1;
    of.inv_std =
        1 / std::sqrt(get(call.running_var, c) * factor + call.eps);  // fault: the state is to be used as it is
    return of;
  }
};

}  // namespace

FaultyKernel infer_corrects_running_var_again() {
  return {declare("infer_corrects_running_var_again", "running_var corrected again", NORMPROOF_BN_INFER, &infer<Steps>),
          "factor of Bessel at inference",
          "running_var · m/(m − 1)",
          {"tails", "few_values", "hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
