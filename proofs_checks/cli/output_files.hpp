// Where do the reports of a run go, and can they be written there?
//
// Everything is opened when this is made, before a claim is decided: a wrong place costs a second, not the run. Nothing
// is seen of it until commit(); without commit() nothing is left.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proofs_checks/cli/options.hpp"
#include "proofs_checks/report/file_replacement.hpp"
#include "proofs_checks/report/run_report.hpp"

namespace normproof::cli {

class OutputFiles {
 public:
  // Throws data::FileError or UsageError.
  explicit OutputFiles(const VerifyOptions& options);

  void commit(const report::RunReport& run);  // throws data::FileError

  // For a reader: "build/report", "a.json, b.xml"; empty where nothing is written.
  const std::string& place() const { return place_; }

 private:
  using View = std::string (*)(const report::RunReport&);
  struct Target {
    std::unique_ptr<report::FileReplacement> file;
    View view;
  };

  void add(const std::filesystem::path& path, View view);
  void commit_certificates(const report::RunReport& run);

  // Folders go away after what is in them: members are destroyed in reverse order.
  std::unique_ptr<report::MadeFolders> folder_, certificates_;
  std::vector<Target> targets_;
  std::optional<std::filesystem::path> root_;  // of --out
  std::string place_;
};

// Takes away the files beside the reports that a run left behind when it was killed; those of this process stay.
void remove_leftovers(const std::filesystem::path& folder);

}  // namespace normproof::cli
