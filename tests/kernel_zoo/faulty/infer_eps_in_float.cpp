// Which fault? eps is rounded to float.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    normproof_call narrowed = call;
    narrowed.eps = static_cast<double>(static_cast<float>(call.eps));  // fault: 1e-5 has half its digits
    return running_statistics(narrowed, c);
  }
};

}  // namespace

FaultyKernel infer_eps_in_float() {
  return {declare("infer_eps_in_float", "eps in float", NORMPROOF_BN_INFER, &infer<Steps>, f64_only),
          "scalar argument narrowed",
          "eps is rounded to float",
          {"types", "hostile_parameters", "few_values", "tails"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
