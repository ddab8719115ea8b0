// Is every output of a call what it should be?
#include "proofs_checks/conformance/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include "proofs_checks/conformance/memory.hpp"

namespace normproof::conformance {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr std::size_t no_class = theory::stability_class_count;

bool same_bits(const DoubleDouble& a, const DoubleDouble& b) {
  return std::bit_cast<std::uint64_t>(a.high()) == std::bit_cast<std::uint64_t>(b.high()) && a.low() == b.low();
}

double unit_in_the_last_place(double value, const theory::Unit& unit) {
  const int bits = -std::ilogb(unit.roundoff);
  if (value == 0) return unit.smallest;
  return std::max(std::ldexp(1, std::ilogb(value) - bits + 1), unit.smallest);
}

// The first class in whose bound the error is; no_class where it is in none.
std::size_t rank_of(const theory::BoundPerClass& bound, double error) {
  std::size_t rank = 0;
  while (rank < no_class && !(error <= bound[rank])) ++rank;
  return rank;
}

// ±∞ came for a finite number: the first class whose bound reaches over that end of the range.
std::size_t rank_of_infinity(const theory::BoundPerClass& bound, double expected, double infinite, double largest) {
  const double to_the_end = largest - (infinite > 0 ? expected : -expected);
  std::size_t rank = 0;
  while (rank < no_class && !(bound[rank] >= to_the_end)) ++rank;
  return rank;
}

double over(double error, double bound) {
  if (error == 0) return 0;
  return bound > 0 ? error / bound : infinity;
}

std::optional<theory::StabilityClass> class_of(std::size_t rank) {
  if (rank >= no_class) return std::nullopt;
  return static_cast<theory::StabilityClass>(rank);
}

struct Compared {
  std::size_t index = 0;
  double expected = 0, got = 0, error = 0, bound = 0, ratio = -1;
  std::size_t rank = 0;  // no_class where it is in the bound of none
};

class OutputJudge {
 public:
  OutputJudge(const Case& described, const JudgedOutput& output)
      : case_(described), output_(output), unit_(unit_of(described, output.id)) {
    // One operation takes no root: it is given inv_std.
    root_may_vanish_ = described.eps < unit_.smallest && described.op != NORMPROOF_BN_TRAIN_BACKWARD;
  }

  void add(std::size_t i, const Expectation& expected, const DoubleDouble& got) {
    if (expected.kind == Expectation::Kind::open) return;
    if (expected.kind == Expectation::Kind::unchanged) return add_unchanged(i, expected.value, got);
    if (!isfinite(expected.value)) return add_not_finite(i, expected.value, got);
    if (!isfinite(got)) return add_infinity(i, expected, got);
    const double error = abs(got - expected.value).high();
    const double bound = conforming(expected.bound);
    const std::size_t rank = rank_of(expected.bound, error);
    rank_ = std::max(rank_, rank);
    if (!(bound < infinity)) return;
    take({i, expected.value.high(), got.high(), error, bound, over(error, bound), rank});
  }

  OutputFigures figures() const {
    OutputFigures figures;
    figures.output = output_.label();
    figures.compared = compared_;
    figures.worst_ulp = worst_ulp_;
    if (compared_ > 0) figures.meets = class_of(rank_);
    if (worst_.ratio < 0) return figures;
    figures.worst_over_bound = worst_.ratio;
    figures.worst_place = place(case_, output_.id, worst_.index);
    figures.expected = worst_.expected;
    figures.got = worst_.got;
    figures.bound = worst_.bound;
    return figures;
  }

  void add_findings_to(std::vector<Finding>& findings) const {
    if (beyond_ > 0) findings.push_back(value_finding());
    if (not_finite_ > 0) findings.push_back(not_finite_finding());
  }

  // Digits of the tensor: an error counts beside the largest value, not beside a value that cancelled.
  bool keeps_half_the_digits() const {
    return !is_tensor(output_.id) || largest_error_ <= std::sqrt(unit_.roundoff) * std::max(1.0, largest_);
  }

 private:
  void add_unchanged(std::size_t i, const DoubleDouble& before, const DoubleDouble& got) {
    const double error = same_bits(before, got) ? 0 : infinity;
    rank_ = std::max(rank_, error == 0 ? 0 : no_class);
    take({i, before.high(), got.high(), error, 0, over(error, 0), error == 0 ? 0 : no_class});
  }

  void add_not_finite(std::size_t i, const DoubleDouble& expected, const DoubleDouble& got) {
    ++compared_;
    if (isfinite(got)) take_not_finite(i, expected.high(), got.high(), no_class);
  }

  void add_infinity(std::size_t i, const Expectation& expected, const DoubleDouble& got) {
    const double bound = conforming(expected.bound);
    if (root_may_vanish_ && !(bound < infinity)) return;
    ++compared_;
    const std::size_t rank = rank_of_not_finite(expected, got.high());
    rank_ = std::max(rank_, rank);
    if (rank > static_cast<std::size_t>(conforming_class)) take_not_finite(i, expected.value.high(), got.high(), rank);
  }

  void take(const Compared& one) {
    ++compared_;
    if (one.ratio > worst_.ratio) worst_ = one;
    const double size = std::fabs(one.expected);
    // A unit in the last place is u|expected| at least: most values need no closer look.
    if (one.error > worst_ulp_ * unit_.roundoff * size && one.error > 0)
      worst_ulp_ = std::max(worst_ulp_, one.error / unit_in_the_last_place(one.expected, unit_));
    largest_ = std::max(largest_, size);
    largest_error_ = std::max(largest_error_, one.error);
    if (one.error <= one.bound) return;
    ++beyond_;
    if (one.rank > shown_.rank || (one.rank == shown_.rank && one.ratio > shown_.ratio)) shown_ = one;
  }

  // NaN came of a number that may be anything, such as the root of a variance below 0: in a class without a bound.
  std::size_t rank_of_not_finite(const Expectation& expected, double got) const {
    if (!(conforming(expected.bound) < infinity)) return no_class;
    if (std::isnan(got)) return rank_of(expected.bound, infinity);
    return rank_of_infinity(expected.bound, expected.value.high(), got, unit_.largest);
  }

  void take_not_finite(std::size_t i, double expected, double got, std::size_t rank) {
    if (not_finite_ == 0 || rank > shown_not_finite_.rank) {
      shown_not_finite_ = {i, expected, got};
      shown_not_finite_.rank = rank;
    }
    ++not_finite_;
    largest_error_ = infinity;
  }

  std::string number(double value) const { return number_in_words(case_, output_.id, value); }
  std::string more(std::int64_t count, const char* what) const {
    return count <= 1 ? "" : fmt::format("; {} of {} {}", count, compared_, what);
  }
  std::string at(std::size_t i) const { return fmt::format("{} at {}", output_.label(), place(case_, output_.id, i)); }

  Finding value_finding() const {
    Finding finding{Finding::Kind::value, output_.label(), place(case_, output_.id, shown_.index), ""};
    finding.words =
        fmt::format("{}: expected {}, got {}", at(shown_.index), number(shown_.expected), number(shown_.got));
    finding.words += shown_.bound == 0 ? ", must not change" : ", bound " + bound_in_words(shown_.error, shown_.bound);
    finding.words += more(beyond_, "are beyond their bounds");
    finding.expected = shown_.expected;
    finding.got = shown_.got;
    finding.bound = shown_.bound;
    finding.meets = class_of(shown_.rank);
    return finding;
  }

  Finding not_finite_finding() const {
    const Compared& one = shown_not_finite_;
    Finding finding{Finding::Kind::nonfinite, output_.label(), place(case_, output_.id, one.index), ""};
    finding.words = std::isfinite(one.expected)
                        ? fmt::format("{}: expected {}, got {}", at(one.index), number(one.expected), number(one.got))
                        : fmt::format("{}: expected a NaN or an infinity, got {}", at(one.index), number(one.got));
    finding.words += more(not_finite_, "are so");
    finding.expected = one.expected;
    finding.got = one.got;
    finding.meets = class_of(one.rank);
    return finding;
  }

  const Case& case_;
  JudgedOutput output_;
  theory::Unit unit_;
  bool root_may_vanish_ = false;
  std::int64_t compared_ = 0, beyond_ = 0, not_finite_ = 0;
  std::size_t rank_ = 0;  // of the loosest class that is needed
  double worst_ulp_ = 0;
  double largest_ = 0, largest_error_ = 0;
  Compared worst_, shown_, shown_not_finite_;
};

}  // namespace

DoubleDouble value_of(const OutputValues& got, const JudgedOutput& output, std::size_t i) {
  const double value = got[output.id][i];
  if (!output.with_low || !std::isfinite(value)) return value;  // what is left of an overflow is anything
  return DoubleDouble::sum_of(value, got[output.low()][i]);
}

std::optional<theory::StabilityClass> class_met(const theory::BoundPerClass& bound, double error) {
  return class_of(rank_of(bound, error));
}

std::string number_in_words(const Case& described, OperandId output, double value) {
  return unit_of(described, output).roundoff > unit_of(NORMPROOF_F64).roundoff ? fmt::format("{:.9g}", value)
                                                                               : fmt::format("{:.17g}", value);
}

std::string bound_in_words(double error, double bound) {
  const double ratio = over(error, bound);
  if (!std::isfinite(ratio)) return fmt::format("{:.2g}", bound);
  constexpr double rounds_to_one = 1.05;  // in two digits: what is just beyond the bound would be 1 times the bound
  return ratio < rounds_to_one ? fmt::format("{:.2g} ({:.6g} times the bound)", bound, ratio)
                               : fmt::format("{:.2g} ({:.2g} times the bound)", bound, ratio);
}

double condition_of(const Case& described, const Oracle& oracle) {
  double condition = 0;
  if (described.per_channel() == 0) return condition;
  for (std::int64_t c = 0; c < described.channels; ++c)
    if (oracle[c].facts.finite) condition = std::max(condition, oracle[c].facts.condition());
  return condition;
}

void merge_into(OutputFigures& all, const OutputFigures& more) {
  if (more.compared == 0) return;
  OutputFigures merged = all.compared == 0 || more.worst_over_bound > all.worst_over_bound ? more : all;
  merged.worst_ulp = std::max(all.worst_ulp, more.worst_ulp);
  if (all.compared > 0)
    merged.meets = all.meets && more.meets ? std::optional(std::max(*all.meets, *more.meets)) : std::nullopt;
  merged.compared = all.compared + more.compared;
  all = std::move(merged);
}

Judgement judge(const Case& described, const InputValues& inputs, const Oracle& oracle, const OutputValues& got) {
  Judgement judgement;
  const Expectations expectations(described, inputs, oracle, got);
  for (const JudgedOutput& output : judged_outputs(described)) {
    OutputJudge judge_of(described, output);
    expectations.visit(output, [&](std::size_t i, const Expectation& expected) {
      judge_of.add(i, expected, value_of(got, output, i));
    });
    judge_of.add_findings_to(judgement.findings);
    judgement.outputs.push_back(judge_of.figures());
    judgement.keeps_half_the_digits = judgement.keeps_half_the_digits && judge_of.keeps_half_the_digits();
  }
  return judgement;
}

}  // namespace normproof::conformance
