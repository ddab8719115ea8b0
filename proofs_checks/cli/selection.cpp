// Which names does a pattern choose, and which name did a mistyped one mean?
#include "proofs_checks/cli/selection.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>
#include <limits>
#include <numeric>

#include "proofs_checks/cli/options.hpp"

namespace normproof::cli {
namespace {

// Levenshtein's distance: insertions, deletions and replacements of bytes.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

bool matches(const std::string& pattern, const std::string& name) {
  return fnmatch(pattern.c_str(), name.c_str(), 0) == 0;
}

std::string nearest(std::string_view mistyped, const std::vector<std::string>& names) {
  std::string best;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  for (const std::string& name : names) {
    const std::size_t changes = distance(mistyped, name);
    if (changes < least) {
      least = changes;
      best = name;
    }
  }
  return best;
}

std::vector<std::size_t> select(const std::vector<std::string>& patterns, const std::vector<std::string>& names,
                                std::string_view what) {
  if (names.empty()) throw UsageError(fmt::format("there is no {} to choose from", what));
  std::vector<bool> chosen(names.size(), patterns.empty());
  for (const std::string& pattern : patterns) {
    bool found = false;
    for (std::size_t k = 0; k < names.size(); ++k) {
      if (!matches(pattern, names[k])) continue;
      chosen[k] = true;
      found = true;
    }
    if (found) continue;
    const bool plain = pattern.find_first_of("*?[") == std::string::npos;
    throw UsageError(fmt::format("no {} matches {}{}", what, pattern,
                                 plain ? fmt::format("; the nearest is {}", nearest(pattern, names)) : ""));
  }
  std::vector<std::size_t> positions;
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (chosen[k]) positions.push_back(k);
  }
  return positions;
}

}  // namespace normproof::cli
