// What JSON does a file hold? Everything that is not well-formed, or not what was asked for, is one FileError.
//
// Stricter than the parser beneath: a key that comes twice in one object (as after a careless merge) is an error too,
// for one of the two values would be dropped in silence.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace normproof::report {

using Json = nlohmann::ordered_json;

// `what` names the kind of file in messages: "a ledger".
Json read_json(const std::filesystem::path& file, std::string_view what);
Json parse_json(std::string_view text, const std::filesystem::path& file, std::string_view what);

// A value inside a file, with the way to it, so that a message can say where something is wrong.
class JsonPlace {
 public:
  JsonPlace(const std::filesystem::path& file, const Json& value, std::string pointer = "")
      : file_(file), value_(value), pointer_(std::move(pointer)) {}

  const Json& value() const { return value_; }

  JsonPlace member(const std::string& key) const;
  JsonPlace element(std::size_t index) const;
  bool has(const std::string& key) const { return value_.is_object() && value_.contains(key); }

  const Json& object() const;
  const Json& array() const;
  std::string string() const;
  bool boolean() const;

  [[noreturn]] void fail(std::string_view expected) const;

 private:
  const std::filesystem::path& file_;
  const Json& value_;
  std::string pointer_;
};

}  // namespace normproof::report
