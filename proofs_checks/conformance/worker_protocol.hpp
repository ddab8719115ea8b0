// What do a worker and its supervisor say to each other?
//
// One line each, in turn, over a socket of their own; the standard streams are the kernel's. The worker begins:
//   {"kernels": [...]}               what the library has, once it is loaded
//   {"library_error": "one line"}    it cannot be used
// and then answers requests:
//   run NAME CASE        {"result": {...}}, or {"threw": "words"}: an exception came out of the call
//   operands NAME CASE   {"operands": [...]}, or {"threw": "words"}
// Before it dies of a fault in memory it says
//   fault WORDS          where the fault was
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proofs_checks/conformance/library.hpp"
#include "proofs_checks/conformance/result.hpp"
#include "proofs_checks/conformance/run_case.hpp"

namespace normproof::conformance {

inline constexpr std::string_view worker_verb = "__worker";  // of the program, hidden
inline constexpr std::string_view builtin_word = "--builtin";
inline constexpr std::string_view fault_word = "fault ";

struct Request {
  enum class Kind { run, operands } kind = Kind::run;
  std::string kernel, case_text;
};
std::string request_line(const Request& request);
std::optional<Request> request(std::string_view line);  // nothing where it is none

std::string listing_line(const std::vector<ListedKernel>& kernels);
std::string library_error_line(std::string_view words);
std::string result_line(const CaseResult& result);
std::string operands_line(const std::vector<DumpedOperand>& operands);
std::string threw_line(std::string_view words);

// What a line that a worker wrote says; std::nullopt where it is none of that kind. Nothing is thrown for any line.
std::optional<std::vector<ListedKernel>> listing(std::string_view line);
std::optional<std::string> library_error(std::string_view line);
std::optional<CaseResult> result(std::string_view line);
std::optional<std::vector<DumpedOperand>> operands(std::string_view line);
std::optional<std::string> threw(std::string_view line);

}  // namespace normproof::conformance
