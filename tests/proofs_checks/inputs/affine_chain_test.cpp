// Do the theory's recursions and the reference's enumerated runs agree on an affine chain?
#include "proofs_checks/inputs/affine_chain.hpp"

#include <gtest/gtest.h>

#include "proofs_checks/numbers/rational.hpp"

namespace normproof::inputs {
namespace {

using numbers::Rational;
using theory::SampleSharing;

template <std::size_t n>
void expect_agreement(SampleSharing sharing) {
  theory::AffineChain<Rational, n> chain;
  ChainStart<Rational, n> start;
  for (std::size_t i = 0; i < n; ++i) {
    const int place = static_cast<int>(i);
    chain.layers[i] = {Rational(place + 2, 3), Rational(2 * place - 1, 2), Rational(1, place + 2), Rational(place)};
    start.w[i] = Rational(1 - place);
    start.estimates[i] = Rational(place, 3);
  }
  const Rational deviation(3, 4);
  chain.mean = Rational(1, 2);
  chain.variance = deviation * deviation;
  const std::vector<ChainRates<Rational>> rates = {{Rational(1), Rational(1, 3)}, {Rational(2, 3), Rational(1, 5)}};
  const auto by_reference = enumerated_chain<Rational, n>(chain, start, deviation, rates, sharing);
  const auto by_theory = recursive_chain<Rational, n>(chain, start, rates, sharing);
  ASSERT_EQ(by_reference.size(), rates.size() * (3 * n + 4 * n * n + 2));
  ASSERT_EQ(by_theory.size(), by_reference.size());
  for (std::size_t v = 0; v < by_theory.size(); ++v) EXPECT_EQ(by_theory[v].fraction(), by_reference[v].fraction());
}

TEST(AffineChainInputs, give_the_theory_s_moments_by_the_reference) {
  for (const SampleSharing sharing : {SampleSharing::none, SampleSharing::estimates, SampleSharing::everything}) {
    expect_agreement<1>(sharing);
    expect_agreement<2>(sharing);
    expect_agreement<3>(sharing);
  }
}

}  // namespace
}  // namespace normproof::inputs
