// What was not tested of a kernel?
#include "proofs_checks/conformance/not_tested.hpp"

#include <fmt/format.h>
#include <fnmatch.h>

#include "proofs_checks/report/text.hpp"

namespace normproof::conformance {
namespace {

std::string in_cases(std::int64_t count) { return report::counted(static_cast<long>(count), "case", "cases"); }

void add_left_out(std::vector<std::string>& list, const std::vector<NamedCheck>& catalogue, const std::string& glob) {
  std::string names;
  for (const NamedCheck& named : catalogue) {
    if (fnmatch(glob.c_str(), named.id.c_str(), 0) != 0) names += (names.empty() ? "" : ", ") + named.id;
  }
  if (!names.empty()) list.push_back("checks that were not chosen: " + names);
}

void add_check(std::vector<std::string>& list, const CheckReport& check) {
  if (!check.not_applicable.empty()) list.push_back(fmt::format("{}: {}", check.id, check.not_applicable));
  if (check.refused > 0)
    list.push_back(fmt::format("{}: {} of {} refused by the kernel", check.id, check.refused, in_cases(check.cases)));
  for (const auto& [why, count] : check.why_not_run)
    list.push_back(fmt::format("{}: {} of {} not run: {}", check.id, count, in_cases(check.cases), why));
}

void add_unfinished(std::vector<std::string>& list, const KernelReport& kernel) {
  std::int64_t unfinished = 0;
  std::int64_t cases = 0;
  for (const CheckReport& check : kernel.checks) {
    unfinished += check.unfinished;
    cases += check.cases;
  }
  if (unfinished > 0) list.push_back(fmt::format("{} of {}, which an interruption left", unfinished, in_cases(cases)));
}

void add_dtypes(std::vector<std::string>& list, const ListedKernel& kernel) {
  const auto declares = [&](normproof_dtype dtype) { return (kernel.dtypes >> dtype & 1U) != 0; };
  for (const normproof_dtype dtype : {NORMPROOF_F32, NORMPROOF_F64}) {
    if (!declares(dtype)) list.push_back(fmt::format("x in {}: the kernel does not declare it", word(dtype)));
  }
  for (const normproof_dtype dtype : {NORMPROOF_BF16, NORMPROOF_F16}) {
    if (declares(dtype))
      list.push_back(
          fmt::format("x in {}: declared, but no operand has it in version 1 of the interface", word(dtype)));
  }
}

}  // namespace

std::vector<std::string> not_tested(const KernelReport& kernel, const std::vector<NamedCheck>& catalogue,
                                    const std::string& check_glob) {
  std::vector<std::string> list;
  add_left_out(list, catalogue, check_glob);
  for (const CheckReport& check : kernel.checks) add_check(list, check);
  add_unfinished(list, kernel);
  add_dtypes(list, kernel.kernel);
  list.emplace_back("speed; memory that is not the host's");
  list.emplace_back("inputs other than those of the cases: a finding is a proof of a fault, no finding is none");
  return list;
}

}  // namespace normproof::conformance
