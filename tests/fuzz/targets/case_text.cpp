// Does the reader of cases take or refuse any bytes, and is what it takes the same after it is written and read again?
#include "proofs_checks/conformance/case.hpp"
#include "tests/fuzz/target.hpp"

namespace normproof::fuzz {

using namespace conformance;

void case_text(std::string_view bytes) {
  Case described;
  try {
    described = parse_case(bytes);
  } catch (const CaseError& error) {
    return promise_one_line(error.what());
  }
  require_valid(described);
  const std::string written = text(described);
  promise_one_line(written);
  promise(written.find_first_of(" '\"") == std::string::npos, "a shell would take it apart: " + written);
  const Case again = parse_case(written);
  promise(again == described, "another case: " + written);
  promise(text(again) == written, "another text: " + written + " and " + text(again));
}

}  // namespace normproof::fuzz
