// Does the supervisor take or pass over any line that a worker may write, and the worker any that it may be sent?
#include <nlohmann/json.hpp>

#include "proofs_checks/conformance/worker_protocol.hpp"
#include "tests/fuzz/target.hpp"

namespace normproof::fuzz {

using namespace conformance;

void worker_line(std::string_view bytes) {
  const std::string_view line = bytes.substr(0, bytes.find('\n'));
  if (const auto made = request(line)) promise(request_line(*made) == std::string(line) + "\n", "another request");
  if (const auto found = result(line)) {
    const std::string written = result_line(*found);
    const auto again = result(written);
    promise(again && result_line(*again) == written, "another result: " + written);
  }
  if (const auto found = listing(line)) {
    const std::string written = listing_line(*found);
    const auto again = listing(written);
    promise(again && listing_line(*again) == written, "another list: " + written);
    for (const ListedKernel& kernel : *found) static_cast<void>(dtype_words(kernel) + flag_words(kernel));
  }
  if (const auto found = operands(line)) {
    const std::string written = operands_line(*found);
    const auto again = operands(written);
    promise(again && operands_line(*again) == written, "other operands: " + written);
  }
  if (const auto words = library_error(line)) promise(library_error(library_error_line(*words)).has_value(), *words);
  if (const auto words = threw(line)) promise(threw(threw_line(*words)).has_value(), *words);
}

}  // namespace normproof::fuzz
