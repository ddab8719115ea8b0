// What of a report must not depend on time, threads, ranks and machine?
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/impl/data/temporary_folder.hpp"

namespace normproof::cli {

// Takes away what may differ between two runs: `run` and every key that ends in "seconds".
inline void strip_times(nlohmann::ordered_json& json) {
  if (json.is_object()) {
    std::vector<std::string> times;
    for (const auto& item : json.items()) {
      const std::string& key = item.key();
      if (key == "run" || (key.size() >= 7 && key.compare(key.size() - 7, 7, "seconds") == 0)) times.push_back(key);
    }
    for (const std::string& key : times) json.erase(key);
  }
  if (json.is_structured()) {
    for (nlohmann::ordered_json& value : json) strip_times(value);
  }
}

inline std::string report_without_times(const std::filesystem::path& file) {
  auto json = nlohmann::ordered_json::parse(data::contents(file));
  strip_times(json);
  EXPECT_FALSE(json.contains("run"));
  return json.dump();
}

}  // namespace normproof::cli
