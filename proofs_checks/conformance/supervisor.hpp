// How are many cases of a kernel run at once, so that the outcome does not depend on how many?
//
// Threads, each with a runner of its own, take the cases in their order; the results come back in that order. A kernel
// that keeps on ending or hanging its worker is given up: what comes after its 50th death or 5th hang, in the order of
// the cases, is not run, whether a thread was there already or not.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "proofs_checks/conformance/case_runner.hpp"

namespace normproof::conformance {

inline constexpr std::size_t most_deaths = 50;  // of a kernel's workers
inline constexpr std::size_t most_hangs = 5;    // each costs the whole time limit

struct Work {
  MakeRunner make_runner;
  int jobs = 1;
  const std::atomic<bool>* interrupted = nullptr;                       // may be null
  std::function<void(std::size_t finished)> tick = [](std::size_t) {};  // on the calling thread
};

// Cases as text. Nothing where an interruption came first.
std::vector<std::optional<CaseResult>> run_cases(const std::string& kernel, const std::vector<std::string>& cases,
                                                 const Work& work);

// Does `what` for 0 … pieces − 1 on the threads, each with its runner; an Interrupted ends that thread alone.
void on_runners(std::size_t pieces, const Work& work, const std::function<void(std::size_t piece, CaseRunner&)>& what);

}  // namespace normproof::conformance
