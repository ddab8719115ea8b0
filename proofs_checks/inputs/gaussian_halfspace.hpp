// How do claims about halfspaces get a Gaussian z, and functions of zᵀw̃ whose expectations are known exactly?
//
// What       z = u + Fg with g standard normal: `factor` F is square, Σ = FFᵀ, S = Σ + uuᵀ, so uᵀS⁻¹u < 1 by itself.
//            three_point: the expectation over g_i ∈ {−√3, 0, √3} with weights 1/6, 2/3, 1/6, which agrees with the
//            normal one on polynomials of degree ≤ 5 in each g_i. √3 is kept out of it: z = u + Ht with H = √3F and
//            t_i ∈ {−1, 0, 1}, so Σ = HHᵀ/3. two_point: t_i = ±1, z = u + Ft, the same mean and covariance and not
//            Gaussian. A polynomial φ(s) = Σ c_k s^k/k!, k ≤ 5, has coefficients `c`; degree 4 of φ′(s) and one of z
//            make 5.
#pragma once

#include "proofs_checks/inputs/adapters.hpp"
#include "theory/decoupling/halfspace.hpp"

namespace normproof::inputs {

constexpr int polynomial_degree = 5;

inline InputSpec mean_of_z() { return {"u", Role::mean, Dimension::one, Dimension::channels}; }
inline InputSpec factor_of_z() { return {"factor", Role::weight, Dimension::channels, Dimension::channels}; }
inline InputSpec halfspace_weights() { return {"w", Role::weight, Dimension::one, Dimension::channels}; }
inline InputSpec polynomial() { return {"c", Role::weight, Dimension::one, Dimension::outputs}; }

// Laplace along the first row; up to three rows.
template <class T>
T determinant_of_factor(const Array<T>& f) {
  switch (f.rows()) {
    case 1: return f(0, 0);
    case 2: return f(0, 0) * f(1, 1) - f(0, 1) * f(1, 0);
    case 3: {
      T sum = T(0);
      for (Eigen::Index k = 0; k < 3; ++k) {
        const Eigen::Index a = (k + 1) % 3, b = (k + 2) % 3;
        sum += f(0, k) * (f(1, a) * f(2, b) - f(1, b) * f(2, a));
      }
      return sum;
    }
    default: throw std::invalid_argument("determinants are written out for up to three rows");
  }
}
inline Hypothesis covariance_not_singular() {
  return {.id = "covariance_not_singular", .sentence = "det F ≠ 0: S > 0", .positive = [](const Inputs& in) {
            const Number determinant = determinant_of_factor<Number>(in("factor"));
            return determinant * determinant;
          }};
}

// HHᵀ/3 or FFᵀ.
template <class T>
theory::Matrix<T> covariance_of_z(const BasicInputs<T>& in, int divisor) {
  const Array<T>& factor = in("factor");
  theory::Matrix<T> sigma = theory::zero_matrix<T>(in.sizes.channels, in.sizes.channels);
  for (Eigen::Index i = 0; i < factor.rows(); ++i)
    for (Eigen::Index k = 0; k < factor.rows(); ++k) {
      for (Eigen::Index j = 0; j < factor.cols(); ++j) sigma(i, k) += factor(i, j) * factor(k, j);
      sigma(i, k) /= T(divisor);
    }
  return sigma;
}
template <class T>
theory::Matrix<T> moments_of_z(const BasicInputs<T>& in, int divisor) {
  theory::Matrix<T> moments = covariance_of_z(in, divisor);
  for (Eigen::Index i = 0; i < moments.rows(); ++i)
    for (Eigen::Index k = 0; k < moments.cols(); ++k) moments(i, k) += in("u")(i)*in("u")(k);
  return moments;
}

// φ^(order)(s), φ = Σ c_k s^k/k! over the entries k = 1, 2, … of c.
template <class T>
T polynomial_at(const Array<T>& c, const T& s, int order) {
  T value = T(0), power = T(1);
  int factorial = 1;
  for (int k = order; k <= static_cast<int>(c.size()); ++k) {
    if (k > order) {
      power *= s;
      factorial *= k - order;
    }
    if (k > 0) value += c(k - 1) * power / T(factorial);
  }
  return value;
}
// E φ^(order)(s) for s of mean m and variance v, order ≥ 1.
template <class T>
T polynomial_mean(const Array<T>& c, const T& m, const T& v, int order) {
  T value = T(0);
  int factorial = 1;
  for (int k = order; k <= static_cast<int>(c.size()); ++k) {
    if (k > order) factorial *= k - order;
    value += c(k - 1) * theory::gaussian_moment<T>(m, v, k - order) / T(factorial);
  }
  return value;
}

// The mean of g(zᵀw) over all points: t_i ∈ {−1, 0, 1} with weights 1 : 4 : 1, or ±1 alike.
template <class T, class Function>
T mean_over_points(const BasicInputs<T>& in, bool three_points, Function g) {
  const int d = in.sizes.channels, choices = three_points ? 3 : 2;
  int points = 1;
  for (int i = 0; i < d; ++i) points *= choices;
  T sum = T(0);
  int total = 0;
  for (int point = 0; point < points; ++point) {
    std::vector<int> t;
    int weight = 1;
    for (int i = 0, rest = point; i < d; ++i, rest /= choices) {
      t.push_back(three_points ? rest % choices - 1 : 2 * (rest % choices) - 1);
      if (three_points && t.back() == 0) weight *= 4;
    }
    T projection = T(0);
    for (int i = 0; i < d; ++i) {
      T z = in("u")(i);
      for (int j = 0; j < d; ++j)
        if (t[static_cast<std::size_t>(j)] != 0) z += T(t[static_cast<std::size_t>(j)]) * in("factor")(i, j);
      projection += z * in("w")(i);
    }
    sum += T(weight) * g(projection);
    total += weight;
  }
  return sum / T(total);
}

// The derivative of the mean of φ(zᵀw) over the points, φ a polynomial, along the input `direction` in w; compiled
// once.
Side derivative_over_points(bool three_points, const std::string& direction, std::string words);

// m = uᵀw and v = wᵀΣw.
template <class T>
T mean_of_projection(const BasicInputs<T>& in) {
  return dot<T>(in("u"), in("w"));
}
template <class T>
T variance_of_projection(const BasicInputs<T>& in, int divisor) {
  const theory::Vector<T> w = as_vector<T>(in("w"));
  return theory::moment_product<T>(covariance_of_z(in, divisor), w, w);
}

}  // namespace normproof::inputs
