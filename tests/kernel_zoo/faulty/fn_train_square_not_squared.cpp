// Which fault? The second moment takes |x| for x² (wrong_moment).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : FullNormTrainSteps {
  static double square(const Channel& x) {
    Sum sum;
    each_place(x.tensor, [&](auto b, auto s) { sum.add(std::abs(get(x.tensor, b, x.channel, s))); });  // fault: not x²
    return sum.value() / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel fn_train_square_not_squared() {
  return {
      declare("fn_train_square_not_squared", "mean of |x| in fn_square", NORMPROOF_FN_TRAIN, &full_norm_train<Steps>),
      "wrong_moment",
      "the mean of |x| goes into fn_square",
      {"channel_statistics", "exact_statistics", "few_values", "running_statistics"},
      FindingKind::value};
}

}  // namespace normproof::zoo::faulty
