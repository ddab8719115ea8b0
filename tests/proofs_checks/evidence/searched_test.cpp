// Does the search see what it must see, and keep quiet where there is nothing?
#include "proofs_checks/evidence/searched.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "proofs_checks/evidence/comparison.hpp"
#include "proofs_checks/evidence/property.hpp"
#include "tests/proofs_checks/evidence/sample_readings.hpp"

namespace normproof::evidence {
namespace {

Settings quick(std::uint64_t seed = 0) {
  Settings settings;
  settings.effort = Effort::quick;
  settings.seed = seed;
  return settings;
}

SearchOutcome searched(const Reading& reading, const Settings& settings = quick()) {
  return search("a_claim", reading, samples::record_all(reading), settings);
}

const Evidence& graded(const SearchOutcome& outcome, Grade grade) {
  for (const Evidence& evidence : outcome.evidence)
    if (evidence.grade == grade) return evidence;
  throw std::logic_error("no such evidence");
}

template <class T>
T detail(const Evidence& evidence, const std::string& name) {
  for (const Detail& each : evidence.details)
    if (each.first == name) return std::get<T>(each.second);
  throw std::logic_error("no such detail");
}

std::string without_seconds(const SearchOutcome& outcome) {
  std::string text = outcome.violation;
  for (const Evidence& evidence : outcome.evidence) {
    text += evidence.method + std::to_string(evidence.cases) + "," + std::to_string(evidence.degenerate) + "," +
            std::to_string(evidence.outside) + ";";
    for (const Detail& each : evidence.details) {
      text += each.first + "=";
      if (const auto* number = std::get_if<double>(&each.second)) {
        char buffer[64];
        std::snprintf(buffer, sizeof buffer, "%a", *number);
        text += buffer;
      } else if (const auto* words = std::get_if<std::string>(&each.second)) {
        text += *words;
      } else {
        text += std::to_string(std::get<long>(each.second));
      }
    }
  }
  return text;
}

TEST(Search, supports_a_true_identity_and_finds_its_planted_violation) {
  const SearchOutcome outcome = searched(samples::compact_equals_chain());
  EXPECT_FALSE(outcome.violated) << outcome.violation;
  EXPECT_TRUE(outcome.planted_found);
  const Evidence& evidence = graded(outcome, Grade::searched);
  EXPECT_TRUE(evidence.supports);
  EXPECT_GT(evidence.cases, 300);
  EXPECT_GT(evidence.degenerate, 0);  // batches of one
  const Evidence& in_double = graded(outcome, Grade::derived_bound);
  EXPECT_TRUE(in_double.supports);
  EXPECT_GT(in_double.cases, 200);
  EXPECT_GT(detail<long>(in_double, "oracle_entries"), 0);
  EXPECT_EQ(detail<long>(in_double, "oracle_disagreements"), 0);
}

TEST(Search, compares_a_side_that_vanishes_by_cancellation) {
  const SearchOutcome outcome = searched(samples::gradient_sums_to_zero());
  EXPECT_FALSE(outcome.violated) << outcome.violation;
  EXPECT_TRUE(outcome.planted_found);
  EXPECT_GT(graded(outcome, Grade::searched).cases, 50);
}

TEST(Search, refutes_an_identity_that_is_off_by_a_millionth) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const SearchOutcome outcome = searched(samples::compact_off_by(1), quick(seed));
    EXPECT_TRUE(outcome.violated);
    EXPECT_FALSE(graded(outcome, Grade::searched).supports);
    EXPECT_GT(graded(outcome, Grade::searched).cases, 0);
    EXPECT_EQ(outcome.worst_input.size(),
              record_reading(samples::compact_off_by(1), outcome.worst_sizes).variables.size());
  }
}

TEST(Search, sees_a_violation_in_plain_double_too_where_rounding_does_not_hide_it) {
  const Evidence in_double = graded(searched(samples::square_of_sum(1)), Grade::derived_bound);
  EXPECT_FALSE(in_double.supports);
  EXPECT_GE(in_double.cases, 1);
}

TEST(Search, shrinks_a_violation_to_plain_data_of_the_smallest_size_that_shows_it) {
  const SearchOutcome outcome = searched(samples::compact_off_by(1000));
  EXPECT_TRUE(outcome.violated);
  EXPECT_LE(outcome.worst_sizes.batch * outcome.worst_sizes.channels, 6);
  EXPECT_NE(outcome.violation.find("plain"), std::string::npos) << outcome.violation;
}

TEST(Search, refutes_what_fails_only_because_of_eps) {
  EXPECT_TRUE(searched(samples::x_hat_has_unit_variance()).violated);
}

TEST(Search, supports_a_true_inequality_and_comes_close_to_equality) {
  const SearchOutcome outcome = searched(samples::square_of_sum(0));
  EXPECT_FALSE(outcome.violated) << outcome.violation;
  EXPECT_TRUE(outcome.planted_found);
  EXPECT_LT(detail<double>(graded(outcome, Grade::searched), "smallest_margin"), 1e-6);
}

TEST(Search, refutes_a_false_inequality) { EXPECT_TRUE(searched(samples::square_of_sum(1)).violated); }

TEST(Search, climbs_to_a_violation_that_sampling_misses) {
  // (x − 3)² + (y − 5)² ≥ 1e-9: false in a disc of radius 3e-5, which no random case meets.
  Reading reading;
  reading.id = "printed";
  reading.relation = Relation::at_most;
  reading.inputs = {{"x", Role::weight, Dimension::one, Dimension::one},
                    {"y", Role::weight, Dimension::one, Dimension::one}};
  reading.sizes = {Sizes()};
  reading.left.formula = [](const Inputs&) { return Values{Number(1) / Number(1'000'000'000)}; };
  reading.right.formula = [](const Inputs& inputs) {
    const Number dx = inputs.scalar("x") - 3, dy = inputs.scalar("y") - 5;
    return Values{dx * dx + dy * dy};
  };
  Settings settings = quick();
  settings.effort = Effort::standard;
  const SearchOutcome outcome = searched(reading, settings);
  EXPECT_TRUE(outcome.violated);
  EXPECT_NE(outcome.violation.find("climbing"), std::string::npos) << outcome.violation;
}

// l ≤ r for one entry in `variables` numbers w_1, w_2, … of one role.
using Weights = std::vector<Number>;
struct TwoSides {
  Number left, right;
};
Reading inequality(std::size_t variables, std::function<TwoSides(const Weights&)> sides, Role role = Role::weight) {
  Reading reading;
  reading.id = "printed";
  reading.relation = Relation::at_most;
  reading.sizes = {Sizes()};
  const auto name = [](std::size_t k) { return "w_" + std::to_string(k + 1); };
  for (std::size_t k = 0; k < variables; ++k) reading.inputs.push_back({name(k), role});
  const auto at = [=](const Inputs& inputs) {
    Weights w;
    for (std::size_t k = 0; k < variables; ++k) w.push_back(inputs.scalar(name(k)));
    return sides(w);
  };
  reading.left.formula = [at](const Inputs& inputs) { return Values{at(inputs).left}; };
  reading.right.formula = [at](const Inputs& inputs) { return Values{at(inputs).right}; };
  return reading;
}

Number square(const Number& a) { return a * a; }
Number ten_to_minus(int exponent) {
  Number power(1);
  for (int k = 0; k < exponent; ++k) power = power / Number(10);
  return power;
}

struct FalseInequality {
  const char* words;
  Reading reading;
};

// Each is false in a region that drawn cases do not meet, most by a relative 1e-9 … 1e-13 of its sides.
std::vector<FalseInequality> narrowly_false() {
  std::vector<FalseInequality> all;
  const auto add = [&](const char* words, std::size_t variables, std::function<TwoSides(const Weights&)> sides) {
    all.push_back({words, inequality(variables, std::move(sides))});
  };
  add("a disc of radius 1e-6 around a number of eight digits", 2, [](const Weights& w) {
    return TwoSides{Number(0), square(w[0] - Number(31415926) / Number(10'000'000)) - ten_to_minus(12)};
  });
  add("2ab ≤ a² + b² less a 1e-12th, near a line", 2, [](const Weights& w) {
    const Number a = 3 * w[0], b = 7 * w[1];
    return TwoSides{2 * a * b * (1 + ten_to_minus(12)), a * a + b * b};
  });
  add("the same at equal squares of an irrational ratio, less a 1e-25th: below any double's rounding", 2,
      [](const Weights& w) {
        const Number a = square(w[0]), b = 2 * square(w[1]);
        return TwoSides{2 * a * b, (a * a + b * b) * (1 - ten_to_minus(25))};
      });
  add("2ab ≤ (a² + b²)(1 + (c − 17)²) less a 1e-12th", 3, [](const Weights& w) {
    const Number a = 3 * w[0], b = 7 * w[1];
    return TwoSides{2 * a * b * (1 + ten_to_minus(12)), (a * a + b * b) * (1 + square(w[2] - 17))};
  });
  add("the means of five numbers, less a 1e-12th", 5, [](const Weights& w) {
    Number product(1), sum(0);
    for (std::size_t k = 0; k < w.size(); ++k) {
      const Number a = Number(static_cast<int>(k) + 1) * square(w[k]);
      product *= a;
      sum += a;
    }
    return TwoSides{3125 * product * (1 + ten_to_minus(12)), square(square(sum)) * sum};
  });
  add("Motzkin's polynomial, less a 1e-10th, against 0", 3, [](const Weights& w) {
    const Number x = square(w[0]), y = 2 * square(w[1]), z = 3 * square(w[2]);
    return TwoSides{Number(0), x * x * y + x * y * y + z * z * z - 3 * x * y * z * (1 + ten_to_minus(10))};
  });
  add("Jensen's inequality with weights in six variables, less a 1e-11th", 6, [](const Weights& w) {
    const Number first = w[0] + 2 * w[1] + 3 * w[2], second = square(w[0]) + 2 * square(w[1]) + 3 * square(w[2]);
    return TwoSides{square(first) * (1 + ten_to_minus(11)),
                    6 * second + square(w[3] - w[4] + 4 * w[5]) * square(first)};
  });
  add("Nesbitt's inequality, less a 1e-11th, at a = 17", 3, [](const Weights& w) {
    const Number a = square(w[0]), b = square(w[1]), c = square(w[2]);
    return TwoSides{Number(3) / 2 * (1 + ten_to_minus(11)),
                    a / (b + c) + b / (c + a) + c / (a + b) + square(w[0] - 17) / 100};
  });
  add("a sum of tanh that vanishes, less a 1e-11th", 4, [](const Weights& w) {
    const Number sum = tanh(w[0]) + tanh(w[1]) + tanh(w[2]) - Number(3) / 2;
    return TwoSides{Number(2), 2 - ten_to_minus(11) + square(sum) + square(w[0] - 2 * w[1]) + square(w[3] * w[2] - 1)};
  });
  add("a ball of radius 1e-3 a million away", 3, [](const Weights& w) {
    return TwoSides{ten_to_minus(6), square(w[0] - 1'000'000) + square(w[1] + 200'000) + square(w[2] - w[0])};
  });
  add("a bent valley, its floor 1e9 times flatter than its walls", 2, [](const Weights& w) {
    return TwoSides{ten_to_minus(13),
                    square(square(w[0]) + square(w[1]) - 1) + ten_to_minus(9) * square(w[0] - Number(3) / 5)};
  });
  add("a bent valley that leads far away", 2, [](const Weights& w) {
    return TwoSides{ten_to_minus(12), square(20 - w[0]) + 1'000'000 * square(w[1] - square(w[0]))};
  });
  add("a bent valley with no squares to be seen", 2, [](const Weights& w) {
    const Number h = w[1] - square(w[0]);
    return TwoSides{2 + ten_to_minus(12), exp(h) + exp(-h) + ten_to_minus(7) * square(w[0] - 4)};
  });
  add("the foot of a perpendicular that a hypothesis only just leaves in", 3, [](const Weights& w) {
    return TwoSides{Number(1), square(w[0]) + square(w[1]) + square(w[2] - w[1] - 2) - ten_to_minus(11)};
  });
  Hypothesis half_plane;
  half_plane.positive = [](const Inputs& inputs) {
    return inputs.scalar("w_1") + 2 * inputs.scalar("w_2") - sqrt(Number(5));
  };
  all.back().reading.hypotheses = {half_plane};
  return all;
}

TEST(Search, climbs_along_slopes_to_violations_that_drawing_misses) {
  for (const FalseInequality& each : narrowly_false()) {
    for (std::uint64_t seed = 0; seed < 3; ++seed) {
      const SearchOutcome outcome = searched(each.reading, quick(seed));
      EXPECT_TRUE(outcome.violated) << each.words << ", seed " << seed;
      // It was not a drawn case, nor one without slopes, that found it.
      EXPECT_NE(outcome.violation.find("climbing"), std::string::npos) << each.words << ": " << outcome.violation;
      EXPECT_EQ(detail<long>(graded(outcome, Grade::searched), "climbs_without_gradient"), 0) << each.words;
    }
  }
}

TEST(Search, climbs_to_a_violation_on_a_kink) {
  const Reading reading = inequality(2, [](const Weights& w) {
    const Number a = w[0] - 3 * w[1] - 1, b = w[1] + w[0] - Number(7) / 3;
    return TwoSides{Number(2), 2 - ten_to_minus(9) + relu(a) + relu(-a) + relu(b) + relu(-b)};
  });
  for (std::uint64_t seed = 0; seed < 3; ++seed) EXPECT_TRUE(searched(reading, quick(seed)).violated);
}

TEST(Search, climbs_without_slopes_besides_where_there_are_kinks) {
  const Reading reading = inequality(2, [](const Weights& w) {
    return TwoSides{relu(w[0] + w[1]), relu(w[0]) + relu(w[1])};
  });
  const SearchOutcome outcome = searched(reading);
  EXPECT_FALSE(outcome.violated) << outcome.violation;
  EXPECT_GT(detail<long>(graded(outcome, Grade::searched), "climbs_by_gradient"), 0);
  EXPECT_GT(detail<long>(graded(outcome, Grade::searched), "climbs_without_gradient"), 0);
}

TEST(Search, stays_blind_to_a_needle_on_flat_ground) {
  // exp(−10⁹ d²) ≤ 1/2 fails within 3e-5 of a point, and is flat beyond 1e-3 of it. searched.hpp says so.
  const SearchOutcome outcome = searched(inequality(2, [](const Weights& w) {
    const Number distance = square(w[0] - Number(1) / 3) + square(w[1] - 2);
    return TwoSides{exp(-1'000'000'000 * distance), Number(1) / 2};
  }));
  EXPECT_FALSE(outcome.violated);
}

TEST(Search, does_not_climb_out_of_the_hypotheses) {
  Reading reading = inequality(2, [](const Weights& w) { return TwoSides{Number(1), w[0] * w[1]}; });
  Hypothesis beyond;
  beyond.positive = [](const Inputs& inputs) { return inputs.scalar("w_1") * inputs.scalar("w_2") - 1; };
  reading.hypotheses = {beyond};
  const SearchOutcome outcome = searched(reading);
  EXPECT_FALSE(outcome.violated) << outcome.violation;
  EXPECT_LT(detail<double>(graded(outcome, Grade::searched), "tightest_slack"), 1e-6);  // up to the edge

  const auto mixes = [](const Weights& w) { return TwoSides{Number(0), w[0] * (1 - w[0]) + w[0] * w[1]}; };
  const SearchOutcome of_rates = searched(inequality(2, mixes, Role::rate));
  EXPECT_FALSE(of_rates.violated) << of_rates.violation;
  const auto sums = [](const Weights& w) { return TwoSides{-w[0], square(w[1] - 3)}; };
  const SearchOutcome of_variances = searched(inequality(2, sums, Role::variance));
  EXPECT_FALSE(of_variances.violated) << of_variances.violation;
}

TEST(Search, reports_the_tightest_instance_of_an_inequality_and_how_its_slack_is_spread) {
  // The slack (r − l)/(l + r) of 1 ≤ 2 + (w − 5)² + v² is at least 1/3, at w = 5, v = 0.
  const SearchOutcome outcome = searched(inequality(2, [](const Weights& w) {
    return TwoSides{Number(1), 2 + square(w[0] - 5) + square(w[1])};
  }));
  const Evidence& evidence = graded(outcome, Grade::searched);
  const double least = 1.0 / 3;
  EXPECT_NEAR(detail<double>(evidence, "tightest_slack"), least, 1e-12);
  EXPECT_EQ(detail<std::string>(evidence, "tightest_left"), "1");
  EXPECT_EQ(detail<std::string>(evidence, "tightest_right").substr(0, 1), "2");
  EXPECT_NE(detail<std::string>(evidence, "tightest_found").find("climbing"), std::string::npos);
  const std::string inputs = detail<std::string>(evidence, "tightest_inputs");
  ASSERT_EQ(inputs.rfind("w_1 = ", 0), 0u) << inputs;
  EXPECT_NEAR(std::stod(inputs.substr(6)), 5, 1e-5);
  ASSERT_EQ(outcome.worst_input.size(), 2u);
  EXPECT_NEAR(outcome.worst_input[0], 5, 1e-5);
  EXPECT_GT(detail<long>(evidence, "slack_cases"), 300);
  double before = least;
  for (const char* name :
       {"slack_min", "slack_percentile_1", "slack_percentile_10", "slack_percentile_50", "slack_percentile_90"}) {
    EXPECT_GE(detail<double>(evidence, name), before) << name;
    before = detail<double>(evidence, name);
  }
  EXPECT_GT(detail<double>(evidence, "slack_percentile_90"), 0.9);  // the hostile cases are far away
}

TEST(Search, shows_a_dozen_inputs_of_the_tightest_instance_and_counts_the_rest) {
  const auto sum_of_squares = [](const Weights& w) {
    Number sum(0);
    for (const Number& each : w) sum += square(each);
    return TwoSides{Number(1), 2 + sum};
  };
  const std::string inputs =
      detail<std::string>(graded(searched(inequality(15, sum_of_squares)), Grade::searched), "tightest_inputs");
  EXPECT_EQ(std::count(inputs.begin(), inputs.end(), '='), 12) << inputs;
  EXPECT_NE(inputs.find("and 3 more"), std::string::npos) << inputs;
}

TEST(Search, speaks_of_no_slack_where_an_equality_is_claimed) {
  const SearchOutcome outcome = searched(samples::compact_equals_chain());
  for (const Detail& each : graded(outcome, Grade::searched).details) {
    EXPECT_EQ(each.first.rfind("slack", 0), std::string::npos) << each.first;
    EXPECT_EQ(each.first.rfind("tightest", 0), std::string::npos) << each.first;
  }
  EXPECT_EQ(detail<long>(graded(outcome, Grade::searched), "climbs_by_gradient"), 0);
}

TEST(Search, does_not_grade_itself_where_nothing_can_be_compared) {
  Reading reading = samples::compact_equals_chain();
  reading.sizes = {Sizes()};  // a batch of one: both sides vanish
  const SearchOutcome outcome = searched(reading);
  EXPECT_FALSE(outcome.planted_found);
  for (const Evidence& evidence : outcome.evidence) EXPECT_EQ(evidence.cases, 0);
  EXPECT_NE(graded(outcome, Grade::searched).method.find("not graded"), std::string::npos);
}

TEST(Search, counts_points_outside_the_hypotheses_and_never_compares_them) {
  Reading reading = samples::compact_off_by(1000);
  Hypothesis impossible;
  impossible.positive = [](const Inputs& inputs) { return -inputs.scalar("eps") - 1; };
  reading.hypotheses.push_back(impossible);
  const SearchOutcome outcome = searched(reading);
  EXPECT_FALSE(outcome.violated);
  EXPECT_EQ(graded(outcome, Grade::searched).cases, 0);
  EXPECT_GT(graded(outcome, Grade::searched).outside, 0);
}

TEST(Search, gives_the_same_from_several_threads_at_once_and_another_from_another_seed) {
  const Reading readings[] = {samples::compact_equals_chain(), samples::compact_off_by(1), samples::square_of_sum(0)};
  std::vector<std::string> alone, together(std::size(readings));
  for (const Reading& reading : readings) alone.push_back(without_seconds(searched(reading)));
  std::vector<std::thread> threads;
  for (std::size_t k = 0; k < std::size(readings); ++k)
    threads.emplace_back([&, k] { together[k] = without_seconds(searched(readings[k])); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(alone, together);
  EXPECT_NE(alone[0], without_seconds(searched(readings[0], quick(1))));
}

TEST(Search, is_deaf_to_the_configuration_of_rapidcheck) {
  const std::string before = without_seconds(searched(samples::compact_equals_chain()));
  ASSERT_EQ(setenv("RC_PARAMS", "seed=5 max_success=3 verbose_progress=1", 1), 0);
  testing::internal::CaptureStderr();
  testing::internal::CaptureStdout();
  const std::string after = without_seconds(searched(samples::compact_equals_chain()));
  EXPECT_EQ(testing::internal::GetCapturedStderr() + testing::internal::GetCapturedStdout(), "");
  unsetenv("RC_PARAMS");
  EXPECT_EQ(before, after);
}

TEST(Search, stops_when_it_is_interrupted) {
  const std::atomic<bool> stop = true;
  Settings settings = quick();
  settings.interrupted = &stop;
  const SearchOutcome outcome = searched(samples::compact_equals_chain(), settings);
  EXPECT_EQ(graded(outcome, Grade::searched).cases, 0);
}

TEST(Comparison, never_compares_a_nan) {
  const Reading reading = samples::compact_equals_chain();
  Sizes sizes;
  sizes.batch = 3;
  const RecordedReading recorded = record_reading(reading, sizes);
  Comparison comparison(recorded, reading.relation);
  std::vector<double> point(recorded.variables.size(), 1.0);
  point[0] = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(comparison.in_double(point).outcome, Outcome::outside);
  EXPECT_EQ(comparison.by_intervals(point).outcome, Outcome::outside);
  EXPECT_FALSE(comparison.planted_violation_shows());
}

TEST(Comparison, leaves_to_intervals_what_rounding_hides) {
  // (1e9 + x) − 1e9 = x: true, but not seen in double for x = 1e-6; and with x + x it is false and not seen either.
  for (const bool is_true : {true, false}) {
    Reading reading;
    reading.id = "printed";
    reading.inputs = {{"x", Role::weight, Dimension::one, Dimension::one}};
    reading.sizes = {Sizes()};
    reading.left.formula = [](const Inputs& inputs) {
      return Values{Number(1'000'000'000) + inputs.scalar("x") - Number(1'000'000'000)};
    };
    reading.right.formula = [is_true](const Inputs& inputs) {
      return Values{is_true ? inputs.scalar("x") * 1 : inputs.scalar("x") * 2};
    };
    const RecordedReading recorded = record_reading(reading, Sizes());
    Comparison comparison(recorded, Relation::equal);
    const std::vector<double> point = {1e-8};
    EXPECT_EQ(comparison.in_double(point).outcome, Outcome::undecided);
    EXPECT_EQ(comparison.by_intervals(point).outcome, is_true ? Outcome::compared : Outcome::violated);
  }
}

std::shared_ptr<DataSet> data_set(int batches, int rows, int columns) {
  auto data = std::make_shared<DataSet>();
  data->name = "waves";
  for (int k = 0; k < batches; ++k) {
    DataBatch batch;
    batch.name = "batch " + std::to_string(k);
    batch.activations = Eigen::ArrayXXd(rows, columns);
    for (int i = 0; i < rows; ++i)
      for (int j = 0; j < columns; ++j) batch.activations(i, j) = j == 0 ? 0 : std::sin(1.0 + k + 7 * i + 3 * j);
    data->batches.push_back(batch);
  }
  return data;
}

TEST(Search, compares_a_claim_about_a_batch_on_every_batch_of_data) {
  Settings settings = quick();
  settings.effort = Effort::standard;
  settings.data = data_set(12, 16, 4);
  const SearchOutcome outcome = searched(samples::compact_equals_chain(), settings);
  ASSERT_EQ(outcome.evidence.size(), 3u);
  EXPECT_EQ(outcome.evidence[2].grade, Grade::derived_bound);
  EXPECT_EQ(outcome.evidence[2].cases, 12);
  EXPECT_NE(outcome.evidence[2].method.find("waves"), std::string::npos);
  EXPECT_NE(outcome.evidence[2].method.find("stand-in"), std::string::npos);
}

TEST(Search, finds_a_violation_on_data) {
  Settings settings = quick();
  settings.data = data_set(3, 16, 4);
  const SearchOutcome outcome = searched(samples::compact_off_by(10), settings);
  ASSERT_EQ(outcome.evidence.size(), 3u);
  EXPECT_FALSE(outcome.evidence[2].supports);
  EXPECT_GT(outcome.evidence[2].cases, 0);
}

TEST(Search, feeds_single_columns_where_the_reading_has_one_channel) {
  Settings settings = quick();
  settings.data = data_set(5, 16, 4);
  const SearchOutcome outcome = searched(samples::square_of_sum(0), settings);
  ASSERT_EQ(outcome.evidence.size(), 3u);
  // Three of the four columns are not constant zero.
  EXPECT_EQ(outcome.evidence[2].cases, 15);
  EXPECT_EQ(outcome.evidence[2].degenerate, 5);
}

TEST(Search, leaves_data_out_where_the_reading_asks_for_a_square_batch) {
  Settings settings = quick();
  settings.data = data_set(5, 16, 4);
  Reading reading = samples::compact_equals_chain();
  Sizes square;
  square.batch = square.channels = 3;
  reading.sizes = {square};
  const SearchOutcome outcome = searched(reading, settings);
  ASSERT_EQ(outcome.evidence.size(), 3u);
  EXPECT_EQ(outcome.evidence[2].cases, 0);
  EXPECT_NE(outcome.evidence[2].method.find("left out"), std::string::npos);
}

TEST(Property, counts_what_passed_and_shrinks_what_failed) {
  int last_failing = 0;
  const auto generate = [](const rc::Random& random, int) {
    rc::Random copy = random;
    const auto halve = [](int value) {
      return rc::seq::fromContainer(value > 0 ? std::vector<int>{value / 2, value - 1} : std::vector<int>{});
    };
    return rc::shrinkable::shrinkRecur(static_cast<int>(copy.next() % 1000), halve);
  };
  const PropertyRun failed = hold_for_all(
      rc::Gen<int>(generate),
      [&](int value) {
        if (value >= 10) last_failing = value;
        return value < 10;
      },
      4, 50);
  EXPECT_TRUE(failed.failed);
  EXPECT_EQ(last_failing, 10);
  const PropertyRun passed = hold_for_all(
      rc::Gen<int>(generate), [](int) { return true; }, 4, 50);
  EXPECT_FALSE(passed.failed);
  EXPECT_EQ(passed.passed, 50);
}

}  // namespace
}  // namespace normproof::evidence
