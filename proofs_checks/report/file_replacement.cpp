// How is a file replaced so that no reader ever sees half of it, and so that it is known beforehand that it can be?
#include "proofs_checks/report/file_replacement.hpp"

#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <string>
#include <system_error>

#include "impl/data/file_error.hpp"

namespace normproof::report {
namespace {

namespace fs = std::filesystem;

fs::path resolved(const fs::path& target) {
  std::error_code error;
  const fs::path whole = fs::absolute(target, error);
  const fs::path canonical = fs::weakly_canonical(whole, error);
  return error ? whole : canonical;
}

// Under /dev and /proc a link stands for what the process was given: /dev/stdout may lead to an ordinary file that
// others hold open, and which must not be replaced under their hands.
bool is_open_file(const fs::path& target) {
  std::error_code error;
  const std::string name = fs::absolute(target, error).lexically_normal().string();
  return (name.rfind("/dev/", 0) == 0 || name.rfind("/proc/", 0) == 0) && fs::is_symlink(target, error);
}

// A name that no other thread or process uses at this time.
fs::path name_beside(const fs::path& target) {
  static std::atomic<unsigned> serial{0};
  fs::path beside = target;
  beside += ".partial." + std::to_string(getpid()) + "." + std::to_string(serial++);
  return beside;
}

[[noreturn]] void fail(const fs::path& path, int reason) {
  throw data::FileError(path, "a place that can be written", std::generic_category().message(reason));
}

// Returns 0, or the reason as errno has it.
int write_file(const fs::path& path, const char* mode, std::string_view text) {
  errno = 0;
  std::FILE* file = std::fopen(path.c_str(), mode);
  if (file == nullptr) return errno;
  int reason = 0;
  if (std::fwrite(text.data(), 1, text.size(), file) != text.size()) reason = errno;
  if (std::fclose(file) != 0 && reason == 0) reason = errno;
  return reason;
}

}  // namespace

MadeFolders::MadeFolders(const fs::path& folder) {
  std::vector<fs::path> missing;  // the innermost first
  std::error_code error;
  for (fs::path path = folder; !path.empty() && !fs::exists(path, error); path = path.parent_path()) {
    missing.push_back(path);
    if (path == path.parent_path()) break;
  }
  for (auto path = missing.rbegin(); path != missing.rend(); ++path) {
    const bool made = fs::create_directory(*path, error);
    if (error) {
      const int reason = error.value();
      for (auto done = made_.rbegin(); done != made_.rend(); ++done) fs::remove(*done, error);
      fail(folder, reason);
    }
    if (made) made_.push_back(*path);
  }
  if (!fs::is_directory(folder, error)) throw data::FileError(folder, "a folder", "a file");
}

MadeFolders::~MadeFolders() {
  std::error_code not_empty;
  for (auto path = made_.rbegin(); path != made_.rend(); ++path) fs::remove(*path, not_empty);
}

FileReplacement::FileReplacement(const fs::path& target)
    : target_(is_open_file(target) ? fs::absolute(target) : resolved(target)), folders_(target_.parent_path()) {
  std::error_code error;
  const fs::file_status status = fs::status(target_, error);
  if (fs::is_directory(status)) throw data::FileError(target, "a file that can be written", "a folder");
  if (is_open_file(target) || (fs::exists(status) && !fs::is_regular_file(status))) {
    if (access(target_.c_str(), W_OK) != 0) fail(target, errno);
    return;
  }
  if (fs::exists(status) && access(target_.c_str(), W_OK) != 0) fail(target, errno);
  const fs::path beside = name_beside(target_);
  if (const int reason = write_file(beside, "wbx", "")) fail(target, reason);
  beside_ = beside;
}

FileReplacement::~FileReplacement() {
  std::error_code gone;
  if (!beside_.empty()) fs::remove(beside_, gone);
}

void FileReplacement::commit(std::string_view text) {
  if (beside_.empty()) {
    if (const int reason = write_file(target_, "ab", text)) fail(target_, reason);
    return;
  }
  if (const int reason = write_file(beside_, "wb", text)) fail(target_, reason);
  std::error_code error;
  fs::rename(beside_, target_, error);
  if (error) fail(target_, error.value());
  beside_.clear();
  folders_.keep();
}

}  // namespace normproof::report
