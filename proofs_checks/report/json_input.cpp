// What JSON does a file hold?
#include "proofs_checks/report/json_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <set>
#include <system_error>
#include <vector>

#include "impl/data/file_error.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::report {
namespace {

constexpr int shown_columns = 40;  // of a value that is not what it should be

std::string place_of_byte(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, std::min(byte > 0 ? byte - 1 : 0, text.size()));
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return fmt::format("line {}, column {}", line, before.size() - line_start + 1);
}

}  // namespace

Json parse_json(std::string_view text, const std::filesystem::path& file, std::string_view what) {
  std::vector<std::set<std::string>> keys_of_open_objects;
  std::string repeated;
  const auto note_keys = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) keys_of_open_objects.emplace_back();
    if (event == Json::parse_event_t::object_end) keys_of_open_objects.pop_back();
    if (event == Json::parse_event_t::key) {
      const auto key = parsed.get<std::string>();
      if (!keys_of_open_objects.back().insert(key).second && repeated.empty()) repeated = key;
    }
    return true;
  };
  Json json;
  try {
    json = Json::parse(text, note_keys);
  } catch (const Json::parse_error& error) {
    throw data::FileError(file, fmt::format("{} in JSON", what),
                          "a syntax error at " + place_of_byte(text, error.byte));
  } catch (const Json::exception&) {
    throw data::FileError(file, fmt::format("{} in JSON", what), "a number beyond the range of double");
  }
  if (!repeated.empty()) {
    throw data::FileError(file, "each key once in an object",
                          fmt::format("\"{}\" twice", cut(repeated, shown_columns)));
  }
  return json;
}

Json read_json(const std::filesystem::path& file, std::string_view what) {
  std::error_code error;
  const auto status = std::filesystem::status(file, error);
  if (std::filesystem::is_directory(status)) throw data::FileError(file, what, "a directory");
  if (!std::filesystem::exists(status)) throw data::FileError(file, what, "nothing");
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
  if (!stream) throw data::FileError(file, what, std::generic_category().message(errno));
  return parse_json(text, file, what);
}

JsonPlace JsonPlace::member(const std::string& key) const {
  const auto found = object().find(key);
  if (found == value_.end()) fail(fmt::format("the key \"{}\"", key));
  return {file_, *found, fmt::format("{}/{}", pointer_, key)};
}

JsonPlace JsonPlace::element(std::size_t index) const {
  return {file_, array().at(index), fmt::format("{}/{}", pointer_, index)};
}

const Json& JsonPlace::object() const {
  if (!value_.is_object()) fail("an object");
  return value_;
}

const Json& JsonPlace::array() const {
  if (!value_.is_array()) fail("an array");
  return value_;
}

std::string JsonPlace::string() const {
  if (!value_.is_string()) fail("a string");
  return value_.get<std::string>();
}

bool JsonPlace::boolean() const {
  if (!value_.is_boolean()) fail("true or false");
  return value_.get<bool>();
}

void JsonPlace::fail(std::string_view expected) const {
  const std::string found = value_.is_structured()
                                ? fmt::format("{} with {} entries", value_.type_name(), value_.size())
                                : cut(value_.dump(), shown_columns);
  throw data::FileError(file_, fmt::format("{} at \"{}\"", expected, pointer_.empty() ? "/" : pointer_), found);
}

}  // namespace normproof::report
