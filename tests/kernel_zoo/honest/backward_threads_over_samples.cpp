// Honest backward pass: sixteen parts of every channel, shared among threads, merged in their order.
#include "tests/kernel_zoo/chunks.hpp"
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {
namespace {

constexpr std::int64_t parts = 16;

// The same parts for any number of threads, and so the same bits.
struct Steps : BackwardSteps {
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    const Channel x{call.x, c}, dy{call.dy, c};
    GradientSums of_part[parts];
    for_each_chunk(parts, call.threads, [&](std::int64_t part) {
      const std::int64_t last = start_of(part + 1, parts, x.count());
      for (std::int64_t n = start_of(part, parts, x.count()); n < last; ++n) {
        of_part[part].dbeta += dy[n];
        of_part[part].dgamma += dy[n] * x_hat_of(x[n], of);
      }
    });
    GradientSums all;
    for (const GradientSums& part : of_part) {
      all.dbeta += part.dbeta;
      all.dgamma += part.dgamma;
    }
    return all;
  }
};

}  // namespace

normproof_kernel backward_threads_over_samples() {
  return declare("backward_threads_over_samples", "sixteen parts shared among threads, fixed order",
                 NORMPROOF_BN_TRAIN_BACKWARD, &backward<Steps>);
}

}  // namespace normproof::zoo::honest
