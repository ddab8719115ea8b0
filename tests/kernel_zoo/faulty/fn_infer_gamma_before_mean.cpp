// Which fault? gamma scales x before the mean is subtracted.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormInferSteps {
  static double output(double x, const Statistics& of, double gamma, double beta) {
    return ((gamma * x - of.mean) - of.mean_low) * of.inv_std + beta;  // fault: right for gamma = 1 or a mean of 0
  }
};

}  // namespace

FaultyKernel fn_infer_gamma_before_mean() {
  return {declare("fn_infer_gamma_before_mean", "gamma before the mean", NORMPROOF_FN_INFER, &infer<Steps>),
          "affine step in the wrong order",
          "(gamma x − mu)/s + beta",
          {"channel_statistics", "tails", "hostile_parameters"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
