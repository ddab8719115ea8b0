// Which kinds of certificates are there, and how is one read and rechecked whatever its kind?
//
// What       A file of schema normproof.certificate.v1 names its kind:
//              refutation  one point at which a reading fails, in exact fractions (refutation.hpp);
//              region      boxes that cover a region, on each of which an inequality is certified (region.hpp);
//              statistical what happened in each replica of a test of a frequency (frequency.hpp);
//              growth      the moments from which growth exponents were judged, point by point (growth.hpp).
//            Each kind rechecks from its file alone, through code that shares nothing with the engine that made it.
#pragma once

#include <string>
#include <variant>

#include "proofs_checks/certificates/frequency.hpp"
#include "proofs_checks/certificates/growth.hpp"
#include "proofs_checks/certificates/refutation.hpp"
#include "proofs_checks/certificates/region.hpp"

namespace normproof::certificates {

using Certificate = std::variant<Refutation, RegionProof, FrequencyTest, GrowthTest>;

Certificate from_json(const std::string& text);  // throws Malformed
Recheck recheck(const Certificate& certificate);
const Heading& heading(const Certificate& certificate);

}  // namespace normproof::certificates
