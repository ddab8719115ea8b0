// How is the proof over a region written, read and redone?
#include "proofs_checks/certificates/region.hpp"

#include "proofs_checks/certificates/cover.hpp"
#include "proofs_checks/certificates/program_over_box.hpp"

namespace normproof::certificates {

namespace {

// Faces are then exact in an Enclosure, and so are their halves.
constexpr std::size_t most_face_bits = 100, most_margin_bits = 1000;

Json content(const RegionProof& proof) {
  Json inputs = Json::object();
  for (const RegionProof::InputRange& range : proof.inputs) inputs[range.input] = {range.low, range.high};
  Json entries = Json::array();
  for (const auto& [left, right] : proof.entries) entries.push_back({left, right});
  Json json = heading_json(RegionProof::kind, proof);
  json["relation"] = "≤";
  json["region"] = proof.region;
  json["covers"] = proof.covers;
  json["inputs"] = inputs;
  json["program"] = program_json(proof.program);
  json["entries"] = entries;
  json["positive"] = proof.positive;
  json["nonnegative"] = proof.nonnegative;
  return json;
}

std::string box_name(std::size_t number) { return "box " + std::to_string(number); }

Span span_from(const std::string& low, const std::string& high, const std::string& where) {
  Span span = {dyadic_fraction(low, where, most_face_bits), dyadic_fraction(high, where, most_face_bits)};
  if (span.high < span.low) throw Malformed(where + ": from " + low + " to " + high + " is the wrong way round");
  return span;
}

std::pair<std::string, std::string> faces_from(const Json& json, const std::string& where) {
  if (!json.is_array() || json.size() != 2 || !json[0].is_string() || !json[1].is_string())
    throw Malformed(where + ": expected [low, high], two fractions in strings, found " + json.dump());
  const std::pair<std::string, std::string> faces = {json[0].get<std::string>(), json[1].get<std::string>()};
  span_from(faces.first, faces.second, where);
  return faces;
}

// [[low, high], …, margin], or null for the margin
RegionProof::ProofBox box_from(const Json& json, std::size_t number, const RegionProof& proof) {
  const std::string where = box_name(number);
  if (!json.is_array() || json.size() != proof.inputs.size() + 1)
    throw Malformed(where + ": expected [low, high] for each input and a margin");
  RegionProof::ProofBox box;
  for (std::size_t i = 0; i < proof.inputs.size(); ++i)
    box.faces.push_back(faces_from(json[i], where + ", " + proof.inputs[i].input));
  const Json& margin = json[proof.inputs.size()];
  if (margin.is_null()) return box;
  if (!margin.is_string()) throw Malformed(where + ": expected a margin in a string, or null");
  box.margin = margin.get<std::string>();
  dyadic_fraction(box.margin, where + ", margin", most_margin_bits);
  return box;
}

std::string words(const RegionProof& proof, const Box& box) {
  std::string text;
  for (std::size_t i = 0; i < box.size(); ++i)
    text +=
        (i == 0 ? "" : ", ") + proof.inputs[i].input + " in [" + box[i].low.text() + ", " + box[i].high.text() + "]";
  return text;
}

// Is the box outside the hypotheses or the domain, all of it?
bool is_outside(const RegionProof& proof, const ProgramOverBox& over) {
  if (over.outside_domain()) return true;
  for (const std::size_t result : proof.positive)
    if (over.is_certainly_not_positive(result)) return true;
  for (const std::size_t result : proof.nonnegative)
    if (over.is_certainly_negative(result)) return true;
  return false;
}

}  // namespace

bool RegionProof::proves_the_same_as(const RegionProof& other) const { return content(*this) == content(other); }

// A box is a line, so that ten thousand of them can be looked at.
std::string to_json(const RegionProof& proof) {
  Json json = content(proof);
  json["digest"] = digest(content(proof));
  std::string text = json.dump(1);
  text.resize(text.size() - 2);  // the closing brace and the line end before it
  text += ",\n \"boxes\": [";
  const char* separator = "\n  ";
  for (const RegionProof::ProofBox& box : proof.boxes) {
    Json line = Json::array();
    for (const auto& [low, high] : box.faces) line.push_back({low, high});
    line.push_back(box.margin.empty() ? Json(nullptr) : Json(box.margin));
    text += separator + line.dump();
    separator = ",\n  ";
  }
  return text + "\n ]\n}\n";
}

RegionProof region_proof_from(const Json& json) {
  RegionProof proof;
  read_heading(json, proof);
  if (field<std::string>(json, "relation") != "≤") throw Malformed("the relation over a region is not ≤");
  proof.region = field<std::string>(json, "region");
  proof.covers = field<std::string>(json, "covers");
  const Json inputs = field<Json>(json, "inputs");
  if (!inputs.is_object()) throw Malformed("the inputs are not an object");
  for (const auto& [name, range] : inputs.items()) {
    const auto [low, high] = faces_from(range, name);
    proof.inputs.push_back({name, low, high});
  }
  proof.program = program_from(field<Json>(json, "program"));
  const Json entries = field<Json>(json, "entries");
  if (!entries.is_array() || entries.empty()) throw Malformed("the entries are not a list of two sides");
  for (const Json& entry : entries) {
    if (!entry.is_array() || entry.size() != 2) throw Malformed("entries: expected [left, right] of each");
    const std::size_t left = index_of(entry[0], proof.program.size(), "entries");
    proof.entries.emplace_back(left, index_of(entry[1], proof.program.size(), "entries"));
  }
  proof.positive = indices_from(json, "positive", proof.program.size());
  proof.nonnegative = indices_from(json, "nonnegative", proof.program.size());
  proof.digest = field<std::string>(json, "digest");
  const Json boxes = field<Json>(json, "boxes");
  if (!boxes.is_array()) throw Malformed("the boxes are not a list");
  if (boxes.size() > RegionProof::most_boxes)
    throw Malformed("more than " + std::to_string(RegionProof::most_boxes) + " boxes");
  for (const Json& box : boxes) proof.boxes.push_back(box_from(box, proof.boxes.size() + 1, proof));
  return proof;
}

Recheck recheck(const RegionProof& proof) {
  if (proof.entries.size() > RegionProof::most_steps / proof.program.size() ||
      proof.boxes.size() > RegionProof::most_steps / (proof.entries.size() * proof.program.size()))
    return {false, "too many boxes for so long a program: it is not looked at"};
  std::vector<std::string> names;
  Box region;
  for (const RegionProof::InputRange& range : proof.inputs) {
    names.push_back(range.input);
    region.push_back(span_from(range.low, range.high, range.input));
  }
  std::vector<Box> boxes;
  for (const RegionProof::ProofBox& proof_box : proof.boxes) {
    Box box;
    for (const auto& [low, high] : proof_box.faces) box.push_back(span_from(low, high, box_name(boxes.size() + 1)));
    boxes.push_back(std::move(box));
  }
  if (const std::optional<Gap> gap = find_gap(region, boxes)) {
    return {false, (gap->too_intricate ? "the boxes overlap too intricately to see that they cover "
                                       : "the boxes do not cover ") +
                       words(proof, gap->piece)};
  }

  std::string trouble;
  ProgramOverBox over(proof.program, names, trouble);
  if (!trouble.empty()) return {false, trouble};
  std::optional<Fraction> smallest;
  for (std::size_t k = 0; k < boxes.size(); ++k) {
    over.run(boxes[k]);
    const std::string& recorded = proof.boxes[k].margin;
    if (recorded.empty()) {
      if (is_outside(proof, over)) continue;
      return {false, box_name(k + 1) + " is set aside, but is not certainly outside: " + words(proof, boxes[k])};
    }
    const Fraction margin = fraction(recorded, box_name(k + 1));
    if (mpq_sgn(margin.get()) < 0) return {false, box_name(k + 1) + " has the negative margin " + recorded};
    for (const auto& [left, right] : proof.entries)
      if (!over.differ_by(left, right, margin))
        return {false, box_name(k + 1) + ": right − left is not certified to be at least " + recorded + ": " +
                           words(proof, boxes[k])};
    if (!smallest || margin < *smallest) smallest = margin;
  }
  if (proof.digest != digest(content(proof)))
    return {false, "the digest does not belong to what stands above it: something was changed"};
  if (!smallest) return {false, "no box has a margin: nothing lies within the hypotheses and the domain"};
  return {true, std::to_string(boxes.size()) + " boxes cover the region, left ≤ right on each, right − left at least " +
                    smallest->text()};
}

}  // namespace normproof::certificates
