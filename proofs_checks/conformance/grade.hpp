// How good is a kernel, by all the results of its cases?
//
// Class         The loosest one that some output of some case needs: a promise that held everywhere it was tried.
// Half digits   Of the cases of condition_sweep, by dtype of x: the largest κ such that every case with a condition up
//               to it kept half of its digits.
// Determinism   A promise of the same bits is broken by one case that breaks it.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "proofs_checks/conformance/conformance_report.hpp"

namespace normproof::conformance {

class Grading {
 public:
  void add(const std::string& case_text, const CaseResult& result);
  Grade grade() const;

 private:
  struct Swept {
    double condition = 0;
    bool keeps_half = true;
  };
  static double half_digits_up_to(std::vector<Swept> cases);

  bool measured_ = false, state_in_f32_ = false;
  bool beyond_all_ = false, class_known_ = false;
  theory::StabilityClass loosest_ = theory::StabilityClass::correctly_rounded;
  std::map<normproof_dtype, std::vector<Swept>> sweeps_;  // by dtype of x
  Determinism determinism_;
};

// `conforms`: no finding that counts against it, something was compared, and no more than a part of the cases was
// refused or not run. `why` is filled too.
void conclude(KernelReport& kernel, bool accept_one_pass, bool complete);

// May a finding be let pass where the class one_pass is accepted: is each number that it is about within that class?
bool within_one_pass(const Finding& finding, const CaseResult& result);

}  // namespace normproof::conformance
