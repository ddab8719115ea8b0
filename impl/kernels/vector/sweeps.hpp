// How does a vector kernel go over its operands: sums of each channel, what follows from them, then each element?
//
// sum_and_map    about(first, count, to) what is subtracted from x in the sums of some channels: shifts, or means
//                finish(range, sums, maps)
//                                        writes what the kernel writes of some channels, and into `maps` all that is
//                                        done to each element of them; called once for each channel
// map_only       finish(range, maps) alone
// The passes and blocks are those of passes.hpp and plan.hpp. May throw where memory runs out, before anything is
// written.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>
#include <vector>

#include "impl/kernels/vector/channel_arithmetic.hpp"
#include "impl/kernels/vector/dense_shape.hpp"
#include "impl/kernels/vector/element_maps.hpp"
#include "impl/kernels/vector/parallel.hpp"
#include "impl/kernels/vector/passes.hpp"
#include "impl/kernels/vector/plan.hpp"
#include "impl/kernels/vector/trust.hpp"

namespace normproof::kernels::vector {

// What one call works on. dy is nullptr forward; the result is y, or dx, which may be nullptr.
struct Work {
  const float* x = nullptr;
  const float* dy = nullptr;
  float* result = nullptr;
  DenseShape shape;
  Plan plan;
  int threads = 1;
};

// What is subtracted from x in the sums of the channels first … first + count − 1.
using About = std::function<void(std::int64_t first, std::int64_t count, float* about)>;

// Of the first values of each channel, as many as there are up to 8 and as a power of two, the one that is nearest to
// their mean. A value of the channel, so that x − shift has no digits that the values have not.
// Why. With V the variance and m the count, the k values' mean is off by a, and they from it by b in root mean square,
// where k (a² + b²) ≤ m V, for that is Σ over the k of (x − mean)². So (shift − mean)² ≤ (a + b)² ≤ 2 m V/k.
About shifts_of(const Work& work);

// The floats nearest to means that are given in two parts; `low` may be absent. No x is nearer to the mean than the
// float is, so |x − about| ≤ 2 |x − mean|.
About means_of(const normproof_vector& high, const normproof_vector& low);

namespace sweep_detail {

inline void add_sums(const Work& work, std::int64_t at, const Planes& planes, const float* about, LaneSums* sums,
                     Levels levels) {
  if (work.dy == nullptr) {
    sums_of_planes(work.x + at, planes, about, sums, levels);
  } else {
    gradient_sums_of_planes(work.x + at, work.dy + at, planes, about, sums, levels);
  }
}

inline void map(const Work& work, std::int64_t at, const Planes& planes, const PlaneMaps& maps,
                const NextSums& next = {}) {
  if (work.result == nullptr) return;
  if (work.dy == nullptr) {
    normalize_planes(work.x + at, work.result + at, planes, maps, next, work.plan.stores);
  } else {
    input_gradient_of_planes(work.x + at, work.dy + at, work.result + at, planes, maps, next, work.plan.stores);
  }
}

// What is done to the elements of the channels first … first + count − 1, which the block has from 0 on.
template <class Finish>
void finish_block(const Work& work, std::int64_t first, std::int64_t count, const ChannelSums& sums,
                  const Finish& finish, ChannelMaps& maps) {
  const double root_m = std::sqrt(work.shape.values_per_channel());
  maps.clear();
  ExactMaps exact;
  for (std::int64_t at = 0; at < count; at += most_channels) {
    const ChannelRange range{first + at, std::min(most_channels, count - at)};
    finish(range, sums.from(at), exact);
    maps.set(at, range.count, exact, root_m);
  }
}

// Sums of channels, what was subtracted, and what came of it.
struct SumsOfChannels {
  explicit SumsOfChannels(std::int64_t channels)
      : about(static_cast<std::size_t>(channels)), first(about.size()), second(about.size()), trusted(about.size()) {}
  ChannelSums view() const { return {about.data(), first.data(), second.data()}; }
  // Whether the first `channels` all are; those that are not are to be formed again.
  bool are_trusted(const Work& work, std::int64_t channels) {
    return vector::are_trusted(channels, view(), work.shape.values_per_channel(), work.dy != nullptr, trusted.data());
  }
  std::vector<float> about;
  std::vector<double> first, second, trusted;
};

template <class Finish>
void blocks_of_channels(const Work& work, const About& about, const Finish& finish) {
  const DenseShape& shape = work.shape;
  const std::int64_t per_block = work.plan.channels_per_block;
  const std::int64_t blocks = (shape.channels + per_block - 1) / per_block;
  struct Block {
    std::vector<float> about;
    std::vector<LaneSums> sums;
  };
  struct Scratch {
    explicit Scratch(std::int64_t channels) : of_channels(channels), maps(channels) {}
    Block now, next;
    SumsOfChannels of_channels;
    ChannelMaps maps;
  };
  const auto size = static_cast<std::size_t>(per_block);
  std::vector<Scratch> scratch;
  for (int w = workers_for(work.threads, blocks); w-- > 0;) {
    Scratch& one = scratch.emplace_back(per_block);
    one.now = {std::vector<float>(size), std::vector<LaneSums>(size)};
    if (blocks > 1) one.next = one.now;
  }
  in_parallel(work.threads, blocks, [&](int worker, std::int64_t begin, std::int64_t end) {
    Scratch& own = scratch[static_cast<std::size_t>(worker)];
    const auto channels_of = [&](std::int64_t block) {
      return std::min(per_block, shape.channels - block * per_block);
    };
    const auto prepare = [&](Block& block, std::int64_t number) {
      about(number * per_block, channels_of(number), block.about.data());
      std::fill(block.sums.begin(), block.sums.end(), LaneSums{});
    };
    bool has_sums = false;
    for (std::int64_t block = begin; block < end; ++block) {
      const std::int64_t channels = channels_of(block), first = block * per_block, at = first * shape.spatial;
      const Planes planes{shape.batch, shape.channels * shape.spatial, channels, shape.spatial};
      if (!has_sums) {
        prepare(own.now, block);
        add_sums(work, at, planes, own.now.about.data(), own.now.sums.data(), Levels::two);
      }
      std::copy_n(own.now.about.begin(), channels, own.of_channels.about.begin());
      const auto take = [&](const LaneSums* lanes, std::int64_t channel, std::int64_t count) {
        totals(lanes, count, &own.of_channels.first[static_cast<std::size_t>(channel)],
               &own.of_channels.second[static_cast<std::size_t>(channel)]);
      };
      take(own.now.sums.data(), 0, channels);
      if (!own.of_channels.are_trusted(work, channels)) {
        const Planes one{planes.batch, planes.sample_stride, 1, planes.spatial};
        for (std::int64_t k = 0; k < channels; ++k) {
          if (own.of_channels.trusted[static_cast<std::size_t>(k)] != 0) continue;
          LaneSums again;
          add_sums(work, at + k * shape.spatial, one, &own.now.about[static_cast<std::size_t>(k)], &again, Levels::one);
          take(&again, k, 1);
        }
      }
      finish_block(work, first, channels, own.of_channels.view(), finish, own.maps);
      has_sums =
          work.result != nullptr && work.plan.sums_ahead && block + 1 < end && channels_of(block + 1) == channels;
      if (has_sums) prepare(own.next, block + 1);
      map(work, at, planes, {own.maps}, has_sums ? NextSums{own.next.about.data(), own.next.sums.data()} : NextSums{});
      if (has_sums) std::swap(own.now, own.next);
    }
  });
}

// The values begin … end − 1 of a channel, sample after sample, as planes of one channel.
template <class Visit>
void for_each_piece(const DenseShape& shape, std::int64_t channel, std::int64_t begin, std::int64_t end,
                    const Visit& visit) {
  const std::int64_t spatial = shape.spatial, stride = shape.channels * spatial;
  while (begin < end) {
    const std::int64_t sample = begin / spatial, place = begin % spatial;
    const bool whole_samples = place == 0 && end - begin >= spatial;
    const std::int64_t samples = whole_samples ? (end - begin) / spatial : 1;
    const std::int64_t places = whole_samples ? spatial : std::min(spatial - place, end - begin);
    visit(sample * stride + channel * spatial + place, Planes{samples, stride, 1, places});
    begin += samples * places;
  }
}

template <class Finish>
void segments_of_channels(const Work& work, const About& about, const Finish& finish) {
  const DenseShape& shape = work.shape;
  const std::int64_t values = shape.batch * shape.spatial, segments = work.plan.segments;
  const auto begin_of = [&](std::int64_t segment) {
    return values / segments * segment + std::min(segment, values % segments);
  };
  SumsOfChannels of_channels(shape.channels);
  std::vector<LaneSums> sums(static_cast<std::size_t>(shape.channels * segments));
  ChannelMaps maps(shape.channels);
  about(0, shape.channels, of_channels.about.data());
  // Of the channels that are not trusted: of all, at first.
  const auto sum_up = [&](Levels levels) {
    in_parallel(work.threads, shape.channels * segments, [&](int, std::int64_t begin, std::int64_t end) {
      for (std::int64_t part = begin; part < end; ++part) {
        const std::int64_t channel = part / segments, segment = part % segments;
        LaneSums& of_part = sums[static_cast<std::size_t>(part)];
        if (of_channels.trusted[static_cast<std::size_t>(channel)] != 0) continue;
        of_part = {};
        for_each_piece(
            shape, channel, begin_of(segment), begin_of(segment + 1), [&](std::int64_t at, const Planes& planes) {
              add_sums(work, at, planes, &of_channels.about[static_cast<std::size_t>(channel)], &of_part, levels);
            });
      }
    });
    std::fill(of_channels.first.begin(), of_channels.first.end(), 0.0);
    std::fill(of_channels.second.begin(), of_channels.second.end(), 0.0);
    for (std::int64_t part = 0; part < shape.channels * segments; ++part) {
      double first = 0, second = 0;
      totals(&sums[static_cast<std::size_t>(part)], 1, &first, &second);
      const auto channel = static_cast<std::size_t>(part / segments);
      of_channels.first[channel] += first;
      of_channels.second[channel] += second;
    }
  };
  sum_up(Levels::two);
  if (!of_channels.are_trusted(work, shape.channels)) sum_up(Levels::one);
  finish_block(work, 0, shape.channels, of_channels.view(), finish, maps);
  // From the end: what was read last is in the caches still.
  in_parallel(work.threads, shape.channels * segments, [&](int, std::int64_t begin, std::int64_t end) {
    for (std::int64_t part = end; part-- > begin;) {
      const std::int64_t channel = part / segments, segment = part % segments;
      for_each_piece(shape, channel, begin_of(segment), begin_of(segment + 1),
                     [&](std::int64_t at, const Planes& planes) {
                       map(work, at, planes, {maps, channel});
                     });
    }
  });
}

inline void add_sums(const Work& work, std::int64_t at, const Rows& rows, const float* about, double* first,
                     double* second, Levels levels) {
  if (work.dy == nullptr) {
    add_rows(work.x + at, rows, about, first, second, levels);
  } else {
    add_gradient_rows(work.x + at, work.dy + at, rows, about, first, second, levels);
  }
}

inline void map(const Work& work, std::int64_t at, const Rows& rows, const ColumnMaps& maps) {
  if (work.result == nullptr) return;
  if (work.dy == nullptr) {
    normalize_rows(work.x + at, work.result + at, rows, maps, work.plan.stores);
  } else {
    input_gradient_of_rows(work.x + at, work.dy + at, work.result + at, rows, maps, work.plan.stores);
  }
}

// The sums of columns.
struct ColumnSums {
  explicit ColumnSums(std::int64_t columns) : first(static_cast<std::size_t>(columns)), second(first.size()) {}

  void clear() {
    std::fill(first.begin(), first.end(), 0.0);
    std::fill(second.begin(), second.end(), 0.0);
  }
  void add(const ColumnSums& other) {
    const auto columns = static_cast<std::int64_t>(first.size());
    add_to(first.data(), other.first.data(), columns);
    add_to(second.data(), other.second.data(), columns);
  }
  // Of all channels, or of those alone that are not trusted.
  void gather(const ColumnsOfChannels& columns, SumsOfChannels& of_channels, bool again = false) const {
    const double* const but_for = again ? of_channels.trusted.data() : nullptr;
    columns.gather(first.data(), but_for, of_channels.first.data());
    columns.gather(second.data(), but_for, of_channels.second.data());
  }

  std::vector<double> first, second;
};

// visit(begin, count) for ranges of columns that hold all columns of channels that are not trusted, and few others:
// whole groups, for single columns would be slow.
template <class Visit>
void for_columns_to_sum_again(const ColumnsOfChannels& columns, const double* trusted, const Visit& visit) {
  constexpr std::int64_t group_of_columns = 16;
  std::int64_t begin = 0, end = 0;
  for (std::int64_t from = 0; from < columns.columns; from += group_of_columns) {
    const std::int64_t to = std::min(from + group_of_columns, columns.columns);
    bool again = false;
    for (std::int64_t k = from; k < to; ++k) again = again || trusted[columns.channel_of(k)] == 0;
    if (!again) continue;
    if (from > end || end == 0) {
      if (end > begin) visit(begin, end - begin);
      begin = from;
    }
    end = to;
  }
  if (end > begin) visit(begin, end - begin);
}

// Blocks of channels of planes, seen as rows of columns: each column is one place of a channel. Where sums are not
// wanted, `about` is nothing.
template <class Finish>
void blocks_of_columns(const Work& work, const About& about, const Finish& finish) {
  const DenseShape& shape = work.shape;
  const std::int64_t per_block = work.plan.channels_per_block, places = shape.spatial;
  const std::int64_t blocks = (shape.channels + per_block - 1) / per_block;
  struct Scratch {
    Scratch(std::int64_t channels, std::int64_t places)
        : about(static_cast<std::size_t>(channels * places)),
          of_columns(channels * places),
          of_channels(channels),
          channel_maps(channels),
          maps(channels * places) {}
    std::vector<float> about;
    ColumnSums of_columns;
    SumsOfChannels of_channels;
    ChannelMaps channel_maps;
    ColumnMaps maps;
  };
  std::vector<Scratch> scratch;
  for (int w = workers_for(work.threads, blocks); w-- > 0;) scratch.emplace_back(per_block, places);
  in_parallel(work.threads, blocks, [&](int worker, std::int64_t begin, std::int64_t end) {
    Scratch& own = scratch[static_cast<std::size_t>(worker)];
    for (std::int64_t block = begin; block < end; ++block) {
      const std::int64_t first = block * per_block, channels = std::min(per_block, shape.channels - first);
      const ColumnsOfChannels columns{channels * places, channels, places};
      Rows rows{shape.batch, shape.channels * places, channels * places, false};
      if (about) {
        about(first, channels, own.of_channels.about.data());
        columns.spread(own.of_channels.about.data(), own.about.data());
        const auto sum_up = [&](std::int64_t begin_column, std::int64_t count, Levels levels) {
          const auto k = static_cast<std::size_t>(begin_column);
          const Rows some{rows.rows, rows.row_stride, count};
          add_sums(work, first * places + begin_column, some, &own.about[k], &own.of_columns.first[k],
                   &own.of_columns.second[k], levels);
        };
        own.of_columns.clear();
        sum_up(0, columns.columns, Levels::two);
        own.of_columns.gather(columns, own.of_channels);
        if (!own.of_channels.are_trusted(work, channels)) {
          own.of_columns.clear();
          for_columns_to_sum_again(
              columns, own.of_channels.trusted.data(),
              [&](std::int64_t begin_column, std::int64_t count) { sum_up(begin_column, count, Levels::one); });
          own.of_columns.gather(columns, own.of_channels, true);
        }
      }
      finish_block(work, first, channels, own.of_channels.view(), finish, own.channel_maps);
      own.maps.set(own.channel_maps, columns);
      rows.fetch_next = work.plan.sums_ahead && first + channels + per_block <= shape.channels && block + 1 < end;
      map(work, first * places, rows, own.maps);
    }
  });
}

// The rows of a tensor as a plan takes them: `folded_rows` are seen as one, and the rows that are then left over have
// the first of its columns.
struct RowsInParts {
  explicit RowsInParts(const Work& work)
      : columns(work.shape.columns * work.plan.folded_rows),
        rows(work.shape.rows / work.plan.folded_rows),
        per_part(work.plan.rows_per_part),
        parts((rows + per_part - 1) / per_part),
        left_over{work.shape.rows % work.plan.folded_rows, work.shape.columns, work.shape.columns},
        of_channels{columns, work.shape.columns / work.shape.columns_per_channel, work.shape.columns_per_channel} {}
  Rows part(std::int64_t number) const { return {std::min(per_part, rows - number * per_part), columns, columns}; }
  std::int64_t begin_of(std::int64_t number) const { return number * per_part * columns; }
  std::int64_t left_at() const { return rows * columns; }

  std::int64_t columns, rows, per_part, parts;
  Rows left_over;
  ColumnsOfChannels of_channels;
};

template <class Finish>
void parts_of_rows(const Work& work, const About& about, const Finish& finish) {
  const RowsInParts rows(work);
  const std::int64_t channels = rows.of_channels.channels;
  SumsOfChannels of_channels(channels);
  ChannelMaps channel_maps(channels);
  about(0, channels, of_channels.about.data());
  {
    std::vector<float> of_columns(static_cast<std::size_t>(rows.columns));
    rows.of_channels.spread(of_channels.about.data(), of_columns.data());
    // Sums of parts are added up from the first part to the last, however many workers there are: the first worker does
    // so as it goes, what the others find is kept. The first one has at least its share of the parts.
    const std::int64_t first_share = rows.parts / workers_for(work.threads, rows.parts);
    ColumnSums sums(rows.columns), of_part(rows.columns);
    std::vector<ColumnSums> kept(static_cast<std::size_t>(rows.parts - first_share), ColumnSums(rows.columns));
    const auto sum_up = [&](const auto& for_columns, Levels levels) {
      const auto sum_of = [&](std::int64_t at, const Rows& some, ColumnSums& to) {
        for_columns([&](std::int64_t begin, std::int64_t count) {
          const auto k = static_cast<std::size_t>(begin);
          const Rows those{some.rows, some.row_stride, std::min(count, some.columns - begin)};
          if (those.columns <= 0) return;
          add_sums(work, at + begin, those, &of_columns[k], &to.first[k], &to.second[k], levels);
        });
      };
      std::int64_t added = 0;
      sums.clear();
      in_parallel(work.threads, rows.parts, [&](int worker, std::int64_t begin, std::int64_t end) {
        for (std::int64_t part = begin; part < end; ++part) {
          ColumnSums& to = worker == 0 ? of_part : kept[static_cast<std::size_t>(part - first_share)];
          to.clear();
          sum_of(rows.begin_of(part), rows.part(part), to);
          if (worker > 0) continue;
          sums.add(of_part);
          added = end;
        }
      });
      for (; added < rows.parts; ++added) sums.add(kept[static_cast<std::size_t>(added - first_share)]);
      if (rows.left_over.rows > 0) sum_of(rows.left_at(), rows.left_over, sums);
    };
    sum_up([&](const auto& visit) { visit(std::int64_t{0}, rows.columns); }, Levels::two);
    sums.gather(rows.of_channels, of_channels);
    if (!of_channels.are_trusted(work, channels)) {
      sum_up([&](const auto& visit) { for_columns_to_sum_again(rows.of_channels, of_channels.trusted.data(), visit); },
             Levels::one);
      sums.gather(rows.of_channels, of_channels, true);
    }
  }
  finish_block(work, 0, channels, of_channels.view(), finish, channel_maps);
  ColumnMaps maps(rows.columns);
  maps.set(channel_maps, rows.of_channels);
  if (rows.left_over.rows > 0) map(work, rows.left_at(), rows.left_over, maps);
  // From the end: what was read last is in the caches still.
  in_parallel(work.threads, rows.parts, [&](int, std::int64_t begin, std::int64_t end) {
    for (std::int64_t part = end; part-- > begin;) map(work, rows.begin_of(part), rows.part(part), maps);
  });
}

template <class Finish>
void rows_in_order(const Work& work, const Finish& finish) {
  const RowsInParts rows(work);
  const std::int64_t channels = rows.of_channels.channels;
  ChannelMaps channel_maps(channels);
  finish_block(work, 0, channels, {}, finish, channel_maps);
  ColumnMaps maps(rows.columns);
  maps.set(channel_maps, rows.of_channels);
  in_parallel(work.threads, rows.parts, [&](int, std::int64_t begin, std::int64_t end) {
    for (std::int64_t part = begin; part < end; ++part) map(work, rows.begin_of(part), rows.part(part), maps);
  });
  if (rows.left_over.rows > 0) map(work, rows.left_at(), rows.left_over, maps);
}

template <class Finish>
void planes_in_order(const Work& work, const Finish& finish) {
  const DenseShape& shape = work.shape;
  ChannelMaps maps(shape.channels);
  finish_block(work, 0, shape.channels, {}, finish, maps);
  in_parallel(work.threads, shape.batch * shape.channels, [&](int, std::int64_t begin, std::int64_t end) {
    while (begin < end) {
      const std::int64_t channel = begin % shape.channels, channels = std::min(shape.channels - channel, end - begin);
      map(work, begin * shape.spatial, Planes{1, shape.channels * shape.spatial, channels, shape.spatial},
          {maps, channel});
      begin += channels;
    }
  });
}

}  // namespace sweep_detail

template <class Finish>
void sum_and_map(const Work& work, const About& about, const Finish& finish) {
  switch (work.plan.traversal) {
    case Plan::Traversal::blocks: return sweep_detail::blocks_of_channels(work, about, finish);
    case Plan::Traversal::segments: return sweep_detail::segments_of_channels(work, about, finish);
    case Plan::Traversal::columns: return sweep_detail::blocks_of_columns(work, about, finish);
    case Plan::Traversal::rows: return sweep_detail::parts_of_rows(work, about, finish);
  }
}

// In the order of memory, but for short planes, which are still taken as columns.
template <class Finish>
void map_only(const Work& work, const Finish& finish) {
  const auto without_sums = [&](ChannelRange range, const ChannelSums&, ExactMaps& maps) { finish(range, maps); };
  switch (work.plan.traversal) {
    case Plan::Traversal::blocks:
    case Plan::Traversal::segments: return sweep_detail::planes_in_order(work, without_sums);
    case Plan::Traversal::columns: return sweep_detail::blocks_of_columns(work, {}, without_sums);
    case Plan::Traversal::rows: return sweep_detail::rows_in_order(work, without_sums);
  }
}

}  // namespace normproof::kernels::vector
