// What would a vectorized kernel do for a shape, in words?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "impl/kernel.h"

namespace normproof::kernels::vector {

// Of the built-in kernels those that take dense operands only.
inline bool is_vectorized(std::uint32_t flags) { return (flags & NORMPROOF_ANY_STRIDES) == 0; }

// The vector target in use and the size of the second-level cache.
std::string machine_in_words();

// One line for each layout; nothing where there is no element.
std::vector<std::string> in_words(normproof_op op, std::int64_t batch, std::int64_t channels, std::int64_t spatial);

}  // namespace normproof::kernels::vector
