// How is an effort written?
#include "proofs_checks/evidence/settings.hpp"

namespace normproof::evidence {

const char* word(Effort effort) {
  switch (effort) {
    case Effort::quick: return "quick";
    case Effort::standard: return "standard";
    case Effort::deep: return "deep";
  }
  return "?";
}

}  // namespace normproof::evidence
