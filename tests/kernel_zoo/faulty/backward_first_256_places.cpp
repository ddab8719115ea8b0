// Which fault? The sums of the gradients end after the first block of 256 places of a sample (FC37).
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t places_per_block = 256;

struct Steps : BackwardSteps {
  static GradientSums sums(const normproof_call& call, std::int64_t c, const Statistics& of) {
    Sum dbeta, dgamma;
    for (std::int64_t b = 0; b < call.x.batch; ++b) {
      for (std::int64_t s = 0; s < std::min(call.x.spatial, places_per_block); ++s) {  // fault: no loop over blocks
        const double dy = get(call.dy, b, c, s);
        dbeta.add(dy);
        dgamma.add(dy * x_hat_of(get(call.x, b, c, s), of));
      }
    }
    return {dbeta.value(), dgamma.value()};
  }
};

}  // namespace

FaultyKernel backward_first_256_places() {
  return {declare("backward_first_256_places", "one block of 256 places in the sums", NORMPROOF_BN_TRAIN_BACKWARD,
                  &backward<Steps>),
          "FC37",
          "the loop over spatial ends at 256",
          {"block_sizes", "limits"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
