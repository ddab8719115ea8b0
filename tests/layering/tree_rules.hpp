// Which rules must every file of the tree keep, and which files break them?
//
// One finding is one line: file:line: rule: what. A rule looks at one file at a time, as text; none needs a compiler.
// Forbidden words are written in two pieces here, so that this file keeps its own rules.
#pragma once

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

namespace normproof::tests {

struct Finding {
  std::string file;
  std::size_t line = 0;
  std::string rule;
  std::string what;

  std::string text() const { return file + ":" + std::to_string(line) + ": " + rule + ": " + what; }
};

struct SourceFile {
  std::string path;  // seen from the root of the tree, with '/'
  std::vector<std::string> lines;
};

namespace detail {

inline bool starts_with_any(std::string_view text, const std::vector<std::string_view>& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(), [&](std::string_view b) { return text.starts_with(b); });
}

inline bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

inline bool is_word_character(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Whether part stands in text with no letter, digit or underscore before it.
inline bool starts_a_word(std::string_view text, std::string_view part) {
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + 1)) {
    if (at == 0 || !is_word_character(text[at - 1])) return true;
  }
  return false;
}

// Whether word stands in text with no letter, digit or underscore on either side.
inline bool contains_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool starts = at == 0 || !is_word_character(text[at - 1]);
    if (starts && (end == text.size() || !is_word_character(text[end]))) return true;
  }
  return false;
}

inline std::string_view without_leading_blanks(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view() : line.substr(first);
}

inline std::string_view without_line_comment(std::string_view line) { return line.substr(0, line.find("//")); }

inline std::string file_name(std::string_view path) { return std::filesystem::path(path).filename().string(); }
inline std::string extension(std::string_view path) { return std::filesystem::path(path).extension().string(); }

inline bool is_header(const SourceFile& f) { return extension(f.path) == ".hpp" || extension(f.path) == ".h"; }
inline bool is_code(const SourceFile& f) {
  return is_header(f) || extension(f.path) == ".cpp" || extension(f.path) == ".c";
}
inline bool is_script(const SourceFile& f) {
  const std::string name = file_name(f.path);
  return extension(f.path) == ".cmake" || name == "CMakeLists.txt" || name.ends_with(".cmake.in") || f.path == "dev" ||
         f.path.starts_with(".ci/") || extension(f.path) == ".sh";
}
inline bool is_source(const SourceFile& f) { return is_code(f) || is_script(f); }

// The file that an #include line names, in quotes or brackets; empty for any other line.
inline std::string_view included_file(std::string_view line) {
  std::string_view rest = without_leading_blanks(line);
  if (!rest.starts_with("#")) return {};
  rest = without_leading_blanks(rest.substr(1));
  if (!rest.starts_with("include")) return {};
  const std::size_t open = rest.find_first_of("\"<");
  if (open == std::string_view::npos) return {};
  const std::size_t close = rest.find_first_of("\">", open + 1);
  return close == std::string_view::npos ? std::string_view() : rest.substr(open + 1, close - open - 1);
}

using Findings = std::vector<Finding>;

inline void includes_point_one_way(const SourceFile& f, Findings& found) {
  struct Layer {
    std::string_view folder;
    std::vector<std::string_view> forbidden;
  };
  static const std::vector<Layer> layers = {
      {"theory/", {"impl/", "proofs_checks/", "tests/", "bench/"}},
      {"impl/", {"theory/", "proofs_checks/", "tests/", "bench/"}},
      {"proofs_checks/", {"tests/", "bench/"}},
  };
  for (const Layer& layer : layers) {
    if (!f.path.starts_with(layer.folder)) continue;
    for (std::size_t i = 0; i < f.lines.size(); ++i) {
      std::string_view file = included_file(f.lines[i]);
      while (file.starts_with("../") || file.starts_with("./")) file.remove_prefix(file.find('/') + 1);
      if (starts_with_any(file, layer.forbidden)) {
        found.push_back({f.path, i + 1, "includes_point_one_way",
                         std::string(layer.folder) + " must not include " + std::string(file)});
      }
    }
  }
}

inline void includes_start_at_the_root(const SourceFile& f, Findings& found) {
  // A consumer project stands for somebody else's tree.
  if (!is_code(f) || f.path.starts_with("tests/consumers/")) return;
  for (std::size_t i = 0; i < f.lines.size(); ++i) {
    const std::string_view file = included_file(f.lines[i]);
    if (file.empty() || !contains(f.lines[i], "\"")) continue;
    if (!starts_with_any(file, {"theory/", "impl/", "proofs_checks/", "tests/", "bench/"})) {
      found.push_back({f.path, i + 1, "includes_start_at_the_root",
                       "write \"folder/file\" from the project root, not \"" + std::string(file) + "\""});
    }
  }
}

inline void first_line_is_a_comment(const SourceFile& f, Findings& found) {
  if (!is_source(f)) return;
  const bool is_shebang = !f.lines.empty() && f.lines[0].starts_with("#!");
  const std::size_t first = is_shebang ? 1 : 0;
  const std::string_view mark = is_script(f) ? "# " : "// ";
  const std::string_view c_mark = extension(f.path) == ".c" || extension(f.path) == ".h" ? "/* " : mark;
  if (f.lines.size() <= first || !(f.lines[first].starts_with(mark) || f.lines[first].starts_with(c_mark))) {
    found.push_back({f.path, first + 1, "first_line_is_a_comment",
                     "the first line says, in a comment, which question the file answers"});
  }
}

inline void no_tabs(const SourceFile& f, Findings& found) {
  for (std::size_t i = 0; i < f.lines.size(); ++i) {
    if (contains(f.lines[i], "\t")) found.push_back({f.path, i + 1, "no_tabs", "a tab"});
  }
}

inline void lines_are_short(const SourceFile& f, Findings& found) {
  constexpr std::ptrdiff_t longest = 120;  // .clang-format's ColumnLimit
  if (!is_source(f)) return;
  for (std::size_t i = 0; i < f.lines.size(); ++i) {
    const std::string& line = f.lines[i];
    // In UTF-8 every character has exactly one byte that is not 10xxxxxx. The combining marks U+0300–U+036F (first byte
    // CC or CD), such as the hat of x̂, stand over their letter and take no column; clang-format counts them so, too.
    const std::ptrdiff_t characters = std::count_if(line.begin(), line.end(), [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return (byte & 0xC0u) != 0x80u && byte != 0xCCu && byte != 0xCDu;
    });
    if (characters > longest) {
      found.push_back({f.path, i + 1, "lines_are_short",
                       std::to_string(characters) + " characters, at most " + std::to_string(longest)});
    }
  }
}

inline void nothing_is_left_to_do(const SourceFile& f, Findings& found) {
  static const std::vector<std::string> words = {std::string("TO") + "DO", std::string("FIX") + "ME",
                                                 std::string("XX") + "X", std::string("HA") + "CK"};
  for (std::size_t i = 0; i < f.lines.size(); ++i) {
    for (const std::string& word : words) {
      if (contains_word(f.lines[i], word)) found.push_back({f.path, i + 1, "nothing_is_left_to_do", word});
    }
  }
}

inline void no_machine_paths(const SourceFile& f, Findings& found) {
  static const std::vector<std::string> folders = {std::string("/ho") + "me/", std::string("/ro") + "ot/",
                                                   std::string("/wo") + "rk/", std::string("/t") + "mp/"};
  for (std::size_t i = 0; i < f.lines.size(); ++i) {
    const std::string& line = f.lines[i];
    for (const std::string& folder : folders) {
      for (std::size_t at = line.find(folder); at != std::string::npos; at = line.find(folder, at + 1)) {
        // The tail of a longer path (https://example.org/home/, ../src/home/) names no machine's folder.
        const char before = at == 0 ? ' ' : line[at - 1];
        if (std::isalnum(static_cast<unsigned char>(before)) != 0 || contains("_.-}~", std::string_view(&before, 1))) {
          continue;
        }
        found.push_back({f.path, i + 1, "no_machine_paths", "an absolute path of some machine: " + folder});
        break;
      }
    }
  }
}

inline void fast_math_says_why(const SourceFile& f, Findings& found) {
  static const std::vector<std::string> flags = {std::string("-ffast") + "-math", std::string("-Of") + "ast",
                                                 std::string("\"fast") + "-math\""};
  // Prose may speak of the flags; what is compiled or configured may not use them.
  if (!is_source(f) && extension(f.path) != ".json") return;
  const bool says_why = std::any_of(f.lines.begin(), f.lines.end(),
                                    [](const std::string& line) { return contains(line, "fast-math is sound here:"); });
  if (says_why) return;
  for (std::size_t i = 0; i < f.lines.size(); ++i) {
    for (const std::string& flag : flags) {
      if (contains(f.lines[i], flag)) {
        found.push_back(
            {f.path, i + 1, "fast_math_says_why", flag + " in a file with no comment \"fast-math is sound here: …\""});
      }
    }
  }
}

inline void claim_is_named_like_its_file(const SourceFile& f, Findings& found) {
  if (!f.path.starts_with("proofs_checks/claims/") || extension(f.path) != ".cpp") return;
  const std::string signature = "Claim " + std::filesystem::path(f.path).stem().string() + "()";
  const bool defined = std::any_of(f.lines.begin(), f.lines.end(), [&](const std::string& line) {
    return line.starts_with(signature + " {") || line.starts_with("normproof::" + signature + " {");
  });
  if (!defined) {
    found.push_back({f.path, 1, "claim_is_named_like_its_file", "the file defines no `" + signature + " {`"});
  }
}

inline void headers_say_pragma_once(const SourceFile& f, Findings& found) {
  if (!is_header(f)) return;
  // A C header may be read by a C99 compiler that knows include guards only; what Highway compiles for each vector
  // target is read once for each.
  const bool guarded = std::any_of(f.lines.begin(), f.lines.end(), [&](const std::string& line) {
    return line == "#pragma once" || (extension(f.path) == ".h" && line.starts_with("#ifndef ")) ||
           (line.starts_with("#if ") && contains(line, "defined(HWY_TARGET_TOGGLE)"));
  });
  if (!guarded) found.push_back({f.path, 1, "headers_say_pragma_once", "no #pragma once"});
}

inline void libraries_do_not_print(const SourceFile& f, Findings& found) {
  static const std::array<std::string_view, 6> functions = {"printf(", "fprintf(", "vprintf(",
                                                            "puts(",   "fputs(",   "putchar("};
  static const std::array<std::string_view, 4> names = {"std::cout", "std::cerr", "std::clog", "fmt::print("};
  const bool library = is_code(f) && starts_with_any(f.path, {"theory/", "impl/", "proofs_checks/"});
  const bool program = f.path == "proofs_checks/main.cpp" || f.path == "proofs_checks/validator_main.cpp";
  if (!library || program || f.path.starts_with("proofs_checks/report/")) return;
  for (std::size_t i = 0; i < f.lines.size(); ++i) {
    const std::string_view code = without_line_comment(f.lines[i]);
    const auto calls = [&](std::string_view function) { return starts_a_word(code, function); };
    const auto has = [&](std::string_view name) { return contains(code, name); };
    if (std::any_of(functions.begin(), functions.end(), calls) || std::any_of(names.begin(), names.end(), has)) {
      found.push_back({f.path, i + 1, "libraries_do_not_print", "only a program and report/ write to the terminal"});
    }
  }
}

}  // namespace detail

struct Rule {
  std::string_view name;
  void (*apply)(const SourceFile&, std::vector<Finding>&);
};

inline const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = {
      {"includes_point_one_way", detail::includes_point_one_way},
      {"includes_start_at_the_root", detail::includes_start_at_the_root},
      {"first_line_is_a_comment", detail::first_line_is_a_comment},
      {"no_tabs", detail::no_tabs},
      {"lines_are_short", detail::lines_are_short},
      {"nothing_is_left_to_do", detail::nothing_is_left_to_do},
      {"no_machine_paths", detail::no_machine_paths},
      {"fast_math_says_why", detail::fast_math_says_why},
      {"claim_is_named_like_its_file", detail::claim_is_named_like_its_file},
      {"headers_say_pragma_once", detail::headers_say_pragma_once},
      {"libraries_do_not_print", detail::libraries_do_not_print},
  };
  return all;
}

// Every text file below root but what is built, what belongs to tools, and what is bad on purpose; in a fixed order.
inline std::vector<SourceFile> read_tree(const std::filesystem::path& root) {
  namespace fs = std::filesystem;
  static const std::vector<std::string_view> endings = {".cpp", ".hpp",  ".h",  ".c",   ".cmake", ".in",
                                                        ".txt", ".json", ".md", ".cff", ".sh",    ".yml"};
  std::vector<SourceFile> files;
  for (auto entry = fs::recursive_directory_iterator(root); entry != fs::recursive_directory_iterator(); ++entry) {
    const std::string path = fs::relative(entry->path(), root).generic_string();
    if (entry->is_directory()) {
      const bool hidden = entry->path().filename().string().starts_with(".") && path != ".ci";
      const bool built = path == "build" || fs::exists(entry->path() / "CMakeCache.txt");
      if (hidden || built || path == "tests/layering/bad") entry.disable_recursion_pending();
      continue;
    }
    const bool text = std::find(endings.begin(), endings.end(), detail::extension(path)) != endings.end() ||
                      path == "dev" || path == ".ci/run";
    if (!entry->is_regular_file() || !text) continue;
    SourceFile file{path, {}};
    std::ifstream in(entry->path());
    for (std::string line; std::getline(in, line);) file.lines.push_back(line);
    files.push_back(std::move(file));
  }
  std::sort(files.begin(), files.end(), [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

inline std::vector<Finding> findings(const std::vector<SourceFile>& files) {
  std::vector<Finding> found;
  for (const SourceFile& file : files) {
    for (const Rule& rule : rules()) rule.apply(file, found);
  }
  return found;
}

}  // namespace normproof::tests
