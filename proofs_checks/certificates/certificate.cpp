// Which reader and which recheck belong to a kind?
#include "proofs_checks/certificates/certificate.hpp"

namespace normproof::certificates {

Certificate from_json(const std::string& text) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::exception&) {
    throw Malformed("not a JSON document");
  }
  if (!json.is_object()) throw Malformed("not a JSON object");
  if (field<std::string>(json, "schema") != schema) throw Malformed(std::string("the schema is not ") + schema);
  const std::string kind = field<std::string>(json, "kind");
  if (kind == Refutation::kind) return refutation_from(json);
  if (kind == RegionProof::kind) return region_proof_from(json);
  if (kind == FrequencyTest::kind) return frequency_test_from(json);
  throw Malformed("this version knows no certificates of kind " + kind);
}

Recheck recheck(const Certificate& certificate) {
  return std::visit([](const auto& of_a_kind) { return recheck(of_a_kind); }, certificate);
}

const Heading& heading(const Certificate& certificate) {
  return std::visit([](const auto& of_a_kind) -> const Heading& { return of_a_kind; }, certificate);
}

}  // namespace normproof::certificates
