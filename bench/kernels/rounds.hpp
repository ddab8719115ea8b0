// How long do the contenders of one problem take, in rounds in which each is measured once?
//
// A round measures all contenders, in an order that is drawn anew. Warm: one call, then as many as last two
// milliseconds, timed. Cold: the caches are filled with other data (`other_bytes` are written), then one call is timed;
// what was written goes back to memory meanwhile, for all alike. What is compared is compared within a round.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bench/kernels/contender.hpp"

namespace normproof::bench {

struct Rounds {
  // seconds[round][contender] of one call; NaN: not measured in that round (the reference, after the third).
  std::vector<std::vector<double>> seconds;
};
// What time is taken from. processor: that of the calling thread, so that what else the machine does costs nothing but
// caches and bandwidth; of use for contenders on one thread alone.
enum class Clock { wall, processor };
struct Method {
  int rounds;
  bool cold;
  std::int64_t other_bytes;
  Clock clock;
};
Rounds measure(const Contenders& contenders, const Method& method);

double median(std::vector<double> values);  // values that are no number are left out
double quantile(std::vector<double> values, double share);

// What came out for one contender: medians over rounds.
struct Figures {
  double seconds = 0;
  double fraction = 0, fraction_low = 0, fraction_high = 0;  // of the limit of the same round; the quartiles
  // Time of the best peer, of the reference, of Eigen and of this contender on one thread, each by its own. NaN: none.
  double over_best_peer = 0, over_reference = 0, over_eigen = 0, over_one_thread = 0;
  std::string best_peer, best_limit;  // which was best in most rounds
};
Figures figures_of(const Contenders& contenders, const Rounds& rounds, std::size_t contender);

}  // namespace normproof::bench
