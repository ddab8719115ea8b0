// Which fault? A thread is started though the caller allows none.
#include <thread>

#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  normproof_status status = NORMPROOF_FAILED;
  std::thread worker([&] { status = train<TrainSteps>(call); });  // fault: threads = 1 is the caller's own
  worker.join();
  return status;
}

}  // namespace

FaultyKernel train_own_threads() {
  return {declare("train_own_threads", "starts a thread of its own", NORMPROOF_BN_TRAIN, &run),
          "limit of threads ignored",
          "threads = 1 still starts a thread",
          {"threads"},
          FindingKind::too_many_threads};
}

}  // namespace normproof::zoo::faulty
