// Which experiments of the papers are there, which are built, and with which parameters do they run?
//
// An experiment says which measurements it wants, and what follows from them; `normproof reproduce` parses its
// parameters, makes the measurements on every thread and rank, keeps them in a journal, and writes its figures.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proofs_checks/evidence/measurements.hpp"
#include "proofs_checks/evidence/settings.hpp"
#include "proofs_checks/report/catalogue_view.hpp"
#include "proofs_checks/report/figure.hpp"

namespace normproof::cli {

struct Parameter {
  std::string name, description;
  std::string fallback;  // in words, what it is where nobody sets it: "the grid"
  // What was to be expected instead of this value; empty where it is a good one.
  std::function<std::string(const std::string& value)> check;
};

// A decimal number in (0, 1].
Parameter unit_interval_parameter(std::string name, std::string description, std::string fallback);
// A whole number, at least and at most so large.
Parameter whole_number_parameter(std::string name, std::string description, std::string fallback, std::uint64_t least,
                                 std::uint64_t most);

// Values that were set and are good ones.
class ParameterValues {
 public:
  ParameterValues() = default;
  explicit ParameterValues(std::map<std::string, std::string> values) : values_(std::move(values)) {}

  std::optional<double> number(const std::string& name) const;
  std::optional<std::uint64_t> whole_number(const std::string& name) const;
  std::optional<std::string> text(const std::string& name) const;

 private:
  std::map<std::string, std::string> values_;
};

struct ExperimentCall {
  ParameterValues parameters;
  evidence::Settings settings;                // with the store of measurements; data is null unless --data was given
  std::optional<std::filesystem::path> data;  // that folder, for what is read from it in another form
  int jobs = 1;
  // For work beyond the measurements: "3 of 14 points".
  std::function<void(std::size_t finished, std::size_t total, const std::string& what)> progress;
};

struct ExperimentResult {
  std::vector<report::Table> tables;
  std::vector<report::Figure> figures;
  int status = 0;  // exit_agrees, or exit_differs where what is concluded is not what was measured
};

struct Experiment {
  std::string id, source, conclusion;
  std::vector<Parameter> parameters = {};
  // Throws UsageError where parameters and data do not go together, before anything is written. May be empty.
  std::function<void(const ExperimentCall&)> check = {};
  // All that can be measured beforehand; settings.measurements knows it when `run` is called. May be empty.
  std::function<std::vector<evidence::MeasurementTask>(const ExperimentCall&)> tasks = {};
  // Throws Interrupted where it was. Empty: the experiment is not built.
  std::function<ExperimentResult(const ExperimentCall&)> run = {};

  bool built() const { return run != nullptr; }
};

std::vector<Experiment> experiments();

// Throws UsageError for a parameter that the experiment does not have, a value that is not one of its values, and a
// parameter that is set twice.
ParameterValues checked_parameters(const Experiment& experiment,
                                   const std::vector<std::pair<std::string, std::string>>& set);

// For `list --experiments`.
std::string list_view(const std::vector<Experiment>& experiments);
// `checks`: null where they were not asked for.
std::string list_json(const std::vector<Experiment>& experiments, const std::vector<report::ListedCheck>* checks);

}  // namespace normproof::cli
