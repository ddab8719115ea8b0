// What does a reader or a writer throw when a file is not what it has to be?
//
// One line: the file, what was expected of it, what was found there. Control characters are escaped, and so is
// everything beyond ASCII in the two parts that may quote the file's contents: the line stays one line, and valid
// UTF-8 wherever the file's name is, whatever the file holds.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace normproof::data {

enum class Escape { control_characters, all_but_ascii };

inline std::string escaped(std::string_view text, Escape escape) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string line;
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    const bool control = byte < 0x20 || byte == 0x7f;
    if (control || (byte > 0x7f && escape == Escape::all_but_ascii)) {
      line += {'\\', 'x', digits[byte >> 4], digits[byte & 0xf]};
    } else {
      line += character;
    }
  }
  return line;
}

class FileError : public std::runtime_error {
 public:
  FileError(const std::filesystem::path& file, std::string_view expected, std::string_view found)
      : std::runtime_error(escaped(file.string(), Escape::control_characters) + ": expected " +
                           escaped(expected, Escape::all_but_ascii) + ", found " +
                           escaped(found, Escape::all_but_ascii)) {}
};

}  // namespace normproof::data
