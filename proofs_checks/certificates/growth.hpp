// What does a file hold from which anybody can judge growth exponents again, and when is it rejected?
//
// What       A GrowthTest names the claim, the reading and its statement, the quantity and what is stated of its
//            exponent, α, the prior variance of the test, seed and effort, and for each point the stated range, the
//            allowance on either side and what was measured: of sampled points the number of groups, the means of the
//            last octave's sums and of those three octaves before, their unbiased variances and covariance; of the
//            others the two sums and their relative error. recheck() works out each interval again, and from it the
//            verdict of each point and of the reading: the ends of a sampled interval are where log BF
//            (evidence/ratio_interval.hpp) passes log 1/α, found by bisection in long double, not from a closed form.
// Rejected   An interval that is another by more than `slack`, a verdict that is another where no end is within `slack`
//            of the end of a range, a digest that does not belong.
// Not exact  The decision is redone, not proved: it errs with probability α a sampled point, for Gaussian groups. That
//            the runs were made as the reading says is not in the file, nor why the allowances are what they are, nor
//            the planted violation. recheck() says so.
// Numbers    Doubles in the digits that give them back; null stands for an end that is infinite.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "proofs_checks/certificates/document.hpp"

namespace normproof::certificates {

struct GrowthTest : Heading {
  static constexpr const char* kind = "growth";
  static constexpr std::size_t most_points = 10'000, most_groups = 1'000'000;
  static constexpr int most_octave = 63;
  // Between the engine's rounding and this file's: empirical, far above what 1e-16 does to a logarithm.
  static constexpr double slack = 2e-9;
  // An end of an interval that is farther from the exponent than this counts as none. So far out the ends are
  // ill-conditioned, and no range is stated there.
  static constexpr double farthest = 5;

  struct Point {
    std::string id, problem;
    double gamma = 0, a = 0;
    double lowest = 0, highest = 0;  // one of them may be infinite
    double allowance_below = 0, allowance_above = 0;
    bool near_boundary = false, sampled = true;
    int last_octave = 0;
    std::size_t groups = 0;  // 1 where nothing is sampled; 0: no exponent, since a sum was no positive number
    double mean_last = 0, mean_earlier = 0;
    double variance_last = 0, variance_earlier = 0, covariance = 0;
    double relative_error = 0;             // where nothing is sampled
    double theta_low = 0, theta_high = 0;  // before the allowance
    std::string verdict;                   // "holds", "refuted" or "inconclusive"
  };

  std::string quantity, range;
  double alpha = 0, effect_variance = 0;
  std::uint64_t seed = 0;
  std::string effort;
  std::vector<Point> points;
  std::string verdict;  // "holds" or "refuted"
  std::string digest;   // as the file has it
};

std::string to_json(const GrowthTest& test);    // with a fresh digest
GrowthTest growth_test_from(const Json& json);  // throws Malformed
Recheck recheck(const GrowthTest& test);

}  // namespace normproof::certificates
