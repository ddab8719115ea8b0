// Does the validator catch small faults that a machine puts into honest kernels?
//
// What       Every place of the honest kernels' sources where an operator of source_mutations.hpp applies is a mutant.
//            A mutant is caught where some case at quick effort has a finding. Of those that compile at least 95 % are
//            to be caught; the others are printed, and docs/kernel_mutants.md has a reason for each.
// Cost       All of them take half an hour: this test takes every 12th, and asks for 90 % of the sample.
//            NORMPROOF_MUTANTS=all takes them all and prints the table of docs/kernel_mutants.md; the name of a family
//            (a kernel, a header, built_in) those of it.
#include <gtest/gtest.h>

#include <unistd.h>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "proofs_checks/conformance/case_runner.hpp"
#include "proofs_checks/conformance/check.hpp"
#include "proofs_checks/conformance/library.hpp"
#include "proofs_checks/conformance/supervisor.hpp"
#include "proofs_checks/conformance/worker_protocol.hpp"
#include "tests/kernel_mutation/mutant_library.hpp"

namespace normproof::tests {
namespace {

using conformance::Case;

const fs::path root = NORMPROOF_SOURCE_DIR;
constexpr std::size_t one_in = 12;
constexpr std::size_t fewest_mutants = 40;  // that compile, where no family is asked for: a test of none would pass
constexpr double wanted_share = 0.95;       // of all of them; of a sample of some 90, that many on average
constexpr double wanted_share_of_a_sample = 0.9;
constexpr int jobs = 2;
constexpr std::size_t mutants_per_library = 60;
constexpr std::chrono::duration<double> time_limit{10};  // generous: other work must not catch a mutant

std::vector<std::string> files_of(const std::string& folder, const std::string& extension) {
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(root / folder)) {
    if (entry.path().extension() == extension) files.push_back(folder + "/" + entry.path().filename().string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// A header is tried through kernels that together use all of it.
std::vector<KernelFamily> families() {
  std::vector<KernelFamily> all;
  for (const std::string& file : files_of("tests/kernel_zoo/honest", ".cpp"))
    all.push_back({fs::path(file).stem().string(), "zoo", "honest::", {file}, {file}});
  std::vector<std::string> plain, scaled, chunked;
  for (const std::string& file : files_of("tests/kernel_zoo/honest", ".cpp")) {
    const std::vector<std::string> lines = lines_of(root / file);
    const auto includes = [&](const std::string& header) {
      return std::find(lines.begin(), lines.end(), "#include \"tests/kernel_zoo/" + header + "\"") != lines.end();
    };
    const bool has_steps_of_its_own = std::find(lines.begin(), lines.end(), "namespace {") != lines.end();
    if (!has_steps_of_its_own) plain.push_back(file);
    if (includes("scaled_float.hpp")) scaled.push_back(file);
    if (includes("chunks.hpp")) chunked.push_back(file);
  }
  // In front of these words are accessors and what refuses calls; the second is not mutated for the reason given below,
  // and of the first these kernels do not use all.
  all.push_back({"zoo_kernel", "zoo", "honest::", {"tests/kernel_zoo/zoo_kernel.hpp"}, plain, "── Training, forward"});
  all.push_back({"scaled_float", "zoo", "honest::", {"tests/kernel_zoo/scaled_float.hpp"}, scaled});
  all.push_back({"chunks", "zoo", "honest::", {"tests/kernel_zoo/chunks.hpp"}, chunked});
  // The vectorized kernels are not mutated: their passes are compiled once for each vector target, as files of their
  // own.
  std::vector<std::string> built_in;
  for (const std::string& file : files_of("impl/kernels", ".cpp")) {
    const std::vector<std::string> lines = lines_of(root / file);
    const bool vectorized = std::any_of(lines.begin(), lines.end(), [](const std::string& line) {
      return line.starts_with("#include \"impl/kernels/vector/");
    });
    if (!vectorized) built_in.push_back(file);
  }
  std::vector<std::string> mutated = built_in;
  // Nor is what refuses a call that makes no sense: the interface says little of such calls, and the validator makes
  // few of them; tests/impl/kernels/call_arguments_test.cpp asks for the rest.
  for (const std::string& header : files_of("impl/kernels", ".hpp"))
    if (header != "impl/kernels/call_arguments.hpp") mutated.push_back(header);
  all.push_back({"built_in", "kernels", "", mutated, built_in});
  return all;
}

// Some cases of every check first: most mutants are caught there.
std::vector<Case> interleaved(const std::vector<Case>& cases) {
  std::map<std::string, std::vector<Case>> by_check;
  for (const Case& one : cases) by_check[one.check].push_back(one);
  std::vector<Case> mixed;
  for (std::size_t k = 0; mixed.size() < cases.size(); ++k) {
    for (const auto& [check, of_check] : by_check) {
      if (k < of_check.size()) mixed.push_back(of_check[k]);
    }
  }
  return mixed;
}

struct Count {
  std::size_t tried = 0, caught = 0, not_compiled = 0;
};

struct Outcome {
  Count all;
  std::map<std::string, Count> by_operator;
  std::vector<std::string> survivors;
};

class Trial {
 public:
  // Whether a case finds something; an answer that does not come in time is a finding.
  // The kernels take turns: which of them shows the change is not known.
  bool is_caught(conformance::CaseRunner& runner, const std::vector<conformance::ListedKernel>& kernels) {
    std::size_t most = 0;
    for (const auto& kernel : kernels) most = std::max(most, cases_for(kernel).size());
    for (std::size_t k = 0; k < most; ++k) {
      for (const auto& kernel : kernels) {
        const std::vector<Case>& cases = cases_for(kernel);
        if (k < cases.size() && fails(runner, kernel, cases[k])) return true;
      }
    }
    return false;
  }

 private:
  static bool fails(conformance::CaseRunner& runner, const conformance::ListedKernel& kernel, const Case& one) {
    return runner.run(kernel.name, conformance::text(one)).outcome == conformance::CaseResult::Outcome::failed;
  }

  // Kernels that say the same of themselves get the same cases.
  const std::vector<Case>& cases_for(const conformance::ListedKernel& kernel) {
    const std::string name = kernel.name.substr(kernel.name.find('_'));
    const std::lock_guard lock(mutex_);
    std::vector<Case>& cases = cases_[name];
    if (cases.empty())
      cases = interleaved(conformance::all_cases(conformance::declared(kernel), {evidence::Effort::quick, 0}));
    return cases;
  }

  std::mutex mutex_;
  std::map<std::string, std::vector<Case>> cases_;
};

// Of each mutant, whether some kernel of it is caught.
std::vector<char> caught_ones(const MutantLibrary& library, std::size_t count) {
  std::vector<char> caught(count, 0);
  if (!library.has_any()) return caught;  // a table without kernels cannot be loaded
  conformance::IsolatedSettings settings;
  settings.command.words = {NORMPROOF_PROGRAM, std::string(conformance::worker_verb)};
  settings.command.library = library.file();
  settings.time_limit = time_limit;
  std::map<std::string, conformance::ListedKernel> listed;
  for (const conformance::ListedKernel& kernel : conformance::listed_by_worker(settings)) listed[kernel.name] = kernel;
  Trial trial;
  conformance::on_runners(count, {conformance::isolated(settings), jobs},
                          [&](std::size_t m, conformance::CaseRunner& runner) {
                            if (!library.has(m)) return;
                            std::vector<conformance::ListedKernel> kernels;
                            for (const std::string& kernel : library.kernels_of(m))
                              kernels.push_back(listed.at(MutantLibrary::kernel_name(m, kernel)));
                            caught[m] = trial.is_caught(runner, kernels) ? 1 : 0;
                          });
  return caught;
}

std::string in_words(const KernelMutant& mutant) {
  return mutant.file + ":" + std::to_string(mutant.change.line) + ": " + mutant.change.operator_name + ":" +
         mutant.change.after;
}

void try_mutants(const KernelFamily& family, const std::vector<KernelMutant>& mutants, const fs::path& folder,
                 Outcome& outcome) {
  const MutantLibrary library(root, folder, family, mutants);
  ASSERT_FALSE(library.file().empty()) << family.name << " does not compile";
  const std::vector<char> caught = caught_ones(library, mutants.size());
  for (std::size_t m = 0; m < mutants.size(); ++m) {
    Count& by_operator = outcome.by_operator[mutants[m].change.operator_name];
    for (Count* count : {&outcome.all, &by_operator}) {
      if (!library.has(m)) {
        ++count->not_compiled;
      } else {
        ++count->tried;
        count->caught += caught[m] != 0 ? 1 : 0;
      }
    }
    if (library.has(m) && caught[m] == 0) outcome.survivors.push_back(in_words(mutants[m]));
  }
}

void print_tables(const Outcome& outcome) {
  std::cout << "| operator | mutants | caught | do not compile |\n|---|---|---|---|\n";
  for (const auto& [name, count] : outcome.by_operator)
    std::cout << "| " << name << " | " << count.tried << " | " << count.caught << " | " << count.not_compiled << " |\n";
  std::cout << "| all | " << outcome.all.tried << " | " << outcome.all.caught << " | " << outcome.all.not_compiled
            << " |\n\nnot caught:\n";
  for (const std::string& survivor : outcome.survivors) std::cout << "    " << survivor << "\n";
}

TEST(KernelMutation, catches_nearly_all_small_faults_in_honest_kernels) {
  const char* const wish = std::getenv("NORMPROOF_MUTANTS");
  const std::string wanted = wish == nullptr ? "" : wish;
  const bool every_one = !wanted.empty();
  const fs::path folder = fs::temp_directory_path() / ("normproof_mutants_" + std::to_string(getpid()));
  Outcome outcome;
  std::size_t position = 0, told = 0;
  for (const KernelFamily& family : families()) {
    if (every_one && wanted != "all" && wanted != family.name) continue;
    std::vector<KernelMutant> chosen;
    for (const KernelMutant& mutant : mutants_of(root, family)) {
      if (every_one || position++ % one_in == 0) chosen.push_back(mutant);
    }
    for (std::size_t first = 0; first < chosen.size(); first += mutants_per_library) {
      const std::size_t last = std::min(chosen.size(), first + mutants_per_library);
      try_mutants(
          family,
          {chosen.begin() + static_cast<std::ptrdiff_t>(first), chosen.begin() + static_cast<std::ptrdiff_t>(last)},
          folder / std::to_string(first), outcome);
      if (!every_one) continue;  // else a run is long: say how far it is
      std::cerr << family.name << ": " << outcome.all.caught << " of " << outcome.all.tried << " caught; not:\n";
      for (; told < outcome.survivors.size(); ++told) std::cerr << "    " << outcome.survivors[told] << "\n";
    }
  }
  fs::remove_all(folder);
  print_tables(outcome);
  const bool one_family = every_one && wanted != "all";
  ASSERT_GT(outcome.all.tried, one_family ? 0 : fewest_mutants) << wanted;
  const double share = wanted == "all" ? wanted_share : wanted_share_of_a_sample;
  EXPECT_GE(static_cast<double>(outcome.all.caught), share * static_cast<double>(outcome.all.tried));
}

}  // namespace
}  // namespace normproof::tests
