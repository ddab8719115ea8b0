// How far is E[x²] − E[x]² from the variance in floating point, and how far where the data are shifted first?
//
// Source. T. F. Chan, G. H. Golub, R. J. LeVeque, Algorithms for computing the sample variance, The American
// Statistician 37 (1983): u·m·κ² for this form, and what a shift does to κ.
// Notation. m = count; X² = (1/m) Σ x²; V = X² − mean²; E = error of the computed mean; h = height of the trees that
// sum x and x²; u = roundoff; a hat over a name marks what is computed.
// Assumptions. Round to nearest, no overflow; squares have binary64's range.
//   (1)  |X²^ − X²| ≤ (e^{(h+2)u} − 1) X²                                        square, division
//   (2)  |V^ − V| ≤ uV + (1 + u)( (e^{(h+2)u} − 1) X² + (2|mean| + E) E + u(|mean| + E)² )
//   (3)  with z = fl(x − shift) for x: V as (2) for z, with two roundings more on each square and one more on each
//        value; the mean as that of z, one rounding more on each value, and u|mean| for adding the shift
// Why. (1) All terms are ≥ 0. (2) mean^² is off by (2|mean| + E)E and one rounding, the difference by one more of V^.
// For κ = X/√V this is about 3hu·κ²·V, and V^ may be below 0: nothing keeps it above. (3) x − shift has the variance of
// x and the mean mean − shift, and each z is x − shift but for one rounding. Where |mean − shift| ≤ k√V, its κ² is at
// most 1 + k².
#pragma once

#include <cmath>

#include "theory/rounding/normalization_data.hpp"
#include "theory/rounding/summation.hpp"
#include "theory/rounding/two_pass_forward.hpp"

namespace normproof::theory {

constexpr double plain_mean_square_roundings = 2;
constexpr double granted_mean_square_roundings = 4;  // a reciprocal and a product for the quotient, a rounded count

inline double mean_square(const ChannelData& c) { return c.root_mean_square * c.root_mean_square; }

// (1)
inline double mean_square_error(const ChannelData& c, const Unit& unit, double height,
                                double roundings = plain_mean_square_roundings) {
  return times(compound_error(height + roundings, unit.roundoff), mean_square(c)) +
         underflows_per_result * square_smallest;
}

// (2), from the errors of the two means.
inline double difference_of_squares_error(const ChannelData& c, const Unit& unit, double mean_square_off,
                                          double mean_off) {
  const double u = unit.roundoff;
  const double largest_mean = std::abs(c.mean) + mean_off;
  const double mean_squared_off = (std::abs(c.mean) + largest_mean) * mean_off + u * largest_mean * largest_mean;
  return (u * c.variance + (1 + u) * (mean_square_off + mean_squared_off)) * rounding_allowance +
         underflows_per_result * square_smallest;
}

inline double one_pass_variance_error(const ChannelData& c, const Unit& unit, double height,
                                      const ForwardRoundings& roundings = plain_forward_roundings,
                                      double of_mean_square = plain_mean_square_roundings) {
  return difference_of_squares_error(c, unit, mean_square_error(c, unit, height, of_mean_square),
                                     two_pass_mean_error(c, unit, height, roundings));
}

// (3): the same channel seen from `shift`.
inline ChannelData shifted_channel(const ChannelData& c, double shift) {
  ChannelData z = c;
  z.mean = c.mean - shift;
  z.root_mean_square = std::sqrt(c.variance + z.mean * z.mean) * rounding_allowance;
  return z;
}

inline double shifted_mean_error(const ChannelData& c, const Unit& unit, double height, double shift,
                                 const ForwardRoundings& roundings = plain_forward_roundings) {
  const double off = two_pass_mean_error(shifted_channel(c, shift), unit, height + 1, roundings);
  return ((1 + unit.roundoff) * off + unit.roundoff * std::abs(c.mean)) * rounding_allowance;
}

inline double shifted_variance_error(const ChannelData& c, const Unit& unit, double height, double shift,
                                     const ForwardRoundings& roundings = plain_forward_roundings) {
  const ChannelData z = shifted_channel(c, shift);
  return difference_of_squares_error(z, unit, mean_square_error(z, unit, height, plain_mean_square_roundings + 2),
                                     two_pass_mean_error(z, unit, height + 1, roundings));
}

}  // namespace normproof::theory
