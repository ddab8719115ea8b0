// What is stated of the rounding errors of computed results, and on which data are they measured?
//
// What       An algorithm is run in floating point. Of each of its results it is known how far it lies from the exact
//            value, the error, and how far it may lie, the bound. A RoundingPoint names one run, or many on data of one
//            kind, and measures: for each output (mean, variance, y, …) a tally of its results. A Rounding states of
//            one output, at each of its points, that error ≤ bound in every result; or that the bound is tight, which
//            is that the median of bound/error is at most a limit. evidence/rounded.hpp measures and decides.
// Why points and not one run: a bound is attacked over all conditions, counts and orders of summation, and each of them
//            can be measured by itself, in any order, on any machine.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "proofs_checks/evidence/settings.hpp"

namespace normproof {

// Of the results of one output at one point. Counts are doubles, so that all of it is one list of numbers.
struct RoundingTally {
  double compared = 0;      // results that could have violated their bound, and did not, or did
  double exact = 0;         // error and bound are both 0: nothing to compare
  double unbounded = 0;     // the bound is infinite: nothing is stated
  double violations = 0;    // of those compared: not error ≤ bound
  double undecided = 0;     // of those compared: the error is above its bound, but by last bits alone
  double worst_error = 0;   // of the result with the largest error/bound, the first of equals
  double worst_bound = 0;   // its bound
  double worst_result = 0;  // its number, in the order in which they were added
  double median_slack = 0;  // of bound/error over those compared; infinite where half of them have no error
  friend bool operator==(const RoundingTally&, const RoundingTally&) = default;
};

// What a run may depend on besides its point.
struct RoundingRun {
  std::uint64_t seed = 0;
  const std::atomic<bool>* interrupted = nullptr;  // measure throws Interrupted (growth.hpp) where it is set
};

struct RoundingPoint {
  std::string id = {};      // names the measurement: "two_pass/pairwise/condition=1000/count=4096"
  bool enumerated = false;  // it runs over all inputs of a finite space
  bool natural = false;     // of a near-miss: here it agrees with the claim
  double cost = 1;          // expected, relative to other points: for progress alone
  std::function<std::vector<RoundingTally>(const RoundingRun&)> measure = {};  // one tally an output
};

struct Rounding {
  std::string quantity = {};  // "|y^ − y|"
  std::string bound = {};     // "two_pass_output_error", in words
  std::size_t output = 0;     // which of the tallies
  std::function<std::vector<RoundingPoint>(evidence::Effort)> points = {};
  double median_slack_max = 0;  // > 0: stated is that the median of bound/error is at most this, at every point
};

}  // namespace normproof
