// Which fault? Statistics of the channel in work are kept where every call keeps them.
//
// Seen in: microsoft/onnxruntime#22479
#include <atomic>

#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

// Atomic only so that the two calls that meet here spoil results and nothing else.
std::atomic<double> shared_mean{0}, shared_inv_std{0};

struct Steps : TrainSteps {
  static double inv_std(double variance, double eps) {
    shared_inv_std = TrainSteps::inv_std(variance, eps);
    return shared_inv_std;
  }
  static double mean(const Channel& x) {
    shared_mean = TrainSteps::mean(x);
    return shared_mean;
  }
  static double output(double x, double, double, double gamma, double beta) {
    return gamma * ((x - shared_mean) * shared_inv_std) + beta;  // fault: another call may have written these
  }
};

}  // namespace

FaultyKernel train_shared_scratch() {
  return {declare("train_shared_scratch", "scratch shared between calls", NORMPROOF_BN_TRAIN, &train<Steps>),
          "static scratch, calls from several threads",
          "mean and inv_std live in static memory",
          {"concurrent_calls"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
