// What changed between two reports, and did anything get worse?
#include "proofs_checks/report/comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "proofs_checks/ledger.hpp"
#include "proofs_checks/report/json_input.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::report {
namespace {

struct OldReading {
  std::string id;
  Verdict verdict = Verdict::inconclusive;
  std::optional<Grade> grade;  // the strongest
};

struct OldMutant {
  std::string id;
  bool refuted = false;
  bool agreed = true;
};

struct OldClaim {
  std::string id;
  std::vector<OldReading> readings;
  std::vector<OldMutant> mutants;
};

struct OldReport {
  std::string seed, effort, data, version, complete;
  std::vector<OldClaim> claims;
};

std::optional<Grade> grade_named(const std::string& name) {
  for (const Grade grade :
       {Grade::exact, Grade::enumerated, Grade::certified, Grade::derived_bound, Grade::statistical, Grade::searched}) {
    if (name == word(grade)) return grade;
  }
  return std::nullopt;
}

template <class Entry>
const Entry* find(const std::vector<Entry>& entries, const std::string& id) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.id == id; });
  return found == entries.end() ? nullptr : &*found;
}

template <class Entry>
std::string new_id(const JsonPlace& place, const std::vector<Entry>& entries) {
  const JsonPlace id = place.member("id");
  if (find(entries, id.string()) != nullptr) id.fail("an id that comes once");
  return id.string();
}

OldReading read_reading(const JsonPlace& place, std::string id) {
  OldReading reading;
  reading.id = std::move(id);
  const JsonPlace named = place.member("verdict");
  const auto verdict = verdict_named(named.string());
  if (!verdict) named.fail("holds, refuted, inconclusive or not_checkable");
  reading.verdict = *verdict;
  const JsonPlace evidence = place.member("evidence");
  for (std::size_t i = 0; i < evidence.array().size(); ++i) {
    const JsonPlace piece = evidence.element(i);
    const auto grade = grade_named(piece.member("grade").string());
    if (!grade) piece.member("grade").fail("a grade of evidence");
    // What speaks the other way does not carry the verdict.
    const bool decided = *verdict == Verdict::holds || *verdict == Verdict::refuted;
    const bool carries =
        !decided || !piece.has("supports") || piece.member("supports").boolean() == (*verdict == Verdict::holds);
    if (carries && (!reading.grade || *grade < *reading.grade)) reading.grade = *grade;
  }
  return reading;
}

OldClaim read_claim(const JsonPlace& place, std::string id) {
  OldClaim claim;
  claim.id = std::move(id);
  const JsonPlace readings = place.member("readings");
  for (std::size_t i = 0; i < readings.array().size(); ++i) {
    const JsonPlace reading = readings.element(i);
    claim.readings.push_back(read_reading(reading, new_id(reading, claim.readings)));
  }
  const JsonPlace mutants = place.member("mutants");
  for (std::size_t i = 0; i < mutants.array().size(); ++i) {
    const JsonPlace mutant = mutants.element(i);
    claim.mutants.push_back({new_id(mutant, claim.mutants), mutant.member("refuted").boolean(),
                             !mutant.has("agreed") || mutant.member("agreed").boolean()});
  }
  return claim;
}

OldReport read_report(const std::filesystem::path& file) {
  const Json json = read_json(file, "a report");
  const JsonPlace root(file, json);
  const JsonPlace schema = root.member("schema");
  if (schema.string() != "normproof.report.v1") schema.fail("\"normproof.report.v1\"");
  OldReport report;
  const JsonPlace run = root.member("run");
  const auto fact = [&](const char* key) {
    return run.object().contains(key) ? one_line(run.member(key).value().dump()) : std::string("unknown");
  };
  report.seed = fact("seed");
  report.effort = fact("effort");
  report.data = fact("data");
  report.version = fact("version");
  report.complete = fact("complete");
  const JsonPlace claims = root.member("claims");
  for (std::size_t i = 0; i < claims.array().size(); ++i) {
    const JsonPlace claim = claims.element(i);
    report.claims.push_back(read_claim(claim, new_id(claim, report.claims)));
  }
  return report;
}

bool is_decided(Verdict verdict) { return verdict == Verdict::holds || verdict == Verdict::refuted; }

std::string grade_words(const std::optional<Grade>& grade) { return grade ? word(*grade) : "no evidence"; }

class Comparer {
 public:
  Comparison compare(const OldReport& before, const OldReport& after) {
    circumstance("version", before.version, after.version);
    circumstance("seed", before.seed, after.seed);
    circumstance("effort", before.effort, after.effort);
    circumstance("data", before.data, after.data);
    circumstance("complete", before.complete, after.complete);
    for (const OldClaim& claim : before.claims) {
      if (const OldClaim* now = find(after.claims, claim.id)) {
        compare_claims(claim, *now);
      } else {
        change(Change::Kind::worse, claim.id, "", "claim removed");
      }
    }
    for (const OldClaim& claim : after.claims) {
      if (find(before.claims, claim.id) == nullptr) change(Change::Kind::neutral, claim.id, "", "claim added");
    }
    return comparison_;
  }

 private:
  void circumstance(const char* name, const std::string& before, const std::string& after) {
    if (before != after) comparison_.circumstances.push_back(fmt::format("{}: {} → {}", name, before, after));
  }

  void change(Change::Kind kind, const std::string& claim, const std::string& what, const std::string& words) {
    comparison_.changes.push_back({kind, claim, what, words});
  }

  void compare_claims(const OldClaim& before, const OldClaim& after) {
    for (const OldReading& reading : before.readings) {
      if (const OldReading* now = find(after.readings, reading.id)) {
        compare_readings(before.id, reading, *now);
      } else {
        change(Change::Kind::worse, before.id, reading.id, fmt::format("removed (was {})", word(reading.verdict)));
      }
    }
    for (const OldReading& reading : after.readings) {
      if (find(before.readings, reading.id) == nullptr) {
        change(Change::Kind::neutral, before.id, reading.id, fmt::format("added ({})", word(reading.verdict)));
      }
    }
    for (const OldMutant& mutant : before.mutants) {
      const std::string what = "mutant " + mutant.id;
      const OldMutant* now = find(after.mutants, mutant.id);
      if (now == nullptr) {
        change(Change::Kind::worse, before.id, what, "removed");
        continue;
      }
      if (mutant.refuted != now->refuted) {
        change(now->refuted ? Change::Kind::better : Change::Kind::worse, before.id, what,
               now->refuted ? "survived → refuted" : "refuted → survives");
      }
      if (mutant.agreed != now->agreed) {
        change(now->agreed ? Change::Kind::better : Change::Kind::worse, before.id, what,
               now->agreed ? "now agrees on its natural case" : "no longer agrees on its natural case");
      }
    }
    for (const OldMutant& mutant : after.mutants) {
      if (find(before.mutants, mutant.id) == nullptr) {
        change(mutant.refuted ? Change::Kind::neutral : Change::Kind::worse, before.id, "mutant " + mutant.id,
               mutant.refuted ? "added (refuted)" : "added (survives)");
      }
    }
  }

  void compare_readings(const std::string& claim, const OldReading& before, const OldReading& after) {
    if (before.verdict != after.verdict) {
      const Change::Kind kind = is_decided(before.verdict)  ? Change::Kind::worse
                                : is_decided(after.verdict) ? Change::Kind::better
                                                            : Change::Kind::neutral;
      change(kind, claim, before.id, fmt::format("{} → {}", word(before.verdict), word(after.verdict)));
      return;
    }
    if (before.grade == after.grade) return;
    const bool weaker = !after.grade || (before.grade && *before.grade < *after.grade);
    change(weaker ? Change::Kind::worse : Change::Kind::better, claim, before.id,
           fmt::format("{}, strongest grade {} → {}", word(after.verdict), grade_words(before.grade),
                       grade_words(after.grade)));
  }

  Comparison comparison_;
};

const char* word(Change::Kind kind) {
  switch (kind) {
    case Change::Kind::worse: return "worse  ";
    case Change::Kind::better: return "better ";
    case Change::Kind::neutral: return "changed";
  }
  return "";
}

}  // namespace

bool Comparison::worse() const {
  return std::any_of(changes.begin(), changes.end(),
                     [](const Change& change) { return change.kind == Change::Kind::worse; });
}

Comparison compare_reports(const std::filesystem::path& before, const std::filesystem::path& after) {
  return Comparer().compare(read_report(before), read_report(after));
}

std::string comparison_view(const Comparison& comparison) {
  std::string text;
  for (const std::string& circumstance : comparison.circumstances) text += circumstance + "\n";
  if (comparison.changes.empty()) return text + "no verdict, grade or mutant changed\n";
  for (const Change& change : comparison.changes) {
    text += fmt::format("{} {}{}{}: {}\n", word(change.kind), one_line(change.claim), change.what.empty() ? "" : " / ",
                        one_line(change.what), change.words);
  }
  return text;
}

}  // namespace normproof::report
