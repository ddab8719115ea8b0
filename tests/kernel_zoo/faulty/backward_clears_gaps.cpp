// Which fault? dx is cleared as one span of memory, gaps included.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

void clear(const normproof_tensor& t) {
  if (t.data == nullptr || t.batch == 0 || t.channels == 0 || t.spatial == 0) return;
  const std::int64_t last = place_of(t, t.batch - 1, t.channels - 1, t.spatial - 1);
  for (std::int64_t place = 0; place <= last; ++place) set_element(t.data, t.dtype, place, 0);  // fault: not all are dx
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = BackwardSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->dx.data != call->dy.data) clear(call->dx);
  return backward<BackwardSteps>(call);
}

}  // namespace

FaultyKernel backward_clears_gaps() {
  return {declare("backward_clears_gaps", "gaps of dx are cleared", NORMPROOF_BN_TRAIN_BACKWARD, &run),
          "write into the gaps of strides",
          "memory between the elements of dx is cleared",
          {"layouts"},
          FindingKind::outside_write};
}

}  // namespace normproof::zoo::faulty
