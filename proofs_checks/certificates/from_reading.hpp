// How does what was found about a reading become a certificate?
#pragma once

#include "proofs_checks/certificates/refutation.hpp"
#include "proofs_checks/certificates/region.hpp"
#include "proofs_checks/evidence/certified.hpp"
#include "proofs_checks/evidence/record.hpp"

namespace normproof::certificates {

// False where a value needs a smooth function: it has no rational values to put down.
bool can_certify(const evidence::RecordedReading& recorded, const Counterexample& counterexample);

// `recorded` is the reading at the sizes of the counterexample. The program is what the two values at its entry and the
// hypotheses need of the tape, roots that need only exist included; inputs that these do not depend on are left out.
Refutation refutation(const std::string& claim_id, const Reading& reading, const evidence::RecordedReading& recorded,
                      const Counterexample& counterexample);

// The program is what sides and hypotheses need of the tape, as above. Margins are rounded down to few digits.
RegionProof region_proof(const std::string& claim_id, const Reading& reading, const evidence::RecordedReading& recorded,
                         const Region& region, const std::vector<evidence::CertifiedBox>& cover);

}  // namespace normproof::certificates
