// Is the work that threads share done once, whatever their number, and by no more of them than the call allows?
//
// Tried      2 to 7, 16, 32 and 64 threads on fewer, as many and more channels, samples and elements; sizes that are
//            worth sharing and do not divide; the bits against those of one thread; who works where one thread is
//            allowed.
// Causes     a last chunk left out or done twice, more threads than work, partial sums merged with wrong counts, races;
//            a number of threads taken from the machine and not from the call
#include <array>

#include "proofs_checks/conformance/case_maker.hpp"

namespace normproof::conformance::checks {
namespace {

constexpr std::array threads = {2, 3, 4, 7, 16};
constexpr std::array<Shape, 12> shapes = {{{1, 1, 1},
                                           {2, 1, 3},
                                           {1, 3, 5},
                                           {3, 4, 7},
                                           {5, 7, 1},
                                           {9, 2, 11},
                                           {16, 17, 1},
                                           {1, 1, 1021},
                                           {3, 65, 9},
                                           {1000, 3, 1},
                                           {2, 5, 777},
                                           {13, 31, 29}}};
constexpr std::array many_threads = {32, 64};
constexpr std::array<Shape, 4> for_many_threads = {{{100, 2, 5}, {2, 67, 3}, {2, 3, 5}, {1, 2, 601}}};
constexpr std::array<Shape, 6> worth_sharing = {
    {{1, 1, 70001}, {70001, 1, 1}, {5, 7, 1009}, {257, 150, 1}, {2, 1001, 17}, {67, 3, 173}}};
constexpr std::array<Shape, 3> wide_shapes = {{{3, 5, 70001}, {1025, 1027, 1}, {31, 65, 533}}};

constexpr Shape worth_more_than_one_thread = {32, 64, 49};

void make(CaseMaker& maker) {
  std::size_t i = 0;
  for (const int at_most : threads) {
    for (const Shape& shape : shapes) {
      Case made = maker.plain(shape);
      made.relation = Relation::threads;
      made.threads = at_most;
      weigh_elements(made, i++);
      maker.add_dense(made);
    }
  }
  for (const int at_most : many_threads) {
    for (const Shape& shape : for_many_threads) {
      Case made = maker.plain(shape);
      made.relation = Relation::threads;
      made.threads = at_most;
      weigh_elements(made, i++);
      lay_out(made, i % 2 == 0 ? "bcs" : "bsc");
      maker.add(made);
    }
  }
  std::vector<Shape> large(worth_sharing.begin(), worth_sharing.end());
  constexpr std::size_t enough_for_another_type = 2;
  if (!maker.wide() && !maker.is_first_type()) large.resize(enough_for_another_type);
  if (maker.wide()) large.insert(large.end(), wide_shapes.begin(), wide_shapes.end());
  for (const Shape& shape : large) {
    for (std::size_t k = 0; k < maker.by_effort(1, 2, threads.size()); ++k) {
      Case made = maker.plain(shape);
      made.relation = Relation::threads;
      made.threads = cycle(threads, i++);
      weigh_elements(made, 1 + k);
      lay_out(made, i % 2 == 0 ? "bcs" : "bsc");
      maker.add(made);
    }
  }
  Case alone = maker.plain(worth_more_than_one_thread);
  alone.relation = Relation::one_thread;
  maker.add(alone);
  lay_out(alone, "bsc");
  if (maker.wide()) maker.add(alone);
}

}  // namespace

Check threads() {
  return {.title = "two to 64 threads on little and on much work",
          .why = "one thread, or sizes that divide, hide how the work is cut and put together again",
          .cases = made_by("threads", make)};
}

}  // namespace normproof::conformance::checks
