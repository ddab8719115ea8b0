// Does deleting any one term of a gradient in theory/ or of a backward pass in impl/reference/ turn some claim red?
//
// What       In a copy of the headers every line marked `// term: NAME` can be switched off while the program runs;
//            each claim is compiled against the copy once and decided by the exact engine alone, as it is and with each
//            of its terms switched off in turn. Some reading that agreed before must differ then. A term whose deletion
//            no claim notices fails the test. A claim that includes no header of a term still open is left out.
// Why        A claim that cannot fail decides nothing; this shows for each term which claim stands guard over it.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path root = NORMPROOF_SOURCE_DIR;

constexpr const char* mark = "// term: ";

struct Term {
  fs::path header;  // from the root
  std::size_t line = 0;
  std::string name;
};

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream stream(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::vector<Term> all_terms() {
  std::vector<Term> terms;
  for (const char* folder : {"theory", "impl/reference"})
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.path().extension() != ".hpp") continue;
      const std::vector<std::string> lines = lines_of(entry.path());
      for (std::size_t k = 0; k < lines.size(); ++k) {
        const std::size_t at = lines[k].find(mark);
        if (at != std::string::npos && lines[k].find_first_not_of(' ') != at)
          terms.push_back({fs::relative(entry.path(), root), k, lines[k].substr(at + std::string(mark).size())});
      }
    }
  std::sort(terms.begin(), terms.end(),
            [](const Term& a, const Term& b) { return std::pair(a.header, a.line) < std::pair(b.header, b.line); });
  return terms;
}

// The headers of the tree that a file includes, directly or through others, among `seen` then.
void follow_includes(const fs::path& file, std::set<fs::path>& seen) {
  constexpr const char* include = "#include \"";
  for (const std::string& line : lines_of(root / file)) {
    if (line.rfind(include, 0) != 0) continue;
    const std::size_t begin = std::string(include).size();
    const fs::path header = line.substr(begin, line.find('"', begin) - begin);
    if (seen.insert(header).second) follow_includes(header, seen);
  }
}

// Writes the headers that have terms to `overlay`, each term behind a switch of its number.
void write_switchable(const std::vector<Term>& terms, const fs::path& overlay) {
  std::map<fs::path, std::vector<std::string>> headers;
  for (std::size_t k = 0; k < terms.size(); ++k) {
    std::vector<std::string>& lines =
        headers.try_emplace(terms[k].header, lines_of(root / terms[k].header)).first->second;
    std::string& line = lines[terms[k].line];
    const std::size_t at = line.find(mark);
    line = "if (::normproof_term_stays(" + std::to_string(k) + ")) {" + line.substr(0, at) + "}  " + line.substr(at);
  }
  for (const auto& [header, lines] : headers) {
    fs::create_directories((overlay / header).parent_path());
    std::ofstream copy(overlay / header);
    for (const std::string& line : lines) {
      copy << line << "\n";
      if (line == "#pragma once") copy << "bool normproof_term_stays(int term);\n";
    }
  }
}

template <class Work>
void in_parallel(std::size_t count, Work work) {
  std::mutex mutex;
  std::size_t next = 0;
  std::vector<std::thread> workers;
  for (unsigned k = 0; k < std::max(1U, std::thread::hardware_concurrency()); ++k)
    workers.emplace_back([&] {
      for (;;) {
        std::size_t mine = 0;
        {
          const std::lock_guard<std::mutex> lock(mutex);
          if (next == count) return;
          mine = next++;
        }
        work(mine);
      }
    });
  for (std::thread& worker : workers) worker.join();
}

class Workshop {
 public:
  Workshop() : folder_(fs::temp_directory_path() / ("normproof_terms_" + std::to_string(std::random_device{}()))) {
    fs::create_directories(folder_);
  }
  ~Workshop() { fs::remove_all(folder_); }

  const fs::path& folder() const { return folder_; }

  // Eigen is found where the compiler looks, or in its usual place.
  std::string compile(const std::string& options, const fs::path& source, const fs::path& object) const {
    return std::string(NORMPROOF_CXX) + " -std=c++20 -ffp-contract=off -w " + options +
           " -isystem /usr/include/eigen3 -c \"" + source.string() + "\" -o \"" + object.string() + "\"";
  }

  // The exact engine, once, with optimization: everything that a probe needs but the claim.
  bool build_engine() {
    // From zoo.cpp on: what claims with readings that measure, which are not decided here, need to link.
    const char* sources[] = {"proofs_checks/verdict.cpp",
                             "proofs_checks/numbers/traced.cpp",
                             "proofs_checks/numbers/prime_field.cpp",
                             "proofs_checks/numbers/degree.cpp",
                             "proofs_checks/evidence/record.cpp",
                             "proofs_checks/evidence/exact.cpp",
                             "proofs_checks/evidence/settings.cpp",
                             "proofs_checks/simulation/zoo.cpp",
                             "proofs_checks/simulation/deep_batch_norm.cpp",
                             "proofs_checks/simulation/gdnp_runs.cpp",
                             "proofs_checks/inputs/gaussian_halfspace.cpp",
                             "proofs_checks/inputs/sphere_means.cpp",
                             "proofs_checks/inputs/step_function.cpp",
                             "proofs_checks/inputs/random_block.cpp",
                             "impl/data/generated.cpp",
                             "proofs_checks/conformance/oracle.cpp",
                             "proofs_checks/rounding/backward.cpp",
                             "proofs_checks/rounding/channels.cpp",
                             "proofs_checks/rounding/condition_laws.cpp",
                             "proofs_checks/rounding/forward.cpp",
                             "proofs_checks/rounding/exact_channel.cpp",
                             "proofs_checks/rounding/sums.cpp",
                             "proofs_checks/rounding/updates_in_few_bits.cpp",
                             "proofs_checks/rounding/worst_sum.cpp"};
    std::atomic<bool> built{true};
    in_parallel(std::size(sources), [&](std::size_t k) {
      if (run(compile("-O2 -I\"" + root.string() + "\"", root / sources[k], object_of(sources[k]))) != 0) built = false;
    });
    for (const char* source : sources) engine_ += " \"" + object_of(source).string() + "\"";
    return built;
  }

  // Compiles the probe of a claim against the headers in `overlay` first.
  bool build_probe(const std::string& id, const fs::path& overlay) const {
    const fs::path unit = folder_ / (id + ".cpp"), object = folder_ / (id + ".o");
    {
      std::ofstream stream(unit);
      stream << "#include \"proofs_checks/claims/" << id << ".cpp\"\n";
      for (const fs::path& shared : shared_inputs()) stream << "#include \"" << shared.generic_string() << "\"\n";
      stream << "#define NORMPROOF_PROBED_CLAIM " << id << "\n#include \"tests/term_deletion/probe.cpp\"\n";
    }
    const std::string includes = "-O0 -I\"" + overlay.string() + "\" -I\"" + root.string() + "\"";
    if (run(compile(includes, unit, object)) != 0) return false;
    return run(std::string(NORMPROOF_CXX) + " \"" + object.string() + "\"" + engine_ + " -lgmp -lfmt -o \"" +
               (folder_ / id).string() + "\"") == 0;
  }

  // Which of these terms turn a reading of the claim red, and which reading? Nothing where the probe fails.
  std::optional<std::map<std::size_t, std::string>> red_readings(const std::string& id,
                                                                 const std::vector<std::size_t>& terms) const {
    const fs::path output = folder_ / (id + ".out");
    std::string command = "\"" + (folder_ / id).string() + "\"";
    for (const std::size_t term : terms) command += " " + std::to_string(term);
    if (run(command + " > \"" + output.string() + "\"") != 0) return {};
    std::map<std::size_t, std::string> red;
    std::ifstream stream(output);
    std::size_t term = 0;
    for (std::string reading; stream >> term >> reading;) red[term] = reading;
    return red;
  }

  static std::vector<fs::path> shared_inputs() {
    std::vector<fs::path> shared;
    for (const char* name : {"adapters", "hypotheses"})
      if (fs::exists(root / "proofs_checks/inputs" / (std::string(name) + ".cpp")))
        shared.push_back(fs::path("proofs_checks/inputs") / (std::string(name) + ".cpp"));
    return shared;
  }

  fs::path object_of(const char* source) const { return folder_ / (fs::path(source).stem().string() + ".engine.o"); }

  static int run(const std::string& command) { return std::system(command.c_str()); }

 private:
  fs::path folder_;
  std::string engine_;
};

TEST(TermDeletion, turns_some_claim_red_for_every_term) {
  const std::vector<Term> terms = all_terms();
  ASSERT_GE(terms.size(), 20U);
  Workshop workshop;
  ASSERT_TRUE(workshop.build_engine());
  const fs::path overlay = workshop.folder() / "switchable";
  write_switchable(terms, overlay);

  std::vector<std::string> claims;
  for (const fs::directory_entry& entry : fs::directory_iterator(root / "proofs_checks/claims"))
    if (entry.path().extension() == ".cpp") claims.push_back(entry.path().stem().string());
  std::sort(claims.begin(), claims.end());
  std::mutex mutex;
  std::vector<std::string> caught(terms.size()), trouble;
  const auto open_terms = [&] {
    const std::lock_guard<std::mutex> lock(mutex);
    std::vector<std::size_t> open;
    for (std::size_t term = 0; term < terms.size(); ++term)
      if (caught[term].empty()) open.push_back(term);
    return open;
  };
  in_parallel(claims.size(), [&](std::size_t k) {
    std::set<fs::path> headers;
    follow_includes(fs::path("proofs_checks/claims") / (claims[k] + ".cpp"), headers);
    const auto is_included = [&](std::size_t term) { return headers.count(terms[term].header) > 0; };
    const std::vector<std::size_t> before = open_terms();
    if (std::none_of(before.begin(), before.end(), is_included)) return;
    const bool built = workshop.build_probe(claims[k], overlay);
    const auto red = built ? workshop.red_readings(claims[k], open_terms()) : std::nullopt;
    const std::lock_guard<std::mutex> lock(mutex);
    if (!red) trouble.push_back(claims[k]);
    if (red)
      for (const auto& [term, reading] : *red) caught[term] = claims[k] + " (" + reading + ")";
  });
  for (const std::string& claim : trouble) ADD_FAILURE() << claim << " does not build or run as a probe";

  for (std::size_t k = 0; k < terms.size(); ++k) {
    std::cout << terms[k].header.generic_string() << ":" << terms[k].line + 1 << " " << terms[k].name << " — "
              << (caught[k].empty() ? "NOTHING TURNS RED" : "red: " + caught[k]) << "\n";
    EXPECT_FALSE(caught[k].empty()) << terms[k].header << " term " << terms[k].name;
  }
}

}  // namespace
