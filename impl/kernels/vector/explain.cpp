// What would a vectorized kernel do for a shape, in words?
#include "impl/kernels/vector/explain.hpp"

#include <utility>

#include "impl/kernels/vector/dense_shape.hpp"
#include "impl/kernels/vector/dispatch.hpp"
#include "impl/kernels/vector/plan.hpp"

namespace normproof::kernels::vector {
namespace {

int operands_read(normproof_op op) { return op == NORMPROOF_BN_TRAIN_BACKWARD || op == NORMPROOF_FN_BACKWARD ? 2 : 1; }

}  // namespace

std::string machine_in_words() {
  constexpr std::int64_t bytes_of_a_kibibyte = 1024;
  return "vector target " + vector_target_in_use().name + ", second-level cache of " +
         std::to_string(cache_sizes().second_level / bytes_of_a_kibibyte) + " KiB";
}

std::vector<std::string> in_words(normproof_op op, std::int64_t batch, std::int64_t channels, std::int64_t spatial) {
  std::vector<std::string> lines;
  if (batch == 0 || channels == 0 || spatial == 0) return lines;
  static float place = 0;  // looked at by nobody: an operand that is there
  const normproof_tensor first = {&place, NORMPROOF_F32, batch, channels, spatial, channels * spatial, spatial, 1};
  const normproof_tensor last = {&place, NORMPROOF_F32, batch, channels, spatial, channels * spatial, 1, channels};
  for (const auto& [layout, tensor] : {std::pair("N×C×spatial", &first), {"N×spatial×C", &last}}) {
    const auto shape = dense_shape({tensor});
    const Plan plan = plan_for(*shape, operands_read(op), false, cache_sizes());
    if (spatial == 1 && tensor == &last) break;  // the same
    lines.push_back(std::string(spatial == 1 ? "N×C" : layout) + ": " +
                    in_words(*shape, plan, op != NORMPROOF_BN_INFER));
  }
  return lines;
}

}  // namespace normproof::kernels::vector
