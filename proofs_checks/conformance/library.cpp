// Which kernels does a library export, and can its table be trusted?
#include "proofs_checks/conformance/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>
#include <set>
#include <string_view>
#include <utility>

#include "proofs_checks/conformance/floating_point_environment.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::conformance {
namespace {

// Far beyond any library that means it; a table that states more is taken for a wrong one, not walked.
constexpr std::uint32_t most_kernels = 4096;
constexpr std::uint32_t largest_kernel_bytes = 4096;
constexpr std::size_t longest_name = 100;
constexpr std::uint32_t known_dtypes =
    1U << NORMPROOF_F32 | 1U << NORMPROOF_F64 | 1U << NORMPROOF_BF16 | 1U << NORMPROOF_F16;
constexpr std::uint32_t known_flags = NORMPROOF_ANY_STRIDES | NORMPROOF_IN_PLACE | NORMPROOF_DETERMINISTIC;

[[noreturn]] void wrong(std::string_view what, std::string_view expected, std::string_view found) {
  throw LibraryError(report::one_line(fmt::format("{}: expected {}, found {}", what, expected, found)));
}

bool is_snake_case(std::string_view name) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz";
  constexpr std::string_view others = "abcdefghijklmnopqrstuvwxyz0123456789_";
  return !name.empty() && name.size() <= longest_name && letters.find(name.front()) != std::string_view::npos &&
         name.find_first_not_of(others) == std::string_view::npos;
}

// At most so many characters: what should be a name may be no string at all.
std::string_view bounded(const char* text) {
  constexpr std::size_t most = longest_name + 1;
  const char* const end = std::find(text, text + most, '\0');
  return {text, static_cast<std::size_t>(end - text)};
}

void check_size(std::uint32_t size, std::uint32_t first_size, const std::string& called) {
  if (size < sizeof(normproof_kernel) || size > largest_kernel_bytes || size % alignof(normproof_kernel) != 0) {
    wrong(called,
          fmt::format("the size of a normproof_kernel, {} bytes or more of a later header", sizeof(normproof_kernel)),
          fmt::format("size = {}", size));
  }
  if (size != first_size) wrong(called, fmt::format("size = {} as in kernel 0", first_size), fmt::format("{}", size));
}

}  // namespace

void check_kernel(const normproof_kernel& kernel, const std::string& called) {
  if (kernel.name == nullptr) wrong(called, "a name", "NULL");
  const std::string name(bounded(kernel.name));
  if (!is_snake_case(name)) wrong(called, "a name in snake_case", fmt::format("\"{}\"", name));
  const std::string by_name = fmt::format("kernel {}", name);
  if (kernel.summary == nullptr) wrong(by_name, "a summary", "NULL");
  if (kernel.run == nullptr) wrong(by_name, "a function run", "NULL");
  const std::vector<normproof_op> ops = all_ops();
  if (std::none_of(ops.begin(), ops.end(), [&](normproof_op op) { return op == kernel.op; }))
    wrong(by_name, "an operation of normproof_op", fmt::format("op = {}", kernel.op));
  if (kernel.dtypes == 0) wrong(by_name, "a data type at least", "dtypes = 0");
  if ((kernel.dtypes & ~known_dtypes) != 0)
    wrong(by_name, "bits 1u << normproof_dtype", fmt::format("dtypes = {:#x}", kernel.dtypes));
  if ((kernel.flags & ~known_flags) != 0)
    wrong(by_name, "flags of version 1 of the interface", fmt::format("flags = {:#x}", kernel.flags));
}

std::vector<const normproof_kernel*> checked_kernels(const normproof_library* table) {
  const std::string library = "the table of kernels";
  if (table == nullptr)
    wrong("normproof_kernels", fmt::format("version {} of the interface", NORMPROOF_ABI_VERSION),
          "NULL: it is not known");
  if (table->abi_version != NORMPROOF_ABI_VERSION)
    wrong(library, fmt::format("abi_version {}", NORMPROOF_ABI_VERSION), fmt::format("{}", table->abi_version));
  if (table->count == 0) wrong(library, "a kernel at least", "count = 0");
  if (table->count > most_kernels)
    wrong(library, fmt::format("at most {} kernels", most_kernels), fmt::format("count = {}", table->count));
  if (table->kernels == nullptr) wrong(library, fmt::format("{} kernels", table->count), "NULL");

  std::vector<const normproof_kernel*> kernels;
  std::set<std::string_view> names;
  const auto* const start = reinterpret_cast<const std::byte*>(table->kernels);
  const std::uint32_t stride = table->kernels->size;
  for (std::uint32_t k = 0; k < table->count; ++k) {
    const std::string called = fmt::format("kernel {}", k);
    // check_size() has seen the stride before it is walked with.
    const auto* const kernel = reinterpret_cast<const normproof_kernel*>(start + std::size_t{k} * stride);
    check_size(kernel->size, stride, called);
    check_kernel(*kernel, called);
    if (!names.insert(kernel->name).second) wrong(called, "a name of its own", fmt::format("{} again", kernel->name));
    kernels.push_back(kernel);
  }
  return kernels;
}

void check_versions(EntryPoint entry) {
  constexpr std::uint32_t later = NORMPROOF_ABI_VERSION + 1;
  for (const std::uint32_t version : {std::uint32_t{0}, std::numeric_limits<std::uint32_t>::max(), later}) {
    const normproof_library* const table = entry(version);
    if (table == nullptr) continue;
    // There may be a library that knows the next version already.
    if (version == later && table->abi_version == later) continue;
    wrong("normproof_kernels", fmt::format("NULL for version {} of the interface, which it cannot know", version),
          fmt::format("a table of version {}", table->abi_version));
  }
}

LoadedLibrary load_library(const std::filesystem::path& file) {
  const auto before = FloatingPointEnvironment::now();
  void* const library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    const char* const reason = dlerror();  // NOLINT(concurrency-mt-unsafe): one thread loads
    wrong("dlopen", "a shared library", reason == nullptr ? "a failure without a reason" : reason);
  }
  void* const symbol = dlsym(library, "normproof_kernels");
  if (symbol == nullptr) throw LibraryError("expected the symbol normproof_kernels, found none");
  const auto entry = reinterpret_cast<EntryPoint>(symbol);
  LoadedLibrary loaded{checked_kernels(entry(NORMPROOF_ABI_VERSION))};
  check_versions(entry);
  loaded.environment_change = before.change();
  before.restore();
  return loaded;
}

ListedKernel listed(const normproof_kernel& kernel) {
  return {kernel.name, report::one_line(kernel.summary), kernel.op, kernel.dtypes, kernel.flags, {}};
}

Declared declared(const ListedKernel& kernel) {
  normproof_kernel plain{};
  plain.size = sizeof plain;
  plain.name = kernel.name.c_str();
  plain.summary = kernel.summary.c_str();
  plain.op = kernel.op;
  plain.dtypes = kernel.dtypes;
  plain.flags = kernel.flags;
  return declared(plain);
}

std::string dtype_words(const ListedKernel& kernel) {
  std::string words;
  for (const normproof_dtype dtype : {NORMPROOF_F32, NORMPROOF_F64, NORMPROOF_BF16, NORMPROOF_F16}) {
    if ((kernel.dtypes >> dtype & 1U) != 0) words += (words.empty() ? "" : ", ") + std::string(word(dtype));
  }
  return words;
}

std::string flag_words(const ListedKernel& kernel) {
  constexpr std::array<std::pair<std::uint32_t, std::string_view>, 3> flags = {
      {{NORMPROOF_ANY_STRIDES, "any strides"},
       {NORMPROOF_IN_PLACE, "in place"},
       {NORMPROOF_DETERMINISTIC, "deterministic"}}};
  std::string words;
  for (const auto& [flag, name] : flags) {
    if ((kernel.flags & flag) != 0) words += (words.empty() ? "" : ", ") + std::string(name);
  }
  return words.empty() ? "none" : words;
}

}  // namespace normproof::conformance
