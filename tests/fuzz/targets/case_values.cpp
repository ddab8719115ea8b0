// Can the inputs of any small case be made, and laid out in memory as the case says?
#include <algorithm>

#include "proofs_checks/conformance/memory.hpp"
#include "proofs_checks/conformance/recipes.hpp"
#include "tests/fuzz/target.hpp"

namespace normproof::fuzz {

using namespace conformance;

namespace {

// What is larger takes long, and runs the same code.
constexpr std::int64_t most_values = 256;
constexpr std::int64_t most_span_here = std::int64_t{1} << 16;

bool is_small(const Case& described) {
  const std::array<OperandId, operand_count> ids = all_operands();
  return described.channels <= most_values && described.elements() <= most_values &&
         std::all_of(ids.begin(), ids.end(), [&](OperandId id) {
           const Layout& layout = described[id].layout;
           return !is_tensor(id) ||
                  strides_of(layout, described.batch, described.channels, described.spatial).span <= most_span_here;
         });
}

}  // namespace

void case_values(std::string_view bytes) {
  Case described;
  try {
    described = parse_case(bytes);
  } catch (const CaseError&) {
    return;
  }
  if (!is_small(described)) return;
  const InputValues inputs = input_values(described);
  for (const OperandId id : all_operands()) {
    const bool read = takes_part(described, id) && is_read(use_of(described.op, id));
    const std::size_t wanted = read ? static_cast<std::size_t>(described.values_of(id)) : 0;
    promise(inputs[id].size() == wanted, std::string(word(id)) + " has another number of values");
  }
  const Memory memory(described, inputs);
  promise(memory.findings_after_refusal().empty(), "memory that nobody touched shows a write");
  for (const OperandId id : all_operands()) {
    const bool there = takes_part(described, id);
    const std::size_t wanted = there ? static_cast<std::size_t>(described.values_of(id)) : 0;
    promise(memory.values(id).size() == wanted, std::string(word(id)) + " holds another number of values");
  }
}

}  // namespace normproof::fuzz
