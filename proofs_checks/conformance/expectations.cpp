// What should each output of a call be, how far may it be off in each class, and which outputs are not judged?
#include "proofs_checks/conformance/expectations.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace normproof::conformance {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double largest_with_a_square_in_f64 = 1e150;  // a kernel in double may lose the squares of what is beyond

bool goes_through_statistics(normproof_op op) {
  return op == NORMPROOF_BN_TRAIN_BACKWARD || op == NORMPROOF_FN_BACKWARD;
}
double value_or(double otherwise, const std::vector<double>& values, std::size_t channel) {
  return values.empty() ? otherwise : values[channel];
}

Expectation open() {
  Expectation expectation;
  expectation.kind = Expectation::Kind::open;
  return expectation;
}

Expectation unchanged(const DoubleDouble& before) {
  Expectation expectation;
  expectation.kind = Expectation::Kind::unchanged;
  expectation.value = before;
  return expectation;
}

Expectation within(const theory::BoundPerClass& bound, const DoubleDouble& value) {
  Expectation expectation;
  expectation.value = value;
  expectation.bound = bound;
  for (double& allowed : expectation.bound) allowed += oracle_slack;
  return expectation;
}

// Of an average between what was there and what is new: a factor that is exactly 0 takes the other's part out of it.
bool plays_no_part(double momentum, double before, const DoubleDouble& batch) {
  return (momentum == 1 && !std::isfinite(before)) || (momentum == 0 && !isfinite(batch));
}

bool all_finite(const Normalization& given) { return isfinite(given.mean) && isfinite(given.variance); }

}  // namespace

theory::Unit unit_of(normproof_dtype dtype) {
  if (dtype == NORMPROOF_F64)
    return {std::numeric_limits<double>::epsilon() / 2, std::numeric_limits<double>::denorm_min(),
            std::numeric_limits<double>::max()};
  return {};
}

theory::Unit unit_of(const Case& described, OperandId output) {
  const theory::Unit of_x = unit_of(described[OperandId::x].dtype), of_output = unit_of(described[output].dtype);
  return of_x.roundoff > of_output.roundoff ? of_x : of_output;
}

OperandId JudgedOutput::low() const {
  return id == OperandId::saved_mean ? OperandId::saved_mean_low : OperandId::fn_mean_low;
}
std::string JudgedOutput::label() const { return with_low ? std::string(word(id)) + " + " + word(low()) : word(id); }
std::string JudgedOutput::name() const { return with_low ? std::string(word(id)) + "_and_low" : word(id); }

std::vector<JudgedOutput> judged_outputs(const Case& described) {
  std::vector<JudgedOutput> outputs;
  for (const OperandId id : all_operands()) {
    if (!takes_part(described, id) || !is_written(use_of(described.op, id))) continue;
    if (id == OperandId::saved_mean_low || id == OperandId::fn_mean_low) continue;
    const bool has_state_low = id == OperandId::fn_mean && takes_part(described, OperandId::fn_mean_low);
    outputs.push_back({id, has_state_low});
    if (id == OperandId::saved_mean && takes_part(described, OperandId::saved_mean_low)) outputs.push_back({id, true});
  }
  return outputs;
}

Expectations::Expectations(const Case& described, const InputValues& inputs, const Oracle& oracle,
                           const OutputValues& got)
    : case_(described), inputs_(inputs), oracle_(oracle), got_(got) {}

bool Expectations::too_large(const ChannelOracle& channel) const {
  const double given = std::max(std::fabs(channel.given.mean.high()), std::fabs(channel.given.variance.high()));
  for (const double magnitude :
       {channel.facts.max_magnitude, channel.gradient.max_magnitude_dy, std::fabs(channel.gamma),
        std::fabs(channel.beta), given, std::fabs(case_.eps), std::fabs(case_.momentum)})
    if (largest_with_a_square_in_f64 < magnitude && magnitude < infinity) return true;
  return false;
}

bool Expectations::root_is_open(const Normalization& given) const {
  const double inv_std = given.inv_std.high();
  return given.root_of_zero || (largest_with_a_square_in_f64 < inv_std && inv_std < infinity);
}

Normalization Expectations::normalization_of(std::int64_t channel) const {
  const ChannelOracle& oracle = oracle_[channel];
  const auto c = static_cast<std::size_t>(channel);
  if (case_.op == NORMPROOF_BN_TRAIN) {
    Normalization normalization;
    normalization.mean = oracle.facts.mean;
    normalization.inv_std = oracle.facts.inv_std;
    normalization.variance = oracle.facts.variance;
    normalization.root_of_zero = case_.eps == 0 && oracle.facts.variance == DoubleDouble(0);
    return normalization;
  }
  if (case_.op == NORMPROOF_FN_TRAIN)
    return full_normalization(
        DoubleDouble::sum_of(value_or(0, got_[OperandId::fn_mean], c), value_or(0, got_[OperandId::fn_mean_low], c)),
        value_or(0, got_[OperandId::fn_square], c), case_.eps);
  return oracle.given;
}

theory::GradientData Expectations::gradient_data(const ChannelOracle& channel, const theory::Unit& unit) const {
  theory::GradientData data;
  data.count = static_cast<double>(channel.facts.count);
  data.mean = channel.given.mean.high();
  data.inv_std = channel.given.inv_std.high();
  data.gamma = channel.gamma;
  data.root_mean_square = channel.facts.root_mean_square;
  data.sum_dy = channel.gradient.sum_dy.high();
  data.sum_abs_dy = channel.gradient.sum_abs_dy;
  data.sum_dy_x_hat = channel.gradient.sum_dy_x_hat.high();
  data.sum_abs_dy_x_hat = channel.gradient.sum_abs_dy_x_hat;
  data.mean_root_square_dy = channel.gradient.mean_root_square_dy;
  data.through_statistics = goes_through_statistics(case_.op);
  data.through_variance = channel.given.through_variance;
  if (case_.op == NORMPROOF_BN_INFER_BACKWARD) data.inv_std_error = theory::given_inv_std_error(unit);
  if (case_.op == NORMPROOF_FN_BACKWARD) {
    const theory::Unit of_state = unit_of(case_[OperandId::fn_square].dtype);
    data.inv_std_error = theory::full_norm_inv_std_error(data.mean, channel.given.square, case_.eps, unit, of_state);
  }
  return data;
}

bool Expectations::clamp_is_decided(const Normalization& given) const {
  return theory::full_norm_clamp_is_decided(given.mean.high(), given.square, case_.eps,
                                            unit_of(case_[OperandId::fn_square].dtype));
}

Expectations::TensorChannel Expectations::tensor_channel(OperandId id, std::int64_t c) const {
  const ChannelOracle& oracle = oracle_[c];
  TensorChannel channel;
  channel.unit = unit_of(case_, id);
  channel.gamma = oracle.gamma;
  channel.beta = oracle.beta;
  channel.given = normalization_of(c);
  channel.open = too_large(oracle) || root_is_open(channel.given) || std::isnan(channel.given.square);
  if (id == OperandId::dx) {
    channel.dx = InputGradientFormula(oracle, goes_through_statistics(case_.op));
    channel.dx_bound.emplace(gradient_data(oracle, channel.unit), channel.unit);
    channel.clamped = goes_through_statistics(case_.op) && !channel.given.through_variance;
    channel.sum_dy_x_hat = oracle.gradient.sum_dy_x_hat.high();
    channel.finite = all_finite(channel.given) && isfinite(channel.given.inv_std) && isfinite(oracle.gradient.sum_dy) &&
                     isfinite(oracle.gradient.sum_dy_x_hat) && std::isfinite(channel.gamma);
    if (goes_through_statistics(case_.op) && oracle.facts.count > 0) {
      const double inv_std = channel.given.inv_std.high(), m = static_cast<double>(oracle.facts.count);
      channel.weight_of_deviation = std::fabs(channel.gamma * inv_std) * inv_std * std::fabs(channel.sum_dy_x_hat / m);
    }
    channel.reads_x = goes_through_statistics(case_.op);
    if (case_.op == NORMPROOF_FN_BACKWARD && !clamp_is_decided(channel.given)) channel.open = true;
    return channel;
  }
  channel.y = OutputFormula(channel.given.mean, channel.given.inv_std, channel.gamma, channel.beta);
  if (!channel.open) channel.y_bound = output_bound(oracle, channel);
  return channel;
}

// Empty where what is given has no bound.
std::optional<theory::OutputBound> Expectations::output_bound(const ChannelOracle& oracle,
                                                              const TensorChannel& channel) const {
  const Normalization& given = channel.given;
  if (case_.op == NORMPROOF_BN_TRAIN)
    return theory::OutputBound(channel_data(oracle.facts, case_.eps, channel.unit), channel.unit);
  if (!all_finite(given)) return std::nullopt;
  if (case_.op == NORMPROOF_BN_INFER)
    return theory::inference_bound(channel.unit, given.mean.high(), given.variance.high(), case_.eps);
  return theory::full_norm_output_bound(channel.unit, unit_of(case_[OperandId::fn_square].dtype), given.mean.high(),
                                        given.square, case_.eps);
}

Expectation Expectations::y_at(const TensorChannel& channel, double x) const {
  const DoubleDouble value = channel.y(x);
  if (!isfinite(value)) return within({}, value);
  if (!channel.y_bound) return open();
  return within(channel.y_bound->at(x, channel.gamma, channel.beta), value);
}

Expectation Expectations::dx_at(const TensorChannel& channel, double x, double dy) const {
  // What the clamp takes out, c·x_hat·dgamma/m, is 0 in words and NaN in the formula where a factor is not finite.
  if (channel.clamped && !std::isfinite(x * channel.sum_dy_x_hat)) return open();
  const DoubleDouble value = channel.dx(x, dy);
  // A product of four that leaves the range on the way to a number, or with it: no kernel in double does better.
  constexpr double near_the_end = 1e300;
  const bool finite = channel.finite && std::isfinite(x) && std::isfinite(dy);
  if (finite && !(channel.weight_of_deviation * std::fabs(x - channel.given.mean.high()) < near_the_end)) return open();
  if (!isfinite(value)) return within({}, value);
  if (!all_finite(channel.given)) return open();
  // Where the statistics do not depend on x, neither does dx: an x that is not finite leaves the bound alone.
  return within(channel.dx_bound->at(channel.reads_x ? x : channel.given.mean.high(), dy), value);
}

Expectation Expectations::at(const TensorChannel& channel, OperandId id, std::size_t i) const {
  if (channel.open) return open();
  const double x = inputs_[OperandId::x][i];
  return id == OperandId::y ? y_at(channel, x) : dx_at(channel, x, inputs_[OperandId::dy][i]);
}

Expectation Expectations::mean(const ChannelOracle& channel, const theory::Unit& unit) const {
  if (channel.facts.count == 0 || too_large(channel)) return open();
  return within(theory::mean_bound(channel_data(channel.facts, case_.eps, unit), unit), channel.facts.mean);
}

Expectation Expectations::inv_std(const ChannelOracle& channel, std::size_t c, const theory::Unit& unit) const {
  if (channel.facts.count == 0 || too_large(channel)) return open();
  if (root_is_open(normalization_of(static_cast<std::int64_t>(c)))) return open();
  return within(theory::inv_std_bound(channel_data(channel.facts, case_.eps, unit), unit), channel.facts.inv_std);
}

bool Expectations::state_stays(const ChannelOracle& channel) const {
  const bool by_one_value = case_.op == NORMPROOF_BN_TRAIN && case_.variance == NORMPROOF_VAR_UNBIASED;
  return channel.facts.count == 0 || (channel.facts.count == 1 && by_one_value);
}

Expectation Expectations::average(const ChannelOracle& channel, const DoubleDouble& before, const DoubleDouble& batch,
                                  const theory::BoundPerClass& bound) const {
  const bool large = std::isfinite(before.high()) && std::fabs(before.high()) > largest_with_a_square_in_f64;
  if (too_large(channel) || large || plays_no_part(case_.momentum, before.high(), batch)) return open();
  return within(bound, updated(case_.momentum, before, batch));
}

Expectation Expectations::running(const ChannelOracle& channel, OperandId id, std::size_t c,
                                  const theory::Unit& unit) const {
  const double before = value_or(0, inputs_[id], c);
  if (state_stays(channel)) return unchanged(before);
  const theory::ChannelData data = channel_data(channel.facts, case_.eps, unit);
  if (id == OperandId::running_mean)
    return average(channel, before, channel.facts.mean, theory::running_mean_bound(data, unit, case_.momentum, before));
  const bool bessel = case_.variance == NORMPROOF_VAR_UNBIASED;
  const DoubleDouble& biased = channel.facts.variance;
  return average(channel, before, bessel ? unbiased(biased, channel.facts.count) : biased,
                 theory::running_variance_bound(data, unit, case_.momentum, before, bessel));
}

Expectation Expectations::state(const ChannelOracle& channel, OperandId id, std::size_t c,
                                const theory::Unit& unit) const {
  DoubleDouble before = value_or(0, inputs_[id], c);
  if (id == OperandId::fn_mean && takes_part(case_, OperandId::fn_mean_low) && isfinite(before))
    before = DoubleDouble::sum_of(before.high(), inputs_[OperandId::fn_mean_low][c]);
  if (state_stays(channel)) return unchanged(before);
  const theory::ChannelData data = channel_data(channel.facts, case_.eps, unit);
  if (id == OperandId::fn_mean)
    return average(channel, before, channel.facts.mean,
                   theory::full_norm_mean_bound(data, unit, case_.momentum, before.high()));
  const DoubleDouble& mean = channel.facts.mean;
  return average(channel, before, mean * mean + channel.facts.variance,
                 theory::full_norm_square_bound(data, unit, case_.momentum, before.high()));
}

Expectation Expectations::gradient(const ChannelOracle& channel, OperandId id, const theory::Unit& unit) const {
  if (channel.facts.count == 0) return within({}, 0);
  if (too_large(channel)) return open();
  const theory::GradientData data = gradient_data(channel, unit);
  if (id == OperandId::dbeta) return within(theory::dbeta_bound(data, unit), channel.gradient.sum_dy);
  if (root_is_open(channel.given) || std::isnan(channel.given.square)) return open();
  const DoubleDouble& value = channel.gradient.sum_dy_x_hat;
  if (isfinite(value) && !all_finite(channel.given)) return open();
  return within(theory::dgamma_bound(data, unit), value);
}

Expectation Expectations::of_vector(const JudgedOutput& output, std::size_t c) const {
  const Expectation expected = of_alone(output, c);
  // What rounding a mean leaves over is a number of f32 only while the mean is one, give or take.
  const bool low_may_overflow = output.with_low && case_[output.low()].dtype == NORMPROOF_F32 &&
                                !(abs(expected.value).high() <= unit_of(NORMPROOF_F32).largest);
  const bool compared = expected.kind == Expectation::Kind::compare && isfinite(expected.value);
  return compared && low_may_overflow ? open() : expected;
}

Expectation Expectations::of_alone(const JudgedOutput& output, std::size_t c) const {
  const ChannelOracle& channel = oracle_[static_cast<std::int64_t>(c)];
  const theory::Unit unit = unit_of(case_, output.id);
  switch (output.id) {
    case OperandId::saved_mean: return mean(channel, unit);
    case OperandId::saved_inv_std: return inv_std(channel, c, unit);
    case OperandId::running_mean:
    case OperandId::running_var: return running(channel, output.id, c, unit);
    case OperandId::fn_mean:
    case OperandId::fn_square: return state(channel, output.id, c, unit);
    case OperandId::dgamma:
    case OperandId::dbeta: return gradient(channel, output.id, unit);
    default: return open();
  }
}

}  // namespace normproof::conformance
