// How does the counterexample of a reading become a certificate?
#pragma once

#include "proofs_checks/certificates/certificate.hpp"
#include "proofs_checks/evidence/record.hpp"

namespace normproof::certificates {

// False where a value needs a smooth function: it has no rational values to put down.
bool can_certify(const evidence::RecordedReading& recorded, const Counterexample& counterexample);

// `recorded` is the reading at the sizes of the counterexample. The program is what the two values at its entry need of
// the tape; inputs that these do not depend on are left out.
Certificate refutation(const std::string& claim_id, const Reading& reading, const evidence::RecordedReading& recorded,
                       const Counterexample& counterexample);

}  // namespace normproof::certificates
