// Does the reader of known failures (--expect) take or refuse any bytes, and do its patterns meet names without harm?
#include "proofs_checks/conformance/known_failures.hpp"

#include "impl/data/file_error.hpp"
#include "tests/fuzz/target.hpp"

namespace normproof::fuzz {

using namespace conformance;

void known_failures(std::string_view bytes) {
  const std::vector<ListedKernel> kernels = {{"batch_norm_train_mine", "", NORMPROOF_BN_TRAIN, 1U << NORMPROOF_F32, 0}};
  const std::vector<std::string> checks = {"few_values", "tails"};
  try {
    const std::vector<KnownFailure> known = parse_known_failures(bytes, "known.txt");
    for (const KnownFailure& one : known) promise_one_line(one.place);
    check_known_failures(known, "known.txt", kernels, checks);
    ConformanceReport report;
    report.complete = true;
    report.kernels.emplace_back();
    report.kernels[0].kernel = kernels[0];
    report.kernels[0].checks.emplace_back();
    report.kernels[0].checks[0].id = checks[0];
    report.kernels[0].checks[0].cases = 1;
    report.kernels[0].checks[0].findings.emplace_back();
    apply_known_failures(known, report);
    const bool expected = report.kernels[0].checks[0].findings[0].expected;
    promise(report.unexpected_passes.size() + (expected ? 1U : 0U) <= known.size() || known.empty(),
            "more outcomes than lines");
  } catch (const data::FileError& error) {
    promise_one_line(error.what());
  }
}

}  // namespace normproof::fuzz
