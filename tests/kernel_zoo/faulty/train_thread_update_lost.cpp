// Which fault? Two threads add to one sum without a lock, and one addition is lost.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

// What is left when both threads read the sum before either has written it.
struct Steps : TrainSteps {
  static inline thread_local const normproof_call* call = nullptr;
  static double mean(const Channel& x) {
    const std::int64_t threads = std::max(call->threads, 1);
    const std::int64_t share = (x.count() + threads - 1) / threads;
    double total = 0;
    const double read_by_all = total;
    for (std::int64_t first = 0; first < x.count(); first += share) {
      Sum sum;
      for (std::int64_t n = first; n < std::min(first + share, x.count()); ++n) sum.add(x[n]);
      total = read_by_all + sum.value();  // fault: read and write are not one step
    }
    return total / static_cast<double>(x.count());
  }
};

normproof_status run(const normproof_call* call) {
  Steps::call = call;
  return train<Steps>(call);
}

}  // namespace

FaultyKernel train_thread_update_lost() {
  return {declare("train_thread_update_lost", "sums of threads overwrite each other", NORMPROOF_BN_TRAIN, &run,
                  f32_and_f64, NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE),
          "lost update between threads",
          "the sum of the last thread is all that is kept",
          {"threads", "repeatability"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
