// Which fault? Every thread of a channel updates the running statistics.
//
// Seen in: tile-ai/TileOPs#1727
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double new_running_mean(const normproof_call& call, double before, double mean) {
    double now = before;
    // fault: one update for each thread, not one for each channel
    for (int thread = 0; thread < std::max(call.threads, 1); ++thread) {
      now = TrainSteps::new_running_mean(call, now, mean);
    }
    return now;
  }
};

}  // namespace

FaultyKernel train_each_thread_updates_running() {
  return {declare("train_each_thread_updates_running", "running_mean updated by every thread", NORMPROOF_BN_TRAIN,
                  &train<Steps>),
          "update repeated by every thread",
          "running_mean is updated once for each thread",
          {"threads", "repeatability"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
