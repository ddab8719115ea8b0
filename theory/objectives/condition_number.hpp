// What is the condition number of a least-squares objective, before and after its features are normalized?
//
// Source. LL19 §4, last paragraph: "since each layer's input has been normalized, in general the condition number of
// the objective is reduced". Van der Sluis, Numerische Mathematik 14 (1969), for the scaling of a matrix to unit
// diagonal. Notation. x: n samples × d features; means over the samples. The objective mean ½(w·[x; 1] − t)² has the
// Hessian
//   second_moments(x) = mean [x; 1][x; 1]ᵀ = [C + m mᵀ, m; mᵀ, 1],   m = mean(x), C = covariance(x) (biased)
// and after normalization (LL19 (1)) the Hessian [R, 0; 0, 1], R = correlation(x): C scaled to unit diagonal.
//   κ = λ_max/λ_min.   For a symmetric 2 × 2 matrix  κ + 1/κ + 2 = (λ₁ + λ₂)²/(λ₁λ₂) = tr²/det,
// which grows with κ ≥ 1.
// Assumptions. n ≥ 1; correlation: no feature is constant.
// Why a form without roots. u ↦ (s_j u_j) takes the Rayleigh quotient of R at (s_j u_j) to uᵀCu/Σ C_jj u_j².
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "theory/training_batch.hpp"

namespace normproof::theory {

template <class T>
Matrix<T> covariance(const Matrix<T>& x) {
  const Vector<T> means = mean(x);
  const int samples = static_cast<int>(x.rows());
  const int features = static_cast<int>(x.cols());
  Matrix<T> out = zero_matrix<T>(features, features);
  for (int j = 0; j < features; ++j)
    for (int k = 0; k < features; ++k) {
      for (int i = 0; i < samples; ++i) {
        out(j, k) += (x(i, j) - means(j)) * (x(i, k) - means(k));  // term: centred_product
      }
      out(j, k) /= T(samples);
    }
  return out;
}

// The constant 1 is the last feature.
template <class T>
Matrix<T> second_moments(const Matrix<T>& x) {
  require_samples(x);
  const int samples = static_cast<int>(x.rows());
  const int features = static_cast<int>(x.cols());
  const auto entry = [&](int i, int j) { return j < features ? x(i, j) : T(1); };
  Matrix<T> out = zero_matrix<T>(features + 1, features + 1);
  for (int j = 0; j <= features; ++j)
    for (int k = 0; k <= features; ++k) {
      for (int i = 0; i < samples; ++i) {
        out(j, k) += entry(i, j) * entry(i, k);  // term: product
      }
      out(j, k) /= T(samples);
    }
  return out;
}

template <class T>
Matrix<T> correlation(const Matrix<T>& x) {
  const Matrix<T> c = covariance(x);
  const int features = static_cast<int>(c.rows());
  Vector<T> s(features);
  for (int j = 0; j < features; ++j) s(j) = sqrt(c(j, j));
  Matrix<T> out = c;
  for (int j = 0; j < features; ++j)
    for (int k = 0; k < features; ++k) out(j, k) /= s(j) * s(k);
  return out;
}

// κ + 1/κ + 2.
template <class T>
T trace_squared_over_determinant(const Matrix<T>& a) {
  if (a.rows() != 2 || a.cols() != 2) throw std::invalid_argument("the form is for two by two matrices");
  const T trace = a(0, 0) + a(1, 1);
  return trace * trace / (a(0, 0) * a(1, 1) - a(0, 1) * a(1, 0));
}

// κ itself, of a positive definite matrix: (tr + q)²/(4 det) with q = √((a₁₁ − a₂₂)² + 4 a₁₂²), for λ = (tr ± q)/2.
template <class T>
T condition_number_of_two(const Matrix<T>& a) {
  if (a.rows() != 2 || a.cols() != 2) throw std::invalid_argument("the form is for two by two matrices");
  const T difference = a(0, 0) - a(1, 1);
  const T radicand = difference * difference + T(4) * a(0, 1) * a(0, 1);
  const T largest_twice = a(0, 0) + a(1, 1) + sqrt(radicand);
  return largest_twice * largest_twice / (T(4) * (a(0, 0) * a(1, 1) - a(0, 1) * a(0, 1)));
}

// vᵀAv.
template <class T>
T quadratic_form(const Matrix<T>& a, const Vector<T>& v) {
  if (a.rows() != v.size() || a.cols() != v.size()) throw std::invalid_argument("the vector must fit the matrix");
  T sum = T(0);
  for (int j = 0; j < static_cast<int>(v.size()); ++j)
    for (int k = 0; k < static_cast<int>(v.size()); ++k) {
      sum += v(j) * a(j, k) * v(k);  // term: form
    }
  return sum;
}

// κ of a symmetric positive semidefinite matrix, in double; infinite where the computed λ_min is not positive. Cyclic
// Jacobi rotations: on positive definite matrices the smallest eigenvalue comes out as accurate as a scaling by any
// diagonal allows (Demmel & Veselić, SIAM J. Matrix Anal. Appl. 13, 1992), and a claim need not compile Eigen's solver,
// which costs four seconds.
inline double condition_number(Matrix<double> a) {
  if (a.rows() < 1 || a.rows() != a.cols())
    throw std::invalid_argument("a condition number is that of a square matrix");
  const int n = static_cast<int>(a.rows());
  constexpr int most_sweeps = 64;  // convergence is quadratic: a handful suffice
  constexpr double negligible = std::numeric_limits<double>::epsilon() / 2;
  bool rotated = true;
  for (int sweep = 0; rotated && sweep < most_sweeps; ++sweep) {
    rotated = false;
    for (int p = 0; p < n; ++p)
      for (int q = p + 1; q < n; ++q) {
        if (std::abs(a(p, q)) <= negligible * std::sqrt(std::abs(a(p, p) * a(q, q)))) continue;
        rotated = true;
        const double theta = (a(q, q) - a(p, p)) / (2 * a(p, q));
        const double tangent = (theta < 0 ? -1 : 1) / (std::abs(theta) + std::hypot(theta, 1.0));
        const double cosine = 1 / std::hypot(tangent, 1.0), sine = tangent * cosine;
        for (int k = 0; k < n; ++k) {
          const double kp = a(k, p), kq = a(k, q);
          a(k, p) = cosine * kp - sine * kq;
          a(k, q) = sine * kp + cosine * kq;
        }
        for (int k = 0; k < n; ++k) {
          const double pk = a(p, k), qk = a(q, k);
          a(p, k) = cosine * pk - sine * qk;
          a(q, k) = sine * pk + cosine * qk;
        }
      }
  }
  double smallest = a(0, 0), largest = a(0, 0);
  for (int k = 1; k < n; ++k) {
    smallest = std::min(smallest, a(k, k));
    largest = std::max(largest, a(k, k));
  }
  return smallest > 0 ? largest / smallest : std::numeric_limits<double>::infinity();
}

}  // namespace normproof::theory
