// Where do the reports of a run go, and can they be written there?
#include "proofs_checks/cli/output_files.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <system_error>

#include "proofs_checks/report/certificate_files.hpp"
#include "proofs_checks/report/json_view.hpp"
#include "proofs_checks/report/junit_view.hpp"
#include "proofs_checks/report/markdown_view.hpp"

namespace normproof::cli {

OutputFiles::OutputFiles(const VerifyOptions& options) {
  if (options.out) {
    const std::filesystem::path folder = std::filesystem::absolute(*options.out).lexically_normal();
    folder_ = std::make_unique<report::MadeFolders>(folder);
    certificates_ = std::make_unique<report::MadeFolders>(folder / "certificates");
    add(folder / "report.json", report::json_view_beside_certificates);
    root_ = folder;
    add(folder / "junit.xml", report::junit_view);
    add(folder / "report.md", report::markdown_view);
    place_ = options.out->string();
  }
  const auto add_single = [&](const std::optional<std::filesystem::path>& path, View view) {
    if (!path) return;
    add(*path, view);
    place_ += (place_.empty() ? "" : ", ") + path->string();
  };
  add_single(options.json, report::json_view);
  add_single(options.junit, report::junit_view);
}

void OutputFiles::add(const std::filesystem::path& path, View view) {
  auto file = std::make_unique<report::FileReplacement>(path);
  for (const Target& target : targets_) {
    if (target.file->target() == file->target()) {
      throw UsageError(fmt::format("{}: two reports are to go to this one file", path.string()));
    }
  }
  targets_.push_back({std::move(file), view});
}

void OutputFiles::commit_certificates(const report::RunReport& run) {
  for (const ClaimReport& claim : run.claims)
    for (const ReadingReport& reading : claim.readings) {
      for (const DroppedHypothesis& dropped : reading.dropped) {
        if (dropped.certificate.empty()) continue;
        report::FileReplacement file(*root_ /
                                     report::certificate_file(claim.id, reading.id + "__without_" + dropped.id));
        file.commit(dropped.certificate);
      }
      if (reading.certificate.empty()) continue;
      report::FileReplacement file(*root_ / report::certificate_file(claim.id, reading.id));
      file.commit(reading.certificate);
      for (std::size_t k = 0; k < reading.further_certificates.size(); ++k) {
        report::FileReplacement further(*root_ / report::certificate_file(claim.id, reading.id, k + 2));
        further.commit(reading.further_certificates[k]);
      }
    }
}

void OutputFiles::commit(const report::RunReport& run) {
  std::vector<std::string> texts;
  for (const Target& target : targets_) texts.push_back(target.view(run));
  if (root_) commit_certificates(run);
  for (std::size_t k = 0; k < targets_.size(); ++k) targets_[k].file->commit(texts[k]);
  if (folder_) folder_->keep();
  if (certificates_) certificates_->keep();
}

void remove_leftovers(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  const std::string own = fmt::format(".partial.{}.", getpid());  // as report::FileReplacement calls them
  std::error_code error;
  std::vector<fs::path> leftovers;
  for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    for (const char* report : {"report.json", "junit.xml", "report.md"}) {
      const bool beside = name.rfind(std::string(report) + ".partial.", 0) == 0;
      if (beside && name.find(own) == std::string::npos) leftovers.push_back(entry->path());
    }
  }
  for (const fs::path& path : leftovers) fs::remove(path, error);
}

}  // namespace normproof::cli
