// What are the mean and the variance of a batch whose parts are known by their counts, means and variances alone?
//
// Source. NOTE15 names SyncBatchNorm; the law of total variance, with the spread of the means pair by pair.
// Notation. Per channel; part k has n_k samples with mean μ_k and biased variance σ_k², m = Σ n_k:
//   mean = Σ_k (n_k/m) μ_k,     biased_variance = Σ_k (n_k/m) σ_k² + Σ_{k<l} (n_k n_l/m²)(μ_k − μ_l)²
// Assumptions. m ≥ 1. What an empty part says of its mean and variance has weight 0.
// Why. Σ over part k of (x − mean)² = n_k σ_k² + n_k (μ_k − mean)²; and Σ_k w_k (μ_k − mean)² = Σ_{k<l} w_k w_l (μ_k −
// μ_l)² for weights w_k that add up to 1.
#pragma once

#include <stdexcept>
#include <vector>

#include "theory/training_batch.hpp"

namespace normproof::theory {

template <class T>
struct PartOfBatch {
  int count = 0;
  Vector<T> mean, biased_variance;  // one entry per channel
};

template <class T>
struct MergedStatistics {
  Vector<T> mean, biased_variance;
};

// Of the rows first … first + count − 1 of x.
template <class T>
PartOfBatch<T> part_of_batch(const Matrix<T>& x, int first, int count) {
  const int channels = static_cast<int>(x.cols());
  if (count == 0) return {0, zero_vector<T>(channels), zero_vector<T>(channels)};
  Matrix<T> rows(count, channels);
  for (int i = 0; i < count; ++i)
    for (int j = 0; j < channels; ++j) rows(i, j) = x(first + i, j);
  return {count, mean(rows), biased_variance(rows)};
}

template <class T>
MergedStatistics<T> merged_statistics(const std::vector<PartOfBatch<T>>& parts) {
  int total = 0;
  for (const PartOfBatch<T>& part : parts) total += part.count;
  if (total < 1) throw std::invalid_argument("the parts of a batch need at least one sample");
  const int channels = static_cast<int>(parts[0].mean.size());
  MergedStatistics<T> merged = {zero_vector<T>(channels), zero_vector<T>(channels)};
  for (int j = 0; j < channels; ++j) {
    for (std::size_t k = 0; k < parts.size(); ++k) {
      const T share = T(parts[k].count) / T(total);
      merged.mean(j) += share * parts[k].mean(j);                        // term: share_of_the_mean
      merged.biased_variance(j) += share * parts[k].biased_variance(j);  // term: variance_within
      for (std::size_t l = k + 1; l < parts.size(); ++l) {
        const T other_share = T(parts[l].count) / T(total);
        const T distance = parts[k].mean(j) - parts[l].mean(j);
        merged.biased_variance(j) += share * other_share * distance * distance;  // term: variance_between
      }
    }
  }
  return merged;
}

}  // namespace normproof::theory
