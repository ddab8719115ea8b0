// What is the smallest number type on which the theory's formulas can be held to equality, derivatives included?
//
// Fraction: a quotient of 64-bit integers, with a root for perfect squares and an exception for all else (a root that
// is no fraction, an overflow, a division by zero). Dual: a Fraction and its derivative in one direction. Both offer
// exactly the operations that theory/README.md asks of a number type, and no comparison, so that compiling is itself
// the test.
#pragma once

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <numeric>
#include <stdexcept>
#include <string>

#include "theory/training_batch.hpp"

namespace normproof::theory_tests {

inline std::int64_t checked_product(std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  if (__builtin_mul_overflow(a, b, &out)) throw std::overflow_error("fraction too large for this test");
  return out;
}

inline std::int64_t checked_sum(std::int64_t a, std::int64_t b) {
  std::int64_t out = 0;
  if (__builtin_add_overflow(a, b, &out)) throw std::overflow_error("fraction too large for this test");
  return out;
}

class Fraction {
 public:
  Fraction() = default;
  explicit Fraction(int value) : numerator_(value) {}

  static Fraction of(std::int64_t numerator, std::int64_t denominator) {
    if (denominator == 0) throw std::domain_error("division by zero");
    const std::int64_t divisor = std::gcd(numerator, denominator) * (denominator < 0 ? -1 : 1);
    Fraction out;
    out.numerator_ = numerator / divisor;
    out.denominator_ = denominator / divisor;
    return out;
  }

  Fraction& operator+=(const Fraction& o) {
    const std::int64_t divisor = std::gcd(denominator_, o.denominator_);
    const std::int64_t left = checked_product(numerator_, o.denominator_ / divisor);
    const std::int64_t right = checked_product(o.numerator_, denominator_ / divisor);
    return *this = of(checked_sum(left, right), checked_product(denominator_ / divisor, o.denominator_));
  }
  Fraction& operator*=(const Fraction& o) {
    const Fraction a = of(numerator_, o.denominator_);
    const Fraction b = of(o.numerator_, denominator_);
    return *this = of(checked_product(a.numerator_, b.numerator_), checked_product(a.denominator_, b.denominator_));
  }
  Fraction& operator-=(const Fraction& o) { return *this += -o; }
  Fraction& operator/=(const Fraction& o) { return *this *= of(o.denominator_, o.numerator_); }
  Fraction operator-() const { return of(-numerator_, denominator_); }

  friend Fraction operator+(Fraction a, const Fraction& b) { return a += b; }
  friend Fraction operator-(Fraction a, const Fraction& b) { return a -= b; }
  friend Fraction operator*(Fraction a, const Fraction& b) { return a *= b; }
  friend Fraction operator/(Fraction a, const Fraction& b) { return a /= b; }

  std::string text() const { return std::to_string(numerator_) + "/" + std::to_string(denominator_); }
  bool exceeds(const Fraction& o) const { return (*this - o).numerator_ > 0; }

  friend Fraction sqrt(const Fraction& x) { return of(integer_root(x.numerator_), integer_root(x.denominator_)); }

 private:
  static std::int64_t integer_root(std::int64_t square) {
    const std::int64_t root = square < 0 ? 0 : std::llround(std::sqrt(static_cast<double>(square)));
    if (checked_product(root, root) != square) throw std::domain_error("the root is no fraction");
    return root;
  }

  std::int64_t numerator_ = 0;
  std::int64_t denominator_ = 1;
};

inline Fraction clamp_below(const Fraction& x, const Fraction& lo) { return x.exceeds(lo) ? x : lo; }
inline Fraction clamp_below_slope(const Fraction& x, const Fraction& lo) { return Fraction(x.exceeds(lo) ? 1 : 0); }

struct Dual {
  Fraction value, slope;

  Dual() = default;
  explicit Dual(int constant) : value(constant) {}
  Dual(const Fraction& v, const Fraction& d) : value(v), slope(d) {}

  Dual& operator+=(const Dual& o) { return *this = Dual(value + o.value, slope + o.slope); }
  Dual& operator-=(const Dual& o) { return *this = Dual(value - o.value, slope - o.slope); }
  Dual& operator*=(const Dual& o) { return *this = Dual(value * o.value, slope * o.value + value * o.slope); }
  Dual& operator/=(const Dual& o) {
    const Fraction quotient = value / o.value;
    return *this = Dual(quotient, (slope - quotient * o.slope) / o.value);
  }
  Dual operator-() const { return Dual(-value, -slope); }
  friend Dual operator+(Dual a, const Dual& b) { return a += b; }
  friend Dual operator-(Dual a, const Dual& b) { return a -= b; }
  friend Dual operator*(Dual a, const Dual& b) { return a *= b; }
  friend Dual operator/(Dual a, const Dual& b) { return a /= b; }
};

inline Dual sqrt(const Dual& x) {
  const Fraction root = sqrt(x.value);
  return Dual(root, x.slope / (root + root));
}
inline Dual clamp_below(const Dual& x, const Dual& lo) { return x.value.exceeds(lo.value) ? x : lo; }

// Texts rather than numbers, so that a failed comparison shows both sides and no type needs an equality.
inline std::string text(const theory::Vector<Fraction>& v) {
  std::string out;
  for (int i = 0; i < static_cast<int>(v.size()); ++i) out += v(i).text() + " ";
  return out;
}
inline std::string text(const theory::Matrix<Fraction>& m) {
  std::string out;
  for (int i = 0; i < static_cast<int>(m.rows()); ++i) {
    for (int j = 0; j < static_cast<int>(m.cols()); ++j) out += m(i, j).text() + " ";
    out += "; ";
  }
  return out;
}

template <class T>
theory::Matrix<T> matrix_of(int rows, int columns, const std::initializer_list<int>& row_by_row) {
  if (static_cast<int>(row_by_row.size()) != rows * columns) throw std::invalid_argument("wrong number of entries");
  theory::Matrix<T> out(rows, columns);
  auto entry = row_by_row.begin();
  for (int i = 0; i < rows; ++i)
    for (int j = 0; j < columns; ++j) out(i, j) = T(*entry++);
  return out;
}

template <class T>
theory::Vector<T> vector_of(const std::initializer_list<int>& entries) {
  theory::Vector<T> out(static_cast<int>(entries.size()));
  int i = 0;
  for (const int entry : entries) out(i++) = T(entry);
  return out;
}

// Four samples, two channels with the same variance 25/2, gamma of both signs, and eps = 7/2, so that s = 4.
template <class T>
theory::TrainingBatch<T> exact_batch() {
  theory::TrainingBatch<T> b;
  b.x = matrix_of<T>(4, 2, {1, 9, 2, 1, 8, 8, 9, 2});
  for (int i = 0; i < 4; ++i) b.x(i, 1) += T(100);
  b.dy = matrix_of<T>(4, 2, {3, -1, -1, 5, 4, 2, 1, 3});
  b.gamma = vector_of<T>({2, -3});
  b.beta = vector_of<T>({7, 1});
  b.eps = T(16) - T(25) / T(2);
  return b;
}

// The derivative of Σ dy·layer(x) by every entry of x, one direction at a time: what a closed form is held against.
template <class Layer>
theory::Matrix<Fraction> derivative_of(const theory::Matrix<Fraction>& x, const theory::Matrix<Fraction>& dy,
                                       const Layer& layer) {
  const int rows = static_cast<int>(x.rows());
  const int columns = static_cast<int>(x.cols());
  theory::Matrix<Fraction> out(rows, columns);
  for (int k = 0; k < rows; ++k)
    for (int l = 0; l < columns; ++l) {
      theory::Matrix<Dual> seeded(rows, columns);
      for (int i = 0; i < rows; ++i)
        for (int j = 0; j < columns; ++j) seeded(i, j) = Dual(x(i, j), Fraction(i == k && j == l ? 1 : 0));
      const theory::Matrix<Dual> y = layer(seeded);
      out(k, l) = Fraction(0);
      for (int i = 0; i < rows; ++i)
        for (int j = 0; j < columns; ++j) out(k, l) += dy(i, j) * y(i, j).slope;
    }
  return out;
}

inline Dual constant(const Fraction& value) { return Dual(value, Fraction(0)); }

}  // namespace normproof::theory_tests
