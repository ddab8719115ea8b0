// Which fault? Scratch memory has the size that the first call asked for.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.batch * call->x.spatial == 0 || call->x.channels == 0) return NORMPROOF_OK;
  thread_local std::vector<double> means(static_cast<std::size_t>(call->x.channels));  // fault: never grows
  const auto slot = [&](std::int64_t c) { return std::min(static_cast<std::size_t>(c), means.size() - 1); };
  for (std::int64_t c = 0; c < call->x.channels; ++c) means[slot(c)] = TrainSteps::mean({call->x, c});
  struct Steps : TrainSteps {
    static double mean(const Channel& x) {
      return means[std::min(static_cast<std::size_t>(x.channel), means.size() - 1)];
    }
  };
  for (std::int64_t c = 0; c < call->x.channels; ++c) train_channel<Steps>(*call, c);
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel train_scratch_of_first_call() {
  return {declare("train_scratch_of_first_call", "scratch never grows", NORMPROOF_BN_TRAIN, &run),
          "state kept between calls, size of the first",
          "scratch for the means keeps the size of the first call",
          {"history", "block_sizes", "tails", "limits"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
