// On what machine, from which build and beside which ledger does the program run?
#include "proofs_checks/cli/surroundings.hpp"

#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <system_error>
#include <thread>

#include "proofs_checks/cli/options.hpp"

namespace normproof::cli {
namespace {

namespace fs = std::filesystem;

bool environment_says(const char* name, std::string_view value) {
  const char* found = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing in the program sets variables
  return found != nullptr && found == value;
}

bool environment_has(const char* name) {
  const char* found = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing in the program sets variables
  return found != nullptr && *found != '\0';
}

}  // namespace

std::string version() { return NORMPROOF_VERSION; }

std::string compiler() {
#if defined(__clang__)
  return "Clang " __clang_version__;
#elif defined(__GNUC__)
  return "GCC " __VERSION__;
#else
  return "unknown";
#endif
}

std::string cpu() {
  constexpr std::string_view key = "model name";
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(':');
    if (line.compare(0, key.size(), key) != 0 || colon == std::string::npos) continue;
    const std::size_t start = line.find_first_not_of(' ', colon + 1);
    if (start != std::string::npos) return line.substr(start);
  }
  return "unknown";
}

int default_jobs(int ranks_on_this_machine) {
  const auto processors = static_cast<int>(std::thread::hardware_concurrency());  // 0 where unknown
  cpu_set_t bound_to;
  const int usable = sched_getaffinity(0, sizeof bound_to, &bound_to) == 0 ? CPU_COUNT(&bound_to) : processors;
  return std::max(1, std::min(usable, processors / ranks_on_this_machine));
}

std::optional<fs::path> own_ledger() {
  std::error_code error;
  const fs::path source = NORMPROOF_SOURCE_LEDGER;
  if (fs::exists(source, error)) return source;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  if (error) return std::nullopt;
  const fs::path installed = (program.parent_path() / NORMPROOF_INSTALLED_LEDGER).lexically_normal();
  if (fs::exists(installed, error)) return installed;
  return std::nullopt;
}

Ledger ledger_to_compare(const std::optional<fs::path>& asked) {
  const std::optional<fs::path> file = asked ? asked : own_ledger();
  return file ? read_ledger(*file) : Ledger{};
}

fs::path ledger_to_write(const std::optional<fs::path>& asked) {
  if (asked) return *asked;
  if (const auto own = own_ledger()) return *own;
  fs::path source = NORMPROOF_SOURCE_LEDGER;
  std::error_code error;
  if (!fs::is_directory(source.parent_path(), error)) {
    throw UsageError("there is no ledger to write to; --ledger FILE names one");
  }
  return source;
}

bool shows_colour(int file_descriptor) { return shows_progress(file_descriptor) && !environment_has("NO_COLOR"); }

bool shows_progress(int file_descriptor) { return isatty(file_descriptor) == 1 && !environment_says("TERM", "dumb"); }

}  // namespace normproof::cli
