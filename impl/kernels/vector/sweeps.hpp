// How does a vector kernel go over its operands: sums of each channel, what follows from them, then each element?
//
// sum_and_map    about(first, count, to) what is subtracted from x in the sums of some channels: shifts, or means
//                finish(channel, about, sums, map)
//                                        writes what the kernel writes of a channel, and into `map` all that is done
//                                        to each element of it; called once for each channel
// map_only       finish(channel, map) alone
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

#include "impl/kernels/vector/dense_shape.hpp"
#include "impl/kernels/vector/element_maps.hpp"
#include "impl/kernels/vector/parallel.hpp"
#include "impl/kernels/vector/passes.hpp"
#include "impl/kernels/vector/plan.hpp"

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
using About = std::function<void(std::int64_t first, std::int64_t count, double* about)>;

// The mean of the first values of each channel, as many as there are up to 8 and as a power of two: so it has few
// digits more than they have. Rounded to float, so that x − shift rounds no more than a float's difference in double.
// Why. k values have (shift − mean)² ≤ m V/k, where V is the variance and m the count: Σ over the k of (x − mean)² is
// at most m V.
void shifts(const Work& work, std::int64_t first, std::int64_t count, double* about);

namespace sweep_detail {

inline void add_sums(const Work& work, std::int64_t at, const Planes& planes, const double* about, LaneSums* sums) {
  if (work.dy == nullptr) {
    sums_of_planes(work.x + at, planes, about, sums);
  } else {
    gradient_sums_of_planes(work.x + at, work.dy + at, planes, about, sums);
  }
}

inline void map(const Work& work, std::int64_t at, const Planes& planes, const ElementMap* maps,
                const NextSums& next = {}) {
  if (work.result == nullptr) return;
  if (work.dy == nullptr) {
    normalize_planes(work.x + at, work.result + at, planes, maps, next, work.plan.stores);
  } else {
    input_gradient_of_planes(work.x + at, work.dy + at, work.result + at, planes, maps, next, work.plan.stores);
  }
}

template <class Finish>
void blocks_of_channels(const Work& work, bool with_sums, const About& about, const Finish& finish) {
  const DenseShape& shape = work.shape;
  const double root_m = std::sqrt(shape.values_per_channel());
  const std::int64_t per_block = work.plan.channels_per_block;
  const std::int64_t blocks = (shape.channels + per_block - 1) / per_block;
  struct Block {
    std::vector<double> about;
    std::vector<LaneSums> sums;
  };
  struct Scratch {
    Block now, next;
    std::vector<ElementMap> maps;
  };
  const auto size = static_cast<std::size_t>(per_block);
  std::vector<Scratch> scratch(static_cast<std::size_t>(workers_for(work.threads, blocks)));
  for (Scratch& one : scratch) {
    one.now = {std::vector<double>(size), std::vector<LaneSums>(size)};
    if (blocks > 1) one.next = one.now;
    one.maps.resize(size);
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
      if (with_sums && !has_sums) {
        prepare(own.now, block);
        add_sums(work, at, planes, own.now.about.data(), own.now.sums.data());
      }
      for (std::int64_t c = 0; c < channels; ++c) {
        const auto k = static_cast<std::size_t>(c);
        finish(first + c, own.now.about[k], total(own.now.sums[k]), own.maps[k].exact);
        complete(own.maps[k], root_m);
      }
      has_sums = with_sums && work.result != nullptr && work.plan.sums_ahead && block + 1 < end &&
                 channels_of(block + 1) == channels;
      if (has_sums) prepare(own.next, block + 1);
      map(work, at, planes, own.maps.data(),
          has_sums ? NextSums{own.next.about.data(), own.next.sums.data()} : NextSums{});
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
void segments_of_channels(const Work& work, bool with_sums, const About& about, const Finish& finish) {
  const DenseShape& shape = work.shape;
  const std::int64_t values = shape.batch * shape.spatial, segments = work.plan.segments;
  const auto begin_of = [&](std::int64_t segment) {
    return values / segments * segment + std::min(segment, values % segments);
  };
  std::vector<double> abouts(static_cast<std::size_t>(shape.channels));
  std::vector<LaneSums> sums(with_sums ? static_cast<std::size_t>(shape.channels * segments) : 0);
  std::vector<ElementMap> maps(abouts.size());
  if (with_sums) {
    about(0, shape.channels, abouts.data());
    in_parallel(work.threads, shape.channels * segments, [&](int, std::int64_t begin, std::int64_t end) {
      for (std::int64_t part = begin; part < end; ++part) {
        const std::int64_t channel = part / segments, segment = part % segments;
        for_each_piece(shape, channel, begin_of(segment), begin_of(segment + 1),
                       [&](std::int64_t at, const Planes& planes) {
                         add_sums(work, at, planes, &abouts[static_cast<std::size_t>(channel)],
                                  &sums[static_cast<std::size_t>(part)]);
                       });
      }
    });
  }
  for (std::int64_t c = 0; c < shape.channels; ++c) {
    Sums of_channel;
    for (std::int64_t s = 0; with_sums && s < segments; ++s) {
      const Sums part = total(sums[static_cast<std::size_t>(c * segments + s)]);
      of_channel.first += part.first;
      of_channel.second += part.second;
    }
    const auto k = static_cast<std::size_t>(c);
    finish(c, abouts[k], of_channel, maps[k].exact);
    complete(maps[k], std::sqrt(shape.values_per_channel()));
  }
  // From the end: what was read last is in the caches still.
  in_parallel(work.threads, shape.channels * segments, [&](int, std::int64_t begin, std::int64_t end) {
    for (std::int64_t part = end; part-- > begin;) {
      const std::int64_t channel = part / segments, segment = part % segments;
      for_each_piece(shape, channel, begin_of(segment), begin_of(segment + 1),
                     [&](std::int64_t at, const Planes& planes) {
                       map(work, at, planes, &maps[static_cast<std::size_t>(channel)]);
                     });
    }
  });
}

inline void add_sums(const Work& work, std::int64_t at, const Rows& rows, const double* about, double* first,
                     double* second) {
  if (work.dy == nullptr) {
    add_rows(work.x + at, rows, about, first, second);
  } else {
    add_gradient_rows(work.x + at, work.dy + at, rows, about, first, second);
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

// The sums of columns, and how they become those of channels.
struct ColumnSums {
  ColumnSums(std::int64_t columns, bool wanted)
      : about(static_cast<std::size_t>(columns)), first(wanted ? about.size() : 0), second(first.size()) {}

  void set_about(const double* of_channel, const ColumnsOfChannels& columns) {
    columns.for_each([&](std::size_t column, std::size_t channel) { about[column] = of_channel[channel]; });
  }
  void add_to(Sums* of_channel, const ColumnsOfChannels& columns) const {
    columns.for_each([&](std::size_t column, std::size_t channel) {
      of_channel[channel].first += first[column];
      of_channel[channel].second += second[column];
    });
  }
  void add(const ColumnSums& other) {
    for (std::size_t k = 0; k < first.size(); ++k) {
      first[k] += other.first[k];
      second[k] += other.second[k];
    }
  }

  std::vector<double> about, first, second;
};

// Blocks of channels of planes, seen as rows of columns: each column is one place of a channel.
template <class Finish>
void blocks_of_columns(const Work& work, bool with_sums, const About& about, const Finish& finish) {
  const DenseShape& shape = work.shape;
  const double root_m = std::sqrt(shape.values_per_channel());
  const std::int64_t per_block = work.plan.channels_per_block, places = shape.spatial;
  const std::int64_t blocks = (shape.channels + per_block - 1) / per_block;
  struct Scratch {
    Scratch(std::int64_t channels, std::int64_t places, bool wanted)
        : of_columns(channels * places, wanted),
          about(static_cast<std::size_t>(channels)),
          sums(about.size()),
          of_channel(about.size()),
          maps(channels * places) {}
    ColumnSums of_columns;
    std::vector<double> about;
    std::vector<Sums> sums;
    std::vector<ElementMap> of_channel;
    ColumnMaps maps;
  };
  std::vector<Scratch> scratch;
  for (int w = workers_for(work.threads, blocks); w-- > 0;) scratch.emplace_back(per_block, places, with_sums);
  in_parallel(work.threads, blocks, [&](int worker, std::int64_t begin, std::int64_t end) {
    Scratch& own = scratch[static_cast<std::size_t>(worker)];
    for (std::int64_t block = begin; block < end; ++block) {
      const std::int64_t first = block * per_block, channels = std::min(per_block, shape.channels - first);
      const ColumnsOfChannels columns{channels * places, channels, places};
      Rows rows{shape.batch, shape.channels * places, channels * places, false};
      std::fill(own.sums.begin(), own.sums.end(), Sums{});
      if (with_sums) {
        std::fill(own.of_columns.first.begin(), own.of_columns.first.end(), 0.0);
        std::fill(own.of_columns.second.begin(), own.of_columns.second.end(), 0.0);
        about(first, channels, own.about.data());
        own.of_columns.set_about(own.about.data(), columns);
        add_sums(work, first * places, rows, own.of_columns.about.data(), own.of_columns.first.data(),
                 own.of_columns.second.data());
        own.of_columns.add_to(own.sums.data(), columns);
      }
      for (std::int64_t c = 0; c < channels; ++c) {
        const auto k = static_cast<std::size_t>(c);
        finish(first + c, own.about[k], own.sums[k], own.of_channel[k].exact);
        complete(own.of_channel[k], root_m);
      }
      own.maps.set(own.of_channel.data(), columns);
      rows.fetch_next = work.plan.sums_ahead && first + channels + per_block <= shape.channels && block + 1 < end;
      map(work, first * places, rows, own.maps);
    }
  });
}

// The rows that are left over when `folded_rows` are seen as one have the first of its columns.
template <class Finish>
void parts_of_rows(const Work& work, bool with_sums, const About& about, const Finish& finish) {
  const DenseShape& shape = work.shape;
  const Plan& plan = work.plan;
  const std::int64_t columns = shape.columns * plan.folded_rows, rows = shape.rows / plan.folded_rows;
  const Rows left_over{shape.rows % plan.folded_rows, shape.columns, shape.columns};
  const std::int64_t left_at = rows * columns;
  const std::int64_t channels = shape.columns / shape.columns_per_channel;
  const std::int64_t parts = (rows + plan.rows_per_part - 1) / plan.rows_per_part;
  const ColumnsOfChannels columns_of_channels{columns, channels, shape.columns_per_channel};
  const auto rows_of = [&](std::int64_t part) {
    return Rows{std::min(plan.rows_per_part, rows - part * plan.rows_per_part), columns, columns};
  };
  const auto at = [&](std::int64_t part) { return part * plan.rows_per_part * columns; };

  std::vector<double> abouts(static_cast<std::size_t>(channels));
  std::vector<Sums> of_channel(abouts.size());
  std::vector<ElementMap> of_channels(abouts.size());
  if (with_sums) {
    about(0, channels, abouts.data());
    std::vector<ColumnSums> sums(static_cast<std::size_t>(parts), ColumnSums(columns, true));
    sums[0].set_about(abouts.data(), columns_of_channels);
    const double* const about_columns = sums[0].about.data();
    in_parallel(work.threads, parts, [&](int, std::int64_t begin, std::int64_t end) {
      for (std::int64_t part = begin; part < end; ++part) {
        ColumnSums& own = sums[static_cast<std::size_t>(part)];
        add_sums(work, at(part), rows_of(part), about_columns, own.first.data(), own.second.data());
      }
    });
    if (left_over.rows > 0)
      add_sums(work, left_at, left_over, about_columns, sums[0].first.data(), sums[0].second.data());
    for (std::size_t part = 1; part < sums.size(); ++part) sums[0].add(sums[part]);
    sums[0].add_to(of_channel.data(), columns_of_channels);
  }
  const double root_m = std::sqrt(shape.values_per_channel());
  for (std::size_t k = 0; k < abouts.size(); ++k) {
    finish(static_cast<std::int64_t>(k), abouts[k], of_channel[k], of_channels[k].exact);
    complete(of_channels[k], root_m);
  }
  ColumnMaps maps(columns);
  maps.set(of_channels.data(), columns_of_channels);
  if (left_over.rows > 0) map(work, left_at, left_over, maps);
  in_parallel(work.threads, parts, [&](int, std::int64_t begin, std::int64_t end) {
    for (std::int64_t part = end; part-- > begin;) map(work, at(part), rows_of(part), maps);
  });
}

}  // namespace sweep_detail

template <class Finish>
void sweep(const Work& work, bool with_sums, const About& about, const Finish& finish) {
  switch (work.plan.traversal) {
    case Plan::Traversal::blocks: return sweep_detail::blocks_of_channels(work, with_sums, about, finish);
    case Plan::Traversal::segments: return sweep_detail::segments_of_channels(work, with_sums, about, finish);
    case Plan::Traversal::columns: return sweep_detail::blocks_of_columns(work, with_sums, about, finish);
    case Plan::Traversal::rows: return sweep_detail::parts_of_rows(work, with_sums, about, finish);
  }
}

template <class Finish>
void sum_and_map(const Work& work, const About& about, const Finish& finish) {
  sweep(work, true, about, finish);
}

template <class Finish>
void map_only(const Work& work, const Finish& finish) {
  sweep(work, false, {}, [&](std::int64_t channel, double, const Sums&, ExactMap& map) { finish(channel, map); });
}

}  // namespace normproof::kernels::vector
