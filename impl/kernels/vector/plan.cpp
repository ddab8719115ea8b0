// In which blocks does a vector kernel go over its operands, and through which stores does it write?
#include "impl/kernels/vector/plan.hpp"

#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <numeric>

namespace normproof::kernels::vector {
namespace {

// Empirical: chosen by trials on one machine (AVX-512, 1 MiB) that did other work too. bench/kernels measures what they
// are worth; the bounds of accuracy are held to under others, too (vector_targets_test.cpp).
constexpr std::int64_t usual_second_level = std::int64_t{1} << 20;
constexpr std::int64_t most_values_of_a_segment = std::int64_t{1} << 17;
constexpr std::int64_t most_rows_of_a_part = 2048, fewest_rows_of_a_part = 64, likely_parts = 16;
constexpr std::int64_t most_folded_columns = 4096, columns_of_a_short_row = 256;
constexpr std::int64_t cached_second_levels = 16;
constexpr std::int64_t block_bytes_share = 4;  // of the second level
constexpr std::int64_t floats_of_a_page = 1024, channels_in_order = 64;
constexpr std::int64_t group_of_floats = 16, spatial_of_long_planes = 64, rows_of_columns = 32;

std::atomic<int> forced_stores{-1};
std::atomic<std::int64_t> forced_second_level{0};

std::int64_t rounded_up(std::int64_t count, std::int64_t unit) { return (count + unit - 1) / unit * unit; }

}  // namespace

CacheSizes cache_sizes() {
  if (const std::int64_t forced = forced_second_level; forced > 0) return {forced};
#ifdef _SC_LEVEL2_CACHE_SIZE
  static const long told = sysconf(_SC_LEVEL2_CACHE_SIZE);
  return {told > 0 ? told : usual_second_level};
#else
  return {usual_second_level};
#endif
}

void force_stores(std::optional<Stores> stores) { forced_stores = stores ? static_cast<int>(*stores) : -1; }
void force_cache_sizes(std::optional<CacheSizes> caches) { forced_second_level = caches ? caches->second_level : 0; }

Plan plan_for(const DenseShape& shape, int operands_read, bool in_place, const CacheSizes& caches) {
  Plan plan;
  const std::int64_t bytes = shape.elements() * static_cast<std::int64_t>(sizeof(float)) * (operands_read + 1);
  if (!in_place && bytes > cached_second_levels * caches.second_level) plan.stores = Stores::non_temporal;
  if (const int wish = forced_stores; wish >= 0) plan.stores = static_cast<Stores>(wish);
  if (!shape.planes) {
    plan.traversal = Plan::Traversal::rows;
    std::int64_t fold = group_of_floats / std::gcd(shape.columns, group_of_floats);
    fold *= std::max<std::int64_t>(columns_of_a_short_row / (shape.columns * fold), 1);
    if (shape.columns * fold <= most_folded_columns && shape.rows >= 2 * fold) plan.folded_rows = fold;
    const std::int64_t rows = shape.rows / plan.folded_rows;
    plan.rows_per_part =
        std::clamp(rounded_up((rows + likely_parts - 1) / likely_parts, 8), fewest_rows_of_a_part, most_rows_of_a_part);
    return plan;
  }
  const std::int64_t values = shape.batch * shape.spatial;
  const std::int64_t channel_bytes = values * static_cast<std::int64_t>(sizeof(float)) * operands_read;
  if (values > most_values_of_a_segment || channel_bytes > caches.second_level) {
    plan.traversal = Plan::Traversal::segments;
    plan.segments = (values + most_values_of_a_segment - 1) / most_values_of_a_segment;
    return plan;
  }
  std::int64_t channels = std::max<std::int64_t>(caches.second_level / block_bytes_share / channel_bytes, 1);
  if (shape.spatial % group_of_floats != 0 && shape.spatial < spatial_of_long_planes &&
      shape.batch >= rows_of_columns) {
    const std::int64_t fold = group_of_floats / std::gcd(shape.spatial, group_of_floats);
    if (fold * channel_bytes <= caches.second_level * 7 / 8) {
      plan.traversal = Plan::Traversal::columns;
      channels = rounded_up(channels, fold);
      if (channels * channel_bytes > caches.second_level * 7 / 8) channels = fold;
    }
  }
  // Reading twice what the caches keep costs less than going from one short plane to the next that is far away.
  const bool in_order = plan.traversal == Plan::Traversal::blocks &&
                        bytes <= cached_second_levels * caches.second_level && shape.spatial < floats_of_a_page;
  if (in_order) channels = std::max(channels, channels_in_order);
  plan.channels_per_block = std::clamp<std::int64_t>(channels, 1, shape.channels);
  plan.block_fits = plan.channels_per_block * channel_bytes <= caches.second_level;
  // Two blocks, and room for what else is there. Where already one nearly fills that level little of it stays there
  // until it is read again: reading, adding and writing at the same time is worth more.
  const std::int64_t block_bytes = plan.channels_per_block * channel_bytes;
  plan.sums_ahead =
      2 * block_bytes <= caches.second_level * 7 / 8 ||
      (plan.traversal == Plan::Traversal::blocks && plan.block_fits && block_bytes > caches.second_level * 2 / 3);
  return plan;
}

std::string in_words(const DenseShape& shape, const Plan& plan, bool with_sums) {
  std::string words;
  const auto number = [](std::int64_t n) { return std::to_string(n); };
  const auto counted = [&](std::int64_t n, const char* one) { return number(n) + " " + one + (n == 1 ? "" : "s"); };
  const std::string blocks = "blocks of " + counted(plan.channels_per_block, "channel") +
                             (plan.block_fits ? ", each read once from memory" : ", each read twice");
  const std::string reads = with_sums ? ", read twice" : ", read once";
  const bool in_order =
      !with_sums && (plan.traversal == Plan::Traversal::blocks || plan.traversal == Plan::Traversal::segments);
  if (in_order) {
    words = "sample after sample" + reads;
  } else {
    switch (plan.traversal) {
      case Plan::Traversal::blocks: words = blocks; break;
      case Plan::Traversal::columns:
        words = blocks + ", as " + counted(shape.batch, "row") + " of " +
                counted(plan.channels_per_block * shape.spatial, "column");
        break;
      case Plan::Traversal::segments:
        words = "channel by channel" + reads + ", in " + counted(plan.segments, "segment");
        break;
      case Plan::Traversal::rows:
        words = counted(shape.rows, "row") + " of " + counted(shape.columns, "column") + reads + ", in parts of " +
                counted(plan.rows_per_part * plan.folded_rows, "row");
        break;
    }
  }
  if (plan.sums_ahead && !in_order) words += "; the next block is fetched meanwhile";
  words += plan.stores == Stores::regular ? "; regular stores" : "; non-temporal stores";
  return words;
}

}  // namespace normproof::kernels::vector
