// In which floating-point environment does a thread compute, and did somebody else's code change it?
//
// What       The rounding direction; on x86 flush-to-zero, denormals-are-zero and the exception masks, and the x87
//            control word too. Exception flags do not count. A new thread has the environment of its maker.
#pragma once

#include <string>

namespace normproof::conformance {

class FloatingPointEnvironment {
 public:
  static FloatingPointEnvironment now();

  // What is different now, in words; empty where nothing is.
  std::string change() const;
  void restore() const;

 private:
  int rounding_ = 0;
  unsigned sse_ = 0;  // of x86
  unsigned short x87_ = 0;
};

}  // namespace normproof::conformance
