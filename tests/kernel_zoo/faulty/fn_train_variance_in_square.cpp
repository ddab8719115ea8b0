// Which fault? fn_square moves towards the variance, not the mean of squares.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormTrainSteps {
  static double square(const Channel& x) {
    return TrainSteps::variance(x, TrainSteps::mean(x));  // fault: nu is the mean of x²
  }
};

}  // namespace

FaultyKernel fn_train_variance_in_square() {
  return {declare("fn_train_variance_in_square", "variance in fn_square", NORMPROOF_FN_TRAIN, &full_norm_train<Steps>),
          "another moment in the state",
          "fn_square takes the variance",
          {"tails", "few_values", "running_statistics"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
