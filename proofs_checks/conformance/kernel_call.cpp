// What does a kernel do when it is called once, apart from the values that it writes?
#include "proofs_checks/conformance/kernel_call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstring>
#include <exception>
#include <optional>

#include "proofs_checks/conformance/fault_report.hpp"
#include "proofs_checks/conformance/filled_allocations.hpp"
#include "proofs_checks/conformance/floating_point_environment.hpp"
#include "proofs_checks/conformance/memory.hpp"

namespace normproof::conformance {
namespace {

// ---- the call

struct Returned {
  std::optional<int> status;  // a normproof_status, or what C lets one be; absent: an exception left the kernel
  std::string exception;
  std::string environment_change;
  std::string call_change;  // of the description of the call: which parts of it
  double seconds = 0;
};

// What a kernel is given: a copy of the call, and behind it, all 0, room for the fields that a later version may add.
struct PassedCall {
  explicit PassedCall(const normproof_call& of) {
    std::memset(static_cast<void*>(this), 0, sizeof *this);
    std::memcpy(&call, &of, sizeof call);
  }
  normproof_call call;
  std::array<unsigned char, 256> later;
};

// The parts of the call that hold other bytes than before, by name; empty where none does.
std::string changed_parts(const PassedCall& before, const PassedCall& after) {
  if (std::memcmp(&before, &after, sizeof before) == 0) return {};
  struct Part {
    const char* name;
    std::size_t begin;
  };
  static constexpr std::array parts = {Part{"size", offsetof(normproof_call, size)},
                                       Part{"op", offsetof(normproof_call, op)},
                                       Part{"eps", offsetof(normproof_call, eps)},
                                       Part{"momentum", offsetof(normproof_call, momentum)},
                                       Part{"running_variance", offsetof(normproof_call, running_variance)},
                                       Part{"threads", offsetof(normproof_call, threads)},
                                       Part{"x", offsetof(normproof_call, x)},
                                       Part{"y", offsetof(normproof_call, y)},
                                       Part{"dy", offsetof(normproof_call, dy)},
                                       Part{"dx", offsetof(normproof_call, dx)},
                                       Part{"gamma", offsetof(normproof_call, gamma)},
                                       Part{"beta", offsetof(normproof_call, beta)},
                                       Part{"running_mean", offsetof(normproof_call, running_mean)},
                                       Part{"running_var", offsetof(normproof_call, running_var)},
                                       Part{"saved_mean", offsetof(normproof_call, saved_mean)},
                                       Part{"saved_mean_low", offsetof(normproof_call, saved_mean_low)},
                                       Part{"saved_inv_std", offsetof(normproof_call, saved_inv_std)},
                                       Part{"fn_mean", offsetof(normproof_call, fn_mean)},
                                       Part{"fn_mean_low", offsetof(normproof_call, fn_mean_low)},
                                       Part{"fn_square", offsetof(normproof_call, fn_square)},
                                       Part{"dgamma", offsetof(normproof_call, dgamma)},
                                       Part{"dbeta", offsetof(normproof_call, dbeta)},
                                       Part{"what lies behind its end", sizeof(normproof_call)}};
  const auto* const one = reinterpret_cast<const unsigned char*>(&before);
  const auto* const other = reinterpret_cast<const unsigned char*>(&after);
  std::string names;
  for (std::size_t k = 0; k < parts.size(); ++k) {
    const std::size_t end = k + 1 < parts.size() ? parts[k + 1].begin : sizeof(PassedCall);
    if (std::memcmp(one + parts[k].begin, other + parts[k].begin, end - parts[k].begin) == 0) continue;
    names += (names.empty() ? "" : ", ") + std::string(parts[k].name);
  }
  return names;
}

Returned run(const normproof_kernel& kernel, const normproof_call& call, const AroundCall& around) {
  using Clock = std::chrono::steady_clock;
  Returned returned;
  const PassedCall as_passed(call);
  PassedCall passed(call);
  const CallAtWork told_by_a_fault(call);
  const auto before = FloatingPointEnvironment::now();
  if (around.before) around.before();
  const Clock::time_point start = Clock::now();
  try {
    const FilledAllocations filled;
    const normproof_status status = kernel.run(&passed.call);
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
  if (around.after) around.after();
  returned.environment_change = before.change();
  if (!returned.environment_change.empty()) before.restore();
  returned.call_change = changed_parts(as_passed, passed);
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
  if (!returned.call_change.empty())
    call.findings.push_back(finding_in_words(
        Finding::Kind::input_changed,
        "call: the kernel wrote to the description of the call, which is const; changed: " + returned.call_change,
        "call"));
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

KernelCall call_kernel(const normproof_kernel& kernel, const Case& described, const InputValues& inputs, Bits bits,
                       const AroundCall& around) {
  const Memory memory(described, inputs);
  const Returned returned = run(kernel, memory.call(), around);
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
  const Returned returned = run(kernel, memory.call(), {});
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
