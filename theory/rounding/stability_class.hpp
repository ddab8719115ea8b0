// Which classes of accuracy are there, and what bounds does a class put on a normalization?
//
// Source. T. F. Chan, G. H. Golub, R. J. LeVeque, Algorithms for computing the sample variance, The American
// Statistician 37 (1983); N. J. Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed. (2002).
#pragma once

#include <array>
#include <cstddef>

namespace normproof::theory {

// From the tightest to the loosest. updating_chain is `updating` for a plain chain of m updates (Welford), whose law
// has the chain's length in the place of a tree's height, and is exact on constant channels.
enum class StabilityClass { correctly_rounded, compensated, two_pass, updating, updating_chain, one_pass };
inline constexpr std::size_t stability_class_count = 6;

// A bound on an absolute error for each class, non-decreasing.
using BoundPerClass = std::array<double, stability_class_count>;

inline const char* word(StabilityClass c) {
  constexpr std::array<const char*, stability_class_count> words = {"correctly_rounded", "compensated",    "two_pass",
                                                                    "updating",          "updating_chain", "one_pass"};
  return words[static_cast<std::size_t>(c)];
}

}  // namespace normproof::theory
