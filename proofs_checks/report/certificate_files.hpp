// What is the file of a reading's certificate called, seen from the report?
#pragma once

#include <string>

namespace normproof::report {

inline std::string certificate_file(const std::string& claim, const std::string& reading) {
  return "certificates/" + claim + "." + reading + ".json";
}

}  // namespace normproof::report
