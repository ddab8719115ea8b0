// Which fault? saved_inv_std is that of the unbiased variance, y takes the biased one.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  const std::int64_t m = call->x.batch * call->x.spatial;
  std::vector<double> unbiased;
  for (std::int64_t c = 0; m > 1 && c < call->x.channels; ++c) {
    const Channel x{call->x, c};
    const double count = static_cast<double>(m);
    unbiased.push_back(TrainSteps::variance(x, TrainSteps::mean(x)) * count / (count - 1));
  }
  const normproof_status status = train<TrainSteps>(call);
  if (status != NORMPROOF_OK) return status;
  for (std::size_t c = 0; c < unbiased.size(); ++c) {
    const double inv_std = TrainSteps::inv_std(unbiased[c], call->eps);  // fault: the backward pass needs that of y
    set(call->saved_inv_std, static_cast<std::int64_t>(c), inv_std);
  }
  return status;
}

}  // namespace

FaultyKernel train_saved_inv_std_unbiased() {
  return {declare("train_saved_inv_std_unbiased", "saved_inv_std unbiased", NORMPROOF_BN_TRAIN, &run),
          "Bessel in the saved statistics",
          "saved_inv_std takes m/(m − 1)",
          {"few_values", "exact_statistics", "channel_statistics"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
