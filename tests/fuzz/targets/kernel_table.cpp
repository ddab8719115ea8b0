// Is any table that a library may hand over refused in one line, or right in every field?
//
// The bytes say the fields; the memory that a table promises is there, to the byte: a library that lies about its own
// memory cannot be told from one that does not. Order: abi_version, count, size (of the entries); then for each entry
// size (0: as said before), what is NULL (bits: name, summary, run), op, dtypes, flags, each one byte or, where that is
// 255, four more; name and summary up to a NUL. What is missing at the end is 0.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <set>
#include <vector>

#include "proofs_checks/conformance/library.hpp"
#include "proofs_checks/conformance/worker_protocol.hpp"
#include "tests/fuzz/target.hpp"

namespace normproof::fuzz {

using namespace conformance;

namespace {

constexpr std::uint32_t most_entries = 64;        // that are laid out; a larger count is stated with NULL for a table
constexpr std::uint32_t most_entry_bytes = 8192;  // beyond what a table may state

normproof_status run(const normproof_call*) { return NORMPROOF_UNSUPPORTED; }

class Bytes {
 public:
  explicit Bytes(std::string_view bytes) : rest_(bytes) {}

  std::uint32_t number() {
    constexpr std::uint32_t escape = 255;
    const std::uint32_t first = byte();
    if (first != escape) return first;
    std::uint32_t value = 0;
    for (int k = 0; k < 4; ++k) value = value << 8 | byte();
    return value;
  }

  std::string string() {
    const std::size_t end = std::min(rest_.find('\0'), rest_.size());
    const std::string words(rest_.substr(0, end));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    return words;
  }

 private:
  std::uint32_t byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }

  std::string_view rest_;
};

// A string that ends where its memory ends.
using Words = std::unique_ptr<char[]>;
Words words_of(const std::string& string) {
  Words words(new char[string.size() + 1]);
  std::memcpy(words.get(), string.c_str(), string.size() + 1);
  return words;
}

void promise_sound(const std::vector<const normproof_kernel*>& kernels, std::uint32_t count) {
  promise(kernels.size() == count, "another number of kernels");
  std::set<std::string> names;
  std::vector<ListedKernel> list;
  for (const normproof_kernel* kernel : kernels) {
    promise(names.insert(kernel->name).second, "a name that is used twice");
    promise(kernel->run == &run && kernel->summary != nullptr, "something is missing");
    list.push_back(listed(*kernel));
    promise(dtype_words(list.back()).size() >= 3 && !flag_words(list.back()).empty(), "no words for a kernel");
    promise(declared(list.back()).op == declared(*kernel).op, "another operation");
  }
  const std::string line = listing_line(list);
  const auto again = listing(line);
  promise(again && again->size() == list.size() && listing_line(*again) == line, "another list: " + line);
}

}  // namespace

void kernel_table(std::string_view bytes) {
  Bytes rest(bytes);
  const std::uint32_t version = rest.number();
  const std::uint32_t count = rest.number();
  const std::uint32_t stated_size = rest.number();
  const std::uint32_t entries = count <= most_entries ? count : 0;
  const std::size_t stride = std::min(stated_size, most_entry_bytes);
  // At least one entry as version 1 knows it can be read.
  const std::size_t room = std::max(stride * entries, sizeof(normproof_kernel));
  std::unique_ptr<std::byte[]> memory(new std::byte[room]());
  std::vector<Words> strings;
  const auto string_or_null = [&](bool null) -> const char* {
    strings.push_back(words_of(rest.string()));
    return null ? nullptr : strings.back().get();
  };
  for (std::uint32_t k = 0; k < entries; ++k) {
    normproof_kernel kernel{};
    const std::uint32_t own_size = rest.number();
    kernel.size = own_size == 0 ? stated_size : own_size;
    const std::uint32_t nulls = rest.number();
    kernel.op = static_cast<std::int32_t>(rest.number());
    kernel.dtypes = rest.number();
    kernel.flags = rest.number();
    kernel.name = string_or_null((nulls & 1U) != 0);
    kernel.summary = string_or_null((nulls & 2U) != 0);
    kernel.run = (nulls & 4U) != 0 ? nullptr : &run;
    if (k == 0) kernel.size = stated_size;
    const std::size_t start = stride * k;
    std::memcpy(memory.get() + start, &kernel, std::min(sizeof kernel, room - start));
  }
  const auto* const kernels = reinterpret_cast<const normproof_kernel*>(memory.get());
  const normproof_library table = {version, count, entries == 0 ? nullptr : kernels};
  try {
    promise_sound(checked_kernels(&table), count);
  } catch (const LibraryError& error) {
    promise_one_line(error.what());
  }
}

}  // namespace normproof::fuzz
