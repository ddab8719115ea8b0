// What is a check of kernels? A name, a reason, and the cases that it makes for a kernel.
//
// One file per check, proofs_checks/conformance/checks/<id>.cpp, that defines the function Check <id>() in the
// namespace normproof::conformance::checks; the build finds it and enters it in the catalogue. Judging is the same for
// all.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "proofs_checks/conformance/case.hpp"
#include "proofs_checks/evidence/effort.hpp"

namespace normproof::conformance {

// What a kernel says of itself; all that the making of cases depends on besides effort and seed.
struct Declared {
  std::string name;
  std::string summary;
  normproof_op op = NORMPROOF_BN_TRAIN;
  std::vector<normproof_dtype> dtypes;  // those of f32, f64 that it takes, f32 first
  bool any_strides = false, in_place = false, deterministic = false;
};
Declared declared(const normproof_kernel& kernel);

struct Plan {
  evidence::Effort effort = evidence::Effort::standard;
  std::uint64_t seed = 0;
};

struct Check {
  std::string title;  // one line: what is tried
  std::string why;    // which faults ordinary tests miss without it
  // Empty where the check does not apply to the kernel; `not_applicable` then says why.
  std::function<std::vector<Case>(const Declared&, const Plan&)> cases;
  std::function<std::string(const Declared&)> not_applicable = {};
};

struct NamedCheck {
  std::string id;
  Check check;
};
std::vector<NamedCheck> check_catalogue();  // generated, in the order of ids

// Every case of every check whose id matches, in the order of the catalogue; case.check is set.
std::vector<Case> all_cases(const Declared& kernel, const Plan& plan, std::string_view glob = "*");

}  // namespace normproof::conformance
