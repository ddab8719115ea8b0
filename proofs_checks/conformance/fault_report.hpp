// At which address did a process die of a fault in its memory, and beside which operand?
//
// A handler of SIGSEGV and SIGBUS, on a stack of its own, writes one line ("fault …", worker_protocol.hpp) and lets the
// signal do what it would have done. Under a sanitizer, which has a handler of its own and more to say, nothing is
// installed. Inaccessible pages lie on both sides of each operand (memory.hpp), so an address near one tells which. A
// write into an operand that is only read (Case::inputs_read_only) is told as one; which access it was is known on x86.
#pragma once

#include <cstddef>

#include "impl/kernel.h"

namespace normproof::conformance {

void report_faults_to(int descriptor);

// While one lives, faults are told by the operands of its call. Of several at once, by the operand that is nearest;
// beyond eight at once no more are known.
class CallAtWork {
 public:
  explicit CallAtWork(const normproof_call& call);
  ~CallAtWork();
  CallAtWork(const CallAtWork&) = delete;
  CallAtWork& operator=(const CallAtWork&) = delete;

 private:
  std::size_t slot_;
};

}  // namespace normproof::conformance
