// Which names does a pattern choose, and which name did a mistyped one mean?
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace normproof::cli {

// A shell's pattern: * ? [ ].
bool matches(const std::string& pattern, const std::string& name);

// The name with the fewest letters to change; empty where there is none at all.
std::string nearest(std::string_view mistyped, const std::vector<std::string>& names);

// Positions of the names that at least one pattern chooses, in their own order; all of them where there is no pattern.
// Throws UsageError for a pattern that chooses nothing; `what` says of what: "claim".
std::vector<std::size_t> select(const std::vector<std::string>& patterns, const std::vector<std::string>& names,
                                std::string_view what);

}  // namespace normproof::cli
