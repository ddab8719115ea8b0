// Which fault? running_var is that of an exponentially weighted sample, with the shift of its mean.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  const std::int64_t m = call->x.batch * call->x.spatial;
  std::vector<double> shifts;
  if (call->running_mean.data != nullptr && m > 0) {
    for (std::int64_t c = 0; c < call->x.channels; ++c) {
      shifts.push_back(TrainSteps::mean(Channel{call->x, c}) - get(call->running_mean, c));
    }
  }
  const normproof_status status = train<TrainSteps>(call);
  if (status != NORMPROOF_OK || !TrainSteps::updates_running(*call, m)) return status;
  for (std::size_t c = 0; c < shifts.size(); ++c) {
    const auto channel = static_cast<std::int64_t>(c);
    // fault: a moving variance has this term, the average of variances has not; 0 for momentum = 1
    const double term = call->momentum * (1 - call->momentum) * shifts[c] * shifts[c];
    set(call->running_var, channel, get(call->running_var, channel) + term);
  }
  return status;
}

}  // namespace

FaultyKernel train_running_var_with_shift_of_mean() {
  return {declare("train_running_var_with_shift_of_mean", "moving variance", NORMPROOF_BN_TRAIN, &run),
          "another running variance",
          "momentum (1 − momentum) (mean − running_mean)² is added to running_var",
          {"running_statistics", "few_values", "hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
