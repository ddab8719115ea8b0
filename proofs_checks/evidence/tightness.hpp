// How tight is what was compared: how much of an error bound was used, how much slack does an inequality leave?
//
// Notation   the slack of l ≤ r at a point: (r − l)/(|l| + |r|), in [−1, 1], the smallest of all entries; a quantile of
//            n sorted numbers is the one at place ⌊q(n − 1)⌋ from 0.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include "proofs_checks/verdict.hpp"

namespace normproof::evidence {

class Tightness {
 public:
  void add(double used) { used_.push_back(used); }

  // The median and the largest fraction error/bound.
  void report(std::vector<Detail>& details) const {
    if (used_.empty()) return;
    std::vector<double> sorted = used_;
    std::sort(sorted.begin(), sorted.end());
    details.emplace_back("bound_used_median", sorted[sorted.size() / 2]);
    details.emplace_back("bound_used_max", sorted.back());
  }

 private:
  std::vector<double> used_;
};

class SlackDistribution {
 public:
  // Infinite where both sides are exactly 0 in every entry: that has no slack.
  void add(double slack) {
    if (std::isfinite(slack)) slacks_.push_back(slack);
  }

  void report(std::vector<Detail>& details) const {
    if (slacks_.empty()) return;
    std::vector<double> sorted = slacks_;
    std::sort(sorted.begin(), sorted.end());
    const auto quantile = [&](double q) {
      return sorted[static_cast<std::size_t>(q * static_cast<double>(sorted.size() - 1))];
    };
    details.emplace_back("slack_cases", static_cast<long>(sorted.size()));
    details.emplace_back("slack_min", sorted.front());
    details.emplace_back("slack_percentile_1", quantile(0.01));
    details.emplace_back("slack_percentile_10", quantile(0.1));
    details.emplace_back("slack_percentile_50", quantile(0.5));
    details.emplace_back("slack_percentile_90", quantile(0.9));
  }

 private:
  std::vector<double> slacks_;
};

}  // namespace normproof::evidence
