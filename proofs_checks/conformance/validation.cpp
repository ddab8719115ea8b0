// How do kernels become a report: which cases, in which order, judged how, shrunk how far?
#include "proofs_checks/conformance/validation.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "proofs_checks/cli/in_parallel.hpp"
#include "proofs_checks/conformance/check_results.hpp"
#include "proofs_checks/conformance/grade.hpp"
#include "proofs_checks/conformance/not_tested.hpp"
#include "proofs_checks/conformance/shrink.hpp"
#include "proofs_checks/conformance/supervisor.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::conformance {
namespace {

constexpr const char* earlier_id = "earlier_failures";

bool is_set(const std::atomic<bool>* flag) { return flag != nullptr && flag->load(); }

// ---- Which cases

// The cases of a kernel as text, each check's in one stretch.
struct Planned {
  std::vector<std::string> cases;
  std::vector<std::size_t> ends;  // by check
};

std::vector<std::string> texts_of(const std::vector<Case>& cases) {
  std::vector<std::string> texts;
  texts.reserve(cases.size());
  for (const Case& described : cases) texts.push_back(text(described));
  return texts;
}

void plan_check(KernelReport& kernel, Planned& planned, CheckReport check, std::vector<std::string> cases) {
  check.cases = std::ssize(cases);
  std::move(cases.begin(), cases.end(), std::back_inserter(planned.cases));
  planned.ends.push_back(planned.cases.size());
  kernel.checks.push_back(std::move(check));
}

// What the library did while it was loaded is a finding of each of its kernels. Any call shows it again.
void plan_loading(KernelReport& kernel, Planned& planned) {
  if (kernel.kernel.loading_changed.empty()) return;
  CheckReport check;
  check.id = loading_id;
  check.title = "loading the library";
  check.why = "a mode that is set then changes the arithmetic of the whole thread, the caller's own too";
  check.cases = check.failed = 1;
  FindingReport found;
  found.finding.kind = Finding::Kind::environment;
  found.finding.words = fmt::format(
      "loading the library changed the floating-point environment of the thread that loaded it: {}. It was put back, "
      "and the calls are judged without it. crtfastmath.o does this, which compilers link in for fast mathematics",
      kernel.kernel.loading_changed);
  const std::vector<normproof_dtype> dtypes = declared(kernel.kernel).dtypes;
  found.described = plain_case(static_cast<normproof_op>(kernel.kernel.op),
                               dtypes.empty() ? NORMPROOF_F32 : dtypes.front(), 1, 1, 1, 0);
  found.found_in = text(found.described);
  found.cases = 1;
  check.findings.push_back(std::move(found));
  planned.ends.push_back(planned.cases.size());
  kernel.checks.push_back(std::move(check));
}

Planned plan_single(KernelReport& kernel, const std::vector<NamedCheck>& catalogue, const Case& only) {
  Planned planned;
  plan_loading(kernel, planned);
  CheckReport check;
  check.id = only.check.empty() ? "case" : only.check;
  check.title = "one call";
  const auto known =
      std::find_if(catalogue.begin(), catalogue.end(), [&](const NamedCheck& named) { return named.id == check.id; });
  if (known != catalogue.end()) check.title = known->check.title;
  plan_check(kernel, planned, std::move(check), {text(only)});
  return planned;
}

void plan_earlier(KernelReport& kernel, Planned& planned, const std::vector<EarlierFailure>& failures) {
  std::vector<Case> cases;
  for (const EarlierFailure& failure : failures) {
    if (failure.kernel == kernel.kernel.name && failure.described.op == kernel.kernel.op)
      cases.push_back(failure.described);
  }
  if (cases.empty()) return;
  CheckReport check;
  check.id = earlier_id;
  check.title = "what failed the last time";
  check.why = "a fault that was mended stays mended";
  plan_check(kernel, planned, std::move(check), texts_of(cases));
}

struct ChosenCheck {
  CheckReport report;
  std::vector<std::string> cases;
};

ChosenCheck chosen(const NamedCheck& named, const Declared& kernel, const Plan& plan) {
  ChosenCheck check;
  check.report.id = named.id;
  check.report.title = named.check.title;
  check.report.why = named.check.why;
  std::vector<Case> cases = named.check.cases(kernel, plan);
  for (Case& described : cases) described.check = named.id;
  check.cases = texts_of(cases);
  if (!cases.empty()) return check;
  if (named.check.not_applicable) check.report.not_applicable = named.check.not_applicable(kernel);
  if (check.report.not_applicable.empty())
    check.report.not_applicable = "it has no case for this kernel at this effort";
  return check;
}

Planned plan_kernel(KernelReport& kernel, const std::vector<NamedCheck>& catalogue, const ValidationOptions& options,
                    const ValidationWork& work) {
  Planned planned;
  plan_loading(kernel, planned);
  plan_earlier(kernel, planned, options.earlier);
  const Declared said = declared(kernel.kernel);
  std::vector<const NamedCheck*> wanted;
  for (const NamedCheck& named : catalogue)
    if (fnmatch(options.check_glob.c_str(), named.id.c_str(), 0) == 0) wanted.push_back(&named);
  std::vector<std::optional<ChosenCheck>> checks(wanted.size());
  cli::in_parallel(
      wanted.size(), work.jobs, work.interrupted,
      [&](std::size_t k) { checks[k] = chosen(*wanted[k], said, options.plan); }, [](std::size_t) {});
  for (std::optional<ChosenCheck>& check : checks)
    if (check) plan_check(kernel, planned, std::move(check->report), std::move(check->cases));
  return planned;
}

// ---- Shrinking

// Not a hang: every try would cost the whole time limit. Not calls at once: shorter ones meet less often. Not a
// promise: with fewer operands there are fewer forms in which it could be kept. Not what came of no call.
bool can_shrink(const CheckReport& check, const FindingReport& finding) {
  const Relation relation = finding.described.relation;
  return finding.finding.kind != Finding::Kind::timeout && relation != Relation::at_once &&
         relation != Relation::taken && check.id != loading_id;
}

// A finding that is about calls before a call has to come of these alone, as the line that is printed makes them: each
// try has a runner to itself, where the kernel was not called before.
void shrink_one(FindingReport& report, const std::string& kernel, CaseRunner& runner, const MakeRunner& make_runner) {
  const bool by_itself = report.described.relation == Relation::after_others;
  const StillFails still_fails = [&](const Case& candidate) -> std::optional<Finding> {
    const CaseResult result =
        by_itself ? make_runner()->run(kernel, text(candidate)) : runner.run(kernel, text(candidate));
    const Finding* const same = same_finding(result, report.finding);
    if (same == nullptr || (report.accepted && !within_one_pass(*same, result))) return std::nullopt;
    return *same;
  };
  const Shrunk shrunk = shrink(report.described, report.finding, still_fails);
  report.described = shrunk.smallest;
  report.finding = shrunk.finding;
  report.shrunk = shrunk.smaller;
  if (by_itself && !shrunk.smaller && !still_fails(report.described))
    report.finding.words += "; it came behind earlier cases of this run alone";
}

// ---- One kernel

class KernelValidation {
 public:
  KernelValidation(KernelReport& kernel, const std::vector<NamedCheck>& catalogue, const ValidationOptions& options,
                   const ValidationWork& work, std::string place)
      : kernel_(kernel), catalogue_(catalogue), options_(options), work_(work), place_(std::move(place)) {}

  // Whether it was finished.
  bool run() {
    const Planned planned = options_.only ? plan_single(kernel_, catalogue_, *options_.only)
                                          : plan_kernel(kernel_, catalogue_, options_, work_);
    const auto results = run_cases(name(), planned.cases, work_for(planned.cases.size(), "cases"));
    const bool complete = gather(planned, results) && !is_set(work_.interrupted);
    if (!options_.only && complete) shrink_findings();
    const bool finished = complete && !is_set(work_.interrupted);
    conclude(kernel_, options_.accept_one_pass, finished);
    if (options_.only && kernel_.verdict == ConformanceVerdict::conforms) {
      kernel_.verdict = ConformanceVerdict::inconclusive;
      kernel_.why = "this one call passes; no other was made";
    }
    if (kernel_.verdict == ConformanceVerdict::conforms && options_.check_glob != "*")
      kernel_.why += " in the checks that were chosen";
    kernel_.not_tested = options_.only ? std::vector<std::string>{"everything but this one call"}
                                       : not_tested(kernel_, catalogue_, options_.check_glob);
    for (CheckReport& check : kernel_.checks)
      for (FindingReport& finding : check.findings) finding.rerun = rerun(finding.described);
    return finished;
  }

 private:
  const std::string& name() const { return kernel_.kernel.name; }

  Work work_for(std::size_t pieces, const char* what) const {
    const std::string words = fmt::format("{} of {}", what, place_);
    return {work_.make_runner, work_.jobs, work_.interrupted,
            [this, pieces, words](std::size_t finished) { work_.tick(finished, pieces, words); }};
  }

  // Whether every case has a result.
  bool gather(const Planned& planned, const std::vector<std::optional<CaseResult>>& results) {
    bool complete = true;
    Grading grading;
    std::size_t k = 0;
    for (std::size_t c = 0; c < kernel_.checks.size(); ++c) {
      CheckReport& check = kernel_.checks[c];
      for (; k < planned.ends[c]; ++k) {
        if (!results[k]) {
          ++check.unfinished;
          complete = false;
          continue;
        }
        add_result(check, planned.cases[k], *results[k], options_.accept_one_pass);
        grading.add(planned.cases[k], *results[k]);
      }
      kernel_.seconds += check.seconds;
    }
    kernel_.grade = grading.grade();
    return complete;
  }

  void shrink_findings() {
    std::vector<FindingReport*> all;
    for (CheckReport& check : kernel_.checks)
      for (FindingReport& finding : check.findings)
        if (can_shrink(check, finding)) all.push_back(&finding);
    on_runners(all.size(), work_for(all.size(), "findings made smaller"),
               [&](std::size_t k, CaseRunner& runner) { shrink_one(*all[k], name(), runner, work_.make_runner); });
  }

  std::string rerun(const Case& described) const {
    return fmt::format("{} --kernel {} --case {}{}", options_.rerun_start, name(),
                       report::shell_quoted(text(described)), options_.rerun_end);
  }

  KernelReport& kernel_;
  const std::vector<NamedCheck>& catalogue_;
  const ValidationOptions& options_;
  const ValidationWork& work_;
  std::string place_;  // "batch_norm (kernel 2 of 7)"
};

}  // namespace

ConformanceReport validate(const std::vector<ListedKernel>& kernels, const std::vector<NamedCheck>& catalogue,
                           const ValidationOptions& options, const ValidationWork& work) {
  ConformanceReport report;
  report.effort = evidence::word(options.plan.effort);
  report.seed = options.plan.seed;
  report.accept_one_pass = options.accept_one_pass;
  report.one_case = options.only.has_value();
  report.kernels.reserve(kernels.size());
  for (const ListedKernel& kernel : kernels) {
    KernelReport& made = report.kernels.emplace_back();
    made.kernel = kernel;
    const std::string place = fmt::format("{} (kernel {} of {})", kernel.name, report.kernels.size(), kernels.size());
    const bool finished = KernelValidation(made, catalogue, options, work, place).run();
    report.complete = report.complete && finished;
  }
  return report;
}

ConformanceReport validate_in_process(std::span<const normproof_kernel> kernels, const ValidationOptions& options) {
  std::vector<const normproof_kernel*> pointers;
  std::vector<ListedKernel> list;
  for (const normproof_kernel& kernel : kernels) {
    check_kernel(kernel, fmt::format("kernel {}", pointers.size()));
    pointers.push_back(&kernel);
    list.push_back(listed(kernel));
  }
  ValidationWork work;
  work.make_runner = in_this_process(pointers);
  ConformanceReport report = validate(list, check_catalogue(), options, work);
  report.library = "in this process";
  report.library_kernels = kernels.size();
  return report;
}

}  // namespace normproof::conformance
