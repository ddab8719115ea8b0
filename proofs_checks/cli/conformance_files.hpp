// Where do the reports of `normproof validate` go, and can they be written there?
//
// Everything is opened when this is made, before a kernel is called: a wrong place costs a second, not the run. Nothing
// is seen of it until commit(); without commit() nothing is left.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proofs_checks/cli/options.hpp"
#include "proofs_checks/conformance/case_runner.hpp"
#include "proofs_checks/conformance/conformance_report.hpp"
#include "proofs_checks/conformance/failures_file.hpp"
#include "proofs_checks/report/file_replacement.hpp"

namespace normproof::cli {

class ConformanceFiles {
 public:
  // `kernels`: those that are to be judged. Throws data::FileError or UsageError.
  ConformanceFiles(const ValidateOptions& options, const std::vector<conformance::ListedKernel>& kernels);

  // Throws data::FileError. `command` is the whole command line.
  void commit(const conformance::ConformanceReport& report, const std::vector<conformance::EarlierFailure>& failures,
              const std::string& command);

  // For a reader: "build/report", "a.json, b.xml"; empty where nothing is written.
  const std::string& place() const { return place_; }

 private:
  using File = std::unique_ptr<report::FileReplacement>;
  File opened(const std::filesystem::path& path);

  // Folders go away after what is in them: members are destroyed in reverse order.
  std::unique_ptr<report::MadeFolders> folder_;
  std::vector<File> json_, junit_;
  std::map<std::string, File> certificates_;  // by kernel
  File failures_;                             // may be null
  std::vector<std::filesystem::path> targets_;
  std::string place_;
};

// The file of failures.txt under --out; absent where none is kept.
std::optional<std::filesystem::path> failures_path(const ValidateOptions& options);

// --dump: a folder for operands.
class DumpFolder {
 public:
  explicit DumpFolder(const std::filesystem::path& folder);  // throws data::FileError

  // Writes case.txt and a .npy for each operand into a folder of that name.
  void write(const std::string& name, const conformance::Case& described,
             const std::vector<conformance::DumpedOperand>& operands);

 private:
  report::MadeFolders made_;
  std::filesystem::path folder_;
};

}  // namespace normproof::cli
