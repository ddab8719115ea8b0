// Which failures are known, so that others are seen?
#include "proofs_checks/conformance/known_failures.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#include "impl/data/file_error.hpp"
#include "proofs_checks/report/json_input.hpp"

namespace normproof::conformance {
namespace {

constexpr int most_shown = 60;  // of a line that is wrong
constexpr const char* list_words = "a list of known failures";

bool fits(const std::string& pattern, const std::string& name) {
  return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

std::vector<std::string> kinds() {
  std::vector<std::string> words;
  for (int kind = 0; kind <= static_cast<int>(Finding::Kind::timeout); ++kind)
    words.emplace_back(word(static_cast<Finding::Kind>(kind)));
  return words;
}

void check_kind(const KnownFailure& known, const std::filesystem::path& file) {
  const std::vector<std::string> words = kinds();
  if (std::any_of(words.begin(), words.end(), [&](const std::string& kind) { return fits(known.kind, kind); })) return;
  std::string list;
  for (const std::string& kind : words) list += (list.empty() ? "" : ", ") + kind;
  throw data::FileError(file, fmt::format("at {} a kind of finding ({})", known.place, list), known.kind);
}

std::vector<KnownFailure> from_lines(std::string_view text, const std::filesystem::path& file) {
  std::vector<KnownFailure> all;
  std::istringstream stream{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    std::istringstream words(line.substr(0, line.find('#')));
    const std::vector<std::string> parts{std::istream_iterator<std::string>(words), {}};
    if (parts.empty()) continue;
    const std::string place = fmt::format("line {}", number);
    if (parts.size() != 3)
      throw data::FileError(file, fmt::format("at {} a kernel, a check and a kind", place), line.substr(0, most_shown));
    all.push_back({parts[0], parts[1], parts[2], place});
    check_kind(all.back(), file);
  }
  return all;
}

std::vector<KnownFailure> from_json(std::string_view text, const std::filesystem::path& file) {
  const report::Json json = report::parse_json(text, file, list_words);
  const report::JsonPlace root(file, json);
  std::vector<KnownFailure> all;
  for (std::size_t k = 0; k < root.array().size(); ++k) {
    const report::JsonPlace entry = root.element(k);
    for (const auto& [key, value] : entry.object().items()) {
      if (key != "kernel" && key != "check" && key != "kind") entry.fail("the keys kernel, check and kind alone");
    }
    all.push_back({entry.member("kernel").string(), entry.member("check").string(), entry.member("kind").string(),
                   fmt::format("entry {}", k)});
    check_kind(all.back(), file);
  }
  return all;
}

// An earlier failure stands under a heading of its own, and is one of the check that its case was made by.
bool is_of(const KnownFailure& known, const CheckReport& check, const FindingReport& finding) {
  return fits(known.check, check.id) || fits(known.check, finding.described.check);
}

}  // namespace

std::vector<KnownFailure> parse_known_failures(std::string_view text, const std::filesystem::path& file) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  // Where the first pattern of lines is to be [a-c]*, a remark has to stand before it.
  const bool json = first != std::string_view::npos && (text[first] == '[' || text[first] == '{');
  return json ? from_json(text, file) : from_lines(text, file);
}

std::vector<KnownFailure> read_known_failures(const std::filesystem::path& file) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (!std::filesystem::exists(status)) throw data::FileError(file, list_words, "nothing");
  if (std::filesystem::is_directory(status)) throw data::FileError(file, list_words, "a folder");
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream) throw data::FileError(file, list_words, std::generic_category().message(errno));
  return parse_known_failures(text, file);
}

void check_known_failures(const std::vector<KnownFailure>& known, const std::filesystem::path& file,
                          const std::vector<ListedKernel>& kernels, const std::vector<std::string>& checks) {
  for (const KnownFailure& one : known) {
    if (std::none_of(kernels.begin(), kernels.end(),
                     [&](const ListedKernel& kernel) { return fits(one.kernel, kernel.name); }))
      throw data::FileError(file, fmt::format("at {} a kernel of the library", one.place), one.kernel);
    if (std::none_of(checks.begin(), checks.end(), [&](const std::string& check) { return fits(one.check, check); }))
      throw data::FileError(file, fmt::format("at {} a check", one.place), one.check);
  }
}

void apply_known_failures(const std::vector<KnownFailure>& known, ConformanceReport& report) {
  for (const KnownFailure& one : known) {
    bool ran = false;
    bool came = false;
    for (KernelReport& kernel : report.kernels) {
      if (!fits(one.kernel, kernel.kernel.name)) continue;
      for (CheckReport& check : kernel.checks) {
        ran = ran || (fits(one.check, check.id) && check.cases > 0);
        for (FindingReport& finding : check.findings) {
          if (!fits(one.kind, word(finding.finding.kind)) || !is_of(one, check, finding)) continue;
          came = true;
          finding.expected = true;
        }
      }
    }
    if (ran && !came && report.complete)
      report.unexpected_passes.push_back({one.kernel + " " + one.check + " " + one.kind, one.place});
  }
}

}  // namespace normproof::conformance
