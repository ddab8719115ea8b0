// How do kernels become a report: which cases, in which order, judged how, shrunk how far?
//
// One kernel after the other. Earlier failures come first, then every check of the catalogue in its order. The results
// are gathered in the order of the cases, then the first failing case of each check, kind and operand is shrunk.
// Nothing in the report but times depends on the number of threads.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "proofs_checks/conformance/case_runner.hpp"
#include "proofs_checks/conformance/check.hpp"
#include "proofs_checks/conformance/conformance_report.hpp"
#include "proofs_checks/conformance/failures_file.hpp"

namespace normproof::conformance {

// The id under which a report has what loading the library did. It is no check: there is no case of it.
inline constexpr const char* loading_id = "loading";

struct ValidationOptions {
  std::string check_glob = "*";
  Plan plan;  // effort and seed
  bool accept_one_pass = false;
  std::optional<Case> only;                                // this call and nothing else
  std::vector<EarlierFailure> earlier;                     // those of other kernels are left alone
  std::string rerun_start = "normproof validate LIBRARY";  // what comes before --kernel
  std::string rerun_end;                                   // and after --case
};

struct ValidationWork {
  MakeRunner make_runner;
  int jobs = 1;
  const std::atomic<bool>* interrupted = nullptr;  // may be null
  // On the calling thread: 3 of 14 `what`, "cases of batch_norm (kernel 2 of 7)".
  std::function<void(std::size_t finished, std::size_t total, const std::string& what)> tick =
      [](std::size_t, std::size_t, const std::string&) {};
};

// The version, the machine, seconds and the library are the caller's to fill in.
ConformanceReport validate(const std::vector<ListedKernel>& kernels, const std::vector<NamedCheck>& catalogue,
                           const ValidationOptions& options, const ValidationWork& work);

// Without a worker: a kernel that crashes takes the caller along. Throws LibraryError for a kernel that says of itself
// what cannot be.
ConformanceReport validate_in_process(std::span<const normproof_kernel> kernels, const ValidationOptions& options);

}  // namespace normproof::conformance
