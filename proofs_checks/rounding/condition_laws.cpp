// How are the errors of an octave of conditions averaged?
#include "proofs_checks/rounding/condition_laws.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>

#include "proofs_checks/rounding/exact_channel.hpp"
#include "proofs_checks/rounding/replicas.hpp"

namespace normproof::rounding {

namespace {

constexpr std::size_t values = 16, channels = 16;

double relative_error(const ForwardKernel& kernel, const Replica& replica) {
  const std::vector<float> x = replica.x();
  const conformance::ChannelFacts facts = channel_facts(x);
  return distance(facts.variance, kernel.moments(x).variance) / facts.variance.high();
}

double mean_of_group(const ForwardKernel& kernel, const ChannelRecipe& recipe, std::uint64_t seed,
                     std::uint64_t first_replica) {
  constexpr std::size_t runs = Portion::replicas_per_group * channels;
  double sum = 0;
  for (std::size_t run = 0; run < runs; ++run)
    sum += relative_error(kernel, {recipe, seed, first_replica * channels + run});
  return sum / static_cast<double>(runs);
}

}  // namespace

GrowthPoint condition_law(const ForwardKernel& kernel, Octaves octaves, double lowest, double highest) {
  return {.id = fmt::format("condition_law/{}/octaves={}..{}", kernel.id, octaves.first, octaves.last),
          .problem = kernel.id,
          .lowest = lowest,
          .highest = highest,
          .measure = [=](const Portion& portion) {
            OctaveSums sums = {.first_octave = octaves.first,
                               .octaves = static_cast<std::size_t>(octaves.last - octaves.first + 1),
                               .groups = portion.replicas / Portion::replicas_per_group};
            for (int octave = octaves.first; octave <= octaves.last; ++octave) {
              const ChannelRecipe recipe = {ChannelRecipe::Kind::normal, std::ldexp(1, octave), values};
              for (std::size_t group = 0; group < sums.groups; ++group) {
                if (portion.interrupted != nullptr && portion.interrupted->load()) throw Interrupted();
                const std::uint64_t first = portion.first_replica + group * Portion::replicas_per_group;
                sums.sums.push_back(mean_of_group(kernel, recipe, portion.seed, first));
              }
            }
            return sums;
          }};
}

}  // namespace normproof::rounding
