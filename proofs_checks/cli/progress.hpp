// How does someone at a terminal see how long it will still take?
//
// One line on err that is written over itself, and wiped at the end; nothing in a pipe. Time left is what the claims
// decided so far took on average, times those that are left.
#pragma once

#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <string>

namespace normproof::cli {

class Progress {
 public:
  Progress(std::ostream& err, bool shown, std::size_t total);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::size_t finished);

 private:
  void write(const std::string& words);

  std::ostream& err_;
  bool shown_;
  std::size_t total_;
  std::chrono::steady_clock::time_point start_;
  std::string last_;
};

// "3 of 14 claims · 12 s · about 44 s left".
std::string progress_words(std::size_t finished, std::size_t total, double seconds);

}  // namespace normproof::cli
