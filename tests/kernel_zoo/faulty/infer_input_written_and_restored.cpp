// Which fault? gamma is scaled in its place and put back afterwards.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

template <class T>
void scale_and_put_back(void* data, std::int64_t c, double scale) {
  volatile T* const place = static_cast<T*>(data) + c;  // so that the compiler leaves both writes
  const T kept = *place;
  *place = static_cast<T>(static_cast<double>(kept) * scale);  // fault: who shares gamma reads this
  *place = kept;
}

struct Steps : InferSteps {
  static Statistics statistics(const normproof_call& call, std::int64_t c) {
    const Statistics of = running_statistics(call, c);
    if (call.gamma.data == nullptr) return of;
    if (call.gamma.dtype == NORMPROOF_F32) {
      scale_and_put_back<float>(call.gamma.data, c, of.inv_std);
    } else {
      scale_and_put_back<double>(call.gamma.data, c, of.inv_std);
    }
    return of;
  }
};

}  // namespace

FaultyKernel infer_input_written_and_restored() {
  return {declare("infer_input_written_and_restored", "gamma written and restored", NORMPROOF_BN_INFER, &infer<Steps>),
          "input written for a while",
          "gamma is written and restored",
          {"guards"},
          FindingKind::crash};
}

}  // namespace normproof::zoo::faulty
