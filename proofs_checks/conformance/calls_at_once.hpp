// What comes of a kernel that is called from several threads at once?
//
// What       Each caller has a thread, and memory of its own. They wait for each other once and then call again and
//            again until the slowest has made its calls: one that the machine stops in its midst meets many others.
//            What comes is held against what the same call gave alone: the same findings, and the same bits.
// Chance     Whether two calls meet in a kernel's shared memory is up to the machine: what is found is a fault, and
//            nothing found is no proof.
#pragma once

#include <optional>
#include <vector>

#include "proofs_checks/conformance/kernel_call.hpp"

namespace normproof::conformance {

struct Caller {
  const Case& described;
  const InputValues& inputs;
  const KernelCall& alone;  // with its bits
};

// By caller, at most `most_kept` calls that did not end as the one alone did, in their order. Each caller makes so many
// calls, or more. Nothing where a thread cannot be had. Throws NoMemory.
std::optional<std::vector<std::vector<KernelCall>>> unlike_alone(const normproof_kernel& kernel,
                                                                 const std::vector<Caller>& callers, int calls,
                                                                 std::size_t most_kept);

}  // namespace normproof::conformance
