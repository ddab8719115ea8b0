// How do many mutants of kernels become one library that can be loaded?
//
// What       The sources of a family of kernels are written out in one text, their own headers in the place of the
//            #include lines; each mutant is a copy of that text with one line changed, in a namespace of its own, and
//            in it each kernel that uses the changed file has one: what kernels define for themselves has the same
//            names in many. All copies are one translation unit. Copies that do not compile are left out, and counted.
// Why        One compilation of two hundred mutants costs a few seconds each hundred; two hundred compilations do not.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/kernel_mutation/source_mutations.hpp"

namespace normproof::tests {

namespace fs = std::filesystem;

// Kernels that share files; `mutated` says in which of the files, from the root, places are changed.
struct KernelFamily {
  std::string name;
  std::string space;                 // the word in namespace normproof::<word> that is theirs
  std::string kernel_space;          // in front of a kernel's function: "honest::", or nothing
  std::vector<std::string> mutated;  // files
  std::vector<std::string> kernels;  // .cpp files, each defining normproof_kernel <name of the file>()
  std::string from_line = "";        // changed are the lines behind the one that has these words; all where empty
};

struct KernelMutant {
  std::string file;
  SourceMutant change;
};

inline std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream stream(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

inline std::vector<KernelMutant> mutants_of(const fs::path& root, const KernelFamily& family) {
  std::vector<KernelMutant> mutants;
  for (const std::string& file : family.mutated) {
    const std::vector<std::string> lines = lines_of(root / file);
    const auto from = std::find_if(lines.begin(), lines.end(),
                                   [&](const std::string& line) { return line.find(family.from_line) < line.size(); });
    for (SourceMutant& change : mutants_of(lines))
      if (change.line > static_cast<std::size_t>(from - lines.begin())) mutants.push_back({file, std::move(change)});
  }
  return mutants;
}

class MutantLibrary {
 public:
  MutantLibrary(fs::path root, fs::path folder, const KernelFamily& family, const std::vector<KernelMutant>& mutants)
      : root_(std::move(root)), folder_(std::move(folder)), family_(family), mutants_(mutants) {
    fs::create_directories(folder_);
    // The first rounds name the copies that do not compile.
    for (int round = 0; round < most_rounds; ++round) {
      write();
      if (compiled()) return;
    }
    library_.clear();
  }

  const fs::path& file() const { return library_; }  // empty where nothing compiles
  bool has(std::size_t mutant) const { return left_out_.count(mutant) == 0; }
  bool has_any() const { return left_out_.size() < mutants_.size(); }
  // The files of kernels in which the change of a mutant stands, or which include what it changes.
  std::vector<std::string> kernels_of(std::size_t mutant) const {
    std::vector<std::string> found;
    for (const std::string& kernel : family_.kernels) {
      std::set<std::string> files, includes;
      std::string headers, text;
      flatten(kernel, nullptr, files, includes, headers, text);
      if (files.contains(mutants_[mutant].file)) found.push_back(kernel);
    }
    return found;
  }
  static std::string kernel_name(std::size_t mutant, const std::string& kernel_file) {
    return "m" + std::to_string(mutant) + "_" + fs::path(kernel_file).stem().string();
  }

 private:
  static constexpr int most_rounds = 4;

  bool is_own(const std::string& included) const {
    return included.starts_with("tests/kernel_zoo/") || included.starts_with("impl/kernels/");
  }

  // The text of one file, and that of its own headers, each once, as `headers`.
  void flatten(const std::string& file, const KernelMutant* mutant, std::set<std::string>& seen,
               std::set<std::string>& includes, std::string& headers, std::string& text) const {
    if (!seen.insert(file).second) return;
    const std::vector<std::string> lines = lines_of(root_ / file);
    for (std::size_t k = 0; k < lines.size(); ++k) {
      const std::string& line = lines[k];
      if (line == "#pragma once") continue;
      if (line.starts_with("#include \"")) {
        const std::string included = line.substr(10, line.rfind('"') - 10);
        if (is_own(included)) {
          std::string of_header;
          flatten(included, mutant, seen, includes, headers, of_header);
          headers += of_header;
        } else {
          includes.insert(line);
        }
      } else if (line.starts_with("#include ")) {
        includes.insert(line);
      } else if (mutant != nullptr && mutant->file == file && mutant->change.line == k + 1) {
        text += mutant->change.after + "\n";
      } else {
        text += line + "\n";
      }
    }
  }

  // What one kernel defines, in a namespace inside that of the mutant.
  std::string apart(const std::string& text, const std::string& kernel) const {
    const std::string space = "namespace normproof::" + family_.space;
    return std::regex_replace(text, std::regex(space + "\\b"), space + "::of_" + kernel);
  }

  // Renames normproof::<space> to one of the mutant's own.
  std::string renamed(const std::string& text, std::size_t mutant) const {
    const std::string own = family_.space + "_m" + std::to_string(mutant);
    const std::string declared = std::regex_replace(text, std::regex("namespace normproof::" + family_.space + "\\b"),
                                                    "namespace normproof::" + own);
    return std::regex_replace(declared, std::regex("\\b" + family_.space + "::"), own + "::");
  }

  void write() const {
    std::set<std::string> includes = {"#include <string>", "#include <vector>", "#include \"impl/kernel.h\""};
    std::string copies, list;
    for (std::size_t m = 0; m < mutants_.size(); ++m) {
      if (!has(m)) continue;
      std::set<std::string> seen;
      std::string text;
      for (const std::string& kernel : kernels_of(m)) {
        const std::string word = fs::path(kernel).stem().string();
        std::string of_kernel;
        flatten(kernel, &mutants_[m], seen, includes, text, of_kernel);
        text += apart(of_kernel, word);
        list += "  add(normproof::" + family_.space + "_m" + std::to_string(m) + "::of_" + word +
                "::" + family_.kernel_space + word + "(), \"" + kernel_name(m, kernel) + "\");\n";
      }
      copies += "#line 1 \"mutant_" + std::to_string(m) + "\"\n" + renamed(text, m);
    }
    std::ofstream file(folder_ / (family_.name + ".cpp"));
    for (const std::string& include : includes) file << include << "\n";
    file << copies << "#line 1 \"list\"\n"
         << "static const normproof_library& library() {\n"
            "  static std::vector<normproof_kernel> kernels;\n"
            "  const auto add = [](normproof_kernel kernel, const char* name) {\n"
            "    kernel.name = name;\n"
            "    kernels.push_back(kernel);\n"
            "  };\n"
         << list
         << "  static const normproof_library all = {NORMPROOF_ABI_VERSION, static_cast<uint32_t>(kernels.size()), "
            "kernels.data()};\n"
            "  return all;\n"
            "}\n"
            "extern \"C\" const normproof_library* normproof_kernels(uint32_t version) {\n"
            "  static const normproof_library& all = library();\n"
            "  return version == NORMPROOF_ABI_VERSION ? &all : nullptr;\n"
            "}\n";
  }

  // Leaves out what the compiler names.
  bool compiled() {
    const fs::path source = folder_ / (family_.name + ".cpp"), log = folder_ / (family_.name + ".log");
    library_ = folder_ / ("lib" + family_.name + "_mutants.so");
    const std::string command =
        std::string(NORMPROOF_CXX) + " -std=c++20 -O1 -w -fPIC -shared -pthread -ffp-contract=off -fmax-errors=0 -I" +
        root_.string() + " " + source.string() + " -o " + library_.string() + " 2> " + log.string();
    if (std::system(command.c_str()) == 0) return true;
    static const std::regex at(R"(mutant_(\d+):\d+(:\d+)?: error)");
    for (const std::string& line : lines_of(log)) {
      std::smatch match;
      if (std::regex_search(line, match, at)) left_out_.insert(std::stoul(match[1]));
    }
    return false;
  }

  fs::path root_, folder_, library_;
  KernelFamily family_;
  std::vector<KernelMutant> mutants_;
  std::set<std::size_t> left_out_;
};

}  // namespace normproof::tests
