// Are offsets of elements computed in 64 bits?
//
// Tried      each extent of each tensor, and of all of them, with a stride of more than 2^31 elements.
// Causes     an index, a stride or their product in 32 bits
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

// Three of everything: twice the stride is beyond 2^32.
constexpr std::array<Shape, 3> shapes = {{{3, 3, 3}, {3, 2, 5}, {2, 17, 3}}};

void make(CaseMaker& maker) {
  if (!maker.kernel().any_strides) return;
  for (std::size_t k = 0; k < maker.by_effort(1, shapes.size(), shapes.size()); ++k) {
    for (const char extent : {'b', 'c', 's'}) {
      for (const OperandId id : tensors_in_use(maker.op())) {
        Case made = maker.plain(shapes[k]);
        made[id].layout.far = extent;
        maker.add_once(made);
      }
      Case made = maker.plain(shapes[k]);
      lay_out(made, layout_of("bsc", 1, 0, extent));
      maker.add_once(made);
    }
  }
}

}  // namespace

Check wide_strides() {
  return {.title = "strides beyond 2^31 elements",
          .why = "no ordinary test has a tensor so large that an index leaves 32 bits",
          .cases = made_by("wide_strides", make),
          .not_applicable = [](const Declared& kernel) {
            return std::string(kernel.any_strides ? "" : "the kernel does not promise to take any strides");
          }};
}

}  // namespace normproof::conformance::checks
