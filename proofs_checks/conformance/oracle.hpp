// What are the right outputs of a call, and which facts about its data do the bounds need?
//
// What       The formulas of impl/kernel.h in plain loops over double-double numbers, channel by channel, from the
//            values that are in memory. It shares no code with impl/ nor with theory/: it is the judge's own witness.
// Precision  About 30 digits: n additions cost at most n/1024 + 1024 times 3·2^−106 relative to the sum of magnitudes,
//            sums of x and dy are carried to a third double, and deviations are corrected for the mean's own rounding.
//            A value that underflows in double has an absolute error of a few times 2^−1074: oracle_slack.
// Not finite What the formula makes NaN or ±∞ is not finite here either; which of the three is not promised.
#pragma once

#include <cstdint>
#include <vector>

#include "proofs_checks/conformance/case.hpp"
#include "proofs_checks/conformance/recipes.hpp"
#include "proofs_checks/numbers/double_double.hpp"
#include "theory/rounding/normalization_bounds.hpp"

namespace normproof::conformance {

using numbers::DoubleDouble;

inline constexpr double oracle_slack = 4 * 0x1p-1074;

// x and the statistics of one channel.
struct ChannelFacts {
  std::int64_t count = 0;  // m
  bool finite = true;     // every x is; where not, mean and variance are not either, and max_magnitude is of the others
  bool constant = false;  // all x equal (one x is)
  DoubleDouble mean, variance, inv_std;  // biased; inv_std with the eps of the case
  double root_mean_square = 0, max_magnitude = 0;
  // The smallest powers of two of which every x, and every x − mean, is a multiple: 2^x_quantum, 2^deviation_quantum.
  // Only where the mean is a double; has_quanta says so.
  bool has_quanta = false;
  int x_quantum = 0, deviation_quantum = 0;
  double max_deviation = 0;  // a bound on |x − mean|

  double condition() const;  // √(1 + mean²/variance)
  // Whether Σ x, Σ (x − a) with a an x, Σ (x − mean)² and Σ (x − a)² are the same in every order of additions in the
  // unit's format, because every partial sum is a multiple of a quantum and has few enough digits; and m is a power of
  // two, so that the mean and the variance are exact too.
  bool statistics_exact_in(const theory::Unit& unit) const;
};
theory::ChannelData channel_data(const ChannelFacts& facts, double eps, const theory::Unit& unit);

// How a channel is normalised by what is given to it: (x − mean)·inv_std, and, of full normalization, whether the
// variance is one (c of impl/kernel.h) or clamped to eps.
struct Normalization {
  DoubleDouble mean, inv_std;
  double square = 0;             // FN: the mean of squares that was given
  DoubleDouble variance;         // that inv_std was taken of, without eps; 0 where inv_std itself was given
  bool through_variance = true;  // c = 1
  bool root_of_zero = false;     // eps = 0 with zero variance
  DoubleDouble x_hat(double x) const { return (x - mean) * inv_std; }
};
Normalization normalization(double mean, double variance, double eps);                  // BN inference
Normalization full_normalization(const DoubleDouble& mean, double square, double eps);  // FN
Normalization given_normalization(const DoubleDouble& mean, double inv_std);            // BN backward

// The sums of a backward pass over one channel.
struct GradientFacts {
  DoubleDouble sum_dy, sum_dy_x_hat, sum_x_hat;
  double sum_abs_dy = 0, sum_abs_dy_x_hat = 0, mean_root_square_dy = 0;
  double max_magnitude_dy = 0;  // of those that are finite
};

// Everything about one channel of a call. Of FN_TRAIN, `given` is empty: y is made from the state as it was stored.
struct ChannelOracle {
  ChannelFacts facts;
  Normalization given;
  GradientFacts gradient;
  double gamma = 1, beta = 0;
};

class Oracle {
 public:
  Oracle() = default;
  Oracle(const Case& described, const InputValues& inputs);
  const ChannelOracle& operator[](std::int64_t channel) const { return channels_[static_cast<std::size_t>(channel)]; }

 private:
  std::vector<ChannelOracle> channels_;
};

// The formulas of the outputs.
DoubleDouble updated(double momentum, const DoubleDouble& before, const DoubleDouble& batch);
DoubleDouble unbiased(const DoubleDouble& variance, std::int64_t count);

// y = gamma (x − mean) inv_std + beta, what does not depend on x taken out of the loop.
class OutputFormula {
 public:
  OutputFormula() = default;
  OutputFormula(const DoubleDouble& mean, const DoubleDouble& inv_std, double gamma, double beta)
      : mean_(mean), slope_(inv_std * gamma), beta_(beta) {}
  DoubleDouble operator()(double x) const { return (x - mean_) * slope_ + beta_; }

 private:
  DoubleDouble mean_, slope_;
  double beta_ = 0;
};

// dx = gamma inv_std (dy − dbeta/m − c x_hat dgamma/m), or gamma inv_std dy where it does not go through statistics.
class InputGradientFormula {
 public:
  InputGradientFormula() = default;
  InputGradientFormula(const ChannelOracle& channel, bool through_statistics);
  DoubleDouble operator()(double x, double dy) const {
    if (!through_statistics_) return slope_ * dy;
    const DoubleDouble centered = dy - mean_dy_;
    if (!through_variance_) return slope_ * centered;
    return slope_ * (centered - (x - mean_) * x_hat_weight_);
  }
  // Σ dx over the channel: 0 where Σ x_hat is, and what rounding the given mean leaves where it is not.
  DoubleDouble sum_over_channel() const { return sum_; }

 private:
  bool through_statistics_ = false, through_variance_ = false;
  DoubleDouble slope_, mean_dy_, mean_, x_hat_weight_, sum_;
};

// The statistics and the operands' places in a channel: f(i, n) for the n-th value of the channel at i in the order
// batch, channel, spatial.
template <class F>
void for_each_in_channel(const Case& described, std::int64_t channel, F f) {
  std::int64_t n = 0;
  for (std::int64_t b = 0; b < described.batch; ++b) {
    const auto first = static_cast<std::size_t>((b * described.channels + channel) * described.spatial);
    const auto last = first + static_cast<std::size_t>(described.spatial);
    for (std::size_t i = first; i < last; ++i) f(i, n++);
  }
}

}  // namespace normproof::conformance
