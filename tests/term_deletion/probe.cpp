// Which terms of the headers, switched off, turn a reading of this claim red? One line each: the term's number and the
// reading. The arguments are the numbers of the terms to try.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/evidence/exact.hpp"

namespace normproof::claims {
Claim NORMPROOF_PROBED_CLAIM();
}

namespace {
int switched_off = -1;
std::vector<char> asked_for;  // by number: the terms that the formulas of this claim have run through
}  // namespace

// What a marked line of the copied headers asks before it is run.
bool normproof_term_stays(int term) {
  if (asked_for.size() <= static_cast<std::size_t>(term)) asked_for.resize(static_cast<std::size_t>(term) + 1, 0);
  asked_for[static_cast<std::size_t>(term)] = 1;
  return term != switched_off;
}

namespace {

using namespace normproof;

bool agrees(const Reading& reading) {
  const bool at_most = reading.relation == Relation::at_most;
  std::vector<evidence::RecordedReading> per_size;
  for (const Sizes& sizes : evidence::every_size(reading, reading.sizes))
    per_size.push_back(evidence::record_reading(reading, sizes));
  const evidence::Settings settings = {.effort = evidence::Effort::quick, .seed = 1};
  const auto what = at_most ? evidence::WhatIsCompared::gap : evidence::WhatIsCompared::sides;
  return evidence::decide_exactly(reading.id, per_size, what, settings).agrees;
}

}  // namespace

int main(int count, char** arguments) {
  struct Agreeing {
    Reading reading;
    std::vector<char> asked_for;
  };
  std::vector<Agreeing> readings;
  for (const Reading& reading : claims::NORMPROOF_PROBED_CLAIM().readings) {
    const bool exact = reading.frequency.event.empty() && (reading.relation == Relation::equal || reading.gap);
    asked_for.clear();
    if (exact && agrees(reading)) readings.push_back({reading, asked_for});
  }
  for (int k = 1; k < count; ++k) {
    const int term = std::atoi(arguments[k]);
    for (const Agreeing& each : readings) {
      if (each.asked_for.size() <= static_cast<std::size_t>(term) ||
          each.asked_for[static_cast<std::size_t>(term)] == 0)
        continue;
      switched_off = term;
      const bool still = agrees(each.reading);
      switched_off = -1;
      if (still) continue;
      std::printf("%d %s\n", term, each.reading.id.c_str());
      break;
    }
  }
}
