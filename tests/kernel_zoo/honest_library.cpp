// What does the library of honest kernels export? Every kernel of honest/, in the order of their names.
#include "tests/kernel_zoo/catalogue.hpp"

extern "C" const normproof_library* normproof_kernels(uint32_t abi_version) {
  static const std::vector<normproof_kernel> kernels = normproof::zoo::honest_kernels();
  static const normproof_library library = {NORMPROOF_ABI_VERSION, static_cast<uint32_t>(kernels.size()),
                                            kernels.data()};
  return abi_version == NORMPROOF_ABI_VERSION ? &library : nullptr;
}
