// How does malloc() come to fill what it gives?
#include "proofs_checks/conformance/filled_allocations.hpp"

#include <atomic>

#if defined(__GLIBC__)
#include <malloc.h>
#endif

namespace normproof::conformance {
namespace {

std::atomic<bool> wanted{false};
std::atomic<int> living{0};

void fill_with(int byte) {
#if defined(__GLIBC__)
  mallopt(M_PERTURB, byte);
#else
  static_cast<void>(byte);  // other allocators have no such switch
#endif
}

}  // namespace

void fill_allocations_of_kernels() { wanted = true; }

FilledAllocations::FilledAllocations() {
  constexpr int byte = 0xa5;  // what is freed; what is allocated gets its complement, in f32 1.5e16, in f64 1.2e127
  if (wanted && living.fetch_add(1) == 0) fill_with(byte);
}

FilledAllocations::~FilledAllocations() {
  if (wanted && living.fetch_sub(1) == 1) fill_with(0);
}

}  // namespace normproof::conformance
