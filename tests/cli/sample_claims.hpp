// Which claims and experiments measure something so cheap that tests can count, interrupt and compare the measuring?
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "proofs_checks/claim.hpp"
#include "proofs_checks/cli/program.hpp"
#include "proofs_checks/growth.hpp"

namespace normproof::cli {

inline constexpr int points_of_sample = 12;

inline Claim sample_claim() {
  Claim claim;
  claim.title = "A sentence";
  Reading reading;
  reading.id = "printed";
  reading.statement = "left = right";
  claim.readings = {reading};
  return claim;
}

// Called before each measurement, with its key: to count it, to take time, to interrupt, to fail.
using BeforeMeasuring = std::function<void(const std::string& key)>;

inline std::string sample_key(const std::string& id, int point, const evidence::Settings& settings) {
  return id + "/point=" + std::to_string(point) + "/seed=" + std::to_string(settings.seed) + "/" +
         evidence::word(settings.effort);
}

// Every kind of double that a journal must bring back.
inline evidence::Measured sample_numbers(int point) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return {std::sqrt(point + 2.0) / 3,
          -0.0,
          std::numeric_limits<double>::denorm_min(),
          point % 2 == 0 ? infinity : -infinity,
          std::numeric_limits<double>::quiet_NaN(),
          1e22 * point};
}

inline MeasurementTasks sample_tasks(const BeforeMeasuring& before) {
  return [before](const std::string& id, const Claim&, const evidence::Settings& settings) {
    std::vector<evidence::MeasurementTask> tasks;
    for (int point = 0; point < points_of_sample; ++point) {
      const std::string key = sample_key(id, point, settings);
      const auto measure = [before, key, point, interrupted = settings.interrupted] {
        before(key);
        if (interrupted != nullptr && interrupted->load()) throw Interrupted{};
        return sample_numbers(point);
      };
      tasks.push_back({key, measure, point + 1.0});
    }
    return tasks;
  };
}

// The reading holds; what was measured goes into its evidence, and so does one point that no task named.
inline Decide sample_decide(const BeforeMeasuring& before) {
  return [before](const std::string& id, const Claim& claim, const evidence::Settings& settings) {
    Evidence exact;
    exact.grade = Grade::exact;
    exact.cases = points_of_sample;
    for (int point = 0; point <= points_of_sample; ++point) {
      const std::string key = sample_key(id, point, settings);
      const auto measure = [&] {
        before(key);
        return sample_numbers(point);
      };
      double sum = 0;
      int place = 0;
      for (const double number : settings.measurements ? settings.measurements->of(key, measure) : measure()) {
        exact.details.emplace_back(key + "/" + std::to_string(place++), number);
        if (std::isfinite(number)) sum += number;
      }
      exact.details.emplace_back(key, sum);
    }
    ReadingReport decided;
    decided.id = claim.readings[0].id;
    decided.statement = claim.readings[0].statement;
    decided.verdict = Verdict::holds;
    decided.evidence = {exact};
    ClaimReport report;
    report.id = id;
    report.title = claim.title;
    report.readings = {decided};
    return report;
  };
}

inline Experiment sample_experiment(const BeforeMeasuring& before) {
  Experiment experiment;
  experiment.id = "sample_curve";
  experiment.source = "a test";
  experiment.conclusion = "The curve is where it is.";
  experiment.parameters = {unit_interval_parameter("gamma", "where", "everywhere"),
                           whole_number_parameter("K", "how far", "12", 1, 1000)};
  experiment.tasks = [before](const ExperimentCall& call) {
    const std::string id = "sample_curve/K=" + std::to_string(call.parameters.whole_number("K").value_or(0));
    return sample_tasks(before)(id, Claim{}, call.settings);
  };
  experiment.run = [tasks = experiment.tasks](const ExperimentCall& call) {
    report::Figure figure;
    figure.name = "curve";
    figure.columns = {"point", "value, measured"};
    int point = 0;
    for (const evidence::MeasurementTask& task : tasks(call)) {
      const evidence::Measured numbers = call.settings.measurements->of(task.key, task.measure);
      figure.rows.push_back({std::to_string(point++), std::to_string(numbers[0])});
    }
    figure.gnuplot_script = "plot data using 1:2 skip 1 with lines title 'curve'";
    const double gamma = call.parameters.number("gamma").value_or(-1);
    report::Table table{"the curve", {"gamma", "points"}, {{std::to_string(gamma), std::to_string(point)}}};
    return ExperimentResult{{table}, {figure}, exit_agrees};
  };
  return experiment;
}

inline Program sample_program(const BeforeMeasuring& before, std::shared_ptr<Ranks> ranks) {
  Experiment later;
  later.id = "sample_later";
  return {{{"mc_a", sample_claim}, {"mc_b", sample_claim}, {"mc_c", sample_claim}},
          sample_decide(before),
          sample_tasks(before),
          {sample_experiment(before), later},
          std::move(ranks)};
}

}  // namespace normproof::cli
