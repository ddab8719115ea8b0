// What do the members of the normalization family have in common: which values share statistics, and which statistics?
//
// Source. NOTE15 and SAN18 (§3.3, §5) name the schemes.
// Notation. x: all values of a layer's input, in one row. A scheme is a partition of their indices into groups G, n =
// |G|:
//   batch norm, ℓp norms      one group per channel: its values in all samples, at all places
//   layer, RMS, scale norm    one per sample
//   instance norm             one per sample and channel
//   group norm                one per sample and group of channels
//   weight norm               x are the weights of a layer: one per unit
// and, for k ∈ G,  x_hat_k = (x_k, or x_k − mean_G)/spread_G, spread_G one of
//   deviation          √( (1/n²) Σ_{k<l} (x_k − x_l)² + eps )
//   root_mean_square   √( (1/n) Σ x_k² + eps )
//   length             √( Σ x_k² )
//   mean_absolute      (1/n) Σ |x_k|
//   largest_absolute   max |x_k|
// Assumptions. spread_G ≠ 0.
// Why by differences. x_k − mean_G = (1/n) Σ_l (x_k − x_l), and the biased variance is a mean of squared differences:
// what is written in differences does not see a shift of the group. Every spread at eps = 0 is multiplied by |a| when
// its group is multiplied by a. So x_hat is invariant to: scaling a whole group by a > 0 at eps = 0; shifting a whole
// group where both x_k and the spread are taken about the mean. A transformation that moves part of a group is seen.
#pragma once

#include <stdexcept>
#include <vector>

#include "theory/training_batch.hpp"

namespace normproof::theory {

using IndexGroups = std::vector<std::vector<int>>;

enum class Spread { deviation, root_mean_square, length, mean_absolute, largest_absolute };

// Values lie sample by sample, then channel by channel, then place by place.
struct Axes {
  int batch = 1, channels = 1, places = 1;
  int index(int sample, int channel, int place) const { return (sample * channels + channel) * places + place; }
};

inline IndexGroups groups_by_channel(const Axes& axes) {
  IndexGroups groups(static_cast<std::size_t>(axes.channels));
  for (int sample = 0; sample < axes.batch; ++sample)
    for (int channel = 0; channel < axes.channels; ++channel)
      for (int place = 0; place < axes.places; ++place)
        groups[static_cast<std::size_t>(channel)].push_back(axes.index(sample, channel, place));
  return groups;
}

// One channel a group: instance norm; all channels a group: layer, RMS and scale norm.
inline IndexGroups groups_by_sample(const Axes& axes, int channels_per_group) {
  if (channels_per_group < 1 || axes.channels % channels_per_group != 0)
    throw std::invalid_argument("the groups must divide the channels");
  const int per_sample = axes.channels / channels_per_group;
  IndexGroups groups(static_cast<std::size_t>(axes.batch * per_sample));
  for (int sample = 0; sample < axes.batch; ++sample)
    for (int channel = 0; channel < axes.channels; ++channel)
      for (int place = 0; place < axes.places; ++place)
        groups[static_cast<std::size_t>(sample * per_sample + channel / channels_per_group)].push_back(
            axes.index(sample, channel, place));
  return groups;
}

// |x| = max{x, 0} + max{−x, 0}, and max{−x, 0} = max{x, 0} − x.
template <class T>
T magnitude(const T& x) {
  const T positive_part = clamp_below(x, T(0));
  return positive_part + (positive_part - x);
}

template <class T>
T spread_of(const Vector<T>& x, const std::vector<int>& group, Spread spread, const T& eps) {
  const T count = T(static_cast<int>(group.size()));
  T sum = T(0);
  switch (spread) {
    case Spread::deviation:
      for (std::size_t k = 0; k < group.size(); ++k)
        for (std::size_t l = k + 1; l < group.size(); ++l) {
          const T difference = x(group[k]) - x(group[l]);
          sum += difference * difference;
        }
      return sqrt(sum / (count * count) + eps);
    case Spread::root_mean_square:
      for (const int k : group) sum += x(k) * x(k);
      return sqrt(sum / count + eps);
    case Spread::length:
      for (const int k : group) sum += x(k) * x(k);
      return sqrt(sum);
    case Spread::mean_absolute:
      for (const int k : group) sum += magnitude(x(k));
      return sum / count;
    case Spread::largest_absolute: {
      T largest = magnitude(x(group[0]));
      for (std::size_t k = 1; k < group.size(); ++k)
        largest += clamp_below(magnitude(x(group[k])) - largest, T(0));  // max{p, q} = p + max{q − p, 0}
      return largest;
    }
  }
  return sum;
}

template <class T>
Vector<T> normalized_over_groups(const Vector<T>& x, const IndexGroups& groups, bool about_the_mean, Spread spread,
                                 const T& eps) {
  Vector<T> x_hat = zero_vector<T>(static_cast<int>(x.size()));
  for (const std::vector<int>& group : groups) {
    if (group.empty()) throw std::invalid_argument("a group needs at least one value");
    const T size = spread_of(x, group, spread, eps);
    for (const int k : group) {
      T value = x(k);
      if (about_the_mean) {
        value = T(0);
        for (const int l : group) value += (x(k) - x(l)) / T(static_cast<int>(group.size()));
      }
      x_hat(k) = value / size;
    }
  }
  return x_hat;
}

}  // namespace normproof::theory
