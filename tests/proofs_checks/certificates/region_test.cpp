// Is the proof over a region accepted as long as its boxes cover and prove, and rejected otherwise?
#include "proofs_checks/certificates/region.hpp"

#include <gtest/gtest.h>

#include "proofs_checks/certificates/certificate.hpp"
#include "proofs_checks/certificates/fraction.hpp"
#include "proofs_checks/certificates/from_reading.hpp"
#include "proofs_checks/inputs/adapters.hpp"

namespace normproof::certificates {
namespace {

// ab ≤ (a² + b²)/2 + 1/16 where a + b > −3: true, strictly.
Reading reading() {
  return {.id = "printed",
          .statement = "ab ≤ (a² + b²)/2 + 1/16",
          .inputs = {{"a", Role::activation}, {"b", Role::activation}},
          .sizes = {{.batch = 1}},
          .hypotheses = {{.id = "above",
                          .sentence = "a + b > −3",
                          .positive = [](const Inputs& in) { return in.scalar("a") + in.scalar("b") + Number(3); }}},
          .left = by_definition("ab", [](const Inputs& in) -> Values { return {in.scalar("a") * in.scalar("b")}; }),
          .relation = Relation::at_most,
          .right = by_theory("(a² + b²)/2 + 1/16",
                             [](const Inputs& in) -> Values {
                               const Number &a = in.scalar("a"), &b = in.scalar("b");
                               return {(a * a + b * b) / Number(2) + Number(1) / Number(16)};
                             }),
          .regions = {{.words = "|a|, |b| ≤ 2", .covers = "a part", .ranges = {{"a", -2, 2}, {"b", -2, 2}}}}};
}

RegionProof made() {
  static const RegionProof proof = [] {
    const Reading of = reading();
    const evidence::RecordedReading recorded = evidence::record_reading(of, of.sizes[0]);
    const evidence::RegionOutcome outcome = evidence::certify(recorded, of.regions[0], {});
    EXPECT_TRUE(outcome.certified);
    return region_proof("some_claim", of, recorded, of.regions[0], outcome.cover);
  }();
  return proof;
}

Recheck rechecked(const RegionProof& proof) { return recheck(from_json(to_json(proof))); }

std::string malformed(const std::string& text) {
  try {
    from_json(text);
  } catch (const Malformed& error) {
    return error.what();
  }
  return "";
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

double value(const std::string& fraction) {
  const std::size_t slash = fraction.find('/');
  return std::stod(fraction) / (slash == std::string::npos ? 1 : std::stod(fraction.substr(slash + 1)));
}

TEST(Region_proof, is_accepted_after_a_round_trip) {
  const Recheck result = rechecked(made());
  EXPECT_TRUE(result.accepted) << result.reason;
  EXPECT_GT(made().boxes.size(), 10U);
  EXPECT_EQ(to_json(std::get<RegionProof>(from_json(to_json(made())))), to_json(made()));
}

TEST(Region_proof, is_rejected_without_any_one_of_its_boxes) {
  for (std::size_t k = 0; k < made().boxes.size(); ++k) {
    RegionProof proof = made();
    proof.boxes.erase(proof.boxes.begin() + static_cast<std::ptrdiff_t>(k));
    const Recheck result = rechecked(proof);
    EXPECT_FALSE(result.accepted) << k;
    EXPECT_NE(result.reason.find("do not cover a in ["), std::string::npos) << result.reason;
  }
}

// The face that lies so far between the faces of an input; eighths of a box are no face of its neighbours.
std::string between(const std::pair<std::string, std::string>& faces, double part) {
  const double low = value(faces.first), high = value(faces.second);
  return Fraction(low + (high - low) * part).text();
}

TEST(Region_proof, is_rejected_when_a_box_shrinks) {
  for (std::size_t k = 0; k < made().boxes.size(); k += 7) {
    RegionProof proof = made();
    auto& faces = proof.boxes[k].faces[1];
    faces.second = between(faces, 0.875);
    const Recheck result = rechecked(proof);
    EXPECT_FALSE(result.accepted) << k;
    EXPECT_NE(result.reason.find("do not cover"), std::string::npos) << result.reason;
  }
}

TEST(Region_proof, is_rejected_when_a_box_grows_to_where_its_margin_is_not_certified) {
  RegionProof proof = made();
  proof.boxes[0].faces = {{"-2", "2"}, {"-2", "2"}};
  const Recheck result = rechecked(proof);
  EXPECT_FALSE(result.accepted);
  EXPECT_NE(result.reason.find("not certified"), std::string::npos) << result.reason;
}

TEST(Region_proof, is_accepted_with_a_box_split_and_with_the_boxes_in_another_order) {
  for (std::size_t k = 0; k < made().boxes.size(); k += 5) {
    RegionProof proof = made();
    RegionProof::ProofBox other = proof.boxes[k];
    const std::string cut = between(other.faces[0], 0.375);
    proof.boxes[k].faces[0].second = cut;
    other.faces[0].first = cut;
    proof.boxes.insert(proof.boxes.begin(), other);
    const Recheck result = rechecked(proof);
    EXPECT_TRUE(result.accepted) << k << ": " << result.reason;
  }
}

TEST(Region_proof, is_rejected_when_a_margin_is_larger_than_what_is_certified) {
  for (std::size_t k = 0; k < made().boxes.size(); k += 5) {
    RegionProof proof = made();
    if (proof.boxes[k].margin.empty()) continue;
    proof.boxes[k].margin = "9";
    EXPECT_FALSE(rechecked(proof).accepted) << k;
    proof.boxes[k].margin = "-1/16";
    EXPECT_NE(rechecked(proof).reason.find("negative"), std::string::npos) << k;
  }
}

TEST(Region_proof, is_rejected_when_a_box_is_set_aside_that_is_not_outside) {
  std::size_t set_aside = 0;
  for (std::size_t k = 0; k < made().boxes.size(); ++k) {
    RegionProof proof = made();
    if (proof.boxes[k].margin.empty()) {
      ++set_aside;
      continue;
    }
    proof.boxes[k].margin.clear();
    EXPECT_NE(rechecked(proof).reason.find("set aside"), std::string::npos) << k;
  }
  EXPECT_GT(set_aside, 0U);
}

TEST(Region_proof, is_rejected_when_what_it_is_a_proof_of_changes) {
  const std::string text = to_json(made());
  EXPECT_FALSE(recheck(from_json(replaced(text, "\"a part\"", "\"all of it\""))).accepted);
  EXPECT_FALSE(recheck(from_json(replaced(text, "1/16\"", "1/17\""))).accepted);
  EXPECT_FALSE(recheck(from_json(replaced(text, "some_claim", "same_claim"))).accepted);
  EXPECT_FALSE(recheck(from_json(replaced(text, "\"integer\",\n   16", "\"integer\",\n   17"))).accepted);
}

TEST(Region_proof, is_malformed_where_its_boxes_are_none) {
  const std::string text = to_json(made());
  const std::string box = text.substr(text.find("[["), text.find("\n", text.find("[[")) - text.find("[[") - 1);
  EXPECT_NE(malformed(replaced(text, box, "[]")).find("box 1"), std::string::npos);
  EXPECT_NE(malformed(replaced(text, box, "17")).find("box 1"), std::string::npos);
  EXPECT_NE(malformed(replaced(text, box, "[[\"1\",\"0\"],[\"0\",\"1\"],null]")).find("wrong way"), std::string::npos);
  EXPECT_NE(malformed(replaced(text, box, "[[\"0\",\"1\"],[\"0\",\"1/3\"],null]")).find("power of two"),
            std::string::npos);
  EXPECT_NE(malformed(replaced(text, box, "[[\"0\",\"1\"],[\"0\",\"2/4\"],null]")).find("lowest terms"),
            std::string::npos);
  EXPECT_NE(malformed(replaced(text, box, "[[\"0\",\"1\"],[\"0\",\"1\"],0.5]")).find("margin"), std::string::npos);
  EXPECT_NE(malformed(replaced(text, "\"kind\": \"region\"", "\"kind\": \"guess\"")).find("guess"), std::string::npos);
  EXPECT_NE(malformed(replaced(text, "\"relation\": \"≤\"", "\"relation\": \"=\"")), "");
  EXPECT_NE(malformed(replaced(text, "\"positive\"", "\"hopeful\"")).find("positive"), std::string::npos);
  for (std::size_t length = 0; length < text.size() - 2; length += 101)
    EXPECT_NE(malformed(text.substr(0, length)), "");
}

TEST(Region_proof, is_malformed_with_more_than_ten_thousand_boxes) {
  RegionProof proof = made();
  proof.boxes.assign(RegionProof::most_boxes, proof.boxes[0]);
  EXPECT_EQ(malformed(to_json(proof)), "");
  proof.boxes.push_back(proof.boxes[0]);
  EXPECT_NE(malformed(to_json(proof)).find("10000 boxes"), std::string::npos);
}

TEST(Region_proof, of_a_program_too_long_for_its_boxes_is_rejected) {
  RegionProof proof = made();
  while (proof.program.size() < 90000) proof.program.push_back({"integer", {}, "", 1});
  proof.entries.push_back(proof.entries[0]);
  ASSERT_GT(proof.program.size() * proof.boxes.size() * proof.entries.size(), RegionProof::most_steps);
  const Recheck result = rechecked(proof);
  EXPECT_FALSE(result.accepted);
  EXPECT_NE(result.reason.find("too many boxes"), std::string::npos) << result.reason;
}

}  // namespace
}  // namespace normproof::certificates
