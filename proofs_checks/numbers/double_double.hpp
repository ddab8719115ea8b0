// How is a value carried to about 32 digits with nothing but doubles?
//
// What       The unevaluated sum high + low of two doubles, high = fl(high + low).
// Source     T. J. Dekker, A floating-point technique for extending the available precision, Numer. Math. 18 (1971),
//            and D. E. Knuth, The Art of Computer Programming 2, 4.2.2, for sums with their errors; M. Joldes, J.-M.
//            Muller, V. Popescu, Tight and rigorous error bounds for basic building blocks of double-word arithmetic,
//            ACM TOMS 44 (2017), Algorithms 4, 6, 7, 9, 12, 17; V. Lefèvre, N. Louvet, J.-M. Muller, J. Picot, L.
//            Rideau, Accurate calculation of Euclidean norms using double-word arithmetic, ACM TOMS 49 (2023), for the
//            root.
// Bounds     Relative errors, u = 2^−53:  +, −: 3 u² + 13 u³, with a double 2 u²;  ·: 5 u², with a double 2 u²;
//            /: 15 u² + 56 u³;  √: (25/8) u².
//            They hold where nothing underflows: for · and / while the result, and for √ while the argument, is at
//            least 2^−969 in magnitude. Below that · and / are off by a few times 2^−1074 at most, and √ has a
//            double's digits only. + and − never underflow.
// Assumes    Round to nearest, and no contraction of a·b + c by the compiler (-ffp-contract=off).
// Not finite A result is not finite exactly where the same operation on the high parts is not. Its low part is then 0:
//            what is computed from ∞ stays ∞ where double stays ∞, and turns to NaN where double turns to NaN.
#pragma once

#include <cmath>
#include <cstdint>

namespace normproof::numbers {

// a + b = sum + error, exactly (Knuth).
struct SumWithError {
  double sum, error;
};
inline SumWithError two_sum(double a, double b) {
  const double sum = a + b;
  const double b_rounded = sum - a;
  const double a_rounded = sum - b_rounded;
  return {sum, (a - a_rounded) + (b - b_rounded)};
}

// The same for |a| ≥ |b| or a = 0 (Dekker).
inline SumWithError fast_two_sum(double a, double b) {
  const double sum = a + b;
  return {sum, b - (sum - a)};
}

// a·b = product + error, exactly, while |a·b| ≥ 2^−969 or a·b = 0.
struct ProductWithError {
  double product, error;
};
inline ProductWithError two_product(double a, double b) {
  const double product = a * b;
  return {product, std::fma(a, b, -product)};
}

class DoubleDouble {
 public:
  constexpr DoubleDouble() = default;
  constexpr DoubleDouble(double value) : high_(value) {}  // NOLINT(google-explicit-constructor): exact
  static DoubleDouble of_integer(std::int64_t n) {
    const auto high = static_cast<double>(n);
    // 2^63 does not fit; the difference to it does.
    constexpr double beyond = 0x1p63;
    const std::int64_t rest = high == beyond ? (n - INT64_MAX) - 1 : n - static_cast<std::int64_t>(high);
    return {high, static_cast<double>(rest)};
  }
  // a + b for any two doubles, exactly.
  static DoubleDouble sum_of(double a, double b) {
    const double sum = a + b;
    if (!std::isfinite(sum)) return sum;
    return of(two_sum(a, b));
  }

  double high() const { return high_; }
  double low() const { return low_; }
  explicit operator double() const { return high_; }

  friend DoubleDouble operator-(const DoubleDouble& a) { return {-a.high_, -a.low_}; }
  friend DoubleDouble operator+(const DoubleDouble& a, const DoubleDouble& b) {
    const auto [s, s_error] = two_sum(a.high_, b.high_);
    if (!std::isfinite(s)) return s;
    const auto [t, t_error] = two_sum(a.low_, b.low_);
    const auto [v, v_error] = fast_two_sum(s, s_error + t);
    return of(v, t_error + v_error, s);
  }
  friend DoubleDouble operator+(const DoubleDouble& a, double b) {
    const auto [s, s_error] = two_sum(a.high_, b);
    if (!std::isfinite(s)) return s;
    return of(s, a.low_ + s_error, s);
  }
  friend DoubleDouble operator+(double a, const DoubleDouble& b) { return b + a; }
  friend DoubleDouble operator-(const DoubleDouble& a, const DoubleDouble& b) { return a + -b; }
  friend DoubleDouble operator-(const DoubleDouble& a, double b) { return a + -b; }
  friend DoubleDouble operator-(double a, const DoubleDouble& b) { return -b + a; }

  friend DoubleDouble operator*(const DoubleDouble& a, const DoubleDouble& b) {
    const auto [p, p_error] = two_product(a.high_, b.high_);
    if (!std::isfinite(p)) return p;
    const double cross = std::fma(a.low_, b.high_, std::fma(a.high_, b.low_, a.low_ * b.low_));
    return of(p, p_error + cross, p);
  }
  friend DoubleDouble operator*(const DoubleDouble& a, double b) {
    const auto [p, p_error] = two_product(a.high_, b);
    if (!std::isfinite(p)) return p;
    return of(p, std::fma(a.low_, b, p_error), p);
  }
  friend DoubleDouble operator*(double a, const DoubleDouble& b) { return b * a; }

  friend DoubleDouble operator/(const DoubleDouble& a, const DoubleDouble& b) {
    const double quotient = a.high_ / b.high_;
    if (!std::isfinite(quotient) || quotient == 0) return quotient;
    const auto [p, p_error] = two_product(b.high_, quotient);
    const auto [t, t_error] = fast_two_sum(p, b.low_ * quotient);
    const auto [r, r_error] = fast_two_sum(t, t_error + p_error);
    const double rest = (a.high_ - r) + (a.low_ - r_error);
    // Next to the largest double, p overflows though the quotient does not: a double's precision is what is left.
    if (!std::isfinite(rest)) return quotient;
    return of(quotient, rest / b.high_, quotient);
  }
  friend DoubleDouble sqrt(const DoubleDouble& a) {
    const double root = std::sqrt(a.high_);
    if (!std::isfinite(root) || root == 0) return root;
    const double rest = std::fma(-root, root, a.high_) + a.low_;
    return of(root, rest / (2 * root), root);
  }
  friend DoubleDouble abs(const DoubleDouble& a) { return std::signbit(a.high_) ? -a : a; }
  // a·2^exponent: exact while the result neither overflows nor underflows.
  friend DoubleDouble ldexp(const DoubleDouble& a, int exponent) {
    const double high = std::ldexp(a.high_, exponent);
    if (!std::isfinite(high)) return high;
    return {high, std::ldexp(a.low_, exponent)};
  }
  friend bool isfinite(const DoubleDouble& a) { return std::isfinite(a.high_); }
  friend bool isnan(const DoubleDouble& a) { return std::isnan(a.high_); }

  DoubleDouble& operator+=(const DoubleDouble& b) { return *this = *this + b; }
  DoubleDouble& operator+=(double b) { return *this = *this + b; }
  DoubleDouble& operator-=(const DoubleDouble& b) { return *this = *this - b; }
  DoubleDouble& operator*=(const DoubleDouble& b) { return *this = *this * b; }
  DoubleDouble& operator/=(const DoubleDouble& b) { return *this = *this / b; }

  // As doubles compare: false with a NaN, but for !=.
  friend bool operator==(const DoubleDouble& a, const DoubleDouble& b) {
    return a.high_ == b.high_ && a.low_ == b.low_;
  }
  friend bool operator<(const DoubleDouble& a, const DoubleDouble& b) {
    return a.high_ < b.high_ || (a.high_ == b.high_ && a.low_ < b.low_);
  }
  friend bool operator>(const DoubleDouble& a, const DoubleDouble& b) { return b < a; }
  friend bool operator<=(const DoubleDouble& a, const DoubleDouble& b) { return a < b || a == b; }
  friend bool operator>=(const DoubleDouble& a, const DoubleDouble& b) { return b <= a; }

 private:
  constexpr DoubleDouble(double high, double low) : high_(high), low_(low) {}
  static DoubleDouble of(SumWithError parts) { return {parts.sum, parts.error}; }
  // high + low where |low| is small beside high, or high is 0. Where the sum rounds to ∞ though `in_double` did not,
  // the parts stay as they are: their sum is still the value.
  static DoubleDouble of(double high, double low, double in_double) {
    const auto [sum, error] = fast_two_sum(high, low);
    if (std::isfinite(sum)) return {sum, error};
    return std::isfinite(high) ? DoubleDouble(high, low) : DoubleDouble(in_double);
  }

  double high_ = 0;
  double low_ = 0;
};

inline DoubleDouble select_positive(const DoubleDouble& condition, const DoubleDouble& if_positive,
                                    const DoubleDouble& otherwise) {
  return condition > DoubleDouble(0) ? if_positive : otherwise;
}

}  // namespace normproof::numbers
