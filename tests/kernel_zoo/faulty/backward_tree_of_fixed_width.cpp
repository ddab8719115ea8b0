// Which fault? The tree that adds the lanes has the width of another machine, and drops half of them (FC51).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t narrow = 32, wide = 64, enough_for_wide = 256;

double sum_of_lanes(Sum* lanes) {
  for (std::int64_t half = narrow / 2; half > 0; half /= 2) {  // fault: has to start at half of the lanes there are
    for (std::int64_t lane = 0; lane < half; ++lane) lanes[lane].add(lanes[lane + half].value());
  }
  return lanes[0].value();
}

struct Steps : BackwardSteps {
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    const Channel x{call.x, c}, dy{call.dy, c};
    const std::int64_t width = x.count() >= enough_for_wide ? wide : narrow;
    Sum dbeta[wide], dgamma[wide];
    for (std::int64_t n = 0; n < x.count(); ++n) {
      const double gradient = dy[n];
      dbeta[n % width].add(gradient);
      dgamma[n % width].add(gradient * x_hat_of(x[n], of));
    }
    return {sum_of_lanes(dbeta), sum_of_lanes(dgamma)};
  }
};

}  // namespace

FaultyKernel backward_tree_of_fixed_width() {
  return {declare("backward_tree_of_fixed_width", "tree over 32 lanes where there are 64", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "FC51",
          "for m ≥ 256 there are 64 lanes, and the tree starts at 16 of 32",
          {"block_sizes", "limits"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
