// Which fault? The saved inverse deviation passes through half precision (FC07).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static void save(const normproof_call& call, std::int64_t c, double mean, double inv_std) {
    TrainSteps::save(call, c, mean, as_half(inv_std));  // fault: 11 bits of it are left
  }
};

}  // namespace

FaultyKernel train_saved_inv_std_half() {
  return {declare("train_saved_inv_std_half", "saved_inv_std kept in half", NORMPROOF_BN_TRAIN, &train<Steps>),
          "FC07",
          "saved_inv_std is rounded to half before it is written",
          {"channel_statistics", "condition_sweep", "extreme_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
