// Which minibatches can be drawn from a population, all of them enumerated?
//
// What       A minibatch is the indices of its samples, from 0. Laws: all tuples (with replacement), all subsets
//            (without), all ways to cut a shuffled population into batches (the epochs); each equally likely.
// Why        An expectation over minibatches is then a finite sum inside the formula, and is decided for every
//            population of that size.
#pragma once

#include <vector>

#include "proofs_checks/claim.hpp"

namespace normproof::inputs {

using Minibatch = std::vector<int>;
using Epoch = std::vector<Minibatch>;

// All nᵐ tuples.
inline std::vector<Minibatch> tuples(int n, int m) {
  std::vector<Minibatch> all = {{}};
  for (int k = 0; k < m; ++k) {
    std::vector<Minibatch> longer;
    for (const Minibatch& tuple : all)
      for (int i = 0; i < n; ++i) {
        longer.push_back(tuple);
        longer.back().push_back(i);
      }
    all = longer;
  }
  return all;
}

// All subsets of m of the given samples, each in their order.
inline std::vector<Minibatch> subsets_of(const Minibatch& samples, int m) {
  if (m == 0) return {{}};
  std::vector<Minibatch> all;
  for (std::size_t k = 0; k < samples.size(); ++k)
    for (const Minibatch& rest :
         subsets_of({samples.begin() + static_cast<std::ptrdiff_t>(k) + 1, samples.end()}, m - 1)) {
      all.push_back({samples[k]});
      all.back().insert(all.back().end(), rest.begin(), rest.end());
    }
  return all;
}

inline Minibatch first_samples(int n) {
  Minibatch samples;
  for (int i = 0; i < n; ++i) samples.push_back(i);
  return samples;
}

// All C(n, m) subsets.
inline std::vector<Minibatch> subsets(int n, int m) { return subsets_of(first_samples(n), m); }

// All minibatches that contain sample 0, which comes first in each.
inline std::vector<Minibatch> containing_the_first(const std::vector<Minibatch>& others) {
  std::vector<Minibatch> all;
  for (const Minibatch& rest : others) {
    all.push_back({0});
    all.back().insert(all.back().end(), rest.begin(), rest.end());
  }
  return all;
}
inline std::vector<Minibatch> subsets_with_the_first(int n, int m) {
  Minibatch others = first_samples(n);
  others.erase(others.begin());
  return containing_the_first(subsets_of(others, m - 1));
}
inline std::vector<Minibatch> tuples_with_the_first(int n, int m) { return containing_the_first(tuples(n, m - 1)); }

// All ways to cut the samples into batches of m; m divides their number.
inline std::vector<Epoch> epochs_of(const Minibatch& samples, int m) {
  if (samples.empty()) return {{}};
  std::vector<Epoch> all;
  const Minibatch others(samples.begin() + 1, samples.end());
  for (const Minibatch& partners : subsets_of(others, m - 1)) {
    Minibatch left;
    std::size_t next = 0;
    for (const int sample : others) {
      if (next < partners.size() && partners[next] == sample)
        ++next;
      else
        left.push_back(sample);
    }
    for (Epoch& rest : epochs_of(left, m)) {
      Minibatch first = {samples.front()};
      first.insert(first.end(), partners.begin(), partners.end());
      rest.insert(rest.begin(), first);
      all.push_back(rest);
    }
  }
  return all;
}
inline std::vector<Epoch> epochs(int n, int m) { return epochs_of(first_samples(n), m); }

// The epoch that takes the samples in their order; where m does not divide n the last batch is smaller.
inline Epoch epoch_in_order(int n, int m) {
  Epoch epoch;
  for (int start = 0; start < n; start += m) {
    epoch.emplace_back();
    for (int i = start; i < n && i < start + m; ++i) epoch.back().push_back(i);
  }
  return epoch;
}

// The samples of a minibatch, in its order; the population is one column.
inline Values members(const Array<Number>& population, const Minibatch& minibatch) {
  Values values;
  for (const int sample : minibatch) values.push_back(population(sample));
  return values;
}

}  // namespace normproof::inputs
