// How does libFuzzer run one target? NORMPROOF_FUZZ_TARGET is its name.
//
// What the target throws ends the program, and libFuzzer keeps the input.
#include <cstddef>
#include <cstdint>

#include "tests/fuzz/target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  normproof::fuzz::NORMPROOF_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
