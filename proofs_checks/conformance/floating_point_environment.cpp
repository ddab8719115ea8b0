// In which floating-point environment does a thread compute, and did somebody else's code change it?
#include "proofs_checks/conformance/floating_point_environment.hpp"

#include <cfenv>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace normproof::conformance {

#if defined(__x86_64__)
namespace {

constexpr unsigned exception_flags = 0x3f;
constexpr unsigned denormals_are_zero = 1u << 6;
constexpr unsigned exception_masks = 0x3fu << 7;
constexpr unsigned flush_to_zero = 1u << 15;

unsigned short x87_control() {
  unsigned short control = 0;
  __asm__ volatile("fnstcw %0" : "=m"(control));
  return control;
}

}  // namespace
#endif

FloatingPointEnvironment FloatingPointEnvironment::now() {
  FloatingPointEnvironment environment;
  environment.rounding_ = std::fegetround();
#if defined(__x86_64__)
  environment.sse_ = _mm_getcsr() & ~exception_flags;
  environment.x87_ = x87_control();
#endif
  return environment;
}

std::string FloatingPointEnvironment::change() const {
  const FloatingPointEnvironment after = now();
  std::string words;
  const auto add = [&](const char* what) { words += (words.empty() ? "" : ", ") + std::string(what); };
  if (after.rounding_ != rounding_) add("the rounding direction");
#if defined(__x86_64__)
  const unsigned changed = after.sse_ ^ sse_;
  if ((changed & flush_to_zero) != 0) add("flush-to-zero");
  if ((changed & denormals_are_zero) != 0) add("denormals-are-zero");
  if ((changed & exception_masks) != 0) add("exception masks");
  if (after.x87_ != x87_) add("the x87 control word");
#endif
  return words;
}

void FloatingPointEnvironment::restore() const {
  std::fesetround(rounding_);
#if defined(__x86_64__)
  _mm_setcsr(sse_ | (_mm_getcsr() & exception_flags));
  const unsigned short control = x87_;
  __asm__ volatile("fldcw %0" : : "m"(control));
#endif
}

}  // namespace normproof::conformance
