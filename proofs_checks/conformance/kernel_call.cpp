// What does a kernel do when it is called once, apart from the values that it writes?
#include "proofs_checks/conformance/kernel_call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cfenv>
#include <chrono>
#include <cstring>
#include <exception>
#include <optional>

#include "proofs_checks/conformance/fault_report.hpp"
#include "proofs_checks/conformance/memory.hpp"

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace normproof::conformance {
namespace {

// ---- the floating-point environment

class Environment {
 public:
  static Environment now() {
    Environment environment;
    environment.rounding_ = std::fegetround();
#if defined(__x86_64__)
    environment.sse_ = _mm_getcsr() & ~exception_flags;
    environment.x87_ = x87_control();
#endif
    return environment;
  }

  // What is different now, in words; empty where nothing is.
  std::string change() const {
    const Environment after = now();
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

  void restore() const {
    std::fesetround(rounding_);
#if defined(__x86_64__)
    _mm_setcsr(sse_ | (_mm_getcsr() & exception_flags));
    const unsigned short control = x87_;
    __asm__ volatile("fldcw %0" : : "m"(control));
#endif
  }

 private:
#if defined(__x86_64__)
  static constexpr unsigned exception_flags = 0x3f;
  static constexpr unsigned denormals_are_zero = 1u << 6;
  static constexpr unsigned exception_masks = 0x3fu << 7;
  static constexpr unsigned flush_to_zero = 1u << 15;
  static unsigned short x87_control() {
    unsigned short control = 0;
    __asm__ volatile("fnstcw %0" : "=m"(control));
    return control;
  }
  unsigned sse_ = 0;
  unsigned short x87_ = 0;
#endif
  int rounding_ = 0;
};

// ---- the call

struct Returned {
  std::optional<int> status;  // a normproof_status, or what C lets one be; absent: an exception left the kernel
  std::string exception;
  std::string environment_change;
  double seconds = 0;
};

Returned run(const normproof_kernel& kernel, const normproof_call& call) {
  using Clock = std::chrono::steady_clock;
  Returned returned;
  const CallAtWork told_by_a_fault(call);
  const Environment before = Environment::now();
  const Clock::time_point start = Clock::now();
  try {
    const normproof_status status = kernel.run(&call);
    int number = 0;
    static_assert(sizeof number == sizeof status);
    std::memcpy(&number, &status, sizeof number);  // not all that it may hold can be read as one
    returned.status = number;
  } catch (const std::exception& error) {
    returned.exception = error.what();
  } catch (...) {
    returned.exception = "of a type that is no std::exception";
  }
  returned.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  returned.environment_change = before.change();
  if (!returned.environment_change.empty()) before.restore();
  return returned;
}

std::string word_of(int status) {
  switch (status) {
    case NORMPROOF_OK: return "OK";
    case NORMPROOF_UNSUPPORTED: return "UNSUPPORTED";
    case NORMPROOF_BAD_ARGUMENT: return "BAD_ARGUMENT";
    case NORMPROOF_FAILED: return "FAILED";
    default: return fmt::format("{}, which is no status", status);
  }
}

Finding finding_in_words(Finding::Kind kind, std::string words, std::string operand = {}) {
  Finding finding;
  finding.kind = kind;
  finding.operand = std::move(operand);
  finding.words = std::move(words);
  return finding;
}

Finding::Kind kind_of(MemoryFinding::Kind kind) {
  switch (kind) {
    case MemoryFinding::Kind::outside_write:
    case MemoryFinding::Kind::gap_write: return Finding::Kind::outside_write;
    case MemoryFinding::Kind::input_changed: return Finding::Kind::input_changed;
    case MemoryFinding::Kind::not_written: return Finding::Kind::not_written;
    case MemoryFinding::Kind::written: return Finding::Kind::status;  // the status says that nothing was written
  }
  return Finding::Kind::outside_write;
}

// With no value in the channels the saved statistics are unspecified.
bool may_stay_unwritten(const Case& described, OperandId id) {
  return described.per_channel() == 0 &&
         (id == OperandId::saved_mean || id == OperandId::saved_mean_low || id == OperandId::saved_inv_std);
}

void add_memory_findings(const Case& described, const std::vector<MemoryFinding>& found, const std::string& when,
                         KernelCall& call) {
  for (const MemoryFinding& one : found) {
    if (one.kind == MemoryFinding::Kind::not_written) {
      if (may_stay_unwritten(described, one.operand)) continue;
      call.not_written.push_back(one.operand);
    }
    call.findings.push_back(finding_in_words(kind_of(one.kind), one.words + when, word(one.operand)));
  }
}

// What is wrong whatever was returned.
void add_common_findings(const Returned& returned, KernelCall& call) {
  call.seconds = returned.seconds;
  if (!returned.environment_change.empty())
    call.findings.push_back(
        finding_in_words(Finding::Kind::environment,
                         "the kernel returned with another floating-point environment than it was called "
                         "in; changed: " +
                             returned.environment_change));
  if (!returned.status)
    call.findings.push_back(
        finding_in_words(Finding::Kind::crash, "an exception left the kernel: " + returned.exception));
}

void read_outputs(const Case& described, const Memory& memory, Bits bits, KernelCall& call) {
  for (const OperandId id : all_operands()) {
    if (!takes_part(described, id) || !is_written(use_of(described.op, id))) continue;
    call.got[id] = memory.values(id);
    if (bits == Bits::yes) call.bits[static_cast<std::size_t>(id)] = memory.bits(id);
  }
}

}  // namespace

KernelCall call_kernel(const normproof_kernel& kernel, const Case& described, const InputValues& inputs, Bits bits) {
  const Memory memory(described, inputs);
  const Returned returned = run(kernel, memory.call());
  KernelCall call;
  add_common_findings(returned, call);
  if (!returned.status) return call;
  const int status = *returned.status;
  if (status == NORMPROOF_OK) {
    call.outcome = KernelCall::Outcome::done;
    add_memory_findings(described, memory.findings_after_success(), "", call);
    read_outputs(described, memory, bits, call);
    return call;
  }
  const std::string when = ", though " + word_of(status) + " was returned";
  if (status == NORMPROOF_UNSUPPORTED) {
    call.outcome = KernelCall::Outcome::refused;
    add_memory_findings(described, memory.findings_after_refusal(), when, call);
    return call;
  }
  call.findings.push_back(
      finding_in_words(Finding::Kind::status, "the call is valid, and the kernel returned " + word_of(status)));
  if (status == NORMPROOF_BAD_ARGUMENT) add_memory_findings(described, memory.findings_after_refusal(), when, call);
  return call;
}

KernelCall call_with_bad_argument(const normproof_kernel& kernel, const Case& described, const InputValues& inputs) {
  const Memory memory(described, inputs);
  const Returned returned = run(kernel, memory.call());
  KernelCall call;
  add_common_findings(returned, call);
  if (!returned.status) return call;
  call.outcome = KernelCall::Outcome::done;
  const std::string name = word_of(*returned.status);
  if (*returned.status != NORMPROOF_BAD_ARGUMENT)
    call.findings.push_back(finding_in_words(Finding::Kind::status,
                                             "the call makes no sense and is to be refused with BAD_ARGUMENT; the "
                                             "kernel returned " +
                                                 name));
  add_memory_findings(described, memory.findings_after_refusal(), ", though the call makes no sense", call);
  return call;
}

}  // namespace normproof::conformance
