// What do Welford's updates do with every short sequence of numbers of a small format?
//
// What       All sequences of n values out of a set of numbers of three bits, their updates in that format. One output:
//            −M against 0. Is the sum of squares ever negative?
#pragma once

#include <vector>

#include "proofs_checks/evidence/settings.hpp"
#include "proofs_checks/rounding_reading.hpp"

namespace normproof::rounding {

std::vector<RoundingPoint> updates_of_every_sequence(evidence::Effort effort);

}  // namespace normproof::rounding
