// What are the files of a reading's certificates called, seen from the report?
#pragma once

#include <cstddef>
#include <string>

namespace normproof::report {

inline std::string certificate_file(const std::string& claim, const std::string& reading) {
  return "certificates/" + claim + "." + reading + ".json";
}

// Of a reading with several certified regions: `number` counts from 2.
inline std::string certificate_file(const std::string& claim, const std::string& reading, std::size_t number) {
  return "certificates/" + claim + "." + reading + ".region_" + std::to_string(number) + ".json";
}

}  // namespace normproof::report
