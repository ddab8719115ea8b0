// What is a check of kernels? A name, a reason, and the cases that it makes for a kernel.
#include "proofs_checks/conformance/check.hpp"

#include <fnmatch.h>

#include <iterator>

namespace normproof::conformance {

Declared declared(const normproof_kernel& kernel) {
  Declared said;
  said.name = kernel.name ? kernel.name : "";
  said.summary = kernel.summary ? kernel.summary : "";
  said.op = static_cast<normproof_op>(kernel.op);
  for (const normproof_dtype dtype : {NORMPROOF_F32, NORMPROOF_F64}) {
    if (kernel.dtypes & (1u << dtype)) said.dtypes.push_back(dtype);
  }
  said.any_strides = kernel.flags & NORMPROOF_ANY_STRIDES;
  said.in_place = kernel.flags & NORMPROOF_IN_PLACE;
  said.deterministic = kernel.flags & NORMPROOF_DETERMINISTIC;
  return said;
}

std::vector<Case> all_cases(const Declared& kernel, const Plan& plan, std::string_view glob) {
  const std::string pattern(glob);
  std::vector<Case> all;
  for (const NamedCheck& named : check_catalogue()) {
    if (fnmatch(pattern.c_str(), named.id.c_str(), 0) != 0) continue;
    std::vector<Case> made = named.check.cases(kernel, plan);
    for (Case& one : made) one.check = named.id;
    all.insert(all.end(), std::make_move_iterator(made.begin()), std::make_move_iterator(made.end()));
  }
  return all;
}

}  // namespace normproof::conformance
