// How does one point run a recipe many times and tally what came out?
//
// What       Tallies is made from what is measured (a kernel, an order), add()s one channel with its parameters and the
//            number of its replica after the other, and gives its tallies().
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "proofs_checks/growth.hpp"
#include "proofs_checks/rounding/channels.hpp"
#include "proofs_checks/rounding_reading.hpp"

namespace normproof::rounding {

// One of the replicas of a recipe.
struct Replica {
  ChannelRecipe recipe;
  std::uint64_t seed = 0, number = 0;

  std::vector<float> x() const { return channel(recipe, seed, number); }
  std::vector<float> dy(const std::vector<float>& x) const { return upstream(recipe, x, seed, number); }
  Parameters given() const { return parameters(recipe, seed, number); }
};

template <class Tallies>
void add_replicas(Tallies& tallies, const ChannelRecipe& recipe, std::size_t replicas, const RoundingRun& run) {
  for (std::size_t number = 0; number < replicas; ++number) {
    if (run.interrupted != nullptr && run.interrupted->load()) throw Interrupted();
    tallies.add(Replica{recipe, run.seed, number});
  }
}

template <class Tallies, class From>
RoundingPoint point_of(const std::string& id, const From& from, const ChannelRecipe& recipe, std::size_t replicas) {
  return {.id = id + "/" + recipe.id(),
          .cost = static_cast<double>(recipe.count * replicas),
          .measure = [=](const RoundingRun& run) {
            Tallies tallies(from);
            add_replicas(tallies, recipe, replicas, run);
            return tallies.tallies();
          }};
}

inline bool is_low(const NamedOrder& order, std::size_t count) {
  return height(order.order, count) <= tightness_height_max;
}

// At each point of tightness_grid where the order is low enough; kernel(order) is what is measured there.
template <class Tallies, class Kernel>
std::vector<RoundingPoint> tightness_points(const Kernel& kernel, evidence::Effort effort) {
  std::vector<RoundingPoint> points;
  for (const ChannelRecipe& recipe : tightness_grid(effort))
    for (const NamedOrder& order : orders())
      if (is_low(order, recipe.count))
        points.push_back(point_of<Tallies>("tightness/" + kernel(order).id, kernel(order), recipe,
                                           tightness_replicas(recipe.count, effort)));
  return points;
}

// All of these together as one point.
template <class Tallies, class Kernel>
RoundingPoint pooled_tightness_point(const Kernel& kernel, evidence::Effort effort) {
  return {.id = "tightness/pooled/" + kernel(orders().front()).id, .measure = [=](const RoundingRun& run) {
            Tallies tallies(kernel(orders().front()));
            for (const ChannelRecipe& recipe : tightness_grid(effort))
              for (const NamedOrder& order : orders()) {
                if (!is_low(order, recipe.count)) continue;
                tallies.run(kernel(order));
                add_replicas(tallies, recipe, tightness_replicas(recipe.count, effort), run);
              }
            return tallies.tallies();
          }};
}

}  // namespace normproof::rounding
