// How do the two sides of a reading compare at given doubles, with an error bound that is a theorem?
//
// What       A Comparison replays a tape on Bounded, and where that does not decide, on Interval. With l ± e_l and
//            r ± e_r the enclosures of an entry's two sides and E = e_l + e_r:
//              equal:   violated where the enclosures are disjoint, |l − r| > E;
//              at_most: violated where the left one lies entirely above the right one, l − r > E; agreed where it lies
//                       entirely below;
//              else agreed where E ≤ 2⁻²⁰ max(|l|, |r|), for Interval: the hull of both is as narrow as that;
//              else undecided: never counted as agreed.
//            An entry where a side vanishes by cancellation has no |l| to be relative to. It is agreed where one side
//            is the constant 0 of the statement and the other's 80 digits leave at most 2⁻¹⁰⁰ of what cancelled; where
//            both sides vanish so, or are exactly 0, the entry says nothing and is degenerate.
// Notation   The scale of a number is its magnitude, or, where it may vanish, the largest magnitude of what it is the
//            sum of (through products and quotients): what cancelled.
// Cases      violated if an entry is; else undecided if one is; else compared if one agreed; else degenerate. Outside
//            is what has no value, what overflows double, and where a hypothesis `positive` is not certainly > 0 or an
//            imposed ε, σ², α or 1 − α is certainly < 0; where that is not certainly ≥ 0 a violation is undecided.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/evidence/record.hpp"
#include "proofs_checks/numbers/bounded.hpp"

namespace normproof::evidence {

enum class Outcome { compared, violated, undecided, degenerate, outside };

// 2⁻²⁰: agreement to six digits, a thousandth of the planted violations. Empirical: narrow enough to see them, wide
// enough that double decides most cases alone.
inline constexpr double agreement_width = 0x1p-20;
inline constexpr int agreement_bits = 20;
inline constexpr int cancellation_bits = 100;
// A planted violation changes a side by this much of its scale.
inline constexpr double planted_size = 1e-3;

// Does the tape call exp, log, tanh or softplus, whose running error bound rests on an assumption about the C library?
bool uses_libm(const numbers::Tape& tape);
inline constexpr const char* libm_assumption = " (exp, log, tanh assumed within 4 ulp)";

struct Judged {
  Outcome outcome = Outcome::outside;
  std::size_t entry = 0;    // the violated one, else the tightest (by intervals: for at_most alone)
  double margin = -1;       // > 0 exactly where violated; see margin() in the source
  std::string left, right;  // of a violated entry, in decimals; by intervals and for at_most always of that entry
  // at_most, where not outside: the smallest (r − l)/(|l| + |r|) of all entries, to a double's accuracy; 0 where the
  // enclosures do not tell l from r; infinite where every entry is exactly 0 on both sides.
  double slack = std::numeric_limits<double>::infinity();
};

class Comparison {
 public:
  Comparison(const RecordedReading& recorded, Relation relation);

  const RecordedReading& recorded() const { return recorded_; }

  // In double with running error bounds.
  const Judged& in_double(std::span<const double> variables);
  // By enclosures of 80 digits. Where in_double was asked at the same variables before, its entries are held against
  // the enclosures: oracle_disagreements counts the entries that lie farther off than their bound.
  Judged by_intervals(std::span<const double> variables);
  long oracle_entries = 0, oracle_disagreements = 0;

  // What follows is about the last in_double that was not outside.
  // The largest |l − r|/E over the entries where E > 0 (at_most: (l − r)/E), and whether every bound is so small that a
  // violation of planted_size would have shown.
  double bound_used() const;
  bool informative() const;
  // Is there an entry of which the bounds do not tell whether l ≤ r?
  bool rounding_hides_the_order() const;
  // Is there an entry that is not lost to cancellation on both sides? (The constant 0 against what vanishes is not.)
  bool says_something() const;
  // Would the reading have been seen violated here, had its right side (at_most: its left side) been changed by
  // planted_size of its scale?
  bool planted_violation_shows() const;
  // Do the same operations in plain double give the same bits as Bounded's values?
  bool plain_double_agrees(std::span<const double> variables);

 private:
  struct Entry {
    numbers::Bounded left, right;
    double bound() const { return left.error + right.error; }
  };
  Entry entry(std::size_t k) const { return {values_[recorded_.left[k]], values_[recorded_.right[k]]}; }
  double scale(std::size_t k) const;
  bool has_constant_zero(std::size_t k) const;
  Outcome outcome(const Entry& entry) const;
  double margin(const Entry& entry) const;
  double slack() const;

  const RecordedReading& recorded_;
  Relation relation_;
  Judged judged_;
  std::vector<numbers::Bounded> variables_, values_;
  std::vector<double> plain_;
  bool has_values_ = false;
};

}  // namespace normproof::evidence
