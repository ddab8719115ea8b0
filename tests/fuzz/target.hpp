// What is a fuzz target?
//
// A function of any bytes that throws BrokenPromise where what it tries breaks a promise. Each is one file of targets/,
// called like its function and like its folder of inputs in corpus/. entry.cpp makes a libFuzzer program of each;
// corpus_test.cpp runs each over its corpus in the ordinary tests.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace normproof::fuzz {

class BrokenPromise : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

inline void promise(bool kept, const std::string& words) {
  if (!kept) throw BrokenPromise(words);
}

// What a user is told stands on one line, and says something.
inline void promise_one_line(const std::string& words) {
  promise(!words.empty() && words.find_first_of("\n\r") == std::string::npos, "not one line: " + words);
}

void case_text(std::string_view bytes);
void case_values(std::string_view bytes);
void failures_file(std::string_view bytes);
void kernel_table(std::string_view bytes);
void known_failures(std::string_view bytes);
void option_line(std::string_view bytes);
void worker_line(std::string_view bytes);

}  // namespace normproof::fuzz
