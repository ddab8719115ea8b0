// Which fault? A pairwise sum drops the last partial sum where their number is odd.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    std::vector<double> partial;
    for (std::int64_t n = 0; n < x.count(); ++n) partial.push_back(x[n]);
    while (partial.size() > 1) {
      const std::size_t pairs = partial.size() / 2;
      for (std::size_t k = 0; k < pairs; ++k) partial[k] = partial[2 * k] + partial[2 * k + 1];
      partial.resize(pairs);  // fault: an odd one out is dropped
    }
    return partial[0] / static_cast<double>(x.count());
  }
};

}  // namespace

FaultyKernel train_tree_drops_odd_partial() {
  return {declare("train_tree_drops_odd_partial", "odd partial sums dropped", NORMPROOF_BN_TRAIN, &train<Steps>),
          "reduction tree assumes a power of two",
          "the tree has no place for an odd partial sum",
          {"tails", "few_values", "block_sizes"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
