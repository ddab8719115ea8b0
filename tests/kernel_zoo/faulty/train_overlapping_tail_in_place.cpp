// Which fault? The last vector of a row overlaps the one before and normalises its values twice where y is x.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t lanes = 8;

void normalize_row(const normproof_call& call, std::int64_t b, std::int64_t c, double mean, double inv_std) {
  const double gamma = get(call.gamma, c, 1), beta = get(call.beta, c, 0);
  const std::int64_t spatial = call.x.spatial;
  for (std::int64_t first = 0; first < spatial; first += lanes) {
    const std::int64_t start = std::max<std::int64_t>(0, std::min(first, spatial - lanes));
    for (std::int64_t s = start; s < std::min(start + lanes, spatial); ++s) {
      // fault: in place, the overlap holds y by now
      set(call.y, b, c, s, TrainSteps::output(get(call.x, b, c, s), mean, inv_std, gamma, beta));
    }
  }
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.batch * call->x.spatial == 0) return NORMPROOF_OK;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    const Channel x{call->x, c};
    const double mean = TrainSteps::mean(x), variance = TrainSteps::variance(x, mean);
    const double inv_std = TrainSteps::inv_std(variance, call->eps);
    for (std::int64_t b = 0; b < call->x.batch; ++b) normalize_row(*call, b, c, mean, inv_std);
    if (TrainSteps::updates_running(*call, x.count())) {
      set(call->running_mean, c, TrainSteps::new_running_mean(*call, get(call->running_mean, c), mean));
      set(call->running_var, c, TrainSteps::new_running_var(*call, get(call->running_var, c), variance, x.count()));
    }
    TrainSteps::save(*call, c, mean, inv_std);
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel train_overlapping_tail_in_place() {
  return {declare("train_overlapping_tail_in_place", "overlapping last vector of a row", NORMPROOF_BN_TRAIN, &run),
          "overlapping tail in place",
          "the overlap of the last vector is read after it was written",
          {"aliasing"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
