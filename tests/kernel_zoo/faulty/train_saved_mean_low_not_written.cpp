// Which fault? saved_mean_low keeps what was there.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static void save(const normproof_call& call, std::int64_t c, double mean, double inv_std) {
    set(call.saved_mean, c, mean);  // fault: without a low part there is a 0 to write
    set(call.saved_inv_std, c, inv_std);
  }
};

}  // namespace

FaultyKernel train_saved_mean_low_not_written() {
  return {declare("train_saved_mean_low_not_written", "saved_mean_low not written", NORMPROOF_BN_TRAIN, &train<Steps>),
          "optional output never written",
          "saved_mean_low is not written",
          {"channel_statistics", "few_values", "tails", "optional_operands"},
          FindingKind::not_written};
}

}  // namespace normproof::zoo::faulty
