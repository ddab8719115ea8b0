// Which failures are known, so that others are seen?
//
// File       Lines `kernel check kind`, each a name or a shell's pattern, # begins a remark; or JSON, a list of
//            {"kernel": "", "check": "", "kind": ""}. kind is a word of Finding::Kind.
// Outcome    A finding that a line fits is expected and does not make the run fail. A line that fits no finding though
//            a kernel and a check that it fits were run is an unexpected pass, and makes the run fail: it is out of
//            date.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "proofs_checks/conformance/conformance_report.hpp"

namespace normproof::conformance {

struct KnownFailure {
  std::string kernel, check, kind;  // patterns
  std::string place;                // "line 3", "entry 2"
};

// Both throw data::FileError, with the line.
std::vector<KnownFailure> parse_known_failures(std::string_view text, const std::filesystem::path& file);
std::vector<KnownFailure> read_known_failures(const std::filesystem::path& file);

// One that fits no kernel or no check at all is mistyped. Throws data::FileError.
void check_known_failures(const std::vector<KnownFailure>& known, const std::filesystem::path& file,
                          const std::vector<ListedKernel>& kernels, const std::vector<std::string>& checks);

// Marks the findings that are expected and lists the unexpected passes.
void apply_known_failures(const std::vector<KnownFailure>& known, ConformanceReport& report);

}  // namespace normproof::conformance
