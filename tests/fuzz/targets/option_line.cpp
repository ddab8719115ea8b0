// Do the readers of options, of normproof_validate and of the verb validate, take or refuse any bytes?
//
// The words are given to both: as one line, and as arguments of which each stands on a line of its own. Bytes with an @
// in them are passed over: --case @FILE would read a file, whichever it names.
#include "impl/data/file_error.hpp"
#include "proofs_checks/cli/options.hpp"
#include "tests/fuzz/target.hpp"

namespace normproof::fuzz {
namespace {

template <class Read>
void take_or_refuse(const Read& read) {
  try {
    read();
  } catch (const cli::HelpWanted& wanted) {
    promise(!wanted.text.empty(), "no help");
  } catch (const cli::UsageError& error) {
    promise(error.what()[0] != '\0', "refused without a word");
  } catch (const data::FileError& error) {
    promise_one_line(error.what());
  }
}

std::vector<std::string> lines_of(std::string_view bytes) {
  std::vector<std::string> lines;
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    lines.emplace_back(bytes.substr(0, end));
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  }
  return lines;
}

}  // namespace

void option_line(std::string_view bytes) {
  if (bytes.find('@') != std::string_view::npos) return;
  take_or_refuse([&] {
    const cli::InProcessOptions options = cli::parse_in_process(std::string(bytes));
    promise(!options.single || !options.single->empty(), "an empty case");
  });
  take_or_refuse([&] {
    const cli::ValidateOptions options = cli::parse_validate(lines_of(bytes));
    promise(!options.jobs || *options.jobs >= 1, "no process at all");
    promise(!options.timeout_seconds || *options.timeout_seconds > 0, "no time at all");
    promise(!options.single || !options.expect, "--case and --expect together");
  });
}

}  // namespace normproof::fuzz
