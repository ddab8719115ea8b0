// Do the two sides of a reading agree on given batches of activations?
//
// What       Where a reading has an input of role activation and shape batch × channels, its entries are taken from
//            each batch of the data set and everything else is drawn plain. Plain double is held against its running
//            error bounds (comparison.hpp): |l − r| ≤ e_l + e_r, a theorem where the reading holds.
// Sizes      follow the data where the reading's own sizes vary, and the reading where they do not: with channels = 1
//            in all of them columns are taken one by one, with one batch extent its first rows. Where other extents
//            vary along, or the reading has a meaning at its own sizes only, the largest of these that fits. Readings
//            that ask for batch = channels throughout are left out. A second such input takes the next batch of the
//            same shape.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/evidence/record.hpp"
#include "proofs_checks/evidence/settings.hpp"
#include "proofs_checks/verdict.hpp"

namespace normproof::evidence {

struct DataOutcome {
  Evidence evidence;
  bool violated = false;
  std::string violation;
  std::vector<double> worst_input;
  Sizes worst_sizes;
};

// Nothing where there is no data or the reading has no such input.
std::optional<DataOutcome> compare_on_data(const std::string& claim_id, const Reading& reading,
                                           const Settings& settings);

}  // namespace normproof::evidence
