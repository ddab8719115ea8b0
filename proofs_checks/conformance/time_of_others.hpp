// How much time of processors did the other threads of this process take?
//
// What       The process's time less that of the calling thread, in seconds of a processor, threads that have ended
//            included. It does not depend on how busy the machine is.
// Bound      The thread's clock is read before the process's, and after it behind the call. So what reading takes, a
//            tenth of a millisecond where a busy machine stops the thread meanwhile, counts as the caller's:
//            `of_others` of the difference is what the others took, or less.
#pragma once

namespace normproof::conformance {

struct ProcessorTime {
  double process = 0, thread = 0;  // of the calling thread
  static ProcessorTime before_call();
  static ProcessorTime after_call();
  double of_others() const { return process - thread; }
};
inline ProcessorTime operator-(const ProcessorTime& end, const ProcessorTime& begin) {
  return {end.process - begin.process, end.thread - begin.thread};
}

// Waits until the other threads rest, which may spin for a while after work that they shared: OpenMP's do, some for
// 200 ms. False where they do not rest within half a second, as with OMP_WAIT_POLICY=active.
bool others_come_to_rest();

}  // namespace normproof::conformance
