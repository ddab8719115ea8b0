// What does each verb's command line ask for?
//
// CLI11 takes the line apart; what a value means is read here, so that every wrong one gives one line of our own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "proofs_checks/evidence/settings.hpp"

namespace normproof::cli {

// The call is wrong: one line that says what and where.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The call asks for text alone: --help.
struct HelpWanted {
  std::string text;
};

// How claims are decided: verify and record share it.
struct DecisionOptions {
  std::vector<std::string> globs;  // empty: every claim
  evidence::Effort effort = evidence::Effort::standard;
  std::uint64_t seed = 0;
  std::optional<int> jobs;
  std::optional<std::filesystem::path> data, input, ledger;
  bool quiet = false;
  bool verbose = false;
};

struct VerifyOptions {
  DecisionOptions decision;
  // `out` is where a resumed run was, unless another place is asked for.
  std::optional<std::filesystem::path> out, json, junit, resume;
};

struct RecordOptions {
  DecisionOptions decision;
  std::string because;
};

struct ListOptions {
  std::optional<std::string> glob;
  std::optional<std::filesystem::path> ledger;
  bool json = false;
  bool experiments = false;
  bool checks = false;
};

struct ExplainOptions {
  std::string claim;
  std::optional<std::filesystem::path> ledger;
};

struct DiffOptions {
  std::filesystem::path before, after;
};

struct RecheckOptions {
  std::vector<std::filesystem::path> files;
};

struct ValidateOptions {
  std::string library;  // as it was given; empty: the built-in kernels
  std::string kernels = "*", checks = "*";
  std::optional<std::string> single;  // --case: its text, or what stood in its file
  evidence::Effort effort = evidence::Effort::standard;
  std::uint64_t seed = 0;
  std::optional<int> jobs;
  std::optional<double> timeout_seconds;
  bool accept_one_pass = false;
  std::optional<std::filesystem::path> expect, dump, out, json, junit;
  bool quiet = false;
};

// What a caller of the C interface (normproof.h) may ask for.
struct InProcessOptions {
  std::string checks = "*";
  std::optional<std::string> single;
  evidence::Effort effort = evidence::Effort::standard;
  std::uint64_t seed = 0;
  bool accept_one_pass = false;
};

struct KernelsOptions {
  std::optional<std::vector<std::int64_t>> shape;  // batch, channels, then any number of spatial extents
};

struct ReproduceOptions {
  std::string experiment;
  std::vector<std::pair<std::string, std::string>> parameters;  // as they were set
  evidence::Effort effort = evidence::Effort::standard;
  std::uint64_t seed = 0;
  std::optional<int> jobs;
  std::optional<std::filesystem::path> data, out, resume;
  bool quiet = false;
};

// The arguments after the verb. Each throws UsageError, or HelpWanted.
VerifyOptions parse_verify(const std::vector<std::string>& arguments);
RecordOptions parse_record(const std::vector<std::string>& arguments);
ListOptions parse_list(const std::vector<std::string>& arguments);
ExplainOptions parse_explain(const std::vector<std::string>& arguments);
DiffOptions parse_diff(const std::vector<std::string>& arguments);
RecheckOptions parse_recheck(const std::vector<std::string>& arguments);
ReproduceOptions parse_reproduce(const std::vector<std::string>& arguments);
ValidateOptions parse_validate(const std::vector<std::string>& arguments);
KernelsOptions parse_kernels(const std::vector<std::string>& arguments);

// One line of options, quoted as in a shell: "--effort quick --check 'tail*'".
InProcessOptions parse_in_process(const std::string& line);

}  // namespace normproof::cli
