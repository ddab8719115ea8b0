// How is each recipe made, so that a value depends on seed, operand, channel and position alone?
#include "proofs_checks/conformance/recipes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

#include "proofs_checks/inputs/gaussian.hpp"
#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/numbers/double_double.hpp"

namespace normproof::conformance {
namespace {

using numbers::DoubleDouble;

// ---- random numbers

// Where a value stands: `n` and `channel` as the recipes speak of them, `stream` the channel whose random numbers it
// draws (0 for a vector, whose elements are n = 0, 1, … of one stream), `index` its place among the operand's values.
struct Spot {
  std::int64_t channel = 0, n = 0, stream = 0;
  std::size_t index = 0;
};

// The random word, and the normal number, of each spot. Philox of the counter (n/4, stream, lane, 0) under the key
// (seed, operand) gives those of four neighbours at once; the last four are kept.
class Draws {
 public:
  Draws(std::uint64_t seed, OperandId id, std::uint64_t lane)
      : key_{{seed, inputs::fnv1a("conformance", word(id))}}, lane_(lane) {}

  std::uint64_t bits(const Spot& spot) {
    turn_to(spot);
    return words_[static_cast<std::size_t>(spot.n) % neighbours];
  }

  // Uniform on the multiples of 2⁻⁵³ in [0, 1): the upper 53 bits. The lowest bit is free for a sign.
  double unit(const Spot& spot) { return static_cast<double>(bits(spot) >> 11) * 0x1p-53; }
  double sign(const Spot& spot) { return (bits(spot) & 1) != 0 ? -1 : 1; }

  // Uniform on the whole numbers of [low, high].
  double whole(const Spot& spot, double low, double high) {
    return std::min(high, low + std::floor(unit(spot) * (high - low + 1)));
  }

  double normal(const Spot& spot) {
    turn_to(spot);
    if (!normals_made_) {
      const inputs::GaussianPair early = inputs::gaussian_pair(words_[0], words_[1]),
                                 late = inputs::gaussian_pair(words_[2], words_[3]);
      normals_ = {early.first, early.second, late.first, late.second};
      normals_made_ = true;
    }
    return normals_[static_cast<std::size_t>(spot.n) % neighbours];
  }

 private:
  static constexpr std::size_t neighbours = 4;
  using Philox = r123::Philox4x64;

  void turn_to(const Spot& spot) {
    const std::uint64_t block = static_cast<std::uint64_t>(spot.n) / neighbours;
    const auto stream = static_cast<std::uint64_t>(spot.stream);
    if (block == block_ && stream == stream_) return;
    block_ = block;
    stream_ = stream;
    const Philox::ctr_type drawn = Philox()(Philox::ctr_type{{block, stream, lane_, 0}}, key_);
    for (std::size_t k = 0; k < neighbours; ++k) words_[k] = drawn[k];
    normals_made_ = false;
  }

  static constexpr std::uint64_t nowhere = std::numeric_limits<std::uint64_t>::max();
  Philox::key_type key_;
  std::uint64_t lane_, block_ = nowhere, stream_ = nowhere;
  std::array<std::uint64_t, neighbours> words_ = {};
  std::array<double, neighbours> normals_ = {};
  bool normals_made_ = false;
};

// ---- rounding

double rounded_to_bits(double value, int bits) {
  if (bits == 0 || bits >= most_bits || value == 0 || !std::isfinite(value)) return value;
  int exponent = 0;
  const double significand = std::frexp(value, &exponent);
  return std::ldexp(std::nearbyint(std::ldexp(significand, bits)), exponent - bits);
}

double smallest_positive(normproof_dtype dtype) { return dtype == NORMPROOF_F32 ? 0x1p-149 : 0x1p-1074; }

// ---- the statistics of x

struct Moments {
  DoubleDouble mean = 0.0, variance = 1.0;  // of a channel without a value
};

// x, and what is made from it once. Its values are in the order batch, channel, spatial; where x is absent they are 0.
class XValues {
 public:
  XValues(const Case& described, const std::vector<double>& values)
      : described_(described), values_(values), there_(takes_part(described, OperandId::x)) {}

  double operator[](std::size_t index) const { return there_ ? values_[index] : 0; }

  const Moments& of_channel(std::size_t channel) {
    if (moments_.empty()) {
      moments_.resize(static_cast<std::size_t>(described_.channels));
      if (described_.per_channel() > 0)
        for (std::size_t c = 0; c < moments_.size(); ++c) moments_[c] = computed(c);
    }
    return moments_[channel];
  }

 private:
  template <class Take>
  void each_of(std::size_t channel, Take&& take) const {
    const auto batch = static_cast<std::size_t>(described_.batch),
               channels = static_cast<std::size_t>(described_.channels),
               spatial = static_cast<std::size_t>(described_.spatial);
    for (std::size_t b = 0; b < batch; ++b)
      for (std::size_t s = 0; s < spatial; ++s) take((*this)[(b * channels + channel) * spatial + s]);
  }

  // Two passes in double-double: the relative errors are some 1e-30 times m and times the condition of the data.
  Moments computed(std::size_t channel) const {
    const auto count = static_cast<double>(described_.per_channel());
    DoubleDouble sum = 0.0, squares = 0.0;
    each_of(channel, [&](double x) { sum += x; });
    const DoubleDouble mean = sum / count;
    each_of(channel, [&](double x) {
      const DoubleDouble deviation = mean - x;
      squares += deviation * deviation;
    });
    return {mean, squares / count};
  }

  const Case& described_;
  const std::vector<double>& values_;
  bool there_;
  std::vector<Moments> moments_;
};

// What a from_x operand holds before it is rounded. Its parameters (a, b) shift the mean by a·√variance and scale the
// variance by b.
struct Shifted {
  DoubleDouble mean, variance;
};

Shifted shifted(const Moments& moments, const std::vector<double>& parameters) {
  if (parameters.empty()) return {moments.mean, moments.variance};
  const double a = parameters[0], b = parameters.size() > 1 ? parameters[1] : 1;
  return {moments.mean + a * sqrt(moments.variance), b * moments.variance};
}

// What rounding the mean, which the operand `high` holds, left over.
DoubleDouble left_over(const Case& described, OperandId high, const Moments& moments) {
  const Operand& operand = described[high];
  if (!operand.present || !operand.values.literal.empty() || operand.values.recipe != "from_x") return 0.0;
  const DoubleDouble mean = shifted(moments, operand.values.parameters).mean;
  if (!isfinite(mean)) return 0.0;
  return mean - rounded_to(operand.dtype, mean.high());
}

DoubleDouble from_x(const Case& described, OperandId id, const Moments& moments) {
  const Shifted own = shifted(moments, described[id].values.parameters);
  switch (id) {
    case OperandId::saved_mean:
    case OperandId::running_mean:
    case OperandId::fn_mean: return own.mean;
    case OperandId::saved_mean_low: return left_over(described, OperandId::saved_mean, moments);
    case OperandId::fn_mean_low: return left_over(described, OperandId::fn_mean, moments);
    case OperandId::saved_inv_std: return 1.0 / sqrt(own.variance + described.eps);
    case OperandId::running_var: return own.variance;
    case OperandId::fn_square: return own.mean * own.mean + own.variance;
    default: return 0.0;  // recipe_problem lets no other operand through
  }
}

// ---- the recipes

struct Making {
  const Case& described;
  OperandId id;
  XValues& x;
  std::vector<double>& values;

  const Operand& operand() const { return described[id]; }
  double parameter(std::size_t k) const { return operand().values.parameters[k]; }
  Draws draws(std::uint64_t lane = 0) const { return {described.seed, id, lane}; }
};

// Every value of the operand from value(spot), channel by channel.
template <class Value>
void each(const Making& making, Value&& value) {
  const Case& described = making.described;
  const normproof_dtype dtype = making.operand().dtype;
  const int bits = making.operand().values.bits;
  const auto put = [&](const Spot& spot) {
    making.values[spot.index] = rounded_to(dtype, rounded_to_bits(value(spot), bits));
  };
  if (!is_tensor(making.id)) {
    for (std::int64_t c = 0; c < described.channels; ++c) put({c, c, 0, static_cast<std::size_t>(c)});
    return;
  }
  if (described.spatial == 0) return;  // of so many samples as one likes
  for (std::int64_t c = 0; c < described.channels; ++c)
    for (std::int64_t b = 0; b < described.batch; ++b) {
      const std::int64_t row = (b * described.channels + c) * described.spatial, first = b * described.spatial;
      for (std::int64_t s = 0; s < described.spatial; ++s) put({c, first + s, c, static_cast<std::size_t>(row + s)});
    }
}

// The mean and the standard deviation that spread gives to a channel.
struct ChannelScale {
  double mean, std;
};
ChannelScale spread_of(double mean, double std, std::int64_t channel) {
  return {mean + std * static_cast<double>(2 - channel % 5) * 0.5, std * (1 + 0.25 * static_cast<double>(channel % 3))};
}

void make_constant(const Making& making, double constant) {
  each(making, [=](const Spot&) { return constant; });
}

void make_normal(const Making& making) {
  each(making, [draws = making.draws(), mean = making.parameter(0),
                std = making.parameter(1)](const Spot& spot) mutable { return mean + std * draws.normal(spot); });
}

void make_spread(const Making& making) {
  each(making,
       [draws = making.draws(), mean = making.parameter(0), std = making.parameter(1)](const Spot& spot) mutable {
         const ChannelScale scale = spread_of(mean, std, spot.channel);
         return scale.mean + scale.std * draws.normal(spot);
       });
}

void make_uniform(const Making& making) {
  each(making, [draws = making.draws(), low = making.parameter(0), high = making.parameter(1)](
                   const Spot& spot) mutable { return low + (high - low) * draws.unit(spot); });
}

void make_signed(const Making& making) {
  each(making, [draws = making.draws(), low = making.parameter(0), high = making.parameter(1)](
                   const Spot& spot) mutable { return draws.sign(spot) * (low + (high - low) * draws.unit(spot)); });
}

void make_integers(const Making& making) {
  each(making, [draws = making.draws(), low = making.parameter(0),
                high = making.parameter(1)](const Spot& spot) mutable { return draws.whole(spot, low, high); });
}

void make_two_valued(const Making& making) {
  each(making, [center = making.parameter(0), half = making.parameter(1)](const Spot& spot) {
    return spot.n % 2 == 0 ? center + half : center - half;
  });
}

void make_ramp(const Making& making) {
  each(making, [start = making.parameter(0), step = making.parameter(1)](const Spot& spot) {
    return start + step * static_cast<double>(spot.n);
  });
}

void make_one_outlier(const Making& making) {
  each(making, [draws = making.draws(), value = making.parameter(0), rest = making.parameter(1)](
                   const Spot& spot) mutable { return spot.n == 0 ? value : rest * draws.normal(spot); });
}

void make_powers(const Making& making) {
  each(making, [draws = making.draws(), exponents = making.draws(1), low = making.parameter(0),
                high = making.parameter(1)](const Spot& spot) mutable {
    const auto exponent = static_cast<int>(exponents.whole(spot, low, high));
    return draws.sign(spot) * std::ldexp(1 + draws.unit(spot), exponent);
  });
}

void make_subnormal(const Making& making) {
  const double smallest = smallest_positive(making.operand().dtype);
  const double most = std::ldexp(1.0, static_cast<int>(making.parameter(0)));
  each(making, [=, draws = making.draws()](const Spot& spot) mutable {
    return draws.sign(spot) * (smallest * draws.whole(spot, 0, most));
  });
}

void make_correlated(const Making& making) {
  each(making, [&x = making.x, draws = making.draws(), a = making.parameter(0), noise = making.parameter(1),
                mean = making.parameter(2)](const Spot& spot) mutable {
    return a * x[spot.index] + noise * draws.normal(spot) + mean;
  });
}

void make_same_as_x(const Making& making) {
  each(making, [&x = making.x](const Spot& spot) { return x[spot.index]; });
}

void make_from_x(const Making& making) {
  each(making, [&](const Spot& spot) {
    return from_x(making.described, making.id, making.x.of_channel(static_cast<std::size_t>(spot.channel))).high();
  });
}

// Which operands a recipe makes sense for.
enum class For { all, upstream_gradient, statistics };

struct Entry {
  const char* name;
  std::size_t fewest, most;
  For operands;
  void (*make)(const Making&);
};
constexpr std::array<Entry, 16> entries = {{
    {"zero", 0, 0, For::all, [](const Making& making) { make_constant(making, 0); }},
    {"one", 0, 0, For::all, [](const Making& making) { make_constant(making, 1); }},
    {"constant", 1, 1, For::all, [](const Making& making) { make_constant(making, making.parameter(0)); }},
    {"normal", 2, 2, For::all, make_normal},
    {"spread", 2, 2, For::all, make_spread},
    {"signed", 2, 2, For::all, make_signed},
    {"uniform", 2, 2, For::all, make_uniform},
    {"integers", 2, 2, For::all, make_integers},
    {"two_valued", 2, 2, For::all, make_two_valued},
    {"ramp", 2, 2, For::all, make_ramp},
    {"one_outlier", 2, 2, For::all, make_one_outlier},
    {"powers", 2, 2, For::all, make_powers},
    {"subnormal", 1, 1, For::all, make_subnormal},
    {"correlated", 3, 3, For::upstream_gradient, make_correlated},
    {"same_as_x", 0, 0, For::upstream_gradient, make_same_as_x},
    {"from_x", 0, 2, For::statistics, make_from_x},
}};

const Entry* entry_of(std::string_view name) {
  const auto found =
      std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return name == entry.name; });
  return found == entries.end() ? nullptr : &*found;
}

// ---- parameters

bool is_saved(OperandId id) {
  return id == OperandId::saved_mean || id == OperandId::saved_mean_low || id == OperandId::saved_inv_std;
}

bool is_statistic(OperandId id) {
  return is_saved(id) || id == OperandId::running_mean || id == OperandId::running_var || id == OperandId::fn_mean ||
         id == OperandId::fn_mean_low || id == OperandId::fn_square;
}

bool is_whole(double value) { return value == std::floor(value); }

constexpr double most_whole = 0x1p53, lowest_exponent = -1100, highest_exponent = 1023;
constexpr double most_subnormal = 52;

std::string range_problem(std::string_view recipe, const std::vector<double>& parameters) {
  if (recipe == "uniform" || recipe == "signed" || recipe == "integers" || recipe == "powers")
    if (parameters[0] > parameters[1]) return fmt::format("{}: low is above high", recipe);
  if (recipe == "integers" || recipe == "powers" || recipe == "subnormal")
    if (!std::all_of(parameters.begin(), parameters.end(), is_whole))
      return fmt::format("{} takes whole numbers", recipe);
  if (recipe == "integers" && (parameters[0] < -most_whole || parameters[1] > most_whole))
    return "integers are at most 2^53 in magnitude";
  if (recipe == "powers" && (parameters[0] < lowest_exponent || parameters[1] > highest_exponent))
    return fmt::format("powers takes exponents {} to {}", lowest_exponent, highest_exponent);
  if (recipe == "subnormal" && (parameters[0] < 0 || parameters[0] > most_subnormal))
    return fmt::format("subnormal takes 0 to {}", most_subnormal);
  return {};
}

// ---- an operand

// The position of a plant among the m values of a channel.
std::int64_t position_of(Plant::Position position, std::int64_t count) {
  if (position == Plant::Position::head) return 0;
  return position == Plant::Position::middle ? count / 2 : count - 1;
}

void put_plants(const Making& making) {
  const Case& described = making.described;
  const std::int64_t count = described.per_channel();
  if (is_tensor(making.id) && count == 0) return;
  const auto index_of = [&](Plant::Position position, std::int64_t channel) {
    if (!is_tensor(making.id)) return channel;
    const std::int64_t n = position_of(position, count), b = n / described.spatial, s = n % described.spatial;
    return (b * described.channels + channel) * described.spatial + s;
  };
  const auto put = [&](const Plant& plant, std::int64_t channel) {
    const auto index = static_cast<std::size_t>(index_of(plant.position, channel));
    making.values[index] = rounded_to(making.operand().dtype, plant.value);
  };
  for (const Plant& plant : making.operand().values.plants) {
    const bool everywhere = plant.channel < 0;
    const std::int64_t last = everywhere ? described.channels - 1 : std::min(plant.channel, described.channels - 1);
    for (std::int64_t c = everywhere ? 0 : plant.channel; c <= last; ++c) put(plant, c);
  }
}

// Where an extent has stride 0, memory holds what was written last.
void keep_last_of_equal_places(const Making& making) {
  const std::string& zero = making.operand().layout.zero;
  if (!is_tensor(making.id) || zero.empty() || making.values.empty()) return;
  const auto is_zero = [&](char extent) { return zero.find(extent) != std::string::npos; };
  const bool zero_b = is_zero('b'), zero_c = is_zero('c'), zero_s = is_zero('s');
  const Case& described = making.described;
  const std::int64_t last_b = described.batch - 1, last_c = described.channels - 1, last_s = described.spatial - 1;
  const auto index = [&](std::int64_t b, std::int64_t c, std::int64_t s) {
    return static_cast<std::size_t>((b * described.channels + c) * described.spatial + s);
  };
  for (std::int64_t b = 0; b <= last_b; ++b)
    for (std::int64_t c = 0; c <= last_c; ++c)
      for (std::int64_t s = 0; s <= last_s; ++s)
        making.values[index(b, c, s)] =
            making.values[index(zero_b ? last_b : b, zero_c ? last_c : c, zero_s ? last_s : s)];
}

void make_values(const Making& making) {
  const Values& wanted = making.operand().values;
  making.values.resize(static_cast<std::size_t>(making.described.values_of(making.id)));
  if (!wanted.literal.empty()) {
    std::transform(wanted.literal.begin(), wanted.literal.end(), making.values.begin(),
                   [&](double value) { return rounded_to(making.operand().dtype, value); });
  } else {
    entry_of(wanted.recipe)->make(making);
    put_plants(making);
  }
  keep_last_of_equal_places(making);
}

bool is_made(const Case& described, OperandId id) {
  return takes_part(described, id) && is_read(use_of(described.op, id));
}

void require_room(const Case& described) {
  std::int64_t bytes = 0;
  for (const OperandId id : all_operands())
    if (is_made(described, id)) bytes += described.values_of(id) * static_cast<std::int64_t>(sizeof(double));
  if (bytes > most_bytes) throw NoMemory(fmt::format("its values need {} bytes, more than {}", bytes, most_bytes));
}

}  // namespace

const std::vector<Recipe>& recipes() {
  static const std::vector<Recipe> known = [] {
    std::vector<Recipe> list;
    list.reserve(entries.size());
    for (const Entry& entry : entries) list.push_back({entry.name, entry.fewest, entry.most});
    return list;
  }();
  return known;
}

std::string recipe_problem(const Values& values, OperandId id) {
  const Entry* entry = entry_of(values.recipe);
  if (entry == nullptr) return "unknown recipe";
  const std::size_t count = values.parameters.size();
  if (count < entry->fewest || count > entry->most)
    return entry->fewest == entry->most
               ? fmt::format("{} takes {} parameters, not {}", entry->name, entry->most, count)
               : fmt::format("{} takes {} to {} parameters, not {}", entry->name, entry->fewest, entry->most, count);
  const auto finite = [](double parameter) { return std::isfinite(parameter); };
  if (!std::all_of(values.parameters.begin(), values.parameters.end(), finite)) return "a parameter is not finite";
  if (entry->operands == For::upstream_gradient && id != OperandId::dy) return fmt::format("{} is for dy", entry->name);
  if (entry->operands == For::statistics && !is_statistic(id)) return fmt::format("{} is for statistics", entry->name);
  if (entry->operands == For::statistics && count > 0 && (is_saved(id) || id == OperandId::fn_mean_low))
    return fmt::format("{} takes no parameters here", entry->name);
  return range_problem(values.recipe, values.parameters);
}

double rounded_to(normproof_dtype dtype, double value) {
  if (std::isnan(value)) return std::numeric_limits<double>::quiet_NaN();
  if (dtype != NORMPROOF_F32) return value;
  constexpr double beyond = 0x1.ffffffp127;  // half a unit above the largest f32: rounds to ∞
  if (std::abs(value) >= beyond) return std::copysign(std::numeric_limits<double>::infinity(), value);
  return static_cast<double>(static_cast<float>(value));
}

InputValues input_values(const Case& described) {
  require_valid(described);
  require_room(described);
  InputValues inputs;
  const auto values = [&](OperandId id) -> std::vector<double>& { return inputs.of[static_cast<std::size_t>(id)]; };
  XValues x(described, values(OperandId::x));
  for (const OperandId id : all_operands())  // x is the first
    if (is_made(described, id)) make_values({described, id, x, values(id)});
  return inputs;
}

}  // namespace normproof::conformance
