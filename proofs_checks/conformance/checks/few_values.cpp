// Is a channel of one, two, three, four values right?
//
// Tried      m from 1 to 4 (and some more), split every way into samples and spatial elements, both kinds of running
//            variance, momentum 0.1 and 1, mean not 0.
// Causes     m/(m − 1) left out, put into y, or taken of the batch alone; a division by m − 1 = 0; a shift that needs
//            eight values
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array<std::int64_t, 4> counts = {1, 2, 3, 4};
constexpr std::array<std::int64_t, 6> more_counts = {5, 6, 7, 8, 9, 16};
constexpr std::array<std::int64_t, 4> channels = {1, 3, 8, 17};
constexpr std::array momenta = {0.1, 1.0};

void with(CaseMaker& maker, const Shape& shape, std::size_t i) {
  for (const double momentum : momenta) {
    for (const normproof_variance_kind kind : {NORMPROOF_VAR_BIASED, NORMPROOF_VAR_UNBIASED}) {
      Case made = maker.plain(shape);
      made[OperandId::x].values = recipe("spread", {i % 2 == 0 ? 5.0 : -40.0, 2});
      made.momentum = momentum;
      made.variance = kind;
      give_statistics_of_x(made);
      maker.add_dense(made);
      if (maker.op() != NORMPROOF_BN_TRAIN) break;  // the only one that has the kind
    }
    if (maker.op() != NORMPROOF_BN_TRAIN && maker.op() != NORMPROOF_FN_TRAIN) break;
  }
}

void make(CaseMaker& maker) {
  std::vector<std::int64_t> chosen(counts.begin(), counts.end());
  if (maker.wide()) chosen.insert(chosen.end(), more_counts.begin(), more_counts.end());
  std::size_t i = 0;
  for (const std::int64_t count : chosen) {
    for (const std::int64_t c : channels) {
      for (const Shape& shape : splits(count, c)) with(maker, shape, i++);
    }
  }
}

}  // namespace

Check few_values() {
  return {.title = "channels of one to four values",
          .why = "a wrong m/(m − 1) is an error of 1/m: no tolerance sees it at m = 512, every one at m = 2",
          .cases = made_by("few_values", make)};
}

}  // namespace normproof::conformance::checks
