// What shape does a batch have in the reference code, and where is its value (i, j)?
//
// A batch is `batch` samples of `channels` features, row-major and dense: feature j of sample i is at i·channels + j.
// Assumption of every algorithm that takes statistics: batch ≥ 1.
#pragma once

#include <cstddef>

namespace normproof::reference {

struct Extents {
  int batch = 0;
  int channels = 0;

  [[nodiscard]] constexpr std::size_t rows() const { return static_cast<std::size_t>(batch); }
  [[nodiscard]] constexpr std::size_t columns() const { return static_cast<std::size_t>(channels); }
  [[nodiscard]] constexpr std::size_t size() const { return rows() * columns(); }
  [[nodiscard]] constexpr std::size_t at(std::size_t i, std::size_t j) const { return i * columns() + j; }
};

}  // namespace normproof::reference
