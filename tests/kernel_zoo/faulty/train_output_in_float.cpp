// Which fault? y of double inputs has the digits of a float.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double output(double x, double mean, double inv_std, double gamma, double beta) {
    const auto y =
        static_cast<float>(TrainSteps::output(x, mean, inv_std, gamma, beta));  // fault: on the way to a double
    return static_cast<double>(y);
  }
};

}  // namespace

FaultyKernel train_output_in_float() {
  return {declare("train_output_in_float", "y passes through float", NORMPROOF_BN_TRAIN, &train<Steps>, f64_only),
          "double computed in float",
          "y passes through float",
          {"types", "tails", "few_values"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
