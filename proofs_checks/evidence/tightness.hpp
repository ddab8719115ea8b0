// How much of its error bound did an evaluation use?
#pragma once

#include <algorithm>
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

}  // namespace normproof::evidence
