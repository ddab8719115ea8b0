// How do degree and height grow under each operation?
#include "proofs_checks/numbers/degree.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <stdexcept>

namespace normproof::numbers {

namespace {
thread_local DegreeLedger* open_ledger = nullptr;

DegreeLedger& ledger() {
  if (open_ledger == nullptr) throw std::logic_error("a Degree was used without a DegreeLedger");
  return *open_ledger;
}

double log2_of_sum(double a, double b) {  // log₂(2^a + 2^b)
  const double high = std::max(a, b), low = std::min(a, b);
  return high + std::log2(1 + std::exp2(low - high));
}
}  // namespace

DegreeLedger::DegreeLedger() : outer_(open_ledger) { open_ledger = this; }
DegreeLedger::~DegreeLedger() { open_ledger = outer_; }

int DegreeLedger::number_of(const Degree& divisor) {
  if (divisor.divisor_ >= 0) return divisor.divisor_;
  const auto next = static_cast<int>(divisors_.size());
  if (divisor.literal_) {
    const auto [entry, is_new] = literals_.emplace(divisor.integer_, next);
    if (!is_new) return divisor.divisor_ = entry->second;
  }
  divisors_.push_back({divisor.degree_, divisor.height_});
  return divisor.divisor_ = next;
}

Degree::Degree(int integer)
    : height_(integer == 0 ? 0 : std::log2(std::abs(static_cast<double>(integer)))),
      integer_(integer),
      literal_(true) {}

Degree Degree::variable() {
  Degree x;
  x.literal_ = false;
  x.degree_ = 1;
  return x;
}

Degree::Exponents Degree::most(const Exponents& a, const Exponents& b) {
  Exponents result;
  auto left = a.begin(), right = b.begin();
  while (left != a.end() || right != b.end()) {
    if (right == b.end() || (left != a.end() && left->first < right->first)) {
      result.push_back(*left++);
    } else if (left == a.end() || right->first < left->first) {
      result.push_back(*right++);
    } else {
      result.emplace_back(left->first, std::max(left->second, right->second));
      ++left;
      ++right;
    }
  }
  return result;
}

Degree Degree::over(const Exponents& common) const {
  Degree result = *this;
  if (common.size() == denominator_.size() && common == denominator_) return result;
  const auto& divisors = ledger().divisors_;
  for (const auto& [divisor, exponent] : common) {
    int missing = exponent;
    for (const auto& [own, own_exponent] : denominator_)
      if (own == divisor) missing -= own_exponent;
    result.degree_ += missing * divisors[static_cast<std::size_t>(divisor)].degree;
    result.height_ += missing * divisors[static_cast<std::size_t>(divisor)].height;
  }
  result.denominator_ = common;
  result.divisor_ = -1;
  result.literal_ = false;
  return result;
}

double Degree::noted_extent() const {
  double degree = 0, height = 0;
  const auto& divisors = ledger().divisors_;
  for (const auto& [divisor, exponent] : denominator_) {
    degree += exponent * divisors[static_cast<std::size_t>(divisor)].degree;
    height += exponent * divisors[static_cast<std::size_t>(divisor)].height;
  }
  double& largest = ledger().largest_argument_height;
  largest = std::max({largest, height, height_});
  return std::max(degree, degree_);
}

Degree operator+(const Degree& a, const Degree& b) {
  if (a.is_zero()) return b;
  if (b.is_zero()) return a;
  const Degree::Exponents common = Degree::most(a.denominator_, b.denominator_);
  const Degree left = a.over(common), right = b.over(common);
  Degree sum = left;
  sum.degree_ = std::max(left.degree_, right.degree_);
  sum.height_ = log2_of_sum(left.height_, right.height_);
  sum.literal_ = false;
  sum.divisor_ = -1;
  return sum;
}

Degree operator*(const Degree& a, const Degree& b) {
  if (a.is_zero() || b.is_zero()) return Degree(0);
  Degree product;
  product.literal_ = false;
  product.degree_ = a.degree_ + b.degree_;
  product.height_ = a.height_ + b.height_;
  product.denominator_ = Degree::most(a.denominator_, b.denominator_);
  for (auto& [divisor, exponent] : product.denominator_) {
    exponent = 0;
    for (const auto& [own, own_exponent] : a.denominator_)
      if (own == divisor) exponent += own_exponent;
    for (const auto& [own, own_exponent] : b.denominator_)
      if (own == divisor) exponent += own_exponent;
  }
  return product;
}

// (N_a/D_a)/(N_b/D_b): factors that D_a and D_b share cancel; what is left of D_b multiplies N_a, and N_b divides.
Degree operator/(const Degree& a, const Degree& b) {
  const int by = ledger().number_of(b);
  const auto& divisors = ledger().divisors_;
  Degree quotient;
  quotient.literal_ = false;
  quotient.degree_ = a.degree_;
  quotient.height_ = a.height_;
  const Degree::Exponents all = Degree::most(Degree::most(a.denominator_, b.denominator_), {{by, 1}});
  for (const auto& [divisor, unused] : all) {
    int exponent = divisor == by ? 1 : 0;
    for (const auto& [own, own_exponent] : a.denominator_)
      if (own == divisor) exponent += own_exponent;
    for (const auto& [own, own_exponent] : b.denominator_)
      if (own == divisor) exponent -= own_exponent;
    if (exponent > 0) quotient.denominator_.emplace_back(divisor, exponent);
    if (exponent < 0) {
      quotient.degree_ -= exponent * divisors[static_cast<std::size_t>(divisor)].degree;
      quotient.height_ -= exponent * divisors[static_cast<std::size_t>(divisor)].height;
    }
  }
  return quotient;
}

Degree sqrt(const Degree& x) {
  ledger().root_arguments.push_back(x.noted_extent());
  Degree root = x;
  const auto& divisors = ledger().divisors_;
  for (const auto& [divisor, exponent] : x.denominator_) {
    root.degree_ += exponent * divisors[static_cast<std::size_t>(divisor)].degree;
    root.height_ += exponent * divisors[static_cast<std::size_t>(divisor)].height;
  }
  root.degree_ /= 2;
  root.height_ /= 2;
  root.literal_ = false;
  root.divisor_ = -1;
  return root;
}

Degree select_positive(const Degree& condition, const Degree& if_positive, const Degree& otherwise) {
  ledger().conditions.push_back(condition.noted_extent());
  return if_positive + otherwise;  // at least as large as either
}

Degree smooth(Smooth /*function*/, int /*order*/, const Degree& x) {
  ledger().smooth_arguments.push_back(x.noted_extent());
  return Degree::variable();
}

}  // namespace normproof::numbers
