// Does the reader of failures.txt take or refuse any bytes, and does it read what it wrote?
#include "proofs_checks/conformance/failures_file.hpp"

#include "impl/data/file_error.hpp"
#include "tests/fuzz/target.hpp"

namespace normproof::fuzz {

using namespace conformance;

void failures_file(std::string_view bytes) {
  const std::string library = "libmine.so";
  std::vector<EarlierFailure> failures;
  try {
    failures = parse_failures(bytes, "failures.txt", library);
  } catch (const data::FileError& error) {
    return promise_one_line(error.what());
  }
  const std::string written = failures_text(library, failures);
  const std::vector<EarlierFailure> again = parse_failures(written, "failures.txt", library);
  promise(again.size() == failures.size(), "another number of failures: " + written);
  for (std::size_t k = 0; k < failures.size(); ++k) {
    promise(again[k].kernel == failures[k].kernel && again[k].described == failures[k].described,
            "another failure: " + written);
  }
}

}  // namespace normproof::fuzz
