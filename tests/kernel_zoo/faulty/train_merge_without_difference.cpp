// Which fault? Two halves are merged without the square of the difference of their means.
#include <utility>

#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double variance(const Channel& x, double) {
    const std::int64_t half = x.count() / 2;
    double squares = 0;
    for (const auto& [first, last] : {std::pair{std::int64_t{0}, half}, std::pair{half, x.count()}}) {
      if (first == last) continue;
      Sum sum, centered;
      for (std::int64_t n = first; n < last; ++n) sum.add(x[n]);
      const double mean = sum.value() / static_cast<double>(last - first);
      for (std::int64_t n = first; n < last; ++n) centered.add((x[n] - mean) * (x[n] - mean));
      squares += centered.value();  // fault: (mean₁ − mean₂)² m₁ m₂/m is left out
    }
    return squares / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_merge_without_difference() {
  return {declare("train_merge_without_difference", "halves merged without their difference", NORMPROOF_BN_TRAIN,
                  &train<Steps>),
          "merge of partial statistics, term missing",
          "variances of halves are added, their means' difference is not",
          {"few_values", "tails", "block_sizes", "split_and_merge", "exact_statistics"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
