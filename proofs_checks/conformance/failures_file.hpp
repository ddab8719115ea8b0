// Which cases failed the last time, so that they are run first the next time?
//
// File       failures.txt under --out: lines that begin with # are remarks, the first one names the library's file;
//            each other line is a kernel, a tab and a case (case.hpp).
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proofs_checks/conformance/case.hpp"
#include "proofs_checks/conformance/conformance_report.hpp"

namespace normproof::conformance {

inline constexpr const char* failures_file_name = "failures.txt";

struct EarlierFailure {
  std::string kernel;
  Case described;
};

// Those of this library; none where the file is of another one. Throws data::FileError with the line.
std::vector<EarlierFailure> parse_failures(std::string_view text, const std::filesystem::path& file,
                                           const std::string& library);
// None where there is no file.
std::vector<EarlierFailure> read_failures(const std::filesystem::path& file, const std::string& library);

std::string failures_text(const std::string& library, const std::vector<EarlierFailure>& failures);

// What failed in this run, and of `earlier` what this run did not try again.
std::vector<EarlierFailure> failures_of(const ConformanceReport& report, const std::vector<EarlierFailure>& earlier);

}  // namespace normproof::conformance
