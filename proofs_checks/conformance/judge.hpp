// Is every output of a call what it should be?
//
// What       Each value that is expected (expectations.hpp) beside the one that came: its error, and the classes whose
//            bound it meets. What lies beyond the bound of updating_chain, the loosest class that conforms, is a
//            finding.
// Not finite A NaN never passes for a number: only where eps vanishes in the unit's format, so that a kernel may divide
//            by a variance that it finds to be 0, and no bound is finite either. Beyond the format's range, or so near
//            an end of it that the bound reaches over it, ±∞ of that sign is right.
// Findings   At most one for values and one for what is not finite, for each output: the worst element, and how many
//            more there are.
#pragma once

#include <string>
#include <vector>

#include "proofs_checks/conformance/case.hpp"
#include "proofs_checks/conformance/expectations.hpp"
#include "proofs_checks/conformance/oracle.hpp"
#include "proofs_checks/conformance/recipes.hpp"
#include "proofs_checks/conformance/result.hpp"

namespace normproof::conformance {

inline constexpr auto conforming_class = theory::StabilityClass::updating_chain;
inline double conforming(const theory::BoundPerClass& bound) {
  return bound[static_cast<std::size_t>(conforming_class)];
}

struct Judgement {
  std::vector<Finding> findings;
  std::vector<OutputFigures> outputs;
  bool keeps_half_the_digits = true;
};
// The figures of one output over two calls.
void merge_into(OutputFigures& all, const OutputFigures& more);

Judgement judge(const Case& described, const InputValues& inputs, const Oracle& oracle, const OutputValues& got);

// The value of an output, its low part added where the output is judged with it.
DoubleDouble value_of(const OutputValues& got, const JudgedOutput& output, std::size_t i);

// The largest √(1 + mean²/variance) of a channel whose x are finite; 0 where there is none.
double condition_of(const Case& described, const Oracle& oracle);

// The tightest class whose bound is at least as large as the error; absent where none is.
std::optional<theory::StabilityClass> class_met(const theory::BoundPerClass& bound, double error);

// A number in a finding: with digits enough to tell two neighbours of the output's format apart.
std::string number_in_words(const Case& described, OperandId output, double value);
// "2e-06 (1.1e+06 times the bound)"
std::string bound_in_words(double error, double bound);

}  // namespace normproof::conformance
