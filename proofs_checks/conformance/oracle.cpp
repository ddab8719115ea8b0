// What are the right outputs of a call, and which facts about its data do the bounds need?
#include "proofs_checks/conformance/oracle.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

namespace normproof::conformance {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Σ of doubles, carried to three of them: the error is about n²·2^−159 of Σ |x|.
class TripleSum {
 public:
  void add(double x) {
    const auto [high, rest] = numbers::two_sum(high_, x);
    const auto [middle, rest_of_rest] = numbers::two_sum(middle_, rest);
    high_ = high;
    middle_ = middle;
    low_ += rest_of_rest;
  }
  DoubleDouble value() const { return DoubleDouble::sum_of(middle_, low_) + high_; }

 private:
  double high_ = 0, middle_ = 0, low_ = 0;
};

// Σ of double-doubles in blocks, so that no chain of additions is longer than a block or their number.
class BlockedSum {
 public:
  void add(const DoubleDouble& x) {
    block_ += x;
    if (++in_block_ < block_length) return;
    total_ += block_;
    block_ = 0;
    in_block_ = 0;
  }
  DoubleDouble value() const { return total_ + block_; }

 private:
  static constexpr int block_length = 1024;
  DoubleDouble total_, block_;
  int in_block_ = 0;
};

// The exponent of the last digit of x ≠ 0 that is 1.
int last_digit(double x) {
  constexpr int fraction_bits = 52;
  constexpr int bias = 1023;
  constexpr std::uint64_t hidden = std::uint64_t{1} << fraction_bits;
  constexpr std::uint64_t exponent_mask = 0x7ff;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto exponent = static_cast<int>(bits >> fraction_bits & exponent_mask);
  const std::uint64_t fraction = bits & (hidden - 1);
  if (exponent == 0) return std::countr_zero(fraction) + 1 - bias - fraction_bits;
  return std::countr_zero(fraction | hidden) + exponent - bias - fraction_bits;
}

// 1/√variance without underflow on the way.
DoubleDouble inverse_root(const DoubleDouble& variance) {
  constexpr double small = 0x1p-900;
  constexpr int raised = 1000;
  if (variance.high() > 0 && variance.high() < small)
    return ldexp(DoubleDouble(1) / sqrt(ldexp(variance, raised)), raised / 2);
  return DoubleDouble(1) / sqrt(variance);
}

// 2^k by which numbers of this size are multiplied so that neither they nor their squares underflow.
int raising_exponent(double max_magnitude) {
  constexpr double small = 0x1p-300;
  if (max_magnitude == 0 || max_magnitude >= small) return 0;
  return std::min(-std::ilogb(max_magnitude), std::numeric_limits<double>::max_exponent - 2);
}

DoubleDouble inverse_std(const DoubleDouble& raised_variance, double eps, int raised) {
  constexpr double dwarfs_any_variance = 0x1p900;  // of raised numbers, which are at most 2
  const double raised_eps = std::ldexp(eps, 2 * raised);
  if (raised != 0 && raised_eps > dwarfs_any_variance) return inverse_root(eps);
  return ldexp(inverse_root(raised_variance + raised_eps), raised);
}

struct FirstPass {
  TripleSum sum;
  double lowest = std::numeric_limits<double>::infinity(), highest = -lowest;
  int quantum = std::numeric_limits<int>::max();  // where the number of values is a power of two
  bool finite = true;
};

bool is_power_of_two(std::int64_t n) { return n > 0 && std::has_single_bit(static_cast<std::uint64_t>(n)); }

FirstPass first_pass(const Case& described, const std::vector<double>& x, std::int64_t channel) {
  FirstPass pass;
  const bool wants_quantum = is_power_of_two(described.per_channel());
  for_each_in_channel(described, channel, [&](std::size_t i, std::int64_t) {
    const double value = x[i];
    if (!std::isfinite(value)) pass.finite = false;
    pass.sum.add(value);
    pass.lowest = std::min(pass.lowest, value);
    pass.highest = std::max(pass.highest, value);
    if (wants_quantum && value != 0) pass.quantum = std::min(pass.quantum, last_digit(value));
  });
  return pass;
}

double largest_finite(const Case& described, const std::vector<double>& x, std::int64_t channel) {
  double largest = 0;
  for_each_in_channel(described, channel, [&](std::size_t i, std::int64_t) {
    if (std::isfinite(x[i])) largest = std::max(largest, std::fabs(x[i]));
  });
  return largest;
}

double plain_sum(const Case& described, const std::vector<double>& x, std::int64_t channel) {
  double sum = 0;
  for_each_in_channel(described, channel, [&](std::size_t i, std::int64_t) { sum += x[i]; });
  return sum;
}

// Deviations about a mean that is itself rounded: (1/m) Σ d² − ((1/m) Σ d)².
DoubleDouble raised_variance(const Case& described, const std::vector<double>& x, std::int64_t channel,
                             const DoubleDouble& raised_mean, int raised) {
  const double scale = std::ldexp(1, raised);
  BlockedSum deviations, squares;
  for_each_in_channel(described, channel, [&](std::size_t i, std::int64_t) {
    const DoubleDouble deviation = x[i] * scale - raised_mean;
    deviations.add(deviation);
    squares.add(deviation * deviation);
  });
  const DoubleDouble count = DoubleDouble::of_integer(described.per_channel());
  const DoubleDouble left_over = deviations.value() / count;
  return squares.value() / count - left_over * left_over;
}

void find_quanta(ChannelFacts& facts, const FirstPass& pass) {
  if (!is_power_of_two(facts.count)) return;
  facts.x_quantum = facts.max_magnitude == 0 ? 0 : pass.quantum;
  constexpr double integers_of_a_double = 0x1p53;
  const double multiples = std::ldexp(2 * facts.max_magnitude, -facts.x_quantum);
  if (!(static_cast<double>(facts.count) * multiples <= integers_of_a_double)) return;
  const double mean = facts.mean.high();  // exact: the sum is a double, the count a power of two
  if (facts.mean.low() != 0) return;      // but for underflow
  facts.deviation_quantum = mean == 0 ? facts.x_quantum : std::min(facts.x_quantum, last_digit(mean));
  facts.max_deviation = std::max(pass.highest - mean, mean - pass.lowest);
  facts.has_quanta = true;
}

ChannelFacts facts_of(const Case& described, const std::vector<double>& x, std::int64_t channel) {
  ChannelFacts facts;
  facts.count = described.per_channel();
  if (facts.count == 0) return facts;
  const FirstPass pass = first_pass(described, x, channel);
  facts.finite = pass.finite;
  if (!facts.finite) {
    facts.mean = plain_sum(described, x, channel);
    facts.variance = facts.inv_std = nan;
    facts.max_magnitude = largest_finite(described, x, channel);
    return facts;
  }
  facts.max_magnitude = std::max(std::fabs(pass.lowest), std::fabs(pass.highest));
  facts.constant = pass.lowest == pass.highest;
  const int raised = raising_exponent(facts.max_magnitude);
  const DoubleDouble raised_mean = facts.constant
                                       ? DoubleDouble(std::ldexp(pass.lowest, raised))
                                       : ldexp(pass.sum.value(), raised) / DoubleDouble::of_integer(facts.count);
  const DoubleDouble variance =
      facts.constant ? DoubleDouble(0) : raised_variance(described, x, channel, raised_mean, raised);
  facts.mean = ldexp(raised_mean, -raised);
  facts.variance = ldexp(variance, -2 * raised);
  facts.inv_std = inverse_std(variance, described.eps, raised);
  facts.root_mean_square = std::ldexp(std::sqrt((variance + raised_mean * raised_mean).high()), -raised);
  find_quanta(facts, pass);
  return facts;
}

GradientFacts gradient_of(const Case& described, const InputValues& inputs, std::int64_t channel,
                          const Normalization& given) {
  const std::vector<double>& x = inputs[OperandId::x];
  const std::vector<double>& dy = inputs[OperandId::dy];
  GradientFacts facts;
  TripleSum sum_dy;
  BlockedSum sum_dy_x_hat, sum_x_hat;
  double squares = 0;
  for_each_in_channel(described, channel, [&](std::size_t i, std::int64_t) {
    const DoubleDouble x_hat = given.x_hat(x[i]);
    const DoubleDouble product = x_hat * dy[i];
    sum_dy.add(dy[i]);
    sum_x_hat.add(x_hat);
    sum_dy_x_hat.add(product);
    facts.sum_abs_dy += std::fabs(dy[i]);
    facts.sum_abs_dy_x_hat += std::fabs(product.high());
    if (std::isfinite(dy[i])) facts.max_magnitude_dy = std::max(facts.max_magnitude_dy, std::fabs(dy[i]));
    squares += dy[i] * dy[i];
  });
  facts.sum_dy = sum_dy.value();
  facts.sum_dy_x_hat = sum_dy_x_hat.value();
  facts.sum_x_hat = sum_x_hat.value();
  facts.mean_root_square_dy =
      described.per_channel() == 0 ? 0 : std::sqrt(squares / static_cast<double>(described.per_channel()));
  return facts;
}

double value_or(double otherwise, const std::vector<double>& values, std::size_t channel) {
  return values.empty() ? otherwise : values[channel];
}

Normalization given_in(const Case& described, const InputValues& inputs, std::size_t c) {
  const auto value = [&](OperandId id) { return value_or(0, inputs[id], c); };
  switch (described.op) {
    case NORMPROOF_BN_INFER:
    case NORMPROOF_BN_INFER_BACKWARD:
      return normalization(value(OperandId::running_mean), value(OperandId::running_var), described.eps);
    case NORMPROOF_BN_TRAIN_BACKWARD:
      return given_normalization(DoubleDouble::sum_of(value(OperandId::saved_mean), value(OperandId::saved_mean_low)),
                                 value(OperandId::saved_inv_std));
    case NORMPROOF_FN_INFER:
    case NORMPROOF_FN_BACKWARD:
      return full_normalization(DoubleDouble::sum_of(value(OperandId::fn_mean), value(OperandId::fn_mean_low)),
                                value(OperandId::fn_square), described.eps);
    case NORMPROOF_BN_TRAIN:
    case NORMPROOF_FN_TRAIN: break;
  }
  return {};
}

bool reads_dy(normproof_op op) {
  return op == NORMPROOF_BN_TRAIN_BACKWARD || op == NORMPROOF_BN_INFER_BACKWARD || op == NORMPROOF_FN_BACKWARD;
}

int significant_bits(const theory::Unit& unit) { return -std::ilogb(unit.roundoff); }

}  // namespace

double ChannelFacts::condition() const {
  if (!(variance.high() > 0)) return std::numeric_limits<double>::infinity();
  const double ratio = mean.high() / std::sqrt(variance.high());
  return std::hypot(1, ratio);
}

bool ChannelFacts::statistics_exact_in(const theory::Unit& unit) const {
  if (!has_quanta) return false;
  const double integers = std::ldexp(1, significant_bits(unit));
  const auto m = static_cast<double>(count);
  const double multiples = std::ldexp(2 * max_magnitude, -x_quantum);  // |x − a| ≤ 2 max |x|
  const double deviations = std::ldexp(max_deviation, -deviation_quantum);
  const double least_square = std::ldexp(1, 2 * std::min(x_quantum, deviation_quantum));
  const double largest_sum = m * 4 * max_magnitude * max_magnitude;
  return m * multiples <= integers && m * multiples * multiples <= integers &&
         m * deviations * deviations <= integers && least_square >= unit.smallest && largest_sum <= unit.largest;
}

theory::ChannelData channel_data(const ChannelFacts& facts, double eps, const theory::Unit& unit) {
  theory::ChannelData data;
  data.count = static_cast<double>(facts.count);
  data.mean = facts.mean.high();
  data.variance = facts.variance.high();
  data.root_mean_square = facts.root_mean_square;
  data.max_magnitude = facts.max_magnitude;
  data.eps = eps;
  data.constant = facts.constant;
  data.exact_statistics = facts.statistics_exact_in(unit);
  return data;
}

Normalization normalization(double mean, double variance, double eps) {
  const DoubleDouble inside = DoubleDouble::sum_of(variance, eps);
  Normalization given;
  given.mean = mean;
  given.variance = variance;
  given.root_of_zero = inside == DoubleDouble(0);
  given.inv_std = inverse_root(inside);
  return given;
}

Normalization full_normalization(const DoubleDouble& mean, double square, double eps) {
  Normalization given;
  given.mean = mean;
  given.square = square;
  given.variance = square - mean * mean;
  const bool clamped = given.variance <= DoubleDouble(eps);
  given.through_variance = given.variance > DoubleDouble(eps);
  given.root_of_zero = clamped && eps == 0;
  given.inv_std = inverse_root(clamped ? DoubleDouble(eps) : given.variance);
  return given;
}

Normalization given_normalization(const DoubleDouble& mean, double inv_std) {
  Normalization given;
  given.mean = mean;
  given.inv_std = inv_std;
  given.root_of_zero = std::isinf(inv_std);
  return given;
}

Oracle::Oracle(const Case& described, const InputValues& inputs) {
  channels_.reserve(static_cast<std::size_t>(std::max<std::int64_t>(described.channels, 0)));
  for (std::int64_t c = 0; c < described.channels; ++c) {
    const auto at = static_cast<std::size_t>(c);
    const Normalization given = given_in(described, inputs, at);
    channels_.push_back({facts_of(described, inputs[OperandId::x], c), given,
                         reads_dy(described.op) ? gradient_of(described, inputs, c, given) : GradientFacts(),
                         value_or(1, inputs[OperandId::gamma], at), value_or(0, inputs[OperandId::beta], at)});
  }
}

DoubleDouble updated(double momentum, const DoubleDouble& before, const DoubleDouble& batch) {
  return DoubleDouble::sum_of(1, -momentum) * before + batch * momentum;
}

DoubleDouble unbiased(const DoubleDouble& variance, std::int64_t count) {
  return variance * DoubleDouble::of_integer(count) / DoubleDouble::of_integer(count - 1);
}

InputGradientFormula::InputGradientFormula(const ChannelOracle& channel, bool through_statistics)
    : through_statistics_(through_statistics),
      through_variance_(channel.given.through_variance),
      slope_(channel.given.inv_std * channel.gamma),
      mean_(channel.given.mean) {
  if (!through_statistics || channel.facts.count == 0) return;
  const DoubleDouble count = DoubleDouble::of_integer(channel.facts.count);
  mean_dy_ = channel.gradient.sum_dy / count;
  x_hat_weight_ = channel.given.inv_std * (channel.gradient.sum_dy_x_hat / count);
  if (through_variance_) sum_ = -slope_ * (channel.gradient.sum_x_hat * (channel.gradient.sum_dy_x_hat / count));
}

}  // namespace normproof::conformance
