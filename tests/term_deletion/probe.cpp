// Which readings of one claim does the exact engine find to agree? One id a line: what a deleted term must change.
#include <cstdio>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/evidence/exact.hpp"

namespace normproof::claims {
Claim NORMPROOF_PROBED_CLAIM();
}

int main() {
  using namespace normproof;
  for (const Reading& reading : claims::NORMPROOF_PROBED_CLAIM().readings) {
    const bool at_most = reading.relation == Relation::at_most;
    if (at_most && !reading.gap) continue;  // decided by search, not exactly
    std::vector<evidence::RecordedReading> per_size;
    for (const Sizes& sizes : reading.sizes) per_size.push_back(evidence::record_reading(reading, sizes));
    const evidence::Settings settings = {.effort = evidence::Effort::quick, .seed = 1};
    const auto what = at_most ? evidence::WhatIsCompared::gap : evidence::WhatIsCompared::sides;
    if (evidence::decide_exactly(reading.id, per_size, what, settings).agrees) std::printf("%s\n", reading.id.c_str());
  }
}
