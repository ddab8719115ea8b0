// With which vector instructions does a loop over replicas run?
//
// What         A loop body is written once, as Loop::run, in plain C++ that is always inlined. run_with<Loop> compiles
//              it for the processor that the build names (baseline) and, on x86-64, for AVX2 and for AVX-512 as well,
//              and calls the one that is asked for.
// Assumptions  Loop::run and what it calls is marked NORMPROOF_INLINE: what stays a call is compiled for the baseline.
// Why          The compiler vectorises the loop, nothing is written per instruction set, and elementwise IEEE
//              operations without contraction give the same bits on all of them. GCC's target_clones would hide the
//              choice: a test could not compare the versions, and Clang 14 and the sanitizers do without it.
#pragma once

#include <vector>

// Inlined into every version, or the version is one in name only.
#define NORMPROOF_INLINE [[gnu::always_inline]] inline

namespace normproof::inputs {

enum class InstructionSet { baseline, avx2, avx512 };

// What this processor has, narrowest first.
inline std::vector<InstructionSet> instruction_sets() {
  std::vector<InstructionSet> sets = {InstructionSet::baseline};
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) sets.push_back(InstructionSet::avx2);
  if (__builtin_cpu_supports("avx512f")) sets.push_back(InstructionSet::avx512);
#endif
  return sets;
}

inline InstructionSet widest_instruction_set() {
  static const InstructionSet widest = instruction_sets().back();
  return widest;
}

#if defined(__x86_64__)
template <class Loop, class... Arguments>
[[gnu::target("avx2")]] void run_with_avx2(const Arguments&... arguments) {
  Loop::run(arguments...);
}

template <class Loop, class... Arguments>
[[gnu::target("avx512f")]] void run_with_avx512(const Arguments&... arguments) {
  Loop::run(arguments...);
}
#endif

template <class Loop, class... Arguments>
void run_with(InstructionSet set, const Arguments&... arguments) {
#if defined(__x86_64__)
  if (set == InstructionSet::avx512) return run_with_avx512<Loop>(arguments...);
  if (set == InstructionSet::avx2) return run_with_avx2<Loop>(arguments...);
#endif
  static_cast<void>(set);
  Loop::run(arguments...);
}

}  // namespace normproof::inputs
