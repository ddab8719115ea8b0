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

TEST(Certificate, is_malformed_where_an_integer_would_be_cut_off_or_wrap_round) {
  const std::string text = to_json(made());
  for (const char* other : {"1.9", "true", "4294967297", "\"1\""})
    EXPECT_NE(malformed(replaced(text, "\"batch\": 1", std::string("\"batch\": ") + other)).find("batch"),
              std::string::npos)
        << other;
  Refutation minus_one = made();
  minus_one.program.push_back({"integer", {}, "", -1});
  const std::string wrapped = replaced(to_json(minus_one), "-1\n  ]", "18446744073709551615\n  ]");
  EXPECT_NE(malformed(wrapped).find("64 bits"), std::string::npos);
}

TEST(Certificate, is_malformed_where_a_name_stands_twice) {
  const std::string text = replaced(to_json(made()), "\"a\": \"3\"", "\"a\": \"7\",\n \"a\": \"3\"");
  EXPECT_NE(malformed(text).find("twice"), std::string::npos);
}

TEST(Certificate, is_malformed_where_it_is_nested_without_end) {
  constexpr std::size_t levels = 300000;
  const std::string deep = std::string(levels, '[') + std::string(levels, ']');
  EXPECT_NE(malformed(deep).find("deeper"), std::string::npos);
  EXPECT_NE(malformed(replaced(to_json(made()), "\"entry\"", "\"more\": " + deep + ", \"entry\"")).find("deeper"),
            std::string::npos);
}

TEST(Certificate, that_asks_for_endless_digits_is_rejected) {
  Refutation certificate = made();
  certificate.program = {{"input", {}, "a", 0}};
  certificate.inputs = {{"a", "3"}};
  certificate.nonnegative.clear();
  for (std::size_t k = 0; k < 80; ++k) certificate.program.push_back({"multiply", {k, k}, "", 0});
  certificate.left = 0;
  certificate.right = 80;
  const Recheck result = recheck(reread(certificate));
  EXPECT_FALSE(result.accepted);
  EXPECT_NE(result.reason.find("too long a number"), std::string::npos) << result.reason;
}

TEST(Certificate, at_a_point_that_an_inputs_role_does_not_allow_is_rejected) {
  const Reading reading = false_reading();
  const evidence::RecordedReading recorded = evidence::record_reading(reading, reading.sizes[0]);
  const Counterexample point = {{.batch = 1}, {{"a", "5"}, {"b", "0"}, {"eps", "-9"}}, "", "4", "5", "="};
  const Recheck result = recheck(reread(refutation("some_claim", reading, recorded, point)));
  EXPECT_FALSE(result.accepted);
  EXPECT_NE(result.reason.find("hypotheses"), std::string::npos) << result.reason;
}

TEST(Certificate, at_a_point_outside_the_hypotheses_is_rejected) {
  const Counterexample point = {{.batch = 1}, {{"a", "3"}, {"b", "-1/2"}, {"eps", "16"}}, "", "5", "5/2", "="};
  const auto under = [&](Hypothesis hypothesis) {
    Reading reading = false_reading();
    reading.hypotheses = {std::move(hypothesis)};
    return recheck(
        reread(refutation("some_claim", reading, evidence::record_reading(reading, reading.sizes[0]), point)));
  };
  EXPECT_TRUE(under({.id = "a_positive", .positive = [](const Inputs& in) { return in.scalar("a"); }}).accepted);
  const Recheck asked_for = under({.id = "b_positive", .positive = [](const Inputs& in) { return in.scalar("b"); }});
  EXPECT_FALSE(asked_for.accepted);
  EXPECT_NE(asked_for.reason.find("hypotheses"), std::string::npos) << asked_for.reason;
  // A root that nothing uses says that its argument is not negative.
  const Recheck by_root =
      under(inputs::imposing("b_not_negative", "b ≥ 0", [](Inputs& in) { in.set("root", sqrt(in.scalar("b"))); }));
  EXPECT_FALSE(by_root.accepted);
  EXPECT_NE(by_root.reason.find("no square"), std::string::npos) << by_root.reason;
}

}  // namespace
}  // namespace normproof::certificates
