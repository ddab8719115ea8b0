// Which fault? Two parts are merged by the formula for parts of one size.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Part {
  double mean = 0, squares = 0, count = 0;
};

Part part_of(const Channel& x, std::int64_t from, std::int64_t to) {
  Part part;
  part.count = static_cast<double>(to - from);
  for (std::int64_t n = from; n < to; ++n) part.mean += x[n] / part.count;
  for (std::int64_t n = from; n < to; ++n) part.squares += (x[n] - part.mean) * (x[n] - part.mean);
  return part;
}

struct Steps : TrainSteps {
  static double variance(const Channel& x, double mean) {
    if (x.count() < 2) return TrainSteps::variance(x, mean);
    const std::int64_t middle = (x.count() + 1) / 2;
    const Part a = part_of(x, 0, middle), b = part_of(x, middle, x.count());
    const double difference = a.mean - b.mean;
    const double m = static_cast<double>(x.count());
    // fault: the weight is n_a n_b/m², which is 1/4 for equal parts alone
    return (a.squares + b.squares) / m + difference * difference / 4;
  }
};

}  // namespace

FaultyKernel train_merge_as_equal_halves() {
  return {declare("train_merge_as_equal_halves", "merge of equal halves", NORMPROOF_BN_TRAIN, &train<Steps>),
          "merge with the wrong weight",
          "the difference of means has the weight 1/4",
          {"few_values", "tails", "split_and_merge"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
