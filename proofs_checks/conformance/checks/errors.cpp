// Is a call that makes no sense refused, with nothing written, and one that says more than is known taken?
//
// Tried      eps negative, NaN, −∞; each state that the operation needs absent in turn; a call smaller than the
//            header's. A larger one comes from a later header and is as good as any, and an eps of −0 is 0.
// Causes     eps = −1 taken, a missing state dereferenced, fields read that the caller does not have, a size compared
//            for being equal, a sign bit taken for a negative number
#include <array>
#include <cstddef>
#include <limits>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 3> shapes = {{{2, 3, 5}, {4, 17, 1}, {1, 1, 1}}};
constexpr std::array wrong_eps = {-1.0, -1e-5, -1e-300, std::numeric_limits<double>::quiet_NaN(),
                                  -std::numeric_limits<double>::infinity()};
constexpr std::array<std::uint32_t, 4> wrong_sizes = {0, 4, offsetof(normproof_call, dgamma),
                                                      sizeof(normproof_call) - 1};
constexpr std::array<std::uint32_t, 2> larger_sizes = {sizeof(normproof_call) + 8, sizeof(normproof_call) + 16};

// Vectors that the operation cannot do without.
std::vector<OperandId> needed_state(normproof_op op) {
  std::vector<OperandId> found = operands_in_use(op);
  std::erase_if(found, [op](OperandId id) { return is_tensor(id) || is_optional(use_of(op, id)); });
  return found;
}

void add(CaseMaker& maker, Case made) {
  made.relation = Relation::bad_argument;
  for (const char* order : {"bcs", "bsc"}) {
    lay_out(made, order);
    maker.add_once(made);
  }
}

void make(CaseMaker& maker) {
  for (const Shape& shape : shapes) {
    const Case plain = maker.plain(shape);
    for (const double eps : wrong_eps) {
      Case made = plain;
      made.eps = eps;
      add(maker, made);
    }
    for (const OperandId id : needed_state(maker.op())) {
      Case made = plain;
      made[id].present = false;
      add(maker, made);
    }
    for (const std::uint32_t size : wrong_sizes) {
      Case made = plain;
      made.call_size = size;
      add(maker, made);
    }
    for (const std::uint32_t size : larger_sizes) {
      Case made = plain;
      made.call_size = size;
      maker.add_once(made);
    }
    if (shape.batch * shape.spatial == 1) continue;
    Case made = plain;
    made.eps = -0.0;  // which is 0, and not negative
    maker.add_once(made);
  }
}

}  // namespace

Check errors() {
  return {.title = "a negative eps, missing state, a call that is too small, and one that is larger",
          .why =
              "a kernel that takes nonsense returns numbers that look right, or reads what is not there; one that "
              "wants its own size alone ends with the next header",
          .cases = made_by("errors", make)};
}

}  // namespace normproof::conformance::checks
