// Is an inequality true over a whole region of inputs? Proved by enclosures and bisection, or a box where it fails.
//
// What       Branch and bound. The region is a box; each variable that sides or hypotheses depend on is a coordinate.
//            A box is
//              proved     where right − left ≥ 0 in every entry, by its natural enclosure of 80 digits, or else by the
//                         mean value theorem: with Gᵢ ∋ ∂f/∂xᵢ over the box (one backward sweep over the tape) and cᵢ
//                         the end where f is least in xᵢ if Gᵢ has one sign, else the middle,
//                           f(x) ≥ f(c) + Σᵢ Gᵢ (xᵢ − cᵢ);
//              set aside  where a `positive` is certainly ≤ 0, what must be ≥ 0 certainly < 0, or the domain certainly
//                         left (a root of a negative number, a divisor 0): counted, never as proved;
//              failing    where right − left < 0 in some entry while hypotheses and domain certainly hold. The middle
//                         of every open box is tried too, and a failing box grown around it;
//              else it is bisected, the least lower bound first, in the coordinate that the bound loses most by; up to
//              most_halvings times in each coordinate, so that halves are exact doubles.
//            Boxes in which a quotient or root has no enclosure are bisected in what the divisor depends on, by turns
//            with the others; those that still have none at the end are excluded, and the region is not certified.
// Limits     The cover has at most most_cover_boxes boxes: 1000 at quick effort. An equality inside the region cannot
//            be proved by boxes: the limit then leaves boxes undecided, and the evidence says so. A finished cover is
//            refined where its margin is least, to twice its boxes. Deep effort tries other orders of bisection where
//            one leaves boxes undecided, and refines up to the limit.
// Assumes    Points at which a root or quotient has no value are outside the domain. Where a root's argument may be
//            negative in part of a box, the root of the other part is what is enclosed.
// Source     Moore, Kearfott & Cloud, Introduction to Interval Analysis (2009), chapters 5, 6 and 11.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/evidence/record.hpp"
#include "proofs_checks/evidence/settings.hpp"
#include "proofs_checks/verdict.hpp"

namespace normproof::evidence {

inline constexpr std::size_t most_cover_boxes = 10000;
inline constexpr int most_halvings = 20;

// A variable that sides or hypotheses depend on, and its range: dyadic, exact.
struct Coordinate {
  std::size_t variable = 0;
  double low = 0, high = 0;
};

// Throws std::logic_error where such a variable has no range, a range names no input or is the wrong way round, its
// denominator is no power of two, or it leaves what the input's role allows (ε, σ² ≥ 0, 0 ≤ α ≤ 1).
std::vector<Coordinate> coordinates(const RecordedReading& recorded, const Region& region);

struct CertifiedBox {
  std::vector<double> low, high;  // of each coordinate
  bool set_aside = false;
  double margin = 0;  // ≤ right − left on the box, if not set aside
};

struct FailingBox {
  std::vector<double> low, high, point;  // of each coordinate; the point is the one of fewest digits in the box
  std::size_t entry = 0;
};

struct RegionOutcome {
  bool certified = false;
  std::vector<CertifiedBox> cover;    // of the whole region, where certified
  std::optional<FailingBox> failing;  // proved to fail there
  Evidence evidence;
};

// `recorded` is the reading, whose relation is ≤, at one of the region's sizes.
RegionOutcome certify(const RecordedReading& recorded, const Region& region, const Settings& settings);

// A point of the region, given by coordinate, as one of all variables: 1 where nothing depends on one.
std::vector<double> whole_point(const RecordedReading& recorded, const Region& region,
                                const std::vector<double>& point);

// "batch 2: left > right where x[1,1] in [1/2, 1]", for people.
std::string failure_words(const RecordedReading& recorded, const Region& region, const FailingBox& failing);

}  // namespace normproof::evidence
