// What changed between two reports, and did anything get worse?
//
// Worse is: holds and refuted change places; a decided reading is undecided; the strongest grade of the same verdict is
// weaker; a reading, a claim or a mutant is gone; a mutant is no longer refuted, or no longer agrees on its natural
// case.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace normproof::report {

struct Change {
  enum class Kind { worse, better, neutral };
  Kind kind = Kind::neutral;
  std::string claim, what, words;  // "bn_x", "printed", "holds → refuted"
};

struct Comparison {
  std::vector<std::string> circumstances;  // what else differs: "effort: quick → deep"
  std::vector<Change> changes;             // in the order of the first report, then what is new
  bool worse() const;
};

// Throws data::FileError where a file is missing or is not a report.
Comparison compare_reports(const std::filesystem::path& before, const std::filesystem::path& after);

std::string comparison_view(const Comparison& comparison);

}  // namespace normproof::report
