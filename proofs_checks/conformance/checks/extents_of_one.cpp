// Is a tensor with an extent of one right, on whatever path it takes?
//
// Tried      one sample, one channel, one spatial element and their combinations, with every order of the extents that
//            leaves the memory dense: a stride over an extent of one means nothing.
// Causes     a statistic indexed by element in the path for one row, a layout guessed from a stride that means nothing
#include <algorithm>
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<std::int64_t, 6> extents = {2, 3, 5, 16, 33, 70};
const std::array<std::string, 6> orders = {"bcs", "bsc", "cbs", "csb", "sbc", "scb"};

// Whether the extents that are not one lie in the order of N×C×spatial or N×spatial×C.
bool is_dense_for_all(const std::string& order, const Shape& shape) {
  std::string bcs = "bcs", bsc = "bsc";
  const auto is_one = [&shape](char extent) {
    return (extent == 'b' ? shape.batch : extent == 'c' ? shape.channels : shape.spatial) == 1;
  };
  std::string others = order;
  for (std::string* letters : {&others, &bcs, &bsc}) std::erase_if(*letters, is_one);
  return others == bcs || others == bsc;
}

void make(CaseMaker& maker) {
  std::size_t i = 0;
  for (const std::int64_t n : extents) {
    const std::int64_t other = cycle(extents, ++i);
    const std::array<Shape, 9> shapes = {{{1, n, other},
                                          {1, other, n},
                                          {n, 1, other},
                                          {other, 1, n},
                                          {n, other, 1},
                                          {other, n, 1},
                                          {1, 1, n},
                                          {1, n, 1},
                                          {n, 1, 1}}};
    for (const Shape& shape : shapes) {
      for (const std::string& order : orders) {
        if (!is_dense_for_all(order, shape)) continue;
        Case made = maker.plain(shape);
        lay_out(made, order);
        maker.add(made);
      }
    }
  }
  for (const std::string& order : orders) {
    Case made = maker.plain({1, 1, 1});
    lay_out(made, order);
    maker.add(made);
  }
}

}  // namespace

Check extents_of_one() {
  return {.title = "one sample, one channel, one spatial element, with strides that mean nothing there",
          .why = "the special path for one row is the one that no ordinary test takes",
          .cases = made_by("extents_of_one", make)};
}

}  // namespace normproof::conformance::checks
