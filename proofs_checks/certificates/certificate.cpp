// Which reader and which recheck belong to a kind?
#include "proofs_checks/certificates/certificate.hpp"

#include <set>
#include <vector>

namespace normproof::certificates {

namespace {

// What is nested deeper is no certificate, and would be walked through by recursion.
constexpr int most_levels = 8;

// Throws Malformed, too, where an object names a field or an input twice: readers would not agree on which one counts.
Json parsed(const std::string& text) {
  std::vector<std::set<std::string>> names;  // of the objects that are open
  return Json::parse(text, [&](int depth, Json::parse_event_t event, Json& value) {
    if (depth > most_levels) throw Malformed("nested deeper than a certificate is");
    if (event == Json::parse_event_t::object_start) names.emplace_back();
    if (event == Json::parse_event_t::object_end) names.pop_back();
    if (event == Json::parse_event_t::key && !names.back().insert(value.get<std::string>()).second)
      throw Malformed("the name \"" + value.get<std::string>() + "\" stands twice in one object");
    return true;
  });
}

}  // namespace

Certificate from_json(const std::string& text) {
  Json json;
  try {
    json = parsed(text);
  } catch (const Json::exception&) {
    throw Malformed("not a JSON document");
  }
  if (!json.is_object()) throw Malformed("not a JSON object");
  if (field<std::string>(json, "schema") != schema) throw Malformed(std::string("the schema is not ") + schema);
  const std::string kind = field<std::string>(json, "kind");
  if (kind == Refutation::kind) return refutation_from(json);
  if (kind == RegionProof::kind) return region_proof_from(json);
  if (kind == FrequencyTest::kind) return frequency_test_from(json);
  if (kind == GrowthTest::kind) return growth_test_from(json);
  throw Malformed("this version knows no certificates of kind " + kind);
}

Recheck recheck(const Certificate& certificate) {
  return std::visit([](const auto& of_a_kind) { return recheck(of_a_kind); }, certificate);
}

const Heading& heading(const Certificate& certificate) {
  return std::visit([](const auto& of_a_kind) -> const Heading& { return of_a_kind; }, certificate);
}

}  // namespace normproof::certificates
