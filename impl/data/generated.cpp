// Which data stand in for MNIST where there is none?
#include "impl/data/generated.hpp"

#include <Random123/philox.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace normproof::data {
namespace {

constexpr int image_size = 28;
constexpr int classes = 10;
constexpr int glyph_rows = 10;
constexpr int glyph_columns = 7;
constexpr int glyph_pitch = glyph_columns + 1;  // one blank between two glyphs
constexpr int scale = 2;
constexpr int ink = 255;
constexpr int top = (image_size - scale * glyph_rows) / 2;
constexpr int left = (image_size - scale * glyph_columns) / 2;
constexpr int row_shift_max = 1;
constexpr int column_shift_max = 2;
constexpr int brightness_min = 160;
constexpr int brightness_max = 255;
constexpr int brightness_unit = 256;
constexpr int noise_max = 24;

// clang-format off
constexpr std::array<std::string_view, glyph_rows> glyphs = {
    "..###.. ...#... .#####. .#####. .....#. ####### ..####. ####### .#####. .#####.",
    ".#...#. ..##... #.....# #.....# ....##. #...... .#..... ......# #.....# #.....#",
    "#.....# .#.#... ......# ......# ...#.#. #...... #...... .....#. #.....# #.....#",
    "#.....# ...#... ......# ......# ..#..#. #...... #...... .....#. #.....# #.....#",
    "#.....# ...#... .....#. ..####. .#...#. ######. ######. ....#.. .#####. .######",
    "#.....# ...#... ....#.. ......# #....#. ......# #.....# ....#.. #.....# ......#",
    "#.....# ...#... ...#... ......# ####### ......# #.....# ...#... #.....# ......#",
    "#.....# ...#... ..#.... ......# .....#. ......# #.....# ...#... #.....# ......#",
    ".#...#. ...#... .#..... #.....# .....#. #.....# #.....# ..#.... #.....# .....#.",
    "..###.. .#####. ####### .#####. .....#. .#####. .#####. ..#.... .#####. .####.."
};
// clang-format on

enum class Purpose : std::uint32_t { label_order = 0, pixels = 1 };

// The random integers of one image, or of one run of labels: a stream of its own, so that nothing depends on an order.
class Draws {
 public:
  Draws(std::uint64_t seed, Purpose purpose, std::uint32_t index)
      : key_{{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}},
        counter_{{0, index, static_cast<std::uint32_t>(purpose), 0}} {}

  // Uniform in [low, high] but for a bias below (high − low + 1)/2³².
  int between(int low, int high) {
    if (used_ == block_.size()) {
      block_ = r123::Philox4x32()(counter_, key_);
      counter_[0] += 1;
      used_ = 0;
    }
    const auto choices = static_cast<std::uint64_t>(high - low + 1);
    return low + static_cast<int>(choices * block_[used_++] >> 32);
  }

 private:
  r123::Philox4x32::key_type key_;
  r123::Philox4x32::ctr_type counter_;
  r123::Philox4x32::ctr_type block_{};
  std::size_t used_ = r123::Philox4x32::ctr_type::static_size;
};

using Glyph = std::array<std::array<int, image_size>, image_size>;

// (before + 2·here + after)/4 along the rows; applied to the transpose for the columns.
Glyph blurred_and_transposed(const Glyph& glyph) {
  Glyph blurred{};
  for (std::size_t row = 0; row < image_size; ++row) {
    for (std::size_t column = 1; column + 1 < image_size; ++column) {
      const auto& line = glyph[row];
      blurred[column][row] = (line[column - 1] + 2 * line[column] + line[column + 1]) / 4;
    }
  }
  return blurred;
}

Glyph drawn_glyph(int label) {
  Glyph glyph{};
  for (int row = 0; row < scale * glyph_rows; ++row) {
    for (int column = 0; column < scale * glyph_columns; ++column) {
      const auto& line = glyphs[static_cast<std::size_t>(row / scale)];
      if (line[static_cast<std::size_t>(label * glyph_pitch + column / scale)] == '#') {
        glyph[static_cast<std::size_t>(top + row)][static_cast<std::size_t>(left + column)] = ink;
      }
    }
  }
  return blurred_and_transposed(blurred_and_transposed(glyph));
}

std::array<int, classes> label_order(std::uint64_t seed, int run) {
  std::array<int, classes> order{};
  for (int label = 0; label < classes; ++label) {
    order[static_cast<std::size_t>(label)] = label;
  }
  Draws draws(seed, Purpose::label_order, static_cast<std::uint32_t>(run));
  for (int last = classes - 1; last > 0; --last) {
    std::swap(order[static_cast<std::size_t>(last)], order[static_cast<std::size_t>(draws.between(0, last))]);
  }
  return order;
}

void append_image(std::vector<std::uint8_t>& pixels, const Glyph& glyph, Draws draws) {
  const int row_shift = draws.between(-row_shift_max, row_shift_max);
  const int column_shift = draws.between(-column_shift_max, column_shift_max);
  const int brightness = draws.between(brightness_min, brightness_max);
  for (int row = 0; row < image_size; ++row) {
    for (int column = 0; column < image_size; ++column) {
      const int source_row = row - row_shift;
      const int source_column = column - column_shift;
      const bool inside =
          source_row >= 0 && source_row < image_size && source_column >= 0 && source_column < image_size;
      const int value =
          inside ? glyph[static_cast<std::size_t>(source_row)][static_cast<std::size_t>(source_column)] : 0;
      const int noise = value > 0 ? draws.between(-noise_max, noise_max) : 0;
      pixels.push_back(static_cast<std::uint8_t>(std::clamp(value * brightness / brightness_unit + noise, 0, 255)));
    }
  }
}

}  // namespace

LabelledImages generated_digits(std::uint64_t seed, int count) {
  if (count < 0) {
    throw std::invalid_argument("generated_digits: the number of images is negative");
  }
  std::array<Glyph, classes> glyph_of{};
  for (int label = 0; label < classes; ++label) {
    glyph_of[static_cast<std::size_t>(label)] = drawn_glyph(label);
  }
  LabelledImages set;
  set.images.count = count;
  set.images.rows = image_size;
  set.images.columns = image_size;
  set.images.pixels.reserve(static_cast<std::size_t>(count) * image_size * image_size);
  std::array<int, classes> order{};
  for (int i = 0; i < count; ++i) {
    if (i % classes == 0) {
      order = label_order(seed, i / classes);
    }
    const auto label = static_cast<std::size_t>(order[static_cast<std::size_t>(i % classes)]);
    set.labels.push_back(static_cast<std::uint8_t>(label));
    append_image(set.images.pixels, glyph_of[label], Draws(seed, Purpose::pixels, static_cast<std::uint32_t>(i)));
  }
  return set;
}

}  // namespace normproof::data
