// How are sums run in each order, and held against their bounds?
#include "proofs_checks/rounding/sums.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

#include "proofs_checks/numbers/double_double.hpp"
#include "proofs_checks/numbers/few_bits.hpp"
#include "proofs_checks/rounding/error_tally.hpp"
#include "proofs_checks/rounding/replicas.hpp"
#include "proofs_checks/rounding/watched_sum.hpp"
#include "proofs_checks/rounding/worst_sum.hpp"
#include "theory/rounding/normalization_data.hpp"
#include "theory/rounding/summation.hpp"

namespace normproof::rounding {

namespace {

using evidence::Effort;
using numbers::DoubleDouble;

constexpr double u = theory::unit_roundoff_float;

struct ExactSums {
  DoubleDouble sum, magnitudes;
};

ExactSums exact_sums(const std::vector<float>& x) {
  ExactSums sums;
  for (const float value : x) {
    sums.sum += static_cast<double>(value);
    sums.magnitudes += std::fabs(static_cast<double>(value));
  }
  return sums;
}

Terms terms_of(const ExactSums& sums, std::size_t count) { return {count, sums.sum.high(), sums.magnitudes.high()}; }

struct NamedSum {
  NamedOrder order;
  SumBound in_any_order;
};

class SumTallies {
 public:
  explicit SumTallies(NamedSum sum) : sum_(std::move(sum)) {}

  void add(const Replica& replica) {
    const std::vector<float> x = replica.x();
    const reference::SummationOrder order = sum_.order.order;
    const ExactSums exact = exact_sums(x);
    const Terms terms = terms_of(exact, x.size());
    const float computed = reference::ordered_sum<float>(order, x.size(), [&](std::size_t i) { return x[i]; });
    const double error = std::fabs((exact.sum - static_cast<double>(computed)).high());
    in_any_order_.add(error, sum_.in_any_order(terms, u));
    by_height_.add(error, theory::sum_bound_by_height(height(order, x.size()), u, terms.magnitudes));
    by_partial_sums_.add(error, half_ulps(order, x.size(), [&](std::size_t i) { return x[i]; }));
  }

  std::vector<RoundingTally> tallies() const {
    return {in_any_order_.tally(), by_height_.tally(), by_partial_sums_.tally()};
  }

 private:
  NamedSum sum_;
  ErrorTally in_any_order_, by_height_, by_partial_sums_;
};

// |x| of a recipe's values, rounded to few bits: as they come they are rounded first.
constexpr int few = 8;
using Few = numbers::FewBits<few>;

class FewBitTallies {
 public:
  explicit FewBitTallies(const NamedOrder& order) : order_(order.order) {}

  void add(const Replica& replica) {
    std::vector<Few> x;
    Terms terms;  // exact in double: few bits each, of one size
    for (const float value : replica.x()) {
      x.emplace_back(static_cast<double>(value));
      terms.sum += static_cast<double>(x.back());
      terms.magnitudes += std::fabs(static_cast<double>(x.back()));
    }
    terms.count = x.size();
    const Few computed = reference::ordered_sum<Few>(order_, x.size(), [&](std::size_t i) { return x[i]; });
    const double error = std::fabs(static_cast<double>(computed) - terms.sum);
    in_any_order_.add(error, sum_bound_in_any_order(terms, Few::unit_roundoff));
    by_height_.add(error, theory::sum_bound_by_height(height(order_, x.size()), Few::unit_roundoff, terms.magnitudes));
  }

  std::vector<RoundingTally> tallies() const { return {in_any_order_.tally(), by_height_.tally()}; }

 private:
  reference::SummationOrder order_;
  ErrorTally in_any_order_, by_height_;
};

// Every value that some order computes of all terms, by subsets: those of a set are sums of those of two parts of it.
template <class T>
std::vector<double> in_every_order(const std::vector<double>& terms) {
  const std::size_t sets = std::size_t{1} << terms.size();
  std::vector<std::vector<double>> of_set(sets);
  for (std::size_t set = 1; set < sets; ++set) {
    std::vector<double>& values = of_set[set];
    if ((set & (set - 1)) == 0) values.push_back(terms[static_cast<std::size_t>(std::countr_zero(set))]);
    for (std::size_t part = (set - 1) & set; part > (set ^ part); part = (part - 1) & set)  // each split once
      for (const double a : of_set[part])
        for (const double b : of_set[set ^ part]) values.push_back(static_cast<double>(T(a) + T(b)));
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
  }
  return of_set.back();
}

// All sums of `count` of the numbers, each as often as one likes.
template <class T>
void tally_every_order(const std::vector<double>& numbers, std::size_t count, std::size_t first,
                       std::vector<double>& chosen, ErrorTally& tally) {
  if (chosen.size() == count) {
    Terms terms = {.count = count};
    for (const double x : chosen) {
      terms.sum += x;
      terms.magnitudes += std::fabs(x);
    }
    const double bound = sum_bound_in_any_order(terms, T::unit_roundoff);
    for (const double computed : in_every_order<T>(chosen)) tally.add(std::fabs(computed - terms.sum), bound);
    return;
  }
  for (std::size_t k = first; k < numbers.size(); ++k) {
    chosen.push_back(numbers[k]);
    tally_every_order<T>(numbers, count, k, chosen, tally);
    chosen.pop_back();
  }
}

constexpr int fewest_bits = 2;
using Fewest = numbers::FewBits<fewest_bits>;

// Of either sign: 1/2, 3/4, 1, 3/2, 2, 3, 4.
std::vector<double> small_numbers() {
  std::vector<double> numbers;
  for (const double size : {0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0}) {
    numbers.push_back(size);
    numbers.push_back(-size);
  }
  return numbers;
}

RoundingPoint every_order_point(std::size_t count) {
  return {.id = fmt::format("every_order/bits={}/count={}", fewest_bits, count),
          .enumerated = true,
          .cost = std::pow(10, count),
          .measure = [=](const RoundingRun&) {
            ErrorTally tally;
            std::vector<double> chosen;
            tally_every_order<Fewest>(small_numbers(), count, 0, chosen, tally);
            return std::vector<RoundingTally>{tally.tally()};
          }};
}

RoundingPoint every_tree_point(int bits, int height) {
  return {.id = fmt::format("every_tree/bits={}/height={}", bits, height),
          .enumerated = true,
          .measure = [=](const RoundingRun&) {
            ErrorTally tally;
            const double c = height * std::ldexp(1, -bits);
            tally.add(largest_excess(bits, height, bits + 1, c), 0);
            return std::vector<RoundingTally>{tally.tally()};
          }};
}

class LowSumTallies {
 public:
  explicit LowSumTallies(const NamedOrder& order) : order_(order.order) {}

  void add(const Replica& replica) {
    const std::vector<float> x = replica.x();
    const ExactSums exact = exact_sums(x);
    const float computed = reference::ordered_sum<float>(order_, x.size(), [&](std::size_t i) { return x[i]; });
    tally_.add(std::fabs((exact.sum - static_cast<double>(computed)).high()),
               height(order_, x.size()) * u * exact.magnitudes.high());
  }

  std::vector<RoundingTally> tallies() const { return {tally_.tally()}; }

 private:
  reference::SummationOrder order_;
  ErrorTally tally_;
};

}  // namespace

double sum_bound_in_any_order(const Terms& terms, double roundoff) {
  return theory::sum_bound_in_any_order(static_cast<std::int64_t>(terms.count), roundoff, terms.magnitudes);
}

std::vector<ChannelRecipe> sum_recipes(Effort effort) {
  constexpr std::size_t fewest = 2;
  std::vector<ChannelRecipe> recipes = grid(effort, fewest);
  for (const std::size_t count : {3U, 100U, 4097U}) recipes.push_back({ChannelRecipe::Kind::powers, 0, count});
  return recipes;
}

std::vector<RoundingPoint> sums_in_binary32(const std::vector<ChannelRecipe>& recipes, Effort effort,
                                            const SumBound& in_any_order) {
  std::vector<RoundingPoint> points;
  for (const ChannelRecipe& recipe : recipes)
    for (const NamedOrder& order : orders())
      points.push_back(point_of<SumTallies>("sum/" + order.id, NamedSum{order, in_any_order}, recipe,
                                            grid_replicas(recipe.count, effort)));
  return points;
}

std::vector<RoundingPoint> sums_in_few_bits(Effort effort) {
  std::vector<RoundingPoint> points;
  for (const std::size_t count : {10U, 300U, 4096U})
    for (const double condition : {0.0, 1.0, 100.0})
      for (const NamedOrder& order : orders()) {
        const ChannelRecipe recipe = {ChannelRecipe::Kind::normal, condition, count};
        points.push_back(point_of<FewBitTallies>(fmt::format("sum/bits={}/{}", few, order.id), order, recipe,
                                                 grid_replicas(count, effort)));
      }
  return points;
}

std::vector<RoundingPoint> sums_in_every_order(Effort effort) {
  std::vector<RoundingPoint> points;
  const std::size_t most = effort == Effort::quick ? 4 : effort == Effort::standard ? 5 : 6;
  for (std::size_t count = 2; count <= most; ++count) points.push_back(every_order_point(count));
  return points;
}

std::vector<RoundingPoint> low_sums_in_binary32(Effort effort) {
  const double highest = 1 / std::sqrt(u);
  std::vector<RoundingPoint> points;
  for (const ChannelRecipe& recipe : sum_recipes(effort))
    for (const NamedOrder& order : orders())
      if (height(order.order, recipe.count) <= highest)
        points.push_back(
            point_of<LowSumTallies>("low_sum/" + order.id, order, recipe, grid_replicas(recipe.count, effort)));
  return points;
}

std::vector<RoundingPoint> low_sums_over_every_tree(Effort effort) {
  const int most_bits = effort == Effort::quick ? 5 : 6;
  std::vector<RoundingPoint> points;
  for (int bits = 2; bits <= most_bits; ++bits)
    for (int height = 1; height * height <= 1 << bits; ++height) points.push_back(every_tree_point(bits, height));
  return points;
}

}  // namespace normproof::rounding
