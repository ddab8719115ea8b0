// Which fault? Running statistics in f64 are narrowed to float, which has no 1e40.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : InferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    const auto mean = static_cast<float>(get(call.running_mean, c));
    const auto variance = static_cast<float>(get(call.running_var, c));  // fault: infinite beyond 3e38
    return {static_cast<double>(mean), 0, 1 / std::sqrt(static_cast<double>(variance) + call.eps), true};
  }
};

}  // namespace

FaultyKernel infer_state_narrowed_to_float() {
  return {declare("infer_state_narrowed_to_float", "f64 statistics read as float", NORMPROOF_BN_INFER, &infer<Steps>,
                  f32_only),
          "statistics narrowed",
          "running_var becomes a float",
          {"extreme_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
