// How does someone at a terminal see how long it will still take?
#include "proofs_checks/cli/progress.hpp"

#include <fmt/format.h>

#include <cmath>
#include <ostream>
#include <utility>

#include "proofs_checks/report/text.hpp"

namespace normproof::cli {

std::string progress_words(std::size_t finished, std::size_t total, const std::string& what, double part,
                           double seconds) {
  std::string words = fmt::format("{} of {} {} · {:.0f} s", finished, total, what, std::floor(seconds));
  if (finished < total && part > 0 && part < 1) {
    words += fmt::format(" · about {:.0f} s left", std::ceil(seconds / part * (1 - part)));
  }
  return words;
}

Progress::Progress(std::ostream& err, bool shown, std::size_t total, std::string what)
    : err_(err), shown_(shown), total_(total), what_(std::move(what)), start_(std::chrono::steady_clock::now()) {}

Progress::~Progress() { write(""); }

void Progress::show(std::size_t finished) {
  show(finished, total_ == 0 ? 1 : static_cast<double>(finished) / static_cast<double>(total_));
}

void Progress::show(std::size_t finished, double part) {
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  write(progress_words(finished, total_, what_, part, seconds));
}

void Progress::write(const std::string& words) {
  if (!shown_ || words == last_) return;
  // Blanks instead of an escape sequence: every terminal knows them.
  err_ << '\r' << report::padded(words, report::columns_of(last_)) << (words.empty() ? "\r" : "") << std::flush;
  last_ = words;
}

}  // namespace normproof::cli
