// How do tests compare a built-in kernel with the reference algorithms of impl/reference?
//
// The reference takes a matrix whose columns are the channels; a row is one sample and place.
// rounding_allowance is empirical: reference and kernel each round some dozens of times in double, on values of size 1
// to 100. The proved bounds belong to the validator, which holds the built-in kernels to them; here a wrong formula is
// to show, and it is wrong by a part in a thousand at the least.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "impl/reference/extents.hpp"
#include "tests/impl/kernels/sample_call.hpp"

namespace normproof::tests {

inline constexpr double rounding_allowance = 1e-12;

struct Shape {
  std::int64_t batch, channels, spatial;
  reference::Extents extents() const { return {static_cast<int>(batch * spatial), static_cast<int>(channels)}; }
  std::size_t count() const { return static_cast<std::size_t>(batch * channels * spatial); }
};

inline const std::vector<Shape> shapes = {{1, 1, 2}, {2, 3, 1}, {5, 2, 3}, {3, 4, 7}};

// Distinct channels, nothing symmetric.
inline Values ordinary_values(std::size_t count, double offset) {
  Values values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = offset + 3 * std::sin(1.7 * static_cast<double>(i * i + 1));
  return values;
}

// From the order sample, channel, place to rows and columns, and back.
inline Values rows_of(const Values& values, Shape shape) {
  Values rows(values.size());
  std::size_t i = 0;
  for (std::int64_t b = 0; b < shape.batch; ++b)
    for (std::int64_t c = 0; c < shape.channels; ++c)
      for (std::int64_t s = 0; s < shape.spatial; ++s) {
        rows[static_cast<std::size_t>((b * shape.spatial + s) * shape.channels + c)] = values[i++];
      }
  return rows;
}

inline void expect_close(const Values& got, const Values& expected) {
  ASSERT_EQ(got.size(), expected.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    EXPECT_LE(std::fabs(got[i] - expected[i]), rounding_allowance * std::max(1.0, std::fabs(expected[i]))) << i;
  }
}

}  // namespace normproof::tests
