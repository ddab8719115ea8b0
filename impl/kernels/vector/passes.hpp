// Over which data do the vector passes go, and what does each of them do?
//
// Planes    A block of channels, batch by batch: sample b of the block is channels · spatial floats side by side, at
//           data + b · sample_stride. Channels are looked at one after the other; `spatial` is 16 or more.
// Rows      `rows` times `columns` floats, row_stride apart; each column belongs to one channel. NHWC and N×C, and
//           blocks of channels of NCHW with few places, seen as N × (C·H·W).
//
// Sums are kept in double. In two levels, the values of a chunk are first added up in float (terms.hpp), for a pass in
// double takes longer than reading its operands. Where such sums of a channel cannot be trusted (trust.hpp), they are
// formed again in one level, all of it in double. What is done to each element is done in float where a channel's
// numbers allow it (element_maps.hpp), else in double. Every pass has a version for each vector target (SSE4, AVX2,
// AVX-512, NEON); the best one that the processor has is taken when it is first called.
//
// In float x − high is formed as x/2 − high/2, and the factor after it doubled: so nothing overflows on the way to a
// result that does not, and halving is exact but for subnormal numbers. Near the mean the difference is exact.
#pragma once

#include <cstdint>

#include "impl/kernels/vector/element_maps.hpp"

namespace normproof::kernels::vector {

enum class Levels { one, two };
enum class Stores { regular, non_temporal };

struct Planes {
  std::int64_t batch, sample_stride, channels, spatial;
};

struct Rows {
  std::int64_t rows, row_stride, columns;
  bool fetch_next = false;  // whether to fetch the next block, of as many columns, while this one is written
};

// Sixteen sums of sixteen parts of a channel: `first` of the values less a shift (or of dy), `second` of their squares
// (or of dy times the deviation).
struct alignas(64) LaneSums {
  double first[16] = {}, second[16] = {};
};
// The sum of the lanes, of each of `count` channels.
void totals(const LaneSums* lanes, std::int64_t count, double* first, double* second);

// The maps of the channels of planes: from the one numbered `first` on.
struct PlaneMaps {
  const ChannelMaps& of;
  std::int64_t first = 0;
};

// The sums of the next block, of as many channels, which lies behind this one in each sample: formed while the elements
// of this block are written, so that reading, adding and writing go on at the same time. Nothing where sums is nullptr.
struct NextSums {
  const float* about = nullptr;
  LaneSums* sums = nullptr;
};

// Σ (x − about) and Σ (x − about)² of each channel.
void sums_of_planes(const float* x, const Planes& planes, const float* about, LaneSums* sums, Levels levels);
// The same of each column, added to what is there.
void add_rows(const float* x, const Rows& rows, const float* about, double* first, double* second, Levels levels);

// y, by the map of its channel or column.
void normalize_planes(const float* x, float* y, const Planes& planes, const PlaneMaps& maps, const NextSums& next,
                      Stores stores);
void normalize_rows(const float* x, float* y, const Rows& rows, const ColumnMaps& maps, Stores stores);

// Σ dy and Σ dy (x − about) of each channel.
void gradient_sums_of_planes(const float* x, const float* dy, const Planes& planes, const float* about, LaneSums* sums,
                             Levels levels);
void add_gradient_rows(const float* x, const float* dy, const Rows& rows, const float* about, double* first,
                       double* second, Levels levels);

// dx, likewise.
void input_gradient_of_planes(const float* x, const float* dy, float* dx, const Planes& planes, const PlaneMaps& maps,
                              const NextSums& next, Stores stores);
void input_gradient_of_rows(const float* x, const float* dy, float* dx, const Rows& rows, const ColumnMaps& maps,
                            Stores stores);

}  // namespace normproof::kernels::vector
