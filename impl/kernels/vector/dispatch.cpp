// Which vector targets does this program have on this processor, and which one is in use?
#include "impl/kernels/vector/dispatch.hpp"

#include "impl/kernels/vector/targets.hpp"

#include <hwy/highway.h>

namespace normproof::kernels::vector {
namespace {

VectorTarget described(std::int64_t target) {
  return {hwy::TargetName(target), (target & (HWY_AVX2 | HWY_AVX3 | HWY_NEON)) != 0};
}

}  // namespace

std::vector<VectorTarget> vector_targets() {
  // Lower numbers are better targets.
  std::vector<VectorTarget> targets;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) targets.push_back(described(target));
  return targets;
}

VectorTarget vector_target_in_use() { return vector_targets().front(); }

void force_vector_target(const std::optional<std::string>& name) {
  hwy::SetSupportedTargetsForTest(0);
  if (!name) return;
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets())
    if (hwy::TargetName(target) == *name) return hwy::SetSupportedTargetsForTest(target);
}

}  // namespace normproof::kernels::vector
