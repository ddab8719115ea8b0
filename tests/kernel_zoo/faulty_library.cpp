// What does the library of faulty kernels export? A right training forward pass, and every kernel of faulty/ after it.
//
// Why the right one. The check forward_backward lets a backward pass read what the library's own forward pass saved,
// and a fault of the one must not show as a fault of the other.
#include "tests/kernel_zoo/catalogue.hpp"

extern "C" const normproof_library* normproof_kernels(uint32_t abi_version) {
  using namespace normproof::zoo;
  static const std::vector<normproof_kernel> kernels = [] {
    std::vector<normproof_kernel> all = {right_forward()};
    for (const FaultyKernel& faulty : faulty_kernels()) all.push_back(faulty.kernel);
    return all;
  }();
  static const normproof_library library = {NORMPROOF_ABI_VERSION, static_cast<uint32_t>(kernels.size()),
                                            kernels.data()};
  return abi_version == NORMPROOF_ABI_VERSION ? &library : nullptr;
}
