// What does batch normalization compute, forward and backward, when its batch lies on several devices?
//
// Source. NOTE15, "SyncBatchNorm: aggregates statistics across devices so many small per-device batches behave like one
// global batch"; formulas: BN over the union of the devices' batches. Merging: Chan, Golub & LeVeque (1983), pairwise.
//
//   each device k, for its n_k rows:   μ_k = (1/n_k) Σ x,   M2_k = Σ (x − μ_k)²                    device_statistics
//   a, b merged:   n = n_a + n_b,  δ = μ_b − μ_a,  μ = μ_a + δ n_b/n,  M2 = M2_a + M2_b + δ² n_a n_b/n       chan_merge
//   all devices:   σ² = M2/m                                                                       sync_statistics
//   backward:      S_1 = Σ dy,  S_2 = Σ dy x̂ over all devices;  dx = (γ/s)(dy − S_1/m − x̂ S_2/m)
//
// Notation. As in batch_norm.hpp. device_rows: how many rows each device holds, in the order of the rows of x, empty
// devices included; they add up to extents.batch, written m.
//
// Assumptions. extents.batch ≥ 1; spans have exactly these lengths; σ² + ε is not 0. y may be x, dx may be dy.
//
// Why other aggregations stand here too. They are what "aggregate" is taken to mean where it is not the merging: a
// claim decides when they agree with it.
#pragma once

#include <cassert>
#include <cstddef>
#include <span>
#include <vector>

#include "impl/reference/batch_norm.hpp"
#include "impl/reference/elementary.hpp"
#include "impl/reference/extents.hpp"

namespace normproof::reference {

template <class T>
struct DeviceStatistics {
  int count = 0;
  std::vector<T> mean, m2;  // Σ (x − mean)²; both 0 where the device is empty
};

enum class Aggregation {
  chan,          // counts, means and M2 merged pair by pair
  moments,       // Σ x and Σ x² added up: E[x²] − E[x]²
  equal_weights  // the devices' means and variances averaged as if all devices held equally many rows
};

enum class GradientSums {
  global,           // Σ dy and Σ dy x̂ over all devices, divided by m
  device_averages,  // the averages ⟨dy⟩ and ⟨dy x̂⟩ of each device, averaged over the devices
  local             // each device uses its own averages
};

// Of the rows first … first + count − 1.
template <class T>
DeviceStatistics<T> device_statistics(std::span<const T> x, Extents extents, std::size_t first, int count) {
  const Extents own = {count, extents.channels};
  DeviceStatistics<T> device = {count, std::vector<T>(extents.columns(), T(0)),
                                std::vector<T>(extents.columns(), T(0))};
  if (count == 0) return device;
  const std::span<const T> rows = x.subspan(first * extents.columns(), own.size());
  batch_mean<T>(rows, own, device.mean);
  for (std::size_t j = 0; j < own.columns(); ++j)
    for (std::size_t i = 0; i < own.rows(); ++i) {
      const T deviation = rows[own.at(i, j)] - device.mean[j];
      device.m2[j] += deviation * deviation;
    }
  return device;
}

// b is merged into a.
template <class T>
void chan_merge(DeviceStatistics<T>& a, const DeviceStatistics<T>& b) {
  const int count = a.count + b.count;
  if (count == 0) return;
  for (std::size_t j = 0; j < a.mean.size(); ++j) {
    const T delta = b.mean[j] - a.mean[j];
    a.mean[j] += delta * T(b.count) / T(count);                     // term: merged_mean
    a.m2[j] += b.m2[j];                                             // term: merged_m2
    a.m2[j] += delta * delta * T(a.count) * T(b.count) / T(count);  // term: merged_spread
  }
  a.count = count;
}

template <class T>
void sync_statistics(std::span<const T> x, Extents extents, std::span<const int> device_rows, Aggregation aggregation,
                     std::span<T> mean, std::span<T> variance) {
  assert(extents.batch >= 1 && x.size() == extents.size());
  assert(mean.size() == extents.columns() && variance.size() == extents.columns());
  std::vector<DeviceStatistics<T>> devices;
  std::size_t first = 0;
  for (const int rows : device_rows) {
    devices.push_back(device_statistics<T>(x, extents, first, rows));
    first += static_cast<std::size_t>(rows);
  }
  assert(first == extents.rows());
  switch (aggregation) {
    case Aggregation::chan: {
      DeviceStatistics<T> all = {0, std::vector<T>(extents.columns(), T(0)), std::vector<T>(extents.columns(), T(0))};
      for (const DeviceStatistics<T>& device : devices) chan_merge(all, device);
      for (std::size_t j = 0; j < extents.columns(); ++j) {
        mean[j] = all.mean[j];
        variance[j] = all.m2[j] / T(all.count);
      }
      return;
    }
    case Aggregation::moments:
      for (std::size_t j = 0; j < extents.columns(); ++j) {
        T sum = T(0);
        T sum_of_squares = T(0);
        std::size_t row = 0;
        for (const int rows : device_rows) {
          T own_sum = T(0);
          T own_sum_of_squares = T(0);
          for (const std::size_t end = row + static_cast<std::size_t>(rows); row < end; ++row) {
            const T& value = x[extents.at(row, j)];
            own_sum += value;                     // term: own_sum
            own_sum_of_squares += value * value;  // term: own_sum_of_squares
          }
          sum += own_sum;                        // term: all_reduced_sum
          sum_of_squares += own_sum_of_squares;  // term: all_reduced_sum_of_squares
        }
        mean[j] = sum / T(extents.batch);
        variance[j] = sum_of_squares / T(extents.batch) - mean[j] * mean[j];
      }
      return;
    case Aggregation::equal_weights: {
      int holders = 0;  // empty devices have no mean
      for (const DeviceStatistics<T>& device : devices) holders += device.count > 0 ? 1 : 0;
      for (std::size_t j = 0; j < extents.columns(); ++j) {
        mean[j] = T(0);
        variance[j] = T(0);
        for (const DeviceStatistics<T>& device : devices) {
          if (device.count == 0) continue;
          mean[j] += device.mean[j] / T(holders);
          variance[j] += device.m2[j] / T(device.count) / T(holders);
        }
      }
      return;
    }
  }
}

template <class T>
void sync_batch_norm_train(std::span<const T> x, Extents extents, std::span<const int> device_rows,
                           Aggregation aggregation, std::span<const T> gamma, std::span<const T> beta, const T& eps,
                           std::span<T> y) {
  std::vector<T> mean(extents.columns(), T(0));
  std::vector<T> variance(extents.columns(), T(0));
  std::vector<T> x_hat(extents.size(), T(0));
  sync_statistics<T>(x, extents, device_rows, aggregation, mean, variance);
  normalize<T>(x, extents, mean, variance, eps, x_hat);
  scale_shift<T>(x_hat, extents, gamma, beta, y);
}

// The forward pass merged its statistics (Aggregation::chan). dγ and dβ are summed over the devices.
template <class T>
void sync_batch_norm_backward(std::span<const T> x, std::span<const T> dy, Extents extents,
                              std::span<const int> device_rows, GradientSums sums, std::span<const T> gamma,
                              const T& eps, std::span<T> dx, std::span<T> dgamma, std::span<T> dbeta) {
  assert(dy.size() == extents.size() && dx.size() == extents.size() && gamma.size() == extents.columns());
  assert(dgamma.size() == extents.columns() && dbeta.size() == extents.columns());
  std::vector<T> mean(extents.columns(), T(0));
  std::vector<T> variance(extents.columns(), T(0));
  std::vector<T> x_hat(extents.size(), T(0));
  sync_statistics<T>(x, extents, device_rows, Aggregation::chan, mean, variance);
  normalize<T>(x, extents, mean, variance, eps, x_hat);

  for (std::size_t j = 0; j < extents.columns(); ++j) {
    // On each device, before anything is exchanged.
    std::vector<T> sum_dy, sum_dy_x_hat;
    std::size_t row = 0;
    for (const int rows : device_rows) {
      T own_dy = T(0);
      T own_dy_x_hat = T(0);
      for (const std::size_t end = row + static_cast<std::size_t>(rows); row < end; ++row) {
        const std::size_t k = extents.at(row, j);
        own_dy += dy[k];                   // term: sum_of_upstream
        own_dy_x_hat += dy[k] * x_hat[k];  // term: sum_of_upstream_x_hat
      }
      sum_dy.push_back(own_dy);
      sum_dy_x_hat.push_back(own_dy_x_hat);
    }
    // The exchange.
    dbeta[j] = T(0);
    dgamma[j] = T(0);
    T average_of_averages_dy = T(0);
    T average_of_averages_dy_x_hat = T(0);
    int holders = 0;
    for (const int rows : device_rows) holders += rows > 0 ? 1 : 0;
    for (std::size_t device = 0; device < device_rows.size(); ++device) {
      dbeta[j] += sum_dy[device];         // term: all_reduced_upstream
      dgamma[j] += sum_dy_x_hat[device];  // term: all_reduced_upstream_x_hat
      if (device_rows[device] == 0) continue;
      average_of_averages_dy += sum_dy[device] / T(device_rows[device]) / T(holders);
      average_of_averages_dy_x_hat += sum_dy_x_hat[device] / T(device_rows[device]) / T(holders);
    }
    // On each device again.
    const T root = sqrt(variance[j] + eps);
    row = 0;
    for (std::size_t device = 0; device < device_rows.size(); ++device) {
      if (device_rows[device] == 0) continue;
      T average_dy = dbeta[j] / T(extents.batch);
      T average_dy_x_hat = dgamma[j] / T(extents.batch);
      if (sums == GradientSums::device_averages) {
        average_dy = average_of_averages_dy;
        average_dy_x_hat = average_of_averages_dy_x_hat;
      } else if (sums == GradientSums::local) {
        average_dy = sum_dy[device] / T(device_rows[device]);
        average_dy_x_hat = sum_dy_x_hat[device] / T(device_rows[device]);
      }
      for (const std::size_t end = row + static_cast<std::size_t>(device_rows[device]); row < end; ++row) {
        const std::size_t k = extents.at(row, j);
        T sum = T(0);
        sum += dy[k];                        // term: own_upstream
        sum -= average_dy;                   // term: average_of_upstream
        sum -= x_hat[k] * average_dy_x_hat;  // term: projection_on_x_hat
        dx[k] = gamma[j] / root * sum;
      }
    }
  }
}

}  // namespace normproof::reference
