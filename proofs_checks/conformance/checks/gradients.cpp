// Are all the terms of the gradients there?
//
// Tried      dy that follows x, that has a mean, that is x, that is constant or 1 (dx is then 0 but for rounding), that
//            is 0 everywhere or but for one element; tiny and huge dy; x near 0 and far from it; few and many values;
//            the clamp of full normalization on either side; saved statistics that are not those of x.
// Causes     gamma, mean(dy) or x_hat·mean(dy·x_hat) left out of dx, dgamma and dbeta exchanged, missing or added up,
//            the wrong count under a mean, statistics taken as constants, or from x and not from what was saved
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

using Position = Plant::Position;

constexpr std::array<std::int64_t, 8> counts = {1, 2, 3, 4, 7, 16, 64, 500};
constexpr std::array<std::int64_t, 3> channels = {3, 5, 8};

std::vector<Values> gradients(const CaseMaker& maker) {
  const double tiny = maker.dtype() == NORMPROOF_F32 ? 1e-30 : 1e-200;
  const double huge = 1 / tiny;
  return {recipe("correlated", {1, 0, 0}),
          recipe("correlated", {-1, 0.5, 2}),
          recipe("correlated", {0, 1, 5}),
          recipe("correlated", {3, 1e-3, 0}),
          recipe("same_as_x"),
          recipe("one"),
          recipe("constant", {3.7}),
          recipe("normal", {0, 1}),
          recipe("normal", {0, tiny}),
          recipe("normal", {huge, huge}),
          recipe("normal", {1e3, 1}),
          recipe("ramp", {-1, 0.25}),
          recipe("two_valued", {0, 1}),
          recipe("zero"),
          planted(recipe("zero"), -1, Position::head, 1),
          planted(recipe("zero"), -1, Position::tail, -2),
          planted(recipe("zero"), 0, Position::middle, 1)};
}

std::vector<Values> data() {
  return {recipe("spread", {1, 2}), recipe("spread", {1000, 1}), recipe("spread", {-30, 0.01})};
}

// The contract takes saved_mean and saved_inv_std as they are: x_hat need not have the mean 0 nor the variance 1 then,
// and with an eps of 1 the larger ones could be no 1/√(variance + eps).
void make_given_statistics(CaseMaker& maker) {
  constexpr std::array eps_values = {1e-5, 1.0};
  std::size_t i = 0;
  for (const std::int64_t count : counts) {
    for (const Values& mean : {recipe("normal", {0.5, 1}), recipe("constant", {-3})}) {
      const auto ways = splits(count, cycle(channels, i));
      Case made = maker.plain(cycle(ways, i));
      made.eps = cycle(eps_values, i / 2);
      made[OperandId::saved_mean].values = mean;
      made[OperandId::saved_mean_low].values = recipe("signed", {0.01, 0.1});
      made[OperandId::saved_mean_low].present = i % 3 != 0;
      made[OperandId::saved_inv_std].values = recipe("uniform", {0.1, 3});
      maker.add_dense(made);
      ++i;
    }
  }
}

void make(CaseMaker& maker) {
  if (!is_backward(maker.op())) return;
  if (maker.op() == NORMPROOF_BN_TRAIN_BACKWARD) make_given_statistics(maker);
  const std::vector<Values> xs = data();
  std::size_t i = 0;
  for (std::size_t round = 0; round < maker.by_effort(1, xs.size(), xs.size() * channels.size()); ++round, ++i) {
    for (const Values& dy : gradients(maker)) {
      for (const std::int64_t count : counts) {
        const auto ways = splits(count, cycle(channels, i));
        Case made = maker.plain(cycle(ways, i));
        made[OperandId::x].values = cycle(xs, i);
        made[OperandId::dy].values = dy;
        give_statistics_of_x(made);
        // Larger than a variance of 0.01²: the clamp holds.
        if (made.op == NORMPROOF_FN_BACKWARD && i % 2 == 0) made.eps = 0.1;
        maker.add_dense(made);
        ++i;
      }
    }
  }
}

}  // namespace

Check gradients() {
  return {.title = "upstream gradients that follow x, have a mean, are constant, or have one element",
          .why = "with dy = 1 the gradient of x is 0 whatever is left out; with gamma = 1 nobody misses gamma",
          .cases = made_by("gradients", make),
          .not_applicable = only_for({NORMPROOF_BN_TRAIN_BACKWARD, NORMPROOF_BN_INFER_BACKWARD, NORMPROOF_FN_BACKWARD},
                                     "the operation has no gradients")};
}

}  // namespace normproof::conformance::checks
