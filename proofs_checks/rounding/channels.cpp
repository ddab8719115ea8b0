// How are the channels made, and how high are the trees of sums?
#include "proofs_checks/rounding/channels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "proofs_checks/inputs/gaussian.hpp"
#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/numbers/depth.hpp"

namespace normproof::rounding {

namespace {

using evidence::Effort;
using inputs::RandomStream;
using reference::SummationOrder;

const char* word(ChannelRecipe::Kind kind) {
  switch (kind) {
    case ChannelRecipe::Kind::normal: return "normal";
    case ChannelRecipe::Kind::constant: return "constant";
    case ChannelRecipe::Kind::unscaled: return "unscaled";
    case ChannelRecipe::Kind::powers: return "powers";
    case ChannelRecipe::Kind::ties: return "ties";
    case ChannelRecipe::Kind::outlier: return "outlier";
  }
  return "?";
}

RandomStream stream_of(const ChannelRecipe& recipe, const char* purpose, std::uint64_t seed, std::uint64_t replica) {
  return RandomStream(seed, "rounding", recipe.id(), purpose, std::to_string(replica));
}

inputs::GaussianPair next_pair(RandomStream& stream) {
  const std::uint64_t first = stream.next_uint64(), second = stream.next_uint64();
  return inputs::gaussian_pair(first, second);
}

// Two at a time.
class Gaussians {
 public:
  explicit Gaussians(const RandomStream& stream) : stream_(stream) {}
  double next() {
    if (has_second_) {
      has_second_ = false;
      return pair_.second;
    }
    pair_ = next_pair(stream_);
    has_second_ = true;
    return pair_.first;
  }

 private:
  RandomStream stream_;
  inputs::GaussianPair pair_ = {};
  bool has_second_ = false;
};

std::vector<float> normal(const ChannelRecipe& recipe, const RandomStream& stream) {
  std::vector<float> x(recipe.count, 0);
  Gaussians noise(stream);
  if (recipe.condition != 0) {
    for (float& value : x) value = static_cast<float>(recipe.condition + noise.next());
    return x;
  }
  for (std::size_t i = 0; i + 1 < x.size(); i += 2) {
    x[i] = static_cast<float>(noise.next());
    x[i + 1] = -x[i];
  }
  return x;
}

std::vector<float> powers(std::size_t count, RandomStream stream) {
  constexpr int largest_exponent = 20;
  std::vector<float> x;
  for (std::size_t i = 0; i < count; ++i) {
    const int exponent = static_cast<int>(stream.below(2 * largest_exponent + 1)) - largest_exponent;
    const double size = std::ldexp(stream.uniform(1, 2), exponent);
    x.push_back(static_cast<float>(stream.chance(1, 2) ? size : -size));
  }
  return x;
}

std::vector<float> one_and_then(float rest, std::size_t count) {
  std::vector<float> x(count, rest);
  x[0] = 1;
  return x;
}

constexpr double seen_quick = 4096, seen_standard = 65536;
constexpr std::size_t outlier_count = 10'000;
constexpr std::array conditions = {0.0, 1.0, 10.0, 1e2, 1e3, 1e4, 1e5, 1e6};
constexpr double tightness_condition_max = 1e3;

std::vector<std::size_t> counts(Effort effort) {
  std::vector<std::size_t> all = {1, 2, 3, 17, 256, 4097};
  if (effort != Effort::quick) all.insert(all.end(), {10'000, 100'000, 1'000'000});
  if (effort == Effort::deep) all.push_back(10'000'000);
  return all;
}

}  // namespace

std::string ChannelRecipe::id() const {
  return fmt::format("{}/condition={:g}/count={}", word(kind), condition, count);
}

std::vector<float> channel(const ChannelRecipe& recipe, std::uint64_t seed, std::uint64_t replica) {
  RandomStream stream = stream_of(recipe, "x", seed, replica);
  switch (recipe.kind) {
    case ChannelRecipe::Kind::normal:
    case ChannelRecipe::Kind::unscaled: return normal(recipe, stream);
    case ChannelRecipe::Kind::constant: {
      const double size = std::max(recipe.condition, 1.0) * stream.uniform(1, 2);
      return std::vector<float>(recipe.count, static_cast<float>(stream.chance(1, 2) ? size : -size));
    }
    case ChannelRecipe::Kind::powers: return powers(recipe.count, stream);
    case ChannelRecipe::Kind::ties: return one_and_then(0x1p-24F, recipe.count);
    case ChannelRecipe::Kind::outlier: return one_and_then(0, recipe.count);
  }
  return {};
}

std::vector<float> upstream(const ChannelRecipe& recipe, const std::vector<float>& x, std::uint64_t seed,
                            std::uint64_t replica) {
  Gaussians noise(stream_of(recipe, "dy", seed, replica));
  std::vector<float> dy;
  dy.reserve(x.size());
  for (const float value : x) dy.push_back(static_cast<float>((value - recipe.condition) / 2 + noise.next()));
  return dy;
}

Parameters parameters(const ChannelRecipe& recipe, std::uint64_t seed, std::uint64_t replica) {
  Gaussians numbers(stream_of(recipe, "parameters", seed, replica));
  const auto next = [&] { return static_cast<float>(numbers.next()); };
  Parameters made = {next(), next(), next(), std::fabs(next())};
  if (recipe.kind == ChannelRecipe::Kind::unscaled) made.gamma = 0;
  return made;
}

std::vector<NamedOrder> orders() {
  using Kind = SummationOrder::Kind;
  return {{"chain", {Kind::chain}},
          {"pairwise", {Kind::pairwise}},
          {"blocks", {Kind::blocks, 64}},
          {"lanes", {Kind::lanes, 8}}};
}

double height(SummationOrder order, std::size_t count) {
  return reference::ordered_sum<numbers::Depth>(order, count, [](std::size_t) { return numbers::Depth(); }).additions;
}

std::vector<ChannelRecipe> normal_grid(Effort effort, std::size_t fewest) {
  std::vector<ChannelRecipe> recipes;
  for (const std::size_t count : counts(effort))
    for (const double condition : conditions)
      if (count >= fewest) recipes.push_back({ChannelRecipe::Kind::normal, condition, count});
  return recipes;
}

std::vector<ChannelRecipe> grid(Effort effort, std::size_t fewest) {
  using Kind = ChannelRecipe::Kind;
  std::vector<ChannelRecipe> recipes = normal_grid(effort, fewest);
  for (const std::size_t count : {2U, 256U, 4097U}) {
    for (const double condition : {1.0, 1e3, 1e6}) recipes.push_back({Kind::constant, condition, count});
    recipes.push_back({Kind::unscaled, 100, count});
    recipes.push_back({Kind::ties, 0, count});
  }
  recipes.push_back({Kind::outlier, 0, outlier_count});
  return recipes;
}

std::vector<ChannelRecipe> tightness_grid(Effort effort) {
  std::vector<ChannelRecipe> recipes;
  for (const std::size_t count : {16U, 65U, 256U, 4096U})
    for (const double condition : conditions)
      if (condition <= tightness_condition_max && (count <= 256 || effort != Effort::quick))
        recipes.push_back({ChannelRecipe::Kind::normal, condition, count});
  return recipes;
}

std::size_t grid_replicas(std::size_t count, Effort effort) {
  const double seen = effort == Effort::quick ? seen_quick : seen_standard;
  return std::clamp(static_cast<std::size_t>(seen / static_cast<double>(count)), std::size_t{1}, most_replicas);
}

// Medians of 1/error: of Gaussian errors their relative deviation is 1.2/√n for n replicas. The largest median is some
// 20 % below the limit where 505 replicas or more are run, and well below it where there are fewer.
std::size_t tightness_replicas(std::size_t count, Effort effort) {
  constexpr std::size_t fewest = 65, most = 1025;
  const std::size_t seen = effort == Effort::quick ? 32'768 : 131'072;
  return std::clamp(seen / count / 2 * 2 + 1, fewest, most);
}

}  // namespace normproof::rounding
