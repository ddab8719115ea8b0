// Which fault? The statistics are those of each sample: the batch axis is not reduced (FC43).
//
// The running and saved statistics are right; y = x is not declared, for y is written twice.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

// y of one sample and channel, as instance normalization has it.
void normalize_sample(const normproof_call& call, std::int64_t b, std::int64_t c) {
  normproof_tensor sample = call.x;
  sample.data = static_cast<char*>(call.x.data) +
                place_of(call.x, b, 0, 0) *
                    static_cast<std::int64_t>(call.x.dtype == NORMPROOF_F64 ? sizeof(double) : sizeof(float));
  sample.batch = 1;  // fault: the statistics are over the whole batch
  const Channel x{sample, c};
  const double mean = TrainSteps::mean(x), variance = TrainSteps::variance(x, mean);
  const double inv_std = TrainSteps::inv_std(variance, call.eps);
  for (std::int64_t s = 0; s < sample.spatial; ++s) {
    const double gamma = get(call.gamma, c, 1), beta = get(call.beta, c);
    set(call.y, b, c, s, TrainSteps::output(x[s], mean, inv_std, gamma, beta));
  }
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = train<TrainSteps>(call); status != NORMPROOF_OK) return status;
  for (std::int64_t b = 0; b < call->x.batch; ++b) {
    for (std::int64_t c = 0; c < call->x.channels; ++c) normalize_sample(*call, b, c);
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel train_statistics_per_sample() {
  return {declare("train_statistics_per_sample", "statistics per sample", NORMPROOF_BN_TRAIN, &run, f32_and_f64,
                  NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC),
          "FC43",
          "mean and variance are over spatial only",
          {"channel_statistics", "exact_statistics", "few_values", "permute_samples"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
