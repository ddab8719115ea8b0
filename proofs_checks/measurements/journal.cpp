// What is written down of measurements while they are made, so that a run that was cut short can go on?
#include "proofs_checks/measurements/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include "impl/data/file_error.hpp"

namespace normproof::measurements {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::string_view schema = "normproof.journal.v1";
constexpr std::string_view digest_key = ",\"digest\":\"";
constexpr std::string_view line_end = "\"}";
constexpr std::size_t hex_digits = 16;
constexpr std::string_view nan_prefix = "nan:";
constexpr std::string_view file_prefix = "rank-";
constexpr std::string_view file_ending = ".jsonl";

fs::path folder_of(const fs::path& directory) { return directory / "journal"; }

fs::path file_of(const fs::path& directory, int rank) {
  return folder_of(directory) / fmt::format("{}{}{}", file_prefix, rank, file_ending);
}

std::string hexadecimal(std::uint64_t bits) { return fmt::format("{:016x}", bits); }

std::string digest(std::string_view text) {
  constexpr std::uint64_t offset_basis = 0xcbf29ce484222325;
  constexpr std::uint64_t prime = 0x00000100000001b3;
  std::uint64_t hash = offset_basis;
  for (const char character : text) hash = (hash ^ static_cast<unsigned char>(character)) * prime;
  return hexadecimal(hash);
}

Json number_json(double number) {
  if (std::isfinite(number)) return number;
  if (std::isnan(number)) return std::string(nan_prefix) + hexadecimal(std::bit_cast<std::uint64_t>(number));
  return number > 0 ? "inf" : "-inf";
}

std::optional<double> number_of(const Json& json) {
  if (json.is_number()) return json.get<double>();
  if (!json.is_string()) return std::nullopt;
  const auto& word = json.get_ref<const std::string&>();
  constexpr double infinity = std::numeric_limits<double>::infinity();
  if (word == "inf") return infinity;
  if (word == "-inf") return -infinity;
  if (word.size() != nan_prefix.size() + hex_digits || word.rfind(nan_prefix, 0) != 0) return std::nullopt;
  constexpr int hexadecimal_base = 16;
  std::uint64_t bits = 0;
  const char* const end = word.data() + word.size();
  const auto [last, error] = std::from_chars(word.data() + nan_prefix.size(), end, bits, hexadecimal_base);
  const auto number = std::bit_cast<double>(bits);
  if (error != std::errc() || last != end || !std::isnan(number)) return std::nullopt;
  return number;
}

std::string header_line(const JournalHeader& header) {
  const Json json = {{"schema", schema}, {"version", header.version}, {"seed", header.seed}, {"effort", header.effort}};
  return json.dump() + "\n";
}

std::string measurement_line(const std::string& key, const evidence::Measured& numbers) {
  Json json = {{"key", key}, {"numbers", Json::array()}};
  for (const double number : numbers) json["numbers"].push_back(number_json(number));
  std::string line = json.dump();
  line.pop_back();  // the brace that the digest comes before
  return line + std::string(digest_key) + digest(line) + std::string(line_end) + "\n";
}

bool same_bits(const evidence::Measured& a, const evidence::Measured& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](double x, double y) {
    return std::bit_cast<std::uint64_t>(x) == std::bit_cast<std::uint64_t>(y);
  });
}

// "…/rank-0.jsonl:12", where the line is.
fs::path place(const fs::path& file, std::size_t line) { return fmt::format("{}:{}", file.string(), line); }

void check_header(std::string_view line, const fs::path& file, const JournalHeader& header) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || json.value("schema", Json()) != Json(schema))
    throw data::FileError(place(file, 1), fmt::format("the header of a journal ({})", schema), "something else");
  const auto agree = [&](const char* what, const Json& wanted) {
    const Json found = json.value(what, Json());
    if (found == wanted) return;
    const auto words = [](const Json& value) {
      return value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace);
    };
    throw data::FileError(file, fmt::format("a journal of {} {}", what, words(wanted)),
                          fmt::format("one of {} {}", what, words(found)));
  };
  agree("version", header.version);
  agree("seed", header.seed);
  agree("effort", header.effort);
}

void read_measurement(std::string_view line, const fs::path& where, Known& known) {
  const std::size_t tail = digest_key.size() + hex_digits + line_end.size();
  const std::size_t start = line.size() < tail ? 0 : line.size() - tail;
  const std::string_view before = line.substr(0, start);
  if (line.substr(start) != std::string(digest_key) + digest(before) + std::string(line_end))
    throw data::FileError(where, "a measurement with its digest", "a line that is not as it was written");
  const Json json = Json::parse(std::string(before) + "}", nullptr, false);
  std::optional<evidence::Measured> numbers;
  if (json.is_object() && json.size() == 2 && json.contains("key") && json["key"].is_string() &&
      json.contains("numbers") && json["numbers"].is_array()) {
    numbers.emplace();
    for (const Json& element : json["numbers"]) {
      const std::optional<double> number = number_of(element);
      if (!number) throw data::FileError(where, "a measurement's numbers", "something else among them");
      numbers->push_back(*number);
    }
  }
  if (!numbers) throw data::FileError(where, "a measurement", "something else");
  const auto key = json["key"].get<std::string>();
  const auto [entry, is_new] = known.emplace(key, *numbers);
  if (!is_new && !same_bits(entry->second, *numbers)) {
    throw data::FileError(where, fmt::format("the numbers of {} that an earlier line has", key), "others");
  }
}

std::string text_of(const fs::path& file) {
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream) throw data::FileError(file, "a journal that can be read", std::generic_category().message(errno));
  return text;
}

void read_file(const fs::path& file, const JournalHeader& header, JournalContents& contents) {
  const std::string text = text_of(file);
  // A header is never cut short: it came by a rename.
  if (text.find('\n') == std::string::npos) check_header("", file, header);
  std::string_view rest = text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) {
      ++contents.cut_lines;
      return;
    }
    const std::string_view line = rest.substr(0, end);
    if (number == 1) {
      check_header(line, file, header);
    } else {
      read_measurement(line, place(file, number), contents.known);
    }
    rest.remove_prefix(end + 1);
  }
}

// In the order of their ranks.
std::vector<fs::path> journal_files(const fs::path& directory, std::error_code& error) {
  std::vector<std::pair<long, fs::path>> numbered;
  fs::directory_iterator entry(folder_of(directory), error);
  for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.size() <= file_prefix.size() + file_ending.size() || name.rfind(file_prefix, 0) != 0) continue;
    const std::string digits = name.substr(file_prefix.size(), name.size() - file_prefix.size() - file_ending.size());
    long rank = 0;
    const char* const end = digits.data() + digits.size();
    const auto [last, trouble] = std::from_chars(digits.data(), end, rank);
    if (trouble != std::errc() || last != end || name != fmt::format("{}{}{}", file_prefix, rank, file_ending))
      continue;
    numbered.emplace_back(rank, entry->path());
  }
  std::sort(numbered.begin(), numbered.end());
  std::vector<fs::path> files;
  files.reserve(numbered.size());
  for (const auto& file : numbered) files.push_back(file.second);
  return files;
}

}  // namespace

JournalContents read_journals(const fs::path& directory, const JournalHeader& header) {
  std::error_code error;
  const std::string wanted = "a folder with the journal of an earlier run";
  if (!fs::is_directory(directory, error))
    throw data::FileError(directory, wanted, fs::exists(directory, error) ? "a file" : "nothing");
  const std::vector<fs::path> files = journal_files(directory, error);
  if (error == std::errc::no_such_file_or_directory || (!error && files.empty()))
    throw data::FileError(directory, wanted, "no journal in it");
  if (error) throw data::FileError(folder_of(directory), wanted, error.message());
  JournalContents contents;
  for (const fs::path& file : files) read_file(file, header, contents);
  return contents;
}

JournalFile::JournalFile(const fs::path& directory, int rank)
    : path_(file_of(directory, rank)), replacement_(std::make_unique<report::FileReplacement>(path_)) {}

JournalFile::~JournalFile() { close(); }

void JournalFile::begin(const JournalHeader& header, const Known& carried_over) {
  std::string text = header_line(header);
  for (const auto& [key, numbers] : carried_over) text += measurement_line(key, numbers);
  replacement_->commit(text);
  replacement_.reset();
  open();
}

void JournalFile::go_on(const JournalHeader& header) {
  std::error_code error;
  if (!fs::exists(path_, error)) return begin(header, {});
  replacement_.reset();
  const std::string text = text_of(path_);
  // Appended to a line without its end, the next measurement would be lost too.
  fs::resize_file(path_, text.rfind('\n') + 1, error);
  if (error) throw data::FileError(path_, "a journal that can be written", error.message());
  open();
}

void JournalFile::open() {
  errno = 0;
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (descriptor_ < 0)
    throw data::FileError(path_, "a journal that can be written", std::generic_category().message(errno));
}

void JournalFile::append(const std::string& key, const evidence::Measured& numbers) {
  const std::string line = measurement_line(key, numbers);
  struct stat before = {};
  const bool known_end = descriptor_ >= 0 && fstat(descriptor_, &before) == 0;
  errno = 0;
  ssize_t written = -1;
  do {
    written = descriptor_ < 0 ? -1 : write(descriptor_, line.data(), line.size());
  } while (written < 0 && errno == EINTR);
  if (written == static_cast<ssize_t>(line.size())) return;
  const std::string reason = errno == 0 ? "room for a part of it alone" : std::generic_category().message(errno);
  // Nothing may follow a line that has no end.
  if (!known_end || ftruncate(descriptor_, before.st_size) != 0) close();
  throw JournalError(fmt::format("{}: expected room for a measurement, found {}", path_.string(), reason));
}

void JournalFile::close() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
}

void remove_journals(const fs::path& directory) {
  std::error_code error;
  std::error_code absent;
  for (const fs::path& file : journal_files(directory, absent)) {
    fs::remove(file, error);
    if (error) throw data::FileError(file, "a journal that can be replaced", error.message());
  }
}

}  // namespace normproof::measurements
