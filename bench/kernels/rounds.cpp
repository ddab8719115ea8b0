// How are contenders measured and compared? In interleaved rounds; ratios within a round, then their median.
#include "bench/kernels/rounds.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <ctime>
#include <limits>
#include <map>
#include <numeric>
#include <random>

namespace normproof::bench {
namespace {

constexpr double shortest = 2e-3;  // seconds
constexpr int rounds_of_the_reference = 3;
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

double now(Clock clock) {
  timespec time = {};
  clock_gettime(clock == Clock::wall ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

double seconds_of(const Contender& contender, int calls, Clock clock) {
  const double begin = now(clock);
  for (int k = 0; k < calls; ++k) contender.run();
  return (now(clock) - begin) / calls;
}

void fill_caches(std::int64_t bytes) {
  static std::vector<char> other;
  static unsigned char value = 0;
  other.resize(static_cast<std::size_t>(bytes));
  std::memset(other.data(), ++value, other.size());
  asm volatile("" : : "r"(other.data()) : "memory");
}

// Of those contenders that `is` says, with as many threads: the least time in the round, and whose it is.
template <class Is>
std::pair<double, std::string> best(const Contenders& contenders, const std::vector<double>& seconds, int threads,
                                    const Is& is) {
  std::pair<double, std::string> found = {no_number, ""};
  for (std::size_t k = 0; k < contenders.size(); ++k) {
    if (contenders[k].threads != threads || !is(contenders[k])) continue;
    if (std::isnan(seconds[k]) || seconds[k] >= found.first) continue;
    found = {seconds[k], contenders[k].name};
  }
  return found;
}

std::string most_frequent(const std::vector<std::string>& names) {
  std::map<std::string, int> counts;
  for (const std::string& name : names) ++counts[name];
  const auto fewer = [](const auto& a, const auto& b) { return a.second < b.second; };
  return counts.empty() ? "" : std::max_element(counts.begin(), counts.end(), fewer)->first;
}

}  // namespace

Rounds measure(const Contenders& contenders, const Method& method) {
  std::vector<int> calls;
  for (const Contender& contender : contenders) {
    use_threads(contender.threads);
    contender.run();
    // The shorter of two calls: what else the machine does may have lengthened one.
    const double once = std::min(seconds_of(contender, 1, method.clock), seconds_of(contender, 1, method.clock));
    calls.push_back(method.cold ? 1 : static_cast<int>(std::clamp(std::ceil(shortest / once), 1.0, 1e6)));
  }
  std::vector<std::size_t> order(contenders.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 random(7);
  Rounds measured;
  for (int round = 0; round < method.rounds; ++round) {
    std::shuffle(order.begin(), order.end(), random);
    std::vector<double>& seconds = measured.seconds.emplace_back(contenders.size(), no_number);
    for (const std::size_t k : order) {
      const Contender& contender = contenders[k];
      if (contender.kind == Contender::Kind::reference && round >= rounds_of_the_reference) continue;
      use_threads(contender.threads);
      if (method.cold) {
        fill_caches(method.other_bytes);
      } else {
        contender.run();
      }
      seconds[k] = seconds_of(contender, calls[k], method.clock);
    }
  }
  return measured;
}

double quantile(std::vector<double> values, double share) {
  std::erase_if(values, [](double v) { return std::isnan(v); });
  if (values.empty()) return no_number;
  std::sort(values.begin(), values.end());
  const double place = share * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values.size() - 1);
  return values[below] + (place - static_cast<double>(below)) * (values[above] - values[below]);
}
double median(std::vector<double> values) { return quantile(std::move(values), 0.5); }

Figures figures_of(const Contenders& contenders, const Rounds& rounds, std::size_t contender) {
  using Kind = Contender::Kind;
  const Contender& self = contenders[contender];
  std::vector<double> seconds, fraction, over_best_peer, over_reference, over_eigen, over_one_thread;
  std::vector<std::string> best_peers, best_limits;
  for (const std::vector<double>& round : rounds.seconds) {
    const double own = round[contender];
    if (std::isnan(own)) continue;
    seconds.push_back(own);
    const auto among = [&](int threads, const auto& is) { return best(contenders, round, threads, is); };
    const auto limit = among(self.threads, [](const Contender& c) { return c.kind == Kind::limit; });
    const auto peer = among(self.threads, [](const Contender& c) { return c.kind == Kind::peer; });
    fraction.push_back(limit.first / own);
    best_limits.push_back(limit.second);
    over_best_peer.push_back(peer.first / own);
    if (!peer.second.empty()) best_peers.push_back(peer.second);
    over_reference.push_back(among(1, [](const Contender& c) { return c.kind == Kind::reference; }).first / own);
    over_eigen.push_back(among(1, [](const Contender& c) { return c.name.starts_with("Eigen"); }).first / own);
    over_one_thread.push_back(among(1, [&](const Contender& c) { return c.name == self.name; }).first / own);
  }
  return {.seconds = median(seconds),
          .fraction = median(fraction),
          .fraction_low = quantile(fraction, 0.25),
          .fraction_high = quantile(fraction, 0.75),
          .over_best_peer = median(over_best_peer),
          .over_reference = median(over_reference),
          .over_eigen = median(over_eigen),
          .over_one_thread = median(over_one_thread),
          .best_peer = most_frequent(best_peers),
          .best_limit = most_frequent(best_limits)};
}

}  // namespace normproof::bench
