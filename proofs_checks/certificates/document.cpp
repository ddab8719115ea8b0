// How is a certificate's heading written and read, and what is a digest?
#include "proofs_checks/certificates/document.hpp"

#include <cstdint>

namespace normproof::certificates {

Json heading_json(const char* kind, const Heading& heading) {
  return {{"schema", schema},
          {"kind", kind},
          {"claim", heading.claim},
          {"reading", heading.reading},
          {"statement", heading.statement},
          {"sizes",
           {{"batch", heading.sizes.batch},
            {"channels", heading.sizes.channels},
            {"hidden", heading.sizes.hidden},
            {"outputs", heading.sizes.outputs},
            {"choice", heading.sizes.choice}}}};
}

void read_heading(const Json& json, Heading& heading) {
  heading.claim = field<std::string>(json, "claim");
  heading.reading = field<std::string>(json, "reading");
  heading.statement = field<std::string>(json, "statement");
  const Json sizes = field<Json>(json, "sizes");
  heading.sizes = {.batch = field<int>(sizes, "batch"),
                   .channels = field<int>(sizes, "channels"),
                   .hidden = field<int>(sizes, "hidden"),
                   .outputs = field<int>(sizes, "outputs"),
                   .choice = field<int>(sizes, "choice")};
}

std::string digest(const Json& json) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char c : json.dump()) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  std::string text(16, '0');
  for (std::size_t k = 16; k-- > 0; hash >>= 4) text[k] = "0123456789abcdef"[hash & 15];
  return text;
}

}  // namespace normproof::certificates
