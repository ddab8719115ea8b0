// Which fault? Rows for a tile are counted by a division by the row's length.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static constexpr std::int64_t tile = 4096;
  static std::int64_t rows_in_tile(const normproof_call& call) {
    return tile / (call.x.batch * call.x.spatial);  // fault: a division by zero where there is no value
  }
};
};  // namespace

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = Steps::check(call); status != NORMPROOF_OK) return status;
  return Steps::rows_in_tile(*call) >= 0 ? train<Steps>(call) : NORMPROOF_FAILED;

}  // namespace

FaultyKernel train_empty_batch_crashes() {
  return {declare("train_empty_batch_crashes", "division by the number of values", NORMPROOF_BN_TRAIN, &run),
          "empty call crashes",
          "an integer division by batch · spatial",
          {"empty"},
          FindingKind::crash};
}

}  // namespace normproof::zoo::faulty
