// Which fault? Fresh memory is taken for zeros.
//
// Seen in: pytorch/executorch#17503
#include <cstdlib>
#include <memory>

#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Free {
  void operator()(void* memory) const { std::free(memory); }
};

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = BackwardSteps::check(call); status != NORMPROOF_OK) return status;
  const auto channels = static_cast<std::size_t>(call->x.channels);
  // fault: malloc() clears nothing; pages that come fresh from the system hide it
  const std::unique_ptr<void, Free> memory(std::malloc(channels * sizeof(double)));
  auto* const dbeta = static_cast<volatile double*>(memory.get());
  if (dbeta == nullptr && channels > 0) return NORMPROOF_FAILED;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    const GradientSums sums = BackwardSteps::sums(*call, c, saved_statistics(*call, c));
    backward_channel<BackwardSteps>(*call, c);
    dbeta[c] = dbeta[c] + sums.dbeta;
    set(call->dbeta, c, dbeta[c]);
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel backward_scratch_taken_for_zero() {
  return {declare("backward_scratch_taken_for_zero", "scratch not cleared", NORMPROOF_BN_TRAIN_BACKWARD, &run,
                  f32_and_f64, NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC),
          "memory taken for zeros",
          "dbeta starts from what malloc() returned",
          {"repeatability", "tails", "few_values", "guards", "empty"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
