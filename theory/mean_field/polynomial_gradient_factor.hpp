// What is a layer's gradient factor where the nonlinearity is a cubic polynomial?
//
// Setting      gradient_factor.hpp: ĥ₁, ĥ₂ are two coordinates of a vector uniform on the sphere of radius √B
//              orthogonal to 1. With d = B − 1 they are √d⟨v, e₁⟩ and √d⟨v, e₂⟩, v uniform on the unit sphere of R^d,
//              ⟨e₁, e₂⟩ = −1/d.
// Formulas     φ(u) = c₁u + c₂u² + c₃u³. On the sphere it is a sum of zonal harmonics of degrees 1, 2, 3 (and a
//              constant, which batch norm does not see):  c₁ + 3d c₃/(d+2) of u,  c₂ of u² − 1,  c₃ of u³ − 3d u/(d+2).
//              ψ_k(ĥ₁) − ψ_k(ĥ₂) is a harmonic of degree k: the mean of its squared gradient on the unit sphere is
//              k(k + d − 2) times that of its square. Harmonics of different degrees are orthogonal, so that
//                a = Σ_k g_k,   (B − 3) a λ = Σ_k k(k + d − 2) g_k,   g_k = E ψ_k(ĥ₁)² − E ψ_k(ĥ₁)ψ_k(ĥ₂):
//                g₁ = (c₁ + 3d c₃/(d+2))² (d+1)/d,   g₂ = c₂² 2(d−1)(d+1)/(d(d+2)),
//                g₃ = c₃² 6(d−1)(d−2)(d+1)²/(d(d+2)²(d+4)).
//              k(k + d − 2) ≥ d − 1 = B − 2: no cubic has a smaller factor than the linear network.
#pragma once

namespace normproof::theory {

// c₁, c₂, c₃.
template <class T>
struct Cubic {
  T linear, square, cube;
};

// a, and (B − 3) a λ.
template <class T>
struct GramAndEnergy {
  T gram, energy;
};

template <class T>
GramAndEnergy<T> cubic_gram_and_energy(const T& batch, const Cubic<T>& phi) {
  const T d = batch - T(1), one = T(1), two = T(2);
  const T linear = phi.linear + T(3) * d * phi.cube / (d + two);
  const T first = linear * linear * (d + one) / d;
  const T second = phi.square * phi.square * two * (d - one) * (d + one) / (d * (d + two));
  const T third = phi.cube * phi.cube * T(6) * (d - one) * (d - two) * (d + one) * (d + one) /
                  (d * (d + two) * (d + two) * (d + T(4)));
  return {first + second + third, (d - one) * first + two * d * second + T(3) * (d + one) * third};
}

template <class T>
T cubic_gradient_factor(const T& batch, const Cubic<T>& phi) {
  const GramAndEnergy<T> of = cubic_gram_and_energy(batch, phi);
  return of.energy / ((batch - T(3)) * of.gram);
}

}  // namespace normproof::theory
