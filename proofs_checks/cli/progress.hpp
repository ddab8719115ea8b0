// How does someone at a terminal see how long it will still take?
//
// One line on err that is written over itself, and wiped at the end; nothing in a pipe. Time left is what the part done
// so far took, times the part that is left.
#pragma once

#include <chrono>
#include <cstddef>
#include <iosfwd>
#include <string>

namespace normproof::cli {

class Progress {
 public:
  // `what` is counted: "claims".
  Progress(std::ostream& err, bool shown, std::size_t total, std::string what);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::size_t finished);
  // Where some take longer than others: which part of all the work the finished ones were, from 0 to 1.
  void show(std::size_t finished, double part);

 private:
  void write(const std::string& words);

  std::ostream& err_;
  bool shown_;
  std::size_t total_;
  std::string what_;
  std::chrono::steady_clock::time_point start_;
  std::string last_;
};

// "3 of 14 claims · 12 s · about 44 s left".
std::string progress_words(std::size_t finished, std::size_t total, const std::string& what, double part,
                           double seconds);

}  // namespace normproof::cli
