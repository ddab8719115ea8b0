// Honest backward pass: dense N×spatial×C, four channels side by side.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {
namespace {

constexpr std::int64_t lanes = 4;

void backward_block(const normproof_call& call, std::int64_t first) {
  const std::int64_t channels = call.x.channels, width = std::min(lanes, channels - first);
  const std::int64_t rows = call.x.batch * call.x.spatial;
  const float* x = static_cast<const float*>(call.x.data) + first;
  const float* dy = static_cast<const float*>(call.dy.data) + first;
  float* dx = static_cast<float*>(call.dx.data);
  Statistics of[lanes];
  GradientSums sums[lanes];
  for (std::int64_t lane = 0; lane < width; ++lane) of[lane] = saved_statistics(call, first + lane);
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t lane = 0; lane < width; ++lane) {
      const double gradient = static_cast<double>(dy[row * channels + lane]);
      sums[lane].dbeta += gradient;
      sums[lane].dgamma += gradient * x_hat_of(static_cast<double>(x[row * channels + lane]), of[lane]);
    }
  }
  for (std::int64_t row = 0; row < rows && dx != nullptr; ++row) {
    for (std::int64_t lane = 0; lane < width; ++lane) {
      const std::int64_t i = row * channels + lane;
      const double x_hat = x_hat_of(static_cast<double>(x[i]), of[lane]), gamma = get(call.gamma, first + lane, 1);
      dx[first + i] = static_cast<float>(BackwardSteps::input_gradient(
          static_cast<double>(dy[i]), x_hat, gamma, of[lane], sums[lane], static_cast<double>(rows)));
    }
  }
  for (std::int64_t lane = 0; lane < width; ++lane) {
    BackwardSteps::write_parameter_gradients(call, first + lane, sums[lane]);
  }
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status =
          check_dense(call, NORMPROOF_BN_TRAIN_BACKWARD, NORMPROOF_F32, &is_batch_spatial_channels);
      status != NORMPROOF_OK) {
    return status;
  }
  for (std::int64_t first = 0; first < call->x.channels; first += lanes) backward_block(*call, first);
  return NORMPROOF_OK;
}

}  // namespace

normproof_kernel backward_channels_last() {
  return declare("backward_channels_last", "four channels side by side, channels last", NORMPROOF_BN_TRAIN_BACKWARD,
                 &run, f32_only, dense_only);
}

}  // namespace normproof::zoo::honest
