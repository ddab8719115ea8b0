// Honest training: dense N×spatial×C, eight channels side by side, as vector code does it.
#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo::honest {
namespace {

constexpr std::int64_t lanes = 8;

// Channels first … first + lanes − 1, or fewer at the end.
void train_block(const normproof_call& call, std::int64_t first) {
  const std::int64_t channels = call.x.channels, width = std::min(lanes, channels - first);
  const std::int64_t rows = call.x.batch * call.x.spatial;
  const float* x = static_cast<const float*>(call.x.data) + first;
  float* y = static_cast<float*>(call.y.data) + first;
  double mean[lanes] = {}, variance[lanes] = {}, inv_std[lanes] = {}, gamma[lanes] = {}, beta[lanes] = {};
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t lane = 0; lane < width; ++lane) mean[lane] += static_cast<double>(x[row * channels + lane]);
  }
  for (std::int64_t lane = 0; lane < width; ++lane) mean[lane] /= static_cast<double>(rows);
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t lane = 0; lane < width; ++lane) {
      const double centered = static_cast<double>(x[row * channels + lane]) - mean[lane];
      variance[lane] += centered * centered;
    }
  }
  for (std::int64_t lane = 0; lane < width; ++lane) {
    variance[lane] /= static_cast<double>(rows);
    inv_std[lane] = TrainSteps::inv_std(variance[lane], call.eps);
    gamma[lane] = get(call.gamma, first + lane, 1);
    beta[lane] = get(call.beta, first + lane);
  }
  for (std::int64_t row = 0; row < rows; ++row) {
    for (std::int64_t lane = 0; lane < width; ++lane) {
      const double value = static_cast<double>(x[row * channels + lane]);
      y[row * channels + lane] =
          static_cast<float>(TrainSteps::output(value, mean[lane], inv_std[lane], gamma[lane], beta[lane]));
    }
  }
  for (std::int64_t lane = 0; lane < width; ++lane) {
    const std::int64_t c = first + lane;
    if (TrainSteps::updates_running(call, rows)) {
      set(call.running_mean, c, TrainSteps::new_running_mean(call, get(call.running_mean, c), mean[lane]));
      set(call.running_var, c, TrainSteps::new_running_var(call, get(call.running_var, c), variance[lane], rows));
    }
    TrainSteps::save(call, c, mean[lane], inv_std[lane]);
  }
}

normproof_status run(const normproof_call* call) {
  if (const normproof_status status = check_dense(call, NORMPROOF_BN_TRAIN, NORMPROOF_F32, &is_batch_spatial_channels);
      status != NORMPROOF_OK) {
    return status;
  }
  if (call->x.batch * call->x.spatial == 0) return NORMPROOF_OK;
  for (std::int64_t first = 0; first < call->x.channels; first += lanes) train_block(*call, first);
  return NORMPROOF_OK;
}

}  // namespace

normproof_kernel train_channels_last() {
  return declare("train_channels_last", "eight channels side by side, channels last", NORMPROOF_BN_TRAIN, &run,
                 f32_only, dense_only);
}

}  // namespace normproof::zoo::honest
