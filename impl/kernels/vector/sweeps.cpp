// Which value is subtracted from a channel before its sums are formed?
#include "impl/kernels/vector/sweeps.hpp"

namespace normproof::kernels::vector {

double shift_of(const Work& work, std::int64_t channel) {
  constexpr std::int64_t most = 8;
  const DenseShape& shape = work.shape;
  const std::int64_t there = shape.planes ? shape.spatial : shape.rows;
  const std::int64_t first = channel * (shape.planes ? shape.spatial : shape.columns_per_channel);
  const std::int64_t apart = shape.planes ? 1 : shape.columns;
  std::int64_t count = 1;
  while (2 * count <= std::min(most, there)) count *= 2;
  double sum = 0;
  for (std::int64_t k = 0; k < count; ++k) sum += static_cast<double>(work.x[first + k * apart]);
  return static_cast<double>(static_cast<float>(sum / static_cast<double>(count)));
}

}  // namespace normproof::kernels::vector
