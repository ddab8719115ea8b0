// Which fault? The means of the shares of threads are averaged as if all shares were equal.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

double mean_by_shares(const Channel& x, std::int64_t shares) {
  const std::int64_t length = (x.count() + shares - 1) / shares;
  double sum_of_means = 0;
  std::int64_t used = 0;
  for (std::int64_t from = 0; from < x.count(); from += length, ++used) {
    const std::int64_t to = std::min(from + length, x.count());
    Sum sum;
    for (std::int64_t n = from; n < to; ++n) sum.add(x[n]);
    sum_of_means += sum.value() / static_cast<double>(to - from);
  }
  return sum_of_means / static_cast<double>(used);  // fault: the last share is smaller
}

template <int threads>
struct Steps : TrainSteps {
  static double mean(const Channel& x) {
    return x.count() < threads ? TrainSteps::mean(x) : mean_by_shares(x, threads);
  }
};

normproof_status run(const normproof_call* call) {
  if (call->threads <= 1) return train<TrainSteps>(call);
  return call->threads == 2 ? train<Steps<2>>(call) : train<Steps<3>>(call);
}

}  // namespace

FaultyKernel train_threads_equal_weights() {
  return {declare("train_threads_equal_weights", "shares of threads weighted alike", NORMPROOF_BN_TRAIN, &run,
                  f32_and_f64, NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE),
          "parts merged with equal weights",
          "means of unequal shares are averaged",
          {"threads", "repeatability"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
