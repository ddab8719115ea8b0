// Where does a case run: in a worker, or here?
//
// A worker isolates: a kernel that crashes, exits, hangs or answers nonsense is a finding, and the next case gets a new
// worker. In this process a kernel takes everything along; that is for callers who have nothing but a function pointer.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "proofs_checks/conformance/library.hpp"
#include "proofs_checks/conformance/result.hpp"
#include "proofs_checks/conformance/run_case.hpp"
#include "proofs_checks/conformance/worker_process.hpp"

namespace normproof::conformance {

// One thread at a time uses one. Both throw normproof::Interrupted.
class CaseRunner {
 public:
  CaseRunner() = default;
  CaseRunner(const CaseRunner&) = delete;
  CaseRunner& operator=(const CaseRunner&) = delete;
  virtual ~CaseRunner() = default;

  // A case comes as text: what is run is what a reader is given to run again.
  virtual CaseResult run(const std::string& kernel, const std::string& case_text) = 0;
  // Where the call cannot be made, what it reads alone.
  virtual std::vector<DumpedOperand> operands(const std::string& kernel, const std::string& case_text) = 0;
};

// Each thread makes its own: a worker dies with the thread that started it.
using MakeRunner = std::function<std::unique_ptr<CaseRunner>()>;

struct IsolatedSettings {
  WorkerCommand command;
  std::chrono::duration<double> time_limit{10};  // of a case, and of loading
  const std::atomic<bool>* interrupted = nullptr;
};
MakeRunner isolated(const IsolatedSettings& settings);

// The kernels live as long as the runner.
MakeRunner in_this_process(std::vector<const normproof_kernel*> kernels,
                           const std::atomic<bool>* interrupted = nullptr);

// What the library has, told by a worker. Throws LibraryError, also where the library dies or hangs; WorkerError;
// normproof::Interrupted.
std::vector<ListedKernel> listed_by_worker(const IsolatedSettings& settings);

// The operands that a case reads.
std::vector<DumpedOperand> inputs_of(const Case& described);

}  // namespace normproof::conformance
