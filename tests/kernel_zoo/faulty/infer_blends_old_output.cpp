// Which fault? y = 1 · result + 0 · y, and what stood in y was NaN.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = InferSteps::check(call); status != NORMPROOF_OK) return status;
  const double weight_of_old = 0;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    const Statistics of = running_statistics(*call, c);
    const double gamma = get(call->gamma, c, 1), beta = get(call->beta, c, 0);
    each_place(call->x, [&](auto b, auto s) {
      const double y = InferSteps::output(get(call->x, b, c, s), of, gamma, beta);
      set(call->y, b, c, s, y + weight_of_old * get(call->y, b, c, s));  // fault: 0 · NaN is NaN
    });
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel infer_blends_old_output() {
  return {declare("infer_blends_old_output", "old output weighs 0", NORMPROOF_BN_INFER, &run, f32_and_f64,
                  NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC),
          "output read before it is written",
          "y + 0 · (what y held)",
          {"guards", "tails", "few_values"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
