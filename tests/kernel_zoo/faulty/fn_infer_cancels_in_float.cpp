// Which fault? nu − mu² is taken in float.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormInferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    Statistics of = full_norm_statistics(call, c);
    const auto mean = static_cast<float>(of.mean), square = static_cast<float>(get(call.fn_square, c));
    const auto variance = static_cast<double>(square - mean * mean);  // fault: the state has more digits
    of.inv_std = 1 / std::sqrt(std::max(variance, call.eps));
    return of;
  }
};

}  // namespace

FaultyKernel fn_infer_cancels_in_float() {
  return {declare("fn_infer_cancels_in_float", "difference in float", NORMPROOF_FN_INFER, &infer<Steps>, f32_only),
          "state narrowed before a cancellation",
          "nu − mu² in float",
          {"condition_sweep", "channel_statistics", "tails", "hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
