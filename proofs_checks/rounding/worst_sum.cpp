// How does dynamic programming find the worst sums?
#include "proofs_checks/rounding/worst_sum.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>
#include <limits>
#include <map>
#include <utility>

#include "proofs_checks/numbers/few_bits.hpp"

namespace normproof::rounding {

namespace {

// The least Σx, in units of the mantissa's last digit, that computes a mantissa; and from what.
struct Least {
  double sum = 0;
  int level = 0;  // the height at which this was found; 0: a term
  int left = 0, right = 0, left_exponent = 0, right_exponent = 0;
};
using Level = std::vector<Least>;  // by mantissa, the least one first

class PositiveSums {
 public:
  PositiveSums(int bits, int height) : bits_(bits), least_(1 << (bits - 1)) {
    Level terms(static_cast<std::size_t>(least_));
    for (std::size_t i = 0; i < terms.size(); ++i) terms[i].sum = mantissa(i);
    levels_.push_back(terms);
    for (int level = 1; level <= height; ++level) levels_.push_back(next(levels_.back(), level));
  }

  WorstSum worst() const {
    const Level& last = levels_.back();
    const auto ratio = [&](std::size_t i) { return mantissa(i) / last[i].sum; };
    std::size_t best = 0;
    for (std::size_t i = 1; i < last.size(); ++i)
      if (ratio(i) > ratio(best)) best = i;
    WorstSum sum;
    std::map<std::pair<int, int>, int> known;  // by level and mantissa
    std::vector<double> terms;
    add(static_cast<int>(levels_.size()) - 1, static_cast<int>(best), sum, known, terms);
    sum.terms = terms.back();
    return sum;
  }

 private:
  double mantissa(std::size_t i) const { return least_ + static_cast<double>(i); }

  Level next(const Level& before, int level) const {
    Level after = before;
    for (std::size_t i = 0; i < before.size(); ++i)
      for (std::size_t j = 0; j < before.size(); ++j)
        for (int shift = 0; shift <= bits_ + 1; ++shift) {  // what is smaller still is lost, and gains nothing
          const double computed = numbers::rounded_to_bits(mantissa(i) + std::ldexp(mantissa(j), -shift), bits_);
          const int scale = std::ilogb(computed) + 1 - bits_;
          const auto at = static_cast<std::size_t>(std::ldexp(computed, -scale)) - static_cast<std::size_t>(least_);
          const double sum = std::ldexp(before[i].sum + std::ldexp(before[j].sum, -shift), -scale);
          if (sum < after[at].sum)
            after[at] = {sum, level, static_cast<int>(i), static_cast<int>(j), -scale, -shift - scale};
        }
    return after;
  }

  // Adds the node and what it is made of; gives its number.
  int add(int level, int i, WorstSum& sum, std::map<std::pair<int, int>, int>& known,
          std::vector<double>& terms) const {
    const Least& least = levels_[static_cast<std::size_t>(level)][static_cast<std::size_t>(i)];
    const auto found = known.find({least.level, i});
    if (found != known.end()) return found->second;
    WorstSum::Node node = {.mantissa = least_ + i};
    double count = 1;
    if (least.level > 0) {
      node.left = add(least.level - 1, least.left, sum, known, terms);
      node.right = add(least.level - 1, least.right, sum, known, terms);
      node.left_exponent = least.left_exponent;
      node.right_exponent = least.right_exponent;
      count = terms[static_cast<std::size_t>(node.left)] + terms[static_cast<std::size_t>(node.right)];
    }
    sum.nodes.push_back(node);
    terms.push_back(count);
    const int number = static_cast<int>(sum.nodes.size()) - 1;
    known[{least.level, i}] = number;
    return number;
  }

  int bits_, least_;
  std::vector<Level> levels_;
};

}  // namespace

WorstSum worst_sum(int bits, int height) { return PositiveSums(bits, height).worst(); }

double largest_excess(int bits, int height, int exponents, double c) {
  std::vector<double> numbers;
  for (int exponent = -exponents; exponent <= exponents; ++exponent)
    for (int mantissa = 1 << (bits - 1); mantissa < 1 << bits; ++mantissa)
      for (const int sign : {1, -1}) numbers.push_back(sign * std::ldexp(mantissa, exponent));
  std::sort(numbers.begin(), numbers.end());
  std::vector<double> least;  // Σ w(x) of each number
  least.reserve(numbers.size());
  for (const double x : numbers) least.push_back(x + c * std::fabs(x));
  for (int level = 0; level < height; ++level) {
    const std::vector<double> before = least;
    for (std::size_t i = 0; i < numbers.size(); ++i)
      for (std::size_t j = i; j < numbers.size(); ++j) {
        const double computed = numbers::rounded_to_bits(numbers[i] + numbers[j], bits);
        const auto at = std::lower_bound(numbers.begin(), numbers.end(), computed);
        if (at == numbers.end() || *at != computed) continue;  // 0, or outside the range
        double& sum = least[static_cast<std::size_t>(at - numbers.begin())];
        sum = std::min(sum, before[i] + before[j]);
      }
  }
  double excess = -std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < numbers.size(); ++i) excess = std::max(excess, numbers[i] - least[i]);
  return numbers.empty() ? std::numeric_limits<double>::quiet_NaN() : excess;
}

}  // namespace normproof::rounding
