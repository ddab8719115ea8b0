// Which is the simplest case that fails as a given one does?
#include "proofs_checks/conformance/shrink.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numeric>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "proofs_checks/conformance/memory.hpp"
#include "proofs_checks/conformance/recipes.hpp"

namespace normproof::conformance {
namespace {

constexpr double elements_of_a_run = 8192;  // so many more cost as much as a run of a small case
constexpr std::int64_t most_literal_values = 32;
constexpr std::int64_t most_values_to_cut = 1 << 16;  // of which one channel is cut out
constexpr int most_rounds = 3;                        // of all the steps, while one of them finds something

using Extent = std::int64_t Case::*;
constexpr std::array<Extent, 3> extents = {&Case::batch, &Case::channels, &Case::spatial};

std::vector<OperandId> operands_of(const Case& described, bool (*wanted)(Use)) {
  std::vector<OperandId> ids;
  for (std::size_t k = 0; k < operand_count; ++k) {
    const auto id = static_cast<OperandId>(k);
    if (described[id].present && wanted(use_of(described.op, id))) ids.push_back(id);
  }
  return ids;
}

bool is_used(Use use) { return use != Use::unused; }

// Already as simple as with fewer bits.
bool is_whole(const Values& values) {
  return values.recipe == "zero" || values.recipe == "one" || values.recipe == "integers";
}

bool is_made_from_x(const Values& values) { return values.literal.empty() && values.recipe == "from_x"; }

// A part of the indices along each extent.
struct Part {
  std::array<std::vector<std::int64_t>, 3> kept;  // batch, channel, spatial
};

std::vector<std::int64_t> first_indices(std::int64_t count) {
  std::vector<std::int64_t> indices(static_cast<std::size_t>(std::max<std::int64_t>(count, 0)));
  std::iota(indices.begin(), indices.end(), std::int64_t{0});
  return indices;
}

Part whole(const Case& described) {
  return {{first_indices(described.batch), first_indices(described.channels), first_indices(described.spatial)}};
}

// Of values of a tensor (batch, channel, spatial) or of a vector (by channel) those of the part.
std::vector<double> values_in(const Part& part, const std::vector<double>& all, bool tensor, const Case& from) {
  std::vector<double> values;
  const auto& [batches, channels, positions] = part.kept;
  const auto add = [&](std::int64_t at) { values.push_back(all.at(static_cast<std::size_t>(at))); };
  if (!tensor) {
    for (const std::int64_t c : channels) add(c);
    return values;
  }
  for (const std::int64_t b : batches)
    for (const std::int64_t c : channels)
      for (const std::int64_t s : positions) add((b * from.channels + c) * from.spatial + s);
  return values;
}

// The call on a part of its elements. Values that are written out go along; a recipe starts anew on the smaller shape.
Case restricted(const Case& described, const Part& part) {
  Case smaller = described;
  for (std::size_t e = 0; e < extents.size(); ++e) smaller.*extents[e] = std::ssize(part.kept[e]);
  for (std::size_t k = 0; k < operand_count; ++k) {
    Values& values = smaller.operands[k].values;
    std::erase_if(values.plants, [&](const Plant& plant) { return plant.channel >= smaller.channels; });
    if (!values.literal.empty()) values.literal = values_in(part, values.literal, k < tensor_count, described);
  }
  return smaller;
}

Case with_extent(const Case& described, std::size_t extent, std::int64_t value) {
  Part part = whole(described);
  part.kept[extent] = first_indices(value);
  return restricted(described, part);
}

// Numbers in place of recipes. What is made from x stays so, and the plants of the relation that is about them.
Case written_out(const Case& described) {
  const InputValues inputs = input_values(described);
  Case literal = described;
  for (const OperandId id : operands_of(described, is_read)) {
    Values& values = literal[id].values;
    const bool needs_plants = described.relation == Relation::other_channels && !values.plants.empty();
    if (!values.literal.empty() || is_made_from_x(values) || needs_plants) continue;
    values = {};
    values.literal = inputs[id];
  }
  return literal;
}

Case with_flush_ends(const Case& described) {
  Case flush = described;
  for (const OperandId id : operands_of(described, is_used)) flush[id].offset = flush_offset(described, id);
  return flush;
}

// "batch 0, channel 12, spatial 1" → 12.
std::optional<std::int64_t> channel_in(const std::string& place) {
  constexpr std::string_view mark = "channel ";
  const std::size_t at = place.find(mark);
  if (at == std::string::npos) return std::nullopt;
  std::int64_t channel = 0;
  const char* const end = place.data() + place.size();
  if (std::from_chars(place.data() + at + mark.size(), end, channel).ec != std::errc()) return std::nullopt;
  return channel;
}

// To so many significant decimal digits.
double with_digits(double value, int digits) { return std::stod(fmt::format("{:.{}e}", value, digits - 1)); }

bool is_valid(const Case& described) {
  try {
    require_valid(described);
    return true;
  } catch (const CaseError&) {
    return false;
  }
}

class Shrinker {
 public:
  Shrinker(const Case& failing, const Finding& finding, const StillFails& still_fails, const ShrinkBudget& budget)
      : still_fails_(still_fails),
        left_(budget.runs),
        end_(Clock::now() + std::chrono::duration_cast<Clock::duration>(budget.clock)),
        plainest_{failing, finding, 0, false} {
    tried_.insert(text(failing));
  }

  Shrunk shrink() {
    for (int round = 0; round < most_rounds; ++round) {
      const std::string before = text(now());
      extents_go_down();
      one_channel_stays();
      options_become_plain();
      operands_become_plain();
      values_become_simple();
      if (text(now()) == before) break;
    }
    bits_go_down();
    values_are_written_out();
    return plainest_;
  }

 private:
  using Clock = std::chrono::steady_clock;

  const Case& now() const { return plainest_.smallest; }

  // Keeps the candidate where it fails in the same way.
  bool attempt(const Case& candidate) {
    if (!is_valid(candidate) || !tried_.insert(text(candidate)).second) return false;
    const double cost = 1 + static_cast<double>(candidate.elements()) / elements_of_a_run;
    if (cost > left_ || Clock::now() > end_) return false;
    left_ -= cost;
    ++plainest_.runs;
    std::optional<Finding> finding = still_fails_(candidate);
    if (!finding) return false;
    plainest_.smallest = candidate;
    plainest_.finding = std::move(*finding);
    plainest_.smaller = true;
    return true;
  }

  // A crash may need that operands end where the inaccessible pages begin; a smaller one does not do so by itself.
  bool attempt_smaller(const Case& candidate) {
    if (attempt(candidate)) return true;
    return plainest_.finding.kind == Finding::Kind::crash && attempt(with_flush_ends(candidate));
  }

  // The case with something changed.
  template <class Change>
  bool attempt_with(const Change& change) {
    Case candidate = now();
    change(candidate);
    return attempt(candidate);
  }

  void extents_go_down() {
    for (std::size_t e = 0; e < extents.size(); ++e) {
      const auto extent = [&] { return now().*extents[e]; };
      const auto set = [&](std::int64_t value) {
        return value >= 1 && value < extent() && attempt_smaller(with_extent(now(), e, value));
      };
      if (set(1) || set(2)) continue;
      while (set(extent() / 2)) {
      }
      while (set(extent() - 1)) {
      }
    }
  }

  // The channel in which the finding is, with its values written out: a recipe would give channel 0 others.
  void one_channel_stays() {
    const std::optional<std::int64_t> channel = channel_in(plainest_.finding.place);
    if (!channel || now().channels <= 1 || *channel >= now().channels || now().per_channel() > most_literal_values)
      return;
    if (now().elements() > most_values_to_cut) return;
    Part part = whole(now());
    part.kept[1] = {*channel};
    attempt(restricted(written_out(now()), part));
  }

  void options_become_plain() {
    const Case plain;
    attempt_with([](Case& made) {
      for (std::size_t k = 0; k < tensor_count; ++k) made.operands[k].layout = Layout{};
    });
    attempt_with([](Case& made) {
      for (Operand& operand : made.operands) operand.offset = 0;
    });
    attempt_with([&](Case& made) { made.in_place = plain.in_place; });
    attempt_with([&](Case& made) { made.threads = plain.threads; });
    attempt_with([&](Case& made) { made.eps = plain.eps; });
    attempt_with([&](Case& made) { made.momentum = plain.momentum; });
    attempt_with([&](Case& made) { made.variance = plain.variance; });
    attempt_with([&](Case& made) { made.guard_in_front = plain.guard_in_front; });
    attempt_with([&](Case& made) { made.inputs_read_only = plain.inputs_read_only; });
    attempt_with([&](Case& made) { made.poison = plain.poison; });
    attempt_with([&](Case& made) { made.call_size = plain.call_size; });
  }

  void operands_become_plain() {
    const auto x_dtype = now()[OperandId::x].dtype;
    const Case plain = plain_case(now().op, x_dtype, now().batch, now().channels, now().spatial, now().seed);
    for (const OperandId id : operands_of(now(), is_used)) {
      if (is_optional(use_of(now().op, id)) && attempt_with([id](Case& made) { made[id].present = false; })) continue;
      attempt_with([&](Case& made) { made[id].dtype = plain[id].dtype; });
      attempt_with([id](Case& made) { made[id].offset = 0; });
      // Where y is x, or dx is dy, they lie in the same way.
      if (is_tensor(id) && !now().in_place) layout_becomes_plain(id);
      for (std::size_t k = now()[id].values.plants.size(); k-- > 0;) {
        attempt_with([&](Case& made) {
          std::vector<Plant>& plants = made[id].values.plants;
          plants.erase(plants.begin() + static_cast<std::ptrdiff_t>(k));
        });
      }
    }
  }

  void layout_becomes_plain(OperandId id) {
    const Layout plain;
    if (now()[id].layout == plain || attempt_with([&](Case& made) { made[id].layout = plain; })) return;
    attempt_with([&](Case& made) { made[id].layout.order = plain.order; });
    attempt_with([&](Case& made) { made[id].layout.gap = plain.gap; });
    attempt_with([&](Case& made) { made[id].layout.pad = plain.pad; });
    attempt_with([&](Case& made) { made[id].layout.zero = plain.zero; });
    attempt_with([&](Case& made) { made[id].layout.far = plain.far; });
  }

  // From the simplest on: the first that fails is taken.
  static std::vector<Values> simple_values(OperandId id) {
    const Values zero{"zero", {}, {}, 0, {}};
    const Values one{"one", {}, {}, 0, {}};
    const Values few{"integers", {-2, 2}, {}, 0, {}};
    const Values some{"integers", {-8, 8}, {}, 0, {}};
    switch (id) {
      case OperandId::x: return {zero, one, {"two_valued", {0, 1}, {}, 0, {}}, few, some};
      case OperandId::dy: return {one, {"two_valued", {0, 1}, {}, 0, {}}, few, some};
      case OperandId::gamma:
      case OperandId::running_var:
      case OperandId::saved_inv_std: return {one};
      case OperandId::beta:
      case OperandId::running_mean:
      case OperandId::saved_mean:
      case OperandId::saved_mean_low: return {zero};
      default: return {};
    }
  }

  void values_become_simple() {
    for (const OperandId id : operands_of(now(), is_read)) {
      const Values& values = now()[id].values;
      if (!values.literal.empty() || is_made_from_x(values)) continue;
      const std::vector<Plant> plants = values.plants;
      for (Values candidate : simple_values(id)) {
        candidate.plants = plants;
        if (candidate == now()[id].values || attempt_with([&](Case& made) { made[id].values = candidate; })) break;
      }
    }
  }

  void bits_go_down() {
    for (const OperandId id : operands_of(now(), is_read)) {
      const Values& values = now()[id].values;
      if (!values.literal.empty() || values.bits != 0 || is_made_from_x(values) || is_whole(values)) continue;
      for (const int bits : {2, 4, 8, 12}) {
        if (attempt_with([&](Case& made) { made[id].values.bits = bits; })) break;
      }
    }
  }

  void values_are_written_out() {
    if (now().elements() > most_literal_values || now().elements() == 0) return;
    attempt(written_out(now()));
    for (std::size_t e = 0; e < extents.size(); ++e) indices_go(e);
    for (const OperandId id : operands_of(now(), is_read)) {
      for (std::size_t k = 0; k < now()[id].values.literal.size(); ++k) value_becomes_simple(id, k);
    }
  }

  // Each sample, channel or position by itself, the last one first.
  void indices_go(std::size_t extent) {
    for (std::int64_t index = now().*extents[extent] - 1; index >= 0 && now().*extents[extent] > 1; --index) {
      Part part = whole(now());
      std::erase(part.kept[extent], index);
      attempt_smaller(restricted(now(), part));
    }
  }

  void value_becomes_simple(OperandId id, std::size_t k) {
    const double value = now()[id].values.literal[k];
    if (!std::isfinite(value)) return;
    for (const double simpler :
         {0.0, 1.0, std::round(value), with_digits(value, 1), with_digits(value, 2), with_digits(value, 4)}) {
      if (simpler == value) return;
      if (std::isfinite(simpler) && attempt_with([&](Case& made) { made[id].values.literal[k] = simpler; })) return;
    }
  }

  const StillFails& still_fails_;
  double left_;
  Clock::time_point end_;
  Shrunk plainest_;
  std::set<std::string> tried_;
};

}  // namespace

Shrunk shrink(const Case& failing, const Finding& finding, const StillFails& still_fails, const ShrinkBudget& budget) {
  return Shrinker(failing, finding, still_fails, budget).shrink();
}

const Finding* same_finding(const CaseResult& result, const Finding& wanted) {
  const auto found = std::find_if(result.findings.begin(), result.findings.end(), [&](const Finding& finding) {
    return finding.kind == wanted.kind && finding.operand == wanted.operand;
  });
  return found == result.findings.end() ? nullptr : &*found;
}

}  // namespace normproof::conformance
