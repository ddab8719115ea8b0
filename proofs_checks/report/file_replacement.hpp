// How is a file replaced so that no reader ever sees half of it, and so that it is known beforehand that it can be?
//
// A FileReplacement opens a file beside its target at once: a place that cannot be written is found before hours of
// work, not after. commit() writes there and renames; without it nothing is left but what was there. Folders that the
// target needs are made, and taken away again if nothing is committed. A target that is a device or a pipe
// (/dev/stdout) is written to directly, for it must not be replaced.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace normproof::report {

// The folders that had to be made for a path; they are removed again where they are still empty, unless kept.
class MadeFolders {
 public:
  // Throws data::FileError where the folder neither exists nor can be made.
  explicit MadeFolders(const std::filesystem::path& folder);
  ~MadeFolders();
  MadeFolders(const MadeFolders&) = delete;
  MadeFolders& operator=(const MadeFolders&) = delete;
  void keep() { made_.clear(); }

 private:
  std::vector<std::filesystem::path> made_;  // the innermost last
};

class FileReplacement {
 public:
  // Throws data::FileError where the target cannot be written.
  explicit FileReplacement(const std::filesystem::path& target);
  ~FileReplacement();
  FileReplacement(const FileReplacement&) = delete;
  FileReplacement& operator=(const FileReplacement&) = delete;

  // Throws data::FileError where the disk is full, and then leaves the old file.
  void commit(std::string_view text);

  // Where the text goes in the end: the target with symbolic links resolved.
  const std::filesystem::path& target() const { return target_; }

 private:
  std::filesystem::path target_;
  MadeFolders folders_;
  std::filesystem::path beside_;  // empty where the target is written to directly
};

}  // namespace normproof::report
