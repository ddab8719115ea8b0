// How are the doubles of a hostile case made?
#include "proofs_checks/inputs/hostile.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

namespace normproof::inputs {

using evidence::VariableInfo;

namespace {

struct NamedRegime {
  Regime regime;
  const char* words;
};

constexpr std::array<NamedRegime, 25> named_regimes = {{
    {Regime::far_mean, "mean far from 0"},
    {Regime::constant_channel, "constant channel"},
    {Regime::nearly_constant_channel, "channel constant but for one ulp"},
    {Regime::scaled_down, "scaled down by up to 2^60"},
    {Regime::scaled_up, "scaled up by up to 2^60"},
    {Regime::subnormal, "subnormal"},
    {Regime::integers, "small integers"},
    {Regime::sparse, "sparse"},
    {Regime::all_equal, "all equal"},
    {Regime::upstream_follows_x, "upstream follows x"},
    {Regime::upstream_has_mean, "upstream has a mean"},
    {Regime::upstream_large, "upstream large"},
    {Regime::scale_zero, "γ = 0"},
    {Regime::scale_negative, "γ < 0"},
    {Regime::scale_tiny, "γ tiny"},
    {Regime::eps_zero, "ε = 0"},
    {Regime::eps_tiny, "ε = 1e-12"},
    {Regime::eps_one, "ε = 1"},
    {Regime::eps_huge, "ε huge"},
    {Regime::rate_zero, "α = 0"},
    {Regime::rate_tiny, "α tiny"},
    {Regime::rate_one, "α = 1"},
    {Regime::variance_zero, "variance 0"},
    {Regime::variance_tiny, "variance tiny"},
    {Regime::variance_huge, "variance huge"},
}};

constexpr std::uint32_t bit(Regime regime) { return static_cast<std::uint32_t>(regime); }

constexpr std::uint32_t of_real_arrays = bit(Regime::far_mean) | bit(Regime::constant_channel) |
                                         bit(Regime::nearly_constant_channel) | bit(Regime::scaled_down) |
                                         bit(Regime::scaled_up) | bit(Regime::subnormal) | bit(Regime::integers) |
                                         bit(Regime::sparse) | bit(Regime::all_equal);
constexpr std::uint32_t of_upstream = bit(Regime::upstream_follows_x) | bit(Regime::upstream_has_mean) |
                                      bit(Regime::upstream_large) | bit(Regime::sparse) | bit(Regime::integers);
constexpr std::uint32_t of_scale =
    bit(Regime::scale_zero) | bit(Regime::scale_negative) | bit(Regime::scale_tiny) | bit(Regime::integers);
constexpr std::uint32_t of_eps =
    bit(Regime::eps_zero) | bit(Regime::eps_tiny) | bit(Regime::eps_one) | bit(Regime::eps_huge);
constexpr std::uint32_t of_rate = bit(Regime::rate_zero) | bit(Regime::rate_tiny) | bit(Regime::rate_one);
constexpr std::uint32_t of_variance =
    bit(Regime::variance_zero) | bit(Regime::variance_tiny) | bit(Regime::variance_huge);
constexpr std::uint32_t of_other_arrays = bit(Regime::sparse) | bit(Regime::integers) | bit(Regime::scaled_down) |
                                          bit(Regime::scaled_up) | bit(Regime::far_mean);

std::uint32_t regimes_of(Role role) {
  switch (role) {
    case Role::activation: return of_real_arrays;
    case Role::upstream: return of_upstream;
    case Role::scale: return of_scale;
    case Role::epsilon: return of_eps;
    case Role::rate: return of_rate;
    case Role::variance: return of_variance;
    case Role::shift:
    case Role::weight:
    case Role::mean:
    case Role::direction:
    case Role::choice:  // never drawn: every value is enumerated
    case Role::target: return of_other_arrays;
  }
  return 0;
}

constexpr int far_mean_octaves = 20;  // κ up to 2²⁰, a little over 1e6
constexpr int scale_octaves = 60;
constexpr int tiny_scale_exponent = -60;
constexpr int large_upstream_exponent = 30;
constexpr double upstream_mean = 10;
constexpr double usual_eps[] = {1e-5, 1e-3, 0.1};
constexpr double tiny_eps = 1e-12;
constexpr int huge_exponent = 40;

// One array of the input: consecutive variables of one name, row by row.
struct ArrayRun {
  std::size_t first = 0;
  int rows = 0, columns = 0;
  Role role = Role::activation;
  std::size_t at(int row, int column) const {
    return first + static_cast<std::size_t>(row) * static_cast<std::size_t>(columns) + static_cast<std::size_t>(column);
  }
};

std::vector<ArrayRun> arrays_of(const std::vector<VariableInfo>& variables) {
  std::vector<ArrayRun> runs;
  for (std::size_t k = 0; k < variables.size(); ++k) {
    if (k == 0 || variables[k].array != variables[k - 1].array) runs.push_back({k, 0, 0, variables[k].role});
    runs.back().rows = std::max(runs.back().rows, variables[k].row + 1);
    runs.back().columns = std::max(runs.back().columns, variables[k].column + 1);
  }
  return runs;
}

double sign(RandomStream& stream) { return stream.chance(1, 2) ? 1 : -1; }

class Drawing {
 public:
  Drawing(const HostileCase& hostile_case, std::size_t size)
      : regimes_(hostile_case.regimes), stream_(hostile_case.key, "hostile"), values_(size, 0) {}

  void array(const ArrayRun& run, const ArrayRun* activation) {
    for (int column = 0; column < run.columns; ++column) {
      const bool affected = run.columns == 1 || stream_.chance(2, 3);
      const std::uint32_t active = affected ? regimes_ & regimes_of(run.role) : 0;
      switch (run.role) {
        case Role::upstream: upstream(run, column, active, activation); break;
        case Role::scale: scale(run, column, active); break;
        case Role::epsilon: each(run, column, [&] { return eps(active); }); break;
        case Role::rate: each(run, column, [&] { return rate(active); }); break;
        case Role::variance: each(run, column, [&] { return variance(active); }); break;
        default: real(run, column, active); break;
      }
    }
    if (run.role == Role::activation && on(regimes_, Regime::all_equal))
      for (int i = 0; i < run.rows; ++i)
        for (int j = 0; j < run.columns; ++j) values_[run.at(i, j)] = values_[run.first];
  }

  std::vector<double> take() { return std::move(values_); }

 private:
  static bool on(std::uint32_t active, Regime regime) { return (active & bit(regime)) != 0; }

  template <class Draw>
  void each(const ArrayRun& run, int column, const Draw& draw_one) {
    for (int i = 0; i < run.rows; ++i) values_[run.at(i, column)] = draw_one();
  }

  double integer() {
    constexpr int largest = 4;
    return static_cast<double>(stream_.below(2 * largest + 1)) - largest;
  }
  bool sparse_hit() { return stream_.chance(3, 4); }
  int octaves(int most) { return static_cast<int>(stream_.below(static_cast<std::uint64_t>(most) + 1)); }

  void real(const ArrayRun& run, int column, std::uint32_t active) {
    double mean = on(active, Regime::integers) ? 0 : stream_.normal();
    if (on(active, Regime::far_mean))
      mean = sign(stream_) * std::ldexp(1 + stream_.uniform(), octaves(far_mean_octaves - 1));
    each(run, column, [&] { return mean + (on(active, Regime::integers) ? integer() : stream_.normal()); });
    if (on(active, Regime::sparse))
      for (int i = 0; i < run.rows; ++i)
        if (sparse_hit()) values_[run.at(i, column)] = 0;
    if (on(active, Regime::constant_channel) || on(active, Regime::nearly_constant_channel)) {
      const double constant = values_[run.at(0, column)];
      each(run, column, [&] { return constant; });
    }
    if (on(active, Regime::scaled_down)) rescale(run, column, -octaves(scale_octaves));
    if (on(active, Regime::scaled_up)) rescale(run, column, octaves(scale_octaves));
    if (on(active, Regime::subnormal)) {
      constexpr std::uint64_t subnormals = std::uint64_t{1} << 30;
      each(run, column, [&] {
        return sign(stream_) * static_cast<double>(stream_.below(subnormals)) *
               std::numeric_limits<double>::denorm_min();
      });
    }
    if (on(active, Regime::nearly_constant_channel)) {
      double& changed = values_[run.at(static_cast<int>(stream_.below(static_cast<std::uint64_t>(run.rows))), column)];
      changed = std::nextafter(changed, std::numeric_limits<double>::infinity());
    }
  }

  void rescale(const ArrayRun& run, int column, int exponent) {
    for (int i = 0; i < run.rows; ++i) values_[run.at(i, column)] = std::ldexp(values_[run.at(i, column)], exponent);
  }

  void upstream(const ArrayRun& run, int column, std::uint32_t active, const ArrayRun* activation) {
    each(run, column, [&] { return on(active, Regime::integers) ? integer() : stream_.normal(); });
    if (on(active, Regime::sparse))
      for (int i = 0; i < run.rows; ++i)
        if (sparse_hit()) values_[run.at(i, column)] = 0;
    const bool same_shape = activation != nullptr && activation->rows == run.rows && activation->columns == run.columns;
    if (on(active, Regime::upstream_follows_x) && same_shape) {
      const double slope = sign(stream_) * (1 + stream_.uniform());
      for (int i = 0; i < run.rows; ++i) values_[run.at(i, column)] += slope * values_[activation->at(i, column)];
    }
    if (on(active, Regime::upstream_has_mean)) {
      const double mean = upstream_mean * sign(stream_) * (1 + stream_.uniform());
      for (int i = 0; i < run.rows; ++i) values_[run.at(i, column)] += mean;
    }
    if (on(active, Regime::upstream_large)) rescale(run, column, large_upstream_exponent);
  }

  void scale(const ArrayRun& run, int column, std::uint32_t active) {
    each(run, column, [&] {
      double gamma = on(active, Regime::integers) ? integer() : stream_.normal();
      if (on(active, Regime::scale_negative)) gamma = -std::abs(gamma);
      if (on(active, Regime::scale_tiny)) gamma = std::ldexp(gamma, tiny_scale_exponent);
      if (on(active, Regime::scale_zero)) gamma = 0;
      return gamma;
    });
  }

  double eps(std::uint32_t active) {
    const double usual = usual_eps[stream_.below(std::size(usual_eps))];
    if (on(active, Regime::eps_zero)) return 0;
    if (on(active, Regime::eps_tiny)) return tiny_eps;
    if (on(active, Regime::eps_one)) return 1;
    if (on(active, Regime::eps_huge)) return std::ldexp(1 + stream_.uniform(), huge_exponent);
    return usual * (1 + stream_.uniform());
  }

  double rate(std::uint32_t active) {
    const double usual = stream_.uniform();
    if (on(active, Regime::rate_zero)) return 0;
    if (on(active, Regime::rate_tiny)) return std::ldexp(1 + stream_.uniform(), -huge_exponent);
    if (on(active, Regime::rate_one)) return 1;
    return usual;
  }

  double variance(std::uint32_t active) {
    constexpr double least = 0.1, most = 4;
    const double usual = stream_.uniform(least, most);
    if (on(active, Regime::variance_zero)) return 0;
    if (on(active, Regime::variance_tiny)) return std::ldexp(usual, -huge_exponent);
    if (on(active, Regime::variance_huge)) return std::ldexp(usual, huge_exponent);
    return usual;
  }

  std::uint32_t regimes_;
  RandomStream stream_;
  std::vector<double> values_;
};

long extent_of(const Sizes& sizes) {
  return static_cast<long>(sizes.batch) * sizes.channels * sizes.hidden * sizes.outputs;
}

}  // namespace

std::uint32_t relevant_regimes(const std::vector<VariableInfo>& variables) {
  std::uint32_t relevant = 0;
  for (const VariableInfo& variable : variables)
    if (variable.used) relevant |= regimes_of(variable.role);
  return relevant;
}

HostileCase draw_case(RandomStream& stream, const std::vector<std::uint32_t>& relevant) {
  HostileCase drawn;
  const std::size_t size = stream.below(relevant.size());
  drawn.size_index = static_cast<int>(size);
  drawn.key = stream.next_uint64();
  std::vector<std::uint32_t> bits;
  for (const NamedRegime& named : named_regimes)
    if ((relevant[size] & bit(named.regime)) != 0) bits.push_back(bit(named.regime));
  constexpr std::uint64_t most_regimes = 3;
  if (bits.empty() || stream.chance(1, most_regimes + 1)) return drawn;
  for (std::uint64_t k = stream.below(most_regimes) + 1; k > 0; --k) drawn.regimes |= bits[stream.below(bits.size())];
  return drawn;
}

std::vector<double> draw(const HostileCase& hostile_case, const std::vector<VariableInfo>& variables) {
  const std::vector<ArrayRun> runs = arrays_of(variables);
  Drawing drawing(hostile_case, variables.size());
  const ArrayRun* activation = nullptr;
  for (const ArrayRun& run : runs) {
    if (run.role != Role::activation) continue;
    drawing.array(run, nullptr);
    if (activation == nullptr) activation = &run;
  }
  for (const ArrayRun& run : runs)
    if (run.role != Role::activation) drawing.array(run, activation);
  return drawing.take();
}

std::vector<HostileCase> simpler(const HostileCase& hostile_case, const std::vector<Sizes>& sizes) {
  std::vector<HostileCase> cases;
  const auto extent_at = [&](int index) { return extent_of(sizes[static_cast<std::size_t>(index)]); };
  std::vector<int> smaller(sizes.size());
  std::iota(smaller.begin(), smaller.end(), 0);
  std::stable_sort(smaller.begin(), smaller.end(), [&](int a, int b) { return extent_at(a) < extent_at(b); });
  for (const int index : smaller) {
    if (extent_at(index) >= extent_at(hostile_case.size_index)) break;
    HostileCase candidate = hostile_case;
    candidate.size_index = index;
    cases.push_back(candidate);
  }
  if (hostile_case.regimes != 0) {
    HostileCase plain = hostile_case;
    plain.regimes = 0;
    cases.push_back(plain);
  }
  for (const NamedRegime& named : named_regimes) {
    HostileCase candidate = hostile_case;
    candidate.regimes &= ~bit(named.regime);
    if (candidate.regimes != hostile_case.regimes && candidate.regimes != 0) cases.push_back(candidate);
  }
  return cases;
}

std::string words(const HostileCase& hostile_case) {
  std::string text;
  for (const NamedRegime& named : named_regimes) {
    if ((hostile_case.regimes & bit(named.regime)) == 0) continue;
    if (!text.empty()) text += ", ";
    text += named.words;
  }
  if (text.empty()) text = "plain";
  return text + " (key " + std::to_string(hostile_case.key) + ")";
}

}  // namespace normproof::inputs
