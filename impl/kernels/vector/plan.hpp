// In which blocks does a vector kernel go over its operands, and through which stores does it write?
//
// Blocks of channels    where the values of a channel fit into the second-level cache: sums and result of a block are
//                       done one after the other, so that memory sees each operand once. The next block is fetched
//                       meanwhile where two of them fit, or where one leaves so little room that part of it has to be
//                       read again from the level behind. Where the places of a channel do not fill groups of sixteen
//                       well, a block is seen as rows of columns. Where the caches keep all operands and planes are
//                       shorter than a page, blocks are larger than that level, so that a sample of one is long.
// Segments              a channel that does not fit is read twice, in segments of at most 2^17 values.
// Rows                  read twice, the second time from the end, in parts of at most 2048 rows.
// Without sums          in the order of memory; places that do not fill groups well are columns here, too.
// Stores                non-temporal ones, which do not read what they overwrite, where the operands together exceed
//                       what the caches keep: sixteen times the second level. In place: regular ones.
//
// Blocks, segments and parts depend on the shape alone, never on the number of threads: neither do bits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "impl/kernels/vector/dense_shape.hpp"
#include "impl/kernels/vector/passes.hpp"

namespace normproof::kernels::vector {

struct Plan {
  enum class Traversal { blocks, columns, segments, rows } traversal = Traversal::blocks;
  std::int64_t channels_per_block = 1;
  bool block_fits = true;  // into the second-level cache
  bool sums_ahead = false;
  std::int64_t segments = 1;  // of one channel
  std::int64_t rows_per_part = 1;
  std::int64_t folded_rows =
      1;  // rows that are seen as one, so that columns fill groups of sixteen and rows are not short
  Stores stores = Stores::regular;
};

struct CacheSizes {
  std::int64_t second_level = 0;  // bytes
};
// Of the processor, as the system tells; 1 MiB where it does not.
CacheSizes cache_sizes();

// `operands_read` of x (and dy); one more is written. `in_place`: over one of those.
Plan plan_for(const DenseShape& shape, int operands_read, bool in_place, const CacheSizes& caches);

// For tests: take the place of what plan_for would choose and of what cache_sizes would say, in this program, until
// they are called with nothing.
void force_stores(std::optional<Stores> stores);
void force_cache_sizes(std::optional<CacheSizes> caches);

// `with_sums`: elements are looked at for their sums first.
std::string in_words(const DenseShape& shape, const Plan& plan, bool with_sums);

}  // namespace normproof::kernels::vector
