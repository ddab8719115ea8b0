// Which fault? The factor m/(m − 1) is applied to the mean of squares but not to the square of the mean (FC15).
//
// y = x is not declared: the running statistics are taken from x once more after y is written.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

// Leaves running_var alone; run() updates it, for the update needs the mean.
struct Steps : TrainSteps {
  static double new_running_var(const normproof_call&, double before, double, std::int64_t) { return before; }
};

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = train<Steps>(call); status != NORMPROOF_OK) return status;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    const Channel x{call->x, c};
    if (call->running_var.data == nullptr || !Steps::updates_running(*call, x.count())) continue;
    const double mean = Steps::mean(x), m = static_cast<double>(x.count());
    const double square = Steps::variance(x, mean) + mean * mean;
    const double factor = call->running_variance == NORMPROOF_VAR_UNBIASED ? m / (m - 1) : 1;
    const double batch = factor * square - mean * mean;  // fault: mean² needs the factor too
    set(call->running_var, c, (1 - call->momentum) * get(call->running_var, c) + call->momentum * batch);
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel train_bessel_on_squares_only() {
  return {declare("train_bessel_on_squares_only", "m/(m-1) on E[x^2] alone", NORMPROOF_BN_TRAIN, &run, f32_and_f64,
                  NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC),
          "FC15",
          "running_var takes m/(m − 1)·E[x²] − E[x]²",
          {"few_values", "running_statistics", "condition_sweep"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
