// How is a run written as JSON (schema normproof.report.v1)?
#include "proofs_checks/report/json_view.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <variant>

#include "proofs_checks/report/certificate_files.hpp"

namespace normproof::report {
namespace {

using Json = nlohmann::ordered_json;

Json null_if_empty(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json detail_value(const Detail& detail) {
  if (const auto* integer = std::get_if<long>(&detail.second)) return *integer;
  if (const auto* text = std::get_if<std::string>(&detail.second)) return *text;
  const double number = std::get<double>(detail.second);
  if (std::isfinite(number)) return number;
  return std::isnan(number) ? "nan" : number > 0 ? "inf" : "-inf";
}

Json sizes_object(const Sizes& sizes) {
  return {{"batch", sizes.batch},
          {"channels", sizes.channels},
          {"hidden", sizes.hidden},
          {"outputs", sizes.outputs},
          {"choice", sizes.choice}};
}

Json evidence_object(const Evidence& evidence) {
  Json detail = Json::object();
  for (const Detail& fact : evidence.details) detail[fact.first] = detail_value(fact);
  return {{"grade", word(evidence.grade)},
          {"cases", evidence.cases},
          {"error_probability", evidence.error_probability},
          {"seconds", evidence.seconds},
          {"supports", evidence.supports},
          {"method", evidence.method},
          {"degenerate", evidence.degenerate},
          {"outside", evidence.outside},
          {"detail", std::move(detail)}};
}

Json counterexample_object(const Counterexample& counterexample) {
  Json inputs = Json::object();
  for (const auto& [name, value] : counterexample.inputs) inputs[name] = value;
  return {{"sizes", sizes_object(counterexample.sizes)},
          {"inputs", std::move(inputs)},
          {"entry", null_if_empty(counterexample.entry)},
          {"left", counterexample.left},
          {"right", counterexample.right},
          {"relation", counterexample.relation}};
}

Json dropped_array(const std::string& claim, const ReadingReport& reading, bool certificates_beside) {
  Json all = Json::array();
  for (const DroppedHypothesis& dropped : reading.dropped) {
    const std::string id = reading.id + "__without_" + dropped.id;
    all.push_back(
        {{"id", id},
         {"hypothesis", dropped.sentence},
         {"outcome", dropped.outcome},
         {"detail", dropped.detail},
         {"counterexample",
          dropped.counterexamples.empty() ? Json(nullptr) : counterexample_object(dropped.counterexamples.front())},
         {"certificate",
          certificates_beside && !dropped.certificate.empty() ? Json(certificate_file(claim, id)) : Json(nullptr)}});
  }
  return all;
}

Json reading_object(const std::string& claim, const ReadingReport& reading, bool certificates_beside) {
  Json hypotheses = Json::array();
  for (const std::string& hypothesis : reading.hypotheses) hypotheses.push_back(hypothesis);
  Json evidence = Json::array();
  for (const Evidence& piece : reading.evidence) evidence.push_back(evidence_object(piece));
  Json further_certificates = Json::array();
  for (std::size_t k = 0; certificates_beside && k < reading.further_certificates.size(); ++k)
    further_certificates.push_back(certificate_file(claim, reading.id, k + 2));
  Json counterexample = nullptr;
  if (!reading.counterexamples.empty()) counterexample = counterexample_object(reading.counterexamples.front());
  return {
      {"id", reading.id},
      {"statement", reading.statement},
      {"hypotheses", std::move(hypotheses)},
      {"verdict", word(reading.verdict)},
      {"recorded", null_if_empty(reading.recorded)},
      {"recorded_effort", null_if_empty(reading.recorded_effort)},
      {"evidence", std::move(evidence)},
      {"certificate",
       certificates_beside && !reading.certificate.empty() ? Json(certificate_file(claim, reading.id)) : Json(nullptr)},
      {"further_certificates", std::move(further_certificates)},
      {"why", reading.why},
      {"witnesses",
       {{"left", reading.left_witness},
        {"left_words", reading.left_words},
        {"relation", reading.relation},
        {"right", reading.right_witness},
        {"right_words", reading.right_words},
        {"algebraic_identity", reading.algebraic_identity}}},
      {"counterexample", std::move(counterexample)},
      {"dropped", dropped_array(claim, reading, certificates_beside)},
      {"trouble", null_if_empty(reading.trouble)}};
}

Json mutant_object(const MutantReport& mutant) {
  return {{"id", mutant.id},
          {"refuted", mutant.refuted},
          {"reading", mutant.reading},
          {"words", mutant.words},
          {"agrees_when", mutant.agrees_when},
          {"agreed", mutant.agreed},
          {"cases", mutant.cases},
          {"trouble", null_if_empty(mutant.trouble)}};
}

Json claim_object(const ClaimReport& claim, bool certificates_beside) {
  Json sources = Json::array();
  for (const Source& source : claim.sources) {
    sources.push_back({{"document", source.document}, {"locator", source.locator}});
  }
  Json readings = Json::array();
  for (const ReadingReport& reading : claim.readings)
    readings.push_back(reading_object(claim.id, reading, certificates_beside));
  Json mutants = Json::array();
  for (const MutantReport& mutant : claim.mutants) mutants.push_back(mutant_object(mutant));
  return {{"id", claim.id},
          {"title", claim.title},
          {"sources", std::move(sources)},
          {"readings", std::move(readings)},
          {"mutants", std::move(mutants)},
          {"seconds", claim.seconds},
          {"finished", claim.finished},
          {"trouble", null_if_empty(claim.trouble)}};
}

}  // namespace

namespace {

// Claims × near-misses: which the check tells from the claim, by as many trials as the claim itself gets.
Json kill_matrix(const RunReport& run) {
  Json rows = Json::array();
  for (const ClaimReport& claim : run.claims) {
    Json killed = Json::object();
    for (const MutantReport& mutant : claim.mutants) killed[mutant.id] = mutant.refuted;
    const long refuted = std::count_if(claim.mutants.begin(), claim.mutants.end(),
                                       [](const MutantReport& mutant) { return mutant.refuted; });
    rows.push_back({{"claim", claim.id},
                    {"near_misses", claim.mutants.size()},
                    {"refuted", refuted},
                    {"mutants", std::move(killed)}});
  }
  return rows;
}

std::string json_text(const RunReport& run, bool certificates_beside) {
  Json unfinished = Json::array();
  for (const std::string& id : run.unfinished) unfinished.push_back(id);
  Json claims = Json::array();
  for (const ClaimReport& claim : run.claims) claims.push_back(claim_object(claim, certificates_beside));
  Json stale = Json::array();
  for (const StaleReading& reading : run.stale) {
    stale.push_back({{"claim", reading.claim}, {"reading", reading.reading}, {"recorded", reading.recorded}});
  }
  const Json json = {{"schema", "normproof.report.v1"},
                     {"run",
                      {{"version", run.version},
                       {"seed", run.seed},
                       {"effort", run.effort},
                       {"seconds", run.seconds},
                       {"compiler", run.compiler},
                       {"cpu", run.cpu},
                       {"complete", run.complete},
                       {"data", run.data},
                       {"unfinished", std::move(unfinished)}}},
                     {"error_budget",
                      {{"suite_false_alarm", run.suite_false_alarm},
                       {"spent", run.spent},
                       {"false_acceptance", run.false_acceptance}}},
                     {"claims", std::move(claims)},
                     {"kill_matrix", kill_matrix(run)},
                     {"stale", std::move(stale)}};
  constexpr int indent = 2;
  // Bytes that are not UTF-8 (in the message of an exception, say) become U+FFFD instead of an exception of their own.
  return json.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string json_view(const RunReport& run) { return json_text(run, false); }
std::string json_view_beside_certificates(const RunReport& run) { return json_text(run, true); }

}  // namespace normproof::report
