// Which verdict is on record for every reading of every claim, and does a new one agree with it?
#include "proofs_checks/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "proofs_checks/report/file_replacement.hpp"
#include "proofs_checks/report/json_input.hpp"

namespace normproof {
namespace {

constexpr const char* schema = "normproof.ledger.v1";
constexpr const char* what = "a ledger";

Ledger ledger_of(const report::Json& json, const std::filesystem::path& file) {
  const report::JsonPlace root(file, json);
  const report::JsonPlace named = root.member("schema");
  if (named.string() != schema) named.fail(fmt::format("\"{}\"", schema));
  const report::JsonPlace claims = root.member("claims");
  Ledger ledger;
  for (const auto& claim : claims.object().items()) {
    const report::JsonPlace readings = claims.member(claim.key());
    auto& entries = ledger.claims[claim.key()];
    for (const auto& reading : readings.object().items()) {
      const report::JsonPlace place = readings.member(reading.key());
      const auto verdict = verdict_named(place.member("verdict").string());
      if (!verdict) place.member("verdict").fail("holds, refuted, inconclusive or not_checkable");
      const auto effort = effort_named(place.member("effort").string());
      if (!effort) place.member("effort").fail("quick, standard or deep");
      entries[reading.key()] = {*verdict, *effort, place.member("because").string()};
    }
  }
  return ledger;
}

bool has_reading(const ClaimReport& claim, const std::string& id) {
  return std::any_of(claim.readings.begin(), claim.readings.end(),
                     [&](const ReadingReport& reading) { return reading.id == id; });
}

std::string quoted(const std::string& text) {
  // What is not valid UTF-8 must not make the whole ledger unwritable.
  return report::Json(text).dump(-1, ' ', false, report::Json::error_handler_t::replace);
}

}  // namespace

std::optional<Verdict> verdict_named(std::string_view name) {
  for (const Verdict verdict : {Verdict::holds, Verdict::refuted, Verdict::inconclusive, Verdict::not_checkable}) {
    if (name == word(verdict)) return verdict;
  }
  return std::nullopt;
}

std::optional<evidence::Effort> effort_named(std::string_view name) {
  for (const auto effort : {evidence::Effort::quick, evidence::Effort::standard, evidence::Effort::deep}) {
    if (name == evidence::word(effort)) return effort;
  }
  return std::nullopt;
}

Ledger read_ledger(const std::filesystem::path& file) { return ledger_of(report::read_json(file, what), file); }

Ledger parse_ledger(std::string_view text, const std::filesystem::path& file) {
  return ledger_of(report::parse_json(text, file, what), file);
}

std::string ledger_text(const Ledger& ledger) {
  std::string text = fmt::format("{{\n  \"schema\": \"{}\",\n  \"claims\": {{", schema);
  const char* claim_separator = "\n";
  for (const auto& [claim, entries] : ledger.claims) {
    text += fmt::format("{}    {}: {{", claim_separator, quoted(claim));
    const char* reading_separator = "\n";
    for (const auto& [reading, entry] : entries) {
      text += fmt::format("{}      {}: {{\"verdict\": \"{}\", \"effort\": \"{}\", \"because\": {}}}", reading_separator,
                          quoted(reading), word(entry.verdict), evidence::word(entry.effort), quoted(entry.because));
      reading_separator = ",\n";
    }
    text += entries.empty() ? "}" : "\n    }";
    claim_separator = ",\n";
  }
  return text + (ledger.claims.empty() ? "}\n}\n" : "\n  }\n}\n");
}

void write_ledger(const Ledger& ledger, const std::filesystem::path& file) {
  report::FileReplacement replacement(file);
  replacement.commit(ledger_text(ledger));
}

void fill_recorded(const Ledger& ledger, ClaimReport& claim) {
  const auto entries = ledger.claims.find(claim.id);
  for (ReadingReport& reading : claim.readings) {
    reading.recorded.clear();
    reading.recorded_effort.clear();
    if (entries == ledger.claims.end()) continue;
    const auto entry = entries->second.find(reading.id);
    if (entry == entries->second.end()) continue;
    reading.recorded = word(entry->second.verdict);
    reading.recorded_effort = evidence::word(entry->second.effort);
  }
}

std::vector<std::string> stale_readings(const Ledger& ledger, const ClaimReport& claim) {
  std::vector<std::string> stale;
  const auto entries = ledger.claims.find(claim.id);
  if (entries == ledger.claims.end()) return stale;
  for (const auto& [reading, entry] : entries->second) {
    if (!has_reading(claim, reading)) stale.push_back(reading);
  }
  return stale;
}

Standing standing(const ReadingReport& reading, std::string_view effort) {
  if (reading.recorded.empty()) return Standing::unrecorded;
  if (reading.recorded == word(reading.verdict)) return Standing::agrees;
  const auto recorded_effort = effort_named(reading.recorded_effort);
  const auto run_effort = effort_named(effort);
  const bool less_work = recorded_effort && run_effort && *run_effort < *recorded_effort;
  if (reading.verdict == Verdict::inconclusive && less_work) return Standing::agrees_below_effort;
  return Standing::differs;
}

std::vector<LedgerChange> record(Ledger& ledger, const ClaimReport& claim, evidence::Effort effort,
                                 const std::string& because) {
  std::vector<LedgerChange> changes;
  for (const std::string& id : stale_readings(ledger, claim)) {
    auto& entries = ledger.claims[claim.id];
    changes.push_back({LedgerChange::Kind::removed, claim.id, id, fmt::format("was {}", word(entries.at(id).verdict))});
    entries.erase(id);
  }
  for (const ReadingReport& reading : claim.readings) {
    auto& entries = ledger.claims[claim.id];
    const auto known = entries.find(reading.id);
    if (known == entries.end()) {
      changes.push_back({LedgerChange::Kind::added, claim.id, reading.id,
                         fmt::format("{} ({})", word(reading.verdict), evidence::word(effort))});
      entries[reading.id] = {reading.verdict, effort, because};
      continue;
    }
    LedgerEntry& entry = known->second;
    if (entry.verdict == reading.verdict) {
      if (effort < entry.effort) {
        changes.push_back(
            {LedgerChange::Kind::changed, claim.id, reading.id,
             fmt::format("{}, {} → {}", word(entry.verdict), evidence::word(entry.effort), evidence::word(effort))});
        entry.effort = effort;
      }
      continue;
    }
    const bool sees_less = reading.verdict == Verdict::inconclusive && effort < entry.effort;
    if (sees_less) continue;
    changes.push_back({LedgerChange::Kind::changed, claim.id, reading.id,
                       fmt::format("{} ({}) → {} ({})", word(entry.verdict), evidence::word(entry.effort),
                                   word(reading.verdict), evidence::word(effort))});
    entry = {reading.verdict, effort, because};
  }
  const auto emptied = ledger.claims.find(claim.id);
  if (emptied != ledger.claims.end() && emptied->second.empty()) ledger.claims.erase(emptied);
  return changes;
}

}  // namespace normproof
