// Does a call leave nothing behind for the next one?
//
// Tried      calls of one shape that differ in values, scalars, layout and operands present; calls that grow and
//            shrink; calls whose operands lie where those of the call before lay. A permutation of channels and a
//            repetition make two calls of one case, each of them judged; the order of the cases makes the rest.
// Causes     statistics or plans kept by address or by shape, scratch sized by the first call or taken to be zero, sums
//            that are never reset
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

// From call to call larger and smaller in every extent.
constexpr std::array<Shape, 11> shapes = {{{1, 2, 2},
                                           {2, 3, 5},
                                           {1, 40, 3},
                                           {2, 3, 5},
                                           {3, 2, 300},
                                           {50, 7, 1},
                                           {2, 300, 2},
                                           {1, 2, 3},
                                           {200, 3, 2},
                                           {2, 5, 7},
                                           {4, 17, 4}}};
constexpr std::array eps_values = {1e-5, 1.0, 1e-2};
constexpr std::array momenta = {0.1, 0.9};
constexpr std::array kinds = {NORMPROOF_VAR_UNBIASED, NORMPROOF_VAR_BIASED};
constexpr std::array relations = {Relation::permute_channels, Relation::repeat, Relation::value};

// What may differ between two calls of one shape.
constexpr std::size_t variants = 6;

Case variant(const CaseMaker& maker, const Shape& shape, std::size_t turn, std::size_t i) {
  Case made = maker.plain(shape);
  made.relation = cycle(relations, i);
  made.eps = cycle(eps_values, turn + i);
  made.momentum = cycle(momenta, turn);
  made.variance = cycle(kinds, turn / 2);
  lay_out(made, turn % 2 == 0 ? "bcs" : "bsc");
  const std::vector<OperandId> optional = optional_operands(made.op);
  if (turn % 3 == 2) made[cycle(optional, i + turn)].present = false;
  return made;
}

void make(CaseMaker& maker) {
  std::size_t i = 0;
  for (std::size_t round = 0; round < maker.by_effort(1, 3, 9); ++round) {
    for (const Shape& shape : shapes) {
      for (std::size_t turn = 0; turn < variants; ++turn) maker.add(variant(maker, shape, turn, i++));
    }
  }
}

}  // namespace

Check history() {
  return {.title = "calls after other calls, of the same shape and of others",
          .why = "a test that makes one call a process, or the same call again, never meets what a call left behind",
          .cases = made_by("history", make)};
}

}  // namespace normproof::conformance::checks
