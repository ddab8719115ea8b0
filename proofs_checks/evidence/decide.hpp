// How is a claim decided, from its readings to a report?
//
// What       decide() runs every engine that applies to each reading and mutant and combines what they found:
//              equal:    exact agreement on all sizes, a real point that satisfies the hypotheses, no counterexample
//                        among small fractions (zeros, ties and kinks, which random points miss) and no engine
//                        against it → holds;
//                        exact disagreement and a counterexample in rationals → refuted;
//              at_most:  a gap that is exactly a sum of squares → holds; a counterexample in rationals → refuted;
//                        neither, but every stated region certified and nothing against it → holds (certified);
//                        else a search that found its planted violations → holds (searched);
//                        a box of a region on which it certainly fails → refuted, at a point of that box in rationals
//                        where roots are rational there;
//              frequencies, growth and rounding: statistical.hpp, growth.hpp, rounded.hpp;
//              anything else, engines that disagree included → inconclusive, with what is missing.
//            The ledger is not read here.
// Assumes    The result depends on the claim, the effort, the seed and the data alone: not on threads or order. Random
//            streams are keyed by (seed, claim, reading, purpose).
#pragma once

#include "proofs_checks/catalogue.hpp"
#include "proofs_checks/claim.hpp"
#include "proofs_checks/evidence/settings.hpp"
#include "proofs_checks/verdict.hpp"

namespace normproof::evidence {

ClaimReport decide(const std::string& id, const Claim& claim, const Settings& settings);

}  // namespace normproof::evidence
