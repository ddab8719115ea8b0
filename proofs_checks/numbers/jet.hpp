// What are the first Taylor coefficients of a program along a line?
//
// What       A Jet<T, N> is c₀ + c₁ τ + … + c_N τᴺ, cut off after order N, over any number type T. Running f on x + v τ
//            gives the Taylor coefficients of t ↦ f(x + v t) at 0. Over enclosures, started from c₀ = [a, b] and
//            c₁ = 1, c_k encloses f⁽ᵏ⁾/k! on all of [a, b].
// Source     The recurrences are those of Taylor arithmetic: Moore, Interval Analysis (1966), ch. 11; Griewank &
//            Walther, Evaluating Derivatives, 2nd ed. (2008), § 13.2. For r = √a, r² = a; for e = exp a, e′ = a′e; for
//            l = log a, a l′ = a′; for t = tanh a, t′ = a′(1 − t²); for s = softplus a, s′ = a′p, and p′ = a′p(1 − p).
// Kinks      select_positive goes by the sign of c₀, which over enclosures must be certain. (Where c₀ encloses the
//            condition on all of [a, b] and is exactly 0, there is no kink in it: it is 0 throughout.)
// Why degree Most numbers of a program do not depend on t at all: coefficients above `degree` are zero and
//            take no time.
#pragma once

#include <algorithm>
#include <array>

#include "proofs_checks/numbers/bounded.hpp"
#include "proofs_checks/numbers/elementary.hpp"

namespace normproof::numbers {

template <class T, int N>
struct Jet {
  std::array<T, N + 1> coefficients = {};
  int degree = 0;

  Jet() = default;
  Jet(int integer) { coefficients[0] = T(integer); }  // NOLINT(google-explicit-constructor): generic code writes T(2)
  explicit Jet(const T& constant) { coefficients[0] = constant; }
  static Jet line(const T& value, const T& slope) {
    Jet jet(value);
    static_assert(N >= 1);
    jet.coefficients[1] = slope;
    jet.degree = 1;
    return jet;
  }

  T& operator[](int k) { return coefficients[static_cast<std::size_t>(k)]; }
  const T& operator[](int k) const { return coefficients[static_cast<std::size_t>(k)]; }

  friend Jet operator-(const Jet& a) {
    Jet result = a;
    for (int k = 0; k <= a.degree; ++k) result[k] = -a[k];
    return result;
  }
  friend Jet operator+(const Jet& a, const Jet& b) {
    Jet result = a.degree >= b.degree ? a : b;  // the longer one gives the tail
    for (int k = 0; k <= std::min(a.degree, b.degree); ++k) result[k] = a[k] + b[k];
    return result;
  }
  friend Jet operator-(const Jet& a, const Jet& b) {
    Jet result = a;
    for (int k = 0; k <= b.degree; ++k) result[k] = k <= a.degree ? a[k] - b[k] : -b[k];
    result.degree = std::max(a.degree, b.degree);
    return result;
  }
  friend Jet operator*(const Jet& a, const Jet& b) {
    Jet result;
    result.degree = std::min(N, a.degree + b.degree);
    for (int k = 0; k <= result.degree; ++k) {
      const int first = std::max(0, k - b.degree), last = std::min(k, a.degree);
      T sum = a[first] * b[k - first];
      for (int j = first + 1; j <= last; ++j) sum += a[j] * b[k - j];
      result[k] = sum;
    }
    return result;
  }
  friend Jet operator/(const Jet& a, const Jet& b) {
    Jet result;
    result.degree = b.degree == 0 ? a.degree : N;
    for (int k = 0; k <= result.degree; ++k) {
      T rest = k <= a.degree ? a[k] : T(0);
      for (int j = 1; j <= std::min(k, b.degree); ++j) rest -= b[j] * result[k - j];
      result[k] = rest / b[0];
    }
    return result;
  }
  Jet& operator+=(const Jet& other) { return *this = *this + other; }
  Jet& operator-=(const Jet& other) { return *this = *this - other; }
  Jet& operator*=(const Jet& other) { return *this = *this * other; }
  Jet& operator/=(const Jet& other) { return *this = *this / other; }
};

template <class T, int N>
Jet<T, N> sqrt(const Jet<T, N>& a) {
  Jet<T, N> root(sqrt(a[0]));
  if (a.degree == 0) return root;
  root.degree = N;
  const T twice = T(2) * root[0];
  for (int k = 1; k <= N; ++k) {
    T rest = k <= a.degree ? a[k] : T(0);
    for (int j = 1; j < k; ++j) rest -= root[j] * root[k - j];
    root[k] = rest / twice;
  }
  return root;
}

template <class T, int N>
Jet<T, N> select_positive(const Jet<T, N>& condition, const Jet<T, N>& if_positive, const Jet<T, N>& otherwise) {
  // Coefficient by coefficient: T's own select_positive refuses where the sign of c₀ is not certain.
  Jet<T, N> chosen;
  chosen.degree = std::max(if_positive.degree, otherwise.degree);
  for (int k = 0; k <= chosen.degree; ++k) chosen[k] = select_positive(condition[0], if_positive[k], otherwise[k]);
  return chosen;
}

namespace jet {

// k y_k = Σ_{j=1..k} j a_j f_(k−j): coefficient k of y where y′ = a′ f.
template <class T, int N>
T next_coefficient(const Jet<T, N>& a, const Jet<T, N>& f, int k) {
  T sum = T(0);
  for (int j = 1; j <= std::min(k, a.degree); ++j) sum += T(j) * a[j] * f[k - j];
  return sum / T(k);
}

// t = tanh a together with w = 1 − t², each of which needs the other's earlier coefficients.
template <class T, int N>
Jet<T, N> tanh(const Jet<T, N>& a, Jet<T, N>& w) {
  Jet<T, N> t(smooth(Smooth::tanh, 0, a[0]));
  w = Jet<T, N>(smooth(Smooth::tanh, 1, a[0]));
  if (a.degree == 0) return t;
  t.degree = w.degree = N;
  for (int k = 1; k <= N; ++k) {
    t[k] = next_coefficient(a, w, k);
    T square = T(0);
    for (int j = 0; j <= k; ++j) square += t[j] * t[k - j];
    w[k] = -square;
  }
  return t;
}

// p = softplus′(a) together with q = p(1 − p).
template <class T, int N>
Jet<T, N> logistic(const Jet<T, N>& a) {
  Jet<T, N> p(smooth(Smooth::softplus, 1, a[0]));
  if (a.degree == 0) return p;
  Jet<T, N> q(smooth(Smooth::softplus, 2, a[0]));
  p.degree = q.degree = N;
  for (int k = 1; k <= N; ++k) {
    p[k] = next_coefficient(a, q, k);
    T square = T(0);
    for (int j = 0; j <= k; ++j) square += p[j] * p[k - j];
    q[k] = p[k] - square;
  }
  return p;
}

template <class T, int N>
Jet<T, N> exp(const Jet<T, N>& a) {
  Jet<T, N> e(smooth(Smooth::exp, 0, a[0]));
  if (a.degree == 0) return e;
  e.degree = N;
  for (int k = 1; k <= N; ++k) e[k] = next_coefficient(a, e, k);
  return e;
}

template <class T, int N>
Jet<T, N> log(const Jet<T, N>& a) {
  Jet<T, N> l(smooth(Smooth::log, 0, a[0]));
  if (a.degree == 0) return l;
  l.degree = N;
  for (int k = 1; k <= N; ++k) {  // k a₀ l_k = k a_k − Σ_{j=1..k−1} j l_j a_(k−j)
    T sum = T(0);
    for (int j = std::max(1, k - a.degree); j < k; ++j) sum += T(j) * l[j] * a[k - j];
    l[k] = ((k <= a.degree ? a[k] : T(0)) - sum / T(k)) / a[0];
  }
  return l;
}

template <class T, int N>
Jet<T, N> softplus(const Jet<T, N>& a) {
  Jet<T, N> s(smooth(Smooth::softplus, 0, a[0]));
  if (a.degree == 0) return s;
  const Jet<T, N> p = logistic(a);
  s.degree = N;
  for (int k = 1; k <= N; ++k) s[k] = next_coefficient(a, p, k);
  return s;
}

}  // namespace jet

template <class T, int N>
Jet<T, N> smooth(Smooth function, int order, const Jet<T, N>& x) {
  switch (function) {
    case Smooth::exp: return jet::exp(x);
    case Smooth::log: return jet::log(x);
    case Smooth::tanh: {
      Jet<T, N> w;
      const Jet<T, N> t = jet::tanh(x, w);
      if (order == 0) return t;
      if (order == 1) return w;
      if (order == 2) return Jet<T, N>(-2) * t * w;
      require_derivative(order);
      return w * (Jet<T, N>(6) * t * t - Jet<T, N>(2));
    }
    case Smooth::softplus: return order == 0 ? jet::softplus(x) : softplus_derivative(order, jet::logistic(x));
  }
  throw OutsideDomain(OutsideDomain::Reason::not_representable, "no such smooth function");
}

}  // namespace normproof::numbers
