// Which fault? dy (x − mean) is a float, and scaled by inv_std only after the sum.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : BackwardSteps {
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    GradientSums sums = BackwardSteps::sums(call, c, of);
    Sum products;
    each_place(call.x, [&](auto b, auto s) {
      const auto centered = static_cast<float>((get(call.x, b, c, s) - of.mean) - of.mean_low);
      const float product = static_cast<float>(get(call.dy, b, c, s)) * centered;  // fault: 1e30 · 1e10 is no float
      products.add(static_cast<double>(product));
    });
    sums.dgamma = products.high * of.inv_std;
    return sums;
  }
};

}  // namespace

FaultyKernel backward_products_overflow() {
  return {declare("backward_products_overflow", "products in float", NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>,
                  f32_only),
          "overflow in working precision",
          "dy (x − mean) is taken in float",
          {"extreme_values"},
          FindingKind::nonfinite};
}

}  // namespace normproof::zoo::faulty
