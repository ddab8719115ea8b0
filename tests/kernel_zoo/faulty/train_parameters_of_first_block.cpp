// Which fault? A blocked layout reads gamma and beta at the place within the block.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::faulty {
namespace {

constexpr std::int64_t block = 16;

// The vector whose element c is the element c mod 16 of the one given.
normproof_vector wrapped(normproof_vector v, std::int64_t c) {
  const std::int64_t size = v.dtype == NORMPROOF_F64 ? sizeof(double) : sizeof(float);
  if (v.data != nullptr)
    v.data = static_cast<char*>(v.data) - (c / block * block) * size;  // fault: the block's start is lost
  return v;
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.batch * call->x.spatial == 0) return NORMPROOF_OK;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    normproof_call of_channel = *call;
    of_channel.gamma = wrapped(call->gamma, c);
    of_channel.beta = wrapped(call->beta, c);
    train_channel<TrainSteps>(of_channel, c);
  }
  return NORMPROOF_OK;
}

}  // namespace

FaultyKernel train_parameters_of_first_block() {
  return {declare("train_parameters_of_first_block", "gamma and beta of the first 16 channels for all",
                  NORMPROOF_BN_TRAIN, &run),
          "parameter index within a block of channels",
          "gamma and beta are read at c mod 16",
          {"block_sizes", "limits", "tails", "permute_channels", "layouts"},
          FindingKind::value};
}

}  // namespace normproof::zoo::faulty
