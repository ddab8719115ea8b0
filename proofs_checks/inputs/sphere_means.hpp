// What are the means over a sphere that the factor of exploding gradients is made of, and how far may they be off?
//
// What       By quadrature (theory/mean_field/panel_quadrature.hpp), from what the means are: the radius of a Gaussian
//            vector, and a uniform v on the unit sphere of R^d, d = B − 1. In the plane of e₁ and e₂, ⟨e₁, e₂⟩ = −t and
//            t = 1/d, v has a uniform angle and E ρ² = 2/d: ĥ₁ = √d ρ sin s and ĥ₂ = √d ρ sin(α − s) with α = arccos t,
//            both positive for 0 < s < α. In v with s = 2 arctan v everything is rational, with poles at ±i.
// Errors     Functions named error are bounds, and each says of what.
#pragma once

#include "proofs_checks/claim.hpp"
#include "theory/mean_field/gradient_factor.hpp"

namespace normproof::inputs {

Number power_of(const Number& base, int exponent);

// Each number and its negative; and what these are at most if the numbers are off by `error`.
Values both_signs(const Values& values);
Values either_side(const Values& values, const Number& error);

// ∫ r^power e^(−r²/2) dr from 0 to infinity.
Number radial_moment(int power);
Number radial_error(int power);

struct SphereMeans {
  Number square, pair, slopes;  // of ReLU: E x₁², E x₁x₂, E φ′(ĥ₁)φ′(ĥ₂)
};
SphereMeans means_over_the_sphere(const Number& t);
// Of the closed forms, which take α and π alone: from the lengths of arcs.
theory::RectifiedKernel<Number> relu_kernel_from_lengths(const Number& t);
theory::RectifiedKernel<Number> squared_relu_kernel_from_lengths(const Number& t);
// λ of φ(u) = max{u, 0}².
Number squared_relu_factor_on_the_sphere(const Number& batch);

// More than what E x₁², E x₁x₂ and the closed forms from α and π are off by, taken together; and λ, for B ≥ 4.
Number arc_error();
Number arc_error_of_factor();
Number arc_error_of_squared_relu();

}  // namespace normproof::inputs
