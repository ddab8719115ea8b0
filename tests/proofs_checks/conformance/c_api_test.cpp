// Does the C interface answer like the program, and turn every wrong call into a status and one line?
//
// The source itself is included: what libnormproof.so exports is tested here without the library.
#include "proofs_checks/conformance/c_api.cpp"

#include <gtest/gtest.h>

#include "impl/kernels/builtin.hpp"

namespace normproof::conformance {
namespace {

using Json = nlohmann::json;

const normproof_kernel& builtin_infer() {
  for (const normproof_kernel* kernel : checked_kernels(kernels::builtin_library()))
    if (kernel->op == NORMPROOF_BN_INFER) return *kernel;
  throw std::logic_error("no built-in kernel infers");
}

normproof_status do_nothing(const normproof_call*) { return NORMPROOF_OK; }

struct Told {
  int status;
  Json json;
};

Told told(const normproof_kernel* kernel, const char* options) {
  char* text = nullptr;
  const int status = normproof_validate(kernel, options, &text);
  Told answer{status, text == nullptr ? Json() : Json::parse(text)};
  normproof_free(text);
  return answer;
}

TEST(CInterface, finds_that_a_good_kernel_conforms) {
  const auto [status, json] = told(&builtin_infer(), "--effort quick --check 'few_*'");
  EXPECT_EQ(status, 0);
  EXPECT_EQ(json["schema"], "normproof.conformance.v1");
  EXPECT_EQ(json["kernels"][0]["verdict"], "conforms");
  EXPECT_EQ(json["kernels"][0]["checks"].size(), 1U);
}

TEST(CInterface, finds_that_a_kernel_that_does_nothing_fails) {
  normproof_kernel kernel = builtin_infer();
  kernel.run = do_nothing;
  const auto [status, json] = told(&kernel, "--effort quick --check few_values");
  EXPECT_EQ(status, 1);
  EXPECT_EQ(json["kernels"][0]["verdict"], "fails");
  const Json& finding = json["kernels"][0]["checks"][0]["findings"][0];
  EXPECT_EQ(finding["kind"], "not_written");
  EXPECT_EQ(finding["shrunk"], true);
  EXPECT_EQ(told(&kernel, ("--case " + finding["case"].get<std::string>()).c_str()).status, 1);
}

TEST(CInterface, turns_what_is_wrong_into_one_line) {
  const auto expect_error = [](const normproof_kernel* kernel, const char* options, const std::string& words) {
    const auto [status, json] = told(kernel, options);
    EXPECT_EQ(status, 2) << words;
    ASSERT_TRUE(json.contains("error")) << words;
    const std::string line = json["error"];
    EXPECT_NE(line.find(words), std::string::npos) << line;
    EXPECT_EQ(line.find('\n'), std::string::npos) << line;
  };
  const normproof_kernel& good = builtin_infer();
  expect_error(nullptr, "", "found NULL");
  normproof_kernel small = good;
  small.size = 4;
  expect_error(&small, "", "size = 4");
  normproof_kernel nameless = good;
  nameless.name = nullptr;
  expect_error(&nameless, "--check few_values", "expected a name");
  expect_error(&good, "--effort fast", "--effort fast");
  expect_error(&good, "--check nosuch", "no check matches nosuch");
  expect_error(&good, "--out somewhere", "--out");
  expect_error(&good, "--timeout 3", "--timeout");
  expect_error(&good, "--case nonsense", "case");
  expect_error(&good, "--case op=fn_train", "does not do fn_train");
  expect_error(&good, "--help", "normproof.h");
}

TEST(CInterface, needs_no_report) {
  EXPECT_EQ(normproof_validate(&builtin_infer(), "--effort quick --check few_values", nullptr), 0);
  EXPECT_EQ(normproof_validate(nullptr, nullptr, nullptr), 2);
  normproof_free(nullptr);
}

}  // namespace
}  // namespace normproof::conformance
