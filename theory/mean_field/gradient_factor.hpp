// By which factor does a layer of a deep batch norm network multiply the mean squared gradient, at infinite width?
//
// Source       formulas.md section 4 (Yang et al. 2019): the linear network's (B − 2)/(B − 3), and for φ(u) = max{u,
//              0}^α
//                λ = (B−3+2α)((2α−1)J′(c) + α²(B−1)J(1)) / ((2α−1)(B−3)(B−1)(J(1) − J(c))) − α²/(B−3),  c = −1/(B−1).
// Setting      h = W x, x = φ(ĥ′), ĥ = BN(h) over a batch of B with ε = 0, W of independent N(0, 1/width).
// Why          At infinite width the units of h are independent Gaussian vectors of covariance Σ = E xxᵀ. Batch norm
//              sees their part orthogonal to 1. If that part of Σ is a(I − 11ᵀ/B), a = E x₁² − E x₁x₂, then ĥ is
//              uniform on the sphere of radius √B orthogonal to 1, independent of ‖h − mean‖² = a χ², χ² with B − 1
//              degrees of freedom, E 1/χ² = 1/(B − 3). So the next a is the same: the fixed point, after one layer.
//              Backward, J = ∂ĥ/∂h = √B/‖h − mean‖ (I − 11ᵀ/B − ĥĥᵀ/B), J² = B/‖h − mean‖² (I − 11ᵀ/B − ĥĥᵀ/B), and
//              with D = diag φ′(ĥ) the covariance of the gradient goes to E J D Π D J, its trace to tr Π E[D J² D].
//              E[D J² D] is the same under every permutation of the samples, and Π1 = 0: the trace is multiplied by the
//              difference of a diagonal and another entry of E[D J² D],
//                λ = ( E[φ′(ĥ₁)² (B − 1 − ĥ₁²)] + E[φ′(ĥ₁)φ′(ĥ₂)(1 + ĥ₁ĥ₂)] ) / ((B − 3) a).
//              (λ is symmetrised_gradient_factor, a mean over the permutations at any one ĥ, averaged over ĥ.)
//              For φ(u) = u: (B − 1 − 1 + 1 − 1/(B−1))/((B − 3) B/(B−1)) = (B − 2)/(B − 3).
//              For φ = max{u, 0}^α the moments on the sphere are Gaussian ones over E‖g‖^(2α), J(c) = E[φ(g)φ(g′)].
// Few features A linear network keeps the span U ⟂ 1 of its data, of r ≤ B − 1 dimensions. If the data are isotropic in
//              it, ĥ is uniform on U's sphere, ‖h − mean‖² = a χ² with r degrees of freedom and a = B/r, so that
//                E J² = r/(r − 2) (I − 11ᵀ/B − P/r),   P the projection on U.
//              J commutes with P: the gradient's part in U, which alone reaches the first weights, grows by
//              (r − 1)/(r − 2), the rest of it by r/(r − 2). For r = B − 1 there is no rest.
// Assumes      B > 3: E 1/χ² is infinite for B = 3. For B = 2, J = 0.
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace normproof::theory {

using std::exp;  // for double; other number types bring their own

// Σ* = q(1 − c)I + qc 11ᵀ.
template <class T>
struct FixedPointGram {
  T diagonal, other;  // q and qc
};
template <class T>
FixedPointGram<T> linear_fixed_point(const T& batch) {
  return {T(1), T(-1) / (batch - T(1))};
}

template <class T>
T linear_gradient_factor(const T& batch) {
  return (batch - T(2)) / (batch - T(3));
}

// E‖∂ℓ/∂h‖² of a linear network whose data have r = `features` features, from the squares of ∂ℓ/∂h′'s part within
// their span and of the rest, beside it; r > 2.
template <class T>
T linear_gradient_of_few_features(const T& features, const T& within, const T& beside) {
  const T free = features - T(2);
  T sum = T(0);
  sum += (features - T(1)) / free * within;  // term: within_the_span
  sum += features / free * beside;           // term: beside_the_span
  return sum;
}

// E 1/χ² with so many degrees of freedom, more than 2.
template <class T>
T mean_inverse_square(const T& degrees) {
  return T(1) / (degrees - T(2));
}

// Less than ∫ e^(−r²/2)/r dr from 2^−octaves to 1: the integrand falls, so that its value at the upper end of each
// octave will do. The sum has no bound: with 2 degrees of freedom E 1/χ² is infinite.
template <class T>
T inverse_square_near_zero(int octaves) {
  T sum = T(0), square = T(1);
  for (int k = 0; k < octaves; ++k) {
    const T exponent = -square / T(2);
    sum += exp(exponent) / T(2);
    square = square / T(4);
  }
  return sum;
}

// Over so many layers of one factor, without skips.
template <class T>
T stack_gradient_factor(const T& factor, int depth) {
  T product = T(1);
  for (int l = 0; l < depth; ++l) product *= factor;
  return product;
}

// λ from the two means in its numerator, `diagonal` and `other`, and a.
template <class T>
T gradient_factor(const T& batch, const T& diagonal, const T& other, const T& a) {
  return (diagonal + other) / ((batch - T(3)) * a);
}

// (tr M − 1ᵀM1/B)/(B − 1) for M = D J² D at one ĥ, slopes = the diagonal of D: how much larger ‖J D g‖² is than ‖g‖²,
// in the mean over all orders of the samples of g, where Σ g = 0.
template <class T>
T symmetrised_gradient_factor(const std::vector<T>& h_hat, const std::vector<T>& slopes, const T& variance) {
  const T batch = T(static_cast<int>(h_hat.size()));
  T squares = T(0), projected = T(0), sum = T(0), along = T(0);
  for (std::size_t i = 0; i < h_hat.size(); ++i) {
    squares += slopes[i] * slopes[i];
    projected += slopes[i] * slopes[i] * h_hat[i] * h_hat[i];
    sum += slopes[i];
    along += slopes[i] * h_hat[i];
  }
  const T trace = squares - squares / batch - projected / batch;
  const T total = squares - sum * sum / batch - along * along / batch;
  return (trace - total / batch) / (variance * (batch - T(1)));
}

// Of φ = max{u, 0}^α, up to a common factor: J(1), J(c) and J′(c) at c = −1/(B − 1).
template <class T>
struct RectifiedKernel {
  T at_one, at_c, slope;
};

template <class T>
T alpha_relu_gradient_factor(const T& batch, const T& alpha, const RectifiedKernel<T>& kernel) {
  const T others = batch - T(1), free = batch - T(3), odd = T(2) * alpha - T(1);
  const T square = alpha * alpha;
  return (free + T(2) * alpha) * (odd * kernel.slope + square * others * kernel.at_one) /
             (odd * free * others * (kernel.at_one - kernel.at_c)) -
         square / free;
}

// α = 1 at c = −t, from root = √(1 − t²) and angle = arccos t = π − arccos c.
template <class T>
RectifiedKernel<T> relu_kernel(const T& t, const T& root, const T& angle, const T& pi) {
  return {T(1), (root - t * angle) / pi, angle / pi};
}

// α = 2 at c = cos angle, sine = √(1 − c²): J(c) = E g₊² g′₊².
template <class T>
RectifiedKernel<T> squared_relu_kernel(const T& c, const T& sine, const T& angle, const T& pi) {
  const T rest = pi - angle;
  return {T(3) / T(2), (T(3) * sine * c + rest * (T(1) + T(2) * c * c)) / (T(2) * pi), T(2) * (sine + rest * c) / pi};
}

// q = 1/2 and c = J(−1/(B − 1)).
template <class T>
FixedPointGram<T> relu_fixed_point(const RectifiedKernel<T>& kernel) {
  return {T(1) / T(2), kernel.at_c / T(2)};
}

// ReLU's λ with t = 1/(B − 1) in the place of B: it has a value at t = 0 too, where B is infinite.
template <class T>
T relu_gradient_factor(const T& t, const RectifiedKernel<T>& kernel) {
  return (T(1) - t + t * (kernel.slope + kernel.at_c)) / ((T(1) - T(2) * t) * (T(1) - kernel.at_c));
}

// With skips h_{l+1} = h_l + W_l x_l the part of Σ grows, a(l) = a_0 + l a, and a gradient gains λ a/a(l) on its way
// through block l: this is the factor from h_depth to h_0, start = a_0/a.
template <class T>
T gradient_factor_with_skips(const T& factor, const T& start, int depth) {
  T product = T(1);
  for (int l = 0; l < depth; ++l) product *= T(1) + factor / (start + T(l));
  return product;
}

}  // namespace normproof::theory
