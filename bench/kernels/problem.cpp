// Which values are the contenders given? Normal numbers, with other means and deviations in each channel.
#include "bench/kernels/problem.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <new>
#include <random>

namespace normproof::bench {
namespace {

// position(b, c, s) of an element among C/block blocks.
template <class Visit>
void for_each_place(const Shape& shape, Block block, const Visit& visit) {
  const std::int64_t spatial = shape.spatial();
  std::int64_t in_planes = 0;
  for (std::int64_t b = 0; b < shape.batch; ++b) {
    for (std::int64_t c = 0; c < shape.channels; ++c) {
      const std::int64_t first = (b * (shape.channels / block) + c / block) * spatial * block + c % block;
      for (std::int64_t s = 0; s < spatial; ++s) visit(in_planes++, first + s * block);
    }
  }
}

}  // namespace

std::string name_of(Operation operation) {
  switch (operation) {
    case Operation::forward: return "forward";
    case Operation::inference: return "inference";
    case Operation::backward: return "backward";
    case Operation::full_norm_forward: return "full_norm_forward";
    case Operation::full_norm_backward: return "full_norm_backward";
  }
  return "";
}

std::string Shape::name() const {
  const std::string matrix = std::to_string(batch) + 'x' + std::to_string(channels);
  return is_matrix() ? matrix : matrix + 'x' + std::to_string(height) + 'x' + std::to_string(width);
}

Buffer floats(std::int64_t count, std::size_t bytes_behind_page) {
  constexpr std::size_t page = 4096;
  const std::size_t bytes = static_cast<std::size_t>(count) * sizeof(float) + bytes_behind_page;
  void* const allocated = std::aligned_alloc(page, (bytes / page + 1) * page);
  if (allocated == nullptr) throw std::bad_alloc();
  return {reinterpret_cast<float*>(static_cast<char*>(allocated) + bytes_behind_page), Free{allocated}};
}

Problem::Problem(Operation of, const Shape& on, const std::optional<DataSet>& data) : operation(of), shape(on) {
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  std::uniform_real_distribution<double> uniform;
  const auto within = [&](double low, double high) { return low + (high - low) * uniform(random); };
  const std::int64_t m = shape.batch * shape.spatial();
  Buffer& x = x_.layouts[1] = floats(shape.elements(), x_.bytes_behind_page);
  std::vector<double> means, deviations;
  for (std::int64_t c = 0; c < shape.channels; ++c) {
    means.push_back(data ? data->mean : within(-1, 1));
    deviations.push_back(data ? data->deviation : within(0.5, 2));
    gamma.push_back(data ? 1 : static_cast<float>(within(0.5, 1.5)));
    beta.push_back(data ? 0 : static_cast<float>(within(-1, 1)));
  }
  const auto channel_of = [&](std::int64_t k) {
    return static_cast<std::size_t>(k / shape.spatial() % shape.channels);
  };
  exact_mean.assign(means.size(), 0);
  exact_variance.assign(means.size(), 0);
  for (std::int64_t k = 0; k < shape.elements(); ++k) {
    const std::size_t c = channel_of(k);
    x.get()[k] = static_cast<float>(means[c] + deviations[c] * normal(random));
    exact_mean[c] += static_cast<double>(x.get()[k]) - means[c];
  }
  for (std::size_t c = 0; c < means.size(); ++c) exact_mean[c] = means[c] + exact_mean[c] / static_cast<double>(m);
  for (std::int64_t k = 0; k < shape.elements(); ++k) {
    const double deviation = static_cast<double>(x.get()[k]) - exact_mean[channel_of(k)];
    exact_variance[channel_of(k)] += deviation * deviation / static_cast<double>(m);
  }
  for (std::size_t c = 0; c < means.size(); ++c) {
    mean.push_back(static_cast<float>(exact_mean[c]));
    mean_low.push_back(static_cast<float>(exact_mean[c] - static_cast<double>(mean[c])));
    variance.push_back(static_cast<float>(exact_variance[c]));
    inv_std.push_back(static_cast<float>(1 / std::sqrt(exact_variance[c] + eps)));
  }
  if (!is_backward(operation)) return;
  Buffer& dy = dy_.layouts[1] = floats(shape.elements(), dy_.bytes_behind_page);
  for (std::int64_t k = 0; k < shape.elements(); ++k) dy.get()[k] = static_cast<float>(normal(random));
}

float* Problem::Operand::in_layout(const Shape& shape, Block block) {
  if (shape.is_matrix() && block == shape.channels) block = 1;
  const auto given = layouts.find(1);
  Buffer& values = layouts[block];
  if (values == nullptr) {
    values = floats(shape.elements(), bytes_behind_page);
    const float* const planes = given != layouts.end() ? given->second.get() : nullptr;
    for_each_place(shape, block, [&](std::int64_t in_planes, std::int64_t place) {
      values.get()[place] = planes != nullptr ? planes[in_planes] : std::numeric_limits<float>::quiet_NaN();
    });
  }
  return values.get();
}

void Problem::forget_results() {
  for (auto& [block, values] : result_.layouts)
    std::fill_n(values.get(), shape.elements(), std::numeric_limits<float>::quiet_NaN());
}

std::vector<float> Problem::in_planes(const float* values, Block block) const {
  std::vector<float> planes(static_cast<std::size_t>(shape.elements()));
  for_each_place(shape, block, [&](std::int64_t in_planes, std::int64_t place) {
    planes[static_cast<std::size_t>(in_planes)] = values[place];
  });
  return planes;
}

}  // namespace normproof::bench
