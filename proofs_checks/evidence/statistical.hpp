// How often does an event happen, against a stated frequency, and with which error?
//
// What       The number X of replicas in which the event happens is binomial(n, p). For "p ≥ p₀":
//              refuted       where the upper Clopper–Pearson bound of p at level 1 − α is below p₀,
//              holds         where the lower one is at least p₀,
//              inconclusive  otherwise: p₀ lies between them.
//            "p ≤ p₀" is the same with the event turned round. n and α are fixed beforehand by the effort; each replica
//            has a stream of its own, keyed by (seed, claim, reading, number). Nothing is stopped early.
// Power      δ is the smallest deviation such that p = p₀ − δ is refuted with probability at least 1 − 10⁻⁶, computed
//            from the binomial law.
// Can fail   Beside the event itself the same test is put to a planted violation, n coins of probability p₀ − δ, which
//            it must refute, and to a null run at p₀, which it must not. A test that does either wrong is not graded.
// Sources    Clopper & Pearson, Biometrika 26 (1934), in the form of Boost.Math's binomial distribution.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/evidence/settings.hpp"
#include "proofs_checks/verdict.hpp"

namespace normproof::evidence {

// One test's share of the suite's false-alarm budget of 1e-6: room for a thousand tests, each of two sides.
inline constexpr double test_alpha = 5e-10;
inline constexpr double missed_power = 1e-6;  // 1 − power: also how often the planted violation is missed

struct FrequencyOutcome {
  Verdict verdict = Verdict::inconclusive;
  Evidence evidence;
  std::vector<bool> happened;  // one a replica
  std::string trouble;
};

FrequencyOutcome test_frequency(const std::string& claim_id, const Reading& reading, const Settings& settings);

struct FrequencyControls {
  double delta = 0;  // refuted with probability 1 − missed; negative: no violation is
  bool planted_refuted = false, null_refuted = false;
};

// The planted violation and the null run alone, put to the test at level α on either side.
FrequencyControls run_frequency_controls(const std::string& claim_id, const Reading& reading, const Settings& settings,
                                         double alpha, double missed);

}  // namespace normproof::evidence
