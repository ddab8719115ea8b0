// How are verdicts, grades and sizes written?
#include "proofs_checks/verdict.hpp"

namespace normproof {

const char* word(Verdict verdict) {
  switch (verdict) {
    case Verdict::holds: return "holds";
    case Verdict::refuted: return "refuted";
    case Verdict::inconclusive: return "inconclusive";
    case Verdict::not_checkable: return "not_checkable";
  }
  return "?";
}

const char* word(Grade grade) {
  switch (grade) {
    case Grade::exact: return "exact";
    case Grade::enumerated: return "enumerated";
    case Grade::certified: return "certified";
    case Grade::derived_bound: return "derived_bound";
    case Grade::statistical: return "statistical";
    case Grade::searched: return "searched";
  }
  return "?";
}

std::string words(const Sizes& sizes) {
  std::string text = "batch " + std::to_string(sizes.batch) + ", channels " + std::to_string(sizes.channels);
  if (sizes.hidden != 1) text += ", hidden " + std::to_string(sizes.hidden);
  if (sizes.outputs != 1) text += ", outputs " + std::to_string(sizes.outputs);
  if (sizes.choice != 0) text += ", choice " + std::to_string(sizes.choice + 1);
  return text;
}

}  // namespace normproof
