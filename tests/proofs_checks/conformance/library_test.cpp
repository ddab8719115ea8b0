// Is a table of kernels that cannot be trusted turned down, in one line that says why?
#include "proofs_checks/conformance/library.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "impl/kernels/builtin.hpp"

namespace normproof::conformance {
namespace {

normproof_status refuse(const normproof_call*) { return NORMPROOF_UNSUPPORTED; }

normproof_kernel good_kernel(const char* name) {
  return {sizeof(normproof_kernel), name, "for a test", NORMPROOF_BN_INFER, 1U << NORMPROOF_F32, 0, refuse};
}

// What checked_kernels says of two good kernels after something was changed.
std::string complaint(const std::function<void(normproof_library&, std::array<normproof_kernel, 2>&)>& change) {
  std::array<normproof_kernel, 2> kernels = {good_kernel("first"), good_kernel("second")};
  normproof_library table = {NORMPROOF_ABI_VERSION, 2, kernels.data()};
  change(table, kernels);
  try {
    checked_kernels(&table);
  } catch (const LibraryError& error) {
    return error.what();
  }
  return "none";
}

TEST(TableOfKernels, is_taken_where_nothing_is_wrong_with_it) {
  EXPECT_EQ(complaint([](auto&, auto&) {}), "none");
}

TEST(TableOfKernels, is_turned_down_for_its_head) {
  EXPECT_THROW(checked_kernels(nullptr), LibraryError);
  EXPECT_EQ(complaint([](auto& table, auto&) { table.abi_version = 2; }),
            "the table of kernels: expected abi_version 1, found 2");
  EXPECT_EQ(complaint([](auto& table, auto&) { table.count = 0; }),
            "the table of kernels: expected a kernel at least, found count = 0");
  EXPECT_EQ(complaint([](auto& table, auto&) { table.count = std::numeric_limits<std::uint32_t>::max(); }),
            "the table of kernels: expected at most 4096 kernels, found count = 4294967295");
  EXPECT_EQ(complaint([](auto& table, auto&) { table.kernels = nullptr; }),
            "the table of kernels: expected 2 kernels, found NULL");
}

TEST(TableOfKernels, is_turned_down_for_sizes_that_cannot_be) {
  for (const std::uint32_t size : {std::uint32_t{0}, std::uint32_t{8}, std::uint32_t{sizeof(normproof_kernel) - 8},
                                   std::uint32_t{sizeof(normproof_kernel) + 1}, std::uint32_t{1} << 20}) {
    const std::string words = complaint([size](auto&, auto& kernels) { kernels[0].size = size; });
    EXPECT_NE(words.find("kernel 0: expected the size of a normproof_kernel"), std::string::npos) << size << words;
  }
  EXPECT_NE(complaint([](auto&, auto& kernels) { kernels[1].size += 8; }).find("kernel 1: expected size = "),
            std::string::npos);
}

TEST(TableOfKernels, is_turned_down_for_a_kernel_that_says_what_cannot_be) {
  const auto expect = [](const std::string& words, const std::function<void(normproof_kernel&)>& change) {
    EXPECT_EQ(complaint([&](auto&, auto& kernels) { change(kernels[1]); }), words);
  };
  expect("kernel 1: expected a name, found NULL", [](auto& kernel) { kernel.name = nullptr; });
  expect("kernel 1: expected a name in snake_case, found \"\"", [](auto& kernel) { kernel.name = ""; });
  expect("kernel 1: expected a name in snake_case, found \"Batch Norm\"",
         [](auto& kernel) { kernel.name = "Batch Norm"; });
  expect("kernel 1: expected a name in snake_case, found \"a b\"", [](auto& kernel) { kernel.name = "a\nb"; });
  expect("kernel 1: expected a name of its own, found first again", [](auto& kernel) { kernel.name = "first"; });
  expect("kernel second: expected a summary, found NULL", [](auto& kernel) { kernel.summary = nullptr; });
  expect("kernel second: expected a function run, found NULL", [](auto& kernel) { kernel.run = nullptr; });
  expect("kernel second: expected an operation of normproof_op, found op = 0", [](auto& kernel) { kernel.op = 0; });
  expect("kernel second: expected an operation of normproof_op, found op = 8", [](auto& kernel) { kernel.op = 8; });
  expect("kernel second: expected a data type at least, found dtypes = 0", [](auto& kernel) { kernel.dtypes = 0; });
  expect("kernel second: expected bits 1u << normproof_dtype, found dtypes = 0x1",
         [](auto& kernel) { kernel.dtypes = 1; });
  expect("kernel second: expected flags of version 1 of the interface, found flags = 0x8",
         [](auto& kernel) { kernel.flags = 8; });
}

TEST(TableOfKernels, is_not_read_beyond_the_longest_name_there_may_be) {
  const std::vector<char> no_end(200, 'a');  // no name ends in it
  const std::string words = complaint([&](auto&, auto& kernels) { kernels[1].name = no_end.data(); });
  EXPECT_NE(words.find("expected a name in snake_case"), std::string::npos) << words;
}

TEST(TableOfKernels, is_walked_with_the_size_that_it_states) {
  struct Later {
    normproof_kernel known;
    void* added;
  };
  std::array<Later, 3> kernels = {
      {{good_kernel("a"), nullptr}, {good_kernel("b"), nullptr}, {good_kernel("c"), nullptr}}};
  for (Later& kernel : kernels) kernel.known.size = sizeof(Later);
  const normproof_library table = {NORMPROOF_ABI_VERSION, 3, &kernels[0].known};
  const auto found = checked_kernels(&table);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_STREQ(found[2]->name, "c");
}

TEST(TableOfKernels, of_the_built_in_ones_is_sound) {
  EXPECT_FALSE(checked_kernels(kernels::builtin_library()).empty());
}

// ---- versions

const normproof_kernel only = good_kernel("only");
const normproof_library of_this_version = {NORMPROOF_ABI_VERSION, 1, &only};
const normproof_library of_the_next_version = {NORMPROOF_ABI_VERSION + 1, 1, &only};

std::string complaint_of_versions(EntryPoint entry) {
  try {
    check_versions(entry);
  } catch (const LibraryError& error) {
    return error.what();
  }
  return "none";
}

TEST(EntryPoint, gives_nothing_for_a_version_that_it_cannot_know) {
  const EntryPoint right = [](std::uint32_t version) {
    return version == NORMPROOF_ABI_VERSION ? &of_this_version : nullptr;
  };
  EXPECT_EQ(complaint_of_versions(right), "none");
  EXPECT_EQ(complaint_of_versions([](std::uint32_t) { return &of_this_version; }),
            "normproof_kernels: expected NULL for version 0 of the interface, which it cannot know, found a table of "
            "version 1");
  const EntryPoint at_least = [](std::uint32_t version) {
    return version >= NORMPROOF_ABI_VERSION ? &of_this_version : nullptr;
  };
  EXPECT_NE(complaint_of_versions(at_least).find("version 4294967295"), std::string::npos);
  const EntryPoint small_numbers = [](std::uint32_t version) {
    return version == 1 || version == 2 ? &of_this_version : nullptr;
  };
  EXPECT_NE(complaint_of_versions(small_numbers).find("NULL for version 2"), std::string::npos);
}

TEST(EntryPoint, may_know_the_next_version) {
  const EntryPoint of_both = [](std::uint32_t version) -> const normproof_library* {
    if (version == NORMPROOF_ABI_VERSION) return &of_this_version;
    return version == NORMPROOF_ABI_VERSION + 1 ? &of_the_next_version : nullptr;
  };
  EXPECT_EQ(complaint_of_versions(of_both), "none");
}

TEST(ListedKernel, says_what_the_kernel_says) {
  normproof_kernel kernel = good_kernel("batch_norm");
  kernel.summary = "two\nlines";
  kernel.dtypes = 1U << NORMPROOF_F64 | 1U << NORMPROOF_F32;
  kernel.flags = NORMPROOF_ANY_STRIDES | NORMPROOF_DETERMINISTIC;
  const ListedKernel said = listed(kernel);
  EXPECT_EQ(said.summary, "two lines");
  EXPECT_EQ(dtype_words(said), "f32, f64");
  EXPECT_EQ(flag_words(said), "any strides, deterministic");
  const Declared again = declared(said);
  EXPECT_EQ(again.name, "batch_norm");
  EXPECT_EQ(again.dtypes, (std::vector{NORMPROOF_F32, NORMPROOF_F64}));
  EXPECT_TRUE(again.any_strides && again.deterministic && !again.in_place);
}

}  // namespace
}  // namespace normproof::conformance
