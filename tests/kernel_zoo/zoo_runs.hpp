// How do the tests of the zoo run a kernel through the checks?
//
// Faulty kernels run in workers that load the library of them: some end the process. Honest ones run in this process.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "proofs_checks/conformance/case_runner.hpp"
#include "proofs_checks/conformance/check.hpp"
#include "proofs_checks/conformance/supervisor.hpp"
#include "proofs_checks/conformance/worker_protocol.hpp"
#include "tests/kernel_zoo/catalogue.hpp"

// GoogleTest prints a parameter, also in the names of tests.
inline void PrintTo(const normproof_kernel& kernel, std::ostream* out) { *out << kernel.name; }

namespace normproof::zoo {

using conformance::Case;
using conformance::CaseResult;
using conformance::CaseRunner;
using conformance::Finding;

inline std::unique_ptr<CaseRunner> faulty_runner(const std::string& program, const std::string& library) {
  conformance::IsolatedSettings settings;
  settings.command.words = {program, std::string(conformance::worker_verb)};
  settings.command.library = library;
  return conformance::isolated(settings)();
}

inline std::unique_ptr<CaseRunner> honest_runner(const normproof_kernel& kernel, const normproof_kernel& forward) {
  return conformance::in_this_process({&kernel, &forward})();
}

// The cases of one check for a kernel.
inline std::vector<Case> cases_of(const std::string& check, const normproof_kernel& kernel,
                                  const conformance::Plan& plan) {
  return conformance::all_cases(conformance::declared(kernel), plan, check);
}

// What went wrong where.
struct Caught {
  Case described;
  Finding finding;
};

// The first case with a finding that `counts`; a kernel is given up where it has ended `most_deaths` workers.
inline std::optional<Caught> first_caught(CaseRunner& runner, const std::string& kernel, const std::vector<Case>& cases,
                                          const std::function<bool(const Finding&)>& counts) {
  std::size_t deaths = 0;
  for (const Case& one : cases) {
    const CaseResult result = runner.run(kernel, conformance::text(one));
    const auto found = std::find_if(result.findings.begin(), result.findings.end(), counts);
    if (found != result.findings.end()) return Caught{one, *found};
    deaths += std::any_of(result.findings.begin(), result.findings.end(),
                          [](const Finding& f) { return f.kind == FindingKind::crash; });
    if (deaths >= conformance::most_deaths) return std::nullopt;
  }
  return std::nullopt;
}

inline std::string in_words(const Caught& caught) {
  const Finding& f = caught.finding;
  return conformance::text(caught.described) + "\n  " + conformance::word(f.kind) + " " + f.operand + " " + f.place +
         " " + f.words;
}

}  // namespace normproof::zoo
