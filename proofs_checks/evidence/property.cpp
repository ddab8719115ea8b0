// How is RapidCheck kept silent and free of its configuration?
#include "proofs_checks/evidence/property.hpp"

#include <rapidcheck/Check.h>

#include <unordered_map>

namespace normproof::evidence {

namespace {

class Silent : public rc::detail::TestListener {
 public:
  void onTestCaseFinished(const rc::detail::CaseDescription&) override {}
  void onShrinkTried(const rc::detail::CaseDescription&, bool) override {}
  void onTestFinished(const rc::detail::TestMetadata&, const rc::detail::TestResult&) override {}
};

}  // namespace

PropertyRun run_property(const rc::detail::Property& property, std::uint64_t seed, int cases) {
  rc::detail::TestParams parameters;
  parameters.seed = seed;
  parameters.maxSuccess = cases;
  Silent listener;
  const std::unordered_map<std::string, rc::detail::Reproduce> nothing_to_reproduce;
  const rc::detail::TestResult result =
      rc::detail::checkProperty(property, rc::detail::TestMetadata(), parameters, listener, nothing_to_reproduce);
  PropertyRun run;
  rc::detail::SuccessResult success;
  rc::detail::FailureResult failure;
  rc::detail::GaveUpResult gave_up;
  rc::detail::Error error;
  if (result.match(success)) {
    run.passed = success.numSuccess;
  } else if (result.match(failure)) {
    run.passed = failure.numSuccess;
    run.failed = true;
  } else if (result.match(gave_up)) {
    run.passed = gave_up.numSuccess;
    run.trouble = gave_up.description;
  } else if (result.match(error)) {
    run.trouble = error.description;
  }
  return run;
}

}  // namespace normproof::evidence
