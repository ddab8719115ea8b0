// Which fault? dx of every block of 16 channels takes the sums of the first block.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t block = 16;

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = BackwardSteps::check(call); status != NORMPROOF_OK) return status;
  std::vector<GradientSums> kept(block);
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    const Statistics of = BackwardSteps::statistics(*call, c);
    const GradientSums sums = BackwardSteps::sums(*call, c, of);
    GradientSums& slot = kept[static_cast<std::size_t>(c % block)];
    if (c < block) slot = sums;  // fault: the next block has sums of its own
    if (call->dx.data != nullptr) {
      const double gamma = get(call->gamma, c, 1), m = static_cast<double>(Channel{call->x, c}.count());
      each_place(call->x, [&](auto b, auto s) {
        const double dy = get(call->dy, b, c, s), x_hat = x_hat_of(get(call->x, b, c, s), of);
        set(call->dx, b, c, s, BackwardSteps::input_gradient(dy, x_hat, gamma, of, slot, m));
      });
    }
    BackwardSteps::write_parameter_gradients(*call, c, sums);
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel backward_sums_of_first_block() {
  return {declare("backward_sums_of_first_block", "sums of another block", NORMPROOF_BN_TRAIN_BACKWARD, &run),
          "statistics of another block of channels",
          "dx reads the sums of channel c mod 16",
          {"tails", "block_sizes", "gradients", "permute_channels"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
