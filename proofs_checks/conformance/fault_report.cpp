// At which address did a process die of a fault in its memory, and beside which operand?
#include "proofs_checks/conformance/fault_report.hpp"

#include <dlfcn.h>
#include <ucontext.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <charconv>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "proofs_checks/conformance/case.hpp"
#include "proofs_checks/conformance/worker_protocol.hpp"

namespace normproof::conformance {
namespace {

// A signal handler can reach nothing but these.
volatile std::sig_atomic_t supervisor = -1;
constexpr std::size_t most_calls = 8;
std::array<std::atomic<const normproof_call*>, most_calls> calls_at_work{};
static_assert(std::atomic<const normproof_call*>::is_always_lock_free, "a signal handler reads it");

constexpr std::size_t stack_bytes = 1 << 16;
alignas(std::max_align_t) std::array<char, stack_bytes> handler_stack;
constexpr std::uintptr_t first_page = 4096;
constexpr std::uintptr_t near_bytes = std::uintptr_t{1} << 20;  // as far as the inaccessible pages reach

void write_whole(std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = write(supervisor, text.data(), text.size());
    if (count <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void write_number(std::uintptr_t number) {
  constexpr std::size_t most_digits = 20;
  std::array<char, most_digits> digits{};
  const char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  write_whole({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

// The bytes from the first element of an operand to behind its last one.
struct Stretch {
  OperandId id = OperandId::x;
  std::uintptr_t begin = 0, end = 0;
  bool only_read = false;
};

std::uintptr_t bytes_of(std::int32_t dtype) { return dtype == NORMPROOF_F64 ? sizeof(double) : sizeof(float); }

Stretch stretch(OperandId id, const normproof_tensor& tensor) {
  const auto begin = reinterpret_cast<std::uintptr_t>(tensor.data);
  if (tensor.batch <= 0 || tensor.channels <= 0 || tensor.spatial <= 0) return {id, begin, begin};
  const std::int64_t last = (tensor.batch > 1 ? (tensor.batch - 1) * tensor.batch_stride : 0) +
                            (tensor.channels > 1 ? (tensor.channels - 1) * tensor.channel_stride : 0) +
                            (tensor.spatial > 1 ? (tensor.spatial - 1) * tensor.spatial_stride : 0);
  return {id, begin, begin + (static_cast<std::uintptr_t>(last) + 1) * bytes_of(tensor.dtype)};
}

Stretch stretch(OperandId id, const normproof_vector& vector) {
  const auto begin = reinterpret_cast<std::uintptr_t>(vector.data);
  return {id, begin, begin + static_cast<std::uintptr_t>(vector.length) * bytes_of(vector.dtype)};
}

std::uintptr_t distance(const Stretch& operand, std::uintptr_t address) {
  if (address < operand.begin) return operand.begin - address;
  return address < operand.end ? 0 : address - operand.end;
}

// Of the operand that is nearest; it begins at 0 where there is none.
Stretch nearest_operand(const normproof_call& call, std::uintptr_t address) {
  const std::array<Stretch, operand_count> operands = {stretch(OperandId::x, call.x),
                                                       stretch(OperandId::y, call.y),
                                                       stretch(OperandId::dy, call.dy),
                                                       stretch(OperandId::dx, call.dx),
                                                       stretch(OperandId::gamma, call.gamma),
                                                       stretch(OperandId::beta, call.beta),
                                                       stretch(OperandId::running_mean, call.running_mean),
                                                       stretch(OperandId::running_var, call.running_var),
                                                       stretch(OperandId::saved_mean, call.saved_mean),
                                                       stretch(OperandId::saved_mean_low, call.saved_mean_low),
                                                       stretch(OperandId::saved_inv_std, call.saved_inv_std),
                                                       stretch(OperandId::fn_mean, call.fn_mean),
                                                       stretch(OperandId::fn_mean_low, call.fn_mean_low),
                                                       stretch(OperandId::fn_square, call.fn_square),
                                                       stretch(OperandId::dgamma, call.dgamma),
                                                       stretch(OperandId::dbeta, call.dbeta)};
  Stretch nearest;
  for (const Stretch& operand : operands) {
    if (operand.begin == 0) continue;  // absent
    if (nearest.begin == 0 || distance(operand, address) < distance(nearest, address)) nearest = operand;
  }
  nearest.only_read = !is_written(use_of(static_cast<normproof_op>(call.op), nearest.id));
  return nearest;
}

Stretch nearest_operand(std::uintptr_t address) {
  Stretch nearest;
  for (const std::atomic<const normproof_call*>& slot : calls_at_work) {
    const normproof_call* const call = slot.load();
    if (call == nullptr) continue;
    const Stretch operand = nearest_operand(*call, address);
    if (operand.begin == 0) continue;  // it has none
    if (nearest.begin == 0 || distance(operand, address) < distance(nearest, address)) nearest = operand;
  }
  return nearest;
}

// Whether the instruction that made the fault was to write; false where the processor does not tell.
bool is_write([[maybe_unused]] const void* context) {
#if defined(__x86_64__)
  constexpr greg_t write = 2;  // of the page fault's error code
  return (static_cast<const ucontext_t*>(context)->uc_mcontext.gregs[REG_ERR] & write) != 0;
#else
  return false;
#endif
}

void write_place(std::uintptr_t address, bool writes) {
  if (address < first_page) return write_whole("at a NULL pointer");
  const Stretch operand = nearest_operand(address);
  if (operand.begin == 0 || distance(operand, address) > near_bytes)
    return write_whole("at an address far from every operand");
  const bool before = address < operand.begin;
  const bool behind = address >= operand.end;
  if (behind && address == operand.end) {
    write_whole("right behind the end of ");
    return write_whole(word(operand.id));
  }
  write_number(before || behind ? distance(operand, address) : address - operand.begin);
  write_whole(before ? " bytes before the beginning of " : behind ? " bytes behind the end of " : " bytes into ");
  write_whole(word(operand.id));
  if (before || behind || !writes || !operand.only_read) return;
  write_whole(": the kernel wrote to ");
  write_whole(word(operand.id));
  write_whole(", which is an input");
}

extern "C" void note_fault(int signal, siginfo_t* info, void* context) {
  write_whole(fault_word);
  if (info->si_code == SI_KERNEL)
    write_whole("at an address that the processor does not tell");  // one that no pointer may have
  else
    write_place(reinterpret_cast<std::uintptr_t>(info->si_addr), is_write(context));
  write_whole("\n");
  // SA_RESETHAND has put the default back: returning runs into the same fault, which then ends the process.
  if (info->si_code <= 0) raise(signal);  // somebody sent the signal; no instruction would fault again
}

}  // namespace

void report_faults_to(int descriptor) {
  if (dlsym(RTLD_DEFAULT, "__sanitizer_set_death_callback") != nullptr) return;
  supervisor = descriptor;
  stack_t stack{};
  stack.ss_sp = handler_stack.data();
  stack.ss_size = handler_stack.size();
  sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_sigaction = note_fault;
  sigemptyset(&action.sa_mask);
  action.sa_flags = static_cast<int>(SA_SIGINFO | SA_ONSTACK | SA_RESETHAND);
  sigaction(SIGSEGV, &action, nullptr);
  sigaction(SIGBUS, &action, nullptr);
}

CallAtWork::CallAtWork(const normproof_call& call) : slot_(0) {
  for (const normproof_call* none = nullptr; slot_ < most_calls; ++slot_, none = nullptr)
    if (calls_at_work[slot_].compare_exchange_strong(none, &call)) return;
}

CallAtWork::~CallAtWork() {
  if (slot_ < most_calls) calls_at_work[slot_].store(nullptr);
}

}  // namespace normproof::conformance
