// Which cases failed the last time, so that they are run first the next time?
#include "proofs_checks/conformance/failures_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>

#include "impl/data/file_error.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::conformance {
namespace {

constexpr std::string_view library_mark = "# library ";

// The library may have been built anew in another folder.
std::string library_line(const std::string& library) {
  return fmt::format("{}{}", library_mark, report::one_line(std::filesystem::path(library).filename().string()));
}

std::string key(const std::string& kernel, const Case& described) { return kernel + "\t" + text(described); }

}  // namespace

std::vector<EarlierFailure> parse_failures(std::string_view text, const std::filesystem::path& file,
                                           const std::string& library) {
  std::vector<EarlierFailure> failures;
  bool same_library = false;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.rfind(library_mark, 0) == 0) same_library = line == library_line(library);
    if (line.empty() || line.front() == '#') continue;
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos || tab == 0)
      throw data::FileError(file, fmt::format("a kernel, a tab and a case in line {}", number), line.substr(0, 40));
    try {
      failures.push_back({std::string(line.substr(0, tab)), parse_case(line.substr(tab + 1))});
    } catch (const CaseError& error) {
      throw data::FileError(file, fmt::format("a case in line {}", number), error.what());
    }
  }
  if (!same_library) failures.clear();
  return failures;
}

std::vector<EarlierFailure> read_failures(const std::filesystem::path& file, const std::string& library) {
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return {};
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream) throw data::FileError(file, "the failures of an earlier run", std::generic_category().message(errno));
  return parse_failures(text, file, library);
}

std::string failures_text(const std::string& library, const std::vector<EarlierFailure>& failures) {
  std::string written = library_line(library) + "\n";
  written += "# Run first the next time that validate --out names this folder. A line: kernel, tab, case.\n";
  for (const auto& [kernel, described] : failures) written += key(kernel, described) + "\n";
  return written;
}

std::vector<EarlierFailure> failures_of(const ConformanceReport& report, const std::vector<EarlierFailure>& earlier) {
  std::vector<EarlierFailure> failures;
  std::set<std::string> kept;
  const auto keep = [&](const std::string& kernel, const Case& described) {
    if (kept.insert(key(kernel, described)).second) failures.push_back({kernel, described});
  };
  std::set<std::string> tried;  // kernels whose earlier failures were all run again
  for (const KernelReport& kernel : report.kernels) {
    if (report.complete) tried.insert(kernel.kernel.name);
    for (const CheckReport& check : kernel.checks)
      for (const FindingReport& finding : check.findings) keep(kernel.kernel.name, finding.described);
  }
  for (const auto& [kernel, described] : earlier) {
    if (tried.count(kernel) == 0) keep(kernel, described);
  }
  return failures;
}

}  // namespace normproof::conformance
