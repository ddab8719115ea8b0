// Which fault? Sums go on from where the call before left them.
//
// Seen in: pytorch/executorch#17503
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    thread_local std::vector<double> dbeta;
    if (dbeta.size() < static_cast<std::size_t>(call.x.channels))
      dbeta.resize(static_cast<std::size_t>(call.x.channels));
    GradientSums sums = BackwardSteps::sums(call, c, of);
    double& kept = dbeta[static_cast<std::size_t>(c)];
    kept += sums.dbeta;  // fault: the sum is never set to 0
    sums.dbeta = kept;
    return sums;
  }
};

}  // namespace

FaultyKernel backward_sums_never_reset() {
  return {declare("backward_sums_never_reset", "sums go on", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>),
          "state kept between calls, sums not reset",
          "dbeta starts from the sum of the call before",
          {"repeatability", "history"},
          FindingKind::bits};
}

}  // namespace normproof::zoo::faulty
