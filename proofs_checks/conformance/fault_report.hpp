// At which address did a process die of a fault in its memory, and beside which operand?
//
// A handler of SIGSEGV and SIGBUS, on a stack of its own, writes one line ("fault …", worker_protocol.hpp) and lets the
// signal do what it would have done. Under a sanitizer, which has a handler of its own and more to say, nothing is
// installed. Inaccessible pages lie on both sides of each operand (memory.hpp), so an address near one tells which.
#pragma once

#include "impl/kernel.h"

namespace normproof::conformance {

void report_faults_to(int descriptor);

// While one lives, faults are told by the operands of its call. The process has one at a time.
class CallAtWork {
 public:
  explicit CallAtWork(const normproof_call& call);
  ~CallAtWork();
  CallAtWork(const CallAtWork&) = delete;
  CallAtWork& operator=(const CallAtWork&) = delete;
};

}  // namespace normproof::conformance
