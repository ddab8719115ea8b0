// How does a program in any language hold a kernel of its own to the references? The two functions of normproof.h.
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "proofs_checks/cli/options.hpp"
#include "proofs_checks/cli/program.hpp"
#include "proofs_checks/cli/selection.hpp"
#include "proofs_checks/cli/surroundings.hpp"
#include "proofs_checks/conformance/conformance_json.hpp"
#include "proofs_checks/conformance/normproof.h"
#include "proofs_checks/conformance/validation.hpp"
#include "proofs_checks/report/text.hpp"

namespace normproof::conformance {
namespace {

ValidationOptions options_from(const char* words) {
  const cli::InProcessOptions asked = cli::parse_in_process(words == nullptr ? "" : words);
  ValidationOptions options;
  options.check_glob = asked.checks;
  options.plan = {asked.effort, asked.seed};
  options.accept_one_pass = asked.accept_one_pass;
  options.rerun_start = "normproof validate LIBRARY";
  if (asked.single) options.only = parse_case(*asked.single);
  std::vector<std::string> ids;
  for (const NamedCheck& named : check_catalogue()) ids.push_back(named.id);
  cli::select({asked.checks}, ids, "check");  // throws where there is none
  return options;
}

ConformanceReport run(const normproof_kernel* kernel, const char* words) {
  if (kernel == nullptr) throw LibraryError("expected a kernel, found NULL");
  if (kernel->size != sizeof(normproof_kernel))
    throw LibraryError("expected the size of a normproof_kernel, found size = " + std::to_string(kernel->size));
  const ValidationOptions options = options_from(words);
  if (options.only && options.only->op != kernel->op)
    throw LibraryError(std::string("--case: the kernel does not do ") + word(options.only->op));
  const auto start = std::chrono::steady_clock::now();
  ConformanceReport report = validate_in_process({kernel, 1}, options);
  report.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  report.version = cli::version();
  report.compiler = cli::compiler();
  report.cpu = cli::cpu();
  return report;
}

std::string error_object(const std::string& words) {
  const nlohmann::json json = {{"error", report::one_line(words)}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

char* copied(const std::string& text) {
  auto* const copy = static_cast<char*>(std::malloc(text.size() + 1));
  if (copy != nullptr) std::memcpy(copy, text.c_str(), text.size() + 1);
  return copy;
}

// Nothing is thrown out of it.
int validate_and_tell(const normproof_kernel* kernel, const char* words, std::string& told) {
  try {
    const ConformanceReport report = run(kernel, words);
    told = json_view(report);
    return passes(report) ? cli::exit_agrees : cli::exit_differs;
  } catch (const cli::HelpWanted&) {
    told = error_object("--help: the options are those in normproof.h");
  } catch (const std::exception& error) {
    told = error_object(error.what());
  }
  return cli::exit_wrong_call;
}

}  // namespace
}  // namespace normproof::conformance

extern "C" {

int normproof_validate(const normproof_kernel* kernel, const char* options, char** json) {
  namespace conformance = normproof::conformance;
  if (json != nullptr) *json = nullptr;
  try {
    std::string told;
    const int status = conformance::validate_and_tell(kernel, options, told);
    if (json != nullptr) *json = conformance::copied(told);
    return status;
  } catch (...) {
    return normproof::cli::exit_wrong_call;
  }
}

void normproof_free(char* json) { std::free(json); }
}
