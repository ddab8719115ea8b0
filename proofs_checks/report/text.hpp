// How does text fit a terminal's columns, and how do numbers read in a report?
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace normproof::report {

// How many columns a terminal gives to UTF-8 text: combining marks (the hat of x̂) take none.
int columns_of(std::string_view text);

// At most so many columns; what is cut off is replaced by one "…".
std::string cut(std::string_view text, int columns);

// Blanks are added up to so many columns.
std::string padded(std::string_view text, int columns);

// Lines of at most so many columns, broken at blanks; a longer word gets a line of its own, uncut. A line break in the
// text is kept.
std::vector<std::string> wrapped(std::string_view text, int columns);

// Valid UTF-8 on one line: line breaks and tabs become blanks, other control characters and stray bytes become U+FFFD.
std::string one_line(std::string_view text);

// Valid UTF-8 without the characters that XML 1.0 forbids (they become U+FFFD); line breaks and tabs stay.
std::string clean_text(std::string_view text);

// On one line, with a backslash before what Markdown takes for markup: formulas are full of it.
std::string markdown_escaped(std::string_view text);

// "10^-38", rounded up: the probability is never larger than what is printed. "0" for 0.
std::string probability_words(double probability);

// "1 case", "1200 cases".
std::string counted(long count, std::string_view singular, std::string_view plural);

// "0.42 s", "3 min 5 s".
std::string duration_words(double seconds);

// The part as one word of a POSIX shell's command line.
std::string shell_quoted(std::string_view word);

}  // namespace normproof::report
