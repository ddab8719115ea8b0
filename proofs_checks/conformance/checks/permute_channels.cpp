// Does another order of the channels move everything along, bit by bit?
//
// Tried      channel counts around the widths of vectors, both dense layouts, N×C.
// Causes     channels that share a sum, lanes of a last partial vector computed differently, a parameter of a neighbour
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<Shape, 14> shapes = {{{2, 2, 5},
                                           {2, 3, 5},
                                           {1, 4, 9},
                                           {7, 5, 1},
                                           {3, 7, 16},
                                           {2, 8, 3},
                                           {3, 9, 4},
                                           {2, 16, 6},
                                           {5, 17, 1},
                                           {2, 31, 3},
                                           {4, 33, 2},
                                           {3, 65, 1},
                                           {2, 48, 49},
                                           {2, 130, 3}}};

void make(CaseMaker& maker) {
  for (const Shape& shape : shapes) {
    Case made = maker.plain(shape);
    made.relation = Relation::permute_channels;
    maker.add_dense(made);
    made.threads = 3;
    maker.add_dense(made);
  }
}

}  // namespace

Check permute_channels() {
  return {.title = "channels in another order: the same bits at another place",
          .why = "channels know nothing of each other; lanes and tiles that mix them change bits",
          .cases = made_by("permute_channels", make)};
}

}  // namespace normproof::conformance::checks
