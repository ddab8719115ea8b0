// What does a file hold from which anybody can decide a test of a frequency again, and when is it rejected?
//
// What       A FrequencyTest names the claim, the reading and its statement, the event, the stated threshold, the seed,
//            α, and what happened in each replica. recheck() counts and decides again:
//              holds    P(at least as many events) ≤ α were the frequency the threshold,
//              refuted  P(at most as many events) ≤ α
//            (for a frequency that is stated to be at most the threshold, of the event's not happening). The binomial
//            sums are added up term by term in long double, not by the library that the engine asks.
// Not exact  The decision is redone, not proved: the verdict errs with probability α, and that the replicas were drawn
//            as the reading says is not in the file. recheck() says so.
// Replicas   One bit each, four to a hexadecimal digit, the first replica the highest bit of the first digit; the last
//            digit is filled up with zeros.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "proofs_checks/certificates/document.hpp"

namespace normproof::certificates {

struct FrequencyTest : Heading {
  static constexpr const char* kind = "statistical";
  static constexpr long most_replicas = 1'000'000;

  std::string event, relation;          // "≥" or "≤"
  long numerator = 1, denominator = 2;  // of the threshold
  double alpha = 0;
  std::uint64_t seed = 0;
  std::vector<bool> happened;
  std::string verdict;  // "holds" or "refuted"
  std::string digest;   // as the file has it
};

std::string to_json(const FrequencyTest& test);       // with a fresh digest
FrequencyTest frequency_test_from(const Json& json);  // throws Malformed
Recheck recheck(const FrequencyTest& test);

}  // namespace normproof::certificates
