// What do all kinds of certificates share: a heading, a digest, and a way to say what is wrong with a file?
//
// Digest     64-bit FNV-1a of what it stands for: an accidental change of any digit is noticed even where it does not
//            change the result. It proves nothing; the arithmetic does.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "proofs_checks/verdict.hpp"

namespace normproof::certificates {

using Json = nlohmann::ordered_json;

inline constexpr const char* schema = "normproof.certificate.v1";

// The file is not a certificate at all: what is wrong and where, in one line.
class Malformed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct Recheck {
  bool accepted = false;
  std::string reason;  // why it was rejected, or what was confirmed
};

struct Heading {
  std::string claim, reading, statement;
  Sizes sizes;
};

Json heading_json(const char* kind, const Heading& heading);
void read_heading(const Json& json, Heading& heading);

std::string digest(const Json& json);

// Is it an integer, and one that a T holds? The library itself would cut 1.9 off to 1 and wrap 2⁶⁴ − 1 round to −1.
template <class T>
bool is_integer_of(const Json& json) {
  if (json.is_number_unsigned()) return std::in_range<T>(json.get<std::uint64_t>());
  return json.is_number_integer() && std::in_range<T>(json.get<std::int64_t>());
}

// The field of that name; throws Malformed where there is none, or one of another type.
template <class T>
T field(const Json& json, const char* name) {
  if (!json.is_object() || !json.contains(name)) throw Malformed(std::string("the field \"") + name + "\" is missing");
  if constexpr (std::is_integral_v<T>)
    if (!is_integer_of<T>(json.at(name)))
      throw Malformed(std::string("the field \"") + name + "\" is not an integer of the size that belongs there");
  try {
    return json.at(name).get<T>();
  } catch (const Json::exception&) {
    throw Malformed(std::string("the field \"") + name + "\" is of another type than a certificate has there");
  }
}

}  // namespace normproof::certificates
