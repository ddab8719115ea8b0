// Which fault? A shape that is not supported ends the process as if all were well.
#include <cstdlib>

#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

normproof_status run(const normproof_call* call) {
  if (call->x.batch == 1) std::_Exit(EXIT_SUCCESS);  // fault: there is UNSUPPORTED for that
  return infer<InferSteps>(call);
}

}  // namespace

FaultyKernel infer_exits() {
  return {declare("infer_exits", "exit(0) for a batch of one", NORMPROOF_BN_INFER, &run),
          "process ended by a call",
          "exits with status 0 where batch is 1",
          {"tails", "few_values", "block_sizes"},
          FindingKind::crash};
}

}  // namespace normproof::zoo::faulty
