// Which check catches which faulty kernel? Prints the table as Markdown: docs/detection_matrix.md is made by it.
//
// Call    detection_matrix PROGRAM FAULTY_LIBRARY [SEED [KERNEL]], at quick effort.
// Table   a row per faulty kernel, in it a place per check: the check's letter where there was a finding of the kind
//         expected, ? where there was another finding, a point where there was none. A row with one mark only is named
//         below the table: without that check the fault would go by.
// Exit    0 where every faulty kernel is caught by a check that is made for it, 1 where one is not, 2 for a wrong call.
#include <cstdlib>
#include <iostream>
#include <map>

#include "tests/kernel_zoo/zoo_runs.hpp"

namespace normproof::zoo {
namespace {

enum class Mark { none, other, expected };

// Each check has a letter: a … z, then A … Z.
char letter_of(std::size_t check) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  return check < letters.size() ? letters[check] : '#';
}

Mark mark_of(CaseRunner& runner, const FaultyKernel& faulty, const std::vector<Case>& cases) {
  Mark mark = Mark::none;
  first_caught(runner, faulty.kernel.name, cases, [&](const Finding& finding) {
    if (mark == Mark::none) mark = Mark::other;
    if (finding.kind == faulty.expected) mark = Mark::expected;
    return mark == Mark::expected;
  });
  return mark;
}

struct Row {
  FaultyKernel faulty;
  std::map<std::string, Mark> marks;  // by check
  std::vector<std::string> caught_by() const {
    std::vector<std::string> ids;
    for (const auto& [id, mark] : marks) {
      if (mark != Mark::none) ids.push_back(id);
    }
    return ids;
  }
  bool is_caught_as_expected() const {
    return std::any_of(faulty.right_checks.begin(), faulty.right_checks.end(), [&](const std::string& id) {
      const auto found = marks.find(id);
      return found != marks.end() && found->second == Mark::expected;
    });
  }
};

void print_legend(const std::vector<conformance::NamedCheck>& checks) {
  for (std::size_t k = 0; k < checks.size(); ++k) {
    std::cout << "- `" << letter_of(k) << "` " << checks[k].id << ": " << checks[k].check.title << "\n";
  }
  std::cout << "\n";
}

void print_table(const std::vector<Row>& rows, const std::vector<conformance::NamedCheck>& checks) {
  std::cout << "| faulty kernel | class | caught by |\n|---|---|---|\n";
  for (const Row& row : rows) {
    std::string marks;
    for (std::size_t k = 0; k < checks.size(); ++k) {
      const Mark mark = row.marks.at(checks[k].id);
      marks += mark == Mark::expected ? letter_of(k) : mark == Mark::other ? '?' : '.';
    }
    std::cout << "| " << row.faulty.kernel.name << " | " << row.faulty.fault_class << " | `" << marks << "` |\n";
  }
}

void print_caught_once(const std::vector<Row>& rows) {
  std::cout << "\nCaught by one check only:\n\n";
  for (const Row& row : rows) {
    const auto ids = row.caught_by();
    if (ids.size() == 1) std::cout << "- " << row.faulty.kernel.name << ": " << ids.front() << "\n";
  }
  std::cout << "\nNot caught by a check that is made for the fault:\n\n";
  std::size_t missed = 0;
  for (const Row& row : rows) {
    if (row.is_caught_as_expected()) continue;
    ++missed;
    std::cout << "- " << row.faulty.kernel.name << ": " << row.faulty.wrong_line << "\n";
  }
  if (missed == 0) std::cout << "- none\n";
}

int run(const std::string& program, const std::string& library, std::uint64_t seed, std::string_view only) {
  const auto checks = conformance::check_catalogue();
  const conformance::Plan plan = {evidence::Effort::quick, seed};
  const auto runner = faulty_runner(program, library);
  std::vector<Row> rows;
  for (const FaultyKernel& faulty : faulty_kernels()) {
    if (!only.empty() && only != faulty.kernel.name) continue;
    Row row = {faulty, {}};
    for (const auto& check : checks) {
      row.marks[check.id] = mark_of(*runner, faulty, cases_of(check.id, faulty.kernel, plan));
    }
    std::cerr << faulty.kernel.name << "\n";
    rows.push_back(std::move(row));
  }
  print_legend(checks);
  print_table(rows, checks);
  print_caught_once(rows);
  return std::all_of(rows.begin(), rows.end(), [](const Row& row) { return row.is_caught_as_expected(); }) ? 0 : 1;
}

}  // namespace
}  // namespace normproof::zoo

int main(int argc, char** argv) {
  constexpr int fewest_arguments = 3, most_arguments = 5;
  if (argc < fewest_arguments || argc > most_arguments) {
    std::cerr << "detection_matrix PROGRAM FAULTY_LIBRARY [SEED [KERNEL]]\n";
    return 2;
  }
  const std::uint64_t seed = argc > fewest_arguments ? std::strtoull(argv[3], nullptr, 10) : 0;
  return normproof::zoo::run(argv[1], argv[2], seed, argc == most_arguments ? argv[4] : "");
}
