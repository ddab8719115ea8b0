// How does `list` show claims, from the claims themselves and the ledger, without deciding anything?
#include "proofs_checks/report/catalogue_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "proofs_checks/report/text.hpp"

namespace normproof::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr int page_columns = 100;
constexpr int indent_columns = 2;
constexpr int verdict_columns = 14;
constexpr int longest_id_columns = 34;

const LedgerEntry* recorded(const Ledger& ledger, const std::string& claim, const std::string& reading) {
  const auto entries = ledger.claims.find(claim);
  if (entries == ledger.claims.end()) return nullptr;
  const auto entry = entries->second.find(reading);
  return entry == entries->second.end() ? nullptr : &entry->second;
}

std::string source_words(const Claim& claim) {
  std::string text;
  for (const Source& source : claim.sources) {
    text += fmt::format("{}{} {}", text.empty() ? "" : "; ", source.document, source.locator);
  }
  return text;
}

void add_indented(std::string& text, const std::string& words, int indent) {
  const std::string blanks(static_cast<std::size_t>(indent), ' ');
  for (const std::string& line : wrapped(words, page_columns - indent)) {
    text += line.empty() ? "\n" : blanks + line + "\n";
  }
}

}  // namespace

std::vector<std::string> axes(const std::string& reading) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  while (true) {
    const std::size_t joint = reading.find("__", start);
    parts.push_back(reading.substr(start, joint == std::string::npos ? joint : joint - start));
    if (joint == std::string::npos) return parts;
    start = joint + 2;
  }
}

std::string list_view(const std::vector<NamedClaim>& claims, const Ledger& ledger) {
  std::string text;
  long readings = 0;
  for (const auto& [id, claim] : claims) {
    text += fmt::format("{}  ({})\n", id, source_words(claim));
    add_indented(text, claim.title, indent_columns);
    int id_columns = 0;
    for (const Reading& reading : claim.readings) {
      id_columns = std::max(id_columns, std::min(columns_of(reading.id), longest_id_columns));
    }
    for (const Reading& reading : claim.readings) {
      ++readings;
      const LedgerEntry* entry = recorded(ledger, id, reading.id);
      const std::string verdict = entry == nullptr ? "no record" : word(entry->verdict);
      const std::string start =
          fmt::format("    {}{}  ", padded(verdict, verdict_columns), padded(reading.id, id_columns));
      text += start + cut(one_line(reading.statement), page_columns - columns_of(start)) + "\n";
    }
    text += "\n";
  }
  return text + fmt::format("{}, {}\n", counted(static_cast<long>(claims.size()), "claim", "claims"),
                            counted(readings, "reading", "readings"));
}

std::string list_view(const std::vector<ListedCheck>& checks) {
  std::string text;
  for (const auto& [id, title, why] : checks) {
    text += id + "\n";
    add_indented(text, title, indent_columns);
    if (!why.empty()) add_indented(text, "why: " + why, indent_columns);
  }
  return text + counted(static_cast<long>(checks.size()), "check", "checks") + "\n";
}

nlohmann::ordered_json check_array(const std::vector<ListedCheck>& checks) {
  Json array = Json::array();
  for (const auto& [id, title, why] : checks) array.push_back({{"id", id}, {"title", title}, {"why", why}});
  return array;
}

std::string list_json(const std::vector<NamedClaim>* claims, const Ledger& ledger,
                      const std::vector<ListedCheck>* checks) {
  Json json = Json::object();
  json["schema"] = "normproof.list.v1";
  if (claims != nullptr) {
    json["claims"] = Json::array();
    for (const auto& [id, claim] : *claims) {
      Json sources = Json::array();
      for (const Source& source : claim.sources) {
        sources.push_back({{"document", source.document}, {"locator", source.locator}});
      }
      Json readings = Json::array();
      for (const Reading& reading : claim.readings) {
        const LedgerEntry* entry = recorded(ledger, id, reading.id);
        Json parts = Json::array();
        for (const std::string& axis : axes(reading.id)) parts.push_back(axis);
        readings.push_back(
            {{"id", reading.id},
             {"axes", std::move(parts)},
             {"statement", reading.statement},
             {"recorded", entry == nullptr ? Json(nullptr) : Json(word(entry->verdict))},
             {"recorded_effort", entry == nullptr ? Json(nullptr) : Json(evidence::word(entry->effort))}});
      }
      Json mutants = Json::array();
      for (const Mutant& mutant : claim.mutants) mutants.push_back(mutant.id);
      json["claims"].push_back({{"id", id},
                                {"title", claim.title},
                                {"sources", std::move(sources)},
                                {"readings", std::move(readings)},
                                {"mutants", std::move(mutants)}});
    }
  }
  if (checks != nullptr) json["checks"] = check_array(*checks);
  constexpr int indent = 2;
  return json.dump(indent, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace normproof::report
