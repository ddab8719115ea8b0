// Do random streams depend on their seed and purpose, and on nothing else?
#include "proofs_checks/inputs/random_stream.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace normproof::inputs {
namespace {

TEST(RandomStream, repeats_itself_for_the_same_seed_and_purpose) {
  RandomStream a(7, "claim", std::string("reading")), b(7, "claim", std::string("reading"));
  for (int k = 0; k < 100; ++k) EXPECT_EQ(a.next_uint64(), b.next_uint64());
}

TEST(RandomStream, differs_where_seed_or_purpose_differ) {
  const std::uint64_t first = RandomStream(7, "ab", "c").next_uint64();
  EXPECT_NE(first, RandomStream(8, "ab", "c").next_uint64());
  EXPECT_NE(first, RandomStream(7, "a", "bc").next_uint64());
  EXPECT_NE(first, RandomStream(7, "abc").next_uint64());
}

TEST(RandomStream, gives_the_same_integers_on_every_machine) {
  // FNV-1a of "a" followed by 0xff, computed by hand from the published offset basis and prime.
  const std::uint64_t one = (0xcbf29ce484222325u ^ 0x61u) * 0x100000001b3u;
  EXPECT_EQ(fnv1a("a"), (one ^ 0xffu) * 0x100000001b3u);
  // Philox4x64-10 of counter 0 under key 0, the first known answer that Random123 publishes.
  using Philox = r123::Philox4x64;
  EXPECT_EQ(Philox()(Philox::ctr_type{{0, 0, 0, 0}}, Philox::key_type{{0, 0}})[0], 0x16554d9eca36314cu);
}

TEST(RandomStream, is_even_below_a_bound_and_uniform_in_the_unit_interval) {
  RandomStream stream(1, "even");
  std::array<int, 5> counts = {};
  constexpr int draws = 50000;
  double sum = 0, squares = 0;
  for (int k = 0; k < draws; ++k) {
    ++counts[stream.below(counts.size())];
    const double u = stream.uniform();
    ASSERT_GE(u, 0);
    ASSERT_LT(u, 1);
    const double z = stream.normal();
    sum += z;
    squares += z * z;
  }
  constexpr int five_standard_deviations = 450;  // of a count with p = 1/5
  for (const int count : counts) EXPECT_NEAR(count, draws / 5, five_standard_deviations);
  EXPECT_NEAR(sum / draws, 0, 0.025);
  EXPECT_NEAR(squares / draws, 1, 0.035);
}

}  // namespace
}  // namespace normproof::inputs
