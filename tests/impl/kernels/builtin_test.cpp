// Is the table of built-in kernels what a user of it may rely on?
#include "impl/kernels/builtin.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/impl/kernels/sample_call.hpp"

namespace normproof::tests {
namespace {

TEST(BuiltinKernels, cover_every_operation) {
  std::set<int> ops;
  for (const normproof_kernel* kernel : builtin_kernels()) ops.insert(kernel->op);
  EXPECT_THAT(ops, testing::ElementsAre(NORMPROOF_BN_TRAIN, NORMPROOF_BN_INFER, NORMPROOF_BN_TRAIN_BACKWARD,
                                        NORMPROOF_BN_INFER_BACKWARD, NORMPROOF_FN_TRAIN, NORMPROOF_FN_INFER,
                                        NORMPROOF_FN_BACKWARD));
}

TEST(BuiltinKernels, are_named_after_their_operation_and_no_two_alike) {
  const std::map<int, std::string> beginnings = {{NORMPROOF_BN_TRAIN, "batch_norm_train_"},
                                                 {NORMPROOF_BN_INFER, "batch_norm_infer_"},
                                                 {NORMPROOF_BN_TRAIN_BACKWARD, "batch_norm_train_backward_"},
                                                 {NORMPROOF_BN_INFER_BACKWARD, "batch_norm_infer_backward_"},
                                                 {NORMPROOF_FN_TRAIN, "full_norm_train_"},
                                                 {NORMPROOF_FN_INFER, "full_norm_infer_"},
                                                 {NORMPROOF_FN_BACKWARD, "full_norm_backward_"}};
  std::set<std::string> names;
  for (const normproof_kernel* kernel : builtin_kernels()) {
    const std::string name = kernel->name;
    EXPECT_EQ(name.find(beginnings.at(kernel->op)), 0u) << name;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

TEST(BuiltinKernels, fill_in_every_field_of_their_table) {
  EXPECT_EQ(kernels::builtin_library()->abi_version, NORMPROOF_ABI_VERSION);
  for (const normproof_kernel* kernel : builtin_kernels()) {
    EXPECT_EQ(kernel->size, sizeof(normproof_kernel));
    EXPECT_NE(std::string(kernel->summary), "");
    EXPECT_NE(kernel->dtypes, 0u);
    EXPECT_NE(kernel->run, nullptr);
  }
}

TEST(BuiltinKernels, are_the_same_table_at_every_call) {
  EXPECT_EQ(kernels::builtin_library(), kernels::builtin_library());
}

}  // namespace
}  // namespace normproof::tests
