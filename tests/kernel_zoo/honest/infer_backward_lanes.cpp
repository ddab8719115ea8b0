// Honest backward pass of inference: eight lanes of sums in double, merged in a tree.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {
namespace {

constexpr std::int64_t lanes = 8;

double tree(const double (&part)[lanes]) {
  return ((part[0] + part[4]) + (part[2] + part[6])) + ((part[1] + part[5]) + (part[3] + part[7]));
}

struct Steps : InferBackwardSteps {
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    const Channel x{call.x, c}, dy{call.dy, c};
    double dbeta[lanes] = {}, dgamma[lanes] = {};
    for (std::int64_t n = 0; n < x.count(); ++n) {
      dbeta[n % lanes] += dy[n];
      dgamma[n % lanes] += dy[n] * x_hat_of(x[n], of);
    }
    return {tree(dbeta), tree(dgamma)};
  }
};

}  // namespace

normproof_kernel infer_backward_lanes() {
  return declare("infer_backward_lanes", "eight lanes in double", NORMPROOF_BN_INFER_BACKWARD, &backward<Steps>);
}

}  // namespace normproof::zoo::honest
