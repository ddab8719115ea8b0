// Does the installed library of claims bring all of them? The build says how many files there were.
#include <cstdio>

#include "proofs_checks/catalogue.hpp"

bool claims_are_there() {
  const auto entries = normproof::catalogue();
  std::printf("%zu claims\n", entries.size());
  return entries.size() == NORMPROOF_CLAIM_FILES;
}
