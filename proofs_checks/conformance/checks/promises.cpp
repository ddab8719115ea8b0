// Does the kernel take what it declares to take?
//
// Tried      for each type of x that is declared, a dense call; where any strides are promised, a call with gaps and
//            pads; where y may be x, such a call. One that is refused is tried again in other forms, for a kernel may
//            refuse a combination: a finding is that every one of them is refused.
// Causes     a branch for a type that is never reached, a flag that was copied from another kernel
#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr Shape shape = {4, 17, 1};

void make(CaseMaker& maker) {
  Case dense = maker.plain(shape);
  dense.relation = Relation::taken;
  maker.add_once(dense);
  if (maker.kernel().any_strides) {
    constexpr std::int64_t gap = 2, pad = 3;
    Case strided = dense;
    lay_out(strided, layout_of("bcs", gap, pad));
    maker.add_once(strided);
  }
  if (!maker.kernel().in_place) return;
  Case in_place = dense;
  in_place.in_place = true;
  maker.add_once(in_place);
}

}  // namespace

Check promises() {
  return {.title = "some call of each type, flag and layout that is declared",
          .why = "what is always refused is never wrong, and a report without a finding reads as if it had been tried",
          .cases = made_by("promises", make)};
}

}  // namespace normproof::conformance::checks
