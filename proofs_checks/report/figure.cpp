// How does a figure of measured numbers get into files, and a table onto the terminal?
#include "proofs_checks/report/figure.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <string_view>
#include <system_error>

#include "proofs_checks/report/file_replacement.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::report {
namespace {

namespace fs = std::filesystem;

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char character : text) {
    quoted += character;
    if (character == '"') quoted += '"';
  }
  return quoted + '"';
}

void add_csv_line(std::string& text, const std::vector<std::string>& fields) {
  for (std::size_t k = 0; k < fields.size(); ++k) text += (k == 0 ? "" : ",") + csv_field(fields[k]);
  text += '\n';
}

// In a word of gnuplot's between single quotes only these are special.
std::string gnuplot_quoted(const std::string& text) {
  std::string quoted = "'";
  for (const char character : text) {
    quoted += character;
    if (character == '\'') quoted += '\'';
  }
  return quoted + "'";
}

std::string whole_script(const Figure& figure, const fs::path& data) {
  return fmt::format(
      "set encoding utf8\n"
      "set terminal svg size 960,640 dynamic background rgb 'white' font 'sans-serif,14'\n"
      "set datafile separator comma\n"
      "data = {}\n"
      "{}\n",
      gnuplot_quoted(data.string()), figure.gnuplot_script);
}

// A file without a name: unlike a pipe it never fills while nobody reads.
using Scratch = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

Scratch scratch() { return {std::tmpfile(), std::fclose}; }

std::string text_of(std::FILE* file) {
  std::rewind(file);
  std::string text;
  std::array<char, 4096> block{};
  while (const std::size_t count = std::fread(block.data(), 1, block.size(), file)) text.append(block.data(), count);
  return text;
}

// gnuplot shows the line it stumbled over, marks the place below it, and says in a third line what is wrong there; that
// one begins with "line 0:", whatever line of a script it was.
std::string complaint(const std::string& words) {
  constexpr std::string_view mark = "line 0: ";
  const std::size_t marked = words.find(mark);
  const std::size_t start = marked == std::string::npos ? words.find_first_not_of("\n\r\t ") : marked + mark.size();
  if (start == std::string::npos) return "";
  return ": " + one_line(words.substr(start, words.find('\n', start) - start));
}

struct Drawing {
  std::string svg;      // empty where there is none
  std::string trouble;  // why not
};

Drawing draw(const std::string& script) {
  const Scratch input = scratch();
  const Scratch output = scratch();
  const Scratch complaints = scratch();
  const bool ready = input && output && complaints &&
                     std::fwrite(script.data(), 1, script.size(), input.get()) == script.size() &&
                     std::fflush(input.get()) == 0;
  if (!ready) return {"", "gnuplot could not be given its script"};
  std::rewind(input.get());

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, fileno(input.get()), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(output.get()), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, fileno(complaints.get()), STDERR_FILENO);
  std::string program = "gnuplot";
  std::string no_settings = "-d";
  std::array<char*, 3> words = {program.data(), no_settings.data(), nullptr};
  pid_t child = 0;
  const int reason = posix_spawnp(&child, words[0], &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (reason == ENOENT) return {"", "gnuplot is not installed"};
  if (reason != 0) return {"", "gnuplot cannot be started: " + std::generic_category().message(reason)};

  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  std::string svg = text_of(output.get());
  const bool whole = svg.find("</svg>") != std::string::npos;
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0 && whole) return {std::move(svg), ""};
  return {"", "gnuplot failed" + complaint(text_of(complaints.get()))};
}

}  // namespace

std::string csv_text(const Figure& figure) {
  std::string text;
  add_csv_line(text, figure.columns);
  for (const std::vector<std::string>& row : figure.rows) add_csv_line(text, row);
  return text;
}

std::string write_figure(const Figure& figure, const fs::path& folder) {
  const fs::path csv = folder / (figure.name + ".csv");
  const fs::path svg = folder / (figure.name + ".svg");
  FileReplacement data(csv);
  FileReplacement picture(svg);
  data.commit(csv_text(figure));
  const Drawing drawing = draw(whole_script(figure, fs::absolute(csv)));
  if (drawing.trouble.empty()) {
    picture.commit(drawing.svg);
    return fmt::format("{} and {} written", csv.string(), svg.string());
  }
  std::error_code error;
  const bool outdated = fs::remove(svg, error);
  return fmt::format("{} written; not drawn, for {}{}", csv.string(), drawing.trouble,
                     outdated ? fmt::format("; {}, of other data, removed", svg.string()) : "");
}

std::string table_text(const Table& table) {
  std::vector<int> widths;
  const auto widen = [&](const std::vector<std::string>& row) {
    widths.resize(std::max(widths.size(), row.size()), 0);
    for (std::size_t k = 0; k < row.size(); ++k) widths[k] = std::max(widths[k], columns_of(row[k]));
  };
  widen(table.columns);
  for (const std::vector<std::string>& row : table.rows) widen(row);
  std::string text = table.title + "\n";
  const auto add = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t k = 0; k < row.size(); ++k) line += "  " + padded(row[k], widths[k]);
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  };
  add(table.columns);
  for (const std::vector<std::string>& row : table.rows) add(row);
  return text;
}

}  // namespace normproof::report
