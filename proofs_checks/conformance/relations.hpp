// Do several calls of a kernel fit together?
//
// What       One function for each Relation of case.hpp. Each makes its calls through a Trial, which judges every one
//            of them by itself, and then holds outputs of calls against each other. What two outputs may differ by is
//            made of the bounds of both; neither is held against the oracle's value here.
// Exactness  A relation between calls says something only where the second call's inputs are exact images of the
//            first's. Permutations and powers of two are. For `shift` and `linear_in_dy` the values are first rounded
//            to multiples of one power of two in each channel, so few digits long that the sums are exact; the rounded
//            data are what is compared, and the data as given are judged beside them.
// Others     after_others and at_once make calls besides the case's own, taken in its place (other_calls.hpp). One that
//            is refused is passed over. at_once finds by chance: a case without a finding shows nothing.
// Not run    A relation that the case cannot have (one channel to permute) says so in why_not_run.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proofs_checks/conformance/judge.hpp"
#include "proofs_checks/conformance/kernel_call.hpp"
#include "proofs_checks/conformance/run_case.hpp"

namespace normproof::conformance {

// A call that came back with outputs. It stays where it is: expectations refer to it.
struct MadeCall {
  Case described;
  InputValues inputs;
  std::shared_ptr<const Oracle> oracle;  // calls with the same inputs share it
  KernelCall call;
  std::string when;  // "with the samples in another order"; empty for the case itself
  std::vector<Expectation> expectations(const JudgedOutput& output) const;
};

// One case being run: makes calls, judges them, gathers what comes of them.
class Trial {
 public:
  Trial(const KernelUnderTest& subject, const Case& described, CaseResult& result)
      : subject_(subject), case_(described), result_(result) {}

  const KernelUnderTest& subject() const { return subject_; }
  const Case& described() const { return case_; }
  bool deterministic() const { return (subject_.kernel->flags & NORMPROOF_DETERMINISTIC) != 0; }

  // Whether the case goes on where a call is refused.
  enum class Refused { ends_the_case, is_passed_over };
  // Absent where nothing came back; the result then says why.
  std::unique_ptr<MadeCall> make(const Case& described, InputValues inputs, Bits bits, std::string when = {},
                                 Refused refused = Refused::ends_the_case);
  // The numbers of a call that was made, its bits read; what has the same bits again has been judged.
  std::unique_ptr<MadeCall> make_again(const MadeCall& before, const Case& described, std::string when);
  // Judges a call that was made already.
  std::unique_ptr<MadeCall> take(const Case& described, InputValues inputs, KernelCall call, std::string when,
                                 Refused refused, const MadeCall* before = nullptr);
  void add(Finding finding);
  void not_run(std::string why);
  bool failed() const { return !result_.findings.empty(); }
  void looked_at_bits(const char* what, bool same) { result_.same_bits.emplace_back(what, same); }

 private:
  void merge(const Judgement& judgement, const MadeCall& made);

  const KernelUnderTest& subject_;
  const Case& case_;
  CaseResult& result_;
};

// The relation of the trial's case, its first call included; not of bad_argument.
void try_relation(Trial& trial, const InputValues& inputs);

}  // namespace normproof::conformance
