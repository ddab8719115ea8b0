// Does a second call give the same bits?
//
// Tried      the same call twice, small and large, with one thread and with several.
// Causes     memory read before it is written, state kept from call to call, sums in the order in which threads finish
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 8> shapes = {
    {{2, 3, 5}, {1, 1, 1}, {7, 33, 1}, {3, 16, 49}, {1, 2, 1000}, {64, 3, 10}, {2, 130, 3}, {300, 7, 1}}};
constexpr std::array<Shape, 3> large = {{{1, 1, 40000}, {8, 32, 100}, {5000, 7, 1}}};
constexpr std::array threads = {1, 2, 4, 7};

void make(CaseMaker& maker) {
  for (const Shape& shape : shapes) {
    for (const int at_most : threads) {
      Case made = maker.plain(shape);
      made.relation = Relation::repeat;
      made.threads = at_most;
      maker.add_dense(made);
    }
  }
  for (const Shape& shape : large) {
    Case made = maker.plain(shape);
    made.relation = Relation::repeat;
    made.threads = threads.back();
    maker.add(made);
    lay_out(made, "bsc");
    if (maker.wide()) maker.add(made);
  }
}

}  // namespace

Check repeatability() {
  return {.title = "the same call twice",
          .why = "a test that runs once takes whatever uninitialised memory or a race happened to give",
          .cases = made_by("repeatability", make)};
}

}  // namespace normproof::conformance::checks
