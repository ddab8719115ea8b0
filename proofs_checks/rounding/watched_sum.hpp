// How far can a sum of binary32 be off, by the partial sums that its order goes through?
#pragma once

#include <cstddef>

#include "impl/reference/rounded_normalization.hpp"
#include "proofs_checks/numbers/watched.hpp"
#include "theory/rounding/summation.hpp"

namespace normproof::rounding {

// Σ ½ulp of the partial sums of Σ term(i).
template <class Term>
double half_ulps(reference::SummationOrder order, std::size_t count, const Term& term) {
  const numbers::WatchedSums sums;
  reference::ordered_sum<numbers::Watched>(order, count, [&](std::size_t i) { return numbers::Watched{term(i)}; });
  return sums.half_ulps() * theory::rounding_allowance;
}

}  // namespace normproof::rounding
