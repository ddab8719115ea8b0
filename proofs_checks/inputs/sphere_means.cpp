// How are means over a sphere computed by quadrature?
#include "proofs_checks/inputs/sphere_means.hpp"

#include "theory/mean_field/panel_quadrature.hpp"

namespace normproof::inputs {

namespace {

constexpr int radius_panels = 64, radius_reach = 8, arc_panels = 16;

// ∫ f(sin s, cos s) ds from s = 0 to s = 2 arctan(to).
template <class Function>
Number over_arc(const Number& to, Function f) {
  return theory::panel_integral<Number>(Number(0), to, arc_panels, [&](const Number& v) {
    const Number scale = Number(1) + v * v;
    return f(Number(2) * v / scale, (Number(1) - v * v) / scale) * Number(2) / scale;
  });
}
Number sine_of_angle(const Number& t) { return sqrt(Number(1) - t * t); }
Number end_of_arc(const Number& t) { return sine_of_angle(t) / (Number(1) + t); }
Number length_of_arc(const Number& to) {
  return over_arc(to, [](const Number&, const Number&) { return Number(1); });
}

}  // namespace

Number power_of(const Number& base, int exponent) {
  Number result(1);
  for (int k = 0; k < exponent; ++k) result *= base;
  return result;
}

Values both_signs(const Values& values) {
  Values result;
  for (const Number& value : values) {
    result.push_back(value);
    result.push_back(-value);
  }
  return result;
}
Values either_side(const Values& values, const Number& error) {
  Values result;
  for (const Number& value : values) {
    result.push_back(value + error);
    result.push_back(error - value);
  }
  return result;
}

Number radial_moment(int power) {
  return theory::panel_integral<Number>(Number(0), Number(radius_reach), radius_panels, [=](const Number& r) {
    const Number exponent = -(r * r) / Number(2);
    return power_of(r, power) * exp(exponent);
  });
}
// Nearer than 1 to r, |z| ≤ 2 e^(x/2) and |e^(−z²/2)| ≤ e^(1/2 − x²/2) with x = max{r − 1, 0}: at most 2^power
// e^(power²/8 + 1/2). What lies beyond the reach is at most 2 reach^(power−1) e^(−reach²/2), for r^power e^(−r²/4)
// falls from √(2 power) on.
Number radial_error(int power) {
  const Number bend = Number(power * power + 4) / Number(8), drop = Number(-radius_reach * radius_reach) / Number(2);
  const Number largest = power_of(Number(2), power) * exp(bend);
  const Number rest = Number(2) * power_of(Number(radius_reach), power) / Number(radius_reach) * exp(drop);
  return theory::panel_integral_bound<Number>(Number(radius_reach), radius_panels, largest, Number(1)) + rest;
}

SphereMeans means_over_the_sphere(const Number& t) {
  const Number cosine = t, sine = sine_of_angle(t), end = end_of_arc(t), right_angle = length_of_arc(Number(1));
  const Number squares = over_arc(Number(1), [](const Number& s, const Number&) { return s * s; });
  const Number pairs = over_arc(end, [&](const Number& s, const Number& c) { return s * (sine * c - cosine * s); });
  const Number pi = Number(2) * right_angle;
  return {Number(2) * squares / pi, pairs / pi, length_of_arc(end) / (Number(2) * pi)};
}

theory::RectifiedKernel<Number> relu_kernel_from_lengths(const Number& t) {
  return theory::relu_kernel<Number>(t, sine_of_angle(t), length_of_arc(end_of_arc(t)),
                                     Number(2) * length_of_arc(Number(1)));
}
theory::RectifiedKernel<Number> squared_relu_kernel_from_lengths(const Number& t) {
  const Number pi = Number(2) * length_of_arc(Number(1));
  return theory::squared_relu_kernel<Number>(-t, sine_of_angle(t), pi - length_of_arc(end_of_arc(t)), pi);
}

// Nearer than 1/2 to [0, 1], |1 + v²| ≥ 3/4 and |v| ≤ 3/2: |sin s| ≤ 4, |cos s| ≤ 13/3, |sin(α − s)| ≤ 25/3, |ds/dv| ≤
// 8/3. So the integrands are at most 90, and 3 for α and π, whose error is 1/30 of that. E x₁² and E x₁x₂ are off by a
// third of it, α and π counted.
Number arc_error() {
  constexpr int largest = 90;
  return theory::panel_integral_bound<Number>(Number(1), arc_panels, Number(largest), Number(1) / Number(2));
}
// λ's numerator and denominator are off by 2 errors at most, B − 3 times that in the denominator; 1 − J ≥ 2/3, λ < 3.1:
// (2 + 2 · 3.1)/(2/3) < 12.4, and what the closed form's α and π are off by is less than half an error.
Number arc_error_of_factor() {
  constexpr int share = 13;
  return Number(share) * arc_error();
}
// φ(u) = max{u, 0}²: E ρ⁴ = 8/(d(d+2)), E max{ĥ, 0}⁴ = 3d/(2(d+2)), and E x₁x₂ is an integral of (sin s sin(α − s))².
Number squared_relu_factor_on_the_sphere(const Number& batch) {
  const Number d = batch - Number(1), t = Number(1) / d, sine = sine_of_angle(t);
  const Number fourth = Number(3) * d / (Number(2) * (d + Number(2)));
  const Number squares =
      over_arc(end_of_arc(t), [&](const Number& s, const Number& c) { return power_of(s * (sine * c - t * s), 2); });
  const Number pair = Number(2) * d * squares / ((d + Number(2)) * length_of_arc(Number(1)));
  const Number diagonal = Number(4) * (d / Number(2) - fourth);
  const Number other = Number(4) * (means_over_the_sphere(t).pair + pair);
  return theory::gradient_factor<Number>(batch, diagonal, other, fourth - pair);
}
// The integrand is at most (4 · 25/3)² · 8/3 < 3000; pair is off by 1.3 times its error, λ < 3.5 by (4 + λ)/a times
// that, a > 4/5.
Number arc_error_of_squared_relu() {
  constexpr int largest = 3000, share = 15;
  return Number(share) *
         theory::panel_integral_bound<Number>(Number(1), arc_panels, Number(largest), Number(1) / Number(2));
}

}  // namespace normproof::inputs
