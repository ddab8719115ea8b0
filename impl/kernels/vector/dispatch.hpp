// Which vector targets does this program have on this processor, and which one is in use?
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace normproof::kernels::vector {

struct VectorTarget {
  std::string name;    // as Highway calls it: AVX3, AVX2, SSE4, …
  bool fused = false;  // its multiply-add rounds once
};

// The best one first. All of them are compiled in; those that the processor lacks are not listed.
std::vector<VectorTarget> vector_targets();
VectorTarget vector_target_in_use();

// For tests: from now on every pass of this program takes this one of vector_targets(), the best one with nothing. No
// kernel may be at work meanwhile.
void force_vector_target(const std::optional<std::string>& name);

}  // namespace normproof::kernels::vector
