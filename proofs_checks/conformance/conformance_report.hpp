// What does one run of `normproof validate` report? The one model behind the terminal, JSON, JUnit and Markdown views.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proofs_checks/conformance/case.hpp"
#include "proofs_checks/conformance/library.hpp"
#include "proofs_checks/conformance/result.hpp"
#include "theory/rounding/stability_class.hpp"

namespace normproof::conformance {

// The first case of a check that has a finding of one kind at one operand, shrunk where that was possible.
struct FindingReport {
  Finding finding;
  Case described;          // makes it again
  bool shrunk = false;     // `described` is smaller than the case of the check, which has the same kind of finding
  std::string found_in;    // text of the case of the check
  std::int64_t cases = 0;  // of the check that have such a finding
  bool accepted = false;   // by --accept one_pass: every case is within the bounds of that class
  bool expected = false;   // by --expect
  std::string rerun;       // a whole command line
};

struct CheckReport {
  std::string id, title, why;
  std::string not_applicable;  // why the check has no case for this kernel; empty where it has
  std::int64_t cases = 0, passed = 0, failed = 0, refused = 0, not_run = 0;
  std::int64_t unfinished = 0;         // cases that an interruption left
  std::int64_t accepted = 0;           // of `failed`
  std::int64_t compared = 0;           // numbers held against a bound
  std::optional<OutputFigures> worst;  // by error over bound
  std::string worst_case;              // text of the case where that was
  double worst_ulp = 0;
  std::vector<std::pair<std::string, std::int64_t>> why_not_run;  // reasons, and how many cases each
  std::vector<FindingReport> findings;
  double seconds = 0;
};

enum class ConformanceVerdict { conforms, fails, inconclusive };
const char* word(ConformanceVerdict verdict);

// Whether calls that promise the same bits kept it; nothing where nobody looked.
struct Determinism {
  std::optional<bool> repeat, threads, permute_channels;
};

struct Grade {
  bool measured = false;  // some output was held against the bounds
  // The loosest class that some output of some case needs; absent where one is beyond them all.
  std::optional<theory::StabilityClass> stability_class;
  // Some call had μ or ν in f32. The interface itself is then one_pass at best, and the class above is of the other
  // calls; where there is no other one it is one_pass.
  bool state_in_f32 = false;
  // For x of each dtype the largest κ of condition_sweep up to which every case keeps half its digits, 0 where the
  // first does not.
  std::vector<std::pair<normproof_dtype, double>> half_digits_up_to;
  Determinism determinism;
};

struct KernelReport {
  ListedKernel kernel;
  ConformanceVerdict verdict = ConformanceVerdict::inconclusive;
  std::string why;  // of the verdict, one line
  Grade grade;
  std::vector<CheckReport> checks;
  std::vector<std::string> not_tested;
  double seconds = 0;
};

// An expected failure that did not come.
struct UnexpectedPass {
  std::string pattern;  // "bn_train_one_pass * value", as it was written
  std::string place;    // "known.txt:3"
};

struct ConformanceReport {
  std::string version, effort, compiler, cpu;
  std::uint64_t seed = 0;
  double seconds = 0;
  bool complete = true;
  std::string library;  // as it was given, or "--builtin"
  std::size_t library_kernels = 0;
  bool accept_one_pass = false;
  bool one_case = false;  // --case: no kernel is judged, only the one call
  std::vector<KernelReport> kernels;
  std::vector<UnexpectedPass> unexpected_passes;
};

// Findings that make the run fail.
bool counts(const FindingReport& finding);
bool has_failures(const KernelReport& kernel);
// Of --case, where no verdict follows: the one call was made, and has no finding that counts.
bool call_passes(const KernelReport& kernel);
// Exit status 0 or 1 of a complete run.
bool passes(const ConformanceReport& report);

// "two_pass; half its digits up to κ = 1e+04 (f32); same bits on repeats and on other thread counts".
std::string grade_words(const Grade& grade);
// "tree", "chain"; empty where the class does not tell.
std::string summation(const Grade& grade);

}  // namespace normproof::conformance
