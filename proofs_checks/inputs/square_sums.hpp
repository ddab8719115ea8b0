// How are sums of squares added and multiplied, so that what is manifestly not negative stays so?
//
// What       A SquareSum is Σ weight · root² with weights that are products of inputs ≥ 0 (SquareTerm, claim.hpp). Sums
//            and products of such are such again: (Σ a r²)(Σ b s²) = Σ ab (rs)².
// Why        The gap of a rate is a product of simple factors that are ≥ 0; written out by hand it would be unreadable.
#pragma once

#include <vector>

#include "proofs_checks/claim.hpp"

namespace normproof::inputs {

using SquareSum = std::vector<SquareTerm>;

inline SquareSum square_of(const Number& root) { return {{.root = root}}; }
inline SquareSum weighing(std::string name) { return {{.root = Number(1), .nonnegative = {std::move(name)}}}; }

inline SquareSum sum_of(SquareSum a, const SquareSum& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

inline SquareSum product_of(const SquareSum& a, const SquareSum& b) {
  SquareSum product;
  for (const SquareTerm& one : a)
    for (const SquareTerm& other : b) {
      SquareTerm term = {.root = one.root * other.root,
                         .nonnegative = one.nonnegative,
                         .numerator = one.numerator * other.numerator,
                         .denominator = one.denominator * other.denominator};
      term.nonnegative.insert(term.nonnegative.end(), other.nonnegative.begin(), other.nonnegative.end());
      product.push_back(std::move(term));
    }
  return product;
}

inline SquareSum times(const SquareSum& a, int numerator) {
  SquareSum scaled = a;
  for (SquareTerm& term : scaled) term.numerator *= numerator;
  return scaled;
}

}  // namespace normproof::inputs
