// Does a call leave nothing behind for the next one?
//
// Tried      each call behind others of one process: of a smaller shape, of the same shape at the same addresses with
//            other values, eps, momentum and kind of variance, with other optional operands, of a larger shape; then
//            once more behind another. All of them are judged. One line repeats them all.
// Causes     statistics or plans kept by address or by shape, scratch sized by the first call or taken to be zero, sums
//            that are never reset
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 8> shapes = {
    {{2, 3, 5}, {1, 40, 3}, {3, 2, 150}, {50, 7, 1}, {2, 150, 2}, {100, 3, 2}, {4, 17, 4}, {1, 1, 33}}};
constexpr std::array eps_values = {1e-5, 1.0, 1e-3};
constexpr std::array momenta = {0.1, 0.9};
constexpr std::array kinds = {NORMPROOF_VAR_UNBIASED, NORMPROOF_VAR_BIASED};
constexpr std::array threads = {1, 3};
constexpr std::array orders = {"bcs", "bsc"};

void make(CaseMaker& maker) {
  std::size_t i = 0;
  for (std::size_t round = 0; round < maker.by_effort(2, 4, 12); ++round) {
    for (const Shape& shape : shapes) {
      Case made = maker.plain(shape);
      made.relation = Relation::after_others;
      made.eps = cycle(eps_values, i);
      made.momentum = cycle(momenta, i / 2);
      made.variance = cycle(kinds, round);
      made.threads = cycle(threads, i / 3);
      lay_out(made, cycle(orders, i + round));
      const std::vector<OperandId> optional = optional_operands(made.op);
      if (round % 2 == 1) made[cycle(optional, i)].present = false;
      maker.add(made);
      ++i;
    }
  }
}

}  // namespace

Check history() {
  return {.title = "a call behind calls of the same shape and of others",
          .why = "a test that makes one call a process, or the same call again, never meets what a call left behind",
          .cases = made_by("history", make)};
}

}  // namespace normproof::conformance::checks
