// Do two formulas agree identically? Decided at random points of random prime fields, with a stated error probability.
//
// What       For each size the two sides are replayed at uniformly random points modulo random 61-bit primes. One entry
//            that differs proves that the formulas are not identical. Agreement in every trial means that they are, but
//            for a probability that is computed and reported.
// Why        Schwartz–Zippel: a nonzero polynomial of degree d vanishes at a uniform point of F_pⁿ with probability at
//            most d/p. Write left − right = N/D over the tape's divisors, with k square roots. If it is not identically
//            zero, the product of N over the sign choices of its independent roots, its norm, is a nonzero polynomial
//            of degree at most 2^k deg N, and vanishes wherever N does. deg N and the height (log₂ of the sum of the
//            absolute coefficients) are computed by replaying the same tape on numbers::Degree.
//            Square roots whose arguments agree at the point are counted once in k: theory and reference each take
//            their own root of the same variance. What else enters:
//            · that two arguments agreed there without being the same formula: one collision term, again d/p, a pair,
//              and h/60 more primes that may make them agree everywhere;
//            · points are drawn until every root exists, one group of variables at a time. By Weil's bound a step keeps
//              at least 1/4 of the points, so conditioning costs at most a factor 4^k;
//            · signs. The sign of a condition is drawn with the point, and so is that of a root whose radicand is a
//              square, √(q²) = ±q: the sides then agree or differ sign pattern by sign pattern. With k such signs
//              (roots that existed whenever the conditions before them had these signs are counted) a pattern has
//              probability at least 2^−(k+1) by the same bound: trials go on until it is unlikely that one was met
//              fewer than twice, that chance is added, and a point of a given pattern, and its prime, is uniform
//              but for a factor 2^(k+1). Where k is too large for that, the engine does not agree: it reports the
//              patterns that it met. Where a hypothesis asks for the sign of a number and the tape has conditions,
//              points at which that number is no residue are drawn again; it counts among the signs;
//            · roots of constants: each doubles the norm's height, and halves the primes that there are;
//            · a prime may divide every coefficient of the norm: a height of h bits has at most h/60 prime divisors of
//              61 bits, among more than 2^46 such primes;
//            · two arguments of a smooth function that differ as formulas may meet at the point: one more collision
//              term for each pair.
//            Trials draw primes and points independently: without signs, t agreeing trials err with probability at most
//            (that sum)^t, with signs with (that sum)² and the chance of having met a pattern fewer than twice.
// Sources    Schwartz, J. ACM 27 (1980); Zippel, EUROSAM 1979; Weil, Proc. Nat. Acad. Sci. 34 (1948).
#pragma once

#include <string>
#include <vector>

#include "proofs_checks/evidence/record.hpp"
#include "proofs_checks/evidence/settings.hpp"
#include "proofs_checks/verdict.hpp"

namespace normproof::evidence {

enum class WhatIsCompared {
  sides,  // left = right
  gap     // right − left = the stated sum of squares
};

struct ExactOutcome {
  bool agrees = false;                              // every size that could be compared agrees, and there is one
  bool disagrees = false;                           // some size certainly differs
  std::vector<Sizes> differing, degenerate, empty;  // empty: no point of the domain was found
  Evidence evidence;
  std::string trouble;
};

// `purpose` keys the random stream: claim, reading, mutant.
ExactOutcome decide_exactly(const std::string& purpose, const std::vector<RecordedReading>& per_size,
                            WhatIsCompared what, const Settings& settings);

// The probability that one trial misses a difference of these two sides, which have so many different roots and depend
// on so many signs; 1 or more where the bound says nothing.
struct TrialBound {
  double degree = 0, height = 0, error = 1;
};
TrialBound trial_bound(const RecordedReading& recorded, WhatIsCompared what, int roots, int signs,
                       int constant_roots = 0);

}  // namespace normproof::evidence
