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

struct Steps : BackwardSteps {
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    // fault: malloc() clears nothing; pages that come fresh from the system hide it
    const std::unique_ptr<void, Free> memory(std::malloc(sizeof(double)));
    auto* const dbeta = static_cast<volatile double*>(memory.get());
    GradientSums sums = BackwardSteps::sums(call, c, of);
    *dbeta = *dbeta + sums.dbeta;
    sums.dbeta = *dbeta;
    return sums;
  }
};

}  // namespace

FaultyKernel backward_scratch_taken_for_zero() {
  return {
      declare("backward_scratch_taken_for_zero", "scratch not cleared", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>),
      "memory taken for zeros",
      "dbeta starts from what malloc() returned",
      {"history", "repeatability", "tails", "few_values", "guards"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty
