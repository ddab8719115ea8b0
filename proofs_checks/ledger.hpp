// Which verdict is on record for every reading of every claim, and does a new one agree with it?
//
// File       ledger.json: {"schema": "normproof.ledger.v1", "claims": {claim: {reading: {"verdict", "effort",
//            "because"}}}}, claims and readings in alphabetical order, a reading a line, so that a change of mind is a
//            line of a diff.
// Agreement  The same verdict agrees. So does `inconclusive` below the effort of the record: less work may see less.
//            Anything else differs, a conclusive verdict on a reading recorded as inconclusive included.
// Assumes    Nothing that decides a claim reads the ledger.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proofs_checks/evidence/settings.hpp"
#include "proofs_checks/verdict.hpp"

namespace normproof {

struct LedgerEntry {
  Verdict verdict = Verdict::inconclusive;
  evidence::Effort effort = evidence::Effort::standard;
  std::string because;
};

struct Ledger {
  std::map<std::string, std::map<std::string, LedgerEntry>> claims;  // by claim, by reading
};

// Both throw data::FileError where the file is missing or is no ledger.
Ledger read_ledger(const std::filesystem::path& file);
Ledger parse_ledger(std::string_view text, const std::filesystem::path& file);

std::string ledger_text(const Ledger& ledger);

// Throws data::FileError; the old file stays whole until the new one is.
void write_ledger(const Ledger& ledger, const std::filesystem::path& file);

// Writes what the ledger has beside what was decided.
void fill_recorded(const Ledger& ledger, ClaimReport& claim);

// Readings on record that the claim no longer has.
std::vector<std::string> stale_readings(const Ledger& ledger, const ClaimReport& claim);

enum class Standing { agrees, agrees_below_effort, differs, unrecorded };

// `effort` is that of the decision.
Standing standing(const ReadingReport& reading, std::string_view effort);

struct LedgerChange {
  enum class Kind { added, changed, removed };
  Kind kind = Kind::added;
  std::string claim, reading, words;
};

// Brings the ledger's lines of one claim up to what was decided. A line that agrees stays as it is, reason included;
// the same verdict from less effort lowers the effort of the record. Where a claim is not in the catalogue any more,
// the report has no readings, and its lines go.
std::vector<LedgerChange> record(Ledger& ledger, const ClaimReport& claim, evidence::Effort effort,
                                 const std::string& because);

std::optional<Verdict> verdict_named(std::string_view name);
std::optional<evidence::Effort> effort_named(std::string_view name);

}  // namespace normproof
