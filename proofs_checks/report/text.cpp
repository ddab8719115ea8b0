// How does text fit a terminal's columns, and how do numbers read in a report?
#include "proofs_checks/report/text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <cstdint>

namespace normproof::report {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::uint32_t stray = 0xFFFFFFFF;

struct Character {
  std::string_view bytes;
  std::uint32_t code_point = stray;  // stray: the byte belongs to no character of valid UTF-8
};

// The first character; RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF.
Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return {text.substr(0, 1), lead};
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {text.substr(0, 1), stray};
  std::uint32_t code_point = lead & (0x7Fu >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return {text.substr(0, 1), stray};
    code_point = code_point << 6 | (byte(i) & 0x3Fu);
  }
  const bool overlong = (length == 3 && code_point < 0x800) || (length == 4 && code_point < 0x10000);
  const bool surrogate = code_point >= 0xD800 && code_point <= 0xDFFF;
  if (overlong || surrogate || code_point > 0x10FFFF) return {text.substr(0, 1), stray};
  return {text.substr(0, length), code_point};
}

int columns_of_character(std::uint32_t code_point) {
  const bool combining =
      (code_point >= 0x0300 && code_point <= 0x036F) || (code_point >= 0x20D0 && code_point <= 0x20FF);
  return combining ? 0 : 1;
}

bool is_control(std::uint32_t code_point) { return code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F); }

}  // namespace

int columns_of(std::string_view text) {
  int columns = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    columns += columns_of_character(character.code_point);
    text.remove_prefix(character.bytes.size());
  }
  return columns;
}

std::string cut(std::string_view text, int columns) {
  if (columns_of(text) <= columns) return std::string(text);
  std::string kept;
  int used = 0;
  while (true) {
    const Character character = first_character(text);
    used += columns_of_character(character.code_point);
    if (used > columns - 1) break;
    kept += character.bytes;
    text.remove_prefix(character.bytes.size());
  }
  while (!kept.empty() && kept.back() == ' ') kept.pop_back();
  return kept + "…";
}

std::string padded(std::string_view text, int columns) {
  const int missing = columns - columns_of(text);
  return std::string(text) + std::string(missing > 0 ? static_cast<std::size_t>(missing) : 0, ' ');
}

std::vector<std::string> wrapped(std::string_view text, int columns) {
  std::vector<std::string> lines;
  std::string line;
  int used = 0;
  const auto end_line = [&] {
    lines.push_back(line);
    line.clear();
    used = 0;
  };
  std::size_t position = 0;
  while (position < text.size()) {
    if (text[position] == '\n') {
      end_line();
      ++position;
      continue;
    }
    if (text[position] == ' ') {
      ++position;
      continue;
    }
    const std::size_t end = text.find_first_of(" \n", position);
    const std::string_view next = text.substr(position, end == std::string_view::npos ? end : end - position);
    const int width = columns_of(next);
    if (used > 0 && used + 1 + width > columns) end_line();
    if (used > 0) {
      line += ' ';
      ++used;
    }
    line += next;
    used += width;
    position += next.size();
  }
  if (used > 0 || lines.empty()) end_line();
  return lines;
}

std::string one_line(std::string_view text) {
  std::string line;
  while (!text.empty()) {
    const Character character = first_character(text);
    const bool blank = character.code_point == '\n' || character.code_point == '\r' || character.code_point == '\t';
    if (blank) {
      line += ' ';
    } else if (character.code_point == stray || is_control(character.code_point)) {
      line += replacement;
    } else {
      line += character.bytes;
    }
    text.remove_prefix(character.bytes.size());
  }
  return line;
}

std::string clean_text(std::string_view text) {
  std::string clean;
  while (!text.empty()) {
    const Character character = first_character(text);
    const bool kept_control = character.code_point == '\n' || character.code_point == '\t';
    const bool forbidden = character.code_point == stray || character.code_point == 0xFFFE ||
                           character.code_point == 0xFFFF || (is_control(character.code_point) && !kept_control);
    clean += forbidden ? replacement : character.bytes;
    text.remove_prefix(character.bytes.size());
  }
  return clean;
}

std::string markdown_escaped(std::string_view text) {
  constexpr std::string_view markup = "\\`*_[]<>|~&$";
  std::string markdown;
  for (const char character : one_line(text)) {
    if (markup.find(character) != std::string_view::npos) markdown += '\\';
    markdown += character;
  }
  return markdown;
}

std::string probability_words(double probability) {
  if (std::isnan(probability)) return "not a number";
  if (probability <= 0) return "0";
  if (probability > 0.1) return fmt::format("{:.2f}", std::ceil(probability * 100) / 100);
  // log10 may round up across a whole number, which would print a probability below the true one.
  int exponent = static_cast<int>(std::ceil(std::log10(probability)));
  if (std::pow(10.0, exponent) < probability) ++exponent;
  return fmt::format("10^{}", exponent);
}

std::string counted(long count, std::string_view singular, std::string_view plural) {
  return fmt::format("{} {}", count, count == 1 ? singular : plural);
}

std::string duration_words(double seconds) {
  constexpr double minute = 60;
  constexpr double shown_in_seconds = 100;
  if (!std::isfinite(seconds)) return "unknown time";
  if (seconds < shown_in_seconds) return fmt::format("{:.2f} s", seconds);
  const double minutes = std::floor(seconds / minute);
  return fmt::format("{:.0f} min {:.0f} s", minutes, std::floor(seconds - minute * minutes));
}

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=:,+@%";
  if (!word.empty() && word.find_first_not_of(plain) == std::string_view::npos) return std::string(word);
  std::string quoted = "'";
  for (const char character : word) {
    if (character == '\'') {
      quoted += "'\\''";
    } else {
      quoted += character;
    }
  }
  return quoted + "'";
}

}  // namespace normproof::report
