// What came of one case?
#include "proofs_checks/conformance/result.hpp"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>

namespace normproof::conformance {
namespace {

using Json = nlohmann::json;

// JSON has no word for what is not finite.
Json number_json(double value) {
  if (std::isfinite(value)) return value;
  if (std::isnan(value)) return "nan";
  return value > 0 ? "inf" : "-inf";
}

[[noreturn]] void refuse(const std::string& what, const Json& json) {
  constexpr int id = 501;  // the library's own numbers of this kind: 501 is "unexpected value"
  throw Json::other_error::create(id, what, &json);
}

double number_of(const Json& json) {
  if (json.is_number()) return json.get<double>();
  const auto& word = json.get_ref<const std::string&>();
  if (word == "nan") return std::numeric_limits<double>::quiet_NaN();
  if (word == "inf") return std::numeric_limits<double>::infinity();
  if (word == "-inf") return -std::numeric_limits<double>::infinity();
  refuse("not a number: " + word, json);
}

// The library's own get<int>() makes a whole number of 1e300 by a cast that is undefined.
std::int64_t whole_of(const Json& json) {
  if (!json.is_number_integer()) refuse("not a whole number", json);
  return json.get<std::int64_t>();
}

// The value whose word this is, among the first `count` of an enumeration.
template <class E>
E named(const Json& json, std::size_t count, const char* (*word_of)(E)) {
  const auto& name = json.get_ref<const std::string&>();
  for (std::size_t i = 0; i < count; ++i)
    if (name == word_of(static_cast<E>(i))) return static_cast<E>(i);
  refuse("not a word that is known: " + name, json);
}

constexpr std::size_t kinds = static_cast<std::size_t>(Finding::Kind::timeout) + 1;
constexpr std::size_t outcomes = static_cast<std::size_t>(CaseResult::Outcome::not_run) + 1;

const char* word_of_outcome(CaseResult::Outcome outcome) {
  switch (outcome) {
    case CaseResult::Outcome::passed: return "passed";
    case CaseResult::Outcome::failed: return "failed";
    case CaseResult::Outcome::refused: return "refused";
    case CaseResult::Outcome::not_run: return "not_run";
  }
  return "";
}

Json class_json(const std::optional<theory::StabilityClass>& met) {
  return met ? Json(theory::word(*met)) : Json(nullptr);
}

std::optional<theory::StabilityClass> class_of(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return named<theory::StabilityClass>(json, theory::stability_class_count, theory::word);
}

Json json_of(const Finding& finding) {
  return {{"kind", word(finding.kind)},
          {"operand", finding.operand},
          {"place", finding.place},
          {"words", finding.words},
          {"expected", number_json(finding.expected)},
          {"got", number_json(finding.got)},
          {"bound", number_json(finding.bound)},
          {"meets", class_json(finding.meets)}};
}

Finding finding_of(const Json& json) {
  Finding finding;
  finding.kind = named<Finding::Kind>(json.at("kind"), kinds, word);
  finding.operand = json.at("operand").get<std::string>();
  finding.place = json.at("place").get<std::string>();
  finding.words = json.at("words").get<std::string>();
  finding.expected = number_of(json.at("expected"));
  finding.got = number_of(json.at("got"));
  finding.bound = number_of(json.at("bound"));
  finding.meets = class_of(json.at("meets"));
  return finding;
}

// In the order of the members, without their names: there are several for each case.
Json json_of(const OutputFigures& figures) {
  return Json::array({figures.output, figures.compared, number_json(figures.worst_over_bound),
                      number_json(figures.worst_ulp), figures.worst_place, number_json(figures.expected),
                      number_json(figures.got), number_json(figures.bound), class_json(figures.meets)});
}

OutputFigures figures_of(const Json& json) {
  OutputFigures figures;
  std::size_t at = 0;
  const auto next = [&]() -> const Json& { return json.at(at++); };
  figures.output = next().get<std::string>();
  figures.compared = whole_of(next());
  figures.worst_over_bound = number_of(next());
  figures.worst_ulp = number_of(next());
  figures.worst_place = next().get<std::string>();
  figures.expected = number_of(next());
  figures.got = number_of(next());
  figures.bound = number_of(next());
  figures.meets = class_of(next());
  return figures;
}

}  // namespace

const char* word(Finding::Kind kind) {
  switch (kind) {
    case Finding::Kind::value: return "value";
    case Finding::Kind::nonfinite: return "nonfinite";
    case Finding::Kind::not_written: return "not_written";
    case Finding::Kind::outside_write: return "outside_write";
    case Finding::Kind::input_changed: return "input_changed";
    case Finding::Kind::status: return "status";
    case Finding::Kind::bits: return "bits";
    case Finding::Kind::relation: return "relation";
    case Finding::Kind::environment: return "environment";
    case Finding::Kind::too_many_threads: return "too_many_threads";
    case Finding::Kind::crash: return "crash";
    case Finding::Kind::timeout: return "timeout";
  }
  return "";
}

Json to_json(const CaseResult& result) {
  Json findings = Json::array(), outputs = Json::array(), same_bits = Json::array();
  for (const Finding& finding : result.findings) findings.push_back(json_of(finding));
  for (const OutputFigures& figures : result.outputs) outputs.push_back(json_of(figures));
  for (const auto& [relation, same] : result.same_bits) same_bits.push_back({{"relation", relation}, {"same", same}});
  return {{"outcome", word_of_outcome(result.outcome)},
          {"why_not_run", result.why_not_run},
          {"findings", std::move(findings)},
          {"outputs", std::move(outputs)},
          {"condition", number_json(result.condition)},
          {"keeps_half_the_digits", result.keeps_half_the_digits},
          {"state_in_f32", result.state_in_f32},
          {"same_bits", std::move(same_bits)},
          {"seconds", number_json(result.seconds)}};
}

CaseResult case_result(const Json& json) {
  CaseResult result;
  result.outcome = named<CaseResult::Outcome>(json.at("outcome"), outcomes, word_of_outcome);
  result.why_not_run = json.at("why_not_run").get<std::string>();
  for (const Json& finding : json.at("findings")) result.findings.push_back(finding_of(finding));
  for (const Json& figures : json.at("outputs")) result.outputs.push_back(figures_of(figures));
  result.condition = number_of(json.at("condition"));
  result.keeps_half_the_digits = json.at("keeps_half_the_digits").get<bool>();
  result.state_in_f32 = json.at("state_in_f32").get<bool>();
  for (const Json& one : json.at("same_bits"))
    result.same_bits.emplace_back(one.at("relation").get<std::string>(), one.at("same").get<bool>());
  result.seconds = number_of(json.at("seconds"));
  return result;
}

}  // namespace normproof::conformance
