// How does a kernel that computes in float hold for every finite float? It scales each channel by a power of two.
//
// What      train_scaled<Algorithm> is a training forward pass whose statistics and outputs are in float arithmetic.
//           Algorithm::statistics(x) gives mean and biased variance of a ScaledChannel, in its scaled units.
// Notation  x = scaled · 2^exponent with |scaled| < 1, so that squares neither overflow nor vanish. Scaling is exact
//           but for values below 2^-149 of the largest one.
// Why       (3e38)² is no float. What there is one of in a channel (eps, the root, the running statistics) is in
//           double.
#pragma once

#include "tests/kernel_zoo/zoo_kernel.hpp"

namespace normproof::zoo {

class ScaledChannel {
 public:
  explicit ScaledChannel(const Channel& x) : x_(x) {
    double largest = 0;
    each_place(x.tensor, [&](auto b, auto s) {
      const double magnitude = std::abs(get(x.tensor, b, x.channel, s));
      if (std::isfinite(magnitude)) largest = std::max(largest, magnitude);
    });
    if (largest > 0) std::frexp(largest, &exponent_);
  }
  std::int64_t count() const { return x_.count(); }
  int exponent() const { return exponent_; }
  float operator[](std::int64_t n) const { return scaled(x_[n]); }
  float scaled(double x) const { return static_cast<float>(std::ldexp(x, -exponent_)); }

 private:
  Channel x_;
  int exponent_ = 0;
};

struct ScaledStatistics {
  float mean = 0, mean_low = 0;
  float variance = 0;
};

// y = (x − mean) scale + beta in float, with the exact difference where mean is exact: never x·scale + shift.
struct PlainOutput {
  static float of(float centered, float scale, float beta) { return centered * scale + beta; }
};
struct FusedOutput {
  static float of(float centered, float scale, float beta) { return std::fma(centered, scale, beta); }
};

template <class Output>
void write_scaled(const normproof_call& call, std::int64_t c, const ScaledChannel& x, const ScaledStatistics& of,
                  double inv_std) {
  constexpr double smallest_scale = 0x1p-100, largest_scale = 0x1p100;
  const double scale = get(call.gamma, c, 1) * inv_std, beta = get(call.beta, c);
  // Beyond these a float scale loses digits or overflows; double does neither.
  const bool fits_float = std::abs(scale) >= smallest_scale && std::abs(scale) <= largest_scale;
  const float float_scale = static_cast<float>(scale), float_beta = static_cast<float>(beta);
  each_place(call.x, [&](auto b, auto s) {
    const float centered = (x.scaled(get(call.x, b, c, s)) - of.mean) - of.mean_low;
    set(call.y, b, c, s,
        fits_float ? static_cast<double>(Output::of(centered, float_scale, float_beta))
                   : static_cast<double>(centered) * scale + beta);
  });
}

template <class Algorithm, class Output = PlainOutput>
normproof_status train_scaled(const normproof_call* call) {
  if (const normproof_status status = TrainSteps::check(call); status != NORMPROOF_OK) return status;
  if (call->x.dtype != NORMPROOF_F32) return NORMPROOF_UNSUPPORTED;
  if (call->x.batch * call->x.spatial == 0) return NORMPROOF_OK;
  for (std::int64_t c = 0; c < call->x.channels; ++c) {
    const ScaledChannel x(Channel{call->x, c});
    const int exponent = x.exponent();
    const std::int64_t m = x.count();
    const ScaledStatistics of = Algorithm::statistics(x);
    const double scaled_variance = static_cast<double>(of.variance);
    const double scaled_inv_std = 1 / std::sqrt(scaled_variance + std::ldexp(call->eps, -2 * exponent));
    write_scaled<Output>(*call, c, x, of, scaled_inv_std);
    const double mean = std::ldexp(static_cast<double>(of.mean) + static_cast<double>(of.mean_low), exponent);
    const double variance = std::ldexp(scaled_variance, 2 * exponent);
    if (TrainSteps::updates_running(*call, m)) {
      set(call->running_mean, c, TrainSteps::new_running_mean(*call, get(call->running_mean, c), mean));
      set(call->running_var, c, TrainSteps::new_running_var(*call, get(call->running_var, c), variance, m));
    }
    TrainSteps::save(*call, c, mean, std::ldexp(scaled_inv_std, -exponent));
  }
  return NORMPROOF_OK;
}

}  // namespace normproof::zoo
