// Do boxes cover a region? Exactly.
//
// What       find_gap() cuts the region along faces of the boxes until every piece lies in one box, or meets none. A
//            cut that splits no box is preferred, then one that halves their number: bisections in any order, and
//            boxes cut further, take about n log n steps for n boxes. Boxes may overlap and may stick out.
// Limits     A list that needs many more steps than that is given up, in a second or so: the faces of boxes that
//            overlap at random form n² pieces and more.
// Why        The faces are compared as exact fractions once, and then by rank: no rounding decides what is covered.
#pragma once

#include <optional>
#include <vector>

#include "proofs_checks/certificates/fraction.hpp"

namespace normproof::certificates {

struct Span {
  Fraction low, high;  // low ≤ high
};
using Box = std::vector<Span>;  // one span for each coordinate, in a fixed order

struct Gap {
  Box piece;                   // of the region: no box has a point of its inside, or
  bool too_intricate = false;  // it was given up: the boxes overlap in a way that needs too many cuts
};

std::optional<Gap> find_gap(const Box& region, const std::vector<Box>& boxes);

}  // namespace normproof::certificates
