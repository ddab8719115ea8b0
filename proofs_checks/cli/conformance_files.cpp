// Where do the reports of `normproof validate` go, and can they be written there?
#include "proofs_checks/cli/conformance_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "impl/data/npy.hpp"
#include "proofs_checks/conformance/conformance_json.hpp"
#include "proofs_checks/conformance/conformance_junit.hpp"
#include "proofs_checks/conformance/kernel_certificate.hpp"

namespace normproof::cli {

namespace fs = std::filesystem;

ConformanceFiles::ConformanceFiles(const ValidateOptions& options,
                                   const std::vector<conformance::ListedKernel>& kernels) {
  if (options.out) {
    const fs::path folder = fs::absolute(*options.out).lexically_normal();
    folder_ = std::make_unique<report::MadeFolders>(folder);
    json_.push_back(opened(folder / "conformance.json"));
    junit_.push_back(opened(folder / "junit.xml"));
    // One call alone says nothing of a kernel.
    for (const conformance::ListedKernel& kernel : kernels) {
      if (!options.single) certificates_[kernel.name] = opened(folder / fmt::format("certificate-{}.md", kernel.name));
    }
    if (const auto path = failures_path(options)) failures_ = opened(*path);
    place_ = options.out->string();
  }
  const auto add_single = [&](const std::optional<fs::path>& path, std::vector<File>& files) {
    if (!path) return;
    files.push_back(opened(*path));
    place_ += (place_.empty() ? "" : ", ") + path->string();
  };
  add_single(options.json, json_);
  add_single(options.junit, junit_);
}

ConformanceFiles::File ConformanceFiles::opened(const fs::path& path) {
  auto file = std::make_unique<report::FileReplacement>(path);
  if (std::find(targets_.begin(), targets_.end(), file->target()) != targets_.end())
    throw UsageError(fmt::format("{}: two reports are to go to this one file", path.string()));
  targets_.push_back(file->target());
  return file;
}

void ConformanceFiles::commit(const conformance::ConformanceReport& report,
                              const std::vector<conformance::EarlierFailure>& failures, const std::string& command) {
  const std::string json = json_.empty() ? "" : conformance::json_view(report);
  const std::string junit = junit_.empty() ? "" : conformance::junit_view(report);
  for (const conformance::KernelReport& kernel : report.kernels) {
    const auto found = certificates_.find(kernel.kernel.name);
    if (found != certificates_.end()) found->second->commit(conformance::kernel_certificate(report, kernel, command));
  }
  for (const File& file : json_) file->commit(json);
  for (const File& file : junit_) file->commit(junit);
  if (failures_) failures_->commit(conformance::failures_text(report.library, failures));
  if (folder_) folder_->keep();
}

std::optional<fs::path> failures_path(const ValidateOptions& options) {
  if (!options.out || options.single) return std::nullopt;
  return fs::absolute(*options.out).lexically_normal() / conformance::failures_file_name;
}

namespace {

std::string as_file_name(const std::string& words) {
  std::string name = words;
  const auto is_plain = [](char c) {
    return (std::isalnum(static_cast<unsigned char>(c)) != 0) || c == '_' || c == '-';
  };
  std::replace_if(
      name.begin(), name.end(), [&](char c) { return !is_plain(c); }, '_');
  return name;
}

}  // namespace

DumpFolder::DumpFolder(const fs::path& folder) : made_(fs::absolute(folder).lexically_normal()), folder_(folder) {
  const report::FileReplacement can_be_written(folder_ / "case.txt");
}

void DumpFolder::write(const std::string& name, const conformance::Case& described,
                       const std::vector<conformance::DumpedOperand>& operands) {
  const fs::path folder = fs::absolute(folder_).lexically_normal() / as_file_name(name);
  report::MadeFolders here(folder);
  report::FileReplacement text(folder / "case.txt");
  text.commit(conformance::text(described) + "\n");
  for (const conformance::DumpedOperand& operand : operands)
    data::write_npy(folder / (as_file_name(operand.name) + ".npy"), operand.shape, operand.values);
  here.keep();
  made_.keep();
}

}  // namespace normproof::cli
