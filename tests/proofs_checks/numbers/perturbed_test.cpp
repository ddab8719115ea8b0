// Does every operation take the next δ, and is it noticed when there are too few or too many?
#include "proofs_checks/numbers/perturbed.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>
#include <vector>

namespace normproof::numbers {
namespace {

using Model = Perturbed<double>;

TEST(Perturbed, multiplies_every_result_by_one_plus_its_own_delta) {
  const Roundings<double> roundings(std::vector<double>{0.5, -0.25, 1, 0.125, 0});
  EXPECT_EQ((Model(2.0) + Model(4.0)).value(), 6 * 1.5);
  EXPECT_EQ((Model(2.0) - Model(4.0)).value(), -2 * 0.75);
  EXPECT_EQ((Model(2.0) * Model(4.0)).value(), 8 * 2);
  Model sum(1.0);
  sum += Model(3.0);
  EXPECT_EQ(sum.value(), 4 * 1.125);
  EXPECT_EQ((Model(1) / Model(4)).value(), 0.25);
  EXPECT_EQ(roundings.used(), 5U);
  EXPECT_NO_THROW(roundings.all_must_be_used());
}

TEST(Perturbed, is_exact_where_nothing_is_computed) { EXPECT_EQ(Model(7).value(), 7); }

TEST(Perturbed, runs_out_of_deltas_with_an_error) {
  EXPECT_THROW(Model(1) + Model(1), std::logic_error);
  const Roundings<double> one(std::vector<double>{0.0});
  EXPECT_THROW(one.all_must_be_used(), std::logic_error);
  EXPECT_NO_THROW(Model(1) + Model(1));
  EXPECT_THROW(Model(1) + Model(1), std::logic_error);
}

TEST(Roundings, nest_and_belong_to_their_thread) {
  const Roundings<double> outer(std::vector<double>{1.0});
  {
    const Roundings<double> inner(std::vector<double>{0.5});
    EXPECT_EQ((Model(1) + Model(1)).value(), 3);
  }
  bool threw = false;
  std::thread([&threw] {
    try {
      Model(1) + Model(1);
    } catch (const std::logic_error&) {
      threw = true;
    }
  }).join();
  EXPECT_TRUE(threw);
  EXPECT_EQ((Model(1) + Model(1)).value(), 4);
}

}  // namespace
}  // namespace normproof::numbers
