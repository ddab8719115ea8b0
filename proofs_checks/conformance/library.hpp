// Which kernels does a library export, and can its table be trusted?
//
// A table comes from somebody else's code. It is walked with the sizes that it states, and everything that it says is
// looked at before a kernel of it is called: versions, sizes, names, operations, data types, flags.
// Loading runs the library's constructors. A library that dies or hangs there takes its process along, so the program
// loads one in a worker (worker.hpp) and never itself.
#pragma once

#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "impl/kernel.h"
#include "proofs_checks/conformance/check.hpp"

namespace normproof::conformance {

// One line: what was expected of the library and what was found. It does not name the library.
class LibraryError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The kernels of a table, in its order. Throws LibraryError.
std::vector<const normproof_kernel*> checked_kernels(const normproof_library* table);

// One kernel that stands in no table. Throws LibraryError.
void check_kernel(const normproof_kernel& kernel, const std::string& called);

// A library that gives a table for a version of the interface that it cannot know does not look at the version. Asks
// `entry` for some of them. Throws LibraryError.
using EntryPoint = const normproof_library* (*)(std::uint32_t abi_version);
void check_versions(EntryPoint entry);

// What loading did to the floating-point environment of the thread that loaded, in words; empty where nothing. It is
// put back.
struct LoadedLibrary {
  std::vector<const normproof_kernel*> kernels;
  std::string environment_change = {};
};
// Loads a library for as long as the process lives. Throws LibraryError.
LoadedLibrary load_library(const std::filesystem::path& file);

// What a kernel says of itself, without its function, and what its library did: what a worker tells its supervisor.
struct ListedKernel {
  std::string name, summary;
  std::int32_t op = 0;
  std::uint32_t dtypes = 0, flags = 0;
  std::string loading_changed = {};  // LoadedLibrary::environment_change
};
ListedKernel listed(const normproof_kernel& kernel);
Declared declared(const ListedKernel& kernel);

// "f32, f64".
std::string dtype_words(const ListedKernel& kernel);
// "any strides, in place, deterministic"; "none".
std::string flag_words(const ListedKernel& kernel);

}  // namespace normproof::conformance
