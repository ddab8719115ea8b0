// Which fault? A call without a value waits for a tile that never comes.
//
// Seen in: tenstorrent/tt-metal#18634
#include <atomic>
#include <thread>

#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  std::atomic<std::int64_t> tiles{call->x.batch * call->x.spatial};
  while (tiles.load() == 0) std::this_thread::yield();  // fault: nobody puts a tile here
  return infer<InferSteps>(call);
}

}  // namespace

FaultyKernel infer_hangs_on_empty() {
  return {declare("infer_hangs_on_empty", "waits for ever on an empty call", NORMPROOF_BN_INFER, &run),
          "empty call hangs",
          "waits while batch · spatial is 0",
          {"empty"},
          FindingKind::timeout};
}

}  // namespace normproof::zoo::faulty
