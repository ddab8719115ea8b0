// How are small rational points drawn, judged and simplified?
#include "proofs_checks/evidence/counterexample.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numeric>

#include "proofs_checks/inputs/random_stream.hpp"
#include "proofs_checks/numbers/rational.hpp"
#include "proofs_checks/numbers/small_rational.hpp"

namespace normproof::evidence {

using inputs::RandomStream;
using numbers::OutsideDomain;
using numbers::Rational;
using numbers::SmallRational;

namespace {

struct Fraction {
  int numerator = 0, denominator = 1;
};

// How hard a fraction is to calculate with by hand: 0 is free, a sign costs a little, a denominator more than a digit.
double cost(const Fraction& f) {
  if (f.numerator == 0) return 0;
  return 1 + std::log2(std::abs(static_cast<double>(f.numerator))) + (f.numerator < 0 ? 0.25 : 0) +
         (f.denominator > 1 ? 1 + std::log2(static_cast<double>(f.denominator)) : 0);
}

const std::vector<Fraction>& any_real() {
  static const std::vector<Fraction> pool = {{0, 1}, {1, 1},  {-1, 1}, {2, 1},  {-2, 1}, {3, 1},
                                             {1, 2}, {-3, 1}, {4, 1},  {-1, 2}, {3, 2},  {5, 1}};
  return pool;
}
// With σ² = 0, 1/4, 1, 9/4, 4 and these ε, many σ² + ε are squares.
const std::vector<Fraction>& nonnegative() {
  static const std::vector<Fraction> pool = {{0, 1}, {1, 1}, {4, 1},  {3, 1},  {2, 1},  {8, 1}, {1, 4},  {3, 4},
                                             {5, 1}, {5, 4}, {9, 4},  {7, 4},  {12, 1}, {1, 3}, {1, 2},  {4, 3},
                                             {9, 1}, {6, 1}, {15, 4}, {16, 1}, {1, 9},  {2, 3}, {21, 4}, {8, 9}};
  return pool;
}
const std::vector<Fraction>& rates() {
  static const std::vector<Fraction> pool = {{1, 1}, {1, 2}, {0, 1}, {1, 3}, {2, 3}, {1, 4}, {3, 4}};
  return pool;
}

const std::vector<Fraction>& pool_of(Role role) {
  switch (role) {
    case Role::epsilon:
    case Role::variance: return nonnegative();
    case Role::rate: return rates();
    default: return any_real();
  }
}

enum class Judgement { outside, holds, refutes };

std::vector<Rational> exactly(const std::vector<Fraction>& point) {
  std::vector<Rational> values;
  values.reserve(point.size());
  for (const Fraction& f : point) values.emplace_back(f.numerator, f.denominator);
  return values;
}

class Judge {
 public:
  Judge(const RecordedReading& recorded, Relation relation) : recorded_(recorded), relation_(relation) {}

  // Small integers first: what refutes, or does not fit, is judged again in GMP's fractions.
  Judgement operator()(const std::vector<Fraction>& point) {
    small_variables_.clear();
    for (const Fraction& f : point) small_variables_.emplace_back(f.numerator, f.denominator);
    SmallRational::overflowed() = false;
    const Judgement quickly = judge<SmallRational>(small_variables_, small_values_);
    if (quickly != Judgement::refutes && !SmallRational::overflowed()) return quickly;
    return (*this)(exactly(point));
  }

  Judgement operator()(const std::vector<Rational>& variables) { return judge<Rational>(variables, values_); }

  // After a judgement that is not outside: the sides have values here, does the gap? An irrational root is one.
  bool gap_has_no_value() const { return gap_has_no_value_; }
  // After a judgement that refutes, which values_ then belong to.
  std::size_t entry() const { return entry_; }
  std::string left() const { return values_[recorded_.left[entry_]].fraction(); }
  std::string right() const { return values_[recorded_.right[entry_]].fraction(); }

 private:
  template <class T>
  Judgement judge(const std::vector<T>& variables, std::vector<T>& values) {
    gap_has_no_value_ = false;
    try {
      numbers::replay<T>(recorded_.tape, variables, values);
    } catch (const OutsideDomain& where) {
      if (where.node < recorded_.sides_end) return Judgement::outside;
      gap_has_no_value_ = has_no_real_value(where, values);
    }
    for (const numbers::NodeIndex node : recorded_.positive)
      if (!values[node].is_positive()) return Judgement::outside;
    for (const numbers::NodeIndex node : recorded_.nonnegative)
      if (values[node] < T(0)) return Judgement::outside;
    for (std::size_t k = 0; k < recorded_.left.size(); ++k) {
      const T &left = values[recorded_.left[k]], &right = values[recorded_.right[k]];
      if (relation_ == Relation::equal ? !(left == right) : right < left) {
        entry_ = k;
        return Judgement::refutes;
      }
    }
    return Judgement::holds;
  }

  template <class T>
  bool has_no_real_value(const OutsideDomain& where, const std::vector<T>& values) const {
    if (where.reason == OutsideDomain::Reason::division_by_zero) return true;
    return where.reason == OutsideDomain::Reason::no_square_root && values[recorded_.tape.nodes[where.node].a] < T(0);
  }

  const RecordedReading& recorded_;
  Relation relation_;
  std::vector<Rational> values_;
  std::vector<SmallRational> small_variables_, small_values_;
  std::size_t entry_ = 0;
  bool gap_has_no_value_ = false;
};

enum class Draws { anywhere, at_edges };  // at_edges: ε and variances are 0 as often as not

std::vector<Fraction> draw(const RecordedReading& recorded, Draws draws, RandomStream& stream) {
  std::vector<Fraction> point(recorded.variables.size());
  // A direction is a unit vector as often as not: it then names the entry of the gradient that is wrong.
  const bool unit_direction = stream.chance(1, 2);
  std::vector<std::size_t> directions;
  // Few distinct values make rational roots likely: each point draws from the first so many entries of each pool.
  const std::uint64_t width = 3 + stream.below(7);
  for (std::size_t v = 0; v < point.size(); ++v) {
    const VariableInfo& info = recorded.variables[v];
    if (!info.needed) continue;
    const std::vector<Fraction>& pool = pool_of(info.role);
    const bool varied = info.role == Role::epsilon || info.role == Role::variance;
    if (varied && draws == Draws::at_edges && stream.chance(1, 2)) continue;
    point[v] = pool[stream.below(varied ? pool.size() : std::min<std::uint64_t>(width, pool.size()))];
    if (info.role == Role::direction) directions.push_back(v);
  }
  if (unit_direction && !directions.empty()) {
    for (const std::size_t v : directions) point[v] = {0, 1};
    point[directions[stream.below(directions.size())]] = {1, 1};
  }
  return point;
}

double cost(const std::vector<Fraction>& point) {
  return std::accumulate(point.begin(), point.end(), 0.0, [](double sum, const Fraction& f) { return sum + cost(f); });
}

// Replaces one entry, or a pair of entries, by cheaper ones as long as the point still refutes.
void simplify(const RecordedReading& recorded, Judge& judge, std::vector<Fraction>& point) {
  const auto cheaper = [&](std::size_t v) {
    std::vector<Fraction> candidates;
    for (const Fraction& f : pool_of(recorded.variables[v].role))
      if (cost(f) < cost(point[v])) candidates.push_back(f);
    std::sort(candidates.begin(), candidates.end(),
              [](const Fraction& a, const Fraction& b) { return cost(a) < cost(b); });
    return candidates;
  };
  for (bool improved = true; improved;) {
    improved = false;
    for (std::size_t v = 0; v < point.size(); ++v) {
      for (const Fraction& candidate : cheaper(v)) {
        const Fraction before = point[v];
        point[v] = candidate;
        if (judge(point) == Judgement::refutes) {
          improved = true;
          break;
        }
        point[v] = before;
      }
    }
    // A root may need two entries to move together: any entry down, an ε or a variance anywhere.
    for (std::size_t v = 0; v < point.size() && !improved; ++v)
      for (std::size_t w = 0; w < point.size() && !improved; ++w) {
        const Role role = recorded.variables[w].role;
        if (w == v || !recorded.variables[w].needed || (role != Role::epsilon && role != Role::variance)) continue;
        for (const Fraction& candidate : cheaper(v)) {
          const Fraction first = point[v], second = point[w];
          const double before = cost(point);
          point[v] = candidate;
          for (const Fraction& partner : pool_of(role)) {
            point[w] = partner;
            if (cost(point) < before && judge(point) == Judgement::refutes) {
              improved = true;
              break;
            }
          }
          if (improved) break;
          point[v] = first;
          point[w] = second;
        }
      }
  }
}

Counterexample describe(const Reading& reading, const RecordedReading& recorded, Judge& judge,
                        const std::vector<Rational>& point) {
  Counterexample example;
  judge(point);
  example.sizes = recorded.sizes;
  for (const auto& [name, value] : recorded.chosen) example.inputs.emplace_back(name, std::to_string(value));
  for (std::size_t v = 0; v < point.size(); ++v) {
    if (!recorded.variables[v].used) continue;
    example.inputs.emplace_back(recorded.variables[v].name(), point[v].fraction());
  }
  if (recorded.left.size() > 1) example.entry = std::to_string(judge.entry() + 1);
  example.left = judge.left();
  example.right = judge.right();
  example.relation = reading.relation == Relation::equal ? "=" : "≤";
  return example;
}

struct SizeSearch {
  std::optional<std::vector<Fraction>> best;
  long tried = 0, without_gap = 0;
};

// Until so many points refute, or all draws are spent; `best` is the simplest of the refuting ones.
SizeSearch search_at(const RecordedReading& recorded, Judge& judge, RandomStream& stream, Draws where, long draws,
                     long enough, const Settings& settings) {
  SizeSearch search;
  long refuting = 0;
  for (long k = 0; k < draws && refuting < enough; ++k) {
    if (settings.interrupted != nullptr && settings.interrupted->load()) break;
    std::vector<Fraction> point = draw(recorded, where, stream);
    const Judgement judgement = judge(point);
    if (judgement != Judgement::outside) ++search.tried;
    if (judgement != Judgement::outside && judge.gap_has_no_value()) ++search.without_gap;
    if (judgement != Judgement::refutes) continue;
    ++refuting;
    simplify(recorded, judge, point);
    if (!search.best || cost(point) < cost(*search.best)) search.best = point;
  }
  return search;
}

}  // namespace

CounterexampleSearch look_at_edges(const std::string& purpose, const Reading& reading,
                                   const std::vector<RecordedReading>& per_size, const Settings& settings) {
  // Empirical: what keeps all claims together within their times.
  const double nodes = settings.effort == Effort::quick ? 3e4 : settings.effort == Effort::standard ? 2e5 : 2e6;
  constexpr double least_draws = 24;
  constexpr long enough = 4;
  CounterexampleSearch search;
  for (const RecordedReading& recorded : per_size) {
    RandomStream stream(settings.seed, purpose, "edges", words(recorded.sizes));
    Judge judge(recorded, reading.relation);
    const double affordable =
        nodes / static_cast<double>(per_size.size()) / static_cast<double>(recorded.tape.nodes.size());
    const SizeSearch here = search_at(recorded, judge, stream, Draws::at_edges,
                                      static_cast<long>(std::max(least_draws, affordable)), enough, settings);
    search.tried += here.tried;
    search.without_gap += here.without_gap;
    if (here.tried > 0) search.inside.push_back(recorded.sizes);
    if (!here.best) continue;
    search.found = describe(reading, recorded, judge, exactly(*here.best));
    return search;
  }
  return search;
}

CounterexampleSearch find_counterexample(const std::string& purpose, const Reading& reading,
                                         const std::vector<RecordedReading>& per_size, const Settings& settings) {
  const long draws = settings.effort == Effort::quick ? 4000 : settings.effort == Effort::standard ? 20000 : 200000;
  const long enough = settings.effort == Effort::quick ? 4 : 16;
  constexpr long first_pass = 600;
  std::vector<const RecordedReading*> smallest_first;
  for (const RecordedReading& recorded : per_size) smallest_first.push_back(&recorded);
  std::stable_sort(
      smallest_first.begin(), smallest_first.end(),
      [](const RecordedReading* a, const RecordedReading* b) { return a->variables.size() < b->variables.size(); });
  CounterexampleSearch search;
  // A short pass over all sizes first: most refutable readings fail at a good share of the points of some small size,
  // and a size at which the reading holds should not be searched at length before the next one is tried.
  for (const long draws_at_a_size : {std::min<long>(first_pass, draws), draws}) {
    for (const RecordedReading* recorded : smallest_first) {
      RandomStream stream(settings.seed, purpose, "counterexample", words(recorded->sizes));
      Judge judge(*recorded, reading.relation);
      const SizeSearch here = search_at(*recorded, judge, stream, Draws::anywhere, draws_at_a_size, enough, settings);
      search.tried += here.tried;
      if (here.best) {
        search.found = describe(reading, *recorded, judge, exactly(*here.best));
        return search;
      }
    }
  }
  return search;
}

std::optional<Counterexample> counterexample_at(const Reading& reading, const RecordedReading& recorded,
                                                const std::vector<double>& point) {
  std::vector<Rational> exact;
  exact.reserve(point.size());
  for (const double value : point) exact.emplace_back(Rational::Value(value));
  Judge judge(recorded, reading.relation);
  if (judge(exact) != Judgement::refutes) return std::nullopt;
  return describe(reading, recorded, judge, exact);
}

}  // namespace normproof::evidence
