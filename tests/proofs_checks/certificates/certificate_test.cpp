// Does a certificate hold exactly what refutes the reading, and is every change of it noticed?
#include "proofs_checks/certificates/certificate.hpp"

#include <gtest/gtest.h>

#include "proofs_checks/certificates/from_reading.hpp"
#include "proofs_checks/evidence/counterexample.hpp"
#include "proofs_checks/inputs/adapters.hpp"

namespace normproof::certificates {
namespace {

// √(a² + ε) = a + b: false.
Reading false_reading() {
  return {.id = "printed",
          .statement = "√(a² + ε) = a + b",
          .inputs = {{"a", Role::activation}, {"b", Role::activation}, {"eps", Role::epsilon}, {"idle", Role::shift}},
          .sizes = {{.batch = 1}},
          .left = by_definition(
              "√(a² + ε)",
              [](const Inputs& in) -> Values { return {sqrt(in.scalar("a") * in.scalar("a") + in.scalar("eps"))}; }),
          .right = by_theory("a + b", [](const Inputs& in) -> Values { return {in.scalar("a") + in.scalar("b")}; })};
}

Refutation made() {
  const Reading reading = false_reading();
  const evidence::RecordedReading recorded = evidence::record_reading(reading, reading.sizes[0]);
  const Counterexample point = {{.batch = 1}, {{"a", "3"}, {"b", "-1/2"}, {"eps", "16"}}, "", "5", "5/2", "="};
  return refutation("some_claim", reading, recorded, point);
}

Certificate reread(const Refutation& certificate) { return from_json(to_json(certificate)); }

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

TEST(Certificate, is_accepted_after_a_round_trip) {
  const Recheck result = recheck(reread(made()));
  EXPECT_TRUE(result.accepted) << result.reason;
  EXPECT_EQ(result.reason, "5 = 5/2 fails");
}

TEST(Certificate, lists_the_inputs_that_its_program_uses_and_no_others) {
  std::vector<std::string> names;
  for (const auto& [name, value] : made().inputs) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"a", "b", "eps"}));
}

TEST(Certificate, is_rejected_when_any_digit_of_an_input_or_a_side_changes) {
  const std::string text = to_json(made());
  int changed = 0;
  for (const char* what :
       {"\"a\": \"3\"", "\"b\": \"-1/2\"", "\"eps\": \"16\"", "\"value\": \"5\"", "\"value\": \"5/2\""}) {
    const std::string original = what;
    for (std::size_t k = original.find(": ") + 3; k + 1 < original.size(); ++k) {
      if (original[k] < '0' || original[k] > '9') continue;
      for (char digit = '0'; digit <= '9'; ++digit) {
        if (digit == original[k]) continue;
        std::string other = original;
        other[k] = digit;
        try {
          const Recheck result = recheck(from_json(replaced(text, original, other)));
          EXPECT_FALSE(result.accepted) << other;
          EXPECT_FALSE(result.reason.empty());
        } catch (const Malformed&) {  // no longer in lowest terms, say
        }
        ++changed;
      }
    }
  }
  EXPECT_EQ(changed, 9 * 8);
}

TEST(Certificate, of_something_true_is_rejected) {
  Refutation certificate = made();
  certificate.right = certificate.left;
  certificate.right_value = certificate.left_value;
  EXPECT_FALSE(recheck(reread(certificate)).accepted);
}

TEST(Certificate, is_malformed_where_a_fraction_is_not_in_lowest_terms) {
  const std::string text = to_json(made());
  EXPECT_NE(malformed(replaced(text, "\"-1/2\"", "\"-2/4\"")).find("lowest terms"), std::string::npos);
  EXPECT_NE(malformed(replaced(text, "\"-1/2\"", "\"1/-2\"")).find("b"), std::string::npos);
  EXPECT_NE(malformed(replaced(text, "\"-1/2\"", "\"-1/0\"")).find("0"), std::string::npos);
  EXPECT_NE(malformed(replaced(text, "\"-1/2\"", "\"0.5\"")), "");
  EXPECT_NE(malformed(replaced(text, "\"-1/2\"", "\"+1/2\"")), "");
  EXPECT_NE(malformed(replaced(text, "\"3\"", "\"03\"")), "");
  EXPECT_NE(malformed(replaced(text, "\"3\"", "3")), "");
}

TEST(Certificate, is_malformed_where_its_program_is_none) {
  const std::string text = to_json(made());
  EXPECT_NE(malformed("{"), "");
  EXPECT_NE(malformed("[]"), "");
  EXPECT_NE(malformed(replaced(text, "normproof.certificate.v1", "normproof.certificate.v9")), "");
  EXPECT_NE(malformed(replaced(text, "\"sqrt\"", "\"cbrt\"")).find("cbrt"), std::string::npos);
  EXPECT_NE(malformed(replaced(text, "\"relation\": \"=\"", "\"relation\": \"<\"")), "");
  for (std::size_t length = 0; length < text.size() - 2; length += 7) EXPECT_NE(malformed(text.substr(0, length)), "");
}

TEST(Certificate, refuses_a_point_where_a_value_is_missing) {
  Refutation certificate = made();
  certificate.inputs[0].second = "1";  // 1 + 16 is no square
  const Recheck result = recheck(reread(certificate));
  EXPECT_FALSE(result.accepted);
  EXPECT_NE(result.reason.find("no square"), std::string::npos);
}

}  // namespace
}  // namespace normproof::certificates
