// How is a property put to RapidCheck, with our seed, silently and from several threads?
//
// What       hold_for_all() draws cases from a generator until `cases` of them passed or one failed; a failing one is
//            shrunk, and the last case for which `holds` was false is the simplest found. It is the only place of the
//            project that runs RapidCheck.
// Why        rc::check reads RC_PARAMS, prints, and keeps the property under test on a stack that all threads share
//            (rc::detail::ImplicitParam). The property is therefore built as a plain Gen<CaseDescription>, which
//            touches no such stack, and run with parameters, a listener and an (empty) table of reproductions of our
//            own, so that RapidCheck loads no configuration. Calls are independent and need no lock.
#pragma once

#include <rapidcheck/detail/Property.h>
#include <rapidcheck/gen/Transform.h>

#include <cstdint>
#include <string>
#include <utility>

namespace normproof::evidence {

struct PropertyRun {
  int passed = 0;
  bool failed = false;
  std::string trouble;  // where RapidCheck itself gave up
};

PropertyRun run_property(const rc::detail::Property& property, std::uint64_t seed, int cases);

// `holds` takes a case and returns whether the property holds there; it does not throw.
template <class Case, class Holds>
PropertyRun hold_for_all(rc::Gen<Case> generator, Holds holds, std::uint64_t seed, int cases) {
  const auto describe = [holds = std::move(holds)](const Case& drawn) {
    rc::detail::CaseDescription description;
    description.result.type =
        holds(drawn) ? rc::detail::CaseResult::Type::Success : rc::detail::CaseResult::Type::Failure;
    description.example = [] { return rc::detail::Example(); };
    return description;
  };
  return run_property(rc::gen::map(std::move(generator), describe), seed, cases);
}

}  // namespace normproof::evidence
