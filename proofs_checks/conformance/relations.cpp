// Do several calls of a kernel fit together?
#include "proofs_checks/conformance/relations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <string_view>
#include <utility>

#include "proofs_checks/conformance/calls_at_once.hpp"
#include "proofs_checks/conformance/memory.hpp"
#include "proofs_checks/conformance/other_calls.hpp"
#include "proofs_checks/conformance/time_of_others.hpp"

namespace normproof::conformance {
namespace {

using theory::BoundPerClass;

constexpr std::size_t most_findings = 8;
constexpr double infinity = std::numeric_limits<double>::infinity();

// ---- bounds

BoundPerClass operator+(const BoundPerClass& a, const BoundPerClass& b) {
  BoundPerClass sum;
  for (std::size_t i = 0; i < sum.size(); ++i) sum[i] = a[i] + b[i];
  return sum;
}

BoundPerClass operator*(double factor, const BoundPerClass& a) {
  BoundPerClass product;
  for (std::size_t i = 0; i < product.size(); ++i) product[i] = factor == 0 ? 0 : factor * a[i];
  return product;
}

// A number that came out of calls, and how far it may be off.
struct Measured {
  DoubleDouble value;
  BoundPerClass bound{};
  bool usable = true;  // judged and finite
};

Measured operator+(const Measured& a, const Measured& b) {
  return {a.value + b.value, a.bound + b.bound, a.usable && b.usable};
}
Measured operator*(double factor, const Measured& a) {
  return {factor * a.value, std::fabs(factor) * a.bound, a.usable};
}

Measured measured(const Expectation& expected, const DoubleDouble& got) {
  const bool compared = expected.kind != Expectation::Kind::open && isfinite(expected.value) && isfinite(got);
  return {got, expected.bound, compared};
}

std::vector<Measured> measured(const MadeCall& made, const JudgedOutput& output) {
  const std::vector<Expectation> expected = made.expectations(output);
  std::vector<Measured> all;
  all.reserve(expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    all.push_back(measured(expected[i], value_of(made.call.got, output, i)));
  return all;
}

// ---- comparing

// Of one output: pairs that should agree, and the worst that does not.
class Agreement {
 public:
  Agreement(const Case& described, const JudgedOutput& output, std::string relation)
      : case_(described), output_(output), relation_(std::move(relation)) {}

  void compare(std::size_t i, const Measured& one, const Measured& other, const std::string& where = {}) {
    if (!one.usable || !other.usable) return;
    const BoundPerClass allowed = one.bound + other.bound;
    const double bound = conforming(allowed);
    if (!(bound < infinity)) return;
    const double error = abs(one.value - other.value).high();
    if (error <= bound) return;
    ++beyond_;
    const double ratio = bound > 0 ? error / bound : infinity;
    const std::optional<theory::StabilityClass> met = class_met(allowed, error);
    const bool looser = shown_.meets && !met;
    if (beyond_ > 1 && !looser && !(ratio > worst_ && met == shown_.meets)) return;
    worst_ = ratio;
    shown_.kind = Finding::Kind::relation;
    shown_.operand = output_.label();
    shown_.place = where.empty() ? place(case_, output_.id, i) : where;
    shown_.expected = one.value.high();
    shown_.got = other.value.high();
    shown_.bound = bound;
    shown_.meets = met;
    shown_.words = fmt::format("{} at {}: {} and {} should agree ({}); they may differ by {}", output_.label(),
                               shown_.place, number_in_words(case_, output_.id, shown_.expected),
                               number_in_words(case_, output_.id, shown_.got), relation_, bound_in_words(error, bound));
  }

  void report_to(Trial& trial) const {
    if (beyond_ > 0) trial.add(shown_);
  }

 private:
  const Case& case_;
  JudgedOutput output_;
  std::string relation_;
  std::int64_t beyond_ = 0;
  double worst_ = 0;
  Finding shown_;
};

std::size_t channel_of(const Case& described, OperandId id, std::size_t i) {
  if (!is_tensor(id)) return i;
  return i / static_cast<std::size_t>(described.spatial) % static_cast<std::size_t>(described.channels);
}

std::vector<OperandId> outputs_with_bits(const Case& described) {
  std::vector<OperandId> outputs;
  for (const OperandId id : all_operands()) {
    const bool unspecified =
        described.per_channel() == 0 &&
        (id == OperandId::saved_mean || id == OperandId::saved_mean_low || id == OperandId::saved_inv_std);
    if (takes_part(described, id) && is_written(use_of(described.op, id)) && !unspecified) outputs.push_back(id);
  }
  return outputs;
}

struct Difference {
  OperandId id;
  std::size_t at;
};

// The first element whose bits differ; image(id, i) is where the i-th of the first call is in the second one.
template <class Image, class Wanted>
std::optional<Difference> difference(const MadeCall& one, const MadeCall& other, Image image, Wanted wanted) {
  for (const OperandId id : outputs_with_bits(one.described)) {
    const auto& bits = one.call.bits[static_cast<std::size_t>(id)];
    const auto& others = other.call.bits[static_cast<std::size_t>(id)];
    for (std::size_t i = 0; i < bits.size(); ++i)
      if (wanted(id, i) && bits[i] != others[image(id, i)]) return Difference{id, i};
  }
  return std::nullopt;
}

constexpr auto same_place = [](OperandId, std::size_t i) { return i; };
constexpr auto everywhere = [](OperandId, std::size_t) { return true; };

Finding bits_finding(const MadeCall& one, const MadeCall& other, const Difference& where, std::string_view relation) {
  Finding finding;
  finding.kind = Finding::Kind::bits;
  finding.operand = word(where.id);
  finding.place = place(one.described, where.id, where.at);
  finding.expected = one.call.got[where.id][where.at];
  finding.got = other.call.got[where.id][where.at];
  constexpr int all_digits = 17;
  finding.words = fmt::format("{} at {}: {:.{}g} and {:.{}g}, other bits {}", finding.operand, finding.place,
                              finding.expected, all_digits, finding.got, all_digits, relation);
  return finding;
}

// ---- making other inputs

// One cycle through all places (Sattolo 1986), so that from 2 on nothing stays where it is.
std::vector<std::size_t> permutation(std::int64_t count, std::uint64_t seed) {
  std::vector<std::size_t> order(static_cast<std::size_t>(count));
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 random(seed);
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % (i - 1)]);
  return order;
}

// Where each element goes.
struct Places {
  const Case& described;
  std::vector<std::size_t> batch, channel, spatial;

  std::size_t operator()(OperandId id, std::size_t i) const {
    if (!is_tensor(id)) return channel[i];
    const auto channels = static_cast<std::size_t>(described.channels);
    const auto spatials = static_cast<std::size_t>(described.spatial);
    const std::size_t b = i / spatials / channels, c = i / spatials % channels, s = i % spatials;
    return (batch[b] * channels + channel[c]) * spatials + spatial[s];
  }
};

Places no_permutation(const Case& described) {
  Places places{described, {}, {}, {}};
  const auto identity = [](std::int64_t count) {
    std::vector<std::size_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), std::size_t{0});
    return order;
  };
  places.batch = identity(described.batch);
  places.channel = identity(described.channels);
  places.spatial = identity(described.spatial);
  return places;
}

InputValues moved(const InputValues& inputs, const Places& places) {
  InputValues to = inputs;
  for (const OperandId id : all_operands()) {
    const std::vector<double>& from = inputs[id];
    std::vector<double>& of = to.of[static_cast<std::size_t>(id)];
    for (std::size_t i = 0; i < from.size(); ++i) of[places(id, i)] = from[i];
  }
  return to;
}

std::vector<double>& values(InputValues& inputs, OperandId id) { return inputs.of[static_cast<std::size_t>(id)]; }

// Multiplies by a power of two; false where that is not exact or not finite in the operand's format.
bool multiply(const Case& described, OperandId id, double factor, InputValues& inputs) {
  bool exact = true;
  for (double& value : values(inputs, id)) {
    const double product = value * factor;
    if (std::isfinite(value) && (rounded_to(described[id].dtype, product) != product || !std::isfinite(product)))
      exact = false;
    value = product;
  }
  return exact;
}

int significant_bits(normproof_dtype dtype) { return -std::ilogb(unit_of(dtype).roundoff); }

// The values of a channel rounded to multiples of 2^(exponent of the largest − bits). False where one is not finite, or
// so small a multiple is no number of the format.
bool round_channels(const Case& described, OperandId id, int bits, InputValues& inputs) {
  std::vector<double>& all = values(inputs, id);
  for (std::int64_t c = 0; c < described.channels; ++c) {
    double largest = 0;
    bool finite = true;
    for_each_in_channel(described, c, [&](std::size_t i, std::int64_t) {
      finite = finite && std::isfinite(all[i]);
      largest = std::max(largest, std::fabs(all[i]));
    });
    if (!finite) return false;
    if (largest == 0) continue;
    const int exponent = std::ilogb(largest) - bits;
    if (std::ldexp(1, exponent) < unit_of(described[id].dtype).smallest) return false;
    for_each_in_channel(described, c, [&](std::size_t i, std::int64_t) {
      all[i] = std::ldexp(std::nearbyint(std::ldexp(all[i], -exponent)), exponent);
    });
  }
  return true;
}

// The case with values of its own in this operand: it shares no memory then with another one of the same recipe.
void detach(Case& described, OperandId id) { described[id].values = Values{}; }

// ---- the relations

void try_value(Trial& trial, const InputValues& inputs) { trial.make(trial.described(), inputs, Bits::no); }

void try_twice(Trial& trial, const InputValues& inputs, const Case& first, const char* name, const char* when,
               const char* relation) {
  const auto one = trial.make(first, inputs, Bits::yes);
  if (!one) return;
  const auto other = trial.make_again(*one, trial.described(), when);
  if (!other) return;
  const auto where = difference(*one, *other, same_place, everywhere);
  trial.looked_at_bits(name, !where);
  if (where && trial.deterministic()) trial.add(bits_finding(*one, *other, *where, relation));
}

void try_repeat(Trial& trial, const InputValues& inputs) {
  try_twice(trial, inputs, trial.described(), word(Relation::repeat), "called once more",
            "in two equal calls of a kernel that is declared deterministic");
}

void try_threads(Trial& trial, const InputValues& inputs) {
  Case alone = trial.described();
  alone.threads = 1;
  const std::string when = fmt::format("with {} threads", trial.described().threads);
  try_twice(trial, inputs, alone, word(Relation::threads), when.c_str(),
            "with one thread and with more, of a kernel that is declared deterministic");
}

void try_permute_channels(Trial& trial, const InputValues& inputs) {
  const Case& described = trial.described();
  const auto one = trial.make(described, inputs, Bits::yes);
  if (!one) return;
  if (described.channels < 2) return trial.not_run("one channel has no other order");
  Places places = no_permutation(described);
  places.channel = permutation(described.channels, described.seed);
  const auto other = trial.make(described, moved(inputs, places), Bits::yes, "with the channels in another order");
  if (!other) return;
  trial.looked_at_bits(word(Relation::permute_channels), !difference(*one, *other, places, everywhere));
}

void compare_outputs(Trial& trial, const MadeCall& one, const MadeCall& other, const std::vector<JudgedOutput>& outputs,
                     const Places& places, const char* relation) {
  for (const JudgedOutput& output : outputs) {
    Agreement agreement(trial.described(), output, relation);
    const std::vector<Measured> here = measured(one, output), there = measured(other, output);
    for (std::size_t i = 0; i < here.size(); ++i) agreement.compare(i, here[i], there[places(output.id, i)]);
    agreement.report_to(trial);
  }
}

// The outputs of two calls that may be held against each other: y of FN_TRAIN belongs to the state as it was stored,
// and where that differs in the last digits, so may y.
std::vector<JudgedOutput> comparable_outputs(const MadeCall& one, const MadeCall& other) {
  std::vector<JudgedOutput> outputs = judged_outputs(one.described);
  if (one.described.op != NORMPROOF_FN_TRAIN) return outputs;
  const auto same = [&](OperandId id) { return one.call.got[id] == other.call.got[id]; };
  if (!same(OperandId::fn_mean) || !same(OperandId::fn_mean_low) || !same(OperandId::fn_square))
    std::erase_if(outputs, [](const JudgedOutput& output) { return output.id == OperandId::y; });
  return outputs;
}

void try_permute_samples(Trial& trial, const InputValues& inputs) {
  const Case& described = trial.described();
  const auto one = trial.make(described, inputs, Bits::no);
  if (!one) return;
  if (described.per_channel() < 2) return trial.not_run("fewer than two values in a channel have no other order");
  Places places = no_permutation(described);
  places.batch = permutation(described.batch, described.seed);
  places.spatial = permutation(described.spatial, described.seed + 1);
  const auto other = trial.make(described, moved(inputs, places), Bits::no, "with the samples in another order");
  if (!other) return;
  compare_outputs(trial, *one, *other, comparable_outputs(*one, *other), places, "the samples in another order");
}

const std::vector<JudgedOutput> only_y = {{OperandId::y, false}};

void try_scale(Trial& trial, const InputValues& inputs) {
  constexpr double factor = 2;
  const Case& described = trial.described();
  const auto one = trial.make(described, inputs, Bits::no);
  if (!one) return;
  const normproof_op op = described.op;
  if (op != NORMPROOF_BN_TRAIN && op != NORMPROOF_BN_INFER && op != NORMPROOF_FN_INFER)
    return trial.not_run("y of this operation does not follow from x and eps alone, or there is no y");
  Case scaled = described;
  scaled.eps = factor * factor * described.eps;
  InputValues larger = inputs;
  bool exact = std::isfinite(scaled.eps) && multiply(described, OperandId::x, factor, larger);
  if (op != NORMPROOF_BN_TRAIN) {
    for (const OperandId id : {OperandId::running_mean, OperandId::fn_mean, OperandId::fn_mean_low})
      exact = exact && multiply(described, id, factor, larger);
    for (const OperandId id : {OperandId::running_var, OperandId::fn_square})
      exact = exact && multiply(described, id, factor * factor, larger);
  }
  if (!exact) return trial.not_run("twice these numbers are beyond the format");
  const auto other = trial.make(scaled, larger, Bits::no, "with x twice and eps four times as large");
  if (!other) return;
  compare_outputs(trial, *one, *other, only_y, no_permutation(described), "x twice and eps four times as large");
}

// x + c in every channel, c a power of two some times larger than every x. False where a sum is not exact.
bool shift_channels(const Case& described, InputValues& inputs) {
  constexpr int larger = 4;
  std::vector<double>& x = values(inputs, OperandId::x);
  bool exact = true;
  for (std::int64_t c = 0; c < described.channels; ++c) {
    double largest = 0;
    for_each_in_channel(described, c,
                        [&](std::size_t i, std::int64_t) { largest = std::max(largest, std::fabs(x[i])); });
    const double constant = largest == 0 ? 1 : std::ldexp(1, std::ilogb(largest) + larger);
    for_each_in_channel(described, c, [&](std::size_t i, std::int64_t) {
      const auto [sum, error] = numbers::two_sum(x[i], constant);
      exact = exact && error == 0 && std::isfinite(sum) && rounded_to(described[OperandId::x].dtype, sum) == sum;
      x[i] = sum;
    });
  }
  return exact;
}

void try_shift(Trial& trial, const InputValues& inputs) {
  constexpr int bits_left_for_the_constant = 8;
  const Case& described = trial.described();
  if (!trial.make(described, inputs, Bits::no)) return;
  if (described.op != NORMPROOF_BN_TRAIN) return trial.not_run("y of this operation changes when x is shifted");
  Case own = described;
  detach(own, OperandId::x);
  InputValues rounded = inputs;
  const int bits = significant_bits(described[OperandId::x].dtype) - bits_left_for_the_constant;
  if (!round_channels(described, OperandId::x, bits, rounded)) return trial.not_run("not every x can be rounded");
  InputValues shifted = rounded;
  if (!shift_channels(described, shifted)) return trial.not_run("x + constant is not exact in the format of x");
  const auto one = trial.make(own, std::move(rounded), Bits::no, "with x rounded to fewer digits");
  if (!one) return;
  const auto other = trial.make(own, std::move(shifted), Bits::no, "with x rounded to fewer digits and shifted");
  if (!other) return;
  compare_outputs(trial, *one, *other, only_y, no_permutation(described), "x shifted by a constant");
}

bool reads_dy(const Case& described) { return takes_part(described, OperandId::dy); }

void try_linear_in_dy(Trial& trial, const InputValues& inputs) {
  constexpr double a = 2, b = -3;
  constexpr int bits = 10;
  const Case& described = trial.described();
  if (!trial.make(described, inputs, Bits::no)) return;
  if (!reads_dy(described)) return trial.not_run("the operation reads no dy");
  Case again = described;
  ++again.seed;
  InputValues first = inputs, second = inputs;
  values(second, OperandId::dy) = input_values(again)[OperandId::dy];
  if (!round_channels(described, OperandId::dy, bits, first) || !round_channels(described, OperandId::dy, bits, second))
    return trial.not_run("not every dy can be rounded");
  InputValues combined = inputs;
  for (std::size_t i = 0; i < inputs[OperandId::dy].size(); ++i) {
    const auto [sum, error] = numbers::two_sum(a * first[OperandId::dy][i], b * second[OperandId::dy][i]);
    if (error != 0 || rounded_to(described[OperandId::dy].dtype, sum) != sum)
      return trial.not_run("the combination of two dy is not exact in the format of dy");
    values(combined, OperandId::dy)[i] = sum;
  }
  Case own = described;
  detach(own, OperandId::dy);
  const auto one = trial.make(own, std::move(first), Bits::no, "with dy rounded to fewer digits");
  if (!one) return;
  const auto two = trial.make(own, std::move(second), Bits::no, "with another dy");
  if (!two) return;
  const auto sum = trial.make(own, std::move(combined), Bits::no, "with 2 dy - 3 times another dy");
  if (!sum) return;
  for (const JudgedOutput& output : judged_outputs(described)) {
    Agreement agreement(described, output, "the combination of two gradients and the gradient of the combination");
    const std::vector<Measured> of_one = measured(*one, output), of_two = measured(*two, output),
                                of_sum = measured(*sum, output);
    for (std::size_t i = 0; i < of_sum.size(); ++i) agreement.compare(i, a * of_one[i] + b * of_two[i], of_sum[i]);
    agreement.report_to(trial);
  }
}

void try_sum_of_dx(Trial& trial, const InputValues& inputs) {
  const Case& described = trial.described();
  const auto made = trial.make(described, inputs, Bits::no);
  if (!made) return;
  if (described.op != NORMPROOF_BN_TRAIN_BACKWARD && described.op != NORMPROOF_FN_BACKWARD)
    return trial.not_run("dx of this operation does not go through statistics of x");
  if (!takes_part(described, OperandId::dx)) return trial.not_run("dx is not asked for");
  const JudgedOutput dx{OperandId::dx, false};
  const std::vector<Measured> all = measured(*made, dx);
  Agreement agreement(described, dx, "the sum of dx over the channel, and 0 but for what the given mean is off");
  for (std::int64_t c = 0; c < described.channels; ++c) {
    Measured sum;
    for_each_in_channel(described, c, [&](std::size_t i, std::int64_t) { sum = sum + all[i]; });
    // Σ dx is 0 where the given mean is that of x; where it is rounded or another one, Σ x_hat remains.
    const Measured expected{InputGradientFormula((*made->oracle)[c], true).sum_over_channel()};
    if (isfinite(expected.value)) agreement.compare(0, expected, sum, fmt::format("channel {}, summed", c));
  }
  agreement.report_to(trial);
}

// ---- split and merge

// A part of the batch, or of the spatial extent where there is one sample.
struct Part {
  Case described;
  InputValues inputs;
};

Part part_of(const Case& described, const InputValues& inputs, bool first) {
  const bool by_batch = described.batch > 1;
  const std::int64_t whole = by_batch ? described.batch : described.spatial;
  const std::int64_t from = first ? 0 : whole / 2, to = first ? whole / 2 : whole;
  Part part{described, inputs};
  (by_batch ? part.described.batch : part.described.spatial) = to - from;
  std::vector<double>& x = values(part.inputs, OperandId::x);
  x.clear();
  for (std::int64_t b = 0; b < described.batch; ++b)
    for (std::int64_t c = 0; c < described.channels; ++c)
      for (std::int64_t s = 0; s < described.spatial; ++s) {
        const std::int64_t along = by_batch ? b : s;
        const auto i = static_cast<std::size_t>((b * described.channels + c) * described.spatial + s);
        if (along >= from && along < to) x.push_back(inputs[OperandId::x][i]);
      }
  detach(part.described, OperandId::x);
  return part;
}

std::optional<JudgedOutput> mean_output(const Case& described) {
  const bool low = takes_part(described, OperandId::saved_mean_low);
  if (takes_part(described, OperandId::saved_mean)) return JudgedOutput{OperandId::saved_mean, low};
  if (takes_part(described, OperandId::running_mean)) return JudgedOutput{OperandId::running_mean, false};
  return std::nullopt;
}

std::optional<JudgedOutput> variance_output(const Case& described) {
  if (takes_part(described, OperandId::running_var)) return JudgedOutput{OperandId::running_var, false};
  if (takes_part(described, OperandId::saved_inv_std)) return JudgedOutput{OperandId::saved_inv_std, false};
  return std::nullopt;
}

// 1/inv_std² − eps; what inv_std may be off widens as it is inverted.
Measured variance_of_inv_std(const Measured& inv_std, double eps) {
  const DoubleDouble one(1);
  const DoubleDouble radicand = one / (inv_std.value * inv_std.value);
  Measured variance{radicand - eps, {}, inv_std.usable && inv_std.value > DoubleDouble(0)};
  for (std::size_t k = 0; k < variance.bound.size(); ++k) {
    const DoubleDouble lowest = inv_std.value - inv_std.bound[k];
    variance.bound[k] = lowest > DoubleDouble(0) ? (one / (lowest * lowest) - radicand).high() : infinity;
  }
  return variance;
}

std::vector<Measured> variances(const MadeCall& made, const JudgedOutput& output) {
  std::vector<Measured> all = measured(made, output);
  if (output.id == OperandId::saved_inv_std)
    for (Measured& one : all) one = variance_of_inv_std(one, made.described.eps);
  return all;
}

Measured weighted(const DoubleDouble& weight, const Measured& one) {
  return {weight * one.value, weight.high() * one.bound, one.usable};
}

// The variance of the union: (n a + m b)/(n + m) + n m/(n + m)² (mean of a − mean of b)².
Measured between_means(const DoubleDouble& weights, const Measured& a, const Measured& b) {
  const DoubleDouble distance = a.value - b.value;
  Measured term{weights * distance * distance, {}, a.usable && b.usable};
  for (std::size_t k = 0; k < term.bound.size(); ++k) {
    const double off = a.bound[k] + b.bound[k];
    term.bound[k] = weights.high() * (2 * std::fabs(distance.high()) * off + off * off);
  }
  return term;
}

// Statistics of this batch alone, in the biased kind: no old value takes part, and one value has a variance too.
Case plain_statistics(const Case& described) {
  Case plain = described;
  plain.momentum = 1;
  plain.variance = NORMPROOF_VAR_BIASED;
  return plain;
}

void compare_merged(Trial& trial, const MadeCall& whole, const MadeCall& first, const MadeCall& second) {
  const Case& described = whole.described;
  const std::optional<JudgedOutput> mean = mean_output(described), variance = variance_output(described);
  const DoubleDouble count = DoubleDouble::of_integer(described.per_channel());
  const DoubleDouble weight = DoubleDouble::of_integer(first.described.per_channel()) / count;
  const DoubleDouble other_weight = DoubleDouble::of_integer(second.described.per_channel()) / count;
  const std::vector<Measured> means = measured(whole, *mean), a = measured(first, *mean), b = measured(second, *mean);
  Agreement of_means(described, *mean, "the mean of the whole and that of the halves, merged");
  for (std::size_t c = 0; c < means.size(); ++c)
    of_means.compare(c, means[c], weighted(weight, a[c]) + weighted(other_weight, b[c]));
  of_means.report_to(trial);
  if (!variance) return;
  const std::vector<Measured> all = variances(whole, *variance), va = variances(first, *variance),
                              vb = variances(second, *variance);
  Agreement of_variances(described, *variance, "the variance of the whole and that of the halves, merged");
  for (std::size_t c = 0; c < all.size(); ++c)
    of_variances.compare(
        c, all[c],
        weighted(weight, va[c]) + weighted(other_weight, vb[c]) + between_means(weight * other_weight, a[c], b[c]));
  of_variances.report_to(trial);
}

void try_split_and_merge(Trial& trial, const InputValues& inputs) {
  const Case& described = trial.described();
  if (!trial.make(described, inputs, Bits::no)) return;
  if (described.op != NORMPROOF_BN_TRAIN || !mean_output(described))
    return trial.not_run("the call makes no statistics of a batch");
  if (described.per_channel() < 2) return trial.not_run("fewer than two values in a channel have no halves");
  Case plain = plain_statistics(described);
  const Part first = part_of(plain, inputs, true), second = part_of(plain, inputs, false);
  const auto whole = trial.make(plain, inputs, Bits::no, "with momentum 1 and the biased kind");
  if (!whole) return;
  const auto a = trial.make(first.described, first.inputs, Bits::no, "of the first half, with momentum 1");
  if (!a) return;
  const auto b = trial.make(second.described, second.inputs, Bits::no, "of the second half, with momentum 1");
  if (!b) return;
  compare_merged(trial, *whole, *a, *b);
}

// ---- other channels

std::vector<bool> planted_channels(const Case& described) {
  std::vector<bool> planted(static_cast<std::size_t>(described.channels), false);
  for (const OperandId id : all_operands()) {
    if (!takes_part(described, id) || !is_read(use_of(described.op, id))) continue;
    const bool shared = is_tensor(id) && described[id].layout.zero.find('c') != std::string::npos;
    for (const Plant& plant : described[id].values.plants) {
      if (plant.channel < 0 || shared) planted.assign(planted.size(), true);
      if (plant.channel >= 0 && plant.channel < described.channels)
        planted[static_cast<std::size_t>(plant.channel)] = true;
    }
  }
  return planted;
}

Case without_plants(const Case& described) {
  Case plain = described;
  for (Operand& operand : plain.operands) operand.values.plants.clear();
  return plain;
}

void try_other_channels(Trial& trial, const InputValues& inputs) {
  const Case& described = trial.described();
  const auto with = trial.make(described, inputs, Bits::yes);
  if (!with) return;
  const std::vector<bool> planted = planted_channels(described);
  if (std::find(planted.begin(), planted.end(), true) == planted.end())
    return trial.not_run("no channel has a special value");
  if (std::find(planted.begin(), planted.end(), false) == planted.end())
    return trial.not_run("every channel has a special value");
  const Case plain = without_plants(described);
  const auto without = trial.make(plain, input_values(plain), Bits::yes, "without the special values");
  if (!without) return;
  const auto unplanted = [&](OperandId id, std::size_t i) { return !planted[channel_of(described, id, i)]; };
  const auto where = difference(*with, *without, same_place, unplanted);
  if (!where) return;
  const auto again = trial.make_again(*without, plain, "without the special values, once more");
  if (!again) return;
  const char* const relation = "with and without special values in another channel";
  // A kernel that promises no bits may have others in any two calls.
  if (trial.deterministic() && !difference(*without, *again, same_place, unplanted))
    return trial.add(bits_finding(*with, *without, *where, relation));
  for (const JudgedOutput& output : judged_outputs(described)) {
    Agreement agreement(described, output, relation);
    const std::vector<Measured> here = measured(*with, output), there = measured(*without, output);
    for (std::size_t i = 0; i < here.size(); ++i)
      if (unplanted(output.id, i)) agreement.compare(i, here[i], there[i]);
    agreement.report_to(trial);
  }
}

// ---- forward and backward

// The forward call whose saved statistics the backward call is to read.
Case forward_of(const Case& described) {
  const Operand& x = described[OperandId::x];
  Case forward =
      plain_case(NORMPROOF_BN_TRAIN, x.dtype, described.batch, described.channels, described.spatial, described.seed);
  forward[OperandId::x] = x;
  forward[OperandId::y].layout.order = x.layout.order;
  for (const OperandId id :
       {OperandId::gamma, OperandId::saved_mean, OperandId::saved_mean_low, OperandId::saved_inv_std}) {
    forward[id] = described[id];
    if (id != OperandId::gamma) forward[id].values = Values{};
  }
  for (const OperandId id : {OperandId::running_mean, OperandId::running_var}) forward[id].present = false;
  forward.eps = described.eps;
  return forward;
}

void try_forward_backward(Trial& trial, const InputValues& inputs) {
  const Case& described = trial.described();
  if (described.op != NORMPROOF_BN_TRAIN_BACKWARD) return trial.not_run("the operation reads no saved statistics");
  const Case forward = forward_of(described);
  InputValues forward_inputs = input_values(forward);
  values(forward_inputs, OperandId::x) = inputs[OperandId::x];
  values(forward_inputs, OperandId::gamma) = inputs[OperandId::gamma];
  bool found = false;
  for (const normproof_kernel* kernel : trial.subject().library) {
    if (kernel->op != NORMPROOF_BN_TRAIN || (kernel->dtypes & (1u << described[OperandId::x].dtype)) == 0) continue;
    found = true;
    const KernelCall call = call_kernel(*kernel, forward, forward_inputs, Bits::no);
    if (call.outcome != KernelCall::Outcome::done) continue;
    InputValues saved = inputs;
    for (const OperandId id : {OperandId::saved_mean, OperandId::saved_mean_low, OperandId::saved_inv_std})
      if (takes_part(described, id)) values(saved, id) = call.got[id];
    trial.make(described, saved, Bits::no, fmt::format("with the saved statistics of {}", kernel->name));
    return;
  }
  trial.not_run(found ? "the library's own bn_train did not take the call" : "the library has no bn_train for this x");
}

// ---- other calls

void try_after_others(Trial& trial, const InputValues& inputs) {
  const Case& described = trial.described();
  const auto make_other = [&](const OtherCall& other, const char* when) {
    trial.make(other.described, input_values(other.described), Bits::no, fmt::format("{} {}", when, other.what),
               Trial::Refused::is_passed_over);
  };
  for (const OtherCall& other : calls_before(described)) make_other(other, "in a call before it,");
  const auto one = trial.make(described, inputs, Bits::yes);
  if (!one) return;
  make_other(call_between(described), "in a call after it,");
  const auto again = trial.make_again(*one, described, "called once more, behind another call");
  if (!again || !trial.deterministic()) return;
  if (const auto where = difference(*one, *again, same_place, everywhere))
    trial.add(bits_finding(*one, *again, *where,
                           "in two equal calls, another between them, of a kernel that is declared deterministic"));
}

// How often each of the callers calls, at least. Empirical: some ten milliseconds a case, in which a machine that has
// something else to do too stops a call in its midst now and then; on a free one calls meet all the time.
int calls_of_each(const Case& described) {
  constexpr std::int64_t fewest = 8, most = 64, elements = std::int64_t{1} << 19;
  return static_cast<int>(std::clamp(elements / std::max<std::int64_t>(described.elements(), 1), fewest, most));
}

void try_at_once(Trial& trial, const InputValues& inputs) {
  const Case& described = trial.described();
  std::vector<std::unique_ptr<MadeCall>> alone;
  alone.push_back(trial.make(described, inputs, Bits::yes));
  if (!alone.front()) return;
  for (const OtherCall& other : calls_beside(described)) {
    auto made = trial.make(other.described, input_values(other.described), Bits::yes, "alone, " + other.what,
                           Trial::Refused::is_passed_over);
    if (made) alone.push_back(std::move(made));
  }
  if (alone.size() < 2) return trial.not_run("the kernel took no call to stand beside this one");
  std::vector<Caller> callers;
  callers.reserve(alone.size());
  for (const auto& made : alone) callers.push_back({made->described, made->inputs, made->call});
  const int calls = calls_of_each(described);
  // Where bits are promised one other bit is a finding; where they are not, every call is judged by its values.
  const std::size_t most_kept = trial.deterministic() ? 1 : static_cast<std::size_t>(calls);
  auto unlike = unlike_alone(*trial.subject().kernel, callers, calls, most_kept);
  if (!unlike) return trial.not_run("a thread could not be had");
  const std::string when = fmt::format("called from {} threads at once", callers.size());
  for (std::size_t k = 0; k < callers.size(); ++k)
    for (KernelCall& call : (*unlike)[k]) {
      if (call.outcome == KernelCall::Outcome::refused)
        call.findings.push_back({Finding::Kind::status, "", "", "the kernel refused a call that it took alone"});
      const auto made =
          trial.take(callers[k].described, callers[k].inputs, std::move(call), when, Trial::Refused::is_passed_over);
      if (!made || !trial.deterministic()) continue;
      if (const auto where = difference(*alone[k], *made, same_place, everywhere))
        trial.add(bits_finding(*alone[k], *made, *where,
                               "alone and beside other calls, of a kernel that is declared deterministic"));
    }
}

// A part of the work is a quarter of the time and more, in each of so many calls. Empirical: of two threads that share
// the work each has a half of it. A thread that rests takes none, and what a run-time library does in the background
// does not come three times in a row, in calls of less than a millisecond.
constexpr double part_of_the_work = 0.25;
constexpr int calls_in_a_row = 3;

void try_one_thread(Trial& trial, const InputValues& inputs) {
  Case alone = trial.described();
  alone.threads = 1;
  if (!trial.make(alone, inputs, Bits::no)) return;
  if (!trial.subject().alone_in_process) return trial.not_run("the process has threads that are not the library's");
  for (int k = 0; k < calls_in_a_row; ++k) {
    if (!others_come_to_rest()) return trial.not_run("other threads are at work although there is no call");
    ProcessorTime begin, end;
    call_kernel(*trial.subject().kernel, alone, inputs, Bits::no,
                {[&] { begin = ProcessorTime::before_call(); }, [&] { end = ProcessorTime::after_call(); }});
    const ProcessorTime taken = end - begin;
    if (!(taken.of_others() > part_of_the_work * taken.process)) return;
  }
  Finding finding;
  finding.kind = Finding::Kind::too_many_threads;
  finding.words = fmt::format(
      "threads = 1 allows none but the caller's; other threads of the process took more than {:.0f} % of the "
      "processors' time of the call, in {} calls out of {}",
      100 * part_of_the_work, calls_in_a_row, calls_in_a_row);
  trial.add(finding);
}

// ---- promises

void try_taken(Trial& trial, const InputValues& inputs) {
  const Case& described = trial.described();
  if (trial.make(described, inputs, Bits::no, {}, Trial::Refused::is_passed_over) || trial.failed()) return;
  const std::vector<Case> alike = calls_alike(described);
  for (const Case& other : alike)
    if (trial.make(other, input_values(other), Bits::no, "in a call like it", Trial::Refused::is_passed_over) ||
        trial.failed())
      return;
  Finding finding;
  finding.kind = Finding::Kind::status;
  finding.words = fmt::format(
      "the kernel declares that it takes such calls, and refuses this one and {} like it: parameters of each type, "
      "optional operands there and away, other extents in other orders, other eps",
      alike.size());
  trial.add(finding);
}

}  // namespace

std::vector<Expectation> MadeCall::expectations(const JudgedOutput& output) const {
  std::vector<Expectation> all(static_cast<std::size_t>(described.values_of(output.id)));
  Expectations(described, inputs, *oracle, call.got).visit(output, [&](std::size_t i, const Expectation& expected) {
    all[i] = expected;
  });
  return all;
}

void Trial::add(Finding finding) {
  if (result_.findings.size() < most_findings) result_.findings.push_back(std::move(finding));
}

void Trial::not_run(std::string why) { result_.why_not_run = std::move(why); }

void Trial::merge(const Judgement& judgement, const MadeCall& made) {
  const auto unwritten = [&](const Finding& finding) {
    return finding.kind == Finding::Kind::nonfinite &&
           std::any_of(made.call.not_written.begin(), made.call.not_written.end(), [&](OperandId id) {
             return std::string_view(finding.operand).substr(0, std::string_view(word(id)).size()) == word(id);
           });
  };
  const auto with_context = [&](Finding finding) {
    if (!made.when.empty()) finding.words = made.when + ": " + finding.words;
    return finding;
  };
  for (const Finding& finding : judgement.findings)
    if (!unwritten(finding)) add(with_context(finding));
  for (const OutputFigures& figures : judgement.outputs) {
    const auto known = std::find_if(result_.outputs.begin(), result_.outputs.end(),
                                    [&](const OutputFigures& one) { return one.output == figures.output; });
    if (known == result_.outputs.end()) {
      result_.outputs.push_back(figures);
    } else {
      merge_into(*known, figures);
    }
  }
}

std::unique_ptr<MadeCall> Trial::make(const Case& described, InputValues inputs, Bits bits, std::string when,
                                      Refused refused) {
  KernelCall call = call_kernel(*subject_.kernel, described, inputs, bits);
  return take(described, std::move(inputs), std::move(call), std::move(when), refused);
}

std::unique_ptr<MadeCall> Trial::make_again(const MadeCall& before, const Case& described, std::string when) {
  KernelCall call = call_kernel(*subject_.kernel, described, before.inputs, Bits::yes);
  return take(described, before.inputs, std::move(call), std::move(when), Refused::ends_the_case, &before);
}

std::unique_ptr<MadeCall> Trial::take(const Case& described, InputValues inputs, KernelCall call, std::string when,
                                      Refused passing, const MadeCall* before) {
  auto made = std::make_unique<MadeCall>();
  made->described = described;
  made->inputs = std::move(inputs);
  made->when = std::move(when);
  made->call = std::move(call);
  result_.seconds += made->call.seconds;
  for (Finding& finding : made->call.findings) {
    if (!made->when.empty()) finding.words = made->when + ": " + finding.words;
    add(std::move(finding));
  }
  if (made->call.outcome != KernelCall::Outcome::done) {
    const bool refused = made->call.outcome == KernelCall::Outcome::refused && passing == Refused::ends_the_case;
    if (refused && made->when.empty()) result_.outcome = CaseResult::Outcome::refused;
    if (refused && !made->when.empty()) not_run("the kernel refused the call " + made->when);
    return nullptr;
  }
  made->oracle = before != nullptr ? before->oracle : std::make_shared<const Oracle>(described, made->inputs);
  if (before != nullptr && made->call.bits == before->call.bits) return made;
  const Judgement judgement = judge(described, made->inputs, *made->oracle, made->call.got);
  if (made->when.empty() || result_.outputs.empty()) {
    result_.condition = condition_of(described, *made->oracle);
    result_.keeps_half_the_digits = judgement.keeps_half_the_digits;
  }
  merge(judgement, *made);
  return made;
}

void try_relation(Trial& trial, const InputValues& inputs) {
  switch (trial.described().relation) {
    case Relation::value:
    case Relation::bad_argument: return try_value(trial, inputs);
    case Relation::repeat: return try_repeat(trial, inputs);
    case Relation::threads: return try_threads(trial, inputs);
    case Relation::permute_channels: return try_permute_channels(trial, inputs);
    case Relation::permute_samples: return try_permute_samples(trial, inputs);
    case Relation::scale: return try_scale(trial, inputs);
    case Relation::shift: return try_shift(trial, inputs);
    case Relation::linear_in_dy: return try_linear_in_dy(trial, inputs);
    case Relation::sum_of_dx: return try_sum_of_dx(trial, inputs);
    case Relation::split_and_merge: return try_split_and_merge(trial, inputs);
    case Relation::other_channels: return try_other_channels(trial, inputs);
    case Relation::forward_backward: return try_forward_backward(trial, inputs);
    case Relation::after_others: return try_after_others(trial, inputs);
    case Relation::at_once: return try_at_once(trial, inputs);
    case Relation::one_thread: return try_one_thread(trial, inputs);
    case Relation::taken: return try_taken(trial, inputs);
  }
}

}  // namespace normproof::conformance
