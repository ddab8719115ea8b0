// Which experiments of the papers are there, which are built, and with which parameters do they run?
#include "proofs_checks/cli/experiments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "proofs_checks/cli/options.hpp"
#include "proofs_checks/cli/selection.hpp"
#include "proofs_checks/experiments/built.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::cli {
namespace {

using Json = nlohmann::ordered_json;

template <class Number>
std::optional<Number> whole_word(const std::string& text) {
  Number value = 0;
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || last != end) return std::nullopt;
  return value;
}

}  // namespace

Parameter unit_interval_parameter(std::string name, std::string description, std::string fallback) {
  const auto check = [](const std::string& value) -> std::string {
    const std::optional<double> number = whole_word<double>(value);
    return number && *number > 0 && *number <= 1 ? "" : "a number in (0, 1]";
  };
  return {std::move(name), std::move(description), std::move(fallback), check};
}

Parameter whole_number_parameter(std::string name, std::string description, std::string fallback, std::uint64_t least,
                                 std::uint64_t most) {
  const auto check = [least, most](const std::string& value) -> std::string {
    const std::optional<std::uint64_t> number = whole_word<std::uint64_t>(value);
    return number && *number >= least && *number <= most ? ""
                                                         : fmt::format("a whole number from {} to {}", least, most);
  };
  return {std::move(name), std::move(description), std::move(fallback), check};
}

std::optional<double> ParameterValues::number(const std::string& name) const {
  const auto value = values_.find(name);
  return value == values_.end() ? std::nullopt : whole_word<double>(value->second);
}

std::optional<std::uint64_t> ParameterValues::whole_number(const std::string& name) const {
  const auto value = values_.find(name);
  return value == values_.end() ? std::nullopt : whole_word<std::uint64_t>(value->second);
}

std::optional<std::string> ParameterValues::text(const std::string& name) const {
  const auto value = values_.find(name);
  return value == values_.end() ? std::nullopt : std::optional<std::string>(value->second);
}

std::vector<Experiment> experiments() {
  return {
      normproof::experiments::theorem2_map(),
      normproof::experiments::lemma1_rates(),
      normproof::experiments::gdnp_convergence(),
      normproof::experiments::gradient_explosion(),
      {"batch_of_one_overfits", "LL19 Fig. 1",
       "With batch size 1 the training loss falls and the test loss rises, on the three given samples."},
      {"large_variation_breaks_bn", "LL19 Fig. 3",
       "Logistic regression with BN stalls where the plain one learns (10000 × 1000, 1000 classes, batch 20)."},
      {"unshuffled_batches_break_bn", "LL19 Figs 4, 5",
       "With few labels a batch, FN's test loss beats BN's while the training losses are comparable."},
      {"shuffled_batches_match", "LL19 Figs 7, 8", "On shuffled batches BN and FN agree."},
      {"batch_size_sensitivity", "LL19 Figs 2, 9",
       "FN's limit depends less on the batch size than BN's; the smaller the batch, the worse BN."},
      {"ics_not_reduced", "SAN18 Fig. 3", "The internal covariate shift of BN networks is not smaller."},
      {"noisy_bn_still_trains", "SAN18 Figs 1c, 2",
       "Noise after BN leaves the training speed intact, though its distributions are less stable than the plain "
       "network's; the same noise stops the plain network."},
      {"landscape_is_smoother", "SAN18 Fig. 4",
       "Loss variation, gradient predictiveness and effective β-smoothness along the gradient are better with BN."},
      {"lp_norms_train_as_well", "SAN18 §3.3",
       "ℓ1, ℓ2 and ℓ∞ normalization train as well with a larger distribution shift; ℓ1 beats BN on the deep linear "
       "network."},
      {"bn_widens_learning_rates", "SAN18 §3.1; NOTE15",
       "With BN the largest stable learning rate and the range of initial scales that train are larger."},
      {"sigmoid_trains_with_bn", "NOTE15", "A deep sigmoid network trains with BN and not without."},
      {"bn_noise_regularizes", "NOTE15; WIKI",
       "The conditional variance of one sample's output is O(1/m); its effect on the test loss."},
      {"imagenet_speedup", "NOTE15", "Not checkable on one CPU."},
      {"resnet18_cifar", "LL19 Fig. 2", "Not checkable on one CPU."},
  };
}

ParameterValues checked_parameters(const Experiment& experiment,
                                   const std::vector<std::pair<std::string, std::string>>& set) {
  std::map<std::string, std::string> values;
  for (const auto& [name, value] : set) {
    const auto parameter = std::find_if(experiment.parameters.begin(), experiment.parameters.end(),
                                        [&name = name](const Parameter& candidate) { return candidate.name == name; });
    if (parameter == experiment.parameters.end()) {
      std::vector<std::string> names;
      for (const Parameter& known : experiment.parameters) names.push_back(known.name);
      const std::string near = nearest(name, names);
      throw UsageError(fmt::format("--set {}={}: {} has no parameter {}{}", name, value, experiment.id, name,
                                   near.empty() ? "" : fmt::format("; the nearest is {}", near)));
    }
    const std::string expected = parameter->check(value);
    if (!expected.empty()) throw UsageError(fmt::format("--set {}={}: expected {}", name, value, expected));
    if (!values.emplace(name, value).second)
      throw UsageError(fmt::format("--set {}: expected once, found twice", name));
  }
  return ParameterValues(std::move(values));
}

std::string list_view(const std::vector<Experiment>& experiments) {
  constexpr int page_columns = 100;
  constexpr int indent_columns = 2;
  int id_columns = 0;
  for (const Experiment& experiment : experiments) id_columns = std::max(id_columns, report::columns_of(experiment.id));
  std::string text;
  long built = 0;
  for (const Experiment& experiment : experiments) {
    built += experiment.built() ? 1 : 0;
    text += fmt::format("{}  {}  ({})\n", report::padded(experiment.id, id_columns),
                        experiment.built() ? "built    " : "not built", experiment.source);
    const auto add_indented = [&](const std::string& words) {
      for (const std::string& line : report::wrapped(words, page_columns - indent_columns))
        text += std::string(indent_columns, ' ') + line + "\n";
    };
    add_indented(experiment.conclusion);
    if (!experiment.built()) continue;
    for (const Parameter& parameter : experiment.parameters)
      add_indented(fmt::format("--set {}=…: {} ({})", parameter.name, parameter.description, parameter.fallback));
  }
  return text + fmt::format("{}, {} of them built\n",
                            report::counted(static_cast<long>(experiments.size()), "experiment", "experiments"),
                            built == 0 ? "none" : std::to_string(built));
}

std::string list_json(const std::vector<Experiment>& experiments, const std::vector<report::ListedCheck>* checks) {
  Json json = {{"schema", "normproof.list.v1"}, {"experiments", Json::array()}};
  for (const Experiment& experiment : experiments) {
    Json parameters = Json::array();
    for (const Parameter& parameter : experiment.parameters) {
      parameters.push_back(
          {{"name", parameter.name}, {"description", parameter.description}, {"default", parameter.fallback}});
    }
    json["experiments"].push_back({{"id", experiment.id},
                                   {"source", experiment.source},
                                   {"conclusion", experiment.conclusion},
                                   {"built", experiment.built()},
                                   {"parameters", std::move(parameters)}});
  }
  if (checks != nullptr) json["checks"] = report::check_array(*checks);
  constexpr int indent = 2;
  return json.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace normproof::cli
