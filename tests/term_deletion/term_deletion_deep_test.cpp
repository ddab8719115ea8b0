// Does deleting any one term of a gradient in theory/ or of a backward pass in impl/reference/ turn some claim red?
//
// What       Every line marked `// term: NAME` is deleted in turn from a copy of its header; the claims that include
//            the header are compiled against the copy and decided by the exact engine alone. Some reading that agreed
//            before must differ now. A term whose deletion no claim notices fails the test.
// Why        A claim that cannot fail decides nothing; this shows for each term which claim stands guard over it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <mutex>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path root = NORMPROOF_SOURCE_DIR;

struct Term {
  fs::path header;  // from the root
  std::size_t line = 0;
  std::string name;
};

struct ClaimBuild {
  std::string id;
  std::set<std::string> includes;  // headers from the root, of the claim and of proofs_checks/inputs
  std::set<std::string> agreeing;  // readings, nothing deleted
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
        const std::string mark = "// term: ";
        const std::size_t at = lines[k].find(mark);
        if (at != std::string::npos && lines[k].find_first_not_of(' ') != at)
          terms.push_back({fs::relative(entry.path(), root), k, lines[k].substr(at + mark.size())});
      }
    }
  std::sort(terms.begin(), terms.end(),
            [](const Term& a, const Term& b) { return std::pair(a.header, a.line) < std::pair(b.header, b.line); });
  return terms;
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
    const char* sources[] = {"verdict.cpp",          "numbers/traced.cpp",  "numbers/prime_field.cpp",
                             "numbers/degree.cpp",   "evidence/record.cpp", "evidence/exact.cpp",
                             "evidence/settings.cpp"};
    for (const char* source : sources) {
      const fs::path object = folder_ / (fs::path(source).stem().string() + ".engine.o");
      if (run(compile("-O2 -I\"" + root.string() + "\"", root / "proofs_checks" / source, object)) != 0) return false;
      engine_ += " \"" + object.string() + "\"";
    }
    return true;
  }

  // Compiles and runs the probe of a claim against headers in `overlay` first; the ids of agreeing readings, or nothing
  // where it does not compile or run. With `dependencies`, writes what it included.
  bool probe(const std::string& id, const fs::path& overlay, const fs::path& place, std::set<std::string>& agreeing,
             bool dependencies) const {
    fs::create_directories(place);
    const fs::path unit = place / (id + ".cpp");
    {
      std::ofstream stream(unit);
      stream << "#include \"proofs_checks/claims/" << id << ".cpp\"\n";
      for (const fs::path& shared : shared_inputs()) stream << "#include \"" << shared.generic_string() << "\"\n";
      stream << "#define NORMPROOF_PROBED_CLAIM " << id << "\n#include \"tests/term_deletion/probe.cpp\"\n";
    }
    const std::string includes = "-O0 -I\"" + overlay.string() + "\" -I\"" + root.string() + "\"" +
                                 (dependencies ? " -MMD -MF \"" + (place / (id + ".d")).string() + "\"" : "");
    const fs::path object = place / (id + ".o"), program = place / id, output = place / (id + ".out");
    if (run(compile(includes, unit, object)) != 0) return false;
    if (run(std::string(NORMPROOF_CXX) + " \"" + object.string() + "\"" + engine_ + " -lgmp -o \"" + program.string() +
            "\"") != 0)
      return false;
    if (run("\"" + program.string() + "\" > \"" + output.string() + "\" 2>&1") != 0) return false;
    agreeing.clear();
    for (const std::string& line : lines_of(output)) agreeing.insert(line);
    return true;
  }

  static std::vector<fs::path> shared_inputs() {
    std::vector<fs::path> shared;
    for (const char* name : {"adapters", "hypotheses"})
      if (fs::exists(root / "proofs_checks/inputs" / (std::string(name) + ".cpp")))
        shared.push_back(fs::path("proofs_checks/inputs") / (std::string(name) + ".cpp"));
    return shared;
  }

  static int run(const std::string& command) { return std::system(command.c_str()); }

 private:
  fs::path folder_;
  std::string engine_;
};

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

TEST(TermDeletion, turns_some_claim_red_for_every_term) {
  Workshop workshop;
  ASSERT_TRUE(workshop.build_engine());

  std::vector<ClaimBuild> claims;
  for (const fs::directory_entry& entry : fs::directory_iterator(root / "proofs_checks/claims"))
    if (entry.path().extension() == ".cpp") claims.push_back({entry.path().stem().string(), {}, {}});
  std::sort(claims.begin(), claims.end(), [](const ClaimBuild& a, const ClaimBuild& b) { return a.id < b.id; });
  const fs::path untouched = workshop.folder() / "untouched";
  std::vector<char> built(claims.size(), 0);
  in_parallel(claims.size(), [&](std::size_t k) {
    ClaimBuild& claim = claims[k];
    built[k] = workshop.probe(claim.id, untouched, workshop.folder() / ("base_" + claim.id), claim.agreeing, true);
    std::ifstream dependencies(workshop.folder() / ("base_" + claim.id) / (claim.id + ".d"));
    for (std::string word; dependencies >> word;)
      if (word.rfind(root.string(), 0) == 0) claim.includes.insert(fs::relative(word, root).generic_string());
  });
  for (std::size_t k = 0; k < claims.size(); ++k) ASSERT_TRUE(built[k]) << claims[k].id << " does not build as a probe";

  const std::vector<Term> terms = all_terms();
  ASSERT_GE(terms.size(), 20U);
  std::vector<std::string> caught(terms.size());
  in_parallel(terms.size(), [&](std::size_t k) {
    const Term& term = terms[k];
    const fs::path overlay = workshop.folder() / ("term_" + std::to_string(k));
    fs::create_directories((overlay / term.header).parent_path());
    std::vector<std::string> lines = lines_of(root / term.header);
    lines[term.line].clear();
    std::ofstream copy(overlay / term.header);
    for (const std::string& line : lines) copy << line << "\n";
    copy.close();
    for (const ClaimBuild& claim : claims) {
      if (!claim.includes.count(term.header.generic_string())) continue;
      std::set<std::string> agreeing;
      if (!workshop.probe(claim.id, overlay, overlay / "build", agreeing, false)) {
        caught[k] = "";  // a copy that does not compile shows nothing
        break;
      }
      for (const std::string& reading : claim.agreeing)
        if (!agreeing.count(reading)) {
          caught[k] = claim.id + " (" + reading + ")";
          break;
        }
      if (!caught[k].empty()) break;
    }
  });

  for (std::size_t k = 0; k < terms.size(); ++k) {
    std::cout << terms[k].header.generic_string() << ":" << terms[k].line + 1 << " " << terms[k].name << " — "
              << (caught[k].empty() ? "NOTHING TURNS RED" : "red: " + caught[k]) << "\n";
    EXPECT_FALSE(caught[k].empty()) << terms[k].header << " term " << terms[k].name;
  }
}

}  // namespace
